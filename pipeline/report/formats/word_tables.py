"""Tables of WordprocessingML: written as text, since cells of python-docx take long to make."""

from __future__ import annotations

from itertools import pairwise

from pipeline.report.document import Cell, Column, Evidence, Facts, Inline, Row, Table, Words
from pipeline.report.formats.word_runs import Places, bookmark, escaped, is_wide, run, runs, said
from pipeline.report.rows import Cited

PORTRAIT, LANDSCAPE = 9936, 13536
"""Twips (1/1,440 inch) of text on Letter paper with margins of 0.8 inch."""
WIDE = 8
"""Columns from which a table is set across."""
LONG = 1200
"""Characters of a cell from which its row may break over pages: it may be longer than one."""

_SIGN = 86
"""Twips of a character at 8 points, digits and capitals, rounded up."""
_BOLD = 104
_SIDES = 150
"""Twips left and right of a cell's text."""
_FACT_SIGN = 100
_TOKEN = 12
"""Characters of evidence for which a column makes room; longer words break."""
_LEAST = 560


def needs_width(table: Table) -> bool:
    """Tell whether a table wants the paper laid across."""
    return len(table.columns) >= WIDE or sum(_least(table)) > PORTRAIT


def table_xml(table: Table, where: Places, room: int, title: str) -> str:
    """Return a table with a head that is repeated on every page.

    Args:
        table: one with rows.
        where: bookmarks of the document.
        room: twips there are.
        title: its name for those who do not see it.
    """
    widths = _widths(table, where, room)
    head = "".join(
        _cell(run(column.label), width, "TableHeadNumber" if _is_right(column) else "TableHead")
        for column, width in zip(table.columns, widths, strict=True)
    )
    parts = [
        _start("ReportTable", widths, title, "0020"),
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>",
    ]
    linked = frozenset(where.sources.values())
    parts += (_row(row, table.columns, widths, where, linked) for row in table.rows)
    return "".join([*parts, "</w:tbl>"])


def facts_xml(facts: Facts, where: Places, room: int, title: str) -> str:
    """Return labels and values as a table of two columns."""
    longest = max((len(label) for label, _ in facts.items), default=0)
    first = min(max(longest * _FACT_SIGN + _SIDES, 1800), room // 2)
    values = max((_length(value, where) for _, value in facts.items), default=0)
    second = min(max(values * _FACT_SIGN + _SIDES, 1800), room - first)
    widths = [first, second]
    rows = (
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(run(label), first, 'TableText')}"
        f"{_cell(runs(value, where), second, 'TableText')}</w:tr>"
        for label, value in facts.items
    )
    return "".join([_start("ReportFacts", widths, title, "0080"), *rows, "</w:tbl>"])


def _start(style: str, widths: list[int], title: str, look: str) -> str:
    """``look``: 0020 = the first row is a head, 0080 = the first column is."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{look}"/>'
        f'<w:tblCaption w:val="{escaped(title)}"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
    )


def _row(
    row: Row, columns: tuple[Column, ...], widths: list[int], where: Places, linked: frozenset[str]
) -> str:
    cells = []
    for place, (cell, column, width) in enumerate(zip(row.cells, columns, widths, strict=True)):
        inner = runs(cell.parts, where, in_cell=True)
        if place == 0 and row.row_id in linked:
            inner = where.marked(inner, bookmark("r", row.row_id))
        cells.append(_cell(inner, width, "TableNumber" if _is_right(column) else "TableText"))
    size = max((_shown(cell) for cell in row.cells), default=0)
    whole = "<w:trPr><w:cantSplit/></w:trPr>" if size < LONG else ""
    return f"<w:tr>{whole}{''.join(cells)}</w:tr>"


def _cell(inner: str, width: int, style: str) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{inner}</w:p></w:tc>'
    )


def _is_right(column: Column) -> bool:
    return column.kind == "number"


def _shown(cell: Cell) -> int:
    """Return about how many characters of a cell are shown."""
    total = 0
    for part in cell.parts:
        if isinstance(part, Words | Evidence):
            limit = part.limit if isinstance(part, Evidence) else None
            total += len(part.text) if limit is None else min(len(part.text), limit)
    return total


def _least(table: Table) -> list[int]:
    """Return by column the twips below which words of ours, numbers and days would break."""
    heads = [
        max((len(word) for word in column.label.split()), default=0) * _BOLD
        for column in table.columns
    ]
    longest = [0] * len(table.columns)
    for row in table.rows:
        for place, cell in enumerate(row.cells):
            for part in cell.parts:
                longest[place] = max(longest[place], _token(part))
    return [
        max(_LEAST, head + _SIDES, size * _SIGN + _SIDES)
        for head, size in zip(heads, longest, strict=True)
    ]


def _token(part: Inline) -> int:
    if isinstance(part, Words):
        if part.style in ("hash", "note"):
            return _TOKEN if part.style == "hash" else 0
        return min(max(map(len, part.text.split()), default=0), _TOKEN + 2)
    if isinstance(part, Evidence):
        return min(len(part.text), 17) if part.style == "whole" else 0
    return min(len(part.text) - 2, 18) if isinstance(part, Cited) else 10


def _widths(table: Table, where: Places, room: int) -> list[int]:
    """Share the room out as the columns ask, none narrower than its words, if that can be."""
    least = _least(table)
    if table.is_narrow:
        wanted = [
            max(
                floor,
                *(_length(row.cells[place].parts, where) * _SIGN + _SIDES for row in table.rows),
                min(len(column.label), 2 * _TOKEN) * _BOLD + _SIDES,
            )
            for place, (column, floor) in enumerate(zip(table.columns, least, strict=True))
        ]
        if sum(wanted) <= room:
            return wanted
    if sum(least) >= room:
        return _whole([item / sum(least) for item in least], room)
    fixed: dict[int, int] = {}
    while True:
        free = room - sum(fixed.values())
        shares = sum(
            column.width for place, column in enumerate(table.columns) if place not in fixed
        )
        short = {
            place: least[place]
            for place, column in enumerate(table.columns)
            if place not in fixed and free * column.width / shares < least[place]
        }
        if not short:
            break
        fixed |= short
    parts = [
        fixed[place] / room if place in fixed else free * column.width / shares / room
        for place, column in enumerate(table.columns)
    ]
    return _whole(parts, room)


def _whole(parts: list[float], room: int) -> list[int]:
    """Return shares as twips that add up to the room."""
    edges = [0]
    total = 0.0
    for part in parts:
        total += part
        edges.append(round(room * total))
    edges[-1] = room
    return [right - left for left, right in pairwise(edges)]


def _length(parts: tuple[Inline, ...], where: Places) -> int:
    text = "".join(said(part, where.document) for part in parts)[:LONG]
    return max((len(line) + sum(map(is_wide, line)) for line in text.split("\n")), default=0)
