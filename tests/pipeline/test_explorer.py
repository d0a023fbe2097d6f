"""Data of the explorer against the tables it was made of."""

import json
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.case import open_case
from pipeline.report.assemble import assemble
from pipeline.report.formats import explorer as module
from pipeline.report.formats.explorer import CLOSE, FAR, LINKS_CLOSE, TABLES, explorer, in_page
from pipeline.report.make import ledger_of
from pipeline.report.store import open_store
from pipeline.report.summarise import summarise


@pytest.fixture(scope="module")
def document(sample_case):
    with open_store(sample_case / "tables", Path(tempfile.mkdtemp())) as store:
        return assemble(summarise(store, ledger_of(open_case(sample_case))))


@pytest.fixture(scope="module")
def made(sample_case, document, tmp_path_factory):
    with open_store(sample_case / "tables", tmp_path_factory.mktemp("spill")) as store:
        data = explorer(store, document).data
        left = {name for (name,) in store.rows("SELECT table_name FROM duckdb_tables()")}
    assert not left & set(TABLES)
    return data


@pytest.fixture(scope="module")
def data(made):
    return json.loads(made)


def _rows(case, name):
    return pq.read_table(case / "tables" / name).to_pylist()


def test_every_entity_has_a_row_with_the_numbers_of_the_tables(sample_case, data):
    found = data["entities"]
    rows = {row["entity_id"]: row for row in _rows(sample_case, "entities")}
    wanted = {key for key, row in rows.items() if row["record_count"] > 0}
    assert set(found["id"]) == wanted
    assert data["total"] == len(wanted)
    for place, key in enumerate(found["id"]):
        row = rows[key]
        assert found["records"][place] == row["record_count"]
        assert found["mentions"][place] == row["mention_count"]
        assert data["kinds"][found["kind"][place]][0] == row["kind"]
        code = found["service"][place]
        assert (data["kinds"][code][0] if code >= 0 else None) == row["service_category"]
        assert found["first"][place] == (row["first_at"] and int(row["first_at"].timestamp()))


def test_each_mention_in_context_is_one_of_the_tables(sample_case, data):
    texts = {row["citation"]: row["text"] for row in _rows(sample_case, "records")}
    surfaces = {}
    members = {row["mention_id"]: row["entity_id"] for row in _rows(sample_case, "memberships")}
    for row in _rows(sample_case, "mentions"):
        surfaces.setdefault(members.get(row["mention_id"]), set()).add(row["surface"])
    seen = 0
    for entity, rows in zip(data["entities"]["id"], data["mentions"], strict=True):
        for place, *spans in rows:
            text = data["passages"]["text"][place]
            record = data["passages"]["record"][place]
            whole = texts[data["records"]["cite"][record]]
            before = data["passages"]["before"][place]
            assert whole[before : before + len(text)] == text
            assert len(whole) == before + len(text) + data["passages"]["after"][place]
            for at in range(0, len(spans), 2):
                assert text[spans[at] : spans[at + 1]] in surfaces[entity]
                seen += 1
    assert seen > 100


def test_what_the_report_names_shows_more(document, data):
    entities = data["entities"]
    close = set(entities["close"])
    assert close
    for place, rows in enumerate(data["mentions"]):
        assert len(rows) <= (CLOSE if place in close else FAR)
    for rows in data["links"]:
        assert len(rows) <= LINKS_CLOSE + 1
        assert not rows or rows[0][0] >= len(rows) - 1
    cited, opened = module._shown(document)
    assert {key for key, _ in data["records"]["id"]} == set(cited)
    known = set(entities["id"]) | {key for key, _ in entities["account"]}
    assert known & set(opened)


def test_months_add_up_to_the_dated_records_of_a_value(sample_case, data):
    dated = {row["record_id"] for row in _rows(sample_case, "records") if row["sent_at"]
             and row["duplicate_of"] is None and not row["scope"].startswith("out_")}  # fmt: skip
    of = {row["mention_id"]: row["record_id"] for row in _rows(sample_case, "mentions")}
    records = {}
    for row in _rows(sample_case, "memberships"):
        if of[row["mention_id"]] in dated:
            records.setdefault(row["entity_id"], set()).add(of[row["mention_id"]])
    accounts = {place for _, place in data["entities"]["account"]}
    for place, key in enumerate(data["entities"]["id"]):
        if place not in accounts:
            assert sum(data["months"][place][1::2]) == len(records.get(key, ()))


def test_equal_tables_give_equal_data(sample_case, document, made, tmp_path):
    with open_store(sample_case / "tables", tmp_path / "spill") as store:
        assert explorer(store, document).data == made


def test_what_is_cut_is_said(sample_case, document, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "CHOSEN", module.CHOSEN.replace(f"LIMIT {module.MOST}", "LIMIT 9"))
    with open_store(sample_case / "tables", tmp_path / "spill") as store:
        data = json.loads(explorer(store, document).data)
    assert len(data["entities"]["id"]) == 9
    assert data["total"] > 9


def test_json_in_a_page_holds_no_markup_and_nothing_invisible():
    text = in_page(["</script><!-- é \u2028\u202e\ud800\U000e0001 ñ"])
    assert json.loads(text) == ["</script><!-- é \u2028\u202e\ud800\U000e0001 ñ"]
    assert text == '["\\u003c/script>\\u003c!-- é \\u2028\\u202e\\ud800\\udb40\\udc01 ñ"]'
