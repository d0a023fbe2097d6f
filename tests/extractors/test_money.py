"""Money: one grid of exact spans and values, facts, the gate, and properties on any text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import money_lexicon
from extractors.money import SEGMENT, Money, _find, segments
from extractors.money_phrases import LONGEST, phrases
from extractors.money_tokens import may_hold
from extractors.normalise.money import figure, plain, region_currency, value
from schemas.facts import MoneyFacts
from schemas.kinds import MentionKind

MONEY = Money()

# fmt: off
FOUND = [
    # signs, codes, words
    ("$80", [("$80", "80 USD")]),
    ("its 80$ bro", [("80$", "80 USD")]),
    ("💵 $1,500.00 cash", [("$1,500.00", "1500 USD")]),
    ("💲200", [("💲200", "200 USD")]),
    ("rent\n$650\ndue", [("$650", "650 USD")]),
    ("$20 $40", [("$20", "20 USD"), ("$40", "40 USD")]),
    ("$1.5k for the car", [("$1.5k", "1500 USD")]),
    ("MX$500", [("MX$500", "500 MXN")]),
    ("20€ or 15 GBP", [("20€", "20 EUR"), ("15 GBP", "15 GBP")]),
    ("75 usd", [("75 usd", "75 USD")]),
    ("ten canadian dollars", [("ten canadian dollars", "10 CAD")]),
    ("fifty cents", [("fifty cents", "0.50 USD")]),
    ("3 dollars 40 cents", [("3 dollars 40 cents", "3.40 USD")]),
    ("$2.5 million", [("$2.5 million", "2500000 USD")]),
    ("10-20 dollars", [("10-20 dollars", "10 USD")]),
    ("between $50 and $90", [("$50 and $90", "50 USD")]),
    ("between 60 n 90 bucks", [("between 60 n 90 bucks", "60 USD")]),
    # slang
    ("he owes me 3 racks", [("3 racks", "3000 USD")]),
    ("a stack for the whip", [("a stack", "100 USD")]),
    ("made 2 bands", [("2 bands", "2000 USD")]),
    ("they want two grand", [("two grand", "2000 USD")]),
    ("5 Gs by noon", [("5 Gs", "5000 USD")]),
    ("half a rack", [("half a rack", "500 USD")]),
    ("9 hundred", [("9 hundred", "900 USD")]),
    ("spent 2k on rims", [("2k", "2000 USD")]),
    ("spent 2k already", [("2k", "2000 USD")]),
    ("i need a dub", [("a dub", "20 USD")]),
    ("a dub for the cab", [("a dub", "20 USD")]),
    ("i need like two bills", [("two bills", "200 USD")]),
    ("half a rack all night", [("half a rack", "500 USD")]),
    ("a c note for that", [("a c note", "100 USD")]),
    # rates
    ("80 qv 120 hh 200 hr", [("80 qv", "80 USD"), ("120 hh", "120 USD"), ("200 hr", "200 USD")]),
    ("qv 80 hh 120", [("80", "80 USD"), ("120", "120 USD")]),
    ("rates 60/100/160", [("60", "60 USD"), ("100", "100 USD"), ("160", "160 USD")]),
    ("200 an hour", [("200", "200 USD")]),
    ("90 for 15 mins", [("90", "90 USD")]),
    ("150 roses", [("150 roses", "150 USD")]),
    ("🌹 190🌹 special", [("190🌹", "190 USD")]),
    ("140 💎 today", [("140 💎", "140 USD")]),
    ("$70/130/210", [("$70", "70 USD"), ("130", "130 USD"), ("210", "210 USD")]),
    ("visiting til sun 70/130/220", [("70", "70 USD"), ("130", "130 USD"), ("220", "220 USD")]),
    ("$70/12", [("$70", "70 USD")]),
    ("its 70 for 15 110 for 30", [("70", "70 USD"), ("110", "110 USD")]),
    ("outcall 260 plus cab", [("260", "260 USD")]),
    ("donation is 170 hun", [("170", "170 USD")]),
    # bare numbers
    ("u owe me 45", [("45", "45 USD")]),
    ("owe her 60 n him 40", [("60", "60 USD"), ("40", "40 USD")]),
    ("owe him five", [("five", "5 USD")]),
    ("can i borrow seven real quick", [("seven", "7 USD")]),
    ("cash app me 50 $kiki-b", [("50", "50 USD")]),
    ("20 for gas", [("20", "20 USD")]),
    ("rent is 750 due friday", [("750", "750 USD")]),
    ("where my 300 at", [("300", "300 USD")]),
    ("sold it for 80", [("80", "80 USD")]),
    ("she charge one fifty", [("one fifty", "150 USD")]),
    ("charge him 340 whatever", [("340", "340 USD")]),
    ("he said thirty five hundred firm", [("thirty five hundred", "3500 USD")]),
    ("bet u 60 they fold", [("60", "60 USD")]),
    ("the 70 bounced", [("70", "70 USD")]),
    ("i got u on that 80 tmrw", [("80", "80 USD")]),
    ("zelle 135 651 555 0142", [("135", "135 USD")]),
    ("drop 70 in my chime", [("70", "70 USD")]),
    ("put 15 in the tank", [("15", "15 USD")]),
    ("so i keep 250", [("250", "250 USD")]),
    ("got the boots for 70", [("70", "70 USD")]),
    ("79 for the motel", [("79", "79 USD")]),
    ("i got 140 for u", [("140", "140 USD")]),
    ("half is 65", [("65", "65 USD")]),
    ("cash me out 85", [("85", "85 USD")]),
    ("eighty five is my lowest", [("eighty five", "85 USD")]),
    ("thirty five hundred is what they want", [("thirty five hundred", "3500 USD")]),
    ("sent u 45 check it", [("45", "45 USD")]),
    ("change for a 50", [("50", "50 USD")]),
    ("ticket was 98.40 one way", [("98.40", "98.40 USD")]),
    # phrases, answers, corrections
    ("can u do 165? please", [("165", "165 USD")]),
    ("im done, 145 take it or leave it", [("145", "145 USD")]),
    ("its 180 not 160", [("180", "180 USD")]),
    ("whats the damage? 71.35", [("71.35", "71.35 USD")]),
    ("how much u need\n55", [("55", "55 USD")]),
    ("😅 so 22.75 each", [("22.75", "22.75 USD")]),
    ("240 for both of us", [("240", "240 USD")]),
    ("60 now 60 later", [("60", "60 USD"), ("60", "60 USD")]),
    ("gotta hit 400 by sat", [("400", "400 USD")]),
    ("get 280 from leo", [("280", "280 USD")]),
    ("gas was 37.60", [("37.60", "37.60 USD")]),
    ("lost 300 at the casino", [("300", "300 USD")]),
    ("is 70 cool", [("70", "70 USD")]),
    ("330 and not a dollar less", [("330", "330 USD")]),
    ("thats 1.8k for the month", [("1.8k", "1800 USD")]),
    ("14k easy", [("14k", "14000 USD")]),
    ("four. grand. now", [("four. grand", "4000 USD")]),
    ("half a mil", [("half a mil", "500000 USD")]),
    ("walked out w a fifty", [("a fifty", "50 USD")]),
    ("it cost a quarter", [("a quarter", "0.25 USD")]),
    ("my account has $0 left", [("$0", "0 USD")]),
    ("qv75 hh145", [("75", "75 USD"), ("145", "145 USD")]),
    ("special 160 kisses", [("160 kisses", "160 USD")]),
    ("30 buckaroos", [("30 buckaroos", "30 USD")]),
    ("mil doscientos los boletos", [("mil doscientos", "1200 USD")]),
    ("sesenta bolas", [("sesenta bolas", "60 USD")]),
    ("cuanto es? 250", [("250", "250 USD")]),
    # Spanish
    ("me debes 300 pesos", [("300 pesos", "300 MXN")]),
    ("cobro 150 la hora", [("150", "150 USD")]),
    ("quinientos dólares", [("quinientos dólares", "500 USD")]),
    ("debe 60 dolaritos", [("60 dolaritos", "60 USD")]),
    ("quiere quinientos de adelanto", [("quinientos", "500 USD")]),
    ("pagaste 70 por eso", [("70", "70 USD")]),
    ("me quedo con 150 y ya", [("150", "150 USD")]),
    ("50 dlls y ya", [("50 dlls", "50 USD")]),
    ("dos mil quinientos pesos", [("dos mil quinientos pesos", "2500 MXN")]),
]
NOTHING = [
    "40,000 pages", "within 48 hours", "21 men", "96 percent", "Feb 2011", "a 16-year-old girl",
    "Room 190", "505 4th Ave S.", "a lone $ and a crown", r"a tattoo (\$)", "609.322", "$kiki-b",
    "$Trey20 hit me", "A$AP", "$0", "2 racks of ribs", "the band plays at 9", "3 rubber bands",
    "2 gs of loud", "5g network", "ok k", "14-7 at the half", "size 10", "im 19", "rm 214",
    "651-555-0117", "651 555 0142", "12:30", "20 min", "give me 30 min", "send 3 pics",
    "send STOP to 55501", "bring 2 girls", "gained 20 pounds", "a grand opening", "2 Grand Ave",
    "12 roses and chocolates", "my 2 cents", "mil gracias", "tengo 19 años", "son las 5",
    "5k run", "2k24", "100%", "50/50", "24/7", "10.0.0.1", "made 24 cookies", "72 hr hold",
    "saw 4 bucks n a doe", "take the 63 then transfer to the 21", "took 280 to the mall",
    "transfer to the 94", "play 2k later", "got a 91 on my quiz", "66-80 at the half",
    "up 40 at the half", "caught a dub last night", "a dub is a dub", "got two bills due",
    "pay two bills", "12 🌹 for mom", "190🌹 red roses", "send me 20 cute pics",
    "owe me 40 more hours", "keep it 100 w me", "so i keep 100", "running debian 6 on my box",
    "ten percent of a hundred", "70/130/220", "help me out 20 times", "the 80s is my fave",
    "12 is my max", "30 for 15", "he said 30",
    "saw a buck by the road", "a penny for your thoughts", "a fiver out of ten", "one in a million", "heart rate 128",
    "230 pounds soaking wet", "can u do 830", "can u do 7?", "its 7 not 8", "im 150 not 170 now",
    "how many? 40", "whats the temp? 84", "its 9.58 seconds", "gpa 3.25", "10.04 should be 11.10",
    "what about 720p", "ran 12k today", "has 120k on it", "15k followers", "my 4k tv", "seat 17K",
    "room 220 for both of us", "50 works out there", "team 40 works", "40 each team",
    "shoot me 3 times", "can i get 20 wings", "a fifty percent chance", "a ten out of ten",
    "two bolas de nieve", "12 diamonds in the ring", "not a dollar more", "60 is warm enough",
    "my tuition class is at 330", "a quarter to 7", "gotta hit 94", "told him 730",
    "sends a team of 60", "we took the dub", "5mm of rain", "keep it 100",
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_found(text: str, expected: list[tuple[str, str]]) -> None:
    hits = list(MONEY.find(text, "US"))
    assert [(text[hit.start : hit.end], hit.value) for hit in hits] == expected


@pytest.mark.parametrize("text", NOTHING)
def test_nothing(text: str) -> None:
    assert list(MONEY.find(text, "US")) == []


def facts(text: str, region: str = "US") -> MoneyFacts:
    (hit,) = MONEY.find(text, region)
    assert isinstance(hit.facts, MoneyFacts)
    return hit.facts


def test_region_gives_the_currency() -> None:
    assert facts("dame $300", "MX").currency == "MXN"
    assert facts("dame $300", "US").currency == "USD"
    assert facts("20 dollars", "MX").currency == "USD"
    assert facts("20 pesos", "CO").currency == "COP"
    assert region_currency("ZZ") == "USD"


def test_sign_follows_the_currency_words_around() -> None:
    assert facts("son $300 no en pesos").currency == "MXN"


def test_ambiguous_slang_has_its_range() -> None:
    (hit,) = MONEY.find("a band for it", "US")
    assert isinstance(hit.facts, MoneyFacts)
    assert (hit.facts.amount_low, hit.facts.amount_high) == (Decimal(1000), Decimal(10000))
    assert "ambiguous" in hit.detail


def test_value_of_slang_with_a_range_is_its_low_end() -> None:
    for text, low, high in (("owes me 3 stacks", 300, 3000), ("a stack for it", 100, 1000)):
        (hit,) = MONEY.find(text, "US")
        assert hit.value == f"{low} USD"
        assert hit.detail.startswith(f"{low}..{high}; ambiguous: stack")
        assert "usually 1000" in hit.detail
        assert isinstance(hit.facts, MoneyFacts)
        assert (hit.facts.amount_low, hit.facts.amount_high) == (Decimal(low), Decimal(high))


def test_range_has_both_ends() -> None:
    (hit,) = MONEY.find("60-80 bucks", "US")
    assert hit.value == "60 USD"
    assert "60..80" in hit.detail
    assert isinstance(hit.facts, MoneyFacts)
    assert (hit.facts.amount_low, hit.facts.amount_high) == (Decimal(60), Decimal(80))


# fmt: off
FACTS_CASES = [
    ("cash app me 50 $kiki-b", "to_author", "transfer", "cashapp", "$kiki-b"),
    ("zelle me 150 at 651-555-0117", "to_author", "transfer", "zelle", "651-555-0117"),
    ("i owe mike 300", "from_author", "debt", None, "mike"),
    ("juno owes me 200", "to_author", "debt", None, "juno"),
    ("me debes 300", "to_author", "debt", None, None),
    ("te debo 300", "from_author", "debt", None, None),
    ("fee is 25", None, "fee", None, None),
    ("split the 600 with me", None, "split", None, None),
    ("120 qv", None, "rate", None, None),
    ("15 an hour at the warehouse", None, "wage", None, None),
    ("selling it for 80", None, "price", None, None),
    ("$40 cash", None, None, "cash", None),
]
# fmt: on


@pytest.mark.parametrize(("text", "direction", "purpose", "instrument", "counterpart"), FACTS_CASES)
def test_facts(
    text: str,
    direction: str | None,
    purpose: str | None,
    instrument: str | None,
    counterpart: str | None,
) -> None:
    one = facts(text)
    assert (one.direction, one.purpose, one.instrument, one.counterpart) == (
        direction, purpose, instrument, counterpart,
    )  # fmt: skip


def test_detail_names_unit_and_status() -> None:
    units = [hit.detail for hit in MONEY.find("80 qv 120 hh", "US")]
    assert ["unit qv" in units[0], "unit hh" in units[1]] == [True, True]
    (hit,) = MONEY.find("sent $60 but it declined", "US")
    assert "status declined" in hit.detail


# fmt: off
FIGURE_CASES = [
    ("1,500", "1500"), ("1.5", "1.50"), ("10.000", "10000"), ("20.506", "20.506"),
    ("1,23", "1.23"), ("1.234,56", "1234.56"), ("12,34,567", "1234567"), ("1,2,3", None),
    ("9" * 30, None), ("", None),
]
# fmt: on


@pytest.mark.parametrize(("surface", "expected"), FIGURE_CASES)
def test_figure(surface: str, expected: str | None) -> None:
    read = figure(surface)
    assert (plain(read) if read is not None else None) == expected


def test_value_without_one_currency() -> None:
    assert value(Decimal("10"), None) == "10 XXX"


def test_phrases_are_of_two_sides_and_short() -> None:
    before, after = phrases()
    for group in (*before.values(), *after.values()):
        for phrase in group:
            assert 1 <= len(phrase.text.split()) <= LONGEST
            assert phrase.least >= 5


def test_anchors_hold_every_word_that_makes_an_amount() -> None:
    lexicon = money_lexicon.lexicon()
    for word in (*lexicon.words, *lexicon.slang, *lexicon.minors):
        assert may_hold(f"two {word}") or word == "¢", word


CHUNKS = st.sampled_from(
    ["$", "80", "1,500", "qv", "hh", "hr", "racks", "a", "grand", "owe", "me", "pesos", "mil", "two",
     "hundred", "-", "/", ".", "\n", "k", "💵", "cash", "app", "@x", "can", "do", "?", "how much", "five", "not", "each", "k", "grand", "£", "of", "for", "and", "US", " ",
     "5:30", "10:15", "5pm", "3rd", "b4", "x2k", "9", "30", "1st", "3", "4", "c", "le", "all", "one",
     "nine", "sent", "his", "per", "is", "my", "short", "in", "special", "S/30"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=120), st.lists(CHUNKS, max_size=25).map(" ".join),
                 st.lists(CHUNKS, max_size=25).map("".join)))  # fmt: skip
def test_any_text(text: str) -> None:
    hits = list(MONEY.find(text, "US"))
    assert hits == list(MONEY.find(text, "US"))
    assert hits == list(_find(text, "US")), "the gate lost a hit"
    end = 0
    for hit in hits:
        assert hit.kind is MentionKind.MONEY
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end
        assert hit.value is not None
        amount, _, currency = hit.value.partition(" ")
        assert Decimal(amount) >= 0
        assert len(currency) == 3
        assert isinstance(hit.facts, MoneyFacts)
        assert hit.facts.amount_low is not None
        assert hit.facts.amount_high is not None
        assert hit.facts.amount_low <= hit.facts.amount_high


def test_long_texts_are_read_in_pieces() -> None:
    for filler in ("ok then\n", "ok then ", "okthen"):
        begin = filler * (SEGMENT // len(filler))
        text = begin + "\nowes me 300 tho " + begin + " $40"
        assert [(text[hit.start : hit.end]) for hit in MONEY.find(text, "US")] == ["300", "$40"]
    for text in ("$1" * SEGMENT, "a b\n" * SEGMENT, "x" * (SEGMENT + 1)):
        pieces = list(segments(text))
        assert "".join(text[start:end] for start, end in pieces) == text
        assert all(0 < end - start <= SEGMENT for start, end in pieces)


@pytest.mark.parametrize("unit", ["1", "$", "(", "a ", "1 ", "$1", "5-", "hh 20 ", "rack ", "mil "])
def test_long_input_is_linear(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    assert sum(1 for _ in MONEY.find(text, "US")) <= len(text)
