"""How fast this machine reads: the whole run beside the bare floor, with peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from pipeline.bench_memory import watched
from pipeline.bench_search import opened
from pipeline.readers.base import About, Located
from pipeline.sample.maker import make_sample
from pipeline.sample.printed import make_printed

PRINT = "meta-pdf"
ROUNDS = 3
"""The floor is the best of so many: it is a bound, and noise only adds."""
TEXTS = 20_000
"""Messages that extractors are timed on."""


@dataclass(slots=True)
class Bench:
    """Figures of one bench run; times in seconds, memory in MiB."""

    form: str = "meta"
    """``meta`` or ``meta-pdf``."""
    pages: int = 0
    """Pages as the provider numbers them; sheets of a print."""
    messages: int = 0
    distinct: float = 0.0
    """Share of the messages' texts that stand once."""
    words: int = 0
    """Words of the median message."""
    workers: int = 0
    floor_seconds: float = 0.0
    run_seconds: float = 0.0
    cpu_seconds: float = 0.0
    """Processor time of the whole run, all processes: tells a slow run from a busy machine."""
    peak_mib: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    reader_ratio: float = 0.0
    """Of a print: time of the whole reader on one core, by the floor."""
    search_seconds: float = 0.0
    """A search by words, cold process and all, best of three."""
    open_seconds: float = 0.0
    """To open the case for many searches."""
    opened_median_seconds: float = 0.0
    opened_worst_seconds: float = 0.0
    """A search thereafter, by words and by value: of thirty, the median and the slowest."""
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
        bare = (
            "PDFium, text sheet by sheet" if self.form == PRINT else "selectolax, text page by page"
        )
        reader = ""
        if self.reader_ratio:
            rate = self.pages / (self.reader_ratio * self.floor_seconds)
            reader = (
                f"reader     {rate:,.0f} sheets/s to records on one core, "
                f"{self.reader_ratio:.2f} x the floor\n"
            )
        unit = "sheets" if self.form == PRINT else "pages"
        return (
            f"{unit:10} {self.pages:,} ({self.messages:,} messages, {100 * self.distinct:.0f} % of "
            f"texts distinct, median {self.words} words), {self.workers} workers\n"
            f"floor      {self.floor_seconds:.1f} s  ({bare}, one process, best of {ROUNDS})\n"
            f"whole run  {self.run_seconds:.1f} s  ({self.pages / self.run_seconds:,.0f} {unit}/s, "
            f"{self.messages / self.run_seconds:,.0f} messages/s), "
            f"{self.cpu_seconds:.1f} s of processors\n"
            f"ratio      {self.ratio:.1f}\n"
            f"peak       {self.peak_mib:,.0f} MiB summed PSS\n"
            f"stages     {stages} s\n"
            f"{reader}"
            f"search     {self.search_seconds:.2f} s  (by words, cold process, best of {ROUNDS})\n"
            f"opened     {1000 * self.opened_median_seconds:.0f} ms a search, median of thirty; "
            f"worst {1000 * self.opened_worst_seconds:.0f} ms; opening {self.open_seconds:.1f} s\n"
            f"texts/s    {speeds}  (distinct texts, one core)"
        )

    def as_json(self) -> str:
        """Write the figures as JSON."""
        return json.dumps(asdict(self) | {"ratio": self.ratio})


def bench(
    pages: int,
    workers: int,
    *,
    model: bool,
    note: Callable[[str], None],
    form: str = "meta",
    speeds: bool = True,
) -> Bench:
    """Make a return of so many pages in a temporary folder, and measure floor and whole run.

    Args:
        pages: pages of the return.
        workers: worker processes of the run.
        model: whether the names model takes part.
        note: told what is being done.
        form: ``meta``, or ``meta-pdf`` for the same as a print.
        speeds: whether the extractors are timed one by one.

    Raises:
        ConfigError: a print was asked for, and there is no browser.
    """
    with tempfile.TemporaryDirectory(prefix="triage-bench-") as name:
        folder = Path(name)
        note(f"making the return, {pages:,} pages")
        if form == PRINT:
            source = make_printed(folder / "return", pages=pages, seed=1)
            gold = source / "gold.jsonl"
            gold = gold.rename(folder / "gold.jsonl")
        else:
            receipt = make_sample(folder, pages=pages, seed=1)
            source, gold = receipt.zip_path, receipt.gold_path
        result = Bench(form, workers=workers)
        result.messages, result.distinct, result.words = _texts(gold)
        if speeds:
            note("measuring the extractors")
            result.texts_a_second = _speeds(gold)
        note("measuring the floor")
        floor = _printed_floor if form == PRINT else _floor
        rounds = [floor(source) for _ in range(ROUNDS)]
        result.floor_seconds = min(seconds for seconds, _ in rounds)
        result.pages = rounds[0][1]
        if form == PRINT:
            note("measuring the reader")
            result.reader_ratio = min(_read(source) for _ in range(ROUNDS)) / result.floor_seconds
        note("measuring the whole run")
        command = [
            sys.executable, "-m", "pipeline", "run", str(source), "--quiet",
            "--case", str(folder / "case"), "--workers", str(workers),
        ]  # fmt: skip
        if not model:
            command.append("--no-model")
        result.run_seconds, result.cpu_seconds, result.peak_mib = watched(command)
        result.stages = _stages(folder / "case")
        note(f"run: {result.run_seconds:.1f} s, peak {result.peak_mib:,.0f} MiB; now searching")
        result.search_seconds = min(_searched(folder / "case") for _ in range(ROUNDS))
        asked = opened(folder / "case")
        result.open_seconds = asked.opening
        result.opened_median_seconds = asked.median
        result.opened_worst_seconds = asked.worst
    return result


