"""Entities, links and ledger of a sample case, against plain loops over its tables."""

from collections import Counter, defaultdict
from itertools import combinations, pairwise

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.derive import tables as tables_module
from pipeline.derive.entities import (
    Records,
    entities_of,
    write_entities,
    write_memberships,
)
from pipeline.derive.links import write_links
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


def keyed(*letters):
    """Keys of 16 bytes, as shards make them."""
    return pa.chunked_array([[letter and letter * 16 for letter in letters]], pa.binary(16))


def sources(*numbers):
    return pa.array(numbers, pa.int32())


def test_the_kth_of_a_key_repeats_the_kth():
    narrow = pa.table({
        "source": sources(0, 0, 0, 1, 1, 1, 1),
        "dup_key": keyed(b"a", b"a", b"b", b"a", b"a", b"a", None),
        "name_key": pa.nulls(7, pa.binary(16)),
        "by_name": [False] * 7,
    })  # fmt: skip
    # two "a" in one source stay two; the third "a" of the other source is new
    assert canonical_positions(narrow).tolist() == [-1, -1, -1, 0, 1, -1, -1]


def test_keys_that_agree_in_half_of_their_bytes_are_two():
    halves = [b"x" * 8 + b"y" * 8, b"z" * 8 + b"y" * 8, b"x" * 8 + b"z" * 8]
    narrow = pa.table({
        "source": sources(0, 1, 2),
        "dup_key": pa.array(halves, pa.binary(16)),
        "name_key": pa.nulls(3, pa.binary(16)),
        "by_name": [False] * 3,
    })  # fmt: skip
    assert canonical_positions(narrow).tolist() == [-1, -1, -1]


def test_deliveries_by_name_repeat_those_by_number():
    # source 0 numbers its accounts, source 1 names them only, source 2 numbers them again
    narrow = pa.table({
        "source": sources(0, 0, 1, 1, 2, 2),
        "dup_key": keyed(b"a", b"b", b"c", b"d", b"a", b"e"),
        "name_key": keyed(b"m", b"m", b"m", b"n", b"m", b"o"),
        "by_name": [False, False, True, True, False, False],
    })  # fmt: skip
    assert canonical_positions(narrow).tolist() == [-1, -1, 0, -1, 0, -1]


def test_a_repeat_never_names_a_repeat():
    # the download came first; return and preservation, equal by number, both repeat it by name
    narrow = pa.table({
        "source": sources(0, 1, 2),
        "dup_key": keyed(b"x", b"a", b"a"),
        "name_key": keyed(b"m", b"m", None),
        "by_name": [True, False, False],
    })  # fmt: skip
    assert canonical_positions(narrow).tolist() == [-1, 0, 0]


def plain_positions(rows):
    """The rule of repeats by plain loops over (source, key, key by name, whether by name)."""
    canonical = [-1] * len(rows)
    named = {row[2] for row in rows if row[3] and row[2]}
    for key, counts in ((1, None), (2, named)):
        turns, first = Counter(), {}
        for at, row in enumerate(rows):
            if row[key] is None or (counts is not None and row[key] not in counts):
                continue
            turn = row[key], turns[row[0], row[key]]
            turns[row[0], row[key]] += 1
            origin = first.setdefault(turn, at)
            if origin != at and canonical[at] < 0 and (key == 1 or row[3] or rows[origin][3]):
                canonical[at] = origin
    for at, origin in enumerate(canonical):
        while origin >= 0 and canonical[origin] >= 0:
            canonical[at] = origin = canonical[origin]
    return canonical


KEYS = st.sampled_from([None, b"a", b"b", b"c"])


@given(st.lists(st.tuples(st.integers(0, 2), KEYS, KEYS, st.booleans()), max_size=20))
def test_repeats_are_those_of_plain_loops(rows):
    rows = sorted(rows, key=lambda row: row[0])
    narrow = pa.table({
        "source": sources(*[row[0] for row in rows]),
        "dup_key": keyed(*[row[1] for row in rows]),
        "name_key": keyed(*[row[2] for row in rows]),
        "by_name": pa.array([row[3] for row in rows], pa.bool_()),
    })  # fmt: skip
    assert canonical_positions(narrow).tolist() == plain_positions(rows)


TIMES = pa.timestamp("us", "UTC")


def test_ranks_put_undated_records_last():
    narrow = pa.table({
        "sent_at": pa.array([None, 5, 5, -7], TIMES),
        "record_id": [letter * 20 for letter in "acbd"],
    })  # fmt: skip
    assert time_ranks(narrow).tolist() == [3, 2, 1, 0]


def test_places_in_a_thread_skip_repeats():
    narrow = pa.table({
        "thread_id": ["t", "t", "t", None],
        "sent_at": pa.array([9, 5, 5, 1], TIMES),
    })  # fmt: skip
    places = thread_places(narrow, np.array([-1, -1, 1, -1]))
    assert places.tolist() == [1, 0, -1, -1]


def test_a_case_without_mentions_has_empty_tables(tmp_path):
    texts = pa.array([], pa.string())
    mentions = pa.table({
        "mention_id": texts, "pos": pa.array([], pa.int64()),
        **{name: texts.dictionary_encode() for name in (
            "kind", "value", "surface", "basis", "service_category", "review", "watch")},
    })  # fmt: skip
    none = np.array([-1])
    records = Records(pa.array(["r" * 20]), none, none, none, none, none, [], [])
    entities = entities_of(mentions, records, np.zeros(0, np.int64))
    write_entities(tmp_path, mentions, records, entities, {})
    write_memberships(tmp_path, mentions, entities)
    at = mentions["pos"].to_numpy()
    assert write_links(tmp_path, at, entities.of_mention, records, entities) == []
    for name in ("entities", "memberships", "links", "link_evidence"):
        assert pq.read_table(tmp_path / name).num_rows == 0


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
