"""The timeline as a small drawing: where its bars stand. Words and SVG are the template's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.report.summary import Timeline

WIDTH, HEIGHT = 960, 240
LEFT, RIGHT, TOP, BOTTOM = 84, 8, 16, 40
LABELS = 7
"""Dates under the picture, at most."""
LABEL_WIDTH = 80
"""Room a date needs to the right of its bar's edge."""


@dataclass(frozen=True, slots=True)
class Column:
    """A bar of the picture: its left edge and width, and top and height of its two parts."""

    start: date
    x: float
    width: float
    talk_y: float
    talk_height: float
    other_y: float
    other_height: float
    label: str
    """Date under it, or nothing."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing."""

    columns: tuple[Column, ...]
    lines: tuple[tuple[float, int], ...]
    """Height of a horizontal line, and the count it stands for."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


def draw(timeline: Timeline) -> Picture:
    """Lay out the bars: talk below, other records on top of it."""
    most = max((bar.talk + bar.other for bar in timeline.bars), default=0)
    step = _step(most)
    top = max(step, -(-most // step) * step)
    room = HEIGHT - BOTTOM - TOP
    base = HEIGHT - BOTTOM
    pitch = (WIDTH - LEFT - RIGHT) / max(len(timeline.bars), 1)
    every = -(-len(timeline.bars) // LABELS)
    columns = []
    for number, bar in enumerate(timeline.bars):
        x = LEFT + number * pitch + pitch * 0.1
        labelled = number % every == 0 and x + LABEL_WIDTH <= WIDTH
        talk, other = room * bar.talk / top, room * bar.other / top
        columns.append(
            Column(
                bar.start, round(x, 1),
                round(min(pitch * 0.8, 60), 1), round(base - talk, 1), round(talk, 1),
                round(base - talk - other, 1), round(other, 1),
                stretch(timeline.unit, bar.start) if labelled else "",
            )
        )  # fmt: skip
    lines = tuple((round(base - room * count / top, 1), count) for count in range(0, top + 1, step))
    return Picture(tuple(columns), lines)


def stretch(unit: str, start: date) -> str:
    """Name a stretch of time by its first day."""
    if unit == "year":
        return f"{start.year:04d}"
    return f"{start.year:04d}-{start.month:02d}" if unit == "month" else start.isoformat()


def _step(most: int) -> int:
    """Return a round number that goes into ``most`` at most five times."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power * 5 >= most:
                return factor * power
        power *= 10
