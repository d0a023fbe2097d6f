"""The contract of an extractor: text in, hits out; pure, without files, clock or network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from schemas.facts import Facts
from schemas.kinds import MentionKind, ServiceCategory

SEEN = 0.2
"""Confidence of a hit that only its shape speaks for."""
LIKELY = 0.5
"""Confidence of a hit that its shape and a weak cue speak for."""
STRONG = 0.8
"""Confidence of a hit that its shape and a strong cue, or a list, speak for."""
CERTAIN = 1.0
"""Confidence of a hit that a check digit, a numbering plan or the provider confirms."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A mention before it has ids. ``text[start:end]`` is its surface."""

    kind: MentionKind
    start: int
    """First code point, from 0."""
    end: int
    """One past the last code point."""
    rule: str
    """The named pattern or model label that fired; several are joined by ``+``."""
    value: str | None = None
    """Normalised (CONTRACT 5); None = seen, not normalisable, and kept."""
    confidence: float = STRONG
    """SEEN, LIKELY, STRONG or CERTAIN."""
    detail: str = ""
    """Why: assumptions, cue words. For people."""
    facts: Facts | None = None
    """Typed columns of this kind, where it has a table of its own."""
    service_category: ServiceCategory | None = None
    """The listed service this is."""
    review: str | None = None
    """Why a person should look (``possible_service_number``); None when nothing asks for it."""
    group: str | None = None
    """Equal for the parts of one number that is written in several pieces."""


class Extractor(Protocol):
    """What finds mentions of one family in one text.

    The docstring of an extractor has the paragraphs *Finds*, *Does not find* and *References*.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    """Raise it whenever output can change."""
    kinds: ClassVar[tuple[MentionKind, ...]]
    """Kinds it may yield."""

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text; cheap, or remembered.

        A text of less than :data:`extractors.gate.WHOLE` characters none of whose pieces speaks
        holds no hit: :func:`extractors.registry.find_all` then leaves this extractor out.

        Args:
            piece: text without blanks, as :func:`extractors.gate.pieces` cuts it.
        """
        ...

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the hits of one text, sorted by start, then end.

        Args:
            text: a record's text, verbatim.
            region: ISO 3166 country for what is written without one (``US``).

        Yields:
            Hits within the text. The same text and region always give the same hits.
        """
        ...


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """A message as :mod:`extractors.refine` sees it, among others of its thread."""

    key: str
    """Record id, or index in a JSON thread."""
    position: int
    """Place in the thread by time, from 0."""
    author: str | None
    sent_at: datetime | None
    """UTC."""
    text: str
    hits: tuple[Hit, ...]


class Refiner(Protocol):
    """What only a thread can tell: split numbers, area codes, namesakes, relative dates."""

    name: ClassVar[str]
    version: ClassVar[int]

    def wants(self, text: str, hits: Sequence[Hit]) -> bool:
        """Whether this message matters to :meth:`refine`; cheap, judged in the workers."""
        ...

    def refine(
        self, messages: Sequence[ThreadMessage], region: str, zone: str
    ) -> Iterator[tuple[str, tuple[Hit, ...]]]:
        """Yield key and the new, whole list of hits of each message whose hits change.

        Args:
            messages: the wanted messages of one thread in order; others are left out, which
                shows as gaps in ``position``.
            region: country for numbers without one.
            zone: IANA zone in which relative dates are meant.
        """
        ...
