"""However a run is cut short, and with however many workers: the same bytes in the end."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest

from pipeline.case import open_case
from pipeline.config import RunConfig
from pipeline.errors import ConfigError, IntegrityError, UnfinishedError
from pipeline.executor import Crew, WorkerDied
from pipeline.run import run
from pipeline.sample.maker import make_sample
from pipeline.validate.running import DYING, PIECE

pytestmark = pytest.mark.usefixtures("brief_reports")

Triage = Callable[..., tuple[int, str, str]]
Hashes = Callable[[Path], dict[str, str]]

STOPPED = "triage: stopped; run the same command again to go on"

DRIVER = f"{DYING}\nimport sys\nfrom pipeline.cli import main\nmain(sys.argv[1:])"


def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, **environment},
    )  # fmt: skip


def command(*arguments: object, **environment: str) -> tuple[int, str, str]:
    with start(*arguments, **environment) as process:
        out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def until(condition: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def receipts(case: Path) -> list[Path]:
    return sorted(case.glob("work/shards/*/*/0*/receipt.json"))


def nothing_left_over(case: Path) -> None:
    names = {path.name for path in case.iterdir()}
    assert names == {
        "case.toml", "manifest.json", "audit.jsonl", "command.log", ".lock", "tables", "index",
        "reports", "work",
    }  # fmt: skip
    assert not list(case.glob("work/shards/*/*/.*"))
    for path in case.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def whole(case: Path) -> str:
    """Make sure that what is published is of one publication; return what it was made of."""
    manifest = json.loads((case / "manifest.json").read_text())
    assert manifest["files"]
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((case / name).read_bytes()).hexdigest() == digest, name
    return str(manifest["inputs"])


@pytest.fixture(scope="module")
def expected(sample_case: Path, table_hashes: Hashes) -> dict[str, str]:
    return table_hashes(sample_case)


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.readers.survey.SHARD_BYTES", PIECE)


# --- workers ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_shards")
@pytest.mark.parametrize("workers", [1, 2])
def test_workers_and_shards_change_nothing(
    sample_return: Path, tmp_path: Path, expected: dict[str, str], table_hashes: Hashes, workers: int
) -> None:  # fmt: skip
    before = os.umask(0)  # what is made is its owner's alone whatever the umask
    try:
        run([sample_return], tmp_path / "case", RunConfig(workers=workers), quiet=True)
    finally:
        os.umask(before)
    assert len(receipts(tmp_path / "case")) > 5
    assert table_hashes(tmp_path / "case") == expected
    nothing_left_over(tmp_path / "case")


def test_run_again_does_nothing(case_copy: Path, sample_return: Path, triage: Triage) -> None:
    def files() -> dict[Path, bytes]:
        return {
            path: path.read_bytes()
            for path in case_copy.rglob("*")
            if path.is_file() and path.name != "command.log"
        }

    before = files()
    code, out, _ = triage("run", sample_return, "--case", case_copy, "--workers", 2)
    assert code == 0
    assert "nothing new" in out
    assert files() == before


@pytest.mark.parametrize("lost", ["work", "index", "reports", "tables", "manifest.json"])
def test_what_is_lost_is_made_again(
    case_copy: Path, sample_return: Path, expected: dict[str, str], table_hashes: Hashes, lost: str
) -> None:  # fmt: skip
    path = case_copy / lost
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    result = run([sample_return], case_copy, RunConfig(workers=1), quiet=True)
    assert result.unchanged == (lost == "work")
    assert table_hashes(case_copy) == expected
    whole(case_copy)


def test_work_that_is_lost_is_done_again(
    case_copy: Path, sample_return: Path, expected: dict[str, str], table_hashes: Hashes
) -> None:
    run([sample_return], case_copy, RunConfig(workers=1, region="MX"), quiet=True)
    shutil.rmtree(case_copy / "work")
    run([sample_return], case_copy, RunConfig(workers=1), quiet=True)
    assert table_hashes(case_copy) == expected


@pytest.mark.parametrize("harm", ["receipt", "complete", "cut"])
def test_work_that_is_damaged_is_done_again(
    case_copy: Path, sample_return: Path, expected: dict[str, str], table_hashes: Hashes, harm: str
) -> None:  # fmt: skip
    for receipt in receipts(case_copy):
        if harm == "receipt":
            receipt.write_text("")
        elif harm == "complete":
            (receipt.parent.parent / "complete.json").write_text("[")
        else:
            receipt.unlink()
            (receipt.parent.parent / f".{receipt.parent.name}.123").mkdir()
    (case_copy / "manifest.json").unlink()
    run([sample_return], case_copy, RunConfig(workers=1), quiet=True)
    assert table_hashes(case_copy) == expected
    nothing_left_over(case_copy)


# --- cut short ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_shards")
def test_killed_twice_and_resumed(
    sample_return: Path, tmp_path: Path, expected: dict[str, str], table_hashes: Hashes
) -> None:
    case = tmp_path / "case"
    arguments = ("run", sample_return, "--case", case, "--workers", 1)
    assert (
        command(*arguments, TRIAGE_VALIDATE_IN="shard", TRIAGE_VALIDATE_AFTER="4")[0]
        == -signal.SIGKILL
    )
    done = receipts(case)
    times = [path.stat().st_mtime_ns for path in done]
    assert len(done) == 4
    code, _, err = command("search", case, "hello")
    assert code == 2
    assert "nothing is published yet" in err
    assert (
        command(*arguments, TRIAGE_VALIDATE_IN="write_reports", TRIAGE_VALIDATE_AFTER="0")[0]
        == -signal.SIGKILL
    )
    assert [path.stat().st_mtime_ns for path in done] == times  # done work is not done again
    assert (case / ".staged" / "tables").is_dir()
    run([sample_return], case, RunConfig(workers=1), quiet=True)
    assert table_hashes(case) == expected
    nothing_left_over(case)


class Cut(BaseException):
    """Stands for the process being killed."""


@pytest.mark.parametrize("step", [2, 5])
def test_killed_while_publishing(
    case_copy: Path, sample_return: Path, expected: dict[str, str], table_hashes: Hashes,
    triage: Triage, monkeypatch: pytest.MonkeyPatch, step: int,
) -> None:  # fmt: skip
    """The next command, whichever it is, ends the swap; nobody sees old tables beside new."""
    old, left, rename = whole(case_copy), step, Path.rename

    def dying(path: Path, target: Path) -> Path:
        nonlocal left
        left -= (case_copy / ".publish.json").exists()
        if left == 0:
            raise Cut
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dying)
        with pytest.raises(Cut):
            run([sample_return], case_copy, RunConfig(region="MX"), quiet=True)
    assert (case_copy / ".publish.json").exists()
    code, _, _ = triage("search", case_copy, "alias:a", "--json")
    assert code == 0
    assert whole(case_copy) != old
    nothing_left_over(case_copy)
    result = run([sample_return], case_copy, RunConfig(region="MX"), quiet=True)
    assert result.unchanged
    run([sample_return], case_copy, RunConfig(), quiet=True)
    assert (whole(case_copy), table_hashes(case_copy)) == (old, expected)


@contextmanager
def running(case: Path, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A run with two workers that has brought the first shards home."""
    with start(*arguments) as process:
        try:
            until(lambda: receipts(case) or process.poll() is not None)
            assert process.poll() is None
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The workers, and what Python keeps beside them."""
    return psutil.Process(process.pid).children(recursive=True)


@pytest.mark.usefixtures("small_shards")
def test_interrupted(
    sample_return: Path, tmp_path: Path, expected: dict[str, str], table_hashes: Hashes
) -> None:
    case = tmp_path / "case"
    arguments = ("run", sample_return, "--case", case, "--workers", 2)
    with running(case, *arguments) as process:
        workers = children(process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.strip() == STOPPED
    _, alive = psutil.wait_procs(workers, timeout=5)
    assert not alive
    assert not (case / "tables").exists()
    run([sample_return], case, RunConfig(workers=1), quiet=True)
    assert table_hashes(case) == expected
    nothing_left_over(case)


@pytest.mark.parametrize("delay", [0.4, 1.4])
def test_interrupted_early(sample_return: Path, tmp_path: Path, delay: float) -> None:
    """While modules are loaded and workers start: no traceback either."""
    with start("run", sample_return, "--case", tmp_path / "case", "--workers", 2) as process:
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode in (130, -signal.SIGINT)
    assert "SpawnProcess" not in err
    if (tmp_path / "case").exists():
        assert err.strip() == STOPPED


@pytest.mark.usefixtures("small_shards")
def test_the_parent_is_killed(
    sample_return: Path, tmp_path: Path, expected: dict[str, str], table_hashes: Hashes
) -> None:
    case = tmp_path / "case"
    arguments = ("run", sample_return, "--case", case, "--workers", 2)
    with running(case, *arguments) as process:
        workers = children(process)
        process.kill()
        process.wait()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive  # nobody goes on writing behind the next run's back
    run([sample_return], case, RunConfig(workers=1), quiet=True)
    assert table_hashes(case) == expected
    nothing_left_over(case)


def test_a_worker_is_killed(
    sample_return: Path, tmp_path: Path, expected: dict[str, str], table_hashes: Hashes
) -> None:
    case = tmp_path / "case"
    with running(case, "run", sample_return, "--case", case, "--workers", 2) as process:
        spawned = [p for p in children(process) if "spawn_main" in " ".join(p.cmdline())]
        spawned[0].kill()
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert table_hashes(case) == expected
    nothing_left_over(case)


class Deadly:
    """A task that kills whoever unpacks it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (9,)


