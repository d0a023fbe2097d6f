"""Area codes stated apart from the number: ``area code 612``, ``same number but 651``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.phone_tokens import Gap, tokens

STATED = re.compile(
    r"\b(?:area ?codes?|areacode|codigo de area|clave lada|lada)\b(?: is| its|s| es|:|=|,)? ?\(?"
    r"|\b(?:same (?:number|num|#|digits|one)|mismo (?:numero|num)|igual)\b.{0,12}?"
    r"\b(?:but|w|with|just|pero|con|now)\b(?: (?:a|its|is|the|in|on|with|con|area|code|now|el"
    r"|es)){0,3} ?"
)
"""Phrases before the three digits."""
STATED_AFTER = re.compile(
    r"(?<![\w$.,:-])(?P<code>[2-9]\d\d)(?= (?:area ?code|number\b|num\b|#)|(?: is)? (?:the|my"
    r"|her|his) area ?code)"
)
"""Phrases after them: ``a 651 number``."""
SAME = re.compile(r"same|mismo|igual")

REACH = 24
"""Characters after a phrase in which the code is looked for: ``six hundred twelve`` has 18."""


@dataclass(frozen=True, slots=True)
class AreaCode:
    """An area code stated by itself, in places of the folded text."""

    code: str
    start: int
    end: int
    is_same: bool
    """Whether the text says that the rest of the number is one mentioned before."""


def area_codes(text: str) -> Iterator[AreaCode]:
    """Yield area codes stated apart.

    Args:
        text: folded text.
    """
    for match in STATED.finditer(text):
        digits = ""
        start = end = -1
        for piece in tokens(text[match.end() : match.end() + REACH]):
            if (start >= 0 and piece.gap > Gap.MARKS) or len(digits) >= 3:
                break
            if start < 0 and piece.start > 4:
                break
            start = piece.start if start < 0 else start
            digits, end = digits + piece.digits, piece.end
        if len(digits) == 3 and digits[0] not in "01":
            same = SAME.match(match.group()) is not None
            yield AreaCode(digits, match.end() + start, match.end() + end, same)
    for match in STATED_AFTER.finditer(text):
        yield AreaCode(match["code"], match.start("code"), match.end("code"), False)
