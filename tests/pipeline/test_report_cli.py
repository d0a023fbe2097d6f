"""``triage report`` where something is in the way: one line, the right exit code, nothing half made."""

import errno
import json
import os

import pytest
from filelock import FileLock

from pipeline.files import sha256_of


def edited(case, change):
    path = case / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), "utf-8")


def is_a_line(err):
    return err.startswith("triage: ") and err.count("\n") == 1 and "bug" not in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--out", "a file"), "cannot be written"),
        (("--out", "a file/below"), "cannot be written"),
        (("-o", "a folder"), "is no file"),
        (("-o", "a pipe"), "is no file"),
        (("-o", "a file/below.html"), "cannot be written"),
        (("-o", "a folder/x\udcff.html"), "not UTF-8"),
        (("--facts", "none.csv"), "cannot be read"),
        (("--since", "a file"), "is not what"),
    ],
)
def test_a_place_that_will_not_do(triage, case_copy, tmp_path, options, said):
    (tmp_path / "a file").write_text("x")
    (tmp_path / "a folder").mkdir()
    os.mkfifo(tmp_path / "a pipe")
    option, name = options
    code, out, err = triage("report", case_copy, option, tmp_path / name)
    assert (code, out) == (2, "")
    assert is_a_line(err)
    assert said in err
    assert (tmp_path / "a file").read_text() == "x"
    assert not any((tmp_path / "a folder").iterdir())


def older(manifest):
    """Without what later versions note, and with what those after them might."""
    manifest["ledger"].pop("zone")
    manifest["ledger"]["noted_later"] = {"x": 1}
    manifest["noted_later"] = [1]
    del manifest["made_with"], manifest["given"]


@pytest.mark.parametrize(
    "change", [older, lambda m: m["options"].update(timezone="Mars/Base")], ids=["older", "zone"]
)
def test_a_case_of_another_version(triage, case_copy, tmp_path, change):
    edited(case_copy, change)
    code, out, err = triage("report", case_copy, "--part", "sheet", "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert out.splitlines() == [str(tmp_path / "out" / "sheet.html")]


@pytest.mark.parametrize("name", ["ledger", "options", "given", "made_with"])
def test_a_damaged_manifest(triage, case_copy, tmp_path, name):
    edited(case_copy, lambda m: m.update({name: None}))
    code, _, err = triage("report", case_copy, "--out", tmp_path / "out")
    assert code == 3
    assert is_a_line(err)


def test_a_disk_that_is_full_leaves_what_was_there(triage, case_copy, tmp_path, monkeypatch):
    out = tmp_path / "out"
    assert triage("report", case_copy, "--part", "sheet", "--out", out)[0] == 0
    before = {path.name: sha256_of(path) for path in out.iterdir()}
    (out / "sheet.html").write_text("as it was")
    from pipeline.report import make

    write, calls = make.write_private, []

    def full(path, data):
        calls.append(path)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        write(path, data)

    monkeypatch.setattr(make, "write_private", full)
    wanted = ["--part", "sheet,hotels", "--out", out]
    code, shown, err = triage("report", case_copy, *wanted)
    assert (code, shown) == (5, "")
    assert is_a_line(err)
    assert "No space left" in err
    assert {path.name for path in out.iterdir()} == before.keys()
    assert (out / "sheet.html").read_text() == "as it was"
    monkeypatch.undo()
    assert triage("report", case_copy, "--part", "sheet", "--out", out)[0] == 0
    assert {path.name: sha256_of(path) for path in out.iterdir()} == before


def test_two_reports_do_not_share_a_folder(triage, case_copy, tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr("pipeline.report.output.WAIT", 0.1)
    with FileLock(out / ".report.lock"):
        code, _, err = triage("report", case_copy, "--out", out)
    assert code == 5
    assert "another report" in err
    assert is_a_line(err)


@pytest.mark.parametrize("moved", [0, 2])
def test_a_publication_that_was_ended_is_carried_on(triage, case_copy, monkeypatch, moved):
    """Old beside new would be a report and a sheet of different numbers."""
    from pipeline import publication

    parts = ["--part", "sheet,hotels,counties"]
    assert triage("report", case_copy, *parts)[0] == 0
    reports = case_copy / "reports"
    whole = {name: (reports / name).read_bytes() for name in ("sheet.html", "hotels.html")}
    for name in whole:
        (reports / name).write_text("old")
    path_type, calls = type(case_copy), []
    replace = path_type.replace

    def ended(self, target):
        if str(target).startswith(str(reports)):
            calls.append(target)
            if len(calls) > moved:
                raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(path_type, "replace", ended)
        assert triage("report", case_copy, *parts)[0] != 0
    assert (case_copy / publication.JOURNAL).exists()
    assert triage("show", case_copy, "FB-1 p. 1")[0] in (0, 2)
    assert {name: (reports / name).read_bytes() for name in whole} == whole
    assert not (case_copy / publication.JOURNAL).exists()
