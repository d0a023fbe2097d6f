"""Tables of a case made by hand, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.derive.tables import write_table
from pipeline.report.store import Store, open_store
from schemas.tables import SCHEMAS

EMPTY: dict[str, dict[str, bytes]] = {}
"""Tables without rows by name, as they are on disk: most tables of most such cases."""


class Made:
    """Tables in the making; what is not given is null, or blank where a column must not be."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
        self.count = 0

    def add(self, name: str, **given: Any) -> None:
        """Add a row to a table."""
        row: dict[str, Any] = {}
        for field in SCHEMAS[name]:
            kind = str(field.type)
            blank = "" if kind == "string" else False if kind == "bool" else 0
            row[field.name] = None if field.nullable else blank
        assert given.keys() <= row.keys()
        self.rows[name].append(row | given)

    @contextmanager
    def store(self, folder: Path) -> Iterator[Store]:
        """Write the tables and open them."""
        for name, rows in self.rows.items():
            _write(folder / "tables", name, rows)
        with open_store(folder / "tables", folder / "spill") as store:
            yield store


def _write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        write_table(folder, name, rows)
        return
    if name not in EMPTY:
        write_table(folder / "empty", name, [])
        EMPTY[name] = {part.name: part.read_bytes() for part in (folder / "empty" / name).iterdir()}
    (folder / name).mkdir(parents=True, exist_ok=True)
    for part, content in EMPTY[name].items():
        (folder / name / part).write_bytes(content)
