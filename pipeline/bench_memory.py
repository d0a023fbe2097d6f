"""A command watched from outside: seconds, seconds of processors, peak memory of its processes."""

from __future__ import annotations

import os
import subprocess
import time

import psutil

INTERVAL = 0.1
"""Seconds between two looks at memory."""
NEAR = 32 << 20
"""Bytes by which resident memory may lie below its highest and still be looked at closely."""


def watched(command: list[str]) -> tuple[float, float, float]:
    """Run a command; return seconds, seconds of processors, peak of its processes' PSS (MiB).

    The kernel counts PSS by walking every page, 7 ms for 300 MiB, which would take a tenth of what
    is measured from two busy cores. Resident memory costs nothing, counts shared pages several
    times, and so goes up and down with PSS: PSS is taken where it comes near its highest.

    Raises:
        RuntimeError: the command failed.
    """
    begun, used = time.perf_counter(), _used()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    root = psutil.Process(process.pid)
    peak = highest = 0
    while process.poll() is None:
        family = _family(root)
        resident = sum(map(_resident, family))
        if resident + NEAR >= highest:
            highest = max(highest, resident)
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


def _family(root: psutil.Process) -> list[psutil.Process]:
    """Return a process and its children; not one just begun, which still is its parent's memory."""
    try:
        own = root.memory_info()
        return [root, *[one for one in root.children(recursive=True) if _memory(one) != own]]
    except psutil.Error:
        return []


def _memory(process: psutil.Process) -> object:
    try:
        return process.memory_info()
    except psutil.Error:
        return None  # it has ended


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0  # it has ended


def _proportional(process: psutil.Process) -> int:
    """Bytes of a process, shared pages by share; its own alone where the system tells no shares."""
    try:
        memory = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(memory, "pss", memory.uss))
