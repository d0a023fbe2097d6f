from dataclasses import fields
from pathlib import Path

import pyarrow as pa
import pytest

from schemas import facts, ids
from schemas.describe import dictionary
from schemas.tables import SCHEMAS
from schemas.validate import SchemaMismatch, batch_of, check

DOCS = Path(__file__).parents[2] / "docs" / "tables.md"


def test_dictionary_is_current():
    assert DOCS.read_text("utf-8") == dictionary(), "run `make docs`"


def test_every_column_is_described():
    for name, schema in SCHEMAS.items():
        for field in schema:
            doc = field.metadata[b"doc"].decode()
            assert doc.endswith((".", "…")), f"{name}.{field.name}: {doc!r}"


def test_one_name_has_one_type():
    types = {}
    for name, schema in SCHEMAS.items():
        for field in schema:
            known = types.setdefault(field.name, (field.type, name))
            assert known[0] == field.type, f"{name}.{field.name} and {known[1]}.{field.name}"


def test_no_column_scores_a_person():
    words = ("score", "risk", "suspicion", "likelihood", "guilt", "role")
    for name, schema in SCHEMAS.items():
        for column in schema.names:
            assert not any(word in column for word in words), f"{name}.{column}"


@pytest.mark.parametrize(
    ("table", "made"),
    [
        ("phones", facts.PhoneFacts),
        ("aliases", facts.NameFacts),
        ("locations", facts.PlaceFacts),
        ("money", facts.MoneyFacts),
    ],
)
def test_facts_are_the_columns_of_their_table(table, made):
    assert {field.name for field in fields(made)} <= set(SCHEMAS[table].names)


def test_ids_keep_parts_apart():
    assert ids.stable_id("ab", "c") != ids.stable_id("a", "bc")
    assert ids.stable_id(None) != ids.stable_id("")
    assert ids.stable_id("a", 1) == ids.stable_id("a", 1)


def test_ids_never_change():
    # a citation filed in court must open after an upgrade: these three are frozen
    assert ids.source_id("c" * 64, "records.html", "s" * 64) == "bfabdb3eb207b3b2dd0d"
    assert ids.record_id("s", 3, 7, "Message") == "112ed54f24a4e2054abe"
    assert ids.mention_id("r", "phone", 0, 12) == "d3f699d10eaf2e116287"


SCHEMA = pa.schema([pa.field("a", pa.string(), nullable=False), pa.field("b", pa.int32())])


def test_batch_of_takes_the_declared_columns():
    batch = batch_of([{"a": "x", "b": None}], SCHEMA)
    assert batch.to_pylist() == [{"a": "x", "b": None}]


@pytest.mark.parametrize("row", [{"a": "x"}, {"a": "x", "b": 1, "c": 2}, {"a": None, "b": 1}])
def test_batch_of_refuses_what_arrow_would_swallow(row):
    with pytest.raises(SchemaMismatch):
        batch_of([row], SCHEMA)


def test_check_refuses_another_schema():
    with pytest.raises(SchemaMismatch):
        check(pa.RecordBatch.from_pylist([{"a": "x"}]), SCHEMA)
