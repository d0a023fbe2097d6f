"""Travel phrases and their mode; hardware and figures of speech as traps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.travel import Travel, _patterns, may_hold

TRAVEL = Travel()

# fmt: off
CASES = [
    ("im otw", [("otw", "en_route")]),
    ("on the bus to fargo", [("on the bus", "bus")]),
    ("got a greyhound ticket", [("greyhound ticket", "bus")]),
    ("flight to vegas", [("flight to", "flight")]),
    ("✈ flying out tmrw", [("flying out", "flight")]),
    ("driving up to duluth\n", [("driving up", "drive")]),
    ("eta 20 min", [("eta 20 min", "en_route")]),
    ("pick me up", [("pick me up", "drive")]),
    ("took the train", [("took the train", "train")]),
    ("got an uber", [("got an uber", "rideshare")]),
    ("ya voy, en camino", [("ya voy", "en_route"), ("en camino", "en_route")]),
    ("usb bus", []), ("hard drive to", []), ("drive me crazy", []), ("so fly", []),
    ("train hard", []), ("google drive", []), ("etage", []), ("the way it is", []),
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_grid(text: str, expected: list[tuple[str, str]]) -> None:
    hits = list(TRAVEL.find(text, "US"))
    assert [(text[hit.start : hit.end], hit.value) for hit in hits] == expected


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_gate_loses_nothing(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(_patterns()) - 1))
    rule, _, _, pattern = _patterns()[number]
    text = data.draw(st.from_regex(pattern))
    assert may_hold(text) >> number & 1, (rule, text)
    hits = list(TRAVEL.find(text, "US"))
    assert hits == sorted(hits, key=lambda hit: hit.start)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=100))
def test_any_text(text: str) -> None:
    end = 0
    for hit in TRAVEL.find(text, "US"):
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end
