"""Numbered roads and exits, and streets without a house number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extractors import place_bits as bits
from extractors.base import LIKELY, STRONG
from extractors.place_types import PlaceSpan
from extractors.place_words import is_chat, is_unknown, may_name_street, squeeze
from extractors.road_patterns import (
    AMOUNT_BEFORE,
    CUE_WORDS,
    CUED,
    CUED_ORDINAL,
    DETOUR,
    DISHES,
    EXIT_OFF,
    FREE,
    HEADINGS,
    INTERSTATE,
    INTERSTATES,
    KNOWN_CUED,
    LEADS,
    LONE_NUMBER,
    LOWER_CUES,
    LOWER_TYPES,
    MONTH_DAYS,
    NAME,
    NAME_REACH,
    NO_ROAD,
    NOT_ROADS,
    NOT_STREET,
    NUMBERED,
    NUMBERED_WORDS,
    OFF,
    ON,
    ORDINAL_OPENS,
    ORDINALS,
    ROAD_NUMBERS,
    SELDOM,
    SHORT_TYPES,
    SPANISH,
    SPANISH_TYPES,
    SPLIT,
    SPOKEN,
    SPOKEN_OPENS,
    STATUS,
    STATUS_WORDS,
    STREET_CUES,
    TAKE,
    THE_EXIT,
    TO_EXIT,
    TYPE,
    TYPE_OPENS,
)
from extractors.streets import (
    NOT_TYPE,
    ROAD_FILL,
    crossing_words,
    is_saint,
    known_streets,
    street_words,
)
from schemas.kinds import PlaceKind

KNOWN_NEEDS = bits.KNOWN | bits.KNOWN_CUE
LOWER_NEEDS = bits.LOWER_OPENS | bits.LOWER_CUE
I_NEEDS = bits.I_WORD | bits.INTERSTATE
I_ROAD_NEEDS = bits.I_ROAD | bits.HEADING
EXIT_NEEDS = bits.EXIT | bits.ROAD_NUMBER
SPOKEN_NEEDS = bits.THE | bits.SPOKEN
OFF_NEEDS = bits.OFF | bits.OFF_WHAT
ORDINAL_NEEDS = bits.ORDINAL | bits.ORDINAL_OPENS


def word_bits() -> Iterator[tuple[int, Iterable[str]]]:
    """Yield the words of each gate of :func:`find_roads`, with its bit."""
    yield bits.EXIT, ("exit",)
    yield bits.THE, ("the",)
    yield bits.I_WORD | bits.I_ROAD, ("i",)
    yield bits.PLAIN_ROAD, ("road", "rd")
    yield bits.KNOWN, crossing_words()
    yield bits.KNOWN_CUE, ("on", "off", "of", "offa", "by")
    yield bits.SPANISH, SPANISH_TYPES
    yield bits.STREET, street_words()
    yield bits.NUMBERED, NUMBERED_WORDS
    yield bits.HEADING, ("north", "south", "east", "west")
    yield bits.ROAD_CUE, CUE_WORDS
    yield bits.STATUS, STATUS_WORDS
    yield bits.OFF, ("off",)
    yield bits.OFF_WHAT, ("exit", "inn", "motel", "hotel", "lodge", "suites", "station", "gas")
    yield bits.ORDINAL, ORDINALS
    yield bits.LOWER_CUE, LOWER_CUES


def number_bits(piece: str) -> int:
    """Return the bits of a piece with a digit that matter here."""
    found = 0
    for number in LONE_NUMBER.findall(piece):
        if number.upper() in ROAD_NUMBERS:
            found |= bits.ROAD_NUMBER
    if INTERSTATE.search(piece):
        found |= bits.INTERSTATE
    if "35" in piece and SPLIT.search(piece):
        found |= bits.SPLIT
    if SPOKEN_OPENS.match(piece):
        found |= bits.SPOKEN
    if ORDINAL_OPENS.match(piece):
        found |= bits.ORDINAL_OPENS
    return found


def type_bits(piece: str) -> int:
    """Return the bits of a piece that begins with a street type."""
    match = TYPE_OPENS.match(piece)
    if not match:
        return 0
    kind = match.group().lower()
    found = bits.STREET_OPENS if kind in FREE or piece[0].isupper() else 0
    return found | (bits.LOWER_OPENS if kind in LOWER_TYPES else 0)


def find_roads(text: str, found: int = bits.ALL) -> Iterator[PlaceSpan]:
    """Yield numbered roads, exits, and streets without a house number.

    Args:
        text: the text.
        found: its bits (:mod:`extractors.place_bits`).
    """
    if found & bits.EXIT:
        yield from _named_exits(text)
    if found & bits.DIGIT:
        yield from _numbered(text, found)
    elif found & bits.PLAIN_ROAD:
        yield from _matches(text, NUMBERED, "location:road_number")
    if found & KNOWN_NEEDS == KNOWN_NEEDS:
        for match in KNOWN_CUED.finditer(text):
            road = match["road"].lower()
            is_dish = road in DISHES and match["cue"].lower() == "on"
            if known_streets().get(road) and not is_dish:
                yield _span(text, *match.span("road"), "location:street_cue", LIKELY)
    if found & bits.SPANISH:
        yield from _matches(text, SPANISH, "location:street")
    if found & bits.STREET and (found & bits.STREET_OPENS or found & LOWER_NEEDS == LOWER_NEEDS):
        yield from _streets(text)


def _numbered(text: str, found: int) -> Iterator[PlaceSpan]:
    for match in INTERSTATE.finditer(text) if found & I_NEEDS == I_NEEDS else ():
        if match["number"].rstrip("EWew") in INTERSTATES:
            yield _span(text, *match.span(), "location:road_number")
    if found & bits.SPLIT:
        yield from _matches(text, SPLIT, "location:road_number")
    for match in SPOKEN.finditer(text) if found & SPOKEN_NEEDS == SPOKEN_NEEDS else ():
        if match["number"].replace("-", "") in INTERSTATES:
            yield _span(text, *match.span(), "location:road_number")
    if found & bits.NUMBERED and (
        found & bits.NUMBERED_PIECE or found & I_ROAD_NEEDS == I_ROAD_NEEDS
    ):
        for match in NUMBERED.finditer(text):
            is_bus = match.group()[:5].lower() == "route" and DETOUR.match(text, match.end())
            if not is_bus:
                yield _span(text, *match.span(), "location:road_number")
    if found & bits.ROAD_NUMBER:
        yield from _bare(text, found)
    if found & OFF_NEEDS == OFF_NEEDS:
        for match in EXIT_OFF.finditer(text):
            if match["road"].split()[-1] in ROAD_NUMBERS or match["road"][:1] in "uU":
                yield _span(text, *match.span("road"), "location:road_cue")
    for match in TO_EXIT.finditer(text) if found & EXIT_NEEDS == EXIT_NEEDS else ():
        if match["road"] in ROAD_NUMBERS:
            yield _span(text, *match.span("road"), "location:road_cue")
    if found & ORDINAL_NEEDS == ORDINAL_NEEDS:
        for match in CUED_ORDINAL.finditer(text):
            is_date = (
                match.group().lower().startswith("on") and int(match["road"][:-2]) <= MONTH_DAYS
            )
            if not is_date:
                yield _span(text, *match.span("road"), "location:street_cue", LIKELY)


def _bare(text: str, found: int) -> Iterator[PlaceSpan]:
    """Yield roads called by number alone."""
    for match in CUED.finditer(text) if found & bits.ROAD_CUE else ():
        is_discount = match["road"] in NOT_ROADS and AMOUNT_BEFORE.search(
            text, max(0, match.start() - 8), match.start()
        )
        if _is_cued(match) and not is_discount:
            yield _span(text, *match.span("road"), "location:road_cue")
    for match in STATUS.finditer(text) if found & bits.STATUS else ():
        if match["road"].upper() in ROAD_NUMBERS and len(match["road"]) > 1:
            yield _span(text, *match.span("road"), "location:road_status", LIKELY)


def _named_exits(text: str) -> Iterator[PlaceSpan]:
    """Yield exits named for a known or numbered street, or one with its type."""
    for match in THE_EXIT.finditer(text):
        road = match["road"].lower()
        if road[0].isdigit() or match["type"] or road in known_streets() or may_name_street(road):
            yield _span(text, *match.span(), "location:exit")


def _matches(text: str, pattern: re.Pattern[str], rule: str) -> Iterator[PlaceSpan]:
    for match in pattern.finditer(text):
        yield _span(text, *match.span(), rule)


def _streets(text: str) -> Iterator[PlaceSpan]:
    for match in TYPE.finditer(text):
        low = max(0, match.start() - NAME_REACH)
        name = NAME.search(text[low : match.start()])
        start = _street_start(text, name, match) if name else None
        if start is not None:
            yield _span(text, low + start, match.end(), "location:street")


def _street_start(text: str, name: re.Match[str], match: re.Match[str]) -> int | None:
    """Return where the street begins in the text before its type, or None when it is no street."""
    kind = match["type"].lower()
    is_free = kind in FREE
    if name["ord"]:
        return name.start() if is_free or match["type"][0].isupper() else None
    if kind in ("st", "str") and is_saint(text, match.end("type")):
        return None
    first, second = name["name"], name["name2"]
    nearest = second or first
    if NOT_TYPE.match(text, match.end("type")):
        return None
    if nearest.lower() in ROAD_FILL or nearest.lower().endswith(("ing", "'s", "’s")):
        return None
    is_titled = nearest[0].isupper() and match["type"][0].isupper()
    if kind == "close" and text.isupper():
        return None  # shouted, a verb
    if not is_free and (not is_titled or kind in SELDOM):
        return _lower_road(name, kind)
    start = name.start()
    if second and not _is_pair(first, second):
        start = name.start("name2")
    if nearest[0].islower() and kind in ("st", "str", "av"):
        known = nearest.lower() in known_streets()
        return start if known or _has_cue(name.string, start) else None
    is_listed = nearest.lower() in known_streets()
    if kind == "street" and not is_listed and is_chat(squeeze(nearest.lower())):
        return None
    if nearest[0].islower() and not is_listed and NOT_STREET.match(text, match.end("type")):
        return None
    return start


def _lower_road(name: re.Match[str], kind: str) -> int | None:
    """Return where a road in lower case begins: after a word of place, by a name of some sort.

    ``down old mill road``, ``off larpenteur rd``; not ``on the wrong road``.
    """
    first, second = name["name"].lower(), (name["name2"] or "").lower()
    nearest = second or first
    if kind in SELDOM and nearest in LEADS:
        return None  # Fort Bend
    if kind not in LOWER_TYPES or nearest in ROAD_FILL or nearest in NO_ROAD:
        return None
    if second and (first in LEADS or (is_unknown(first) and may_name_street(second))):
        start = name.start()
    elif (
        nearest in known_streets()
        or may_name_street(nearest)
        or (kind in SHORT_TYPES and len(nearest) > 3 and not is_chat(nearest))
    ):
        start = name.start("name2") if second else name.start()
    else:
        return None
    before = name.string[max(0, start - 12) : start].split()
    return start if before and before[-1].lower() in LOWER_CUES else None


def _is_pair(first: str, second: str) -> bool:
    """Whether two words before a street type are both its name."""
    if f"{first} {second}".lower() in known_streets():
        return True
    return first.lower() not in ROAD_FILL and first[0].isupper() and second[0].isupper()


def _has_cue(text: str, start: int) -> bool:
    before = text[max(0, start - 12) : start].split()
    return start == 0 or bool(before and before[-1].lower() in STREET_CUES)


def _is_cued(match: re.Match[str]) -> bool:
    cue, road = " ".join(match["cue"].lower().split()), match["road"].upper()
    after = match["after"]
    heading = (after or "").strip().lower() in HEADINGS
    if road in ("35E", "35W"):
        return True
    if road not in ROAD_NUMBERS:
        return False
    if cue == "exit":
        return True
    if len(road) < 3:
        is_way = cue in TAKE and (after or "").strip().lower() in ("to", "towards", "toward")
        return heading or (is_way and int(road) % 5 > 0) or (cue in OFF | TAKE and road == "94")
    if road in NOT_ROADS:
        return heading or (cue in ("off", "off of", "offa") and after is not None)
    return heading or cue in OFF | ON


def _span(text: str, start: int, end: int, rule: str, confidence: float = STRONG) -> PlaceSpan:
    surface = text[start:end].rstrip()
    name = " ".join(surface.split())
    return PlaceSpan(start, start + len(surface), rule, PlaceKind.ROAD, name, confidence=confidence)
