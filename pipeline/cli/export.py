"""triage export."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("export", short_help="The tables of a case as files, for others.")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--format", "forms", default="parquet", show_default=True,
              help="Of parquet, csv, jsonl: one, or several with commas.")  # fmt: skip
@click.option("--profile", default="redacted", show_default=True, help="For whom it is made.",
              type=click.Choice(["redacted", "prosecutor"]))  # fmt: skip
@click.option("--jurisdiction", default="mn", show_default=True,
              type=click.Choice(["mn", "us-federal"]),
              help="By whose rules the redacted profile takes out identifiers.")  # fmt: skip
@click.option("--protected", type=click.Path(path_type=Path),
              help="Victims, witnesses (CSV).  [the list the case was given]")  # fmt: skip
@click.option("--out", "-o", required=True, type=click.Path(path_type=Path),
              help="A new folder.")  # fmt: skip
@click.option("--to", default="not stated", show_default=True, help="Recipient; stands in README.")
@click.option("--json", "as_json", is_flag=True, help="What was made, as JSON.")
def command(
    case: Path, forms: str, profile: str, jurisdiction: str, protected: Path | None, out: Path,
    to: str, *, as_json: bool,
) -> None:  # fmt: skip
    """Write the tables of CASE into a new folder, with a manifest; redacted unless asked otherwise.

    Pictures, films and sound are never exported, nor anything sealed.

    Example:

        triage export cases/24-0117 --format csv --out for-court --to "County Attorney"
    """
    import json

    from pipeline.case import open_case
    from pipeline.export.files import FORMATS
    from pipeline.export.package import export
    from pipeline.redact.profiles import wanted
    from pipeline.redact.tables import counted

    chosen = [form.strip() for form in forms.split(",") if form.strip()]
    unknown = [form for form in chosen if form not in FORMATS]
    if unknown or not chosen:
        raise click.UsageError(f"--format: of {', '.join(FORMATS)}, one or several with commas")
    opened = open_case(case)
    asked = wanted(opened, protected, jurisdiction) if profile == "redacted" else None
    made = export(opened, out, chosen, profile, asked, to)
    if asked is not None and not asked.is_given:
        click.echo("triage: no list of protected persons was given (--protected): persons' names "
                   "and numbers are as they are", err=True)  # fmt: skip
    if as_json:
        told = {"folder": str(made.folder), "files": made.files, "rows": made.rows}
        click.echo(json.dumps({**told, **(counted(made.redaction) if made.redaction else {})}))
    else:
        click.echo(made.folder)
