"""Entities by value, memberships, and links with their evidence; canonical records only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.derive.tables import TableWriter
from schemas.ids import entity_id, link_id
from schemas.kinds import MembershipBasis, MentionKind

LEAD_KINDS = frozenset(
    {
        MentionKind.PHONE,
        MentionKind.HANDLE,
        MentionKind.EMAIL,
        MentionKind.PLATE,
        MentionKind.ACCOUNT,
    }
)
"""Identifiers for which a provider or an office can be asked; names, places and amounts are context
(DOMAIN 2.4 and 6: ranking is over identifiers)."""

PAIR_LIMIT = 200
"""Entities of one record that are paired with each other. 200 give 19,900 links; a message that
names more is a list, and is an issue rather than millions of links."""

KEYS = "SELECT DISTINCT kind, value FROM named ORDER BY kind, value"

NAMED = """
CREATE TABLE named AS
SELECT mention_id, pos, kind, value, surface, basis, service_category, review
FROM mentions WHERE value IS NOT NULL
UNION ALL
SELECT NULL, pos, 'account', author, NULL, 'stated', NULL, NULL
FROM narrow WHERE author IS NOT NULL AND canonical < 0
"""

ENTITIES = """
WITH labels AS (
  SELECT entity, surface,
         row_number() OVER (PARTITION BY entity ORDER BY count(*) DESC, surface) AS place
  FROM members WHERE surface IS NOT NULL GROUP BY entity, surface
)
SELECT m.entity AS entity_id, any_value(m.kind) AS kind, any_value(m.value) AS value,
       any_value(l.surface) AS label,
       count(m.mention_id) FILTER (n.canonical < 0) AS mention_count,
       count(DISTINCT m.pos) FILTER (n.canonical < 0) AS record_count,
       count(DISTINCT n.thread_id) FILTER (n.canonical < 0) AS thread_count,
       count(m.mention_id) FILTER (n.canonical < 0 AND m.basis = 'stated') AS stated_count,
       min(n.sent_at) FILTER (n.canonical < 0) AS first_at,
       max(n.sent_at) FILTER (n.canonical < 0) AS last_at,
       min(m.service_category) AS service_category,
       min(m.review) AS review
FROM members m LEFT JOIN narrow n USING (pos)
LEFT JOIN (SELECT entity, surface FROM labels WHERE place = 1) l ON l.entity = m.entity
GROUP BY m.entity ORDER BY kind, value
"""

PRESENT = """
CREATE TABLE present AS
SELECT DISTINCT m.pos, m.entity FROM members m JOIN narrow n USING (pos)
WHERE n.canonical < 0 AND m.mention_id IS NOT NULL AND m.kind <> 'account'
"""

PAIRS = f"""
CREATE TABLE pairs AS
WITH few AS (SELECT pos FROM present GROUP BY pos HAVING count(*) BETWEEN 2 AND {PAIR_LIMIT})
SELECT a.entity AS entity_a, b.entity AS entity_b, 'same_record' AS relation, a.pos
FROM few JOIN present a USING (pos) JOIN present b ON a.pos = b.pos AND a.entity < b.entity
UNION ALL
SELECT k.entity, p.entity, 'wrote', p.pos
FROM present p JOIN narrow n USING (pos)
JOIN keys k ON k.kind = 'account' AND k.value = n.author
UNION ALL
SELECT k.entity, p.entity, 'received', p.pos
FROM present p JOIN received r USING (pos)
JOIN keys k ON k.kind = 'account' AND k.value = r.account
"""

MANY = f"SELECT pos, count(*) FROM present GROUP BY pos HAVING count(*) > {PAIR_LIMIT} ORDER BY pos"

LINKS = """
SELECT entity_a, entity_b, relation, count(*) AS record_count,
       count(DISTINCT n.thread_id) AS thread_count,
       min(n.sent_at) AS first_at, max(n.sent_at) AS last_at
