"""Contrary and limiting information: rows that stand against, or narrow, what a report lists.

Every search is named, with how often it found something, so that nothing found reads as searched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.report.counts.citing import CITED, citations, cite
from pipeline.report.counts.cues import GAP, cues, scan
from pipeline.report.counts.statements import WINDOW, around, quoted_rows
from pipeline.report.rows import Citations
from pipeline.report.store import Store
from pipeline.search.tables import strings

SHOWN = 12
"""Rows of one search."""
NAMES_SHOWN = 5

IDENTIFIERS = "('phone', 'handle', 'email', 'plate')"


@dataclass(frozen=True, slots=True)
class ContraryRow:
    """What stands against a value, a term or a place in the return."""

    search: str
    """Which search found it: a key of the words of the section."""
    subject: str | None
    """The lead or value, from records; None = the return as a whole."""
    kind: str | None
    """Its kind of mention."""
    entity_id: str | None
    contrary: tuple[str, ...]
    """What records say against it; empty = not quoted."""
    count: int
    """Records, or what the search counts."""
    other: int
    """A second number, where a search has one."""
    note: str | None
    """A code: of review, of a cue."""
    cited: Citations


@dataclass(frozen=True, slots=True)
class SearchRow:
    """One search and how much it found; the rows shown are the first of these."""

    search: str
    found: int


@dataclass(frozen=True, slots=True)
class Contrary:
    """All rows, and all searches."""

    rows: tuple[ContraryRow, ...] = ()
    searches: tuple[SearchRow, ...] = ()


FIRSTS = f'arg_min({cite("n")}, [n.rank, n.start, n."end"], {CITED})'

ONE_NAME = """
SELECT rank, min(value) AS name FROM found
WHERE kind = 'alias' AND basis = 'found' AND NOT by_model AND value IS NOT NULL
  AND rule NOT LIKE '%joined%'
GROUP BY rank HAVING count(DISTINCT value) = 1
"""
"""Records that name one person only, and by which name."""

TORN = "SELECT DISTINCT source_id, page FROM coverage WHERE issue > 0 AND page IS NOT NULL"
"""Pages with bytes that were not understood."""

REVIEW = f"""
SELECT e.label, e.kind, e.entity_id, NULL, count(DISTINCT n.rank), 0, min(e.review), {FIRSTS}
FROM entities e JOIN memberships m USING (entity_id) JOIN found n USING (mention_id)
WHERE e.review IS NOT NULL AND e.service_category IS NULL
GROUP BY e.entity_id, e.label, e.kind ORDER BY 5 DESC, e.kind, e.label, e.entity_id
"""

SEVERAL = f"""
WITH used AS (
  SELECT DISTINCT account_id, lower(trim(name)) AS name, name AS shown
  FROM (SELECT account_id, unnest(names) AS name FROM accounts) WHERE length(trim(name)) > 1),
many AS (SELECT name, min(shown) AS shown, count(DISTINCT account_id) AS n FROM used GROUP BY name
         HAVING count(DISTINCT account_id) > 1)
SELECT m.shown, 'alias', NULL, NULL, m.n, 0, NULL,
       (SELECT arg_min({cite("c")}, c.rank, {CITED})
        FROM canon c WHERE lower(trim(c.author_name)) = m.name)
FROM many m ORDER BY m.n DESC, m.shown
"""

TERMS = f"""
WITH terms AS (
  SELECT n.*, coalesce(n.value, lower(n.surface)) AS term, c.thread_id,
         n.detail LIKE '%ambiguous=family%' AS is_kin
  FROM found n JOIN canon c USING (rank)
  WHERE n.kind = 'role_term' AND n.service_category IS NULL),
both_ways AS (
  SELECT term, count(DISTINCT record_id) FILTER (is_kin) AS kin,
         count(DISTINCT record_id) FILTER (NOT is_kin) AS other,
         list(DISTINCT thread_id) FILTER (NOT is_kin) AS threads
  FROM terms GROUP BY term HAVING kin > 0 AND other > 0)
