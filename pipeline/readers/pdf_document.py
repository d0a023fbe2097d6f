"""Plain PDF documents: their text sheet by sheet, and scans through text recognition."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import ClassVar

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.readers.base import (
    NO_BID,
    About,
    Bid,
    Candidate,
    Located,
    Record,
    Segment,
    Shard,
    ShardReading,
)
from pipeline.readers.ocr import OcrError, OcrLine, Tesseract, find_tesseract, read_page
from pipeline.readers.pdf_open import ends_early, looks_like_pdf, open_pdf, stated
from pipeline.readers.pdf_text import SheetText, picture_of, read_sheet
from pipeline.readers.prepared_lines import (
    Line,
    issue_line,
    issue_of,
    line_shards,
    numbered_lines,
    pack,
)
from schemas.kinds import RecordKind, Severity

PART = 64
"""Sheets prepared at once."""
SHARD = 1 << 20
"""Bytes of text of a shard: some three hundred full pages."""
_SPOKEN = ("Title", "Author", "Subject", "Keywords")
"""Entries of the document information that people fill in (ISO 32000-1, 14.3.3)."""
_NO_ENGINE = (
    "is a scan: a picture without text; `triage doctor` says how to install text recognition, then "
    "run again"
)


class PdfDocument:
    """Passages of a PDF of any kind.

    Finds: paragraphs by the gaps between lines, lines as PDFium gives them, a hyphen at a line's
        end as it stands; notes, form fields, addresses of links; the document information; text
        in scans where text recognition is installed.
    Does not find: text in pictures of sheets that have text as well, columns that PDFium reads
        across, files embedded in the PDF, values of forms that only scripts show.

    References:
        - ISO 32000-1
        - https://tesseract-ocr.github.io/tessdoc/Command-Line-Usage.html
    """

    name: ClassVar[str] = "pdf_document"
    version: ClassVar[int] = 1
    provider: ClassVar[str | None] = None
    media_type: ClassVar[str] = "application/pdf"
    title: ClassVar[str] = "Plain PDF document or scan"
    confidence: ClassVar[str] = "general format: any PDF"
    has_bytes: ClassVar[bool] = False
    units: ClassVar[tuple[str, str]] = ("p.", "l.")

    def bid(self, candidate: Candidate) -> Bid:
        """Bid on the mark of a PDF."""
        return Bid(30, "a PDF") if looks_like_pdf(candidate.head) else NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """A plain document is about no account; opened here to say early what is wrong with it.

        Raises:
            SourceError: see :func:`pipeline.readers.pdf_open.open_pdf`.
        """
        open_pdf(candidate.located)
        return "", frozenset()

    def count(self, located: Located) -> int:
        """Return the number of its sheets."""
        return len(open_pdf(located))

    def parts(self, located: Located) -> list[tuple[int, int]]:
        """Return runs of sheets."""
        sheets = self.count(located)
        return [(at, min(at + PART, sheets)) for at in range(0, sheets, PART)]

    def prepare(self, located: Located, part: tuple[int, int]) -> bytes:
        """Return the text of some sheets, a JSON object a line."""
        document = open_pdf(located)
        lines = [line for index in range(*part) for line in _sheet_lines(document, index)]
        if not part[0]:
            lines[1:1] = _file_lines(document, located)
        return b"".join(map(pack, lines))

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Cut what was prepared between passages."""
        return line_shards(blocks, _context, SHARD)

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read a shard into passages."""
        reading = ShardReading(iter(()))
        reading.records = _records(shard, reading)
        return reading


def _context(context: bytes, line: bytes) -> bytes:
    return line[9:-1] if line.startswith(b'{"sheet":') else context


def _file_lines(document: pypdfium2.PdfDocument, located: Located) -> Iterator[Line]:
    said = {key: value for key in document.METADATA_KEYS if (value := stated(document, key))}
    if said:
        text = "\n".join(said[key] for key in _SPOKEN if key in said)
        yield {"info": text or None, "said": list(said.items())}
    try:
        cut = ends_early(located)
    except (OSError, zipfile.BadZipFile):
        cut = False
    if cut:
        yield issue_line(
            Severity.ERROR, "file_ends_early",
            "the end of the PDF is missing; what is whole was read; ask for a complete copy",
            None, 1,
        )  # fmt: skip
    if embedded := pdfium.FPDFDoc_GetAttachmentCount(document.raw):
        yield issue_line(
            Severity.ERROR, "embedded_files",
            "files are embedded in the PDF and were not read; save them from a PDF viewer and add "
            "them", None, embedded,
        )  # fmt: skip


def _sheet_lines(document: pypdfium2.PdfDocument, index: int) -> Iterator[Line]:
    number = index + 1
    yield {"sheet": number}
    sheet = read_sheet(document, index)
    if sheet is None:
        yield issue_line(
            Severity.ERROR, "broken_sheet",
            "this sheet is damaged and could not be read; ask for a complete copy", number, 1,
        )  # fmt: skip
        return
    for passage in sheet.passages:
        yield {"text": passage.lines, "n": passage.line}
    for at, remark in enumerate(sheet.remarks, 1):
        yield {"remark": remark.text, "n": at, "kind": remark.kind, "name": remark.name}
    if sheet.lost:
        yield issue_line(
            Severity.WARNING, "lost_characters",
            "characters whose font does not say what they are; compare with the sheet",
            number, sheet.lost,
        )  # fmt: skip
    if sheet.has_layer:
        yield issue_line(
            Severity.INFO, "text_layer",
            "the text lies over a picture of the sheet, as text recognition of another program "
            "puts it there; compare with the sheet", number, 1,
        )  # fmt: skip
    if sheet.is_scan or sheet.is_picture:
        yield from _recognised(document, index, sheet)


def _recognised(document: pypdfium2.PdfDocument, index: int, sheet: SheetText) -> Iterator[Line]:
    number = index + 1
    engine = find_tesseract()
    if engine is None:
        if sheet.is_scan:
            yield issue_line(Severity.ERROR, "scan_sheet", _NO_ENGINE, number, 1)
        else:
            yield issue_line(
                Severity.WARNING, "picture_sheet",
                "is mostly a picture with little text; only the text was read; `triage doctor` "
                "says how to install text recognition", number, 1,
            )  # fmt: skip
        return
    try:
        paragraphs = read_page(engine, picture_of(document, index))
    except OcrError as error:
        yield issue_line(Severity.ERROR, "ocr_failed", f"is a scan: {error}", number, 1)
        return
    except (pypdfium2.PdfiumError, MemoryError, ValueError):
        yield issue_line(
            Severity.ERROR, "ocr_failed", "is a scan that could not be drawn", number, 1
        )
        return
    if not paragraphs:
        yield issue_line(
            Severity.WARNING, "ocr_empty",
            "is a picture in which no text was recognised; look at it", number, 1,
        )  # fmt: skip
    line = sheet.lines + 1
    for paragraph in paragraphs:
        yield _ocr_line(paragraph, line, engine)
        line += len(paragraph)


def _ocr_line(paragraph: list[OcrLine], line: int, engine: Tesseract) -> Line:
    words = sum(one.words for one in paragraph)
    mean = sum(one.confidence * one.words for one in paragraph) / words
    return {
        "ocr": [one.text for one in paragraph], "n": line, "sure": round(mean, 4),
        "by": engine.label,
    }  # fmt: skip


def _records(shard: Shard, reading: ShardReading) -> Iterator[Record]:
    sheet = int(shard.context or 1)
    start = shard.byte_start
    for begin, end, line in numbered_lines(shard):
        if "sheet" in line:
            if begin > start:
                reading.pages.append((sheet, start, begin))
                reading.sheets.append(sheet)
            start, sheet = begin, line["sheet"]
        elif issue := issue_of(line):
            reading.issues.append(issue)
        elif record := _record(line, sheet, begin, end):
            yield record
    reading.pages.append((sheet, start, shard.byte_end))
    reading.sheets.append(sheet)


def _record(line: Line, sheet: int, begin: int, end: int) -> Record | None:
    place = next((key for key in ("text", "ocr", "remark", "info") if key in line), None)
    if place is None:
        return None
    printed = place in ("text", "ocr")
    number = line["n"] if printed else 1
    record = Record(
        kind=RecordKind.DOCUMENT if printed else RecordKind.GENERIC,
        text="\n".join(line[place]) if printed else line[place],
        segments=_segments(line[place], number, sheet) if printed else [],
        section="", field=f"remark[{line['n']}]" if place == "remark" else place,
        page_first=sheet, page_last=sheet, line_first=number, byte_start=begin, byte_end=end,
        sheet_first=sheet, sheet_last=sheet,
    )  # fmt: skip
    if place == "remark":
        record.attributes = [("Kind", line["kind"])]
        record.attributes += [("Name", line["name"])] if line["name"] else []
    elif place == "info":
        record.attributes = [(key, value) for key, value in line["said"]]
    elif place == "ocr":
        record.ocr = line["sure"]
        record.attributes = [("OCR", line["by"])]
    return record


def _segments(lines: list[str], number: int, sheet: int) -> list[Segment]:
    segments: list[Segment] = []
    at = 0
    for offset, line in enumerate(lines):
        segments.append((at, sheet, number + offset, sheet))
        at += len(line) + 1
    return segments
