"""Every extractor, and what becomes of hits that overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Final

from extractors import gate
from extractors.ages import Ages
from extractors.aliases import Aliases
from extractors.base import Extractor, Hit, Refiner
from extractors.contacts import Contacts
from extractors.dates import Dates
from extractors.handles import Handles
from extractors.legal import Legal
from extractors.locations import Locations
from extractors.lodging import Lodging
from extractors.money import Money
from extractors.names import Names
from extractors.phones import Phones
from extractors.plates import Plates
from extractors.refine import ThreadRefiner
from extractors.roles import Roles
from extractors.travel import Travel
from schemas.facts import NameFacts, PlaceFacts
from schemas.kinds import AliasKind, MentionKind, PlaceKind

Find = Callable[[str, str], Iterator[Hit]]

EXTRACTORS: tuple[Extractor, ...] = (
    Contacts(),
    Phones(),
    Handles(),
    Money(),
    Locations(),
    Aliases(),
    Lodging(),
    Roles(),
    Dates(),
    Ages(),
    Legal(),
    Plates(),
    Travel(),
)
"""The only registration."""

REFINER: Refiner = ThreadRefiner()
"""What looks at whole threads."""

_ADDRESSES = frozenset({MentionKind.URL, MentionKind.EMAIL, MentionKind.IP})
_NUMBERED = _ADDRESSES | {MentionKind.LEGAL_REF, MentionKind.PHONE}

YIELDS_TO: dict[MentionKind, frozenset[MentionKind]] = {
    MentionKind.IP: frozenset({MentionKind.URL, MentionKind.EMAIL, MentionKind.LEGAL_REF}),
    MentionKind.PHONE: _ADDRESSES | {MentionKind.LEGAL_REF},
    MentionKind.MONEY: _NUMBERED | {MentionKind.HANDLE},
    MentionKind.ALIAS: _ADDRESSES | {MentionKind.HANDLE, MentionKind.PHONE},
    MentionKind.ROLE_TERM: _ADDRESSES | {MentionKind.HANDLE, MentionKind.ALIAS},
    MentionKind.DATE: _NUMBERED,
    MentionKind.AGE: _NUMBERED | {MentionKind.MONEY},
    MentionKind.PLATE: _NUMBERED,
    MentionKind.TRAVEL: _ADDRESSES,
    MentionKind.LODGING: _ADDRESSES,
}
"""Whose hits give way to an overlapping hit of which kinds. Addresses of machines hold digits and
words that mean nothing by themselves; a map link is a location all the same, and a profile link a
handle, so these two do not give way."""

ORDER = (
    MentionKind.LEGAL_REF, MentionKind.URL, MentionKind.EMAIL, MentionKind.IP, MentionKind.PHONE,
    MentionKind.HANDLE, MentionKind.MONEY, MentionKind.LOCATION, MentionKind.ALIAS,
)  # fmt: skip
"""Kinds that others give way to, those that stand first first; then all others."""

_SPEAKING = gate.Memo(
    lambda piece: sum(
        1 << number for number, extractor in enumerate(EXTRACTORS) if extractor.speaks(piece)
    )
)
"""A bit for each extractor for which a piece between blanks speaks: one look at a word in place of
one by each of them, which was a tenth of the time of all rules."""


class _Plans(dict[int, tuple[Find, ...]]):
    """What to run for a set of such bits."""

    def __missing__(self, told: int) -> tuple[Find, ...]:
        self[told] = plan = tuple(
            extractor.find for number, extractor in enumerate(EXTRACTORS) if told >> number & 1
        )
        return plan


_PLANS = _Plans()
_ALL: Final = (1 << len(EXTRACTORS)) - 1
_OWNERS = {
    kind: tuple(extractor for extractor in EXTRACTORS if kind in extractor.kinds)
    for kind in MentionKind
}
_RANK = {kind: number for number, kind in enumerate(ORDER)}


def find_all(text: str, region: str) -> tuple[Hit, ...]:
    """Return all hits of a text, one a kind and span, sorted by start, end and kind."""
    told = _ALL
    if len(text) < gate.WHOLE:
        told = reduce(or_, map(_SPEAKING.__getitem__, gate.pieces(text)), 0)
    hits = [hit for find in _PLANS[told] for hit in find(text, region)]
    return settle(hits) if hits else ()


def find_kind(kind: MentionKind, text: str, region: str) -> list[Hit]:
    """Return the hits of one kind in a text."""
    return [hit for owner in _OWNERS[kind] for hit in owner.find(text, region) if hit.kind is kind]


def settle(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Drop hits that give way to others and repeats of one kind and span; sort the rest.

    A coordinate stands before all other numbers. Of a name and a place over the same characters the
    surer one stays, then the longer, then the place.
    """
    seen = tuple(hits)
    if len(seen) < 2:
        return seen  # so it is in four of five texts that hold anything
    unique: dict[tuple[int, int, str], Hit] = {}
    for hit in seen:
        key = (hit.start, hit.end, hit.kind.value)
        known = unique.get(key)
        if known is None or hit.confidence > known.confidence:
            unique[key] = hit
    settled: list[Hit] = []
    for group in clusters(sorted(unique.values(), key=lambda hit: hit.start)):
        settled += _names_and_places(_standing(group)) if len(group) > 1 else group
    return tuple(sorted(settled, key=lambda hit: (hit.start, hit.end, hit.kind.value)))


