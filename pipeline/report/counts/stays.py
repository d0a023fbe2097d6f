"""Stays as stated: what records say of a hotel or motel, grouped by conversation and days."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline.report.counts.citing import CITED
from pipeline.report.rows import Citations, Cited
from pipeline.report.store import Store, moment
from schemas.ids import stable_id

GAP = 2
"""Days (UTC) between two records that still speak of one stay: a night is often named once."""

BESIDE = 40
"""Code points between a property and a place that is taken to say where it lies: a short clause."""

AROUND = 160
"""Code points before and after a property that are read for who booked it."""

WRITERS = 3
PHRASES = 3

LODGE = re.compile(
    r"\b(?:hotel|motel|inn|suites?|lodge|resort|hostel|airbnb|posada)s?\b", re.IGNORECASE
)
"""A venue that the provider states is lodging by one of these words in its name."""

_WHO = r"(?<![\w'’])[^\W\d_]{1,20}(?:['’]ve)?[ ](?:(?:already|just|alr|had|has|have)[ ]){0,2}"
_ROOM = r"(?:rooms?|rms?|hotel|motel|telly|suite|airbnb)(?!\w)"
BOOKED = re.compile(
    rf"{_WHO}(?:booked|reserved|rented|got|(?:paid|payed|pd|paying|pays)(?:[ ](?:for|4))?)[ ]"
    rf"(?:(?:us|me|her|him|them)[ ])?(?:(?:the|a|an|my|our|that|this|another)[ ])?"
    rf"(?:[^\W\d_]{{1,15}}[ ])?{_ROOM}"
    r"|(?<!\w)(?:in|under)[ ](?:my|his|her|your|ur|their|[^\W\d_]{2,20}['’]?s)[ ]name(?!\w)"
    r"|(?<!\w)(?:(?:yo|[eé]l|ella|[^\W\d_]{2,20})[ ])?(?:pagu[eé]|pag[oó]|reserv[eéoó]|rent[eéoó])"
    r"[ ](?:por[ ])?(?:el|la|un|una)[ ](?:cuarto|habitaci[oó]n|hotel|motel)(?!\w)"
    r"|(?<!\w)a[ ](?:mi|su|tu)[ ]nombre(?!\w)",
    re.IGNORECASE,
)
"""Phrases that say who booked or paid for a room; quoted as they stand, never interpreted."""

LODGED = """
CREATE OR REPLACE TABLE stay_mentions AS
SELECT f.mention_id, f.record_id, f.surface, f.value, f.detail, f.start, f."end", f.citation,
       f.source_label, f.rank, f.basis, f.kind
FROM found f WHERE f.kind = 'lodging' AND NOT f.by_model
UNION ALL
SELECT f.mention_id, f.record_id, f.surface, f.value, 'venue ' || l.place_name, f.start, f."end",
       f.citation, f.source_label, f.rank, f.basis, f.kind
FROM locations l JOIN found f USING (mention_id)
WHERE l.place_kind = 'venue' AND l.place_name IS NOT NULL AND NOT f.by_model
  AND (f.basis = 'stated' OR contains(f.rule, 'location:hotel'))
"""
"""Mentions of lodging; and of venues that may be lodging though no such mention covers them."""

SAID = f"""
SELECT f.mention_id, f.record_id, f.surface, f.value, f.detail, f.start, f."end", f.citation,
       f.source_label, f.rank, f.basis, c.micros, c.day, c.thread_id, c.author_name,
       CASE WHEN f.basis = 'found' THEN substr(r.text, greatest(f.start - {AROUND}, 0) + 1,
            f."end" - greatest(f.start - {AROUND}, 0) + {AROUND}) END
FROM stay_mentions f JOIN canon c USING (record_id) JOIN records r USING (at_row)
ORDER BY f.kind <> 'lodging', f.rank, f.start, f."end", f.mention_id
"""

PLACES = """
WITH said AS (SELECT DISTINCT c.record_id, c.thread_id, c.day
              FROM stay_mentions f JOIN canon c USING (record_id)),
