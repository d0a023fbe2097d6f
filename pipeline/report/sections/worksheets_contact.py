"""A contact sheet: what one account and the target exchanged between the two of them."""

from __future__ import annotations

from pipeline.report import words
from pipeline.report.cells import (
    CITES,
    cites,
    listed,
    number,
    paragraph,
    said,
    span,
    text,
    worded,
)
from pipeline.report.counts.worksheet_contacts import (
    KINDS,
    ContactSheet,
    Party,
    SheetQuote,
    SheetValue,
)
from pipeline.report.document import (
    Blank,
    Block,
    Column,
    Evidence,
    Facts,
    Heading,
    Inline,
    Inlines,
    Quote,
    Row,
    Section,
    Table,
    Words,
)


def contact_sections(row: ContactSheet, zone: str, *, is_named: bool) -> tuple[Section, ...]:
    """Return the sections of a sheet.

    Args:
        row: what was counted.
        zone: IANA zone of the hours.
        is_named: whether the return is about the other account.
    """
    return (
        Section("account", "The account", _who(row, is_named=is_named)),
        Section("exchange", "What was exchanged", _exchange(row, zone)),
        Section("values", "Numbers, handles, places and amounts", _values(row)),
        Section("own", "Mentions of the account", _own(row)),
        Section("messages", "First and last messages", _quotes(row)),
        Section(
            "notes", "Notes", (Blank("Asked by"), Blank("Date"), Blank("Notes"), Blank("")),
        ),
    )  # fmt: skip


def _who(row: ContactSheet, *, is_named: bool) -> tuple[Block, ...]:
    other: list[Inline] = []
    for party in row.targets:
        other += [Words(", ")] if other else []
        other += _name(party)
    why = (
        "the return is about it"
        if is_named
        else "counted for it, since it takes part in most conversations"
    )
    return (
        paragraph(
            "This sheet is drawn from conversations of two accounts only: this one and the other "
            f"account ({why}). Of group conversations, and of conversations with anyone else, it "
            "holds nothing. A name in a message may be that of a third person: read the sheet "
            "before it is shown to anyone."
        ),
        Facts(
            (
                ("Account", tuple(_name(row.party))),
                ("Number at the provider", text(row.party.number).parts),
                ("User name", text(row.party.vanity).parts),
                ("Other names", listed(row.party.other_names).parts),
                ("E-mail addresses", listed(row.party.emails).parts),
                ("Telephone numbers", listed(row.party.phones, are_phones=True).parts),
                ("Other account", tuple(other)),
            )
        ),
        paragraph("Names, addresses and numbers here are as stated by the provider.", style="note"),
    )


def _exchange(row: ContactSheet, zone: str) -> tuple[Block, ...]:
    counts = (
        ("Conversations", row.threads), ("Records in them", row.records),
        ("Messages the account sent", row.sent), ("Messages it received", row.received),
        ("Calls", row.calls), ("Days active (UTC)", row.days),
    )  # fmt: skip
    table = Table(
        "hours",
        (Column(f"Hour ({zone})"), Column("Sent by the account", "number"),
         Column("Received by it", "number")),
        tuple(
            Row((worded(f"{hour:02}:00", "whole"), number(sent), number(received)), f"hour-{hour}")
            for hour, sent, received in row.hours
        ),
        said("Dated messages by hour of the day; hours without any are left out."),
        is_narrow=True,
        empty="No message is dated.",
    )  # fmt: skip
    facts: tuple[tuple[str, Inlines], ...] = tuple((label, said(f"{n:,}")) for label, n in counts)
    return (Facts((*facts, ("First to last (UTC)", span(row).parts))), table)


def _values(row: ContactSheet) -> tuple[Block, ...]:
    cut = [
        f"{sum(value.kind == kind for value in row.values):,} of {row.totals[kind]:,} values of "
        f"the kind {words.name_of(kind)}"
        for kind in KINDS
        if row.totals.get(kind, 0) > sum(value.kind == kind for value in row.values)
    ]
    note = f" Shown are {'; '.join(cut)}: those in most records." if cut else ""
    ordered = sorted(row.values, key=lambda value: KINDS.index(value.kind))
    table = Table(
        "values",
        (Column("Kind"), Column("Value", width=2), Column("Mentions", "number"),
         Column("Records", "number"), Column("First to last (UTC)", "time", 1.4), CITES),
        tuple(_value(value, f"value-{at}") for at, value in enumerate(ordered, 1)),
    )  # fmt: skip
    return (
        paragraph(
            "As stated in these conversations by either account. Numbers of listed services, and "
            f"what the trained model alone found, are left out.{note}",
            style="note",
        ),
        table,
    )


def _value(value: SheetValue, row_id: str) -> Row:
    shown = words.phone(value.value) if value.kind == "phone" else value.value.replace("|", ", ")
    return Row(
        (
            worded(words.name_of(value.kind)), text(shown), number(value.mentions),
            number(value.records), span(value), cites(value.cited),
        ),
        row_id,
    )  # fmt: skip


def _own(row: ContactSheet) -> tuple[Block, ...]:
    mentions, records = row.own
    if not mentions:
        return (paragraph("No name, number or address of the account was found in the text."),)
    count = words.count_of(mentions, "mention", "mentions")
    inside = words.count_of(records, "record", "records")
    parts: list[str | Inline] = [
        f"{count} of the account's own names, numbers or addresses in {inside}: "
    ]
    return (paragraph(*parts, *cites(row.own_cited).parts),)


def _quotes(row: ContactSheet) -> tuple[Block, ...]:
    if not row.quotes:
        return (paragraph("No message was found."),)
    first = [_quote(item) for item in row.quotes if item.is_first]
    last = [_quote(item) for item in row.quotes if not item.is_first]
    blocks: list[Block] = [Heading("First"), *first]
    if last:
        blocks += [Heading("Last"), *last]
    return tuple(blocks)


def _quote(item: SheetQuote) -> Quote:
    author: Inline = Evidence(item.author) if item.author else Words("–")
    return Quote(
        said(f"{words.stamp(item.sent)} UTC · account named ", author, " · ", item.cited),
        (Evidence(item.text, None, quoted_from=item.cited.record_id),),
        item.left_out,
    )


def _name(party: Party) -> tuple[Inline, ...]:
    if party.name:
        return (Evidence(party.name, style="strong"),)
    return (Evidence(party.number),) if party.number else (Words("–"),)
