"""Synthetic plain documents in several encodings, with gold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pipeline.sample.company import Company, gather

_PASSAGES_A_PAGE = 8
_LONGEST = 3000
"""Code points; the reader cuts longer paragraphs."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """A file to be written."""

    name: str
    encoding: str
    line_end: str = "\n"
    has_pages: bool = False


_PAPERS = (
    _Paper("notes.txt", "utf-8"),
    _Paper("pages.txt", "utf-8", has_pages=True),
    _Paper("notes.md", "utf-8-sig", "\r\n"),
    _Paper("typed.txt", "cp1252", "\r\n"),
    _Paper("saved.txt", "utf-16", "\r\n"),
    _Paper("old.txt", "mac_roman", "\r"),
)
_INTRO = (
    "Item {number}, copied from the phone by hand:",
    "## Item {number}",
    "{number}. Señora at the desk read this out:",
    "Note {number} – said on the telephone:",
)


def make_texts(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write plain documents and their gold, a row for each passage.

    Equal arguments give equal bytes.

    Args:
        out: a folder; gets the documents and ``gold.jsonl``.
        pages: pages over all documents, of eight passages each.
        seed: any integer.
        wordlist: ``a`` or ``b``.

    Returns:
        The folder.

    Raises:
        ValueError: fewer than one page, or no such word list.
        OSError: the place cannot be written to.
    """
    company = gather("texts", pages, seed, wordlist)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "gold.jsonl").open("w", encoding="utf-8", newline="\n") as gold:
        passages = _passages(company)
        count = 0
        for at, paper in enumerate(_PAPERS):
            share = pages // len(_PAPERS) + (at < pages % len(_PAPERS))
            if share:
                count = _write(out / paper.name, paper, share, passages, gold, count)
    return out


Passage = tuple[str, list[dict[str, Any]]]


def _passages(company: Company) -> Iterator[Passage]:
    """Yield paragraphs: a line that begins it, then what somebody wrote."""
    number = 0
    while True:
        text, spans = company.message()
        if any(not line.strip() for line in text.split("\n")) or len(text) > _LONGEST:
            continue
        number += 1
        intro = company.rng.choice(_INTRO).format(number=number) + "\n"
        moved = [
            {**span, "start": span["start"] + len(intro), "end": span["end"] + len(intro)}
            for span in spans
        ]
        yield intro + text, moved


def _write(
    target: Path,
    paper: _Paper,
    pages: int,
    passages: Iterator[Passage],
    gold: IO[str],
    count: int,
) -> int:
    """Write a document and its gold; return the number of rows so far."""
    written: list[str] = []
    for page in range(1, pages + 1):
        if paper.has_pages and page > 1:
            written.append("\f")
        for _ in range(_PASSAGES_A_PAGE):
            text, spans = _fitting(passages, paper.encoding)
            if len(paper.line_end) > 1:
                spans = [
                    {**span, **{edge: span[edge] + text.count("\n", 0, span[edge])
                                for edge in ("start", "end")}}
                    for span in spans
                ]  # fmt: skip
            text = text.replace("\n", paper.line_end)
            count += 1
            shown = page if paper.has_pages and pages > 1 else None
            row = {
                "id": f"t{count:07}",
                "text": text,
                "kind": "document",
                "pages": {paper.name: [shown, shown]},
                "region": "US",
                "spans": spans,
            }
            gold.write(json.dumps(row, ensure_ascii=False) + "\n")
            written.append(text + 2 * paper.line_end)
    target.write_bytes("".join(written).encode(paper.encoding))
    return count


def _fitting(passages: Iterator[Passage], encoding: str) -> Passage:
    """Return the next passage that can be written in an encoding."""
    for text, spans in passages:
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            continue
        return text, spans
    raise AssertionError("passages never end")
