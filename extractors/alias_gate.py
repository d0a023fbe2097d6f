"""Whether a text can hold a statement or a label that gives a name, told by words of its own."""

from __future__ import annotations

import re
from typing import Final

from extractors.gate import Memo, pieces

GATE = re.compile(
    r"name|nickn|\bcall|\bby\b|\baka\b|a\.k|a/k|known|alias|dic?en\b|llam|nombre|apod|apellido"
    r"|conocid|sav(?:e|ed)\b|listed|under\b|from:|to:|contact|driver|guest|\bfor:|attn|signed"
    r"|digo\b|decimos\b|person:|member|user:|author|sender|\bkno|answers? to|truly|some\b|say\b"
    r"|after\b",
)
"""A superset of what every pattern of statements needs; for casefolded text: twice as fast."""

WHOM = (
    r"(?:me|him|her|them|us|dat|this|that|el|ella|(?:that|dat|this|the|my|his|her|lil)[ ]"
    r"(?:boy|girl|dude|nigga|man|guy|bitch|lady|chick|kid|mf|one|cousin|bro|sis|friend))"
)

CALLING = re.compile(rf"call(?:(?:s|ed|in)?[ ]{WHOM}|ed)[ ]", re.IGNORECASE)
"""What all statements of ``alias_statements.EXPLICIT`` with ``call`` have."""

STATED, ANSWERED = 1, 2
"""A piece that :data:`GATE` takes; one that with ``to`` after it would be taken."""
NAMED, CALLED, BY, GOES, SAVED, AS, BOOKED, KNOWN, SAID, FOLKS, SOME, LOVED, SPANISH, WHO = (
    4 << number for number in range(14)
)
KEYS = tuple(
    (bit, re.compile(pattern, re.IGNORECASE))
    for bit, pattern in (
        (NAMED, r"name|nick|known|a\.?k\.?a|a/k/a|alias|answer|truly|llam|nombre|apod|apellido"
                r"|conocid"),
        (CALLED, r"call(?:s|ed|in)?(?!\w)"),
        (BY, r"(?<!\w)by(?!\w)"),
        (GOES, r"(?:go|goes|went|going|goin)(?!\w)"),
        (SAVED, r"saved?(?!\w)"),
        (AS, r"(?<!\w)(?:as|under)(?!\w)"),
        (BOOKED, r"(?:listed|reserved|booked|registered|contact|lease|room|rm|is|its|it['’]s|order)"
                 r"(?!\w)"),
        (KNOWN, r"(?<!\w)kno(?:w|ws|e|es)?(?!\w)"),
        (SAID, r"(?<!\w)say(?!\w)"),
        (FOLKS, r"(?<!\w)(?:folks|people|ppl|everybody|everyone|as)(?!\w)"),
        (SOME, r"(?<!\w)some(?!\w)"),
        (LOVED, r"(?<!\w)l(?:ove|uv)(?!\w)"),
        (SPANISH, r"(?:dicen|dice|digo|decimos|conocen)(?!\w)"),
        (WHO, r"(?:me|les?|lo|la|te)(?!\w)"),
    )
)  # fmt: skip
"""Words without blanks: ``alias_statements.EXPLICIT`` needs one (``NAMED``) or two in a text."""


def _keys(piece: str) -> int:
    folded = piece.casefold()
    bits = sum(bit for bit, pattern in KEYS if pattern.search(piece))
    return bits | STATED * (GATE.search(folded) is not None) | ANSWERED * ("answer" in folded)


HELD: Final = Memo(_keys)


def held_in(text: str) -> int:
    """Return the bits of all pieces of a text together."""
    bits = 0
    for held in set(map(HELD.__getitem__, pieces(text))):
        bits |= held
    return bits


def may_state(text: str) -> bool:
    """Whether a text holds a word that every statement and label needs."""
    return states(text, held_in(text))


def states(text: str, bits: int) -> bool:
    """Answer :func:`may_state` from the bits of a text.

    Args:
        text: any text.
        bits: what :func:`held_in` says of it.
    """
    if bits & (STATED | ANSWERED) == ANSWERED:
        return GATE.search(text.casefold()) is not None  # the one word of the gate with a blank
    return bits & STATED > 0


def may_be_explicit(text: str, bits: int) -> bool:
    """Whether ``alias_statements.EXPLICIT`` can match: a refused text holds none of it.

    Args:
        text: any text.
        bits: what :func:`held_in` says of it.
    """
    return bool(
        bits & NAMED
        or (bits & CALLED and CALLING.search(text))
        or (bits & BY and bits & GOES)
        or (bits & AS and bits & (SAVED | BOOKED | KNOWN))
        or (bits & SAID and bits & FOLKS)
        or (bits & SOME and bits & LOVED)
        or (bits & SPANISH and bits & WHO)
    )
