"""Writes the least of a spreadsheet file that spreadsheet programs open (ECMA-376)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | float | bool | datetime | None

_DATE = (2024, 6, 3, 12, 0, 0)
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's times have no zone
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet."""

    name: str
    rows: Iterable[Sequence[Cell]]
    """An empty row leaves its row out; None leaves a cell out."""
    is_hidden: bool = False
    notes: Sequence[tuple[str, str, str]] = ()
    """(cell, author, text) of each."""


def write_workbook(out: Path, sheets: Sequence[Sheet]) -> None:
    """Write a workbook; equal arguments give equal bytes with one version of zlib.

    Raises:
        OSError: the place cannot be written to.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in _frame(sheets):
            archive.writestr(_member(name), text)
        for number, sheet in enumerate(sheets, 1):
            with archive.open(_member(f"xl/worksheets/sheet{number}.xml"), "w") as member:
                for piece in _worksheet(sheet):
                    member.write(piece.encode())
            if sheet.notes:
                archive.writestr(_member(f"xl/comments{number}.xml"), _notes(sheet))
                archive.writestr(
                    _member(f"xl/worksheets/_rels/sheet{number}.xml.rels"),
                    _relations([("comments", f"../comments{number}.xml")]),
                )


def column_name(at: int) -> str:
    """Return the letters of a column, counted from 0."""
    name = ""
    at += 1
    while at:
        at, letter = divmod(at - 1, 26)
        name = chr(65 + letter) + name
    return name


def _frame(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    parts = [("workbook", "sheet.main"), ("styles", "styles")]
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in [
            *parts,
            *((f"worksheets/sheet{at}", "worksheet") for at in range(1, len(sheets) + 1)),
            *((f"comments{at}", "comments") for at, one in enumerate(sheets, 1) if one.notes),
        ]
    )
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f"{overrides}</Types>",
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    listed = "".join(
        f"<sheet name={quoteattr(sheet.name)} sheetId={quoteattr(str(at))}"
        f'{" state=" + quoteattr("hidden") if sheet.is_hidden else ""} r:id="rId{at}"/>'
        for at, sheet in enumerate(sheets, 1)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>',
    )
    targets = [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    # format 1 is the built-in date and time (22)
    yield (
        "xl/styles.xml",
        f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1">'
        '<fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/>'
        '</cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" '
        'applyNumberFormat="1"/></cellXfs></styleSheet>',
    )


def _worksheet(sheet: Sheet) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'
    for number, row in enumerate(sheet.rows, 1):
        if row:
            cells = "".join(_cell(f"{column_name(at)}{number}", one) for at, one in enumerate(row))
            yield f'<row r="{number}">{cells}</row>'
    yield "</sheetData></worksheet>"


def _cell(place: str, value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if isinstance(value, datetime):
        days = (value - _EPOCH).total_seconds() / 86400
        return f'<c r="{place}" s="1"><v>{days!r}</v></c>'
    # a bare carriage return is read as a line feed (XML 1.0, 2.11)
    text = escape(value, {"\r": "&#13;"})
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _notes(sheet: Sheet) -> str:
    authors = sorted({author for _, author, _ in sheet.notes})
    listed = "".join(f"<author>{escape(author)}</author>" for author in authors)
    notes = "".join(
        f'<comment ref="{place}" authorId="{authors.index(author)}"><text><r>'
        f'<t xml:space="preserve">{escape(text)}</t></r></text></comment>'
        for place, author, text in sheet.notes
    )
    return (
        f'{_HEAD}<comments xmlns="{_MAIN}"><authors>{listed}</authors>'
        f"<commentList>{notes}</commentList></comments>"
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{_REL}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    info.create_system = 3
    return info
