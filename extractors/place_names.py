"""Names of places in running text: which listed names are meant as places."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.base import LIKELY, STRONG
from extractors.gazetteer import Match, choose, gazetteer, is_settled, weight
from extractors.normalise.place import place_value
from extractors.place_codes import find_code
from extractors.place_cues import (
    DIRECTIONS,
    NOT_PLACE_AFTER,
    ORDINARY_IN,
    PLACE_AFTER,
    TITLES,
    WARES,
    Case,
    is_lower_town,
    is_spoken_of,
    is_tight,
    opens_sentence,
    person_points,
    tour_points,
    way_points,
)
from extractors.place_stops import (
    SIDES,
    is_called,
    is_coupled,
    is_dish,
    is_in_handle,
    is_news,
    sentence_points,
    stop_points,
)
from extractors.place_types import Place, PlaceSpan, Token, word_set
from extractors.states import state_at
from schemas.kinds import PlaceKind

NEEDED = 2
"""Points from which a name is a place: its base (SOURCES_places.md) and its cues add up."""

SURE = 9
"""Points of a name with its state or country."""

LIST_GAP = re.compile(
    r"\s?(?:[,;/&+>→]|->|\bor\b|\band\b|\bto\b|\bthen\b|\bn\b|\by\b)\s?(?:and\s|or\s|then\s)?"
    r"|\s[-–]\s"
)
ARROW = re.compile(r"\s?(?:-{0,2}>|→|➡️?)\s?")
"""What stands between two stops of a way."""

LIST_FLOOR = -1
"""Points below which a neighbour in a list does not make a place of a name."""

PLATES = word_set("plate plates tags license")
"""Words after which a state names the plates of a car."""

COMPANY = word_set("me him her us them you u she he")
"""Words that with ``and`` join a person to a name."""

ORDINARY_FLOOR = -2
"""Base down to which the name of a larger town is taken in lower case with strong cues."""

TOWN = {"MN": 4_000}
CITY = 90_000
"""People from which such a town is one: in the home state, and elsewhere."""

DOTTED = re.compile(r"(?:[A-Za-z] ?\. ?){1,3}[A-Za-z]")
PLACING = word_set("by near off")
CODE_LENGTH = 2
PLURAL = 6
"""Shortest name taken without its final s (``Californias fires``)."""

CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(slots=True)
class Candidate:
    """A listed name with what speaks for a place."""

    match: Match
    start: int
    end: int
    score: float
    rule: str
    place: Place | None = None
    """Chosen already, where state or country are stated."""


def find_names(
    text: str, tokens: Sequence[Token], region: str, venues: Container[int] = ()
) -> Iterator[PlaceSpan]:
    """Yield the names of cities, counties, states, countries and regions in a text.

    Args:
        text: the text.
        tokens: its words, those inside links and addresses left out.
        region: ISO 3166 country of the case.
        venues: ends of the hotels in the text: a name after one says where it is.
    """
    case = Case(text, tokens)
    case.venues = venues
    candidates = list(_candidates(text, tokens, case))
    _lists(text, candidates)
    accepted = [candidate for candidate in candidates if candidate.score >= NEEDED]
    nearby = _nearby(accepted, region)
    for candidate in accepted:
        place = candidate.place or choose(candidate.match.places, region, nearby)
        is_free = candidate.score > NEEDED or candidate.match.base >= NEEDED
        yield PlaceSpan(
            candidate.start, candidate.end, candidate.rule, place.kind, place.name,
            place_value(place), place, STRONG if is_free else LIKELY, _namesakes(candidate),
        )  # fmt: skip


def area_of(place: Place) -> str | None:
    """Return the state (``US-MN``) or country a place speaks for, or None."""
    if place.state and place.country:
        return f"{place.country}-{place.state}"
    return place.country if place.country and place.country != "US" else None


def _nearby(accepted: Sequence[Candidate], region: str) -> dict[str, int]:
    """Return the states and countries that names without rival namesakes speak for."""
    nearby: dict[str, int] = {}
    for candidate in accepted:
        places = [candidate.place] if candidate.place else candidate.match.places
        area = area_of(choose(places, region)) if is_settled(places, region) else None
        if area:
            nearby[area] = nearby.get(area, 0) + 1
    return nearby


def _candidates(text: str, tokens: Sequence[Token], case: Case) -> Iterator[Candidate]:
    listing = gazetteer()
    index = 0
    while index < len(tokens):
        start, end, key = tokens[index]
        found = find_code(text, tokens, index, case) if end - start == CODE_LENGTH else None
        if found is None and listing.may_begin(key):
            found = listing.match_at(text, tokens, index)
        if found is None and (key[-1:] == "s" or text[start - 1 : start] == "#"):
            found = _altered(text, tokens, index)
        if found is None:
            index += 1
            continue
        candidate = _judge(text, tokens, found, case)
        if candidate.score < NEEDED and found.last > found.first:
            # a long name that is not meant may hold one that is: "eastside st paul"
            yield from _inner(text, tokens, found, case)
        else:
            yield candidate
        index = found.last + 1
        while index < len(tokens) and tokens[index].start < candidate.end:
            index += 1


def _inner(text: str, tokens: Sequence[Token], outer: Match, case: Case) -> Iterator[Candidate]:
    index = outer.first
    while index <= outer.last:
        found = None
        for last in range(outer.last, index - 1, -1):
            if (index, last) == (outer.first, outer.last):
                continue
            key = " ".join(token.key for token in tokens[index : last + 1])
            row = gazetteer().lookup(key) if key in gazetteer() else None
            if row:
                candidate = _judge(text, tokens, Match(index, last, key, *row), case)
                if candidate.score >= NEEDED:
                    found = candidate
                    break
        if found:
            yield found
            index = found.match.last
        index += 1


def _altered(text: str, tokens: Sequence[Token], index: int) -> Match | None:
    """Return the name in a hashtag of several words, or in one with an s at its end."""
    token = tokens[index]
    surface = text[token.start : token.end]
    if token.start and text[token.start - 1] == "#":
        key = " ".join(part.lower() for part in CAMEL.findall(surface))
        if " " not in key or key not in gazetteer():
            return None
    elif token.key.endswith("s") and len(token.key) > PLURAL and surface[0].isupper():
        key = token.key[:-1]
    else:
        return None
    row = gazetteer().lookup(key) if key in gazetteer() else None
    return Match(index, index, key, *row) if row and row[0] >= NEEDED else None


def _judge(text: str, tokens: Sequence[Token], match: Match, case: Case) -> Candidate:
    """Return a listed name with its points, joined to the state or country after it."""
    start, end = tokens[match.first].start, tokens[match.last].end
    if match.key[0] != "!" and any(place.kind is PlaceKind.CITY for place in match.places):
        joined = _with_state(text, tokens, match) or _with_country(text, tokens, match)
        if joined:
            return joined
    if is_in_handle(text, start, end):
        return Candidate(match, start, end, -SURE, "location:name")
    score = match.base + _cues(text, tokens, match, case)
    if match.base < 0 and score >= NEEDED and text[start].islower() and match.key[0] != "!":
        towns = [place for place in match.places if _is_town(place)]
        place = max(towns, key=lambda town: weight(town, "US", {})) if towns else None
        return Candidate(match, start, end, score, "location:name", place)
    if match.first and tokens[match.first - 1].key in SIDES and score >= NEEDED:
        side = tokens[match.first - 1]
        start = side.start if text[side.end : start] == " " else start
    if text[end : end + 1] == "." and DOTTED.fullmatch(text, start, end):
        end += 1
    return Candidate(match, start, end, score, "location:name")


def _with_state(text: str, tokens: Sequence[Token], match: Match) -> Candidate | None:
    state = state_at(text, tokens, match.last + 1)
    if not state:
        return None
    code, last = state
    gap = text[tokens[match.last].end : tokens[match.last + 1].start]
    here = [
        place
        for place in match.places
        if place.kind is PlaceKind.CITY and place.state == code and place.country == "US"
    ]
    if "\n" in gap or not (here or "," in gap):
        return None
    start = tokens[match.first].start
    if here:
        place = max(here, key=lambda place: place.population)
    else:
        name = " ".join(text[start : tokens[match.last].end].split())
        place = Place(PlaceKind.CITY, name, city=name, state=code, country="US")
    return Candidate(match, start, tokens[last].end, SURE, "location:city_state", place)


def _with_country(text: str, tokens: Sequence[Token], match: Match) -> Candidate | None:
    """Return a city with its country or foreign state; with a comma they are two spans."""
    index = match.last + 1
    if index >= len(tokens):
        return None
    gap = text[tokens[match.last].end : tokens[index].start]
    after = gazetteer().match_at(text, tokens, index) if gap in (" ", ", ", ",") else None
    if not after or after.base < 0:
        return None
    for larger in after.places:
        if larger.country == "US" or larger.kind not in (PlaceKind.COUNTRY, PlaceKind.STATE):
            continue
        here = [
            place
            for place in match.places
            if place.kind is PlaceKind.CITY
            and place.country == larger.country
            and (not larger.state or place.state in (larger.state, None))
        ]
        if here:
            last = after.last if gap == " " else match.last
            place = max(here, key=lambda place: place.population)
            start, end = tokens[match.first].start, tokens[last].end
            return Candidate(match, start, end, SURE, "location:city_country", place)
    return None


def _cues(text: str, tokens: Sequence[Token], match: Match, case: Case) -> float:
    """Return the points of the words and capitals around a name."""
    first, last, base = match.first, match.last, match.base
    start, end = tokens[first].start, tokens[last].end
    before = tokens[first - 1] if first else None
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    if before and not is_tight(text[before.end : start]):
        before = None
    if after and not is_tight(text[end : after.start]):
        after = None
    way = way_points(tokens, first) if before else 0.0
    if before and way < NEEDED:
        way = max(way, sentence_points(text, tokens, match, start, end))
    if start - 1 in case.venues and text[start - 1] == " " and base >= 0:
        way = NEEDED  # "days inn winona"
    is_code = match.key[0] == "!"
    is_telling = text[start].isupper() and not is_code and case.is_telling
    if start and text[start - 1] == "#":
        return way + (1 if base >= 1 else text[start].isupper())
    if base < 0 and not is_telling and not is_code:
        is_town = is_ordinary_town(match) and is_lower_town(text, tokens, first, end)
        return NEEDED - base if is_town else -SURE  # an ordinary word or a name, in lower case
    score = way + (is_telling and not opens_sentence(text, start)) + is_news(match, tokens)
    if 0 <= base < NEEDED and not is_code:
        score += stop_points(text, match, start, end)
    if before and before.key in SIDES and base >= 0:
        score += NEEDED
    if after and after.key in PLACE_AFTER:
        score += 1.5
    elif after and base > 0 and after.key in PLACING:
        score += 1  # "uptown by the lake"
    if after and after.key in PLATES and _may_have_plates(match):
        return NEEDED - base
    if way < NEEDED and ((after and _is_adjective(match, after)) or is_dish(tokens, match)):
        score -= 3
    if way < NEEDED and (is_called(text, tokens, match) or is_coupled(text, tokens, match)):
        score -= 3
    if tokens[last].key in WARES and text[start].islower() and after and after.key == "for":
        score -= 3  # "new jersey for my son"
    if before and before.key in ("and", "n") and first > 1 and base < NEEDED:
        score -= 3 * (tokens[first - 2].key in COMPANY)
    if before and before.key in DIRECTIONS and base >= 0:
        score += 1
    if 0 <= base < NEEDED and not is_code:
        score += tour_points(before, after) if before and before.key == "then" else 0
    if base < NEEDED and first == last:
        score += person_points(text, before, after, start, end, way)
    elif (before and before.key in TITLES and first == last) or (
        way < NEEDED and is_spoken_of(match.key, before, after)
    ):
        score -= 3
    return score


def _is_adjective(match: Match, after: Token) -> bool:
    """Whether the word after a name makes an adjective of it; states have number plates."""
    is_ware = after.key == "plates" and not _may_have_plates(match)
    return after.key in NOT_PLACE_AFTER or is_ware


def _may_have_plates(match: Match) -> bool:
    kinds = (PlaceKind.STATE, PlaceKind.COUNTRY)
    return match.key != "china" and any(place.kind in kinds for place in match.places)


def is_ordinary_town(match: Match) -> bool:
    """Whether a name that is an ordinary word is also that of a larger town."""
    return (
        match.base >= ORDINARY_FLOOR
        and match.key not in ORDINARY_IN
        and any(_is_town(place) for place in match.places)
    )


def _is_town(place: Place) -> bool:
    least = TOWN.get(place.state or "", CITY)
    return place.kind is PlaceKind.CITY and place.country == "US" and place.population >= least


def _lists(text: str, candidates: list[Candidate]) -> None:
    """Raise a doubtful name that stands in a list beside a sure one."""
    for order in (candidates, candidates[::-1]):
        for known, other in pairwise(order):
            low, high = sorted((known, other), key=lambda candidate: candidate.start)
            gap = text[low.end : high.start]
            if min(low.score, high.score) >= 0 and ARROW.fullmatch(gap):
                low.score, high.score = max(low.score, NEEDED), max(high.score, NEEDED)
            is_tour = gap.lower() == " then " and is_ordinary_town(other.match)
            if is_tour and known.score >= NEEDED > other.score:
                other.score = NEEDED
            doubtful = LIST_FLOOR <= other.score < NEEDED <= known.score
            if doubtful and len(gap) <= SURE and LIST_GAP.fullmatch(gap):
                other.score = max(NEEDED, other.score + 2)


def _namesakes(candidate: Candidate) -> str:
    count = len(candidate.match.places)
    if candidate.place or count == 1:
        return ""
    return f"chosen among {count} places of this name"
