"""The links that most records show, as many as can be drawn: the counts beneath the link chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.explore.network import EDGES, NODES, PEOPLE
from pipeline.report.counts.citing import cited_at
from pipeline.report.rows import Citations
from pipeline.report.store import Store, moment
from pipeline.search.tables import strings

NODE_KINDS = PEOPLE


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the link chart."""

    entity_id: str
    kind: str
    label: str
    records: int


@dataclass(frozen=True, slots=True)
class Edge:
    """Two values that occur together."""

    link_id: str
    a: str
    b: str
    relation: str
    records: int
    threads: int
    first: datetime | None
    last: datetime | None
    cited: Citations


def linked(store: Store) -> tuple[tuple[Node, ...], tuple[Edge, ...], int]:
    """Take links by records, in order, until there are as many values as can be shown.

    Listed services are left out, as pipeline.explore.network does.

    Returns:
        Values, links, and how many links beside these the kinds have.
    """
    able = (
        "SELECT entity_id FROM entities WHERE service_category IS NULL "
        f"AND list_contains({strings(NODE_KINDS)}, kind)"
    )
    rows = store.rows(
        "SELECT link_id, entity_a, entity_b, relation, record_count, thread_count, "
        "epoch_us(first_at), epoch_us(last_at) FROM links "
        f"WHERE entity_a IN ({able}) AND entity_b IN ({able}) "
        f"ORDER BY record_count DESC, thread_count DESC, link_id LIMIT {50 * EDGES}"
    )
    total = store.one(
        f"SELECT count(*) FROM links WHERE entity_a IN ({able}) AND entity_b IN ({able})"
    )[0]
    chosen: set[str] = set()
    for _, a, b, *_ in rows:
        if len(chosen | {a, b}) <= NODES:
            chosen |= {a, b}
        if len(chosen) == NODES:
            break
    shown = [row for row in rows if row[1] in chosen and row[2] in chosen][:EDGES]
    used = {key for row in shown for key in row[1:3]}
    ranks = store.grouped(
        "SELECT e.link_id, unnest(min(c.rank, 3)) AS rank FROM link_evidence e "
        "JOIN canon c USING (record_id) "
        f"WHERE list_contains({strings([row[0] for row in shown])}, e.link_id) "
        "GROUP BY e.link_id ORDER BY 1, 2"
    )
    cited = cited_at(store, [rank for group in ranks.values() for (rank,) in group])
    nodes = tuple(
        Node(*row)
        for row in store.rows(
            "SELECT entity_id, kind, label, record_count FROM entities "
            f"WHERE list_contains({strings(sorted(used))}, entity_id) "
            "ORDER BY record_count DESC, entity_id"
        )
    )
    edges = tuple(
        Edge(
            link_id=key, a=a, b=b, relation=relation, records=records, threads=threads,
            first=moment(first), last=moment(last),
            cited=tuple(cited[rank] for (rank,) in ranks.get(key, [])),
        )
        for key, a, b, relation, records, threads, first, last in shown
    )  # fmt: skip
    return nodes, edges, total - len(edges)
