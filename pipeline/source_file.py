"""One file of a return: what it is, and its bytes, streamed."""

from __future__ import annotations

import hashlib
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import IntegrityError, SourceError, UnfinishedError
from pipeline.readers.base import Located
from pipeline.search.terminal import printable
from schemas.ids import source_id

BLOCK = 1 << 20
INFLATE_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
    OSError, ValueError, struct.error,
)  # fmt: skip
"""What zipfile raises on damaged archives (found by changing bytes at random, test_intake)."""


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
    service: str | None = None
    """The service whose account it is about, as its first bytes say."""
    targets: frozenset[str] = frozenset()
    """Number and names of that account."""
    archive: bool = False
    """Whether it is an archive within an archive."""
    sheets: int = 0
    """Printed sheets of a PDF."""
    why: str = ""
    """What its reader knew it by; or what two readers claim it by, so that none took it."""
    refusal: tuple[str, str] | None = None
    """Code and message of the issue, where its reader cannot read it."""

    @property
    def page_count(self) -> int:
        """Pages as the provider numbers them; a readable file without bars is one page."""
        return max(self.bars, self.sheets, 1) if self.reader else 0

    @property
    def container_sha256(self) -> str | None:
        """Hash of the archive it lies in; None outside archives."""
        return self.container.sha256 if self.container.kind == "zip" else None

    @property
    def source_id(self) -> str:
        """Its identity (CONTRACT 3)."""
        return source_id(self.container_sha256, self.path, self.sha256)

    @property
    def located(self) -> Located:
        """Where its bytes are, for those who need more than a stream of them."""
        in_zip = self.container.kind == "zip"
        in_folder = self.container.kind == "folder"
        path = self.container.path / self.path if in_folder else self.container.path
        return Located(path, self.path if in_zip else None, self.size_bytes, self.sha256)

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
                single = self.container.kind == "file"
                path = self.container.path if single else self.container.path / self.path
                with path.open("rb") as file:
                    while block := file.read(BLOCK):
                        yield block
        except (*INFLATE_ERRORS, KeyError) as error:
            raise SourceError(
                "unreadable_file",
                f"{printable(self.path)}: cannot be read to its end ({reason(error)}); ask for it "
                "again",
            ) from error

    def same_blocks(self) -> Iterator[bytes]:
        """Stream its bytes and make sure, at the end, that they are those that were hashed.

        Raises:
            IntegrityError: they are others now.
            UnfinishedError: they could be read when they were hashed, and no longer can.
        """
        where = printable(str(self.container.path))
        inside = f" in {where}" if self.container.kind != "file" else ""
        digest = hashlib.sha256()
        try:
            for block in self.blocks():
                digest.update(block)
                yield block
        except SourceError as error:
            raise UnfinishedError(
                f"{error}{inside}; it could be read when it was hashed: is the disk still there, "
                "or has the file changed? Put it back and run again"
            ) from error
        if digest.hexdigest() != self.sha256:
            raise IntegrityError(
                f"{printable(self.path)}{inside}: has changed since it was hashed; put the file "
                "back as it was received and run again"
            )


def reason(error: BaseException) -> str:
    """Say what is wrong without a path: messages go into tables, which name no folder outside."""
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    text = printable(" ".join(told.split())) or type(error).__name__
    return text[:120]
