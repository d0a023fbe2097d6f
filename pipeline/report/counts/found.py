"""What was found: identifiers, names, places, amounts, and what stands in the same records."""

from __future__ import annotations

from typing import Any

from pipeline.report.counts.citing import CITED, citations, cite
from pipeline.report.rows import (
    AmountGroup,
    AmountRow,
    Cited,
    CountyRow,
    Found,
    Incomplete,
    Listing,
    PairRow,
)
from pipeline.report.store import Store, moment
from pipeline.search.tables import among
from schemas.kinds import MentionKind

LEADS = (MentionKind.PHONE, MentionKind.HANDLE, MentionKind.EMAIL, MentionKind.PLATE)
"""Identifiers listed for follow-up; accounts have a section of their own."""

LISTED_KINDS = ", ".join(
    f"'{kind.value}'"
    for kind in (
        *LEADS, MentionKind.ACCOUNT, MentionKind.ALIAS, MentionKind.LOCATION, MentionKind.MONEY,
        MentionKind.URL,
    )
)  # fmt: skip
"""Kinds that stand in a listing; terms, ages, dates and travel are context and stand in none."""

SHOWN = {
    "phone": 25, "handle": 20, "email": 15, "plate": 10, "services": 40, "review": 40,
    "names": 40, "names_by_model": 20, "places": 40, "places_by_model": 20,
}  # fmt: skip
"""Rows of each listing: what fits the first hour; the rest is in ``entities``."""

SPELLINGS = 3
WRITERS = 3
AMOUNTS_SHOWN = 30
GROUPS_SHOWN = 20
COUNTIES_SHOWN = 25
PAIRS_SHOWN = 15

SPLIT = """
CREATE TABLE split AS
SELECT m.entity_id, count(*) FILTER (n.by_model) AS by_model,
       count(*) FILTER (NOT n.by_model AND n.basis = 'found') AS by_rule,
       count(DISTINCT n.rank) FILTER (NOT n.by_model AND n.basis = 'found') AS rule_records
FROM memberships m JOIN found n USING (mention_id)
WHERE n.kind IN ('alias', 'location') GROUP BY m.entity_id
"""

LISTED = f"""
CREATE TABLE listed AS
SELECT e.*, coalesce(s.by_model, 0) AS by_model, coalesce(s.rule_records, 0) AS rule_records,
  CASE WHEN e.mention_count = 0 OR kind NOT IN ({LISTED_KINDS}) THEN NULL
       WHEN service_category IS NOT NULL THEN 'services'
       WHEN review IS NOT NULL THEN 'review'
       WHEN kind = 'alias' AND s.by_rule > 0 THEN 'names'
       WHEN kind = 'alias' AND s.by_model > 0 AND e.stated_count = 0 THEN 'names_by_model'
       WHEN kind = 'location' AND (s.by_rule > 0 OR e.stated_count > 0) THEN 'places'
       WHEN kind = 'location' THEN 'places_by_model'
       WHEN is_lead AND kind IN ({", ".join(f"'{kind.value}'" for kind in LEADS)}) THEN kind
  END AS listing
FROM entities e LEFT JOIN split s USING (entity_id)
"""
"""In which listing an entity stands: one, or none (an account; a name that only the provider
states, which stands with its account)."""

SHOW = """
CREATE TABLE shown AS
SELECT *, row_number() OVER (
    PARTITION BY listing
    ORDER BY watch IS NULL,
             CASE WHEN listing = 'names' THEN rule_records ELSE record_count END DESC,
             thread_count DESC, kind, value) AS place
FROM listed WHERE listing IS NOT NULL
QUALIFY place <= CASE listing {limits} END
"""

HITS = """
CREATE TABLE hits AS
SELECT s.entity_id, n.mention_id, n.record_id, n.surface, n.citation, n.source_label, n.start,
       n.rank
FROM shown s JOIN memberships m USING (entity_id) JOIN found n USING (mention_id)
"""

PLACE_AREA = "concat_ws(', ', min(county), min(state), min(country))"

INCOMPLETE = f"""
SELECT kind, count(*), count(DISTINCT record_id),
       arg_min({cite()}, [rank, start, "end"], {CITED})
FROM found WHERE value IS NULL AND kind IN ({LISTED_KINDS}) GROUP BY kind ORDER BY kind
"""

COUNTIES = f"""
SELECT county, l.state, l.country, count(*) AS mentions, count(DISTINCT l.record_id),
       arg_min({cite("n")},
               [n.rank, n.start, n."end"], {CITED})
FROM locations l JOIN found n USING (mention_id)
WHERE county IS NOT NULL AND NOT n.by_model
GROUP BY county, l.state, l.country
ORDER BY mentions DESC, county, l.state, l.country LIMIT {COUNTIES_SHOWN}
"""

