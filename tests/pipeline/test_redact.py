"""What is replaced and what stays; designators that stay the same; spans that move with the text."""

import json
import random
import string
import sys

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from linear import is_linear
from planted import PEOPLE

from pipeline.case import open_case
from pipeline.errors import ConfigError, TriageError
from pipeline.lists import Entry
from pipeline.redact.check import refuse_leaks
from pipeline.redact.edited import move
from pipeline.redact.mapping import designate
from pipeline.redact.needles import needles_of
from pipeline.redact.patterns import find_patterns
from pipeline.redact.text import Edit, Redactor, apply
from pipeline.sealing.keys import identity_of, load_key


def entry(kind, value, written=None, label=""):
    return Entry(kind, value, written or value, label)


LISTED = [
    (1, entry("name", "juno marisol lake", "Juno Marisol Lake")),
    (1, entry("phone", "+16515550117")),
    (1, entry("handle", "cashapp:$jlk_sunny7")),
    (1, entry("email", "moonbeam.jl@example.com")),
    (1, entry("address", "1200 larkspur avenue apt 4, maplewood, mn 55109")),
    (2, entry("name", "hope o'brien", "Hope O'Brien")),
    (2, entry("account", "100000000000123")),
    (2, entry("phone", "+16125550142")),
    (3, entry("name", "al li", "Al Li")),
    (4, entry("name", "李 娜", "李 娜")),
    (4, entry("domain", "shelterhouse.example")),
    (5, entry("handle", "bb_8x")),
    (6, entry("phone", "+447700900123")),
]
REDACTOR = Redactor(needles_of(LISTED))


