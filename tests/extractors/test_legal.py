"""Legal references: a grid of spans and values; prices, versions and telephones as traps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import gate
from extractors import legal as module
from extractors.legal import Legal
from tests._data.changes import mixed

LEGAL = Legal()

# fmt: off
CASES = [
    ("609.322", [("609.322", "Minn. Stat. § 609.322")]),
    ("under 609.324, subd. 2 he", [("609.324, subd. 2", "Minn. Stat. § 609.324, subd. 2")]),
    ("Minn. Stat. § 609.321", [("Minn. Stat. § 609.321", "Minn. Stat. § 609.321")]),
    ("ⁱ Minn. Stat. 609.322\n", [("Minn. Stat. 609.322", "Minn. Stat. § 609.322")]),
    ("section 13.82, subd. 7", [("section 13.82, subd. 7", "Minn. Stat. § 13.82, subd. 7")]),
    ("⚖ 169A.20", [("169A.20", "Minn. Stat. § 169A.20")]),
    ("18 U.S.C. § 1591(a)", [("18 U.S.C. § 1591(a)", "18 U.S.C. § 1591(a)")]),
    ("18 USC 2258C", [("18 USC 2258C", "18 U.S.C. § 2258C")]),
    ("28 CFR 23", [("28 CFR 23", "28 C.F.R. § 23")]),
    ("Minn. R. Evid. 1006", [("Minn. R. Evid. 1006", "Minn. R. Evid. 1006")]),
    ("977 N.W.2d 651", [("977 N.W.2d 651", "977 N.W.2d 651")]),
    ("609.321 609.322", [("609.321", "Minn. Stat. § 609.321"),
                         ("609.322", "Minn. Stat. § 609.322")]),
    ("$609.32", []), ("609.50 dollars", []), ("609.322.5550", []), ("609-322-5550", []),
    ("version 169.20", []), ("U.S. 52 west", []), ("96.5", []), ("192.168.1.20", []),
    ("section b", []),
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_grid(text: str, expected: list[tuple[str, str]]) -> None:
    hits = list(LEGAL.find(text, "US"))
    assert [(text[hit.start : hit.end], hit.value) for hit in hits] == expected


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=100), st.text("0123456789.§ USCMinStatubd()", max_size=60)))
def test_any_text(text: str) -> None:
    hits = list(LEGAL.find(text, "US"))
    assert hits == list(LEGAL.find(text, "US"))
    end = 0
    for hit in hits:
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end


@settings(max_examples=400, deadline=None)
@given(mixed([text for text, _ in CASES]))
def test_gate_is_a_superset(text: str) -> None:
    gated = list(LEGAL.find(text, "US"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SPEAKS", gate.Memo(lambda piece: True))
        patch.setattr(gate, "has_digit", lambda text: True)
        assert list(LEGAL.find(text, "US")) == gated
