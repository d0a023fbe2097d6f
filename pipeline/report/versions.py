"""What a report held, kept beside it, so that the next one can say what has changed.

Versions count along a chain of files that people name: a report made with ``--since FILE`` is one
more than that file's; one made without is version 1 and says that no earlier one was named. How
often reports were made in between counts nothing: only what was handed on has a version that a
reader knows.
"""

from __future__ import annotations

import glob
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.case import Case
from pipeline.errors import ConfigError, IntegrityError
from pipeline.files import sha256_of
from pipeline.given import recorded
from pipeline.report.document import Block, Document, Evidence, Facts, Inlines, Link
from pipeline.report.document import Row as DocumentRow
from pipeline.report.document import Table as DocumentTable
from pipeline.report.document import tables as tables_of
from pipeline.report.rows import Cited
from pipeline.report.summary import Summary
from pipeline.search.tables import strings
from pipeline.search.terminal import printable

FORMAT = 1
"""Of the file; one of a higher number is of a later version of the tool."""
FILE_LIMIT = 256 << 20
"""Bytes of a file that is read; a case of 40,000 pages makes some 5 MiB."""
TEXT = 400
"""Characters of a cell that are kept; of a longer one its hash as well, to tell changes by."""
CITED = 3
"""Citations kept of a row."""
CHANGES = "changes"
"""How the ids of the annex and its tables begin; they are not compared."""
DECIDES_NOTHING = frozenset({"python", "system"})
"""What a run notes beside the versions that decide what is found."""


@dataclass(frozen=True, slots=True)
class Making:
    """What a report was made from and by."""

    profile: str
    tool: str
    data: str
    """SHA-256 over the hashes of all tables but ``runs``."""
    sources: tuple[tuple[str, str, str], ...]
    """Label, path and SHA-256 of each file that was received."""
    components: dict[str, str] = field(default_factory=dict)
    """Extractors, lexicons, model and libraries with their versions."""
    lists: dict[str, str] = field(default_factory=dict)
    """Scope and lists that were given, and what tells one state of each from another."""


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A row of a table, as text."""

    row_id: str
    cells: tuple[str, ...]
    cited: tuple[Cited, ...]
    quoted: tuple[tuple[int, str], ...] = ()
    """Cells, from 0, that hold the words of a record, and its record_id."""


@dataclass(frozen=True, slots=True)
class SnapshotTable:
    """A table of a report, as text."""

    table_id: str
    title: str
    """Heading of its section."""
    columns: tuple[str, ...]
    rows: tuple[SnapshotRow, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a report held."""

    version: int
    making: Making
    tables: tuple[SnapshotTable, ...]
    sha256: str = ""
    """Of the file it was read from."""

    def said(self, say: Callable[[str], str]) -> Snapshot:
        """Return it with every text redacted anew: the list may hold more persons than it did."""
        making = replace(
            self.making,
            sources=tuple((say(label), say(path), digest)
                          for label, path, digest in self.making.sources),
        )  # fmt: skip
        tables = tuple(
            replace(table, title=say(table.title), rows=tuple(
                replace(row, row_id=_row_id(row, say), cells=tuple(map(say, row.cells)),
                        cited=tuple(replace(item, text=say(item.text),
                                            source_label=say(item.source_label))
                                    for item in row.cited))
                for row in table.rows
            ))
            for table in self.tables
        )  # fmt: skip
        return replace(self, making=making, tables=tables)


def _row_id(row: SnapshotRow, say: Callable[[str], str]) -> str:
    """A row without an id of its own goes by what its first cell says."""
    return say(row.row_id) if row.cells[:1] == (row.row_id,) else row.row_id


def made_by(case: Case, tables: Path, s: Summary) -> Making:
    """Return what a report is made from and by.

    Args:
        case: the case, for the lists it was given.
        tables: the folder of tables that the report is made from: staged, published or redacted.
        s: what the report says, for its profile and sources.

    Raises:
        IntegrityError: a table cannot be read.
    """
    given = recorded(case)
    if s.redaction is not None or s.profile == "redacted":
        # a list of a few names is soon guessed from its hash, and a watch list is not passed on
        lists = {item.name: "given" for item in given if item.name != "watch"}
    else:
        lists = {item.name: f"{item.entries:,} entries, state {item.state}" for item in given}
    sources = sorted((row.label, row.path, row.sha256) for row in s.files)
    return Making(
        s.profile, __version__, data_hash(tables), tuple(sources), _components(tables), lists
    )


