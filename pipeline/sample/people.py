"""Invented people: the target account, its counterparts, and others who are only talked about."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from pipeline.sample.grammar import STYLES, Draft, Grammar


@dataclass(slots=True, eq=False)
class Person:
    """Somebody who writes or is written about."""

    account: str
    """The provider's number."""
    platform: str
    given: str
    surname: str
    nick: str
    user: str
    digits: str
    """Ten digits of the person's telephone."""
    names: tuple[tuple[int, str], ...]
    """Display names, each with the second (Unix time) from which it holds; the first from 0."""
    style: int
    lower: float
    """Share of messages in lower case."""
    emoji: tuple[str, ...]
    emoji_share: float
    spanish: float
    """Share of the dull messages in Spanish or mixed."""

    def name_at(self, when: int) -> str:
        """The display name at a time."""
        return next(name for start, name in reversed(self.names) if start <= when)

    def printed(self, when: int) -> str:
        """The person string of a message: ``Name (Facebook: 9…)``."""
        return f"{self.name_at(when)} ({self.platform}: {self.account})"


@dataclass(slots=True)
class Scene:
    """Who speaks to whom, and what was mentioned last in the message."""

    author: Person
    other: Person
    last: Person
    digits: str = ""
    """The telephone number written last."""


class Cast:
    """Everybody of one sample; draws whom a message is about."""

    def __init__(
        self, grammar: Grammar, rng: Random, *, counterparts: int, begin: int, end: int
    ) -> None:
        """Invent the people; names may change between ``begin`` and ``end`` (Unix times)."""
        self._numbers: set[str] = set()
        self._users: set[str] = set()
        make = _Maker(grammar, rng, begin, end)
        people = [make.person(self._numbers, self._users) for _ in range(counterparts * 2 + 61)]
        self.target = people[0]
        self.counterparts = people[1 : counterparts + 1]
        self.outsiders = people[counterparts + 1 :]
        self.target.platform = "Facebook"
        deleted = max(2, counterparts // 60)
        for person in rng.sample(self.counterparts, deleted):
            person.names = ((0, "Instagram User"),)
            person.platform = "Instagram"

    def about(self, draft: Draft) -> Person:
        """Draw somebody to talk about: mostly from the case, never the speaker."""
        rng, scene = draft.rng, draft.scene
        pool = self.counterparts if rng.random() < 0.6 else self.outsiders
        person = pool[int(rng.random() ** 1.6 * len(pool))]
        if person is scene.author:
            person = self.outsiders[0]
        scene.last = person
        return person


class _Maker:
    def __init__(self, grammar: Grammar, rng: Random, begin: int, end: int) -> None:
        self._grammar = grammar
        self._rng = rng
        self._begin = begin
        self._end = end

    def person(self, numbers: set[str], users: set[str]) -> Person:
        """Invent one; numbers and user names are kept unlike those seen."""
        rng, words = self._rng, self._grammar.words
        given, surname = rng.choice(words["givens"]), rng.choice(words["surname"])
        if rng.random() < 0.10:
            given = rng.choice(words["given_word"])
        nick = self.line("nicks", given=given)
        digits = f"{rng.choice(words['area'])}55501{rng.randrange(100):02}"
        while digits in numbers:
            digits = f"{rng.choice(words['area'])}55501{rng.randrange(100):02}"
        numbers.add(digits)
        user = ""
        while not user or user in users:
            user = self.line("users", given=_plain(given), surname=_plain(surname))
        users.add(user)
        emoji = tuple(rng.choices(words["emoji"], k=rng.choice((2, 3, 5, 8))))
        return Person(
            account=f"9{rng.randrange(10**14):014}",
            platform="Facebook",
            given=given,
            surname=surname,
            nick=nick,
            user=user,
            digits=digits,
            names=self._names(given, surname, nick),
            style=rng.choices(range(STYLES), (34, 14, 28, 24))[0],
            lower=rng.choice((0.05, 0.5, 0.8, 0.95, 1.0, 1.0)),
            emoji=emoji,
            emoji_share=rng.choice((0.0, 0.05, 0.1, 0.2, 0.4)),
            spanish=rng.choice((0.0, 0.0, 0.0, 0.0, 0.02, 0.1, 0.3, 0.75)),
        )

    def line(self, rule: str, **values: str) -> str:
        """One expansion of a rule whose capitals ``G`` and ``S`` slots are given here."""
        draft = Draft(self._rng, lower=False)
        self._grammar.expand(rule, draft)
        text = "".join(draft.pieces)
        for name, value in values.items():
            text = text.replace(f"<{name}>", value)
        return text

    def _names(self, given: str, surname: str, nick: str) -> tuple[tuple[int, str], ...]:
        rng = self._rng
        count = rng.choices((1, 2, 3), (88, 9, 3))[0]
        shown: list[str] = []
        for at in range(count):
            rule = "display" if at or rng.random() < 0.35 else "display_plain"
            shown.append(self.line(rule, given=given, surname=surname, nick=nick))
        starts = sorted(rng.randrange(self._begin, self._end) for _ in range(count - 1))
        return tuple(zip((0, *starts), shown, strict=True))


def _plain(name: str) -> str:
    """Lower-case ASCII letters of a name, for user names."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(mark for mark in folded if mark.isalnum())


def participants(people: Sequence[Person], when: int) -> list[str]:
    """Person strings as a list of participants prints them."""
    return [person.printed(when) for person in people]
