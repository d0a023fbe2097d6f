"""Checks assertions one by one; whatever one of them does, the next is checked."""

from __future__ import annotations

import getpass
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.sample.formats import FORMATS
from pipeline.search.terminal import printable
from pipeline.validate import facts
from pipeline.validate.base import Assertion, Function, NotRun, Outcome, Result, Status
from pipeline.validate.ground import CommandFailed, Ground, Settings
from pipeline.validate.limits import register

FORMAT = 1
"""Version of validation-report.json; raised when a key goes or means something else."""
LONGEST = 400
"""Signs of what was observed."""


@dataclass(slots=True)
class Report:
    """All results, with what they were got on."""

    settings: Settings
    selection: tuple[str, ...]
    made_at: datetime
    results: list[tuple[Function, Result]] = field(default_factory=list)
    seconds: float = 0.0

    def counts(self, code: str | None = None) -> dict[str, int]:
        """Count results by status, of one function or of all."""
        found = Counter(r.status for f, r in self.results if code in (None, f.code))
        return {status.value.replace(" ", "_"): found[status] for status in Status}

    @property
    def exit_code(self) -> int:
        """0 if all passed, 1 if some failed or were not run."""
        return int(any(result.status is not Status.PASS for _, result in self.results))

    def functions(self) -> list[Function]:
        """Functions of which something was checked, in order."""
        return list(dict.fromkeys(function for function, _ in self.results))

    def of(self, function: Function) -> list[Result]:
        """Results of a function."""
        return [result for owner, result in self.results if owner is function]


def validate(
    items: Iterable[tuple[Function, Assertion]],
    folder: Path,
    settings: Settings,
    selection: tuple[str, ...] = (),
    tell: Callable[[Assertion, Result | None], None] = lambda _assertion, _result: None,
) -> Report:
    """Check assertions in order.

    Args:
        items: assertions with their functions.
        folder: an empty folder for returns and cases.
        settings: size and seed.
        selection: what a person asked for, told in the report.
        tell: called before each assertion with None, and after it with its result.
    """
    report = Report(settings, selection, datetime.now(UTC))
    ground = Ground(folder, settings)
    begun = time.monotonic()
    for function, item in items:
        tell(item, None)
        result = check(item, ground)
        report.results.append((function, result))
        tell(item, result)
    report.seconds = time.monotonic() - begun
    return report


def check(item: Assertion, ground: Ground) -> Result:
    """Check one assertion; an error within it is a failure that names the error's class."""
    begun = time.monotonic()
    status, outcome = Status.FAIL, Outcome(False, "")
    try:
        outcome = item.check(ground)
        status = Status.PASS if outcome.ok else Status.FAIL
    except NotRun as reason:
        status, outcome = Status.NOT_RUN, Outcome(False, str(reason))
    except CommandFailed as error:
        outcome = Outcome(False, f"{type(error).__name__}: {error}")
    except (Exception, SystemExit) as error:
        outcome = Outcome(False, _told(error))
    observed = printable(scrubbed(outcome.observed, ground.folder))[:LONGEST]
    return Result(item, status, observed, time.monotonic() - begun, outcome.rates)


def _told(error: BaseException) -> str:
    """Name an error's class and place: its message may hold a path."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    where = f" at {Path(last.filename).name}:{last.lineno}" if last else ""
    return f"{type(error).__name__}{where}"


def scrubbed(text: str, folder: Path) -> str:
    """Take places and the user's name out of a text that goes into the report."""
    for path, word in ((folder, "WORK"), (Path.cwd(), "."), (Path.home(), "~")):
        if len(str(path)) > 1:
            text = text.replace(str(path), word)
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = ""
    return text.replace(f"/{user}/", "/USER/") if len(user) > 2 else text


def as_dict(report: Report) -> dict[str, Any]:
    """Write a report as what goes into validation-report.json."""
    known = register()
    return {
        "format": FORMAT,
        "tool": {"name": facts.DISTRIBUTION, "version": __version__},
        "made_at": report.made_at.isoformat(timespec="seconds"),
        "seconds": round(report.seconds, 1),
        "system": facts.system(),
        "components": facts.components(),
        "lexicon": facts.lexicon(),
        "model": facts.model(),
        "libraries": facts.libraries(),
        "sample": {
            "pages": report.settings.pages,
            "seed": report.settings.seed,
            "formats": list(FORMATS),
        },
        "selection": list(report.selection),
        "summary": report.counts(),
        "functions": [_function(report, function) for function in report.functions()],
        "rates": [
            {
                "measure": rate.measure, "of": rate.of, "data": rate.data, "hits": rate.hits,
                "total": rate.total, "share": round(rate.share, 4),
                "low": round(rate.interval[0], 4), "high": round(rate.interval[1], 4),
            }
            for rate in dict.fromkeys(rate for _, r in report.results for rate in r.rates)
        ],
        "error_sources": [
            {"kind": item.kind, "what": item.what, "mitigation": item.mitigation}
            for item in known.sources
        ],
        "limits": [
            {
                "id": item.id, "functions": list(item.functions), "what": item.what,
                "effect": item.effect, "mitigation": item.mitigation,
                "documented": item.documented,
            }
            for item in known.limits
        ],
        "warning": known.warning,
    }  # fmt: skip


def _function(report: Report, function: Function) -> dict[str, Any]:
    return {
        "code": function.code,
        "name": function.name,
        **report.counts(function.code),
        "assertions": [
            {
                "id": result.assertion.id, "requirement": result.assertion.requirement,
                "done": result.assertion.done, "expected": result.assertion.expected,
                "observed": result.observed, "status": result.status.value,
                "seconds": round(result.seconds, 2),
            }
            for result in report.of(function)
        ],
    }  # fmt: skip
