"""The list of places: longest match over the words of a text, and choosing among namesakes."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from extractors.place_types import Place, Token
from schemas.kinds import PlaceKind

MAX_WORDS = 6
"""Longest name looked for, in words; longer ones hold a shorter name."""

GAP = 3
"""Most characters between two words of one name (``St. Paul``)."""

HOME = {"MN": 1.2, "WI": 0.8, "IA": 0.6, "ND": 0.7, "SD": 0.6, "IL": 0.3}
"""Decades of population by which a namesake in the home region is preferred: with 1.2,
Rochester MN beats Rochester NY (twice as large), and Austin TX still beats Austin MN (40 times)."""

REGION_BONUS = 0.5
"""The same for a place in the case's own country."""

NEIGHBOUR_BONUS = 1.5
"""The same for a place in a state or country named nearby."""

SETTLED = 1.0
"""Decades of population by which a place outweighs its namesakes for good: ten times the people."""

NOMINAL = {PlaceKind.COUNTRY: 7.0, PlaceKind.STATE: 6.7, PlaceKind.COUNTY: 5.0}
"""Weight of places listed without population, in decades."""


@dataclass(frozen=True, slots=True)
class Match:
    """A listed name in a text."""

    first: int
    """Index of its first token."""
    last: int
    """Index of its last token."""
    key: str
    base: int
    """How freely the name is taken (SOURCES_places.md)."""
    places: tuple[Place, ...]


class Gazetteer:
    """Names, places, and the words by which a text is passed over."""

    def __init__(self, packed: bytes) -> None:
        """Read the compiled file made by :mod:`extractors.build.gazetteer`."""
        body, heads, low, high = gzip.decompress(packed).decode().split("\f")
        self._rows: dict[str, str] = {}
        for line in body.split("\n"):
            key, _, rest = line.partition("\t")
            self._rows[key] = rest
        words = heads.split()
        self._longest = dict(zip(words[::2], map(int, words[1::2]), strict=True))
        self.triggers = frozenset(low.split())
        """Words one of which stands in every name that may be written in lower case."""
        self.ordinary = frozenset(high.split())
        """The same for names that are ordinary words and need a capital or a state."""
        self.seconds = self._seconds()
        """By the first word of names of several words: their second words."""
        self.lookup = lru_cache(maxsize=8192)(self._lookup)

    def _seconds(self) -> dict[str, set[str]]:
        seconds: dict[str, set[str]] = {word: set() for word in self._longest}
        for key in self._rows:
            if " " in key:
                first, second = key.split(" ", 2)[:2]
                seconds[first].add(second)
        return seconds

    def base(self, key: str) -> int | None:
        """Return how freely a name is taken, without reading its places; None = not listed."""
        row = self._rows.get(key)
        return None if row is None else int(row[: row.index("\t")])

    def may_begin(self, word: str) -> bool:
        """Whether a listed name is, or begins with, a folded word."""
        return word in self._rows or word in self._longest

    def _lookup(self, key: str) -> tuple[int, tuple[Place, ...]] | None:
        """Return base and places of a key, or None."""
        row = self._rows.get(key)
        if row is None:
            return None
        base, _, places = row.partition("\t")
        return int(base), tuple(_place(place) for place in places.split(";"))

    def __contains__(self, key: str) -> bool:
        """Whether a key is listed."""
        return key in self._rows

    def matches(self, text: str, tokens: Sequence[Token]) -> Iterator[Match]:
        """Yield the listed names in a text, longest first at each word, without overlap."""
        index = 0
        while index < len(tokens):
            match = self.match_at(text, tokens, index)
            if match is None:
                index += 1
            else:
                yield match
                index = match.last + 1

    def match_at(self, text: str, tokens: Sequence[Token], index: int) -> Match | None:
        """Return the longest listed name that begins at one word, or None."""
        word = tokens[index].key
        limit = min(self._longest.get(word, 1), MAX_WORDS, len(tokens) - index)
        if limit > 1 and tokens[index + 1].key not in self.seconds[word]:
            limit = 1
        keys = [word]
        for offset in range(1, limit):
            token, before = tokens[index + offset], tokens[index + offset - 1]
            gap = text[before.end : token.start]
            if len(gap) > GAP or not _is_joint(gap):
                break
            keys.append(f"{keys[-1]} {token.key}")
        for offset in range(len(keys) - 1, -1, -1):
            found = self.lookup(keys[offset]) if keys[offset] in self._rows else None
            if found:
                base, places = found
                return Match(index, index + offset, keys[offset], base, places)
        return None


@cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer, read once on first use."""
    file = resources.files("extractors") / "data" / "places.tsv.gz"
    return Gazetteer(file.read_bytes())


def choose(places: Sequence[Place], region: str, nearby: Mapping[str, int] | None = None) -> Place:
    """Return the likeliest of several places of one name.

    Args:
        places: namesakes, at least one.
        region: ISO 3166 country of the case.
        nearby: states (``US-MN``) and countries (``HN``) named near it, with how often.

    Returns:
        The place with the most people after the bonuses for region and neighbours; of equals,
        the one listed first.
    """
    return max(places, key=lambda place: weight(place, region, nearby or {}))


def is_settled(places: Sequence[Place], region: str) -> bool:
    """Whether one of several namesakes outweighs the others whatever stands near."""
    if len(places) == 1:
        return True
    weights = sorted((weight(place, region, {}) for place in places), reverse=True)
    return weights[0] - weights[1] >= SETTLED


def weight(place: Place, region: str, nearby: Mapping[str, int]) -> float:
    """Return how likely a place is meant, in decades of population."""
    people = math.log10(place.population + 10)
    score = max(people, NOMINAL.get(place.kind, 0.0) if not place.population else 0.0)
    if place.country == region:
        score += REGION_BONUS
        if region == "US":
            score += HOME.get(place.state or "", 0.0) if place.kind is PlaceKind.CITY else 0.0
    if place.population <= 1_000 and place.city != place.name:
        score += HOME.get(place.state or "", 0.0)
    for area in areas(place):
        if area in nearby:
            score += NEIGHBOUR_BONUS + 0.1 * min(nearby[area], 5)
    return score


def areas(place: Place) -> tuple[str, ...]:
    """Return the areas that make a namesake in them likelier: its state, or its country."""
    if place.state and place.country:
        return (f"{place.country}-{place.state}",)
    return (place.country,) if place.country and place.country != "US" else ()


def _is_joint(gap: str) -> bool:
    return bool(gap) and all(char in " .'’-\u00a0" for char in gap)


def _place(row: str) -> Place:
    kind, name, city, county, state, country, latitude, longitude, people = row.split("|")
    kinds = {"region": PlaceKind.STATE, "area": PlaceKind.CITY}
    return Place(
        kind=kinds.get(kind) or PlaceKind(kind),
        name=name,
        city=city or None,
        county=county or None,
        state=state or None,
        country=country or None,
        latitude=float(latitude) if latitude else None,
        longitude=float(longitude) if longitude else None,
        population=int(people or 0),
    )
