"""Choosing among places of one name by what a thread says around it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from extractors.base import Hit, ThreadMessage
from extractors.gazetteer import choose, gazetteer, is_settled
from extractors.normalise.place import place_facts, place_value
from extractors.place_names import area_of
from extractors.place_types import Place, place_key
from schemas.facts import PlaceFacts
from schemas.kinds import MentionKind, PlaceKind

NAME_RULE = "location:name"
"""Rule of the hits that stand for a bare name: the others state where the place is."""

REACH = 30
"""Messages before and after within which another place is a neighbour: about one conversation."""

Evidence = list[tuple[int, str]]
"""Position and area (``US-MN``) of each place that says where it is, in order."""


def wants_places(hits: Sequence[Hit]) -> bool:
    """Whether a message's hits matter to :func:`refine_places`: one lies in a known area."""
    return any(isinstance(hit.facts, PlaceFacts) and hit.facts.country for hit in hits)


def refine_places(
    messages: Sequence[ThreadMessage], region: str
) -> Iterator[tuple[str, tuple[Hit, ...]]]:
    """Yield key and the new hits of each message in which another namesake is likelier.

    Args:
        messages: messages of one thread in order.
        region: ISO 3166 country of the case.

    Yields:
        Each key at most once, in the order of the messages; only hits of bare names change, in
        value, facts and detail.
    """
    evidence: Evidence = [
        (message.position, area)
        for message in messages
        for hit in message.hits
        if (area := _area(message.text, hit, region))
    ]
    positions = [position for position, _ in evidence]
    for message in messages:
        doubtful = [hit for hit in message.hits if _rivals(message.text, hit, region)]
        if not doubtful:
            continue
        low = bisect_left(positions, message.position - REACH)
        high = bisect_right(positions, message.position + REACH)
        nearby = Counter(area for _, area in evidence[low:high])
        hits = tuple(
            _chosen(message.text, hit, region, nearby) if hit in doubtful else hit
            for hit in message.hits
        )
        if hits != message.hits:
            yield message.key, hits


def _area(text: str, hit: Hit, region: str) -> str | None:
    """Return the area a hit surely lies in, or None."""
    facts = hit.facts
    if not isinstance(facts, PlaceFacts) or _rivals(text, hit, region):
        return None
    return area_of(
        Place(facts.place_kind, facts.place_name, state=facts.state, country=facts.country)
    )


def _rivals(text: str, hit: Hit, region: str) -> tuple[Place, ...]:
    """Return the places a bare name may stand for when none outweighs the others."""
    if hit.kind is not MentionKind.LOCATION or NAME_RULE not in hit.rule.split("+"):
        return ()
    return _namesakes(place_key(text[hit.start : hit.end]), region)


@lru_cache(maxsize=8192)
def _namesakes(key: str, region: str) -> tuple[Place, ...]:
    row = gazetteer().lookup(key)
    return row[1] if row and not is_settled(row[1], region) else ()


def _chosen(text: str, hit: Hit, region: str, nearby: Counter[str]) -> Hit:
    places = _rivals(text, hit, region)
    place = choose(places, region, nearby)
    value = place_value(place)
    if value == hit.value:
        return hit
    area = area_of(place)
    kind = place.kind if isinstance(place.kind, PlaceKind) else PlaceKind.CITY
    return replace(
        hit,
        value=value,
        facts=place_facts(kind, place.name, place),
        detail=f"chosen among {len(places)} places of this name; {area} is named nearby",
    )
