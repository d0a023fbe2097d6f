"""The corroboration matrix: assertions, and the records that answer what was asked of them."""

from __future__ import annotations

import re

from pipeline.corroborate.matrix import Answer, Finding, Matrix, Side
from pipeline.corroborate.written import count_words, period_words
from pipeline.report import words
from pipeline.report.cells import DASH, number, paragraph, said, worded
from pipeline.report.document import (
    Block,
    Cell,
    Column,
    Document,
    Evidence,
    Inline,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    numbered,
)

TITLE = "Corroboration matrix"
FACT = 1_000
"""Characters shown of an assertion; the file may hold twice as many."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def matrix_section(matrix: Matrix) -> Section:
    """Return the section: what was found for each assertion, and what was searched."""
    first = paragraph(
        "People entered these facts, and the queries put to the records for each of them. This "
        "table does not say whether a fact is true. “Supports (as searched)” and “conflicts (as "
        "searched)” mean that a record answered a query entered under that heading; a person has "
        "to read the record. “May conflict” lists records in which the same account stated "
        "another place in the same hours; a place that was named is not always where somebody "
        "was. “Silent” means that no record answered a query. How much that weighs depends on "
        "how many records were searched, which the second table shows."
    )
    return Section("matrix", TITLE, (first, *_notes(matrix), _facts(matrix), _searched(matrix)))


def matrix_document(matrix: Matrix, process_line: str) -> Document:
    """Return a document of the matrix alone, as ``triage corroborate`` writes it.

    Args:
        matrix: the assertions and what was found.
        process_line: the legal process in a line (:func:`pipeline.legal.first_line`).
    """
    front: tuple[Block, ...] = (
        Paragraph((Evidence(process_line, None),), "framed"),
        paragraph(
            "Drawn up by software from provider records and from a file that people filled in. No "
            "row has been reviewed. Nothing here is an opinion on guilt.", style="caution",
        ),
    )  # fmt: skip
    return numbered(
        Document(TITLE, front, (matrix_section(matrix),), has_contents=False, footer=words.footer())
    )


def _notes(matrix: Matrix) -> list[Paragraph]:
    zone = (
        f"Times entered without an offset were read in {matrix.zone}; this report prints UTC. A "
        "day counts from its first to its last second."
    )
    notes = [paragraph(zone, style="note")]
    if not matrix.is_redacted:  # it would tell whether a file is the one that names persons
        file = paragraph("SHA-256 of the file of facts: ", Words(matrix.sha256, "hash"), ".",
                         style="note")  # fmt: skip
        notes.append(file)
    if matrix.out_of_scope or matrix.sealed:
        notes.append(
            paragraph(
                f"Not searched: {matrix.out_of_scope:,} records out of scope and "
                f"{matrix.sealed:,} sealed records.", style="note",
            )
        )  # fmt: skip
    if matrix.is_redacted:
        notes.append(paragraph("The words of records were left out of this profile.", style="note"))
    return notes


def _facts(matrix: Matrix) -> Table:
    return Table(
        "matrix",
        (
            Column("Fact, as entered", width=2.4),
            Column("Supports (as searched)", "cites", 2.2),
            Column("Conflicts (as searched)", "cites", 2.2),
            Column("May conflict (another place stated)", "cites", 2),
            Column("Silent", width=1.8),
        ),
        tuple(
            Row(
                (_fact(finding), *(_side(side, is_redacted=matrix.is_redacted) for side in
                                   (finding.supports, finding.conflicts, finding.others)),
                 _silent(finding)),
                row_id,
            )
            for finding, row_id in zip(matrix.findings, _ids(matrix), strict=True)
        ),
        said("Facts that people entered, and the records that answered the queries for each: the "
             "first five by time, all of them counted."),
        empty="No fact was entered.",
    )  # fmt: skip


def _fact(finding: Finding) -> Cell:
    fact = finding.fact
    parts: list[Inline] = [Evidence(fact.fact_id, style="strong"), Words(" ")]
    parts.append(Evidence(fact.fact, FACT))
    for label, value in (("entered by ", fact.entered_by), ("source: ", fact.source)):
        if value:
            parts += [Words("; "), Words(label), Evidence(value)]
    return Cell(tuple(parts), sort=fact.line)


def _side(side: Side, *, is_redacted: bool) -> Cell:
    if not side.total:
        return DASH
    parts: list[Inline] = [Words(count_words(side), "strong")]
    for answer in side.shown:
        parts += [Words("; "), answer.cited]
        if not is_redacted:
            parts += [Words(" "), *_quoted(answer)]
    return Cell(tuple(parts), sort=side.total)


def _quoted(answer: Answer) -> tuple[Inline, ...]:
    spans = (
        Evidence(answer.before, None), Evidence(answer.hit, None, "mark"),
        Evidence(answer.after, None),
    )  # fmt: skip
    return (Words("“"), *(span for span in spans if span.text), Words("”"))


def _silent(finding: Finding) -> Cell:
    parts: list[Inline] = []
    if not (finding.supports.total or finding.conflicts.total):
        parts.append(Words(finding.result.removeprefix("silent: "), "strong"))
    for place, query in enumerate(finding.silent):
        parts += [Words("; ")] if parts else []
        parts += [Words("no record answered ")] if not place else []
        parts += [Evidence(query.text), Words(f" ({query.side})")]
    return Cell(tuple(parts)) if parts else DASH


def _searched(matrix: Matrix) -> Table:
    rows = []
    for finding, row_id in zip(matrix.findings, _ids(matrix), strict=True):
        fact = finding.fact
        of = [("account ", fact.account), ("conversation ", fact.thread)]
        named: list[Inline] = []
        for label, value in of:
            if value:
                named += [Words(", ")] if named else []
                named += [Words(label), Evidence(value)]
        who = Cell(tuple(named)) if named else worded("all")
        counts = (
            number(finding.records), number(finding.in_period), number(finding.undated),
        )  # fmt: skip
        head = Cell((Evidence(fact.fact_id, style="strong"),), sort=fact.line)
        period = worded(period_words(finding) or "any time")
        for place, item in enumerate(finding.searched, 1):
            more = "more were not counted" if item.is_more else ""
            query = Cell((Evidence(item.query.text),))
            cells = (head, worded(item.query.side), query, period, who, *counts,
                     number(item.found, more))  # fmt: skip
            rows.append(Row(cells, f"{row_id}-{place}"))
        if not finding.searched:
            cells = (head, worded("no query was given"), DASH, period, who, *counts, DASH)
            rows.append(Row(cells, f"{row_id}-0"))
    return Table(
        "matrix-searched",
        (
            Column("Fact"), Column("Side"), Column("Query", width=2), Column("Period", width=2),
            Column("Searched", width=1.4), Column("Records searched", "number"),
            Column("Of the period, by anyone", "number"),
            Column("Undated, not searched", "number"), Column("Records found", "number"),
        ),
        tuple(rows),
        said("What was searched. Where no record of the period was received, silence says nothing "
             "of what took place."),
        empty="No fact was entered.",
    )  # fmt: skip


def _ids(matrix: Matrix) -> list[str]:
    """Return ids of rows: by fact_id where it is plain and nobody else's, else by line."""
    written = [finding.fact.fact_id for finding in matrix.findings]
    return [
        f"fact-{name}" if _PLAIN.fullmatch(name) and written.count(name) == 1
        else f"fact-line.{finding.fact.line}"
        for name, finding in zip(written, matrix.findings, strict=True)
    ]  # fmt: skip
