"""Redacted tables of a case, made for one output and taken away after it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.case import Case
from pipeline.redact.check import refuse_leaks
from pipeline.redact.mapping import designate
from pipeline.redact.profiles import Wanted
from pipeline.redact.tables import Redaction, redact_tables


@dataclass(frozen=True, slots=True)
class Redacted:
    """Redacted tables, and what goes with them."""

    tables: Path
    redaction: Redaction
    say: Callable[[str], str]
    """Redacts a text that is not of the tables."""
    check: Callable[[Path], None]
    """Raises TriageError if a listed value is in a file or folder after all."""


@contextmanager
def redacted(case: Case, wanted: Wanted, beside: Path) -> Iterator[Redacted]:
    """Make the redacted tables of a case.

    Args:
        case: an open case.
        wanted: list and jurisdiction.
        beside: the output; the tables lie in a folder beside it, which goes at the end.

    Raises:
        ConfigError, IntegrityError: see :func:`pipeline.redact.mapping.designate`.
        IntegrityError: a table cannot be read.
    """
    designated = designate(case, wanted.entries)
    redaction = Redaction(wanted.jurisdiction, designated.count, wanted.is_given)
    # of an encrypted case nothing but what was asked for reaches a disk
    folder = (beside.parent if case.home is None else case.path) / f".{beside.name}.redacted"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        say = redact_tables(
            case.path / "tables", folder, designated.people, designated.key, redaction,
            wanted.region,
        )  # fmt: skip
        yield Redacted(folder, redaction, say, lambda path: refuse_leaks(path, designated.people))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
