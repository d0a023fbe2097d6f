"""Dates: a grid of spans and values, and what relative ones mean on a known day."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import dates
from extractors.base import Hit
from extractors.dates import Dates, resolve_relative
from extractors.gate import Memo
from schemas.kinds import MentionKind
from tests._data.changes import changed

DATES = Dates()
SENT = datetime(2024, 5, 16, 3, 30, tzinfo=UTC)
"""Wednesday 15 May 2024, 22:30 in Chicago; already Thursday in UTC."""
ZONE = "America/Chicago"

# fmt: off
ABSOLUTE = [
    ("Published Jan 16, 2013", [("Jan 16, 2013", "2013-01-16")]),
    ("since Feb 2011", [("Feb 2011", "2011-02")]),
    ("dob 4/12/2005", [("4/12/2005", "2005-04-12")]),
    ("4/12/05 n 13/2/2020", [("4/12/05", "2005-04-12"), ("13/2/2020", "2020-02-13")]),
    ("📅2013-01-16", [("2013-01-16", "2013-01-16")]),
    ("el 16 de enero de 2013", [("16 de enero de 2013", "2013-01-16")]),
    ("a\nMarch 3rd, 2021\nb", [("March 3rd, 2021", "2021-03-03")]),
    ("24/7", []), ("50/50", []), ("1/2 off", []), ("6.30", []), ("10.0.0.1", []), ("may i", []),
    ("march on", []), ("the 2nd time", []), ("16th st", []), ("1st ave", []), ("2013", []),
    ("sat down", []), ("the sun", []), ("2 days", []), ("en la mañana", []), ("651-555-0117", []),
    ("2/30/2020", []), ("v5.10.12", []), ("mon ami", []),
]
RELATIVE = [
    ("meet tmrw at 9", "tmrw", "2024-05-16"), ("tonight", "tonight", "2024-05-15"),
    ("yesterday", "yesterday", "2024-05-14"), ("friday", "friday", "2024-05-17"),
    ("next friday", "next friday", "2024-05-24"), ("last friday", "last friday", "2024-05-10"),
    ("wednesday", "wednesday", "2024-05-15"), ("el viernes", "el viernes", "2024-05-17"),
    ("mañana", "mañana", "2024-05-16"), ("pasado mañana", "pasado mañana", "2024-05-17"),
    ("anoche", "anoche", "2024-05-14"), ("3 days ago", "3 days ago", "2024-05-12"),
    ("in 2 weeks", "in 2 weeks", "2024-05-29"), ("hace 3 dias", "hace 3 dias", "2024-05-12"),
    ("a month ago", "a month ago", "2024-04-15"), ("next week", "next week", "2024-W21"),
    ("last month", "last month", "2024-04"), ("this weekend", "this weekend", "2024-05-18"),
    ("on the 20th", "on the 20th", "2024-05-20"), ("the 1st", "the 1st", "2024-06-01"),
    ("Dec. 10", "Dec. 10", "2023-12-10"), ("on 5/20", "on 5/20", "2024-05-20"),
    ("in may", "in may", "2024-05"), ("mon night", "mon night", "2024-05-20"),
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), ABSOLUTE)
def test_absolute(text: str, expected: list[tuple[str, str]]) -> None:
    hits = list(DATES.find(text, "US"))
    assert [(text[hit.start : hit.end], hit.value) for hit in hits] == expected


@pytest.mark.parametrize(("text", "surface", "expected"), RELATIVE)
def test_relative(text: str, surface: str, expected: str) -> None:
    (hit,) = DATES.find(text, "US")
    assert (text[hit.start : hit.end], hit.value) == (surface, None)
    assert resolve_relative(hit, SENT, ZONE) == expected


def test_zone_decides_the_day() -> None:
    (hit,) = DATES.find("today", "US")
    assert resolve_relative(hit, SENT, "UTC") == "2024-05-16"


def test_absolute_and_foreign_hits() -> None:
    (hit,) = DATES.find("2013-01-16", "US")
    assert resolve_relative(hit, SENT, ZONE) == "2013-01-16"
    assert resolve_relative(Hit(MentionKind.AGE, 0, 1, "x"), SENT, ZONE) is None
    (every,) = DATES.find("every friday", "US")
    assert resolve_relative(every, SENT, ZONE) is None


def test_day_first_outside_the_us() -> None:
    (hit,) = DATES.find("4/12/2005", "MX")
    assert hit.value == "2005-12-04"


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=100), st.text("0123456789/-. adeimnorsty", max_size=60)))
def test_any_text(text: str) -> None:
    hits = list(DATES.find(text, "US"))
    assert hits == list(DATES.find(text, "US"))
    end = 0
    for hit in hits:
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end
        resolve_relative(hit, SENT, ZONE)


TEXTS = [text for text, _ in ABSOLUTE] + [text for text, _, _ in RELATIVE]
TEXTS += [
    "last night",
    "este mes que viene",
    "dentro de dos semanas",
    "every sat",
    "el 5",
    "mid-may",
]


@settings(max_examples=600, deadline=None)
@given(changed(TEXTS))
def test_the_gate_refuses_no_hit(text: str) -> None:
    gated = list(DATES.find(text, "US"))
    with patch.object(dates, "HELD", Memo(lambda piece: -1)):
        assert list(DATES.find(text, "US")) == gated
