"""Places, amounts, what stands in the same records, and the messages quoted."""

from __future__ import annotations

from pipeline.report import words
from pipeline.report.cells import (
    CITES,
    cites,
    decimal,
    listed,
    named,
    number,
    paragraph,
    said,
    span,
    text,
    time,
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
    Quote,
    Row,
    Section,
    Table,
    Words,
)
from pipeline.report.rows import AmountGroup, AmountRow, PairRow
from pipeline.report.rows import Quote as Quoted
from pipeline.report.sections.found import (
    MENTIONS,
    RECORDS,
    SPAN,
    THREADS,
    listing,
    mentions,
    shown,
    who,
)
from pipeline.report.sections.people import watch_mark
from pipeline.report.summary import Summary

WHERE = Column("Where (first three)", "cites", 2)


def places(s: Summary) -> Section:
    """Return the section on places."""
    table = Table(
        "places",
        (Column("Place", width=2), Column("Sort"), Column("County, state, country", width=1.5),
         Column("As written", width=1.6), MENTIONS, RECORDS, SPAN, CITES),
        tuple(
            Row((who(row), worded(" · ".join(words.name_of(item) for item in row.traits) or "–"),
                 text(row.area), listed(row.written), mentions(row), number(row.records),
                 span(row), cites(row.cited)), f"e-{row.entity_id}")
            for row in s.places.rows
        ),
        said("Not reviewed. Stated: by the provider."),
    )  # fmt: skip
    blocks: list[Block] = [
        paragraph("Places as stated in text or by the provider; no one is thereby shown to have "
                  "been there."),
        *shown(s.places), table,
    ]  # fmt: skip
    if s.places_by_model.rows:
        blocks.append(Heading("Found by the trained model only"))
        blocks += listing(s.places_by_model, "places-by-model", "Place", hidden=False)
    return Section("places", "Places", tuple(blocks))


def money(s: Summary) -> Section:
    """Return the section on amounts."""
    first = paragraph(
        f"{words.count_of(s.amount_count, 'mention of an amount', 'mentions of amounts')}. Amounts "
        "are as written in records and not proven. The same money may be named many times, so no "
        "total is given; the table by week adds up what was written in a week, to draw it."
    )
    if not s.amount_count:
        return Section("money", "Amounts as stated", (first,))
    more = (
        said(f"{len(s.amounts):,} of {s.amount_count:,}; all of them are in the table ",
             Words("money", "code"), ".")
        if s.amount_count > len(s.amounts)
        else ()
    )  # fmt: skip
    largest = Table(
        "amounts",
        (Column("When (UTC)", "time", 1.5), Column("Author as named", width=1.5),
         Column("As written", width=1.5), Column("Amount", "number"), Column("Currency"),
         Column("Direction"), Column("Purpose"), Column("Means"),
         Column("Other side as written", width=1.5), CITES),
        tuple(_amount(row) for row in s.amounts),
        more,
    )  # fmt: skip
    return Section(
        "money",
        "Amounts as stated",
        (
            first,
            Heading("By purpose, as far as the text says"),
            _groups("amounts-by-purpose", "Purpose", s.by_purpose),
            Heading("By means, as far as the text says"),
            _groups("amounts-by-means", "Means", s.by_instrument),
            Heading("The largest amounts"),
            largest,
        ),
    )


def pairs(s: Summary) -> Section:
    """Return the section on values in the same records."""
    table = Table(
        "pairs",
        (Column("One", width=2), Column("Other", width=2), RECORDS, THREADS, SPAN, CITES),
        tuple(_pair(row) for row in s.pairs),
    )
    first = paragraph(
        "Values that stand in the same records; at least one of the two is in ", Link("leads"),
        ". This is not proof of a connection between people.",
    )  # fmt: skip
    return Section("pairs", "In the same records", (first, table))


def quotes(s: Summary) -> Section:
    """Return the section on messages quoted."""
    first = paragraph(
        "Messages that hold most kinds of number, name, place and amount, and the first and the "
        "last message. The choice is by count, not by meaning."
    )
    if not s.quotes:
        return Section("quotes", "Messages quoted", (paragraph("The return holds no message."),))
    return Section("quotes", "Messages quoted", (first, *(quote(row) for row in s.quotes)))


def quote(row: Quoted) -> Quote:
    """Return a message as written, its mentions marked."""
    if row.reason == "kinds":
        why = f"holds {', '.join(words.name_of(kind) for kind in row.kinds)}"
    else:
        why = f"the {row.reason} dated message"
    author: Inline = Evidence(row.author) if row.author else Words("–")
    return Quote(
        said(
            f"{words.stamp(row.sent)} UTC · account named ", author, " · ", row.cited, f" · {why}"
        ),
        tuple(
            Evidence(part, None, "mark" if kind else "plain", kind, row.cited.record_id)
            for part, kind in row.parts
        ),
        row.left_out,
    )


def _groups(table_id: str, what: str, groups: tuple[AmountGroup, ...]) -> Table:
    return Table(
        table_id,
        (Column(what, width=1.6), Column("Currency"), MENTIONS, RECORDS,
         Column("Lowest", "number"), Column("Highest", "number"), WHERE),
        tuple(
            Row((worded(words.name_of(row.name)), worded(row.currency or "not stated"),
                 number(row.mentions), number(row.records), decimal(row.low), decimal(row.high),
                 cites(row.cited)), f"{table_id}-{row.name}-{row.currency}")
            for row in groups
        ),
    )  # fmt: skip


def _amount(row: AmountRow) -> Row:
    amount = Cell(
        (Words(words.amount(row.low, row.high), "whole"),),
        sort=None if row.low is None else float(row.low),
    )
    other = text(row.counterpart)
    if row.watch:
        other = Cell((*other.parts, *watch_mark(row.watch)), sort=other.sort)
    return Row(
        (
            time(row.sent), text(row.author), text(row.surface), amount,
            worded(row.currency or "not stated"), named(row.direction), named(row.purpose),
            named(row.instrument), other, cites([row.cited]),
        ),
        f"m-{row.mention_id}",
    )  # fmt: skip


def _pair(row: PairRow) -> Row:
    return Row(
        (
            _side(row.kind_a, row.name_a), _side(row.kind_b, row.name_b), number(row.records),
            number(row.threads), span(row), cites(row.cited),
        ),
        f"l-{row.link_id}",
    )  # fmt: skip


def _side(kind: str, name: str) -> Cell:
    value = words.phone(name) if kind == "phone" else name
    return Cell((Words(f"{words.name_of(kind)} "), Evidence(value)), sort=f"{kind} {value}")
