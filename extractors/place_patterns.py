"""Capitalised names that no list holds: after words of place, or before the word for a feature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.base import LIKELY
from extractors.place_types import PlaceSpan, fold, word_set
from extractors.place_words import is_chat, is_unknown
from extractors.streets import FILL
from schemas.kinds import PlaceKind

CUE_WORDS = word_set(
    "live lives lived living born raised based located arrive arrives arrived stay stays stayed "
    "staying reside resides residing move moved moving flew fly flying drive driving drove travel "
    "traveled traveling travelled travelling headed heading trip went originally come comes came "
    "visiting city town village suburb suburbs north south east west vivo vive naci nací near "
    "outside conference fled grew grow growing"
)
"""Words one of which every :data:`CUED_NAME` holds."""

CAPITAL = "[A-ZÀ-ÞŁŠŽĐΑ-ΩА-Я]"
CAPITAL_OPENS = re.compile(CAPITAL)
"""The first character of every :data:`CAPITAL_NAME`."""

CAPITAL_NAME = (
    rf"(?P<name>{CAPITAL}"
    r"[\w'’-]{2,24}"
    r"(?:[ ](?:(?:de|del|la|le|el|da|do|di|der|den|am|an"
    r"|sur)[ ])?[A-ZÀ-ÞŁŠŽĐ][\w'’-]{1,24}){0,3})(?!\w)"
)
CUED_NAME = re.compile(
    r"\b(?i:(?:live[sd]?|living|born|raised|based|located|arrive[sd]?|stay(?:s|ed|ing)?"
    r"|resid(?:es?|ing)"
    r"|gr[eo]w(?:ing)?[ ]up)"
    r"[ ](?:in|at|near)"
    r"|(?:moved?|moving|flew|fly(?:ing)?|drive|driving|drove|travell?(?:ed|ing)?|head(?:ed|ing)"
    r"|trip|went)"
    r"[ ](?:[a-z]{1,8}[ ])?(?:to|from)"
    r"|(?:originally|comes?|came)[ ]from|visiting|fled"
    r"|(?:city|town|village|suburbs?|north|south|east|west)[ ]of|outside|near"
    r"|(?:vivo|vive|nac[ií])[ ]en)[ ]" + CAPITAL_NAME
)
"""A capitalised name after words that only a place follows."""

NOT_PLACES = word_set(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May "
    "June July August September October November December The This That I God Jesus Christmas "
    "Easter English Spanish French Mom Dad Mum Facebook Twitter Instagram Google Amazon YouTube "
    "Microsoft Apple Windows Linux Christ You We They He She It And But My Your Our His Her Their "
    "Mr Mrs Ms Dr President Secretary Minister Senator Camp Hurricane Heaven Hell Earth Mars "
    "Netflix Snapchat Ubuntu Debian Java Python"
)
"""Capitalised words that follow such words and name no place."""

SHORT = 4
"""Letters up to which capitals alone are an abbreviation."""

SIDE = re.compile(
    r"\b(?:(?:on|to|from|off|over[ ](?:on|in)|out|in)[ ](?:the|da)[ ](?=\w+[ ]?(?:side|end))"
    r"|(?:in|to|from|out|over)[ ](?=\w+side))"
    r"(?P<name>(?:north|south|east|west)[ ]?(?:side|end))(?!\w)"
    r"|(?<!\w)(?P<bare>(?:north|south|east|west)[ ]?side)"
    r"(?=[ ](?:til+|until|4[ ]?(?:life|ever)|for[ ](?:life|ever)|forever|born|all[ ]day)\b)",
    re.IGNORECASE,
)
"""``on the east side``: a part of a city that the text does not name."""

SIDE_WORDS = word_set("side end northside southside eastside westside")

FEATURE_TYPES = (
    "Airport|Hospital|Stadium|Arena|Mall|Park|Station|Depot|Bridge|Beach|Islands?|River|Lake|Creek|"
    "Valley|Mountains?|Falls|University|College|Museum|Library|Theatre|Theater|Cathedral|"
    "Church|Casino|Harbor|Harbour|Bay|Coast|Peninsula|Canyon|Forest|Desert|"
    "Province|District|Parish|Borough|Jail|Prison|Courthouse|Clinic|Village|Township|Palace|Castle|"
    "Tower|Garden|Gardens|Zoo|Lounge|Liquors|Elementary|Plaza|Tavern|Saloon|Laundromat"
)
FEATURE_WORDS = frozenset(
    word
    for name in FEATURE_TYPES.lower().replace("?", "").split("|")
    for word in (name, name.removesuffix("s"))
) | word_set("center centre school")
"""Words one of which every :data:`FEATURE` holds."""

FEATURE = re.compile(
    r"(?<![\w@#'’-])(?P<name>(?:(?:St\.|Mt\.|[A-Z][\w'’]{1,20}|of|the|&)[ ]){1,4}?)"
    r"(?:(?:(?:International|Regional|Transit|Bus|Train|State|National)[ ])?"
    rf"(?:{FEATURE_TYPES})"
    r"|(?:Medical|Shopping|Convention|Community|Transit|Civic|Government)[ ](?:Center|Centre)"
    r"|(?:High|Elementary|Middle)[ ]School)(?!\w)"
)
"""A capitalised name before the word for a feature (GeoNames feature classes H, L, S, T, V)."""

FEATURE_OPENS = re.compile(rf"(?:{FEATURE_TYPES}|Center|Centre|School)(?!\w)")
"""The last word of every :data:`FEATURE`."""

FEATURE_STOP = word_set(
    "The A An This That My Our Your His Her In At On To From Of And For With No New Old Big I It "
    "He She We They Dear Happy Visit See Join Health High Data Call Customer Service Test Help "
    "Contact Information Community State National International Regional Medical Shopping Public "
    "First Wildfire Emergency Does Is Are Was Do Did Not NOT Or But Cue Has Have Will Can Let Go "
    "Going Middle Elementary Transit Bus Train Convention Trailer Next Last Each Every Some "
    "Safe"
)


VENUE = re.compile(
    r"(?<![\w'’@#])(?P<name>[^\W\d_][^\W\d_'’]{2,20}(?:['’]s)?)[ ]"
    r"(?P<type>casino|elementary|lounge|liquors|plaza|tavern|saloon|laundromat|bar|mall|park"
    r"|hospital|clinic|church|market|grill|diner|cafe|pub|school|apartments|apts|towers|library"
    r"|truck[ ]?stop|gym|field|brewing|brewery|taproom|arena|rink|rec[ ]center"
    r"|skate[ ]park|travel[ ](?:plaza|center|stop)|high(?:[ ]school)?|middle[ ]school)"
    r"(?!\w|[ ](?:table|games?|chips|night|trip|bag|shorts|clothes|membership|class|teacher|af|as"
    r"|asf|rn|five|key|heels|price|prices)\b)",
    re.IGNORECASE,
)
"""A name before the word for a venue, in whatever case."""

VENUE_WORDS = word_set(
    "casino elementary lounge liquors plaza tavern saloon laundromat bar mall park hospital clinic "
    "church market grill diner cafe pub school apartments apts towers library truck truckstop gym "
    "field brewing brewery taproom arena rink rec skate travel high middle"
)
PROPER_VENUES = word_set("casino elementary lounge liquors plaza tavern saloon laundromat") | {
    "skate park",
    "travel plaza",
    "travel center",
    "travel stop",
}
"""Those before which even an ordinary word is a name, after a word of place."""

VENUE_TIME = re.compile(
    r"\s(?:half\spast|quarter\s(?:past|to)|no\slater\sthan|(?:@|at|round|around|like|between|by"
    r"|before|after|til|till)\s\d|\d{1,2}:\d\d|over\s(?:in|on|by)\s\w)",
    re.IGNORECASE,
)
"""A time, or a place, after a venue that opens its clause: where one meets."""

OPENING = re.compile(r"(?:^|[.!?\n,;]\s*)$")
VENUE_CUE = re.compile(
    r"(?<!\w)(?:at|to|from|by|near|outside|behind|off|in|inside|@|en|leaving|over at)\s"
    r"(?:the\s|da\s)?(?:[^\W\d_]{3,12}\s)?$",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"(?:^|[.!?\n,;]\s*|(?:\b(?:at|to|from|by|near|outside)|@)\s)(?P<lead>[^\W\d_]{3,14})\s$"
)
"""A word between a cue, or the start of a clause, and a venue's name: part of it."""

