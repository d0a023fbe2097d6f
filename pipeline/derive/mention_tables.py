"""The mention tables of a shard, rows of some records made anew or added in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from extractors.base import Hit
from extractors.finder import extractor_of
from pipeline.derive.work import ShardOutput
from pipeline.rows import MENTION_TABLES, mention_rows
from schemas.kinds import Basis

Tables = dict[str, pa.Table]
"""The mention tables by name, columns as a shard leaves them."""


def mention_tables(
    shard: ShardOutput,
    work: pa.Table,
    position: Mapping[str, int],
    changed: Mapping[str, Iterable[Hit]],
) -> Tables:
    """Return a shard's mention tables, rows of changed records made anew in their place.

    Args:
        shard: the shard.
        work: its records.
        position: their places in it, by record id.
        changed: new hits by record.
    """
    tables = {name: shard.table(name) for name in MENTION_TABLES}
    if not changed:
        return tables
    dropped = pa.array(sorted(changed))
    kept = {
        name: table.filter(pc.invert(pc.is_in(table["record_id"], dropped)))
        for name, table in tables.items()
    }
    made = ((record, hit, extractor_of(hit)) for record, hits in changed.items() for hit in hits)
    return with_hits(kept, work, position, made)


def with_hits(
    tables: Tables,
    work: pa.Table,
    position: Mapping[str, int],
    hits: Iterable[tuple[str, Hit, tuple[str, int]]],
) -> Tables:
    """Return mention tables with hits added: record, hit, and name and version of who found it.

    The order is by record, start, end, kind and id, in all of them.
    """
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in MENTION_TABLES}
    known: dict[str, dict[str, Any]] = {}
    for record, hit, finder in hits:
        if record not in known:
            known[record] = work.slice(position[record], 1).to_pylist()[0]
        for name, made in mention_rows(hit, Basis.FOUND, known[record], finder):
            rows[name].append(made)
    order: dict[str, int] = {}
    joined: Tables = {}
    for name in MENTION_TABLES:
        old = tables[name]
        whole = pa.concat_tables([old, pa.Table.from_pylist(rows[name], schema=old.schema)])
        if name == "mentions":
            keys = sorted(
                zip(
                    [position[record] for record in whole["record_id"].to_pylist()],
                    whole["start"].to_pylist(), whole["end"].to_pylist(),
                    whole["kind"].to_pylist(), whole["mention_id"].to_pylist(),
                    strict=True,
                )
            )  # fmt: skip
            order = {key[-1]: n for n, key in enumerate(keys)}
        places = [order[mention] for mention in whole["mention_id"].to_pylist()]
        joined[name] = whole.take(pa.array(np.argsort(np.array(places, np.int64), kind="stable")))
    return joined
