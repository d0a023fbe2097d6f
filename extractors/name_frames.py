"""Whole frames of chat in which only a person stands: errands, cards, questions, subjects.

Written for this project from how chat is written (DOMAIN 5.2, 5.6). The frames are tried after the
words right beside a possible name (:mod:`extractors.name_rules`) have said too little.
"""

from __future__ import annotations

import re

from extractors.name_contexts import AND, CLAUSE_END, Sides, inner_start
from extractors.name_cues import ADJECTIVES, CALENDAR, KIN, MASS, PREDICATES, VERBS
from extractors.name_lists import COMMON, FAMILY, GIVEN, MONIKER, PLACE, WORD
from extractors.name_naming import DOING, ENDS
from extractors.name_parts import Chunk
from extractors.name_tokens import LOWER, Sentence, Token


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


STAPLES = _set("money cash weed beer coffee food ice gas water salt sugar fire rain snow sun music")
"""Things that one asks for without an article."""

LEFT_OFF = _set("left came got went called texted pulled walked showed woke said quit told flew")
MOVES = _set("flew drove walked moved split rode sneaked snuck graduated married apologized bake")
STATE = PREDICATES | _set("here home awake tired pregnant drunk talkin talking single not")
TREATS = _set(
    "voicemail message msg text ride call hug lift plate gift card kiss heads number hand"
)
GIVING = _set("leave give send bring buy get make show save")
SENDS = _set("union venmo zelle cashapp app paypal wire wired moneygram send sent")
INVITES = _set("come help ride sleep go stay hang play borrow eat drive spend babysit")
THEIR = _set("his her himself herself hisself")
RELATED = _set(
    "twins sisters brothers cousins besties fighting fightin coming comin married roommates"
)
NUMBERS = _set("one two three four five six seven eight nine zero triple double uno dos tres cinco")
OURS = _set("my our his her ur your")
RELATIVES = _set("cousin friend sister brother niece nephew daughter son aunt uncle neighbor")
LATE_THINGS = _set("will may can would bill cash trip ty flash rent")
"""Words that are late, or stand before ``is``, without being a person."""

POLITE = _set("miss mr ms mrs")
SURE_TITLES = _set(
    "lil yung og pops momma mama papa sista brotha auntie uncle tia tio slick princess"
)

CARD_AFTER = re.compile(
    r"[\s\u2066-\u2069]{0,2}[:=-]?[\s\u2066-\u2069]{0,2}\+?1?[ .-]?\(?\d(?:[^\w\n]{0,3}\d){8}"
)
"""A telephone number right after a name."""

CARD_BEFORE = re.compile(r"\d{4}\u2069? ?[-:=] ?$")
"""The end of a telephone number and a dash or colon right before a name."""


def frame(sentence: Sentence, chunk: Chunk, sides: Sides) -> str | None:
    """Return the rule of the frame that a chunk fills, or None.

    Args:
        sentence: all words of the text.
        chunk: the words that may be a name.
        sides: what stands beside them.
    """
    tokens = sentence.tokens
    first, last = tokens[chunk.first], tokens[chunk.last]
    titled = chunk.last > chunk.first
    flags = first.flags | last.flags if titled else first.flags
    listed = bool(flags & (GIVEN | MONIKER)) or (titled and bool(flags & FAMILY))
    plain = sides.right not in {"is", "was", "esta", "just"} and sides.left not in {"heard", "wya"}
    if not titled and first.shape == LOWER and first.word in ADJECTIVES and plain:
        return None
    mass = not titled and first.word in MASS
    after = [token.word for token in tokens[chunk.last + 1 : chunk.last + 5]] + [""] * 4
    if sides.starts:
        rule = _reflexive(sentence, chunk, sides, after)
        if rule is not None and (not mass or first.flags & GIVEN):
            return rule
    if (
        sides.left in RELATIVES
        and sides.before_left in OURS
        and sides.right in {"is", "was", "said", "got", "needs", "wants"}
        and (listed or len(first.word) > 3)
    ):
        return "alias:kin"
    if not listed:
        return None
    calendar = first.word in CALENDAR
    if calendar and not titled:
        return "alias:subject" if _starts_in(first, sides, after) else None
    return (
        _card(sentence, chunk, sides, titled=titled, mass=mass)
        or _left_frame(sentence, chunk, sides, after, titled=titled, mass=mass)
        or (_right_frame(sentence, chunk, sides, after, titled=titled, mass=mass))
    )


