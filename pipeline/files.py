"""Files of a case: written whole, for the owner only."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def private() -> Iterator[None]:
    """Make what is created meanwhile, in this process and those it starts, the owner's alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def write_private(path: Path, data: bytes) -> None:
    """Write a file whole, for the owner only: beside first, then renamed over it."""
    beside = path.with_name(f".{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def writable(folder: Path) -> bool:
    """Whether this user may make files in a folder, as far as the system tells without trying."""
    effective = os.access in os.supports_effective_ids
    return os.access(folder, os.W_OK, effective_ids=effective)


def sha256_of(path: Path) -> str:
    """Hash a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def walk(root: Path) -> list[Path]:
    """List what lies under a folder, by path, folders apart; links are not followed.

    Raises:
        OSError: a folder cannot be listed (``Path.rglob`` would pass over it in silence).
    """
    found: list[Path] = []
    folders = [root]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                else:
                    found.append(Path(entry.path))
    return sorted(found, key=lambda path: path.relative_to(root).as_posix())


def remove_folder(folder: Path) -> None:
    """Delete a folder if it is there.

    Raises:
        OSError: it stays, and with it text that may have come to be out of scope.
    """
    if folder.exists():
        shutil.rmtree(folder)


def make_private(folder: Path) -> None:
    """Take away others' rights, and see to it that the files outlast a power cut."""
    folder.chmod(0o700)
    for item in folder.rglob("*"):
        item.chmod(0o700 if item.is_dir() else 0o600)
        if item.is_file():
            with item.open("rb") as file:
                os.fsync(file.fileno())
