"""JSON values with their places in the file, also of files that are damaged.

The standard library decodes fast but does not say where a value stands, and takes nothing of a
file of which one byte is wrong. Here the containers around records are walked by hand, and each
record is decoded by the library's own scanner, in C: a file cut off in the middle gives all whole
records before the cut.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from json.decoder import JSONDecodeError
from typing import Any

from pipeline.readers.encodings import Decoded, decode

Path = tuple[str | int, ...]
"""Keys and indexes from the root to a value. A key that its object repeats is ``key#2``."""

DEPTH = 6
"""Containers that are walked by hand: exports nest lists of records three deep at most."""
DEEP = 64
"""Keys and indexes of a path that are told; beneath, a leaf is told by its number alone."""
TRIES = 64
"""Places at which reading is tried again after damage: each may cost a scan of the rest."""
ANCHORS = frozenset({
    "sender_name", "timestamp_ms", "senderName", "timestamp", "string_map_data", "media_map_data",
})  # fmt: skip
"""Keys of records (FORMATS 7), two of which tell one from what is nested in it."""
NEAR_END = 12
"""A value that breaks so few characters before the end was cut: no escape or literal is longer."""

_BLANK = re.compile(r"[ \t\r\n]*+")
_LINE_END = re.compile(r"\r\n|[\r\n]")
_SEAM = re.compile(r"\}[ \t\r\n]*+,[ \t\r\n]*+(?=\{)")
_STRING = r'"(?:[^"\\]++|\\.)*+"'
_BRACKET = re.compile(rf'{_STRING}|[\[\]{{}}"]', re.DOTALL)
_TOKEN = re.compile(
    rf"[ \t\r\n]*+(?:(?P<string>{_STRING})|(?P<mark>[\[\]{{}},:])"
    r'|(?P<plain>[^ \t\r\n\[\]{},:"]++))',
    re.DOTALL,
)


class Number(str):
    """A number as it is written: decimals keep their digits, and none is too long."""

    __slots__ = ()


def _integer(digits: str) -> int | Number:
    # Python refuses to convert more than 4,300 digits; no count or time has more than 18
    return int(digits) if len(digits) <= 18 else Number(digits)


