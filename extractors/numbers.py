"""Number words of English and Spanish, read to values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

UNITS: Final[dict[str, int]] = {
    word: value
    for value, words in enumerate(
        (
            "zero cero", "one uno un una", "two dos", "three tres", "four cuatro", "five cinco",
            "six seis", "seven siete", "eight ocho", "nine nueve", "ten diez", "eleven once",
            "twelve doce", "thirteen trece", "fourteen catorce", "fifteen quince",
            "sixteen dieciseis", "seventeen diecisiete", "eighteen dieciocho",
            "nineteen diecinueve", "veinte", "veintiun veintiuno veintiuna", "veintidos",
            "veintitres", "veinticuatro", "veinticinco", "veintiseis", "veintisiete",
            "veintiocho", "veintinueve",
        )
    )
    for word in words.split()
}  # fmt: skip
"""Words below thirty that stand for themselves; ``once`` is also English, so callers ask for
a Spanish unit behind it."""

TENS: Final[dict[str, int]] = {
    "twenty": 20, "twenny": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "fitty": 50,
    "fiddy": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70,
    "ochenta": 80, "noventa": 90,
}  # fmt: skip
NOTES: Final[dict[str, int]] = {
    "fives": 5, "tens": 10, "twenties": 20, "fifties": 50, "hundreds": 100, "hunnids": 100,
}  # fmt: skip
"""Banknotes in the plural: ``two twenties``."""

HUNDRED: Final = frozenset(
    [
        "hundred",
        "hundreds",
        "hunnid",
        "hunnids",
        "hunned",
        "hunnit",
        "hundo",
        "hundos",
        "hunid",
        "hunit",
    ]
)
HUNDREDS_ES: Final[dict[str, int]] = {
    stem + ending: value
    for stem, value in {
        "doscient": 200, "trescient": 300, "cuatrocient": 400, "quinient": 500,
        "seiscient": 600, "setecient": 700, "sietecient": 700, "ochocient": 800,
        "novecient": 900, "nuevecient": 900,
    }.items()
    for ending in ("os", "as")
} | {"cien": 100, "ciento": 100}  # fmt: skip
SCALES: Final[dict[str, int]] = {
    "thousand": 10**3, "thousands": 10**3, "thou": 10**3, "mil": 10**3,
    "lakh": 10**5, "lakhs": 10**5, "lac": 10**5,
    "million": 10**6, "millions": 10**6, "milli": 10**6, "milly": 10**6, "millon": 10**6,
    "millones": 10**6, "crore": 10**7, "crores": 10**7,
    "billion": 10**9, "billions": 10**9, "trillion": 10**12, "trillions": 10**12,
    "billon": 10**12, "billones": 10**12, "bn": 10**9,
}  # fmt: skip
"""Long scale for Spanish (RAE): ``billón`` is a million millions."""

VAGUE: Final[dict[str, tuple[int, int]]] = {"couple": (2, 3), "few": (3, 5), "several": (3, 9)}
"""Low and high of words that count without a number."""

POINTS: Final = frozenset({"point", "punto", "coma"})
WORDS: Final = frozenset(
    {*UNITS, *TENS, *NOTES, *HUNDRED, *HUNDREDS_ES, *SCALES, *VAGUE, *POINTS, "half", "medio",
     "media", "oh", "dozen"}
)  # fmt: skip
"""Every word that may begin or continue a number."""

ACCENTS: Final = str.maketrans("áéíóúüÁÉÍÓÚÜ’", "aeiouuAEIOUU'")


def fold(word: str) -> str:
    """Return a word in lower case without the accents of Spanish; ñ stays a letter of its own."""
    low = word.lower()
    return low if low.isascii() else low.translate(ACCENTS)


@dataclass(frozen=True, slots=True)
class NumberWords:
    """A number read from words."""

    value: Decimal
    high: Decimal
    """Equal to ``value`` unless a vague word (``couple``) counts."""
    used: int
    """How many of the words were read."""
    spoken: bool = False
    """Two figures said side by side: ``one fifty`` for 150."""


def _small(words: Sequence[str], at: int) -> tuple[int, int, bool] | None:
    """Read a number below a hundred: value, words used, whether it may be a lone figure."""
    word = words[at] if at < len(words) else ""
    if word in TENS:
        step = at + 1
        if step + 1 < len(words) and words[step] in ("-", "y"):
            step += 1
        unit = UNITS.get(words[step], 0) if step < len(words) else 0
        if 0 < unit < 10 and words[step] != "once":
            return TENS[word] + unit, step + 1 - at, False
        return TENS[word], 1, False
    if word in UNITS:
        return UNITS[word], 1, UNITS[word] < 10
    return None


def _below_thousand(words: Sequence[str], at: int) -> tuple[int, int, bool] | None:
    """Read up to 9,999 as said: value, words used, whether two figures stood side by side."""
    if at < len(words) and words[at] in HUNDREDS_ES:
        value, used = HUNDREDS_ES[words[at]], 1
        rest = _small(words, at + 1)
        return (value + rest[0], 1 + rest[1], False) if rest else (value, used, False)
    if (
        at < len(words)
        and words[at] in ("a", "an")
        and at + 1 < len(words)
        and (words[at + 1] in HUNDRED)
    ):
        first: tuple[int, int, bool] | None = (1, 1, False)
    else:
        first = _small(words, at)
    if first is None:
        return (100, 1, False) if at < len(words) and words[at] in HUNDRED else None
    value, used, lone = first
    after = at + used
    if after < len(words) and words[after] in HUNDRED:
        value, used, after = value * 100, used + 1, after + 1
        if after < len(words) and words[after] in ("and", "n", "&"):
            after += 1
        rest = _small(words, after)
        if rest and words[after] not in ("un", "una"):
            return value + rest[0], after - at + rest[1], False
        return value, used, False
    if lone and value and words[at] not in ("un", "una", "once"):
        rest = _small(words, after)
        if rest and rest[0] >= 10:
            return value * 100 + rest[0], used + rest[1], True
    return value, used, False


def read(words: Sequence[str], at: int = 0) -> NumberWords | None:
    """Read the number that begins at a word, the longest reading.

    Args:
        words: folded words (:func:`fold`); a hyphen between two of them is a word ``-``.
        at: where to begin.

    Returns:
        The number, or None when none begins here.
    """
    word = words[at] if at < len(words) else ""
    if word not in WORDS and word not in ("a", "an"):
        return None
    if word in ("a", "an") or word in VAGUE or word in ("half", "medio", "media"):
        return _counted(words, at)
    if word in POINTS:
        return _decimals(words, at, Decimal(0), at)
    total = 0
    step = at
    spoken = False
    ceiling = 10**16
    while step < len(words):
        begin = step
        if step > at and words[step] in ("and", "y") and step + 1 < len(words):
            begin = step + 1
        group = _below_thousand(words, begin)
        if group is None and words[begin] in SCALES and (step == at or begin == step):
            if step > at or words[begin] not in ("mil", "million", "thousand"):
                break
            group = (1, 0, False)
        if group is None or (begin > step and group[0] >= 100):
            break
        value, used, said = group
        after = begin + used
        scale = SCALES.get(words[after], 1) if after < len(words) else 1
        if (
            scale > 1
            and after + 1 < len(words)
            and words[after] == "mil"
            and (words[after + 1] in ("millones", "millon"))
        ):
            scale, used = 10**9, used + 1
        if scale >= ceiling or (step > at and ceiling == 1):
            break
        if scale == 1 and after < len(words) and words[after] in POINTS:
            point = _decimals(words, after, Decimal(total + value), at)
            if point is not None:
                return point
        total += value * scale
        spoken |= said
        step = begin + used + (scale > 1)
        ceiling = scale
        if scale == 1:
            break
    if step == at:
        return None
    return NumberWords(Decimal(total), Decimal(total), step - at, spoken)


def _counted(words: Sequence[str], at: int) -> NumberWords | None:
    """Read ``a couple hundred``, ``half a million``, ``a hundred``; not a bare article."""
    step = at + 1 if words[at] in ("a", "an") else at
    low = high = Decimal(1)
    if step < len(words) and words[step] in VAGUE:
        pair = VAGUE[words[step]]
        low, high, step = Decimal(pair[0]), Decimal(pair[1]), step + 1
        if step < len(words) and words[step] == "of":
            step += 1
    elif step < len(words) and words[step] in ("half", "medio", "media"):
        low = high = Decimal("0.5")
        step += 1
        if step < len(words) and words[step] in ("a", "an"):
            step += 1
    if step < len(words):
        if words[step] in HUNDRED and low >= 1:
            if low == 1 and (read_on := _below_thousand(words, step)) and read_on[1] > 1:
                return NumberWords(Decimal(read_on[0]), Decimal(read_on[0]), step + 1 - at)
            whole = _below_thousand(words, at) if low == 1 else None
            if whole and whole[1] > step - at:
                return NumberWords(Decimal(whole[0]), Decimal(whole[0]), whole[1])
            return NumberWords(low * 100, high * 100, step + 1 - at)
        if words[step] in SCALES:
            scale = SCALES[words[step]]
            if words[step] == "mil" and words[at] not in ("medio", "media"):
                scale = 10**6  # half a mil: the English short form
            return NumberWords(low * scale, high * scale, step + 1 - at)
    return NumberWords(low, high, step - at) if step > at + (words[at] in ("a", "an")) else None


def _decimals(words: Sequence[str], point: int, whole: Decimal, at: int) -> NumberWords | None:
    """Read the digits said after ``point``, then a scale: ``two point five million``."""
    step = point + 1
    figures = ""
    while step < len(words) and len(figures) < 9:
        value = 0 if words[step] in ("o", "oh") else UNITS.get(words[step], TENS.get(words[step]))
        if value is None or words[step] in ("once", "un", "una"):
            break
        figures += str(value)
        step += 1
    if not figures:
        return None
    scale = SCALES.get(words[step], 1) if step < len(words) else 1
    total = (whole + Decimal(f"0.{figures}")) * scale
    return NumberWords(total, total, step + (scale > 1) - at)
