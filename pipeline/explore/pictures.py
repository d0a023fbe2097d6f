"""Pictures of counts: readable in grey, with alternative text, the numbers under the pointer.

Each takes a table that the other modules of this package make and returns an Altair chart, which a
notebook shows and zooms, and which :func:`drawn` turns into SVG, without a network. They look as
those of the report do (pipeline.report.drawing), and where these can be zoomed and pointed at as
they are, they are these.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

import altair as alt

from pipeline.report import words
from pipeline.report.counts.figure_data import Spot
from pipeline.report.drawing import charts, linkchart
from pipeline.report.drawing.charts import HATCH, INK, MIDDLE, WIDTH, Spec
from pipeline.report.drawing.labels import Dot, placed, shown
from pipeline.report.drawing.mapchart import drawable, map_of

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.explore.network import Network

Picture: TypeAlias = alt.Chart | alt.LayerChart | alt.FacetChart

HEIGHT = 260
GREYS = ["#222222", "#767676", "#bdbdbd", "#4d4d4d", "#9e9e9e", "#e0e0e0"]
SHAPES = {
    "account": "circle", "phone": "square", "handle": "diamond", "alias": "triangle-up",
    "location": "cross", "money": "triangle-down",
}  # fmt: skip
"""Kinds are told by shape, so that nothing hangs on colour; the shapes are those of the report."""
SPOTS = 200
"""Places on a map at most, those with most mentions: names are placed beside all of them."""
ILLUSTRATION = "Illustration; the table beside it is the evidence."


def timeline_picture(counts: pd.DataFrame, by: str = "kind", title: str = "") -> Picture:
    """Draw :func:`pipeline.explore.times.timeline` as stacked bars; rare values together."""
    often = counts.groupby(by)["count"].sum().sort_values(ascending=False).index[: len(GREYS) - 1]
    shown = counts.assign(**{by: counts[by].where(counts[by].isin(often), "other")})
    return _titled(
        alt.Chart(shown)
        .mark_bar(stroke="white", strokeWidth=0.5, size=_width(counts))
        .encode(
            x=alt.X("begin:T", title="begins (local)"),
            y=alt.Y("count:Q", title="records"),
            color=alt.Color(f"{by}:N", scale=alt.Scale(range=GREYS), title=by),
            tooltip=["begin:T", f"{by}:N", "count:Q", "citations:N"],
        )
        .properties(width=WIDTH, height=HEIGHT)
        .interactive(bind_y=False),
        title or "Records by time",
        f"Bars: {counts['count'].sum():,} records by time and {by}.",
    )


def hours_picture(grid: pd.DataFrame, zone: str, title: str = "") -> Picture:
    """Draw :func:`pipeline.explore.times.hours` as a grid of weekday and hour."""
    days = list(dict.fromkeys(grid["day"]))
    spec = charts.hours(_rows(grid, ["day", "hour", "count"]), days, zone)
    for layer in spec["layer"]:
        layer["encoding"]["tooltip"] = [{"field": name} for name in ("day", "hour", "count")]
    return _titled(
        alt.LayerChart.from_dict(spec),
        title or f"Records by weekday and hour, {zone}",
        "A grid of seven days and 24 hours; darker cells hold more records.",
    )


def bars_picture(table: pd.DataFrame, label: str, count: str = "count", most: int = 20,
                 title: str = "") -> Picture:  # fmt: skip
    """Draw the longest bars of a table: who, or what, in how many records."""
    shown = table.sort_values([count, label], ascending=[False, True]).head(most)
    return _titled(
        alt.Chart(shown)
        .mark_bar(color=MIDDLE)
        .encode(
            x=alt.X(f"{count}:Q", axis=alt.Axis(tickCount=5, labelOverlap=True)),
            y=alt.Y(f"{label}:N", sort=None, title=None, axis=alt.Axis(labelLimit=240)),
            tooltip=list(shown.columns),
        )
        .properties(width=WIDTH - 200, height=alt.Step(18)),
        title or f"The {len(shown)} of {len(table):,} with most",
        f"Bars for {len(shown)} of {len(table):,} rows.",
    )


def network_picture(found: Network, title: str = "") -> Picture:
    """Draw :func:`pipeline.explore.network.network`: nodes by kind, edges by records."""
    nodes, edges = found.nodes, found.edges
    at = nodes.set_index("entity_id")[["x", "y", "label"]]
    lines = (
        edges.join(at.add_suffix("_a"), on="entity_a")
        .join(at.add_suffix("_b"), on="entity_b")
        .rename(columns={"x_a": "x", "y_a": "y", "x_b": "x2", "y_b": "y2"})
    )
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[linkchart.HEIGHT, 0]))
    ties = (
        alt.Chart(lines)
        .mark_rule(color="#a6a6a6")
        .encode(
            x=x, y=y, x2="x2:Q", y2="y2:Q",
            strokeWidth=alt.StrokeWidth(
                "record_count:Q", title="records",
                scale=alt.Scale(type="sqrt", range=[0.5, 6]), legend=alt.Legend(tickCount=4),
            ),
            tooltip=["label_a:N", "label_b:N", "relation:N", "record_count:Q"],
        )
    )  # fmt: skip
    kinds = sorted(set(nodes["kind"]))
    points = (
        alt.Chart(nodes)
        .mark_point(filled=True, size=110, color=INK, opacity=1)
        .encode(
            x=x, y=y,
            shape=alt.Shape(
                "kind:N", title="kind",
                scale=alt.Scale(domain=kinds, range=[SHAPES[kind] for kind in kinds]),
            ),
            tooltip=["kind:N", "label:N", "value:N", "record_count:Q"],
        )
    )  # fmt: skip
    left = f"; {found.left_out:,} more links are not shown" if found.left_out else ""
    return _titled(
        alt.layer(ties, *_names(nodes, x, y), points)
        .properties(width=WIDTH, height=linkchart.HEIGHT)
        .interactive(),
        title or f"{len(nodes)} values and {len(edges)} links by records{left}",
        f"A chart of {len(nodes)} values and {len(edges)} links between them{left}.",
    )


def map_picture(cities: pd.DataFrame, title: str = "") -> Picture:
    """Draw :func:`pipeline.explore.places.by_city` on outlines of states, or of countries."""
    rows = _rows(cities.head(SPOTS), list(cities.columns))
    every = [_spot(row) for row in rows]
    spots, of_states = drawable(every)
    inside = {spot.name for spot in spots}
    missing = int(cities["count"].sum()) - sum(spot.mentions for spot in spots)
    picture: Picture = alt.Chart(alt.InlineData(values=[])).mark_point()
    if spots:
        spec = map_of(spots, of_states=of_states)
        signs = spec["layer"][1]
        told = ("place", "count", "records", "citations")
        for sign, row in zip(
            signs["data"]["values"], (row for row in rows if row["place"] in inside), strict=True
        ):
            sign |= {name: row[name] for name in told}
        signs["encoding"]["tooltip"] = [{"field": name} for name in told]
        picture = alt.LayerChart.from_dict(spec)
    return _titled(
        picture,
        title or f"Places named, by city; {missing:,} mentions are not on the map",
        f"A map with {len(spots)} places that records name, sized by mentions.",
    )


def amounts_picture(weeks: pd.DataFrame, currency: str = "USD", title: str = "") -> Picture:
    """Draw :func:`pipeline.explore.amounts.by_week`: ambiguous ones are hatched."""
    shown = weeks[weeks["currency"] == currency]
    shown = shown.assign(amount=shown["amount"].astype("float64"))
    return _titled(
        alt.Chart(shown)
        .mark_bar(stroke=INK, strokeWidth=0.6, size=_width(shown))
        .encode(
            x=alt.X("begin:T", title="week that begins"),
            y=alt.Y("amount:Q", title=f"{currency}, sum of what is written"),
            color=alt.Color(
                "reading:N", title="reading",
                scale=alt.Scale(domain=["stated", "ambiguous"], range=[MIDDLE, HATCH]),
            ),
            order=alt.Order("reading:N", sort="descending"),
            tooltip=["begin:T", "reading:N", "amount:Q", "count:Q", "citations:N"],
        )
        .properties(width=WIDTH, height=HEIGHT)
        .interactive(bind_y=False),
        title or f"Amounts written, by week ({currency})",
        f"Bars: sums of {int(shown['count'].sum()):,} amounts by week; hatched where ambiguous.",
    )  # fmt: skip


def _width(counts: pd.DataFrame) -> float:
    """Of a bar, so that as many as there are times fill the picture."""
    return max(1.0, 0.8 * WIDTH / max(counts["begin"].nunique(), 1))


def _rows(table: pd.DataFrame, columns: list[str]) -> list[dict[str, Any]]:
    """Return rows as Python values, for a description; None where there is none."""
    plain = table[columns].astype(object)
    found = plain.where(plain.notna(), None).itertuples(index=False, name=None)
    return [dict(zip(columns, row, strict=True)) for row in found]


def _spot(row: dict[str, Any]) -> Spot:
    return Spot(
        name=row["place"], is_point=row["is_point"], latitude=row["latitude"],
        longitude=row["longitude"], mentions=row["count"], records=row["records"],
        first=row["first"], last=row["last"], cited=(),
    )  # fmt: skip


def _names(nodes: pd.DataFrame, x: alt.X, y: alt.Y) -> Sequence[alt.Chart]:
    """Draw names beside nodes, none over another, on a white rim that is read over lines."""
    dots = [
        Dot(left, top, 6.0, shown(words.phone(label) if kind == "phone" else label, 24))
        for left, top, kind, label in zip(
            nodes["x"], nodes["y"], nodes["kind"], nodes["label"], strict=True
        )
    ]
    room = (2, 2, WIDTH - 2, linkchart.HEIGHT - 2)
    found = placed(dots, linkchart.SIZE, room, must=True)
    drawn = []
    for anchor, align in (("start", "left"), ("middle", "center"), ("end", "right")):
        values = [
            {"x": name.x, "y": name.y, "name": dot.text}
            for dot, name in zip(dots, found, strict=True)
            if name is not None and name.anchor == anchor
        ]
        base = alt.Chart(alt.InlineData(values=values)).encode(x=x, y=y, text="name:N")
        look: Any = {"align": align, "baseline": "alphabetic", "fontSize": linkchart.SIZE}
        drawn += [
            base.mark_text(**look, stroke="white", strokeWidth=3, strokeJoin="round"),
            base.mark_text(**look, color=INK),
        ]
    return drawn


def described(chart: Picture) -> Spec:
    """Return a chart as Vega-Lite, looking as the report does, named for screen readers."""
    return {**chart.to_dict(), "config": {**charts.CONFIG, "aria": True}}


def drawn(chart: Picture) -> str:
    """Return a chart as SVG, for print."""
    spec = described(chart)
    return charts.svg_of(spec, f"p{sha256(repr(spec).encode()).hexdigest()[:8]}")


def page(chart: Picture) -> str:
    """Return a chart as a page of its own, which zooms and needs no network."""
    import vl_convert

    html = str(vl_convert.vegalite_to_html(described(chart), bundle=True, renderer="svg"))
    hatch = f'<svg width="0" height="0" style="position:absolute">{charts.PATTERN}</svg>'
    head, body, rest = html.rpartition("<body>")  # the scripts before it speak of one too
    return f"{head}{body}{hatch}{rest}"


def _titled(chart: Picture, title: str, description: str) -> Picture:
    return chart.properties(
        title=alt.Title(title, subtitle=ILLUSTRATION, anchor="start", fontSize=14),
        description=f"{description} {ILLUSTRATION}",
    )
