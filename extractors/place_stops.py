"""Names beside a time, a hotel or a sentence about a person: finer cues than single words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.gazetteer import Match, gazetteer
from extractors.name_lists import GIVEN, flags_of, word_flags
from extractors.place_cues import ALSO_PERSONS, RIDES
from extractors.place_types import Token, fold, word_set
from extractors.place_words import is_ordinary, is_unknown

TIME = (
    r"(?:the[ ]weekend|(?:this|next|all|over)[ ](?:the[ ])?(?:week|weekend|wknd|month|morning"
    r"|evening|afternoon|break|mon|tues?|wed|thurs?|fri|sat|sun)(?:day)?"
    r"|in[ ]a[ ](?:few|couple)[ ](?:days|hours|hrs)|tonight|tmrw|tmr|tomorrow|today|real[ ]early"
    r"|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?|(?:b4|before|after)[ ](?:\w{1,5}[ ])?\w{2,10})"
)
TIME_AFTER = re.compile(rf"[ ]{TIME}(?!\w)", re.IGNORECASE)
"""A time after the name of a town: a stop of a tour."""

ONLY_AFTER = re.compile(rf"[ ]{TIME}(?:[ ]\w{{1,10}})?[ ]only(?!\w)", re.IGNORECASE)
"""``hudson thurs only``: how a stay is announced."""

STOP_OPENS = re.compile(r"(?:^|[.!?\n,;:|•*]|\d)\s*$")
"""What stands before a stop: the start of a clause, or a telephone number."""

AFTER_DIGIT = re.compile(r"\d\s$")
WHATS_UP = re.compile(
    r"\bwhat'?s[ ](?:up|good|poppin|crackin|happening)[ ](?:with|w|in|n)[ ](?:the[ ])?$",
    re.IGNORECASE,
)
BACK = 32
"""Characters before a name within which such words stand."""

SIDES = word_set("northside southside eastside westside")
NEWS = word_set(
    "inches inch snow snowed snowing blizzard storm storms weather traffic roads metro forecast "
    "degrees suburbs commute sleet flooding tornado icy"
)
"""Words of weather and traffic: with them ``the cities`` are the Twin Cities."""

CITIES = word_set("cities")
LATIN = word_set("MX HN SV GT NI CR PA CO EC PE DO CU PR ES VE BO")
SPANISH_TO = word_set("a en de desde pa por hasta hacia")
PAUSE = re.compile(r"[^\w\s'’-]|\n")
SURELY_TO = word_set("en desde hacia hasta")
ORIGIN = word_set("soy es eres somos son vengo viene venimos vienen sale salgo llega llego")
"""Words before ``de`` that make an origin of it where the name is a first name too."""

CALLED = word_set("call calls called known aka named goes")
BETWEEN_CALLED = word_set("in to from at near of the town city place")
TITLED = word_set(
    "princess prince queen king pops slick lil yung young baby big miss lady mister uncle auntie "
    "papa mama daddy"
)
AND = word_set("and n y")
HOT_WEATHER = word_set("as af asf today outside rn right this now in and n but out tho lol")
RIDE_LEAVES = RIDES | word_set("amtrak jefferson shuttle plane")


def stop_points(text: str, match: Match, start: int, end: int) -> float:
    """Return the points of a time after a name: ``waterloo wed``, ``hudson thurs only``."""
    if text[end : end + 1] != " ":
        return 0.0
    if ONLY_AFTER.match(text, end):
        return 2.0
    if match.base > 0 and AFTER_DIGIT.search(text[max(0, start - 2) : start]):
        return 2.0 if TIME_AFTER.match(text, end) else 0.0
    is_word = match.first == match.last and (_is_given(match.key) or is_ordinary(match.key))
    if is_word or not TIME_AFTER.match(text, end):
        return 0.0
    return 2.0 if STOP_OPENS.search(text[max(0, start - 6) : start]) else 0.0


def sentence_points(
    text: str, tokens: Sequence[Token], match: Match, start: int, end: int
) -> float:
    """Return points of longer phrases that make a way of the words before a name, or 0.

    ``whats up with waterloo sun``, ``the bus leaves winona``, ``me voy a puebla``.
    """
    before = tokens[match.first - 1].key
    if before in SPANISH_TO and any(place.country in LATIN for place in match.places):
        is_sure = before in SURELY_TO or not _is_given(match.key)
        if is_sure or (match.first > 1 and tokens[match.first - 2].key in ORIGIN):
            return 2.0
    earlier = {token.key for token in tokens[max(0, match.first - 4) : match.first - 1]}
    if before == "leaves" and not earlier.isdisjoint(RIDE_LEAVES):
        return 2.0
    if (
        before in ("with", "w", "the", "in", "n")
        and TIME_AFTER.match(text, end)
        and (match.base > 0 or not _is_given(match.key))
        and WHATS_UP.search(text[max(0, start - BACK) : start])
    ):
        return 2.0
    return 0.0


def is_news(match: Match, tokens: Sequence[Token]) -> bool:
    """Whether ``the cities`` stands among words of weather or traffic near it."""
    if match.key.split()[-1] not in CITIES:
        return False
    near = tokens[max(0, match.first - 8) : match.last + 9]
    return any(token.key in NEWS for token in near)


def is_called(text: str, tokens: Sequence[Token], match: Match) -> bool:
    """Whether a name ends what someone is called: ``they call slick vegas``."""
    first = match.first
    if first < 2 or match.last > first or tokens[first - 1].key in CALLED | BETWEEN_CALLED:
        return False
    return any(
        token.key in CALLED and PAUSE.search(text[token.end : tokens[first].start]) is None
        for token in tokens[max(0, first - 3) : first - 1]
    )


def is_coupled(text: str, tokens: Sequence[Token], match: Match) -> bool:
    """Whether a city that is a name too is joined to a first name, or follows a title."""
    if match.key not in ALSO_PERSONS:
        return False
    first, last = match.first, match.last
    if first and tokens[first - 1].key in TITLED:
        return text[tokens[first - 1].end : tokens[first].start] == " "
    for joint, other in ((first - 1, first - 2), (last + 1, last + 2)):
        if min(joint, other) < 0 or max(joint, other) >= len(tokens):
            continue
        low, high = min(joint, other), max(joint, other)
        is_near = "\n" not in text[tokens[low].start : tokens[high].end]
        if tokens[joint].key in AND and is_near and _is_given(tokens[other].key):
            row = (
                gazetteer().lookup(tokens[other].key) if tokens[other].key in gazetteer() else None
            )
            if row is None or row[0] < 1:
                return True
    return False


def is_dish(tokens: Sequence[Token], match: Match) -> bool:
    """Whether ``nashville hot`` is the dish: what follows is no weather."""
    last = match.last
    return (
        match.key == "nashville"
        and last + 2 < len(tokens)
        and tokens[last + 1].key == "hot"
        and tokens[last + 2].key not in HOT_WEATHER
    )


def is_in_handle(text: str, start: int, end: int) -> bool:
    """Whether a dot without a blank joins a name to a word that no list holds (``ab_red.stl``)."""
    before = WORD_DOT.search(text[max(0, start - BACK) : start])
    if before and text[start].islower() and is_unknown(fold(before[1])):
        return True
    after = DOT_WORD.match(text, end)
    return bool(after and text[start].islower() and is_unknown(fold(after[1])))


WORD_DOT = re.compile(r"([^\W\d_]+)[\d_]*[._]$")
DOT_WORD = re.compile(r"[._][\d_]*([^\W\d_]+)")


def _is_given(key: str) -> bool:
    return flags_of(key, word_flags()) & GIVEN != 0
