"""Hits written by a shard and read by the whole-case steps are the same hits."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.base import Hit
from extractors.finder import Finder
from pipeline.hits import pack, unpack
from pipeline.rows import TYPED
from schemas.kinds import MentionKind, ServiceCategory

TEXTS = [
    "call 651-555-0117 or $junocash, rm 214 at 7pm, its Kel, 3 racks + 150usd 😀",
    "mañana at 40 Alder St, Fridley MN 41.6,-93.6 www.example.com a@example.com she is 17",
    "Rodeway inn off exit 12, plate ABC 1234, flight 204, uber, 555-0117, half now",
]
TEXT = st.text(max_size=12)


def values(hint):
    """Values of a field by its type."""
    kinds = get_args(hint) or (hint,)
    found = []
    for kind in kinds:
        if kind is type(None):
            found.append(st.none())
        elif kind is Decimal:
            found.append(st.decimals(allow_nan=False, allow_infinity=False, places=2))
        elif kind is bool:
            found.append(st.booleans())
        elif kind is int:
            found.append(st.integers(-(2**40), 2**40))
        elif kind is float:
            found.append(st.floats(allow_nan=False, allow_infinity=False))
        elif kind is str:
            found.append(TEXT)
        else:
            found.append(st.sampled_from(list(kind)))
    return st.one_of(found)


@st.composite
def hits(draw):
    kind = draw(st.sampled_from(list(MentionKind)))
    facts = None
    if kind in TYPED and draw(st.booleans()):
        made = TYPED[kind][1]
        hints = get_type_hints(made)
        facts = made(*[draw(values(hints[item.name])) for item in fields(made)])
    maybe = st.none() | TEXT
    return Hit(
        kind, draw(st.integers(0, 99)), draw(st.integers(0, 99)), draw(TEXT), draw(maybe),
        draw(st.floats(0, 1)), draw(TEXT), facts,
        draw(st.none() | st.sampled_from(list(ServiceCategory))), draw(maybe), draw(maybe),
    )  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(hits(), max_size=4))
def test_any_hits_come_back(found):
    assert unpack(pack(found)) == tuple(found)


@pytest.mark.parametrize("text", TEXTS)
def test_found_hits_come_back_with_their_types(text):
    found = tuple(
        Finder(
            "US",
            None,
        ).find(text)
    )
    again = unpack(pack(found))
    assert found
    assert again == found
    for one, other in zip(found, again, strict=True):
        assert type(one.facts) is type(other.facts)
        for item in fields(one.facts) if one.facts else ():
            assert type(getattr(one.facts, item.name)) is type(getattr(other.facts, item.name))


def test_nothing_is_nothing():
    assert unpack(pack([])) == ()
