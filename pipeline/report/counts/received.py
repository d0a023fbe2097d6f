"""What was received and read, and what was not: sources, coverage, issues, scope."""

from __future__ import annotations

from pipeline.report.rows import (
    ExtractorRow,
    FateRow,
    FileRow,
    HashedRow,
    IssueRow,
    KindRow,
    ScopeRow,
)
from pipeline.report.store import Store, moment
from schemas.kinds import Fate, Severity

ISSUES_SHOWN = 200
UNREAD_SHOWN = 100

MEDIA = "regexp_matches(coalesce(media_type, ''), '^(image|video|audio)/')"

FILES = f"""
SELECT source_id, source_label, path, container, container_sha256, source_sha256, service,
       media_type, reader, reader_version, size_bytes, page_count, record_count, {MEDIA}
FROM sources
WHERE reader IS NOT NULL OR NOT {MEDIA}
ORDER BY reader IS NULL, source_label, path, source_id
"""

HASHED = """
SELECT coalesce(media_type, ''), count(*), sum(size_bytes)::BIGINT
FROM sources WHERE reader IS NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""

KINDS = """
SELECT r.kind, count(*) FILTER (r.duplicate_of IS NULL) AS records,
       count(*) FILTER (r.duplicate_of IS NOT NULL),
       min(epoch_us(r.sent_at)) FILTER (r.duplicate_of IS NULL),
       max(epoch_us(r.sent_at)) FILTER (r.duplicate_of IS NULL)
FROM records r WHERE r.kind IS NOT NULL GROUP BY r.kind ORDER BY records DESC, r.kind
"""

SCOPE = "SELECT scope, count(*) FROM records GROUP BY scope ORDER BY scope"

EXTRACTORS = """
SELECT extractor, extractor_version, kind, basis, by_model, count(*)
FROM found GROUP BY ALL ORDER BY ALL
"""


def files(store: Store) -> tuple[FileRow, ...]:
    """Return the files that were read, then those that were not; media are only counted."""
    rows = [FileRow(*row) for row in store.rows(FILES)]
    unread = [row for row in rows if row.reader is None]
    return (*[row for row in rows if row.reader is not None], *unread[:UNREAD_SHOWN])


def hashed(store: Store) -> tuple[HashedRow, ...]:
    """Return files that were hashed and not opened, by type."""
    return tuple(HashedRow(*row) for row in store.rows(HASHED))


def kinds(store: Store) -> tuple[KindRow, ...]:
    """Return records by kind."""
    return tuple(
        KindRow(kind, records, repeats, moment(first), moment(last))
        for kind, records, repeats, first, last in store.rows(KINDS)
    )


def scope(store: Store) -> tuple[ScopeRow, ...]:
    """Return records by scope."""
    return tuple(ScopeRow(*row) for row in store.rows(SCOPE))


def fates(store: Store) -> tuple[FateRow, ...]:
    """Return bytes and pages by fate, in the order of the closed list.

    What stands before the first page bar (page 0) adds its bytes and is no page.
    """
    names = [fate.value for fate in Fate]
    sums = ", ".join(
        f"coalesce(sum({name}), 0)::BIGINT, count(*) FILTER ({name} > 0 AND "
        "(page IS NULL OR page > 0))"
        for name in names
    )
    row = store.one(f"SELECT {sums} FROM coverage")
    return tuple(FateRow(name, row[2 * n], row[2 * n + 1]) for n, name in enumerate(names))


def sealed(store: Store) -> int:
    """Return how many records were sealed."""
    return int(store.one("SELECT coalesce(sum(sealed_count), 0)::BIGINT FROM coverage")[0])


def issues(store: Store) -> tuple[IssueRow, ...]:
    """Return issues, worst first."""
    order = " ".join(
        f"WHEN '{severity.value}' THEN {n}" for n, severity in enumerate(reversed(Severity))
    )
    return tuple(
        IssueRow(*row)
        for row in store.rows(
            "SELECT issue_id, severity, stage, code, message, count FROM issues "
            f"ORDER BY CASE severity {order} END, stage, code, message, issue_id "
            f"LIMIT {ISSUES_SHOWN}"
        )
    )


def extractors(store: Store) -> tuple[ExtractorRow, ...]:
    """Return who found what, in records that repeat no other."""
    return tuple(ExtractorRow(*row) for row in store.rows(EXTRACTORS))
