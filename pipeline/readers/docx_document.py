"""Word-processing documents (.docx, .docm, .dotx): text, notes and what was deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from pipeline.errors import SourceError
from pipeline.readers.base import (
    NO_BID,
    About,
    Account,
    Attachment,
    Bid,
    Candidate,
    Issue,
    Record,
    Shard,
    ShardReading,
    whole_file,
)
from pipeline.readers.docx_package import BROKEN, ZIP_ERRORS, Package, Relation, properties
from pipeline.readers.docx_passages import Count, Passage
from pipeline.readers.docx_xml import PartParser, UnsafeXmlError
from pipeline.readers.html_document import SHOWN, segments_of
from pipeline.readers.old_office import OLE, old_bid, old_kind
from schemas.kinds import RecordKind, Severity

NAMES = re.compile(r"\.do[ct][xm]$", re.IGNORECASE)
NOTES = {"footnotes": 1, "endnotes": 2, "comments": 3, "header": 4, "footer": 5,
         "diagramData": 6, "chart": 7}  # fmt: skip
"""Parts that are read behind the body, in this order."""
WHERE = {"header": "header", "footer": "footer", "diagramData": "diagram", "chart": "chart"}
BY_NAME = re.compile(r"word/(header|footer|footnotes|endnotes|comments)\d{0,4}\.xml$")
"""The same parts where the list of relations is damaged."""
SERVICE = "word"
ZONE_STATED = re.compile(r"[+-]\d\d:\d\d$")


class DocxDocument:
    """Passages of a word-processing document.

    Finds: paragraphs of the body, of text boxes, headers, footers, foot- and endnotes, comments
        and diagrams; rows of tables, cells joined by tabs; the text before tracked changes, as a
        record of its own whose attributes say what was deleted and by whom; targets of links;
        author, dates and other properties; names and sizes of embedded files.
    Does not find: pages, which a document has only when it is printed; what embedded files and
        pictures hold; codes of fields other than links (their results are read).

    References:
        - https://ecma-international.org/publications-and-standards/standards/ecma-376/
    """

    name: ClassVar[str] = "docx_document"
    version: ClassVar[int] = 1
    provider: ClassVar[str | None] = None
    media_type: ClassVar[str] = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    title: ClassVar[str] = "Word document (.docx)"
    confidence: ClassVar[str] = "confirmed by the standard"
    has_bytes: ClassVar[bool] = False
    units: ClassVar[tuple[str, str]] = ("p.", "par.")

    def bid(self, candidate: Candidate) -> Bid:
        """Say how sure it is, by the parts of the zip; old formats are taken to be refused."""
        head, path = candidate.head, candidate.path
        if head.startswith(OLE):
            return old_bid(candidate)
        if not head.startswith(b"PK\x03\x04"):
            return NO_BID
        by_name = NAMES.search(path) is not None
        if b"word/document.xml" in head or (b"word/" in head and b"[Content_Types].xml" in head):
            return Bid(49, "zip that holds word/document.xml")
        if b"[Content_Types].xml" in head or by_name:
            try:
                content = candidate.located.content()
                data = content if isinstance(content, bytes) else content.read_bytes()
                main = Package(data).main()
            except ZIP_ERRORS:
                main = None
            if main is not None and (by_name or main.startswith("word/")):
                return Bid(49, "zip that holds the parts of a word-processing document")
        return Bid(15, "named as a word-processing document") if by_name else NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """Say that it is no account's.

        Raises:
            SourceError: it is of an old format, or protected by a password.
        """
        if candidate.head.startswith(OLE):
            raise SourceError(*old_kind(candidate))
        return "", frozenset()

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Take the document whole.

        Raises:
            SourceError: it is damaged, encrypted, a bomb, or no document.
        """
        for shard in whole_file(blocks):
            try:
                Package(shard.block).check()
            except ZIP_ERRORS as error:
                raise SourceError(
                    "broken_archive", "is cut off or damaged; ask for the document again"
                ) from error
            yield shard

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read the document part by part."""
        reading = ShardReading(iter(()), [(None, shard.byte_start, shard.byte_end)])
        reading.records = _records(shard, about, reading)
        return reading


@dataclass(slots=True)
class _Part:
    name: str
    where: str
    type: str
    relations: dict[str, Relation] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)


def _records(shard: Shard, about: About, reading: ShardReading) -> Iterator[Record]:
    try:
        package = Package(shard.block)
    except ZIP_ERRORS:
        reading.unread.append((shard.byte_start, shard.byte_end))
        reading.issues.append(Issue(
            Severity.ERROR, "read", "broken_archive",
            "the document is cut off or damaged; ask for it again",
        ))  # fmt: skip
        return
    document = _Document(package, ZoneInfo(about.zone), about.zone, shard.byte_start, reading)
    yield from document.records()


class _Document:
    def __init__(
        self, package: Package, zone: ZoneInfo, zone_name: str, base: int, reading: ShardReading
    ) -> None:
        self._package = package
        self._zone = zone
        self._zone_name = zone_name
        self._base = base
        self._reading = reading
        self._count = Count()
        self._shown: set[str] = set()
        self._assumed = 0
        self._foreign = 0
        self._orphans = 0

    def records(self) -> Iterator[Record]:
        for part in self._parts():
            self._read(part)
            start, end = self._package.span(part.name)
            places = len(part.passages)
            for at, passage in enumerate(part.passages):
                # the text is stored deflated: each passage has its share of the part's bytes
                first = self._base + start + (end - start) * at // places
                last = self._base + start + (end - start) * (at + 1) // places
                yield from self._passage(part, passage, first, last)
        yield from self._properties()
        self._say()

    def _parts(self) -> Iterator[_Part]:
        main = self._package.main()
        if main is None:
            self._issue(Severity.ERROR, "no_document", "the zip holds no document text; not read")
            return
        body = _Part(main, "body", "body")
        body.relations = self._relations(main)
        yield body
        related = {
            relation.target: relation.type
            for relation in body.relations.values()
            if relation.type in NOTES and not relation.is_outside
        }
        if not body.relations:
            related = {
                name: found[1]
                for name in self._package.members
                if (found := BY_NAME.fullmatch(name))
            }
        numbers: dict[str, int] = {}
        for name in sorted(related, key=lambda item: (NOTES[related[item]], len(item), item)):
            kind = related[name]
            if name not in self._package.members:
                self._issue(
                    Severity.ERROR, "missing_part",
                    f"the document's {kind} are missing from it; ask for it again",
                )  # fmt: skip
                continue
            numbers[kind] = numbers.get(kind, 0) + 1
            where = f"{WHERE.get(kind, kind)}[{numbers[kind]}]"
            yield _Part(name, where, kind, self._relations(name))

    def _relations(self, part: str) -> dict[str, Relation]:
        try:
            return self._package.relations(part)
        except BROKEN:
            self._issue(
                Severity.WARNING, "damaged_part",
                "the list of what a part refers to is damaged: links and pictures may be missing",
            )  # fmt: skip
            return {}

    def _read(self, part: _Part) -> None:
        outside = {
            number: relation.target
            for number, relation in part.relations.items()
            if relation.is_outside
        }
        parser = PartParser(part.where, self._count, outside)
        start, end = self._package.span(part.name)
        try:
            parser.feed(self._package.blocks(part.name))
        except UnsafeXmlError:
            self._reading.unread.append((self._base + start, self._base + end))
            self._issue(
                Severity.ERROR, "unsafe_xml",
                f"the part {part.type} declares a document type, as no office program does, and "
                "was not read",
            )  # fmt: skip
        except BROKEN:
            self._issue(
                Severity.ERROR, "damaged_part",
                f"the part {part.type} is damaged; what stands before the damage was read; ask for "
                "the document again",
            )  # fmt: skip
        part.passages = parser.passages
        self._foreign += parser.foreign
        self._orphans += parser.orphans

    def _passage(self, part: _Part, passage: Passage, start: int, end: int) -> Iterator[Record]:
        told = [
            (label, value[:SHOWN])
            for label, value in dict.fromkeys(passage.told)
            if not value.lower().startswith(("javascript:", "vbscript:"))
        ]
        media = [
            self._attachment(part.relations[number])
            for number in dict.fromkeys(passage.media)
            if number in part.relations
        ]
        record = self._record(passage, part, start, end)
        record.text = passage.text or None
        record.attributes = told
        record.attachments = media
        record.segments = segments_of(passage.marks, len(passage.text))
        if passage.text.strip() or told or media:
            yield record
        if passage.before is not None and passage.before.strip():
            before = self._record(passage, part, start, end)
            before.field += "/before changes"
            before.text = passage.before
            before.attributes = passage.changes
            yield before

    def _record(self, passage: Passage, part: _Part, start: int, end: int) -> Record:
        sent_at, assumed = self._time(passage)
        self._assumed += assumed
        return Record(
            kind=RecordKind.ROW if passage.is_row else RecordKind.DOCUMENT,
            text=None,
            segments=[],
            section=part.type,
            field=passage.where,
            page_first=None,
            page_last=None,
            line_first=passage.number,
            byte_start=start,
            byte_end=end,
            author=Account(SERVICE, None, passage.author) if passage.author else None,
            sent_at=sent_at,
            sent_raw=passage.date,
            zone_assumed=assumed,
        )

    def _time(self, passage: Passage) -> tuple[datetime | None, bool]:
        """Read the time of a comment.

        Word writes the local time and a ``Z`` behind it; newer versions add the time in UTC as an
        attribute of its own ([MS-DOCX], 2.5.4.5 dateUtc).
        """
        try:
            if passage.date_utc:
                return datetime.fromisoformat(passage.date_utc).replace(tzinfo=UTC), False
            if not passage.date:
                return None, False
            when = datetime.fromisoformat(passage.date)
            if ZONE_STATED.search(passage.date):
                return when.astimezone(UTC), False
            return when.replace(tzinfo=self._zone).astimezone(UTC), True
        except (ValueError, OverflowError):
            return None, False

    def _attachment(self, relation: Relation) -> Attachment:
        name = relation.target.rpartition("/")[2][:SHOWN]
        if relation.is_outside:
            return Attachment(name or None, None, None, None, relation.target[:SHOWN], None)
        self._shown.add(relation.target)
        info = self._package.members.get(relation.target)
        size = info.file_size if info else None
        path = info.filename if info else relation.target
        return Attachment(path.rpartition("/")[2], None, None, size, None, path)

    def _properties(self) -> Iterator[Record]:
        told: list[tuple[str, str]] = []
        for name in ("core", "app", "custom"):
            path = f"docprops/{name}.xml"
            if path in self._package.members:
                try:
                    told += properties(self._package.blocks(path))
                except BROKEN:
                    self._issue(
                        Severity.WARNING, "damaged_part", "the document's properties are damaged"
                    )
        told = [(name, value) for name, value in told if name not in FURNITURE]
        files = [
            name
            for name in self._package.members
            if re.search(r"/(?:media|embeddings)/", name) and name not in self._shown
        ]
        if any(name.endswith("vbaproject.bin") for name in self._package.members):
            told.append(("macros", "yes"))
        if told or files:
            start, end = self._package.span("docprops/core.xml")
            yield Record(
                kind=RecordKind.GENERIC,
                text=None,
                segments=[],
                section="properties",
                field="properties",
                page_first=None,
                page_last=None,
                line_first=1,
                byte_start=self._base + start,
                byte_end=self._base + end,
                attributes=told,
                attachments=[self._attachment(Relation("", name, False)) for name in files],
            )

    def _say(self) -> None:
        if self._assumed:
            self._issue(
                Severity.INFO, "zone_assumed",
                "times of comments stand without zone and were read as "
                f"{self._zone_name} (--timezone)", self._assumed,
            )  # fmt: skip
        if self._foreign:
            self._issue(
                Severity.ERROR, "embedded_part_not_read",
                "text of another format is embedded and was not read; open the document in a word "
                "processor, save it again and name that too", self._foreign,
            )  # fmt: skip
        if self._orphans:
            self._issue(
                Severity.WARNING, "orphan_value",
                "text that stands in no paragraph was not read; open the document to see it",
                self._orphans,
            )  # fmt: skip

    def _issue(self, severity: Severity, code: str, message: str, count: int = 1) -> None:
        self._reading.issues.append(Issue(severity, "read", code, message, count=count))


FURNITURE = frozenset({
    "TotalTime", "Pages", "Words", "Characters", "Lines", "Paragraphs", "CharactersWithSpaces",
    "ScaleCrop", "LinksUpToDate", "SharedDoc", "HyperlinksChanged", "DocSecurity", "HeadingPairs",
    "TitlesOfParts", "HLinks",
})  # fmt: skip
"""Counts and switches of the program."""
