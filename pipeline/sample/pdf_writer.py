"""Writes the least of a PDF that viewers open (ISO 32000-1): lines of Helvetica, grey pictures."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

WIDTH, HEIGHT = 612, 792
"""US letter, in points."""
TOP, LEFT, LEADING, GAP, SIZE = 740, 72, 14, 12, 11
"""Where the first line stands, how far lines and paragraphs are apart, and the size of letters."""
LINES = 46
"""Lines of text, gaps counted as lines, that a page has room for."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A grey picture over a whole page, as a scanner makes it."""

    width: int
    height: int
    grey: bytes
    """One byte a pixel, from the top."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page."""

    paragraphs: Sequence[Sequence[str]] = ()
    """Lines of each; characters of Windows-1252."""
    picture: Picture | None = None
    notes: Sequence[str] = ()
    """Texts of annotations."""
    fields: Sequence[tuple[str, str]] = ()
    """Name and value of text fields."""
    links: Sequence[str] = ()
    """Addresses of links."""


@dataclass(slots=True)
class _Objects:
    bodies: list[bytes] = field(default_factory=list)

    def add(self, body: bytes) -> int:
        self.bodies.append(body)
        return len(self.bodies)


def write_pdf(out: Path, sheets: Sequence[Sheet], info: Sequence[tuple[str, str]] = ()) -> None:
    """Write a PDF; equal arguments give equal bytes with one version of zlib.

    Raises:
        ValueError: a character that Windows-1252 does not have.
        OSError: the place cannot be written to.
    """
    out.write_bytes(pdf_bytes(sheets, info))


def pdf_bytes(sheets: Sequence[Sheet], info: Sequence[tuple[str, str]] = ()) -> bytes:
    """Return a PDF; see :func:`write_pdf`."""
    objects = _Objects()
    catalog, tree = objects.add(b""), objects.add(b"")
    font = objects.add(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    pages, fields = [], []
    for sheet in sheets:
        content = "\n".join(_content(sheet)).encode("cp1252")
        stream = objects.add(_stream(b"", content))
        xobject = b""
        if sheet.picture:
            xobject = b"/XObject << /P %d 0 R >>" % _picture(objects, sheet.picture)
        forms = [objects.add(_field(name, value)) for name, value in sheet.fields]
        fields += forms
        marks = [objects.add(_note(text)) for text in sheet.notes]
        marks += [objects.add(_link(address)) for address in sheet.links]
        listed = b" ".join(b"%d 0 R" % at for at in [*forms, *marks])
        pages.append(objects.add(
            b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
            b"/Resources << /Font << /F %d 0 R >> %s >> /Annots [%s] >>"
            % (tree, WIDTH, HEIGHT, stream, font, xobject, listed)
        ))  # fmt: skip
    kids = b" ".join(b"%d 0 R" % at for at in pages)
    objects.bodies[tree - 1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages))
    forms_listed = b" ".join(b"%d 0 R" % at for at in fields)
    objects.bodies[catalog - 1] = (
        b"<< /Type /Catalog /Pages %d 0 R /AcroForm << /Fields [%s] >> >>" % (tree, forms_listed)
    )
    about = objects.add(
        b"<< " + b" ".join(b"/%s %s" % (key.encode(), _text(value)) for key, value in info) + b" >>"
    )
    return _file(objects.bodies, catalog, about)


def _content(sheet: Sheet) -> Iterator[str]:
    if sheet.picture:
        yield f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /P Do Q"
    at = TOP
    for paragraph in sheet.paragraphs:
        for line in paragraph:
            shown = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            yield f"BT /F {SIZE} Tf {LEFT} {at} Td ({shown}) Tj ET"
            at -= LEADING
        at -= GAP


def _picture(objects: _Objects, picture: Picture) -> int:
    head = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray "
        b"/BitsPerComponent 8 " % (picture.width, picture.height)
    )
    return objects.add(_stream(head, picture.grey))


def _note(text: str) -> bytes:
    return b"<< /Type /Annot /Subtype /Text /Rect [10 10 30 30] /Contents %s >>" % _text(text)


def _field(name: str, value: str) -> bytes:
    return (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [10 40 200 60] /T %s /V %s >>"
        % (_text(name), _text(value))
    )  # fmt: skip


def _link(address: str) -> bytes:
    return (
        b"<< /Type /Annot /Subtype /Link /Rect [10 70 200 90] /A << /S /URI /URI (%s) >> >>"
        % address.encode("ascii")
    )


def _text(value: str) -> bytes:
    return b"<" + ("\ufeff" + value).encode("utf-16-be").hex().encode() + b">"


def _stream(head: bytes, data: bytes) -> bytes:
    packed = zlib.compress(data, 6)
    return (
        b"<< %s/Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
        % (head, len(packed), packed)
    )  # fmt: skip


def _file(bodies: Sequence[bytes], catalog: int, info: int) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    starts = []
    for number, body in enumerate(bodies, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    for start in starts:
        out += b"%010d 00000 n \n" % start
    out += b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1, catalog, info, table,
    )  # fmt: skip
    return bytes(out)
