"""Accounts, time, conversations."""

from __future__ import annotations

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
)
from pipeline.report.document import Cell, Column, Evidence, Inline, Row, Section, Table, Words
from pipeline.report.rows import AccountRow, ThreadRow
from pipeline.report.summary import Summary


def accounts(s: Summary) -> Section:
    """Return the section on accounts that the provider named."""
    listed_first = "those of the watch list and " if s.watched else ""
    more = (
        f" {len(s.accounts):,} of {s.account_count:,} are shown; all of them are in the table "
        "accounts."
        if s.account_count > len(s.accounts)
        else ""
    )
    first = paragraph(
        f"Accounts the provider named: {listed_first}those the return is about first, then "
        f"those that wrote most.{more}"
    )
    table = Table(
        "accounts",
        (Column("Account", width=2), Column("Number or address", width=1.3),
         Column("Other names", width=1.6), Column("E-mail addresses", width=1.6),
         Column("Telephone numbers", width=1.4),
         Column("Records", "number"), Column("Days active", "number"),
         Column("First to last (UTC)", "time", 1.4), CITES),
        tuple(_account(row) for row in s.accounts),
        said("Names, addresses and numbers here are as stated by the provider. Records: those the "
             "account wrote, repeats apart. Where: its first records."),
        empty="No account was named.",
    )  # fmt: skip
    return Section("accounts", "Accounts", (first, table))


def conversations(s: Summary) -> Section:
    """Return the section on conversations."""
    total = f"{s.thread_count:,} conversation{'' if s.thread_count == 1 else 's'}"
    if s.thread_count > len(s.threads):
        note = f"{len(s.threads):,} of {total} are shown, those with most records."
    else:
        note = f"{total}."
    table = Table(
        "conversations",
        (Column("Conversation", width=2), Column("Wrote in it (account as named)", width=3),
         Column("Records", "number"), Column("Messages", "number"),
         Column("First to last (UTC)", "time", 1.4), CITES),
        tuple(_thread(row) for row in s.threads),
        empty="The return holds no conversation.",
    )  # fmt: skip
    return Section("conversations", "Conversations", (paragraph(note, style="note"), table))


def _account(row: AccountRow) -> Row:
    head: list[Inline] = [Evidence(row.name, style="strong") if row.name else Words("–")]
    if row.watch:
        head += watch_mark(row.watch)
    if row.is_target:
        head.append(Words(" (the return is about it)", "strong"))
    if row.vanity:
        head += [Words(" "), Evidence(row.vanity)]
    return Row(
        (
            Cell(tuple(head), sort=row.name or "", target=row.account_id), text(row.number),
            listed(row.other_names), listed(row.emails), listed(row.phones, are_phones=True),
            number(row.records), number(row.days), span(row), cites(row.cited),
        ),
        f"a-{row.account_id}",
    )  # fmt: skip


def _thread(row: ThreadRow) -> Row:
    head: list[Inline] = []
    if row.name:
        head.append(Evidence(row.name, style="strong"))
    if row.name != row.thread_id:
        head += [*((Words(" "),) if head else ()), Evidence(row.thread_id, style="id")]
    authors = listed(row.authors)
    if row.author_count > len(row.authors):
        more = Words(f" and {row.author_count - len(row.authors):,} more")
        authors = Cell((*authors.parts, more), sort=authors.sort)
    return Row(
        (
            Cell(tuple(head), sort=row.name or row.thread_id),
            authors if row.authors else DASH, number(row.records), number(row.messages), span(row),
            cites(row.cited),
        ),
        f"t-{row.thread_id}",
    )  # fmt: skip


def watch_mark(label: str) -> tuple[Inline, ...]:
    """Return the sign of a value that the watch list holds."""
    if label == "watch list":
        return (Words(" ▶ watch list", "strong"),)
    return (Words(" ▶ watch list: ", "strong"), Evidence(label, style="strong"))
