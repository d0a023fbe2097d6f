"""From the sheets of a printed business record to blocks of layout lines, in workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from pipeline.readers.base import Located
from pipeline.readers.meta_pdf_lines import (
    BAR,
    BRAND,
    CLOCK,
    FORMAT,
    KNOWN,
    PAGE,
    WHOLE_LINE,
    fits,
    glue_of,
)
from pipeline.readers.meta_pdf_style import DIGITS, SAME_COLUMN, Style, style_of
from pipeline.readers.pdf_chars import Cell
from pipeline.readers.pdf_open import ends_early, open_pdf
from pipeline.readers.pdf_sheets import OTHER_SIZE, Sheet, SheetReader, name_labels

CENTRED = 0.02
"""Of a sheet's width by which a page bar may lie off its middle."""
NEW_LINE = 1.3
"""Of a line's height: the step from a wrapped line to the next is 1.0 of it, that over the
layout's padding between two lines of a value 1.5."""


def sheets_of(located: Located) -> int:
    """The number of sheets.

    Raises:
        SourceError: the file cannot be opened.
    """
    return len(open_pdf(located))


def block_of(located: Located, part: tuple[int, int]) -> bytes:
    """Return the layout lines of a run of sheets.

    Raises:
        SourceError: the file cannot be opened.
    """
    document = open_pdf(located)
    style = style_of(located)
    out = [
        f"D\t{FORMAT}\t{_int(style.left)}\t{_int(style.pad)}\t{_int(style.inset)}"
        f"\t{_int(style.height)}\t{style.gaps:d}\t{style.has_bars:d}\t{_int(style.right)}\t{style.tables:d}\n"
    ]
    reader = SheetReader(document, by_weight=style.by_weight)
    try:
        for index in range(part[0], min(part[1], len(document))):
            sheet = reader.read(index)
            if not style.by_weight:
                name_labels(sheet.cells, reader, style.height)
            out += _Printer(sheet, style, reader).lines()
    finally:
        reader.close()
    if part[1] >= len(document) and ends_early(located):
        out.append("Z\n")
    return "".join(out).encode("utf-8", "replace")


def _int(points: float) -> int:
    return int(points * 100 + 0.5)