def clusters(hits: Iterable[Hit]) -> Iterator[list[Hit]]:
    """Yield hits in groups of which none overlaps a hit of another group.

    Comparing within groups alone keeps a message of 10,000 hits from taking 10,000 squared steps.

    Args:
        hits: sorted by start.
    """
    group: list[Hit] = []
    end = 0
    for hit in hits:
        if group and hit.start >= end:
            yield group
            group = []
        group.append(hit)
        end = max(end, hit.end)
    if group:
        yield group


def _standing(group: list[Hit]) -> list[Hit]:
    """Return the hits that give way to none of those that stand before them."""
    kept: list[Hit] = []
    for hit in sorted(group, key=lambda hit: (_rank(hit), hit.start, hit.end, hit.kind.value)):
        if not any(_overlap(hit, other) and _gives_way(hit, other) for other in kept):
            kept.append(hit)
    return kept


def _rank(hit: Hit) -> int:
    return -1 if _is_coordinate(hit) else _RANK.get(hit.kind, len(ORDER))


def _is_coordinate(hit: Hit) -> bool:
    return isinstance(hit.facts, PlaceFacts) and hit.facts.place_kind is PlaceKind.COORDINATE


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _gives_way(hit: Hit, other: Hit) -> bool:
    if other.kind is MentionKind.HANDLE and isinstance(hit.facts, NameFacts):
        return hit.facts.alias_kind is not AliasKind.HANDLE  # ``@ name`` is a handle and a name
    if _is_coordinate(other):
        return hit.kind not in (MentionKind.URL, MentionKind.LOCATION)
    return other.kind in YIELDS_TO.get(hit.kind, ())


def _names_and_places(hits: Sequence[Hit]) -> list[Hit]:
    names = [hit for hit in hits if hit.kind is MentionKind.ALIAS]
    places = [hit for hit in hits if hit.kind is MentionKind.LOCATION]
    if not names or not places:
        return list(hits)
    dropped: set[int] = set()
    for name in names:
        for place in places:
            if _overlap(name, place):
                place_wins = (place.confidence, place.end - place.start) >= (
                    name.confidence,
                    name.end - name.start,
                )
                dropped.add(id(name if place_wins else place))
    return [hit for hit in hits if id(hit) not in dropped]


def versions() -> dict[str, int]:
    """Return each extractor's version by name."""
    found = {item.name: item.version for item in EXTRACTORS}
    return found | {Names.name: Names.version, REFINER.name: REFINER.version}
