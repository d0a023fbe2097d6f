"""What `triage verify` finds: sources, files, chain, tables, invariants, replay."""

from __future__ import annotations

import json
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipeline.audit import append_audit, head_line, is_anchored, read_anchor, read_chain
from pipeline.case import Case, clear_staged, publish
from pipeline.config import RunConfig
from pipeline.derive.tables import TableWriter
from pipeline.progress import Progress
from pipeline.run import run
from pipeline.verify.case import check_published
from pipeline.verify.checks import Check, State, Verdict
from pipeline.verify.counts import counts
from pipeline.verify.layout import check_layout
from pipeline.verify.published import (
    check_chain,
    check_file,
    check_manifest,
    check_sealed,
    files_of,
)
from pipeline.verify.rows import check_rows
from pipeline.verify.rules import rules
from schemas.tables import SCHEMAS

Triage = Callable[..., tuple[int, str, str]]


def checks_of(triage: Triage, *arguments: object) -> tuple[int, dict[str, Any], str]:
    """Run `triage verify --json`; return exit code, checks by name, and the line of the error."""
    code, out, err = triage("verify", *arguments, "--json", "--quiet")
    document = json.loads(out)
    assert document["exit_code"] == code
    assert err.count("\n") == (code != 0)
    return code, {check["name"]: check for check in document["checks"]}, err


# --- all is well --------------------------------------------------------------------------------


def test_a_case_as_it_was_published(case_copy: Path, triage: Triage) -> None:
    before = {path: path.read_bytes() for path in case_copy.rglob("*") if path.is_file()}
    code, out, err = triage("verify", case_copy)
    assert (code, err) == (0, "")
    assert "17 of 17 checks passed" in out
    now = {path: path.read_bytes() for path in case_copy.rglob("*") if path.is_file()}
    assert {path.name for path in before.keys() ^ now.keys()} <= {".lock"}
    changed = [path.name for path in before if now[path] != before[path]]
    assert changed == ["audit.jsonl"]
    entry = read_chain((case_copy / "audit.jsonl").read_bytes()).entries[-1]
    assert (entry.action, entry.details["result"]) == ("verify", "ok")
    assert head_line(Case(case_copy)) in out
    code, checks, _ = checks_of(triage, case_copy, "--anchor", head_line(Case(case_copy)))
    assert code == 0
    assert {check["state"] for check in checks.values()} == {"ok"}


def test_a_case_that_may_not_be_written(
    sample_case: Path,
    sample_return: Path,
    open_dir: Path,
    triage: Triage,
    without_rights: Callable[[], AbstractContextManager[None]],
) -> None:
    case = Path(shutil.copytree(sample_case, open_dir / "case"))
    source = shutil.copy(sample_return, open_dir / sample_return.name)
    for path in (case, *case.rglob("*"), Path(source)):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = (case / "audit.jsonl").read_bytes()
    open_dir.chmod(0o755)
    with without_rights():
        code, out, err = triage("verify", case, "--source", open_dir)
    assert (code, err) == (0, ""), out
    assert (case / "audit.jsonl").read_bytes() == before


# --- files, manifest, chain ---------------------------------------------------------------------


def published_checks(case: Path) -> dict[str, Check]:
    """What is said of chain, manifest, files and schemas."""
    with Progress(quiet=True) as progress:
        checks, _ = check_published(Case(case), None, progress)
    return {check.name: check for check in checks}


def flipped(data: bytes, place: int, bit: int) -> bytes:
    return data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :]


