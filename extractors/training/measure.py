"""Span-overlap precision, recall and F1 of the model, by kind (CONTRACT 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Spans = Sequence[tuple[int, int, str]]


@dataclass(slots=True)
class Score:
    """Counts of one kind."""

    hit: int = 0
    gold: int = 0
    found: int = 0

    @property
    def precision(self) -> float:
        """Share of the found that are right."""
        return self.hit / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found."""
        return self.hit / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(pairs: Iterable[tuple[Spans, Spans]], kind: str) -> Score:
    """Count the overlaps, one to one in order, of gold and found spans of one kind."""
    result = Score()
    for gold, found in pairs:
        wanted = sorted(span for span in gold if span[2] == kind)
        free = sorted(span for span in found if span[2] == kind)
        result.gold += len(wanted)
        result.found += len(free)
        for start, end, _ in wanted:
            for other in free:
                if other[0] < end and start < other[1]:
                    result.hit += 1
                    free.remove(other)
                    break
    return result


def compare(
    rows: Iterable[tuple[str, Spans]], find: Callable[[Sequence[str]], Sequence[Spans]]
) -> list[tuple[Spans, Spans]]:
    """Return gold and found spans of each text."""
    texts, gold = zip(*rows, strict=True)
    return list(zip(gold, find(texts), strict=True))


def cover(pairs: Iterable[tuple[Spans, Spans]], kind: str) -> tuple[float, float]:
    """Return precision and recall where any overlap counts, many to one."""
    right = found = hit = wanted = 0
    for gold, ours in pairs:
        golds = [span for span in gold if span[2] == kind]
        own = [span for span in ours if span[2] == kind]
        found += len(own)
        wanted += len(golds)
        right += sum(any(a < y and x < b for x, y, _ in golds) for a, b, _ in own)
        hit += sum(any(a < y and x < b for x, y, _ in own) for a, b, _ in golds)
    return right / max(1, found), hit / max(1, wanted)
