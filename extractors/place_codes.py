"""States, Los Angeles and the country by two letters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.gazetteer import Match, gazetteer
from extractors.place_cues import Case
from extractors.place_types import Token, word_set
from extractors.states import CODES

LOWER_CODES = word_set("mn wi tx ny nj nc sc fl az tn sd nd nv ga")
"""State codes taken in lower case after a word that makes a place of them."""

PLAIN_CODES = word_set("mn wi tx ny nj fl az nv tn nd")
"""Those that hardly stand for anything else, once :data:`TONIGHT` is told apart."""

TONIGHT = "tn"
"""A code that in chat is ``tonight`` more often: it needs words of residence before it."""

LA_BEFORE = word_set("in to from around leaving")
LA_AFTER = re.compile(
    r"\s*(?:$|[.,;:!?)\n]|\s(?:tmrw|tmr|tonight|this|for|w|with|on|next|now|rn|and|n|then|til|till|"
    r"until|baby|area|county|traffic|is)\b)",
    re.IGNORECASE,
)
"""What may follow lower-case ``la`` for Los Angeles: in Spanish a noun follows the article."""

RESIDENCE = word_set("live lives lived living moved born raised stays stayed grew")


def find_code(text: str, tokens: Sequence[Token], index: int, case: Case) -> Match | None:
    """Return the state, city or country that two letters stand for, or None."""
    token = tokens[index]
    if token.end - token.start != 2:
        return None
    surface = text[token.start : token.end]
    if text[token.end : token.end + 1] == "$":
        return None  # US$
    if token.key == "la":
        return _los_angeles(text, tokens, index, is_code=surface == "LA" and not case.is_shouted)
    if not case.is_shouted and (surface in CODES or surface == "US"):
        row, lift = gazetteer().lookup(f"!{surface}"), int(case.is_telling)
        return Match(index, index, f"!{surface}", row[0] + lift, row[1]) if row else None
    if surface == TONIGHT and not _is_tennessee(tokens, index):
        return None
    if surface in LOWER_CODES:
        row = gazetteer().lookup(f"!{surface.upper()}")
        base = 0 if surface in PLAIN_CODES else -1
        return Match(index, index, f"!{surface}", base, row[1]) if row else None
    return None


def _is_tennessee(tokens: Sequence[Token], index: int) -> bool:
    earlier = [token.key for token in tokens[max(0, index - 3) : index]]
    return bool(earlier) and (earlier[-1] == "from" or not RESIDENCE.isdisjoint(earlier))


def _los_angeles(text: str, tokens: Sequence[Token], index: int, *, is_code: bool) -> Match | None:
    before = tokens[index - 1].key if index else ""
    if not is_code and not (before in LA_BEFORE and LA_AFTER.match(text, tokens[index].end)):
        return None
    row = gazetteer().lookup("los angeles")
    return Match(index, index, "l a", 2 if is_code else 1, row[1]) if row else None
