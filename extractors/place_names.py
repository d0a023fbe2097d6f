"""Names of places in running text: which listed names are meant as places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.base import LIKELY, STRONG
from extractors.gazetteer import Match, choose, gazetteer
from extractors.normalise.place import place_value
from extractors.place_types import Place, PlaceSpan, Token
from extractors.states import CODES, state_at
from schemas.kinds import PlaceKind

NEEDED = 2
"""Points from which a name is a place: its base (SOURCES_places.md) and its cues add up."""

IN = frozenset(
    "in near outside around inside throughout across downtown toward towards within en cerca hacia "
    "nr inn visiting visit northern southern eastern western central greater".split()
)
"""Words after which a name is nearly always a place."""

MOTION = frozenset(
    "go goin going gone goes went drive drives driving drove fly flying flew flight flights head heads headed "
    "heading move moved moving back trip bus train way otw omw ride rode travel traveling travelling came come coming "
    "run slide pull pulled pullin pulling get gettin getting make take taking took bring bringin return "
    "returning returned down up over tour tickets ticket road close next welcome greyhound route walk walking land "
    "landed landing arrive arrived arriving off send sent ship shipped deliver brought relocate relocated relocating "
    "vamos voy va vas ir viaje viajar regreso llegar transfer transferred commute commuting here there out "
    "travelled traveled far miles mins minutes hours hrs".split()
)
"""Words within three before ``to`` that make a way of it."""

TO = frozenset("to 2 too into onto til till hasta a towards".split())
FROM = frozenset("from frm 4rm fr4om leaving leave left desde de outta".split())
HEARD = frozenset(
    "text texts call calls message messages msg msgs email heard hear hearing letter gift money "
    "present something anything nothing word news love hugs kisses texted called".split()
)
"""Words before ``from`` that speak of a person."""

AT = frozenset("at by through thru past off via for of over reach reached reaching between across hit hittin and".split())

PERSON_BEFORE = frozenset(
    "with w wit hey hi yo hello ask asked askin tell told tellin telling call called callin text texted texting "
    "love loved miss missed dear my mr mrs ms miss sgt officer dr det detective judge chief deputy agent "
    "sir named aka name names cousin sister sis brother bro son daughter wife husband girlfriend kissed dropped "
    "saw seen met meet princess lil lil' big uncle aunt auntie tia tio baby young thank thanks fuck fucked "
    "president senator gov governor coach king queen saint st me her him dating pick help lady "
    "con señor señora don doña soy llamo llama hola for let give gave owe owes paid pay like grover".split()
)
"""Words after which a name that people bear is a person."""

PERSON_AFTER = frozenset(
    "said says told tells wants wanted left owes owed called calls texted is isnt was has had hit needs need "
    "coming gonna wont will would not she he her him his herself himself think thinks know knows knew answer "
    "answered asked asks up did does didnt dont can got gets going went just been be likes loves hates "
    "gave gives made makes took takes came comes stay stayed stole lied cried wasnt ain't aint hmu im i "
    "dijo quiere es u ur you your call text please pls plz girl bitch bro jr owe why what where when how "
    "working works sleep asleep mad sick pregnant o".split()
)
"""Words before which a name that people bear is a person."""

PLACE_AFTER = frozenset(
    "area pd police airport metro suburbs suburb bound based residents resident people downtown incall "
    "outcall tour natives native fire fires wildfire flood floods coast border river bay hospital jail "
    "courthouse workhouse university uni college mall station weather streets trip region district "
    "province city town township county state".split()
)
"""Words before which a name is likelier a place."""

DIRECTIONS = frozenset(
    "north south east west n s e w northeast northwest southeast southwest ne nw se sw upper lower "
    "northern southern eastern western central downtown uptown greater inner rural mid".split()
)

LIST_GAP = re.compile(r"\s?(?:[,;/&+>→-]|->|\bor\b|\band\b|\bto\b|\bthen\b|\bn\b|\by\b)\s?(?:and\s|or\s|then\s)?|\s[-–]\s")
SENTENCE_END = re.compile(r"[.!?\n:;\"“”‘(\[*•|-]\s*$")

LOWER_CODES = frozenset("mn wi tx ny nj nc sc fl az tn sd nv ga".split())
"""State codes taken in lower case after a word that makes a place of them."""

LA_AFTER = re.compile(
    r"\s*(?:$|[.,;:!?)\n]|\s(?:tmrw|tmr|tonight|this|for|w|with|on|next|now|rn|and|n|then|til|till|until|baby|area|county|traffic|is)\b)",
    re.IGNORECASE,
)

CUED_NAME = re.compile(
    r"(?:\b(?:[Ll]ive[sd]?|[Ll]iving|[Bb]orn|[Rr]aised|[Bb]ased|[Ll]ocated|[Aa]rrive[sd]?|[Ss]tay(?:s|ed|ing)?|[Rr]esid(?:es?|ing)|[Ww]orks?)\s(?:in|at|near)"
    r"|\b(?:[Mm]oved?|[Mm]oving|[Ff]lew|[Ff]ly(?:ing)?|[Dd]rive|[Dd]riving|[Dd]rove|[Tt]ravell?(?:ed|ing)|[Hh]ead(?:ed|ing)|[Tt]rip|[Ww]ent)\s(?:\w+\s)?(?:to|from)"
    r"|\b(?:[Oo]riginally|[Cc]omes?|[Cc]ame)\sfrom|\b(?:[Vv]isiting|[Cc]ity\sof|[Tt]own\sof|[Vv]illage\sof|[Ss]uburbs?\sof|[Nn]orth\sof|[Ss]outh\sof|[Ee]ast\sof|[Ww]est\sof)"
    r"|\b(?:[Vv]ivo|[Vv]ive|[Nn]ac[ií])\sen)"
    r"\s(?P<name>[A-ZÀ-ÞŁŠŽĐΑ-ΩА-Я][\w'’-]{2,24}(?:[ -](?:de|del|la|le|el|da|do|di|der|den|am|an|sur|[A-ZÀ-ÞŁŠŽĐ][\w'’-]{1,24})){0,4})(?!\w)"
)
"""A capitalised name after words that only a place follows."""

FEATURE = re.compile(
    r"(?<![\w@#])(?P<name>(?:(?:St\.?|Mt\.?|Fort|Ft\.?|[A-Z][\w'’-]{1,20}|of|the|&)[ ]){1,4}?)"
    r"(?P<type>(?:International[ ]|Regional[ ]|Medical[ ]|Shopping[ ]|Convention[ ]|Community[ ]|Transit[ ]|Bus[ ]|Train[ ]|High[ ]|Elementary[ ]|State[ ]|National[ ])?"
    r"(?:Airport|Hospital|Stadium|Arena|Mall|Park|Station|Depot|Bridge|Beach|Island|Islands|River|Lake|Creek|Valley|"
    r"Mountain|Mountains|Falls|University|College|School|Museum|Library|Theatre|Theater|Cathedral|Church|Casino|Center|Centre|Plaza|"
    r"Harbor|Harbour|Bay|Coast|Peninsula|Canyon|Forest|Desert|Province|District|Parish|Island|Borough|Jail|Prison|Courthouse|Clinic|"
    r"Village|Township|Hotel|Palace|Castle|Tower|Square|Garden|Gardens|Zoo|Hall))(?![\w])"
)
"""A capitalised name before the word for a feature (GeoNames feature classes H, S, T, V)."""

FEATURE_STOP = frozenset(
    "The A An This That My Our Your His Her In At On To From Of And For With No New Old Big I It He She We They "
    "Dear Happy Visit See Join Central Park Health High Data Call Customer Service Test Help Contact Information "
    "Community State National International Regional Medical Shopping Public First Wildfire Emergency".split()
)


@dataclass(slots=True)
class Candidate:
    """A listed name with what speaks for a place."""

    match: Match
    start: int
    end: int
    score: float
    rule: str
    place: Place | None = None


def find_names(text: str, tokens: Sequence[Token], region: str) -> Iterator[PlaceSpan]:
    """Yield the names of cities, counties, states, countries and regions in a text.

    Args:
        text: the text.
        tokens: its words, those inside links and addresses left out.
        region: ISO 3166 country of the case.
    """
    case = _Case(text, tokens)
    candidates = list(_candidates(text, tokens, case))
    _lists(text, candidates)
    accepted = [candidate for candidate in candidates if candidate.score >= NEEDED]
    nearby: dict[str, int] = {}
    for candidate in accepted:
        places = [candidate.place] if candidate.place else list(candidate.match.places)
        if len(places) == 1 or places[0].kind in (PlaceKind.STATE, PlaceKind.COUNTRY):
            place = choose(places, region)
            area = f"{place.country}-{place.state}" if place.state else (place.country or "")
            if area != "US":
                nearby[area] = nearby.get(area, 0) + 1
    for candidate in accepted:
        place = candidate.place or choose(candidate.match.places, region, nearby)
        yield PlaceSpan(
            candidate.start, candidate.end, candidate.rule, place.kind, place.name,
            place_value(place), place,
            STRONG if candidate.score > NEEDED or candidate.match.base >= NEEDED else LIKELY,
            _namesakes(candidate, place),
        )  # fmt: skip


def find_cued(text: str) -> Iterator[PlaceSpan]:
    """Yield capitalised names that no list holds, after words that only places follow."""
    for match in CUED_NAME.finditer(text):
        name = match["name"]
        if name.split()[0] in NOT_PLACES or name.split("'")[0] in NOT_PLACES:
            continue
        yield PlaceSpan(
            match.start("name"), match.end("name"), "location:cue", PlaceKind.CITY, name,
            confidence=LIKELY,
        )  # fmt: skip


def find_features(text: str) -> Iterator[PlaceSpan]:
    """Yield capitalised names of hospitals, parks, lakes and the like."""
    for match in FEATURE.finditer(text):
        start = match.start()
        words = match["name"].split()
        while words and (words[0] in FEATURE_STOP or not words[0][0].isupper()):
            start += len(words[0]) + 1
            words = words[1:]
        if not words or start != match.start() + len(match["name"]) - len(" ".join(words)) - 1:
            continue
        name = text[start : match.end()]
        yield PlaceSpan(
            start, match.end(), "location:feature", PlaceKind.VENUE, name, confidence=LIKELY
        )


NOT_PLACES = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October November December The This That I God Jesus Christmas Easter English Spanish French Mom Dad "
    "Facebook Twitter Instagram Google Amazon YouTube Microsoft Apple Christ".split()
)


class _Case:
    """Whether capitals tell anything in a text."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        sample = tokens[:200]
        upper = sum(text[token.start].isupper() for token in sample)
        full = sum(text[token.start : token.end].isupper() for token in sample if token.end - token.start > 1)
        self.is_shouted = len(sample) > 2 and full > 0.6 * len(sample)  # noqa: PLR2004
        self.is_telling = not self.is_shouted and upper < 0.7 * len(sample)


