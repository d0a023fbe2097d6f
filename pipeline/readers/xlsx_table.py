"""Workbooks: XLSX, XLSM, XLS and ODS, sheet by sheet."""

from __future__ import annotations

import io
import struct
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import ClassVar

import python_calamine as calamine

from pipeline.readers.base import (
    NO_BID,
    About,
    Bid,
    Candidate,
    Located,
    Record,
    Shard,
    ShardReading,
)
from pipeline.readers.prepared_lines import (
    Line,
    issue_line,
    issue_of,
    line_shards,
    numbered_lines,
    pack,
    unpack,
)
from pipeline.readers.table_rows import (
    TITLE_ROWS,
    Columns,
    TableState,
    attributes_of,
    columns_of,
    find_header,
    sent_of,
    without_tail,
)
from pipeline.readers.workbook_file import Package, broken, encrypted, open_package
from schemas.kinds import RecordKind, Severity

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK\x03\x04"
ODS_TYPE = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
SUFFIXES = frozenset((".xlsx", ".xlsm", ".xls", ".ods"))
_FIRST_MEMBERS = ("[Content_Types].xml", "_rels/", "docProps/", "xl/", "customXml/", "mimetype")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_EXACT = 1 << 53
"""Whole numbers from here on are not all held exactly by a spreadsheet."""

_HEAD_ROWS = 40
"""Rows with text that the width of a sheet's table is judged by."""

Cell = int | float | str | bool | time | date | datetime | timedelta


class XlsxTable:
    """Rows of the worksheets of a workbook.

    Finds: one record per row, its cells joined by tabs: text verbatim, numbers in full, dates year
        first; header and title block as documents; notes and the text of shapes; hidden sheets.
    Does not find: how a format shows a number (its currency sign, leading zeros), formulas that
        were never computed, pictures, charts, the targets of links.

    References:
        - ECMA-376 part 1, 18 (SpreadsheetML)
        - FORMATS 1.3
    """

    name: ClassVar[str] = "xlsx_table"
    version: ClassVar[int] = 2
    provider: ClassVar[str | None] = None
    media_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    title: ClassVar[str] = "Workbook (XLSX, XLSM, XLS, ODS)"
    confidence: ClassVar[str] = "general format: columns by their own labels"
    has_bytes: ClassVar[bool] = False
    units: ClassVar[tuple[str, str]] = ("sheet", "row")

    def bid(self, candidate: Candidate) -> Bid:
        """Bid on the parts that its head names, or on the container and a name."""
        head = candidate.head
        suffix = PurePosixPath(candidate.path).suffix.lower()
        if head.startswith(OLE) and suffix in SUFFIXES:
            return Bid(45, f"a compound file whose name ends {suffix}")
        first = _first_member(head)
        if first == "mimetype" and head[30:].startswith(ODS_TYPE):
            return Bid(45, "its type: OpenDocument spreadsheet")
        if not first.startswith(_FIRST_MEMBERS):
            return NO_BID
        if b"xl/workbook.xml" in head:
            return Bid(45, "an Office file with the part xl/workbook.xml")
        if suffix in (".xlsx", ".xlsm") and b"word/document.xml" not in head:
            return Bid(45, f"an Office file whose name ends {suffix}")
        return NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """A plain workbook is about no account; opened here to say early what is wrong with it.

        Raises:
            SourceError: see :func:`pipeline.readers.workbook_file.open_package`.
        """
        _opened(candidate.located)
        return "", frozenset()

    def count(self, located: Located) -> int:
        """Return the number of its sheets."""
        return len(_opened(located)[0].sheet_names)

    def parts(self, located: Located) -> list[tuple[int, int]]:
        """Prepare large workbooks by sheet, small ones at once."""
        sheets = self.count(located)
        if located.size_bytes < 1 << 20 or sheets > 64:
            return [(0, sheets)]
        return [(at, at + 1) for at in range(sheets)]

    def prepare(self, located: Located, part: tuple[int, int]) -> bytes:
        """Return the rows of some sheets, a JSON object a line."""
        workbook, package = _opened(located)
        return b"".join(pack(line) for at in range(*part) for line in _lines(workbook, package, at))

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Cut what was prepared between rows; each shard knows its sheet and header."""
        return line_shards(blocks, _context)

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read a shard into rows."""
        reading = ShardReading(iter(()))
        reading.records = _records(shard, reading)
        return reading


