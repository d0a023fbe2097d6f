"""The tree of a print: sheets beside pages, and from the one to the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.readers.base import Record, Segment, Shard
from pipeline.readers.fields import Tree


@dataclass(slots=True)
class PrintTree(Tree):
    """The tree of a print: pages of fields and pieces are printed sheets."""

    sheets: list[tuple[int, int, int]] = field(default_factory=list)
    """(sheet, page, first byte) of each sheet, and of each page that begins lower on one."""
    has_bars: bool = True
    """Whether the document has page bars; else sheets are its pages."""
    marks: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(first byte, sheet, line, page) of each page bar."""
    layout: list[tuple[int, int]] = field(default_factory=list)
    """Byte ranges of what is no record's: bars, headers, footers, the menu."""
    scans: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    lost: dict[int, int] = field(default_factory=dict)
    """Characters lost, by sheet."""
    backward: dict[int, int] = field(default_factory=dict)
    """Lines with letters written from right to left, by sheet."""
    ends_early: bool = False


class Places:
    """Turns sheets, which the tree knows, into pages of the return."""

    def __init__(self, tree: PrintTree, shard: Shard) -> None:
        """Know the bars of a tree, which was read from a shard."""
        self._tree, self._shard = tree, shard
        self._bytes = [start for start, *_ in tree.marks]
        self._lines = [(sheet, line) for _, sheet, line, _ in tree.marks]
        self._pages = [shard.page, *(page for *_, page in tree.marks)]
        self._laps = [shard.lap]
        for before, page in pairwise(self._pages):
            self._laps.append(self._laps[-1] + (page <= before))

    def put(self, record: Record) -> Record:
        """Give a record its pages and sheets."""
        first = bisect_right(self._bytes, record.byte_start)
        last = bisect_right(self._bytes, record.byte_end - 1, first)
        record.sheet_first, record.sheet_last = record.page_first, record.page_last
        if self._tree.has_bars:
            record.page_first, record.page_last = self._pages[first], self._pages[last]
        segments: list[Segment] = []
        for start, sheet, line, *_ in record.segments:
            page: int | None = sheet
            if self._tree.has_bars:
                page = self._pages[bisect_right(self._lines, (sheet or 0, line or 0))]
            segments.append((start, page, line, sheet))
        record.segments = segments
        record.field += f"#{self._laps[first] + 1}" if self._laps[first] else ""
        return record

    def page_of(self, start: int) -> int:
        """The page that a byte lies on."""
        return self._pages[bisect_right(self._bytes, start)]

    def ranges(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield (page, sheet, first byte, one past the last) over the shard, one per sheet.

        A sheet on which a further page begins, not at its top, has one for each.
        """
        found = self._tree.sheets
        ends = [start for *_, start in found[1:]] + [self._shard.byte_end]
        for (sheet, page, start), end in zip(found, ends, strict=True):
            if end > start:
                yield page, sheet, start, end
