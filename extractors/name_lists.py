"""Lists of names and of words that are not names, loaded once from ``extractors/data``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from extractors.normalise.name import fold, squeeze

GIVEN = 1
"""A given name or nickname."""
RARE = 2
"""A given name that is rare or short: in lower case it needs a cue."""
WORD = 4
"""A given name that is an ordinary word too (hope, mark, rosa)."""
PLACE = 8
"""A given name that is a place too (austin, dakota)."""
FAMILY = 16
"""A family name."""
MONIKER = 32
"""An ordinary word by which people go (cookie, diamond, flaco)."""
COMMON = 64
"""A common word of English, Spanish, Hmong, Somali or of chat."""
OTHER = 128
"""Capitalised, it names something that is not a person: a brand, month, language or place."""

FOREIGN = 256
"""A common word of Spanish, Hmong or Somali (and not of English)."""

FAR = 512
"""A given name seldom borne in the United States: in lower case it needs a strong cue."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"

ANY_NAME = GIVEN | FAMILY | MONIKER

MARKS = {"r": GIVEN | RARE, "f": GIVEN | RARE | FAR, "w": GIVEN | WORD | COMMON, "p": GIVEN | PLACE}

SUFFIXES = (
    ("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", "e"), ("ed", ""), ("ing", "e"),
    ("ing", ""), ("in", ""), ("in", "e"), ("ly", ""), ("ers", "e"), ("ers", ""), ("er", "e"),
    ("er", ""), ("est", ""), ("ness", ""), ("able", ""), ("y", ""),
)  # fmt: skip
"""Endings under which the list of common words leaves a word out: ending and what stands for it.
``in`` is how chat writes ``ing``."""


ODD_WORD = re.compile(
    r"(?:[jh]+a+){2,12}[jhs]?|(?:[jh]+e+){2,12}[jh]?|(?:[jh]+i+){2,12}[jh]?|(?:lo+){1,6}l+"
    r"|lm+f?a+o+"
    r"|[a-z]{1,12}(?:n't|'(?:ll|re|ve|d|m))"
)
"""Laughter (``jajaja``, ``lolol``) and contracted verbs (``don't``), which no list holds all of."""


def _lines(name: str) -> list[str]:
    return files("extractors.data").joinpath(name).read_text("utf-8").split("\n")


@cache
def word_flags() -> Mapping[str, int]:
    """Return the flags of every listed word (folded)."""
    flags: dict[str, int] = {}
    for name, flag in (
        ("names_words_en.txt", COMMON),
        ("names_words_rare.txt", COMMON),
        ("names_words_chat.txt", COMMON),
        ("names_words_other.txt", COMMON | FOREIGN),
        ("names_other.txt", OTHER),
        ("names_monikers.txt", MONIKER),
        ("names_family.txt", FAMILY),
    ):
        for word in _lines(name):
            if word:
                flags[word] = flags.get(word, 0) | flag
    for line in _lines("names_given.tsv"):
        word, _, mark = line.partition("\t")
        if not word:
            continue
        before = flags.get(word, 0)
        if mark or before & OTHER:
            kept = before & ~COMMON if mark in {"r", "f"} else before
            flags[word] = kept | MARKS.get(mark, GIVEN | WORD)
        else:
            flags[word] = before & ~COMMON | GIVEN
    return flags


@cache
def name_pairs() -> frozenset[str]:
    """Return the given names of two words (``pa houa``), words joined by a blank."""
    return frozenset(line for line in _lines("names_pairs.txt") if line)


@cache
def pair_starts() -> frozenset[str]:
    """Return the first words of :func:`name_pairs`."""
    return frozenset(pair.partition(" ")[0] for pair in name_pairs())


def flags_of(word: str, known: Mapping[str, int]) -> int:
    """Return the flags of a folded word; drawn-out and inflected words count as their base.

    Args:
        word: folded, without possessive.
        known: the result of :func:`word_flags`.
    """
    flags = known.get(word)
    if flags is not None:
        return flags
    short = squeeze(word)
    if short != word and (found := flags_of(short, known) or _twice(word, known)):
        return found
    if ODD_WORD.fullmatch(word):
        return COMMON
    if word[:2] in {"un", "re"} and len(word) > 5 and flags_of(word[2:], known) & COMMON:
        return COMMON  # unfriended, reposted
    for ending, instead in SUFFIXES:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            stem = word[: -len(ending)] + instead
            if known.get(stem, 0) & COMMON:
                return COMMON
            if len(stem) > 3 and stem[-1] == stem[-2] and known.get(stem[:-1], 0) & COMMON:
                return COMMON  # running, bigger
    return 0


@lru_cache(maxsize=20_000)
def misspells(word: str) -> bool:
    """Whether an unlisted word is a common one with one slip of the fingers.

    Slips: two letters swapped, one too many, one inside left out, one put for another inside.
    A letter left out at the end is none: so names are made (``sandr``), and so are words cut.
    """
    if not 4 < len(word) < 13 or not word.isascii() or not word.isalpha():
        return False
    known = word_flags()

    def common(near: str) -> bool:
        flags = flags_of(near, known)
        return bool(flags & COMMON and not flags & (GIVEN | FOREIGN))

    for at in range(1, len(word)):
        left, right = word[:at], word[at:]
        if at + 1 < len(word) and common(left + right[1] + right[0] + right[2:]):
            return True
        if len(word) > 5 and common(left + right[1:]):
            return True
        if any(common(left + sign + right) for sign in LETTERS):
            return True
        if len(word) > 6 and any(common(left + sign + right[1:]) for sign in LETTERS):
            return True
    return False


def _twice(word: str, known: Mapping[str, int]) -> int:
    """Return the flags of a drawn-out word whose letter is written twice (``annnna``: anna)."""
    out = []
    for index, sign in enumerate(word):
        if index < 2 or sign != word[index - 1] or sign != word[index - 2]:
            out.append(sign)
    return known.get("".join(out), 0)


__all__ = [
    "ANY_NAME", "COMMON", "FAMILY", "FAR", "FOREIGN", "GIVEN", "MONIKER", "OTHER", "PLACE", "RARE",
    "WORD",
    "flags_of", "fold", "misspells", "name_pairs", "pair_starts", "word_flags",
]  # fmt: skip
