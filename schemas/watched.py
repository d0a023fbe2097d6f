"""The watch list of a case, and what of it was found."""

from __future__ import annotations

import pyarrow as pa

from schemas.columns import TIME, column, table

WATCHED = table(
    "watched",
    1,
    "An entry of the watch list, found or not; no row where no list was given.",
    [
        column("watch_id", pa.string(), "W-1, W-2, …: by kind, then value.", required=True),
        column("kind", pa.string(), "phone, name, handle, email, domain, account or address."),
        column("value", pa.string(), "As it is compared.", required=True),
        column("written", pa.string(), "As the list has it.", required=True),
        column("watch", pa.string(), "How it stands in `watch` of other tables.", required=True),
        column(
            "service_category",
            pa.string(),
            "Category of a listed service, which stays one and is no lead; null: none.",
        ),
        column("mention_count", pa.int64(), "Mentions in canonical records.", required=True),
        column("record_count", pa.int64(), "Canonical records they stand in.", required=True),
        column("thread_count", pa.int64(), "Conversations.", required=True),
        column("account_count", pa.int64(), "Accounts that answer it.", required=True),
        column("wrote_count", pa.int64(), "Canonical records these wrote.", required=True),
        column("first_at", TIME, "First dated record that mentions it (UTC)."),
        column("last_at", TIME, "Last dated record that mentions it (UTC)."),
        column("citation", pa.string(), "Where it is mentioned first; null: nowhere."),
    ],
)
