"""A shown record or entity for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.search.evidence import SourceBytes
from pipeline.search.terminal import brief, marked, printable
from pipeline.search.views import EntityView, MentionView, RecordView, ShowResult

TEXT_AROUND = 2_000
"""Characters of the record's text shown before and after the span."""
BYTES_SHOWN = 2_000
"""Bytes of the source shown; ``--json`` has more."""
ROWS_SHOWN = 200
"""Fields and mentions of a record shown."""


def render_show(result: ShowResult) -> str:
    """Return a result for a terminal; evidence text cannot steer it.

    Each line of evidence begins with ``|``, so no text can pass for a line of the tool's.
    """
    if result.entity is not None:
        return "\n".join(_entity(result.entity)) + "\n"
    assert result.record is not None  # a result has an entity or a record
    lines = list(_head(result.record))
    if result.mention is not None:
        lines += ["", *_mention(result.mention)]
    lines += ["", *(f"    {_line(record)}" for record in result.before)]
    span = [(result.mention.start, result.mention.end)] if result.mention else []
    lines += list(_text(result.record, span))
    lines += [f"    {_line(record)}" for record in result.after]
    if result.mention is None and result.mentions:
        lines += ["", "mentions"]
        lines += [
            f"    {m.kind} «{brief(m.surface)}»{_equals(m.value)}  {m.rule}  {m.mention_id}"
            for m in result.mentions[:ROWS_SHOWN]
        ]
        if len(result.mentions) > ROWS_SHOWN:
            lines.append(f"    … {len(result.mentions) - ROWS_SHOWN:,} more (--json has all)")
    if result.source is not None:
        lines += ["", *_source(result.source, result.record)]
    if result.also:
        lines += ["", "also at this citation: " + ", ".join(result.also)]
    return "\n".join(lines) + "\n"


def _head(record: RecordView) -> Iterator[str]:
    yield f"[{brief(record.citation)}]  {brief(record.kind or 'record')} {record.record_id}"
    if record.scope.startswith("out_"):
        yield f"out of scope ({record.scope}): its text is not kept and its bytes are not shown"
        return
    raw = f" (as printed: {brief(record.sent_raw)})" if record.sent_raw else ""
    yield f"sent    {_when(record.sent_at)}{raw}"
    if record.author_name:
        yield f"author  {brief(record.author_name)}"
    if record.thread_id:
        name = f" {brief(record.thread_name)}" if record.thread_name else ""
        yield f"thread  {brief(record.thread_id)}{name}"
    if record.section:
        yield f"section {brief(record.section)}"
    if record.duplicate_of:
        yield f"repeats {record.duplicate_of}"
    if record.ocr_confidence is not None:
        yield (
            "text    recognised in a scan, mean confidence "
            f"{100 * record.ocr_confidence:.0f} %: compare it with the picture"
        )
    for label, value in record.attributes[:ROWS_SHOWN]:
        yield f"        {brief(label)}: {brief(value)}"
    if len(record.attributes) > ROWS_SHOWN:
        yield f"        … {len(record.attributes) - ROWS_SHOWN:,} more (--json has all)"


def _mention(mention: MentionView) -> Iterator[str]:
    yield (
        f"{mention.kind} «{brief(mention.surface)}»{_equals(mention.value)}"
        f"  characters {mention.start}-{mention.end}  {mention.mention_id}"
    )
    how = "stated by the provider" if mention.basis == "stated" else "found in text"
    yield (
        f"{how} by {mention.extractor} version {mention.extractor_version}, "
        f"rule {mention.rule}, confidence {mention.confidence:.1f}"
    )
    if mention.detail:
        yield f"why: {brief(mention.detail)}"
    if mention.watch:
        yield f"on the watch list: {brief(mention.watch)}"
    if mention.service_category:
        yield f"listed service: {mention.service_category}; not a lead"
    if mention.review:
        yield f"to be looked at by a person: {brief(mention.review)}"
    if mention.group_id:
        yield f"one of several pieces of one number: group {mention.group_id}"
    if mention.entity_id:
        yield f"entity {mention.entity_id}"


