"""A crew gives the same with one worker, which is this process, and with two."""

from __future__ import annotations

from math import factorial

import pytest

from pipeline.executor import AHEAD, Crew, WorkerDied

# tasks are functions that workers can import: this module is none
DIES = "__import__('os')._exit(1)"


@pytest.mark.parametrize("workers", [1, 2])
def test_every_way_of_asking_gives_all_results(workers):
    with Crew(workers) as crew:
        assert sorted(crew.each(factorial, range(20))) == [(n, factorial(n)) for n in range(20)]
        assert list(crew.in_order(factorial, range(20))) == [factorial(n) for n in range(20)]
        waiting = [crew.later(factorial, n) for n in range(5)]
        assert [wait() for wait in waiting] == [1, 1, 2, 6, 24]
        assert list(crew.each(factorial, [])) == list(crew.in_order(factorial, [])) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_items_are_made_while_results_are_taken(workers):
    made = []

    def items():
        for number in range(100):
            made.append(number)
            yield number

    with Crew(workers) as crew:
        results = crew.in_order(factorial, items())
        assert next(results) == 1
        assert len(made) <= AHEAD * workers
        assert list(results) == [factorial(n) for n in range(1, 100)]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_a_task_is_raised(workers):
    with Crew(workers) as crew, pytest.raises(ValueError, match="three"):
        list(crew.in_order(int, ["1", "2", "three", "4"]))


def test_a_task_that_kills_its_worker_is_told_from_the_others():
    with Crew(2) as crew:
        results = dict(crew.each(eval, ["0", "1", "2", DIES, "4", "5"]))
    assert isinstance(results.pop(DIES), WorkerDied)
    assert results == {"0": 0, "1": 1, "2": 2, "4": 4, "5": 5}