def _named(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    value = {}
    seen: dict[str, int] = {}
    for key, item in pairs:
        value[_once(key, seen)] = item
    return value


def _once(key: str, seen: dict[str, int]) -> str:
    """Return the key, numbered if its object has had it before."""
    count = seen[key] = seen.get(key, 0) + 1
    return key if count == 1 else f"{key}#{count}"


_DECODER = json.JSONDecoder(
    strict=False,  # a line end within a string is wrong and readable
    object_pairs_hook=_named,
    parse_float=Number,
    parse_int=_integer,
    parse_constant=Number,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A value and where in the text it stands, half-open."""

    path: Path
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hole:
    """A run of the text that could not be read."""

    start: int
    end: int
    code: str
    """``file_ends_early``, ``bad_json`` or ``nested_too_deep``."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A string, number or truth value within a unit; its path begins at the unit."""

    path: Path
    value: str | int | bool
    start: int
    end: int
    """With the quotes of a string."""


@dataclass(slots=True)
class JsonText:
    """A JSON file as text, with the way back to its bytes and lines."""

    decoded: Decoded
    units: list[Unit] = field(default_factory=list)
    """Elements of lists, and values of objects that are no containers, in the order of the file."""
    holes: list[Hole] = field(default_factory=list)
    _lines: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The file as text."""
        return self.decoded.text

    def bytes_of(self, start: int, end: int) -> tuple[int, int]:
        """Return first byte, and one past the last, of a run of the text."""
        return self.decoded.byte_at(start), self.decoded.byte_at(end)

    def line_of(self, at: int) -> int:
        """Return the physical line, from 1, of a code point; LF, CR LF and CR end lines."""
        return bisect_right(self._lines, at) + 1

    def value(self, unit: Unit) -> Any:
        """Decode a unit."""
        return _DECODER.raw_decode(self.text, unit.start)[0]


def read_json(data: bytes) -> JsonText:
    """Find the units of a JSON file; any bytes are taken."""
    decoded = decode(data)
    found = JsonText(decoded)
    found._lines = [match.end() for match in _LINE_END.finditer(decoded.text)]
    _Walk(decoded.text, found).run()
    return found


class _Broken(Exception):
    """A value that cannot be decoded."""

    def __init__(self, at: int, code: str) -> None:
        super().__init__(code)
        self.at, self.code = at, code


@dataclass(slots=True)
class _Open:
    """A container that is being walked."""

    path: Path
    is_object: bool
    count: int = 0
    seen: dict[str, int] = field(default_factory=dict)


class _Walk:
    """Walks the containers around the units, without recursion."""

    def __init__(self, text: str, found: JsonText) -> None:
        self.text, self.found = text, found
        self.stack: list[_Open] = []
        self.keys: frozenset[str] = frozenset()
        self.tries = TRIES

    def run(self) -> None:
        """Walk the whole text; what cannot be read is noted."""
        at = self._skip(0)
        try:
            at = self._value((), at)
            while self.stack:
                at = self._next(at)
        except _Broken as broken:
            if at < len(self.text) or broken.code == "file_ends_early":
                self.found.holes.append(Hole(min(at, broken.at), len(self.text), broken.code))
            return
        if (rest := self._skip(at)) < len(self.text):
            self.found.holes.append(Hole(rest, len(self.text), "bad_json"))

    def _skip(self, at: int) -> int:
        blank = _BLANK.match(self.text, at)
        return blank.end() if blank else at

    def _next(self, at: int) -> int:
        """Step over what follows a value, or opens a container, up to the next value's end."""
        top = self.stack[-1]
        at = self._skip(at)
        closer = "}" if top.is_object else "]"
        mark = self.text[at : at + 1]
        if mark == closer:
            self.stack.pop()
            return at + 1
        if top.count:
            if mark != ",":
                return self._resume(at, _Broken(at, self._code(at)))
            at = self._skip(at + 1)
        top.count += 1
        if not top.is_object:
            return self._value((*top.path, top.count - 1), at)
        if self.text[at : at + 1] != '"':
            raise _Broken(at, self._code(at))
        key, at = self._decode(at)
        at = self._skip(at)
        if self.text[at : at + 1] != ":":
            raise _Broken(at, self._code(at))
        return self._value((*top.path, _once(key, top.seen)), self._skip(at + 1))

    def _value(self, path: Path, at: int) -> int:
        mark = self.text[at : at + 1]
        inside = not self.stack or self.stack[-1].is_object
        if mark and mark in "{[" and inside and len(self.stack) < DEPTH:
            self.stack.append(_Open(path, mark == "{"))
            return at + 1
        try:
            value, end = self._decode(at)
        except _Broken as broken:
            return self._resume(at, broken)
        if isinstance(value, dict):
            self.keys = frozenset(value)
        self.found.units.append(Unit(path, at, end))
        return end

    def _decode(self, at: int) -> tuple[Any, int]:
        try:
            return _DECODER.raw_decode(self.text, at)
        except JSONDecodeError as error:
            cut = error.msg.startswith("Unterminated string")
            code = "file_ends_early" if cut else self._code(error.pos)
            raise _Broken(max(error.pos, at), code) from None
        except RecursionError:
            raise _Broken(at, "nested_too_deep") from None

    def _code(self, at: int) -> str:
        rest = len(self.text) - at
        near = rest <= NEAR_END and not self.text[at:].rstrip().endswith(("}", "]"))
        return "file_ends_early" if near else "bad_json"

    def _resume(self, at: int, broken: _Broken) -> int:
        """Find where a list goes on behind an element that cannot be read.

        Returns:
            The end of the damage, from where :meth:`_next` goes on.

        Raises:
            _Broken: nowhere.
        """
        top = self.stack[-1] if self.stack else None
        if broken.code == "nested_too_deep":
            end = _end_of_value(self.text, at)
            if end is not None:
                self.found.holes.append(Hole(at, end, broken.code))
                return end
        elif top is not None and not top.is_object:
            for seam in _SEAM.finditer(self.text, max(broken.at - 1, at)):
                self.tries -= 1
                if self.tries < 0:
                    break
                if self._is_alike(seam.end()):
                    self.found.holes.append(Hole(at, seam.start() + 1, "bad_json"))
                    top.count = max(top.count, 1)
                    return seam.start() + 1
        raise broken

    def _is_alike(self, at: int) -> bool:
        """Whether an object here has two keys of records, or of the last one that was whole."""
        try:
            value, _ = self._decode(at)
        except _Broken:
            return False
        return isinstance(value, dict) and len((ANCHORS | self.keys) & value.keys()) >= 2


def _end_of_value(text: str, at: int) -> int | None:
    """Find the end of a container by its brackets alone; None: it has none."""
    depth = 0
    for token in _BRACKET.finditer(text, at):
        mark = token[0]
        if mark == '"':
            return None
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
            if depth <= 0:
                return token.end()
    return None


def leaves(text: str, start: int) -> Iterator[Leaf]:
    """Yield the scalars of the value that stands at a place, in order; null is none.

    Args:
        text: the file.
        start: where a value begins that can be decoded.
    """
    # one entry a container: its key or index, and for an object the keys it has had
    trail: list[str | int] = []
    seen: list[dict[str, int] | None] = []
    is_key = False
    at = start
    count = 0
    while token := _TOKEN.match(text, at):
        at = token.end()
        mark = token["mark"]
        if mark is None:
            begin = token.start("string") if token["string"] else token.start("plain")
            value = _scalar(text, token)
            if is_key and isinstance(value, str) and (keys := seen[-1]) is not None:
                trail[-1] = _once(value, keys)
                is_key = False
            elif value is not None:
                count += 1
                path = tuple(trail) if len(trail) <= DEEP else (*trail[:DEEP], "deep", count)
                yield Leaf(path, value, begin, at)
        elif mark in "[{":
            seen.append({} if mark == "{" else None)
            trail.append("" if mark == "{" else 0)
            is_key = mark == "{"
        elif mark in "]}":
            if not seen:
                return
            seen.pop()
            trail.pop()
            is_key = False
        elif mark == "," and seen:
            last = trail[-1]
            is_key = seen[-1] is not None
            trail[-1] = last + 1 if isinstance(last, int) else last
        if not seen:
            return


def _scalar(text: str, token: re.Match[str]) -> str | int | bool | None:
    written = token["string"]
    if written is not None:
        if "\\" not in written:
            return str(written[1:-1])
        return str(_DECODER.raw_decode(text, token.start("string"))[0])
    plain = token["plain"]
    if plain in ("true", "false"):
        return bool(plain == "true")
    if plain == "null":
        return None
    digits = plain[1:] if plain.startswith("-") else plain
    return _integer(plain) if digits.isdecimal() and digits.isascii() else Number(plain)


def members(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Yield key, first code point and end of each value of the object that stands at a place.

    Args:
        text: the file.
        start: where an object begins that can be decoded.
    """
    at = _past(text, start + 1)
    seen: dict[str, int] = {}
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        begin = _past(text, _past(text, at) + 1)
        _, at = _DECODER.raw_decode(text, begin)
        yield _once(key, seen), begin, at
        at = _past(text, at)
        if text[at] == ",":
            at = _past(text, at + 1)


def _past(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def written(path: Path) -> str:
    """Write a path for people and as a record's field: ``messages#12.share.link``.

    Indexes stand behind ``#``: what is before the first is the same for the same record in another
    export (see :mod:`pipeline.repeats`).
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"#{part}"
        else:
            text += f".{part}" if text else part
    return text
