"""Accounts and attribution: what records say of who used an account."""

from __future__ import annotations

from collections import Counter

from pipeline.report import words
from pipeline.report.cells import CITES, DASH, cites, number, paragraph, said, span
from pipeline.report.counts.attribution import CUTS, Attribution, AttributionRow
from pipeline.report.counts.cues import cues
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
from pipeline.report.sections.people import watch_mark
from pipeline.report.sections.statements import once
from pipeline.report.summary import Summary

FIELDS = {
    "name": "name, as registered", "emails": "e-mail addresses, as registered",
    "phone_numbers": "telephone numbers, as registered", "vanity": "user name in its address",
    "registration_date": "day of registration", "registration_ip": "address at registration",
    "account_end_date": "state of the account",
}  # fmt: skip
"""A field that is not here goes by the provider's own name for it."""

ITEMS = {
    "login": "log-ins", "device": "devices", "shown": "shown in records as",
    "self_name": "name given in its own messages as the writer's",
    "shared": "contact stated for other accounts too",
}  # fmt: skip

RULES = {
    "stated": "as the provider stated it; who entered it is not stated",
    "stated_and_written": "messages of the account gave the same value as the writer's own",
    "addresses": "one address may serve many users, and one user many addresses",
    "one_device": "who held the device is not stated",
    "devices": "more than one device; who held them is not stated",
    "one_name": "one name in all records",
    "names": "the name changed; any user of an account can change it",
    "self_same": "shares a word with a name of the account",
    "self_other": "shares no word with a name of the account; it may be a greeting, a quotation "
    "or a nickname",
    "value_same": "the provider stated the same value for the account",
    "value_given": "given as the writer's own; the provider did not state it",
    "shared": "more than one account has it",
    "cue": "a phrase of the list of cues",
    "jest": "a phrase of the list of cues; a sign of a joke stands near it",
}
"""Words for the rule that put a row into its column."""

USES = {"supports": "supports", "neutral": "neutral", CUTS: "cuts against sole use"}


def attribution(s: Summary) -> Section:
    """Return the section on accounts and attribution."""
    first = paragraph(
        "An account is not a person, and more than one person may use it. The last column says "
        "whether, by the rule named in it, a row speaks for use by one user (supports), for "
        "neither side (neutral), or for use by somebody else (cuts against sole use). The rules "
        "are plain and few, and they miss and err: open the citation before relying on a row.",
        style="framed",
    )
    if not s.attribution:
        return Section("attribution", "Accounts and attribution",
                       (first, paragraph("No account was named or wrote.")))  # fmt: skip
    blocks: list[Block] = [
        first,
        paragraph(
            "Shown are accounts of the watch list, accounts the return is about, and the "
            "accounts that wrote most. What the provider states for a whole file is set down for "
            "the account that the file is about.",
            style="note",
        ),
    ]
    for place, account in enumerate(s.attribution, 1):
        blocks += _account(place, account)
    return Section("attribution", "Accounts and attribution", tuple(blocks))


def _account(place: int, account: Attribution) -> list[Block]:
    head: list[Inline] = [
        Evidence(account.name, style="strong") if account.name else Words("No name", "strong")
    ]
    if account.number:
        head += [Words(" · number or address "), Evidence(account.number, style="whole")]
    if account.is_target:
        head.append(Words(" · the return is about it"))
    if account.watch:
        head += watch_mark(account.watch)
    shown = sum(1 for row in account.rows if row.rule in ("cue", "jest"))
    more = (
        f" · {shown:,} of {account.cue_total:,} messages that speak of another's use are shown"
        if account.cue_total > shown
        else ""
    )
    seen: Counter[str] = Counter()
    table = Table(
        f"attribution-{account.account_id}",
        (Column("Item", width=1.5), Column("Value, as stated or written", width=2.4),
         Column("Records", "number", 0.7), Column("First to last (UTC)", "time", 1.2),
         Column("Sole use, and by which rule", width=2), CITES),
        tuple(_row(row, seen) for row in account.rows),
        (*head, *said(more)),
        empty="Nothing was found that speaks for or against.",
    )  # fmt: skip
    return [Heading(f"Account {place}", f"attribution-head-{account.account_id}"), table]


def _row(row: AttributionRow, seen: Counter[str]) -> Row:
    key = f"at-{row.account_id}-{row.item}-{row.cited[0].record_id if row.cited else ''}"
    use = (
        Words(USES[row.use], "strong" if row.use == CUTS else "plain"),
        Words(f" {RULES[row.rule]}", "note"),
    )
    return Row(
        (
            _item(row), _value(row), number(row.count), span(row), Cell(use, sort=row.use),
            cites(row.cited),
        ),
        once(key, seen),
    )  # fmt: skip


def _item(row: AttributionRow) -> Cell:
    label = row.label or ""
    if row.item == "field":
        known = FIELDS.get(label)
        part: Inline = Words(known) if known else Evidence(label.replace("_", " "))
        return Cell((part,), sort=f"1 {label}")
    if row.item == "self_value":
        text = f"{words.name_of(label)} given in its own messages as the writer's"
    elif row.item in ITEMS:
        text = ITEMS[row.item]
    else:
        cue = cues().items[row.item]
        return Cell((Words(cue.says), Words(f" (or {cue.readings})", "note")), sort=f"9 {cue.says}")
    return Cell((Words(text),), sort=f"2 {text}")


def _value(row: AttributionRow) -> Cell:
    if row.item == "login":
        count = words.count_of(int(row.label or 0), "address", "addresses")
        return Cell((Words(f"{count}, as logged"),))
    if not row.values:
        return Cell((Words("not quoted: see the citation", "note"),))
    quoted_from = row.cited[0].record_id if row.item in cues().items and row.cited else None
    parts: list[Inline] = []
    for place, value in enumerate(row.values):
        if parts:
            parts.append(Words(_between(row, place)))
        shown = words.phone(value) if row.label == "phone" or row.item == "shared" else value
        parts.append(Evidence(shown, quoted_from=quoted_from))
    if row.more > 0:
        parts.append(Words(f" and {row.more:,} more"))
    return Cell(tuple(parts)) if parts else DASH


def _between(row: AttributionRow, place: int) -> str:
    if row.item == "shared":
        return ": also stated for " if place == 1 else ", "
    return " as written: " if row.item.startswith("self_") else " · "