def test_workers_that_keep_dying(tmp_path: Path) -> None:
    deadly = Deadly(tmp_path / "none")
    with Crew(2) as crew:
        found = list(crew.each(len, ["a", deadly, "bc"]))
    outcomes = {type(item): outcome for item, outcome in found if item is deadly}
    assert [type(outcome) for outcome in outcomes.values()] == [WorkerDied]
    assert sorted(outcome for item, outcome in found if item is not deadly) == [1, 2]
    with (
        pytest.raises(UnfinishedError, match=r"keeps dying .* done work is kept"),
        Crew(2) as crew,
    ):
        list(crew.in_order(len, ["a", deadly]))


@pytest.mark.slow
def test_killed_at_random(
    sample_return: Path, tmp_path: Path, expected: dict[str, str], table_hashes: Hashes
) -> None:
    """A hundred kills: by the clock, which hits loading and workers, and at a step, whatever the load."""
    case = tmp_path / "case"
    rng = random.Random(11)
    published = killed = number = 0
    while killed < 100:
        number += 1
        workers = 1 + number % 2
        region = rng.choice(["US", "MX", "CA"])  # now and then all is to be done anew
        arguments = ("run", sample_return, "--case", case, "--workers", workers, "--region", region)
        step = {}
        if number % 2:
            places = [
                "shard",
                "rename",
                "rename",
                "derive",
                "write_ledger",
                "write_reports",
                "publish",
            ]
            where = rng.choice(places[1:] if workers == 2 else places)
            step = {
                "TRIAGE_VALIDATE_IN": where,
                "TRIAGE_VALIDATE_AFTER": str(rng.randrange(9) if where in places[:2] else 0),
            }
        with start(*arguments, **step) as process:
            try:
                process.wait(timeout=60 if step else rng.uniform(0.3, 3.5))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        killed += process.returncode == -signal.SIGKILL
        if (case / "case.toml").exists():
            with suppress(ConfigError):  # nothing is published yet
                open_case(case)
                whole(case)
                published += 1
    assert command("run", sample_return, "--case", case, "--workers", 1)[0] == 0
    assert table_hashes(case) == expected
    nothing_left_over(case)
    assert published


