"""Entities by value, and memberships; counts are of canonical records only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.derive.order import Numbers, codes, halves, sorted_runs, spans_of, values_of
from pipeline.derive.tables import TableWriter
from schemas.ids import entity_id
from schemas.kinds import Basis, MembershipBasis, MentionKind
from schemas.tables import SCHEMAS

LEAD_KINDS = frozenset(
    {
        MentionKind.PHONE,
        MentionKind.HANDLE,
        MentionKind.EMAIL,
        MentionKind.PLATE,
        MentionKind.ACCOUNT,
    }
)
"""Identifiers for which a provider or an office can be asked; names, places and amounts are context
(DOMAIN 2.4 and 6: ranking is over identifiers)."""

LABELLED_BY_VALUE = frozenset({MentionKind.PHONE, MentionKind.IP, MentionKind.MONEY})
SLICE = 1 << 17
"""Rows that are put into words at a time."""


@dataclass(frozen=True, slots=True)
class Records:
    """What entities and links ask of all records, by position."""

    ids: pa.Array
    canonical: Numbers
    """Below 0 for a record that repeats no other."""
    threads: Numbers
    """A number for each conversation, -1 for none."""
    moments: Numbers
    """Microseconds since 1970 (UTC), :data:`pipeline.derive.order.LATEST` for none."""
    authors: Numbers
    """Place in ``accounts``, -1 for none."""
    crowds: Numbers
    """Place in ``crowd_members``, -1 for none."""
    crowd_members: list[list[int]]
    """Places in ``accounts`` of those who receive together."""
    accounts: list[str]
    """Values of account entities: ``provider:number``."""


@dataclass(frozen=True, slots=True)
class Entities:
    """Entities, numbered in the order of their ids, so that numbers sort as ids do."""

    keys: list[tuple[str, str]]
    """Kind and value."""
    ids: pa.Array
    of_mention: Numbers
    """Of each mention that has a value."""
    of_account: Numbers
    """By place in :attr:`Records.accounts`; -1: no canonical record names it."""


def entities_of(mentions: pa.Table, records: Records, receiving: Numbers) -> Entities:
    """Number the entities of a case.

    Args:
        mentions: those with a value: columns kind, value, as dictionaries.
        records: all records.
        receiving: positions whose recipients are entities: those of records with mentions.
    """
    kinds, values = codes(mentions["kind"]), codes(mentions["value"])
    kind_names, value_names = values_of(mentions["kind"]), values_of(mentions["value"])
    pairs, inverse = np.unique(kinds * np.int64(len(value_names)) + values, return_inverse=True)
    keys = [(kind_names[p // len(value_names)], value_names[p % len(value_names)])
            for p in pairs.tolist()]  # fmt: skip
    place = {key: number for number, key in enumerate(keys)}
    account = np.full(len(records.accounts), -1, np.int64)
    crowds = np.unique(records.crowds[receiving])
    received = {item for crowd in crowds.tolist() if crowd >= 0
                for item in records.crowd_members[crowd]}  # fmt: skip
    wrote = np.unique(records.authors[(records.canonical < 0) & (records.authors >= 0)])
    for item in sorted(received.union(wrote.tolist())):
        key = (MentionKind.ACCOUNT.value, records.accounts[item])
        account[item] = place.setdefault(key, len(place))
    keys = list(place)
    ids = [entity_id(*key) for key in keys]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    number = np.empty(len(ids), np.int32)
    number[order] = np.arange(len(ids), dtype=np.int32)
    return Entities(
        [keys[at] for at in order],
        pa.array([ids[at] for at in order], pa.string()),
        number[inverse],
        np.where(account < 0, -1, number[account] if len(ids) else account),
    )


def write_entities(
    tables: Path,
    mentions: pa.Table,
    records: Records,
    entities: Entities,
    labels: dict[str, tuple[str | None, str | None]],
) -> None:
    """Write the table ``entities``, by kind and value.

    Args:
        tables: folder of the staged tables.
        mentions: those with a value: columns pos, kind, value, surface, basis, service_category,
            review, watch, as dictionaries but for pos.
        records: all records.
        entities: of :func:`entities_of`.
        labels: display name and mark of the watch list by value of account entities.
    """
    count = len(entities.keys)
    of, positions = entities.of_mention, mentions["pos"].to_numpy()
    here = records.canonical[positions] < 0
    stated = np.asarray(pc.equal(mentions["basis"].cast(pa.string()), Basis.STATED.value))
    wrote = np.flatnonzero((records.canonical < 0) & (records.authors >= 0))
    shown = np.concatenate([of[here], entities.of_account[records.authors[wrote]]])
    at = np.concatenate([positions[here], wrote])
    firsts, lasts = spans_of(shown, records.moments[at], count)
    categories = _least(of, mentions["service_category"], count)
    reviews = _least(of, mentions["review"], count)
    marks = _least(of, mentions["watch"], count)
    surfaces = _commonest(of, mentions["surface"], count)
    shown_labels, leads = [], []
    for number, (kind, value) in enumerate(entities.keys):
        label, mark = labels.get(value, (None, None)) if kind == MentionKind.ACCOUNT else ("", None)
        if kind != MentionKind.ACCOUNT:
            label = None if kind in LABELLED_BY_VALUE else surfaces[number]
        shown_labels.append(label or value)
        marks[number] = marks[number] or mark
        leads.append(kind in LEAD_KINDS and categories[number] is None and reviews[number] is None)
    columns = {
        "entity_id": entities.ids,
        "kind": [kind for kind, _ in entities.keys],
        "value": [value for _, value in entities.keys],
        "label": shown_labels,
        "mention_count": np.bincount(of[here], minlength=count),
        "record_count": distinct(shown, at, count),
        "thread_count": distinct(shown, records.threads[at], count),
        "stated_count": np.bincount(of[here & stated], minlength=count),
        "first_at": firsts,
        "last_at": lasts,
        "service_category": categories,
        "review": reviews,
        "is_lead": leads,
        "watch": marks,
    }
    order = sorted(range(count), key=entities.keys.__getitem__)
    write_columns(tables, "entities", columns, pa.array(order, pa.int64()))


def write_memberships(tables: Path, mentions: pa.Table, entities: Entities) -> None:
    """Write the table ``memberships``, by record and mention.

    Args:
        tables: folder of the staged tables.
        mentions: those with a value: columns mention_id, pos, kind.
        entities: of :func:`entities_of`.
    """
    ids = halves(mentions["mention_id"].cast(pa.binary(20)).combine_chunks(), 4)
    order, _ = sorted_runs(mentions["pos"].to_numpy(), *ids, depth=0)
    kinds = values_of(mentions["kind"])
    columns = {
        "mention_id": mentions["mention_id"].combine_chunks(),
        "entity_id": Taken(entities.ids, entities.of_mention),
        "basis": Taken(pa.array([MembershipBasis.EXACT.value]), np.zeros(len(order), np.int8)),
        "reason": Taken(pa.array([f"same {kind} value" for kind in kinds], pa.string()),
                        codes(mentions["kind"])),
    }  # fmt: skip
    write_columns(tables, "memberships", columns, pa.array(order))


@dataclass(frozen=True, slots=True)
class Taken:
    """A column of few values, each row naming its own: written out slice by slice."""

    values: pa.Array
    places: Numbers


def write_columns(
    tables: Path, name: str, columns: dict[str, Any], order: pa.Array | None = None
) -> None:
    """Write a table from columns: lists, arrays, or :class:`Taken`.

    Args:
        tables: folder of the staged tables.
        name: of the table.
        columns: by name.
        order: the rows in their order; None: as they stand.
    """
    schema = SCHEMAS[name]
    made = {
        key: column if isinstance(column, (Taken, pa.Array)) else pa.array(column)
        for key, column in columns.items()
    }
    first = made[schema.names[0]]
    count = len(first.places) if isinstance(first, Taken) else len(first)
    with TableWriter(tables, name) as writer:
        for begin in range(0, count, SLICE):
            rows = (
                order.slice(begin, SLICE) if order is not None
                else pa.array(np.arange(begin, min(begin + SLICE, count)))
            )  # fmt: skip
            arrays = [_taken(made[item.name], rows).cast(item.type) for item in schema]
            writer.write(pa.RecordBatch.from_arrays(arrays, schema=schema))


def _taken(column: pa.Array | Taken, rows: pa.Array) -> pa.Array:
    if isinstance(column, Taken):
        return column.values.take(pa.array(column.places[rows.to_numpy()]))
    return column.take(rows)


def distinct(of: Numbers, what: Numbers, count: int) -> Numbers:
    """Count the different numbers, those below 0 left out, that go with each of 0 to ``count``."""
    told = what >= 0
    pairs = of[told].astype(np.int64)
    pairs <<= 32  # in place, here and below: there are seven million pairs in 400,000 pages
    pairs |= what[told]
    pairs.sort()
    new = np.ones(len(pairs), bool)
    new[1:] = pairs[1:] != pairs[:-1]
    pairs >>= 32
    return np.bincount(pairs[new], minlength=count)


def _ranked(column: pa.ChunkedArray) -> tuple[list[str], Numbers, Numbers]:
    """Return the values in order, the rows that have one, and the place of each one's value."""
    names = values_of(column)
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), np.int64)
    rank[order] = np.arange(len(names))
    found = codes(column)
    rows = np.flatnonzero(found >= 0)
    return [names[at] for at in order], rows, rank[found[rows]]


def _least(of: Numbers, column: pa.ChunkedArray, count: int) -> list[str | None]:
    """Return the first value in order of those that go with each number."""
    names, rows, ranks = _ranked(column)
    least = np.full(count, len(names), np.int64)
    np.minimum.at(least, of[rows], ranks)
    return [None if at == len(names) else names[at] for at in least.tolist()]


def _commonest(of: Numbers, column: pa.ChunkedArray, count: int) -> list[str | None]:
    """Return the most frequent value that goes with each number; of several, the first in order."""
    names, rows, ranks = _ranked(column)
    pairs, often = np.unique(of[rows] * np.int64(max(len(names), 1)) + ranks, return_counts=True)
    numbers, places = np.divmod(pairs, max(len(names), 1))
    order, starts = sorted_runs(numbers, -often, depth=1)
    best = order[np.unique(starts)]
    found: list[str | None] = [None] * count
    for number, at in zip(numbers[best].tolist(), places[best].tolist(), strict=True):
        found[number] = names[at]
    return found
