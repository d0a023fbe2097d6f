"""Hotels and motels, and stays in them: venue, room, nights, check-in and check-out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import ClassVar

from extractors.base import LIKELY, SEEN, STRONG, Hit
from schemas.kinds import MentionKind

GATE = re.compile(
    r"\b(?:inn|motel|hotel|suites?|lodge|hostel|hotels|motels|room|rm|rms|check\w{0,3}|nights?|noches?|"
    r"habitaci[oó]n|cuarto|hab|posada|hostal|the 6|the six|telly|tele)\b",
    re.IGNORECASE,
)
"""Words one of which stands in every stay without a brand."""

GENERIC = re.compile(
    r"(?<![\w@#/])(?:(?P<lead>(?:[^\W\d_][\w'’&-]{1,18}[ ]){1,3}?)(?P<type>inn(?:[ ]&[ ]suites|[ ]and[ ]suites)?|motel|hotel"
    r"|suites|lodge|hostel)|(?P<type2>hotel|motel|hostal|posada)[ ](?P<tail>\d{1,3}|(?-i:[A-Z][\w'’-]{2,18}(?:[ ][A-Z][\w'’-]{2,18}){0,2})))(?![\w])",
    re.IGNORECASE,
)
"""A name before inn, motel, hotel, suites or lodge; or a name or number after hotel or motel."""

NO_NAME = frozenset(
    "a an the my your ur our his her their this that these those some any every each which what whats no one two "
    "both another other same nice cheap good bad new old big little small local nearest next first last star "
    "stars is was are be in at to from of by for with w and or n but on off out up down near like called "
    "shitty nasty dirty random whole different best hot fancy expensive downtown cheapest free "
    "book booked booking get got getting find found need want paid pay pays rent leave left leaving find "
    "me him us them you u i we they he she it do does did can could will would should go going come coming "
    "stay staying stayed live lives living work works every each per even still just only about around "
    "un una el la los las este ese mi tu su otro del de en al y por love like luxury roadside seedy "
    "three four five 5 4 3 2 see hunting ski hunting bed breakfast motel hotel fine cool whose where when how "
    "if so then because cause cuz that's thats its it's let lets hit check checked into inside outside behind "
    "there here not dont don't wont never have has had make made real fucking damn lil any more".split()
)
"""Words that make no name of a hotel."""

ROOM = re.compile(
    r"(?<![\w$])(?:(?P<word>rooms?|rm|rms|hab(?:itaci[oó]n)?|cuarto|suite|ste|unit)\.?[ ]?(?:number[ ]|no\.?[ ]?|num[ ]|is[ ]|\#[ ]?)?"
    r"(?P<no>\d{1,4}[a-z]?)|\#[ ]?(?P<hash>\d{2,4}[a-z]?))(?![\w%$/]|[.,:]\d|[ ](?:for|people|ppl|guests?|nights?|left|min|dollars|bucks)\b)",
    re.IGNORECASE,
)
CHECK = re.compile(
    r"(?<!\w)check(?:ing|ed)?[ -]?(?P<way>in|out)(?!\w)(?:[ ](?:time|date|day))?"
    r"(?P<when>[ ](?:(?:is|was|at|by|@|on|til|till|til[l]?|before|around|be)[ ]){0,2}(?:the[ ])?"
    r"(?:\d{1,2}(?:[:.]\d{2})?[ ]?(?:[ap]\.?m\.?)?(?!\w)(?:st|nd|rd|th)?|noon|tomorrow|tmrw|tmr|2mrw|today|tonight|"
    r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?|sunday|now|late|early))?",
    re.IGNORECASE,
)
NIGHTS = re.compile(
    r"(?<![\w$])(?P<count>\d{1,2}|one|two|three|four|five|six|seven|a[ ]couple|couple|few|una|dos|tres)[ ]"
    r"(?:more[ ])?(?P<unit>nights?|nites?|noches?)(?!\w)",
    re.IGNORECASE,
)
STAY = re.compile(
    r"(?<!\w)(?:front[ ]desk|key[ ]?card|room[ ]key|extend(?:ed|ing)?[ ](?:the[ ]room|it|another|for|our|my|\d)|"
    r"(?:in|under)[ ](?:my|his|her|whose)[ ]name|conf(?:irmation)?[ ](?:number|no|\#)[ ]?\w{0,12}|side[ ]door|"
    r"back[ ]door|(?:1st|first|2nd|second|3rd|third|4th)[ ]floor)(?!\w)",
    re.IGNORECASE,
)
"""Words of a stay that join a span when a venue or a room is near."""

NEAR_CUE = re.compile(
    r"(?:\b(?:at|to|in|@|by|near|from|leaving|outside|behind|booked|got|the|of|en|el)\s(?:the\s|da\s|a\s|el\s)?)$",
    re.IGNORECASE,
)
THE_SIX = re.compile(r"(?<!\w)the[ ](?:6|six)(?=[ ](?:off|on|in|by|near|room|rm|at)\b)", re.IGNORECASE)
"""Motel 6 by its nickname, before words that place it."""

SLANG = re.compile(r"(?<!\w)(?:the|a|da|at)[ ](?P<word>telly|tele|mo|notell?)(?!\w)", re.IGNORECASE)

REACH = 70
"""Characters within which words of a stay belong to one venue: two short clauses."""

CLASSROOM = re.compile(
    r"\b(?:class|classroom|teacher|school|court\s?room|courtroom|meeting|conference|exam|lab|lecture|chat\s?room|"
    r"office|channel|hospital|ward|icu|er)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Venue:
    """A hotel or motel named in a text."""

    start: int
    end: int
    name: str
    """As the brand writes it, or as the text does."""
    key: str
    """As the text names it, folded: what groups mentions of one venue."""
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class Part:
    """A room, a check-in or -out, or nights."""

    start: int
    end: int
    kind: str
    text: str


class Lodging:
    """Stays: a hotel or motel with what the message says about the stay in it.

    Finds: hotels and motels by brand, by nickname (``the 6``), by pattern (``metro inn``,
        ``hotel 7``), with room number, nights, check-in and check-out near it, as one span; rooms
        and check-out times alone, with lower confidence.
    Does not find: homes rented by the night without a service's name; rooms of schools, courts
        and chats; a venue in another message than its room (threads show both).

    References:
        - Brand names: extractors/data/lodging_brands.tsv (SOURCES_places.md)
    """

    name: ClassVar[str] = "lodging"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.LODGING,)

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the stays in one text; the region is not needed."""
        venues = find_venues(text)
        parts = _parts(text, bool(venues)) if venues or GATE.search(text) else []
        used: set[Part] = set()
        hits: list[Hit] = []
        for index, venue in enumerate(venues):
            low = venues[index - 1].end if index else 0
            high = venues[index + 1].start if index + 1 < len(venues) else len(text)
            mine = _near(venue, [part for part in parts if part not in used], low, high)
            used.update(mine)
            hits.append(_stay(venue, mine))
        hits.extend(_alone(text, [part for part in parts if part not in used]))
        yield from sorted(hits, key=lambda hit: (hit.start, hit.end))


