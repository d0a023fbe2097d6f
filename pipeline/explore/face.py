"""The public face of a case in notebooks: tables, search, SQL, and pictures that cite.

:class:`pipeline.case.Case` has these methods; nothing here loads pandas or the plotting library
before one is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.case import Case
    from pipeline.explore.pictures import Picture

ZONE = "America/Chicago"
"""Zone of local times where the caller names none."""
BESIDE = 110
"""Pixels of a frame for title and axes, beside the height of the drawing."""
STEPS = 420
"""Height of a drawing that has one for each row: of twenty rows and some."""


@dataclass(frozen=True, slots=True)
class View:
    """A table, which is the evidence, and a picture of it, which is an illustration."""

    table: pd.DataFrame
    picture: Picture

    def svg(self) -> str:
        """Return the picture for print."""
        from pipeline.explore.pictures import drawn

        return drawn(self.picture)

    def page(self) -> str:
        """Return the picture as a page of its own, which zooms and needs no network."""
        from pipeline.explore.pictures import page

        return page(self.picture)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Show the picture in a notebook: one that zooms where pages are shown, else a drawing."""
        drawn = self.picture.to_dict().get("height")
        height = BESIDE + (drawn if isinstance(drawn, int) else STEPS)
        frame = (
            f'<iframe srcdoc="{escape(self.page())}" width="960" height="{height}" '
            'sandbox="allow-scripts" style="border:0"></iframe>'
        )
        return {"text/html": frame, "image/svg+xml": self.svg()}


class Face:
    """What an analyst asks of a case; see docs/tables.md for what the columns mean."""

    __slots__ = ()

    def _case(self) -> Case:
        return cast("Case", self)

    def tables(self) -> list[str]:
        """Return the names of the published tables."""
        folder: Path = self._case().path / "tables"
        return sorted(path.name for path in folder.iterdir() if path.is_dir())

    def records(self, zone: str = ZONE, *, text: bool = False) -> pd.DataFrame:
        """Return canonical records in scope, with local times (pipeline.explore.frames)."""
        from pipeline.explore import frames

        return frames.records(self._case(), zone, text=text)

    def found(self, table: str, zone: str = ZONE) -> pd.DataFrame:
        """Return a table of mentions (``phones``, ``aliases``, ``locations``, ``money``)."""
        from pipeline.explore import frames

        return frames.found(self._case(), table, zone)

    def search(self, query: str, **options: Any) -> pd.DataFrame:
        """Search as ``triage search`` does; a row for each hit, with its citation.

        Args:
            query: words, ``phone:651-555-0117``, ``money:100..300`` …
            options: those of :func:`pipeline.search.query.search` (kind, since, until, author,
                thread, limit).
        """
        import pandas as pd

        from pipeline.search.query import search

        result = search(self._case().path, query, **options)
        names = ["citation", "sent_at", "author_name", "thread_id", "text", "record_id"]
        return pd.DataFrame(
            [{name: getattr(hit, name, None) for name in names} for hit in result.hits],
            columns=names,
        )

    def show(self, what: str) -> str:
        """Return what ``triage show`` prints: a record in its context, checked at its source."""
        from pipeline.search.render import render_show
        from pipeline.search.show import show

        return render_show(show(self._case().path, what))

    def sql(self, query: str) -> pd.DataFrame:
        """Run one SELECT over the tables (pipeline.sql)."""
        import pandas as pd

        from pipeline.sql import asked

        with asked(self._case(), query) as answer:
            return pd.DataFrame(list(answer.rows), columns=answer.columns)

    def timeline(self, by: str = "kind", unit: str = "W", zone: str = ZONE) -> View:
        """Count records by time and a column (``kind``, ``author_name``, ``thread_name``)."""
        from pipeline.explore import pictures, times

        table = times.timeline(self.records(zone), by, unit)
        return View(table, pictures.timeline_picture(table, by))

    def hours(self, zone: str = ZONE, records: pd.DataFrame | None = None) -> View:
        """Count records by weekday and local hour; ``records``: only these."""
        from pipeline.explore import pictures, times

        table = times.hours(self.records(zone) if records is None else records)
        return View(table, pictures.hours_picture(table, zone))

    def network(
        self, kinds: Sequence[str] | None = None, *, around: str | None = None, least: int = 1
    ) -> View:
        """Show which values occur together (pipeline.explore.network), a row for each link."""
        from pipeline.explore import network, pictures

        found = network.network(self._case(), kinds or network.PEOPLE, around=around, least=least)
        names = found.nodes.set_index("entity_id")[["kind", "label"]]
        table = found.edges.join(names.add_suffix("_a"), on="entity_a").join(
            names.add_suffix("_b"), on="entity_b"
        )
        return View(table, pictures.network_picture(found))

    def map(self, zone: str = ZONE) -> View:
        """Show the places that records name, by city (pipeline.explore.places)."""
        from pipeline.explore import pictures, places

        table = places.by_city(self.found("locations", zone))
        return View(table, pictures.map_picture(table))

    def movements(self, zone: str = ZONE) -> pd.DataFrame:
        """List the cities that each author named, in order of time (pipeline.explore.places)."""
        from pipeline.explore import places

        return places.movements(self.found("locations", zone))

    def money(self, currency: str = "USD", zone: str = ZONE) -> View:
        """Sum the amounts that are written, by week (pipeline.explore.amounts)."""
        from pipeline.explore import amounts, pictures

        table = amounts.by_week(self.found("money", zone))
        return View(table, pictures.amounts_picture(table, currency))

    def bars(self, table: pd.DataFrame, label: str, count: str = "count", most: int = 20) -> View:
        """Draw the rows of a table with most."""
        from pipeline.explore import pictures

        return View(table, pictures.bars_picture(table, label, count, most))

    def sample(self, kind: str, size: int = 50, seed: int = 1) -> pd.DataFrame:
        """Draw mentions to be looked at by people (pipeline.explore.quality)."""
        from pipeline.explore import quality

        return quality.sample(self._case(), kind, size, seed)

    def interval(self, right: int, looked_at: int) -> tuple[float, float]:
        """Return the 95 % interval of a share that people counted (Wilson's score)."""
        from pipeline.wilson import wilson

        return wilson(right, looked_at)
