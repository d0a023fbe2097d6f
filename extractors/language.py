"""The language of a text, as a hint that an interpreter is needed; never a filter."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Final

WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
CLAUSE: Final = re.compile(r"[^\n,.;:!?¡¿|]+")
"""A clause ends at a mark or a line end: the places where writers change language."""
NEED: Final = 3
"""Points a text needs before it is tagged: a rare word and a common one, or more."""
WORDS_MAX: Final = 400
"""Words looked at; enough to tell, and bounded for long records."""

HMONG: Final = re.compile(
    r"(?:n?(?:ts?h?|tx?h?|ph?|kh?|qh?|ch?|rh?|pl?h?|hl|hm|hn|ny|hny|xy|ml|nr|nq|nk|nts|ntx|np|npl))"
    r"?(?:aa|ee|oo|ia|ai|au|aw|ua|[aeiouw])[bjvsgmd]\Z"
)
"""A syllable of the Romanized Popular Alphabet: tone is a final letter (b j v s g m d)."""
HMONG_ONLY: Final = re.compile(
    r"(?:\A(?:nt|ntx|nts|npl?|nq|nk|nr|hl|hm|hn|ny|xy|tx|txh|qh|dl)[aeiouw])|(?:oo|ee)[bjvsgmd]\Z"
)
SOMALI_ONLY: Final = re.compile(
    r"(?:aa|ii|uu|oo).{0,12}(?:aa|ii|uu|oo|dh|x|q)|(?:dh|x|q)(?:aa|ii|uu|oo)"
    r"|(?:aan|aad|tay|kii|tii)\Z"
)
"""Doubled vowels and dh, x, q of Somali spelling, two signs in one word."""
ENGLISH: Final = ("ing", "tion", "ness", "ers", "ly")
"""Endings that speak for English where no list holds the word."""


@cache
def _words() -> dict[str, tuple[tuple[str, int], ...]]:
    text = (files("extractors") / "data" / "language_words.tsv").read_text(encoding="utf-8")
    table: dict[str, dict[str, int]] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        language, weight, words = line.split("\t")
        for word in words.split():
            known = table.setdefault(word, {})
            known[language] = max(known.get(language, 0), int(weight))
    return {word: tuple(sorted(known.items())) for word, known in table.items()}


def _distinct(text: str) -> set[str]:
    """Return the words of a text once each, so that ``yo yo yo`` is no Spanish."""
    matches = islice(WORD.finditer(text), WORDS_MAX)
    return {match.group().lower() for match in matches}


def _scores(text: str) -> dict[str, int]:
    """Return the points of each language in a text."""
    table = _words()
    scores = {"en": 0, "es": 0, "hmn": 0, "so": 0}
    for word in _distinct(text):
        known = table.get(word)
        if known is not None:
            for language, weight in known:
                scores[language] += weight
        elif not word.isascii():
            if any(letter in "ñáíóúé" for letter in word):
                scores["es"] += 1
        elif len(word) >= 3:
            if HMONG_ONLY.search(word) and HMONG.search(word):
                scores["hmn"] += 1
            elif SOMALI_ONLY.search(word):
                scores["so"] += 1
            elif len(word) >= 5 and word.endswith(ENGLISH):
                scores["en"] += 1
    if "¿" in text or "¡" in text:
        scores["es"] += 2
    return scores


def _best(scores: dict[str, int], need: int) -> str | None:
    """Return the language with the most points, None when too few or no lead."""
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    (first, most), (_, second) = ranked[0], ranked[1]
    if most < need or most <= second or (most - second) * 4 < most:
        return None
    return first


def tag(text: str) -> str | None:
    """Return the language of a text.

    Args:
        text: a record's text.

    Returns:
        A BCP 47 tag (``en``, ``es``, ``hmn``, ``so``): of a mixed text the language with the
        largest share; None when the text is too short or not clear.
    """
    scores = _scores(text)
    present = [language for language, points in scores.items() if points >= NEED]
    if len(present) < 2:
        return _best(scores, NEED)
    share: dict[str, int] = {}
    for start, end, language in spans(text):
        share[language] = share.get(language, 0) + end - start
    if not share:
        return _best(scores, NEED)
    return min(share, key=lambda language: (-share[language], language))


def spans(text: str) -> list[tuple[int, int, str]]:
    """Return the clauses of a text with their language; unclear ones take the one before.

    Returns:
        ``(start, end, tag)`` with half-open code points, in order, neighbours of one language
        joined; empty when no clause is clear.
    """
    parts: list[tuple[int, int, str]] = []
    for match in CLAUSE.finditer(text):
        piece = match.group()
        if not piece.strip():
            continue
        start = match.start() + len(piece) - len(piece.lstrip())
        end = match.end() - (len(piece) - len(piece.rstrip()))
        language = _best(_scores(piece), NEED)
        same = parts and (language is None or language == parts[-1][2])
        if same and text.find("\n", parts[-1][1], start) < 0:
            parts[-1] = (parts[-1][0], end, parts[-1][2])
            continue
        if language is not None:
            parts.append((start, end, language))
    return parts