FROM pairs JOIN narrow n USING (pos)
GROUP BY entity_a, entity_b, relation ORDER BY entity_a, entity_b, relation
"""

EVIDENCE = """
SELECT entity_a, entity_b, relation, n.record_id
FROM pairs JOIN narrow n USING (pos) ORDER BY entity_a, entity_b, relation, pos
"""

REASONS = {
    "same_record": "both are named in the same record",
    "wrote": "the account wrote a record that names it",
    "received": "the account was in the conversation in which it was named",
}

LABELLED_BY_VALUE = frozenset({MentionKind.PHONE, MentionKind.IP, MentionKind.MONEY})
BATCH = 20_000


def write_entities(
    engine: duckdb.DuckDBPyConnection,
    tables: Any,
    labels: dict[str, str],
) -> list[tuple[int, int]]:
    """Write ``entities``, ``memberships``, ``links`` and ``link_evidence``.

    Args:
        engine: a connection with the tables ``mentions`` (mention_id, pos, kind, value, surface,
            basis, service_category, review), ``narrow`` (pos, record_id, canonical, thread_id,
            sent_at, author as the value of its account entity) and ``received`` (pos, account).
        tables: folder of the staged tables.
        labels: display names by value of account entities.

    Returns:
        (position, number of entities) of records that name too many to be paired.
    """
    engine.execute(NAMED)
    engine.execute(
        "CREATE TABLE accounts_received AS SELECT DISTINCT account FROM received ORDER BY account"
    )
    engine.execute(
        "INSERT INTO named SELECT NULL, NULL, 'account', account, NULL, 'stated', NULL, NULL "
        "FROM accounts_received"
    )
    _keys(engine)
    engine.execute(
        "CREATE TABLE members AS SELECT n.*, k.entity FROM named n JOIN keys k USING (kind, value)"
    )
    with TableWriter(tables, "entities") as writer:
        writer.write_rows(_entity(row, labels) for row in _rows(engine, ENTITIES))
    with TableWriter(tables, "memberships") as writer:
        query = (
            "SELECT mention_id, entity AS entity_id, kind FROM members "
            "WHERE mention_id IS NOT NULL "
            "ORDER BY pos, mention_id"
        )
        writer.write_rows(_membership(row) for row in _rows(engine, query))
    engine.execute(PRESENT)
    engine.execute(PAIRS)
    with TableWriter(tables, "links") as writer:
        writer.write_rows(_link(row) for row in _rows(engine, LINKS))
    with TableWriter(tables, "link_evidence") as writer:
        writer.write_rows(
            {"link_id": _link_id(row), "record_id": row["record_id"]}
            for row in _rows(engine, EVIDENCE)
        )
    return [(int(pos), int(count)) for pos, count in engine.execute(MANY).fetchall()]


def _keys(engine: duckdb.DuckDBPyConnection) -> None:
    """Give each key its id: a hash that SQL does not make, so it is made here and joined."""
    engine.execute("CREATE TABLE keys (kind VARCHAR, value VARCHAR, entity VARCHAR)")
    reader = engine.execute(KEYS).to_arrow_table()
    ids = [
        entity_id(kind, value)
        for kind, value in zip(reader["kind"].to_pylist(), reader["value"].to_pylist(), strict=True)
    ]
    engine.register("fresh", reader.append_column("entity", pa.array(ids, pa.string())))
    engine.execute("INSERT INTO keys SELECT kind, value, entity FROM fresh")
    engine.unregister("fresh")


def _rows(engine: duckdb.DuckDBPyConnection, query: str) -> Iterator[dict[str, Any]]:
    for batch in engine.execute(query).to_arrow_reader(BATCH):
        yield from batch.to_pylist()


def _entity(row: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    kind = MentionKind(row["kind"])
    label = row["label"] or row["value"]
    if kind in LABELLED_BY_VALUE:
        label = row["value"]
    elif kind is MentionKind.ACCOUNT:
        label = labels.get(row["value"], row["value"])
    lead = kind in LEAD_KINDS and row["service_category"] is None and row["review"] is None
    return row | {"label": label, "is_lead": lead}


def _membership(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "mention_id": row["mention_id"],
        "entity_id": row["entity_id"],
        "basis": MembershipBasis.EXACT.value,
        "reason": f"same {row['kind']} value",
    }


def _link_id(row: dict[str, Any]) -> str:
    return link_id(row["entity_a"], row["entity_b"], row["relation"])


def _link(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"link_id": _link_id(row), "reason": REASONS[row["relation"]]}
