"""A citation as people write it, and the records that stand there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from pipeline.search.tables import Tables, string

ALSO_LIMIT = 20
"""Other records named beside the one shown."""

_CITATION = re.compile(
    r"(?P<label>\S.{0,80}?)[\s,;]+(?:pp?\.?|pages?)\s*(?P<page>\d[\d,.'\s]{0,12}?)"
    r"(?:[\s,;]+(?:ll?\.?|lines?)\s*(?P<line>\d[\d,.'\s]{0,12}?))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """Source label, page and line."""

    label: str
    page: int
    line: int | None


def read_citation(text: str) -> Citation | None:
    """Read ``FB-1 p. 1,204 l. 17``, with or without brackets, dots, commas and the line."""
    match = _CITATION.fullmatch(_bare(text))
    if match is None:
        return None
    line = match["line"]
    return Citation(match["label"], _number(match["page"]), None if line is None else _number(line))


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
        if place.line is not None:
            here = f"page_first = {place.page} AND line_first = {place.line}"
            where = f"({where} OR ({label} AND {here}))"
    found = _ids(
        tables,
        f"SELECT record_id FROM {tables['records']} WHERE {where} "
        f"ORDER BY duplicate_of IS NOT NULL, source_id, ordinal LIMIT {ALSO_LIMIT + 1}",
    )
    if found:
        return found
    where = f"citation = {exact}"
    if place is not None and place.line is not None:
        where = f"({where} OR ({label} AND page = {place.page} AND line = {place.line}))"
    found = _ids(
        tables,
        f"SELECT DISTINCT record_id FROM {tables['mentions']} WHERE {where} "
        f"ORDER BY record_id LIMIT {ALSO_LIMIT + 1}",
    )
    if found or place is None:
        return found
    page = place.page
    if place.line is None:
        return _ids(
            tables,
            f"SELECT record_id FROM {tables['records']} WHERE {label} "
            f"AND coalesce(page_first, 0) <= {page} AND page_last >= {page} "
            f"ORDER BY page_first < {page}, source_id, ordinal LIMIT {ALSO_LIMIT + 1}",
        )
    return _ids(
        tables,
        f"SELECT record_id FROM {tables['records']} WHERE {label} AND page_last >= {page} "
        f"AND (page_first < {page} OR (page_first = {page} AND line_first <= {place.line})) "
        "ORDER BY page_first DESC, line_first DESC, source_id, ordinal DESC LIMIT 1",
    )


def _ids(tables: Tables, sql: str) -> list[str]:
    return [cast("str", row[0]) for row in tables.rows(sql)]
