"""Prints what becomes of every bad input: ``python tests/hostile/table.py [WORDS]``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "_data")]

from check import judge  # noqa: E402
from inputs import corpus  # noqa: E402
from rig import Rig  # noqa: E402


def main(words: str = "") -> None:
    """Print a row for each input whose name has the words."""
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
