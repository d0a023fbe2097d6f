"""Writing tables so that equal rows give equal bytes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import SCHEMAS
from schemas.validate import batch_of, check

GROUP_ROWS = 1 << 15
"""Rows of a row group: cut here and nowhere else, since another batching gives other bytes."""
PART_GROUPS = 16
"""Row groups of a part file: half a million rows."""


class TableWriter:
    """Writes one table as parts of fixed size, whatever the batches it is given."""

    def __init__(self, tables: Path, name: str) -> None:
        """Make the folder of the table ``name`` under ``tables``."""
        self.schema = SCHEMAS[name]
        self.rows = 0
        self._folder = tables / name
        self._folder.mkdir(parents=True)
        self._pending: list[pa.RecordBatch] = []
        self._pending_rows = 0
        self._groups = 0
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        """Return the writer; leaving it writes what is pending."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Write the last rows; a table without rows gets one empty part."""
        if kind is None and (self._pending_rows or not self._groups):
            self._flush(self._pending_rows)
        if self._writer is not None:
            self._writer.close()

    def write(self, batch: pa.RecordBatch) -> None:
        """Add a batch of the table's schema."""
        self._pending.append(check(batch, self.schema).cast(self.schema))
        self._pending_rows += batch.num_rows
        self.rows += batch.num_rows
        while self._pending_rows >= GROUP_ROWS:
            self._flush(GROUP_ROWS)

    def write_columns(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Add batches whose columns have the table's names, in any order, of kindred types."""
        for batch in batches:
            columns = [batch.column(item.name).cast(item.type) for item in self.schema]
            self.write(pa.RecordBatch.from_arrays(columns, schema=self.schema))

    def write_rows(self, rows: Iterable[dict[str, Any]]) -> None:
        """Add rows given as dictionaries."""
        chunk: list[dict[str, Any]] = []
        for row in rows:
            chunk.append(row)
            if len(chunk) == GROUP_ROWS:
                self.write(batch_of(chunk, self.schema))
                chunk = []
        if chunk:
            self.write(batch_of(chunk, self.schema))

    def _flush(self, count: int) -> None:
        whole = pa.Table.from_batches(self._pending, schema=self.schema)
        group = whole.slice(0, count).combine_chunks()
        rest = whole.slice(count)
        self._pending = rest.to_batches() if rest.num_rows else []
        self._pending_rows = rest.num_rows
        if self._writer is None or self._groups % PART_GROUPS == 0:
            if self._writer is not None:
                self._writer.close()
            path = self._folder / f"part-{self._groups // PART_GROUPS:05d}.parquet"
            self._writer = pq.ParquetWriter(path, self.schema, compression="zstd")
        self._writer.write_table(group, row_group_size=GROUP_ROWS)
        self._groups += 1


def write_table(tables: Path, name: str, rows: Iterable[dict[str, Any]]) -> int:
    """Write a whole table from rows; return their number."""
    with TableWriter(tables, name) as writer:
        writer.write_rows(rows)
    return writer.rows
