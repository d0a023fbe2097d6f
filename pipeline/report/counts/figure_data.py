"""What pictures show, counted from the tables: by time, hour, amount, place and link.

A picture is an illustration; the rows here are the evidence that stands in the table beside it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

from pipeline.report.counts.activity import TALK_KINDS
from pipeline.report.counts.citing import CITED, cited_at
from pipeline.report.counts.linked import Edge, Node, linked
from pipeline.report.counts.localtime import localise
from pipeline.report.rows import Citations, Cited, Timeline
from pipeline.report.store import Store, moment
from pipeline.search.tables import strings

LANES = 6
"""Accounts with a lane of their own; the others share one."""
THEMES = ("lodging", "travel", "location", "money", "phone", "handle", "age", "role_term")
"""A theme is a kind of mention found in the text of a record: DOMAIN 5.8 as far as kinds go."""
PLACES = 40

BURST_TIMES, BURST_LEAST = 3, 20
"""A burst: a day with three times the median of the days with messages, and 20 messages."""
GAP_DAYS = 7
"""A gap: as many whole days without a message, between two days with messages."""
STRETCHES = 10

_EPOCH = date(1970, 1, 1)

_CITY = """CASE
  WHEN place_kind = 'coordinate' AND latitude IS NOT NULL AND longitude IS NOT NULL
    THEN round(latitude, 1)::VARCHAR || ', ' || round(longitude, 1)::VARCHAR
  WHEN city IS NOT NULL THEN city || coalesce(', ' || state, '')
  WHEN place_kind IN ('city', 'airport') THEN place_name END"""
"""As pipeline.explore.places.by_city; what has no city is not put on a map."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Messages, calls, shares and reactions that one account wrote, by stretch of time."""

    account_id: str | None
    """None = all other accounts, and records without an author."""
    name: str | None
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """Records that hold a kind of mention, by stretch of time."""

    kind: str
    counts: tuple[int, ...]
    records: int
    """All of them, those outside the stretches and without a time too."""
    cited: Citations


@dataclass(frozen=True, slots=True)
class Week:
    """Amounts as written in a week, in one currency."""

    begin: date
    """A Monday, local."""
    currency: str | None
    is_ambiguous: bool
    """A range, or an amount without a currency."""
    written: Decimal
    """Sum of what is written, of ranges the low end; not what was paid."""
    mentions: int
    low: Decimal
    high: Decimal
    cited: Citations


@dataclass(frozen=True, slots=True)
class Spot:
    """A city that records name; coordinates to a tenth of a degree."""

    name: str
    is_point: bool
    """Whether it is a point that a record states by its coordinates."""
    latitude: float | None
    longitude: float | None
    mentions: int
    records: int
    first: datetime | None
    last: datetime | None
    cited: Citations


@dataclass(frozen=True, slots=True)
class Stretch:
    """A burst (one day) or a gap (days without a message), in local days."""

    first: date
    last: date
    messages: int
    cited: Citations


@dataclass(frozen=True, slots=True)
class Pictured:
    """What the pictures of a report show."""

    zone: str
    lanes: tuple[Lane, ...]
    firsts: tuple[Cited | None, ...]
    """First dated record of each stretch of the timeline."""
    themes: tuple[Theme, ...]
    hours: tuple[tuple[int, ...], ...]
    """Messages by weekday (Monday first) and local hour."""
    weeks: tuple[Week, ...]
    unpriced: int
    """Mentions of amounts without a time or a number: in no week."""
    spots: tuple[Spot, ...]
    spot_total: int
    placeless: int
    """Mentions of places that no city is known for: counties, states, roads, rooms …"""
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    edges_left_out: int
    median_day: float
    """Of local days with messages, how many the one in the middle has."""
    bursts: tuple[Stretch, ...]
    burst_total: int
    gaps: tuple[Stretch, ...]
    gap_total: int


def pictured(store: Store, zone: str, timeline: Timeline) -> Pictured:
    """Count what pictures show.

    Args:
        store: the tables.
        zone: IANA zone of hours, weeks and days.
        timeline: its stretches are those of lanes and themes.
    """
    said = localise(store, zone)
    starts = [(bar.start - _EPOCH).days for bar in timeline.bars]
    starts.append(_end(timeline) if starts else 0)
    weeks, unpriced = _weeks(store)
    spots, spot_total, placeless = _spots(store)
    nodes, edges, left_out = linked(store)
    middle, bursts, gaps = _rhythm(store)
    return Pictured(
        zone=said, lanes=_lanes(store, starts), firsts=_firsts(store, starts),
        themes=_themes(store, starts), hours=_hours(store), weeks=weeks, unpriced=unpriced,
        spots=spots, spot_total=spot_total, placeless=placeless, nodes=nodes, edges=edges,
        edges_left_out=left_out, median_day=middle, bursts=tuple(bursts[:STRETCHES]),
        burst_total=len(bursts), gaps=tuple(gaps[:STRETCHES]), gap_total=len(gaps),
    )  # fmt: skip


