"""triage report."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report", short_help="Make the report of a case again.")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--format", "form", default="html", show_default=True, type=click.Choice(["html"]),
              help="What to make.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path),
              help="Where it goes.  [CASE/reports/report.html]")  # fmt: skip
def command(case: Path, form: str, output: Path | None) -> None:
    """Write the report of CASE from its tables; a case that may not be written wants --output.

    Example:

        triage report cases/24-0117 -o /tmp/report.html
    """
    from pipeline.case import locked, open_case, republish_file, steadily
    from pipeline.report.render import report_of

    opened = open_case(case)
    if output is not None:
        click.echo(steadily(opened, lambda: report_of(opened, output)))
        return
    with locked(opened, wait=10):
        path = report_of(opened, opened.path / "reports" / f"report.{form}")
        republish_file(opened, f"reports/report.{form}")
    click.echo(path)
