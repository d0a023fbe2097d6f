"""Which values occur together, as nodes and edges that fit on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.case import Case

NODES = 40
"""Nodes of a chart at most: more cannot be read (issue on the report)."""
EDGES = 80
"""Links of a chart at most: those that most records show."""
KINDS = ("account", "phone", "handle", "alias", "location", "money")
PEOPLE = tuple(kind for kind in KINDS if kind != "money")
"""Drawn where the caller names none: amounts stand beside everybody and join nothing."""


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes with their places, edges by records, and how much was left out."""

    nodes: pd.DataFrame
    """entity_id, kind, value, label, record_count; x and y in pixels, as in the report's chart."""
    edges: pd.DataFrame
    """link_id, entity_a, entity_b, relation, record_count, thread_count, first_at, last_at."""
    left_out: int
    """Links that these kinds and counts have beside those shown."""


def network(
    case: Case,
    kinds: Sequence[str] = PEOPLE,
    *,
    around: str | None = None,
    least: int = 1,
    most: int = NODES,
) -> Network:
    """Return the links of a case that most records show.

    Listed services (hotlines, police, city lines) are left out. Two values that occur together
    need not belong to people who know each other.

    Args:
        case: an open case.
        kinds: of entities.
        around: an entity's id, value or label: only what it is linked to, and links among those.
        least: records that show a link.
        most: nodes.

    Raises:
        ConfigError: nothing of that value, or an unknown kind.
    """
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise ConfigError(f"network: {unknown[0]!r} cannot be drawn; kinds are {', '.join(KINDS)}")
    entities = case.table("entities")
    entities = entities[entities["kind"].isin(kinds) & entities["service_category"].isna()]
    links = case.table("links")
    ids = set(entities["entity_id"])
    links = links[
        links["entity_a"].isin(ids) & links["entity_b"].isin(ids) & (links["record_count"] >= least)
    ]
    middle = set() if around is None else _found(entities, around)
    if middle:
        links = _near(middle, links)
    links = links.sort_values(
        ["record_count", "thread_count", "link_id"], ascending=[False, False, True]
    )
    chosen = _first_nodes(links, most, middle)
    shown = links[links["entity_a"].isin(chosen) & links["entity_b"].isin(chosen)].head(EDGES)
    nodes = entities[entities["entity_id"].isin(chosen)][
        ["entity_id", "kind", "value", "label", "record_count"]
    ].sort_values(["record_count", "entity_id"], ascending=[False, True], ignore_index=True)
    return Network(_placed(nodes, shown), shown.reset_index(drop=True), len(links) - len(shown))


def _found(entities: pd.DataFrame, around: str) -> set[str]:
    hit = (entities[["entity_id", "value", "label"]] == around).any(axis=1)
    ids = set(entities.loc[hit, "entity_id"])
    if not ids:
        raise ConfigError("network: the case has nothing of that id, value or label")
    return ids


def _near(ids: set[str], links: pd.DataFrame) -> pd.DataFrame:
    touching = links[links["entity_a"].isin(ids) | links["entity_b"].isin(ids)]
    near = ids | set(touching["entity_a"]) | set(touching["entity_b"])
    return links[links["entity_a"].isin(near) & links["entity_b"].isin(near)]


def _first_nodes(links: pd.DataFrame, most: int, chosen: set[str]) -> set[str]:
    """Take links in order until there are as many nodes as can be shown."""
    for pair in zip(links["entity_a"], links["entity_b"], strict=True):
        joined = chosen | set(pair)
        if len(joined) <= most:
            chosen = joined
        if len(chosen) == most:
            break
    return chosen


def _placed(nodes: pd.DataFrame, edges: pd.DataFrame) -> pd.DataFrame:
    from pipeline.report.drawing.linkchart import layout

    weights: dict[tuple[str, str], int] = {}
    for a, b, count in zip(
        edges["entity_a"], edges["entity_b"], edges["record_count"], strict=True
    ):
        pair = (min(a, b), max(a, b))
        weights[pair] = weights.get(pair, 0) + int(count)
    places = layout(list(nodes["entity_id"]), weights)
    return nodes.assign(
        x=[places[node][0] for node in nodes["entity_id"]],
        y=[places[node][1] for node in nodes["entity_id"]],
    )
