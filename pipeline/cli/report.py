"""triage report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.case import Case
    from pipeline.redact.profiles import Wanted
    from pipeline.redact.tables import Redaction

LATER = ("pdf", "docx")
FULL = "prosecutor"


@click.command("report", short_help="Make the report of a case again, in full or redacted.")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--format", "form", default="html", show_default=True, help="What to make.")
@click.option("--profile", default=FULL, show_default=True, help="For whom it is made.",
              type=click.Choice(["investigator", "prosecutor", "redacted"]))  # fmt: skip
@click.option("--jurisdiction", default="mn", show_default=True,
              type=click.Choice(["mn", "us-federal"]),
              help="By whose rules the redacted profile takes out identifiers.")  # fmt: skip
@click.option("--protected", type=click.Path(path_type=Path),
              help="Victims, witnesses (CSV).  [the list the case was given]")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path),
              help="The folder it goes into.  [CASE/reports]")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path),
              help="The file it becomes.  [CASE/reports/report.html]")  # fmt: skip
def command(
    case: Path, form: str, profile: str, jurisdiction: str, protected: Path | None,
    out: Path | None, output: Path | None,
) -> None:  # fmt: skip
    """Write the report of CASE from its tables; a case that may not be written wants --output.

    What is to be sent outside is made with --profile redacted: designators (PP-1) stand for those
    on the list of protected persons.

    Example:

        triage report cases/24-0117 --profile redacted --out for-court
    """
    from pipeline.audit import enter
    from pipeline.case import open_case, steadily
    from pipeline.errors import ConfigError
    from pipeline.files import sha256_of
    from pipeline.wholeness import check_bytes

    if form in LATER:
        raise ConfigError(f"--format {form}: this version makes html; pdf and docx come later")
    if form != "html":
        raise click.UsageError("--format: html")
    if out is not None and output is not None:
        raise click.UsageError("--out names a folder and --output a file: give one of them")
    name = "report.html" if profile == FULL else f"report-{profile}.html"
    if out is not None:
        output = out / name
    opened = open_case(case)
    made, asked = _maker(opened, profile, protected, jurisdiction)

    def make(path: Path) -> Redaction | None:
        check_bytes(opened, "tables")  # what a court reads stands on what was published
        return made(path)

    if output is not None:
        target = output
        redaction = steadily(opened, lambda: make(target))
        details = {"format": form, "profile": profile, "sha256": sha256_of(target)}
        enter(opened, "report", details | _counted(redaction))
        click.echo(target)
    else:
        _into_case(opened, name, make, asked)
    if asked is not None and not asked.is_given:
        click.echo("triage: no list of protected persons was given (--protected): persons' names "
                   "and numbers are as they are", err=True)  # fmt: skip


def _maker(
    case: Case, profile: str, protected: Path | None, jurisdiction: str
) -> tuple[Callable[[Path], Redaction | None], Wanted | None]:
    """Return what makes the report, and by what it is redacted."""
    if profile == "redacted":
        from pipeline.redact.profiles import wanted
        from pipeline.report.redacted import redacted_report

        asked = wanted(case, protected, jurisdiction)
        return lambda path: redacted_report(case, path, asked), asked

    from pipeline.report.render import report_of

    def make(path: Path) -> None:
        report_of(case, path, profile)

    return make, None


def _into_case(
    case: Case, name: str, make: Callable[[Path], Redaction | None], asked: Wanted | None
) -> None:
    from pipeline.case import append_audit, clear_staged, locked, republish_file

    if asked is not None:
        from pipeline.redact.mapping import designate

        designate(case, asked.entries)  # takes the lock itself where somebody is new
    with locked(case, wait=10):
        made = clear_staged(case) / name
        redaction = make(made)
        if redaction is not None:
            append_audit(case, "redaction", {"file": f"reports/{name}", **_counted(redaction)})
        republish_file(case, f"reports/{name}", made)
    told = "" if case.home is None else " (encrypted; -o FILE writes one to read)"
    click.echo(f"{case.root / 'reports' / name}{told}")


def _counted(redaction: Redaction | None) -> dict[str, object]:
    if redaction is None:
        return {}
    from pipeline.redact.tables import counted

    return counted(redaction)
