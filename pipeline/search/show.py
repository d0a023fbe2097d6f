"""``triage show``: what an id or a citation stands for, and the bytes it stands on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

from pipeline.errors import ConfigError
from pipeline.search.citation import records_at
from pipeline.search.evidence import Source, SourceBytes, given_paths, reread
from pipeline.search.render import render_show
from pipeline.search.results import moment
from pipeline.search.tables import Tables, among, open_tables, string
from pipeline.search.views import (
    EntityView,
    LinkView,
    MentionView,
    Occurrence,
    RecordView,
    ShowResult,
    to_json,
)

__all__ = ["ShowResult", "render_show", "show", "to_json"]

CONTEXT = 5
"""Records of the conversation shown before and after."""
MENTIONS_SHOWN = 20
"""Mentions of an entity, the first by time."""
LINKS_SHOWN = 10
"""Links of an entity, those with most records."""

_ID = re.compile(r"[0-9a-f]{20}")
_UNDATED = (1 << 63) - 1
"""Stands for no time, after every time."""


def show(
    case: Path, id_: str, *, context: int = CONTEXT, source_dir: Path | None = None
) -> ShowResult:
    """Show a mention, a record, an entity, or what stands at a citation.

    Args:
        case: the case folder; it is only read.
        id_: an id, or a citation (``FB-1 p. 1,204 l. 17``, with or without brackets).
        context: records of the conversation to show before and after.
        source_dir: where the return is now: its folder, the zip itself, or a folder they were
            moved to; None = where case.toml says.

    Returns:
        The result. A source that is missing, cannot be read or has another hash is told in
        ``source.check`` and ``source.message``; bytes are there only if the hash is right.

    Raises:
        ConfigError: no such id or citation in the case, or a wrong option.
        IntegrityError: a table cannot be read.
    """
    asked = id_.strip()
    if context < 0:
        raise ConfigError("--context must be 0 or more")
    if source_dir is not None and not source_dir.exists():
        raise ConfigError(f"--source {source_dir}: no such file or folder")
    with open_tables(case) as tables:
        key = asked.lower()
        if _ID.fullmatch(key):
            if mention := _one_mention(tables, key):
                return _of_record(
                    case, tables, asked, mention.record_id, context, source_dir, mention=mention
                )
            if _record(tables, key) is not None:
                return _of_record(case, tables, asked, key, context, source_dir)
            if entity := _entity(tables, key):
                return ShowResult(asked, "entity", entity=entity)
        records = records_at(tables, asked)
        if not records:
            raise ConfigError(
                f"no mention, record, entity or citation {asked!r} in {case}: ids have 20 "
                "characters, citations read FB-1 p. 1,204 l. 17"
            )
        return _of_record(
            case, tables, asked, records[0], context, source_dir, also=tuple(records[1:])
        )


def _of_record(
    case: Path,
    tables: Tables,
    asked: str,
    record_id: str,
    context: int,
    source_dir: Path | None,
    *,
    mention: MentionView | None = None,
    also: tuple[str, ...] = (),
) -> ShowResult:
    record = _record(tables, record_id)
    if record is None:
        raise ConfigError(
            f"the mention {asked!r} names a record that is not there: run `triage run` again"
        )
    before, after = _neighbours(tables, record, context)
    return ShowResult(
        asked,
        "record" if mention is None else "mention",
        record=record,
        mention=mention,
        mentions=_mentions(tables, f"m.record_id = {string(record_id)}"),
        before=before,
        after=after,
        source=_source(case, tables, record, source_dir),
        also=also,
    )


_SECONDS = "CAST(floor(epoch_us({0}) / 1000000) AS BIGINT) AS {1}"
_RECORD_COLUMNS = (
    "record_id, citation, scope, kind, text, "
    + _SECONDS.format("sent_at", "sent_at")
    + ", sent_raw, author_name, author_account_id, thread_id, thread_name, section, attributes, "
    "source_id, source_label, page_first, sheet_first, line_first, byte_start, byte_end, "
    "ocr_confidence, duplicate_of, language"
)
_MENTION_COLUMNS = (
    'm.mention_id, m.record_id, m.kind, m.start, m."end", m.surface, m.value, m.basis, m.rule, '
    "m.extractor, m.extractor_version, m.confidence, m.detail, m.group_id, m.service_category, "
    "m.review, m.citation, "
)


def _record(tables: Tables, record_id: str) -> RecordView | None:
    views = _records(tables, f"record_id = {string(record_id)}")
    return views[0] if views else None


def _records(tables: Tables, condition: str) -> tuple[RecordView, ...]:
    rows = tables.dicts(f"SELECT {_RECORD_COLUMNS} FROM {tables['records']} WHERE {condition}")
    return tuple(_record_view(row) for row in rows)


def _record_view(row: dict[str, Any]) -> RecordView:
    row["sent_at"] = moment(row["sent_at"])
    row["attributes"] = tuple(
        (pair["label"] or "", pair["value"] or "") for pair in row["attributes"] or ()
    )
    return RecordView(**row)


def _neighbours(
    tables: Tables, record: RecordView, context: int
) -> tuple[tuple[RecordView, ...], tuple[RecordView, ...]]:
    """Return the nearest canonical records of the conversation before and after, oldest first."""
    if record.thread_id is None or not context:
        return (), ()
    at = f"coalesce(epoch_us(sent_at), {_UNDATED})"
    key = string(record.record_id)
    records = tables["records"]
    ((here,),) = tables.rows(f"SELECT {at} FROM {records} WHERE record_id = {key}")

    def nearest(sign: str, order: str) -> list[str]:
        # ids first: the sort then carries no texts
        rows = tables.rows(
            f"SELECT record_id FROM {records} WHERE thread_id = {string(record.thread_id or '')} "
            "AND duplicate_of IS NULL AND NOT starts_with(scope, 'out_') "
            f"AND ({at} {sign} {here} OR ({at} = {here} AND record_id {sign} {key})) "
            f"ORDER BY {at} {order}, record_id {order} LIMIT {context}"
        )
        return [str(row[0]) for row in rows]

    before, after = nearest("<", "DESC")[::-1], nearest(">", "ASC")
    found = _records(tables, among("record_id", [*before, *after]))
    views = {view.record_id: view for view in found}
    return tuple(views[key] for key in before), tuple(views[key] for key in after)


def _mentions(tables: Tables, condition: str) -> tuple[MentionView, ...]:
    mark = tables.column("m", "mentions", "watch")
    rows = tables.dicts(
        f"SELECT {_MENTION_COLUMNS} {mark} AS watch FROM {tables['mentions']} m WHERE {condition} "
        'ORDER BY m.start, m."end", m.kind'
    )
    if not rows:
        return ()
    # of one record, or one mention: a second look-up is quicker than a join of the whole tables
    ids = [string(str(row["mention_id"])) for row in rows]
    members = {
        str(mention): str(entity)
        for mention, entity in tables.rows(
            f"SELECT mention_id, max(entity_id) FROM {tables['memberships']} "
            f"WHERE mention_id IN ({', '.join(ids)}) GROUP BY mention_id"
        )
    }
    return tuple(
        MentionView(**cast("Any", row), entity_id=members.get(str(row["mention_id"])))
        for row in rows
    )


def _one_mention(tables: Tables, mention_id: str) -> MentionView | None:
    found = _mentions(tables, f"m.mention_id = {string(mention_id)}")
    return found[0] if found else None


def _source(
    case: Path, tables: Tables, record: RecordView, source_dir: Path | None
) -> SourceBytes | None:
    rows = tables.dicts(
        "SELECT source_id, source_label, path, container, source_sha256, size_bytes "
        f"FROM {tables['sources']} WHERE source_id = {string(record.source_id)}"
    )
    if not rows:
        return None
    source = Source(**cast("Any", rows[0]))
    container = source.source_label.partition("/")[0]  # FB-1/preservation-1 came within FB-1
    roots = given_paths(case).get(container, []) if source_dir is None else [source_dir]
    span = (
        (record.byte_start, record.byte_end)
        if record.byte_start is not None and record.byte_end is not None
        else None
    )
    withheld = record.scope.startswith("out_") or _holds_other(tables, record)
    return reread(source, roots, span, withheld=withheld, sheet=record.sheet_first)


def _holds_other(tables: Tables, record: RecordView) -> bool:
    """Whether on the record's sheet stands what must not be shown: sheets are shown whole."""
    if record.sheet_first is None:
        return False
    ((count,),) = tables.rows(
        f"SELECT count(*) FROM {tables['coverage']} WHERE source_id = {string(record.source_id)} "
        f"AND sheet = {record.sheet_first} AND out_of_scope + sealed > 0"
    )
    return bool(count)


