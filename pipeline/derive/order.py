"""Duplicates, and places in time: what is known of records from narrow columns alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.derive.engine import Engine

Positions = npt.NDArray[np.int64]

DUPLICATES = """
WITH counted AS (
  SELECT pos, dup_key,
         row_number() OVER (PARTITION BY dup_key, source ORDER BY pos) AS k
  FROM narrow WHERE dup_key IS NOT NULL
), firsts AS (
  SELECT pos, min(pos) OVER (PARTITION BY dup_key, k) AS canonical FROM counted
)
SELECT pos, canonical FROM firsts WHERE pos <> canonical ORDER BY pos
"""
"""The k-th record of a key in one source repeats the k-th in another (CONTRACT 3)."""

NAMED = """
WITH counted AS (
  SELECT pos, by_name, name_key, source,
         row_number() OVER (PARTITION BY name_key, source ORDER BY pos) AS k
  FROM narrow WHERE name_key IS NOT NULL AND name_key IN (
    SELECT name_key FROM narrow WHERE by_name AND name_key IS NOT NULL)
), firsts AS (
  SELECT pos, by_name, first_value(pos) OVER w AS canonical, first_value(by_name) OVER w AS first_by
  FROM counted WINDOW w AS (PARTITION BY name_key, k ORDER BY pos)
)
SELECT pos, canonical FROM firsts WHERE pos <> canonical AND (by_name OR first_by) ORDER BY pos
"""
"""The same, by name, second and text, where one of the two deliveries has no numbers."""

RANKS = "SELECT pos FROM narrow ORDER BY sent_at NULLS LAST, record_id"

THREAD_PLACES = """
SELECT pos, row_number() OVER (PARTITION BY thread_id ORDER BY sent_at NULLS LAST, pos) - 1 AS place
FROM narrow WHERE thread_id IS NOT NULL AND canonical < 0 ORDER BY pos
"""


def canonical_positions(engine: Engine, narrow: pa.Table) -> Positions:
    """Return for each record the position of the record it repeats, or -1.

    Args:
        engine: a connection.
        narrow: columns pos, source, dup_key, name_key, by_name.
    """
    engine.register("narrow", narrow)
    found = engine.execute(DUPLICATES).fetchnumpy()
    named = engine.execute(NAMED).fetchnumpy()
    engine.unregister("narrow")
    canonical = np.full(narrow.num_rows, -1, np.int64)
    canonical[found["pos"]] = found["canonical"]
    for position, first in zip(named["pos"].tolist(), named["canonical"].tolist(), strict=True):
        if canonical[position] < 0:
            canonical[position] = first
    origins = canonical[canonical]  # of records that are no repeats: whatever stands last
    chained = (canonical >= 0) & (origins >= 0)
    while chained.any():
        canonical[chained] = origins[chained]
        origins = canonical[canonical]
        chained = (canonical >= 0) & (origins >= 0)
    return canonical


def time_ranks(engine: Engine, narrow: pa.Table) -> Positions:
    """Return for each record its rank by time, then id; undated ones last.

    Args:
        engine: a connection.
        narrow: columns pos, sent_at, record_id.
    """
    engine.register("narrow", narrow)
    order = engine.execute(RANKS).fetchnumpy()["pos"]
    engine.unregister("narrow")
    ranks = np.empty(narrow.num_rows, np.int64)
    ranks[order] = np.arange(narrow.num_rows)
    return ranks


def thread_places(engine: Engine, narrow: pa.Table) -> Positions:
    """Return for each canonical record its place in its thread by time; -1 for others.

    Args:
        engine: a connection.
        narrow: columns pos, thread_id, sent_at, canonical.
    """
    engine.register("narrow", narrow)
    found = engine.execute(THREAD_PLACES).fetchnumpy()
    engine.unregister("narrow")
    places = np.full(narrow.num_rows, -1, np.int64)
    places[found["pos"]] = found["place"]
    return places
