"""Parts of an e-mail (RFC 2045, 2046): where each begins and ends, and the text that it holds."""

from __future__ import annotations

import binascii
import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.readers.encodings import UTF8, Decoded
from pipeline.readers.html_blocks import BlockParser
from pipeline.readers.html_document import codec_of, page_text, tokens_of
from pipeline.readers.mail_headers import LINE, Headers, parameters, parse_headers

DEPTH = 30
"""Parts within parts; mail of people has four or five, a bomb has thousands."""
RETURNS = re.compile(r"\r{1,3}\n|\r")
TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,120}")
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
ODD_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
IDENTITY = frozenset({"", "7bit", "8bit", "binary"})
ENCODED = frozenset({"quoted-printable", "base64"})
ATTACHED_MAIL = frozenset({"message/rfc822", "message/global", "message/news"})
TEXTS = frozenset(
    "text/plain text/html text/enriched text/richtext text/markdown text/calendar text/directory "
    "text/vcard text/x-vcard text/rfc822-headers text/watch-html message/delivery-status "
    "message/global-delivery-status message/disposition-notification message/feedback-report "
    "text/unknown".split()
)
"""Types whose bytes are text that stands in the mail itself, unless said to be attached."""
SEALED = frozenset({
    "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime",
    "application/pgp-encrypted",
})  # fmt: skip
NOTE_FOR_OLD = re.compile(rb"multi-?part|MIME|mail (?:reader|client|program)", re.IGNORECASE)
"""What stands before the first part for programs that know no parts (RFC 2046, section 5.1.1)."""


@dataclass(slots=True)
class Part:
    """A message or a part of one."""

    path: str
    """``2.1``; empty for the message itself."""
    start: int
    body: int
    end: int
    headers: Headers
    type: str
    parameters: dict[str, str]
    parts: list[Part] = field(default_factory=list)
    loose: list[tuple[int, int]] = field(default_factory=list)
    """Ranges of text before the first part and behind the last."""
    is_open: bool = False
    """Whether the end of its last part is missing."""
    is_too_deep: bool = False
    disposition: str = ""
    name: str = ""

    @property
    def encoding(self) -> str:
        """How its bytes are written for transfer."""
        return self.headers.get("content-transfer-encoding").split(";")[0].strip("\"' \t").lower()

    @property
    def is_attached(self) -> bool:
        """Whether it is a file of its own, not text of the message."""
        if self.type in TEXTS:
            return self.disposition == "attachment" or (
                bool(self.name) and self.type not in ("text/plain", "text/html")
            )
        return not self.type.startswith("multipart/") and self.type not in ATTACHED_MAIL


def parse_part(
    data: bytes, start: int, end: int, path: str = "", depth: int = 0, default: str = "text/plain"
) -> Part:
    """Find the parts of a message.

    Args:
        data: the file or a shard of it.
        start: where the headers of the message or part begin.
        end: where it ends.
        path: place among the parts.
        depth: parts it lies in.
        default: its type when it states none.
    """
    headers, body = parse_headers(data, start, end)
    kind, stated = parameters(headers.get("content-type"))
    if not TYPE.fullmatch(kind):
        kind = default
    part = Part(path, start, body, end, headers, kind, stated)
    part.disposition, shown = parameters(headers.get("content-disposition"))
    part.name = shown.get("filename") or stated.get("name") or ""
    if kind in ATTACHED_MAIL and part.encoding not in IDENTITY:
        # a message in base64 is a file like any other
        part.type = "application/octet-stream"
    if part.type in ATTACHED_MAIL or kind.startswith("multipart/"):
        if depth >= DEPTH:
            part.is_too_deep = True
        elif kind.startswith("multipart/"):
            _divide(data, part, depth)
        else:
            part.parts = [parse_part(data, body, end, "", depth + 1)]
    return part


