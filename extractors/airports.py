"""Airports by their codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from extractors.base import STRONG
from extractors.place_types import Place, PlaceSpan
from schemas.kinds import PlaceKind

CUES = re.compile(
    r"\b(?:fly|flying|flew|flights?|land|landed|landing|airport|terminal|gate|plane|layover|boarding|arrivals?|"
    r"departures?|baggage|pick(?:ed)?\s(?:\w+\s)?up|drop(?:ped|ping)?|delta|spirit|southwest|sun\scountry|uber|lyft|vuelo|aeropuerto|tsa|"
    r"to|from|in|out of|->)\b",
    re.IGNORECASE,
)
"""Words of flying: one must be in the message of a code that is also a word or a short form."""

FLY = re.compile(
    r"\b(?:fly|flying|flew|flights?|land|landed|landing|airport|terminal|gate|plane|layover|boarding|vuelo|aeropuerto|tsa)\b",
    re.IGNORECASE,
)


@cache
def _table() -> dict[str, tuple[Place, bool]]:
    file = resources.files("extractors") / "data" / "places_airports.tsv"
    table: dict[str, tuple[Place, bool]] = {}
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, name, city, state, country, latitude, longitude, free = line.split("\t")
        place = Place(
            PlaceKind.AIRPORT, name, city, None, state or None, country,
            float(latitude) if latitude else None, float(longitude) if longitude else None,
        )  # fmt: skip
        table[code.lower()] = (place, free == "1")
    return table


@cache
def _pattern() -> re.Pattern[str]:
    codes = "|".join(re.escape(code).replace("'", "['’]") for code in sorted(_table(), key=len, reverse=True))
    return re.compile(rf"(?<![\w@#./'’])(?P<code>{codes})(?P<word>\s(?:airport|intl|international(?:\sairport)?))?(?!\w|['’]\w|\.\w)", re.IGNORECASE)


def find_airports(text: str) -> Iterator[PlaceSpan]:
    """Yield airport codes, and ``code airport``; codes that are words need capitals and flying."""
    for match in _pattern().finditer(text):
        code = match["code"]
        place, is_free = _table()[code.lower().replace("’", "'")]
        is_upper = code.isupper() and not text.isupper()
        long = len(code) > 3  # noqa: PLR2004
        if not (match["word"] or long or (is_free and is_upper) or (is_upper and FLY.search(text)) or (is_free and CUES.search(text))):
            continue
        yield PlaceSpan(
            match.start(), match.end(), "location:airport", PlaceKind.AIRPORT, place.name,
            f"{place.name}, {place.country}" if not place.state else f"{place.name}, {place.city}, {place.state}, {place.country}",
            place, STRONG,
        )  # fmt: skip
