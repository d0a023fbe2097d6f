"""Which of the possible names in a text are meant as names: the cues left and right of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.base import LIKELY, STRONG
from extractors.name_chunks import NONE, STRONG_CUE, WEAK, Chunk, capital, chunk_at, joined
from extractors.name_cues import (
    ACTS,
    ADDRESSED,
    BEFORE,
    CALENDAR,
    CALENDAR_BEFORE,
    CHAT_TITLES,
    DETERMINERS,
    DOES,
    ENDEARMENTS,
    GREET,
    IMPERATIVES,
    KIN,
    MASS,
    PLACE_AFTER,
    PLACE_BEFORE,
    PLACE_WORDS,
    PREDICATES,
    PRONOUNS,
    SAYS,
    SPEAK_TO,
    THING_AFTER,
    TITLES,
    VERBS,
    WITH,
)
from extractors.name_lists import (
    COMMON,
    FAMILY,
    GIVEN,
    MONIKER,
    OTHER,
    PLACE,
    RARE,
    WORD,
    name_pairs,
)
from extractors.name_tokens import LOWER, UPPER, Sentence, Token


@dataclass(frozen=True, slots=True)
class Name:
    """A name found: words ``first`` to ``last`` (inclusive) of the sentence."""

    first: int
    last: int
    shape: str
    rule: str
    confidence: float


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

INTRO = frozenset({"its", "it's", "dis", "this", "im", "i'm", "soy", "thats", "that's", "am", "iz"})
"""``its X``, ``dis X``, ``im X``: X names the writer, if it can be a name at all."""

IDENTITY = frozenset(
    {"from", "new", "phone", "number", "again", "save", "friend", "hmu", "la", "el", "de", "here",
     "btw", "ur", "your", "yo", "call", "text", "who"}
)  # fmt: skip
"""What follows a self-introduction."""

MOMENTS = frozenset(
    {"at", "rn", "on", "tonight", "tonite", "tmrw", "in", "again", "n", "and", "to", "today", "u",
     "if", "when", "bout", "about", "yesterday", "yest", "cuz", "bc", "or", "first", "now", "y",
     "en", "que", "pls", "plz", "please", "for", "yet", "lately"}
)  # fmt: skip
"""What may follow a person whom one meets or calls."""

AND = frozenset({"n", "and", "&", "y", "or", "nd", "an"})
QUESTION = frozenset({"is", "was", "did", "does", "do", "has", "can", "will"})


def names(sentence: Sentence) -> Iterator[Name]:
    """Yield the names of a text in order, none within another.

    Args:
        sentence: all words of the text.

    Yields:
        Names that carry the cue they need: none for an unmistakable given name, a strong one for
        an ordinary word (DOMAIN 5.2).
    """
    tokens = sentence.tokens
    index, count = 0, len(tokens)
    plain = COMMON | OTHER
    name = GIVEN | MONIKER
    while index < count:
        token = tokens[index]
        flags = token.flags
        if flags & plain and not flags & name and not (
            token.shape > LOWER and flags & FAMILY
        ) and not _may_start(tokens, index):
            index += 1
            continue
        found = _decide(sentence, index)
        if found is None:
            index += 1
        else:
            yield found
            index = found.last + 1


def _may_start(tokens: list[Token], index: int) -> bool:
    """Whether a common word may begin a name of several words."""
    word = tokens[index].word
    if word in CHAT_TITLES or word in TITLES or word[1:2] == "-":
        return True
    nxt = index + 1
    return nxt < len(tokens) and (
        f"{word} {tokens[nxt].word}" in name_pairs()
        or len(word) == 1 and tokens[index].shape > LOWER
    )


def _decide(sentence: Sentence, index: int) -> Name | None:
    chunk = chunk_at(sentence, index)
    if chunk is None:
        return None
    sides = _sides(sentence, chunk)
    if _spoiled(sentence, chunk, sides):
        return None
    need = chunk.need
    if need == NONE and chunk.last > chunk.first:
        return Name(chunk.first, chunk.last, chunk.shape, f"alias:{chunk.shape}", STRONG)
    level, rule = cue(sentence, chunk, sides)
    if level < need:
        return None
    if need == NONE:
        sure = level > NONE or sentence.tokens[chunk.first].flags & GIVEN
        return Name(
            chunk.first, chunk.last, chunk.shape, rule or f"alias:{chunk.shape}",
            STRONG if sure else LIKELY,
        )  # fmt: skip
    return Name(chunk.first, chunk.last, chunk.shape, rule, LIKELY if need == WEAK else STRONG)


def _sides(sentence: Sentence, chunk: Chunk) -> Sides:
    tokens = sentence.tokens
    first = tokens[chunk.first]
    before = tokens[chunk.first - 1] if chunk.first else None
    after = tokens[chunk.last + 1] if chunk.last + 1 < len(tokens) else None
    ends = after is None or CLAUSE_END.search(sentence.gap_after(chunk.last)) is not None
    starts = before is None or CLAUSE_END.search(first.gap) is not None
    left = before.word if before is not None and not starts else ""
    earlier = ""
    if left and chunk.first >= 2 and before is not None and not CLAUSE_END.search(before.gap):
        earlier = tokens[chunk.first - 2].word
    if left in {"la", "el"} and earlier in {"por", "con", "a", "dile", "soy", "es", "para", "y", "de"}:
        # "pregunta por la flaca": Spanish puts an article before a nickname
        left = earlier
        earlier = tokens[chunk.first - 3].word if chunk.first >= 3 else ""
    return Sides(left, earlier, after.word if after is not None and not ends else "", starts, ends)


def _spoiled(sentence: Sentence, chunk: Chunk, sides: Sides) -> bool:
    """Whether something beside a chunk makes a street, place, brand, verb or thing of it."""
    tokens = sentence.tokens
    first, last = tokens[chunk.first], tokens[chunk.last]
    after = tokens[chunk.last + 1] if chunk.last + 1 < len(tokens) else None
    single = chunk.first == chunk.last
    if after is not None and joined(sentence, chunk.last):
        if after.word in THING_AFTER and (after.shape > LOWER or last.shape == LOWER or single):
            return True
        if single and first.flags & PLACE and after.word in PLACE_AFTER:
            return True
    if not single:
        return False
    flags = first.flags
    left = sides.left
    if first.word in CALENDAR and (
        left in CALENDAR_BEFORE or left[-1:].isdigit() or sides.right[:1].isdigit()
        or after is not None and after.word[0].isdigit()
    ):
        return True
    if flags & PLACE:
        if left in PLACE_BEFORE:
            return sides.right not in SAYS
        if after is not None and after.word in PLACE_AFTER:
            return True
    if left in PLACE_WORDS and not (flags & GIVEN and not flags & (PLACE | WORD | RARE)) and (
        sides.right not in SAYS and not (left == "to" and sides.before_left in {"talk", "talked",
                                         "talkin", "talking", "spoke", "said", "sent", "gave"})
    ):
        return True
    if left:
        if left[-1].isdigit() and flags & (WORD | MONIKER | COMMON | RARE):
            return True
        if left in DETERMINERS and left not in INTRO and (
            flags & (WORD | MONIKER | COMMON) or not flags & GIVEN
        ):
            return True  # "the cookie", "my angel", "a rose"
    return first.word in VERBS and (
        sides.right in PRONOUNS or sides.right in DETERMINERS and sides.right != "its"
    )


def cue(sentence: Sentence, chunk: Chunk, sides: Sides) -> tuple[int, str]:
    """Return how strong the cues beside a chunk are, and the rule they make.

    Args:
        sentence: all words of the text.
        chunk: the words that may be a name.
        sides: what stands beside them.

    Returns:
        NONE, WEAK or STRONG_CUE, and a rule name (empty with NONE).
    """
    first = sentence.tokens[chunk.first]
    listed = bool(first.flags & (GIVEN | MONIKER))
    fragile = not first.flags & GIVEN or bool(first.flags & (WORD | PLACE))
    mass = first.word in MASS and not capital(sentence, first)
    found = _person_cue(sentence, chunk, sides, listed, mass)
    if found is not None:
        return found
    if mass:
        return NONE, ""
    if _between_names(sentence, chunk, sides):
        return STRONG_CUE, "alias:listed"
    if fragile and not capital(sentence, first):
        return _fragile_cue(first, sides, listed)
    left, right = sides.left, sides.right
    weak_left = left in BEFORE and not (left in QUESTION and sides.before_left)
    if not first.flags & (GIVEN | MONIKER | FAMILY):
        # a capitalised word nobody lists: a brand or a show, unless a person's verb is near
        if left in WITH and left not in {"for", "from", "by", "is", "n", "and", "y"} or (
            right in SAYS or right in PREDICATES or first.owner and sides.starts
        ):
            return WEAK, "alias:clause"
        return NONE, ""
    if first.shape == UPPER and fragile and not weak_left:
        return NONE, ""
    if weak_left or right in DOES or right in SAYS or first.owner:
        return WEAK, "alias:clause"
    if sides.ends and sides.starts:
        return WEAK, "alias:alone"
    if sides.ends or sides.starts:
        return WEAK, "alias:edge"
    return NONE, ""


def _person_cue(
    sentence: Sentence, chunk: Chunk, sides: Sides, listed: bool, mass: bool
) -> tuple[int, str] | None:
    """Return the cue that only a person bears, or None."""
    first = sentence.tokens[chunk.first]
    left, right, starts = sides.left, sides.right, sides.starts
    if left in SPEAK_TO or left == "a" and sides.before_left in SPEAK_TO:
        return STRONG_CUE, "alias:spoken-to"
    if right in SAYS and (starts or left in BEFORE or left in AND or left in GREET):
        if right in {"wit", "drives", "lives", "works", "workin"} and mass:
            return None
        return STRONG_CUE, "alias:speaker"
    if left in GREET or _greeting(sentence, chunk.first):
        endearing = first.word in ENDEARMENTS and first.shape == LOWER
        if not endearing and (sides.ends or right in ADDRESSED and right not in {"it", "its"}):
            return STRONG_CUE, "alias:greeted"
    if starts and first.first and listed and (
        right in {"wya", "wyd", "hmu", "u", "lmk", "ur"}
        or right in IMPERATIVES and first.word not in VERBS and not mass
    ):
        return STRONG_CUE, "alias:addressed"
    if starts and right in AND and _next_is(sentence, chunk.last + 1, {"them", "nem", "me"}) and listed:
        return STRONG_CUE, "alias:group"
    if left in {"did", "does", "didnt", "didn't", "can", "has"} and right in ACTS and listed:
        return STRONG_CUE, "alias:asked-about"
    if left in INTRO and _introduces(sentence, chunk, sides):
        return STRONG_CUE, "alias:introduced"
    if left in KIN and not mass and sides.before_left not in {"a", "the", "no"}:
        sure = first.shape > LOWER or listed and not first.flags & COMMON
        return (STRONG_CUE if sure else WEAK), "alias:kin"
    if left in {"names", "name"} and (listed or first.shape > LOWER):
        return STRONG_CUE, "alias:named"
    if listed and right in PREDICATES and starts and not mass:
        return (
            (STRONG_CUE, "alias:subject") if first.word not in VERBS or first.shape > LOWER else None
        )
    if listed and starts and first.shape > LOWER and first.flags & GIVEN:
        return _capital_subject(sentence, chunk, right)
    return None


def _capital_subject(sentence: Sentence, chunk: Chunk, right: str) -> tuple[int, str] | None:
    """``Bill is here``: a capital at the start says little, a person's verb says the rest."""
    after = chunk.last + 2
    tokens = sentence.tokens
    if right in {"is", "was"} and after < len(tokens):
        said = tokens[after].word
        if said in PREDICATES or said in {"a", "here", "so", "at", "not", "my", "out", "in", "the",
                                          "home", "on", "from", "with", "good", "gonna"}:
            return STRONG_CUE, "alias:subject"
    elif right in DOES and right not in {"is", "was", "and", "n", "at", "will", "would", "up", "off",
                                         "out", "back", "like", "really", "just", "never", "always",
                                         "bout", "left", "here", "be", "been", "home", "dead"}:
        return STRONG_CUE, "alias:subject"
    return None


