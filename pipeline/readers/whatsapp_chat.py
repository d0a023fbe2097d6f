"""WhatsApp's chat export: ``WhatsApp Chat with X.txt`` of Android, ``_chat.txt`` of iOS."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import PurePosixPath
from typing import ClassVar
from zoneinfo import ZoneInfo

from pipeline.readers.base import (
    NO_BID,
    About,
    Account,
    Bid,
    Candidate,
    Issue,
    Record,
    Segment,
    Shard,
    ShardReading,
    whole_file,
)
from pipeline.readers.base import Stated as StatedValue
from pipeline.readers.chat_dates import Head, Order, decide, heads, main_style, sent
from pipeline.readers.chat_lines import Line, attachments, lines_of, marks_of
from pipeline.readers.encodings import Decoded, decode, decode_as, detect, encoding_issue
from schemas.kinds import MentionKind, RecordKind, Severity

SERVICE = "whatsapp"
LINE_END = re.compile(r"\r\n|\n|\r")
_LIMIT = 128 << 20
"""Bytes; WhatsApp exports 40,000 messages at most, some ten megabytes."""

_FILE_NAME = re.compile(r"whatsapp|(?:^|/)_chat(?:[ _(-][^/]*)?\.txt$", re.IGNORECASE)
_THREAD = re.compile(
    r"(?:WhatsApp[ -]Chat|Chat|Conversa|Conversación|Discussion)"
    r"(?: de| do| da)?(?: WhatsApp)?"
    r"(?: with| con| com| mit| avec| met| - |: )[ ]*(?P<name>.+)",
    re.IGNORECASE,
)
"""File names by language: ``WhatsApp Chat with X``, ``Chat de WhatsApp con X``, ``Conversa do
WhatsApp com X``, ``WhatsApp-Chat mit X``, ``Discussion WhatsApp avec X``; of iOS
``WhatsApp Chat - X``."""
_OWN_MARKS = re.compile(
    r"end-to-end encrypted|cifrad[oa]s de extremo a extremo|<Media omitted>|<Multimedia omitido>"
    r"|\(file attached\)|\(archivo adjunto\)|<attached: |<adjunto: |\u200e<?[\w ]{3,20} omitted"
    r"|WhatsApp"
)
_LOG_WORDS = re.compile(
    r"(?:^|[\W_])(?:trace|debug|info|information|notice|warn|warning|error|err|severe|fatal|"
    r"critical|exception)(?:$|[\W_])",
    re.IGNORECASE,
)
"""What stands before the colon in a log of a program, where a chat has a name."""
_MEDIA_DATE = re.compile(
    r"(?:PHOTO|VIDEO|AUDIO|STICKER|GIF|IMG|VID|PTT|AUD|STK|DOC)-(\d{4})-?(\d{2})-?(\d{2})(?:-|$)"
)
"""``00000012-PHOTO-2024-03-01-02-12-00.jpg`` of iOS, ``IMG-20240301-WA0001.jpg`` of Android."""
_NUMBER = re.compile(r"\+\d[\d\s().\-\u2010-\u2015]{5,30}")


class WhatsappChat:
    """Messages of a WhatsApp chat that somebody exported as text.

    Finds: messages of Android and iOS exports, over any number of lines, in 12 and 24 hours and in
        dates of any order, which the whole file decides; who wrote them and, as far as they wrote,
        who read them; files attached or left out; calls; lines of the service; whether a message
        was edited or deleted; numbers of people whom the phone does not know.
    Does not find: members of a group who never wrote; what pictures show; reactions and read
        receipts, which exports leave out; exports in languages that write times in other words.

    References:
        - FORMATS 8.2
    """

    name: ClassVar[str] = "whatsapp_chat"
    version: ClassVar[int] = 1
    provider: ClassVar[str | None] = "WhatsApp"
    media_type: ClassVar[str] = "text/plain"
    title: ClassVar[str] = "WhatsApp chat export of Android or iOS, text"
    confidence: ClassVar[str] = (
        "lines confirmed by several independent parsers; direction marks before names and blanks "
        "before AM and PM partly inferred"
    )
    has_bytes: ClassVar[bool] = True
    units: ClassVar[tuple[str, str]] = ("p.", "l.")

    def bid(self, candidate: Candidate) -> Bid:
        """Say how sure it is: by heads of lines in one style and by the service's own words."""
        head = candidate.head
        encoding, how = detect(head, is_whole=False)
        text = decode_as(head, encoding, how).text
        found = heads(text)
        style = main_style(found)
        ours = [item for item in found if item.style == style]
        if not ours or text[: ours[0].start].strip():
            return NO_BID
        named = bool(_FILE_NAME.search(candidate.path))
        marked = bool(_OWN_MARKS.search(text))
        authors = Counter(line.name for line in lines_of(text, ours))
        silent = authors.pop(None, 0)
        logged = sum(count for name, count in authors.items() if _LOG_WORDS.search(name or ""))
        if not named and 2 * logged > sum(authors.values()):
            return NO_BID
        told = f"{len(ours):,} lines begin with date and time as a chat export writes them"
        if named and (marked or authors or silent):
            return Bid(95 if len(ours) > 1 else 90, f"{told}, in a file named as one")
        if marked and len(ours) > 1 and authors:
            return Bid(92, f"{told}, with words of the service")
        recurring = [name for name, count in authors.items() if count > 1]
        dated = style is not None and (style[4] or (style[0] and not style[2]))
        if dated and len(ours) >= 4 and len(recurring) > 1 and silent * 4 <= len(ours):
            return Bid(85, f"{told}, with names that recur")
        return NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """Say the service; the export does not name the account whose phone it comes from."""
        return SERVICE, frozenset()

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Keep the file whole: its dates can be read only together."""
        return whole_file(blocks, _LIMIT)

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read the chat; what stands before its first message is left to ``unread``."""
        decoded = decode(shard.block)
        reading = ShardReading(iter(()), [(None, shard.byte_start, shard.byte_end)])
        if issue := encoding_issue(decoded):
            reading.issues.append(issue)
        found = heads(decoded.text)
        style = main_style(found)
        ours = [head for head in found if head.style == style]
        start = ours[0].start if ours else len(decoded.text)
        _unread(decoded, start, shard, reading)
        if not ours:
            return reading
        if others := len(found) - len(ours):
            reading.issues.append(_pasted(others))
        order = decide(ours, list(_stated_dates(decoded.text, ours)), about.zone)
        reading.issues.append(order.issue)
        reading.issues.append(
            Issue(
                Severity.INFO,
                "read",
                "zone_assumed",
                f"times stand without zone and were read as {about.zone} (--timezone)",
            )
        )
        reading.records = _Chat(decoded, ours, order, about, shard.byte_start, reading).records()
        return reading


