"""Positions in every notation, and in map links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.coordinates import GATE, _angles, find_coordinates, find_map_links
from extractors.place_types import Taken

PAIRS = [
    ("44.9778, -93.2650", "44.9778, -93.2650", "44.9778,-93.265"),
    ("pin 44.9778,-93.2650 hurry", "44.9778,-93.2650", "44.9778,-93.265"),
    ("😀 44.9778 -93.2650", "44.9778 -93.2650", "44.9778,-93.265"),
    ("44.5;-93.0", "44.5;-93.0", "44.5,-93"),
    ("44.97° N, 93.26° W", "44.97° N, 93.26° W", "44.97,-93.26"),
    ("44.97 N 93.26 W", "44.97 N 93.26 W", "44.97,-93.26"),
    ("N 44.97 W 93.26", "N 44.97 W 93.26", "44.97,-93.26"),
    ("44°58'40\"N 93°15'54\"W", "44°58'40\"N 93°15'54\"W", "44.977778,-93.265"),
    ("44° 58′ 40″ N, 93° 15′ 54″ W", "44° 58′ 40″ N, 93° 15′ 54″ W", "44.977778,-93.265"),
    ("N 44° 58.6' W 93° 15.9'", "N 44° 58.6' W 93° 15.9'", "44.976667,-93.265"),
    ("44 58 40 N 93 15 54 W", "44 58 40 N 93 15 54 W", "44.977778,-93.265"),
    ("44d58m40s N 93d15m54s W", "44d58m40s N 93d15m54s W", "44.977778,-93.265"),
    ("33.8 S 151.2 E", "33.8 S 151.2 E", "-33.8,151.2"),
]
SINGLE = ["44.97 N", "44° 58.6'", "44 58 40 N", "44 58 N", "93° 15′ 54″ West"]
NOTHING = [
    "12.50, 13.75 total",
    "score 44.5 39.2",
    "$44.123, 93.456",
    "20° outside",
    "20.50 w shipping",
    "version 1.2.3",
    "10.0.0.1",
    "91.1234, 200.5678",
    "44.9778, -193.2650",
    "12/05/2024",
    "651-555-0117",
    "ab12 N 3",
    "4o2 S55 0lZ7",
    "S 7 3",
    "ring S 5 5 0 1 9 9",
]
LINKS = [
    ("https://maps.google.com/?q=44.9537,-93.0900", "44.9537,-93.0900", "44.9537,-93.09"),
    ("https://www.google.com/maps/@46.7867,-92.1005,15z", "46.7867,-92.1005", "46.7867,-92.1005"),
    ("https://maps.apple.com/?ll=44.9778,-93.2650&q=here", "44.9778,-93.2650", "44.9778,-93.265"),
    ("https://maps.google.com/maps?q=44.9537%2C-93.0900", "44.9537%2C-93.0900", "44.9537,-93.09"),
    ("geo:44.9537,-93.0900", "44.9537,-93.0900", "44.9537,-93.09"),
    ("https://www.google.com/maps/place/12+Test+St", "12+Test+St", "12 Test St"),
]


@pytest.mark.parametrize(("text", "surface", "value"), PAIRS)
def test_pair(text, surface, value):
    (span,) = find_coordinates(text)
    assert (text[span.start : span.end], span.value) == (surface, value)


@pytest.mark.parametrize("text", SINGLE)
def test_single(text):
    (span,) = find_coordinates(text)
    assert (text[span.start : span.end], span.value) == (text, None)


@pytest.mark.parametrize("text", NOTHING)
def test_nothing(text):
    assert list(find_coordinates(text)) == []


@pytest.mark.parametrize(("text", "surface", "value"), LINKS)
def test_map_link(text, surface, value):
    (span,) = find_map_links("see " + text + " now")
    assert (text[span.start - 4 : span.end - 4], span.value) == (surface, value)


@pytest.mark.parametrize("text", ["https://example.com/?q=44.9537,-93.0900", "maps are fun"])
def test_no_map_link(text):
    assert list(find_map_links(text)) == []


PIECES = st.sampled_from("44.97 -93.26 N W S E ° ' \" ′ ″ d 58 40 , ; \n 12 m s".split(" "))


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join)))
def test_any_text(text):
    spans = list(find_coordinates(text))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    if not GATE.search(text):
        assert not _angles(text, Taken())


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_decimal_pairs_survive(latitude, longitude):
    text = f"{latitude:.6f}, {longitude:.6f}"
    (span,) = find_coordinates(text)
    found = [float(part) for part in span.value.split(",")]
    assert found == pytest.approx([latitude, longitude], abs=1e-6)
