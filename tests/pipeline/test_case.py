"""The case folder: making, opening, locking; publication cut short at every step."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest

from pipeline.audit import read_chain
from pipeline.case import (
    Case,
    append_audit,
    clear_staged,
    create_case,
    finish_publishing,
    locked,
    open_case,
    publish,
    republish,
    steadily,
    write_private,
)
from pipeline.errors import ConfigError, IntegrityError, TriageError, UnfinishedError
from pipeline.files import private

# --- making and opening -------------------------------------------------------------------------


def test_a_case_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        case = create_case(tmp_path / "deep" / "case", [])
        write_private(case.path / "x", b"1")
        with private(), locked(case):
            append_audit(case, "test", {})
    finally:
        os.umask(before)
    assert stat.S_IMODE(case.path.stat().st_mode) == 0o700
    for path in case.path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert create_case(case.path, []) == case


def test_a_folder_that_was_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir(mode=0o755)
    case = create_case(tmp_path / "empty", [])
    assert stat.S_IMODE(case.path.stat().st_mode) == 0o700
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").touch()
    (tmp_path / "file").touch()
    for name in ("other", "file"):
        with pytest.raises(ConfigError, match="is there already and is no case"):
            create_case(tmp_path / name, [])
    with pytest.raises(ConfigError, match="cannot be written there"):
        create_case(tmp_path / "file" / "case", [])
    with pytest.raises(ConfigError, match="cannot be written there"):
        create_case(tmp_path / ("n" * 5000), [])
    with pytest.raises(ConfigError, match="not UTF-8"):
        create_case(tmp_path / os.fsdecode(b"\xff"), [])


def test_cut_off_before_case_toml_was_there(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / ".case.toml.new").write_text("form")
    assert (create_case(tmp_path / "case", []).path / "case.toml").is_file()


def test_a_case_within_a_source(tmp_path: Path) -> None:
    source = tmp_path / "return"
    (source / "sub").mkdir(parents=True)
    (tmp_path / "link").symlink_to(source)
    inside = [source, source / "case", source / "sub" / "a" / "case", tmp_path / "link" / "case",
              tmp_path / "x" / ".." / "return" / "case"]  # fmt: skip
    for path in inside:
        with pytest.raises(ConfigError, match="lies inside the source"):
            create_case(path, [source])
    with pytest.raises(ConfigError, match="lies inside the source"):
        create_case(source / "case", [tmp_path / "link"])
    assert [path.name for path in source.iterdir()] == ["sub"]
    create_case(tmp_path / "return-case", [source])


def test_without_the_right_to_write(
    open_dir: Path, without_rights: Callable[[], AbstractContextManager[None]]
) -> None:
    with without_rights():
        case = create_case(open_dir / "case", [])
        case.path.chmod(0o500)
        with pytest.raises(ConfigError, match="may not be written; ask for access"):
            create_case(case.path, [])
        assert open_case(case.path, published=False) == case
        with pytest.raises(ConfigError, match="cannot be written there: Permission denied"):
            create_case(case.path / "x", [])
        (open_dir / "shut").mkdir(mode=0o000)
        with pytest.raises(ConfigError, match="cannot be written there: Permission denied"):
            create_case(open_dir / "shut" / "case", [])
        with pytest.raises(ConfigError, match=r"may not be opened .Permission denied"):
            open_case(open_dir / "shut" / "case")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("format = 2", "made by a newer version .case format 2"),
        ("format = 99\nsources = 5", "made by a newer version"),
        ("format = 'x'", "format must be a whole number"),
        ("format = 1\n[", "case.toml cannot be read"),
        ("format = 1\nlegal_process = 3", "legal_process must be a table"),
        ("format = 1\nsources = 3", "sources must be written as"),
        ("format = 1\n[[sources]]\nlabel = 'FB-1'", "a source lacks 'path'"),
        ("format = 1\nsources = [1]", "a source lacks 'label'"),
        (
            "format = 1\n[[sources]]\nlabel = 'FB-1'\npath = '/x'\nkind = 'tape'\nsha256 = ''",
            "kind must be one of zip, folder, file",
        ),
    ],
)
def test_a_case_toml_that_cannot_be_used(tmp_path: Path, text: str, words: str) -> None:
    case = create_case(tmp_path / "case", [])
    (case.path / "case.toml").write_text(text)
    with pytest.raises(ConfigError, match=words):
        open_case(case.path)
    with pytest.raises(ConfigError, match=words):
        create_case(case.path, [])
    (case.path / "case.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="cannot be read"):
        open_case(case.path)


def test_no_case_or_nothing_published(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no case here; make one"):
        open_case(tmp_path / "missing")
    case = create_case(tmp_path / "case", [])
    with pytest.raises(ConfigError, match="nothing is published yet"):
        open_case(case.path)
    with pytest.raises(ConfigError, match="no table 'records'"):
        case.table("records")
    with pytest.raises(IntegrityError, match=r"manifest.json is missing or damaged"):
        case.manifest()


def test_a_table_in_pandas(sample_case: Path) -> None:
    case = open_case(sample_case)
    table = case.table("mentions", ["mention_id", "kind"])
    assert list(table.columns) == ["mention_id", "kind"]
    assert len(table) > 0


def test_another_run_holds_it(tmp_path: Path) -> None:
    case = create_case(tmp_path / "case", [])
    script = (
        "import sys, time; from pathlib import Path; from pipeline.case import Case, locked\n"
        "with locked(Case(Path(sys.argv[1]))):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(case.path)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(UnfinishedError, match="another run is at work"), locked(case):
            pass
        other.kill()
    with locked(case):  # a lock dies with its owner
        pass


# --- publication --------------------------------------------------------------------------------

NAMES = ("tables", "index", "reports")


def stage(case: Case, word: str, names: tuple[str, ...] = NAMES) -> None:
    folder = clear_staged(case)
    for name in names:
        (folder / name / "sub").mkdir(parents=True)
        (folder / name / "sub" / "file").write_text(word)


def published(case: Case) -> set[str]:
    """Return what stands in the published folders, and make sure that the manifest is of it."""
    manifest = case.manifest()
    words = set()
    for name in NAMES:
        path = case.path / name / "sub" / "file"
        words.add(path.read_text())
        relative = path.relative_to(case.path).as_posix()
        assert manifest["files"][relative] == hashlib.sha256(path.read_bytes()).hexdigest()
    return words | {manifest["word"]}


def audit(case: Case) -> list[dict[str, Any]]:
    """Return the entries of the audit chain, checked link by link."""
    path = case.path / "audit.jsonl"
    chain = read_chain(path.read_bytes() if path.exists() else b"")
    assert not chain.problem
    return [{"details": entry.details} for entry in chain.entries]


@pytest.fixture
def old(tmp_path: Path) -> Case:
    """A case that has published ``old``."""
    case = create_case(tmp_path / "case", [])
    stage(case, "old")
    publish(case, {"word": "old"}, {"run_id": "old"})
    return case


def test_publishing(old: Case) -> None:
    assert published(old) == {"old"}
    stage(old, "new")
    publish(old, {"word": "new"}, {"run_id": "new"})
    assert published(old) == {"new"}
    assert [entry["details"]["run_id"] for entry in audit(old)] == ["old", "new"]
    names = {path.name for path in old.path.iterdir()}
    assert names == {"case.toml", "manifest.json", "audit.jsonl", *NAMES}


def test_what_is_not_made_again_stays(old: Case) -> None:
    stage(old, "new", ("tables", "index"))
    publish(old, {"word": "new"})
    assert published(old) == {"old", "new"}
    (old.path / "reports" / "sub" / "file").write_text("again")
    republish(old, {"reports/sub/file": old.path / "reports/sub/file"})
    assert published(old) == {"again", "new"}


class Cut(BaseException):
    """Stands for the process being killed: nothing catches it."""


STEPS = [
    (os, "rename"), (os, "replace"), (os, "unlink"), (os, "open"), (os, "fsync"), (os, "rmdir"),
    (os, "chmod"),
]  # fmt: skip
"""Calls that change the disk: pathlib, shutil and the tool all come down to these."""


@pytest.fixture
def cut_at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AbstractContextManager[list[int]]]:
    """Kill the process before, or after, the n-th call that changes the disk."""
    from contextlib import contextmanager

    @contextmanager
    def cutting(number: int, *, after: bool) -> Any:
        count = [0]

        def stop(*_args: Any, **_more: Any) -> None:
            raise Cut

        def wrapped(original: Any) -> Any:
            def call(*args: Any, **more: Any) -> Any:
                if count[0] >= number:
                    raise Cut  # dead processes do nothing more
                count[0] += 1
                if count[0] == number and not after:
                    raise Cut
                result = original(*args, **more)
                if count[0] == number:
                    raise Cut
                return result

            return call

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", lambda _descriptor: None)  # slow, and nothing to see
            for module, name in STEPS:
                patch.setattr(module, name, wrapped(getattr(module, name)))
            yield count

    return cutting


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_cut_short_at_any_step(
    old: Case, tmp_path: Path, cut_at: Callable[..., Any], *, after: bool
) -> None:
    """Whatever the step, the next command sees all old or all new, and new once it was journalled."""
    stage(old, "new")
    ready = tmp_path / "ready"
    shutil.copytree(old.path, ready)
    seen, number = [], 0
    while True:
        number += 1
        case = Case(Path(shutil.copytree(ready, tmp_path / f"cut-{number}")))
        with cut_at(number, after=after) as count, suppress(Cut):
            publish(case, {"word": "new"}, {"run_id": "new"})
        if count[0] < number:
            break
        reopened = open_case(case.path)
        words = published(reopened)
        assert words in ({"old"}, {"new"}), number
        seen.append(words.pop())
        expected = ["old", "new"] if seen[-1] == "new" else ["old"]
        assert [entry["details"]["run_id"] for entry in audit(case)] == expected
        # and the run that follows ends as if nothing had been
        with locked(case):
            finish_publishing(case)
            stage(case, "newer")
            publish(case, {"word": "newer"}, {"run_id": "newer"})
        assert published(case) == {"newer"}
        assert {path.name for path in case.path.iterdir()} == {
            "case.toml", "manifest.json", "audit.jsonl", ".lock", *NAMES,
        }  # fmt: skip
        shutil.rmtree(case.path)
    assert seen == sorted(seen, reverse=True)  # old up to the journal, new from then on
    assert set(seen) == {"old", "new"}
    assert len(seen) > 20


def cut_after_the_journal(case: Case, cut_at: Callable[..., Any]) -> None:
    number = 0
    while not (case.path / ".publish.json").exists():
        number += 1
        stage(case, "new")
        with cut_at(number, after=True), pytest.raises(Cut):
            publish(case, {"word": "new"}, {"run_id": "new"})


def test_cut_short_again_while_being_finished(
    old: Case, tmp_path: Path, cut_at: Callable[..., Any]
) -> None:
    cut_after_the_journal(old, cut_at)
    for number in range(1, 40):
        with cut_at(number, after=number % 2 == 0):
            try:
                with locked(old):
                    finish_publishing(old)
            except Cut:
                continue
            break
    assert published(open_case(old.path)) == {"new"}
    assert [entry["details"]["run_id"] for entry in audit(old)] == ["old", "new"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_report_made_again_cut_short(
    old: Case, tmp_path: Path, cut_at: Callable[..., Any], *, after: bool
) -> None:
    """The file, the manifest and the chain change as one, and there is one entry at most."""
    number, seen = 0, []
    while True:
        number += 1
        case = Case(Path(shutil.copytree(old.path, tmp_path / f"cut-{number}")))
        (clear_staged(case) / "file").write_text("again")
        with cut_at(number, after=after) as count, suppress(Cut):
            republish(case, {"reports/sub/file": case.staged / "file"})
        if count[0] < number:
            break
        reopened = open_case(case.path)
        words = published(reopened)
        assert words in ({"old"}, {"old", "again"}), number
        seen.append("again" in words)
        actions = [
            entry.action for entry in read_chain((case.path / "audit.jsonl").read_bytes()).entries
        ]
        assert actions == (["run", "report"] if seen[-1] else ["run"]), number
        shutil.rmtree(case.path)
    assert seen == sorted(seen)
    assert set(seen) == {False, True}


def test_a_damaged_journal(old: Case) -> None:
    (old.path / ".publish.json").write_bytes(b"{")
    with pytest.raises(IntegrityError, match="delete it and run"):
        open_case(old.path)


def test_the_first_publication_cut_short(tmp_path: Path, cut_at: Callable[..., Any]) -> None:
    for number in range(1, 30):
        case = create_case(tmp_path / str(number), [])
        stage(case, "new")
        with cut_at(number, after=False), suppress(Cut):
            publish(case, {"word": "new"})
        try:
            open_case(case.path)
        except ConfigError as error:
            assert "nothing is published yet" in str(error)
        else:
            assert published(case) == {"new"}


def test_old_folders_do_not_stay(old: Case) -> None:
    """They may hold what a narrower scope has since left out."""
    shutil.copytree(old.path / "tables", old.path / ".old-tables")
    open_case(old.path)
    assert not (old.path / ".old-tables").exists()


def test_a_swap_cut_short_in_a_case_that_may_not_be_written(
    old: Case, monkeypatch: pytest.MonkeyPatch, cut_at: Callable[..., Any]
) -> None:
    cut_after_the_journal(old, cut_at)
    monkeypatch.setattr("pipeline.case._writable", lambda _path: False)
    with pytest.raises(UnfinishedError, match="run any command on it once where it may"):
        open_case(old.path)


def test_reading_while_it_is_published(old: Case) -> None:
    calls = []

    def read() -> str:
        calls.append(1)
        first = (old.path / "tables" / "sub" / "file").read_text()
        if len(calls) == 1:
            stage(old, "new")
            publish(old, {"word": "new"})
        return first + (old.path / "index" / "sub" / "file").read_text()

    assert steadily(old, read) == "newnew"
    assert len(calls) == 2


def test_reading_that_fails(old: Case) -> None:
    def fails() -> None:
        raise ConfigError("no such thing")

    with pytest.raises(ConfigError, match="no such thing"):
        steadily(old, fails)

    def fails_once() -> str:
        if published(old) == {"old"}:
            stage(old, "new")
            publish(old, {"word": "new"})
            raise IntegrityError("no table")
        return "new"

    assert steadily(old, fails_once) == "new"

    def never_ends() -> None:
        stage(old, "new")
        publish(old, {"word": "new"})

    with pytest.raises(TriageError, match="again and again"):
        steadily(old, never_ends)


def test_a_line_of_the_audit_cut_off(old: Case) -> None:
    path = old.path / "audit.jsonl"
    path.write_bytes(path.read_bytes() + b'{"at": "20')
    append_audit(old, "test", {"n": 1})
    append_audit(old, "test", {"n": 2})
    first, *others = [entry["details"] for entry in audit(old)]
    assert first["run_id"] == "old"
    assert others == [{"n": 1}, {"n": 2}]


def test_a_file_is_written_whole_or_not_at_all(old: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(old.path / "manifest.json", b"x" * 100)
    assert published(old) == {"old"}
    assert not (old.path / ".manifest.json.new").exists()
