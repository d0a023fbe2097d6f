"""Prints what becomes of every bad input: ``python tests/hostile/outcomes.py [WORDS]``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "_data")]

from inputs import corpus  # noqa: E402
from judging import judge  # noqa: E402
from rig import Rig  # noqa: E402


def expected() -> list[str]:
    """Return the table of what has to become of every input, as docs/hostile.md holds it."""
    rows = [("class", "input", "exit", "issues", "CPU s at most", "MB at most"), ("---",) * 6]
    rows += [
        (
            bad.kind,
            bad.name.replace("<", "&lt;"),
            bad.code,
            bad.issues,
            f"{bad.seconds:g}",
            bad.megabytes,
        )
        for bad in corpus()
    ]
    return [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]


def main(words: str = "") -> None:
    """Print a row for each input whose name has the words; with --expected, what has to be."""
    if words == "--expected":
        sys.stdout.write("\n".join(expected()) + "\n")
        return
    rig = Rig()
    _row("class", "input", "exit", "issues", "CPU s", "MB", "wrong")
    _row(*["---"] * 7)
    for bad in corpus():
        if words in bad.id:
            with tempfile.TemporaryDirectory(
                prefix="triage-hostile-", ignore_cleanup_errors=True
            ) as name:
                seen = judge(bad, Path(name), rig)
            wrong = "; ".join(seen.wrong)
            _row(
                bad.kind,
                bad.name,
                seen.code,
                seen.issues,
                f"{seen.seconds:.1f}",
                seen.megabytes,
                wrong,
            )
    rig.close()


def _row(*cells: object) -> None:
    sys.stdout.write(f"| {' | '.join(str(cell).replace('|', '') for cell in cells)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
