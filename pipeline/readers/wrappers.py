"""From opened and closed elements to the tree: which field they are, and which goes on.

At a page break every open wrapper is closed and re-opened without its label (FORMATS 2.5). The
fields closed in one run just before the bar are *suspended*; wrappers without a label in one run
just after it are those fields again, outermost first. So a value cut in the middle goes on, and a
value cut off from its label finds it. Closers that are missing, and wrappers re-opened in smaller
number than were closed, are mended where the layout leaves no doubt.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.readers.fields import BREAK, Field, Piece, Section, Tree
from pipeline.readers.tokens import (
    BOM,
    FURNITURE,
    INLINE,
    MEDIA,
    VOID,
    bar_number,
    code_of,
    is_tag,
    media_path,
    misread_text,
    section_key,
    unescaped,
)

DEEPEST = 100
"""Fields within fields; the layout needs six. Deeper ones are read as text, and counted."""
REMEMBERED = 5000
"""Labels and wrappers kept: a return has some hundred, hostile bytes any number."""
ROW = (b"th", b"TH")
TABLE = b"table"
"""The oldest generation: values in it have no mark at their end."""
HOLDS_BOTH = ("Attachments", "Thread")
"""Labels whose value is a line of text and then further fields (FORMATS 2.7)."""


@dataclass(slots=True, eq=False)
class _Element:
    tag: bytes
    code: str
    below: _Element | None
    """The element with a field that it lies in."""
    holder: _Element | None
    """The same, or itself if it has a field."""
    field: Field | None = None
    values: int = 0
    """Value wrappers open in it (with a field only)."""
    depth: int = 0
    """Fields open, it and all below it."""
    resumed: int = 0
    """Items its field had when it was re-opened."""
    start: int = 0


class TreeBuilder:
    """Takes elements, breaks and text in order; :attr:`tree` holds what came of them."""

    def __init__(self, page: int, line: int, encoding: str = "utf-8") -> None:
        """Begin on a page, after so many printed lines of it; ``encoding`` is the second choice."""
        self.tree = Tree(line=line)
        self.page = page
        self._encoding = encoding
        self._line_ended = True
        self._stack: list[_Element] = []
        self._closed: list[Field] = []
        self._suspended: list[Field] = []
        self._resumed: _Element | None = None
        self._section: Section | None = None
        self._bar_start = 0
        self._furniture = 0
        self._codes: dict[tuple[bytes, bytes], str] = {}

    def begin(self, page: int, line: int) -> None:
        """Forget pages and text read so far, but stay in the open section and fields."""
        self.page = page
        self.tree = Tree(sections=self.tree.sections, line=line)
        self._line_ended = True
        self._closed = []
        self._suspended = []
        self._resumed = None

    def finish(self, end: int) -> None:
        """Give fields that are still open their end."""
        for element in self._stack:
            current = element.field
            if current is None:
                continue
            self.tree.open_fields += bool(current.label)
            if not current.entered and current.label:
                current.entered = True
                self._attach(current, element.below)
            if current.live or current.byte_end < 0:
                current.byte_end, current.page_last = end, self.page
        if any(element.code == "b" for element in self._stack):
            self.tree.bars.append((self.page, self._bar_start, end))

    # -- elements ---------------------------------------------------------------------------------

    def _code(self, key: tuple[bytes, bytes]) -> str:
        """What a tag is: a code of an element, ``-`` for one without extent, ``<`` for text."""
        tag, attributes = key[0].lower(), key[1]
        if not is_tag(tag, attributes):
            code = "<"
        elif tag in VOID or tag in INLINE:
            code = "-"
        else:
            code = code_of(tag, attributes.lower())
        if tag in MEDIA:
            self._picture(attributes)  # not remembered: each shows another file
        elif len(self._codes) < REMEMBERED:
            self._codes[key] = code
        return code

    def _open(self, code: str, key: tuple[bytes, bytes], start: int) -> None:
        if code in "osb" and self._furniture:
            self._leave_furniture(start, menu=code != "o")
        stack = self._stack
        if code in "oi":
            self._line_ended = True
            below = self._row(start) if key[0] in ROW else self._place("", start)
            element = _Element(key[0].lower(), code, below, below, start=start)
            if below is not None and below.depth >= DEEPEST:
                element.code = "x"
                self.tree.deep += 1
            elif code == "o" or below is None or below.field is None or below.field.entered:
                self._closed = []
                element.holder = element
                element.field = Field("", self.page, self.tree.line + 1, start)
                element.depth = below.depth + 1 if below is not None else 1
        else:
            if code == "s":
                self._begin_section(key[1], start)
            elif code == "p":
                self._break()
            holder = stack[-1].holder if stack else None
            element = _Element(key[0].lower(), code, holder, holder)
            if code == "m" and holder is not None:
                self._enter_value(holder)
            elif code in FURNITURE:
                self._furniture += 1
        stack.append(element)

    def _leave_furniture(self, start: int, *, menu: bool) -> None:
        """Close furniture in which a field, section or bar seems to lie: none does."""
        if menu or not any(element.code == "h" for element in self._stack):
            while self._furniture:
                self._pop(start)

    def _place(self, label: str, start: int) -> _Element | None:
        """Return the element in which a field that opens now lies.

        A field whose value was closed holds no further field: where one seems to, closers are
        missing, and they are put in here.
        """
        stack = self._stack
        holder = stack[-1].holder if stack else None
        while holder is not None and not holder.values and holder.field and holder.field.entered:
            while stack[-1] is not holder:
                self._pop(start)
            self._pop(start)
            holder = stack[-1].holder if stack else None
        if self._resumed is not None:
            if self._resumed is holder and label.startswith("Linked Media File"):
                self._part(holder)
            self._resumed = None
        return holder

    def _row(self, start: int) -> _Element | None:
        """A row of a table of the oldest generation opens; a further one is a field of its own."""
        holder = self._stack[-1].holder if self._stack else None
        if holder is not None and not holder.values and holder.field and holder.field.entered:
            self._end(holder, start)
            holder.field = Field("", self.page, self.tree.line + 1, start)
        return holder

    def _enter_value(self, holder: _Element) -> None:
        """A value opens: its field has a label, or is a suspended one, or stays nameless."""
        holder.values += 1
        current = holder.field
        if current is None or current.entered:
            return
        if not current.label and self._suspended:
            again = self._suspended.pop(0)
            again.entered, again.live = True, False
            holder.field, holder.resumed = again, len(again.items)
            self._resumed = holder
            return
        current.entered = True
        self._suspended = []
        self._resumed = None
        self._attach(current, holder.below)

    def _part(self, holder: _Element) -> None:
        """A value that seemed to go on behind a page bar was whole: what follows has no label.

        Seen where the nameless block of an attachment's picture stands first on a page.
        """
        old = holder.field
        if old is None or not holder.resumed or old.label in HOLDS_BOTH:
            return
        ended = old.items[holder.resumed - 1] is BREAK or holder.tag == TABLE
        if not ended or not isinstance(old.items[0], Piece):
            return
        new = Field("", self.page, self.tree.line + 1, holder.start)
        new.entered = True
        new.items = old.items[holder.resumed :]
        del old.items[holder.resumed :]
        holder.field = new
        self._attach(new, holder.below)

    def _attach(self, new: Field, parent: _Element | None) -> None:
        if parent is not None and parent.field is not None:
            items: list[Piece | Field | None] = parent.field.items
            parent.field.live = True
            if not new.label:
                before = next((item for item in reversed(items) if isinstance(item, Field)), None)
                self.tree.nameless.append((before, new))
            items.append(new)
            return
        if self._section is None:
            self._section = Section("")
            self.tree.sections.append(self._section)
        if not new.label:
            fields = self._section.fields
            self.tree.nameless.append((fields[-1] if fields else None, new))
        self._section.fields.append(new)

    def _begin_section(self, attributes: bytes, start: int) -> None:
        while self._stack and self._stack[-1].holder is not None:  # closers are missing
            self._pop(start)
        key = section_key(attributes)
        if self._section is None or self._section.key != key:  # else: re-opened
            self._section = Section(key)
            self.tree.sections.append(self._section)
            self._closed = []
            self._suspended = []

    def _begin_bar(self, attributes: bytes, text: bytes, start: int) -> None:
        self._bar_start = start
        # what an earlier bar suspended and nothing has taken up is deeper still
        self._suspended = (self._closed[::-1] + self._suspended)[:DEEPEST]
        self._closed = []
        number = bar_number(attributes, text)
        self.page = self.page + 1 if number is None else number
        self.tree.line = 0
        self._line_ended = True

    def _close(self, tag: bytes, start: int, end: int) -> bool:
        """Close an element; say whether the tag was markup at all."""
        stack = self._stack
        if not (stack and stack[-1].tag == tag):
            tag = tag.lower()
            if not is_tag(tag, b""):
                return False
            if tag in INLINE or tag in VOID:
                return True
            # a closer is missing or too many: trust the nearest opener
            if not any(element.tag == tag for element in stack[-4:]):
                return True
            while stack[-1].tag != tag:
                self._pop(start)
        self._pop(end)
        return True

    def _pop(self, end: int) -> None:
        element = self._stack.pop()
        if element.code in FURNITURE:
            self._furniture -= 1
            if element.code == "b":
                self.tree.bars.append((self.page, self._bar_start, end))
                self._line_ended = True
            return
        if element.code == "m" and element.holder is not None:
            element.holder.values -= 1
        self._end(element, end)

    def _end(self, element: _Element, end: int) -> None:
        """The field of an element ends."""
        current = element.field
        if current is None:
            return
        self._line_ended = True
        if self._resumed is element:
            self._resumed = None
        if not current.entered and not current.label:
            return
        if not current.entered:
            self._attach(current, element.below)
        if current.live:  # else: only re-opened and closed again, its end is on an earlier page
            current.byte_end = end
            current.page_last = self.page
            if element.below is not None and element.below.field is not None:
                element.below.field.live = True
        self._closed.append(current)

    # -- what stands in them ----------------------------------------------------------------------

    def _break(self) -> None:
        self._line_ended = True
        if self._furniture:
            return
        self._closed = []
        holder = self._stack[-1].holder if self._stack else None
        if holder is not None and holder.field is not None:
            holder.field.items.append(BREAK)

    def _picture(self, attributes: bytes) -> None:
        path = media_path(attributes)
        holder = self._stack[-1].holder if self._stack else None
        if path is None or holder is None or holder.field is None:
            return
        if self._resumed is holder:
            self._part(holder)
        self._resumed = None
        holder.field.media.append(self._decode(path))
        holder.field.live = True
        self._suspended = []
        self._closed = []

    def _text(self, raw: bytes, start: int, end: int) -> None:
        top = self._stack[-1] if self._stack else None
        if self._furniture:
            if top is not None and top.code == "t":
                self.tree.title += self._decode(raw)
            return
        holder = top.holder if top is not None else None
        if raw.isspace():
            lays_out = b"\n" in raw or b"\r" in raw
            if lays_out or (self._line_ended and not self._goes_on(holder)):
                return
        if holder is None and not raw.removeprefix(BOM).strip():
            return
        self._closed = []
        if self._line_ended:
            self.tree.line += 1
            self._line_ended = False
        owner = holder.field if holder is not None else None
        text = self._decode(raw)
        if owner is not None and not owner.entered and top is not None and top.code in "ix":
            owner.label = (owner.label + text).strip()
            owner.line = self.tree.line
            return
        if self._suspended:
            owner = self._taken_up(holder, owner, end)
        self._resumed = None
        piece = Piece(text, self.page, self.tree.line, start, end)
        if owner is None or not owner.entered:
            self.tree.orphans.append(piece)
        else:
            owner.items.append(piece)
            owner.live = True

    def _goes_on(self, holder: _Element | None) -> bool:
        """Whether the text that comes now follows on a value cut within a line."""
        return (
            holder is not None
            and holder is self._resumed
            and holder.field is not None
            and holder.resumed > 0
            and isinstance(holder.field.items[holder.resumed - 1], Piece)
        )

    def _taken_up(self, holder: _Element | None, owner: Field | None, end: int) -> Field | None:
        """Text behind a bar, in fewer wrappers than were closed: the innermost value goes on.

        Only if that value was empty or cut in a line; else the text is where it stands.
        """
        cut = self._suspended[-1]
        self._suspended = []
        whole = not isinstance(cut.items[-1], Piece) if cut.items else False
        if whole or (cut.items and holder is not None and holder.tag == TABLE):
            return owner
        cut.entered = True
        if holder is not None and self._resumed is holder:
            holder.field = cut
        else:
            cut.byte_end, cut.page_last = end, self.page
        return cut

    def _decode(self, raw: bytes) -> str:
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text, misread = misread_text(raw, self._encoding)
            if misread:
                self.tree.misread_page = self.tree.misread_page or self.page
                self.tree.misread += misread
        return unescaped(text) if "&" in text else text