def end_of(timeline: Timeline, number: int) -> date:
    """Return the day after the last of a stretch of a timeline."""
    if number + 1 < len(timeline.bars):
        return timeline.bars[number + 1].start
    return _EPOCH + timedelta(days=min(_end(timeline), (date.max - _EPOCH).days))


def _end(timeline: Timeline) -> int:
    start = timeline.bars[-1].start
    number = (start - _EPOCH).days
    if timeline.unit in {"day", "week"}:
        return number + (1 if timeline.unit == "day" else 7)
    months = 1 if timeline.unit == "month" else 12
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return (date.max - _EPOCH).days + 1 if year > 9999 else (date(year, month + 1, 1) - _EPOCH).days


def _stretch(starts: list[int], day: int | None) -> int | None:
    if day is None or len(starts) < 2 or not starts[0] <= day < starts[-1]:
        return None
    return bisect_right(starts, day) - 1


def _lanes(store: Store, starts: list[int]) -> tuple[Lane, ...]:
    talk = f"kind IN ({TALK_KINDS})"
    most = store.rows(
        "SELECT author, any_value(coalesce(a.display_name, a.provider_account_id)) FROM canon "
        f"LEFT JOIN accounts a ON a.account_id = author WHERE {talk} AND author IS NOT NULL "
        f"AND day >= {starts[0]} AND day < {starts[-1]} "
        f"GROUP BY author ORDER BY count(*) DESC, author LIMIT {LANES}"
    )
    keys = [row[0] for row in most]
    counts: Counter[tuple[int, int]] = Counter()
    for place, day, count in store.rows(
        f"SELECT coalesce(list_position({strings(keys)}, author), 0) AS place, day, count(*) "
        f"FROM canon WHERE {talk} AND day IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ):
        stretch = _stretch(starts, day)
        if stretch is not None:
            counts[place, stretch] += count
    names: list[tuple[int, str | None, str | None]] = [
        (place, key, name) for place, (key, name) in enumerate(most, start=1)
    ]
    if any(place == 0 for place, _ in counts):
        names.append((0, None, None))
    return tuple(
        Lane(key, name, tuple(counts[place, number] for number in range(len(starts) - 1)))
        for place, key, name in names
    )


def _firsts(store: Store, starts: list[int]) -> tuple[Cited | None, ...]:
    first: dict[int, int] = {}
    for day, rank in store.rows(
        "SELECT day, min(rank) FROM canon WHERE day IS NOT NULL GROUP BY day ORDER BY day"
    ):
        stretch = _stretch(starts, day)
        if stretch is not None:
            first.setdefault(stretch, rank)
    cited = cited_at(store, list(first.values()))
    return tuple(
        cited[first[number]] if number in first else None for number in range(len(starts) - 1)
    )


def _themes(store: Store, starts: list[int]) -> tuple[Theme, ...]:
    kinds = strings(THEMES)
    counts: Counter[tuple[str, int | None]] = Counter()
    total: Counter[str] = Counter()
    ranks: dict[str, list[int]] = {}
    for kind, day, count, first in store.rows(
        "SELECT kind, day, count(DISTINCT rank), min(DISTINCT rank, 3) FROM found "
        "WHERE basis = 'found' AND service_category IS NULL AND NOT by_model "
        f"AND list_contains({kinds}, kind) GROUP BY kind, day ORDER BY kind, day"
    ):
        counts[kind, _stretch(starts, day)] += count
        total[kind] += count
        ranks[kind] = sorted([*ranks.get(kind, []), *first])[:CITED]
    cited = cited_at(store, [rank for first in ranks.values() for rank in first])
    return tuple(
        Theme(
            kind, tuple(counts[kind, number] for number in range(len(starts) - 1)), total[kind],
            tuple(cited[rank] for rank in ranks[kind]),
        )
        for kind in THEMES
        if total[kind]
    )  # fmt: skip


def _hours(store: Store) -> tuple[tuple[int, ...], ...]:
    counts = {
        (day, hour): count
        for day, hour, count in store.rows(
            "SELECT (l.local_day + 719162) % 7 AS weekday, l.local_hour, count(*) "
            "FROM local_times l JOIN canon c USING (rank) WHERE c.kind = 'message' "
            "GROUP BY ALL ORDER BY ALL"
        )
    }  # day 0 of the calendar that starts in the year 1 is a Monday, 719,162 days before 1970
    return tuple(tuple(counts.get((day, hour), 0) for hour in range(24)) for day in range(7))


def _weeks(store: Store) -> tuple[tuple[Week, ...], int]:
    rows = store.rows(
        "SELECT l.local_day - (l.local_day + 719162) % 7 AS begin, m.currency, "
        "m.currency IS NULL OR m.amount_high IS NULL OR m.amount_low <> m.amount_high AS doubt, "
        "sum(m.amount_low), count(*), min(m.amount_low), "
        "max(coalesce(m.amount_high, m.amount_low)), min(DISTINCT c.rank, 3) "
        "FROM money m JOIN canon c USING (record_id) JOIN local_times l ON l.rank = c.rank "
        "WHERE m.amount_low IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2 NULLS LAST, 3"
    )
    every = store.one("SELECT count(*) FROM money m JOIN canon c USING (record_id)")[0]
    cited = cited_at(store, [rank for row in rows for rank in row[-1]])
    weeks = tuple(
        Week(
            _EPOCH + timedelta(days=max(begin, 1 - _EPOCH.toordinal())), currency, doubt, written,
            mentions, low, high, tuple(cited[rank] for rank in ranks),
        )
        for begin, currency, doubt, written, mentions, low, high, ranks in rows
    )  # fmt: skip
    return weeks, every - sum(week.mentions for week in weeks)


def _spots(store: Store) -> tuple[tuple[Spot, ...], int, int]:
    rows = store.rows(
        f"SELECT {_CITY} AS spot, bool_and(place_kind = 'coordinate'), "
        "round(arg_min(latitude, mention_id), 1), round(arg_min(longitude, mention_id), 1), "
        "count(*) AS mentions, count(DISTINCT record_id), min(c.micros), max(c.micros), "
        "min(DISTINCT c.rank, 3) "
        "FROM locations p JOIN (SELECT mention_id FROM found WHERE NOT by_model) USING (mention_id)"
        " JOIN canon c USING (record_id) GROUP BY spot "
        "ORDER BY mentions DESC, spot NULLS LAST"
    )
    placeless = sum(row[4] for row in rows if row[0] is None)
    named = [row for row in rows if row[0] is not None]
    cited = cited_at(store, [rank for row in named[:PLACES] for rank in row[-1]])
    spots = tuple(
        Spot(
            name=name, is_point=bool(is_point), latitude=latitude, longitude=longitude,
            mentions=mentions, records=records, first=moment(first), last=moment(last),
            cited=tuple(cited[rank] for rank in ranks),
        )
        for name, is_point, latitude, longitude, mentions, records, first, last, ranks
        in named[:PLACES]
    )  # fmt: skip
    return spots, len(named), placeless


def _rhythm(store: Store) -> tuple[float, list[Stretch], list[Stretch]]:
    days = store.rows(
        "SELECT l.local_day, count(*), min(rank), max(rank) FROM local_times l "
        "JOIN canon c USING (rank) WHERE c.kind = 'message' GROUP BY l.local_day ORDER BY 1"
    )
    if not days:
        return 0.0, [], []
    middle = float(median(row[1] for row in days))
    many = max(BURST_TIMES * middle, BURST_LEAST)
    bursts = sorted((row for row in days if row[1] >= many), key=lambda row: (-row[1], row[0]))
    between = [
        (before[0] + 1, after[0] - 1, before[3], after[2])
        for before, after in pairwise(days)
        if after[0] - before[0] > GAP_DAYS
    ]
    between.sort(key=lambda row: (row[0] - row[1], row[0]))
    ranks = [row[2] for row in bursts[:STRETCHES]]
    ranks += [rank for row in between[:STRETCHES] for rank in row[2:]]
    cited = cited_at(store, ranks)
    return (
        middle,
        [Stretch(_day(day), _day(day), count, _at(cited, rank)) for day, count, rank, _ in bursts],
        [
            Stretch(_day(first), _day(last), 0, _at(cited, *ranks))
            for first, last, *ranks in between
        ],
    )


def _at(cited: dict[int, Cited], *ranks: int) -> Citations:
    return tuple(cited[rank] for rank in ranks if rank in cited)


def _day(number: int) -> date:
    return date.fromordinal(min(max(number + _EPOCH.toordinal(), 1), date.max.toordinal()))
