"""Sheets of a PDF as cells: runs of text in one place and weight, with where they stand.

PDFium gives the text of a sheet as one string, in which a label and its value are glued, and says
of each character where it stands and in which font. Asking that of every character costs twice the
text itself, so it is asked only where a printed line begins and ends, and by halving where the
weight changes in between (see :func:`bare_text` for the floor).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.readers.pdf_chars import HYPHEN, Cell, Chars
from pipeline.readers.pdf_signs import Signs

SEGMENT = re.compile(r"[^\r\n\ufffe]+\ufffe?|\ufffe")
LOST = re.compile("[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""Characters that are none: the font they were printed in did not say what its signs mean."""
OTHER_SIZE = 0.1
"""Share by which type of another size is taller or lower at least."""
LEVEL = 0.2
"""Points by which two cells of one printed line differ in height at least, where they differ: a
cell's padding is 1.5 points in a print at full size."""
NARROW, APART, WIDE = 0.1, 0.34, 0.9
"""Of a line's height. In a label, a gap wider than the first is a blank that PDFium passed over
(blanks are 0.2 to 0.3 wide, less before a slanting letter); one wider than the second parts two
labels, or if a blank was printed there, one wider than the third."""


@dataclass(slots=True)
class Sheet:
    """What stands on a printed sheet."""

    number: int
    """From 1."""
    width: float
    height: float
    cells: list[Cell] = field(default_factory=list)
    lost: int = 0
    """Characters whose print says nothing of what they are."""
    has_text: bool = True
    is_broken: bool = False
    is_empty: bool = False
    """Whether nothing at all is printed on it."""
    backward: int = 0
    """Printed lines with letters that are written from right to left."""


PARTS = re.compile("[\u200d\u20e3\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f]")
"""What may be left of an emoji of several parts."""
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


