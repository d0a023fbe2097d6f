"""triage bench."""

from __future__ import annotations

import click


@click.command("bench", short_help="Measure this machine: the whole run beside the bare floor.")
@click.option("--pages", default=2_000, show_default=True, type=click.IntRange(20),
              help="Pages of the return that is made for it.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1), help="Worker processes.  [all cores]")
@click.option("--no-model", is_flag=True, help="Rules alone, without the names model.")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
def command(pages: int, workers: int | None, *, no_model: bool, as_json: bool) -> None:
    """Make a return, read it, and print pages and messages a second, peak memory, time by stage.

    Example:

        triage bench --pages 40000
    """
    from pipeline.bench import bench
    from pipeline.workers import cores

    def note(text: str) -> None:
        click.echo(text, err=True)

    result = bench(pages, workers or cores(), model=not no_model, note=note)
    click.echo(result.as_json() if as_json else result.lines())
