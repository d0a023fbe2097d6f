"""What a reader gives: records as the provider logged them, before guard and ids."""

from __future__ import annotations

import dataclasses
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from schemas.kinds import MentionKind, RecordKind, Severity

Segment = tuple[int, int | None, int | None] | tuple[int, int | None, int | None, int | None]
"""From which code point of a text on it stands on which page, which line and (PDF) which sheet."""


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
    segments: list[Segment]
    """In ascending order, the first at 0; empty: all of it on the page and line it begins on."""
    section: str
    field: str
    """Path of the field it is read from; part of its identity."""
    page_first: int | None
    """As the provider numbers pages; a worksheet's number; None where the format has no pages."""
    page_last: int | None
    line_first: int
    """Line on the page (on the sheet, for PDF), or row of a table; from 1."""
    byte_start: int
    byte_end: int
    """In the inflated file, half-open; in the reader's own stream where ``has_bytes`` is false. Of
    two ranges that overlap one is a part of the other, as a share is of its message."""
    thread_id: str | None = None
    thread_name: str | None = None
    author: Account | None = None
    recipients: tuple[Account, ...] = ()
    sent_at: datetime | None = None
    sent_raw: str | None = None
    attributes: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    attachments: list[Attachment] = dataclasses.field(default_factory=list)
    stated: list[Stated] = dataclasses.field(default_factory=list)
    sheet_first: int | None = None
    """Printed sheet, from 1 (PDF only)."""
    sheet_last: int | None = None
    zone_assumed: bool = False
    """Whether the source states ``sent_at`` in local time without zone; read in the case's zone."""
    ocr: float | None = None
    """Mean confidence, 0 to 1, of text that was recognised in a picture; None: text as it stood."""


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
    pages: list[tuple[int | None, int, int]] = dataclasses.field(default_factory=list)
    """(page, first byte, one past its last byte) of each page, or part of one, in the shard; they
    follow each other and cover it."""
    sheets: list[int] = dataclasses.field(default_factory=list)
    """The printed sheet of each of ``pages`` (PDF only; else empty)."""
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


@dataclass(frozen=True, slots=True)
class Located:
    """Where a file's bytes are, for those who need more than a stream of them; travels to workers.

    Only what was hashed is located; the caller makes sure that it is still the same.
    """

    path: Path
    """A file, or the archive it lies in."""
    member: str | None
    size_bytes: int
    sha256: str

    def content(self) -> Path | bytes:
        """Return the path of a file of its own, or the inflated bytes of a member of an archive.

        Raises:
            OSError, zipfile.BadZipFile: it cannot be read any more.
        """
        return self.path if self.member is None else _inflated(self)


@lru_cache(maxsize=1)
def _inflated(located: Located) -> bytes:
    """Inflate a member into memory, never to disk: the guard has not seen it."""
    with zipfile.ZipFile(located.path) as archive:
        return archive.read(located.member or "")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that readers bid for."""

    path: str
    """In the return."""
    head: bytes
    """The first 64 KiB."""
    located: Located
    """The whole of it, for formats whose head does not tell; opening it is slow."""


@dataclass(frozen=True, slots=True)
class Bid:
    """How sure a reader is that a file is its own."""

    sureness: int
    """0 (not mine) to 100: 85 and more for a layout known by its own marks, 50 to 84 for one known
    by its shape, 10 to 49 for a general format that reads anything of its kind."""
    reason: str = ""
    """What was seen, in words for people, never evidence text: ``title "Meta Business Record"``."""


NO_BID = Bid(0)


@dataclass(frozen=True, slots=True)
class About:
    """What the caller knows of the file that a shard is cut from."""

    service: str
    """Whose account it is about, lower case (``facebook``); empty for plain documents."""
    path: str = ""
    """In the return."""
    zone: str = "UTC"
    """IANA zone for local times that the source states without one."""


class Reader(Protocol):
    """One layout of one provider.

    ``bid``, ``identify``, ``shards`` and ``prepare`` may raise
    :class:`pipeline.errors.SourceError` for a file of theirs that cannot be read: it becomes an
    issue of severity error for that file. ``read`` never raises on any bytes.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    """Raise it when the records produced can differ."""
    provider: ClassVar[str | None]
    """Company whose layout it is; None for plain documents."""
    media_type: ClassVar[str]
    title: ClassVar[str]
    """The format in words, for ``triage readers``: ``Meta business record, HTML``."""
    confidence: ClassVar[str]
    """How sure we are of the layout, for ``triage readers``: ``confirmed by …``, ``inferred …``."""
    has_bytes: ClassVar[bool]
    """Whether byte ranges are of the file itself; false where text is not stored as such (PDF,
    DOCX, XLSX): ranges are then of the text as read, and are published as null."""
    units: ClassVar[tuple[str, str]]
    """Words of a citation for page and line: ``("p.", "l.")``, ``("sheet", "row")``."""

    def bid(self, candidate: Candidate) -> Bid:
        """Say how sure it is, by content first, then by name."""
        ...

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """Say the service (lower case; empty: none), and number and names of the file's account."""
        ...

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Cut a file, streamed in blocks of any size, into shards; keeps about one in memory.

        For a reader that prepares, the blocks are what :meth:`Preparing.prepare` returned.
        """
        ...

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read a shard."""
        ...


@runtime_checkable
class Preparing(Protocol):
    """A reader whose files cannot be cut by following their bytes (PDF).

    Parts of one are turned, in workers, into blocks that can.
    """

    def parts(self, located: Located) -> list[tuple[int, int]]:
        """Return runs of sheets (first, one past the last; from 0) to be prepared apart."""
        ...

    def prepare(self, located: Located, part: tuple[int, int]) -> bytes:
        """Return a block of that run; blocks in order are what ``shards`` takes."""
        ...

    def count(self, located: Located) -> int:
        """Return the number of sheets."""
        ...


def whole_file(blocks: Iterator[bytes], limit: int = 256 << 20) -> Iterator[Shard]:
    """Make one shard of a whole file, for formats that are small or cannot be cut.

    Args:
        blocks: its bytes.
        limit: bytes past which it is refused.

    Raises:
        SourceError: it is larger.
    """
    from pipeline.errors import SourceError

    kept = bytearray()
    for block in blocks:
        kept += block
        if len(kept) > limit:
            raise SourceError(
                "too_large",
                f"is larger than {limit >> 20:,} MiB, which this format is read up to; split it",
            )
    if kept:
        yield Shard(0, 0, len(kept), 1, 0, 0, b"", bytes(kept), is_last=True)
