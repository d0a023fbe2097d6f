"""Reads a file as a run does (intake, auction, reader), without guard, extractors and tables."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.config import Limits
from pipeline.errors import ConfigError, SourceError
from pipeline.intake import take_in
from pipeline.plan import Item, Received, _add
from pipeline.readers import reader_named
from pipeline.readers.base import (
    About,
    Bid,
    Candidate,
    Located,
    Preparing,
    Reader,
    Record,
    ShardReading,
)

ZONE = "America/Chicago"
LOUD = ("warning", "error")
WORD = re.compile(r"\w+")
LIMITS = Limits()


@dataclass
class Outcome:
    """What became of the files of a folder."""

    readers: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    readings: list[ShardReading] = field(default_factory=list)
    issues: list[tuple[str, str, int]] = field(default_factory=list)
    """Severity, code, count."""

    @property
    def loud(self) -> list[tuple[str, str, int]]:
        """Issues that somebody has to look at."""
        return [issue for issue in self.issues if issue[0] in LOUD]

    @property
    def words(self) -> set[str]:
        """All words that came through, wherever they stand."""
        found: set[str] = set()
        for record in self.records:
            found.update(words_of(record))
        for reading in self.readings:
            for fact in reading.accounts:
                found.update(WORD.findall(f"{fact.value} {fact.account.name or ''}"))
        return found


def words_of(record: Record) -> list[str]:
    """Return the words of a record: text, what it states, people, files, time as written."""
    people = [record.author, *record.recipients]
    parts = [record.text, record.sent_raw, record.thread_name]
    parts += [f"{a.name or ''} {a.provider_account_id or ''}" for a in people if a]
    parts += [f"{label} {value}" for label, value in record.attributes]
    parts += [f"{a.name or ''} {a.path or ''} {a.url or ''}" for a in record.attachments]
    return WORD.findall(" ".join(part for part in parts if part))


def read_folder(folder: Path, files: dict[str, bytes], *, exact: bool = True) -> Outcome:
    """Write files into a folder, read it as a source, and check what every reading must keep.

    With ``exact``, bytes hold the words of their record; else, after damage to the markup between
    them, its letters.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    outcome = Outcome()
    received = Received()
    try:
        for part in take_in(folder, LIMITS):
            _add(received, "DOC-1", part)
    except ConfigError:
        outcome.issues.append(("error", "no_source", 1))
        return outcome
    outcome.issues += [(row["severity"], row["code"], row["count"]) for row in received.issues]
    for item in received.readable:
        _read(item, outcome, exact=exact)
    return outcome


def _read(item: Item, outcome: Outcome, *, exact: bool) -> None:
    reader = reader_named(item.file.reader or "")
    outcome.readers.append(reader.name)
    data = b"".join(item.file.blocks())
    about = About(item.service or "", item.file.path, ZONE)
    records: list[Record] = []
    at = 0
    try:
        if isinstance(reader, Preparing):
            where = item.file.located
            blocks = (reader.prepare(where, part) for part in reader.parts(where))
        else:
            blocks = item.file.blocks()
        for number, shard in enumerate(reader.shards(blocks, has_pages=item.file.bars > 0)):
            assert shard.ordinal == number
            assert shard.byte_start == at, "shards leave a gap"
            at = shard.byte_end
            reading = reader.read(shard, about)
            mine = list(reading.records)
            check_reading(reading, mine, shard.byte_start, shard.byte_end)
            records += mine
            outcome.readings.append(reading)
            outcome.issues += [(i.severity.value, i.code, i.count) for i in reading.issues]
    except SourceError as error:
        outcome.issues.append(("error", error.code, 1))
    else:
        assert at == len(data) or not reader.has_bytes, "the end of the file is in no shard"
    if reader.has_bytes:
        bars = [bar for reading in outcome.readings for bar in reading.bars]
        for record in records:
            check_bytes(record, data, bars, exact=exact)
    units = [(r.page_first if r.sheet_first is None else r.sheet_first) for r in records]
    keys = Counter((u, r.line_first, r.field) for u, r in zip(units, records, strict=True))
    assert max(keys.values(), default=1) == 1, f"two records have one id: {keys.most_common(3)}"
    outcome.records += records


