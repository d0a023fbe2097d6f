"""Refinement over threads: split numbers, area codes, namesakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyarrow.compute as pc

from extractors.base import Hit, ThreadMessage
from extractors.registry import REFINER, settle
from pipeline.derive.order import Positions
from pipeline.derive.work import ShardOutput
from pipeline.executor import Crew
from pipeline.hits import pack, unpack

COLUMNS = [
    "record_id", "thread_id", "author_account_id", "author_name", "sent_at", "text", "hits",
]  # fmt: skip

JOB_MESSAGES = 2_000
"""Wanted messages sent to a worker at a time, in whole threads: about a second of work."""

Wanted = tuple[dict[str, Any], int]
"""Row of a wanted message, and its place in its thread."""
Job = tuple[list[list[Wanted]], str, str]
"""Messages of some threads, region and zone."""


def refined_hits(
    shards: list[ShardOutput],
    canonical: Positions,
    places: Positions,
    region: str,
    zone: str,
    crew: Crew,
) -> dict[str, tuple[Hit, ...]]:
    """Return the new hits of each record whose hits change when its thread is seen as a whole.

    Only messages that the refiner wants are held in memory. A repeat gets the hits of the record it
    repeats, so that both copies show the same.

    Args:
        shards: all shards, in order.
        canonical: by position, from :func:`pipeline.derive.order.canonical_positions`.
        places: by position, place in the thread.
        region: country of numbers without one.
        zone: IANA zone of relative dates.
        crew: who refines.
    """
    threads: dict[str, list[Wanted]] = defaultdict(list)
    ids: dict[int, str] = {}
    repeats: list[tuple[str, int]] = []
    base = 0
    for shard in shards:
        table = shard.table("records", COLUMNS)
        wanted = table.append_column("row", [range(table.num_rows)]).filter(
            pc.is_valid(table["hits"])
        )
        for row in wanted.to_pylist():
            position = base + row["row"]
            if canonical[position] >= 0:
                repeats.append((row["record_id"], int(canonical[position])))
                continue
            ids[position] = row["record_id"]
            threads[row["thread_id"]].append((row, int(places[position])))
        base += shard.records
    changed: dict[str, tuple[Hit, ...]] = {}
    for result in crew.in_order(refine, _jobs(threads, region, zone)):
        changed |= {record: unpack(packed) for record, packed in result}
    for record, position in repeats:
        original = ids.get(position)
        if original in changed:
            changed[record] = changed[original]
    return changed


def _jobs(threads: dict[str, list[Wanted]], region: str, zone: str) -> Iterator[Job]:
    some: list[list[Wanted]] = []
    count = 0
    for thread in sorted(threads):
        some.append(threads[thread])
        count += len(threads[thread])
        if count >= JOB_MESSAGES:
            yield some, region, zone
            some, count = [], 0
    if some:
        yield some, region, zone


def refine(job: Job) -> list[tuple[str, str]]:
    """Refine some threads, in a worker; return record ids and their new hits, packed."""
    threads, region, zone = job
    changed: list[tuple[str, str]] = []
    for rows in threads:
        messages = sorted(map(_message, rows), key=lambda message: message.position)
        for record, hits in REFINER.refine(messages, region, zone):
            changed.append((record, pack(settle(hits))))
    return changed


def _message(wanted: Wanted) -> ThreadMessage:
    row, position = wanted
    return ThreadMessage(
        key=row["record_id"],
        position=position,
        author=row["author_account_id"] or row["author_name"],
        sent_at=row["sent_at"],
        text=row["text"],
        hits=unpack(row["hits"]),
    )
