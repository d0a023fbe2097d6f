"""Records by time: by day or week, and by hour of the local day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
IDS = 3
"""Citations kept beside a count."""


def timeline(frame: pd.DataFrame, by: str = "kind", unit: str = "W") -> pd.DataFrame:
    """Count rows by time and one of their columns.

    Args:
        frame: with ``at``, ``citation`` and the column ``by``.
        by: a column.
        unit: ``D`` days, ``W`` weeks (named by their Monday), ``M`` months.

    Returns:
        ``begin`` (local day, no zone), ``by``, ``count``, ``citations`` (up to three). A time
        without a row means that the return holds nothing of it, not that nothing happened.
    """
    import pandas as pd

    dated = frame[frame["at"].notna()]
    begin = pd.DatetimeIndex(dated["at"]).tz_localize(None).to_period(unit).start_time
    counted = dated.assign(begin=begin).groupby(["begin", by], sort=True, dropna=False)["citation"]
    return counted.agg(count="size", citations=cited).reset_index()


def hours(frame: pd.DataFrame) -> pd.DataFrame:
    """Count rows by weekday and hour of the local day.

    Returns:
        All 168 rows: ``day`` (Mon to Sun), ``hour`` (0 to 23), ``count``.
    """
    import pandas as pd

    at = pd.DatetimeIndex(frame.loc[frame["at"].notna(), "at"])
    counts = pd.Series(1, index=pd.MultiIndex.from_arrays([at.day_of_week, at.hour])).groupby(
        level=[0, 1]
    )
    every = pd.MultiIndex.from_product([range(7), range(24)], names=["day", "hour"])
    grid = counts.sum().reindex(every, fill_value=0).rename("count").reset_index()
    return grid.assign(day=[DAYS[day] for day in grid["day"]])


def cited(citations: pd.Series[str]) -> str:
    """Write the first citations of a group, and how many more there are."""
    kept = "; ".join(citations.iloc[:IDS])
    more = len(citations) - IDS
    return f"{kept}; {more:,} more" if more > 0 else kept
