"""triage doctor."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("doctor", short_help="What this machine lacks, and what to do about it.")
@click.option(
    "--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".",
    help="Where cases are kept.  [here]",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
def command(folder: Path, *, as_json: bool) -> int:
    """Look at this machine: memory, disk, names model, text recognition for scans, browser.

    Ends with 0 if all that is needed is there; what is optional may be missing.

    Example:

        triage doctor --folder /srv/cases
    """
    import json
    from dataclasses import asdict

    from pipeline.doctor import examine

    findings = examine(folder)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            click.echo(f"{finding.state:9} {finding.name:17} {finding.found}")
            if finding.advice:
                click.echo(f"{'':27} {finding.advice}")
    return int(any(finding.state == "missing" for finding in findings))
