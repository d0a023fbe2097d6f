"""DuckDB as the whole-case steps use it: in memory, bounded, spilling into the case, no network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.duck import silence

MEMORY = "256MB"
"""DuckDB's own limit; it goes about a third over it. Half as much again was no faster."""


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