def _starts_in(first: Token, sides: Sides, after: list[str]) -> bool:
    """``april starts in april``."""
    return (
        sides.starts
        and bool(first.flags & GIVEN)
        and sides.right in {"starts", "graduates", "moves"}
        and after[1] == "in"
        and after[2] in CALENDAR
    )


def _reflexive(sentence: Sentence, chunk: Chunk, sides: Sides, after: list[str]) -> str | None:
    """``nova won his match``, ``nova fixed it herself``: a verb, then what is the subject's own."""
    first = sentence.tokens[chunk.first]
    right = sides.right
    if not right or (first.flags & COMMON and not first.flags & GIVEN) or sentence.foreign:
        return None
    if first.word in VERBS or len(first.word) < 4 or (first.word[-1] == "s" and not first.flags):
        return None
    verb = sentence.tokens[chunk.last + 1]
    if not verb.flags & COMMON or verb.flags & (GIVEN | MONIKER) or right in AND:
        return None
    if right == "is" and len(after[1]) > 4 and after[1].endswith("ing") and first.flags & GIVEN:
        return "alias:subject" if not first.flags & (WORD | PLACE) else None
    if not (
        right.endswith(("s", "ed", "t")) or right in {"won", "made", "took", "ate", "broke"}
    ) or (len(right) < 4 and right not in {"won", "ate", "hit", "has"}):
        return None
    for place, word in enumerate(after[1:4]):
        gap = sentence.tokens[chunk.last + 2 + place].gap if word else "."
        if CLAUSE_END.search(gap):
            return None
        if word in {"himself", "herself", "hisself"} or (word in THEIR and place == 0):
            return "alias:subject"
    return None


def _card(
    sentence: Sentence, chunk: Chunk, sides: Sides, *, titled: bool, mass: bool
) -> str | None:
    """A name and a telephone number side by side."""
    first, last = sentence.tokens[chunk.first], sentence.tokens[chunk.last]
    text = sentence.text
    if mass or not (sides.starts or first.gap == ""):
        return None
    if CARD_AFTER.match(text, last.tail, last.tail + 40) or CARD_BEFORE.search(
        text, max(0, first.start - 9), first.start
    ):
        return "alias:card"
    if titled and chunk.last + 2 < len(sentence.tokens):
        one, two = sentence.tokens[chunk.last + 1 : chunk.last + 3]
        if one.word in NUMBERS and two.word in NUMBERS:
            return "alias:card"
    return None