def _first_member(head: bytes) -> str:
    if not head.startswith(ZIP) or len(head) < 30:
        return ""
    (length,) = struct.unpack("<26xH", head[:28])
    return head[30 : 30 + length].decode("utf-8", "replace")


@lru_cache(maxsize=1)
def _opened(located: Located) -> tuple[calamine.CalamineWorkbook, Package]:
    """Check a workbook, then open it; the last one stays open.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        content = located.content()
        package = _checked(content, located.size_bytes)
        if isinstance(content, Path):
            return calamine.CalamineWorkbook.from_path(content), package
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)), package
    except calamine.PasswordError:
        raise encrypted() from None
    except (calamine.CalamineError, OSError, ValueError, zipfile.BadZipFile, KeyError):
        raise broken() from None
    except BaseException as error:
        if _is_panic(error):
            raise broken() from None
        raise


def _checked(content: Path | bytes, size: int) -> Package:
    head = _head(content)
    if head.startswith(ZIP):
        return open_package(content, size)
    if _is_encrypted(content):
        raise encrypted()
    return Package(frozenset(), {}, is_damaged=False)


def _is_panic(error: BaseException) -> bool:
    """Tell a panic of the library, which is no Exception, from an interrupt."""
    return type(error).__name__ == "PanicException"


def _head(content: Path | bytes) -> bytes:
    if isinstance(content, bytes):
        return content[:8]
    with content.open("rb") as file:
        return file.read(8)


def _is_encrypted(content: Path | bytes) -> bool:
    data = content if isinstance(content, bytes) else content.read_bytes()
    return _ENCRYPTED in data


def _lines(workbook: calamine.CalamineWorkbook, package: Package, at: int) -> Iterator[Line]:
    meta = workbook.sheets_metadata[at]
    name, number = meta.name, at + 1
    yield {"sheet": number, "name": name}
    if meta.visible != calamine.SheetVisibleEnum.Visible:
        yield issue_line(
            Severity.INFO, "hidden_sheet", "is hidden in the workbook; it was read", number, 1
        )
    if package.is_damaged and not at:
        yield issue_line(
            Severity.ERROR, "unread_notes",
            "notes or text boxes of this workbook could not be read; open it to see them",
            number, 1,
        )  # fmt: skip
    if name in package.too_sparse:
        yield issue_line(
            Severity.ERROR, "sheet_too_large",
            "was not read: its cells lie too far apart, or repeat too much text; save it as CSV",
            number, 1,
        )  # fmt: skip
    else:
        try:
            yield from _sheet_lines(workbook.get_sheet_by_index(at).iter_rows(), number)
        except BaseException as error:
            if not isinstance(error, (calamine.CalamineError, ValueError)) and not _is_panic(error):
                raise
            if meta.typ == calamine.SheetTypeEnum.WorkSheet:
                yield issue_line(
                    Severity.ERROR, "broken_sheet",
                    "could not be read, or not to its end; open it to see it", number, 1,
                )  # fmt: skip
    for remark in package.remarks.get(name, ()):
        yield {"note": remark.field, "n": remark.row, "by": remark.author, "text": remark.text}


def _sheet_lines(rows: Iterable[Sequence[Cell]], number: int) -> Iterator[Line]:
    inexact = 0
    waiting: list[tuple[int, list[str]]] = []
    filled = 0
    placer: _Placer | None = None
    for at, row in enumerate(rows, 1):
        cells = [cell_text(value) for value in row]
        inexact += sum(isinstance(v, float) and v.is_integer() and abs(v) >= _EXACT for v in row)
        if placer is not None:
            yield from placer.lines([(at, cells)])
        elif filled or any(cells):
            waiting.append((at, cells))
            filled += any(cells)
            if filled >= _HEAD_ROWS:
                placer = _Placer(waiting)
                yield from placer.lines(waiting)
    if placer is None and waiting:
        yield from _Placer(waiting).lines(waiting)
    if inexact:
        yield issue_line(
            Severity.INFO, "inexact_number",
            "whole numbers of more than 15 digits, of which a spreadsheet does not hold every "
            "digit; compare them with the original", number, inexact,
        )  # fmt: skip


class _Placer:
    """Says what each row of a worksheet is."""

    def __init__(self, head: list[tuple[int, list[str]]]) -> None:
        """Find the header among the first rows: numbers and cells."""
        width = len(head[0][1])
        spans = Counter(len(without_tail(cells)) for _, cells in head if any(cells))
        span = max(2, *(span for span, count in spans.items() if count == max(spans.values())))
        first = [without_tail(cells) for _, cells in head[:TITLE_ROWS]]
        found = find_header(first, span)
        self._header = 0 if found is None else head[found][0]
        self._state = TableState(head[found][1] if found is not None else (), width, is_grid=True)

    def lines(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Line]:
        for at, cells in rows:
            if at <= self._header:
                place = "header" if at == self._header else "title" if any(cells) else None
            else:
                place = self._state.place(cells)
            if place is not None:
                yield {place: without_tail(cells), "n": at}


def cell_text(value: Cell) -> str:
    """Write a cell as text: nothing rounded that a spreadsheet would show in full."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        if value.microsecond >= 1000:
            return value.isoformat(" ", "milliseconds")
        return value.isoformat(" ", "seconds")
    if isinstance(value, time):
        return value.isoformat("seconds")
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(value)


