"""Which words may form one name: titles, monikers, doubled names, given and family names."""

from __future__ import annotations

from functools import cache

from extractors.name_cues import (
    CHAT_TITLES,
    EPITHETS,
    KIN_TITLES,
    NOT_EXPLICIT,
    NOT_PAIRS,
    SAYS,
    SPEAK_TO,
    STRONG_TITLES,
    TITLES,
)
from extractors.name_lists import (
    COMMON,
    FAMILY,
    FAR,
    GIVEN,
    MONIKER,
    OTHER,
    PLACE,
    RARE,
    WORD,
    name_pairs,
    pair_starts,
)
from extractors.name_monikers import (
    AFTER_NICKNAME,
    PEOPLE,
    epithet,
    letter_name,
    pair_text,
    tailed,
    twins,
)
from extractors.name_parts import NEVER, NONE, STRONG_CUE, WEAK, Chunk, capital, joined, name_end
from extractors.name_tokens import LOWER, TITLE, UPPER, Sentence, Token

STACKED = frozenset({"lil", "yung", "young", "big", "og", "ms", "mr"})
"""Titles that stand before another (``lil miss juno``)."""

TITLED = STACKED | TITLES | CHAT_TITLES


@cache
def starters() -> frozenset[str]:
    """Return the common words that may begin a name: titles, and first words of pairs."""
    return CHAT_TITLES | TITLES | pair_starts()


def is_sign(tokens: list[Token], index: int) -> bool:
    """Whether an unlisted word in lower case is a number or a lone letter, which begin no name."""
    word = tokens[index].word
    if len(word) > 1 or word in TITLED:
        return word[0].isdigit()
    return word[0].isdigit() or not (
        index + 1 < len(tokens) and tokens[index + 1].word in AFTER_NICKNAME
    )


def may_start(tokens: list[Token], index: int) -> bool:
    """Whether a common word may begin a name of several words."""
    word = tokens[index].word
    if word in CHAT_TITLES or word in TITLES or word[1:2] == "-":
        return True
    nxt = index + 1
    return nxt < len(tokens) and (
        (word in pair_starts() and f"{word} {tokens[nxt].word}" in name_pairs())
        or (len(word) == 1 and tokens[index].shape > LOWER)
    )


def chunk_at(sentence: Sentence, index: int) -> Chunk | None:
    """Return the longest name that could begin at a word, or None.

    Args:
        sentence: all words of the text.
        index: the word at which it would begin.
    """
    token = sentence.tokens[index]
    if token.word[0].isdigit() and not token.flags & GIVEN:
        return None
    return (
        _titled(sentence, index)
        or letter_name(sentence, index)
        or twins(sentence, index)
        or _full(sentence, index)
        or tailed(sentence, index)
        or _single(sentence, index)
    )


def _need(sentence: Sentence, token: Token) -> int:
    """Return the cue that a word needs to be a name by itself."""
    flags = token.flags
    sure = capital(sentence, token)
    if not flags & GIVEN:
        if flags & MONIKER:
            return WEAK if sure else STRONG_CUE
        if flags & (OTHER | COMMON):
            if sure and not flags & OTHER:
                return WEAK if flags & FAMILY else STRONG_CUE
            return NEVER
        if flags & FAMILY:
            return NONE if sure and token.shape != UPPER else STRONG_CUE
        if token.shape == UPPER:
            return STRONG_CUE
        return WEAK if sure and len(token.word) > 2 else STRONG_CUE
    if flags & (WORD | OTHER | PLACE):
        return WEAK if sure else STRONG_CUE
    if flags & RARE:
        if sure:
            return STRONG_CUE if flags & FAR and token.shape == UPPER else NONE
        seldom = flags & FAR or sentence.foreign
        return STRONG_CUE if seldom and token.shape == LOWER else WEAK
    return NONE