def growth(results: list[Bench]) -> str:
    """Write a table of runs of growing size, with what each step costs by the page."""
    rows = ["     pages   whole run   s/1,000 pages   processors   peak MiB   ratio   search"]
    rows += [
        f"{item.pages:10,} {item.run_seconds:9.1f} s {1000 * item.run_seconds / item.pages:15.2f} "
        f"{item.cpu_seconds:10.1f} s "
        f"{item.peak_mib:10,.0f} {item.ratio:7.1f} {item.search_seconds:6.2f} s"
        for item in results
    ]
    return "\n".join(rows)


def _texts(gold: Path) -> tuple[int, float, int]:
    """Return how many messages there are, the share of distinct texts, words of the median."""
    counts: Counter[str] = Counter()
    words: Counter[int] = Counter()
    with gold.open(encoding="utf-8") as stream:
        for line in stream:
            text = json.loads(line)["text"] or ""
            counts[text] += 1
            words[len(text.split())] += 1
    total = counts.total()
    passed = 0
    for count in sorted(words):
        passed += words[count]
        if 2 * passed >= total:
            break
    return total, sum(n == 1 for n in counts.values()) / max(total, 1), count


def _searched(case: Path) -> float:
    command = [sys.executable, "-m", "pipeline", "search", str(case), "rodeway OR tonight"]
    begun = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun


def _printed_floor(folder: Path) -> tuple[float, int]:
    from pipeline.readers.meta_pdf import MetaPdf
    from pipeline.readers.pdf_sheets import bare_text

    paths = sorted(folder.glob("*.pdf"))
    begun = time.perf_counter()
    for path in paths:
        bare_text(path)
    seconds = time.perf_counter() - begun
    return seconds, sum(MetaPdf().count(_located(path)) for path in paths)


def _located(path: Path) -> Located:
    return Located(path, None, path.stat().st_size, "")


def _read(folder: Path) -> float:
    """Read prints to records in this process; return seconds."""
    from pipeline.readers.meta_pdf import MetaPdf

    reader = MetaPdf()
    begun = time.perf_counter()
    for path in sorted(folder.glob("*.pdf")):
        located = _located(path)
        blocks = (reader.prepare(located, part) for part in reader.parts(located))
        for shard in reader.shards(blocks, has_pages=True):
            for _ in reader.read(shard, About("facebook")).records:
                pass
    return time.perf_counter() - begun


def _floor(path: Path) -> tuple[float, int]:
    """Take the text of every page, one after another; only that is timed, not the inflating.

    Returns:
        Seconds, and the number of pages.
    """
    from selectolax.lexbor import LexborHTMLParser

    with zipfile.ZipFile(path) as archive:
        names = [item for item in archive.namelist() if item.endswith(".html")]
        parts = [archive.read(item).split(b'<div id="page_') for item in names]
    pages = [page for part in parts for page in part]
    begun = time.perf_counter()
    for page in pages:
        LexborHTMLParser(page).text()
    return time.perf_counter() - begun, len(pages) - len(parts)


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


def _stages(case: Path) -> dict[str, float]:
    import pyarrow.parquet as pq

    last = pq.read_table(case / "tables" / "runs", columns=["stage_seconds"]).to_pylist()[-1]
    return {item["stage"]: item["seconds"] for item in last["stage_seconds"]}
