"""Hotels and motels named in a text: by brand, by pattern, by nickname."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from extractors import place_bits as bits
from extractors.base import LIKELY, STRONG
from extractors.place_types import Taken, word_set
from extractors.place_words import is_chat, squeeze

TYPES = word_set(
    "inn motel motor hotel suites lodge hostel hostal posada telly tele mo notel notell six eight"
    " knights"
)
"""Words one of which stands in every hotel without a brand, but for ``the 6``."""

GATE = re.compile(r"\b(?:" + "|".join(sorted(TYPES)) + r"|(?:the|da)[ ][68])\b", re.IGNORECASE)
TYPE_PIECE = re.compile(r"\b(?:" + "|".join(sorted(TYPES)) + r")\b", re.IGNORECASE)
"""What one piece between blanks shows of it, but for ``the 6``."""

HOTELS = bits.BRAND | bits.HOTEL_TYPE | bits.SIX
"""One of these stands in every text that names a hotel."""

LETTERS = re.compile(r"[^\W\d_]+")
WORD = re.compile(r"\S+")

PATTERN = re.compile(
    r"(?<![\w@#/])(?:(?P<lead>(?:[^\W\d_][\w'’&-]{1,18}[ ]){1,3}?)"
    r"(?P<type>inn(?:[ ](?:&|and)[ ]suites)?|motor[ ](?:inn|lodge|court)|motel|hotel|suites|lodge"
    r"|hostel)"
    r"|(?:hotel|motel|hostal|posada)[ ](?P<tail>\d{1,3}"
    r"|(?-i:[A-Z][\w'’-]{2,18}(?:[ ][A-Z][\w'’-]{2,18}){0,2})))(?!\w)",
    re.IGNORECASE,
)
"""A name before inn, motel, hotel, suites or lodge; or a name or number after hotel or motel."""

NO_NAME = word_set(
    "a an the my your ur our his her their this that these those some any every each which what "
    "whats no one two both another other same nice cheap good bad new old big little small local "
    "nearest next first last star stars is was are be in at to from of by for with w and or n but "
    "on off out up down near like called shitty nasty dirty random whole different best hot fancy "
    "expensive downtown cheapest free book booked get find found need want paid pay pays rent "
    "leave left me him us them you u i we they he she it do does did can could will would should "
    "go come stay stayed live lives work works per even still just only about around un una el la "
    "los las este ese mi tu su otro del de en al y por love luxury roadside seedy three four five "
    "see bed breakfast motel hotel fine cool whose where when how if so then because cause cuz "
    "its it's let lets hit check checked into inside outside behind there here not dont don't "
    "wont never have has had make made real damn lil any more got ski hunting room rooms"
)
"""Words that make no name of a hotel."""

CUED = re.compile(
    r"\b(?:(?:at|to|in|by|near|off|from|@|outside|into|leaving)\s(?:the|da|an|a)\s"
    r"|(?:staying|stay|room|rooms|rm|suite)\sat\s)$"
)
AFTER = re.compile(r"\s(?:downtown|by\s|near\s|on\s|off\s|in\s|room|rm|hotel)")
NOT_AFTER = re.compile(
    r"\s(?:party|student|school|program|degree|list|yard|of\s(?:em|them|us|those|these|the)\b"
    r"|on\s(?:the|my|his|her|our|a|that|top)\s(?!\d))"
)
"""What follows an ordinary use of a brand's name."""

WARES = re.compile(
    r"\s(?:music|lobby|points|rewards|soap|towels?|wifi|pool|california|art|food|bar|life|sheets|bed"
    r"|style|vibes?|scene|movie|episode|song|show)\b",
    re.IGNORECASE,
)
"""What makes an adjective of ``hotel`` after a word of chat."""

COMPLAINT = re.compile(
    r"\s(?:an?|my|your|the|his|her|our|their)\s(?:\w+\s)?"
    r"(?:complaint|appeal|objection|protest|claim)\b",
    re.IGNORECASE,
)
"""What makes a verb of ``lodge``."""

