"""A report as blocks: what it says and in what order, without any format.

One :class:`Document` is built from the numbers of a :class:`~pipeline.report.summary.Summary` and
written as a page, as PDF and as DOCX by modules that add no word of their own; so the three cannot
differ in a number. What comes from records is :class:`Evidence`, never :class:`Words`: writers make
it safe to show, and checks of wording leave it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from pipeline.report.rows import Cited

SHOWN = 160
"""Characters of a value in a table; what is cut is counted."""


@dataclass(frozen=True, slots=True)
class Words:
    """Our own words and numbers."""

    text: str
    style: str = "plain"
    """plain, strong, note (small, dim), code (something to type), hash, whole (never broken)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a record, a name or a path says, verbatim."""

    text: str
    limit: int | None = SHOWN
    """Characters shown; None = all. What is left out is counted by the writers."""
    style: str = "plain"
    """plain, strong, whole (never broken), id (a small code), mark (a mention)."""
    kind: str | None = None
    """Kind of mention, where it is one."""
    quoted_from: str | None = None
    """record_id of the record whose own words these are: a clause or a message, no single value.
    A redacted document prints none that a protected person's account wrote."""

    def cut(self) -> tuple[str, int]:
        """Return what is shown of it, and how many characters are left out."""
        shown = self.text if self.limit is None else self.text[: self.limit]
        return shown, len(self.text) - len(shown)


@dataclass(frozen=True, slots=True)
class Link:
    """A reference to a section of the same document, written ``section 8`` or ``annex C``."""

    target: str
    """section_id."""


Inline: TypeAlias = Words | Evidence | Cited | Link
Inlines: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    label: str
    kind: str = "text"
    """text, number, time, or cites."""
    width: float = 1.0
    """Share of the width on paper, beside the other columns."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what stands in it, and what it is sorted by."""

    parts: Inlines = ()
    sort: int | float | str | None = None
    """None = sorted as it reads."""
    target: str | None = None
    """Where a click leads: entity_id, account_id."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row; the first cell is its heading."""

    cells: tuple[Cell, ...]
    row_id: str | None = None
    """``e-`` entity_id, ``a-`` account_id, ``l-`` link_id, ``m-`` mention_id, ``i-`` issue_id,
    ``w-`` watch_id, ``r-`` record_id …: equal in all formats and versions."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the evidence."""

    table_id: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: Inlines = ()
    is_narrow: bool = False
    """Whether it takes no more width than it needs."""
    empty: str = "None was found."
    """Said in place of a table without rows."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running words."""

    parts: Inlines
    style: str = "plain"
    """plain, note (small), framed (stands out: scope, attention), caution."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    text: str
    heading_id: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """A few numbers at a glance: label, value."""

    items: tuple[tuple[str, Inlines], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A record's text."""

    head: Inlines
    """When, by which account, where."""
    parts: Inlines
    """Evidence, cut at its mentions."""
    left_out: int = 0
    """Code points after what is quoted."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A line to be filled in by hand."""

    label: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: an illustration. The table of what it shows follows it."""

    figure_id: str
    title: str
    alt: str
    """What it shows, in words, for those who do not see it."""
    svg: str
    caption: Inlines = ()
    data: Table | None = None
    """The evidence; writers may fold it."""
    explore: str | None = None
    """What the page makes of it beside the drawing: ``network``, or nothing."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a new page on paper."""


Block: TypeAlias = (
    Paragraph | Heading | Facts | Bullets | Table | Quote | Blank | Figure | PageBreak
)


@dataclass(frozen=True, slots=True)
class Section:
    """A section, or an annex."""

    section_id: str
    title: str
    blocks: tuple[Block, ...]
    is_annex: bool = False
    is_numbered: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """A report, a sheet or a worksheet."""

    title: str
    front: tuple[Block, ...]
    """What stands before the contents: legal process first."""
    sections: tuple[Section, ...]
    profile: str = "prosecutor"
    has_contents: bool = True
    """Whether a list of its sections follows the front."""
    is_compact: bool = False
    """Whether it is set small, to fit two pages of paper."""
    footer: str = ""
    """Small words at the foot of every page of paper, without any value of a record."""
    language: str = "en-US"
    numbers: dict[str, str] = field(default_factory=dict, compare=False)
    """section_id: ``8``, ``C`` or nothing; made by :func:`numbered`."""


def numbered(document: Document) -> Document:
    """Give sections their numbers and annexes their letters, in order."""
    numbers: dict[str, str] = {}
    count = annexes = 0
    for section in document.sections:
        if not section.is_numbered:
            numbers[section.section_id] = ""
        elif section.is_annex:
            numbers[section.section_id] = chr(ord("A") + annexes)
            annexes += 1
        else:
            count += 1
            numbers[section.section_id] = str(count)
    return replace(document, numbers=numbers)


