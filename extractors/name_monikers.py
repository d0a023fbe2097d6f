"""Monikers of two words, or of a letter and a word: ``young worm``, ``T-Nova``, ``Ray Ray``."""

from __future__ import annotations

import re

from extractors.name_cues import (
    EPITHETS,
    NOT_EXPLICIT,
    NOT_LETTER_NAMES,
    NOT_TWINS,
)
from extractors.name_lists import (
    COMMON,
    FAMILY,
    GIVEN,
    MONIKER,
    OTHER,
)
from extractors.name_parts import NONE, STRONG_CUE, WEAK, Chunk, joined, name_end
from extractors.name_tokens import LOWER, TITLE, Sentence

LETTER_NAME = re.compile(r"[^\W\d_][-.'’][^\W\d_][^\W_]{1,15}")


LETTER_MARKS = frozenset("-.'’")

TAILS = frozenset(
    {"dawg", "boogie", "boy", "boi", "loco", "loca", "girl", "man", "ski", "bandz", "gang", "jr"}
)


AFTER_NICKNAME = TAILS | {"da", "tha", "the"}
"""What a nickname may go on with: its tail, or the article of one (``juno da kid``)."""


PEOPLE = frozenset(
    {"girl", "boy", "man", "woman", "lady", "kid", "guy", "dude", "bro", "sis", "people", "ppl",
     "homie", "nigga", "bitch", "hoes", "kids", "girls", "boys", "guys", "men", "women", "thing",
     "things", "bit", "time", "one", "ones", "deal", "day", "money", "size", "house", "after",
     "before", "ass", "homies", "family", "mama", "mad", "late", "while", "help", "something"}
)  # fmt: skip
"""Words before which a title is an ordinary adjective."""


NOT_BEFORE = frozenset(
    {"a", "an", "the", "my", "ur", "your", "his", "her", "their", "our", "this", "that", "some",
     "any", "no", "every", "mi", "tu", "su", "un", "una", "los", "las", "ese", "esa", "este",
     "esta", "such", "these", "those", "too", "so", "very", "lil", "big", "another", "other", "da",
     "tha", "dat", "i", "two", "three", "both", "all"}
)  # fmt: skip


def pair_text(sentence: Sentence, index: int) -> str:
    """Return a word and the next one, folded, joined by a blank."""
    first, second = sentence.tokens[index : index + 2]
    return f"{first.word} {second.word}"


def epithet(sentence: Sentence, index: int) -> Chunk | None:
    """A title before any word (``young worm``, ``mama waffles``, ``la gordo``): it needs a cue.

    After an article or possessive the words are what they say (``the big tank``).
    """
    tokens = sentence.tokens
    title, nxt = tokens[index], tokens[index + 1]
    before = tokens[index - 1] if index and title.gap == " " else None
    article = title.word in {"el", "la", "los"}
    if (
        before is not None
        and not article
        and (before.word in NOT_BEFORE or before.word[-1].isdigit())
    ):
        return None
    flags = nxt.flags
    if nxt.word in NOT_EXPLICIT or nxt.word in PEOPLE or len(nxt.word) < 3:
        return None
    if nxt.word.endswith(("in", "ing", "ly")) and not flags & (GIVEN | MONIKER):
        return None
    if article:
        named = flags & MONIKER or not flags & (COMMON | OTHER | GIVEN)
        return Chunk(index, index + 1, "moniker", STRONG_CUE) if named else None
    if flags & (GIVEN | MONIKER | FAMILY) or not flags & (COMMON | OTHER):
        return Chunk(index, index + 1, "moniker", STRONG_CUE)
    return Chunk(index, index + 1, "moniker", STRONG_CUE) if title.word in EPITHETS else None


def tailed(sentence: Sentence, index: int) -> Chunk | None:
    """A nickname and what it ends in (``scooter boy``, ``chico loco``); it needs a cue."""
    near = sentence.tokens[index + 1 : index + 2]
    if not near or near[0].word not in AFTER_NICKNAME or not joined(sentence, index):
        return None
    token = sentence.tokens[index]
    if (
        sentence.tokens[index + 1].word in {"da", "tha", "the"}
        and joined(sentence, index + 1)
        and sentence.tokens[index + 2].word in {"kid", "don", "god", "king", "boss", "menace"}
        and token.flags & (GIVEN | MONIKER)
    ):
        return Chunk(index, index + 2, "moniker", NONE)  # "juno da kid"
    if sentence.tokens[index + 1].word not in TAILS:
        return None
    if token.owner or not (token.flags & MONIKER or not token.flags & (COMMON | OTHER)):
        return None
    if index and token.gap == " " and sentence.tokens[index - 1].word in NOT_BEFORE:
        return None
    return Chunk(index, index + 1, "moniker", STRONG_CUE)


def letter_name(sentence: Sentence, index: int) -> Chunk | None:
    """A letter and a name: ``T-Nova``, ``K-Dot``, ``D Money``, and initials with a name."""
    tokens = sentence.tokens
    token = tokens[index]
    if (
        token.word[1:2] in LETTER_MARKS
        and LETTER_NAME.fullmatch(token.word)
        and token.word not in NOT_LETTER_NAMES
    ):
        rest = token.word[2:]
        if token.word[1] in "'’" and token.word[0] not in "dol":
            return None
        surface = sentence.text[token.start : token.end]
        if token.shape > LOWER and surface[2].isupper():
            return Chunk(index, name_end(sentence, index), "moniker", NONE)
        if token.word[1] == "-" and len(rest) > 1:
            return Chunk(index, index, "moniker", WEAK)
        return None
    if (
        len(token.word) == 1
        and token.shape == TITLE
        and (
            token.word not in "aiu"
            or (tokens[index + 1 : index + 2] and tokens[index + 1].gap == ". ")
        )
        and joined(sentence, index)
        and tokens[index + 1].shape > LOWER
    ):
        nxt = tokens[index + 1]
        if nxt.flags & (FAMILY | GIVEN | MONIKER) and len(nxt.word) > 2:
            dotted = tokens[index + 1].gap.startswith(".")
            need = NONE if dotted or (sentence.cased and not nxt.flags & OTHER) else WEAK
            return Chunk(index, name_end(sentence, index + 1), "full", need)
    return None


def twins(sentence: Sentence, index: int) -> Chunk | None:
    """A doubled name: ``Ray Ray``, ``nae nae``."""
    tokens = sentence.tokens
    if index + 1 == len(tokens) or tokens[index].word != tokens[index + 1].word:
        return None
    if not joined(sentence, index):
        return None
    first, second = tokens[index : index + 2]
    if first.word in NOT_TWINS or not 1 < len(first.word) < 7:
        return None
    if any(sign.isdigit() for sign in first.word):
        return None
    if first.flags & GIVEN and not first.flags & COMMON:
        return Chunk(index, index + 1, "moniker", NONE)
    if first.flags & (COMMON | OTHER) and not first.flags & (GIVEN | MONIKER):
        return None
    return Chunk(index, index + 1, "moniker", NONE if second.shape > LOWER else WEAK)
