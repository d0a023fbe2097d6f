"""Search by value: the mentions of a phone number, name, place, amount or address."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from pipeline.search.amounts import condition as amount_condition
from pipeline.search.compare import (
    Matcher,
    address_matcher,
    email_matcher,
    handle_matcher,
    name_matcher,
    place_matcher,
    url_matcher,
    word_matcher,
)
from pipeline.search.filters import Filters, sql
from pipeline.search.phones import phone_matcher
from pipeline.search.results import SearchHit, SearchResult, moment
from pipeline.search.tables import Row, Tables, among, string
from schemas.kinds import MentionKind

SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class _Finder:
    """Where the values of a kind stand, and how one is compared with what is asked for."""

    kind: MentionKind
    table: str
    columns: tuple[str, ...]
    """The surface last: it may hold any character, the separator too."""
    matcher: Callable[[str], Matcher]


_FINDERS = {
    "phone": _Finder(MentionKind.PHONE, "phones", ("e164", "value", "surface"), phone_matcher),
    "alias": _Finder(MentionKind.ALIAS, "aliases", ("name_key", "value", "surface"), name_matcher),
    "handle": _Finder(MentionKind.HANDLE, "aliases", ("value", "surface"), handle_matcher),
    "location": _Finder(
        MentionKind.LOCATION,
        "locations",
        ("place_kind", "city", "county", "state", "country", "place_name", "value", "surface"),
        place_matcher,
    ),
    "email": _Finder(MentionKind.EMAIL, "mentions", ("value", "surface"), email_matcher),
    "url": _Finder(MentionKind.URL, "mentions", ("value", "surface"), url_matcher),
    "ip": _Finder(MentionKind.IP, "mentions", ("value", "surface"), address_matcher),
}
_OTHERS = ("date", "age", "role_term", "legal_ref", "lodging", "travel", "plate", "account")
_FINDERS |= {
    name: _Finder(MentionKind(name), "mentions", ("value", "surface"), word_matcher)
    for name in _OTHERS
}
_ALSO = {"place": "location", "tel": "phone", "name": "alias"}
"""Other words people write before the colon."""

_IDS = ("record", "mention", "entity")
_PREFIXED = re.compile(
    rf"\s*(?P<name>{'|'.join([*_FINDERS, *_ALSO, *_IDS, 'money'])}):(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ID = re.compile(r"\s*(?P<id>[0-9a-f]{20})\s*")


@dataclass(frozen=True, slots=True)
class ValueQuery:
    """A query by value."""

    name: str
    """A kind of mention, or record, mention, entity, or ``id`` for any of these three."""
    value: str
    """What is asked for; empty or ``*`` for every mention of the kind."""


def value_query(query: str) -> ValueQuery | None:
    """Return a query as one by value (``phone:…``, an id), or None where it is text."""
    if match := _PREFIXED.fullmatch(query):
        name = match["name"].lower()
        value = match["value"].strip()
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = value[1:-1].strip()
        return ValueQuery(_ALSO.get(name, name), value)
    if match := _ID.fullmatch(query):
        return ValueQuery("id", match["id"])
    return None


def find(
    tables: Tables, query: str, wanted: ValueQuery, filters: Filters, limit: int
) -> SearchResult:
    """Return the mentions, or the record, that a query by value asks for.

    Args:
        tables: of the case.
        query: as given, for the result.
        wanted: the same, read.
        filters: what narrows it.
        limit: hits to return at most.

    Raises:
        ConfigError: the value cannot be read as one of its kind.
    """
    if wanted.name in {"record", "id"}:
        rows = tables.rows(_record_sql(tables, wanted.value, filters))
        if rows or wanted.name == "record":
            return _result(tables, query, rows, limit)
    rows = tables.rows(_mention_sql(tables, _mentions(tables, wanted), filters, limit))
    return _result(tables, query, rows, limit)


def _mentions(tables: Tables, wanted: ValueQuery) -> str:
    """Return the condition on a row ``m`` of ``mentions``."""
    value = wanted.value
    if wanted.name in {"mention", "entity", "id"}:
        members = (
            f"m.mention_id IN (SELECT mention_id FROM {tables['memberships']} "
            f"WHERE entity_id = {string(value)})"
        )
        single = f"m.mention_id = {string(value)}"
        return {"mention": single, "entity": members}.get(wanted.name, f"({single} OR {members})")
    everything = value in {"", "*"}
    if wanted.name == "money":
        condition = "m.kind = 'money'"
        if everything:
            return condition
        return (
            f"{condition} AND m.mention_id IN "
            f"(SELECT mention_id FROM {tables['money']} WHERE {amount_condition(value)})"
        )
    finder = _FINDERS[wanted.name]
    condition = f"m.kind = {string(finder.kind)}"
    if everything:
        return condition
    columns = ", ".join(f"coalesce({column}, '')" for column in finder.columns)
    key = f"concat_ws('{SEPARATOR}', {columns})"
    table = tables[finder.table]
    only = f"WHERE kind = {string(finder.kind)}" if finder.table == "mentions" else ""
    matches = finder.matcher(value)
    keys = [
        str(row[0])
        for row in tables.rows(f"SELECT DISTINCT {key} FROM {table} {only}")
        if matches(str(row[0]).split(SEPARATOR, len(finder.columns) - 1))
    ]
    return (
        f"{condition} AND m.mention_id IN "
        f"(SELECT mention_id FROM {table} WHERE {among(key, sorted(keys))})"
    )


def mention_kind_sql(tables: Tables, kind: str) -> str:
    """Return a query of the records that hold a mention of a kind."""
    return f"SELECT DISTINCT record_id FROM {tables['mentions']} WHERE kind = {string(kind)}"


_COLUMNS = (
    "r.record_id, {citation}, CAST(floor(epoch_us(r.sent_at) / 1000000) AS BIGINT), "
    "r.author_name, r.thread_id, r.kind, {mention}, count(*) OVER ()"
)


def _record_sql(tables: Tables, record_id: str, filters: Filters) -> str:
    columns = _COLUMNS.format(citation="r.citation", mention="NULL, NULL, NULL, NULL")
    condition = sql(filters)
    if filters.mention_kind is not None:
        condition += f" AND r.record_id IN ({mention_kind_sql(tables, filters.mention_kind)})"
    return (
        f"SELECT {columns} FROM {tables['records']} r "
        f"WHERE r.record_id = {string(record_id)} AND {condition}"
    )


def _mention_sql(tables: Tables, mentions: str, filters: Filters, limit: int) -> str:
    columns = _COLUMNS.format(
        citation="m.citation", mention='m.mention_id, m.start, m."end", m.value'
    )
    if filters.mention_kind is not None:
        mentions += f" AND m.kind = {string(filters.mention_kind)}"
    return (
        f"SELECT {columns} FROM {tables['mentions']} m "
        f"JOIN {tables['records']} r ON r.record_id = m.record_id "
        f"WHERE {mentions} AND {sql(filters)} "
        f"ORDER BY r.sent_at NULLS LAST, r.record_id, m.start, m.mention_id LIMIT {max(limit, 1)}"
    )


def _result(tables: Tables, query: str, rows: Sequence[Row], limit: int) -> SearchResult:
    total = cast("int", rows[0][-1]) if rows else 0
    shown = rows[:limit]
    texts = _texts(tables, {str(row[0]) for row in shown})
    values = _entity_values(tables, {str(row[6]) for row in shown if row[6] is not None})
    return SearchResult(query, total, tuple(_hit(row, texts, values) for row in shown))


def _hit(row: Row, texts: dict[str, str], values: dict[str, str]) -> SearchHit:
    record_id, citation, seconds, author, thread, kind, mention_id, start, end, value, _ = cast(
        "tuple[str, str, int | None, str | None, str | None, str | None, str | None, "
        "int | None, int | None, str | None, int]",
        row,
    )
    marked = ((start, end),) if start is not None and end is not None else ()
    return SearchHit(
        record_id, citation, moment(seconds), author, thread, kind, texts.get(record_id, ""),
        marked, mention_id, values.get(mention_id or "", value),
    )  # fmt: skip


def _texts(tables: Tables, record_ids: set[str]) -> dict[str, str]:
    if not record_ids:
        return {}
    rows = tables.rows(
        f"SELECT record_id, text FROM {tables['records']} "
        f"WHERE text IS NOT NULL AND {among('record_id', sorted(record_ids))}"
    )
    return {str(key): str(text) for key, text in rows}


def _entity_values(tables: Tables, mention_ids: set[str]) -> dict[str, str]:
    if not mention_ids:
        return {}
    rows = tables.rows(
        f"SELECT s.mention_id, e.value FROM {tables['memberships']} s "
        f"JOIN {tables['entities']} e ON e.entity_id = s.entity_id "
        f"WHERE {among('s.mention_id', sorted(mention_ids))} ORDER BY e.entity_id"
    )
    return {str(key): str(value) for key, value in rows}


def first_mentions(
    tables: Tables, record_ids: Sequence[str], kind: str
) -> dict[str, list[tuple[int, int, str, str | None]]]:
    """Return the mentions of a kind in some records: start, end, id, value, in order."""
    rows = tables.rows(
        f'SELECT record_id, start, "end", mention_id, value FROM {tables["mentions"]} '
        f"WHERE kind = {string(kind)} AND {among('record_id', record_ids)} "
        "ORDER BY record_id, start, mention_id"
    )
    found: dict[str, list[tuple[int, int, str, str | None]]] = {}
    for row in rows:
        found.setdefault(str(row[0]), []).append(
            cast("tuple[int, int, str, str | None]", tuple(row[1:]))
        )
    return found
