"""A number found in a folded text, before it is turned into a hit."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.normalise.phone import Number
from schemas.kinds import ServiceCategory


@dataclass(frozen=True, slots=True)
class Found:
    """A number in places of the folded text."""

    start: int
    end: int
    number: Number | None
    """None where it cannot be completed."""
    rule: str
    confidence: float
    tricks: frozenset[str] = frozenset()
    detail: str = ""
    category: ServiceCategory | None = None
    """Of a short code, which has no number to look up."""