def _candidates(text: str, tokens: Sequence[Token], case: _Case) -> Iterator[Candidate]:
    listing = gazetteer()
    index = 0
    while index < len(tokens):
        found = _code(text, tokens, index, case) or listing.match_at(text, tokens, index)
        if found is None or found.base <= -5:  # noqa: PLR2004
            index += 1
            continue
        candidate = _judge(text, tokens, found, case)
        if candidate.score < NEEDED and found.last > found.first:
            # a long name that is not meant may hold a short one that is: "in lake chicago"
            for inner in range(found.first, found.last + 1):
                shorter = _single(tokens, inner)
                if shorter:
                    retry = _judge(text, tokens, shorter, case)
                    if retry.score >= NEEDED:
                        yield retry
            index = found.last + 1
            continue
        yield candidate
        index = candidate.match.last + 1
        while index < len(tokens) and tokens[index].start < candidate.end:
            index += 1


def _single(tokens: Sequence[Token], index: int) -> Match | None:
    found = gazetteer().lookup(tokens[index].key) if tokens[index].key in gazetteer() else None
    return Match(index, index, tokens[index].key, found[0], found[1]) if found else None


def _code(text: str, tokens: Sequence[Token], index: int, case: _Case) -> Match | None:
    """Return the state, city or country that two letters stand for, or None."""
    token = tokens[index]
    if token.end - token.start != 2:  # noqa: PLR2004
        return None
    surface = text[token.start : token.end]
    if token.key == "la":
        return _los_angeles(text, tokens, index, surface, case)
    if surface.isupper() and not case.is_shouted and (surface in CODES or surface == "US"):
        found = gazetteer().lookup(f"!{surface}")
        return Match(index, index, f"!{surface}", found[0], found[1]) if found else None
    if surface in LOWER_CODES:
        found = gazetteer().lookup(f"!{surface.upper()}")
        return Match(index, index, f"!{surface}", -1, found[1]) if found else None
    return None


