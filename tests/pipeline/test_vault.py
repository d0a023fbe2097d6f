"""Encrypted cases: nothing readable on the disk, whatever cuts a command short."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import click
import pyarrow.parquet as pq
import pyrage
import pytest

from pipeline import memory, password, vault, vault_case, vault_key
from pipeline.case import Case, create_case, locked, open_case
from pipeline.cli import COMMANDS, group
from pipeline.config import RunConfig
from pipeline.errors import ConfigError, IntegrityError, UnfinishedError
from pipeline.run import run

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")

PASSWORD = "correct horse battery"
SECRETS = ("zebrapelican", "651-555-0117", "+16515550117", "Quillon Vantreese", "moss-green door")
AGE = b"age-encryption.org/v1\n"
PLAIN = {"case.toml", "audit.jsonl", ".lock", "sealed"}

STAND_IN = """\
import hashlib, sys, pyrage
def protected(data, password):
    return hashlib.sha256(password.encode()).digest() + data
def unprotected(data, password):
    if data[:32] != hashlib.sha256(password.encode()).digest():
        raise pyrage.DecryptError("no")
    return data[32:]
"""
"""Stands for scrypt, which takes a second by design; its file form is tested once, with scrypt."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    monkeypatch.delenv("TRIAGE_PASSWORD_FILE", raising=False)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # waits for the disk, here for nothing
    before = memory.rooms()
    if "real" not in request.node.name:
        space: dict[str, Any] = {}
        exec(STAND_IN, space)
        monkeypatch.setattr(vault_key, "_protected", space["protected"])
        monkeypatch.setattr(vault_key, "unprotected", space["unprotected"])
    yield
    for room in memory.rooms() - before:
        memory.leave(room)


@pytest.fixture(scope="module")
def given(
    tmp_path_factory: pytest.TempPathFactory, meta_html: Callable[..., bytes],
    make_zip: Callable[..., Path],
) -> Path:  # fmt: skip
    said = [
        ("Quillon Vantreese", f"2024-01-0{day} 10:00:00 UTC", text)
        for day, text in enumerate(
            ["zebrapelican says call 651-555-0117", "the moss-green door in Fridley, $150"], 1
        )
    ]
    return make_zip(
        tmp_path_factory.mktemp("given") / "return.zip", {"records.html": meta_html({"77": said})}
    )


@pytest.fixture(scope="module")
def pw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("password") / "pw"
    path.write_text(PASSWORD + "\n")
    return path


