"""What accounts of protected persons wrote is cited in redacted documents and not printed.

Names and numbers are replaced in the tables; the way somebody writes, and what they tell of their
day, no needle catches. The words are needed while a report is counted (phrases, ages, places), so
they are taken out of the document and of what is laid beside it, before either is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from pipeline.redact.text import DESIGNATOR
from pipeline.report.cells import paragraph
from pipeline.report.document import (
    Block,
    Cell,
    Document,
    Evidence,
    Figure,
    Inlines,
    Paragraph,
    Quote,
    Row,
    Section,
    Table,
    Words,
    inlines,
)
from pipeline.report.rows import Cited
from pipeline.report.store import Store
from pipeline.report.versions import Snapshot, SnapshotRow, SnapshotTable
from pipeline.search.tables import among

NOT_QUOTED = "not quoted: see the citation"
ANNEX = "redaction"
"""The section that says what was taken out."""
QUOTING = {
    "ages-stated": "Words of the record", "statements": "Words of the record",
    "sheet-safety": "As written", "attribution": "Value, as stated or written",
}  # fmt: skip
"""Columns of tables that print a clause of a record; tables by the beginning of their ids."""

_PERSON = re.compile(rf"{DESIGNATOR}\d+(?:/{DESIGNATOR}\d+)*")
_OWN = f"""
(coalesce(regexp_matches(author_name, '{DESIGNATOR}[0-9]'), false) OR author_account_id IN (
  SELECT account_id FROM accounts
  WHERE regexp_matches(concat_ws(' ', display_name, provider_account_id), '{DESIGNATOR}[0-9]')))
"""
"""Whether a row of redacted ``records`` was written by an account that stands for somebody listed:
its name or number was replaced."""


def withheld(document: Document, store: Store) -> Document:
    """Return a redacted document that prints no words of protected persons' own records.

    Args:
        document: as it was drawn up from redacted tables.
        store: these tables.
    """
    cited = {item.record_id for item in inlines(document) if isinstance(item, Cited)}
    hide = _Hide(_own(store, cited))
    front = tuple(hide.block(block) for block in document.front)
    sections = tuple(
        replace(section, blocks=tuple(hide.block(block) for block in section.blocks))
        for section in document.sections
    )
    told = tuple(_told(section, hide.count) for section in sections)
    return replace(document, front=front, sections=told)


def snapshot_withheld(older: Snapshot, store: Store) -> Snapshot:
    """Return an earlier report without such words: it may be of a time when nobody was listed."""
    cited = {item.record_id for table in older.tables for row in table.rows for item in row.cited}
    own = _own(store, cited)
    return replace(older, tables=tuple(_older(table, own) for table in older.tables))


@contextmanager
def without_own_words(store: Store) -> Iterator[None]:
    """Have the texts of such records read as empty, for what prints texts without a document."""
    store.run("ALTER VIEW records RENAME TO records_in_full")
    try:
        store.run(
            f"CREATE VIEW records AS SELECT * REPLACE (CASE WHEN {_OWN} THEN '' ELSE text END AS "
            "text) FROM records_in_full"
        )
        yield
    finally:
        store.run("DROP VIEW IF EXISTS records")
        store.run("ALTER VIEW records_in_full RENAME TO records")


def _own(store: Store, cited: Iterable[str]) -> frozenset[str]:
    """Return which of some records protected persons' accounts wrote."""
    wanted = sorted(cited)
    if not wanted:
        return frozenset()
    rows = store.rows(
        f"SELECT record_id FROM records WHERE {among('record_id', wanted)} AND {_OWN} ORDER BY ALL"
    )
    return frozenset(row[0] for row in rows)


class _Hide:
    def __init__(self, own: frozenset[str]) -> None:
        self._own = own
        self.count = 0
        """Quotes taken out."""

    def block(self, block: Block) -> Block:
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Figure) and block.data is not None:
            return replace(block, data=self._table(block.data))
        if isinstance(block, Quote) and self._is_own(block.head):
            self.count += 1
            return replace(block, parts=(Words(NOT_QUOTED),), left_out=0)
        if isinstance(block, Paragraph) and self._is_own(block.parts):
            return replace(block, parts=self._unquoted(block.parts))
        return block

    def _is_own(self, parts: Inlines) -> bool:
        """Whether a record of theirs is cited, or they are named as the account."""
        return any(
            (isinstance(part, Cited) and part.record_id in self._own)
            or (isinstance(part, Evidence) and _PERSON.fullmatch(part.text) is not None)
            for part in parts
        )

    def _table(self, table: Table) -> Table:
        column = _quoting(table.table_id)
        at = next((n for n, item in enumerate(table.columns) if item.label == column), None)
        return replace(table, rows=tuple(self._row(table.table_id, row, at) for row in table.rows))

    def _row(self, table_id: str, row: Row, at: int | None) -> Row:
        if not self._is_own(tuple(part for cell in row.cells for part in cell.parts)):
            return row
        cells = [replace(cell, parts=self._unquoted(cell.parts)) for cell in row.cells]
        is_value = table_id.startswith("attribution") and not _is_phrase(row.cells[0])
        if at is not None and not is_value and any(
            isinstance(part, Evidence) for part in cells[at].parts
        ):  # fmt: skip
            cells[at] = Cell((Words(NOT_QUOTED, "note"),), sort="")
            self.count += 1
        return replace(row, cells=tuple(cells))

    def _unquoted(self, parts: Inlines) -> Inlines:
        """Replace what stands in quotation marks."""
        made = list(parts)
        for n, part in enumerate(parts):
            before = parts[n - 1] if n else None
            if not (isinstance(part, Evidence) and isinstance(before, Words)):
                continue
            if before.text.endswith("“"):
                made[n] = Words(NOT_QUOTED)
                self.count += 1
        return tuple(made)


def _quoting(table_id: str) -> str | None:
    return next((label for name, label in QUOTING.items() if table_id.startswith(name)), None)


def _is_phrase(cell: Cell) -> bool:
    """Whether a row of an attribution is about a phrase: its everyday readings stand beside it."""
    return any(isinstance(part, Words) and part.text.startswith(" (or ") for part in cell.parts)


def _told(section: Section, count: int) -> Section:
    if section.section_id != ANNEX:
        return section
    said = paragraph(
        "Words that an account of a protected person wrote are cited and not printed, in this "
        f"document {count:,} {'time' if count == 1 else 'times'}. What others wrote is printed."
    )
    return replace(section, blocks=(*section.blocks, said))


def _older(table: SnapshotTable, own: frozenset[str]) -> SnapshotTable:
    label = _quoting(table.table_id)
    rows = tuple(_older_row(row, table.columns, label, own) for row in table.rows)
    return replace(table, rows=rows)


def _older_row(
    row: SnapshotRow, columns: tuple[str, ...], label: str | None, own: frozenset[str]
) -> SnapshotRow:
    if not any(item.record_id in own for item in row.cited):
        return row
    cells = [
        NOT_QUOTED if column == label else re.sub("“[^”]*”?", f"“{NOT_QUOTED}”", cell)
        for column, cell in zip(columns, row.cells, strict=False)
    ]
    return replace(row, cells=tuple(cells))