def _los_angeles(
    text: str, tokens: Sequence[Token], index: int, surface: str, case: _Case
) -> Match | None:
    before = tokens[index - 1].key if index else ""
    is_upper = surface.isupper() and not case.is_shouted
    if not is_upper and not (before in ("in", "to", "from", "around", "leaving") and LA_AFTER.match(text, tokens[index].end)):
        return None
    found = gazetteer().lookup("los angeles")
    return Match(index, index, "l a", 2 if is_upper else 1, found[1]) if found else None


def _judge(text: str, tokens: Sequence[Token], match: Match, case: _Case) -> Candidate:
    """Return a listed name with its points, joined to the state or country after it."""
    start, end = tokens[match.first].start, tokens[match.last].end
    places = match.places
    if not match.key.startswith("!") and any(p.kind is PlaceKind.CITY for p in places):
        joined = _joined(text, tokens, match)
        if joined:
            return joined
    score = match.base + _cues(text, tokens, match, case)
    return Candidate(match, start, end, score, "location:name")


def _joined(text: str, tokens: Sequence[Token], match: Match) -> Candidate | None:
    start = tokens[match.first].start
    state = state_at(text, tokens, match.last + 1)
    cities = [place for place in match.places if place.kind is PlaceKind.CITY]
    if state:
        code, last = state
        here = [place for place in cities if place.state == code and place.country == "US"]
        gap = text[tokens[match.last].end : tokens[match.last + 1].start]
        if here or "," in gap:
            name = " ".join(text[start : tokens[match.last].end].split())
            place = max(here, key=lambda p: p.population) if here else Place(
                PlaceKind.CITY, name, city=name, state=code, country="US"
            )
            if "\n" not in gap:
                return Candidate(match, start, tokens[last].end, 9, "location:city_state", place)
    return _with_country(text, tokens, match, cities)


