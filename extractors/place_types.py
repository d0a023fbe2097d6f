"""What the place modules share: tokens, places, and spans before they become hits."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from extractors.base import STRONG
from schemas.kinds import PlaceKind

WORD = re.compile(r"(?<!\w)[^\W\d_]++(?![\d_])")
"""A run of letters beside no digit. Dots, apostrophes, hyphens part it: ``O'Fallon`` is two."""

MARKS = re.compile(r"[\u0300-\u036f]+")
"""Combining diacritical marks, left over by decomposition."""


class Token(NamedTuple):
    """A word of a text and the form under which the gazetteer lists it.

    A tuple because one is made for every word: a frozen dataclass takes three times as long.
    """

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the gazetteer."""

    kind: PlaceKind
    name: str
    city: str | None = None
    county: str | None = None
    state: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    """People, for choosing among namesakes only; 0 when not known."""


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """A place found in a text before it is a hit."""

    start: int
    end: int
    rule: str
    kind: PlaceKind
    name: str
    value: str | None = None
    place: Place | None = None
    confidence: float = STRONG
    detail: str = ""


class Taken:
    """Spans without overlap, kept sorted: asking and adding take logarithmic time."""

    def __init__(self) -> None:
        """Begin with none."""
        self._starts: list[int] = []
        self._ends: list[int] = []

    def overlaps(self, start: int, end: int) -> bool:
        """Whether a span shares a character with one of them."""
        index = bisect_left(self._starts, end)
        return index > 0 and self._ends[index - 1] > start

    def add(self, start: int, end: int) -> None:
        """Add a span that overlaps none."""
        index = bisect_left(self._starts, start)
        self._starts.insert(index, start)
        self._ends.insert(index, end)


def word_set(words: str) -> frozenset[str]:
    """Return the words of a line as a set: how word lists are written here."""
    return frozenset(words.split())


def fold(word: str) -> str:
    """Return a word lower case and without accents, as gazetteer keys are written."""
    if word.isascii():
        return word.lower()
    return MARKS.sub("", unicodedata.normalize("NFKD", word)).lower()


def tokenise(text: str) -> Iterator[Token]:
    """Yield the words of a text in order, with code-point spans into the text itself."""
    for match in WORD.finditer(text):
        start, end = match.span()
        yield Token(start, end, fold(text[start:end]))


def place_key(name: str) -> str:
    """Return the key of a name: its folded words joined by single blanks."""
    return " ".join(fold(word) for word in WORD.findall(name))
