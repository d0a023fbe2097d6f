"""Pages of HTML that no provider's layout is known of: the text that they show."""

from __future__ import annotations

import codecs
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import ClassVar

from pipeline.readers.base import (
    NO_BID,
    About,
    Attachment,
    Bid,
    Candidate,
    Issue,
    Record,
    Segment,
    Shard,
    ShardReading,
    whole_file,
)
from pipeline.readers.encodings import (
    BY_MARK,
    BY_NULS,
    UTF8,
    Decoded,
    decode_as,
    detect,
    encoding_issue,
)
from pipeline.readers.html_blocks import Block, BlockParser
from schemas.kinds import RecordKind, Severity

OPENING = re.compile(
    rb"\s{0,99}(?:<\?xml[^<>]{0,200}\?>\s{0,99}|<!--(?:[^-]|-(?!->)){0,4000}-->\s{0,99}){0,9}"
    rb"<(?:!doctype\s{1,9}html|html|head|body)\b",
    re.IGNORECASE,
)
"""How a page begins. Other XML (a backup of messages, a drawing) has another root."""
NAMES = re.compile(r"\.(?:x?html?|htm5)$", re.IGNORECASE)
ANY_TAG = re.compile(
    rb"<(?:div|p|table|span|body|ul|ol|h[1-6]|title|br|a|b|font|center|pre)\b[^<>]{0,400}>",
    re.IGNORECASE,
)
DECLARED = re.compile(
    rb"<meta\b[^<>]{0,200}?\bcharset\s{0,3}=\s{0,3}[\"']?\s{0,3}([\w.:-]{1,40})"
    rb"|<\?xml[^<>]{0,80}?\bencoding\s{0,3}=\s{0,3}[\"']([\w.:-]{1,40})",
    re.IGNORECASE,
)
DECLARED_WITHIN = 4096
"""Bytes in which a declaration is looked for; browsers look at 1,024 (HTML, section 13.2.3.2)."""
BY_DECLARATION = "the page declares it"
STATEFUL = re.compile(r"iso2022|hz|utf_7")
"""Codecs in which an ASCII byte may be part of another character."""
END = re.compile(rb"</(?:html|body)\s{0,9}>", re.IGNORECASE)
BEGUN = re.compile(rb"<(?:html|body)\b", re.IGNORECASE)
PROVIDERS = re.compile(
    rb"<title>[^<>]{0,40}(?:Legal Request|Business Record)\b"
    rb"|\bid=[\"']property-[a-z_]{1,60}[\"']|\bclass=[\"'](?:pageBreak|[\w -]{0,40}\b_a6-g)\b",
    re.IGNORECASE,
)
"""Marks of a return or a download by Meta, whose own readers take it unless it was saved anew."""
SHOWN = 4000
"""Characters kept of an address."""


class HtmlDocument:
    """Visible text of a page of HTML: its title, paragraphs and headings, rows of tables.

    Finds: passages as blocks end them in a browser, whatever style sheets say (so hidden text as
        well); rows of tables with their cells joined by tabs; targets of links, paths of pictures
        and their descriptions.
    Does not find: what scripts would write; comments; values of forms; what pictures show.

    References:
        - https://html.spec.whatwg.org/multipage/rendering.html#the-page
    """

    name: ClassVar[str] = "html_document"
    version: ClassVar[int] = 1
    provider: ClassVar[str | None] = None
    media_type: ClassVar[str] = "text/html"
    title: ClassVar[str] = "Web page, HTML"
    confidence: ClassVar[str] = "confirmed by the standard; a page's own layout is not known"
    has_bytes: ClassVar[bool] = True
    units: ClassVar[tuple[str, str]] = ("p.", "l.")

    def bid(self, candidate: Candidate) -> Bid:
        """Say how sure it is, by how the file begins; by tags and name for a mere piece."""
        head = _plain_head(candidate.head)
        if OPENING.match(head):
            return Bid(20, "begins as a page of HTML")
        if NAMES.search(candidate.path) and ANY_TAG.search(head[:DECLARED_WITHIN]):
            return Bid(15, "named as HTML and holds its tags")
        return NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """Say that it is no account's."""
        return "", frozenset()

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Take the page whole."""
        return whole_file(blocks)

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read the page into passages."""
        reading = ShardReading(iter(()), [(None, shard.byte_start, shard.byte_end)])
        reading.records = _records(shard, reading)
        return reading


