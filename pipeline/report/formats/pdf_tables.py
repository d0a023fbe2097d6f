"""How wide the columns of a table are on paper, in which type, and whether it needs a wide page.

Widths are estimated from the number and sort of characters, not measured: the estimate errs to the
wide side, and a word that is longer than its column may break (:func:`pieces`).
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.report.document import Cell, Evidence, Link, Row, Table, Words
from pipeline.report.rows import Cited

UPRIGHT, FLAT = 612.0, 792.0
"""Width of US Letter in points, upright and turned."""
INSET = 3.0
"""Blank at either side of a cell."""
UNBROKEN = 15
"""Characters of a word that a column makes room for."""
ASKED = 120
"""Characters of a cell above which its length no longer counts."""
STEPS = 60
"""Shares in which room is given, each to the column whose rows are the tallest so far."""
TALL = 7.0
"""Lines of an average row above which a wide page reads better."""
CITE = 24
"""Characters of a citation that stays in one line."""
KEPT = 14
"""Lines of a row that is not cut at the foot of a page; the estimate may be half the truth."""

_DIGITS, _LOWER, _UPPER, _WIDE, _MONO = 0.475, 0.47, 0.64, 1.0, 0.61
"""Em by character; Libertinus Serif at small sizes, with a little to spare."""


@dataclass(frozen=True, slots=True)
class Laid:
    """How a table is laid out: size of type, widths in points, and whether on a wide page."""

    size: float
    widths: tuple[float, ...]
    is_wide: bool
    is_tight: bool = False
    """Whether even words had to be cut."""

    def holds(self) -> list[int]:
        """Return how many characters of a word each column holds."""
        rooms = [int((width - 2 * INSET) / (self.size * 0.52)) for width in self.widths]
        return [max(1, room) if self.is_tight else max(UNBROKEN, room) for room in rooms]

    def is_kept(self, row: Row) -> bool:
        """Return whether a row is short enough never to be cut at the foot of a page."""
        return all(
            _cell(cell)[1] * self.size / (width - 2 * INSET) < KEPT
            for cell, width in zip(row.cells, self.widths, strict=False)
        )


@dataclass(frozen=True, slots=True)
class _Need:
    least: float
    whole: float
    usual: float
    """All in em: the longest word, the longest cell, half way from it to the average one."""


def laid(table: Table, sizes: tuple[float, ...], margin: float, *, may_turn: bool = True) -> Laid:
    """Return how to lay out a table.

    Args:
        table: any table with a column at least.
        sizes: sizes of type in points, the best first.
        margin: blank at either side of a page, points.
        may_turn: whether wide pages are allowed.
    """
    needs = [_need(table, at) for at in range(len(table.columns))]
    pages = ((UPRIGHT, False), (FLAT, True)) if may_turn else ((UPRIGHT, False),)
    for is_rough in (False, True):
        for page, is_wide in pages:
            for size in sizes:
                room = page - 2 * margin - 2 * INSET * len(needs)
                if sum(need.least for need in needs) * size > room:
                    continue
                widths = _shared(needs, room / size, is_narrow=table.is_narrow)
                lines = max(need.usual / width for need, width in zip(needs, widths, strict=True))
                if is_rough or lines <= TALL:
                    return Laid(size, tuple(_points(width, size) for width in widths), is_wide)
    page, is_wide = pages[-1]
    size = sizes[-1]
    room = (page - 2 * margin - 2 * INSET * len(needs)) / size
    total = sum(need.least for need in needs)
    widths = [max(1.2, need.least * room / total) for need in needs]
    return Laid(size, tuple(_points(width, size) for width in widths), is_wide, is_tight=True)


def _points(width: float, size: float) -> float:
    return round(width * size + 2 * INSET, 1)


def _shared(needs: list[_Need], room: float, *, is_narrow: bool) -> list[float]:
    """Share out the width of a page, in em: what words need, then by how much text there is."""
    whole = [need.whole for need in needs]
    if sum(whole) <= room:
        spare = 0.0 if is_narrow else room - sum(whole)
        return [width + spare * width / sum(whole) for width in whole]
    widths = [need.least for need in needs]
    step = (room - sum(widths)) / STEPS
    for _ in range(STEPS):
        tallest = max(range(len(needs)), key=lambda at: needs[at].usual / widths[at])
        widths[tallest] += step
    return widths


def _need(table: Table, at: int) -> _Need:
    label = table.columns[at].label
    least = max((_em(word) * 1.12 for word in label.split()), default=1.0)
    whole = _em(label) * 1.12
    if table.columns[at].kind == "time":
        least = max(least, _em("2023-09-30 to"))
    total = 0.0
    for row in table.rows:
        words, length = _cell(row.cells[at]) if at < len(row.cells) else (0.0, 0.0)
        least = max(least, words)
        whole = max(whole, min(length, ASKED * _LOWER))
        total += length
    whole = max(whole, least, 1.5)
    mean = total / len(table.rows) if table.rows else 0.0
    return _Need(max(least, 1.5), whole, (min(mean, whole) + whole) / 2)


def _cell(cell: Cell) -> tuple[float, float]:
    """Return the longest word and the length of a cell."""
    longest = length = 0.0
    for part in cell.parts:
        text, style, factor = _text(part)
        if style == "hash":
            longest = max(longest, 16 * _MONO * 0.8)
            length += 32 * _MONO * 0.8
            continue
        is_one = style in {"whole", "cite"} or (style == "strong" and len(text) <= UNBROKEN)
        for word in [text[:CITE]] if is_one else text.split():
            if len(word) > 4 or is_one:
                longest = max(longest, _em(word if is_one else word[:UNBROKEN]) * factor)
        length += _em(text[:400]) * factor
    return longest, length


def _text(part: object) -> tuple[str, str, float]:
    if isinstance(part, Cited):
        bates = f"; Bates {part.bates}" if part.bates else ""
        return f"[{part.text}{bates}]", "cite", 1.0
    if isinstance(part, Link):
        return "section 00", "plain", 1.0
    assert isinstance(part, Words | Evidence)
    text = part.text
    if isinstance(part, Evidence) and part.limit is not None:
        text = text[: part.limit]
    factor = {"code": 1.1, "strong": 1.08, "id": 1.0, "note": 0.9}.get(part.style, 1.0)
    return text, part.style, factor


def _em(text: str) -> float:
    upper = sum(map(str.isupper, text))
    wide = 0 if text.isascii() else sum(char > "\u2fff" for char in text)
    return (len(text) - upper - wide) * _LOWER + upper * _UPPER + wide * _WIDE
