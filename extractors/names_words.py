"""Words as the name model sees them: how a text is cut, and what is told of each word.

Nothing here needs spaCy: :mod:`extractors.names_net` trains with it, :mod:`extractors.names_run`
computes with it.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from typing import Final

from extractors.gate import Memo, pieces

LETTER = r"[\w\u0300-\u036f]"
TOKEN = re.compile(
    rf"""
    (?:https?://|www\.)\S{{1,2000}}               # addresses and @names stay whole
    | [\w.+%-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{1,6}}
    | @\w+
    | (?:[^\W\d_]\.){{2,8}}                      # U.S.
    | \d+(?:[.,:]\d+){{1,9}}                     # 12:30, 1,500
    | {LETTER}+(?:['’](?![sS]\b){LETTER}+){{0,9}}  # o'shea, don't
    | ['’][sS]\b                                # penny's: a word of its own
    | [^\w\s\u0000-\u036f]+                      # a run of emoji
    | ([^\w\s])\1*                             # a run of one mark
    | \s+
    """,
    re.VERBOSE,
)
"""A word. Every character is in one, and none takes more than linear time. Chat leaves out blanks
(``lake/chicago``, ``ok.penny``, ``star😂``), so marks always end a word."""

COLUMNS = ("word", "start", "end", "shape", "plain", "title", "use", "lists", "group")
ROWS = (6000, 2500, 2500, 400, 1500, 1500, 500, 200, 200)
"""Rows of each column's hash table; every id is looked up in four of them."""


def _cut(text: str) -> tuple[tuple[int, str], ...]:
    return tuple(
        (match.start(), word) for match in TOKEN.finditer(text) if (word := match.group()) != " "
    )


CUT: Final = Memo(_cut)


def split(text: str) -> list[tuple[int, str]]:
    """Return the words of a text with their places; single blanks between words are none.

    No word but a run of blanks has a blank in it, so a text with single blanks alone is cut piece
    by piece.
    """
    between = pieces(text)
    if " ".join(between) != text:
        return list(_cut(text))
    words: list[tuple[int, str]] = []
    place = 0
    for piece in between:
        cut = CUT[piece]
        if len(cut) == 1:
            words.append((place, piece))
        else:
            words += [(place + start, word) for start, word in cut]
        place += len(piece) + 1
    return words


def read_words(packed: bytes) -> dict[str, tuple[int, ...]]:
    """Return the word list (see ``extractors.training.words``) from its packed form."""
    rows = {}
    for line in gzip.decompress(packed).decode().splitlines():
        word, *classes = line.split("\t")
        rows[word] = tuple(map(int, classes))
    return rows


UNKNOWN = (0, 0, 0, 0, 9, 0, 0, 0)
LEET = str.maketrans("013457$@", "oieastsa")
TRIPLE = re.compile(r"(.)\1{2,}")
DOUBLE = re.compile(r"(.)\1+")


def fold(word: str) -> str:
    """Return a word in lower case without accents; long numbers become their length."""
    folded = word.lower().replace("’", "'")
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(char for char in parts if not unicodedata.combining(char)) or folded
    if len(folded) > 3 and folded.isdigit():
        return f"#{min(len(folded), 12)}"
    return folded


def _look_up(folded: str, words: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    """Return a word's classes; ``starrr`` and ``k3isha`` are tried as ``star`` and ``keisha``."""
    classes = words.get(folded)
    if classes is not None or len(folded) < 3:
        return classes or UNKNOWN
    tries = [folded.replace("'", "").replace("’", ""), TRIPLE.sub(r"\1\1", folded)]
    tries += [TRIPLE.sub(r"\1", folded), DOUBLE.sub(r"\1", folded) if len(folded) > 4 else folded]
    if not folded.isalpha() and sum(map(str.isalpha, folded)) * 2 > len(folded):
        tries.append(folded.translate(LEET))
    return next((words[form] for form in tries if form in words), UNKNOWN)


def _shape(word: str) -> str:
    shape = "".join(
        "d" if char.isdigit() else "X" if char.isupper() else "x" if char.isalpha() else char
        for char in word[:24]
    )
    return re.sub(r"(.)\1{2,}", r"\1\1", shape)[:10]


def describe(word: str, words: dict[str, tuple[int, ...]]) -> tuple[str, ...]:
    """Return a word's features, one for each of :data:`COLUMNS`."""
    folded = fold(word)
    given, surname, place, frequency, capitals, spanish, plain, title = _look_up(folded, words)
    return (
        folded,
        folded[:3],
        folded[-3:],
        _shape(word),
        str(plain) if plain else f"?{folded[-2:]}",
        str(title) if title else f"?{folded[:2]}",
        f"{frequency}/{capitals}/{spanish}",
        f"{given}/{surname}/{place}",
        f"{plain & 63}/{capitals // 2}",
    )
