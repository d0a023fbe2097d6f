"""The ground on which assertions are checked: returns and cases, each made once and kept."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pipeline.sample.formats import make
from pipeline.sample.maker import SampleReceipt, make_sample
from pipeline.validate.base import NotRun

T = TypeVar("T")

LEAST_PAGES = 20
EXTRACTION = 25
"""Pages of a gold set for extraction, per page asked for: texts alone cost little, and intervals of
a few dozen mentions would be too wide to say anything."""
LEAST_EXTRACTION = 600
PATIENCE = 300
"""Seconds after which a command in a process of its own is given up."""


class CommandFailed(Exception):
    """A command did not end as it must for the assertion to be checked at all."""


@dataclass(frozen=True, slots=True)
class Made:
    """A return, its gold, and the case it was read into."""

    source: Path
    gold: Path
    case: Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person chose for a validation."""

    pages: int = 40
    seed: int = 1


class Ground:
    """Makes returns and cases when they are first asked for; an error is kept and raised again."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        """Make nothing yet; ``folder`` is there and empty."""
        self.folder = folder
        self.settings = settings
        self._made: dict[str, Any] = {}
        self._failed: dict[str, Exception] = {}

    def once(self, name: str, make_it: Callable[[], T]) -> T:
        """Return what was made under the name, made now if it is not there."""
        if name in self._failed:
            raise self._failed[name]
        if name not in self._made:
            try:
                self._made[name] = make_it()
            except Exception as error:
                self._failed[name] = error
                raise
        made: T = self._made[name]
        return made

    def place(self, name: str) -> Path:
        """Make a new folder and return it."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        return folder

    # --- commands -------------------------------------------------------------------------------

    def triage(self, *arguments: object) -> tuple[int, str, str]:
        """Run a command in this process; return exit code, standard output, standard error."""
        from pipeline.cli import call

        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = call([str(argument) for argument in arguments])
        return code, out.getvalue(), err.getvalue()

    def run(self, source: Path | list[Path], case: Path, *options: object, code: int = 0) -> Path:
        """Run ``triage run`` in this process; return the case.

        Raises:
            CommandFailed: it ended with another exit code.
        """
        sources = source if isinstance(source, list) else [source]
        ended, _, err = self.triage(
            "run", *sources, "--case", case, "--workers", 1, "--quiet", *options
        )
        if ended != code:
            raise CommandFailed(f"triage run: exit code {ended}; {err.strip()}")
        return case

    def apart(
        self, arguments: list[object], *, code: str = "", env: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Run a command in a process of its own.

        Args:
            arguments: of ``triage``.
            code: Python statements to run before it.
            env: environment beside this process's.
        """
        driver = f"import sys\n{code}\nfrom pipeline.cli import main\nmain(sys.argv[1:])"
        done = subprocess.run(
            [sys.executable, "-c", driver, *map(str, arguments)], capture_output=True, text=True,
            env={**os.environ, **(env or {})}, timeout=PATIENCE, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def needs(self, command: str, option: str | None = None) -> None:
        """Make sure that this version has a command, and an option of it.

        Raises:
            NotRun: it has not.
        """
        import click

        from pipeline.cli import group

        found = group.get_command(click.Context(group), command)
        if found is None:
            raise NotRun(f"this version has no command `triage {command}`")
        if option and not any(option in parameter.opts for parameter in found.params):
            raise NotRun(f"`triage {command}` has no option {option} in this version")

    # --- returns and cases ----------------------------------------------------------------------

    def receipt(self, words: str = "a") -> SampleReceipt:
        """Make the main sample: a Meta business record with gold."""
        pages, seed = max(self.settings.pages, LEAST_PAGES), self.settings.seed
        return self.once(
            f"meta-{words}",
            lambda: make_sample(
                self.place(f"meta-{words}"), pages=pages, seed=seed, wordlist=words
            ),
        )

    def meta(self, words: str = "a") -> Made:
        """Return the main sample, read into a case."""
        receipt = self.receipt(words)
        folder = receipt.zip_path.parent
        return self.once(
            f"meta-{words}-case",
            lambda: Made(
                receipt.zip_path, receipt.gold_path, self.run(receipt.zip_path, folder / "case")
            ),
        )

    def sample(self, form: str) -> Made:
        """Return a sample of a format, read into a case; of Meta's HTML the main one.

        Raises:
            NotRun: what prints it is not on this machine.
        """
        if form == "meta":
            return self.meta()
        return self.once(f"form-{form}", lambda: self._sample(form))

    def _sample(self, form: str) -> Made:
        from pipeline.doctor import find_browser

        if form == "meta-pdf" and find_browser() is None:
            raise NotRun("no Chromium to print the sample with (triage doctor)")
        folder = self.place(f"form-{form}")
        pages = max(self.settings.pages // 2, LEAST_PAGES)
        source = make(form, folder, pages=pages, seed=self.settings.seed, wordlist="a")
        return Made(source, folder / "gold.jsonl", self.run(source, folder / "case"))

    def texts(self, words: str) -> Path:
        """Make a large gold set for extraction alone; return its gold."""
        pages = max(self.settings.pages * EXTRACTION, LEAST_EXTRACTION)
        # another seed than the cases': what is measured is not what is read there
        seed = self.settings.seed + 1_000
        return self.once(
            f"texts-{words}",
            lambda: (
                make_sample(
                    self.place(f"texts-{words}"), pages=pages, seed=seed, wordlist=words
                ).gold_path
            ),
        )


def gold_rows(path: Path) -> list[dict[str, Any]]:
    """Read gold."""
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]
