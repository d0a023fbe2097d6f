"""Tables as parts: read in batches, and written without statistics of what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import IntegrityError
from schemas.tables import SCHEMAS

BATCH = 1 << 15


def parts_of(tables: Path, name: str, columns: list[str] | None = None) -> Iterator[pa.Table]:
    """Yield a table of a case in batches.

    Raises:
        IntegrityError: it is missing or cannot be read.
    """
    paths = sorted((tables / name).glob("*.parquet"))
    if not paths:
        raise IntegrityError(f"no table {name} in {tables.parent}; run `triage run`")
    for path in paths:
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(BATCH, columns=columns):
                    yield pa.Table.from_batches([batch])
        except (OSError, pa.ArrowException) as error:
            raise IntegrityError(
                f"{path.parent.name}/{path.name} cannot be read; run `triage run` again"
            ) from error


def write_parts(out: Path, name: str, parts: Iterator[pa.Table]) -> None:
    """Write a table, without statistics of its values."""
    folder = out / name
    folder.mkdir(parents=True)
    schema = SCHEMAS[name]
    path = folder / "part-00000.parquet"
    with pq.ParquetWriter(path, schema, compression="zstd", write_statistics=False) as writer:
        for part in parts:
            columns = [part[item.name].cast(item.type) for item in schema]
            writer.write_table(pa.table(columns, schema=schema), row_group_size=BATCH)


def strings_of(path: Path) -> Iterator[str]:
    """Yield the texts of a Parquet file, a column of a batch at a time, parted by line feeds."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH):
            for values in batch.columns:
                kind = values.type
                if pa.types.is_string(kind):
                    yield "\n".join(filter(None, values.to_pylist()))
                elif pa.types.is_nested(kind):
                    yield "\n".join(map(str, filter(None, values.to_pylist())))
