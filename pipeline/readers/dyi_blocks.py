"""Pages of a Meta download in HTML as blocks: who, what, when, files, with their places.

The layout is known by its classes alone; tags changed (``div``, since 2025 ``section``, ``h2`` and
``footer``), and the class names did once (FORMATS 7; the older names: public importers of exports
of 2019 to 2021).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from pipeline.readers.tokens import unescaped

TOKEN = re.compile(
    r"</(?P<close>[A-Za-z][A-Za-z0-9]{0,15})[^<>]{0,99}>"
    r"|<(?P<open>[A-Za-z][A-Za-z0-9]{0,15})"
    r"(?P<attributes>(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+)>"
    r"|(?P<note><!--|<[!?][^<>]{0,2000}>)"
    r"|(?P<text>(?:[^<]++|<{1,999}+(?![A-Za-z/!?]))++)"
    r"|(?P<stray><)"
)
"""Possessive, and no quoted value reaches past a ``<``: linear on any text."""
_CLASS = re.compile(r"(?<![\w-])class\s{0,3}=\s{0,3}(?:\"([^\"]{0,400})\"|'([^']{0,400})')", re.I)
_LINK = re.compile(r"(?<![\w-])(?:href|src)\s{0,3}=\s{0,3}(?:\"([^\"]*+)\"|'([^']*+)')", re.I)

BLOCK = frozenset({"_a6-g", "_2lej"})
HEADER = frozenset({"_a6-h", "_2lek"})
BODY = frozenset({"_a6-p", "_2let"})
TIME = frozenset({"_a6-o", "_a72d", "_2lem"})
LABEL, VALUE, REACTIONS, NAME = "_a6_q", "_a6_r", "_a6-q", frozenset({"_a70e", "_3b0d"})

VOID = frozenset({
    "img", "br", "hr", "meta", "link", "input", "source", "wbr", "col", "embed", "base", "track",
    "area",
})  # fmt: skip
INLINE = frozenset({
    "a", "span", "b", "i", "u", "em", "strong", "font", "small", "sub", "sup", "bdi", "time",
    "label", "code", "mark", "img", "wbr",
})  # fmt: skip
RAW = frozenset({"style", "script"})
_CLOSERS = {
    "": re.compile("-->"),
    **{tag: re.compile(rf"</{tag}[^<>]{{0,20}}>", re.I) for tag in RAW},
}


@dataclass(slots=True)
class Run:
    """A run of text between two tags."""

    text: str
    start: int
    end: int
    role: str
    """``h`` header, ``p`` body, ``o`` time, ``r`` reaction, ``l`` label, ``v`` value, ``t`` title,
    ``f`` furniture, else empty."""
    part: int
    """Equal for runs with nothing but inline tags between them."""
    slot: int
    """Which child of the body's only child it stands in, from 0; -1: in none."""
    link: str = ""


@dataclass(slots=True)
class Block:
    """An entry of a page: a message, a search, a friend."""

    number: int
    """Its place among the blocks of the page, from 1."""
    start: int
    end: int = -1
    """One past its closing tag; -1: it has none."""
    runs: list[Run] = field(default_factory=list)
    """Its own text, without that of blocks within it."""
    links: list[tuple[str, bool]] = field(default_factory=list)
    """Addresses it links to or shows, and whether it shows them."""
    wrappers: int = 0
    """Children of its body."""
    slots: int = 0
    """Children of the first of those."""


@dataclass(slots=True)
class Page:
    """A parsed page."""

    groups: list[list[Block]] = field(default_factory=list)
    """Each outermost block with all blocks within it, in order."""
    outside: list[Run] = field(default_factory=list)
    """Text in no block."""
    title: str = ""
    is_cut: bool = False
    """Whether the page ends before its own end."""
    torn: int = -1
    """Where what the end tore begins; -1: nothing is torn."""


