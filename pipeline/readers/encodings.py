"""Finds out how bytes were written as text, says so, and keeps the way back to the bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from pipeline.readers.base import Issue
from schemas.kinds import Severity

UTF8 = "utf-8"
BY_MARK, BY_VALIDITY, BY_SHAPE = "byte order mark", "valid UTF-8", "mostly valid UTF-8"
BY_NULS, BY_DETECTION, BY_DEFAULT = "pattern of NUL bytes", "detected", "taken for want of better"
BY_CALLER = "as stated"

MARKS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks (Unicode 16, section 23.8) and what they say."""

WESTERN = ("cp1252", "mac_roman", "cp850")
"""Western single-byte encodings by how common they are; ISO 8859-1 and -15 text reads as cp1252."""
OTHERS = ("cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258")
"""What charset_normalizer may answer besides: every one takes a byte for a character."""

_NUL_SAMPLE = 1 << 16
_SAMPLE = 1 << 16
"""Bytes, from the first that is not ASCII, that what is not valid UTF-8 is judged by: some thousand
letters with accents, which is more than any of the tests needs."""
_PLAUSIBLE = 0.75
"""Share of other than ASCII characters that must stand as western text has them."""
_BLOCK = 4096
"""Characters from one checkpoint to the next."""
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_BAD = re.compile("[\udc80-\udcff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LETTERS = "áéíóúüñàèìòùâêîôûäëïöçãõåæøœßªº"
_WORDS = re.compile(r"[^\W\d_]+|[^\x00-\x7f]")
_QUOTES = "“”‘’–—…•«»¿¡°€£§©®™·½¼¾"
_GOOD = re.compile(
    f"[A-Za-z{_LETTERS}]+|[A-Z{_LETTERS.upper()}][a-z{_LETTERS}]*|[A-Z{_LETTERS.upper()}]+"
)
_MANY = re.compile(r"[^\x00-\x7f]{3}")


@dataclass(slots=True)
class Decoded:
    """Bytes as text."""

    text: str
    """Without a byte order mark; U+FFFD for what could not be decoded."""
    encoding: str
    """``utf-8``, ``utf-8-sig``, ``utf-16-le``, ``cp1252`` …"""
    how: str
    """Why that one, in words."""
    replaced: int
    """Characters U+FFFD that stand for what could not be decoded."""
    size: int
    """Bytes decoded."""
    skipped: int
    """Bytes of the byte order mark."""
    _marked: str | None = None
    """The text of damaged UTF-8, each bad byte as a surrogate of its own."""
    _checkpoints: list[int] = field(default_factory=list)
    _at: tuple[int, int] = (0, 0)
    _width: int = 0
    """Bytes of every character; 0 where they differ."""

    def __post_init__(self) -> None:
        if self.encoding.startswith("utf-32"):
            self._width = 4
        elif not self.encoding.startswith("utf-16"):
            self._width = int(not self.encoding.startswith(UTF8) or self.text.isascii())

    def byte_at(self, index: int) -> int:
        """Return the offset, in the bytes, of the code point at an index of the text.

        Exact for every encoding here. Ascending calls cost time linear in the text, all told;
        others up to 4,096 characters each.

        Args:
            index: 0 to the length of the text, which gives the number of bytes.
        """
        if index >= len(self.text):
            return self.size
        if self._width:
            return self.skipped + index * self._width
        here, offset = self._at
        if not here <= index <= here + _BLOCK:
            if not self._checkpoints:
                self._check()
            here, offset = index // _BLOCK * _BLOCK, self._checkpoints[index // _BLOCK]
        offset += self._length(here, index)
        self._at = (index, offset)
        return self.skipped + offset

    def _length(self, start: int, end: int) -> int:
        if self.encoding.startswith("utf-16"):
            return len(self.text[start:end].encode("utf-16-le"))
        if self._marked is None:
            return len(self.text[start:end].encode())
        return len(self._marked[start:end].encode(UTF8, "surrogateescape"))

    def _check(self) -> None:
        total = 0
        for start in range(0, len(self.text), _BLOCK):
            self._checkpoints.append(total)
            total += self._length(start, start + _BLOCK)


def decode(data: bytes) -> Decoded:
    """Decode a whole file in the encoding that it shows.

    A byte order mark decides; then NUL bytes at every second place (UTF-16 without mark); then
    whether it is valid UTF-8, or nearly so; then how single-byte encodings would read; cp1252 when
    nothing decides. Any bytes give a text.
    """
    return decode_as(data, *detect(data))


def detect(data: bytes, *, is_whole: bool = True) -> tuple[str, str]:
    """Return the encoding of bytes and why it is taken.

    Args:
        data: a file, or the beginning of one.
        is_whole: whether it is all of it; a character that the end cuts counts against nothing
            when it is not.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return name, BY_MARK
    if wide := _by_nuls(data):
        return wide, BY_NULS
    tail = _cut_tail(data)
    if _is_valid(data) or (tail and not is_whole and _is_valid(data[:-tail])):
        return UTF8, BY_VALIDITY
    first = next(match.start() for match in _NOT_ASCII.finditer(data))
    if first == len(data) - tail and tail > 1:
        return UTF8, BY_SHAPE
    # a character that the end cuts says nothing against UTF-8, if it is more than one odd byte
    sample = data[first : min(first + _SAMPLE, len(data) - (tail if tail > 1 else 0))]
    marked = sample.decode(UTF8, "surrogateescape")
    if _weight(marked) > len(_BAD.findall(marked)):
        return UTF8, BY_SHAPE
    return _single_byte(data[max(0, first - 64) : first + _SAMPLE])


def decode_as(
    data: bytes, encoding: str, how: str = BY_CALLER, *, at_start: bool = True
) -> Decoded:
    """Decode bytes in a known encoding; what is not valid in it becomes U+FFFD.

    Args:
        data: a file or a part of one, cut between characters.
        encoding: as :func:`detect` gives it, or any that Python knows; of those that it knows, the
            ones of more than one byte a character other than UTF have no exact way back to bytes.
        how: why that one.
        at_start: whether a byte order mark may stand at the beginning.
    """
    mark = next((mark for mark, name in MARKS if at_start and name == encoding), b"")
    if encoding == UTF8 and at_start:
        mark = codecs.BOM_UTF8
    skipped = len(mark) if mark and data.startswith(mark) else 0
    body = data[skipped:] if skipped else data
    if encoding in (UTF8, "utf-8-sig"):
        return _utf8(body, encoding, how, len(data), skipped)
    if encoding in ("utf-16-le", "utf-16-be"):
        text = body[: len(body) // 2 * 2].decode(encoding, "surrogatepass")
        text, replaced = _SURROGATE.subn("\ufffd", text)
        if len(body) % 2:
            text, replaced = text + "\ufffd", replaced + 1
    else:
        text = body.decode(encoding, "replace")
        replaced = text.count("\ufffd")
    return Decoded(text, encoding, how, replaced, len(data), skipped)


def encoding_issue(decoded: Decoded) -> Issue | None:
    """Say what a person must know of how a text was decoded; None: it was plain UTF-8."""
    name = shown_name(decoded.encoding)
    if decoded.replaced:
        message = (
            f"read as {name} ({decoded.how}), in which some bytes are not valid (places: "
            f"{decoded.replaced:,}); they show as U+FFFD: the file is damaged, or was written in "
            "another encoding"
        )
        return Issue(Severity.WARNING, "read", "bad_encoding", message, count=decoded.replaced)
    return detection_issue(decoded.encoding, decoded.how)


def detection_issue(encoding: str, how: str) -> Issue | None:
    """Say which encoding was taken, if it is not UTF-8."""
    name = shown_name(encoding)
    if encoding.startswith(UTF8):
        return None
    if how == BY_MARK:
        message = f"read as {name}, as its byte order mark says"
    else:
        why = "which was detected" if how == BY_DETECTION else f"by this: {how}"
        message = f"read as {name}, {why}; check a page where letters with accents stand"
    return Issue(Severity.INFO, "read", "encoding_detected", message)


def shown_name(encoding: str) -> str:
    """Return the name of an encoding as people write it."""
    return {"utf-8-sig": "UTF-8", "mac_roman": "Mac Roman", "koi8_r": "KOI8-R"}.get(
        encoding, encoding.upper() if encoding.startswith("utf") else encoding
    )


def _utf8(body: bytes, encoding: str, how: str, size: int, skipped: int) -> Decoded:
    try:
        return Decoded(body.decode(UTF8), encoding, how, 0, size, skipped)
    except UnicodeDecodeError:
        # each bad byte becomes one surrogate, which valid UTF-8 never holds: the way back is exact
        marked = body.decode(UTF8, "surrogateescape")
        text, replaced = _SURROGATE.subn("\ufffd", marked)
        return Decoded(text, encoding, how, replaced, size, skipped, marked)


def _is_valid(data: bytes) -> bool:
    try:
        data.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True


def _by_nuls(data: bytes) -> str | None:
    """UTF-16 without mark: NULs at one of two places only (high bytes of ASCII and blanks)."""
    head = data[:_NUL_SAMPLE]
    if b"\0" not in head or len(head) < 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    # blanks alone make a tenth of the characters of any script that has them
    if max(even, odd) * 12 < len(head) // 2 or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _cut_tail(data: bytes) -> int:
    """Count the bytes of a character of several bytes that the end cuts."""
    for back in range(1, min(3, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if back < needed and byte < 0xF5 else 0
        if byte < 0x80:
            return 0
    return 0


def _weight(marked: str) -> int:
    """Weigh the valid sequences of several bytes: the longer, the less by chance."""
    two = sum(1 for _ in re.finditer("[\x80-\u07ff]", marked))
    three = sum(1 for _ in re.finditer("[\u0800-\ud7ff\ue000-\uffff]", marked))
    four = sum(1 for _ in re.finditer("[\U00010000-\U0010ffff]", marked))
    return two + 3 * three + 6 * four


def _single_byte(sample: bytes) -> tuple[str, str]:
    scores = {name: _western(sample.decode(name, "replace")) for name in WESTERN}
    best = max(WESTERN, key=lambda name: scores[name])
    if scores[best] >= _PLAUSIBLE:
        # the commonest wins unless another reads clearly better
        return ("cp1252" if scores["cp1252"] >= scores[best] - 0.05 else best), BY_DETECTION
    from charset_normalizer import from_bytes

    match = from_bytes(sample, cp_isolation=[*WESTERN, *OTHERS]).best()
    if match is None or match.encoding not in (*WESTERN, *OTHERS):
        return "cp1252", BY_DEFAULT
    if "cp1252" in match.could_be_from_charset:
        return "cp1252", BY_DETECTION
    return match.encoding, BY_DETECTION


def _western(text: str) -> float:
    """Return the share of characters other than ASCII that stand as western text has them.

    That is: letters with the accents of western languages in words whose case is that of words and
    which have no more than two such letters in a row; the usual marks not inside a word.
    """
    good = total = 0
    for match in _WORDS.finditer(text):
        word = match[0]
        if word.isascii() or word == "\xa0":
            continue
        others = sum(not mark.isascii() for mark in word)
        total += others
        if word in _QUOTES:
            inside = text[match.start() - 1 : match.start()].isalpha()
            inside = inside and text[match.end() : match.end() + 1].isalpha()
            good += word in "’‘" or not inside
        elif _GOOD.fullmatch(word) and not _MANY.search(word):
            good += others
    return good / total if total else 0.0
