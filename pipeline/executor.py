"""Shards to receipts through Dask: the only module that imports it.

Dask's ``processes`` scheduler over a pool of our own (spawn): it opens no port, where a local
cluster opens eight without authentication, and starts in a second where a cluster needs nine. A
worker that dies breaks the pool, so the pool is made anew and what has no receipt is sent again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import Any

from pipeline.errors import UnfinishedError
from pipeline.shard import ShardTask, read_receipt, run_shard

WAVE = 12
"""Shards a worker is sent at a time: the wave's end costs half a shard of idling, 4 % of it, and
the blocks of two workers come to 50 MB."""

RETRIES = 2
"""How often the pool is made anew before the run is given up with exit code 5."""


def run_shards(
    tasks: Iterable[ShardTask], workers: int, done: Callable[[dict[str, Any]], None]
) -> None:
    """Run shards that have no receipt yet; call ``done`` with each receipt.

    Args:
        tasks: shards in order, made while they are consumed.
        workers: worker processes; 1 = in this process.
        done: called in this process as each shard ends, once a shard, in any order.

    Raises:
        UnfinishedError: workers kept dying.
        OSError: the case cannot be written.
    """
    if workers == 1:
        for task in tasks:
            done(run_shard(task))
    else:
        _in_processes(iter(tasks), workers, done)


def _in_processes(
    tasks: Iterator[ShardTask], workers: int, done: Callable[[dict[str, Any]], None]
) -> None:
    import dask  # half a second that a run with one worker need not wait
    from dask.callbacks import Callback
    from dask.multiprocessing import get

    told: set[str] = set()

    def tell(name: str, receipt: dict[str, Any], *_: object) -> None:
        told.add(name)
        done(receipt)

    pool = _Pool(workers)
    failures = 0
    try:
        while wave := list(islice(tasks, WAVE * workers)):
            left = wave
            while left:
                graph = {str(task.folder): (run_shard, task) for task in left}
                try:
                    with (
                        dask.config.set({"multiprocessing.context": "spawn"}),
                        Callback(posttask=tell),
                    ):
                        get(graph, list(graph), pool=pool.start(), chunksize=1,
                            optimize_graph=False)  # fmt: skip
                except BrokenProcessPool as error:
                    failures += 1
                    pool.stop(now=True)
                    if failures > RETRIES:
                        raise UnfinishedError(
                            "a worker process keeps dying (out of memory?); run again with "
                            "--workers 1: done work is kept"
                        ) from error
                left = [task for task in left if not task.folder.exists()]
            for task in wave:  # done by a worker that died before it could tell
                if str(task.folder) not in told:
                    done(read_receipt(task.folder))
    except BaseException:
        pool.stop(now=True)
        raise
    pool.stop(now=False)


class _Pool:
    """Worker processes that never outlive this one, nor speak when it is interrupted."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._executor: ProcessPoolExecutor | None = None
        self._processes: list[Any] = []

    def start(self) -> ProcessPoolExecutor:
        """Return the pool, made if there is none."""
        if self._executor is None:
            context = multiprocessing.get_context("spawn")
            before = set(multiprocessing.active_children())
            self._executor = ProcessPoolExecutor(
                self._workers, mp_context=context, initializer=_begin
            )
            with _interrupts_held():
                # a pool starts a process for each task until all are there
                for _ in range(self._workers):
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
