"""Numbered roads and exits, and streets without a house number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.base import LIKELY, STRONG
from extractors.place_types import PlaceSpan, word_set
from extractors.place_words import is_chat, is_unknown, may_name_street, squeeze
from extractors.streets import (
    DIRECTION,
    NOT_TYPE,
    ROAD_FILL,
    TYPES_FREE,
    TYPES_ORDINARY,
    crossing_words,
    is_saint,
    known_streets,
    street_words,
)
from schemas.kinds import PlaceKind

INTERSTATES = word_set(
    "10 15 20 25 29 35 35E 35W 39 40 41 43 45 55 57 64 65 69 70 71 72 74 75 76 77 78 79 80 81 84 "
    "85 87 88 89 90 91 93 94 95 96 99 190 229 235 270 275 280 285 290 294 355 380 390 394 405 435 "
    "480 494 495 505 510 535 605 610 635 664 676 680 690 694 695 710 794 805 880 894 895"
)
"""Interstates (FHWA route log), and Minnesota freeways called by number alone."""

STATE_ROADS = word_set("5 7 13 36 47 51 52 55 61 62 65 77 100 101 110 169 212 252 280 371")
"""Trunk highways of the Twin Cities that are called by number alone."""

NOT_ROADS = word_set("100 101 110")
"""Of those, round numbers that are amounts unless a heading follows."""

AMOUNT = (
    r"(?![\d.,:%$/-]*[\d%$])(?!\s{0,2}(?:%|percent|dollars?|bucks?|mins?\b|minutes|hrs?|hours?|"
    r"days?|weeks?|months?|years?|yrs?|lbs?|pounds|people|ppl|each|per\b|k\b|g\b|[ap]\.?m\b|"
    r"cents|times|more|less|orders?|grams?|oz|miles?|of\b|nights?|an?\b|or\s\d|x\b|st\b|pixels))"
)
"""What may not follow a bare number for it to be a road."""

INTERSTATE = re.compile(r"(?<![\w/.])I-?(?P<number>\d{1,3}(?:[EW](?!\w))?)(?!\w)", re.IGNORECASE)
SPLIT = re.compile(r"(?<![\w/.$])35[EW](?!\w)", re.IGNORECASE)
SPOKEN = re.compile(r"(?<!\w)the[ ](?P<number>\d-\d{1,2}(?:-\d)?)(?![\w-])", re.IGNORECASE)
"""``the 9-4``: 94 read out."""

NUMBERED = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?:(?:u\.?s\.?|state|county|co|cty|cnty|mn|wi|interstate|old)[ ])?"
    r"(?:interstate|highways?|hwy|hiway|route|rte|rt|csah)\.?[ ]?\#?-?[ ]?\d{1,4}(?-i:[A-Z](?!\w))?"
    r"|(?:us|u\.s\.|state|county|cty|cnty|co)[ -](?:rd|road|rte|route|hwy|highway)\.?[ ]"
    r"(?:\d{1,4}|(?-i:[A-Z]{1,2}\d?)|(?-i:[b-fh-j]\d?(?!\w)))"
    r"|(?-i:(?:US|MN|WI|TH|SR|CR|CSAH)[ -]\d{1,3})|us-\d{1,3}|(?:cr|csah)[ ]\d{1,3}"
    r"|i[ ]\d{2,3}(?=[ ](?:north|south|east|west)(?!\w))"
    r"|us[ ]\d{1,3}(?=[ ](?:north|south|east|west|[nsew]|exit|bridge|(?:room|rm)[ ]\d{1,4}"
    r"|is[ ](?:a[ ]mess|closed|backed|jammed|icy|slow)"
    r"|(?:to|at)[ ](?:exit|the[ ]\w+[ ](?:\w+[ ])?exit))(?!\w))"
    r"|exit[ ]?\#?(?:number[ ]|no\.?[ ])?\d{1,3}[A-D]?"
    r"(?!\d|\.\d|[ ](?:fee|dollars|bucks|people|min))"
    r"|mile[ ]?(?:marker|post)[ ]?\#?\d{1,3})(?!\w)",
    re.IGNORECASE,
)
"""Numbered roads, exits and mile markers that say what they are."""

NUMBERED_WORDS = word_set(
    "i interstate highway highways hwy hiway route rte rt csah rd road us mn wi th sr cr exit "
    "marker milemarker post milepost"
)
"""Words one of which every :data:`NUMBERED` holds."""

CUED = re.compile(
    r"(?<![\w$])(?<!half )(?<!quarter )(?P<cue>off[ ]of|offa|off|on|taking|take|took|via|down"
    r"|hop[ ]on|jump[ ]on|onto|"
    r"exiting|exit|along|past|under|use|up|by|from)[ ]"
    r"(?P<road>\d{1,3}(?:[EW](?!\w))?)(?!\w)"
    + AMOUNT
    + r"(?P<after>[ ]{0,2}(?:north|south|east|west|[nsew]"
    r"|to|towards?|exit|bridge|and|&|by|then|in|near|at|now|rn)(?!\w)|[ ]{0,2}(?:[.,;!?)\n]|$))?",
    re.IGNORECASE,
)
"""A cue and a bare road number: ``off 394``, ``take 94 east``."""

CUE_WORDS = word_set(
    "off offa on taking take took via onto exiting exit along past under use up down by from"
)
OFF = frozenset(["off", "off of", "offa", "hop on", "jump on", "onto", "exiting", "via"])
ON = word_set("on take taking took down along past use under exit")
TAKE = word_set("take taking took")
HEADINGS = word_set("n s e w north south east west exit bridge")

TYPE = re.compile(
    rf"(?<=[\w.'’] )(?P<type>{TYPES_FREE}|{TYPES_ORDINARY})(?![\w'’])\.?"
    rf"(?:[ ](?P<post>{DIRECTION})(?!\w))?",
    re.IGNORECASE,
)
"""A street type after a word, and the direction after it."""

NAME = re.compile(
    rf"(?<![\w'’@#/.&-])(?:(?P<dir>{DIRECTION})\.?[ ])?"
    r"(?:(?P<ord>\d{1,3}(?:st|nd|rd|th))|(?P<name>[^\W\d_][\w'’-]{1,24})"
    r"(?:[ ](?P<name2>[^\W\d_][\w'’-]{1,24}))?)[ ]$",
    re.IGNORECASE,
)
"""The name or number before it, of one or two words."""

NAME_REACH = 64
"""Characters before a street type within which its name begins."""

LOWER_TYPES = word_set(
    "road rd lane ln drive dr trail trl row bend pass court ct circle cir terrace alley loop plaza"
)
"""Ordinary words that make a street of a name in lower case, after a word of place."""

LOWER_CUES = word_set("on off down by near along past of la en onto")
SELDOM = word_set("bend pass")
"""Types that end names of towns and of tickets too: a cue is needed, capital or not."""

SHORT_TYPES = word_set("rd ln dr trl ct cir")
"""Those that stand for nothing else, so that the name may be an ordinary word."""

LEADS = word_set("old new upper lower north south east west mount lake saint st fort big little")
NO_ROAD = word_set(
    "town country dirt gravel winding bumpy fast slow passing turning left right bus bike memory "
    "hard flash test disk private shared dead open"
)
"""Words before ``road`` and ``lane`` that make no name."""

NOT_STREET = re.compile(
    r"\s(?:clothes|food|smart|style|cred|name|wear|lights?|parking|level|tacos|value|racing)\b",
    re.IGNORECASE,
)
"""What makes an adjective of ``street``."""

DETOUR = re.compile(r"\s(?:bus|is[ ](?:detoured|delayed|running|late))\b", re.IGNORECASE)
"""What makes a line of buses of ``route 5``."""

FREE = frozenset(TYPES_FREE.split("|"))
STREET_CUES = word_set("on off by at near down to past from and n & along up of la")

KNOWN_CUED = re.compile(
    r"(?<!\w)(?P<cue>on|off|off[ ]of|offa|down[ ]on|over[ ]on|over[ ]by)[ ](?P<road>[^\W\d_]{4,12})"
    r"(?=[ ]*(?:$|[.,;!?)\n])|[ ](?:and|n|by|in|near|tonight|rn|now|right|at|every|til|till|last|"
    r"this|tmrw|today|all|again|cuz|so|but|w|with)\b)",
    re.IGNORECASE,
)
"""``on lake``, ``off penn``: a known street name that ends its clause."""

DISHES = word_set("rice")
"""Streets that in lower case after ``on`` are something to eat."""

AMOUNT_BEFORE = re.compile(r"\d[%k]?\s$")
"""``45 off 100``: a discount."""

STATUS = re.compile(
    r"(?<![\w$.,/#:-])(?P<road>\d{1,3}[EW]?)[ ](?:(?:is|was|be|still|looks?)[ ])?"
    r"(?:\w{2,8}[ ])?(?:closed|backed[ ]up|jammed|icy|slow|shut[ ]down|packed|a[ ]mess"
    r"|stop[ ]n[ ]go|bumper)(?!\w)",
    re.IGNORECASE,
)
"""A bare road number with how traffic is (``694 is closed``)."""

STATUS_WORDS = word_set("closed backed jammed icy slow shut packed mess stop bumper")

EXIT_OFF = re.compile(
    r"(?:\bexit[ ]\#?\d{1,3}[a-d]?|\b(?:inn|motel|hotel|lodge|suites|station|gas))"
    r"[ ]off(?:[ ]of)?[ ]"
    r"(?P<road>(?:(?:the|us)[ ])?\d{1,3})(?![\w.,]*\d)(?!\w)" + AMOUNT,
    re.IGNORECASE,
)
"""A road after what only a road has: an exit, a place beside it."""

TO_EXIT = re.compile(
    r"(?<![\w$.,/#:-])(?P<road>\d{2,3})[ ]to[ ](?:exit[ ]?\#?\d"
    r"|the[ ]\w{2,14}[ ](?:\w{2,6}[ ])?exit\b)",
    re.IGNORECASE,
)
"""``371 to exit 12``."""

THE_EXIT = re.compile(
    r"(?<!\w)the[ ](?P<road>[^\W\d_]{3,14}|\d{1,3}(?:st|nd|rd|th))"
    r"(?:[ ](?P<type>st|street|ave|avenue|blvd|rd))?[ ]exit(?!\w)",
    re.IGNORECASE,
)
"""``the cedar exit``: an exit by the name of its street."""

CUED_ORDINAL = re.compile(
    r"(?<!\w)(?:off|by|near|on|over[ ]on|down[ ]on|past)[ ](?P<road>\d{2,3}(?:st|nd|rd|th))"
    r"(?![ ]?(?:of|floor|birthday|bday|and[ ]\d)\b)(?!\w)",
    re.IGNORECASE,
)
SPANISH = re.compile(
    r"(?<!\w)(?:calle|avenida|carretera|autopista|bulevar|calzada)[ ]"
    r"(?!(?:de|del|la|las|los|el|y|en|que|con|por|para|al?|un|una|es|a)\b)"
    r"(?:\d{1,3}|[^\W\d_]\w{2,20})(?:[ ](?:norte|sur|este|oeste))?(?!\w)",
    re.IGNORECASE,
)
SPANISH_TYPES = word_set("calle avenida carretera autopista bulevar calzada")
ORDINALS = word_set("st nd rd th")
MONTH_DAYS = 31


def find_roads(text: str, words: frozenset[str], *, has_digit: bool) -> Iterator[PlaceSpan]:
    """Yield numbered roads, exits, and streets without a house number.

    Args:
        text: the text.
        words: its runs of letters in lower case.
        has_digit: whether it has a digit.
    """
    if "exit" in words:
        yield from _named_exits(text)
    if has_digit:
        yield from _numbered(text, words)
    elif "road" in words or "rd" in words:
        yield from _matches(text, NUMBERED, "location:road_number")
    if not words.isdisjoint(crossing_words()):
        for match in KNOWN_CUED.finditer(text):
            road = match["road"].lower()
            is_dish = road in DISHES and match["cue"].lower() == "on"
            if known_streets().get(road) and not is_dish:
                yield _span(text, *match.span("road"), "location:street_cue", LIKELY)
    if not words.isdisjoint(SPANISH_TYPES):
        yield from _matches(text, SPANISH, "location:street")
    if not words.isdisjoint(street_words()):
        yield from _streets(text)


def _numbered(text: str, words: frozenset[str]) -> Iterator[PlaceSpan]:
    for match in INTERSTATE.finditer(text) if "i" in words else ():
        if match["number"].rstrip("EWew") in INTERSTATES:
            yield _span(text, *match.span(), "location:road_number")
    if "35" in text:
        yield from _matches(text, SPLIT, "location:road_number")
    for match in SPOKEN.finditer(text) if "the" in words else ():
        if match["number"].replace("-", "") in INTERSTATES:
            yield _span(text, *match.span(), "location:road_number")
    if not words.isdisjoint(NUMBERED_WORDS):
        for match in NUMBERED.finditer(text):
            is_bus = match.group()[:5].lower() == "route" and DETOUR.match(text, match.end())
            if not is_bus:
                yield _span(text, *match.span(), "location:road_number")
    for match in CUED.finditer(text) if not words.isdisjoint(CUE_WORDS) else ():
        is_discount = match["road"] in NOT_ROADS and AMOUNT_BEFORE.search(
            text, max(0, match.start() - 8), match.start()
        )
        if _is_cued(match) and not is_discount:
            yield _span(text, *match.span("road"), "location:road_cue")
    for match in STATUS.finditer(text) if not words.isdisjoint(STATUS_WORDS) else ():
        if match["road"].upper() in (INTERSTATES | STATE_ROADS) and len(match["road"]) > 1:
            yield _span(text, *match.span("road"), "location:road_status", LIKELY)
    for match in EXIT_OFF.finditer(text) if "off" in words else ():
        if match["road"].split()[-1] in STATE_ROADS | INTERSTATES or match["road"][:1] in "uU":
            yield _span(text, *match.span("road"), "location:road_cue")
    for match in TO_EXIT.finditer(text) if "exit" in words else ():
        if match["road"] in STATE_ROADS | INTERSTATES:
            yield _span(text, *match.span("road"), "location:road_cue")
    if not words.isdisjoint(ORDINALS):
        for match in CUED_ORDINAL.finditer(text):
            is_date = (
                match.group().lower().startswith("on") and int(match["road"][:-2]) <= MONTH_DAYS
            )
            if not is_date:
                yield _span(text, *match.span("road"), "location:street_cue", LIKELY)


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
    if road not in INTERSTATES | STATE_ROADS:
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
