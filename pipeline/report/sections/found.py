"""Identifiers that may be followed up, what was set aside, names, and the watch list."""

from __future__ import annotations

from pipeline.report import words
from pipeline.report.cells import (
    CITES,
    DASH,
    cites,
    listed,
    named,
    number,
    paragraph,
    said,
    span,
    text,
    worded,
)
from pipeline.report.document import (
    Block,
    Cell,
    Column,
    Evidence,
    Heading,
    Inline,
    Link,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
)
from pipeline.report.rows import Found, Listing, WatchedRow
from pipeline.report.sections.people import watch_mark
from pipeline.report.summary import Summary

KINDS = (
    ("phone", "Telephone numbers", "Number"),
    ("handle", "Handles", "Handle"),
    ("email", "E-mail addresses", "Address"),
    ("plate", "Licence plates", "Plate"),
)
SPAN = Column("First to last (UTC)", "time", 1.4)
MENTIONS, RECORDS = Column("Mentions", "number"), Column("Records", "number")
THREADS = Column("Conversations", "number")
COUNTED = (
    "Counts are of records that repeat no other; of a value written in several pieces each piece "
    "is a mention. “Stated”: by the provider, in a field of its own. Status of all rows: not "
    "reviewed."
)


def watched(s: Summary) -> Section:
    """Return the section on the watch list, found entries first."""
    found = sum(row.is_found for row in s.watched)
    total = f"{len(s.watched):,} {'entry' if len(s.watched) == 1 else 'entries'}"
    first = paragraph(
        f"What the case knew already and asked for: {total}, of them {found:,} found and "
        f"{len(s.watched) - found:,} not found in what was read. Values of the list stand first in "
        "every table below and bear the words “watch list”. That a value is not found says "
        "nothing about material that was not received, not read, out of scope or sealed. A listed "
        "service stays a service."
    )
    table = Table(
        "watched",
        (Column("Entry as listed", width=2), Column("Kind"), Column("Label", width=1.4), MENTIONS,
         RECORDS, THREADS, Column("Accounts", "number"), SPAN, Column("First at", "cites", 1.6)),
        tuple(_watched(row) for row in s.watched),
    )  # fmt: skip
    return Section("watched", "Watch list", (first, table), is_numbered=False)


def leads(s: Summary) -> Section:
    """Return the section on identifiers that a provider or an office can be asked about."""
    blocks: list[Block] = [
        paragraph(
            "Identifiers for which a provider or an office can be asked. Left out are listed "
            "services and doubtful values (", Link("aside"), "). The order is by number of "
            "records and says nothing about anyone; one number may have had several holders.",
        )
    ]  # fmt: skip
    for kind, title, what in KINDS:
        blocks.append(Heading(title, f"leads-{kind}"))
        blocks += listing(s.leads[kind], f"leads-{kind}", what, hidden=kind == "phone")
    return Section("leads", "Numbers, handles and e-mail addresses that may be followed up",
                   tuple(blocks))  # fmt: skip


def aside(s: Summary) -> Section:
    """Return the section on listed services, doubtful and incomplete values."""
    services = Table(
        "services",
        (Column("Value", width=2), Column("Service", width=1.4), MENTIONS, RECORDS, SPAN, CITES),
        tuple(
            Row((who(row), named(row.category), number(row.mentions), number(row.records),
                 span(row), cites(row.cited)), f"e-{row.entity_id}")
            for row in s.services.rows
        ),
    )  # fmt: skip
    review = Table(
        "review",
        (Column("Value", width=2), Column("Kind"), Column("As written", width=2),
         Column("Why", width=2), MENTIONS, RECORDS, SPAN, CITES),
        tuple(
            Row((who(row), named(row.kind), listed(row.written), named(row.review),
                 number(row.mentions), number(row.records), span(row), cites(row.cited)),
                f"e-{row.entity_id}")
            for row in s.review.rows
        ),
    )  # fmt: skip
    incomplete = Table(
        "incomplete",
        (Column("Kind", width=2), MENTIONS, RECORDS, Column("Where (first three)", "cites", 2)),
        tuple(
            Row((named(row.kind), number(row.mentions), number(row.records), cites(row.cited)),
                f"incomplete-{row.kind}")
            for row in s.incomplete
        ),
        said("Such as numbers without an area code and places no list knows. They are in the "
             "table mentions with an empty value; a table of entities has no row for them."),
    )  # fmt: skip
    return Section(
        "aside",
        "Set aside: listed services, doubtful and incomplete values",
        (
            Heading("Listed services"),
            paragraph(
                "Hotlines, advocates, police, city and other services: their numbers and "
                "addresses are excluded from leads and from ", Link("pairs"), ".",
            ),
            *shown(s.services), services,
            Heading("To be looked at by a person before anything else"), *shown(s.review), review,
            Heading("Seen, but without a value"), incomplete,
        ),
    )  # fmt: skip


