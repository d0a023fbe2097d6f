"""Ids that are made in SQL are those of schemas.ids."""

from __future__ import annotations

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from pipeline.derive.entities import IDS
from schemas.ids import entity_id, link_id

ENGINE = duckdb.connect()
ENGINE.execute(IDS)
PART = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
"""A lone surrogate cannot be stored in a table."""


@given(PART, PART)
def test_entities(kind, value):
    made = ENGINE.execute("SELECT entity_id(?, ?)", [kind, value]).fetchone()
    assert made == (entity_id(kind, value),)


@given(PART, PART, PART)
def test_links(one, other, relation):
    made = ENGINE.execute("SELECT link_id(?, ?, ?)", [one, other, relation]).fetchone()
    assert made == (link_id(one, other, relation),)


def test_parts_are_kept_apart():
    made = ENGINE.execute("SELECT entity_id('ab', 'c'), entity_id('a', 'bc')").fetchone()
    assert made[0] != made[1]
