"""From a :class:`Summary` to a page: words only, every value escaped."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline import __version__
from pipeline.case import Case, write_private
from pipeline.derive.ledger import Ledger
from pipeline.report import words
from pipeline.report.evidence import evidence, visible
from pipeline.report.picture import draw, stretch
from pipeline.report.summarise import summarise
from pipeline.report.summary import Summary

PROCESS = {
    "number": "Warrant or order", "court": "Court", "provider": "Provider", "served": "Served",
    "officer": "Officer", "purpose": "Purpose",
}  # fmt: skip
"""Fields of ``[legal_process]`` in case.toml that a report names, and how."""


def render(summary: Summary) -> str:
    """Write the page; equal summaries give equal text."""
    anchors: dict[str, str] = {}
    for number, row in enumerate(summary.files, 1):
        anchors.setdefault(row.label, f"source-{number}")
    template = _environment().get_template("report.html.j2")
    return template.render(
        s=summary, picture=draw(summary.timeline), anchors=anchors, version=__version__
    )


def write_report(case: Case, staged: Path, ledger: Ledger) -> Path:
    """Write ``reports/report.html`` beside the staged tables.

    Args:
        case: the case, for its legal process.
        staged: folder that holds ``tables``.
        ledger: the counts of the run.

    Raises:
        IntegrityError: a table cannot be read.
    """
    return _write(case, staged / "tables", ledger, staged / "reports" / "report.html")


def report_of(case: Case, out: Path) -> Path:
    """Write the report of a published case to a file, which may lie elsewhere.

    Raises:
        IntegrityError: the manifest or a table cannot be read.
    """
    ledger = Ledger(**case.manifest()["ledger"])
    return _write(case, case.path / "tables", ledger, out)


def _write(case: Case, tables: Path, ledger: Ledger, out: Path) -> Path:
    out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    spill = out.parent / f".{out.name}.spill"
    try:
        summary = summarise(tables, ledger, process=_process(case), spill=spill)
    finally:
        shutil.rmtree(spill, ignore_errors=True)
    write_private(out, render(summary).encode("utf-8", "backslashreplace"))
    return out


def _process(case: Case) -> tuple[tuple[str, str], ...]:
    given = case.document().unwrap().get("legal_process", {})
    return tuple(
        (label, str(given[name])) for name, label in PROCESS.items() if given.get(name, "") != ""
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "amount": lambda row: words.amount(row.low, row.high),
        "between": lambda row: words.between(row.first, row.last),
        "count": words.count_of,
        "day": words.day,
        "evidence": evidence,
        "n": lambda number: f"{number:,}",
        "name": words.name_of,
        "number": words.number,
        "percent": words.percent,
        "phone": words.phone,
        "share": words.share,
        "size": words.size,
        "stamp": words.stamp,
        "visible": visible,
    }
    environment.globals |= {"stretch": stretch}
    return environment
