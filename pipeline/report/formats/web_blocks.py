"""Blocks and inlines of a document as elements of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup

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
from pipeline.report.evidence import plain, visible
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
        start = Markup('<section aria-labelledby="{0}">\n<h2 id="{0}">{1}</h2>\n').format(
            anchor(section.section_id), visible(title)
        )
        return start + self.blocks(section.blocks, 3) + Markup("</section>\n")

    def blocks(self, blocks: tuple[Block, ...], level: int) -> Markup:
        """Return blocks; ``level`` is that of their headings."""
        return Markup("").join(self._block(block, level) for block in blocks)

    def inlines(self, parts: Iterable[Inline]) -> Markup:
        """Return running words."""
        return Markup("").join(self._inline(part) for part in parts)

    def _block(self, block: Block, level: int) -> Markup:
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Paragraph):
            style = "" if block.style == "plain" else Markup(' class="{}"').format(block.style)
            return Markup("<p{}>{}</p>\n").format(style, self.inlines(block.parts))
        if isinstance(block, Heading):
            name = self._id(block.heading_id)
            return Markup("<h{0}{1}>{2}</h{0}>\n").format(level, name, visible(block.text))
        if isinstance(block, Facts):
            items = (self._fact(label, value) for label, value in block.items)
            return Markup('<dl class="facts">\n{}</dl>\n').format(Markup("").join(items))
        if isinstance(block, Bullets):
            items = (Markup("<li>{}</li>\n").format(self.inlines(item)) for item in block.items)
            return Markup("<ul>\n{}</ul>\n").format(Markup("").join(items))
        if isinstance(block, Quote):
            return self._quote(block)
        if isinstance(block, Blank):
            return Markup('<p class="blank"><span>{}</span><span></span></p>\n').format(
                visible(block.label)
            )
        if isinstance(block, Figure):
            return self._figure(block)
        assert isinstance(block, PageBreak)
        return Markup('<div class="break"></div>\n')

    def _fact(self, label: str, value: Inlines) -> Markup:
        shown = self.inlines(value)
        if len("".join(said_by(part) for part in value)) > LONG:
            shown = Markup('<span class="long">{}</span>').format(shown)
        return Markup("<div><dt>{}</dt><dd>{}</dd></div>\n").format(visible(label), shown)

    def _quote(self, block: Quote) -> Markup:
        return Markup(
            '<figure class="quote"><figcaption>{}</figcaption>'
            "<blockquote>{}{}</blockquote></figure>\n"
        ).format(self.inlines(block.head), self.inlines(block.parts), _left_out(block.left_out))

    def _figure(self, block: Figure) -> Markup:
        name = self._free(block.figure_id)
        drawn = drawing(block.svg, name, block.title, block.alt)
        explore = Markup(' data-explore="{}"').format(block.explore) if block.explore else ""
        frame = Markup('<div class="drawing" tabindex="0" role="group" aria-label="{}">{}</div>\n')
        data = ""
        if block.data is not None:
            data = Markup("<details><summary>Table (evidence)</summary>\n{}</details>\n").format(
                self._table(block.data)
            )
        caption = Markup("<figcaption>{}</figcaption>\n").format(self.inlines(block.caption))
        return Markup(
            '<figure id="{}"{}>\n<p><strong>{}</strong> (Illustration)</p>\n{}{}{}</figure>\n'
        ).format(
            name, explore, visible(block.title),
            frame.format(plain(block.title), drawn) if drawn else visible(block.alt),
            caption if block.caption else "", data,
        )  # fmt: skip

    def _table(self, table: Table) -> Markup:
        if not table.rows:
            caption = Markup('<p class="note">{}</p>\n').format(self.inlines(table.caption))
            return Markup("{}<p>{}</p>\n").format(
                caption if table.caption else "", visible(table.empty)
            )
        caption = Markup("<caption>{}</caption>\n").format(self.inlines(table.caption))
        heads = (
            Markup('<th scope="col"{}>{}</th>').format(_class(column), visible(column.label))
            for column in table.columns
        )
        form = " narrow" if table.is_narrow else ""
        form += " dense" if len(table.columns) >= MANY else ""
        return Markup(
            '<div class="wide"><table class="cards{}"{}>\n{}<thead><tr>{}</tr></thead>\n'
            "<tbody>\n{}</tbody></table></div>\n"
        ).format(
            form, self._id(f"table-{table.table_id}"), caption if table.caption else "",
            Markup("").join(heads),
            Markup("").join(self._row(row, table.columns) for row in table.rows),
        )  # fmt: skip

    def _row(self, row: Row, columns: tuple[Column, ...]) -> Markup:
        cells = []
        for place, (cell, column) in enumerate(zip(row.cells, columns, strict=True)):
            tag = Markup('th scope="row"') if place == 0 else Markup("td")
            cells.append(
                Markup('<{}{} data-l="{}"{}>{}</{}>').format(
                    tag, _class(column), plain(column.label), _about(cell),
                    Markup("<div>{}</div>").format(self.inlines(cell.parts)),
                    "td" if place else "th",
                )
            )  # fmt: skip
        return Markup("<tr{}>{}</tr>\n").format(self._id(row.row_id), Markup("").join(cells))

    def _inline(self, part: Inline) -> Markup:
        if isinstance(part, Words):
            return _styled(visible(part.text), part.style)
        if isinstance(part, Evidence):
            shown = evidence(part)
            if part.style == "mark" or part.kind is not None:
                kind = words.name_of(part.kind) if part.kind else ""
                title = Markup(' title="{}"').format(plain(kind)) if kind else ""
                return Markup("<mark{}>{}</mark>").format(title, shown)
            return _styled(shown, part.style)
        if isinstance(part, Link):
            if part.target not in self._sections:
                return visible(referred(self._document, part))
            return Markup('<a href="#{}">{}</a>').format(
                anchor(part.target), visible(referred(self._document, part))
            )
        return self._citation(part)

    def _citation(self, cited: Cited) -> Markup:
        text = visible(said_by(cited))
        where = self._sources.get(cited.source_label)
        if where is None and SOURCES in self._sections:
            where = SOURCES
        if where is None:
            return Markup('<span class="cite">[{}]</span>').format(text)
        return Markup('<span class="cite">[<a href="#{}" data-r="{}">{}</a>]</span>').format(
            where, plain(cited.record_id), text
        )

    def _id(self, name: str | None) -> Markup:
        """Return the attribute ``id``."""
        return Markup("") if name is None else Markup(' id="{}"').format(self._free(name))

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
    return Markup("<bdi>{}</bdi>{}").format(visible(text), _left_out(left))


def _left_out(count: int) -> Markup:
    note = words.left_out(count)
    return Markup('<span class="cut">{}</span>').format(note) if note else Markup("")


def _styled(text: Markup, style: str) -> Markup:
    if style == "strong":
        return Markup("<strong>{}</strong>").format(text)
    if style == "note":
        return Markup("<small>{}</small>").format(text)
    if style == "code":
        return Markup('<code class="type">{}</code>').format(text)
    if style in ("hash", "whole", "id"):
        return Markup('<span class="{}">{}</span>').format(style, text)
    return text


def _class(column: Column) -> Markup:
    return Markup("") if column.kind == "text" else Markup(' class="{}"').format(column.kind)


def _about(cell: Cell) -> Markup:
    """Return what the script asks of a cell: what it is sorted by, and what it opens."""
    parts = Markup("")
    if cell.sort is not None:
        key = cell.sort if isinstance(cell.sort, str) else format(cell.sort, ".15g")
        parts += Markup(' data-s="{}"').format(plain(key[:SORTED_BY]))
    if cell.target is not None:
        parts += Markup(' data-e="{}"').format(plain(cell.target))
    return parts