def test_a_thousand_flipped_bits(case_copy: Path) -> None:
    """In published files, in the manifest and in the chain before its anchored head: all found."""
    case = Case(case_copy)
    for number in range(3):
        append_audit(case, "export", {"rows": number})
    anchor = read_anchor(head_line(case))
    audit, manifest = case_copy / "audit.jsonl", case_copy / "manifest.json"
    anchored = len(audit.read_bytes())
    append_audit(case, "export", {"rows": 9})
    chained, listed = audit.read_bytes(), manifest.read_bytes()
    files = files_of(listed)
    assert files
    assert check_chain(chained, anchor)[0].state is State.OK
    assert check_manifest(listed, chained).state is State.OK
    assert not any(check_file(case_copy, name, digest) for name, digest in files.items())
    chance = random.Random(20)
    names = sorted(files)
    missed = []
    for number in range(1_000):
        bit = chance.randrange(8)
        if number % 5 == 0:
            place = chance.randrange(anchored)
            found = check_chain(flipped(chained, place, bit), anchor)[0].state is State.PROBLEM
            missed += [] if found else [("audit.jsonl", place, bit)]
        elif number % 5 == 1:
            blanks = [at for at, byte in enumerate(listed) if byte in b" \n"]
            blank = number % 2 == 0
            place = chance.choice(blanks) if blank else chance.randrange(len(listed))
            found = check_manifest(flipped(listed, place, bit), chained).state is State.PROBLEM
            missed += [] if found else [("manifest.json", place, bit)]
        else:
            name = chance.choice(names)
            path = case_copy / name
            data = path.read_bytes()
            place = chance.randrange(len(data))
            path.write_bytes(flipped(data, place, bit))
            missed += [] if check_file(case_copy, name, files[name]) else [(name, place, bit)]
            path.write_bytes(data)
    last = len(listed) - 1  # the line end at the very end
    for bit in range(8):
        assert check_manifest(flipped(listed, last, bit), chained).state is State.PROBLEM
        found = check_chain(flipped(chained, anchored - 1, bit), anchor)[0]
        assert found.state is State.PROBLEM
    assert not missed


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("tables/records/part-00000.parquet", "files"), ("index/meta.json", "files"),
        ("reports/report.html", "files"), ("manifest.json", "manifest"), ("audit.jsonl", "chain"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("how", ["flipped", "cut", "empty", "gone", "junk", "a folder", "a link"])
def test_damaged_files(case_copy: Path, tmp_path: Path, name: str, check: str, how: str) -> None:
    path = case_copy / name
    data = path.read_bytes()
    path.unlink()
    if how == "flipped":
        path.write_bytes(flipped(data, len(data) // 2, 3))
    elif how == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif how == "empty":
        path.touch()
    elif how == "junk":
        path.write_bytes(b"[" * 100_000)
    elif how == "a folder":
        path.mkdir()
    elif how == "a link":
        (tmp_path / "elsewhere").write_bytes(data)
        path.symlink_to(tmp_path / "elsewhere")
    if name.count("/") == 0 and how == "a link":
        return  # these are read through it: their bytes are what counts
    found = published_checks(case_copy)
    assert found[check].state is State.PROBLEM
    assert found[check].file == name
    assert found[check].line.startswith(name)
    if name.startswith("tables"):
        assert found[check].table == "records"
        assert found["schemas"].state is State.NOT_CHECKED
        assert "records" in found["schemas"].detail


@pytest.mark.parametrize("where", ["tables/records/part-00001.parquet", "tables/other/x", "index/a",
                                   "reports/note\n.html", "tables/.hidden"])  # fmt: skip
def test_files_that_were_never_published(case_copy: Path, where: str) -> None:
    path = case_copy / where
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    found = published_checks(case_copy)["files"]
    assert found.state is State.PROBLEM
    assert found.detail.startswith("is there and was never published")
    assert "\n" not in found.line


@pytest.mark.parametrize(
    "document",
    [
        b"", b"[]", b"{}", b'{"files": []}', b'{"files": {"../x": "y"}}', b'{"files": {"/x/y": ""}}',
        b'{"files": {"tables/a": 1}}', b'{"files": {"a\\u0000/b": "x"}}', b"\xff", b"9" * 9_000,
        b'{"files": {}, "ledger": [], "options": 3}', b'{"files": {}, "ledger": {"rows": 3}}',
    ],
)  # fmt: skip
def test_a_manifest_that_someone_made_up(case_copy: Path, document: bytes) -> None:
    (case_copy / "manifest.json").write_bytes(document)
    found = published_checks(case_copy)
    assert found["manifest"].state is State.PROBLEM
    assert found["files"].state is not State.OK
    assert found["counts"].state is State.NOT_CHECKED


@pytest.mark.parametrize(
    "name", ["tables/records/part-00000.parquet", "manifest.json", "audit.jsonl"]
)
def test_damaged_files_from_end_to_end(case_copy: Path, triage: Triage, name: str) -> None:
    data = (case_copy / name).read_bytes()
    (case_copy / name).write_bytes(data[: len(data) // 2])
    code, checks, err = checks_of(triage, case_copy)
    assert code == 3
    assert name in err
    if name.startswith("tables"):
        assert checks["spans"]["state"] == "not_checked"
        assert "records" in checks["spans"]["detail"]
        assert checks["values"]["state"] == "not_checked"


def test_sealed_files(case_copy: Path) -> None:
    """They are hashed as they lie there, encrypted: nobody need open them."""
    case = Case(case_copy)
    sealed = case_copy / "sealed" / "records" / "a.age"
    sealed.parent.mkdir(parents=True)
    sealed.write_bytes(b"age-encryption.org/v1 ...")
    clear_staged(case)
    publish(case, case.manifest(), {"run_id": "with sealed"})
    listed = case.manifest()["sealed"]
    assert [*listed] == ["sealed/records/a.age"]
    assert check_sealed(case_copy, listed, lambda _count: None).state is State.OK
    for place in range(25):
        data = sealed.read_bytes()
        sealed.write_bytes(flipped(data, place, place % 8))
        found = check_sealed(case_copy, listed, lambda _count: None)
        assert (found.state, found.file) == (State.PROBLEM, "sealed/records/a.age")
        sealed.write_bytes(data)
    sealed.unlink()
    assert check_sealed(case_copy, listed, lambda _count: None).state is State.PROBLEM
    outside = {"sealed/records/../../case.toml": "0"}
    assert check_sealed(case_copy, outside, lambda _count: None).state is State.PROBLEM
    assert check_sealed(case_copy, [], lambda _count: None).state is State.NOT_CHECKED


def test_entries_cut_off_the_end_of_the_chain(case_copy: Path, triage: Triage) -> None:
    case = Case(case_copy)
    append_audit(case, "export", {"rows": 1})
    head = head_line(case)
    path = case_copy / "audit.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:1]))
    code, checks, _ = checks_of(triage, case_copy)
    assert code == 0  # nothing tells, without a head
    for anchor in (head, head.split(":")[1][:16]):
        code, checks, err = checks_of(triage, case_copy, "--anchor", anchor)
        assert (code, checks["chain"]["state"]) == (3, "problem")
        assert "audit.jsonl" in err
    assert triage("verify", case_copy, "--anchor", "12")[0] == 2
    # an entry that names the manifest cannot be cut off unseen, with or without
    assert triage("report", case_copy)[0] == 0
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    assert checks_of(triage, case_copy)[1]["manifest"]["state"] == "problem"


def test_what_was_found_is_entered(case_copy: Path, triage: Triage) -> None:
    (case_copy / "index" / "meta.json").unlink()
    assert triage("verify", case_copy, "--officer", "Det. Bo Example")[0] == 3
    line = (case_copy / "audit.jsonl").read_bytes().splitlines()[-1]
    entry = json.loads(line)
    assert entry["officer"] == "Det. Bo Example"
    assert entry["details"]["result"] == "problem"
    assert entry["details"]["checks"]["files"] == "problem"


def test_nothing_there(tmp_path: Path, triage: Triage) -> None:
    assert triage("verify", tmp_path)[0] == 2
    (tmp_path / "case.toml").write_text("format = 1\n")
    code, _, err = triage("verify", tmp_path)
    assert code == 2
    assert "nothing is published yet" in err


# --- sources ------------------------------------------------------------------------------------


@pytest.fixture
def received(
    tmp_path: Path, meta_html: Callable[..., bytes], brief_reports: None
) -> tuple[Path, Path]:
    """A folder with a return and another file; a case of it."""
    folder = tmp_path / "received"
    folder.mkdir()
    said = [
        ("Ada", "2024-03-01 10:00:00 UTC", "call 612-555-0117"),
        ("Bo", "2024-03-01 10:00:01 UTC", "ok"),
    ]
    (folder / "records.html").write_bytes(meta_html({"7001": said}))
    (folder / "photo.jpg").write_bytes(b"\xff\xd8 no picture")
    run([folder], tmp_path / "case", RunConfig(use_model=False), quiet=True)
    return folder, tmp_path / "case"


def test_a_folder_that_is_as_it_was(received: tuple[Path, Path], triage: Triage) -> None:
    _, case = received
    assert checks_of(triage, case)[0] == 0


@pytest.mark.parametrize("change", ["flip", "longer", "gone", "new", "media"])
def test_a_folder_that_has_changed(
    received: tuple[Path, Path], triage: Triage, change: str
) -> None:
    folder, case = received
    html = folder / "records.html"
    if change == "flip":
        html.write_bytes(flipped(html.read_bytes(), 900, 0))
    elif change == "longer":
        html.write_bytes(html.read_bytes() + b"\n")
    elif change == "gone":
        html.unlink()
    elif change == "new":
        (folder / "more.txt").write_text("more")
    else:
        (folder / "photo.jpg").write_bytes(b"\xff\xd8 xx picture")
    code, checks, err = checks_of(triage, case, "--replay")
    assert code == 3
    found = next(check for name, check in checks.items() if name.startswith("source "))
    assert found["state"] == "problem"
    assert "received" in err
    assert checks["replay"]["state"] == "not_checked"
    expected = {"new": "", "media": "photo.jpg"}.get(change, "records.html")
    assert expected in found["detail"]


def test_a_source_that_has_moved(
    sample_case: Path, sample_return: Path, tmp_path: Path, triage: Triage
) -> None:
    case = Path(shutil.copytree(sample_case, tmp_path / "case"))
    text = (case / "case.toml").read_text()
    there = tmp_path / "there" / "deep" / sample_return.name
    there.parent.mkdir(parents=True)
    (case / "case.toml").write_text(text.replace(str(sample_return), str(tmp_path / "return.zip")))
    code, checks, err = checks_of(triage, case)
    found = checks["source FB-1"]
    assert (code, found["state"]) == (3, "not_checked")
    assert "--source" in err
    shutil.copy(sample_return, there)
    for root in (tmp_path / "there", there.parent, there):
        assert checks_of(triage, case, "--source", root)[0] == 0
    there.write_bytes(flipped(there.read_bytes(), 5_000, 1))
    code, checks, _ = checks_of(triage, case, "--source", there)
    assert (code, checks["source FB-1"]["state"]) == (3, "problem")
    there.write_bytes(b"no zip")
    assert checks_of(triage, case, "--source", there)[0] == 3
    # the bytes of a member, in an archive that is whole
    with zipfile.ZipFile(sample_return) as old, zipfile.ZipFile(there, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            new.writestr(member, data[:-1] + b"!" if member.filename == "records.html" else data)
    code, checks, err = checks_of(triage, case, "--source", there)
    assert code == 3
    assert "received" in err


@pytest.mark.usefixtures("brief_reports")
def test_a_single_file_under_another_name(tmp_path: Path, triage: Triage) -> None:
    source = tmp_path / "note.txt"
    source.write_text("call 612-555-0117 tomorrow\n")
    case = tmp_path / "case"
    run([source], case, RunConfig(use_model=False), quiet=True)
    source.rename(tmp_path / "copy of note.txt")
    assert checks_of(triage, case)[0] == 3
    found = checks_of(triage, case, "--source", tmp_path / "copy of note.txt")
    assert found[0] == 0, found


def test_a_case_file_with_another_hash(case_copy: Path, triage: Triage) -> None:
    path = case_copy / "case.toml"
    text = path.read_text()
    digest = text.split('sha256 = "', 1)[1][:64]
    path.write_text(text.replace(digest, "0" * 64))
    code, checks, err = checks_of(triage, case_copy)
    assert (code, checks["source FB-1"]["state"]) == (3, "problem")
    assert "case.toml" in err


# --- tables whose hashes someone made to fit ----------------------------------------------------


def forge(case: Path, name: str, change: Callable[[pa.Table], pa.Table]) -> Case:
    """Change a table and publish it as if the tool had made it."""
    opened = Case(case)
    table = change(pq.read_table(case / "tables" / name))
    staged = clear_staged(opened) / "tables"
    shutil.copytree(case / "tables", staged)
    shutil.rmtree(staged / name)
    with TableWriter(staged, name) as writer:
        for batch in table.combine_chunks().to_batches():
            writer.write(batch)
    notes = opened.manifest()
    publish(opened, notes, {"run_id": f"forged {name}"})
    return opened


def column(name: str, change: Callable[[list[Any]], list[Any]]) -> Callable[[pa.Table], pa.Table]:
    def changed(table: pa.Table) -> pa.Table:
        place = table.schema.get_field_index(name)
        field = table.schema.field(place)
        return table.set_column(place, field, pa.array(change(table[name].to_pylist()), field.type))

    return changed


def at(number: int, value: Any) -> Callable[[list[Any]], list[Any]]:
    """Put a value, or what a function makes of the one there, at a place."""

    def change(values: list[Any]) -> list[Any]:
        made = value(values[number]) if callable(value) else value
        return [*values[:number], made, *values[number + 1 :]]

    return change


def first_set(value: Any) -> Callable[[list[Any]], list[Any]]:
    """The same at the first place that holds something."""

    def change(values: list[Any]) -> list[Any]:
        return at(next(n for n, old in enumerate(values) if old is not None), value)(values)

    return change


def without(number: int) -> Callable[[pa.Table], pa.Table]:
    return lambda table: pa.concat_tables([table.slice(0, number), table.slice(number + 1)])


def twice(table: pa.Table) -> pa.Table:
    return pa.concat_tables([table, table.slice(0, 1)])


def scoped_out(table: pa.Table) -> pa.Table:
    return column("scope", at(table.num_rows // 2, "out_date"))(table)


def plus(number: Any) -> Callable[[Any], Any]:
    return lambda old: old + number


FORGERIES: dict[str, tuple[str, Callable[[pa.Table], pa.Table], str]] = {
    "surface": ("mentions", column("surface", at(3, "x")), "spans"),
    "span": ("mentions", column("start", at(3, plus(1))), "ids"),
    "text": ("records", column("text", lambda v: ["" if t else t for t in v]), "spans"),
    "twice": ("records", twice, "ids"),
    "mention twice": ("mentions", twice, "ids"),
    "id": ("entities", column("entity_id", at(0, "0" * 20)), "ids"),
    "source": ("sources", without(0), "keys"),
    "record": ("records", without(5), "values"),
    "records": ("records", lambda table: table.slice(table.num_rows // 2), "keys"),
    "author": ("records", column("author_account_id", first_set("f" * 20)), "keys"),
    "recipient": ("records", column("recipient_account_ids", first_set(["f" * 20])), "keys"),
    "account": ("accounts", lambda table: table.slice(0, 0), "keys"),
    "label": ("records", column("source_label", at(0, "FB-9")), "keys"),
    "kind": ("mentions", column("kind", at(0, "secret")), "values"),
    "confidence": ("mentions", column("confidence", at(0, 0.7)), "values"),
    "ordinal": ("records", column("ordinal", at(2, 1)), "values"),
    "fates": ("coverage", column("record", at(1, plus(1))), "coverage"),
    "gap": ("coverage", without(1), "coverage"),
    "overlap": ("coverage", column("byte_start", at(1, plus(-1))), "coverage"),
    "counted": ("coverage", column("record_count", at(1, plus(1))), "coverage"),
    "size": ("sources", column("record_count", at(0, plus(1))), "coverage"),
    "repeat": (
        "records",
        lambda table: column("duplicate_of", at(0, table["record_id"][9].as_py()))(table),
        "duplicates",
    ),
    "out": ("records", scoped_out, "scope"),
    "citation": ("records", column("citation", at(4, plus("0"))), "citations"),
    "page": ("mentions", column("page", at(4, plus(1))), "citations"),
    "mention's citation": ("mentions", column("citation", at(4, plus("0"))), "citations"),
    "number": ("phones", column("value", at(0, "+16125550199")), "typed"),
    "when": ("aliases", column("sent_at", lambda values: [None] * len(values)), "typed"),
    "one less": ("money", without(0), "typed"),
    "membership": ("memberships", without(0), "entities"),
    "count": ("entities", column("mention_count", at(0, plus(1))), "entities"),
    "lead": ("entities", column("is_lead", at(0, lambda old: not old)), "entities"),
    "evidence": ("link_evidence", without(0), "links"),
    "link count": ("links", column("record_count", at(0, plus(1))), "links"),
    "file hash": ("attachments", column("sha256", first_set("0" * 64)), "keys"),
}


@pytest.fixture(scope="session")
def tables_of(sample_case: Path) -> dict[str, list[Path]]:
    folder = sample_case / "tables"
    return {name: sorted((folder / name).glob("*.parquet")) for name in SCHEMAS}


@pytest.mark.parametrize("name", FORGERIES)
def test_rows_that_break_an_invariant(
    tables_of: dict[str, list[Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    table, change, expected = FORGERIES[name]
    asked = [rule for rule in (*rules(), *counts()) if rule.check == expected]
    monkeypatch.setattr("pipeline.verify.rows.rules", lambda: asked)
    monkeypatch.setattr("pipeline.verify.rows.counts", list)
    changed = change(pq.read_table(tables_of[table][0].parent))
    with TableWriter(tmp_path, table) as writer:
        for batch in changed.combine_chunks().to_batches():
            writer.write(batch)
    tables = {**tables_of, table: sorted((tmp_path / table).glob("*.parquet"))}
    checks = check_rows(tables, tmp_path / "spill", lambda _name: None)
    bad = {check.name: check for check in checks if check.state is not State.OK}
    assert expected in bad, bad
    assert bad[expected].row
    assert bad[expected].table
    assert bad[expected].count
    assert bad[expected].line.count("\n") == 0


def test_every_check_holds_of_the_sample(tables_of: dict[str, list[Path]], tmp_path: Path) -> None:
    checks = check_rows(tables_of, tmp_path / "spill", lambda _name: None)
    assert [check.line for check in checks if check.state is not State.OK] == []
    assert len(checks) == 11


def test_a_forged_table_from_end_to_end(case_copy: Path, triage: Triage) -> None:
    forge(case_copy, "mentions", column("surface", at(3, "SECRET-SURFACE")))
    code, checks, err = checks_of(triage, case_copy)
    assert code == 3
    assert {checks[name]["state"] for name in ("chain", "manifest", "files", "schemas")} == {"ok"}
    found = checks["spans"]
    mention = pq.read_table(case_copy / "tables" / "mentions")["mention_id"][3].as_py()
    assert (found["table"], found["row"], found["count"]) == ("mentions", mention, 1)
    assert "tables/mentions/part-00000.parquet" in err
    assert mention in err
    assert "SECRET" not in err + json.dumps(checks)


def test_a_table_with_another_count_than_the_manifest(case_copy: Path, triage: Triage) -> None:
    forge(case_copy, "attachments", without(0))
    assert checks_of(triage, case_copy)[1]["counts"]["state"] == "problem"


def test_a_table_of_another_shape(case_copy: Path, tmp_path: Path) -> None:
    sound = frozenset(
        path.relative_to(case_copy).as_posix() for path in (case_copy / "tables").rglob("*.parquet")
    )
    part = case_copy / "tables" / "phones" / "part-00000.parquet"
    table = pq.read_table(part)
    others = {
        "lacks the column e164": table.drop_columns(["e164"]),
        "of version 99": table.replace_schema_metadata(
            {**(table.schema.metadata or {}), b"triage.version": b"99"}
        ),
        "is string, not int32": table.set_column(
            table.schema.get_field_index("page"), "page", pc.cast(table["page"], pa.string())
        ),
        "other columns": table.select(list(reversed(table.column_names))),
    }
    for said, other in others.items():
        pq.write_table(other, part)
        check, tables = check_layout(case_copy, sound)
        assert check.state is State.PROBLEM
        assert said in check.detail
        assert "phones" not in tables
    part.write_bytes(b"PAR1 nothing PAR1")
    check, _ = check_layout(case_copy, sound)
    assert "cannot be read as a table" in check.detail


def test_a_damaged_page_of_a_table_whose_hash_fits(case_copy: Path, tmp_path: Path) -> None:
    """Its footer is whole: only reading it tells."""
    part = case_copy / "tables" / "records" / "part-00000.parquet"
    data = bytearray(part.read_bytes())
    for place in range(200, len(data) // 2, 97):
        data[place] ^= 0xFF
    part.write_bytes(bytes(data))
    tables = {name: sorted((case_copy / "tables" / name).glob("*.parquet")) for name in SCHEMAS}
    checks = check_rows(tables, tmp_path / "spill", lambda _name: None)
    bad = [check for check in checks if check.state is State.PROBLEM]
    assert any("cannot be read as a table" in check.detail for check in bad)


# --- once more ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_running_it_again(case_copy: Path, triage: Triage) -> None:
    code, checks, err = checks_of(triage, case_copy, "--replay")
    assert (code, err) == (0, "")
    assert "byte for byte" in checks["replay"]["detail"]
    assert [path.name for path in case_copy.parent.iterdir()] == [case_copy.name]


@pytest.fixture
def copied_run(monkeypatch: pytest.MonkeyPatch, sample_case: Path) -> None:
    """In place of a run: the tables of the case that was made once."""

    def copied(_sources: list[Path], case: Path, _config: RunConfig, *, quiet: bool) -> None:
        assert quiet
        assert case.stat().st_mode & 0o777 == 0o700
        assert case.parent.stat().st_mode & 0o777 == 0o700
        shutil.copytree(sample_case / "tables", case / "tables")

    monkeypatch.setattr("pipeline.run.run", copied)


@pytest.mark.usefixtures("copied_run")
@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("mentions", column("detail", at(7, "another")), "row 8 differs in detail"),
        ("issues", without(0), "differs in"),
        ("links", twice, "is not made again"),
    ],
)
def test_what_is_not_made_again(
    case_copy: Path, triage: Triage, table: str, change: Any, said: str
) -> None:
    forge(case_copy, table, change)
    code, checks, _ = checks_of(triage, case_copy, "--replay")
    found = checks["replay"]
    assert (code, found["state"], found["table"]) == (3, "problem", table)
    assert said in found["detail"]
    assert "the versions are the same" in found["detail"]
    assert found["row"]


@pytest.mark.usefixtures("copied_run")
def test_another_version_explains_a_difference(
    case_copy: Path, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.__version__", "9.9.9")
    found = checks_of(triage, case_copy, "--replay")[1]["replay"]
    assert found["state"] == "ok"
    assert "tool 0.1.0, now 9.9.9" in found["detail"]
    forge(case_copy, "mentions", column("detail", at(7, "another")))
    found = checks_of(triage, case_copy, "--replay")[1]["replay"]
    assert found["state"] == "problem"
    assert "a difference is to be expected: tool 0.1.0, now 9.9.9" in found["detail"]


@pytest.mark.usefixtures("copied_run")
def test_what_a_killed_replay_left_is_swept(case_copy: Path, triage: Triage) -> None:
    left = case_copy.parent / f".{case_copy.name}.replay-abc"
    (left / "case").mkdir(parents=True)
    assert checks_of(triage, case_copy, "--replay")[0] == 0
    assert not left.exists()


@pytest.mark.usefixtures("brief_reports")
def test_options_of_a_run_are_kept(
    tmp_path: Path, triage: Triage, meta_html: Callable[..., bytes]
) -> None:
    """Region, zone, limits and the lack of a model decide the tables: a replay takes them again."""
    source = tmp_path / "records.html"
    source.write_bytes(
        meta_html({"7001": [("Ada", "2024-03-01 10:00:00 UTC", "55 5555 0117, see you tomorrow")]})
    )
    scope = tmp_path / "scope.toml"
    scope.write_text('[[range]]\nstart = 2024-01-01\nend = 2024-12-31\nzone = "UTC"\n')
    config = RunConfig(
        region="MX", timezone="America/Mexico_City", use_model=False, scope=str(scope)
    )
    run([source], tmp_path / "case", config, quiet=True)
    options = json.loads((tmp_path / "case" / "manifest.json").read_text())["options"]
    assert options["region"] == "MX"
    assert str(tmp_path) not in (tmp_path / "case" / "manifest.json").read_text()
    code, checks, err = checks_of(triage, tmp_path / "case", "--replay")
    assert (code, err) == (0, ""), checks
    scope.unlink()
    found = checks_of(triage, tmp_path / "case", "--replay")[1]["replay"]
    assert found["state"] == "not_checked"


def test_the_first_problem_is_told_before_what_could_not_be_checked() -> None:
    left = Check("source FB-1", State.NOT_CHECKED, "was not found")
    bad = Check("files", State.PROBLEM, "has changed", "tables/x/part-00000.parquet")
    good = Check("chain", State.OK, "fine")
    assert Verdict("c", (good, left, bad), "").first == bad
    assert Verdict("c", (good, left), "").first == left
    assert Verdict("c", (good,), "").exit_code == 0
    assert os.linesep not in bad.line


def test_an_anchor_is_an_entry_of_the_chain(case_copy: Path) -> None:
    chain = read_chain((case_copy / "audit.jsonl").read_bytes())
    assert is_anchored(chain, read_anchor(head_line(Case(case_copy))))
