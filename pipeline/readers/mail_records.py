"""Messages of a mailbox as records: one for the headers, one for each text."""

from __future__ import annotations

import binascii
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipeline.readers.base import About, Account, AccountFact, Attachment, Issue, Record
from pipeline.readers.html_document import SHOWN, medium, segments_of
from pipeline.readers.mail_headers import (
    Headers,
    addresses,
    date_of,
    decode_words,
    ips_of,
    subject_key,
    thread_of,
)
from pipeline.readers.mail_parts import (
    ATTACHED_MAIL,
    ENCODED,
    IDENTITY,
    NOTE_FOR_OLD,
    SEALED,
    TEXTS,
    Part,
    Text,
    parse_part,
    text_of,
)
from schemas.kinds import RecordKind, Severity

SERVICE = "email"
SAME = 0.1
"""Share of the words of a page that its plain form may lack and still be taken for the same."""
WORDS = re.compile(r"\w+|[^\w\s\x00-\x7f]")
"""Words, and signs such as emoji."""
KEPT = {
    "message-id": "Message-ID", "in-reply-to": "In-Reply-To", "cc": "Cc", "bcc": "Bcc",
    "sender": "Sender", "reply-to": "Reply-To", "return-path": "Return-Path",
    "delivered-to": "Delivered-To", "x-original-to": "X-Original-To",
    "x-forwarded-to": "X-Forwarded-To", "resent-from": "Resent-From", "resent-to": "Resent-To",
    "organization": "Organization", "comments": "Comments", "keywords": "Keywords",
    "user-agent": "User-Agent", "x-mailer": "X-Mailer", "list-id": "List-Id",
    "x-gm-thrid": "X-GM-THRID", "x-gmail-labels": "X-Gmail-Labels",
    "snapshot-content-location": "Snapshot-Content-Location",
}  # fmt: skip
"""Headers kept as attributes; the rest is of the mail's way and stands in the record's bytes."""
OWN_IPS = ("x-originating-ip", "x-sender-ip", "x-client-ip", "x-yahoo-post-ip", "x-source-ip")
DOCUMENTS = re.compile(
    r"(?!image/|audio/|video/|font/|application/(?:pgp|pkcs7|x-pkcs7)-signature)"
)
"""Attachments that may hold text."""


@dataclass(frozen=True, slots=True)
class _Envelope:
    """What all records of a message share."""

    author: Account | None
    recipients: tuple[Account, ...]
    sent_at: datetime | None
    sent_raw: str | None
    zone_assumed: bool
    thread_id: str | None
    thread_name: str | None
    subject: str
    prefix: str
    """Path of the part that an attached message is; empty for the message itself."""