def check_reading(reading: ShardReading, records: list[Record], start: int, end: int) -> None:
    """Make sure that pages cover a shard and that records are whole in themselves."""
    at = start
    for _, first, last in reading.pages:
        assert first == at and last > first, f"pages do not follow each other at {at}"
        at = last
    assert at == end, "pages do not cover the shard"
    assert not reading.sheets or len(reading.sheets) == len(reading.pages)
    for first, last in [*reading.unread, *reading.bars]:
        assert start <= first <= last <= end
    ends: list[int] = []
    for record in sorted(records, key=lambda r: (r.byte_start, -r.byte_end)):
        assert start <= record.byte_start <= record.byte_end <= end, record.field
        while ends and ends[-1] <= record.byte_start:
            ends.pop()
        assert not ends or record.byte_end <= ends[-1], f"{record.field} lies across another"
        ends.append(record.byte_end)
        check_record(record)
    for issue in reading.issues:
        assert issue.count >= 1 and issue.message and issue.code


def check_record(record: Record) -> None:
    """Make sure that a record's text can be stored and cited."""
    assert record.line_first >= 1
    assert (record.page_first is None) == (record.page_last is None)
    text = record.text
    starts = [segment[0] for segment in record.segments]
    assert starts == sorted(set(starts)) and (not starts or starts[0] == 0)
    if text is not None:
        text.encode()  # a lone surrogate cannot be stored
        assert not starts or starts[-1] <= len(text)
    for one in record.stated:
        assert text is not None and 0 <= one.start < one.end <= len(text)
    for word in words_of(record):
        word.encode()
    assert record.sent_at is None or record.sent_at.tzinfo is not None
    assert record.ocr is None or 0 <= record.ocr <= 1


ASCII = re.compile(rb"[A-Za-z0-9]{3,}")
ENCODED = (b"base64", b"quoted-printable", b"=?", b"&#", b"\\u")
"""Signs that letters may not stand in the file as such."""


def check_bytes(
    record: Record, data: bytes, bars: list[tuple[int, int]], *, exact: bool = True
) -> None:
    """Make sure that the bytes of a record hold its text, where that stands in them as such."""
    if not record.text or any(s < record.byte_end and e > record.byte_start for s, e in bars):
        return
    raw = data[record.byte_start : record.byte_end].replace(b"\0", b"")
    if any(sign in data for sign in ENCODED):
        return
    words = ASCII.findall(record.text.encode("ascii", "replace"))
    if exact:
        for word in words:
            assert word in raw, f"{record.field}: {word!r} is not in its bytes"
    else:
        assert not Counter(b"".join(words)) - Counter(raw), record.field


def told(record: Record) -> dict[str, Any]:
    """Return a record as the golden files have it."""
    where = [record.page_first, record.sheet_first, record.line_first]
    return {
        "kind": record.kind.value, "at": where, "field": record.field, "text": record.text,
        "author": record.author.name if record.author else None,
        "sent": record.sent_at.isoformat() if record.sent_at else None,
        "thread": record.thread_id,
    }  # fmt: skip


def bid_of(reader: Reader, data: bytes | str, path: str) -> Bid:
    """Return what a reader bids for a file of these bytes and this name."""
    data = data if isinstance(data, bytes) else data.encode()
    return reader.bid(Candidate(path, data[: 1 << 16], Located(Path(path), None, len(data), "")))


def locate(folder: Path, data: bytes, name: str = "a.pdf") -> Located:
    """Write a file under a name that its bytes decide, and say where it is."""
    digest = hashlib.sha256(data).hexdigest()
    path = folder / f"{digest[:16]}-{name}"
    path.write_bytes(data)
    return Located(path, None, len(data), digest)
