"""Labels and what becomes of sources that are added, moved, mended or changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tomlkit

from pipeline.case import Case, create_case
from pipeline.config import Limits
from pipeline.errors import ConfigError, IntegrityError
from pipeline.plan import Received, receive

LIMITS = Limits()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return create_case(tmp_path / "case", [])


@pytest.fixture
def page(meta_html: Callable[..., bytes]) -> Callable[[str], bytes]:
    def make(word: str) -> bytes:
        said = [("Ann Example (Facebook: 1)", "2024-02-01 10:00:00 UTC", f"hello {word}")]
        return meta_html({"9": said})

    return make


def add(case: Case, *sources: Path, limits: Limits = LIMITS) -> Received:
    return receive(case, list(sources), limits, lambda _count: None)


def labels(received: Received) -> list[str]:
    return [item.label for item in received.items]


def codes(received: Received) -> list[str]:
    return [row["code"] for row in received.issues]


def test_labels_are_given_once(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], make_zip: Callable[..., Path]
) -> None:
    first = make_zip(tmp_path / "z.zip", {
        "preservation-1.html": page("p"), "records.html": page("a"), "linked_media/x.jpg": b"x",
    })  # fmt: skip
    second = make_zip(tmp_path / "a.zip", {"index.html": page("b")})
    assert labels(add(case, first)) == ["FB-1", "FB-1/preservation-1", "FB-1"]
    both = ["FB-1", "FB-1/preservation-1", "FB-1", "FB-2"]
    assert labels(add(case, second)) == both
    assert labels(add(case, second, first)) == both
    assert [entry["label"] for entry in case.sources()] == ["FB-1", "FB-2"]


def test_a_label_is_never_used_again(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], make_zip: Callable[..., Path]
) -> None:
    for name in ("a", "b"):
        add(case, make_zip(tmp_path / f"{name}.zip", {"records.html": page(name)}))
    document = case.document()
    del document["sources"][0]
    case.save(document)
    third = make_zip(tmp_path / "c.zip", {"records.html": page("c")})
    assert labels(add(case, third)) == ["FB-2", "FB-3"]


def test_two_files_of_one_name(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], make_zip: Callable[..., Path]
) -> None:
    path = make_zip(tmp_path / "r.zip", {"a/records.html": page("a"), "b/records.html": page("b")})
    assert labels(add(case, path)) == ["FB-1", "FB-1/b/records"]


def test_what_people_wrote_into_case_toml_stays(
    case: Case, tmp_path: Path, page: Callable[[str], bytes]
) -> None:
    (tmp_path / "records.html").write_bytes(page("a"))
    path = case.path / "case.toml"
    path.write_text(path.read_text().replace('court = ""', 'court = "Tenth"  # checked\nown = 3'))
    add(case, tmp_path / "records.html")
    text = path.read_text()
    assert 'court = "Tenth"  # checked\nown = 3' in text
    assert tomlkit.parse(text)["sources"][0]["label"] == "FB-1"  # type: ignore[index]


def test_the_same_source_twice(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], make_zip: Callable[..., Path]
) -> None:
    path = make_zip(tmp_path / "r.zip", {"records.html": page("a")})
    copy = Path(shutil.copy(path, tmp_path / "copy.zip"))
    received = add(case, path, path, copy)
    assert (labels(received), codes(received)) == (["FB-1"], [])
    assert labels(add(case, copy)) == ["FB-1"]
    assert len(case.sources()) == 1


def test_the_same_bytes_are_read_once(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], make_zip: Callable[..., Path]
) -> None:
    members = {"records.html": page("a"), "again/records.html": page("a")}
    zipped = make_zip(tmp_path / "r.zip", members)
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "records.html").write_bytes(page("a"))
    (tmp_path / "two" / "other.html").write_bytes(page("b"))
    received = add(case, zipped, tmp_path / "one", tmp_path / "two")
    assert [item.label for item in received.readable] == ["FB-1", "FB-3/other"]
    assert codes(received) == ["same_content"] * 3
    ids = [item.file.source_id for item in received.items]
    assert len(ids) == len(set(ids)) == 4


def test_work_holds_no_byte_of_a_source(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], make_zip: Callable[..., Path]
) -> None:
    """The guard has not seen it yet."""
    add(case, make_zip(tmp_path / "r.zip", {"records.html": page("plantedtext")}))
    for path in case.path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"plantedtext" not in data
            assert b"plantedtext".hex().encode() not in data


def test_without_work_it_is_hashed_again(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], make_zip: Callable[..., Path]
) -> None:
    first = make_zip(tmp_path / "r.zip", {"records.html": page("a"), "x.txt": b"note"})
    (tmp_path / "records.html").write_bytes(page("b"))
    before = add(case, first, tmp_path / "records.html")
    shutil.rmtree(case.work)
    after = add(case, first)
    assert (after.items, after.issues) == (before.items, before.issues)
    shutil.rmtree(case.work)
    moved = (tmp_path / "records.html").rename(tmp_path / "moved.html")
    with pytest.raises(ConfigError, match=r"records.html: no such file .*\(FB-2 .*its new place"):
        add(case, first)
    again = add(case, first, moved)
    assert labels(again) == labels(before)
    assert [i.file.source_id for i in again.items] == [i.file.source_id for i in before.items]
    assert b"".join(again.items[-1].file.same_blocks()) == page("b")


@pytest.mark.parametrize("harm", ["{", "", "{}", '{"readers": 1}', "[]"])
def test_a_note_that_is_damaged(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], harm: str
) -> None:
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_bytes(page(name))
    before = add(case, tmp_path / "a.html", tmp_path / "b.html")
    for note in (case.work / "intake").iterdir():
        note.write_text(harm)
    after = add(case, tmp_path / "a.html")
    assert after.items == before.items
    assert json.loads(next((case.work / "intake").iterdir()).read_text())["files"]


def test_other_readers_look_again(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.readers import READERS

    for name in ("a.html", "b.html"):
        (tmp_path / name).write_bytes(page(name))
    add(case, tmp_path / "a.html", tmp_path / "b.html")
    (tmp_path / "b.html").unlink()
    assert len(add(case, tmp_path / "a.html").items) == 2
    monkeypatch.setattr(type(READERS[0]), "version", 999)
    with pytest.raises(ConfigError, match=r"b.html: no such file"):
        add(case, tmp_path / "a.html")


def test_a_source_that_was_changed(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], make_zip: Callable[..., Path]
) -> None:
    zipped = make_zip(tmp_path / "r.zip", {"records.html": page("a")})
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "records.html").write_bytes(page("b"))
    add(case, zipped, folder)
    toml = (case.path / "case.toml").read_bytes()
    make_zip(zipped, {"records.html": page("c")})
    with pytest.raises(IntegrityError, match=r"r.zip: has changed since it was received as FB-1"):
        add(case, zipped)
    assert labels(add(case, folder)) == ["FB-1", "FB-2"]
    (folder / "new.html").write_bytes(page("d"))
    with pytest.raises(IntegrityError, match="folder: has changed since it was received as FB-2"):
        add(case, folder)
    shutil.rmtree(case.work)
    (folder / "new.html").unlink()
    with pytest.raises(IntegrityError, match=r"r.zip: has changed"):
        add(case, folder)
    assert (case.path / "case.toml").read_bytes() == toml


def test_a_new_zip_in_a_known_folder(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], make_zip: Callable[..., Path]
) -> None:
    make_zip(tmp_path / "in" / "b.zip", {"records.html": page("b")})
    assert labels(add(case, tmp_path / "in")) == ["FB-1"]
    make_zip(tmp_path / "in" / "a.zip", {"records.html": page("a")})
    received = add(case, tmp_path / "in")
    assert labels(received) == ["FB-1", "FB-2"]
    assert received.items[1].file.container.path.name == "a.zip"


def test_a_damaged_zip_makes_room_for_a_good_one(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], make_zip: Callable[..., Path]
) -> None:
    good = make_zip(tmp_path / "good.zip", {"records.html": page("a")})
    other = make_zip(tmp_path / "r.zip", {"records.html": page("b")})
    whole = other.read_bytes()
    other.write_bytes(whole[:-30])
    assert codes(add(case, good, other)) == ["broken_archive"]
    assert codes(add(case, good)) == ["broken_archive"]
    other.write_bytes(whole)
    received = add(case, other)
    assert (labels(received), codes(received)) == (["FB-1", "FB-2"], [])
    assert [(e["label"], e.get("replaced_by")) for e in case.sources()] == [
        ("FB-1", None), ("DOC-1", "FB-2"), ("FB-2", None),
    ]  # fmt: skip
    assert codes(add(case, good)) == []


def test_limits_may_be_raised(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], make_zip: Callable[..., Path]
) -> None:
    path = make_zip(tmp_path / "r.zip", {"records.html": page("a"), "large.txt": bytes(5000)})
    assert codes(add(case, path, limits=Limits(member_bytes=4000))) == ["archive_limit"]
    assert codes(add(case, path)) == ["unknown_format"]


def test_problems_of_two_zips_in_one_folder_stay_apart(
    case: Case, tmp_path: Path, page: Callable[[str], bytes], make_zip: Callable[..., Path]
) -> None:
    make_zip(tmp_path / "in" / "a.zip", {"records.html": page("a"), "../x.html": b"x"})
    make_zip(tmp_path / "in" / "b.zip", {"records.html": page("b"), "inner.dat": b"PK\3\4"})
    (tmp_path / "in" / "link").symlink_to(tmp_path)
    received = add(case, tmp_path / "in")
    assert [(row["code"], row["message"].split(":")[0]) for row in received.issues] == [
        ("unsafe_path", "FB-1"), ("nested_archive", "FB-2"), ("not_a_file", "DOC-1"),
    ]  # fmt: skip


def test_nothing_is_noted_where_nothing_can_be_read(
    case: Case, tmp_path: Path, make_zip: Callable[..., Path]
) -> None:
    toml = (case.path / "case.toml").read_bytes()
    (tmp_path / "drawing.dwg").write_bytes(b"AC1032\0\0\0\1 drawing")
    for source, words in [
        (tmp_path / "drawing.dwg", "drawing.dwg: in no format known here"),
        (
            make_zip(tmp_path / "a.zip", {"x.pdf": b"%PDF-1.7", "y.pdf": b"%PDF-1.7"}),
            "x.pdf.*1 more",
        ),
        (make_zip(tmp_path / "b.zip", {}), "no file is in a known format"),
        (make_zip(tmp_path / "c.zip", {"records.html": b""}), "records.html: is empty"),
    ]:
        with pytest.raises(ConfigError, match=f"nothing here can be read: .*{words}"):
            add(case, source)
    assert (case.path / "case.toml").read_bytes() == toml
    assert not case.work.exists()
