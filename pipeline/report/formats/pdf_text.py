"""Texts as pieces that a typesetter can neither read as markup nor fail to draw.

A piece is a string, drawn as it stands; ``["x", "U+202E"]``, a character that has no visible sign
or no drawing in the fonts at hand; or ``["br"]``, a line feed. In a string :data:`MAY_BREAK` marks
where a line may end although there is no blank; it is not drawn. It cannot be part of a text, since
control characters are written as their codes.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TypeAlias

Piece: TypeAlias = str | list[str]

MAY_BREAK = "\x1f"
FONTS = ("DejaVuSans.ttf", "NotoEmoji-Regular.ttf")
"""What falls in where the typesetter's own Latin, Greek and Cyrillic end: Arabic, Hebrew and signs;
pictographs. Without them a page would differ from machine to machine with the fonts installed."""
EMBEDDED = ((0x20BF, 0x20BF), (0x2460, 0x24FF), (0x1D400, 0x1D7FF))
"""What only fonts inside the typesetter draw (regular and bold), in names often: the sign of
bitcoin, letters in circles, letters as in formulas (𝓙𝓾𝓷𝓸). typst 0.15.2; a test draws them all."""

_PLAIN = re.compile(r"[ -~]*")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories with no visible sign, as on the page (:mod:`pipeline.report.evidence`)."""
_MARKS = frozenset({"Mn", "Me", "Mc"})
_JOINER = "\u200d"
_UNDRAWN = frozenset("\ufe0e\ufe0f\u200d")
"""Inside a cluster these choose a form; a font need not hold them."""
_SKIN = range(0x1F3FB, 0x1F400)
_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_AFTER = re.compile(r"(?<=[/._\-@:;,=&?#+|])(?=[^\s/._\-@:;,=&?#+|])")


def pieces(text: str, longest: int = 40) -> list[Piece]:
    """Return a text as pieces.

    Args:
        text: anything, lone surrogates too.
        longest: characters of a word that fit on a line; longer ones get places to break.
    """
    if _PLAIN.fullmatch(text):
        return [broken(text, longest)] if text else []
    found: list[Piece] = []
    plain: list[str] = []
    for cluster in _clusters(text):
        if cluster == "\n" or _is_drawn(cluster):
            plain.append(cluster)
            continue
        for char in cluster:
            if _is_drawn(char) and unicodedata.category(char) not in _MARKS:
                plain.append(char)
            else:
                _flush(found, plain, longest)
                found.append(["x", f"U+{ord(char):04X}"])
    _flush(found, plain, longest)
    if _TO_LEFT.search(text):
        # First-strong isolate: its direction touches nothing beside it.
        return ["\u2068", *found, "\u2069"]
    return found


def broken(text: str, longest: int) -> str:
    """Return a text whose long words hold :data:`MAY_BREAK`."""
    if len(text) <= longest or all(len(word) <= longest for word in text.split(" ")):
        return text
    words = text.split(" ")
    return " ".join(_word(word, longest) if len(word) > longest else word for word in words)


def _word(word: str, longest: int) -> str:
    """Break after punctuation, and within what is still longer than a line."""
    parts: list[str] = []
    for part in _AFTER.split(word):
        clusters = [part] if len(part) <= longest else list(_clusters(part))
        if len(clusters) == 1:
            parts.append(part)
            continue
        step = max(1, min(8, longest // 2))
        parts += ["".join(clusters[at : at + step]) for at in range(0, len(clusters), step)]
    return MAY_BREAK.join(parts)


def _flush(found: list[Piece], plain: list[str], longest: int) -> None:
    if not plain:
        return
    first, *rest = "".join(plain).split("\n")
    plain.clear()
    if first:
        found.append(broken(first, longest))
    for line in rest:
        found += [["x", "↵"], ["br"]]
        if line:
            found.append(broken(line, longest))


def _clusters(text: str) -> Iterator[str]:
    """Yield characters with the marks, joiners and skin tones that belong to them."""
    start = 0
    for at in range(1, len(text)):
        if " " <= text[at] <= "~" or not _belongs(text, at):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _belongs(text: str, at: int) -> bool:
    char, before = text[at], text[at - 1]
    if unicodedata.category(before) in _HIDDEN and before != _JOINER:
        return False
    if unicodedata.category(char) in _MARKS or char in "\ufe0e\ufe0f":
        return True
    if char == _JOINER:
        return _is_picture(before) and _is_picture(text[at + 1 : at + 2])
    if before == _JOINER:
        return at > 1 and _is_picture(text[at - 2]) and _is_picture(char)
    return ord(char) in _SKIN and _is_picture(before)


def _is_picture(char: str) -> bool:
    return char == "\ufe0f" or (char != "" and unicodedata.category(char) in {"So", "Sk"})


@cache
def _is_drawn(cluster: str) -> bool:
    need = {ord(char) for char in cluster if len(cluster) == 1 or char not in _UNDRAWN}
    if any(unicodedata.category(chr(code)) in _HIDDEN for code in need):
        return False
    return any(need <= held for held in coverage())


@cache
def coverage() -> tuple[frozenset[int], ...]:
    """Return the code points that each of :data:`FONTS` draws, and those of :data:`EMBEDDED`."""
    folder = files("pipeline.report") / "data" / "fonts"
    return (
        *(frozenset(_characters((folder / name).read_bytes())) for name in FONTS),
        frozenset(code for first, last in EMBEDDED for code in range(first, last + 1)),
    )


def _characters(font: bytes) -> Iterator[int]:
    """Yield what a TrueType font maps to a glyph.

    Of https://learn.microsoft.com/en-us/typography/opentype/spec/cmap only formats 4 and 12 are
    read, in which the fonts above hold all they have.
    """
    (count,) = struct.unpack_from(">H", font, 4)
    entries = (struct.unpack_from(">4sIII", font, 12 + 16 * at) for at in range(count))
    cmap = next(offset for tag, _, offset, _ in entries if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", font, cmap + 2)
    for at in range(subtables):
        (offset,) = struct.unpack_from(">I", font, cmap + 8 + 8 * at)
        table = cmap + offset
        (form,) = struct.unpack_from(">H", font, table)
        if form == 12:
            (groups,) = struct.unpack_from(">I", font, table + 12)
            for group in range(groups):
                first, last, _ = struct.unpack_from(">III", font, table + 16 + 12 * group)
                yield from range(first, last + 1)
        elif form == 4:
            (double,) = struct.unpack_from(">H", font, table + 6)
            many = f">{double // 2}H"
            lasts = struct.unpack_from(many, font, table + 14)
            firsts = struct.unpack_from(many, font, table + 16 + double)
            for first, last in zip(firsts, lasts, strict=True):
                yield from range(first, min(last, 0xFFFE) + 1)
