"""What mentions share, and how it hangs together."""

from __future__ import annotations

import pyarrow as pa

from schemas.columns import TIME, column, table

ENTITIES = table(
    "entities",
    2,
    "An identifier or name that mentions share, by value. Not a person.",
    [
        column("entity_id", pa.string(), "The entity.", required=True),
        column("kind", pa.string(), "Kind of its mentions.", required=True),
        column("value", pa.string(), "The value they share.", required=True),
        column("label", pa.string(), "How to print it.", required=True),
        column("mention_count", pa.int64(), "Mentions in canonical records.", required=True),
        column("record_count", pa.int64(), "Canonical records.", required=True),
        column("thread_count", pa.int64(), "Conversations.", required=True),
        column(
            "stated_count", pa.int64(), "Of the mentions, those the provider states.", required=True
        ),
        column("first_at", TIME, "First dated record (UTC)."),
        column("last_at", TIME, "Last dated record (UTC)."),
        column("service_category", pa.string(), "Listed service: its category."),
        column("review", pa.string(), "Why a person should look before it is followed up."),
        column(
            "is_lead",
            pa.bool_(),
            "Whether it may be followed up: no listed service, nothing under review.",
            required=True,
        ),
        column("watch", pa.string(), "Watch-list entries its mentions answer; null: none."),
    ],
)

MEMBERSHIPS = table(
    "memberships",
    1,
    "Which entity a mention belongs to, and why.",
    [
        column("mention_id", pa.string(), "The mention.", required=True),
        column("entity_id", pa.string(), "The entity.", required=True),
        column("basis", pa.string(), "exact (same value) or judged (by a person).", required=True),
        column("reason", pa.string(), "In words.", required=True),
    ],
)

LINKS = table(
    "links",
    1,
    "Two entities that occur together. Not proof of acquaintance.",
    [
        column("link_id", pa.string(), "The link.", required=True),
        column(
            "entity_a",
            pa.string(),
            "One entity; the account for relations of an account.",
            required=True,
        ),
        column("entity_b", pa.string(), "The other.", required=True),
        column("relation", pa.string(), "same_record, wrote or received.", required=True),
        column("record_count", pa.int64(), "Canonical records that show it.", required=True),
        column("thread_count", pa.int64(), "Conversations.", required=True),
        column("first_at", TIME, "First dated record (UTC)."),
        column("last_at", TIME, "Last dated record (UTC)."),
        column("reason", pa.string(), "In words.", required=True),
    ],
)

LINK_EVIDENCE = table(
    "link_evidence",
    1,
    "A record that shows a link.",
    [
        column("link_id", pa.string(), "The link.", required=True),
        column("record_id", pa.string(), "The record.", required=True),
    ],
)

CANDIDATES = table(
    "candidates",
    1,
    "A proposed join of two entities, awaiting a person's judgement.",
    [
        column("candidate_id", pa.string(), "The proposal.", required=True),
        column("entity_a", pa.string(), "One entity.", required=True),
        column("entity_b", pa.string(), "The other.", required=True),
        column("rule", pa.string(), "Why they are proposed.", required=True),
        column("detail", pa.string(), "What agrees and what does not.", required=True),
    ],
)

JUDGEMENTS = table(
    "judgements",
    1,
    "A person's decision; appended, never edited.",
    [
        column("judgement_id", pa.string(), "The decision.", required=True),
        column("key_a", pa.string(), "Entity key: kind and value.", required=True),
        column("key_b", pa.string(), "Entity key.", required=True),
        column("judgement", pa.string(), "positive, negative or unsure.", required=True),
        column("judged_by", pa.string(), "Who.", required=True),
        column("judged_at", TIME, "When (UTC).", required=True),
        column("reason", pa.string(), "Why.", required=True),
    ],
)
