"""The state of a case in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.search.terminal import printable

NAMES = {
    "in": "in scope", "undetermined": "undetermined", "out_date": "out: date",
    "out_account": "out: account", "out_category": "out: category",
}  # fmt: skip


def told(found: dict[str, Any]) -> Iterator[str]:
    """Write what :func:`pipeline.status.status_of` found."""
    runs = found["runs"]
    last = f", the last ended {runs['last']}" if runs["last"] else ""
    lock = ", encrypted" if found["encrypted"] else ""
    yield f"{found['case']}: {found['state']}{lock}; runs published: {runs['count']:,}{last}"
    if found["problem"]:
        yield f"  ATTENTION   {printable(found['problem'])}"
    process = found["legal_process"]
    yield from _listed("legal", [f"{k}: {printable(v)}" for k, v in process["stated"].items()])
    if process["missing"]:
        yield f"  not stated  {', '.join(process['missing'])} (case.toml)"
    if process["changed"]:
        yield "  ATTENTION   case.toml was edited since the last run"
    yield from _listed("sources", [line for row in found["sources"] for line in _source(row)])
    if found["rows"]:
        yield from _scope(found["scope"])
    yield from _listed("given", [
        f"--{row['name']}: {printable(row['path'])} (entries: {row['entries']:,}; "
        f"{row['now']}{'' if row['in_tables'] else ', not yet in the tables'})"
        for row in found["given"]
    ])  # fmt: skip
    filled = [f"{name} {count:,}" for name, count in found["rows"].items() if count]
    if filled:
        yield f"  rows        {', '.join(filled)}"
    for severity, codes in found["issues"].items():
        if codes:
            shown = ", ".join(f"{code} {count:,}" for code, count in sorted(codes.items()))
            yield (
                f"  {severity + 's':11} {shown}" if severity != "info" else f"  notes       {shown}"
            )
    made = found["versions"]["made_with"]
    if made:
        differ = found["versions"]["differ"]
        names = ", ".join(row["name"] for row in differ)
        yield f"  made with   {made['tool']}; " + (
            f"other now: {names}" if differ else f"the tool at hand ({found['tool']}) is the same"
        )
    yield from _listed("reports", [f"{row['file']}: {row['state']}" for row in found["reports"]])
    yield f"  next        {printable(found['next'])}"


def _listed(name: str, lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"  {'' if number else name:11} {line}"


def _source(row: dict[str, Any]) -> Iterator[str]:
    if row["replaced_by"]:
        yield f"{row['label']}: replaced by {row['replaced_by']}"
        return
    readers = ", ".join(
        f"{name or 'not read'} {count:,}" for name, count in sorted(row["readers"].items())
    )
    yield f"{row['label']}: {printable(row['path'])} ({row['kind']}; {readers or 'no reader yet'})"
    yield f"    SHA-256 {row['sha256']}"
    now = "as it was" if row["now"] == "untouched" else row["now"].upper()
    yield f"    untouched: {row['untouched']}; now (size, time, rights): {now}"
    if row["provider_hashes"]:
        yield f"    as the provider states: {printable('; '.join(row['provider_hashes']))}"


def _scope(scope: dict[str, Any]) -> Iterator[str]:
    yield from _listed("scope", [printable(line) for line in scope["lines"]] or ["none was given"])
    if not scope["total"]:
        return
    rows = [(NAMES.get(name, name), count) for name, count in scope["records"].items()]
    for name, count in [*rows, ("sealed", scope["sealed"]), ("all records", scope["total"])]:
        yield f"  {'':11} {name:14} {count:>12,} {100 * count / scope['total']:6.2f} %"
    shown = ", ".join(f"{name} {count:,}" for name, count in scope["bytes"].items())
    yield f"  bytes       {shown}"
