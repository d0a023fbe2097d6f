"""Redacted documents: the same, of tables from which protected persons were taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from pipeline.case import Case
from pipeline.redact.make import redacted
from pipeline.redact.profiles import JURISDICTIONS, Wanted
from pipeline.redact.tables import Redaction
from pipeline.report.asked import Asked
from pipeline.report.make import Ground, build, files, ledger_of, notes_of, spill_of
from pipeline.report.output import placed
from pipeline.report.rows import RedactionNote
from pipeline.report.summary import Summary

NOT_FROM_TABLES = (
    "process", "process_line", "scope_lines", "drifted", "untouched", "options",
)  # fmt: skip
"""What a summary holds that people wrote into case.toml or that names files."""


def redacted_reports(
    case: Case, asked: Asked, folder: Path, wanted: Wanted
) -> tuple[list[Path], Redaction]:
    """Write redacted documents of a published case.

    Args:
        case: an open case.
        asked: what to make.
        folder: where the files go.
        wanted: list and jurisdiction.

    Returns:
        The files; and what was replaced, counted.

    Raises:
        ConfigError: designators cannot be given; what people entered cannot be read.
        IntegrityError: the manifest or a table cannot be read.
        TriageError: a listed value would be in a file after all; none is left there.
    """
    ledger = ledger_of(case)
    with redacted(case, wanted, folder / "report") as made:

        def finish(summary: Summary) -> Summary:
            said: dict[str, Any] = {
                item.name: _said(getattr(summary, item.name), made.say)
                for item in fields(summary)
                if item.name in NOT_FROM_TABLES
            }
            return replace(summary, **said, redaction=note(made.redaction))

        def write(beside: Path) -> list[Path]:
            names = list(files(built, asked, beside))
            made.check(beside)
            return names

        ground = Ground(case, made.tables, ledger, notes_of(case), finish, made.say)
        built = build(ground, spill_of(case, folder), asked)
        return placed(folder, write), made.redaction


def note(redaction: Redaction) -> RedactionNote:
    """Return what the page says of the redaction: counts, never a value."""
    counts = redaction.counts
    designators = sorted(counts.designators.items(), key=lambda item: (len(item[0][0]), item[0]))
    return RedactionNote(
        jurisdiction=JURISDICTIONS[redaction.jurisdiction],
        has_list=redaction.has_list,
        persons=redaction.persons,
        accounts=redaction.accounts,
        designators=tuple((name, kind, count) for (name, kind), count in designators),
        rules=tuple(sorted(counts.rules.items())),
    )


def _said(value: object, say: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return say(value)
    return tuple(_said(item, say) for item in value) if isinstance(value, tuple) else value
