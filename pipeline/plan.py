"""Which files a case holds, under which labels; what is known is not hashed again."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import tomlkit

from pipeline.case import Case, write_private
from pipeline.config import Limits
from pipeline.custody import CHECKSUMS
from pipeline.errors import ConfigError, IntegrityError
from pipeline.intake import KNOWN_TEXT, Container, Intake, SourceFile, take_in
from pipeline.readers import READERS, reader_named
from pipeline.readers.base import Issue
from pipeline.record_rows import issue_row
from pipeline.search.terminal import printable
from schemas.ids import stable_id
from schemas.kinds import Severity

PREFIXES = {"facebook": "FB", "instagram": "IG", "whatsapp": "WA", "threads": "TH"}
"""First letters of a label by service; other material is DOC."""

MAIN_FILE = re.compile(r"(?:^|/)(?:records|index|generation)\.(?:html?|pdf)$", re.IGNORECASE)


@dataclass(slots=True)
class Item:
    """A file with its label and what its head says of the account it is about."""

    file: SourceFile
    label: str
    provider: str | None = None
    service: str | None = None
    targets: frozenset[str] = frozenset()
    withheld: bool = False
    """Whether its name is withheld: it is of a sealed conversation, or an NCMEC item."""
    is_alone: bool = False
    """Whether nothing in its archive but sealed conversations can be read."""

    @property
    def shown_path(self) -> str:
        """Its path as tables and reports may have it."""
        return f"(sealed {self.file.source_id[:8]})" if self.withheld else self.file.path

    @property
    def shown_container(self) -> str | None:
        """Name of the archive it lies in, likewise: an exported chat's is named after the chat."""
        if self.file.container.kind != "zip":
            return None
        return self.shown_path if self.is_alone else self.file.container.path.name


@dataclass(slots=True)
class Received:
    """All files of a case, in the order in which they were added."""

    items: list[Item] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)

    @property
    def readable(self) -> list[Item]:
        """Files that a reader took, the content of each once."""
        seen: set[str] = set()
        kept = []
        for item in self.items:
            if item.file.reader and item.file.sha256 not in seen:
                seen.add(item.file.sha256)
                kept.append(item)
        return kept

    @property
    def media(self) -> dict[tuple[str, str], SourceFile]:
        """Files no reader took, by hash of their container and path."""
        return {
            (item.file.container.sha256, item.file.path): item.file
            for item in self.items
            if not item.file.reader
        }


def receive(
    case: Case, sources: list[Path], limits: Limits, step: Callable[[int], None]
) -> Received:
    """Hash new sources, join them to those the case has, and label them.

    Args:
        case: the case, locked.
        sources: paths from the command line.
        limits: bounds against archives made to burst.
        step: told how many bytes were hashed.

    Raises:
        ConfigError: a path cannot be used, or nothing in the case can be read.
        IntegrityError: where a source of the case was, something else is now.
    """
    given: dict[str, Intake] = {}
    for source in sources:
        for part in take_in(source, limits, step):
            given.setdefault(part.container.sha256, part)
    entries = case.sources()
    received, known = Received(), []
    replaced: dict[str, int] = {}  # by hash of what takes over, the place of the entry
    for place, entry in enumerate(entries):
        if "replaced_by" in entry:
            continue
        if entry["sha256"] in given:
            part = given.pop(entry["sha256"])
            _name_as_before(part, entry)
            known.append(part)
        elif (new := _at(entry["path"], given)) is not None:
            if _was_readable(case, entry):
                raise _changed(entry)
            replaced[new.container.sha256] = place
            continue
        else:
            part = _stored(case, entry, limits, step)
        _add(received, entry["label"], part)
    fresh: list[dict[str, Any]] = []
    for part in given.values():
        entry = _entry(part, [*entries, *fresh])
        fresh.append(entry)
        _add(received, entry["label"], part)
    if not received.readable:
        raise ConfigError(f"nothing here can be read: {_why(received)}")
    for part in [*known, *given.values()]:
        _store(case, part)
    if fresh:
        document = case.document()
        tables = document.setdefault("sources", tomlkit.aot())
        for entry in fresh:
            if entry["sha256"] in replaced:
                tables[replaced[entry["sha256"]]]["replaced_by"] = entry["label"]
            tables.append(tomlkit.item(entry))
        case.save(document)
    return received


