"""Headers of an e-mail: fields with their places, encoded words, addresses, parameters, dates.

Python's own e-mail package says nothing of where in the file a part stands, and some of its header
parsers raise, recurse or take quadratic time on headers made to hurt; hence these few rules of RFC
5322, 2045, 2047 and 2231, each linear on any bytes.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes

from pipeline.readers.html_document import codec_of

LINE = re.compile(rb"[^\r\n]*+(?:\r{0,3}+\n|\r|\Z)")
"""A line; some programs write two carriage returns before the line feed."""
FIELD = re.compile(rb"([!-9;-~]{1,200}):")
"""Begin of a header field (RFC 5322, section 2.2), its name at most 200 bytes."""
HEADER_BYTES = 1 << 22
"""Bytes that headers of one part take at most; what is longer is read as its text."""
VALUE_BYTES = 1 << 16
"""Bytes of one value that are looked into."""
WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]*)\?=")
BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
PARAMETER = re.compile(
    r";\s*([^\s=;\"]{1,80})\s*=\s*(?:\"((?:[^\"\\]|\\.)*+)\"?|([^;\"\s][^;]*)|)", re.DOTALL
)
PIECE = re.compile(r'"(?:[^"\\]|\\.)*+"?|<[^<>]*+>?|[,;:()]|[^",;:<>()]++|>', re.DOTALL)
ADDRESS = re.compile(r"(?<![^\s@<>\"(),;:])[^\s@<>\"(),;:]{1,200}@[^\s@<>\"(),;:]{1,253}")
BRACKETED_IP = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]{2,45})\]")
BARE_IP = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")
ZONE_KEPT_BACK = re.compile(r"\s-0000\b")
"""A time in UTC of a sender whose zone is not told (RFC 5322, section 3.3)."""
REPLY = re.compile(
    r"^(?:\s*(?:re|aw|sv|fwd?|wg|rv|enc|tr)\s*(?:\[\d{1,3}\])?\s*:)+\s*", re.IGNORECASE
)
MESSAGE_ID = re.compile(r"<([^<>\s]{1,998})>")


@dataclass(slots=True)
class Headers:
    """The header fields of a message or a part."""

    fields: list[tuple[str, str, int]] = field(default_factory=list)
    """Name in lower case, value unfolded but not decoded further, offset it begins at."""

    def get(self, name: str) -> str:
        """Return the first value of a field; empty if there is none."""
        return next((value for key, value, _ in self.fields if key == name), "")

    def all(self, name: str) -> list[str]:
        """Return every value of a field."""
        return [value for key, value, _ in self.fields if key == name]

    def text(self, name: str) -> str:
        """Return the first value, encoded words decoded."""
        return decode_words(self.get(name)).strip(" \t\r\n")

    def offset(self, name: str) -> int:
        """Return where a field begins; -1 if there is none."""
        return next((at for key, _, at in self.fields if key == name), -1)


def parse_headers(data: bytes, start: int, end: int) -> tuple[Headers, int]:
    """Read the headers of a message or a part.

    They end at an empty line, which is theirs, or before a line that is none (a message without
    the empty line).

    Args:
        data: the file or a shard of it.
        start: where they begin.
        end: where the part ends.

    Returns:
        The headers and the offset of what follows them.
    """
    headers = Headers()
    name, pieces, began = "", [b""], start
    position, stop = start, min(end, start + HEADER_BYTES)
    for match in LINE.finditer(data, start, end):
        line = match[0]
        if match.start() >= stop or not line:
            break
        body = line.rstrip(b"\r\n")
        position = match.end()
        if not body.strip(b" \t"):
            break
        if body[:1] in b" \t":
            pieces.append(body)
        elif found := FIELD.match(body):
            _add(headers, name, pieces, began)
            name, began = found[1].decode("ascii").lower(), match.start()
            pieces = [body[found.end() :]]
        elif match.start() == start and body.startswith((b"From ", b">From ")):
            continue
        else:
            position = match.start()
            break
    _add(headers, name, pieces, began)
    return headers, position


def _add(headers: Headers, name: str, pieces: list[bytes], began: int) -> None:
    if name:
        raw = b"".join(pieces).strip(b" \t")
        headers.fields.append((name, plain(raw), began))


def plain(raw: bytes) -> str:
    """Decode bytes that should be ASCII: as UTF-8 if they are that, else as cp1252."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def decode_words(value: str) -> str:
    """Decode the encoded words of a header (RFC 2047); what is damaged stays as it stands."""
    if "=?" not in value:
        return value
    value = BETWEEN.sub(r"\1", value)
    pieces: list[str] = []
    run = bytearray()
    charset, position = "", 0
    for word in WORD.finditer(value):
        raw = _word_bytes(word[2], word[3])
        if raw is None:
            continue
        name = word[1].partition("*")[0].lower()
        if word.start() > position or name != charset:
            # a character may be cut between two words of one encoding
            pieces.append(_named(bytes(run), charset))
            run.clear()
        pieces.append(value[position : word.start()])
        charset, position = name, word.end()
        run += raw
    pieces += [_named(bytes(run), charset), value[position:]]
    return "".join(pieces)


