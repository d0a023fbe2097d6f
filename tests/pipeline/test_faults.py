"""Faults of machine, disk and clock: found and told in one line, or survived with the same result.

What is elsewhere: kills and damaged ``work/`` in test_resume, full and read-only disks and a case
that is in use in test_bad_input, every bit of every published file in the tests of ``triage verify``.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from datetime import datetime as real_datetime
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from pipeline.config import RunConfig
from pipeline.run import run

pytestmark = pytest.mark.usefixtures("brief_reports")

Triage = Callable[..., tuple[int, str, str]]
Hashes = Callable[[Path], dict[str, str]]


def one_line(err: str) -> None:
    assert err.startswith("triage: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err


def a_file(case: Path, kind: str) -> Path:
    """One published file of a kind, the largest."""
    patterns = {
        "table": "tables/records/*.parquet", "small table": "tables/issues/*.parquet",
        "index": "index/*.store", "index terms": "index/*.term", "index list": "index/meta.json", "report": "reports/*.html",
    }  # fmt: skip
    return max(case.glob(patterns[kind]), key=lambda path: path.stat().st_size)


HARMS = {
    "cut off": lambda data: data[: len(data) // 2],
    "empty": lambda _: b"",
    "longer": lambda data: data + b"\0",
    "gone": lambda _: None,
}


def harm(path: Path, data: bytes | None) -> None:
    path.unlink()
    if data is not None:
        path.write_bytes(data)


def asked(triage: Triage, case: Path, out: Path) -> dict[str, tuple[int, str, str]]:
    """What search, show and report answer."""
    record = str(pd.read_parquet(OLD[0] / "tables" / "records")["record_id"].iloc[-1])
    return {
        "search": triage("search", case, "you", "--json"),
        "values": triage("search", case, "money:1..", "--json"),
        "show": triage("show", case, record, "--json"),
        "report": triage("report", case, "-o", out),
    }


OLD: list[Path] = []


@pytest.fixture(autouse=True)
def _unharmed(sample_case: Path) -> None:
    OLD[:] = [sample_case]


@pytest.mark.parametrize("how", HARMS)
def test_a_published_file_of_another_length(
    case_copy: Path,
    sample_return: Path,
    tmp_path: Path,
    triage: Triage,
    table_hashes: Hashes,
    how: str,
) -> None:
    """No command answers from it; the next run makes it anew."""
    before = table_hashes(case_copy)
    out = tmp_path / "r.html"
    kinds = ("table", "small table", "index", "index list", "report")
    for kind in kinds:
        path = a_file(case_copy, kind)
        good = path.read_bytes()
        harm(path, HARMS[how](good))
        for code, told, err in asked(triage, case_copy, out).values():
            assert (code, told) == (3, "")
            one_line(err)
            assert path.name in err
        path.write_bytes(good)
    for path in [a_file(case_copy, kind) for kind in kinds]:
        harm(path, HARMS[how](path.read_bytes()))
    assert triage("run", sample_return, "--case", case_copy, "--workers", 1)[0] == 0
    assert table_hashes(case_copy) == before
    assert all(answer[0] == 0 for answer in asked(triage, case_copy, out).values())


def flips(case: Path, count: int, below: tuple[str, ...]) -> list[tuple[Path, int, int]]:
    rng = random.Random(3)
    files = sorted(p for name in below for p in (case / name).rglob("*") if p.is_file())
    picked = [rng.choice(files) for _ in range(count)]
    return [(path, rng.randrange(path.stat().st_size), 1 << rng.randrange(8)) for path in picked]


def test_a_flipped_bit_in_a_table(
    case_copy: Path, sample_return: Path, tmp_path: Path, triage: Triage, table_hashes: Hashes
) -> None:
    """No command answers from it."""
    before = table_hashes(case_copy)
    for path, place, bit in flips(case_copy, 8, ("tables",)):
        good = path.read_bytes()
        bad = bytearray(good)
        bad[place] ^= bit
        path.write_bytes(bad)
        answers = asked(triage, case_copy, tmp_path / "r.html")
        for name, (code, _, err) in answers.items():
            assert code == 3, (path.name, place, name, err)
            one_line(err)
        path.write_bytes(good)
    path.write_bytes(bad)
    assert triage("run", sample_return, "--case", case_copy, "--workers", 1)[0] == 0
    assert table_hashes(case_copy) == before


def test_a_flipped_bit_in_the_index(case_copy: Path, tmp_path: Path, triage: Triage) -> None:
    for path, place, bit in flips(case_copy, 20, ("index",)):
        good = path.read_bytes()
        bad = bytearray(good)
        bad[place] ^= bit
        path.write_bytes(bad)
        code, out, err = triage("search", case_copy, "you", "--json")
        assert (code, out) == (3, ""), (path.name, place, err)
        one_line(err)
        path.write_bytes(good)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"files": 1}',
        b'{"sizes": [], "files": {}}',
        b"\xff\xfe\x00",
        b'{"sizes": {"../x": "a"}}',
    ],
)
def test_a_garbled_manifest(
    case_copy: Path,
    sample_return: Path,
    tmp_path: Path,
    triage: Triage,
    table_hashes: Hashes,
    text: bytes,
) -> None:
    before = table_hashes(case_copy)
    (case_copy / "manifest.json").write_bytes(text)
    for code, out, err in asked(triage, case_copy, tmp_path / "r.html").values():
        if code:
            assert (code, out) == (3, "")
            one_line(err)
    assert triage("run", sample_return, "--case", case_copy, "--workers", 1)[0] == 0
    assert table_hashes(case_copy) == before


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"format = ",
        b"format = 'x'",
        b"format = 1\nsources = 3",
        b"\xff\xfe",
        b"format = 1\n[[sources]]\nlabel = 1",
        b"\0" * 500,
    ],
)
def test_a_garbled_case_toml(
    case_copy: Path, sample_return: Path, tmp_path: Path, triage: Triage, text: bytes
) -> None:
    (case_copy / "case.toml").write_bytes(text)
    tables = sorted(case_copy.glob("tables/*/*"))
    run_again = triage("run", sample_return, "--case", case_copy, "--workers", 1)
    for code, _, err in [*asked(triage, case_copy, tmp_path / "r.html").values(), run_again]:
        assert code in (0, 2, 3), err
        if code:
            one_line(err)
    assert sorted(case_copy.glob("tables/*/*")) == tables


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"folders": 3}', b"\xff"])
def test_a_garbled_journal(case_copy: Path, tmp_path: Path, triage: Triage, text: bytes) -> None:
    (case_copy / ".publish.json").write_bytes(text)
    for code, _, err in asked(triage, case_copy, tmp_path / "r.html").values():
        assert code in (0, 3), err
        if code:
            one_line(err)


# --- clock --------------------------------------------------------------------------------------


def test_a_clock_that_jumps(
    sample_return: Path,
    sample_case: Path,
    tmp_path: Path,
    table_hashes: Hashes,
    monkeypatch: pytest.MonkeyPatch,
    triage: Triage,
) -> None:
    """Back and forth, within a run and between two: the same tables, and a chain that holds."""
    jumps = iter(range(10**6))

    class Jumping(real_datetime):
        @classmethod
        def now(cls, tz=None):
            away = (-1) ** next(jumps) * timedelta(days=9000)
            return real_datetime.now(tz) + away

    for name, module in list(sys.modules.items()):
        if name.startswith("pipeline") and getattr(module, "datetime", None) is real_datetime:
            monkeypatch.setattr(module, "datetime", Jumping)
    monkeypatch.setattr("time.time", lambda: 4e9 * (next(jumps) % 2))
    case = tmp_path / "case"
    run([sample_return], case, RunConfig(workers=1), quiet=True)
    assert next(jumps) > 3  # it was asked
    assert table_hashes(case) == table_hashes(sample_case)
    assert run([sample_return], case, RunConfig(workers=1), quiet=True).unchanged
    assert all(answer[0] == 0 for answer in asked(triage, case, tmp_path / "r.html").values())
    for path in case.rglob("*"):  # times of files too
        os.utime(path, (0, 4e9 if path.is_dir() else -4e8))
    assert run([sample_return], case, RunConfig(workers=1), quiet=True).unchanged
    run([sample_return], case, RunConfig(workers=1, region="MX"), quiet=True)
    run([sample_return], case, RunConfig(workers=1), quiet=True)
    assert table_hashes(case) == table_hashes(sample_case)


# --- memory -------------------------------------------------------------------------------------

HOG = """
import importlib.abc, importlib.util, os, resource, sys

