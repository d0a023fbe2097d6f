"""Other places that an account stated in the hours of an assertion: they may conflict with it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import cast

from pipeline.corroborate.facts import Fact
from pipeline.search.filters import Filters, sql
from pipeline.search.fold import phrase
from pipeline.search.results import SearchHit
from pipeline.search.tables import Row, Tables, among

DAY = timedelta(hours=26)
"""A period up to this counts as the same hours: a local day has up to 25."""
HOURS = timedelta(hours=3)
"""Of a longer period, what lies this near to a record that names the place, by the same account."""
WIDE = ("county", "state", "country", "road")
"""Sorts of place that hold many others, or run through them: none of them is another place."""


def other_places(
    tables: Tables, fact: Fact, filters: Filters, places: Sequence[SearchHit]
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield records in which the same account stated another place, with the span that does.

    The account is the one that the assertion names; where it names none, those that wrote of the
    place itself.

    Args:
        tables: of the case.
        fact: the assertion, with its place.
        filters: its period, account and conversation.
        places: what answers its place.
    """
    anchors = _anchors(tables, {hit.record_id for hit in places})
    is_short = fact.since is not None and fact.until is not None and fact.until - fact.since <= DAY
    if not anchors and not (is_short and fact.account):
        return
    asked = _asked(tables, [hit.mention_id for hit in places if hit.mention_id])
    only = "true" if fact.account else among(_WHO, sorted(anchors))
    wanted = f" {phrase(fact.place)} "
    seen: set[str] = set()
    for row in _stated(tables, filters, only):
        record_id, start, end, name, _, city, _, _, _, who, second = cast("_Stated", row)
        if record_id in seen or not (is_short or _is_near(anchors.get(who, ()), second)):
            continue
        names = {phrase(item) for item in (name, city) if item} - {""}
        is_same = any(f" {item} " in wanted for item in names)
        if is_same or any(_is_in(row[4:9], one) for one in asked):
            continue
        seen.add(record_id)
        yield record_id, (start, end)


_Stated = tuple[
    str, int, int, "str | None", str, "str | None", "str | None", "str | None", "str | None", str,
    int,
]  # fmt: skip
_WHO = "coalesce(r.author_account_id, r.author_name, '')"
_SECOND = "CAST(floor(epoch_us(r.sent_at) / 1000000) AS BIGINT)"
_AREA = "l.place_kind, l.city, l.county, l.state, l.country"


def _stated(tables: Tables, filters: Filters, only: str) -> list[Row]:
    wide = among("l.place_kind", WIDE)
    return tables.rows(
        f'SELECT r.record_id, m.start, m."end", l.place_name, {_AREA}, {_WHO}, {_SECOND} '
        f"FROM {tables['locations']} l "
        f"JOIN {tables['mentions']} m ON m.mention_id = l.mention_id "
        f"JOIN {tables['records']} r ON r.record_id = m.record_id "
        f"WHERE {sql(filters)} AND {only} AND r.sent_at IS NOT NULL "
        f"AND l.value IS NOT NULL AND NOT coalesce({wide}, true) "
        "ORDER BY r.sent_at, r.source_label, r.ordinal, r.record_id, m.start, m.mention_id"
    )


def _anchors(tables: Tables, record_ids: set[str]) -> dict[str, list[int]]:
    """Return when which account wrote of the place, in order."""
    found: dict[str, list[int]] = {}
    if record_ids:
        for who, second in tables.rows(
            f"SELECT {_WHO}, {_SECOND} FROM {tables['records']} r "
            f"WHERE r.sent_at IS NOT NULL AND {among('r.record_id', sorted(record_ids))} "
            "ORDER BY 1, 2"
        ):
            found.setdefault(str(who), []).append(cast("int", second))
    return found


def _asked(tables: Tables, mention_ids: list[str]) -> list[Row]:
    """Return what and where the places are that answer."""
    if not mention_ids:
        return []
    return tables.rows(
        f"SELECT DISTINCT {_AREA} FROM {tables['locations']} l "
        f"WHERE {among('l.mention_id', mention_ids)} ORDER BY ALL"
    )


def _is_near(anchors: Sequence[int], second: int) -> bool:
    """Whether a time lies within :data:`HOURS` of one of these, which are sorted."""
    hours = HOURS // timedelta(seconds=1)
    at = bisect_left(anchors, second - hours)
    return at < len(anchors) and anchors[at] <= second + hours


def _is_in(place: Sequence[object], asked: Sequence[object]) -> bool:
    """Whether a place lies where one that answers lies: in the same city, county, state."""
    kind, city, county, state, country = asked
    _, its_city, its_county, its_state, its_country = place
    if kind == "country":
        return country is not None and its_country == country
    if kind == "state":
        return state is not None and its_state == state
    if kind == "county":
        return county is not None and (its_county, its_state) == (county, state)
    return city is not None and (its_city, its_state) == (city, state)
