"""Roads, exits, streets without a house number, and crossings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.base import LIKELY, STRONG
from extractors.place_types import PlaceSpan
from schemas.kinds import PlaceKind

TYPES_FREE = (
    "avenue|ave|av|avenues|aves|boulevard|blvd|boulevards|parkway|pkwy|pky|street|expressway|expy"
    "|freeway|frwy|turnpike|tpke|st|str"
)
"""Street types that make a street of the word before them, lower case too."""

TYPES_CAPITAL = (
    "Road|Rd|Drive|Dr|Lane|Ln|Way|Court|Ct|Place|Pl|Circle|Cir|Terrace|Ter|Trail|Trl|Highway|Hwy"
    "|Square|Sq|Alley|Plaza|Row|Loop|Pike|Bypass|Crescent|Close"
)
"""Street types that are ordinary words: the name and they must be capitalised."""

DIRECTION = r"(?:north|south|east|west|northeast|northwest|southeast|southwest|[ns]\.?[ew]|[nsew])"

NOT_NAMES = frozenset(
    "a an the my your ur his her our their this that these those some any every each same other "
    "another which what whats no one two both side cross back next first last wrong right whole "
    "main dark busy long short quiet high down up on off in at by to from of and or n over across "
    "along near around down walk walking live lives wall nice crazy real it is was be ya da tha "
    "street ave off out all dead open hot cold bad good own even per plus one-way for with hit "
    "work works street-level until till into like just got get see find through thru they them "
    "about above 's s t re ll ve im i me you he she we u".split()
)
"""Words before ``street`` or ``ave`` that make no name of it."""

SAINTS = frozenset(
    "paul louis cloud pauls patrick patricks patrick's michael francis petersburg peter joseph "
    "mary marys john johns james jude lucia kitts vincent thomas anthony germain croix augustine "
    "george charles catherine helens helena albans andrews bernard nicholas nick ives lawrence "
    "clair cyr pierre martin anne ann".split()
)
"""Names after which ``st`` is saint, not street."""

INTERSTATES = frozenset(
    "10 15 20 25 29 35 35E 35W 39 40 41 43 45 55 57 64 65 69 70 71 72 74 75 76 77 78 79 80 81 84 85"
    " 87 88 89 90 91 93 94 95 96 99 190 229 235 270 275 280 285 290 294 355 380 390 394 405 435 480"
    " 494 495 505 510 535 605 610 635 664 676 680 690 694 695 710 794 805 880 894 895".split()
)
"""Interstates, and Minnesota freeways called by number alone."""

STATE_ROADS = frozenset("5 7 10 12 13 36 47 51 52 55 61 62 65 77 95 96 97 100 101 110 169 212 252 280 371".split())
"""Trunk highways of the Twin Cities that are called by number alone after ``off`` or ``on``."""

UNITS = (
    r"(?![\d.,:%$/-]*[\d%$])(?!\s{0,2}(?:%|percent|dollars?|bucks?|min|mins|minutes|hrs?|hours?|days?|"
    r"weeks?|months?|years?|lbs?|pounds|people|ppl|each|per|k\b|g\b|a\.?m\b|p\.?m\b|cents|times|"
    r"more|less|orders?|grams?|oz|miles?|of\b|nights?|an?\b|or\s+\d|x\b))"
)
"""What may not follow a bare number for it to be a road: it would be an amount."""

NUMBERED = re.compile(
    r"(?<![\w/])(?:"
    r"(?P<i>(?:I-|i-|I|i)(?=\d)\d{1,3}(?:[EWew](?!\w))?)"
    r"|(?P<hwy>(?:(?:u\.?s\.?|state|county|st|co|cty|cnty|mn|wi|interstate|old)\s)?"
    r"(?:interstate|highway|highways|hwy|hiway|route|rte|rt|csah|cr|sr)\.?\s?#?-?\s?\d{1,4}(?:[A-Z](?!\w))?"
    r"|(?:us|u\.s\.|state|county|cty|cnty|co)\s?-?(?:rd|road|rte|route|hwy|highway)\.?\s(?:\d{1,4}|[A-Z]{1,2})"
    r"|(?:US|MN|WI|TH|SR|CR|CSAH)[ -]\d{1,3}|(?:interstate|state)\s\d{1,3})"
    r"|(?P<split>35[EW]|35[ -][EW])"
    r"|(?P<spoken>the\s\d-\d{1,2}(?:-\d)?)"
    r"|(?P<exit>exit\s?\#?(?:number\s|no\.?\s)?\d{1,3}[A-Da-d]?(?![\d.]|\s(?:fee|dollars|bucks|people|min)))"
    r"|(?P<mile>mile\s?(?:marker|post)\s?\#?\d{1,3}|mm\s?\d{2,3}(?!\w))"
    r")(?!\w)",
    re.IGNORECASE,
)

CUED = re.compile(
    r"(?<![\w$])(?P<cue>off(?:\sof|a)?|on|take|taking|took|via|down|hop\son|jump\son|hit|onto|"
    r"exit(?:ing|ed)?|along|across|over|past|under|use|use\sthe|from|by|n|s|north|south|near|up|is|and)"
    r"\s(?P<road>\d{1,3}(?:[EWew](?!\w))?)(?!\w)" + UNITS + r"(?P<after>\s{0,2}(?:n|s|e|w|north|south|east"
    r"|west|to|towards?|exit|bridge|and|n|&|by|then|in|near|at|now|is|rn|\W|$))?",
    re.IGNORECASE,
)
"""A cue and a bare road number: ``off 394``, ``take 94 east``."""

ALWAYS_CUES = frozenset("off off of offa via hop on jump on onto exit exiting exited".split(" ")) | {
    "off of", "hop on", "jump on",
}  # fmt: skip

STREET = re.compile(
    r"(?<![\w'’@#/.-])(?:(?P<dir>" + DIRECTION + r")\.?\s)?"
    r"(?:(?P<ord>\d{1,3}(?:st|nd|rd|th))|(?P<name>[^\W\d_][\w'’-]{1,24})(?:\s(?P<name2>[^\W\d_][\w'’-]{1,24}))?)"
    r"\s(?P<type>" + TYPES_FREE + "|" + TYPES_CAPITAL.lower() + r")(?!\w)(?!'|’)\.?"
    r"(?:\s(?P<post>" + DIRECTION + r")(?!\w))?",
    re.IGNORECASE,
)
"""A named or numbered street without house number."""

LETTER_ROAD = re.compile(r"(?<!\w)(?:County|Co\.?|Cty)\s(?:Road|Rd)\.?\s[A-Z]\d?(?!\w)", re.IGNORECASE)

KNOWN_STREETS = frozenset(
    "lake chicago hennepin nicollet lyndale franklin broadway penn bloomington cedar hiawatha "
    "university snelling rice maryland payne dale lexington lowry dowling fremont emerson plymouth "
    "washington portland pleasant blaisdell central como larpenteur arcade minnehaha grand selby "
    "marshall victoria hamline fairview cretin robert concord randolph france xerxes york excelsior "
    "stevens clinton columbus oakland park elliot pillsbury garfield harriet grand aldrich colfax "
    "dupont girard humboldt irving james knox logan morgan newton oliver queen russell sheridan thomas "
    "upton vincent washburn zenith glenwood olson golden marquette johnson stinson industrial case "
    "main front white-bear phalen prosperity hazelwood mcknight century ruth marion western thomas "
    "minnehaha jackson wabasha kellogg shepard summit ayd-mill energy-park transfer raymond "
    "superior london grand woodland arrowhead lincoln halsted western ashland cicero pulaski kedzie "
    "madison state clark wells capitol fond-du-lac burleigh center locust north teutonia hampton".split()
)
"""Street names of the Twin Cities, Duluth, Chicago and Milwaukee known to be paired in crossings."""

PLAIN_STREETS = frozenset(
    "lake hennepin nicollet lyndale snelling lowry dowling larpenteur hiawatha minnehaha payne rice "
    "selby hamline cretin blaisdell pillsbury stinson marquette wabasha university xerxes fremont "
    "franklin cedar broadway penn arcade cicero pulaski kedzie halsted teutonia burleigh phalen "
    "maryland france central como dupont colfax aldrich bloomington university main".split()
)
"""Those of them that are hardly names of people: one must be on one side of a crossing."""

SIDE = (
    r"(?:(?:" + DIRECTION + r")\.?\s)?(?:\d{1,3}(?:st|nd|rd|th)|\d{1,2}|[^\W\d_][\w'’]{1,20})"
    r"(?:\s(?:" + TYPES_FREE + "|" + TYPES_CAPITAL.lower() + r")(?!\w)\.?)?(?:\s(?:[ns]\.?[ew]?|[ew])(?!\w))?"
)
CROSSING = re.compile(
    r"(?<![\w'’@#$.,-])(?P<a>" + SIDE + r")\s?(?P<by>\s(?:and|n|nd|y|at|by|x)\s|\s?[&@/+]\s?|\s'n'?\s)\s?"
    r"(?P<b>" + SIDE + r")(?![\w'’%$]|[.,:]\d|\s?[ap]\.?m\b)",
    re.IGNORECASE,
)
CORNER = re.compile(
    r"(?:corner|intersection|crossing|cross\sstreets?|crossroads)\s(?:of|at|is|r|are)\s(?:the\s)?"
    r"(?P<a>[\w'’.]{1,20}(?:\s[\w'’.]{1,20}){0,3}?)\s?(?:and|n|&|@|y)\s?"
    r"(?P<b>[\w'’]{1,20}(?:\s(?:" + TYPES_FREE + "|" + TYPES_CAPITAL.lower() + r")(?!\w))?)",
    re.IGNORECASE,
)
ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)$", re.IGNORECASE)
TYPE_END = re.compile(r"\s(?:" + TYPES_FREE + "|" + TYPES_CAPITAL.lower() + r")\.?(?:\s[nsew]{1,2})?$", re.IGNORECASE)

CUED_ORDINAL = re.compile(
    r"(?<!\w)(?:off|by|near|on|over\son|down\son|past|between)\s(?P<road>\d{2,3}(?:st|nd|rd|th))"
    r"(?!\s?(?:of|floor|birthday|bday|street|st|ave|and\s\d|street)\b)(?!\w)",
    re.IGNORECASE,
)
SPANISH = re.compile(
    r"(?<!\w)(?:calle|avenida|av\.|carretera|autopista|bulevar|calzada)\s(?:\d{1,3}|[^\W\d_]\w{2,20})(?:\s(?:norte|sur|este|oeste))?(?!\w)",
    re.IGNORECASE,
)
MONTH_DAYS = 31


def find_crossings(text: str) -> Iterator[PlaceSpan]:
    """Yield pairs of streets: two known or typed names, or two after ``corner of``."""
    for match in CORNER.finditer(text):
        yield _span(match.start("a"), match.end("b"), text, "location:corner", PlaceKind.CROSSING)
    for match in CROSSING.finditer(text):
        if _is_crossing(match["a"], match["b"], match["by"].strip().lower()):
            yield _span(match.start(), match.end(), text, "location:crossing", PlaceKind.CROSSING)


def find_roads(text: str) -> Iterator[PlaceSpan]:
    """Yield numbered roads, exits, and streets without a house number."""
    for match in NUMBERED.finditer(text):
        if _is_numbered(match):
            yield _span(match.start(), match.end(), text, "location:road_number", PlaceKind.ROAD)
    for match in CUED.finditer(text):
        if _is_cued(match):
            yield _span(
                match.start("road"), match.end("road"), text, "location:road_cue", PlaceKind.ROAD
            )
    for match in CUED_ORDINAL.finditer(text):
        number = int(re.sub(r"\D", "", match["road"]))
        if match.group().lower().startswith("on") and number <= MONTH_DAYS:
            continue
        yield _span(
            match.start("road"), match.end("road"), text, "location:street_cue", PlaceKind.ROAD,
            LIKELY,
        )  # fmt: skip
    for pattern in (LETTER_ROAD, SPANISH):
        for match in pattern.finditer(text):
            if pattern is SPANISH and match.group().split()[1].lower() in SPANISH_FILL:
                continue
            yield _span(match.start(), match.end(), text, "location:street", PlaceKind.ROAD)
    yield from _streets(text)


SPANISH_FILL = frozenset("de del la las los el y en que con por para al a un una es".split())


def _streets(text: str) -> Iterator[PlaceSpan]:
    position = 0
    while match := STREET.search(text, position):
        start = _street_start(text, match)
        if start is None:
            position = match.start() + max(1, len(match.group().split(None, 1)[0]))
            continue
        end = match.end()
        yield _span(start, end, text, "location:street", PlaceKind.ROAD)
        position = end


def _street_start(text: str, match: re.Match[str]) -> int | None:
    """Return where the street's name begins, or None when it is no street."""
    kind = match["type"].lower()
    capital_only = re.fullmatch(TYPES_FREE, kind) is None
    if match["ord"]:
        return match.start() if not capital_only or match["type"][0].isupper() else None
    if kind in ("st", "str") and _saint_follows(text, match.end("type")):
        return None
    second = match["name2"]
    start = match.start("dir") if match["dir"] else match.start("name")
    nearest = second or match["name"]
    if nearest.lower() in NOT_NAMES or nearest.lower().endswith(("ing", "'s", "’s")):
        return None
    if capital_only and not (nearest[0].isupper() and match["type"][0].isupper()):
        return None
    if second:
        first = match["name"]
        plain = first.lower() in NOT_NAMES or (not first[0].isupper() and second is not None)
        if plain or (first[0].isupper() and second[0].islower()):
            start = match.start("name2")
    if not capital_only and kind in ("st", "str", "street", "av") and nearest[0].islower():
        # a lower-case "x st" is a street when x is a known one or a short plain word alone
        return start if nearest.lower() in KNOWN_STREETS or kind == "street" else (
            start if _street_cue(text, start) else None
        )
    return start