def _entity(tables: Tables, entity_id: str) -> EntityView | None:
    first, last = (_SECONDS.format(name, name) for name in ("first_at", "last_at"))
    rows = tables.dicts(
        "SELECT entity_id, kind, value, label, mention_count, record_count, thread_count, "
        f"stated_count, {first}, {last}, service_category, review, is_lead, "
        f"{tables.column('e', 'entities', 'watch')} AS watch "
        f"FROM {tables['entities']} e WHERE entity_id = {string(entity_id)}"
    )
    if not rows:
        return None
    row = cast("dict[str, Any]", rows[0])
    row["first_at"], row["last_at"] = moment(row["first_at"]), moment(row["last_at"])
    return EntityView(
        **row, mentions=_occurrences(tables, entity_id), links=_links(tables, entity_id)
    )


def _occurrences(tables: Tables, entity_id: str) -> tuple[Occurrence, ...]:
    rows = tables.dicts(
        "SELECT m.mention_id, m.record_id, "
        + _SECONDS.format("r.sent_at", "sent_at")
        + f", r.author_name, m.surface, m.citation FROM {tables['mentions']} m "
        f"JOIN {tables['memberships']} s ON s.mention_id = m.mention_id "
        f"JOIN {tables['records']} r ON r.record_id = m.record_id "
        f"WHERE s.entity_id = {string(entity_id)} AND r.duplicate_of IS NULL "
        "ORDER BY r.sent_at NULLS LAST, m.record_id, m.start, m.mention_id "
        f"LIMIT {MENTIONS_SHOWN}"
    )
    for row in rows:
        row["sent_at"] = moment(cast("int | None", row["sent_at"]))
    return tuple(Occurrence(**cast("Any", row)) for row in rows)


