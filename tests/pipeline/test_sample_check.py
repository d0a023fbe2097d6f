"""A case against the gold of its return."""

import pyarrow.parquet as pq

from pipeline.sample.check import check


def test_check_tells_what_is_found_in_repeats(sample_case, sample_gold, case_copy):
    found = check(sample_case, sample_gold)
    assert found.recovered == found.gold and not found.surplus
    assert found.alike == found.repeats > 0
    assert found.repeats_line().endswith("as what they repeat (100.000 %)")
    part = case_copy / "tables" / "mentions" / "part-00000.parquet"
    mentions = pq.read_table(part)
    pq.write_table(mentions.slice(0, 0), part)
    assert check(case_copy, sample_gold).repeats == 0
    records = pq.read_table(case_copy / "tables" / "records").to_pylist()
    repeat = {row["record_id"] for row in records if row["duplicate_of"] is not None}
    kept = [row["record_id"] not in repeat for row in mentions.to_pylist()]
    pq.write_table(mentions.filter(kept), part)
    lost = check(case_copy, sample_gold)
    assert (lost.alike, lost.repeats) == (0, found.repeats)
