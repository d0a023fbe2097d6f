"""The drift alarm: a provider's layout that has changed under its reader must not go unnoticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow.compute as pc

from pipeline.derive.work import ShardOutput
from pipeline.plan import Received
from pipeline.readers import reader_named
from pipeline.readers.base import Issue
from pipeline.record_rows import issue_row
from pipeline.shard import read_receipt
from schemas.kinds import Fate, RecordKind, Severity

CODE = "layout_drift"
UNREAD = 0.01
"""Share of a file's bytes that were not understood from which on it is an alarm. On synthetic
returns of all known layouts it is 0; a value orphaned by a page break is some 50 bytes of 4,000."""
UNREAD_BYTES = 200
"""And at least so many, lest one orphaned value in a tiny file ring."""
UNKNOWN = 0.10
"""Share of a file's bytes in sections or fields that no rule knows, read as generic records. Known
returns stay under 0.03; a conversation section under a new name is most of a file."""
UNKNOWN_BYTES = 2_000
LABELLED = 0.10
"""Share of messages with a field that is not known from which on it is an alarm."""


def drift_issues(received: Received, shards: list[ShardOutput]) -> Iterator[dict[str, Any]]:
    """Yield an issue of severity error for each file whose layout looks changed.

    Only layouts of providers are looked at: a plain document has none.

    Args:
        received: the files of the case.
        shards: all finished shards, in order.
    """
    unread, unknown, known, total, strange, messages = (Counter[int]() for _ in range(6))
    readable = received.readable
    layouts = [reader_named(item.file.reader or "").provider is not None for item in readable]
    for shard in shards:
        if not layouts[shard.source]:
            continue
        coverage = shard.table("coverage", [fate.value for fate in Fate])
        for fate in Fate:
            total[shard.source] += pc.sum(coverage[fate.value]).as_py() or 0
        unread[shard.source] += pc.sum(coverage[Fate.ISSUE.value]).as_py() or 0
        receipt = read_receipt(shard.folder)
        messages[shard.source] += receipt["messages"]
        issues = shard.table("issues", ["code", "count"])
        labelled = issues.filter(pc.equal(issues["code"], "unknown_label"))
        strange[shard.source] += pc.sum(labelled["count"]).as_py() or 0
        kinds = receipt["kinds"]
        unknown[shard.source] += kinds.pop(RecordKind.GENERIC.value, 0)
        known[shard.source] += sum(kinds.values())
    for number, item in enumerate(readable):
        size = max(total[number], 1)
        if not known[number]:
            unknown[number] = 0  # a part of a download that has no rules at all, as many have
        found = [
            f"{100 * count / size:.1f} % of it {what}"
            for count, share, least, what in (
                (unread[number], UNREAD, UNREAD_BYTES, "was not understood"),
                (unknown[number], UNKNOWN, UNKNOWN_BYTES, "stands in sections that are not known"),
            )
            if count >= least and count > share * size
        ]
        if strange[number] > LABELLED * max(messages[number], 1):
            found.append(f"{strange[number]:,} messages of it have fields that are not known")
        if found:
            yield issue_row(
                Issue(
                    Severity.ERROR, "read", CODE,
                    f"the layout looks changed: {' and '.join(found)}; compare the report with the "
                    f"file itself before relying on it, and report this to the makers "
                    f"(reader {item.file.reader})",
                ),
                item.file.source_id, item.label,
            )  # fmt: skip
