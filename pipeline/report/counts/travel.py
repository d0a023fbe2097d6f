"""Travel as stated: modes, from and to, dates ahead, and places named in turn."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.report.counts.citing import CITED, citations, cite
from pipeline.report.counts.localtime import local, zone_of
from pipeline.report.rows import Citations, Cited
from pipeline.report.store import Store, moment

BEFORE = 24
"""Code points before a place in which ``from`` or ``to`` has to stand."""

NEAR = 80
"""Code points between a date and the travel, lodging or place that it is taken to go with."""

FROM = re.compile(
    r"(?<!\w)(?:from|leaving|left|outta|out[ ]of|desde|(?:sal(?:go|e|en|imos|i[oó])|vengo|viene)"
    r"[ ]de)[ ](?:the[ ])?\Z",
    re.IGNORECASE,
)
TO = re.compile(
    r"(?<!\w)(?:to|into|toward|towards|leaving[ ]for|headed[ ]for|hasta|hacia|"
    r"(?:para|voy|va|van|vamos|viaje|vuelo|boleto|bus|autob[uú]s|cami[oó]n|manejando|llegar)[ ]a)"
    r"[ ](?:the[ ])?\Z|(?<!\w)para[ ]\Z",
    re.IGNORECASE,
)
"""Words directly before a place that say it is where a way begins, or where it ends."""

MODES = f"""
SELECT f.value, count(*), count(DISTINCT f.rank), count(DISTINCT c.thread_id),
       min(c.micros), max(c.micros),
       arg_min({cite("f")},
               [f.rank, f.start, f."end"], {CITED})
FROM found f JOIN canon c USING (rank) WHERE f.kind = 'travel' AND NOT f.by_model
GROUP BY f.value ORDER BY count(*) DESC, f.value
"""

TRIPS = """
SELECT f.mention_id, f.record_id, c.micros, c.author_name, f.surface, f.value, f.citation,
       f.source_label
FROM found f JOIN canon c USING (rank)
WHERE f.kind = 'travel' AND NOT f.by_model AND (
  f.value IS DISTINCT FROM 'en_route' OR f.rank IN (
    SELECT rank FROM found WHERE kind = 'location' AND NOT by_model))
ORDER BY f.rank, f.start, f."end", f.mention_id
"""

WAYS = f"""
CREATE TABLE IF NOT EXISTS travel_places AS
SELECT f.rank, f."end", f.mention_id, f.record_id,
       coalesce(l.place_name, f.surface) AS name, l.city, l.state, f.start,
       CASE WHEN f.basis = 'found'
            THEN substr(r.text, greatest(f.start - {BEFORE}, 0) + 1, least(f.start, {BEFORE})) END
       AS before
FROM locations l JOIN found f USING (mention_id) JOIN canon c USING (rank)
JOIN records r USING (at_row)
WHERE NOT f.by_model AND f.rank IN (
  SELECT rank FROM found WHERE kind IN ('travel', 'lodging', 'date') AND NOT by_model)
"""
"""Places of records on travel, lodging or dates, with what stands directly before each."""

PLACES = """
SELECT record_id, name, city, state, before FROM travel_places
ORDER BY rank, start, "end", mention_id
"""

DATES = f"""
SELECT f.mention_id, f.record_id, c.micros, c.author_name, f.surface, f.value, f.citation,
       f.source_label
FROM found f JOIN canon c USING (rank)
WHERE f.kind = 'date' AND f.value IS NOT NULL AND c.micros IS NOT NULL AND EXISTS (
  SELECT 1 FROM found g
  WHERE g.rank = f.rank AND g.kind IN ('travel', 'lodging', 'location')
    AND NOT g.by_model AND g.start <= f."end" + {NEAR} AND f.start <= g."end" + {NEAR})
ORDER BY f.rank, f.start, f."end", f.mention_id
"""

KINDS = """
SELECT DISTINCT record_id, CASE kind WHEN 'lodging' THEN 'lodging' ELSE value END
FROM found WHERE kind IN ('travel', 'lodging') AND NOT by_model
  AND (kind = 'lodging' OR value IS NOT NULL)
ORDER BY 1, 2
"""

NAMED = """
SELECT c.author, c.author_name, c.micros, l.county, l.state, f.record_id, f.citation,
       f.source_label
FROM locations l JOIN found f USING (mention_id) JOIN canon c USING (rank)
WHERE NOT f.by_model AND c.author IS NOT NULL AND c.micros IS NOT NULL
  AND (l.county IS NOT NULL OR l.state IS NOT NULL)
ORDER BY c.author, f.rank, f.start, f."end", f.mention_id
"""


@dataclass(frozen=True, slots=True)
class ModeRow:
    """Mentions of one mode of travel."""

    mode: str | None
    mentions: int
    records: int
    threads: int
    first: datetime | None
    last: datetime | None
    cited: Citations


@dataclass(frozen=True, slots=True)
class TripRow:
    """A mention of travel, and what its record says of places and dates."""

    mention_id: str
    sent: datetime | None
    author: str | None
    surface: str
    mode: str | None
    origin: tuple[str, ...]
    """Places after ``from`` and its like."""
    target: tuple[str, ...]
    """Places after ``to`` and its like."""
    others: tuple[str, ...]
    """Other places of the record."""
    dates: tuple[str, ...]
    """Dates of the record as normalised: ``2024-04-13``, ``2024-W15``, ``2024-04``."""
    cited: Cited


@dataclass(frozen=True, slots=True)
class UpcomingRow:
    """A date that lay ahead when the record was sent, in a record on travel, lodging or a place."""

    mention_id: str
    sent: datetime
    author: str | None
    surface: str
    value: str
    start: date
    after_end: bool
    """Whether it is later than the last dated message of the return."""
    about: tuple[str, ...]
    """Modes of travel of the record, and ``lodging``."""
    places: tuple[str, ...]
    cited: Cited


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Consecutive records in which an account names places of one county (or state)."""

    move_id: str
    """The account and the number of the run."""
    account_id: str
    author: str | None
    """The account's name in the first of them."""
    county: str | None
    state: str | None
    first: datetime | None
    last: datetime | None
    records: int
    cited: Citations


