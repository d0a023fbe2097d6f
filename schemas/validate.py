"""Check a batch against its declared schema at each boundary."""

from __future__ import annotations

from operator import itemgetter

import pyarrow as pa


class SchemaMismatch(Exception):
    """A batch does not fit its table: a bug, not an issue (exit code 4)."""


def batch_of(rows: list[dict[str, object]], schema: pa.Schema) -> pa.RecordBatch:
    """Build a batch from rows; unknown, missing and forbidden-null columns are errors.

    ``RecordBatch.from_pylist`` drops unknown keys and fills missing ones with null in silence.

    Raises:
        SchemaMismatch: a row has other keys than the schema, or null in a required column.
    """
    expected = set(schema.names)
    try:  # as many keys, and none that is wanted is missing: the same keys
        columns = [list(map(itemgetter(name), rows)) for name in schema.names]
        differ = any(len(row) != len(expected) for row in rows)
    except KeyError:
        differ = True
    if differ:
        wrong = next(row.keys() ^ expected for row in rows if row.keys() != expected)
        raise SchemaMismatch(f"{_name(schema)}: columns differ: {', '.join(sorted(wrong))}")
    arrays = [pa.array(values, type=f.type) for values, f in zip(columns, schema, strict=True)]
    return check(pa.RecordBatch.from_arrays(arrays, schema=schema), schema)


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
