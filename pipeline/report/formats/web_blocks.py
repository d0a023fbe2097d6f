"""Blocks and inlines of a document as elements of a page.

What is put into an element is :class:`~markupsafe.Markup` where it is made, text of a record by
:func:`~pipeline.report.evidence.visible` or :func:`~pipeline.report.evidence.attribute` and by
nothing else; elements are then put together as plain strings, since ``Markup.format`` would look
at each part once more (a report of 40,000 pages: 0.8 s of 1.0).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from pipeline.report import words
from pipeline.report.document import (
    Blank,
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Evidence,
    Facts,
    Figure,
    Heading,
    Inline,
    Inlines,
    Link,
    PageBreak,
    Paragraph,
    Quote,
    Row,
    Section,
    Table,
    Words,
    referred,
    tables,
)
from pipeline.report.drawing.svg import drawing
from pipeline.report.evidence import attribute, visible
from pipeline.report.rows import Cited

SORTED_BY = 120
"""Characters of a cell's sort key; longer ones that begin alike stay in the order given."""
LONG = 24
"""Characters from which a fact is set smaller."""
MANY = 10
"""Columns from which a table is set closer, to fit a window of 1280 pixels."""
NOT_AN_ID = re.compile(r"[^A-Za-z0-9.-]")
SOURCES = "sources"
"""Table and section to which citations lead."""
RESERVED = ("contents", "content", "explorer", "explorer-data")
"""Ids of the page itself."""


def anchor(name: str) -> str:
    """Return the id of an element for that of a row or section: letters, digits, ``_``, ``-``."""
    return NOT_AN_ID.sub(lambda found: f"_{ord(found.group()):X}_", name)


