"""CSV files in which people enter something for a report: facts to check, page numbers.

The first line names the columns; comma, semicolon or tab stand between them. What is wrong is one
line that names file, line and column, never what stands there: it may be a protected name.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.search.terminal import printable

FILE_LIMIT = 16 << 20
"""Bytes of a file: some 100,000 lines; more were not typed by people."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of such a file."""

    number: int
    """Where it begins in the file, from 1."""
    cells: Mapping[str, str]
    """By column; blanks around them are taken off; columns that the file lacks are missing."""

    def get(self, column: str) -> str:
        """Return a cell, or "" where the file has none."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Entered:
    """A file as it was read."""

    name: str
    """Its path, made printable, for messages."""
    sha256: str
    """Of its bytes."""
    columns: tuple[str, ...]
    """Those that its first line names, in its order."""
    lines: tuple[Line, ...]
    """Those that hold anything, in the order of the file."""

    def wrong(self, line: int, what: str) -> ConfigError:
        """Return the error to raise of a line."""
        return ConfigError(f"{self.name}, line {line}: {what}")


def read_entered(
    path: Path, headings: Mapping[str, str], needed: tuple[str, ...], *, most: int
) -> Entered:
    """Read a file.

    Args:
        path: a CSV in UTF-8, with or without a byte-order mark.
        headings: what columns may be headed, in lower case, and the column that is meant.
        needed: columns that must be there.
        most: lines, the first apart, at most.

    Raises:
        ConfigError: it cannot be read, is no CSV, or its first line is not as it must be.
    """
    name = printable(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"{name}: cannot be read ({reason})") from error
    if len(data) > FILE_LIMIT:
        raise ConfigError(f"{name}: is larger than {FILE_LIMIT >> 20} MiB; split it")
    rows = _rows(name, text)
    first = next(rows, None)
    if first is None:
        raise ConfigError(f"{name}: is empty; its first line must name {', '.join(needed)}")
    columns = _columns(name, first, headings, needed)
    lines: list[Line] = []
    for number, cells in rows:
        if any(cells[len(columns) :]):
            raise ConfigError(
                f"{name}, line {number}: has more cells than the first line names; a cell that "
                'holds a comma or semicolon stands in quotation marks (")'
            )
        lines.append(Line(number, dict(zip(columns, cells, strict=False))))
        if len(lines) > most:
            raise ConfigError(f"{name}, line {number}: more than {most:,} lines; split the file")
    return Entered(name, hashlib.sha256(data).hexdigest(), columns, tuple(lines))


def _rows(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield lines that hold anything, each with the number of the line it begins on."""
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True
    )
    while True:
        number = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise ConfigError(f"{name}, line {number}: not CSV ({error})") from error
        if any(cells):
            yield number, cells


def _columns(
    name: str, first: tuple[int, list[str]], headings: Mapping[str, str], needed: tuple[str, ...]
) -> tuple[str, ...]:
    number, cells = first
    while cells and not cells[-1]:
        cells = cells[:-1]
    columns = [headings.get(" ".join(cell.lower().replace("_", " ").split())) for cell in cells]
    known = ", ".join(dict.fromkeys(headings.values()))
    for place, column in enumerate(columns, 1):
        if column is None:
            raise ConfigError(
                f"{name}, line {number}: column {place} has no heading that is known; known are "
                f"{known}"
            )
        if column in columns[: place - 1]:
            raise ConfigError(f"{name}, line {number}: two columns are headed {column}")
    found = tuple(column for column in columns if column is not None)
    missing = [column for column in needed if column not in found]
    if missing:
        raise ConfigError(
            f"{name}, line {number}: no column is headed {missing[0]}; known are {known}"
        )
    return found
