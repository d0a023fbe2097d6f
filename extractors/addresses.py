"""Street addresses and post boxes as written in messages, mostly of the United States."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from extractors import place_bits as bits
from extractors.address_patterns import (
    ADDRESS,
    AVENUE_OF,
    BLOCK,
    BOX,
    FOREIGN,
    GERMANIC,
    GERMANIC_ENDS,
    HIGHWAY,
    KNOWN,
    LINE_WORD,
    LINES,
    MILITARY,
    POSTCODE_ONLY,
    QUADRANT,
    STATED,
    TAIL_POSTCODE,
    UNIT,
    UNTYPED,
    WITH_UNIT,
    ZIP,
)
from extractors.base import LIKELY, STRONG
from extractors.gazetteer import choose, gazetteer
from extractors.normalise.place import address_value
from extractors.place_types import Place, PlaceSpan, Token, tokenise, word_set
from extractors.place_words import is_chat, is_ordinary
from extractors.states import state_at
from extractors.streets import (
    DIRECTION,
    FILL,
    NOT_TYPE,
    TYPES,
    WORDLIKE,
    is_saint,
    known_streets,
)
from schemas.kinds import PlaceKind

GAP = re.compile(r"[ ]?,?\s{1,3}|,\s{0,2}|\.[ ]")
COMMA = re.compile(r"[ ]?,\s{1,3}")
TOWN_WORDS = 3
"""Words of an unlisted town between street and country, at most."""

BLANK_DIGIT = re.compile(r"[ ]\d")
CORES = (
    (HIGHWAY, bits.HIGHWAY | bits.NUMBER),
    (BLOCK, bits.BLOCK | bits.NUMBER),
    (BOX, bits.BOX),
    (MILITARY, bits.MILITARY),
    (WITH_UNIT, bits.WITH_UNIT | bits.NUMBER),
    (FOREIGN, bits.FOREIGN),
    (AVENUE_OF, bits.AVENUE_OF | bits.NUMBER),
)
"""Shapes that need no further judging, with the bits that each of them needs."""

CORE_WORDS = (
    (bits.HIGHWAY, word_set("highway hwy route rte rt road rd cr csah fm spur sr us")),
    (bits.BLOCK, word_set("block")),
    (bits.BOX, word_set("box pobox pob bx apartado apdo casilla")),
    (bits.MILITARY, word_set("apo fpo dpo")),
    (bits.WITH_UNIT, word_set("apt apartment suite ste unit")),
    (bits.FOREIGN, word_set(
        "calle avenida avda carrera cra rua travessa rue ulica ul av paseo plaza camino avenue "
        "boulevard chemin via viale piazza corso cl c strada largo quai"
    )),
    (bits.AVENUE_OF, word_set("ave avenue rue via camino calle")),
)  # fmt: skip
"""Words one of which each of them holds."""

LONG_NUMBER = 4
"""Digits from which a house number speaks for itself."""

LONG_LINE = 40
"""Characters of a city's name, at most."""

BACK = 90
"""Characters before a post code within which its address is looked for."""


def word_bits() -> Iterator[tuple[int, Iterable[str]]]:
    """Yield the words of each gate of :func:`find_addresses`, with its bit."""
    yield from CORE_WORDS
    yield bits.ADDRESS_TYPE, TYPES.split("|")
    yield bits.DIRECTION, DIRECTION_WORDS
    yield bits.STREET_NAME, known_streets()
    yield bits.QUADRANT, QUADRANT_WORDS
    yield bits.STATED, STATED_WORDS


def number_bits(piece: str) -> int:
    """Return the bits of a piece with a digit that matter here."""
    found = bits.NUMBER if NUMBER_ENDS.search(piece) else 0
    return found | (bits.POSTCODE if POSTCODE_PART.search(piece) else 0)


def type_bits(piece: str) -> int:
    """Return the bit of a piece that begins with a street type."""
    return bits.TYPE_OPENS if TYPE_OPENS.match(piece) else 0


def find_addresses(text: str, region: str, found: int = bits.ALL) -> Iterator[PlaceSpan]:
    """Yield addresses with unit, city, state and post code, when they follow.

    Args:
        text: the text; one without a digit holds no address.
        region: ISO 3166 country of the case.
        found: its bits (:mod:`extractors.place_bits`).

    Yields:
        Spans, which may overlap: the first found of two is the surer.
    """
    tokens: Sequence[Token] | None = None
    for start, end, confidence in _cores(text, found):
        if tokens is None:
            tokens = tuple(tokenise(text))
        finish, place = _tail(text, end, tokens, region)
        value = address_value(text[start:finish])
        yield PlaceSpan(
            start, finish, "location:address", PlaceKind.ADDRESS, value, value, place,
            STRONG if place else confidence,
        )  # fmt: skip


