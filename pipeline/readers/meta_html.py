"""Meta business records as HTML: Facebook, Instagram, Threads, WhatsApp; four generations of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import ClassVar

from pipeline.readers.base import (
    NO_BID,
    About,
    Bid,
    Candidate,
    Issue,
    Record,
    Shard,
    ShardReading,
)
from pipeline.readers.fields import Field, Piece, Tree
from pipeline.readers.markup import MarkupParser
from pipeline.readers.meta_events import MetaRecords
from pipeline.readers.meta_parts import digits_of
from pipeline.readers.meta_sections import is_known
from pipeline.readers.survey import Survey
from pipeline.readers.tokens import BOM
from schemas.kinds import Severity

TITLES = re.compile(
    rb"(?:Facebook|Instagram|Threads|Meta|Meta Platforms|WhatsApp)"
    rb" (?:Legal Request|Business Record)"
)
NAMES = re.compile(r"(?:^|/)(?:records|index|generation|preservation-\d+)\.html?$", re.IGNORECASE)

PLATFORM = re.compile(rb"\((Facebook|Instagram|Threads|WhatsApp): \d", re.IGNORECASE)
"""The service as persons' names state it, for a file that states none."""


class MetaHtml:
    """Records of a Meta business record in HTML.

    Finds: every section of ``records.html``, ``index.html``, ``generation.html`` and
        ``preservation-N.html``, of Facebook, Instagram, Threads and WhatsApp; sections that it does
        not know become generic records.
    Does not find: what pictures show; files in UTF-16, which no known return uses (they are not
        taken at all).

    References:
        - FORMATS 2.1 to 2.8 and 8.1
    """

    name: ClassVar[str] = "meta_html"
    version: ClassVar[int] = 3
    provider: ClassVar[str | None] = "Meta"
    media_type: ClassVar[str] = "text/html"
    title: ClassVar[str] = "Meta business record (Facebook, Instagram, Threads, WhatsApp), HTML"
    confidence: ClassVar[str] = (
        "confirmed by two or more independent parsers and a provider-made sample; section ids of "
        "WhatsApp's logs are inferred, so those are known by their labels"
    )
    has_bytes: ClassVar[bool] = True
    units: ClassVar[tuple[str, str]] = ("p.", "l.")

    def bid(self, candidate: Candidate) -> Bid:
        """Say how sure it is: the title or the sections decide, the name helps."""
        path, head = candidate.path, candidate.head
        known_name = bool(NAMES.search(path))
        if not (head[:512].removeprefix(BOM).lstrip().startswith(b"<") or known_name):
            return NO_BID
        told = f" in a file named {path.rpartition('/')[2]}" if known_name else ""
        if title := TITLES.search(head):
            return Bid(90 + 5 * known_name, f'title "{title[0].decode()}"{told}')
        if b'id="property-' in head or b'class="t o"' in head:
            return Bid(60 + 5 * known_name, f"sections and fields as a business record has{told}")
        return NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """Read service and target from the request parameters."""
        head = candidate.head
        parser = MarkupParser(0, 0)
        parser.feed(head, 0)
        values = {
            item.label: item.text().strip().lower()
            for section in parser.tree.sections
            if section.key == "request_parameters"
            for item in section.fields
        }
        title = TITLES.search(head)
        brand = title[0].split()[0].decode().lower() if title else ""
        service = values.get("Service", "").split(" ")[0] or brand
        if service in ("", "meta"):
            platform = PLATFORM.search(head)
            service = platform[1].decode().lower() if platform else "facebook"
        named = [values.get("Target", ""), values.get("Account Identifier", "")]
        targets = {
            part for value in named for part in (value, value.rstrip("/").rpartition("/")[2])
        }
        if service == "whatsapp":  # the identifier is written with a plus, in the logs without
            targets |= {number for value in named if (number := digits_of(value))}
        return service, frozenset(targets - {""})

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Cut the file before messages, some megabytes apart."""
        survey = Survey(has_pages=has_pages)
        for block in blocks:
            yield from survey.take(block)
        yield from survey.finish()

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read a shard into records; what belongs to no field is left to ``unread``."""
        parser = MarkupParser(shard.page, shard.line, shard.encoding)
        if shard.context:
            parser.feed(shard.context, -len(shard.context))
            _adopt(parser.tree)
        parser.begin(shard.page, shard.line)
        parser.feed(shard.block, shard.byte_start)
        parser.finish(shard.byte_end)
        tree = parser.tree
        reading = ShardReading(iter(()))
        _adopt(tree)
        reading.pages = _page_ranges(shard, tree)
        reading.bars = [(start, end) for _, start, end in tree.bars]
        reading.unread = [(piece.byte_start, piece.byte_end) for piece in tree.orphans]
        reading.unread += [tree.torn] if tree.torn else []
        reading.issues = list(_issues(tree, shard))
        records = MetaRecords(about.service, reading).of(tree.sections)
        reading.records = _lapped(records, shard, tree)
        return reading


