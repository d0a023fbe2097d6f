"""How a table is declared: columns with a description each, and the groups many tables share."""

from __future__ import annotations

import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")
AMOUNT = pa.decimal128(18, 2)


def list_of(item: pa.DataType) -> pa.DataType:
    """Return a list type as Parquet gives it back: its items are named ``element`` there."""
    return pa.list_(pa.field("element", item))


STRINGS = list_of(pa.string())
LABELLED = list_of(pa.struct([("label", pa.string()), ("value", pa.string())]))
SEGMENTS = list_of(
    pa.struct([
        ("start", pa.int32()), ("page", pa.int32()), ("line", pa.int32()), ("sheet", pa.int32()),
    ])
)  # fmt: skip


def column(name: str, type_: pa.DataType, doc: str, *, required: bool = False) -> pa.Field:
    """Declare a column.

    Args:
        name: stable name (CONTRACT 4).
        type_: its Arrow type.
        doc: one sentence for the table dictionary: meaning, unit, zone, what null says.
        required: whether null is an error.
    """
    return pa.field(name, type_, nullable=not required, metadata={"doc": doc})


def table(name: str, version: int, doc: str, columns: list[pa.Field]) -> pa.Schema:
    """Declare a table; its name, version and description travel in the Parquet metadata."""
    return pa.schema(
        columns,
        metadata={"triage.table": name, "triage.version": str(version), "triage.doc": doc},
    )


def typed_head() -> list[pa.Field]:
    """Columns that begin each typed table: who, when, where beside the mention."""
    return [
        column("mention_id", pa.string(), "The mention (table `mentions`).", required=True),
        column("record_id", pa.string(), "The record it stands in.", required=True),
        column("surface", pa.string(), "The characters of the span, unchanged.", required=True),
        column("value", pa.string(), "Normalised value; null when it cannot be completed."),
        column("sent_at", TIME, "When the record was sent (UTC)."),
        column("author_name", pa.string(), "Name the provider shows for the author."),
        column("thread_id", pa.string(), "The conversation."),
        column("page", pa.int32(), "Page where the span begins, from 1."),
        column("citation", pa.string(), "Source label, page and line.", required=True),
        column("watch", pa.string(), "Watch-list entries it answers; null: none."),
    ]
