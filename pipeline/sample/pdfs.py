"""A synthetic PDF of paragraphs, with gold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.sample.company import Company, gather
from pipeline.sample.pdf_writer import GAP, LEADING, TOP, Sheet, write_pdf

_FOOT = 60
_WIDTH = 80
"""Characters of a line; Helvetica of 11 points has room for some 90 of the usual mix."""
_INTRO = (
    "Item {number}, as the officer copied it from the telephone:",
    "{number}. Read out by the person at the desk:",
    "Note {number}, said on the telephone that evening:",
)
_NAME = "report.pdf"

Paragraph = tuple[str, list[dict[str, Any]]]


def make_pdf(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write a PDF and its gold, a row for each paragraph.

    Lines are wrapped at blanks, so that a number or a name may run over two of them.

    Args:
        out: a folder; gets ``report.pdf`` and ``gold.jsonl``.
        pages: sheets.
        seed: any integer.
        wordlist: ``a`` or ``b``.

    Returns:
        The folder.

    Raises:
        ValueError: fewer than one page, or no such word list.
        OSError: the place cannot be written to.
    """
    company = gather("pdf", pages, seed, wordlist)
    out.mkdir(parents=True, exist_ok=True)
    paragraphs = _paragraphs(company)
    sheets: list[Sheet] = []
    count = 0
    with (out / "gold.jsonl").open("w", encoding="utf-8", newline="\n") as gold:
        waiting: Paragraph | None = None
        for page in range(1, pages + 1):
            room, lines = TOP - _FOOT, 1
            shown: list[list[str]] = []
            while True:
                text, spans = waiting or next(paragraphs)
                parts = text.split("\n")
                room -= len(parts) * LEADING + GAP
                if room < 0:
                    waiting = (text, spans)
                    break
                waiting = None
                count += 1
                row = {
                    "id": f"d{count:07}", "text": text, "kind": "document",
                    "pages": {_NAME: [page, page]}, "line": lines, "region": "US", "spans": spans,
                }  # fmt: skip
                gold.write(json.dumps(row, ensure_ascii=False) + "\n")
                shown.append(parts)
                lines += len(parts)
            sheets.append(Sheet(shown))
    write_pdf(out / _NAME, sheets, [("Title", "Report"), ("Producer", "triage sample")])
    return out


def _paragraphs(company: Company) -> Iterator[Paragraph]:
    number = 0
    while True:
        text, spans = company.message()
        wrapped = _wrapped(text)
        if wrapped is None:
            continue
        number += 1
        intro = company.rng.choice(_INTRO).format(number=number) + "\n"
        moved = [
            {**span, "start": span["start"] + len(intro), "end": span["end"] + len(intro)}
            for span in spans
        ]
        yield intro + wrapped, moved


def _wrapped(text: str) -> str | None:
    """Break lines at blanks, each blank for a line end; None for what a PDF would show otherwise.

    Several blanks in a row would come back as one; a hyphen at a line's end may.
    """
    if len(text) > 2000 or "  " in text or "\xad" in text or "\xa0" in text:
        return None
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return None
    lines: list[str] = []
    for line in text.split("\n"):
        if line != line.strip() or not line or "\t" in line:
            return None
        while len(line) > _WIDTH:
            at = line.rfind(" ", 0, _WIDTH + 1)
            if at <= 0:
                return None
            lines.append(line[:at])
            line = line[at + 1 :]
        lines.append(line)
    return "\n".join(lines)
