"""Bytes of a Meta business record, in any generation of its HTML, as a tree of fields.

Four generations of the same layout (FORMATS 2.2) differ in their wrappers only. Every one becomes
the same tree: sections, fields with a label, and in each field pieces of text, line breaks and
further fields, in order. Bytes are kept for each piece: no maintained HTML parser gives byte
offsets, and a citation stands on them, hence this tokenizer.
"""

from __future__ import annotations

import re

from pipeline.readers.fields import BREAK, Field, Piece
from pipeline.readers.tokens import COMMENT, RAW, TOKEN
from pipeline.readers.wrappers import REMEMBERED, TreeBuilder


class MarkupParser(TreeBuilder):
    """Reads runs of bytes that follow each other; :attr:`tree` holds what was read."""

    def __init__(self, page: int, line: int, encoding: str = "utf-8") -> None:
        """Begin on a page, after so many printed lines of it.

        Args:
            page: the page.
            line: lines.
            encoding: of text that is not UTF-8.
        """
        super().__init__(page, line, encoding)
        self._labels: dict[bytes, str] = {}
        self._endless: set[bytes] = set()

    def feed(self, data: bytes, base: int) -> None:
        """Parse bytes that begin at byte ``base`` of the file."""
        self._endless = set()
        position = 0
        while position < len(data):
            # raw text and comments are found here and stepped over; scanning goes on behind them
            position = self._scan(data, position, base)

    def _scan(self, data: bytes, position: int, base: int) -> int:
        last_tag_end = data.rfind(b">")
        codes = self._codes
        for match in TOKEN.finditer(data, position):
            group = match.lastgroup
            begin, end = match.span()
            if group == "value":
                self._leaf(match, base)
            elif group == "break":
                self._break()
            elif group == "close":
                if not self._close(match["close"], base + begin, base + end):
                    self._text(match[0], base + begin, base + end)
            elif group == "attributes":
                key = match["open"], match["attributes"]
                code = codes.get(key) or self._code(key)
                if code == "-":
                    continue
                if code == "<":
                    self._text(match[0], base + begin, base + end)
                    continue
                self._open(code, key, base + begin)
                if code == "b":
                    after = data[end : end + 120].partition(b"<")[0]
                    self._begin_bar(key[1], after, base + begin)
                elif code == "f" and (tag := key[0].lower()) in RAW and tag not in self._endless:
                    if closer := RAW[tag].search(data, end):
                        self._close(tag, base + begin, base + closer.end())
                        return closer.end()
                    self._endless.add(tag)
            elif group == "text":
                self._text(match[0], base + begin, base + end)
            elif group == "stray":
                rest = data[end : end + 1]
                if begin > last_tag_end and (not rest or rest in b"/!" or rest.isalpha()):
                    self.tree.torn = (base + begin, base + len(data))
                    return len(data)
                self._text(match[0], base + begin, base + end)
            elif match[0] == b"<!--":
                closing = data.find(b"-->", end, end + COMMENT)
                if closing >= 0:
                    return closing + 3
                self._text(match[0], base + begin, base + end)
        return len(data)

    def _leaf(self, match: re.Match[bytes], base: int) -> None:
        raw_label, raw = match.group("label", "value")
        label = self._labels.get(raw_label)
        if label is None:
            label = self._decode(raw_label).strip()
            if len(self._labels) < REMEMBERED:
                self._labels[raw_label] = label
        start, end = match.span()
        start += base
        end += base
        if self._furniture:
            self._leave_furniture(start, menu=False)
            if self._furniture:
                return
        if not label:
            self._anonymous_leaf(raw, start, base + match.start("value"), end)
            return
        holder = self._stack[-1].holder if self._stack else None
        if holder is not None and (not holder.values or self._resumed is not None):
            holder = self._place(label, start)
        tree = self.tree
        tree.line = line = tree.line + 1
        page = self.page
        items: list[Piece | Field | None] = [BREAK]
        if raw and not (raw.isspace() and (b"\n" in raw or b"\r" in raw)):
            at = base + match.start("value")
            items = [Piece(self._decode(raw), page, line, at, at + len(raw)), BREAK]
        leaf = Field(label, page, line, start, end, page, items, [], True)
        self._attach(leaf, holder)
        self._line_ended = True
        self._suspended = []
        self._closed = [leaf]

    def _anonymous_leaf(self, raw: bytes, start: int, at: int, end: int) -> None:
        depth = len(self._stack)
        for code in "oimx":
            self._open(code, (b"div", b""), start)
        if raw:
            self._text(raw, at, at + len(raw))
        self._break()
        while len(self._stack) > depth:
            self._pop(end)
