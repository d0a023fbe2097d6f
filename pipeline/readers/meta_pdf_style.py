"""How a document is printed, learned from some of its sheets: margins, paddings, header, footer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import median

from pipeline.readers.base import Located
from pipeline.readers.meta_pdf_lines import BAR
from pipeline.readers.pdf_chars import Cell
from pipeline.readers.pdf_open import open_pdf
from pipeline.readers.pdf_sheets import (
    LEVEL,
    OTHER_SIZE,
    Sheet,
    SheetReader,
    line_height,
    name_labels,
)

DIGITS = re.compile(r"\d+")
SAMPLED_FIRST, SAMPLED_ACROSS = 6, 6
"""Sheets from which the style is learned: the first, where sections open at the left margin, and
some across the document for what repeats."""
REPEATED = 0.6
"""Share of those sheets on which a header or footer stands at least."""
SAME_COLUMN = 0.4
"""Points by which lines of one column begin apart at most."""
SPREAD = 1.45
"""Of a line's height: the step from one field to the next is 1.8 of it with that padding and 1.2
without."""
TABLE_INSET = 0.75
"""Of the space from a label to its value, two paddings of one pixel and a spacing of two: a table
within a cell begins behind a spacing and a padding."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a document is printed; in points."""

    by_weight: bool
    """Whether labels are bold."""
    left: float
    """Where labels that stand in no other field begin."""
    pad: float
    """From the end of a label to its value."""
    inset: float
    """From where a field's value begins to a label within it."""
    height: float
    """Of a line."""
    gaps: bool
    """Whether padding parts the lines of a value, so that every other break is a wrap."""
    tables: bool
    """Whether fields are tables of the oldest generation, between which no blank lines stand."""
    right: float
    """Where lines end at the latest."""
    has_bars: bool
    furniture: frozenset[tuple[int, str]]
    """Height and text, without numbers, of headers and footers."""


@lru_cache(maxsize=8)
def style_of(located: Located) -> Style:
    """Learn a document's style from some of its sheets.

    Raises:
        SourceError: the file cannot be opened.
    """
    document = open_pdf(located)
    count = len(document)
    step = max((count - SAMPLED_FIRST) // SAMPLED_ACROSS, 1)
    chosen = sorted({*range(min(SAMPLED_FIRST, count)), *range(SAMPLED_FIRST, count, step)})
    chosen = chosen[: SAMPLED_FIRST + SAMPLED_ACROSS]
    reader = SheetReader(document)
    learned = _Learned()
    for index in chosen:
        learned.take(reader.read(index), reader)
    by_weight = bool(learned.labels)
    if not by_weight:
        usual = line_height(learned.all_heights)
        reader.close()
        reader = SheetReader(document, by_weight=False)
        learned = _Learned()
        for index in chosen:
            sheet = reader.read(index)
            name_labels(sheet.cells, reader, usual)
            learned.take(sheet, reader)
        learned.heights = [usual]
    reader.close()
    return learned.style(by_weight=by_weight)


class _Learned:
    """Measures of the sheets looked at."""

    def __init__(self) -> None:
        self.labels: list[float] = []  # where labels begin
        self.pads: list[float] = []
        self.insets: list[float] = []
        self.heights: list[float] = []  # of labels
        self.all_heights: list[float] = []  # of all else
        self.steps: list[float] = []  # from a field of one line to the next, in the same column
        self.drops: list[float] = []  # from a label's base line to that of its value
        self.starts: list[float] = []
        self.ends: list[float] = []
        self.width = 0.0
        self.sheets = 0
        self.bars = 0
        self.inside: list[float] = []  # heights at which labels and bars stand
        self.lines: Counter[tuple[int, str]] = Counter()
        self.sizes: dict[tuple[int, str], float] = {}

    def take(self, sheet: Sheet, reader: SheetReader) -> None:
        """Measure a sheet that is open in ``reader``."""
        if not sheet.has_text:
            return
        self.sheets += 1
        self.width = sheet.width
        seen = set()
        before: Cell | None = None
        for cell in sheet.cells:
            follows = before is not None and before.line == cell.line
            if cell.bold:
                self.labels.append(cell.x)
                self.inside.append(cell.y)
                if len(self.heights) < 40:
                    self.heights.append(reader.height(cell))
            elif BAR.fullmatch(cell.text):
                self.bars += 1
                self.inside.append(cell.y)
            else:
                key = round(cell.y), DIGITS.sub("0", cell.text)
                seen.add(key)
                if key not in self.sizes:
                    self.sizes[key] = reader.height(cell)
                self.all_heights.append(self.sizes[key])
                if follows:
                    self.starts.append(cell.x)
                    self.ends.append(reader.right(cell))
            if follows and before is not None and before.bold and len(self.pads) < 200:
                (self.insets if cell.bold else self.pads).append(cell.x - reader.right(before))
                if not cell.bold:
                    self.drops.append(before.y - cell.y)
            before = cell
        self.lines.update(seen)
        self._steps(sheet.cells)

    def _steps(self, cells: list[Cell]) -> None:
        firsts = [(n, cell) for n, cell in enumerate(cells) if cell.bold]
        for (n, one), (m, two) in pairwise(firsts):
            if m == n + 2 and cells[n + 1].line == one.line and abs(one.x - two.x) < SAME_COLUMN:
                self.steps.append(one.y - two.y)

    def style(self, *, by_weight: bool) -> Style:
        """Say what was learned."""
        height = line_height(self.heights or list(self.sizes.values()))
        pad = median(self.pads) if self.pads else 1.5
        inset = max(median(self.insets) - pad, 0.0) if self.insets else 0.0
        tables = bool(self.drops) and median(self.drops) < LEVEL
        if tables and inset < 0.5:
            inset = TABLE_INSET * pad
        left = min(self.labels, default=min(self.starts, default=0.0))
        margin = min([left, *self.starts])
        steps = sorted(step for step in self.steps if 0 < step < 2.5 * height)
        return Style(
            by_weight=by_weight, left=left, pad=pad, inset=inset if inset > 0.5 else 0.0,
            height=height, gaps=bool(steps) and steps[0] > SPREAD * height,
            tables=tables,
            right=max([self.width - margin, *self.ends]), has_bars=self.bars > 0,
            furniture=frozenset(self._furniture(height)),
        )  # fmt: skip

    def _furniture(self, height: float) -> Iterator[tuple[int, str]]:
        """Lines above or below everything that is the record's, at one height on most sheets.

        On a single sheet nothing repeats: there another size of type has to tell them.
        """
        if not self.inside:
            return
        top, bottom = max(self.inside), min(self.inside)
        for key, number in self.lines.items():
            outside = key[0] > top + 1 or key[0] < bottom - 1
            sized = abs(self.sizes[key] / height - 1) > OTHER_SIZE
            often = number >= max(2, REPEATED * self.sheets) and (sized or number > 3)
            if outside and (often or (self.sheets == 1 and sized)):
                yield key
