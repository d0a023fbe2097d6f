"""Numbers of which some digits are letters drawn like them: ``SO7-SS5-0lZB``, ``4OZSSS01b1``.

The tokens of :mod:`extractors.phone_tokens` read a letter where a digit or a number word stands
beside it; here the whole shape of a NANP number stands for groups of letters alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from extractors import phone_traps
from extractors.base import LIKELY, STRONG
from extractors.fold import Folded
from extractors.normalise.phone import NANP, clean
from extractors.phone_found import Found
from extractors.phone_tokens import CHAT_WORDS, QUANTITY_AFTER

DIGIT_OF = {"o": "0", "i": "1", "l": "1", "!": "1", "|": "1", "z": "2", "з": "3", "ч": "4",
            "s": "5", "б": "6", "b": "8"}  # fmt: skip
"""Letters drawn like one digit, in the view that :func:`recase` makes."""
WEAK = {"e": "3", "a": "4", "$": "5", "t": "7", "g": "9", "q": "9"}
"""Letters that are read as a digit only beside one in their group: they are in too many words."""

BY_CASE = {"b": "б", "g": "g", "G": "б", "Q": "o"}
"""Letters whose two cases are drawn like two digits: b and G like 6, B like 8, g and q like 9, Q
like 0. To the letter that stands for the digit."""

_LETTERS = "oil!|zзчsбb"
_ANY = rf"[\d{_LETTERS}eat$gq]"
_MARK = r"[ ./()_*~:-]{0,3}"
DRAWN = re.compile(
    r"(?<![\w$@#/])(?:\+?1[-. ]|\+[1il][-. ]?|[il][-.])?"
    rf"\(?(?P<a>{_ANY}{{3}}){_MARK}(?P<b>{_ANY}{{3}}){_MARK}(?P<c>{_ANY}{{4}})(?![\w$]|[-./@]\w)"
    rf"|(?<![\w$@#/][-. _*~])(?<![\w$@#/])(?P<one>{_ANY}(?P<mark>[-. _*~])"
    rf"(?:{_ANY}(?P=mark)){{8}}{_ANY})(?![\w$]|(?P=mark)\w)"
)
"""3-3-4 with up to three marks between, or ten single signs with one and the same mark."""

CUT = re.compile(rf"(?<![^\W_]){_ANY}{{3,11}}(?![^\W_])")
"""Runs whose letters may all be digits."""

FEWEST_LETTERS = 2
"""Letters in a run without a mark, or with a weak letter: one may be an id's (``s6666...``)."""
FEWEST_TRUE = 1
FEWEST_BESIDE_WEAK = 4
"""Digits that must be written as such: one among letters drawn closely, four among weak ones."""

_WORDS = """
    age ago ali all als also ass ate bag bags bee best bib bibs big bill bis bit biz blob bob
    bobs boil boo bool boos boss bozo east eat egg ella ello esa ese eso gal gals gas get girl
    il ill ils is its lag las lbs lea lee leg legs leo les let lie lil lils lit lo lob lobo lobs
    lois lol lola loll loo los loss lost lot lots oil oils ola os oz sal sale sat sea see set
    sill silo sis sit slob so sob sobs soil sol solo sos soso tab tag tal tea test tie toe too
    tub zee zoo zoos
"""
WORDS = frozenset(_WORDS.split())
"""Words made of such letters: a group that is one is read as a word unless the rest is digits."""


def tells_case(masked: str) -> bool:
    """Whether :func:`recase` may change a text: else the way back to the original is not needed.

    Args:
        masked: folded and masked text.
    """
    return any(char in run.group() for run in CUT.finditer(masked) for char in "bgq")


def recase(masked: str, text: str, folded: Folded) -> str:
    """Give letters whose case decides the digit the letter of their digit, where digits may be.

    Args:
        masked: folded and masked text.
        text: the original.
        folded: the folded text with its way back.

    Returns:
        Text of equal length.
    """
    parts: list[str] = []
    at = 0
    for run in CUT.finditer(masked):
        piece = run.group()
        if phone_traps.UNIT.match(piece) or not any(char in "bgq" for char in piece):
            continue
        signs = []
        for place, char in enumerate(piece, start=run.start()):
            drawn = text[folded.starts[place]] if char in "bgq" else char
            signs.append(BY_CASE.get(drawn, char) if char in "bgq" else char)
        parts += [masked[at : run.start()], "".join(signs)]
        at = run.end()
    return "".join([*parts, masked[at:]]) if parts else masked


def drawn(text: str, region: str) -> Iterator[Found]:
    """Yield complete NANP numbers in which letters stand for digits.

    Args:
        text: folded and masked text, from :func:`recase`.
        region: country of numbers without country code.
    """
    if phonenumbers.country_code_for_region(region) != NANP:
        return
    for match in DRAWN.finditer(text):
        single = match["one"]
        groups = [single[::2]] if single else [match["a"], match["b"], match["c"]]
        signs = "".join(groups)
        if signs.isdecimal() or not _is_drawn(groups, text, match):
            continue
        digits = "".join(DIGIT_OF.get(char) or WEAK.get(char, char) for char in signs)
        number = clean(digits, "US")
        if number is None or not number.is_valid or len(digits) != 10:
            continue
        start = match.start() + (match.group().startswith("(") and ")" not in match.group())
        cue = phone_traps.has_cue(text, start, match.end())
        yield Found(
            start, match.end(), number, "phone:drawn", STRONG if cue else LIKELY,
            tricks=frozenset({"letters"}),
        )  # fmt: skip


def _is_drawn(groups: list[str], text: str, match: re.Match[str]) -> bool:
    """Whether letters among the digits are no words, no prices and no code."""
    signs = "".join(groups)
    true = sum(char.isdecimal() for char in signs)
    weak = sum(char in WEAK for char in signs)
    if true < FEWEST_TRUE or (weak and true < FEWEST_BESIDE_WEAK) or weak > 3:
        return False
    weak_groups = [group for group in groups if any(char in WEAK for char in group)]
    if not all(any(char.isdecimal() for char in group) for group in weak_groups):
        return False
    before = text[max(0, match.start() - 40) : match.start()]
    if phone_traps.OTHER_CUE.search(before) or QUANTITY_AFTER.match(text, match.end()):
        return False
    cue = phone_traps.has_cue(text, match.start(), match.end())
    parted = re.search(r"[ ./()_*~:-]", match.group()) is not None
    letters = len(signs) - true
    if (weak and letters < FEWEST_LETTERS) or (
        not parted and (weak or (letters < FEWEST_LETTERS and not cue))
    ):
        return False
    words = [
        group for group in (one.replace("б", "b") for one in groups)
        if group in WORDS or group in CHAT_WORDS or phone_traps.UNIT.match(group)
    ]  # fmt: skip
    if not words:
        return True
    hyphens = "-" in match.group()
    return len(words) == 1 and ((hyphens and true >= 5) or (cue and true >= 6))
