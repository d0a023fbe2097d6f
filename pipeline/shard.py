"""One shard in one worker: read, guard, extract, write. The only caller of readers and extractors.

What a shard writes stands in a folder of its own, made beside and renamed when whole, its receipt
last; a folder that is there is done. Text out of scope, and sealed text, is dropped here, before
anything is written.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.base import Hit
from extractors.date_threads import resolve
from extractors.finder import Finder, extractor_of
from extractors.stated import stated_hit
from pipeline.collecting import uncollected
from pipeline.coverage import coverage_rows
from pipeline.guard import Guard
from pipeline.hits import pack
from pipeline.readers import reader_named
from pipeline.readers.base import (
    About,
    Account,
    Issue,
    Reader,
    Record,
    Shard,
    ShardReading,
)
from pipeline.record_rows import (
    SILENT,
    account_id,
    attachment_rows,
    issue_row,
    out_row,
    place_row,
    record_row,
)
from pipeline.rows import mention_rows
from pipeline.sealing.cues import is_cue
from pipeline.sealing.facts import shown_facts
from pipeline.sealing.seal import SINGLE, Sealer, Sealing, without_names, without_ncmec
from pipeline.work_tables import WORK_TABLES
from schemas.ids import record_id, stable_id
from schemas.kinds import Basis, Fate, RecordKind, Scope, Severity
from schemas.validate import batch_of


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What every shard of a file shares."""

    source_id: str
    label: str
    path: str
    """In the return."""
    reader: str
    service: str
    targets: frozenset[str]
    """Number and names of the account the file is about, lower case."""


@dataclass(frozen=True, slots=True)
class ShardTask:
    """All that a worker needs."""

    folder: Path
    """Where its output goes; there when done."""
    source: SourceContext
    shard: Shard
    guard: Guard
    region: str
    zone: str
    """IANA zone in which relative dates are meant."""
    model: str | None
    """Path of the names model; None = without."""
    sealing: Sealing = field(default_factory=Sealing)


NO_GUARD = Guard()
"""Lets everything pass."""


@dataclass(slots=True)
class _Output:
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in WORK_TABLES}
    )
    painted: list[tuple[int, int, Fate]] = field(default_factory=list)
    starts: Counter[tuple[int | None, bool]] = field(default_factory=Counter)
    """Records that begin on a page (on a sheet, where there are any), sealed or not."""
    accounts: set[Account] = field(default_factory=set)
    shown: list[Record] = field(default_factory=list)
    """Records in scope, none of them sealed."""
    cues: dict[str | None, dict[str, Any]] = field(default_factory=dict)
    """By conversation: the issue that its texts speak of counsel or of an advocate."""
    seen: Counter[str] = field(default_factory=Counter)
    """Ids of records."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Bytes of records by kind."""
    records: int = 0
    messages: int = 0
    pages: int = 0
    sections: set[str] = field(default_factory=set)
    known: dict[int, list[str]] = field(default_factory=dict)
    """Ids of the recipients met, by the address of their tuple."""

    def recipient_ids(self, recipients: tuple[Account, ...]) -> list[str]:
        """Ids of accounts, which are noted; the records of a thread share one tuple of them."""
        # by the tuple's own address: the shard's records hold it, so no other takes that
        ids = self.known.get(id(recipients))
        if ids is None:
            self.accounts.update(recipients)
            found = (account_id(item) for item in recipients)
            ids = self.known[id(recipients)] = [item for item in found if item is not None]
        return ids


def run_shard(task: ShardTask) -> dict[str, Any]:
    """Do one shard; return its receipt (counts only).

    Raises:
        OSError: the work folder cannot be written.
    """
    if (task.source.source_id, task.shard.ordinal) in task.sealing.blind:
        return give_up(task)
    with uncollected():
        return _done(task)


def _done(task: ShardTask) -> dict[str, Any]:
    reading, records = _reading(reader_named(task.source.reader), task)
    return _finish(task, reading, records)


def give_up(task: ShardTask) -> dict[str, Any]:
    """Leave a shard that kills its workers unread, and say so; return its receipt.

    Raises:
        OSError: the work folder cannot be written.
    """
    reading = _unread(
        task, "shard_failed",
        "what begins here ends every worker process that reads it (out of memory?)",
    )  # fmt: skip
    return _finish(task, reading, [], failed=True)


