"""Every extractor, and what becomes of hits that overlap."""

from __future__ import annotations

from collections.abc import Iterable

from extractors.base import Extractor, Hit, Refiner
from extractors.contacts import Contacts
from extractors.phones import Phones
from schemas.kinds import MentionKind

EXTRACTORS: tuple[Extractor, ...] = (Contacts(), Phones())
"""The only registration."""

REFINER: Refiner | None = None
"""What looks at whole threads."""

YIELDS_TO: dict[MentionKind, frozenset[MentionKind]] = {}
"""Kinds whose hits give way to an overlapping hit of another kind."""


def find_all(text: str, region: str) -> tuple[Hit, ...]:
    """Return all hits of a text, one a kind and span, sorted by start, end and kind."""
    return settle([hit for extractor in EXTRACTORS for hit in extractor.find(text, region)])


def find_kind(kind: MentionKind, text: str, region: str) -> list[Hit]:
    """Return the hits of one kind in a text."""
    owners = [extractor for extractor in EXTRACTORS if kind in extractor.kinds]
    return [hit for owner in owners for hit in owner.find(text, region) if hit.kind is kind]


def settle(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Drop hits that give way to others and repeats of one kind and span; sort the rest."""
    best: dict[tuple[int, int, str], Hit] = {}
    for hit in hits:
        best.setdefault((hit.start, hit.end, hit.kind.value), hit)
    return tuple(best[key] for key in sorted(best))


def versions() -> dict[str, int]:
    """Return each extractor's version by name."""
    return {extractor.name: extractor.version for extractor in EXTRACTORS}
