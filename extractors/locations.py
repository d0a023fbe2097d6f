"""Places in messages: everything of kind location, one extractor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import ClassVar

from extractors.addresses import find_addresses
from extractors.airports import find_airports
from extractors.base import Hit
from extractors.coordinates import MAP_HOST, find_coordinates, find_map_links
from extractors.gazetteer import gazetteer
from extractors.lodging import find_venues
from extractors.normalise.place import place_facts
from extractors.place_names import find_cued, find_features, find_names
from extractors.place_types import PlaceSpan, Token, fold, tokenise
from extractors.streets import find_crossings, find_roads
from schemas.kinds import MentionKind, PlaceKind

WORDS = re.compile(r"[^\W\d_]+")
CAPITALS = re.compile(r"(?<![^\W\d_])[^\W\d_a-z][^\W\d_]*")
"""Words that do not begin with a small ASCII letter."""

DIGIT = re.compile(r"\d")
STREET_WORDS = frozenset(
    "st street ave avenue av blvd boulevard aves avenues str rd road dr drive ln lane way court ct place pl pkwy "
    "parkway hwy highway corner intersection calle avenida carretera expressway freeway turnpike trail "
    "terrace circle square plaza row loop".split()
)
LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+|(?<!\w)@\w+|\S+\.(?:com|org|net)(?:/\S*)?", re.IGNORECASE)
"""Web and e-mail addresses and handles, in which no name is looked for."""


class Locations:
    """Places as people write them in messages.

    Finds: cities, counties, states and countries of the gazetteer where context makes a place of
        the name, with the state or country after it as one span; short forms and neighbourhoods
        of the Twin Cities; street addresses with unit, city and post code; crossings, numbered
        roads, exits, streets; airports; coordinates and map links; hotels and motels; names that
        no list holds after words that only places follow, or before the word for a feature.
    Does not find: places described without a name (``the park``), shops and restaurants, names
        that are ordinary words in lower case without a state.

    References:
        - GeoNames, https://www.geonames.org (CC BY 4.0): extractors/data/SOURCES_places.md
        - USPS Publication 28, Postal Addressing Standards
        - ISO 6709 (coordinates), RFC 5870 (geo URI)
    """

    name: ClassVar[str] = "locations"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.LOCATION,)

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the places in one text, none within another, sorted by start."""
        spans = list(_spans(text, region))
        for span in sorted(spans, key=lambda span: (span.start, span.end)):
            yield Hit(
                MentionKind.LOCATION, span.start, span.end, span.rule, value=span.value,
                confidence=span.confidence, detail=span.detail,
                facts=place_facts(span.kind, span.name, span.place),
            )  # fmt: skip


def _spans(text: str, region: str) -> Iterator[PlaceSpan]:
    """Yield spans without overlap: a rule yields to those before it."""
    taken: list[tuple[int, int]] = []
    for group in _groups(text, region, taken):
        for span in group:
            if not _overlaps(taken, span.start, span.end):
                taken.append((span.start, span.end))
                yield span


def _groups(
    text: str, region: str, taken: list[tuple[int, int]]
) -> Iterator[Sequence[PlaceSpan] | Iterator[PlaceSpan]]:
    has_digit = DIGIT.search(text) is not None
    words = frozenset(WORDS.findall(text.lower()))
    if has_digit or "://" in text:
        if MAP_HOST.search(text):
            yield find_map_links(text)
        taken.extend(match.span() for match in LINK.finditer(text) if not _overlaps(taken, *match.span()))
        yield find_coordinates(text)
        yield find_addresses(text, region)
    else:
        taken.extend(match.span() for match in LINK.finditer(text))
    if has_digit or not STREET_WORDS.isdisjoint(words) or _may_cross(words):
        yield find_crossings(text)
        yield find_roads(text)
    yield (_venue(venue) for venue in find_venues(text))
    yield find_airports(text)
    has_names = not gazetteer().triggers.isdisjoint(words) or not _capital_triggers().isdisjoint(
        fold(word) for word in CAPITALS.findall(text)
    )
    if has_names or not words.isdisjoint(("la", *LOWER)):
        tokens = [token for token in tokenise(text) if not _overlaps(taken, token.start, token.end)]
        if tokens:
            yield find_names(text, tokens, region)
    yield find_cued(text)
    yield find_features(text)


LOWER = ("mn", "wi", "tx", "ny", "nj", "nc", "sc", "fl", "az", "tn", "sd", "nv", "ga")


@cache
def _capital_triggers() -> frozenset[str]:
    from extractors.states import CODES

    return gazetteer().ordinary | {code.lower() for code in CODES} | {"us"}


def _may_cross(words: frozenset[str]) -> bool:
    from extractors.streets import KNOWN_STREETS

    return len(words & KNOWN_STREETS) > 1


def _venue(venue: object) -> PlaceSpan:
    from extractors.lodging import Venue

    assert isinstance(venue, Venue)
    return PlaceSpan(
        venue.start, venue.end, venue.rule.replace("lodging:", "location:lodging_"), PlaceKind.VENUE,
        venue.name, venue.name, None, venue.confidence,
    )  # fmt: skip


def _overlaps(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(low < end and start < high for low, high in taken)
