"""Street addresses and post boxes as written in messages, mostly of the United States."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.base import LIKELY, STRONG
from extractors.gazetteer import choose, gazetteer
from extractors.normalise.place import address_value
from extractors.place_types import Place, PlaceSpan, Token, tokenise
from extractors.states import state_at
from extractors.streets import DIRECTION, KNOWN_STREETS, NOT_NAMES, SAINTS
from schemas.kinds import PlaceKind

TYPES = (
    "avenue|ave|av|street|str|st|boulevard|blvd|road|rd|drive|dr|lane|ln|way|court|ct|place|pl|"
    "circle|cir|terrace|ter|trail|trl|parkway|pkwy|highway|hwy|square|sq|alley|aly|plaza|plz|row|"
    "loop|pike|bypass|crescent|cres|close|turnpike|tpke|freeway|expressway|run|path|park|mall|"
    "commons|crossing|xing|point|pt|ridge|view|walk|bend|cove|hill|heights|hts|landing|grove|"
    "mews|gardens|estates|spur|route|rte|rt"
)
"""Street types of USPS Publication 28, appendix C1, as far as they are in common use."""

WORDLIKE = frozenset(
    "way court ct place pl circle park mall row loop pike run path close point pt ridge view walk "
    "bend cove hill heights landing grove gardens estates square drive road st plaza crossing spur "
    "trail route rt rte commons lane dr rd sq".split()
)
"""Types that are ordinary words or short: with a lower-case name they need more of an address."""

NUMBER = r"(?P<no>\d{1,5}(?:-\d{1,5})?(?:\s?(?:½|1/2))?(?!st|nd|rd|th)[a-zA-Z]?|[NSEW]\d{2,3}\s?[NSEW]\d{3,5}|[NSEW]\d{3,5})"
NAME = r"(?:\d{1,3}(?:st|nd|rd|th)|[^\W\d_][\w'’-]{0,24}\.?)"
ADDRESS = re.compile(
    r"(?<![\w$€£#./:-])" + NUMBER + r",?[ ]{1,2}(?:(?P<dir>" + DIRECTION + r")\.?[ ]{1,2})?"
    r"(?P<name>" + NAME + r"(?:[ ]{1,2}" + NAME + r"){0,3}?)[ ]{1,2}"
    r"(?P<type>" + TYPES + r")(?![\w'’])\.?(?P<post>,?[ ]{1,2}(?:" + DIRECTION + r")(?![\w'’])\.?)?",
    re.IGNORECASE,
)
"""House number, direction, name of one to four words, street type, direction."""

UNTYPED = re.compile(
    r"(?<![\w$€£#./:-])(?P<no>\d{3,5})[ ]{1,2}(?P<dir>" + DIRECTION + r")\.?[ ]{1,2}"
    r"(?P<name>\d{1,3}(?:st|nd|rd|th)|[^\W\d_][\w'’-]{2,20})(?:[ ](?P<post>[nsew]{1,2}))?(?![\w'’])",
    re.IGNORECASE,
)
"""``2415 w broadway``: a number, a direction and a name."""

KNOWN = re.compile(
    r"(?<![\w$€£#./:-])(?P<no>\d{3,5})[ ]{1,2}(?P<name>[^\W\d_]{4,14})(?:[ ](?P<post>[nsew]{1,2}))?(?![\w'’])",
    re.IGNORECASE,
)
"""``1515 park``: a number and a known street name."""

HIGHWAY = re.compile(
    r"(?<![\w$€£#./:-])(?P<no>\d{1,5})[ ]{1,2}(?:(?:" + DIRECTION + r")\.?[ ])?"
    r"(?:(?:old|us|u\.s\.|state|county|co|cty|mn|wi)\.?[ ])?"
    r"(?:highway|hwy|route|rte|rt|road|rd|county road|co rd|cr|csah|fm|spur)\.?[ ]\#?[\dA-Z]{1,4}(?!\w)",
    re.IGNORECASE,
)
BLOCK = re.compile(
    r"(?<![\w$])\d{1,3}00[ ]block(?:[ ]of)?[ ](?:[^\W_][\w.'’-]{0,20})(?:[ ][^\W_][\w.'’-]{0,20}){0,2}?"
    r"(?:[ ](?:" + TYPES + r")(?!\w)\.?(?:[ ][nsew]{1,2}(?!\w))?|(?=[\s,.!?;]|$))",
    re.IGNORECASE,
)
BOX = re.compile(
    r"(?<!\w)(?:(?:p\.?\s?o\.?\s?(?:box|bx)|post(?:al)?\s(?:office\s)?box|apartado(?:\spostal)?|apdo\.?|casilla(?:\sde\scorreo)?)"
    r"\s?(?:no\.?\s?|\#\s?)?\d{1,7}(?!\w)|(?:(?:HC|RR|HCR|PSC|CMR|STAR\sR(?:OU)?TE|R\.?R\.?|RURAL\sROUTE|UNIT)\.?\s?\#?\s?\w{0,6},?\s{0,2}|\bROUTE\s)BOX\s?\#?\s?\d{1,6}\w?)",
    re.IGNORECASE,
)
"""Post boxes, rural routes and military boxes (USPS Publication 28, sections 24 to 28)."""

MILITARY = re.compile(r"(?<!\w)(?:USNS|USS|USNV|USCGC)\s\w{2,20}(?=\s{1,3}[FAD]PO)|(?<!\w)[FAD]PO,?\s{1,3}A[AEP]\s{1,3}\d{5}")

FOREIGN = re.compile(
    r"(?<!\w)(?:\d{1,5},?[ ])?(?:calle|avenida|av\.|avda\.?|carrera|cra\.?|paseo|plaza|camino|rua|travessa|"
    r"rue|avenue|boulevard|chemin|via|viale|piazza|corso|ulica|ul\.|cl\.|c/|strada|largo|quai|impasse)[ ]"
    r"(?:(?:de|del|la|las|los|el|da|do|dos|di|des|du|della|le|les|san|santa)[ ]){0,3}"
    r"[^\W_][\w'’.-]{0,24}(?:[ ][^\W\d_][\w'’.-]{1,24}){0,3}?,?[ ]?(?:\#|no\.?[ ]?|n°[ ]?)?[ ]?\d{1,5}[\w-]{0,5}(?:[ ]?-[ ]?\d{1,3})?(?!\w)",
    re.IGNORECASE,
)
"""Romance order: type, name, number."""

GERMANIC = re.compile(
    r"(?<!\w)(?:\d{1,5}[ ](?=[^\W\d_]{4}))?(?:[^\W\d_][\w.'’-]{1,20}[ ]){0,2}[^\W\d_][\w-]{2,28}"
    r"(?:stra(?:ss|ß)e|str\.|gasse|platz|weg|allee|damm|ufer|gatan|vägen|vagen|gränd|gade|vej|vejen|"
    r"veien|straat|laan|plein|katu|tie|gata|vegur|utca|ulice|stræde|stræti|braut|götu)[ ]\d{1,4}[a-zA-Z]?(?!\w)",
    re.IGNORECASE,
)
"""Germanic, Nordic and Hungarian order: the type is the name's end, the number follows."""

