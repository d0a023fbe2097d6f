"""Pieces of numbers in a folded text, and the gaps between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache, partial

from extractors import gate, spelled
from extractors.phone_traps import MASK, UNIT
from extractors.spelled import Atom, AtomKind

RUN = re.compile(r"[^\W_]+(?:[!|][^\W_]+)*")
"""Letters and digits without a break; ``!`` and ``|`` inside may stand for 1."""

SPELT = re.compile(r"(?<![^\W_])[a-z](?:([ .*~_/-])[a-z])(?:\1[a-z]){1,40}(?![^\W_])")
"""A word letter by letter: ``s.i.x``, ``f-i-v-e``."""

MANY_MARKS = 4
"""``!`` or ``|`` so often in a run are marks between digits rather than ones."""

HAS_DIGIT = re.compile(r"\d")
MOST_REPEATED = 3
"""Digits that ``quadruple`` adds to the one after it."""

QUANTITY = re.compile(r"\d+[a-z]+$")

SHARDS = re.compile(r"\d+|[^\W\d_]+|[!|]+")

_GLUED = """
    call txt text cell tel ph phone at me my is now number num no hmu hit reach dial fax mobile
    mob or and y con love luv kiss kisses xo xoxo xox x hugs hug babe baby bb mwah muah heart
    hearts dash dot then plus mas wa whatsapp wsp llama llamame marca al numero space slash
"""
GLUED = frozenset(_GLUED.split())
"""Letters that may hang on digits without making them an id: ``call612``, ``612xo555``."""

_FILLERS = """
    kiss kisses xo xox xoxo xoxox x hug hugs love luv lov babe baby bby bae hun honey mwah muah
    besos beso amor heart hearts corazon dash dot hyphen space slash guion punto raya coma comma
    menos then next luego followed by despues and y e um uh uhh hmm ok okay star stars lol haha
    pause wink smile sweet sexy cutie daddy papi mami peace bless blessed the last first again
    line stop
"""
FILLERS = frozenset(_FILLERS.split())
"""Words people put between the digits of a number, or say when they dictate one."""

CHAT_WORDS = frozenset("b4 l8 l8s b2b 2b b2 s8 s9 i7 i8 b8 5s 6s s10 s20 s21 s22 s23 o2".split())
"""Words of chat and names of devices that look like digits and letters: they end a number."""

QUANTITY_AFTER = re.compile(
    r"k\b| ?(?:mins?\b|minutes?\b|hrs?\b|hours?\b|hh\b|qv\b|ss\b|usd\b|dollars?\b|bucks?\b|roses?\b"
    r"|miles?\b|lbs?\b|pounds?\b|years?\b|yrs?\b|yo\b|days?\b|weeks?\b|months?\b|am\b|pm\b"
    r"|percent\b|people\b|ppl\b|bands?\b|racks?\b|pesos?\b|donations?\b|[$%])"
)
"""What is counted, and is no word between the digits of a number."""
QUANTITY_DIGITS = 3

MAX_MARKS = 14
"""Marks between two pieces: ``612 ❤️❤️❤️ ~~~ 555`` has 12."""
MAX_WORD_GAP = 24
"""Characters of words between two pieces; three fillers."""


class Gap(IntEnum):
    """What stands between two pieces of one number, from the plainest to the strangest."""

    NONE = 0
    MARK = 1
    """One of the marks that numbers are printed with."""
    MARKS = 2
    """Up to four of them."""
    SIGNS = 3
    """Other marks: emoji, asterisks, waves."""
    LINE = 4
    FILLER = 5
    """Words of :data:`FILLERS`."""
    WORDS = 6
    """Any word or two."""
    BREAK = 7


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a number in the folded text."""

    digits: str
    start: int
    end: int
    kind: AtomKind
    gap: Gap
    """What stands before it, after the last token."""
    comma: bool = False
    """Whether the gap before it holds a comma, a semicolon or a colon, as in a list."""


PLAIN_MARKS = frozenset(" .-/()[]\t\xa0")
LIST_MARKS = re.compile(r"[,;:=+%<>]")


def classify(gap: str) -> Gap:
    """Say what stands between two pieces.

    Args:
        gap: the folded text between them.
    """
    if not gap:
        return Gap.NONE
    if len(gap) > MAX_WORD_GAP + 10 or MASK in gap or "+" in gap or "=" in gap:
        return Gap.BREAK
    if not any(char.isalnum() for char in gap):
        if len(gap) <= 4 and all(char in PLAIN_MARKS for char in gap):
            return Gap.MARK if len(gap) == 1 else Gap.MARKS
        if len(gap) > MAX_MARKS or gap.count("\n") > 2:
            return Gap.BREAK
        return Gap.LINE if "\n" in gap else Gap.SIGNS
    words = re.findall(r"[^\W_]+", gap)
    if len(words) > 3 or len(gap) > MAX_WORD_GAP or any(w.isdecimal() for w in words):
        return Gap.BREAK
    if all(word in FILLERS for word in words):
        return Gap.FILLER
    if len(words) > 2 or UNIT.match(words[0]):
        return Gap.BREAK
    return Gap.WORDS


