"""Identifiers worth a legal request, ranked by factors that add up and are told.

Ranked are identifiers, never people: telephone numbers, handles, e-mail addresses and plates that
are leads (``entities.is_lead``: no listed service, nothing under review). Every factor is a count
over records; what it gives is in :data:`WEIGHTS` and nowhere else. The order of the factors and
their sizes are a judgement of ours (DOMAIN 4.1 names the factors); nothing was fitted to data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from pipeline.report.counts.citing import CITED, cite
from pipeline.report.counts.contrary import ONE_NAME, TORN
from pipeline.report.counts.cues import cues, scan
from pipeline.report.counts.found import LEADS
from pipeline.report.rows import Citations, Cited
from pipeline.report.store import Store, moment
from pipeline.search.tables import strings

RANKED = 25
"""Rows of the section; the sheet shows the first of them."""

WEIGHTS: Final[Mapping[str, tuple[tuple[int, int], ...]]] = MappingProxyType({
    "times": ((1, 1), (2, 2), (5, 3), (10, 4), (25, 5)),
    "threads": ((2, 1), (3, 2), (5, 3)),
    "recent": ((1, 1), (2, 2)),
    "money": ((1, 1), (3, 2)),
    "rates": ((1, 1), (3, 2)),
    "lodging": ((1, 1), (3, 2)),
    "hidden": ((1, 2),),
    "stated": ((1, 1),),
    "watched": ((1, 3),),
})  # fmt: skip
"""Factor: from which count on it gives how many points. ``times`` it was written: records, but a
number written in pieces over several once; ``threads`` they stand in; ``recent``: 1 = last named
within 90 days of the last dated message, 2 = within 30; ``money``, ``rates``, ``lodging``: of the
records, those that also name an amount, a price asked for something, a stay; ``hidden``: those in
which it is written so that a plain search misses it; ``stated``: mentions by the provider in a
field of its own; ``watched``: 1 = on the watch list."""

RECENT_DAYS = (90, 30)
_DAY = 86_400_000_000

_KINDS = ", ".join(f"'{kind.value}'" for kind in LEADS)

_NAMED = f"""
CREATE OR REPLACE TABLE lead_records AS
SELECT e.entity_id, n.record_id, min(coalesce(n.group_id, n.record_id)) AS once,
       any_value(n.rank) AS rank, any_value(n.micros) AS micros,
       count(*) FILTER (p.obfuscation IS NOT NULL) AS hidden,
       count(*) FILTER (n.basis = 'stated') AS stated
FROM entities e JOIN memberships USING (entity_id) JOIN found n USING (mention_id)
LEFT JOIN phones p USING (mention_id)
WHERE e.is_lead AND e.kind IN ({_KINDS}) AND e.service_category IS NULL AND e.review IS NULL
  AND NOT n.by_model
GROUP BY e.entity_id, n.record_id
"""

_THEMES = """
CREATE OR REPLACE TABLE lead_themes AS
SELECT n.rank, count(DISTINCT n.kind) AS kinds, bool_or(n.kind = 'money') AS money,
       bool_or(m.purpose IS NOT DISTINCT FROM 'rate') AS rates, bool_or(n.kind = 'lodging')
       AS lodging
FROM found n LEFT JOIN money m USING (mention_id)
WHERE NOT n.by_model AND n.rank IN (SELECT rank FROM lead_records)
GROUP BY n.rank
"""

_COUNTS = f"""
WITH counted AS (
  SELECT l.entity_id, count(*) AS records, count(DISTINCT l.once) AS times,
         count(DISTINCT c.thread_id) AS threads,
         count(*) FILTER (t.money) AS money, count(*) FILTER (t.rates) AS rates,
         count(*) FILTER (t.lodging) AS lodging, count(*) FILTER (l.hidden > 0) AS hidden,
         sum(l.stated)::BIGINT AS stated, min(l.micros) AS first, max(l.micros) AS last
  FROM lead_records l JOIN canon c USING (rank)
  JOIN lead_themes t USING (rank)
  GROUP BY l.entity_id),
ends AS (SELECT max(micros) AS last FROM canon WHERE kind = 'message')
SELECT entity_id, e.kind, e.value, e.label, e.watch, records, times, threads, money, rates,
       lodging, hidden, stated, first, c.last,
       CASE WHEN c.last IS NULL OR ends.last IS NULL THEN 0
            WHEN ends.last - c.last <= {RECENT_DAYS[1] * _DAY} THEN 2
            WHEN ends.last - c.last <= {RECENT_DAYS[0] * _DAY} THEN 1 ELSE 0 END
FROM counted c JOIN entities e USING (entity_id), ends
ORDER BY e.kind, e.value, entity_id
"""

_CONTRARY = f"""
WITH names AS ({ONE_NAME}),
alone AS (
  SELECT s.entity_id, n.rank FROM found n JOIN memberships s USING (mention_id)
  WHERE n.kind IN ({_KINDS}) AND n.basis = 'found' AND n.value IS NOT NULL
    AND n.service_category IS NULL AND n.review IS NULL
  QUALIFY count(*) OVER (PARTITION BY n.rank, n.kind) = 1),
