"""All extractors over the texts of a shard: each distinct text once."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.base import Hit
from extractors.registry import EXTRACTORS, REFINER, find_all


class Finder:
    """Finds hits in texts; remembers them until the next :meth:`prepare`."""

    def __init__(self, region: str, model: str | None) -> None:
        """Take the country of numbers without one, and the path of a names model (None = none)."""
        self._region = region
        self._model = model
        self._known: dict[str, tuple[Hit, ...]] = {}

    def for_region(self, region: str) -> Finder:
        """Return a finder with the same model for another country."""
        return Finder(region, self._model)

    def prepare(self, texts: Sequence[str]) -> None:
        """Forget earlier texts and look at these, each distinct one once."""
        self._known = {text: find_all(text, self._region) for text in dict.fromkeys(texts)}

    def find(self, text: str) -> tuple[Hit, ...]:
        """Return the hits of a text, sorted."""
        hits = self._known.get(text)
        if hits is None:
            hits = self._known[text] = find_all(text, self._region)
        return hits

    def wants(self, text: str, hits: Sequence[Hit]) -> bool:
        """Whether refinement over the thread needs this message."""
        return REFINER.wants(text, hits)


_OWNERS = {kind: (item.name, item.version) for item in reversed(EXTRACTORS) for kind in item.kinds}


def extractor_of(hit: Hit) -> tuple[str, int]:
    """Name and version of the extractor that a hit comes from."""
    return _OWNERS.get(hit.kind, ("stated", 1))
