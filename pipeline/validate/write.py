"""Writes a validation: a page to print and sign, the same as JSON, a table for the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.files import write_private

PAGE, DATA = "validation-report.html", "validation-report.json"


def write(document: dict[str, Any], out: Path) -> tuple[Path, Path]:
    """Write page and data into a folder; return their paths.

    Args:
        document: as :func:`pipeline.validate.runner.as_dict` makes it.
        out: a folder; made if it is not there.

    Raises:
        OSError: the place cannot be written to.
    """
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    data = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    write_private(out / DATA, data.encode("utf-8", "backslashreplace"))
    write_private(out / PAGE, page(document).encode("utf-8", "backslashreplace"))
    return out / PAGE, out / DATA


def page(document: dict[str, Any]) -> str:
    """Write the page: self-contained, without scripts; everything is escaped."""
    environment = Environment(
        loader=PackageLoader("pipeline.validate", ""), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"n": lambda number: f"{number:,}", "rate": lambda r: f"{r:.3f}"}
    return environment.get_template("validation.html.j2").render(d=document)


def table(document: dict[str, Any]) -> str:
    """Write results by function, and those that did not pass, for a terminal."""
    lines = [f"{'':4} {'function':24} {'pass':>5} {'fail':>5} {'not run':>8} {'seconds':>8}"]
    for row in document["functions"]:
        seconds = sum(item["seconds"] for item in row["assertions"])
        lines.append(
            f"{row['code']:4} {row['name'][:24]:24} {row['pass']:5} {row['fail']:5} "
            f"{row['not_run']:8} {seconds:8.1f}"
        )
    total = document["summary"]
    lines.append(
        f"{'':4} {'all':24} {total['pass']:5} {total['fail']:5} {total['not_run']:8} "
        f"{document['seconds']:8.1f}"
    )
    lines += [
        f"{item['status'].upper()} {item['id']}: {item['observed']}"
        for row in document["functions"]
        for item in row["assertions"]
        if item["status"] != "pass"
    ]
    return "\n".join(lines)