def said(text, redactor=REDACTOR):
    edits = redactor.edits(text)
    assert not edits or redactor.gate.passes(text), "the gate would have kept it from being seen"
    assert redactor.text(text) == apply(text, edits)
    return apply(text, edits)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("juno", "PP-1"), ("ask Juno's mom", "ask PP-1 mom"), ("Lake, Juno", "PP-1"),
        ("Juno M. Lake rocks", "PP-1 rocks"), ("J. Lake was here", "PP-1 was here"),
        ("JUNO-LAKE", "PP-1"), ("J u n o  L a k e", "PP-1"), ("j.u.n.o", "PP-1"),
        ("hi junolake2009 hi", "hi PP-1 hi"), ("@juno.lake hi", "PP-1 hi"),
        ("itsjunobaby", "PP-1"), ("xX_juno_Xx", "PP-1"), ("IMG_juno_lake_04.jpg", "PP-1"),
        ("mail juno.lake@example.com now", "mail PP-1 now"), ("Marisol's", "PP-1"),
        ("https://ex.example/juno-lake?id=3 x", "PP-1 x"), ("Jun0 L4ke", "PP-1"),
        ("😀 Ju\u200bno", "😀 PP-1"), ("𝐉𝐮𝐧𝐨", "PP-1"), ("Ju\u0301no\u0301", "PP-1"),
        ("&#74;uno L&#97;ke", "PP-1"), ("&amp;#74;uno", "PP-1"), ("juno%20lake", "PP-1"),
        ("\\u006auno", "PP-1"), ("\u202eekaL onuJ", "PP-1"), ("junooo", "PP-1"),
        ("mari sol", "PP-1"), ("ju-no", "PP-1"), ("🇯🇺🇳🇴", "PP-1"), ("Јunо", "PP-1"),
        ("6515550117", "PP-1"), ("(651) 555-0117", "PP-1"), ("+1 651.555.0117 ok", "PP-1 ok"),
        ("6 5 1 5 5 5 0 1 1 7", "PP-1"), ("555-0117", "PP-1"), ("call 555 0117 ok", "call PP-1 ok"),
        ("six five one five five five oh one one seven", "PP-1"), ("sixfiveone 5550117", "PP-1"),
        ("6️⃣5️⃣1️⃣5️⃣5️⃣5️⃣0️⃣1️⃣1️⃣7️⃣", "PP-1"), ("６５１５５５０１１７", "PP-1"),
        ("651 and then 555 last 0117", "PP-1"), ("651-555-O117", "PP-1"),
        ("https://wa.me/16515550117", "PP-1"), ("07700 900123", "PP-6"),
        ("seis uno dos cinco cinco cinco cero uno cuatro dos", "PP-2"),
        ("612 triple five 0142", "PP-2"), ("$jlk_sunny7", "PP-1"), ("JLK-SUNNY7", "PP-1"),
        ("moonbeam dot jl at example dot com", "PP-1"), ("moonbeam.jl at gmail", "PP-1 at gmail"),
        ("1200 larkspur ave", "PP-1"), ("on Larkspur Ave", "on PP-1"),
        ("1 2 0 0 Larkspur Avenue, Apt. 4, Maplewood MN", "PP-1"),
        ("I hope so", "I PP-2 so"), ("O’Brien", "PP-2"), ("o brien", "PP-2"),
        ("id 100000000000123!", "id PP-2!"), ("Al Li came", "PP-3 came"), ("Li, Al", "PP-3"),
        ("李娜来了", "PP-4"), ("shelterhouse dot example", "PP-4"), ("bb-8x!", "PP-5!"),
        ("juno and\nhope", "PP-1 and\nPP-2"),
        # what stays
        ("all I want", "all I want"), ("715-555-0117", "715-555-0117"), ("the van", "the van"),
        ("7155550117", "7155550117"), ("fifty five is nice 2024", "fifty five is nice 2024"),
        ("meet at 5 on 01/17", "meet at 5 on 01/17"), ("snowflakes", "snowflakes"),
        ("bb8xy", "bb8xy"), ("", ""), ("\ud800", "\ud800"), ("a" * 50, "a" * 50),
        ("im at the rodeway 150 for hr", "im at the rodeway 150 for hr"),
        ("1201 larkspur", "1201 larkspur"), ("la key", "la key"), ("example.com", "example.com"),
    ],
)  # fmt: skip
def test_near_forms_and_what_is_none(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "mn", "federal"),
    [
        ("ssn 123-45-6789", "ssn [SSN removed]", "ssn [SSN ending 6789]"),
        ("social is 123456789 ok", "social is [SSN removed] ok", "social is [SSN ending 6789] ok"),
        ("ein 12-3456789", "ein [SSN removed]", "ein [SSN ending 6789]"),
        ("4111 1111 1111 1111", "[account ending 1111]", "[account ending 1111]"),
        ("acct # 123456789012", "acct # [account ending 9012]", "acct # [account ending 9012]"),
        ("born 03/04/2008", "born [born 2008]", "born [born 2008]"),
        ("DOB: March 3, 2009.", "DOB: [born 2009].", "DOB: [born 2009]."),
        ("call 651-555-0199 on 03/04/2008", "call 651-555-0199 on 03/04/2008", None),
        ("4111 1111 1111 1112", "4111 1111 1111 1112", None),
        ("id 100000000000124", "id 100000000000124", None),
    ],
)
def test_rules_of_the_jurisdictions(text, mn, federal):
    none = needles_of([])
    assert said(text, Redactor(none, "mn")) == mn
    assert said(text, Redactor(none, "us-federal")) == (federal or mn)


def test_the_name_of_a_field_is_a_cue():
    assert [f.replacement for f in find_patterns("2009-03-04", "mn", "Date of Birth")] == [
        "[born 2009]"
    ]
    assert not list(find_patterns("2009-03-04", "mn", "Generated"))


def test_a_name_in_common_stands_for_both():
    both = Redactor(needles_of([(1, entry("name", "ana stolze", "Ana Stolze")),
                                (2, entry("name", "kim stolze", "Kim Stolze"))]))  # fmt: skip
    assert said("the stolze girls, Kim Stolze too", both) == "the PP-1/PP-2 girls, PP-2 too"


