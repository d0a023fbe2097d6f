"""Whether a word does or introduces what only a person does: the word as a subject."""

from __future__ import annotations

from extractors.name_contexts import Sides, next_is
from extractors.name_cues import (
    ADJECTIVES,
    ANIMATE,
    CALENDAR,
    DOES,
    DOES_CAPITAL,
    MASS,
    NOUNS,
    PREDICATES,
)
from extractors.name_lists import COMMON, GIVEN, MONIKER, RARE, WORD
from extractors.name_parts import STRONG_CUE, Chunk
from extractors.name_tokens import LOWER, Sentence

ARTICLES = frozenset({"the", "my", "his", "her", "ur", "your", "our", "da", "tha", "that"})

IDENTITY = frozenset(
    {
        "again",
        "btw",
        "call",
        "can",
        "come",
        "could",
        "de",
        "el",
        "friend",
        "from",
        "here",
        "hmu",
        "la",
        "let",
        "lock",
        "new",
        "nice",
        "number",
        "open",
        "phone",
        "pick",
        "save",
        "text",
        "ur",
        "what's",
        "whats",
        "who",
        "yo",
        "your",
    }
)
"""What follows a self-introduction."""


def acts(sentence: Sentence, chunk: Chunk, right: str, mass: bool) -> bool:
    """Whether a verb's form follows an ordinary word that stands without an article."""
    first = sentence.tokens[chunk.first]
    if first.word in CALENDAR and right not in ANIMATE:
        return False
    if right == "be":
        index = chunk.last + 2
        return index < len(sentence.tokens) and sentence.tokens[index].word in PREDICATES
    if mass and not (first.flags & GIVEN and first.shape > LOWER):
        return False
    if right in DOES_CAPITAL:
        return True
    after = sentence.tokens[chunk.last + 1] if right else None
    verb = right.endswith(("in", "ing", "ed")) and len(right) > 4 and right not in NOUNS
    if verb and after is not None and after.flags & COMMON and not after.flags & (GIVEN | MONIKER):
        return True
    return (
        right in {"at", "in", "on"}
        and bool(first.flags & GIVEN)
        and first.shape > LOWER
        and not (first.first and first.flags & WORD)
        and next_is(sentence, chunk.last + 1, ARTICLES)
    )


def capital_subject(sentence: Sentence, chunk: Chunk, right: str) -> tuple[int, str] | None:
    """``Bill is here``: a capital at the start says little, a person's verb says the rest."""
    after = chunk.last + 2
    tokens = sentence.tokens
    if right in {"is", "was"} and after < len(tokens):
        said = tokens[after].word
        if said in PREDICATES or said in {
            "a",
            "here",
            "so",
            "at",
            "not",
            "my",
            "out",
            "in",
            "the",
            "home",
            "on",
            "from",
            "with",
            "good",
            "gonna",
        }:
            return STRONG_CUE, "alias:subject"
    elif right in DOES and right not in {
        "is",
        "was",
        "and",
        "n",
        "at",
        "will",
        "would",
        "up",
        "off",
        "out",
        "back",
        "like",
        "really",
        "just",
        "never",
        "always",
        "bout",
        "left",
        "here",
        "be",
        "been",
        "home",
        "dead",
    }:
        return STRONG_CUE, "alias:subject"
    return None


def introduces(sentence: Sentence, chunk: Chunk, sides: Sides) -> bool:
    """Whether ``its X`` names a person: X ends the clause, or a word of identity follows."""
    first = sentence.tokens[chunk.first]
    right = sides.right
    lower = first.shape == LOWER or not sentence.cased
    if lower and (first.word in ADJECTIVES or first.word in MASS):
        more = (
            sentence.tokens[chunk.last + 2].word
            if right and chunk.last + 2 < len(sentence.tokens)
            else ""
        )
        mine = right == "from" and first.word not in ADJECTIVES
        return mine or right in {"hmu", "text"} or (right == "this" and more in {"my", "is"})
    if not (sides.ends or right in IDENTITY or right in {"w", "wit", "with", "n", "and"}):
        return False
    if first.flags & (GIVEN | MONIKER) and not first.flags & COMMON:
        return first.flags & RARE == 0 or first.shape > LOWER or right in IDENTITY or sides.ends
    if first.flags & (GIVEN | MONIKER):
        return right in IDENTITY or (first.shape > LOWER and not first.first)
    return (first.shape > LOWER and len(first.word) > 2) or right == "from"
