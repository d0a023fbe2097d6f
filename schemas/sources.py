"""What was received and how much of it was read."""

from __future__ import annotations

import pyarrow as pa

from schemas.columns import STRINGS, TIME, column, table

_source = column("source_id", pa.string(), "The source file.", required=True)

SOURCES = table(
    "sources",
    2,
    "A file received, members of archives too.",
    [
        _source,
        column("source_label", pa.string(), "Short name used in citations (FB-1).", required=True),
        column("path", pa.string(), "Path inside the archive or folder.", required=True),
        column("container", pa.string(), "File name of the archive it lies in; null if none."),
        column("container_sha256", pa.string(), "SHA-256 of the archive; null if none."),
        column("source_sha256", pa.string(), "SHA-256 of the file's bytes.", required=True),
        column("size_bytes", pa.int64(), "Size of the file, inflated.", required=True),
        column("media_type", pa.string(), "Type by content, or by name for media never opened."),
        column("reader", pa.string(), "Reader that took it; null when hashed only."),
        column("reader_version", pa.int32(), "Version of that reader."),
        column("provider", pa.string(), "Company that made the return."),
        column("service", pa.string(), "Its service as the return states it (Facebook)."),
        column("legal_process", pa.string(), "Warrant or order number from case.toml."),
        column("page_count", pa.int32(), "Pages as the provider numbers them.", required=True),
        column("sheet_count", pa.int32(), "Printed sheets (PDF only)."),
        column("record_count", pa.int64(), "Records read from it.", required=True),
    ],
)

COVERAGE = table(
    "coverage",
    2,
    "A page (or file without pages) and what became of its bytes; the fates sum to it. Of PDF, "
    "DOCX and XLSX, where text is not stored as such, bytes are those of the text as read.",
    [
        _source,
        column("source_label", pa.string(), "Short name used in citations.", required=True),
        column("page", pa.int32(), "Page as the provider numbers it; 0 = before the first bar."),
        column("sheet", pa.int32(), "Printed sheet (PDF only)."),
        column("byte_start", pa.int64(), "First byte in the inflated file; null for PDF."),
        column("byte_end", pa.int64(), "One past the last byte."),
        column("record", pa.int64(), "Bytes of records.", required=True),
        column(
            "furniture",
            pa.int64(),
            "Bytes of known furniture: bars, menu, definitions.",
            required=True,
        ),
        column("issue", pa.int64(), "Bytes not understood; see `issues`.", required=True),
        column("out_of_scope", pa.int64(), "Bytes of records out of scope.", required=True),
        column("sealed", pa.int64(), "Bytes of sealed records.", required=True),
        column("record_count", pa.int64(), "Records that begin on the page.", required=True),
        column("sealed_count", pa.int64(), "Sealed records that begin on the page.", required=True),
    ],
)

ACCOUNTS = table(
    "accounts",
    2,
    "An account a provider names. An account is not a person.",
    [
        column("account_id", pa.string(), "The account.", required=True),
        column("provider", pa.string(), "Company.", required=True),
        column("provider_account_id", pa.string(), "The provider's own number for it."),
        column("display_name", pa.string(), "The name used most often; ties by spelling."),
        column("names", STRINGS, "All names seen for it, sorted."),
        column("vanity", pa.string(), "User name in its profile address."),
        column("emails", STRINGS, "E-mail addresses the provider states."),
        column("phones", STRINGS, "Phone numbers the provider states, E.164."),
        column(
            "is_target", pa.bool_(), "Whether the files say that they are about it.", required=True
        ),
        column("first_at", TIME, "First record it wrote (UTC)."),
        column("last_at", TIME, "Last record it wrote (UTC)."),
        column("record_count", pa.int64(), "Canonical records it wrote.", required=True),
        column("watch", pa.string(), "Watch-list entries its number or names answer; null: none."),
    ],
)
