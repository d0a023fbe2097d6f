"""What a word-processing document is read into: paragraphs, rows, and how far they are counted."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Passage:
    """A paragraph or a row of a table."""

    is_row: bool
    number: int
    """Of its (first) paragraph in the document, from 1."""
    where: str
    text: str
    before: str | None
    """As it read before tracked changes; None if there are none."""
    marks: list[tuple[int, int]]
    """From which code point on the text is which paragraph's."""
    told: list[tuple[str, str]] = field(default_factory=list)
    """Links, references to notes, descriptions of pictures."""
    changes: list[tuple[str, str]] = field(default_factory=list)
    """What was deleted, and by whom."""
    media: list[str] = field(default_factory=list)
    """Numbers of relationships."""
    author: str | None = None
    date: str | None = None
    date_utc: str | None = None


@dataclass(slots=True)
class Paragraph:
    """A paragraph in the making."""

    number: int
    now: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    is_changed: bool = False
    told: list[tuple[str, str]] = field(default_factory=list)
    changes: list[tuple[str, str]] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    """Pieces of the deletion that is open."""


@dataclass(slots=True)
class Table:
    """A table that is open."""

    number: int
    rows: int = 0
    cells: list[list[Paragraph]] | None = None


@dataclass(slots=True)
class Story:
    """A run of paragraphs that is not inside another's text: a part, a note, a text box."""

    where: str
    tables: list[Table] = field(default_factory=list)


@dataclass(slots=True)
class Count:
    """How far the numbers of a document have come; goes from part to part."""

    paragraphs: int = 0
    tables: int = 0
    boxes: int = 0


def joined(cells: list[list[Paragraph]], which: str) -> tuple[str, list[tuple[int, int]]]:
    """Join cells by tabs and the paragraphs of a cell by line feeds."""
    pieces: list[str] = []
    marks: list[tuple[int, int]] = []
    length = 0
    for column, cell in enumerate(cells):
        for number, paragraph in enumerate(cell):
            if column and not number:
                pieces.append("\t")
            elif number:
                pieces.append("\n")
            length += bool(column or number)
            text = "".join(getattr(paragraph, which))
            if text:
                marks.append((length, paragraph.number))
            pieces.append(text)
            length += len(text)
        if column and not cell:
            pieces.append("\t")
            length += 1
    return "".join(pieces), marks