def _with_country(
    text: str, tokens: Sequence[Token], match: Match, cities: Sequence[Place]
) -> Candidate | None:
    index = match.last + 1
    if index >= len(tokens) or text[tokens[match.last].end : tokens[index].start] not in (" ", ", ", ","):
        return None
    after = gazetteer().match_at(text, tokens, index)
    if not after or after.base < 0:
        return None
    for larger in after.places:
        is_state = larger.kind is PlaceKind.STATE and larger.country != "US"
        if larger.kind is not PlaceKind.COUNTRY and not is_state:
            continue
        here = [
            city for city in cities
            if city.country == larger.country and (city.state == larger.state or not city.state or not larger.state)
        ]  # fmt: skip
        if here and (larger.country != "US" or match.base >= 0):
            place = max(here, key=lambda city: city.population)
            return Candidate(
                match, tokens[match.first].start, tokens[after.last].end, 9, "location:city_country", place
            )
    return None


def _cues(text: str, tokens: Sequence[Token], match: Match, case: _Case) -> float:
    """Return the points of the words and capitals around a name."""
    first, last, base = match.first, match.last, match.base
    start, end = tokens[first].start, tokens[last].end
    before = tokens[first - 1] if first else None
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    tight_before = before is not None and _tight(text[before.end : start])
    tight_after = after is not None and _tight(text[end : after.start])
    score = 0.0
    is_capital = text[start].isupper() and not match.key.startswith("!")
    opens = start == 0 or SENTENCE_END.search(text[max(0, start - 4) : start]) is not None
    if start and text[start - 1] == "#":
        return score + (1 if base >= 1 else -1)
    if is_capital and case.is_telling and not opens:
        score += 1
    way = _way(tokens, first) if tight_before else 0
    score += way
    if base < 0 and not (is_capital and case.is_telling) and not match.key.startswith("!"):
        return -9  # an ordinary word or name in lower case
    if tight_after and after and after.key in PLACE_AFTER:
        score += 1.5
    if tight_before and before and before.key in DIRECTIONS and base >= 0:
        score += 1
    if base < NEEDED and first == last:
        score += _person(text, before if tight_before else None, after if tight_after else None, start, end, way)
    elif tight_before and before and before.key in TITLES and first == last:
        score -= 3
    return score


