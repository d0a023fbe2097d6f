"""Places by city, on a base map that needs no network; and who named which, in turn."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from pipeline.explore.times import cited

if TYPE_CHECKING:
    import pandas as pd

STATES, COUNTRIES = "states-10m.json", "countries-110m.json"


def by_city(locations: pd.DataFrame) -> pd.DataFrame:
    """Count mentions of places by city.

    Addresses and venues count for their city; coordinates are rounded to a tenth of a degree (some
    ten kilometres): the map shows no more than a city.

    Args:
        locations: of :func:`pipeline.explore.frames.found`.

    Returns:
        ``place``, ``latitude``, ``longitude``, ``count``, ``records``, ``first``, ``last`` (local
        times), ``citations`` and ``is_point`` (stated by its coordinates); places without
        coordinates have nulls there.
    """
    import pandas as pd

    frame = locations.assign(
        latitude=pd.to_numeric(locations["latitude"]).round(1),
        longitude=pd.to_numeric(locations["longitude"]).round(1),
    )
    city = frame["city"].astype("string")
    state = frame["state"].astype("string")
    named = city.str.cat(state, sep=", ").fillna(city).fillna(frame["place_name"].astype("string"))
    point = (
        frame["latitude"].astype("string").str.cat(frame["longitude"].astype("string"), sep=", ")
    )
    frame["is_point"] = frame["place_kind"] == "coordinate"
    frame["place"] = named.where(~frame["is_point"], point)
    grouped = frame.groupby("place", sort=True)
    table = grouped.agg(
        latitude=("latitude", "first"), longitude=("longitude", "first"),
        count=("mention_id", "size"), records=("record_id", "nunique"), first=("at", "min"),
        last=("at", "max"), citations=("citation", cited), is_point=("is_point", "all"),
    ).reset_index()  # fmt: skip
    return table.sort_values(["count", "place"], ascending=[False, True], ignore_index=True)


def movements(locations: pd.DataFrame) -> pd.DataFrame:
    """Return the places that each author named, in order of time, each run of one place once.

    A place that somebody names is not a place where somebody was.

    Returns:
        ``author_name``, ``place``, ``first``, ``last`` (local times), ``count``, ``citations``.
    """
    import pandas as pd

    frame = locations[locations["city"].notna() & locations["at"].notna()].copy()
    frame["place"] = frame["city"].str.cat(frame["state"].fillna(""), sep=", ").str.rstrip(", ")
    frame["author_name"] = frame["author_name"].fillna("(not stated)")
    frame = frame.sort_values(["author_name", "at", "mention_id"])
    pairs = pd.MultiIndex.from_frame(frame[["author_name", "place"]]).to_flat_index().to_series()
    grouped = frame.assign(run=(pairs != pairs.shift()).cumsum().to_numpy()).groupby(
        ["run", "author_name", "place"], sort=True, dropna=False
    )
    runs = grouped.agg(
        first=("at", "min"), last=("at", "max"), count=("mention_id", "size"),
        citations=("citation", cited),
    )  # fmt: skip
    return runs.reset_index().drop(columns="run")


@cache
def outlines(name: str) -> dict[str, Any]:
    """Return a base map as TopoJSON (see data/SOURCES.md)."""
    text = (resources.files("pipeline.explore") / "data" / name).read_text("utf-8")
    return dict(json.loads(text))
