"""DuckDB over a whole case: in memory, bounded, spilling into the case, no network."""

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
"""Limits tried in turn where a statement over a very large case needs more."""

Result = TypeVar("Result")


class Engine:
    """A connection that gives a statement more memory where it needs it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take a connection with the lowest limit."""
        self._connection = connection

    def execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Run a statement.

        Raises:
            UnfinishedError: the highest limit of memory is too low for it.
        """
        return self.with_room(lambda: self._connection.execute(sql))

    def register(self, name: str, table: object) -> None:
        """Let a table in memory be named in statements."""
        self._connection.register(name, table)

    def unregister(self, name: str) -> None:
        """Let it go."""
        self._connection.unregister(name)

    def with_room(self, work: Callable[[], Result]) -> Result:
        """Do a piece of work; again with a higher limit each time that memory is too low.

        Args:
            work: can be done again from its beginning.

        Raises:
            UnfinishedError: the highest limit is too low.
        """
        for limit in MORE:
            try:
                return work()
            except duckdb.OutOfMemoryException:
                self._connection.execute(f"SET memory_limit = '{limit}'")
        try:
            return work()
        except duckdb.OutOfMemoryException as error:
            raise UnfinishedError(
                f"a step over the whole case needs more than {MORE[-1]} of memory; divide the "
                "return into several cases"
            ) from error


@contextmanager
def engine(spill: Path) -> Iterator[Engine]:
    """Open an engine that spills into ``spill`` (inside the case)."""
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
        yield Engine(connection)
    finally:
        connection.close()