AMOUNT_GROUPS = f"""
SELECT {{column}}, currency, count(*) AS mentions, count(DISTINCT m.record_id), min(amount_low),
       max(amount_high),
       arg_min({cite("n")},
               [n.rank, n.start, n."end"], {CITED})
FROM money m JOIN found n USING (mention_id)
GROUP BY {{column}}, currency ORDER BY mentions DESC, {{column}}, currency LIMIT {GROUPS_SHOWN}
"""

AMOUNTS = f"""
SELECT m.mention_id, n.micros, m.author_name, m.surface, amount_low, amount_high, currency,
       direction, purpose, instrument, counterpart, n.citation, n.source_label, n.record_id, m.watch
FROM money m JOIN found n USING (mention_id) WHERE amount_high IS NOT NULL
ORDER BY m.watch IS NULL, currency IS DISTINCT FROM 'USD', currency, amount_low DESC,
         amount_high DESC, n.rank, n.start, m.mention_id
LIMIT {AMOUNTS_SHOWN}
"""

PAIRS = f"""
WITH sides AS (
  SELECT entity_id, kind, CASE WHEN kind = 'alias' THEN label ELSE value END AS name, is_lead
  FROM listed WHERE listing NOT IN ('services', 'review', 'names_by_model', 'places_by_model'))
SELECT l.link_id, a.kind, a.name, b.kind, b.name, l.record_count, l.thread_count,
       epoch_us(l.first_at), epoch_us(l.last_at)
FROM links l JOIN sides a ON a.entity_id = l.entity_a JOIN sides b ON b.entity_id = l.entity_b
WHERE l.relation = 'same_record' AND (a.is_lead OR b.is_lead)
ORDER BY l.record_count DESC, l.thread_count DESC, a.kind, a.name, b.kind, b.name, l.link_id
LIMIT {PAIRS_SHOWN}
"""


def listings(store: Store) -> dict[str, Listing]:
    """Return every listing of entities by its name (see :data:`SHOWN`)."""
    limits = " ".join(f"WHEN '{name}' THEN {count}" for name, count in SHOWN.items())
    for statement in (SPLIT, LISTED, SHOW.format(limits=limits), HITS):
        store.run(statement)
    totals = dict(
        store.rows("SELECT listing, count(*) FROM listed WHERE listing IS NOT NULL GROUP BY 1")
    )
    details = _Details(store)
    found: dict[str, list[Found]] = {name: [] for name in SHOWN}
    for listing, *row in store.rows(
        "SELECT listing, entity_id, kind, value, label, mention_count, record_count, thread_count, "
        "stated_count, by_model, epoch_us(first_at), epoch_us(last_at), service_category, review, "
        "watch FROM shown ORDER BY listing, place"
    ):
        found[listing].append(details.entity(tuple(row)))
    return {name: Listing(tuple(rows), totals.get(name, 0)) for name, rows in found.items()}


