"""Bad input through the command: one clear line, the right exit code, nothing outside the case."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

Triage = Callable[..., tuple[int, str, str]]
State = dict[str, tuple[int, int, bytes]]


def state(*roots: Path) -> State:
    found = {}
    for root in roots:
        for path in sorted(root.rglob("*")):
            status = path.lstat()
            regular = path.is_file() and not path.is_symlink()
            data = path.read_bytes() if regular else b""
            found[str(path)] = (status.st_mode, status.st_mtime_ns if regular else 0, data)
    return found


@pytest.fixture(scope="module")
def given_once(
    tmp_path_factory: pytest.TempPathFactory, meta_html: Callable[..., bytes],
    make_zip: Callable[..., Path],
) -> Path:  # fmt: skip
    """A folder of things that are no return, or no longer; to be read and copied alone."""
    page = meta_html({"9": [("Ann Example (Facebook: 1)", "2024-02-01 10:00:00 UTC", "hello")]})
    folder = tmp_path_factory.mktemp("made") / "given"
    folder.mkdir()
    (folder / "empty.html").touch()
    (folder / "empty.zip").touch()
    (folder / "hollow").mkdir()
    (folder / "drawing.dwg").write_bytes(b"AC1032\0\0\0\1 drawing")
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 40)
    (folder / "report.xml").write_text("<?xml version='1.0'?><project><model/></project>")
    (folder / "link.zip").symlink_to(folder / "good.zip")
    good = make_zip(folder / "good.zip", {"records.html": page})
    (folder / "cut.zip").write_bytes(good.read_bytes()[:-100])
    (folder / "not.zip").write_bytes(b"this is no zip at all")
    locked = bytearray(good.read_bytes())
    struct.pack_into("<H", locked, locked.index(b"PK\x01\x02") + 8, 1)
    struct.pack_into("<H", locked, locked.index(b"PK\x03\x04") + 6, 1)
    (folder / "locked.zip").write_bytes(locked)
    make_zip(folder / "out.zip", {"../../records.html": page})
    symbolic = zipfile.ZipInfo("records.html")
    symbolic.external_attr = 0o120777 << 16
    make_zip(folder / "symbolic.zip", [(symbolic, b"/etc/passwd")])
    make_zip(folder / "bomb.zip", {"records.html": page + bytes(20 << 20)})
    make_zip(folder / "nested.zip", {"inner.zip": good.read_bytes()})
    make_zip(folder / "bare.zip", {})
    make_zip(folder / "pdf.zip", {"scan.pdf": b"%PDF-1.7"})
    return folder


@pytest.fixture
def given(given_once: Path, tmp_path: Path) -> Path:
    """The test's own copy of it."""
    return Path(shutil.copytree(given_once, tmp_path / "given", symlinks=True))


@pytest.fixture
def own_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that the test can look into."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def one_line(err: str) -> None:
    assert err.startswith("triage: ")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.zip", "missing.zip: no such file or folder"),
        ("empty.html", "empty.html: the file is empty"),
        ("empty.zip", "empty.zip: the file is empty"),
        ("hollow", "hollow: the folder holds no files"),
        ("link.zip", "link.zip: is a symbolic link; name the file itself"),
        ("drawing.dwg", "drawing.dwg: in no format known here"),
        ("noise.bin", "noise.bin: in no format known here"),
        ("report.xml", "report.xml: in no format known here"),
        ("cut.zip", "cut.zip: the zip is cut off or damaged"),
        ("not.zip", "not.zip: the zip is cut off or damaged"),
        ("locked.zip", "records.html: is encrypted; unlock the zip and run again"),
        ("out.zip", "../../records.html: leads out of the archive"),
        ("symbolic.zip", "records.html: is a symbolic link"),
        ("nested.zip", "inner.zip: is an archive within an archive; unpack it and name it too"),
        ("bare.zip", "no file is in a known format"),
        ("pdf.zip", "scan.pdf: is a damaged PDF that cannot be opened"),
    ],
)
@pytest.mark.usefixtures("brief_reports")
def test_no_source_can_be_used(
    tmp_path: Path, given: Path, own_temp: Path, triage: Triage, name: str, words: str
) -> None:
    before = state(given, own_temp)
    case = tmp_path / "case"
    code, out, err = triage("run", given / name, "--case", case, "--workers", 1)
    assert (code, out) == (2, "")
    one_line(err)
    assert words in err
    assert state(given, own_temp) == before
    assert {path.name for path in tmp_path.iterdir()} <= {"given", "temp", "case"}
    if name == "drawing.dwg":  # a good source makes a case of it all the same
        assert triage("run", given / "good.zip", "--case", case, "--workers", 1)[0] == 0


