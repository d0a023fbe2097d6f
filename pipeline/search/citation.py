"""A citation as people write it, and the records that stand there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from pipeline.search.tables import Tables, string

ALSO_LIMIT = 20
"""Other records named beside the one shown."""

_NUMBER = r"\s*(\d[\d,.'\s]{0,12}?)"
_CITATION = re.compile(
    r"(?P<label>\S.{0,200}?)"
    rf"(?:[\s,;]+(?:pp?\.?|pages?){_NUMBER})?"
    rf"(?:[\s,;]+sheets?{_NUMBER})?"
    rf"(?:[\s,;]+(?:ll?\.?|lines?|rows?|par\.?|paragraphs?){_NUMBER})?"
    r"(?:\s*\(OCR\))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """Source label; page, sheet (of a print, or worksheet) and line as far as they are given."""

    label: str
    page: int | None = None
    line: int | None = None
    sheet: int | None = None


def read_citation(text: str) -> Citation | None:
    """Read ``FB-1 p. 1,204 l. 17``, with or without brackets, dots, commas and the line.

    ``FB-1 p. 12 sheet 23 l. 5`` names a sheet of a print, ``DOC-1 sheet 2 row 17`` a worksheet,
    ``DOC-1 l. 17`` a line of a file without pages. A label alone is no citation.
    """
    match = _CITATION.fullmatch(_bare(text))
    if match is None or not any(match.groups()[1:]):
        return None
    page, sheet, line = (None if part is None else _number(part) for part in match.groups()[1:])
    return Citation(match["label"], page, line, sheet)


def _bare(text: str) -> str:
    return text.strip().strip("[]()").strip()


def _number(text: str) -> int:
    return int("".join(char for char in text if char.isdecimal()))


def records_at(tables: Tables, text: str) -> list[str]:
    """Return the records at a citation in reading order, the one meant first.

    Meant is a record that has just this citation; else one whose mention has it; else the last
    that begins at or before the line on a page it touches, or the first that begins on the page.
    """
    exact = string(_bare(text))
    place = read_citation(text)
    where = f"citation = {exact}"
    if place is not None:
        label = f"lower(source_label) = lower({string(place.label)})"
        on = _on(place)
        if place.line is not None:
            where = f"({where} OR ({label} AND {on('_first')} AND line_first = {place.line}))"
    found = _ids(
        tables,
        f"SELECT record_id FROM {tables['records']} WHERE {where} "
        f"ORDER BY duplicate_of IS NOT NULL, source_id, ordinal LIMIT {ALSO_LIMIT + 1}",
    )
    if found:
        return found
    where = f"citation = {exact}"
    if place is not None and place.line is not None:
        where = f"({where} OR ({label} AND {on('')} AND line = {place.line}))"
    found = _ids(
        tables,
        f"SELECT DISTINCT record_id FROM {tables['mentions']} WHERE {where} "
        f"ORDER BY record_id LIMIT {ALSO_LIMIT + 1}",
    )
    if found or place is None:
        return found
    unit, number = _unit(place)
    first, last = f"coalesce({unit}_first, 0)", f"coalesce({unit}_last, 0)"
    if place.line is None:
        return _ids(
            tables,
            f"SELECT record_id FROM {tables['records']} WHERE {label} "
            f"AND {first} <= {number} AND {last} >= {number} "
            f"ORDER BY {first} < {number}, source_id, ordinal LIMIT {ALSO_LIMIT + 1}",
        )
    return _ids(
        tables,
        f"SELECT record_id FROM {tables['records']} WHERE {label} AND {last} >= {number} "
        f"AND ({first} < {number} OR ({first} = {number} AND line_first <= {place.line})) "
        f"ORDER BY {first} DESC, line_first DESC, source_id, ordinal DESC LIMIT 1",
    )


def _unit(place: Citation) -> tuple[str, int]:
    """Return the column of the numbers by which lines are counted, and the number."""
    if place.sheet is not None and place.page is not None:
        return "sheet", place.sheet
    number = place.page if place.page is not None else place.sheet
    return "page", number or 0  # a worksheet is a page; a file without pages has none


def _on(place: Citation) -> Callable[[str], str]:
    """Return a condition on page and sheet, for columns with an ending (``_first``)."""

    def condition(end: str) -> str:
        if place.page is None and place.sheet is None:
            return f"page{end} IS NULL"
        if place.page is None:
            return f"(page{end} = {place.sheet} OR sheet{end} = {place.sheet})"
        if place.sheet is None:
            # a sheet is named where its number is not the page's
            return f"page{end} = {place.page} AND coalesce(sheet{end}, page{end}) = page{end}"
        return f"page{end} = {place.page} AND sheet{end} = {place.sheet}"

    return condition


def _ids(tables: Tables, sql: str) -> list[str]:
    return [cast("str", row[0]) for row in tables.rows(sql)]