class SheetReader:
    """Reads the sheets of one open document, one at a time; closes each behind itself."""

    def __init__(self, document: pypdfium2.PdfDocument, *, by_weight: bool = True) -> None:
        """Read from ``document``; ``by_weight`` says whether labels are set in bold type."""
        self._document = document
        self._by_weight = by_weight
        self._page: Any = None
        self._chars = Chars()
        self._signs = Signs(self._chars)
        self._labels: dict[str, list[str]] = {}  # seen so far, by their first two letters
        self._shown: dict[str, str] = {}  # what some of them read, with blanks put in

    def read(self, index: int) -> Sheet:
        """Load a sheet (from 0) and return its cells; it stays open for :meth:`right`."""
        self.close()
        self._page = page = pdfium.FPDF_LoadPage(self._document.raw, index)
        if not page:
            return Sheet(index + 1, 0.0, 0.0, has_text=False, is_broken=True)
        sheet = Sheet(index + 1, pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page))
        text_page = pdfium.FPDFText_LoadPage(page)
        if not text_page:
            sheet.has_text, sheet.is_broken = False, True
            return sheet
        self._chars.open(text_page)
        units = self._chars.units
        cells = sheet.cells
        sheet.has_text = bool(units.strip())
        objects = pdfium.FPDFPage_CountObjects(page)
        sheet.is_empty = not sheet.has_text and objects == 0
        for number, match in enumerate(SEGMENT.finditer(units)):
            self._segment(cells, *match.span(), number)
        # a bar's ground is an object, too; where more are without text, some may hide some
        shown = pdfium.FPDFText_CountRects(text_page, 0, -1) + ("Record Page" in units)
        if objects > shown or (not units.isascii() and PARTS.search(units)):
            self._signs.restore(page, objects, cells)
        is_plain = LOST.search(units) is None
        for cell in cells:
            if not (is_plain and cell.text.isascii()):
                _finish(sheet, cell)
        return sheet

    def close(self) -> None:
        """Close the sheet that is open."""
        if self._chars.text_page:
            pdfium.FPDFText_ClosePage(self._chars.text_page)
        if self._page:
            pdfium.FPDF_ClosePage(self._page)
        self._page = self._chars.text_page = None

    # -- measures of the open sheet ---------------------------------------------------------------

    def right(self, cell: Cell) -> float:
        """Where a cell of the open sheet ends."""
        return cell.edge or self._chars.right(cell.end - 1)

    def first_word(self, cell: Cell) -> float:
        """Width of a cell's first word."""
        if cell.edge:
            return cell.edge - cell.x
        blank = self._chars.units.find(" ", cell.start, cell.end)
        return self._chars.right((blank if blank > cell.start else cell.end) - 1) - cell.x

    def height(self, cell: Cell) -> float:
        """Height of a line of the cell's type: from the lowest to the highest of its letters."""
        return self._chars.height(cell.start)

    # -- cells ------------------------------------------------------------------------------------

    def _segment(self, cells: list[Cell], start: int, end: int, line: int) -> None:
        """Add the cells of a line of PDFium's."""
        chars = self._chars
        units, bold = chars.units, chars.bold
        while start < end and units[start] == " ":
            start += 1
        while start < end and units[end - 1] == " ":
            end -= 1
        if start == end:
            return
        if not self._by_weight:
            cells += self._by_place(start, end, line)
            return
        x, y = chars.place(start)
        while label := self._known(start, end):
            turn = after = start + len(label)
            if self._shown:
                label = self._shown.get(label, label)
            if turn == end:
                cells.append(Cell(True, x, y, label, start, turn, line))
                return
            after += units[turn] == " "
            here, level = chars.place(after)
            if not bold(after):
                cells.append(Cell(True, x, y, label, start, turn, line))
                cells.append(Cell(False, here, level, units[after:end], after, end, line))
                return
            if abs(level - y) <= LEVEL:
                break  # a longer label
            cells.append(Cell(True, x, y, label, start, turn, line))
            start, x, y = after, here, level
        if bold(start):
            turn = end if bold(end - 1) else self._turn(start, end)
            cells += self._bold_cells(start, turn, line, x, y)
            while turn < end and units[turn] == " ":
                turn += 1
            if turn < end:
                x, y = chars.place(turn)
                cells.append(Cell(False, x, y, units[turn:end], turn, end, line))
        elif bold(end - 1):
            cells += self._pieces(start, end, line)
        else:
            cells.append(Cell(False, x, y, units[start:end], start, end, line))

    def _known(self, start: int, end: int) -> str:
        """The label seen before that stands here, in bold; empty if none does."""
        units = self._chars.units
        for label in self._labels.get(units[start : start + 2], ()):
            if units.startswith(label, start, end) and self._chars.bold(start + len(label) - 1):
                return label
        return ""

    def _turn(self, start: int, end: int) -> int:
        """Where in a line bold type ends, by halving: its first sign is bold, its last is not."""
        units = self._chars.units
        low, high = start, end - 1
        while high - low > 1:
            middle = (low + high) // 2
            probe = middle
            while probe > low and units[probe] == " ":
                probe -= 1
            if probe == low or self._chars.bold(probe):  # blanks only between the two
                low = middle
            else:
                high = probe
        return start + len(units[start:high].rstrip(" "))

    def _bold_cells(self, start: int, end: int, line: int, x: float, y: float) -> Iterator[Cell]:
        """Labels beside each other: each nested one stands a padding lower than the one before."""
        units = self._chars.units
        while start < end:
            turn = start + 1
            _, last = self._chars.place(end - 1)
            if abs(last - y) <= LEVEL:
                turn = end
            while turn < end and (
                units[turn] == " " or abs(self._chars.place(turn)[1] - y) <= LEVEL
            ):
                turn += 1
            stop = start + len(units[start:turn].rstrip(" "))
            for first, past in self._parted(start, stop):
                at, _ = (x, y) if first == start else self._chars.place(first)
                yield Cell(True, at, y, self._read(first, past), first, past, line)
            start = turn
            if start < end:
                x, y = self._chars.place(start)

    def _parted(self, start: int, end: int) -> list[tuple[int, int]]:
        """Labels of one height beside each other: told apart by the gap between them.

        Looked for only in what was not seen standing alone: the oldest generation has it.
        """
        units = self._chars.units
        label = units[start:end]
        known = self._labels.setdefault(label[:2], [])
        if label in known:
            return [(start, end)]
        parts = []
        blanks = []  # before which characters a blank is missing
        first, right = start, 0.0
        for index in range(start, end):
            if units[index] == " ":
                continue
            x, _ = self._chars.place(index)
            if index > first:
                blank = units[index - 1] == " "
                made = not blank or self._chars.is_made(index - 1)
                gap = (x - right) / (self._chars.height(index) or 1.0)
                if gap > (APART if made else WIDE):
                    parts.append((first, index - blank))
                    first = index
                elif not blank and gap > NARROW:
                    blanks.append(index)
            right = self._chars.right(index)
        if not parts and len(known) < 20:
            known.append(label)
            known.sort(key=len, reverse=True)
            if blanks:
                cuts = [start, *blanks, end]
                self._shown[label] = " ".join(units[i:j] for i, j in pairwise(cuts))
        return [*parts, (first, end)]

    def _pieces(self, start: int, end: int, line: int) -> Iterator[Cell]:
        """Cells of a line that PDFium made of several: by weight and height of each character."""
        units = self._chars.units
        first, x, y, bold = start, *self._chars.place(start), self._chars.bold(start)
        for index in range(start + 1, end + 1):
            if index < end:
                if units[index] == " ":
                    continue
                here, level = self._chars.place(index)
                weight = self._chars.bold(index)
                if weight is bold and abs(level - y) <= LEVEL:
                    continue
            yield Cell(bold, x, y, units[first:index].rstrip(" "), first, index, line)
            if index < end:
                first, x, y, bold = index, here, level, weight

    def _by_place(self, start: int, end: int, line: int) -> Iterator[Cell]:
        """Cells of a line in which no weight tells labels: by gaps and heights.

        All but the last of a line are labels; a cell alone is taken as a value, see
        :func:`name_labels`.
        """
        units = self._chars.units
        parts = []
        first = start
        x, y = left, level = self._chars.place(start)
        right = self._chars.right(start)
        tall = self._chars.height(start)
        for index in range(start + 1, end):
            if units[index] == " ":
                continue
            x, y = self._chars.place(index)
            blank = units[index - 1] == " "
            if abs(y - level) > LEVEL or x - right > tall * (WIDE if blank else NARROW):
                parts.append((left, level, first, index))
                first, left, level = index, x, y
            right = self._chars.right(index)
        parts.append((left, level, first, end))
        for number, (at, height, begin, past) in enumerate(parts, 1):
            text = units[begin:past].rstrip(" ")
            yield Cell(number < len(parts), at, height, text, begin, begin + len(text), line)

    def _read(self, start: int, end: int) -> str:
        """Text of a label, with the blanks that PDFium passed over."""
        text = self._chars.units[start:end]
        return self._shown.get(text, text)


