"""What left before it was sealed: which earlier outputs of a case held the text."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from pipeline.case import Case, append_audit
from pipeline.files import write_private
from pipeline.readers.base import Issue
from pipeline.sealing.keys import sealed_folder
from pipeline.sealing.seal import Sealing
from schemas.kinds import Severity

EXPOSURE = "exposure.json"
KEPT_INSIDE = frozenset({"run", "exposure", "release", "verify", "judge"})
"""Entries of the audit that are no output."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A conversation that earlier outputs held."""

    thread: str
    records: int


def exposed_now(case: Case, sealing: Sealing, ids: set[str]) -> list[Exposed]:
    """Return what the published tables hold and is sealed now.

    Args:
        case: the case, before it is published anew.
        sealing: what is sealed.
        ids: records that are sealed for themselves.
    """
    folder = case.path / "tables" / "records"
    if not folder.is_dir():
        return []
    import pyarrow.parquet as pq

    table = pq.read_table(folder, columns=["record_id", "thread_id", "kind"])
    sealed = dict(sealing.threads)
    counts: Counter[str] = Counter()
    known: dict[str, str] = {}
    rows = zip(*(table[name].to_pylist() for name in table.column_names), strict=True)
    for record, thread, kind in rows:
        if kind is None:  # out of scope: no text was there
            continue
        if record in ids:
            counts["single"] += 1
        elif thread is not None:
            key = known.setdefault(thread, "") or sealing.id_of("thread", thread)
            known[thread] = key
            if key in sealed:
                counts[key] += 1
    return [Exposed(thread, count) for thread, count in sorted(counts.items())]


def outputs_of(case: Case) -> list[str]:
    """Name what was made of a case so far: published files, and outputs that the audit notes."""
    names = {name for name in case.manifest()["files"] if name.startswith("reports/")}
    names |= {"tables/", "index/"}
    path = case.root / "audit.jsonl"
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            entry = json.loads(line)
            action, details = entry["action"], entry["details"]
            if action not in KEPT_INSIDE:
                files = details.get("files") or details.get("outputs") or details.get("output")
                told = files if isinstance(files, list) else [files] if files else []
                named = " ".join(str(item).rpartition("/")[2] for item in told[:20])
                names.add(f"{action} of {entry['at'][:10]} {named}".strip())
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # triage verify tells of a damaged chain
    return sorted(names)


def note_exposure(case: Case, exposed: list[Exposed]) -> None:
    """Note in ``sealed/exposure.json`` and the audit what left; ids and counts."""
    if not exposed:
        return
    outputs = outputs_of(case)
    rows = load_exposure(case)
    entry = {
        "threads": {item.thread: item.records for item in exposed},
        "records": sum(item.records for item in exposed),
        "outputs": outputs,
    }
    if entry in rows:
        return  # a run that was cut short has noted it
    folder = sealed_folder(case.root)
    folder.mkdir(mode=0o700, exist_ok=True)
    text = json.dumps([*rows, entry], indent=1, sort_keys=True)
    write_private(folder / EXPOSURE, text.encode() + b"\n")
    append_audit(case, "exposure", entry)


def load_exposure(case: Case) -> list[dict[str, Any]]:
    """Return what is noted."""
    try:
        return list(json.loads((sealed_folder(case.root) / EXPOSURE).read_text("utf-8")))
    except (OSError, ValueError):
        return []


def exposure_issues(case: Case) -> list[Issue]:
    """Say for each late addition to the lists which outputs held what is sealed now."""
    return [
        Issue(
            Severity.WARNING, "guard", "exposed_before",
            f"{entry['records']:,} records in {len(entry['threads']):,} conversations were sealed "
            f"after these outputs had held them: {', '.join(entry['outputs'])}; call back what was "
            "handed on",
            count=entry["records"],
        )
        for entry in load_exposure(case)
    ]  # fmt: skip
