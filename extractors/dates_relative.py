"""What a relative date means at a message's local time."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from extractors.base import Hit
from schemas.kinds import MentionKind

MARK: Final = "relative "
"""How the detail of a relative date begins; the rest is read by :func:`resolve_relative`."""


def iso_date(year: int, month: int, day: int) -> str | None:
    """Return the ISO date, None where the calendar has no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def resolve_relative(hit: Hit, sent_at: datetime, zone: str) -> str | None:
    """Return the ISO date a relative hit means in a message sent at a time.

    Args:
        hit: a hit of :class:`Dates`.
        sent_at: when the message was sent, with its zone.
        zone: IANA zone of the writer, in which the day is counted.

    Returns:
        ``YYYY-MM-DD``, ``YYYY-MM`` for a month, ``YYYY`` for a year, ``YYYY-Www`` for a week; the
        hit's own value when it is absolute; None when the hit is no date or recurs.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: no such zone.
    """
    if hit.kind is not MentionKind.DATE:
        return None
    if hit.value is not None or not hit.detail.startswith(MARK):
        return hit.value
    local = local_day(sent_at, zone)
    return None if local is None else meant(hit.detail, local)


def local_day(sent_at: datetime, zone: str) -> date | None:
    """Return the day of a time in a zone; None where it leaves the calendar.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: no such zone.
    """
    try:
        return sent_at.astimezone(ZoneInfo(zone)).date()
    except (OverflowError, ValueError):
        return None


@lru_cache(maxsize=4_096)
def meant(detail: str, local: date) -> str | None:
    """Return what the detail of a relative date means on a day, as :func:`resolve_relative` does.

    Messages of one day say the same few dates, so the last answers are kept.
    """
    name, *rest = detail.removeprefix(MARK).split()
    try:
        return _resolve(name, rest, local)
    except (OverflowError, ValueError):
        return None  # a time of sending, or a count of years, that leaves the calendar


def _resolve(name: str, rest: list[str], local: date) -> str | None:
    if name in ("day", "days"):
        return (local + timedelta(days=int(rest[0]))).isoformat()
    if name == "weeks":
        return (local + timedelta(weeks=int(rest[0]))).isoformat()
    if name in ("months", "years"):
        return _shift(local, int(rest[0]) * (1 if name == "months" else 12)).isoformat()
    if name == "weekday":
        ahead = (int(rest[0]) - local.weekday()) % 7
        if rest[1] == "last":
            ahead = ahead - 7 if ahead else -7
        elif rest[1] == "next":
            ahead = int(rest[0]) - local.weekday() + 7
        return (local + timedelta(days=ahead)).isoformat()
    if name == "monthday":
        return _month_day(int(rest[0]), int(rest[1]), local)
    if name == "month" and len(rest) == 2:
        return _month(int(rest[0]), rest[1], local)
    step = int(rest[0])
    if name == "week":
        year, week, _ = (local + timedelta(weeks=step)).isocalendar()
        return f"{year}-W{week:02d}"
    if name == "weekend":
        saturday = local - timedelta(days=local.weekday()) + timedelta(days=5 + 7 * step)
        return saturday.isoformat()
    if name == "month":
        return _shift(local, step).isoformat()[:7]
    return str(local.year + step) if name == "year" else None


def _shift(day: date, months: int) -> date:
    """Return the same day so many months on, the last of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _month_day(month: int, day: int, local: date) -> str | None:
    """Return the day of that month nearest the message; of a day alone the coming one."""
    if month:
        choices = []
        for year in (local.year - 1, local.year, local.year + 1):
            value = iso_date(year, month, day)
            if value:
                choices.append(date.fromisoformat(value))
        return (
            min(choices, key=lambda one: abs((one - local).days)).isoformat() if choices else None
        )
    for step in range(3):
        first = _shift(local.replace(day=1), step)
        value = iso_date(first.year, first.month, day)
        if value and value >= local.isoformat():
            return value
    return None


def _month(month: int, turn: str, local: date) -> str:
    year = local.year
    if turn == "last" and month >= local.month:
        year -= 1
    elif turn == "next" and month <= local.month:
        year += 1
    elif turn == "near":
        distance = month - local.month
        year += (distance < -6) - (distance > 6)
    return f"{year}-{month:02d}"
