"""Language tags: four languages, mixed lines, and texts too short to tell."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.gate import pieces
from extractors.language import SPEAKING, WORDS_MAX, _speaking, spans, tag

# fmt: off
TAG_CASES = [
    ("bring me the money tonight", "en"), ("where you at", "en"), ("u good bro", "en"),
    ("me debes 300 pesos", "es"), ("no se que hacer", "es"), ("hola mami", "es"),
    ("koj nyob qhov twg", "hmn"), ("Yog xav tau kev pab", "hmn"),
    ("waan ku arkay walaal", "so"), ("Hadii aad Caawimaad u baahantahay", "so"),
    ("ok", None), ("lol", None), ("juno", None), ("12345", None), ("", None), ("🌹🌹", None),
    ("El Paso", None), ("la", None),
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), TAG_CASES)
def test_tag(text: str, expected: str | None) -> None:
    assert tag(text) == expected


def test_mixed_line_has_three_parts() -> None:
    text = (
        "Para asistencia 612-555-0100, Yog xav tau kev pab, hu 612-555-0101, "
        "Hadii aad Caawimaad u baahantahay 612-555-0102"
    )
    found = spans(text)
    assert [language for _, _, language in found] == ["es", "hmn", "so"]
    assert text[found[1][0] : found[1][1]] == "Yog xav tau kev pab, hu 612-555-0101"
    assert tag(text) == "so"


def test_spanish_inside_english() -> None:
    text = "im waiting outside. no tengo dinero mi amor"
    assert [language for _, _, language in spans(text)] == ["en", "es"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    assert tag(text) == tag(text)
    end = 0
    for start, stop, language in spans(text):
        assert end <= start < stop <= len(text)
        assert language in ("en", "es", "hmn", "so")
        end = stop


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100) | st.text(" 'aeiñstky.\n¿é", max_size=100))
def test_words_count_the_same_piece_by_piece(text: str) -> None:
    apart: dict[str, int] = {}
    for piece in pieces(text):
        apart |= SPEAKING[piece]
    assert apart == _speaking(text)


def test_a_long_text_is_read_to_a_bound() -> None:
    assert tag("bring me the money tonight " * 10_000) == "en"
    assert tag("x " * WORDS_MAX + "bring me the money tonight") is None
