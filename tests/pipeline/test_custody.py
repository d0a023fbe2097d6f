"""Sources proven untouched: before the first byte and after the last."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from reader_samples import samples

from pipeline import custody
from pipeline.case import Case, create_case
from pipeline.config import Limits
from pipeline.errors import IntegrityError, UnfinishedError
from pipeline.plan import receive

Triage = Callable[..., tuple[int, str, str]]
Page = Callable[..., bytes]

A = "a" * 64
SAID = {"9": [("Ann Example (Facebook: 1)", "2024-02-01 10:00:00 UTC", "hello quartzotter")]}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def returned(tmp_path: Path, meta_html: Page, make_zip: Callable[..., Path]) -> Path:
    """A folder with a page, a note, a system file, a folder and a zip in it."""
    folder = tmp_path / "return"
    (folder / "sub").mkdir(parents=True)
    (folder / "records.html").write_bytes(meta_html(SAID))
    (folder / "sub" / "note.txt").write_bytes(b"a note about nothing\n")
    (folder / ".DS_Store").write_bytes(b"junk")
    make_zip(folder / "other.zip", {"records.html": meta_html({"8": []}, target="2")})
    return folder


def watched(case: Case, *sources: Path) -> custody.Watch:
    watch = custody.begin(case, sources)
    received = receive(case, list(sources), Limits(), lambda _count: None)
    custody.note_hashes(watch, sources, received)
    return watch


def touch_inside(path: Path) -> None:
    """Change one byte, and put time and size back."""
    status = path.stat()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


CHANGES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "byte": (lambda r: touch_inside(r / "records.html"), r"records.html: has changed \(SHA-256\)"),
    "size": (lambda r: (r / "records.html").write_bytes(b"x"), r"records.html: has changed \(size\)"),
    "time": (lambda r: os.utime(r / "records.html", ns=(5, 5)), r"records.html: has changed \(time\)"),
    "nanosecond": (
        lambda r: os.utime(r / "other.zip", ns=(0, (r / "other.zip").stat().st_mtime_ns + 1)),
        r"other.zip: has changed \(time\)",
    ),
    "rights": (lambda r: (r / "records.html").chmod(0o600), r"records.html: has changed \(rights\)"),
    "unread file": (lambda r: touch_inside(r / ".DS_Store"), r".DS_Store: has changed \(SHA-256\)"),
    "zip": (lambda r: touch_inside(r / "other.zip"), r"other.zip: has changed \(SHA-256\)"),
    "rights of a folder": (lambda r: (r / "sub").chmod(0o700), r"sub: has changed \(rights\)"),
    "new": (lambda r: (r / "sub" / "new").touch(), r"sub: has changed \(time\)"),
    "gone": (lambda r: (r / "sub" / "note.txt").unlink(), r"sub: has changed \(time\)"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_is_seen(tmp_path: Path, returned: Path, what: str) -> None:
    for path in (returned, returned / "sub"):
        path.chmod(0o755)
    watch = watched(create_case(tmp_path / "case", []), returned)
    custody.compare(watch, lambda _count: None)
    change, words = CHANGES[what]
    change(returned)
    with pytest.raises(IntegrityError, match=words) as caught:
        custody.compare(watch, lambda _count: None)
    assert "while the run was at work" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_put_in_behind_the_times_back(tmp_path: Path, returned: Path) -> None:
    watch = watched(create_case(tmp_path / "case", []), returned)
    status = (returned / "sub").stat()
    (returned / "sub" / "new").touch()
    os.utime(returned / "sub", ns=(0, status.st_mtime_ns))
    with pytest.raises(IntegrityError, match="new: is new while"):
        custody.compare(watch, lambda _count: None)


def test_times_of_access_are_no_change(tmp_path: Path, returned: Path) -> None:
    watch = watched(create_case(tmp_path / "case", []), returned)
    path = returned / "records.html"
    os.utime(path, ns=(12345, path.stat().st_mtime_ns))
    custody.compare(watch, lambda _count: None)


def test_a_source_taken_away_can_be_put_back(tmp_path: Path, returned: Path) -> None:
    watch = watched(create_case(tmp_path / "case", []), returned)
    returned.rename(tmp_path / "away")
    with pytest.raises(UnfinishedError, match="return: can no longer be read"):
        custody.compare(watch, lambda _count: None)


def test_a_source_of_the_case_may_be_away(tmp_path: Path, returned: Path) -> None:
    case = create_case(tmp_path / "case", [])
    watched(case, returned / "other.zip")
    (returned / "other.zip").rename(tmp_path / "away.zip")
    custody.compare(watched(case, returned / "records.html"), lambda _count: None)


def test_a_run_over_a_changed_source_publishes_nothing(
    tmp_path: Path, returned: Path, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipeline.run as job

    real = job.derive

    def derive(*arguments: Any) -> Any:
        touch_inside(returned / "records.html")
        return real(*arguments)

    monkeypatch.setattr(job, "derive", derive)
    case = tmp_path / "case"
    code, _, err = triage("run", returned, "--case", case, "--workers", 1, "--no-model")
    assert code == 3
    assert "records.html: has changed (SHA-256) while the run was at work" in err
    assert len(err.splitlines()) == 1
    assert not (case / "tables").exists()
    assert not (case / "manifest.json").exists()


CHANGING = {"os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir",
            "os.symlink", "os.truncate", "os.utime", "os.setxattr", "shutil.rmtree"}  # fmt: skip
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Eye:
    """Sees what this process opens and changes below a folder (sys.addaudithook)."""

    def __init__(self) -> None:
        self.root = ""
        self.opened: set[str] = set()
        self.wrong: list[str] = []
        sys.addaudithook(self._see)

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.root or (event != "open" and event not in CHANGING):
            return
        paths = [os.fspath(a) for a in arguments if isinstance(a, str | os.PathLike)]
        if not any(isinstance(p, str) and p.startswith(self.root) for p in paths):
            return
        if event == "open":
            self.opened.add(str(paths[0]))
            _, mode, flags = arguments
            if flags & WRITES or (isinstance(mode, str) and set(mode) & set("wax+")):
                self.wrong.append(f"{event} {paths[0]} {mode}")
        else:
            self.wrong.append(f"{event} {paths}")


@pytest.fixture(scope="module")
def eye() -> Eye:
    return Eye()


@contextmanager
def seen(eye: Eye, root: Path) -> Iterator[None]:
    eye.root, eye.opened, eye.wrong = str(root), set(), []
    try:
        yield
    finally:
        eye.root = ""


def state(root: Path) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for path in [root, *sorted(root.rglob("*"))]:
        status = path.lstat()
        data = sha256(path.read_bytes()) if path.is_file() else ""
        found[str(path)] = (status.st_mode, status.st_mtime_ns, status.st_ctime_ns, data)
    return found


def test_every_format_is_only_read(tmp_path: Path, triage: Triage, eye: Eye) -> None:
    """Each reader's files, and one in a zip; every open and every change by this process is seen."""
    source = tmp_path / "source"
    for reader, files in samples().items():
        for name, data in files.items():
            path = source / reader / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    shutil.make_archive(str(tmp_path / "source" / "packed"), "zip", source / "meta_html")
    before = state(source)
    case = tmp_path / "case"
    with seen(eye, source):
        code, _, err = triage("run", source, "--case", case, "--workers", 1, "--no-model")
        for command in ("search", "show", "status"):
            triage(command, case, *(["FB-1 p. 1"] if command != "status" else []))
    assert code in (0, 1), err
    assert eye.wrong == []
    assert len(eye.opened) >= 20  # the eye is open
    assert state(source) == before
    rows = custody.read_receipt(Case(case))
    assert {row["untouched"] for row in rows} == {"yes"}
    listed = {file["path"] for row in rows if row["kind"] == "folder" for file in row["files"]}
    names = {p.relative_to(source).as_posix() for p in source.rglob("*") if p.is_file()}
    assert listed == names - {"packed.zip"}
    with seen(eye, source):  # and it would have seen it
        os.utime(source / "packed.zip")
        (source / "records.html").write_bytes(b"")
    assert [line.split()[0] for line in eye.wrong] == ["os.utime", "open"]


