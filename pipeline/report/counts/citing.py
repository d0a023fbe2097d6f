"""How rows cite the records that they were counted from: the first few of them, by rank."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.report.rows import Citations, Cited
from pipeline.report.store import Store
from pipeline.search.tables import among

CITED = 3
"""Records cited of a row, the first ones; ``triage show`` of its id lists more."""


def cite(alias: str = "") -> str:
    """Return the SQL value that :func:`citations` reads, of a table that has the three columns.

    It holds no brace, so that a statement with it can be a template.
    """
    dot = f"{alias}." if alias else ""
    return f"struct_pack(c := {dot}citation, s := {dot}source_label, r := {dot}record_id)"


def citations(found: Iterable[dict[str, str]] | None) -> Citations:
    """Return the citations of a list of :func:`cite`, each once: mentions may share a record."""
    return tuple(dict.fromkeys(Cited(item["c"], item["s"], item["r"]) for item in found or ()))


def cited_at(store: Store, ranks: Iterable[int]) -> dict[int, Cited]:
    """Return the citations of records by their rank."""
    wanted = sorted(set(ranks))
    if not wanted:
        return {}
    return {
        rank: Cited(*row)
        for rank, *row in store.rows(
            "SELECT rank, citation, source_label, record_id FROM canon "
            f"WHERE rank IN ({', '.join(map(str, wanted))}) ORDER BY rank"
        )
    }


def first_records(store: Store, column: str, keys: list[str]) -> dict[str, Citations]:
    """Return the first records of each key of a column of ``canon``."""
    if not keys:
        return {}
    return store.cited(
        f"WITH firsts AS (SELECT {column} AS key, unnest(min(rank, {CITED})) AS rank "
        f"FROM canon WHERE {among(column, keys)} GROUP BY {column}) "
        "SELECT key, c.citation, c.source_label, c.record_id FROM firsts "
        "JOIN canon c USING (rank) ORDER BY key, c.rank"
    )