POSTCODE = re.compile(
    r"(?<!\w)(?:(?:GIR\s0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2})"
    r"|[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d)(?!\w)"
)
"""Post codes of the United Kingdom and Canada, which only an address holds."""

UNIT = re.compile(
    r"[,\s]{0,3}(?:[-–]\s?)?(?:(?:apt|apartment|unit|suite|ste|room|rm|floor|flr|fl|bldg|building|"
    r"trlr|trailer|lot|dept|spc|space|depto|piso|apto|door|upstairs|downstairs|upper|lower|bsmt)(?!\w)\.?\s?"
    r"(?:\#\s?)?[\w-]{0,6}(?![\w])|\#\s?\w{1,6}(?!\w)|\d{1,3}(?:st|nd|rd|th)\s(?:floor|fl)(?!\w)\.?)",
    re.IGNORECASE,
)
"""Unit after a street (USPS Publication 28, appendix C2)."""

ZIP = re.compile(r"[,\s]{1,3}\d{5}(?:-\d{4})?(?![\w-])")
TAIL_POSTCODE = re.compile(r"[,\s]{1,3}(?:[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d)(?!\w)")
GAP = re.compile(r"[ ]?,?[\s]{1,3}|,\s{0,2}")
CITY_WORDS = re.compile(
    r"(?P<gap>[ ]?,\s{1,3}|\s{1,2})(?P<city>[^\W\d_][\w.'’-]{1,20}(?:[ ][^\W\d_][\w.'’-]{1,20}){0,2}?)(?=,?\s{1,2}(?P<state>[A-Za-z]{2}|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)(?!\w))"
)

STOP_NAMES = NOT_NAMES | frozenset(
    "people persons bucks dollars min mins minutes hour hours hr hrs day days night nights week weeks "
    "month months year years am pm lbs pounds girls guys times more miles mile blocks rooms room "
    "tickets games points percent other things text texts missed likes kids ppl times grams dates "
    "for is are was so but if because then than when".split()
)


