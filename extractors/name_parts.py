"""The parts of a possible name: where it ends, and what cue it needs."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.name_cues import (
    MASS,
    PARTICLES,
    SUFFIXES,
    TITLES,
    VERBS,
)
from extractors.name_lists import (
    COMMON,
    FAMILY,
    GIVEN,
    MONIKER,
    OTHER,
    PLACE,
    WORD,
    misspells,
    name_pairs,
    pair_starts,
)
from extractors.name_tokens import LOWER, MIXED, Sentence, Token

NONE, WEAK, STRONG_CUE = 0, 1, 2
"""How strong a cue beside it a chunk needs to be a name."""


NEVER = 9


@dataclass(frozen=True, slots=True)
class Chunk:
    """Words ``first`` to ``last`` (inclusive) that would make one name."""

    first: int
    last: int
    shape: str
    """given, full, moniker, title or single: what it looks like."""
    need: int
    """NONE, WEAK, STRONG_CUE or NEVER."""


def capital(sentence: Sentence, token: Token) -> bool:
    """Whether a capital letter of this word tells something."""
    return token.shape > LOWER and sentence.cased and not token.first


def misspelt(token: Token) -> bool:
    """Whether a word that no list holds is rather a common one misspelt (``listn``)."""
    return not token.flags and token.shape != MIXED and misspells(token.word)


def joined(sentence: Sentence, index: int) -> bool:
    """Whether only blanks stand between a word and the next one."""
    tokens = sentence.tokens
    return (
        index + 1 < len(tokens)
        and not tokens[index].owner
        and tokens[index + 1].gap in {" ", "  ", "\u00a0", ". ", "\t"}
    )


def _closes(sentence: Sentence, index: int) -> bool:
    """Whether a given name and a family name in lower case end their clause together."""
    tokens = sentence.tokens
    token, nxt = tokens[index], tokens[index + 1]
    gap = sentence.gap_after(index + 1)
    if nxt.shape != LOWER or not token.flags & GIVEN or token.word in VERBS or gap == " ":
        return False
    if sentence.foreign or len(nxt.word) < 4 or nxt.flags & (COMMON | OTHER | GIVEN):
        return False
    return bool(nxt.flags & FAMILY) or not (nxt.flags or token.flags & (WORD | COMMON))


def _word_and_family(token: Token, nxt: Token) -> bool:
    """Whether an ordinary word that is a given name stands before a plain family name."""
    return (
        bool(token.flags & GIVEN and nxt.flags & FAMILY)
        and token.word not in VERBS
        and token.word not in MASS
        and not token.flags & (OTHER | PLACE)
        and not nxt.flags & (COMMON | OTHER | WORD | PLACE | GIVEN)
        and len(nxt.word) > 4
    )


def name_end(sentence: Sentence, index: int) -> int:
    """Return the last word of a name whose first word is given."""
    tokens = sentence.tokens
    last = index
    lower = tokens[index].shape == LOWER
    while last - index < 4 and joined(sentence, last):
        nxt = tokens[last + 1]
        dotted = nxt.gap.startswith(".")
        if dotted and len(tokens[last].word) != 1 and tokens[last].word not in TITLES:
            break
        if lower:
            word = tokens[last].word
            if last == index and word in pair_starts() and f"{word} {nxt.word}" in name_pairs():
                last += 1
                continue
            given = tokens[index].flags & GIVEN and not tokens[index].flags & (WORD | OTHER)
            given = given or _word_and_family(tokens[index], nxt)
            if (
                given
                and nxt.shape == LOWER
                and nxt.flags & FAMILY
                and not nxt.flags & (COMMON | OTHER | WORD | PLACE)
                and len(nxt.word) > 2
            ):
                last += 1
                continue
            if last == index and _closes(sentence, index):
                last += 1
            break
        if nxt.shape == LOWER:
            if nxt.word in PARTICLES and last + 2 < len(tokens) and joined(sentence, last + 1):
                after = tokens[last + 2]
                if after.shape > LOWER and not after.flags & OTHER:
                    last += 2
                    continue
                if (
                    after.word in PARTICLES
                    and last + 3 < len(tokens)
                    and joined(sentence, last + 2)
                    and tokens[last + 3].shape > LOWER
                ):
                    last += 3
                    continue
            break
        if (
            nxt.word in SUFFIXES
            or (len(nxt.word) == 1 and nxt.word not in "ai")
            or (
                len(nxt.word) == 1
                and last + 2 < len(tokens)
                and tokens[last + 2].gap.startswith(".")
            )
        ):
            last += 1
            continue
        if nxt.flags & (FAMILY | GIVEN):
            if not sentence.cased and nxt.flags & COMMON and nxt.flags & (WORD | MONIKER):
                break
            last += 1
            continue
        if nxt.flags & (COMMON | OTHER) or not sentence.cased:
            break
        last += 1
    # an initial ends no name, unless it stands for the family name ("Keke W")
    return last
