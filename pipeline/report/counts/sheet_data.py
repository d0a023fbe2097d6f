"""What the triage sheet says beyond the summary: numbers of the first hour, each cited.

All counts are of records that repeat no other and are in scope; what only the trained model found
is left out, as are listed services.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from pipeline.report.counts.citing import CITED, citations, cite
from pipeline.report.counts.statements import Safety, safety
from pipeline.report.rows import Citations
from pipeline.report.store import Store, moment

PLACE_DAYS = 90
"""How far before the last dated message places and stays count as recent: DOMAIN 4.1, item 4."""
MOST = 8
"""Rows of each list at most; the sheet shows fewer."""

_FIRST = f"arg_min({cite('n')}, [n.rank, n.start], {CITED})"
_LATEST = f"arg_max({cite('n')}, [n.rank, n.start], {CITED})"

PLACES = f"""
SELECT coalesce(l.place_name, n.surface) AS place, l.state, count(DISTINCT n.rank) AS records,
       max(n.micros), {_LATEST}
FROM locations l JOIN found n USING (mention_id)
WHERE NOT n.by_model AND n.micros >= {{since}}
GROUP BY place, l.state ORDER BY records DESC, max(n.micros) DESC, place, l.state
LIMIT {MOST}
"""

MONEY = f"""
SELECT direction, instrument, currency, count(*) AS mentions, count(DISTINCT n.rank),
       min(amount_low), max(amount_high), {_FIRST}
FROM money m JOIN found n USING (mention_id) WHERE NOT n.by_model
GROUP BY direction, instrument, currency
ORDER BY direction IS NULL AND instrument IS NULL, mentions DESC, direction, instrument, currency
LIMIT {MOST}
"""

SHARED = f"""
SELECT kind, value, list(label ORDER BY label, account_id), count(*) FROM (
  SELECT 'phone' AS kind, account_id, unnest(list_distinct(phones)) AS value,
         coalesce(display_name, provider_account_id, account_id) AS label
  FROM accounts UNION ALL
  SELECT 'email', account_id, unnest(list_distinct(emails)),
         coalesce(display_name, provider_account_id, account_id) FROM accounts)
WHERE value NOT IN (SELECT value FROM entities WHERE service_category IS NOT NULL)
GROUP BY kind, value HAVING count(*) > 1 ORDER BY count(*) DESC, kind, value LIMIT {MOST}
"""

COUNTS = """
SELECT (SELECT count(*) FROM accounts WHERE len(names) > 1),
       (SELECT count(*) FROM coverage WHERE issue > 0 AND (page IS NULL OR page > 0)),
       (SELECT count(*) FROM records WHERE duplicate_of IS NULL AND scope = 'undetermined'),
       (SELECT coalesce(sum(count), 0)::BIGINT FROM issues WHERE severity = 'error')
"""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place that records of the last days name."""

    place: str
    state: str | None
    records: int
    last: datetime | None
    cited: Citations
    """The latest records."""


@dataclass(frozen=True, slots=True)
class MeansRow:
    """Amounts of one direction, means and currency; never added up."""

    direction: str | None
    instrument: str | None
    currency: str | None
    mentions: int
    records: int
    low: Decimal | None
    high: Decimal | None
    cited: Citations


@dataclass(frozen=True, slots=True)
class SharedRow:
    """A telephone number or e-mail address that the provider states for several accounts."""

    kind: str
    value: str
    accounts: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class SheetData:
    """What :func:`gather` counts."""

    safety: Safety
    since: datetime | None
    """Start of the last days, from which places are counted; None = no message has a date."""
    places: tuple[PlaceRow, ...]
    money: tuple[MeansRow, ...]
    shared: tuple[SharedRow, ...]
    renamed: int
    """Accounts seen under several names."""
    pages_with_gaps: int
    """Pages with bytes that were not understood."""
    undetermined: int
    errors: int


def gather(store: Store) -> SheetData:
    """Count what the sheet says beyond the summary.

    Args:
        store: the tables of a case.

    Raises:
        IntegrityError: a table cannot be read.
    """
    last = store.one("SELECT max(micros) FROM canon WHERE kind = 'message'")[0]
    span = timedelta(days=PLACE_DAYS) // timedelta(microseconds=1)
    since = None if last is None else last - span
    renamed, gaps, undetermined, errors = store.one(COUNTS)
    targets = store.rows(
        f"SELECT account_id FROM accounts WHERE is_target ORDER BY account_id LIMIT {MOST}"
    )
    recent = "" if since is None else PLACES.replace("{since}", str(since))
    return SheetData(
        safety=safety(store, tuple(row[0] for row in targets)),
        since=_moment(since),
        places=tuple(
            PlaceRow(place, state, records, moment(at), citations(cited))
            for place, state, records, at, cited in (store.rows(recent) if recent else ())
        ),
        money=tuple(
            MeansRow(
                direction, instrument, currency, mentions, records, low, high, citations(cited)
            )
            for direction, instrument, currency, mentions, records, low, high, cited
            in store.rows(MONEY)
        ),
        shared=tuple(
            SharedRow(kind, value, tuple(names), total)
            for kind, value, names, total in store.rows(SHARED)
        ),
        renamed=renamed, pages_with_gaps=gaps, undetermined=undetermined, errors=errors,
    )  # fmt: skip


def _moment(micros: int | None) -> datetime | None:
    try:
        return moment(micros)
    except OverflowError:  # 90 days before a message of year 1
        return None
