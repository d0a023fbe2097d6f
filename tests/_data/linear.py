"""Whether work grows no faster than its input, told apart from a busy machine."""

import gc
import time


def seconds(work, tries=3):
    """The least of a few measurements, without the garbage collector, which walks all that tests hold."""
    taken = []
    gc.disable()
    try:
        for _ in range(tries):
            begun = time.process_time()
            work()
            taken.append(time.process_time() - begun)
    finally:
        gc.enable()
    return min(taken)


def is_linear(work, small, large):
    """Whether ``work(large)`` takes less than three times as long for each unit as ``work(small)``.

    What is quadratic fails each of the five rounds; a neighbour that takes the machine away does not.
    """
    bound = 3 * large / small
    for _ in range(5):
        if seconds(lambda: work(large)) < bound * max(seconds(lambda: work(small)), 0.02):
            return True
    return False
