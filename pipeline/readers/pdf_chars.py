"""Characters of an open sheet of a PDF: what they are, where they stand, in which weight.

PDFium answers for one character at a time. The functions asked most are called with plain numbers,
which halves the cost of a call (0.4 against 0.9 microseconds, measured).
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
"""In the name of a font. The weight that PDFium states is a guess from a stem's width: 225 for
DejaVu Sans, 764 for the regular DejaVu Math, and the same for every font of other PDF writers."""
FORCE_BOLD = 1 << 18
"""Flag of a font descriptor (ISO 32000-1, table 123)."""
HYPHEN = "\ufffe"
"""What PDFium writes for a hyphen at the end of a line, in place of the line's end."""


@dataclass(slots=True)
class Cell:
    """A run of text within one printed line."""

    bold: bool
    x: float
    """Where its first character begins, in points from the left edge."""
    y: float
    """Its base line, in points from the lower edge."""
    text: str
    start: int
    """First of its characters, as PDFium counts them on the sheet."""
    end: int
    line: int
    """Its printed line in PDFium's order; cells beside each other share one."""
    edge: float = 0.0
    """Where it ends, if it has no characters of its own (see :mod:`pipeline.readers.pdf_signs`)."""


class Chars:
    """The characters of one sheet at a time."""

    def __init__(self) -> None:
        """Begin without a sheet."""
        self.units = ""
        """The sheet's text as UTF-16 units, one character each: PDFium counts in them."""
        self.text_page: Any = None
        self.handle = 0
        pointer, number = ctypes.c_void_p, ctypes.c_int
        self.object_at = plain(pdfium.FPDFText_GetTextObject, pointer, pointer, number)
        """Object that shows a character, by ``handle`` and index; 0 for one that PDFium put in."""
        self._font_of = plain(pdfium.FPDFTextObj_GetFont, pointer, pointer)
        self._origin = plain(
            pdfium.FPDFText_GetCharOrigin, number, pointer, number, pointer, pointer
        )
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._at = ctypes.addressof(self._x), ctypes.addressof(self._y)
        self._box = pdfium.FS_RECTF()
        self._name = ctypes.create_string_buffer(256)
        self._buffer = (ctypes.c_ushort * 4096)()
        self._weights: dict[int, bool] = {}

    def open(self, text_page: Any) -> None:
        """Take the text of a sheet, which stays the caller's."""
        self.text_page = text_page
        self.handle = ctypes.cast(text_page, ctypes.c_void_p).value or 0
        self._weights.clear()  # fonts are freed with their sheet; another may take the address
        self.units = self._units(max(pdfium.FPDFText_CountChars(text_page), 0))

    def _units(self, count: int) -> str:
        if count >= len(self._buffer):
            self._buffer = (ctypes.c_ushort * (count + 4096))()
        written = pdfium.FPDFText_GetText(self.text_page, 0, count, self._buffer) - 1
        raw = ctypes.string_at(self._buffer, 2 * max(written, 0))
        units = raw.decode("utf-16-le", "surrogatepass")
        if len(units) == count:
            return units
        if written == count:  # characters outside the first plane
            return "".join(map(chr, self._buffer[:count]))
        get = pdfium.FPDFText_GetUnicode  # signs without any meaning are left out of the text
        found = [get(self.text_page, index) for index in range(count)]
        return "".join([HYPHEN if unit == 2 else chr(unit) for unit in found])

    def place(self, index: int) -> tuple[float, float]:
        """Where a character begins, and its base line."""
        self._origin(self.handle, index, *self._at)
        return self._x.value, self._y.value

    def right(self, index: int) -> float:
        """Where a character ends, its own space included."""
        pdfium.FPDFText_GetLooseCharBox(self.text_page, index, self._box)
        return float(self._box.right)

    def height(self, index: int) -> float:
        """Height of a line of a character's type; 0 where that is not known."""
        if not pdfium.FPDFText_GetLooseCharBox(self.text_page, index, self._box):
            return 0.0
        return float(self._box.top - self._box.bottom)

    def is_made(self, index: int) -> bool:
        """Whether PDFium put a blank in where none was printed."""
        return bool(pdfium.FPDFText_IsGenerated(self.text_page, index) == 1)

    def bold(self, index: int) -> bool:
        """Whether a character is set in bold type."""
        item = self.object_at(self.handle, index)
        font = self._font_of(item) if item else 0
        known = self._weights.get(font)
        return self._weigh(font) if known is None else known

    def _weigh(self, font: int) -> bool:
        if not font:
            return False
        handle = ctypes.cast(font, pdfium.FPDF_FONT)
        size = pdfium.FPDFFont_GetBaseFontName(handle, self._name, len(self._name))
        flags = pdfium.FPDFFont_GetFlags(handle)
        is_bold = bool(BOLD.search(self._name.raw[:size])) or bool(max(flags, 0) & FORCE_BOLD)
        self._weights[font] = is_bold
        return is_bold


def plain(function: Any, result: Any, *arguments: Any) -> Callable[..., int]:
    """A function of PDFium that takes and gives plain numbers."""
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    made: Callable[..., int] = ctypes.PYFUNCTYPE(result, *arguments)(address)
    return made
