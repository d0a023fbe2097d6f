"""Private folders in memory, where the plain form of an encrypted case lies while it is needed.

A room is a folder of the owner alone on a file system that keeps its files in memory (tmpfs or
ramfs). It is held by a lock that the kernel lets go of when the process ends, however it ends;
rooms that nobody holds are swept by the next command. Linux only: elsewhere nothing can be written
that never reaches a disk.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError, UnfinishedError

CHOSEN = "TRIAGE_PRIVATE_DIR"
"""Environment variable that names the file system to use."""

PREFIX = "triage-room-"

KINDS = frozenset({"tmpfs", "ramfs"})
"""File systems that keep files in memory (Linux, Documentation/filesystems/tmpfs.rst)."""

_ESCAPE = re.compile(r"\\([0-7]{3})")
"""How blanks stand in /proc/mounts: three octal digits."""

SPARE = 64 << 20
"""Bytes left free beside what is asked for."""

commanding = False
"""Whether a command is at work, which SIGTERM and SIGHUP then end as Ctrl-C does; a process that is
not ours, a notebook's say, they end as ever, but for its rooms."""

_rooms: dict[Path, int] = {}
"""Rooms of this process, and the descriptors that hold them."""
_names: dict[str, str] = {}
"""Folders in rooms, and what people call them."""
_before: dict[str, Any] = {}
"""What to put back when the last room is gone."""


def make_room(needed: int) -> Path:
    """Make a folder in memory for this process; it is gone when the process ends.

    While there is a room, temporary files are made in it too, those of worker processes started
    later included; no core of this process is written to disk; and SIGTERM and SIGHUP take the room
    with them.

    Args:
        needed: bytes that are to find place in it.

    Raises:
        ConfigError: this machine has no such file system, or the one chosen is none.
        UnfinishedError: none of them has room enough.
    """
    found = bases()
    sweep(found)
    base = max(found, key=free)
    ask_for(needed + SPARE, base)
    while True:
        room = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
        descriptor = os.open(room, os.O_RDONLY)
        if _held(descriptor, wait=True) and room.is_dir():  # else: swept before it was held
            break
        os.close(descriptor)
    if not _rooms:
        _prepare(room)
    _rooms[room] = descriptor
    return room


def ask_for(needed: int, folder: Path) -> None:
    """Make sure that so many bytes can be written to a folder in memory.

    Raises:
        UnfinishedError: they cannot.
    """
    there = free(folder)
    if there < needed:
        raise UnfinishedError(
            f"the case needs {needed / 2**20:,.0f} MiB of memory while a command is at work on it, "
            f"and {there / 2**20:,.0f} MiB are free: end other programs, or name a larger tmpfs by "
            f"{CHOSEN}"
        )


def call_it(folder: Path, name: Path) -> None:
    """Note what people call a folder in a room, for :func:`named`."""
    _names[str(folder)] = str(name)


def home_of(folder: Path) -> Path | None:
    """Return the case folder that a folder in memory stands for; None = it is none of ours."""
    name = _names.get(str(folder))
    return None if name is None else Path(name)


def named(text: str) -> str:
    """Put into a message the folders that people know for those in memory."""
    for folder, name in _names.items():
        text = text.replace(folder, name)
    return text


def leave(room: Path) -> None:
    """Remove a room of this process."""
    descriptor = _rooms.pop(room, None)
    if descriptor is None:
        return
    shutil.rmtree(room, ignore_errors=True)
    os.close(descriptor)
    for folder in [folder for folder in _names if room in Path(folder).parents]:
        del _names[folder]
    if not _rooms:
        _restore()


def rooms() -> set[Path]:
    """Return the rooms of this process."""
    return set(_rooms)


def sweep(folders: list[Path] | None = None) -> int:
    """Remove the rooms of this user that no process holds; return how many there were."""
    swept = 0
    for base in bases() if folders is None else folders:
        for room in base.glob(f"{PREFIX}*"):
            with suppress(OSError):  # another command sweeps it, or it is someone else's
                if room.is_symlink() or room.stat().st_uid != os.geteuid():
                    continue
                descriptor = os.open(room, os.O_RDONLY | os.O_NOFOLLOW)
                try:
                    if _held(descriptor, wait=False):
                        shutil.rmtree(room)
                        swept += 1
                finally:
                    os.close(descriptor)
    return swept