EATING = word_set("cafe diner grill pub mall brewing brewery taproom")
"""Kinds of which an ordinary word makes a name when nothing parts it from its cue."""

DIRECT = re.compile(r"(?:\b(?:at|from|outside)|@)\s$", re.IGNORECASE)

SCHOOLS = word_set("high field gym arena rink")
"""Kinds that are ordinary words: only a name that no list holds makes a venue of them."""

CUE_REACH = 30
"""Characters before a venue within which its word of place stands."""

NO_VENUE = FILL | word_set(
    "new nearest local other cocktail airport hotel student students student's nice old big little "
    "dinner public trader next last first best cute cool shopping strip main online indian tribal "
    "leather chaise gentlemens vip private empty famous called liquor elementary wet coin damn da "
    "middle high catholic charter night sunday summer food flea stock super job housing trailer"
)
"""Words before it that make no name."""


def find_venues(text: str) -> Iterator[PlaceSpan]:
    """Yield venues by name and kind in lower case too (``at rivermark casino``).

    A name that is in no list of words is enough after a word of place, and before a kind that
    stands for nothing else; an ordinary word needs both.
    """
    for match in VENUE.finditer(text):
        name, kind = fold(match["name"]).replace("’", "'").removesuffix("'s"), match["type"].lower()
        if name in NO_VENUE:
            continue
        before = text[max(0, match.start() - CUE_REACH) : match.start()]
        is_cued = VENUE_CUE.search(before) is not None or (
            VENUE_TIME.match(text, match.end()) is not None
        )
        start = match.start()
        lead = LEAD.search(before) if is_cued else None
        if lead and fold(lead["lead"]) not in NO_VENUE and not is_chat(fold(lead["lead"])):
            start -= len(lead["lead"]) + 1
        if kind in SCHOOLS and not is_unknown(name):
            continue
        is_plain = kind in EATING and (
            DIRECT.search(text[max(0, start - CUE_REACH) : start]) is not None
            if VENUE_TIME.match(text, match.end()) is None
            else OPENING.search(text[max(0, start - CUE_REACH) : start]) is not None
        )
        if (is_cued + is_plain + (kind in PROPER_VENUES) + is_unknown(name.removesuffix("s"))) >= 2:
            surface = " ".join(text[start : match.end()].split())
            yield PlaceSpan(
                start, match.end(), "location:venue", PlaceKind.VENUE, surface,
                confidence=LIKELY,
            )  # fmt: skip


