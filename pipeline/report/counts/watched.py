"""The watch list in a report: every entry, and where it was found, if anywhere."""

from __future__ import annotations

from pipeline.report.rows import Cited, WatchedRow
from pipeline.report.store import Store, moment

WATCHED = """
SELECT watch_id, kind, written, nullif(watch, written), service_category, mention_count,
       record_count, thread_count, account_count, wrote_count, epoch_us(first_at),
       epoch_us(last_at), citation
FROM watched
ORDER BY mention_count + account_count = 0, mention_count DESC, account_count DESC, kind, value,
         len(watch_id), watch_id
"""

FIRST = """
SELECT citation, min_by(source_label, [m.rank, m.start]), min_by(record_id, [m.rank, m.start])
FROM found m WHERE watch IS NOT NULL GROUP BY citation ORDER BY citation
"""


def watched(store: Store) -> tuple[WatchedRow, ...]:
    """Return the entries of the watch list, those found in most mentions first."""
    rows = store.rows(WATCHED)
    if not rows:
        return ()
    places = {place: (label, record) for place, label, record in store.rows(FIRST)}
    return tuple(
        WatchedRow(
            watch_id=key, kind=kind, written=written, label=label, category=category,
            mentions=mentions, records=records, threads=threads, accounts=accounts, wrote=wrote,
            first=moment(first), last=moment(last),
            cited=(Cited(place, *places[place]),) if place in places else (),
        )
        for key, kind, written, label, category, mentions, records, threads, accounts, wrote, first,
            last, place in rows
    )  # fmt: skip