def _plain_head(head: bytes) -> bytes:
    """Return the beginning of a file in UTF-8 or an encoding like ASCII."""
    if head.startswith((codecs.BOM_UTF16_LE, b"<\0")):
        return head[: len(head) & ~1].decode("utf-16-le", "replace").lstrip("\ufeff").encode()
    if head.startswith((codecs.BOM_UTF16_BE, b"\0<")):
        return head[: len(head) & ~1].decode("utf-16-be", "replace").lstrip("\ufeff").encode()
    return head.removeprefix(codecs.BOM_UTF8)


def page_text(data: bytes, declared: str | None = None) -> Decoded:
    """Decode a page: by byte order mark, as valid UTF-8, as declared, or by what it looks like.

    Args:
        data: the page.
        declared: encoding stated outside of it (by a mail's header).
    """
    name, how = detect(data)
    codec = codec_of(declared or _declared(data))
    if how == BY_MARK or codec is None:
        return decode_as(data, name, how)
    if STATEFUL.match(codec) or (declared and codec.startswith(("utf_16", "utf_32"))):
        return _strictly(data, codec) or decode_as(data, name, how)
    if how == BY_NULS:
        return decode_as(data, name, how)
    if name == UTF8 or codec.startswith("utf_"):
        # text of another encoding is hardly ever valid UTF-8 by chance
        return decode_as(data, name, how)
    return _strictly(data, codec) or decode_as(data, name, how)


def codec_of(label: str | None) -> str | None:
    """Return Python's name of an encoding as pages and mails state it; None if it knows none.

    ISO 8859-1 and ASCII are read as cp1252, as browsers do (https://encoding.spec.whatwg.org).
    """
    if not label:
        return None
    try:
        found = codecs.lookup(label.strip("\"' "))
    except (LookupError, ValueError, UnicodeError):
        return None
    if not getattr(found, "_is_text_encoding", True) or found.name in OTHER_CODECS:
        return None
    name = found.name.replace("-", "_")
    return "cp1252" if name in ("iso8859_1", "ascii") else name


OTHER_CODECS = frozenset({"idna", "punycode", "mbcs", "oem", "undefined"}) | {
    "raw-unicode-escape", "unicode-escape", "raw_unicode_escape", "unicode_escape",
}  # fmt: skip
"""Codecs of Python that are no encoding of a text."""


def _declared(data: bytes) -> str | None:
    found = DECLARED.search(data[:DECLARED_WITHIN])
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def _strictly(data: bytes, codec: str) -> Decoded | None:
    try:
        text = data.decode(codec)
    except (UnicodeError, ValueError):
        return None
    return Decoded(text, codec.replace("_", "-"), BY_DECLARATION, 0, len(data), 0)


def tokens_of(data: bytes, decoded: Decoded) -> tuple[bytes, str, Callable[[int], int]]:
    """Return bytes that can be cut at ``<``, their encoding, and the way back to the file.

    The way back takes ascending offsets of those bytes.
    """
    codec = decoded.encoding.replace("-", "_")
    if codec.startswith("utf_8") or not (codec.startswith("utf_") or STATEFUL.match(codec)):
        encoding = UTF8 if codec.startswith("utf_8") else codec
        skipped = decoded.skipped
        return data[skipped:], encoding, lambda offset: offset + skipped
    work = decoded.text.encode(UTF8, "replace")
    index_at = _Ascending(work)
    if not STATEFUL.match(codec):
        return work, UTF8, lambda offset: decoded.byte_at(index_at(offset))
    starts = _starts(data, codec)
    return work, UTF8, lambda offset: starts[min(index_at(offset), len(starts) - 1)]


class _Ascending:
    """Turns ascending offsets of UTF-8 into indices of its characters, in linear time."""

    def __init__(self, work: bytes) -> None:
        self._work = work
        self._offset = self._index = 0

    def __call__(self, offset: int) -> int:
        if offset < self._offset:
            self._offset = self._index = 0
        self._index += len(self._work[self._offset : offset].decode(UTF8, "replace"))
        self._offset = offset
        return self._index