def find_cued(text: str) -> Iterator[PlaceSpan]:
    """Yield capitalised names after words that only places follow (``moved to Tabor``)."""
    if text.isupper():
        return  # shouted: capitals tell nothing
    for match in CUED_NAME.finditer(text):
        name = match["name"]
        if name.split()[0].split("'")[0] in NOT_PLACES or (name.isupper() and len(name) <= SHORT):
            continue
        yield PlaceSpan(
            match.start("name"), match.end("name"), "location:cue", PlaceKind.CITY, name,
            confidence=LIKELY,
        )  # fmt: skip


def find_sides(text: str) -> Iterator[PlaceSpan]:
    """Yield sides of a city after words of place."""
    for match in SIDE.finditer(text):
        start, end = match.span("name" if match["name"] else "bare")
        name = text[start:end].lower()
        yield PlaceSpan(start, end, "location:side", PlaceKind.CITY, name, confidence=LIKELY)


def find_features(text: str) -> Iterator[PlaceSpan]:
    """Yield capitalised names of hospitals, parks, lakes and the like."""
    for match in FEATURE.finditer(text):
        start = match.start()
        words = match["name"].split()
        while words and (words[0] in FEATURE_STOP or not words[0][0].isupper()):
            start += len(words[0]) + 1
            words = words[1:]
        if words:
            name = text[start : match.end()]
            yield PlaceSpan(
                start, match.end(), "location:feature", PlaceKind.VENUE, name, confidence=LIKELY
            )