def opening(document: Document) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return what stands above the title, a framed paragraph at the front's head, and the rest.

    The legal process is the first line of whatever is drawn up.
    """
    first = document.front[:1]
    if first and isinstance(first[0], Paragraph) and first[0].style == "framed":
        return first, document.front[1:]
    return (), document.front


def titled(document: Document, section: Section) -> str:
    """Return the heading of a section with its number."""
    number = document.numbers.get(section.section_id, "")
    if section.is_annex and number:
        return f"Annex {number}: {section.title}"
    return f"{number} {section.title}" if number else section.title


def referred(document: Document, link: Link) -> str:
    """Return how a section is referred to in running words."""
    found = {section.section_id: section for section in document.sections}.get(link.target)
    if found is None:
        return "a section that this profile leaves out"
    number = document.numbers.get(link.target, "")
    if not number:
        return f"“{found.title}”"
    return f"{'annex' if found.is_annex else 'section'} {number}"


def tables(document: Document) -> Iterator[tuple[Section | None, Table]]:
    """Yield every table with its section (None = before the first), figures' tables too."""
    homes = [(None, document.front), *((item, item.blocks) for item in document.sections)]
    for section, blocks in homes:
        for block in blocks:
            if isinstance(block, Table):
                yield section, block
            elif isinstance(block, Figure) and block.data is not None:
                yield section, block.data


def inlines(document: Document) -> Iterator[Inline]:
    """Yield all that is said, in order, titles and labels as :class:`Words`."""
    yield Words(document.title)
    yield from _of_blocks(document.front)
    for section in document.sections:
        yield Words(section.title)
        yield from _of_blocks(section.blocks)
    yield Words(document.footer)


def cited_anew(document: Document, change: Callable[[Cited], Cited]) -> Document:
    """Return the document with every citation changed, such as by a Bates number."""
    return changed_in(
        document,
        lambda items: tuple(change(item) if isinstance(item, Cited) else item for item in items),
    )


def changed_in(document: Document, parts: Callable[[Inlines], Inlines]) -> Document:
    """Return the document with all that is said in it changed; titles and labels stay.

    Args:
        document: the document.
        parts: changes what a cell, a paragraph, a caption or another such place says.
    """

    def table(block: Table) -> Table:
        rows = tuple(
            replace(row, cells=tuple(replace(cell, parts=parts(cell.parts)) for cell in row.cells))
            for row in block.rows
        )
        return replace(block, rows=rows, caption=parts(block.caption))

    def changed(block: Block) -> Block:
        if isinstance(block, Table):
            return table(block)
        if isinstance(block, Paragraph):
            return replace(block, parts=parts(block.parts))
        if isinstance(block, Quote):
            said = parts(block.parts)
            is_quoted = any(isinstance(part, Evidence) for part in said)
            left_out = block.left_out if is_quoted else 0
            return Quote(parts(block.head), said, left_out)
        if isinstance(block, Bullets):
            return replace(block, items=tuple(parts(item) for item in block.items))
        if isinstance(block, Facts):
            return replace(
                block, items=tuple((label, parts(value)) for label, value in block.items)
            )
        if isinstance(block, Figure):
            data = None if block.data is None else table(block.data)
            return replace(block, caption=parts(block.caption), data=data)
        return block

    return replace(
        document,
        front=tuple(changed(block) for block in document.front),
        sections=tuple(
            replace(section, blocks=tuple(changed(block) for block in section.blocks))
            for section in document.sections
        ),
    )


def _of_blocks(blocks: tuple[Block, ...]) -> Iterator[Inline]:
    for block in blocks:
        if isinstance(block, Table):
            yield from _of_table(block)
        elif isinstance(block, Paragraph):
            yield from block.parts
        elif isinstance(block, Heading):
            yield Words(block.text)
        elif isinstance(block, Facts):
            for label, value in block.items:
                yield Words(label)
                yield from value
        elif isinstance(block, Bullets):
            for item in block.items:
                yield from item
        elif isinstance(block, Quote):
            yield from block.head
            yield from block.parts
        elif isinstance(block, Blank):
            yield Words(block.label)
        elif isinstance(block, Figure):
            yield Words(block.title)
            yield Words(block.alt)
            yield from block.caption
            if block.data is not None:
                yield from _of_table(block.data)


def _of_table(table: Table) -> Iterator[Inline]:
    yield from table.caption
    for column in table.columns:
        yield Words(column.label)
    if not table.rows:
        yield Words(table.empty)
    for row in table.rows:
        for cell in row.cells:
            yield from cell.parts
