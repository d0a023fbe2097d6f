"""Tables as delimited text: comma, semicolon, tab or bar."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, ClassVar

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
from pipeline.readers.csv_cells import (
    CELL_LIMIT,
    CsvRow,
    count_lines,
    csv_rows,
    last_row_end,
)
from pipeline.readers.csv_shape import Shape, is_other_format, is_table, shape_of
from pipeline.readers.encodings import Decoded, decode_as, detect, encoding_issue
from pipeline.readers.table_rows import (
    Columns,
    TableState,
    attributes_of,
    line_segments,
    sent_of,
    without_tail,
)
from schemas.kinds import RecordKind, Severity

SUFFIXES = frozenset((".csv", ".tsv", ".tab"))
NO_TABLES = frozenset((".md", ".markdown"))
"""Names of texts in which a table is an ornament, with bars at both ends of its rows."""
HEAD = 1 << 16
SHARD = 2 << 20
ROW_LIMIT = 16 << 20
"""Bytes of a row past which it is cut."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_WIDE = ("utf-16", "utf-32")


class CsvTable:
    """Rows of a delimited text.

    Finds: one record per row, its cells joined by tabs, each cell's text verbatim; header and title
        block as documents; quoted cells over several lines; any encoding and line ends; further
        tables below the first whose header follows a blank or short row.
    Does not find: times that are not written year first or do not say their zone (they stay text);
        the header of a further table for rows more than some megabytes below it.

    References:
        - RFC 4180
        - FORMATS 1.3 and 12
    """

    name: ClassVar[str] = "csv_table"
    version: ClassVar[int] = 1
    provider: ClassVar[str | None] = None
    media_type: ClassVar[str] = "text/csv"
    title: ClassVar[str] = "Table as delimited text (CSV, TSV)"
    confidence: ClassVar[str] = "general format: columns by their own labels, any delimiter"
    has_bytes: ClassVar[bool] = True
    units: ClassVar[tuple[str, str]] = ("p.", "row")

    def bid(self, candidate: Candidate) -> Bid:
        """Bid on rows that agree in their number of cells; a name helps, content must show it."""
        shape = _shape_of_head(candidate.head)
        if shape is None:
            return NO_BID
        suffix = PurePosixPath(candidate.path).suffix.lower()
        named = suffix in SUFFIXES
        if suffix not in NO_TABLES and is_table(shape, named=named):
            return Bid(40 if named else 25, shape.words())
        return NO_BID

    def identify(self, candidate: Candidate) -> tuple[str, frozenset[str]]:
        """A plain table is about no account."""
        return "", frozenset()

    def shards(self, blocks: Iterator[bytes], *, has_pages: bool) -> Iterator[Shard]:
        """Cut the file at row ends, some megabytes apart; each shard knows the header."""
        cutter = _Cutter()
        for block in blocks:
            yield from cutter.take(block)
        yield from cutter.finish()

    def read(self, shard: Shard, about: About) -> ShardReading:
        """Read a shard into rows."""
        reading = ShardReading(iter(()))
        reading.pages = [(None, shard.byte_start, shard.byte_end)]
        reading.records = _records(shard, reading)
        return reading


def _shape_of_head(head: bytes) -> Shape | None:
    decoded = decode_as(head, *detect(head, is_whole=len(head) < HEAD))
    text = decoded.text
    if _CONTROL.search(text) or is_other_format(text):
        return None
    return shape_of(text, is_whole=len(head) < HEAD)


