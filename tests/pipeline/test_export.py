"""What an export holds, what it refuses, and that no cell is a formula."""

import csv
import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.export.files import write_table as write_form
from schemas.tables import SCHEMAS

EVIL = ["=1+1", "+1 651", "-2", "@sum", "\tx", "\rx", "  =cmd", "\u200b=x", "＝1", "\n=1"]


@pytest.fixture(autouse=True)
def own_config(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("TRIAGE_PASSWORD_FILE", raising=False)


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "protected.csv"
    path.write_text("value,kind,label\nZarabeth Quillmont,name,V1\n", "utf-8")
    return path


def export(triage, case, out, *more):
    code, said, err = triage("export", case, "--out", out, *more)
    assert code == 0, err
    assert said.strip() == str(out)
    return json.loads((out / "manifest.json").read_text("utf-8"))


def test_all_tables_in_all_forms(triage, case_copy, tmp_path):
    out = tmp_path / "out"
    forms = ("--format", "parquet,csv,jsonl", "--profile", "prosecutor", "--to", "Ramsey County")
    about = export(triage, case_copy, out, *forms)
    assert about["profile"] == "prosecutor"
    assert about["to"] == "Ramsey County"
    found = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert found == {*about["files"], "manifest.json"}
    for name, facts in about["files"].items():
        data = (out / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == facts["sha256"]
        assert len(data) == facts["size_bytes"]
    for name in SCHEMAS:
        rows = pq.read_table(case_copy / "tables" / name).to_pylist()
        assert about["rows"][name] == len(rows)
        assert pq.read_table(out / "parquet" / name).to_pylist() == rows
        lines = (out / "jsonl" / f"{name}.jsonl").read_text("utf-8").split("\n")[:-1]
        assert [json.loads(line).keys() for line in lines] == [row.keys() for row in rows]
        with (out / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            read = list(csv.reader(file))
        assert read[0] == SCHEMAS[name].names
        assert len(read) == len(rows) + 1
    records = pq.read_table(case_copy / "tables" / "records").to_pylist()
    lines = (out / "jsonl" / "records.jsonl").read_text("utf-8").split("\n")
    assert [json.loads(line)["text"] for line in lines if line] == [r["text"] for r in records]
    for path in [out, *out.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0
    readme = (out / "README.txt").read_text("utf-8")
    assert "Ramsey County" in readme
    assert about["run_id"] in readme


def test_media_and_sealed_material_are_never_exported(triage, case_copy, tmp_path):
    (case_copy / "sealed").mkdir(exist_ok=True)
    (case_copy / "sealed" / "x.age").write_bytes(b"sealed away")
    out = tmp_path / "out"
    about = export(triage, case_copy, out, "--profile", "prosecutor")
    assert {Path(name).suffix for name in about["files"]} == {".parquet", ".txt"}


def test_no_cell_is_a_formula(tmp_path):
    import pyarrow as pa

    schema = SCHEMAS["issues"]
    rows = [
        {"issue_id": text, "severity": "info", "stage": "read", "code": "x", "source_id": None,
         "page": -4, "record_id": "ordinary - text", "message": text, "count": -1}
        for text in EVIL
    ]  # fmt: skip
    folder = tmp_path / "tables" / "issues"
    folder.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "part-00000.parquet")
    path, count = write_form(tmp_path / "tables", "issues", "csv", tmp_path / "csv")
    assert count == len(EVIL)
    with path.open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    for text, row in zip(EVIL, read, strict=True):
        assert row["message"] == f"'{text}"
        assert row["record_id"] == "ordinary - text"
        assert row["count"] == "-1"  # a number is no text
        assert row["source_id"] == ""


@pytest.mark.parametrize("how", ["full", "file", "link", "in the case"])
def test_only_a_new_folder_is_taken(triage, case_copy, tmp_path, how):
    out = tmp_path / "out"
    if how == "full":
        out.mkdir()
        (out / "mine.txt").write_text("mine")
    elif how == "file":
        out.write_text("mine")
    elif how == "link":
        (tmp_path / "real").mkdir()
        out.symlink_to(tmp_path / "real")
    else:
        out = case_copy / "tables" / "out"
    before = sorted(p.name for p in tmp_path.iterdir())
    code, said, err = triage("export", case_copy, "--out", out)
    assert (code, said) == (2, "")
    assert err.count("\n") == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_an_empty_folder_is_taken_and_nothing_else_left(triage, case_copy, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    export(triage, case_copy, out)
    left = {p.name for p in tmp_path.iterdir()}
    assert left <= {"out", "copied", "config"}


def test_wrong_forms_are_refused(triage, case_copy, tmp_path):
    code, _, err = triage("export", case_copy, "--out", tmp_path / "x", "--format", "xls")
    assert code == 2
    assert "parquet, csv, jsonl" in err


def test_redacted_is_what_one_gets_and_a_missing_list_is_said(triage, case_copy, tmp_path):
    code, _, err = triage("export", case_copy, "--out", tmp_path / "out")
    assert code == 0
    assert "no list of protected persons" in err
    assert "NO LIST OF PROTECTED PERSONS" in (tmp_path / "out" / "README.txt").read_text("utf-8")


def test_without_its_list_nothing_redacted_is_made(triage, case_copy, tmp_path, listed):
    export(triage, case_copy, tmp_path / "one", "--protected", listed)
    for command in (["export", case_copy, "--out", tmp_path / "two"],
                    ["report", case_copy, "--profile", "redacted", "--out", tmp_path / "two"]):  # fmt: skip
        code, _, err = triage(*command)
        assert code == 2
        assert err.count("\n") == 1
        assert "--protected" in err
        assert not (tmp_path / "two").exists()
    listed.unlink()
    code, _, err = triage("export", case_copy, "--out", tmp_path / "two", "--protected", listed)
    assert code == 2


def test_the_audit_chain_has_counts_alone(triage, case_copy, tmp_path, listed):
    export(triage, case_copy, tmp_path / "one", "--protected", listed, "--to", "the court")
    entry = json.loads((case_copy / "audit.jsonl").read_text("utf-8").splitlines()[-1])
    assert entry["action"] == "export"
    details = entry["details"]
    assert details["profile"] == "redacted"
    assert details["protected_persons"] == 1
    digest = hashlib.sha256((tmp_path / "one" / "manifest.json").read_bytes()).hexdigest()
    assert details["export_sha256"] == digest
    assert "zarabeth" not in json.dumps(entry).lower()
    assert str(tmp_path) not in json.dumps(entry)


def test_rows_are_in_no_order_that_tells(triage, case_copy, tmp_path):
    """An entity that was replaced must not stand where its value stood among the others."""
    entities = pq.read_table(case_copy / "tables" / "entities").to_pylist()
    names = [row["value"] for row in entities if row["kind"] == "alias" and " " in row["value"]]
    path = tmp_path / "list.csv"
    path.write_text("value,kind\n" + "".join(f"{name},name\n" for name in names[3:6]), "utf-8")
    out = tmp_path / "out"
    export(triage, case_copy, out, "--protected", path)
    made = pq.read_table(out / "parquet" / "entities").to_pylist()
    keys = [(row["kind"], row["value"], row["entity_id"]) for row in made]
    assert keys == sorted(keys)
    assert any(row["value"].startswith("PP-") for row in made)
    assert not any(row["is_lead"] for row in made if "PP-" in row["value"])


def test_commands_offer_the_jurisdictions_there_are():
    from pipeline.cli import export, report
    from pipeline.redact.profiles import JURISDICTIONS

    for command in (export.command, report.command):
        (option,) = [item for item in command.params if item.name == "jurisdiction"]
        assert list(option.type.choices) == list(JURISDICTIONS)
