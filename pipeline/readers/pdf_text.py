"""What PDFium tells of a sheet: its lines in paragraphs, its remarks, its picture."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.readers.ocr import DPI, MOST_PIXELS, Picture

HYPHEN = re.compile("[\ufffe\x02]")
"""What PDFium writes for a hyphen together with the line's end behind it."""
ENDS = frozenset(("\r\n", "\r", "\n", "\ufffe", "\x02"))
LINE_END = re.compile("(\r\n|\r|\n|\ufffe|\x02)")
LOST = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffd\ue000-\uf8ff]")
"""Characters that are none: the font does not say what its signs mean."""
PASSAGE = 4000
"""Characters of a passage, about: a page without gaps between paragraphs has some 3,000."""
GAP = 1.4
"""Distance of base lines, in those usual on the sheet, that parts paragraphs."""
FEW = 100
"""Characters below which a sheet that is mostly picture is taken for a scan with a stamp on it."""
MOSTLY, PARTLY = 0.5, 0.05
"""Share of a sheet that a picture covers."""
DRAWN = 20
"""Lines and shapes from which on a sheet without text may be text drawn as shapes."""
_KINDS = {1: "note", 2: "link", 3: "free text", 9: "highlight", 13: "stamp", 20: "form field"}
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or what stands together."""

    line: int
    """Number of its first line on the sheet, from 1."""
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Remark:
    """Text that is not part of the page's print: a note, a form field's value, a link's address."""

    kind: str
    name: str
    """Author of a note, name of a field."""
    text: str


@dataclass(frozen=True, slots=True)
class SheetText:
    """What a sheet holds."""

    passages: list[Passage]
    remarks: list[Remark]
    lines: int
    """Number of its last line with text."""
    letters: int
    """Characters, white space left out."""
    lost: int
    covered: float
    """Share of the sheet that pictures cover."""
    drawn: int
    """Lines and shapes; counted only where there is hardly any text."""

    @property
    def is_scan(self) -> bool:
        """Whether the sheet shows something, but has no text."""
        return not self.letters and (self.covered >= PARTLY or self.drawn >= DRAWN)

    @property
    def is_picture(self) -> bool:
        """Whether little text stands on a sheet that is mostly picture."""
        return 0 < self.letters < FEW and self.covered >= MOSTLY

    @property
    def has_layer(self) -> bool:
        """Whether much text lies on a picture of the whole sheet, as recognition programs do it."""
        return self.letters >= FEW and self.covered >= 0.8


def read_sheet(document: pypdfium2.PdfDocument, index: int) -> SheetText | None:
    """Read a sheet (from 0); None if it is broken."""
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return None
    try:
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        page.close()
        return None
    try:
        text = text_page.get_text_range()
        lines = list(_lines(text, text_page))
        letters = len("".join(text.split()))
        covered, drawn = _pictured(page) if letters < FEW else (_backdrop(page), 0)
        last = max((at for at, (line, _) in enumerate(lines, 1) if line.strip()), default=0)
        return SheetText(
            list(_passages(lines)), list(_remarks(document, page)), last, letters,
            len(LOST.findall(HYPHEN.sub("", text))), covered, drawn,
        )  # fmt: skip
    finally:
        text_page.close()
        page.close()


def picture_of(document: pypdfium2.PdfDocument, index: int) -> Picture:
    """Draw a sheet (from 0) in grey at 300 dpi, less for very large ones.

    Raises:
        pypdfium2.PdfiumError, MemoryError, ValueError: it cannot be drawn.
    """
    page = document[index]
    try:
        width, height = page.get_size()
        scale = min(DPI / 72, math.sqrt(MOST_PIXELS / max(width * height, 1.0)))
        bitmap = page.render(scale=scale, grayscale=True)
        try:
            data = bytes(bitmap.buffer)
            wide, high, stride = bitmap.width, bitmap.height, bitmap.stride
        finally:
            bitmap.close()
    finally:
        page.close()
    if stride != wide:
        data = b"".join(data[at * stride : at * stride + wide] for at in range(high))
    return Picture(wide, high, data[: wide * high])


