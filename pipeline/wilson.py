"""How far a share that was counted can be trusted."""

from __future__ import annotations

from math import sqrt

Z = 1.959964
"""Of a two-sided interval of 95 %."""


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Return Wilson's score interval of 95 % for a share; (0, 1) of nothing.

    Source: E. B. Wilson, JASA 22 (1927), 209-212. It holds for small totals and for shares of 0
    and 1, where the usual one has no width.
    """
    if not total:
        return 0.0, 1.0
    share = hits / total
    middle = share + Z * Z / (2 * total)
    spread = Z * sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
    whole = 1 + Z * Z / total
    low = (middle - spread) / whole if hits else 0.0
    high = (middle + spread) / whole if hits < total else 1.0
    return low, high
