"""Recall by name group: listed given names that training never drew, in lines it never saw."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.training.lists import GROUPS, is_held_out, read_lists
from extractors.training.measure import Spans

CARRIERS = (
    "can somebody go get {} she stuck at work",
    "aint seen {} since that night",
    "u and {} still fighting or what",
    "my phone was at {} house",
    "the one {} gave me",
    "{} keep blowin me up",
    "lemme ask {} real quick",
    "he brought {} with him to the room",
    "ok im waiting on {} then we leave",
    "she got a text from {} last night",
    "Nobody has heard from {} since Friday.",
    "I gave the keys to {} before I left.",
)
"""Written apart from the templates, ten as chat and two as prose; the same for every group."""


def rows(group: str, gender: str) -> Iterator[tuple[str, Spans]]:
    """Yield each held-out name of a group in every carrier."""
    for name in read_lists()[f"{group}.{gender}"]:
        if not is_held_out(name):
            continue
        for carrier in CARRIERS:
            shown = name.title() if carrier[0].isupper() else name
            start = carrier.index("{}")
            yield carrier.format(shown), [(start, start + len(shown), "PER")]


def all_groups() -> Iterator[tuple[str, str]]:
    """Yield the groups and genders reported."""
    for group in GROUPS:
        for gender in ("female", "male"):
            yield group, gender