days AS (SELECT DISTINCT thread_id, day FROM said
         WHERE thread_id IS NOT NULL AND day IS NOT NULL)
SELECT f.record_id, c.thread_id, c.day, f.start, f."end", l.surface, l.place_name, l.place_kind,
       l.city, l.county, l.state, l.precision
FROM locations l JOIN found f USING (mention_id) JOIN canon c USING (rank)
WHERE NOT f.by_model AND (
  f.record_id IN (SELECT record_id FROM said)
  OR l.place_kind IN ('venue', 'address')
     AND EXISTS (SELECT 1 FROM days d WHERE d.thread_id = c.thread_id AND d.day = c.day))
ORDER BY f.rank, f.start, f."end", f.mention_id
"""


@dataclass(frozen=True, slots=True)
class StayRow:
    """What records of one conversation say of one property within days of each other."""

    stay_id: str
    """From its first mention: it stays as it is when sources are added."""
    number: str
    """``S-01``, by time: equal in all formats and versions of the same tables."""
    property: str | None
    """The property's name as the brand list or the text has it; None = none is named."""
    written: tuple[str, ...]
    """As written, the most frequent first."""
    resolved: str | None
    """Address, city or county stated in or beside the property's name."""
    precision: str | None
    """How near that is: provider (an address it states), address, venue, city or county."""
    counties: tuple[str, ...]
    """``Ramsey County, MN``; empty = undetermined."""
    nearby: tuple[str, ...]
    """Other venues and addresses of the same records, or of the same conversation and day."""
    rooms: tuple[str, ...]
    rooms_apart: tuple[str, ...]
    """Rooms named without a property, in the same conversation at the time."""
    stated: tuple[str, ...]
    """Check-in, check-out and nights as stated."""
    first: datetime | None
    last: datetime | None
    """First and last record that speaks of it (UTC)."""
    writers: tuple[str, ...]
    """Accounts that wrote of it, as named; the most frequent first."""
    writer_count: int
    booked: tuple[tuple[str, str | None, str], ...]
    """Phrases on who booked or paid, the account that wrote each, and the record."""
    by_provider: int
    """Mentions that the provider states."""
    mentions: int
    records: int
    record_ids: tuple[str, ...]
    cited: Citations


@dataclass(frozen=True, slots=True)
class _Said:
    """A mention of lodging."""

    mention: str
    record: str
    surface: str
    name: str | None
    rooms: tuple[str, ...]
    words: tuple[str, ...]
    start: int
    end: int
    cited: Cited
    order: tuple[int, int]
    by_provider: bool
    micros: int | None
    day: int | None
    thread: str
    author: str | None
    around: str


@dataclass(slots=True)
class _Stay:
    said: list[_Said] = field(default_factory=list)
    apart: list[_Said] = field(default_factory=list)

    def spans(self, day: int | None) -> bool:
        days = [item.day for item in self.said if item.day is not None]
        if day is None or not days:
            return day is None and not days
        return min(days) - GAP <= day <= max(days) + GAP


_Place = tuple[Any, ...]


def stays(store: Store) -> tuple[StayRow, ...]:
    """Return stays as stated, the first in time first, those without a time last.

    A stay is what one conversation says of one property, with no more than :data:`GAP` days (UTC)
    between two records. A room or a check-out without a property joins the one stay of its
    conversation and days, and stands apart where there is none or more than one. Services are no
    property: a phone of theirs is never read here. What only the trained model found is left out.

    Raises:
        IntegrityError: a table cannot be read.
    """
    said = list(_mentions(store))
    places = _Places(store.rows(PLACES)) if said else _Places(())
    grouped = sorted(_grouped(said), key=lambda stay: min(item.order for item in stay.said))
    return tuple(_row(number, stay, places) for number, stay in enumerate(grouped, 1))


def fold(name: str) -> str:
    """Return a name as properties are compared: case folded, one blank, no article before it."""
    return " ".join(name.casefold().split()).removeprefix("the ")