class Mailbox:
    """Reads the messages of one run of bytes, and counts what was not understood."""

    def __init__(self, data: bytes, about: About, line_of: Callable[[int], int]) -> None:
        """Take the bytes.

        Args:
            data: a message, or several.
            about: the file.
            line_of: the line of the file on which a byte stands.
        """
        self._data = data
        self._zone = ZoneInfo(about.zone)
        self._zone_name = about.zone
        self._line_of = line_of
        self._counts: Counter[str] = Counter()
        self._facts: dict[AccountFact, None] = {}
        self._texts: dict[int, Text] = {}
        self.unread: list[tuple[int, int]] = []

    def cut_message(self, end: int) -> None:
        """Note that bytes continue a message too large to be read whole."""
        self.unread.append((0, end))
        self._counts["message_too_large"] += 1

    def message(self, start: int, end: int) -> Iterator[Record]:
        """Yield the records of a message, in the order of its bytes."""
        self._texts.clear()
        part = parse_part(self._data, start, end)
        if not part.headers.fields:
            if self._data[start:end].strip():
                self.unread.append((start, end))
                self._counts["unparsed_text"] += 1
            return
        if part.body >= end and self._data[max(start, end - 998) : end].splitlines()[-1].strip():
            self._counts["file_ends_early"] += 1  # within headers: an empty line ends them
        yield from self._message(part, "")

    def accounts(self) -> list[AccountFact]:
        """Return the addresses that were stated."""
        return list(self._facts)

    def _message(self, part: Part, prefix: str) -> Iterator[Record]:
        envelope = self._envelope(part.headers, prefix)
        leaves = list(self._leaves(part))
        attachments = [self._attachment(leaf) for leaf in leaves if leaf.is_attached]
        told = self._attributes(part.headers)
        texts = [
            record
            for leaf in leaves
            if not leaf.is_attached and not leaf.is_too_deep and leaf.type in TEXTS
            for record in self._text_record(leaf, envelope)
        ]
        if envelope.subject or attachments or not texts:
            yield self._header_record(part, envelope, told, attachments)
            told = [item for item in told if item[0] in ("Subject", "Message-ID")]
        for record in texts:
            record.attributes = told + record.attributes
        own = iter(texts)
        following = next(own, None)
        for leaf in leaves:
            while following is not None and following.byte_start <= leaf.start:
                yield following
                following = next(own, None)
            if leaf.is_too_deep:
                self._counts["nested_too_deep"] += 1
                self.unread.append((leaf.body, leaf.end))
            elif leaf.type in ATTACHED_MAIL:
                for inner in leaf.parts:
                    yield from self._message(inner, f"{prefix}part[{leaf.path or 1}]/")
        if following is not None:
            yield following
        yield from own

    def _envelope(self, headers: Headers, prefix: str) -> _Envelope:
        senders = self._accounts(headers.all("from") or headers.all("sender"))
        sent_at, raw, assumed = None, headers.text("date"), False
        when, has_zone = date_of(raw)
        if when is not None and not has_zone:
            try:
                when = when.replace(tzinfo=self._zone).astimezone(UTC)
                assumed = True
            except OverflowError:
                when = None
        if when is not None:
            sent_at = when
            self._counts["zone_assumed"] += assumed
        elif headers.fields:
            self._counts["bad_date"] += 1
        subject = headers.text("subject")
        to = [value for name in ("to", "cc", "bcc") for value in headers.all(name)]
        return _Envelope(
            author=senders[0] if senders else None,
            recipients=self._accounts(to),
            sent_at=sent_at,
            sent_raw=raw or None,
            zone_assumed=assumed,
            thread_id=thread_of(headers),
            thread_name=subject_key(subject) or None,
            subject=subject,
            prefix=prefix,
        )

    def _accounts(self, values: list[str]) -> tuple[Account, ...]:
        found: dict[Account, None] = {}
        for value in values:
            for name, address in addresses(value):
                found[Account(SERVICE, address or None, name)] = None
                if address:
                    self._facts[AccountFact(Account(SERVICE, address, None), "email", address)] = (
                        None
                    )
        return tuple(found)

    def _attributes(self, headers: Headers) -> list[tuple[str, str]]:
        told = [("Subject", headers.text("subject"))]
        for name, label in KEPT.items():
            told += [(label, decode_words(value).strip()) for value in headers.all(name)]
        told += [("Received", ip) for ip in ips_of(headers.all("received"))]
        for name in OWN_IPS:
            told += [(name.title().replace("Ip", "IP"), ip) for ip in ips_of(headers.all(name))]
        return [(label, value) for label, value in told if value]

    def _header_record(
        self,
        part: Part,
        envelope: _Envelope,
        told: list[tuple[str, str]],
        attachments: list[Attachment],
    ) -> Record:
        at = max(part.headers.offset("subject"), part.start)
        record = self._record(envelope, f"{envelope.prefix}Subject", at, part.start, part.body)
        record.text = envelope.subject or None
        record.attributes = told
        record.attachments = attachments
        return record

    def _text_record(self, leaf: Part, envelope: _Envelope) -> Iterator[Record]:
        text = self._text(leaf)
        if not text.text.strip() and not text.media:
            return
        first = text.marks[0][1] if text.marks else leaf.body
        field = f"{envelope.prefix}part[{leaf.path or 1}]"
        record = self._record(envelope, field, first, leaf.body, leaf.end)
        record.text = text.text or None
        marks = [(at, self._line_of(offset)) for at, offset in text.marks]
        record.segments = segments_of(marks, len(text.text))
        record.attributes = [("link", link[:SHOWN]) for link in text.links]
        record.attachments = [
            medium(path) for path in text.media if not path.lower().startswith("cid:")
        ]
        yield record

    def _record(
        self, envelope: _Envelope, field: str, at: int, byte_start: int, byte_end: int
    ) -> Record:
        return Record(
            kind=RecordKind.MESSAGE,
            text=None,
            segments=[],
            section="mail",
            field=field,
            page_first=None,
            page_last=None,
            line_first=self._line_of(at),
            byte_start=byte_start,
            byte_end=byte_end,
            thread_id=envelope.thread_id,
            thread_name=envelope.thread_name,
            author=envelope.author,
            recipients=envelope.recipients,
            sent_at=envelope.sent_at,
            sent_raw=envelope.sent_raw,
            zone_assumed=envelope.zone_assumed,
        )

    def _text(self, leaf: Part) -> Text:
        text = self._decoded(leaf)
        self._counts["bad_encoding"] += text.replaced
        self._counts["declared_encoding_wrong"] += text.misdeclared
        self._counts["bad_transfer_encoding"] += text.damaged
        if leaf.encoding not in IDENTITY | ENCODED:
            self._counts["unknown_transfer_encoding"] += 1
        return text

    def _leaves(self, part: Part) -> Iterator[Part]:
        """Yield the parts that are not made of parts, and the messages attached."""
        if part.is_too_deep or not part.type.startswith("multipart/"):
            self._counts["file_ends_early"] += part.is_open
            self._counts["encrypted_part"] += part.type in SEALED
            yield part
            return
        self._counts["file_ends_early"] += part.is_open
        self._counts["encrypted_part"] += part.type in SEALED
        yield from self._loose(part, 0)
        inner = [leaf for child in part.parts for leaf in self._leaves(child)]
        yield from self._wanted(inner) if part.type == "multipart/alternative" else inner
        yield from self._loose(part, 1)

    def _loose(self, part: Part, number: int) -> Iterator[Part]:
        """Yield text that stands outside of every part, unless it is the note for old programs."""
        for start, end in part.loose[number : number + 1]:
            text = self._data[start:end]
            if text.strip() and not (number == 0 and NOTE_FOR_OLD.search(text[:2000])):
                where = ("before", "behind")[number]
                path = f"{part.path}{'.' * bool(part.path)}{where}"
                yield replace(
                    part, path=path, start=start, body=start, end=end, headers=Headers(),
                    type="text/plain", parameters={}, parts=[], loose=[], is_open=False,
                    disposition="", name="",
                )  # fmt: skip

    def _wanted(self, leaves: list[Part]) -> Iterator[Part]:
        """Leave out pages that say what the plain form beside them says."""
        plain = [
            self._decoded(leaf).text
            for leaf in leaves
            if leaf.type == "text/plain" and not leaf.is_attached
        ]
        has_plain = any(text.strip() for text in plain)
        said = {word for text in plain for word in WORDS.findall(text.casefold())}
        for leaf in leaves:
            if leaf.type == "text/x-amp-html":
                continue
            if has_plain and leaf.type == "text/html" and not leaf.is_attached:
                words = set(WORDS.findall(self._decoded(leaf).text.casefold()))
                if len(words - said) <= SAME * len(words):
                    continue
            yield leaf

    def _decoded(self, leaf: Part) -> Text:
        """Return the text of a part; it is looked at twice where parts are alternatives."""
        text = self._texts.get(leaf.body)
        if text is None:
            text = self._texts[leaf.body] = text_of(self._data, leaf)
        return text

    def _attachment(self, leaf: Part) -> Attachment:
        raw = self._data[leaf.body : leaf.end]
        size = len(raw)
        if leaf.encoding == "base64":
            size -= raw.count(b"\r") + raw.count(b"\n") + raw.count(b" ") + raw.count(b"=")
            size = size * 3 // 4
        elif leaf.encoding == "quoted-printable":
            size = len(binascii.a2b_qp(raw))
        self._counts["attachment_not_read"] += DOCUMENTS.match(leaf.type) is not None
        number = leaf.headers.get("content-id").strip("<> \t")
        return Attachment(leaf.name[:SHOWN] or None, number or None, leaf.type, size, None, None)

    def issues(self) -> Iterator[Issue]:
        """Yield what was not read or not understood; call it when all messages are read."""
        for code, (severity, message) in ISSUES.items():
            if count := self._counts[code]:
                yield Issue(
                    severity, "read", code, message.format(zone=self._zone_name), count=count
                )


