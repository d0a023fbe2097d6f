"""Publication: tables, index and reports change as one, whatever cuts the change short."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.audit import append_audit, entered_since, head
from pipeline.errors import IntegrityError
from pipeline.files import make_private, remove_folder, sha256_of, write_private
from pipeline.wholeness import sizes_of

if TYPE_CHECKING:
    from pipeline.case import Case

FORMAT = 1
"""Version of the case folder; a case of a newer one is refused."""

PUBLISHED = ("tables", "index", "reports")
"""Folders that are swapped together."""

SEALED = "sealed/records"
"""Encrypted files that are not swapped; the manifest has their hashes under ``sealed``."""

JOURNAL = ".publish.json"
"""There while published folders are being swapped."""


def publish(case: Case, notes: dict[str, Any], audit: dict[str, Any] | None = None) -> None:
    """Swap what stands in ``.staged`` for what is published, as one.

    A journal is written before the first folder is moved; :func:`finish_publishing` ends a swap
    that was cut short at any point. Of folders that are not staged, the manifest keeps what it
    says: hashing them anew would hide that they had changed.

    Args:
        case: the case, locked.
        notes: go into the manifest: what the tables were made of, and their counts.
        audit: details of the entry ``run`` in the audit chain; the hash of the manifest is added.
    """
    names = [name for name in PUBLISHED if (case.staged / name).is_dir()]
    for name in names:
        make_private(case.staged / name)
    manifest = {**notes, "format": FORMAT, "files": _hashes(case.staged, names)}
    kept = [name for name in PUBLISHED if name not in names and (case.path / name).is_dir()]
    if kept:
        before = case.manifest()["files"].items()
        manifest["files"].update((k, v) for k, v in before if k.split("/", 1)[0] in kept)
    if (case.root / SEALED).is_dir():
        manifest["sealed"] = _hashes(case.root, [SEALED])
    _swap(case, manifest, "run", audit, folders=names)


def republish(case: Case, made: dict[str, Path]) -> None:
    """Publish files anew, as one: reports that were made again.

    Args:
        case: the case, locked.
        made: their paths in the case, and where they stand now: within ``case.staged``, or in
            their place already.
    """
    manifest = case.manifest()
    digests = {relative: sha256_of(path) for relative, path in made.items()}
    manifest["files"] = dict(sorted({**manifest["files"], **digests}.items()))
    files = {
        name: path.relative_to(case.staged).as_posix()
        for name, path in made.items()
        if path.is_relative_to(case.staged)
    }
    _swap(case, manifest, "report", {"files": digests}, files=files)


def _swap(
    case: Case,
    manifest: dict[str, Any],
    action: str,
    details: dict[str, Any] | None,
    *,
    folders: list[str] | None = None,
    files: dict[str, str] | None = None,
) -> None:
    """Write manifest and journal, and carry the journal out."""
    moved = {relative: case.staged / name for relative, name in (files or {}).items()}
    sizes = sizes_of([case.staged, case.path], manifest["files"])
    sizes |= {relative: place.stat().st_size for relative, place in moved.items()}
    manifest = {**manifest, "sizes": sizes}
    written = _json(manifest)
    if details is not None:
        details = {**details, "manifest_sha256": hashlib.sha256(written).hexdigest()}
    case.staged.mkdir(mode=0o700, exist_ok=True)
    write_private(case.staged / "manifest.json", written)
    journal = {
        "folders": folders or [], "files": files or {}, "action": action, "audit": details,
        "after": head(case)[0],
    }  # fmt: skip
    write_private(case.path / JOURNAL, _json(journal))
    finish_publishing(case)


def finish_publishing(case: Case) -> None:
    """Carry out the swap that a journal announces, and sweep up what an earlier one left.

    Does nothing to a case without either. The case is locked.

    Raises:
        IntegrityError: the journal is damaged.
    """
    path = case.path / JOURNAL
    if path.exists():
        journal = _journal(path)
        for name in PUBLISHED:
            new, current, old = case.staged / name, case.path / name, case.path / f".old-{name}"
            if new.is_dir():  # not yet swapped
                if current.is_dir():
                    remove_folder(old)
                    current.rename(old)
                new.rename(current)
        for relative, name in journal["files"].items():
            if (case.staged / name).is_file():
                (case.staged / name).chmod(0o600)
                (case.path / relative).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                (case.staged / name).replace(case.path / relative)
        staged = case.staged / "manifest.json"
        if staged.exists():
            staged.replace(case.path / "manifest.json")
        case.commit()  # with the journal: an entry that is not made now is made by the next command
        details = journal["audit"]
        # a command that was ended between the entry and the journal's end has written it already
        if details is not None and not entered_since(
            case, journal["after"], journal["action"], details
        ):
            append_audit(case, journal["action"], details)
        path.unlink()
    for name in PUBLISHED:
        remove_folder(case.path / f".old-{name}")
    remove_folder(case.staged)


def _journal(path: Path) -> dict[str, Any]:
    blank: dict[str, Any] = {"files": {}, "action": "run", "audit": None, "after": 0}
    try:
        return {**blank, **json.loads(path.read_text("utf-8"))}
    except (OSError, ValueError, TypeError) as error:
        raise IntegrityError(
            f"{path}: the note of an unfinished publication is damaged; delete it and run "
            "`triage run` again"
        ) from error


def clear_staged(case: Case) -> Path:
    """Empty the folder for the next publication and return it."""
    remove_folder(case.staged)
    case.staged.mkdir(mode=0o700)
    return case.staged


def unswept(path: Path) -> bool:
    """Whether a swap was cut short, or left old folders behind."""
    leftover = (JOURNAL, *(f".old-{name}" for name in PUBLISHED))
    return any((path / name).exists() for name in leftover)


def _hashes(root: Path, names: list[str]) -> dict[str, str]:
    files = (item for name in names for item in (root / name).rglob("*") if item.is_file())
    return {item.relative_to(root).as_posix(): sha256_of(item) for item in sorted(files)}


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode() + b"\n"