def _divide(data: bytes, part: Part, depth: int) -> None:
    boundary = part.parameters.get("boundary", "")
    marks = list(_delimiters(data, part.body, part.end, boundary)) if boundary else []
    if not marks:
        # no part begins: all of it is text
        part.type = "text/plain"
        part.is_open = True
        return
    default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
    prefix = f"{part.path}." if part.path else ""
    part.loose = [(part.body, marks[0][0])]
    closed = -1
    for number, (_, after, is_last) in enumerate(marks):
        if is_last:
            closed = after
            break
        until = marks[number + 1][0] if number + 1 < len(marks) else part.end
        part.parts.append(
            parse_part(data, after, until, f"{prefix}{number + 1}", depth + 1, default)
        )
    part.is_open = closed < 0
    if closed >= 0:
        part.loose.append((closed, part.end))


def _delimiters(
    data: bytes, start: int, end: int, boundary: str
) -> Iterator[tuple[int, int, bool]]:
    """Yield where a delimiter's line begins (with the line end before it) and ends; is it last."""
    mark = b"--" + boundary.encode("utf-8", "replace")
    at = start
    while (found := data.find(mark, at, end)) >= 0:
        after = found + len(mark)
        at = after
        if found > start and data[found - 1] not in b"\r\n":
            continue
        line_end = LINE.match(data, after, end)
        if line_end is None:
            continue
        rest = line_end[0].strip()
        if rest not in (b"", b"--"):
            continue
        # the line end before a delimiter is the delimiter's
        begins = found
        longest = 1
        if begins > start and data[begins - 1 : begins] == b"\n":
            begins, longest = begins - 1, 4
        while begins > start and data[begins - 1 : begins] == b"\r" and found - begins < longest:
            begins -= 1
        at = line_end.end()
        yield begins, at, rest == b"--"


@dataclass(slots=True)
class Body:
    """Bytes of a part as they were before transfer."""

    raw: bytes
    starts: list[tuple[int, int]]
    """(offset in ``raw``, offset in the data) of each line of the data, ascending."""
    damaged: int = 0
    """Lines that are not what the encoding for transfer allows."""

    def place(self, offset: int) -> int:
        """Return where in the data the line begins that a byte of ``raw`` stands on."""
        at = bisect_right(self.starts, offset, key=lambda item: item[0])
        return self.starts[at - 1][1] if at else 0


def body_of(data: bytes, start: int, end: int, encoding: str) -> Body:
    """Undo the encoding for transfer (RFC 2045, section 6)."""
    if encoding == "quoted-printable":
        return _quoted_printable(data, start, end)
    if encoding == "base64":
        return _base64(data, start, end)
    starts = [match.start() for match in LINE.finditer(data, start, end)]
    return Body(data[start:end], [(at - start, at) for at in starts if at < end])


def _quoted_printable(data: bytes, start: int, end: int) -> Body:
    raw = bytearray()
    starts: list[tuple[int, int]] = []
    for line in LINE.finditer(data, start, end):
        if line[0]:
            starts.append((len(raw), line.start()))
            raw += binascii.a2b_qp(line[0])
    return Body(bytes(raw), starts)


def _base64(data: bytes, start: int, end: int) -> Body:
    raw = bytearray()
    starts: list[tuple[int, int]] = []
    damaged = 0
    kept = b""
    for line in LINE.finditer(data, start, end):
        if not line[0]:
            continue
        starts.append((len(raw), line.start()))
        damaged += ODD_BASE64.search(line[0]) is not None
        *closed, open_end = re.split(rb"=+", NOT_BASE64.sub(b"", line[0]))
        for piece in closed:
            piece, kept = kept + piece, b""
            # a single sextet left over holds no byte
            damaged += len(piece) % 4 == 1
            piece = piece[: len(piece) - (len(piece) % 4 == 1)]
            raw += binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))
        kept += open_end
        whole = len(kept) // 4 * 4
        raw += binascii.a2b_base64(kept[:whole])
        kept = kept[whole:]
    if len(kept) > 1:
        raw += binascii.a2b_base64(kept + b"=" * (4 - len(kept)))
    return Body(bytes(raw), starts, damaged + bool(kept))


