"""Which of the possible names in a text are meant as names: the cues left and right of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractors.base import LIKELY, STRONG
from extractors.name_chunks import chunk_at, is_sign, may_start, starters
from extractors.name_contexts import (
    AND,
    INTRO,
    Sides,
    age_follows,
    between_names,
    greeting,
    next_is,
    sides_of,
)
from extractors.name_cues import (
    ACTS,
    ADDRESSED,
    ANIMATE,
    BEFORE,
    CALENDAR,
    DETERMINERS,
    DOES,
    ENDEARMENTS,
    GREET,
    IMPERATIVES,
    KIN,
    MASS,
    MODALS,
    PREDICATES,
    PRONOUNS,
    SAYS,
    SPEAK_TO,
    VERBS,
    WITH,
)
from extractors.name_frames import frame
from extractors.name_lists import (
    COMMON,
    FAMILY,
    GIVEN,
    MONIKER,
    OTHER,
    PLACE,
    WORD,
)
from extractors.name_naming import naming
from extractors.name_parts import NONE, STRONG_CUE, WEAK, Chunk, capital, misspelt
from extractors.name_spoilers import spoiled
from extractors.name_subjects import acts, capital_subject, introduces
from extractors.name_tokens import LOWER, TITLE, UPPER, Sentence, Token


@dataclass(frozen=True, slots=True)
class Name:
    """A name found: words ``first`` to ``last`` (inclusive) of the sentence."""

    first: int
    last: int
    shape: str
    rule: str
    confidence: float


MOMENTS = frozenset(
    {"at", "rn", "on", "tonight", "tonite", "tmrw", "in", "again", "n", "and", "to", "today", "u",
     "if", "when", "bout", "about", "yesterday", "yest", "cuz", "bc", "or", "first", "now", "y",
     "en", "que", "pls", "plz", "please", "for", "yet", "lately"}
)  # fmt: skip
"""What may follow a person whom one meets or calls."""

NAMED_AFTER = frozenset(
    {"by", "says", "said", "starring", "including", "add", "to", "heard", "producer", "singer",
     "actor", "author", "director", "from", "between"}
)  # fmt: skip
"""Before two capitalised words nobody lists they speak for a person's full name."""

PROSE = frozenset(
    {"shouted", "lives", "lived", "spent", "began", "told", "said", "says", "asked", "explained",
     "wrote", "writes", "replied", "smiled", "laughed", "married", "grew", "studied", "graduated",
     "moved", "worked", "works", "sang", "sings", "taught", "joined", "thought", "walked", "knew",
     "died", "was born", "confirmed", "admitted", "argued", "remembers", "recalled", "agreed"}
)  # fmt: skip
"""What persons do in prose."""

AUXILIARY = frozenset({"will", "may", "hope", "can", "would", "bless", "love", "don", "guy"})
"""Words that stand before a verb although no name."""

OCCASIONS = frozenset({"morning", "birthday", "bday", "cumpleanos", "goodnight", "welcome", "wake"})
"""Greetings that are nouns after an article (``in the morning``)."""

CALLS = frozenset({"call", "text", "txt", "callin", "textin", "called", "texted", "txted", "seen"})
SURE = frozenset({"alias:spoken-to", "alias:named", "alias:listed", "alias:prose"})
"""Cues beside which even what looks like a misspelt word is a name."""

WHO = frozenset({"whos", "who's", "wheres", "where's", "hows"})
ASKING = frozenset({"who", "tf", "where", "how", "fuck", "wtf", "hell"})
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
    starts = starters()
    while index < count:
        token = tokens[index]
        flags = token.flags
        if (
            token.shape == LOWER
            and flags & plain
            and not flags & name
            and token.word not in starts
            and "-" not in token.word
        ):
            index += 1  # nine words of ten: the question below in short
            continue
        if (
            flags & plain
            and not flags & name
            and not (token.shape > LOWER and flags & FAMILY)
            and not may_start(tokens, index)
        ) or (not flags and token.shape == LOWER and is_sign(tokens, index)):
            index += 1
            continue
        found = _decide(sentence, index)
        if found is None:
            index += 1
        else:
            yield found
            index = found.last + 1


