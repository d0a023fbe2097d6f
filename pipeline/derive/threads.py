"""Refinement over threads: split numbers, area codes, namesakes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from extractors.base import ThreadMessage
from extractors.registry import REFINER, settle
from pipeline.derive.order import Positions
from pipeline.derive.work import ShardOutput
from pipeline.executor import Crew
from pipeline.hits import pack, unpack

COLUMNS = [
    "record_id", "thread_id", "author_account_id", "author_name", "sent_at", "text", "hits",
]  # fmt: skip

JOB_MESSAGES = 2_000
"""Wanted messages sent to a worker at a time, in whole threads: about a quarter of a second."""

Job = tuple[pa.Table, str, str]
"""Messages of some threads (:data:`COLUMNS` and ``place``) in order, region and zone."""


def refined_hits(
    shards: list[ShardOutput],
    canonical: Positions,
    places: Positions,
    region: str,
    zone: str,
    crew: Crew,
) -> dict[str, str]:
    """Return the new hits of each record whose hits change when its thread is seen as a whole.

    Only messages that the refiner wants are held in memory, as columns, and hits as they are packed
    (:func:`pipeline.hits.unpack`): as Python objects those of 400,000 pages took 700 MB. A repeat
    gets the hits of the record it repeats, so that both copies show the same.

    Args:
        shards: all shards, in order.
        canonical: by position, from :func:`pipeline.derive.order.canonical_positions`.
        places: by position, place in the thread.
        region: country of numbers without one.
        zone: IANA zone of relative dates.
        crew: who refines.
    """
    wanted, positions = _wanted(shards)
    if not wanted.num_rows:
        return {}
    repeated = canonical[positions]
    own = np.flatnonzero(repeated < 0)
    placed = wanted.append_column("place", pa.array(places[positions]))
    changed: dict[str, str] = {}
    for result in crew.in_order(refine, _jobs(placed, own, region, zone)):
        changed |= dict(result)
    others = np.flatnonzero(repeated >= 0)
    first = np.searchsorted(positions, repeated[others])  # positions ascend
    there = positions[np.minimum(first, len(positions) - 1)] == repeated[others]
    ids = wanted["record_id"]
    for record, original in zip(
        ids.take(pa.array(others[there])).to_pylist(),
        ids.take(pa.array(first[there])).to_pylist(),
        strict=True,
    ):
        if original in changed:
            changed[record] = changed[original]
    return changed


def _wanted(shards: list[ShardOutput]) -> tuple[pa.Table, Positions]:
    """Return the messages that the refiner wants, and the position of each among all records."""
    tables: list[pa.Table] = []
    positions: list[Positions] = []
    base = 0
    for shard in shards:
        table = shard.table("records", COLUMNS)
        chosen = pc.is_valid(table["hits"])
        tables.append(table.filter(chosen))
        positions.append(np.flatnonzero(chosen.to_numpy()) + base)
        base += shard.records
    if not tables:
        return pa.table({name: pa.array([], pa.string()) for name in COLUMNS}), np.zeros(0, int)
    whole = pa.concat_tables(tables)
    tables.clear()
    for place, name in enumerate(COLUMNS):
        # in one piece, as rows are taken from it again and again; one by one, so that what is put
        # together stands in memory twice for one column at a time
        whole = whole.set_column(place, name, whole[name].combine_chunks())
    return whole, np.concatenate(positions)


def _jobs(wanted: pa.Table, own: Positions, region: str, zone: str) -> Iterator[Job]:
    """Yield whole threads in the order of their ids, messages in that of their places.

    Args:
        wanted: messages.
        own: rows of those that repeat no other.
        region: passed on.
        zone: passed on.
    """
    threads = wanted["thread_id"].combine_chunks().dictionary_encode()
    ranks = np.argsort(np.argsort(threads.dictionary.to_numpy(zero_copy_only=False)))
    codes = ranks[threads.indices.to_numpy()][own]
    order = np.lexsort((wanted["place"].to_numpy()[own], codes))
    rows, codes = own[order], codes[order]
    begin = 0
    for end in [*(np.flatnonzero(np.diff(codes)) + 1), len(rows)]:
        if end - begin >= JOB_MESSAGES or end == len(rows) > begin:
            yield wanted.take(pa.array(rows[begin:end])).combine_chunks(), region, zone
            begin = end


def refine(job: Job) -> list[tuple[str, str]]:
    """Refine some threads, in a worker; return record ids and their new hits, packed."""
    table, region, zone = job
    changed: list[tuple[str, str]] = []
    for _, rows in groupby(table.to_pylist(), key=lambda row: row["thread_id"]):
        for record, hits in REFINER.refine(list(map(_message, rows)), region, zone):
            changed.append((record, pack(settle(hits))))
    return changed


def _message(row: dict[str, Any]) -> ThreadMessage:
    return ThreadMessage(
        key=row["record_id"],
        position=row["place"],
        author=row["author_account_id"] or row["author_name"],
        sent_at=row["sent_at"],
        text=row["text"],
        hits=unpack(row["hits"]),
    )
