"""The main job: hash, survey, read, guard, extract, derive, publish, index, report."""

from __future__ import annotations

import errno
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
)
from pipeline.config import RunConfig
from pipeline.derive.ledger import Ledger, write_ledger
from pipeline.derive.publish import derive
from pipeline.errors import IntegrityError, UnfinishedError
from pipeline.executor import Crew, Workers
from pipeline.files import private, remove_folder
from pipeline.guard import Guard
from pipeline.intake import look_at
from pipeline.lists import Lists, read_lists
from pipeline.plan import Received, receive
from pipeline.progress import Progress
from pipeline.publication import JOURNAL
from pipeline.read import read_all
from pipeline.readers.base import Issue
from pipeline.record_rows import issue_row
from pipeline.report.render import write_report
from pipeline.scope import load_scope
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
    lists = read_lists(config)
    total = look_at(sources)
    with private():
        case = create_case(case_path, sources)
        with (
            locked(case),
            _writing(case),
            _logged(case),
            Progress(quiet=quiet) as progress,
            Crew(config.workers, _cluster(case, config)) as crew,
        ):
            result = _run(case, sources, config, guard, lists, started, total, progress, crew)
    result.seconds = (datetime.now(UTC) - started).total_seconds()
    LOG.info("run: %.1f s", result.seconds)
    return result


def _cluster(case: Case, config: RunConfig) -> Workers | None:
    if config.scheduler is None:
        return None
    from pipeline.cluster import Cluster  # Dask, half a second, for those who have a cluster

    tls = None
    if config.tls_ca and config.tls_cert and config.tls_key:
        tls = (config.tls_ca, config.tls_cert, config.tls_key)
    return Cluster(config.scheduler, case.work, tls, insecure=config.insecure)


def _run(
    case: Case,
    sources: list[Path],
    config: RunConfig,
    guard: Guard,
    lists: Lists,
    started: datetime,
    total: int,
    progress: Progress,
    crew: Crew,
) -> RunResult:
    finish_publishing(case)
    for half_made in case.work.glob("shards/*/*/.*"):  # by a run that was killed
        remove_folder(half_made)
    with progress.stage("hash", total, "B"):
        received = receive(case, sources, config.limits, progress.step)
    digest = _digest(case, config, guard, lists, received)
    stored = _published_ledger(case, digest)
    if stored is not None:
        return RunResult(case.path, stored, unchanged=True)
    _ask_for_room(case, received)
    issues = list(received.issues)
    pages = sum(item.file.page_count for item in received.readable)
    with progress.stage("read", pages, "pages"):
        shards, unread = read_all(case, received, guard, config, progress, crew, components(config))
        issues += unread
    staged = clear_staged(case)
    with progress.stage("derive"):
        files = [item.file for item in received.readable]
        derived = derive(shards, received.media, files, config, staged, progress.note, crew)
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
        # its main thread may learn only that the thread that writes is gone
        stopped = "writer was killed" in text or "io error" in text
        if not (full or stopped) and getattr(error, "errno", None) not in DISK_ERRORS:
            raise
        if not (case.path / JOURNAL).exists():
            shutil.rmtree(case.staged, ignore_errors=True)
        reason = "the disk is full" if full or stopped else getattr(error, "strerror", None)
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


def _digest(case: Case, config: RunConfig, guard: Guard, lists: Lists, received: Received) -> str:
    """Hash all that decides the output: sources, options, lists, versions, legal process."""
    process = case.document().unwrap().get("legal_process", {})
    return stable_id(
        __version__, config.digest(), repr(guard.key()), repr(lists), repr(components(config)),
        json.dumps(process, sort_keys=True, default=str),
        *[f"{item.label}:{item.file.sha256}:{item.file.path}" for item in received.items],
    )  # fmt: skip


def components(config: RunConfig) -> list[tuple[str, str]]:
    """Return names and versions of all that decides what is found."""
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
        ledger = Ledger(**manifest["ledger"])
    except (IntegrityError, KeyError, TypeError):
        return None  # publishing mends it
    return ledger if complete and "shard_failed" not in ledger.issue_codes else None


def _ask_for_room(case: Case, received: Received) -> None:
    needed = ROOM * sum(item.file.size_bytes for item in received.readable) + (64 << 20)
    free = shutil.disk_usage(case.path).free
    if free < needed:
        raise UnfinishedError(
            f"{case.path}: about {needed / 2**30:,.1f} GiB are needed and {free / 2**30:,.1f} GiB "
            "are free; make room or name a case folder on another disk"
        )


def _run_facts(config: RunConfig, started: datetime, received: Received) -> dict[str, Any]:
    """What goes into the row of ``runs``, times and counts aside."""
    return {
        "run_id": stable_id("run", started.isoformat()),
        "started_at": started,
        "tool_version": __version__,
        "component_versions": [{"label": n, "value": v} for n, v in components(config)],
        "config_sha256": config.digest(),
        "source_sha256s": sorted({item.file.container.sha256 for item in received.items}),
        "worker_count": config.workers,
    }
