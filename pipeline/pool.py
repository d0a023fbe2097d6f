"""Worker processes on this machine.

A pool of our own (spawn) opens no port, where a local Dask cluster opens eight without
authentication, and starts in a second where a cluster needs nine.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any


class Pool:
    """Worker processes that never outlive this one, nor speak when it is interrupted."""

    def __init__(self, workers: int) -> None:
        """Start nothing yet."""
        self.width = workers
        self._executor: ProcessPoolExecutor | None = None
        self._processes: list[Any] = []

    def start(self) -> Executor:
        """Return the pool, made if there is none."""
        if self._executor is None:
            context = multiprocessing.get_context("spawn")
            before = set(multiprocessing.active_children())
            self._executor = ProcessPoolExecutor(self.width, mp_context=context, initializer=_begin)
            with _interrupts_held():
                # a pool starts a process for each task until all are there
                for _ in range(self.width):
                    self._executor.submit(_nothing)
            self._processes = [p for p in multiprocessing.active_children() if p not in before]
        return self._executor

    def stop(self, *, now: bool) -> None:
        """End the workers; ``now``: in the midst of a shard, which has no receipt then."""
        if self._executor is not None:
            for process in self._processes if now else ():
                process.terminate()
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def rest(self) -> None:
        """End the workers; none is at work."""
        self.stop(now=False)

    def is_death(self, error: BaseException | None) -> bool:
        """Whether an error says that a worker died, and the pool with it, or was near it."""
        return isinstance(error, (BrokenProcessPool, MemoryError))

    def retries(self) -> bool:
        """Whether the pool sends a task again itself: never."""
        return False


def _nothing() -> None:
    """Be the first task of a worker."""


def _begin() -> None:
    """Set up a worker: Ctrl-C is its parent's business, and without a parent it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while workers are being started, which inherit that: else each prints."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