def modes(store: Store) -> tuple[ModeRow, ...]:
    """Return modes of travel by number of mentions."""
    return tuple(
        ModeRow(
            mode, mentions, records, threads, moment(first), moment(last),
            citations(cited),
        )
        for mode, mentions, records, threads, first, last, cited in store.rows(MODES)
    )  # fmt: skip


def trips(store: Store) -> tuple[TripRow, ...]:
    """Return mentions of travel in order of time.

    Left out are phrases such as ``omw`` in records without a place, which :func:`modes` counts.
    A place counts as from or to only where such a word stands directly before it.

    Raises:
        IntegrityError: a table cannot be read.
    """
    store.run(WAYS)
    places = store.grouped(PLACES)
    dates = store.grouped(
        "SELECT DISTINCT record_id, value FROM found WHERE kind = 'date' AND value IS NOT NULL "
        "AND rank IN (SELECT rank FROM found WHERE kind = 'travel') ORDER BY 1, 2"
    )
    made = []
    for key, record, at, author, surface, mode, citation, label in store.rows(TRIPS):
        origin, target, others = _ways(places.get(record, []))
        made.append(
            TripRow(
                key, moment(at), author, surface, mode, origin, target, others,
                tuple(value for (value,) in dates.get(record, [])), Cited(citation, label, record),
            )
        )  # fmt: skip
    return tuple(made)


def upcoming(store: Store, zone: str = "America/Chicago") -> tuple[UpcomingRow, ...]:
    """Return dates that lay ahead: those after the last message, then the others, latest first.

    Of a record each date stands once, where travel, lodging or a place is named near it.

    Args:
        store: the tables.
        zone: IANA zone in which the day of sending is reckoned, as the extractor does.

    Raises:
        IntegrityError: a table cannot be read.
    """
    there, _ = zone_of(zone)
    end = moment(store.one("SELECT max(micros) FROM canon WHERE kind = 'message'")[0])
    last = None if end is None else local(end, there).date()
    about = store.grouped(KINDS)
    store.run(WAYS)
    places = store.grouped(PLACES)
    rows = []
    seen = set()
    for key, record, at, author, surface, value, citation, label in store.rows(DATES):
        sent, start = moment(at), first_day(value)
        if sent is None or start is None or start <= local(sent, there).date():
            continue
        if (record, value) in seen:
            continue
        seen.add((record, value))
        named = dict.fromkeys(place[0] for place in places.get(record, []))
        rows.append(
            UpcomingRow(
                key, sent, author, surface, value, start, last is not None and start > last,
                tuple(kind for (kind,) in about.get(record, [])), tuple(named),
                Cited(citation, label, record),
            )
        )  # fmt: skip
    return tuple(
        sorted(
            rows,
            key=lambda row: (not row.after_end, -row.start.toordinal(), row.sent, row.mention_id),
        )
    )


def moves(store: Store) -> tuple[MoveRow, ...]:
    """Return counties (or states) that an account named, in order, each run of one once.

    Only accounts that name at least two stand here, those with most runs first. State and county
    are those of the gazetteer; what only the trained model found is left out. A place that an
    account names is not a place where somebody was.

    Raises:
        IntegrityError: a table cannot be read.
    """
    runs: dict[str, list[list[tuple[Any, ...]]]] = defaultdict(list)
    for author, *row in store.rows(NAMED):
        mine = runs[author]
        if mine and (mine[-1][0][2], mine[-1][0][3]) == (row[2], row[3]):
            mine[-1].append(tuple(row))
        else:
            mine.append([tuple(row)])
    ranked = sorted(runs.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(
        _move(author, f"{author}-{number}", run)
        for author, mine in ranked
        if len(mine) > 1
        for number, run in enumerate(mine, 1)
    )


def first_day(value: str) -> date | None:
    """Return the first day of a date as the tables have it (a day, week, month or year)."""
    try:
        if "-W" in value:
            number, week = value.split("-W")
            return date.fromisocalendar(int(number), int(week), 1)
        parts = [int(part) for part in value.split("-")]
        year, month, day = (*parts, 1, 1)[:3]
        return date(year, month, day)
    except ValueError:
        return None


def _ways(
    places: Sequence[tuple[Any, ...]],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    origin: dict[str, None] = {}
    target: dict[str, None] = {}
    others: dict[str, None] = {}
    for name, city, state, before in places:
        shown = f"{name}, {state}" if state and city == name else name
        if before and FROM.search(before):
            origin[shown] = None
        elif before and TO.search(before):
            target[shown] = None
        else:
            others[shown] = None
    return tuple(origin), tuple(target), tuple(others)


def _move(account: str, key: str, run: Sequence[tuple[Any, ...]]) -> MoveRow:
    author, first, county, state, *_ = run[0]
    cited = list(_first_records(run))
    return MoveRow(
        key, account, author, county, state, moment(first), moment(run[-1][1]), len(cited),
        tuple(cited[:CITED]),
    )  # fmt: skip


def _first_records(run: Sequence[tuple[Any, ...]]) -> Iterator[Cited]:
    seen = set()
    for *_, record, citation, label in run:
        if record not in seen:
            seen.add(record)
            yield Cited(citation, label, record)
