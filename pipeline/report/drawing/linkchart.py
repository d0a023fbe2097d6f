"""The link chart, drawn as SVG whose nodes and lines a page can take hold of.

Vega's SVG keeps no ids of what it draws, so this one is made here. Notebooks draw the same places
and shapes (pipeline.explore.pictures).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from markupsafe import escape

from pipeline.report import words
from pipeline.report.counts.linked import NODE_KINDS, Edge, Node
from pipeline.report.drawing.charts import FONT, INK, WIDTH
from pipeline.report.drawing.labels import Dot, placed, shown

HEIGHT = 640
SIZE = 11
_MARGIN = (86, 26)
_ROUNDS = 300
_GREY = "#a6a6a6"
_GOLDEN = math.pi * (3 - math.sqrt(5))


def link_chart(nodes: Sequence[Node], edges: Sequence[Edge]) -> str:
    """Draw values as shapes by kind and links as lines, wider for more records.

    Args:
        nodes: those in most records first.
        edges: between them; those of one pair make one line.

    Returns:
        SVG: around a node stands a link ``#e/ENTITY`` with ``data-entity``, around a line
        ``#l/ENTITY/ENTITY`` with ``data-a`` and ``data-b`` (pipeline.report.drawing.svg).
    """
    weights: dict[tuple[str, str], int] = {}
    for edge in edges:
        pair = (min(edge.a, edge.b), max(edge.a, edge.b))
        weights[pair] = weights.get(pair, 0) + edge.records
    at = layout([node.entity_id for node in nodes], weights)
    most = max(weights.values(), default=1)
    lines = [
        f'<a href="#l/{escape(a)}/{escape(b)}" data-a="{escape(a)}" data-b="{escape(b)}">'
        f'<line x1="{at[a][0]}" y1="{at[a][1]}" x2="{at[b][0]}" y2="{at[b][1]}" '
        f'stroke="{_GREY}" stroke-width="{0.8 + 4.2 * math.sqrt(count / most):.1f}"/></a>'
        for (a, b), count in sorted(weights.items())
    ]
    dots = [
        Dot(*at[node.entity_id], 6.0, shown(_name(node), 24)) for node in nodes
    ]  # their names, placed in order of records
    texts = placed(dots, SIZE, (2, 2, WIDTH - 2, HEIGHT - 2), must=True)
    drawn = []
    for node, dot, label in zip(nodes, dots, texts, strict=True):
        texts_of = ""
        if label is not None:
            start = f'<text x="{label.x:.1f}" y="{label.y:.1f}" text-anchor="{label.anchor}"'
            name = f"{escape(dot.text)}</text>"
            texts_of = (
                f'{start} fill="#ffffff" stroke="#ffffff" stroke-width="3" '
                f'stroke-linejoin="round">{name}{start} fill="{INK}">{name}'
            )  # a name over lines is read on a white rim
        key = escape(node.entity_id)
        drawn.append(
            f'<a href="#e/{key}" data-entity="{key}">{shape(node.kind, dot.x, dot.y)}{texts_of}</a>'
        )
    foot = HEIGHT + 30
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{foot}" '
        f'viewBox="0 0 {WIDTH} {foot}" font-family="{FONT}" font-size="{SIZE}">'
        f'<rect width="{WIDTH}" height="{foot}" fill="#ffffff"/>'
        f"{''.join(lines)}{''.join(drawn)}{_legend(nodes, HEIGHT + 14)}</svg>"
    )


def shape(kind: str, x: float, y: float) -> str:
    """Draw the sign of a kind: kinds are told by shape, nothing hangs on colour."""
    fill = f'fill="{INK}" stroke="#ffffff" stroke-width="1"'
    if kind == "account":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" {fill}/>'
    if kind == "phone":
        return f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" {fill}/>'
    points = {
        "handle": ((0, -7), (7, 0), (0, 7), (-7, 0)),
        "alias": ((0, -7), (6.5, 5), (-6.5, 5)),
    }.get(kind, ((-2, -6), (2, -6), (2, -2), (6, -2), (6, 2), (2, 2), (2, 6), (-2, 6), (-2, 2),
                 (-6, 2), (-6, -2), (-2, -2)))  # fmt: skip
    path = " ".join(f"{x + a:.1f},{y + b:.1f}" for a, b in points)
    return f'<polygon points="{path}" {fill}/>'


def layout(
    keys: Sequence[str], weights: dict[tuple[str, str], int]
) -> dict[str, tuple[float, float]]:
    """Place nodes: linked ones near each other, none upon another (Fruchterman and Reingold 1991).

    Made in plain Python from a fixed start (a sunflower's spiral, the first node in the middle), so
    that equal links give equal places on every machine.
    """
    count = len(keys)
    number = {key: place for place, key in enumerate(keys)}
    spokes = [math.sqrt((n + 0.3) / max(count, 1)) for n in range(count)]
    xs = [spoke * math.cos(n * _GOLDEN) for n, spoke in enumerate(spokes)]
    ys = [spoke * math.sin(n * _GOLDEN) for n, spoke in enumerate(spokes)]
    ties = [(number[a], number[b]) for a, b in sorted(weights)]
    ideal = 1.5 / math.sqrt(max(count, 1))
    degrees = Counter(end for tie in ties for end in tie)
    pulls = [
        (one, other, 1.6 / math.sqrt(min(degrees[one], degrees[other]))) for one, other in ties
    ]
    for turn in range(_ROUNDS):
        by_x, by_y = [-0.6 * x for x in xs], [-0.6 * y for y in ys]  # towards the middle
        _push(xs, ys, by_x, by_y, ideal)
        _pull(xs, ys, by_x, by_y, ideal, pulls)
        heat = 0.12 * (1 - turn / _ROUNDS) + 0.002
        for n, (x, y) in enumerate(zip(by_x, by_y, strict=True)):
            length = math.hypot(x, y) or 1.0
            step = min(length, heat)
            xs[n] += x / length * step
            ys[n] += y / length * step
    return {key: place for key, place in zip(keys, _spread(xs, ys), strict=True)}


def _push(
    xs: list[float], ys: list[float], by_x: list[float], by_y: list[float], ideal: float
) -> None:
    """Move every two nodes apart.

    Forty nodes are 234,000 pairs over all rounds, so no more is called here than the one root.
    """
    hypot, square = math.hypot, ideal**2
    last = len(xs)
    for one in range(last):
        here_x, here_y, move_x, move_y = xs[one], ys[one], by_x[one], by_y[one]
        for other in range(one + 1, last):
            x, y = here_x - xs[other], here_y - ys[other]
            length = hypot(x, y) or 1e-6
            force = square / length
            x = x / length * force
            y = y / length * force
            move_x += x
            move_y += y
            by_x[other] -= x
            by_y[other] -= y
        by_x[one], by_y[one] = move_x, move_y


def _pull(
    xs: list[float], ys: list[float], by_x: list[float], by_y: list[float], ideal: float,
    pulls: list[tuple[int, int, float]],
) -> None:  # fmt: skip
    """Move two linked nodes together, each by the strength of its link."""
    for one, other, strength in pulls:
        x, y = xs[one] - xs[other], ys[one] - ys[other]
        length = math.hypot(x, y) or 1e-6
        force = -strength * length**2 / ideal / 3
        x, y = x / length * force, y / length * force
        by_x[one] += x
        by_y[one] += y
        by_x[other] -= x
        by_y[other] -= y


def _spread(xs: list[float], ys: list[float]) -> list[tuple[float, float]]:
    """Fit places into the drawing: partly by distance, more by order, which fills its corners."""
    sides = []
    for values, size, margin in zip((xs, ys), (WIDTH, HEIGHT), _MARGIN, strict=True):
        low, high = min(values, default=0.0), max(values, default=0.0)
        ranked = sorted((value, n) for n, value in enumerate(values))
        order = {place: n for n, (_, place) in enumerate(ranked)}
        last = max(len(values) - 1, 1)
        sides.append(
            [
                margin + (size - 2 * margin) * (
                    0.5 if high == low
                    else 0.4 * (value - low) / (high - low) + 0.6 * order[n] / last
                )
                for n, value in enumerate(values)
            ]
        )  # fmt: skip
    return [(round(x, 1), round(y, 1)) for x, y in zip(*sides, strict=True)]


def _legend(nodes: Sequence[Node], y: float) -> str:
    kinds = {node.kind for node in nodes}
    parts = []
    x = 12.0
    for kind in (kind for kind in NODE_KINDS if kind in kinds):
        name = words.name_of(kind)
        parts.append(f'{shape(kind, x, y)}<text x="{x + 12:.1f}" y="{y + 4:.1f}">{name}</text>')
        x += 40 + 7 * len(name)
    return "".join(parts)


def _name(node: Node) -> str:
    return words.phone(node.label) if node.kind == "phone" else node.label
