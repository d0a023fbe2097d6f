"""Tasks for worker processes, on this machine or on a cluster: a crew shares them out.

A sliding window of tasks is in flight, so that no worker waits for the slowest of a batch. A worker
that dies takes the pool with it: it is made anew and what has not come back is sent again, one by
one at last, so that a task that kills its workers is told from those that were near it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

from pipeline.errors import UnfinishedError
from pipeline.pool import Pool

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 3
"""Tasks in flight for each worker: one at work, one waiting, one being made; the blocks of two
workers come to 12 MB."""

PATIENCE = 3
"""How often a task is sent whose worker died; the last time alone."""

RESTARTS = 20
"""How often a pool is made anew in one run before it is given up with exit code 5: a machine out of
memory, not a task."""


class Workers(Protocol):
    """Where tasks go."""

    @property
    def width(self) -> int:
        """Tasks that run at once."""
        ...

    def start(self) -> Executor:
        """Return an executor, made if there is none."""
        ...

    def stop(self, *, now: bool) -> None:
        """End it; ``now``: in the midst of a task."""
        ...

    def rest(self) -> None:
        """Give back what workers hold that have nothing to do."""
        ...

    def is_death(self, error: BaseException | None) -> bool:
        """Whether an error says that workers died, and not that a task failed."""
        ...

    def retries(self) -> bool:
        """Whether it has sent a task whose worker died to others itself, before it says so."""
        ...


class WorkerDied(Exception):
    """A task has killed each worker it was sent to."""


@dataclass(slots=True, eq=False)
class _Ticket:
    """A task on its way; its future changes when it is sent again."""

    work: Callable[[Any], Any]
    item: Any
    future: Future[Any] | None = None
    deaths: int = 0
    """How often the worker died that it was sent to, or one beside it."""


class Crew:
    """Workers that share tasks; without any, this process does them itself."""

    def __init__(self, workers: int, cluster: Workers | None = None) -> None:
        """Start nothing yet.

        Args:
            workers: worker processes on this machine; 1 = none but this one.
            cluster: workers elsewhere, in place of them.
        """
        self._workers: Workers | None = cluster or (Pool(workers) if workers > 1 else None)
        self._flying: list[_Ticket] = []
        self._restarts = 0

    def __enter__(self) -> Self:
        """Return the crew itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the workers; on an error in the midst of what they do."""
        if self._workers is not None:
            self._workers.stop(now=kind is not None)

    def aside(self) -> Crew:
        """Return a crew of one process of its own, for what takes long beside the others' work.

        Without workers it has none either.
        """
        return Crew(1, None if self._workers is None else Pool(1))

    def warm(self, work: Callable[[Item], object], item: Item) -> None:
        """Have each process of this machine do something ahead of its work; nobody waits for it."""
        if isinstance(self._workers, Pool):
            executor = self._workers.start()
            for _ in range(self._workers.width):
                executor.submit(work, item)

    def rest(self) -> None:
        """End processes that have nothing to do: each holds some 400 MB after much reading.

        They are started again when there is work.
        """
        if self._workers is not None and not self._flying:
            self._workers.rest()

    def each(
        self, work: Callable[[Item], Result], items: Iterable[Item]
    ) -> Iterator[tuple[Item, Result | WorkerDied]]:
        """Yield each item with its result, in any order; items are made while they are consumed.

        A task that kills its workers has that as its result.

        Raises:
            UnfinishedError: workers kept dying over many tasks.
        """
        if self._workers is None:
            for item in items:
                try:
                    result: Result | WorkerDied = work(item)
                except MemoryError:  # would have killed a worker; what it held is free again
                    result = WorkerDied()
                yield item, result
            return
        waiting: deque[_Ticket] = deque()
        source = iter(items)
        while self._ahead(waiting, work, source):
            wait([t.future for t in waiting if t.future], return_when=FIRST_COMPLETED)
            done = next(ticket for ticket in waiting if _is_done(ticket))
            waiting.remove(done)
            yield done.item, self._outcome(done)

    def in_order(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results in the order of the items, a few made ahead.

        Raises:
            UnfinishedError: a task killed its workers.
        """
        if self._workers is None:
            yield from map(work, items)
            return
        waiting: deque[_Ticket] = deque()
        source = iter(items)
        while self._ahead(waiting, work, source):
            yield self._result(waiting.popleft())

    def later(self, work: Callable[[Item], Result], item: Item) -> Callable[[], Result]:
        """Have a task done beside what comes; return what waits for its result.

        Raises:
            UnfinishedError: it killed its workers (when its result is asked for).
        """
        if self._workers is None:
            return lambda: work(item)
        ticket = self._send(_Ticket(work, item))
        return lambda: self._result(ticket)

    def _ahead(
        self, waiting: deque[_Ticket], work: Callable[[Item], Any], source: Iterator[Item]
    ) -> bool:
        """Send tasks until enough are on their way, or one is done; whether any are."""
        assert self._workers is not None
        while len(waiting) < AHEAD * self._workers.width:
            try:
                item = next(source)
            except StopIteration:
                break
            waiting.append(self._send(_Ticket(work, item)))
            if any(map(_is_done, waiting)):
                break
        return bool(waiting)

    def _result(self, ticket: _Ticket) -> Any:
        outcome = self._outcome(ticket)
        if isinstance(outcome, WorkerDied):
            raise UnfinishedError(
                "a worker process keeps dying (out of memory?); run again with --workers 1: done "
                "work is kept"
            )
        return outcome

    def _send(self, ticket: _Ticket) -> _Ticket:
        assert self._workers is not None
        while True:
            try:
                ticket.future = self._workers.start().submit(ticket.work, ticket.item)
            except BrokenProcessPool:
                self._revive()
            else:
                self._flying.append(ticket)
                return ticket

    def _outcome(self, ticket: _Ticket) -> Any:
        """Wait for a task; where its worker died, see to it that it is done by another."""
        assert self._workers is not None
        while True:
            assert ticket.future is not None
            error = _error_of(ticket.future)
            if not self._workers.is_death(error):
                if ticket in self._flying:
                    self._flying.remove(ticket)
                try:
                    return ticket.future.result()
                except CancelledError as gone:
                    raise UnfinishedError(
                        "the scheduler went away; start it and run again: done work is kept"
                    ) from gone
            if self._workers.retries() or ticket.deaths >= PATIENCE:
                self._flying.remove(ticket)
                return WorkerDied()
            self._revive()

    def _revive(self) -> None:
        """Make the pool anew and send all again whose worker, or pool, died."""
        assert self._workers is not None
        self._restarts += 1
        self._workers.stop(now=True)
        if self._restarts > RESTARTS:
            raise UnfinishedError(
                "worker processes keep dying (out of memory?); run again with --workers 1: done "
                "work is kept"
            )
        lost = [
            ticket
            for ticket in self._flying
            if ticket.future is not None and self._workers.is_death(_error_of(ticket.future))
        ]
        for ticket in lost:
            ticket.deaths += 1
        # those seen at several deaths go one by one: which of them is it?
        for ticket in [t for t in lost if t.deaths == PATIENCE - 1]:
            ticket.future = self._workers.start().submit(ticket.work, ticket.item)
            if self._workers.is_death(_error_of(ticket.future)):
                ticket.deaths = PATIENCE
                self._workers.stop(now=True)
        for ticket in lost:
            if ticket.deaths < PATIENCE - 1:
                ticket.future = self._workers.start().submit(ticket.work, ticket.item)


def _is_done(ticket: _Ticket) -> bool:
    return ticket.future is not None and ticket.future.done()


def _error_of(future: Future[Any]) -> BaseException | None:
    """Wait for a task and return what it ended with, if that is no result."""
    if future.cancelled():
        return BrokenProcessPool()
    return future.exception()
