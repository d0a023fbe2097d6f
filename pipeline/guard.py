"""Scope and protected threads: what stands between reading and everything else.

No text reaches a table, the index, a report, a log or ``work/`` before :meth:`Guard.scope_of` and
:meth:`Guard.seals` have passed it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import ConfigError
from pipeline.readers.base import Record
from schemas.kinds import Scope

KEYS = ("accounts", "categories", "range")
RANGE_KEYS = ("start", "end", "zone")
OTHER_WORDS = {
    "ranges": "range", "time_range": "range", "account": "accounts", "sections": "categories",
    "timezone": "zone", "tz": "zone", "from": "start", "to": "end",
}  # fmt: skip
"""What people write for the same thing; a scope refused over a word would be left out."""
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


def load_scope(path: Path) -> Guard:
    """Read scope.toml.

    Keys: ``accounts`` and ``categories`` (lists of strings), and ``[[range]]`` tables with
    ``start``, ``end`` (a date, or a date and time; both inside, a date as ``end`` to its last
    second) and ``zone`` (IANA).

    Raises:
        ConfigError: unreadable, empty, unknown keys, a range without zone, or an end before its
            start.
    """
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: the scope cannot be read: {error}") from error
    given = _named(path, given)
    bare = {key: given.pop(key) for key in RANGE_KEYS if key in given}
    if bare and "range" not in given:
        given["range"] = bare  # one range, written without its table
    elif bare:
        raise ConfigError(f"{path}: {', '.join(bare)} belongs under [[range]]")
    _known(path, given, KEYS)
    guard = Guard(
        accounts=_names(path, given, "accounts"),
        categories=_names(path, given, "categories"),
        ranges=tuple(_range(path, item) for item in _tables(path, given)),
    )
    if guard == Guard():
        raise ConfigError(f"{path}: the scope is empty; name accounts, categories or a [[range]]")
    return guard


def _named(path: Path, table: dict[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for key, value in table.items():
        name = OTHER_WORDS.get(key, key)
        if name in named:
            raise ConfigError(f"{path}: {name!r} is given twice (as {key!r} too)")
        named[name] = value
    return named


def _known(path: Path, given: dict[str, Any], keys: tuple[str, ...]) -> None:
    unknown = sorted(given.keys() - set(keys))
    if unknown:
        raise ConfigError(f"{path}: unknown key {unknown[0]!r}; known are {', '.join(keys)}")


def _names(path: Path, given: dict[str, Any], key: str) -> frozenset[str]:
    value = given.get(key, [])
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(i, str) and i.strip() for i in value):
        raise ConfigError(f"{path}: {key} must be a list of strings, none of them blank")
    return frozenset(item.strip().lower() for item in value)


def _tables(path: Path, given: dict[str, Any]) -> list[dict[str, Any]]:
    value = given.get("range", [])
    tables = [value] if isinstance(value, dict) else value
    if not isinstance(tables, list) or not all(isinstance(item, dict) for item in tables):
        raise ConfigError(f"{path}: write ranges as [[range]] with start, end and zone")
    return tables


def _range(path: Path, table: dict[str, Any]) -> tuple[datetime, datetime]:
    table = _named(path, table)
    _known(path, table, RANGE_KEYS)
    for key in RANGE_KEYS:
        if key not in table:
            raise ConfigError(f"{path}: a range lacks {key!r}")
    try:
        zone = ZoneInfo(table["zone"])
    except (ValueError, TypeError, AttributeError, OSError, ZoneInfoNotFoundError) as error:
        raise ConfigError(
            f"{path}: {table['zone']!r} is not a zone such as America/Chicago"
        ) from error
    try:
        start = min(_moments(table["start"], zone, time.min))
        end = max(_moments(table["end"], zone, time(23, 59, 59)))
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{path}: a range cannot be read: {error}") from error
    if end < start:
        raise ConfigError(f"{path}: a range ends ({end}) before it starts ({start})")
    return start, end


def _moments(value: object, zone: ZoneInfo, default: time) -> tuple[datetime, datetime]:
    """Read a TOML date or time, or its text; local times are in ``zone``.

    A local time that a clock change repeats or leaves out can be taken in two ways: both are given,
    and the range is made the longer one.
    """
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, default)
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} is not a date or time")
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return _utc(value.replace(fold=0)), _utc(value.replace(fold=1))


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:  # 9999-12-31, by which people mean no end
        return LAST if value.year > 1 else FIRST