STREET_CUES = frozenset("on off by at near down to past from and n & along up of".split())


def _street_cue(text: str, start: int) -> bool:
    before = text[max(0, start - 12) : start].split()
    return start == 0 or bool(before and before[-1].lower() in STREET_CUES)


def _saint_follows(text: str, end: int) -> bool:
    after = re.match(r"\.?\s?([^\W\d_]+)", text[end : end + 20])
    return after is not None and after[1].lower() in SAINTS


def _is_numbered(match: re.Match[str]) -> bool:
    if match["i"]:
        number = re.sub(r"[^\dEWew]", "", match["i"]).upper()
        return number in INTERSTATES or number.rstrip("EW") in INTERSTATES
    if match["split"]:
        return match["split"][-1].isupper() or _is_35(match)
    if match["spoken"]:
        return re.sub(r"\D", "", match["spoken"]) in INTERSTATES
    if match["hwy"] and re.match(r"(?:st|co|cr|sr)\b", match["hwy"]):
        return match["hwy"][:2] == "co" or bool(re.search("r[od]|hw", match["hwy"], re.IGNORECASE))
    return not (match["hwy"] and re.match(r"(?:us|th|mn|wi|sr|cr)[ -]?\d", match["hwy"]))


def _is_35(match: re.Match[str]) -> bool:
    return " " not in match["split"] and "-" not in match["split"]


