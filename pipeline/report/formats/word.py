"""A document of a case as DOCX, to be edited: real headings, contents, tables that repeat a head.

Nothing in it is fetched, and nothing runs: no macro, no outside reference, no field but page
numbers and contents. Bodies are written as text and parsed once, since cells made one by one take
minutes; python-docx keeps the package, its pictures, footer and properties.
"""

from __future__ import annotations

import io
import zipfile
from importlib import resources
from typing import Any

import docx
from docx.document import Document as Package
from docx.oxml import parse_xml
from docx.shared import Emu, Inches, Pt

from pipeline.report.document import (
    Blank,
    Block,
    Bullets,
    Document,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Quote,
    Section,
    Table,
    opening,
    titled,
)
from pipeline.report.drawing.svg import drawing
from pipeline.report.evidence import plain_visible
from pipeline.report.formats.word_runs import Places, bookmark, escaped, left_out, places, run, runs
from pipeline.report.formats.word_tables import (
    LANDSCAPE,
    PORTRAIT,
    facts_xml,
    needs_width,
    table_xml,
)

PARTS = {
    "[Content_Types].xml": "content-types.xml",
    "_rels/.rels": "package-rels.xml",
    "docProps/app.xml": "app.xml",
    "docProps/core.xml": "core.xml",
    "word/_rels/document.xml.rels": "document-rels.xml",
    "word/document.xml": "document.xml",
    "word/numbering.xml": "numbering.xml",
    "word/settings.xml": "settings.xml",
    "word/styles.xml": "styles.xml",
}
"""An empty document: part, file in ``data/word``."""

