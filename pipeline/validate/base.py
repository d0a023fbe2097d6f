"""What an assertion is, and what comes of checking one.

The shape follows NIST's Computer Forensics Tool Testing: a requirement of a function of the tool,
an assertion that can be checked, a test case that checks it on data whose truth is known, and the
result beside what was expected (https://www.nist.gov/itl/ssd/software-quality-group/
computer-forensics-tool-testing-program-cftt).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.wilson import wilson

if TYPE_CHECKING:
    from pipeline.validate.ground import Ground

NAMED = 5
"""Examples named in what was observed; the rest is counted."""


class Status(StrEnum):
    """What came of an assertion."""

    PASS = "pass"
    FAIL = "fail"
    NOT_RUN = "not run"


class NotRun(Exception):
    """The assertion cannot be checked here; the message says why."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, with Wilson's interval of 95 %."""

    measure: str
    """recall, precision, or what else is counted."""
    of: str
    """Kind of mention, or format."""
    data: str
    """The set it was counted on."""
    hits: int
    total: int

    @property
    def share(self) -> float:
        """Hits of total; 1 of nothing."""
        return self.hits / self.total if self.total else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """Low and high bound."""
        return wilson(self.hits, self.total)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check saw."""

    ok: bool
    observed: str
    rates: tuple[Rate, ...] = ()


@dataclass(frozen=True, slots=True)
class Assertion:
    """One thing that must hold."""

    id: str
    """Code of the function and a number of its own, such as ``PAR-07``; never given anew."""
    requirement: str
    """What the function must do, in one sentence."""
    done: str
    """What the test case does."""
    expected: str
    check: Callable[[Ground], Outcome]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the tool with its assertions, in order."""

    code: str
    name: str
    assertions: tuple[Assertion, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """An assertion with what came of it."""

    assertion: Assertion
    status: Status
    observed: str
    seconds: float
    rates: tuple[Rate, ...] = field(default=())


def compare(checked: int, wrong: Iterable[str], of: str) -> Outcome:
    """Make an outcome of things checked one by one; checking nothing is no pass.

    Args:
        checked: how many were checked.
        wrong: names of those that are not as they should be.
        of: what they are, in the plural.
    """
    bad = list(wrong)
    if not checked:
        return Outcome(False, f"no {of} to check")
    told = f"{checked - len(bad):,} of {checked:,} {of} as expected"
    if bad:
        more = f" and {len(bad) - NAMED:,} more" if len(bad) > NAMED else ""
        told += f"; not: {', '.join(bad[:NAMED])}{more}"
    return Outcome(not bad, told)


def counted(**pairs: tuple[int, int]) -> Outcome:
    """Make an outcome of things counted: by name (``_`` for blanks) what was expected and found."""
    told = ", ".join(f"{found:,} {name.replace('_', ' ')}" for name, (_, found) in pairs.items())
    wrong = [
        f"{expected:,} {name.replace('_', ' ')}"
        for name, (expected, found) in pairs.items()
        if expected != found
    ]
    return Outcome(not wrong, told + (f"; expected {', '.join(wrong)}" if wrong else ""))
