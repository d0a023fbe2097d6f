"""The timeline, and the pictures that other sections place among their own words."""

from __future__ import annotations

from pipeline.report.cells import paragraph
from pipeline.report.document import Block, Heading, Section
from pipeline.report.drawing.figures import figure_blocks
from pipeline.report.summary import Summary


def timeline(s: Summary) -> Section:
    """Return the section on time: messages by account, records by theme."""
    blocks: list[Block] = [
        paragraph(
            "Times in this section are UTC. The table below each picture gives the number of "
            "every bar. That a stretch has no bar means that the return holds no such record, "
            "not that nothing was sent."
        ),
        Heading("By account"),
        *figure_blocks(s, "timeline"),
        Heading("By theme"),
        *figure_blocks(s, "themes"),
    ]
    return Section("time", "Timeline", tuple(blocks))


def coverage(s: Summary) -> tuple[Block, ...]:
    """Return the picture of what became of the bytes."""
    return figure_blocks(s, "coverage")


def places(s: Summary) -> tuple[Block, ...]:
    """Return the map, with its heading."""
    return (Heading("Map"), *figure_blocks(s, "map"))


def money(s: Summary) -> tuple[Block, ...]:
    """Return the picture of amounts by week, with its heading."""
    return (Heading("By time"), *figure_blocks(s, "money"))


def links(s: Summary) -> tuple[Block, ...]:
    """Return the link chart, with its heading."""
    return (Heading("Link chart"), *figure_blocks(s, "network"))
