"""What became of every byte of a shard: record, furniture, issue, out of scope or sealed."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pipeline.readers.base import ShardReading
from schemas.kinds import Fate

Painted = tuple[int, int, Fate]
"""First byte, one past the last, and what became of them."""

RANK = {Fate.RECORD: 0, Fate.OUT_OF_SCOPE: 1, Fate.SEALED: 2, Fate.ISSUE: 3, Fate.FURNITURE: 4}
"""Where ranges overlap, the higher one counts."""


def coverage_rows(
    reading: ShardReading,
    painted: list[Painted],
    begun: Counter[tuple[int | None, bool]],
    source_id: str,
    label: str,
) -> Iterator[dict[str, Any]]:
    """Give every byte of a shard one fate; bars within records are furniture.

    Args:
        reading: the shard, read to its end.
        painted: ranges of its records.
        begun: records that begin on a page (on a sheet, where there are any), sealed or not.
        source_id: the file.
        label: its short name.

    Yields:
        A row of ``coverage`` for each page, or part of one, in the shard.
    """
    bars = [(start, end, Fate.FURNITURE) for start, end in reading.bars]
    unread = [(start, end, Fate.ISSUE) for start, end in reading.unread]
    runs = list(flatten([*painted, *bars, *unread]))
    starts = [start for start, _, _ in runs]
    counted: set[int | None] = set()
    for number, (page, first, last) in enumerate(reading.pages):
        sheet = reading.sheets[number] if reading.sheets else None
        unit = page if sheet is None else sheet
        fates: Counter[Fate] = Counter()
        at = max(bisect_right(starts, first) - 1, 0)
        while at < len(runs) and runs[at][0] < last:
            start, end, fate = runs[at]
            fates[fate] += max(min(end, last) - max(start, first), 0)
            at += 1
        fates[Fate.FURNITURE] += last - first - sum(fates.values())
        new = unit not in counted
        counted.add(unit)
        yield {
            "source_id": source_id, "source_label": label,
            "page": page, "sheet": sheet, "byte_start": first, "byte_end": last,
            **{fate.value: fates[fate] for fate in Fate},
            "record_count": (begun[unit, False] + begun[unit, True]) * new,
            "sealed_count": begun[unit, True] * new,
        }  # fmt: skip


def flatten(painted: list[Painted]) -> Iterator[Painted]:
    """Turn ranges that overlap into runs that do not; the higher rank wins."""
    edges = sorted(
        [(start, 1, fate) for start, end, fate in painted if end > start]
        + [(end, -1, fate) for start, end, fate in painted if end > start],
        key=lambda edge: edge[0],
    )
    open_fates: Counter[Fate] = Counter()
    previous = 0
    for position, change, fate in edges:
        if position > previous:
            present = [item for item, count in open_fates.items() if count > 0]
            if present:
                yield previous, position, max(present, key=RANK.__getitem__)
        open_fates[fate] += change
        previous = position
