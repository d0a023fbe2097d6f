"""Pictures of values: links, places, amounts (see pipeline.report.drawing.figures)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pipeline.report import words
from pipeline.report.cells import CITES, cites, decimal, number, paragraph, said, span, text, worded
from pipeline.report.counts.figure_data import Pictured, Week, end_of
from pipeline.report.document import (
    Cell,
    Column,
    Evidence,
    Inlines,
    Paragraph,
    Row,
    Table,
    Words,
)
from pipeline.report.drawing import charts
from pipeline.report.drawing.linkchart import link_chart
from pipeline.report.drawing.mapchart import drawable, map_of
from pipeline.report.summary import Summary

ILLUSTRATION = "Illustration; the table beneath it is the evidence. "
BARS = 62
"""Stretches of a picture of amounts, as of the timeline (pipeline.report.counts.activity)."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure before it is drawn."""

    title: str
    alt: str
    svg: Callable[[], str]
    caption: Inlines
    data: Table | None = None
    explore: str | None = None


def network(_: Summary, p: Pictured) -> Drawing | Paragraph:
    """Return the link chart."""
    if not p.edges:
        return paragraph("No two values stand in the same records.")
    names = {node.entity_id: node for node in p.nodes}
    left = (
        f" {words.count_of(p.edges_left_out, 'more link is', 'more links are')} not drawn."
        if p.edges_left_out
        else ""
    )

    def end(key: str) -> Cell:
        node = names[key]
        value = words.phone(node.label) if node.kind == "phone" else node.label
        return Cell((Words(f"{words.name_of(node.kind)} "), Evidence(value)),
                    sort=f"{node.kind} {value}", target=key)  # fmt: skip

    table = Table(
        "links",
        (Column("One", width=2), Column("Other", width=2), Column("How", width=1.2),
         Column("Records", "number"), Column("Conversations", "number"),
         Column("First to last (UTC)", "time", 1.4), CITES),
        tuple(
            Row((end(edge.a), end(edge.b), worded(_RELATIONS.get(edge.relation, edge.relation)),
                 number(edge.records), number(edge.threads), span(edge), cites(edge.cited)),
                f"l-{edge.link_id}")
            for edge in p.edges
        ),
        said("A link means records in which both appear; it is not proof of a relationship. "
             "Listed services are left out."),
    )  # fmt: skip
    return Drawing(
        "Links by records",
        f"A chart of {len(p.nodes)} values and {len(p.edges)} links by records; the strongest "
        f"stands on {words.count_of(p.edges[0].records, 'record', 'records')}.{left}",
        lambda: link_chart(p.nodes, p.edges),
        said(f"{ILLUSTRATION}Line = records in which both appear; not proof of a relationship. "
             "Wider lines stand for more records; where a value stands on the picture means "
             f"nothing. Kinds are told by shape. Listed services are left out.{left}"),
        table, "network",
    )  # fmt: skip


_RELATIONS = {
    "wrote": "the account wrote it",
    "received": "the account received it",
    "same_record": "in the same record",
}


def map_(_: Summary, p: Pictured) -> Drawing | Paragraph:
    """Return the map of places."""
    spots, of_states = drawable(p.spots)
    if not spots:
        return paragraph("No place with known coordinates was named; there is no map.")
    missing = sum(spot.mentions for spot in p.spots) - sum(spot.mentions for spot in spots)
    inside = {spot.name for spot in spots}
    table = Table(
        "cities",
        (Column("City, or point to a tenth of a degree", width=2), Column("Mentions", "number"),
         Column("Records", "number"), Column("First to last (UTC)", "time", 1.4),
         Column("On the map"), CITES),
        tuple(
            Row((text(spot.name), number(spot.mentions), number(spot.records), span(spot),
                 worded("yes" if spot.name in inside else "no"), cites(spot.cited)),
                f"city-{place}")
            for place, spot in enumerate(p.spots, start=1)
        ),
        said(f"{len(p.spots):,} of {p.spot_total:,} places. Addresses and venues count for their "
             "city."),
    )  # fmt: skip
    return Drawing(
        "Places named, by city",
        f"A map with {len(spots)} places that records name, sized by mentions: "
        f"{sum(spot.mentions for spot in spots):,} mentions; most for one place "
        f"{spots[0].mentions:,}.",
        lambda: charts.svg_of(map_of(spots, of_states=of_states), "map"),
        said(f"{ILLUSTRATION}Places as stated in text or by the provider; no one is thereby shown "
             "to have been there. Circles are cities; squares are points stated by their "
             "coordinates, to a tenth of a degree; both are sized by mentions. Not on the map: "
             f"{missing:,} mentions of places that lie elsewhere or have no coordinates, and "
             f"{p.placeless:,} mentions without a city (counties, roads, rooms and the like)."),
        table,
    )  # fmt: skip


