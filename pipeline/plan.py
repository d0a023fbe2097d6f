"""Which files a case holds, under which labels; what is new is hashed, what is known is not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import tomlkit

from pipeline.case import Case, write_private
from pipeline.config import Limits
from pipeline.errors import ConfigError
from pipeline.intake import KNOWN_TEXT, Container, Intake, SourceFile, take_in
from pipeline.readers import reader_named
from pipeline.readers.base import Issue
from pipeline.shard import issue_row
from schemas.kinds import Severity

PREFIXES = {"facebook": "FB", "instagram": "IG", "whatsapp": "WA", "threads": "TH"}
"""First letters of a label by service; other material is DOC."""

MAIN_FILE = re.compile(r"(?:^|/)(?:records|index|generation)\.html?$", re.IGNORECASE)


@dataclass(slots=True)
class Item:
    """A file with its label and what its head says of the account it is about."""

    file: SourceFile
    label: str
    provider: str | None = None
    service: str | None = None
    targets: frozenset[str] = frozenset()


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
    """
    document = case.document()
    entries = [dict(entry) for entry in document.unwrap().get("sources", [])]
    received = Received()
    known = {entry["sha256"] for entry in entries}
    fresh: list[Intake] = []
    for source in sources:
        intake = take_in(source, limits, step)
        for container, part in _by_container(intake):
            if container.sha256 in known:
                continue
            known.add(container.sha256)
            fresh.append(part)
    for entry in entries:
        _add(received, entry["label"], _stored(case, entry, limits, step))
    new_entries = []
    for part in fresh:
        container = part.containers[0]
        label = _next_label(part, [*entries, *new_entries])
        new_entries.append({
            "label": label, "path": str(container.path.absolute()), "kind": container.kind,
            "sha256": container.sha256,
        })  # fmt: skip
        _add(received, label, part)
    if not received.readable:
        reasons = [row["message"] for row in received.issues] or ["no file is in a known format"]
        raise ConfigError(f"nothing here can be read: {reasons[0]}")
    for part in fresh:
        _store(case, part)
    if new_entries:
        tables = document.setdefault("sources", tomlkit.aot())
        for entry in new_entries:
            tables.append(tomlkit.item(entry))
        case.save(document)
    return received


def _by_container(intake: Intake) -> list[tuple[Container, Intake]]:
    parts = []
    for number, container in enumerate(intake.containers):
        files = [file for file in intake.files if file.container == container]
        named = {file.path for file in files} | {container.path.name}
        issues = [
            issue for issue in intake.issues if issue[0] in named or (number == 0 and not files)
        ]
        if number == 0:
            claimed = {file.path for file in intake.files}
            issues += [i for i in intake.issues if i[0] not in claimed and i not in issues]
        parts.append((container, Intake([container], files, issues)))
    if not intake.containers:
        message = intake.issues[0][1].message if intake.issues else "nothing in it"
        raise ConfigError(message)
    return parts


def _add(received: Received, label: str, part: Intake) -> None:
    readable = sorted(
        (file for file in part.files if file.reader),
        key=lambda file: (not MAIN_FILE.search(file.path), file.path),
    )
    seen = {item.file.sha256: item for item in received.items if item.file.reader}
    for number, file in enumerate(readable):
        stem = PurePosixPath(file.path).stem
        stems = [PurePosixPath(other.path).stem for other in readable]
        name = file.path if stems.count(stem) > 1 else stem
        item = Item(file, label if number == 0 else f"{label}/{name}")
        reader = reader_named(file.reader or "")
        item.provider = reader.provider
        item.service, item.targets = reader.identify(file.head)
        if file.sha256 in seen:
            first = seen[file.sha256]
            _issue(received, file, item.label, Severity.INFO, "same_content",
                   f"{file.path}: the same bytes as {first.label}; not read twice")  # fmt: skip
        received.items.append(item)
    for file in part.files:
        if file.reader:
            continue
        received.items.append(Item(file, label))
        if file.media_type is None and file.size_bytes == 0:
            _issue(received, file, label, Severity.INFO, "empty_file", f"{file.path}: is empty")
        elif file.media_type is None and not KNOWN_TEXT.search(file.path):
            _issue(received, file, label, Severity.ERROR, "unknown_format",
                   f"{file.path}: in no format known here; hashed, not read")  # fmt: skip
    for _, issue in part.issues:
        received.issues.append(issue_row(issue, None, label))


def _issue(
    received: Received, file: SourceFile, label: str, severity: Severity, code: str, message: str
) -> None:
    issue = Issue(severity, "intake", code, message)
    received.issues.append(issue_row(issue, file.source_id, label))


def _next_label(part: Intake, entries: list[dict[str, Any]]) -> str:
    readable = [file for file in part.files if file.reader]
    prefix = "DOC"
    if readable:
        service, _ = reader_named(readable[0].reader or "").identify(readable[0].head)
        prefix = PREFIXES.get(service, "DOC")
    used = [entry["label"] for entry in entries if entry["label"].startswith(f"{prefix}-")]
    return f"{prefix}-{len(used) + 1}"


def _path_of(case: Case, sha256: str) -> Path:
    return case.work / "intake" / f"{sha256}.json"


def _store(case: Case, part: Intake) -> None:
    container = part.containers[0]
    path = _path_of(case, container.sha256)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = [
        {
            "path": file.path, "size_bytes": file.size_bytes, "sha256": file.sha256,
            "media_type": file.media_type, "reader": file.reader, "bars": file.bars,
            "head": file.head.hex() if file.reader else "",
        }
        for file in part.files
    ]  # fmt: skip
    issues = [[name, asdict(issue)] for name, issue in part.issues]
    write_private(path, json.dumps({"files": files, "issues": issues}).encode())


def _stored(
    case: Case, entry: dict[str, Any], limits: Limits, step: Callable[[int], None]
) -> Intake:
    """Return what is known of a source that the case has; hash it again if work/ was deleted."""
    path = _path_of(case, entry["sha256"])
    container = Container(Path(entry["path"]), entry["kind"], entry["sha256"])
    if not path.exists():
        intake = take_in(Path(entry["path"]), limits, step)
        for found, part in _by_container(intake):
            if found.sha256 == entry["sha256"]:
                _store(case, part)
                return part
        raise ConfigError(f"{entry['path']}: is no longer what was received as {entry['label']}")
    stored = json.loads(path.read_text("utf-8"))
    files = []
    for row in stored["files"]:
        head = bytes.fromhex(row.pop("head"))
        files.append(SourceFile(container, **row, head=head))
    issues = [
        (name, Issue(**{**issue, "severity": Severity(issue["severity"])}))
        for name, issue in stored["issues"]
    ]
    return Intake([container], files, issues)
