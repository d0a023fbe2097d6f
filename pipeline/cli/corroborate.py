"""triage corroborate."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.report.asked import FORMATS as FILES

PRINTED = ("table", "json", "csv")


@click.command("corroborate", short_help="Hold facts that people entered against the records.")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("facts", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice([*PRINTED, *FILES]),
              help="How it is written.  [that of the file's name; else table]")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path),
              help="The file it goes into; html, pdf and docx want one.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def command(
    case: Path, facts: Path, form: str | None, output: Path | None, *, as_json: bool, quiet: bool
) -> None:
    """Say for each fact of FACTS (CSV) which records support it, conflict with it, or are silent.

    Columns: fact_id, fact, entered_by, source, from, to (days or times; local without an offset),
    supports and conflicts (queries of `triage search`, ; between them), account, thread, and place,
    phone, amount, of which queries are made. It never says that a fact is true.

    Example:

        triage corroborate cases/24-0117 facts.csv -o matrix.pdf
    """
    from pipeline.audit import enter
    from pipeline.case import open_case, steadily
    from pipeline.corroborate.facts import read_facts
    from pipeline.corroborate.matrix import corroborate
    from pipeline.corroborate.written import WRITERS
    from pipeline.progress import Progress
    from pipeline.report.make import ledger_of

    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form}: give one of them")
    form = "json" if as_json else form or _form_of(output)
    if form in FILES and output is None:
        raise click.UsageError(f"--format {form} wants -o FILE")
    if output is not None and output.resolve() == facts.resolve():
        raise click.UsageError("-o names the file of facts, which would be lost")
    opened = open_case(case)
    read = read_facts(facts, ledger_of(opened).zone)
    with Progress(quiet=quiet) as progress, progress.stage("search", len(read.facts), "facts"):
        matrix = steadily(opened, lambda: corroborate(opened, read, progress.step))
    if form in FILES:
        from pipeline import legal
        from pipeline.report.make import Built, written
        from pipeline.report.sections.matrix import matrix_document

        process = legal.first_line(opened.document().unwrap())
        data = written(Built(matrix_document(matrix, process)), form)
    else:
        data = WRITERS[form](matrix).encode("utf-8", "backslashreplace")
    if output is None:
        click.echo(data.decode(), nl=False)
    else:
        _save(output, data)
    enter(opened, "corroborate", {"format": form, **matrix.counts()})
    if output is not None:
        click.echo(output)


def _form_of(output: Path | None) -> str:
    suffix = output.suffix.lstrip(".").lower() if output is not None else ""
    return suffix if suffix in (*PRINTED[1:], *FILES) else "table"


def _save(output: Path, data: bytes) -> None:
    from pipeline.files import write_private
    from pipeline.report.output import told, usable

    usable(output)
    with told(output):
        output.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(output, data)
