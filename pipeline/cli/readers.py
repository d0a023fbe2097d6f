"""triage readers."""

from __future__ import annotations

import click


@click.command("readers", short_help="The formats that are read, and how sure we are of each.")
@click.option("--json", "as_json", is_flag=True, help="The list as JSON.")
def command(*, as_json: bool) -> int:
    """List the formats that are read: layouts of providers first, then plain documents.

    Each says what its layout was confirmed by. `triage run SOURCE --dry-run` tells which of them
    would read which file of a return, and why.

    Example:

        triage readers
    """
    import json

    from pipeline.readers import READERS

    ordered = sorted(READERS, key=lambda reader: (reader.provider is None, reader.title))
    rows = [
        {
            "name": reader.name, "version": reader.version, "format": reader.title,
            "provider": reader.provider, "media_type": reader.media_type,
            "confidence": reader.confidence, "citation": list(reader.units),
        }
        for reader in ordered
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows))
        return 0
    for row in rows:
        click.echo(f"{row['name']:16} {row['format']}")
        click.echo(f"{'':16} {row['confidence']}")
    return 0
