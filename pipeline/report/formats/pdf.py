"""A document as PDF: tagged, with bookmarks, the same bytes for the same document.

typst sets it from ``data/report.typ``, with the fonts it holds and those of ``data/fonts``, never
those of the machine. The document goes in as data (``sys.inputs``), so nothing a record says is
read as markup. PDF/UA-1 (ISO 14289-1, https://pdfa.org/resource/iso-14289-pdfua/) where the
typesetter vouches for it, else a tagged PDF without that claim.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from pipeline.report.document import (
    Blank,
    Block,
    Bullets,
    Cell,
    Document,
    Evidence,
    Facts,
    Figure,
    Heading,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Quote,
    Section,
    Table,
    Words,
    opening,
    referred,
    titled,
)
from pipeline.report.formats.pdf_set import set_data
from pipeline.report.formats.pdf_tables import CITE, UNBROKEN, Laid, laid
from pipeline.report.formats.pdf_text import Piece, pieces
from pipeline.report.rows import Cited

SHEET_PAGES = 2
"""Pages that a compact document is to fit."""
SCALES = (1.0, 0.95, 0.9, 0.85, 0.8)
"""By which a compact document is made smaller until it fits; 7.2 points are the least."""

LINKED = 1200
"""Citations that lead to their source by a click; each cell with one takes the typesetter 130 KB,
55 pages 130 MB. The rest say the same words."""

_Json = dict[str, Any]
_STYLES = {
    "strong": "s", "note": "n", "code": "c", "hash": "h", "whole": "w", "id": "i", "mark": "m",
}  # fmt: skip
_WHOLE = 28
"""Characters above which a value that should not break may."""
_BEFORE_PLACE = re.compile(r" (?=(?:p|l|s|sheet|row|para|rows|lines|pages)\.? \d|Bates )")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OPENING = re.compile(r"<svg\b[^>]*>")
_ATTRIBUTE = re.compile(r"""\b(viewBox|width|height)=["']([^"']*)["']""")
_ENTRIES = 44
"""Entries that one page of contents holds."""
_SHORT = 34
"""Characters of a value that stands in a row of others."""


def pdf(document: Document) -> bytes:
    """Return a document as PDF on US Letter.

    Args:
        document: numbered, see :func:`~pipeline.report.document.numbered`.
            ``is_compact`` sets it small, and smaller until it fits two pages.

    Returns:
        The file. In place of a picture that is not well-formed SVG stands what it shows in words.
    """
    if not document.is_compact:
        return set_data(_data(document, _sizes(1.0, is_compact=False)))
    made = b""
    for scale in SCALES:
        made = set_data(_data(document, _sizes(scale, is_compact=True)))
        if _pages(made) <= SHEET_PAGES:
            break
    return made


def _pages(made: bytes) -> int:
    import pypdfium2

    opened = pypdfium2.PdfDocument(made)
    try:
        return len(opened)
    finally:
        opened.close()


def _sizes(scale: float, *, is_compact: bool) -> dict[str, float]:
    """Return sizes in points."""
    if not is_compact:
        return {"text": 10, "small": 8, "table": 8, "fine": 7.2, "title": 21, "h1": 15, "h2": 11.5,
                "gap": 11, "pad": 2.6, "margin": 54}  # fmt: skip
    sizes = {"text": 9.2, "small": 8, "table": 8.4, "fine": 7.6, "title": 15, "h1": 11, "h2": 9.8,
             "gap": 6, "pad": 1.6}  # fmt: skip
    least = {"text": 7.4, "small": 7.2, "table": 7.2, "fine": 7.2}
    scaled = {name: round(max(size * scale, least.get(name, 1)), 2) for name, size in sizes.items()}
    return {**scaled, "margin": 40}


def _data(document: Document, sizes: dict[str, float]) -> _Json:
    """Return a document as the template reads it."""
    maker = _Maker(document, sizes)
    sections = [maker.section(section) for section in document.sections]
    above, front = opening(document)
    headings = sum(
        isinstance(block, Heading) for section in document.sections for block in section.blocks
    )
    entries = len(sections) + headings
    contents = {"depth": 2 if entries <= _ENTRIES else 1, "long": len(sections) > _ENTRIES}
    language, _, region = document.language.partition("-")
    return {
        "title": _flat(document.title) or "–",
        "heading": _titled(document.title),
        "lang": language,
        "region": region or None,
        "footer": _flat(document.footer),
        "sizes": sizes,
        "above": maker.blocks(above),
        "front": maker.blocks(front),
        "contents": contents if document.has_contents else None,
        "sections": sections,
    }


def _flat(text: str) -> str:
    """Return a text for a place that takes no pieces."""
    return "".join(
        piece if isinstance(piece, str) else {"br": " "}.get(piece[0], piece[-1])
        for piece in pieces(text, len(text))
    )


def _titled(text: str) -> list[Piece]:
    """Return a heading, which PDF/UA-1 wants to hold something."""
    return pieces(text) if text.strip() else ["–"]


class _Maker:
    """Makes blocks; knows which rows and sections of the document can be led to."""

    def __init__(self, document: Document, sizes: dict[str, float]) -> None:
        self.document = document
        self.sizes = sizes
        ids = dict.fromkeys(section.section_id for section in document.sections)
        self.sections = {section_id: f"s-{at}" for at, section_id in enumerate(ids)}
        self.sources = _source_rows(document)
        rows = dict.fromkeys(self.sources.values())
        self.rows = {row_id: f"r-{at}" for at, row_id in enumerate(rows)}
        self.set_anchors: set[str] = set()
        self.cited = 0

    def section(self, section: Section) -> _Json:
        every = [block.data if isinstance(block, Figure) else block for block in section.blocks]
        is_wide = any(
            isinstance(block, Table) and block.columns and self.laid(block).is_wide
            for block in every
        )
        return {
            "id": self.anchor(self.sections[section.section_id]),
            "title": _titled(titled(self.document, section)),
            "wide": is_wide,
            "blocks": self.blocks(section.blocks, is_wide=is_wide),
        }

    def anchor(self, name: str) -> str | None:
        """Return a name the first time only: it has to be the only one of the document."""
        is_new = name not in self.set_anchors
        self.set_anchors.add(name)
        return name if is_new else None

    def blocks(self, blocks: tuple[Block, ...], *, is_wide: bool = False) -> list[_Json]:
        made: list[_Json] = []
        for block in blocks:
            if not (isinstance(block, Paragraph) and block.style == "caution"):
                made.append(self.block(block, is_wide=is_wide))
            elif made and made[-1]["kind"] == "caution":
                made[-1]["paras"].append(self.parts(block.parts))
            else:
                made.append({"kind": "caution", "paras": [self.parts(block.parts)]})
        return made

    def block(self, block: Block, *, is_wide: bool) -> _Json:
        if isinstance(block, Table) and block.columns:
            return self.table(block, is_wide=is_wide)
        if isinstance(block, Table):
            return {"kind": "para", "style": "plain", "parts": pieces(block.empty)}
        if isinstance(block, Paragraph):
            return {"kind": "para", "style": block.style, "parts": self.parts(block.parts)}
        if isinstance(block, Heading):
            return {"kind": "head", "id": None, "title": _titled(block.text)}
        if isinstance(block, Facts):
            return self.facts(block)
        if isinstance(block, Bullets):
            return {"kind": "list", "items": [self.parts(item) for item in block.items]}
        if isinstance(block, Quote):
            parts = self.parts(block.parts)
            if block.left_out:
                parts.append(_left_out(block.left_out))
            return {"kind": "quote", "head": self.parts(block.head), "parts": parts}
        if isinstance(block, Blank):
            return {"kind": "blank", "label": pieces(block.label)}
        if isinstance(block, Figure):
            return self.figure(block, is_wide=is_wide)
        return {"kind": "turn"}

    def facts(self, block: Facts) -> _Json:
        is_short = all(
            sum(len(_shown(part)) for part in value) <= _SHORT for _, value in block.items
        )
        return {
            "kind": "facts",
            "short": is_short,
            "across": max(1, min(len(block.items), 5 if self.document.is_compact else 4)),
            "items": [[pieces(label), self.parts(value)] for label, value in block.items],
        }

    def figure(self, block: Figure, *, is_wide: bool) -> _Json:
        room = (792 if is_wide else 612) - 2 * self.sizes["margin"]
        svg = _NOT_XML.sub("\ufffd", block.svg)
        return {
            "kind": "figure",
            "svg": svg if _is_drawing(svg) else None,
            "alt": _flat(block.alt) or _flat(block.title) or "figure",
            "title": pieces(block.title),
            "width": _width(block.svg, room, 400 if is_wide else 540),
            "caption": self.parts(block.caption),
            "data": None
            if block.data is None or not block.data.columns
            else self.table(block.data, is_wide=is_wide),
        }

    def laid(self, table: Table) -> Laid:
        sizes = (self.sizes["table"], self.sizes["fine"])
        return laid(table, sizes, self.sizes["margin"], may_turn=not self.document.is_compact)

    def table(self, table: Table, *, is_wide: bool) -> _Json:
        how = self.laid(table)
        if is_wide and not how.is_wide and not table.is_narrow:
            widen = (792 - 2 * self.sizes["margin"]) / max(1.0, sum(how.widths))
            how = Laid(how.size, tuple(round(item * widen, 1) for item in how.widths), True)
        room = how.holds()
        rows = []
        for row in table.rows:
            cells = [self.cell(cell, room[at]) for at, cell in enumerate(row.cells[: len(room)])]
            cells += [[]] * (len(room) - len(cells))
            named = self.rows.get(row.row_id or "")
            rows.append(
                {"id": named and self.anchor(named), "kept": how.is_kept(row), "cells": cells}
            )
        return {
            "kind": "table",
            "size": how.size,
            "columns": [
                {"label": pieces(column.label, space + 3), "number": column.kind == "number",
                 "width": width}
                for column, width, space in zip(table.columns, how.widths, room, strict=True)
            ],
            "caption": self.parts(table.caption),
            "rows": rows,
            "empty": pieces(table.empty),
        }  # fmt: skip

    def cell(self, cell: Cell, longest: int) -> list[Any]:
        """Return what stands in a cell, notes and hashes each on a line of its own."""
        made: list[Any] = []
        for part in cell.parts:
            if made and isinstance(part, Words) and part.style in {"note", "hash"}:
                made.append(["br"])
            made += self.part(part, longest)
        return _joined(made)

    def parts(self, parts: Inlines, longest: int = 60) -> list[Any]:
        made: list[Any] = []
        for part in parts:
            made += self.part(part, longest)
        return _joined(made)

    def part(self, part: Inline, longest: int) -> list[Any]:
        if isinstance(part, Cited):
            self.cited += 1
            row = self.sources.get(part.source_label) if self.cited <= LINKED else None
            return [["cite", [_places(_shown(part), longest)], row and self.rows[row]]]
        if isinstance(part, Link):
            name = pieces(referred(self.document, part), longest)
            anchor = self.sections.get(part.target)
            return [["to", name, anchor]] if anchor else [*name]
        text = part.text
        left = 0
        if isinstance(part, Evidence) and part.limit is not None:
            text, left = text[: part.limit], max(0, len(text) - part.limit)
        is_whole = part.style == "whole" and len(text) <= min(_WHOLE, longest)
        wide = max(3, longest * 3 // 4) if part.style in {"code", "id"} else longest
        found = pieces(text, 8 if part.style == "hash" else wide)
        style = _STYLES.get(part.style)
        if not found or style is None or (style == "w" and not is_whole):
            made: list[Any] = [*found]
        else:
            made = [[style, found]]
        return [*made, _left_out(left)] if left else made


def _joined(parts: list[Any]) -> list[Any]:
    """Make one link of citations that follow each other and lead to the same row."""
    made: list[Any] = []
    for part in parts:
        if part[0] == "cite" and len(made) > 1 and made[-1] == " ":
            before = made[-2]
            if before[0] == "cite" and before[2] == part[2]:
                made.pop()
                made[-1] = ["cite", [*before[1], *part[1]], part[2]]
                continue
        made.append(part)
    return made


def _left_out(count: int) -> list[Any]:
    return ["n", [f" … ({count:,} characters more)"]]


def _shown(part: Inline) -> str:
    if isinstance(part, Cited):
        return f"[{part.text}; Bates {part.bates}]" if part.bates else f"[{part.text}]"
    return "" if isinstance(part, Link) else part.text


def _places(text: str, longest: int) -> list[str]:
    """Cut a citation where a line may end: before the page and before the line."""
    found: list[Piece] = pieces(text, longest)
    plain = "".join(piece if isinstance(piece, str) else piece[-1] for piece in found)
    return [plain] if len(text) <= CITE and longest >= UNBROKEN else _BEFORE_PLACE.split(plain)


def _source_rows(document: Document) -> dict[str, str]:
    """Return the row of the table of sources that a label of a citation leads to."""
    found: dict[str, str] = {}
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table) and block.table_id == "sources":
                for row in block.rows:
                    parts = row.cells[0].parts if row.cells else ()
                    label = "".join(
                        _shown(part) for part in parts if isinstance(part, Words | Evidence)
                    )
                    if row.row_id is not None:
                        found.setdefault(label, row.row_id)
    return found


def _is_drawing(svg: str) -> bool:
    try:
        return ElementTree.fromstring(svg).tag.rpartition("}")[2] == "svg"
    except ElementTree.ParseError:
        return False


def _width(svg: str, room: float, height: float) -> float:
    """Return how wide a picture is drawn, in points: a pixel is a point, if there is room."""
    opening = _OPENING.search(svg)
    named = {} if opening is None else dict(_ATTRIBUTE.findall(opening.group()))
    try:
        if "viewBox" in named:
            wide, high = (float(item) for item in re.split(r"[ ,]+", named["viewBox"].strip())[2:4])
        else:
            wide, high = (float(named[name].removesuffix("px")) for name in ("width", "height"))
    except (KeyError, ValueError):
        return room
    if not (wide > 0 and high > 0):
        return room
    return round(min(room, wide, height * wide / high), 1)
