"""What stands beside a possible name, and what there makes something else of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.name_chunks import Chunk
from extractors.name_cues import (
    CALENDAR,
    CALENDAR_BEFORE,
    CLITICS,
    CLOSERS,
    DETERMINERS,
    DOES,
    FAMILY_THINGS,
    INTERJECTIONS,
    KIN,
    NOT_PAIRS,
    PARTICLES,
    PLACE_AFTER,
    PLACE_BEFORE,
    PLACE_WORDS,
    PRONOUNS,
    SAYS,
    SPEAK_TO,
    STREET_BEFORE,
    THING_AFTER,
    VERBS,
)
from extractors.name_lists import COMMON, GIVEN, MONIKER, OTHER, PLACE, RARE, WORD
from extractors.name_tokens import LOWER, TITLE, Sentence, Token


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

AND = frozenset({"n", "and", "&", "y", "or", "nd", "an"})
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
    right = after.word if after is not None and not ends else ""
    ends = ends or (right in CLOSERS and right not in KIN)
    starts = starts or (left in INTERJECTIONS and inner_start(sentence, chunk.first))
    skip = chunk.last + 2
    while right in CLITICS and sentence.foreign and skip < min(len(tokens), chunk.last + 4):
        right = tokens[skip].word
        skip += 1
    return Sides(left, earlier, right, starts, ends)


def _spanish_article(sentence: Sentence, first: Token, sides: Sides) -> bool:
    """Whether ``la`` or ``el`` stands before a capitalised nickname that does something."""
    return (
        sides.left in {"la", "el"}
        and first.shape > LOWER
        and sentence.foreign
        and (sides.right in SAYS or sides.right in DOES)
    )


def _part_of_more(sentence: Sentence, before: Token, first: Token) -> bool:
    """Whether a word ends a capitalised phrase (``Cottage Grove``) or a saint's name."""
    if before.word in {"st", "saint", "ste", "fort", "ft", "mount", "mt"}:
        return first.gap in {" ", ". "} and before.shape > LOWER
    return (
        sentence.cased
        and first.gap == " "
        and before.shape == TITLE
        and not before.first
        and len(before.word) > 1
        and bool(before.flags & (COMMON | OTHER))
        and not before.flags & GIVEN
        and (bool(first.flags & (WORD | PLACE | COMMON)) or not first.flags & GIVEN)
    )


def _quoted(sentence: Sentence, index: int) -> bool:
    """Whether a word stands alone in quotation marks."""
    before, after = sentence.tokens[index].gap[-1:], sentence.gap_after(index)[:1]
    return before in {'"', "“", "‘"} and after in {'"', "”", "’"}


def spoiled(sentence: Sentence, chunk: Chunk, sides: Sides) -> bool:
    """Whether something beside a chunk makes a street, place, brand, verb or thing of it."""
    tokens = sentence.tokens
    first, last = tokens[chunk.first], tokens[chunk.last]
    after = tokens[chunk.last + 1] if chunk.last + 1 < len(tokens) else None
    before = tokens[chunk.first - 1] if chunk.first else None
    single = chunk.first == chunk.last
    left = sides.left
    if (left in STREET_BEFORE or (left in PARTICLES and sides.before_left in STREET_BEFORE)) and (
        first.shape > LOWER
    ):
        return True
    if not single and first.shape > LOWER:
        plain = first.flags & GIVEN and not first.flags & (PLACE | WORD)
        if last.word in THING_AFTER and not (plain and last.word in FAMILY_THINGS):
            return True
        if chunk.shape == "full" and left.isdigit():
            return True  # a house number
    if after is not None and (last.owner or sentence.gap_after(chunk.last) in {" ", "  ", ". "}):
        if after.word in THING_AFTER and (after.shape > LOWER or last.shape == LOWER or single):
            return True
        if single and first.flags & PLACE and after.word in PLACE_AFTER:
            return True
    if not single:
        return False
    if before is not None and _part_of_more(sentence, before, first):
        return True
    if _quoted(sentence, chunk.first):
        return not (before is not None and before.flags & GIVEN and before.shape > LOWER)
    flags = first.flags
    if left and f"{left} {first.word}" in NOT_PAIRS:
        return True
    if sides.right and f"{first.word} {sides.right}" in NOT_PAIRS:
        return True
    if first.word in CALENDAR and (
        left in CALENDAR_BEFORE
        or left[-1:].isdigit()
        or sides.right[:1].isdigit()
        or (after is not None and after.word[0].isdigit())
    ):
        return True
    if flags & PLACE:
        if left in PLACE_BEFORE:
            return sides.right not in SAYS
        if after is not None and after.word in PLACE_AFTER:
            return True
    if (
        left in PLACE_WORDS
        and not (flags & GIVEN and not flags & (PLACE | WORD | RARE))
        and (
            sides.right not in SAYS
            and not (
                left == "to"
                and sides.before_left
                in {"talk", "talked", "talkin", "talking", "spoke", "said", "sent", "gave"}
            )
        )
    ):
        return True
    if left:
        if left[-1].isdigit() and flags & (WORD | MONIKER | COMMON | RARE):
            return True
        if (
            left in DETERMINERS
            and left not in INTRO
            and not (left == "a" and sides.before_left in SPEAK_TO)
            and not _spanish_article(sentence, first, sides)
            and (flags & (WORD | MONIKER | COMMON) or not flags & GIVEN)
        ):
            return True  # "the cookie", "my angel", "a rose"
    return first.word in VERBS and (
        sides.right in PRONOUNS or (sides.right in DETERMINERS and sides.right != "its")
    )


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
