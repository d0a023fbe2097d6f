"""From hits to rows of ``mentions`` and of the typed tables; used by shards and by refinement."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from extractors.base import Hit
from schemas.facts import MoneyFacts, NameFacts, PhoneFacts, PlaceFacts
from schemas.ids import mention_id
from schemas.kinds import Basis, MentionKind

TYPED: dict[MentionKind, tuple[str, type]] = {
    MentionKind.PHONE: ("phones", PhoneFacts),
    MentionKind.ALIAS: ("aliases", NameFacts),
    MentionKind.HANDLE: ("aliases", NameFacts),
    MentionKind.LOCATION: ("locations", PlaceFacts),
    MentionKind.MONEY: ("money", MoneyFacts),
}
MENTION_TABLES = ("mentions", "phones", "aliases", "locations", "money")
UNITS = "p.|l."
"""Words of a citation where the reader gives no others."""
_FIELDS = {kind: tuple(f.name for f in fields(facts)) for kind, (_, facts) in TYPED.items()}


def mention_rows(
    hit: Hit, basis: Basis, record: dict[str, Any], extractor: tuple[str, int]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (table, row) for one hit: its row in ``mentions``, and in its typed table if any.

    Args:
        hit: the hit.
        basis: stated or found.
        record: the record's row (columns of ``records``, and ``units``).
        extractor: name and version of who found it.
    """
    page, line, sheet = place_of(hit.start, record)
    cited = record["citation"]
    begins = (record["page_first"], record["line_first"], record["sheet_first"])
    if (page, line, sheet) != begins:
        recognised = record["ocr_confidence"] is not None
        cited = cite(record["source_label"], page, line, sheet, record["units"], ocr=recognised)
    identity = mention_id(record["record_id"], hit.kind.value, hit.start, hit.end)
    surface = record["text"][hit.start : hit.end]
    category = hit.service_category.value if hit.service_category else None
    yield "mentions", {
        "mention_id": identity, "record_id": record["record_id"], "kind": hit.kind.value,
        "start": hit.start, "end": hit.end, "surface": surface, "value": hit.value,
        "basis": basis.value, "rule": hit.rule, "extractor": extractor[0],
        "extractor_version": extractor[1], "confidence": hit.confidence, "detail": hit.detail,
        "group_id": hit.group, "service_category": category, "review": hit.review,
        "source_label": record["source_label"], "page": page, "sheet": sheet, "line": line,
        "citation": cited,
    }  # fmt: skip
    if hit.kind not in TYPED:
        return
    row = {
        "mention_id": identity, "record_id": record["record_id"], "surface": surface,
        "value": hit.value, "sent_at": record["sent_at"], "author_name": record["author_name"],
        "thread_id": record["thread_id"], "page": page, "citation": cited,
    }  # fmt: skip
    for name in _FIELDS[hit.kind]:
        row[name] = getattr(hit.facts, name) if hit.facts is not None else None
    if hit.kind is MentionKind.PHONE:
        row["service_category"] = category
    yield TYPED[hit.kind][0], row


def place_of(start: int, record: dict[str, Any]) -> tuple[int | None, int | None, int | None]:
    """Return page, line and sheet of a code point of the record's text, by its source map."""
    segments = record["segments"]
    if not segments:
        return record["page_first"], record["line_first"], record["sheet_first"]
    at = 0
    if len(segments) > 1:
        at = bisect_right([item["start"] for item in segments], start) - 1
    return segments[at]["page"], segments[at]["line"], segments[at]["sheet"]


def cite(
    label: str,
    page: int | None,
    line: int | None,
    sheet: int | None = None,
    units: str = UNITS,
    *,
    ocr: bool = False,
) -> str:
    """Write a citation: ``FB-1 p. 1,204 l. 17``.

    Args:
        label: of the source.
        page: as the provider numbers it.
        line: on the page; on the sheet, where there is one.
        sheet: of a print; said where it is not the page's number.
        units: words for page and line, joined by ``|``.
        ocr: whether the text was recognised in a picture, which has to be said.
    """
    page_word, line_word = units.split("|")
    where = label if page is None else f"{label} {page_word} {page:,}"
    if sheet is not None and sheet != page:
        where += f" sheet {sheet:,}"
    if line is not None:
        where += f" {line_word} {line}"
    return f"{where} (OCR)" if ocr else where
