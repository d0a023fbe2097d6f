"""Relative dates resolved from the time of their message, and all that must stay as it is."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.base import Hit
from extractors.date_threads import is_open, resolve
from extractors.dates import Dates
from schemas.kinds import MentionKind

DATES = Dates()
SENT = datetime(2024, 5, 16, 3, 30, tzinfo=UTC)
"""Wednesday 15 May 2024, 22:30 in Chicago; already Thursday in UTC."""
ZONE = "America/Chicago"
PHONE = Hit(MentionKind.PHONE, 0, 8, "phone:plain", detail="relative day 1")

# fmt: off
ROWS: list[tuple[str, list[str | None]]] = [
    ("meet tmrw at 9", ["2024-05-16"]),
    ("📅 anoche", ["2024-05-14"]),
    ("friday\nor next friday", ["2024-05-17", "2024-05-24"]),
    ("in 2 weeks", ["2024-05-29"]),
    ("next week or last month", ["2024-W21", "2024-04"]),
    ("on the 20th", ["2024-05-20"]),
    ("Dec. 10", ["2023-12-10"]),
    ("dob 4/12/2005", ["2005-04-12"]),
    ("every friday", [None]),
    ("9 at the usual place", []),
    ("999 years ago", ["1025-05-15"]),
    ("", []),
]
# fmt: on


def found(text: str) -> tuple[Hit, ...]:
    return tuple(DATES.find(text, "US"))


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_values(text: str, expected: list[str | None]) -> None:
    hits = resolve(found(text), SENT, ZONE)
    assert [hit.value for hit in hits] == expected
    assert [(hit.start, hit.end, hit.rule) for hit in hits] == [
        (hit.start, hit.end, hit.rule) for hit in found(text)
    ]


def test_detail_is_kept_and_says_what_was_done() -> None:
    (hit,) = resolve(found("tomorrow"), SENT, ZONE)
    assert hit.detail == "relative day 1; resolved_relative from 2024-05-15 in America/Chicago"


def test_zone_decides_the_day() -> None:
    (hit,) = resolve(found("today"), SENT, "UTC")
    assert hit.value == "2024-05-16"
    (naive,) = resolve(found("today"), SENT.replace(tzinfo=None), "UTC")
    assert naive == hit


def test_without_a_time_nothing_changes() -> None:
    assert resolve(found("tomorrow"), None, ZONE) == found("tomorrow")


def test_other_hits_stay() -> None:
    absolute = found("2013-01-16")
    assert resolve((PHONE, *absolute), SENT, ZONE) == (PHONE, *absolute)
    assert not is_open(PHONE)


def test_a_date_outside_the_calendar_stays_open() -> None:
    (hit,) = resolve(found("999 years ago"), datetime(500, 1, 1, 12, tzinfo=UTC), "UTC")
    assert hit.value is None
    assert is_open(hit)


def test_unknown_zone() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        resolve(found("today"), SENT, "America/Nowhere")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(["tmrw", "on 5/20", "the 31st", "last may", "in 900 years", "el 5",
                              "a month ago", "every mon", "and", "\n"]), max_size=8).map(" ".join),
    st.datetimes(timezones=st.just(UTC)),
)  # fmt: skip
def test_any_message(text: str, sent: datetime) -> None:
    once = resolve(found(text), sent, "UTC")
    assert once == resolve(once, sent, "UTC"), "a second call changes nothing"
    assert [hit.start for hit in once] == [hit.start for hit in found(text)]
