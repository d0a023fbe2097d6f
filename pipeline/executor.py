"""Shards to receipts through Dask: the only module that imports it.

Dask's ``processes`` scheduler over a pool of our own (spawn): it opens no port, where a local
cluster opens eight without authentication, and starts in a second where a cluster needs nine. A
worker that dies breaks the pool, so the pool is made anew and what has no receipt is sent again.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any

from pipeline.errors import UnfinishedError
from pipeline.shard import ShardTask, read_receipt, run_shard

WAVE = 6
"""Shards a worker is sent at a time: the wave's end costs half a shard of idling, and the blocks of
two workers come to 25 MB."""

RETRIES = 2
"""How often the pool is made anew before the run is given up with exit code 5."""


def run_shards(
    tasks: Iterable[ShardTask], workers: int, done: Callable[[dict[str, Any]], None]
) -> None:
    """Run shards that have no receipt yet; call ``done`` with each receipt.

    Args:
        tasks: shards in order, made while they are consumed.
        workers: worker processes; 1 = in this process.
        done: called in this process, in order of the tasks.

    Raises:
        UnfinishedError: workers kept dying, or the disk is full.
    """
    try:
        if workers == 1:
            for task in tasks:
                done(run_shard(task))
        else:
            _in_processes(iter(tasks), workers, done)
    except OSError as error:
        raise UnfinishedError(
            f"the case cannot be written ({error.strerror}); make room and run again: done work is "
            "kept"
        ) from error


def _in_processes(
    tasks: Iterator[ShardTask], workers: int, done: Callable[[dict[str, Any]], None]
) -> None:
    import dask
    from dask.multiprocessing import get

    pool = _pool(workers)
    failures = 0
    try:
        while wave := list(islice(tasks, WAVE * workers)):
            left = wave
            while left:
                graph = {f"shard-{n}": (run_shard, task) for n, task in enumerate(left)}
                try:
                    with dask.config.set({"multiprocessing.context": "spawn"}):
                        get(graph, list(graph), pool=pool, chunksize=1, optimize_graph=False)
                except BrokenProcessPool as error:
                    failures += 1
                    pool.shutdown(cancel_futures=True)
                    if failures > RETRIES:
                        raise UnfinishedError(
                            "a worker process keeps dying (out of memory?); run again with "
                            "--workers 1: done work is kept"
                        ) from error
                    pool = _pool(workers)
                left = [task for task in left if not task.folder.exists()]
            for task in wave:
                done(read_receipt(task.folder))
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
