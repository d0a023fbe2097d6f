from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import phone_drawn, phone_pieces, phone_split, phone_traps
from extractors.base import ThreadMessage
from extractors.fold import fold, view
from extractors.phone_area import STATED, STATED_AFTER
from extractors.phone_pieces import (
    ANY_DIGIT,
    AREA,
    CASED,
    LOOSE_LENGTH,
    NUMBER,
    OTHER_WORDS,
    PIECE_LENGTH,
    is_beside,
    piece_bits,
)
from extractors.phone_threads import ASKED
from extractors.phone_tokens import RUN, Reading, tokens
from extractors.phones import Phones
from extractors.refine import ThreadRefiner
from extractors.spelled import OTHER_LETTER, STEMS
from schemas.ids import stable_id
from schemas.kinds import ServiceCategory

N = "+16125550142"
BEGIN = datetime(2024, 4, 1, 12, tzinfo=UTC)


def thread(rows, seconds=20, wanted=True):
    refiner = ThreadRefiner()
    messages = []
    for at, (author, text) in enumerate(rows):
        hits = tuple(Phones().find(text, "US"))
        if not wanted or refiner.wants(text, hits):
            sent = None if seconds is None else BEGIN + timedelta(seconds=at * seconds)
            messages.append(ThreadMessage(f"m{at}", at, author, sent, text, hits))
    return messages


def refined(rows, seconds=20):
    return dict(ThreadRefiner().refine(thread(rows, seconds), "US", "America/Chicago"))


def surfaces(rows, seconds=20):
    return {
        key: [(rows[int(key[1:])][1][hit.start : hit.end], hit.value) for hit in hits]
        for key, hits in refined(rows, seconds).items()
    }


SPLIT = [
    [("a", "612"), ("a", "555"), ("a", "0142")],
    [("a", "612"), ("b", "ok"), ("a", "555"), ("b", "lol"), ("b", "go on"), ("a", "0142")],
    [("a", "hmu its 612"), ("a", "five five five"), ("a", "oh one four two")],
    [("a", "six1two"), ("a", "555-0142")],
    [("a", "612555"), ("a", "0142")],
    [("a", digit) for digit in "6125550142"],
    [("a", "1 612"), ("a", "555 0142")],
    [("a", "６１２"), ("a", "5️⃣5️⃣5️⃣"), ("a", "0142")],
    [("a", "new phone 612"), ("a", "555"), ("a", "0142")],
    [("a", "dont call the old one six12"), ("b", "k"), ("a", "five55"), ("a", "0142 save it")],
    [("a", "612 5"), ("a", "55 01"), ("a", "42")],
    [("a", "612-555"), ("b", "?"), ("a", "0142")],
    [("a", "(612)"), ("a", "555"), ("a", "0142 k")],
    [("a", "ok so its 612"), ("a", "555"), ("a", "0142 lol")],
    [("a", "6l2"), ("a", "SSS"), ("a", "0I42")],
    [("a", "61"), ("a", "25"), ("a", "55"), ("a", "01"), ("a", "42")],
    [("a", "hit my other jack at 612"), ("a", "five five five"), ("a", "0142 only after 8")],
]


@pytest.mark.parametrize("rows", SPLIT)
def test_split_numbers_are_joined(rows):
    for seconds in (20, None):
        changes = refined(rows, seconds)
        parts = [
            key
            for key, (author, _) in zip((f"m{i}" for i in range(len(rows))), rows, strict=True)
            if author == "a"
        ]
        assert list(changes) == parts
        for hits in changes.values():
            [hit] = hits
            assert (hit.value, hit.rule, hit.group) == (
                N,
                "phone:split",
                stable_id("split", *parts),
            )
            assert "split" in hit.facts.obfuscation.split(",")
            assert hit.facts.e164 == N


def test_surfaces_are_the_digits_alone():
    rows = [("a", "its 612"), ("a", "then 555"), ("a", "0142 call me")]
    assert surfaces(rows) == {"m0": [("612", N)], "m1": [("555", N)], "m2": [("0142", N)]}


NOT_SPLIT = [
    ([("a", "612"), ("b", "555"), ("a", "0142")], 20),
    ([("a", "612"), ("a", "555"), ("a", "0142")], 400),
    ([("a", "200"), ("a", "300"), ("a", "4000")], 20),
    ([("a", "250"), ("a", "300"), ("a", "4000")], 20),
    ([("a", "612"), *[("b", "ok")] * 3, ("a", "555"), ("a", "0142")], 20),
    ([("a", "$612"), ("a", "555"), ("a", "0142")], 20),
    ([("a", "rm 214"), ("a", "im 21"), ("a", "at 5:30")], 20),
    ([("a", "612-555-0142"), ("a", "651"), ("a", "20")], 20),
    ([("a", str(n)) for n in range(1, 11)], 20),
    ([("a", "61255"), ("a", "50142")], 20),
    ([("a", "im at rm 612"), ("a", "555"), ("a", "0142")], 20),
    ([("a", "owe me 612"), ("a", "555 for"), ("a", "4142")], 20),
    ([("a", "he paid 612"), ("a", "555"), ("a", "0142")], 20),
    ([("a", "new phone 612"), ("a", "555"), ("a", "0142 save it")], 250),
    ([("a", "code is 612"), ("a", "555"), ("a", "0142")], 20),
    ([("a", "24"), ("a", "31"), ("a", "28"), ("a", "22"), ("a", "19")], 20),
    ([("a", "he 18"), ("a", "she 21"), ("a", "they 30"), ("a", "lol 45")], 20),
    ([("a", "225 min"), ("a", "555"), ("a", "0142")], 20),
    ([("a", "walk it 612"), ("a", "555 5"), ("a", "142 steps")], 20),
    ([(None, "612"), (None, "555"), (None, "0142")], 20),
]


