"""triage evaluate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.command("evaluate", short_help="Precision and recall against gold rows.")
@click.argument("gold", metavar="GOLD.jsonl...", nargs=-1, required=True,
                type=click.Path(path_type=Path))  # fmt: skip
@click.option("--kind", "kinds", multiple=True, help="Only this kind; also where gold has none.")
@click.option("--region", help="Country of phone numbers without one.  [US]")
@click.option("--model", type=click.Path(path_type=Path), help="Another spaCy pipeline for names.")
@click.option("--no-model", is_flag=True, help="Rules alone, without the names model.")
@click.option("--spans-only", is_flag=True, help="Compare spans alone, not values.")
@click.option(
    "--errors", is_flag=True, help="List misses and false alarms with the rule that spoke."
)
@click.option("--json", "as_json", is_flag=True, help="The scores as JSON.")
def command(
    gold: tuple[Path, ...], kinds: tuple[str, ...], region: str | None, model: Path | None, *,
    no_model: bool, spans_only: bool, errors: bool, as_json: bool,
) -> None:  # fmt: skip
    """Score the extractors on gold rows {"id", "text", "spans": [...]}, by kind.

    Example:

        triage evaluate demo/gold.jsonl --errors
    """
    from extractors.finder import Finder
    from pipeline.config import settle
    from pipeline.evaluate import Score, evaluate
    from pipeline.search.terminal import printable

    config = settle(None, region=region, use_model=False if no_model else None,
                    model=str(model) if model else None)  # fmt: skip
    finder = Finder(config.region, config.model_path)
    table: list[dict[str, Any]] = []

    def add(name: str, kind: str, score: Score) -> None:
        table.append({
            "set": name, "kind": kind, "gold": score.gold, "found": score.found,
            "matched": score.matched, "precision": round(score.precision, 4),
            "recall": round(score.recall, 4), "f1": round(score.f1, 4),
            "alarms_per_1000": round(score.alarms_per_1000, 2),
        })  # fmt: skip

    for path in gold:
        scores = evaluate(
            path, finder, config.region, config.timezone, kinds or None, spans_only=spans_only
        )
        for kind, score in scores.items():
            add(path.name.removesuffix(".jsonl"), kind, score)
            if errors and not as_json:
                for title, rows in (("missed", score.misses), ("false", score.false_alarms)):
                    for row in rows:
                        before, surface, after = (printable(part) for part in row["around"])
                        told = f"{row['id']}\t{before}«{surface}»{after}\t{row['value']}"
                        click.echo(f"{title}\t{kind}\t{told}\t{row['rule']}")
    if as_json:
        click.echo(json.dumps(table))
        return
    click.echo(
        f"{'set':32} {'kind':10} {'gold':>7} {'found':>7} {'P':>6} {'R':>6} {'F1':>6} {'FA/1k':>7}"
    )
    for row in table:
        click.echo(
            f"{row['set'][:32]:32} {row['kind']:10} {row['gold']:7,} {row['found']:7,} "
            f"{row['precision']:6.3f} {row['recall']:6.3f} {row['f1']:6.3f} "
            f"{row['alarms_per_1000']:7.1f}"
        )
