"""What was handed over: files, folders and archives, hashed before anything reads them.

Sources are opened for reading only. Members of an archive are inflated as streams and hashed while
they pass; nothing is unpacked to disk. Media are hashed and never opened.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.config import Limits
from pipeline.errors import ConfigError, SourceError
from pipeline.readers import READERS
from pipeline.readers.base import Issue
from schemas.ids import source_id
from schemas.kinds import Severity

BLOCK = 1 << 20
HEAD = 1 << 16
BAR = re.compile(rb'class="pageBreak"')
MEDIA = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
    ".webp": "image/webp", ".heic": "image/heic", ".bmp": "image/bmp", ".mp4": "video/mp4",
    ".mov": "video/quicktime", ".3gp": "video/3gpp", ".webm": "video/webm", ".avi": "video/x-msvideo",
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg",
    ".opus": "audio/opus", ".wav": "audio/wav", ".amr": "audio/amr",
}  # fmt: skip
"""Endings of media: hashed, never opened, not even to look at their first bytes."""
JUNK = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)")
KNOWN_TEXT = re.compile(r"(?:^|/)instructions\.txt$", re.IGNORECASE)
"""The provider's own notes on how to read the return: no evidence."""
INFLATE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Container:
    """A zip, a folder or a single file as given on the command line."""

    path: Path
    kind: str
    """zip, folder or file."""
    sha256: str
    """Of a zip or file: its bytes. Of a folder: the sorted hashes and paths of its files."""


@dataclass(slots=True)
class SourceFile:
    """One file of the return."""

    container: Container
    path: str
    size_bytes: int
    sha256: str = ""
    media_type: str | None = None
    reader: str | None = None
    bars: int = 0
    """Page bars in it."""
    head: bytes = field(default=b"", repr=False)

    @property
    def page_count(self) -> int:
        """Pages as the provider numbers them; a readable file without bars is one page."""
        return max(self.bars, 1) if self.reader else 0

    @property
    def container_sha256(self) -> str | None:
        """Hash of the archive it lies in; None outside archives."""
        return self.container.sha256 if self.container.kind == "zip" else None

    @property
    def source_id(self) -> str:
        """Its identity (CONTRACT 3)."""
        return source_id(self.container_sha256, self.path, self.sha256)

    def blocks(self, archive: zipfile.ZipFile | None = None) -> Iterator[bytes]:
        """Stream its bytes.

        Args:
            archive: its archive, already open; opening one means reading its whole directory.

        Raises:
            SourceError: they cannot be read to the end.
        """
        try:
            if archive is not None:
                with archive.open(self.path) as file:
                    while block := file.read(BLOCK):
                        yield block
            elif self.container.kind == "zip":
                with zipfile.ZipFile(self.container.path) as opened:
                    yield from self.blocks(opened)
            else:
                root = self.container.path
                with (root if self.container.kind == "file" else root / self.path).open(
                    "rb"
                ) as file:
                    while block := file.read(BLOCK):
                        yield block
        except INFLATE_ERRORS as error:
            raise SourceError(
                "unreadable_file",
                f"{self.path}: cannot be read to its end ({_reason(error)}); ask for the file again",
            ) from error


@dataclass(slots=True)
class Intake:
    """What one SOURCE argument holds."""

    containers: list[Container] = field(default_factory=list)
    files: list[SourceFile] = field(default_factory=list)
    issues: list[tuple[str | None, Issue]] = field(default_factory=list)
    """Path concerned, and the issue."""


def take_in(source: Path, limits: Limits, progress: Callable[[int], None] | None = None) -> Intake:
    """Hash a source and all that is in it, and let the readers bid for each file.

    Args:
        source: a zip, a folder or a file.
        limits: bounds against archives made to burst.
        progress: called with the number of bytes hashed.

    Raises:
        ConfigError: the path is missing, cannot be opened, or holds nothing.
    """
    step = progress or (lambda _count: None)
    intake = Intake()
    if source.is_symlink() or not source.exists():
        raise ConfigError(f"{source}: no such file or folder" if not source.is_symlink() else
                          f"{source}: is a symbolic link; name the file itself")  # fmt: skip
    try:
        if source.is_dir():
            _folder(source, limits, intake, step)
        else:
            _file(source, limits, intake, step)
    except PermissionError as error:
        raise ConfigError(f"{error.filename or source}: may not be read; ask for access") from error
    return intake


def _folder(root: Path, limits: Limits, intake: Intake, step: Callable[[int], None]) -> None:
    container = Container(root, "folder", "")
    files: list[SourceFile] = []
    for path in sorted(root.rglob("*"), key=lambda item: item.relative_to(root).as_posix()):
        name = path.relative_to(root).as_posix()
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode) or JUNK.search(name):
            continue
        if not stat.S_ISREG(mode):
            intake.issues.append((name, _unread("not_a_file", f"{name}: is a link or a device; "
                                                "copy the file itself into the folder")))  # fmt: skip
        elif _is_zip(path):
            _file(path, limits, intake, step)
        else:
            files.append(_hashed(SourceFile(container, name, path.stat().st_size), step))
    if files:
        whole = hashlib.sha256(
            "".join(f"{f.sha256} {f.path}\n" for f in files).encode()
        ).hexdigest()
        container = Container(root, "folder", whole)
        for file in files:
            file.container = container
        intake.containers.append(container)
        intake.files += files
    elif not intake.files and not intake.issues:
        raise ConfigError(f"{root}: the folder holds no files")


