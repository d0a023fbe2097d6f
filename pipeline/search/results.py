"""What a search gives back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A record that answers a query; by value, a mention in it."""

    record_id: str
    citation: str
    sent_at: str | None
    """UTC, to the second: ``2021-03-04T05:06:07Z``."""
    author_name: str | None
    thread_id: str | None
    kind: str | None
    """Kind of the record."""
    text: str
    spans: tuple[tuple[int, int], ...] = ()
    """Code points of ``text`` that answer the query, half-open, sorted, apart."""
    mention_id: str | None = None
    value: str | None = None
    """Value of the entity the mention belongs to, else of the mention."""
    watch: str | None = None
    """Entries of the watch list that the mention answers; by words, those of any mention in it."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits in their order: by time sent (undated last), then record id, then place in the text.

    By value, hits of the watch list come first.
    """

    query: str
    total: int
    """Of all hits, also those beyond the limit."""
    hits: tuple[SearchHit, ...]
    notes: tuple[str, ...] = ()
    """What is to be said beside: of the watch list, what was not found."""


def moment(seconds: int | None) -> str | None:
    """Return an epoch second as UTC text, or None."""
    if seconds is None:
        return None
    try:
        return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        return None  # beyond year 9999


def to_json(result: SearchResult) -> dict[str, object]:
    """Return a result as JSON-ready values, texts unchanged."""
    return {
        "query": result.query,
        "total": result.total,
        "notes": list(result.notes),
        "hits": [{**asdict(hit), "spans": [list(s) for s in hit.spans]} for hit in result.hits],
    }
