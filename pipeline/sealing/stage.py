"""Sealing over a whole run: key and lists, the pass before the reading, counts afterwards."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from pipeline.case import Case
from pipeline.config import RunConfig
from pipeline.errors import ConfigError, SourceError
from pipeline.executor import Crew, WorkerDied
from pipeline.files import remove_folder
from pipeline.lists import Lists
from pipeline.plan import Item, Received
from pipeline.progress import Progress
from pipeline.readers import reader_named
from pipeline.readers.base import Issue
from pipeline.record_rows import issue_row
from pipeline.sealing.exposure import exposed_now, exposure_issues, note_exposure
from pipeline.sealing.index import Index, Part, load_index, save_index
from pipeline.sealing.keys import OUTSIDE, make_key, outside_path, sealed_folder
from pipeline.sealing.match import entries_of
from pipeline.sealing.released import released_of
from pipeline.sealing.seal import NCMEC, NCMEC_FILE, NCMEC_NAMED, Sealing
from pipeline.sealing.survey import Seen, SurveyTask, conclude, survey
from pipeline.search.terminal import printable
from pipeline.streams import blocks_of
from schemas.kinds import Severity

LOG = logging.getLogger("triage")
WITHHELD = "a withheld file"
TOP = PurePosixPath(".")
CHATS = frozenset({"whatsapp_chat", "dyi_json", "dyi_html", "dyi_e2ee"})
"""Readers of files that are one conversation each; what else stands in such a file is of it."""


@dataclass(slots=True)
class Seals:
    """What a run seals; made by :func:`begin`."""

    case: Case
    index: Index
    sealing: Sealing = field(default_factory=Sealing)
    kept: str = ""
    """Where the key is kept; "" = there is none."""
    unlogged: int = 0
    """Releases in case.toml that the audit does not have."""
    has_lists: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    """Sealed records by list."""
    ids: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    """Ids of names of files that sealed records refer to."""
    parts: dict[tuple[str, str], Part] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    renamed: dict[str, str] = field(default_factory=dict)
    """Labels of files that named sealed conversations, and what they are called now."""
    folders: set[str] = field(default_factory=set)
    """Folders of the return that hold sealed conversations alone."""

    def digest(self) -> str:
        """What people decided that changes what a run makes of the same lists."""
        return " ".join([*sorted(self.sealing.released), str(self.unlogged)])

    @property
    def key_path(self) -> str:
        """Path of the key, where this user has it outside the case; "" otherwise."""
        key = self.sealing.key
        if key is None or key.kept != OUTSIDE:
            return ""
        path = outside_path(key.key_id)
        return str(path) if path.exists() else ""

    def hide(self, received: Received) -> None:
        """Withhold names of NCMEC media, and delete notes that name files: they may name people."""
        for item in received.items:
            item.withheld = bool(NCMEC_FILE.search(item.file.path)) and (
                NCMEC not in self.sealing.released
            )
        if self.sealing.is_active:  # what else is to be withheld is not known yet
            remove_folder(self.case.work / "intake")
        _forget(self.case, received)

    def survey(self, received: Received, config: RunConfig, progress: Progress, crew: Crew) -> None:
        """Look through every shard for those on the lists; nothing is written.

        Raises:
            IntegrityError: a source has changed since it was hashed.
            UnfinishedError: a source is gone, or workers kept dying.
        """
        if not self.sealing.is_active:
            return
        tasks = _tasks(received, config, self.sealing, crew)
        all_seen: list[Seen] = []
        for task, outcome in crew.each(survey, tasks):
            lost = Seen(task.source_id, task.shard.ordinal, failed=True)
            all_seen.append(lost if isinstance(outcome, WorkerDied) else outcome)
            progress.step(0)
        before = self.index.threads
        found = conclude(all_seen, before, self.sealing.released)
        readers = {item.file.source_id: item.file.reader for item in received.readable}
        files = {
            source for source in found.files
            if not found.loose[source] or readers.get(source) in CHATS
        }  # fmt: skip
        self.sealing = replace(
            self.sealing,
            threads=tuple(sorted(found.threads.items())),
            people=frozenset(found.people),
            files=frozenset(files),
            blind=frozenset((s.source_id, s.ordinal) for s in all_seen if s.failed),
        )
        self.index.threads = {**before, **found.threads}
        save_index(self.case.root, self.index)
        self.renamed, self.folders = _withhold(received, files)

    def took(self, item: Item, receipt: dict[str, Any]) -> None:
        """Take up what a shard sealed."""
        self.ids.update(receipt["sealed_ids"])
        self.files.update(receipt["sealed_files"])
        if receipt["sealed_name"]:
            self.written.add(receipt["sealed_name"])
        tags = dict(self.sealing.threads)
        for group, count in receipt["sealed"].items():
            tag = NCMEC if group == NCMEC else tags.get(group, "")
            self.counts[tag] += count["records"]
            old = self.parts.get((group, item.label))
            pages = [count["first"], count["last"]]
            pages += [old.page_first, old.page_last] if old else []
            numbers = [page for page in pages if page is not None]
            self.parts[group, item.label] = Part(
                group, tag or "any", item.label, item.file.reader or "",
                min(numbers, default=None), max(numbers, default=None),
                count["records"] + (old.records if old else 0),
            )  # fmt: skip

    def finish(self, received: Received) -> list[dict[str, Any]]:
        """Note what was sealed, sweep up what earlier runs left; return rows of issues."""
        for item in received.items:
            if not item.file.reader and not item.withheld:
                name = PurePosixPath(item.file.path).name
                item.withheld = self.sealing.id_of("file", name) in self.files
        _forget(self.case, received)
        self.index.parts = list(self.parts.values())
        if self.index.parts or self.index.entries or self.index.threads:
            save_index(self.case.root, self.index)
        folder = self.sealing.folder
        for path in folder.iterdir() if folder is not None and folder.is_dir() else ():
            if path.name not in self.written:
                path.unlink()
        if self.sealing.is_active or self.ids:
            note_exposure(self.case, exposed_now(self.case, self.sealing, self.ids))
        LOG.info("sealed: %d records", self.counts.total())
        return [issue_row(issue, None) for issue in self._issues()]

    def shield(self, received: Received, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Take names of withheld files, of their folders and labels out of rows of issues."""
        names = {item.file.source_id: item.file.path for item in received.items if item.withheld}
        folders = sorted(map(re.escape, self.folders), key=len, reverse=True)
        lying = re.compile(rf"(?:{'|'.join(folders)})(?:/[^:]*)?") if folders else None
        shielded = []
        for row in rows:
            told = row["message"]
            for old, new in self.renamed.items():
                told = told.replace(old, new)
            if row["source_id"] in names:
                for name in {names[row["source_id"]], printable(names[row["source_id"]])}:
                    told = told.replace(name, WITHHELD)
            if lying is not None:
                told = lying.sub(WITHHELD, told)
            if NCMEC not in self.sealing.released:
                told = NCMEC_NAMED.sub(WITHHELD, told)
            shielded.append({**row, "message": told})
        return shielded

    def _issues(self) -> Iterator[Issue]:
        told = {
            "counsel": "conversations with listed counsel",
            "advocates": "conversations with listed advocates, or with public help lines",
            NCMEC: "NCMEC items",
            "": "calls, contacts, fields or single mails of listed people",
        }
        for tag, words in told.items():
            if self.counts[tag]:
                yield Issue(
                    Severity.INFO, "guard", f"sealed_{tag or 'single'}",
                    f"records of {words} are sealed; `triage release` lists them by id",
                    count=self.counts[tag],
                )  # fmt: skip
        if not self.has_lists:
            yield Issue(
                Severity.INFO, "guard", "no_seal_lists",
                "no list of counsel or advocates was given, so no conversation was sealed; give "
                "--counsel and --advocates",
            )  # fmt: skip
        if self.kept == OUTSIDE:
            yield Issue(
                Severity.WARNING, "guard", "seal_key_outside",
                "the key of the sealed material lies in the key folder of the user who sealed it, "
                "not in the case; keep a copy of it, or give --password-file to keep it in the "
                "case under a password",
            )  # fmt: skip
        if self.unlogged:
            yield Issue(
                Severity.WARNING, "guard", "release_unlogged",
                "case.toml names released conversations that the audit does not: they stay sealed; "
                "use `triage release`",
                count=self.unlogged,
            )  # fmt: skip
        yield from exposure_issues(self.case)