def _word_bytes(kind: str, body: str) -> bytes | None:
    try:
        raw = body.encode("ascii")
        if kind in "qQ":
            return binascii.a2b_qp(raw, header=True)
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    except (UnicodeEncodeError, binascii.Error):
        return None


def _named(raw: bytes, charset: str) -> str:
    codec = codec_of(charset)
    if codec is not None:
        try:
            return raw.decode(codec)
        except (UnicodeError, ValueError):
            pass
    return plain(raw)


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split a structured value into its head and its parameters (RFC 2045; 2231 continued).

    Args:
        value: ``text/plain; charset="utf-8"``.

    Returns:
        ``text/plain`` in lower case and ``{"charset": "utf-8"}``.
    """
    value = value[:VALUE_BYTES]
    head = value.partition(";")[0].strip().lower()
    found: dict[str, str] = {}
    parts: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in PARAMETER.finditer(value):
        name = match[1].lower()
        quoted = match[2]
        text = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else (match[3] or "").strip()
        base, star, rest = name.partition("*")
        if not star:
            found.setdefault(name, decode_words(text))
            continue
        number, marked, _ = rest.partition("*")
        place = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
        parts.setdefault(base, {}).setdefault(place, (text, not rest or bool(marked)))
    for base, pieces in parts.items():
        found[base] = _continued(pieces)
    return head, found


def _continued(pieces: dict[int, tuple[str, bool]]) -> str:
    charset = ""
    raw = bytearray()
    for number in sorted(pieces):
        text, is_encoded = pieces[number]
        if number == min(pieces) and is_encoded and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if is_encoded else text.encode("utf-8", "replace")
    return _named(bytes(raw), charset or "utf-8")


def addresses(value: str) -> Iterator[tuple[str | None, str]]:
    """Yield display name (or None) and address (or nothing) of each mailbox in a header.

    Names of groups are left out; what stands in round brackets is the name where no other is
    (``me@example.com (Me)``).
    """
    name: list[str] = []
    note: list[str] = []
    angle = ""
    depth = 0
    for match in PIECE.finditer(value):
        piece = match[0]
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(depth - 1, 0)
        elif depth:
            note.append(piece)
        elif piece in (",", ";"):
            yield from _mailbox(name, note, angle)
            name, note, angle = [], [], ""
        elif piece == ":":
            name, note = [], []
        elif piece[0] == "<":
            angle = piece.strip("<> \t")
        elif piece[0] == '"':
            name.append(re.sub(r"\\(.)", r"\1", piece.strip('"')))
        elif piece != ">":
            name.append(piece)
    yield from _mailbox(name, note, angle)


def _mailbox(name: list[str], note: list[str], angle: str) -> Iterator[tuple[str | None, str]]:
    shown = " ".join(decode_words("".join(name)).split())
    if not angle and (found := ADDRESS.search(shown)):
        angle, shown = found[0], (shown[: found.start()] + shown[found.end() :]).strip()
    remark = " ".join(decode_words("".join(note)).split())
    found = ADDRESS.search(angle)
    address = found[0].lower() if found else ""
    if address or shown or remark:
        yield shown or remark or None, address


def date_of(value: str) -> tuple[datetime | None, bool]:
    """Read a date (RFC 5322, section 3.3, the obsolete forms too).

    Returns:
        The time, in UTC where a zone is stated, else as stated; and whether a zone is stated.
    """
    try:
        when = parsedate_to_datetime(value[:200])
        if when.tzinfo is not None:
            return when.astimezone(UTC), True
        if ZONE_KEPT_BACK.search(value[:200]):
            return when.replace(tzinfo=UTC), True
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, False
    return when, False


def ips_of(values: list[str]) -> list[str]:
    """Return the IP addresses that headers state, each once, in order."""
    found: dict[str, None] = {}
    for value in values:
        value = value[:VALUE_BYTES]
        for text in [*BRACKETED_IP.findall(value), *BARE_IP.findall(value)]:
            try:
                ip_address(text)
            except ValueError:
                continue
            found[text] = None
    return list(found)


def thread_of(headers: Headers) -> str | None:
    """Return what the messages of one conversation share: the number of its first message.

    That is the first of ``References``, else ``In-Reply-To``, else the message's own; the subject
    without its ``Re:`` where none is stated.
    """
    for name in ("references", "in-reply-to", "message-id"):
        if found := MESSAGE_ID.search(headers.get(name)[:VALUE_BYTES]):
            return found[1]
    subject = subject_key(headers.text("subject"))
    return f"subject: {subject.casefold()}" if subject else None


def subject_key(subject: str) -> str:
    """Return a subject without ``Re:`` and ``Fwd:``."""
    return " ".join(REPLY.sub("", subject[:VALUE_BYTES]).split())
