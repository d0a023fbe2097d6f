"""E-mail, web and IP addresses: one grid, and properties on any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import contacts as module
from extractors import gate
from extractors.contacts import Contacts
from tests._data.changes import mixed

CONTACTS = Contacts()

# fmt: off
CASES = [
    ("juno@example.com", [("juno@example.com", "juno@example.com")]),
    ("Mail Juno.R+x@Mail.Example.COM.", [("Juno.R+x@Mail.Example.COM", "juno.r+x@mail.example.com")]),
    ("📧a@example.com b@example.org", [("a@example.com", "a@example.com"),
                                       ("b@example.org", "b@example.org")]),
    ("<juno@example.com>", [("juno@example.com", "juno@example.com")]),
    ("see https://example.com/a?b=1.", [("https://example.com/a?b=1", "https://example.com/a?b=1")]),
    ("(http://example.com/x_(y))", [("http://example.com/x_(y)", "http://example.com/x_(y)")]),
    ("www.example.com\nok", [("www.example.com", "www.example.com")]),
    ("example.com/p/1", [("example.com/p/1", "example.com/p/1")]),
    ("<https://example.com/a/>", [("https://example.com/a/", "https://example.com/a/")]),
    ("[x](https://example.com/a)", [("https://example.com/a", "https://example.com/a")]),
    ("ip 203.0.113.7", [("203.0.113.7", "203.0.113.7")]),
    ("203.0.113.7:8080", [("203.0.113.7:8080", "203.0.113.7")]),
    ("2001:db8::1", [("2001:db8::1", "2001:db8::1")]),
    ("[2001:db8::1]:443", [("[2001:db8::1]:443", "2001:db8::1")]),
    ("HTTPS://EXAMPLE.COM", [("HTTPS://EXAMPLE.COM", "HTTPS://EXAMPLE.COM")]),
    ("ok.then", []), ("rm.214", []), ("12:30:45", []), ("999.1.1.1", []), ("@juno", []),
    ("juno@", []), ("a@b", []), ("1.2.3", []), ("609.322", []), ("10:30", []), ("...", []),
    ("wait...ok", []), ("v1.2.3.4.5", []), ("::", []), ("lol :: ok", []),
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_grid(text: str, expected: list[tuple[str, str]]) -> None:
    hits = list(CONTACTS.find(text, "US"))
    assert [(text[hit.start : hit.end], hit.value) for hit in hits] == expected


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=100), st.text("ab1.:@/-[] wcomhtps", max_size=80)))
def test_any_text(text: str) -> None:
    hits = list(CONTACTS.find(text, "US"))
    assert hits == list(CONTACTS.find(text, "US"))
    end = 0
    for hit in hits:
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end


@pytest.mark.parametrize(
    "unit", ["a", "-", ".", "a.", "a@", "1.", ":", "a:", "www.", "http://", "a-"]
)
def test_long_input_is_linear(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    begin = time.perf_counter()
    list(CONTACTS.find(text, "US"))
    assert time.perf_counter() - begin < 20


@settings(max_examples=400, deadline=None)
@given(mixed([text for text, _ in CASES]))
def test_gate_is_a_superset(text: str) -> None:
    gated = list(CONTACTS.find(text, "US"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SPEAKS", gate.Memo(lambda piece: True))
        assert list(CONTACTS.find(text, "US")) == gated