def options(pw: Path | None = None, **more: Any) -> RunConfig:
    return RunConfig(
        workers=1, use_model=False, encrypt=pw is not None,
        password_file=None if pw is None else str(pw), **more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def plain_once(given: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = tmp_path_factory.mktemp("plain") / "case"
    run([given], case, options(), quiet=True)
    return case


@pytest.fixture
def plain(plain_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(plain_once, tmp_path / "plain"))


@pytest.fixture
def sealed(plain: Path, pw: Path) -> Path:
    """The plain case, encrypted."""
    create_case(plain, [], encrypt=True, password_file=pw)
    forget()
    return plain


def forget() -> None:
    """What the end of a process does."""
    for room in memory.rooms():
        memory.leave(room)
    vault_case._opened.clear()


def die() -> None:
    """What kill -9 does: nothing is tidied, the kernel lets go of the locks."""
    for descriptor in memory._rooms.values():
        os.close(descriptor)
    memory._rooms.clear()
    memory._names.clear()
    memory._restore()
    vault_case._opened.clear()


def readable(folder: Path) -> dict[str, str]:
    """What a person with all the tools can read in a folder, by file."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        text = path.name + data.decode("latin-1")
        if data[:4] == b"PAR1":
            text += str(pq.read_table(path).to_pylist())
        with suppress(zlib.error):
            text += zlib.decompress(data).decode("latin-1")
        found[path.relative_to(folder).as_posix()] = text
    return found


def leaks(folder: Path) -> list[tuple[str, str]]:
    return [(file, s) for file, text in readable(folder).items() for s in SECRETS if s in text]


def assert_closed(case: Path) -> None:
    """Nothing but age files, and the three that hold no evidence."""
    assert leaks(case) == []
    assert {item.name for item in case.iterdir()} <= PLAIN | {"vault"}
    for file in (case / "vault").iterdir():
        assert file.stat().st_mode & 0o777 == 0o600, file
        if file.name not in ("key.sha256", "key.age"):
            assert file.read_bytes().startswith(AGE), file
            stem = file.name.removesuffix(".age")
            assert stem == "catalogue" or (len(stem) == 32 and int(stem, 16) >= 0)
        assert not file.name.startswith("."), file


# --- what is on the disk ------------------------------------------------------------------------


def test_the_same_tables_and_nothing_to_read(
    given: Path, pw: Path, plain_once: Path, tmp_path: Path, table_hashes: Any
) -> None:
    assert {secret for _, secret in leaks(plain_once)} == set(SECRETS)  # the search is able to find
    path = tmp_path / "case"
    result = run([given], path, options(pw), quiet=True)
    assert result.case == path.resolve() or result.case == path
    assert result.encrypted
    assert_closed(path)
    assert "encrypted = true" in (path / "case.toml").read_text()
    case = open_case(path, password_file=pw)
    assert case.home == path
    assert table_hashes(case.path) == table_hashes(plain_once)
    assert len(case.table("mentions")) > 0
    assert case.path.stat().st_mode & 0o777 == 0o700
    for file in [*path.rglob("*"), *case.path.rglob("*")]:
        assert not file.is_file() or PASSWORD.encode() not in file.read_bytes(), file
    forget()
    assert not case.path.exists()
    # run again, without --encrypt: it stays encrypted, and nothing is new
    before = sorted(file.name for file in (path / "vault").iterdir())
    again = run([given], path, RunConfig(workers=1, use_model=False, password_file=str(pw)))
    assert again.unchanged and again.encrypted
    forget()
    assert_closed(path)
    # but for the log of this run
    assert len(set(before) - {file.name for file in (path / "vault").iterdir()}) <= 1


def test_a_plain_case_becomes_an_encrypted_one(
    plain: Path, pw: Path, given: Path, table_hashes: Any
) -> None:
    hashes = table_hashes(plain)
    (plain / "notes.txt").write_text("zebrapelican")
    (plain / "work" / "shards" / "x" / "y" / ".half").mkdir(parents=True)
    (plain / "work" / "shards" / "x" / "y" / ".half" / "z").write_text("zebrapelican")
    run([given], plain, options(pw), quiet=True)
    forget()
    assert_closed(plain)
    case = open_case(plain, password_file=pw)
    assert table_hashes(case.path) == hashes
    assert (case.path / "notes.txt").read_text() == "zebrapelican"


def test_more_sources_later(
    sealed: Path, pw: Path, tmp_path: Path, meta_html: Any, make_zip: Any, given: Path
) -> None:
    said = [("Ana Example", "2024-02-01 10:00:00 UTC", "new words: kettlewharf")]
    more = make_zip(tmp_path / "more.zip", {"records.html": meta_html({"78": said})})
    run([more], sealed, options(pw), quiet=True)
    forget()
    assert_closed(sealed)
    assert all("kettlewharf" not in text for text in readable(sealed).values())
    case = open_case(sealed, password_file=pw)
    texts = " ".join(case.table("records")["text"].dropna())
    assert "kettlewharf" in texts and "zebrapelican" in texts
    assert [item["label"] for item in case.sources()] == ["FB-1", "FB-2"]


# --- passwords ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"p w\xc3\xa9", b"p w\xc3\xa9\n", b"p w\xc3\xa9\r\n", b"\xef\xbb\xbfp w\xc3\xa9\r\nsecond"],
)
def test_password_files(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "pw").write_bytes(data)
    assert password.read_password(tmp_path / "pw") == "p wé"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"), (b"\n", "is empty"), (b" \t \r\nx", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"), (b"\xffhidden", "not UTF-8"),
        (b"h\0idden", "not UTF-8"), (b"hidden" * 1000, "too long"), (None, "cannot be read"),
    ],
)  # fmt: skip
def test_password_files_that_are_none(tmp_path: Path, data: bytes | None, words: str) -> None:
    if data is not None:
        (tmp_path / "pw").write_bytes(data)
    with pytest.raises(ConfigError, match=words) as told:
        password.read_password(tmp_path / "pw")
    assert "hidden" not in str(told.value)


def test_without_a_password_nothing_is_made(given: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--encrypt: give --password-file"):
        run([given], tmp_path / "case", RunConfig(encrypt=True), quiet=True)
    assert not (tmp_path / "case").exists()


def test_commands(
    sealed: Path, pw: Path, tmp_path: Path, triage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_it = ("--password-file", pw)
    code, out, err = triage("search", sealed, "zebrapelican", *with_it)
    assert (code, err) == (0, "") and "zebrapelican" in out
    citation = out.split("[")[1].split("]")[0]
    code, out, _ = triage("show", sealed, citation, *with_it)
    assert code == 0 and "re-read from" in out
    code, out, _ = triage("sql", sealed, "SELECT text FROM records", *with_it)
    assert code == 0 and "zebrapelican" in out
    code, out, _ = triage("report", sealed, "-o", tmp_path / "r.html", *with_it)
    assert code == 0 and "651-555-0117" in (tmp_path / "r.html").read_text()
    code, out, _ = triage("report", sealed, *with_it)
    assert code == 0 and str(sealed) in out and "triage-room" not in out
    assert not memory.rooms()
    assert "TRIAGE_PASSWORD_FILE" not in os.environ
    assert_closed(sealed)
    monkeypatch.setenv("TRIAGE_PASSWORD_FILE", str(pw))
    assert triage("search", sealed, "zebrapelican")[0] == 0


@pytest.mark.parametrize("command", ["search", "show", "report", "sql"])
def test_without_the_password(sealed: Path, tmp_path: Path, triage: Any, command: str) -> None:
    words = {"search": ["x"], "show": ["x"], "sql": ["SELECT 1"]}.get(command, [])
    code, out, err = triage(command, sealed, *words)
    assert (code, out) == (2, "") and err.count("\n") == 1
    assert "is encrypted: give --password-file" in err
    (tmp_path / "bad").write_text("battery horse\n")
    code, out, err = triage(command, sealed, *words, "--password-file", tmp_path / "bad")
    assert (code, out) == (2, "") and err.count("\n") == 1
    assert "the password is wrong" in err and "battery" not in err
    assert not memory.rooms()


def test_every_command_that_opens_cases_takes_a_password_file() -> None:
    context = click.Context(group)
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        named = {parameter.name for parameter in command.params}
        assert not named & {"case", "cases"} or "password_file" in named, name
        again = group.get_command(context, name)
        assert again is not None and len(again.params) == len(named)


def test_a_run_without_or_with_another_password(sealed: Path, given: Path, tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("battery horse\n")
    before = sorted((f.name, f.stat().st_mtime_ns) for f in (sealed / "vault").iterdir())
    for given_file, words in ((None, "give --password-file"), (str(tmp_path / "bad"), "wrong")):
        with pytest.raises(ConfigError, match=words):
            run([given], sealed, RunConfig(password_file=given_file), quiet=True)
    assert sorted((f.name, f.stat().st_mtime_ns) for f in (sealed / "vault").iterdir()) == before


def test_a_cluster_is_refused(sealed: Path, pw: Path, given: Path) -> None:
    with pytest.raises(ConfigError, match="without --scheduler"):
        run([given], sealed, options(pw, scheduler="tls://h:1"), quiet=True)


@pytest.mark.slow
def test_the_real_key_is_an_age_file_with_a_passphrase(tmp_path: Path) -> None:
    identity = vault_key.make_key(tmp_path, "pw é")
    data = (tmp_path / "key.age").read_bytes()
    assert data.startswith(AGE + b"-> scrypt ")
    assert int(data.split(b"\n")[1].split()[-1]) >= 17
    assert pyrage.passphrase.decrypt(data, "pw é").decode() == str(identity)
    assert str(vault_key.open_key(tmp_path, "pw é")) == str(identity)
    with pytest.raises(ConfigError, match="the password is wrong"):
        vault_key.open_key(tmp_path, "pw e")
    assert vault_key._distance(AGE + b"-> scrypt x 17\n") == 0
    assert vault_key._distance(AGE + b"-> scrypt x 19\n") < vault_key._distance(
        AGE + b"-> scrypt x 16\n"
    )


# --- damage -------------------------------------------------------------------------------------


def test_a_bit_flipped_anywhere(sealed: Path, pw: Path, triage: Any) -> None:
    work = {
        entry.name for unit, entry in catalogue_of(sealed, pw).entries.items()
        if unit.startswith("work/")
    }  # fmt: skip
    files = sorted((sealed / "vault").iterdir())
    assert len(files) > 20
    for number, file in enumerate(files):
        data = file.read_bytes()
        # each file somewhere: header, beginning, middle, end
        spot = [2, len(data) // 3, len(data) // 2, len(data) - 1, 150 % len(data)][number % 5]
        changed = bytearray(data)
        changed[spot] ^= 1 << number % 8
        file.write_bytes(changed)
        code, out, err = triage("search", sealed, "zebrapelican", "--password-file", pw)
        if file.stem in work:  # not read by a search
            case = open_case(sealed, password_file=pw)
            with pytest.raises(IntegrityError, match="damaged"):
                vault_case.check(case)
        else:
            assert (code, out) == (3, ""), file
            assert err.count("\n") == 1 and "vault/" in err and "damaged" in err
        file.write_bytes(data)
        forget()
    assert triage("search", sealed, "zebrapelican", "--password-file", pw)[0] == 0
    assert vault_case.check(open_case(sealed, password_file=pw)) == len(files) - 3


def catalogue_of(sealed: Path, pw: Path) -> vault.Catalogue:
    case = open_case(sealed, published=False, password_file=pw)
    catalogue = vault_case._opened[case.path].catalogue
    forget()
    return catalogue


def test_files_missing_or_in_anothers_place(sealed: Path, pw: Path) -> None:
    entries = catalogue_of(sealed, pw).entries
    one, other = (
        sealed / "vault" / f"{entries[unit].name}.age"
        for unit in ("tables/mentions/part-00000.parquet", "tables/phones/part-00000.parquet")
    )
    data = one.read_bytes()
    one.unlink()
    with pytest.raises(IntegrityError, match="missing"):
        open_case(sealed, password_file=pw)
    one.write_bytes(other.read_bytes())
    with pytest.raises(IntegrityError, match="damaged"):
        open_case(sealed, password_file=pw)
    one.write_bytes(data)
    (sealed / "vault" / "catalogue.age").rename(sealed / "vault" / "c")
    with pytest.raises(IntegrityError, match=r"catalogue.age is missing"):
        open_case(sealed, password_file=pw)
    (sealed / "vault" / "c").rename(sealed / "vault" / "catalogue.age")
    (sealed / "vault" / "key.age").unlink()
    with pytest.raises(IntegrityError, match=r"key.age cannot be read"):
        open_case(sealed, password_file=pw)
    assert not memory.rooms()


def test_what_is_written_in_the_place_of_a_link(sealed: Path, pw: Path) -> None:
    case = open_case(sealed, password_file=pw)
    with locked(case):
        (case.path / "sealed").mkdir()
        (case.path / "sealed" / "x.age").write_bytes(b"1")
        text = (case.path / "case.toml").read_text() + "# mine\n"
        (case.path / "case.toml").unlink()
        (case.path / "case.toml").write_text(text)
    assert (sealed / "sealed" / "x.age").read_bytes() == b"1"
    assert (sealed / "case.toml").read_text() == text
    assert (case.path / "sealed").is_symlink() and (case.path / "case.toml").is_symlink()
    forget()
    case = open_case(sealed, password_file=pw)
    assert (case.path / "sealed" / "x.age").read_bytes() == b"1"
    assert not any("sealed" in unit for unit in catalogue_of(sealed, pw).entries)


def test_damaged_shards_are_done_anew(
    sealed: Path, pw: Path, given: Path, tmp_path: Path, meta_html: Any, make_zip: Any,
    table_hashes: Any, plain_once: Path,
) -> None:  # fmt: skip
    for unit, entry in catalogue_of(sealed, pw).entries.items():
        if unit.startswith("work/"):
            (sealed / "vault" / f"{entry.name}.age").write_bytes(AGE)
        if unit == "manifest.json":
            manifest = sealed / "vault" / f"{entry.name}.age"
    assert manifest.exists()
    config = options(pw)
    case = create_case(sealed, [], password_file=pw)
    with locked(case):
        (case.path / "manifest.json").unlink()  # so that the run has work to do
    run([given], sealed, config, quiet=True)
    case = open_case(sealed, password_file=pw)
    assert table_hashes(case.path) == table_hashes(plain_once)
    vault_case.check(case)


# --- cut short ----------------------------------------------------------------------------------


class Cut(BaseException):
    """Stands for kill -9 at this very step."""


def cutting(monkeypatch: pytest.MonkeyPatch, step: int) -> list[str]:
    """Let the nth change of the disk be the last."""
    told: list[str] = []

    def wrap(owner: Any, name: str) -> None:
        before = getattr(owner, name)

        def wrapped(*arguments: Any, **named: Any) -> Any:
            if "triage-room" not in str(arguments[:1]):
                told.append(name)
                if len(told) > step:
                    raise Cut
            return before(*arguments, **named)

        monkeypatch.setattr(owner, name, wrapped)

    for name in ("fsync", "open"):
        wrap(os, name)
    for name in ("unlink", "replace", "rename"):
        wrap(Path, name)
    wrap(shutil, "rmtree")
    return told


def test_a_commit_cut_at_every_step(sealed: Path, pw: Path, tmp_path: Path) -> None:
    old = new = 0
    for step in range(0, 400):
        copy = Path(shutil.copytree(sealed, tmp_path / f"c{step}"))
        case = open_case(copy, password_file=pw)
        with pytest.MonkeyPatch.context() as patch, suppress(Cut):
            with locked(case):
                (case.path / "a.txt").write_text("zebrapelican a")
                (case.path / "reports" / "report.html").write_text("zebrapelican b")
                (case.path / "index" / "meta.json").unlink()
                told = cutting(patch, step)
            old_enough = len(told) <= step
        die()
        assert_closed_but_for_beside(copy)
        again = open_case(copy, password_file=pw)
        there = [
            (again.path / "a.txt").exists(),
            "zebrapelican b" in (again.path / "reports" / "report.html").read_text(),
            not (again.path / "index" / "meta.json").exists(),
        ]
        assert all(there) or not any(there), step
        vault_case.check(again)
        old, new = old + (not any(there)), new + all(there)
        forget()
        if len(told) <= step:
            break
        shutil.rmtree(copy)
    assert old_enough and old > 5 and new > 1


def assert_closed_but_for_beside(case: Path) -> None:
    beside = [file for file in case.rglob(".*.new")]
    for file in beside:
        assert file.name in (".catalogue.age.new", ".case.toml.new"), file
    assert leaks(case) == []


def test_a_conversion_cut_at_every_step(plain: Path, pw: Path, tmp_path: Path) -> None:
    hashes = content(plain)
    kinds = set()
    whole = Path(shutil.copytree(plain, tmp_path / "whole"))
    with pytest.MonkeyPatch.context() as patch:
        told = cutting(patch, 10**6)
        create_case(whole, [], encrypt=True, password_file=pw)
        steps = list(told)
    die()
    moved = [number for number, name in enumerate(steps) if name == "replace"]
    # of the hash of the key, the key, the catalogue, case.toml, and the catalogue once more
    assert len(moved) == 5
    around = range(moved[2] - 3, moved[3] + 4)
    for step in [*range(0, 4), moved[0], moved[1] + 1, *around, *range(moved[3] + 9, moved[4], 40),
                 *range(moved[4] - 1, moved[4] + 4), len(steps)]:  # fmt: skip
        copy = Path(shutil.copytree(plain, tmp_path / f"p{step}"))
        with pytest.MonkeyPatch.context() as patch, suppress(Cut):
            told = cutting(patch, step)
            create_case(copy, [], encrypt=True, password_file=pw)
        die()
        done = len(told) <= step
        document = Case(copy).document().unwrap()
        encrypted = (copy / "vault" / "catalogue.age").exists()
        kinds.add((encrypted, bool(document.get("encrypted")), bool(leaks(copy))))
        if not encrypted:
            assert content(copy) == hashes  # nothing of the plain case is touched before
        else:
            case = open_case(copy, password_file=pw)
            assert content(case.path) == hashes
            forget()
        case = create_case(copy, [], encrypt=True, password_file=pw)
        with locked(case):  # the next run
            pass
        assert content(case.path) == hashes
        forget()
        assert_closed(copy)
        shutil.rmtree(copy)
    assert done and len(kinds) == 4, kinds


def content(case: Path) -> dict[str, str]:
    return {
        path.relative_to(case).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in ("tables", "index", "reports", "manifest.json")
        for path in sorted([case / name, *(case / name).rglob("*")])
        if path.is_file()
    }


def test_the_entry_of_a_run_cut_before_it_was_made(
    sealed: Path, pw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline import publication

    before = (sealed / "audit.jsonl").read_bytes()
    case = open_case(sealed, password_file=pw)

    def cut(*_: object) -> None:
        raise Cut

    with monkeypatch.context() as patch, suppress(Cut), locked(case):
        staged = publication.clear_staged(case)
        (staged / "report.html").write_text("new")
        patch.setattr(publication, "append_audit", cut)
        publication.republish(case, {"reports/report.html": staged / "report.html"})
    die()
    assert (sealed / "audit.jsonl").read_bytes() == before
    case = open_case(sealed, password_file=pw)
    assert (case.path / "reports" / "report.html").read_text() == "new"
    lines = (sealed / "audit.jsonl").read_bytes()[len(before) :].splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["report"]
    assert not (case.path / ".publish.json").exists()
    forget()
    open_case(sealed, password_file=pw)
    assert len((sealed / "audit.jsonl").read_bytes()[len(before) :].splitlines()) == 1


def test_an_error_in_a_command_leaves_nothing_in_memory(
    sealed: Path, pw: Path, triage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipeline.search.query as query

    seen: list[set[Path]] = []
    made: list[Path] = []

    def broken(*_: object, **__: object) -> None:
        seen.append(memory.rooms())
        made.append(Path(tempfile.mkdtemp()))
        raise ValueError("zebrapelican")

    monkeypatch.setattr(query, "search", broken)
    before = tempfile.gettempdir()
    code, _, err = triage("search", sealed, "x", "--password-file", pw)
    assert code == 4 and "zebrapelican" not in err
    assert len(seen[0]) == 1 and not any(room.exists() for room in seen[0])
    assert made[0].is_relative_to(*seen[0])
    assert tempfile.gettempdir() == before and "TMPDIR" not in os.environ


def test_an_error_while_the_case_is_written_keeps_what_is_whole(sealed: Path, pw: Path) -> None:
    case = open_case(sealed, password_file=pw)
    with pytest.raises(ZeroDivisionError), locked(case):
        shard = case.path / "work" / "shards" / "s" / "o" / "000000-x"
        shard.mkdir(parents=True)
        (shard / "receipt.json").write_text("zebrapelican")
        (shard.parent / ".000001-x.9").mkdir()
        (shard.parent / ".000001-x.9" / "half").write_text("zebrapelican")
        (case.path / ".staged").mkdir()
        (case.path / ".staged" / "half").write_text("zebrapelican")
        _ = 1 / 0
    forget()
    assert_closed(sealed)
    units = catalogue_of(sealed, pw).entries
    assert "work/shards/s/o/000000-x" in units
    assert not any("half" in unit or ".staged" in unit or "000001" in unit for unit in units)
    case = open_case(sealed, password_file=pw)
    with locked(case):
        case.take_work()
        assert (case.path / "work/shards/s/o/000000-x/receipt.json").is_file()


# --- processes ----------------------------------------------------------------------------------

MAIN = """
import time
import pipeline.run
from contextlib import contextmanager
from pipeline import vault_case, vault_key
from pipeline.cli import main
vault_key._protected, vault_key.unprotected = protected, unprotected
vault_case.KEEP_SECONDS = 0
class Crew:
    def warm(self, work, item):
        pass
    def each(self, work, tasks):
        for number, task in enumerate(tasks):
            if number:
                print("at work", flush=True)
                time.sleep(60)
            yield task, work(task)
@contextmanager
def crew(*_):
    yield Crew()
pipeline.run.Crew = crew
main(sys.argv[1:])
"""
"""``triage run`` that stays at its second shard."""


@pytest.fixture
def two_shards(given: Path, tmp_path: Path, make_zip: Any, meta_html: Any) -> Path:
    said = [("Quillon Vantreese", "2024-01-01 10:00:00 UTC", "zebrapelican again, 651-555-0117")]
    return Path(
        make_zip(
            tmp_path / "two.zip",
            {"a/records.html": meta_html({"77": said}), "b/records.html": meta_html({"78": said})},
        )
    )


def start(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        # a hang-up counts in it, also where the tests themselves were started to outlive one
        [sys.executable, "-c", HEARS + STAND_IN + MAIN, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


HEARS = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"


def rooms_of(process: int) -> list[Path]:
    return [r for base in memory.bases() for r in base.glob(f"{memory.PREFIX}{process}-*")]


@pytest.mark.parametrize("number", [
        signal.SIGKILL, signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.slow),
    ])  # fmt: skip
def test_ended_in_the_middle(
    two_shards: Path, pw: Path, tmp_path: Path, number: signal.Signals, table_hashes: Any
) -> None:
    path = tmp_path / "case"
    arguments = ("run", two_shards, "--case", path, "--no-model", "--quiet", "--workers", "1",
                 "--password-file", pw)  # fmt: skip
    with start(*arguments, "--encrypt") as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == "at work\n"
        rooms = rooms_of(process.pid)
        assert len(rooms) == 1 and rooms[0].stat().st_mode & 0o777 == 0o700
        for name in ("cmdline", "environ"):
            assert PASSWORD.encode() not in Path(f"/proc/{process.pid}/{name}").read_bytes()
        assert leaks(path) == []
        process.send_signal(number)
        err = process.stderr.read()
    assert_closed(path)
    if number == signal.SIGKILL:
        assert rooms[0].exists()  # nobody could remove it; the next command does
    else:
        assert process.returncode == 130 and "stopped; run the same command again" in err
        assert not rooms[0].exists()
    # the shard that was done is taken up: it is in the vault
    done = [unit for unit in catalogue_of(path, pw).entries if unit.startswith("work/shards")]
    assert len(done) == 1
    assert not rooms[0].exists()
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        from pipeline import read

        real = read._receipt

        def receipt(folder: Path, *more: Any) -> Any:
            found = real(folder, *more)
            if found is not None:
                told.append(folder.name)
            return found

        patch.setattr(read, "_receipt", receipt)
        run([two_shards], path, options(pw), quiet=True)
    assert told == [done[0].rsplit("/", 1)[-1]]
    forget()
    assert_closed(path)
    other = tmp_path / "other"
    run([two_shards], other, options(), quiet=True)
    assert table_hashes(open_case(path, password_file=pw).path) == table_hashes(other)


def test_rooms_of_dead_processes_are_swept(sealed: Path, pw: Path) -> None:
    base = memory.bases()[0]
    dead = Path(tempfile.mkdtemp(prefix=f"{memory.PREFIX}1-", dir=base))
    (dead / "x").write_text("zebrapelican")
    link = base / f"{memory.PREFIX}link-{os.getpid()}"
    link.symlink_to(sealed)
    try:
        case = open_case(sealed, password_file=pw)
        assert not dead.exists()
        assert link.is_symlink() and (sealed / "vault").is_dir()
        memory.sweep()
        assert case.path.is_dir()  # held
        code = "from pipeline import memory; print(memory.sweep())"
        out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert out.stdout == "0\n" and case.path.is_dir()
    finally:
        link.unlink()


def test_readers_beside_a_writer(sealed: Path, pw: Path) -> None:
    reader = open_case(sealed, password_file=pw)
    text = (reader.path / "reports" / "report.html").read_text()
    first = vault_case._opened.pop(reader.path)  # as if in another process
    writer = open_case(sealed, password_file=pw)
    assert writer.path != reader.path
    with locked(writer):
        (writer.path / "reports" / "report.html").write_text("new")
        with pytest.raises(UnfinishedError, match="another run is at work"), locked(reader):
            pass
    assert (reader.path / "reports" / "report.html").read_text() == text  # the old one, whole
    vault_case._opened[reader.path] = first
    with locked(reader):  # writes on what is new
        assert (reader.path / "reports" / "report.html").read_text() == "new"
    assert open_case(reader.path).home is not None  # as `steadily` does


def test_a_generation_that_is_replaced_while_it_is_opened(
    sealed: Path, pw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = open_case(sealed, password_file=pw)
    vault_case._opened[writer.path].mark = b""  # another process's
    real, replaced = vault.Vault.restore, []

    def restore(self: Any, root: Path, unit: str, entry: Any) -> None:
        if unit == "reports/report.html" and not replaced:
            replaced.append(unit)
            with locked(writer):
                (writer.path / unit).write_text("new")
        real(self, root, unit, entry)

    monkeypatch.setattr(vault.Vault, "restore", restore)
    case = open_case(sealed, password_file=pw)
    assert case.path != writer.path
    assert (case.path / "reports" / "report.html").read_text() == "new"


def test_opened_twice_it_is_the_same(sealed: Path, pw: Path, tmp_path: Path) -> None:
    case = open_case(sealed, password_file=pw)
    assert open_case(sealed, password_file=pw) == case
    (tmp_path / "bad").write_text("other\n")
    with pytest.raises(ConfigError, match="wrong"):
        open_case(sealed, password_file=tmp_path / "bad")
    with pytest.raises(ConfigError, match="is encrypted"):
        open_case(sealed)
    assert pickle.loads(pickle.dumps(case)) == case
    assert PASSWORD not in repr(case)


def test_a_case_that_may_not_be_written(
    sealed: Path, pw: Path, open_dir: Path,
    without_rights: Callable[[], AbstractContextManager[None]], triage: Any,
) -> None:  # fmt: skip
    copy = Path(shutil.copytree(sealed, open_dir / "case"))
    shutil.copy(pw, open_dir / "pw")
    for path in [copy, *copy.rglob("*"), open_dir / "pw"]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    with without_rights():
        code, out, _ = triage("search", copy, "zebrapelican", "--password-file", open_dir / "pw")
        assert code == 0 and "zebrapelican" in out
        code, _, err = triage(
            "report", copy, "-o", open_dir / "r.html", "--password-file", open_dir / "pw"
        )
        assert code == 0, err


# --- memory -------------------------------------------------------------------------------------


def test_where_the_plain_form_may_lie(
    sealed: Path, pw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_PRIVATE_DIR", str(tmp_path / "none"))
    with pytest.raises(ConfigError, match="is no folder on a tmpfs"):
        open_case(sealed, password_file=pw)
    if memory._kind(tmp_path.resolve()) not in memory.KINDS:
        monkeypatch.setenv("TRIAGE_PRIVATE_DIR", str(tmp_path))
        with pytest.raises(ConfigError, match="is no folder on a tmpfs"):
            open_case(sealed, password_file=pw)
    monkeypatch.delenv("TRIAGE_PRIVATE_DIR")
    monkeypatch.setattr(memory, "_usable", lambda _: False)
    with pytest.raises(ConfigError, match="mount one and name it by TRIAGE_PRIVATE_DIR"):
        open_case(sealed, password_file=pw)
    monkeypatch.undo()


def test_too_little_memory(
    sealed: Path, pw: Path, monkeypatch: pytest.MonkeyPatch, given: Path
) -> None:
    monkeypatch.setattr(memory, "free", lambda _: memory.SPARE)
    with pytest.raises(UnfinishedError, match="MiB are free: end other programs"):
        open_case(sealed, password_file=pw)
    assert not memory.rooms()


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_are_refused_in_one_line(
    given: Path, pw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    monkeypatch.setattr(memory.sys, "platform", system)
    with pytest.raises(ConfigError, match=r"BitLocker .* FileVault") as told:
        run([given], tmp_path / "case", options(pw), quiet=True)
    assert "\n" not in str(told.value)
    assert not (tmp_path / "case").exists()


def test_kinds_of_file_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = "d / ext4 rw 0 0\nt /mnt/a\\040b tmpfs rw 0 0\nx /mnt/a\\040b/in ext4 rw 0 0\n"
    (tmp_path / "mounts").write_text(table)
    real = Path.read_text
    monkeypatch.setattr(
        Path, "read_text",
        lambda self, *a, **k: real(
            tmp_path / "mounts" if str(self) == "/proc/self/mounts" else self, *a, **k
        ),
    )  # fmt: skip
    kinds = {p: memory._kind(Path(p)) for p in ("/x", "/mnt/a b/c", "/mnt/a b", "/mnt/a b/in/c")}
    assert kinds == {
        "/x": "ext4", "/mnt/a b/c": "tmpfs", "/mnt/a b": "tmpfs", "/mnt/a b/in/c": "ext4",
    }  # fmt: skip
