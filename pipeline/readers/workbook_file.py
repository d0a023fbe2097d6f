"""What a spreadsheet file is made of: is it safe to open, and what do its cells not hold?"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from pipeline.errors import SourceError

MOST_INFLATED = 1 << 30
"""Bytes of all that is opened of a workbook; a million rows of twenty cells take about half."""
MOST_RATIO = 250
"""Inflated over stored, past ``SMALL_INFLATED``; sheets of equal rows reach about 100."""
SMALL_INFLATED = 64 << 20
MOST_AREA = 25_000_000
"""Cells of the rectangle around all cells of a worksheet, which is held in memory as a whole."""
SPARSE_AREA = 4_000_000
"""The same where less than one cell in fifty holds anything."""
_BLOCK = 1 << 20
_OVERLAP = 64
_COLUMN = re.compile(rb"\sr=[\"']([A-Za-z]{1,9})[0-9]")
_ROW = re.compile(rb"\sr=[\"'][A-Za-z]{0,9}([0-9]{1,18})[\"']")
"""Past the last column (XFD) and row (1,048,576) too: the library panics on such claims."""
_SHARED = re.compile(rb"\st=[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,9})\s*<")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_BESIDE = re.compile(r"xl/(?:comments\d{0,9}|drawings/drawing\d{0,9})\.xml$")
"""Parts that a worksheet refers to; one that none does was left behind by damage."""
_OPENED = re.compile(
    r"(?:^xl/.*|^content|^styles|^meta|^settings|^META-INF/manifest)\.(?:xml|rels)$"
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Text beside the cells of a worksheet: a note, or the text of a shape."""

    row: int
    field: str
    """``note[B3]``, ``shape[1]``."""
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook that is a zip archive, and was found safe to open."""

    too_sparse: frozenset[str]
    """Names of worksheets whose cells lie too far apart to be held in memory."""
    remarks: dict[str, tuple[Remark, ...]]
    """By name of the worksheet."""
    is_damaged: bool
    """Whether parts that hold remarks could not be read."""


def open_package(content: Path | bytes, size: int) -> Package:
    """Check a workbook (XLSX, XLSM, ODS) before it is opened, and read its remarks.

    Args:
        content: the file.
        size: its bytes.

    Raises:
        SourceError: ``too_large`` (it inflates to more than can be read), ``encrypted_workbook``,
            ``broken_workbook``.
    """
    try:
        file = content if isinstance(content, Path) else io.BytesIO(content)
        with zipfile.ZipFile(file) as archive:
            return _package(archive, size)
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, struct.error, ValueError,
            NotImplementedError, RuntimeError, KeyError):  # fmt: skip
        raise broken() from None


def broken() -> SourceError:
    """Make the error for a workbook that cannot be opened."""
    return SourceError(
        "broken_workbook",
        "is a damaged workbook that cannot be opened; open it in a spreadsheet program, save a "
        "copy and add that",
    )


def encrypted() -> SourceError:
    """Make the error for a workbook behind a password."""
    return SourceError(
        "encrypted_workbook",
        "is a workbook protected by a password; open it with the password, save a copy without "
        "one, and add that",
    )


def _package(archive: zipfile.ZipFile, size: int) -> Package:
    members = {info.filename: info for info in archive.infolist() if _OPENED.match(info.filename)}
    if any(info.flag_bits & 1 for info in members.values()):
        raise encrypted()
    total = 0
    for info in members.values():
        total += _inflated_size(archive, info, MOST_INFLATED - total)
        if total > MOST_INFLATED or (total > SMALL_INFLATED and total > MOST_RATIO * size):
            raise SourceError(
                "too_large",
                f"is a workbook that inflates to more than {total >> 20:,} MiB; split it, or save "
                "its sheets as CSV",
            )
    if "content.xml" in members:
        _check_repeats(archive)
        return Package(frozenset(), {}, is_damaged=False)
    too_sparse: set[str] = set()
    remarks: dict[str, tuple[Remark, ...]] = {}
    damaged = False
    strings = _string_lengths(archive) if "xl/sharedStrings.xml" in members else []
    beside = {name for name in members if _BESIDE.match(name)}
    told: set[str] = set()
    for name, path in _worksheets(archive):
        if path not in members:
            continue
        if not _is_dense(archive, path, strings):
            too_sparse.add(name)
        try:
            parts = [
                (kind, target)
                for _, kind, target in _relations(archive, path)
                if kind in ("comments", "drawing")
            ]
            told.update(target for _, target in parts)
            remarks[name] = tuple(_remarks(archive, parts))
        except (expat.ExpatError, KeyError, ValueError):
            damaged = True
    return Package(frozenset(too_sparse), remarks, damaged or bool(beside - told))


def _inflated_size(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> int:
    """Measure what a member really inflates to; the directory may lie, and others believe it not.

    Stops soon after ``most``.
    """
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("unusual compression")
    if max(info.file_size, info.compress_size) > most:
        return max(info.file_size, info.compress_size)
    if info.compress_type == zipfile.ZIP_STORED:
        return info.compress_size
    file = archive.fp
    if file is None:
        raise ValueError("closed")
    file.seek(info.header_offset)
    name_length, extra_length = struct.unpack("<26xHH", file.read(30))
    file.seek(name_length + extra_length, io.SEEK_CUR)
    inflater = zlib.decompressobj(-15)
    total, left = 0, info.compress_size
    while left > 0 and not inflater.eof:
        data = file.read(min(left, _BLOCK))
        if not data:
            break
        left -= len(data)
        while data and total <= most:
            total += len(inflater.decompress(data, _BLOCK))
            data = inflater.unconsumed_tail
        if total > most:
            break
    return total


def _blocks(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """Yield a member in blocks that overlap a little, for patterns that must not be cut."""
    tail = b""
    with archive.open(path) as member:
        while block := member.read(_BLOCK):
            yield tail + block
            tail = block[-_OVERLAP:]


def _is_dense(archive: zipfile.ZipFile, path: str, strings: list[int]) -> bool:
    columns: set[bytes] = set()
    last_row = cells = 0
    longest = max(strings, default=0)
    referred = 0
    for block in _blocks(archive, path):
        columns.update(_COLUMN.findall(block))
        last_row = max(last_row, max(map(int, _ROW.findall(block)), default=0))
        cells += len(_CELL.findall(block))
        if longest * cells > MOST_INFLATED:
            known = (int(at) for at in _SHARED.findall(block))
            referred += sum(strings[at] for at in known if at < len(strings))
    if referred > MOST_INFLATED:
        return False
    width = max((_column(name) for name in columns), default=0)
    area = width * last_row
    return area <= SPARSE_AREA or (area <= MOST_AREA and cells * 50 >= area)


def _column(name: bytes) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number


def _string_lengths(archive: zipfile.ZipFile) -> list[int]:
    lengths: list[int] = []
    rest = 0
    with archive.open("xl/sharedStrings.xml") as member:
        while block := member.read(_BLOCK):
            first, *more = re.split(rb"</(?:\w+:)?si>", block)
            if more:
                lengths.append(rest + len(first))
                lengths += map(len, more[:-1])
                rest = len(more[-1])
            else:
                rest += len(first)
    return lengths


def _check_repeats(archive: zipfile.ZipFile) -> None:
    """Refuse an ODS sheet that repeats cells with content more than a sheet could hold.

    Empty rows and columns to the edge of the sheet are written so as well; those cost nothing.
    """
    repeated = 1
    cells = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal repeated, cells
        name = tag.rpartition(":")[2]
        if name == "table-row":
            repeated = _number(attributes, "number-rows-repeated")
        elif name in ("table-cell", "covered-table-cell") and any(
            key.rpartition(":")[2] == "value-type" for key in attributes
        ):
            cells += _number(attributes, "number-columns-repeated") * repeated
            if cells > MOST_AREA:
                raise SourceError(
                    "too_large",
                    f"is a workbook of more than {MOST_AREA:,} cells; split it, or save its "
                    "sheets as CSV",
                )

    parser = _parser()
    parser.StartElementHandler = start
    with archive.open("content.xml") as member:
        try:
            while block := member.read(_BLOCK):
                parser.Parse(block)
        except expat.ExpatError:
            raise broken() from None


def _number(attributes: dict[str, str], name: str) -> int:
    for key, value in attributes.items():
        if key.rpartition(":")[2] == name and value.isdecimal():
            return min(int(value[:9]), 1 << 21)
    return 1


def _worksheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield name and path of every sheet, as the workbook lists them."""
    try:
        targets = {key: target for key, _, target in _relations(archive, "xl/workbook.xml")}
        found: list[tuple[str, str]] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag.rpartition(":")[2] == "sheet":
                key = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
                if key in targets:
                    found.append((attributes.get("name", ""), targets[key]))

        parser = _parser()
        parser.StartElementHandler = start
        parser.Parse(archive.read("xl/workbook.xml"), True)
    except expat.ExpatError:
        raise broken() from None
    yield from found