def _cores(text: str, found: int) -> Iterator[tuple[int, int, float]]:
    for pattern, needed in CORES:
        if found & needed == needed:
            for match in pattern.finditer(text):
                if pattern is not WITH_UNIT or _is_unit_address(match.group()):
                    yield match.start(), match.end(), STRONG
    if found & bits.GERMANIC and _may_be_germanic(text):
        for match in GERMANIC.finditer(text):
            name = match.group().split()[-2]
            if not (name.islower() and is_ordinary(name)):
                yield match.start(), match.end(), STRONG
    if found & TYPED_NEEDS == TYPED_NEEDS:
        yield from _typed(text)
    if found & bits.NUMBER:
        yield from _untyped(text, found)
    is_post = found & bits.POSTCODE and not text.islower()
    for match in POSTCODE_ONLY.finditer(text) if is_post else ():
        yield _line_start(text, match.start()), match.end(), LIKELY
    if found & STATED_NEEDS == STATED_NEEDS:
        yield from ((*m.span("address"), LIKELY) for m in STATED.finditer(text))


NUMBER_ENDS = re.compile(r"[\d½]\w?,?$")
"""The end of a piece before a blank that a house number closes; a lone ½ follows one."""
POSTCODE_PART = re.compile(r"[A-Z]\d")
"""What every :data:`POSTCODE_ONLY` holds in one piece."""
DIRECTION_PIECE = re.compile(rf"(?:{DIRECTION}|[ns])\.?$", re.IGNORECASE)
"""A piece that is a direction, or the first half of ``n. e``."""

TYPE_OPENS = re.compile(rf"(?:{TYPES})(?![\w'’])", re.IGNORECASE)
"""A street type at the start of a piece: a blank stands before that of every :data:`ADDRESS`."""

TYPED_NEEDS = bits.ADDRESS_TYPE | bits.TYPE_OPENS | bits.NUMBER
UNTYPED_NEEDS = bits.DIRECTION | bits.DIRECTION_PIECE
STATED_NEEDS = bits.STATED | bits.NUMBER
STATED_WORDS = word_set("address at live lives living located located to vivo direccion dirección")
DIRECTION_WORDS = word_set(
    "n s e w ne nw se sw north south east west northeast northwest southeast southwest"
)
QUADRANT_WORDS = word_set("ne nw se sw n s")
UNIT_FILL = FILL - {"plus", "points", "point"}


def _may_be_germanic(text: str) -> bool:
    return any(
        text[max(0, match.start() - 8) : match.start()].lower().endswith(GERMANIC_ENDS)
        for match in BLANK_DIGIT.finditer(text)
    )


def _is_unit_address(surface: str) -> bool:
    """Whether a number, words and a flat are an address: no filler among the words."""
    middle = [word.strip(".,").lower() for word in surface.split()[1:-1]]
    return not any(word in UNIT_FILL for word in middle[:-1]) and len(middle) > 1


def _typed(text: str) -> Iterator[tuple[int, int, float]]:
    position = 0
    while match := ADDRESS.search(text, position):
        if _is_typed(match, text):
            yield match.start(), match.end(), STRONG
            position = match.end()
        else:
            position = match.end("no")


def _is_typed(match: re.Match[str], text: str) -> bool:
    """Whether a number, a name and a street type are an address, not ``10 park tickets``."""
    words = match["name"].lower().split()
    kind, long_number = match["type"].lower(), len(match["no"]) >= 3
    if any(word.strip(".") in FILL for word in words if len(word) > 1 and word != "n"):
        return False
    if kind == "st" and is_saint(text, match.end("type")):
        return False
    if kind in ("drive", "pass") and NOT_TYPE.match(text, match.end("type")):
        return False
    if len(match["name"]) == 1 and not (kind not in WORDLIKE and long_number):
        return False
    named = not match["name"][0].islower() or bool(match["dir"]) or words[-1] in known_streets()
    if kind in WORDLIKE and not named:
        return long_number
    if kind in ("park", "view", "hill", "point", "mall", "run", "walk", "close", "path"):
        return len(match["no"]) > 1
    return named or len(words) == 1 or long_number


def _untyped(text: str, found: int) -> Iterator[tuple[int, int, float]]:
    for match in UNTYPED.finditer(text) if found & UNTYPED_NEEDS == UNTYPED_NEEDS else ():
        name, sure = match["name"], match["name"].lower() in known_streets()
        if name.lower() in FILL or name.lower() in ("side", "st", "street", "end"):
            continue
        if name.islower() and not sure and is_chat(name):
            continue
        is_named = sure or not name[0].islower()
        letter = match["dir"].islower() and len(match["dir"]) == 1
        if letter and not is_named and (match["dir"] == "s" or len(match["no"]) < LONG_NUMBER):
            continue  # "135 w clothes": a letter that is also a word
        if len(match["no"]) > 2 or is_named:
            yield match.start(), match.end(), STRONG if sure else LIKELY
    if found & bits.STREET_NAME:
        for match in KNOWN.finditer(text):
            name = match["name"].lower()
            if name in known_streets() and (
                known_streets()[name] or match["post"] or len(match["no"]) > 3
            ):
                yield match.start(), match.end(), LIKELY
    if found & bits.QUADRANT:
        yield from ((m.start(), m.end(), LIKELY) for m in QUADRANT.finditer(text))


