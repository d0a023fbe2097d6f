"""Values of places: one line that names a place the same way however it was written."""

from __future__ import annotations

import re

from extractors.place_types import Place
from schemas.facts import PlaceFacts
from schemas.kinds import PlaceKind

BLANKS = re.compile(r"[\s,]*[\n\r][\s,]*|\s{2,}")
SPACES = re.compile(r"\s+")

DEGREES_KEPT = 6
"""Decimal places of a coordinate: a tenth of a metre, finer than any telephone."""

PRECISION = {
    PlaceKind.CITY: "city",
    PlaceKind.COUNTY: "county",
    PlaceKind.STATE: "state",
    PlaceKind.COUNTRY: "country",
    PlaceKind.AIRPORT: "venue",
    PlaceKind.VENUE: "venue",
    PlaceKind.COORDINATE: "coordinate",
}


def place_value(place: Place) -> str:
    """Return the name of a gazetteer place with the larger places it lies in.

    ``Fridley, MN, US``; ``Uptown, Minneapolis, MN, US``; ``Minnesota, US``; ``Honduras``.
    """
    parts = [place.name]
    if place.city and place.city != place.name:
        parts.append(place.city)
    if place.state and place.kind is not PlaceKind.STATE:
        parts.append(place.state)
    if place.country and place.kind is not PlaceKind.COUNTRY:
        parts.append(place.country)
    return ", ".join(parts)


def address_value(surface: str) -> str:
    """Return an address in one line: line ends become commas, blanks are single."""
    line = BLANKS.sub(", ", surface) if "\n" in surface or "\r" in surface else surface
    return SPACES.sub(" ", line).strip(" ,")


def coordinate_value(latitude: float, longitude: float) -> str:
    """Return ``lat,lon`` in decimal degrees, at most six places, no needless zeros."""
    return f"{_degrees(latitude)},{_degrees(longitude)}"


def place_facts(kind: PlaceKind, name: str, place: Place | None) -> PlaceFacts:
    """Return the typed columns of a mention of a place.

    Args:
        kind: what the mention names (an address may lie in a known city).
        name: the place as the text or the gazetteer names it.
        place: the gazetteer entry it is, or lies in; None when there is none.

    Returns:
        Facts with None for all that neither text nor gazetteer states.
    """
    if place is None:
        return PlaceFacts(name, kind)
    precision = PRECISION.get(kind, "city")
    if place.latitude is None:
        precision = ""
    elif (kind is PlaceKind.VENUE and place.name != name) or (
        kind in (PlaceKind.VENUE, PlaceKind.CITY) and place.city and place.city != place.name
    ):
        precision = "city"
    return PlaceFacts(
        place_name=name,
        place_kind=kind,
        city=place.city,
        county=place.county,
        state=place.state,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        precision=precision or None,
    )


def _degrees(angle: float) -> str:
    text = f"{angle:.{DEGREES_KEPT}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
