"""The map of places that records name: outlines of states or countries, cities as circles."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipeline.explore.places import COUNTRIES, STATES, outlines
from pipeline.report.counts.figure_data import Spot
from pipeline.report.drawing.charts import INK, WIDTH, Spec
from pipeline.report.drawing.labels import Dot, placed, shown

HEIGHT = 440
NAMED = 20
"""Cities named on the map, at most."""
HOME = (24, 50, -125, -66)
"""South, north, west, east: where the outlines of states are of use."""
_FULL = 30
"""Mentions from which circles are drawn to scale with the largest: few ones stay small."""
_LEAST = 3.0
"""Degrees a map shows at least: nothing nearer than a region."""


def drawable(spots: Sequence[Spot]) -> tuple[list[Spot], bool]:
    """Return the places that the map shows, and whether it is one of states.

    Where most mentions lie in the contiguous United States the map shows these only.
    """
    known = [spot for spot in spots if spot.latitude is not None and spot.longitude is not None]
    home = [spot for spot in known if _is_home(spot)]
    if 2 * sum(spot.mentions for spot in home) > sum(spot.mentions for spot in known):
        return home, True
    return known, False


def map_of(spots: Sequence[Spot], *, of_states: bool) -> Spec:
    """Draw places on a map that holds them all.

    Args:
        spots: with coordinates, those with most mentions first.
        of_states: whether the outlines are those of states, or of countries.
    """
    box = _frame(spots)
    scale = _scale(box)
    middle = ((box[2] + box[3]) / 2, _turned((_north(box[0]) + _north(box[1])) / 2))
    most = max(_FULL, *(spot.mentions for spot in spots))
    dots = []
    for spot in spots:
        left, top = _at(spot.longitude or 0.0, spot.latitude or 0.0, middle, scale)
        radius = 2.5 + 14 * math.sqrt(spot.mentions / most)
        name = "" if spot.is_point else f"{shown(spot.name, 22)} ({spot.mentions:,})"
        dots.append(Dot(left, top, radius, name))
    texts = placed(dots, 11, (0, 0, WIDTH, HEIGHT))
    named = [
        {"x": round(at.x, 1), "y": round(at.y, 1), "text": dot.text, "anchor": at.anchor}
        for dot, at in zip(dots, texts, strict=True)
        if at is not None and dot.text
    ][:NAMED]
    name, feature = (STATES, "states") if of_states else (COUNTRIES, "countries")
    x: Spec = {"field": "x", "type": "quantitative", "scale": None, "axis": None}
    y: Spec = {"field": "y", "type": "quantitative", "scale": None, "axis": None}
    signs = [
        {"x": round(dot.x, 1), "y": round(dot.y, 1), "area": round(math.pi * dot.radius**2),
         "sign": "square" if spot.is_point else "circle"}
        for dot, spot in zip(dots, spots, strict=True)
    ]  # fmt: skip
    return {
        "padding": 4,
        "width": WIDTH,
        "height": HEIGHT,
        "view": {"stroke": "#9e9e9e"},
        "layer": [
            {
                "data": {"values": outlines(name),
                         "format": {"type": "topojson", "feature": feature}},
                "projection": {"type": "mercator", "center": list(middle), "scale": scale,
                               "translate": [WIDTH / 2, HEIGHT / 2],
                               "clipExtent": [[-2, -2], [WIDTH + 2, HEIGHT + 2]]},
                "mark": {"type": "geoshape", "fill": "#f7f7f7", "stroke": "#8c8c8c",
                         "strokeWidth": 0.8, "clip": True},
            },
            {
                "data": {"values": signs},
                "mark": {"type": "point", "filled": True, "fill": "#6b6b6b", "stroke": INK,
                         "opacity": 0.75},
                "encoding": {"x": x, "y": y,
                             "shape": {"field": "sign", "type": "nominal", "scale": None},
                             "size": {"field": "area", "type": "quantitative",
                                                       "scale": None, "legend": None}},
            },
            *(
                {
                    "data": {"values": [row for row in named if row["anchor"] == anchor]},
                    "mark": {"type": "text", "align": align, "baseline": "alphabetic",
                             "fontSize": 11},
                    "encoding": {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}},
                }
                for anchor, align in (("start", "left"), ("middle", "center"), ("end", "right"))
            ),
        ],
    }  # fmt: skip


def _is_home(spot: Spot) -> bool:
    south, north, west, east = HOME
    return south <= (spot.latitude or 0) <= north and west <= (spot.longitude or 0) <= east


def _frame(spots: Sequence[Spot]) -> tuple[float, float, float, float]:
    """Return south, north, west, east of a map with room for names at its sides."""
    south = min(spot.latitude or 0 for spot in spots)
    north = max(spot.latitude or 0 for spot in spots)
    west = min(spot.longitude or 0 for spot in spots)
    east = max(spot.longitude or 0 for spot in spots)
    more_y = max((_LEAST - (north - south)) / 2, 0.12 * (north - south))
    more_x = max((_LEAST - (east - west)) / 2, 0.2 * (east - west))
    return (max(south - more_y, -75), min(north + more_y, 80), max(west - more_x, -180),
            min(east + more_x, 180))  # fmt: skip


def _scale(box: tuple[float, float, float, float]) -> float:
    wide = math.radians(box[3] - box[2])
    high = _north(box[1]) - _north(box[0])
    return round(min(WIDTH / wide, HEIGHT / high), 3)


def _at(
    longitude: float, latitude: float, middle: tuple[float, float], scale: float
) -> tuple[float, float]:
    """Return the point of a place, as the projection puts it."""
    latitude = min(max(latitude, -80), 84)
    return (
        WIDTH / 2 + scale * math.radians(longitude - middle[0]),
        HEIGHT / 2 - scale * (_north(latitude) - _north(middle[1])),
    )


def _north(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _turned(north: float) -> float:
    return math.degrees(2 * math.atan(math.exp(north)) - math.pi / 2)
