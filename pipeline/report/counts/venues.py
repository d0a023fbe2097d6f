"""Activity by county: what is counted beside places as stated, as an aid to venue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.report.counts.citing import CITED, citations, cite
from pipeline.report.counts.stays import StayRow
from pipeline.report.rows import Citations
from pipeline.report.store import Store, moment

AREAS = """
CREATE OR REPLACE TABLE venue_areas AS
WITH placed AS (
  SELECT f.record_id, l.county, l.state, l.country, f.basis = 'stated' AS by_provider,
         starts_with(f.detail, 'chosen among') AS chosen
  FROM locations l JOIN found f USING (mention_id) WHERE NOT f.by_model)
SELECT record_id, county, state, country, bool_or(by_provider) AS by_provider,
       bool_and(chosen AND NOT by_provider) AS chosen
FROM placed WHERE county IS NOT NULL GROUP BY ALL
UNION ALL
SELECT record_id, NULL, NULL, NULL, bool_or(by_provider), false
FROM placed GROUP BY record_id HAVING count(county) = 0
"""
"""A record and a county it names; a record that names places, none with a county, once without."""

COUNTS = f"""
WITH values_in AS (
  SELECT record_id, count(*) FILTER (kind = 'money') AS amounts,
         count(*) FILTER (kind = 'phone' AND service_category IS NULL) AS phones
  FROM found WHERE kind IN ('money', 'phone') GROUP BY record_id)
SELECT a.county, a.state, a.country, count(*), count(*) FILTER (by_provider),
       count(*) FILTER (chosen), coalesce(sum(v.amounts), 0)::BIGINT,
       coalesce(sum(v.phones), 0)::BIGINT, count(DISTINCT c.thread_id), count(DISTINCT c.author),
       min(c.micros), max(c.micros),
       arg_min({cite("c")}, c.rank, {CITED})
FROM venue_areas a JOIN canon c USING (record_id)
LEFT JOIN values_in v USING (record_id)
GROUP BY a.county, a.state, a.country
ORDER BY a.county IS NULL, count(*) DESC, a.county, a.state, a.country
"""


@dataclass(frozen=True, slots=True)
class VenueRow:
    """What stands in records that name a place in one county."""

    county: str | None
    """None = the places these records name lie in no county that is known."""
    state: str | None
    country: str | None
    records: int
    by_provider: int
    """Of the records, those in which the provider states a place there."""
    chosen: int
    """Of the records, those whose place shares its name with others, one of which was chosen."""
    stays: int
    """Stays (:mod:`pipeline.report.counts.stays`) whose property was put there."""
    amounts: int
    """Mentions of amounts in the same records."""
    phones: int
    """Mentions of telephone numbers in the same records; listed services left out."""
    threads: int
    accounts: int
    first: datetime | None
    last: datetime | None
    cited: Citations


def venues(store: Store, stays: Sequence[StayRow]) -> tuple[VenueRow, ...]:
    """Return counties by records, the row without a county last.

    A record that names places in two counties counts in both. Places that only the trained model
    found are left out.

    Args:
        store: the tables.
        stays: of :func:`pipeline.report.counts.stays.stays`.

    Raises:
        IntegrityError: a table cannot be read.
    """
    store.run(AREAS)
    stayed = Counter(name for row in stays for name in row.counties)
    return tuple(
        VenueRow(
            county=county, state=state, country=country, records=records, by_provider=stated,
            chosen=chosen,
            stays=sum(not row.counties for row in stays) if county is None
            else stayed[", ".join(part for part in (county, state) if part)],
            amounts=amounts, phones=phones, threads=threads, accounts=accounts,
            first=moment(first), last=moment(last),
            cited=citations(cited),
        )
        for county, state, country, records, stated, chosen, amounts, phones, threads, accounts,
            first, last, cited in store.rows(COUNTS)
    )  # fmt: skip