def _decide(sentence: Sentence, index: int) -> Name | None:
    chunk = chunk_at(sentence, index)
    if chunk is None:
        return None
    sides = sides_of(sentence, chunk)
    if spoiled(sentence, chunk, sides):
        return None
    need = chunk.need
    if need == NONE and chunk.last > chunk.first:
        return Name(chunk.first, chunk.last, chunk.shape, f"alias:{chunk.shape}", STRONG)
    level, rule = cue(sentence, chunk, sides)
    if level < need:
        return None
    token = sentence.tokens[chunk.first]
    sure_rule = rule in SURE or (
        rule in {"alias:greeted", "alias:speaker"} and token.shape == TITLE
    )
    if chunk.first == chunk.last and not sure_rule and misspelt(token):
        return None
    if need == NONE:
        sure = level > NONE or sentence.tokens[chunk.first].flags & GIVEN
        return Name(
            chunk.first, chunk.last, chunk.shape, rule or f"alias:{chunk.shape}",
            STRONG if sure else LIKELY,
        )  # fmt: skip
    return Name(chunk.first, chunk.last, chunk.shape, rule, LIKELY if need == WEAK else STRONG)


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
    single = chunk.first == chunk.last
    mass = single and first.word in MASS and not capital(sentence, first)
    found = _person_cue(sentence, chunk, sides, listed, mass)
    if found is not None and found[0] >= chunk.need:
        return found
    if fragile or chunk.need > NONE:
        rule = naming(sentence, chunk, sides, mass=mass)
        if rule is not None:
            return STRONG_CUE, rule
    if chunk.need > NONE and (filled := frame(sentence, chunk, sides)) is not None:
        return STRONG_CUE, filled
    if found is not None:
        return found
    if mass:
        return NONE, ""
    if between_names(sentence, chunk, sides):
        return STRONG_CUE, "alias:listed"
    if fragile and not capital(sentence, first):
        return _fragile_cue(first, sides, listed)
    left, right = sides.left, sides.right
    weak_left = left in BEFORE and not (left in QUESTION and sides.before_left)
    if not first.flags & (GIVEN | MONIKER | FAMILY):
        # a capitalised word nobody lists: a brand or a show, unless a person's verb is near
        if (
            chunk.last > chunk.first
            and sentence.cased
            and first.shape != UPPER
            and (left in NAMED_AFTER or sentence.tokens[chunk.last].owner or right in PROSE)
        ):
            return WEAK, "alias:prose"
        if sides.starts and first.first and right in PROSE and len(first.word) > 3:
            return WEAK, "alias:prose"
        if (left in WITH and left not in {"for", "from", "by", "is", "n", "and", "y"}) or (
            right in SAYS or right in PREDICATES or (first.owner and sides.starts)
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
    if left in SPEAK_TO or (left == "a" and sides.before_left in SPEAK_TO):
        return STRONG_CUE, "alias:spoken-to"
    if right in SAYS and (starts or left in BEFORE or left in AND or left in GREET):
        if right in {"wit", "drives", "lives", "works"} and (mass or not listed):
            return None
        return STRONG_CUE, "alias:speaker"
    greets = left in GREET and not (left in OCCASIONS and sides.before_left in DETERMINERS)
    if greets or greeting(sentence, chunk.first):
        endearing = first.shape == LOWER and (
            first.word in ENDEARMENTS
            or (not first.flags and left in {"pls", "plz", "please", "sry"})
        )
        if not endearing and (sides.ends or (right in ADDRESSED and right not in {"it", "its"})):
            return STRONG_CUE, "alias:greeted"
    if (
        starts
        and first.first
        and listed
        and (
            right in {"wya", "wyd", "hmu", "u", "lmk", "ur"}
            or (right in IMPERATIVES and first.word not in VERBS and not mass)
        )
    ):
        return STRONG_CUE, "alias:addressed"
    if (
        starts
        and right in AND
        and next_is(sentence, chunk.last + 1, {"them", "nem", "me"})
        and listed
    ):
        return STRONG_CUE, "alias:group"
    if left in {"did", "does", "didnt", "didn't", "can", "has"} and right in ACTS and listed:
        return STRONG_CUE, "alias:asked-about"
    if left in CALLS and listed and first.word not in CALENDAR and (sides.ends or right in MOMENTS):
        return STRONG_CUE, "alias:called"
    if left in WHO or (left in {"is", "was"} and sides.before_left in ASKING):
        asked = sides.ends or right in MOMENTS or right in PREDICATES
        if listed and not mass and asked:
            return STRONG_CUE, "alias:asked-about"
    if left in INTRO and introduces(sentence, chunk, sides):
        return STRONG_CUE, "alias:introduced"
    if (
        (left in KIN or (left in {"de", "del"} and sides.before_left in KIN))
        and not mass
        and sides.before_left not in {"a", "the", "no"}
        and not (left == "cuz" and not sides.before_left)
    ):
        sure = first.shape > LOWER or (listed and (left == "del" or not first.flags & COMMON))
        return (STRONG_CUE if sure else WEAK), "alias:kin"
    if left in {"names", "name"} and (listed or first.shape > LOWER):
        return STRONG_CUE, "alias:named"
    if (
        left in {"la", "el"}
        and sentence.foreign
        and listed
        and first.shape > LOWER
        and (right in SAYS or right in DOES)
    ):
        return STRONG_CUE, "alias:article"
    if left == "where" and right == "at" and listed and not mass:
        return STRONG_CUE, "alias:asked-about"
    if starts and listed and first.word not in AUXILIARY and acts(sentence, chunk, right, mass):
        return STRONG_CUE, "alias:subject"
    if left == "hit" and right == "up" and listed:
        return STRONG_CUE, "alias:called"
    if (
        starts
        and right in ANIMATE
        and (listed or (not first.flags and len(first.word) > 3))
        and (not sentence.foreign and first.word not in VERBS)
    ):
        return STRONG_CUE, "alias:subject"
    if starts and right == "is" and listed and not mass and age_follows(sentence, chunk.last + 2):
        return STRONG_CUE, "alias:subject"
    if listed and right in PREDICATES and starts and not mass:
        return (
            (STRONG_CUE, "alias:subject")
            if first.word not in VERBS or first.shape > LOWER
            else None
        )
    if starts and first.shape > LOWER and not mass:
        if (
            first.flags & GIVEN
            and first.first
            and first.word not in VERBS
            and ((right in ADDRESSED and right not in {"it", "its", "is"}) or right == "i")
        ):
            return STRONG_CUE, "alias:addressed"
        if listed:
            return capital_subject(sentence, chunk, right)
        if len(first.word) == 1:
            if right in PREDICATES or right in {"got", "is", "hit", "has", "was", "had", "just"}:
                return STRONG_CUE, "alias:letter"
            return None
        if (
            not first.flags
            and right.endswith("ed")
            and not sentence.foreign
            and sentence.cased
            and (next_is(sentence, chunk.last + 1, DETERMINERS | PRONOUNS))
        ):
            return STRONG_CUE, "alias:subject"
        if (
            first.flags & FAMILY
            and not first.flags & COMMON
            and sentence.cased
            and (right in DOES or right in MODALS)
        ):
            return STRONG_CUE, "alias:subject"
    return None


def _fragile_cue(first: Token, sides: Sides, listed: bool) -> tuple[int, str]:
    """Return the cue beside an ordinary word, or a place, in lower case."""
    left, right = sides.left, sides.right
    asked = left in QUESTION and not sides.before_left
    if listed and first.word not in VERBS:
        if (
            left in WITH
            and left not in QUESTION
            and (sides.ends or right in MOMENTS or right in SAYS)
            and left not in {"from", "for", "by", "n", "and", "y", "is"}
        ):
            return STRONG_CUE, "alias:with"
        if asked and right in PREDICATES:
            return STRONG_CUE, "alias:asked-about"
        if left in BEFORE and left not in QUESTION and right in PREDICATES:
            return STRONG_CUE, "alias:clause"
    if (left in BEFORE and (left not in QUESTION or asked)) or (right in DOES and sides.starts):
        return WEAK, "alias:clause"
    return NONE, ""
