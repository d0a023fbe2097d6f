import re
from unittest.mock import patch

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from extractors import roles
from extractors.aliases import Aliases
from extractors.gate import holds
from extractors.roles import KEYS, PATTERNS, READINGS, Roles
from schemas.kinds import MentionKind
from tests._data.changes import changed


def found(text):
    return [(text[hit.start : hit.end], hit.value) for hit in Roles().find(text, "US")]


GRID = [
    ("daddy mad", [("daddy", "daddy")]),
    ("💜 wifey called", [("wifey", "wifey")]),
    ("papi\nven", [("papi", "papi")]),
    ("her bf n her boss", [("bf", "boyfriend"), ("boss", "boss")]),
    ("she the bottom she run it", [("bottom", "bottom")]),
    ("my bottom girl", [("my bottom girl", "bottom")]),
    ("my wife-in-law and my sister wife", [("wife-in-law", "wife-in-law"), ("sister wife", "sister wife")]),
    ("johns be cheap", [("johns", "john")]),
    ("them tricks paid", [("tricks", "trick")]),
    ("got a date at 9", [("date", "date")]),
    ("papa at the grill", [("papa", "papa")]),
    ("no LE", [("LE", "police")]),
    ("la jefa dice que no", [("jefa", "boss")]),
    ("", []),
    ("bottom of the stairs", []),
    ("my bottom lip", []),
    ("Papa Kel said no", []),
    ("papa johns", []),
    ("what date is it", []),
    ("magic trick", []),
    ("john came by", []),
    ("le dicen gordo", []),
    ("12 roses", []),
    ("@daddy_x", []),
    ("the stable is warm", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), GRID)
def test_grid(text, expected):
    assert found(text) == expected


def test_family_is_the_null_hypothesis():
    (family,) = Roles().find("happy birthday daddy, love your kids", "US")
    assert family.review is None
    assert family.detail.startswith("ambiguous=family")
    (order,) = Roles().find("Daddy said bring him 300", "US")
    assert order.review == "role_term_referent"


@pytest.mark.parametrize("term", ["daddy", "wifey", "papi", "boss", "my bottom"])
def test_a_term_alone_is_no_alias(term):
    assert not list(Aliases().find(f"{term} said bring it", "US")) or term == "boss"
    assert not list(Aliases().find(f"call me {term}", "US"))


def test_every_term_has_its_readings():
    assert {term for term, _, _ in PATTERNS} <= set(READINGS)


@given(st.one_of(st.text(), st.lists(st.sampled_from(["daddy", "my", "bottom", "LE", "johns", "Papa", "Kel", ",", "\n", "date", "got", "a"])).map(" ".join)))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_any_text(text):
    hits = list(Roles().find(text, "US"))
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)
    for hit in hits:
        assert hit.kind is MentionKind.ROLE_TERM
        assert text[hit.start : hit.end].strip()


TEXTS = [text for text, _ in GRID] + [
    f"{before}{word}{after}"
    for _, pattern, _ in PATTERNS
    for word in re.findall(
        r"[\w -]{2,}", re.sub(r"\(\?[<!=:]*|[{\[]\S*?[}\]]|\\b|[?+*]", "", pattern)
    )
    for before in ("", "my ", "in ", "no ", "got a ", "them ", "the ", "big ")
    for after in ("", " at 9", " paid", " bitch", " now", " out")
]


@given(changed(TEXTS))
@settings(max_examples=600, deadline=None)
def test_the_gate_refuses_no_hit(text):
    gated = list(Roles().find(text, "US"))
    with patch.object(roles, "holds", lambda *_: True):
        assert list(Roles().find(text, "US")) == gated


def test_the_gate_passes_the_grid_and_few_others():
    for text, expected in GRID:
        assert not expected or holds(KEYS, text)
    for text in ("ok im outside", "le dije que no", "leo was here", "mam", "12th st", "dating"):
        assert not holds(KEYS, text)
