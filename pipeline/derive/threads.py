"""Refinement over threads: split numbers, area codes, namesakes, relative dates."""

from __future__ import annotations

from collections import defaultdict

from extractors.base import Hit, ThreadMessage
from extractors.date_threads import resolve
from extractors.finder import Finder
from extractors.registry import REFINER, settle
from pipeline.derive.order import Positions
from pipeline.derive.work import ShardOutput

COLUMNS = [
    "record_id", "thread_id", "author_account_id", "author_name", "sent_at", "text", "wanted",
]  # fmt: skip


def refined_hits(
    shards: list[ShardOutput],
    canonical: Positions,
    places: Positions,
    finder: Finder,
    region: str,
    zone: str,
) -> dict[str, tuple[Hit, ...]]:
    """Return the new hits of each record whose hits change when its thread is seen as a whole.

    Only messages that the refiner wants are held in memory. A repeat gets the hits of the record it
    repeats, so that both copies show the same.

    Args:
        shards: all shards, in order.
        canonical: by position, from :func:`pipeline.derive.order.canonical_positions`.
        places: by position, place in the thread.
        finder: finds hits again in the wanted texts.
        region: country of numbers without one.
        zone: IANA zone of relative dates.
    """
    threads: dict[str, list[ThreadMessage]] = defaultdict(list)
    ids: dict[int, str] = {}
    repeats: list[tuple[str, int]] = []
    base = 0
    for shard in shards:
        table = shard.table("records", COLUMNS)
        wanted = table.append_column("row", [range(table.num_rows)]).filter(table["wanted"])
        finder.prepare([])
        for row in wanted.to_pylist():
            position = base + row["row"]
            if canonical[position] >= 0:
                repeats.append((row["record_id"], int(canonical[position])))
                continue
            ids[position] = row["record_id"]
            threads[row["thread_id"]].append(
                ThreadMessage(
                    key=row["record_id"],
                    position=int(places[position]),
                    author=row["author_account_id"] or row["author_name"],
                    sent_at=row["sent_at"],
                    text=row["text"],
                    hits=resolve(finder.find(row["text"]), row["sent_at"], zone),
                )
            )
        base += shard.records
    changed: dict[str, tuple[Hit, ...]] = {}
    for thread in sorted(threads):
        messages = sorted(threads[thread], key=lambda message: message.position)
        for record, hits in REFINER.refine(messages, region, zone):
            changed[record] = settle(hits)
    for record, position in repeats:
        original = ids.get(position)
        if original in changed:
            changed[record] = changed[original]
    return changed
