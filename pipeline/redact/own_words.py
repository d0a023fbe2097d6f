"""What accounts of protected persons wrote is cited in redacted documents and not printed.

Names and numbers are replaced in the tables; the way somebody writes, and what they tell of their
day, no needle catches. The words are needed while a report is counted (phrases, ages, places), so
they are taken out of the document and of what is laid beside it, before either is written. What
quotes a record says so itself (:attr:`pipeline.report.document.Evidence.quoted_from`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from pipeline.redact.text import DESIGNATOR
from pipeline.report.cells import paragraph
from pipeline.report.document import (
    Document,
    Evidence,
    Inline,
    Inlines,
    Section,
    Words,
    changed_in,
    inlines,
)
from pipeline.report.store import Store
from pipeline.report.versions import Snapshot, SnapshotRow
from pipeline.search.tables import among

NOT_QUOTED = "not quoted: see the citation"
ANNEX = "redaction"
"""The section that says what was taken out."""

_INSTEAD = Words(NOT_QUOTED, "note")

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
    quoting = (item for item in inlines(document) if isinstance(item, Evidence))
    own = _own(store, {item.quoted_from for item in quoting if item.quoted_from is not None})
    count = 0

    def hide(parts: Inlines) -> Inlines:
        nonlocal count
        said: list[Inline] = []
        for part in parts:
            if not (isinstance(part, Evidence) and part.quoted_from in own):
                said.append(part)
            elif said[-1:] != [_INSTEAD]:  # a message with mentions is quoted in pieces
                said.append(_INSTEAD)
                count += 1
        return tuple(said)

    hidden = changed_in(document, hide)
    sections = tuple(_told(section, count) for section in hidden.sections)
    return replace(hidden, sections=sections)


def snapshot_withheld(older: Snapshot, store: Store) -> Snapshot:
    """Return an earlier report without such words: it may be of a time when nobody was listed."""
    quoted = {record for table in older.tables for row in table.rows for _, record in row.quoted}
    own = _own(store, quoted)
    tables = tuple(
        replace(table, rows=tuple(_older(row, own) for row in table.rows)) for table in older.tables
    )
    return replace(older, tables=tables)


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


def _own(store: Store, records: Iterable[str]) -> frozenset[str]:
    """Return which of some records protected persons' accounts wrote."""
    wanted = sorted(records)
    if not wanted:
        return frozenset()
    rows = store.rows(
        f"SELECT record_id FROM records WHERE {among('record_id', wanted)} AND {_OWN} ORDER BY ALL"
    )
    return frozenset(row[0] for row in rows)


def _told(section: Section, count: int) -> Section:
    if section.section_id != ANNEX:
        return section
    said = paragraph(
        "Words that an account of a protected person wrote are cited and not printed, in this "
        f"document {count:,} {'time' if count == 1 else 'times'}. What others wrote is printed."
    )
    return replace(section, blocks=(*section.blocks, said))


def _older(row: SnapshotRow, own: frozenset[str]) -> SnapshotRow:
    hidden = {cell for cell, record in row.quoted if record in own}
    if not hidden:
        return row
    cells = [NOT_QUOTED if n in hidden else cell for n, cell in enumerate(row.cells)]
    return replace(row, cells=tuple(cells))
