"""What a search says of the watch list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.errors import ConfigError
from pipeline.search.compare import word_matcher
from pipeline.search.tables import Tables, among

NAMED = 20
"""Entries named as not found; all of them are in the table ``watched``."""


def marks_of(tables: Tables, record_ids: Sequence[str]) -> dict[str, str]:
    """Return by record the entries that mentions in it answer."""
    if not record_ids or not _entries(tables):
        return {}
    rows = tables.rows(
        "SELECT record_id, string_agg(DISTINCT watch, '; ' ORDER BY watch) "
        f"FROM {tables['mentions']} "
        f"WHERE watch IS NOT NULL AND {among('record_id', record_ids)} GROUP BY 1"
    )
    return {str(record): str(said) for record, said in rows}


def notes(tables: Tables, asked: str) -> Iterator[str]:
    """Yield what is found of the list, and what is not, a line each.

    Args:
        tables: of the case.
        asked: label or value of an entry; empty for all of them.
    """
    if not _entries(tables):
        yield "no watch list was given (triage run --watch list.csv)"
        return
    matches = word_matcher(asked) if asked else lambda row: True
    rows = [
        row
        for row in tables.rows(
            "SELECT written, watch, mention_count, account_count, wrote_count "
            f"FROM {tables['watched']} ORDER BY len(watch_id), watch_id"
        )
        if matches([str(row[0]), str(row[1])])
    ]
    missing = [str(row[0]) for row in rows if not (row[2] or row[3])]
    many = "1 entry" if len(rows) == 1 else f"{len(rows):,} entries"
    yield f"watch list: {many}, {len(rows) - len(missing):,} found, {len(missing):,} not found"
    for written, said, _, accounts, wrote in rows:
        if accounts:
            who = "an account answers" if accounts == 1 else f"{accounts:,} accounts answer"
            entry = f"{written} ({said})" if written != said else written
            yield f"  {who} {entry}, {wrote:,} records written (table accounts)"
    if missing:
        more = f"; and {len(missing) - NAMED:,} more" if len(missing) > NAMED else ""
        yield f"  not found in what was read: {'; '.join(missing[:NAMED])}{more}"


def _entries(tables: Tables) -> int:
    try:
        return int(str(tables.rows(f"SELECT count(*) FROM {tables['watched']}")[0][0]))
    except ConfigError:
        return 0  # made by an earlier version
