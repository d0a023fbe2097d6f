"""Statements touching age or coercion."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.report import words
from pipeline.report.cells import (
    CITES,
    cites,
    number,
    paragraph,
    said,
    span,
    text,
    time,
)
from pipeline.report.counts.statements import CueRow, StatementRow, Statements, TermRow
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

FAMILIES = {
    "help": "asking for help", "threat": "threat", "force": "force", "fear": "fear",
    "confinement": "being kept in or held", "debt": "debt", "self-harm": "self-harm",
    "age": "age",
}  # fmt: skip

JEST = ("A sign of a joke stands near.", "A second number stands beside it, as in a score.")

UNQUOTED = "not quoted: see the citation"


def statements(s: Summary) -> Section:
    """Return the section on statements touching age or coercion."""
    title = "Statements touching age or coercion"
    found = s.statements
    caution = paragraph(
        "This section lists places where certain words stand. The words were looked for from a "
        "short list, and every phrase on it has everyday meanings, which are printed beside it. A "
        "row does not say that a thing happened, who is meant, or how old anybody is. Records that "
        "use other words are not here. Quotes are cut to the clause; those of a sexual kind are "
        "cited and not printed.",
        style="framed",
    )
    if found is None:
        return Section("statements", title, (caution, paragraph("Not searched.")))
    return Section(
        "statements", title, (caution, *_ages(found), *_phrases(found), *_terms(found))
    )  # fmt: skip


def spoken(row: StatementRow) -> Cell:
    """Return what a phrase speaks of, with its everyday readings."""
    parts: list[Inline] = [Words(row.says)]
    parts.append(Words(f" (or {row.readings})", "note"))
    if row.is_jest:
        parts.append(Words(f" {JEST[row.family == 'age']}", "note"))
    return Cell(tuple(parts), sort=row.says)


def quote(row: StatementRow) -> Cell:
    """Return the clause of a phrase, or that it is not quoted."""
    if row.quote is None:
        return Cell((Words(UNQUOTED, "note"),), sort="")
    return Cell((Evidence(row.quote, None, quoted_from=row.cited.record_id),))


def once(key: str, seen: Counter[str]) -> str:
    """Return an id for a row that no row before it has: the key, or the key and a number."""
    seen[key] += 1
    return f"{key}-{seen[key]}" if seen[key] > 1 else key


def _ages(found: Statements) -> list[Block]:
    total = words.count_of(found.age_total, "mention", "mentions")
    adults = words.count_of(found.adult_total, "mention", "mentions")
    more = (
        f" {len(found.ages):,} are shown, those with a second number beside them (as in a score) "
        "chosen last; all of them are in the table mentions."
        if found.age_total > len(found.ages)
        else ""
    )
    note = paragraph(
        f"{total} of an age under 18, of a school year or of minority.{more} {adults} of an age of "
        f"18 or over {'was' if found.adult_total == 1 else 'were'} counted and not shown."
    )
    table = _rows_table("ages-stated", found.ages, "No age under 18 was found.")
    return [Heading("Ages under 18, as written"), note, table]


def _phrases(found: Statements) -> list[Block]:
    held = [row for row in found.cues if row.records]
    missing = [row.says for row in found.cues if not row.records]
    counts = Table(
        "cues",
        (Column("What was spoken of", width=2.4), Column("Group", width=1.2),
         Column("Records", "number"), Column("Accounts", "number"),
         Column("Conversations", "number"), Column("Sign of a joke near", "number"),
         Column("First to last (UTC)", "time", 1.4), CITES),
        tuple(_cue(row) for row in held),
        said(f"Phrases of the list (version {found.version}), in English and Spanish. A record "
             "may hold several."),
        empty="No phrase of the list was found.",
    )  # fmt: skip
    blocks: list[Block] = [Heading("Phrases of the list"), counts]
    if missing:
        blocks.append(paragraph(f"Looked for and not found: {'; '.join(missing)}.", style="note"))
    if found.rows:
        more = (
            f" {len(found.rows):,} of {found.total:,} rows are shown: from each group the records "
            "with most phrases first, those with a sign of a joke last; then in order of time."
            if found.total > len(found.rows)
            else ""
        )
        blocks.append(paragraph(f"The records, in order of time.{more}"))
        blocks.append(_rows_table("statements", found.rows, ""))
    return blocks


def _terms(found: Statements) -> list[Block]:
    if not found.terms:
        return []
    more = (
        f" {len(found.terms):,} of {found.term_total:,} terms are shown."
        if found.term_total > len(found.terms)
        else ""
    )
    table = Table(
        "terms",
        (Column("Term"), Column("Readings of it", width=2.6), Column("Mentions", "number"),
         Column("Records", "number"), Column("Conversations", "number"),
         Column("Beside words of family", "number"), CITES),
        tuple(_term(row) for row in found.terms),
        said("Whom a term means is not decided here, and no role follows from it.", more),
    )  # fmt: skip
    return [Heading("Terms of role or relation"), table]


def _rows_table(table_id: str, rows: tuple[StatementRow, ...], empty: str) -> Table:
    seen: Counter[str] = Counter()
    return Table(
        table_id,
        (Column("When (UTC)", "time", 1.2), Column("Account as named", width=1.4),
         Column("What was spoken of", width=2), Column("Words of the record", width=2.6),
         Column("Where", "cites", 1.3)),
        tuple(
            Row((time(row.sent), _author(row), spoken(row), quote(row), cites([row.cited])),
                once(f"s-{row.cue}-{row.cited.record_id}", seen))
            for row in rows
        ),
        empty=empty,
    )  # fmt: skip


def _author(row: StatementRow) -> Cell:
    cell = text(row.author)
    return Cell(cell.parts, cell.sort, row.account_id)


def _cue(row: CueRow) -> Row:
    head: list[Inline] = [Words(row.says), Words(f" (or {row.readings})", "note")]
    if row.is_danger:
        head.append(Words(" Listed for the safety lane.", "note"))
    return Row(
        (
            Cell(tuple(head), sort=row.says), Cell((Words(FAMILIES[row.family]),)),
            number(row.records), number(row.accounts), number(row.threads), number(row.jests),
            span(row), cites(row.cited),
        ),
        f"cue-{row.cue}",
    )  # fmt: skip


def _term(row: TermRow) -> Row:
    return Row(
        (
            text(row.term), Cell((Words(row.readings or "–"),)), number(row.mentions),
            number(row.records), number(row.threads), number(row.family), cites(row.cited),
        ),
        "term-" + re.sub(r"[^a-z]+", "-", row.term.lower()),
    )  # fmt: skip