beside AS (
  SELECT l.entity_id, l.rank, n.name
  FROM lead_records l JOIN alone a USING (entity_id, rank) JOIN names n USING (rank)),
torn AS ({TORN}),
against AS (
  SELECT entity_id, rank FROM beside
  WHERE entity_id IN (SELECT entity_id FROM beside GROUP BY entity_id
                      HAVING count(DISTINCT name) > 1)
  UNION
  SELECT l.entity_id, l.rank FROM lead_records l JOIN cue_hits h USING (rank)
  WHERE list_contains({{denials}}, h.cue)
  UNION
  SELECT l.entity_id, l.rank FROM lead_records l JOIN canon c USING (rank)
  JOIN records r USING (at_row)
  JOIN torn t ON t.source_id = r.source_id AND t.page = r.page_first)
SELECT entity_id, count(*), arg_min({cite("c")}, c.rank)
FROM against JOIN canon c USING (rank)
WHERE entity_id IN ({{keys}}) GROUP BY entity_id ORDER BY entity_id
"""
"""Of an identifier's records, those that limit it: it stands beside another name than in the
others, something is denied there, or the page was not understood in full. The searches are those
of :mod:`pipeline.report.counts.contrary`, so that a number with a row there counts its records."""

_BEST = f"""
WITH best AS (
  SELECT entity_id, t.kinds, rank FROM lead_records
  JOIN lead_themes t USING (rank) WHERE entity_id IN ({{keys}})
  QUALIFY row_number() OVER (PARTITION BY entity_id ORDER BY t.kinds DESC, rank) <= {CITED})
SELECT entity_id, c.citation, c.source_label, c.record_id
FROM best JOIN canon c USING (rank)
ORDER BY entity_id, best.kinds DESC, best.rank
"""


@dataclass(frozen=True, slots=True)
class Factor:
    """What one count adds to the rank of an identifier."""

    name: str
    """Of :data:`WEIGHTS`."""
    count: int
    points: int


@dataclass(frozen=True, slots=True)
class LeadRow:
    """An identifier a provider or an office can be asked about."""

    entity_id: str
    kind: str
    value: str
    label: str
    service: str | None
    """Of a handle, where the text says: ``cashapp``."""
    watch: str | None
    factors: tuple[Factor, ...]
    """Those that gave points, in the order of :data:`WEIGHTS`."""
    records: int
    threads: int
    first: datetime | None
    last: datetime | None
    contrary: int
    """Of the records, those that limit it (:data:`_CONTRARY`)."""
    against: Cited | None = field(default=None, kw_only=True)
    """The first of these."""
    cited: Citations
    """The records that name most kinds of thing beside it."""

    @property
    def points(self) -> int:
        """Their sum: the rank of the identifier, not of anyone."""
        return sum(factor.points for factor in self.factors)


def ranked(store: Store) -> tuple[LeadRow, ...]:
    """Rank the identifiers that may be followed up.

    Args:
        store: the tables of a case.

    Returns:
        The first :data:`RANKED`, by points, records, conversations, then kind and value.

    Raises:
        IntegrityError: a table cannot be read.
    """
    for statement in (_NAMED, _THEMES):
        store.run(statement)
    rows = [_row(row) for row in store.rows(_COUNTS)]
    rows.sort(key=lambda row: (-row.points, -row.records, -row.threads, row.kind, row.value))
    return _with_places(store, rows[:RANKED])


def points(factor: str, count: int) -> int:
    """Return what a count gives."""
    return max((given for least, given in WEIGHTS[factor] if count >= least), default=0)


def _row(row: tuple[Any, ...]) -> LeadRow:
    (key, kind, value, label, watch, records, times, threads, money, rates, lodging, hidden, stated,
     first, last, recent) = row  # fmt: skip
    counts = {
        "times": times, "threads": threads, "recent": recent, "money": money, "rates": rates,
        "lodging": lodging, "hidden": hidden, "stated": stated, "watched": int(watch is not None),
    }  # fmt: skip
    service, mark, _ = value.partition(":")
    return LeadRow(
        entity_id=key, kind=kind, value=value, label=label,
        service=service if kind == "handle" and mark else None, watch=watch,
        factors=tuple(
            Factor(name, counts[name], points(name, counts[name]))
            for name in WEIGHTS
            if points(name, counts[name])
        ),
        records=records, threads=threads, first=moment(first), last=moment(last), contrary=0,
        cited=(),
    )  # fmt: skip


def _with_places(store: Store, rows: list[LeadRow]) -> tuple[LeadRow, ...]:
    """Add the best citations, and how many records limit each."""
    if not rows:
        return ()
    scan(store)
    keys = ", ".join(f"'{row.entity_id}'" for row in rows)
    denials = strings(cue.cue_id for cue in cues().of("denial"))
    best = store.cited(_BEST.format(keys=keys))
    against = {
        key: (count, Cited(first["c"], first["s"], first["r"]))
        for key, count, first in store.rows(_CONTRARY.format(denials=denials, keys=keys))
    }
    return tuple(
        replace(row, cited=best[row.entity_id], contrary=count, against=first)
        for row in rows
        for count, first in [against.get(row.entity_id, (0, None))]
    )
