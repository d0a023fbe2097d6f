"""Evidence text made safe to print: nothing in it may move the cursor or turn the line round."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

AROUND = 120
"""Characters shown before and after the first place that answers a query."""

BRIEF = 300
"""Characters shown of a name, a value or a label: a name can be made a megabyte long."""

_JOINED = re.compile(
    "(?<=[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])"
)
"""A zero-width joiner between two pictographs: part of one emoji, and harmless."""

_SUSPECT = re.compile(r"[^ -~]")


def printable(text: str, *, lines: bool = False) -> str:
    """Return a text with control, format, surrogate and line-separating characters as escapes.

    Args:
        text: any text.
        lines: whether line feeds stay line feeds.
    """
    joiners = {match.start() for match in _JOINED.finditer(text)}

    def shown(match: re.Match[str]) -> str:
        char = match.group()
        if lines and char == "\n":
            return char
        if match.start() in joiners:
            return char
        # Cc, Cf, Cs; Zl and Zp; no visible sign, and some terminals act on them
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            return char.encode("unicode_escape", "surrogatepass").decode("ascii")
        return char

    return _SUSPECT.sub(shown, text)


def brief(text: str) -> str:
    """Return a text made printable, cut where it is long, which is said."""
    if len(text) <= BRIEF:
        return printable(text)
    return f"{printable(text[:BRIEF])}… ({len(text) - BRIEF:,} characters more)"


def marked(
    text: str, spans: Sequence[tuple[int, int]], *, around: int = AROUND, lines: bool = False
) -> str:
    """Return a text for a terminal with «» around its spans, cut around the first.

    Args:
        text: the record's text.
        spans: code points, sorted and apart.
        around: characters to show before and after the first span.
        lines: whether line feeds stay line feeds.

    Returns:
        The text; where it is cut, how much is left out.
    """
    first, last = spans[0] if spans else (0, 0)
    begin, stop = max(0, first - around), min(len(text), last + around)
    parts = [f"({begin:,} characters before) …"] if begin else []
    at = begin
    for start, end in spans:
        if start >= stop:
            break
        parts.append(printable(text[at:start], lines=lines))
        at = min(end, stop)
        parts.append(f"«{printable(text[start:at], lines=lines)}»")
    parts.append(printable(text[at:stop], lines=lines))
    if stop < len(text):
        parts.append(f"… ({len(text) - stop:,} characters more)")
    return "".join(parts)
