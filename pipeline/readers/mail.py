"""E-mail: single messages (``.eml``) and mailboxes of many (mbox)."""

from __future__ import annotations

import codecs
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import ClassVar

from pipeline.errors import SourceError
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
from pipeline.readers.encodings import decode
from pipeline.readers.html_document import tokens_of
from pipeline.readers.mail_headers import date_of, parse_headers
from pipeline.readers.mail_records import Mailbox

SIZE = 2 << 20
"""Bytes after which a mailbox is cut before the next message."""
LIMIT = 256 << 20
"""Bytes of one message that are held in memory."""
AHEAD = 1 << 13
"""Bytes that must stand behind a postmark to see whether headers follow it."""
STEP = 1 << 20
CUT = b"cut"
"""Context of a shard that begins within a message."""
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},?[ ]{1,3}"
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_CLOCK = rb"\d{1,2}:\d{2}(?::\d{2})?"
_NAME = rb"[!-9;-~]{1,76}:(?:[ \t]|\r{0,2}\n)"
POSTMARK = re.compile(
    rb"From [^\r\n]{0,300}?" + _DAY + rb"(?:"
    + _MONTH + rb"[ ]{1,3}\d{1,2}[ ]{1,3}" + _CLOCK
    + rb"(?:[ ]{1,3}[A-Za-z0-9+-]{1,6}){0,2}[ ]{1,3}\d{4}"
    + rb"|\d{1,2}[ ]{1,3}" + _MONTH + rb"[ ]{1,3}\d{4}[ ]{1,3}" + _CLOCK
    + rb")[^\r\n]{0,100}(?:\r{0,2}\n|\r)"
)  # fmt: skip
"""The line before each message of a mailbox: sender and time (RFC 4155, appendix A)."""
BARE_POSTMARK = re.compile(rb"From (?:-|[^\s@]{1,200}@?[^\s@]{0,200})[ ]{0,9}(?:\r{0,2}\n|\r)")
"""The same without a time, as few programs write it."""
TWO_HEADERS = re.compile(
    rb"(?:>From [^\r\n]{0,400}(?:\r{0,2}\n|\r))?"
    + _NAME + rb"[^\r\n]{0,4000}(?:\r{0,2}\n|\r)(?:[ \t][^\r\n]{0,998}(?:\r{0,2}\n|\r)){0,9}"
    + _NAME
)  # fmt: skip
KNOWN_HEADER = re.compile(
    rb"(?:Return-Path|Received|From|To|Date|Subject|Message-ID|MIME-Version|Content-Type"
    rb"|Delivered-To|Status|X-[\w-]{1,40}):",
    re.IGNORECASE,
)
EMLX = re.compile(rb"\d{1,12}[ ]{0,12}\r?\n")
"""First line of a message of Apple Mail: the bytes it has, a property list behind them."""
NAMES = re.compile(r"\.(?:eml|emlx|mht|mhtml)$", re.IGNORECASE)
BOX_NAMES = re.compile(r"\.(?:mbox|mbx)$|(?:^|/)mbox$", re.IGNORECASE)
ADDRESSED = frozenset({"from", "to", "cc", "date", "subject", "sender", "reply-to"})
BY_MACHINES = frozenset({
    "message-id", "received", "mime-version", "content-type", "return-path", "delivered-to",
    "dkim-signature", "received-spf", "x-received", "authentication-results",
})  # fmt: skip
"""Headers that programs write, and no person who lists who wrote what."""
SENT = frozenset({"from", "received", "return-path", "delivered-to"})
"""Headers that tell mail from other things with headers, such as answers of web servers."""