def _why(received: Received) -> str:
    errors = [row for row in received.issues if row["severity"] == Severity.ERROR.value]
    rows = errors or received.issues
    if not rows:
        return "no file is in a known format"
    more = f" (and {len(rows) - 1:,} more like it)" if len(rows) > 1 else ""
    return f"{rows[0]['message']}{more}"


def _at(path: str, given: dict[str, Intake]) -> Intake | None:
    parts = (part for part in given.values() if str(part.container.path.absolute()) == path)
    return next(parts, None)


def _changed(entry: dict[str, Any]) -> IntegrityError:
    return IntegrityError(
        f"{printable(entry['path'])}: has changed since it was received as {entry['label']}; put "
        "it back as it was, and what is new in another place, and name that too"
    )


def _name_as_before(part: Intake, entry: dict[str, Any]) -> None:
    """Keep the name that a single file had when it was received: it is part of its identity."""
    if part.container.kind == "file":
        part.files[0].path = Path(entry["path"]).name


def _entry(part: Intake, entries: list[dict[str, Any]]) -> dict[str, Any]:
    container = part.container
    return {
        "label": _next_label(part, entries), "path": str(container.path.absolute()),
        "kind": container.kind, "sha256": container.sha256,
    }  # fmt: skip


def _next_label(part: Intake, entries: list[dict[str, Any]]) -> str:
    readable = [file for file in part.files if file.reader]
    main = [file for file in readable if MAIN_FILE.search(file.path)]
    services = {file.service or "" for file in main or readable}
    prefix = PREFIXES.get(services.pop(), "DOC") if len(services) == 1 else "DOC"
    found = (re.fullmatch(rf"{prefix}-(\d{{1,9}})", entry["label"]) for entry in entries)
    return f"{prefix}-{max((int(match[1]) for match in found if match), default=0) + 1}"


def _add(received: Received, label: str, part: Intake) -> None:
    readable = sorted(
        (file for file in part.files if file.reader),
        key=lambda file: (not MAIN_FILE.search(file.path), file.path),
    )
    names = short_names([file.path for file in readable])
    contents = {item.file.sha256: item.label for item in received.items if item.file.reader}
    known = {item.file.source_id for item in received.items}
    for number, file in enumerate(readable):
        reader = reader_named(file.reader or "")
        # a download or a folder of documents has no main file: each then has a name of its own
        is_main = number == 0 and (len(readable) == 1 or bool(MAIN_FILE.search(file.path)))
        item = Item(file, label if is_main else f"{label}/{names[file.path]}")
        item.provider, item.service, item.targets = reader.provider, file.service, file.targets
        if file.sha256 in contents:
            _issue(received, file, item.label, Severity.INFO, "same_content",
                   f"the same bytes as {contents[file.sha256]}; not read twice")  # fmt: skip
        contents.setdefault(file.sha256, item.label)
        if file.source_id not in known:  # two folders may hold the same file at the same path
            received.items.append(item)
    for file in part.files:
        if file.reader or file.source_id in known:
            continue
        received.items.append(Item(file, label))
        if file.media_type is None and file.size_bytes == 0:
            _issue(received, file, label, Severity.INFO, "empty_file", "is empty")
        elif file.refusal is not None:
            _issue(received, file, label, Severity.ERROR, *file.refusal)
        elif file.media_type == CHECKSUMS:
            _issue(received, file, label, Severity.INFO, "hash_list",
                   "a list of hashes, compared where it names files; no evidence")  # fmt: skip
        elif file.archive:
            _issue(received, file, label, Severity.ERROR, "nested_archive",
                   "is an archive within an archive; unpack it and name it too")  # fmt: skip
        elif file.media_type is None and not KNOWN_TEXT.search(file.path):
            _issue(received, file, label, Severity.ERROR, "unknown_format",
                   f"two formats claim it: {file.why}; hashed, not read" if file.why
                   else "in no format known here; hashed, not read")  # fmt: skip
    for issue in part.issues:
        received.issues.append(issue_row(issue, None, label))


