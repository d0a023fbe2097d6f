"""Web addresses by host, and texts sent again and again."""

from __future__ import annotations

from pipeline.report import words
from pipeline.report.cells import (
    CITES,
    DASH,
    cites,
    listed,
    number,
    paragraph,
    phone,
    span,
    text,
    worded,
)
from pipeline.report.counts.adverts import LEAST, PLACES, AdvertRow
from pipeline.report.document import (
    Block,
    Cell,
    Column,
    Evidence,
    Heading,
    Inline,
    Row,
    Section,
    Table,
    Words,
)
from pipeline.report.summary import Summary
from schemas.ids import stable_id

HOSTS_SHOWN = 30
TEXTS_SHOWN = 40
NUMBERS_SHOWN = 30
SPAN = Column("First to last (UTC)", "time", 1.4)


def adverts(s: Summary) -> Section:
    """Return the section on advertising: numbers, amounts and hosts; no text is repeated here."""
    blocks: list[Block] = [
        paragraph(
            "Listed by form alone: no word of a text was weighed, and nothing is said of who "
            "posted it, or why. Chain messages, sales and notices of shops have the same form. "
            "The texts are not repeated here; each can be opened at its place."
        ),
        Heading("Texts sent again and again, or with number, amount and address"),
        paragraph(
            f"A text is listed for one of two reasons. It stands, but for digits, in {PLACES} or "
            "more conversations or posts, and holds a number, amount or address. Or it holds a "
            "telephone number, an amount, and a web address or handle at once. Texts of fewer than "
            f"{LEAST} characters beside web addresses are left out. "
            f"{_cut(len(s.adverts), TEXTS_SHOWN, 'text')}",
            style="note",
        ),
        _texts(s),
        Heading("Telephone numbers of these texts"),
        paragraph(_cut(len(s.advert_numbers), NUMBERS_SHOWN, "number"), style="note"),
        _numbers(s),
        Heading("Web addresses by host"),
        paragraph(_cut(len(s.hosts), HOSTS_SHOWN, "host"), style="note"),
        _hosts(s),
    ]
    return Section("adverts", "Advertising and web addresses", tuple(blocks))


def _texts(s: Summary) -> Table:
    return Table(
        "adverts",
        (Column("Listed because", width=1.5), Column("Records", "number"),
         Column("Conversations, posts", "number"), Column("Accounts", "number"),
         Column("Telephone numbers", width=1.6), Column("Handles, e-mail addresses", width=1.5),
         Column("Hosts", width=1.3), Column("Amounts", width=1.2), SPAN, CITES),
        tuple(_text(row) for row in s.adverts[:TEXTS_SHOWN]),
    )  # fmt: skip


def _numbers(s: Summary) -> Table:
    return Table(
        "advert-numbers",
        (Column("Number", width=1.6), Column("Texts", "number"), Column("Records", "number"),
         Column("Conversations, posts", "number"), SPAN, CITES),
        tuple(
            Row((phone(row.value), number(row.texts), number(row.records), number(row.places),
                 span(row), cites(row.cited)), f"advert-number-{row.value}")
            for row in s.advert_numbers[:NUMBERS_SHOWN]
        ),
    )  # fmt: skip


def _hosts(s: Summary) -> Table:
    return Table(
        "hosts",
        (Column("Host", width=2), Column("Mentions", "number"), Column("Records", "number"),
         Column("Conversations", "number"), Column("Accounts", "number"), SPAN, CITES),
        tuple(
            Row((text(row.host), number(row.mentions), number(row.records), number(row.threads),
                 number(row.accounts), span(row), cites(row.cited)),
                f"host-{stable_id('host', row.host)}")
            for row in s.hosts[:HOSTS_SHOWN]
        ),
    )  # fmt: skip


def _text(row: AdvertRow) -> Row:
    why = [
        *(["repeated"] if row.is_repeated else []),
        *(["number, amount and address"] if row.is_full else []),
    ]
    return Row(
        (
            worded(" · ".join(why)), number(row.records), number(row.places),
            number(row.accounts), listed(row.phones, are_phones=True), listed(row.handles),
            listed(row.hosts), _amounts(row), span(row), cites(row.cited),
        ),
        f"advert-{row.advert_id}",
    )  # fmt: skip


def _amounts(row: AdvertRow) -> Cell:
    if not row.amounts:
        return DASH
    parts: list[Inline] = []
    for low, high, currency in row.amounts:
        parts += [Words(" · ")] if parts else []
        parts.append(Words(words.amount(low, high), "whole"))
        parts += [Words(" "), Evidence(currency, style="whole")] if currency else []
    return Cell(tuple(parts))


def _cut(every: int, shown: int, one: str) -> str:
    counted = words.count_of(every, one, f"{one}s")
    return f"{counted}; the first {shown:,} are shown." if every > shown else f"{counted}."
