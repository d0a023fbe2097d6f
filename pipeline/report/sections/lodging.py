"""Stays as stated, and activity by county."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.report import words
from pipeline.report.cells import (
    CITES,
    DASH,
    cites,
    listed,
    number,
    paragraph,
    said,
    span,
    text,
    worded,
)
from pipeline.report.counts.stays import GAP, StayRow
from pipeline.report.counts.venues import VenueRow
from pipeline.report.document import (
    Block,
    Cell,
    Column,
    Evidence,
    Heading,
    Inline,
    Link,
    Row,
    Section,
    Table,
    Words,
)
from pipeline.report.summary import Summary
from schemas.ids import stable_id

SHOWN = 60
"""Stays shown: some four pages of print."""

NEAR = {
    "provider": "stated by the provider", "address": "address stated with it",
    "city": "city named beside it",
    "county": "county named beside it", "venue": "venue of the gazetteer",
}  # fmt: skip
"""What a stay's place rests on, by its precision."""

COUNTIES_SHOWN = 40


def lodging(s: Summary) -> Section:
    """Return the section on stays."""
    named = [row for row in s.stays if row.property is not None]
    unnamed = [row for row in s.stays if row.property is None]
    blocks: list[Block] = [
        paragraph(
            "Stays as stated: what one conversation says of one hotel or motel, with no more than "
            f"{GAP} days between two records. No one is thereby shown to have been there, or to "
            "have paid. Days are those of the records; a record may speak of another day.",
        ),
        paragraph(_counted(named, "stay"), style="note"),
        _stays("stays", named),
    ]
    if unnamed:
        blocks += [
            Heading("Rooms and check-outs without a property"),
            paragraph(
                "No hotel or motel was named near these, or more than one was. "
                f"{_counted(unnamed, 'row')} Numbers run through both tables.",
                style="note",
            ),
            _stays("stays-unnamed", unnamed),
        ]
    return Section("lodging", "Lodging as stated", tuple(blocks))


def venues(s: Summary) -> Section:
    """Return the section on activity by county."""
    return Section("venues", "Activity by county", venue_blocks(s))


def venue_blocks(s: Summary, *, linked: bool = True) -> tuple[Block, ...]:
    """Return what the report and the county sheet say of counties.

    Args:
        s: the numbers.
        linked: whether the document has a section on stays to refer to.
    """
    known = [row for row in s.venues if row.county is not None]
    rows = [*known[:COUNTIES_SHOWN], *(row for row in s.venues if row.county is None)]
    cut = (
        f" {COUNTIES_SHOWN:,} of {len(known):,} counties are shown, those with most records."
        if len(known) > COUNTIES_SHOWN
        else ""
    )
    stays: tuple[str | Inline, ...] = (" (", Link("lodging"), ")") if linked else ()
    table = Table(
        "venues",
        (Column("County", width=1.6), Column("State, country"), Column("Records", "number"),
         Column("Stated by the provider", "number"), Column("Name shared by places", "number"),
         Column("Stays", "number"), Column("Amounts", "number"),
         Column("Telephone numbers", "number"), Column("Conversations", "number"),
         Column("Accounts", "number"), Column("First to last (UTC)", "time", 1.4), CITES),
        tuple(_venue(row) for row in rows),
        said(
            "Records: those that name a place there. Stated by the provider: of them, those where "
            "the place is the provider's. Name shared by places: of them, those where several "
            "places bear the name and one was chosen. Amounts and numbers: mentions in the same "
            "records; numbers of listed services left out."
        ),
        empty="No record names a place.",
    )  # fmt: skip
    return (
        paragraph(
            "An aid to venue: records that name a place, counted by county. A record that names "
            "places in two counties counts in both. A place that is named is not a place where "
            "something took place. Stays", *stays, " count where a place stands in or beside the "
            f"property's name.{cut}",
        ),
        table,
    )  # fmt: skip


