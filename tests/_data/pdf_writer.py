"""Writes small PDF files by hand: text at places, in a regular and a bold standard font.

Nothing here comes from the readers under test. Each piece of text is one text object, as most
writers other than Chromium's make them; widths are those of Helvetica, which every PDF library
knows without the font in the file.
"""

from __future__ import annotations

import hashlib

LETTER = (612, 792)
PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
"""Padding of passwords (ISO 32000-1, 7.6.3.3)."""


def write_pdf(pages, title=None, encrypt=False, *, size=LETTER, points=12, fonts=None):
    """Return the bytes of a PDF.

    Args:
        pages: for each, a list of (x, y, text, bold) in points from the lower left corner; a
            fifth element is the size of type, if not ``points``. None is a page that holds a
            picture only.
        title: of the document.
        encrypt: whether it opens with a password only (``secret``).
        size: of a page, in points.
        points: size of type.
        fonts: names of the regular and the bold font, in place of Helvetica's.
    """
    regular, bold = fonts or ("Helvetica", "Helvetica-Bold")
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        3: _font(regular),
        4: _font(bold),
        5: b"<</Title(%s)/Producer(by hand)>>" % _escaped(title or ""),
        6: b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8/Length 1>>stream\n\x80\nendstream",
    }
    numbers = []
    for index, page in enumerate(pages):
        number = 7 + 2 * index
        numbers.append(number)
        objects[number] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R/Resources"
            b"<</Font<</R 3 0 R/B 4 0 R>>/XObject<</I 6 0 R>>>>>>" % (*size, number + 1)
        )
        objects[number + 1] = _content(page, points)
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    objects[2] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(numbers), kids)
    extra = b""
    key = None
    if encrypt:
        key, entry = _encryption()
        objects[7 + 2 * len(pages)] = entry
        extra = b"/Encrypt %d 0 R/ID[<%s><%s>]" % (7 + 2 * len(pages), b"00" * 16, b"00" * 16)
    return _file(objects, extra, key)


def _font(name):
    return b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>" % name.encode()


def _content(page, points):
    if page is None:
        stream = b"q 500 0 0 700 50 50 cm /I Do Q"
    else:
        parts = []
        for x, y, text, bold, *own in page:
            font = b"B" if bold else b"R"
            height = own[0] if own else points
            parts.append(b"BT /%s %g Tf %g %g Td (%s) Tj ET" % (font, height, x, y, _escaped(text)))
        stream = b"\n".join(parts)
    return b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream)


def _escaped(text):
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects, extra, key):
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number in sorted(objects):
        places[number] = len(out)
        body = objects[number]
        if key is not None and b"stream\n" in body:
            head, _, rest = body.partition(b"stream\n")
            data = rest.removesuffix(b"\nendstream")
            body = head + b"stream\n" + _rc4(_object_key(key, number), data) + b"\nendstream"
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    last = max(objects)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1)
    for number in range(1, last + 1):
        out += b"%010d 00000 n \n" % places[number]
    out += b"trailer\n<</Size %d/Root 1 0 R/Info 5 0 R%s>>\n" % (last + 1, extra)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def _encryption():
    """Key and entry of the oldest standard handler: 40 bits, user password ``secret``."""
    user = (b"secret" + PAD)[:32]
    owner = _rc4(_md5((b"owner" + PAD)[:32])[:5], user)
    key = _md5(user + owner + (0xFFFFFFC0).to_bytes(4, "little") + bytes(16))[:5]
    check = _rc4(key, PAD)
    entry = b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -64>>" % (
        owner.hex().encode(),
        check.hex().encode(),
    )
    return key, entry


def _object_key(key, number):
    return _md5(key + number.to_bytes(3, "little") + bytes(2))[:10]


def _md5(data):
    return hashlib.md5(data, usedforsecurity=False).digest()


def _rc4(key, data):
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) & 255])
    return bytes(out)
