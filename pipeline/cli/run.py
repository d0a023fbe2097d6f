"""triage run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

LIMITS = {
    "--limit-member-bytes": "Largest inflated member of an archive, bytes.",
    "--limit-total-bytes": "All members of an archive together, bytes.",
    "--limit-ratio": "Inflated to stored size of a member.",
    "--limit-members": "Members of an archive.",
}


def limits(function: Any) -> Any:
    """Add an option for each bound of pipeline.config.Limits."""
    for name, text in LIMITS.items():
        function = click.option(name, type=int, help=text)(function)
    return function


@click.command("run", short_help="Read returns into a case: the main job.")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--case", type=click.Path(path_type=Path), help="The case folder.")
@click.option("--region", help="Country of phone numbers without one.  [US]")
@click.option("--timezone", help="Zone of relative dates and hour grids.  [America/Chicago]")
@click.option("--workers", type=int, help="Worker processes.  [all cores]")
@click.option("--scheduler", help="Address of a running Dask scheduler (docs/cluster.md).")
@click.option("--tls-ca", type=click.Path(path_type=Path), help="Authority's certificate for it.")
@click.option("--tls-cert", type=click.Path(path_type=Path), help="Our certificate for it.")
@click.option("--tls-key", type=click.Path(path_type=Path), help="Our key for it.")
@click.option("--insecure", is_flag=True, help="Meet the scheduler without TLS.")
@click.option("--scope", type=click.Path(path_type=Path), help="What the warrant covers (TOML).")
@click.option("--watch", type=click.Path(path_type=Path), help="What the case knows already (CSV).")
@click.option("--counsel", type=click.Path(path_type=Path), help="Whose threads to seal (CSV).")
@click.option("--advocates", type=click.Path(path_type=Path), help="Whose threads to seal (CSV).")
@click.option("--protected", type=click.Path(path_type=Path), help="Victims, witnesses (CSV).")
@click.option("--password-file", type=click.Path(path_type=Path), help="For sealed material.")
@click.option("--encrypt", is_flag=True, help="Leave the case encrypted when done.")
@click.option("--model", type=click.Path(path_type=Path), help="Another spaCy pipeline for names.")
@click.option("--no-model", is_flag=True, help="Rules alone, without the names model.")
@click.option("--config", type=click.Path(path_type=Path), help="Options from a triage.toml.")
@click.option("--dry-run", is_flag=True, help="Say how each file would be read; write nothing.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON.")
@limits
def command(
    sources: tuple[Path, ...], case: Path | None, config: Path | None, *, no_model: bool,
    insecure: bool, encrypt: bool, dry_run: bool, quiet: bool, as_json: bool, **options: Any,
) -> int:  # fmt: skip
    """Read SOURCE... (zips, folders or files of a return) into a case.

    Run it again on the same case and done work is skipped; name more sources and they are added,
    all old ids stay. Nothing is written outside the case, and nothing to the source.

    Example:

        triage run return.zip --case cases/24-0117 --scope scope.toml
    """
    from pipeline.config import settle
    from pipeline.workers import cores

    chosen = {name: str(v) if isinstance(v, Path) else v for name, v in options.items()}
    chosen["workers"] = chosen["workers"] if chosen["workers"] is not None else cores()
    if insecure:
        chosen["insecure"] = True
    if encrypt:
        chosen["encrypt"] = True
    if no_model:
        chosen["use_model"] = False
    settled = settle(config, **chosen)
    if dry_run:
        from pipeline import dry_run as dry

        found = dry.outlooks(list(sources), settled, quiet=quiet)
        click.echo(dry.as_json(found) if as_json else "\n".join(dry.told(found)))
        return int(any(item.is_error for item in found))
    if case is None:
        raise click.UsageError("Missing option '--case': the folder of the case")
    from pipeline.run import run
    from pipeline.summary import as_dict, summary

    result = run(list(sources), case, settled, quiet=quiet)
    click.echo(as_dict(result) if as_json else summary(result))
    return result.exit_code
