"""Search by value: the mentions of a phone number, name, place, amount or address."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
from pipeline.search.held import of, rows_of
from pipeline.search.phones import phone_matcher
from pipeline.search.results import SearchHit, SearchResult, moment
from pipeline.search.tables import Row, Tables, among, string
from pipeline.search.watched import notes
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
WATCH = "watch"
_PREFIXED = re.compile(
    rf"\s*(?P<name>{'|'.join([*_FINDERS, *_ALSO, *_IDS, 'money', WATCH])}):(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ID = re.compile(r"\s*(?P<id>[0-9a-f]{20})\s*")


@dataclass(frozen=True, slots=True)
class ValueQuery:
    """A query by value."""

    name: str
    """A kind of mention, or record, mention, entity, or ``id`` for any of these three; or watch."""
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
    rows = _mention_rows(tables, _mentions(tables, wanted), filters, limit)
    result = _result(tables, query, rows, limit)
    if wanted.name != WATCH:
        return result
    return replace(result, notes=tuple(notes(tables, wanted.value.rstrip("*"))))


def _mentions(tables: Tables, wanted: ValueQuery) -> str:
    """Return the condition on a row ``m`` of ``mentions``."""
    value = wanted.value
    if wanted.name in {"mention", "entity", "id"}:
        members = of(tables, "memberships", f"entity_id = {string(value)}")
        single = f"m.mention_id = {string(value)}"
        return {"mention": single, "entity": members}.get(wanted.name, f"({single} OR {members})")
    everything = value in {"", "*"}
    if wanted.name == WATCH:
        return _watched(tables, "" if everything else value)
    if wanted.name == "money":
        condition = "m.kind = 'money'"
        if everything:
            return condition
        return f"{condition} AND {of(tables, 'money', amount_condition(value))}"
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
        row
        for row in tables.distinct(f"SELECT DISTINCT {key} FROM {table} {only}")
        if matches(row.split(SEPARATOR, len(finder.columns) - 1))
    ]
    answers = among(key, sorted(keys))
    if finder.table == "mentions":
        return f"{condition} AND {answers}"
    return f"{condition} AND {of(tables, finder.table, answers)}"


def _watched(tables: Tables, value: str) -> str:
    """Return the condition on mentions that answer an entry, any or one by its label or value."""
    mark = tables.column("m", "mentions", "watch")
    if not value:
        return f"{mark} IS NOT NULL"
    matches = word_matcher(value)
    marks = tables.rows(f"SELECT DISTINCT {mark} FROM {tables['mentions']} m")
    said = sorted(str(row[0]) for row in marks if row[0] is not None and matches([str(row[0])]))
    return among(mark, said)


def narrowed(tables: Tables, filters: Filters) -> str | None:
    """Return a query of the records that hold a mention as filters want it; None: any record."""
    conditions = []
    if filters.mention_kind is not None:
        conditions.append(f"m.kind = {string(filters.mention_kind)}")
    if filters.watched:
        conditions.append(_watched(tables, ""))
    if not conditions:
        return None
    mentions = tables["mentions"]
    return f"SELECT DISTINCT m.record_id FROM {mentions} m WHERE {' AND '.join(conditions)}"


_COLUMNS = (
    "r.record_id, {citation}, CAST(floor(epoch_us(r.sent_at) / 1000000) AS BIGINT), "
    "r.author_name, r.thread_id, r.kind, {mention}, {watch}, {total}"
)
_TOTAL = "count(*) OVER ()"


def _record_sql(tables: Tables, record_id: str, filters: Filters) -> str:
    columns = _COLUMNS.format(
        citation="r.citation", mention="NULL, NULL, NULL, NULL", watch="NULL", total=_TOTAL
    )
    condition = sql(filters)
    holders = narrowed(tables, filters)
    if holders is not None:
        condition += f" AND r.record_id IN ({holders})"
    return (
        f"SELECT {columns} FROM {tables['records']} r "
        f"WHERE r.record_id = {string(record_id)} AND {condition}"
    )


def _mention_rows(tables: Tables, mentions: str, filters: Filters, limit: int) -> list[Row]:
    mark = tables.column("m", "mentions", "watch")
    value = "coalesce(r.entity_value, m.value)" if tables.held else "m.value"
    columns = _COLUMNS.format(
        citation="m.citation", mention=f'm.mention_id, m.start, m."end", {value}', watch=mark,
        total="{total}",
    )  # fmt: skip
    if filters.watched:
        mentions += f" AND {mark} IS NOT NULL"
    if filters.mention_kind is not None:
        mentions += f" AND m.kind = {string(filters.mention_kind)}"
    if tables.held:
        return rows_of(tables, mentions, filters, columns, max(limit, 1))
    return tables.rows(
        f"SELECT {columns.format(total=_TOTAL)} FROM {tables['mentions']} m "
        f"JOIN {tables['records']} r ON r.record_id = m.record_id "
        f"WHERE {mentions} AND {sql(filters)} "
        f"ORDER BY {mark} IS NULL, r.sent_at NULLS LAST, r.record_id, m.start, m.mention_id "
        f"LIMIT {max(limit, 1)}"
    )


def _result(tables: Tables, query: str, rows: Sequence[Row], limit: int) -> SearchResult:
    total = cast("int", rows[0][-1]) if rows else 0
    shown = rows[:limit]
    texts = _texts(tables, {str(row[0]) for row in shown})
    values = _entity_values(tables, {str(row[6]) for row in shown if row[6] is not None})
    return SearchResult(query, total, tuple(_hit(row, texts, values) for row in shown))


def _hit(row: Row, texts: dict[str, str], values: dict[str, str]) -> SearchHit:
    record_id, citation, seconds, author, thread, kind, mention_id, start, end, value, mark, _ = (
        cast(
            "tuple[str, str, int | None, str | None, str | None, str | None, str | None, "
            "int | None, int | None, str | None, str | None, int]",
            row,
        )
    )
    marked = ((start, end),) if start is not None and end is not None else ()
    return SearchHit(
        record_id, citation, moment(seconds), author, thread, kind, texts.get(record_id, ""),
        marked, mention_id, values.get(mention_id or "", value), mark,
    )  # fmt: skip


def _texts(tables: Tables, record_ids: set[str]) -> dict[str, str]:
    if not record_ids:
        return {}
    if tables.texts is not None:
        return tables.texts(record_ids)
    rows = tables.rows(
        f"SELECT record_id, text FROM {tables['records']} "
        f"WHERE text IS NOT NULL AND {among('record_id', sorted(record_ids))}"
    )
    return {str(key): str(text) for key, text in rows}


def _entity_values(tables: Tables, mention_ids: set[str]) -> dict[str, str]:
    if not mention_ids or tables.held:
        return {}  # in memory it stands beside the mention
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
