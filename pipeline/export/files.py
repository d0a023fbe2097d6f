"""Tables as files: Parquet, CSV that a spreadsheet cannot mistake for formulas, JSON lines."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa

from pipeline.redact.parts import parts_of, write_parts

FORMATS = ("parquet", "csv", "jsonl")

FORMULA = re.compile(r"[\s\0-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
"""How a cell begins that spreadsheets take for a formula (OWASP, CSV injection)."""
GUARD = "'"


def write_table(tables: Path, name: str, form: str, folder: Path) -> tuple[Path, int]:
    """Write a table in a format.

    Args:
        tables: the folder of tables, those of the case or redacted ones.
        name: the table.
        form: one of :data:`FORMATS`.
        folder: where its file or folder goes.

    Returns:
        What was written, and how many rows.
    """
    return _WRITERS[form](tables, name, folder)


def _parquet(tables: Path, name: str, folder: Path) -> tuple[Path, int]:
    rows = 0

    def counted() -> Iterator[pa.Table]:
        nonlocal rows
        for part in parts_of(tables, name):
            rows += part.num_rows
            yield part

    write_parts(folder, name, counted())
    return folder / name / "part-00000.parquet", rows


def _csv(tables: Path, name: str, folder: Path) -> tuple[Path, int]:
    def write(file: TextIO) -> int:
        writer = csv.writer(file)  # RFC 4180: with \r\n, so that a lone \r is quoted as well
        rows = 0
        for part in parts_of(tables, name):
            if not rows:
                writer.writerow(part.schema.names)
            rows += part.num_rows
            columns = [map(cell, part[column].to_pylist()) for column in part.schema.names]
            writer.writerows(zip(*columns, strict=True))
        if not rows:
            from schemas.tables import SCHEMAS

            writer.writerow(SCHEMAS[name].names)
        return rows

    return _text(folder / f"{name}.csv", write)


def _jsonl(tables: Path, name: str, folder: Path) -> tuple[Path, int]:
    def write(file: TextIO) -> int:
        rows = 0
        for part in parts_of(tables, name):
            rows += part.num_rows
            for row in part.to_pylist():
                file.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")
        return rows

    return _text(folder / f"{name}.jsonl", write)


def _text(path: Path, write: Callable[[TextIO], int]) -> tuple[Path, int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="") as file:
        return path, write(file)


def cell(value: Any) -> str:
    """Write a value for a cell; text that begins like a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return GUARD + value if FORMULA.match(value) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return str(_plain(value)) if isinstance(value, datetime | Decimal) else str(value)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)


_WRITERS = {"parquet": _parquet, "csv": _csv, "jsonl": _jsonl}