def thread_of(path: str) -> tuple[str, str | None]:
    """Return id and name of the thread from the path of its file.

    The name of the chat is the id where the file or, for ``_chat.txt``, its folder or archive
    tells it; else the id is made from the path and there is no name.
    """
    pure = PurePosixPath(path)
    parents = [parent.name for parent in pure.parents if parent.name]
    for name in (pure.name, *parents[:1]) if _is_plain(pure) else (pure.name,):
        stem = re.sub(r"\.(?:txt|zip)$", "", name, flags=re.IGNORECASE)
        if match := _THREAD.fullmatch(stem.strip()):
            return match["name"].strip(), match["name"].strip()
    if _is_plain(pure) and parents:
        stem = re.sub(r"\.zip$", "", parents[0], flags=re.IGNORECASE)
        return stem, stem
    return f"chat-{hashlib.sha256(path.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}", None


def _is_plain(path: PurePosixPath) -> bool:
    return path.name.lower().startswith("_chat")


def account_of(name: str) -> Account:
    """Return the account that a name in a chat stands for; a number is its provider's number."""
    if number := _number(name):
        return Account(SERVICE, re.sub(r"\D", "", number), number)
    return Account(SERVICE, None, name)


def _number(name: str) -> str | None:
    """Return the number if a name is one: the phone shows it for people it does not know."""
    bare = name.removeprefix("~").strip()
    return bare if _NUMBER.fullmatch(bare) else None


def _unread(decoded: Decoded, start: int, shard: Shard, reading: ShardReading) -> None:
    """Note what stands before the first message."""
    before = decoded.text[:start]
    if not before.strip(" \t\r\n\ufeff"):
        return
    reading.unread.append((shard.byte_start, shard.byte_start + decoded.byte_at(start)))
    lines = sum(1 for line in LINE_END.split(before) if line.strip())
    reading.issues.append(
        Issue(
            Severity.ERROR,
            "read",
            "unparsed_line",
            "lines before the first message were not read: the export is cut at its beginning, or "
            "holds a note; look at the file",
            count=lines,
        )
    )


