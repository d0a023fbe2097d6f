"""Entities, links and ledger of a sample case, against plain loops over its tables."""

from collections import Counter, defaultdict
from itertools import combinations, pairwise

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.derive import tables as tables_module
from pipeline.derive.engine import engine
from pipeline.derive.order import canonical_positions, thread_places, time_ranks
from pipeline.derive.tables import TableWriter
from schemas import ids
from schemas.tables import SCHEMAS


@pytest.fixture(scope="module")
def rows(sample_case):
    return {name: pq.read_table(sample_case / "tables" / name).to_pylist() for name in SCHEMAS}


def test_every_table_has_its_schema_and_a_part(sample_case):
    for name, schema in SCHEMAS.items():
        parts = sorted((sample_case / "tables" / name).iterdir())
        assert parts[0].name == "part-00000.parquet"
        assert pq.read_schema(parts[0]).equals(schema, check_metadata=True), name


def test_surfaces_are_exact_and_keys_resolve(rows):
    text = {row["record_id"]: row["text"] for row in rows["records"]}
    assert len(text) == len(rows["records"])
    mentions = {row["mention_id"]: row for row in rows["mentions"]}
    assert len(mentions) == len(rows["mentions"])
    for row in rows["mentions"]:
        assert text[row["record_id"]][row["start"] : row["end"]] == row["surface"]
    for name in ("phones", "aliases", "locations", "money", "memberships"):
        assert {row["mention_id"] for row in rows[name]} <= mentions.keys()
    entities = {row["entity_id"] for row in rows["entities"]}
    assert {row["entity_id"] for row in rows["memberships"]} <= entities
    for row in rows["links"]:
        assert {row["entity_a"], row["entity_b"]} <= entities
    links = {row["link_id"] for row in rows["links"]}
    assert {row["link_id"] for row in rows["link_evidence"]} == links
    assert {row["record_id"] for row in rows["link_evidence"]} <= text.keys()
    accounts = {row["account_id"] for row in rows["accounts"]}
    authors = {row["author_account_id"] for row in rows["records"]} - {None}
    assert authors <= accounts
    for row in rows["records"]:
        assert set(row["recipient_account_ids"] or ()) <= accounts


def test_coverage_tiles_every_file(rows):
    pages = defaultdict(list)
    for row in rows["coverage"]:
        fates = ("record", "furniture", "issue", "out_of_scope", "sealed")
        assert sum(row[fate] for fate in fates) == row["byte_end"] - row["byte_start"]
        pages[row["source_id"]].append(row)
    for source in rows["sources"]:
        if source["reader"] is None:
            continue
        covered = sorted(pages[source["source_id"]], key=lambda row: row["byte_start"])
        assert covered[0]["byte_start"] == 0
        assert covered[-1]["byte_end"] == source["size_bytes"]
        for one, two in pairwise(covered):
            assert one["byte_end"] == two["byte_start"]


def test_duplicates_point_to_canonical_records_of_equal_content(rows):
    records = {row["record_id"]: row for row in rows["records"]}
    repeats = [row for row in rows["records"] if row["duplicate_of"]]
    assert repeats
    for row in repeats:
        first = records[row["duplicate_of"]]
        assert first["duplicate_of"] is None
        for column in ("kind", "thread_id", "author_account_id", "sent_at", "text"):
            assert row[column] == first[column]


def test_entities_count_canonical_mentions(rows):
    canonical = {row["record_id"] for row in rows["records"] if row["duplicate_of"] is None}
    counted = Counter()
    where = defaultdict(set)
    for row in rows["mentions"]:
        if row["value"] is not None and row["record_id"] in canonical:
            key = ids.entity_id(row["kind"], row["value"])
            counted[key] += 1
            where[key].add(row["record_id"])
    for row in rows["entities"]:
        assert row["entity_id"] == ids.entity_id(row["kind"], row["value"])
        assert row["mention_count"] == counted[row["entity_id"]]
        if row["kind"] != "account":
            assert row["record_count"] == len(where[row["entity_id"]])


def test_links_are_those_that_a_plain_loop_finds(rows):
    records = {row["record_id"]: row for row in rows["records"]}
    value_of = {
        row["account_id"]: f"{row['provider']}:{row['provider_account_id']}"
        for row in rows["accounts"]
    }
    present = defaultdict(set)
    for row in rows["mentions"]:
        record = records[row["record_id"]]
        if row["value"] and record["duplicate_of"] is None and row["kind"] != "account":
            present[row["record_id"]].add(ids.entity_id(row["kind"], row["value"]))
    expected = defaultdict(set)
    for record_id, named in present.items():
        record = records[record_id]
        for one, two in combinations(sorted(named), 2):
            expected[one, two, "same_record"].add(record_id)
        for name in named:
            if record["author_account_id"]:
                author = ids.entity_id("account", value_of[record["author_account_id"]])
                expected[author, name, "wrote"].add(record_id)
            for account in record["recipient_account_ids"] or ():
                entity = ids.entity_id("account", value_of[account])
                expected[entity, name, "received"].add(record_id)
    found = {
        (row["entity_a"], row["entity_b"], row["relation"]): row["record_count"]
        for row in rows["links"]
    }
    assert found == {key: len(value) for key, value in expected.items()}


