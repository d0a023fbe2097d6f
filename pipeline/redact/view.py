"""What a text says to a reader, with the way back: escapes resolved, letters folded, signs out.

Three writings of the folded text are searched. *Folded*: lower case, no accents, no marks without
room, other alphabets' look-alikes as Latin letters. *Squeezed*: its letters and digits alone, so
that ``J.u n-o`` reads ``juno``. *Leet*: squeezed, with digits and signs as the letters they stand
for.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.fold import fold, fold_char

ESCAPE = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});?|(?:%[0-9a-fA-F]{2})+|\\u[0-9a-fA-F]{4}"
)
"""HTML entities, octets of an address, escapes of JSON."""

DEPTH = 3
"""How many times what was escaped may have been escaped again."""

LEET = str.maketrans({
    "0": "o", "1": "l", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b",
    "9": "g", "i": "l", "@": "a", "$": "s", "!": "l", "|": "l", "+": "t", "€": "e", "£": "l",
})  # fmt: skip
"""Digits and signs as letters. ``i``, ``l``, ``1`` and ``!`` stand for each other."""

LEET_SIGNS = frozenset("012345678@$!|+€£9")


class _Squeeze(dict[int, str]):
    """Letters and digits of a folded character; for :meth:`str.translate`."""

    def __missing__(self, code: int) -> str:
        kept = self[code] = "".join(filter(str.isalnum, fold_char(chr(code))))
        return kept


class _Leet(dict[int, str]):
    """The letters a character stands for; for :meth:`str.translate`."""

    def __missing__(self, code: int) -> str:
        kept = "".join(filter(str.isalnum, fold_char(chr(code)).translate(LEET)))
        self[code] = kept
        return kept


_SQUEEZE, _LEET, _DIGITS = _Squeeze(), _Leet(), re.compile(r"[^0-9]+")


@dataclass(frozen=True, slots=True)
class View:
    """A text folded, with the place of each character in the text as it stands."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a non-empty span of the view into one of the text as it stands."""
        return self.starts[start], self.ends[end - 1]


def view(text: str) -> View:
    """Resolve escapes and fold."""
    plain, at = _resolved(text)
    folded = fold(plain)
    if at is None:
        return View(folded.text, folded.starts, folded.ends)
    return View(
        folded.text,
        [at[start][0] for start in folded.starts],
        [at[end - 1][1] for end in folded.ends],
    )


def _resolved(text: str, depth: int = 1) -> tuple[str, list[tuple[int, int]] | None]:
    """Return the text without escapes, and where each of its characters stood."""
    if not any(sign in text for sign in "&%\\"):
        return text, None
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for match in ESCAPE.finditer(text):
        said = _said(match.group())
        if said is None:
            continue
        start, end = match.span()
        parts.append(text[at:start])
        places.extend((index, index + 1) for index in range(at, start))
        parts.append(said)
        places.extend([(start, end)] * len(said))
        at = end
    if not at:
        return text, None
    parts.append(text[at:])
    places.extend((index, index + 1) for index in range(at, len(text)))
    plain = "".join(parts)
    if depth < DEPTH:
        plain, again = _resolved(plain, depth + 1)
        if again is not None:
            places = [(places[start][0], places[end - 1][1]) for start, end in again]
    return plain, places


def _said(escape: str) -> str | None:
    if escape[0] == "&":
        said = html.unescape(escape)
        return None if said == escape else said
    if escape[0] == "%":
        return bytes.fromhex(escape.replace("%", "")).decode("utf-8", "replace")
    return chr(int(escape[2:], 16))


def gate_text(text: str) -> tuple[str, str]:
    """Return the writings of a text in which needles are looked for first.

    Returns:
        The squeezed text; and, parted by line feeds, its leet writing, the same with signs as
        letters, its digits, and all of it turned round where marks of direction are in the text.
        Needles are given in leet writing, numbers as digits (:mod:`pipeline.redact.gate`).
    """
    plain = _resolved(text)[0]
    squeezed = plain.translate(_SQUEEZE)
    leet = squeezed.translate(LEET)
    signs = plain.translate(_LEET)
    digits = _DIGITS.sub("", squeezed)
    lines = [leet] if signs == leet else [leet, signs]
    if digits:
        lines.append(digits)
    if turns(text):
        lines += [line[::-1] for line in lines]
    return squeezed, "\n".join(lines)


def turns(text: str) -> bool:
    """Whether marks of direction may show a part of the text from right to left."""
    return any(mark in text for mark in "\u202d\u202e\u2066\u2067\u2068")


def squeezed(text: str) -> str:
    """Return the folded letters and digits of a text."""
    return text.translate(_SQUEEZE)


def words_of(text: str) -> list[str]:
    """Return the folded words of a name: letters only, what an apostrophe parts as one."""
    plain = fold(unicodedata.normalize("NFC", text)).text
    return ["".join(filter(str.isalpha, word)) for word in NAME_WORD.findall(plain)]


NAME_WORD = re.compile(r"[^\W\d_]+(?:['`´][^\W\d_]+)*")
"""A run of letters, with apostrophes in it."""
