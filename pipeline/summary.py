"""What a run says at its end."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from pipeline.search.terminal import printable

if TYPE_CHECKING:
    from pipeline.run import RunResult

COUNTED = (
    ("phone", "phone numbers"), ("alias", "aliases"), ("handle", "handles"),
    ("location", "places"), ("money", "amounts"), ("email", "e-mail addresses"),
    ("url", "web addresses"), ("ip", "IP addresses"),
)  # fmt: skip
"""Kinds named at the end of a run; mentions in records that repeat no other."""


def summary(result: RunResult) -> str:
    """Write the summary for a terminal: counts, what was not understood, where the report is."""
    ledger, case = result.ledger, result.case
    head = "nothing new: the case is as it was" if result.unchanged else f"{result.seconds:,.0f} s"
    share = f"{100 * ledger.share_not_understood:.2f} %"
    lines = [
        f"{case}: {head}",
        f"  read        {ledger.pages:,} pages, {ledger.records:,} records, {ledger.messages:,} "
        f"messages ({ledger.duplicates:,} repeats apart)",
        "  mentions    " + ", ".join(f"{ledger.kinds.get(k, 0):,} {name}" for k, name in COUNTED),
        f"  not read    {share} of the bytes of pages; {_many(ledger.unread_files, 'file')}; "
        f"{_many(ledger.errors, 'error')}, {_many(ledger.issues - ledger.errors, 'note')} "
        "(table issues)",
    ]
    lines += [f"  ATTENTION   {printable(message)}" for message in ledger.drifted]
    if ledger.watch_entries:
        lines.append(f"  watch list  {_watched(result)}")
    if unmatched := ledger.issue_codes.get("scope_matches_nothing", 0):
        names = "a name" if unmatched == 1 else f"{unmatched:,} names"
        lines.append(f"  ATTENTION   {names} in the scope match nothing here (table issues)")
    if not ledger.scoped:
        lines.append("  scope       none was given: nothing was set aside (--scope scope.toml)")
    else:
        parts = [f"{count:,} {name.replace('_', ': ')}" for name, count in ledger.scopes.items()]
        lines.append("  scope       " + ", ".join([*parts, f"{ledger.sealed:,} sealed"]))
    if ledger.sealed:
        lines.append(f"  sealed      {ledger.sealed:,} records; triage release {case} --list")
    if result.seal_key:
        lines.append(f"  ATTENTION   the key of what is sealed is {result.seal_key}: keep a copy")
    if result.encrypted:
        lines.append(f"  report      encrypted; to read it: triage report {case} -o FILE")
    else:
        lines.append(f"  report      {case / 'reports' / 'report.html'}")
    lines.append(f'  search      triage search {case} "WORDS"   or   phone:651-555-0117')
    return "\n".join(lines)


MISSING_SHOWN = 10
"""Entries of the watch list named as not found; all of them are in the table ``watched``."""


def _watched(result: RunResult) -> str:
    ledger = result.ledger
    missing = ledger.watch_entries - ledger.watch_found
    entries = "1 entry" if ledger.watch_entries == 1 else f"{ledger.watch_entries:,} entries"
    told = f"{entries}: {ledger.watch_found:,} found, {missing:,} not found in what was read"
    named = [printable(name) for name in result.watch_missing[:MISSING_SHOWN]]
    if named:
        told += f" ({'; '.join(named)}{'; …' if missing > len(named) else ''})"
    return f"{told}; triage search {result.case} watch:"


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def as_dict(result: RunResult) -> str:
    """Write the summary as JSON."""
    return json.dumps(
        {
            "case": str(result.case),
            "seconds": round(result.seconds, 1),
            "unchanged": result.unchanged,
            "exit_code": result.exit_code,
            "share_not_understood": result.ledger.share_not_understood,
            **asdict(result.ledger),
        },
        sort_keys=True,
    )
