import re
from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from extractors import gate
from extractors import handles as module
from extractors.handle_services import HOSTS, SPELLINGS, service_of
from extractors.handles import Handles
from schemas.kinds import AliasKind, MentionKind
from tests._data.changes import mixed


def found(text):
    return [(text[hit.start : hit.end], hit.value) for hit in Handles().find(text, "US")]


GRID = [
    ("@kel_papi check ur dms", [("@kel_papi", "kel_papi")]),
    ("hit me 🔥@tnova612", [("@tnova612", "tnova612")]),
    ("@one_a @two_b", [("@one_a", "one_a"), ("@two_b", "two_b")]),
    ("RT@username", [("@username", "username")]),
    ("see ＠wide_at", [("＠wide_at", "wide_at")]),
    ("add me on ig @juicy.jaz.", [("@juicy.jaz", "instagram:juicy.jaz")]),
    ("snap is kelly.b22 add me", [("kelly.b22", "snapchat:kelly.b22")]),
    ("my ig tnova_612", [("tnova_612", "instagram:tnova_612")]),
    ("kik: minnmike88", [("minnmike88", "kik:minnmike88")]),
    ("tg @northstar_k", [("@northstar_k", "telegram:northstar_k")]),
    ("discord ghost#4412", [("ghost#4412", "discord:ghost#4412")]),
    ("venmo @tash-lane 40", [("@tash-lane", "venmo:tash-lane")]),
    ("send it to $junocash not her", [("$junocash", "cashapp:$junocash")]),
    ("ca$happ me $KayKay21", [("$KayKay21", "cashapp:$kaykay21")]),
    ("her cashapp $PennyW", [("$PennyW", "cashapp:$pennyw")]),
    ("zelle 651-555-0148", [("651-555-0148", "zelle:+16515550148")]),
    ("zelle me at tboyd@example.com", [("tboyd@example.com", "zelle:tboyd@example.com")]),
    ("fb.com/kelvin.harper.98", [("kelvin.harper.98", "facebook:kelvin.harper.98")]),
    ("https://instagram.com/lil_juno_/", [("lil_juno_", "instagram:lil_juno_")]),
    ("cash.app/$TeeTee651", [("$TeeTee651", "cashapp:$teetee651")]),
    ("t.me/northside_k\nok", [("northside_k", "telegram:northside_k")]),
    ("dj_fridley: where u at", [("dj_fridley", "dj_fridley")]),
    ("@ KelHarper99 u up", [("@ KelHarper99", "kelharper99")]),
    ("", []),
    ("i got $20 left", []),
    ("cashapp me $235 by noon", []),
    ("venmo $240 to @tashlane42", [("@tashlane42", "venmo:tashlane42")]),
    ("\u2068@Tamia Boyd\u2069 u coming", []),
    ("$lug a dub", []),
    ("a$ap song", []),
    ("$AAPL is up", []),
    ("@ 5pm", []),
    ("meet @5pm", []),
    ("im @ the spot", []),
    ("im @ Tiffs", []),
    ("write to kel@example.com", []),
    ("@@double", []),
    ("@http://example.com", []),
    ("across disciplines and schools", []),
    ("whats ur snap", []),
    ("snap me", []),
    ("add me on snap", []),
    ("my ig is fire", []),
    ("whatsapp me 651-555-0133", []),
    ("instagram.com/p/abc123", []),
    ("ok: see you", []),
    ("note: bring id", []),
    ("fb name is Kels", []),
]


@pytest.mark.parametrize(("text", "expected"), GRID)
def test_grid(text, expected):
    assert found(text) == expected


def test_facts():
    (hit,) = Handles().find("kik: minnmike88", "US")
    assert hit.kind is MentionKind.HANDLE
    assert (hit.facts.service, hit.facts.name_key) == ("kik", "minnmike88")
    assert hit.facts.alias_kind is AliasKind.HANDLE


@pytest.mark.parametrize(
    ("written", "service"), [("IG", "instagram"), ("Cash App", "cashapp"), ("nothing", None)]
)
def test_spellings(written, service):
    assert service_of(written) == service


def test_hosts_name_known_services():
    assert set(HOSTS.values()) - set(SPELLINGS) <= {"threads", "linktree", "linkedin", "soundcloud"}


WORDS = st.sampled_from(
    [
        "@kel",
        "$juno",
        "snap:",
        "ig",
        "is",
        "my",
        "zelle",
        "651-555-0148",
        "cash",
        "app",
        "kel_x",
        "kik",
        "@",
        ",",
        ".",
        "\n",
        "fb.com/kel",
        "me",
        "＠x",
    ]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join)))
@settings(max_examples=400, deadline=None)
def test_any_text(text):
    hits = list(Handles().find(text, "US"))
    assert hits == list(Handles().find(text, "US"))
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)
    for left, right in pairwise(hits):
        assert left.end <= right.start
    for hit in hits:
        assert 0 <= hit.start < hit.end <= len(text)
        assert not text[hit.start].isspace() and not text[hit.end - 1].isspace()
        assert hit.value


@pytest.mark.parametrize("unit", ["5", "a", "$", "@", "@a ", "ig ", "zelle me ", "a@", "$ab "])
def test_long_texts_take_linear_time(unit):
    list(Handles().find(unit * (40_000 // len(unit)), "US"))


@settings(max_examples=400, deadline=None)
@given(mixed([text for text, *_ in GRID]))
def test_gate_is_a_superset(text):
    gated = list(Handles().find(text, "US"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SIGNS_OF", gate.Memo(lambda piece: -1))
        assert list(Handles().find(text, "US")) == gated


@pytest.mark.parametrize("spelling", sorted({*SPELLINGS.values()}))
def test_every_service_passes_the_gate(spelling):
    for written in re.sub(r"\(\?[!:][^)]*\)\??", "", spelling).split("|"):
        name = re.sub(r"\[ \]\?| \?", " ", written).replace("[s$]", "s").replace("?", "")
        for text in (name, name.replace(" ", ""), name.upper()):
            if module.SERVICE.search(text):
                assert any(module.SIGNS_OF[piece] & module.HAS_SERVICE for piece in text.split())