PLACED = re.compile(r"(?<!\w)(?:at|to|from|by|off|in|@|the|en)\s$", re.IGNORECASE)
PLACED_LODGE = re.compile(r"\b(?:at|to|from|by|off|in|@|the|en)\s(?:\w+\s)?$", re.IGNORECASE)
STAY_NEAR = re.compile(
    r"\b(?:room|rm|suite|check(?:ed|ing)?[ -]?(?:in|out)|nights?|front[ ]desk)\b", re.IGNORECASE
)
"""Words of a stay that speak for an ambiguous brand."""

AROUND = 60
"""Characters on each side within which they do."""

BEARERS = word_set("paris nicky perez conrad kathy")
"""First names before Hilton."""

THE_SIX = re.compile(
    r"(?<!\w)(?:the|da)[ ](?:(?P<six>6|six)(?=[ ](?:off|on|in|by|near|room|rm|at)\b)"
    r"|(?P<other>8|eight|knights)"
    r"(?=[ ](?:off[ ](?:the[ ])?(?:freeway|highway|hwy|interstate|exit|\d)"
    r"|room[ ]\d|rm[ ]\d)))",
    re.IGNORECASE,
)
"""Motel 6 by its nickname, before words that place it (DOMAIN 5.5); two more before surer ones."""

NICKNAMES = {"8": "Super 8", "eight": "Super 8", "knights": "Knights Inn"}

SLANG = re.compile(r"(?<!\w)(?:the|a|da|at)[ ](?P<word>telly|tele|mo|notell?)(?!\w)", re.IGNORECASE)
"""Slang for a hotel room, taken only with a room or a check-in near it."""


@dataclass(frozen=True, slots=True)
class Hotel:
    """A hotel or motel named in a text."""

    start: int
    end: int
    name: str
    """As the brand writes it, or as the text does."""
    key: str
    """As the text names it, folded: what groups mentions of one venue."""
    confidence: float
    rule: str


def type_bits(piece: str) -> int:
    """Return the bit of a piece that holds one of :data:`TYPES`."""
    return bits.HOTEL_TYPE if TYPE_PIECE.search(piece) else 0


@lru_cache(maxsize=2)
def find_hotels(text: str, found: int = bits.ALL) -> tuple[Hotel, ...]:
    """Return the hotels and motels named in a text, in order, without overlap.

    Two extractors ask about one text in turn, so the last answers are kept.

    Args:
        text: the text.
        found: its bits (:mod:`extractors.place_bits`).
    """
    if not found & HOTELS:
        return ()
    folded = text.lower()
    by_brand = len(folded) == len(text) and found & bits.BRAND != 0
    by_pattern = found & (bits.HOTEL_TYPE | bits.SIX) != 0 and GATE.search(text) is not None
    taken = Taken()
    named: list[Hotel] = []
    for hotels in (
        _brands(text, folded) if by_brand else (),
        _patterned(text) if by_pattern else (),
        _nicknames(text) if by_pattern else (),
    ):
        for hotel in hotels:
            if not taken.overlaps(hotel.start, hotel.end):
                taken.add(hotel.start, hotel.end)
                named.append(hotel)
    return tuple(sorted(named, key=lambda hotel: hotel.start))


@cache
def hotel_words() -> frozenset[str]:
    """Return words one of which stands in every text that names a hotel, but for ``the 6``."""
    return brand_words() | TYPES


def may_be_nickname(text: str) -> bool:
    """Whether ``the 6`` or ``da 8`` may stand in a text; cheap."""
    return any(part in text for part in ("e 6", "E 6", "a 6", "A 6", "e 8", "E 8", "a 8", "A 8"))


@cache
def _table() -> dict[str, tuple[str, bool]]:
    file = resources.files("extractors") / "data" / "lodging_brands.tsv"
    rows = (line.split("\t") for line in file.read_text("utf-8").splitlines() if line[0] != "#")
    return {key.replace("-", " "): (name, free == "1") for key, name, free in rows}


