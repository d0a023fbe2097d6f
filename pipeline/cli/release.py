"""triage release."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("release", short_help="Release a sealed conversation, or list what is sealed.")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("thread", required=False)
@click.option("--name", default="", help="Who releases it; stands in the audit.")
@click.option("--reason", default="", help="Why (order, waiver); stands in the audit as it is.")
@click.option("--list", "as_list", is_flag=True, help="List what is sealed: ids, pages, counts.")
@click.option("--password-file", type=click.Path(path_type=Path), help="For sealed material.")
@click.option("--json", "as_json", is_flag=True, help="The list as JSON.")
def command(
    case: Path, thread: str | None, name: str, reason: str, password_file: Path | None, *,
    as_list: bool, as_json: bool,
) -> int:  # fmt: skip
    """Release conversation THREAD of CASE, so that the next `triage run` reads it as any other.

    THREAD is an id of --list, or its beginning; ncmec stands for NCMEC items, single for calls,
    cards and single mails. Nothing is released without the name of who does it and a reason; both
    go into the audit chain.

    Example:

        triage release cases/24-0117 3f9c --name "A. Reyes" --reason "waiver of 3 June 2024"
    """
    import json
    from dataclasses import asdict

    from pipeline.case import locked, open_case
    from pipeline.sealing.released import release, sealed_parts, told

    secret = str(password_file) if password_file else None
    opened = open_case(case, published=False, password_file=secret)
    if as_list or as_json:
        parts = sealed_parts(opened)
        click.echo(json.dumps([asdict(part) for part in parts]) if as_json else told(parts))
        return 0
    if not thread:
        raise click.UsageError("name the conversation to release; --list shows what is sealed")
    with locked(opened):
        count = release(opened, thread, name, reason, secret)
    click.echo(f"{case}: released, {count:,} records; run `triage run` again to read them")
    return 0
