"""The collector of cycles held back while much is made that holds none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the collector back.

    Records of a shard live to its end, and rows of a report to the document's; both hold no cycles,
    and go when nothing names them any more. Walking them again and again took 15 % of the time of
    reading and 0.7 of 10 s of a report. Leave the block only when they are gone: the collector
    walks what is there then.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
