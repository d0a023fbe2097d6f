"""States of the United States after the name of a city."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.gazetteer import gazetteer
from extractors.place_types import Token
from schemas.kinds import PlaceKind

CODES = frozenset(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM "
    "NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR".split()
)
"""Postal codes of states (USPS Publication 28, appendix B)."""

WORDS = frozenset("al ak as az co de hi id in la ma me mi mo ms mt ne oh ok or pa ct ar sc md ks nd va".split())
"""Codes that are words or chat in lower case: taken only after a comma, or before an end."""

GAP = re.compile(r"[ ]{0,2},?[ \n]{0,2}")
END = re.compile(r"[\s.]*(?:$|[,;!?)\n]|\d{5})")


def state_at(
    text: str, tokens: Sequence[Token], index: int, *, loose: bool = False
) -> tuple[str, int] | None:
    """Return the state named at one word and the index of its last word, or None.

    Args:
        text: the text.
        tokens: its words.
        index: the word after a city's name.
        loose: within an address: any code is taken for a state, lower case too.

    Returns:
        Postal code and last token, when only blanks or a comma part it from the word before.
    """
    if not 0 < index < len(tokens):
        return None
    before, token = tokens[index - 1], tokens[index]
    gap = text[before.end : token.start]
    if len(gap) > 3 or not GAP.fullmatch(gap.lstrip(".")) or not gap:  # noqa: PLR2004
        return None
    surface = text[token.start : token.end]
    code = surface.upper()
    if len(code) == 2 and code in CODES:  # noqa: PLR2004
        is_word = token.key in WORDS
        comma_end = "," in gap and END.match(text, token.end)
        if surface.isupper() and not (text.isupper() and is_word and not comma_end):
            return code, index
        if not is_word or comma_end or (loose and END.match(text, token.end)):
            return code, index
        return None
    if len(code) == 1 and index + 1 < len(tokens):
        joined = code + text[tokens[index + 1].start : tokens[index + 1].end].upper()
        if joined in CODES and text[token.end : tokens[index + 1].start] in (".", ". "):
            return joined, index + 1
    match = gazetteer().match_at(text, tokens, index)
    if match and any(p.kind is PlaceKind.STATE and p.country == "US" and p.state for p in match.places):
        found = next(p.state for p in match.places if p.kind is PlaceKind.STATE and p.state)
        return (found, match.last) if found in CODES else None
    return None
