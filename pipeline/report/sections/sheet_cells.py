"""Cells of the triage sheet: short ones, whatever a value holds."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from pipeline.report import words
from pipeline.report.cells import DASH, said, worded
from pipeline.report.document import Cell, Column, Evidence, Inline, Inlines, Words
from pipeline.report.evidence import HIDDEN
from pipeline.report.rows import Cited

WHERE = Column("Where", "cites", 1.9)

CITED = 3
"""Citations of a row at most."""
CUT = 30
"""Signs of a value at most: a line of the sheet holds two or three values of that length."""
BRIEF = 20

_CODE = 7
"""Signs of a character that is written as its code, ``U+1242B``."""
_BROAD = frozenset("MWmw@%")
_PICTURES = range(0x1F000, 0x1FB00)
_FAR_EAST = 0x2E80
"""From here on the sheet's fonts draw little but pictures."""


def short(
    value: str, room: int = CUT, style: str = "plain", quoted_from: str | None = None
) -> Inlines:
    """Return the beginning of a value that takes no more than so much room on paper.

    It ends at a line feed at the latest. A value that was cut ends in an ellipsis of ours; the
    report has it in full.

    Args:
        value: what a record says.
        room: signs of Latin text that would fit.
        style: of :class:`~pipeline.report.document.Evidence`.
        quoted_from: the record, where the value is a clause of it.
    """
    taken = 0.0
    for at, char in enumerate(value):
        taken += room + 1 if char == "\n" else width(char)
        if taken > room:
            cut = Evidence(value[: max(at, 1)], None, style, quoted_from=quoted_from)
            return (cut, Words("…"))
    return (Evidence(value, None, style, quoted_from=quoted_from),)


def one(value: str | None, room: int = CUT) -> Cell:
    """Return a value, or a dash."""
    return Cell(short(value, room), sort=value[:room]) if value else DASH


def few(values: Sequence[str], most: int = 2) -> Cell:
    """Return the first of some values."""
    if not values:
        return DASH
    return Cell(joined((short(value, BRIEF) for value in values[:most]), len(values) - most))


def joined(items: Iterable[Inlines], more: int = 0) -> Inlines:
    """Return items with commas between, and how many more there are."""
    parts: list[Inline] = []
    for item in items:
        parts += [Words(", "), *item] if parts else item
    if more > 0:
        parts.append(Words(f" and {more:,} more"))
    return tuple(parts)


def values(found: Iterable[str]) -> Inlines:
    """Return values that people entered, or that none was."""
    return joined(short(value) for value in found) or said("not entered")


def days(first: datetime | None, last: datetime | None) -> Cell:
    """Return the first and the last day, UTC."""
    if first is None:
        return DASH
    found = dict.fromkeys(words.day(item) for item in (first, last) if item is not None)
    return worded(" to ".join(found))


def cites(cited: Iterable[Cited]) -> Cell:
    """Return the first citations."""
    parts: list[Inline] = []
    for item in tuple(cited)[:CITED]:
        parts += [Words(" "), item] if parts else [item]
    return Cell(tuple(parts)) if parts else DASH


def at_first(cited: Sequence[Cited]) -> Inlines:
    """Return a blank and the first citation, where there is one."""
    return (Words(" "), cited[0]) if cited else ()


def width(char: str) -> float:
    """Return how much room a character takes, beside a small Latin letter."""
    code = ord(char)
    if code < 0x7F and char.isprintable():
        return 1.9 if char in _BROAD else 1.4 if char.isupper() else 1
    category = unicodedata.category(char)
    if category in ("Mn", "Me"):
        return 1
    if category in HIDDEN:
        return _CODE
    if code in _PICTURES:
        return 3
    if code < _FAR_EAST:
        return 2
    return _CODE