def _single(sentence: Sentence, index: int) -> Chunk | None:
    token = sentence.tokens[index]
    if len(token.word) == 1:
        if token.shape == TITLE and token.word not in "aiukxyo" and token.gap != "'":
            return Chunk(index, index, "moniker", STRONG_CUE)
        return None
    need = _need(sentence, token)
    if need == NEVER:
        return None
    if not token.flags & (GIVEN | MONIKER | FAMILY) and (
        len(token.word) < 3 - (token.shape == TITLE)
        or (
            any(sign.isdigit() for sign in token.word)
            and (token.shape != LOWER or sum(map(str.isalpha, token.word)) < 4)
        )
    ):
        return None
    shape = "given" if token.flags & GIVEN and not token.flags & MONIKER else "moniker"
    return Chunk(index, index, shape, need)


def _titled(sentence: Sentence, index: int) -> Chunk | None:
    """Title and name (``Sgt. Dana Whitlow``, ``tia rosa``), or moniker (``lil juno``)."""
    tokens = sentence.tokens
    title = tokens[index]
    if title.word not in TITLED or not joined(sentence, index):
        return None
    if (
        title.word in STACKED
        and tokens[index + 1 : index + 2]
        and tokens[index + 1].word not in STACKED
        and tokens[index + 1].word in CHAT_TITLES
        and joined(sentence, index + 1)
    ):
        inner = _titled(sentence, index + 1)  # "lil miss juno"
        third = tokens[index + 2]
        if (
            title.word in {"lil", "yung"}
            and tokens[index + 1].word == "miss"
            and third.word not in NOT_EXPLICIT | SAYS | PEOPLE
            and joined(sentence, index)
            and len(third.word) > 2
        ):
            return Chunk(index, index + 2, "moniker", NONE)
        if inner is not None:
            return Chunk(
                index, inner.last, "moniker", NONE if title.word in {"lil", "yung"} else inner.need
            )
    formal = title.word in TITLES
    if not formal and title.word not in CHAT_TITLES:
        return None
    pair = pair_text(sentence, index)
    nxt = tokens[index + 1]
    if (title.word == "big" and nxt.word not in PEOPLE | NOT_EXPLICIT) or pair == "lil bit":
        told = index > 0 and tokens[index - 1].word in SPEAK_TO
        after = tokens[index + 2].word if joined(sentence, index + 1) else ""
        if told or (index == 0 and after in {"said", "says", "told", "owes"}):
            return Chunk(index, index + 1, "moniker", STRONG_CUE)  # "tell big head"
    if (
        title.word == "cuz"
        and title.shape <= nxt.shape == LOWER
        and _subject_follows(sentence, index)
    ):
        return None  # "cuz river is high": because
    if pair in NOT_PAIRS or f"{pair}s" in NOT_PAIRS:
        return None
    if nxt.word[0].isdigit():
        return None
    last = name_end(sentence, index + 1)
    if title.word in {"lil", "little", "big"} and index and tokens[index - 1].word in {"a", "an"}:
        return None  # "a lil icy"
    if not formal and index and tokens[index - 1].word == "the" and title.gap == " ":
        return None  # "the Princess Royal"
    shouted = title.shape == nxt.shape == UPPER and not sentence.cased and len(tokens) > 2
    both = title.shape > LOWER and nxt.shape > LOWER and not shouted
    flags = nxt.flags
    plain = not flags & (GIVEN | FAMILY | MONIKER | COMMON | OTHER) and len(nxt.word) > 2
    letter = len(nxt.word) == 1 and nxt.shape == TITLE and nxt.word not in "aiu"
    sound = bool(flags & GIVEN and not flags & WORD) and not (flags & COMMON)
    if formal:
        if flags & COMMON and not flags & (GIVEN | FAMILY | MONIKER):
            return epithet(sentence, index) if not both else None
        if title.word in {
            "sir",
            "don",
            "dona",
            "lady",
            "dame",
            "chief",
            "coach",
            "judge",
            "agent",
            "president",
            "mayor",
            "det",
            "lt",
            "dr",
            "attorney",
        } and not (both or sound or plain or (flags & FAMILY and not flags & COMMON)):
            return epithet(sentence, index)
        named = sound or plain or letter or (flags & FAMILY and not flags & COMMON)
        if named or (both and not (title.first and not sentence.cased and flags & COMMON)):
            return Chunk(index, last, "title", NONE if named or both else WEAK)
        if flags & (GIVEN | MONIKER):
            return Chunk(index, last, "title", WEAK)
        return None
    if title.word in {"el", "la", "los"}:
        return epithet(sentence, index)
    strong = title.word in STRONG_TITLES
    kin = title.word in KIN_TITLES or title.word in {"miss"}
    if letter and (strong or title.word in {"big", "young", "baby", "fat", "crazy"} or both):
        return Chunk(index, index + 1, "moniker", NONE)
    if sound and not flags & PLACE:
        if strong or kin or both:
            return Chunk(index, last, "moniker", NONE)
        if title.word in {
            "baby",
            "sister",
            "brother",
            "bro",
            "sis",
            "little",
            "old",
            "black",
            "white",
            "sweet",
            "pretty",
            "dirty",
            "fast",
            "money",
        }:
            if both:
                return Chunk(index, last, "moniker", NONE)
            return epithet(sentence, index) if title.word in EPITHETS else None
        return Chunk(index, last, "moniker", NONE)
    if strong and plain:
        return Chunk(index, last, "moniker", NONE)
    if strong and flags & (MONIKER | GIVEN):
        return Chunk(index, last, "moniker", NONE if both or nxt.shape > LOWER else WEAK)
    if both and (flags & (MONIKER | GIVEN) or plain or (strong and not flags & OTHER)):
        return Chunk(index, last, "moniker", NONE if strong or sentence.cased else WEAK)
    if both and flags & FAMILY and not flags & COMMON:
        return Chunk(index, last, "moniker", NONE)
    if kin and plain:
        return Chunk(index, last, "moniker", WEAK)
    if kin and flags & (GIVEN | MONIKER):
        return Chunk(index, last, "moniker", WEAK)
    return epithet(sentence, index)


