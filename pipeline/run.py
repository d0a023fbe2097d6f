"""The main job: hash, survey, read, guard, extract, derive, publish, index, report."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Any

from extractors.registry import versions
from pipeline import __version__
from pipeline.case import (
    Case,
    append_audit,
    clear_staged,
    create_case,
    finish_publishing,
    locked,
    publish,
    write_private,
)
from pipeline.config import RunConfig
from pipeline.derive.ledger import Ledger, write_ledger
from pipeline.derive.publish import derive
from pipeline.derive.work import ShardOutput
from pipeline.errors import SourceError, UnfinishedError
from pipeline.executor import run_shards
from pipeline.guard import Guard, load_scope
from pipeline.plan import Item, Received, receive
from pipeline.progress import Progress
from pipeline.readers import reader_named
from pipeline.readers.base import Issue
from pipeline.report.render import write_report
from pipeline.shard import ShardTask, SourceContext, issue_row, read_receipt
from schemas.ids import stable_id
from schemas.kinds import Severity

LOG = logging.getLogger("triage")
LIBRARIES = ("dask", "duckdb", "phonenumbers", "pyarrow", "spacy", "tantivy")

ROOM = 3
"""Bytes of disk asked for per byte of text to be read: work, tables and index came to 1.6 of them on
a return of 40,000 pages; publishing holds two sets of tables for a moment."""


@dataclass(slots=True)
class RunResult:
    """What a run did, for the summary and the exit code."""

    case: Path
    ledger: Ledger = field(default_factory=Ledger)
    seconds: float = 0.0
    unchanged: bool = False

    @property
    def exit_code(self) -> int:
        """0 done; 1 done, but some material was not read."""
        return int(self.ledger.errors > 0)


def run(
    sources: list[Path], case_path: Path, config: RunConfig, *, quiet: bool = False
) -> RunResult:
    """Do the main job on a case; sources that it has already are not read again.

    Args:
        sources: zips, folders or files of a return.
        case_path: the case folder; made if it is not there.
        config: the options.
        quiet: no progress bar.

    Raises:
        ConfigError: no source usable, or wrong options; nothing is published.
        UnfinishedError: run again resumes.
    """
    started = datetime.now(UTC)
    guard = load_scope(Path(config.scope)) if config.scope else Guard()
    case = create_case(case_path, sources)
    with locked(case), _logged(case), Progress(quiet=quiet) as progress:
        finish_publishing(case)
        with progress.stage("hash", sum(_size(path) for path in sources), "B"):
            received = receive(case, sources, config.limits, progress.step)
        digest = _digest(case, config, guard, received)
        stored = _published_ledger(case, digest)
        if stored is not None:
            return RunResult(case.path, stored, unchanged=True)
        _ask_for_room(case, received)
        issues = list(received.issues)
        pages = sum(item.file.page_count for item in received.readable)
        with progress.stage("read", pages, "pages"):
            shards = _read(case, received, guard, config, progress, issues)
        staged = clear_staged(case)
        with progress.stage("derive"):
            files = [item.file for item in received.readable]
            derived = derive(shards, received.media, files, config, staged, progress.note)
            shutil.rmtree(staged / "spill", ignore_errors=True)
        if config.scope is None:
            issues.append(issue_row(_NO_SCOPE, None))
        with progress.stage("report"):
            facts = _run_facts(config, started, received)
            ledger = write_ledger(case, staged, received, shards, derived, issues, facts, progress)
            ledger.scoped = config.scope is not None
            write_report(case, staged, ledger)
        with progress.stage("publish"):
            publish(case, {"inputs": digest, "ledger": asdict(ledger)})
        details = {"rows": ledger.rows, "issues": ledger.issues, "inputs": digest}
        append_audit(case, "run", details)
    seconds = (datetime.now(UTC) - started).total_seconds()
    LOG.info("run: %.1f s", seconds)
    return RunResult(case.path, ledger, seconds)


_NO_SCOPE = Issue(
    Severity.WARNING, "guard", "no_scope",
    "no scope was given, so everything was read; give the warrant's dates and accounts with "
    "--scope scope.toml",
)  # fmt: skip


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(item.stat().st_size for item in path.rglob("*") if item.is_file())
    return path.stat().st_size if path.exists() else 0


class _logged:
    """Write command.log while a command is at work: ids and counts, never evidence text."""

    def __init__(self, case: Case) -> None:
        self._handler = logging.FileHandler(case.path / "command.log", encoding="utf-8")
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))

    def __enter__(self) -> None:
        LOG.setLevel(logging.DEBUG)
        LOG.addHandler(self._handler)
        Path(self._handler.baseFilename).chmod(0o600)

    def __exit__(self, *_: object) -> None:
        LOG.removeHandler(self._handler)
        self._handler.close()


def _digest(case: Case, config: RunConfig, guard: Guard, received: Received) -> str:
    """Hash all that decides the output: sources in order, options, versions, legal process."""
    process = case.document().unwrap().get("legal_process", {})
    return stable_id(
        __version__, config.digest(), repr(_guard_key(guard)), repr(_components()),
        json.dumps(process, sort_keys=True, default=str),
        *[f"{item.label}:{item.file.sha256}:{item.file.path}" for item in received.items],
    )  # fmt: skip


def _guard_key(guard: Guard) -> tuple[object, ...]:
    return (
        sorted(guard.accounts), sorted(guard.categories), guard.ranges, sorted(guard.sealed_threads),
    )  # fmt: skip


def _components() -> list[tuple[str, str]]:
    found = [(name, str(number)) for name, number in versions().items()]
    return sorted([*found, *[(name, library_version(name)) for name in LIBRARIES]])


def _published_ledger(case: Case, digest: str) -> Ledger | None:
    """Return the ledger of what is published if it was made of the same input."""
    if not (case.path / "manifest.json").is_file() or not (case.path / "tables").is_dir():
        return None
    manifest = case.manifest()
    if manifest.get("inputs") != digest:
        return None
    return Ledger(**manifest["ledger"])


def _ask_for_room(case: Case, received: Received) -> None:
    needed = ROOM * sum(item.file.size_bytes for item in received.readable) + (64 << 20)
    free = shutil.disk_usage(case.path).free
    if free < needed:
        raise UnfinishedError(
            f"{case.path}: about {needed / 2**30:,.1f} GiB are needed and {free / 2**30:,.1f} GiB "
            "are free; make room or name a case folder on another disk"
        )


def _read(
    case: Case,
    received: Received,
    guard: Guard,
    config: RunConfig,
    progress: Progress,
    issues: list[dict[str, Any]],
) -> list[ShardOutput]:
    """Bring every shard of every readable file to its end; return them in order."""
    messages = 0

    def done(receipt: dict[str, Any]) -> None:
        nonlocal messages
        messages += receipt["messages"]
        progress.step(receipt["pages"], messages=messages)

    plans: list[tuple[int, Path, list[str]]] = []
    key = stable_id(config.digest(), repr(_guard_key(guard)), repr(_components()))

    def tasks() -> Iterator[ShardTask]:
        for number, item in enumerate(received.readable):
            folder = _shards_folder(case, item, key)
            listed = _complete(folder)
            names: list[str] = [] if listed is None else listed
            plans.append((number, folder, names))
            if listed is not None:
                for name in names:
                    done(read_receipt(folder / name))
                continue
            try:
                for task in _tasks(item, folder, guard, config):
                    names.append(task.folder.name)
                    if task.folder.exists():
                        done(read_receipt(task.folder))
                    else:
                        yield task
            except SourceError as error:
                issue = Issue(Severity.ERROR, "read", error.code, str(error))
                issues.append(issue_row(issue, item.file.source_id, item.label))

    run_shards(tasks(), config.workers, done)
    shards = []
    for number, folder, names in plans:
        if names:
            write_private(folder / "complete.json", json.dumps(names).encode())
        _drop_others(folder)
        for name in names:
            receipt = read_receipt(folder / name)
            shards.append(ShardOutput(folder / name, number, receipt["records"]))
    return shards


def _shards_folder(case: Case, item: Item, key: str) -> Path:
    reader = reader_named(item.file.reader or "")
    mine = stable_id(key, reader.name, reader.version, item.label, item.service)
    return case.work / "shards" / item.file.source_id / mine


def _drop_others(folder: Path) -> None:
    """Delete shard outputs of the same file under other options."""
    for other in sorted(folder.parent.iterdir()):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


def _complete(folder: Path) -> list[str] | None:
    """Return the names of a file's shards if all of them are there."""
    try:
        names = json.loads((folder / "complete.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return names if all((folder / name).is_dir() for name in names) else None


def _tasks(item: Item, folder: Path, guard: Guard, config: RunConfig) -> Iterator[ShardTask]:
    reader = reader_named(item.file.reader or "")
    source = SourceContext(
        item.file.source_id, item.label, reader.name, item.service or "", item.targets
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for shard in reader.shards(item.file.blocks(), has_pages=item.file.bars > 0):
        name = f"{shard.ordinal:06d}-{shard.byte_start}-{shard.byte_end}"
        model = (config.model or "") if config.use_model else None
        yield ShardTask(folder / name, source, shard, guard, config.region, model)


def _run_facts(config: RunConfig, started: datetime, received: Received) -> dict[str, Any]:
    """What goes into the row of ``runs``, times and counts aside."""
    return {
        "run_id": stable_id("run", started.isoformat()),
        "started_at": started,
        "tool_version": __version__,
        "component_versions": [{"label": n, "value": v} for n, v in _components()],
        "config_sha256": config.digest(),
        "source_sha256s": sorted({item.file.container.sha256 for item in received.items}),
        "worker_count": config.workers,
    }
