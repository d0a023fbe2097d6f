"""Coordinates in decimal and sexagesimal notation, and those inside map links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

from extractors.base import CERTAIN, LIKELY, SEEN, STRONG
from extractors.normalise.place import address_value, coordinate_value
from extractors.place_types import Place, PlaceSpan, Taken
from schemas.kinds import PlaceKind

DECIMAL_PAIR = re.compile(
    r"(?<![\w.,$€£+-])(?P<lat>[+-]?\d{1,2}\.\d{1,12})°?"
    r"(?P<gap>\s{0,2}[,;/|]\s{0,2}|%2C|\s{1,2})"
    r"(?P<lon>[+-]?\d{1,3}\.\d{1,12})°?(?![\w%$€£]|[.,]\d)"
)
"""Two decimal numbers, latitude first (ISO 6709 order), as telephones share a position."""

FINE = 3
"""Decimals from which two plain numbers are taken for a position: prices and scores have fewer."""

MARKED = re.compile(
    r"(?<![\w.°'])(?:(?P<before>[NSEW])[ ]?)?(?P<sign>[+-][ ]?)?"
    r"(?P<deg>\d{1,3}(?:[.,]\d{1,10})?)[ ]?(?:[°º˚]|(?:deg|Deg|DEG|d|D)(?=[ ]?-?[ ]?\d))[ ]?"
    r"(?:-?[ ]?(?P<min>\d{1,2}(?:[.,]\d{1,10})?)[ ]?(?:'(?!')|[′’ʹ`]|m(?![a-z])|min)?[ ]?"
    r"(?:-?[ ]?(?P<sec>\d{1,2}(?:[.,]\d{1,10})?)[ ]?(?:\"|[″”]|''|’’|′′|s(?![a-z]))?)?)?"
    r"(?(before)|(?:[ ]{0,2}(?P<after>[NSEWnsew]|[Nn]orth|[Ss]outh|[Ee]ast|[Ww]est)(?!\w))?)"
)
"""Degrees with a degree mark or ``d``; minutes and seconds with or without theirs."""

SPACED = re.compile(
    r"(?<![\w.°'])(?:(?P<before>[NSEW])[ ]?)?(?P<sign>[+-][ ]?)?"
    r"(?P<deg>\d{1,3})[ -](?P<min>\d{1,2}(?:\.\d{1,10})?)(?:'(?!')|[′’]|m(?![a-z]))?"
    r"(?:[ -](?P<sec>\d{1,2}(?:\.\d{1,10})?)(?:\"|[″”]|''|s(?![a-z]))?)?"
    r"(?(before)|(?:[ ]?(?P<after>[NSEW])(?!\w))?)"
)
"""Degrees, minutes and seconds parted by blanks or hyphens, with a hemisphere letter."""

LETTERED = re.compile(
    r"(?<![\w.°'])(?:(?P<before>[NSEW])[ ]?)?(?P<sign>[+-][ ]?)?"
    r"(?P<deg>\d{1,3}\.\d{1,12})(?(before)|(?:[ ]?(?P<after>[NSEWnsew])(?!\w))?)(?!\w|\.\d)"
)
"""Decimal degrees with a hemisphere letter before or after."""

GATE = re.compile(
    r"\d[.,]\d|[°º˚′″]|\d['’\"m][ ]?\d|\d[ ]?d(?:eg)?[ ]?-?[ ]?\d|(?<!\w)[NSEW][ ]?\d"
    r"|\d['’\"s]?[ ]?[NSEW](?!\w)",
    re.IGNORECASE,
)
"""What every position written as numbers holds."""

PIECE = re.compile(
    r"\d[.,]\d|[°º˚′″]|\d['’\"m](?:\d|$)|\dd|^d(?:eg)?(?:$|-|\d)|(?<!\w)[nsew](?:\d|(?!\w))"
    r"|\d['’\"s]?[nsew](?!\w)",
    re.IGNORECASE,
)
"""What :data:`GATE` finds as far as one piece between blanks shows it."""

MARKS = re.compile(r"['′’\"″”.]|\d[ms](?![a-z])")
FOLLOWED = re.compile(r"[ ]?\d")
BETWEEN = re.compile(r"[\s,;/|]{0,5}")
ENDS = re.compile(r"\s*(?:$|[.,;!?)\n])")

MAP_HOST = re.compile(
    r"(?:https?://|www\.)?(?:[\w-]{1,30}\.)?(?:google\.[a-z.]{2,6}/maps|maps\.google\.[a-z.]{2,6}"
    r"|maps\.apple\.com|maps\.app\.goo\.gl|waze\.com|bing\.com/maps|openstreetmap\.org)"
    r"[^\s<>\"]{0,1500}|geo:[^\s<>\"]{3,80}",
    re.IGNORECASE,
)
"""Links of the common map services, and the geo scheme (RFC 5870)."""

MAP_WORD = re.compile(r"maps|geo:|waze|openstreetmap", re.IGNORECASE)
"""What every such link holds."""

LINK_PAIR = re.compile(
    r"(?P<lat>-?\d{1,2}\.\d{2,15})(?:,|%2C|/|!4d|&lon=|&mlon=)(?:\+"
    r"|%20)?(?P<lon>-?\d{1,3}\.\d{2,15})",
    re.IGNORECASE,
)
LINK_QUERY = re.compile(
    r"(?:[?&](?:q|query|daddr|saddr|address|destination)=|/maps/(?:place|search|dir)/)"
    r"(?P<name>[^&/@#\s]{3,200})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Angle:
    """One coordinate of a pair."""

    start: int
    end: int
    degrees: float
    axis: str
    """``lat``, ``lon`` or empty when no hemisphere letter tells."""
    is_plain: bool
    is_bare: bool
    """Whether neither a mark nor decimals speak for an angle: it needs its other axis."""


def find_coordinates(text: str) -> Iterator[PlaceSpan]:
    """Yield positions written as numbers, pairs and single angles, in any order."""
    if not GATE.search(text):
        return
    taken = Taken()
    for match in DECIMAL_PAIR.finditer(text):
        span = _decimal(match)
        if span:
            taken.add(span.start, span.end)
            yield span
    yield from _paired(text, _angles(text, taken))


def find_map_links(text: str) -> Iterator[PlaceSpan]:
    """Yield the position, or else the searched name, inside each map link."""
    if not MAP_WORD.search(text):
        return
    for link in MAP_HOST.finditer(text):
        pair = LINK_PAIR.search(text, link.start(), link.end())
        if pair and _on_earth(float(pair["lat"]), float(pair["lon"])):
            yield _position(
                pair.start(), pair.end(), "location:map_link",
                float(pair["lat"]), float(pair["lon"]), CERTAIN,
            )  # fmt: skip
            continue
        query = LINK_QUERY.search(text, link.start(), link.end())
        if query:
            name = address_value(unquote_plus(query["name"]))
            kind = PlaceKind.ADDRESS if name[:1].isdigit() else PlaceKind.VENUE
            yield PlaceSpan(
                query.start("name"), query.end("name"), "location:map_link_name", kind, name,
                value=name, confidence=STRONG,
            )  # fmt: skip


def _decimal(match: re.Match[str]) -> PlaceSpan | None:
    lat, lon = match["lat"], match["lon"]
    latitude, longitude = float(lat), float(lon)
    if not _on_earth(latitude, longitude):
        return None
    decimals = min(len(lat.partition(".")[2]), len(lon.partition(".")[2]))
    signed = lat[0] in "+-" or lon[0] in "+-"
    if decimals < FINE and not signed:
        return None
    confidence = CERTAIN if decimals > FINE and signed else STRONG if decimals >= FINE else SEEN
    return _position(
        match.start(), match.end(), "location:decimal_pair", latitude, longitude, confidence
    )


def _angles(text: str, taken: Taken) -> list[Angle]:
    found: list[Angle] = []
    for pattern, plain in ((MARKED, False), (SPACED, False), (LETTERED, True)):
        for match in pattern.finditer(text):
            angle = _angle(text, match, plain)
            if angle and not taken.overlaps(angle.start, angle.end):
                taken.add(angle.start, angle.end)
                found.append(angle)
    return sorted(found, key=lambda angle: angle.start)


def _angle(text: str, match: re.Match[str], plain: bool) -> Angle | None:
    parts = match.groupdict()
    letter = (parts["before"] or parts["after"] or "").upper()[:1]
    minutes, seconds = parts.get("min"), parts.get("sec")
    if text[match.end() : match.end() + 1] in (":", "]", "-"):
        return None
    if match.re is MARKED:
        if not letter and not minutes:
            return None  # 20 degrees is weather
    elif not letter:
        # no mark of degrees: only marks of both minutes and seconds speak for an angle
        if not (seconds and re.search(r"['′’m]\D*\d[\d.]*(?:\"|[″”]|''|s)$", match.group())):
            return None
    elif match.re is SPACED and not seconds and "-" in match.group():
        return None
    elif (parts["after"] or "").islower() and not ENDS.match(text, match.end()):
        return None  # 20.50 w shipping
    value = abs(float(parts["deg"].replace(",", ".")))
    for share, part in ((60, minutes), (3600, seconds)):
        if part:
            amount = float(part.replace(",", "."))
            if amount >= 60:
                return None
            value += amount / share
    axis = "lat" if letter in ("N", "S") else "lon" if letter else ""
    if value > (90 if axis == "lat" else 180):
        return None
    if letter in ("S", "W") or (not letter and (parts["sign"] or "").startswith("-")):
        value = -value
    end = match.start() + len(match.group().rstrip())
    is_bare = (
        match.re is SPACED
        and MARKS.search(match.group()) is None
        and not (_has_two_digits(parts) and not FOLLOWED.match(text, match.end()))
    )
    return Angle(match.start(), end, value, axis, plain, is_bare)


def _has_two_digits(parts: dict[str, str | None]) -> bool:
    """Whether a letter closes an angle of parts of two digits: ``44 58 N``, not ``S 5 5 0``."""
    written = (parts["min"], parts.get("sec") or "00")
    return bool(parts["after"]) and all(part and len(part) == 2 for part in written)


def _paired(text: str, angles: list[Angle]) -> Iterator[PlaceSpan]:
    index = 0
    while index < len(angles):
        first = angles[index]
        second = angles[index + 1] if index + 1 < len(angles) else None
        if second and _fits(text, first, second):
            latitude, longitude = first.degrees, second.degrees
            if first.axis == "lon" or second.axis == "lat":
                latitude, longitude = longitude, latitude
            if _on_earth(latitude, longitude):
                confidence = CERTAIN if first.axis and second.axis else STRONG
                yield _position(
                    first.start, second.end, "location:angle_pair", latitude, longitude, confidence
                )
                index += 2
                continue
        if not first.is_bare:
            yield PlaceSpan(
                first.start, first.end, "location:angle", PlaceKind.COORDINATE,
                text[first.start : first.end], confidence=SEEN if first.is_plain else LIKELY,
                detail="one coordinate of two",
            )  # fmt: skip
        index += 1


def _fits(text: str, first: Angle, second: Angle) -> bool:
    between = BETWEEN.fullmatch(text, first.end, second.start)
    return between is not None and (first.axis != second.axis or not first.axis)


def _position(
    start: int, end: int, rule: str, latitude: float, longitude: float, confidence: float
) -> PlaceSpan:
    value = coordinate_value(latitude, longitude)
    place = Place(PlaceKind.COORDINATE, value, latitude=latitude, longitude=longitude)
    return PlaceSpan(start, end, rule, PlaceKind.COORDINATE, value, value, place, confidence)


def _on_earth(latitude: float, longitude: float) -> bool:
    return abs(latitude) <= 90 and abs(longitude) <= 180
