"""Who exchanged messages with whom, how often, at what hours, and on which days many or none."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.report import words
from pipeline.report.cells import CITES, DASH, cites, number, paragraph, said, worded
from pipeline.report.counts.contacts import NEW_DAYS, ContactRow, Contacts
from pipeline.report.counts.figure_data import BURST_LEAST, BURST_TIMES, GAP_DAYS, Pictured, Stretch
from pipeline.report.counts.localtime import NIGHT
from pipeline.report.document import (
    Block,
    Cell,
    Column,
    Evidence,
    Heading,
    Inline,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
)
from pipeline.report.drawing.figures import figure_blocks
from pipeline.report.sections.people import watch_mark
from pipeline.report.summary import Summary

HOURS = f"{NIGHT[0]:02d}:00 to {NIGHT[1]:02d}:00"


def communications(s: Summary) -> Section:
    """Return the section on contact frequency, hours, bursts and gaps."""
    blocks: list[Block] = [Heading("Contact frequency"), *frequency(s)]
    if s.pictured:
        blocks += [Heading("Weekday and hour"), *figure_blocks(s, "hours")]
        blocks += rhythm(s.pictured)
    return Section("communications", "Communications", tuple(blocks))


def frequency(s: Summary) -> tuple[Block, ...]:
    """Return the tables of contacts and their picture."""
    found = s.contacts
    if found is None or not found.total:
        return (paragraph(_none(s)),)
    blocks: list[Block] = [_counted_for(found), _how(found), contact_table(found)]
    if any(row.messages for row in found.rows):
        blocks += figure_blocks(s, "contacts")
    blocks.append(Heading(f"New in the last {NEW_DAYS} days"))
    if found.last is None:
        blocks.append(paragraph("No message has a date."))
        return tuple(blocks)
    blocks.append(
        paragraph(
            f"Accounts whose first record with the account counted for lies in the {NEW_DAYS} days "
            f"before the last dated message of the return ({words.stamp(found.last)} UTC). The "
            "return may begin after a first contact."
        )
    )
    blocks.append(new_table(found))
    return tuple(blocks)


def contact_table(found: Contacts) -> Table:
    """Return the table of contacts: DOMAIN table 6.1, without a role."""
    more = (
        f"{len(found.rows):,} of {found.total:,} accounts, those with most messages. "
        if found.total > len(found.rows)
        else ""
    )
    return Table(
        "contacts",
        (Column("Account", width=1.8), Column("Sent to it", "number"),
         Column("From it", "number"), Column("Records", "number"),
         Column("Days active", "number"), Column("First (UTC)", "time", 1.2),
         Column("Last (UTC)", "time", 1.2), Column(f"{HOURS} share", "number", 1.2),
         Column("New", width=0.7), Column("Records with amounts", "number"),
         Column("Sent in groups", "number"), CITES),
        tuple(_row(row) for row in found.rows),
        said(f"{more}Sent to it and from it: messages of the account counted for to the account "
             "of the row, and back, in conversations of the two alone. "
             "Records: these messages, and calls, shares and reactions. Days active and "
             f"{HOURS}: {found.zone}; the share is of messages with a time. Sent in groups: "
             "messages the account wrote in conversations of more than two accounts; they count "
             "in no other column. Not reviewed."),
    )  # fmt: skip


def new_table(found: Contacts) -> Table:
    """Return the accounts new in the last days, the latest first contact first."""
    more = (
        said(f"{len(found.newest):,} of {found.new_total:,}, the latest first.")
        if found.new_total > len(found.newest)
        else ()
    )
    return Table(
        "contacts-new",
        (Column("Account", width=1.8), Column("First (UTC)", "time", 1.2),
         Column("Last (UTC)", "time", 1.2), Column("Messages", "number"),
         Column("Records", "number"), Column("Days active", "number"), CITES),
        tuple(
            Row((_who(row), _day(row.first), _day(row.last), number(row.messages),
                 number(row.records), number(row.days), cites(row.cited)),
                f"n-{row.account_id}")
            for row in found.newest
        ),
        more,
        empty="No account was new in these days.",
    )  # fmt: skip


def rhythm(p: Pictured) -> tuple[Block, ...]:
    """Return days with many messages and stretches without any."""
    bursts = Table(
        "bursts",
        (Column(f"Day ({p.zone})", "time", 1.3), Column("Messages", "number"),
         Column("First message", "cites", 2)),
        tuple(
            Row((_date(row, at_end=False), number(row.messages), cites(row.cited)),
                f"burst-{row.first.isoformat()}")
            for row in p.bursts
        ),
        _of(len(p.bursts), p.burst_total, "those with most messages"),
        is_narrow=True, empty="No day had as many.",
    )  # fmt: skip
    gaps = Table(
        "gaps",
        (Column(f"From ({p.zone})", "time", 1.3), Column("To", "time", 1.3),
         Column("Days", "number"), Column("Message before and after", "cites", 2.4)),
        tuple(
            Row((_date(row, at_end=False), _date(row, at_end=True),
                 number((row.last - row.first).days + 1), cites(row.cited)),
                f"gap-{row.first.isoformat()}")
            for row in p.gaps
        ),
        _of(len(p.gaps), p.gap_total, "the longest"),
        is_narrow=True, empty="No stretch was as long.",
    )  # fmt: skip
    middle = f"{p.median_day:,.1f}".removesuffix(".0")
    return (
        Heading("Days with many messages"),
        paragraph(
            f"A day is listed when it had at least {BURST_TIMES} times as many messages as the "
            f"middle day ({middle} messages: half of the days with messages had fewer or as many) "
            f"and at least {BURST_LEAST} messages. All accounts together."
        ),
        bursts,
        Heading("Stretches without a message"),
        paragraph(
            f"A stretch is listed when it had at least {GAP_DAYS} whole days without a message "
            "between two days with messages. The return holds no message of these days; that "
            "none was sent is not shown."
        ),
        gaps,
    )


def _counted_for(found: Contacts) -> Paragraph:
    named: list[str | Inline] = []
    for name in found.targets:
        named += [", " if named else "", Evidence(name) if name else Words("no name")]
    many = len(found.targets) > 1
    if found.is_stated:
        which = "accounts" if many else "account"
        return paragraph(f"Counted for the {which} that the return is about: ", *named, ".")
    if found.silent:
        told: list[str | Inline] = []
        for name in found.silent:
            told += [", " if told else "", Evidence(name) if name else Words("no name")]
        why = ("The return is about the account ", *told, ", which takes part in no conversation "
               "by a number or address of its own. ")  # fmt: skip
    else:
        why = ("The files do not say which account the return is about. ",)
    return paragraph(
        *why, "Counted for the account that took part in most conversations: ", *named, "."
    )


def _none(s: Summary) -> str:
    if not s.named_only:
        return "No account was found that exchanged a record with another."
    return (
        f"{words.count_of(s.named_only, 'message gives its', 'messages give their')} author by a "
        "display name alone, so contact by account was not counted. That no account exchanged "
        "anything with another is not said; the conversations follow."
    )


def _how(found: Contacts) -> Paragraph:
    groups = (
        f"{words.count_of(found.group_threads, 'conversation', 'conversations')} of more than two "
        f"accounts, with {words.count_of(found.group_messages, 'message', 'messages')}, "
        f"{'counts' if found.group_threads == 1 else 'count'} for no pair of accounts. "
        if found.group_threads
        else "No conversation had more than two accounts. "
    )
    services = (
        f"{words.count_of(found.services, 'account', 'accounts')} of listed services "
        f"{'is' if found.services == 1 else 'are'} left out."
        if found.services
        else ""
    )
    return paragraph(groups + services, style="note")


def _row(row: ContactRow) -> Row:
    night = DASH
    if row.timed:
        night = Cell(
            (Words(f"{100 * row.night / row.timed:.0f} %", "whole"),
             Words(f" {row.night:,} of {row.timed:,}", "note")),
            sort=row.night / row.timed,
        )  # fmt: skip
    return Row(
        (
            _who(row), number(row.sent), number(row.received), number(row.records),
            number(row.days), _day(row.first), _day(row.last), night,
            worded("yes") if row.is_new else DASH, number(row.money), number(row.in_groups),
            cites(row.cited),
        ),
        f"c-{row.account_id}",
    )  # fmt: skip


def _who(row: ContactRow) -> Cell:
    parts: list[Inline] = [Evidence(row.name, style="strong") if row.name else Words("no name")]
    if row.number:
        parts += [Words(" "), Evidence(row.number, style="id")]
    if row.watch:
        parts += watch_mark(row.watch)
    return Cell(tuple(parts), sort=row.name or row.number or "", target=row.account_id)


def _day(moment: datetime | None) -> Cell:
    if moment is None:
        return DASH
    return Cell((Words(words.day(moment), "whole"),), sort=moment.astimezone(UTC).timestamp())


def _date(row: Stretch, *, at_end: bool) -> Cell:
    day = row.last if at_end else row.first
    return Cell((Words(day.isoformat(), "whole"),), sort=day.toordinal())


def _of(shown: int, total: int, which: str) -> tuple[Inline, ...]:
    return said(f"{shown:,} of {total:,}, {which}.") if total > shown else ()
