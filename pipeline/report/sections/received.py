"""What was received and read, the scope, and what was not read."""

from __future__ import annotations

from pipeline.report import words
from pipeline.report.cells import (
    DASH,
    named,
    number,
    paragraph,
    said,
    span,
    text,
    worded,
)
from pipeline.report.document import Block, Cell, Column, Evidence, Row, Section, Table, Words
from pipeline.report.summary import Summary


def received(s: Summary) -> Section:
    """Return the section on files and kinds of record."""
    blocks: list[Block] = [_files(s)]
    if s.untouched:
        states = "; ".join(f"{label} {state}" for label, state in s.untouched)
        blocks.append(
            paragraph(
                "Sources untouched: ", Evidence(states, None), ". Size, SHA-256, time of change "
                "and rights of every file were taken before the first byte was read and again "
                "after the last; ", Words("custody.json", "code"),
                " beside this report lists them.",
            )
        )  # fmt: skip
    if s.hashed:
        blocks.append(_hashed(s))
    return Section("received", "What was received and read", (*blocks, _kinds(s)))


def scope(s: Summary) -> Section:
    """Return the section on where records stood to the legal process."""
    if s.scoped:
        first = "A scope was given. Of a record outside it only its place in the source was kept."
    else:
        first = "No scope was given, so no record was set aside by date, account or category."
    every = sum(row.records for row in s.scope) + s.sealed
    rows = [
        (
            "read (no scope given)" if row.scope == "in" and not s.scoped
            else words.name_of(row.scope),
            row.records,
        )
        for row in s.scope
    ]  # fmt: skip
    rows.append(("sealed: conversations with listed counsel or advocates", s.sealed))
    table = Table(
        "scope",
        (Column("Where records stood", width=3), Column("Records", "number"),
         Column("Share", "number")),
        tuple(
            Row((worded(name), number(count), share(count, every)), f"scope-{n}")
            for n, (name, count) in enumerate(rows, 1)
        ),
        is_narrow=True,
    )  # fmt: skip
    return Section("scope", "Scope", (paragraph(first), table))


def not_read(s: Summary) -> Section:
    """Return the section on bytes and files that were not understood, with the issues."""
    files = words.count_of(s.unread_files, "file was", "files were")
    every = sum(row.size_bytes for row in s.fates)
    fates = Table(
        "fates",
        (Column("Fate", width=3), Column("Bytes", "number"), Column("Share", "number"),
         Column("Pages with such bytes", "number")),
        tuple(
            Row((named(row.fate), number(row.size_bytes), share(row.size_bytes, every),
                 number(row.pages)), f"fate-{row.fate}")
            for row in s.fates
        ),
        said("Every byte of every page, by what became of it."),
        is_narrow=True,
    )  # fmt: skip
    first = paragraph(
        f"{words.percent(s.share_not_understood)} of the bytes of pages were not understood. "
        f"{files} not read at all."
    )
    return Section("not-read", "What was not read", (first, fates, _issues(s)))


def share(part: int, whole: int) -> Cell:
    """Return a share in percent."""
    return Cell((Words(words.share(part, whole), "whole"),), sort=part)


def _files(s: Summary) -> Table:
    rows = [row for row in s.files if row.reader]
    return Table(
        "files",
        (Column("Label"), Column("File", width=3), Column("Service"), Column("Size", "number"),
         Column("Pages", "number"), Column("Records", "number"),
         Column("SHA-256 (first 12)", width=1.6)),
        tuple(
            Row((text(row.label), text(row.path), text(row.service),
                 Cell((Words(words.size(row.size_bytes), "whole"),), sort=row.size_bytes),
                 number(row.pages), number(row.records), worded(f"{row.sha256[:12]}…", "hash")),
                f"f-{row.source_id}")
            for row in rows
        ),
        said("Files that a reader took. Records: repeats and those out of scope too. Full hashes: "
             "annex."),
        empty="No file was read.",
    )  # fmt: skip


def _hashed(s: Summary) -> Table:
    return Table(
        "hashed",
        (Column("Type", width=3), Column("Files", "number"), Column("Size", "number")),
        tuple(
            Row((text(row.media_type) if row.media_type else worded("other"), number(row.files),
                 Cell((Words(words.size(row.size_bytes), "whole"),), sort=row.size_bytes)),
                f"hashed-{n}")
            for n, row in enumerate(s.hashed, 1)
        ),
        said("Files that were hashed and not opened as records. Pictures, films and sound are "
             "never opened."),
        is_narrow=True,
    )  # fmt: skip


def _kinds(s: Summary) -> Table:
    rows = [
        Row((named(row.kind), number(row.records), number(row.repeats), span(row)),
            f"kind-{row.kind}")
        for row in s.kinds
    ]  # fmt: skip
    every = (worded("all", "strong"), number(s.canonical), number(s.repeats), DASH)
    return Table(
        "kinds",
        (Column("Kind", width=3), Column("Records", "number"), Column("Repeats", "number"),
         Column("First to last (UTC)", "time", 2)),
        (*rows, Row(every, "kind-all")),
        said("Records by kind. A repeat has the same conversation, author, time and text as a "
             "record listed before it."),
        is_narrow=True,
    )  # fmt: skip


def _issues(s: Summary) -> Table:
    more = (
        f" {len(s.issues):,} of {s.issue_count:,} are shown; all of them are in the table issues."
        if s.issue_count > len(s.issues)
        else ""
    )
    return Table(
        "issues",
        (Column("Severity"), Column("Step"), Column("Code", width=1.5), Column("What", width=5),
         Column("Times", "number")),
        tuple(
            Row((worded(row.severity, "strong" if row.severity == "error" else "plain"),
                 worded(row.stage), worded(row.code), text(row.message, 500), number(row.count)),
                f"i-{row.issue_id}")
            for row in s.issues
        ),
        said(f"Issues, worst first: error means that some material was not read.{more}"),
        empty="There were no issues.",
    )  # fmt: skip
