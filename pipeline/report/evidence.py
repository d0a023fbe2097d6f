"""What stands in evidence made safe to show: escaped where needed, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

_SUSPECT = re.compile(r"[^ -~]")
_BLANKS = re.compile(r"[\n\t\r]")
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories with no visible sign: control, format (direction, zero width), surrogate, private,
unassigned, line and paragraph separators."""
_JOINER = "\u200d"


def visible(text: str) -> Markup:
    """Return a text escaped, characters without a visible sign written as their code.

    Line feeds stay, with a sign before them; a joiner between two pictographs stays, since it is
    part of one emoji.
    """
    if _is_plain(text):
        return escape(text)
    parts: list[str] = []
    at = 0
    for match in _SUSPECT.finditer(text):
        sign = _sign(match)
        if sign is None:
            continue
        feed = "\n" if sign.endswith("\n") else ""
        parts.append(f'{escape(text[at : match.start()])}<span class="code">'
                     f"{escape(sign.rstrip())}</span>{feed}")  # fmt: skip
        at = match.end()
    parts.append(escape(text[at:]))
    return Markup("".join(parts))


def attribute(text: str) -> Markup:
    """Return a text escaped for the value of an attribute: one line, nothing invisible."""
    return escape(plain(text))


def plain_visible(text: str) -> str:
    """Return a text for formats without markup, as :func:`visible` does for pages, not escaped."""
    if _is_plain(text):
        return text
    return _SUSPECT.sub(lambda match: _sign(match) or match.group(), text)


def plain(text: str) -> str:
    """Return a text for an attribute or a drawing: not escaped, one line, nothing invisible."""
    return plain_visible(_BLANKS.sub(" ", text))


def _is_plain(text: str) -> bool:
    """Return whether a text is of printable ASCII alone, as nearly all are: nothing is hidden."""
    return text.isascii() and text.isprintable()


def _sign(match: re.Match[str]) -> str | None:
    """Return what stands for a character without a visible sign; None = the character itself."""
    char = match.group()
    if unicodedata.category(char) not in HIDDEN or _joins(match.string, match.start()):
        return None
    return "↵\n" if char == "\n" else f"U+{ord(char):04X}"


def _joins(text: str, at: int) -> bool:
    around = (text[at - 1 : at], text[at + 1 : at + 2])
    return text[at] == _JOINER and all(_is_picture(char) for char in around)


def _is_picture(char: str) -> bool:
    return char == "\ufe0f" or (char != "" and unicodedata.category(char) in {"So", "Sk"})
