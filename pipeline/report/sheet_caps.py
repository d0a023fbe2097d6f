"""How many rows the triage sheet shows, so that two pages hold it whatever a case says.

The room a sheet takes is estimated from its characters, not measured: formats have no say in what
a document holds. The estimate errs to the large side; a test sets sheets of all sorts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from pipeline.report.document import (
    Block,
    Bullets,
    Cell,
    Document,
    Evidence,
    Facts,
    Inlines,
    Paragraph,
    Table,
    Words,
)
from pipeline.report.rows import Cited
from pipeline.report.sections.sheet_cells import width

LINES = 165.0
"""Of two pages, at the smallest type (7.2 points), without the nine headings."""
ACROSS = 128.0
"""Small letters of a line."""
GAP = 3.0
"""Between two columns, in the same."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Rows of each block at most."""

    danger: int
    ages: int
    last_places: int
    watched: int
    who: int
    fresh: int
    shared: int
    stays: int
    places: int
    counties: int
    upcoming: int
    stretches: int
    money: int
    lodging: int
    leads: int
    perishing: int


FULL = Caps(
    danger=5, ages=4, last_places=4, watched=6, who=7, fresh=4, shared=3, stays=5, places=8,
    counties=6, upcoming=5, stretches=2, money=6, lodging=2, leads=9, perishing=6,
)  # fmt: skip
LESS = Caps(
    danger=4, ages=3, last_places=3, watched=5, who=5, fresh=3, shared=2, stays=4, places=6,
    counties=6, upcoming=4, stretches=2, money=5, lodging=2, leads=7, perishing=5,
)  # fmt: skip
LEAST = Caps(
    danger=3, ages=2, last_places=2, watched=2, who=3, fresh=2, shared=1, stays=3, places=3,
    counties=3, upcoming=3, stretches=1, money=4, lodging=1, leads=5, perishing=3,
)  # fmt: skip
LEVELS = (FULL, LESS, LEAST)
"""From the most to the least that a sheet shows."""


def lines(document: Document) -> float:
    """Return about how many lines a document takes, headings of sections apart."""
    return sum(
        _block(block)
        for blocks in (document.front, *(section.blocks for section in document.sections))
        for block in blocks
    )


def _block(block: Block) -> float:
    if isinstance(block, Table):
        rows = [block.caption] if block.caption else []
        head = max((len(column.label) for column in block.columns), default=0) > 12
        body = sum(_row(row.cells) for row in block.rows) if block.rows else 1
        return 0.5 + sum(map(_running, rows)) + 1 + 0.5 * head + body
    if isinstance(block, Paragraph):
        return 0.5 + _running(block.parts) + (1.5 if block.style in ("framed", "caution") else 0)
    if isinstance(block, Bullets):
        return 0.5 + sum(map(_running, block.items))
    if isinstance(block, Facts):
        return 1.0 + sum(map(_running, (value for _, value in block.items)))
    return 1.0


def _running(parts: Inlines) -> float:
    return ceil(_length(parts) / ACROSS)


def _row(cells: tuple[Cell, ...]) -> float:
    """Return the lines of a row whose columns share the width as well as they can."""
    needs = [_length(cell.parts) for cell in cells]
    room = ACROSS - GAP * len(needs)
    for count in range(1, 40):
        if sum(max(need / count, min(need, 9)) for need in needs) <= room:
            return count * 1.15
    return 40.0


def _length(parts: Inlines) -> float:
    total = 0.0
    for part in parts:
        if isinstance(part, Words | Evidence):
            total += sum(map(width, part.text))
        elif isinstance(part, Cited):
            total += len(part.text) + 2
    return total