def _starts(data: bytes, codec: str) -> array[int]:
    """Say at which byte each character begins; slow, for encodings that hardly occur."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    starts: array[int] = array("q")
    before = 0
    for offset in range(len(data)):
        count = len(decoder.decode(data[offset : offset + 1], offset == len(data) - 1))
        if count:
            starts.extend([before] * count)
            before = offset + 1
    starts.append(len(data))
    return starts


def _records(shard: Shard, reading: ShardReading) -> Iterator[Record]:
    data = shard.block
    decoded = page_text(data)
    work, encoding, place = tokens_of(data, decoded)
    line_starts = [0] + [found.end() for found in re.finditer(rb"\r\n|\r|\n", work)]
    parser = BlockParser(work, encoding)
    for number, block in enumerate(parser.blocks(), 1):
        yield _record(block, number, shard.byte_start, line_starts, place)
    issue = encoding_issue(decoded)
    if issue is not None:
        reading.issues.append(issue)
    if PROVIDERS.search(work):
        reading.issues.append(Issue(
            Severity.WARNING, "read", "provider_layout",
            "has marks of a provider's return, but not as the provider writes it (was it saved "
            "anew?): read as a plain page, without authors and times; ask for the file as it came",
        ))  # fmt: skip
    if parser.scripts:
        reading.issues.append(Issue(
            Severity.INFO, "read", "script_not_read",
            "scripts that may hold data were passed over; open the page in a browser to see what "
            "they show", count=parser.scripts,
        ))  # fmt: skip
    if parser.torn is not None:
        start = place(parser.torn[0])
        reading.unread.append((shard.byte_start + start, shard.byte_end))
    if parser.torn is not None or (BEGUN.search(work) and not END.search(work)):
        reading.issues.append(Issue(
            Severity.WARNING, "read", "file_ends_early",
            "the page has no end: it may be cut off; what was there was read; compare its size "
            "with the original",
        ))  # fmt: skip


def _record(
    block: Block, number: int, base: int, line_starts: list[int], place: Callable[[int], int]
) -> Record:
    def line_of(offset: int) -> int:
        return bisect_right(line_starts, offset)

    marks = [(at, line_of(offset)) for at, offset in block.marks]
    field = f"block[{number}]"
    kind, section = RecordKind.DOCUMENT, "page"
    if block.kind == "row":
        kind, section = RecordKind.ROW, "table"
        field = f"table[{block.table}]/row[{block.row}]"
    elif block.kind == "title":
        section, field = "title", f"title[{number}]"
    attributes = [("link", link[:SHOWN]) for link in dict.fromkeys(block.links)]
    attributes += [("picture described as", alt) for alt in block.alts if alt]
    return Record(
        kind=kind,
        text=block.text or None,
        segments=segments_of(marks, len(block.text)),
        section=section,
        field=field,
        page_first=None,
        page_last=None,
        line_first=line_of(block.marks[0][1]) if block.marks else line_of(block.start),
        byte_start=base + place(block.start),
        byte_end=base + place(block.end),
        attributes=attributes,
        attachments=[medium(path) for path in dict.fromkeys(block.media)],
    )


def segments_of(marks: list[tuple[int, int]], length: int) -> list[Segment]:
    """Turn (code point, line) into a record's segments; none when it stands on one line.

    Args:
        marks: in ascending order; those behind the end of the text are left out.
        length: of the text, code points.
    """
    kept: dict[int, int] = {}
    last = 0
    for at, line in marks:
        if at < length and (not kept or line != last):
            kept[at if kept else 0] = last = line
    return [(at, None, line) for at, line in kept.items()] if len(kept) > 1 else []


def medium(path: str) -> Attachment:
    """Describe a picture or a film that a page names."""
    is_address = "://" in path or path.startswith("//")
    name = re.split(r"[?#]", path)[0].replace("\\", "/").rpartition("/")[2]
    return Attachment(
        name=name[:SHOWN] or None,
        provider_id=None,
        media_type=None,
        size_bytes=None,
        url=path[:SHOWN] if is_address else None,
        path=None if is_address else path[:SHOWN],
    )
