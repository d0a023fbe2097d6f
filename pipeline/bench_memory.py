"""A command watched from outside: seconds, seconds of processors, peak memory of its processes."""

from __future__ import annotations

import os
import subprocess
import time

import psutil

INTERVAL = 0.1
"""Seconds between two looks at memory."""


def watched(command: list[str]) -> tuple[float, float, float]:
    """Run a command; return seconds, seconds of processors, peak of its processes' PSS (MiB).

    The kernel counts PSS by walking every page, 7 ms for 300 MiB. Resident memory costs nothing and
    is never less, as it counts shared pages several times: where it is below the highest PSS so
    far, PSS is not asked for.

    Raises:
        RuntimeError: the command failed.
    """
    begun, used = time.perf_counter(), _used()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    root = psutil.Process(process.pid)
    peak = 0
    while process.poll() is None:
        family = _family(root)
        if sum(family.values()) > peak:
            peak = max(peak, sum(map(_proportional, family)))
        time.sleep(INTERVAL)
    seconds = time.perf_counter() - begun
    if process.returncode not in (0, 1):
        raise RuntimeError(f"the run ended with exit code {process.returncode}")
    return seconds, _used() - used, peak / 2**20


def _used() -> float:
    """Processor seconds of all processes that this one started and that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _family(root: psutil.Process) -> dict[psutil.Process, int]:
    """Return a process and its children with their resident bytes.

    A child just begun is left out: it still is its parent's memory.
    """
    found: dict[psutil.Process, int] = {}
    own = None
    try:
        for process in [root, *root.children(recursive=True)]:
            try:
                memory = process.memory_info()
            except psutil.Error:
                continue  # it has ended
            if memory != own:
                found[process] = int(memory.rss)
            own = own or memory
    except psutil.Error:
        pass
    return found


def _proportional(process: psutil.Process) -> int:
    """Bytes of a process, shared pages by share; its own alone where the system tells no shares."""
    try:
        memory = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(memory, "pss", memory.uss))