def data_hash(tables: Path) -> str:
    """Hash all tables but ``runs``, which differs between equal runs.

    Raises:
        IntegrityError: a table cannot be read.
    """
    digest = hashlib.sha256()
    try:
        for part in sorted(tables.glob("*/*.parquet")):
            if part.parent.name != "runs":
                name = part.relative_to(tables).as_posix()
                digest.update(f"{name} {sha256_of(part)}\n".encode())
    except OSError as error:
        raise IntegrityError(
            f"{tables.parent}: a table cannot be read; run `triage run`"
        ) from error
    return digest.hexdigest()


def _components(tables: Path) -> dict[str, str]:
    """Return the versions that the last run noted, without what decides nothing."""
    import duckdb

    parts = sorted((tables / "runs").glob("*.parquet"))
    if not parts:
        return {}
    connection = duckdb.connect(":memory:", config={"threads": "1"})
    try:
        rows = connection.execute(
            "SELECT component_versions FROM "
            f"read_parquet({strings(glob.escape(str(part)) for part in parts)}) "
            "ORDER BY started_at DESC, run_id LIMIT 1"
        ).fetchall()
    except duckdb.Error as error:
        raise IntegrityError(f"{tables.parent}: the table runs cannot be read") from error
    finally:
        connection.close()
    listed = rows[0][0] if rows else None
    return {
        str(item["label"]): str(item["value"])
        for item in sorted(listed or (), key=lambda item: str(item["label"]))
        if item["label"] not in DECIDES_NOTHING
    }


def snapshot_of(document: Document, making: Making, version: int = 1) -> Snapshot:
    """Return what a document holds: its tables and facts as text, the annex on changes apart."""
    found = []
    homes: list[tuple[str, str, tuple[Block, ...]]] = [("front", "Front page", document.front)]
    homes += [(item.section_id, item.title, item.blocks) for item in document.sections]
    for name, title, blocks in homes:
        items = [item for block in blocks if isinstance(block, Facts) for item in block.items]
        if items and not name.startswith(CHANGES):
            rows = tuple(
                SnapshotRow(label, (label, _text(value)), _cites(value)) for label, value in items
            )
            found.append(SnapshotTable(f"facts-{name}", title, ("Fact", "Value"), rows))
    for section, table in tables_of(document):
        title = section.title if section is not None else "Front page"
        if not table.table_id.startswith(CHANGES):
            found.append(_table(table, title))
    return Snapshot(version, making, tuple(found))


def _table(table: DocumentTable, title: str) -> SnapshotTable:
    rows = tuple(
        SnapshotRow(
            row.row_id or (_text(row.cells[0].parts) if row.cells else ""),
            tuple(_text(cell.parts) for cell in row.cells),
            _cites(part for cell in row.cells for part in cell.parts),
            _quoted(row),
        )
        for row in table.rows
    )
    columns = tuple(column.label for column in table.columns)
    return SnapshotTable(table.table_id, title, columns, rows)


def _quoted(row: DocumentRow) -> tuple[tuple[int, str], ...]:
    found = (
        (n, part.quoted_from)
        for n, cell in enumerate(row.cells)
        for part in cell.parts
        if isinstance(part, Evidence) and part.quoted_from is not None
    )
    return tuple(dict.fromkeys(found))


def _cites(parts: Iterable[object]) -> tuple[Cited, ...]:
    cited = dict.fromkeys(replace(item, bates=None) for item in parts if isinstance(item, Cited))
    return tuple(cited)[:CITED]


def _text(parts: Inlines) -> str:
    """Return what a cell says; page numbers of a ledger are no part of it."""
    said = "".join(_words(parts))
    said = said.encode("utf-8", "backslashreplace").decode()
    if len(said) <= TEXT:
        return said
    return f"{said[:TEXT]}… ({len(said):,} characters, {hashlib.sha256(said.encode()).hexdigest()})"