ISSUES = {
    "message_too_large": (
        Severity.ERROR,
        "a message of more than 256 MiB was read to that size only; open it in a mail program",
    ),
    "unparsed_text": (
        Severity.ERROR,
        "what stands where a message should begin has no headers and was not read; open the file "
        "in a text editor",
    ),
    "nested_too_deep": (
        Severity.ERROR,
        "parts nested deeper than any mail program makes them were not read",
    ),
    "encrypted_part": (
        Severity.ERROR,
        "encrypted parts cannot be read; decrypt the mail with its owner's key and name that too",
    ),
    "bad_date": (
        Severity.WARNING,
        "the date of a message is missing or cannot be read; what it states was kept as text",
    ),
    "zone_assumed": (
        Severity.INFO,
        "dates stand without zone and were read as {zone} (--timezone)",
    ),
    "file_ends_early": (
        Severity.WARNING,
        "a message ends within its headers, or in the middle of its parts; what was there was "
        "read; ask for a complete copy",
    ),
    "bad_transfer_encoding": (
        Severity.WARNING,
        "lines of a text in base64 are damaged; what could be decoded was read",
    ),
    "unknown_transfer_encoding": (
        Severity.WARNING,
        "a text is encoded for transfer in a way that is not known; it was read as it stands",
    ),
    "bad_encoding": (
        Severity.WARNING,
        "characters that could not be decoded were read as U+FFFD",
    ),
    "declared_encoding_wrong": (
        Severity.INFO,
        "a text is not in the encoding that the mail states; it was read in the one that fits",
    ),
    "attachment_not_read": (
        Severity.WARNING,
        "attachments that may hold text were listed, not opened; save them and name them too",
    ),
}  # fmt: skip
