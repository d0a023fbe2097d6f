"""What the shards of a case left, in reading order, for the whole-case steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.work_tables import WORK_TABLES

JOINT = "|"
"""Between the items of a list; no id has it."""


@dataclass(frozen=True, slots=True)
class ShardOutput:
    """One finished shard."""

    folder: Path
    source: int
    """Place of its file in the order in which files were added, from 0."""
    records: int

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Read one of its tables; one that was not written is empty."""
        path = self.folder / f"{name}.parquet"
        if not path.exists():
            empty = WORK_TABLES[name].empty_table()
            return empty if columns is None else empty.select(columns)
        return pq.read_table(path, columns=columns)


def records_of(shards: list[ShardOutput], columns: list[str]) -> pa.Table:
    """Return columns of all records in order, and ``source``.

    A record's position is its place in this table; other steps speak of records by it. Text comes
    as dictionaries, lists as one text each (:data:`JOINT`): few differ, and all records of a case
    stand in memory here.
    """
    tables = []
    for shard in shards:
        table = _slim(shard.table("records", columns))
        source = np.full(table.num_rows, shard.source, np.int32)
        tables.append(table.append_column("source", pa.array(source)))
    return pa.concat_tables(tables).unify_dictionaries()


def _slim(table: pa.Table) -> pa.Table:
    for place, field in enumerate(table.schema):
        column = table.column(place)
        if pa.types.is_list(field.type):
            column = pc.binary_join(column, JOINT)
        elif not pa.types.is_string(field.type) or field.name == "record_id":
            continue
        table = table.set_column(place, field.name, column.dictionary_encode())
    return table


def batches_of(shards: list[ShardOutput], name: str) -> Iterator[tuple[int, ShardOutput, pa.Table]]:
    """Yield each shard's table with the position of the shard's first record."""
    base = 0
    for shard in shards:
        yield base, shard, shard.table(name)
        base += shard.records
