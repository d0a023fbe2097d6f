"""Text that a PDF states for signs, and that PDFium passes over.

A browser writes ``ActualText`` (ISO 32000-1, 14.9.4) for signs that stand for other characters than
their font says: emoji of several parts, and all that the font lacks. PDFium drops of it what lies
outside the first plane, which is nearly every emoji. It is put back here.
"""

from __future__ import annotations

import codecs
import ctypes
from bisect import bisect_left
from typing import Any

import pypdfium2.raw as pdfium

from pipeline.readers.pdf_chars import Cell, Chars, plain

BLANKS = " \r\n"
BLANK = 0.2
"""Of a line's height: a gap wider than that between two signs is a blank."""
SAME_LEVEL = 1.0
"""Points by which base lines of one line differ at most."""

_Sign = tuple[str, float, float, float]
"""Text, beginning, base line and end."""


class Signs:
    """Puts back what a sheet's cells lack."""

    def __init__(self, chars: Chars) -> None:
        """Work on the sheet that is open in ``chars``."""
        self._chars = chars
        pointer, number = ctypes.c_void_p, ctypes.c_int
        self._object = plain(pdfium.FPDFPage_GetObject, pointer, pointer, number)
        self._marks = plain(pdfium.FPDFPageObj_CountMarks, number, pointer)
        self._matrix = pdfium.FS_MATRIX()
        self._bounds = [ctypes.c_float() for _ in range(4)]
        self._text = (ctypes.c_ubyte * 1024)()
        self._size = ctypes.c_ulong()
        self._patched: dict[int, str] = {}

    def restore(self, page: Any, objects: int, cells: list[Cell]) -> None:
        """Put missing text into the cells of a sheet; adds a cell where none stands.

        Args:
            page: the sheet.
            objects: how many objects it has.
            cells: its cells, in order.
        """
        handle = ctypes.cast(page, ctypes.c_void_p).value or 0
        items = [self._object(handle, number) for number in range(objects)]
        marks = self._marks
        spans: dict[int, tuple[str, list[int]]] = {}
        for number, item in enumerate(items):
            if marks(item) > 1:
                self._span(number, item, spans)
        if not spans:
            return
        self._patched = {}
        units = self._chars.units
        order = {item: number for number, item in enumerate(items)}
        strays: dict[int, list[_Sign]] = {}
        for actual, mine in spans.values():
            held, before = self._held(order, mine)
            if not held:
                while before >= 0 and units[before] in BLANKS:
                    before -= 1
                x, y, _ = self._extent(items[mine[0]])
                edge = self._extent(items[mine[-1]])[2]
                strays.setdefault(before, []).append((actual, x, y, edge))
                continue
            # blanks at its ends are shown by the same signs, but are no part of it
            while len(held) > 1 and units[held[-1]] == " ":
                held.pop()
            self._patched.update(dict.fromkeys(held, ""))
            self._patched[held[0]] = actual + (" " if units[held[0]] == " " else "")
        for before, found in strays.items():
            self._put(cells, before, found)
        self._apply(cells)

    def _span(self, number: int, address: int, spans: dict[int, tuple[str, list[int]]]) -> None:
        item = ctypes.cast(address, pdfium.FPDF_PAGEOBJECT)
        if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_TEXT:
            return
        for level in range(1, pdfium.FPDFPageObj_CountMarks(item)):
            mark = pdfium.FPDFPageObj_GetMark(item, level)
            key = ctypes.addressof(mark.contents)
            if key in spans:
                spans[key][1].append(number)
            elif (actual := self._actual_text(mark)) and max(actual) > "\ufffc":
                spans[key] = actual, [number]

    def _actual_text(self, mark: Any) -> str:
        """The text that a mark states for what it encloses; empty where it states none.

        As raw bytes: PDFium's own decoding of it loses every character outside the first plane.
        """
        if not pdfium.FPDFPageObjMark_GetParamBlobValue(
            mark, b"ActualText", self._text, len(self._text), ctypes.byref(self._size)
        ):
            return ""
        raw = ctypes.string_at(self._text, min(self._size.value, len(self._text)))
        if raw.startswith(codecs.BOM_UTF16_BE):
            return raw[2:].decode("utf-16-be", "replace")
        return raw.decode("latin-1")

    def _extent(self, address: int) -> tuple[float, float, float]:
        """Where an object begins, its base line, and where it ends."""
        item = ctypes.cast(address, pdfium.FPDF_PAGEOBJECT)
        pdfium.FPDFPageObj_GetMatrix(item, self._matrix)
        pdfium.FPDFPageObj_GetBounds(item, *self._bounds)
        return float(self._matrix.e), float(self._matrix.f), self._bounds[2].value

    def _held(self, order: dict[int, int], mine: list[int]) -> tuple[list[int], int]:
        """The characters that objects of these numbers show, and the one before them.

        Characters stand in the order of their objects within a line and, nearly always, on a
        sheet: the place is found by halving, and looked at.
        """
        object_at, handle = self._chars.object_at, self._chars.handle
        first, last = mine[0], mine[-1]
        low, high = -1, len(self._chars.units)
        while high - low > 1:
            middle = probe = (low + high) // 2
            number = order.get(object_at(handle, probe), -1)
            while number < 0 and probe > low + 1:
                probe -= 1
                number = order.get(object_at(handle, probe), -1)
            if number < first:
                low = middle
            else:
                high = probe
        before = low
        while before >= 0 and not 0 <= order.get(object_at(handle, before), -1) < first:
            before -= 1
        held = []
        for index in range(before + 1, len(self._chars.units)):
            number = order.get(object_at(handle, index), -1)
            if number > last:
                break
            if number >= first:
                held.append(index)
        return held, before

    def _put(self, cells: list[Cell], before: int, found: list[_Sign]) -> None:
        """Put signs without characters into the cells between whose characters they stand.

        Args:
            cells: the sheet's.
            before: the character that they follow, -1 for none.
            found: the signs.
        """
        chars, patched = self._chars, self._patched
        units = chars.units
        after = before + 1
        while after < len(units) and units[after] in BLANKS:
            after += 1
        one, two = _cell_at(cells, before), _cell_at(cells, after)
        least = BLANK * chars.height(max(before, 0))
        text, right = "", 0.0
        line: Cell | None = None
        for actual, x, y, edge in found:
            if one and not one.bold and abs(one.y - y) < SAME_LEVEL:
                text += (" " if x - (right or chars.right(before)) > least else "") + actual
                right = edge
            elif two and not two.bold and abs(two.y - y) < SAME_LEVEL:
                gap = " " if chars.place(after)[0] - edge > least else ""
                whole, last = patched.get(after, units[after]), units[after]
                patched[after] = whole.removesuffix(last) + actual + gap + last
                two.x = min(x, two.x)
            elif line is not None and abs(line.y - y) < SAME_LEVEL:
                line.text += (" " if x - line.edge > least else "") + actual
                line.edge = edge
            else:
                number = one.line if one and abs(one.y - y) < 4 else -1 - len(cells)
                beside = line or one
                at = cells.index(beside) + 1 if beside else 0
                line = Cell(False, x, y, actual, before + 1, before + 1, number, max(edge, x + 0.1))
                cells.insert(at, line)
        if text:
            same = one is not None and one is two
            if same:
                patched.update(dict.fromkeys(range(before + 1, after), ""))
                text += " " if chars.place(after)[0] - right > least else ""
            patched[before] = patched.get(before, units[before]) + text

    def _apply(self, cells: list[Cell]) -> None:
        patched, units = self._patched, self._chars.units
        places = sorted(patched)
        for cell in cells:
            at = bisect_left(places, cell.start)
            if at < len(places) and places[at] < cell.end:
                parts = [patched.get(i, units[i]) for i in range(cell.start, cell.end)]
                cell.text = "".join(parts).strip(" ")


def _cell_at(cells: list[Cell], index: int) -> Cell | None:
    for cell in cells:
        if cell.start <= index < cell.end:
            return cell
    return None