def free(folder: Path) -> int:
    """Return how many bytes can be written there: of the file system, and of the memory left."""
    room = shutil.disk_usage(folder).free
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return min(room, int(line.split()[1]) << 10)
    return room


def plain_swap() -> list[str]:
    """Return the devices to which the kernel may write memory unencrypted (/proc/swaps)."""
    found = []
    with suppress(OSError):
        for line in Path("/proc/swaps").read_text("utf-8", "replace").splitlines()[1:]:
            device = line.split()[0]
            name = Path(device).resolve().name
            if name.startswith("zram"):
                continue  # compressed memory
            kind = Path(f"/sys/block/{name}/dm/uuid")
            if not (kind.is_file() and kind.read_text("ascii", "replace").startswith("CRYPT-")):
                found.append(device)
    return found


def bases() -> list[Path]:
    """Return the folders in memory in which rooms can be made; at least one.

    Raises:
        ConfigError: there is none.
    """
    if not sys.platform.startswith("linux"):
        raise ConfigError(
            "encrypted cases need Linux: keep the case on a volume encrypted by BitLocker "
            "(Windows) or FileVault (macOS) instead"
        )
    chosen = os.environ.get(CHOSEN)
    if chosen:
        if not _usable(Path(chosen)):
            raise ConfigError(
                f"{CHOSEN}={chosen}: is no folder on a tmpfs or ramfs that may be written"
            )
        return [Path(chosen)]
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    usual = [Path("/dev/shm"), *([Path(runtime)] if runtime else [])]
    found = [folder for folder in usual if _usable(folder)]
    if not found:
        raise ConfigError(
            "an encrypted case is opened in memory, and neither /dev/shm nor XDG_RUNTIME_DIR is a "
            f"tmpfs here: mount one and name it by {CHOSEN}"
        )
    return found


def _usable(folder: Path) -> bool:
    try:
        return (
            folder.is_dir()
            and os.access(folder, os.W_OK | os.X_OK)
            and _kind(folder.resolve()) in KINDS
        )
    except OSError:
        return False


def _kind(folder: Path) -> str:
    """Return the kind of file system a folder lies on (proc(5), /proc/mounts)."""
    best, kind = -1, ""
    for line in Path("/proc/self/mounts").read_text("utf-8", "surrogateescape").splitlines():
        fields = line.split(" ")
        point = Path(_ESCAPE.sub(lambda found: chr(int(found[1], 8)), fields[1]))
        if (point == folder or point in folder.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]  # of two on one point the later one shows
    return kind


def _held(descriptor: int, *, wait: bool) -> bool:
    import fcntl  # not there on Windows, where no room is made

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _prepare(room: Path) -> None:
    import resource

    temporary = room / "tmp"
    temporary.mkdir(mode=0o700)
    _before["tempdir"], _before["TMPDIR"] = tempfile.tempdir, os.environ.get("TMPDIR")
    _before["core"] = resource.getrlimit(resource.RLIMIT_CORE)
    tempfile.tempdir = os.environ["TMPDIR"] = str(temporary)
    resource.setrlimit(resource.RLIMIT_CORE, (0, _before["core"][1]))
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                _before[number.name] = signal.signal(number, _interrupted)
    atexit.register(_at_exit, os.getpid())


def _restore() -> None:
    import resource

    tempfile.tempdir = _before.pop("tempdir", None)
    temporary = _before.pop("TMPDIR", None)
    if temporary is None:
        os.environ.pop("TMPDIR", None)
    else:
        os.environ["TMPDIR"] = temporary
    if "core" in _before:
        resource.setrlimit(resource.RLIMIT_CORE, _before.pop("core"))
    for number in (signal.SIGTERM, signal.SIGHUP):
        if number.name in _before and threading.current_thread() is threading.main_thread():
            signal.signal(number, _before.pop(number.name))
    atexit.unregister(_at_exit)


def _interrupted(number: int, _frame: object) -> None:
    if commanding:
        raise KeyboardInterrupt
    signal.signal(number, signal.SIG_DFL)
    for room in rooms():
        leave(room)
    os.kill(os.getpid(), number)


def _at_exit(process: int) -> None:
    if os.getpid() == process:  # and not a fork of it
        for room in rooms():
            leave(room)
