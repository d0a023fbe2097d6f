"""The full-text index from what shards left: in a worker, beside the other whole-case steps."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.search.index import COLUMNS, build

Job = tuple[Path, list[Path], npt.NDArray[np.bool_], npt.NDArray[np.int64]]


def build_index(job: Job) -> int:
    """Write the index of a case from what its shards left; in a worker, beside other steps.

    Args:
        job: folder of the index, made anew; folders of the shards in order; and by record whether
            it repeats another, and its place in the order of hits.

    Returns:
        How many records are in the index.
    """
    index_dir, shards, repeats, ranks = job
    shutil.rmtree(index_dir, ignore_errors=True)
    index_dir.mkdir(parents=True)
    return build(index_dir, _stored(shards, repeats), ranks)


def _stored(shards: Sequence[Path], repeats: npt.NDArray[np.bool_]) -> Iterator[pa.RecordBatch]:
    names = [name for name in (*COLUMNS, "sent_at") if name != "duplicate_of"]
    at = 0
    for shard in shards:
        if not (shard / "records.parquet").exists():
            continue
        table = pq.read_table(shard / "records.parquet", columns=names)
        flags = pa.array(repeats[at : at + table.num_rows], pa.bool_())
        at += table.num_rows
        # any text will do: what counts is that it is not null
        marks = pc.if_else(flags, pa.scalar("repeat"), pa.scalar(None, pa.string()))
        yield from table.append_column("duplicate_of", marks).combine_chunks().to_batches()