def _fragile_cue(first: Token, sides: Sides, listed: bool) -> tuple[int, str]:
    """Return the cue beside an ordinary word, or a place, in lower case."""
    left, right = sides.left, sides.right
    asked = left in QUESTION and not sides.before_left
    if listed and first.word not in VERBS:
        if left in WITH and left not in QUESTION and (
            sides.ends or right in MOMENTS or right in SAYS
        ) and left not in {"from", "for", "by", "n", "and", "y", "is"}:
            return STRONG_CUE, "alias:with"
        if asked and right in PREDICATES:
            return STRONG_CUE, "alias:asked-about"
        if left in BEFORE and left not in QUESTION and right in PREDICATES:
            return STRONG_CUE, "alias:clause"
    if left in BEFORE and (left not in QUESTION or asked) or right in DOES and sides.starts:
        return WEAK, "alias:clause"
    return NONE, ""


def _greeting(sentence: Sentence, index: int) -> bool:
    """Whether ``thank you``, ``love u``, ``miss you`` or ``happy birthday`` comes before."""
    if index < 2:
        return False
    first, second = sentence.tokens[index - 2], sentence.tokens[index - 1]
    return second.word in {"you", "u", "ya", "birthday", "bday", "up", "dias", "night", "morning"} and (
        first.word in {"thank", "love", "luv", "miss", "happy", "whats", "what's", "wats", "buenos",
                       "good", "bless", "fuck", "hate", "pick", "hurry", "wake"}
    )  # fmt: skip


