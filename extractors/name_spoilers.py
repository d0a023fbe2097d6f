"""What beside a possible name makes a street, firm, thing, verb or idiom of it."""

from __future__ import annotations

from extractors.name_contexts import AND, CLAUSE_END, INTRO, Sides
from extractors.name_cues import (
    CALENDAR,
    CALENDAR_BEFORE,
    DETERMINERS,
    DOES,
    FAMILY_THINGS,
    NOT_PAIRS,
    PARTICLES,
    PLACE_AFTER,
    PLACE_BEFORE,
    PLACE_WORDS,
    PRONOUNS,
    SAYS,
    SPANISH_TO,
    SPEAK_TO,
    STREET_BEFORE,
    THING_AFTER,
    VERBS,
)
from extractors.name_lists import COMMON, FAMILY, GIVEN, MONIKER, OTHER, PLACE, RARE, WORD
from extractors.name_parts import Chunk, capital
from extractors.name_tokens import LOWER, TITLE, Sentence, Token


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


AFTER_YO = frozenset(
    {"save", "get", "bring", "owe", "call", "text", "said", "wya", "wyd", "hmu", "where", "u",
     "lets",
     "pick", "come", "hit", "stop", "send", "grab", "pass", "let", "answer", "give", "take"}
)  # fmt: skip
"""After ``yo X`` they show that ``yo`` calls a person, and is no ``your``."""


COUNTS = frozenset(
    {"the", "da", "tha", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
     "twenty", "many", "several", "few", "dos", "tres", "cuatro", "cinco"}
)  # fmt: skip
"""Before a given name in lower case they make some other word of it."""


ALONG = frozenset({"on", "en", "off", "at", "by", "near", "from", "corner", "past", "cross"})
"""Before two names coupled by ``and`` they make two streets of them."""


ENDED = frozenset(
    {"closed", "opened", "expired", "ended", "melted", "rising", "falling", "broken", "blooming",
     "cancelled", "canceled", "cleared", "arrived", "melting", "leaking", "denied", "approved"}
)  # fmt: skip
"""What befalls things: a bill, a lane, a grant."""

WEATHER = frozenset(
    "rain snow storm tornado sun ice hail wind hurricane blizzard thunder lightning flood".split()
)
FORECAST = frozenset(
    "watch watches warning warnings season drill siren sirens shelter coming damage alert alerts "
    "advisory day days surge cloud clouds cellar chaser".split()
)
"""Before or after what, a word is the weather's (``tornado watch``, ``storm coming``)."""

LIKE_TOWN = frozenset(
    {"cold", "hot", "snow", "rain", "far", "nice", "fun", "lit", "boring", "beautiful", "humid",
     "windy", "expensive", "freezing", "packed", "icy", "flooded", "huge", "traffic", "weather"}
)  # fmt: skip
"""What one says of a town."""

STATED_OF_THINGS = frozenset({"due", "past", "total", "paid", "overdue", "closed", "open"})
"""What a bill, a sign or a page says."""


def _crossing(sentence: Sentence, chunk: Chunk, sides: Sides) -> bool:
    """Whether a word is one of two streets (``on plover n central``)."""
    tokens = sentence.tokens
    index = chunk.first
    first = tokens[index]
    if sides.left in ALONG and index + 1 < len(tokens):
        signed = tokens[index + 1].gap.strip() in {"&", "/"}
        word = tokens[index + 1].word in AND
        place = index + 1 if signed else index + 2
        if not (signed or word) or place >= len(tokens):
            return False
        other, before = tokens[place], sides.left
    elif index >= 2 and (sides.left in AND or first.gap.strip() in {"&", "/"}):
        place = index - 1 if first.gap.strip() in {"&", "/"} else index - 2
        if place < 1:
            return False
        other, before = tokens[place], tokens[place - 1].word
        if before not in ALONG or other.word in CALENDAR or CLAUSE_END.search(other.gap):
            return False
    else:
        return False
    if before in {"on", "en", "off"}:
        return True
    return not (_sure(first) and _sure(other)) and not other.flags & MONIKER


def _firm(sentence: Sentence, chunk: Chunk) -> bool:
    """Whether a family name is one of three that make a firm: ``Owens, Duran and Oneal``."""
    tokens = sentence.tokens
    if tokens[chunk.first].shape != TITLE or chunk.last > chunk.first:
        return False
    for first in range(max(0, chunk.first - 3), chunk.first + 1):
        if first + 3 >= len(tokens) or tokens[first + 2].word not in {"and", "&"}:
            continue
        parts = (tokens[first], tokens[first + 1], tokens[first + 3])
        if (
            tokens[first + 1].gap == ", "
            and tokens[first + 2].gap == tokens[first + 3].gap == " "
            and any(tokens[chunk.first] is part for part in parts)
            and all(part.shape == TITLE and part.flags & FAMILY for part in parts)
            and not all(part.flags & GIVEN and not part.flags & RARE for part in parts)
        ):
            before = sentence.text[max(0, parts[0].start - 2) : parts[0].start]
            return not before.startswith(":")
    return False


