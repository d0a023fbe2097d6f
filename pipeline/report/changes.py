"""What is new, gone or different in a report, beside an earlier one of the same profile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.report.rows import Cited
from pipeline.report.versions import Making, Snapshot, SnapshotRow, SnapshotTable

ROWS = 20
"""Rows of a table that are listed, of each: new, gone, changed; all are counted."""
NEW, GONE, CHANGED = "new", "gone", "changed"


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that reads otherwise."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is new, gone or changed."""

    what: str
    """:data:`NEW`, :data:`GONE` or :data:`CHANGED`."""
    row_id: str
    name: str
    """Its first cell."""
    cells: tuple[CellChange, ...]
    """Of a changed row."""
    cited: tuple[Cited, ...]
    """Of the row as it is now; of one that is gone, as it was."""


@dataclass(frozen=True, slots=True)
class TableChange:
    """How a table differs."""

    table_id: str
    title: str
    new: int
    gone: int
    changed: int
    same: int
    rows: tuple[RowChange, ...]
    """The first :data:`ROWS` of each."""
    note: str = ""
    """Whether the table itself, or a column, is new or gone."""

    @property
    def is_same(self) -> bool:
        """Whether nothing in it differs."""
        return not (self.new or self.gone or self.changed or self.note)


@dataclass(frozen=True, slots=True)
class MadeChange:
    """A source, version or list that differs; "" where it was not there."""

    what: str
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a report holds otherwise than an earlier one."""

    older_version: int
    version: int
    older_sha256: str
    """Of the file that was named."""
    same_data: bool
    """Whether the tables of the case are the same, bit for bit."""
    has_common_source: bool
    """Whether any file of the earlier report is among those of this one."""
    made: tuple[MadeChange, ...]
    tables: tuple[TableChange, ...]
    """All tables of either report, those of this one first."""


def compared(older: Snapshot, newer: Snapshot) -> Changes:
    """Compare two reports; row by row by their ids, cell by cell by the columns' names.

    Args:
        older: from :func:`pipeline.report.versions.read_snapshot`.
        newer: from :func:`pipeline.report.versions.snapshot_of`.
    """
    before = {table.table_id: table for table in older.tables}
    after = {table.table_id: table for table in newer.tables}
    tables = [_table(before.get(name), table) for name, table in after.items()]
    tables += [_table(table, None) for name, table in before.items() if name not in after]
    hashes = {digest for _, _, digest in older.making.sources}
    common = not hashes or any(digest in hashes for _, _, digest in newer.making.sources)
    return Changes(
        older.version, newer.version, older.sha256, older.making.data == newer.making.data,
        common, tuple(_made(older.making, newer.making)), tuple(tables),
    )  # fmt: skip


def _made(old: Making, new: Making) -> Iterator[MadeChange]:
    if old.tool != new.tool:
        yield MadeChange("tool", "triage", old.tool, new.tool)
    sides = []
    for making in (old, new):
        # a path may stand more than once under a label: the hash tells them apart
        found: dict[str, list[str]] = {}
        for label, path, digest in making.sources:
            found.setdefault(f"{label} {path}", []).append(digest)
        sides.append({name: " ".join(digests) for name, digests in found.items()})
    pairs: tuple[tuple[str, dict[str, str], dict[str, str]], ...] = (
        ("source", sides[0], sides[1]), ("component", old.components, new.components),
        ("list", old.lists, new.lists),
    )  # fmt: skip
    for what, was, now in pairs:
        for name in sorted(was.keys() | now.keys()):
            if was.get(name) != now.get(name):
                yield MadeChange(what, name, was.get(name, ""), now.get(name, ""))


def _table(old: SnapshotTable | None, new: SnapshotTable | None) -> TableChange:
    named = new or old
    assert named is not None  # the callers have one of the two
    was, now = _rows(old), _rows(new)
    counts = {NEW: 0, GONE: 0, CHANGED: 0}
    rows: list[RowChange] = []

    def take(change: RowChange) -> None:
        counts[change.what] += 1
        if counts[change.what] <= ROWS:
            rows.append(change)

    for key, row in now.items():
        earlier = was.get(key)
        if earlier is None:
            take(RowChange(NEW, row.row_id, _name(row), (), row.cited))
            continue
        cells = tuple(_cells(old, new, earlier, row))
        if cells:
            take(RowChange(CHANGED, row.row_id, _name(row), cells, row.cited))
    for key, row in was.items():
        if key not in now:
            take(RowChange(GONE, row.row_id, _name(row), (), row.cited))
    same = len(now) - counts[NEW] - counts[CHANGED]
    return TableChange(
        named.table_id, named.title, counts[NEW], counts[GONE], counts[CHANGED], same,
        tuple(rows), _note(old, new),
    )  # fmt: skip


def _note(old: SnapshotTable | None, new: SnapshotTable | None) -> str:
    if old is None:
        return "the table was not in the earlier report"
    if new is None:
        return "the table is not in this report"
    if old.columns != new.columns:
        return "the columns are others"
    return ""


def _rows(table: SnapshotTable | None) -> dict[tuple[str, int], SnapshotRow]:
    """Return rows by id; of equal ids the first, the second … are told apart."""
    found: dict[tuple[str, int], SnapshotRow] = {}
    times: dict[str, int] = {}
    for row in table.rows if table is not None else ():
        times[row.row_id] = times.get(row.row_id, 0) + 1
        found[row.row_id, times[row.row_id]] = row
    return found


def _cells(
    old: SnapshotTable | None, new: SnapshotTable | None, was: SnapshotRow, now: SnapshotRow
) -> Iterator[CellChange]:
    """Yield cells that differ, of the columns that both have."""
    assert old is not None  # a row of each was found
    assert new is not None
    if old.columns == new.columns and was.cells == now.cells:
        return
    before = dict(zip(old.columns, was.cells, strict=False))
    for column, cell in dict(zip(new.columns, now.cells, strict=False)).items():
        if column in before and before[column] != cell:
            yield CellChange(column, before[column], cell)


def _name(row: SnapshotRow) -> str:
    return row.cells[0] if row.cells else row.row_id
