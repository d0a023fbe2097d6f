"""Every file of a case through its reader: shards made, sent to workers, taken up when done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.case import Case, write_private
from pipeline.config import RunConfig
from pipeline.derive.work import ShardOutput
from pipeline.errors import SourceError, TriageError
from pipeline.executor import Crew, WorkerDied
from pipeline.files import remove_folder
from pipeline.guard import Guard
from pipeline.intake import failed
from pipeline.plan import Item, Received
from pipeline.progress import Progress
from pipeline.readers import reader_named
from pipeline.readers.base import Issue
from pipeline.record_rows import issue_row
from pipeline.sealing.seal import Sealing
from pipeline.sealing.stage import Seals
from pipeline.shard import (
    ShardTask,
    SourceContext,
    give_up,
    read_receipt,
    run_shard,
)
from pipeline.streams import blocks_of
from schemas.ids import stable_id
from schemas.kinds import Severity


def read_all(
    case: Case,
    received: Received,
    guard: Guard,
    config: RunConfig,
    progress: Progress,
    crew: Crew,
    components: list[tuple[str, str]],
    seals: Seals,
) -> tuple[list[ShardOutput], list[dict[str, Any]]]:
    """Bring every shard of every readable file to its end; done work is taken up.

    Args:
        case: the case, locked.
        received: its files.
        guard: scope and protected threads.
        config: the options.
        crew: worker processes.
        progress: told pages and messages as shards end.
        components: names and versions of all that decides what is found.
        seals: what is sealed; takes up what the shards sealed.

    Returns:
        The shards in order, and an issue for each file that could not be read to its end.

    Raises:
        IntegrityError: a source has changed since it was hashed.
        UnfinishedError: a source is gone, or workers kept dying.
    """
    messages = 0

    def done(receipt: dict[str, Any]) -> None:
        nonlocal messages
        messages += receipt["messages"]
        progress.step(receipt["pages"], messages=messages)

    plans: list[_Plan] = []
    sealing = seals.sealing
    key = stable_id(
        config.digest(), repr(guard.key()), repr(components), repr(sealing.digest())
    )  # fmt: skip

    def tasks() -> Iterator[ShardTask]:
        for number, item in enumerate(received.readable):
            plan = _plan_of(number, _shards_folder(case, item, key), sealing)
            plans.append(plan)
            if sealing.is_active:  # what was read before the lists came may hold what is sealed now
                _drop_others(plan.folder, None)
            if plan.complete:
                for name in plan.names:
                    done(read_receipt(plan.folder / name))
                continue
            try:
                for task in _tasks(item, plan.folder, guard, sealing, config, crew):
                    plan.names.append(task.folder.name)
                    receipt = _receipt(task.folder, sealing)
                    if receipt is None:
                        yield task
                    else:
                        done(receipt)
            except SourceError as error:
                issue = Issue(Severity.ERROR, "read", error.code, str(error))
                plan.issues.append(issue_row(issue, item.file.source_id, item.label))
            except (TriageError, MemoryError, OSError):
                raise
            except Exception as error:  # a bug in a reader costs the rest of this file, loudly
                told = failed(reader_named(item.file.reader or ""), error)
                issue = Issue(Severity.ERROR, "read", "reader_failed", told)
                plan.issues.append(issue_row(issue, item.file.source_id, item.label))

    for task, outcome in crew.each(run_shard, tasks()):
        done(give_up(task) if isinstance(outcome, WorkerDied) else outcome)
        case.keep()
    shards: list[ShardOutput] = []
    for plan in plans:
        document = {"names": plan.names, "issues": plan.issues}
        write_private(plan.folder / "complete.json", json.dumps(document).encode())
        _drop_others(plan.folder, plan.names)
        for name in plan.names:
            receipt = read_receipt(plan.folder / name)
            seals.took(received.readable[plan.number], receipt)
            shards.append(ShardOutput(plan.folder / name, plan.number, receipt["records"]))
    return shards, [row for plan in plans for row in plan.issues]


@dataclass(slots=True)
class _Plan:
    """What is known of the shards of one file."""

    number: int
    """Place of the file in the order in which files were added."""
    folder: Path
    names: list[str] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    complete: bool = False


def _plan_of(number: int, folder: Path, sealing: Sealing) -> _Plan:
    """Take up what an earlier run left of a file, if all of it is there."""
    try:
        document = json.loads((folder / "complete.json").read_text("utf-8"))
        plan = _Plan(number, folder, document["names"], document["issues"], complete=True)
    except (OSError, ValueError, KeyError, TypeError):
        return _Plan(number, folder)
    if all(_receipt(folder / name, sealing) is not None for name in plan.names):
        return plan
    return _Plan(number, folder)


def _shards_folder(case: Case, item: Item, key: str) -> Path:
    reader = reader_named(item.file.reader or "")
    mine = stable_id(key, reader.name, reader.version, item.label, item.service)
    return case.work / "shards" / item.file.source_id / mine


def _drop_others(folder: Path, names: list[str] | None) -> None:
    """Delete what is no output of this file under these options; None: whatever its own are."""
    beside = [*folder.parent.iterdir()] if folder.parent.is_dir() else []
    inside = [item for item in folder.iterdir() if item.name not in names] if names else []
    for other in [*beside, *inside]:
        if other.is_dir() and other != folder:
            remove_folder(other)


def _receipt(folder: Path, sealing: Sealing) -> dict[str, Any] | None:
    """Return a shard's receipt if it is done; what was given up, or is damaged, is done anew.

    So is what sealed something that is no longer in ``sealed/``.
    """
    try:
        receipt = read_receipt(folder)
        name = receipt["sealed_name"]
        kept = name is None or (sealing.folder is not None and (sealing.folder / name).is_file())
        if not receipt["failed"] and kept:
            return receipt
    except (OSError, ValueError, TypeError, KeyError):
        pass  # a power cut in the midst of writing
    if folder.exists():
        remove_folder(folder)
    return None


def _tasks(
    item: Item, folder: Path, guard: Guard, sealing: Sealing, config: RunConfig, crew: Crew
) -> Iterator[ShardTask]:
    reader = reader_named(item.file.reader or "")
    source = SourceContext(
        item.file.source_id, item.label, item.file.path, reader.name, item.service or "",
        item.targets,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    blocks = blocks_of(item, reader, crew)
    for shard in reader.shards(blocks, has_pages=item.file.bars > 0):
        # its bytes are in its name: what was read of a file that had changed is never taken up
        digest = hashlib.sha256(shard.context)
        digest.update(shard.block)
        name = f"{shard.ordinal:06d}-{shard.byte_start}-{digest.hexdigest()[:20]}"
        yield ShardTask(
            folder / name, source, shard, guard, config.region, config.timezone,
            config.model_path, sealing,
        )  # fmt: skip
