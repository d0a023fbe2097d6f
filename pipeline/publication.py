"""Publication: tables, index and reports change as one, whatever cuts the change short."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.files import make_private, remove_folder, sha256_of, write_private

if TYPE_CHECKING:
    from pipeline.case import Case

FORMAT = 1
"""Version of the case folder; a case of a newer one is refused."""

PUBLISHED = ("tables", "index", "reports")
"""Folders that are swapped together."""

JOURNAL = ".publish.json"
"""There while published folders are being swapped."""


def publish(case: Case, notes: dict[str, Any], audit: dict[str, Any] | None = None) -> None:
    """Swap what stands in ``.staged`` for what is published, as one.

    A journal is written before the first folder is moved; :func:`finish_publishing` ends a swap
    that was cut short at any point.

    Args:
        case: the case, locked.
        notes: go into the manifest: what the tables were made of, and their counts.
        audit: details of the entry ``run`` in the audit chain; unlike those of any other run.
    """
    names = [name for name in PUBLISHED if (case.staged / name).is_dir()]
    for name in names:
        make_private(case.staged / name)
    manifest = {**notes, "format": FORMAT, "files": _hashes(case.staged, names)}
    kept = [name for name in PUBLISHED if name not in names and (case.path / name).is_dir()]
    manifest["files"].update(_hashes(case.path, kept))
    write_private(case.staged / "manifest.json", _json(manifest))
    write_private(case.path / JOURNAL, _json({"folders": names, "audit": audit}))
    finish_publishing(case)


def finish_publishing(case: Case) -> None:
    """Carry out the swap that a journal announces, and sweep up what an earlier one left.

    Does nothing to a case without either. The case is locked.
    """
    journal = case.path / JOURNAL
    if journal.exists():
        for name in PUBLISHED:
            new, current, old = case.staged / name, case.path / name, case.path / f".old-{name}"
            if new.is_dir():  # not yet swapped
                if current.is_dir():
                    remove_folder(old)
                    current.rename(old)
                new.rename(current)
        staged = case.staged / "manifest.json"
        if staged.exists():
            staged.replace(case.path / "manifest.json")
        _audit_once(case, journal)
        journal.unlink()
    for name in PUBLISHED:
        remove_folder(case.path / f".old-{name}")
    remove_folder(case.staged)


def _audit_once(case: Case, journal: Path) -> None:
    details = json.loads(journal.read_text("utf-8")).get("audit")
    if details is None:
        return
    path = case.path / "audit.jsonl"
    written = path.read_bytes() if path.exists() else b""
    if json.dumps(details, sort_keys=True).encode() not in written:
        append_audit(case, "run", details)


def clear_staged(case: Case) -> Path:
    """Empty the folder for the next publication and return it."""
    remove_folder(case.staged)
    case.staged.mkdir(mode=0o700)
    return case.staged


def republish_file(case: Case, relative: str) -> None:
    """Note a file that was made again after publication (a report) in the manifest."""
    manifest = case.manifest()
    manifest["files"][relative] = sha256_of(case.path / relative)
    manifest["files"] = dict(sorted(manifest["files"].items()))
    write_private(case.path / "manifest.json", _json(manifest))


def append_audit(case: Case, action: str, details: dict[str, Any]) -> None:
    """Append to the hash chain: each line holds the hash of the line before.

    Args:
        case: the case.
        action: what was done.
        details: ids and counts; never evidence text.
    """
    path = case.path / "audit.jsonl"
    line = b""
    if path.exists():
        with path.open("rb") as file:
            for line in file:  # noqa: B007 - the last one is wanted
                pass
    # a line that a full disk cut off stays as it is: the next one begins on a line of its own
    cut = b"\n" if line and not line.endswith(b"\n") else b""
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "action": action,
        "details": details,
        "previous": hashlib.sha256(line + cut).hexdigest() if line else "",
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(cut + json.dumps(entry, sort_keys=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def unswept(path: Path) -> bool:
    """Whether a swap was cut short, or left old folders behind."""
    leftover = (JOURNAL, *(f".old-{name}" for name in PUBLISHED))
    return any((path / name).exists() for name in leftover)


def _hashes(root: Path, names: list[str]) -> dict[str, str]:
    files = (item for name in names for item in (root / name).rglob("*") if item.is_file())
    return {item.relative_to(root).as_posix(): sha256_of(item) for item in sorted(files)}


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode() + b"\n"