class Late(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "pipeline.shard":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module
        def exec_module(module):
            load(module)
            real = module._finish
            def hungry(task, *more):
                if task.shard.ordinal == 2:
                    kept = [bytearray(1 << 26) for _ in range(1000)]
                return real(task, *more)
            module._finish = hungry
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        spec.loader.exec_module = exec_module
        return spec

if "HOG" in os.environ and "spawn_main" in open("/proc/self/cmdline").read():
    sys.meta_path.insert(0, Late())
"""


@pytest.mark.slow
def test_a_worker_out_of_memory(
    sample_return: Path,
    sample_case: Path,
    tmp_path: Path,
    triage: Triage,
    table_hashes: Hashes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The shard that takes all memory is an issue; everything else is read."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOG)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hook"))
    monkeypatch.setenv("HOG", "1")
    monkeypatch.setattr("pipeline.readers.survey.SHARD_BYTES", 8192)
    case = tmp_path / "case"
    code, _, err = triage("run", sample_return, "--case", case, "--workers", 2)
    assert (code, err) == (1, "")
    issues = pd.read_parquet(case / "tables" / "issues")
    assert list(issues["code"]).count("shard_failed") == 1
    assert len(pd.read_parquet(case / "tables" / "records")) > 100
    monkeypatch.delenv("HOG")
    assert triage("run", sample_return, "--case", case, "--workers", 2)[0] == 0
    assert table_hashes(case) == table_hashes(sample_case)


def test_this_process_out_of_memory(
    sample_return: Path, sample_case: Path, tmp_path: Path, triage: Triage, table_hashes: Hashes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    case = tmp_path / "case"
    arguments = ("run", sample_return, "--case", case, "--workers", 1)

    def hungry(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.read.run_shard", hungry)
        code, _, err = triage(*arguments)
    assert code in (1, 2), err
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.run.derive", hungry)
        code, _, err = triage(*arguments)
    assert code == 5
    one_line(err)
    assert triage(*arguments)[0] == 0
    assert table_hashes(case) == table_hashes(sample_case)
