"""A folded view of a text: what it looks like to a reader, with the way back to the original.

Other modules read the folded view and give spans of the original; the text itself is never changed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

HOMOGLYPHS = dict(
    zip(
        # Cyrillic, Armenian
        "авеѐёкмнорсуґтхіїѕјԁӏһԛԝүոս"
        # Greek
        "οόαινρετυκχγωβημζϲσ"
        # Latin small capitals and other letters without a decomposition
        "ıɪᴀʙᴄᴅᴇꜰɢʜᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢøłđɡɑɩʋŧ",
        "abeeekmhopcyrtxiisjdlhqwynuooaivpetukxywbnmzcoiiabcdefghjklmnoprstuvwyzoldgaivt",
        strict=True,
    )
)
"""Letters of other alphabets drawn like a Latin letter, lower case to lower case: the confusables
of Unicode TR 39 that turn up in advertisements, restricted to letters."""

SIGNS = {
    "⭕": "o", "🔟": "10", "¡": "!", "∣": "|", "ǀ": "|", "│": "|", "┃": "|", "❘": "|", "❙": "|",
    "￨": "|", "׀": "|", "ǃ": "!", "·": ".", "•": ".", "∙": ".", "⋅": ".",
    "。": ".", "−": "-", "⁃": "-", "ー": "-", "＿": "_", "’": "'", "‘": "'", "〇": "0", "零": "0",
    "一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8",
    "九": "9",
}  # fmt: skip
"""Signs that stand for a digit, a letter or a plain mark. The Chinese digits are written one for
one in telephone numbers."""

_DRAWN = {
    "0": "ⲟꓳꬽѳөθϴօסഠဝ𐐬𐓪ⵔ𐊒",
    "1": "ɩⲓꓲןו丨ᛁⵏ𐊊𐌉ߊا",
    "2": "ƻƨϩꙅꝛᒿᘔ",
    "3": "ʒȝӡɜҙꝫვⳍ",
    "4": "ӌҷҹꮞᔦ",
    "5": "ƽ",
    "6": "ϭꮾⳓƅ",
    "7": "⁊⅂ㄱᒣ",
    "8": "ȣ𐌚",
    "9": "ꝯᑫⳋ",
}
_LETTER_OF = {"0": "o", "1": "l"}
DRAWN = {
    char: _LETTER_OF.get(digit, digit)
    for digit, chars in _DRAWN.items()
    for char in chars
    if char not in HOMOGLYPHS
}
"""Rare letters and signs drawn like a digit, lower case where they have one. Chosen by Unicode name
(LETTER TONE FIVE, LETTER EZH, DZE, YOGH, OU, CHE, and the round and upright letters of other
alphabets) after the idea of Unicode TR 39: what a reader takes for a digit. Those like 0 and 1 fold
to the letters o and l, since they stand for letters as well."""

EXACT = {"Տ": "s", "Ꮪ": "s", "Ꮞ": "4", "Ꮾ": "6", "Ꮟ": "б", "Ь": "б", "ь": "б", "Ƅ": "б",
         "Ԍ": "g", "Ꮐ": "g", "ß": "b", "զ": "q", "գ": "q", "ց": "g", "Ⴝ": "s", "Ɀ": "z",
         "Ꙁ": "3", "Ӿ": "x",
         **dict(zip("ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", "abcdefghijklmnoprstuvwxyz", strict=True)),
         **dict(zip("ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᎡᎢᏙᎳᏃ", "abcdehjklmprtvwz", strict=True))}  # fmt: skip
"""Letters drawn like another only in this case; Lisu and Cherokee letters, drawn like capitals."""

CYRILLIC_DIGITS = frozenset("зЗчЧбБ")
"""Cyrillic letters drawn like 3, 4 and 6: they stay in the folded view, so that words do."""

LETTER_BLOCKS = ((0x1F150, 0x1F169), (0x1F170, 0x1F189), (0x1F1E6, 0x1F1FF))
"""Negative circled, negative squared and regional indicator A to Z; they have no decomposition."""

KEYCAP = "\u20e3"
DROPPED = frozenset({"Mn", "Me", "Cf"})
"""Categories that take no room: accents, strokes through, the keycap frame, joiners, marks of
direction."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, where it stands in the original."""

    text: str
    starts: Sequence[int]
    """Original first code point of each folded character."""
    ends: Sequence[int]
    """Original code point after it, accents and frames on it included."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a non-empty span of the folded text into one of the original.

        Args:
            start: first folded character.
            end: one past the last; greater than ``start``.

        Returns:
            Half-open span of the original text.
        """
        return self.starts[start], self.ends[end - 1]


