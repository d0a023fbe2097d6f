"""The register of known limits, and of the sources of error: ``limits.toml`` beside this module."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

KINDS = ("systematic", "random", "statistical")
"""Of error: a rule or reader that errs in the same way each time; machines and media; the model
(after Nelson and Garfinkel, Measuring Systematic and Random Error in Digital Forensics, NIST)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A known class of failure."""

    id: str
    functions: tuple[str, ...]
    """Codes of the functions it bears on."""
    what: str
    effect: str
    """What a user would see, or miss."""
    mitigation: str
    documented: str
    """Where else it is written down."""


@dataclass(frozen=True, slots=True)
class ErrorSource:
    """Where errors come from, and what is done against them."""

    kind: str
    """One of :data:`KINDS`."""
    what: str
    mitigation: str


@dataclass(frozen=True, slots=True)
class Register:
    """The whole file."""

    warning: str
    limits: tuple[Limit, ...]
    sources: tuple[ErrorSource, ...]


def register() -> Register:
    """Read the register.

    Raises:
        KeyError, TypeError, ValueError: it is not as it should be (a test reads it).
    """
    data = tomllib.loads(files("pipeline.validate").joinpath("limits.toml").read_text("utf-8"))
    return Register(
        data["warning"].strip(),
        tuple(Limit(**{**row, "functions": tuple(row["functions"])}) for row in data["limit"]),
        tuple(ErrorSource(**row) for row in data["error_source"]),
    )
