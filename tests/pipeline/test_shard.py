"""One shard: coverage adds up, rows hold together, and nothing depends on where shards are cut."""

from __future__ import annotations

from collections import Counter
from random import Random

import meta_layout as layout
import pytest
from meta_layout import full, leaf, section, write

from pipeline.coverage import flatten
from pipeline.derive.work import ShardOutput
from pipeline.guard import Guard
from pipeline.readers import survey
from pipeline.readers.meta_html import MetaHtml
from pipeline.sealing.seal import Sealing
from pipeline.shard import ShardTask, SourceContext, read_receipt, run_shard
from schemas.kinds import Fate, MentionKind

TOKENS = full()
CUTS = Random(4).sample(list(layout.positions(TOKENS)), 12)
TABLES = ("records", "mentions", "coverage", "attachments", "accounts", "issues")


def run(data, folder, guard=None, service="facebook", sealing=None):
    """Rows of every table of all shards of a file."""
    source = SourceContext(
        "s" * 32, "FB-1", "records.html", "meta_html", service, frozenset({"900000000000101"})
    )
    rows = {name: [] for name in TABLES}
    for shard in MetaHtml().shards(iter([data]), has_pages=True):
        place = folder / f"{shard.ordinal}"
        receipt = run_shard(
            ShardTask(
                place,
                source,
                shard,
                guard or Guard(),
                region="US",
                zone="America/Chicago",
                model=None,
                sealing=sealing or Sealing(),
            )
        )
        assert receipt == read_receipt(place)
        for name in TABLES:
            table = ShardOutput(place, 0, 0).table(name).to_pylist()
            assert receipt["rows"][name] == len(table)
            rows[name] += table
    return rows


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return run(write(TOKENS, cuts=CUTS), tmp_path_factory.mktemp("whole"))


def check_coverage(data, rows):
    at = 0
    for row in rows["coverage"]:
        assert row["byte_start"] == at
        assert sum(row[fate.value] for fate in Fate) == row["byte_end"] - row["byte_start"]
        assert all(row[fate.value] >= 0 for fate in Fate)
        at = row["byte_end"]
    assert at == len(data)


def test_coverage_adds_up(whole):
    check_coverage(write(TOKENS, cuts=CUTS), whole)
    assert sum(row["record_count"] for row in whole["coverage"]) == len(whole["records"])
    fates = Counter()
    for row in whole["coverage"]:
        fates.update({fate: row[fate.value] for fate in Fate})
    assert fates[Fate.ISSUE] == fates[Fate.SEALED] == fates[Fate.OUT_OF_SCOPE] == 0
    assert fates[Fate.RECORD] > fates[Fate.FURNITURE] / 2 > 0


def test_ids_and_mentions_hold(whole):
    ids = Counter(row["record_id"] for row in whole["records"])
    assert max(ids.values()) == 1
    texts = {row["record_id"]: row["text"] for row in whole["records"]}
    assert max(Counter(row["mention_id"] for row in whole["mentions"]).values()) == 1
    for row in whole["mentions"]:
        assert texts[row["record_id"]][row["start"] : row["end"]] == row["surface"]
    stated = {(row["kind"], row["value"]) for row in whole["mentions"] if row["basis"] == "stated"}
    assert (MentionKind.PHONE.value, "+13125550143") in stated
    assert (MentionKind.ACCOUNT.value, "facebook:anna.w") in stated