def digits_of(text: str) -> str:
    """Return the digits that a folded surface spells, in any of the sure ways."""
    return "".join(piece.digits for piece in tokens(text))


class Reading(IntEnum):
    """How far a reading goes."""

    SURE = 0
    """Digits, number words, and letters only beside them in one run."""
    LETTERS = 1
    """Also runs made of look-alike letters alone: ``612-ooo-0142``, ``six o nine``."""
    SOUNDS = 2
    """Also words that sound like a digit: ``six for to``."""


def tokens(text: str, reading: Reading = Reading.SURE, *, apart: int = 0) -> list[Token]:
    """Read the pieces of numbers in a folded text.

    Args:
        text: folded and masked text.
        reading: how far to go.
        apart: set of bits: which tens, counted from the first, stay apart from the unit after
            them: ``nine twenty five double five`` is 9, 20, 5, 55.

    Returns:
        Tokens in order; words that belong together are one (``forty two``, ``triple five``).
    """
    return list(_compose(text, _atoms(text, reading), apart))


def most_digits(text: str, reading: Reading = Reading.SURE) -> int:
    """Return at least as many digits as :func:`tokens` reads in the runs of a folded text.

    Words letter by letter, which are several runs, are not read.

    Args:
        text: folded text.
        reading: how far to go.
    """
    known = _KNOWN[reading]
    return _most(atom for run in RUN.findall(text) for atom in known[run])


def may_reach(text: str, reading: Reading, digits: int) -> bool:
    """Whether :func:`tokens` may read so many digits; cheaper, as no words are put together.

    Args:
        text: folded and masked text.
        reading: how far to go.
        digits: how many.
    """
    return _most(_atoms(text, reading)) >= digits


def _most(atoms: Iterable[Atom]) -> int:
    return sum(
        MOST_REPEATED if atom.kind is AtomKind.REPEAT else len(atom.digits) for atom in atoms
    )


def tens_in(text: str) -> int:
    """Return how many tens the words of a folded text hold: those that ``apart`` may part.

    Args:
        text: folded and masked text.
    """
    return sum(atom.kind is AtomKind.TENS for atom in _atoms(text, Reading.SURE))


@lru_cache(maxsize=8)
def _atoms(text: str, reading: Reading) -> tuple[Atom, ...]:
    """Return atoms with their places in the text; an id gives one without digits: a break.

    The finders read one text several times over, so the last few answers are kept.
    """
    return tuple(_read(text, reading))


def _read(text: str, reading: Reading) -> Iterator[Atom]:
    spelt = {match.start(): match for match in SPELT.finditer(text)}
    known = _KNOWN[reading]
    skip_to = 0
    for run in RUN.finditer(text):
        start = run.start()
        if start < skip_to:
            continue
        if start in spelt:
            match = spelt[start]
            letters = [i for i in range(match.start(), match.end(), 2)]
            atoms = spelled.read("".join(text[i] for i in letters), letters=False)
            if atoms:
                for atom in atoms:
                    yield Atom(
                        atom.kind, atom.digits, letters[atom.start], letters[atom.end - 1] + 1
                    )
                skip_to = match.end()
                continue
        for atom in known[run.group()]:
            yield Atom(atom.kind, atom.digits, start + atom.start, start + atom.end)


def _atoms_of(reading: Reading, word: str) -> tuple[Atom, ...]:
    """Read one run of :data:`RUN`, which depends on nothing around it."""
    if word.isdecimal():
        return (Atom(AtomKind.DIGITS, word, 0, len(word)),)
    if word in CHAT_WORDS:
        return (Atom(AtomKind.DIGITS, "", 0, len(word)),)
    if sum(word.count(mark) for mark in "!|") >= MANY_MARKS:
        parts = re.finditer(r"[^!|]+", word)  # 6|1|2|5: they part the digits
        return tuple(atom for part in parts for atom in _run(part.group(), part.start(), reading))
    if reading is Reading.SOUNDS and word in spelled.HOMOPHONES:
        return (Atom(AtomKind.UNIT, spelled.HOMOPHONES[word], 0, len(word)),)
    if spelled.STEMS.match(word) or HAS_DIGIT.search(word) or (
        reading is not Reading.SURE and not spelled.OTHER_LETTER.search(word)
    ):  # fmt: skip
        return tuple(_run(word, 0, reading))
    return ()


_KNOWN = {reading: gate.Memo(partial(_atoms_of, reading)) for reading in Reading}


