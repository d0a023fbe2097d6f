"""The tables of a case in DuckDB, for reading, without pyarrow or pandas.

A bound parameter makes DuckDB import pandas and pyarrow (3 s; measured with 1.5.6), so values go
into the statement as literals made here, and nowhere else.
"""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.duck import silence
from pipeline.errors import ConfigError, IntegrityError, UnfinishedError

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # it would look for tables among Python variables
    "threads": "2",
    "memory_limit": "1GB",
    "temp_directory": "",  # evidence text does not spill to disk; a case may be read-only
}

LITERALS = 200
"""Values up to which a plain list is quicker than a join, since row groups are filtered by it."""

Row = tuple[object, ...]


class Tables:
    """The published tables of one case."""

    def __init__(self, case: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self._folder = case / "tables"
        self._connection = connection
        self._names: dict[str, frozenset[str]] = {}
        self.held: dict[str, str] = {}
        """Tables in memory, by the name of the table they stand for (pipeline.search.opened)."""
        self.texts: Callable[[set[str]], dict[str, str]] | None = None
        """Texts of records by id, where something quicker than the tables has them."""
        self.keys: dict[str, list[str]] = {}
        """What was asked before of tables in memory, by statement."""

    def __getitem__(self, name: str) -> str:
        """Return the SQL that stands for a table.

        Raises:
            ConfigError: the case has no such table.
        """
        if name in self.held:
            return self.held[name]
        parts = sorted((self._folder / name).glob("*.parquet"))
        if not parts:
            raise ConfigError(
                f"no table {name} in {self._folder.parent}: is this a case folder, and has "
                "`triage run` finished?"
            )
        return f"read_parquet({strings(glob.escape(str(part)) for part in parts)})"

    def column(self, alias: str, table: str, name: str) -> str:
        """Return the SQL of a column that tables of earlier versions lack: null there."""
        if table not in self._names:
            self._connection.execute(f"SELECT * FROM {self[table]} LIMIT 0")
            described = self._connection.description or ()
            self._names[table] = frozenset(str(item[0]) for item in described)
        return f"{alias}.{name}" if name in self._names[table] else "NULL::VARCHAR"

    def distinct(self, sql: str) -> list[str]:
        """Run a statement with one column of texts; once only where the tables are in memory."""
        found = self.keys.get(sql)
        if found is None:
            found = [str(row[0]) for row in self.rows(sql) if row[0] is not None]
            if self.held:
                self.keys[sql] = found
        return found

    def hold(self, held: dict[str, str]) -> None:
        """Let tables in memory stand for those of the case."""
        self.held = held
        self._names.clear()

    def run(self, sql: str) -> None:
        """Run a statement that gives nothing back."""
        self.rows(sql)

    def rows(self, sql: str) -> list[Row]:
        """Run one statement; its values must have come through :func:`string`.

        Raises:
            IntegrityError: a part cannot be read as a table.
            UnfinishedError: the answer does not fit into memory.
        """
        try:
            return self._connection.execute(sql).fetchall()
        except duckdb.OutOfMemoryException as error:
            raise UnfinishedError(
                f"the question needs more than {SETTINGS['memory_limit']} of memory: narrow it"
            ) from error
        except (duckdb.ParserException, duckdb.CatalogException):
            raise  # a bug of ours, and no table's fault
        except (duckdb.Error, ValueError, OverflowError) as error:
            line = str(error).splitlines()[0]
            raise IntegrityError(
                f"a table of {self._folder.parent} cannot be read ({line}): run `triage run` again"
            ) from error

    def dicts(self, sql: str) -> list[dict[str, object]]:
        """Run one statement; each row by column name."""
        rows = self.rows(sql)
        names = [str(column[0]) for column in self._connection.description or ()]
        return [dict(zip(names, row, strict=True)) for row in rows]


@contextmanager
def open_tables(case: Path) -> Iterator[Tables]:
    """Open the tables of a case for reading.

    Raises:
        ConfigError: the folder is not there.
    """
    if not case.is_dir():
        raise ConfigError(f"no case folder {case}")
    connection = duckdb.connect(":memory:", config=SETTINGS)
    try:
        silence(connection)
        yield Tables(case, connection)
    finally:
        connection.close()


def string(text: str) -> str:
    """Return a text as an SQL literal."""
    if "\0" in text:
        return f"decode(from_hex('{text.encode('utf-8', 'replace').hex()}'))"
    return "'" + text.encode("utf-8", "replace").decode().replace("'", "''") + "'"


def strings(texts: Iterable[str]) -> str:
    """Return texts as an SQL list literal."""
    return f"[{', '.join(string(text) for text in texts)}]::VARCHAR[]"


def among(column: str, texts: Iterable[str]) -> str:
    """Return the condition that a column holds one of the texts."""
    wanted = list(texts)
    if 0 < len(wanted) <= LITERALS:
        return f"{column} IN ({', '.join(string(text) for text in wanted)})"
    return f"{column} IN (SELECT unnest({strings(wanted)}))"
