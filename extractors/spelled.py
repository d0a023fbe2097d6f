"""Number words and letters that stand for digits: runs of letters and digits to atoms of a number.

English and Spanish, run together or apart, stretched (``fiiive``), with digits for letters
(``thr33``), misspelt in the common ways. Reads the folded view (:mod:`extractors.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise


class AtomKind(StrEnum):
    """What an atom is made of, which decides how neighbours are put together."""

    DIGITS = "digits"
    UNIT = "unit"
    TEEN = "teen"
    TENS = "tens"
    REPEAT = "repeat"
    """``double``: the next digit that many times; ``digits`` holds how often."""
    ZEROS = "zeros"
    """``hundred``, ``mil``: zeros behind a unit."""
    HUNDREDS = "hundreds"
    """``seiscientos``: tens and units may follow in place of its zeros."""
    LETTER = "letter"
    """A letter drawn like a digit."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of a number: its digits and where in the run it stands."""

    kind: AtomKind
    digits: str
    start: int
    end: int


UNITS = {
    "zero": "0", "oh": "0", "nought": "0", "naught": "0", "cero": "0", "sero": "0", "zer": "0",
    "one": "1", "uno": "1", "una": "1",
    "two": "2", "dos": "2",
    "three": "3", "thre": "3", "tres": "3",
    "four": "4", "cuatro": "4", "quatro": "4", "cuarto": "4",
    "five": "5", "fiv": "5", "fife": "5", "cinco": "5", "sinco": "5",
    "six": "6", "seis": "6",
    "seven": "7", "sevn": "7", "siete": "7", "ciete": "7",
    "eight": "8", "eigth": "8", "eigt": "8", "ocho": "8",
    "nine": "9", "niner": "9", "nueve": "9", "nuebe": "9",
}  # fmt: skip
TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
    "diez": "10", "once": "11", "doce": "12", "trece": "13", "catorce": "14", "quince": "15",
    "dieciseis": "16", "diecisiete": "17", "dieciocho": "18", "diecinueve": "19",
    "veintiuno": "21", "veintiun": "21", "veintidos": "22", "veintitres": "23",
    "veinticuatro": "24", "veinticinco": "25", "veintiseis": "26", "veintisiete": "27",
    "veintiocho": "28", "veintinueve": "29",
}  # fmt: skip
TENS = {
    "twenty": "20", "thirty": "30", "forty": "40", "fourty": "40", "fifty": "50", "sixty": "60",
    "seventy": "70", "eighty": "80", "ninety": "90", "ninty": "90",
    "veinte": "20", "treinta": "30", "cuarenta": "40", "cincuenta": "50", "sesenta": "60",
    "setenta": "70", "ochenta": "80", "noventa": "90",
}  # fmt: skip
REPEATS = {"double": "2", "dbl": "2", "doble": "2", "triple": "3", "treble": "3", "quadruple": "4"}
ZEROS = {"hundred": "00", "hunnid": "00", "thousand": "000", "mil": "000"}
HUNDREDS = {
    "cien": "100", "ciento": "100", "doscientos": "200", "trescientos": "300",
    "cuatrocientos": "400", "quinientos": "500", "seiscientos": "600", "setecientos": "700",
    "ochocientos": "800", "novecientos": "900",
}  # fmt: skip
HOMOPHONES = {"to": "2", "too": "2", "tu": "2", "for": "4", "fore": "4", "won": "1", "ate": "8",
              "tree": "3", "sicks": "6"}  # fmt: skip
"""Words that sound like a digit; :func:`extractors.phone_hidden` takes them for one only where
nothing else makes a number."""

LETTERS: Mapping[str, str] = {
    "o": "0", "i": "1", "l": "1", "|": "1", "!": "1", "s": "5", "b": "8", "z": "2", "q": "9",
    "з": "3", "ч": "4", "б": "6",
}  # fmt: skip
"""Letters drawn like digits (DOMAIN 5.3), the Cyrillic ones among them."""

LEET = {"o": "o0", "i": "i1!|l", "e": "e3", "s": "s5$z", "t": "t7", "a": "a4@", "g": "g9",
        "v": "vu", "b": "b8", "z": "z2s", "l": "l1", "c": "ck"}  # fmt: skip
"""What stands for a letter inside a number word."""

FIRST = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
         "eight": "8", "nine": "9"}  # fmt: skip
"""``5ive``, ``8ight``: the digit in place of the first letter."""

RUN_LIMIT = 80
"""No number written without a blank is longer: 15 digits of the longest word (seven) are 75."""


def _lexicon() -> Iterator[tuple[str, AtomKind, str]]:
    for kind, words in (
        (AtomKind.UNIT, UNITS),
        (AtomKind.TEEN, TEENS),
        (AtomKind.TENS, TENS),
        (AtomKind.REPEAT, REPEATS),
        (AtomKind.ZEROS, ZEROS),
        (AtomKind.HUNDREDS, HUNDREDS),
    ):
        for word, digits in words.items():
            yield word, kind, digits


WORDS: Mapping[str, tuple[AtomKind, str]] = {
    **{word: (kind, digits) for word, kind, digits in _lexicon()},
    # treintaycinco and treintaicinco, in one word
    **{
        tens + join + unit: (AtomKind.TEEN, high[0] + low)
        for tens, high in list(TENS.items())[-7:]
        for unit, low in UNITS.items()
        for join in "yi"
        if low != "0"
    },
}
"""Every number word."""


