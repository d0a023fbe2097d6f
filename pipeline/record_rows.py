"""What becomes of a record in a shard: the row of ``records`` and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from extractors.language import tag
from pipeline.readers.base import Account, Issue, Reader, Record
from pipeline.repeats import keys
from pipeline.rows import cite
from pipeline.work_tables import WORK_RECORDS
from schemas.ids import stable_id
from schemas.kinds import RecordKind, Scope

SILENT = frozenset(
    {RecordKind.PARAMETER, RecordKind.DEVICE, RecordKind.PARTICIPANT, RecordKind.REPORT}
)
"""Records in which only what the provider states is a mention; other words are the service's."""


def place_row(record: Record, reader: Reader, source_id: str, label: str) -> dict[str, Any]:
    """Where a record stands: columns that every row of it has, in scope or not."""
    units = "|".join(reader.units)
    return {
        "source_id": source_id,
        "source_label": label,
        "page_first": record.page_first,
        "page_last": record.page_last,
        "sheet_first": record.sheet_first,
        "sheet_last": record.sheet_last,
        "line_first": record.line_first,
        "byte_start": record.byte_start if reader.has_bytes else None,
        "byte_end": record.byte_end if reader.has_bytes else None,
        "citation": cite(
            label, record.page_first, record.line_first, record.sheet_first, units,
            ocr=record.ocr is not None,
        ),
        "units": units,
        "hits": None,
    }  # fmt: skip


def record_row(
    record: Record, identity: str, scope: Scope, place: dict[str, Any]
) -> dict[str, Any]:
    """Return a record in scope as a row of the work table, recipients and hits aside.

    Args:
        record: as read.
        identity: its record_id.
        scope: what the guard says of it.
        place: of :func:`place_row`.
    """
    author = record.author
    by_number, by_name = keys(record)
    return {
        "record_id": identity,
        "kind": record.kind.value,
        "text": record.text,
        "thread_id": record.thread_id,
        "thread_name": record.thread_name,
        "author_account_id": account_id(author) if author else None,
        "author_name": author.name if author else None,
        "sent_at": record.sent_at,
        "sent_raw": record.sent_raw,
        "section": record.section,
        "attributes": [{"label": label, "value": value} for label, value in record.attributes],
        "segments": [
            {"start": at[0], "page": at[1], "line": at[2], "sheet": at[3] if len(at) > 3 else None}
            for at in record.segments
        ],
        "scope": scope.value,
        "ocr_confidence": record.ocr,
        "language": _language(record),
        "dup_key": by_number,
        "name_key": by_name,
        "by_name": author is not None and author.provider_account_id is None,
    } | place


def out_row(record: Record, identity: str, scope: Scope, place: dict[str, Any]) -> dict[str, Any]:
    """A record out of scope: ids, source, page, bytes and scope; all else null."""
    row: dict[str, Any] = dict.fromkeys(WORK_RECORDS.names)
    return row | {"record_id": identity, "scope": scope.value} | place


@cache
def account_id(account: Account) -> str | None:
    """Identity of an account; None for a name without a number."""
    if account.provider_account_id is None:
        return None
    return stable_id("account", account.provider, account.provider_account_id)


def _language(record: Record) -> str | None:
    return tag(record.text) if record.text and record.kind not in SILENT else None


def attachment_rows(record: Record, identity: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each file that a record refers to."""
    for item in record.attachments:
        yield {
            "record_id": identity, "name": item.name, "provider_id": item.provider_id,
            "media_type": item.media_type, "size_bytes": item.size_bytes, "url": item.url,
            "path": item.path, "source_id": None, "sha256": None,
        }  # fmt: skip


def issue_row(issue: Issue, source: str | None, label: str = "") -> dict[str, Any]:
    """Make a row of ``issues``."""
    where = label + (f" p. {issue.page:,}" if issue.page is not None else "")
    message = f"{where}: {issue.message}" if where else issue.message
    return {
        "issue_id": stable_id("issue", issue.stage, issue.code, source, issue.page, message),
        "severity": issue.severity.value, "stage": issue.stage, "code": issue.code,
        "source_id": source, "page": issue.page, "record_id": None, "message": message,
        "count": issue.count,
    }  # fmt: skip
