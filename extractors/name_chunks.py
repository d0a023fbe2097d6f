"""Which words may form one name: titles, monikers, doubled names, given and family names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.name_cues import (
    CHAT_TITLES,
    KIN_TITLES,
    NOT_EXPLICIT,
    NOT_LETTER_NAMES,
    NOT_PAIRS,
    NOT_TWINS,
    PARTICLES,
    STRONG_TITLES,
    SUFFIXES,
    TITLES,
    VERBS,
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
)
from extractors.name_tokens import LOWER, TITLE, UPPER, Sentence, Token

NONE, WEAK, STRONG_CUE = 0, 1, 2
"""How strong a cue beside it a chunk needs to be a name."""
NEVER = 9

LETTER_NAME = re.compile(r"[^\W\d_][-.'’][^\W\d_][^\W_]{1,15}")
EPITHETS = frozenset(
    {"lil", "big", "young", "yung", "king", "queen", "mama", "papa", "uncle", "unc", "auntie",
     "don", "dona", "tio", "tia", "tito", "tita", "fat", "og", "dj", "miss", "mr", "mrs", "ms", "dr", "lady", "baby",
     "prince", "princess", "deacon", "coach", "principal", "professor", "granny", "cousin", "tall",
     "skinny", "crazy", "chief"}
)  # fmt: skip
"""Titles that make a moniker even of an ordinary word, where a strong cue says so."""

TAILS = frozenset({"boy", "boi", "loco", "loca", "girl", "man", "ski", "bandz", "gang", "jr"})

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

INITIALS = re.compile(r"(?:[^\W\d_]\.?){1,3}")
PLAIN_GAP = re.compile(r"[ \t\u00a0]{1,3}|\. |-")


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


def joined(sentence: Sentence, index: int) -> bool:
    """Whether only blanks stand between a word and the next one."""
    tokens = sentence.tokens
    return (
        index + 1 < len(tokens)
        and not tokens[index].owner
        and tokens[index + 1].gap in {" ", "  ", "\u00a0", ". ", "\t"}
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
        or _letter_name(sentence, index)
        or _twins(sentence, index)
        or _full(sentence, index)
        or _tailed(sentence, index)
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
            return NONE
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


def _pair_text(sentence: Sentence, index: int) -> str:
    first, second = sentence.tokens[index : index + 2]
    return f"{first.word} {second.word}"


def _titled(sentence: Sentence, index: int) -> Chunk | None:
    """Title and name (``Sgt. Dana Whitlow``, ``tia rosa``), or moniker (``lil juno``)."""
    tokens = sentence.tokens
    title = tokens[index]
    if not joined(sentence, index):
        return None
    formal = title.word in TITLES
    if not formal and title.word not in CHAT_TITLES:
        return None
    pair = _pair_text(sentence, index)
    nxt = tokens[index + 1]
    if pair in NOT_PAIRS or f"{pair}s" in NOT_PAIRS:
        return None
    if nxt.word[0].isdigit():
        return None
    last = _name_end(sentence, index + 1)
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
            return _epithet(sentence, index) if not both else None
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
            return _epithet(sentence, index)
        named = sound or plain or letter or (flags & FAMILY and not flags & COMMON)
        if named or (both and not (title.first and not sentence.cased and flags & COMMON)):
            return Chunk(index, last, "title", NONE if named or both else WEAK)
        if flags & (GIVEN | MONIKER):
            return Chunk(index, last, "title", WEAK)
        return None
    if title.word in {"el", "la", "los"}:
        return _epithet(sentence, index)
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
            return _epithet(sentence, index) if title.word in EPITHETS else None
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
    return _epithet(sentence, index)


def _epithet(sentence: Sentence, index: int) -> Chunk | None:
    """A title before any word (``young worm``, ``mama waffles``, ``la gordo``): it needs a cue.

    After an article or possessive the words are what they say (``the big tank``).
    """
    tokens = sentence.tokens
    title, nxt = tokens[index], tokens[index + 1]
    before = tokens[index - 1] if index and title.gap == " " else None
    article = title.word in {"el", "la", "los"}
    if before is not None and not article and (
        before.word in NOT_BEFORE or before.word[-1].isdigit()
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


def _tailed(sentence: Sentence, index: int) -> Chunk | None:
    """A nickname and what it ends in (``scooter boy``, ``chico loco``); it needs a cue."""
    if not joined(sentence, index) or sentence.tokens[index + 1].word not in TAILS:
        return None
    token = sentence.tokens[index]
    if token.owner or not (token.flags & MONIKER or not token.flags & (COMMON | OTHER)):
        return None
    if index and token.gap == " " and sentence.tokens[index - 1].word in NOT_BEFORE:
        return None
    return Chunk(index, index + 1, "moniker", STRONG_CUE)


def _letter_name(sentence: Sentence, index: int) -> Chunk | None:
    """A letter and a name: ``T-Nova``, ``K-Dot``, ``D Money``, and initials with a name."""
    tokens = sentence.tokens
    token = tokens[index]
    if LETTER_NAME.fullmatch(token.word) and token.word not in NOT_LETTER_NAMES:
        rest = token.word[2:]
        if token.word[1] in "'’" and token.word[0] not in "dol":
            return None
        surface = sentence.text[token.start : token.end]
        if token.shape > LOWER and surface[2].isupper():
            return Chunk(index, _name_end(sentence, index), "moniker", NONE)
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
            return Chunk(index, _name_end(sentence, index + 1), "full", need)
    return None


def _twins(sentence: Sentence, index: int) -> Chunk | None:
    """A doubled name: ``Ray Ray``, ``nae nae``."""
    if not joined(sentence, index):
        return None
    first, second = sentence.tokens[index : index + 2]
    if first.word != second.word or first.word in NOT_TWINS or not 1 < len(first.word) < 7:
        return None
    if any(sign.isdigit() for sign in first.word):
        return None
    if first.flags & GIVEN and not first.flags & COMMON:
        return Chunk(index, index + 1, "moniker", NONE)
    if first.flags & (COMMON | OTHER) and not first.flags & (GIVEN | MONIKER):
        return None
    return Chunk(index, index + 1, "moniker", NONE if second.shape > LOWER else WEAK)


def _full(sentence: Sentence, index: int) -> Chunk | None:
    """Two words or more: given and family name, initials, given names of two words."""
    tokens = sentence.tokens
    token = tokens[index]
    last = _name_end(sentence, index)
    if last == index or len(token.word) == 1:
        return None
    flags = token.flags
    end = tokens[last]
    if _pair_text(sentence, index) in name_pairs():
        return Chunk(index, last, "full", NONE)
    if _pair_text(sentence, index) in NOT_PAIRS:
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
        return Chunk(index, last, "full", NONE if not flags & (WORD | PLACE | OTHER) else WEAK)
    if token.shape > LOWER and not flags & (OTHER | COMMON):
        middle = tokens[index + 1]
        if len(middle.word) == 1 and last == index + 2 and not end.flags & (OTHER | COMMON):
            return Chunk(index, last, "full", NONE)  # "Mohmad R. Vizirov"
        if end.flags & FAMILY:
            return Chunk(index, last, "full", NONE if sentence.cased else WEAK)
        if last > index and sentence.cased and not end.flags & (OTHER | COMMON):
            return Chunk(index, last, "full", WEAK)
    return None


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


def _name_end(sentence: Sentence, index: int) -> int:
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
            pair = f"{tokens[last].word} {nxt.word}"
            if last == index and pair in name_pairs():
                last += 1
                continue
            given = tokens[index].flags & GIVEN and not tokens[index].flags & (WORD | OTHER)
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