def begin(case: Case, config: RunConfig, lists: Lists) -> Seals:
    """Make ready to seal: the key, the lists, what earlier runs sealed and what was released.

    Raises:
        ConfigError: lines are missing that sealed before, or the key cannot be kept.
        IntegrityError: what is in ``sealed/`` is damaged.
    """
    index = load_index(case.root)
    released, unlogged = released_of(case)
    entries = entries_of(lists)
    # NCMEC items alone are counted and not copied: they need no key
    key = make_key(case.root, config.password_file) if entries else None
    seals = Seals(case, index, unlogged=unlogged, has_lists=bool(entries))
    given: set[str] = set()
    if key is not None:  # the shipped lines are the tool's, and may change with it
        lines = (*lists.counsel, *lists.advocates)
        given = {key.id_of("entry", item.kind, item.value) for item in lines}
    missing = len(set(index.entries) - given)
    if missing:
        raise ConfigError(
            f"{case.root}: {missing:,} lines of the lists that sealed this case are missing; give "
            "the whole lists (--counsel, --advocates), and let conversations out by `triage "
            "release`"
        )
    index.entries = sorted(given)
    if key is not None:
        seals.kept = key.kept
        save_index(case.root, index)  # first: a run that is cut short binds the next one
    seals.sealing = Sealing(
        entries=entries,
        threads=tuple(sorted(i for i in index.threads.items() if i[0] not in released)),
        released=released, key=key,
        folder=sealed_folder(case.root) / "records" if key else None,
    )  # fmt: skip
    if seals.key_path:
        LOG.info("key of the sealed material: %s", seals.key_path)
    return seals


