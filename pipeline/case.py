"""The case folder: opening, locking, publishing; the public Python face for notebooks.

Nothing here loads pyarrow, pandas or duckdb until a table is asked for.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit
from filelock import FileLock, Timeout

from pipeline.errors import ConfigError, IntegrityError, UnfinishedError

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Version of the case folder; a case of a newer one is refused."""

PUBLISHED = ("tables", "index", "reports")
"""Folders that are swapped together."""

TEMPLATE = """\
# The case, for people: fill in what is known. The tool reads it and adds sources; it changes nothing
# that stands here.
format = 1

[legal_process]
number = ""            # warrant or order number
court = ""
provider = ""
served = ""
officer = ""
purpose = ""
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A case folder. Make one with :func:`open_case` or :func:`create_case`."""

    path: Path

    @property
    def work(self) -> Path:
        """Shard outputs and receipts."""
        return self.path / "work"

    @property
    def staged(self) -> Path:
        """Where the next tables, index and report are made."""
        return self.path / ".staged"

    def document(self) -> Any:
        """Return case.toml as a document that keeps comments.

        Raises:
            ConfigError: it cannot be read.
        """
        try:
            return tomlkit.parse((self.path / "case.toml").read_text("utf-8"))
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise ConfigError(f"{self.path}: case.toml cannot be read: {error}") from error

    def save(self, document: Any) -> None:
        """Write case.toml back, whole."""
        write_private(self.path / "case.toml", tomlkit.dumps(document).encode("utf-8"))

    def sources(self) -> list[dict[str, Any]]:
        """Return the sources with their labels, as case.toml lists them."""
        return [dict(item) for item in self.document().unwrap().get("sources", [])]

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Read a table into pandas.

        Args:
            name: one of the tables of docs/tables.md.
            columns: the columns wanted; None = all.
        """
        import pandas as pd

        folder = self.path / "tables" / name
        if not folder.is_dir():
            raise ConfigError(f"{self.path}: no table {name!r}; run `triage run` first")
        return pd.read_parquet(folder, columns=columns, dtype_backend="pyarrow")

    def manifest(self) -> dict[str, Any]:
        """Return manifest.json.

        Raises:
            IntegrityError: it is missing or unreadable.
        """
        try:
            return dict(json.loads((self.path / "manifest.json").read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise IntegrityError(
                f"{self.path}: manifest.json is missing or damaged; run `triage run` again"
            ) from error


def open_case(path: Path, *, published: bool = True) -> Case:
    """Open a case for reading, finishing a swap that was interrupted.

    Raises:
        ConfigError: no case there, a case of a newer version, or nothing published yet.
    """
    case = Case(path)
    if not (path / "case.toml").is_file():
        raise ConfigError(f"{path}: no case here; make one with `triage run SOURCE --case {path}`")
    version = case.document().unwrap().get("format", 0)
    if not isinstance(version, int) or version > FORMAT:
        raise ConfigError(
            f"{path}: made by a newer version (case format {version}, this tool knows {FORMAT}); "
            "update the tool"
        )
    if (path / ".publish.json").exists() and os.access(path, os.W_OK):
        with locked(case):
            finish_publishing(case)
    if published and not (path / "tables").is_dir():
        raise ConfigError(f"{path}: nothing is published yet; run `triage run` again to finish")
    return case


def create_case(path: Path, sources: list[Path]) -> Case:
    """Open the case there, or make it; private to its owner.

    Raises:
        ConfigError: the folder lies in a source, is in use by something else, or may not be written.
    """
    resolved = path.resolve()
    for source in sources:
        root = source.resolve()
        if root.is_dir() and (resolved == root or root in resolved.parents):
            raise ConfigError(f"{path}: lies inside the source {source}; name a folder elsewhere")
    if (path / "case.toml").is_file():
        case = open_case(path, published=False)
        if not os.access(path, os.W_OK):
            raise ConfigError(f"{path}: the case may not be written; ask for access")
        return case
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise ConfigError(f"{path}: is there already and is no case; name another folder")
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
        write_private(path / "case.toml", TEMPLATE.encode())
    except OSError as error:
        raise ConfigError(f"{path}: the case cannot be written there: {error.strerror}") from error
    return Case(path)


@contextmanager
def locked(case: Case) -> Iterator[None]:
    """Hold the case for writing.

    Raises:
        UnfinishedError: another run holds it.
    """
    lock = FileLock(case.path / ".lock", timeout=0, mode=0o600)
    try:
        with lock:
            yield
    except Timeout as error:
        raise UnfinishedError(
            f"{case.path}: another run is at work on this case; wait until it has ended"
        ) from error


def write_private(path: Path, data: bytes) -> None:
    """Write a file whole, for the owner only: beside first, then renamed over it."""
    beside = path.with_name(f".{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def publish(case: Case, notes: dict[str, Any]) -> None:
    """Swap what stands in ``.staged`` for what is published, as one.

    ``notes`` go into the manifest: what the tables were made of, and their counts.

    A journal names the folders before the first is moved; :func:`finish_publishing` ends a swap that
    was cut short at any point.
    """
    names = [name for name in PUBLISHED if (case.staged / name).is_dir()]
    for name in names:
        _make_private(case.staged / name)
    manifest = {**notes, "format": FORMAT, "files": _hashes(case.staged, names)}
    kept = [name for name in PUBLISHED if name not in names and (case.path / name).is_dir()]
    manifest["files"].update(_hashes(case.path, kept))
    write_private(case.staged / "manifest.json", _json(manifest))
    write_private(case.path / ".publish.json", _json({"folders": names}))
    finish_publishing(case)


def finish_publishing(case: Case) -> None:
    """Carry out the swap that the journal names; does nothing without a journal."""
    journal = case.path / ".publish.json"
    if not journal.exists():
        return
    for name in json.loads(journal.read_text("utf-8"))["folders"]:
        new, current, old = case.staged / name, case.path / name, case.path / f".old-{name}"
        if new.is_dir():  # not yet swapped
            if current.is_dir():
                shutil.rmtree(old, ignore_errors=True)
                current.rename(old)
            new.rename(current)
    staged = case.staged / "manifest.json"
    if staged.exists():
        staged.replace(case.path / "manifest.json")
    journal.unlink()
    for name in PUBLISHED:
        shutil.rmtree(case.path / f".old-{name}", ignore_errors=True)
    shutil.rmtree(case.staged, ignore_errors=True)


def clear_staged(case: Case) -> Path:
    """Empty the folder for the next publication and return it."""
    shutil.rmtree(case.staged, ignore_errors=True)
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
    previous = ""
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                previous = hashlib.sha256(line).hexdigest()
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "action": action,
        "details": details,
        "previous": previous,
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(json.dumps(entry, sort_keys=True).encode() + b"\n")


def sha256_of(path: Path) -> str:
    """Hash a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hashes(root: Path, names: list[str]) -> dict[str, str]:
    files = (item for name in names for item in (root / name).rglob("*") if item.is_file())
    return {item.relative_to(root).as_posix(): sha256_of(item) for item in sorted(files)}


def _make_private(folder: Path) -> None:
    folder.chmod(0o700)
    for item in folder.rglob("*"):
        item.chmod(0o700 if item.is_dir() else 0o600)


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode() + b"\n"
