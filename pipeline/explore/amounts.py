"""Amounts of money by week and currency; what is ambiguous stays apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.explore.times import cited

if TYPE_CHECKING:
    import pandas as pd


def by_week(money: pd.DataFrame) -> pd.DataFrame:
    """Sum amounts by week, currency, and how sure their reading is.

    An amount that is spoken of need not have been paid, and one payment may be spoken of often:
    these are sums of what is written, for a picture.

    Args:
        money: of :func:`pipeline.explore.frames.found`.

    Returns:
        ``begin`` (Monday, local), ``currency``, ``reading`` (``stated``: one amount with its
        currency; ``ambiguous``: a range, or no currency), ``amount`` (of a range its low end),
        ``count`` and ``citations``.
    """
    import pandas as pd

    dated = money[money["at"].notna() & money["amount_low"].notna()].copy()
    dated["begin"] = pd.DatetimeIndex(dated["at"]).tz_localize(None).to_period("W").start_time
    sure = dated["currency"].notna() & (dated["amount_low"] == dated["amount_high"])
    dated["reading"] = ["stated" if known else "ambiguous" for known in sure.fillna(value=False)]
    dated["currency"] = dated["currency"].fillna("not stated")
    grouped = dated.groupby(["begin", "currency", "reading"], sort=True)
    return grouped.agg(
        amount=("amount_low", "sum"), count=("mention_id", "size"), citations=("citation", cited)
    ).reset_index()


def repeated(money: pd.DataFrame) -> pd.DataFrame:
    """Return the amounts that are written most often.

    Returns:
        ``value``, ``purpose``, ``direction``, ``count``, ``records``, ``authors``, ``first``,
        ``last`` (local times), ``citations``.
    """
    grouped = money.groupby(["value", "purpose", "direction"], sort=True, dropna=False)
    table = grouped.agg(
        count=("mention_id", "size"), records=("record_id", "nunique"),
        authors=("author_name", "nunique"), first=("at", "min"), last=("at", "max"),
        citations=("citation", cited),
    ).reset_index()  # fmt: skip
    return table.sort_values(["count", "value"], ascending=[False, True], ignore_index=True)
