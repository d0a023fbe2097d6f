"""Stays: hotels with rooms, nights, check-in and check-out."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractors import hotels, lodging
from extractors import place_bits as bits
from extractors.lodging import Lodging
from extractors.place_gate import place_bits

EXTRACTOR = Lodging()

FOUND = [
    ("the rodeway off 394 in golden valley rm 108", [("rodeway off 394 in golden valley rm 108", "rodeway|room 108")]),
    ("super 8 rm 214", [("super 8 rm 214", "super 8|room 214")]),
    ("rm 214 super 8 tmrw", [("rm 214 super 8", "super 8|room 214")]),
    ("😀 motel 6 room 12", [("motel 6 room 12", "motel 6|room 12")]),
    ("motel 6\nroom 12", [("motel 6\nroom 12", "motel 6|room 12")]),
    ("Days Inn check out at 11", [("Days Inn check out at 11", "days inn")]),
    ("la quinta 2 nights, room 312", [("la quinta 2 nights, room 312", "la quinta|room 312")]),
    ("motel 6 de burnsville cuarto 12", [("motel 6 de burnsville cuarto 12", "motel 6|room 12")]),
    ("super 8 then red roof", [("super 8", "super 8"), ("red roof", "red roof")]),
    ("super 8 room 4 or red roof room 5", [("super 8 room 4", "super 8|room 4"), ("red roof room 5", "red roof|room 5")]),
    ("at the airport inn room 6", [("airport inn room 6", "airport inn|room 6")]),
    ("hotel 7 on lake", [("hotel 7", "hotel 7")]),
    ("kicked out of motel 8", [("motel 8", "motel 8")]),
    ("we at the 6 off 494", [("the 6", "motel 6")]),
    ("the telly room 12", [("telly room 12", "telly|room 12")]),
    ("staying at the hampton", [("hampton", "hampton")]),
    ("the hilton by msp", [("hilton", "hilton")]),
    ("en cardinal motor lodge", [("cardinal motor lodge", "cardinal motor lodge")]),
    ("at loon lake lodge rm 27", [("loon lake lodge rm 27", "loon lake lodge|room 27")]),
    ("Starlite Motel", [("Starlite Motel", "starlite motel")]),
    ("rm 214 knock twice", [("rm 214", "room 214")]),
    ("checkout is at 11", [("checkout is at 11", None)]),
    ("room 118 check out at noon", [("room 118 check out at noon", "room 118")]),
]  # fmt: skip

NOTHING = [
    "which motel u at",
    "the hotel was nice",
    "a cheap motel",
    "5 star hotel",
    "super 8 of em",
    "red roof on the barn",
    "hmm hotel music",
    "the lodge was nice",
    "make room for me",
    "check out this link",
    "check it out",
    "paris hilton was on tv",
    "courtyard party",
    "hampton called",
    "in the classroom room 12",
    "court room 305 at 9",
    "505 4th Ave S. Minneapolis Room 190",
    "room for 2",
    "2 nights ago",
    "the 6 of us",
    "motel6@example.com",
    "",
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_found(text, expected):
    assert [(text[h.start : h.end], h.value) for h in EXTRACTOR.find(text, "US")] == expected


@pytest.mark.parametrize("text", NOTHING)
def test_nothing(text):
    assert list(EXTRACTOR.find(text, "US")) == []


def test_detail_lists_the_stay():
    (hit,) = EXTRACTOR.find("la quinta 2 nights, room 312 check out at 11", "US")
    assert hit.detail == "venue La Quinta; 2 nights; room 312; check-out at 11"


PIECES = st.sampled_from(
    "motel 6 the super 8 room rm 12 hotel inn check out at 11 2 nights hampton hilton suites # 4 "
    "front desk lodge Starlite 😀 \n , telly".split(" ")
)
TEXTS = st.one_of(st.text(), st.lists(PIECES).map(" ".join))


@given(TEXTS)
def test_any_text(text):
    hits = list(EXTRACTOR.find(text, "US"))
    assert hits == list(EXTRACTOR.find(text, "US"))
    spans = [(hit.start, hit.end) for hit in hits]
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)


@given(TEXTS)
def test_gates_are_supersets(text):
    found = place_bits(text)
    if not hotels.GATE.search(text):
        assert not list(hotels._patterned(text))
        assert not list(hotels._nicknames(text))
    if not found & bits.BRAND:
        folded = text.lower()
        assert len(folded) != len(text) or not list(hotels._brands(text, folded))
    if not lodging.GATE.search(text):
        assert not list(lodging._alone(text, "US", list(lodging._parts(text, has_hotel=False))))


@given(
    st.one_of(
        TEXTS,
        st.lists(st.sampled_from([*"İıſK.-(n6", "rm", "check", "in", "da", "the", " "])).map(
            "".join
        ),
    )
)
@example("ſuites the 6 check in rooms.5 İnn habitación")
def test_piece_gates_are_supersets(text):
    """What the pieces of a text between blanks show misses nothing of the patterns over it."""
    found = place_bits(text)
    assert found & (bits.HOTEL_TYPE | bits.SIX) or not hotels.GATE.search(text)
    assert found & bits.STAY or not lodging.GATE.search(text)
    assert hotels.find_hotels(text, found) == hotels.find_hotels(text, found | hotels.HOTELS)
