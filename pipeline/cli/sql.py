"""triage sql."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("sql", short_help="Ask the tables in SQL.")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("query")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated, formulas disarmed.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(min=1),
              help="Rows printed as a table; --csv and --json print all.")  # fmt: skip
def command(case: Path, query: str, limit: int, *, as_csv: bool, as_json: bool) -> int:
    """Run one SELECT over the tables of CASE (docs/tables.md names them and their columns).

    Nothing but the tables can be read, and nothing can be written.

    Example:

        triage sql cases/24-0117 "SELECT e164, count(*) AS n FROM phones GROUP BY 1 ORDER BY n DESC"
    """
    from pipeline import sql
    from pipeline.case import open_case

    if as_csv and as_json:
        raise click.UsageError("--csv or --json, not both")
    with sql.asked(open_case(case), query) as answer:
        lines = (
            sql.as_json(answer) if as_json
            else sql.as_csv(answer) if as_csv
            else sql.as_table(answer, limit)
        )  # fmt: skip
        for line in lines:
            click.echo(line)
    return 0
