"""Which rules for places and stays a text is worth: bits of its pieces, remembered by piece."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Final

from extractors import addresses, coordinates, crossings, hotels, roads
from extractors import place_bits as bits
from extractors.address_patterns import GERMANIC_ENDS
from extractors.airports import airport_words
from extractors.gate import Memo, pieces
from extractors.gazetteer import Match, gazetteer
from extractors.place_codes import LA_BEFORE, LOWER_CODES
from extractors.place_names import PLURAL, is_ordinary_town
from extractors.place_patterns import (
    CAPITAL_OPENS,
    CUE_WORDS,
    FEATURE_OPENS,
    FEATURE_WORDS,
    SIDE_WORDS,
    VENUE_WORDS,
)
from extractors.place_types import fold, word_set
from extractors.road_patterns import NUMBERED_PIECE
from extractors.states import CODES
from extractors.states import WORDS as CODE_WORDS
from extractors.streets import crossing_words, street_words
from schemas.kinds import PlaceKind

WORDS: Final = re.compile(r"[^\W\d_]+")
CAPITALS: Final = re.compile(r"(?<![^\W\d_])[^\W\d_a-z][^\W\d_]*")
"""Words that do not begin with a small ASCII letter."""
DIGIT: Final = re.compile(r"\d")

ANGLE_WORDS: Final = word_set("n s e w sn ss se sw d deg m")
ANGLE_MARKS: Final = re.compile("[.,°º˚′″'’\"]")
"""Runs of letters and characters one of which stands in every position written as numbers."""

LINK: Final = re.compile(r"://|www\.")
HOST: Final = re.compile(r"\w\.(?:com|org|net|co\.uk|edu|gov)(?!\w)")
STAY: Final = re.compile(
    r"\b(?:rooms?|rms?|hab|habitaci[oó]n|cuarto)\b|(?<!\w)(?:rooms?|rms?|cuarto)\.?\d"
    r"|\bcheck(?:ed|ing)?(?:$|[ -]?(?:in|out)\b)",
    re.IGNORECASE,
)
"""What one piece shows of :data:`extractors.lodging.GATE`; the blanks in that part pieces."""

ODD: Final = re.compile("[ıİſK]")
"""Letters that patterns which ignore case take for i, s and k."""
STAY_WORDS: Final = word_set("room rooms rm rms hab habitacion habitación cuarto") | {
    f"check{ending}{way}" for ending in ("", "ed", "ing") for way in ("", "in", "out")
}
LONE: Final = re.compile(r"(?<![^\W\d_])[^\W\d_](?![^\W\d_])")
SHORT: Final = 3
"""Letters up to which a word may be a joint or a part of a position (``and``, ``deg``)."""
PATTERNS: Final = (
    bits.ADDRESS_TYPE | bits.STREET | bits.NUMBERED | bits.DIRECTION | bits.HOTEL | bits.STAY_WORD
)
"""Words that are worth a pattern."""
CODE_LENGTH: Final = 2


def bits_of(piece: str) -> int:
    """Return the bits of a piece of a text between blanks.

    Args:
        piece: text without blanks.
    """
    return _MEMO[piece]


def place_bits(text: str) -> int:
    """Return the bits of all pieces of a text.

    Args:
        text: any text.
    """
    return _bits(text)


@lru_cache(maxsize=4)
def _bits(text: str) -> int:
    return reduce(or_, map(_MEMO.__getitem__, pieces(text)), 0)


def may_name(text: str, found: int) -> bool:
    """Whether :func:`extractors.place_names.find_names` may find anything in a text.

    A name of several words needs its first two beside each other; a listed name alone is a place
    by itself (:data:`extractors.place_bits.PLACE`) or before a state.

    Args:
        text: the text.
        found: its bits.
    """
    if found & bits.PLACE or found & (LA := bits.LA | bits.LA_WAY) == LA:
        return True
    if found & bits.LISTED and (
        found & bits.CODE or found & (WEAK := bits.WEAK_CODE | bits.COMMA) == WEAK
    ):
        return True
    return found & bits.HEAD != 0 and _has_long_name(text)


def _has_long_name(text: str) -> bool:
    seconds = gazetteer().seconds
    follows: Container[str] = ()
    for piece in pieces(text):
        for word in _RUNS[piece]:
            if word in follows:
                return True
            follows = seconds.get(word, ())
    return False


def _runs(piece: str) -> tuple[str, ...]:
    return tuple(map(fold, WORDS.findall(piece)))


_RUNS: Final = Memo(_runs)


@cache
def _table() -> dict[str, int]:
    """Return the bits of each word (lower case) that is in a list of any rule."""
    table: dict[str, int] = {}
    for bit, words in _lists():
        for word in words:
            table[word] = table.get(word, 0) | bit
    return table


def _lists() -> Iterable[tuple[int, Iterable[str]]]:
    yield bits.NAME, gazetteer().triggers | LOWER_CODES | {"la"}
    yield bits.ROAD, street_words() | crossing_words()
    yield bits.ROAD, crossings.PLAIN_JOINTS | crossings.MEETING_WORDS
    yield bits.HOTEL, hotels.hotel_words()
    yield bits.AIRPORT, airport_words()
    yield bits.SIDE, SIDE_WORDS
    yield bits.FEATURE, FEATURE_WORDS
    yield bits.CUE, CUE_WORDS
    yield bits.VENUE, VENUE_WORDS
    yield bits.ANGLE, ANGLE_WORDS
    yield bits.STAY_WORD, STAY_WORDS
    yield from addresses.word_bits()
    yield from roads.word_bits()
    yield from crossings.word_bits()
    yield bits.BRAND, hotels.brand_words()


def _judge(piece: str) -> int:
    """Return the bits of a piece."""
    table = _table()
    if len(piece) > SHORT and piece.isascii() and piece.isalpha() and piece.islower():
        found = table.get(piece, 0)
        if not found & PATTERNS:
            # most pieces: a plain word, of which no pattern but those below can say anything
            return found | _name(piece) | _germanic(piece)
    lower = piece.lower()
    found = 0
    for word in WORDS.findall(lower):
        found |= table.get(word, 0)
    is_plain = piece.isascii()
    # each pattern below needs a word of a list, unless it is written with odd letters
    if found & (bits.ADDRESS_TYPE | bits.STREET) or not is_plain:
        found |= addresses.type_bits(piece) | roads.type_bits(piece)
    if found & bits.NUMBERED and NUMBERED_PIECE.search(piece):
        found |= bits.NUMBERED_PIECE
    if (found & bits.DIRECTION or not is_plain) and addresses.DIRECTION_PIECE.match(piece):
        found |= bits.DIRECTION_PIECE
    if found & bits.HOTEL or not is_plain:
        found |= hotels.type_bits(piece)
    if (found & bits.STAY_WORD or not is_plain) and STAY.search(piece):
        found |= bits.STAY
    if DIGIT.search(piece):
        found |= bits.DIGIT | addresses.number_bits(piece) | roads.number_bits(piece)
        found |= bits.SIX if piece[0] in "68" else 0
    if not is_plain or not piece.isalnum():
        found |= _marks(piece)
    if not is_plain or lower != piece:
        found |= _capitals(piece)
    if not is_plain and ODD.search(piece):
        found |= bits.LOOSE
    if coordinates.PIECE.search(piece):
        found |= bits.POSITION
    for surface in WORDS.findall(piece):
        found |= _name(surface)
    if "." in piece and LONE.search(piece):
        found |= bits.CODE  # N.C.
    return found | crossings.joint_bits(piece) | _germanic(lower)


def _germanic(lower: str) -> int:
    return bits.GERMANIC if lower.endswith(GERMANIC_ENDS) else 0


def _marks(piece: str) -> int:
    """Return the bits of the characters of a piece that are neither letters nor digits."""
    found = 0
    if "," in piece:
        found |= bits.COMMA
    if "#" in piece:
        found |= bits.PLACE  # a hashtag names a place without a cue
    if "@" in piece:
        found |= bits.AT
    if "." in piece or ":" in piece:
        found |= bits.MAP if coordinates.MAP_WORD.search(piece) else 0
        found |= bits.SCHEME if "://" in piece else 0
        found |= bits.LINK if LINK.search(piece) else 0
        found |= bits.HOST if HOST.search(piece) else 0
    if ANGLE_MARKS.search(piece):
        found |= bits.ANGLE
    return found


def _capitals(piece: str) -> int:
    """Return the bits of the words of a piece that do not begin with a small ASCII letter."""
    found = bits.CAPITAL_OPENS if CAPITAL_OPENS.match(piece) else 0
    if FEATURE_OPENS.match(piece):
        found |= bits.FEATURE_OPENS
    capitals = CAPITALS.findall(piece)
    if capitals and not _capital_words().isdisjoint(map(fold, capitals)):
        found |= bits.CAPITAL
    return found


def _name(surface: str) -> int:
    """Return the bits of a word as a listed name, or part of one."""
    listing = gazetteer()
    key = fold(surface)
    found = bits.HEAD if key in listing.seconds else 0
    if key == "la":
        found |= bits.LA
    elif key in LA_BEFORE:
        found |= bits.LA_WAY
    base = listing.base(key)
    if base is not None:
        found |= bits.LISTED
        if base >= 0 or surface[0].isupper() or _may_be_town(key):
            found |= bits.PLACE
    if len(surface) == CODE_LENGTH:
        found |= _code(surface)
    elif len(key) > PLURAL and key[-1] == "s" and surface[0].isupper():
        found |= bits.PLACE if key[:-1] in listing else 0
    return found


def _code(surface: str) -> int:
    """Return the bits of two letters that may be a state's code."""
    if surface in CODES or surface == "US" or surface in LOWER_CODES:
        return bits.PLACE | bits.CODE
    if surface.upper() in CODES:
        return bits.WEAK_CODE if surface.lower() in CODE_WORDS else bits.CODE
    return 0


def _may_be_town(key: str) -> bool:
    """Whether a name that is an ordinary word may be a town, or a state, in lower case."""
    row = gazetteer().lookup(key)
    return row is not None and (
        is_ordinary_town(Match(0, 0, key, *row))
        or any(place.kind is PlaceKind.STATE for place in row[1])
    )


@cache
def _capital_words() -> frozenset[str]:
    return gazetteer().ordinary | {code.lower() for code in CODES} | {"us", "s"}


_MEMO: Final = Memo(_judge)
