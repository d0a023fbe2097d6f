"""Plates: only where the text says that it is one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import gate
from extractors import plates as module
from extractors.plates import Plates
from tests._data.changes import mixed

PLATES = Plates()

# fmt: off
CASES = [
    ("license plate ABC 123", [("ABC 123", "ABC123")]),
    ("🚗 plate 123ABC", [("123ABC", "123ABC")]),
    ("her plate is 8hz214", [("8hz214", "8HZ214")]),
    ("placas XYZ-12-34", [("XYZ-12-34", "XYZ1234")]),
    ("a\nmn plate # 555 TST\nb", [("555 TST", "555TST")]),
    ("temp tag 12345AB", [("12345AB", "12345AB")]),
    ("plate 123ABC plate 456DEF", [("123ABC", "123ABC"), ("456DEF", "456DEF")]),
    ("plates of food", []), ("2 plates", []), ("plate at 9pm", []), ("tag me 123abc", []),
    ("name plate", []), ("ABC 123", []), ("my plate was full", []), ("plate 12", []),
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_grid(text: str, expected: list[tuple[str, str]]) -> None:
    hits = list(PLATES.find(text, "US"))
    assert [(text[hit.start : hit.end], hit.value) for hit in hits] == expected


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60).map(lambda tail: f"plate {tail}"))
def test_any_text(text: str) -> None:
    hits = list(PLATES.find(text, "US"))
    assert hits == list(PLATES.find(text, "US"))
    end = 0
    for hit in hits:
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end


@settings(max_examples=400, deadline=None)
@given(mixed([text for text, _ in CASES]))
def test_gate_is_a_superset(text: str) -> None:
    gated = list(PLATES.find(text, "US"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SPEAKS", gate.Memo(lambda piece: True))
        patch.setattr(gate, "has_digit", lambda text: True)
        assert list(PLATES.find(text, "US")) == gated
