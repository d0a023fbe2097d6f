"""Names and numbers made comparable: order, titles, accents and one slip of the pen aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

WORD = re.compile(r"[^\W\d_]+")
APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼ"))
TITLES = frozenset(
    "esq esquire attorney attorneys atty attny lawyer lawyers abogado abogada lic licenciado "
    "licenciada counsel counselor counsellor advocate jd mr mrs ms miss dr sr jr ii iii llp llc pa "
    "pllc pc ltd law office offices firm group the of and at y de".split()
)
"""Words that come and go about a name; they count where a name has no others."""
LETTERS_FOR_A_SLIP = 8
"""Letters from which on a name with one slip is taken for the listed one: below that, too many
names differ by a letter (Dana, Dena)."""
NUMBER = re.compile(r"\d(?:[\s().\-–/+]{0,3}\d){6,60}")
"""Seven digits or more, with up to three separators between any two; several numbers may meet."""
DIGITS = re.compile(r"\d+")
MOST_DIGITS = 18
"""Of a number with all that is dialled before it: 15 (ITU-T E.164) and 011."""
PREFIXES = ("011", "00", "0", "1")
"""What is dialled before a number: international prefixes, trunk prefixes, the country code."""


@lru_cache(maxsize=65_536)
def words_of(name: str) -> tuple[str, ...]:
    """Words of a name: folded, without accents, titles and initials."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(APOSTROPHES))
    plain = "".join(char for char in plain if unicodedata.category(char) != "Mn")
    found = WORD.findall(unicodedata.normalize("NFKC", plain))
    kept = tuple(word for word in found if len(word) > 1 and word not in TITLES)
    return kept or tuple(found)


def forms_of(words: tuple[str, ...]) -> set[str]:
    """A name as one run of letters, in its order and in the order of the alphabet."""
    return {"".join(words), "".join(sorted(words))} - {""}


def slips_of(form: str) -> set[str]:
    """The run itself, and what is left of it without one letter."""
    return {form, *(form[:at] + form[at + 1 :] for at in range(len(form)))}


def is_one_slip(one: str, other: str) -> bool:
    """Whether two runs differ by at most one letter more, less or else, or by two exchanged."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    if short[at + 1 :] == long[at + 1 :]:
        return True
    swapped = short[at : at + 2][::-1] == long[at : at + 2]
    return swapped and short[at + 2 :] == long[at + 2 :]


@lru_cache(maxsize=65_536)
def digits_of(text: str) -> str:
    """Decimal digits of a text, of any script, as ASCII."""
    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())


def writings_of(digits: str) -> set[str]:
    """A number's digits, with and without what may be dialled before them."""
    found = {digits}
    for prefix in PREFIXES:
        if digits.startswith(prefix):
            found.add(digits[len(prefix) :])
    for prefix in PREFIXES[:2]:
        if digits.startswith(prefix + "1"):
            found.add(digits[len(prefix) + 1 :])
    return {item for item in found if len(item) >= 7}


def numbers_in(text: str) -> Iterator[str]:
    """Yield the digits of all that may be a telephone number in a text: runs of whole groups."""
    for match in NUMBER.finditer(text):
        groups = DIGITS.findall(digits_apart(match[0]))
        for first in range(len(groups)):
            run = ""
            for group in groups[first:]:
                run += group
                if len(run) > MOST_DIGITS:
                    break
                if len(run) >= 7:
                    yield run


def digits_apart(text: str) -> str:
    """A text with digits of any script as ASCII; all else stays."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
