"""The main job: hash, survey, read, guard, extract, derive, publish, index, report."""

from __future__ import annotations

import errno
import json
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipeline import __version__, custody, legal, memory
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
from pipeline.derive.work import ShardOutput
from pipeline.errors import ConfigError, IntegrityError, UnfinishedError
from pipeline.executor import Crew, Workers
from pipeline.files import private, remove_folder
from pipeline.given import now_given, remember, remembered, states
from pipeline.guard import Guard
from pipeline.intake import look_at
from pipeline.lists import Lists, read_lists
from pipeline.options import places, recorded
from pipeline.plan import Received, receive
from pipeline.progress import Progress
from pipeline.publication import JOURNAL
from pipeline.read import read_all
from pipeline.readers.base import Issue
from pipeline.record_rows import issue_row
from pipeline.report.make import write_reports
from pipeline.scope import load_scope, unmatched
from pipeline.sealing.stage import begin as begin_sealing
from pipeline.shard import read_receipt, warm
from pipeline.stated_hashes import Stated, check, gather
from pipeline.versions import components, surroundings
from pipeline.wholeness import damaged
from schemas.ids import stable_id
from schemas.kinds import Severity

LOG = logging.getLogger("triage")

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
    encrypted: bool = False
    watch_missing: list[str] = field(default_factory=list)
    """Entries of the watch list that were not found."""
    seal_key: str = ""
    """Path of the key of sealed material, where it lies outside the case."""

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
    started, begun = datetime.now(UTC), time.monotonic()
    config = remembered(Case(case_path), config)
    guard = load_scope(Path(config.scope)) if config.scope else Guard()
    lists = read_lists(config)
    total = look_at(sources)
    with private():
        case = create_case(
            case_path, sources, encrypt=config.encrypt, password_file=config.password_file
        )
        if case.home is not None and config.scheduler is not None:
            raise ConfigError(
                f"{case_path}: is encrypted, and opened in this machine's memory alone; run it "
                "without --scheduler"
            )
        with (
            locked(case),
            _writing(case),
            _logged(case),
            Progress(quiet=quiet) as progress,
            Crew(config.workers, _cluster(case, config)) as crew,
        ):
            result = _run(case, sources, config, guard, lists, started, total, progress, crew)
    result.encrypted = case.home is not None
    result.seconds = time.monotonic() - begun
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
    case.take_work()
    for half_made in case.work.glob("shards/*/*/.*"):  # by a run that was killed
        remove_folder(half_made)
    seals = begin_sealing(case, config, lists)
    given = now_given(config, guard, lists)
    remember(case, given)
    watch = custody.begin(case, sources)
    crew.warm(warm, (config.region, config.model_path))
    entries = case.sources()
    stated = gather(sources, entries)
    with progress.stage("hash", total, "B"):
        checked = check(stated, entries, _uncounted)
        received = receive(case, sources, config.limits, progress.step)
        custody.note_hashes(watch, sources, received)
    seals.hide(received)
    digest = _digest(case, config, guard, lists, received, stated)
    digest = stable_id(digest, seals.digest())
    stored = _published_ledger(case, digest)
    if stored is not None:
        custody.compare(watch, _uncounted, whole=False)
        return RunResult(case.root, stored, unchanged=True, seal_key=seals.key_path)
    _ask_for_room(case, received)
    with progress.stage("seal"):
        seals.survey(received, config, progress, crew)
    issues = [*received.issues, *[issue_row(issue, None) for issue in checked]]
    pages = sum(item.file.page_count for item in received.readable)
    with progress.stage("read", pages, "pages"):
        shards, unread = read_all(
            case, received, guard, config, progress, crew, components(config), seals
        )  # fmt: skip
        issues = seals.shield(received, [*issues, *unread]) + seals.finish(received)
    staged = clear_staged(case)
    with progress.stage("derive"):
        files = [item.file for item in received.readable]
        derived = derive(
            shards, received.media, files, config, staged, progress.note, crew, lists.watch
        )
    issues += [issue_row(issue, None) for issue in _notices(case, config, guard, received, shards)]
    issues = custody.shield(received, issues)
    with progress.stage("hash", total, "B"):
        custody.compare(watch, progress.step)
    proof = custody.receipt(case, watch, received, stated)
    custody.write_receipt(staged, proof)
    with progress.stage("report"):
        facts = _run_facts(config, started, received)
        ledger = write_ledger(case, staged, received, shards, derived, issues, facts, progress)
        ledger.scope, ledger.zone = guard.told(), config.timezone
        ledger.untouched = {row["label"]: row["untouched"] for row in proof["sources"]}
        told = {
            "options": recorded(config), "given": states(given),
            "made_with": {"tool": __version__, **dict(components(config))},
        }  # fmt: skip
        write_reports(case, staged, ledger, told)
    with progress.stage("publish"):
        details = {
            "run_id": facts["run_id"], "rows": ledger.rows, "issues": ledger.issues,
            "inputs": digest, "files": places(config), "given": states(given),
            "custody": custody.counted(proof),
        }  # fmt: skip
        notes = {
            **told, "inputs": digest, "ledger": asdict(ledger),
            "legal_process": legal.digest(case.document().unwrap()),
        }  # fmt: skip
        publish(case, notes, details)
    return RunResult(
        case.root, ledger, watch_missing=derived.watch_missing, seal_key=seals.key_path
    )  # fmt: skip


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
        where = "the disk" if case.home is None else "the memory"
        reason = f"{where} is full" if full or stopped else getattr(error, "strerror", None)
        raise UnfinishedError(
            f"{case.root}: the case cannot be written ({reason or type(error).__name__}); mend "
            "that and run again: done work is kept"
        ) from error


