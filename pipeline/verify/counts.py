"""The invariants of entities, memberships and links: what they count, counted again."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.derive.entities import LEAD_KINDS
from pipeline.verify.rules import OUT, Rule
from schemas.kinds import MembershipBasis

CANON = f"""
CREATE VIEW canon AS SELECT record_id, thread_id, sent_at, author_account_id, scope
FROM records r WHERE duplicate_of IS NULL AND NOT {OUT.format("r")}
"""
"""Records that count."""

HOLDERS = """
CREATE VIEW holders AS SELECT a.account_id, e.entity_id
FROM accounts a JOIN entities e
  ON e.kind = 'account' AND e.value = a.provider || ':' || a.provider_account_id
"""
"""Accounts and their entities."""

_LEADS = ", ".join(repr(kind.value) for kind in sorted(LEAD_KINDS))

_NAMED = """
SELECT b.entity_id, m.mention_id, m.record_id, m.basis, m.service_category, m.review
FROM memberships b JOIN mentions m USING (mention_id)
"""

_COUNTED = f"""
SELECT e.entity_id AS id FROM entities e LEFT JOIN (
  SELECT entity_id, count(mention_id) AS mention_count, count(DISTINCT record_id) AS record_count,
         count(DISTINCT thread_id) AS thread_count,
         count(mention_id) FILTER (basis = 'stated') AS stated_count,
         min(sent_at) AS first_at, max(sent_at) AS last_at
  FROM (
    SELECT entity_id, mention_id, basis, c.* FROM ({_NAMED}) JOIN canon c USING (record_id)
    UNION ALL
    SELECT entity_id, NULL, NULL, c.* FROM canon c
    JOIN holders h ON h.account_id = c.author_account_id
  ) GROUP BY entity_id
) c USING (entity_id)
WHERE (e.mention_count, e.record_count, e.thread_count, e.stated_count) IS DISTINCT FROM
  (coalesce(c.mention_count, 0), coalesce(c.record_count, 0), coalesce(c.thread_count, 0),
   coalesce(c.stated_count, 0))
  OR (e.first_at, e.last_at) IS DISTINCT FROM (c.first_at, c.last_at)
"""

_LEAD = f"""
SELECT e.entity_id AS id FROM entities e LEFT JOIN (
  SELECT entity_id, min(service_category) AS service_category, min(review) AS review
  FROM ({_NAMED}) GROUP BY entity_id
) m USING (entity_id)
WHERE (e.service_category, e.review) IS DISTINCT FROM (m.service_category, m.review)
  OR e.is_lead <> (e.kind IN ({_LEADS}) AND e.service_category IS NULL AND e.review IS NULL)
"""

_LINKED = """
SELECT l.link_id AS id FROM links l LEFT JOIN (
  SELECT link_id, count(*) AS record_count, count(DISTINCT thread_id) AS thread_count,
         min(sent_at) AS first_at, max(sent_at) AS last_at
  FROM link_evidence JOIN canon USING (record_id) GROUP BY link_id
) c USING (link_id)
WHERE (l.record_count, l.thread_count) IS DISTINCT FROM (c.record_count, c.thread_count)
  OR (l.first_at, l.last_at) IS DISTINCT FROM (c.first_at, c.last_at)
"""

_SHOWN = f"""
WITH present AS (SELECT DISTINCT entity_id, record_id FROM ({_NAMED}))
SELECT l.link_id AS id FROM links l JOIN link_evidence v USING (link_id)
WHERE NOT EXISTS (
    SELECT 1 FROM present p WHERE p.entity_id = l.entity_b AND p.record_id = v.record_id)
  OR (l.relation = 'same_record' AND NOT EXISTS (
    SELECT 1 FROM present p WHERE p.entity_id = l.entity_a AND p.record_id = v.record_id))
"""

_WROTE = """
SELECT l.link_id AS id FROM links l JOIN link_evidence v USING (link_id)
JOIN records r USING (record_id)
LEFT JOIN holders h ON h.account_id = r.author_account_id
WHERE l.relation = 'wrote' AND h.entity_id IS DISTINCT FROM l.entity_a
"""


def counts() -> Iterator[Rule]:
    """Yield the rules, check by check."""
    yield Rule(
        "entities", "memberships", "joins a mention to an entity of another kind or value",
        "SELECT mention_id AS id FROM memberships b JOIN mentions m USING (mention_id) "
        f"JOIN entities e USING (entity_id) WHERE b.basis = '{MembershipBasis.EXACT}' "
        "AND (m.kind, m.value) IS DISTINCT FROM (e.kind, e.value)",
        ("mentions", "entities"),
    )  # fmt: skip
    yield Rule(
        "entities", "mentions", "has a value and no entity, or an entity and no value",
        "SELECT m.mention_id AS id FROM mentions m LEFT JOIN memberships b USING (mention_id) "
        "WHERE (m.value IS NULL) <> (b.entity_id IS NULL)",
        ("memberships",),
    )  # fmt: skip
    others = ("memberships", "mentions", "records", "accounts")
    yield Rule(
        "entities", "entities", "counts other mentions, records, conversations or times than its "
        "memberships give", _COUNTED, others,
    )  # fmt: skip
    yield Rule(
        "entities", "entities", "is called a lead, a service or under review as its mentions do "
        "not say", _LEAD, ("memberships", "mentions"),
    )  # fmt: skip
    yield Rule(
        "links", "links", "joins an entity to itself, or two in the wrong order",
        "SELECT link_id AS id FROM links WHERE entity_a = entity_b "
        "OR (relation = 'same_record' AND entity_a > entity_b)",
    )  # fmt: skip
    yield Rule(
        "links", "link_evidence", "is a record that repeats another or is out of scope",
        "SELECT link_id AS id FROM link_evidence v WHERE NOT EXISTS "
        "(SELECT 1 FROM canon c WHERE c.record_id = v.record_id)",
        ("records",),
    )  # fmt: skip
    yield Rule(
        "links", "links", "counts other records, conversations or times than its evidence gives",
        _LINKED, ("link_evidence", "records"),
    )  # fmt: skip
    yield Rule(
        "links", "links", "has evidence in a record that does not name both", _SHOWN,
        ("link_evidence", "memberships", "mentions"),
    )  # fmt: skip
    yield Rule(
        "links", "links", "has evidence that another account wrote", _WROTE,
        ("link_evidence", "records", "accounts", "entities"),
    )  # fmt: skip
