"""Holds a case against the gold of the return it was made from: was every message read, once?"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

KINDS = ("message", "call", "reaction", "system")
COLUMNS = [
    "kind", "text", "author_name", "sent_at", "thread_id", "page_first", "page_last", "source_id",
    "duplicate_of", "record_id", "section",
]  # fmt: skip


@dataclass(slots=True)
class Recovery:
    """Gold messages against records."""

    gold: int = 0
    recovered: int = 0
    """Equal in text, author, time, thread and pages of every file, and canonical exactly once."""
    wrong: Counter[str] = field(default_factory=Counter)
    """What differs, for the rest."""
    surplus: int = 0
    """Canonical message records that no gold row accounts for."""
    examples: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Write the result in one line."""
        told = ", ".join(f"{name} {count:,}" for name, count in sorted(self.wrong.items()))
        return (
            f"{self.recovered:,} of {self.gold:,} gold messages recovered once with text, author, "
            f"time, thread and pages ({100 * self.recovered / max(self.gold, 1):.3f} %); "
            f"{self.surplus:,} surplus{'; ' + told if told else ''}"
        )


def check(case: Path, gold: Path) -> Recovery:
    """Compare a finished case with the gold of its return.

    Args:
        case: a case folder.
        gold: gold.jsonl as ``triage sample`` writes it.
    """
    tables = case / "tables"
    names = {
        row["source_id"]: row["path"].rpartition("/")[2]
        for row in pq.read_table(tables / "sources", columns=["source_id", "path"]).to_pylist()
    }
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    rows = pq.read_table(tables / "records", columns=COLUMNS).to_pylist()
    repeats: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["kind"] not in KINDS or row["thread_id"] is None:
            continue
        row["file"] = names[row["source_id"]]
        if row["duplicate_of"] is None:
            found[_key(row)].append(row)
        else:
            repeats[row["duplicate_of"]].append(row)
    recovery = Recovery()
    with gold.open(encoding="utf-8") as stream:
        for line in stream:
            _compare(json.loads(line), found, repeats, recovery)
    recovery.surplus = sum(len(left) for left in found.values())
    return recovery


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    sent = row["sent_at"]
    stamp = sent.strftime("%Y-%m-%dT%H:%M:%SZ") if sent is not None else None
    return row["thread_id"], stamp, row["author_name"], row["text"]


def _compare(
    gold: dict[str, Any],
    found: dict[tuple[Any, ...], list[dict[str, Any]]],
    repeats: dict[str, list[dict[str, Any]]],
    recovery: Recovery,
) -> None:
    recovery.gold += 1
    key = (gold["thread_id"], gold["sent_at"], gold["author"] or None, gold["text"])
    same = found.get(key, [])
    for place, row in enumerate(same):
        copies = [row, *repeats.get(row["record_id"], [])]
        pages = {copy["file"]: [copy["page_first"], copy["page_last"]] for copy in copies}
        if pages == gold["pages"] and len(copies) == len(pages) and row["kind"] == gold["kind"]:
            same.pop(place)
            recovery.recovered += 1
            return
    if same:
        row = same.pop(0)
        recovery.wrong["kind" if row["kind"] != gold["kind"] else "pages"] += 1
    else:
        recovery.wrong["not found"] += 1
    if len(recovery.examples) < 10:
        recovery.examples.append(gold["id"])
