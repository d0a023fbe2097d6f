"""Airports by their codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from extractors.base import LIKELY, STRONG
from extractors.gazetteer import gazetteer
from extractors.normalise.place import place_value
from extractors.place_types import Place, PlaceSpan
from extractors.place_words import is_ordinary
from schemas.kinds import PlaceKind

FLYING = re.compile(
    r"\b(?:fly|flying|flew|flights?|land|landed|landing|airport|terminal|gate|plane|layover|"
    r"boarding|vuelo|aeropuerto|tsa)\b",
    re.IGNORECASE,
)
"""Words of flying: one must be in the message of a code that is also a word or a short form."""

NEAR = re.compile(
    r"\b(?:to|from|in|into|out[ ]of|at|leaving|picked?[ ]\w{1,8}[ ]up|dropp?(?:ed|ing)?|delta"
    r"|spirit|"
    r"southwest|uber|lyft)\b",
    re.IGNORECASE,
)
"""Weaker words, enough for a code that is no word."""

ARRIVAL = re.compile(
    r"\b(?:(?:flew|fly|flying|flies|land|lands|landed|landing)[ ](?:in[ ]?to|in|out[ ]of|at|from)"
    r"|(?:shuttle|gate|terminal|layover|baggage[ ]claim|arrivals|departures)"
    r"[ ](?:at|from|to|in))[ ]$",
    re.IGNORECASE,
)
"""Words directly after which three letters in lower case are an airport's too."""

ARRIVAL_REACH = 24
"""Characters before a code within which they stand."""

TERMINAL = re.compile(
    r"\b(?:at|to|by|from|@|near)[ ](?P<name>terminal[ ](?:\d|[a-h])(?!\w))", re.IGNORECASE
)
NEXT_WORD = re.compile(r"\s([^\W\d_]+)")
CODE_LENGTH = 3


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
def airport_words() -> frozenset[str]:
    """Return the last words of all codes: one of them is in every text that names an airport."""
    return frozenset(re.split(r"[' ]", code)[-1] for code in _table()) | {"terminal"}


@cache
def _pattern() -> re.Pattern[str]:
    codes = sorted(_table(), key=lambda code: (-len(code), code))
    names = "|".join(re.escape(code).replace("'", "['’]") for code in codes)
    return re.compile(
        rf"(?<![\w@#./'’])(?P<code>{names})(?P<word>\s(?:airport|intl"
        rf"|international(?:\sairport)?))?"
        r"(?!\w|['’]\w|\.\w)",
        re.IGNORECASE,
    )


def _is_arrival(text: str, match: re.Match[str]) -> bool:
    """Whether a code that is no word directly follows words of arriving, and opens no name."""
    code, start = match["code"].lower(), match.start()
    if is_ordinary(code) or not ARRIVAL.search(text[max(0, start - ARRIVAL_REACH) : start]):
        return False
    after = NEXT_WORD.match(text, match.end())
    return after is None or f"{code} {after[1].lower()}" not in gazetteer()


def find_airports(text: str) -> Iterator[PlaceSpan]:
    """Yield airport codes, ``code airport``, and terminals by number.

    Codes that are words need capitals and a word of flying in the text.
    """
    for match in TERMINAL.finditer(text):
        start, end = match.span("name")
        name = match["name"].lower()
        yield PlaceSpan(start, end, "location:terminal", PlaceKind.AIRPORT, name, confidence=LIKELY)
    for match in _pattern().finditer(text):
        code = match["code"]
        place, is_free = _table()[code.lower().replace("’", "'")]
        is_upper = code.isupper() and not text.isupper()
        if (
            match["word"]
            or len(code) > CODE_LENGTH
            or (is_free and (is_upper or NEAR.search(text) or FLYING.search(text)))
            or (is_upper and FLYING.search(text))
            or _is_arrival(text, match)
        ):
            yield PlaceSpan(
                match.start(), match.end(), "location:airport", PlaceKind.AIRPORT, place.name,
                place_value(place), place, STRONG,
            )  # fmt: skip
