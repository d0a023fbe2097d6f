"""Entities by value, memberships, and links with their evidence; canonical records only."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from pipeline.derive.engine import Engine
from pipeline.derive.tables import TableWriter
from pipeline.files import remove_folder
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

IDS = """
CREATE MACRO entity_id(kind, value) AS
  left(sha256(concat_ws(chr(31), 'entity', kind, value)), 20);
CREATE MACRO link_id(entity_a, entity_b, relation) AS
  left(sha256(concat_ws(chr(31), 'link', entity_a, entity_b, relation)), 20)
"""
"""The hashes of :mod:`schemas.ids` (a test holds the two together); a million links are made in
seconds so."""

KEYS = """
CREATE TABLE keys AS
SELECT kind, value, entity_id(kind, value) AS entity FROM (SELECT DISTINCT kind, value FROM named)
"""

NAMED = """
CREATE TABLE named AS
SELECT mention_id, pos, kind, value, surface, basis, service_category, review, watch
FROM mentions WHERE value IS NOT NULL
UNION ALL
SELECT NULL, pos, 'account', author, NULL, 'stated', NULL, NULL, NULL
FROM narrow WHERE author IS NOT NULL AND canonical < 0
"""

ENTITIES = """
WITH labels AS (
  SELECT entity, surface,
         row_number() OVER (PARTITION BY entity ORDER BY count(*) DESC, surface) AS place
  FROM members WHERE surface IS NOT NULL GROUP BY entity, surface
)
SELECT m.entity AS entity_id, m.kind, m.value,
       CASE WHEN m.kind IN {by_value} THEN m.value
            WHEN m.kind = 'account' THEN coalesce(any_value(d.label), m.value)
            ELSE coalesce(any_value(l.surface), m.value) END AS label,
       count(m.mention_id) FILTER (n.canonical < 0) AS mention_count,
       count(DISTINCT m.pos) FILTER (n.canonical < 0) AS record_count,
       count(DISTINCT n.thread_id) FILTER (n.canonical < 0) AS thread_count,
       count(m.mention_id) FILTER (n.canonical < 0 AND m.basis = 'stated') AS stated_count,
       min(n.sent_at) FILTER (n.canonical < 0) AS first_at,
       max(n.sent_at) FILTER (n.canonical < 0) AS last_at,
       min(m.service_category) AS service_category,
       min(m.review) AS review,
       m.kind IN {leads} AND min(m.service_category) IS NULL AND min(m.review) IS NULL AS is_lead,
       coalesce(min(m.watch), any_value(d.watch)) AS watch
FROM members m LEFT JOIN narrow n USING (pos)
LEFT JOIN (SELECT entity, surface FROM labels WHERE place = 1) l ON l.entity = m.entity
LEFT JOIN display d ON d.value = CASE m.kind WHEN 'account' THEN m.value END
GROUP BY m.entity, m.kind, m.value ORDER BY m.kind, m.value
"""

MEMBERSHIPS = f"""
SELECT mention_id, entity AS entity_id, '{MembershipBasis.EXACT}' AS basis,
       'same ' || kind || ' value' AS reason
FROM members WHERE mention_id IS NOT NULL ORDER BY pos, mention_id
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

MEMBERS = (
    "CREATE TABLE members AS SELECT n.*, k.entity FROM named n JOIN keys k USING (kind, value)"
)

MANY = f"SELECT pos, count(*) FROM present GROUP BY pos HAVING count(*) > {PAIR_LIMIT} ORDER BY pos"

LINKS = """
SELECT link_id(entity_a, entity_b, relation) AS link_id, entity_a, entity_b, relation,
       count(*) AS record_count, count(DISTINCT n.thread_id) AS thread_count,
       min(n.sent_at) AS first_at, max(n.sent_at) AS last_at, any_value(w.reason) AS reason
FROM pairs JOIN narrow n USING (pos) JOIN reasons w USING (relation)
GROUP BY entity_a, entity_b, relation ORDER BY entity_a, entity_b, relation
"""

EVIDENCE = """
SELECT link_id(entity_a, entity_b, relation) AS link_id, n.record_id
FROM pairs JOIN narrow n USING (pos) ORDER BY entity_a, entity_b, relation, pos
"""

REASONS = {
    "same_record": "both are named in the same record",
    "wrote": "the account wrote a record that names it",
    "received": "the account was in the conversation in which it was named",
}

LABELLED_BY_VALUE = frozenset({MentionKind.PHONE, MentionKind.IP, MentionKind.MONEY})
DISPLAY = pa.schema([("value", pa.string()), ("label", pa.string()), ("watch", pa.string())])
BATCH = 20_000


def write_entities(
    engine: Engine,
    tables: Path,
    labels: dict[str, tuple[str | None, str | None]],
) -> list[tuple[int, int]]:
    """Write ``entities``, ``memberships``, ``links`` and ``link_evidence``.

    Args:
        engine: a connection with the tables ``mentions`` (mention_id, pos, kind, value, surface,
            basis, service_category, review, watch), ``narrow`` (pos, record_id, canonical,
            thread_id, sent_at, author as the value of its account entity) and ``received`` (pos,
            account).
        tables: folder of the staged tables.
        labels: display name and mark of the watch list by value of account entities.

    Returns:
        (position, number of entities) of records that name too many to be paired.
    """
    engine.execute(NAMED)
    engine.execute(
        "CREATE TABLE accounts_received AS SELECT DISTINCT account FROM received ORDER BY account"
    )
    engine.execute(
        "INSERT INTO named SELECT NULL, NULL, 'account', account, NULL, 'stated', NULL, NULL, NULL "
        "FROM accounts_received"
    )
    for statement in (IDS, KEYS, MEMBERS):
        engine.execute(statement)
    names, marks = ([pair[place] for pair in labels.values()] for place in (0, 1))
    engine.register(
        "display", pa.table({"value": [*labels], "label": names, "watch": marks}, DISPLAY)
    )
    engine.register("reasons", pa.table({"relation": [*REASONS], "reason": [*REASONS.values()]}))
    entities = ENTITIES.format(by_value=_listed(LABELLED_BY_VALUE), leads=_listed(LEAD_KINDS))
    _write(engine, tables, "entities", entities)
    _write(engine, tables, "memberships", MEMBERSHIPS)
    engine.execute(PRESENT)
    engine.execute(PAIRS)
    _write(engine, tables, "links", LINKS)
    _write(engine, tables, "link_evidence", EVIDENCE)
    return [(int(pos), int(count)) for pos, count in engine.execute(MANY).fetchall()]


def _write(engine: Engine, tables: Path, name: str, query: str) -> None:
    def write() -> None:
        remove_folder(tables / name)  # of a try that had too little memory
        with TableWriter(tables, name) as writer:
            writer.write_columns(engine.execute(query).to_arrow_reader(BATCH))

    engine.with_room(write)  # rows come as they are made: memory can end in their midst


def _listed(kinds: frozenset[MentionKind]) -> str:
    return f"({', '.join(repr(kind.value) for kind in sorted(kinds))})"
