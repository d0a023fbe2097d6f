"""From a :class:`Summary` to a page: words only, every value escaped."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline import __version__, legal
from pipeline.audit import head_line
from pipeline.case import Case, write_private
from pipeline.derive.ledger import Ledger
from pipeline.report import words
from pipeline.report.evidence import evidence, visible
from pipeline.report.picture import draw, stretch
from pipeline.report.summarise import summarise
from pipeline.report.summary import Summary


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
    return write_page(case, staged / "tables", ledger, staged / "reports" / "report.html")


def report_of(case: Case, out: Path, profile: str = "prosecutor") -> Path:
    """Write the report of a published case in full to a file, which may lie elsewhere.

    Raises:
        IntegrityError: the manifest or a table cannot be read.
    """
    ledger = Ledger(**case.manifest()["ledger"])
    return write_page(
        case, case.path / "tables", ledger, out, lambda found: replace(found, profile=profile)
    )


def write_page(
    case: Case,
    tables: Path,
    ledger: Ledger,
    out: Path,
    finish: Callable[[Summary], Summary] = lambda found: found,
    check: Callable[[Path], None] | None = None,
) -> Path:
    """Write the page of tables that may be other than those of the case.

    Args:
        case: the case, for its legal process and audit chain.
        tables: a folder of tables.
        ledger: the counts of the run.
        out: the file.
        finish: makes the last changes to what the page says.
        check: raises TriageError where the page must not be kept; it is taken away then.

    Raises:
        IntegrityError: a table cannot be read.
    """
    out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # of an encrypted case nothing but what was asked for reaches a disk
    spill = (out.parent if case.home is None else case.path) / f".{out.name}.spill"
    try:
        summary = summarise(tables, ledger, process=_process(case), spill=spill)
        summary = replace(
            summary, audit_head=head_line(case), untouched=tuple(ledger.untouched.items()),
            process_line=legal.first_line(case.document().unwrap()),
        )  # fmt: skip
    finally:
        shutil.rmtree(spill, ignore_errors=True)
    page = render(finish(summary)).encode("utf-8", "backslashreplace")
    if check is not None:
        beside = out.with_name(f".{out.stem}.check.html")
        try:
            write_private(beside, page)
            check(beside)
        finally:
            beside.unlink(missing_ok=True)
    write_private(out, page)
    return out


def _process(case: Case) -> tuple[tuple[str, str], ...]:
    given = legal.stated(case.document().unwrap())
    return tuple((legal.FIELDS[name], text) for name, text in given.items())


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
