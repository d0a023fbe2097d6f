"""The smallest things a provider logged, and the files they refer to."""

from __future__ import annotations

import pyarrow as pa

from schemas.columns import LABELLED, SEGMENTS, STRINGS, TIME, column, table

RECORDS = table(
    "records",
    2,
    "The smallest thing the provider logged: message, post, login, call, profile field, …",
    [
        column("record_id", pa.string(), "The record.", required=True),
        column("kind", pa.string(), "What it is (schemas.kinds.RecordKind)."),
        column("text", pa.string(), "Its text, verbatim as decoded; null when it has none."),
        column("thread_id", pa.string(), "The provider's number of the conversation."),
        column("thread_name", pa.string(), "Name of the conversation, if it has one."),
        column("author_account_id", pa.string(), "Account that wrote it (table `accounts`)."),
        column("author_name", pa.string(), "Author's name as printed in this record."),
        column("recipient_account_ids", STRINGS, "The conversation's other participants."),
        column("sent_at", TIME, "When it was sent (UTC); null when not stated or unreadable."),
        column("sent_raw", pa.string(), "The provider's own text of that time."),
        column("section", pa.string(), "Section of the return it stands in."),
        column("attributes", LABELLED, "Other fields of the record, label and value, in order."),
        column("source_id", pa.string(), "The source file.", required=True),
        column("source_label", pa.string(), "Short name used in citations.", required=True),
        column("page_first", pa.int32(), "Page (or worksheet) it begins on, from 1; null: none."),
        column("page_last", pa.int32(), "Page it ends on."),
        column("sheet_first", pa.int32(), "Printed sheet it begins on (PDF only)."),
        column("sheet_last", pa.int32(), "Printed sheet it ends on (PDF only)."),
        column(
            "line_first",
            pa.int32(),
            "Line it begins on, from 1: under the page bar; on the sheet of a PDF; of a text file; "
            "row of a table; paragraph of a DOCX.",
        ),
        column(
            "ordinal",
            pa.int64(),
            "Place in the source's reading order, from 0; not an id.",
            required=True,
        ),
        column(
            "byte_start",
            pa.int64(),
            "First byte in the inflated file; null for PDF and the like.",
        ),
        column("byte_end", pa.int64(), "One past the last byte."),
        column(
            "segments",
            SEGMENTS,
            "Source map: from which code point of `text` on which page and line it stands.",
        ),
        column(
            "scope",
            pa.string(),
            "In or out of the legal process (schemas.kinds.Scope).",
            required=True,
        ),
        column("duplicate_of", pa.string(), "The canonical record this one repeats, or null."),
        column(
            "ocr_confidence",
            pa.float32(),
            "Mean confidence, 0 to 1, of text recognised in a scan; null for all other text.",
        ),
        column("language", pa.string(), "Language tag for an interpreter; null when not clear."),
        column("citation", pa.string(), "Source label, page and line.", required=True),
    ],
)

ATTACHMENTS = table(
    "attachments",
    1,
    "A file a record refers to. Media are hashed, never opened.",
    [
        column("record_id", pa.string(), "The record that refers to it.", required=True),
        column("name", pa.string(), "Name as the return gives it."),
        column("provider_id", pa.string(), "The provider's number for the file."),
        column("media_type", pa.string(), "Type as the return states it."),
        column("size_bytes", pa.int64(), "Size as the return states it."),
        column("url", pa.string(), "Address as the return states it."),
        column("path", pa.string(), "Path in the return, as the record gives it."),
        column("source_id", pa.string(), "The file's own row in `sources`, when in the return."),
        column("sha256", pa.string(), "SHA-256 of its bytes, when in the return."),
    ],
)
