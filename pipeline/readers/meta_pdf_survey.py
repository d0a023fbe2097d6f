"""Follows the layout lines of a print and cuts them where a message or a section begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.readers.base import Shard
from pipeline.readers.meta_pdf_lines import DEFINITION, Measures, measures, section_of

SHARD_SHEETS = 256
"""Sheets of a shard at least: some 130 pages, half a second of work, 10 MB of Python objects."""
MARK = re.compile(
    rb"^(?:S\t(?P<sheet>\d{1,9})\t|P\t\d+\t(?P<page>\d{1,9})$|(?P<style>D\t[^\n]*)"
    rb"|(?:L\t\d+\t(?P<x>\d{1,9})\t\d+|W\t\d+\t(?P<wx>\d{1,9})\t\d+\t\d+)\t\d+\t(?P<label>[^\n\t]*)"
    rb"|(?P<end>Z$))",
    re.MULTILINE,
)
BARRED = b"P\t0\t%d\n"
SHEET = b"S\t%d\t0\t0\tt\n"


@dataclass(frozen=True, slots=True)
class _Begin:
    """A place at which a shard may begin."""

    at: int
    """Byte of the stream."""
    x: int
    page: int
    lap: int
    sheet: int
    context: tuple[bytes, ...]


class PrintSurvey:
    """Knows at each line the page, section and thread it is in."""

    def __init__(self) -> None:
        """Begin before the first sheet."""
        self._buffer = bytearray()
        self._base = 0  # byte of the stream at which the buffer begins
        self._style = Measures()
        self._style_line = b""
        self._sheet = 0
        self._page = 0
        self._lap = 0
        self._ordinal = 0
        self._opening = (0, 0, b"")  # page, lap and context of the next shard
        self._first_sheet = 0
        self._section: str | None = None
        self._filled = False  # whether it has anything but its definition
        self._section_at: int | None = None  # byte of the stream where the section opens
        self._section_head = b""
        self._thread_at: int | None = None
        self._thread_head: bytes | None = None
        self._opened_by = b""  # the bar behind which the thread stands, if the section does not
        self._section_barred = False  # whether a bar stands between that head and here
        self._barred = False  # whether one stands between the thread's head and here
        self._author: _Begin | None = None
        self._cut_off = False

    def take(self, block: bytes) -> Iterator[Shard]:
        """Add a block of whole lines; yield the shards that are complete."""
        self._buffer += block
        offset = len(self._buffer) - len(block)
        base = self._base + offset
        for match in MARK.finditer(block):
            at = base + match.start()
            kind = match.lastgroup
            if kind == "sheet":
                self._sheet = int(match["sheet"])
                if not self._style.has_bars:
                    self._page = self._sheet
            elif kind == "page":
                page = int(match["page"])
                self._lap += page <= self._page
                self._page, self._barred, self._section_barred = page, True, True
            elif kind == "label":
                x = match["wx"] or match["x"]
                yield from self._label(int(x), match["label"].decode("utf-8", "replace"), at)
            elif kind == "style":
                self._style_line = match["style"] + b"\n"
                self._style = measures(self._style_line)
            else:
                self._cut_off = True

    def finish(self) -> Iterator[Shard]:
        """Yield the last shard."""
        if self._buffer:
            yield self._shard(self._base + len(self._buffer), is_last=True)

    def _label(self, x: int, label: str, at: int) -> Iterator[Shard]:
        if self._page == 0 and self._style.has_bars:
            return
        if x <= self._style.left + self._style.pad // 2:
            key = section_of(label, self._section, filled=self._filled)
            if key is not None and key != self._section:
                if self._is_due():
                    context = (self._style_line, SHEET % self._sheet)
                    yield self._cut(_Begin(at, x, self._page, self._lap, self._sheet, context))
                self._section, self._section_at = key, at
                self._section_head = b""
            elif self._section_at is None:
                self._section_at = at
            self._filled = not label.endswith(DEFINITION)
            self._thread_at = self._thread_head = self._author = None
        elif label == "Thread":
            if not self._section_head and self._section_at is not None:
                self._section_head = self._style_line + self._bytes(self._section_at, at)
                self._section_barred = False
            self._thread_at, self._thread_head, self._author = at, None, None
            self._opened_by = BARRED % self._page if self._section_barred else b""
        elif label == "Author" and self._thread_at is not None:
            if self._thread_head is None:
                self._thread_head = self._opened_by + self._bytes(self._thread_at, at)
                self._barred = False
            bar = BARRED % self._page if self._barred else b""
            parts = self._section_head, self._thread_head, bar, SHEET % self._sheet
            self._author = _Begin(at, x, self._page, self._lap, self._sheet, parts)
        elif self._author is not None:
            begin, self._author = self._author, None
            if label == "Sent" and x == begin.x and self._is_due():
                yield self._cut(begin)

    def _is_due(self) -> bool:
        return self._sheet - self._first_sheet >= SHARD_SHEETS

    def _bytes(self, start: int, end: int) -> bytes:
        return bytes(self._buffer[max(start - self._base, 0) : end - self._base])

    def _cut(self, begin: _Begin) -> Shard:
        shard = self._shard(begin.at)
        self._opening = (begin.page, begin.lap, b"".join(begin.context))
        self._first_sheet = begin.sheet
        return shard

    def _shard(self, end: int, *, is_last: bool = False) -> Shard:
        """Give away the bytes of the buffer up to byte ``end`` of the stream."""
        size = end - self._base
        page, lap, context = self._opening
        shard = Shard(
            ordinal=self._ordinal, byte_start=self._base, byte_end=end, page=page, line=0,
            lap=lap, context=context, block=bytes(self._buffer[:size]),
            is_last=is_last, is_cut_off=is_last and self._cut_off,
        )  # fmt: skip
        del self._buffer[:size]
        self._base = end
        self._ordinal += 1
        return shard
