"""The annex on what has changed since an earlier report, and the version on the front."""

from __future__ import annotations

from dataclasses import replace

from pipeline.report.cells import DASH, cites, number, paragraph, said, worded
from pipeline.report.cells import text as texted
from pipeline.report.changes import ROWS, Changes, RowChange, TableChange, compared
from pipeline.report.document import (
    Cell,
    Column,
    Document,
    Evidence,
    Inline,
    Link,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    numbered,
)
from pipeline.report.versions import CHANGES, Making, Snapshot, snapshot_of

CELL = 120
"""Characters shown of a cell as it was and as it is."""
MADE = 200
"""Sources, versions and lists that are listed; all are counted."""


def versioned(
    document: Document, making: Making, older: Snapshot | None
) -> tuple[Document, Snapshot]:
    """Return a report that says which version it is, and what is to be kept beside it.

    Args:
        document: the report, numbered or not; page numbers of a ledger do not matter.
        making: what it is made from and by.
        older: the earlier report that was named; None = none was.
    """
    version = older.version + 1 if older is not None else 1
    snapshot = snapshot_of(document, making, version)
    front = (*document.front, version_words(version, older, making))
    sections = document.sections
    if older is not None:
        sections = (*sections, changes_section(compared(older, snapshot)))
    return numbered(replace(document, front=front, sections=sections)), snapshot


def version_words(version: int, older: Snapshot | None, making: Making) -> Paragraph:
    """Return which version a report is, for its front."""
    data: tuple[str | Inline, ...] = (" Hash of its tables: ", Words(making.data, "hash"), ".")
    if older is None:
        return paragraph(
            Words("Version 1. ", "strong"),
            "No earlier version was named when this report was made.", *data, style="note",
        )  # fmt: skip
    return paragraph(
        Words(f"Version {version:,}. ", "strong"),
        f"It follows version {older.version:,}, whose file was named when this report was made (",
        Link(CHANGES), " lists what has changed).", *data, style="note",
    )  # fmt: skip


def changes_section(changes: Changes) -> Section:
    """Return the annex: what it was made from, tables by counts, then rows."""
    first = paragraph(
        f"This report is version {changes.version:,}; it was compared with version "
        f"{changes.older_version:,} (SHA-256 of its file ", Words(changes.older_sha256, "hash"),
        "). Rows were compared by their ids, cells by their words. A row that is gone from a list "
        "was not always taken back: a list shows its first rows, and others may have come before "
        "it. The tables of the case hold all of them.",
    )  # fmt: skip
    blocks = [first]
    if changes.same_data:
        blocks.append(
            paragraph("The tables of the case are the same as those of the earlier report.")
        )
    if not changes.has_common_source:
        blocks.append(
            paragraph(
                Words("Attention. ", "strong"),
                "No file of the earlier report is among those of this one: the file that was named "
                "may be of another case.",
                style="framed",
            )
        )
    return Section(
        CHANGES, f"Changes since version {changes.older_version:,}",
        (*blocks, _made(changes), _tables(changes), _rows(changes)), is_annex=True,
    )  # fmt: skip


def _made(changes: Changes) -> Table:
    rows = tuple(
        Row((worded(item.what), texted(item.name, None), _state(item.old), _state(item.new)),
            f"made-{n}")
        for n, item in enumerate(changes.made[:MADE], 1)
    )  # fmt: skip
    more = len(changes.made) - len(rows)
    rest = f" {more:,} more are not shown." if more else ""
    return Table(
        f"{CHANGES}-made",
        (Column("What"), Column("Name", width=2), Column("Before", width=2),
         Column("Now", width=2)),
        rows,
        said(f"Sources, versions and lists that are other than they were.{rest}"),
        empty="Sources, versions and lists were the same.",
    )  # fmt: skip


def _state(value: str) -> Cell:
    return texted(value, MADE) if value else worded("none")


def _tables(changes: Changes) -> Table:
    differ = [item for item in changes.tables if not item.is_same]
    same = len(changes.tables) - len(differ)
    rest = f" {same:,} {'table is' if same == 1 else 'tables are'} as before." if differ else ""
    return Table(
        f"{CHANGES}-tables",
        (Column("Table", width=2.4), Column("New", "number"), Column("Gone", "number"),
         Column("Changed", "number"), Column("As before", "number"), Column("Note", width=2)),
        tuple(
            Row((_title(item), number(item.new), number(item.gone), number(item.changed),
                 number(item.same), worded(item.note) if item.note else DASH),
                f"table-{item.table_id}")
            for item in differ
        ),
        said(f"Tables that are not as before, and their rows, all counted.{rest}"),
        empty=f"All {same:,} tables are as before.",
    )  # fmt: skip


def _rows(changes: Changes) -> Table:
    rows = tuple(
        Row((_title(item), worded(row.what), texted(row.name, CELL), _cells(row),
             cites(row.cited)),
            f"row-{item.table_id}-{row.what}-{n}")
        for item in changes.tables
        for n, row in enumerate(item.rows, 1)
    )  # fmt: skip
    return Table(
        f"{CHANGES}-rows",
        (Column("Table", width=1.4), Column("What"), Column("Row", width=1.6),
         Column("Before, and now", width=3), Column("Where", "cites", 1.6)),
        rows,
        said(f"Of each table up to {ROWS} rows that are new, changed or gone. A row that is gone "
             "is cited as the earlier report cited it."),
        empty="No row is new, gone or changed.",
    )  # fmt: skip


def _title(item: TableChange) -> Cell:
    # of a table that only the earlier report has, all that is said comes from a file
    return Cell((Evidence(item.title, CELL), Words(" "), Evidence(item.table_id, CELL, "id")))


def _cells(row: RowChange) -> Cell:
    parts: list[Inline] = []
    for cell in row.cells:
        parts += [Words("; ")] if parts else []
        parts += [Words(f"{cell.column}: ", "strong"), *_side(cell.old), Words(" → "),
                  *_side(cell.new)]  # fmt: skip
    return Cell(tuple(parts)) if parts else DASH


def _side(value: str) -> tuple[Inline, ...]:
    return (Evidence(value, CELL),) if value else (Words("nothing"),)
