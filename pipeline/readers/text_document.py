"""Plain text and Markdown: passages with their lines, and pages where form feeds part them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import ClassVar

from pipeline.readers.base import (
    NO_BID,
    About,
    Bid,
    Candidate,
    Record,
    Segment,
    Shard,
    ShardReading,
    whole_file,
)
from pipeline.readers.encodings import (
    BY_CALLER,
    BY_DEFAULT,
    UTF8,
    Decoded,
    decode_as,
    detect,
    encoding_issue,
    shown_name,
)
from schemas.kinds import RecordKind

LONGEST = 4000
"""Code points of a passage; a longer paragraph is cut at the end of a line."""
_LONGEST_LINE = 16_000
"""Code points of a line; a longer one is cut at a blank."""
TARGET = 2 << 20
"""Bytes of a shard."""

_OWN_NAME = re.compile(r"\.(?:txt|text|md|markdown|log)$", re.IGNORECASE)
_FOREIGN_NAME = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}$")
_OTHERS = re.compile(
    r"\s*<(?:!doctype|!--|\?xml|html|head|body|svg|table|div)\b"
    r'|\s*(?:\{\s*(?:"|\}\s*\Z)|\[\s*(?:\{|"|\]\s*\Z))'
    r"|\{\\rtf"
    r"|\s*%(?:PDF|!PS)-"
    r"|PK\x03\x04|SQLite format 3",
    re.IGNORECASE,
)
"""How what is no plain text begins: markup, JSON, RTF, PDF, archives and databases."""
_ODD = frozenset(("Cc", "Cn", "Co", "Cs"))
_MOST_ODD = 0.01
"""Share of control and unassigned characters up to which something is text: binary data shows ten
times as many, damaged logs a few."""

LINE_END = re.compile(r"\r\n|[\n\r\f]")
_LINE_END_BYTES = re.compile(rb"\r\n|[\n\r\f]")
_CUTS = (b"\n\n", b"\n\r\n", b"\r\r", b"\f")
"""Ends of paragraphs; a line of blanks is one too, but not needed to find a place to cut."""


class TextDocument:
    """Passages of a plain document that a person or a program wrote.

    Finds: paragraphs, that is runs of lines that are not empty, each a record with its text as it
        stands and the line of every part; pages where form feeds part them; what encoding the file
        is written in.
    Does not find: headings, lists and other structure, which stay part of the text; words that
        hyphens part at line ends stay parted.

    References:
        - Unicode 16, section 5.8 (line ends); FORMATS 12 (form feeds, CR line ends)
    """

    name: ClassVar[str] = "text_document"
    version: ClassVar[int] = 1
    provider: ClassVar[str | None] = None
    media_type: ClassVar[str] = "text/plain"
    title: ClassVar[str] = "Plain text, Markdown or log"
    confidence: ClassVar[str] = (
        "confirmed: text has no layout to be wrong about; encodings other than UTF-8 and UTF-16 "
        "are told by their letters"
    )
    has_bytes: ClassVar[bool] = True
    units: ClassVar[tuple[str, str]] = ("p.", "l.")

    def bid(self, candidate: Candidate) -> Bid:
        """Say how sure it is: any text that no other reader knows."""
        head = candidate.head
        encoding, how = detect(head, is_whole=False)
        decoded = decode_as(head, encoding, how)
        if _OTHERS.match(decoded.text) or not _is_text(decoded):
            return NO_BID
        told = f"text in {shown_name(encoding)}"
        if _OWN_NAME.search(candidate.path):
            return Bid(19, f"{told}, in a file named as text")
        if _FOREIGN_NAME.search(candidate.path):
            return Bid(11, f"{told}, in a file named otherwise")
        return Bid(13, told)

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """Say no service and no account."""
        return "", frozenset()

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Cut the file at ends of paragraphs, some two megabytes apart.

        The encoding is decided once, by the first shard that is not ASCII; UTF-16 and UTF-32 are
        not cut. Whether form feeds count pages is decided by the first shard.
        """
        head = bytearray()
        for block in blocks:
            head += block
            if len(head) > TARGET:
                break
        first = bytes(head[:TARGET])
        encoding, how = detect(first, is_whole=len(head) <= TARGET)
        if encoding.startswith(("utf-16", "utf-32")):
            for shard in whole_file(chain((bytes(head),), blocks)):
                decoded = decode_as(shard.block, encoding, how)
                yield _Plan(encoding, how, decided=True, paged="\f" in decoded.text).shard(
                    shard.block, is_last=True
                )
            return
        plan = _Plan(paged=b"\f" in first)
        kept = head
        for block in chain(blocks, (b"",)):
            kept += block
            while len(kept) > TARGET:
                cut = _cut(kept, plan.encoding)
                yield plan.shard(bytes(kept[:cut]), is_last=False)
                del kept[:cut]
        if kept:
            yield plan.shard(bytes(kept), is_last=True)

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read the passages of a shard."""
        notes = _notes(shard.context)
        decoded = decode_as(
            shard.block, shard.encoding, notes.how or BY_CALLER, at_start=shard.byte_start == 0
        )
        reading = ShardReading(iter(()))
        if (issue := encoding_issue(decoded)) and (decoded.replaced or notes.how):
            reading.issues.append(issue)
        breaks = [match.end() for match in re.finditer("\f", decoded.text)] if shard.page else []
        reading.pages = _pages(shard, decoded, breaks)
        reading.records = _passages(decoded, shard, is_inside=notes.is_inside)
        return reading


@dataclass(frozen=True, slots=True)
class _Notes:
    """What a shard carries in its context."""

    how: str
    """Why the encoding was taken, in the shard that decided it; else empty."""
    is_inside: bool
    """Whether it begins inside a line."""


def _notes(context: bytes) -> _Notes:
    how, _, inside = context.decode(UTF8, "replace").partition("\n")
    return _Notes(how, inside == "inside")


class _Plan:
    """What was cut so far."""

    def __init__(
        self, encoding: str = UTF8, how: str = "", *, decided: bool = False, paged: bool
    ) -> None:
        self.encoding = encoding
        self._how = how
        self._decided = decided
        self._new = decided
        self._page = 1 if paged else 0
        self._line = 0
        self._ordinal = 0
        self._offset = 0
        self._inside = False

    def shard(self, block: bytes, *, is_last: bool) -> Shard:
        """Make the next shard of a block and count its lines and pages."""
        if not self._decided and (self._ordinal == 0 or not block.isascii()):
            self.encoding, self._how = detect(block, is_whole=is_last)
            if self._ordinal and self.encoding.startswith(("utf-16", "utf-32")):
                # what came before is ASCII, so this is damage
                self.encoding, self._how = "cp1252", BY_DEFAULT
            self._decided = self._new = not block.isascii()
        how = self._how if self._new else ""
        shard = Shard(
            self._ordinal,
            self._offset,
            self._offset + len(block),
            self._page,
            self._line,
            0,
            f"{how}\n{'inside' if self._inside else ''}".encode(),
            block,
            is_last=is_last,
            encoding=self.encoding,
        )
        self._new = False
        if not is_last:
            self._count(block)
        return shard

    def _count(self, block: bytes) -> None:
        page = block.rfind(b"\f") + 1
        if self._page and page:
            self._page += block.count(b"\f")
            self._line = 0
        self._line += len(_LINE_END_BYTES.findall(block, page if self._page else 0))
        self._inside = block[-1:] not in (b"\n", b"\r", b"\f")
        self._ordinal += 1
        self._offset += len(block)


def _cut(kept: bytearray, encoding: str) -> int:
    """Return where to cut the first two megabytes: behind a paragraph, a line, or a blank."""
    half = TARGET // 2
    cut = max(_end_of_last(mark, kept, half) for mark in _CUTS)
    cut = cut or max(_end_of_last(mark, kept, half) for mark in (b"\n", b"\r", b" "))
    if not cut:
        cut = TARGET
        if encoding.startswith(UTF8):
            while cut > TARGET - 4 and kept[cut] & 0xC0 == 0x80:
                cut -= 1
    # never between the two bytes of one line end
    return cut + (kept[cut - 1 : cut + 1] == b"\r\n")


def _end_of_last(mark: bytes, kept: bytearray, half: int) -> int:
    at = kept.rfind(mark, half, TARGET)
    return at + len(mark) if at >= 0 else 0


def _is_text(decoded: Decoded) -> bool:
    text = decoded.text
    if not text.strip("\0 \t\r\n\f\ufffd"):
        return False
    odd = decoded.replaced
    for mark, count in Counter(text).items():
        if mark not in "\t\n\r\f\x1b\ufffd" and unicodedata.category(mark) in _ODD:
            odd += count
    return odd <= max(_MOST_ODD * len(text), 2 if len(text) > 20 else 0)


def _pages(shard: Shard, decoded: Decoded, breaks: list[int]) -> list[tuple[int | None, int, int]]:
    if not shard.page:
        return [(None, shard.byte_start, shard.byte_end)]
    starts = [0, *(decoded.byte_at(at) for at in breaks), len(shard.block)]
    return [
        (shard.page + number, shard.byte_start + start, shard.byte_start + end)
        for number, (start, end) in enumerate(pairwise(starts))
        if end > start
    ]


@dataclass(slots=True)
class _Line:
    """A line, or a part of a very long one."""

    start: int
    end: int
    """Without its line end."""
    page: int | None
    number: int
    is_inside: bool
    """Whether it begins inside a line."""


def _lines(text: str, shard: Shard, *, is_inside: bool) -> Iterator[_Line | None]:
    """Yield the lines; None for what parts passages: lines of blanks, form feeds."""
    page = shard.page or None
    number = shard.line + 1
    start = 0
    for match in chain(LINE_END.finditer(text), (None,)):
        end = match.start() if match else len(text)
        if start == end or text[start:end].isspace():
            yield None
        else:
            for first, last in _parts(text, start, end):
                inside = is_inside or first > start
                is_blank = text[first:last].isspace()
                yield None if is_blank else _Line(first, last, page, number, inside)
        is_inside = False
        if match is None:
            return
        start = match.end()
        number += 1
        if match[0] == "\f":
            yield None
            if page is not None:
                page, number = page + 1, 1


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST_LINE:
        blank = text.rfind(" ", start + 1, start + _LONGEST_LINE)
        cut = blank + 1 if blank > 0 else start + _LONGEST_LINE
        yield start, cut
        start = cut
    yield start, end


def _passages(decoded: Decoded, shard: Shard, *, is_inside: bool) -> Iterator[Record]:
    """Yield a record for each run of lines that are not empty."""
    run: list[_Line] = []
    for line in _lines(decoded.text, shard, is_inside=is_inside):
        if run and (line is None or line.end - run[0].start > LONGEST):
            yield _record(decoded, shard, run)
            run = []
        if line is not None:
            run.append(line)
    if run:
        yield _record(decoded, shard, run)


def _record(decoded: Decoded, shard: Shard, run: list[_Line]) -> Record:
    first, last = run[0], run[-1]
    segments: list[Segment] = [(line.start - first.start, line.page, line.number) for line in run]
    byte_start = shard.byte_start + decoded.byte_at(first.start)
    return Record(
        kind=RecordKind.DOCUMENT,
        text=decoded.text[first.start : last.end],
        segments=segments,
        section="text",
        # several records may begin on one very long line
        field=f"passage#{byte_start}" if first.is_inside else "passage",
        page_first=first.page,
        page_last=last.page,
        line_first=first.number,
        byte_start=byte_start,
        byte_end=shard.byte_start + decoded.byte_at(last.end),
    )