WORDS = st.sampled_from(
    ["juno", "lake", "hope", "651", "555", "0117", "larkspur", "1200", "six", "five", "@", ".", "-",
     " ", "\n", "\u200b", "O", "&#74;", "%4a", "j", "u", "n", "o", "娜", "\u202e", "x", "7"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=14).map("".join) | st.text(max_size=60))
def test_any_text_is_redacted_once_and_for_all(text):
    edits = REDACTOR.edits(text)
    ends = [0]
    for edit in edits:
        assert ends[-1] <= edit.start < edit.end <= len(text)
        ends.append(edit.end)
    assert edits == REDACTOR.edits(text)
    if edits:
        assert REDACTOR.gate.passes(text)


def test_a_long_text_is_looked_at_whole():
    text = "x " * 70_000 + "ask Juno Lake" + " y" * 70_000 + " 651-555-0117"
    assert said(text).count("PP-1") == 2
    for sign in ("1", "a", "a ", "@", "(", "&#", "J.", "\u0301"):
        assert not any(edit.replacement == "PP-2" for edit in REDACTOR.edits(sign * 60_000))


@pytest.mark.parametrize(
    "piece",
    ["1", "a", "a ", "1 ", "(", "&#74;", "%41", "J.", "junolake", "juno ", "j u n o ", "one ",
     "6515550117 ", "1200 larkspur ", "born 03/04/2008 ", "123-45-6789 ", "4111 ", "\u0301", "_"],
)  # fmt: skip
def test_time_is_linear(piece):
    def redact(size):
        text = piece * (size // len(piece))
        REDACTOR.gate.passes(text)
        REDACTOR.edits(text)

    assert is_linear(redact, 10_000, 40_000)


def test_innocent_text_stays(sample_case, capsys):
    """Over-redaction, measured with the people of the leak test on a return without them."""
    import pyarrow.parquet as pq

    people = [
        (p.number + 1, entry(kind, value.casefold(), value))
        for p in PEOPLE
        for value, kind, _ in p.entries()
        if kind != "phone" and p.given != "Hope"  # an ordinary word, and 555-01xx meets itself
    ]
    redactor = Redactor(needles_of(people), rules=False)
    texts = pq.read_table(sample_case / "tables" / "records")["text"].drop_null().to_pylist()
    words = sum(len(text.split()) for text in texts)
    hit = [
        text[edit.start : edit.end]
        for text in texts
        if redactor.gate.passes(text)
        for edit in redactor.edits(text)
    ]
    share = sum(len(item.split()) for item in hit) / words
    with capsys.disabled():
        sys.stdout.write(f" [over-redacted: {len(hit)} of {words} words, {100 * share:.3f} %]")
    assert share < 0.002


def test_spans_move_with_the_text():
    edits = (Edit(4, 13, "PP-1", "name"), Edit(20, 21, "PP-10", "name"))
    assert move(edits, 0, 4) == (0, 4, None)
    assert move(edits, 14, 18) == (9, 13, None)
    assert move(edits, 4, 8) == (4, 8, "PP-1")
    assert move(edits, 2, 15) == (2, 10, "PP-1")
    assert move(edits, 25, 30) == (24, 29, None)


@pytest.fixture
def own_config(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("TRIAGE_PASSWORD_FILE", raising=False)
    return tmp_path / "config"


def numbers(case, entries):
    return {(e.kind, e.value): n for n, e in designate(case, entries).people}


PEOPLE_LISTED = [
    entry("name", f"person {letter}", label=f"V{n}")
    for n, letter in enumerate(string.ascii_lowercase)
]


def test_designators_stay_when_the_list_grows(case_copy, own_config):
    case = open_case(case_copy)
    first = numbers(case, PEOPLE_LISTED[5:15])
    assert sorted(first.values()) == list(range(1, 11))
    random.Random(1).shuffle(PEOPLE_LISTED)
    second = numbers(case, PEOPLE_LISTED)
    assert first.items() <= second.items()
    assert sorted(second.values()) == list(range(1, 27))
    # another number of the same person, and a label that is written otherwise
    more = numbers(case, [entry("phone", "+16515550117", label=" v3 "), *PEOPLE_LISTED])
    assert more["phone", "+16515550117"] == second["name", "person d"]
    assert second.items() <= more.items()
    assert numbers(case, PEOPLE_LISTED[:3]).items() <= second.items()


def test_designators_are_given_at_random(case_copy, tmp_path, own_config, sample_case):
    import shutil

    listed = [entry("name", f"person {letter}") for letter in string.ascii_lowercase]
    one = numbers(open_case(case_copy), listed)
    other = numbers(open_case(shutil.copytree(sample_case, tmp_path / "other")), listed)
    assert one != other  # 1 in 26!
    assert list(one.values()) != sorted(one.values())


def test_sealed_tells_who_is_who_only_with_the_key(case_copy, own_config):
    case = open_case(case_copy)
    listed = [entry("name", "zarabeth quillmont", "Zarabeth Quillmont", "V1"),
              entry("phone", "+16515550117", label="V1")]  # fmt: skip
    numbers(case, listed)
    for path in (case.root / "sealed").iterdir():
        data = path.read_bytes().lower()
        assert b"zarabeth" not in data
        assert b"5550117" not in data
        assert path.stat().st_mode & 0o077 == 0
    noted = json.loads((case.root / "sealed" / "protected.json").read_text())
    assert len(next(iter(noted["numbers"]))) == 64
    key = next(own_config.rglob("*-protected.txt")).read_text().strip()
    assert key not in (case.root / "sealed" / "protected.json").read_text()
    identity = pyrage.x25519.Identity.from_str(identity_of(case.root, load_key(case.root), None))
    opened = pyrage.decrypt((case.root / "sealed" / "protected.age").read_bytes(), [identity])
    rows = [json.loads(line) for line in opened.decode().splitlines()]
    assert {(row["designator"], row["value"]) for row in rows} == {
        ("PP-1", "Zarabeth Quillmont"), ("PP-1", "+16515550117")
    }  # fmt: skip


def test_without_the_key_nobody_gets_another_designator(case_copy, own_config):
    import shutil

    numbers(open_case(case_copy), PEOPLE_LISTED[:2])
    shutil.rmtree(own_config)
    with pytest.raises(ConfigError, match="key of the designators"):
        numbers(open_case(case_copy), PEOPLE_LISTED[:3])


def test_the_key_may_lie_under_a_password(case_copy, own_config, tmp_path, monkeypatch):
    password = tmp_path / "password"
    password.write_text("larkspur harbour 7\n")
    monkeypatch.setenv("TRIAGE_PASSWORD_FILE", str(password))
    first = numbers(open_case(case_copy), PEOPLE_LISTED[:4])
    assert not list(tmp_path.rglob("*-protected.txt"))
    assert numbers(open_case(case_copy), PEOPLE_LISTED[:4]) == first
    password.write_text("another\n")
    with pytest.raises(ConfigError, match="password does not open"):
        numbers(open_case(case_copy), PEOPLE_LISTED[:4])
    monkeypatch.delenv("TRIAGE_PASSWORD_FILE")
    with pytest.raises(ConfigError, match="--password-file"):
        numbers(open_case(case_copy), PEOPLE_LISTED[:4])


def test_the_second_look_finds_what_the_first_left(tmp_path):
    people = [(1, entry("name", "juno lake")), (2, entry("phone", "+16515550117"))]
    page = tmp_path / "page.html"
    page.write_text("<p>PP-1 called 715-555-0117</p>")
    refuse_leaks(page, people)
    for text in ("J&uacute;no <Lake", "651.555.0117"):
        page.write_text(text)
        with pytest.raises(TriageError, match="nothing was made") as caught:
            refuse_leaks(page, people)
        assert "juno" not in str(caught.value).lower()
