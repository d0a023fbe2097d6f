"""Places in messages: everything of kind location, one extractor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from extractors import place_bits as bits
from extractors.addresses import find_addresses
from extractors.airports import find_airports
from extractors.base import Hit
from extractors.coordinates import find_coordinates, find_map_links
from extractors.crossings import find_crossings, may_cross
from extractors.hotels import find_hotels, may_be_nickname
from extractors.normalise.place import place_facts
from extractors.place_gate import bits_of, may_name, place_bits
from extractors.place_names import find_names
from extractors.place_patterns import find_cued, find_features, find_sides, find_venues
from extractors.place_types import PlaceSpan, Taken, tokenise
from extractors.roads import find_roads
from schemas.kinds import MentionKind, PlaceKind

LINKS = (
    (bits.LINK, re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)),
    (bits.AT, re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}|(?<!\w)@\w+")),
    (
        bits.HOST,
        re.compile(
            r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.(?:com|org|net|co\.uk|edu|gov)(?!\w)(?:/\S*)?"
        ),
    ),
)
"""Gate and shape of web addresses, e-mail addresses and handles, and host names: in them no name
is looked for."""

ANGLES = bits.DIGIT | bits.ANGLE | bits.POSITION
NOT_NAMES = bits.PLACES & ~(bits.NAME | bits.CAPITAL)
ADDRESSES = bits.NUMBER | bits.BOX | bits.MILITARY | bits.FOREIGN | bits.GERMANIC | bits.POSTCODE
"""One of these stands in every text with an address."""
ROADS = (
    bits.EXIT | bits.PLAIN_ROAD | bits.KNOWN | bits.SPANISH | bits.STREET | bits.INTERSTATE
    | bits.SPLIT | bits.SPOKEN | bits.NUMBERED_PIECE | bits.HEADING | bits.ROAD_NUMBER | bits.OFF
    | bits.ORDINAL
)  # fmt: skip
"""The same for roads."""
CUED = bits.CUE | bits.CAPITAL_OPENS
FEATURES = bits.FEATURE | bits.FEATURE_OPENS


class Locations:
    """Places as people write them in messages.

    Finds: cities, counties, states and countries of the gazetteer where context makes a place of
        the name, with the state after it as one span; short forms and neighbourhoods of the Twin
        Cities; street addresses with unit, city and post code; crossings, numbered roads, exits,
        streets; airports; coordinates and map links; hotels and motels; names that no list holds
        after words that only places follow, or before the word for a feature.
    Does not find: places described without a name (``the park``), shops and restaurants by brand
        or without a word for their kind, small towns that are ordinary words in lower case without
        a state, crossings of two unknown streets without a word of meeting.

    References:
        - GeoNames, https://www.geonames.org (CC BY 4.0): extractors/data/SOURCES_places.md
        - USPS Publication 28, Postal Addressing Standards
        - ISO 6709 (coordinates), RFC 5870 (geo URI)
    """

    name: ClassVar[str] = "locations"
    version: ClassVar[int] = 2
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.LOCATION,)

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        return bits_of(piece) & bits.PLACES != 0

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the places in one text, none within another, sorted by start."""
        found = place_bits(text)
        if not found & bits.PLACES or not (found & NOT_NAMES or may_name(text, found)):
            return
        for span in sorted(_spans(text, region, found), key=lambda span: span.start):
            yield Hit(
                MentionKind.LOCATION, span.start, span.end, span.rule, value=span.value,
                confidence=span.confidence, detail=span.detail,
                facts=place_facts(span.kind, span.name, span.place),
            )  # fmt: skip


def _spans(text: str, region: str, found: int) -> Iterator[PlaceSpan]:
    """Yield spans without overlap: a rule yields to those before it."""
    taken = Taken()
    for spans in _groups(text, region, found, taken):
        for span in spans:
            if not taken.overlaps(span.start, span.end):
                taken.add(span.start, span.end)
                yield span


def _groups(text: str, region: str, found: int, taken: Taken) -> Iterator[Iterable[PlaceSpan]]:
    """Yield what each rule finds, the surest rules first, each behind its own cheap gate."""
    venues: tuple[PlaceSpan, ...] = ()
    if found & bits.MAP:
        yield find_map_links(text)
    for gate, link in LINKS:
        for match in link.finditer(text) if found & gate else ():
            if not taken.overlaps(*match.span()):
                taken.add(*match.span())
    if found & ANGLES == ANGLES:
        yield find_coordinates(text)
    if found & bits.DIGIT and found & ADDRESSES:
        yield find_addresses(text, region, found)
    if found & (bits.DIGIT | bits.ROAD):
        if may_cross(found):
            yield find_crossings(text, found)
        if found & ROADS:
            yield find_roads(text, found)
    if found & bits.HOTEL or (found & bits.SIX and may_be_nickname(text)):
        venues = tuple(_venues(text, found))
        yield venues
    if found & bits.AIRPORT:
        yield find_airports(text)
    if found & (bits.NAME | bits.CAPITAL) and may_name(text, found):
        tokens = [word for word in tokenise(text) if not taken.overlaps(word.start, word.end)]
        yield find_names(text, tokens, region, {venue.end for venue in venues})
    if found & bits.SIDE:
        yield find_sides(text)
    if found & FEATURES == FEATURES:
        yield find_features(text)
    if found & CUED == CUED:
        yield find_cued(text)
    if found & bits.VENUE:
        yield find_venues(text)


def _venues(text: str, found: int) -> Iterator[PlaceSpan]:
    for hotel in find_hotels(text, found):
        rule = hotel.rule.replace("lodging:", "location:hotel_")
        yield PlaceSpan(
            hotel.start, hotel.end, rule, PlaceKind.VENUE, hotel.name, hotel.name,
            confidence=hotel.confidence,
        )  # fmt: skip
