"""The label and value layout of Meta's business records, as a tree of fields with their bytes.

Four generations of the same layout (FORMATS 2.2) differ in their wrappers only. Every one becomes
the same tree: sections, fields with a label, and in each field pieces of text, line breaks and
further fields, in order. Bytes are kept for each piece: no maintained HTML parser gives byte
offsets, and a citation stands on them, hence this tokenizer.

At a page break every open wrapper is closed and re-opened without its label (FORMATS 2.5). The
fields closed in one run just before the bar are *suspended*; wrappers without a label in one run
just after it are those fields again, outermost first. So a value cut in the middle goes on, and a
value cut off from its label finds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

TOKEN = re.compile(
    rb'<div class="t o"><div class="t i">(?P<label>[^<]+)<div class="m"><div>(?P<value>[^<]*)'
    rb'<div class="p"></div></div></div></div></div>'
    rb'|(?P<break><div class="p"></div>|<[bB][rR]\s{0,3}/?>)'
    rb"|</(?P<close>[A-Za-z][A-Za-z0-9]{0,15})[^<>]{0,20}>"
    rb"|<(?P<open>[A-Za-z][A-Za-z0-9]{0,15})(?P<attributes>(?:[^<>\"']|\"[^\"]{0,4000}\""
    rb"|'[^']{0,4000}')*+)>"
    rb"|(?P<note><!--[^>]{0,4000}-->|<![^<>]{0,4000}>)"
    rb"|(?P<text>[^<]+)"
    rb"|(?P<stray><)",
)
"""A whole field of the newest generation in one step (nine tenths of all fields), else a tag, a
comment, text, or a ``<`` that opens nothing. Possessive and bounded: linear on any bytes."""

BAR_NUMBER = re.compile(rb"page_(\d{1,9})")
BAR_TEXT = re.compile(r"Page (\d{1,9})\s*$")
VOID = frozenset({b"img", b"br", b"hr", b"meta", b"link", b"input", b"source", b"wbr", b"col"})
INLINE = frozenset(
    {b"u", b"i", b"b", b"a", b"span", b"em", b"strong", b"p", b"ul", b"li", b"small", b"sub"}
)
RAW = {
    b"style": re.compile(rb"</style\s{0,3}>", re.I),
    b"script": re.compile(rb"</script\s{0,3}>", re.I),
}
SRC = re.compile(rb"""\bsrc\s{0,3}=\s{0,3}["']([^"']{1,2000})""")

FURNITURE = frozenset("bthf")
"""Element codes whose text is no evidence: page bar, title, menu, legend."""

BREAK = None
"""Stands in a field's items for the end of a printed line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text within one printed line."""

    text: str
    page: int
    line: int
    byte_start: int
    byte_end: int


@dataclass(slots=True)
class Field:
    """A label with what stands beside and beneath it."""

    label: str
    page: int
    line: int
    byte_start: int
    byte_end: int = -1
    page_last: int = 0
    items: list[Piece | Field | None] = field(default_factory=list)
    """Pieces, :data:`BREAK` and fields, in order."""
    media: list[str] = field(default_factory=list)
    """Paths of pictures shown in it."""
    entered: bool = False
    """Whether its value has begun."""

    @property
    def fields(self) -> list[Field]:
        """The fields beneath it."""
        return [item for item in self.items if isinstance(item, Field)]

    def lines(self) -> list[list[Piece]]:
        """Its own text as printed lines, empty ones at either end left out."""
        lines: list[list[Piece]] = [[]]
        for item in self.items:
            if item is BREAK or isinstance(item, Field):
                lines.append([])
            else:
                lines[-1].append(item)
        while lines and not lines[-1]:
            lines.pop()
        while lines and not lines[0]:
            lines.pop(0)
        return lines

    def text(self) -> str:
        """Its own text, lines joined by a line feed."""
        if len(self.items) == 1 and isinstance(self.items[0], Piece):
            return self.items[0].text
        return "\n".join("".join(piece.text for piece in line) for line in self.lines())

    def segments(self) -> tuple[str, list[tuple[int, int, int]]]:
        """Its own text, and where from which code point on it stands on which page and line."""
        text, segments = "", []
        for number, line in enumerate(self.lines()):
            text += "\n" if number else ""
            for piece in line:
                if not segments or segments[-1][1:] != (piece.page, piece.line):
                    segments.append((len(text), piece.page, piece.line))
                text += piece.text
        return text, segments


@dataclass(slots=True)
class Section:
    """A part of the return: ``property-KEY``."""

    key: str
    fields: list[Field] = field(default_factory=list)


@dataclass(slots=True)
class Tree:
    """A parsed run of bytes."""

    sections: list[Section] = field(default_factory=list)
    bars: list[tuple[int, int, int]] = field(default_factory=list)
    """(page number, first byte, one past its last byte) of each page bar."""
    orphans: list[Piece] = field(default_factory=list)
    """Text that belongs to no field and is no known furniture."""
    nameless: list[tuple[Field | None, Field]] = field(default_factory=list)
    """Fields without a label that continue nothing, each with the field it lies in."""
    title: str = ""
    line: int = 0
    """Printed lines on the last page."""


@dataclass(slots=True)
class _Element:
    tag: bytes
    code: str
    """o wrapper, i label, m value, s section, h menu, b bar, t title, f furniture, x other."""
    field: Field | None = None


class MarkupParser:
    """Reads runs of bytes that follow each other; :attr:`tree` holds what was read."""

    def __init__(self, page: int, line: int) -> None:
        """Begin on a page, after so many printed lines of it."""
        self.tree = Tree(line=line)
        self.page = page
        self._line_ended = True
        self._stack: list[_Element] = []
        self._closed: list[Field] = []
        self._suspended: list[Field] = []
        self._section = Section("")
        self._bar_start = 0
        self._furniture = 0
        self._codes: dict[tuple[bytes, bytes], str] = {}
        self._labels: dict[bytes, str] = {}

    def begin(self, page: int, line: int) -> None:
        """Forget pages and text read so far, but stay in the open section and fields."""
        self.page = page
        self.tree.line = line
        self.tree.bars = []
        self.tree.orphans = []
        self.tree.nameless = []
        self._line_ended = True
        self._closed = []
        self._suspended = []

    def feed(self, data: bytes, base: int) -> None:
        """Parse bytes that begin at byte ``base`` of the file."""
        position = 0
        while position < len(data):
            # style and script hold raw text: found here, stepped over, scanning goes on behind
            position = self._scan(data, position, base)

    def _scan(self, data: bytes, position: int, base: int) -> int:
        for match in TOKEN.finditer(data, position):
            group = match.lastgroup
            start, end = base + match.start(), base + match.end()
            if group == "value":
                self._leaf(match, start, end)
            elif group == "break":
                self._break()
            elif group == "close":
                self._close(match["close"].lower(), end)
            elif group == "attributes":
                tag = match["open"].lower()
                self._open(tag, match["attributes"], start)
                if tag in RAW:
                    closer = RAW[tag].search(data, match.end())
                    return closer.end() if closer else len(data)
            elif group == "text":
                self._text(match["text"], start, end)
            elif group == "stray":
                self._text(b"<", start, end)
        return len(data)

    def _label(self, raw: bytes) -> str:
        label = self._labels.get(raw)
        if label is None:
            label = self._labels[raw] = decode(raw).strip()
        return label

    def _leaf(self, match: re.Match[bytes], start: int, end: int) -> None:
        self.tree.line += 1
        line = self.tree.line
        leaf = Field(self._label(match["label"]), self.page, line, start, end, self.page)
        leaf.entered = True
        raw = match["value"]
        if raw and not (raw.isspace() and b"\n" in raw):
            at = start - match.start() + match.start("value")
            leaf.items.append(Piece(decode(raw), self.page, line, at, at + len(raw)))
        leaf.items.append(BREAK)
        self._attach(leaf, self._field(len(self._stack)))
        self._line_ended = True
        self._suspended = []
        self._closed = [leaf]

    def _field(self, below: int) -> Field | None:
        """The innermost open field among the first ``below`` elements of the stack."""
        for position in range(below - 1, -1, -1):
            current = self._stack[position].field
            if current is not None:
                return current
        return None

    def _attach(self, new: Field, parent: Field | None) -> None:
        if parent is not None:
            parent.items.append(new)
        else:
            self._section.fields.append(new)
        if not new.label:
            self.tree.nameless.append((parent, new))

    def _break(self) -> None:
        self._line_ended = True
        self._closed = []
        if self._furniture:
            return
        parent = self._field(len(self._stack))
        if parent is not None:
            parent.items.append(BREAK)

    def _open(self, tag: bytes, attributes: bytes, start: int) -> None:
        if tag in VOID:
            self._picture(attributes)
            return
        if tag in INLINE:
            return
        code = self._codes.get((tag, attributes)) or self._code(tag, attributes)
        element = _Element(tag, code)
        if code in "oi":
            self._line_ended = True
            owner = self._field(len(self._stack))
            if code == "o" or owner is None or owner.entered:
                element.field = Field("", self.page, self.tree.line + 1, start)
        elif code == "m":
            self._enter_value()
        elif code == "b":
            self._begin_bar(attributes, start)
        elif code == "s":
            self._begin_section(attributes)
        self._furniture += code in FURNITURE
        self._closed = []
        self._stack.append(element)

    def _code(self, tag: bytes, attributes: bytes) -> str:
        code = code_of(tag, attributes.lower())
        if code not in "bs":
            self._codes[tag, attributes] = code
        return code

    def _enter_value(self) -> None:
        """A value opens: its field has a label, or is a suspended one, or stays nameless."""
        for position in range(len(self._stack) - 1, -1, -1):
            element = self._stack[position]
            current = element.field
            if current is None:
                continue
            if current.entered:
                return
            current.entered = True
            if not current.label and self._suspended:
                element.field = self._suspended.pop(0)
                return
            self._suspended = []
            self._attach(current, self._field(position))
            return

    def _begin_section(self, attributes: bytes) -> None:
        raw = attributes.split(b"property-", 1)[1]
        key = re.split(rb"[\"'\s]", raw, maxsplit=1)[0].decode("utf-8", "replace")
        if not (self.tree.sections and self.tree.sections[-1].key == key):  # else: re-opened
            self._section = Section(key)
            self.tree.sections.append(self._section)

    def _begin_bar(self, attributes: bytes, start: int) -> None:
        self._bar_start = start
        self._suspended = self._closed[::-1]
        number = BAR_NUMBER.search(attributes)
        self.page = int(number[1]) if number else self.page + 1
        self.tree.line = 0
        self._line_ended = True

    def _close(self, tag: bytes, end: int) -> None:
        if tag in INLINE or tag in VOID:
            return
        stack = self._stack
        if not stack:
            return
        if stack[-1].tag != tag:  # a closer is missing or too many: trust the nearest opener
            if not any(element.tag == tag for element in stack[-4:]):
                return
            while stack[-1].tag != tag:
                self._pop(end)
        self._pop(end)

    def _pop(self, end: int) -> None:
        element = self._stack.pop()
        self._furniture -= element.code in FURNITURE
        if element.code == "b":
            self.tree.bars.append((self.page, self._bar_start, end))
            self._line_ended = True
            return
        current = element.field
        if current is None:
            return
        self._line_ended = True
        current.byte_end = end
        current.page_last = self.page
        if not current.entered and current.label:
            self._attach(current, self._field(len(self._stack)))
        self._closed.append(current)

    def _picture(self, attributes: bytes) -> None:
        path = SRC.search(attributes)
        parent = self._field(len(self._stack))
        if path and parent is not None:
            parent.media.append(decode(path[1]))
            self._suspended = []

    def _text(self, raw: bytes, start: int, end: int) -> None:
        code = self._stack[-1].code if self._stack else ""
        blank = raw.isspace()
        if self._furniture:
            if code == "t":
                self.tree.title += decode(raw)
            return
        if blank and (self._line_ended or b"\n" in raw):
            return
        self._closed = []
        if self._line_ended:
            self.tree.line += 1
            self._line_ended = False
        owner = self._field(len(self._stack))
        if code == "i" and owner is not None and not owner.entered:
            owner.label = (owner.label + decode(raw)).strip()
            owner.line = self.tree.line
            return
        self._suspended = []
        piece = Piece(decode(raw), self.page, self.tree.line, start, end)
        if owner is None or not owner.entered:
            self.tree.orphans.append(piece)
        else:
            owner.items.append(piece)


def decode(raw: bytes) -> str:
    """Decode UTF-8 and character references; bytes that are not UTF-8 become U+FFFD."""
    text = raw.decode("utf-8", "replace")
    return unescape(text) if "&" in text else text


def code_of(tag: bytes, attributes: bytes) -> str:
    """Tell what an element is to the layout, in any generation (FORMATS 2.2, 2.3).

    Args:
        tag: its name in lower case.
        attributes: its attributes in lower case, as written.
    """
    if tag == b"div":
        return _div_code(attributes)
    if tag == b"table":
        return "o"
    return {b"th": "i", b"td": "m", b"title": "t", b"style": "f", b"script": "f"}.get(tag, "x")


def _div_code(attributes: bytes) -> str:
    if b'class="t o"' in attributes or b"outer" in attributes:
        return "o"
    if b'class="t i"' in attributes or (b" inner" in attributes and b"most_" not in attributes):
        return "i"
    if b'class="m"' in attributes or b"most_inner" in attributes or b"table-cell" in attributes:
        return "m"
    if b"div_table" in attributes:
        return "i" if re.search(rb"display:\s{0,3}table", attributes) else "o"
    if b"pagebreak" in attributes:
        return "b"
    if b'id="property-' in attributes or b"id='property-" in attributes:
        return "s"
    if b'id="home"' in attributes:
        return "h"
    if b"mvm uip" in attributes:  # the legend at the end of a section
        return "f"
    return "x"
