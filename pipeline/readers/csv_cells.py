"""Rows and cells of delimited text, by its quotes; bounded where quotes do not pair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.readers.table_rows import LINE_END

CELL_LIMIT = 1 << 20
"""Characters that a quoted cell may have; a quote that opens more than that opens nothing."""
CELL_LINES = 10_000
"""Lines that a quoted cell may have."""
_EOL = r"(?:\r\n|\r|\n|\Z)"


@dataclass(slots=True)
class CsvRow:
    """A row as it stands in the text."""

    start: int
    end: int
    """One past its last character, the line end included."""
    cells: list[str]
    """Without the quotes around them; doubled quotes single."""
    lines: int
    """Physical lines it takes."""
    strays: int = 0
    """Quotes within quoted cells that are not doubled, as they should be."""
    unpaired: int = 0
    """Cells that begin with a quote which nothing closes; read to the end of their line."""

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything but white space."""
        return not any(cell and not cell.isspace() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class _Patterns:
    plain_line: re.Pattern[str]
    """A line without any quote."""
    row: re.Pattern[str]
    """A row whose quoted cells are as they should be."""
    rows: re.Pattern[str]
    """As many such rows, each with a line end, as follow each other."""
    quoted: re.Pattern[str]
    """A quoted cell as it should be, over any lines."""
    loose: re.Pattern[str]
    """A quoted cell on one line, with quotes inside that are not doubled."""
    padded: re.Pattern[str]
    """A quoted cell on one line after blanks."""
    bare: re.Pattern[str]


@lru_cache(maxsize=8)
def _patterns(delimiter: str) -> _Patterns:
    # possessive throughout: nothing here can be matched in two ways, so all of it takes linear time
    cut = re.escape(delimiter)
    blank = "[ ]{0,8}" if delimiter != " " else ""
    closes = rf"{blank}(?=[{cut}\r\n]|\Z)"
    quoted = rf'"((?:[^"]++|"")*+)"{closes}'
    bare = rf"[^{cut}\r\n]*+"
    cell = rf'(?:{quoted.replace("((", "(?:(")}|(?!{blank}"){bare})'
    row = rf"{cell}(?:{cut}{cell})*+"
    return _Patterns(
        plain_line=re.compile(rf'([^"\r\n]*+){_EOL}'),
        row=re.compile(rf"({row}){_EOL}"),
        rows=re.compile(rf"(?:{row}(?:\r\n|\r|\n))*+"),
        quoted=re.compile(quoted),
        loose=re.compile(rf'"((?:[^"\r\n]++|""|"(?!{closes}))*+)"{closes}'),
        padded=re.compile(rf'[ ]{{1,8}}"((?:[^"\r\n]++|"")*+)"{closes}'),
        bare=re.compile(bare),
    )


def csv_rows(text: str, delimiter: str, *, columns: int = 0) -> Iterator[CsvRow]:
    """Read rows, blank ones too; every character belongs to one of them.

    A quote opens a cell only at its beginning (RFC 4180). Quotes inside that are not doubled are
    taken as they stand if the cell ends on its line. A cell that nothing closes within
    ``CELL_LIMIT`` and ``CELL_LINES`` ends with its line, so that one quote never swallows what
    follows.

    Args:
        text: the text, from the beginning of a row.
        delimiter: one character.
        columns: width of the table, if known: a row over several lines is read again line by line
            if its lines alone have that width.
    """
    patterns = _patterns(delimiter)
    at, size = 0, len(text)
    while at < size:
        line = patterns.plain_line.match(text, at)
        if line is not None:
            yield CsvRow(at, line.end(), line[1].split(delimiter), 1)
            at = line.end()
            continue
        row = _whole_row(text, at, patterns) or _mended_row(text, at, delimiter, patterns)
        if columns and row.lines > 1 and _seems_joined(text, row, delimiter, columns):
            end = _line_end(text, at)
            literal = text[at:end].rstrip("\r\n").split(delimiter)
            row = CsvRow(at, end, literal, 1, unpaired=1)
        yield row
        at = row.end


def last_row_end(text: str, delimiter: str, limit: int) -> int:
    """Return where the last row ends that ends with a line end at or before a limit; 0 = none.

    Args:
        text: the text, from the beginning of a row, and ``CELL_LIMIT`` more than the limit, or to
            its end.
        delimiter: one character.
        limit: an index.
    """
    patterns = _patterns(delimiter)
    at = 0
    while at < limit:
        whole = patterns.rows.match(text, at, limit)
        end = whole.end() if whole else at
        if end == at:
            row = _whole_row(text, at, patterns) or _mended_row(text, at, delimiter, patterns)
            end = row.end
            if end > limit or text[end - 1] not in "\r\n":
                break
        at = end
    # the limit may lie within a line end of two characters
    return at + 1 if at and text[at - 1] == "\r" and text[at : at + 1] == "\n" else at


def count_lines(text: str) -> int:
    """Count the line ends of a text."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _whole_row(text: str, at: int, patterns: _Patterns) -> CsvRow | None:
    match = patterns.row.match(text, at)
    if match is None:
        return None
    stop = match.end(1)
    cells: list[str] = []
    here = at
    while True:
        if text.startswith('"', here):
            quoted = patterns.quoted.match(text, here)
            if quoted is None or not _is_bounded(text, *quoted.span(1)):
                return None
            cells.append(quoted[1].replace('""', '"'))
            end = quoted.end()
        else:
            bare = patterns.bare.match(text, here)
            end = bare.end() if bare else stop
            cells.append(text[here:end])
        if end >= stop:
            break
        here = end + 1
    return CsvRow(at, match.end(), cells, 1 + count_lines(text[at:stop]))


def _mended_row(text: str, at: int, delimiter: str, patterns: _Patterns) -> CsvRow:
    """Read a row whose quotes are not as they should be, cell by cell."""
    row = CsvRow(at, at, [], 1)
    here, size = at, len(text)
    hopeless = False
    """Whether the line has a quote that it does not close: looking again would take square time."""
    while True:
        end = here
        if text.startswith('"', here):
            match = patterns.quoted.match(text, here)
            if match is not None and _is_bounded(text, *match.span(1)):
                row.cells.append(match[1].replace('""', '"'))
                lines = count_lines(match[1])
                row.lines += lines
                end = match.end()
                hopeless = hopeless and not lines
            elif not hopeless:
                match = patterns.loose.match(text, here)
                hopeless = match is None
                if match is not None:
                    row.cells.append(match[1].replace('""', '"'))
                    row.strays += 1
                    end = match.end()
        elif text.startswith(" ", here) and not hopeless:
            match = patterns.padded.match(text, here)
            if match is not None:
                row.cells.append(match[1].replace('""', '"'))
                end = match.end()
        if end == here:
            match = patterns.bare.match(text, here)
            end = match.end() if match else size
            row.cells.append(text[here:end])
            row.unpaired += text.startswith('"', here)
        if end >= size or text[end] != delimiter:
            break
        here = end + 1
    row.end = _line_end(text, end)
    return row


def _is_bounded(text: str, start: int, end: int) -> bool:
    if end - start <= CELL_LINES:
        return True
    return end - start <= CELL_LIMIT and count_lines(text[start:end]) <= CELL_LINES


def _seems_joined(text: str, row: CsvRow, delimiter: str, columns: int) -> bool:
    """Tell whether the lines of a row are rows, joined by quotes that were meant as they stand."""
    if len(row.cells) != columns:
        end = _line_end(text, row.start)
        return text.count(delimiter, row.start, end) == columns - 1
    lines = LINE_END.split(text[row.start : row.end].rstrip("\r\n"))
    return columns > 2 and all(line.count(delimiter) == columns - 1 for line in lines)


def _line_end(text: str, at: int) -> int:
    match = LINE_END.search(text, at)
    return match.end() if match else len(text)
