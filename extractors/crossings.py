"""Crossings: two streets named together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from extractors import place_bits as bits
from extractors.base import STRONG
from extractors.place_types import PlaceSpan, word_set
from extractors.place_words import is_chat, is_unknown, may_name_street
from extractors.road_patterns import ROAD_NUMBERS
from extractors.streets import (
    DIRECTION,
    FILL,
    TYPES_FREE,
    TYPES_ORDINARY,
    crossing_words,
    known_streets,
    street_words,
)
from schemas.kinds import PlaceKind

TYPED = f"(?:{TYPES_FREE}|{TYPES_ORDINARY})"
SIDE = (
    rf"(?:{DIRECTION}\.?[ ])?"
    r"(?:(?:hwy|highway|co(?:unty)?[ ](?:rd|road)|i)[ -]?(?:\d{1,3}|[a-z])(?!\w)|35[ew](?!\w)"
    r"|\d{1,3}(?:st|nd|rd|th)|\d{1,3}(?!\w)|white[ ]bear|[^\W\d_][\w'’]{1,20})"
    rf"(?:[ ]{TYPED}(?!\w)\.?)?(?:[ ](?:[ns]\.?[ew]?|[ew])(?!\w))?"
)
"""One street of a crossing: direction, name or number, type."""

JOINT = re.compile(
    r"(?<=[\w.])(?:[ ](?P<word>and|n|nd|y[ ](?:la|el)|y|at|by|x|'n')[ ]"
    r"|[ ]?(?P<sign>[&@/+])[ ]?)(?=\w)",
    re.IGNORECASE,
)
LEFT = re.compile(rf"(?<![\w'’@#$.,/-])(?P<side>{SIDE})$", re.IGNORECASE)
RIGHT = re.compile(rf"(?P<side>{SIDE})(?![\w'’%$]|[.,:]\d|[ ]?[ap]\.?m\b)", re.IGNORECASE)
REACH = 48
"""Characters before a joint within which its left side begins."""

CORNER = re.compile(
    r"\b(?:corner|intersection|crossing|cross[ ]streets?|crossroads)[ ](?:of|is|r"
    r"|are|de)[ ](?:the[ ])?"
    r"(?P<a>[\w'’.]{1,20}(?:[ ][\w'’.]{1,20}){0,5}?)[ ]?(?:[ ](?:and|n|y)[ ]|[&@])[ ]?"
    r"(?:(?:la|el)[ ])?"
    rf"(?P<b>(?:{DIRECTION}\.?[ ])?[\w'’]{{1,20}}(?:(?:[ ][\w'’]{{1,20}})?[ ]{TYPED}(?!\w)"
    rf"|[ ][A-Z][\w'’]{{1,20}})?)",
    re.IGNORECASE,
)
"""Two names of any sort after ``corner of``."""

CORNER_WORDS = word_set("corner intersection crossing street streets crossroads")
OWNERS = word_set("my your ur his her our their a this that")
"""Words after ``corner of`` that begin no street (``the corner of my eye``)."""

ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)$")
TYPE_END = re.compile(rf"\s{TYPED}\.?(?:\s[nsew]{{1,2}})?$", re.IGNORECASE)
POST = re.compile(r"\s(?:[ns]\.?[ew]?|[ew])$", re.IGNORECASE)
PRE = re.compile(rf"^{DIRECTION}\.?\s", re.IGNORECASE)
HIGHWAY = re.compile(r"(?:hwy|highway|i)[ -]?\d|35[ew]$|co(?:unty)?\s(?:rd|road)\s", re.IGNORECASE)
"""A side that is a numbered road and says so."""

BEFORE = re.compile(
    r"(?:^|[^\w\s'’]\s*|\b(?:by|on|off|of|at|near|from|around|meet|en|to|over|por|corner)"
    r"\s(?:the\s|la\s)?"
    r"|\bmeet\s(?:me|us|him|her|[^\W\d_]{3,12})\s)$",
    re.IGNORECASE,
)
"""What stands before a crossing of which one street is not known: a word of place, or a pause."""

BESIDE = re.compile(
    r"(?:\b(?:by|on|off|near|meet|corner(?:\sof)?|im\sat|por|pick(?:ed)?\s(?:\w{1,12}\s)?up\sat)"
    r"\s(?:the\s|la\s)?|\bmeet\s[^\W\d_]{3,12}\s)$",
    re.IGNORECASE,
)
"""The same before streets joined by ``and``, which joins anything."""

MEETING = re.compile(
    r"\b(?:(?:im|i'm|we|meet|me|us|her|him|chillin|waiting|posted|standing)\s(?:\w{2,6}\s)?"
    r"(?:by|on|off|at|near)|corner\sof|intersection\sof|quedamos\sen|(?:veo|vemos)\sen(?:\sla)?"
    r"|pick(?:ed)?\s(?:\w{1,12}\s){0,2}(?:at|from)|accident\s(?:on|at|by))\s$",
    re.IGNORECASE,
)
"""What stands before a crossing of which neither street is known."""

STOP = re.compile(
    r"\s(?:bus\s|stop|station|exit|apts?\b|park[ ]n[ ]ride|parking\slot)", re.IGNORECASE
)
"""What may follow a crossing to the same end."""

SURE_MEETING = re.compile(
    r"(?:\bcorner(?:\sof)?|\b(?:light|lights|bus\sstop|stop\ssign|intersection)\s(?:on|at)"
    r"|\bestoy\s(?:por|en))\s(?:la\s|the\s)?$",
    re.IGNORECASE,
)
"""What stands before a crossing only, whatever its two names are."""

WAITING = re.compile(r"\b(?:waiting|posted|standing|parked)\s(?:at|by|on)\s$", re.IGNORECASE)
MEET_ONE = re.compile(r"\bmeet\s[^\W\d_]{2,12}\s$", re.IGNORECASE)
TIME_AFTER = re.compile(
    r"\s(?:@|at|around|round|like|between|half\spast|no\slater|by|after|before)"
    r"\s(?:past\s|than\s)?\d"
    r"|\s\d{1,2}(?::\d\d)?\s?[ap]\.?m\b",
    re.IGNORECASE,
)
"""``meet ada oak n elm at 9``: what stands around a crossing of two ordinary words."""

LOT = re.compile(r"\s(?:parking\slot|bus\sstop)\b", re.IGNORECASE)
SHORT = 3
"""Letters below which a name makes no crossing without a street that is known."""

JOINED = ("n", "nd", "&", "y", "/", "and")
PLAIN_JOINTS = word_set("n nd")
"""Joints of two streets neither of which is known."""

MEETING_WORDS = word_set("light lights estoy parking")
"""Words of place before or after a crossing of two unknown streets."""

CUE_REACH = 24
"""Characters before a crossing within which its cue stands."""

WEAK_JOINTS = ("at", "by", "x", "+", "/", "@")
MONTH_DAYS = 31


@cache
def side_words() -> frozenset[str]:
    """Return words one of which stands in every crossing: types, names, ends of ordinals."""
    return street_words() | crossing_words() | word_set("st nd rd th hwy highway co county e w")


JOINT_PIECE = re.compile(r"(?:and|nd?|y|at|by|x|'n')$", re.IGNORECASE)
JOINT_SIGN = re.compile(r"[&@/+]")
"""What one piece shows of :data:`JOINT`: its word, all of the piece, or its sign."""
CORNER_NEEDS = bits.CORNER | bits.CORNER_OPENS
JOINT_NEEDS = bits.CROSSING | bits.JOINT
SURE = bits.SIDE_WORD | bits.MEET
NUMBERED = bits.I_ROAD | bits.DIGIT
UNKNOWN = bits.PLAIN_JOINT | bits.MEETER | bits.MEET_AT
MET_WORDS = word_set(
    "corner light lights stop intersection estoy meet waiting posted standing parked parking"
)
"""Words one of which :func:`_is_met` needs."""
MEETERS = word_set(
    "im m we meet me us her him chillin waiting posted standing corner intersection quedamos veo "
    "vemos pick picked accident"
)
MEET_AT = word_set("by on off at near of en from")
"""Words one of each of which stands in every :data:`MEETING`."""


def word_bits() -> Iterator[tuple[int, Iterable[str]]]:
    """Yield the words of each gate of :func:`find_crossings`, with its bit."""
    yield bits.CORNER, CORNER_WORDS
    yield bits.CORNER_OPENS, CORNER_WORDS - {"street", "streets"} | {"cross"}
    yield bits.CROSSING, side_words() | PLAIN_JOINTS | MEETING_WORDS
    yield bits.SIDE_WORD, side_words()
    yield bits.PLAIN_JOINT, PLAIN_JOINTS
    yield bits.MEET, MET_WORDS
    yield bits.MEETER, MEETERS
    yield bits.MEET_AT, MEET_AT


def may_cross(found: int) -> bool:
    """Whether a text of some bits may hold anything for :func:`find_crossings`."""
    return found & CORNER_NEEDS == CORNER_NEEDS or _may_join(found)


def _may_join(found: int) -> bool:
    """Whether two streets may be joined.

    Nearly all joints join something else: an ``n`` needs a street beside it, a road called ``i
    94``, or words of meeting.
    """
    return found & JOINT_NEEDS == JOINT_NEEDS and (
        found & SURE != 0 or found & NUMBERED == NUMBERED or found & UNKNOWN == UNKNOWN
    )


def joint_bits(piece: str) -> int:
    """Return the bit of a piece that may join two streets."""
    return bits.JOINT if JOINT_PIECE.match(piece) or JOINT_SIGN.search(piece) else 0


def find_crossings(text: str, found: int = bits.ALL) -> Iterator[PlaceSpan]:
    """Yield pairs of streets: two known, typed or numbered names, or two after ``corner of``.

    A pair of which neither name is surely a street (``chicago and madison``) is left to the names
    of cities; so is a pair of bare numbers.

    Args:
        text: the text.
        found: its bits (:mod:`extractors.place_bits`).
    """
    for match in CORNER.finditer(text) if found & CORNER_NEEDS == CORNER_NEEDS else ():
        if match["a"].split()[0].lower() in OWNERS:
            continue
        yield _span(text, match.start("a"), match.end("b"), "location:corner")
    if not _may_join(found):
        return
    end = 0
    for joint in JOINT.finditer(text):
        low = max(end, joint.start() - REACH)
        left = LEFT.search(text[low : joint.start()])
        right = RIGHT.match(text, joint.end()) if left else None
        word = (joint["word"] or joint["sign"]).lower().split()[0]
        if (
            left
            and right
            and (
                _is_crossing(left["side"], right["side"], word)
                or _is_cued(text, low + left.start(), right.end(), left, right, word)
            )
        ):
            end = right.end()
            yield _span(text, low + left.start(), end, "location:crossing")


def _is_crossing(left: str, right: str, joint: str) -> bool:
    first, second = _Side(left), _Side(right)
    if first.name == second.name or first.name in FILL or second.name in FILL:
        return False
    if first.name.isdigit() and second.name.isdigit():
        return False
    if "&" in joint and (first.is_ordinal or second.is_ordinal):
        other = second if first.is_ordinal else first
        if other.is_capital and not other.is_ordinal:
            return True  # 12th & Millard
    if not (first.is_street and second.is_street):
        return False
    if joint in WEAK_JOINTS and not (first.is_sure and second.is_sure):
        return False
    if first.is_ordinal and second.is_ordinal and not (first.is_typed or second.is_typed):
        numbers = int(first.name[:-2]), int(second.name[:-2])
        return max(numbers) > MONTH_DAYS and abs(numbers[0] - numbers[1]) > 1
    if first.name.isdigit() or second.name.isdigit():
        number, other = (first, second) if first.name.isdigit() else (second, first)
        return other.is_typed or other.is_plain or (other.is_known and int(number.name) > 5)
    return first.is_sure or second.is_sure


def _is_cued(
    text: str, start: int, end: int, left: re.Match[str], right: re.Match[str], joint: str
) -> bool:
    """Whether words around a pair make a crossing of it though a street is not known."""
    if joint not in JOINED and joint != "@":
        return False
    first, second = _Side(left["side"]), _Side(right["side"])
    names = {first.name, second.name}
    if not names.isdisjoint(FILL) or any(name.isdigit() for name in names):
        return False
    before = text[max(0, start - CUE_REACH) : start]
    if _is_met(text, before, end, joint, names):
        return True
    if joint == "@":
        return False
    if first.is_sure or second.is_sure or first.is_known or second.is_known:
        other = second if first.is_sure or (first.is_known and not second.is_sure) else first
        cue = BESIDE if joint in ("and", "y") else BEFORE
        is_placed = cue.search(before) is not None and bool(before.strip())
        if first.is_street and second.is_street:
            return is_placed
        is_placed = is_placed or STOP.match(text, end) is not None
        return is_placed and may_name_street(other.name)
    return (
        joint in PLAIN_JOINTS
        and MEETING.search(before) is not None
        and all(may_name_street(name) for name in names)
        and any(is_unknown(name) for name in names)
    )


def _is_met(text: str, before: str, end: int, joint: str, names: set[str]) -> bool:
    """Whether what stands around two names speaks for a crossing whatever they are."""
    if any(len(name) < SHORT or is_chat(name) for name in names):
        return False
    may_name = [
        ORDINAL.match(name) is not None or may_name_street(name) or name in known_streets()
        for name in names
    ]
    meeting = SURE_MEETING.search(before)
    if meeting:
        return any(may_name) or not meeting.group().lower().startswith("corner")
    if MEET_ONE.search(before) and TIME_AFTER.match(text, end):
        return any(may_name)
    is_waiting = WAITING.search(before) is not None or LOT.match(text, end) is not None
    return is_waiting and any(may_name)


class _Side:
    """What speaks for one side of a crossing being a street."""

    def __init__(self, surface: str) -> None:
        surface = surface.strip()
        bare = PRE.sub("", POST.sub("", TYPE_END.sub("", surface))).strip(" .")
        self.name = bare.lower()
        self.is_typed = TYPE_END.search(surface) is not None
        self.is_ordinal = ORDINAL.match(self.name) is not None
        self.is_capital = bare[:1].isupper() and len(bare) > 2
        self.is_numbered = HIGHWAY.match(bare) is not None
        plain = known_streets().get(self.name)
        self.is_known = plain is not None
        self.is_plain = plain is True
        self.is_sure = self.is_numbered or self.is_typed or self.is_ordinal or self.is_plain
        is_number = self.name.isdigit() and (len(self.name) < 3 or self.name in ROAD_NUMBERS)
        self.is_street = self.is_sure or self.is_known or is_number


def _span(text: str, start: int, end: int, rule: str) -> PlaceSpan:
    surface = text[start:end].rstrip(" .")
    name = " ".join(surface.split())
    return PlaceSpan(start, start + len(surface), rule, PlaceKind.CROSSING, name, confidence=STRONG)
