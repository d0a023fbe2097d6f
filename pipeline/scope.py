"""scope.toml: what the legal process covers, as its own file says it.

One process is written flat::

    accounts = ["ann.example"]
    categories = ["unified_messages"]
    [[range]]
    start = 2024-03-01
    end = 2024-03-31
    zone = "America/Chicago"

Several, each with bounds of its own, are written as ``[[warrant]]`` tables with the same keys and a
``number``; a record is in scope if any of them covers it::

    [[warrant]]
    number = "24-0117"
    accounts = ["ann.example"]
    range = [{start = 2024-03-01, end = 2024-03-31, zone = "America/Chicago"}]
"""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import ConfigError
from pipeline.guard import Guard
from pipeline.readers.base import Issue
from pipeline.search.terminal import printable
from pipeline.warrants import FIRST, LAST, Warrant, folded
from schemas.kinds import Severity

KEYS = ("accounts", "categories", "range")
WARRANT_KEYS = (*KEYS, "number")
RANGE_KEYS = ("start", "end", "zone")
OTHER_WORDS = {
    "ranges": "range", "time_range": "range", "account": "accounts", "sections": "categories",
    "timezone": "zone", "tz": "zone", "from": "start", "to": "end", "category": "categories",
    "warrants": "warrant", "process": "warrant", "processes": "warrant", "name": "number",
    "label": "number", "id": "number",
}  # fmt: skip
"""What people write for the same thing; a scope refused over a word would be left out."""
PHONE = re.compile(r"[+(\d][-+().\s\d]*")


def load_scope(path: Path) -> Guard:
    """Read scope.toml.

    Keys: ``accounts`` and ``categories`` (lists of strings), and ``[[range]]`` tables with
    ``start``, ``end`` (a date, or a date and time; both inside, a date as ``end`` to its last
    second) and ``zone`` (IANA); or ``[[warrant]]`` tables that hold these.

    Raises:
        ConfigError: unreadable, empty, unknown keys, a range without zone, or an end before its
            start.
    """
    try:
        given = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: the scope cannot be read: {error}") from error
    given = _named(path, given)
    if "warrant" in given:
        return Guard(warrants=_warrants(path, given))
    flat = _process(path, given, KEYS)
    if flat == Warrant():
        raise ConfigError(f"{path}: the scope is empty; name accounts, categories or a [[range]]")
    return Guard(accounts=flat.accounts, categories=flat.categories, ranges=flat.ranges)


def _warrants(path: Path, given: dict[str, Any]) -> tuple[Warrant, ...]:
    tables = given.pop("warrant")
    tables = [tables] if isinstance(tables, dict) else tables
    if given:
        raise ConfigError(
            f"{path}: {min(given)!r} stands beside [[warrant]]; write it into each [[warrant]] "
            "that it belongs to"
        )
    if not isinstance(tables, list) or not all(isinstance(item, dict) for item in tables):
        raise ConfigError(f"{path}: write each process as [[warrant]]")
    found = []
    for number, table in enumerate(tables, 1):
        warrant = _process(path, _named(path, table), WARRANT_KEYS)
        if warrant == Warrant(number=warrant.number):
            raise ConfigError(
                f"{path}: [[warrant]] {number} is empty; name accounts, categories or a range"
            )
        found.append(warrant)
    if not found:
        raise ConfigError(f"{path}: the scope is empty; name accounts, categories or a [[range]]")
    return tuple(found)


def _process(path: Path, given: dict[str, Any], keys: tuple[str, ...]) -> Warrant:
    bare = {key: given.pop(key) for key in RANGE_KEYS if key in given}
    if bare and "range" not in given:
        given["range"] = bare  # one range, written without its table
    elif bare:
        raise ConfigError(f"{path}: {', '.join(bare)} belongs under [[range]]")
    number = given.get("number", "") if "number" in keys else ""
    _known(path, given, keys)
    if isinstance(number, bool) or not isinstance(number, str | int):
        raise ConfigError(f"{path}: number must be text")
    return Warrant(
        accounts=frozenset(map(_account, _names(path, given, "accounts"))),
        categories=frozenset(map(folded, _names(path, given, "categories"))),
        ranges=tuple(_range(path, item) for item in _tables(path, given)),
        number=" ".join(str(number).split()),
    )


def _account(written: str) -> str:
    """An account as files name it: of an address its last part, of a number its digits."""
    name = written.split("profile.php?id=")[-1] if "profile.php?id=" in written else written
    if "/" in name:
        name = name.split("?")[0].rstrip("/").rpartition("/")[2]
    if PHONE.fullmatch(name) and sum(map(str.isdigit, name)) >= 7:
        return "".join(filter(str.isdigit, name))
    return name.lstrip("@") or written


def unmatched(guard: Guard, targets: frozenset[str], sections: frozenset[str]) -> list[Issue]:
    """Say which accounts and categories of a scope name nothing that was received.

    One that is misspelt would put everything out in silence.

    Args:
        guard: the scope.
        targets: names and numbers of the accounts that files are about.
        sections: sections that records stand in, folded.
    """
    accounts = {name for item in guard.processes for name in item.accounts}
    categories = {name for item in guard.processes for name in item.categories}
    missing = [("account", name) for name in sorted(accounts - targets)]
    missing += [("category", name) for name in sorted(categories - sections)]
    return [
        Issue(
            Severity.WARNING, "guard", "scope_matches_nothing",
            f"the scope names the {kind} '{printable(name)}', which nothing here bears: is it "
            "written as the provider writes it?",
        )
        for kind, name in missing
    ]  # fmt: skip


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