def _run(word: str, start: int, reading: Reading) -> Iterator[Atom]:
    has_digit = HAS_DIGIT.search(word) is not None
    if QUANTITY.match(word) and UNIT.match(word.lstrip("0123456789")):
        yield Atom(AtomKind.DIGITS, "", start, start + len(word))  # 130lbs
        return
    atoms = spelled.read(word)
    if atoms is None:
        if not has_digit:
            return
        atoms = list(_shards(word))
    elif reading is Reading.SURE and all(atom.kind is AtomKind.LETTER for atom in atoms):
        return
    for atom in atoms:
        yield Atom(atom.kind, atom.digits, start + atom.start, start + atom.end)


def _shards(word: str) -> Iterator[Atom]:
    """Cut a run at its digits; letters that do not belong there make it an id."""
    found: list[Atom] = []
    times = word.count("x") == 1  # 650x2531: a size or an extension
    for shard in SHARDS.finditer(word):
        piece = shard.group()
        if (piece in GLUED and not (times and piece == "x")) or piece[0] in "!|":
            continue
        atoms = spelled.read(piece, letters=False)
        if atoms is None:
            yield Atom(AtomKind.DIGITS, "", 0, len(word))
            return
        begin = shard.start()
        found += [Atom(a.kind, a.digits, begin + a.start, begin + a.end) for a in atoms]
    yield from found


def _compose(text: str, atoms: Sequence[Atom], apart: int) -> Iterator[Token]:
    """Put words together and measure the gaps."""
    last_end = 0
    broken = True
    at = 0
    tens = -1
    while at < len(atoms):
        atom = atoms[at]
        tens += atom.kind is AtomKind.TENS
        if not atom.digits:
            broken = True
            at += 1
            continue
        digits, end, used = (
            (atom.digits, atom.end, 1)
            if atom.kind is AtomKind.TENS and apart >> tens & 1
            else _join(text, atoms, at)
        )
        if not digits:  # ``double`` or ``hundred`` that nothing goes with: a word like any other
            at += used
            continue
        gap_text = text[last_end : atom.start]
        gap = Gap.BREAK if broken else classify(gap_text)
        if gap_text == " " and _is_quantity(text, atom, digits, end):
            gap = Gap.BREAK
        listed = gap is not Gap.BREAK and LIST_MARKS.search(gap_text) is not None
        yield Token(digits, atom.start, end, atom.kind, gap, listed)
        broken, last_end = False, end
        at += used


def _is_quantity(text: str, atom: Atom, digits: str, end: int) -> bool:
    """Whether the digits say how much of something: ``612 555 0142 80 qv``."""
    return (
        atom.kind is AtomKind.DIGITS
        and len(digits) <= QUANTITY_DIGITS
        and digits[0] != "0"
        and QUANTITY_AFTER.match(text, end) is not None
    )


def _join(text: str, atoms: Sequence[Atom], at: int) -> tuple[str, int, int]:
    """Read one spoken group: its digits, its end and how many atoms it takes."""
    atom = atoms[at]
    following = atoms[at + 1] if at + 1 < len(atoms) else None
    if atom.kind is AtomKind.HUNDREDS:
        return _hundreds(text, atoms, at + 1, atom.digits, atom.end, 1)
    if following is not None and following.digits:
        between = text[atom.end : following.start]
        close = between in ("", " ", "-", ".")
        one = following.kind in (AtomKind.UNIT, AtomKind.LETTER) or len(following.digits) == 1
        if atom.kind is AtomKind.REPEAT and close and one:
            return following.digits * int(atom.digits), following.end, 2
        if (
            atom.kind is AtomKind.TENS
            and following.kind is AtomKind.UNIT
            and (following.digits != "0" and (close or between == " y "))
        ):
            return atom.digits[0] + following.digits, following.end, 2
        if following.kind is AtomKind.ZEROS and between in (" ", "-", "") and atom.kind in (
            AtomKind.UNIT, AtomKind.DIGITS
        ) and len(atom.digits) == 1:  # fmt: skip
            digits = atom.digits + following.digits
            if len(digits) == 3:
                return _hundreds(text, atoms, at + 2, digits, following.end, 2)
            return digits, following.end, 2
    if atom.kind is AtomKind.REPEAT:
        return "", atom.end, 1
    if atom.kind is AtomKind.ZEROS:
        return "", atom.end, 1
    return atom.digits, atom.end, 1


def _hundreds(
    text: str, atoms: Sequence[Atom], at: int, digits: str, end: int, used: int
) -> tuple[str, int, int]:
    """Read what follows hundreds: ``six hundred twelve`` is 612, ``eight hundred five`` 800, 5."""
    if at < len(atoms) and text[end : atoms[at].start] in ("", " ", "-", " and ", " y "):
        if atoms[at].kind is AtomKind.TEEN:
            return digits[0] + atoms[at].digits, atoms[at].end, used + 1
        if atoms[at].kind is AtomKind.TENS:
            rest, rest_end, more = _join(text, atoms, at)
            return digits[0] + rest, rest_end, used + more
    return digits, end, used
