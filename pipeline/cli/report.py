"""triage report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.report.asked import FORMATS, FULL, PARTS, PROFILES, Asked

if TYPE_CHECKING:
    from pipeline.case import Case
    from pipeline.redact.profiles import Wanted
    from pipeline.redact.tables import Redaction


@click.command("report", short_help="Make the reports of a case again, in full or redacted.")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--format", "forms", default="html", show_default=True,
              help="html, pdf, docx, or several: html,pdf,docx.")  # fmt: skip
@click.option("--profile", "profiles", default=FULL, show_default=True,
              help="For whom: investigator, prosecutor, redacted, or several.")  # fmt: skip
@click.option("--part", "parts", default="report,sheet", show_default=True,
              help="report, sheet, contacts, hotels, counties, or several.")  # fmt: skip
@click.option("--jurisdiction", default="mn", show_default=True,
              type=click.Choice(["mn", "us-federal"]),
              help="By whose rules the redacted profile takes out identifiers.")  # fmt: skip
@click.option("--protected", type=click.Path(path_type=Path),
              help="Victims, witnesses (CSV).  [the list the case was given]")  # fmt: skip
@click.option("--facts", type=click.Path(path_type=Path),
              help="Facts to hold against the records (CSV; triage corroborate).")  # fmt: skip
@click.option("--bates", type=click.Path(path_type=Path),
              help="A ledger of page numbers to cite by (CSV).")  # fmt: skip
@click.option("--since", type=click.Path(path_type=Path),
              help="report.json of an earlier report: list what has changed.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path),
              help="The folder it goes into.  [CASE/reports]")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path),
              help="The file that one document becomes, in the format of its name.")  # fmt: skip
def command(
    case: Path, forms: str, profiles: str, parts: str, jurisdiction: str, protected: Path | None,
    facts: Path | None, bates: Path | None, since: Path | None, out: Path | None,
    output: Path | None,
) -> None:  # fmt: skip
    """Write the reports of CASE from its tables; a case that may not be written wants --out.

    What is to be sent outside is made with --profile redacted: designators (PP-1) stand for those
    on the list of protected persons.

    Example:

        triage report cases/24-0117 --format html,pdf,docx --profile redacted --out for-court
    """
    from pipeline.case import open_case

    if out is not None and output is not None:
        raise click.UsageError("--out names a folder and --output a file: give one of them")
    wanted_forms = _several("--format", forms, FORMATS)
    wanted_parts = _several("--part", parts, PARTS)
    wanted_profiles = _several("--profile", profiles, PROFILES)
    if output is not None:
        wanted_forms, wanted_parts = _one_file(output, forms, parts, wanted_profiles)
    opened = open_case(case)
    for profile in wanted_profiles:
        asked = Asked(wanted_parts, wanted_forms, profile, bates, facts, since)
        redaction = _redaction(opened, profile, protected, jurisdiction)
        if output is not None:
            _into_file(opened, asked, output, redaction)
        elif out is not None:
            _into_folder(opened, asked, out, redaction)
        else:
            _into_case(opened, asked, redaction)
        if redaction is not None and not redaction.is_given:
            click.echo("triage: no list of protected persons was given (--protected): persons' "
                       "names and numbers are as they are", err=True)  # fmt: skip


def _several(option: str, given: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a list names, each once, in the order of what is known."""
    items = [item.strip() for item in given.split(",") if item.strip()]
    unknown = [item for item in items if item not in known]
    if unknown or not items:
        raise click.UsageError(
            f"{option}: {unknown[0] if unknown else 'nothing'!r} is not one of {', '.join(known)}"
        )
    return tuple(item for item in known if item in items)


def _one_file(
    output: Path, forms: str, parts: str, profiles: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the one format and part that a file holds."""
    part = "report" if parts == "report,sheet" else parts
    form = output.suffix.lstrip(".") if forms == "html" and output.suffix[1:] in FORMATS else forms
    if part not in PARTS or part == "contacts" or form not in FORMATS or len(profiles) > 1:
        raise click.UsageError(
            "--output takes one format, one profile and one part (not contacts, which are many "
            "files): use --out FOLDER for more"
        )
    return (form,), (part,)


def _redaction(
    case: Case, profile: str, protected: Path | None, jurisdiction: str
) -> Wanted | None:
    if profile != "redacted":
        return None
    from pipeline.redact.profiles import wanted

    return wanted(case, protected, jurisdiction)


def _make(
    case: Case, asked: Asked, folder: Path, wanted: Wanted | None
) -> tuple[list[Path], Redaction | None]:
    """Make the documents; what a court reads stands on what was published."""
    from pipeline.wholeness import check_bytes

    check_bytes(case, "tables")
    if wanted is None:
        from pipeline.report.make import reports_of

        return reports_of(case, asked, folder), None
    from pipeline.report.redacted import redacted_reports

    return redacted_reports(case, asked, folder, wanted)


def _into_folder(case: Case, asked: Asked, out: Path, wanted: Wanted | None) -> None:
    from pipeline.audit import enter
    from pipeline.case import steadily
    from pipeline.files import sha256_of
    from pipeline.report.output import held

    with held(out):
        made, redaction = steadily(case, lambda: _make(case, asked, out, wanted))
        hashes = {path.relative_to(out).as_posix(): sha256_of(path) for path in made}
    enter(case, "report", {"profile": asked.profile, "files": hashes} | _counted(redaction))
    for path in made:
        click.echo(path)


def _into_file(case: Case, asked: Asked, output: Path, wanted: Wanted | None) -> None:
    import shutil

    from pipeline.audit import enter
    from pipeline.case import steadily
    from pipeline.files import sha256_of
    from pipeline.report.output import held, told, usable

    usable(output)
    folder = output.with_name(f".{output.name[:60]}.made")
    try:
        with told(output), held(folder):
            made, redaction = steadily(case, lambda: _make(case, asked, folder, wanted))
            made[0].replace(output)
            digest = sha256_of(output)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    details = {"format": asked.formats[0], "profile": asked.profile, "sha256": digest}
    enter(case, "report", details | _counted(redaction))
    click.echo(output)


def _into_case(case: Case, asked: Asked, wanted: Wanted | None) -> None:
    from pipeline.case import append_audit, clear_staged, locked, republish
    from pipeline.report.output import told

    if wanted is not None:
        from pipeline.redact.mapping import designate

        designate(case, wanted.entries)  # takes the lock itself where somebody is new
    with told(case.root), locked(case, wait=10):
        folder = clear_staged(case)
        made, redaction = _make(case, asked, folder, wanted)
        names = [path.relative_to(folder).as_posix() for path in made]
        if redaction is not None:
            noted = {"files": [f"reports/{name}" for name in names], **_counted(redaction)}
            append_audit(case, "redaction", noted)
        republish(case, {f"reports/{name}": folder / name for name in names})
    more = "" if case.home is None else " (encrypted; --out FOLDER writes one to read)"
    for name in names:
        click.echo(f"{case.root / 'reports' / name}{more}")


def _counted(redaction: Redaction | None) -> dict[str, object]:
    if redaction is None:
        return {}
    from pipeline.redact.tables import counted

    return counted(redaction)
