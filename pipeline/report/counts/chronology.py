"""The chronology: dated records with a number, amount, place, stay, journey or age, in order.

Of a record's text only the spans of its mentions are taken, never the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.report.rows import Cited
from pipeline.report.store import Store, moment
from schemas.kinds import MentionKind

SHOWN = 400
"""Rows of the documents: those with most kinds of mention; all of them stand in the tables."""
SPANS = 6
"""Spans of a row."""
LENGTH = 60
"""Code points of a span."""

KINDS = (
    MentionKind.PHONE, MentionKind.HANDLE, MentionKind.MONEY, MentionKind.LODGING,
    MentionKind.TRAVEL, MentionKind.LOCATION, MentionKind.AGE,
)  # fmt: skip
_KINDS = ", ".join(f"'{kind.value}'" for kind in KINDS)

TOLD = f"""
CREATE TABLE chronicle_rows AS
SELECT n.rank, count(DISTINCT n.kind) AS kinds, count(*) AS mentions
FROM found n
WHERE n.kind IN ({_KINDS}) AND n.micros IS NOT NULL AND n.service_category IS NULL
  AND NOT n.by_model
GROUP BY n.rank
"""

CHOSEN = """
SELECT t.rank, c.micros, c.author_name, c.author, c.kind, c.citation, c.source_label, c.record_id
FROM (SELECT rank FROM chronicle_rows ORDER BY kinds DESC, mentions DESC, rank LIMIT {most}) t
JOIN canon c USING (rank) ORDER BY t.rank
"""

SPOKEN = f"""
SELECT n.rank, n.kind, n.start, n."end", substr(n.surface, 1, {LENGTH})
FROM found n
JOIN (SELECT rank FROM chronicle_rows ORDER BY kinds DESC, mentions DESC, rank LIMIT {{most}})
USING (rank)
WHERE n.kind IN ({_KINDS}) AND n.service_category IS NULL AND NOT n.by_model
ORDER BY n.rank, n.start, n."end" DESC, n.kind, n.mention_id
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A dated record with mentions."""

    record_id: str
    sent: datetime
    author: str | None
    account_id: str | None
    kind: str
    """Kind of record."""
    kinds: tuple[str, ...]
    """Kinds of mention, in the order of :data:`KINDS`."""
    spans: tuple[tuple[str, str], ...]
    """Kind and surface, in the order of the text; of spans over each other the longest."""
    more: int
    """Spans beyond these."""
    cited: Cited


@dataclass(frozen=True, slots=True)
class Chronology:
    """The rows shown, in time order, and how many there are."""

    rows: tuple[Told, ...] = ()
    total: int = 0
    by_kinds: tuple[tuple[int, int], ...] = ()
    """Number of kinds in a record, and how many such records there are; most kinds first."""


def chronology(store: Store, most: int = SHOWN) -> Chronology:
    """Return the chronology.

    Args:
        store: the tables of a case.
        most: rows kept: those with most kinds of mention, then most mentions, then the earliest.
    """
    if not store.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'chronicle_rows'"):
        store.run(TOLD)
    spoken = store.grouped(SPOKEN.format(most=most))
    rows = []
    for rank, at, author, account, kind, *cited in store.rows(CHOSEN.format(most=most)):
        sent = moment(at)
        assert sent is not None
        spans, end = [], -1
        for what, start, stop, surface in spoken.get(rank, []):
            if start >= end:
                spans.append((what, surface))
                end = stop
        held = {what for what, *_ in spoken.get(rank, [])}
        rows.append(
            Told(
                cited[2], sent, author, account, kind,
                tuple(item.value for item in KINDS if item.value in held),
                tuple(spans[:SPANS]), max(0, len(spans) - SPANS), Cited(*cited),
            )
        )  # fmt: skip
    counts = store.rows("SELECT kinds, count(*) FROM chronicle_rows GROUP BY 1 ORDER BY 1 DESC")
    total = sum(count for _, count in counts)
    return Chronology(tuple(rows), total, tuple(counts))