def _mentions(store: Store) -> Iterator[_Said]:
    taken: dict[str, list[tuple[int, int]]] = defaultdict(list)
    found: list[_Said] = []
    store.run(LODGED)
    for row in store.rows(SAID):
        item = _said(row)
        free = all(item.end <= start or end <= item.start for start, end in taken[item.record])
        if free and (not item.by_provider or LODGE.search(item.name or "")):
            taken[item.record].append((item.start, item.end))
            found.append(item)
    yield from sorted(found, key=lambda item: (item.order, item.mention))


def _said(row: tuple[Any, ...]) -> _Said:
    (mention, record, surface, value, detail, start, end, citation, label, rank, basis, micros,
     day, thread, author, around) = row  # fmt: skip
    name, words = None, []
    for part in (detail or "").split("; "):
        if part.startswith("venue "):
            name = part.removeprefix("venue ").strip() or None
        elif part and not part.startswith("room "):
            words.append(part)
    rooms = [part[5:] for part in (value or "").split("|") if part.startswith("room ")]
    return _Said(
        mention, record, surface, name, tuple(rooms), tuple(words), start, end,
        Cited(citation, label, record), (rank, start), basis == "stated", micros, day,
        f"t {thread}" if thread is not None else f"r {record}", author, around or "",
    )  # fmt: skip


def _grouped(said: Sequence[_Said]) -> Iterator[_Stay]:
    """Group by conversation, property and days; then what names no property."""
    named: dict[tuple[str, str], list[_Said]] = defaultdict(list)
    nameless: list[_Said] = []
    for item in said:
        if item.name is None:
            nameless.append(item)
        else:
            named[item.thread, fold(item.name)].append(item)
    by_thread: dict[str, list[_Stay]] = defaultdict(list)
    for (thread, _), items in named.items():
        by_thread[thread] += _runs(items)
    left: dict[str, list[_Said]] = defaultdict(list)
    for item in nameless:
        near = [stay for stay in by_thread[item.thread] if stay.spans(item.day)]
        if len(near) == 1:
            near[0].apart.append(item)
        else:
            left[item.thread].append(item)
    for thread, items in left.items():
        by_thread[thread] += _runs(items)
    for some in by_thread.values():
        yield from some


def _runs(items: Iterable[_Said]) -> Iterator[_Stay]:
    stay, last = _Stay(), None
    for item in sorted(items, key=lambda item: (item.day is None, item.day or 0, item.order)):
        if stay.said and (
            (last is None) != (item.day is None)
            or (last is not None and item.day is not None and item.day - last > GAP)
        ):
            yield stay
            stay = _Stay()
        stay.said.append(item)
        last = item.day
    yield stay


class _Places:
    """Places by record, and venues and addresses by conversation and day."""

    def __init__(self, rows: Iterable[_Place]) -> None:
        self.by_record: dict[str, list[_Place]] = defaultdict(list)
        self.by_day: dict[tuple[str, int], list[_Place]] = defaultdict(list)
        for record, thread, day, *place in rows:
            self.by_record[record].append(tuple(place))
            if thread is not None and day is not None and place[4] in ("venue", "address"):
                self.by_day[f"t {thread}", day].append(tuple(place))

    def of(self, item: _Said) -> Iterator[_Place]:
        """Yield the places in or beside a property's name, the nearest first."""
        near = []
        for place in self.by_record.get(item.record, ()):
            inside = item.start <= place[0] and place[1] <= item.end
            apart = item.end <= place[0] or place[1] <= item.start
            if place[4] == "address" and not (inside or apart):
                continue  # ``8 Elm`` of ``Super 8 Elm``: one of the two misread the other
            gap = max(place[0] - item.end, item.start - place[1], 0)
            if gap <= BESIDE:
                near.append((gap, place[0], place))
        yield from (place for _, _, place in sorted(near, key=lambda found: found[:2]))


