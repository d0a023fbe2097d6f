"""Who: the block of the triage sheet on accounts with most contact."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.report import words
from pipeline.report.cells import number, paragraph, said
from pipeline.report.counts.sheet_data import SheetData
from pipeline.report.document import Block, Column, Inline, Row, Section, Table, Words
from pipeline.report.sections import sheet_rows as rows
from pipeline.report.sections.sheet_cells import (
    BRIEF,
    WHERE,
    at_first,
    cites,
    days,
    few,
    joined,
    one,
    short,
)
from pipeline.report.sheet_caps import Caps
from pipeline.report.summary import Summary


def who(s: Summary, data: SheetData, caps: Caps) -> Section:
    """Return the accounts with most contact; accounts, not people."""
    found = s.contacts
    if found is None or not found.rows:
        return Section("who", "Who (accounts, not people)",
                       (*_named_only(s, caps), *_shared(data, caps)))  # fmt: skip
    targets = [short(name) if name else said("unnamed") for name in found.targets[:2]]
    more = len(found.targets) - len(targets)
    base = "the return is about it" if found.is_stated else "in most conversations"
    table = Table(
        "sheet-who",
        (Column("Account", width=2), Column("To", "number", 0.7),
         Column("From", "number", 0.7), Column("Days", "number", 0.6),
         Column("First to last (UTC)", "time", 2), Column("Night 22–04", "number", 0.9),
         Column("With amounts", "number", 1), WHERE),
        tuple(rows.contact(row) for row in found.rows[:caps.who]),
        said("Messages between account ", *joined(targets, more), f" ({base}) and one other; "
             f"{words.count_of(found.total, 'account', 'accounts')} in all, most messages first. "
             "To, from: sent by the first to the one listed, and back. Night and days: "
             f"{found.zone}."),
    )  # fmt: skip
    blocks: list[Block] = [table]
    if s.named_only:
        blocks.append(_unnumbered(s))
    if found.newest:
        names: list[Inline] = []
        for row in found.newest[: caps.fresh]:
            names += [Words(", ")] if names else []
            names += [*rows.account(row), Words(f" ({words.day(row.first)})")]
            names += at_first(row.cited)
        blocks.append(
            paragraph(f"New in the last 30 days, first contact UTC ({found.new_total:,}): ", *names,
                      ".", style="note")
        )  # fmt: skip
    else:
        blocks.append(paragraph("New in the last 30 days: none was found.", style="note"))
    return Section("who", "Who (accounts, not people)", (*blocks, *_shared(data, caps)))


def _unnumbered(s: Summary) -> Block:
    """Return a line on the conversations that no table of accounts can show."""
    names: list[Inline] = []
    for row in s.threads[:2]:
        names += [Words("; ")] if names else []
        names += [*short(row.name or row.thread_id), Words(f" {row.messages:,}")]
        names += at_first(row.cited)
    return paragraph(
        f"Not in the table: {words.count_of(s.named_only, 'message', 'messages')} whose author is "
        "given by a display name alone. Conversations with most records, messages: ", *names, ".",
        style="note",
    )  # fmt: skip


def _named_only(s: Summary, caps: Caps) -> Iterable[Block]:
    """Yield what can be said of who wrote where no two accounts are known to have talked."""
    if not s.named_only:
        yield paragraph("Contact between accounts was not found.")
        return
    yield Table(
        "sheet-who-named",
        (Column("Conversation", width=1.7), Column("Wrote in it (as named)", width=2.4),
         Column("Messages", "number", 0.8), Column("First to last (UTC)", "time", 2), WHERE),
        tuple(
            Row((one(row.name or row.thread_id), few(row.authors), number(row.messages),
                 days(row.first, row.last), cites(row.cited)), f"t-{row.thread_id}")
            for row in s.threads[: caps.who]
        ),
        said(f"{words.count_of(s.named_only, 'message gives its', 'messages give their')} author "
             "by a display name alone, so contact by account was not counted. Conversations "
             f"({s.thread_count:,}), those with most records first."),
    )  # fmt: skip


def _shared(data: SheetData, caps: Caps) -> Iterable[Block]:
    parts: list[Inline] = []
    for row in data.shared[: caps.shared]:
        parts += [Words("; ")] if parts else []
        value = words.phone(row.value) if row.kind == "phone" else row.value
        parts += [*short(value), Words(" by ")]
        names = [short(name, BRIEF) for name in row.accounts[:2]]
        parts += joined(names, row.total - len(names))
    yield paragraph(
        "Numbers or addresses that the provider states for several accounts: ",
        *(parts or [Words("none was found")]),
        f". Accounts seen under several names: {data.renamed:,}.", style="note",
    )  # fmt: skip