class _Details:
    """What is known of the entities shown beyond their own rows."""

    def __init__(self, store: Store) -> None:
        self._cited = store.cited(
            "WITH firsts AS (SELECT * FROM hits QUALIFY "
            "row_number() OVER (PARTITION BY entity_id, record_id ORDER BY start, mention_id) = 1) "
            "SELECT entity_id, citation, source_label, record_id FROM firsts QUALIFY "
            f"row_number() OVER (PARTITION BY entity_id ORDER BY rank) <= {CITED} "
            "ORDER BY entity_id, rank"
        )
        self._written = store.grouped(
            "SELECT entity_id, surface FROM hits GROUP BY entity_id, surface "
            "QUALIFY row_number() OVER "
            f"(PARTITION BY entity_id ORDER BY count(*) DESC, surface) <= {SPELLINGS} "
            "ORDER BY entity_id, count(*) DESC, surface"
        )
        self._traits = store.grouped(
            "SELECT DISTINCT entity_id, trait FROM ("
            "SELECT entity_id, unnest(string_split(obfuscation, ',')) AS trait "
            "FROM hits JOIN phones USING (mention_id) WHERE obfuscation IS NOT NULL UNION ALL "
            "SELECT entity_id, alias_kind FROM hits JOIN aliases a USING (mention_id) "
            "WHERE a.alias_kind <> 'handle' UNION ALL "
            "SELECT entity_id, place_kind FROM hits JOIN locations USING (mention_id)) "
            "WHERE trait IS NOT NULL ORDER BY entity_id, trait"
        )
        self._area = store.grouped(
            f"SELECT entity_id, {PLACE_AREA} FROM hits JOIN locations USING (mention_id) "
            "GROUP BY entity_id ORDER BY entity_id"
        )
        self._refers = store.grouped(
            "SELECT entity_id, refers_to FROM hits JOIN aliases USING (mention_id) "
            "WHERE refers_to IS NOT NULL GROUP BY entity_id, refers_to QUALIFY row_number() OVER "
            f"(PARTITION BY entity_id ORDER BY count(*) DESC, refers_to) <= {SPELLINGS} "
            "ORDER BY entity_id, count(*) DESC, refers_to"
        )
        self._writers = store.grouped(
            "SELECT l.entity_b, a.label, l.record_count FROM shown s "
            "JOIN links l ON l.entity_b = s.entity_id AND l.relation = 'wrote' "
            "JOIN entities a ON a.entity_id = l.entity_a QUALIFY row_number() OVER "
            f"(PARTITION BY l.entity_b ORDER BY l.record_count DESC, a.value) <= {WRITERS} "
            "ORDER BY l.entity_b, l.record_count DESC, a.value"
        )

    def entity(self, row: tuple[Any, ...]) -> Found:
        """Return the whole of an entity; ``row`` as :func:`listings` asks for it."""
        (key, kind, value, label, mentions, records, threads, stated, by_model, first, last,
         category, review, watch) = row  # fmt: skip
        area = self._area.get(key, [(None,)])[0][0]
        return Found(
            entity_id=key, kind=kind, value=value, label=label, mentions=mentions,
            records=records, threads=threads, stated=stated, by_model=by_model,
            first=moment(first), last=moment(last), category=category, review=review,
            written=tuple(text for (text,) in self._written.get(key, [])),
            traits=tuple(text for (text,) in self._traits.get(key, [])),
            area=area or None,
            refers_to=tuple(text for (text,) in self._refers.get(key, [])),
            writers=tuple((label, count) for label, count in self._writers.get(key, [])),
            cited=self._cited.get(key, ()), watch=watch,
        )  # fmt: skip


def incomplete(store: Store) -> tuple[Incomplete, ...]:
    """Return mentions without a value, by kind."""
    return tuple(
        Incomplete(kind, mentions, records, citations(cited))
        for kind, mentions, records, cited in store.rows(INCOMPLETE)
    )


def counties(store: Store) -> tuple[CountyRow, ...]:
    """Return places by county; those only the model found are left out."""
    return tuple(
        CountyRow(county, state, country, mentions, records, citations(cited))
        for county, state, country, mentions, records, cited in store.rows(COUNTIES)
    )


def amount_groups(store: Store, column: str) -> tuple[AmountGroup, ...]:
    """Return amounts by ``purpose`` or ``instrument``."""
    return tuple(
        AmountGroup(name, currency, mentions, records, low, high, citations(cited))
        for name, currency, mentions, records, low, high, cited in store.rows(
            AMOUNT_GROUPS.format(column=column)
        )
    )


def amounts(store: Store) -> tuple[AmountRow, ...]:
    """Return the largest amounts, dollars first."""
    return tuple(
        AmountRow(
            mention_id=key, sent=moment(at), author=author, surface=surface, low=low, high=high,
            currency=currency, direction=direction, purpose=purpose, instrument=instrument,
            counterpart=counterpart, cited=Cited(citation, label, record), watch=watch,
        )
        for key, at, author, surface, low, high, currency, direction, purpose, instrument,
            counterpart, citation, label, record, watch in store.rows(AMOUNTS)
    )  # fmt: skip


def pairs(store: Store) -> tuple[PairRow, ...]:
    """Return the pairs with most records in common; one of the two may be followed up.

    Needs the tables that :func:`listings` made.
    """
    rows = store.rows(PAIRS)
    cited = store.cited(
        f"WITH firsts AS (SELECT link_id, unnest(min(rank, {CITED})) AS rank "
        "FROM link_evidence JOIN canon USING (record_id) "
        f"WHERE {among('link_id', [row[0] for row in rows])} GROUP BY link_id) "
        "SELECT link_id, c.citation, c.source_label, c.record_id FROM firsts "
        "JOIN canon c USING (rank) ORDER BY link_id, c.rank"
    )
    return tuple(
        PairRow(
            link_id=key, kind_a=kind_a, name_a=name_a, kind_b=kind_b, name_b=name_b,
            records=records, threads=threads, first=moment(first), last=moment(last),
            cited=cited.get(key, ()),
        )
        for key, kind_a, name_a, kind_b, name_b, records, threads, first, last in rows
    )  # fmt: skip
