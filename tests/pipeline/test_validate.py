"""The validation kit: it passes on a good tool, fails on a broken one, and its report is steady."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

import extractors.registry
from extractors.phones import Phones
from pipeline.errors import ConfigError
from pipeline.sample.formats import FORMATS
from pipeline.validate import registry, runner
from pipeline.validate.base import (
    Assertion,
    Function,
    NotRun,
    Outcome,
    Rate,
    Status,
    compare,
    counted,
)
from pipeline.validate.ground import Ground, Settings
from pipeline.validate.handmade import Said, business_record, hand_return
from pipeline.validate.limits import KINDS, register
from pipeline.validate.looking import holding
from pipeline.validate.parsing import NUMBERED
from pipeline.validate.registry import FUNCTIONS, chosen
from pipeline.validate.runner import as_dict, check, scrubbed, validate
from pipeline.validate.write import page, table, write
from pipeline.wilson import wilson

CODES = {function.code for function in FUNCTIONS}
IDS = [item.id for function in FUNCTIONS for item in function.assertions]


@pytest.fixture
def ground(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return Ground(folder, Settings(20, 3))


def assertion(check_it, id_="TST-01"):
    return Assertion(id_, "A requirement.", "What is done.", "what is expected", check_it)


def report_of(tmp_path, *checks, code="TST"):
    items = [assertion(item, f"{code}-{n:02}") for n, item in enumerate(checks, 1)]
    function = Function(code, "Tests", tuple(items))
    folder = tmp_path / "some work"
    folder.mkdir()
    return validate([(function, item) for item in items], folder, Settings(20, 3))


# --- the list of assertions -----------------------------------------------------------------------


def test_ids_are_unique_and_in_order():
    assert len(set(IDS)) == len(IDS)
    assert len(CODES) == len(FUNCTIONS)
    for function in FUNCTIONS:
        numbers = [item.id for item in function.assertions]
        assert numbers == [f"{function.code}-{n:02}" for n in range(1, len(numbers) + 1)]


def test_every_function_of_the_issue_is_there():
    names = "INT SRC PAR CIT SCO SEA PHO ALI LOC MON HAN LNK DUP RES DET VER RED REP NET SEC ERR"
    assert set(names.split()) == CODES
    assert len(IDS) >= 60


def test_every_format_has_its_assertion():
    assert sorted(NUMBERED) == sorted(FORMATS)


def test_assertions_say_what_they_do():
    for function in FUNCTIONS:
        for item in function.assertions:
            assert item.requirement.endswith("."), item.id
            assert item.done.endswith("."), item.id
            assert item.expected, item.id
            assert ". " not in item.requirement, item.id  # one sentence


def test_selection():
    assert [item.id for _, item in chosen(("par-07",))] == ["PAR-07"]
    assert {f.code for f, _ in chosen(("SCO", "err"))} == {"SCO", "ERR"}
    assert {f.code for f, _ in chosen(("SCO,ERR",))} == {"SCO", "ERR"}
    assert [item.id for _, item in chosen(())] == IDS
    with pytest.raises(ConfigError, match="XYZ: no such function or assertion"):
        chosen(("PAR", "XYZ"))


# --- what comes of a check ------------------------------------------------------------------------


def test_a_crash_is_a_failure_with_its_class_and_the_next_is_checked(tmp_path):
    def crash(ground):
        raise KeyError(str(ground.folder))

    def leave(ground):
        raise SystemExit(0)

    def skip(ground):
        raise NotRun("nothing to check it with")

    report = report_of(
        tmp_path, crash, leave, skip, lambda g: Outcome(False, "3"), lambda g: Outcome(True, "4")
    )
    found = [(result.status, result.observed) for _, result in report.results]
    assert found[0][0] is Status.FAIL
    assert re.fullmatch(r"KeyError at test_validate\.py:\d+", found[0][1])
    assert found[1][1].startswith("SystemExit at test_validate.py:")
    assert found[2] == (Status.NOT_RUN, "nothing to check it with")
    assert [status for status, _ in found[3:]] == [Status.FAIL, Status.PASS]
    assert report.counts() == {"pass": 1, "fail": 3, "not_run": 1}
    assert report.exit_code == 1


@pytest.mark.parametrize("status", ["pass", "fail", "not run"])
def test_exit_code(tmp_path, status):
    def run(ground):
        if status == "not run":
            raise NotRun("why")
        return Outcome(status == "pass", "")

    assert report_of(tmp_path, lambda g: Outcome(True, ""), run).exit_code == (status != "pass")


def test_what_failed_to_be_made_is_not_made_again(ground):
    made = []

    def make():
        made.append(1)
        raise OSError("no")

    for _ in range(2):
        with pytest.raises(OSError, match="no"):
            ground.once("thing", make)
    assert made == [1]


def test_no_place_and_no_escape_in_what_was_observed(tmp_path, ground):
    result = check(
        assertion(lambda g: Outcome(False, f"{g.folder}/x {Path.cwd()}/y \x1b[31m")), ground
    )
    assert str(tmp_path) not in result.observed
    assert "WORK/x ./y" in result.observed
    assert "\x1b" not in result.observed
    assert scrubbed("plain", tmp_path) == "plain"


def test_checking_nothing_is_no_pass():
    assert not compare(0, [], "things").ok
    assert compare(3, [], "things").ok
    outcome = compare(9, list("abcdefg"), "things")
    assert (outcome.ok, outcome.observed) == (
        False, "2 of 9 things as expected; not: a, b, c, d, e and 2 more",
    )  # fmt: skip


def test_counts_tell_both_sides():
    assert counted(two_things=(2, 2)) == Outcome(True, "2 two things")
    assert counted(a=(2, 1), b=(0, 0)) == Outcome(False, "1 a, 0 b; expected 2 a")


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(0, 0, 0, 1), (0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (5, 10, 0.2366, 0.7634),
     (95, 100, 0.8882, 0.9785)],
)  # fmt: skip
def test_wilson(hits, total, low, high):
    """Against figures worked out by hand from the formula of 1927."""
    assert wilson(hits, total) == pytest.approx((low, high), abs=2e-4)
    rate = Rate("recall", "phone", "set", hits, total)
    assert rate.interval[0] <= rate.share <= rate.interval[1]


# --- the search of bytes --------------------------------------------------------------------------


def test_words_are_found_however_they_are_packed(tmp_path, make_zip):
    import zlib

    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "plain.txt").write_text("x zqone y")
    (tmp_path / "wide.txt").write_text("x zqtwo y", "utf-16-le")
    make_zip(tmp_path / "a.zip", {"member": b"zqthree" * 50, "zqfour.txt": b""})
    table_ = pa.table({"text": ["zqfive" * 9] * 500, "more": [["zqsix"]] * 500})
    pq.write_table(table_, tmp_path / "b.parquet", compression="zstd")
    stream = zlib.compress(b"(zqseven)")
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.4\nstream\n" + stream + b"\nendstream")
    (tmp_path / "zqeight").mkdir()
    words = [f"zq{n}" for n in "one two three four five six seven eight nine".split()]
    assert holding(tmp_path, words).keys() == set(words) - {"zqnine"}
    assert "zqone" not in holding(tmp_path, words, without=["plain.txt"])


@pytest.mark.usefixtures("brief_reports")
def test_a_hand_made_return_is_one_the_tool_reads(ground):
    said = [Said("2024-02-01 10:00:00 UTC", "line one\nline 'two' <3")]
    case = ground.run(
        hand_return(ground.place("r") / "return.zip", said), ground.folder / "case", "--no-model"
    )
    from pipeline.validate.looking import rows

    assert said[0].text in {row["text"] for row in rows(case, "records", "text")}
    assert b"<3" not in business_record(said)


# --- good and broken ------------------------------------------------------------------------------


def results(ground, *ids):
    return {item.id: check(item, ground).status for _, item in chosen(ids)}


@pytest.mark.usefixtures("no_model")
def test_a_good_tool_passes(ground):
    found = results(ground, "INT-02", "INT-08", "PAR-01", "PAR-02", "CIT-02", "CIT-03", "SCO-02",
                    "LNK-01", "DUP-02", "PHO-04", "PHO-05", "SEC-02", "ERR-01")  # fmt: skip
    assert set(found.values()) == {Status.PASS}, found


@pytest.fixture
def no_model(monkeypatch):
    """Rules alone: the model takes seconds to load and is no part of what is tested here."""
    from extractors.finder import Finder

    plain = Finder.__init__
    monkeypatch.setattr(Finder, "__init__", lambda self, region, model, names=None:
                        plain(self, region, None, names))  # fmt: skip


def replace_phones(monkeypatch, find):
    """Put another function in the place of the extractor's own."""
    plans = extractors.registry._PLANS
    assert any(isinstance(item.__self__, Phones) for item in plans[extractors.registry._ALL])

    class Changed(type(plans)):
        def __missing__(self, told):
            self[told] = plan = tuple(
                find if isinstance(item.__self__, Phones) else item for item in plans[told]
            )
            return plan

    monkeypatch.setattr(extractors.registry, "_PLANS", Changed())


