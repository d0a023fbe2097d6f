"""Telephone numbers in the writings people use, from a pattern of a data file.

A pattern is ``TRANSFORM:LAYOUT``; the transform may be left out. In the layout every ``9`` stands
for the next digit of the ten. Span convention: first to last digit-bearing piece, with a leading
``+`` or ``(``, which is the whole expansion of a pattern.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from pipeline.sample.numbers import ENGLISH_DIGITS, SPANISH_DIGITS, english, spanish

_LEET = {"0": "oO", "1": "lI!", "5": "S", "8": "B", "2": "Z", "6": "b"}
_HOMOGLYPH = {"0": "ОоΟ", "1": "ІӀ", "3": "Зз", "4": "Ч", "5": "Ƽ", "6": "б"}
_ALPHABETS = {
    "full": "０１２３４５６７８９",
    "math": "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "mono": "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿",
    "circled": "⓪①②③④⑤⑥⑦⑧⑨",
    "super": "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "arabic": "٠١٢٣٤٥٦٧٨٩",
}


def write_phone(pattern: str, digits: str, rng: Random) -> str:
    """Write a number as a pattern says.

    Args:
        pattern: ``999-999-9999``, ``leet:999 999 9999``, ``spoken:en``, …
        digits: as many digits as the layout has nines; ten for ``spoken``.
        rng: what chance decides by.

    Returns:
        The writing.

    Raises:
        KeyError: the transform is not known.
    """
    transform, _, layout = pattern.rpartition(":")
    if transform == "spoken":
        return _spoken(digits, rng, layout)
    feed = iter(digits)
    piece = _TRANSFORMS[transform](rng)
    return "".join(piece(next(feed)) if mark == "9" else mark for mark in layout)


def _same(_: Random) -> Callable[[str], str]:
    return str


def _words(_: Random) -> Callable[[str], str]:
    return lambda digit: ENGLISH_DIGITS[int(digit)]


def _shout(_: Random) -> Callable[[str], str]:
    return lambda digit: ENGLISH_DIGITS[int(digit)].upper()


def _spanish(_: Random) -> Callable[[str], str]:
    return lambda digit: SPANISH_DIGITS[int(digit)]


def _mixed(rng: Random) -> Callable[[str], str]:
    # every third digit at least is a word, so that the writing is never the plain one
    turn = rng.randrange(3)

    def piece(digit: str) -> str:
        nonlocal turn
        turn += 1
        if turn % 3 == 0 or rng.random() < 0.2:
            return "oh" if digit == "0" and rng.random() < 0.3 else ENGLISH_DIGITS[int(digit)]
        return digit

    return piece


def _swap(table: dict[str, str], share: float) -> Callable[[Random], Callable[[str], str]]:
    def make(rng: Random) -> Callable[[str], str]:
        done = False

        def piece(digit: str) -> str:
            nonlocal done
            # the first that can be swapped always is, so that the writing is never the plain one
            if digit in table and (not done or rng.random() < share):
                done = True
                return rng.choice(table[digit])
            return digit

        return piece

    return make


def _alphabet(name: str) -> Callable[[Random], Callable[[str], str]]:
    return lambda _: lambda digit: _ALPHABETS[name][int(digit)]


def _keycap(_: Random) -> Callable[[str], str]:
    return lambda digit: f"{digit}\ufe0f\u20e3"


_TRANSFORMS: dict[str, Callable[[Random], Callable[[str], str]]] = {
    "": _same,
    "words": _words,
    "shout": _shout,
    "es": _spanish,
    "mixed": _mixed,
    "leet": _swap(_LEET, 0.6),
    "homo": _swap(_HOMOGLYPH, 0.6),
    "keycap": _keycap,
    **{name: _alphabet(name) for name in _ALPHABETS},
}


def _spoken(digits: str, rng: Random, language: str) -> str:
    """Groups as people say them: ``six one two, triple five, oh one forty two``."""
    names, number, nought, triple, double = (
        (SPANISH_DIGITS, spanish, "cero", "triple cinco", "doble cinco cinco")
        if language == "es"
        else (
            ENGLISH_DIGITS,
            english,
            rng.choice(("oh", "zero")),
            "triple five",
            "five double five",
        )
    )
    area = (
        f"{names[int(digits[0])]} {number(int(digits[1:3]))}"
        if digits[1] != "0" and rng.random() < 0.5
        else " ".join(names[int(digit)] for digit in digits[:3])
    )
    middle = rng.choice((triple, double, " ".join(names[int(digit)] for digit in digits[3:6])))
    if digits[8] != "0" and rng.random() < 0.5:
        last = f"{nought} {names[int(digits[7])]} {number(int(digits[8:]))}"
    else:
        last = " ".join(nought if digit == "0" else names[int(digit)] for digit in digits[6:])
    comma = rng.choice((" ", " ", ", "))
    return comma.join((area, middle, last))
