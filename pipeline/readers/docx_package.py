"""The zip around a word-processing document (ECMA-376, part 2): its parts and their relations."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from pipeline.errors import SourceError
from pipeline.readers.docx_xml import BLOCK, UnsafeXmlError, refuse

MEMBERS = 10_000
INFLATED = 256 << 20
"""Bytes that the XML of a document inflates to; the longest books are a tenth of it."""
RATIO = 1000
"""How often a member inflates at most; deflate itself reaches 1,032 (RFC 1951)."""
SMALL = 1 << 20
"""Bytes up to which a member may inflate as often as it likes."""
ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
    ValueError, struct.error, LookupError,
)  # fmt: skip
BROKEN = (*ZIP_ERRORS, expat.ExpatError, UnsafeXmlError)


@dataclass(slots=True)
class Relation:
    """Where a part points."""

    type: str
    """Last word of its type: ``image``, ``hyperlink``, ``footnotes``."""
    target: str
    """Name of a member, or an address outside."""
    is_outside: bool


class Package:
    """The members of a document."""

    def __init__(self, data: bytes) -> None:
        """Open it.

        Raises:
            zipfile.BadZipFile and others of ``ZIP_ERRORS``: it is damaged.
        """
        self._data = data
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self.members = {
            info.filename.lstrip("/").lower(): info
            for info in self._archive.infolist()
            if not info.is_dir()
        }

    def check(self) -> None:
        """Make sure that it is no bomb and can be read.

        Raises:
            SourceError: it is, or cannot.
        """
        infos = list(self.members.values())
        if len(self._archive.infolist()) > MEMBERS:
            raise SourceError(
                "archive_limit",
                f"holds {len(infos):,} parts, more than the {MEMBERS:,} that a document may have",
            )
        if any(info.flag_bits & 0x1 for info in infos):
            raise SourceError(
                "encrypted", "is encrypted; save it without a password and name that too"
            )
        xml = [info for name, info in self.members.items() if name.endswith((".xml", ".rels"))]
        if sum(info.file_size for info in xml) > INFLATED:
            raise SourceError(
                "archive_limit", f"inflates to more than {INFLATED >> 20} MiB of text; not read"
            )
        for info in xml:
            if info.file_size > max(RATIO * info.compress_size, SMALL):
                raise SourceError(
                    "archive_ratio",
                    f"holds a part that inflates {RATIO:,} times or more, as no document does",
                )
        if self.main() is None:
            raise SourceError(
                "no_document", "holds no document text where word processors keep it; not read"
            )

    def main(self) -> str | None:
        """Return the name of the part that holds the body; None if there is none."""
        try:
            for relation in self.relations("").values():
                if relation.type == "officeDocument" and relation.target in self.members:
                    return relation.target
        except BROKEN:
            pass
        return "word/document.xml" if "word/document.xml" in self.members else None

    def relations(self, part: str) -> dict[str, Relation]:
        """Return the relations of a part (of the whole document: the empty name) by number.

        Raises:
            Any of ``BROKEN``: they cannot be read.
        """
        folder, _, name = part.rpartition("/")
        path = posixpath.join(folder, "_rels", f"{name}.rels").lstrip("/")
        if path not in self.members:
            return {}
        found = {}
        for number, kind, target, is_outside in relationships(self.blocks(path)):
            if not is_outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/").lower()
            found[number] = Relation(kind, target, is_outside)
        return found

    def blocks(self, name: str) -> Iterator[bytes]:
        """Inflate a member.

        Raises:
            Any of ``ZIP_ERRORS``: it is damaged.
        """
        left = INFLATED
        with self._archive.open(self.members[name]) as stream:
            while left > 0 and (block := stream.read(BLOCK)):
                left -= len(block)
                yield block

    def span(self, name: str) -> tuple[int, int]:
        """Return the range of bytes in the file that holds a member's compressed data."""
        info = self.members.get(name)
        if info is None:
            return 0, 0
        at = info.header_offset
        lengths = self._data[at + 26 : at + 30]
        start = at + 30 + (sum(struct.unpack("<HH", lengths)) if len(lengths) == 4 else 0)
        start = min(max(start, 0), len(self._data))
        return start, min(max(start + info.compress_size, start), len(self._data))


def relationships(blocks: Iterator[bytes]) -> Iterator[tuple[str, str, str, bool]]:
    """Yield number, last word of the type, target and whether it lies outside, of each relation.

    Raises:
        expat.ExpatError, ValueError, LookupError, UnsafeXmlError: as :meth:`PartParser.feed`.
    """
    found: list[tuple[str, str, str, bool]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "Relationship":
            found.append((
                attributes.get("Id", ""), attributes.get("Type", "").rpartition("/")[2],
                attributes.get("Target", ""), attributes.get("TargetMode") == "External",
            ))  # fmt: skip

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    for block in blocks:
        parser.Parse(block, False)
    parser.Parse(b"", True)
    yield from found


def properties(blocks: Iterator[bytes]) -> Iterator[tuple[str, str]]:
    """Yield the properties that a part states: name and value.

    Raises:
        expat.ExpatError, ValueError, LookupError, UnsafeXmlError: as :meth:`PartParser.feed`.
    """
    found: list[tuple[str, list[str]]] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth == 2:
            found.append((attributes.get("name") or name.rpartition(" ")[2], []))

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def characters(text: str) -> None:
        if depth > 1:
            found[-1][1].append(text)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = refuse
    for block in blocks:
        parser.Parse(block, False)
    parser.Parse(b"", True)
    for name, pieces in found:
        if value := "".join(pieces).strip():
            yield name, value
