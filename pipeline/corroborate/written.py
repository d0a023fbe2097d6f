"""A corroboration matrix as text for a terminal, as JSON, as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime

from pipeline.corroborate.matrix import Answer, Finding, Matrix, Side
from pipeline.search.terminal import brief, printable

COLUMNS = (
    "fact_id", "fact", "entered_by", "source", "from", "to", "account", "thread", "result",
    "supports_records", "supports", "conflicts_records", "conflicts", "may_conflict_records",
    "may_conflict", "queries_answered", "queries_silent", "records_searched", "records_of_period",
    "undated_not_searched",
)  # fmt: skip


def as_table(matrix: Matrix) -> str:
    r"""Return a matrix for a terminal; control characters are shown as escapes (``\x1b``)."""
    lines = [
        f"{len(matrix.findings):,} {'fact' if len(matrix.findings) == 1 else 'facts'}; times "
        f"without an offset were read in {matrix.zone}. What a query finds is for a person to "
        "read: nothing here says whether a fact is true."
    ]
    if matrix.out_of_scope or matrix.sealed:
        lines.append(
            f"Not searched: {matrix.out_of_scope:,} records out of scope, {matrix.sealed:,} sealed."
        )
    for finding in matrix.findings:
        lines += ["", *_told(finding)]
    return "\n".join(lines) + "\n"


def _told(finding: Finding) -> Iterator[str]:
    fact = finding.fact
    yield f"{brief(fact.fact_id)}  {finding.result}"
    yield f"    {brief(fact.fact)}"
    entered = [item for item in (fact.entered_by, fact.source) if item]
    if entered:
        yield f"    entered: {'; '.join(map(brief, entered))}"
    yield f"    searched: {searched_words(finding)}"
    sides = (
        ("supports (as searched)", finding.supports),
        ("conflicts (as searched)", finding.conflicts),
        ("may conflict (another place stated)", finding.others),
    )
    for label, side in sides:
        if side.total:
            yield f"  {label}: {count_words(side)}"
            for answer in side.shown:
                yield f"    [{printable(answer.cited.text)}]  {_when(answer.sent) or 'undated'}  " \
                      f"{brief(answer.author or '')}"  # fmt: skip
                yield f"        {_quoted(answer)}"
    for query in finding.silent:
        yield f"  silent: no record answers {brief(query.text)} ({query.side})"
    if finding.both:
        least = "at least " if finding.supports.is_more or finding.conflicts.is_more else ""
        yield f"  {least}{finding.both:,} of these answer queries of both sides"


def searched_words(finding: Finding) -> str:
    """Return how many records were searched, of which period, and what was left out."""
    fact = finding.fact
    period = period_words(finding)
    said = f"{finding.records:,} {'record' if finding.records == 1 else 'records'}"
    if fact.account or fact.thread:
        said += f" of {finding.in_period:,}"
    said += f" {period}" if period else " of any time"
    if finding.undated:
        said += f"; {finding.undated:,} undated not searched"
    return said


def period_words(finding: Finding) -> str:
    """Return the period that was searched, UTC; empty where none was given."""
    since, until = _when(finding.fact.since), _when(finding.fact.until)
    parts = [f"from {since}" if since else "", f"to {until}" if until else ""]
    said = " ".join(part for part in parts if part)
    return f"{said} UTC" if said else ""


def count_words(side: Side) -> str:
    """Return how many records a side has, and how many of them are shown."""
    many = "at least " if side.is_more else ""
    noun = "record" if side.total == 1 and not side.is_more else "records"
    first = f", the first {len(side.shown):,} shown" if len(side.shown) < side.total else ""
    return f"{many}{side.total:,} {noun}{first}"


def as_json(matrix: Matrix) -> str:
    """Return a matrix as JSON, texts unchanged, with citations and record ids."""
    document = {
        "file_sha256": matrix.sha256,
        "zone": matrix.zone,
        "out_of_scope": matrix.out_of_scope,
        "sealed": matrix.sealed,
        "facts": [_plain(finding) for finding in matrix.findings],
    }
    return json.dumps(document, ensure_ascii=True, indent=1) + "\n"


def _plain(finding: Finding) -> dict[str, object]:
    fact = finding.fact
    return {
        "fact_id": fact.fact_id, "fact": fact.fact, "entered_by": fact.entered_by,
        "source": fact.source, "from": _iso(fact.since), "to": _iso(fact.until),
        "account": fact.account, "thread": fact.thread, "result": finding.result,
        "supports": _side(finding.supports), "conflicts": _side(finding.conflicts),
        "may_conflict": _side(finding.others),
        "queries": [
            {"query": item.query.text, "side": item.query.side, "made_of": item.query.column,
             "records": item.found, "more": item.is_more}
            for item in finding.searched
        ],
        "both": finding.both, "records_searched": finding.records,
        "records_of_period": finding.in_period, "undated_not_searched": finding.undated,
    }  # fmt: skip


def _side(side: Side) -> dict[str, object]:
    return {
        "records": side.total,
        "more": side.is_more,
        "shown": [
            {"citation": item.cited.text, "record_id": item.cited.record_id,
             "sent_at": _iso(item.sent), "author_name": item.author,
             "text": f"{item.before}{item.hit}{item.after}"}
            for item in side.shown
        ],
    }  # fmt: skip


def as_csv(matrix: Matrix) -> str:
    """Return a matrix as CSV (RFC 4180); no cell can be taken for a formula."""
    from pipeline.export.files import cell

    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for finding in matrix.findings:
        fact = finding.fact
        row: list[object] = [
            fact.fact_id, fact.fact, fact.entered_by, fact.source, _iso(fact.since),
            _iso(fact.until), fact.account, fact.thread, finding.result,
        ]  # fmt: skip
        for side in (finding.supports, finding.conflicts, finding.others):
            row += [
                f"at least {side.total}" if side.is_more else side.total,
                "; ".join(answer.cited.text for answer in side.shown),
            ]
        answered = [item.query.text for item in finding.searched if item.found]
        row += [
            "; ".join(answered), "; ".join(query.text for query in finding.silent),
            finding.records, finding.in_period, finding.undated,
        ]  # fmt: skip
        writer.writerow([cell(value) for value in row])
    return file.getvalue()


def _quoted(answer: Answer) -> str:
    hit = f"«{printable(answer.hit)}»" if answer.hit else ""
    return f"{printable(answer.before)}{hit}{printable(answer.after)}"


def _when(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def _iso(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


WRITERS = {"table": as_table, "json": as_json, "csv": as_csv}
