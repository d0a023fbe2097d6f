"""Heads of chat lines (``3/1/24, 02:11 - ``) and what order their dates are written in.

The export follows the phone's locale and never says which (FORMATS 8.2), so the order of day and
month is decided by the whole file: by values over twelve and by dates that must not go back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from pipeline.readers.base import Issue
from schemas.kinds import Severity

MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
"""Direction marks, which clients put anywhere; they are no part of what is parsed."""
_GAP = "[ \t\xa0\u2007\u2009\u202f]"
HEAD = re.compile(
    rf"(?<![^\r\n])[{MARKS}]{{0,8}}"
    rf"(?:(?P<bracket>\[)[{MARKS}]{{0,2}})?"
    r"(?P<when>"
    rf"(?P<a>\d{{1,4}})(?P<sep>[./-]){_GAP}?(?P<b>\d{{1,2}})(?P=sep){_GAP}?(?P<c>\d{{1,4}})\.?"
    rf"(?P<comma>,?){_GAP}{{1,2}}(?:(?:à|às|um|klo|kl\.?|at|a las|alle){_GAP})?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?!\d)"
    rf"(?:{_GAP}?(?P<half>[AaPp]){_GAP}?\.?{_GAP}?[Mm]\b\.?)?"
    r")"
    rf"[{MARKS}]{{0,2}}(?(bracket)\](?:{_GAP}|(?=[\r\n]|\Z))|{_GAP}[-–]{_GAP})"
)
"""iOS puts date and time in brackets, Android a dash behind them. ``(?<![^\\r\\n])`` is
the start of a line. Every repetition is bounded."""

ORDERS = ("dmy", "mdy", "ymd")
NAMES = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day"}
_MONTH_FIRST = ("America/", "US/", "Pacific/Honolulu")
"""Zones where, nothing else deciding, the month is taken to stand first."""
_YEARS = range(1990, 2100)
_LIKELY = range(2009, 2041)
"""Since there is WhatsApp; a year of two digits that stands first must lie in it."""


Style = tuple[bool, str, int, int, bool, bool, bool]
"""What stays the same through an export: brackets, separator, digits of the year where it stands
first and last (0: two or fewer), comma, seconds, halves of the day."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a message: where it stands and what it says, its date still without an order."""

    start: int
    """In the text, with direction marks before it."""
    end: int
    when: tuple[int, int]
    """Where date and time stand."""
    style: Style
    date: tuple[int, int, int]
    clock: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Order:
    """How a file's dates are read, and why."""

    name: str
    issue: Issue


def heads(text: str) -> list[Head]:
    """Return every head of a line in the order of the text; times that no clock shows are none."""
    found = []
    for match in HEAD.finditer(text):
        a, b, c = match["a"], match["b"], match["c"]
        hour, half = int(match["hour"]), match["half"]
        minute, second = int(match["minute"]), int(match["second"] or 0)
        if half and hour <= 12:
            hour = hour % 12 + 12 * (half in "Pp")
        if hour > 23 or minute > 59 or second > 59 or not _readings((int(a), int(b), int(c))):
            continue
        style = (
            match["bracket"] is not None, match["sep"], len(a) // 3, len(c) // 3,
            bool(match["comma"]), match["second"] is not None, half is not None,
        )  # fmt: skip
        found.append(
            Head(
                match.start(),
                match.end(),
                match.span("when"),
                style,
                (int(a), int(b), int(c)),
                (hour, minute, second),
            )
        )
    return found


def main_style(found: Iterable[Head]) -> Style | None:
    """Return the commonest style, the first of equals; heads of others are pasted text."""
    counts = Counter(head.style for head in found)
    return max(counts, key=counts.__getitem__) if counts else None


def decide(found: list[Head], stated: Sequence[tuple[Head, date]], zone: str) -> Order:
    """Decide in which order the dates of a file stand.

    Args:
        found: its heads, in the file's order; one or more.
        stated: dates that a message states without doubt, as names of media do, beside its head.
        zone: IANA zone of the case, which decides when the dates do not.
    """
    style = found[0].style
    if style[2]:
        return Order("ymd", _told(Severity.INFO, "year/month/day, as they are written"))
    dates = [head.date for head in found]
    orders = ("dmy", "mdy") if style[3] else ORDERS
    faults = {order: _faults(dates, order) for order in orders}
    if style[1] == "." and not faults["dmy"][0]:
        return Order("dmy", _told(Severity.INFO, f"{NAMES['dmy']}, as dates with dots are written"))
    best = min(orders, key=lambda order: sum(faults[order]))
    rivals = [order for order in orders if order != best]
    if sum(faults["dmy"]) == sum(faults["mdy"]) and best != "ymd":
        return _undecided(dates, stated, zone)
    if min(faults[order][0] for order in rivals) > faults[best][0]:
        why = "as numbers over 12 can be days only"
    else:
        why = "as no other order keeps them ascending"
    most, next_best = sum(faults[best]), min(sum(faults[order]) for order in rivals)
    if most:
        why += f"; {most:,} of {len(dates):,} do not fit even so"
    sure = most * 4 <= next_best
    if not sure:
        why += "; compare a date with the phone"
    return Order(best, _told(Severity.INFO if sure else Severity.WARNING, f"{NAMES[best]}, {why}"))


def _undecided(
    dates: list[tuple[int, int, int]], stated: Sequence[tuple[Head, date]], zone: str
) -> Order:
    """Decide between day and month first where the dates alone do not."""
    agree = {
        order: sum(_day(head.date, order) == day for head, day in stated)
        for order in ("dmy", "mdy")
    }
    first = "mdy" if zone.startswith(_MONTH_FIRST) else "dmy"
    if all(_day(item, "dmy") == _day(item, "mdy") for item in dates):
        return Order(first, _told(Severity.INFO, f"{NAMES[first]}; day and month are equal"))
    if agree["dmy"] != agree["mdy"]:
        first = max(agree, key=agree.__getitem__)
        why = "as the dates in names of attached files show"
        return Order(first, _told(Severity.INFO, f"{NAMES[first]}, {why}"))
    message = (
        f"{NAMES[first]}, as is usual in the zone {zone} (--timezone): nothing in the file shows "
        "whether day or month stands first; compare a date with the phone"
    )
    return Order(first, _told(Severity.WARNING, message))


def sent(head: Head, order: str, zone: ZoneInfo) -> datetime | None:
    """Return the time of a head in UTC; None for a date that does not exist in this order."""
    day = _day(head.date, order)
    if day is None:
        return None
    try:
        local = datetime(day.year, day.month, day.day, *head.clock, tzinfo=zone)
        return local.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _told(severity: Severity, how: str) -> Issue:
    return Issue(severity, "read", "date_order", f"dates read as {how}")


def _faults(dates: list[tuple[int, int, int]], order: str) -> tuple[int, int]:
    """Count the dates that do not exist in an order, and those that go back in it."""
    impossible = back = 0
    last: date | None = None
    for item in dates:
        day = _day(item, order)
        if day is None or (order == "ymd" and day.year not in _LIKELY):
            impossible += 1
            continue
        back += last is not None and day < last
        last = day
    return impossible, back


@lru_cache(maxsize=4096)
def _day(parts: tuple[int, int, int], order: str) -> date | None:
    year, month, day = (parts[order.index(which)] for which in "ymd")
    if year < 100:
        year += 2000
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _readings(parts: tuple[int, int, int]) -> bool:
    return any(_day(parts, order) is not None for order in ORDERS)