def test_sources_that_may_only_be_read(
    open_dir: Path, meta_html: Page, without_rights: Callable[[], AbstractContextManager[None]],
    triage: Triage,
) -> None:  # fmt: skip
    source = open_dir / "source"
    source.mkdir()
    (source / "records.html").write_bytes(meta_html(SAID))
    (source / "records.html").chmod(0o444)
    source.chmod(0o555)
    case = open_dir / "case"
    with without_rights():
        with pytest.raises(OSError, match="denied"):
            (source / "x").touch()
        code, _, err = triage("run", source, "--case", case, "--workers", 1, "--no-model")
        assert (code, err) == (0, "")
        (row,) = custody.read_receipt(Case(case))
    assert (row["untouched"], row["files"][0]["mode"]) == ("yes", "0444")


def test_the_receipt(tmp_path: Path, returned: Path, triage: Triage) -> None:
    case = tmp_path / "case"
    assert triage("run", returned, "--case", case, "--workers", 1, "--no-model")[0] in (0, 1)
    rows = json.loads((case / "reports" / "custody.json").read_text())["sources"]
    assert [(row["label"], row["kind"], row["untouched"]) for row in rows] == [
        ("FB-1", "zip", "yes"), ("FB-2", "folder", "yes"),
    ]  # fmt: skip
    assert [file["path"] for file in rows[1]["files"]] == [
        "(passed over)", "records.html", "sub/note.txt",
    ]  # fmt: skip
    for row in rows:
        for file in row["files"]:
            path = returned / file["path"].replace("(passed over)", ".DS_Store")
            status = path.stat()
            assert file["sha256"] == sha256(path.read_bytes())
            assert (file["size_bytes"], file["mtime_ns"]) == (status.st_size, status.st_mtime_ns)
            assert file["mode"] == f"{stat.S_IMODE(status.st_mode):04o}"
    assert "reports/custody.json" in Case(case).manifest()["files"]
    report = (case / "reports" / "report.html").read_text()
    assert "Sources untouched: FB-1 yes; FB-2 yes." in re.sub("<[^>]*>", "", report)
    entry = json.loads((case / "audit.jsonl").read_text().splitlines()[-1])
    assert [(row["files"], row["untouched"]) for row in entry["details"]["custody"]] == [
        (1, "yes"), (3, "yes"),
    ]  # fmt: skip
    assert str(tmp_path) not in (case / "reports" / "custody.json").read_text()


