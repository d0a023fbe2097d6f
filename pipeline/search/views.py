"""What ``triage show`` gives back."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass

from pipeline.search.evidence import SourceBytes


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record; of one out of scope only where it stands."""

    record_id: str
    citation: str
    scope: str
    kind: str | None
    text: str | None
    sent_at: str | None
    """UTC, to the second."""
    sent_raw: str | None
    author_name: str | None
    author_account_id: str | None
    thread_id: str | None
    thread_name: str | None
    section: str | None
    attributes: tuple[tuple[str, str], ...]
    source_id: str
    source_label: str
    page_first: int | None
    sheet_first: int | None
    """Printed sheet (PDF only)."""
    line_first: int | None
    byte_start: int | None
    byte_end: int | None
    ocr_confidence: float | None
    """Of text recognised in a scan, 0 to 1; null for all other text."""
    duplicate_of: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class MentionView:
    """A mention, who found it and why."""

    mention_id: str
    record_id: str
    kind: str
    start: int
    end: int
    surface: str
    value: str | None
    basis: str
    rule: str
    extractor: str
    extractor_version: int
    confidence: float
    detail: str
    group_id: str | None
    service_category: str | None
    review: str | None
    citation: str
    watch: str | None
    """Entries of the watch list that it answers."""
    entity_id: str | None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A mention of an entity, in short."""

    mention_id: str
    record_id: str
    sent_at: str | None
    author_name: str | None
    surface: str
    citation: str


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as seen from one of its ends. Not proof of acquaintance."""

    link_id: str
    relation: str
    other_id: str
    other_kind: str | None
    other_label: str | None
    record_count: int
    thread_count: int
    first_at: str | None
    last_at: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class EntityView:
    """An identifier or name, where it occurs first, and what it occurs with most."""

    entity_id: str
    kind: str
    value: str
    label: str
    mention_count: int
    record_count: int
    thread_count: int
    stated_count: int
    first_at: str | None
    last_at: str | None
    service_category: str | None
    review: str | None
    is_lead: bool
    watch: str | None
    mentions: tuple[Occurrence, ...]
    links: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class ShowResult:
    """What an id or citation stands for."""

    asked: str
    subject: str
    """mention, record or entity."""
    record: RecordView | None = None
    mention: MentionView | None = None
    mentions: tuple[MentionView, ...] = ()
    """All mentions in the record."""
    before: tuple[RecordView, ...] = ()
    """Records of the conversation before it, oldest first."""
    after: tuple[RecordView, ...] = ()
    source: SourceBytes | None = None
    entity: EntityView | None = None
    also: tuple[str, ...] = ()
    """Other records that stand at the same citation."""


def to_json(result: ShowResult) -> dict[str, object]:
    """Return a result as JSON-ready values; bytes in base64 and, where they are UTF-8, as text."""
    values = asdict(result)
    source = values["source"]
    if source is not None:
        data = source.pop("data")
        source["data_base64"] = None if data is None else base64.b64encode(data).decode()
        source["data_text"] = None if data is None else data.decode("utf-8", "backslashreplace")
    return values