# --- sources that change ------------------------------------------------------------------------


def test_a_source_that_changes_while_it_is_read(
    sample_return: Path, tmp_path: Path, expected: dict[str, str], table_hashes: Hashes,
    triage: Triage, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    import pipeline.run

    source, case = tmp_path / "return.zip", tmp_path / "case"
    shutil.copy(sample_return, source)
    whole_file = source.read_bytes()
    receive = pipeline.run.receive
    other = make_sample(tmp_path / "other.zip", pages=30, seed=2).zip_path.read_bytes()
    for changed, expect, words in [
        (other, 3, "records.html in .*return.zip: has changed since it was hashed"),
        (whole_file[:-99], 5, "could be read when it was hashed"),
        (None, 5, "could be read when it was hashed"),
    ]:

        def and_change(*args: Any, content: bytes | None = changed) -> Any:
            received = receive(*args)
            source.unlink()
            if content is not None:
                source.write_bytes(content)
            return received

        with monkeypatch.context() as patch:
            patch.setattr("pipeline.run.receive", and_change)
            code, _, err = triage("run", source, "--case", case, "--workers", 1)
        assert code == expect
        assert err.count("\n") == 1
        assert pd.Series([err]).str.contains(words).all()
        assert not (case / "tables").exists()
        source.write_bytes(whole_file)
    # what was read of the other file is not taken up
    assert triage("run", source, "--case", case, "--workers", 1)[0] == 0
    assert table_hashes(case) == expected
    nothing_left_over(case)


def test_a_source_that_changes_between_runs(
    sample_return: Path, tmp_path: Path, triage: Triage, table_hashes: Hashes
) -> None:
    source, case = tmp_path / "return.zip", tmp_path / "case"
    shutil.copy(sample_return, source)
    assert triage("run", source, "--case", case, "--workers", 1)[0] == 0
    before = table_hashes(case)
    make_sample(source, pages=30, seed=2)
    code, _, err = triage("run", source, "--case", case, "--workers", 1)
    assert code == IntegrityError.exit_code == 3
    assert "has changed since it was received as FB-1" in err
    assert err.count("\n") == 1
    assert table_hashes(case) == before
    code, _, _ = triage("run", sample_return, "--case", case, "--workers", 1)
    assert code == 0  # the same bytes elsewhere will do


# --- adding -------------------------------------------------------------------------------------


def rows(case: Path, table: str, key: str) -> pd.DataFrame:
    return pd.read_parquet(case / "tables" / table).set_index(key)


def test_a_second_return_leaves_all_old_ids(
    sample_return: Path, case_copy: Path, tmp_path: Path
) -> None:
    second = make_sample(tmp_path / "second.zip", pages=30, seed=2).zip_path
    tables = {
        "sources": "source_id", "records": "record_id", "mentions": "mention_id",
        "accounts": "account_id", "entities": "entity_id", "links": "link_id",
    }  # fmt: skip
    before = {name: rows(case_copy, name, key) for name, key in tables.items()}
    run([second], case_copy, RunConfig(workers=1), quiet=True)
    for name, key in tables.items():
        after = rows(case_copy, name, key)
        assert after.index.is_unique, name
        assert set(before[name].index) <= set(after.index), name
        assert len(after) > len(before[name]), name
        if name in ("sources", "records", "mentions"):
            pd.testing.assert_frame_equal(after.loc[before[name].index], before[name])
    together = tmp_path / "together"
    run([sample_return, second], together, RunConfig(workers=1), quiet=True)
    for name, key in tables.items():
        assert rows(together, name, key).index.equals(rows(case_copy, name, key).index), name


def test_overlapping_threads(
    tmp_path: Path, meta_html: Callable[..., bytes], make_zip: Callable[..., Path]
) -> None:
    """The k-th of equal records in one source repeats the k-th in the source before it."""
    ann, bo = "Ann Example (Facebook: 1)", "Bo Example (Facebook: 2)"
    noon, later = "2024-02-01 12:00:00 UTC", "2024-02-01 12:00:01 UTC"
    shared = [(ann, noon, "call 651-555-0117"), (bo, noon, "ok"), (bo, noon, "ok")]
    first = make_zip(tmp_path / "a.zip", {"records.html": meta_html({"9": [
        *shared, (ann, noon, "only in the first"),
    ]})})  # fmt: skip
    second = make_zip(tmp_path / "b.zip", {"records.html": meta_html({
        "9": [*shared, (bo, noon, "OK "), (bo, later, "ok"), (ann, noon, "ok"),
              (ann, noon, "Call  651-555-0117")],
        "10": [(bo, noon, "ok")],
    })})  # fmt: skip
    case = tmp_path / "case"
    run([first], case, RunConfig(workers=1), quiet=True)
    before = rows(case, "records", "record_id")
    assert before["duplicate_of"].isna().all()
    run([second], case, RunConfig(workers=1), quiet=True)
    after = rows(case, "records", "record_id")
    pd.testing.assert_frame_equal(after.loc[before.index], before)
    said = after[after["kind"] == "message"]
    old, new = said[said["source_label"] == "FB-1"], said[said["source_label"] == "FB-2"]
    assert old["duplicate_of"].isna().all()
    repeats = [None if pd.isna(value) else value for value in new["duplicate_of"]]
    # call, ok, ok; a third "OK " of that second; another second; another author; the call again;
    # another thread
    assert repeats == [*old.index[:3], None, None, None, None, None]
    entities = rows(case, "entities", "entity_id")
    phone = entities[entities["value"] == "+16515550117"].iloc[0]
    assert phone["record_count"] == 2  # the call, and the call again
