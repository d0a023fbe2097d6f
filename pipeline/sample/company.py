"""Who writes in a small sample: the same few people, and chance, for every format."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from pipeline.sample.chat import Chat
from pipeline.sample.people import Cast, Person

EPOCH = 1_693_526_400
"""The first of September 2023, in seconds: when invented people begin to write."""
DAYS = 200
"""How long they go on."""


@dataclass(frozen=True, slots=True)
class Company:
    """People, what they talk about, and the chance that decides."""

    rng: Random
    chat: Chat
    cast: Cast

    def message(self) -> tuple[str, list[dict[str, Any]]]:
        """Return what one of them wrote, or had from another, with its spans."""
        other: Person = self.rng.choice(self.cast.counterparts)
        author = self.cast.target if self.rng.random() < 0.5 else other
        return self.chat.message(author, self.cast.target, self.rng.choice(self.chat.topics))


def gather(name: str, pages: int, seed: int, wordlist: str, counterparts: int = 24) -> Company:
    """Invent the people of a sample; equal arguments give equal ones.

    Args:
        name: of the format: each has people of its own.
        pages: of the sample.
        seed: any integer.
        wordlist: ``a`` or ``b``.
        counterparts: how many they are beside the account's holder.

    Raises:
        ValueError: fewer than one page, or no such word list.
    """
    if pages < 1:
        raise ValueError("a sample has at least one page")
    rng = Random(f"{name}/{seed}/{wordlist}/{pages}")
    chat = Chat(wordlist, rng)
    end = EPOCH + DAYS * 86400
    cast = Cast(chat.grammar, rng, counterparts=counterparts, begin=EPOCH, end=end)
    chat.meet(cast)
    return Company(rng, chat, cast)
