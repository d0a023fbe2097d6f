"""Parts of a word-processing document (ECMA-376, part 1, section 17) as passages.

A stream of events rather than a tree: a tree of the largest part that is read would take
gigabytes. Nothing is ever fetched, and a part that declares a document type is not read on:
declared entities are how XML is made to burst or to reach other files, and no office program
writes any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from pipeline.readers.docx_passages import Count, Paragraph, Passage, Story, Table, joined

PREFIXES = (
    ("/wordprocessingml/2006/main", "w"), ("/ooxml/wordprocessingml/main", "w"),
    ("/drawingml/2006/main", "a"), ("/ooxml/drawingml/main", "a"),
    ("/wordprocessingDrawing", "wp"), ("/officeDocument/2006/math", "m"),
    ("/ooxml/officeDocument/math", "m"), ("/officeDocument/2006/relationships", "r"),
    ("/ooxml/officeDocument/relationships", "r"), ("/markup-compatibility/2006", "mc"),
    ("schemas-microsoft-com:vml", "v"), ("schemas-microsoft-com:office:office", "o"),
    ("/wordml/word16du", "du"),
)  # fmt: skip
"""Ends of the names of name spaces, in the transitional and the strict form."""
TEXT = frozenset({"w:t", "w:delText", "a:t", "m:t"})
CODE = frozenset({"w:instrText", "w:delInstrText"})
MARKS = {
    "w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "a:br": "\n",
    "w:noBreakHyphen": "\u2011", "w:softHyphen": "\u00ad",
}  # fmt: skip
"""Elements that stand for a character (17.3.3)."""
TAKEN_OUT = frozenset({"w:del", "w:moveFrom"})
PUT_IN = frozenset({"w:ins", "w:moveTo"})
NOTES = {"w:footnote": "footnote", "w:endnote": "endnote", "w:comment": "comment"}
REFERENCES = {
    "w:footnoteReference": "footnote", "w:endnoteReference": "endnote",
    "w:commentReference": "comment",
}  # fmt: skip
LINK_CODE = re.compile(r'\s*HYPERLINK\s+(?:\\[a-z]\s+)*"([^"]{1,4000})"', re.IGNORECASE)
BLOCK = 1 << 16


class UnsafeXmlError(Exception):
    """A part declares a document type."""


class PartParser:
    """Reads one part; :attr:`passages` holds what was read, in order of numbers."""

    def __init__(self, where: str, count: Count, targets: dict[str, str]) -> None:
        """Begin a part.

        Args:
            where: ``body``, ``header[1]``; empty for parts of notes, which say themselves.
            count: numbers used so far.
            targets: addresses outside of the document by number of relationship.
        """
        self._count = count
        self._targets = targets
        self._stories = [Story(where)]
        self._paragraphs: list[Paragraph] = []
        self._names: list[str] = []
        self._short: dict[str, str] = {}
        self._choices: list[bool] = []
        self._skipped = 0
        self._changes: list[tuple[str, str, str]] = []
        self._codes: list[list[str]] = []
        self._note: dict[str, str] = {}
        self._passages: list[Passage] = []
        self.orphans = 0
        """Pieces of text outside of every paragraph."""
        self.foreign = 0
        """Documents of another format embedded as text."""

    @property
    def passages(self) -> list[Passage]:
        """What was read."""
        return sorted(self._passages, key=lambda passage: passage.number)

    def feed(self, blocks: Iterator[bytes]) -> None:
        """Read the part.

        Raises:
            expat.ExpatError, ValueError, LookupError: it is no well-formed XML.
            UnsafeXmlError: it declares a document type.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = refuse
        try:
            for block in blocks:
                parser.Parse(block, False)
            parser.Parse(b"", True)
        finally:
            self._finish()

    def _finish(self) -> None:
        """End what a damaged part left open."""
        while self._paragraphs:
            self._end_paragraph()
        while self._stories:
            while self._stories[-1].tables:
                self._end_row()
                self._stories[-1].tables.pop()
            self._stories.pop()

    def _name(self, full: str) -> str:
        short = self._short.get(full)
        if short is None:
            space, _, local = full.rpartition(" ")
            prefix = next((to for end, to in PREFIXES if space.endswith(end)), "?")
            # attributes without a prefix belong to their element
            short = self._short[full] = f"{prefix}:{local}" if space else local
        return short

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        name = self._name(full)
        self._names.append(name)
        if self._skipped:
            self._skipped += 1
            return
        if name == "w:p" or name == "a:p":
            self._count.paragraphs += 1
            self._paragraphs.append(Paragraph(self._count.paragraphs))
            return
        if name in MARKS:
            if len(self._names) > 1 and self._names[-2] in ("w:r", "a:p"):
                self._add(MARKS[name])
            return
        told = {self._name(key): value for key, value in attributes.items()} if attributes else {}
        if name.startswith("mc:"):
            self._alternative(name)
        elif name == "w:tbl":
            self._count.tables += 1
            self._stories[-1].tables.append(Table(self._count.tables))
        elif name == "w:tr":
            self._begin_row()
        elif name == "w:tc":
            self._begin_cell()
        elif name in TAKEN_OUT or name in PUT_IN:
            self._changes.append((name, told.get("w:author", ""), told.get("w:date", "")))
        elif name == "w:txbxContent":
            self._count.boxes += 1
            self._stories.append(Story(_join(self._base(), f"textbox[{self._count.boxes}]")))
        elif name in NOTES:
            self._begin_note(name, told)
        elif told:
            self._detail(name, told)

    def _alternative(self, name: str) -> None:
        if name == "mc:AlternateContent":
            self._choices.append(False)
        elif name == "mc:Choice" and self._choices:
            if self._choices[-1]:
                self._skipped = 1
            self._choices[-1] = True
        elif name == "mc:Fallback" and self._choices and self._choices[-1]:
            # the same once more, for programs that do not know the choice
            self._skipped = 1

    def _detail(self, name: str, told: dict[str, str]) -> None:
        """Take what an element says in its attributes."""
        paragraph = self._paragraphs[-1] if self._paragraphs else None
        if name == "w:altChunk":
            self.foreign += 1
        elif name == "w:fldChar":
            self._field_mark(told.get("w:fldCharType", ""))
        elif paragraph is None:
            return
        elif name == "w:sym":
            try:
                self._add(chr(int(told.get("w:char", "")[:8], 16)))
            except (ValueError, OverflowError):
                self._add("\ufffd")
        elif name in ("w:hyperlink", "a:hlinkClick"):
            if target := self._targets.get(told.get("r:id", "")):
                paragraph.told.append(("link", target))
        elif name == "w:fldSimple":
            self._link_code(told.get("w:instr", ""))
        elif name == "a:blip":
            paragraph.media += [told[key] for key in ("r:embed", "r:link") if key in told]
        elif name in ("v:imagedata", "o:OLEObject") and "r:id" in told:
            paragraph.media.append(told["r:id"])
        elif name == "wp:docPr":
            shown = [told[key] for key in ("title", "descr") if told.get(key)]
            paragraph.told += [("picture described as", text) for text in shown]
        elif name in REFERENCES:
            paragraph.told.append((REFERENCES[name], told.get("w:id", "")))

    def _field_mark(self, kind: str) -> None:
        if kind == "begin":
            self._codes.append([])
        elif self._codes:
            self._link_code("".join(self._codes[-1]))
            self._codes[-1] = []
            if kind == "end":
                self._codes.pop()

    def _link_code(self, code: str) -> None:
        found = LINK_CODE.match(code)
        if found and self._paragraphs:
            self._paragraphs[-1].told.append(("link", found[1]))

    def _begin_note(self, name: str, told: dict[str, str]) -> None:
        if told.get("w:type", "normal") != "normal":
            # the line between text and notes
            self._skipped = 1
            return
        number = re.sub(r"[^\w-]", "", told.get("w:id", ""))[:20]
        self._stories.append(Story(f"{NOTES[name]}[{number}]"))
        self._note = told if name == "w:comment" else {}

    def _characters(self, text: str) -> None:
        if self._skipped or not self._names:
            return
        name = self._names[-1]
        if name in TEXT:
            self._add(text)
        elif name in CODE and self._codes:
            self._codes[-1].append(text)

    def _add(self, text: str) -> None:
        if not self._paragraphs:
            self.orphans += 1
            return
        paragraph = self._paragraphs[-1]
        kinds = {kind for kind, _, _ in self._changes}
        is_out, is_in = bool(kinds & TAKEN_OUT), bool(kinds & PUT_IN)
        if is_out:
            paragraph.taken.append(text)
        else:
            paragraph.now.append(text)
        if not is_in:
            paragraph.before.append(text)
        paragraph.is_changed = paragraph.is_changed or is_out

    def _end(self, full: str) -> None:
        name = self._name(full)
        if self._names:
            self._names.pop()
        if self._skipped:
            self._skipped -= 1
            return
        if name == "w:p" or name == "a:p":
            if self._paragraphs:
                self._end_paragraph()
        elif name == "w:tr":
            self._end_row()
        elif name == "w:tbl":
            self._end_row()
            if self._stories[-1].tables:
                self._stories[-1].tables.pop()
        elif name in TAKEN_OUT or name in PUT_IN:
            self._end_change()
        elif name == "mc:AlternateContent":
            if self._choices:
                self._choices.pop()
        elif (name == "w:txbxContent" or name in NOTES) and len(self._stories) > 1:
            self._stories.pop()
            if name in NOTES:
                self._note = {}

    def _end_change(self) -> None:
        if not self._changes:
            return
        kind, author, date = self._changes.pop()
        if not self._paragraphs or kind not in TAKEN_OUT:
            return
        paragraph = self._paragraphs[-1]
        if paragraph.taken:
            label = "deleted" if kind == "w:del" else "moved away"
            paragraph.changes.append((label, "".join(paragraph.taken)))
            paragraph.changes.append((f"{label} by", ", ".join(filter(None, (author, date)))))
            paragraph.taken = []

    def _base(self) -> str:
        return self._stories[-1].where

    def _begin_row(self) -> None:
        self._end_row()
        if self._stories[-1].tables:
            table = self._stories[-1].tables[-1]
            table.rows += 1
            table.cells = []

    def _begin_cell(self) -> None:
        if self._stories[-1].tables and (cells := self._stories[-1].tables[-1].cells) is not None:
            cells.append([])

    def _end_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        tables = self._stories[-1].tables
        if tables and (cells := tables[-1].cells) is not None:
            if not cells:
                cells.append([])
            cells[-1].append(paragraph)
            return
        self._emit([[paragraph]], self._base(), is_row=False)

    def _end_row(self) -> None:
        tables = self._stories[-1].tables
        if not tables or (cells := tables[-1].cells) is None:
            return
        table = tables[-1]
        self._emit(
            cells,
            _join(self._base(), f"table[{table.number}]/row[{table.rows}]"),
            is_row=True,
        )
        table.cells = None

    def _emit(self, cells: list[list[Paragraph]], where: str, *, is_row: bool) -> None:
        paragraphs = [paragraph for cell in cells for paragraph in cell]
        text, marks = joined(cells, "now")
        if not paragraphs:
            return
        told = [item for paragraph in paragraphs for item in paragraph.told]
        media = [item for paragraph in paragraphs for item in paragraph.media]
        before = None
        if any(paragraph.is_changed for paragraph in paragraphs):
            before = joined(cells, "before")[0]
        if not (text.strip() or before or told or media):
            return
        self._passages.append(Passage(
            is_row, paragraphs[0].number, where, text, before, marks, told,
            [item for paragraph in paragraphs for item in paragraph.changes], media,
            self._note.get("w:author"), self._note.get("w:date"), self._note.get("du:dateUtc"),
        ))  # fmt: skip


def refuse(*_: object) -> None:
    """Stop at a declared document type."""
    raise UnsafeXmlError


def _join(where: str, inside: str) -> str:
    return inside if where == "body" else f"{where}/{inside}"
