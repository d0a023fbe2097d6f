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

from extractors.base import Hit
from pipeline.config import RunConfig
from pipeline.derive.accounts import account_rows
from pipeline.derive.engine import Engine, engine
from pipeline.derive.entities import write_entities
from pipeline.derive.index import build_index
from pipeline.derive.mention_tables import mention_tables
from pipeline.derive.order import Positions, canonical_positions, thread_places, time_ranks
from pipeline.derive.tables import TableWriter, write_table
from pipeline.derive.threads import refined_hits
from pipeline.derive.watched import Marker
from pipeline.derive.work import JOINT, ShardOutput, batches_of, records_of
from pipeline.executor import Crew
from pipeline.intake import SourceFile
from pipeline.lists import Entry
from pipeline.rows import MENTION_TABLES
from schemas.ids import stable_id
from schemas.kinds import RecordKind, Severity
from schemas.tables import SCHEMAS

CROWDS = pa.schema([("crowd", pa.int32()), ("account", pa.string())])
MENTION_COLUMNS = [
    "mention_id", "record_id", "kind", "value", "surface", "basis", "service_category", "review",
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
    with engine(staged / "spill") as connection:
        step("duplicates")
        narrow = records_of(
            shards,
            ["record_id", "dup_key", "name_key", "by_name", "sent_at", "thread_id",
             "author_account_id", "author_name", "recipient_account_ids"],
        )  # fmt: skip
        keys = ["dup_key", "name_key", "by_name"]
        canonical = canonical_positions(connection, narrow.select(["pos", "source", *keys]))
        narrow = narrow.drop_columns(keys).append_column("canonical", pa.array(canonical))
        ranks = time_ranks(connection, narrow.select(["pos", "sent_at", "record_id"]))
        derived.duplicates = int((canonical >= 0).sum())
        step("threads")
        places = thread_places(
            connection, narrow.select(["pos", "thread_id", "sent_at", "canonical"])
        )
        folders = [shard.folder for shard in shards]
        index = crew.later(build_index, (staged / "index", folders, canonical >= 0, ranks))
        changed = refined_hits(shards, canonical, places, config.region, config.timezone, crew)
        step("tables")
        mentions = _publish_shards(
            shards, narrow["record_id"], canonical, changed, media, sources, staged, derived, marker
        )
        step("links")
        connection.register("narrow", narrow)
        stated = account_rows(connection, shards, config.region)
        accounts = [marker.mark_account(row) for row in stated]
        derived.rows["accounts"] = write_table(tables, "accounts", accounts)
        connection.unregister("narrow")
        labels = _register(connection, narrow, mentions, accounts)
        many = write_entities(connection, tables, labels)
        for position, count in many:
            derived.issues.append(_many_issue(narrow["record_id"][position].as_py(), count))
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
    ids: pa.ChunkedArray,
    canonical: Positions,
    changed: dict[str, tuple[Hit, ...]],
    media: dict[tuple[str, str], SourceFile],
    sources: list[SourceFile],
    staged: Path,
    derived: Derived,
    marker: Marker,
) -> pa.Table:
    """Stream every shard into the tables; return the narrow table of mentions."""
    narrow: list[pa.Table] = []
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
            here = {name: changed[name] for name in position if name in changed}
            made = mention_tables(shard, work, position, here)
            made = marker.mark(made, work, position, canonical, base)
            for name, table in made.items():
                writers[name].write(_one(table))
            narrow.append(_narrow(made["mentions"], position, base))
    derived.rows |= {name: writer.rows for name, writer in writers.items()}
    mentions = pa.concat_tables(narrow).unify_dictionaries()
    counted = mentions.filter(pa.array(canonical[mentions["pos"].to_numpy()] < 0))
    derived.kinds.update(counted["kind"].to_pylist())
    return mentions


def _records(
    work: pa.Table,
    base: int,
    shard: ShardOutput,
    canonical: Positions,
    ids: pa.ChunkedArray,
    derived: Derived,
) -> pa.RecordBatch:
    count = work.num_rows
    first = derived.records_by_source[shard.source]
    derived.records_by_source[shard.source] += count
    repeats = canonical[base : base + count]
    taken = ids.take(pa.array(np.where(repeats < 0, 0, repeats)))
    duplicate_of = pc.if_else(pa.array(repeats < 0), pa.scalar(None, pa.string()), taken)
    extra = {
        "ordinal": pa.array(range(first, first + count), pa.int64()),
        "duplicate_of": duplicate_of,
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


def _narrow(table: pa.Table, position: dict[str, int], base: int) -> pa.Table:
    places = [base + position[record] for record in table["record_id"].to_pylist()]
    chosen = table.select(MENTION_COLUMNS).drop_columns(["record_id"])
    for place, name in enumerate(chosen.column_names):
        if name != "mention_id":
            chosen = chosen.set_column(place, name, chosen.column(name).dictionary_encode())
    return chosen.append_column("pos", pa.array(places, pa.int64()))


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


def _register(
    connection: Engine,
    narrow: pa.Table,
    mentions: pa.Table,
    accounts: list[dict[str, Any]],
) -> dict[str, tuple[str | None, str | None]]:
    """Register what :func:`write_entities` needs; return label and mark of accounts by value."""
    value_of = {
        row["account_id"]: f"{row['provider']}:{row['provider_account_id']}" for row in accounts
    }
    labels = {
        value_of[row["account_id"]]: (row["display_name"], row["watch"])
        for row in accounts
        if row["display_name"] or row["watch"]
    }
    slim = narrow.select(["pos", "record_id", "canonical", "thread_id", "sent_at"])
    authors = narrow["author_account_id"].combine_chunks()
    values = pa.array([value_of.get(item) for item in authors.dictionary.to_pylist()], pa.string())
    author = values.take(authors.indices).dictionary_encode()
    connection.register("narrow", slim.append_column("author", author))
    connection.register("mentions", mentions)
    crowds = narrow["recipient_account_ids"].combine_chunks()
    connection.register(
        "receiving",
        pa.table({"pos": narrow["pos"], "crowd": crowds.indices}).filter(
            pc.is_in(narrow["pos"], pc.unique(mentions["pos"]))
        ),
    )
    pairs = [
        (number, value)
        for number, crowd in enumerate(crowds.dictionary.to_pylist())
        for item in crowd.split(JOINT)
        if (value := value_of.get(item)) is not None
    ]
    connection.register(
        "crowds",
        pa.table(
            {"crowd": [n for n, _ in pairs], "account": [value for _, value in pairs]}, CROWDS
        ),
    )
    connection.execute(
        "CREATE VIEW received AS SELECT pos, account FROM receiving JOIN crowds USING (crowd)"
    )
    return labels


def _many_issue(record: str, count: int) -> dict[str, Any]:
    return {
        "issue_id": stable_id("issue", "many_entities", record),
        "severity": Severity.INFO.value, "stage": "derive", "code": "many_entities",
        "source_id": None, "page": None, "record_id": record,
        "message": f"one record names {count} entities; they were not linked with each other",
        "count": 1,
    }  # fmt: skip