def place_of(row: StayRow) -> Cell:
    """Return where a property lies as far as the text says, and what that rests on."""
    if row.resolved is None:
        return worded("not stated")
    why = NEAR.get(row.precision or "", row.precision or "")
    return Cell((Evidence(row.resolved), Words(f" ({why})", "note")), sort=row.resolved)


def rooms_of(row: StayRow) -> Cell:
    """Return rooms, those named apart from the property marked."""
    if not row.rooms_apart:
        return listed(row.rooms)
    parts: list[Inline] = list(listed(row.rooms).parts) if row.rooms else []
    parts += [Words(" · ")] if parts else []
    parts += [*listed(row.rooms_apart).parts, Words(" (named apart from the property)", "note")]
    return Cell(tuple(parts), sort=(row.rooms or row.rooms_apart)[0])


def _stays(table_id: str, rows: Sequence[StayRow]) -> Table:
    kept = {id(row) for row in sorted(rows, key=lambda row: (-row.records, row.number))[:SHOWN]}
    return Table(
        table_id,
        (Column("Stay", width=0.7), Column("Property as stated", width=1.8),
         Column("Place", width=1.5), Column("Room", width=0.8),
         Column("From to (UTC)", "time", 1.2), Column("County", width=1.1),
         Column("Wrote of it (account as named)", width=1.4),
         Column("Who booked, as stated", width=1.4), Column("Records", "number"), CITES),
        tuple(_stay(row) for row in rows if id(row) in kept),
        empty="No stay was found.",
    )  # fmt: skip


def _stay(row: StayRow) -> Row:
    return Row(
        (
            worded(row.number, "whole"), _property(row), place_of(row), rooms_of(row), span(row),
            listed(row.counties) if row.counties else worded("undetermined"), _writers(row),
            _booked(row), number(row.records), cites(row.cited),
        ),
        f"s-{row.stay_id}",
    )  # fmt: skip


def _property(row: StayRow) -> Cell:
    if row.property is None:
        return Cell((Words("not stated"), *_stated(row)), sort="")
    parts: list[Inline] = [Evidence(row.property, style="strong")]
    for surface in row.written:
        if surface.casefold() != row.property.casefold():
            parts += [Words(" · "), Evidence(surface)]
    if row.by_provider:
        parts.append(Words(f" (by the provider: {row.by_provider:,})", "note"))
    return Cell((*parts, *_stated(row)), sort=row.property)


def _stated(row: StayRow) -> tuple[Inline, ...]:
    if not row.stated:
        return ()
    return (Words(" · "), *listed(row.stated, 3).parts)


def _writers(row: StayRow) -> Cell:
    if not row.writers:
        return DASH
    cell = listed(row.writers)
    more = row.writer_count - len(row.writers)
    return Cell((*cell.parts, Words(f" and {more:,} more")), sort=cell.sort) if more else cell


def _booked(row: StayRow) -> Cell:
    if not row.booked:
        return worded("not stated")
    parts: list[Inline] = []
    for phrase, author, record in row.booked:
        parts += [Words(" · ")] if parts else []
        parts += [Words("“"), Evidence(phrase, quoted_from=record), Words("”")]
        parts += [Words(", wrote "), Evidence(author)] if author else []
    return Cell(tuple(parts))


def _venue(row: VenueRow) -> Row:
    area = ", ".join(part for part in (row.state, row.country) if part)
    name = worded("undetermined") if row.county is None else text(row.county, style="strong")
    return Row(
        (
            name, text(area), number(row.records), number(row.by_provider), number(row.chosen),
            number(row.stays), number(row.amounts), number(row.phones), number(row.threads),
            number(row.accounts), span(row), cites(row.cited),
        ),
        f"county-{stable_id('county', row.county, row.state, row.country)}",
    )  # fmt: skip


def _counted(rows: Sequence[StayRow], one: str) -> str:
    every = words.count_of(len(rows), one, f"{one}s")
    if len(rows) <= SHOWN:
        return f"{every}."
    return f"{every}; the {SHOWN:,} with most records are shown, in order of time."
