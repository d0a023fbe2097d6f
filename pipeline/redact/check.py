"""A second look at what was made, by other means than those that made it."""

from __future__ import annotations

import html
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.errors import TriageError
from pipeline.lists import Entry

LEAST = 6
"""Letters and digits of a value that cannot stand in an output by chance."""

_NO_TEXT = re.compile(rb"/Length[123]\b|/Subtype\s*/(?:Image|Type1C|CIDFontType0C|OpenType)")
"""Streams of fonts and pictures: in megabytes of noise six letters come up by chance."""
_HEX = re.compile(rb"(?<!<)<([0-9A-Fa-f\s]{4,100000})>")
_HEX_MARKED = re.compile(rb"<([Ff][Ee][Ff][Ff][0-9A-Fa-f\s]{1,100000})>")
_LITERAL = re.compile(rb"\(((?:[^\\()]|\\.){1,100000})\)", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"",
            b"\r\n": b""}  # fmt: skip
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_TAG = re.compile(r"<[^>]*>")
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".odttf", ".ttf"})


def refuse_leaks(root: Path, people: Iterable[tuple[int, Entry]]) -> None:
    """Search files for whole listed values, punctuation, case and accents aside.

    Args:
        root: a file or folder.
        people: whom the list protects.

    Raises:
        TriageError: one is there; which one is not told.
    """
    needles = {needle for _, entry in people for needle in _needles(entry)}
    files = [root] if root.is_file() else sorted(item for item in root.rglob("*") if item.is_file())
    for path in files:
        name = path.relative_to(root).as_posix() if path != root else path.name
        for text in (name, *_texts(path)):
            plain = _plain(text)
            if any(needle in plain for needle in needles):
                raise TriageError(
                    f"{path.name}: a value of a protected person is still in it, which is a bug: "
                    "nothing was made; please report it"
                )


def _needles(entry: Entry) -> Iterable[str]:
    value = entry.value.rpartition(":")[2] if entry.kind == "handle" else entry.value
    plain = _plain(value)
    if entry.kind == "phone" and len(plain) > 10:
        plain = plain[-10:]
    one_word = entry.kind == "name" and " " not in value
    if len(plain) >= LEAST and not one_word and entry.kind != "domain":
        yield plain


def _texts(path: Path) -> Iterable[str]:
    if path.suffix == ".parquet":
        from pipeline.redact.parts import strings_of

        yield from strings_of(path)
    elif path.suffix == ".pdf":
        yield from _texts_of_pdf(path)
    elif path.suffix == ".docx":
        yield from _texts_of_zip(path)
    else:
        text = path.read_text("utf-8")
        yield html.unescape(text) if path.suffix == ".html" else text


def _texts_of_pdf(path: Path) -> Iterator[str]:
    """Yield what the pages show, together, and what the file says beside: titles, alt texts."""
    import pypdfium2

    opened = pypdfium2.PdfDocument(path)
    try:
        shown: list[str] = []
        for page in opened:
            text = page.get_textpage()
            shown.append(text.get_text_range())
            text.close()
            page.close()
        yield from shown
        # A value may go on over the foot of a page, whose number is the last line.
        yield "".join(text.rpartition("\n")[0] for text in shown)
        yield from opened.get_metadata_dict().values()
        yield from (item.get_title() for item in opened.get_toc())
    finally:
        opened.close()
    yield from _strings_beside(path.read_bytes())


def _strings_beside(whole: bytes) -> Iterator[str]:
    """Yield the strings of objects, and what streams hold once they are inflated."""
    for chunk in whole.split(b"endstream"):
        head, begins, stream = chunk.partition(b"stream\n")
        if not begins:
            head, begins, stream = chunk.partition(b"stream\r\n")
        yield from _strings_of(head, is_drawn=False)
        if begins and not _NO_TEXT.search(head[head.rfind(b" obj") :]):
            yield from _strings_of(_inflated(stream), is_drawn=True)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream


def _strings_of(data: bytes, *, is_drawn: bool) -> Iterator[str]:
    """Yield bytes of a PDF as text, and those of their strings that are not read so.

    In what draws a page, digits in angle brackets without a byte-order mark number glyphs.
    """
    yield data.decode("utf-8", "replace")
    for match in (_HEX_MARKED if is_drawn else _HEX).finditer(data):
        digits = match[1].translate(None, b" \t\r\n")
        yield _string(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
    for match in _LITERAL.finditer(data):
        if b"\\" in match[1] or match[1][:2] == b"\xfe\xff":
            yield _string(_ESCAPED.sub(_unescaped, match[1]))


def _string(data: bytes) -> str:
    return (
        data[2:].decode("utf-16-be", "replace")
        if data[:2] == b"\xfe\xff"
        else data.decode("utf-8" if data[:3] == b"\xef\xbb\xbf" else "latin-1", "replace")
    )


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code[:1].isdigit():
        return bytes([int(code, 8) & 0xFF])
    return _ESCAPES.get(code, code)


def _texts_of_zip(path: Path) -> Iterator[str]:
    """Yield all members that hold text: without markup, so that runs are joined, and with it."""
    with zipfile.ZipFile(path) as packed:
        for name in sorted(packed.namelist()):
            yield name
            if Path(name).suffix not in _PICTURES:
                text = packed.read(name).decode("utf-8", "replace")
                yield html.unescape(_TAG.sub("", text))
                yield html.unescape(text)


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower().encode().translate(None, _SIGNS).decode()
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(filter(str.isalnum, folded))
