"""Sources proven untouched: what was found before the first byte was read, and again at the end.

Times of access aside: reading changes them on some file systems, and changes no evidence.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.case import Case, write_private
from pipeline.errors import ConfigError, IntegrityError, UnfinishedError
from pipeline.search.terminal import printable

if TYPE_CHECKING:
    from pipeline.plan import Received  # and with it all readers, which few commands need
    from pipeline.stated_hashes import Stated

SHOWN = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384",
         "sha512": "SHA-512"}  # fmt: skip
BLOCK = 1 << 20

RECEIPT = "custody.json"
"""In ``reports/``, and so named in the manifest."""

WITHHELD = "a withheld file"
PASSED_OVER = "(passed over)"
"""In place of the name of a file that an operating system left, or that repeats another."""
CHECKSUMS = "text/x-checksums"
"""Media type of a list of hashes within a return: hashed, compared, no evidence."""

COMPARED = "size, SHA-256, time of change and rights"


@dataclass(frozen=True, slots=True)
class Found:
    """A file or folder as it stood; of a folder the size is None."""

    size_bytes: int | None
    mtime_ns: int
    mode: int
    """Rights, and what it is (``st_mode``)."""

    def differs(self, other: Found) -> str:
        """Say in what two differ; empty if they are equal."""
        for name, word in (("mode", "rights"), ("size_bytes", "size"), ("mtime_ns", "time")):
            if getattr(self, name) != getattr(other, name):
                return word
        return ""


@dataclass(slots=True)
class Watch:
    """Sources under watch during a run."""

    roots: tuple[Path, ...]
    found: dict[Path, Found]
    hashes: dict[Path, str] = field(default_factory=dict)
    """SHA-256 of files that this run has read."""


def begin(case: Case, sources: Iterable[Path]) -> Watch:
    """Note how sources stand before a byte of them is read: those given, and those of the case.

    Raises:
        ConfigError: a source may not be looked at.
    """
    roots = tuple(dict.fromkeys(path.absolute() for path in sources))
    try:
        found = _look(roots)
    except OSError as error:
        shown = printable(str(error.filename or roots[0]))
        raise ConfigError(f"{shown}: cannot be looked at ({error.strerror})") from error
    for entry in case.sources():
        path = Path(entry["path"])
        if "replaced_by" in entry or path in roots:
            continue
        try:
            found |= _look((path,))
        except OSError:
            continue  # taken away, as it may be: what was read of it is in work/
        roots = (*roots, path)
    return Watch(roots, found)


def _look(roots: tuple[Path, ...]) -> dict[Path, Found]:
    found: dict[Path, Found] = {}
    left = [*roots]
    while left:
        path = left.pop()
        status = path.lstat()
        is_folder = stat.S_ISDIR(status.st_mode)
        size = None if is_folder else status.st_size
        found[path] = Found(size, status.st_mtime_ns, status.st_mode)
        if is_folder:
            with os.scandir(path) as entries:
                left += [path / entry.name for entry in entries]
    return found


def note_hashes(watch: Watch, sources: Iterable[Path], received: Received) -> None:
    """Note what the files given to this run were hashed to, and hash those nothing reads.

    Args:
        watch: from :func:`begin`.
        sources: those given to this run; others are read only where their hash is checked.
        received: the files of the case.
    """
    known: dict[Path, str] = {}
    for item in received.items:
        container = item.file.container
        if container.kind == "folder":
            known[(container.path / item.file.path).absolute()] = item.file.sha256
        else:
            known[container.path.absolute()] = container.sha256
    given = {path.absolute() for path in sources}
    for path, found in watch.found.items():
        if stat.S_ISREG(found.mode) and (path in given or not given.isdisjoint(path.parents)):
            try:
                watch.hashes[path] = known.get(path) or _hash(path)
            except OSError:
                continue  # nobody could read it, and an issue says so; size, time and rights stand


def compare(watch: Watch, step: Callable[[int], None], *, whole: bool = True) -> None:
    """Look at the sources again.

    Args:
        watch: from :func:`begin`, with the hashes noted.
        step: told how many bytes were hashed.
        whole: whether to hash them again too.

    Raises:
        IntegrityError: something is not as it was; names the first.
        UnfinishedError: a source is gone or can no longer be read.
    """
    try:
        now = _look(watch.roots)
    except OSError as error:
        raise _gone(error, watch.roots[0]) from error
    for path in sorted(watch.found.keys() | now.keys()):
        before, after = watch.found.get(path), now.get(path)
        if before is None or after is None:
            raise _touched(path, "is new" if before is None else "is gone")
        if what := before.differs(after):
            raise _touched(path, f"has changed ({what})")
    for path, digest in sorted(watch.hashes.items()) if whole else ():
        try:
            same = _hash(path, step) == digest
        except OSError as error:
            raise _gone(error, path) from error
        if not same:
            raise _touched(path, "has changed (SHA-256)")


def _touched(path: Path, what: str) -> IntegrityError:
    return IntegrityError(
        f"{printable(str(path))}: {what} while the run was at work; nothing was published: find "
        "out what writes to it, put it back as it was received and run again"
    )


def _gone(error: OSError, path: Path) -> UnfinishedError:
    shown = printable(str(error.filename or path))
    return UnfinishedError(
        f"{shown}: can no longer be read ({error.strerror}), so the sources cannot be proven "
        "untouched; put it back and run again"
    )


def _hash(path: Path, step: Callable[[int], None] = lambda _count: None) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            step(len(block))
    return digest.hexdigest()


def receipt(case: Case, watch: Watch, received: Received, stated: Stated) -> dict[str, Any]:
    """Say for each source what was compared, once :func:`compare` has passed.

    Hashes that are stated of them (pipeline.stated_hashes) have been compared by then.

    A source that this run had no need to read keeps what an earlier one says of it.
    """
    earlier = {row["label"]: row for row in read_receipt(case)}
    places = {
        (item.file.container.kind, item.file.container.sha256): item.file.container.path.absolute()
        for item in received.items
    }
    entries = [entry for entry in case.sources() if "replaced_by" not in entry]
    paths = [places.get((entry["kind"], entry["sha256"]), Path(entry["path"])) for entry in entries]
    lists = {
        path.absolute(): sorted({f"{SHOWN[s.algorithm]} in {s.where}" for s in found})
        for path, found in stated.by_path().items()
    }
    shown, hide = _shown(received), _hidden(received)
    rows = []
    for entry, path in zip(entries, paths, strict=True):
        files = [
            _row(shown.get(item, PASSED_OVER), item, watch, lists.get(item, []))
            for item in _files(path, entry["kind"], watch, set(paths) - {path})
        ]
        if hide is not None:
            for file in files:
                file["as_stated"] = [hide.sub(WITHHELD, text) for text in file["as_stated"]]
        row = {
            "label": entry["label"], "kind": entry["kind"],
            "name": path.name if entry["kind"] == "folder" else shown.get(path, path.name),
            "sha256": entry["sha256"], "untouched": "yes" if files else "not compared",
            "compared": f"{COMPARED} of every file, before the first byte was read and after the "
            "last" if files else "",
            "files": files,
        }  # fmt: skip
        rows.append(row if files else earlier.get(entry["label"], row))
    return {"sources": rows}


def shield(received: Received, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take names of withheld files out of rows of issues, and of the lists of hashes about them.

    A list is often called as the file that it is about (``Chat with NAME.zip.sha256``).

    Args:
        received: the files, those of sealed conversations marked as withheld.
        rows: of ``issues``.
    """
    hide = _hidden(received)
    if hide is None:
        return rows
    folders = {str(Path(item.file.path).parent) for item in received.items if item.withheld}
    for item in received.items:
        if item.file.media_type == CHECKSUMS:
            parent = str(Path(item.file.path).parent)
            beside = parent != "." and parent in folders
            item.withheld |= beside or hide.search(item.file.path) is not None
    return [{**row, "message": hide.sub(WITHHELD, row["message"])} for row in rows]


