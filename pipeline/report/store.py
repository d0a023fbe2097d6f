"""The staged or published tables in DuckDB, as the report asks them: bounded, no text kept."""

from __future__ import annotations

import glob
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.engine import Engine, engine
from pipeline.errors import IntegrityError
from pipeline.report.rows import Cited
from pipeline.search.tables import strings
from schemas.tables import SCHEMAS

NOT_ASKED = frozenset({"runs", "candidates", "judgements"})
"""``runs`` differs between equal runs, and a report must not."""

ROW = ", file_index * 1099511627776 + file_row_number AS at_row"
"""Of the view ``records``: file and row, for joins."""

_DAY = 86_400_000_000
_YEAR_1 = 62_135_596_800_000_000
"""Microseconds from the year 1 to 1970: added so that ``//``, which cuts
towards nought, rounds down."""

CANON = f"""
CREATE TABLE canon AS
SELECT row_number() OVER () AS rank, * FROM (
  SELECT record_id, at_row, kind, epoch_us(sent_at) AS micros,
         ((epoch_us(sent_at) + {_YEAR_1}) // {_DAY} - {_YEAR_1 // _DAY})::INTEGER AS day,
         thread_id, author_account_id AS author, author_name, citation, source_label
  FROM records WHERE duplicate_of IS NULL AND NOT starts_with(scope, 'out_')
  ORDER BY sent_at NULLS LAST, source_label, ordinal, record_id)
"""
"""Records that repeat no other and are not out of scope; ``rank`` is the order in which rows are
cited: by time, those without one last, then by place; ``day`` counts from 1970 (UTC). Rows are put
in that order and numbered as they stand, which the engine keeps (``preserve_insertion_order``): a
window over the order would carry their texts through it (0.4 s of processor in place of 0.3).
Author and citation stand here, so that some 25 statements need no join with ``records`` for them.
``at_row`` leads to the row there: a join by it takes half of one by ``record_id`` (of 366,000
records 55 ms of processor in place of 104), and reads no column of ids."""

FOUND = """
CREATE TABLE found AS
SELECT n.*, c.rank, c.micros, c.day,
       len(list_filter(string_split(n.rule, '+'), lambda r: NOT starts_with(r, 'model:'))) = 0
         AS by_model
FROM mentions n JOIN canon c USING (record_id)
"""
"""Mentions in these records; ``by_model``: no rule but the trained model's speaks for it. A table
and no view, since some 80 statements ask it (40,000 pages: 7 s of DuckDB in place of 15)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Store:
    """Asks the tables; every statement it is given has a total order."""

    def __init__(self, connection: Engine) -> None:
        self._connection = connection

    def run(self, sql: str) -> None:
        """Run a statement that gives nothing back."""
        self._connection.execute(sql)

    def put(self, name: str, rows: list[tuple[Any, ...]]) -> None:
        """Add rows to a table that :meth:`run` made, in the order of its columns."""
        if not rows:
            return
        columns = [pa.array(column) for column in zip(*rows, strict=True)]
        table = pa.table(columns, names=[f"c{n}" for n in range(len(columns))])
        self._connection.register("put_rows", table)
        self._connection.execute(f"INSERT INTO {name} SELECT * FROM put_rows")
        self._connection.unregister("put_rows")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query."""
        return self._connection.execute(sql).fetchall()

    def one(self, sql: str) -> tuple[Any, ...]:
        """Run a query that gives one row."""
        return self.rows(sql)[0]

    def grouped(self, sql: str) -> dict[Any, list[tuple[Any, ...]]]:
        """Run a query and gather the rows by their first column."""
        found: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
        for key, *rest in self.rows(sql):
            found[key].append(tuple(rest))
        return found

    def cited(self, sql: str) -> dict[Any, tuple[Cited, ...]]:
        """Run a query of key, citation, source label and record; return citations by key."""
        return {key: tuple(Cited(*row) for row in rows) for key, rows in self.grouped(sql).items()}


@contextmanager
def open_store(tables: Path, spill: Path) -> Iterator[Store]:
    """Open the tables of a case.

    Args:
        tables: the folder ``tables``, staged or published.
        spill: a folder that may be written, should memory not suffice; on the case's own disk.

    Raises:
        IntegrityError: a table is missing or cannot be read.
    """
    with engine(spill) as connection:
        try:
            for name in SCHEMAS.keys() - NOT_ASKED:
                parts = sorted((tables / name).glob("*.parquet"))
                if not parts:
                    raise IntegrityError(f"no table {name} in {tables.parent}; run `triage run`")
                listed = strings(glob.escape(str(part)) for part in parts)
                row = ROW if name == "records" else ""
                connection.execute(
                    f"CREATE VIEW {name} AS SELECT *{row} FROM read_parquet({listed})"
                )
            connection.execute(CANON)
            connection.execute(FOUND)
            yield Store(connection)
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            line = str(error).splitlines()[0]
            raise IntegrityError(
                f"a table of {tables.parent} cannot be read ({line}); run `triage run` again"
            ) from error


def moment(micros: int | None) -> datetime | None:
    """Return a time from microseconds since 1970 (DuckDB would want pytz for times)."""
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)