def name_labels(cells: list[Cell], reader: SheetReader, usual: float) -> None:
    """Tell labels where no weight does.

    A cell alone in a column of labels is a label without a value; type of another size (a header)
    holds none.

    Args:
        cells: of a sheet that is open in ``reader``.
        reader: the reader.
        usual: height of a line.
    """
    heights = [reader.height(cell) for cell in cells]
    columns, values = set(), set()
    before: Cell | None = None
    for cell, height in zip(cells, heights, strict=True):
        if abs(height / usual - 1) > OTHER_SIZE:
            cell.bold = False
        elif cell.bold:
            columns.add(round(cell.x))
        elif before is not None and before.bold and before.line == cell.line:
            values.add(round(cell.x))
        before = cell
    for cell in cells:
        if not cell.bold and round(cell.x) in columns - values:
            cell.bold = True


def line_height(heights: list[float]) -> float:
    """Height of a line, of those measured; 12 points where none could be."""
    found = [height for height in heights if height > 1]
    return median(found) if found else 12.0


def _finish(sheet: Sheet, cell: Cell) -> None:
    """Make text of a cell's UTF-16 units; count what is none."""
    text = cell.text
    if text.endswith(HYPHEN):
        text = text[:-1] + "-"
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        sheet.backward += bool(RIGHT_TO_LEFT.search(text))
    cell.text, lost = LOST.subn(_said, text)
    sheet.lost += lost


def _said(match: re.Match[str]) -> str:
    sign = match[0]
    return "\ufffd" if sign < " " else sign


def bare_text(path: Path) -> int:
    """Read the text of every sheet and nothing else: the floor that the reader is measured by.

    Returns:
        The number of characters.
    """
    total = 0
    with pypdfium2.PdfDocument(path) as document:
        for index in range(len(document)):
            page = document[index]
            text_page = page.get_textpage()
            total += len(text_page.get_text_range())
            text_page.close()
            page.close()
    return total
