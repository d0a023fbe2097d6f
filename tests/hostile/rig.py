"""Runs commands in a process of their own, with limits, from a warm parent that only forks.

``python rig.py`` reads one job a line from standard input and answers with one line: what each
command gave, and how much time and memory the whole took. Importing and loading take three seconds;
they are paid once. The parent starts no thread, so that a fork is safe.
"""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

SECONDS = 900
"""After which a job that waits for something (a FIFO) is ended."""


@dataclass
class Outcome:
    """What became of a job."""

    results: list[tuple[int, str, str]]
    """Exit code, standard output and standard error of each command; fewer if the process died."""
    signal: int
    """The signal that ended the process; 0 = none."""
    seconds: float
    """Time on the processor."""
    megabytes: int
    """Most memory held at once."""


class Rig:
    """The warm parent, for a test session."""

    def __init__(self) -> None:
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment,
        )  # fmt: skip

    def __call__(self, *commands: tuple[object, ...], memory: int = 8192) -> Outcome:
        """Run commands one after the other; an argument ``{record}`` is the case's first record.

        ``memory`` in MB bounds the address space of the process.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        job = {"commands": [[os.fsdecode(str(a)) for a in c] for c in commands], "memory": memory}
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        answer["results"] = [(code, out, err) for code, out, err in answer["results"]]
        return Outcome(**answer)

    def close(self) -> None:
        """End it."""
        self._process.communicate()


WARM = (
    "difflib", "duckdb", "pandas", "pyarrow.dataset", "pyarrow.parquet", "tantivy", "pipeline.cli.report", "pipeline.cli.run", "pipeline.cli.search",
    "pipeline.cli.show", "pipeline.report.formats.pdf", "pipeline.report.formats.web", "pipeline.report.make", "pipeline.run",
    "pipeline.search.query", "pipeline.search.show", "pipeline.summary",
)  # fmt: skip


def _warm() -> None:
    for name in WARM:
        import_module(name)
    shard = import_module("pipeline.shard")
    shard._finder("US", "").find("hello Juno, call 651-555-0117 at 5, bring 20 to Fridley")
    import_module("pipeline.report.counts.cues").cues()
    for name in ("countries-110m.json", "states-10m.json"):
        import_module("pipeline.explore.places").outlines(name)
    gc.freeze()  # else each child walks, and so copies, all that its parent holds


def _record(case: str) -> str:
    import duckdb

    with suppress(Exception):
        found = duckdb.sql(
            f"SELECT record_id FROM '{case}/tables/records/*.parquet' WHERE text IS NOT NULL "
            "ORDER BY length(text) DESC, record_id LIMIT 1"
        ).fetchone()
        return found[0] if found else "none"
    return "none"


def _work(job: dict[str, Any], into: int) -> None:
    from pipeline.cli import call

    if job["memory"]:
        resource.setrlimit(resource.RLIMIT_AS, (job["memory"] << 20,) * 2)
    signal.alarm(SECONDS)
    results = []
    with os.fdopen(into, "w") as answer:
        for arguments in job["commands"]:
            arguments = [
                _record(job["commands"][1][1]) if a == "{record}" else a for a in arguments
            ]
            out, err = io.StringIO(), io.StringIO()
            with redirect_stdout(out), redirect_stderr(err):
                code = call(arguments)
            results.append((code, out.getvalue(), err.getvalue()))
        json.dump(results, answer)


def serve() -> None:
    """Answer jobs until there are no more."""
    _warm()
    for line in sys.stdin:
        job = json.loads(line)
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            code = 1
            try:
                _work(job, write)
                code = 0
            finally:
                os._exit(code)
        os.close(write)
        with os.fdopen(read) as pipe:
            text = pipe.read()
        _, status, usage = os.wait4(child, 0)
        answer = json.dumps(
            {
                "results": json.loads(text or "[]"),
                "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
                "seconds": usage.ru_utime + usage.ru_stime,
                "megabytes": usage.ru_maxrss >> 10,
            }
        )
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
