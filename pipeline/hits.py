"""Hits as text, so that a shard can leave them for the whole-case steps."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from decimal import Decimal
from typing import Any, get_args, get_type_hints

from extractors.base import Hit
from pipeline.rows import TYPED
from schemas.kinds import AliasKind, MentionKind, PlaceKind, ServiceCategory


def pack(hits: Iterable[Hit]) -> str:
    """Write hits as JSON; :func:`unpack` gives equal ones back."""
    return json.dumps([_row(hit) for hit in hits], ensure_ascii=False, default=str)


def unpack(packed: str) -> tuple[Hit, ...]:
    """Read what :func:`pack` wrote."""
    return tuple(_hit(*row) for row in json.loads(packed))


def _row(hit: Hit) -> list[Any]:
    facts = hit.facts
    return [
        hit.kind, hit.start, hit.end, hit.rule, hit.value, hit.confidence, hit.detail,
        None if facts is None else [getattr(facts, f.name) for f in fields(facts)],
        hit.service_category, hit.review, hit.group,
    ]  # fmt: skip


def _hit(
    kind: str, start: int, end: int, rule: str, value: str | None, confidence: float, detail: str,
    facts: list[Any] | None, category: str | None, review: str | None, group: str | None,
) -> Hit:  # fmt: skip
    named = MentionKind(kind)
    made = None
    if facts is not None:
        made = TYPED[named][1](
            *[
                None if item is None else read(item)
                for read, item in zip(_READ[named], facts, strict=True)
            ]
        )
    return Hit(
        named, start, end, rule, value, confidence, detail, made,
        None if category is None else ServiceCategory(category), review, group,
    )  # fmt: skip


def _as_it_is(value: Any) -> Any:
    return value


def _reader_of(hint: Any) -> Callable[[Any], Any]:
    kinds = set(get_args(hint) or (hint,))
    return next((k for k in (Decimal, AliasKind, PlaceKind) if k in kinds), _as_it_is)


_READ: dict[MentionKind, list[Callable[[Any], Any]]] = {
    kind: [_reader_of(get_type_hints(facts)[f.name]) for f in fields(facts)]
    for kind, (_, facts) in TYPED.items()
}