def _left_frame(
    sentence: Sentence, chunk: Chunk, sides: Sides, after: list[str], *, titled: bool, mass: bool
) -> str | None:
    """What stands before: ``its me X``, ``heard from X``, ``leave X a voicemail``."""
    tokens = sentence.tokens
    first = tokens[chunk.first]
    one, two, right = sides.left, sides.before_left, sides.right
    closed = sides.ends or right in ENDS
    given = bool(first.flags & GIVEN) or titled
    if not one:
        return None
    if one in {"wheres", "where's", "whos", "who's"} and sides.ends and first.word not in STAPLES:
        return "alias:asked-about"
    if one == "why" and (
        right in PREDICATES
        or (right.endswith("ing") and len(right) > 4)
        or (right in {"so", "always"} and given and not mass)
    ):
        return "alias:asked-about" if not mass or right in {"late", "moving"} else None
    if one == "me" and two in {"its", "it's", "it"} and sides.ends and not mass:
        return "alias:introduced"
    if one == "is" and two in {"this", "dis"} and right == "use":
        return "alias:introduced"
    if one == "from" and two in {"heard", "hear"} and closed and not first.flags & PLACE:
        return "alias:spoken-to"
    if one == "to" and two in {"belongs", "belong"} and closed and not mass:
        return "alias:owner"
    if one == "to" and closed and not mass and not first.flags & PLACE:
        near = [token.word for token in tokens[max(0, chunk.first - 6) : chunk.first - 1]]
        if any(word in SENDS for word in near) and given:
            return "alias:spoken-to"
    if one == "or" and two in {"you", "u"} and sides.ends and given:
        return "alias:listed"
    if one == "on" and two in {"waiting", "waitin"} and given and not mass:
        return "alias:called"
    if one in {"paging", "thank"} and (closed or right == "for") and not mass:
        return "alias:called"
    if (
        one == "seen"
        and two in {"nobody", "anybody", "anyone", "u", "you"}
        and (closed or (right == "a" and after[1] in {"minute", "min", "while"}))
    ):
        return "alias:called"
    if one in GIVING and right in {"a", "an", "some"} and after[1] in TREATS and not mass:
        return "alias:called"
    asks = one in {"can", "could"} and (not two or inner_start(sentence, chunk.first - 1))
    if asks and right in INVITES and given and not mass:
        return "alias:asked-about"
    if one == "between" and right in AND and given and not mass:
        return "alias:listed"
    if one in {"its", "it's", "it"} and right == "not" and _other_name(tokens, chunk.last + 2):
        return "alias:introduced" if not mass or first.flags & GIVEN else None
    if one == "not" and chunk.first >= 3 and sides.ends and two:
        said = tokens[chunk.first - 3].word in {"its", "it's", "it"}
        return "alias:introduced" if said and _other_name(tokens, chunk.first - 2) else None
    if one in KIN and two in OURS and one != "baby" and not mass and first.word not in VERBS:
        return "alias:kin" if sides.ends or right in {"is", "was", "said", "or"} else None
    if first.owner and first.apostrophe(sentence.text) and one in {"for", "with"} and not mass:
        return "alias:owner"
    if one == "if" and right in {"pays", "drives", "says", "calls"} and first.flags & GIVEN:
        return "alias:subject"
    if (
        titled
        and first.word in SURE_TITLES
        and one in {"saw", "with", "w", "w/", "called", "friend"}
    ):
        return "alias:with"
    return None


def _other_name(tokens: list[Token], index: int) -> bool:
    """Whether the word at an index is listed as a given name."""
    return 0 <= index < len(tokens) and bool(tokens[index].flags & (GIVEN | MONIKER))


def _right_frame(
    sentence: Sentence, chunk: Chunk, sides: Sides, after: list[str], *, titled: bool, mass: bool
) -> str | None:
    """What stands after: ``X just left``, ``X here``, ``X esta lavando``, ``X and Y r twins``."""
    tokens = sentence.tokens
    first = tokens[chunk.first]
    right = sides.right
    given = bool(first.flags & GIVEN)
    if not sides.starts:
        return None
    if (
        titled
        and chunk.first
        and first.word in POLITE
        and sides.ends
        and tokens[chunk.last].flags & GIVEN
    ):
        return "alias:greeted"
    if titled and first.word in SURE_TITLES and right in {"in", "at", "from", "has", "is"}:
        return "alias:subject"
    if titled and right in {"is", "was"} and after[1] in STATE:
        return "alias:subject"
    if right in {"esta", "anda"} and not mass and len(after[1]) > 5:
        return "alias:subject" if after[1].endswith(("ando", "iendo")) else None
    if right in {"esta", "anda"} and after[1] == "en" and given and not mass:
        return "alias:subject"
    if not given and not titled:
        return None
    if right in {"is", "iz", "was"} and first.word not in LATE_THINGS:
        if after[1] in {"late", "mad", "asleep", "pregnant", "drunk", "awake", "comin"}:
            return "alias:subject"
        if after[1] == "not" and after[2] in DOING:
            return "alias:subject"
    if right in AND and chunk.last + 2 < len(tokens) and after[2] in {"r", "are"}:
        return (
            "alias:listed"
            if _other_name(tokens, chunk.last + 2) and (after[3] in RELATED)
            else None
        )
    if first.word == right == "will":
        return "alias:subject"
    if mass or first.word in VERBS - {"misty", "grace"}:
        return None
    if right == "just" and after[1] in LEFT_OFF:
        return "alias:subject"
    if right in MOVES or (right == "started" and titled):
        return "alias:subject"
    if right == "here" and (
        len(tokens) == chunk.last + 2 or CLAUSE_END.search(sentence.gap_after(chunk.last + 1))
    ):
        return "alias:subject"
    if right in {"thats", "that's"} and after[1] in {"not", "so", "my"}:
        return "alias:addressed"
    if right == "wait" and after[1] in {"on", "for", "up"}:
        return "alias:addressed"
    return None
