"""Whether a telephone number in the tables is the one asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from extractors.spelled import AtomKind, read
from pipeline.errors import ConfigError
from pipeline.search.fold import phrase, words

ENDING = 4
"""Digits at least of a partial number; fewer would find a good part of all numbers."""
FULL_NUMBER = 7
"""Digits of a local number: what is left of a number without its dialling prefix has as many."""

_DIAL_OUT = re.compile(r"(?:00|011)?0*(?P<rest>\d+)")
"""The prefixes for calls abroad (00, in North America 011), or a trunk zero."""
_LETTER = re.compile(r"[^\W\d_]")


def phone_matcher(asked: str) -> Callable[[Sequence[str]], bool]:
    """Compare digits: the whole number in any writing, or its last four and more.

    A number that could not be completed (seven digits, no area code) is found by its own digits,
    not by a full number that ends in them.

    Args:
        asked: digits with any punctuation, or number words.

    Returns:
        A test of a row (e164, value, surface), "" for null.

    Raises:
        ConfigError: fewer than four digits.
    """
    endings = _endings(asked)

    def matches(row: Sequence[str]) -> bool:
        e164, value, surface = row
        return _digits(e164 or value or surface).endswith(endings)

    return matches


def _endings(asked: str) -> tuple[str, ...]:
    spelt = _LETTER.search(asked) is not None
    if spelt and (numbers := _numbers(asked)):
        return numbers
    digits = _spelt(asked) if spelt else _digits(asked)
    if len(digits) < ENDING:
        raise ConfigError(f"phone:{asked}: give the number, or at least its last {ENDING} digits")
    rest = _DIAL_OUT.fullmatch(digits)
    if rest is not None and len(rest["rest"]) >= FULL_NUMBER:
        return (digits, rest["rest"])
    return (digits,)


def _numbers(asked: str) -> tuple[str, ...]:
    """Read a number with letters in it as the extractor does, where it completes one."""
    # imported for such numbers only: phonenumbers takes longer to import than a search takes
    try:
        from extractors.phones import Phones
    except ImportError:
        return ()
    return tuple(_digits(hit.value) for hit in Phones().find(asked, "US") if hit.value is not None)


def _spelt(asked: str) -> str:
    """Read an ending in words (``oh one one seven``), which completes no number."""
    digits = ""
    times = 1
    tens = False
    for word in words(asked):
        for atom in read(word) or ():
            if atom.kind is AtomKind.REPEAT:
                times = int(atom.digits)
                continue
            if tens and atom.kind is AtomKind.UNIT:
                digits = digits[:-1]  # twenty one
            digits += atom.digits * times
            times, tens = 1, atom.kind is AtomKind.TENS
    return digits


def digits_in(text: str) -> str:
    """Return the digits of a number as written, number words read."""
    return _spelt(text) if _LETTER.search(text) is not None else _digits(text)


@lru_cache(maxsize=1 << 16)
def _digits(text: str) -> str:
    return "".join(char for char in phrase(text) if char.isdecimal())