def _line_start(text: str, start: int) -> int:
    """Return where the address begins whose post code begins at an offset."""
    low = max(0, start - BACK)
    best = start
    for word in reversed(list(re.finditer(r"\S+", text[low:start]))):
        if not LINE_WORD.fullmatch(word.group()) or low + word.start() == low > 0:
            break
        gap = text[low + word.end() : best]
        if len(gap) > 2 or "\n\n" in gap:
            break
        best = low + word.start()
    return best


def _tail(text: str, end: int, tokens: Sequence[Token], region: str) -> tuple[int, Place | None]:
    """Return where the address ends and the city it lies in, if that follows."""
    block = LINES.match(text, end) if "\n" in text[end : end + 12] else None
    for _ in range(3):
        end = _unit(text, end)
    city = _city(text, end, tokens, region)
    place: Place | None = None
    if city:
        end, place = city
    end = _country(text, end, tokens)
    zipped = ZIP.match(text, end) or TAIL_POSTCODE.match(text, end)
    if zipped:
        end = zipped.end()
    if place:
        end = _unit(text, end)
    return max(end, block.end() if block else 0), place


def _country(text: str, end: int, tokens: Sequence[Token]) -> int:
    """Return the end of the country that follows after a comma, a town before it included."""
    gap = COMMA.match(text, end)
    index = _token_at(tokens, gap.end()) if gap else None
    if index is None:
        return end
    for skipped in range(TOWN_WORDS + 1):
        if index + skipped >= len(tokens):
            break
        token = tokens[index + skipped]
        before = tokens[index + skipped - 1].end if skipped else end
        is_comma = COMMA.fullmatch(text, before, token.start) is not None
        match = gazetteer().match_at(text, tokens, index + skipped) if is_comma else None
        if match and any(place.kind is PlaceKind.COUNTRY for place in match.places):
            return tokens[match.last].end
        if not text[token.start].isupper() or (
            skipped and not is_comma and "\n" in text[before : token.start]
        ):
            break
    return end


def _unit(text: str, end: int) -> int:
    unit = UNIT.match(text, end)
    return unit.start() + len(unit.group().rstrip()) if unit else end


def _city(text: str, end: int, tokens: Sequence[Token], region: str) -> tuple[int, Place] | None:
    """Return end and place of the city, or the state, that follows an address."""
    gap = GAP.match(text, end)
    if not gap:
        return None
    index = _token_at(tokens, gap.end())
    if index is None:
        return None
    listed = _listed_city(text, tokens, index, region)
    if listed:
        return listed
    state = state_at(text, tokens, index, loose=True)
    if state:
        place = Place(PlaceKind.STATE, state[0], state=state[0], country="US")
        return tokens[state[1]].end, place
    for words in (1, 2, 3):
        state = state_at(text, tokens, index + words)
        if state:
            name = text[tokens[index].start : tokens[index + words - 1].end]
            if len(name) > LONG_LINE or any(char in name for char in ".!?:;()"):
                return None
            return tokens[state[1]].end, _unlisted(name, state[0])
    return None


def _listed_city(
    text: str, tokens: Sequence[Token], index: int, region: str
) -> tuple[int, Place] | None:
    match = gazetteer().match_at(text, tokens, index)
    if not match:
        return None
    cities = [place for place in match.places if place.kind is PlaceKind.CITY]
    state = state_at(text, tokens, match.last + 1, loose=True)
    if state:
        here = [place for place in cities if place.state == state[0] and place.country == "US"]
        name = " ".join(text[tokens[index].start : tokens[match.last].end].split())
        place = choose(here, region) if here else _unlisted(name, state[0])
        return tokens[state[1]].end, place
    if match.base >= 0 and (cities or match.places):
        return tokens[match.last].end, choose(cities or match.places, region)
    return None


def _unlisted(name: str, state: str) -> Place:
    name = " ".join(name.split())
    return Place(PlaceKind.CITY, name, city=name, state=state, country="US")


def _token_at(tokens: Sequence[Token], offset: int) -> int | None:
    """Return the index of the word that begins at an offset, by halving."""
    low, high = 0, len(tokens)
    while low < high:
        middle = (low + high) // 2
        if tokens[middle].start < offset:
            low = middle + 1
        else:
            high = middle
    return low if low < len(tokens) and tokens[low].start == offset else None
