"""Meta business records as HTML: Facebook, Instagram; four generations of one layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pipeline.readers.base import Issue, Record, Shard, ShardReading
from pipeline.readers.markup import Field, MarkupParser, Piece, Tree
from pipeline.readers.meta_events import MetaRecords
from pipeline.readers.meta_sections import RULES
from schemas.kinds import Severity

SHARD_BYTES = 2 << 20
"""About 450 pages: long enough that sending it costs little, short enough that two shards per
worker stay under 100 MB of Python objects and a killed run loses seconds."""

TITLES = re.compile(
    rb"(?:Facebook|Instagram|Threads|Meta|Meta Platforms|WhatsApp) (?:Legal Request|Business Record)"
)
NAMES = re.compile(r"(?:^|/)(?:records|index|generation|preservation-\d+)\.html?$", re.IGNORECASE)

_OPEN = (
    rb'(?:<div class="t o"><div class="t i">|<div class="div_table[^<>]{0,200}><div class="div_table'
    rb"[^<>]{0,300}>|<table><tr><th>)"
)
MARK = re.compile(
    rb'<div (?:class="pageBreak" )?id="page_(?P<page>\d{1,9})"'
    rb'|<div id="property-(?P<section>[^"]{1,80})"'
    rb"|" + _OPEN + rb"(?P<thread>Thread)<"
    rb'|(?:<div class="p"></div>|<br ?/?>|</table>)(?P<cut>' + _OPEN + rb"Author<)"
)
"""What the survey follows: page bars, sections, threads, and authors after a blank line, which
begin a message and so a place where a shard may begin."""

PLATFORM = re.compile(rb"\((Facebook|Instagram|Threads|WhatsApp): \d", re.IGNORECASE)
"""The service as persons' names state it, for a file that states none."""

OVERLAP = 4096
"""Longest mark, in bytes, that a block end may cut: the survey stops short of it."""


