"""Sources as they come: whole, damaged, hostile; hashed as streams, never touched."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from pipeline.config import Limits
from pipeline.errors import ConfigError, IntegrityError, UnfinishedError
from pipeline.intake import Intake, SourceFile, look_at, take_in

LIMITS = Limits()
THREAD = {"9": [("Ann Example (Facebook: 1)", "2024-02-01 10:00:00 UTC", "hello")]}


@pytest.fixture
def page(meta_html: Callable[..., bytes]) -> bytes:
    return meta_html(THREAD)


def one(source: Path, limits: Limits = LIMITS) -> Intake:
    (part,) = take_in(source, limits)
    return part


def codes(part: Intake) -> list[str]:
    return [issue.code for issue in part.issues]


def paths(part: Intake) -> list[str]:
    return [file.path for file in part.files]


def patched(path: Path, *, central: int, layout: str, value: int, local: int | None = None) -> None:
    """Overwrite a number in the first central (and local) header of a zip."""
    data = bytearray(path.read_bytes())
    struct.pack_into(layout, data, data.index(b"PK\x01\x02") + central, value)
    if local is not None:
        struct.pack_into(layout, data, data.index(b"PK\x03\x04") + local, value)
    path.write_bytes(data)


def test_a_zip_is_hashed_and_its_files_are_offered(
    tmp_path: Path, page: bytes, make_zip: Callable[..., Path]
) -> None:
    path = make_zip(
        tmp_path / "return.zip", {"records.html": page, "linked_media/a.jpg": b"\xff\xd8"}
    )
    seen: list[int] = []
    (part,) = take_in(path, LIMITS, seen.append)
    assert part.container.kind == "zip"
    assert part.container.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    media, records = part.files
    assert (media.path, media.reader, media.media_type) == (
        "linked_media/a.jpg",
        None,
        "image/jpeg",
    )
    assert (records.reader, records.service, records.page_count) == ("meta_html", "facebook", 1)
    assert "900000000000001" in records.targets
    assert records.sha256 == hashlib.sha256(page).hexdigest()
    assert records.size_bytes == len(page)
    assert part.issues == []
    assert sum(seen) == path.stat().st_size + len(page) + 2


def test_a_file_and_a_folder(tmp_path: Path, page: bytes, make_zip: Callable[..., Path]) -> None:
    folder = tmp_path / "return"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "records.html").write_bytes(page)
    (folder / "empty.html").touch()
    (folder / "empty.zip").touch()
    make_zip(folder / "b.zip", {"records.html": page})
    make_zip(folder / "a.zip", {"records.html": page})
    first, second, whole = take_in(folder, LIMITS)
    assert [first.container.path.name, second.container.path.name] == ["a.zip", "b.zip"]
    assert (whole.container.kind, paths(whole)) == (
        "folder", ["empty.html", "empty.zip", "sub/records.html"],
    )  # fmt: skip
    assert whole.files[2].container_sha256 is None
    single = one(folder / "sub" / "records.html")
    assert (single.container.kind, paths(single)) == ("file", ["records.html"])


def test_nothing_of_a_source_is_changed(
    tmp_path: Path, page: bytes, make_zip: Callable[..., Path]
) -> None:
    folder = tmp_path / "return"
    make_zip(folder / "a.zip", {"records.html": page, "b/": b"", "b/c.txt": b"x"})
    (folder / "records.html").write_bytes(page)

    def state() -> list[tuple[str, int, int, int, bytes]]:
        return [
            (
                str(path), path.stat().st_mode, path.stat().st_mtime_ns, path.stat().st_ino,
                path.read_bytes() if path.is_file() else b"",
            )
            for path in [tmp_path, *sorted(tmp_path.rglob("*"))]
        ]  # fmt: skip

    for path in (folder / "a.zip", folder / "records.html"):
        path.chmod(0o400)
    folder.chmod(0o500)
    before = state()
    parts = take_in(folder, LIMITS)
    for file in [file for part in parts for file in part.files]:
        assert hashlib.sha256(b"".join(file.same_blocks())).hexdigest() == file.sha256
    assert state() == before
    folder.chmod(0o700)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../records.html", "unsafe_path"),
        ("a/../../records.html", "unsafe_path"),
        ("..\\records.html", "unsafe_path"),
        ("/etc/records.html", "unsafe_path"),
        ("\\\\host\\share\\records.html", "unsafe_path"),
        ("C:\\records.html", "unsafe_path"),
    ],
)  # fmt: skip
def test_names_that_lead_out(
    tmp_path: Path, page: bytes, make_zip: Callable[..., Path], name: str, code: str
) -> None:
    part = one(make_zip(tmp_path / "r.zip", [(name, page), ("records.html", page)]))
    assert codes(part) == [code]
    assert paths(part) == ["records.html"]


def test_a_name_that_is_empty(tmp_path: Path, page: bytes, make_zip: Callable[..., Path]) -> None:
    path = make_zip(tmp_path / "r.zip", {"Q.html": page, "records.html": page})
    path.write_bytes(path.read_bytes().replace(b"Q.html", b"\0.html"))
    part = one(path)
    assert (paths(part), codes(part)) == (["records.html"], ["unsafe_path"])


@pytest.mark.parametrize(
    "name",
    ["a..b/records.html", "./records.html", "Ünï 📞.html", "new\nline\x1b[2J.html", "a" * 300],
)
def test_names_that_are_only_odd(
    tmp_path: Path, page: bytes, make_zip: Callable[..., Path], name: str
) -> None:
    part = one(make_zip(tmp_path / "r.zip", {name: page}))
    assert (paths(part), codes(part)) == ([name], [])
    assert b"".join(part.files[0].same_blocks()) == page


def test_names_that_differ_only_by_case(
    tmp_path: Path, page: bytes, make_zip: Callable[..., Path]
) -> None:
    part = one(make_zip(tmp_path / "r.zip", {"records.html": page, "Records.html": page + b" "}))
    assert paths(part) == ["Records.html", "records.html"]
    assert len({file.source_id for file in part.files}) == 2
    assert [b"".join(file.same_blocks()) for file in part.files] == [page + b" ", page]


def test_a_link_is_not_followed(tmp_path: Path, page: bytes, make_zip: Callable[..., Path]) -> None:
    link = zipfile.ZipInfo("records.html")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    part = one(make_zip(tmp_path / "r.zip", [(link, b"/etc/passwd"), ("b.html", page)]))
    assert (paths(part), codes(part)) == (["b.html"], ["link_member"])


def test_a_member_twice_is_read_as_others_read_it(tmp_path: Path, page: bytes) -> None:
    """The last entry of a name is what every unzipper leaves on the disk."""
    path = tmp_path / "r.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("records.html", b"another, longer text " + page)
        archive.writestr("records.html", page)
    part = one(path)
    assert (paths(part), codes(part)) == (["records.html"], ["repeated_member"])
    assert b"".join(part.files[0].same_blocks()) == page


def test_members_that_are_encrypted(
    tmp_path: Path, page: bytes, make_zip: Callable[..., Path]
) -> None:
    path = make_zip(tmp_path / "r.zip", {"records.html": page})
    patched(path, central=8, local=6, layout="<H", value=1)
    assert codes(one(path)) == ["encrypted_member"]


def test_an_archive_within_an_archive(
    tmp_path: Path, page: bytes, make_zip: Callable[..., Path]
) -> None:
    inner = make_zip(tmp_path / "inner.zip", {"records.html": page})
    part = one(
        make_zip(tmp_path / "r.zip", {"inner.bin": inner.read_bytes(), "records.html": page})
    )
    assert [(file.path, file.archive, file.reader) for file in part.files] == [
        ("inner.bin", True, None), ("records.html", False, "meta_html"),
    ]  # fmt: skip


def test_what_bursts_is_left_alone(tmp_path: Path, make_zip: Callable[..., Path]) -> None:
    path = make_zip(tmp_path / "r.zip", {"a.html": bytes(30 << 20), "b.html": bytes(1000)})
    part = one(path, Limits(ratio=100))
    assert (paths(part), codes(part)) == (["b.html"], ["archive_ratio"])
    part = one(path, Limits(member_bytes=1 << 20))
    assert (paths(part), codes(part)) == (["b.html"], ["archive_limit"])
    assert "--limit-member-bytes" in part.issues[0].message
    # what is refused does not count against the rest
    part = one(path, Limits(total_bytes=2000))
    assert (paths(part), codes(part)) == (["b.html"], ["archive_limit"])
    assert "--limit-total-bytes" in part.issues[0].message
    part = one(path, Limits(members=1))
    assert (paths(part), codes(part)) == ([], ["archive_limit"])
    assert one(path).issues == []


@pytest.mark.parametrize(
    ("central", "local", "factor"),
    [(24, 22, 0.5), (24, 22, 2), (20, 18, 0.5), (16, 14, 3)],
    ids=["size too small", "size too large", "stored too small", "wrong sum"],
)
def test_headers_that_lie(
    tmp_path: Path, page: bytes, make_zip: Callable[..., Path], central: int, local: int,
    factor: float,
) -> None:  # fmt: skip
    path = make_zip(tmp_path / "r.zip", {"records.html": page})
    data = path.read_bytes()
    (true,) = struct.unpack_from("<I", data, data.index(b"PK\x01\x02") + central)
    wrong = int(true * factor) & 0xFFFFFFFF
    patched(path, central=central, local=local, layout="<I", value=wrong)
    part = one(path)
    assert part.files == []
    assert codes(part) == ["unreadable_file"] or codes(part) == ["truncated_member"]


class Stream:
    """A file that cannot go back: zipfile then writes data descriptors behind the members."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")

    def write(self, data: bytes) -> int:
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()


