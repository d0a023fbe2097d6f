"""What was handed over: files, folders and archives, hashed before anything reads them.

Sources are opened for reading only. Members of an archive are inflated as streams and hashed while
they pass; nothing is unpacked to disk. Media are hashed and never opened.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from pipeline.archive import overlapping, refusal, unread
from pipeline.config import Limits
from pipeline.custody import CHECKSUMS
from pipeline.errors import ConfigError, SourceError
from pipeline.files import walk
from pipeline.readers import READERS
from pipeline.readers.base import Bid, Candidate, Issue, Preparing, Reader
from pipeline.search.terminal import printable
from pipeline.source_file import BLOCK, INFLATE_ERRORS, reason
from pipeline.source_file import Container as Container
from pipeline.source_file import SourceFile as SourceFile
from pipeline.stated_hashes import is_list
from schemas.kinds import Severity

HEAD = 1 << 16
BAR = re.compile(rb"<div\b[^<>]{0,300}\bpagebreak\b", re.IGNORECASE)
"""A page bar, its attributes in any order and case (readers/tokens.py reads them so)."""
BAR_LENGTH = 320
"""Longest beginning of a bar, in bytes: what of one block is looked at again with the next."""
MEDIA = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
    ".webp": "image/webp", ".heic": "image/heic", ".bmp": "image/bmp", ".mp4": "video/mp4",
    ".mov": "video/quicktime", ".3gp": "video/3gpp", ".webm": "video/webm",
    ".avi": "video/x-msvideo", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac",
    ".ogg": "audio/ogg", ".opus": "audio/opus", ".wav": "audio/wav", ".amr": "audio/amr",
}  # fmt: skip
"""Endings of media: hashed, never opened, not even to look at their first bytes."""
JUNK = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)")
KNOWN_TEXT = re.compile(r"(?:^|/)instructions\.txt$", re.IGNORECASE)
"""The provider's own notes on how to read the return: no evidence."""
OFFICE = ("[Content_Types].xml", "mimetype")
"""Members by which an office document is told from an archive: both are zips."""
ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(slots=True)
class Intake:
    """What a zip, a folder without its zips, or a single file holds."""

    container: Container
    files: list[SourceFile] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def look_at(sources: list[Path]) -> int:
    """Make sure that sources are there, before anything is written; return their bytes.

    Raises:
        ConfigError: a path is missing, a link, empty, or may not be looked at.
    """
    total = 0
    for source in sources:
        shown = printable(str(source))
        try:
            if source.is_symlink():
                raise ConfigError(f"{shown}: is a symbolic link; name the file itself")
            mode = source.stat().st_mode
            if stat.S_ISDIR(mode):
                size = sum(path.lstat().st_size for path in walk(source))
                if not size:
                    raise ConfigError(f"{shown}: the folder holds no files, or only empty ones")
            elif stat.S_ISREG(mode):
                size = source.stat().st_size
                if not size:
                    raise ConfigError(f"{shown}: the file is empty")
                with source.open("rb"):
                    pass
            else:
                raise ConfigError(f"{shown}: is neither a file nor a folder")
        except FileNotFoundError as error:
            raise ConfigError(f"{shown}: no such file or folder") from error
        except (OSError, ValueError) as error:
            raise _refused(error, source) from error
        if not _encodable(str(source.absolute())):
            raise ConfigError(f"{shown}: the name is not UTF-8; give it another")
        total += size
    return total


def take_in(
    source: Path, limits: Limits, progress: Callable[[int], None] | None = None
) -> list[Intake]:
    """Hash a source and all that is in it, and let the readers bid for each file.

    Args:
        source: a zip, a folder or a file.
        limits: bounds against archives made to burst.
        progress: called with the number of bytes hashed.

    Returns:
        One for a zip or a file. For a folder: its zips by path, then the folder itself if it holds
        anything else.

    Raises:
        ConfigError: the path is missing, may not be opened, or holds nothing.
    """
    step = progress or (lambda _count: None)
    look_at([source])
    try:
        if source.is_dir():
            return list(_folder(source, limits, step))
        return [_file(source, limits, step)]
    except (SourceError, OSError) as error:
        raise _refused(error, source) from error


