"""Local days and hours of records: DuckDB knows no zones without an extension, Python does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.report.store import Store

NIGHT = (22, 4)
"""Hours of the night, from and up to: DOMAIN 4.1, item 3, and table 6.1."""

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = (date(1, 1, 3) - date(1970, 1, 1)).days
_LAST = (date(9999, 12, 29) - date(1970, 1, 1)).days
"""Beyond these days a zone's offset would leave the years that Python knows."""


def zone_of(name: str) -> tuple[tzinfo, str]:
    """Return a zone and how it is called; UTC for a name that this machine does not know."""
    try:
        return ZoneInfo(name), name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC, "UTC"


def local(at: datetime, zone: tzinfo) -> datetime:
    """Return a time in a zone; UTC within a day of the years 1 and 9999, where it would leave them.

    A date there is a slip of somebody's clock, and no report should fail of it.
    """
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at.astimezone(UTC)


def localise(store: Store, zone: str) -> str:
    """Make the table ``local_times``, once for a store.

    Its rows are those of ``canon`` with a time: ``rank``, ``local_day`` (days from 1970),
    ``local_hour`` (0 to 23), ``is_night`` (:data:`NIGHT`), all in the zone, daylight saving time
    and offsets that are no whole hours included.

    Args:
        store: the tables.
        zone: IANA name.

    Returns:
        The zone's name as it is said.
    """
    there, said = zone_of(zone)
    days = [
        row[0]
        for row in store.rows("SELECT DISTINCT day FROM canon WHERE day IS NOT NULL ORDER BY day")
    ]
    steps = ", ".join(f"({since}, {offset})" for since, offset in _steps(days, there))
    shifted = f"c.micros + z.shift + {-_FIRST * _DAY + 3 * _DAY}"
    store.run(f"""
        CREATE TABLE IF NOT EXISTS local_times AS
        SELECT rank, (local // {_DAY} + {_FIRST - 3})::INTEGER AS local_day,
               ((local % {_DAY}) // {_HOUR})::INTEGER AS local_hour,
               (local % {_DAY} // {_HOUR} >= {NIGHT[0]} OR local % {_DAY} // {_HOUR} < {NIGHT[1]})
                 AS is_night
        FROM (SELECT c.rank, {shifted} AS local
              FROM (SELECT rank, micros FROM canon WHERE micros IS NOT NULL) c
              ASOF JOIN (VALUES {steps}) z(since, shift) ON c.micros >= z.since)
        """)
    return said


def _steps(days: list[int], zone: tzinfo) -> list[tuple[int, int]]:
    """Return from when on which offset holds, in microseconds, right for all moments of the days.

    A day of two offsets is searched for the second at which they change.
    """
    steps: list[tuple[int, int]] = [(-(2**62), 0)]
    for day in days:
        start, end = day * _DAY, (day + 1) * _DAY - 1
        first, last = _offset(start, zone), _offset(end, zone)
        if first != steps[-1][1]:
            steps.append((start, first))
        if last != first:
            steps.append((_change(start, end, zone), last))
    return steps


def _change(start: int, end: int, zone: tzinfo) -> int:
    before = _offset(start, zone)
    while end - start > 1:
        middle = (start + end) // 2
        if _offset(middle, zone) == before:
            start = middle
        else:
            end = middle
    return end


def _offset(micros: int, zone: tzinfo) -> int:
    if not _FIRST * _DAY <= micros < _LAST * _DAY:
        return 0
    moved = (_EPOCH + timedelta(microseconds=micros)).astimezone(zone).utcoffset()
    return 0 if moved is None else moved // timedelta(microseconds=1)