def number_text(value: float) -> str:
    """Write a number without exponent; fractions to 15 digits, as spreadsheets show them."""
    digits = repr(value) if value.is_integer() else f"{value:.15g}"
    text = format(Decimal(digits), "f")
    return text.removesuffix(".0")


def _context(context: bytes, line: bytes) -> bytes:
    if line.startswith(b'{"sheet":'):
        return line + b"\n"
    if line.startswith(b'{"header":'):
        return context.split(b"\n", 1)[0] + b"\n" + line + b"\n"
    return context


def _records(shard: Shard, reading: ShardReading) -> Iterator[Record]:
    sheet, name, columns = 1, "", Columns()
    for line in map(unpack, shard.context.splitlines()):
        sheet, name = line.get("sheet", sheet), line.get("name", name)
        columns = columns_of(line["header"]) if "header" in line else columns
    start = shard.byte_start
    for begin, end, line in numbered_lines(shard):
        if "sheet" in line:
            if begin > start:
                reading.pages.append((sheet, start, begin))
            start, sheet, name, columns = begin, line["sheet"], line["name"], Columns()
        elif issue := issue_of(line):
            reading.issues.append(issue)
        elif "header" in line:
            columns = columns_of(line["header"])
        if record := _record(line, sheet, name, columns, begin, end):
            yield record
    reading.pages.append((sheet, start, shard.byte_end))


def _record(
    line: Line, sheet: int, name: str, columns: Columns, begin: int, end: int
) -> Record | None:
    place = next((key for key in ("row", "title", "header", "note") if key in line), None)
    if place is None:
        return None
    is_note = place == "note"
    text = line["text"] if is_note else "\t".join(line[place])
    record = Record(
        kind=RecordKind.ROW if place == "row" else RecordKind.DOCUMENT, text=text,
        segments=[], section=name, field=line["note"] if is_note else place,
        page_first=sheet, page_last=sheet, line_first=line["n"], byte_start=begin, byte_end=end,
    )  # fmt: skip
    if is_note and line["by"]:
        record.attributes = [("Author", line["by"])]
    if place == "row":
        record.attributes = attributes_of(line["row"], columns)
        record.sent_at, record.sent_raw = sent_of(line["row"], columns)
    return record