def _next_is(sentence: Sentence, index: int, words: set[str]) -> bool:
    return index + 1 < len(sentence.tokens) and sentence.tokens[index + 1].word in words


def _introduces(sentence: Sentence, chunk: Chunk, sides: Sides) -> bool:
    """Whether ``its X`` names a person: X ends the clause, or a word of identity follows."""
    first = sentence.tokens[chunk.first]
    right = sides.right
    if not (sides.ends or right in IDENTITY or right in {"w", "wit", "with", "n", "and"}):
        return False
    if first.flags & (GIVEN | MONIKER) and not first.flags & COMMON:
        return first.flags & RARE == 0 or first.shape > LOWER or right in IDENTITY or sides.ends
    if first.flags & (GIVEN | MONIKER):
        return right in IDENTITY or first.shape > LOWER and not first.first
    return first.shape > LOWER and len(first.word) > 2 or right == "from"


def _between_names(sentence: Sentence, chunk: Chunk, sides: Sides) -> bool:
    """Whether another name is coupled by ``and`` or ``n`` (``hope n keke at the mall``)."""
    tokens = sentence.tokens
    near: list[Token] = []
    if sides.right in AND and chunk.last + 2 < len(tokens):
        near.append(tokens[chunk.last + 2])
    if sides.left in AND and chunk.first >= 2:
        near.append(tokens[chunk.first - 2])
    if chunk.first and tokens[chunk.first].gap.strip() in {"&", "/", "+", ","}:
        near.append(tokens[chunk.first - 1])
    if sentence.gap_after(chunk.last).strip() in {"&", "/", "+", ","} and chunk.last + 1 < len(tokens):
        near.append(tokens[chunk.last + 1])
    first = tokens[chunk.first]
    if not first.flags & (GIVEN | MONIKER) and first.shape == LOWER:
        return False
    for token in near:
        if token.flags & GIVEN and not token.flags & (COMMON | WORD | PLACE | OTHER | RARE):
            return first.shape > LOWER or token.shape == LOWER
        if token.flags & (MONIKER | GIVEN) and not token.flags & (OTHER | PLACE) and (
            token.shape > LOWER and first.shape > LOWER and sides.starts
        ):
            return True
    return False
