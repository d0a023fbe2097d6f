"""Postal addresses: a house number with its street, however it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extractors.fold import fold

TYPES = {
    "street": "st str", "avenue": "ave av aven avn avenida", "road": "rd", "drive": "dr drv",
    "lane": "ln", "boulevard": "blvd boul bulevar", "court": "ct crt", "place": "pl",
    "circle": "cir circ", "terrace": "ter terr", "trail": "trl tr", "parkway": "pkwy pky",
    "highway": "hwy", "way": "wy", "square": "sq", "alley": "aly", "crescent": "cres",
    "crossing": "xing", "point": "pt", "ridge": "rdg", "path": "", "loop": "", "row": "",
    "walk": "", "plaza": "plz", "cove": "cv", "heights": "hts", "hill": "hl", "calle": "",
}  # fmt: skip
"""Street types and how they are shortened (USPS Publication 28, appendix C1)."""

SIDES = {
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw",
    "southeast": "se", "southwest": "sw",
}  # fmt: skip

UNITS = "apartment apt unit suite ste room rm floor fl lot bldg building".split()

TYPE_WORDS = {word for full, short in TYPES.items() for word in (full, *short.split())}
SIDE_WORDS = {word for pair in SIDES.items() for word in pair}

ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip
SPOKEN = {short: full for full, short in ORDINALS.items()}

DRAWN = {"0": "[0o]", "1": "[1il]", "5": "[5s]"}

_WORD = re.compile(r"[^\W_]+")
_GAP = r"[\W_]{0,4}"
_TYPE = "|".join(sorted(TYPE_WORDS, key=len, reverse=True))
_SIDE = "|".join(sorted(SIDE_WORDS, key=len, reverse=True))
_UNIT = "|".join(UNITS)


@dataclass(frozen=True, slots=True)
class Address:
    """A house: number, the words of the street's name, and the words behind them."""

    number: str
    street: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def key(self) -> str:
        """What the squeezed text must hold: the longest word of the street's name."""
        return max(self.street, key=len)


def address_of(written: str) -> Address | None:
    """Read an address; None where no house number and street are in it."""
    head, _, tail = fold(written).text.partition(",")
    words = _WORD.findall(head)
    if len(words) < 2 or not words[0][0].isdigit():
        return None
    number, *words = words
    while len(words) > 1 and words[0] in SIDE_WORDS:
        words.pop(0)
    ends = [n for n, word in enumerate(words) if n and word in TYPE_WORDS | set(UNITS)]
    end = ends[0] if ends else len(words)
    street = words[:end]
    while len(street) > 1 and street[-1] in SIDE_WORDS:
        street.pop()
    behind = [*words[end:], *_WORD.findall(tail)]
    rest = tuple(
        word for word in behind if word not in TYPE_WORDS | SIDE_WORDS and word not in UNITS
    )
    return Address(number, tuple(street), rest) if street else None


@cache
def patterns(address: Address) -> tuple[re.Pattern[str], ...]:
    """Return what to look for in folded text: the house; the street by its name and type."""
    figures = [DRAWN.get(sign, re.escape(sign)) for sign in address.number]
    number = r"[\W_]{0,2}".join(figures)
    name = _GAP.join(
        f"(?:{re.escape(word)}|{SPOKEN.get(word, ORDINALS.get(word, re.escape(word)))})"
        for word in address.street
    )
    rest = "".join(f"(?:{_GAP}{re.escape(word)}(?![^\\W_]))?" for word in address.rest)
    tail = (
        rf"(?:{_GAP}(?:{_TYPE})(?![^\W_]))?(?:{_GAP}(?:{_SIDE})(?![^\W_]))?"
        rf"(?:{_GAP}(?:{_UNIT})\.?{_GAP}[^\W_]{{1,5}}(?![^\W_]))?(?:\s?#\s?[^\W_]{{1,5}})?{rest}"
    )
    # the sides stand with their number: a street's name may be as short as "oak"
    house = rf"(?<!\d){number}{_GAP}(?:(?:{_SIDE}){_GAP})?{name}(?![^\W\d_]{{4}}){tail}"
    after = rf"(?<![^\W_]){name}(?:{_GAP}(?:{_TYPE}))?{_GAP}{number}(?!\d){tail}"
    street = rf"(?<![^\W_])(?:(?:{_SIDE}){_GAP})?{name}{_GAP}(?:{_TYPE})(?![^\W_]){tail}"
    return re.compile(house), re.compile(after), re.compile(street)
