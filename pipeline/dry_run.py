"""How each file of a return would be read, and why; nothing is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.config import RunConfig
from pipeline.custody import CHECKSUMS
from pipeline.intake import KNOWN_TEXT, look_at, take_in
from pipeline.progress import Progress
from pipeline.search.terminal import printable
from pipeline.source_file import SourceFile
from schemas.kinds import Severity


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would become of one file."""

    path: str
    container: str
    size_bytes: int
    sha256: str
    reader: str | None
    pages: int
    why: str
    """What its reader knows it by; or why nothing reads it."""
    is_error: bool = False
    """Whether material would stay unread."""


def outlooks(sources: list[Path], config: RunConfig, *, quiet: bool = False) -> list[Outlook]:
    """Hash sources and let the readers bid, as a run does, and stop there.

    Args:
        sources: zips, folders or files.
        config: limits are taken from it.
        quiet: no progress bar.

    Raises:
        ConfigError: a source is missing or cannot be opened.
    """
    found: list[Outlook] = []
    with Progress(quiet=quiet) as progress, progress.stage("hash", look_at(sources), "B"):
        for source in sources:
            for part in take_in(source, config.limits, progress.step):
                name = part.container.path.name
                found += [_outlook(file, name) for file in part.files]
                found += [
                    Outlook("", name, 0, "", None, 0, issue.message,
                            is_error=issue.severity is Severity.ERROR)
                    for issue in part.issues
                ]  # fmt: skip
    return found


def _outlook(file: SourceFile, container: str) -> Outlook:
    why, is_error = file.why, False
    if file.refusal is not None:
        why, is_error = file.refusal[1], True
    elif file.reader is None:
        if file.size_bytes == 0:
            why = "is empty"
        elif KNOWN_TEXT.search(file.path):
            why = "the provider's notes on how to read the return: no evidence"
        elif file.media_type == CHECKSUMS:
            why = "a list of hashes: compared where it names files, no evidence"
        elif file.media_type is not None:
            why = "media: hashed, never opened"
        elif file.archive:
            why, is_error = "an archive within an archive; unpack it and name it too", True
        else:
            why = f"two formats claim it: {why}" if why else "in no format known here"
            is_error = True
    return Outlook(
        file.path, container, file.size_bytes, file.sha256, file.reader, file.page_count, why,
        is_error=is_error,
    )  # fmt: skip


def told(found: list[Outlook]) -> Iterator[str]:
    """Write outlooks for a terminal; media are only counted."""
    media = [item for item in found if item.why.startswith("media:")]
    for item in found:
        if item in media:
            continue
        reader = item.reader or ("NOT READ" if item.is_error else "-")
        yield f"{reader:16} {printable(item.path or item.container)}"
        pages = f"{item.pages:,} page{'s' * (item.pages != 1)}, " if item.reader else ""
        yield f"{'':16} {pages}{item.size_bytes:,} bytes: {printable(item.why)}"
    if media:
        yield f"{'-':16} {len(media):,} media files: hashed, never opened"
    yield "nothing was written; leave out --dry-run to read them"


def as_json(found: list[Outlook]) -> str:
    """Write outlooks as JSON."""
    return json.dumps([asdict(item) for item in found])
