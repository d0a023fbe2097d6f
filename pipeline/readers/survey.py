"""Follows the bytes of a Meta business record and cuts them where a message begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.readers.base import Shard
from pipeline.readers.markup import MarkupParser
from pipeline.readers.tokens import PAGE_BAR, bar_number, code_of

SHARD_BYTES = 2 << 20
"""About 450 pages: long enough that sending it costs little, short enough that two shards per
worker stay under 100 MB of Python objects and a killed run loses seconds."""

_GAP = rb"\s{0,200}"
_OPEN = (
    rb'(?:<div class="t o">' + _GAP + rb'<div class="t i">'
    rb'|<div class="div_table[^<>]{0,200}>' + _GAP + rb'<div class="div_table[^<>]{0,300}>'
    rb"|<table>" + _GAP + rb"<tr>" + _GAP + rb"<th>)" + _GAP
)
_DIV = rb'<[dD][iI][vV] (?!class="(?:[timp][" ]|div_table))'
"""A ``div`` that is none of a field's own: looked at more closely, as it is rare."""
MARK = re.compile(
    _DIV + rb"(?:(?P<bar>" + PAGE_BAR + rb")"
    rb"|[^<>]{0,100}?id=[\"'](?P<section>property-))"
    rb"|" + _OPEN + rb"(?P<thread>Thread|(?:Message|Call) Logs?)" + _GAP + rb"<"
    rb'|(?:<div class="p"></div>|<br\s{0,3}/?>|</table>)'
    + _GAP
    + rb"(?P<cut>"
    + _OPEN
    + rb"Author)"
    rb"(?=" + _GAP + rb"(?:<[^<>]{0,300}>[^<]{0,400}){1,16}?(?<=[>\s])Sent" + _GAP + rb"<)"
    rb'|<div class="p"></div>' + _GAP + rb"(?P<row>" + _OPEN + rb"(?:Message|Call))"
    rb"(?=" + _GAP + rb'<div class="m">' + _GAP + rb"<div>" + _GAP + _OPEN + rb"[A-Z])"
)
"""What the survey follows: page bars, sections, threads, and an author after a blank line with a
time after it, which begins a message and so a place where a shard may begin; in the logs of
WhatsApp, which stand where threads do, the same of a row."""

OVERLAP = 1 << 14
"""More bytes than the longest mark has, what it looks ahead to included: the survey stops that far
from the end of a block, which may cut a mark."""

HEAD = 4096
CHARSET = re.compile(rb"charset\s{0,3}=\s{0,3}[\"']?([\w-]{1,20})", re.IGNORECASE)
WESTERN = frozenset({b"iso-8859-1", b"latin1", b"latin-1", b"windows-1252", b"cp1252", b"us-ascii"})


class Survey:
    """Knows at each place of a stream the page, section and thread it is in."""

    def __init__(self, *, has_pages: bool) -> None:
        """Begin; ``has_pages`` says whether the file has page bars at all."""
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
        self._section_head = b""
        self._thread_head: bytes | None = None
        self._encoding = "utf-8"
        self._begins = False  # whether the file begins as a whole document

    def take(self, block: bytes) -> Iterator[Shard]:
        """Add a block; yield the shards that are complete."""
        self._buffer += block
        yield from self._follow(OVERLAP)

    def finish(self) -> Iterator[Shard]:
        """Yield the last shards."""
        yield from self._follow(0)
        if self._buffer:
            yield self._shard(len(self._buffer), is_last=True)

    def _follow(self, margin: int) -> Iterator[Shard]:
        # search, not finditer: an iterator would hold the buffer, which then cannot shrink
        while match := MARK.search(self._buffer, self._seen):
            if match.start() >= len(self._buffer) - margin:
                break
            self._seen = match.end()
            self._mark(match)
            cut = "row" if match["cut"] is None else "cut"
            if match[cut] is not None and self._thread is not None:
                at = match.start(cut)
                if self._thread_head is None:
                    self._thread_head = self._bytes(self._thread, self._base + at)
                elif at >= SHARD_BYTES:
                    yield self._cut_at(at, self._thread_head)
        self._seen = max(self._seen, len(self._buffer) - margin)

    def _mark(self, match: re.Match[bytes]) -> None:
        at = self._base + match.start()
        if match["bar"] is not None:
            attributes, _, text = match["bar"].partition(b">")
            if code_of(b"div", attributes.lower()) == "b":
                number = bar_number(attributes, text)
                page = self._page + 1 if number is None else number
                self._lap += page <= self._page
                self._page, self._bar = page, at
        elif match["section"] is not None:
            self._section, self._thread = at, None
        elif match["thread"] is not None:
            if self._thread is None:
                self._section_head = b""
                if self._section is not None:
                    self._section_head = self._bytes(self._section, at)
            self._thread, self._thread_head = at, None

    def _bytes(self, start: int, end: int) -> bytes:
        return bytes(self._buffer[max(start - self._base, 0) : end - self._base])

    def _cut_at(self, at: int, thread_head: bytes) -> Shard:
        page_bytes = self._bytes(self._bar, self._base + at)
        counter = MarkupParser(self._page, self._opening[1] if self._bar < self._base else 0)
        counter.feed(page_bytes, 0)
        shard = self._shard(at)
        context = self._section_head + thread_head
        self._opening = (self._page, counter.tree.line, self._lap, context)
        return shard

    def _shard(self, end: int, *, is_last: bool = False) -> Shard:
        """Give away the first ``end`` bytes of the buffer."""
        if self._ordinal == 0:
            head = bytes(self._buffer[:HEAD])
            charset = CHARSET.search(head)
            western = charset is not None and charset[1].lower() in WESTERN
            self._encoding = "cp1252" if western else "utf-8"
            self._begins = b"<html" in head.lower()
        is_whole = not self._begins or b"</html" in self._buffer[-HEAD:].lower()
        page, line, lap, context = self._opening
        shard = Shard(
            ordinal=self._ordinal, byte_start=self._base, byte_end=self._base + end,
            page=page, line=line, lap=lap, context=context, block=bytes(self._buffer[:end]),
            is_last=is_last, is_cut_off=is_last and not is_whole, encoding=self._encoding,
        )  # fmt: skip
        del self._buffer[:end]
        self._base += end
        self._seen = max(self._seen - end, 0)
        self._ordinal += 1
        return shard
