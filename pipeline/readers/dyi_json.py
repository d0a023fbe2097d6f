"""Meta "Download your information" as JSON: Facebook and Instagram, old trees and new."""

from __future__ import annotations

import json
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
from pipeline.readers.dyi_parts import (
    PROVIDER,
    THREAD_FILE,
    TREE,
    Strings,
    Tally,
    head_text,
    service_of,
    unread,
)
from pipeline.readers.dyi_rules import UNKNOWN, rule_of
from pipeline.readers.dyi_sections import Export, section_records
from pipeline.readers.encodings import encoding_issue
from pipeline.readers.json_spans import Unit, read_json

SHAPE = Shape(
    sender="sender_name",
    text="content",
    time="timestamp_ms",
    time_else="timestamp",
    unsent="is_unsent",
    files=("photos", "videos", "audio_files", "gifs", "files", "sticker"),
    title="title",
    ignored=frozenset({
        "is_geoblocked_for_viewer", "is_unsent_image_by_messenger_kid_parent",
        "bumped_message_metadata", "is_taken_down", "creation_timestamp",
    }),
)  # fmt: skip
"""Keys of a message (FORMATS 7)."""
_KEY = re.compile(r'"(\w{3,60})"\s{0,9}:\s{0,9}[\[{]')
_FULL_NAME = re.compile(r'"full_name"\s{0,9}:\s{0,9}("(?:[^"\\]|\\.){1,300}")')
_MAPPED = re.compile(
    r'"(?:Username|Name)"\s{0,9}:\s{0,9}\{[^{}]{0,400}?"value"\s{0,9}:\s{0,9}'
    r'("(?:[^"\\]|\\.){1,300}")'
)
_PROFILE = re.compile(r'"profile(?:_v\d|_user)?"\s{0,9}:')


class DyiJson:
    """Records of one JSON file of a Meta download.

    Finds: messages of all threads with files, reactions, shares, calls and participants; profile,
        contacts, searches, logins, locations, payments, posts and comments; every other text that
        a person may have written, as a generic record. Undoes the double encoding of its strings.
    Does not find: what pictures and sound hold; accounts, as people are named by display name only.

    References:
        - FORMATS 7; keys of sections: pipeline.readers.dyi_rules
    """

    name: ClassVar[str] = "dyi_json"
    version: ClassVar[int] = 1
    provider: ClassVar[str | None] = PROVIDER
    media_type: ClassVar[str] = "application/json"
    title: ClassVar[str] = 'Meta "Download your information", JSON'
    confidence: ClassVar[str] = (
        "threads confirmed by several public importers; other sections by one or two; "
        "what is not known is read value by value"
    )
    has_bytes: ClassVar[bool] = True
    units: ClassVar[tuple[str, str]] = ("p.", "l.")

    def bid(self, candidate: Candidate) -> Bid:
        """Say how sure it is: the keys of a thread, then of a section, then the folder."""
        path = candidate.path
        if not candidate.head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith((b"{", b"[")):
            return NO_BID
        head = head_text(candidate.head)
        if '"participants"' in head and '"senderName"' not in head:
            if '"sender_name"' in head and '"timestamp' in head:
                return Bid(95, "keys of a Messenger or Instagram thread (sender_name)")
            if '"thread_path"' in head or THREAD_FILE.search(path):
                return Bid(88, "keys of a thread of a Meta download")
        if not path.lower().endswith(".json"):
            return NO_BID
        if re.search(r'"string_(?:map|list)_data"\s{0,9}:', head):
            return Bid(80, "keys of an Instagram download (string_map_data)")
        known = any(rule_of(key[1]) is not UNKNOWN for key in _KEY.finditer(head[:4096]))
        if TREE.search(path) or THREAD_FILE.search(path):
            return Bid(75 if known else 62, "JSON in a folder of a Meta download")
        if known and re.search(r'"\w{3,60}_v\d"\s{0,9}:', head[:4096]):
            return Bid(70, "keys of a section of a Meta download")
        return NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """Say the service; names only of a profile, which states whose download it is."""
        head = head_text(candidate.head)
        targets: set[str] = set()
        if _PROFILE.search(head):
            strings = Strings(Tally(), doubled=True)
            for found in (*_FULL_NAME.finditer(head), *_MAPPED.finditer(head)):
                try:
                    targets.add(strings.read(json.loads(found[1], strict=False)).strip().lower())
                except ValueError:
                    continue
        return service_of(candidate.path, head), frozenset(targets - {""})

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Take the whole file: the title and people of a thread stand at its two ends."""
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
    service = about.service or service_of(about.path, found.text[:65536])
    strings = Strings(tally, doubled=True)
    export = Export(found, about.path, service, reading, tally, strings)
    if _is_thread(found.units, about.path):
        yield from thread_records(export, SHAPE)
    else:
        export.note_times()
        for unit in found.units:
            yield from section_records(export, unit)
    issue = encoding_issue(found.decoded)
    reading.issues = ([issue] if issue else []) + list(tally.issues())


def _is_thread(units: list[Unit], path: str) -> bool:
    tops = {unit.path[0] for unit in units if unit.path}
    return ("messages" in tops or bool(THREAD_FILE.search(path))) and (
        "participants" in tops or "thread_path" in tops or bool(THREAD_FILE.search(path))
    )
