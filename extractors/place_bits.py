"""What the pieces of a text between blanks say about the places it may name: one bit each.

A rule runs on a text only if all bits it needs stand in some of its pieces. Each set of bits is a
superset: a text without one of them holds nothing that the rule finds (tests compare with and
without). How a piece gets its bits: :mod:`extractors.place_gate`.
"""

from __future__ import annotations

from itertools import count
from typing import Final

_NUMBERS = count()


def _bit() -> int:
    return 1 << next(_NUMBERS)


ALL: Final = -1
"""Every bit: no rule is left out."""

DIGIT: Final = _bit()
NAME: Final = _bit()
"""A word by which names of places are looked for."""
CAPITAL: Final = _bit()
"""A capitalised word that is a place only with its capital."""
ROAD: Final = _bit()
HOTEL: Final = _bit()
AIRPORT: Final = _bit()
SIDE: Final = _bit()
FEATURE: Final = _bit()
CUE: Final = _bit()
VENUE: Final = _bit()
SCHEME: Final = _bit()
PLACES: Final = (
    DIGIT | NAME | CAPITAL | ROAD | HOTEL | AIRPORT | SIDE | FEATURE | CUE | VENUE | SCHEME
)
"""One of these stands in every text that names a place."""

MAP: Final = _bit()
LINK: Final = _bit()
AT: Final = _bit()
HOST: Final = _bit()

ANGLE: Final = _bit()
"""A letter or mark that stands in every position written as numbers."""
POSITION: Final = _bit()
"""What :data:`extractors.coordinates.GATE` finds, as far as one piece shows it."""

LISTED: Final = _bit()
"""A listed name in one word."""
PLACE: Final = _bit()
"""One that may be a place by itself: free, capitalised, a state, or a code of one."""
HEAD: Final = _bit()
"""A word that begins a listed name of several."""
CODE: Final = _bit()
"""A state's code, or part of one with dots: with it any listed name may be a place."""
WEAK_CODE: Final = _bit()
"""A code in lower case that is a word too: it needs a comma."""
COMMA: Final = _bit()
LA: Final = _bit()
LA_WAY: Final = _bit()

NUMBER: Final = _bit()
"""Ends in a number, as the house number of an address does."""
ADDRESS_TYPE: Final = _bit()
TYPE_OPENS: Final = _bit()
"""Begins with a street type."""
DIRECTION: Final = _bit()
DIRECTION_PIECE: Final = _bit()
STREET_NAME: Final = _bit()
QUADRANT: Final = _bit()
STATED: Final = _bit()
POSTCODE: Final = _bit()
GERMANIC: Final = _bit()
HIGHWAY: Final = _bit()
BLOCK: Final = _bit()
BOX: Final = _bit()
MILITARY: Final = _bit()
WITH_UNIT: Final = _bit()
FOREIGN: Final = _bit()
AVENUE_OF: Final = _bit()

EXIT: Final = _bit()
THE: Final = _bit()
PLAIN_ROAD: Final = _bit()
I_WORD: Final = _bit()
I_ROAD: Final = _bit()
"""``i`` where it may open a road: the same word, but narrowing."""
INTERSTATE: Final = _bit()
SPLIT: Final = _bit()
SPOKEN: Final = _bit()
NUMBERED: Final = _bit()
NUMBERED_PIECE: Final = _bit()
"""What numbered roads begin with, but for words that are common in chat."""
HEADING: Final = _bit()
"""A point of the compass in full: what follows a road called ``i 94``."""
ROAD_CUE: Final = _bit()
ROAD_NUMBER: Final = _bit()
"""The number of a road that is called by number alone."""
STATUS: Final = _bit()
OFF: Final = _bit()
OFF_WHAT: Final = _bit()
"""What a road is off of: an exit, an inn, a station."""
ORDINAL: Final = _bit()
ORDINAL_OPENS: Final = _bit()
KNOWN: Final = _bit()
"""The last word of a known street."""
KNOWN_CUE: Final = _bit()
SPANISH: Final = _bit()
STREET: Final = _bit()
STREET_OPENS: Final = _bit()
"""Begins with a type that makes a street of the word before it."""
LOWER_OPENS: Final = _bit()
"""Begins with a type that does so in lower case after a word of place."""
LOWER_CUE: Final = _bit()

CORNER: Final = _bit()
CORNER_OPENS: Final = _bit()
CROSSING: Final = _bit()
"""A word one of which stands in every crossing."""
JOINT: Final = _bit()
PLAIN_JOINT: Final = _bit()
SIDE_WORD: Final = _bit()
"""A word of a side that is surely, or known as, a street."""
MEET: Final = _bit()
"""A word of meeting by which a crossing may be one of any two names."""
MEETER: Final = _bit()
"""Who is met, or what is done, before a crossing of two unknown streets."""
MEET_AT: Final = _bit()
"""``by``, ``at`` and the like between those and the crossing."""

CAPITAL_OPENS: Final = _bit()
"""Begins with a capital, as a name after a word of place does."""
FEATURE_OPENS: Final = _bit()
"""Begins with the capitalised word for a feature."""

BRAND: Final = _bit()
HOTEL_TYPE: Final = _bit()
SIX: Final = _bit()
"""Begins with 6 or 8: ``the 6`` may be a motel."""
STAY_WORD: Final = _bit()
STAY: Final = _bit()
"""A room, or the first half of a check-in."""

LOOSE: Final = (
    I_ROAD | HEADING | OFF_WHAT | KNOWN_CUE | LOWER_CUE | NUMBERED_PIECE | CORNER_OPENS
    | PLAIN_JOINT | SIDE_WORD | MEET | MEETER | MEET_AT
)  # fmt: skip
"""Bits that narrow a gate by plain words. Patterns that ignore case take some letters beyond ASCII
for ASCII ones (ſ for s, ı and İ for i, the Kelvin sign for k): a piece with one gets them all."""