def _lines(text: str, text_page: Any) -> Iterator[tuple[str, float | None]]:
    """Yield each line and the height of its base line, if that is known."""
    measured = text_page.count_chars() == len(text)
    x, y = ctypes.c_double(), ctypes.c_double()
    where = ctypes.byref(x), ctypes.byref(y)
    at = 0
    for part in LINE_END.split(text):
        if part in ENDS:
            at += len(part)
            continue
        hyphen = text[at + len(part) : at + len(part) + 1]
        line = part + ("-" if hyphen and HYPHEN.match(hyphen) else "")
        height = None
        first = at + len(part) - len(part.lstrip())
        if measured and part.strip():
            known = pdfium.FPDFText_GetCharOrigin(text_page.raw, first, *where)
            height = y.value if known else None
        yield line, height
        at += len(part)


def _passages(lines: Sequence[tuple[str, float | None]]) -> Iterator[Passage]:
    heights = [height for _, height in lines if height is not None]
    steps = [before - after for before, after in pairwise(heights)]
    # lines beside each other, as cells of a table, have none
    usual = median([step for step in steps if step > 1] or [0.0])
    kept: list[str] = []
    first, size = 1, 0
    last: float | None = None
    for number, (line, height) in enumerate(lines, 1):
        step = last - height if last is not None and height is not None else 0.0
        apart = bool(usual) and not -usual / 2 <= step <= GAP * usual
        if kept and (not line.strip() or apart or size + len(line) > PASSAGE):
            yield Passage(first, kept)
            kept, size = [], 0
        if not line.strip():
            continue
        if not kept:
            first = number
        kept.append(line)
        size += len(line) + 1
        last = height
    if kept:
        yield Passage(first, kept)


def _pictured(page: pypdfium2.PdfPage) -> tuple[float, int]:
    width, height = page.get_size()
    covered, drawn = 0.0, 0
    for item in page.get_objects(max_depth=3):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, low, right, high = item.get_bounds()
            across = min(right, width) - max(left, 0.0)
            covered += max(across, 0.0) * max(min(high, height) - max(low, 0.0), 0.0)
        elif item.type in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING):
            drawn += 1
    return covered / max(width * height, 1.0), drawn


def _backdrop(page: pypdfium2.PdfPage) -> float:
    """Return the share that a picture drawn first or last covers, where recognised text lies.

    A sheet with text has hundreds of objects; asking all of them takes as long as the text.
    """
    count = pdfium.FPDFPage_CountObjects(page.raw)
    width, height = page.get_size()
    left, low, right, high = (ctypes.c_float() for _ in range(4))
    covered = 0.0
    for at in {0, 1, count - 1} & set(range(count)):
        item = pdfium.FPDFPage_GetObject(page.raw, at)
        if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_IMAGE:
            continue
        if pdfium.FPDFPageObj_GetBounds(item, left, low, right, high):
            area = (right.value - left.value) * (high.value - low.value)
            covered = max(covered, area / max(width * height, 1.0))
    return covered


def _remarks(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[Remark]:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        mark = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not mark:
            continue
        try:
            number = pdfium.FPDFAnnot_GetSubtype(mark)
            kind = _KINDS.get(number, "annotation")
            name = _string(mark, b"T")
            if text := _string(mark, b"Contents"):
                yield Remark(kind, name, text)
            if text := _string(mark, b"V"):
                yield Remark(kind, name, text)
            if number == pdfium.FPDF_ANNOT_LINK and (address := _address(document, mark)):
                yield Remark(kind, name, address)
        finally:
            pdfium.FPDFPage_CloseAnnot(mark)


def _string(mark: Any, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(mark, key, None, 0)
    if not 2 < size <= _LONGEST:
        return ""
    buffer = ctypes.create_string_buffer(size)
    units = ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR))
    pdfium.FPDFAnnot_GetStringValue(mark, key, units, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _address(document: pypdfium2.PdfDocument, mark: Any) -> str:
    link = pdfium.FPDFAnnot_GetLink(mark)
    action = pdfium.FPDFLink_GetAction(link) if link else None
    if not action:
        return ""
    size = pdfium.FPDFAction_GetURIPath(document.raw, action, None, 0)
    if not 1 < size <= _LONGEST:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFAction_GetURIPath(document.raw, action, buffer, size)
    return buffer.raw[: size - 1].decode("utf-8", "replace")