def _hidden(received: Received) -> re.Pattern[str] | None:
    """What finds names, and their stems, of files whose names are withheld."""
    names: set[str] = set()
    for item in received.items:
        if item.withheld:
            names.add(Path(item.file.path).name)
        if item.is_alone:
            names.add(item.file.container.path.name)
    # an ending may differ (``Chat with NAME.md5``); ``records`` or ``message_1`` name nobody
    names |= {Path(name).stem for name in names if " " in Path(name).stem}
    if not names:
        return None
    return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))


def _shown(received: Received) -> dict[Path, str]:
    """Names under which files may stand in what is published."""
    found = {}
    for item in received.items:
        container = item.file.container
        if container.kind == "folder":
            found[(container.path / item.file.path).absolute()] = item.shown_path
        elif container.kind == "file":
            found[container.path.absolute()] = item.shown_path
        else:
            found[container.path.absolute()] = item.shown_container or container.path.name
    return found


def _files(path: Path, kind: str, watch: Watch, others: set[Path]) -> list[Path]:
    """Files of a source that this run has hashed, by path; an archive in a folder is another's."""
    if kind != "folder":
        return [path] if path in watch.hashes else []
    return [item for item in sorted(watch.hashes) if path in item.parents and item not in others]


def _row(name: str, path: Path, watch: Watch, stated: list[str]) -> dict[str, Any]:
    found = watch.found[path]
    return {
        "path": name, "size_bytes": found.size_bytes, "sha256": watch.hashes[path],
        "modified": modified(found.mtime_ns), "mtime_ns": found.mtime_ns,
        "mode": f"{stat.S_IMODE(found.mode):04o}", "as_stated": stated,
    }  # fmt: skip


