"""The audit chain, the manifest and every published file: byte for byte what was published."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from pipeline.audit import NAME, Anchor, Chain, entry_of, is_anchored, read_chain
from pipeline.publication import PUBLISHED
from pipeline.source_file import BLOCK, reason
from pipeline.verify.checks import Check, State

MANIFEST = "manifest.json"
RESTORE = "restore it from a copy, or run `triage run` again and compare"


def check_chain(data: bytes | None, anchor: Anchor | None = None) -> tuple[Check, Chain]:
    """Follow the audit chain, and see whether an entry kept elsewhere is still in it.

    Args:
        data: the bytes of audit.jsonl; None = it is not there.
        anchor: a head kept elsewhere.
    """
    if data is None:
        return Check("chain", State.PROBLEM, f"is missing; {_COPY}", NAME), Chain()
    chain = read_chain(data)
    if chain.problem:
        detail = f"line {chain.line} {chain.problem}; {_COPY}"
        return Check("chain", State.PROBLEM, detail, NAME, row=str(chain.line)), chain
    if not chain.entries:
        return Check("chain", State.PROBLEM, f"holds no entry; {_COPY}", NAME), chain
    if anchor is not None and not is_anchored(chain, anchor):
        named = f"entry {anchor.seq}" if anchor.seq else "the entry"
        detail = (
            f"{named} of --anchor is not in the chain: it was cut off, or the chain was written "
            f"anew; {_COPY}"
        )
        return Check("chain", State.PROBLEM, detail, NAME), chain
    detail = f"{len(chain.entries):,} entries, each with the hash of the one before"
    if chain.torn:
        detail += f"; {chain.torn:,} lines cut off as they were written, the next entry vouches"
    if anchor is not None:
        detail += "; the anchored entry is among them"
    return Check("chain", State.OK, detail), chain


_COPY = "compare it with a copy of the case"


def check_manifest(data: bytes | None, audit: bytes | None) -> Check:
    """See whether the manifest is the one that the audit chain names last.

    Args:
        data: the bytes of manifest.json; None = it is not there.
        audit: the bytes of audit.jsonl; each line is taken by itself, as the chain is checked
            elsewhere.
    """
    if data is None:
        return Check("manifest", State.PROBLEM, f"is missing; {RESTORE}", MANIFEST)
    for line in reversed((audit or b"").split(b"\n")):
        entry = entry_of(line)
        if entry is None or "manifest_sha256" not in entry.details:
            continue
        if entry.details["manifest_sha256"] == hashlib.sha256(data).hexdigest():
            return Check("manifest", State.OK, f"is the one that audit entry {entry.seq} names")
        detail = f"has changed since audit entry {entry.seq} named its hash; {RESTORE}"
        return Check("manifest", State.PROBLEM, detail, MANIFEST)
    detail = "no entry of the audit chain names its hash; run `triage run` again"
    return Check("manifest", State.PROBLEM, detail, MANIFEST)


def files_of(data: bytes | None) -> dict[str, str] | None:
    """Return the files and hashes that a manifest lists; None where it cannot be read."""
    try:
        files = json.loads(data or b"")["files"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(files, dict) or not all(isinstance(v, str) for v in files.values()):
        return None
    for name in files:
        parts = PurePosixPath(name).parts
        if ".." in parts or len(parts) < 2 or PurePosixPath(name).is_absolute() or "\0" in name:
            return None
    return files


def check_file(
    root: Path, relative: str, digest: str, step: Callable[[int], None] | None = None
) -> str:
    """Hash a published file again.

    Args:
        root: the case.
        relative: the file.
        digest: the hash that the manifest gives.
        step: told how many bytes were hashed.

    Returns:
        What is wrong with it; "" = nothing.
    """
    path = root / relative
    found = hashlib.sha256()
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return "is a link or a device in place of a file"
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                found.update(block)
                if step:
                    step(len(block))
    except (FileNotFoundError, NotADirectoryError):
        return "is missing"
    except (OSError, ValueError) as error:
        return f"cannot be read ({reason(error)})"
    return "" if found.hexdigest() == digest else "has changed since it was published"


def check_files(
    root: Path, data: bytes | None, step: Callable[[int], None]
) -> tuple[Check, frozenset[str]]:
    """Hash every file of the manifest, and look for files that it does not list.

    Returns:
        The check, and the files that are as they were published.
    """
    files = files_of(data)
    if files is None:
        why = "manifest.json is missing or damaged, so it is not known what was published"
        return Check("files", State.NOT_CHECKED, why), frozenset()
    wrong: list[tuple[str, str]] = []
    for relative, digest in sorted(files.items()):
        problem = check_file(root, relative, digest, step)
        if problem:
            wrong.append((relative, problem))
    sound = frozenset(files) - {name for name, _ in wrong}
    wrong += [(name, _UNLISTED) for name in _unlisted(root, files)]
    if wrong:
        name, problem = wrong[0]
        advice = "take it out of the case" if problem == _UNLISTED else RESTORE
        more = f" (and {len(wrong) - 1:,} more files)" if len(wrong) > 1 else ""
        table = name.split("/")[1] if name.startswith("tables/") else ""
        return Check(
            "files", State.PROBLEM, f"{problem}{more}; {advice}", name, table, count=len(wrong)
        ), sound
    return Check("files", State.OK, f"{len(files):,} files have the hashes of the manifest"), sound


def check_sealed(root: Path, listed: object, step: Callable[[int], None]) -> Check:
    """Hash the sealed files again, which stay encrypted.

    Args:
        root: the folder that holds ``sealed/``.
        listed: files and hashes, as the manifest has them.
        step: told how many bytes were hashed.
    """
    if not isinstance(listed, dict):
        return Check("sealed", State.NOT_CHECKED, "manifest.json does not say what was sealed")
    for relative, digest in sorted(listed.items()):
        parts = PurePosixPath(relative).parts
        if parts[:2] != ("sealed", "records") or ".." in parts or "\0" in relative:
            return Check("sealed", State.PROBLEM, "names a file outside sealed/", MANIFEST)
        problem = check_file(root, relative, str(digest), step)
        if problem:
            return Check("sealed", State.PROBLEM, f"{problem}; {RESTORE}", relative)
    return Check("sealed", State.OK, f"{len(listed):,} encrypted files, as they were sealed")


_UNLISTED = "is there and was never published"


def _unlisted(root: Path, files: dict[str, str]) -> list[str]:
    """Files in published folders that the manifest does not list; links are not followed."""
    found: list[str] = []
    folders = [root / name for name in PUBLISHED]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
                    else:
                        found.append(Path(entry.path).relative_to(root).as_posix())
        except OSError:
            continue  # a folder that is not there: its files are told to be missing
    return sorted(set(found) - files.keys())
