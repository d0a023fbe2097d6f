"""Messenger's own export of end-to-end encrypted threads: one JSON file a thread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pipeline.readers.base import (
    NO_BID,
    About,
    Bid,
    Candidate,
    Record,
    Shard,
    ShardReading,
    whole_file,
)
from pipeline.readers.dyi_messages import Shape, thread_records
from pipeline.readers.dyi_parts import PROVIDER, Strings, Tally, head_text, unread
from pipeline.readers.dyi_sections import Export
from pipeline.readers.encodings import encoding_issue
from pipeline.readers.json_spans import read_json

SHAPE = Shape(
    sender="senderName",
    text="text",
    time="timestamp",
    time_else="timestamp_ms",
    unsent="isUnsent",
    title="threadName",
    files=("media",),
    ignored=frozenset(),
)
"""Keys of a message (FORMATS 7)."""

_PLAIN_NAMES = re.compile(r'"participants"\s{0,9}:\s{0,99}\[\s{0,99}"')


class DyiE2ee:
    """Records of one file of Messenger's export of end-to-end encrypted threads.

    Finds: messages with files and reactions, participants; other texts as generic records. Its
        strings are plain UTF-8: nothing is repaired.
    Does not find: files that the export failed to download, which are counted.

    References:
        - FORMATS 7 (RLEAPP, facebookE2EMessages)
    """

    name: ClassVar[str] = "dyi_e2ee"
    version: ClassVar[int] = 1
    provider: ClassVar[str | None] = PROVIDER
    media_type: ClassVar[str] = "application/json"
    title: ClassVar[str] = "Messenger export of end-to-end encrypted threads, JSON"
    confidence: ClassVar[str] = "confirmed by one public parser"
    has_bytes: ClassVar[bool] = True
    units: ClassVar[tuple[str, str]] = ("p.", "l.")

    def bid(self, candidate: Candidate) -> Bid:
        """Say how sure it is: by the keys alone, as files are named after people."""
        if not candidate.head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"{"):
            return NO_BID
        head = head_text(candidate.head)
        plain = _PLAIN_NAMES.search(head)
        if '"senderName"' in head and ('"threadName"' in head or plain):
            return Bid(95, "keys of an end-to-end encrypted Messenger thread (senderName)")
        if plain and '"threadName"' in head:
            return Bid(86, "keys of an end-to-end encrypted Messenger thread (threadName)")
        return NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """Say the service; the file does not say whose export it is."""
        del candidate
        return "facebook", frozenset()

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Take the whole file: its people and its name may stand at either end."""
        del has_pages
        return whole_file(blocks)

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read the file."""
        reading = ShardReading(iter(()), [(None, shard.byte_start, shard.byte_end)])
        reading.records = _records(shard, about, reading)
        return reading


def _records(shard: Shard, about: About, reading: ShardReading) -> Iterator[Record]:
    found = read_json(shard.block)
    tally = Tally()
    reading.unread = unread(found, found.holes, tally)
    strings = Strings(tally, doubled=False)
    export = Export(found, about.path, about.service or "facebook", reading, tally, strings)
    name = next(
        (strings.text(found.value(unit)) for unit in found.units if unit.path == (SHAPE.title,)),
        None,
    )
    for record in thread_records(export, SHAPE):
        record.section = "messages/e2ee"
        if name:
            # the name carries a number of its own (``Dovie Larkspur_1``), so it tells threads apart
            record.thread_id = name
        yield record
    issue = encoding_issue(found.decoded)
    reading.issues = ([issue] if issue else []) + list(tally.issues())
