"""Contrary and limiting information, beside what it stands against."""

from __future__ import annotations

from collections import Counter

from pipeline.report import words
from pipeline.report.cells import CITES, cites, number, paragraph, said
from pipeline.report.counts.contrary import ContraryRow
from pipeline.report.counts.cues import cues
from pipeline.report.document import (
    Block,
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
from pipeline.report.sections.statements import once
from pipeline.report.summary import Summary

SEARCHES = {
    "review": "values marked for a person to look at",
    "several": "display names that more than one account used",
    "numbered": "numbers written beside more than one name",
    "terms": "terms of relation that other records use of family",
    "denials": "denials, wrong numbers, acts said to be free",
    "model": "finds that only the trained model made",
    "services": "values of listed services, set aside",
    "counties": "place names set down in more than one county or state",
    "removed": "conversations with messages removed or not available",
    "undated": "records without a time",
    "pages": "identifiers on pages with bytes that were not understood",
    "absent": "attachments that are not in the return",
}

WHY = {
    "review": "It may not be what it was taken for.",
    "several": "A name alone does not tell which account is meant.",
    "numbered": "The number may have had several users, or a name may be another's in the same "
    "message.",
    "terms": "The same word has an everyday meaning in this return.",
    "denials": "The account denied or corrected something; what it answers stands before it in the "
    "conversation.",
    "model": "No rule speaks for these; they err more often than those of rules.",
    "services": "They are no leads and are not listed.",
    "counties": "The place may be another one of the same name; counts by county share its doubt.",
    "removed": "The conversation is not complete; what was removed may change its meaning.",
    "undated": "They stand in no timeline and in no count by day or hour.",
    "pages": "Words may be missing next to what is cited.",
    "absent": "What they showed is not known here.",
}


def contrary(s: Summary) -> Section:
    """Return the section on contrary and limiting information."""
    title = "Contrary and limiting information"
    first = paragraph(
        "This section sets beside values and leads what in the same return speaks against them or "
        "limits them. It was made by the searches listed below, so a row missing here does not "
        "mean that nothing contrary exists. Messages that speak of somebody else's use of an "
        "account stand in ", Link("attribution"), "; what was not read stands in ",
        Link("not-read"), ".", style="framed",
    )  # fmt: skip
    found = s.contrary
    if found is None:
        return Section("contrary", title, (first, paragraph("Not searched.")))
    shown = Counter(row.search for row in found.rows)
    searches = Table(
        "contrary-searches",
        (Column("Searched for", width=3.2), Column("Found", "number"), Column("Shown", "number")),
        tuple(
            Row((Cell((Words(SEARCHES[row.search]),)), number(row.found),
                 number(shown[row.search])), f"search-{row.search}")
            for row in found.searches
        ),
        said("What was searched for, none found included."),
        is_narrow=True,
    )  # fmt: skip
    seen: Counter[str] = Counter()
    rows = Table(
        "contrary",
        (Column("Lead or value", width=1.6), Column("What stands against it", width=3),
         Column("Why it matters", width=2), CITES),
        tuple(_row(row, seen) for row in found.rows),
        empty="The searches found nothing.",
    )  # fmt: skip
    blocks: tuple[Block, ...] = (first, rows, searches)
    return Section("contrary", title, blocks)


def _row(row: ContraryRow, seen: Counter[str]) -> Row:
    key = f"contrary-{row.search}-{row.cited[0].record_id if row.cited else row.kind or ''}"
    return Row(
        (_subject(row), Cell(_against(row)), Cell((Words(WHY[row.search]),)), cites(row.cited)),
        once(key, seen),
    )


def _subject(row: ContraryRow) -> Cell:
    if row.subject is None:
        kind = "" if row.kind is None else f": {words.name_of(row.kind)}"
        return Cell((Words(f"the return{kind}"),), sort="")
    shown = words.phone(row.subject) if row.kind == "phone" else row.subject
    head: list[Inline] = []
    if row.search == "removed":
        head.append(Words("conversation "))
    elif row.kind == "account":
        head.append(Words("account "))
    elif row.kind == "alias":
        head.append(Words("name "))
    elif row.kind == "role_term":
        head.append(Words("term "))
    target = row.entity_id if row.kind in ("phone", "handle", "email", "plate", "account") else None
    return Cell((*head, Evidence(shown)), sort=shown, target=target)


def _against(row: ContraryRow) -> tuple[Inline, ...]:
    records = words.count_of(row.count, "record", "records")
    match row.search:
        case "review":
            return said(f"{words.name_of(row.note)}; {records}")
        case "several":
            return said(f"used by {words.count_of(row.count, 'account', 'accounts')}")
        case "numbered":
            return (
                Words(f"in {records} beside one name each; {row.other:,} names: "),
                *_values(row, row.other),
            )
        case "terms":
            start = said(f"{records} used it beside words of family; {row.other:,} did not. ")
            return (*start, *_quote(row))
        case "denials":
            cue = cues().items[row.note or ""]
            return (Words(f"{cue.says} (or {cue.readings}): "), *_quote(row))
        case "model":
            values = words.count_of(row.count, "value", "values")
            return said(f"{values} in {words.count_of(row.other, 'record', 'records')}")
        case "services":
            values = words.count_of(row.count, "value", "values")
            return said(f"{values} in {words.count_of(row.other, 'record', 'records')}, not shown")
        case "counties":
            return (Words(f"{row.other:,} areas in {records}: "), *_values(row, row.other))
        case "removed":
            return said(f"{words.count_of(row.count, 'notice', 'notices')} in place of a message")
        case "pages":
            pages = words.count_of(row.count, "such page holds", "such pages hold")
            return said(f"{pages} identifiers, of {row.other:,} pages with bytes not understood")
        case "absent":
            files = words.count_of(row.count, "attachment", "attachments")
            return said(f"{files} of {words.count_of(row.other, 'record', 'records')}")
        case _:
            return said(records)


def _values(row: ContraryRow, total: int) -> tuple[Inline, ...]:
    parts: list[Inline] = []
    for value in row.contrary:
        parts += [Words(" · "), Evidence(value)] if parts else [Evidence(value)]
    if total > len(row.contrary):
        parts.append(Words(f" and {total - len(row.contrary):,} more"))
    return tuple(parts)


def _quote(row: ContraryRow) -> tuple[Inline, ...]:
    if not row.contrary:
        return said(Words("not quoted: see the citation", "note"))
    quoted_from = row.cited[0].record_id if row.cited else None
    return said("“", Evidence(row.contrary[0], None, quoted_from=quoted_from), "”")
