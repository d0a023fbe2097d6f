"""Duplicates, and places in time: what is known of records from narrow columns alone.

Sorted as plain numbers: a tenth of the memory that the same takes in SQL, and a fifth of the time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import TIME

Positions = npt.NDArray[np.int64]
Numbers = npt.NDArray[Any]

LATEST = np.iinfo(np.int64).max
"""Stands for no time: undated records come last."""


def canonical_positions(narrow: pa.Table) -> Positions:
    """Return for each record the position of the record it repeats, or -1.

    The k-th record of a key in one source repeats the k-th in another (CONTRACT 3). So it is by
    name, second and text, where one of the two deliveries has no numbers.

    Args:
        narrow: columns source, dup_key, name_key (null: none), by_name; rows are positions.
    """
    canonical = np.full(narrow.num_rows, -1, np.int64)
    source = narrow["source"].to_numpy()
    rows, key = _repeated(narrow["dup_key"])
    first = _first_of_turn(key, source[rows])
    canonical[rows] = np.where(first == np.arange(len(rows)), -1, rows[first])
    named = narrow["by_name"].to_numpy(zero_copy_only=False).astype(bool)
    if named.any():
        rows, key = _repeated(narrow["name_key"])
        told = np.isin(key, key[named[rows]])
        rows, key = rows[told], key[told]
        first = _first_of_turn(key, source[rows])
        joined = (first != np.arange(len(rows))) & (named[rows] | named[rows[first]])
        joined &= canonical[rows] < 0
        canonical[rows[joined]] = rows[first[joined]]
    origins = canonical[canonical]  # of records that are no repeats: whatever stands last
    chained = (canonical >= 0) & (origins >= 0)
    while chained.any():
        canonical[chained] = origins[chained]
        origins = canonical[canonical]
        chained = (canonical >= 0) & (origins >= 0)
    return canonical


def time_ranks(narrow: pa.Table) -> Positions:
    """Return for each record its rank by time, then id; undated ones last.

    Args:
        narrow: columns sent_at, record_id.
    """
    ids = halves(narrow["record_id"].cast(pa.binary(20)).combine_chunks(), 4)
    order = np.lexsort((*ids[::-1], moments(narrow["sent_at"])))
    ranks = np.empty(narrow.num_rows, np.int64)
    ranks[order] = np.arange(narrow.num_rows)
    return ranks


def thread_places(narrow: pa.Table, canonical: Positions) -> Positions:
    """Return for each canonical record its place in its thread by time; -1 for others.

    Args:
        narrow: columns thread_id, sent_at.
        canonical: of :func:`canonical_positions`.
    """
    threads = codes(narrow["thread_id"])
    rows = np.flatnonzero((threads >= 0) & (canonical < 0))
    places = np.full(narrow.num_rows, -1, np.int64)
    order, starts = sorted_runs(threads[rows], moments(narrow["sent_at"])[rows], depth=1)
    places[rows[order]] = np.arange(len(rows)) - starts
    return places


def codes(column: pa.ChunkedArray) -> Numbers:
    """Return for each value of a column of texts its place in :func:`values_of`; -1 for null."""
    return np.asarray(pc.fill_null(_encoded(column).indices, -1), np.int32)


def values_of(column: pa.ChunkedArray) -> list[str]:
    """Return the different values of a column of texts."""
    return list(_encoded(column).dictionary.to_pylist())


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    whole = column.combine_chunks()
    return whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()


def moments(column: pa.ChunkedArray) -> Numbers:
    """Return times as microseconds, :data:`LATEST` for null."""
    return np.asarray(pc.fill_null(column.cast(pa.int64()), LATEST))


def times(found: Numbers, missing: int) -> pa.Array:
    """Return microseconds as times (UTC), null where they are ``missing``."""
    return pa.array(found, pa.int64(), mask=found == missing).cast(TIME)


def spans_of(of: Numbers, moments: Numbers, count: int) -> tuple[pa.Array, pa.Array]:
    """Return the first and the last time that goes with each of the numbers 0 to ``count``."""
    first = np.full(count, LATEST, np.int64)
    last = np.full(count, -1 - LATEST, np.int64)
    dated = moments != LATEST
    np.minimum.at(first, of[dated], moments[dated])
    np.maximum.at(last, of[dated], moments[dated])
    return times(first, LATEST), times(last, -1 - LATEST)


def sorted_runs(*keys: Numbers, depth: int) -> tuple[Numbers, Numbers]:
    """Sort rows by several keys, rows of equal keys as they came.

    Args:
        keys: the first counts most.
        depth: how many of them make a run.

    Returns:
        The rows in order; and for each place in it, where the run that it is in begins.
    """
    order = np.lexsort(keys[::-1])
    begins = np.zeros(len(order), bool)
    begins[:1] = True
    for key in keys[:depth]:
        begins[1:] |= np.diff(key[order]) != 0
    starts = np.flatnonzero(begins)
    return order, np.repeat(starts, np.diff(np.append(starts, len(order))))


def halves(column: pa.Array, width: int) -> list[Numbers]:
    """See values of a fixed number of bytes as numbers that sort, one after another, as they do.

    Args:
        column: bytes; what stands for null is undefined.
        width: bytes of a number: 4 or 8, of which the values are a multiple.
    """
    size = column.type.byte_width
    data = np.frombuffer(column.buffers()[1], np.uint8, len(column) * size, column.offset * size)
    parts = data.reshape(-1, size).view(f">u{width}")
    return [parts[:, place] for place in range(size // width)]


def _repeated(column: pa.ChunkedArray) -> tuple[Positions, Numbers]:
    """Return the rows whose key others have too, ascending, and a number for each one's key."""
    whole = column.combine_chunks()
    rows = np.flatnonzero(pc.is_valid(whole).to_numpy(zero_copy_only=False))
    low = halves(whole, 8)[1][rows]
    ordered = np.sort(low)  # nine tenths have a key of their own, which half of it tells
    many = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    at = np.searchsorted(many, low)
    at[at == len(many)] = 0
    rows = rows[many[at] == low] if len(many) else rows[:0]
    high, low = halves(whole.take(pa.array(rows)), 8)
    order, starts = sorted_runs(high, low, depth=2)
    key = np.empty(len(rows), np.int64)
    key[order] = starts
    return rows, key


def _first_of_turn(key: Numbers, source: Numbers) -> Positions:
    """Return for each row the first row that is the same turn of its key, in whatever source."""
    order, starts = sorted_runs(key, source, depth=2)
    turn = np.empty(len(order), np.int64)
    turn[order] = np.arange(len(order)) - starts
    order, starts = sorted_runs(key, turn, depth=2)
    first = np.empty(len(order), np.int64)
    first[order] = order[starts]
    return first
