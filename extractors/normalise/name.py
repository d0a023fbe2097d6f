"""Keys of names: one spelling for the many ways in which a name is written."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[^\W_]+(?:[$'’.&-][^\W_]+)*")
"""A word of a name; ``.`` and ``'`` only inside, as in ``J.R`` and ``D'Angelo``."""

LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "$": "s"})
"""Digits and signs that stand for the letters they look like."""

LEET_INSIDE = re.compile(
    r"(?<![^\W\d_])[013457$](?=[^\W\d_]{2})|(?<=[^\W\d_])[013457$](?=[^\W\d_])"
)
"""Such a sign before two letters or between two: ``5tar``, ``k3l``, ``$lim``; not ``juno7``."""

RUN = re.compile(r"([^\W\d_])\1{2,}")
"""A letter three times or more, which no name has: drawn out for effect."""

POSSESSIVE = re.compile(r"['’]s?$")


def fold(word: str) -> str:
    """Return a word case folded, with look-alike letters and accents made plain."""
    if word.isascii():
        return word.lower()
    wide = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in wide if not unicodedata.combining(sign)).casefold()


def squeeze(word: str) -> str:
    """Return a folded word with drawn-out letters written once (``starrr`` gives ``star``)."""
    return RUN.sub(r"\1", word)


def clean(surface: str) -> str | None:
    """Return the key of a name, or None when no letter is left.

    Args:
        surface: the name as written: ``✨Lil Juno✨``, ``Ashleyyy's``, ``5tar``.

    Returns:
        The words case folded, with accents, emoji, quotation marks, drawn-out letters and the
        possessive removed and letters put for look-alike digits, joined by a blank: ``lil juno``,
        ``ashley``, ``star``. DOMAIN 5.2 asks for this key for grouping only; the surface stays.
    """
    words = []
    for match in WORD.finditer(fold(surface.replace("$", "$"))):
        word = squeeze(LEET_INSIDE.sub(lambda sign: sign.group().translate(LEET), match.group()))
        words.append(word.replace("’", "'"))
    if surface.lstrip().startswith("$") and words:
        words[0] = "s" + words[0]
    if words:
        words[-1] = POSSESSIVE.sub("", words[-1]) or words[-1]
    key = " ".join(words)
    return key if any(sign.isalpha() for sign in key) else None
