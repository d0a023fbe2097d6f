"""The tables against their declared schemas, part by part."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.verify.checks import Check, State
from schemas.tables import SCHEMAS

ANEW = "run the sources into a new case and compare the two"


def check_layout(root: Path, sound: frozenset[str]) -> tuple[Check, dict[str, list[Path]]]:
    """Compare every table with its schema.

    Args:
        root: the case.
        sound: files that are as they were published; no other is opened.

    Returns:
        The check, and the parts of the tables that can be asked, by table.
    """
    tables: dict[str, list[Path]] = {}
    wrong: Check | None = None
    left: list[str] = []
    rows = 0
    for name, schema in SCHEMAS.items():
        parts = sorted((root / "tables" / name).glob("*"))
        files = [f"tables/{name}/{part.name}" for part in parts]
        if not parts or not sound.issuperset(files):
            left.append(name)
            continue
        for number, (part, file) in enumerate(zip(parts, files, strict=True)):
            problem, count = _part(part, schema, number)
            rows += count
            if problem:
                wrong = wrong or Check("schemas", State.PROBLEM, problem, file, name)
                break
        else:
            tables[name] = parts
    if wrong is not None:
        return wrong, tables
    if left:
        named = ", ".join(left)
        return Check("schemas", State.NOT_CHECKED, f"not as published: {named}"), tables
    detail = f"{len(tables)} tables, {rows:,} rows, as declared"
    return Check("schemas", State.OK, detail), tables


def _part(part: Path, schema: pa.Schema, number: int) -> tuple[str, int]:
    """Say what is wrong with a part of a table; count its rows."""
    if part.name != f"part-{number:05d}.parquet":
        return f"stands where part-{number:05d}.parquet belongs; {ANEW}", 0
    try:
        with pq.ParquetFile(part) as file:
            found, rows = file.schema_arrow, int(file.metadata.num_rows)
    except (pa.ArrowException, OSError, ValueError) as error:
        return f"cannot be read as a table ({type(error).__name__}); {ANEW}", 0
    wanted = (schema.metadata or {})[b"triage.version"].decode()
    version = (found.metadata or {}).get(b"triage.version", b"?").decode("utf-8", "replace")
    if version != wanted:
        return (
            f"is of version {version}, this tool knows {wanted}: verify with the version of the "
            "tool that made it, or run again"
        ), rows
    if found.equals(schema, check_metadata=False):
        return "", rows
    for field in schema:
        place = found.get_field_index(field.name)
        if place < 0:
            return f"lacks the column {field.name}; {ANEW}", rows
        if not found.field(place).equals(field, check_metadata=False):
            return (
                f"column {field.name} is {found.field(place).type}, not {field.type}; {ANEW}",
                rows,
            )
    return f"has other columns than declared, or in another order; {ANEW}", rows
