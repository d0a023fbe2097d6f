"""Whether a PDF's drawings call one another until the machine has no memory left.

A form XObject may draw others, and itself. PDFium follows such calls 40 deep without counting them,
so that a form that draws itself twice asks for 2**40 copies: a file of 1 KB took 20 GB in a minute.
Hence calls are counted before a page is loaded. The dictionary of a stream stands in the file as
such (ISO 32000-1, 7.5.7: never within an object stream), so that it can be read without a parser.
"""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pipeline.readers.base import Located

MOST_CALLS = 10_000
"""Drawings that one form may come to; those of an office program come to a few hundred."""
DEEPEST = 20
"""Forms within forms; three or four are seen."""
_DICTIONARY_BYTES = 1 << 16
_CONTENT_BYTES = 4 << 20

_BLANK = rb"[\0\t\n\f\r ]"
_REF = rb"([0-9]{1,9})" + _BLANK + rb"{1,9}[0-9]{1,5}" + _BLANK + rb"{1,9}"
_FORM = re.compile(
    rb"/Subtype" + _BLANK + rb"{0,9}"
    rb"(?:/(?:F|#46)(?:o|#6[fF])(?:r|#72)(?:m|#6[dD])|[0-9]{1,9}" + _BLANK + rb")"
)
"""Names may be written in hexadecimal, and values stand elsewhere (7.3.5, 7.3.10)."""
_OBJECT = re.compile(rb"(?<![0-9])" + _REF + rb"obj\b")
_END = re.compile(rb"\bstream\r?\n|\bendobj\b")
_REFERENCE = re.compile(rb"(?<![0-9])" + _REF + rb"R\b")
_HELD = re.compile(rb"/(?:Resources|XObject)" + _BLANK + rb"{0,9}" + _REF + rb"R\b")
_DRAWN = re.compile(rb"/XObject" + _BLANK + rb"{0,9}<<([^<>]{0,60000})>>")
_PACKED = re.compile(rb"/Type" + _BLANK + rb"{0,9}/ObjStm\b")
_FIRST = re.compile(rb"/First" + _BLANK + rb"{1,9}([0-9]{1,9})")
_DO = re.compile(rb"\bDo\b")

Forms = dict[int, tuple[set[int], int]]
"""By number: objects that a form may draw; calls in its content."""


@lru_cache(maxsize=2)
def bursts(located: Located) -> bool:
    """Tell whether the forms of a PDF call one another in a circle, too deep or too often.

    Raises:
        OSError, zipfile.BadZipFile: it cannot be read any more.
    """
    content = located.content()
    if not isinstance(content, Path):
        return _bursts(content)
    if not content.stat().st_size:
        return False
    with content.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return _bursts(data)


def _bursts(data: bytes | mmap.mmap) -> bool:
    if _FORM.search(data) is None:
        return False
    forms = dict(_forms(data))
    known: dict[int, int] = {}
    return any(_calls(number, forms, known, ()) > MOST_CALLS for number in forms)


def _forms(data: bytes | mmap.mmap) -> Iterator[tuple[int, tuple[set[int], int]]]:
    heads: dict[int, bytes] = {}
    forms: dict[int, int] = {}
    for match in _OBJECT.finditer(data):
        head = data[match.end() : match.end() + _DICTIONARY_BYTES]
        end = _END.search(head)
        number = int(match[1])
        heads[number] = head = head[: end.start()] if end else head
        start = match.end() + end.end() if end else 0
        if _PACKED.search(head):
            heads.update(_packed(_content(data, start, head), head))
        elif end and not end[0].startswith(b"endobj") and _FORM.search(head):
            forms[number] = start
    for number, start in forms.items():
        head = heads[number]
        calls = len(_DO.findall(_content(data, start, head)))
        # a form without resources has those of its page, in which it stands itself
        named = _named(head, heads) if b"/Resources" in head else {number}
        yield number, (named & forms.keys(), calls)


def _packed(content: bytes, head: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the objects of an object stream (7.5.7)."""
    first = _FIRST.search(head)
    begin = int(first[1]) if first else 0
    pairs = [int(number) for number in re.findall(rb"[0-9]{1,9}", content[:begin])]
    places = [*pairs[1::2], len(content)]
    for at, number in enumerate(pairs[::2][: len(places) - 1]):
        yield number, content[begin + places[at] : begin + places[at + 1]][:_DICTIONARY_BYTES]


def _named(head: bytes, heads: dict[int, bytes]) -> set[int]:
    """Return what a form's resources name, which may stand in one or two objects of their own."""
    seen: set[int] = set()
    parts = [head]
    found: set[int] = set()
    while parts:
        part = parts.pop()
        for drawn in _DRAWN.findall(part):
            found |= {int(number) for number in _REFERENCE.findall(drawn)}
        for held in map(int, _HELD.findall(part)):
            if held not in seen and held in heads:
                seen.add(held)
                parts.append(heads[held])
                # of ``/XObject 9 0 R`` the object is the dictionary of names itself
                found |= {int(number) for number in _REFERENCE.findall(heads[held])}
    return found


def _content(data: bytes | mmap.mmap, start: int, head: bytes) -> bytes:
    raw = data[start : start + _CONTENT_BYTES]
    end = raw.find(b"endstream")
    raw = raw[:end] if end >= 0 else raw
    if b"/Filter" not in head:
        return raw
    try:
        return zlib.decompressobj().decompress(raw, _CONTENT_BYTES)
    except zlib.error:
        return b""  # packed in another way, or encrypted


def _calls(number: int, forms: Forms, known: dict[int, int], above: tuple[int, ...]) -> int:
    """Return how many drawings a form comes to."""
    if number in known:
        return known[number]
    if number in above or len(above) > DEEPEST:
        return MOST_CALLS + 1
    named, calls = forms[number]
    inside = (
        max((_calls(n, forms, known, (*above, number)) for n in named & forms.keys()), default=0)
        if calls
        else 0
    )
    known[number] = min(1 + calls * inside, MOST_CALLS + 1) if calls else 1
    return known[number]
