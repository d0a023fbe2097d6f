import re
from itertools import pairwise, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extractors import phone_traps
from extractors import phones as module
from extractors.phones import Phones, may_hold
from schemas.facts import PhoneFacts
from schemas.kinds import MentionKind

N = "+16125550142"
M = "+16515550117"

# text, [(surface, value, obfuscation)]
FOUND = [
    # plain
    ("612-555-0142", [("612-555-0142", N, None)]),
    ("(612)555.0142", [("(612)555.0142", N, None)]),
    ("612/555/0142", [("612/555/0142", N, None)]),
    ("my cell 6125550142", [("6125550142", N, None)]),
    ("+1 612 555 0142 ok", [("+1 612 555 0142", N, None)]),
    ("1‑612‑555‑0142", [("1‑612‑555‑0142", N, None)]),
    ("tel:+16125550142", [("+16125550142", N, None)]),
    ("hey\n612-555-0142\nbye", [("612-555-0142", N, None)]),
    ("😀😀 612-555-0142", [("612-555-0142", N, None)]),
    ("612-555-0142 or 651-555-0117", [("612-555-0142", N, None), ("651-555-0117", M, None)]),
    ("612-555-0142 x 12 me", [("612-555-0142 x 12", N, None)]),
    ("$20 612-555-0142", [("612-555-0142", N, None)]),
    ("at 10:30 612-555-0142", [("612-555-0142", N, None)]),
    ("as of 04/12/2024 call 612-555-0142", [("612-555-0142", N, None)]),
    ("to order 612-555-0142", [("612-555-0142", N, None)]),
    ("call612-555-0142now", [("612-555-0142", N, None)]),
    ("\u202a+1 612-555-0142\u202c", [("+1 612-555-0142", N, None)]),
    # other countries
    ("+52 55 1234 5678", [("+52 55 1234 5678", "+525512345678", None)]),
    ("+504 9912-3456", [("+504 9912-3456", "+50499123456", None)]),
    ("whatsapp 0044 7700 900123", [("0044 7700 900123", "+447700900123", None)]),
    ("mi telefono es 55 1234 5678", [("55 1234 5678", "+15512345678", None)]),
    ("my phone number is 0176 12345678", [("0176 12345678", None, None)]),
    # unassigned, but written as a number
    ("123-456-7890", [("123-456-7890", "+11234567890", None)]),
    # seven digits
    ("555-0142", [("555-0142", None, None)]),
    ("call 555 0142", [("555 0142", None, None)]),
    ("555-0142 area code 612", [("555-0142", N, None)]),
    ("area code is 651, number 555-0117", [("555-0117", M, None)]),
    # a shared stem
    ("612-555-0173/0174", [("612-555-0173", "+16125550173", None), ("0174", "+16125550174", None)]),
    ("612-555-0173 or 3094 larch st", [("612-555-0173", "+16125550173", None)]),
    ("612-555-0173 or 8935 granary row", [("612-555-0173", "+16125550173", None)]),
    ("landline 555..0121", [("555..0121", None, None)]),
    ("612-555-0173 or 0174", [("612-555-0173", "+16125550173", None), ("0174", "+16125550174", None)]),
    ("612-555-0142 or 555-0143", [("612-555-0142", N, None), ("555-0143", "+16125550143", None)]),
    # words
    ("six one two five five five oh one four two", [("six one two five five five oh one four two", N, "words")]),
    ("six5one five five five O1 seventeen", [("six5one five five five O1 seventeen", M, "letters,words")]),
    ("sixonetwo 555 zero1fortytwo", [("sixonetwo 555 zero1fortytwo", N, "words")]),
    ("hmu (six one two) five-five-five oh one four two", [("(six one two) five-five-five oh one four two", N, "words")]),
    ("six twelve triple five oh one forty-two", [("six twelve triple five oh one forty-two", N, "words")]),
    ("eight hundred 555 0142", [("eight hundred 555 0142", "+18005550142", "words")]),
    ("six hundred twelve 555 0142", [("six hundred twelve 555 0142", N, "words")]),
    ("seis uno dos cinco cinco cinco cero uno cuatro dos", [("seis uno dos cinco cinco cinco cero uno cuatro dos", N, "words")]),
    ("seis doce triple cinco cero uno cuarenta y dos", [("seis doce triple cinco cero uno cuarenta y dos", N, "words")]),
    ("s.i.x o.n.e t.w.o 555 0142", [("s.i.x o.n.e t.w.o 555 0142", N, "words")]),
    ("5ix 0ne tw0 fiiive f1ve fiv3 0142", [("5ix 0ne tw0 fiiive f1ve fiv3 0142", N, "words")]),
    ("six1two5five5zero1four2", [("six1two5five5zero1four2", N, "words")]),
    ("plus one six one two 555 0142", [("plus one six one two 555 0142", N, "words")]),
    ("six one to five five five o one for two", [("six one to five five five o one for two", N, "words")]),
    # letters
    ("6l2-555-OI42", [("6l2-555-OI42", N, "letters")]),
    ("6one2-five55-o142", [("6one2-five55-o142", N, "letters,words")]),
    ("text 651 SSS 0117", [("651 SSS 0117", M, "letters")]),
    ("612-555-0TAXI", [("612-555-0TAXI", "+16125550829", "vanity")]),
    ("tell him so7SSSo1Z8 k", [("so7SSSo1Z8", "+15075550128", "letters")]),
    ("S!SSSS0I!Z", [("S!SSSS0I!Z", "+15155550112", "letters")]),
    ("3ZO SSS O10B", [("3ZO SSS O10B", "+13205550108", "letters")]),
    ("hey 4OZSSS01b1", [("4OZSSS01b1", "+14025550161", "letters")]),
    ("SO7-SS5-0lZB", [("SO7-SS5-0lZB", "+15075550128", "letters")]),
    ("😀 b1z-555-O1g9\nok", [("b1z-555-O1g9", "+16125550199", "letters")]),
    ("B1Z-555-O1G9 call", [("B1Z-555-O1G9", "+18125550169", "letters")]),
    ("6 l 2 S S 5 O I 4 2", [("6 l 2 S S 5 O I 4 2", N, "letters")]),
    ("SO7-SS5-0lZB 6l2-SSS-OI42", [("SO7-SS5-0lZB", "+15075550128", "letters"), ("6l2-SSS-OI42", N, "letters")]),
    # words beside words
    ("call six one two five five five oh one four two b4 4", [("six one two five five five oh one four two", N, "words")]),
    ("six-one-two five-five-five zero-one-four-two 4 sure", [("six-one-two five-five-five zero-one-four-two", N, "words")]),
    ("sixone2 five55 oh1four2 oh well", [("sixone2 five55 oh1four2", N, "words")]),
    ("seis, uno, dos, cinco, cinco, cinco, cero, uno, cuatro, dos, oh ya", [("seis, uno, dos, cinco, cinco, cinco, cero, uno, cuatro, dos", N, "fillers,words")]),
    ("six1two fivefive5 oh142 70 qv 120 hh", [("six1two fivefive5 oh142", N, "words")]),
    ("nine twenty five double five zero one fifty nine", [("nine twenty five double five zero one fifty nine", "+19205550159", "words")]),
    ("same as b4 612 ... 555 ... 0142", [("612 ... 555 ... 0142", N, "fillers")]),
    ("612 xo 555 xo 0142 80/120/200", [("612 xo 555 xo 0142", N, "fillers")]),
    ("hh 120\n612 xo 555 xo 0142", [("612 xo 555 xo 0142", N, "fillers")]),
    ("612_555_0142 hh 120", [("612_555_0142", N, "fillers")]),
    ("612-555-0180 or 0147 one of em", [("612-555-0180", "+16125550180", None), ("0147", "+16125550147", None)]),
    ("6l2-5S5-0180 or 0147", [("6l2-5S5-0180", "+16125550180", "letters"), ("0147", "+16125550147", None)]),
    # a mark before it
    ("#6125550142 is him", [("6125550142", N, None)]),
    ("#six one two five five five oh one four two", [("six one two five five five oh one four two", N, "words")]),
    ("sec. 612-555-0142 is it", [("612-555-0142", N, None)]),
    # last four
    ("use the 0142 phone", [("0142", None, None)]),
    ("her number ending in 0117 ok", [("0117", None, None)]),
    # characters
    ("６１２－５５５－０１４２", [("６１２－５５５－０１４２", N, "fullwidth")]),
    ("6️⃣1️⃣2️⃣ 5️⃣5️⃣5️⃣ 0️⃣1️⃣4️⃣2️⃣", [("6️⃣1️⃣2️⃣ 5️⃣5️⃣5️⃣ 0️⃣1️⃣4️⃣2️⃣", N, "keycap")]),
    ("⑥①②⑤⑤⑤⓪①④②", [("⑥①②⑤⑤⑤⓪①④②", N, "circled")]),
    ("⁶¹²-⁵⁵⁵-⁰¹⁴²", [("⁶¹²-⁵⁵⁵-⁰¹⁴²", N, "superscript")]),
    ("651 555 ο117", [("651 555 ο117", M, "homoglyph,letters")]),
    ("ѕіх оnе tтwo", []),
    ("6\u200b12-5\u200b55-0142", [("6\u200b12-5\u200b55-0142", N, "invisible")]),
    ("бІ2-5ƼƼ-0ІЧ2", [("бІ2-5ƼƼ-0ІЧ2", N, "homoglyph,letters")]),
    ("З12-ՏՏ5-Օ142", [("З12-ՏՏ5-Օ142", "+13125550142", "homoglyph,letters")]),
    ("Ꮾ1Ƨ-555-01Ꮞ2", [("Ꮾ1Ƨ-555-01Ꮞ2", N, "homoglyph")]),
    # fillers
    ("its 6*1*2…5~5~5…0*1*4*2 babe", [("6*1*2…5~5~5…0*1*4*2", N, "fillers")]),
    ("612 kisses 555 xo 0142", [("612 kisses 555 xo 0142", N, "fillers")]),
    ("612❤️555❤️0142", [("612❤️555❤️0142", N, "fillers")]),
    ("6\n1\n2\n5\n5\n5\n0\n1\n4\n2", [("6\n1\n2\n5\n5\n5\n0\n1\n4\n2", N, "lines")]),
    ("612\n555\n0142", [("612\n555\n0142", N, "lines")]),
    ("six one two dash five five five dot 0142", [("six one two dash five five five dot 0142", N, "fillers,words")]),
]  # fmt: skip

