"""Places in messages: everything of kind location, one extractor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import ClassVar

from extractors.addresses import find_addresses
from extractors.airports import airport_words, find_airports
from extractors.base import Hit
from extractors.coordinates import find_coordinates, find_map_links
from extractors.crossings import MEETING_WORDS, PLAIN_JOINTS, find_crossings
from extractors.gazetteer import gazetteer
from extractors.hotels import find_hotels, hotel_words, may_be_nickname
from extractors.normalise.place import place_facts
from extractors.place_codes import LOWER_CODES
from extractors.place_names import find_names
from extractors.place_patterns import (
    CUE_WORDS,
    FEATURE_WORDS,
    SIDE_WORDS,
    VENUE_WORDS,
    find_cued,
    find_features,
    find_sides,
    find_venues,
)
from extractors.place_types import PlaceSpan, Taken, fold, tokenise, word_set
from extractors.roads import find_roads
from extractors.states import CODES
from extractors.streets import crossing_words, street_words
from schemas.kinds import MentionKind, PlaceKind

WORDS = re.compile(r"[^\W\d_]+")
CAPITALS = re.compile(r"(?<![^\W\d_])[^\W\d_a-z][^\W\d_]*")
"""Words that do not begin with a small ASCII letter."""

ANGLE_WORDS = word_set("n s e w sn ss se sw d deg m")
ANGLE_MARKS = tuple(".,°º˚′″'’\"")
"""Runs of letters and characters one of which stands in every position written as numbers."""

DIGIT = re.compile(r"\d")
LINKS = (
    (re.compile(r"://|www\."), re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)),
    (re.compile("@"), re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}|(?<!\w)@\w+")),
    (
        re.compile(r"\w\.(?:com|org|net|co\.uk|edu|gov)(?!\w)"),
        re.compile(
            r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.(?:com|org|net|co\.uk|edu|gov)(?!\w)(?:/\S*)?"
        ),
    ),
)
"""Gate and shape of web addresses, e-mail addresses and handles, and host names: in them no name
is looked for."""


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

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the places in one text, none within another, sorted by start."""
        words = frozenset(WORDS.findall(text.lower()))
        has_digit = DIGIT.search(text) is not None
        if (
            not has_digit
            and "://" not in text
            and words.isdisjoint(_gate())
            and not _has_capital_name(text)
        ):
            return
        for span in sorted(_spans(text, region, words, has_digit), key=lambda span: span.start):
            yield Hit(
                MentionKind.LOCATION, span.start, span.end, span.rule, value=span.value,
                confidence=span.confidence, detail=span.detail,
                facts=place_facts(span.kind, span.name, span.place),
            )  # fmt: skip


def _spans(text: str, region: str, words: frozenset[str], has_digit: bool) -> Iterator[PlaceSpan]:
    """Yield spans without overlap: a rule yields to those before it."""
    taken = Taken()
    for spans in _groups(text, region, words, has_digit, taken):
        for span in spans:
            if not taken.overlaps(span.start, span.end):
                taken.add(span.start, span.end)
                yield span


def _groups(
    text: str, region: str, words: frozenset[str], has_digit: bool, taken: Taken
) -> Iterator[Iterable[PlaceSpan]]:
    """Yield what each rule finds, the surest rules first, each behind its own cheap gate."""
    venues: tuple[PlaceSpan, ...] = ()
    has_mark = "." in text or ":" in text or "@" in text
    if has_mark:
        yield find_map_links(text)
    for gate, link in LINKS if has_mark else ():
        for match in link.finditer(text) if gate.search(text) else ():
            if not taken.overlaps(*match.span()):
                taken.add(*match.span())
    if has_digit and (
        not words.isdisjoint(ANGLE_WORDS) or any(mark in text for mark in ANGLE_MARKS)
    ):
        yield find_coordinates(text)
    if has_digit:
        yield find_addresses(text, region, words)
    if has_digit or not words.isdisjoint(_road_words()):
        yield find_crossings(text, words)
        yield find_roads(text, words, has_digit=has_digit)
    if not words.isdisjoint(hotel_words()) or (has_digit and may_be_nickname(text)):
        venues = tuple(_venues(text))
        yield venues
    if not words.isdisjoint(airport_words()):
        yield find_airports(text)
    if not words.isdisjoint(_name_words()) or _has_capital_name(text):
        tokens = [word for word in tokenise(text) if not taken.overlaps(word.start, word.end)]
        yield find_names(text, tokens, region, {venue.end for venue in venues})
    if not words.isdisjoint(SIDE_WORDS):
        yield find_sides(text)
    if not words.isdisjoint(FEATURE_WORDS):
        yield find_features(text)
    if not words.isdisjoint(CUE_WORDS):
        yield find_cued(text)
    if not words.isdisjoint(VENUE_WORDS):
        yield find_venues(text)


def _venues(text: str) -> Iterator[PlaceSpan]:
    for hotel in find_hotels(text):
        rule = hotel.rule.replace("lodging:", "location:hotel_")
        yield PlaceSpan(
            hotel.start, hotel.end, rule, PlaceKind.VENUE, hotel.name, hotel.name,
            confidence=hotel.confidence,
        )  # fmt: skip


@cache
def _road_words() -> frozenset[str]:
    return street_words() | crossing_words() | PLAIN_JOINTS | MEETING_WORDS


@cache
def _name_words() -> frozenset[str]:
    return gazetteer().triggers | LOWER_CODES | {"la"}


@cache
def _capital_words() -> frozenset[str]:
    return gazetteer().ordinary | {code.lower() for code in CODES} | {"us", "s"}


@cache
def _gate() -> frozenset[str]:
    """Return words one of which stands in every text without digit or capital that has a place."""
    return (
        _name_words() | _road_words() | hotel_words() | airport_words() | CUE_WORDS | FEATURE_WORDS
        | SIDE_WORDS | VENUE_WORDS
    )  # fmt: skip


def _has_capital_name(text: str) -> bool:
    """Whether a capitalised word is one that needs its capital to be taken for a name."""
    capitals = CAPITALS.findall(text)
    return bool(capitals) and not _capital_words().isdisjoint(map(fold, capitals))
