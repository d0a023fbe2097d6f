"""triage search."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("search", short_help="Find text or a value; every hit is cited.")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("query")
@click.option("--kind", help="Only this kind of record or mention.")
@click.option("--from", "since", help="First day or moment (UTC).")
@click.option("--to", "until", help="Last day or moment (UTC).")
@click.option("--author", help="Part of the author's name, or an account id.")
@click.option("--thread", help="Thread id, or part of its name.")
@click.option("--watched", is_flag=True, help="Only hits of the watch list.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="Hits shown.")
@click.option("--json", "as_json", is_flag=True, help="Hits as JSON.")
def command(
    case: Path, query: str, kind: str | None, since: str | None, until: str | None,
    author: str | None, thread: str | None, limit: int, *, watched: bool, as_json: bool,
) -> None:  # fmt: skip
    """Search a case by text ("rodeway", "front desk", rode*, rodway~) or by value.

    By value: phone:651-555-0117 in any writing, alias:cookie, handle:$tag, place:fridley,
    money:500.., money:100..300, email:, url:, ip:; watch: for all hits of the watch list, which
    come first in every list by value. Hits come by time.

    Example:

        triage search cases/24-0117 phone:651-555-0117 --from 2024-03-01
    """
    from pipeline.case import open_case, steadily
    from pipeline.search.query import render_search, search, to_json

    opened = open_case(case)
    result = steadily(
        opened,
        lambda: search(
            opened.path, query, kind=kind, since=since, until=until, author=author,
            thread=thread, watched=watched, limit=limit,
        ),
    )  # fmt: skip
    click.echo(json.dumps(to_json(result)) if as_json else render_search(result))