class _Printer:
    """Writes the layout lines of one sheet, which is open in a reader."""

    def __init__(self, sheet: Sheet, style: Style, reader: SheetReader) -> None:
        self.sheet, self.style, self.reader = sheet, style, reader

    def lines(self) -> Iterator[str]:
        sheet, style = self.sheet, self.style
        state = "b" if sheet.is_broken else "e" if sheet.is_empty else "i"
        state = "t" if sheet.has_text else state
        yield f"S\t{sheet.number}\t{sheet.lost}\t{sheet.backward}\t{state}\n"
        cells = sheet.cells
        if style.furniture or not all(cell.text for cell in cells):
            cells = []
            for cell in sheet.cells:
                if not (cell.bold and style.by_weight) and self._is_furniture(cell):
                    yield f"F\t0\t{_plain(cell.text)}\n"
                elif cell.text:
                    cells.append(cell)
        cells = self._mended(cells)
        numbers = _printed_lines(cells, style.height)
        count = len(cells)
        before: Cell | None = None
        n = 0
        while n < count:
            cell, line = cells[n], numbers[n]
            n += 1
            text = cell.text if cell.text.isprintable() else _plain(cell.text)
            x, y = int(cell.x * 100 + 0.5), int(cell.y * 100 + 0.5)
            if cell.bold:
                beside = cells[n] if n < count and cells[n].line == cell.line else None
                if beside is not None and not beside.bold and "\t" not in text:
                    n += 1
                    value_x, value_y = int(beside.x * 100 + 0.5), int(beside.y * 100 + 0.5)
                    value = beside.text if beside.text.isprintable() else _plain(beside.text)
                    yield f"W\t{line}\t{x}\t{y}\t{value_x}\t{value_y}\t{text}\t{value}\n"
                    before = beside
                    continue
                right = 0 if beside is not None else _int(self.reader.right(cell))
                yield f"L\t{line}\t{x}\t{y}\t{right}\t{text}\n"
                before = None
            elif "Record" in text and (bar := self._bar(cells, n - 1)):
                number, is_halved = bar
                n += is_halved
                yield f"P\t{line}\t{number}\n"
                before = None
            elif self._is_clock(cells, n - 1):
                yield f"F\t{line}\t{text}\n"
            else:
                join = self._join(before, cell) if n > 1 else self._first(cell)
                yield f"V\t{line}\t{x}\t{y}\t{join}\t{text}\n"
                before = cell
        if before is not None:
            yield f"E\t{_int(before.x)}\t{_int(self.reader.right(before))}\n"

    def _is_furniture(self, cell: Cell) -> bool:
        level = round(cell.y)
        if level not in _levels(self.style):
            return False
        return (level, DIGITS.sub("0", cell.text)) in self.style.furniture

    def _alone(self, cells: list[Cell], n: int) -> bool:
        """Whether nothing stands beside a label."""
        return n + 1 >= len(cells) or cells[n + 1].line != cells[n].line

    def _is_clock(self, cells: list[Cell], n: int) -> bool:
        """Whether a line is the clock of a film's controls, which a browser prints.

        It is drawn over what stands above it, or in type of another size.
        """
        cell = cells[n]
        if CLOCK.fullmatch(cell.text) is None:
            return False
        if n > 0 and cell.y > cells[n - 1].y + 2 * self.style.height:
            return True
        return abs(self.reader.height(cell) / self.style.height - 1) > OTHER_SIZE

    def _bar(self, cells: list[Cell], n: int) -> tuple[int, bool] | None:
        """Page number of a bar, and whether its second half is a cell of its own."""
        cell = cells[n]
        whole = BAR.fullmatch(cell.text)
        second = None
        if whole is None and BRAND.fullmatch(cell.text) and n + 1 < len(cells):
            second = PAGE.fullmatch(cells[n + 1].text)
        found = whole or second
        if found is None:
            return None
        style = self.style
        middle = (cell.x + self.reader.right(cell)) / 2
        centred = abs(middle - self.sheet.width / 2) <= CENTRED * self.sheet.width
        if centred or cell.x <= style.left + style.pad / 2:
            return int(found[1]), second is not None
        return None

    # -- labels that wrap -------------------------------------------------------------------------

    def _mended(self, cells: list[Cell]) -> list[Cell]:
        """Join the lines of each label that wraps.

        Lines of one column are one label where its value begins beside the first of them; beside
        the last, those before it are labels without a value.
        """
        height = self.style.height
        if not any(
            one.bold and two.bold and one.line != two.line and self._in_column(one, two)
            for one, two in pairwise(cells)
        ):
            return cells
        mended: list[Cell] = []
        n = 0
        while n < len(cells):
            cell = cells[n]
            if not cell.bold or not self._alone(cells, n):
                mended.append(cell)
                n += 1
                continue
            run = [cell]
            while n + len(run) < len(cells):
                below = cells[n + len(run)]
                step = run[-1].y - below.y
                if not (
                    below.bold
                    and self._in_column(cell, below)
                    and 0.7 * height < step < NEW_LINE * height
                ):
                    break
                run.append(below)
                if not self._alone(cells, n + len(run) - 1):
                    break
            past = n + len(run)
            value = cells[past] if past < len(cells) else None
            first = len(run)
            if len(run) > 1 and value is not None and value.x > cell.x + SAME_COLUMN:
                near = [abs(line.y - value.y) < 0.45 * height for line in run]
                if True in near:
                    first = near.index(True)
                elif abs(self.reader.right(run[-1]) + self.style.pad - value.x) > self.style.pad:
                    first = 0  # the value is lower, beneath a picture; the last line is no label
            if len(run) > 1 and self.style.tables and " ".join(c.text for c in run) in KNOWN:
                first = 0  # its value may stand higher: labels are centred in height
            mended += run[:first]
            if first < len(run):
                label = run[first]
                text = label.text
                for above, line in pairwise(run[first:]):
                    text += self._within(text, above, line, value) + line.text
                label.text = text
                label.line = run[-1].line
                label.x = min(line.x for line in run[first:])
                mended.append(label)
            n = past
        return mended

    def _in_column(self, one: Cell, two: Cell) -> bool:
        """Whether two lines of labels begin at one place; in tables, share a middle."""
        if abs(one.x - two.x) < SAME_COLUMN:
            return True
        if not self.style.tables:
            return False
        ends = self.reader.right(one) - self.reader.right(two)
        return abs(one.x - two.x + ends) < 2 * SAME_COLUMN

    def _within(self, label: str, above: Cell, below: Cell, value: Cell | None) -> str:
        """What stands between two lines of a label: a blank, or nothing inside a word."""
        for glue in (" ", ""):
            if label + glue + below.text in KNOWN:
                return glue
        if " " in label or value is None or not label[-1].isalnum():
            return " "
        if label[-1].islower() and below.text[0].isupper():
            return " "
        # a word is broken only where it fills its column
        spare = value.x - self.style.pad - self.reader.right(above)
        return "" if spare < self.style.height else " "

    # -- lines of a value -------------------------------------------------------------------------

    def _join(self, before: Cell | None, cell: Cell) -> str:
        """How a line goes on from the cell before it on its sheet."""
        style = self.style
        if before is None or abs(before.x - cell.x) > SAME_COLUMN:
            return "n"
        if not 0.5 * style.height < before.y - cell.y < NEW_LINE * style.height:
            return "n"
        if WHOLE_LINE.search(before.text):
            return "n"
        right = self.reader.right(before)
        if not style.gaps and fits(right, self.reader.first_word(cell), style.right, style.height):
            return "n"
        return glue_of(before.text, cell.text, right, style.right, style.height)

    def _first(self, cell: Cell) -> str:
        return f"?{_int(self.reader.first_word(cell))}"


@lru_cache(maxsize=8)
def _levels(style: Style) -> frozenset[int]:
    return frozenset(level for level, _ in style.furniture)


def _printed_lines(cells: list[Cell], height: float) -> list[int]:
    """Number of the printed line each cell stands on, from 1, counted from the top."""
    levels = {cell.line: cell.y for cell in cells}  # of the value where one stands on it
    order: Iterable[int] = levels
    if any(one < two for one, two in pairwise(levels.values())):
        order = sorted(levels, key=lambda line: -levels[line])
    known: dict[int, int] = {}
    number, above = 0, float("inf")
    for line in order:
        if above - levels[line] > 0.5 * height:
            number, above = number + 1, levels[line]
        known[line] = number
    return [known[cell.line] for cell in cells]


def _plain(text: str) -> str:
    return text if text.isprintable() else " ".join(text.splitlines())
