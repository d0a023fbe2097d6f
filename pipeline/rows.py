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
_FIELDS = {kind: tuple(f.name for f in fields(facts)) for kind, (_, facts) in TYPED.items()}


def mention_rows(
    hit: Hit, basis: Basis, record: dict[str, Any], extractor: tuple[str, int]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (table, row) for one hit: its row in ``mentions``, and in its typed table if any.

    Args:
        hit: the hit.
        basis: stated or found.
        record: the record's row (columns of ``records``).
        extractor: name and version of who found it.
    """
    page, line = place_of(hit.start, record)
    cited = record["citation"]
    if (page, line) != (record["page_first"], record["line_first"]):
        cited = cite(record["source_label"], page, line)
    identity = mention_id(record["record_id"], hit.kind.value, hit.start, hit.end)
    surface = record["text"][hit.start : hit.end]
    category = hit.service_category.value if hit.service_category else None
    yield "mentions", {
        "mention_id": identity, "record_id": record["record_id"], "kind": hit.kind.value,
        "start": hit.start, "end": hit.end, "surface": surface, "value": hit.value,
        "basis": basis.value, "rule": hit.rule, "extractor": extractor[0],
        "extractor_version": extractor[1], "confidence": hit.confidence, "detail": hit.detail,
        "group_id": hit.group, "service_category": category, "review": hit.review,
        "source_label": record["source_label"], "page": page, "line": line, "citation": cited,
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


def place_of(start: int, record: dict[str, Any]) -> tuple[int | None, int | None]:
    """Return page and line of a code point of the record's text, by its source map."""
    segments = record["segments"]
    if not segments:
        return record["page_first"], record["line_first"]
    if len(segments) == 1:
        return segments[0]["page"], segments[0]["line"]
    at = bisect_right([item["start"] for item in segments], start) - 1
    return segments[at]["page"], segments[at]["line"]


def cite(label: str, page: int | None, line: int | None) -> str:
    """Write a citation: ``FB-1 p. 1,204 l. 17``."""
    where = label if page is None else f"{label} p. {page:,}"
    return where if line is None else f"{where} l. {line}"
