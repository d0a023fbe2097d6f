"""How fast this machine reads: the whole run beside the bare floor, with peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from pipeline.sample.maker import make_sample

ROUNDS = 3
"""The floor is the best of so many: it is a bound, and noise only adds."""
TEXTS = 20_000
"""Messages that extractors are timed on."""
INTERVAL = 0.1
"""Seconds between two looks at memory."""


@dataclass(slots=True)
class Bench:
    """Figures of one bench run; times in seconds, memory in MiB."""

    pages: int = 0
    messages: int = 0
    workers: int = 0
    floor_seconds: float = 0.0
    run_seconds: float = 0.0
    peak_mib: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    texts_a_second: dict[str, float] = field(default_factory=dict)
    """Distinct texts a second on one core, by extractor; ``all`` with overlaps settled."""

    @property
    def ratio(self) -> float:
        """The whole run by the floor."""
        return self.run_seconds / self.floor_seconds if self.floor_seconds else 0.0

    def lines(self) -> str:
        """Write the figures for a terminal."""
        stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.stages.items())
        speeds = ", ".join(f"{n} {rate:,.0f}" for n, rate in self.texts_a_second.items())
        return (
            f"pages      {self.pages:,} ({self.messages:,} messages), {self.workers} workers\n"
            f"floor      {self.floor_seconds:.1f} s  (selectolax, text page by page, one process, "
            f"best of {ROUNDS})\n"
            f"whole run  {self.run_seconds:.1f} s  ({self.pages / self.run_seconds:,.0f} pages/s, "
            f"{self.messages / self.run_seconds:,.0f} messages/s)\n"
            f"ratio      {self.ratio:.1f}\n"
            f"peak       {self.peak_mib:,.0f} MiB summed PSS\n"
            f"stages     {stages} s\n"
            f"texts/s    {speeds}  (distinct texts, one core)"
        )

    def as_json(self) -> str:
        """Write the figures as JSON."""
        return json.dumps(asdict(self) | {"ratio": self.ratio})


def bench(pages: int, workers: int, *, model: bool, note: Callable[[str], None]) -> Bench:
    """Make a return of so many pages in a temporary folder, and measure floor and whole run.

    Args:
        pages: pages of the return.
        workers: worker processes of the run.
        model: whether the names model takes part.
        note: told what is being done.
    """
    with tempfile.TemporaryDirectory(prefix="triage-bench-") as name:
        folder = Path(name)
        note("making the return")
        receipt = make_sample(folder, pages=pages, seed=1)
        result = Bench(sum(receipt.pages.values()), receipt.messages, workers)
        note("measuring the extractors")
        result.texts_a_second = _speeds(receipt.gold_path)
        note("measuring the floor")
        result.floor_seconds = min(_floor(receipt.zip_path) for _ in range(ROUNDS))
        note("measuring the whole run")
        command = [
            sys.executable, "-m", "pipeline", "run", str(receipt.zip_path), "--quiet",
            "--case", str(folder / "case"), "--workers", str(workers),
        ]  # fmt: skip
        if not model:
            command.append("--no-model")
        result.run_seconds, result.peak_mib = _watched(command)
        result.stages = _stages(folder / "case")
    return result


def _floor(path: Path) -> float:
    """Take the text of every page, one after another; only that is timed, not the inflating."""
    from selectolax.lexbor import LexborHTMLParser

    with zipfile.ZipFile(path) as archive:
        names = [item for item in archive.namelist() if item.endswith(".html")]
        pages = [
            page for item in names for page in archive.read(item).split(b'<div id="page_')
        ]  # fmt: skip
    begun = time.perf_counter()
    for page in pages:
        LexborHTMLParser(page).text()
    return time.perf_counter() - begun


def _speeds(gold: Path) -> dict[str, float]:
    """Time each extractor over distinct texts of the return, in this process."""
    from extractors.registry import EXTRACTORS, find_all

    with gold.open(encoding="utf-8") as stream:
        rows = (json.loads(line)["text"] for line in islice(stream, TEXTS))
        texts = list(dict.fromkeys(text for text in rows if text))
    warm = "deja said 651 555 0117 is at the rodeway in fridley, 80 bucks"
    speeds = {}
    finders: list[tuple[str, Callable[[str], object]]] = [
        *[(item.name, lambda text, find=item.find: list(find(text, "US"))) for item in EXTRACTORS],
        ("all", lambda text: find_all(text, "US")),
    ]
    for name, find in finders:
        find(warm)  # lists are loaded on first use
        begun = time.process_time()
        for text in texts:
            find(text)
        speeds[name] = len(texts) / (time.process_time() - begun)
    return speeds


def _watched(command: list[str]) -> tuple[float, float]:
    """Run a command; return seconds and the peak of memory summed over its processes (MiB)."""
    import psutil

    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    watched = psutil.Process(process.pid)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _memory(watched))
        time.sleep(INTERVAL)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"the run ended with exit code {process.returncode}")
    return time.perf_counter() - begun, peak / 2**20


def _memory(root: object) -> int:
    import psutil

    total = 0
    try:
        for process in [root, *root.children(recursive=True)]:  # type: ignore[attr-defined]
            try:
                memory = process.memory_full_info()
            except psutil.Error:
                continue
            total += getattr(memory, "pss", memory.uss)
    except psutil.Error:
        return 0
    return total


def _stages(case: Path) -> dict[str, float]:
    import pyarrow.parquet as pq

    last = pq.read_table(case / "tables" / "runs", columns=["stage_seconds"]).to_pylist()[-1]
    return {item["stage"]: item["seconds"] for item in last["stage_seconds"]}