def test_data_descriptors_and_zip64(tmp_path: Path, page: bytes) -> None:
    path = tmp_path / "r.zip"
    stream = Stream(path)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        with archive.open("records.html", "w", force_zip64=True) as member:
            member.write(page)
        archive.writestr("stored.html", page, zipfile.ZIP_STORED)
    stream.file.close()
    assert b"PK\x07\x08" in path.read_bytes()
    part = one(path)
    assert (paths(part), codes(part)) == (["records.html", "stored.html"], [])
    assert b"".join(part.files[0].same_blocks()) == page


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_to_pack(tmp_path: Path, page: bytes, method: int) -> None:
    path = tmp_path / "r.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("records.html", page)
    assert one(path).issues == []
    data = bytearray(path.read_bytes())
    data[60:80] = bytes(20)
    path.write_bytes(data)
    assert codes(one(path)) == ["unreadable_file"]


def test_many_members(tmp_path: Path, page: bytes) -> None:
    path = tmp_path / "r.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("records.html", page)
        for number in range(3000):
            archive.writestr(f"linked_media/{number}.jpg", b"x")
    part = one(path)
    assert len(part.files) == 3001
    assert part.issues == []


def test_what_systems_leave_is_counted(
    tmp_path: Path, page: bytes, make_zip: Callable[..., Path]
) -> None:
    names = {"__MACOSX/._records.html": b"x", ".DS_Store": b"x", "a/Thumbs.db": b"x"}
    part = one(make_zip(tmp_path / "r.zip", {"records.html": page, **names}))
    assert paths(part) == ["records.html"]
    assert [(issue.code, issue.severity, issue.count) for issue in part.issues] == [
        ("system_files", "info", 3)
    ]