@pytest.mark.parametrize(
    ("bad", "code"),
    [("drawing.dwg", "unknown_format"), ("cut.zip", "broken_archive"), ("locked.zip", "encrypted_member"),
     ("out.zip", "unsafe_path"), ("symbolic.zip", "link_member"), ("nested.zip", "nested_archive")],
)  # fmt: skip
@pytest.mark.usefixtures("brief_reports")
def test_one_source_of_two_can_be_used(
    tmp_path: Path, given: Path, triage: Triage, bad: str, code: str
) -> None:
    case = tmp_path / "case"
    arguments = ("run", given / "good.zip", given / bad, "--case", case, "--workers", 1)
    assert triage(*arguments)[0] == 1
    issues = pd.read_parquet(case / "tables" / "issues")
    errors = issues[issues["severity"] == "error"]
    assert list(errors["code"]) == [code]
    assert str(tmp_path) not in " ".join(issues["message"])
    again = triage(*arguments)
    assert again[0] == 1  # still not read
    assert "nothing new" in again[1]


def test_limits(tmp_path: Path, given: Path, triage: Triage) -> None:
    arguments = ("run", given / "bomb.zip", "--case", tmp_path / "case", "--workers", 1)
    for option, value in [
        ("--limit-ratio", 20), ("--limit-member-bytes", 9999), ("--limit-total-bytes", 9999),
        ("--limit-members", 0),
    ]:  # fmt: skip
        code, _, err = triage(*arguments, option, value)
        assert code == 2
        one_line(err)
        assert option in err


@pytest.mark.parametrize("cut", [0.98, 0.7, 0.4])
def test_html_cut_off(tmp_path: Path, sample_return: Path, triage: Triage, cut: float) -> None:
    """What is there is read, and no byte goes missing unsaid."""
    with zipfile.ZipFile(sample_return) as archive:
        page = archive.read("records.html")
    path = tmp_path / "records.html"
    path.write_bytes(page[: int(len(page) * cut)])
    code, _, err = triage("run", path, "--case", tmp_path / "case", "--workers", 1)
    assert (code, err) == (1, "")
    issues = pd.read_parquet(tmp_path / "case" / "tables" / "issues")
    assert list(issues[issues["severity"] == "error"]["code"]) == ["file_ends_early"]
    coverage = pd.read_parquet(tmp_path / "case" / "tables" / "coverage")
    assert coverage["byte_start"].min() == 0
    assert coverage["byte_end"].max() == path.stat().st_size


def test_options(tmp_path: Path, given: Path, triage: Triage) -> None:
    good = given / "good.zip"
    for arguments, words in [
        (("--region", "Mars"), "is not a country code"),
        (("--timezone", "Mars"), "is not a zone"),
        (("--workers", "0"), "--workers must be 1 or more"),
        (("--scope", tmp_path / "none.toml"), "none.toml: the scope cannot be read"),
        (("--config", tmp_path / "none.toml"), "none.toml: not a readable TOML file"),
        (("--model", tmp_path / "none"), "no such folder"),
    ]:
        code, out, err = triage("run", good, "--case", tmp_path / "case", *arguments)
        assert (code, out) == (2, "")
        one_line(err)
        assert words in err
        assert not (tmp_path / "case").exists()
    for arguments in [("run",), ("run", good), ("run", "--case"), ("run", good, "--nonsense"),
                      ("run", good, "--case", tmp_path / "case", "--workers", "two")]:  # fmt: skip
        code, _, err = triage(*arguments)
        assert code == 2
        assert "Traceback" not in err


