"""Stays: a hotel or motel with room, nights, check-in and check-out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from extractors import place_bits as bits
from extractors.addresses import find_addresses
from extractors.base import LIKELY, SEEN, STRONG, Hit
from extractors.hotels import HOTELS, Hotel, find_hotels
from extractors.place_gate import bits_of, place_bits
from schemas.kinds import MentionKind

GATE = re.compile(
    r"\b(?:rooms?|rms?|hab|habitaci[oó]n|cuarto)\b|(?<!\w)(?:rooms?|rms?|cuarto)\.?[ ]?\d"
    r"|\bcheck(?:ed|ing)?[ -]?(?:in|out)\b",
    re.IGNORECASE,
)
"""What stands in every stay whose hotel is not named."""

STAYS = HOTELS | bits.STAY
"""One of these stands in every text that holds a stay."""

ROOM = re.compile(
    r"(?<![\w$])(?:(?P<word>rooms?|rms?|hab(?:itaci[oó]n)?|cuarto|suite|ste|unit)\.?[ ]?"
    r"(?:(?:number|no\.?|num|is|\#|:)[ ]?){0,2}(?P<no>\d{1,4}[a-z]?)|\#[ ]?(?P<hash>\d{2,4}[a-z]?))"
    r"(?![\w%$/]|[.,:]\d|[ ](?:for|people|ppl|guests?|nights?|left|min|dollars|bucks)\b)",
    re.IGNORECASE,
)
CHECK = re.compile(
    r"(?<!\w)check(?:ing|ed)?[ -]?(?P<way>in|out)(?!\w)(?P<time>[ ](?:time|date|day)(?!\w))?"
    r"(?P<when>[ ](?:(?:is|was|at|by|@|on|til|till|before|around|be)[ ]){0,2}(?:the[ ])?"
    r"(?:\d{1,2}(?:[:.]\d{2})?[ ]?(?:[ap]\.?m\.?|st|nd|rd|th)?(?!\w)|noon|tomorrow|tmrw|tmr|2mrw"
    r"|today|"
    r"tonight|(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?(?!\w)|late(?!\w)|early))?",
    re.IGNORECASE,
)
NIGHTS = re.compile(
    r"(?<![\w$])(?P<count>\d{1,2}|one|two|three|four|five|six|seven|a[ ]couple|couple|few|una|dos|"
    r"tres)[ ](?:more[ ])?(?:nights?|nites?|noches?)(?!\w)",
    re.IGNORECASE,
)
STAY = re.compile(
    r"(?<!\w)(?:front[ ]desk|key[ ]?card|room[ ]key|extend(?:ed|ing)?[ ](?:the[ ]room|it|another|"
    r"for|our|my|\d)|(?:in|under)[ ](?:my|his|her|whose)[ ]name|conf(?:irmation)?[ ]?"
    r"(?:number|no\.?|\#)[ ]?(?:is[ ])?\#?[ ]?\d{0,12}|side[ ]door|back[ ]door|"
    r"(?:1st|first|2nd|second|3rd|third|4th)[ ]floor)(?!\w)",
    re.IGNORECASE,
)
"""Words of a stay that join a span when a hotel is near."""

REACH = 60
"""Characters within which words of a stay belong to one hotel: about two short clauses."""

ELSEWHERE = re.compile(
    r"\b(?:class|classroom|classes|teacher|school|court|courtroom|meeting|conference|exam|lab|"
    r"lecture|chat|chatroom|office|channel|hospital|ward|icu|er|library|irc|server|building|"
    r"campus|dorm|jail)\b",
    re.IGNORECASE,
)
"""Words of other rooms with numbers."""


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
        and chats, and of street addresses; a hotel in another message than its room (threads show
        both).

    References:
        - Brand names: extractors/data/lodging_brands.tsv (SOURCES_places.md)
    """

    name: ClassVar[str] = "lodging"
    version: ClassVar[int] = 2
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.LODGING,)

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        return bits_of(piece) & STAYS != 0

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the stays in one text, sorted by start.

        A hit's value is ``hotel|room 108``: the hotel as the text names it, folded, and its rooms,
        each where stated; None for a check-out time alone. Its detail lists all that was found.
        """
        found = place_bits(text)
        if not found & STAYS:
            return
        hotels = find_hotels(text, found)
        if not hotels and not (found & bits.STAY and GATE.search(text)):
            return
        parts = list(_parts(text, has_hotel=bool(hotels)))
        hits: list[Hit] = []
        first = 0
        for index, hotel in enumerate(hotels):
            high = hotels[index + 1].start if index + 1 < len(hotels) else len(text)
            mine, first = _near(hotel, parts, first, high)
            hits.append(_stay(hotel, mine))
        if not hotels:
            hits.extend(_alone(text, region, parts, found))
        yield from sorted(hits, key=lambda hit: (hit.start, hit.end))


def _parts(text: str, *, has_hotel: bool) -> Iterator[Part]:
    """Return what speaks of a stay, in order, without overlap."""
    found: list[Part] = []
    for match in ROOM.finditer(text):
        word = (match["word"] or "#").lower()
        if has_hotel or word not in ("unit", "ste", "#", "suite"):
            room = f"room {match['no'] or match['hash']}"
            found.append(Part(match.start(), match.end(), "room", room))
    for match in CHECK.finditer(text):
        when = match["when"] or ""
        if has_hotel or when or match["time"]:
            kind = f"check-{match['way'].lower()}"
            found.append(Part(match.start(), match.end(), kind, when.strip()))
    found.extend(
        Part(match.start(), match.end(), "nights", f"{match['count']} nights")
        for match in NIGHTS.finditer(text)
    )
    if has_hotel:
        found.extend(
            Part(m.start(), m.end(), "stay", m.group().lower()) for m in STAY.finditer(text)
        )
    end = 0
    for part in sorted(found, key=lambda part: (part.start, -part.end)):
        if part.start >= end:
            end = part.end
            yield part


def _near(hotel: Hotel, parts: Sequence[Part], first: int, high: int) -> tuple[list[Part], int]:
    """Return the parts joined to a hotel by steps of at most REACH, and the next part's index.

    Args:
        hotel: the hotel.
        parts: all parts in order.
        first: index of the first part that no hotel before this one has.
        high: where the next hotel begins.
    """
    last = first
    while last < len(parts) and parts[last].end <= hotel.start:
        last += 1
    mine: list[Part] = []
    start = hotel.start
    for part in reversed(parts[first:last]):
        if start - part.end > REACH:
            break
        mine.insert(0, part)
        start = part.start
    end = hotel.end
    while last < len(parts) and parts[last].end <= high and parts[last].start - end <= REACH:
        if parts[last].start >= hotel.end:
            mine.append(parts[last])
            end = parts[last].end
        last += 1
    return mine, last


def _stay(hotel: Hotel, parts: Sequence[Part]) -> Hit:
    rooms = [part.text for part in parts if part.kind == "room"]
    return Hit(
        MentionKind.LODGING,
        min([hotel.start, *(part.start for part in parts)]),
        max([hotel.end, *(part.end for part in parts)]),
        hotel.rule,
        value="|".join([hotel.key, *dict.fromkeys(rooms)]),
        confidence=STRONG if parts else hotel.confidence,
        detail=_detail(hotel.name, parts),
    )


def _alone(text: str, region: str, parts: Sequence[Part], found: int = bits.ALL) -> Iterator[Hit]:
    """Yield rooms and check-outs without a hotel, those near each other as one."""
    if all(part.kind == "nights" for part in parts) or ELSEWHERE.search(text):
        return
    taken = [
        (span.start, span.end)
        for span in (find_addresses(text, region, found) if found & bits.DIGIT else ())
    ]
    groups: list[list[Part]] = []
    for part in parts:
        if any(start < part.end and part.start < end + 2 for start, end in taken):
            continue
        if groups and part.start - groups[-1][-1].end <= REACH:
            groups[-1].append(part)
        else:
            groups.append([part])
    for group in groups:
        rooms = [part.text for part in group if part.kind == "room"]
        if all(part.kind == "nights" for part in group):
            continue
        yield Hit(
            MentionKind.LODGING,
            group[0].start,
            group[-1].end,
            "lodging:room" if rooms else "lodging:stay",
            value="|".join(dict.fromkeys(rooms)) or None,
            confidence=LIKELY if rooms or len(group) > 1 else SEEN,
            detail=_detail("", group),
        )


def _detail(name: str, parts: Sequence[Part]) -> str:
    words = [f"venue {name}"] if name else []
    for part in parts:
        is_check = part.kind.startswith("check")
        words.append(f"{part.kind} {part.text}".strip() if is_check else part.text)
    return "; ".join(dict.fromkeys(words))
