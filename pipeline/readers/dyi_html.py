"""Meta "Download your information" as HTML: threads, and every other page block by block."""

from __future__ import annotations

import re
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
    whole_file,
)
from pipeline.readers.dyi_blocks import Page, read_page
from pipeline.readers.dyi_chats import thread_records
from pipeline.readers.dyi_context import Context
from pipeline.readers.dyi_pages import page_records
from pipeline.readers.dyi_parts import (
    PROVIDER,
    THREAD_FILE,
    THREAD_PATH,
    TREE,
    Tally,
    head_text,
    service_of,
)
from pipeline.readers.encodings import decode, encoding_issue
from schemas.kinds import Severity

_MARK = re.compile(r"\b_a6-[gpho]\b|\b_a6_[qr]\b")
_OLD_MARKS = ("_2lej", "_2lek", "_2lel")
_STYLE = re.compile(r"<style\b", re.IGNORECASE)


class DyiHtml:
    """Records of one page of a Meta download in HTML.

    Finds: messages with files, reactions and shares, in threads of Facebook and Instagram of 2019
        to 2025; on every other page the text of each block. Times stand in the downloader's own
        zone, which the page does not name: they are read in the case's zone and marked.
    Does not find: accounts, as people are named by display name only; whose download it is.

    Line numbers are physical lines of the file, where it has as many as it has blocks. Pages come
    as one line, however; there a line is a block's place on the page, from 1.

    References:
        - FORMATS 7
    """

    name: ClassVar[str] = "dyi_html"
    version: ClassVar[int] = 1
    provider: ClassVar[str | None] = PROVIDER
    media_type: ClassVar[str] = "text/html"
    title: ClassVar[str] = 'Meta "Download your information", HTML'
    confidence: ClassVar[str] = (
        "threads confirmed by several public importers; other pages are read block by block"
    )
    has_bytes: ClassVar[bool] = True
    units: ClassVar[tuple[str, str]] = ("p.", "l.")

    def bid(self, candidate: Candidate) -> Bid:
        """Say how sure it is: by the classes, which stand in the style sheet, too."""
        head = head_text(candidate.head)
        if head.lstrip()[:1] != "<":
            return NO_BID
        marks = set(_MARK.findall(head))
        if len(marks) > 1 or (marks and TREE.search(candidate.path)):
            return Bid(92, "class names of a Meta download (_a6-g)")
        if all(mark in head for mark in _OLD_MARKS):
            return Bid(88, "class names of a Meta download of 2019 to 2021 (_2lej)")
        is_page = candidate.path.lower().endswith((".html", ".htm"))
        inside = TREE.search(candidate.path) or THREAD_PATH.search(candidate.path)
        if is_page and inside and _STYLE.search(head):
            return Bid(62, "page in a folder of a Meta download")
        return NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """Say the service, by the folders; a page does not say whose it is."""
        return _service(candidate.path, head_text(candidate.head)), frozenset()

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Take the whole file: Meta cuts threads into pages of some megabytes itself."""
        del has_pages
        return whole_file(blocks)

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read the page."""
        reading = ShardReading(iter(()), [(None, shard.byte_start, shard.byte_end)])
        reading.records = _records(shard, about, reading)
        return reading


def _records(shard: Shard, about: About, reading: ShardReading) -> Iterator[Record]:
    decoded = decode(shard.block)
    page = read_page(decoded.text)
    tally = Tally()
    service = about.service or _service(about.path, decoded.text[:65536])
    context = Context(decoded, page, about.path, service, about.zone, tally)
    of = thread_records if _is_thread(page, about.path) else page_records
    yield from of(context)
    if page.is_cut:
        tally.add("file_ends_early")
        if 0 <= page.torn < len(decoded.text):
            reading.unread.append((decoded.byte_at(page.torn), len(shard.block)))
    issue = encoding_issue(decoded)
    reading.issues = [issue] if issue else []
    if context.zoned:
        reading.issues.append(Issue(
            Severity.INFO, "read", "zone_assumed",
            f"times stand without zone and were read as {about.zone} (--timezone)",
            count=context.zoned,
        ))  # fmt: skip
    reading.issues += list(tally.issues())


def _service(path: str, text: str) -> str:
    inside = "your_instagram_activity" in text or "<title>Instagram" in text
    return "instagram" if inside else service_of(path)


def _is_thread(page: Page, path: str) -> bool:
    """By its place or name; a page taken out of its folder by the shape of its bodies."""
    if THREAD_FILE.search(path):
        return True
    if TREE.search(path) or not page.groups:
        return bool(THREAD_PATH.search(path))
    blocks = [block for group in page.groups for block in group]
    shaped = sum(block.wrappers == 1 and block.slots >= 4 for block in blocks)
    return shaped * 2 > len(blocks)
