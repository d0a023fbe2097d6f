"""Scope and protected threads: what stands between reading and everything else.

No text reaches a table, the index, a report, a log or ``work/`` before :meth:`Guard.scope_of` and
:meth:`Guard.seals` have passed it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.readers.base import Record
from pipeline.warrants import Limits, Range, Warrant, folded, nearest, standing
from schemas.kinds import Scope


@dataclass(frozen=True, slots=True)
class Guard:
    """What the legal process covers, and which threads nobody may see.

    An instance without anything in it lets all records pass as in scope.
    """

    accounts: frozenset[str] = frozenset()
    """Provider account numbers, user names or vanity names; empty = any."""
    categories: frozenset[str] = frozenset()
    """Sections of the return; empty = any."""
    ranges: tuple[Range, ...] = ()
    """First and last second (UTC), both inside; empty = any time."""
    warrants: tuple[Warrant, ...] = ()
    """Several processes, each with its own accounts, categories and ranges, in place of the three
    above: a record is in scope if any of them covers it."""
    sealed_threads: frozenset[str] = frozenset()
    """Threads of listed counsel and advocates: dropped before anything else sees them."""

    def scope_of(
        self, record: Record, targets: frozenset[str], *, has_sections: bool = True
    ) -> Scope:
        """Say where a record stands.

        Args:
            record: as read.
            targets: names and numbers of the account its file is about.
            has_sections: whether its file has the provider's sections, which categories name; a
                plain document has none.
        """
        if not self.warrants:
            return standing(self, record, targets, has_sections=has_sections)
        return nearest([
            standing(item, record, targets, has_sections=has_sections) for item in self.warrants
        ])  # fmt: skip

    def key(self) -> tuple[object, ...]:
        """All of it in one order, for hashing."""
        return (
            *_key(self), sorted(self.sealed_threads),
            [(item.number, *_key(item)) for item in self.warrants],
        )  # fmt: skip

    @property
    def processes(self) -> tuple[Warrant, ...]:
        """What records are held against, as a list; empty without a scope."""
        flat = Warrant(self.accounts, self.categories, self.ranges)
        return self.warrants or ((flat,) if flat != Warrant() else ())

    def named_in(self, sections: Iterable[str]) -> set[str]:
        """Return the scope's categories that are among the sections of a return."""
        there = {folded(section) for section in sections}
        return {name for item in self.processes for name in item.categories & there}

    def told(self) -> list[str]:
        """Say what the scope covers, a line each; empty without a scope."""
        if not self.warrants:
            return _told(self)
        return [
            f"process {item.number or number}: {'; '.join(_told(item))}"
            for number, item in enumerate(self.warrants, 1)
        ]

    def seals(self, record: Record) -> bool:
        """Whether the record belongs to a protected thread."""
        return record.thread_id is not None and record.thread_id in self.sealed_threads


def _key(limits: Limits) -> tuple[object, ...]:
    return sorted(limits.accounts), sorted(limits.categories), limits.ranges


def _told(limits: Limits) -> list[str]:
    lines = []
    if limits.accounts:
        lines.append(f"accounts {', '.join(sorted(limits.accounts))}")
    if limits.categories:
        lines.append(f"sections {', '.join(sorted(limits.categories))}")
    lines += [f"{first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S} UTC"
              for first, last in limits.ranges]  # fmt: skip
    return lines
