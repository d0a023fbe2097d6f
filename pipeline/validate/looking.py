"""Looks at cases from outside: tables by pyarrow alone, files byte by byte.

Nothing here calls the code it checks: an error must not hide itself.
"""

from __future__ import annotations

import hashlib
import html
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

TAG = re.compile(rb"<[^>]*>")
PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def rows(case: Path, table: str, *columns: str) -> list[dict[str, Any]]:
    """Read a table of a case as dicts."""
    found: list[dict[str, Any]] = pq.read_table(
        case / "tables" / table, columns=list(columns) or None
    ).to_pylist()
    return found


def table_hashes(case: Path) -> dict[str, str]:
    """Hash every part of every table but ``runs``, which holds times."""
    parts = sorted((case / "tables").glob("*/*.parquet"))
    return {
        part.relative_to(case).as_posix(): sha256(part.read_bytes())
        for part in parts
        if part.parent.name != "runs"
    }


def sha256(data: bytes) -> str:
    """Hash bytes."""
    return hashlib.sha256(data).hexdigest()


def words_of(markup: bytes) -> str:
    """Take the words out of HTML: tags and white space away, entities resolved."""
    return squeezed(html.unescape(TAG.sub(b"", markup).decode("utf-8", "replace")))


def squeezed(text: str) -> str:
    """Take all white space away."""
    return "".join(text.split())


def holding(root: Path, needles: Iterable[str], *, without: Iterable[str] = ()) -> dict[str, str]:
    """Search every byte of every file for words, as they stand and inflated.

    Args:
        root: a folder or a file.
        needles: words; searched in UTF-8 and UTF-16, letter case as it stands.
        without: names of folders and files right under the root that are passed over.

    Returns:
        The words that were found, each with one file it is in. File names are searched as well.
    """
    wanted = {needle: (needle.encode(), needle.encode("utf-16-le")) for needle in needles}
    found: dict[str, str] = {}
    skipped = set(without)
    for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
        name = path.relative_to(root).as_posix() if path != root else path.name
        if name.split("/")[0] in skipped:
            continue
        pieces = [name.encode(), *(_views(path) if path.is_file() else ())]
        for needle, forms in wanted.items():
            if any(form in piece for piece in pieces for form in forms):
                found.setdefault(needle, name)
    return found


def _views(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, and what is packed in them."""
    data = path.read_bytes()
    yield data
    if data[:4] == b"PAR1":
        yield from _columns(pq.read_table(path))
    elif data[:6] == b"ARROW1":
        with pa.ipc.open_file(path) as reader:
            yield from _columns(reader.read_all())
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield archive.read(name)
    elif data[:5] == b"%PDF-":
        for match in PDF_STREAM.finditer(data):
            try:
                yield zlib.decompress(match[1])
            except zlib.error:
                continue
    elif data[:2] == b"\x1f\x8b":
        yield zlib.decompress(data, 31)


def _columns(table: pa.Table) -> Iterator[bytes]:
    for row in table.to_pylist():
        yield repr(row).encode("utf-8", "backslashreplace")
    yield repr(table.schema.metadata).encode()