def money(s: Summary, p: Pictured) -> Drawing | Paragraph:
    """Return the picture of amounts."""
    if not p.weeks:
        return paragraph("No dated amount was named; there is no picture of amounts by week.")
    unit, weeks = _by_stretch(_near(s, p.weeks))
    dollars = [week for week in weeks if week.currency == "USD"]
    if not dollars:
        return paragraph("No dated amount in US dollars was named near the dates of the messages; "
                         "there is no picture of amounts by week.")  # fmt: skip
    rows = []
    for begin in sorted({week.begin for week in dollars}):
        low = 0.0
        for week in (week for week in dollars if week.begin == begin):
            high = low + float(week.written)
            rows.append({
                "start": f"{begin.isoformat()}T00:00:00Z",
                "end": f"{_until(unit, begin).isoformat()}T00:00:00Z", "low": low, "high": high,
                "reading": "ambiguous" if week.is_ambiguous else "stated",
            })  # fmt: skip
            low = high
    stated = sum(week.mentions for week in dollars if not week.is_ambiguous)
    doubtful = sum(week.mentions for week in dollars if week.is_ambiguous)
    others = sum(week.mentions for week in weeks) - stated - doubtful
    outside = sum(week.mentions for week in p.weeks) - sum(week.mentions for week in weeks)
    table = Table(
        "amounts-by-week",
        (Column(f"{unit.capitalize()} from ({p.zone})", "time", 1.3), Column("Currency"),
         Column("Reading"), Column("Mentions", "number"), Column("Lowest", "number"),
         Column("Highest", "number"), Column("Sum as written", "number"), CITES),
        tuple(
            Row((Cell((Words(week.begin.isoformat(), "whole"),), sort=week.begin.toordinal()),
                 worded(week.currency or "not stated"),
                 worded("ambiguous" if week.is_ambiguous else "stated"), number(week.mentions),
                 decimal(week.low), decimal(week.high), decimal(week.written), cites(week.cited)),
                f"w-{week.begin.isoformat()}-{week.currency}-{week.is_ambiguous}")
            for week in weeks
        ),
        said("Sum as written: amounts named in records of that time, of ranges the low end. The "
             "same money may be named many times; this is not what was paid."),
    )  # fmt: skip
    spec = charts.money(rows, f"{unit} that begins", "USD as written")
    return Drawing(
        f"Amounts as written, by {unit}",
        f"Bars by {unit}: {stated:,} amounts in US dollars, and {doubtful:,} ambiguous ones, "
        f"hatched; {others:,} amounts in other currencies or without one are in the table.",
        lambda: charts.svg_of(spec, "money"),
        said(f"{ILLUSTRATION}Amounts in US dollars as records name them, by {unit}; hatched where "
             "ambiguous (a range, of which the low end is drawn). An amount that was named need "
             "not have been paid, and one payment may have been named often. Other currencies, "
             f"and amounts without one, are in the table only ({others:,}). {outside:,} amounts "
             f"lie outside the dates of the timeline and {p.unpriced:,} have no time or number."),
        table,
    )  # fmt: skip


def _near(s: Summary, weeks: tuple[Week, ...]) -> list[Week]:
    """Return the weeks that the timeline covers: one wrong date would make the rest a line."""
    if not s.timeline.bars:
        return []
    first = s.timeline.bars[0].start.toordinal() - 7
    last = end_of(s.timeline, len(s.timeline.bars) - 1).toordinal()
    return [week for week in weeks if first <= week.begin.toordinal() <= last]


def _by_stretch(weeks: list[Week]) -> tuple[str, list[Week]]:
    """Join weeks to months or years where they are more than a picture can show."""
    if not weeks:
        return "week", []
    first, last = weeks[0].begin, weeks[-1].begin
    if (last - first).days // 7 < BARS:
        return "week", weeks
    months = (last.year - first.year) * 12 + last.month - first.month
    unit = "month" if months < BARS else "year"
    joined: dict[tuple[date, str, bool], Week] = {}
    for week in weeks:
        begin = week.begin.replace(day=1)
        begin = begin if unit == "month" else begin.replace(month=1)
        key = (begin, week.currency or "~", week.is_ambiguous)
        old = joined.get(key)
        joined[key] = Week(
            begin, week.currency, week.is_ambiguous, week.written + (old.written if old else 0),
            week.mentions + (old.mentions if old else 0),
            min(week.low, old.low) if old else week.low,
            max(week.high, old.high) if old else week.high,
            ((old.cited if old else ()) + week.cited)[:3],
        )  # fmt: skip
    return unit, [joined[key] for key in sorted(joined)]


def _until(unit: str, begin: date) -> date:
    days = {"week": 6, "month": 26}.get(unit, 330)
    return date.fromordinal(min(begin.toordinal() + days, date.max.toordinal()))