def _had(sentence: Sentence, index: int) -> bool:
    """Whether one got or heard something from what stands at an index."""
    return any(token.word in HAD for token in sentence.tokens[max(0, index - 4) : index - 1])


def _sent(sentence: Sentence, index: int) -> bool:
    """Whether one sent money to what stands at an index."""
    return any(token.word in SENDS for token in sentence.tokens[max(0, index - 6) : index - 1])


SENDS = frozenset({"union", "venmo", "zelle", "cashapp", "paypal", "wire", "wired", "moneygram"})

HAD = frozenset({"got", "heard", "bought", "borrowed", "hear", "get", "stole", "copped"})


def _sure(token: Token) -> bool:
    """Whether a word is a given name and nothing else."""
    return bool(token.flags & GIVEN) and not token.flags & (WORD | PLACE | RARE | COMMON)


def _thing_does(sentence: Sentence, chunk: Chunk, sides: Sides) -> bool:
    """Whether what follows befalls things: ``grant got approved``, ``bill came in the mail``."""
    tokens = sentence.tokens
    right = sides.right
    after = chunk.last + 2
    more = tokens[after].word if right and after < len(tokens) else ""
    if right in ENDED:
        return True
    if right in {"got", "is", "was", "been", "gets"} and more in ENDED:
        return True
    word = tokens[chunk.first].word
    if (
        tokens[chunk.first].flags & PLACE
        and right in {"is", "was", "got", "has"}
        and more in LIKE_TOWN
    ):
        return True
    if word in WEATHER and right in FORECAST:
        return True
    if right == "said" and more in STATED_OF_THINGS:
        return True  # "bill said due friday"
    return word in VERBS and right == "came" and more in {"in", "with", "due", "on"}


def spoiled(sentence: Sentence, chunk: Chunk, sides: Sides) -> bool:
    """Whether something beside a chunk makes a street, place, brand, verb or thing of it."""
    if _firm(sentence, chunk):
        return True
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
    if not single and left == "the" and first.flags & WORD and last.flags & (WORD | COMMON):
        return True  # "the Princess Royal"
    if not single and first.shape > LOWER:
        plain = first.flags & GIVEN and not first.flags & (PLACE | WORD)
        if last.word in THING_AFTER and not (plain and last.word in FAMILY_THINGS):
            return True
        if chunk.shape == "full" and left.isdigit():
            return True  # a house number
    if after is not None and (last.owner or sentence.gap_after(chunk.last) in {" ", "  ", ". "}):
        told = left in SPEAK_TO and after.word == "exit"  # "tell juno exit 12"
        if (
            not told
            and after.word in THING_AFTER
            and (after.shape > LOWER or last.shape == LOWER or single)
        ):
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
    lower = first.shape == LOWER
    if (
        lower
        and left in {"te", "i", "we", "they"}
        and not (left == "i" and sides.before_left in AND)
    ):
        return True  # "te marco", "i rob": a verb
    if lower and first.word in {"al", "del"} and (sentence.foreign or left in SPANISH_TO):
        return True
    if sides.right == "of" and (lower or flags & (WORD | MONIKER | COMMON | RARE | PLACE)):
        return True  # "nick of time", "ray of sun"
    if left in COUNTS and not capital(sentence, first) and not last.owner:
        return True
    if left in COUNTS and lower and last.owner and not last.apostrophe(sentence.text):
        return True  # "three tims"
    if _crossing(sentence, chunk, sides):
        return True
    if (
        flags & (WORD | MONIKER | PLACE)
        and not capital(sentence, first)
        and _thing_does(sentence, chunk, sides)
    ):
        return True
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
            and not (left == "from" and (lower or flags & GIVEN) and _had(sentence, chunk.first))
            and not (left == "from" and sides.before_left in {"heard", "hear"})
            and not (left == "to" and flags & GIVEN and _sent(sentence, chunk.first))
            and not (
                left == "to"
                and sides.before_left
                in {
                    "talk",
                    "talked",
                    "talkin",
                    "talking",
                    "spoke",
                    "said",
                    "sent",
                    "gave",
                    "belongs",
                }
            )
        )
    ):
        return True
    if left:
        if (
            left[-1].isdigit()
            and first.gap.strip() not in {"-", ":", "="}
            and flags & (WORD | MONIKER | COMMON | RARE)
        ):
            return True
        if (
            left in DETERMINERS
            and left not in INTRO
            and not (left == "yo" and not sides.before_left and sides.right in AFTER_YO)
            and not (left == "a" and sides.before_left in SPEAK_TO)
            and not _spanish_article(sentence, first, sides)
            and (flags & (WORD | MONIKER | COMMON) or not flags & GIVEN)
        ):
            return True  # "the cookie", "my angel", "a rose"
    return first.word in VERBS and (
        sides.right in PRONOUNS
        or (sides.right in DETERMINERS and sides.right not in {"its", "esta"})
    )