class MetaHtml:
    """Records of a Meta business record in HTML.

    Finds: every section of ``records.html``, ``index.html``, ``generation.html`` and
        ``preservation-N.html``; sections that it does not know become generic records.
    Does not find: what pictures show; WhatsApp's own sections beyond generic records.

    References:
        - FORMATS 2.1 to 2.8
    """

    name: ClassVar[str] = "meta_html"
    version: ClassVar[int] = 1
    provider: ClassVar[str] = "Meta"

    def bid(self, path: str, head: bytes) -> int:
        """Say how sure it is: the title or the sections decide, the name helps."""
        known_name = bool(NAMES.search(path))
        lowered = head[:512].lstrip().lower()
        if not (lowered.startswith((b"<", b"\xef\xbb\xbf<")) or known_name):
            return 0
        if TITLES.search(head):
            return 90 + 5 * known_name
        if b'id="property-' in head or b'class="t o"' in head:
            return 60 + 5 * known_name
        return 0

    def identify(self, head: bytes) -> tuple[str, frozenset[str]]:
        """Read service and target from the request parameters."""
        parser = MarkupParser(0, 0)
        parser.feed(head, 0)
        values = {
            item.label: item.text().strip().lower()
            for section in parser.tree.sections
            if section.key == "request_parameters"
            for item in section.fields
        }
        title = TITLES.search(head)
        brand = title[0].split()[0].decode().lower() if title else ""
        service = values.get("Service", "").split(" ")[0] or brand
        if service in ("", "meta"):
            platform = PLATFORM.search(head)
            service = platform[1].decode().lower() if platform else "facebook"
        named = [values.get("Target"), values.get("Account Identifier")]
        targets = {part for value in named if value for part in (value, value.rsplit("/", 1)[-1])}
        return service, frozenset(targets)

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Cut the file before messages, about :data:`SHARD_BYTES` apart."""
        survey = _Survey(has_pages=has_pages)
        for block in blocks:
            yield from survey.take(block)
        yield from survey.finish()

    def read(self, shard: Shard, service: str) -> ShardReading:
        """Read a shard into records; what belongs to no field is left to ``unread``."""
        parser = MarkupParser(shard.page, shard.line)
        if shard.context:
            parser.feed(shard.context, -len(shard.context))
        parser.begin(shard.page, shard.line)
        parser.feed(shard.block, shard.byte_start)
        tree = parser.tree
        reading = ShardReading(iter(()))
        _adopt(tree)
        reading.pages = _page_ranges(shard, tree)
        reading.bars = [(start, end) for _, start, end in tree.bars]
        reading.unread = [(piece.byte_start, piece.byte_end) for piece in tree.orphans]
        reading.issues = list(_issues(tree, shard))
        reading.records = _lapped(MetaRecords(service, reading).of(tree.sections), shard, tree)
        return reading


def _lapped(records: Iterator[Record], shard: Shard, tree: Tree) -> Iterator[Record]:
    """Keep identities apart where page numbers begin again within one file (joined returns)."""
    starts = [start for _, start, _ in tree.bars]
    laps = []
    lap, last = shard.lap, shard.page
    for page, _, _ in tree.bars:
        lap += page <= last
        last = page
        laps.append(lap)
    if not any((shard.lap, *laps)):
        yield from records
        return
    for record in records:
        passed = sum(start <= record.byte_start for start in starts)
        here = laps[passed - 1] if passed else shard.lap
        record.field += f"#{here + 1}" if here else ""
        yield record


def _adopt(tree: Tree) -> None:
    """Give each nameless value to the field before it if that has none; else it is an orphan.

    FORMATS 2.5, rule 5. A nameless field that only holds further fields or a picture is part of
    the layout.
    """
    for parent, nameless in tree.nameless:
        pieces = [item for item in nameless.items if isinstance(item, Piece)]
        if not pieces:
            continue
        siblings = parent.fields if parent is not None else []
        place = next((n for n, item in enumerate(siblings) if item is nameless), 0)
        before = siblings[place - 1] if place else None
        if before is not None and not before.fields and not before.text() and before.label:
            before.items += nameless.items
            before.byte_end, before.page_last = nameless.byte_end, nameless.page_last
            nameless.items = []
        else:
            tree.orphans += pieces


def _page_ranges(shard: Shard, tree: Tree) -> list[tuple[int, int, int]]:
    starts = [(shard.page, shard.byte_start)] + [(page, start) for page, start, _ in tree.bars]
    ends = [start for _, start in starts[1:]] + [shard.byte_end]
    return [
        (page, start, end) for (page, start), end in zip(starts, ends, strict=True) if end > start
    ]


def _issues(tree: Tree, shard: Shard) -> Iterator[Issue]:
    if tree.orphans:
        first = tree.orphans[0]
        yield Issue(
            Severity.WARNING, "read", "orphan_value",
            "text that stands under no label; open the page to see it",
            page=first.page, count=len(tree.orphans),
        )  # fmt: skip
    for section in tree.sections:
        known = section.key in RULES or not section.fields
        if not known and any(_starts_in(item, shard) for item in section.fields):
            yield Issue(
                Severity.INFO, "read", "unknown_section",
                f"section {section.key[:60]!r} is not known; its fields were read as they stand",
                page=section.fields[0].page,
            )  # fmt: skip


def _starts_in(item: Field, shard: Shard) -> bool:
    return item.byte_start >= shard.byte_start


class _Survey:
    """Follows a stream and cuts it; knows at each place the page, section and thread it is in."""

    def __init__(self, *, has_pages: bool) -> None:
        self._buffer = bytearray()
        self._base = 0  # byte of the file at which the buffer begins
        self._seen = 0  # bytes of the buffer in which marks were followed
        self._page = 0 if has_pages else 1
        self._lap = 0
        self._ordinal = 0
        self._opening = (self._page, 0, 0, b"")  # page, line, lap and context of the next shard
        self._bar = 0  # byte of the file where the current page begins
        self._section: int | None = None  # byte of the file where the section opens
        self._thread: int | None = None
        self._heads: dict[str, bytes] = {}
        self._headed = False

    def take(self, block: bytes) -> Iterator[Shard]:
        self._buffer += block
        yield from self._follow(OVERLAP)

    def finish(self) -> Iterator[Shard]:
        yield from self._follow(0)
        if self._buffer:
            yield self._shard(len(self._buffer))

    def _follow(self, margin: int) -> Iterator[Shard]:
        # search, not finditer: an iterator would hold the buffer, which then cannot shrink
        while match := MARK.search(self._buffer, self._seen):
            if match.start() >= len(self._buffer) - margin:
                break
            self._seen = match.end()
            self._mark(match)
            if match["cut"] is not None and self._thread is not None:
                at = match.start("cut")
                if not self._headed:
                    self._close_head(at)
                elif at >= SHARD_BYTES:
                    yield self._cut_at(at)
        self._seen = max(self._seen, len(self._buffer) - margin)

    def _mark(self, match: re.Match[bytes]) -> None:
        at = self._base + match.start()
        if match["page"] is not None:
            page = int(match["page"])
            self._lap += page <= self._page
            self._page, self._bar = page, at
        elif match["section"] is not None:
            self._section, self._thread = at, None
        elif match["thread"] is not None and self._section is not None:
            if self._thread is None:
                self._heads["section"] = self._bytes(self._section, at)
            self._thread, self._headed = at, False

    def _close_head(self, at: int) -> None:
        self._heads["thread"] = self._bytes(self._thread or 0, self._base + at)
        self._headed = True

    def _bytes(self, start: int, end: int) -> bytes:
        return bytes(self._buffer[max(start - self._base, 0) : end - self._base])

    def _cut_at(self, at: int) -> Shard:
        context = self._heads.get("section", b"") + self._heads["thread"]
        page_bytes = self._bytes(self._bar, self._base + at)
        counter = MarkupParser(self._page, self._opening[1] if self._bar < self._base else 0)
        counter.feed(page_bytes, 0)
        shard = self._shard(at)
        self._opening = (self._page, counter.tree.line, self._lap, context)
        return shard

    def _shard(self, end: int) -> Shard:
        """Give away the first ``end`` bytes of the buffer."""
        page, line, lap, context = self._opening
        shard = Shard(
            ordinal=self._ordinal, byte_start=self._base, byte_end=self._base + end,
            page=page, line=line, lap=lap, context=context, block=bytes(self._buffer[:end]),
        )  # fmt: skip
        del self._buffer[:end]
        self._base += end
        self._seen = max(self._seen - end, 0)
        self._ordinal += 1
        return shard
