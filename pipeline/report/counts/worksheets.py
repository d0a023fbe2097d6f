"""Worksheets and what they count: contact sheets, hotels to write to, evidence that perishes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.report.counts.citing import CITED
from pipeline.report.counts.stays import StayRow, fold, stays
from pipeline.report.rows import Citations, Cited
from pipeline.report.store import Store, moment
from pipeline.search.tables import strings
from schemas.ids import stable_id

VALUES = 6
"""Values of each sort given for a property."""

SERVICES = re.compile(
    r"(?<!\w)(?P<name>uber|lyft|taxi|cab|greyhound|jefferson lines|megabus|flixbus|omnibus|amtrak)",
    re.IGNORECASE,
)
"""Companies, and taxis, that phrases of extractors/data/travel_phrases.tsv name."""

STORE = re.compile(
    r"(?<!\w)(?:stores?|shops?|market|mart|walmart|target|walgreens|cvs|pharmacy|liquors?|mall"
    r"|gas|fuel|station|truck[ ]?stop|travel[ ](?:center|plaza)|casino|bank|atm|pawn"
    r"|moneygram|western[ ]union|restaurant|diner|cafe|bar|grill|pub|lounge|club)(?!\w)",
    re.IGNORECASE,
)
"""Words in the names of venues that commonly keep video."""

VALUES_IN = f"""
WITH listed AS (SELECT unnest({{records}}) AS record_id, unnest({{keys}}) AS key)
SELECT key, f.kind, f.value
FROM (SELECT DISTINCT record_id, key FROM listed) JOIN found f USING (record_id)
WHERE f.kind IN ('phone', 'handle', 'alias', 'plate', 'email') AND f.value IS NOT NULL
  AND f.service_category IS NULL AND f.review IS NULL AND NOT f.by_model
GROUP BY key, f.kind, f.value
QUALIFY row_number() OVER (PARTITION BY key, f.kind
        ORDER BY count(DISTINCT f.rank) DESC, min(f.rank), f.value) <= {VALUES}
ORDER BY key, f.kind, count(DISTINCT f.rank) DESC, min(f.rank), f.value
"""

RIDES = """
SELECT f.surface, f.value, f.micros, f.record_id, f.citation, f.source_label
FROM found f
WHERE f.kind = 'travel' AND f.value IN ('bus', 'train', 'flight', 'rideshare') AND NOT f.by_model
ORDER BY f.rank, f.start, f."end", f.mention_id
"""

CARDS = """
SELECT m.instrument, f.micros, f.record_id, f.citation, f.source_label
FROM money m JOIN found f USING (mention_id)
WHERE m.instrument IN ('giftcard', 'greendot')
   OR m.instrument = 'card' AND contains(lower(f.surface), 'prepaid')
ORDER BY f.rank, f.start, f."end", f.mention_id
"""

SHOPS = """
SELECT coalesce(l.place_name, f.surface), f.micros, f.record_id, f.citation,
       f.source_label
