"""A sample to be looked at by people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.case import Case


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
