"""What only a thread can tell: the steps that look at messages beside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from extractors import phone_split, phone_threads, place_context, services
from extractors.base import Hit, ThreadMessage
from extractors.services import Services

Changes = Iterator[tuple[str, tuple[Hit, ...]]]
"""Keys of messages with their new, whole lists of hits."""
Step = Callable[[Sequence[ThreadMessage], str, str], Changes]
"""A refinement: messages of one thread in order, region, zone. Each sees the work of those before.

A new one is a function of this shape in a module of its family, added to
:meth:`ThreadRefiner.steps`; what it needs to see is added to :meth:`ThreadRefiner.wants`.
"""


class ThreadRefiner:
    """Refine the hits of messages by what stands in other messages of the thread.

    Finds: numbers that one sender splits over consecutive messages, one hit for each part, with
        one group, the first part after other words and the last before others too; seven digits
        whose area code is stated nearby; a number given again with another area code (``same
        number but 651``); which of several places of one name is meant, by the others named.
    Does not find: numbers that two people spell together; parts more than ten minutes or two
        messages apart.

    References:
        - DOMAIN 5.3 (how numbers are split and completed)
    """

    name: ClassVar[str] = "thread"
    version: ClassVar[int] = 1

    def __init__(self, listed: Services | None = None) -> None:
        """Take a list of service numbers; without one, the shipped list."""
        self._listed = listed

    def wants(self, text: str, hits: Sequence[Hit]) -> bool:
        """Whether a message matters to any step; cheap."""
        return phone_threads.wants(text, hits) or place_context.wants_places(hits)

    def steps(self) -> tuple[Step, ...]:
        """Return the steps in their order."""
        listed = self._listed if self._listed is not None else services.shipped()
        return (
            lambda messages, region, zone: phone_split.join_split(messages, region, listed),
            lambda messages, region, zone: phone_threads.complete_local(messages, region, listed),
            lambda messages, region, zone: phone_threads.same_number(messages, region, listed),
            lambda messages, region, zone: place_context.refine_places(messages, region),
        )

    def refine(self, messages: Sequence[ThreadMessage], region: str, zone: str) -> Changes:
        """Yield key and the new, whole list of hits of each message whose hits change.

        Args:
            messages: the wanted messages of one thread in order.
            region: country for numbers without one.
            zone: IANA zone in which relative dates are meant.

        Yields:
            In the order of the messages, each key at most once.
        """
        current = list(messages)
        place = {message.key: index for index, message in enumerate(current)}
        changed: set[str] = set()
        for step in self.steps():
            for key, hits in list(step(current, region, zone)):
                current[place[key]] = replace(current[place[key]], hits=hits)
                changed.add(key)
        for before, after in zip(messages, current, strict=True):
            if before.key in changed and before.hits != after.hits:
                yield after.key, after.hits