def _row(number: int, stay: _Stay, places: _Places) -> StayRow:
    every = sorted([*stay.said, *stay.apart], key=lambda item: item.order)
    beside = [place for item in stay.said for place in places.of(item)]
    resolved, precision = _provided(stay.said) or _resolved(beside)
    name = stay.said[0].name
    micros = [item.micros for item in every if item.micros is not None]
    writers = Counter(item.author for item in every if item.author is not None)
    known = {fold(name or ""), *(fold(item.surface) for item in stay.said)}
    around = [
        place
        for item in stay.said
        for place in (*places.by_record.get(item.record, ()),
                      *(places.by_day.get((item.thread, item.day), ())
                        if item.day is not None else ()))
        if place[4] in ("venue", "address") and fold(place[3] or place[2]) not in known
    ]  # fmt: skip
    rooms = tuple(dict.fromkeys(room for item in stay.said for room in item.rooms))
    apart = dict.fromkeys(room for item in stay.apart for room in item.rooms)
    cited = tuple(dict.fromkeys(item.cited for item in every))
    surfaces = Counter(
        next(iter(item.surface.split("\n")), "") if item.by_provider else item.surface
        for item in stay.said
    )
    return StayRow(
        stay_id=stable_id("stay", stay.said[0].mention),
        number=f"S-{number:02}",
        property=name,
        written=tuple(_most(surfaces, WRITERS)) if name else (),
        resolved=resolved,
        precision=precision,
        counties=tuple(dict.fromkeys(
            ", ".join(part for part in (place[6], place[7]) if part) for place in beside if place[6]
        )),
        nearby=tuple(dict.fromkeys(place[3] or place[2] for place in around)),
        rooms=rooms,
        rooms_apart=tuple(room for room in apart if room not in rooms),
        stated=tuple(dict.fromkeys(words for item in every for words in item.words)),
        first=moment(min(micros, default=None)),
        last=moment(max(micros, default=None)),
        writers=tuple(_most(writers, WRITERS)),
        writer_count=len(writers),
        booked=_booked(every),
        by_provider=sum(item.by_provider for item in every),
        mentions=len(every),
        records=len({item.record for item in every}),
        record_ids=tuple(dict.fromkeys(item.record for item in every)),
        cited=_firsts(cited),
    )  # fmt: skip


def _provided(said: Sequence[_Said]) -> tuple[str, str] | None:
    """Return the lines that a provider states below a property's name."""
    for item in said:
        lines = [line.strip() for line in item.surface.splitlines() if line.strip()]
        if item.by_provider and len(lines) > 1:
            return ", ".join(lines[1:]), "provider"
    return None


def _resolved(beside: Sequence[_Place]) -> tuple[str | None, str | None]:
    """Return the nearest place that says where a property lies, an address before a city."""
    for kinds in (("address",), ("venue", "airport"), ("city",), ("county",)):
        for _, _, surface, name, kind, city, county, state, precision in beside:
            if kind not in kinds or (kind == "venue" and city is None and county is None):
                continue
            area = [part for part in (city, county, state) if part]
            parts = [part for part in (name or surface, *area) if part]
            kept = [part for at, part in enumerate(parts) if part not in parts[:at]]
            return ", ".join(kept), "address" if kind == "address" else precision or kind
    return None, None


def _booked(every: list[_Said]) -> tuple[tuple[str, str | None, str], ...]:
    """Return the first phrases on who booked, each wording of an author once."""
    found: dict[tuple[str, str | None], str] = {}
    for item in every:
        for match in BOOKED.finditer(item.around):
            found.setdefault((match.group(), item.author), item.record)
    return tuple((*phrase, record) for phrase, record in found.items())[:PHRASES]


def _firsts(cited: Citations) -> Citations:
    """Return the citations of the first records."""
    return tuple({item.record_id: item for item in reversed(cited)}.values())[::-1][:CITED]


def _most(counts: Counter[str], most: int) -> list[str]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [name for name, _ in ranked[:most]]
