"""The bytes a record stands on, re-read from the source and checked against its hash."""

from __future__ import annotations

import glob
import hashlib
import tomllib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import IO

from pipeline.errors import ConfigError, SourceError

BLOCK = 1 << 20
SHOWN_BYTES = 1 << 16
"""Bytes kept to be shown; the hash of the range is of all of it."""

_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError,
)  # fmt: skip


class Check(StrEnum):
    """What came of re-reading a source."""

    VERIFIED = "verified"
    """The file has the hash it had when it was read."""
    MISMATCH = "mismatch"
    """The file is there and is another one now; its bytes are not shown."""
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Source:
    """A row of ``sources``, as far as finding the file again needs it."""

    source_id: str
    source_label: str
    path: str
    container: str | None
    source_sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class SourceBytes:
    """A range of bytes of a source."""

    source_label: str
    path: str
    container: str | None
    check: Check
    message: str
    """What was checked, or what is wrong and what to do."""
    expected_sha256: str
    found_sha256: str | None = None
    byte_start: int | None = None
    """In the inflated file; null where the format has no ranges (PDF)."""
    byte_end: int | None = None
    data: bytes | None = None
    """The first :data:`SHOWN_BYTES` of the range, if the file is verified."""
    data_sha256: str | None = None
    """Hash of the whole range."""
    sheet: int | None = None
    """Of a PDF: the sheet whose text, as UTF-8, ``data`` then is."""


def given_paths(case: Path) -> dict[str, list[Path]]:
    """Return by source label the paths that case.toml gives.

    Raises:
        ConfigError: case.toml cannot be read.
    """
    file = case / "case.toml"
    try:
        sources = tomllib.loads(file.read_text("utf-8")).get("sources", [])
        paths: dict[str, list[Path]] = {}
        for source in sources:
            paths.setdefault(str(source["label"]), []).append(Path(str(source["path"])))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigError(
            f"{file} cannot be read: mend it, or name the sources by --source"
        ) from error
    return paths


def reread(
    source: Source,
    roots: list[Path],
    span: tuple[int, int] | None,
    *,
    withheld: bool = False,
    sheet: int | None = None,
) -> SourceBytes:
    """Find a source again, hash it, and take a range of bytes out of it while it streams by.

    Args:
        source: the file as it was received.
        roots: where it may be: the zip, the folder or the file itself, or a folder it was moved to.
        span: first byte and one past the last, in the inflated file.
        withheld: whether the bytes must not be shown (out of scope); the hash is checked all the
            same.
        sheet: of a PDF, the sheet whose text is to be shown in place of bytes; from 1.

    Returns:
        The bytes with the verdict; a file that is missing or has changed is a verdict too.
    """
    start, end = span or (None, None)
    blank = SourceBytes(
        source.source_label, source.path, source.container, Check.MISSING, "",
        source.source_sha256, None, start, end,
    )  # fmt: skip
    worst: SourceBytes | None = None
    for file, member in _candidates(source, roots):
        try:
            found = _read(file, member, source.size_bytes, span)
        except KeyError:
            continue  # no such member here
        except _UNREADABLE as error:
            reason = " ".join(str(error).split())[:120] or type(error).__name__
            worst = worst or replace(
                blank,
                check=Check.UNREADABLE,
                message=f"{file} cannot be read to the end of {source.path} ({reason}): "
                "name another copy by --source DIR",
            )
            continue
        if found.sha256 == source.source_sha256:
            if sheet is not None:
                found = replace(found, data=_sheet(source, file, member, sheet), data_sha256="")
            shown = not withheld and (span is not None or sheet is not None)
            return replace(
                blank,
                check=Check.VERIFIED,
                message=f"re-read from {file}; the SHA-256 of {source.path} is as it was",
                found_sha256=found.sha256,
                data=found.data if shown else None,
                data_sha256=(found.data_sha256 or None) if shown else None,
                sheet=sheet,
            )
        if worst is not None and worst.check is Check.MISMATCH:
            continue
        worst = replace(
            blank,
            check=Check.MISMATCH,
            message=f"{source.path} in {file} is not the file that was read: its SHA-256 differs; "
            "find the original and name its folder by --source DIR",
            found_sha256=found.sha256,
        )
    if worst is not None:
        return worst
    looked = ", ".join(str(root) for root in roots) or "no place given in case.toml"
    name = source.container or source.path
    message = f"{name} was not found ({looked}): name the folder it is in now by --source DIR"
    return replace(blank, message=message)


@dataclass(frozen=True, slots=True)
class _Found:
    sha256: str | None
    """None for a file longer than the one that was read: not hashed to its end."""
    data: bytes
    data_sha256: str


def _sheet(source: Source, file: Path, member: str | None, sheet: int) -> bytes:
    """Read the text of a sheet anew; nothing of it is kept but what is shown."""
    from pipeline.readers.base import Located  # a readers' import, of half a second, PDF alone asks
    from pipeline.readers.pdf_open import open_pdf

    try:
        document = open_pdf(Located(file, member, source.size_bytes, source.source_sha256))
        text: str = document[sheet - 1].get_textpage().get_text_bounded()
    except (SourceError, IndexError, OSError, RuntimeError) as error:
        return f"(this sheet cannot be shown: {type(error).__name__})".encode()
    shown: bytes = text.replace("\r\n", "\n").encode("utf-8", "replace")
    return shown[:SHOWN_BYTES]


def _candidates(source: Source, roots: list[Path]) -> Iterator[tuple[Path, str | None]]:
    """Yield files that may hold the source, with the member's name for an archive."""
    member = None if source.container is None else source.path
    wanted = source.container or source.path
    if ".." in PurePosixPath(wanted).parts or PurePosixPath(wanted).is_absolute():
        return  # no path a reader of ours wrote
    seen: set[Path] = set()
    for root in roots:
        for file in _files(root, wanted):
            if file not in seen:
                seen.add(file)
                yield file, member


def _files(root: Path, wanted: str) -> Iterator[Path]:
    if root.is_file():
        yield root
    elif root.is_dir():
        if (root / wanted).is_file():
            yield root / wanted
        # moved into or out of a folder: whatever has its name, and the hash decides
        found = sorted(root.rglob(glob.escape(PurePosixPath(wanted).name)))
        for file in sorted(found, key=lambda file: not file.as_posix().endswith(wanted)):
            if file.is_file() and not file.is_symlink():
                yield file


def _read(file: Path, member: str | None, size: int, span: tuple[int, int] | None) -> _Found:
    if member is None:
        with file.open("rb") as stream:
            return _stream(stream, size, span)
    with zipfile.ZipFile(file) as archive, archive.open(member) as stream:
        return _stream(stream, size, span)


def _stream(stream: IO[bytes], size: int, span: tuple[int, int] | None) -> _Found:
    start, end = span or (0, 0)
    whole, ranged = hashlib.sha256(), hashlib.sha256()
    kept = bytearray()
    at = 0
    while block := stream.read(BLOCK):
        whole.update(block)
        part = block[max(start - at, 0) : max(end - at, 0)]
        ranged.update(part)
        kept += part[: SHOWN_BYTES - len(kept)]
        at += len(block)
        if at > size:
            # another file, or an archive made to burst
            return _Found(None, b"", "")
    return _Found(whole.hexdigest(), bytes(kept), ranged.hexdigest())
