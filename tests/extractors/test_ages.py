"""Ages: a grid of spans and values; traps of minutes, rooms, streets and heights."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import ages as module
from extractors.ages import Ages
from tests._data.changes import mixed

AGES = Ages()

# fmt: off
CASES = [
    ("shes 16", [("16", "16")]),
    ("turning 17 in may", [("17", "17")]),
    ("a 16-year-old and a 17-year-old", [("16-year-old", "16"), ("17-year-old", "17")]),
    ("up to the age of 24", [("24", "24")]),
    ("average age of entry is 14", [("14", "14")]),
    ("ages 16 and 17", [("16", "16"), ("17", "17")]),
    ("😀 im 19", [("19", "19")]),
    ("she 22 lol", [("22", "22")]),
    ("18yo", [("18yo", "18")]),
    ("seventeen years old", [("seventeen years old", "17")]),
    ("a\nhe is 31\nb", [("31", "31")]),
    ("tengo 19 años", [("19 años", "19")]),
    ("ella tiene 15", [("15", "15")]),
    ("her daughter is 12", [("12", "12")]),
    ("sophomore at north", [("sophomore", None)]),
    ("22f", [("22f", "22")]),
    ("im 40 n shes 20", [("40", "40"), ("20", "20")]),
    ("16 min away", []), ("im 16 min away", []), ("rm 16", []), ("16th st", []), ("im 5'4", []),
    ("hace 5 años", []), ("5 years", []), ("im 100 with u", []), ("he 6 foot", []),
    ("im 20 out", []), ("turn 20 into 40", []), ("she is 2 tired", []), ("im 30 deep", []),
    ("im 16 weeks", []), ("$16", []), ("page 16", []), ("16", []),
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_grid(text: str, expected: list[tuple[str, str | None]]) -> None:
    hits = list(AGES.find(text, "US"))
    assert [(text[hit.start : hit.end], hit.value) for hit in hits] == expected


def test_minor_is_named_in_the_detail() -> None:
    (hit,) = AGES.find("shes 16", "US")
    assert hit.detail == "under 18"


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=100), st.text("0123456789 aeimsyorl'", max_size=60)))
def test_any_text(text: str) -> None:
    hits = list(AGES.find(text, "US"))
    assert hits == list(AGES.find(text, "US"))
    end = 0
    for hit in hits:
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end


@settings(max_examples=400, deadline=None)
@given(mixed([text for text, _ in CASES]))
def test_gate_is_a_superset(text: str) -> None:
    gated = list(AGES.find(text, "US"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "signs_in", lambda text: -1)
        assert list(AGES.find(text, "US")) == gated