@pytest.mark.usefixtures("no_model", "brief_reports")
def test_a_broken_extractor_fails_its_assertions_and_no_others(ground, monkeypatch):
    replace_phones(monkeypatch, lambda text, region: iter(()))
    monkeypatch.setattr("pipeline.validate.ground.LEAST_EXTRACTION", 120)
    monkeypatch.setattr("pipeline.validate.ground.EXTRACTION", 1)
    found = results(ground, "PHO-01", "PHO-04", "PHO-06", "MON-04", "LOC-05", "INT-02")
    assert [key for key, status in found.items() if status is Status.FAIL] == [
        "PHO-01", "PHO-04", "PHO-06",
    ]  # fmt: skip
    assert check(chosen(("PHO-01",))[0][1], ground).observed.startswith("recall 0 of ")


@pytest.mark.usefixtures("no_model")
def test_an_extractor_that_raises_is_told_by_its_class(ground, monkeypatch):
    def broken(text, region):
        raise ZeroDivisionError("evidence")

    replace_phones(monkeypatch, broken)
    (_, item), = chosen(("PHO-05",))  # fmt: skip
    result = check(item, ground)
    assert result.status is Status.FAIL
    assert result.observed.startswith("ZeroDivisionError at ")
    assert "evidence" not in result.observed


