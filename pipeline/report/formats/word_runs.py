"""Words, evidence and references as runs of WordprocessingML, and where references lead."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.report.document import (
    Document,
    Evidence,
    Inline,
    Link,
    Words,
    referred,
    tables,
)
from pipeline.report.evidence import plain_visible
from pipeline.report.rows import Cited

SOURCES = "sources"
"""Table and section to which citations lead."""

_STYLES = {"strong": "Strong", "note": "Small", "code": "Code", "hash": "Hash"}
_EVIDENCE = {"strong": "EvidenceStrong", "id": "EvidenceId", "mark": "Mention"}
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (production 2, ``Char``)."""
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff"
                            r"\U0001e800-\U0001efff]")  # fmt: skip
"""Blocks of scripts written from right to left (Unicode, DerivedBidiClass: R and AL by default)."""
_ISOLATED = "\u2068{}\u2069\u200e"
"""First strong isolate … pop; then a left-to-right mark, for programs that know no isolates."""
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9_]")
_LONGEST_NAME = 40
"""Characters of a bookmark's name that Word takes."""


@dataclass(slots=True)
class Places:
    """Bookmarks of one document: names by what they stand for, and which were set already."""

    document: Document
    sections: frozenset[str]
    sources: dict[str, str]
    """Source label: row_id of its row in the annex."""
    _count: int = 0
    _set: set[str] = field(default_factory=set)

    def marked(self, inner: str, *names: str) -> str:
        """Return runs between bookmarks; a name set before is not set twice."""
        starts = ends = ""
        for name in names:
            if name in self._set:
                continue
            self._set.add(name)
            starts += f'<w:bookmarkStart w:id="{self._count}" w:name="{name}"/>'
            ends += f'<w:bookmarkEnd w:id="{self._count}"/>'
            self._count += 1
        return f"{starts}{inner}{ends}"


def places(document: Document) -> Places:
    """Look where references of a document lead."""
    rows: dict[str, str] = {}
    for _, table in tables(document):
        if table.table_id == SOURCES:
            for row in table.rows:
                label = "".join(
                    part.text
                    for part in (row.cells[0].parts if row.cells else ())
                    if isinstance(part, Words | Evidence | Cited)
                )
                if row.row_id is not None:
                    rows.setdefault(label, row.row_id)
    return Places(document, frozenset(item.section_id for item in document.sections), rows)


def bookmark(sort: str, name: str) -> str:
    """Return a name that Word takes: letters, digits and ``_``, at most 40; the same each time."""
    made = f"{sort}_{_NOT_A_NAME.sub('_', name)}"
    if len(made) <= _LONGEST_NAME and made == f"{sort}_{name.replace('-', '_')}":
        return made
    code = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{made[: _LONGEST_NAME - 13]}_{code}"


def escaped(text: str) -> str:
    """Return a text for an element or an attribute; what XML cannot hold is written as its code."""
    return _NOT_XML.sub(lambda found: f"U+{ord(found.group()):04X}", text).translate(_MARKUP)


def run(text: str, style: str = "") -> str:
    """Return a run of text, line feeds as breaks; ``style`` is the id of a character style."""
    if not text:
        return ""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escaped(text).split("\n"))
    return f'<w:r>{look}<w:t xml:space="preserve">{lines}</w:t></w:r>'


def runs(parts: Iterable[Inline], where: Places, *, in_cell: bool = False) -> str:
    """Return running words.

    Args:
        parts: what is said.
        where: bookmarks of the document.
        in_cell: whether a note stands on a line of its own, as below a number.
    """
    made: list[str] = []
    for part in parts:
        if (
            in_cell
            and made
            and isinstance(part, Words)
            and part.style == "note"
            and not part.text[:1].isspace()
        ):
            made.append("<w:r><w:br/></w:r>")
        made.append(_inline(part, where))
    return "".join(made)


def said(part: Inline, document: Document) -> str:
    """Return what a part says, as it is read; of evidence, what is shown of it."""
    if isinstance(part, Words):
        return part.text
    if isinstance(part, Link):
        return referred(document, part)
    if isinstance(part, Cited):
        bates = f"; Bates {part.bates}" if part.bates else ""
        return f"[{plain_visible(part.text + bates)}]"
    return "".join(_evidence(part))


def _inline(part: Inline, where: Places) -> str:
    if isinstance(part, Words):
        return run(part.text, _STYLES.get(part.style, ""))
    if isinstance(part, Link):
        text = referred(where.document, part)
        if part.target not in where.sections:
            return run(text)
        return _link(bookmark("s", part.target), run(text, "Hyperlink"))
    if isinstance(part, Cited):
        made = run(said(part, where.document), "Citation")
        row = where.sources.get(part.source_label)
        if row is not None:
            return _link(bookmark("r", row), made)
        return _link(bookmark("s", SOURCES), made) if SOURCES in where.sections else made
    shown, note = _evidence(part)
    style = "mark" if part.kind is not None else part.style
    return run(_isolated(shown), _EVIDENCE.get(style, "Evidence")) + run(note, "Small")


def _link(anchor: str, inner: str) -> str:
    return f'<w:hyperlink w:anchor="{anchor}" w:history="1">{inner}</w:hyperlink>'


def _evidence(part: Evidence) -> tuple[str, str]:
    """Return what is shown of evidence, and how much is left out."""
    cut = part.text if part.limit is None else part.text[: part.limit]
    left = len(part.text) - len(cut)
    return plain_visible(cut), left_out(left)


def left_out(count: int) -> str:
    """Say how much was left out, if anything."""
    return f" … ({count:,} characters more)" if count else ""


def _isolated(text: str) -> str:
    if text.isascii() or not _RIGHT_TO_LEFT.search(text):
        return text
    return "\n".join(
        _ISOLATED.format(line) if _RIGHT_TO_LEFT.search(line) else line for line in text.split("\n")
    )


def is_wide(char: str) -> bool:
    """Tell whether a character takes the width of two."""
    return unicodedata.east_asian_width(char) in "WF"