def find_venues(text: str) -> list[Venue]:
    """Return the hotels and motels named in a text, in order, without overlap."""
    found: list[Venue] = []
    folded = text.lower()
    if len(folded) == len(text) and not _brand_words().isdisjoint(WORDS.findall(folded)):
        found.extend(_brands(text, folded))
    if GATE.search(text):
        for venue in (*_generic(text), *_nicknames(text)):
            if not any(other.start < venue.end and venue.start < other.end for other in found):
                found.append(venue)
    return sorted(found, key=lambda venue: venue.start)


WORDS = re.compile(r"[^\W_]+")


@cache
def _table() -> dict[str, tuple[str, bool]]:
    file = resources.files("extractors") / "data" / "lodging_brands.tsv"
    rows = (line.split("\t") for line in file.read_text("utf-8").splitlines() if line[0] != "#")
    return {key: (name, free == "1") for key, name, free in rows}


@cache
def _brand_words() -> frozenset[str]:
    """Return the first words of all brands: one of them is in every text that names one."""
    return frozenset(WORDS.findall(key)[0] for key in _table())


@cache
def _brand_pattern() -> re.Pattern[str]:
    names = sorted(_table(), key=lambda name: (-len(name), name))
    body = "|".join(re.escape(name).replace(r"\ ", r"[ -]") for name in names)
    return re.compile(rf"(?<![\w@#/.])(?:{body})(?![\w@]|\.com)")


def _brands(text: str, folded: str) -> Iterator[Venue]:
    for match in _brand_pattern().finditer(folded):
        key = match.group().replace("-", " ")
        name, is_free = _table().get(key) or _table()[match.group()]
        start, end = match.span()
        if not is_free and not _is_cued(text, start, end):
            continue
        if name == "Hilton" and _after_name(text, start):
            continue
        yield Venue(start, end, name, key, STRONG if is_free else LIKELY, "lodging:brand")


def _is_cued(text: str, start: int, end: int) -> bool:
    """Whether an ambiguous brand stands at a place, or with a word of a stay."""
    around = text[max(0, start - REACH) : end + REACH]
    if ROOM.search(around) or CHECK.search(around) or NIGHTS.search(around):
        return True
    before = text[max(0, start - 16) : start].lower()
    return bool(re.search(r"\b(?:(?:at|to|in|by|near|off|from|@|outside|into)\s(?:the|da|an|a)\s|(?:staying|stay|room)\sat\s)$", before)) and not re.match(
        r"\s(?:party|student|school|program|degree|list)", text[end : end + 12].lower()
    )


def _after_name(text: str, start: int) -> bool:
    before = re.search(r"([^\W\d_]+)\s$", text[max(0, start - 20) : start])
    return before is not None and before[1].lower() in ("paris", "nicky", "perez", "conrad", "kathy")


