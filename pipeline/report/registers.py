"""What the report says that no case changes: limits, accuracy, terms, sums; files in ``data``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.validate import limits


@dataclass(frozen=True, slots=True)
class Limitation:
    """A known limit; ids are never given anew."""

    id: str
    since: str
    """Version of the tool whose register had it first."""
    what: str
    effect: str
    mitigation: str


@dataclass(frozen=True, slots=True)
class Measured:
    """How a kind of mention was found in a set whose right answers are known; shares 0 to 1."""

    set: str
    public: bool
    kind: str
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    command: str = ""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """All that was measured (``data/accuracy.toml``, which follows docs/accuracy.md)."""

    how: str
    command: str
    measured: tuple[Measured, ...]
    unseen: tuple[tuple[str, str, float], ...]
    """Set, kind and F1 on text that had not been looked at."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the report."""

    term: str
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Calculation:
    """How the numbers of some tables of a report are worked out."""

    id: str
    tables: tuple[str, ...]
    """Their table_ids; a trailing ``*`` stands for any ending."""
    title: str
    what: str
    definition: str


@cache
def limitations() -> tuple[Limitation, ...]:
    """Return the limits of the tool (``pipeline/validate/limits.toml``), then of the report.

    Raises:
        KeyError, TypeError, ValueError: a file is not as it should be (a test reads them).
    """
    data = _data("limitations.toml")
    since = data["kept_since"]
    return (
        *(Limitation(row.id, since, row.what, row.effect, row.mitigation)
          for row in limits.register().limits),
        *(Limitation(**row) for row in data["limit"]),
    )  # fmt: skip


@cache
def accuracy() -> Accuracy:
    """Return what was measured; errors as in :func:`limitations`."""
    data = _data("accuracy.toml")
    return Accuracy(
        data["how"],
        data["command"],
        tuple(Measured(**row) for row in data["measured"]),
        tuple((row["set"], row["kind"], row["f1"]) for row in data["unseen"]),
    )


@cache
def terms() -> tuple[Term, ...]:
    """Return the terms, by spelling; errors as in :func:`limitations`."""
    found = (Term(**row) for row in _data("glossary.toml")["term"])
    return tuple(sorted(found, key=lambda row: row.term.casefold()))


@cache
def calculations() -> tuple[Calculation, ...]:
    """Return how numbers are worked out; errors as in :func:`limitations`."""
    return tuple(
        Calculation(**{**row, "tables": tuple(row["tables"])})
        for row in _data("calculations.toml")["calculation"]
    )


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("pipeline.report").joinpath("data", name).read_text("utf-8"))
