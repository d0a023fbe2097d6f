"""The shapes of roads: numbered roads and exits, bare numbers with a cue, streets by their type."""

from __future__ import annotations

import re

from extractors.place_types import word_set
from extractors.streets import DIRECTION, TYPES_FREE, TYPES_ORDINARY

INTERSTATES = word_set(
    "10 15 20 25 29 35 35E 35W 39 40 41 43 45 55 57 64 65 69 70 71 72 74 75 76 77 78 79 80 81 84 "
    "85 87 88 89 90 91 93 94 95 96 99 190 229 235 270 275 280 285 290 294 355 380 390 394 405 435 "
    "480 494 495 505 510 535 605 610 635 664 676 680 690 694 695 710 794 805 880 894 895"
)
"""Interstates (FHWA route log), and Minnesota freeways called by number alone."""

STATE_ROADS = word_set("5 7 13 36 47 51 52 55 61 62 65 77 100 101 110 169 212 252 280 371")
"""Trunk highways of the Twin Cities that are called by number alone."""

ROAD_NUMBERS = INTERSTATES | STATE_ROADS
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


LONE_NUMBER = re.compile(r"(?<!\w)\d{1,3}[EW]?(?!\w)", re.IGNORECASE)
ORDINAL_OPENS = re.compile(r"\d{2,3}(?:st|nd|rd|th)", re.IGNORECASE)
SPOKEN_OPENS = re.compile(r"\d-\d")
NUMBERED_PIECE = re.compile(
    r"(?<!\w)(?:interstate|highways?|hwy|hiway|route|rte|rt|csah|road|rd|us|exit|cr|mile\w{0,6}"
    r"|marker|post|(?-i:MN|WI|TH|SR))(?![^\W\d_])",
    re.IGNORECASE,
)
"""Words of :data:`NUMBERED_WORDS` that open a road or say what it is: not ``i``, which needs a
heading, and not the small letters of those that must be capitals."""

TYPE_OPENS = re.compile(rf"(?:{TYPES_FREE}|{TYPES_ORDINARY})(?![\w'’])", re.IGNORECASE)
"""A street type at the start of a piece: a blank stands before every one of :data:`TYPE`."""
