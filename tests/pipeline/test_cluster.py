"""A running Dask cluster does the same work, and nothing goes over a plain connection unasked."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

Triage = Callable[..., tuple[int, str, str]]
Hashes = Callable[[Path], dict[str, str]]


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[psutil.Process]]]:
    """A scheduler on loopback and its workers, each a process with one of its own beneath it."""
    log = folder / "scheduler.log"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    started = []
    try:
        with log.open("w") as out:
            started.append(subprocess.Popen(
                [*command, "--host", "127.0.0.1", "--port", "0", "--no-dashboard"],
                stdout=out, stderr=out,
            ))  # fmt: skip
        found = None
        until = time.monotonic() + 60
        while found is None and time.monotonic() < until:
            time.sleep(0.2)
            found = re.search(r"tcp://127\.0\.0\.1:\d+", log.read_text())
        assert found, log.read_text()
        for number in range(workers):
            with (folder / f"worker-{number}.log").open("w") as out:
                started.append(subprocess.Popen(
                    [sys.executable, "-m", "distributed.cli.dask_worker", found[0], "--nworkers",
                     "1", "--nthreads", "1", "--no-dashboard", "--local-directory",
                     str(folder / f"w{number}")],
                    stdout=out, stderr=out,
                ))  # fmt: skip
        yield found[0], [psutil.Process(process.pid) for process in started[1:]]
    finally:
        for process in reversed(started):
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.send_signal(signal.SIGKILL)
            process.wait()


def test_a_plain_connection_is_refused(sample_return: Path, tmp_path: Path, triage: Triage) -> None:
    arguments = ("run", sample_return, "--case", tmp_path / "case", "--scheduler")
    code, _, err = triage(*arguments, "tcp://127.0.0.1:1")
    assert code == 2
    assert "in the clear" in err
    given = ("--tls-ca", tmp_path / "ca.pem", "--tls-cert", tmp_path / "n.pem")
    code, _, err = triage(*arguments, "tls://127.0.0.1:1", *given)
    assert code == 2
    assert "go together" in err
    code, _, err = triage(*arguments, "tls://127.0.0.1:1", *given, "--tls-key", tmp_path / "n.key")
    assert code == 2
    assert "no such file" in err


@pytest.mark.slow
def test_one_worker_of_three_is_killed(
    sample_return: Path, sample_case: Path, tmp_path: Path, triage: Triage, table_hashes: Hashes
) -> None:
    case = tmp_path / "case"
    with cluster(tmp_path, 3) as (address, workers):
        command = [
            sys.executable, "-c", "from pipeline.cli import main; main()", "run", str(sample_return), "--case", str(case),
            "--scheduler", address, "--insecure", "--quiet",
        ]  # fmt: skip
        run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        until = time.monotonic() + 120
        while not list(case.glob("work/shards/*/*")) and time.monotonic() < until:
            time.sleep(0.05)
        for child in workers[0].children(recursive=True):
            child.kill()
        workers[0].kill()
        _, err = run.communicate(timeout=300)
    assert (run.returncode, err) == (0, "")
    assert table_hashes(case) == table_hashes(sample_case)
