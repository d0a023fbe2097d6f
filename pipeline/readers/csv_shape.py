"""Finds how a delimited text is laid out: what parts its cells, and where its header stands."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from pipeline.readers.csv_cells import CsvRow, csv_rows
from pipeline.readers.table_rows import TITLE_ROWS, find_header

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE_ROWS = 400
NAMED_SHARE = 0.6
"""Share of rows as wide as a neighbour that makes a table of a file with a table's name."""
BLIND_SHARE = 0.95
"""Share of rows of one width that makes a table of any file."""
BLIND_ROWS = 3
BLIND_COLUMNS = 3
_OTHER_MARKUP = re.compile(r"\s*(?:[{\[<]|%PDF|BEGIN:V|From |PK)")


@dataclass(frozen=True, slots=True)
class Shape:
    """Layout of a table."""

    delimiter: str
    columns: int
    header: int | None
    """Where in the text the header begins; None: it has none."""
    labels: tuple[str, ...]
    share: float
    """Share of rows, from the header on, that have that many columns."""
    paired: float
    """Share of rows of several cells that are as wide as the one before or after."""
    rows: int
    """Rows looked at, from the header on, without blank ones."""

    def words(self) -> str:
        """Describe it for people."""
        parted = DELIMITERS[self.delimiter]
        header = "a header" if self.header is not None else "no header"
        return f"{self.columns} columns parted by {parted} in {self.share:.0%} of rows, {header}"


def shape_of(text: str, *, is_whole: bool) -> Shape | None:
    """Say how a table is laid out.

    The delimiter is the one whose rows agree best in their number of cells.

    Args:
        text: its beginning.
        is_whole: whether it is all of it; the last row counts for nothing when it is not.

    Returns:
        The layout; None when no delimiter gives rows of two cells.
    """
    shapes = [
        shape for delimiter in DELIMITERS if (shape := _shape(text, delimiter, is_whole=is_whole))
    ]
    if not shapes:
        return None
    return max(shapes, key=_quality)


def is_table(shape: Shape, *, named: bool) -> bool:
    """Say whether a text so laid out is a table.

    Args:
        shape: its layout.
        named: whether the file's name says that it is one.
    """
    if named:
        return shape.share >= NAMED_SHARE or shape.paired >= NAMED_SHARE
    return (
        shape.share >= BLIND_SHARE
        and shape.rows >= BLIND_ROWS
        and shape.columns >= BLIND_COLUMNS
        and shape.header is not None
    )


def is_other_format(text: str) -> bool:
    """Tell whether a text begins as markup, JSON or another format does that has commas, too."""
    return _OTHER_MARKUP.match(text) is not None


def _quality(shape: Shape) -> tuple[float, bool, float, int]:
    # a tenth of the rows more or less is chance: titles and totals have other widths
    return round(shape.share, 1), shape.header is not None, round(shape.paired, 1), shape.columns


def _shape(text: str, delimiter: str, *, is_whole: bool) -> Shape | None:
    if delimiter not in text:
        return None
    rows = list(islice(csv_rows(text, delimiter), _SAMPLE_ROWS + 1))
    if len(rows) > 1 and (len(rows) > _SAMPLE_ROWS or not is_whole):
        rows.pop()
    filled = [row for row in rows if not row.is_blank]
    widths = Counter(len(row.cells) for row in filled if len(row.cells) > 1)
    if not widths:
        return None
    columns = max(widths, key=lambda width: (widths[width], width))
    header = find_header([row.cells for row in rows[:TITLE_ROWS]], columns)
    body = [row for row in rows[header or 0 :] if not row.is_blank]
    first = next((at for at, row in enumerate(body) if len(row.cells) == columns), 0)
    body = body[min(first, TITLE_ROWS) :] if header is None else body
    agreed = sum(len(row.cells) == columns for row in body)
    labels = tuple(rows[header].cells) if header is not None else ()
    start = rows[header].start if header is not None else None
    return Shape(delimiter, columns, start, labels, agreed / len(body), _paired(filled), len(body))


def _paired(rows: list[CsvRow]) -> float:
    widths = [len(row.cells) for row in rows]
    several = [at for at, width in enumerate(widths) if width > 1]
    if len(several) < 2:
        return 0.0
    alike = sum(
        widths[at] in (widths[at - 1] if at else 0, widths[at + 1] if at + 1 < len(widths) else 0)
        for at in several
    )
    return alike / len(several)
