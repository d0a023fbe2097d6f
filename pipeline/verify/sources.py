"""The sources, hashed again: by size first, then every byte, the members of archives too."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.config import Limits
from pipeline.errors import ConfigError
from pipeline.intake import Intake, SourceFile, take_in
from pipeline.verify.checks import Check, State

COLUMNS = ["source_id", "source_label", "path", "container_sha256", "source_sha256", "size_bytes"]


@dataclass(frozen=True, slots=True)
class Known:
    """What a case says of one of its sources."""

    entry: dict[str, Any]
    """Of case.toml: label, path, kind, sha256."""
    rows: list[dict[str, Any]]
    """Of the table ``sources``: its files."""
    receipt: dict[str, Any]
    """Of reports/custody.json; empty where it is not there."""

    @property
    def name(self) -> str:
        """Its name as it was received."""
        return Path(self.entry["path"]).name


@dataclass(frozen=True, slots=True)
class Located:
    """A source that is as it was received, and where it is now."""

    entry: dict[str, Any]
    path: Path


def known_sources(
    entries: list[dict[str, Any]], parts: list[Path] | None, receipts: list[dict[str, Any]]
) -> list[Known]:
    """Bring together what case.toml, the table and the receipt say.

    Args:
        entries: of case.toml.
        parts: of the table ``sources``; None = it cannot be asked.
        receipts: of reports/custody.json.
    """
    rows = list(_rows(parts or []))
    by_label = {row["label"]: row for row in receipts}
    found = []
    for entry in entries:
        if "replaced_by" in entry:
            continue
        label = entry["label"]
        own = [
            row for row in rows
            if row["source_label"] == label or row["source_label"].startswith(f"{label}/")
        ]  # fmt: skip
        found.append(Known(entry, own, by_label.get(label, {})))
    return found


def _rows(parts: list[Path]) -> Iterator[dict[str, Any]]:
    try:
        for part in parts:
            yield from pq.read_table(part, columns=COLUMNS).to_pylist()
    except (pa.ArrowException, OSError):
        return  # another check says so; the hashes of case.toml are left to compare with


def check_sources(
    sources: list[Known], roots: list[Path], limits: Limits, step: Callable[[int], None]
) -> tuple[list[Check], list[Located]]:
    """Hash the sources again.

    Args:
        sources: of :func:`known_sources`.
        roots: where they may be now, beside the place that case.toml gives.
        limits: bounds against archives made to burst, as the run had them.
        step: told how many bytes were hashed.

    Returns:
        A check for each, and those that are as they were received.
    """
    checks, located = [], []
    for source in sources:
        check, path = _check(source, roots, limits, step)
        checks.append(check)
        if path is not None:
            located.append(Located(source.entry, path))
    return checks, located


def _check(
    source: Known, roots: list[Path], limits: Limits, step: Callable[[int], None]
) -> tuple[Check, Path | None]:
    label = source.entry["label"]
    name = f"source {label}"
    other = _contradiction(source)
    if other:
        return Check(name, State.PROBLEM, other, "case.toml"), None
    worst: Check | None = None
    for path in _candidates(source, roots):
        problem, files, size = _compare(source, path, limits, step)
        if not problem:
            moved = "" if path == Path(source.entry["path"]) else f" (found as {path})"
            detail = f"{files:,} files, {size:,} bytes, as received{moved}"
            return Check(name, State.OK, detail), path
        worst = worst or Check(name, State.PROBLEM, problem, source.name)
    detail = (
        f"was not found at {source.entry['path']}, so it cannot be checked; name the folder it is "
        "in now by --source DIR"
    )
    return worst or Check(name, State.NOT_CHECKED, detail, source.name), None


def _contradiction(source: Known) -> str:
    """Say where case.toml gives another hash than what was published."""
    entry = source.entry
    column = {"zip": "container_sha256", "file": "source_sha256"}.get(entry["kind"])
    others = {row[column] for row in source.rows} if column else set()
    others |= {source.receipt["sha256"]} if "sha256" in source.receipt else set()
    if others <= {entry["sha256"]}:
        return ""
    return (
        f"gives another SHA-256 of {entry['label']} than what was published; restore it from a copy"
    )


def _candidates(source: Known, roots: list[Path]) -> Iterator[Path]:
    """Yield where a source may be: under the folders named first, then where it was."""
    is_folder = source.entry["kind"] == "folder"
    there = Path.is_dir if is_folder else Path.is_file
    seen: set[Path] = set()
    for root in roots:
        found = [root, root / source.name]
        if root.is_dir():
            found += sorted(root.rglob(glob.escape(source.name)))
        for path in found:
            if there(path) and not path.is_symlink() and path not in seen:
                seen.add(path)
                yield path
    path = Path(source.entry["path"])
    if there(path) and path not in seen:
        yield path


def _compare(
    source: Known, path: Path, limits: Limits, step: Callable[[int], None]
) -> tuple[str, int, int]:
    """Compare what is at a path with what was received; count its files and bytes.

    Returns:
        What is wrong, or "".
    """
    advice = "find the original, and name its folder by --source DIR"
    is_folder = source.entry["kind"] == "folder"
    for item in source.receipt.get("files", []):
        file = path / item["path"] if is_folder else path
        try:
            size = file.stat().st_size
        except OSError:
            return f"{item['path']} is no longer there; {advice}", 0, 0
        if size != item["size_bytes"]:
            what = f"has {size:,} bytes, not {item['size_bytes']:,}"
            return f"{item['path']} {what}: it is not what was received; {advice}", 0, 0
    try:
        parts = take_in(path, limits, step)
    except ConfigError as error:
        return f"cannot be hashed: {error}", 0, 0
    part = next((p for p in parts if p.container.kind == source.entry["kind"]), None)
    if part is None:
        return f"is no longer a {source.entry['kind']}; {advice}", 0, 0
    if part.container.kind == "file":
        part.files[0].path = source.name  # a file that was renamed is the same file
    same = part.container.sha256 == source.entry["sha256"]
    problem = _changed_file(part, source.rows)
    if not same:
        named = f" ({problem})" if problem else ""
        return f"has changed since it was received: its SHA-256 differs{named}; {advice}", 0, 0
    if problem:
        return f"is as received, and yet the table sources does not fit it: {problem}", 0, 0
    files: list[SourceFile] = part.files
    return "", len(files), sum(file.size_bytes for file in files)


def _changed_file(part: Intake, rows: list[dict[str, Any]]) -> str:
    """Name the first file that is not what the table says."""
    now = {file.source_id: file for file in part.files}
    hashes = {PurePosixPath(file.path): file.sha256 for file in part.files}
    for row in rows:
        file = now.get(row["source_id"])
        if file is not None and (file.sha256, file.size_bytes) == (
            row["source_sha256"], row["size_bytes"],
        ):  # fmt: skip
            continue
        if hashes.get(PurePosixPath(row["path"])) == row["source_sha256"]:
            continue  # the archive has changed, and with it the ids of its members; this has not
        gone = PurePosixPath(row["path"]) not in hashes
        return f"{row['path']} {'is not in it any more' if gone else 'has changed'}"
    return ""
