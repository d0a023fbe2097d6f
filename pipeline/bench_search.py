"""How long a search takes in a case that is open already: thirty questions of all sorts."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

QUERIES = (
    "rodeway", "tonight", "the", "zzznotthere", "front desk", '"front desk"', "call me",
    "money OR cash", "room NOT key", "hotel AND (cash OR card)", "rode*", "co*", '"call me"*',
    "rodeway~", "cookie~2", "😂", "phone:651-555-0117", "phone:0147", "phone:", "alias:cookie",
    "alias:lil*", "handle:real*", "place:fridley", "place:st paul", "money:100..300", "money:500..",
    "email:@example.com", "url:example.net", "date:tomorrow", "watch:",
)  # fmt: skip
"""Words, phrases, beginnings, near spellings; numbers, names, places, amounts; few hits, many."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Seconds of opening; of a search, each query's first time of asking."""

    opening: float
    median: float
    worst: float


def opened(case: Path) -> Opened:
    """Open a case and ask it every one of :data:`QUERIES` once.

    Args:
        case: a finished case.
    """
    from pipeline.search.opened import open_search

    begun = time.perf_counter()
    with open_search(case) as searches:
        opening = time.perf_counter() - begun
        times = []
        for query in QUERIES:
            begun = time.perf_counter()
            searches.search(query)
            times.append(time.perf_counter() - begun)
    return Opened(opening, statistics.median(times), max(times))