def _refused(error: Exception, source: Path) -> ConfigError:
    name = printable(str(getattr(error, "filename", None) or source))
    if isinstance(error, SourceError):
        return ConfigError(f"{printable(str(source))}: {error}")
    if isinstance(error, PermissionError):
        return ConfigError(f"{name}: may not be read; ask for access")
    return ConfigError(f"{name}: cannot be read ({reason(error)})")


def _folder(root: Path, limits: Limits, step: Callable[[int], None]) -> Iterator[Intake]:
    whole = Intake(Container(root, "folder", ""))
    junk = 0
    lines: list[str] = []
    for path in walk(root):
        name = path.relative_to(root).as_posix()
        shown = printable(name)
        status = path.lstat()
        if JUNK.search(name):
            junk += 1
        elif not stat.S_ISREG(status.st_mode):
            whole.issues.append(unread(
                "not_a_file",
                f"{shown}: is a link or a device; copy the file itself elsewhere and name that too",
            ))  # fmt: skip
            lines.append(f"- {shown}\n")
        elif not _encodable(name):
            whole.issues.append(unread(
                "unreadable_name",
                f"{shown}: the name is not UTF-8; copy the file under another name elsewhere and "
                "name that too",
            ))  # fmt: skip
            lines.append(f"- {shown}\n")
        elif status.st_size and _is_zip(path):
            yield _file(path, limits, step)
        else:
            try:
                file = _hashed(SourceFile(whole.container, name, status.st_size), step)
            except SourceError as error:
                if isinstance(error.__cause__, PermissionError):
                    raise error.__cause__ from error
                whole.issues.append(unread(error.code, str(error)))
                lines.append(f"- {shown}\n")
            else:
                whole.files.append(file)
                lines.append(f"{file.sha256} {name}\n")
    if lines:
        _note_junk(whole, junk)
        digest = hashlib.sha256("".join(lines).encode()).hexdigest()
        whole.container = replace(whole.container, sha256=digest)
        for file in whole.files:
            file.container = whole.container
        yield whole


def _file(path: Path, limits: Limits, step: Callable[[int], None]) -> Intake:
    if not _is_zip(path):
        file = _hashed(SourceFile(Container(path, "file", ""), path.name, 0), step)
        file.container = Container(path, "file", file.sha256)
        return Intake(file.container, [file])
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            step(len(block))
    intake = Intake(Container(path, "zip", digest.hexdigest()))
    try:
        archive = zipfile.ZipFile(path)
    except INFLATE_ERRORS as error:
        intake.issues.append(unread(
            "broken_archive",
            f"{printable(path.name)}: the zip is cut off or damaged ({reason(error)}); ask for it "
            "again",
        ))  # fmt: skip
        return intake
    with archive:
        _members(archive, limits, intake, step)
    return intake


def _members(
    archive: zipfile.ZipFile, limits: Limits, intake: Intake, step: Callable[[int], None]
) -> None:
    members = archive.infolist()
    if len(members) > limits.members:
        name = printable(intake.container.path.name)
        intake.issues.append(unread(
            "archive_limit",
            f"{name}: {len(members):,} members, more than the limit of {limits.members:,} "
            "(--limit-members)",
        ))  # fmt: skip
        return
    total = junk = 0
    shared = overlapping(members)
    for member in sorted(members, key=lambda item: (item.filename, item.header_offset)):
        name = member.filename
        if name.endswith("/") and not member.file_size:
            continue
        if JUNK.search(name):
            junk += 1
            continue
        if id(member) in shared:
            continue
        refused = refusal(member, total, limits)
        if member is not archive.getinfo(name):
            # the last entry is the one that zipfile and unzip open by that name
            refused = unread("repeated_member", f"{printable(name)}: stands more than once in the "
                              "archive; only the last was read")  # fmt: skip
        if refused is not None:
            intake.issues.append(refused)
            continue
        total += member.file_size
        try:
            file = SourceFile(intake.container, name, member.file_size)
            intake.files.append(_hashed(file, step, archive))
        except SourceError as error:
            intake.issues.append(unread(error.code, str(error)))
    if shared:
        intake.issues.append(unread(
            "overlapping_members",
            f"{printable(intake.container.path.name)}: {len(shared):,} members lie over others, as "
            "in an archive made to burst; not read",
            count=len(shared),
        ))  # fmt: skip
    _note_junk(intake, junk)


