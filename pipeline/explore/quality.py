"""A sample to be looked at by people, and what their count says of the whole."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.case import Case

Z = 1.959964
"""Of the normal distribution: 95 % of it lie within."""


def sample(case: Case, kind: str, size: int = 50, seed: int = 1) -> pd.DataFrame:
    """Draw mentions of one kind, the same for the same seed, to be looked at.

    Returns:
        ``mention_id``, ``surface``, ``value``, ``rule``, ``confidence``, ``text`` (of the record),
        ``citation``, and ``right``, empty, to be filled with true or false.
    """
    import pandas as pd

    columns = ["mention_id", "record_id", "kind", "basis", "surface", "value", "rule",
               "confidence", "citation"]  # fmt: skip
    mentions = case.table("mentions", columns)
    drawn = mentions[(mentions["kind"] == kind) & (mentions["basis"] == "found")]
    drawn = drawn.sort_values("mention_id").sample(n=min(size, len(drawn)), random_state=seed)
    texts = case.table("records", ["record_id", "text"])
    joined = drawn.merge(texts, on="record_id").drop(columns=["kind", "basis", "record_id"])
    return joined.assign(right=pd.array([None] * len(joined), dtype="boolean"))


def interval(right: int, looked_at: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson's score), as fractions.

    Args:
        right: how many were.
        looked_at: of how many; with none, nothing is known: 0 to 1.
    """
    if looked_at == 0:
        return 0.0, 1.0
    share = right / looked_at
    middle = share + Z * Z / (2 * looked_at)
    half = Z * sqrt(share * (1 - share) / looked_at + Z * Z / (4 * looked_at * looked_at))
    whole = 1 + Z * Z / looked_at
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)
