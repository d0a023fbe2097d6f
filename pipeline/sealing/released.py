"""Release of what is sealed: by a named person, for a reason, logged."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import tomlkit

from pipeline.case import Case, append_audit
from pipeline.errors import ConfigError
from pipeline.sealing.index import Index, Part, load_index
from pipeline.sealing.keys import identity_of, load_key
from pipeline.sealing.seal import NCMEC


def released_of(case: Case) -> tuple[frozenset[str], int]:
    """Return the ids that were released, and how many case.toml has that the audit does not.

    A line that somebody wrote into case.toml by hand releases nothing.
    """
    rows = case.document().unwrap().get("released", [])
    named = {str(row.get("thread", "")) for row in rows if isinstance(row, dict)}
    logged = set()
    path = case.root / "audit.jsonl"
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            entry = json.loads(line)
            if entry["action"] == "release":
                logged.add(str(entry["details"]["thread"]))
        except (ValueError, KeyError, TypeError):
            continue
    return frozenset(named & logged), len(named - logged)


def sealed_parts(case: Case) -> list[Part]:
    """Return what is sealed and not released, conversation by conversation and file by file."""
    released, _ = released_of(case)
    return [part for part in load_index(case.root).parts if part.thread not in released]


def release(case: Case, thread: str, name: str, reason: str, password_file: str | None) -> int:
    """Release a conversation: the next run reads it as any other.

    Args:
        case: the case, locked.
        thread: its id, or a beginning of it that no other has.
        name: who releases it.
        reason: why; stands in the audit as it is.
        password_file: password of the key, where it is kept under one.

    Returns:
        How many records it has.

    Raises:
        ConfigError: no name, no reason, no such conversation, or the key cannot be opened.
    """
    name, reason = name.strip(), reason.strip()
    if not _is_told(name) or not _is_told(reason):
        raise ConfigError("a release needs the name of who releases (--name) and why (--reason)")
    index = load_index(case.root)
    whole = _whole(case, index, thread)
    released, _ = released_of(case)
    if whole in released:
        raise ConfigError(f"{case.root}: {whole} is released already; `triage run` reads it")
    key = load_key(case.root)
    if key is not None:
        identity_of(case.root, key, password_file)  # who cannot open it may not let it out
    elif whole != NCMEC:
        raise ConfigError(f"{case.root}: sealed/key.json is missing; put it back")
    parts = [part for part in index.parts if part.thread == whole]
    details: dict[str, Any] = {
        "thread": whole, "name": name, "reason": reason,
        "records": sum(part.records for part in parts), "sources": [part.label for part in parts],
    }  # fmt: skip
    append_audit(case, "release", details)
    document = case.document()
    row = tomlkit.table()
    row.update({"thread": whole, "name": name, "reason": reason,
                "at": datetime.now(UTC).isoformat(timespec="seconds")})  # fmt: skip
    document.setdefault("released", tomlkit.aot()).append(row)
    case.save(document)
    return int(details["records"])


def _is_told(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _whole(case: Case, index: Index, thread: str) -> str:
    known = index.known()
    found = sorted(item for item in known if item.startswith(thread)) if thread else []
    if thread in known:
        return thread
    if len(found) != 1:
        many = "several conversations begin so" if found else "no such conversation is sealed"
        raise ConfigError(f"{case.root}: {many}; see `triage release {case.root} --list`")
    return found[0]


def told(parts: list[Part]) -> str:
    """Write what is sealed for a terminal: ids, pages and counts, never content."""
    if not parts:
        return "nothing is sealed"
    rows = ["conversation          list        records  where"]
    for part in parts:
        pages = ""
        if part.page_first is not None:
            many = part.page_last not in (None, part.page_first)
            pages = f" p. {part.page_first:,}" + (f" to {part.page_last:,}" if many else "")
        where = f"{part.label}{pages} ({part.reader})"
        rows.append(f"{part.thread:20}  {part.list:10} {part.records:8,}  {where}")
    return "\n".join(rows)