SELECT b.term, 'role_term', NULL, NULL, b.kin, b.other, NULL,
       arg_min({cite("n")}, [(NOT list_contains(b.threads, n.thread_id))::BIGINT,
               n.rank, n.start], {CITED})
FROM both_ways b JOIN terms n ON n.term = b.term AND n.is_kin
GROUP BY b.term, b.kin, b.other ORDER BY b.kin DESC, b.term
"""

BY_MODEL = f"""
SELECT NULL, n.kind, NULL, NULL, count(DISTINCT coalesce(n.value, n.surface)),
       count(DISTINCT n.rank), NULL, {FIRSTS}
FROM found n WHERE n.by_model AND n.basis = 'found' AND n.service_category IS NULL
GROUP BY n.kind ORDER BY n.kind
"""

SERVICES = """
SELECT NULL, kind, NULL, NULL, count(*), sum(record_count)::BIGINT, NULL, NULL
FROM entities WHERE service_category IS NOT NULL AND mention_count > 0
GROUP BY kind ORDER BY kind
"""

COUNTIES = f"""
WITH placed AS (
  SELECT n.*, lower(l.place_name) AS key, l.place_name,
         concat_ws(', ', l.county, l.state, l.country) AS area
  FROM locations l JOIN found n USING (mention_id)
  WHERE l.place_name IS NOT NULL AND l.county IS NOT NULL AND n.service_category IS NULL)
SELECT min(n.place_name), 'location', NULL, list(DISTINCT area ORDER BY area)[:{NAMES_SHOWN}],
       count(DISTINCT n.rank), count(DISTINCT area), NULL, {FIRSTS}
FROM placed n GROUP BY key HAVING count(DISTINCT area) > 1 ORDER BY 5 DESC, 1
"""

NUMBERED = f"""
WITH named AS ({ONE_NAME}),
numbers AS (
  SELECT n.*, d.name FROM found n JOIN named d USING (rank)
  WHERE n.kind = 'phone' AND n.basis = 'found' AND n.value IS NOT NULL
    AND n.service_category IS NULL AND n.review IS NULL
  QUALIFY count(*) OVER (PARTITION BY n.rank) = 1)
SELECT n.value, 'phone', m.entity_id, list(DISTINCT name ORDER BY name)[:{NAMES_SHOWN}],
       count(DISTINCT n.rank), count(DISTINCT name), NULL, {FIRSTS}
FROM numbers n JOIN memberships m USING (mention_id)
GROUP BY n.value, m.entity_id HAVING count(DISTINCT name) > 1 ORDER BY 6 DESC, 5 DESC, n.value
"""

REMOVED = f"""
SELECT coalesce(max(r.thread_name), c.thread_id), NULL, NULL, NULL, count(*), 0, NULL,
       arg_min({cite("c")}, h.rank, {CITED})
FROM cue_hits h JOIN canon c USING (rank) JOIN records r USING (at_row)
WHERE list_contains({{ids}}, h.cue)
GROUP BY c.thread_id ORDER BY 5 DESC, c.thread_id
"""

UNDATED = f"""
SELECT NULL, c.kind, NULL, NULL, count(*), 0, NULL,
       arg_min({cite("c")}, c.rank, {CITED})
FROM canon c
WHERE c.micros IS NULL AND c.kind IN ('message', 'post', 'comment', 'share', 'call', 'login')
GROUP BY c.kind ORDER BY c.kind
"""

PAGES = f"""
WITH torn AS ({TORN})
SELECT NULL, NULL, NULL, NULL, count(DISTINCT (r.source_id, n.page)),
       (SELECT count(*) FROM torn), NULL, {FIRSTS}
