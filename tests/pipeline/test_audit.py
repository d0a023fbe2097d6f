"""The audit chain: what it holds, and that no change of it goes unseen."""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from pipeline.audit import (
    Anchor,
    append_audit,
    enter,
    entered_since,
    head,
    head_line,
    is_anchored,
    read_anchor,
    read_chain,
)
from pipeline.case import Case, clear_staged, create_case, locked, publish, republish
from pipeline.errors import ConfigError


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A case with a chain of five entries."""
    made = create_case(tmp_path / "case", [])
    for number in range(1, 6):
        append_audit(made, "test", {"number": number, "of": ["é", "\udc80", None]})
    return made


def chain_of(case: Case) -> Path:
    return case.path / "audit.jsonl"


def lines_of(case: Case) -> list[bytes]:
    return chain_of(case).read_bytes().splitlines(keepends=True)


def problem(case: Case, lines: list[bytes] | bytes) -> tuple[int, str]:
    """Write a chain and follow it."""
    data = lines if isinstance(lines, bytes) else b"".join(lines)
    chain = read_chain(data)
    return chain.line, chain.problem


# --- what an entry holds ------------------------------------------------------------------------


def test_each_line_is_hashed_as_it_says(case: Case) -> None:
    previous = ""
    for number, line in enumerate(lines_of(case), 1):
        entry = json.loads(line)
        assert entry.keys() == {
            "seq", "at", "action", "actor", "details", "previous", "hash",
        }  # fmt: skip
        assert entry["seq"] == number
        assert entry["previous"] == previous
        assert entry["at"].endswith("+00:00")
        assert entry["actor"]
        rest = {key: value for key, value in entry.items() if key != "hash"}
        text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
        previous = hashlib.sha256(text.encode()).hexdigest()
        assert entry["hash"] == previous
    assert head(case) == (5, previous)
    assert head_line(case) == f"5:{previous}"
    assert chain_of(case).stat().st_mode & 0o777 == 0o600


def test_nothing_done_yet(tmp_path: Path) -> None:
    case = create_case(tmp_path / "case", [])
    assert head(case) == (0, "")
    assert head_line(case) == ""
    assert read_chain(b"").entries == ()


def test_the_actor_is_who_the_system_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    for name in ("USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    case = create_case(tmp_path / "case", [])
    append_audit(case, "test", {})
    assert (
        read_chain(chain_of(case).read_bytes()).entries[0].actor
        == pwd.getpwuid(os.geteuid()).pw_name
    )


def test_the_officer_is_as_stated(tmp_path: Path) -> None:
    case = create_case(tmp_path / "case", [])
    document = case.document()
    document["legal_process"]["officer"] = "Sgt. Ada Example"
    case.save(document)
    append_audit(case, "test", {})
    append_audit(case, "test", {}, officer="Det. Bo Example")
    (case.path / "case.toml").write_text("not [ toml")
    append_audit(case, "test", {})
    entries = [json.loads(line) for line in lines_of(case)]
    assert [entry.get("officer") for entry in entries] == [
        "Sgt. Ada Example", "Det. Bo Example", None,
    ]  # fmt: skip
    assert not read_chain(chain_of(case).read_bytes()).problem


# --- what goes wrong with a chain ---------------------------------------------------------------


def test_a_whole_chain(case: Case) -> None:
    assert problem(case, lines_of(case)) == (0, "")


def test_an_edited_entry(case: Case) -> None:
    lines = lines_of(case)
    lines[2] = lines[2].replace(b'"number":3', b'"number":9')
    assert problem(case, lines)[0] == 3
    assert "hash does not fit" in problem(case, lines)[1]


def rehashed(line: bytes, **changes: Any) -> bytes:
    """Change an entry and make its own hash fit."""
    entry = {**json.loads(line), **changes}
    entry.pop("hash")
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"))
    entry["hash"] = hashlib.sha256(text.encode()).hexdigest()
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def test_an_edited_entry_whose_hash_was_made_to_fit(case: Case) -> None:
    lines = lines_of(case)
    lines[2] = rehashed(lines[2], details={"number": 9})
    assert problem(case, lines) == (4, problem(case, lines)[1])
    assert "does not follow" in problem(case, lines)[1]


def test_a_chain_written_anew_from_an_entry_on(case: Case) -> None:
    """It is sound in itself: only a head kept elsewhere tells."""
    anchor = Anchor(head(case)[1])
    lines, previous = lines_of(case), ""
    for number, line in enumerate(lines):
        details = {"number": 9} if number == 2 else json.loads(line)["details"]
        lines[number] = rehashed(line, details=details, previous=previous)
        previous = json.loads(lines[number])["hash"]
    chain = read_chain(b"".join(lines))
    assert not chain.problem
    assert not is_anchored(chain, anchor)


@pytest.mark.parametrize("number", range(4))
def test_a_deleted_entry(case: Case, number: int) -> None:
    lines = lines_of(case)
    del lines[number]
    assert problem(case, lines)[0] == number + 1
    assert "taken out" in problem(case, lines)[1]


@pytest.mark.parametrize("number", range(6))
def test_an_inserted_entry(case: Case, number: int) -> None:
    lines = lines_of(case)
    lines.insert(number, rehashed(lines[0], at="2020-01-01T00:00:00+00:00"))
    line, said = problem(case, lines)
    assert said
    assert line in (number + 1, number + 2)


def test_a_repeated_entry(case: Case) -> None:
    lines = lines_of(case)
    lines.insert(3, lines[2])
    assert problem(case, lines)[0] == 4


@pytest.mark.parametrize("first", range(4))
def test_entries_that_changed_places(case: Case, first: int) -> None:
    lines = lines_of(case)
    lines[first], lines[first + 1] = lines[first + 1], lines[first]
    assert problem(case, lines)[0] == first + 1


@pytest.mark.parametrize("kept", range(5))
def test_entries_cut_off_the_end(case: Case, kept: int) -> None:
    anchor = read_anchor(head_line(case))
    lines = lines_of(case)
    assert is_anchored(read_chain(b"".join(lines)), anchor)
    chain = read_chain(b"".join(lines[:kept]))
    assert not chain.problem
    assert not is_anchored(chain, anchor)


def test_every_cut_within_a_line(case: Case) -> None:
    data = chain_of(case).read_bytes()
    whole = {len(b"".join(lines_of(case)[:number])) for number in range(6)}
    for end in range(0, len(data), 7):
        chain = read_chain(data[:end])
        assert bool(chain.problem) == (end not in whole), end


def test_every_kind_of_flip(case: Case) -> None:
    """Any bit of any byte before the anchored head, line ends included."""
    anchor = read_anchor(head_line(case))
    anchored = len(chain_of(case).read_bytes())
    append_audit(case, "later", {})
    data = chain_of(case).read_bytes()
    chance = random.Random(7)
    ends = [at for at in range(anchored) if data[at] == 10]
    places = ends + [chance.randrange(anchored) for _ in range(1_000)]
    for place in places:
        bit = 1 << chance.randrange(8)
        flipped = data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]
        chain = read_chain(flipped)
        assert chain.problem or not is_anchored(chain, anchor), (place, bit)


@pytest.mark.parametrize(
    "junk",
    [
        b"\n", b"{}\n", b"[]\n", b"null\n", b"\xff\xfe\n", b"[" * 50_000 + b"\n", b"\0\n",
        b'{"seq":' + b"9" * 5_000 + b"}\n", b'{"seq":1e999}\n', b" \n", b"{\n",
    ],
)  # fmt: skip
def test_other_bytes_between(case: Case, junk: bytes) -> None:
    lines = lines_of(case)
    assert problem(case, [*lines[:2], junk, *lines[2:]])[0] == 3
    assert problem(case, [*lines, junk])[0] == 6
    assert problem(case, [junk, *lines])[0] == 1


def test_blanks_and_order_of_keys_count(case: Case) -> None:
    lines = lines_of(case)
    entry = json.loads(lines[0])
    for other in (
        json.dumps(entry, sort_keys=True).encode(),
        json.dumps(dict(reversed(entry.items())), separators=(",", ":")).encode(),
        lines[0][:-1] + b"\r",
        lines[0].replace(b"\\u00e9", b"\\u00E9"),
    ):
        assert problem(case, [other.rstrip(b"\n") + b"\n", *lines[1:]])[0] == 1


# --- lines that were cut off as they were written -----------------------------------------------


@pytest.mark.parametrize("length", [1, 10, 100])
def test_a_line_cut_off_is_vouched_for_by_the_next(case: Case, length: int) -> None:
    path = chain_of(case)
    fragment = lines_of(case)[-1][:length]
    path.write_bytes(path.read_bytes() + fragment)
    assert problem(case, path.read_bytes())[0] == 6
    assert head(case)[0] == 5
    append_audit(case, "test", {"n": 1})
    append_audit(case, "test", {"n": 2})
    chain = read_chain(path.read_bytes())
    assert not chain.problem
    assert chain.torn == 1
    assert [entry.seq for entry in chain.entries] == [1, 2, 3, 4, 5, 6, 7]
    lines = lines_of(case)
    assert problem(case, [*lines[:5], *lines[6:]])[1]  # the rest of the line is gone
    assert problem(case, [*lines[:5], b"{x\n", *lines[6:]])[1]  # or another


def test_a_line_whose_end_alone_is_missing(case: Case) -> None:
    path = chain_of(case)
    path.write_bytes(path.read_bytes()[:-1])
    assert problem(case, path.read_bytes())[0] == 5
    append_audit(case, "test", {})
    chain = read_chain(path.read_bytes())
    assert not chain.problem
    assert not chain.torn
    assert len(chain.entries) == 6


def test_what_was_changed_is_not_vouched_for_by_what_comes_after(case: Case) -> None:
    path = chain_of(case)
    for other in (
        lines_of(case)[-1].replace(b"test", b"tess"),
        lines_of(case)[-1].replace(b'"seq"', b'"seq'),
        b"whatever\n",
    ):
        path.write_bytes(b"".join([*lines_of(case)[:4], other]))
        append_audit(case, "test", {})
        append_audit(case, "test", {})
        assert problem(case, path.read_bytes())[0] == 5
        path.write_bytes(b"".join(lines_of(case)[:4]))
        append_audit(case, "test", {})


def test_a_full_disk_leaves_the_chain_as_it_was(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = chain_of(case).read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            append_audit(case, "test", {})
    assert chain_of(case).read_bytes() == before
    append_audit(case, "test", {})
    assert not read_chain(chain_of(case).read_bytes()).problem


def test_a_clock_that_jumps_back(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime

    class Earlier(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(1999, 1, 1, tzinfo=UTC)

    monkeypatch.setattr("pipeline.audit.datetime", Earlier)
    append_audit(case, "test", {})
    assert not read_chain(chain_of(case).read_bytes()).problem


# --- heads --------------------------------------------------------------------------------------


def test_heads_as_people_give_them(case: Case) -> None:
    seq, digest = head(case)
    chain = read_chain(chain_of(case).read_bytes())
    for text in (f"{seq}:{digest}", digest, digest[:16], f" {seq}:{digest[:20].upper()} "):
        assert is_anchored(chain, read_anchor(text))
    assert not is_anchored(chain, read_anchor(f"4:{digest}"))
    assert not is_anchored(chain, read_anchor("0" * 64))
    for text in ("", digest[:15], "5:", f"{digest}0", f"x:{digest}", "g" * 64):
        with pytest.raises(ConfigError, match="--anchor"):
            read_anchor(text)


# --- who enters what ----------------------------------------------------------------------------


def test_a_publication_names_its_manifest(tmp_path: Path) -> None:
    case = create_case(tmp_path / "case", [])
    (clear_staged(case) / "reports").mkdir()
    (case.staged / "reports" / "a.html").write_text("a")
    publish(case, {"word": 1}, {"run_id": "one"})
    (clear_staged(case) / "a.html").write_text("b")
    republish(case, {"reports/a.html": case.staged / "a.html"})
    entries = read_chain(chain_of(case).read_bytes()).entries
    assert [entry.action for entry in entries] == ["run", "report"]
    digest = hashlib.sha256((case.path / "manifest.json").read_bytes()).hexdigest()
    assert entries[1].details["manifest_sha256"] == digest
    assert entries[0].details["manifest_sha256"] != digest
    assert (case.path / "reports" / "a.html").read_text() == "b"
    assert (case.path / "reports" / "a.html").stat().st_mode & 0o777 == 0o600
    assert entered_since(case, 1, "report", entries[1].details)
    assert not entered_since(case, 2, "report", entries[1].details)
    # what was not made again keeps the hash that it was published with, whatever it is now
    (case.path / "reports" / "a.html").write_text("tampered")
    (clear_staged(case) / "index").mkdir()
    publish(case, {}, {"run_id": "two"})
    assert case.manifest()["files"] == {"reports/a.html": hashlib.sha256(b"b").hexdigest()}


def test_entering_locks_the_case(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.errors import UnfinishedError

    assert enter(case, "export", {"rows": 1})
    assert head(case)[0] == 6
    monkeypatch.setattr("pipeline.case.LOCK_SECONDS", 0)
    with locked(case), pytest.raises(UnfinishedError):
        enter(case, "export", {"rows": 1})


def test_a_case_that_may_not_be_written_is_not_entered(
    open_dir: Path, without_rights: Callable[[], AbstractContextManager[None]]
) -> None:
    case = create_case(open_dir / "case", [])
    append_audit(case, "test", {})
    chain_of(case).chmod(0o644)
    case.path.chmod(0o555)
    with without_rights():
        assert not enter(case, "export", {})
        assert head(case)[0] == 1


def test_reports_are_entered_and_print_the_head(
    case_copy: Path, tmp_path: Path, triage: Callable[..., tuple[int, str, str]]
) -> None:
    case = Case(case_copy)
    assert (
        "Before this report was published it held none"
        in (case_copy / "reports" / "report.html").read_text()
    )
    before = head_line(case)
    assert triage("report", case_copy)[0] == 0
    assert before in (case_copy / "reports" / "report.html").read_text()
    assert triage("report", case_copy, "-o", tmp_path / "out.html")[0] == 0
    entries = read_chain(chain_of(case).read_bytes()).entries
    assert [entry.action for entry in entries] == ["run", "report", "report"]
    assert (
        entries[2].details["sha256"]
        == hashlib.sha256((tmp_path / "out.html").read_bytes()).hexdigest()
    )
    assert triage("search", case_copy, "a")[0] == 0
    assert triage("report", tmp_path / "nothing")[0] == 2
    assert head(case)[0] == 3