class _Table(dict[int, str]):
    """Memo of :func:`fold_char` in the form that :meth:`str.translate` reads."""

    def __missing__(self, code: int) -> str:
        folded = fold_char(chr(code))
        self[code] = folded
        return folded


_TABLE = _Table()


def fold_char(char: str) -> str:
    """Fold one character: what it looks like in lower-case ASCII where it looks like anything.

    Args:
        char: a single code point.

    Returns:
        None, one or several characters; the character itself where nothing is known of it.
    """
    if char in SIGNS:
        return SIGNS[char]
    lower = char.lower()
    if char in EXACT:
        return EXACT[char]
    if lower in HOMOGLYPHS:
        return HOMOGLYPHS[lower]
    if char.isascii():
        return lower
    if lower in DRAWN:
        return DRAWN[lower]
    category = unicodedata.category(char)
    if category in DROPPED:
        return ""
    if category in {"Nd", "No"}:
        return _fold_number(char)
    if category == "Pd":
        return "-"
    if category[0] == "Z":
        return " " if category == "Zs" else "\n"
    code = ord(char)
    for first, last in LETTER_BLOCKS:
        if first <= code <= last:
            return chr(ord("a") + code - first)
    plain = unicodedata.normalize("NFKD", char).lower()
    plain = "".join(
        HOMOGLYPHS.get(c, DRAWN.get(c, c)) for c in plain if unicodedata.category(c) not in DROPPED
    )
    return plain or lower


def _fold_number(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    value = unicodedata.numeric(char, -1.0)
    # ⑩ to ㊿: circled, bracketed and dotted numbers; a fraction stays what it is
    return str(int(value)) if 10 <= value <= 50 and value == int(value) else char


def view(text: str) -> str:
    """Return the folded string alone: a gate may test it before :func:`fold` is worth its price."""
    return text.lower() if text.isascii() else text.translate(_TABLE)


def fold(text: str) -> Folded:
    """Fold a text and keep the way back.

    Args:
        text: any text.

    Returns:
        The folded view. Equal to :func:`view` in its string.
    """
    if text.isascii():
        return Folded(text.lower(), range(len(text)), range(1, len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, char in enumerate(text):
        piece = _TABLE[ord(char)]
        if piece:
            pieces.append(piece)
            starts.extend([index] * len(piece))
            ends.extend([index + 1] * len(piece))
        elif ends and ends[-1] == index and unicodedata.category(char) != "Cf":
            # an accent or keycap frame belongs to the sign it stands on; a joiner to nothing
            last = starts[-1]
            for back in range(len(starts) - 1, -1, -1):
                if starts[back] != last:
                    break
                ends[back] = index + 1
    return Folded("".join(pieces), starts, ends)


def tricks(surface: str) -> frozenset[str]:
    """Name the ways in which the signs of a surface differ from plain digits and letters.

    Args:
        surface: a span of the original text.

    Returns:
        Some of ``keycap``, ``circled``, ``superscript``, ``fullwidth``, ``styled``,
        ``homoglyph``, ``invisible``, ``struck``; empty for plain writing.
    """
    if surface.isascii():
        return frozenset()
    return frozenset(name for name in map(_trick, surface) if name)


def _trick(char: str) -> str | None:
    if char.isascii():
        return None
    if char == KEYCAP:
        return "keycap"
    category = unicodedata.category(char)
    if category == "Cf":
        return "invisible"
    if category in {"Mn", "Me"}:
        # U+FE0F only asks for an emoji; the strokes U+0335 to U+0338 cross a digit out
        return "struck" if "\u0335" <= char <= "\u0338" else None
    lower = char.lower()
    if lower in HOMOGLYPHS or lower in DRAWN or char in EXACT or char in CYRILLIC_DIGITS:
        return "homoglyph"
    if char == "⭕":
        return "homoglyph"
    shape = unicodedata.decomposition(char).partition(">")[0].removeprefix("<")
    if category in {"Nd", "No"} or category[0] == "L" or category == "So":
        by_shape = {"wide": "fullwidth", "circle": "circled", "super": "superscript",
                    "sub": "superscript", "font": "styled", "square": "circled"}  # fmt: skip
        if shape in by_shape:
            return by_shape[shape]
        if category == "No" and unicodedata.digit(char, None) is not None:
            return "circled"  # ❶ and its like carry no decomposition
    return None