def short_names(paths: list[str]) -> dict[str, str]:
    """Return for each path the shortest end of it that no other has.

    Without its file type, unless the same name stands under two of them.
    """
    names: dict[str, str] = {}
    left = sorted(set(paths))
    depth = 1
    while left:
        for bare in (True, False):
            ends = {path: _end(path, depth, bare=bare) for path in left}
            counts = Counter(ends.values())
            taken = set(names.values())
            names |= {p: ends[p] for p in left if counts[ends[p]] == 1 and ends[p] not in taken}
            left = [path for path in left if path not in names]
        for path in [path for path in left if depth > len(PurePosixPath(path).parts)]:
            names[path] = path
            left.remove(path)
        depth += 1
    return names


def _end(path: str, depth: int, *, bare: bool) -> str:
    whole = PurePosixPath(path)
    return "/".join((*whole.parent.parts, whole.stem if bare else whole.name)[-depth:])


def _issue(
    received: Received, file: SourceFile, label: str, severity: Severity, code: str, message: str
) -> None:
    issue = Issue(severity, "intake", code, f"{printable(file.path)}: {message}")
    received.issues.append(issue_row(issue, file.source_id, label))


def _path_of(case: Case, sha256: str) -> Path:
    return case.work / "intake" / f"{sha256}.json"


def _readers() -> str:
    """Key of what decides who takes a file."""
    return stable_id(
        "readers", CHECKSUMS, *[f"{reader.name}:{reader.version}" for reader in READERS]
    )


def _store(case: Case, part: Intake) -> None:
    """Note what was hashed, but no byte of it: the guard has seen nothing yet."""
    path = _path_of(case, part.container.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    files = [
        {
            "path": file.path, "size_bytes": file.size_bytes, "sha256": file.sha256,
            "media_type": file.media_type, "reader": file.reader, "bars": file.bars,
            "service": file.service, "targets": sorted(file.targets), "archive": file.archive,
            "sheets": file.sheets, "why": file.why, "refusal": file.refusal,
        }
        for file in part.files
    ]  # fmt: skip
    issues = [asdict(issue) for issue in part.issues]
    document = {"readers": _readers(), "files": files, "issues": issues}
    write_private(path, json.dumps(document).encode())


def _noted(case: Case, entry: dict[str, Any]) -> Intake | None:
    """Return what is noted of a source; None if work/ was deleted or other readers wrote it."""
    try:
        document = json.loads(_path_of(case, entry["sha256"]).read_text("utf-8"))
        if document["readers"] != _readers():
            return None
        container = Container(Path(entry["path"]), entry["kind"], entry["sha256"])
        files = [
            SourceFile(
                container,
                **{
                    **row,
                    "targets": frozenset(row["targets"]),
                    "refusal": tuple(row["refusal"]) if row["refusal"] else None,
                },
            )
            for row in document["files"]
        ]
        issues = [
            Issue(**{**issue, "severity": Severity(issue["severity"])})
            for issue in document["issues"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Intake(container, files, issues)


def _was_readable(case: Case, entry: dict[str, Any]) -> bool:
    """Whether something in a source could be read; without a note of it, it is held to be so."""
    noted = _noted(case, entry)
    return noted is None or any(file.reader for file in noted.files)


def _stored(
    case: Case, entry: dict[str, Any], limits: Limits, step: Callable[[int], None]
) -> Intake:
    """Return what is known of a source that the case has; hash it again if work/ was deleted."""
    noted = _noted(case, entry)
    if noted is not None:
        return noted
    try:
        parts = take_in(Path(entry["path"]), limits, step)
    except ConfigError as error:
        raise ConfigError(
            f"{error} ({entry['label']} of the case, which has to be hashed again; if it has "
            "moved, name its new place as a SOURCE)"
        ) from error
    for part in parts:
        if part.container.sha256 == entry["sha256"]:
            _name_as_before(part, entry)
            _store(case, part)
            return part
    raise _changed(entry)
