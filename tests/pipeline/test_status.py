"""What a case holds and lacks, told at once and without changing it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from pipeline import vault_key
from pipeline.case import Case, create_case, locked
from pipeline.publication import JOURNAL

Triage = Callable[..., tuple[int, str, str]]


def look(triage: Triage, case: Path) -> dict[str, Any]:
    code, out, err = triage("status", case, "--json")
    assert (code, err) == (0, "")
    shown = triage("status", case)[1]
    assert all(len(line) < 2000 for line in shown.splitlines())
    return dict(json.loads(out))


@pytest.fixture
def mine(case_copy: Path, sample_return: Path, tmp_path: Path) -> Path:
    """A copy of a finished case whose source is the test's own."""
    there = tmp_path / "own.zip"
    shutil.copy2(sample_return, there)
    document = tomlkit.parse((case_copy / "case.toml").read_text())
    document["sources"][0]["path"] = str(there)  # type: ignore[index]
    (case_copy / "case.toml").write_text(tomlkit.dumps(document))
    return case_copy


def snapshot(root: Path) -> dict[str, tuple[int, int]]:
    paths = [root, *root.rglob("*")]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_mode) for path in paths}


def test_a_finished_case(mine: Path, triage: Triage) -> None:
    before = snapshot(mine)
    found = look(triage, mine)
    assert snapshot(mine) == before
    manifest = Case(mine).manifest()
    assert found["state"] == "published"
    assert (found["problem"], found["encrypted"]) == ("", False)
    (source,) = found["sources"]
    assert (source["label"], source["untouched"], source["now"]) == ("FB-1", "yes", "untouched")
    assert source["readers"]["meta_html"] >= 1
    assert len(source["sha256"]) == 64
    assert found["rows"] == manifest["ledger"]["rows"]
    assert found["scope"]["lines"] == []
    assert found["scope"]["total"] == sum(found["scope"]["records"].values()) > 100
    assert found["issues"]["warning"]["not_stated"] == len(found["legal_process"]["missing"]) == 9
    assert "no_scope" in found["issues"]["warning"]
    codes = {code: n for by_code in found["issues"].values() for code, n in by_code.items()}
    assert codes == manifest["ledger"]["issue_codes"]
    assert found["given"] == []
    assert found["versions"]["differ"] == []
    assert len(found["versions"]["made_with"]["lexicons"]) == 64
    assert [row["state"] for row in found["reports"]] == ["of these tables"] * 4
    assert found["runs"]["count"] == 1
    assert "--scope" in found["next"]
    _, shown, _ = triage("status", mine)
    for words in ("untouched: yes; now (size, time, rights): as it was", "not stated  number, court",
                  "all records", "no_scope 1", "next  ", "none was given"):  # fmt: skip
        assert words in shown


def test_sources_as_they_are_now(mine: Path, tmp_path: Path, triage: Triage) -> None:
    source = tmp_path / "own.zip"
    os.utime(source, ns=(1, source.stat().st_mtime_ns))  # read by somebody
    assert look(triage, mine)["sources"][0]["now"] == "untouched"
    times = source.stat().st_mtime_ns
    for change, undo in (
        (lambda: os.utime(source, ns=(1, 2)), lambda: os.utime(source, ns=(1, times))),
        (lambda: source.chmod(0o600 if source.stat().st_mode & 0o077 else 0o644), lambda: None),
    ):
        change()
        found = look(triage, mine)
        assert found["sources"][0]["now"] == "changed"
        assert "put FB-1 back" in found["next"]
        assert "CHANGED" in triage("status", mine)[1]
        undo()
    source.unlink()
    assert look(triage, mine)["sources"][0]["now"] == "gone"
    (mine / "reports" / "custody.json").unlink()
    shutil.copy(mine / "manifest.json", source)
    assert look(triage, mine)["sources"][0]["now"] == "not compared"


def test_a_run_at_work(mine: Path, triage: Triage) -> None:
    with locked(Case(mine)):
        found = look(triage, mine)
    assert (found["state"], found["next"]) == ("a run is at work", "wait until the run has ended")
    assert look(triage, mine)["state"] == "published"
    # looking does not stand in the way of a run that begins
    with locked(Case(mine)):
        pass


def test_what_was_cut_short(mine: Path, triage: Triage) -> None:
    (mine / ".staged").mkdir()
    assert look(triage, mine)["state"] == "a run was cut short"
    (mine / JOURNAL).write_text("{}")
    before = snapshot(mine)
    found = look(triage, mine)
    assert snapshot(mine) == before  # told, not ended
    assert found["state"] == "a publication was cut short"
    assert f"triage run SOURCE --case {mine}" in found["next"]


@pytest.mark.parametrize("harm", ["{", "", "[]", '{"files": 1, "ledger": {}}', "{}"])
def test_a_damaged_manifest(mine: Path, triage: Triage, harm: str) -> None:
    (mine / "manifest.json").write_text(harm)
    assert "manifest.json is missing or damaged" in look(triage, mine)["next"]


def test_a_missing_file(mine: Path, triage: Triage) -> None:
    shutil.rmtree(mine / "tables" / "phones")
    assert look(triage, mine)["problem"].startswith("tables/phones/part-00000.parquet is missing")