def names(s: Summary) -> Section:
    """Return the section on names and aliases."""
    table = Table(
        "names",
        (Column("Name", width=1.8), Column("Sort"), Column("As written", width=1.6),
         Column("Joined in text with", width=1.4), MENTIONS, RECORDS, THREADS, SPAN, CITES),
        tuple(
            Row((who(row), _traits(row), listed(row.written), listed(row.refers_to), mentions(row),
                 number(row.records), number(row.threads), span(row), cites(row.cited)),
                f"e-{row.entity_id}")
            for row in s.names.rows
        ),
        said("Not reviewed. “Joined in text with”: a statement such as “they call her …” names "
             "both."),
    )  # fmt: skip
    by_model: tuple[Block, ...] = (paragraph("None."),)
    if s.names_by_model.rows:
        by_model = (
            paragraph("A statistical model took these for names and no rule agreed. They are "
                      "counted apart and lead to nothing by themselves."),
            *listing(s.names_by_model, "names-by-model", "Name", hidden=False),
        )  # fmt: skip
    return Section(
        "names",
        "Names and aliases",
        (
            paragraph(
                "Names and nicknames by which someone is meant in text, found by rules. One name "
                "may stand for several people, and one person may go by several names; none were "
                "joined. Names that only the provider states stand with their accounts (",
                Link("accounts"), ").",
            ),
            *shown(s.names), table, Heading("Found by the trained model only"), *by_model,
        ),
    )  # fmt: skip


def listing(found: Listing, table_id: str, what: str, *, hidden: bool) -> tuple[Block, ...]:
    """Return a table of entities with what is shown of it.

    Args:
        found: the rows.
        table_id: id of the table.
        what: heading of its first column.
        hidden: whether a column says how values were hidden.
    """
    tricks = (Column("Hidden by", width=1.2),) if hidden else ()
    table = Table(
        table_id,
        (Column(what, width=1.8), Column("As written", width=1.8), *tricks, MENTIONS, RECORDS,
         THREADS, SPAN, Column("Accounts that wrote it (records)", width=2), CITES),
        tuple(
            Row((who(row), listed(row.written), *([_traits(row)] if hidden else []), mentions(row),
                 number(row.records), number(row.threads), span(row), writers(row),
                 cites(row.cited)), f"e-{row.entity_id}")
            for row in found.rows
        ),
        said(COUNTED),
    )  # fmt: skip
    return (*shown(found), table)


def shown(found: Listing) -> tuple[Paragraph, ...]:
    """Return how much of a listing is shown, in what order."""
    if not found.rows:
        return ()
    total = words.count_of(found.total, "value", "values")
    first = "those of the watch list, then " if found.rows[0].watch else ""
    if found.total > len(found.rows):
        return (
            paragraph(
                f"{len(found.rows):,} of {total} are shown, {first}those in most records first; "
                "all of them are in the table ", Words("entities", "code"), ".", style="note",
            ),
        )  # fmt: skip
    return (paragraph(f"{total}, {first}those in most records first.", style="note"),)


def who(row: Found) -> Cell:
    """Return the heading of an entity's row."""
    if row.kind == "phone":
        value = Evidence(words.phone(row.value), style="strong")
    else:
        is_name = row.kind in ("alias", "account")
        value = Evidence(row.label if is_name else row.value, style="strong")
    parts: list[Inline] = [value]
    if row.watch:
        parts += watch_mark(row.watch)
    parts += [Words(" "), Evidence(row.entity_id, style="id")]
    return Cell(tuple(parts), sort=row.value, target=row.entity_id)


def mentions(row: Found) -> Cell:
    """Return the count of mentions, and of them those stated and those of the model."""
    notes = []
    if row.stated:
        notes.append(f"{row.stated:,} stated")
    if row.by_model:
        notes.append(f"{row.by_model:,} by the model")
    return number(row.mentions, ", ".join(notes))


def writers(row: Found) -> Cell:
    """Return the accounts that wrote a value, with their records."""
    parts: list[Inline] = []
    for label, records in row.writers:
        parts += [Words(" · ")] if parts else []
        parts += [Evidence(label), Words(f" ({records:,})")]
    return Cell(tuple(parts)) if parts else DASH


def _traits(row: Found) -> Cell:
    return worded(" · ".join(words.name_of(item) for item in row.traits) or "–")


def _watched(row: WatchedRow) -> Row:
    head: list[Inline] = [Evidence(row.written, style="strong")]
    if row.category:
        head.append(Words(f" listed service: {words.name_of(row.category)}", "note"))
    cells: tuple[Cell, ...]
    if row.is_found:
        wrote = f"wrote {row.wrote:,}" if row.accounts else ""
        cells = (
            number(row.mentions), number(row.records), number(row.threads),
            number(row.accounts, wrote), span(row), cites(row.cited),
        )  # fmt: skip
    else:
        none = number(0)
        cells = (none, none, none, none, DASH, worded("not found in what was read"))
    first = (Cell(tuple(head), sort=row.written), named(row.kind), text(row.label))
    return Row((*first, *cells), f"w-{row.watch_id}")