def _is_cued(match: re.Match[str]) -> bool:
    cue, road = " ".join(match["cue"].lower().split()), match["road"].upper()
    after = (match["after"] or "").strip().lower()
    if road in ("35E", "35W"):
        return True
    if cue.startswith("off") or cue in ALWAYS_CUES:
        return road in INTERSTATES or road in STATE_ROADS
    if len(road) == 3 and road in INTERSTATES | STATE_ROADS and cue in (  # noqa: PLR2004
        "on", "take", "taking", "took", "down", "along", "past", "use", "under", "over",
    ):  # fmt: skip
        return road not in ("100", "101", "110", "200", "300", "400") or after in _HEADINGS
    return (road in INTERSTATES or road in STATE_ROADS) and after in _HEADINGS


_HEADINGS = frozenset("n s e w north south east west exit bridge towards".split())


def _is_crossing(left: str, right: str, joint: str) -> bool:
    a, b = _bare(left), _bare(right)
    typed_a, typed_b = bool(TYPE_END.search(left)), bool(TYPE_END.search(right))
    ord_a, ord_b = bool(ORDINAL.match(a)), bool(ORDINAL.match(b))
    if a in NOT_NAMES or b in NOT_NAMES or a == b:
        return False
    known_a, known_b = a in KNOWN_STREETS, b in KNOWN_STREETS
    if a.isdigit() and b.isdigit():
        return False
    strength_a = typed_a or ord_a or known_a or (a.isdigit() and int(a) > 0)
    strength_b = typed_b or ord_b or known_b or (b.isdigit() and int(b) > 0)
    if not (strength_a and strength_b):
        return False
    if joint in ("at", "by", "x", "+", "/", "@") and not (
        (typed_a or ord_a or a in PLAIN_STREETS) and (typed_b or ord_b or b in PLAIN_STREETS)
    ):
        return False
    if ord_a and ord_b and not (typed_a or typed_b):
        return joint in ("&", "and", "n", "@") and abs(int(a[:-2]) - int(b[:-2])) > 1 and (
            max(int(a[:-2]), int(b[:-2])) > MONTH_DAYS
        )
    if a.isdigit() or b.isdigit():
        other = b if a.isdigit() else a
        return other in PLAIN_STREETS or (other in KNOWN_STREETS and int(a if a.isdigit() else b) > 5)
    plain = a in PLAIN_STREETS or b in PLAIN_STREETS
    return typed_a or typed_b or ord_a or ord_b or plain


def _bare(side: str) -> str:
    side = TYPE_END.sub("", side.strip())
    side = re.sub(r"\s(?:[ns]\.?[ew]?|[ew])$", "", side, flags=re.IGNORECASE)
    side = re.sub(rf"^{DIRECTION}\.?\s", "", side, flags=re.IGNORECASE)
    return side.lower().strip(" .")


def _span(
    start: int, end: int, text: str, rule: str, kind: PlaceKind, confidence: float = STRONG
) -> PlaceSpan:
    while end > start and text[end - 1] in " \t\n":
        end -= 1
    name = " ".join(text[start:end].split())
    return PlaceSpan(start, end, rule, kind, name, confidence=confidence)