def modified(mtime_ns: int) -> str:
    """Write a time of change for people, to the second (UTC)."""
    try:
        return datetime.fromtimestamp(mtime_ns // 10**9, UTC).isoformat(" ")
    except (OverflowError, ValueError, OSError):
        return "not a date"


def write_receipt(staged: Path, document: dict[str, Any]) -> None:
    """Write the receipt beside the staged reports."""
    folder = staged / "reports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(folder / RECEIPT, json.dumps(document, indent=1).encode() + b"\n")


def read_receipt(case: Case) -> list[dict[str, Any]]:
    """Return what the published receipt says of each source; empty without one."""
    try:
        rows = json.loads((case.path / "reports" / RECEIPT).read_text("utf-8"))["sources"]
        return [row for row in rows if isinstance(row.get("label"), str)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def counted(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The receipt in ids and counts, for the audit chain."""
    return [
        {
            "label": row["label"], "sha256": row["sha256"], "untouched": row["untouched"],
            "files": len(row["files"]),
        }
        for row in document["sources"]
    ]  # fmt: skip


def standing_now(path: Path, row: dict[str, Any] | None) -> str:
    """Say how a source stands beside its receipt, without reading it.

    Returns:
        ``untouched``, ``gone``, ``changed`` or ``not compared``.
    """
    if not os.path.lexists(path):
        return "gone"
    if row is None or not row.get("files"):
        return "not compared"
    is_folder = row.get("kind") == "folder"
    for item in row["files"]:
        if is_folder and item["path"].startswith("("):
            continue  # its name is not told
        try:
            status = (path / item["path"] if is_folder else path).lstat()
        except OSError:
            return "changed"
        now = (status.st_size, status.st_mtime_ns, f"{stat.S_IMODE(status.st_mode):04o}")
        if now != (item["size_bytes"], item["mtime_ns"], item["mode"]):
            return "changed"
    return "untouched"
