"""Statements that join two names of one person (``X aka Y``, ``X real name is Y``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.alias_gate import WHOM
from extractors.alias_statements import OWNER, THEY

_GLUE = (
    r"(?:[\s,;:()\"“”'’.…*~|-]|\b(?:is|was|he|she|who|but|n|and|or|so|her|his|my|their|es|pero|y|"
    r"su|mi|that|thats|dats|also|just|jus|real|now|cuz|bc|o|x|ella|real)\b){0,8}?"
)

BETWEEN = re.compile(
    rf"(?:['’]?s)?{_GLUE}(?:"
    r"a[.]?k[.]?a[.]?:?|a/k/a|(?:also|better|otherwise|formerly|only|just)?\s?known as|"
    r"go(?:es)? by(?: the name(?: of)?)?|alias|nicknamed?(?: is|['’]s|:)?|"
    r"apodad[oa]|conocid[oa] como|mejor conocid[oa] como|se hace llamar|"
    rf"(?:{OWNER}\s?)?(?:nick)?names?(?:\s?['’]s|\s?is|\s?was|:|\s?=)?|"
    rf"(?:{THEY}\s(?:all\s)?)?call(?:s|ed)? {WHOM}|is called|"
    r"(?:me|le|lo|la|les)\s(?:dicen|llaman|dice|digo)|"
    r"(?:nombre|apodo|apellido)(?:\s(?:real|verdadero))?(?:\ses|:)?|se llama|me llamo|"
    r"(?:is |got |i got |i have |have )?(?:him |her |it )?(?:is )?(?:saved|listed)"
    r"(?: (?:in|my|the|phone|contacts|me|her|him)){0,4} (?:as|under)"
    r")\s?[\"“'(]?(?:\s?(?:the|el|la|los|a))?\s?[\"“'(]?\s?",
    re.IGNORECASE,
)
"""What may stand between two names of one person; it must match the whole space between."""

CALLS_FIRST = re.compile(
    rf"(?:\b{THEY}\s(?:all\s)?(?:just\s)?call(?:s|ed)?|\b(?:saved|got|have)|\bcalled)\s$",
    re.IGNORECASE,
)
"""Before two names side by side: ``they call Marcus Slim``."""

AFTER_BOTH = re.compile(
    r"['’]?s?\s(?:real |street |nick |other |full |work )?(?:nick)?name\b", re.IGNORECASE
)
"""After the second: ``Nova is Tanisha's street name``."""

SAVED_AS = re.compile(
    r"\s(?:is |was )?(?:saved |listed )?(?:in (?:my|his|her) (?:phone|contacts) )?as\s[\"“']?",
    re.IGNORECASE,
)
IS = re.compile(r"\s(?:is|iz|was|=|es)\s[\"“']?", re.IGNORECASE)
QUOTED = re.compile(r"\s?[(]?[\"“'‘]\s?")
CALLED_GATE = re.compile(
    r"name|nick|call|aka|a\.k|a/k|known|\bby\b|alias|dicen?\b|llam|nombre|apod|conocid|sav|listed"
    r"|[\"“‘]|digo",
    re.IGNORECASE,
)


def joins(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of indexes into the spans of names that a statement joins.

    Args:
        text: the record's text.
        spans: start and end of every name, sorted, without overlap.

    Yields:
        Index of the left and of the right name.
    """
    if len(spans) < 2 or CALLED_GATE.search(text) is None:
        return
    for left in range(len(spans) - 1):
        start, end = spans[left]
        right_start, right_end = spans[left + 1]
        if right_start - end > 80:
            continue
        between = text[end:right_start]
        if (
            BETWEEN.fullmatch(between)
            or (
                SAVED_AS.fullmatch(between)
                and re.search(r"sav|listed|phone|contact", text[:right_start], re.IGNORECASE)
            )
            or (IS.fullmatch(between) and AFTER_BOTH.match(text, right_end))
            or (
                between in {" ", ' "', " “"}
                and CALLS_FIRST.search(text[max(0, start - 40) : start])
            )
            or (
                QUOTED.fullmatch(between)
                and text[right_end : right_end + 1] in {'"', "”", "'", "’"}
            )
        ):
            yield left, left + 1
