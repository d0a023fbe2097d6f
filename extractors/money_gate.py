"""Whether a text may hold an amount, told by its words before it is read."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from extractors import gate, numbers
from extractors.money_lexicon import anchors, fives, lexicon, owing
from extractors.money_rates import UNIT_WORDS
from extractors.money_tokens import SIGNS, WORD, tokenise
from extractors.numbers import fold

SIGN, ANCHOR, ALONE, FIGURE, NUMBER, LIVE, KEY, DEBT, FIVE = (1 << bit for bit in range(9))
"""What a piece of text between blanks, which no token crosses, may hold: a sign of money; a word of
:func:`extractors.money_lexicon.anchors`; one that is an amount without a number; figures; number
words; figures that can be a sum; a word by which other figures are one; a word of debts; a number
word of five to nine."""

INERT: Final = re.compile(
    r"[(\"'~@]?(?:\d{1,2}:\d\d(?:[ap]m)?|\d{1,4}(?:am|pm|st|nd|rd|th)|[0-3])[.,!?)]{0,3}"
    r"|(?:[^\W\d]+\d+)+[^\W\d]*[.,!?)]{0,3}",
    re.IGNORECASE,
)
"""Figures that are no sum without a word of :data:`KEY`: hours, ordinals, 0 to 3, and those glued
to a word before them. A colon or letters right behind a number, letters right before it, and less
than five rule out whatever :func:`extractors.money_bare.bare` asks for, but a price per minutes."""

MONEY: Final = re.compile(rf"[{SIGNS}]|د\.إ|ر\.س|S/")
"""A sign of money, that of the sol included."""

LEAST: Final = 5
"""The smallest bare number that is taken for a sum."""


@cache
def _keys() -> frozenset[str]:
    """Return words that let hours, ordinals and small figures be read as amounts.

    Units and words of rate cards (``5:30 hh``), ``for`` as in ``60 for 15``, number words of five
    and more, and the letters that stand for a currency in a text of two words.
    """
    words = {word for word, value in numbers.UNITS.items() if value >= LEAST}
    letters = {"c", "l", "le", "note"}
    return frozenset(UNIT_WORDS | lexicon().cue("context_ad") | words | letters | {"for", "4"})


@cache
def alone() -> frozenset[str]:
    """Return words that :func:`extractors.money_slang.solo` may take for an amount."""
    lex = lexicon()
    return frozenset({*lex.slang, *lex.words, *lex.minors, "note"})


def _tell(piece: str) -> int:
    tokens = tokenise(piece)
    lows = {token.low for token in tokens}
    figures = any(token.kind == "n" for token in tokens)
    return (
        SIGN * (MONEY.search(piece) is not None)
        | ANCHOR * (not anchors().isdisjoint(WORD.findall(fold(piece))))
        | ALONE * (not alone().isdisjoint(lows))
        | FIGURE * figures
        | NUMBER * (not numbers.WORDS.isdisjoint(lows))
        | LIVE * (figures and INERT.fullmatch(piece) is None)
        | KEY * (not _keys().isdisjoint(lows))
        | DEBT * (not owing().isdisjoint(lows))
        | FIVE * (not fives().isdisjoint(lows))
    )


TOLD: Final = gate.Memo(_tell)


NAMED: Final = SIGN | ANCHOR | KEY
"""Without one of these an amount names neither its money nor a unit: only a bare number is left."""


NEEDED: Final = SIGN | ANCHOR | FIGURE | DEBT
"""One of these stands in every text with an amount (:func:`told_by`)."""


def told_by(text: str) -> int:
    """Return what a text holds of amounts; 0 where none may be found.

    A narrower gate than :func:`extractors.money_tokens.may_hold`: every fourth message holds a
    digit, mostly of an hour, a count or a name.

    Args:
        text: any text.
    """
    told = gate.bits(TOLD, text)
    if told & (SIGN | ANCHOR):
        return told if told & (FIGURE | NUMBER | ALONE) else 0
    if told & DEBT and told & FIVE:
        return told
    return told if told & FIGURE and told & (LIVE | KEY) else 0
