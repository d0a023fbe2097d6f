"""The language of a text, as a hint that an interpreter is needed; never a filter."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Final

from extractors.gate import Memo, pieces

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
SHIFTS: Final = {"en": 0, "es": 12, "hmn": 24, "so": 36}
"""Where the points of a language stand in one number: additions of words need no loop over four."""
MASK: Final = (1 << 12) - 1
"""More than :data:`WORDS_MAX` words can give, at nine points at most."""
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


def _points(word: str) -> int:
    """Return the points that a word in lower case gives, those of each language in its own bits."""
    known = _words().get(word)
    if known is not None:
        return sum(weight << SHIFTS[language] for language, weight in known)
    if not word.isascii():
        return 1 << SHIFTS["es"] if any(letter in "ñáíóúé" for letter in word) else 0
    if len(word) < 3:
        return 0
    if HMONG_ONLY.search(word) and HMONG.search(word):
        return 1 << SHIFTS["hmn"]
    if SOMALI_ONLY.search(word):
        return 1 << SHIFTS["so"]
    return 1 << SHIFTS["en"] if len(word) >= 5 and word.endswith(ENGLISH) else 0


def _speaking(piece: str) -> dict[str, int]:
    """Return the words of a piece that give points, with them."""
    words = {match.group().lower() for match in islice(WORD.finditer(piece), WORDS_MAX)}
    return {word: points for word in words if (points := _points(word))}


SPEAKING: Final = Memo(_speaking)


def _packed(text: str) -> int:
    """Return the points of all languages in a text, each in its own bits.

    Each word counts once, so that ``yo yo yo`` is no Spanish.
    """
    if len(text) < 2 * WORDS_MAX:  # a sign between two words: not more than WORDS_MAX of them
        found: dict[str, int] = {}
        for held in map(SPEAKING.__getitem__, pieces(text)):
            if held:
                found.update(held)
    else:
        found = _speaking(text)
    marked = 2 << SHIFTS["es"] if "¿" in text or "¡" in text else 0
    return sum(found.values()) + marked


def _scores(packed: int) -> dict[str, int]:
    return {language: packed >> shift & MASK for language, shift in SHIFTS.items()}


def _best(scores: dict[str, int], need: int) -> str | None:
    """Return the language with the most points, None when too few or no lead."""
    *_, second, most = sorted(scores.values())
    if most < need or most <= second or (most - second) * 4 < most:
        return None
    return max(scores, key=scores.__getitem__)


def tag(text: str) -> str | None:
    """Return the language of a text.

    Args:
        text: a record's text.

    Returns:
        A BCP 47 tag (``en``, ``es``, ``hmn``, ``so``): of a mixed text the language with the
        largest share; None when the text is too short or not clear.
    """
    packed = _packed(text)
    if packed <= MASK:  # English alone
        return "en" if packed >= NEED else None
    scores = _scores(packed)
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
        language = _best(_scores(_packed(piece)), NEED)
        same = parts and (language is None or language == parts[-1][2])
        if same and text.find("\n", parts[-1][1], start) < 0:
            parts[-1] = (parts[-1][0], end, parts[-1][2])
            continue
        if language is not None:
            parts.append((start, end, language))
    return parts
