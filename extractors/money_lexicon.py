"""The words of money: currencies, slang and cues, loaded once from ``extractors/data``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from extractors import numbers
from extractors.numbers import fold


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or sign that makes a number an amount."""

    code: str
    """ISO 4217; ``$`` and ``peso`` stand for those of the region; empty = the minor unit's."""
    need: str = ""
    """What must hold beside it; see :mod:`extractors.money_units`."""


@dataclass(frozen=True, slots=True)
class Slang:
    """A word for a round sum, and the range of what speakers mean by it."""

    usual: Decimal
    low: Decimal
    high: Decimal
    need: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All word lists. Keys are folded (:func:`extractors.numbers.fold`) unless said otherwise."""

    symbols: dict[str, Unit]
    """Signs, letters before a sign in upper case: ``$``, ``MX$``."""
    letter_signs: dict[str, Unit]
    """Signs made of letters alone, as written: ``Kč``, ``Rs``."""
    codes: dict[str, Unit]
    """ISO codes in upper case."""
    words: dict[str, Unit]
    minors: dict[str, Unit]
    adjectives: dict[tuple[str, str], str]
    """Adjective and currency code of the noun, to the code of both: Canadian dollars."""
    slang: dict[str, Slang]
    cues: dict[str, frozenset[str]]

    def cue(self, group: str) -> frozenset[str]:
        """Return a group of cue words."""
        return self.cues[group]


def _rows(name: str) -> Iterator[list[str]]:
    text = (files("extractors") / "data" / name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("# "):
            yield line.split("\t")


@cache
def lexicon() -> Lexicon:
    """Return the word lists; read at the first call of a process."""
    kinds: dict[str, dict[str, Unit]] = {
        kind: {} for kind in ("symbol", "sign", "code", "word", "minor")
    }
    for form, code, kind, need in _rows("money_currencies.tsv"):
        key = fold(form) if kind in ("word", "minor") else form
        kinds[kind][key] = Unit(code, need)
    cues: dict[str, set[str]] = {}
    for group, words in _rows("money_cues.tsv"):
        cues.setdefault(group, set()).update(fold(word) for word in words.split())
    return Lexicon(
        symbols=kinds["symbol"],
        letter_signs=kinds["sign"],
        codes=kinds["code"],
        words=kinds["word"],
        minors=kinds["minor"],
        adjectives={(fold(a), noun): code for a, code, noun in _rows("money_adjectives.tsv")},
        slang={
            fold(word): Slang(Decimal(usual), Decimal(low), Decimal(high), need)
            for word, usual, low, high, need in _rows("money_slang.tsv")
        },
        cues={group: frozenset(words) for group, words in cues.items()},
    )


@cache
def anchors() -> frozenset[str]:
    """Return the words of which a text without digit and sign must hold one to hold an amount.

    Every amount has a figure, a sign, a currency word, slang or a number word of ten or more; but
    for small debts (:func:`owing`).
    """
    lex = lexicon()
    small = {word for word, value in numbers.UNITS.items() if value < 10}
    words = (
        set(numbers.UNITS) - small | set(numbers.TENS) | set(numbers.NOTES) | numbers.HUNDRED
        | set(numbers.HUNDREDS_ES) | set(numbers.SCALES) | set(lex.words) | set(lex.minors)
        | set(lex.slang)
    )  # fmt: skip
    codes = {code.lower() for code in (*lex.codes, *lex.letter_signs)}
    joined = {a + noun for a, _ in lex.adjectives for noun in lex.words}
    parts = {word.rpartition("-")[2] for word in lex.slang}
    return frozenset(words | codes | joined | parts)


@cache
def owing() -> frozenset[str]:
    """Return the words of debts and loans, after which a number word of five to nine is an amount.

    They are those whose rules take sums under ten (:mod:`extractors.money_verbs`).
    """
    lex = lexicon()
    return lex.cue("owe") | lex.cue("borrow") | lex.cue("hold")


@cache
def fives() -> frozenset[str]:
    """Return the number words of five to nine."""
    return frozenset(word for word, value in numbers.UNITS.items() if 5 <= value < 10)
