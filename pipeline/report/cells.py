"""Cells and phrases of a :class:`~pipeline.report.document.Document`, from values of a summary."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

from pipeline.report import words
from pipeline.report.document import (
    SHOWN,
    Cell,
    Column,
    Evidence,
    Inline,
    Inlines,
    Paragraph,
    Words,
)
from pipeline.report.rows import Cited

DASH = Cell((Words("–"),), sort="")
ITEMS = 6
"""Of a list in a cell, those shown."""

CITES = Column("Where", "cites", 1.6)


class Spanned(Protocol):
    """A row with a first and a last time."""

    @property
    def first(self) -> datetime | None:
        """Of what it counts."""

    @property
    def last(self) -> datetime | None:
        """Of what it counts."""


def said(*parts: str | Inline) -> Inlines:
    """Return running words; plain strings are :class:`Words`."""
    return tuple(Words(part) if isinstance(part, str) else part for part in parts)


def paragraph(*parts: str | Inline, style: str = "plain") -> Paragraph:
    """Return a paragraph; plain strings are :class:`Words`."""
    return Paragraph(said(*parts), style)


def worded(text: str, style: str = "plain") -> Cell:
    """Return a cell of our own words."""
    return Cell((Words(text, style),))


def number(count: int, note: str = "") -> Cell:
    """Return a count; ``note`` stands small below it."""
    more = (Words(note, "note"),) if note else ()
    return Cell((Words(f"{count:,}", "whole"), *more), sort=count)


def decimal(value: Decimal | None) -> Cell:
    """Return an amount."""
    if value is None:
        return DASH
    return Cell((Words(words.number(value), "whole"),), sort=float(value))


def time(moment: datetime | None) -> Cell:
    """Return a time to the second, UTC."""
    if moment is None:
        return DASH
    return Cell((Words(words.stamp(moment), "whole"),), sort=moment.astimezone(UTC).timestamp())


def span(row: Spanned) -> Cell:
    """Return first and last day, UTC; sorted by the first."""
    if row.first is None:
        return DASH
    days = dict.fromkeys(words.day(item) for item in (row.first, row.last) if item is not None)
    parts: list[Inline] = []
    for day in days:
        parts += [Words(" to "), Words(day, "whole")] if parts else [Words(day, "whole")]
    return Cell(tuple(parts), sort=row.first.astimezone(UTC).timestamp())


def text(value: str | None, limit: int | None = SHOWN, style: str = "plain") -> Cell:
    """Return what a record says, or a dash."""
    if value is None or value == "":
        return DASH
    return Cell((Evidence(value, limit, style),), sort=value)


def phone(value: str | None) -> Cell:
    """Return a number, grouped where the North American plan says how."""
    return DASH if value is None else text(words.phone(value), style="whole")


def named(code: str | None) -> Cell:
    """Return the words for a code of the tables, or a dash."""
    return DASH if code is None else worded(words.name_of(code))


def listed(values: Iterable[str], most: int = ITEMS, *, are_phones: bool = False) -> Cell:
    """Return values of records, the first ``most`` of them."""
    every = list(values)
    if not every:
        return DASH
    parts: list[Inline] = []
    for value in every[:most]:
        item = Evidence(words.phone(value), style="whole") if are_phones else Evidence(value)
        parts += [Words(" · "), item] if parts else [item]
    if len(every) > most:
        parts.append(Words(f" and {len(every) - most:,} more"))
    return Cell(tuple(parts), sort=every[0])


def cites(cited: Iterable[Cited]) -> Cell:
    """Return citations, each of which a reader can open."""
    parts: list[Inline] = []
    for item in cited:
        parts += [Words(" "), item] if parts else [item]
    return Cell(tuple(parts)) if parts else DASH
