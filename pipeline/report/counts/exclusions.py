"""What was set aside, by reason: counts, never content."""

from __future__ import annotations

from pipeline.report.store import Store

SEALED = """
SELECT regexp_replace(code, '^sealed_', ''), sum(count)::BIGINT FROM issues
WHERE stage = 'guard' AND code IN ('sealed_counsel', 'sealed_advocates', 'sealed_ncmec',
                                   'sealed_single')
GROUP BY code ORDER BY code
"""
"""Codes: pipeline.sealing.stage."""


def sealed_by(store: Store) -> tuple[tuple[str, int], ...]:
    """Return sealed records by reason: advocates, counsel, ncmec, single."""
    return tuple((reason, count) for reason, count in store.rows(SEALED))