class Writer:
    """Writes the blocks of one document; knows its ids and where citations lead."""

    def __init__(self, document: Document) -> None:
        """Look where citations of each source lead."""
        self._document = document
        self._sections = {section.section_id for section in document.sections}
        self._used = {*RESERVED, *(anchor(name) for name in self._sections)}
        self._sources: dict[str, str] = {}
        for _, table in tables(document):
            if table.table_id == SOURCES:
                for row in table.rows:
                    label = "".join(said_by(part) for part in row.cells[0].parts)
                    if row.row_id is not None:
                        self._sources.setdefault(label, anchor(row.row_id))

    def section(self, section: Section, title: str) -> Markup:
        """Return a section with its heading."""
        name = escape(anchor(section.section_id))
        return Markup(
            f'<section aria-labelledby="{name}">\n<h2 id="{name}">{visible(title)}</h2>\n'
            f"{self.blocks(section.blocks, 3)}</section>\n"
        )

    def blocks(self, blocks: tuple[Block, ...], level: int) -> Markup:
        """Return blocks; ``level`` is that of their headings."""
        return Markup("".join([self._block(block, level) for block in blocks]))

    def inlines(self, parts: Iterable[Inline]) -> Markup:
        """Return running words."""
        return Markup("".join([self._inline(part) for part in parts]))

    def _block(self, block: Block, level: int) -> Markup:
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Paragraph):
            style = "" if block.style == "plain" else f' class="{escape(block.style)}"'
            return Markup(f"<p{style}>{self.inlines(block.parts)}</p>\n")
        if isinstance(block, Heading):
            name = self._id(block.heading_id)
            return Markup(f"<h{level}{name}>{visible(block.text)}</h{level}>\n")
        if isinstance(block, Facts):
            facts = "".join([self._fact(label, value) for label, value in block.items])
            return Markup(f'<dl class="facts">\n{facts}</dl>\n')
        if isinstance(block, Bullets):
            items = "".join([f"<li>{self.inlines(item)}</li>\n" for item in block.items])
            return Markup(f"<ul>\n{items}</ul>\n")
        if isinstance(block, Quote):
            return self._quote(block)
        if isinstance(block, Blank):
            label = visible(block.label)
            return Markup(f'<p class="blank"><span>{label}</span><span></span></p>\n')
        if isinstance(block, Figure):
            return self._figure(block)
        assert isinstance(block, PageBreak)
        return Markup('<div class="break"></div>\n')

    def _fact(self, label: str, value: Inlines) -> Markup:
        shown = self.inlines(value)
        if len("".join(said_by(part) for part in value)) > LONG:
            shown = Markup(f'<span class="long">{shown}</span>')
        return Markup(f"<div><dt>{visible(label)}</dt><dd>{shown}</dd></div>\n")

    def _quote(self, block: Quote) -> Markup:
        said = f"{self.inlines(block.parts)}{_left_out(block.left_out)}"
        return Markup(
            f'<figure class="quote"><figcaption>{self.inlines(block.head)}</figcaption>'
            f"<blockquote>{said}</blockquote></figure>\n"
        )

    def _figure(self, block: Figure) -> Markup:
        name = self._free(block.figure_id)
        drawn = drawing(block.svg, name, block.title, block.alt)
        explore = f' data-explore="{escape(block.explore)}"' if block.explore else ""
        shown: str = visible(block.alt)
        if drawn:
            shown = (
                '<div class="drawing" tabindex="0" role="group" '
                f'aria-label="{attribute(block.title)}">{drawn}</div>\n'
            )
        data = ""
        if block.data is not None:
            table = self._table(block.data)
            data = f"<details><summary>Table (evidence)</summary>\n{table}</details>\n"
        caption = ""
        if block.caption:
            caption = f"<figcaption>{self.inlines(block.caption)}</figcaption>\n"
        return Markup(
            f'<figure id="{escape(name)}"{explore}>\n<p><strong>{visible(block.title)}</strong> '
            f"(Illustration)</p>\n{shown}{caption}{data}</figure>\n"
        )

    def _table(self, table: Table) -> Markup:
        if not table.rows:
            note = f'<p class="note">{self.inlines(table.caption)}</p>\n' if table.caption else ""
            return Markup(f"{note}<p>{visible(table.empty)}</p>\n")
        caption = f"<caption>{self.inlines(table.caption)}</caption>\n" if table.caption else ""
        heads = "".join(
            f'<th scope="col"{_class(column)}>{visible(column.label)}</th>'
            for column in table.columns
        )
        form = " narrow" if table.is_narrow else ""
        form += " dense" if len(table.columns) >= MANY else ""
        name = self._id(f"table-{table.table_id}")
        said = [f'{_class(item)} data-l="{attribute(item.label)}"' for item in table.columns]
        opens = [f'<th scope="row"{about}' for about in said[:1]]
        opens += [f"<td{about}" for about in said[1:]]
        rows = "".join([self._row(row, opens) for row in table.rows])
        return Markup(
            f'<div class="wide"><table class="cards{form}"{name}>\n{caption}<thead><tr>{heads}'
            f"</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n"
        )

    def _row(self, row: Row, opens: Sequence[str]) -> str:
        """Return a row; ``opens`` is what each of its cells begins with, by column."""
        name = self._id(row.row_id)
        close = "th"
        cells = []
        for cell, start in zip(row.cells, opens, strict=True):
            said = self.inlines(cell.parts)
            cells.append(f"{start}{_about(cell)}><div>{said}</div></{close}>")
            close = "td"
        return f"<tr{name}>{''.join(cells)}</tr>\n"

    def _inline(self, part: Inline) -> Markup:
        if isinstance(part, Words):
            return _styled(visible(part.text), part.style)
        if isinstance(part, Evidence):
            shown = evidence(part)
            if part.style == "mark" or part.kind is not None:
                kind = words.name_of(part.kind) if part.kind else ""
                title = f' title="{attribute(kind)}"' if kind else ""
                return Markup(f"<mark{title}>{shown}</mark>")
            return _styled(shown, part.style)
        if isinstance(part, Link):
            said = visible(referred(self._document, part))
            if part.target not in self._sections:
                return said
            return Markup(f'<a href="#{escape(anchor(part.target))}">{said}</a>')
        return self._citation(part)

    def _citation(self, cited: Cited) -> Markup:
        text = visible(said_by(cited))
        where = self._sources.get(cited.source_label)
        if where is None and SOURCES in self._sections:
            where = SOURCES
        if where is None:
            return Markup(f'<span class="cite">[{text}]</span>')
        return Markup(
            f'<span class="cite">[<a href="#{escape(where)}" data-r="{attribute(cited.record_id)}">'
            f"{text}</a>]</span>"
        )

    def _id(self, name: str | None) -> Markup:
        """Return the attribute ``id``."""
        return Markup("" if name is None else f' id="{escape(self._free(name))}"')

    def _free(self, name: str) -> str:
        """Return an id; a name that was given out already gets a number."""
        wanted = free = anchor(name)
        count = 1
        while free in self._used:
            count += 1
            free = f"{wanted}_{count}"
        self._used.add(free)
        return free


def said_by(part: Inline) -> str:
    """Return what an inline says, references apart."""
    if isinstance(part, Cited):
        return f"{part.text}; Bates {part.bates}" if part.bates else part.text
    return part.target if isinstance(part, Link) else part.text


def evidence(part: Evidence) -> Markup:
    """Return what a record says, in a ``<bdi>``: its direction touches nothing beside it."""
    text, left = part.cut()
    return Markup(f"<bdi>{visible(text)}</bdi>{_left_out(left)}")


def _left_out(count: int) -> Markup:
    note = words.left_out(count)
    return Markup(f'<span class="cut">{escape(note)}</span>' if note else "")


def _styled(text: Markup, style: str) -> Markup:
    if style == "strong":
        return Markup(f"<strong>{text}</strong>")
    if style == "note":
        return Markup(f"<small>{text}</small>")
    if style == "code":
        return Markup(f'<code class="type">{text}</code>')
    if style in ("hash", "whole", "id"):
        return Markup(f'<span class="{style}">{text}</span>')
    return text


def _class(column: Column) -> Markup:
    return Markup("" if column.kind == "text" else f' class="{escape(column.kind)}"')


def _about(cell: Cell) -> str:
    """Return what the script asks of a cell: what it is sorted by, and what it opens."""
    parts = ""
    if cell.sort is not None:
        key = cell.sort if isinstance(cell.sort, str) else format(cell.sort, ".15g")
        parts = f' data-s="{attribute(key[:SORTED_BY])}"'
    if cell.target is not None:
        parts += f' data-e="{attribute(cell.target)}"'
    return parts
