"""One folded view of text for the index, the query and the highlight; the text stays as it is.

Folding here and not in tantivy: fancy letters (𝐜𝐨𝐨𝐤𝐢𝐞), full-width digits, decomposed accents and
zero-width characters inside words must meet the plain word, and the highlight must know where in
the unfolded text a word stands. The folded text is words parted by blanks, so tantivy's own
whitespace tokenizer splits it just as :func:`tokens` does.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

WORD_LIMIT = 200
"""Characters of a word in the index; longer runs (base64, 10 MB of ``a``) are cut into several, as
tantivy drops terms over 65,530 bytes."""

_WORD = re.compile(rf"\S{{1,{WORD_LIMIT}}}")
_LONG = re.compile(rf"\S{{{WORD_LIMIT}}}")

_LETTERS = {
    "æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ħ": "h", "ı": "i", "ł": "l",
    "ŋ": "n", "œ": "oe", "ŧ": "t", "ƒ": "f",
}  # fmt: skip
"""Latin letters that Unicode does not decompose (Lucene's ASCII folding has the same pairs)."""

_NO_BLANKS = ("CJK ", "HIRAGANA ", "KATAKANA ", "THAI ", "LAO ", "KHMER ", "MYANMAR ")
"""Scripts written without blanks between words: each character becomes a word."""

_SKIN_TONES = range(0x1F3FB, 0x1F400)
_PICTOGRAPHS = range(0x1F000, 0x1FB00)
"""Emoji blocks, also those newer than the Unicode version of the interpreter."""


class _Fold(dict[int, str]):
    """What each code point becomes, worked out at first sight: text, or blanks around it."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _fold_character(chr(point))
        return folded


def _fold_character(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Mn", "Me", "Cf"} or ord(char) in _SKIN_TONES:
        return ""  # accents of their own, variation selectors, joiners, bidi marks
    if char in "™℠":
        return " "
    if not unicodedata.decomposition(char):
        if category == "So" or ord(char) in _PICTOGRAPHS:
            return f" {char} "
        if category == "Lo" and unicodedata.name(char, "").startswith(_NO_BLANKS):
            return f" {char} "
    parts = []
    for part in unicodedata.normalize("NFKD", char.casefold()):
        kind = unicodedata.category(part)
        if kind == "Lo" and unicodedata.name(part, "").startswith(_NO_BLANKS):
            parts.append(f" {part} ")
        elif kind[0] in "LN" or kind == "Mc":
            parts.append(_LETTERS.get(part, part))
        elif kind != "Mn":
            parts.append(" ")
    # the letters of fancy alphabets come out of NFKD as capitals where casefold knows no small one
    return "".join(parts).casefold()


_TABLE = _Fold()


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the folded text and where it stands in the text itself."""

    word: str
    start: int
    """First code point of the text."""
    end: int
    """One past the last code point."""


def fold(text: str) -> str:
    """Return the words of a text in folded form, parted by blanks.

    Letters lose case and accents, digits become plain, an emoji is a word of its own without skin
    tone and variation selector; punctuation, ``@``, ``$`` and ``#`` part words.
    """
    folded = text.translate(_TABLE)
    return _LONG.sub(r"\g<0> ", folded) if len(folded) > WORD_LIMIT else folded


def words(text: str) -> list[str]:
    """Return the folded words of a text."""
    return fold(text).split()


def phrase(text: str) -> str:
    """Return the folded words joined by one blank: what two writings of a name share."""
    return " ".join(words(text))


def tokens(text: str) -> list[Token]:
    """Return the folded words with their places in the text.

    Words and order are those of :func:`fold`; a place is widened to whole characters where one
    character folds to several (``ß`` to ``ss``).
    """
    if text.isascii():
        folded = text.translate(_TABLE)
        return [Token(m.group(), m.start(), m.end()) for m in _WORD.finditer(folded)]
    places: list[int] = []
    parts: list[str] = []
    for index, char in enumerate(text):
        part = _TABLE[ord(char)]
        parts.append(part)
        places.extend([index] * len(part))
    return [
        Token(m.group(), places[m.start()], places[m.end() - 1] + 1)
        for m in _WORD.finditer("".join(parts))
    ]