def _file(path: Path, limits: Limits, intake: Intake, step: Callable[[int], None]) -> None:
    size = path.stat().st_size
    if size == 0:
        raise ConfigError(f"{path}: the file is empty")
    if not _is_zip(path):
        container = Container(path, "file", "")
        file = _hashed(SourceFile(container, path.name, size), step)
        file.container = Container(path, "file", file.sha256)
        intake.containers.append(file.container)
        intake.files.append(file)
        return
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            step(len(block))
    container = Container(path, "zip", digest.hexdigest())
    intake.containers.append(container)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        intake.issues.append((path.name, _unread(
            "broken_archive",
            f"{path.name}: the zip is cut off or damaged ({_reason(error)}); ask for it again",
        )))  # fmt: skip
        return
    with archive:
        _members(container, archive, limits, intake, step)


def _members(
    container: Container,
    archive: zipfile.ZipFile,
    limits: Limits,
    intake: Intake,
    step: Callable[[int], None],
) -> None:
    members = archive.infolist()
    if len(members) > limits.members:
        intake.issues.append((container.path.name, _unread(
            "archive_limit",
            f"{container.path.name}: {len(members):,} members, more than the limit of "
            f"{limits.members:,} (--limit-members)",
        )))  # fmt: skip
        return
    seen: set[str] = set()
    total = 0
    for member in sorted(members, key=lambda item: (item.filename, item.header_offset)):
        name = member.filename
        if member.is_dir() or JUNK.search(name):
            continue
        total += member.file_size
        refusal = _refusal(member, total, limits)
        if name in seen:
            refusal = _unread("repeated_member", f"{name!r}: stands twice in the archive; the "
                              "second was not read")  # fmt: skip
        seen.add(name)
        if refusal is not None:
            intake.issues.append((name, refusal))
            continue
        try:
            file = SourceFile(container, name, member.file_size)
            intake.files.append(_hashed(file, step, limits, archive))
        except SourceError as error:
            intake.issues.append((name, _unread(error.code, str(error))))


def _refusal(member: zipfile.ZipInfo, total: int, limits: Limits) -> Issue | None:
    name = member.filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
        return _unread("unsafe_path", f"{name!r}: leads out of the archive; not read")
    if stat.S_ISLNK(member.external_attr >> 16):
        return _unread("link_member", f"{name!r}: is a symbolic link; not read")
    if member.flag_bits & 0x1:
        return _unread("encrypted_member", f"{name}: is encrypted; unlock the zip and run again")
    if member.file_size > limits.member_bytes or total > limits.total_bytes:
        return _unread("archive_limit", f"{name}: inflates past the limit (--limit-member-bytes, "
                       "--limit-total-bytes)")  # fmt: skip
    if member.file_size > limits.ratio * max(member.compress_size, 1) + BLOCK:
        return _unread("archive_ratio", f"{name}: inflates {limits.ratio:,} times or more, as no "
                       "return does (--limit-ratio)")  # fmt: skip
    return None


def media_type_of(path: str) -> str | None:
    """Type of a media file by its name; None for what may be opened."""
    by_name = MEDIA.get(PurePosixPath(path).suffix.lower())
    inside = "linked_media/" in path
    return by_name or ("application/octet-stream" if inside else None)


def _hashed(
    file: SourceFile,
    step: Callable[[int], None],
    limits: Limits | None = None,
    archive: zipfile.ZipFile | None = None,
) -> SourceFile:
    """Stream a file once: hash, page bars, first bytes; then let the readers bid."""
    file.media_type = media_type_of(file.path)
    digest = hashlib.sha256()
    size, tail, head = 0, b"", b""
    for block in file.blocks(archive):
        digest.update(block)
        size += len(block)
        if limits is not None and size > file.size_bytes:
            raise SourceError("archive_lies", f"{file.path}: inflates past the size it states")
        if file.media_type is None:
            head += block[: HEAD - len(head)]
            window = tail + block
            file.bars += len(BAR.findall(window))
            tail = window[-(len(BAR.pattern) - 1) :]
        step(len(block))
    if limits is not None and size != file.size_bytes:
        raise SourceError("truncated_member", f"{file.path}: ends before the size it states")
    file.size_bytes, file.sha256 = size, digest.hexdigest()
    if file.media_type is None and size:
        file.head = head
        bids = [(reader.bid(file.path, head), reader.name) for reader in READERS]
        best = max(bids)
        if best[0] and sum(bid == best[0] for bid, _ in bids) == 1:
            file.reader = best[1]
            file.media_type = "text/html"
    return file


def _is_zip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06") or path.suffix.lower() == ".zip"


def _unread(code: str, message: str) -> Issue:
    return Issue(Severity.ERROR, "intake", code, message)


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:120]