class _Cutter:
    """Cuts a streamed file; what it keeps of it is about a shard and the largest cell."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._start = 0
        self._line = 0
        self._lap = 0
        self._ordinal = 0
        self._encoding = ""
        self._how = ""
        self._delimiter = ","
        self._context = b""
        self._wanted = SHARD + CELL_LIMIT

    def take(self, block: bytes) -> Iterator[Shard]:
        """Take the next bytes; yield the shards that are complete."""
        self._kept += block
        while len(self._kept) > self._wanted:
            yield from self._cut()

    def finish(self) -> Iterator[Shard]:
        """Yield the rest."""
        size = 0
        while len(self._kept) > SHARD + CELL_LIMIT and len(self._kept) != size:
            size = len(self._kept)
            yield from self._cut()
        if self._kept:
            self._look()
            yield self._shard(len(self._kept), is_last=True)

    def _look(self) -> None:
        if self._encoding:
            return
        self._encoding, self._how = detect(bytes(self._kept), is_whole=len(self._kept) < SHARD)
        head = bytes(self._kept[:HEAD])
        decoded = decode_as(head, self._encoding)
        shape = shape_of(decoded.text, is_whole=len(self._kept) < HEAD)
        known: dict[str, Any] = {"how": self._how}
        if shape is not None:
            self._delimiter = shape.delimiter
            known |= {
                "delimiter": shape.delimiter,
                "columns": shape.columns,
                "header": shape.header,
                "labels": shape.labels,
            }
        self._context = json.dumps(known).encode()

    def _cut(self) -> Iterator[Shard]:
        self._look()
        text, decoded = self._view(len(self._kept))
        limit = len(text) * SHARD // len(self._kept) if decoded else SHARD
        if self._wanted > SHARD + CELL_LIMIT:
            # no row ended within a shard: anywhere will do now
            limit = len(text) - CELL_LIMIT // 4
        end = last_row_end(text, self._delimiter, limit)
        if not end and len(self._kept) < ROW_LIMIT:
            self._wanted = len(self._kept) * 2
            return
        whole = bool(end)
        if not end:
            end = _forced(text, self._delimiter)
        yield self._shard(decoded.byte_at(end) if decoded else end, is_whole_row=whole)
        self._wanted = SHARD + CELL_LIMIT

    def _view(self, size: int) -> tuple[str, Decoded | None]:
        """The bytes so that line ends, quotes and delimiters show; one character each, if None."""
        is_marked = not self._start and self._encoding == "utf-8-sig"
        if is_marked or self._encoding.startswith(_WIDE):
            decoded = decode_as(bytes(self._kept[:size]), self._encoding, at_start=not self._start)
            return decoded.text, decoded
        return self._kept[:size].decode("latin-1"), None

    def _shard(self, size: int, *, is_last: bool = False, is_whole_row: bool = True) -> Shard:
        text, _ = self._view(size)
        shard = Shard(
            self._ordinal, self._start, self._start + size, 1, self._line, self._lap,
            self._context, bytes(self._kept[:size]), is_last=is_last, encoding=self._encoding,
        )  # fmt: skip
        self._ordinal += 1
        self._start += size
        self._line += count_lines(text)
        self._lap = 0 if is_whole_row else self._lap + 1
        del self._kept[:size]
        return shard


def _forced(text: str, delimiter: str) -> int:
    """Return where to cut a row that is too long: at a line end or a delimiter if there is one."""
    last = max(text.rfind("\n", 0, SHARD), text.rfind("\r", 0, SHARD - 1))
    if last < 0:
        last = text.rfind(delimiter, SHARD // 2, SHARD)
    if last >= 0:
        return last + 1
    at = SHARD
    # not within a character of several bytes, if the text shows bytes
    while at > SHARD - 4 and "\x80" <= text[at] <= "\xbf":
        at -= 1
    return at


def _records(shard: Shard, reading: ShardReading) -> Iterator[Record]:
    known = json.loads(shard.context or b"{}")
    decoded = _decoded(shard, str(known.get("how", "")))
    if (issue := encoding_issue(decoded)) and (decoded.replaced or not shard.ordinal):
        reading.issues.append(issue)
    labels = tuple(known.get("labels", ()))
    state = TableState(labels, len(labels) or known.get("columns", 0))
    seen: Counter[str] = Counter()
    yield from _rows(shard, decoded, state, known, seen)
    seen["ragged_row"] = state.ragged
    reading.issues += (
        Issue(severity, "read", code, message, count=seen[code])
        for code, (severity, message) in _MESSAGES.items()
        if seen[code]
    )


def _decoded(shard: Shard, how: str) -> Decoded:
    """Decode as the file's beginning shows, unless this part of it shows better."""
    at_start = not shard.byte_start
    decoded = decode_as(shard.block, shard.encoding, how, at_start=at_start)
    if decoded.replaced and shard.encoding == "utf-8":
        encoding, how = detect(shard.block)
        if not encoding.startswith(("utf-8", *_WIDE)):
            decoded = decode_as(shard.block, encoding, how, at_start=False)
    return decoded


def _rows(
    shard: Shard, decoded: Decoded, state: TableState, known: dict[str, Any], seen: Counter[str]
) -> Iterator[Record]:
    header = known.get("header") if not shard.ordinal else None
    delimiter = known.get("delimiter", ",")
    line = shard.line + 1
    for at, row in enumerate(csv_rows(decoded.text, delimiter, columns=state.width)):
        first, line = line, line + row.lines
        seen["stray_quote"] += row.strays
        seen["unterminated_quote"] += row.unpaired
        place: str | None
        if header is None or row.start > header:
            place = state.place(row.cells)
        elif row.is_blank:
            place = None
        else:
            place = "header" if row.start == header else "title"
        if place is None:
            continue
        record = _record(row, place, first, state.columns)
        record.byte_start = shard.byte_start + decoded.byte_at(row.start)
        record.byte_end = shard.byte_start + decoded.byte_at(row.end)
        if shard.lap and not at:
            record.field += f"#{shard.lap + 1}"
            seen["long_row"] += 1
        yield record


def _record(row: CsvRow, place: str, line: int, columns: Columns) -> Record:
    """Make a record of a row; its bytes are left to the caller."""
    is_row = place == "row"
    text = "\t".join(row.cells if is_row else without_tail(row.cells))
    record = Record(
        kind=RecordKind.ROW if is_row else RecordKind.DOCUMENT, text=text,
        segments=line_segments(text, line) if row.lines > 1 else [],
        section="", field=place, page_first=None, page_last=None, line_first=line,
        byte_start=0, byte_end=0,
    )  # fmt: skip
    if is_row:
        record.attributes = attributes_of(row.cells, columns)
        record.sent_at, record.sent_raw = sent_of(row.cells, columns)
    return record


_MESSAGES = {
    "ragged_row": (
        Severity.INFO,
        "rows that have more or fewer cells than the header; they were read, but their labels may "
        "not fit",
    ),
    "unterminated_quote": (
        Severity.WARNING,
        "cells that begin with a quotation mark which nothing closes; they were read to the end of "
        "their line",
    ),
    "stray_quote": (
        Severity.INFO,
        "cells in quotation marks with further ones inside that are not doubled; they were read as "
        "they stand",
    ),
    "long_row": (
        Severity.WARNING,
        f"parts of a row of more than {ROW_LIMIT >> 20} MiB, which was read in parts",
    ),
}