def _text(record: RecordView, spans: list[tuple[int, int]]) -> Iterator[str]:
    if record.text is None:
        yield "  > (no text)"
        return
    for line in marked(record.text, spans, around=TEXT_AROUND, lines=True).split("\n"):
        yield f"  > | {line}"


def _line(record: RecordView) -> str:
    author = brief(record.author_name or record.kind or "")
    return f"[{brief(record.citation)}] {_when(record.sent_at)} {author}: " + marked(
        record.text or "(no text)", ()
    )


def _source(source: SourceBytes, record: RecordView) -> Iterator[str]:
    name = f"{source.container}: {source.path}" if source.container else source.path
    yield f"source  {source.source_label}  {brief(name)}"
    yield f"        {source.check.upper()}: {brief(source.message)}"
    yield f"        SHA-256 when read {source.expected_sha256}"
    if source.found_sha256 is not None and source.found_sha256 != source.expected_sha256:
        yield f"        SHA-256 now       {source.found_sha256}"
    if source.sheet is not None and source.data is not None:
        yield f"        text of sheet {source.sheet:,}, read anew"
        shown = source.data.decode("utf-8", "replace")
        for line in printable(shown, lines=True).split("\n"):
            yield f"    | {line}"
        return
    if source.sheet is not None:
        yield f"        sheet {source.sheet:,} is not shown: it holds text out of scope, or sealed"
        return
    if source.byte_start is None:
        page = "" if record.page_first is None else f" (page {record.page_first:,})"
        yield f"        this format has no byte ranges; see the page itself{page}"
        return
    yield f"        bytes {source.byte_start:,} to {source.byte_end:,} of the inflated file"
    if source.data is None:
        return
    yield f"        SHA-256 of these bytes {source.data_sha256}"
    shown = source.data[:BYTES_SHOWN].decode("utf-8", "backslashreplace")
    for line in printable(shown, lines=True).split("\n"):
        yield f"    | {line}"
    left = (source.byte_end or 0) - source.byte_start - min(len(source.data), BYTES_SHOWN)
    if left > 0:
        yield f"    … {left:,} bytes more"


def _entity(entity: EntityView) -> Iterator[str]:
    yield f"{entity.kind} {brief(entity.label)}  {entity.entity_id}"
    yield f"value   {brief(entity.value)}"
    yield (
        f"        {entity.mention_count:,} mentions ({entity.stated_count:,} stated by a provider) "
        f"in {entity.record_count:,} records of {entity.thread_count:,} conversations"
    )
    yield f"first   {_when(entity.first_at)}"
    yield f"last    {_when(entity.last_at)}"
    if entity.watch:
        yield f"on the watch list: {brief(entity.watch)}"
    if entity.service_category:
        yield f"listed service: {entity.service_category}; not a lead"
    if entity.review:
        yield f"to be looked at by a person: {brief(entity.review)}"
    if entity.mentions:
        yield ""
        yield f"mentions, the first {len(entity.mentions):,} by time"
    for at in entity.mentions:
        author = f" {brief(at.author_name)}" if at.author_name else ""
        yield (
            f"    [{brief(at.citation)}] {_when(at.sent_at)}{author}: "
            f"«{brief(at.surface)}»  {at.mention_id}"
        )
    if entity.links:
        yield ""
        yield f"occurs with, the {len(entity.links):,} strongest (no proof of acquaintance)"
    for link in entity.links:
        label = brief(link.other_label or link.other_id)
        yield (
            f"    {link.relation}: {link.other_kind or 'entity'} {label}, {link.record_count:,} "
            f"records, {link.thread_count:,} conversations, {_when(link.first_at)} to "
            f"{_when(link.last_at)}  {link.other_id}"
        )


def _when(at: str | None) -> str:
    return at.replace("T", " ") if at else "undated"


def _equals(value: str | None) -> str:
    return "" if value is None else f" = {brief(value)}"
