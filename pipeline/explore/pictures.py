"""Pictures of counts: readable in grey, with alternative text, the numbers under the pointer.

Each takes a table that the other modules of this package make and returns an Altair chart, which a
notebook shows and zooms, and which :func:`drawn` turns into SVG, without a network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import altair as alt

from pipeline.explore.places import COUNTRIES, STATES, outlines

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.explore.network import Network

Picture: TypeAlias = alt.Chart | alt.LayerChart

WIDTH, HEIGHT = 720, 260
INK, PALE = "#222222", "#d9d9d9"
GREYS = ["#222222", "#767676", "#bdbdbd", "#4d4d4d", "#9e9e9e", "#e0e0e0"]
SHAPES = ["circle", "square", "diamond", "triangle-up", "cross", "triangle-down"]
"""Kinds are told by shape, so that nothing hangs on colour."""
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
    return _titled(
        alt.Chart(grid)
        .mark_rect(stroke="white")
        .encode(
            x=alt.X("hour:O", title=f"hour of the day ({zone})"),
            y=alt.Y("day:O", sort=list(dict.fromkeys(grid["day"])), title=None),
            color=alt.Color("count:Q", scale=alt.Scale(range=["#f5f5f5", INK]), title="records"),
            tooltip=["day:O", "hour:O", "count:Q"],
        )
        .properties(width=WIDTH, height=200),
        title or f"Records by weekday and hour, {zone}",
        "A grid of seven days and 24 hours; darker cells hold more records.",
    )


def bars_picture(table: pd.DataFrame, label: str, count: str = "count", most: int = 20,
                 title: str = "") -> Picture:  # fmt: skip
    """Draw the longest bars of a table: who, or what, in how many records."""
    shown = table.sort_values([count, label], ascending=[False, True]).head(most)
    return _titled(
        alt.Chart(shown)
        .mark_bar(color="#767676")
        .encode(
            x=alt.X(f"{count}:Q"),
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
    hidden: Any = {"axis": None, "scale": alt.Scale(domain=[-1.15, 1.15])}
    ties = (
        alt.Chart(lines)
        .mark_rule(color="#9e9e9e")
        .encode(
            x=alt.X("x:Q", **hidden), y=alt.Y("y:Q", **hidden), x2="x2:Q", y2="y2:Q",
            strokeWidth=alt.StrokeWidth(
                "record_count:Q", scale=alt.Scale(type="sqrt", range=[0.5, 6]), title="records"
            ),
            tooltip=["label_a:N", "label_b:N", "relation:N", "record_count:Q"],
        )
    )  # fmt: skip
    kinds = sorted(set(nodes["kind"]))
    points = (
        alt.Chart(nodes)
        .mark_point(filled=True, size=110, color=INK, opacity=1)
        .encode(
            x=alt.X("x:Q", **hidden), y=alt.Y("y:Q", **hidden),
            shape=alt.Shape(
                "kind:N", title="kind",
                scale=alt.Scale(domain=kinds, range=SHAPES[: len(kinds)]),
            ),
            tooltip=["kind:N", "label:N", "value:N", "record_count:Q"],
        )
    )  # fmt: skip
    names = alt.Chart(nodes).mark_text(dy=-11, fontSize=10, limit=110, color=INK)
    names = names.encode(x=alt.X("x:Q", **hidden), y=alt.Y("y:Q", **hidden), text="label:N")
    left = f"; {found.left_out:,} more links are not shown" if found.left_out else ""
    return _titled(
        (ties + points + names).properties(width=WIDTH, height=520).interactive(),
        title or f"{len(nodes)} values and {len(edges)} links by records{left}",
        f"A chart of {len(nodes)} values and {len(edges)} links between them{left}.",
    )


def map_picture(cities: pd.DataFrame, title: str = "") -> Picture:
    """Draw :func:`pipeline.explore.places.by_city` on outlines of states, or of countries."""
    placed = cities[cities["latitude"].notna() & cities["longitude"].notna()]
    near = placed["latitude"].between(24, 50) & placed["longitude"].between(-125, -66)
    is_home = 2 * placed.loc[near, "count"].sum() > placed["count"].sum()
    placed = placed[near] if is_home else placed
    name, feature = (STATES, "states") if is_home else (COUNTRIES, "countries")
    base = alt.Chart(
        alt.InlineData(
            values=outlines(name), format=alt.TopoDataFormat(type="topojson", feature=feature)
        )
    ).mark_geoshape(fill="#fafafa", stroke="#bdbdbd", strokeWidth=0.6)
    points = alt.Chart(placed).mark_circle(color=INK, opacity=0.6, stroke="white").encode(
        longitude="longitude:Q", latitude="latitude:Q",
        size=alt.Size("count:Q", scale=alt.Scale(range=[20, 900]), title="mentions"),
        tooltip=["place:N", "count:Q", "records:Q", "citations:N"],
    )  # fmt: skip
    names = alt.Chart(_apart(placed)).mark_text(dy=-10, fontSize=10, color=INK).encode(
        longitude="longitude:Q", latitude="latitude:Q", text="place:N"
    )  # fmt: skip
    missing = int(cities.loc[~cities.index.isin(placed.index), "count"].sum())
    where = "no coordinates here" if is_home else "no coordinates"
    projection = "albersUsa" if is_home else "equalEarth"
    return _titled(
        (base + points + names).project(projection).properties(width=WIDTH, height=430),
        title or f"Places named, by city; {missing:,} mentions have {where}",
        f"A map with {len(placed)} places that records name, sized by mentions.",
    )


def amounts_picture(weeks: pd.DataFrame, currency: str = "USD", title: str = "") -> Picture:
    """Draw :func:`pipeline.explore.amounts.by_week`: stated amounts dark, ambiguous ones pale."""
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
                scale=alt.Scale(domain=["stated", "ambiguous"], range=["#4d4d4d", "#f0f0f0"]),
            ),
            tooltip=["begin:T", "reading:N", "amount:Q", "count:Q", "citations:N"],
        )
        .properties(width=WIDTH, height=HEIGHT)
        .interactive(bind_y=False),
        title or f"Amounts written, by week ({currency})",
        f"Bars: sums of {int(shown['count'].sum()):,} amounts by week; pale where ambiguous.",
    )  # fmt: skip


def _width(counts: pd.DataFrame) -> float:
    """Of a bar, so that as many as there are times fill the picture."""
    return max(1.0, 0.8 * WIDTH / max(counts["begin"].nunique(), 1))


def _apart(placed: pd.DataFrame) -> pd.DataFrame:
    """The places with most mentions that stand three degrees apart: names that can be read."""
    kept: list[tuple[float, float]] = []
    rows = []
    for row, latitude, longitude in zip(
        placed.index, placed["latitude"], placed["longitude"], strict=True
    ):
        if all(abs(latitude - a) + abs(longitude - b) / 3 > 1 for a, b in kept):
            kept.append((latitude, longitude))
            rows.append(row)
    return placed.loc[rows[:12]]


def drawn(chart: Picture) -> str:
    """Return a chart as SVG, for print."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(chart.to_json()))


def _titled(chart: Picture, title: str, description: str) -> Picture:
    return chart.properties(
        title=alt.Title(title, subtitle=ILLUSTRATION, anchor="start", fontSize=14),
        description=f"{description} {ILLUSTRATION}",
    )