@dataclass(slots=True)
class Text:
    """Text of a part."""

    text: str
    marks: list[tuple[int, int]]
    """From which code point on it stands on which line of the data, given by an offset in it."""
    replaced: int = 0
    """Characters that could not be decoded."""
    misdeclared: bool = False
    """Whether it is in another encoding than the mail states."""
    damaged: int = 0
    links: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    scripts: int = 0


def text_of(data: bytes, part: Part) -> Text:
    """Return the text of a part: decoded, line ends as line feeds; of HTML what it shows."""
    body = body_of(data, part.body, part.end, part.encoding)
    stated = part.parameters.get("charset")
    if part.type in ("text/html", "text/watch-html"):
        return _html(body, stated)
    decoded = page_text(body.raw, stated or UTF8)
    text, marks = _with_line_feeds(decoded, body)
    kept = text.rstrip("\n")
    marks = [mark for mark in marks if mark[0] < max(len(kept), 1)]
    return Text(kept, marks, decoded.replaced, _differs(decoded, stated), body.damaged)


def _differs(decoded: Decoded, stated: str | None) -> bool:
    """Tell whether the stated encoding did not fit."""
    if not stated or decoded.text.isascii():
        return False
    codec = codec_of(stated)
    return (
        codec is None
        or codec.replace("_sig", "")[:6]
        != (decoded.encoding.replace("-", "_").replace("_sig", "")[:6])
    )


def _with_line_feeds(decoded: Decoded, body: Body) -> tuple[str, list[tuple[int, int]]]:
    """Turn line ends into line feeds, piece by piece, so that the marks stay true."""
    if decoded.text.isascii() and "\r" not in decoded.text and len(decoded.text) == len(body.raw):
        return decoded.text, body.starts
    codec = decoded.encoding.replace("-sig", "")
    errors = "surrogateescape" if codec == UTF8 else "replace"
    decoder = codecs.getincrementaldecoder(codec)(errors)
    # where each line of the data begins in the text
    indices: list[int] = []
    index = before = 0
    for offset, _ in body.starts:
        chunk = body.raw[max(before, decoded.skipped) : max(offset, decoded.skipped)]
        index += len(decoder.decode(chunk))
        before = offset
        indices.append(min(index, len(decoded.text)))
    pieces: list[str] = []
    marks: list[tuple[int, int]] = []
    length, returned = 0, False
    for number, (_, place) in enumerate(body.starts):
        until = indices[number + 1] if number + 1 < len(indices) else len(decoded.text)
        piece = decoded.text[indices[number] : until]
        if returned and piece.startswith("\n"):
            piece = piece[1:]
        returned = piece.endswith("\r")
        if "\r" in piece:
            piece = RETURNS.sub("\n", piece)
        if piece:
            marks.append((length, place))
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces), marks


def _html(body: Body, stated: str | None) -> Text:
    decoded = page_text(body.raw, stated)
    work, encoding, place = tokens_of(body.raw, decoded)
    parser = BlockParser(work, encoding)
    pieces: list[str] = []
    marks: list[tuple[int, int]] = []
    links: dict[str, None] = {}
    media: dict[str, None] = {}
    length = 0
    for block in parser.blocks():
        links.update(dict.fromkeys(block.links))
        media.update(dict.fromkeys(block.media))
        if not block.text:
            continue
        if pieces:
            pieces.append("\n")
            length += 1
        marks += [(length + at, body.place(place(offset))) for at, offset in block.marks]
        pieces.append(block.text)
        length += len(block.text)
    return Text(
        "".join(pieces), marks, decoded.replaced, _differs(decoded, stated), body.damaged,
        list(links), list(media), parser.scripts,
    )  # fmt: skip
