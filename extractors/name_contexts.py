"""What stands beside a possible name, and what there makes something else of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.name_cues import (
    CLITICS,
    CLOSERS,
    INTERJECTIONS,
    KIN,
    SPANISH_TO,
)
from extractors.name_lists import COMMON, GIVEN, MONIKER, OTHER, PLACE, RARE, WORD
from extractors.name_parts import Chunk
from extractors.name_tokens import LOWER, Sentence, Token


@dataclass(slots=True)
class Sides:
    """What stands beside a chunk within its clause; empty words where the clause ends."""

    left: str
    before_left: str
    right: str
    starts: bool
    ends: bool


CLAUSE_END = re.compile(r"[^\w\s'’&/-]|[\r\n]")
"""A sign, emoji or line end between two words."""

AND = frozenset({"n", "and", "&", "y", "or", "nd", "an", "iyo"})
"""What couples two names."""

INTRO = frozenset({"its", "it's", "dis", "this", "im", "i'm", "soy", "thats", "that's", "am", "iz"})
"""``its X``, ``dis X``, ``im X``: X names the writer, if it can be a name at all."""


def inner_start(sentence: Sentence, index: int) -> bool:
    """Whether only interjections stand between a word and the start of its clause."""
    tokens = sentence.tokens
    for place in range(index, max(0, index - 4), -1):
        gap = tokens[place].gap
        if gap != " " and CLAUSE_END.search(gap) is not None:
            return True
        if tokens[place - 1].word not in INTERJECTIONS:
            return False
        if place == 1:
            return True
    return index == 0


def sides_of(sentence: Sentence, chunk: Chunk) -> Sides:
    """Return what stands beside a chunk."""
    tokens = sentence.tokens
    first = tokens[chunk.first]
    before = tokens[chunk.first - 1] if chunk.first else None
    after = tokens[chunk.last + 1] if chunk.last + 1 < len(tokens) else None
    ends = after is None or (after.gap != " " and CLAUSE_END.search(after.gap) is not None)
    starts = before is None or (first.gap != " " and CLAUSE_END.search(first.gap) is not None)
    left = before.word if before is not None and not starts else ""
    earlier = ""
    if left and chunk.first >= 2 and before is not None and not CLAUSE_END.search(before.gap):
        earlier = tokens[chunk.first - 2].word
    if left in {"la", "el"} and earlier in {
        "por",
        "con",
        "a",
        "dile",
        "soy",
        "es",
        "para",
        "y",
        "de",
    }:
        # "pregunta por la flaca": Spanish puts an article before a nickname
        left = earlier
        earlier = tokens[chunk.first - 3].word if chunk.first >= 3 else ""
    if left == "al" and earlier in SPANISH_TO:
        left = "a"
    right = after.word if after is not None and not ends else ""
    ends = ends or (right in CLOSERS and right not in KIN)
    starts = starts or (left in INTERJECTIONS and inner_start(sentence, chunk.first))
    skip = chunk.last + 2
    while right in CLITICS and sentence.foreign and skip < min(len(tokens), chunk.last + 4):
        right = tokens[skip].word
        skip += 1
    return Sides(left, earlier, right, starts, ends)


WISHES = frozenset(
    {"thank", "love", "luv", "miss", "happy", "whats", "what's", "wats", "buenos", "good",
     "bless", "fuck", "hate", "pick", "hurry", "wake"}
)  # fmt: skip
WISHED = frozenset(
    {"you", "u", "ya", "birthday", "bday", "up", "dias", "night", "morning"}
)  # fmt: skip


def greeting(sentence: Sentence, index: int) -> bool:
    """Whether ``thank you``, ``love u``, ``miss you`` or ``happy birthday`` comes before."""
    if index < 2:
        return False
    first, second = sentence.tokens[index - 2], sentence.tokens[index - 1]
    return first.word in WISHES and second.word in WISHED


def age_follows(sentence: Sentence, index: int) -> bool:
    """Whether the word at an index is a grown or nearly grown person's age."""
    word = sentence.tokens[index].word if index < len(sentence.tokens) else ""
    return word.isdigit() and 10 <= int(word[:3]) < 60


def next_is(sentence: Sentence, index: int, words: frozenset[str] | set[str]) -> bool:
    """Whether one of some words stands right after an index."""
    return index + 1 < len(sentence.tokens) and sentence.tokens[index + 1].word in words


def between_names(sentence: Sentence, chunk: Chunk, sides: Sides) -> bool:
    """Whether another name is coupled by ``and`` or ``n`` (``hope n keke at the mall``)."""
    tokens = sentence.tokens
    near: list[Token] = []
    if sides.right in AND and chunk.last + 2 < len(tokens):
        near.append(tokens[chunk.last + 2])
    if sides.left in AND and chunk.first >= 2:
        near.append(tokens[chunk.first - 2])
    if chunk.first and tokens[chunk.first].gap.strip() in {"&", "/", "+", ","}:
        near.append(tokens[chunk.first - 1])
    if sentence.gap_after(chunk.last).strip() in {"&", "/", "+", ","} and chunk.last + 1 < len(
        tokens
    ):
        near.append(tokens[chunk.last + 1])
    first = tokens[chunk.first]
    coupled = not first.flags and sides.left in {"n", "&", "nd"} and len(first.word) > 2
    if first.shape == LOWER and not coupled and not first.flags & (GIVEN | MONIKER):
        return False
    for token in near:
        if token.flags & first.flags & GIVEN and not (token.flags | first.flags) & (
            COMMON | WORD | PLACE | OTHER
        ):
            return True
        if (
            token.flags & GIVEN
            and not token.flags & (COMMON | WORD | PLACE | OTHER)
            and (not token.flags & RARE or token.shape > LOWER)
        ):
            return first.shape > LOWER or token.shape == LOWER
        if (
            token.flags & (MONIKER | GIVEN)
            and not token.flags & (OTHER | PLACE)
            and (token.shape > LOWER and first.shape > LOWER)
        ):
            return True
    return False
