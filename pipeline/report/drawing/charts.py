"""Drawings of counts as Vega-Lite descriptions, turned into SVG by vl-convert.

The descriptions are written as they are, without Altair and pandas: those two take 1.3 s to load,
which every ``triage run`` would pay (measured: pandas 3.1.1, altair 6.3.0); notebooks take these
descriptions, or their looks, for pictures that zoom (pipeline.explore.pictures). A drawing uses
shape, length and text, and greys only beside these, so that it can be read in print.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Any, TypeAlias, cast

Spec: TypeAlias = dict[str, Any]
Data: TypeAlias = Sequence[dict[str, Any]]

WIDTH = 720
"""Of a drawing, in pixels: on letter paper a pixel is two thirds of a point."""
FONT = "DejaVu Sans, Verdana, Liberation Sans, Arial, sans-serif"
"""The first comes with the project, so that letters are measured alike everywhere."""
SIZE = 12
"""Of letters: some eight points on letter paper."""
INK, MIDDLE = "#222222", "#6b6b6b"
HATCH = "url(#hatch)"
"""Fill of what is ambiguous; the pattern is put into the drawing afterwards."""

PATTERN = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="#ffffff"/>'
    '<path d="M-1,1 L1,-1 M0,6 L6,0 M5,7 L7,5" stroke="#222222" stroke-width="1.2"/>'
    "</pattern></defs>"
)
_PADDING = {"left": 10, "right": 14, "top": 6, "bottom": 6}
_IDS = re.compile(r'\bid="([^"]+)"')
CONFIG: Spec = {
    "aria": False,  # the figure has a text of its own; marks one by one only lengthen the file
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": SIZE, "titleFontSize": SIZE, "titleFontWeight": "normal",
        "labelColor": INK, "titleColor": INK, "gridColor": "#e6e6e6", "domainColor": MIDDLE,
        "tickColor": MIDDLE, "labelLimit": 260,
    },
    "header": {"labelFontSize": SIZE, "labelColor": INK},
    "legend": {
        "labelFontSize": SIZE, "titleFontSize": SIZE, "titleFontWeight": "normal",
        "labelColor": INK, "titleColor": INK, "symbolStrokeColor": INK, "labelLimit": 0,
    },
    "text": {"fontSize": SIZE, "color": INK},
}  # fmt: skip


ADDRESSES = 1 << 37
"""Bytes of address space that the converter's engine (V8) must be free to reserve: it ends the
whole process where ``ulimit -v`` allows it less (measured: 64 GiB are too little, 128 enough)."""


@cache
def _converter() -> Callable[..., str]:
    """Return what draws, one for a process: its start takes most of a second."""
    import vl_convert

    with as_file(files("pipeline.report") / "data" / "fonts") as folder:
        vl_convert.register_font_directory(str(folder))
        return cast("Callable[..., str]", vl_convert.vegalite_to_svg)


def address_space() -> float:
    """Return how many bytes of address space this process may reserve."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return math.inf
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return math.inf if soft == resource.RLIM_INFINITY else soft


@lru_cache(maxsize=32)
def _converted(text: str, figure_id: str) -> str:
    svg = str(_converter()(text, allowed_base_urls=[]))
    if HATCH in svg:
        at = svg.index(">") + 1
        svg = svg[:at] + PATTERN + svg[at:]
    for number, name in enumerate(dict.fromkeys(_IDS.findall(svg))):
        # the converter counts its ids through a whole process, and a page holds many drawings
        mine = f"{figure_id}-{number}"
        svg = svg.replace(f'id="{name}"', f'id="{mine}"').replace(f"url(#{name})", f"url(#{mine})")
    return svg


def svg_of(spec: Spec, figure_id: str) -> str:
    """Draw a description.

    Args:
        spec: Vega-Lite, its data within it.
        figure_id: begins the ids within the drawing.

    Returns:
        SVG without style sheet or script; equal descriptions give equal bytes.

    Raises:
        ValueError: vl-convert cannot draw it, or must not be started.
    """
    if address_space() < ADDRESSES:
        raise ValueError("the process may not reserve enough address space")
    whole = {"config": CONFIG, "padding": _PADDING, **spec}
    return _converted(json.dumps(whole, sort_keys=True), figure_id)


def lanes(rows: Data, order: Sequence[str], y_title: str) -> Spec:
    """Draw a lane of bars for each name, each to a scale of its own: rare things stay visible.

    Args:
        rows: ``lane``, ``start`` and ``end`` (days as ISO text), ``count``.
        order: names of lanes, from the top.
        y_title: what is counted.
    """
    edges = [min(row["start"] for row in rows), max(row["end"] for row in rows)] if rows else []
    return {
        "data": {"values": list(rows)},
        "facet": {
            "row": {
                "field": "lane", "type": "nominal", "sort": list(order), "title": None,
                "header": {"labelAngle": 0, "labelAlign": "left", "labelLimit": 210,
                           "labelAnchor": "middle", "labelPadding": 26},
            }
        },
        "spacing": 15,
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
            "width": WIDTH - 270,
            "height": 36,
            "mark": {"type": "bar", "color": "#4d4d4d"},
            "encoding": {
                "x": {"field": "start", "type": "temporal", "title": None,
                      "scale": {"type": "utc", "domain": edges},
                      "axis": {"grid": True, "labelOverlap": True, "labelSeparation": 16,
                               "tickCount": 5, "format": _day_format(rows)}},
                "x2": {"field": "end"},
                "y": {"field": "count", "type": "quantitative", "title": None,
                      "axis": {"tickCount": 2, "tickMinStep": 1, "labelFontSize": 11,
                               "format": ",d"}},
                "y2": {"datum": 0},
            },
        },
        "title": {"text": y_title, "anchor": "start", "fontSize": SIZE, "fontWeight": "normal",
                  "color": INK},
    }  # fmt: skip


