"""triage sample."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.sample.formats import FORMATS, make


@click.command("sample", short_help="Make a synthetic return with gold.")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--pages", default=200, show_default=True, type=click.IntRange(20),
              help="Pages.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, type=int, help="Same seed, same bytes.")
@click.option("--format", "form", default="meta", show_default=True,
              type=click.Choice(list(FORMATS)), help="Layout of the return.")  # fmt: skip
@click.option("--words", default="a", show_default=True, type=click.Choice(["a", "b"]),
              help="Word list; b is held back for checking.")  # fmt: skip
@click.option("--check", "case", type=click.Path(path_type=Path),
              help="Make nothing: hold this case against the gold in OUT.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress bar.")
def command(
    out: Path, pages: int, seed: int, form: str, words: str, case: Path | None, *, quiet: bool
) -> int:
    """Make an invented return in the folder OUT (or the zip OUT), with gold.jsonl beside it.

    Other formats than Meta's are made in a folder: hand the zip or folder that is named to
    `triage run`, and check the case by the gold. Printing needs Chromium (`triage doctor`).

    Example:

        triage sample demo --pages 200 --seed 1
    """
    from pipeline.case import open_case
    from pipeline.progress import Progress
    from pipeline.sample.check import check
    from pipeline.sample.maker import make_sample

    if case is not None:
        gold = out if out.suffix == ".jsonl" else out / "gold.jsonl"
        recovery = check(open_case(case).path, gold)
        click.echo("\n".join(filter(None, [recovery.line(), recovery.repeats_line()])))
        return int(recovery.recovered < recovery.gold or recovery.surplus > 0)
    if form != "meta":
        with Progress(quiet=quiet) as progress, progress.stage("sample"):
            source = make(form, out, pages=pages, seed=seed, wordlist=words)
        click.echo(f"{source}: {FORMATS[form][1]}; its gold: {out / 'gold.jsonl'}")
        return 0
    with Progress(quiet=quiet) as progress, progress.stage("sample", pages, "pages"):
        receipt = make_sample(out, pages=pages, seed=seed, wordlist=words, progress=progress.reach)
    made = sum(receipt.pages.values())
    spans = ", ".join(f"{count:,} {kind}" for kind, count in sorted(receipt.spans.items()))
    click.echo(
        f"{receipt.zip_path}: {made:,} pages, {receipt.messages:,} messages\n"
        f"{receipt.gold_path}: {spans}"
    )
    return 0