FROM found n JOIN canon c USING (rank) JOIN records r USING (at_row)
JOIN torn t ON t.source_id = r.source_id AND t.page = n.page
WHERE n.kind IN {IDENTIFIERS} AND n.service_category IS NULL HAVING count(*) > 0
"""

ABSENT = f"""
SELECT NULL, NULL, NULL, NULL, count(*), count(DISTINCT c.record_id), NULL,
       arg_min({cite("c")}, c.rank, {CITED})
FROM attachments a JOIN canon c USING (record_id)
WHERE a.sha256 IS NULL HAVING count(*) > 0
"""

KIN = f"""
SELECT n.record_id, coalesce(n.value, lower(n.surface)) AS term, min(n.start),
       arg_min(length(n.surface), n.start),
       substr(any_value(r.text), greatest(min(n.start) - {WINDOW}, 0) + 1, 2 * {WINDOW} + 80)
FROM found n JOIN canon c USING (rank) JOIN records r USING (at_row)
WHERE n.kind = 'role_term' AND list_contains({{ids}}, n.record_id)
  AND n.detail LIKE '%ambiguous=family%'
GROUP BY n.record_id, term ORDER BY n.record_id, term
"""


def contrary(store: Store) -> Contrary:
    """Return contrary and limiting information.

    Args:
        store: the tables of a case.
    """
    scan(store)
    gaps = strings(cue.cue_id for cue in cues().of(GAP))
    made: list[ContraryRow] = []
    searches: list[SearchRow] = []
    for name, query in (
        ("review", REVIEW),
        ("several", SEVERAL),
        ("numbered", NUMBERED),
        ("terms", TERMS),
    ):
        _add(store, name, query, made, searches)
    made = _with_kin(store, made)
    denials, found = _denials(store)
    made += denials
    searches.append(SearchRow("denials", found))
    for name, query in (
        ("model", BY_MODEL),
        ("services", SERVICES),
        ("counties", COUNTIES),
        ("removed", REMOVED.format(ids=gaps)),
        ("undated", UNDATED),
        ("pages", PAGES),
        ("absent", ABSENT),
    ):
        _add(store, name, query, made, searches)
    return Contrary(tuple(made), tuple(searches))


def _add(
    store: Store,
    name: str,
    query: str,
    made: list[ContraryRow],
    searches: list[SearchRow],
) -> None:
    rows = store.rows(query)
    searches.append(SearchRow(name, len(rows)))
    made += [
        ContraryRow(
            name, subject, kind, entity, tuple(values or ()), int(count), int(other or 0), note,
            citations(cited),
        )
        for subject, kind, entity, values, count, other, note, cited in rows[:SHOWN]
    ]  # fmt: skip


def _with_kin(store: Store, rows: list[ContraryRow]) -> list[ContraryRow]:
    """Return the rows of terms with the clause of the first record of a family meaning."""
    first = [row.cited[0].record_id for row in rows if row.search == "terms" and row.cited]
    windows = {(key, term): rest for key, term, *rest in store.rows(KIN.format(ids=strings(first)))}
    made = []
    for row in rows:
        key = (row.cited[0].record_id if row.cited else "", row.subject)
        if row.search == "terms" and key in windows:
            start, length, window = windows[key]
            quote = around(window, start, length)
            row = replace(row, contrary=() if quote is None else (quote,))
        made.append(row)
    return made


def _denials(store: Store) -> tuple[list[ContraryRow], int]:
    ids = strings(cue.cue_id for cue in cues().of("denial"))
    where = f"list_contains({ids}, cue)"
    total = store.one(f"SELECT count(*) FROM cue_hits WHERE {where}")[0]
    chosen = (
        f"SELECT * FROM cue_hits WHERE {where} QUALIFY row_number() OVER "
        f"(ORDER BY is_jest, rank, cue) <= {SHOWN}"
    )
    rows = quoted_rows(store, chosen, "h.rank")
    return [
        ContraryRow(
            "denials", row.author, "account", row.account_id,
            () if row.quote is None else (row.quote,), 1, 0, row.cue, (row.cited,),
        )
        for row in rows
    ], total  # fmt: skip
