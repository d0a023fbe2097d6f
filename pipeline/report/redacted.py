"""The redacted report: the same page, of tables from which protected persons were taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from pipeline.case import Case
from pipeline.derive.ledger import Ledger
from pipeline.redact.make import redacted
from pipeline.redact.profiles import JURISDICTIONS, Wanted
from pipeline.redact.tables import Redaction
from pipeline.report.render import write_page
from pipeline.report.summary import RedactionNote, Summary

NOT_FROM_TABLES = ("process", "process_line", "scope_lines", "drifted", "untouched")
"""What a summary holds that people wrote into case.toml or that names files."""


def redacted_report(case: Case, out: Path, wanted: Wanted) -> Redaction:
    """Write the redacted report of a published case to a file.

    Args:
        case: an open case.
        out: the file.
        wanted: list and jurisdiction.

    Returns:
        What was replaced, counted.

    Raises:
        ConfigError: designators cannot be given.
        IntegrityError: the manifest or a table cannot be read.
        TriageError: a listed value would be in the page after all.
    """
    ledger = Ledger(**case.manifest()["ledger"])
    with redacted(case, wanted, out) as made:

        def finish(summary: Summary) -> Summary:
            said: dict[str, Any] = {
                item.name: _said(getattr(summary, item.name), made.say)
                for item in fields(summary)
                if item.name in NOT_FROM_TABLES
            }
            return replace(summary, **said, redaction=note(made.redaction), profile="redacted")

        write_page(case, made.tables, ledger, out, finish, made.check)
    return made.redaction


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
