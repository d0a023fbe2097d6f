"""triage verify."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("verify", short_help="Check sources, files, audit chain and tables of a case.")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--source", "sources", multiple=True, type=click.Path(path_type=Path, exists=True),
              help="Where a source is now, if it has moved; may be given again.")  # fmt: skip
@click.option("--anchor", help="A head of the audit chain kept elsewhere: NUMBER:HASH, or HASH.")
@click.option("--replay", is_flag=True, help="Run the sources again and compare the tables.")
@click.option("--officer", help="On whose behalf, for the audit chain.  [case.toml]")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def command(
    case: Path, sources: tuple[Path, ...], anchor: str | None, officer: str | None, *,
    replay: bool, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Check that CASE still is what was published, and its sources what was received.

    Names the first thing that is wrong and ends with exit code 3; so it does where something could
    not be checked.

    Example:

        triage verify cases/24-0117 --anchor 4:9f86d081884c7d65
    """
    from pipeline.audit import read_anchor
    from pipeline.errors import IntegrityError
    from pipeline.verify.case import verify

    kept = None if anchor is None else read_anchor(anchor)
    verdict = verify(
        case, roots=list(sources), anchor=kept, again=replay, officer=officer, quiet=quiet
    )
    click.echo(verdict.as_json() if as_json else verdict.lines())
    if verdict.first is not None:
        raise IntegrityError(f"{case}: {verdict.first.line}")