NOT_FOUND = [
    "",
    "one two three four five six seven eight nine ten",
    "1 2 3 4 5 6 7 8 9 10 11 12",
    "ten nine eight seven six five four three two one",
    "prices 200 300 4000",
    "80 qv 120 hh 200 hr",
    "250 an hour 500 for two 1000 for four",
    "45 50 55 60 65 70",
    "21-14, 35-7 then 42-10",
    "order number 6125550142",
    "order #6125550142 shipped",
    "case no. 6125550142",
    "tracking 1Z999AA10123456784",
    "tracking number 9400 1000 0000 0000 0000 00",
    "imei 356938035643809",
    "isbn 978-3-16-148410-0",
    "upc 012345678905",
    "44.977753, -93.265011",
    "-93.2650112",
    "609.322, subd. 1",
    "Minn. Stat. § 609.3451",
    "charged with 609.3451 and 609.352",
    "card 4111 1111 1111 1111",
    "4111111111111111",
    "3782-822463-10005",
    "123-45-6789",
    "my social is six one two five five five oh one four two",
    "bug 1234567",
    "http://example.com/6125550142",
    "www.example.com/call/612-555-0142",
    "6125550142@example.com",
    "fb 100004512345678",
    "version 2.6.32-24.39",
    "2024-04-12 19:07:33",
    "20240412 19:07",
    "192.168.100.200",
    "one two three dot one two three dot o dot four o",
    "0x7f3a6125550142ff",
    "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    "123e4567-e89b-12d3-a456-426614174000",
    "lotto 21 34 45 56 61 today",
    "rooms 214, 215, 3164",
    "55401-1234",
    "2003 - 2004",
    "$612-555-0142",
    "650+253+1234",
    "-2208960000",
    "she is twenty two and he is thirty five with four kids and one dog",
    "i ordered 2 large 1 small for 7 people at 5 30 on the 12th",
    "uno dos tres cuatro cinco seis siete ocho",
    "800 volunteers came",
    "1900 University Ave #105",
    "rooms 500-1000 people",
    "SO 771311 IS UR CODE",
    "SO LOL 2024 IS BOSS",
    "OIL 500 SSS 2020 lbs",
    "password SOLO555012",
    "promo code SS05550142",
    "s666666666 is a sequence",
    "part so7-555-01429",
    "91a-677-0060",
    "iphone 5s 612 b4 8",
    "l8r ill b4 10 gr8 m8",
    "the 2024 phone is out",
    "the 5000 line army",
    "phone ends in 2 days",
    "the 0142 fine",
    "owe me 651 and 555 for the 0142 fine",
    "nine twenty five tomorrow or five fifteen",
    "six hundred twelve dollars and five cents oh well",
    "#612crew #555gang #0142",
    "sec. 609.322",
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_found(text, expected):
    hits = list(Phones().find(text, "US"))
    got = [(text[hit.start : hit.end], hit.value, hit.facts.obfuscation) for hit in hits]
    assert got == expected
    for hit in hits:
        assert hit.kind is MentionKind.PHONE
        assert isinstance(hit.facts, PhoneFacts)
        assert hit.facts.e164 == hit.value
        assert (hit.facts.region_code is None) or hit.value


@pytest.mark.parametrize("text", NOT_FOUND)
def test_not_found(text):
    assert list(Phones().find(text, "US")) == []


AROUND = ["", "hey 😀 ", "call\n"]
AFTER = ["", " thx", "\nbye", " 🙏", ".", "!"]


@pytest.mark.parametrize(
    "written",
    [
        "612-555-0142",
        "six one two 555 0142",
        "6*1*2*5*5*5*0*1*4*2",
        "6l2-555-O142",
        "６１２ ５５５ ０１４２",
    ],
)
def test_found_anywhere(written):
    for before, after in product(AROUND, AFTER):
        text = before + written + after
        assert [(text[h.start : h.end], h.value) for h in Phones().find(text, "US")] == [
            (written, N)
        ], text


def test_two_in_a_row_and_hidden_beside_plain():
    text = "612-555-0142 six five one five five five oh one one seven"
    assert [hit.value for hit in Phones().find(text, "US")] == [N, M]


@pytest.mark.parametrize(
    ("text", "region", "value"),
    [
        ("ring 07700 900123", "GB", "+447700900123"),
        ("+64 3 331 6005", "ZZ", "+6433316005"),
        ("04;12.345.678;;", "AU", "+61412345678"),
        ("612-555-0142", "", N),
    ],
)
def test_regions(text, region, value):
    assert [hit.value for hit in Phones().find(text, region)] == [value]


PIECES = st.sampled_from(
    [
        "6",
        "1",
        "2",
        "5",
        "0",
        "12",
        "555",
        "0142",
        "612",
        "six",
        "one",
        "two",
        "five",
        "oh",
        "double",
        "triple",
        "forty",
        "hundred",
        "seis",
        "cinco",
        "y",
        "o",
        "l",
        "S",
        "-",
        ".",
        "*",
        "/",
        "(",
        ")",
        "+",
        "\n",
        "call",
        "kisses",
        "area",
        "code",
        "651",
        "$",
        ":",
        "@",
        "#",
        "911",
        "a",
        "é",
        "⑥",
        "６",
        "6️⃣",
        "\u200b",
        "https://",
        ".com",
        "1-800-FLOWERS,",
        "x",
    ]
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.lists(PIECES, max_size=16).map("".join),
    st.lists(PIECES, max_size=16).map(" ".join),
)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["US", "GB", "MX", "ZZ", ""]))
@example("(" * 50 + "6125550142", "US")
def test_any_text(text, region):
    hits = list(Phones().find(text, region))
    assert hits == list(Phones().find(text, region))
    assert [(h.start, h.end) for h in hits] == sorted((h.start, h.end) for h in hits)
    for before, after in pairwise(hits):
        assert before.end <= after.start
    for hit in hits:
        assert 0 <= hit.start < hit.end <= len(text)
        assert not text[hit.start].isspace()
        assert not text[hit.end - 1].isspace()


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("B1Z-5✈\u200b55-O1G9")  # capitals that stand for other digits than the small ones
def test_gate_is_a_superset(text):
    gated = list(Phones().find(text, "US"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "may_speak", lambda text: True)
        assert list(Phones().find(text, "US")) == gated
        patch.setattr(module, "may_hold", lambda seen: True)
        assert list(Phones().find(text, "US")) == gated


@pytest.mark.parametrize(
    "text", ["see you at 10", "one of the two", "lol ok", "I'm 21", "room 214 in 5 min"]
)
def test_gate_turns_chat_away(text):
    assert not may_hold(text)


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "a",
        "$",
        "(",
        "1 ",
        "five ",
        "612 555 0142 ",
        "+1",
        "o 1 ",
        "s.i.",
        "555-0142/",
        "5550142 ",
        "SO7 ",
        "b4 ",
        "twenty five ",
    ],
)
def test_time_is_linear(unit):
    """No bound on seconds: a quadratic pattern would not come back from this at all."""
    list(Phones().find(unit * (20_000 // len(unit)), "US"))


TRAP_PARTS = st.sampled_from(
    ["https://a.example.com/x", "www.example", "a@example.com", "@kel_1", "$junoo", "#tag", "0a1b2c3d",
     "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f", "10.0.0.1", "00:1a:2b:3c:4d:5e", "123", "45", "6789",
     "123-45-6789", "4111", "4111-1111-1111-1111", "378282", "246310", "3782", "005", "1z999aa1",
     "9400", "0123 4567", "stat.", "§", "609.322", ", subd", "u.s.c", "order", "number", "acct #",
     "ssn", "is", ":", "2024-05-06", "5/6/24", "20240506", "1205", "10:45", "pm", "44.97780",
     "-93.26500", "$1,500", "80%", "1,200", "#55501", "t005-2301-a", "/var/log/x", "~/a/b",
     "123456789012345", "6125550142", "612 555 0142", "six", "two", "-", ".", ",", "\n", "é"]
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.one_of(TEXTS, *(st.lists(TRAP_PARTS, max_size=10).map(mark.join) for mark in (" ", ""))))
def test_traps_looked_for_alone_are_those_of_one_pattern(text):
    seen = module.view(text)
    one = re.compile("|".join(trap for trap, _ in phone_traps.TRAPS))
    expected = one.sub(lambda match: phone_traps.MASK * (match.end() - match.start()), seen)
    assert phone_traps.mask(seen) == expected
