"""All extractors over the texts of a shard: each distinct text once."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.base import Hit
from extractors.merge import matters, merge
from extractors.names import Names
from extractors.registry import EXTRACTORS, REFINER, find_all


class Finder:
    """Finds hits in texts; remembers them until the next :meth:`prepare`."""

    def __init__(self, region: str, model: str | None, names: Names | None = None) -> None:
        """Choose country and model.

        Args:
            region: country of numbers without one.
            model: a spaCy pipeline's path or name; "" = the shipped one; None = rules alone.
            names: that model, if it is already there.
        """
        self._region = region
        self._model = model
        self._names = names or (Names(model or None) if model is not None else None)
        self._known: dict[str, tuple[Hit, ...]] = {}

    def for_region(self, region: str) -> Finder:
        """Return a finder with the same model for another country."""
        return Finder(region, self._model, self._names)

    def prepare(self, texts: Sequence[str]) -> None:
        """Forget earlier texts and look at these, each distinct one once."""
        self._known = {}
        self._look(list(dict.fromkeys(texts)))

    def find(self, text: str) -> tuple[Hit, ...]:
        """Return the hits of a text, sorted."""
        if text not in self._known:
            self._look([text])
        return self._known[text]

    def wants(self, text: str, hits: Sequence[Hit]) -> bool:
        """Whether refinement over the thread needs this message."""
        return REFINER.wants(text, hits)

    def _look(self, texts: list[str]) -> None:
        for text in texts:
            self._known[text] = find_all(text, self._region)
        if self._names is None:
            return
        if self._names.is_own:  # of other pipelines it is not known where their words end
            texts = [text for text in texts if matters(text, self._known[text])]
        for text, hits in zip(texts, self._names.find_batch(texts, self._region), strict=True):
            self._known[text] = merge(text, self._known[text], hits, self._region)


_OWNERS = {kind: (item.name, item.version) for item in reversed(EXTRACTORS) for kind in item.kinds}


def extractor_of(hit: Hit) -> tuple[str, int]:
    """Name and version of the extractor that a hit comes from."""
    if hit.rule.startswith("model:"):
        return Names.name, Names.version
    return _OWNERS.get(hit.kind, ("stated", 1))