class Eml:
    """One e-mail as a file.

    Finds: the subject; each text part, of HTML what it shows where no plain text says the same;
        messages attached to it; who wrote to whom and when; names, types and sizes of attachments.
    Does not find: what stands in attachments; encrypted parts (an issue each); the sender's place.

    References:
        - https://www.rfc-editor.org/rfc/rfc5322 · rfc2045 · rfc2046 · rfc2047 · rfc2231
    """

    name: ClassVar[str] = "eml"
    version: ClassVar[int] = 1
    provider: ClassVar[str | None] = None
    media_type: ClassVar[str] = "message/rfc822"
    title: ClassVar[str] = "E-mail, one message (.eml)"
    confidence: ClassVar[str] = "confirmed by the standards"
    has_bytes: ClassVar[bool] = True
    units: ClassVar[tuple[str, str]] = ("p.", "l.")

    def bid(self, candidate: Candidate) -> Bid:
        """Say how sure it is, by the headers that the file begins with."""
        head = _plain(candidate.head)
        headers, body = parse_headers(head, _begin(head), len(head))
        names = {name for name, _, _ in headers.fields}
        machine = names & BY_MACHINES
        is_dated = date_of(headers.get("date"))[0] is not None
        if len(names) >= 3 and machine and names & SENT:
            return Bid(60, f"begins with {len(names)} headers of an e-mail")
        if {"from", "to", "subject"} <= names and is_dated and "@" in headers.get("from"):
            return Bid(60, f"begins with {len(names)} headers of an e-mail")
        if NAMES.search(candidate.path) and names & ADDRESSED and body:
            return Bid(60, "named as an e-mail and begins with its headers")
        return NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """Say that it is no account's: the file does not tell whose mailbox it comes from."""
        return "", frozenset()

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Take the message whole."""
        return whole_file(blocks, LIMIT)

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read the message."""
        data = shard.block
        place: Callable[[int], int] = _itself
        if data.startswith(UTF16):
            data, _, place = tokens_of(data, decode(data))
        start, end = _begin(data), len(data)
        if start and (counted := EMLX.match(data)):
            end = min(start + int(counted[0]), end)
        return _reading(shard, about, data, [(start, end)], place)


class Mbox:
    """Many e-mails in one file, each behind a line ``From sender time``.

    Finds: what :class:`Eml` finds, message by message.
    Does not find: a message's flags in the mail program; messages of more than 256 MiB. A line
        that the program guarded (``>From``) keeps its mark.

    References:
        - https://www.rfc-editor.org/rfc/rfc4155
        - FORMATS 5.2
    """

    name: ClassVar[str] = "mbox"
    version: ClassVar[int] = 1
    provider: ClassVar[str | None] = None
    media_type: ClassVar[str] = "application/mbox"
    title: ClassVar[str] = "E-mail, mailbox (mbox)"
    confidence: ClassVar[str] = "confirmed by the standards and by published Google returns"
    has_bytes: ClassVar[bool] = True
    units: ClassVar[tuple[str, str]] = ("p.", "l.")

    def bid(self, candidate: Candidate) -> Bid:
        """Say how sure it is, by its first line and the headers behind it."""
        head = _plain(candidate.head).removeprefix(codecs.BOM_UTF8)
        start = _begin(head)
        if not head.startswith(b"From ", start):
            return NO_BID
        if begins_message(head, start):
            return Bid(70, "begins with the postmark of a mailbox and headers")
        if BOX_NAMES.search(candidate.path) and len(parse_headers(head, start, 4096)[0].fields) > 1:
            return Bid(60, "named as a mailbox; its first line is followed by headers")
        return NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """Say that it is no account's.

        Raises:
            SourceError: it was saved as UTF-16, which no mail program reads either.
        """
        if candidate.head.startswith(UTF16):
            raise SourceError(
                "utf16_mailbox",
                "is a mailbox saved again as UTF-16 text; name the mailbox as it was exported",
            )
        return "", frozenset()

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Cut before messages, about 2 MB apart."""
        kept = bytearray()
        ordinal = start = line = 0
        context = b""
        looked = SIZE
        for block in blocks:
            for at in range(0, len(block), STEP):
                kept += block[at : at + STEP]
                while (cut := _cut(kept, looked)) or len(kept) > LIMIT:
                    cut = cut or LIMIT
                    part = bytes(kept[:cut])
                    yield Shard(ordinal, start, start + cut, 1, line, 0, context, part)
                    context = b"" if begins_message(kept, cut) else CUT
                    ordinal, start, looked = ordinal + 1, start + cut, SIZE
                    line += _line_ends(part)
                    del kept[:cut]
                looked = max(SIZE, len(kept) - AHEAD)
        if kept:
            part = bytes(kept)
            end = start + len(part)
            yield Shard(ordinal, start, end, 1, line, 0, context, part, is_last=True)

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read the messages of a shard."""
        data = shard.block
        starts = list(_starts(data, 0, len(data)))
        begin = _begin(data)
        if shard.context != CUT and (not starts or starts[0] != begin):
            starts.insert(0, begin)
        messages = list(pairwise([*starts, len(data)]))
        return _reading(shard, about, data, messages, _itself)


