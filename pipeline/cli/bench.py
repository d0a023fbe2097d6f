"""triage bench."""

from __future__ import annotations

import click


@click.command("bench", short_help="Measure this machine: the whole run beside the bare floor.")
@click.option("--pages", default=2_000, show_default=True, type=click.IntRange(20),
              help="Pages of the return that is made for it.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1), help="Worker processes.  [all cores]")
@click.option("--no-model", is_flag=True, help="Rules alone, without the names model.")
@click.option("--format", "form", default="meta", show_default=True,
              type=click.Choice(["meta", "meta-pdf"]), help="HTML, or its print.")  # fmt: skip
@click.option("--growth", is_flag=True,
              help="A hundredth and a tenth of the pages first; a table at the end.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
def command(
    pages: int, workers: int | None, form: str, *, no_model: bool, growth: bool, as_json: bool
) -> None:
    """Make a return, read it, and print pages and messages a second, peak memory, time by stage.

    Beside it stands the floor: the bare text of every page by the quickest library, in one process.

    Example:

        triage bench --pages 40000
    """
    from pipeline import bench
    from pipeline.workers import cores

    def note(text: str) -> None:
        click.echo(text, err=True)

    sizes = sorted({max(pages // part, 20) for part in ((100, 10, 1) if growth else (1,))})
    results = [
        bench.bench(
            size, workers or cores(), model=not no_model, note=note, form=form,
            speeds=size == pages,
        )
        for size in sizes
    ]  # fmt: skip
    if as_json:
        click.echo("\n".join(result.as_json() for result in results))
        return
    click.echo(results[-1].lines())
    if growth:
        click.echo(bench.growth(results))
