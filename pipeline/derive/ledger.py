"""What was received and read, counted: ``sources``, ``coverage``, ``issues``, ``runs``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.case import Case
from pipeline.derive.drift import drift_issues
from pipeline.derive.publish import Derived
from pipeline.derive.tables import write_table
from pipeline.derive.work import ShardOutput
from pipeline.plan import Received
from pipeline.progress import Progress
from pipeline.readers import reader_named
from schemas.kinds import Fate, Severity


@dataclass(slots=True)
class Ledger:
    """The counts of a case; kept in its manifest, printed at the end of a run."""

    pages: int = 0
    messages: int = 0
    records: int = 0
    duplicates: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    """Mentions by kind in canonical records."""
    bytes: dict[str, int] = field(default_factory=dict)
    """Bytes of all pages by fate."""
    issues: int = 0
    errors: int = 0
    issue_codes: dict[str, int] = field(default_factory=dict)
    unread_files: int = 0
    drifted: list[str] = field(default_factory=list)
    """Files whose layout looks changed, in words."""
    scope: list[str] = field(default_factory=list)
    """What the scope covers, in words; empty = none was given."""
    scopes: dict[str, int] = field(default_factory=dict)
    """Records by where they stand to it; sealed ones are counted apart."""
    sealed: int = 0
    """Records of sealed threads."""
    severities: dict[str, dict[str, int]] = field(default_factory=dict)
    """Issues by severity and code, as often as they came up."""
    watch_entries: int = 0
    """Entries of the watch list."""
    watch_found: int = 0
    """Of them, those found in a mention or as an account."""
    readers: dict[str, dict[str, int]] = field(default_factory=dict)
    """Sources, and how many of their files each reader took; "" = none took them."""
    untouched: dict[str, str] = field(default_factory=dict)
    """Sources, and whether each was as before after all was read (pipeline.custody)."""
    zone: str = "America/Chicago"
    """IANA zone of local times in reports, as ``--timezone`` gave it."""

    @property
    def scoped(self) -> bool:
        """Whether a scope was given."""
        return bool(self.scope)

    @property
    def bytes_total(self) -> int:
        """Bytes of all pages."""
        return sum(self.bytes.values())

    @property
    def share_not_understood(self) -> float:
        """Share of the bytes of pages that were not understood, from 0 to 1."""
        return self.bytes.get(Fate.ISSUE.value, 0) / max(self.bytes_total, 1)


def write_ledger(
    case: Case,
    staged: Path,
    received: Received,
    shards: list[ShardOutput],
    derived: Derived,
    issues: list[dict[str, Any]],
    facts: dict[str, Any],
    progress: Progress,
) -> Ledger:
    """Write the four tables and return the counts."""
    tables = staged / "tables"
    ledger = Ledger(rows=dict(derived.rows), kinds=dict(sorted(derived.kinds.items())))
    ledger.duplicates = derived.duplicates
    ledger.messages = derived.messages
    ledger.watch_entries = derived.watch_entries
    ledger.watch_found = derived.watch_entries - len(derived.watch_missing)
    process = case.document().unwrap().get("legal_process", {}).get("number") or None
    counts = {
        item.file.source_id: derived.records_by_source[number]
        for number, item in enumerate(received.readable)
    }
    seen: dict[str, set[int]] = {}
    coverage = _coverage(shards, received, ledger, seen)
    ledger.rows["coverage"] = write_table(tables, "coverage", coverage)
    pages = {name: len(numbers - {0}) for name, numbers in seen.items()}
    rows = _sources(received, counts, pages, process)
    ledger.pages = sum(row["page_count"] for row in rows)
    ledger.rows["sources"] = write_table(tables, "sources", rows)
    all_issues = [row for shard in shards for row in shard.table("issues").to_pylist()]
    drift = list(drift_issues(received, shards))
    merged = _merged([*issues, *derived.issues, *all_issues, *drift])
    ledger.drifted = [row["message"] for row in drift]
    ledger.rows["issues"] = write_table(tables, "issues", merged)
    ledger.issues = len(merged)
    ledger.errors = sum(row["severity"] == Severity.ERROR.value for row in merged)
    for row in merged:
        code = row["code"]
        ledger.issue_codes[code] = ledger.issue_codes.get(code, 0) + row["count"]
        codes = ledger.severities.setdefault(row["severity"], {})
        codes[code] = codes.get(code, 0) + row["count"]
    ledger.unread_files = sum(
        row["count"]
        for row in merged
        if row["stage"] == "intake" and row["severity"] == Severity.ERROR.value
    )
    ledger.records = sum(shard.records for shard in shards)
    ledger.scopes = _scopes(tables / "records")
    for item in received.items:
        takers = ledger.readers.setdefault(item.label.split("/", 1)[0], {})
        takers[item.file.reader or ""] = takers.get(item.file.reader or "", 0) + 1
    run = facts | {
        "finished_at": datetime.now(UTC),
        "row_counts": [{"name": n, "count": c} for n, c in sorted(ledger.rows.items())],
        "stage_seconds": [{"stage": n, "seconds": s} for n, s in progress.seconds.items()],
    }
    ledger.rows["runs"] = write_table(tables, "runs", [*_earlier_runs(case), run])
    return ledger


def _sources(
    received: Received, counts: dict[str, int], pages: dict[str, int], process: str | None
) -> list[dict[str, Any]]:
    rows = []
    for item in received.items:
        file = item.file
        reader = reader_named(file.reader) if file.reader else None
        rows.append({
            "source_id": file.source_id, "source_label": item.label, "path": item.shown_path,
            "container": item.shown_container,
            "container_sha256": file.container_sha256, "source_sha256": file.sha256,
            "size_bytes": file.size_bytes, "media_type": file.media_type, "reader": file.reader,
            "reader_version": reader.version if reader else None, "provider": item.provider,
            "service": item.service, "legal_process": process,
            "page_count": pages.get(file.source_id, 0) if file.sheets else file.page_count,
            "sheet_count": file.sheets or None,
            "record_count": counts.get(file.source_id, 0),
        })  # fmt: skip
    return rows


def _coverage(
    shards: list[ShardOutput], received: Received, ledger: Ledger, seen: dict[str, set[int]]
) -> Iterator[dict[str, Any]]:
    """Yield pages in order, the two halves of a page that shards share joined; note them."""
    readable = received.readable
    pending: dict[str, Any] | None = None
    pending_has_bytes = True
    for shard in shards:
        has_bytes = reader_named(readable[shard.source].file.reader or "").has_bytes
        for row in shard.table("coverage").to_pylist():
            if row["page"] is not None:
                seen.setdefault(row["source_id"], set()).add(row["page"])
            same = (
                pending is not None
                and pending["source_id"] == row["source_id"]
                and (pending["page"], pending["sheet"]) == (row["page"], row["sheet"])
                and pending["byte_end"] == row["byte_start"]
            )
            if pending is not None and same:
                for name in (*(fate.value for fate in Fate), "record_count", "sealed_count"):
                    pending[name] += row[name]
                pending["byte_end"] = row["byte_end"]
                continue
            if pending is not None:
                yield _counted(pending, ledger, has_bytes=pending_has_bytes)
            pending, pending_has_bytes = row, has_bytes
    if pending is not None:
        yield _counted(pending, ledger, has_bytes=pending_has_bytes)


def _counted(row: dict[str, Any], ledger: Ledger, *, has_bytes: bool) -> dict[str, Any]:
    for fate in Fate:
        ledger.bytes[fate.value] = ledger.bytes.get(fate.value, 0) + row[fate.value]
    ledger.sealed += row["sealed_count"]
    return row if has_bytes else row | {"byte_start": None, "byte_end": None}


def _merged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join rows of one id, counts added; worst first, then by stage, code and id."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["issue_id"] in found:
            found[row["issue_id"]]["count"] += row["count"]
        else:
            found[row["issue_id"]] = dict(row)
    rank = {severity.value: n for n, severity in enumerate(reversed(Severity))}
    return sorted(
        found.values(),
        key=lambda row: (rank[row["severity"]], row["stage"], row["code"], row["issue_id"]),
    )


def _scopes(folder: Path) -> dict[str, int]:
    import pyarrow.parquet as pq

    found: Counter[str] = Counter()
    for part in sorted(folder.glob("*.parquet")):
        with pq.ParquetFile(part) as file:
            for batch in file.iter_batches(columns=["scope"]):
                for row in batch.column(0).value_counts().to_pylist():
                    found[row["values"]] += row["counts"]
    return dict(sorted(found.items()))


def _earlier_runs(case: Case) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    folder = case.path / "tables" / "runs"
    return list(pq.read_table(folder).to_pylist()) if folder.is_dir() else []
