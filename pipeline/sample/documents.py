"""Synthetic Word documents and web pages, with gold."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from pipeline.sample.company import gather

Spans = list[dict[str, Any]]
Passage = tuple[str, Spans]

_PASSAGES_A_PAGE = 8
_LINK = "https://www.example.com/list?a=1&b=2"
_HEADER = "Copied by hand; see the original"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DATE = "2024-03-05T09:30:00Z"
_ZIP_DATE = (2024, 6, 3, 12, 0, 0)


class Writer:
    """Who is there to write, and the gold of what they wrote."""

    def __init__(self, name: str, pages: int, seed: int, wordlist: str) -> None:
        """Invent the people.

        Raises:
            ValueError: fewer than one page, or no such word list.
        """
        self.company = gather(name, pages, seed, wordlist)
        self.rng = self.company.rng
        self.rows: list[dict[str, Any]] = []

    def passages(self) -> Iterator[Passage]:
        """Yield what somebody wrote, without end."""
        while True:
            text, spans = self.company.message()
            if all(line.strip() for line in text.split("\n")):
                yield text, spans

    def note(self, kind: str, text: str, spans: Spans, **stated: Any) -> None:
        """Add a row of gold."""
        self.rows.append({
            "id": f"d{len(self.rows) + 1:07}", "text": text, "kind": kind, **stated,
            "region": "US", "spans": spans,
        })  # fmt: skip

    def write_gold(self, out: Path) -> None:
        """Write ``gold.jsonl``."""
        with (out / "gold.jsonl").open("w", encoding="utf-8", newline="\n") as gold:
            for row in self.rows:
                gold.write(json.dumps(row, ensure_ascii=False) + "\n")


def after(lead: str, passage: Passage) -> Passage:
    """Put words before a passage; its spans move with it."""
    text, spans = passage
    return lead + text, [
        {**span, "start": span["start"] + len(lead), "end": span["end"] + len(lead)}
        for span in spans
    ]


def _beside(cells: list[Passage]) -> Passage:
    """Join cells as a row's text has them."""
    text, spans = cells[0]
    for cell in cells[1:]:
        joined, moved = after(f"{text}\t", cell)
        text, spans = joined, spans + moved
    return text, spans