SCALE = 2
"""Dots of a picture for each of its drawing: 192 an inch."""
_STAMP = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold: equal documents have equal bytes."""
_COMPACT = (
    ("Normal", 9, 0, 3), ("Title", 15, 0, 4), ("Heading 1", 11, 7, 2), ("Heading 2", 9.5, 5, 2),
    ("Caption", 8, 3, 2), ("Note", 8, 0, 3), ("Table Text", 7.5, 0, 0),
)  # fmt: skip
"""Style, type size, points before and after: of sheets, which are to fit a page or two."""
_LONGEST = 255
"""Characters of a property that Word takes."""
_HIGHEST = Inches(6.2)
"""Of a picture, so that title and caption stand on its page."""

_STYLES = {"note": "Note", "framed": "Framed", "caution": "Caution"}
_XMLNS = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{name}"'
    for prefix, name in (
        ("w", "wordprocessingml/2006/main"),
        ("r", "officeDocument/2006/relationships"),
        ("wp", "drawingml/2006/wordprocessingDrawing"),
        ("a", "drawingml/2006/main"),
        ("pic", "drawingml/2006/picture"),
    )
)
_SPACER = '<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>'
_PICTURE = (
    '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
    '<wp:extent cx="{cx}" cy="{cy}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
    '<wp:docPr id="{n}" name="{name}" descr="{alt}" title="{title}"/>'
    '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:pic><pic:nvPicPr><pic:cNvPr id="{n}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="{rid}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
    "</a:graphic></wp:inline></w:drawing></w:r>"
)


def word(document: Document) -> bytes:
    """Return a document as DOCX.

    Args:
        document: what to write; all words, numbers and citations are its own.

    Returns:
        The file. The same document gives the same bytes: entries of the zip are in order and bear
        one time, and the properties bear none.
    """
    package = docx.Document(io.BytesIO(_empty()))
    if not document.has_contents:
        for name, size, before, after in _COMPACT:
            style: Any = package.styles[name]
            style.font.size = Pt(size)
            style.paragraph_format.space_before = Pt(before)
            style.paragraph_format.space_after = Pt(after)
    writer = _Writer(package, document)
    writer.write()
    properties = package.core_properties
    properties.title = _line(document.title)
    properties.language = document.language
    properties.author = "triage"
    properties.revision = 1
    made = io.BytesIO()
    package.save(made)
    return _packed(made.getvalue())


class _Writer:
    """Gathers the body of one document."""

    def __init__(self, package: Package, document: Document) -> None:
        self._package = package
        self._document = document
        self._where: Places = places(document)
        self._body: list[str] = []
        self._is_across = False
        self._breaks = False
        """Whether the next paragraph begins a page."""
        self._pictures = 0
        self._title = document.title
        main: Any = package.part
        part, rid = main.add_footer_part()
        self._first_section: str | None = f'<w:footerReference w:type="default" r:id="{rid}"/>'
        part.element.clear()
        part.element.append(_footer(document.footer))

    def write(self) -> None:
        """Write the whole body."""
        document = self._document
        above, front = opening(document)
        self._blocks(above)
        self._paragraph("Title", run(document.title))
        self._blocks(front)
        if document.has_contents and document.sections:
            self._contents()
            self._breaks = True
        for section in document.sections:
            self._section(section)
        if not self._body or not self._body[-1].startswith("<w:p>"):
            self._spacer()
        body = f"<w:body {_XMLNS}>{''.join(self._body)}{self._page_setup()}</w:body>"
        root: Any = self._package.element
        root.replace(root.body, parse_xml(body))

    def _section(self, section: Section) -> None:
        self._title = section.title
        self._turn(
            is_across=self._document.has_contents
            and any(needs_width(table) for table in _tables(section.blocks))
        )
        text = run(titled(self._document, section))
        self._paragraph("Heading1", self._where.marked(text, bookmark("s", section.section_id)))
        for place, block in enumerate(section.blocks):
            self._block(block, bookmark("h", f"{section.section_id}-{place}"))

    def _contents(self) -> None:
        """Write a field with its entries, since nothing makes them until Word updates it."""
        self._paragraph("TOCHeading", run("Contents"))
        entries: list[tuple[str, str, str]] = []
        for section in self._document.sections:
            title = titled(self._document, section)
            entries.append(("TOC1", title, bookmark("s", section.section_id)))
            entries += (
                ("TOC2", block.text, bookmark("h", f"{section.section_id}-{place}"))
                for place, block in enumerate(section.blocks)
                if isinstance(block, Heading)
            )
        code = ' TOC \\o "1-2" \\h \\z \\u '
        begin = (
            _field_sign("begin")
            + f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
            + _field_sign("separate")
        )
        for number, (style, title, anchor) in enumerate(entries):
            link = f'<w:hyperlink w:anchor="{anchor}" w:history="1">{run(title)}</w:hyperlink>'
            last = _field_sign("end") if number == len(entries) - 1 else ""
            self._paragraph(style, f"{'' if number else begin}{link}{last}")

    def _blocks(self, blocks: tuple[Block, ...]) -> None:
        for place, block in enumerate(blocks):
            self._block(block, bookmark("h", f"front-{place}"))

    def _block(self, block: Block, name: str) -> None:
        where = self._where
        if isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Paragraph):
            self._paragraph(_STYLES.get(block.style, ""), runs(block.parts, where))
        elif isinstance(block, Heading):
            self._title = block.text
            self._paragraph("Heading2", where.marked(run(block.text), name))
        elif isinstance(block, Facts):
            if block.items:
                self._before_table()
                self._body.append(facts_xml(block, where, self._room, self._title))
                self._spacer()
        elif isinstance(block, Bullets):
            for item in block.items:
                self._paragraph("ListBullet", runs(item, where))
        elif isinstance(block, Quote):
            self._paragraph("QuoteHead", runs(block.head, where))
            rest = run(left_out(block.left_out), "Small")
            self._paragraph("Quote", runs(block.parts, where) + rest)
        elif isinstance(block, Blank):
            label = block.label.rstrip()
            line = run(f"{label} ") + "<w:r><w:tab/></w:r>"
            self._paragraph("BlankLine", line)
        elif isinstance(block, Figure):
            self._figure(block)
        else:
            assert isinstance(block, PageBreak)
            self._breaks = True

    def _table(self, table: Table) -> None:
        if not table.rows:
            if table.caption:
                self._paragraph("Note", runs(table.caption, self._where))
            self._paragraph("", run(table.empty))
            return
        if table.caption:
            self._paragraph("Caption", runs(table.caption, self._where))
        self._before_table()
        self._body.append(table_xml(table, self._where, self._room, self._title))
        self._spacer()

    def _figure(self, figure: Figure) -> None:
        label = run(figure.title, "Strong") + run(" (Illustration)")
        self._paragraph("Picture", label)
        png = _png(figure)
        if png is None:
            self._paragraph("", run(figure.alt))
        else:
            self._paragraph("Picture", self._picture(figure, png))
        if figure.caption:
            self._paragraph("Note", runs(figure.caption, self._where))
        if figure.data is not None:
            before, self._title = self._title, figure.title
            self._table(figure.data)
            self._title = before

    def _picture(self, figure: Figure, png: bytes) -> str:
        self._pictures += 1
        rid, image = self._package.part.get_or_add_image(io.BytesIO(png))
        dots = 96 * SCALE
        width, height = Inches(image.px_width / dots), Inches(image.px_height / dots)
        shrink = min(1.0, Emu(self._room * 635) / width, _HIGHEST / height)
        return _PICTURE.format(
            cx=round(width * shrink), cy=round(height * shrink), n=self._pictures,
            name=f"Illustration {self._pictures}", alt=escaped(plain_visible(figure.alt)),
            title=escaped(_line(figure.title)), rid=rid,
        )  # fmt: skip

    @property
    def _room(self) -> int:
        """Twips between the margins."""
        return LANDSCAPE if self._is_across else PORTRAIT

    def _paragraph(self, style: str, inner: str) -> None:
        looks = f'<w:pStyle w:val="{style}"/>' if style else ""
        if self._breaks:
            looks += "<w:pageBreakBefore/>"
            self._breaks = False
        looks = f"<w:pPr>{looks}</w:pPr>" if looks else ""
        self._body.append(f"<w:p>{looks}{inner}</w:p>")

    def _before_table(self) -> None:
        """A table cannot begin a page by itself, and two without anything between are one."""
        if self._breaks:
            self._spacer()

    def _spacer(self) -> None:
        self._paragraph("AfterTable", "")

    def _turn(self, *, is_across: bool) -> None:
        """Begin a section of pages laid the other way, where the paper has to be turned."""
        if is_across == self._is_across:
            return
        self._breaks = False
        setup = self._page_setup()
        if self._body and self._body[-1] == _SPACER:
            self._body.pop()
        self._body.append(f'<w:p><w:pPr><w:pStyle w:val="AfterTable"/>{setup}</w:pPr></w:p>')
        self._is_across = is_across

    def _page_setup(self) -> str:
        """Return the properties of the pages that end here; all share the footer of the first."""
        footer, self._first_section = self._first_section or "", None
        size = (
            '<w:pgSz w:w="15840" w:h="12240" w:orient="landscape"/>' if self._is_across
            else '<w:pgSz w:w="12240" w:h="15840"/>'
        )  # fmt: skip
        return (
            f'<w:sectPr>{footer}<w:type w:val="nextPage"/>{size}<w:pgMar w:top="1152" '
            'w:right="1152" w:bottom="1152" w:left="1152" w:header="576" w:footer="576" '
            'w:gutter="0"/><w:cols w:space="720"/></w:sectPr>'
        )


def _tables(blocks: tuple[Block, ...]) -> list[Table]:
    shown = [
        block.data if isinstance(block, Figure) else block
        for block in blocks
        if isinstance(block, Table | Figure)
    ]
    return [table for table in shown if table is not None and table.rows]


def _footer(text: str) -> Any:
    """Return the foot of every page; Word fills in the numbers when it lays out the pages."""
    first = run(f"{text} · ") if text else ""
    return parse_xml(
        f'<w:p {_XMLNS}><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{first}{run("Page ")}'
        f"{_number('PAGE')}{run(' of ')}{_number('NUMPAGES')}</w:p>"
    )


def _number(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} ">{run("1")}</w:fldSimple>'


def _field_sign(sort: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{sort}"/></w:r>'


def _png(figure: Figure) -> bytes | None:
    """Draw a picture; None where it is no drawing."""
    # cleaned as for the page: no reference is left that could be followed
    svg = drawing(figure.svg, "f", figure.title, figure.alt)
    if not svg:
        return None
    import vl_convert

    try:
        whole = str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        return bytes(vl_convert.svg_to_png(whole, scale=SCALE))
    except ValueError:
        return None


def _line(text: str) -> str:
    """Return a text for a property: one line, nothing invisible, no longer than fits."""
    return " ".join(plain_visible(text).split())[:_LONGEST]


def _empty() -> bytes:
    """Return a document without a word, put together from ``data/word``."""
    folder = resources.files("pipeline.report") / "data" / "word"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for part, name in PARTS.items():
            archive.writestr(part, (folder / name).read_bytes())
    return made.getvalue()


def _packed(data: bytes) -> bytes:
    """Return a package with its parts in order, all of one time."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as given,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        # the content types stand first, as programs that stream expect
        for name in sorted(
            given.namelist(), key=lambda name: (name != "[Content_Types].xml", name)
        ):
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, given.read(name))
    return made.getvalue()
