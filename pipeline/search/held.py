"""The columns that searches ask for, in memory: tables for a case that is searched many times.

Mentions that a search can find stand in the order of hits, so that a place (DuckDB's ``rowid``) is
what sorts and joins them; what the record says of them stands beside, place by place.
"""

from __future__ import annotations

from pipeline.errors import UnfinishedError
from pipeline.search.filters import Filters, sql
from pipeline.search.tables import Row, Tables

_RECORD = (
    "record_id", "citation", "sent_at", "author_name", "author_account_id", "thread_id",
    "thread_name", "kind", "scope", "duplicate_of",
)  # fmt: skip
_MENTION = ("mention_id", "record_id", "kind", "start", '"end"', "value", "surface", "citation")
_TYPED = {
    "phones": "e164, value, surface",
    "aliases": "name_key, value, surface",
    "locations": "place_kind, city, county, state, country, place_name, value, surface",
    "money": "amount_low, amount_high, currency",
    "memberships": "entity_id",
}
BESIDE = "beside"
"""Name of the records beside the mentions."""
HELD = ("records", "mentions", BESIDE, *_TYPED)


def hold(tables: Tables) -> bool:
    """Take into memory what searches ask for; False where it does not fit.

    Some 400,000 pages do not: such a case is searched as one that was not opened, from its files.

    Raises:
        IntegrityError: a table cannot be read.
    """
    try:
        _hold(tables)
    except UnfinishedError:
        for name in HELD:
            tables.run(f"DROP TABLE IF EXISTS held_{name}")
        return False
    tables.hold({name: f"held_{name}" for name in HELD})
    return True


def _hold(tables: Tables) -> None:
    columns = ", ".join(_RECORD)
    tables.run(
        f"CREATE TEMP TABLE held_records AS SELECT {columns} FROM {tables['records']} "
        "WHERE duplicate_of IS NULL AND NOT starts_with(scope, 'out_')"
    )
    mark = tables.column("m", "mentions", "watch")
    mentions = ", ".join(f"m.{name}" for name in _MENTION)
    tables.run(
        f"CREATE TEMP TABLE held_mentions AS SELECT {mentions}, {mark} AS watch "
        f"FROM {tables['mentions']} m JOIN held_records r USING (record_id) "
        "ORDER BY r.sent_at NULLS LAST, r.record_id, m.start, m.mention_id"
    )
    for name, chosen in _TYPED.items():
        tables.run(
            f"CREATE TEMP TABLE held_{name} AS SELECT t.mention_id, {chosen}, m.place "
            f"FROM {tables[name]} t "
            "JOIN (SELECT mention_id, rowid AS place FROM held_mentions) m USING (mention_id)"
        )
    beside = ", ".join(f"r.{name}" for name in _RECORD)
    tables.run(
        f"CREATE TEMP TABLE held_{BESIDE} AS SELECT {beside}, v.value AS entity_value "
        "FROM (SELECT mention_id, record_id, rowid AS place FROM held_mentions) m "
        "JOIN held_records r USING (record_id) "
        "LEFT JOIN (SELECT mention_id, max_by(e.value, e.entity_id) AS value "
        f"FROM held_memberships s JOIN {tables['entities']} e USING (entity_id) "
        "GROUP BY mention_id) v USING (mention_id) ORDER BY m.place"
    )


def of(tables: Tables, table: str, condition: str) -> str:
    """Return the condition on mentions ``m`` that a row of another table names them."""
    if tables.held:
        return f"m.rowid IN (SELECT place FROM {tables[table]} WHERE {condition})"
    return f"m.mention_id IN (SELECT mention_id FROM {tables[table]} WHERE {condition})"


def rows_of(tables: Tables, mentions: str, filters: Filters, columns: str, limit: int) -> list[Row]:
    """Return the first mentions in memory that answer a condition.

    Args:
        tables: of the case, held.
        mentions: condition on a row ``m`` of ``mentions``.
        filters: what narrows the records.
        columns: what is asked of ``m``, ``r`` and the number of all (``total``).
        limit: rows at most.
    """
    narrow = Filters(mention_kind=filters.mention_kind, watched=filters.watched)
    if filters != narrow:
        inside = f"SELECT r.rowid FROM {tables[BESIDE]} r WHERE {sql(filters)}"
        mentions += f" AND m.rowid IN ({inside})"
    first = tables.rows(
        f"SELECT m.rowid, count(*) OVER () FROM {tables['mentions']} m WHERE {mentions} "
        f"ORDER BY m.watch IS NULL, m.rowid LIMIT {limit}"
    )
    if not first:
        return []
    places = ", ".join(str(place) for place, _ in first)
    here = f"rowid IN ({places})"
    return tables.rows(
        f"WITH m AS (SELECT rowid AS place, * FROM {tables['mentions']} WHERE {here}), "
        f"r AS (SELECT rowid AS place, * FROM {tables[BESIDE]} WHERE {here}) "
        f"SELECT {columns.format(total=first[0][1])} FROM m JOIN r USING (place) "
        "ORDER BY m.watch IS NULL, place"
    )