def make_html(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write a web page and its gold, a row for its title, each paragraph and each row of a table.

    Equal arguments give equal bytes.

    Args:
        out: a folder; gets ``page.html`` and ``gold.jsonl``.
        pages: of eight passages each.
        seed: any integer.
        wordlist: ``a`` or ``b``.

    Returns:
        The folder.

    Raises:
        ValueError: fewer than one page, or no such word list.
        OSError: the place cannot be written to.
    """
    writer = Writer("html", pages, seed, wordlist)
    passages, rng = writer.passages(), writer.rng
    on: dict[str, Any] = {"pages": {"page.html": [None, None]}}
    title = "Saved page & notes"
    writer.note("document", title, [], **on)
    lines = [
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
        f"<title>{escape(title)}</title>",
        "<style>p { margin: 0 }</style>\n<script>if (1 < 2) { var p = '<p>no</p>'; }</script>",
        "</head>\n<body>\n<!-- nothing to be seen here -->",
    ]
    for number in range(pages * _PASSAGES_A_PAGE):
        draw = rng.random()
        if draw < 0.2:
            cells = [(f"{number + 1}", []), next(passages)]
            shown = "".join(f"\n  <td>{_html(text)}</td>" for text, _ in cells)
            lines.append(f"<table>\n <tr>{shown}\n </tr>\n</table>")
            writer.note("row", *_beside(cells), **on)
            continue
        text, spans = after(f"Item {number + 1}: ", next(passages))
        writer.note("document", text, spans, **on)
        inside = _html(text)
        if draw < 0.3:
            inside = f'<a href="{escape(_LINK)}">{inside}</a>'
        elif draw < 0.4:
            inside = f"<b>{inside[:4]}</b>{inside[4:]}"
        tag = rng.choice(("p", "p", "div", "li", "blockquote"))
        lines.append(f"<{tag}>\n  {inside}\n</{tag}>")
    out.mkdir(parents=True, exist_ok=True)
    page = "\n".join([*lines, "</body></html>\n"])
    (out / "page.html").write_text(page, encoding="utf-8", newline="\n")
    writer.write_gold(out)
    return out


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>\n    ")


def make_docx(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write a Word document and its gold, a row for each passage wherever it stands.

    Equal arguments give equal bytes of the gold, and of the document with one version of zlib.

    Args:
        out: a folder; gets ``document.docx`` and ``gold.jsonl``.
        pages: of eight passages each.
        seed: any integer.
        wordlist: ``a`` or ``b``.

    Returns:
        The folder.

    Raises:
        ValueError: fewer than one page, or no such word list.
        OSError: the place cannot be written to.
    """
    writer = Writer("docx", pages, seed, wordlist)
    passages, rng = writer.passages(), writer.rng
    on: dict[str, Any] = {"pages": {"document.docx": [None, None]}}
    numbers = count(1)
    body: list[str] = []
    notes: dict[str, list[str]] = {"footnote": [], "comment": []}
    kept: list[Passage] = []
    for number in range(pages * _PASSAGES_A_PAGE):
        passage = after(f"Item {number + 1}: ", next(passages))
        draw = rng.random()
        if draw < 0.15:
            cells = [(f"{number + 1}", []), next(passages), passage]
            row = "".join(f"<w:tc>{_paragraph(_run(text))}</w:tc>" for text, _ in cells)
            body.append(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>")
            writer.note("row", *_beside(cells), **on)
            continue
        writer.note("document", *passage, **on)
        runs = _run(passage[0])
        if draw < 0.25:
            runs = f'<w:hyperlink r:id="rId9">{runs}</w:hyperlink>'
        elif draw < 0.32:
            # what stood there before the item was numbered anew
            lead, text = f"Item {number + 1}: ", passage[0]
            before = after("Item: ", (text[len(lead) :], _moved(passage[1], -len(lead))))
            mark = f'w:id="{number}" w:author="Robin Example" w:date="{_DATE}"'
            runs = (
                f"<w:del {mark}>{_run('Item: ', 'w:delText')}</w:del>"
                f"<w:ins {mark}>{_run(lead)}</w:ins>{_run(text[len(lead) :])}"
            )
            writer.note("document", *before, **on)
        elif draw < 0.42:
            kind = rng.choice(sorted(notes))
            place = next(numbers)
            runs += f'<w:r><w:{kind}Reference w:id="{place}"/></w:r>'
            kept.append(next(passages))
            notes[kind].append(
                f'<w:{kind} w:id="{place}" w:author="Robin Example" w:date="{_DATE}">'
                f"{_paragraph(_run(kept[-1][0]))}</w:{kind}>"
            )
        body.append(_paragraph(runs))
    for passage in kept:
        writer.note("document", *passage, **on)
    writer.note("document", _HEADER, [], **on)
    out.mkdir(parents=True, exist_ok=True)
    _zip_docx(out / "document.docx", body, notes)
    writer.write_gold(out)
    return out


def _moved(spans: Spans, by: int) -> Spans:
    return [{**span, "start": span["start"] + by, "end": span["end"] + by} for span in spans]


def _run(text: str, element: str = "w:t") -> str:
    pieces = (
        f'<{element} xml:space="preserve">{escape(line, quote=False)}</{element}>'
        for line in text.split("\n")
    )
    return f"<w:r>{'<w:br/>'.join(pieces)}</w:r>"


def _paragraph(runs: str) -> str:
    return f"<w:p>{runs}</w:p>"


def _zip_docx(target: Path, body: list[str], notes: dict[str, list[str]]) -> None:
    parts = {"footnotes": notes["footnote"], "comments": notes["comment"]}
    parts["header1"] = [_paragraph(_run(_HEADER))]
    kinds = {"footnotes": "footnotes", "comments": "comments", "header1": "hdr"}
    declare: Callable[[str, str], str] = lambda name, kind: (  # noqa: E731
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/{name.rstrip("1")}" Target="{name}.xml"/>'
        for number, name in enumerate(parts, 1)
    )
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/>' + declare("document", "document.main")
        + "".join(declare(name, {"hdr": "header"}.get(kind, kind)) for name, kind in kinds.items())
        + "</Types>",
        "_rels/.rels": _relations(
            f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/document.xml": _root("document", f"<w:body>{''.join(body)}</w:body>"),
        "word/_rels/document.xml.rels": _relations(
            f'{related}<Relationship Id="rId9" Type="{_R}/hyperlink" Target="{escape(_LINK)}" '
            'TargetMode="External"/>'
        ),
        **{
            f"word/{name}.xml": _root(kinds[name], "".join(inside))
            for name, inside in parts.items()
        },
    }  # fmt: skip
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 3
            archive.writestr(info, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')


def _root(name: str, inside: str) -> str:
    return f'<w:{name} xmlns:w="{_W}" xmlns:r="{_R}">{inside}</w:{name}>'


def _relations(inside: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{inside}</Relationships>'