@pytest.mark.parametrize(("rows", "seconds"), NOT_SPLIT)
def test_not_split(rows, seconds):
    assert refined(rows, seconds) == {}


def test_two_senders_at_once():
    rows = [("a", "612"), ("b", "651"), ("a", "555"), ("b", "555"), ("a", "0142"), ("b", "0117")]
    values = {key: hits[0].value for key, hits in refined(rows).items()}
    assert values == {
        "m0": N,
        "m2": N,
        "m4": N,
        "m1": "+16515550117",
        "m3": "+16515550117",
        "m5": "+16515550117",
    }


def test_split_service_number_keeps_its_category():
    rows = [("a", "888"), ("a", "373"), ("a", "7888")]
    for [hit] in refined(rows).values():
        assert hit.service_category is ServiceCategory.HOTLINE


@pytest.mark.parametrize(
    ("rows", "key", "expected"),
    [
        ([("a", "call 555-0142"), ("a", "area code 612")], "m0", [("555-0142", N)]),
        ([("a", "555-0142"), ("b", "area code?"), ("a", "612")], "m0", [("555-0142", N)]),
        ([("a", "its a 612 number"), ("b", "k"), ("a", "555-0142")], "m2", [("555-0142", N)]),
        ([("a", "612-555-0142"), ("a", "same number but 651")], "m1", [("651", "+16515550142")]),
        (
            [("a", "612-555-0142, same number but 651 now")],
            "m0",
            [("612-555-0142", N), ("651", "+16515550142")],
        ),
        ([("a", "612-555-0142"), ("a", "mismo numero pero 651")], "m1", [("651", "+16515550142")]),
    ],
)
def test_area_codes(rows, key, expected):
    assert surfaces(rows) == {key: expected}
    assert all(hit.detail for hit in refined(rows)[key] if hit.value != N or len(expected) == 1)


def test_far_area_code_does_not_reach():
    rows = [("a", "call 555-0142"), *[("b", "call 911")] * 12, ("a", "area code 612")]
    assert refined(rows) == {}


@pytest.mark.parametrize(
    "text", ["", "lol ok see you then", "what a long day it has been my friend"]
)
def test_wants_turns_chat_away(text):
    assert not ThreadRefiner().wants(text, ())


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", None]),
        st.sampled_from(["612", "555", "0142", "six", "one two", "555-0142", "area code 612", "same number but 651",
                         "ok", "", "612-555-0142", "1", "6️⃣", "area code?", "its 612", "call 911"]) | st.text(max_size=12),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_any_thread(rows):
    messages = thread(rows, wanted=False)
    changes = list(ThreadRefiner().refine(messages, "US", "UTC"))
    assert changes == list(ThreadRefiner().refine(messages, "US", "UTC"))
    keys = [key for key, _ in changes]
    assert len(keys) == len(set(keys))
    for key, hits in changes:
        text = rows[int(key[1:])][1]
        assert list(hits) == sorted(hits, key=lambda hit: (hit.start, hit.end))
        assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_unwanted_messages_never_matter(rows):
    wanted = thread(rows)
    everything = thread(rows, wanted=False)
    assert dict(ThreadRefiner().refine(wanted, "US", "UTC")) == dict(
        ThreadRefiner().refine(everything, "US", "UTC")
    )


def may_be_piece(text):
    """The gate as it reads over the whole folded text, without the memo of its pieces."""
    seen = view(text)
    runs = RUN.findall(seen)
    number = [bool(ANY_DIGIT.search(run) or STEMS.search(run)) for run in runs]
    other = [
        len(run) > 1 and bool(OTHER_LETTER.search(run)) and not is_number
        for run, is_number in zip(runs, number, strict=True)
    ]
    words = [run for run, is_other in zip(runs, other, strict=True) if is_other]
    edges = (
        [run for run in (runs[0], runs[-1]) if ANY_DIGIT.search(run) or STEMS.match(run)]
        if runs
        else []
    )
    bare = len(words) < len(runs) and len(words) <= OTHER_WORDS and all(map(is_beside, words))
    return bool(len(seen) <= 2 * PIECE_LENGTH and bare) or bool(len(seen) <= LOOSE_LENGTH and edges)


WORDS = st.sampled_from(
    "612 six its call 555-0142 lol o ¨612 ５5 the 6️⃣ s.i.x xoxo beg Gíb area same 651¨number a!b ŋo \u2003 \x85".split(
        " "
    )
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(WORDS, max_size=40).map(" ".join)))
def test_pieces_tell_what_the_whole_text_tells(text):
    shown = piece_bits(text)
    union = reduce(or_, shown, 0)
    assert (bool(union & NUMBER) and phone_pieces.may_be_piece(text, shown)) == may_be_piece(text)
    seen = view(text)
    patterns = (STATED, STATED_AFTER, ASKED)
    assert union & AREA or not any(pattern.search(seen) for pattern in patterns)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=70), st.lists(WORDS, max_size=12).map(" ".join)))
def test_piece_gate_is_a_superset(text):
    """A message that the gate of :func:`read_piece` refuses is no piece without the gate either."""
    shown = piece_bits(text)
    if not any(phone_pieces.edges(shown)) and not reduce(or_, shown, 0) & (NUMBER | CASED):
        seen = view(text)
        masked = phone_drawn.recase(phone_traps.mask(seen), text, fold(text))
        found = tokens(masked, Reading.LETTERS)
        assert not found or phone_traps.MASK in masked or not phone_split._is_all(masked, found)