def _stems() -> str:
    """Build a pattern of the first three letters of every word, as :func:`_matcher` reads them.

    Grouped by a literal first character: the engine then skips by a character set, which made the
    search eight times as fast. A stretched first letter matches at its last copy.
    """
    ends: dict[str, set[str]] = {}
    for word in WORDS:
        rest = "".join(
            f"[{re.escape(LEET.get(c, c))}]{times}"
            for c, times in zip(word[1:3], ("{1,3}", ""), strict=False)
        )
        for first in LEET.get(word[0], word[0]):
            ends.setdefault(first, set()).add(rest)
    for word, digit in FIRST.items():
        ends.setdefault(digit, set()).add(re.escape(word[1:3]))
    return "|".join(
        f"{re.escape(first)}(?:{'|'.join(sorted(rests))})" for first, rests in sorted(ends.items())
    )


STEMS = re.compile(_stems())
"""Beginnings of number words in a run that is worth :func:`read`."""

HAS_DIGIT = re.compile(r"\d")
"""A whole word swallows no digit after it: ``three3`` is 33."""

OTHER_LETTER = re.compile(r"[^\doil|!sbzqзчб]")
"""A character that is neither a digit nor drawn like one: without a number word, no number."""


@cache
def _matcher() -> re.Pattern[str]:
    """Match one number word at a place, the longest first: stretched, and with digits in it."""
    patterns = []
    for word, _, _ in sorted(_lexicon(), key=lambda entry: (-len(entry[0]), entry[0])):
        # stretched by its own letter only, or the 55 of ``five55zero`` were the s of ``sero``
        letters = "".join(
            f"(?:{c}{{1,3}}|[{re.escape(LEET[c])}])" if c in LEET else f"{c}{{1,3}}" for c in word
        )
        if word in FIRST:
            letters = f"(?:{letters}|{FIRST[word]}{re.escape(word[1:])})"
        patterns.append(f"(?P<{word}>(?=[^a-zа-я]{{0,3}}[a-zа-я]){letters})")
    return re.compile("|".join(patterns))


@cache
def _plain_matcher() -> re.Pattern[str]:
    return re.compile("|".join(sorted(WORDS, key=lambda w: (-len(w), w))))


def read(run: str, *, letters: bool = True) -> list[Atom] | None:
    """Read a run of letters and digits as pieces of a number.

    Args:
        run: folded letters, digits, ``!`` and ``|`` without a blank.
        letters: whether letters drawn like digits may stand for them (only beside a digit or word).

    Returns:
        The atoms, which together cover the run; None when the run is something else.
    """
    if run.isdecimal():
        return [Atom(AtomKind.DIGITS, run, 0, len(run))]
    if run in WORDS:
        kind, digits = WORDS[run]
        return [Atom(kind, digits, 0, len(run))]
    if len(run) > RUN_LIMIT or (not STEMS.search(run) and OTHER_LETTER.search(run)):
        return None
    return _segment(run, letters)


def _segment(run: str, letters: bool) -> list[Atom] | None:
    """Cover the run by words, digits and look-alike letters at the least cost, right to left.

    A word or a row of digits costs 2, a letter 3: ``o142`` has a reading, and ``six`` is a word
    rather than 5, 1, x.
    """
    matcher = _plain_matcher() if run.isalpha() and not _stretched(run) else _matcher()
    size = len(run)
    best: list[tuple[int, Atom | None]] = [*[(1_000_000, None)] * size, (0, None)]
    for start in range(size - 1, -1, -1):
        for atom, cost in _steps(run, start, matcher, letters):
            total = cost + best[atom.end][0]
            if total < best[start][0]:
                best[start] = (total, atom)
    atoms: list[Atom] = []
    at = 0
    while at < size:
        atom_here = best[at][1]
        if atom_here is None or best[at][0] >= 1_000_000:
            return None
        atoms.append(atom_here)
        at = atom_here.end
    return atoms


def _steps(
    run: str, start: int, matcher: re.Pattern[str], letters: bool
) -> Iterator[tuple[Atom, int]]:
    char = run[start]
    # the plain word too: ``zerooneone`` must not lose its second o to a stretched zero
    plain = _plain_matcher().match(run, start)
    match = matcher.match(run, start)
    if plain and match and plain.end() != match.end():
        kind, digits = WORDS[plain.group()]
        yield Atom(kind, digits, start, plain.end()), 2
    if match and not (
        plain
        and plain.group() == match.lastgroup
        and HAS_DIGIT.search(match.group(), len(plain.group()))
    ):
        word = match.lastgroup or match.group()
        kind, digits = WORDS[word]
        yield Atom(kind, digits, start, match.end()), 2
    if char.isdecimal():
        end = start + 1
        yield Atom(AtomKind.DIGITS, char, start, end), 2
        while end < len(run) and run[end].isdecimal():
            end += 1
            yield Atom(AtomKind.DIGITS, run[start:end], start, end), 2
    elif letters and char in LETTERS:
        yield Atom(AtomKind.LETTER, LETTERS[char], start, start + 1), 3


def _stretched(run: str) -> bool:
    return any(a == b for a, b in pairwise(run))
