"""Whether work grows no faster than its input, told apart from a busy machine."""

import gc
import time

TRIES = 3
"""Measurements of which the least counts."""
LEAST = 0.02
"""Seconds that any small input is held to take: less cannot be told from nothing."""


def seconds(work):
    """A measurement without the garbage collector, which walks all that tests hold."""
    gc.disable()
    try:
        begun = time.process_time()
        work()
        return time.process_time() - begun
    finally:
        gc.enable()


def is_linear(work, small, large):
    """Whether ``work(large)`` takes less than three times as long for each unit as ``work(small)``.

    What is quadratic fails each of the five rounds; a neighbour that takes the machine away does not.
    A round ends with the first measurement that is short enough, as the least of all is no longer.
    """
    bound = 3 * large / small
    for _ in range(5):
        first = seconds(lambda: work(large))
        if first < bound * LEAST:
            return True
        short = bound * max(LEAST, min(seconds(lambda: work(small)) for _ in range(TRIES)))
        if first < short or any(seconds(lambda: work(large)) < short for _ in range(TRIES - 1)):
            return True
    return False