def find_addresses(text: str, region: str) -> Iterator[PlaceSpan]:
    """Yield addresses with their unit, city, state and post code, when they follow."""
    tokens: Sequence[Token] = ()
    for match in _cores(text):
        if not tokens:
            tokens = tuple(tokenise(text))
        end, place = _tail(text, match.end(), tokens, region)
        start = match.start()
        surface = text[start:end]
        yield PlaceSpan(
            start, end, "location:address", PlaceKind.ADDRESS, address_value(surface),
            address_value(surface), place, STRONG if place or match.re is ADDRESS else LIKELY,
        )  # fmt: skip


def _cores(text: str) -> Iterator[re.Match[str]]:
    for pattern in (HIGHWAY, BLOCK, BOX, MILITARY, FOREIGN, GERMANIC):
        yield from pattern.finditer(text)
    position = 0
    while match := ADDRESS.search(text, position):
        if _is_address(match, text):
            yield match
            position = match.end()
        else:
            position = match.start() + 1
    for match in UNTYPED.finditer(text):
        if _is_untyped(match):
            yield match
    for match in KNOWN.finditer(text):
        name = match["name"].lower()
        if name in KNOWN_STREETS and (name not in WORDLIKE or match["post"] or len(match["no"]) > 3):  # noqa: PLR2004
            yield match
    yield from POSTCODE.finditer(text)


def _is_untyped(match: re.Match[str]) -> bool:
    name = match["name"].lower()
    if name in STOP_NAMES or name in ("side", "st", "street"):
        return False
    direction = match["dir"].lower().rstrip(".")
    return direction not in ("s",) or name in KNOWN_STREETS or match["name"][0].isupper() or match["dir"].isupper()


def _is_address(match: re.Match[str], text: str) -> bool:
    words = match["name"].lower().split()
    kind = match["type"].lower()
    if any(word.strip(".") in STOP_NAMES for word in words):
        return False
    if kind == "st" and text[match.end("type") : match.end("type") + 12].strip(" .").split(" ")[0].lower() in SAINTS:
        return False
    named = match["name"][0].isupper() or match["name"][0].isdigit() or match["dir"]
    if kind in WORDLIKE and not named:
        return len(words) == 1 and (len(match["no"]) >= 3 and kind not in ("way", "park", "place", "point", "run", "view", "hill", "close", "walk", "row", "path"))  # noqa: PLR2004
    if len(words) > 1 and not named:
        return kind not in WORDLIKE and len(match["no"]) > 1
    return not (kind in ("park", "view", "hill", "point", "mall", "run", "walk", "close") and len(match["no"]) < 2)  # noqa: PLR2004


def _tail(
    text: str, end: int, tokens: Sequence[Token], region: str
) -> tuple[int, Place | None]:
    """Return where the address ends and the city it lies in, if that follows."""
    place: Place | None = None
    for _ in range(3):
        unit = UNIT.match(text, end)
        if not unit:
            break
        end = unit.start() + len(unit.group().rstrip())
    city = _city(text, end, tokens, region)
    if city:
        end, place = city
    zipped = ZIP.match(text, end) or TAIL_POSTCODE.match(text, end)
    if zipped:
        end = zipped.end()
    if place:
        unit = UNIT.match(text, end)
        if unit:
            end = unit.start() + len(unit.group().rstrip())
    return end, place


def _city(
    text: str, end: int, tokens: Sequence[Token], region: str
) -> tuple[int, Place | None] | None:
    gap = GAP.match(text, end) or (re.compile(r"\.\s").match(text, end))
    if not gap:
        return None
    index = next((i for i, token in enumerate(tokens) if token.start >= gap.end()), None)
    if index is not None and tokens[index].start == gap.end():
        match = gazetteer().match_at(text, tokens, index)
        if match:
            finish = tokens[match.last].end
            state = state_at(text, tokens, match.last + 1, loose=True)
            if state:
                code, last = state
                places = [p for p in match.places if p.state == code and p.country == "US"]
                name = " ".join(text[tokens[index].start : finish].split())
                place = choose(places, region) if places else Place(
                    PlaceKind.CITY, name, city=name, state=code, country="US"
                )
                return tokens[last].end, place
            cities = [p for p in match.places if p.kind is PlaceKind.CITY]
            if match.base >= 0 and cities:
                return finish, choose(cities, region)
            if match.base >= 0 and match.places:
                return finish, choose(match.places, region)
        state = state_at(text, tokens, index, loose=True)
        if state:
            return tokens[state[1]].end, Place(PlaceKind.STATE, state[0], state=state[0], country="US")
        for words in (1, 2, 3):
            state = state_at(text, tokens, index + words, loose=False)
            if state and "\n\n" not in text[tokens[index].start : tokens[state[1]].end]:
                name = text[tokens[index].start : tokens[index + words - 1].end]
                if len(name) > 40 or any(char in name for char in ".!?:;()"):
                    break
                return tokens[state[1]].end, Place(
                    PlaceKind.CITY, name, city=name, state=state[0], country="US"
                )
    return None
