"""Bytes of any HTML as blocks of visible text, each with the bytes it stands on.

No maintained HTML parser gives byte offsets, and a citation stands on them; the tokens are those of
:mod:`pipeline.readers.tokens`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.readers import tokens
from pipeline.readers.html_tags import (
    ALT,
    CLOSERS,
    CUSTOM,
    HREF,
    INLINE,
    JSON_TYPE,
    KNOWN,
    LONG_TAG,
    NO_LINK,
    RAWS,
    SLOPPY_TAG,
    TABLE_PARTS,
)
from pipeline.readers.html_text import LINE, WHITE, Run, joined, printed
from pipeline.readers.tokens import SRC, TOKEN, unescaped

CELL_BLOCKS = 8
"""Blocks that a cell of data holds at most; cells of more lay out the page."""
DATA_SCRIPT = 4096
"""Bytes from which a script is said to have been passed over: it may hold data, not only code."""


@dataclass(slots=True)
class Block:
    """A paragraph, a heading, a row of a table, or a picture alone."""

    kind: str
    """``title``, ``text`` or ``row``."""
    text: str
    """Empty for a picture or a link without words."""
    marks: list[tuple[int, int]]
    """From which code point on the text stands at which offset of the data: one entry for each
    line of the file."""
    start: int
    end: int
    links: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    """What the page says of its pictures in words."""
    table: int = 0
    row: int = 0


@dataclass(slots=True)
class _Draft:
    kind: str = "text"
    runs: list[Run | None] = field(default_factory=list)
    """None: a line break."""
    links: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    start: int = -1
    """Of the first tag of a link or picture."""


@dataclass(slots=True)
class _Table:
    number: int
    rows: int = 0
    cells: list[list[Block]] | None = None
    """Of the row that is open."""
    laid_out: bool = False
    """Whether that row lays out the page."""


class BlockParser:
    """Cuts a page into blocks; what it met on the way is complete when they are exhausted."""

    def __init__(self, data: bytes, encoding: str = "utf-8") -> None:
        """Take a page.

        Args:
            data: its bytes, without a byte order mark.
            encoding: one in which ``<`` is never part of another character.
        """
        self._data = data
        self._encoding = encoding
        self._out: list[Block] = []
        self._draft = _Draft()
        self._tables: list[_Table] = []
        self._table_count = 0
        self._in_link = False
        self._pre = 0
        self._closers: set[bytes] | None = None
        self._opened: set[bytes] = set()
        self._endless: set[bytes] = set()
        self.scripts = 0
        """Scripts passed over that may hold data."""
        self.torn: tuple[int, int] | None = None
        """A tag that the end of the data cuts."""

    def blocks(self) -> Iterator[Block]:
        """Yield what the page shows, in the order of the file."""
        position = 0
        data = self._data
        while position < len(data):
            position = self._scan(position)
            yield from self._out
            self._out.clear()
        self._end_block(len(data))
        while self._tables:
            self._end_row()
            self._tables.pop()
        yield from self._out

    def _scan(self, position: int) -> int:
        """Read tokens until something has to be stepped over, or there are blocks to be given."""
        data = self._data
        for match in TOKEN.finditer(data, position):
            group = match.lastgroup
            begin, end = match.span()
            if group == "text":
                self._text(begin, end)
            elif group == "attributes":
                after = self._open(match["open"], match["attributes"], begin, end)
                if after != end:
                    return after
            elif group == "close":
                self._close(match[0][2:-1].strip().lower(), begin, end)
            elif group == "break":
                self._draft.runs.append(None) if match[0][1:2] in b"bB" else self._end_block(begin)
            elif group == "value":
                # a label with its value in one step; nothing of it is layout here
                for name in ("label", "value"):
                    self._end_block(match.start(name))
                    self._text(*match.span(name))
                self._end_block(end)
            elif group == "note":
                after = self._note(begin, end)
                if after != end:
                    return after
            else:
                return self._stray(begin, end)
            if self._out:
                return end
        return len(data)

    def _stray(self, begin: int, end: int) -> int:
        data = self._data
        found = LONG_TAG.match(data, end - 1) or SLOPPY_TAG.match(data, end - 1)
        if found is not None:
            self._text(begin, end - 1)
            name = found[1].lower()
            if name.startswith(b"/"):
                self._close(name[1:], end - 1, found.end())
                return found.end()
            base, attributes = name, found[2]
            if CUSTOM.fullmatch(name):
                base, _, rest = re.split(rb"([:-])", name, maxsplit=1)
                attributes = b":" + rest + attributes
            return self._open(base, attributes, end - 1, found.end())
        rest = data[end : end + 1]
        opens = not rest or rest in b"/!" or rest.isalpha()
        if opens and self.torn is None and data.find(b">", end) < 0:
            self.torn = (end - 1, len(data))
            self._text(begin, end - 1)
            return len(data)
        self._text(begin, end)
        return end

    def _note(self, begin: int, end: int) -> int:
        data = self._data
        if data.startswith(b"<!--", begin):
            closing = -1 if b"-->" in self._endless else data.find(b"-->", begin + 2)
            if closing < 0:
                # a comment without end would take all that follows with it
                self._endless.add(b"-->")
                self._text(begin, end)
                return end
            return max(closing + 3, end)
        if data.startswith(b"<![CDATA[", begin):
            self._text(begin + 9, max(end - 3 if data.endswith(b"]]>", begin, end) else end - 1,
                                      begin + 9))  # fmt: skip
        return end

    def _open(self, name: bytes, attributes: bytes, begin: int, end: int) -> int:
        tag = name.lower()
        if not self._is_tag(tag, attributes):
            self._text(begin, end)
            return end
        if attributes[:1] in b":-" and attributes:
            return end
        if tag == b"br":
            self._draft.runs.append(None)
        elif tag == b"a":
            self._in_link = True
            self._note_link(attributes, begin)
        elif tag in tokens.MEDIA:
            self._note_medium(attributes, begin)
        elif tag in RAWS:
            return self._skip(tag, attributes, begin, end)
        elif tag not in INLINE and tag in KNOWN:
            self._end_block(begin)
            self._begin(tag)
        return end

    def _is_tag(self, tag: bytes, attributes: bytes) -> bool:
        """Tell markup from text such as ``<me@example.com>``, which browsers would not show."""
        if attributes[:1] in (b":", b"-"):
            return CUSTOM.match(tag + attributes) is not None
        if attributes and attributes[:1] not in b" /\t\r\n\f":
            return False
        if tag in KNOWN:
            return True
        if b"=" not in attributes:
            if self._closers is None:
                self._closers = {item.lower() for item in CLOSERS.findall(self._data)}
            if tag not in self._closers and attributes.strip(WHITE) != b"/":
                return False
        self._opened.add(tag)
        return True

    def _skip(self, tag: bytes, attributes: bytes, begin: int, end: int) -> int:
        self._end_block(begin)
        closer = None if tag in self._endless else RAWS[tag].search(self._data, end)
        if closer is None:
            self._endless.add(tag)
            return end
        size = closer.start() - end
        if tag == b"script" and (size >= DATA_SCRIPT or JSON_TYPE.search(attributes)):
            self.scripts += size > 2
        return closer.end()

    def _close(self, name: bytes, begin: int, end: int) -> None:
        if name not in KNOWN:
            if name not in self._opened and not CUSTOM.fullmatch(name):
                self._text(begin, end)
            return
        if name == b"a":
            self._in_link = False
        elif name == b"br":
            self._draft.runs.append(None)
        elif name not in INLINE:
            self._end_block(begin)
            if name == b"title":
                self._draft.kind = "text"
            elif name == b"pre":
                self._pre = max(self._pre - 1, 0)
            elif name == b"tr" or name in TABLE_PARTS:
                self._end_row()
            elif name == b"table":
                self._end_row()
                if self._tables:
                    self._tables.pop()

    def _begin(self, tag: bytes) -> None:
        if tag == b"title":
            self._draft.kind = "title"
        elif tag == b"pre":
            self._pre += 1
        elif tag == b"table":
            self._lay_out()
            self._add_table()
        elif tag in TABLE_PARTS:
            self._end_row()
        elif tag == b"tr":
            if not self._tables:
                self._add_table()
            self._begin_row()
        elif tag in (b"td", b"th") and self._tables:
            if self._tables[-1].cells is None:
                self._begin_row()
            cells = self._tables[-1].cells
            if cells is not None:
                cells.append([])

    def _add_table(self) -> None:
        self._table_count += 1
        self._tables.append(_Table(self._table_count))

    def _begin_row(self) -> None:
        self._end_row()
        table = self._tables[-1]
        table.rows += 1
        table.cells, table.laid_out = [], False

    def _lay_out(self) -> None:
        """Give the blocks of the open row singly: a table stands in it, so it is no row of data."""
        if self._tables and (cells := self._tables[-1].cells) is not None:
            for cell in cells:
                self._out += cell
            self._tables[-1].cells = [[]]
            self._tables[-1].laid_out = True

    def _end_row(self) -> None:
        if not self._tables or (cells := self._tables[-1].cells) is None:
            return
        table = self._tables[-1]
        full = [cell for cell in cells if cell]
        if full and not table.laid_out and len(cells) > 1:
            if max(map(len, full)) <= CELL_BLOCKS and any(b.text for c in full for b in c):
                self._out.append(_row(cells, table))
            else:
                self._out += [block for cell in full for block in cell]
        else:
            self._out += [block for cell in full for block in cell]
        table.cells = None

    def _text(self, begin: int, end: int) -> None:
        if begin < end:
            self._draft.runs += [
                (line.start(), line[0]) for line in LINE.finditer(self._data, begin, end)
            ]

    def _note_link(self, attributes: bytes, begin: int) -> None:
        if found := HREF.search(attributes):
            link = self._value(found)
            if link and not NO_LINK.match(link):
                self._draft.links.append(link)
                self._place(begin)

    def _note_medium(self, attributes: bytes, begin: int) -> None:
        found = SRC.search(attributes)
        path = self._value(found) if found else ""
        if path and not path.lower().startswith("data:"):
            self._draft.media.append(path)
            self._place(begin)
        if alt := ALT.search(attributes):
            self._draft.alts.append(self._value(alt))
            self._place(begin)

    def _place(self, begin: int) -> None:
        if self._draft.start < 0:
            self._draft.start = begin

    def _value(self, found: re.Match[bytes]) -> str:
        raw = next(filter(None, found.groups()), b"")
        return unescaped(raw.decode(self._encoding, "replace")).strip()

    def _end_block(self, position: int) -> None:
        draft = self._draft
        if not draft.runs and draft.start < 0:
            return
        lines = printed(draft.runs, keep=self._pre > 0)
        if not lines:
            if draft.start < 0 or self._in_link:
                # a link around a block is that block's
                draft.runs = []
                return
            block = Block(draft.kind, "", [(0, draft.start)], draft.start, position)
        else:
            text, marks = joined(self._data, self._encoding, lines)
            first = next(line for line in lines if line)[0]
            last = next(line for line in reversed(lines) if line)[-1]
            start, end = first[0], last[0] + len(last[1])
            block = Block(draft.kind, text, marks, start, end)
        block.links, block.media, block.alts = draft.links, draft.media, draft.alts
        self._draft = _Draft(draft.kind)
        table = self._tables[-1] if self._tables else None
        if table is None or table.cells is None or table.laid_out:
            self._out.append(block)
        else:
            if not table.cells:
                table.cells.append([])
            table.cells[-1].append(block)


def _row(cells: list[list[Block]], table: _Table) -> Block:
    """Join the cells of a row by tabs, the blocks of a cell by line feeds."""
    pieces: list[str] = []
    marks: list[tuple[int, int]] = []
    length = 0
    blocks = [block for cell in cells for block in cell]
    for column, cell in enumerate(cells):
        if column:
            pieces.append("\t")
            length += 1
        shown = [block for block in cell if block.text]
        for number, block in enumerate(shown):
            if number:
                pieces.append("\n")
                length += 1
            marks += [(length + at, offset) for at, offset in block.marks]
            pieces.append(block.text)
            length += len(block.text)
    if marks and marks[0][0]:
        marks[0] = (0, marks[0][1])
    return Block(
        "row", "".join(pieces), marks, blocks[0].start, blocks[-1].end,
        [link for block in blocks for link in block.links],
        [path for block in blocks for path in block.media],
        [alt for block in blocks for alt in block.alts],
        table.number, table.rows,
    )  # fmt: skip
