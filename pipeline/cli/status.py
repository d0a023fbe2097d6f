"""triage status."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click


@click.command("status", short_help="What a case holds and lacks, and what to do next.")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="All of it as JSON.")
def command(case: Path, *, as_json: bool) -> None:
    """Tell what a case holds and lacks: sources, scope, counts, issues, versions, reports.

    Nothing is changed, and a run that is at work is not disturbed. Whether sources are as they were
    is seen from their size, time and rights; `triage verify` hashes them.

    Example:

        triage status cases/24-0117
    """
    from pipeline.status import status_of
    from pipeline.status_lines import told

    found = status_of(case, password=bool(os.environ.get("TRIAGE_PASSWORD_FILE")))
    click.echo(json.dumps(found) if as_json else "\n".join(told(found)))
