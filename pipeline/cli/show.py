"""triage show."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("show", short_help="Open a citation, record, mention or entity in its context.")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("id_", metavar="ID")
@click.option("--context", default=5, show_default=True, type=click.IntRange(0),
              help="Records of the conversation before and after.")  # fmt: skip
@click.option("--source", "source_dir", type=click.Path(path_type=Path),
              help="Where the return is now, if it has moved.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(case: Path, id_: str, context: int, source_dir: Path | None, *, as_json: bool) -> None:
    """Show the text around ID, the rule that found it, and the bytes it stands on.

    ID is an id from any table, or a citation as printed. The bytes are read again from the source
    and checked against its hash.

    Example:

        triage show cases/24-0117 "FB-1 p. 1,204 l. 17"
    """
    from pipeline.case import open_case, steadily
    from pipeline.search.render import render_show
    from pipeline.search.show import show
    from pipeline.search.views import to_json

    opened = open_case(case)
    result = steadily(
        opened, lambda: show(opened.path, id_, context=context, source_dir=source_dir)
    )
    click.echo(json.dumps(to_json(result)) if as_json else render_show(result))
