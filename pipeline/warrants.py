"""What one legal process covers, and where a record stands to it.

Rules, each to the second:

- a record stands by the time the provider states for it (``sent_at``); fractions are cut off;
- a local time of no stated zone is in or out only if it is so in every zone of the world;
- a message sent within the range and edited outside it is undetermined: its text may be of the
  later day. One sent outside the range is out, whenever it was edited: what was sent is asked for,
  and an edit must not bring back what the range leaves out;
- without time or account to decide by, a record is undetermined, unless something else of it puts
  it out for certain. Undetermined records are read, counted apart, and left for a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

from pipeline.readers.base import Record
from schemas.kinds import Scope

ANY_ZONE = timedelta(hours=26)
"""How far a local time of no stated zone can be from the zone it was read in (UTC-12 to UTC+14)."""
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)

Range = tuple[datetime, datetime]
"""First and last second (UTC), both inside."""

NEARNESS = (
    Scope.IN, Scope.UNDETERMINED, Scope.OUT_DATE, Scope.OUT_CATEGORY, Scope.OUT_ACCOUNT,
)  # fmt: skip
"""Of several processes the one that comes nearest to covering a record gives the reason: account is
looked at before category, and category before date."""

EDITED = re.compile(r"\bedit(?:ed)?(?:time|at|date|\b|_)|_edit", re.IGNORECASE)
STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?\s*(UTC|GMT|Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
"""Seconds, or thousandths, since 1970: of 2001 to 2033."""


class Limits(Protocol):
    """What bounds a search; empty = not bounded."""

    @property
    def accounts(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def categories(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def ranges(self) -> tuple[Range, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Warrant:
    """One of several processes in a scope file."""

    accounts: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    ranges: tuple[Range, ...] = ()
    number: str = ""
    """As people name it."""


def standing(
    limits: Limits, record: Record, targets: frozenset[str], *, has_sections: bool
) -> Scope:
    """Say where a record stands to one process.

    Args:
        limits: what it covers.
        record: as read.
        targets: names and numbers of the account its file is about.
        has_sections: whether its file has the provider's sections, which categories name.
    """
    accounts, ranges = limits.accounts, limits.ranges
    if accounts and targets and not (accounts & targets):
        return Scope.OUT_ACCOUNT
    if limits.categories and has_sections and not in_category(record.section, limits.categories):
        return Scope.OUT_CATEGORY
    dated = True
    if ranges:
        if record.sent_at is None:
            dated = False
        else:
            touches, dated = _within(ranges, record.sent_at, any_zone=record.zone_assumed)
            if not touches:
                return Scope.OUT_DATE  # whoever's it is
            dated = dated and not _edited_elsewhere(ranges, record)
    named = bool(targets) or not accounts
    return Scope.IN if dated and named else Scope.UNDETERMINED


def nearest(found: list[Scope]) -> Scope:
    """Join what several processes say of one record: any that covers it decides."""
    return min(found, key=NEARNESS.index)


def in_category(section: str, categories: frozenset[str]) -> bool:
    """Whether a section is one of the categories, however the two are written."""
    return section in categories or folded(section) in categories


@lru_cache(maxsize=4096)
def folded(section: str) -> str:
    """A section as categories are compared: ``Unified Messages`` is ``unified_messages``."""
    return re.sub(r"[\s_-]+", "_", section.strip().lower())


def _within(ranges: tuple[Range, ...], moment: datetime, *, any_zone: bool) -> tuple[bool, bool]:
    """Return whether a moment may be inside, and whether it is so for certain."""
    moment = moment.replace(microsecond=0)
    slack = ANY_ZONE if any_zone else timedelta(0)
    early, late = _moved(moment, -slack), _moved(moment, slack)
    return (
        any(first <= late and early <= last for first, last in ranges),
        any(first <= early and late <= last for first, last in ranges),
    )


def _edited_elsewhere(ranges: tuple[Range, ...], record: Record) -> bool:
    """Whether a record was edited at a time that is not within the ranges for certain."""
    for label, value in record.attributes:
        if EDITED.search(label) and (found := edit_time(value)) is not None:
            moment, any_zone = found
            if not _within(ranges, moment, any_zone=any_zone)[1]:
                return True
    return False


def edit_time(value: str) -> tuple[datetime, bool] | None:
    """Return the time a provider states for an edit, and whether its zone is not stated.

    None where it states that there was one, but not when.
    """
    value = value.strip()
    if EPOCH.fullmatch(value):
        return datetime.fromtimestamp(int(value[:10]), UTC), False
    match = STAMP.match(value)
    if match is None:
        return None
    zone = match[3] or ""
    stated = "+00:00" if zone.upper() in ("", "UTC", "GMT", "Z") else zone
    try:
        moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{stated}")
        return moment.astimezone(UTC), not zone
    except (ValueError, OverflowError):
        return None


def _moved(moment: datetime, change: timedelta) -> datetime:
    try:
        return moment + change
    except OverflowError:
        return LAST if change > timedelta(0) else FIRST
