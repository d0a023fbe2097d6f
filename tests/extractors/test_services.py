import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.phones import Phones
from extractors.services import COLUMNS, POSSIBLE, Services, category_of, near, shipped
from schemas.kinds import ServiceCategory

HEAD = ",".join(COLUMNS)

# As printed in the five source texts, with the category the texts give them.
PRINTED = [
    ("1-866-223-1111", "+18662231111", "hotline"),
    ("612-232-5428", "+16122325428", "advocate"),
    ("1-888-373-7888", "+18883737888", "hotline"),
    ("612-348-3552", "+16123483552", "child_protection"),
    ("651-793-7000", "+16517937000", "law_enforcement"),
    ("612-673-5465", "+16126735465", "service"),
    ("612-673-3000", "+16126733000", "city"),
    ("612-673-2157", "+16126732157", "city"),
    ("612-673-2626", "+16126732626", "city"),
    ("612-673-2700", "+16126732700", "city_language"),
    ("612-673-3500", "+16126733500", "city_language"),
]


@pytest.mark.parametrize(("printed", "e164", "category"), PRINTED)
def test_listed_numbers_are_labelled_in_any_writing(printed, e164, category):
    digits = e164.removeprefix("+1")
    area, exchange, line = digits[:3], digits[3:6], digits[6:]
    words = " ".join(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"][int(c)]
        for c in digits
    )
    for written in (
        printed,
        f"**{printed}**",
        f"({area}) {exchange}.{line}",
        e164,
        digits,
        words,
    ):
        hits = list(Phones().find(f"call {written} now", "US"))
        assert [(hit.value, hit.service_category) for hit in hits] == [
            (e164, ServiceCategory(category))
        ], written
        assert hits[0].review is None


def test_misprint_is_marked_for_review():
    [hit] = Phones().find("Yog xav tau kev pab, hu 612-637-2800", "US")
    assert (hit.value, hit.service_category, hit.review) == ("+16126372800", None, POSSIBLE)
    assert "+16126732800" in hit.detail


@pytest.mark.parametrize(
    ("text", "surface", "category"),
    [
        ("contact 311.", "311", "city"),
        ("she called 911 on him", "911", "emergency"),
        ("call or text 988", "988", "hotline"),
        ("text HELP to 233733", "233733", "hotline"),
        ("311 call center", "311", "city"),
        ("llama al 911 ya", "911", "emergency"),
    ],
)
def test_short_codes(text, surface, category):
    [hit] = Phones().find(text, "US")
    assert text[hit.start : hit.end] == surface
    assert (hit.value, hit.service_category) == (None, ServiceCategory(category))


@pytest.mark.parametrize(
    "text", ["room 311", "porsche 911", "9/11", "call 912", "I-988 north", "988 likes"]
)
def test_no_short_code(text):
    assert not list(Phones().find(text, "US"))


def test_near_is_one_digit_or_one_exchange_of_neighbours():
    listed = Services.parse([HEAD, "+16125550142,advocate,Invented,test,,,"])
    assert listed.near("+16125550143") == ("+16125550142",)
    assert listed.near("+16125550124") == ("+16125550142",)
    assert listed.near("+16215550142") == ("+16125550142",)
    assert listed.near("+16125550142") == ()
    assert listed.near("+16125550153") == ()
    assert listed.near("+525512345678") == ()
    assert listed.near(None) == ()


def test_another_list_can_be_given():
    listed = Services.parse([HEAD, "# a remark", "+16125550142,counsel,Invented firm,test,,,"])
    [hit] = Phones(listed).find("612-555-0142", "US")
    assert hit.service_category is ServiceCategory.COUNSEL
    [hit] = Phones(listed).find("612-555-0141", "US")
    assert hit.review == POSSIBLE


@pytest.mark.parametrize(
    "lines",
    [
        ["number,category", "+16125550142,advocate"],
        [HEAD, "+16125550142,friend,x,y,,,"],
        [HEAD, "612-555-0142,advocate,x,y,,,"],
        [HEAD, "16125550142,advocate,x,y,,,"],
    ],
)
def test_bad_lists_are_refused(lines):
    with pytest.raises(ValueError, match="service numbers"):
        Services.parse(lines)


def test_shipped_list_is_in_order():
    lines = list(shipped())
    assert len({line.number for line in lines}) == len(lines)
    assert all(line.holder and line.source for line in lines)
    assert category_of("+18883737888") is ServiceCategory.HOTLINE
    assert near("+18883737889") == ("+18883737888",)


@given(st.integers(0, 9), st.integers(0, 9), st.from_regex(r"\+1[2-9][0-9]{9}", fullmatch=True))
def test_near_agrees_with_a_plain_count(place, digit, number):
    listed = Services.parse([HEAD, f"{number},city,x,y,,,"])
    at = place + 2
    other = number[:at] + str(digit) + number[at + 1 :]
    assert listed.near(other) == (() if other == number else (number,))