def test_a_zip_cut_off_anywhere(tmp_path: Path, page: bytes, make_zip: Callable[..., Path]) -> None:
    whole = make_zip(tmp_path / "whole.zip", {"records.html": page, "b.html": page}).read_bytes()
    path = tmp_path / "r.zip"
    for length in range(1, len(whole), 37):
        path.write_bytes(whole[:length])
        part = one(path)
        assert part.files == []
        assert codes(part) == ["broken_archive"]
        assert "ask for it again" in part.issues[0].message


def test_a_zip_changed_at_random(
    tmp_path: Path, page: bytes, make_zip: Callable[..., Path]
) -> None:
    """Whatever is wrong with an archive is an issue, and what was hashed can be read again."""
    whole = make_zip(tmp_path / "whole.zip", {"records.html": page, "é.html": page}).read_bytes()
    path = tmp_path / "r.zip"
    rng = random.Random(7)
    small = Limits(member_bytes=1 << 22, total_bytes=1 << 22)
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            # the last 300 bytes are the directory, where most harm can be done
            place = (
                rng.randrange(len(data)) if rng.random() < 0.3 else len(data) - rng.randint(1, 300)
            )
            data[place] = rng.randrange(256)
        path.write_bytes(data)
        try:
            parts = take_in(path, small)
        except ConfigError:
            continue
        for file in [file for part in parts for file in part.files]:
            assert hashlib.sha256(b"".join(file.same_blocks())).hexdigest() == file.sha256


def test_odd_things_in_a_folder(tmp_path: Path, page: bytes) -> None:
    folder = tmp_path / "return"
    folder.mkdir()
    (folder / "records.html").write_bytes(page)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.html").write_bytes(page)
    (folder / "link.html").symlink_to(tmp_path / "elsewhere" / "secret.html")
    (folder / "dangling").symlink_to(folder / "nowhere")
    (folder / "links").symlink_to(tmp_path / "elsewhere")
    (folder / "round").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    part = one(folder)
    assert paths(part) == ["records.html"]
    assert codes(part) == ["not_a_file"] * 5


