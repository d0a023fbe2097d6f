"""What a check says, and how the whole is told."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from pipeline.search.terminal import printable


class State(StrEnum):
    """What came of a check."""

    OK = "ok"
    PROBLEM = "problem"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of what was checked; never evidence text."""

    name: str
    state: State
    detail: str
    """What was checked; or what is wrong and what to do; or why nothing could be checked."""
    file: str = ""
    """Relative to the case, or a source as it is called there."""
    table: str = ""
    row: str = ""
    """Id of the first row that is wrong."""
    count: int = 0
    """How many are wrong, as far as that is known."""

    @property
    def where(self) -> str:
        """File, table and row, as far as there are any."""
        parts = [self.file, f"table {self.table}" if self.table and not self.file else ""]
        parts.append(f"row {self.row}" if self.row else "")
        return ", ".join(part for part in parts if part)

    @property
    def line(self) -> str:
        """The check in one line."""
        return printable(f"{self.where}: {self.detail}" if self.where else self.detail)


@dataclass(frozen=True, slots=True)
class Verdict:
    """All checks of a case, in the order in which they were made."""

    case: str
    checks: tuple[Check, ...]
    head: str
    """Of the audit chain, the entry of this check included, ``NUMBER:HASH``."""

    @property
    def first(self) -> Check | None:
        """The first check that is not ok."""
        bad = [check for check in self.checks if check.state is State.PROBLEM]
        left = [check for check in self.checks if check.state is State.NOT_CHECKED]
        return next(iter([*bad, *left]), None)

    @property
    def exit_code(self) -> int:
        """0 all is well; 3 something is not, or could not be checked."""
        return 0 if self.first is None else 3

    def lines(self) -> str:
        """Write the checks for a terminal."""
        words = {State.OK: "ok", State.PROBLEM: "PROBLEM", State.NOT_CHECKED: "not checked"}
        good = sum(check.state is State.OK for check in self.checks)
        out = [f"{printable(self.case)}: {good} of {len(self.checks)} checks passed"]
        out += [f"  {words[item.state]:12}{item.name:12}{item.line}" for item in self.checks]
        if self.head:
            out.append(f"  the audit chain now ends with {self.head}")
            out.append("  (keep this elsewhere: --anchor finds entries that are cut off later)")
        return "\n".join(out)

    def as_json(self) -> str:
        """Write the checks as JSON."""
        first = asdict(self.first) | {"line": self.first.line} if self.first else None
        return json.dumps(
            {
                "case": self.case, "ok": self.first is None, "exit_code": self.exit_code,
                "head": self.head, "first": first, "checks": [asdict(c) for c in self.checks],
            }
        )  # fmt: skip