def _links(tables: Tables, entity_id: str) -> tuple[LinkView, ...]:
    first, last = (_SECONDS.format(f"l.{name}", name) for name in ("first_at", "last_at"))
    key = string(entity_id)
    rows = tables.dicts(
        f"WITH l AS (SELECT *, CASE WHEN entity_a = {key} THEN entity_b ELSE entity_a END AS "
        f"other_id FROM {tables['links']} WHERE entity_a = {key} OR entity_b = {key}) "
        "SELECT l.link_id, l.relation, l.other_id, "
        "CASE WHEN a.account_id IS NOT NULL THEN 'account' ELSE e.kind END AS other_kind, "
        "coalesce(e.label, a.display_name, a.provider_account_id) AS other_label, "
        f"l.record_count, l.thread_count, {first}, {last}, l.reason FROM l "
        f"LEFT JOIN {tables['entities']} e ON e.entity_id = l.other_id "
        f"LEFT JOIN {tables['accounts']} a ON a.account_id = l.other_id "
        "ORDER BY l.record_count DESC, l.thread_count DESC, l.other_id, l.relation "
        f"LIMIT {LINKS_SHOWN}"
    )
    for row in rows:
        for name in ("first_at", "last_at"):
            row[name] = moment(cast("int | None", row[name]))
    return tuple(LinkView(**cast("Any", row)) for row in rows)