@dataclass(slots=True)
class _Frame:
    tag: str
    role: str
    link: str
    depth: int
    """Elements between it and its block's body; -1: it is in none."""
    slot: int
    opens_block: bool
    children: int = 0


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.page = Page()
        self.stack: list[_Frame] = [_Frame("", "", "", -1, -1, False)]
        self.open_tags: Counter[str] = Counter()
        self.blocks: list[Block] = []
        self.group: list[Block] = []
        self.number = 0
        self.part = 0
        self.endless: set[str] = set()

    def run(self) -> Page:
        text, page = self.text, self.page
        end = len(text)
        last = text.rfind("<")
        if last > text.rfind(">"):
            page.torn = end = last
        at = 0
        while at < end:
            at = self._scan(at, end)
        tail = text[-400:].rstrip().lower()
        page.is_cut = page.torn >= 0 or not tail.endswith(("</html>", "-->"))
        if self.group:
            whole = [block for block in self.group if block.end >= 0]
            if page.is_cut:
                # of wrappers that are open together the innermost is what was cut
                cut = max(block.start for block in self.group if block.end < 0)
                page.torn = cut if page.torn < 0 else min(cut, page.torn)
            else:
                whole = self.group
                for block in whole:
                    block.end = len(text) if block.end < 0 else block.end
            if whole:
                page.groups.append(whole)
        page.title = " ".join(page.title.split())
        return page

    def _scan(self, at: int, end: int) -> int:
        """Read tokens until one must be stepped over in another way."""
        for token in TOKEN.finditer(self.text, at, end):
            kind = token.lastgroup
            if kind == "text":
                self._text(token[0], token.start(), token.end())
            elif kind == "close":
                self._close(token["close"].lower(), token.end())
            elif kind == "attributes":
                tag = token["open"].lower()
                if tag in RAW:
                    closing = self._past(tag, token.end(), end)
                    if closing >= 0:
                        return closing
                    continue
                self._open(tag, token["attributes"], token.start())
            elif kind == "note":
                if token[0] == "<!--" and (closing := self._past("", token.end(), end)) >= 0:
                    return closing
            else:
                self._text("<", token.start(), token.end())
        return end

    def _past(self, tag: str, at: int, end: int) -> int:
        """Find the end of a comment, or of an element whose content is no markup; -1: none."""
        if tag in self.endless:
            return -1
        found = _CLOSERS[tag].search(self.text, at, end)
        if found is None:
            self.endless.add(tag)
            return -1
        return found.end()

    def _open(self, tag: str, attributes: str, start: int) -> None:
        top = self.stack[-1]
        if tag == "br":
            self._text("\n", start, start, raw=True)
            return
        if tag not in INLINE:
            self.part += 1
        named = _CLASS.search(attributes)
        classes = set((named[1] or named[2] or "").split()) if named else set[str]()
        link = self._link(tag, attributes, top)
        if tag in VOID:
            return
        depth, slot = top.depth, top.slot
        if depth >= 0:
            depth += 1
            top.children += 1
            if depth == 1 and self.blocks:
                self.blocks[-1].wrappers += 1
            elif depth == 2:
                slot = top.children - 1
                if self.blocks and self.blocks[-1].wrappers == 1:
                    self.blocks[-1].slots = top.children
        opens = bool(classes & BLOCK)
        role = "" if opens else self._role(tag, classes, top)
        if opens:
            depth = slot = -1
            self.number += 1
            block = Block(self.number, start)
            self.blocks.append(block)
            self.group.append(block)
        elif role == "p" and top.role != "p":
            depth, slot = 0, -1
        self.stack.append(_Frame(tag, role, link, depth, slot, opens))
        self.open_tags[tag] += 1

    def _role(self, tag: str, classes: set[str], top: _Frame) -> str:
        if classes & HEADER:
            return "h"
        if classes & BODY:
            return "p"
        if classes & TIME:
            return "o"
        if LABEL in classes:
            return "l"
        if VALUE in classes:
            return "v"
        if tag == "ul" and REACTIONS in classes:
            return "r"
        if not self.blocks:
            if tag in ("title", "h1") or classes & NAME:
                return "t"
            if tag in ("head", "nav") or "_a70a" in classes or "_a70f" in classes:
                return "f"
        if top.role == "l" and tag not in INLINE:
            return "v"
        return top.role

    def _link(self, tag: str, attributes: str, top: _Frame) -> str:
        shows = tag in ("img", "video", "audio", "source", "embed")
        if tag != "a" and not shows:
            return top.link
        found = _LINK.search(attributes)
        link = unescaped(found[1] or found[2] or "") if found else ""
        if link and self.blocks and not link.startswith("data:"):
            self.blocks[-1].links.append((link, shows))
        return link if tag == "a" else top.link

    def _text(self, text: str, start: int, end: int, *, raw: bool = False) -> None:
        top = self.stack[-1]
        if not raw:
            text = unescaped(text)
        if top.role == "t" and not self.blocks and (top.tag != "title" or not self.page.title):
            self.page.title = text if text.strip() else self.page.title
        runs = self.blocks[-1].runs if self.blocks else self.page.outside
        runs.append(Run(text, start, end, top.role, self.part, top.slot, top.link))

    def _close(self, tag: str, end: int) -> None:
        if not self.open_tags[tag]:
            return
        if tag not in INLINE:
            self.part += 1
        while True:
            frame = self.stack.pop()
            self.open_tags[frame.tag] -= 1
            if frame.opens_block:
                self.blocks.pop().end = end
                if not self.blocks:
                    self.page.groups.append(self.group)
                    self.group = []
            if frame.tag == tag:
                return


def read_page(text: str) -> Page:
    """Parse a page; any text is taken, in linear time."""
    return _Parser(text).run()


def joined(runs: list[Run]) -> str:
    """Join runs as they show: those of one part run on, parts stand on lines of their own.

    Line ends and indents of the file at either end of a part are layout.
    """
    lines: list[str] = []
    part = None
    for run in runs:
        if part is not None and run.part == part:
            lines[-1] += run.text
        else:
            lines.append(run.text)
        part = run.part
    trimmed = (_inside(line) for line in lines)
    return "\n".join(line for line in trimmed if line.strip())


def _inside(line: str) -> str:
    """Cut off line ends of the file at either end, with the blanks on their other side."""
    body = line.lstrip()
    head = line[: len(line) - len(body)]
    line = body if "\n" in head or "\r" in head else line
    body = line.rstrip()
    tail = line[len(body) :]
    return body if "\n" in tail or "\r" in tail else line
