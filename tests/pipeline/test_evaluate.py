import io
import json

import pytest
from click.testing import CliRunner

from extractors.base import Hit
from extractors.finder import Finder
from pipeline.cli import group
from pipeline.errors import ConfigError
from pipeline.evaluate import Score, _score_row, evaluate, read_rows
from schemas.kinds import MentionKind


def hit(start, end, value=None, kind=MentionKind.PHONE):
    return Hit(kind, start, end, "test:rule", value)


def span(start, end, label="phone", **more):
    return {"start": start, "end": end, "label": label, **more}


# hits, spans, region -> gold, found, matched
# fmt: off
CASES = [
    ([hit(0, 12, "+16515550117")], [span(0, 12, norm="+16515550117")], "US", (1, 1, 1)),
    ([hit(2, 9, "+16515550117")], [span(0, 12)], "US", (1, 1, 1)),
    ([hit(0, 12, "+16515550118")], [span(0, 12, norm="+16515550117")], "US", (1, 1, 0)),
    ([hit(0, 12, "+16515550117")], [span(0, 12, norm="6515550117")], "US", (1, 1, 1)),
    ([hit(0, 8)], [span(0, 8, norm="5550117")], "US", (1, 1, 1)),
    ([hit(0, 8)], [span(0, 8, norm="+16515550117")], "US", (1, 1, 0)),
    ([], [span(0, 8)], "US", (1, 0, 0)),
    ([hit(0, 8)], [], "US", (0, 1, 0)),
    ([hit(0, 8)], [span(20, 28)], "US", (1, 1, 0)),
    ([hit(0, 8)], [span(0, 8, note="optional: service")], "US", (0, 0, 0)),
    ([], [span(0, 8, note="optional")], "US", (0, 0, 0)),
    ([hit(0, 4), hit(4, 8)], [span(0, 8)], "US", (1, 2, 1)),
    ([hit(0, 8)], [span(0, 4), span(4, 8)], "US", (2, 1, 1)),
]
MONEY = [
    ("150 USD", {"amount": 150, "currency": "USD"}, 1),
    ("150.00 USD", {"amount": 150, "currency": "USD"}, 1),
    ("150 USD", {"amount": 150, "currency": "$"}, 1),
    ("150 USD", {"amount": 150, "currency": "MXN"}, 0),
    ("151 USD", {"amount": 150}, 0),
    (None, {"amount": 150}, 0),
    (None, {"amount": None}, 1),
]
# fmt: on


@pytest.mark.parametrize(("hits", "spans", "region", "wanted"), CASES)
def test_spans_are_matched_one_to_one(hits, spans, region, wanted):
    score = Score()
    row = {"id": 1, "text": "x" * 40, "spans": spans}
    _score_row(row, hits, "phone", score, region)
    assert (score.gold, score.found, score.matched) == wanted
    assert len(score.misses) == score.gold - score.matched
    assert len(score.false_alarms) == score.found - score.matched


@pytest.mark.parametrize(("value", "norm", "matched"), MONEY)
def test_money_is_compared_by_value(value, norm, matched):
    score = Score()
    row = {"id": 1, "text": "x" * 40, "spans": [span(0, 4, "money", norm=norm)]}
    _score_row(row, [hit(0, 4, value, MentionKind.MONEY)], "money", score, "US")
    assert score.matched == matched


def test_rates_of_nothing():
    assert (Score().precision, Score().recall, Score().f1) == (1.0, 1.0, 1.0)
    assert Score(gold=2, found=4, matched=2).f1 == pytest.approx(2 / 3)


@pytest.mark.parametrize("line", ["{", "[]", '"text"', '{"id": 1}'])
def test_a_bad_line_is_named(line):
    with pytest.raises(ConfigError, match="gold line 2"):
        list(read_rows(io.StringIO('{"text": "a"}\n' + line), "gold"))


def test_rows_of_a_thread_are_seen_together(tmp_path):
    rows = [
        {"id": n, "thread_id": "t", "author": "A", "sent_at": f"2024-01-05T14:37:{10 + n}Z",
         "text": text, "spans": [span(0, len(text), norm="+13135550156")]}
        for n, text in enumerate(["313", "555", "0156"])
    ]  # fmt: skip
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    scores = evaluate(path, Finder("US", None), "US", "America/Chicago")
    assert scores["phone"].matched == 3


def test_extract_writes_the_contract(tmp_path):
    rows = [
        {"id": "a", "text": "hmu 651-555-0117"},
        {
            "id": "b",
            "messages": [{"author": "K", "text": "so"}, {"author": "K", "text": "$40 now"}],
        },
        {"id": "c", "text": "0151 555 0101", "region": "GB"},
    ]
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    result = CliRunner().invoke(group, ["extract", str(path), "--no-model"])
    assert result.exit_code == 0, result.output
    found = [json.loads(line) for line in result.output.splitlines()]
    phone = next(row for row in found if row["id"] == "a")
    assert phone["kind"] == "phone"
    assert (phone["start"], phone["end"]) == (4, 16)
    assert (phone["surface"], phone["value"]) == ("651-555-0117", "+16515550117")
    assert phone.keys() >= {"rule", "confidence", "detail", "service_category"}
    money = next(row for row in found if row["id"] == "b")
    assert (money["message"], money["value"]) == (1, "40 USD")


def test_evaluate_prints_scores_and_errors(tmp_path):
    path = tmp_path / "gold.jsonl"
    row = {"id": 7, "text": "hmu 651-555-0117", "spans": [span(0, 3)]}
    path.write_text(json.dumps(row), "utf-8")
    result = CliRunner().invoke(group, ["evaluate", str(path), "--no-model", "--errors"])
    assert "missed\tphone\t7" in result.output
    assert "false\tphone\t7" in result.output
    result = CliRunner().invoke(group, ["evaluate", str(path), "--no-model", "--json"])
    assert json.loads(result.output)[0]["matched"] == 0