def _relations(archive: zipfile.ZipFile, path: str) -> list[tuple[str, str, str]]:
    """Return id, kind and path of the parts that a part refers to."""
    folder, name = posixpath.split(path)
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in archive.NameToInfo:
        return []
    found: list[tuple[str, str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            target = attributes.get("Target", "")
            whole = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
            kind = attributes.get("Type", "").rpartition("/")[2]
            found.append((attributes.get("Id", ""), kind, whole))

    parser = _parser()
    parser.StartElementHandler = start
    parser.Parse(archive.read(listed), True)
    return found


def _remarks(archive: zipfile.ZipFile, parts: list[tuple[str, str]]) -> Iterator[Remark]:
    """Yield what stands beside the cells; a part that is not there raises KeyError."""
    for kind, target in parts:
        if kind == "comments":
            yield from _notes(archive.read(target))
            continue
        for at, text in enumerate(_shapes(archive.read(target)), 1):
            yield Remark(1, f"shape[{at}]", "", text)


def _notes(data: bytes) -> list[Remark]:
    authors: list[str] = []
    found: list[Remark] = []
    pieces: list[str] = []
    place = ["", ""]
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        inside.append(name)
        if name == "author":
            pieces.clear()
        elif name == "comment":
            pieces.clear()
            place[:] = [attributes.get("ref", ""), attributes.get("authorId", "")]

    def end(tag: str) -> None:
        name = inside.pop()
        if name == "author":
            authors.append("".join(pieces))
        elif name == "comment":
            ref, by = place
            author = authors[int(by)] if by.isdecimal() and int(by) < len(authors) else ""
            row = int("".join(mark for mark in ref if "0" <= mark <= "9")[:7] or 1)
            if text := "".join(pieces):
                found.append(Remark(row, f"note[{ref}]", author, text))

    def data_handler(text: str) -> None:
        if inside and inside[-1] in ("t", "author"):
            pieces.append(text)

    _parse(data, start, end, data_handler)
    return found


def _shapes(data: bytes) -> list[str]:
    found: list[str] = []
    pieces: list[str] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        inside.append(tag.rpartition(":")[2])

    def end(tag: str) -> None:
        name = inside.pop()
        if name == "p":
            pieces.append("\n")
        elif name == "txBody":
            if text := "".join(pieces).strip("\n"):
                found.append(text)
            pieces.clear()

    def data_handler(text: str) -> None:
        if inside and inside[-1] == "t":
            pieces.append(text)

    _parse(data, start, end, data_handler)
    return found


def _parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    parser = _parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.Parse(data, True)


def _parser() -> expat.XMLParserType:
    """A parser that refuses a document type, hence every entity but the five of XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise ValueError("a document type in a part of a workbook")

    parser.StartDoctypeDeclHandler = refuse
    return parser
