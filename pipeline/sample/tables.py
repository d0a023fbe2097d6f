"""Synthetic tables of messages, as CSV of several writings and as a workbook, with gold."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal

from pipeline.sample.company import DAYS, EPOCH, Company, gather
from pipeline.sample.workbook import Cell, Sheet, write_workbook

ROWS_A_PAGE = 20
LABELS = ("Date (UTC)", "From", "To", "Reference", "Message")


@dataclass(frozen=True, slots=True)
class _Paper:
    """A file to be written."""

    name: str
    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\n"
    title: tuple[tuple[str, ...], ...] = ()
    quoting: Literal[0, 1, 2, 3] = csv.QUOTE_MINIMAL


_PAPERS = (
    _Paper("messages.csv"),
    _Paper("messages.tsv", "\t", "utf-16", "\r\n"),
    _Paper(
        "semicolon.csv", ";", "cp1252", "\r\n",
        title=(("Export of messages",), ("Rows below are in order of time",), ()),
    ),
    _Paper("quoted.csv", ",", "utf-8-sig", "\r\n", quoting=csv.QUOTE_ALL),
    _Paper("old.csv", "|", "utf-8", "\r", quoting=csv.QUOTE_NONNUMERIC),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    sent: datetime
    author: str
    other: str
    reference: int
    text: str
    spans: list[dict[str, Any]]


def make_csv(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write delimited texts and their gold, a row for each row below a header.

    Equal arguments give equal bytes.

    Args:
        out: a folder; gets the tables and ``gold.jsonl``.
        pages: of twenty rows each, over all tables.
        seed: any integer.
        wordlist: ``a`` or ``b``.

    Returns:
        The folder.

    Raises:
        ValueError: fewer than one page, or no such word list.
        OSError: the place cannot be written to.
    """
    rows = _rows("csv", pages, seed, wordlist)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "gold.jsonl").open("w", encoding="utf-8", newline="\n") as gold:
        count = 0
        for at, paper in enumerate(_PAPERS):
            share = pages // len(_PAPERS) + (at < pages % len(_PAPERS))
            if share:
                count = _write(out / paper.name, paper, share * ROWS_A_PAGE, rows, gold, count)
    return out


def make_xlsx(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write a workbook of two worksheets and its gold; see :func:`make_csv`."""
    rows = _rows("xlsx", pages, seed, wordlist)
    out.mkdir(parents=True, exist_ok=True)
    name = "messages.xlsx"
    whole = pages * ROWS_A_PAGE
    sheets: list[Sheet] = []
    with (out / "gold.jsonl").open("w", encoding="utf-8", newline="\n") as gold:
        count = 0
        titles: tuple[tuple[str, list[list[Cell]]], ...] = (
            ("Messages", []),
            ("Older", [["Messages that were kept"], []]),
        )
        for number, (title, lines) in enumerate(titles, 1):
            lines.append(list(LABELS))
            for _ in range(whole - whole // 2 if number == 1 else whole // 2):
                row = next(rows)
                count += 1
                lines.append([row.sent.replace(tzinfo=None), row.author, row.other,
                              row.reference, row.text])  # fmt: skip
                stamp = f"{row.sent:%Y-%m-%d %H:%M:%S}"
                gold.write(_gold(row, stamp, count, {name: [number, number]}, len(lines)))
            sheets.append(Sheet(title, lines))
    write_workbook(out / name, sheets)
    return out


def _rows(kind: str, pages: int, seed: int, wordlist: str) -> Iterator[_Row]:
    company = gather(kind, pages, seed, wordlist)
    return _endless(company, max(60, DAYS * 86400 // (pages * ROWS_A_PAGE + 1)))


def _endless(company: Company, step: int) -> Iterator[_Row]:
    rng, chat, cast = company.rng, company.chat, company.cast
    when = EPOCH
    while True:
        when += rng.randrange(1, 2 * step)
        people = [cast.target, rng.choice(cast.counterparts)]
        rng.shuffle(people)
        text, spans = chat.message(people[0], people[1], rng.choice(chat.topics))
        # a workbook has no control characters; a delimiter alone would not be quoted
        if "\t" in text or "\r" in text or text != text.strip():
            continue
        yield _Row(
            datetime.fromtimestamp(when, UTC), people[0].name_at(when), people[1].name_at(when),
            rng.randrange(10**11, 10**12), text, spans,
        )  # fmt: skip


def _write(
    target: Path, paper: _Paper, size: int, rows: Iterator[_Row], gold: IO[str], count: int
) -> int:
    """Write a table and its gold; return the number of rows so far."""
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=paper.delimiter, lineterminator=paper.line_end, quoting=paper.quoting
    )
    writer.writerows(paper.title)
    writer.writerow(LABELS)
    line = 2 + len(paper.title)
    written = 0
    while written < size:
        row = _typed(next(rows), paper.encoding)
        stamp = f"{row.sent:%Y-%m-%dT%H:%M:%SZ}"
        cells = (stamp, row.author, row.other, row.reference, row.text)
        try:
            "\t".join(map(str, cells)).encode(paper.encoding)
        except UnicodeEncodeError:
            continue
        writer.writerow(cells)
        written += 1
        count += 1
        gold.write(_gold(row, stamp, count, {paper.name: [None, None]}, line))
        line += 1 + row.text.count("\n")
    target.write_bytes(text.getvalue().encode(paper.encoding))
    return count


def _typed(row: _Row, encoding: str) -> _Row:
    """Leave signs out of the names that a file of this encoding cannot hold.

    The account's own name stands in each of its rows: none would be left.
    """
    author, other = (
        name.encode(encoding, "ignore").decode(encoding).strip() for name in (row.author, row.other)
    )
    return replace(row, author=author, other=other)


def _gold(row: _Row, stamp: str, count: int, pages: dict[str, Any], line: int) -> str:
    """Write the gold of a row: its cells joined by tabs, the message's spans moved behind them."""
    text = f"{stamp}\t{row.author}\t{row.other}\t{row.reference}\t"
    spans: list[dict[str, Any]] = []
    start = len(stamp) + 1
    for name in (row.author, row.other):
        note = "optional display name in a cell of its own"
        spans.append({"start": start, "end": start + len(name), "label": "alias", "note": note})
        start += len(name) + 1
    spans += (
        {**span, "start": span["start"] + len(text), "end": span["end"] + len(text)}
        for span in row.spans
    )
    whole = {
        "id": f"r{count:07}",
        "text": text + row.text,
        "kind": "row",
        "sent_at": f"{row.sent:%Y-%m-%dT%H:%M:%SZ}",
        "pages": pages,
        "line": line,
        "region": "US",
        "spans": spans,
    }
    return json.dumps(whole, ensure_ascii=False) + "\n"