def _subject_follows(sentence: Sentence, index: int) -> bool:
    """Whether a clause goes on after the two words at an index."""
    return joined(sentence, index + 1)


def _full(sentence: Sentence, index: int) -> Chunk | None:
    """Two words or more: given and family name, initials, given names of two words."""
    tokens = sentence.tokens
    token = tokens[index]
    if len(token.word) == 1:
        return None
    if token.shape == LOWER and not token.flags & GIVEN and token.word not in pair_starts():
        return None  # in lower case only given names go on
    last = name_end(sentence, index)
    if last == index:
        return None
    flags = token.flags
    end = tokens[last]
    if pair_text(sentence, index) in name_pairs():
        return Chunk(index, last, "full", NONE)
    if pair_text(sentence, index) in NOT_PAIRS:
        return None
    if flags & GIVEN and token.shape > LOWER:
        solid = end.flags & FAMILY or not end.flags & (COMMON | OTHER)
        if solid and (not flags & (WORD | PLACE | OTHER) or end.flags & FAMILY):
            need = NONE
        else:
            need = NONE if sentence.cased and not token.first else WEAK
        if not sentence.cased and flags & (WORD | PLACE | OTHER) and end.flags & (COMMON | OTHER):
            need = WEAK
        return Chunk(index, last, "full", need)
    if flags & GIVEN:
        pure = not end.flags & (COMMON | OTHER | GIVEN) and not flags & PLACE
        return Chunk(
            index, last, "full", NONE if pure or not flags & (WORD | PLACE | OTHER) else WEAK
        )
    if token.shape > LOWER and not flags & (OTHER | COMMON):
        middle = tokens[index + 1]
        if len(middle.word) == 1 and last == index + 2 and not end.flags & (OTHER | COMMON):
            return Chunk(index, last, "full", NONE)  # "Mohmad R. Vizirov"
        if end.flags & FAMILY:
            return Chunk(index, last, "full", NONE if sentence.cased else WEAK)
        if last > index and sentence.cased and not end.flags & (OTHER | COMMON):
            return Chunk(index, last, "full", WEAK)
    return None
