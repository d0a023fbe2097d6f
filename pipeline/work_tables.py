"""The tables a shard leaves under ``work/``: those of the case, and what derive needs beside."""

from __future__ import annotations

import pyarrow as pa

from pipeline.rows import MENTION_TABLES
from schemas.columns import column, table
from schemas.tables import SCHEMAS

WORK_RECORDS = table(
    "work_records",
    1,
    "Records as a shard leaves them, with what derive needs.",
    [
        *(item for item in SCHEMAS["records"] if item.name not in ("ordinal", "duplicate_of")),
        column("dup_key", pa.binary(16), "Equal for repeats; null out of scope."),
        column("name_key", pa.binary(16), "Equal for repeats as far as names tell; null: none."),
        column("by_name", pa.bool_(), "Whether its author is a name without a number."),
        column("units", pa.string(), "Words of its citations for page and line, joined by |."),
        column("hits", pa.string(), "Its hits, where the thread's refinement needs them."),
    ],
)
WORK_ACCOUNTS = table(
    "work_accounts",
    1,
    "What a shard says of accounts.",
    [
        column("provider", pa.string(), "Service.", required=True),
        column("provider_account_id", pa.string(), "Null = the account the file is about."),
        column("field", pa.string(), "name, alias, handle, email, phone, …", required=True),
        column("value", pa.string(), "As stated."),
    ],
)


def _unmarked(name: str) -> pa.Schema:
    """A table without its marks of the watch list, which the whole-case steps set.

    A changed list so costs these steps and no reading.
    """
    schema = SCHEMAS[name]
    return schema.remove(schema.get_field_index("watch"))


WORK_TABLES: dict[str, pa.Schema] = {
    "records": WORK_RECORDS,
    "attachments": SCHEMAS["attachments"],
    **{name: _unmarked(name) for name in MENTION_TABLES},
    "coverage": SCHEMAS["coverage"],
    "accounts": WORK_ACCOUNTS,
    "issues": SCHEMAS["issues"],
}