def hours(rows: Data, days: Sequence[str], zone: str) -> Spec:
    """Draw a grid of weekdays and hours, the count written into each cell that has one.

    Args:
        rows: ``day``, ``hour`` (0 to 23), ``count``.
        days: names of weekdays, from the top.
        zone: of the hours.
    """
    most = max((row["count"] for row in rows), default=0)
    x: Spec = {"field": "hour", "type": "ordinal", "title": f"hour of the day ({zone})",
               "axis": {"labelAngle": 0}}  # fmt: skip
    y: Spec = {"field": "day", "type": "ordinal", "sort": list(days), "title": None}
    return {
        "data": {"values": list(rows)},
        "width": WIDTH - 110,
        "height": 30 * len(days),
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "white"},
                "encoding": {
                    "x": x, "y": y,
                    "color": {"field": "count", "type": "quantitative", "legend": None,
                              "scale": {"domain": [0, max(most, 1)], "range": ["#f4f4f4", INK]}},
                },
            },
            {
                "transform": [{"filter": "datum.count > 0"}],
                "mark": {"type": "text", "fontSize": _fitting(most)},
                "encoding": {
                    "x": x, "y": y,
                    "text": {"field": "count", "type": "quantitative"},
                    "color": {"condition": {"test": f"datum.count > {most * 0.45}",
                                            "value": "white"}, "value": INK},
                },
            },
        ],
    }  # fmt: skip


def stacked(rows: Data, names: Sequence[str], parts: Sequence[str], x_title: str) -> Spec:
    """Draw a bar for each name, in two parts, with its sum at the end.

    Args:
        rows: ``name``, ``part``, ``order`` (of the parts), ``count``.
        names: from the top.
        parts: the two, the dark one first.
        x_title: what is counted.
    """
    y: Spec = {"field": "name", "type": "nominal", "sort": list(names), "title": None,
               "axis": {"labelLimit": 230}}  # fmt: skip
    return {
        "data": {"values": list(rows)},
        "width": WIDTH - 270,
        "height": {"step": 22},
        "layer": [
            {
                "mark": {"type": "bar", "stroke": INK, "strokeWidth": 0.6},
                "encoding": {
                    "y": y,
                    "x": {"field": "count", "type": "quantitative", "title": x_title,
                          "axis": {"tickMinStep": 1}},
                    "color": {"field": "part", "type": "nominal", "title": None,
                              "scale": {"domain": list(parts), "range": [MIDDLE, "#f4f4f4"]},
                              "legend": {"orient": "top"}},
                    "order": {"field": "order", "type": "quantitative"},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {
                    "y": y,
                    "x": {"aggregate": "sum", "field": "count", "type": "quantitative"},
                    "text": {"aggregate": "sum", "field": "count", "format": ",d"},
                },
            },
        ],
    }  # fmt: skip


def money(rows: Data, x_title: str, y_title: str) -> Spec:
    """Draw sums of what is written by stretch of time, hatched where ambiguous.

    Args:
        rows: ``start`` and ``end`` (days as ISO text), ``reading`` (stated, ambiguous),
            ``low`` and ``high`` (where the part of the bar begins and ends).
        x_title: how long a stretch is.
        y_title: the currency.
    """
    return {
        "data": {"values": list(rows)},
        "width": WIDTH - 110,
        "height": 240,
        "mark": {"type": "bar", "stroke": INK, "strokeWidth": 0.8},
        "encoding": {
            "x": {"field": "start", "type": "temporal", "title": x_title,
                  "scale": {"type": "utc"},
                  "axis": {"tickCount": 5, "format": _day_format(rows), "labelOverlap": True,
                           "labelSeparation": 16, "grid": False}},
            "x2": {"field": "end"},
            "y": {"field": "low", "type": "quantitative", "title": y_title,
                  "axis": {"tickCount": 5}},
            "y2": {"field": "high"},
            "color": {"field": "reading", "type": "nominal", "title": None,
                      "scale": {"domain": ["stated", "ambiguous"], "range": [MIDDLE, HATCH]},
                      "legend": {"orient": "top", "symbolType": "square", "symbolSize": 180}},
        },
    }  # fmt: skip


def coverage(rows: Data, names: Sequence[str]) -> Spec:
    """Draw the share of bytes by fate, the share written at each bar.

    Args:
        rows: ``name``, ``share`` (0 to 1), ``label``.
        names: from the top.
    """
    y: Spec = {"field": "name", "type": "nominal", "sort": list(names), "title": None,
               "axis": {"labelLimit": 280}}  # fmt: skip
    x: Spec = {"field": "share", "type": "quantitative", "title": "share of the bytes of pages",
               "scale": {"domain": [0, 1]}, "axis": {"format": ".0%", "tickCount": 5}}  # fmt: skip
    return {
        "data": {"values": list(rows)},
        "width": WIDTH - 390,
        "height": {"step": 26},
        "layer": [
            {"mark": {"type": "bar", "color": MIDDLE}, "encoding": {"y": y, "x": x}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {"y": y, "x": x, "text": {"field": "label", "type": "nominal"}},
            },
        ],
    }  # fmt: skip


def _fitting(most: int) -> float:
    """Return the size of letters at which a count fits into a cell of the grid."""
    return 11 if most < 1000 else 8.5 if most < 10_000 else 7


def _day_format(rows: Data) -> str:
    """Months where the days drawn are many, else days."""
    if not rows:
        return "%Y-%m-%d"
    years = int(max(row["end"] for row in rows)[:4]) - int(min(row["start"] for row in rows)[:4])
    return "%Y" if years > 6 else "%b %Y" if years > 1 else "%d %b %Y"