def test_a_name_that_is_no_text(tmp_path: Path, page: bytes) -> None:
    folder = tmp_path / "return"
    folder.mkdir()
    (folder / "records.html").write_bytes(page)
    try:
        (folder / os.fsdecode(b"b\xff.html")).write_bytes(page)
    except OSError:
        pytest.skip("this disk takes no such name")
    part = one(folder)
    assert paths(part) == ["records.html"]
    assert codes(part) == ["unreadable_name"]
    part.issues[0].message.encode()
    with pytest.raises(ConfigError, match="not UTF-8"):
        take_in(folder / os.fsdecode(b"b\xff.html"), LIMITS)


def test_the_hash_of_a_folder_is_of_names_and_bytes(tmp_path: Path, page: bytes) -> None:
    folder = tmp_path / "return"
    folder.mkdir()
    (folder / "records.html").write_bytes(page)
    first = one(folder).container.sha256
    os.utime(folder / "records.html", (1, 1))
    shutil.copytree(folder, tmp_path / "copy")
    assert one(tmp_path / "copy").container.sha256 == first
    (folder / "records.html").rename(folder / "index.html")
    assert one(folder).container.sha256 != first


def test_paths_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "hollow").mkdir()
    (tmp_path / "hollow" / "x.html").touch()
    (tmp_path / "empty.zip").touch()
    (tmp_path / "link").symlink_to(tmp_path / "empty.zip")
    os.mkfifo(tmp_path / "pipe")
    for name, words in [
        ("missing.zip", "no such file or folder"),
        ("missing/return.zip", "no such file or folder"),
        ("empty.zip/x", "cannot be read"),
        ("empty", "holds no files"),
        ("hollow", "holds no files"),
        ("empty.zip", "is empty"),
        ("link", "symbolic link"),
        ("pipe", "neither a file nor a folder"),
        ("n" * 5000, "cannot be read"),
        ("null\0", "cannot be read"),
    ]:
        with pytest.raises(ConfigError, match=words):
            look_at([tmp_path / name])


def test_without_the_right_to_read(
    open_dir: Path, page: bytes, make_zip: Callable[..., Path],
    without_rights: Callable[[], AbstractContextManager[None]],
) -> None:  # fmt: skip
    shut = make_zip(open_dir / "shut.zip", {"records.html": page})
    shut.chmod(0o000)
    for folder in (open_dir / "one", open_dir / "two", open_dir / "two" / "shut"):
        folder.mkdir()
        (folder / "records.html").write_bytes(page)
    (open_dir / "one" / "records.html").chmod(0o000)
    (open_dir / "two" / "shut").chmod(0o000)
    with without_rights():
        for source, named in [
            (shut, "shut.zip"), (open_dir / "one", "one/records.html"),
            (open_dir / "two", "two/shut"), (open_dir / "two" / "shut" / "records.html", "two/shut"),
        ]:  # fmt: skip
            with pytest.raises(ConfigError, match=f"{named}.*may not be read; ask for access"):
                take_in(source, LIMITS)


def test_a_file_that_changes_after_it_was_hashed(
    tmp_path: Path, page: bytes, make_zip: Callable[..., Path]
) -> None:
    (tmp_path / "records.html").write_bytes(page)
    path = make_zip(tmp_path / "r.zip", {"records.html": page})

    def file(source: Path) -> SourceFile:
        return one(source).files[0]

    loose, member = file(tmp_path / "records.html"), file(path)
    (tmp_path / "records.html").write_bytes(page.replace(b"hello", b"HELLO"))
    make_zip(path, {"records.html": page.replace(b"hello", b"HELLO")})
    for changed in (loose, member):
        with pytest.raises(IntegrityError, match=r"records.html.* has changed since it was hashed"):
            list(changed.same_blocks())
    path.write_bytes(path.read_bytes()[:-40])
    (tmp_path / "records.html").unlink()
    for gone in (loose, member):
        with pytest.raises(UnfinishedError, match=r"records.html: .*is the disk still there"):
            list(gone.same_blocks())
    make_zip(path, {"other.html": page})
    with pytest.raises(UnfinishedError):
        list(member.same_blocks())