@cache
def brand_words() -> frozenset[str]:
    """Return the longest word of each brand."""
    return frozenset(max(LETTERS.findall(key), key=len) for key in _table())


@cache
def _brand_pattern() -> re.Pattern[str]:
    names = sorted(_table(), key=lambda name: (-len(name), name))
    body = "|".join(re.escape(name).replace(r"\ ", "[ -]") for name in names)
    return re.compile(rf"(?<![\w@#/.])(?:{body})(?!\w|@|\.com)")


def _brands(text: str, folded: str) -> Iterator[Hotel]:
    for match in _brand_pattern().finditer(folded):
        key = match.group().replace("-", " ")
        name, is_free = _table()[key]
        start, end = match.span()
        if NOT_AFTER.match(folded, end) or not (is_free or _is_cued(folded, start, end)):
            continue
        if name == "Hilton" and _is_person(folded, start):
            continue
        yield Hotel(start, end, name, key, STRONG if is_free else LIKELY, "lodging:brand")


def _is_cued(folded: str, start: int, end: int) -> bool:
    """Whether an ambiguous brand stands at a place, or with a word of a stay."""
    near = (max(0, start - AROUND), min(len(folded), end + AROUND))
    if STAY_NEAR.search(folded, *near) or CUED.search(folded[max(0, start - 16) : start]):
        return True
    before = folded[max(0, start - 5) : start].split()
    return bool((not before or before[-1] in ("the", "da")) and AFTER.match(folded, end)) or (
        before == ["the"] and start <= len("the ")
    )


def _is_person(folded: str, start: int) -> bool:
    before = folded[max(0, start - 20) : start].split()
    return bool(before) and before[-1] in BEARERS


def _patterned(text: str) -> Iterator[Hotel]:
    position = 0
    while match := PATTERN.search(text, position):
        position = match.end()
        if match["tail"]:
            yield _hotel(text, match.start(), match.end())
            continue
        words = list(WORD.finditer(text, match.start("lead"), match.end("lead")))
        kept = 0
        for word in reversed(words):
            if (
                word.group().lower() in NO_NAME
                or word.group().lower().endswith(("ing", "ed"))
                or (
                    (word.group().islower() or word.start() == 0)
                    and is_chat(squeeze(word.group().lower()))
                )
            ):
                break
            kept += 1
        kind, is_capital = match["type"].lower(), words[-1].group()[0].isupper()
        if kind == "lodge" and COMPLAINT.match(text, match.end()):
            position = match.end("type")
            continue
        is_plain_lodge = (
            kind == "lodge" and not is_capital and not _is_lodge(text, words[-1].start(), match)
        )
        if not kept or is_plain_lodge or (not is_capital and WARES.match(text, match.end())):
            position = match.start("type")  # "out of motel 8": the type may open a name
            continue
        if not is_capital:
            # in lower case the words before are as likely the sentence's
            before = text[max(0, words[-2].start() - 8) : words[-2].start()] if kept > 1 else ""
            kept = 2 if kept > 1 and (PLACED.search(before) or words[-2].start() == 0) else 1
        yield _hotel(text, words[-kept].start(), match.end())


def _is_lodge(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether ``lodge`` in lower case is a house: after a word of place or before a room."""
    before = text[max(0, start - 16) : start]
    return PLACED_LODGE.search(before) is not None or AFTER.match(text, match.end()) is not None


def _nicknames(text: str) -> Iterator[Hotel]:
    for match in THE_SIX.finditer(text):
        name = "Motel 6" if match["six"] else NICKNAMES[match["other"].lower()]
        yield Hotel(match.start(), match.end(), name, name.lower(), LIKELY, "lodging:nickname")
    for match in SLANG.finditer(text) if STAY_NEAR.search(text) else ():
        start, end = match.span("word")
        word = match["word"].lower()
        yield Hotel(start, end, word, word, LIKELY, "lodging:slang")


def _hotel(text: str, start: int, end: int) -> Hotel:
    name = " ".join(text[start:end].split())
    return Hotel(start, end, name, name.lower(), STRONG, "lodging:pattern")