@pytest.mark.usefixtures("brief_reports")
def test_the_case_folder(tmp_path: Path, given: Path, triage: Triage) -> None:
    good = given / "good.zip"
    (tmp_path / "file").touch()
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter").touch()
    case = tmp_path / "case"
    assert triage("run", good, "--case", case, "--workers", 1)[0] == 0
    newer = Path(shutil.copytree(case, tmp_path / "newer"))
    toml = newer / "case.toml"
    toml.write_text(toml.read_text().replace("format = 1", "format = 2"))
    before = state(tmp_path)
    for arguments, words in [
        (("run", given, "--case", given / "case"), "lies inside the source"),
        (("run", given, "--case", given), "lies inside the source"),
        (("run", good, "--case", tmp_path / "file"), "is there already and is no case"),
        (("run", good, "--case", tmp_path / "file" / "case"), "cannot be written there"),
        (("run", good, "--case", tmp_path / "thesis"), "is there already and is no case"),
        (("run", good, "--case", newer), "made by a newer version"),
        (("search", newer, "hello"), "made by a newer version"),
        (("show", newer, "FB-1 p. 1"), "made by a newer version"),
        (("search", tmp_path / "none", "hello"), "no case here"),
        (("show", tmp_path / "thesis", "FB-1 p. 1"), "no case here"),
    ]:
        code, out, err = triage(*arguments)
        assert (code, out) == (2, ""), arguments
        one_line(err)
        assert words in err
    assert state(tmp_path) == before


@pytest.mark.usefixtures("brief_reports")
def test_another_run_holds_the_case(tmp_path: Path, given: Path, triage: Triage) -> None:
    case = tmp_path / "case"
    arguments = ("run", given / "good.zip", "--case", case, "--workers", 1)
    assert triage(*arguments)[0] == 0
    with FileLock(case / ".lock"):
        code, _, err = triage(*arguments)
        assert code == 5
        one_line(err)
        assert "another run is at work" in err
        code, out, _ = triage("search", case, "hello", "--json")  # reading goes on
        assert code == 0
        assert "hello" in out
    assert triage(*arguments)[0] == 0