def _tasks(
    received: Received, config: RunConfig, sealing: Sealing, crew: Crew
) -> Iterator[SurveyTask]:
    for item in received.readable:
        reader = reader_named(item.file.reader or "")
        try:
            for shard in reader.shards(blocks_of(item, reader, crew), has_pages=item.file.bars > 0):
                yield SurveyTask(
                    item.file.source_id, reader.name, item.service or "", item.file.path,
                    config.timezone, shard, sealing,
                )  # fmt: skip
        except SourceError:
            continue  # the reading ends there too, and tells
        except Exception as error:
            if isinstance(error, (MemoryError, OSError)) or hasattr(error, "exit_code"):
                raise
            continue  # likewise


def _withhold(received: Received, files: set[str]) -> tuple[dict[str, str], set[str]]:
    """Mark the files that are sealed conversations, and the media that lie with them.

    Returns:
        Labels that were changed, and folders that hold nothing else.
    """
    keeping: dict[tuple[str, PurePosixPath], bool] = {}
    renamed: dict[str, str] = {}
    same = {item.file.sha256 for item in received.readable if item.file.source_id in files}
    for item in received.items:
        if not item.file.reader:
            continue
        for folder in PurePosixPath(item.file.path).parents:
            place = (item.file.container.sha256, folder)
            keeping[place] = keeping.get(place, True) and item.file.sha256 in same
    for item in received.items:
        item.is_alone = keeping.get((item.file.container.sha256, TOP), False)
        if item.file.reader:
            if item.file.sha256 in same:
                item.withheld = True
                if "/" in item.label:  # else it has none of its name
                    old = item.label
                    item.label = f"{old.split('/')[0]}/sealed-{item.file.source_id[:8]}"
                    renamed[old] = item.label
            continue
        parents = PurePosixPath(item.file.path).parents
        places = [(item.file.container.sha256, folder) for folder in parents]
        nearest = next((keeping[place] for place in places if place in keeping), False)
        item.withheld = item.withheld or nearest
    alone = {str(folder) for (_, folder), sealed in keeping.items() if sealed and folder != TOP}
    return renamed, alone


def _forget(case: Case, received: Received) -> None:
    """Delete the notes on archives that have withheld files: they name them."""
    for digest in {item.file.container.sha256 for item in received.items if item.withheld}:
        (case.work / "intake" / f"{digest}.json").unlink(missing_ok=True)
