"""The tables of a case in DuckDB, for an analyst's own questions: to be read, and walled in.

One SELECT at a time, over views that are named as the tables are. Nothing else on the machine can
be read, nothing written, nothing fetched: DuckDB may open the files of ``tables/`` only, statements
other than SELECT are refused before they run, and its settings are locked.
"""

from __future__ import annotations

import csv
import glob
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.case import Case
from pipeline.duck import silence
from pipeline.errors import ConfigError, UnfinishedError
from pipeline.search.tables import SETTINGS, string
from pipeline.search.terminal import printable

BATCH = 1024
"""Rows fetched at a time."""
WIDTH = 60
"""Signs of a cell that are shown in a table on a terminal."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns of an answer, and its rows as they come."""

    columns: list[str]
    rows: Iterator[tuple[Any, ...]]


@contextmanager
def asked(case: Case, sql: str) -> Iterator[Answer]:
    """Run one SELECT over the published tables; the answer lives as long as the block.

    Times are UTC; ``money`` amounts are decimals.

    Args:
        case: an open case.
        sql: one statement; tables go by the names of docs/tables.md.

    Raises:
        ConfigError: no SELECT, several statements, or one that DuckDB does not understand.
        UnfinishedError: the answer does not fit into memory.
    """
    connection = duckdb.connect(config=SETTINGS)
    try:
        _wall_in(connection, case.path.resolve() / "tables")
        try:
            _one_select(connection, sql)
            # by way of Arrow: DuckDB itself makes times with a zone by pytz only
            reader = connection.execute(sql).to_arrow_reader(BATCH)
            yield Answer(reader.schema.names, _rows(reader))
        except duckdb.OutOfMemoryException as error:
            raise UnfinishedError(
                f"sql: the question needs more than {SETTINGS['memory_limit']} of memory: narrow "
                "it, or add LIMIT"
            ) from error
        except duckdb.PermissionException as error:
            raise ConfigError(
                "sql: only the tables of the case can be read; nothing else on this machine can"
            ) from error
        except duckdb.Error as error:
            raise ConfigError(f"sql: {_line(error)}") from error
    finally:
        connection.close()


def _wall_in(connection: duckdb.DuckDBPyConnection, tables: Path) -> None:
    """Name every table as a view, then close everything else."""
    for folder in sorted(path for path in tables.iterdir() if path.is_dir()):
        parts = ", ".join(string(glob.escape(str(part))) for part in sorted(folder.iterdir()))
        if parts:
            connection.execute(
                f'CREATE VIEW "{folder.name}" AS SELECT * FROM read_parquet([{parts}])'
            )
    connection.execute("SET TimeZone = 'UTC'")
    silence(connection)
    connection.execute(f"SET allowed_directories = [{string(str(tables))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _one_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise ConfigError(f"sql: one statement at a time, not {len(statements)}")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise ConfigError("sql: only SELECT: the tables are read and never changed")


def _rows(reader: pa.RecordBatchReader) -> Iterator[tuple[Any, ...]]:
    for batch in reader:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _line(error: duckdb.Error) -> str:
    """The first lines of what DuckDB says, in one, without the statement that it repeats."""
    told = str(error).split("\n\nLINE ")[0]
    return printable(" ".join(told.split()))[:300]


def as_json(answer: Answer) -> Iterator[str]:
    """Write each row as a JSON object."""
    for row in answer.rows:
        yield json.dumps(dict(zip(answer.columns, row, strict=True)), default=str)


def as_csv(answer: Answer) -> Iterator[str]:
    """Write a header and each row; a text that a spreadsheet would run gets an apostrophe."""
    from pipeline.export.files import cell

    yield _csv_line(answer.columns)
    for row in answer.rows:
        yield _csv_line([cell(value) for value in row])


def as_table(answer: Answer, limit: int) -> Iterator[str]:
    """Write the first rows in columns for a terminal, and how many were left out."""
    rows = [[_cell(cell) for cell in row] for row in islice(answer.rows, limit)]
    left = sum(1 for _ in answer.rows)
    names = [printable(name) for name in answer.columns]
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    yield "  ".join(name.ljust(width) for name, width in zip(names, widths, strict=True)).rstrip()
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
    if left:
        yield f"({left:,} more rows; --csv, --json and --limit show them)"


def _cell(value: object) -> str:
    text = printable("" if value is None else str(value))
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def _csv_line(cells: list[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)  # with \r\n, so that a lone \r is quoted as well
    return line.getvalue()[:-2]