@pytest.mark.usefixtures("no_model", "brief_reports")
def test_a_scope_off_by_a_second_fails(ground, monkeypatch):
    from datetime import timedelta

    from pipeline import scope

    plain = scope._moments
    monkeypatch.setattr(
        scope, "_moments",
        lambda *a: tuple(moment + timedelta(seconds=1) for moment in plain(*a)),
    )  # fmt: skip
    found = results(ground, "SCO-02", "SCO-03", "SCO-12")
    assert found == {"SCO-02": Status.FAIL, "SCO-03": Status.FAIL, "SCO-12": Status.PASS}


@pytest.mark.usefixtures("no_model", "brief_reports")
def test_a_citation_beside_its_place_fails(ground):
    """The bytes of a published case are moved by one record."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = ground.meta()
    path = next((made.case / "tables" / "records").glob("*.parquet"))
    table_ = pq.read_table(path)
    for name, shift in (("byte_start", 300), ("byte_end", 300)):
        at = table_.column_names.index(name)
        moved = [None if v is None else v + shift for v in table_[name].to_pylist()]
        table_ = table_.set_column(at, table_.schema.field(name), pa.array(moved, pa.int64()))
    pq.write_table(table_, path)
    found = results(ground, "CIT-02", "CIT-08")
    assert found == {"CIT-02": Status.FAIL, "CIT-08": Status.PASS}


# --- the report -----------------------------------------------------------------------------------

SHAPE = {
    "format": int, "tool": {"name": str, "version": str}, "made_at": str, "seconds": float,
    "system": {"python": str, "implementation": str, "os": str, "distribution": str,
               "machine": str, "cores": int, "cores_usable": int, "memory_gib": float},
    "components": [{"part": str, "name": str, "version": str}],
    "lexicon": {"files": int, "sha256": str}, "model": {"name": str, "digest": str},
    "libraries": [{"name": str, "version": str}],
    "sample": {"pages": int, "seed": int, "formats": [str]}, "selection": [str],
    "summary": {"pass": int, "fail": int, "not_run": int},
    "functions": [{
        "code": str, "name": str, "pass": int, "fail": int, "not_run": int,
        "assertions": [{"id": str, "requirement": str, "done": str, "expected": str,
                        "observed": str, "status": str, "seconds": float}]}],
    "rates": [{"measure": str, "of": str, "data": str, "hits": int, "total": int, "share": float,
               "low": float, "high": float}],
    "error_sources": [{"kind": str, "what": str, "mitigation": str}],
    "limits": [{"id": str, "functions": [str], "what": str, "effect": str, "mitigation": str,
                "documented": str}],
    "warning": str,
}  # fmt: skip


def shape_of(value):
    if isinstance(value, dict):
        return {key: shape_of(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape_of(value[0])] if value else [str]
    return type(value)


@pytest.fixture
def document(tmp_path):
    rate = Rate("recall", "phone", "a set", 95, 100)
    report = report_of(
        tmp_path, lambda g: Outcome(True, "<b>seen</b>", (rate,)), lambda g: Outcome(False, "not")
    )
    return as_dict(report)


def test_the_shape_of_the_json_is_steady(document):
    assert runner.FORMAT == 1
    assert shape_of(json.loads(json.dumps(document))) == SHAPE
    assert document["rates"][0]["low"] == pytest.approx(0.888, abs=1e-3)


def test_the_page_holds_it_all_and_runs_nothing(document, tmp_path):
    shown = page(document)
    assert "<b>seen</b>" not in shown
    assert "&lt;b&gt;seen&lt;/b&gt;" in shown
    assert "1 of 2 assertions passed" in re.sub(r"\s+", " ", shown)
    assert not re.search(r"<script|<link|https?://|src=|@import|url\(", shown)
    plain = html.unescape(shown)
    for item in register().limits:
        assert item.what in plain
    assert "Signature</dt><dd></dd>" in shown
    path, data = write(document, tmp_path / "out")
    assert path.stat().st_mode & 0o777 == data.stat().st_mode & 0o777 == 0o600
    assert json.loads(data.read_text("utf-8")) == document


def test_no_name_of_machine_or_place_in_the_report(document, tmp_path):
    import platform

    text = json.dumps(document) + page(document)
    assert str(tmp_path) not in text
    assert str(Path.cwd()) not in text
    if len(platform.node()) > 3:
        assert platform.node() not in text


def test_the_table_names_what_did_not_pass(document):
    lines = table(document).splitlines()
    assert lines[1].split()[:2] == ["TST", "Tests"]
    assert lines[-1] == "FAIL TST-02: not"


def test_the_register_of_limits():
    known = register()
    assert [item.id for item in known.limits] == [
        f"L{n:02}" for n in range(1, len(known.limits) + 1)
    ]
    assert len(known.limits) >= 25
    assert "real return differs" in " ".join(known.warning.split())
    assert {item.kind for item in known.sources} == set(KINDS)
    for item in known.limits:
        assert set(item.functions) <= CODES, item.id
        assert item.what
        assert item.effect
        assert item.mitigation


# --- the command ----------------------------------------------------------------------------------


def test_the_command(triage, tmp_path):
    out = tmp_path / "out"
    code, told, err = triage("validate", "--out", out, "--only", "PAR-01", "--only", "SCO-02")
    assert (code, err) == (0, "")
    assert "PAR  Parsing" in told
    assert sorted(path.name for path in out.iterdir()) == [
        "validation-report.html", "validation-report.json",
    ]  # fmt: skip
    document = json.loads((out / "validation-report.json").read_text("utf-8"))
    assert document["selection"] == ["PAR-01", "SCO-02"]
    assert document["summary"] == {"pass": 2, "fail": 0, "not_run": 0}


def test_the_command_keeps_and_fails(triage, tmp_path, monkeypatch):
    def check_it(ground):
        ground.place("made")
        return Outcome(False, "so it is")

    function = Function("TST", "Tests", (assertion(check_it),))
    monkeypatch.setattr(registry, "FUNCTIONS", (function,))
    out = tmp_path / "out"
    code, told, _ = triage("validate", "--out", out, "--keep", "--json")
    assert code == 1
    assert json.loads(told)["summary"] == {"pass": 0, "fail": 1, "not_run": 0}
    assert (out / "work" / "made").is_dir()
    code, _, err = triage("validate", "--out", out, "--keep")
    assert (code, err.count("\n")) == (2, 1)
    code, _, err = triage("validate", "--out", out, "--only", "NOPE")
    assert code == 2
    assert "--only NOPE" in err


@pytest.mark.slow
def test_everything(triage, tmp_path):
    code, told, _ = triage("validate", "--out", tmp_path / "out", "--quiet")
    assert code == 0, told