_NO_SCOPE = Issue(
    Severity.WARNING, "guard", "no_scope",
    "no scope was given, so nothing was set aside; give the warrant's dates and accounts with "
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


def _uncounted(_count: int) -> None:
    """Take no part in the bar: what is hashed here is hashed again in a moment, and counted."""


def _notices(
    case: Case, config: RunConfig, guard: Guard, received: Received, shards: list[ShardOutput]
) -> Iterator[Issue]:
    """Say what is missing of the case, and what of its scope is about nothing in it."""
    if config.scope is None:
        yield _NO_SCOPE
    not_stated = legal.issue(case.document().unwrap())
    if not_stated is not None:
        yield not_stated
    targets = {name for item in received.readable for name in item.targets}
    receipts = (read_receipt(shard.folder) for shard in shards)
    there = {name for receipt in receipts for name in receipt.get("categories", [])}
    yield from unmatched(guard, frozenset(targets), frozenset(there))


def _digest(
    case: Case, config: RunConfig, guard: Guard, lists: Lists, received: Received, stated: Stated
) -> str:
    """Hash all that decides the output: sources, options, lists, versions, legal process.

    Protected persons decide none of it, and a short list of them is soon guessed from a hash.
    """
    lists = replace(lists, protected=())
    process = case.document().unwrap().get("legal_process", {})
    return stable_id(
        __version__, config.digest(), repr(guard.key()), repr(lists), repr(components(config)),
        json.dumps(process, sort_keys=True, default=str), repr(stated.key()),
        *[f"{item.label}:{item.file.sha256}:{item.file.path}" for item in received.items],
    )  # fmt: skip


def _published_ledger(case: Case, digest: str) -> Ledger | None:
    """Return the ledger of what is published, if it was made of the same input and is all there."""
    try:
        manifest = case.manifest()
        if manifest["inputs"] != digest:
            return None
        complete = not any(damaged(case))
        ledger = Ledger(**manifest["ledger"])
    except (IntegrityError, KeyError, TypeError):
        return None  # publishing mends it
    return ledger if complete and "shard_failed" not in ledger.issue_codes else None


def _ask_for_room(case: Case, received: Received) -> None:
    needed = ROOM * sum(item.file.size_bytes for item in received.readable) + (64 << 20)
    free = shutil.disk_usage(case.root).free
    if free < needed:
        raise UnfinishedError(
            f"{case.root}: about {needed / 2**30:,.1f} GiB are needed and {free / 2**30:,.1f} GiB "
            "are free; make room or name a case folder on another disk"
        )
    if case.home is not None:
        memory.ask_for(needed, case.path)


def _run_facts(config: RunConfig, started: datetime, received: Received) -> dict[str, Any]:
    """What goes into the row of ``runs``, times and counts aside."""
    return {
        "run_id": stable_id("run", started.isoformat()),
        "started_at": started,
        "tool_version": __version__,
        "component_versions": [
            {"label": n, "value": v} for n, v in [*components(config), *surroundings()]
        ],
        "config_sha256": config.digest(),
        "source_sha256s": sorted({item.file.container.sha256 for item in received.items}),
        "worker_count": config.workers,
    }
