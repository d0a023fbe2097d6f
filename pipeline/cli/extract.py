"""triage extract."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.command("extract", short_help="Extractors alone: JSON lines in, mentions out.")
@click.argument("source", metavar="INPUT.jsonl", type=click.Path(path_type=Path, allow_dash=True))
@click.option("-o", "--output", type=click.Path(path_type=Path, allow_dash=True), default=Path("-"),
              help="Where the mentions go; - is standard output.")  # fmt: skip
@click.option("--region", help="Country of phone numbers without one.  [US]")
@click.option("--timezone", help="Zone of relative dates.  [America/Chicago]")
@click.option("--model", type=click.Path(path_type=Path), help="Another spaCy pipeline for names.")
@click.option("--no-model", is_flag=True, help="Rules alone, without the names model.")
def command(
    source: Path, output: Path, region: str | None, timezone: str | None, model: Path | None, *,
    no_model: bool,
) -> None:  # fmt: skip
    """Find mentions in rows {"id", "text", "region"?} or {"id", "messages": [...]}.

    No case is made.

    Example:

        echo '{"id": 1, "text": "hmu 651-555-0117"}' | triage extract -
    """
    from extractors.finder import Finder
    from pipeline.config import settle
    from pipeline.errors import ConfigError
    from pipeline.evaluate import as_json, extract, read_rows

    config = settle(None, region=region, timezone=timezone, use_model=False if no_model else None,
                    model=str(model) if model else None)  # fmt: skip
    finder = Finder(config.region, config.model_path)
    stdin, stdout = str(source) == "-", str(output) == "-"
    try:
        reading = sys.stdin if stdin else source.open(encoding="utf-8")
        writing = sys.stdout if stdout else output.open("w", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{error.filename}: {error.strerror}") from error
    with reading, writing:
        rows = read_rows(reading, source.name)
        for row, hits in extract(rows, finder, config.region, config.timezone):
            for mention in as_json(row, hits):
                writing.write(json.dumps(mention, ensure_ascii=False) + "\n")