def _lapped(records: Iterator[Record], shard: Shard, tree: Tree) -> Iterator[Record]:
    """Keep identities apart where page numbers begin again within one file (joined returns)."""
    starts = [start for _, start, _ in tree.bars]
    laps = []
    lap, last = shard.lap, shard.page
    for page, _, _ in tree.bars:
        lap += page <= last
        last = page
        laps.append(lap)
    if not any((shard.lap, *laps)):
        yield from records
        return
    for record in records:
        passed = bisect_right(starts, record.byte_start)
        here = laps[passed - 1] if passed else shard.lap
        record.field += f"#{here + 1}" if here else ""
        yield record


def _adopt(tree: Tree) -> None:
    """Give each nameless value to the field before it if that has none; else it is an orphan.

    FORMATS 2.5, rule 5. A nameless field that only holds further fields or a picture is part of
    the layout.
    """
    for before, nameless in tree.nameless:
        pieces = [item for item in nameless.items if isinstance(item, Piece)]
        if not pieces:
            continue
        if before is not None and before.label and not before.fields and not before.text():
            before.items += nameless.items
            before.byte_end, before.page_last = nameless.byte_end, nameless.page_last
            nameless.items = []
        else:
            tree.orphans += pieces


def _page_ranges(shard: Shard, tree: Tree) -> list[tuple[int | None, int, int]]:
    starts = [(shard.page, shard.byte_start)] + [(page, start) for page, start, _ in tree.bars]
    ends = [start for _, start in starts[1:]] + [shard.byte_end]
    return [
        (page, start, end) for (page, start), end in zip(starts, ends, strict=True) if end > start
    ]


def _issues(tree: Tree, shard: Shard) -> Iterator[Issue]:
    last_page = tree.bars[-1][0] if tree.bars else shard.page
    if tree.orphans:
        yield Issue(
            Severity.WARNING, "read", "orphan_value",
            "text that stands under no label; open the page to see it",
            page=tree.orphans[0].page, count=len(tree.orphans),
        )  # fmt: skip
    if tree.misread:
        yield Issue(
            Severity.WARNING, "read", "bad_encoding",
            "characters that are not UTF-8 were read as U+FFFD",
            page=tree.misread_page, count=tree.misread,
        )  # fmt: skip
    if tree.deep:
        yield Issue(
            Severity.WARNING, "read", "nested_too_deep",
            "fields nested too deep for the layout were read as plain text",
            page=last_page, count=tree.deep,
        )  # fmt: skip
    if shard.is_cut_off or (shard.is_last and (tree.open_fields or tree.torn)):
        yield Issue(
            Severity.ERROR, "read", "file_ends_early",
            "the file ends in the middle; what was whole was read; ask for a complete copy",
            page=last_page,
        )  # fmt: skip
    for section in tree.sections:
        if not is_known(section) and any(_starts_in(item, shard) for item in section.fields):
            name = (
                f"section {section.key[:60]!r}" if section.key else "material outside all sections"
            )
            yield Issue(
                Severity.INFO, "read", "unknown_section",
                f"{name} is not known; its fields were read as they stand",
                page=section.fields[0].page,
            )  # fmt: skip


def _starts_in(item: Field, shard: Shard) -> bool:
    return item.byte_start >= shard.byte_start