def _finish(
    task: ShardTask, reading: ShardReading, records: list[Record], *, failed: bool = False
) -> dict[str, Any]:
    finder = _finder(task.region, task.model)
    output = _Output()
    sealer = Sealer(task.sealing, task.source.source_id)
    reader = reader_named(task.source.reader)
    stands = [_standing(record, task, reader, sealer) for record in records]
    finder.prepare([
        record.text
        for record, stand in zip(records, stands, strict=True)
        if isinstance(stand, Scope) and not stand.is_out and is_read(record) and record.text
    ])  # fmt: skip
    for record, stand in zip(records, stands, strict=True):
        _take(record, stand, task, reader, finder, sealer, output)
    guarded = task.guard != NO_GUARD or task.sealing.is_active or bool(sealer.counts)
    _account_rows(reading, output, guarded=guarded)
    output.pages = len(reading.sheets) or len(reading.bars)
    source = task.source
    output.rows["coverage"] = list(
        coverage_rows(reading, output.painted, output.starts, source.source_id, source.label)
    )
    output.rows["issues"] = [
        issue_row(without_names(issue) if sealer.counts else issue, source.source_id, source.label)
        for issue in reading.issues
    ]
    output.rows["issues"] += output.cues.values()
    return _write(task, output, sealer, failed=failed)


def _reading(reader: Reader, task: ShardTask) -> tuple[ShardReading, list[Record]]:
    """Read a shard; a reader that fails on it costs that shard, loudly, and not the run."""
    about = About(task.source.service, task.source.path, task.zone)
    try:
        reading = reader.read(task.shard, about)
        return reading, list(reading.records)
    except (MemoryError, OSError):
        raise
    except Exception as error:
        failed = f"the reader {reader.name} failed on what begins here ({type(error).__name__})"
        return _unread(task, "reader_failed", failed), []


def _unread(task: ShardTask, code: str, message: str) -> ShardReading:
    shard = task.shard
    where = (shard.byte_start, shard.byte_end)
    told = (
        f"{message}, bytes {where[0]:,} to {where[1]:,}; nothing of it was read: look at these "
        "pages yourself, and report this to the makers"
    )
    issue = Issue(Severity.ERROR, "read", code, told, page=shard.page or None)
    return ShardReading(iter(()), pages=[(shard.page, *where)], unread=[where], issues=[issue])


def read_receipt(folder: Path) -> dict[str, Any]:
    """Return the receipt of a finished shard."""
    return dict(json.loads((folder / "receipt.json").read_text("utf-8")))


def warm(options: tuple[str, str | None]) -> None:
    """Load lists and names model in a worker: 1.3 s, while sources are still being hashed.

    Args:
        options: region and model, as of :class:`ShardTask`.
    """
    _finder(*options).find("Deja said 651-555-0117 is at the Rodeway in Fridley, 80 bucks, tonight")


@cache
def _finder(region: str, model: str | None) -> Finder:
    return Finder(region, model)


@dataclass(frozen=True, slots=True)
class _Sealed:
    """Where a sealed record stands."""

    group: str
    """Id under which it is sealed."""


def _standing(record: Record, task: ShardTask, reader: Reader, sealer: Sealer) -> Scope | _Sealed:
    """Say where a record stands to the legal process, or under which id it is sealed."""
    group = SINGLE if task.guard.seals(record) else sealer.group_of(record)
    if group is not None:
        return _Sealed(group)
    return task.guard.scope_of(
        record, task.source.targets, has_sections=reader.provider is not None
    )


def is_read(record: Record) -> bool:
    """Whether extractors look at a record's text: somebody wrote it, and no field states it."""
    return bool(record.text) and not record.stated and record.kind not in SILENT