def _generic(text: str) -> Iterator[Venue]:
    position = 0
    while match := GENERIC.search(text, position):
        position = match.end()
        if match["tail"]:
            yield _venue(text, match.start(), match.end(), "lodging:pattern")
            continue
        words = list(WORD_SPANS.finditer(text, match.start("lead"), match.end("lead")))
        kept = 0
        for word in reversed(words):
            if word.group().lower() in NO_NAME or word.group().endswith("ing"):
                break
            kept += 1
        if not kept or match["type"].lower() == "lodge" and not words[-1].group()[0].isupper():
            continue
        if match["type"].lower() in ("hotel", "suites") and not words[-1].group()[0].isupper() and kept > 2:  # noqa: PLR2004
            kept = 1
        yield _venue(text, words[-kept].start(), match.end(), "lodging:pattern")


WORD_SPANS = re.compile(r"[^\s]+")


def _nicknames(text: str) -> Iterator[Venue]:
    for match in THE_SIX.finditer(text):
        yield Venue(match.start(), match.end(), "Motel 6", "motel 6", LIKELY, "lodging:nickname")
    for match in SLANG.finditer(text):
        if ROOM.search(text) or CHECK.search(text):
            start, end = match.span("word")
            yield Venue(start, end, match["word"].lower(), match["word"].lower(), LIKELY, "lodging:slang")


def _venue(text: str, start: int, end: int, rule: str) -> Venue:
    name = " ".join(text[start:end].split())
    return Venue(start, end, name, name.lower(), STRONG, rule)


def _parts(text: str, has_venue: bool) -> list[Part]:
    parts = [
        Part(m.start(), m.end(), "room", f"room {m['no'] or m['hash']}")
        for m in ROOM.finditer(text)
        if (m["no"] and m["word"].lower() not in ("unit", "ste")) or has_venue
    ]
    for m in CHECK.finditer(text):
        if m["when"] or has_venue or "time" in m.group().lower() or re.search(r"check[ -]?(?:in|out)\s+(?:at|by|is)\b", text, re.IGNORECASE):
            parts.append(Part(m.start(), m.end(), f"check-{m['way'].lower()}", (m["when"] or "").strip()))
    parts.extend(
        Part(m.start(), m.end(), "nights", f"{m['count']} nights") for m in NIGHTS.finditer(text)
    )
    parts.extend(Part(m.start(), m.end(), "stay", m.group().lower()) for m in STAY.finditer(text))
    return sorted(parts, key=lambda part: (part.start, part.end))


def _near(venue: Venue, parts: Sequence[Part], low: int, high: int) -> list[Part]:
    """Return the parts joined to a venue by steps of at most REACH characters."""
    mine: list[Part] = []
    end = venue.end
    for part in parts:
        if venue.end <= part.start and part.end <= high and part.start - end <= REACH:
            mine.append(part)
            end = part.end
    start = venue.start
    for part in reversed(parts):
        if part.end <= venue.start and part.start >= low and start - part.end <= REACH:
            mine.append(part)
            start = part.start
    return sorted(mine, key=lambda part: part.start)


def _stay(venue: Venue, parts: Sequence[Part]) -> Hit:
    rooms = [part.text for part in parts if part.kind == "room"]
    start = min([venue.start, *(part.start for part in parts)])
    end = max([venue.end, *(part.end for part in parts)])
    value = "|".join([venue.key, *dict.fromkeys(rooms)])
    confidence = STRONG if parts or venue.confidence == STRONG else LIKELY
    return Hit(
        MentionKind.LODGING, start, end, venue.rule, value=value, confidence=confidence,
        detail=_detail(venue.name, parts),
    )  # fmt: skip


def _detail(name: str, parts: Sequence[Part]) -> str:
    words = [f"venue {name}"] if name else []
    for part in parts:
        is_check = part.kind.startswith("check")
        words.append(f"{part.kind} {part.text}".strip() if is_check else part.text)
    return "; ".join(dict.fromkeys(words))


def _alone(text: str, parts: Sequence[Part]) -> Iterator[Hit]:
    """Yield rooms and check-outs without venue, those near each other as one."""
    strong = [part for part in parts if part.kind != "stay"]
    if not any(part.kind != "nights" for part in strong) or CLASSROOM.search(text):
        return
    groups: list[list[Part]] = []
    for part in strong:
        if groups and part.start - groups[-1][-1].end <= REACH:
            groups[-1].append(part)
        else:
            groups.append([part])
    for group in groups:
        rooms = [part.text for part in group if part.kind == "room"]
        if all(part.kind == "nights" for part in group):
            continue
        yield Hit(
            MentionKind.LODGING, group[0].start, group[-1].end, "lodging:room" if rooms else "lodging:stay",
            value="|".join(dict.fromkeys(rooms)) or None,
            confidence=LIKELY if rooms or len(group) > 1 else SEEN,
            detail=_detail("", group),
        )  # fmt: skip
