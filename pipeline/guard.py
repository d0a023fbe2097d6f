"""Scope and protected threads: what stands between reading and everything else.

No text reaches a table, the index, a report, a log or ``work/`` before :meth:`Guard.scope_of` and
:meth:`Guard.seals` have passed it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import ConfigError
from pipeline.readers.base import Record
from schemas.kinds import Scope

KEYS = frozenset({"accounts", "categories", "range"})


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

    def scope_of(self, record: Record, targets: frozenset[str]) -> Scope:
        """Say where a record stands.

        Args:
            record: as read.
            targets: names and numbers of the account its file is about.
        """
        if self.accounts and targets and not (self.accounts & targets):
            return Scope.OUT_ACCOUNT
        if self.categories and record.section not in self.categories:
            return Scope.OUT_CATEGORY
        if self.accounts and not targets:
            return Scope.UNDETERMINED
        if not self.ranges:
            return Scope.IN
        if record.sent_at is None:
            return Scope.UNDETERMINED
        sent = record.sent_at.replace(microsecond=0)
        inside = any(first <= sent <= last for first, last in self.ranges)
        return Scope.IN if inside else Scope.OUT_DATE

    def seals(self, record: Record) -> bool:
        """Whether the record belongs to a protected thread."""
        return record.thread_id is not None and record.thread_id in self.sealed_threads


def load_scope(path: Path) -> Guard:
    """Read scope.toml.

    Keys: ``accounts`` and ``categories`` (lists of strings), and ``[[range]]`` tables with
    ``start``, ``end`` (a date, or a date and time; both inside, a date as ``end`` to its last
    second) and ``zone`` (IANA).

    Raises:
        ConfigError: unreadable, unknown keys, a range without zone, or an end before its start.
    """
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: the scope cannot be read: {error}") from error
    unknown = sorted(given.keys() - KEYS)
    if unknown:
        raise ConfigError(
            f"{path}: unknown key {unknown[0]!r}; known are {', '.join(sorted(KEYS))}"
        )
    return Guard(
        accounts=_names(path, given, "accounts"),
        categories=_names(path, given, "categories"),
        ranges=tuple(_range(path, item) for item in _tables(path, given)),
    )


def _names(path: Path, given: dict[str, Any], key: str) -> frozenset[str]:
    value = given.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{path}: {key} must be a list of strings")
    return frozenset(item.strip().lower() for item in value)


def _tables(path: Path, given: dict[str, Any]) -> list[dict[str, Any]]:
    value = given.get("range", [])
    tables = [value] if isinstance(value, dict) else value
    if not isinstance(tables, list) or not all(isinstance(item, dict) for item in tables):
        raise ConfigError(f"{path}: write ranges as [[range]] with start, end and zone")
    return tables


def _range(path: Path, table: dict[str, Any]) -> tuple[datetime, datetime]:
    try:
        zone = ZoneInfo(table["zone"])
        start = _moment(table["start"], zone, time.min)
        end = _moment(table["end"], zone, time(23, 59, 59))
    except KeyError as error:
        raise ConfigError(f"{path}: a range lacks {error.args[0]!r}") from error
    except (ValueError, TypeError, ZoneInfoNotFoundError) as error:
        raise ConfigError(f"{path}: a range cannot be read: {error}") from error
    if end < start:
        raise ConfigError(f"{path}: a range ends ({end}) before it starts ({start})")
    return start, end


def _moment(value: object, zone: ZoneInfo, default: time) -> datetime:
    """Read a TOML date or time, or its text; local times are in ``zone``.

    A local time that a clock change repeats is taken so that the range is the longer one: the
    first as a start, the second as an end.
    """
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, default)
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} is not a date or time")
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone, fold=int(default != time.min))
    return value.astimezone(UTC)
