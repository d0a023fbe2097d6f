"""From shard outputs to the tables of a case: one pass over the shards, narrow columns aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.config import RunConfig
from pipeline.derive.accounts import account_rows
from pipeline.derive.entities import Records, entities_of, write_entities, write_memberships
from pipeline.derive.index import build_index
from pipeline.derive.links import write_links
from pipeline.derive.mention_tables import mention_tables
from pipeline.derive.order import (
    Positions,
    canonical_positions,
    codes,
    moments,
    thread_places,
    time_ranks,
    values_of,
)
from pipeline.derive.tables import TableWriter, write_table
from pipeline.derive.threads import refined_hits
from pipeline.derive.watched import Marker
from pipeline.derive.work import JOINT, ShardOutput, batches_of, records_of
from pipeline.executor import Crew
from pipeline.hits import unpack
from pipeline.intake import SourceFile
from pipeline.lists import Entry
from pipeline.rows import MENTION_TABLES
from schemas.ids import stable_id
from schemas.kinds import MentionKind, RecordKind, Severity
from schemas.tables import SCHEMAS

MANY_RECORDS = 1_000_000
"""Records after which workers are begun anew: what they remember of words has grown by then, 420 MB
each in place of 215."""
MENTION_COLUMNS = [
    "mention_id", "kind", "value", "surface", "basis", "service_category", "review",
    "watch",
]  # fmt: skip


@dataclass(slots=True)
class Derived:
    """What the whole-case steps say of themselves."""

    rows: dict[str, int] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    """Mentions by kind, in canonical records."""
    records_by_source: Counter[int] = field(default_factory=Counter)
    issues: list[dict[str, Any]] = field(default_factory=list)
    messages: int = 0
    """Canonical records of kind message."""
    duplicates: int = 0
    watch_entries: int = 0
    """Entries of the watch list."""
    watch_missing: list[str] = field(default_factory=list)
    """Those that were not found, as they are marked."""


def derive(
    shards: list[ShardOutput],
    media: dict[tuple[str, str], SourceFile],
    sources: list[SourceFile],
    config: RunConfig,
    staged: Path,
    step: Callable[[str], None],
    crew: Crew,
    watch: tuple[Entry, ...] = (),
) -> Derived:
    """Make all tables but ``sources``, ``coverage``, ``issues`` and ``runs``, and the index.

    Args:
        shards: finished shards in order of (file added, place in it).
        media: files of the return by (hash of the container, path).
        sources: files in the order added; ``ShardOutput.source`` points into it.
        config: region, zone.
        staged: folder in which ``tables`` and ``index`` are made.
        step: told the name of each step as it begins.
        crew: worker processes for what can be done beside each other.
        watch: the watch list.
    """
    derived = Derived()
    marker = Marker(watch, config.region)
    tables = staged / "tables"
    if sum(shard.records for shard in shards) >= MANY_RECORDS:
        crew.rest()
    with crew.aside() as aside:
        step("duplicates")
        narrow = records_of(
            shards,
            ["record_id", "dup_key", "name_key", "by_name", "sent_at", "thread_id",
             "author_account_id", "author_name", "recipient_account_ids"],
        )  # fmt: skip
        canonical = canonical_positions(narrow)
        narrow = narrow.drop_columns(["dup_key", "name_key", "by_name"])
        ids = narrow["record_id"].combine_chunks()
        narrow = narrow.set_column(narrow.column_names.index("record_id"), "record_id", ids)
        derived.duplicates = int((canonical >= 0).sum())
        step("threads")
        folders = [shard.folder for shard in shards]
        index = aside.later(
            build_index, (staged / "index", folders, canonical >= 0, time_ranks(narrow))
        )
        places = thread_places(narrow, canonical)
        changed = refined_hits(shards, canonical, places, config.region, config.timezone, crew)
        crew.rest()
        step("tables")
        mentions, receiving = _publish_shards(
            shards, ids, canonical, changed, media, sources, staged, derived, marker
        )
        step("links")
        stated = account_rows(narrow, canonical, shards, config.region)
        accounts = [marker.mark_account(row) for row in stated]
        derived.rows["accounts"] = write_table(tables, "accounts", accounts)
        people = _records_of_links(narrow, ids, canonical, accounts)
        del narrow
        for position, count in _link(tables, people, mentions, receiving, accounts):
            derived.issues.append(_many_issue(ids[position].as_py(), count))
        step("index")
        index()
    derived.rows["watched"] = write_table(tables, "watched", marker.rows())
    derived.issues += marker.issues()
    derived.watch_entries = len(watch)
    derived.watch_missing = marker.missing()
    for name in ("candidates", "judgements"):
        write_table(tables, name, [])
    return derived


def _publish_shards(
    shards: list[ShardOutput],
    ids: pa.Array,
    canonical: Positions,
    changed: dict[str, str],
    media: dict[tuple[str, str], SourceFile],
    sources: list[SourceFile],
    staged: Path,
    derived: Derived,
    marker: Marker,
) -> tuple[pa.Table, Positions]:
    """Stream every shard into the tables.

    Returns:
        The mentions that have a value (:data:`MENTION_COLUMNS`, ``pos`` in place of the record),
        and the positions of records that have any mention.
    """
    narrow: list[pa.Table] = []
    naming: list[Positions] = [np.zeros(0, np.int64)]
    tables = staged / "tables"
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(TableWriter(tables, name))
            for name in ("records", "attachments", *MENTION_TABLES)
        }

        for base, shard, work in batches_of(shards, "records"):
            writers["records"].write(_records(work, base, shard, canonical, ids, derived))
            _publish_attachments(shard, media, sources, writers["attachments"], derived)
            position = {name: n for n, name in enumerate(work["record_id"].to_pylist())}
            here = {name: unpack(changed[name]) for name in position if name in changed}
            made = mention_tables(shard, work, position, here)
            made = marker.mark(made, work, position, canonical, base)
            for name, table in made.items():
                writers[name].write(_one(table))
            places = np.array(
                [base + position[record] for record in made["mentions"]["record_id"].to_pylist()],
                np.int64,
            )
            kinds = made["mentions"]["kind"].filter(pa.array(canonical[places] < 0))
            for item in kinds.value_counts().to_pylist():
                derived.kinds[item["values"]] += item["counts"]
            naming.append(np.unique(places))
            narrow.append(_narrow(made["mentions"], places))
    derived.rows |= {name: writer.rows for name, writer in writers.items()}
    return pa.concat_tables(narrow).unify_dictionaries(), np.concatenate(naming)


def _records(
    work: pa.Table,
    base: int,
    shard: ShardOutput,
    canonical: Positions,
    ids: pa.Array,
    derived: Derived,
) -> pa.RecordBatch:
    count = work.num_rows
    first = derived.records_by_source[shard.source]
    derived.records_by_source[shard.source] += count
    repeats = canonical[base : base + count]
    extra = {
        "ordinal": pa.array(np.arange(first, first + count)),
        "duplicate_of": ids.take(pa.array(repeats, mask=repeats < 0)),
    }
    written = pc.equal(work["kind"], RecordKind.MESSAGE.value)
    derived.messages += pc.sum(pc.and_(written, pa.array(repeats < 0))).as_py() or 0
    schema = SCHEMAS["records"]
    columns = [extra[name] if name in extra else work[name] for name in schema.names]
    return _one(pa.table(columns, schema=schema))


def _one(table: pa.Table) -> pa.RecordBatch:
    """Return a table as one batch."""
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)


def _narrow(table: pa.Table, places: Positions) -> pa.Table:
    chosen = table.select(MENTION_COLUMNS).append_column("pos", pa.array(places))
    chosen = chosen.filter(pc.is_valid(chosen["value"]))
    for place, name in enumerate(MENTION_COLUMNS):
        if name != "mention_id":
            chosen = chosen.set_column(place, name, chosen.column(name).dictionary_encode())
    return chosen


def _publish_attachments(
    shard: ShardOutput,
    media: dict[tuple[str, str], SourceFile],
    sources: list[SourceFile],
    writer: TableWriter,
    derived: Derived,
) -> None:
    rows = shard.table("attachments").to_pylist()
    file = sources[shard.source]
    around = [*PurePosixPath(file.path).parents]  # its folder, and those above: exports name either
    missing = 0
    for row in rows:
        if row["path"] is None:
            continue
        names = [row["path"], f"linked_media/{row['path']}"]
        paths = [str(folder / name) for folder in around for name in names]
        found = next(
            (media[key] for path in paths if (key := (file.container.sha256, path)) in media), None
        )
        if found is None:
            missing += 1
        else:
            row["source_id"], row["sha256"] = found.source_id, found.sha256
    if missing:
        derived.issues.append({
            "issue_id": stable_id("issue", "missing_media", file.source_id),
            "severity": Severity.WARNING.value, "stage": "derive", "code": "missing_media",
            "source_id": file.source_id, "page": None, "record_id": None,
            "message": f"{file.path}: names media files that the return does not hold",
            "count": missing,
        })  # fmt: skip
    writer.write_rows(rows)


def _records_of_links(
    narrow: pa.Table, ids: pa.Array, canonical: Positions, accounts: list[dict[str, Any]]
) -> Records:
    place = {row["account_id"]: number for number, row in enumerate(accounts)}
    wrote = codes(narrow["author_account_id"])
    authors = [place.get(item, -1) for item in values_of(narrow["author_account_id"])]
    return Records(
        ids,
        canonical,
        codes(narrow["thread_id"]),
        moments(narrow["sent_at"]),
        np.array([*authors, -1], np.int32)[wrote],  # the last for those without an author
        codes(narrow["recipient_account_ids"]),
        [[place[item] for item in crowd.split(JOINT) if item in place]
         for crowd in values_of(narrow["recipient_account_ids"])],
        [_value(row) for row in accounts],
    )  # fmt: skip


def _value(account: dict[str, Any]) -> str:
    return f"{account['provider']}:{account['provider_account_id']}"


def _link(
    tables: Path,
    records: Records,
    mentions: pa.Table,
    receiving: Positions,
    accounts: list[dict[str, Any]],
) -> list[tuple[int, int]]:
    """Write entities, memberships and links; return records that name too many, and how many."""
    labels = {
        _value(row): (row["display_name"], row["watch"])
        for row in accounts
        if row["display_name"] or row["watch"]
    }
    entities = entities_of(mentions, records, receiving)
    write_entities(tables, mentions, records, entities, labels)
    write_memberships(tables, mentions, entities)
    others = np.asarray(pc.not_equal(mentions["kind"].cast(pa.string()), MentionKind.ACCOUNT.value))
    positions = mentions["pos"].to_numpy()[others]
    return write_links(tables, positions, entities.of_mention[others], records, entities)


def _many_issue(record: str, count: int) -> dict[str, Any]:
    return {
        "issue_id": stable_id("issue", "many_entities", record),
        "severity": Severity.INFO.value, "stage": "derive", "code": "many_entities",
        "source_id": None, "page": None, "record_id": record,
        "message": f"one record names {count} entities; they were not linked with each other",
        "count": 1,
    }  # fmt: skip