def test_service_numbers_and_context_are_no_leads(rows):
    for row in rows["entities"]:
        if row["service_category"] or row["review"]:
            assert not row["is_lead"]
        if row["is_lead"]:
            assert row["kind"] in ("phone", "handle", "email", "plate", "account")


def test_no_scope_is_an_issue(rows):
    assert [row["code"] for row in rows["issues"]].count("no_scope") == 1


NARROW = pa.table({
    "pos": pa.array(range(7), pa.int64()),
    "source": pa.array([0, 0, 0, 1, 1, 1, 1], pa.int32()),
    "dup_key": pa.array([b"a", b"a", b"b", b"a", b"a", b"a", None]),
    "name_key": pa.nulls(7, pa.binary()),
    "by_name": [False] * 7,
})  # fmt: skip


def test_the_kth_of_a_key_repeats_the_kth(tmp_path):
    with engine(tmp_path) as connection:
        # two "a" in one source stay two; the third "a" of the other source is new
        assert canonical_positions(connection, NARROW).tolist() == [-1, -1, -1, 0, 1, -1, -1]


def test_deliveries_by_name_repeat_those_by_number(tmp_path):
    # source 0 numbers its accounts, source 1 names them only, source 2 numbers them again
    table = pa.table({
        "pos": pa.array(range(6), pa.int64()),
        "source": pa.array([0, 0, 1, 1, 2, 2], pa.int32()),
        "dup_key": pa.array([b"a", b"b", b"c", b"d", b"a", b"e"], pa.binary()),
        "name_key": pa.array([b"m", b"m", b"m", b"n", b"m", b"o"], pa.binary()),
        "by_name": [False, False, True, True, False, False],
    })  # fmt: skip
    with engine(tmp_path) as connection:
        assert canonical_positions(connection, table).tolist() == [-1, -1, 0, -1, 0, -1]


def test_a_repeat_never_names_a_repeat(tmp_path):
    # the download came first; return and preservation, equal by number, both repeat it by name
    table = pa.table({
        "pos": pa.array(range(3), pa.int64()),
        "source": pa.array([0, 1, 2], pa.int32()),
        "dup_key": pa.array([b"x", b"a", b"a"], pa.binary()),
        "name_key": pa.array([b"m", b"m", None], pa.binary()),
        "by_name": [True, False, False],
    })  # fmt: skip
    with engine(tmp_path) as connection:
        assert canonical_positions(connection, table).tolist() == [-1, 0, 0]


def test_ranks_put_undated_records_last(tmp_path):
    table = pa.table({
        "pos": pa.array([0, 1, 2], pa.int64()),
        "sent_at": pa.array([None, 5, 5], pa.timestamp("us", "UTC")),
        "record_id": ["a", "c", "b"],
    })  # fmt: skip
    with engine(tmp_path) as connection:
        assert time_ranks(connection, table).tolist() == [2, 1, 0]


def test_places_in_a_thread_skip_repeats(tmp_path):
    table = pa.table({
        "pos": pa.array([0, 1, 2, 3], pa.int64()),
        "thread_id": ["t", "t", "t", None],
        "sent_at": pa.array([9, 5, 5, 1], pa.timestamp("us", "UTC")),
        "canonical": pa.array([-1, -1, 1, -1], pa.int64()),
    })  # fmt: skip
    with engine(tmp_path) as connection:
        assert thread_places(connection, table).tolist() == [1, 0, -1, -1]


@pytest.mark.parametrize("chunk", [1, 7, 50, 1000])
def test_bytes_do_not_depend_on_batches(tmp_path, chunk, monkeypatch):
    monkeypatch.setattr(tables_module, "GROUP_ROWS", 32)
    monkeypatch.setattr(tables_module, "PART_GROUPS", 2)
    made = [{"link_id": f"l{n:04d}", "record_id": f"r{n % 13}"} for n in range(150)]
    whole = pa.RecordBatch.from_pylist(made, schema=SCHEMAS["link_evidence"])
    for name, size in (("one", 150), ("other", chunk)):
        with TableWriter(tmp_path / name, "link_evidence") as writer:
            for start in range(0, 150, size):
                writer.write(whole.slice(start, size))
    one = {p.name: p.read_bytes() for p in (tmp_path / "one" / "link_evidence").iterdir()}
    other = {p.name: p.read_bytes() for p in (tmp_path / "other" / "link_evidence").iterdir()}
    assert one == other
    assert sorted(one) == [f"part-{n:05d}.parquet" for n in range(3)]