def begins_message(data: bytes | bytearray, at: int) -> bool:
    """Tell whether a line ``From …`` is a postmark: two headers follow it."""
    if at and data[at - 1] not in b"\r\n":
        return False
    if mark := POSTMARK.match(data, at):
        return TWO_HEADERS.match(data, mark.end()) is not None
    before = data[max(at - 4, 0) : at].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if at and not before.endswith(b"\n\n"):
        return False
    mark = BARE_POSTMARK.match(data, at)
    if mark is None or KNOWN_HEADER.match(data, mark.end()) is None:
        return False
    return TWO_HEADERS.match(data, mark.end()) is not None


def _starts(data: bytes | bytearray, start: int, end: int) -> Iterator[int]:
    at = start
    while (at := data.find(b"From ", at, end)) >= 0:
        if begins_message(data, at):
            yield at
        at += 5


def _cut(kept: bytearray, looked: int) -> int:
    """Return the first postmark behind the size of a shard whose headers are to be seen; else 0."""
    return next(_starts(kept, looked, len(kept) - AHEAD), 0) if len(kept) > looked + AHEAD else 0


def _begin(head: bytes) -> int:
    """Return where the first message begins: behind a mark, or behind the count of Apple Mail."""
    if head.startswith(codecs.BOM_UTF8):
        return 3
    counted = EMLX.match(head)
    return counted.end() if counted else 0


def _plain(head: bytes) -> bytes:
    return decode(head).text.encode("utf-8") if head.startswith(UTF16) else head


def _line_ends(data: bytes) -> int:
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _itself(offset: int) -> int:
    return offset


def _reading(
    shard: Shard,
    about: About,
    data: bytes,
    messages: list[tuple[int, int]],
    place: Callable[[int], int],
) -> ShardReading:
    reading = ShardReading(iter(()), [(None, shard.byte_start, shard.byte_end)])
    reading.records = _records(shard, about, data, messages, place, reading)
    return reading


def _records(
    shard: Shard,
    about: About,
    data: bytes,
    messages: list[tuple[int, int]],
    place: Callable[[int], int],
    reading: ShardReading,
) -> Iterator[Record]:
    ends = array("q", (found.end() for found in re.finditer(rb"\r\n|\r|\n", data)))
    mailbox = Mailbox(data, about, lambda offset: shard.line + bisect_right(ends, offset) + 1)
    first = messages[0][0] if messages else len(data)
    if shard.context == CUT:
        mailbox.cut_message(first)
    for start, end in messages:
        for record in mailbox.message(start, end):
            record.byte_start = shard.byte_start + place(record.byte_start)
            record.byte_end = shard.byte_start + place(record.byte_end)
            yield record
    reading.issues += mailbox.issues()
    reading.accounts += mailbox.accounts()
    reading.unread += [
        (shard.byte_start + place(start), shard.byte_start + place(end))
        for start, end in mailbox.unread
    ]
