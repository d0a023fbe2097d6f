"""The main job: hash, survey, read, guard, extract, derive, publish, index, report."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Any

import duckdb

from extractors.names import model_digest
from extractors.registry import versions
from pipeline import __version__
from pipeline.case import (
    Case,
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
from pipeline.errors import IntegrityError, UnfinishedError
from pipeline.executor import run_shards
from pipeline.files import private, remove_folder
from pipeline.guard import Guard, load_scope
from pipeline.intake import look_at
from pipeline.plan import Item, Received, receive
from pipeline.progress import Progress
from pipeline.publication import JOURNAL
from pipeline.readers import reader_named
from pipeline.readers.base import Issue
from pipeline.report.render import write_report
from pipeline.shard import ShardTask, SourceContext, issue_row, read_receipt
from schemas.ids import stable_id
from schemas.kinds import Severity

LOG = logging.getLogger("triage")
LIBRARIES = ("dask", "duckdb", "phonenumbers", "pyarrow", "spacy", "tantivy")

ROOM = 3
"""Bytes of disk asked for per byte of text to be read: work, tables and index came to 1.6 of them
on a return of 40,000 pages; publishing holds two sets of tables for a moment."""

DISK_ERRORS = frozenset({
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO,
    errno.ESTALE, errno.ENODEV, errno.EMFILE, errno.ENFILE, errno.ENOMEM,
})  # fmt: skip
"""What a full, taken away or overburdened machine tells; any other system error is a bug."""


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
    total = look_at(sources)
    with private():
        case = create_case(case_path, sources)
        with locked(case), _writing(case), _logged(case), Progress(quiet=quiet) as progress:
            result = _run(case, sources, config, guard, started, total, progress)
    result.seconds = (datetime.now(UTC) - started).total_seconds()
    LOG.info("run: %.1f s", result.seconds)
    return result


def _run(
    case: Case,
    sources: list[Path],
    config: RunConfig,
    guard: Guard,
    started: datetime,
    total: int,
    progress: Progress,
) -> RunResult:
    finish_publishing(case)
    for half_made in case.work.glob("shards/*/*/.*"):  # by a run that was killed
        remove_folder(half_made)
    with progress.stage("hash", total, "B"):
        received = receive(case, sources, config.limits, progress.step)
    digest = _digest(case, config, guard, received)
    stored = _published_ledger(case, digest)
    if stored is not None:
        return RunResult(case.path, stored, unchanged=True)
    _ask_for_room(case, received)
    issues = list(received.issues)
    pages = sum(item.file.page_count for item in received.readable)
    with progress.stage("read", pages, "pages"):
        shards = _read(case, received, guard, config, progress)
    staged = clear_staged(case)
    with progress.stage("derive"):
        files = [item.file for item in received.readable]
        derived = derive(shards, received.media, files, config, staged, progress.note)
        remove_folder(staged / "spill")
    if config.scope is None:
        issues.append(issue_row(_NO_SCOPE, None))
    with progress.stage("report"):
        facts = _run_facts(config, started, received)
        ledger = write_ledger(case, staged, received, shards, derived, issues, facts, progress)
        ledger.scope = guard.told()
        write_report(case, staged, ledger)
    with progress.stage("publish"):
        details = {
            "run_id": facts["run_id"], "rows": ledger.rows, "issues": ledger.issues,
            "inputs": digest,
        }  # fmt: skip
        publish(case, {"inputs": digest, "ledger": asdict(ledger)}, details)
    return RunResult(case.path, ledger)


@contextmanager
def _writing(case: Case) -> Iterator[None]:
    """Turn failures to write into one line, and give back the room of what was half made.

    Sources are read within pipeline.intake, which has errors of its own; other system errors come
    from the case's disk.
    """
    try:
        yield
    except (OSError, duckdb.Error, ValueError) as error:
        # tantivy tells of a full disk by a ValueError, DuckDB by errors of several classes
        text = str(error).lower()
        full = "no space left" in text or "os error 28" in text
        if not full and getattr(error, "errno", None) not in DISK_ERRORS:
            raise
        if not (case.path / JOURNAL).exists():
            shutil.rmtree(case.staged, ignore_errors=True)
        reason = "the disk is full" if full else getattr(error, "strerror", None)
        raise UnfinishedError(
            f"{case.path}: the case cannot be written ({reason or type(error).__name__}); mend "
            "that and run again: done work is kept"
        ) from error


_NO_SCOPE = Issue(
    Severity.WARNING, "guard", "no_scope",
    "no scope was given, so everything was read; give the warrant's dates and accounts with "
    "--scope scope.toml",
)  # fmt: skip


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
        __version__, config.digest(), repr(_guard_key(guard)), repr(_components(config)),
        json.dumps(process, sort_keys=True, default=str),
        *[f"{item.label}:{item.file.sha256}:{item.file.path}" for item in received.items],
    )  # fmt: skip


def _guard_key(guard: Guard) -> tuple[object, ...]:
    return (
        sorted(guard.accounts), sorted(guard.categories), guard.ranges,
        sorted(guard.sealed_threads),
    )  # fmt: skip


def _components(config: RunConfig) -> list[tuple[str, str]]:
    found = [(name, str(number)) for name, number in versions().items()]
    if config.use_model:
        found.append(("model", model_digest(config.model)))
    return sorted([*found, *[(name, library_version(name)) for name in LIBRARIES]])


def _published_ledger(case: Case, digest: str) -> Ledger | None:
    """Return the ledger of what is published, if it was made of the same input and is all there."""
    try:
        manifest = case.manifest()
        if manifest["inputs"] != digest:
            return None
        complete = all((case.path / name).is_file() for name in manifest["files"])
        return Ledger(**manifest["ledger"]) if complete else None
    except (IntegrityError, KeyError, TypeError):
        return None  # publishing mends it


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
) -> list[ShardOutput]:
    """Bring every shard of every readable file to its end; return them in order."""
    messages = 0

    def done(receipt: dict[str, Any]) -> None:
        nonlocal messages
        messages += receipt["messages"]
        progress.step(receipt["pages"], messages=messages)

    plans: list[tuple[int, Path, list[str]]] = []
    key = stable_id(config.digest(), repr(_guard_key(guard)), repr(_components(config)))

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
            for task in _tasks(item, folder, guard, config):
                names.append(task.folder.name)
                receipt = _receipt(task.folder)
                if receipt is None:
                    yield task
                else:
                    done(receipt)

    run_shards(tasks(), config.workers, done)
    shards = []
    for number, folder, names in plans:
        write_private(folder / "complete.json", json.dumps(names).encode())
        _drop_others(folder, names)
        for name in names:
            receipt = read_receipt(folder / name)
            shards.append(ShardOutput(folder / name, number, receipt["records"]))
    return shards


def _shards_folder(case: Case, item: Item, key: str) -> Path:
    reader = reader_named(item.file.reader or "")
    mine = stable_id(key, reader.name, reader.version, item.label, item.service)
    return case.work / "shards" / item.file.source_id / mine


def _drop_others(folder: Path, names: list[str]) -> None:
    """Delete what is no output of this file under these options."""
    for other in [*folder.parent.iterdir(), *folder.iterdir()]:
        if other.is_dir() and other != folder and other.name not in names:
            remove_folder(other)


def _complete(folder: Path) -> list[str] | None:
    """Return the names of a file's shards if all of them are there."""
    try:
        names = json.loads((folder / "complete.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return names if all(_receipt(folder / name) is not None for name in names) else None


def _receipt(folder: Path) -> dict[str, Any] | None:
    """Return a shard's receipt if it is done; a damaged one (power cut) is done anew."""
    try:
        return read_receipt(folder)
    except (OSError, ValueError, TypeError):
        if folder.exists():
            remove_folder(folder)
        return None


def _tasks(item: Item, folder: Path, guard: Guard, config: RunConfig) -> Iterator[ShardTask]:
    reader = reader_named(item.file.reader or "")
    source = SourceContext(
        item.file.source_id, item.label, reader.name, item.service or "", item.targets
    )
    folder.mkdir(parents=True, exist_ok=True)
    for shard in reader.shards(item.file.same_blocks(), has_pages=item.file.bars > 0):
        # its bytes are in its name: what was read of a file that had changed is never taken up
        digest = hashlib.sha256(shard.context)
        digest.update(shard.block)
        name = f"{shard.ordinal:06d}-{shard.byte_start}-{digest.hexdigest()[:20]}"
        model = (config.model or "") if config.use_model else None
        yield ShardTask(folder / name, source, shard, guard, config.region, config.timezone, model)


def _run_facts(config: RunConfig, started: datetime, received: Received) -> dict[str, Any]:
    """What goes into the row of ``runs``, times and counts aside."""
    return {
        "run_id": stable_id("run", started.isoformat()),
        "started_at": started,
        "tool_version": __version__,
        "component_versions": [{"label": n, "value": v} for n, v in _components(config)],
        "config_sha256": config.digest(),
        "source_sha256s": sorted({item.file.container.sha256 for item in received.items}),
        "worker_count": config.workers,
    }