def _take(
    record: Record,
    stand: Scope | _Sealed,
    task: ShardTask,
    reader: Reader,
    finder: Finder,
    sealer: Sealer,
    output: _Output,
) -> None:
    unit = record.page_first if record.sheet_first is None else record.sheet_first
    output.starts[unit, isinstance(stand, _Sealed)] += 1
    output.sections.add(record.section)
    identity = record_id(task.source.source_id, unit, record.line_first, record.field)
    if output.seen[identity]:  # damage can set two records on one line
        again = f"{record.field}~{output.seen[identity] + 1}"
        identity = record_id(task.source.source_id, unit, record.line_first, again)
    output.seen[identity] += 1
    place = place_row(record, reader, task.source.source_id, task.source.label)
    if isinstance(stand, _Sealed):
        output.painted.append((record.byte_start, record.byte_end, Fate.SEALED))
        sealer.keep(record, stand.group, identity, place)
        return
    is_out = stand.is_out
    fate = Fate.OUT_OF_SCOPE if is_out else Fate.RECORD
    output.painted.append((record.byte_start, record.byte_end, fate))
    output.records += 1
    output.kinds[record.kind] += record.byte_end - record.byte_start
    output.messages += record.kind is RecordKind.MESSAGE
    if is_out:
        output.rows["records"].append(out_row(record, identity, stand, place))
        return
    without_ncmec(record, task.sealing)
    hits: list[tuple[Hit, Basis]] = []
    found: tuple[Hit, ...] = ()
    wanted = False
    text = record.text or ""
    is_said = is_read(record)
    if text and record.stated:
        hits = [
            (stated_hit(s.kind, text, s.start, s.end, s.rule, task.source.service, task.region),
             Basis.STATED)
            for s in record.stated
        ]  # fmt: skip
    elif is_said:
        found = sealer.mark(resolve(finder.find(text), record.sent_at, task.zone), text)
        hits = [(hit, Basis.FOUND) for hit in found]
        wanted = record.thread_id is not None and finder.wants(text, found)
    row = record_row(record, identity, stand, place)
    row["recipient_account_ids"] = output.recipient_ids(record.recipients)
    row["hits"] = pack(found) if wanted else None
    output.rows["records"].append(row)
    output.shown.append(record)
    if is_said and is_cue(text):
        _note_cue(record, identity, task, output)
    if record.author is not None:
        output.accounts.add(record.author)
    if record.attachments:
        output.rows["attachments"] += attachment_rows(record, identity)
    for hit, basis in hits:
        for name, mention in mention_rows(hit, basis, row, extractor_of(hit)):
            output.rows[name].append(mention)


def _note_cue(record: Record, identity: str, task: ShardTask, output: _Output) -> None:
    """Ask for a look at a conversation that speaks of counsel; one issue for each, counted."""
    row = output.cues.get(record.thread_id)
    if row is not None:
        row["count"] += 1
        return
    issue = Issue(
        Severity.WARNING, "guard", "privilege_cue",
        "a conversation speaks of counsel, of an advocate or of privilege, and is not sealed; have "
        "somebody outside the investigation look at it first",
    )  # fmt: skip
    source = task.source
    row = issue_row(issue, source.source_id, source.label)
    row["issue_id"] = stable_id("issue", "privilege_cue", source.source_id, record.thread_id)
    output.cues[record.thread_id] = row | {"record_id": identity, "page": record.page_first}


def _account_rows(reading: ShardReading, output: _Output, *, guarded: bool) -> None:
    """Write what is stated of accounts; where records were dropped, what the others show alone."""
    names = {(a.provider, a.provider_account_id, "name", a.name or "") for a in output.accounts}
    facts = {
        (f.account.provider, f.account.provider_account_id or "", f.field, f.value)
        for f in (shown_facts(reading.accounts, output.shown) if guarded else reading.accounts)
    }
    for provider, number, name, value in sorted(
        facts | {item for item in names if item[1] is not None}
    ):
        output.rows["accounts"].append({
            "provider": provider, "provider_account_id": number or None, "field": name,
            "value": value or None,
        })  # fmt: skip


def _write(task: ShardTask, output: _Output, sealer: Sealer, *, failed: bool) -> dict[str, Any]:
    folder = task.folder
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True, mode=0o700)
    sealed_name = sealer.write(f"{task.source.source_id}-{folder.name}")
    for name, schema in WORK_TABLES.items():
        if not output.rows[name]:
            continue  # an absent file is an empty table: returns can have thousands of small files
        batch = batch_of(output.rows[name], schema)
        pq.write_table(
            pa.Table.from_batches([batch]), beside / f"{name}.parquet", compression="lz4"
        )
    receipt = {
        "ordinal": task.shard.ordinal,
        "failed": failed,
        "byte_start": task.shard.byte_start,
        "byte_end": task.shard.byte_end,
        "records": output.records,
        "messages": output.messages,
        "pages": output.pages,
        "kinds": dict(sorted(output.kinds.items())),
        # of the return's own words none: only which of the scope's are among them
        "categories": sorted(task.guard.named_in(output.sections)),
        "rows": {name: len(rows) for name, rows in output.rows.items()},
        "sealed": dict(sorted(sealer.counts.items())),
        "sealed_name": sealed_name,
        "sealed_files": sorted(sealer.files),
        "sealed_ids": sealer.ids,
    }
    (beside / "receipt.json").write_text(json.dumps(receipt), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)
    return receipt
