"""Page numbers that a prosecutor's office has stamped (Bates numbers), from a ledger it gives.

The ledger is a CSV: of which source which page bears which number. A citation then reads
``[FB-1 p. 1,204 l. 17; WCAO-24-0117-0001204]``; where the ledger has no number, none is made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from pipeline.entered import Entered, Line, read_entered
from pipeline.errors import ConfigError
from pipeline.report.cells import paragraph
from pipeline.report.document import Document, Section, Words, cited_anew, inlines
from pipeline.report.rows import Cited
from pipeline.report.store import Store
from pipeline.search.tables import among

MOST = 100_000
"""Lines of a ledger: one for each page of a large return, should it number them singly."""
DIGITS = 12
"""Of a page or a running number, at most."""
SECTION = "sources"
"""The section that says how many citations bear a number."""

_UNITS = ("page", "sheet")
HEADINGS = {
    "source": "source", "label": "source", "source label": "source", "file": "source",
    "path": "source", "unit": "unit", "page": "page", "sheet": "sheet", "first": "first",
    "first page": "first", "from": "first", "last": "last", "last page": "last", "to": "last",
    "bates": "bates", "begbates": "bates", "beg bates": "bates", "first bates": "bates",
    "bates number": "bates", "prefix": "prefix", "number": "number", "first number": "number",
}  # fmt: skip
"""What the columns may be headed."""

_NUMBER = re.compile(r"(?P<prefix>.*?)(?P<digits>\d{1,12})", re.DOTALL)
_PREFIX = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{0,60}")


@dataclass(frozen=True, slots=True)
class Span:
    """Pages in a row, and the number of the first."""

    line: int
    source: str
    """Label or path as the ledger names it; empty = the only one of the case."""
    unit: str
    """``page`` as the provider numbers them, or ``sheet`` of a PDF."""
    first: int
    last: int
    prefix: str
    number: int
    width: int
    """Digits of the number, noughts before it."""

    @property
    def last_number(self) -> int:
        """Running number of the last page."""
        return self.number + self.last - self.first

    def of(self, page: int) -> str:
        """Return the number of a page in it."""
        return f"{self.prefix}{self.number + page - self.first:0{self.width}d}"


@dataclass(frozen=True, slots=True)
class Bates:
    """A ledger that holds together: no page twice, no number twice."""

    name: str
    """Its path, made printable, for messages."""
    sha256: str
    spans: tuple[Span, ...]
    """By source, unit and first page."""
    gaps: int
    """Pages between others of their source that have no number; to be warned of."""

    def of(self, source: str, unit: str, page: int | None) -> str | None:
        """Return the number of a page.

        Args:
            source: label or path, as the ledger writes it.
            unit: ``page`` or ``sheet``.
            page: its number, from 1; None where a record stands on no page.
        """
        found = None if page is None else self._holding(source, unit, page)
        return None if found is None or page is None else found.of(page)

    def _holding(self, source: str, unit: str, page: int) -> Span | None:
        low, high = 0, len(self.spans)
        while low < high:
            middle = (low + high) // 2
            span = self.spans[middle]
            if (span.source, span.unit, span.first) <= (source, unit, page):
                low = middle + 1
            else:
                high = middle
        if not low:
            return None
        span = self.spans[low - 1]
        inside = (span.source, span.unit) == (source, unit) and span.first <= page <= span.last
        return span if inside else None

    def said(self, say: Callable[[str], str]) -> Bates:
        """Return it with redacted prefixes and labels: people chose them, perhaps by a name."""
        known = {name: say(name) for span in self.spans for name in (span.prefix, span.source)}
        spans = [
            replace(span, prefix=known[span.prefix], source=known[span.source])
            for span in self.spans
        ]
        return replace(self, spans=tuple(sorted(spans, key=_place)))


def _place(span: Span) -> tuple[str, str, int, int]:
    return span.source, span.unit, span.first, span.line


@dataclass(frozen=True, slots=True)
class Numbering:
    """A document with its page numbers, and how far they reach."""

    document: Document
    numbered: int
    """Citations that bear a number, each place once."""
    without: int
    """Citations that bear none."""


def read_ledger(path: Path) -> Bates:
    """Read a ledger.

    Args:
        path: a CSV whose first line names its columns: ``source`` (label or path; may be left out
            where a case has one), ``page`` or ``sheet`` of a single page, or ``first`` and
            ``last`` of several (with ``unit``: page or sheet), and ``bates``, the number of the
            first page (``WCAO-24-0117-0001204``), or ``prefix`` and ``number``.

    Raises:
        ConfigError: it cannot be read, a line is not as it must be, or two lines number the same
            page or give the same number; names the lines.
    """
    read = read_entered(path, HEADINGS, (), most=MOST)
    has = set(read.columns)
    if not has & {"page", "sheet", "first"} or not has & {"bates", "number"}:
        raise ConfigError(
            f"{read.name}, line 1: a ledger names pages (page, sheet, or first and last) and their "
            "numbers (bates, or prefix and number)"
        )
    if not read.lines:
        raise ConfigError(f"{read.name}: holds no page, only the names of columns")
    spans = sorted((_span(read, line) for line in read.lines), key=_place)
    gaps = 0
    for before, span in pairwise(spans):
        if (before.source, before.unit) != (span.source, span.unit):
            continue
        if span.first <= before.last:
            raise _clash(read, before, span, "number the same page")
        gaps += span.first - before.last - 1
    by_number = sorted(spans, key=lambda span: (span.prefix, span.number, span.line))
    for before, span in pairwise(by_number):
        if before.prefix == span.prefix and span.number <= before.last_number:
            raise _clash(read, before, span, "give the same number")
    return Bates(read.name, read.sha256, tuple(spans), gaps)


def _clash(read: Entered, one: Span, other: Span, what: str) -> ConfigError:
    first, second = sorted((one.line, other.line))
    return ConfigError(f"{read.name}, lines {first} and {second}: {what}")


def _span(read: Entered, line: Line) -> Span:
    unit, first, last = _pages(read, line)
    prefix, digits = line.get("prefix"), line.get("number")
    if not digits:
        match = _NUMBER.fullmatch(line.get("bates"))
        if match is None:
            raise read.wrong(line.number, "bates does not end in a number of up to 12 digits")
        prefix, digits = prefix + match["prefix"], match["digits"]
    elif line.get("bates"):
        raise read.wrong(line.number, "give bates, or prefix and number, not both")
    if not _PREFIX.fullmatch(prefix):
        raise read.wrong(line.number, "the prefix is longer than 60 characters, or holds a control")
    number = _whole(read, line, "number", digits)
    return Span(line.number, line.get("source"), unit, first, last, prefix, number, len(digits))


def _pages(read: Entered, line: Line) -> tuple[str, int, int]:
    single = [unit for unit in _UNITS if line.get(unit)]
    several = bool(line.get("first") or line.get("last"))
    if len(single) + several != 1:
        raise read.wrong(line.number, "give one of page, sheet, or first and last")
    if single:
        page = _whole(read, line, single[0], line.get(single[0]))
        return single[0], page, page
    unit = line.get("unit").lower() or "page"
    unit = unit.removesuffix("s")
    if unit not in _UNITS:
        raise read.wrong(line.number, "unit is page or sheet")
    first = _whole(read, line, "first", line.get("first"))
    last = _whole(read, line, "last", line.get("last") or line.get("first"))
    if last < first:
        raise read.wrong(line.number, "last is before first")
    return unit, first, last


def _whole(read: Entered, line: Line, column: str, text: str) -> int:
    digits = text.replace(",", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= DIGITS):
        raise read.wrong(line.number, f"{column} is no whole number of up to {DIGITS} digits")
    if column != "number" and not int(digits):
        raise read.wrong(line.number, f"{column} is 0; pages count from 1")
    return int(digits)


def resolved(bates: Bates, store: Store) -> Bates:
    """Return a ledger with the label of each source, as the case has it.

    To be called with the tables in full: the path in a ledger is not that of redacted tables.

    Raises:
        ConfigError: a source that the case does not have, or a name that several have; the line.
    """
    rows = store.rows(
        "SELECT source_label, path, page_count, coalesce(sheet_count, 0) FROM sources "
        "WHERE reader IS NOT NULL ORDER BY source_label, path, source_id"
    )
    paged = sorted({row[0] for row in rows if row[2] or row[3]})
    labels = {row[0] for row in rows}
    by_path: dict[str, set[str]] = {}
    by_name: dict[str, set[str]] = {}
    for label, path, *_ in rows:
        by_path.setdefault(path, set()).add(label)
        by_name.setdefault(path.rpartition("/")[2], set()).add(label)
    spans = []
    for span in bates.spans:
        name = span.source
        found = {name} & labels or by_path.get(name) or by_name.get(name) or set()
        if not span.source:
            found = set(paged)
        if len(found) != 1:
            what = "no source of the case has that label or path" if not found else (
                "the case has several sources; name one by its label or path"
            )  # fmt: skip
            raise ConfigError(f"{bates.name}, line {span.line}: {what}")
        spans.append(replace(span, source=next(iter(found))))
    spans.sort(key=_place)
    for before, span in pairwise(spans):
        same = (before.source, before.unit) == (span.source, span.unit)
        if same and span.first <= before.last:
            lines = " and ".join(map(str, sorted((before.line, span.line))))
            raise ConfigError(f"{bates.name}, lines {lines}: number the same page")
    return replace(bates, spans=tuple(spans))


def numbers(bates: Bates, store: Store, record_ids: Iterable[str]) -> dict[str, str]:
    """Return the numbers of the pages on which records begin, by record id.

    Args:
        bates: from :func:`resolved`.
        store: the tables that the ids are of; redacted ones too.
        record_ids: those cited; one that stands on no numbered page is missing in what is returned.
    """
    wanted = sorted(set(record_ids))
    if not wanted or not bates.spans:
        return {}
    found = {}
    for record, label, page, sheet in store.rows(
        "SELECT record_id, source_label, page_first, sheet_first FROM records "
        f"WHERE {among('record_id', wanted)} ORDER BY record_id"
    ):
        number = bates.of(label, "page", page) or bates.of(label, "sheet", sheet)
        if number is not None:
            found[record] = number
    return found


def with_numbers(document: Document, store: Store, bates: Bates) -> Numbering:
    """Return a document whose citations bear their numbers; its section on sources says so.

    Args:
        document: as it was drawn up, without numbers.
        store: the tables it was drawn up from.
        bates: from :func:`resolved`; for a redacted document, :meth:`Bates.said`.
    """
    cited = set(_cited(document))
    known = numbers(bates, store, {item.record_id for item in cited})
    made = cited_anew(document, lambda item: replace(item, bates=known.get(item.record_id)))
    without = sum(item.record_id not in known for item in cited)
    numbered = len(cited) - without
    sections = tuple(_told(section, bates, numbered, without) for section in made.sections)
    return Numbering(replace(made, sections=sections), numbered, without)


def _cited(document: Document) -> Iterator[Cited]:
    return (item for item in inlines(document) if isinstance(item, Cited))


def _told(section: Section, bates: Bates, numbered: int, without: int) -> Section:
    if section.section_id != SECTION:
        return section
    said = (
        f"A ledger of page numbers was given. Of the places cited in this document, {numbered:,} "
        f"{'bears' if numbered == 1 else 'bear'} the number that the ledger gives the page, and "
        f"{without:,} {'bears' if without == 1 else 'bear'} none, since the ledger does not name "
        "the page."
    )
    if bates.gaps:
        said += (
            f" Between the first and last pages that the ledger names, {bates.gaps:,} "
            f"{'has' if bates.gaps == 1 else 'have'} no number."
        )
    block = paragraph(said, " SHA-256 of the ledger: ", Words(bates.sha256, "hash"), ".")
    return replace(section, blocks=(*section.blocks, block))
