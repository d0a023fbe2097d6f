"""The provider's markup: fields, and pages that break at a byte budget wherever it falls.

Source: FORMATS 2.2 (generation G3) and 2.5, and the sample files beside it. A field is four nested
``div``; at a break every open field is closed, the page bar is written, and as many fields are
re-opened without label.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

CLOSE = "</div></div></div></div>"
"""Closes a field."""
P = '<div class="p"></div>'
"""Ends a line of a value, and stands between records."""
BR = "<br />"

_OPEN_HEAD = '<div class="t o"><div class="t i">'
_OPEN_TAIL = '<div class="m"><div>'
_ANONYMOUS = _OPEN_HEAD + _OPEN_TAIL

_BUDGET = (4000, 4700)
"""Bytes a page holds before it breaks; the mean, with the text that may not be cut, is 4.6 kB."""
_LEAST_CUT = 8
"""A value shorter than this many bytes moves whole to the next page."""
_WHOLE = 0.35
"""Share of the longer ones that move whole, too: between label and value, or between two lines."""
_BUFFER = 1 << 18

_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#039;", "\n": BR}
)


def opening(label: str) -> str:
    """The opening of a field; an empty label makes the anonymous one."""
    return f"{_OPEN_HEAD}{label}{_OPEN_TAIL}"


def escape(text: str) -> str:
    """Text as the provider writes it: five entities, line ends as ``<br />``."""
    return text.translate(_ENTITIES)


def leaf(label: str, *lines: str) -> list[str]:
    """Tokens of a field whose value is lines of text (escaped here)."""
    tokens = [opening(label)]
    for line in lines:
        tokens += (escape(line), P)
    if not lines:
        tokens.append(P)
    tokens.append(CLOSE)
    return tokens


def group(label: str, *children: Sequence[str]) -> list[str]:
    """Tokens of a field that holds other fields."""
    tokens = [opening(label)]
    for child in children:
        tokens += child
    tokens += (P, CLOSE)
    return tokens


class PageWriter:
    """Writes tokens to a sink and breaks pages.

    A token is an opening, ``CLOSE``, ``P``, an ``<img …>`` or other tag (never cut), or escaped
    text. A page never breaks just before ``P``, ``CLOSE`` or a field without label, nor inside an
    entity, a tag or a UTF-8 sequence; anywhere else it may.
    """

    def __init__(self, sink: Callable[[bytes], object], rng: Random) -> None:
        """Start with no page; ``sink`` takes the bytes, ``rng`` draws each page's budget."""
        self.page = 0
        self.depth = 0
        self._sink = sink
        self._rng = rng
        self._used = 0
        self._budget = 0
        self._buffer: list[bytes] = []
        self._buffered = 0

    def raw(self, html: str) -> None:
        """Write furniture, outside all fields and without a break."""
        self._put(html.encode())

    def new_page(self) -> None:
        """Close every open field, write the bar, re-open as many without label."""
        self.page += 1
        bar = (
            f'<div id="page_{self.page}" class="pageBreak">'
            f"Meta Platforms Business Record Page {self.page}</div>"
        )
        self._put(f"{CLOSE * self.depth}{bar}{_ANONYMOUS * self.depth}".encode())
        self._used = 0
        self._budget = self._rng.randint(*_BUDGET)

    def whole(self, tokens: Sequence[str]) -> tuple[int, int]:
        """Write a record; return the pages on which it begins and ends.

        The record's openings and closings must balance.
        """
        data = "".join(tokens).encode()
        if self._used + len(data) <= self._budget:
            self._put(data)
            return self.page, self.page
        return self.write(tokens)

    def write(self, tokens: Sequence[str]) -> tuple[int, int]:
        """Write tokens one by one, breaking where the budget ends; return first and last page."""
        first = 0
        for token in tokens:
            if token is CLOSE or token is P:
                self._put(token.encode())
                if token is CLOSE:
                    self.depth -= 1
                continue
            if not token:
                continue
            data = token.encode()
            if token.startswith("<"):
                # before a field without label a break could not be told from one inside the last
                if self._used + len(data) > self._budget and token != _ANONYMOUS:
                    self.new_page()
                self._put(data)
                if token.startswith(_OPEN_HEAD):
                    self.depth += 1
            else:
                self._text(data)
            if not first:
                first = self.page
        return first or self.page, self.page

    def flush(self) -> None:
        """Hand what is buffered to the sink."""
        self._sink(b"".join(self._buffer))
        self._buffer.clear()
        self._buffered = 0

    def _text(self, data: bytes) -> None:
        whole = len(data) < _LEAST_CUT or self._rng.random() < _WHOLE
        while self._used + len(data) > self._budget:
            cut = 0 if whole else _cut(data, self._budget - self._used)
            whole = False
            if cut:
                self._put(data[:cut])
                data = data[cut:]
            self.new_page()
        self._put(data)

    def _put(self, data: bytes) -> None:
        self._used += len(data)
        self._buffer.append(data)
        self._buffered += len(data)
        if self._buffered > _BUFFER:
            self.flush()


def _cut(data: bytes, at: int) -> int:
    """The last place not after ``at`` that is outside UTF-8 sequences, entities and tags."""
    if at <= 0:
        return 0
    while data[at] & 0xC0 == 0x80:
        at -= 1
    for mark, end in ((b"&", b";"), (b"<", b">")):
        begin = data.rfind(mark, max(0, at - 8), at)
        if begin >= 0 and data.find(end, begin, at) < 0:
            at = begin
    return at
