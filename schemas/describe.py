"""The table dictionary, generated from the schemas."""

from __future__ import annotations

from schemas.tables import SCHEMAS


def dictionary() -> str:
    """Return the dictionary of all tables as Markdown (docs/tables.md)."""
    lines = [
        "# Table dictionary",
        "",
        "Generated from `schemas/` by `make docs`; a test keeps it true. A table is a folder of",
        "Parquet parts:",
        '`pd.read_parquet("CASE/tables/mentions")`. Times are UTC.',
        "Offsets count code points from 0, half-open; pages and lines count from 1.",
    ]
    for name, schema in SCHEMAS.items():
        doc = schema.metadata[b"triage.doc"].decode()
        version = schema.metadata[b"triage.version"].decode()
        lines += ["", f"## {name}", "", f"{doc} (version {version})", ""]
        lines += ["| column | type | may be null | meaning |", "| --- | --- | --- | --- |"]
        for field in schema:
            null = "yes" if field.nullable else "no"
            text = field.metadata[b"doc"].decode()
            lines.append(f"| {field.name} | {_type(str(field.type))} | {null} | {text} |")
    return "\n".join(lines) + "\n"


def _type(arrow: str) -> str:
    return arrow.replace("list<item: ", "list<").replace("element: ", "").replace("|", "\\|")


if __name__ == "__main__":
    import sys

    sys.stdout.write(dictionary())
