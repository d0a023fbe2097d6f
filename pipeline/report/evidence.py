"""What stands in evidence made safe to show on a page: escaped, isolated, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

SHOWN = 160
"""Characters of a value in a table; what is cut is counted."""

_SUSPECT = re.compile(r"[^ -~]")
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories with no visible sign: control, format (direction, zero width), surrogate, private,
unassigned, line and paragraph separators."""
_JOINER = "\u200d"


def evidence(text: object, limit: int | None = SHOWN) -> Markup:
    """Return a text for a page.

    Args:
        text: what a record, a name or a path says; None gives a dash.
        limit: characters shown; None = all.

    Returns:
        A ``<bdi>`` element, so that its direction touches nothing beside it; characters without a
        visible sign are written as their code, ``U+202E``.
    """
    if text is None:
        return Markup("–")
    whole = str(text)
    cut = whole if limit is None else whole[:limit]
    left = len(whole) - len(cut)
    note = Markup('<span class="cut"> … ({} characters more)</span>').format(f"{left:,}")
    return Markup("<bdi>{}</bdi>{}").format(visible(cut), note if left else "")


def visible(text: str) -> Markup:
    """Return a text escaped, characters without a visible sign written as their code.

    Line feeds stay, with a sign before them; a joiner between two pictographs stays, since it is
    part of one emoji.
    """
    parts: list[Markup] = []
    at = 0
    for match in _SUSPECT.finditer(text):
        char, start = match.group(), match.start()
        if unicodedata.category(char) not in HIDDEN or _joins(text, start):
            continue
        parts.append(escape(text[at:start]))
        code = "↵" if char == "\n" else f"U+{ord(char):04X}"
        parts.append(Markup('<span class="code">{}</span>').format(code))
        parts.append(Markup("\n" if char == "\n" else ""))
        at = match.end()
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def plain(text: str) -> str:
    """Return a text for an attribute or a drawing: not escaped, nothing invisible, no markup."""
    return _SUSPECT.sub(_coded, text)


def _coded(match: re.Match[str]) -> str:
    char = match.group()
    if char in "\n\t\r":
        return " "
    if unicodedata.category(char) not in HIDDEN or _joins(match.string, match.start()):
        return char
    return f"U+{ord(char):04X}"


def plain_visible(text: str) -> str:
    """Return a text for formats without markup, as :func:`visible` does for pages, not escaped."""
    return _SUSPECT.sub(_plain_sign, text)


def _plain_sign(match: re.Match[str]) -> str:
    char = match.group()
    if unicodedata.category(char) not in HIDDEN or _joins(match.string, match.start()):
        return char
    return "↵\n" if char == "\n" else f"U+{ord(char):04X}"


def _joins(text: str, at: int) -> bool:
    around = (text[at - 1 : at], text[at + 1 : at + 2])
    return text[at] == _JOINER and all(_is_picture(char) for char in around)


def _is_picture(char: str) -> bool:
    return char == "\ufe0f" or (char != "" and unicodedata.category(char) in {"So", "Sk"})