FROM locations l JOIN found f USING (mention_id)
WHERE l.place_kind = 'venue' AND NOT f.by_model AND NOT contains(f.rule, 'location:hotel')
ORDER BY f.rank, f.start, f."end", f.mention_id
"""


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """A hotel or motel, and what the stays that name it say together."""

    property_id: str
    number: str
    """``H-01``, the oldest first."""
    name: str
    resolved: str | None
    counties: tuple[str, ...]
    stays: tuple[str, ...]
    """Numbers of its stays."""
    spans: tuple[tuple[datetime | None, datetime | None], ...]
    """First and last record of each stay (UTC), the oldest first."""
    first: datetime | None
    last: datetime | None
    rooms: tuple[str, ...]
    stated: tuple[str, ...]
    names: tuple[str, ...]
    """Names in the same records."""
    numbers: tuple[str, ...]
    """Telephone numbers there; listed services and what is under review left out."""
    others: tuple[str, ...]
    """Handles, e-mail addresses and plates there."""
    records: int
    cited: Citations


@dataclass(frozen=True, slots=True)
class PerishableRow:
    """A property or service whose own records or video may be kept for a short time only."""

    perishable_id: str
    sort: str
    """hotel, store, ride-share, gift or prepaid card, bus, train or flight."""
    name: str | None
    """As stated; None = no company is named."""
    place: str | None
    first: datetime | None
    last: datetime | None
    records: int
    cited: Citations


def properties(store: Store, rows: Sequence[StayRow]) -> tuple[PropertyRow, ...]:
    """Return hotels and motels, the one named longest ago first.

    Stays of one name with one place are one property; those without a place stand apart, since
    many properties may bear the name of a brand.

    Args:
        store: the tables.
        rows: of :func:`pipeline.report.counts.stays.stays`.
    """
    grouped: dict[tuple[str, str], list[StayRow]] = defaultdict(list)
    for row in rows:
        if row.property is not None:
            grouped[fold(row.property), row.resolved or ""].append(row)
    if not grouped:
        return ()
    keys = {key: stable_id("property", *key) for key in grouped}
    listed = [(rid, keys[key]) for key, some in grouped.items() for row in some
              for rid in row.record_ids]  # fmt: skip
    values = store.grouped(
        VALUES_IN.format(
            records=strings(rid for rid, _ in listed), keys=strings(key for _, key in listed)
        )
    )
    ordered = sorted(grouped.items(), key=lambda item: (_age(item[1][0]), item[0]))
    return tuple(
        _property(number, keys[key], some, values.get(keys[key], []))
        for number, (key, some) in enumerate(ordered, 1)
    )


def perishable(store: Store, rows: Sequence[StayRow] | None = None) -> tuple[PerishableRow, ...]:
    """Return properties and services that may hold evidence for a short time, the oldest first.

    How long any of them keeps what it has is not known here. A named property or service is not
    shown to have been used.

    Args:
        store: the tables.
        rows: of :func:`pipeline.report.counts.stays.stays`; None = they are counted anew.

    Raises:
        IntegrityError: a table cannot be read.
    """
    made = [
        PerishableRow(
            row.property_id, "hotel", row.name, row.resolved, row.first, row.last, row.records,
            row.cited,
        )
        for row in properties(store, stays(store) if rows is None else rows)
    ]  # fmt: skip
    hits: dict[tuple[str, str | None], list[tuple[Any, ...]]] = defaultdict(list)
    for surface, mode, *where in store.rows(RIDES):
        match = SERVICES.search(surface)
        name = match["name"].title() if match else None
        sort = "ride-share or taxi" if mode == "rideshare" else f"{mode} travel"
        hits[sort, name].append(tuple(where))
    for instrument, *where in store.rows(CARDS):
        name = "Green Dot" if instrument == "greendot" else None
        hits["gift or prepaid card", name].append(tuple(where))
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for name, *where in store.rows(SHOPS):
        if STORE.search(name):
            spelled[fold(name)][name] += 1
            hits["store or venue", fold(name)].append(tuple(where))
    for (sort, name), some in hits.items():
        spellings = spelled[name] if sort == "store or venue" and name else None
        shown = min(spellings, key=lambda s: (-spellings[s], s)) if spellings else name
        made.append(_perishable(sort, name, shown, some))
    return tuple(sorted(made, key=lambda row: (_age(row), row.sort, row.name or "",
                                               row.perishable_id)))  # fmt: skip


def _property(
    number: int, key: str, some: Sequence[StayRow], values: Iterable[tuple[Any, ...]]
) -> PropertyRow:
    listed = list(values)

    def of(*kinds: str) -> tuple[str, ...]:
        return tuple(value for kind, value in listed if kind in kinds)

    first = some[0]
    names = Counter(row.property or "" for row in some)
    cited = dict.fromkeys(item for row in some for item in row.cited)
    return PropertyRow(
        property_id=key,
        number=f"H-{number:02}",
        name=min(names, key=lambda name: (-names[name], name)),
        resolved=first.resolved,
        counties=tuple(dict.fromkeys(name for row in some for name in row.counties)),
        stays=tuple(row.number for row in some),
        spans=tuple((row.first, row.last) for row in some),
        first=first.first,
        last=max((row.last for row in some if row.last is not None), default=None),
        rooms=tuple(dict.fromkeys(room for row in some for room in row.rooms)),
        stated=tuple(dict.fromkeys(words for row in some for words in row.stated)),
        names=of("alias"),
        numbers=of("phone"),
        others=of("handle", "email", "plate"),
        records=len({rid for row in some for rid in row.record_ids}),
        cited=tuple(cited)[:CITED],
    )


def _perishable(
    sort: str, name: str | None, shown: str | None, some: Sequence[tuple[Any, ...]]
) -> PerishableRow:
    times = [micros for micros, *_ in some if micros is not None]
    cited = {record: Cited(citation, label, record)
             for _, record, citation, label in reversed(some)}  # fmt: skip
    firsts = [cited[record] for record in dict.fromkeys(record for _, record, *_ in some)]
    return PerishableRow(
        stable_id("perishable", sort, name), sort, shown, None,
        moment(min(times, default=None)), moment(max(times, default=None)), len(cited),
        tuple(firsts[:CITED]),
    )  # fmt: skip


def _age(row: StayRow | PerishableRow) -> tuple[bool, float]:
    return (row.first is None, row.first.timestamp() if row.first is not None else 0.0)
