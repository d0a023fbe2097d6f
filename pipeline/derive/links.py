"""Links between entities of one record, with their evidence; canonical records only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from pipeline.derive.entities import Entities, Records, Taken, distinct, write_columns
from pipeline.derive.order import LATEST, Numbers, times
from schemas.ids import link_id

PAIR_LIMIT = 200
"""Entities of one record that are paired with each other. 200 give 19,900 links; a message that
names more is a list, and is an issue rather than millions of links."""

REASONS = {
    "received": "the account was in the conversation in which it was named",
    "same_record": "both are named in the same record",
    "wrote": "the account wrote a record that names it",
}
"""Relations in their order, in which they are also numbered."""
RECEIVED, SAME_RECORD, WROTE = range(3)

Pairs = tuple[Numbers, Numbers, Numbers]
"""Entity, entity, position."""


def write_links(
    tables: Path, positions: Numbers, of: Numbers, records: Records, entities: Entities
) -> list[tuple[int, int]]:
    """Write ``links`` and ``link_evidence``, by entities, relation and record.

    Args:
        tables: folder of the staged tables.
        positions: of mentions with a value, accounts left out.
        of: the entity of each.
        records: all records.
        entities: of :func:`pipeline.derive.entities.entities_of`.

    Returns:
        (position, number of entities) of records that name too many to be paired.
    """
    here = records.canonical[positions] < 0
    present = np.unique((positions[here].astype(np.int64) << 32) | of[here])
    at, named = (present >> 32).astype(np.int32), (present & 0xFFFFFFFF).astype(np.int32)
    starts = np.flatnonzero(np.diff(at, prepend=-1))
    sizes = np.diff(np.append(starts, len(at)))
    parts = {
        SAME_RECORD: _same_record(at, named, starts, sizes),
        WROTE: _wrote(at, named, records, entities),
        RECEIVED: _received(at, named, records, entities),
    }
    _write(tables, parts, records, entities)
    many = sizes > PAIR_LIMIT
    return list(zip(at[starts[many]].tolist(), sizes[many].tolist(), strict=True))


def _same_record(at: Numbers, named: Numbers, starts: Numbers, sizes: Numbers) -> Pairs:
    """Pair the entities of each record, records of as many entities together."""
    found: list[Pairs] = []
    for size in np.unique(sizes).tolist():
        if not 2 <= size <= PAIR_LIMIT:
            continue
        begins = starts[sizes == size]
        held = named[begins[:, None] + np.arange(size)]
        one, other = np.triu_indices(size, 1)
        found.append(
            (held[:, one].ravel(), held[:, other].ravel(), np.repeat(at[begins], len(one)))
        )
    return _joined(found)


def _wrote(at: Numbers, named: Numbers, records: Records, entities: Entities) -> Pairs:
    authors = records.authors[at]
    rows = authors >= 0
    return entities.of_account[authors[rows]].astype(np.int32), named[rows], at[rows]


def _received(at: Numbers, named: Numbers, records: Records, entities: Entities) -> Pairs:
    crowds = records.crowds[at]
    rows = crowds >= 0
    crowds = crowds[rows]
    sizes = np.array([len(items) for items in records.crowd_members], np.int64)
    flat = np.array([item for items in records.crowd_members for item in items], np.int64)
    begins = np.cumsum(sizes) - sizes
    counts = sizes[crowds]
    inside = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    members = flat[np.repeat(begins[crowds], counts) + inside]
    accounts = entities.of_account[members].astype(np.int32)
    return accounts, np.repeat(named[rows], counts), np.repeat(at[rows], counts)


def _joined(parts: list[Pairs]) -> Pairs:
    none = np.zeros(0, np.int32)
    one, other, at = (np.concatenate([none, *(part[n] for part in parts)]) for n in range(3))
    return one, other, at


def _write(tables: Path, parts: dict[int, Pairs], records: Records, entities: Entities) -> None:
    count = np.int64(max(len(entities.keys), 1))
    key = np.concatenate([
        (one * count + other) * len(REASONS) + relation
        for relation, (one, other, _) in parts.items()
    ])  # fmt: skip
    at = np.concatenate([at for _, _, at in parts.values()])
    parts.clear()
    order = np.lexsort((at, key))
    key, at = key[order], at[order]
    del order
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    lengths = np.diff(np.append(starts, len(key)))
    pairs, relations = np.divmod(key[starts], len(REASONS))
    del key
    link = np.repeat(np.arange(len(starts), dtype=np.int32), lengths)
    names = entities.ids.to_pylist()
    words = [*REASONS]
    one, other = np.divmod(pairs, count)
    ids = pa.array(
        [link_id(names[a], names[b], words[relation])
         for a, b, relation in zip(one.tolist(), other.tolist(), relations.tolist(), strict=True)],
        pa.string(),
    )  # fmt: skip
    threads = distinct(link, records.threads[at], len(starts))
    moments = records.moments[at]
    first = np.minimum.reduceat(moments, starts) if len(starts) else moments
    moments[moments == LATEST] = -1 - LATEST
    last = np.maximum.reduceat(moments, starts) if len(starts) else moments
    del moments
    columns = {
        "link_id": ids,
        "entity_a": Taken(entities.ids, one),
        "entity_b": Taken(entities.ids, other),
        "relation": Taken(pa.array(words), relations),
        "record_count": lengths,
        "thread_count": threads,
        "first_at": times(first, LATEST),
        "last_at": times(last, -1 - LATEST),
        "reason": Taken(pa.array([*REASONS.values()]), relations),
    }
    write_columns(tables, "links", columns)
    evidence = {"link_id": Taken(ids, link), "record_id": Taken(records.ids, at)}
    write_columns(tables, "link_evidence", evidence)
