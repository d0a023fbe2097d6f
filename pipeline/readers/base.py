"""What a reader gives: records as the provider logged them, before guard and ids."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from schemas.kinds import MentionKind, RecordKind, Severity


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the provider writes it: ``Display Name (Facebook: 123)``."""

    provider: str
    provider_account_id: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Stated:
    """A value that the provider states in a field of its own: a span of the record's text."""

    kind: MentionKind
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file a record refers to."""

    name: str | None
    provider_id: str | None
    media_type: str | None
    size_bytes: int | None
    url: str | None
    path: str | None


@dataclass(slots=True)
class Record:
    """The smallest thing the provider logged. ``text`` is verbatim as decoded."""

    kind: RecordKind
    text: str | None
    segments: list[tuple[int, int, int]]
    """From which code point of ``text`` on which page and line it stands."""
    section: str
    field: str
    """Path of the field it is read from; part of its identity."""
    page_first: int
    page_last: int
    line_first: int
    byte_start: int
    byte_end: int
    """In the inflated file, half-open. Of two ranges that overlap one is a part of the other, as a
    share is of its message."""
    thread_id: str | None = None
    thread_name: str | None = None
    author: Account | None = None
    recipients: tuple[Account, ...] = ()
    sent_at: datetime | None = None
    sent_raw: str | None = None
    attributes: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    attachments: list[Attachment] = dataclasses.field(default_factory=list)
    stated: list[Stated] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AccountFact:
    """Something the provider states about an account: a name, vanity, e-mail or phone."""

    account: Account
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Issue:
    """Something not read or not understood. Never holds evidence text."""

    severity: Severity
    stage: str
    code: str
    message: str
    page: int | None = None
    count: int = 1


@dataclass(slots=True)
class ShardReading:
    """All that a reader says about one shard."""

    records: Iterator[Record]
    """To be exhausted before the lists below are complete."""
    pages: list[tuple[int, int, int]] = dataclasses.field(default_factory=list)
    """(page, first byte, one past its last byte) of each page, or part of one, in the shard."""
    bars: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    """Byte ranges of page bars, which lie inside records that run over a break."""
    unread: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    """Byte ranges that were not understood."""
    issues: list[Issue] = dataclasses.field(default_factory=list)
    accounts: list[AccountFact] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shard:
    """A run of bytes of one file that can be read alone, in any worker, in any order."""

    ordinal: int
    """Place among the shards of its source, from 0."""
    byte_start: int
    byte_end: int
    page: int
    """Page it begins on; 0 = before the first page bar."""
    line: int
    """Printed lines of that page before it begins."""
    lap: int
    """How often page numbers have begun again in this file."""
    context: bytes
    """Bytes from earlier in the file that open the section and the thread it begins in."""
    block: bytes
    is_last: bool = False
    """Whether the file ends with it."""
    is_cut_off: bool = False
    """Whether it is the last, and the file ends before its own end."""
    encoding: str = "utf-8"
    """Second choice for text that is not UTF-8: what the file declares."""


class Reader(Protocol):
    """One layout of one provider."""

    name: ClassVar[str]
    version: ClassVar[int]
    """Raise it when the records produced can differ."""
    provider: ClassVar[str]

    def bid(self, path: str, head: bytes) -> int:
        """Say how sure it is, from 0 (not mine) to 100, by content first, then by name.

        Args:
            path: path in the return.
            head: the first 64 KiB.
        """
        ...

    def identify(self, head: bytes) -> tuple[str, frozenset[str]]:
        """Say the service (lower case), and number and names of the account the file is about.

        Args:
            head: the first 64 KiB.
        """
        ...

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Cut a file, streamed in blocks of any size, into shards; keeps about one in memory."""
        ...

    def read(self, shard: Shard, service: str) -> ShardReading:
        """Read a shard.

        Args:
            shard: the shard.
            service: the service whose account the file is about (``facebook``).
        """
        ...
