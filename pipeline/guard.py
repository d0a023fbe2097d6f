"""Scope and protected threads: what stands between reading and everything else.

No text reaches a table, the index, a report, a log or ``work/`` before :meth:`Guard.scope_of` and
:meth:`Guard.seals` have passed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipeline.readers.base import Record
from schemas.kinds import Scope

ANY_ZONE = timedelta(hours=26)
"""How far a local time of no stated zone can be from the zone it was read in (UTC-12 to UTC+14)."""
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Guard:
    """What the legal process covers, and which threads nobody may see.

    An instance without anything in it lets all records pass as in scope.
    """

    accounts: frozenset[str] = frozenset()
    """Provider account numbers, user names or vanity names; empty = any."""
    categories: frozenset[str] = frozenset()
    """Sections of the return; empty = any."""
    ranges: tuple[tuple[datetime, datetime], ...] = ()
    """First and last second (UTC), both inside; empty = any time."""
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
        if self.accounts and targets and not (self.accounts & targets):
            return Scope.OUT_ACCOUNT
        if self.categories and has_sections and record.section not in self.categories:
            return Scope.OUT_CATEGORY
        dated = record.sent_at is not None or not self.ranges
        if self.ranges and record.sent_at is not None:
            sent = record.sent_at.replace(microsecond=0)
            slack = ANY_ZONE if record.zone_assumed else timedelta(0)
            early, late = _within(sent, -slack), _within(sent, slack)
            if not any(first <= late and early <= last for first, last in self.ranges):
                return Scope.OUT_DATE  # whoever's it is
            dated = any(first <= early and late <= last for first, last in self.ranges)
        named = bool(targets) or not self.accounts
        return Scope.IN if dated and named else Scope.UNDETERMINED

    def key(self) -> tuple[object, ...]:
        """All of it in one order, for hashing."""
        return (
            sorted(self.accounts), sorted(self.categories), self.ranges,
            sorted(self.sealed_threads),
        )  # fmt: skip

    def told(self) -> list[str]:
        """Say what the scope covers, a line each; empty without a scope."""
        lines = []
        if self.accounts:
            lines.append(f"accounts {', '.join(sorted(self.accounts))}")
        if self.categories:
            lines.append(f"sections {', '.join(sorted(self.categories))}")
        lines += [f"{first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S} UTC"
                  for first, last in self.ranges]  # fmt: skip
        return lines

    def seals(self, record: Record) -> bool:
        """Whether the record belongs to a protected thread."""
        return record.thread_id is not None and record.thread_id in self.sealed_threads


def _within(moment: datetime, change: timedelta) -> datetime:
    try:
        return moment + change
    except OverflowError:
        return LAST if change > timedelta(0) else FIRST