def test_a_case_with_nothing_in_it(tmp_path: Path, triage: Triage) -> None:
    case = create_case(tmp_path / "case", [])
    found = look(triage, case.path)
    assert found["state"] == "nothing published"
    assert found["next"].startswith("finish the first run")
    for wrong in (tmp_path, tmp_path / "none"):
        code, _, err = triage("status", wrong)
        assert (code, len(err.splitlines())) == (2, 1)
    (case.path / "case.toml").write_text("format = 99")
    assert triage("status", case.path)[0] == 2
    (case.path / "case.toml").write_text("[")
    assert triage("status", case.path)[0] == 2


def test_reports_beside_their_tables(mine: Path, triage: Triage) -> None:
    report = mine / "reports" / "report.html"
    (mine / "reports" / "own.html").write_text("mine")
    report.write_text(report.read_text() + " ")
    states = {row["file"]: row["state"] for row in look(triage, mine)["reports"]}
    others = dict.fromkeys(
        ("reports/report.json", "reports/sheet.html", "reports/sheet.pdf"), "of these tables"
    )
    assert states == {
        **others, "reports/own.html": "not in the manifest",
        "reports/report.html": "changed since it was made",
    }  # fmt: skip
    triage("report", mine)
    os.utime(report, ns=(5, 5))
    states = {row["file"]: row["state"] for row in look(triage, mine)["reports"]}
    assert states["reports/report.html"] == "older than the tables"


def test_an_edited_case(mine: Path, tmp_path: Path, triage: Triage) -> None:
    text = (mine / "case.toml").read_text()
    (mine / "case.toml").write_text(text.replace('number = ""', 'number = "24-0117"'))
    found = look(triage, mine)
    assert found["legal_process"]["stated"] == {"number": "24-0117"}
    assert found["legal_process"]["changed"]
    assert "case.toml was edited" in found["next"]


def test_lists_and_versions(mine: Path, tmp_path: Path, triage: Triage) -> None:
    watch = tmp_path / "watch.csv"
    watch.write_text("value\nPlanted Quillfeather\n")
    manifest = Case(mine).manifest()
    manifest["made_with"]["phones"] = "0"
    (mine / "manifest.json").write_text(json.dumps(manifest))
    found = look(triage, mine)
    assert [row["name"] for row in found["versions"]["differ"]] == ["phones"]
    document = tomlkit.parse((mine / "case.toml").read_text())
    document["given"] = {"watch": {"path": str(watch), "sha256": "0" * 64, "entries": 3}}
    (mine / "case.toml").write_text(tomlkit.dumps(document))
    assert look(triage, mine)["given"][0]["now"] == "changed"
    watch.unlink()
    found = look(triage, mine)
    assert found["given"][0]["now"] == "gone"
    assert "--watch is gone" in found["next"]


@pytest.mark.usefixtures("brief_reports")
def test_a_list_of_protected_persons_is_known_by_its_time(
    mine: Path, tmp_path: Path, triage: Triage
) -> None:
    listed = tmp_path / "protected.csv"
    listed.write_text("value,label\nPlanted Quillfeather,one\n")
    assert (
        triage("run", tmp_path / "own.zip", "--case", mine, "--workers", 1, "--protected", listed)[
            0
        ]
        == 0
    )
    row = look(triage, mine)["given"][0]
    assert (row["name"], row["now"], row["in_tables"]) == ("protected", "as given", True)
    digest = hashlib.sha256(listed.read_bytes()).hexdigest()
    kept = [path for path in mine.rglob("*") if path.is_file()]
    assert kept and not [path for path in kept if digest.encode() in path.read_bytes()]
    os.utime(listed, ns=(0, 1))
    assert look(triage, mine)["given"][0]["now"] == "changed"


def test_it_is_quick_and_light(sample_case: Path) -> None:
    code = (
        "import sys; from pipeline.cli import call; call(['status', sys.argv[1]]);"
        "print(sorted({'pyarrow', 'pandas', 'numpy', 'spacy', 'duckdb', 'dask'} & set(sys.modules)))"
    )
    begun = time.process_time()
    children = os.times().children_user
    out = subprocess.run(
        [sys.executable, "-c", code, str(sample_case)], capture_output=True, text=True, check=True
    ).stdout
    assert out.splitlines()[-1] == "[]"
    assert (
        time.process_time() - begun + os.times().children_user - children < 3
    )  # half a second; modules of seconds are not loaded


@pytest.mark.usefixtures("brief_reports")
def test_an_encrypted_case(
    tmp_path: Path, sample_return: Path, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a second of work by design: done once to make the key, whatever its strength on a busy machine,
    # and once for each password, not each time a case is opened
    monkeypatch.setattr(vault_key, "TRIES", 1)
    monkeypatch.setattr(vault_key, "unprotected", cache(vault_key.unprotected))
    case, word = tmp_path / "case", tmp_path / "word"
    word.write_text("a long enough password\n")
    options = ("--no-model", "--workers", 1, "--encrypt", "--password-file", word)
    assert triage("run", sample_return, "--case", case, *options)[0] == 0
    found = look(triage, case)
    assert (found["state"], found["encrypted"], found["rows"]) == ("not opened", True, {})
    assert found["next"].startswith("give --password-file")
    assert "none was given" not in triage("status", case)[1]
    code, out, _ = triage("status", case, "--json", "--password-file", word)
    found = json.loads(out)
    assert (code, found["state"], found["sources"][0]["now"]) == (0, "published", "untouched")
    assert found["rows"]["records"] > 100
    word.write_text("another password\n")
    assert triage("status", case, "--password-file", word)[0] == 2
