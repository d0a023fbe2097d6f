"""Travel as stated, dates ahead, and places named in turn."""

from __future__ import annotations

from collections.abc import Iterable

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
    time,
    worded,
)
from pipeline.report.counts.travel import MoveRow, TripRow, UpcomingRow
from pipeline.report.document import Block, Cell, Column, Heading, Row, Section, Table, Words
from pipeline.report.summary import Summary

TRIPS_SHOWN = 60
UPCOMING_SHOWN = 40
MOVERS_SHOWN = 6
MOVES_SHOWN = 15
"""Runs shown of each account."""

MODES = {
    "drive": "drive, ride in a car", "rideshare": "ride-share, taxi", "en_route": "on the way",
}  # fmt: skip
"""Words for modes that do not explain themselves."""


def travel(s: Summary) -> Section:
    """Return the section on travel."""
    blocks: list[Block] = [
        paragraph(
            "Travel as stated in records. Nothing here shows that a trip was made, or who went. "
            "From and to are places directly after such a word in the same record."
        ),
        _modes(s),
        Heading("Dates ahead"),
        *_upcoming(s),
        Heading("Mentions of travel"),
        *_trips(s),
        Heading("Counties and states named in turn"),
        *_moves(s),
    ]
    return Section("travel", "Travel", tuple(blocks))


def upcoming_table(rows: Iterable[UpcomingRow], table_id: str = "upcoming") -> Table:
    """Return a table of dates ahead."""
    return Table(
        table_id,
        (Column("Date meant", width=1.1), Column("As written", width=1.3),
         Column("Sent (UTC)", "time", 1.3), Column("Author as named", width=1.4),
         Column("Speaks of", width=1.2), Column("Places in the record", width=1.8), CITES),
        tuple(_ahead(row) for row in rows),
        said("Date meant: reckoned from the time of sending; W stands for a week."),
        empty="None was found.",
    )  # fmt: skip


def mode_of(mode: str | None) -> str:
    """Return the words for a mode of travel."""
    return MODES.get(mode or "", words.name_of(mode))


def _modes(s: Summary) -> Table:
    return Table(
        "travel-modes",
        (Column("Mode", width=1.6), Column("Mentions", "number"), Column("Records", "number"),
         Column("Conversations", "number"), Column("First to last (UTC)", "time", 1.4), CITES),
        tuple(
            Row((worded(mode_of(row.mode)), number(row.mentions), number(row.records),
                 number(row.threads), span(row), cites(row.cited)), f"mode-{row.mode}")
            for row in s.travel_modes
        ),
        empty="No mention of travel was found.",
    )  # fmt: skip


def _upcoming(s: Summary) -> tuple[Block, ...]:
    after = sum(row.after_end for row in s.upcoming)
    shown = s.upcoming[:UPCOMING_SHOWN]
    note = (
        f"{words.count_of(len(s.upcoming), 'date', 'dates')} lay ahead when the record was sent, "
        f"beside travel, lodging or a place; {after:,} of them after the return's last message."
    )
    if len(s.upcoming) > len(shown):
        note += f" {len(shown):,} are shown: those after the last message, then the latest."
    return (paragraph(note, style="note"), upcoming_table(shown))


def _trips(s: Summary) -> tuple[Block, ...]:
    ranked = sorted(
        s.trips,
        key=lambda row: (
            not (row.origin or row.target), not row.dates, not row.others,
            row.mode == "en_route",
        ),
    )[:TRIPS_SHOWN]  # fmt: skip
    kept = {row.mention_id for row in ranked}
    note = words.count_of(len(s.trips), "mention", "mentions") + (
        f", {TRIPS_SHOWN:,} of which are shown: those with from or to first, then those with dates."
        if len(s.trips) > TRIPS_SHOWN
        else "."
    )
    table = Table(
        "trips",
        (Column("Sent (UTC)", "time", 1.3), Column("Author as named", width=1.4), Column("Mode"),
         Column("As written", width=1.2), Column("From", width=1.2), Column("To", width=1.2),
         Column("Other places in the record", width=1.3),
         Column("Dates in the record", width=1.2), CITES),
        tuple(_trip(row) for row in s.trips if row.mention_id in kept),
        said("Phrases such as “on my way” in records without a place are only counted above."),
    )  # fmt: skip
    return (paragraph(note, style="note"), table)


def _moves(s: Summary) -> tuple[Block, ...]:
    accounts = list(dict.fromkeys(row.account_id for row in s.moves))
    rows: list[MoveRow] = []
    for account in accounts[:MOVERS_SHOWN]:
        rows += [row for row in s.moves if row.account_id == account][:MOVES_SHOWN]
    note = (
        f"{words.count_of(len(accounts), 'account', 'accounts')} named places in more than one "
        "county or state. A place that an account names is not a place where somebody was."
    )
    if len(s.moves) > len(rows):
        note += (
            f" Shown: the {min(len(accounts), MOVERS_SHOWN):,} that changed most often, "
            f"the first {MOVES_SHOWN:,} changes of each."
        )
    table = Table(
        "moves",
        (Column("Account as named", width=1.6), Column("County, state", width=1.6),
         Column("First to last (UTC)", "time", 1.4), Column("Records", "number"), CITES),
        tuple(_move(row) for row in rows),
    )  # fmt: skip
    return (paragraph(note, style="note"), table)


def _ahead(row: UpcomingRow) -> Row:
    day = Cell(
        (Words(row.value, "whole"),
         *((Words(" after the last message", "note"),) if row.after_end else ())),
        sort=row.start.isoformat(),
    )  # fmt: skip
    about = ", ".join("lodging" if kind == "lodging" else mode_of(kind) for kind in row.about)
    return Row(
        (
            day, text(row.surface), time(row.sent), text(row.author),
            worded(about or "a place"), listed(row.places, 4), cites([row.cited]),
        ),
        f"m-{row.mention_id}",
    )  # fmt: skip


def _trip(row: TripRow) -> Row:
    return Row(
        (
            time(row.sent), text(row.author), worded(mode_of(row.mode)), text(row.surface),
            listed(row.origin, 3), listed(row.target, 3), listed(row.others, 3),
            worded(", ".join(row.dates[:3]) + (" …" if len(row.dates) > 3 else ""))
            if row.dates else DASH,
            cites([row.cited]),
        ),
        f"m-{row.mention_id}",
    )  # fmt: skip


def _move(row: MoveRow) -> Row:
    area = ", ".join(part for part in (row.county, row.state) if part)
    return Row(
        (text(row.author), text(area), span(row), number(row.records), cites(row.cited)),
        f"move-{row.move_id}",
    )