TITLES = frozenset("mr mrs ms miss sgt officer dr det detective judge chief deputy agent sir".split())


def _person(
    text: str, before: Token | None, after: Token | None, start: int, end: int, way: float
) -> float:
    """Return what speaks for a person (or a brand), as points to lose."""
    loss = 0.0
    if before and way < 2 and before.key in PERSON_BEFORE:  # noqa: PLR2004
        loss -= 3
    if after and way < 2 and after.key in PERSON_AFTER:  # noqa: PLR2004
        loss -= 3
    if before and text[before.start].isupper() and text[start].isupper() and before.key not in IN | TO | FROM | AT | DIRECTIONS | COMMON_OPENERS and text[before.end : start] == " ":
        loss -= 2
    if after and text[after.start].isupper() and text[start].isupper() and not text[start:end].isupper() and text[end : after.start] == " " and after.key not in PLACE_AFTER:
        loss -= 2
    if text[end : end + 2] in ("'s", "’s"):
        loss -= 1
    return loss


COMMON_OPENERS = frozenset("the and but is was are this that today tonight now when where i rt breaking".split())


def _way(tokens: Sequence[Token], first: int) -> float:
    """Return the points of the words before a name that make a place of it."""
    word = tokens[first - 1].key
    if word == "the" and first > 1:
        word = tokens[first - 2].key
        first -= 1
    earlier = {token.key for token in tokens[max(0, first - 4) : first - 1]}
    if word in DIRECTIONS and first > 1 and tokens[first - 2].key in IN | TO | FROM:
        return 2.5
    if word in IN:
        return 3
    if word in TO:
        return 3 if not earlier.isdisjoint(MOTION) and word != "a" or (word == "a" and not earlier.isdisjoint(MOTION)) else 1
    if word in FROM:
        return 1 if not earlier.isdisjoint(HEARD) else 2
    return 1 if word in AT else 0


def _tight(gap: str) -> bool:
    return len(gap) <= 2 and not gap.strip(" .#“\"'")  # noqa: PLR2004


def _lists(text: str, candidates: list[Candidate]) -> None:
    """Raise a doubtful name that stands in a list beside a sure one."""
    for step in (candidates, candidates[::-1]):
        for left, right in zip(step, step[1:], strict=False):
            low, high = (left, right) if left.start < right.start else (right, left)
            gap = text[low.end : high.start]
            sure = left.score >= NEEDED
            if sure and right.score < NEEDED and right.score >= 0 and len(gap) < 9 and LIST_GAP.fullmatch(gap):  # noqa: PLR2004
                right.score += 2


def _namesakes(candidate: Candidate, place: Place) -> str:
    others = [other for other in candidate.match.places if other != place]
    if candidate.place or not others:
        return ""
    return f"chosen among {len(others) + 1} places of this name"


def renamed(span: PlaceSpan, place: Place) -> PlaceSpan:
    """Return a span with another of its namesakes."""
    return replace(span, place=place, name=place.name, kind=place.kind, value=place_value(place))
