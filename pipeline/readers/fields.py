"""The tree that every layout of a labelled record becomes: sections, fields, pieces of text."""

from __future__ import annotations

from dataclasses import dataclass, field

BREAK = None
"""Stands in a field's items for the end of a printed line."""


@dataclass(slots=True, eq=False)
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
    live: bool = True
    """Whether anything stands in it since it was last re-opened behind a page bar."""

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
        return [_laid_out(line) if line else line for line in lines]

    def printed(self) -> list[list[Piece]]:
        """Its own printed lines, empty ones left out."""
        return [line for line in self.lines() if line]

    def text(self) -> str:
        """Its own text, lines joined by a line feed."""
        items = self.items
        if len(items) == 2 and items[1] is BREAK and isinstance(items[0], Piece):
            text = items[0].text
            if not (text[:1].isspace() or text[-1:].isspace()):
                return text
        return "\n".join("".join(piece.text for piece in line) for line in self.lines())

    def segments(self) -> tuple[str, list[tuple[int, int, int]]]:
        """Its own text, and where from which code point on it stands on which page and line."""
        text: list[str] = []
        length = 0
        segments: list[tuple[int, int, int]] = []
        for number, line in enumerate(self.lines()):
            if number:
                text.append("\n")
                length += 1
            for piece in line:
                if not segments or segments[-1][1:] != (piece.page, piece.line):
                    segments.append((length, piece.page, piece.line))
                text.append(piece.text)
                length += len(piece.text)
        return "".join(text), segments


def _laid_out(line: list[Piece]) -> list[Piece]:
    """Drop line ends and indents that only lay out the file at either end of a printed line."""
    first, last = line[0], line[-1]
    if not (first.text[:1].isspace() or last.text[-1:].isspace()):
        return line
    head, tail = _inside(first.text), _inside(last.text[::-1])[::-1]
    if head == first.text and tail == last.text:
        return line
    if len(line) == 1:
        return [_with(first, _inside(_inside(first.text)[::-1])[::-1])]
    return [_with(first, head), *line[1:-1], _with(last, tail)]


def _inside(text: str) -> str:
    body = text.lstrip()
    indent = text[: len(text) - len(body)]
    return body if "\n" in indent or "\r" in indent else text


def _with(piece: Piece, text: str) -> Piece:
    return Piece(text, piece.page, piece.line, piece.byte_start, piece.byte_end)


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
    """Fields without a label that continue nothing, each with the field before it."""
    title: str = ""
    line: int = 0
    """Printed lines on the last page."""
    open_fields: int = 0
    """Fields that the end of the bytes left open."""
    torn: tuple[int, int] | None = None
    """Byte range of a tag that the end of the bytes cut."""
    misread: int = 0
    """Characters that could not be decoded."""
    misread_page: int = 0
    deep: int = 0
    """Fields nested deeper than is read as fields."""
