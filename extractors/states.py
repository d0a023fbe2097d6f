"""States of the United States after the name of a city."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.gazetteer import gazetteer
from extractors.place_types import Token, word_set
from schemas.kinds import PlaceKind

CODES = word_set(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM "
    "NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR"
)
"""Postal codes of states (USPS Publication 28, appendix B)."""

WORDS = word_set(
    "al ak as az co de hi id in la ma me mi mo ms mt ne oh ok or pa ct ar sc md ks nd va"
)
"""Codes that are words or chat in lower case: taken only after a comma and before an end."""

PLAIN = word_set("ks nd md va sc ct mt nc ar")
"""Those of them that hardly stand for anything else after a comma."""

GAP = re.compile(r"[ ]{0,2},?[ \n]{0,2}")
END = re.compile(r"[\s.]*(?:$|[,;!?)\n]|\d{5})")
SHOUT = re.compile(r"[ ][A-Z]{2,}")


def state_at(
    text: str, tokens: Sequence[Token], index: int, *, loose: bool = False
) -> tuple[str, int] | None:
    """Return the state named at one word and the index of its last word, or None.

    Args:
        text: the text.
        tokens: its words.
        index: the word after a city's name.
        loose: within an address any code is taken for a state, lower case too.

    Returns:
        Postal code and last token, when only blanks or a comma part it from the word before.
    """
    if not 0 < index < len(tokens):
        return None
    before, token = tokens[index - 1], tokens[index]
    gap = text[before.end : token.start]
    if not gap or len(gap) > 3 or not GAP.fullmatch(gap):
        return None
    width = token.end - token.start
    if width == 2:
        return (text[token.start : token.end].upper(), index) if _is_code(
            text, token, gap, loose=loose
        ) else None  # fmt: skip
    if width == 1:
        return _dotted(text, tokens, index)
    match = gazetteer().match_at(text, tokens, index)
    for place in match.places if match else ():
        if place.kind is PlaceKind.STATE and place.country == "US" and place.state in CODES:
            return place.state, match.last if match else index
    return None


def _is_code(text: str, token: Token, gap: str, *, loose: bool) -> bool:
    surface = text[token.start : token.end]
    if surface.upper() not in CODES:
        return False
    at_end = END.match(text, token.end) is not None
    if token.key not in WORDS:
        return True
    if "," in gap or loose:
        return at_end or surface.isupper() or ("," in gap and token.key in PLAIN)
    # without comma OH and OK are shouts when another capital word follows
    return surface.isupper() and not SHOUT.match(text, token.end)


def _dotted(text: str, tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
    """Return the state of ``N.C.``."""
    if index + 1 >= len(tokens):
        return None
    first, second = tokens[index], tokens[index + 1]
    code = (text[first.start : first.end] + text[second.start : second.end]).upper()
    if code in CODES and text[first.end : second.start] in (".", ". "):
        return code, index + 1
    return None
