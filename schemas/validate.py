"""Check a batch against its declared schema at each boundary."""

from __future__ import annotations

import pyarrow as pa


class SchemaMismatch(Exception):
    """A batch does not fit its table: a bug, not an issue (exit code 4)."""


def batch_of(rows: list[dict[str, object]], schema: pa.Schema) -> pa.RecordBatch:
    """Build a batch from rows; unknown, missing and forbidden-null columns are errors.

    ``RecordBatch.from_pylist`` drops unknown keys and fills missing ones with null in silence.

    Raises:
        SchemaMismatch: a row has other keys than the schema, or null in a required column.
    """
    names = schema.names
    expected = frozenset(names)
    for row in rows:
        if row.keys() != expected:
            wrong = sorted(row.keys() ^ expected)
            raise SchemaMismatch(f"{_name(schema)}: columns differ: {', '.join(wrong)}")
    return check(
        pa.RecordBatch.from_arrays(
            [pa.array([row[f.name] for row in rows], type=f.type) for f in schema], schema=schema
        ),
        schema,
    )


def check(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return the batch if names, types and required columns fit the schema.

    Raises:
        SchemaMismatch: they do not.
    """
    if not batch.schema.equals(schema, check_metadata=False):
        raise SchemaMismatch(f"{_name(schema)}: got {batch.schema.names}")
    for field, values in zip(schema, batch.columns, strict=True):
        if not field.nullable and values.null_count:
            raise SchemaMismatch(f"{_name(schema)}.{field.name}: null in a required column")
    return batch


def _name(schema: pa.Schema) -> str:
    return str((schema.metadata or {}).get(b"triage.table", b"table").decode())
