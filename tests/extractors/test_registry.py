"""All extractors together: the words of a text tell which of them need not look at it."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import gate
from extractors.registry import EXTRACTORS, find_all, settle

WORDS = """
    call text me at my number is cell six five one 651 555 0117 555-0117 651-555-0117 o i a l
    f-i-v-e (651) sixfiveone 6.5.1 +1 $80 80 for hh qv a rack bucks owes three hundred dlls €20 5k
    usd venmo $juno @juno @ juno snap: ig is juno_x www.example.com jo@example.com 10.0.0.1 http://
    example.com/a rodeway inn the 6 motel room 214 check out at noon checkin nights lake st and
    hwy 10 exit 33 on I-94 near Fridley MN 55432 1200 Main Ave. 44.98,-93.26 msp airport Deja said
    aka lil juno goes by Cookie love, Kel - ray ray mama daddy bottom bitch wifey LE date the
    game in life tomorrow next friday the 15th 3/4/2019 march may 2 days ago in hace dos días hoy
    16 yo im 17 years old turning junior at school underage § 609.322 Minn. Stat. 18 U.S.C. plate
    ABC 123 license placas tag greyhound bus omw flight otw eta ride uber \u2068@Jo Lee\u2069 é
    İstanbul ſnap Ｋel １２３ 🌹 180🌹 Boyd, Tamika; user: name: llámame al
""".split()


def by_all(text: str) -> list[object]:
    return list(settle(hit for one in EXTRACTORS for hit in one.find(text, "US")))


@settings(deadline=None)  # lists are loaded on first use
@given(st.lists(st.sampled_from(WORDS), max_size=14), st.sampled_from([" ", "\n", "  ", "\u00a0"]))
def test_an_extractor_that_is_left_out_finds_nothing(words: list[str], blank: str) -> None:
    text = blank.join(words)
    assert list(find_all(text, "US")) == by_all(text)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_so_it_is_in_any_text(text: str) -> None:
    assert list(find_all(text, "US")) == by_all(text)


def test_so_it_is_in_the_messages_of_a_return(sample_gold) -> None:
    with sample_gold.open(encoding="utf-8") as stream:
        texts = {json.loads(line)["text"] or "" for line in stream}
    assert len(texts) > 100
    for text in texts:
        assert list(find_all(text, "US")) == by_all(text), text


def test_a_long_text_is_looked_at_by_all() -> None:
    text = "so " * gate.WHOLE + "call 651-555-0117"
    assert list(find_all(text, "US")) == by_all(text) != []