def _stated_dates(text: str, found: list[Head]) -> Iterator[tuple[Head, date]]:
    """Yield the dates in names of media, each with the head of its message."""
    starts = [head.start for head in found]
    for match in _MEDIA_DATE.finditer(text):
        at = bisect_right(starts, match.start()) - 1
        with suppress(ValueError):
            if at >= 0:
                yield found[at], date(int(match[1]), int(match[2]), int(match[3]))


def _pasted(count: int) -> Issue:
    return Issue(
        Severity.INFO,
        "read",
        "pasted_head",
        "lines look like heads of messages, but in another style than the rest of the file; they "
        "were read as text of the message they stand in",
        count=count,
    )


class _Chat:
    """One file being read."""

    def __init__(
        self,
        decoded: Decoded,
        found: list[Head],
        order: Order,
        about: About,
        base: int,
        reading: ShardReading,
    ) -> None:
        self._decoded = decoded
        self._lines = lines_of(decoded.text, found)
        self._order = order
        self._base = base
        self._reading = reading
        self._thread = thread_of(about.path)
        self._zone = _zone(about.zone)
        authors = (line.name for line in self._lines if line.kind is not RecordKind.SYSTEM)
        self._accounts = {name: account_of(name) for name in dict.fromkeys(authors) if name}
        everybody = list(dict.fromkeys(self._accounts.values()))
        self._others = {
            account: tuple(item for item in everybody if item != account) for account in everybody
        }

    def records(self) -> Iterator[Record]:
        """Yield a record for each head, and one for each number at its first message."""
        line_number = 1
        at = 0
        text = self._decoded.text
        lost = 0
        known: set[Account] = set()
        for line in self._lines:
            line_number += len(LINE_END.findall(text, at, line.head.start))
            at = line.head.start
            record = self._record(line, line_number)
            lost += record.sent_at is None
            yield record
            author = record.author
            if author and author.provider_account_id and author not in known:
                known.add(author)
                yield self._participant(line, author, record)
        if lost:
            self._reading.issues.append(
                Issue(
                    Severity.WARNING,
                    "read",
                    "bad_time",
                    "messages state a date that does not exist in the order of the others; they "
                    "stand without time",
                    count=lost,
                )
            )

    def _record(self, line: Line, line_number: int) -> Record:
        decoded = self._decoded
        attributes: list[tuple[str, str]] = []
        text = decoded.text[line.text_start : line.text_end]
        author = None
        if line.name is not None and line.kind is not RecordKind.SYSTEM:
            author = self._accounts[line.name]
        elif line.name is not None:
            # the service speaks under the name of the chat, or of whom it speaks about
            attributes.append(("Shown as", line.name))
        when = line.head.when
        first = self._base + decoded.byte_at(line.head.start)
        return Record(
            kind=line.kind,
            text=text,
            segments=_segments(text, line_number),
            section="chat",
            field="message",
            page_first=None,
            page_last=None,
            line_first=line_number,
            byte_start=first,
            byte_end=self._base + decoded.byte_at(line.end),
            thread_id=self._thread[0],
            thread_name=self._thread[1],
            author=author,
            recipients=self._others[author] if author else (),
            sent_at=sent(line.head, self._order.name, self._zone),
            sent_raw=decoded.text[when[0] : when[1]],
            attributes=attributes + marks_of(text),
            attachments=attachments(text) if author else [],
            zone_assumed=True,
        )

    def _participant(self, line: Line, author: Account, message: Record) -> Record:
        """The number that stands for a name: what the provider states of somebody."""
        number = author.name or ""
        decoded = self._decoded
        at = line.heading.find(number)
        start = line.head.end + max(at, 0)
        end = line.text_start if at < 0 else start + len(number)
        return Record(
            kind=RecordKind.PARTICIPANT,
            text=number,
            segments=[(0, None, message.line_first)],
            section="chat",
            field="participant",
            page_first=None,
            page_last=None,
            line_first=message.line_first,
            byte_start=self._base + decoded.byte_at(start),
            byte_end=self._base + decoded.byte_at(end),
            thread_id=self._thread[0],
            thread_name=self._thread[1],
            author=author,
            stated=[StatedValue(MentionKind.PHONE, 0, len(number), "whatsapp:author")],
        )


def _segments(text: str, line: int) -> list[Segment]:
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]
    return [(start, None, line + number) for number, start in enumerate(starts)]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError):  # what ZoneInfo raises for a name it does not know
        return ZoneInfo("UTC")