def test_shards_change_no_row(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(survey, "SHARD_BYTES", 1)
    rows = run(write(TOKENS, cuts=CUTS), tmp_path)
    for name in ("records", "mentions", "attachments"):
        assert rows[name] == whole[name]
    assert {tuple(row.items()) for row in rows["accounts"]} == {
        tuple(row.items()) for row in whole["accounts"]
    }
    check_coverage(write(TOKENS, cuts=CUTS), rows)


def test_breaks_change_no_text(whole, tmp_path):
    rows = run(write(TOKENS), tmp_path)
    for column in ("kind", "text", "author_name", "sent_at", "thread_id", "dup_key"):
        assert [row[column] for row in rows["records"]] == [row[column] for row in whole["records"]]


def test_sealed_threads_leave_no_word(tmp_path):
    data = write(TOKENS, cuts=CUTS)
    rows = run(data, tmp_path, Guard(sealed_threads=frozenset({"900000000000556"})))
    check_coverage(data, rows)
    assert all(row["thread_id"] != "900000000000556" for row in rows["records"])
    assert sum(row["sealed"] for row in rows["coverage"]) > 0
    assert sum(row["sealed_count"] for row in rows["coverage"]) > 0
    for path in tmp_path.rglob("*.parquet"):
        assert b"hola" not in path.read_bytes()


def test_a_shard_that_could_not_be_looked_through_is_not_read(tmp_path):
    data = write(TOKENS, cuts=CUTS)
    rows = run(data, tmp_path, sealing=Sealing(blind=frozenset({("s" * 32, 0)})))
    check_coverage(data, rows)
    assert rows["records"] == rows["accounts"] == rows["mentions"] == []
    assert [(row["severity"], row["code"]) for row in rows["issues"]] == [("error", "shard_failed")]


def test_ncmec_items_have_no_rows(tmp_path):
    tokens = section("ncmec_reports", leaf("NCMEC CyberTip Numbers", "900000321"))
    data = write([*tokens, *section("bio", leaf("Bio", "likes hiking"))])
    rows = run(data, tmp_path / "a")
    check_coverage(data, rows)
    assert [row["text"] for row in rows["records"]] == ["likes hiking"]
    assert sum(row["sealed_count"] for row in rows["coverage"]) == 1
    assert b"900000321" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*.*"))
    rows = run(data, tmp_path / "b", sealing=Sealing(released=frozenset({"ncmec"})))
    assert [row["text"] for row in rows["records"]] == ["900000321", "likes hiking"]


def test_orphans_and_bad_bytes(tmp_path):
    data = write([*section("bio", [("text", "loose words")], leaf("Bio", "caf@"))]).replace(
        b"caf@", b"caf\xe9"
    )
    rows = run(data, tmp_path)
    check_coverage(data, rows)
    assert sum(row["issue"] for row in rows["coverage"]) == len("loose words")
    assert {row["code"]: row["count"] for row in rows["issues"]} == {
        "orphan_value": 1,
        "bad_encoding": 1,
    }
    assert all("loose" not in row["message"] for row in rows["issues"])


def test_a_file_cut_off(tmp_path):
    data = write(TOKENS)[:9000] + b"<div cla"
    rows = run(data, tmp_path)
    check_coverage(data, rows)
    assert [row["severity"] for row in rows["issues"] if row["code"] == "file_ends_early"] == [
        "error"
    ]


def test_a_whatsapp_number_is_stated(tmp_path):
    data = write(
        section("request_parameters", leaf("Account Identifier", "13125550143"), definition=False)
    )
    rows = run(data, tmp_path, service="whatsapp")
    assert [(row["kind"], row["basis"], row["surface"]) for row in rows["mentions"]] == [
        ("phone", "stated", "13125550143")
    ]


@pytest.mark.parametrize("seed", range(20))
def test_flatten(seed):
    rng = Random(seed)
    ranges = []
    for _ in range(rng.randrange(12)):
        start = rng.randrange(40)
        ranges.append((start, start + rng.randrange(9), rng.choice(list(Fate))))
    rank = [Fate.RECORD, Fate.OUT_OF_SCOPE, Fate.SEALED, Fate.ISSUE, Fate.FURNITURE]
    plain = [None] * 60
    for start, end, fate in ranges:
        for at in range(start, end):
            if plain[at] is None or rank.index(fate) > rank.index(plain[at]):
                plain[at] = fate
    flat = [None] * 60
    for start, end, fate in flatten(ranges):
        for at in range(start, end):
            assert flat[at] is None
            flat[at] = fate
    assert flat == plain
