"""DuckDB as the whole-case steps use it: in memory, bounded, spilling into the case, no network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb

from pipeline.duck import silence
from pipeline.errors import UnfinishedError

MEMORY = "256MB"
"""DuckDB's own limit; it goes about a third over it. Half as much again was no faster."""

MORE = ("512MB", "1GB", "2GB", "4GB", "8GB")
"""Limits tried in turn where a statement needs more: the links of 400,000 pages did not fit."""

Result = TypeVar("Result")


def with_room(connection: duckdb.DuckDBPyConnection, work: Callable[[], Result]) -> Result:
    """Do a piece of work; once more with a higher limit of memory each time that it is too low.

    Args:
        connection: from :func:`engine`.
        work: can be done again from its beginning.

    Raises:
        UnfinishedError: the highest limit is too low.
    """
    for limit in MORE:
        try:
            return work()
        except duckdb.OutOfMemoryException:
            connection.execute(f"SET memory_limit = '{limit}'")
    try:
        return work()
    except duckdb.OutOfMemoryException as error:
        raise UnfinishedError(
            f"a step over the whole case needs more than {MORE[-1]} of memory; divide the return "
            "into several cases"
        ) from error


@contextmanager
def engine(spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection that spills into ``spill`` (inside the case)."""
    spill.mkdir(parents=True, exist_ok=True, mode=0o700)
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": MEMORY,
            "threads": "2",
            "temp_directory": str(spill),
            "preserve_insertion_order": "true",
        }
    )
    try:
        silence(connection)
        yield connection
    finally:
        connection.close()
