"""Names beside the points of a drawing, so that none covers another."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.report.evidence import visible

_SIDES = ((1.0, 0.0), (-1.0, 0.0), (0.0, -1.0), (0.0, 1.0), (0.7, -0.8), (-0.7, -0.8), (0.7, 0.8),
          (-0.7, 0.8))  # fmt: skip
"""Where a name is tried: right, left, above, below, then the corners."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a drawing and its name."""

    x: float
    y: float
    radius: float
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """Where a name stands: ``anchor`` is start, middle or end; ``y`` is the base line."""

    x: float
    y: float
    anchor: str


def shown(text: str, most: int = 24) -> str:
    """Return evidence for a drawing: one line, cut, nothing invisible and no pictograph in it.

    Pictographs are left out since fonts of print lack them; tables show names whole.
    """
    cut = "".join(char for char in text[: 4 * most] if not _is_pictograph(char))
    line = " ".join(str(visible(cut).striptags()).split())
    if not line:
        return "(pictographs)" if text.strip() else "(blank)"
    is_whole = len(line) <= most and len(text) <= 4 * most
    return line if is_whole else line[: most - 1].rstrip() + "…"


def _is_pictograph(char: str) -> bool:
    return char in "\u200d\ufe0e\ufe0f\u20e3" or (
        unicodedata.category(char) in {"So", "Sk"} and char not in "^`´¨°©®"
    )


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is; rather too wide than too narrow."""
    return size * sum(
        1.15 if unicodedata.east_asian_width(char) in "WF" else 0.74 if char.isupper() else 0.62
        for char in text
    )


def placed(
    dots: Sequence[Dot], size: float, within: Box, *, must: bool = False
) -> list[Label | None]:
    """Place a name beside each point, the first points first.

    Args:
        dots: points, the most important first.
        size: of the letters.
        within: the drawing; a name leaves it only where ``must``.
        must: whether a name that finds no free place stands where it covers least; else it is
            left out.

    Returns:
        For each point where its name stands, or None.
    """
    taken: list[Box] = [
        (dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius)
        for dot in dots
    ]
    found: list[Label | None] = []
    for number, dot in enumerate(dots):
        tries = [_box(dot, side, size) for side in _SIDES]
        costs = [
            sum(_cover(box, other) for at, other in enumerate(taken) if at != number)
            + _outside(box, within)
            for box in tries
        ]
        best = min(range(len(tries)), key=lambda at: (costs[at] > 0, costs[at], at))
        if costs[best] > 0 and not must:
            found.append(None)
            continue
        taken.append(tries[best])
        found.append(_label(tries[best], _SIDES[best], size))
    return found


def _box(dot: Dot, side: tuple[float, float], size: float) -> Box:
    wide, high = width_of(dot.text, size), size * 1.1
    gap = dot.radius + 3
    x = dot.x + side[0] * gap
    left = x if side[0] > 0 else x - wide if side[0] < 0 else x - wide / 2
    middle = dot.y + side[1] * (gap + high / 2)
    return (left, middle - high / 2, left + wide, middle + high / 2)


def _label(box: Box, side: tuple[float, float], size: float) -> Label:
    base = (box[1] + box[3]) / 2 + size * 0.35
    if side[0] > 0:
        return Label(box[0], base, "start")
    if side[0] < 0:
        return Label(box[2], base, "end")
    return Label((box[0] + box[2]) / 2, base, "middle")


def _cover(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _outside(box: Box, within: Box) -> float:
    over = (within[0] - box[0], within[1] - box[1], box[2] - within[2], box[3] - within[3])
    return 1000 * sum(item for item in over if item > 0)