def _note_junk(intake: Intake, count: int) -> None:
    if count:
        intake.issues.append(Issue(
            Severity.INFO, "intake", "system_files",
            "files that an operating system leaves (.DS_Store, Thumbs.db) were passed over",
            count=count,
        ))  # fmt: skip


def media_type_of(path: str) -> str | None:
    """Type of a media file by its name; None for what may be opened."""
    by_name = MEDIA.get(PurePosixPath(path).suffix.lower())
    inside = "linked_media/" in path
    return by_name or ("application/octet-stream" if inside else None)


def _hashed(
    file: SourceFile, step: Callable[[int], None], archive: zipfile.ZipFile | None = None
) -> SourceFile:
    """Stream a file once: hash, page bars, first bytes; then let the readers bid."""
    file.media_type = media_type_of(file.path)
    digest = hashlib.sha256()
    size, tail, head = 0, b"", b""
    for block in file.blocks(archive):
        digest.update(block)
        size += len(block)
        if archive is not None and size > file.size_bytes:
            raise SourceError(
                "archive_lies", f"{printable(file.path)}: inflates past the size it states"
            )
        if file.media_type is None:
            head += block[: HEAD - len(head)]
            window = tail + block
            file.bars += sum(bar.end() > len(tail) for bar in BAR.finditer(window))
            tail = window[-BAR_LENGTH:]
        step(len(block))
    if archive is not None and size != file.size_bytes:
        raise SourceError(
            "truncated_member", f"{printable(file.path)}: ends before the size it states"
        )
    file.size_bytes, file.sha256 = size, digest.hexdigest()
    if file.media_type is None and size:
        file.archive = head.startswith(ZIP_HEADS)
        if is_list(file.path, head):
            file.media_type = CHECKSUMS
        elif not KNOWN_TEXT.search(file.path):
            _auction(file, Candidate(file.path, head, file.located))
    return file


def _auction(file: SourceFile, candidate: Candidate) -> None:
    """Give a file to the reader with the highest bid; two equal ones leave it to neither."""
    bids = bids_for(candidate)
    best = max((bid.sureness for _, bid in bids), default=0)
    takers = [(reader, bid) for reader, bid in bids if bid.sureness == best]
    if len(takers) > 1:
        file.why = " and ".join(f"{reader.name} ({bid.reason})" for reader, bid in takers)
    if len(takers) != 1:
        return
    reader, bid = takers[0]
    file.why = f"{bid.reason} ({bid.sureness} of 100)"
    try:
        file.service, file.targets = reader.identify(candidate)
        if isinstance(reader, Preparing):
            file.sheets = reader.count(candidate.located)
    except SourceError as error:
        file.refusal = (error.code, str(error))
    except (MemoryError, OSError):
        raise
    except Exception as error:  # a bug in a reader costs this file, loudly, and not the run
        file.refusal = ("reader_failed", failed(reader, error))
    else:
        file.reader, file.media_type, file.archive = reader.name, reader.media_type, False


def bids_for(candidate: Candidate) -> list[tuple[Reader, Bid]]:
    """Return the readers that bid for a file, the surest first."""
    bids = [(reader, _bid(reader, candidate)) for reader in READERS]
    return sorted([pair for pair in bids if pair[1].sureness], key=lambda pair: -pair[1].sureness)


def _bid(reader: Reader, candidate: Candidate) -> Bid:
    try:
        return reader.bid(candidate)
    except (MemoryError, OSError):
        raise
    except Exception as error:  # any other reader goes first; without one, this is told
        return Bid(1, failed(reader, error))


def failed(reader: Reader, error: Exception) -> str:
    """Say that a reader has a bug, without the error's text, which may hold evidence."""
    return (
        f"the reader {reader.name} failed on it ({type(error).__name__}); look at it yourself, and "
        "report this to the makers"
    )


def _is_zip(path: Path) -> bool:
    """Whether a file is an archive of files, and not an office document, which is a zip too."""
    with path.open("rb") as stream:
        if stream.read(4) not in ZIP_HEADS:
            return path.suffix.lower() == ".zip"
    try:
        with zipfile.ZipFile(path) as archive:
            return not any(member.filename in OFFICE for member in archive.infolist()[:50])
    except INFLATE_ERRORS:
        return True


def _encodable(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= char <= "\udfff" for char in name)
