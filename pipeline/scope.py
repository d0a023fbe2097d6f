"""scope.toml: what the legal process covers, as its own file says it."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import ConfigError
from pipeline.guard import FIRST, LAST, Guard

KEYS = ("accounts", "categories", "range")
RANGE_KEYS = ("start", "end", "zone")
OTHER_WORDS = {
    "ranges": "range", "time_range": "range", "account": "accounts", "sections": "categories",
    "timezone": "zone", "tz": "zone", "from": "start", "to": "end",
}  # fmt: skip
"""What people write for the same thing; a scope refused over a word would be left out."""


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
