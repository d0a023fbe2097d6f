import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.fold import fold, tricks, view

ROWS = [
    ("", "", set()),
    ("Plain 612", "plain 612", set()),
    ("６１２－５５５", "612-555", {"fullwidth"}),
    ("6️⃣1️⃣2️⃣", "612", {"keycap"}),
    ("①②⓪", "120", {"circled"}),
    ("❶❷", "12", {"circled"}),
    ("⑩ ⑫", "10 12", {"circled"}),
    ("⁶¹²", "612", {"superscript"}),
    ("₆₁₂", "612", {"superscript"}),
    ("𝟔𝟏𝟐", "612", {"styled"}),
    ("ѕіх оnе", "six one", {"homoglyph"}),
    ("ο119", "o119", {"homoglyph"}),
    ("Ƽ ƻ Ʒ Ӌ Ȣ", "5 2 3 4 8", {"homoglyph"}),
    ("Տ Օ Ꮞ Ꮾ ꓢ", "s o 4 6 s", {"homoglyph"}),
    ("З б Ч", "з б ч", {"homoglyph"}),
    ("│ ￨", "| |", set()),
    ("٠١٢ ९", "012 9", set()),
    ("6\u200b1\u20602", "612", {"invisible"}),
    ("6\u03361\u0336", "61", {"struck"}),
    ("veintidós", "veintidos", set()),
    ("612‑555−01", "612-555-01", set()),
    ("½ cup", "½ cup", set()),
    ("🔟", "10", set()),
    ("a\u2028b", "a\nb", set()),
    ("\ud800x", "\ud800x", set()),
]


@pytest.mark.parametrize(("text", "folded", "names"), ROWS)
def test_fold(text, folded, names):
    assert fold(text).text == folded
    assert tricks(text) == names


def test_span_leads_back_with_frames_and_accents():
    text = "📞 6️⃣5️⃣1️⃣!"
    folded = fold(text)
    at = folded.text.index("651")
    start, end = folded.span(at, at + 3)
    assert text[start:end] == "6️⃣5️⃣1️⃣"


def test_span_leaves_a_closing_mark_of_direction_outside():
    text = "\u202a612\u202c"
    folded = fold(text)
    assert folded.span(0, 3) == (1, 4)


@given(st.text(st.characters(exclude_categories=())))
def test_any_text(text):
    folded = fold(text)
    assert folded.text == view(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)
    assert folded.text == "".join(view(char) for char in text)


@given(st.text("0123456789", min_size=1))
def test_digits_of_any_width_are_the_same_digits(digits):
    wide = digits.translate({ord("0") + i: 0xFF10 + i for i in range(10)})
    assert view(wide) == digits == unicodedata.normalize("NFKC", wide)
