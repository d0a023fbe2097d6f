"""Rows of the triage sheet: short, each with three citations at most."""

from __future__ import annotations

from pipeline.report import words
from pipeline.report.cells import number, worded
from pipeline.report.counts.contacts import ContactRow
from pipeline.report.counts.leads import LeadRow
from pipeline.report.counts.sheet_data import MeansRow
from pipeline.report.counts.statements import StatementRow
from pipeline.report.counts.travel import UpcomingRow
from pipeline.report.counts.worksheets import PerishableRow
from pipeline.report.document import Cell, Inline, Inlines, Row, Words
from pipeline.report.rows import WatchedRow
from pipeline.report.sections.ranked import SHORT_ASK, contrary, reason, to_ask
from pipeline.report.sections.sheet_cells import (
    BRIEF,
    at_first,
    cites,
    days,
    joined,
    one,
    short,
)

QUOTED = 60
"""Signs of a quote at most."""


def statement(row: StatementRow) -> Row:
    """Return a phrase or an age of the safety lane."""
    record = row.cited.record_id
    quote = (
        Cell(short(row.quote, QUOTED, quoted_from=record)) if row.quote
        else worded("not quoted here")
    )  # fmt: skip
    jest = (Words(" (sign of a joke near)", "note"),) if row.is_jest else ()
    return Row(
        (
            worded(words.stamp(row.sent)), one(row.author), Cell((Words(row.says), *jest)), quote,
            cites([row.cited]),
        ),
        f"safety-{row.cue}-{record}",
    )  # fmt: skip


def perishing(row: PerishableRow) -> Row:
    """Return something that may be kept for a short time only."""
    return Row(
        (
            worded(row.sort), one(row.name), one(row.place), days(row.first, row.last),
            number(row.records), cites(row.cited),
        ),
        f"perishing-{row.perishable_id}",
    )  # fmt: skip


def hit(row: WatchedRow) -> Inlines:
    """Return an entry of the watch list that was found."""
    parts: list[Inline] = [*short(row.written, style="strong")]
    if row.category:
        parts.append(Words(f" (listed service: {words.name_of(row.category)})"))
    parts.append(Words(f" in {words.count_of(row.records, 'record', 'records')}"))
    if row.accounts:
        parts.append(Words(f", {words.count_of(row.accounts, 'account', 'accounts')}"))
    return (*parts, *at_first(row.cited))


def contact(row: ContactRow) -> Row:
    """Return an account that exchanged messages with the target account."""
    night = f"{100 * row.night / row.timed:.0f} %" if row.timed else "–"
    return Row(
        (
            Cell((*account(row), *watched(row.watch)), target=row.account_id), number(row.sent),
            number(row.received), number(row.days), days(row.first, row.last), worded(night),
            number(row.money), cites(row.cited),
        ),
        f"a-{row.account_id}",
    )  # fmt: skip


def account(row: ContactRow) -> Inlines:
    """Return how an account is called."""
    shown = row.name or row.number
    return short(shown) if shown else (Words("unnamed"),)


def ahead(row: UpcomingRow) -> Row:
    """Return a date that lay ahead."""
    kinds: list[Inlines] = [(Words(words.name_of(kind)),) for kind in row.about[:2]]
    late = " (after the last message)" if row.after_end else ""
    return Row(
        (
            Cell((Words(row.value, "whole"), Words(late, "note")), sort=row.value),
            one(row.surface), worded(words.day(row.sent), "whole"), one(row.author),
            Cell(joined([*kinds, *(short(place, BRIEF) for place in row.places[:2])])),
            cites([row.cited]),
        ),
        f"ahead-{row.mention_id}",
    )  # fmt: skip


def means(row: MeansRow) -> Row:
    """Return amounts of one direction and means."""
    low, high = words.number(row.low), words.number(row.high)
    return Row(
        (
            worded(words.name_of(row.direction)), worded(words.name_of(row.instrument)),
            worded(row.currency or "not stated"), number(row.mentions), number(row.records),
            worded(low if low == high else f"{low} to {high}"), cites(row.cited),
        ),
        f"means-{row.direction}-{row.instrument}-{row.currency}",
    )  # fmt: skip


def lead(row: LeadRow) -> Row:
    """Return an identifier with its reason."""
    value = words.phone(row.value) if row.kind == "phone" else row.value
    return Row(
        (
            Cell((*short(value, style="strong"), *watched(row.watch)), target=row.entity_id),
            worded(reason(row)), contrary(row), worded(to_ask(row, SHORT_ASK)),
            cites(row.cited),
        ),
        f"lead-{row.entity_id}",
    )  # fmt: skip


def watched(label: str | None) -> Inlines:
    """Return the sign of a value that the watch list holds, with its label."""
    if label is None:
        return ()
    if label == "watch list":
        return (Words(" ▶ watch list", "strong"),)
    return (Words(" ▶ watch list: ", "strong"), *short(label, BRIEF))
