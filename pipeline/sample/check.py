"""Holds a case against the gold of the return it was made from: was every message read, once?"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.repeats import folded

SAID = ("message", "call", "reaction", "system")
"""Kinds of which the gold holds every record; of documents it holds what was planted, and neither
titles nor rows of headings."""
KINDS = (*SAID, "document", "row")
COLUMNS = [
    "kind", "text", "author_name", "sent_at", "thread_id", "page_first", "page_last", "source_id",
    "duplicate_of", "record_id", "section",
]  # fmt: skip
STATED = ("thread_id", "sent_at", "author")
"""What is compared where the gold states it; not every format does."""


@dataclass(slots=True)
class Recovery:
    """Gold messages against records."""

    gold: int = 0
    recovered: int = 0
    """Equal in all that the gold states, in every file, and canonical exactly once."""
    wrong: Counter[str] = field(default_factory=Counter)
    """What differs, for the rest."""
    surplus: int = 0
    """Canonical message records that no gold row accounts for."""
    examples: list[str] = field(default_factory=list)
    compared: tuple[str, ...] = ()
    """What the gold states beside the text."""
    repeats: int = 0
    """Repeats that hold a mention, or whose original does."""
    alike: int = 0
    """Those in which the same kinds and values are found as in the original."""

    def line(self) -> str:
        """Write the result in one line."""
        told = ", ".join(f"{name} {count:,}" for name, count in sorted(self.wrong.items()))
        return (
            f"{self.recovered:,} of {self.gold:,} gold messages recovered once with text"
            f"{''.join(f', {name}' for name in self.compared)} "
            f"({100 * self.recovered / max(self.gold, 1):.3f} %); "
            f"{self.surplus:,} surplus{'; ' + told if told else ''}"
        )

    def repeats_line(self) -> str:
        """Write in one line what is found in a message and in its repeats; "" without any."""
        if not self.repeats:
            return ""
        return (
            f"{self.alike:,} of {self.repeats:,} repeats with mentions have the same kinds and "
            f"values as what they repeat ({100 * self.alike / self.repeats:.3f} %)"
        )


def check(case: Path, gold: Path) -> Recovery:
    """Compare a finished case with the gold of its return.

    Args:
        case: a case folder.
        gold: gold.jsonl as ``triage sample`` writes it. Rows have ``id`` and ``text``, and as far
            as the format has them ``thread_id``, ``sent_at``, ``author``, ``kind``, ``pages`` (by
            file: first and last); ``folded`` true compares texts without white space and signs
            that a print may lose.
    """
    with gold.open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    keys = rows[0].keys() if rows else ()
    stated = tuple(name for name in STATED if name in keys)
    is_folded = bool(rows and rows[0].get("folded"))
    found, repeats = _records(case / "tables", stated, is_folded=is_folded)
    recovery = Recovery(compared=(*stated, *(n for n in ("kind", "pages") if n in keys)))
    for row in rows:
        key = _key(row["text"], is_folded, [row[name] or None for name in stated])
        _compare(row, found.get(key, []), repeats, recovery)
    recovery.surplus = sum(row["kind"] in SAID for left in found.values() for row in left)
    _compare_mentions(case / "tables", recovery)
    return recovery


def _compare_mentions(tables: Path, recovery: Recovery) -> None:
    """Count how many repeats hold what their originals hold."""
    originals = {
        row["record_id"]: row["duplicate_of"]
        for row in pq.read_table(
            tables / "records", columns=["record_id", "duplicate_of"]
        ).to_pylist()
        if row["duplicate_of"] is not None
    }
    wanted = originals.keys() | set(originals.values())
    found: dict[str, Counter[tuple[str, str | None]]] = defaultdict(Counter)
    columns = ["record_id", "kind", "value"]
    for row in pq.read_table(tables / "mentions", columns=columns).to_pylist():
        if row["record_id"] in wanted:
            found[row["record_id"]][row["kind"], row["value"]] += 1
    for repeat, original in originals.items():
        if repeat in found or original in found:
            recovery.repeats += 1
            recovery.alike += found.get(repeat) == found.get(original)


Rows = dict[Any, list[dict[str, Any]]]


def _records(tables: Path, stated: tuple[str, ...], *, is_folded: bool) -> tuple[Rows, Rows]:
    """Return canonical records by what they are compared by, and repeats by what they repeat."""
    names = {
        row["source_id"]: row["path"].rpartition("/")[2]
        for row in pq.read_table(tables / "sources", columns=["source_id", "path"]).to_pylist()
    }
    found: Rows = defaultdict(list)
    repeats: Rows = defaultdict(list)
    for row in pq.read_table(tables / "records", columns=COLUMNS).to_pylist():
        if row["kind"] not in KINDS or ("thread_id" in stated and row["thread_id"] is None):
            continue
        row["file"] = names[row["source_id"]]
        sent = row["sent_at"]
        row["sent_at"] = sent.strftime("%Y-%m-%dT%H:%M:%SZ") if sent is not None else None
        row["author"] = row["author_name"]
        if row["duplicate_of"] is None:
            key = _key(row["text"], is_folded, [row[name] for name in stated])
            found[key].append(row)
        else:
            repeats[row["duplicate_of"]].append(row)
    return found, repeats


def _key(text: str | None, is_folded: bool, values: list[str | None]) -> tuple[Any, ...]:
    if is_folded:
        return (folded(text), *(value and folded(value) for value in values))
    return (text, *values)


def _compare(
    gold: dict[str, Any], same: list[dict[str, Any]], repeats: Rows, recovery: Recovery
) -> None:
    recovery.gold += 1
    for place, row in enumerate(same):
        if "kind" in gold and row["kind"] != gold["kind"]:
            continue
        if "pages" in gold:
            copies = [row, *repeats.get(row["record_id"], [])]
            copies = [copy for copy in copies if copy["file"] in gold["pages"]]  # not its print
            pages = {copy["file"]: [copy["page_first"], copy["page_last"]] for copy in copies}
            if pages != gold["pages"] or len(copies) != len(pages):
                continue
        same.pop(place)
        recovery.recovered += 1
        return
    if same:
        row = same.pop(0)
        recovery.wrong["kind" if row["kind"] != gold.get("kind") else "pages"] += 1
    else:
        recovery.wrong["not found"] += 1
    if len(recovery.examples) < 10:
        recovery.examples.append(gold["id"])
