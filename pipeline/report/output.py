"""Where reports go: a folder that is held while they are made, and in which none is half made."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import ConfigError, TriageError, UnfinishedError
from pipeline.search.terminal import printable

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG})
"""Errors of a disk, and not of what was asked for."""
WAIT = 60.0
"""Seconds to wait for another report that is made in the same folder."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Make a folder, for its owner only, and hold it against other reports made there.

    Raises:
        ConfigError: it cannot be made or written to, or its name is not UTF-8.
        UnfinishedError: the disk is full; another report is being made there.
    """
    with told(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(folder / ".report.lock", timeout=WAIT, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise UnfinishedError(
                f"{printable(str(folder))}: another report is being made there; wait until it has "
                "ended"
            ) from error
        try:
            yield
        finally:
            (folder / ".report.lock").unlink(missing_ok=True)
            lock.release()


@contextmanager
def told(place: Path) -> Iterator[None]:
    """Turn what the system says of a place into an error that people can act on.

    Raises:
        ConfigError: the place cannot be written to, or its name is not UTF-8.
        UnfinishedError: the disk is full or broken.
    """
    try:
        os.fsencode(place).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{printable(str(place))}: the name is not UTF-8; name another place"
        ) from error
    try:
        yield
    except TriageError:
        raise
    except OSError as error:
        kind = UnfinishedError if error.errno in FULL else ConfigError
        raise kind(
            f"{printable(str(place))}: cannot be written ({error.strerror or 'no reason given'})"
        ) from error


def usable(output: Path) -> None:
    """Make sure that a name is free, or a file's that may be written anew.

    Raises:
        ConfigError: a folder, a device or a pipe has it, or its folder cannot be.
    """
    with told(output):
        if output.exists() and not output.is_file():
            raise ConfigError(
                f"{printable(str(output))}: is no file; name a file, or a folder with --out"
            )
        output.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def placed(folder: Path, write: Callable[[Path], list[Path]]) -> list[Path]:
    """Write files into a hidden folder, and move them when all of them are whole.

    Args:
        folder: where they go.
        write: writes into the folder it is given; returns the files.
    """
    beside = folder / ".report.made"
    shutil.rmtree(beside, ignore_errors=True)
    try:
        names = [path.relative_to(beside) for path in write(beside)]
        for name in names:
            target = folder / name
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in names:
            (beside / name).replace(folder / name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return [folder / name for name in names]
