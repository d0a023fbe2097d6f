"""What every DuckDB connection of ours has in common."""

from __future__ import annotations

import contextlib

import duckdb


def silence(connection: duckdb.DuckDBPyConnection) -> None:
    """Take the progress bar away: it prints where a command prints its answer.

    In a notebook without ipywidgets DuckDB refuses the setting, and shows no bar.
    """
    with contextlib.suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")
