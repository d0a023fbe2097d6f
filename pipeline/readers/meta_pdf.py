"""Meta business records printed to PDF from a browser: the same records as from the HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

import pypdfium2

from pipeline.errors import SourceError
from pipeline.readers.base import (
    NO_BID,
    About,
    Bid,
    Candidate,
    Issue,
    Located,
    Shard,
    ShardReading,
)
from pipeline.readers.meta_events import MetaRecords
from pipeline.readers.meta_parts import digits_of
from pipeline.readers.meta_pdf_lines import BAR, BRAND
from pipeline.readers.meta_pdf_parser import PrintParser
from pipeline.readers.meta_pdf_print import block_of, sheets_of
from pipeline.readers.meta_pdf_survey import PrintSurvey
from pipeline.readers.meta_pdf_tree import Places, PrintTree
from pipeline.readers.meta_sections import is_known
from pipeline.readers.pdf_open import looks_like_pdf, open_pdf, stated
from schemas.kinds import Severity

PART = 64
"""Sheets prepared at once: some 80 kB of layout lines, a tenth of a second of work."""
LOOKED_AT = 4
"""Sheets in which a brand or a page bar is looked for."""
TITLE = re.compile(
    r"(?:Facebook|Instagram|Threads|Meta|Meta Platforms|WhatsApp) (?:Legal Request|Business Record)"
)
PERSON = re.compile(r"\((Facebook|Instagram|Threads|WhatsApp): \d", re.IGNORECASE)


class MetaPdf:
    """Records of a Meta business record that was printed to PDF.

    Finds: what the HTML of the same return holds: every section and conversation, with the page
        of the return and the printed sheet; labels by weight and place, values joined over wraps,
        page bars and sheets.
    Does not find: titles of sections, which are not printed (their definitions are); pictures;
        sheets that are pictures (a scan), which become an issue; the order of letters written from
        right to left within a line, which the print does not keep.

    References:
        - FORMATS 2.9
        - ISO 32000-1, 9.10.2 and 14.9.4 (what a font and ``ActualText`` say of a sign's meaning)
    """

    name: ClassVar[str] = "meta_pdf"
    version: ClassVar[int] = 1
    provider: ClassVar[str | None] = "Meta"
    media_type: ClassVar[str] = "application/pdf"
    title: ClassVar[str] = "Meta business record, printed to PDF"
    confidence: ClassVar[str] = (
        "measured on prints by Chromium of the confirmed HTML; other browsers inferred"
    )
    has_bytes: ClassVar[bool] = False
    units: ClassVar[tuple[str, str]] = ("p.", "l.")

    def bid(self, candidate: Candidate) -> Bid:
        """Say how sure it is: the document's title, or page bars on its first sheets."""
        if not looks_like_pdf(candidate.head):
            return NO_BID
        try:
            document = open_pdf(candidate.located)
        except SourceError:
            return NO_BID
        title = TITLE.match(stated(document, "Title"))
        text = "\n".join(_first_sheets(document))
        if title and text.strip():
            return Bid(93, f'PDF with the title "{title[0]}"')
        if any(BAR.fullmatch(line.strip()) for line in text.splitlines()):
            return Bid(91, "PDF with page bars of a business record")
        return NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """Read service and target from the request parameters, which stand first."""
        document = open_pdf(candidate.located)
        parser = PrintParser(0)
        parser.feed(block_of(candidate.located, (0, LOOKED_AT)), 0)
        parser.finish()
        values = {
            item.label: item.text().strip().lower()
            for section in parser.tree.sections
            if section.key == "request_parameters"
            for item in section.fields
        }
        text = "\n".join(_first_sheets(document))
        brand = TITLE.match(stated(document, "Title")) or BRAND.search(text)
        service = values.get("Service", "").split(" ")[0]
        service = service or (brand[0].split()[0].lower() if brand else "")
        if service in ("", "meta"):
            platform = PERSON.search(text)
            service = platform[1].lower() if platform else "facebook"
        named = [values.get("Target", ""), values.get("Account Identifier", "")]
        targets = {
            part for value in named for part in (value, value.rstrip("/").rpartition("/")[2])
        }
        if service == "whatsapp":  # as for the HTML: with a plus here, without one in the logs
            targets |= {number for value in named if (number := digits_of(value))}
        return service, frozenset(targets - {""})

    def parts(self, located: Located) -> list[tuple[int, int]]:
        """Return runs of sheets to be prepared apart."""
        count = sheets_of(located)
        return [(first, min(first + PART, count)) for first in range(0, count, PART)]

    def prepare(self, located: Located, part: tuple[int, int]) -> bytes:
        """Return the layout lines of a run of sheets."""
        return block_of(located, part)

    def count(self, located: Located) -> int:
        """Return the number of sheets."""
        return sheets_of(located)

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Cut the layout lines before messages and sections, some hundred sheets apart."""
        survey = PrintSurvey()
        for block in blocks:
            yield from survey.take(block)
        yield from survey.finish()

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read a shard into records; what belongs to no field is left to ``unread``."""
        parser = PrintParser(shard.page)
        if shard.context:
            parser.feed(shard.context, -len(shard.context))
        parser.begin(shard.page, shard.byte_start)
        parser.feed(shard.block, shard.byte_start)
        parser.finish()
        tree = parser.tree
        where = Places(tree, shard)
        reading = ShardReading(iter(()))
        for page, sheet, start, end in where.ranges():
            reading.pages.append((page, start, end))
            reading.sheets.append(sheet)
        reading.bars = _merged(tree.layout)
        reading.unread = [(piece.byte_start, piece.byte_end) for piece in tree.orphans]
        reading.unread += [tree.torn] if tree.torn else []
        reading.issues = list(_issues(tree, shard, where))
        records = MetaRecords(about.service, reading).of(tree.sections)
        reading.records = (where.put(record) for record in records)
        return reading


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and merged[-1][1] == start:
            merged[-1] = merged[-1][0], end
        else:
            merged.append((start, end))
    return merged


def _first_sheets(document: pypdfium2.PdfDocument) -> Iterator[str]:
    """Text of the first sheets; nothing of those that are broken."""
    for index in range(min(LOOKED_AT, len(document))):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            continue
        text_page = page.get_textpage()
        yield str(text_page.get_text_range())
        text_page.close()
        page.close()


def _issues(tree: PrintTree, shard: Shard, where: Places) -> Iterator[Issue]:
    if tree.scans:
        yield Issue(
            Severity.ERROR, "read", "scan_sheet",
            f"printed sheets without text, the first of them sheet {tree.scans[0]:,}: a scan or a"
            " picture, of which nothing was read; run text recognition (OCR) on the file, or ask"
            " for the return's zip",
            page=tree.scans[0], count=len(tree.scans),
        )  # fmt: skip
    if tree.broken:
        yield Issue(
            Severity.ERROR, "read", "broken_sheet",
            f"damaged sheets that cannot be read, the first of them sheet {tree.broken[0]:,}; ask"
            " for a complete copy, or print it again",
            page=tree.broken[0], count=len(tree.broken),
        )  # fmt: skip
    if tree.lost:
        sheet = next(iter(tree.lost))
        yield Issue(
            Severity.WARNING, "read", "missing_glyphs",
            "characters that the printing font lacks, or whose meaning the print does not state,"
            f" are missing or read as U+FFFD, the first on sheet {sheet:,}; the return's HTML has"
            " them",
            page=sheet, count=sum(tree.lost.values()),
        )  # fmt: skip
    if tree.backward:
        sheet = next(iter(tree.backward))
        yield Issue(
            Severity.WARNING, "read", "right_to_left",
            "lines with letters written from right to left: a print does not keep their order;"
            f" read them on the page, the first on sheet {sheet:,}",
            page=sheet, count=sum(tree.backward.values()),
        )  # fmt: skip
    if tree.orphans:
        yield Issue(
            Severity.WARNING, "read", "orphan_value",
            "text that stands under no label; open the page to see it",
            page=where.page_of(tree.orphans[0].byte_start), count=len(tree.orphans),
        )  # fmt: skip
    if tree.ends_early or shard.is_cut_off:
        yield Issue(
            Severity.ERROR, "read", "file_ends_early",
            "the end of the PDF is missing; the sheets that are whole were read; ask for a complete"
            " copy",
        )  # fmt: skip
    for section in tree.sections:
        starting = [item for item in section.fields if item.byte_start >= shard.byte_start]
        if starting and not is_known(section):
            name = (
                f"section {section.key[:60]!r}" if section.key else "material outside all sections"
            )
            yield Issue(
                Severity.INFO, "read", "unknown_section",
                f"{name} is not known; its fields were read as they stand",
                page=where.page_of(starting[0].byte_start),
            )  # fmt: skip
