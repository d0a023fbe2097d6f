"""Street addresses, boxes, blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.locations import Locations
from schemas.kinds import PlaceKind

EXTRACTOR = Locations()

FOUND = [
    ("505 4th Ave S. Minneapolis Room 190", "505 4th Ave S. Minneapolis Room 190"),
    ("meet at 2415 w broadway ave apt 3", "2415 w broadway ave apt 3"),
    ("2415 w broadway", "2415 w broadway"),
    ("come to 1515 park n", "1515 park n"),
    ("12 Test St, Minneapolis, MN 55401", "12 Test St, Minneapolis, MN 55401"),
    ("12 Test St\nApt 4\nMinneapolis, MN 55401", "12 Test St\nApt 4\nMinneapolis, MN 55401"),
    ("😀 1234 e lake st", "1234 e lake st"),
    ("742 Evergreen Terrace", "742 Evergreen Terrace"),
    ("1 E 31st St", "1 E 31st St"),
    ("4400 block of fremont", "4400 block of fremont"),
    ("PO Box 1234, St Paul MN 55101", "PO Box 1234, St Paul MN 55101"),
    ("88175 US Highway 278", "88175 US Highway 278"),
    ("2901 East 3300 South", "2901 East 3300 South"),
    ("12 Elm, NE", "12 Elm, NE"),
    ("8 Rope Walk, Bedford, MK42 0XE", "8 Rope Walk, Bedford, MK42 0XE"),
    ("12 Elm Lane St Paul", "12 Elm Lane St Paul"),
    ("12 Elm Street, Zorvik, Sweden", "12 Elm Street, Zorvik, Sweden"),
    ("12 Elm St, Toronto, Canada", "12 Elm St, Toronto, Canada"),
    ("Calle Mayor 12", "Calle Mayor 12"),
    ("Hauptstraße 5", "Hauptstraße 5"),
    ("Rue de Test 4", "Rue de Test 4"),
]
NOTHING = [
    "5 people way",
    "100 bucks court fees",
    "10 park tickets",
    "2 way street",
    "3 rd game",
    "135 w clothes",
    "20 n stuff",
    "via access number 0844",
    "i got 5 st patricks beads",
    "8 ct ring",
    "3 min drive",
    "1200 for the room",
    "call me at 6",
    "lives at home",
]


@pytest.mark.parametrize(("text", "surface"), FOUND)
def test_found(text, surface):
    (hit,) = EXTRACTOR.find(text, "US")
    assert text[hit.start : hit.end] == surface
    assert hit.facts.place_kind is PlaceKind.ADDRESS


@pytest.mark.parametrize("text", NOTHING)
def test_nothing(text):
    kinds = [hit.facts.place_kind for hit in EXTRACTOR.find(text, "US")]
    assert PlaceKind.ADDRESS not in kinds


def test_value_is_one_line_and_the_city_is_known():
    (hit,) = EXTRACTOR.find("12 Test St\nApt 4\nMinneapolis, MN 55401", "US")
    assert hit.value == "12 Test St, Apt 4, Minneapolis, MN 55401"
    assert (hit.facts.city, hit.facts.county, hit.facts.precision) == (
        "Minneapolis",
        "Hennepin County",
        "city",
    )


@given(
    st.integers(100, 9999),
    st.sampled_from(["Test", "Sample", "Maple Hill", "12th"]),
    st.sampled_from(["St", "Ave", "Blvd", "Rd", "Lane", "street", "AVENUE"]),
    st.sampled_from(["", " N", " SE"]),
)
def test_plain_addresses(number, name, kind, post):
    text = f"{number} {name} {kind}{post}"
    (hit,) = EXTRACTOR.find(text, "US")
    assert (hit.start, hit.end) == (0, len(text))
