"""Leads, ranked and explained: why each stands where it does, and what can be asked for."""

from __future__ import annotations

from pipeline.report import words
from pipeline.report.cells import (
    CITES,
    cites,
    number,
    paragraph,
    said,
    span,
    worded,
)
from pipeline.report.counts.leads import RECENT_DAYS, WEIGHTS, LeadRow
from pipeline.report.document import (
    Cell,
    Column,
    Evidence,
    Inline,
    Link,
    Row,
    Section,
    Table,
    Words,
)
from pipeline.report.sections.people import watch_mark
from pipeline.report.summary import Summary

PAYMENT = frozenset({"cashapp", "venmo", "zelle", "paypal", "applepay", "chime"})
"""Services of handles that move money."""

ASK = {
    "phone": "Carrier (who holds the number now and held it then): subscriber, call and message "
    "detail",
    "payment": "Payment provider: account holder, linked cards and banks, transactions",
    "handle": "Service: subscriber data, log-ins with IP addresses, linked numbers and addresses",
    "email": "E-mail provider: subscriber data, recovery number and address, log-ins",
    "plate": "Vehicle registration office: registration on the days of the records",
}
"""What each sort of identifier can be asked of whom; the process is for counsel to choose."""

SHORT_ASK = {
    "phone": "carrier: subscriber, call detail", "payment": "payments: holder, transactions",
    "handle": "service: subscriber, log-ins", "email": "e-mail: subscriber, log-ins",
    "plate": "registration",
}  # fmt: skip

FACTORS = {
    "times": "times it was written, a number in pieces once",
    "threads": "conversations it was written in",
    "recent": "how near to the last dated message it was last written: 1 = within "
    f"{RECENT_DAYS[0]} days, 2 = within {RECENT_DAYS[1]} days",
    "money": "records that also name an amount",
    "rates": "records that also name a price asked for something",
    "lodging": "records that also name a stay",
    "hidden": "records in which it is written so that a plain search misses it",
    "stated": "mentions by the provider, in a field of its own",
    "watched": "on the watch list",
}


def ranked(s: Summary) -> Section:
    """Return the section on leads in order, with the reasons."""
    first = paragraph(
        "Identifiers that a provider or an office can be asked about, with what speaks for asking. "
        "The order adds up the points of ", Words("the factors below"), "; it ranks identifiers "
        "and says nothing about anyone. A number may have had several holders, so a request names "
        "dates. What was written in one record only needs a second source. Listed services and "
        "doubtful values are left out (", Link("aside"), "). Which process a request needs is for "
        "the prosecutor to decide.",
    )  # fmt: skip
    table = Table(
        "ranked",
        (Column("Identifier", width=1.8), Column("Points", "number"), Column("Why", width=3.2),
         Column("Contrary records", width=1.3), Column("First to last (UTC)", "time", 1.3),
         Column("What to ask for", width=2), CITES),
        tuple(_row(row) for row in s.ranked),
        said("Not reviewed. Where: the records that name most kinds of thing beside it. Contrary "
             "records: of its records, those in which it stands beside another name or something "
             "is denied, or whose page was not understood in full, with the first of them. In "
             "brackets: the points."),
        empty="No identifier was found that may be followed up.",
    )  # fmt: skip
    weights = Table(
        "weights",
        (Column("Factor", width=3), Column("Points by count", width=2)),
        tuple(
            Row((worded(FACTORS[name]), worded(_steps(name))), f"weight-{name}")
            for name in WEIGHTS
        ),
        said("The factors. They are a choice made beforehand, equal for all cases; nothing was "
             "fitted to data."),
        is_narrow=True,
    )  # fmt: skip
    return Section("ranked", "Leads, ranked and explained", (first, table, weights))


def reason(row: LeadRow) -> str:
    """Return why an identifier is worth a request: counts only, no value."""
    counts = {factor.name: factor.count for factor in row.factors}
    parts = [_frequency(row, counts.get("times", 0))]
    if row.watch:
        parts.insert(0, "on the watch list")
    if "hidden" in counts:
        parts.append(
            "written with hidden digits"
            if counts["hidden"] == row.records
            else f"in {counts['hidden']:,} of them with hidden digits"
        )
    if "stated" in counts:
        parts.append("also stated by the provider")
    named = [
        f"{words.count_of(counts[name], 'record', 'records')} also {verb(counts[name])} {what}"
        for name, what in (
            ("money", "an amount"), ("rates", "a price asked"), ("lodging", "a stay"),
        )
        if name in counts
    ]  # fmt: skip
    parts += named
    if row.last is not None:
        parts.append(f"last on {words.day(row.last)} (UTC)")
    return "; ".join(parts)


def verb(count: int) -> str:
    """Return ``name`` in the right number."""
    return "names" if count == 1 else "name"


def identifier(row: LeadRow, limit: int = 80) -> tuple[Inline, ...]:
    """Return the identifier as a heading of its row."""
    value = words.phone(row.value) if row.kind == "phone" else row.value
    parts: list[Inline] = [Evidence(value, limit, "strong")]
    if row.watch:
        parts += watch_mark(row.watch)
    return tuple(parts)


def to_ask(row: LeadRow, texts: dict[str, str] = ASK) -> str:
    """Return what can be asked for."""
    return texts["payment" if row.service in PAYMENT else row.kind]


def _frequency(row: LeadRow, times: int) -> str:
    records = words.count_of(row.records, "record", "records")
    told = f"in {records}"
    if row.records == 1:
        told = "in 1 record only"
    elif times < row.records:
        told = f"written {words.count_of(times, 'time', 'times')} in {records}"
    if row.threads > 1:
        told += f" of {row.threads:,} conversations"
    return told


def _row(row: LeadRow) -> Row:
    return Row(
        (
            Cell((*identifier(row), Words(" "), Evidence(row.entity_id, style="id")),
                 sort=row.value, target=row.entity_id),
            number(row.points),
            Cell((Words(f"{reason(row)} "), Words(_added(row), "note"))),
            contrary(row), span(row), worded(to_ask(row)),
            cites(row.cited),
        ),
        f"lead-{row.entity_id}",
    )  # fmt: skip


def contrary(row: LeadRow) -> Cell:
    """Return how many records limit an identifier, with the first of them."""
    first = (Words(" "), row.against) if row.against else ()
    return Cell((Words(f"{row.contrary:,}"), *first), sort=row.contrary)


def _added(row: LeadRow) -> str:
    return f"({' + '.join(f'{factor.name} {factor.points}' for factor in row.factors)})"


def _steps(name: str) -> str:
    return ", ".join(f"from {least:,}: {given}" for least, given in WEIGHTS[name])
