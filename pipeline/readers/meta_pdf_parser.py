"""From layout lines of a print to the tree of fields that the HTML becomes, too.

A field stands where its parent's value begins, so the place of a label says what it belongs to.
Behind a page bar every open field goes on without its label (FORMATS 2.5): it takes no more room
then than its padding, and the place says how deep it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.readers.fields import BREAK, Field, Piece, Section
from pipeline.readers.meta_events import CONVERSATIONS
from pipeline.readers.meta_pdf_lines import (
    DEFINITION,
    KNOWN,
    WHOLE_LINE,
    Measures,
    fits,
    glue_at_bar,
    glue_of,
    measures,
    section_of,
)
from pipeline.readers.meta_pdf_tree import PrintTree
from pipeline.readers.wrappers import HOLDS_BOTH


@dataclass(slots=True, eq=False)
class _Open:
    field: Field
    label_x: int
    value_x: int
    """Where its value begins; until something stands there, where its label ends."""
    certain: bool = False
    """Whether something stands there."""
    barred: bool = False
    """Whether it was open before the last page bar."""


class PrintParser:
    """Reads runs of layout lines that follow each other; :attr:`tree` holds what was read."""

    def __init__(self, page: int) -> None:
        """Begin on a page."""
        self.tree = PrintTree()
        self.page = page
        self._style = Measures()
        self._stack: list[_Open] = []
        self._section: Section | None = None
        self._sheet = 0
        self._end = 0  # of the last byte that is a record's
        self._end_sheet = 0
        self._level: int | None = None  # height of the last printed line, while on its sheet
        self._filled = True  # whether a value stands on it
        self._last: Piece | None = None  # of a value, if it is the last thing printed
        self._owner: Field | None = None
        self._edge: tuple[int, int] | None = None  # column and end of the last line of a sheet
        self._barred = False
        self._fresh = False  # whether nothing of a record stands on the sheet so far
        self._menu = False  # whether the first bar is still to come
        self._slack = 40  # hundredths of a point by which places of one column differ at most

    def begin(self, page: int, start: int) -> None:
        """Forget what was read so far, but stay in the open section and fields.

        Args:
            page: the page the lines from here on begin on.
            start: byte at which they begin.
        """
        self.page = page
        self.tree = PrintTree(sections=self.tree.sections, has_bars=self._style.has_bars)
        self.tree.sheets.append((self._sheet, page, start))
        self._last = None

    def feed(self, data: bytes, base: int) -> None:
        """Parse lines that begin at byte ``base`` of the stream; any bytes are taken."""
        start = base
        for line in data.split(b"\n"):
            end = start + len(line) + 1
            if line:
                try:
                    self._line(line, start, min(end, base + len(data)))
                except (ValueError, IndexError):  # not written by block_of
                    self.tree.torn = (start, min(end, base + len(data)))
            start = end

    def finish(self) -> None:
        """Give fields that are still open their end."""
        while self._stack:
            self._pop()

    # -- lines ------------------------------------------------------------------------------------

    def _line(self, raw: bytes, start: int, end: int) -> None:
        kind = raw[:2]
        if kind == b"W\t":
            _, line, x, y, value_x, value_y, label, text = raw.split(b"\t", 7)
            number = int(line)
            value = text.decode()
            new = self._label(number, int(x), int(y), 0, label.decode(), start, end)
            if new is not None:
                new.value_x, new.certain = int(value_x), True
                self._last = piece = Piece(value, self._sheet, number, start, end)
                self._owner = new.field
                new.field.items += (piece, BREAK)
                self._level, self._filled, self._edge = int(value_y), True, None
            elif not self._menu:  # the rest of a label
                self._value(number, int(value_x), int(value_y), "?", value, start, end)
        elif kind == b"V\t":
            _, line, x, y, join, text = raw.split(b"\t", 5)
            self._value(int(line), int(x), int(y), join.decode(), text.decode(), start, end)
        elif kind == b"L\t":
            _, line, x, y, right, text = raw.split(b"\t", 5)
            self._label(int(line), int(x), int(y), int(right), text.decode(), start, end)
        elif kind == b"E\t":
            _, x, right = raw.split(b"\t")
            self._edge = int(x), int(right)
            self.tree.layout.append((start, end))
        elif kind == b"S\t":
            self._begin_sheet(raw, start, end)
        elif kind == b"P\t":
            _, line, page = raw.split(b"\t")
            self._bar(int(line), int(page), start, end)
        elif kind == b"F\t":
            self.tree.layout.append((start, end))
        elif kind == b"D\t":
            self._style = style = measures(raw)
            self._slack = max(style.pad // 2, 40)
            self._menu = self.page == 0 and style.has_bars
            self.tree.has_bars = style.has_bars
            self.tree.layout.append((start, end))
        elif raw == b"Z":
            self.tree.ends_early = True
            self.tree.layout.append((start, end))
        else:
            raise ValueError

    def _begin_sheet(self, raw: bytes, start: int, end: int) -> None:
        _, number, lost, backward, state = raw.split(b"\t")
        tree = self.tree
        sheet = int(number)
        tree.layout.append((start, end))
        if not self._style.has_bars:
            self.page = sheet
        if sheet != self._sheet:
            if tree.sheets and tree.sheets[-1][0] == 0:  # what stands before the first sheet
                start = tree.sheets.pop()[2]
            tree.sheets.append((sheet, self.page, start))
            self._level, self._fresh = None, True
        self._sheet = sheet
        if int(lost):
            tree.lost[sheet] = int(lost)
        if int(backward):
            tree.backward[sheet] = int(backward)
        if state == b"i":
            tree.scans.append(sheet)
        elif state == b"b":
            tree.broken.append(sheet)

    def _bar(self, line: int, number: int, start: int, end: int) -> None:
        self.page, self._menu = number, False
        self.tree.bars.append((number, start, end))
        self.tree.marks.append((start, self._sheet, line, number))
        if self._fresh and self.tree.sheets:
            self.tree.sheets[-1] = (self._sheet, number, self.tree.sheets[-1][2])
        else:
            self.tree.sheets.append((self._sheet, number, start))
        self._fresh = False
        self.tree.layout.append((start, end))
        style = self._style
        for depth, item in enumerate(self._stack):
            item.label_x = style.left + depth * (style.inset + style.pad)
            item.value_x = item.label_x + style.pad
            item.certain = item.barred = True
        self._level, self._edge, self._barred = None, None, True

    def _label(
        self, line: int, x: int, y: int, right: int, text: str, start: int, end: int
    ) -> _Open | None:
        """A label; return its field, or None where it opens none."""
        if self._menu:
            self.tree.layout.append((start, end))
            return None
        if self._fresh:
            self._fresh = False
            if self._goes_on(x, text):
                self._level = y
                return None
        style = self._style
        closed = self._close_to(x)
        new = Field(text, self._sheet, line, start, end, self._sheet, [], [], True)
        parent = self._stack[-1] if self._stack else None
        if parent is None:
            now = self._section
            filled = now is not None and not now.fields[-1].label.endswith(DEFINITION)
            key = section_of(text, now.key if now else None, filled=filled)
            if key is not None and (self._section is None or self._section.key != key):
                self._section = Section(key)
                self.tree.sections.append(self._section)
            if self._section is not None:
                self._section.fields.append(new)
        else:
            if not parent.certain:
                parent.value_x, parent.certain = x - style.inset, True
            elif parent.barred or x - style.inset - parent.value_x > self._slack:
                parent = self._nameless(parent, x, start)
            items = parent.field.items
            if items and self._is_blank(y, closed):
                items.append(BREAK)
            items.append(new)
        opened = _Open(new, x, (right or x) + style.pad)
        self._stack.append(opened)
        self._end, self._end_sheet = end, self._sheet
        self._level, self._filled = y, False
        self._last, self._owner, self._barred = None, None, False
        return opened

    def _goes_on(self, x: int, text: str) -> bool:
        """Whether a label, first on a sheet, is the rest of one that wraps at the sheet's end."""
        top = next((item for item in reversed(self._stack) if item.label_x - x < 40), None)
        if top is None or self._barred or abs(top.label_x - x) > 40 or top.field.label in KNOWN:
            return False
        for glue in (" ", ""):
            if top.field.label + glue + text in KNOWN:
                top.field.label += glue + text
                while self._stack[-1] is not top:
                    self._pop()
                return True
        return False

    def _nameless(self, parent: _Open, x: int, start: int) -> _Open:
        """Return what a label stands in: its parent, or a field without label within that.

        Such a field holds the picture of an attachment; it takes no more room than its padding.
        """
        style = self._style
        depth = style.inset + style.pad
        items = parent.field.items
        held = items and isinstance(items[0], Piece) and parent.field.label not in HOLDS_BOTH
        if held and parent.barred and len(self._stack) > 1:  # it was whole before the bar
            self._pop()
            x += style.inset
            parent = self._stack[-1]
        elif not depth // 2 < x - style.inset - parent.value_x < depth * 3 // 2:
            return parent
        inner = Field("", self._sheet, 0, start, start, self._sheet, [], [], True)
        parent.field.items.append(inner)
        self._stack.append(_Open(inner, parent.value_x, x - style.inset, True))
        return self._stack[-1]

    def _close_to(self, x: int) -> int:
        """Close the fields that something at ``x`` does not stand in; return how many."""
        stack, slack = self._stack, self._slack
        depth = len(stack)
        while stack:
            top = stack[-1]
            if x >= top.value_x - slack if top.certain else x > top.label_x + slack:
                break
            self._pop()
        return depth - len(stack)

    def _pop(self) -> None:
        item = self._stack.pop().field
        if self._end > item.byte_end:
            item.byte_end = self._end
        item.page_last = self._end_sheet or item.page

    def _is_blank(self, y: int, closed: int) -> bool:
        """Whether a blank line stands before a label: records of one field are parted by it.

        Each field that ends leaves its padding, and what parts two lines.
        """
        style = self._style
        if self._level is None or not closed or style.tables:
            return False
        between = 5 * style.pad if style.gaps else style.height
        expected = style.height
        if self._filled:
            expected += style.pad + (between if style.gaps else 0)
        expected += (closed - 1) * (between + style.pad)
        return self._level - y - expected > between // 2

    # -- values -----------------------------------------------------------------------------------

    def _value(self, line: int, x: int, y: int, join: str, text: str, start: int, end: int) -> None:
        if self._menu:
            self.tree.layout.append((start, end))
            return
        self._fresh = False
        self._close_to(x)
        top = self._stack[-1] if self._stack else None
        piece = Piece(text, self._sheet, line, start, end)
        owner = self._owner_of(top, x, piece)
        if owner is None:
            self._last = self._owner = None
            return
        items = owner.items
        last = self._last if self._owner is owner else None
        if last is None and self._barred and len(items) > 1 and isinstance(items[-2], Piece):
            last = items[-2]
        self._owner = owner
        how = self._how(last, join, text)
        if last is not None and how != "n" and items[-2:] == [last, BREAK]:
            items.pop()
            last.text += " " if how == "s" else ""
        items += (piece, BREAK)
        self._end, self._end_sheet = end, self._sheet
        self._level, self._filled = y, True
        self._last, self._owner, self._barred, self._edge = piece, owner, False, None

    def _owner_of(self, top: _Open | None, x: int, piece: Piece) -> Field | None:
        """The field whose value a line is part of; None: no record's."""
        span = piece.byte_start, piece.byte_end
        if self._is_legend(top):
            self.tree.layout.append(span)
            return None
        if top is None:
            before = self._section.fields[-1] if self._section and self._section.fields else None
            if before is None or before.items:
                self.tree.orphans.append(piece)
                return None
            return before
        if not top.certain:
            top.value_x, top.certain = x, True
            return top.field
        if x > top.value_x + self._slack:
            inner = top.field.fields
            if inner and not inner[-1].items:  # cut from its label: as in the HTML
                inner[-1].byte_end, inner[-1].page_last = piece.byte_end, piece.page
                return inner[-1]
            if top.field.items:
                self.tree.orphans.append(piece)
                return None
        return top.field

    def _is_legend(self, top: _Open | None) -> bool:
        """Whether a line is the legend behind the last thread of a section (FORMATS 2.3)."""
        section = self._section
        if len(self._stack) > 1 or section is None or section.key not in CONVERSATIONS:
            return False
        holders = [top.field] if top is not None else section.fields
        return any(item.label == "Thread" for holder in holders for item in holder.fields)

    def _how(self, last: Piece | None, join: str, text: str) -> str:
        """How a line goes on from the one before it, which may be on another sheet."""
        if last is None:
            return "n"
        if self._barred:  # cut anywhere (FORMATS 2.5), but a list's lines are seldom cut
            before = _last_line(self._owner)
            if WHOLE_LINE.search(before):
                return "n"
            return "s" if before == self._author() else glue_at_bar(before, text)
        if not join.startswith("?"):
            return join
        if WHOLE_LINE.search(_last_line(self._owner)):
            return "n"
        style = self._style
        word = int(join[1:] or 0)
        if self._edge is None:
            return "s"
        right, limit = self._edge[1], style.right
        if not style.gaps and fits(right, word, limit, style.height):
            return "n"
        if style.gaps and fits(right, word, limit - 10 * style.pad, style.height):
            return "n"
        return glue_of(last.text, text, right, limit, style.height)

    def _author(self) -> str:
        """The display name of the open message's author."""
        for depth in range(len(self._stack) - 1, 0, -1):
            for item in reversed(self._stack[depth - 1].field.fields):
                if item.label == "Author":
                    return item.text().rpartition(" (")[0]
        return ""


def _last_line(owner: Field | None) -> str:
    """The last line of a value so far."""
    text = ""
    for item in reversed(owner.items[:-1] if owner else []):
        if not isinstance(item, Piece):
            break
        text = item.text + text
    return text
