"""Whether a text may hold a telephone number, told by its words before it is folded.

Most messages hold no digit, or an hour or a count, and too few number words. What a piece of text
between blanks adds to a number is worked out once and then looked up (:mod:`extractors.gate`).
"""

from __future__ import annotations

import re
from typing import Final

from extractors import gate
from extractors.fold import view
from extractors.phone_tokens import SPELT, most_digits

DIGIT: Final = re.compile(r"\d")
FEWEST_SURE: Final = 5
"""Digits that must be certain in a number of seven or more; the rest may be letters and sounds."""
FEWEST_MIXED: Final = 3
"""Digits without which neither a short code, letters for digits nor a keypad word is looked for."""
FEWEST_SIGNS: Final = 10
"""Digits and letters drawn like them in what :data:`extractors.phone_drawn.DRAWN` matches."""

LIKE_DIGITS: Final = re.compile(r"(?<![\w$])[\doilzзчsбbeat$gq_]+(?![\w$])|[!|]")
"""A whole run of signs that :data:`extractors.phone_drawn.DRAWN` reads; it reads no part of one, as
no letter, digit or ``$`` may touch what it matches."""

LONE: Final = re.compile(r"(?<![^\W_])[a-z](?![^\W_])")
FEWEST_LONE: Final = 3
"""Letters by themselves in a word letter by letter (:data:`extractors.phone_tokens.SPELT`)."""

LONG: Final = 4_000
"""Characters of a text that is looked at as a whole: pasted text does not repeat its words, and
sums of what they hold stay below :data:`FIELD`."""

FIELD: Final = 20
"""Bits of one sum among those that are added in one number."""
_MASK: Final = (1 << FIELD) - 1


def _weigh(piece: str) -> int:
    """Return what a piece adds: digits it may stand for, digits, drawn signs, lone letters."""
    seen = view(piece)
    digits = len(DIGIT.findall(seen))
    drawn = sum(len(run.group()) for run in LIKE_DIGITS.finditer(seen))
    return (
        most_digits(seen)
        + (digits << FIELD)
        + (drawn << 2 * FIELD)
        + (len(LONE.findall(seen)) << 3 * FIELD)
    )


WEIGHT: Final = gate.Memo(_weigh)


def may_speak(text: str) -> bool:
    """Whether :func:`extractors.phones.may_hold` can be true of a text once it is folded.

    A number needs five digits in figures or words, or three figures beside a word or letters, or
    one among ten signs drawn like digits, or words letter by letter.

    Args:
        text: a text as written.
    """
    if len(text) > LONG:
        return True
    weight = sum(map(WEIGHT.__getitem__, gate.pieces(text)))
    digits = weight >> FIELD & _MASK
    return (
        weight & _MASK >= FEWEST_SURE
        or digits >= FEWEST_MIXED
        or (digits > 0 and weight >> 2 * FIELD & _MASK >= FEWEST_SIGNS)
        or (weight >> 3 * FIELD >= FEWEST_LONE and SPELT.search(view(text)) is not None)
    )
