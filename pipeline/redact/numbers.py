"""The digits of a text in whatever way they are written, and numbers among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.numbers import TENS, UNITS
from pipeline.redact.needles import Persons

FAR = 80
"""Characters between two digits of a whole number: words may stand between its groups."""
NEAR = 12
"""Characters between two digits of a number without its area code, or of an account."""
NEXT = 3
"""Characters between two words of one number."""

ZEROES = frozenset({"oh", "o", "zip", "nought", "cero", "zero"})
SIGNS = {"o": "0", "l": "1", "i": "1", "s": "5", "b": "8", "z": "2"}
"""Letters drawn like digits, where digits adjoin."""

AREA = re.compile(r"(?<![\d.-])\(?[2-9]\d\d(?:\)\s?|[-./])\Z")
"""Another area code, written as one: after blanks alone it may be any number (a room's)."""

_TOKEN = re.compile(r"\d|[^\W\d_]+")
_SPELT = {word: str(value) for word, value in UNITS.items() if word not in {"un", "una", "once"}}
_GLUED = re.compile(
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|oh|cero|uno|dos|tres|cuatro|cinco|seis"
    r"|siete|ocho|nueve){2,20}"
)
_GLUE = re.compile(
    "zero|one|two|three|four|five|six|seven|eight|nine|oh|cero|uno|dos|tres|cuatro|cinco|seis"
    "|siete|ocho|nueve"
)
SPELT_WORD = re.compile(
    "|".join(
        sorted({*_SPELT, *TENS, "oh", "hundred", "thousand", "double", "triple", "doble"}, key=len)[
            ::-1
        ]
    )
)
"""Words of spelt numbers, also inside of other words: a gate's business."""


@dataclass(frozen=True, slots=True)
class Digits:
    """The digits of a folded text, and where each is written."""

    text: str
    places: list[tuple[int, int]]


def digits_of(folded: str) -> Digits:
    """Read every digit: figures, words of English and Spanish, letters drawn like figures."""
    found: list[str] = []
    places: list[tuple[int, int]] = []
    times, tens = 1, False
    for match in _TOKEN.finditer(folded):
        start, end = match.span()
        said = _said(folded, match, places[-1][1] if places else -99)
        if said is None:
            times = {"double": 2, "triple": 3, "doble": 2}.get(match.group(), 1)
            continue
        if tens and said in "123456789" and start - places[-1][1] <= NEXT:
            found.pop()  # "fifty five" is 55, not 505
            places.pop()
        tens = match.group() in TENS
        for digit in said * times:
            found.append(digit)
            places.append((start, end))
        times = 1
    return Digits("".join(found), places)


def _said(folded: str, match: re.Match[str], last: int) -> str | None:
    word = match.group()
    if word.isdigit():
        return word if word.isascii() else None
    start, end = match.span()
    beside = folded[start - 1 : start].isdigit() or folded[end : end + 1].isdigit()
    if beside and len(word) <= 3 and all(sign in SIGNS for sign in word):
        return "".join(SIGNS[sign] for sign in word)
    if word in ZEROES and start - last <= NEXT:
        return "0"
    if word in _SPELT:
        return _SPELT[word]
    if word in TENS:
        return str(TENS[word])
    if word == "hundred" and start - last <= NEXT:
        return "00"
    if word == "thousand" and start - last <= NEXT:
        return "000"
    if _GLUED.fullmatch(word):
        return "".join("0" if part == "oh" else _SPELT[part] for part in _GLUE.findall(word))
    return None


def find_numbers(
    folded: str, digits: Digits, numbers: dict[str, Persons], tails: dict[str, Persons]
) -> Iterator[tuple[int, int, Persons]]:
    """Yield numbers by their place in the folded text.

    A number whose groups lie apart gives a place for each group.
    """
    for needles, reach, alone in ((numbers, FAR, False), (tails, NEAR, True)):
        for needle, persons in needles.items():
            at = digits.text.find(needle)
            while at >= 0:
                places = digits.places[at : at + len(needle)]
                if not (alone and _other(folded, digits, at, at + len(needle))):
                    for start, end in _groups(places, reach):
                        yield start, end, persons
                at = digits.text.find(needle, at + 1)


def _other(folded: str, digits: Digits, start: int, end: int) -> bool:
    """Whether the digits belong to another number: further ones adjoin, or an area code."""
    places = digits.places
    if AREA.search(folded, max(0, places[start][0] - 8), places[start][0]):
        return True
    before = start > 0 and places[start - 1][1] >= places[start][0]
    behind = end < len(places) and places[end][0] <= places[end - 1][1]
    return before or behind


def _groups(places: list[tuple[int, int]], reach: int) -> list[tuple[int, int]]:
    """Join digits that stand near each other; nothing if two of them are too far apart."""
    groups = [places[0]]
    for start, end in places[1:]:
        gap = start - groups[-1][1]
        if gap > reach:
            return []
        if gap <= NEAR:
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
    return groups