def _words(parts: Inlines) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Cited):
            yield f"[{part.text}]"
        elif isinstance(part, Link):
            yield f"§{part.target}"
        else:
            yield part.text


def written(snapshot: Snapshot) -> bytes:
    """Return the file: canonical JSON (keys sorted, ASCII), with a hash over all the rest."""
    body = _plain(snapshot)
    body["sha256"] = hashlib.sha256(_canonical(body)).hexdigest()
    return _canonical(body) + b"\n"


def read_snapshot(path: Path, profile: str) -> Snapshot:
    """Read the file of an earlier report.

    Args:
        path: the file.
        profile: that of the report now to be made; another's is refused, since what a redacted
            report leaves out must not come back as a change.

    Raises:
        ConfigError: it cannot be read, is no such file, or is of another profile.
        IntegrityError: it is not what the tool wrote.
    """
    name = printable(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
        if len(data) > FILE_LIMIT:
            raise ConfigError(f"{name}: is larger than {FILE_LIMIT >> 20} MiB: no earlier report")
        body = json.loads(data)
        kind, number = body["kind"], body["format"]
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read ({error.strerror})") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ConfigError(f"{name}: is not what `triage report` wrote beside a report") from error
    if kind != KIND or type(number) is not int:
        raise ConfigError(f"{name}: is not what `triage report` wrote beside a report")
    if number > FORMAT:
        raise ConfigError(f"{name}: was made by a newer version of the tool; update the tool")
    try:
        stated = body.pop("sha256", None)
        found = hashlib.sha256(_canonical(body)).hexdigest()
        read = _snapshot(body) if stated == found else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ConfigError(f"{name}: is not what `triage report` wrote beside a report") from error
    if read is None:
        raise IntegrityError(f"{name}: was changed after it was written; take the original")
    if read.making.profile != profile:
        raise ConfigError(
            f"{name}: is of the profile {printable(read.making.profile)[:40]}, and this report is "
            f"{profile}; name a file of the same profile"
        )
    return replace(read, sha256=hashlib.sha256(data).hexdigest())


KIND = "triage report"


def _plain(snapshot: Snapshot) -> dict[str, Any]:
    making = snapshot.making
    return {
        "kind": KIND, "format": FORMAT, "version": snapshot.version, "profile": making.profile,
        "tool": making.tool, "data": making.data, "components": making.components,
        "lists": making.lists, "sources": [list(item) for item in making.sources],
        "tables": [
            {
                "id": table.table_id, "title": table.title, "columns": list(table.columns),
                "rows": [
                    [row.row_id, list(row.cells),
                     [[item.text, item.source_label, item.record_id] for item in row.cited],
                     [list(item) for item in row.quoted]]
                    for row in table.rows
                ],
            }
            for table in snapshot.tables
        ],
    }  # fmt: skip


def _snapshot(body: dict[str, Any]) -> Snapshot:
    making = Making(
        _str(body["profile"]), _str(body["tool"]), _str(body["data"]),
        tuple((_str(label), _str(path), _str(digest)) for label, path, digest in body["sources"]),
        {_str(name): _str(value) for name, value in body["components"].items()},
        {_str(name): _str(value) for name, value in body["lists"].items()},
    )  # fmt: skip
    tables = tuple(
        SnapshotTable(
            _str(table["id"]), _str(table["title"]), tuple(map(_str, table["columns"])),
            tuple(
                SnapshotRow(_str(row_id), tuple(map(_str, cells)),
                            tuple(Cited(*map(_str, item)) for item in cited),
                            tuple((_int(cell), _str(record)) for cell, record in quoted))
                for row_id, cells, cited, quoted in table["rows"]
            ),
        )
        for table in body["tables"]
    )  # fmt: skip
    version = body["version"]
    if type(version) is not int or version < 1:
        raise ValueError("version")
    return Snapshot(version, making, tables)


def _int(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _str(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _canonical(body: dict[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