@pytest.mark.usefixtures("brief_reports")
def test_what_an_earlier_run_proved_stays(tmp_path: Path, meta_html: Page, triage: Triage) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.html").write_bytes(meta_html(SAID, target=name))
    case = tmp_path / "case"
    for name in ("a", "b"):
        found = triage(
            "run", tmp_path / f"{name}.html", "--case", case, "--no-model", "--workers", 1
        )
        assert found[0] == 0
        (tmp_path / "a.html").rename(tmp_path / "moved.html") if name == "a" else None
    rows = custody.read_receipt(Case(case))
    assert [(row["name"], row["untouched"]) for row in rows] == [
        ("a.html", "yes"),
        ("b.html", "yes"),
    ]


def test_names_of_sealed_conversations_are_in_no_receipt(tmp_path: Path) -> None:
    from pipeline.custody import receipt, shield
    from pipeline.stated_hashes import check, gather

    folder = tmp_path / "return"
    folder.mkdir()
    chat = folder / "WhatsApp Chat with Planted Quillfeather.txt"
    chat.write_text("01/02/24, 10:00 - Planted Quillfeather: hello\n01/02/24, 10:01 - Bo: hi\n")
    digest = hashlib.md5(chat.read_bytes(), usedforsecurity=False).hexdigest()
    (folder / f"{chat.stem}.md5").write_text(digest)
    (folder / f"{chat.name}.sha256").write_text(f"{sha256(chat.read_bytes())}  {chat.name}")
    (folder / "hashes.txt").write_text(f"{A}  gone with Quillfeather.txt\n")
    case = create_case(tmp_path / "case", [])
    watch = custody.begin(case, [folder])
    stated = gather([folder], [])
    issues = [asdict(issue) for issue in check(stated, [], lambda _count: None)]
    assert "Quillfeather" in json.dumps(issues)
    received = receive(case, [folder], Limits(), lambda _count: None)
    custody.note_hashes(watch, [folder], received)
    (item,) = [item for item in received.items if item.file.reader == "whatsapp_chat"]
    item.withheld = True
    rows = shield(received, [*issues, *received.issues])
    proof = receipt(case, watch, received, stated)
    text = json.dumps([rows, proof, [i.shown_path for i in received.items]])
    assert "Quillfeather" not in text
    assert len(proof["sources"][0]["files"]) == 4
    stated_of = [file["as_stated"] for file in proof["sources"][0]["files"]]
    assert ["MD5 in a withheld file", "SHA-256 in a withheld file"] in stated_of


def test_a_file_nobody_may_read_is_compared_by_the_rest(
    open_dir: Path, meta_html: Page, without_rights: Callable[[], AbstractContextManager[None]]
) -> None:
    source = open_dir / "source"
    source.mkdir(mode=0o755)
    (source / "records.html").write_bytes(meta_html(SAID))
    (source / "Thumbs.db").write_bytes(b"junk")
    (source / "Thumbs.db").chmod(0o000)
    for path in (source, source / "records.html"):
        path.chmod(0o755)
    with without_rights():
        watch = watched(create_case(open_dir / "case", []), source)
    assert source / "Thumbs.db" not in watch.hashes
    custody.compare(watch, lambda _count: None)
    (source / "Thumbs.db").chmod(0o004)
    with pytest.raises(IntegrityError, match=r"Thumbs.db: has changed \(rights\)"):
        custody.compare(watch, lambda _count: None)