def test_a_case_that_may_not_be_written(
    open_dir: Path, given: Path, triage: Triage,
    without_rights: Callable[[], AbstractContextManager[None]], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(tempfile, "tempdir", str(open_dir))
    good = Path(shutil.copy(given / "good.zip", open_dir))
    good.chmod(0o444)
    case = open_dir / "case"
    with without_rights():
        assert triage("run", good, "--case", case, "--workers", 1)[0] == 0
        for path in [*case.rglob("*"), case]:
            path.chmod(0o500 if path.is_dir() else 0o400)
        before = state(open_dir)
        code, _, err = triage("run", good, "--case", case, "--workers", 1)
        assert code == 2
        one_line(err)
        assert "may not be written" in err
        code, out, _ = triage("search", case, "hello", "--json")
        assert code == 0
        assert "hello" in out
        code, out, _ = triage("show", case, "FB-1 p. 1")
        assert code == 0
        code, out, err = triage("report", case, "-o", open_dir / "report.html")
        assert (code, err) == (0, "")
        (open_dir / "report.html").unlink()
        assert state(open_dir) == before


def test_a_source_that_may_not_be_read(
    open_dir: Path, given: Path, triage: Triage,
    without_rights: Callable[[], AbstractContextManager[None]],
) -> None:  # fmt: skip
    good = Path(shutil.copy(given / "good.zip", open_dir))
    good.chmod(0o000)
    with without_rights():
        code, _, err = triage("run", good, "--case", open_dir / "case", "--workers", 1)
        assert code == 2
        one_line(err)
        assert "good.zip: may not be read; ask for access" in err
        assert not (open_dir / "case").exists()


# --- a disk that fills up -----------------------------------------------------------------------


@pytest.mark.usefixtures("brief_reports")
def test_room_is_asked_for_before_starting(
    tmp_path: Path, given: Path, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1 << 20)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _path: usage)
        arguments = ("run", given / "good.zip", "--case", tmp_path / "case", "--workers", 1)
        code, _, err = triage(*arguments)
        assert code == 5
        one_line(err)
        assert "are needed and 0.0 GiB are free; make room" in err
        assert not (tmp_path / "case" / "work" / "shards").exists()
    assert triage(*arguments)[0] == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 200 KB that can be made larger."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no right to mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_disk_fills_up(
    sample_return: Path, sample_case: Path, small_disk: Path, triage: Triage, workers: int,
    table_hashes: Callable[[Path], dict[str, str]], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """At whatever stage: one line, exit code 5, and it goes on once there is room."""
    monkeypatch.setattr("pipeline.run.ROOM", 0)
    usage = shutil.disk_usage(small_disk)._replace(free=1 << 40)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    case = small_disk / "case"
    arguments = ("run", sample_return, "--case", case, "--workers", workers)
    codes = []
    for size in (4, 40, 200, 300, 420, 600) if workers == 1 else (100,):
        subprocess.run(["mount", "-o", f"remount,size={size}k", str(small_disk)], check=True)
        code, _, err = triage(*arguments)
        codes.append(code)
        if code == 0:
            break
        one_line(err)
        assert code in (2, 5)
        assert "written" in err
        assert not (case / "tables").exists()
        assert not (case / ".staged").exists()
    assert codes.count(5) >= (3 if workers == 1 else 1)
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert triage(*arguments)[0] == 0
    assert table_hashes(case) == table_hashes(sample_case)


@pytest.mark.usefixtures("brief_reports")
def test_a_full_disk_leaves_what_was_published(
    tmp_path: Path, given: Path, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = tmp_path / "case"
    arguments = ("run", given / "good.zip", "--case", case, "--workers", 1)
    assert triage(*arguments)[0] == 0
    before = state(case / "tables", case / "index", case / "reports")

    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, os.strerror(28))

    for place in ("pipeline.read.run_shard", "pipeline.run.derive", "pipeline.run.write_ledger",
                  "pipeline.run.write_reports", "pipeline.run.publish"):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(place, full)
            code, _, err = triage(*arguments, "--region", "MX")
            assert code == 5, place
            one_line(err)
            assert "the disk is full" in err.lower() or "No space left" in err
        assert state(case / "tables", case / "index", case / "reports") == before
    assert triage(*arguments, "--region", "MX")[0] == 0


def test_members_that_repeat_or_lie(
    tmp_path: Path, meta_html: Callable[..., bytes], triage: Triage
) -> None:
    said = [("Ann Example (Facebook: 1)", "2024-02-01 10:00:00 UTC", "hello")]
    page = meta_html({"9": said})
    path = tmp_path / "r.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("records.html", b"x" * 999)
        archive.writestr("records.html", page)
        archive.writestr("false\nname\x1b[2J.html", page + b" ")
    data = bytearray(path.read_bytes())
    last = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, last + 24, 10)
    path.write_bytes(data)
    code, out, err = triage("run", path, "--case", tmp_path / "case", "--workers", 1)
    assert (code, err) == (1, "")
    assert "\x1b" not in out
    issues = pd.read_parquet(tmp_path / "case" / "tables" / "issues")
    errors = issues[issues["severity"] == "error"]
    assert sorted(errors["code"]) == ["repeated_member", "unreadable_file"]
    assert not any("\n" in message or "\x1b" in message for message in errors["message"])
