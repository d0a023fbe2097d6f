"""Records whose text changes, and what that does to the mentions in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.redact.text import Edit, Redactor, Span

HELP = {
    "hotline": "[hotline]", "advocate": "[advocate]", "child_protection": "[child protection]",
    "counsel": "[counsel]", "service": "[support service]",
}  # fmt: skip
"""Services whose numbers a redacted output does not print: who calls them asks for help."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A mention in a record whose text changed."""

    start: int
    end: int
    surface: str
    covered: str | None
    """What stands in the mention's place, where any of it was replaced."""


@dataclass(slots=True)
class Edited:
    """What is replaced in the texts of records, by record and by mention."""

    spans: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    fixed: dict[str, list[Edit]] = field(default_factory=lambda: defaultdict(list))
    records: dict[str, tuple[tuple[Edit, ...], str]] = field(default_factory=dict)
    """Replacements in a record's text, and the text they make."""
    mentions: dict[str, Changed] = field(default_factory=dict)


def look_ahead(
    mentions: pa.Table, addresses: dict[str, str], redactor: Redactor, edited: Edited, rules: bool
) -> None:
    """Note spans of mentions whose value or surface stands for a protected person.

    What an extractor read out of a text that hides it (a number in words over several messages)
    is replaced where it stands, even if the text alone would not give it away.

    Args:
        mentions: a part of the table.
        addresses: by mention, what stands for a postal address.
        redactor: knows the persons.
        edited: takes what is found.
        rules: whether a court's rules apply.
    """
    hits: dict[str, tuple[int, ...]] = {}
    for name in ("value", "surface"):
        values = pc.unique(mentions[name].drop_null()).to_pylist()
        for value, passes in zip(values, redactor.gate.passing(values), strict=True):
            if passes and (persons := redactor.persons(value)):
                hits[value] = tuple(sorted(persons))
    columns = ["mention_id", "record_id", "start", "end", "kind", "value", "surface",
               "service_category"]  # fmt: skip
    for mention, record, start, end, kind, value, surface, category in zip(
        *(mentions[name].to_pylist() for name in columns), strict=True
    ):
        who = hits.get(value) or hits.get(surface)
        if who:
            sort = "number" if kind == "phone" else "name"
            edited.spans[record].append(Span(start, end, who, sort))
        elif rules and category in HELP:
            edited.fixed[record].append(Edit(start, end, HELP[category], "support service"))
        elif rules and mention in addresses:
            edited.fixed[record].append(Edit(start, end, addresses[mention], "address"))


def move(edits: tuple[Edit, ...], start: int, end: int) -> tuple[int, int, str | None]:
    """Return where a span lies after replacements, widened over those it touches.

    Returns:
        Start, end, and what stands in its place where any of it was replaced.
    """
    shift, covered = 0, None
    new_start, new_end = None, None
    for edit in edits:
        grown = len(edit.replacement) - (edit.end - edit.start)
        if edit.end <= start:
            shift += grown
        elif edit.start < end:
            covered = covered or edit.replacement
            if new_start is None:
                new_start = min(start, edit.start) + shift
            shift += grown
            new_end = max(end, edit.end) + shift
        else:
            break
    if new_start is None or new_end is None:
        return start + shift, end + shift, None
    return new_start, new_end, covered


def mark_mentions(mentions: pa.Table, edited: Edited) -> None:
    """Note where the mentions of changed records lie now."""
    inside = pc.is_in(mentions["record_id"], pa.array([*edited.records], pa.string()))
    columns = ["mention_id", "record_id", "start", "end"]
    for mention, record, start, end in zip(
        *(mentions.filter(inside)[name].to_pylist() for name in columns), strict=True
    ):
        edits, text = edited.records[record]
        first, last, covered = move(edits, start, end)
        edited.mentions[mention] = Changed(first, last, text[first:last], covered)


def place_of(city: str | None, state: str | None) -> str:
    """Return what stands for a postal address: city and state (Fed. R. Crim. P. 49.1(a)(5))."""
    return ", ".join(["[address]", *filter(None, (city, state))])
