"""What a message may be as a piece of a number, told by its words before it is folded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from extractors import phone_drawn, phone_traps
from extractors.fold import view
from extractors.gate import Memo, pieces
from extractors.phone_tokens import FILLERS, RUN
from extractors.spelled import OTHER_LETTER, STEMS

PIECE_LENGTH = 64
"""Characters of a message that is a piece of a number: ``five hundred fifty five`` and a word."""
LOOSE_LENGTH = 120
"""Characters of a message that ends in the first piece, or begins with the last one."""
OTHER_WORDS = 3
"""Words beside the digits in a piece: ``then its 555``."""

ANY_DIGIT = re.compile(r"\d")
AREA_PIECE = re.compile(r"area|codigo|clave|lada|same|mismo|igual|[2-9]\d\d(?= |$)")
"""What one piece shows of every phrase that states an area code (:mod:`extractors.phone_area`)."""

_ANNOUNCE = """
    its it is my the this here heres number part part1 part2 at me on and rest ends ending with
    so thats for real i mean its es el mi su termina lo aqui va first second third last area
    code wit
"""
ANNOUNCE = frozenset(_ANNOUNCE.split())
"""Words with which people hand over a piece."""


NUMBER, BAD, RUNS, FIRST, LAST, AREA, CASED, OTHERS = (1 << number for number in range(8))
"""What a piece of a text between blanks shows of its runs of letters and digits: one may be
digits; one is a word that stands beside no number; there are any; the first may be digits; the
last may be; an area code may be stated; letters may be digits by their case. From ``OTHERS`` on:
how many are words beside numbers."""


def _judge(piece: str) -> int:
    seen = view(piece)
    found = AREA if AREA_PIECE.search(seen) else 0
    runs = RUN.findall(seen)
    if not runs:
        return found
    found |= RUNS | (CASED if phone_drawn.tells_case(seen) else 0)
    for run in runs:
        if ANY_DIGIT.search(run) or STEMS.search(run):
            found |= NUMBER
        elif len(run) > 1 and OTHER_LETTER.search(run):
            found = found + OTHERS if is_beside(run) else found | BAD
        else:
            found |= NUMBER  # a lone letter: o for zero, or a word letter by letter
    found |= FIRST if _is_number(runs[0]) else 0
    return found | (LAST if _is_number(runs[-1]) else 0)


_MEMO: Final = Memo(_judge)


def piece_bits(text: str) -> tuple[int, ...]:
    """Return what each piece of a text between blanks shows.

    Args:
        text: any text, as written.
    """
    return tuple(map(_MEMO.__getitem__, pieces(text)))


def may_be_piece(text: str, shown: Sequence[int]) -> bool:
    """Whether a text may be a piece of a number; :func:`read_piece` tells.

    Args:
        text: any text, as written.
        shown: its :func:`piece_bits`.
    """
    size = len(text) if text.isascii() else len(view(text))
    if size <= LOOSE_LENGTH and any(edges(shown)):
        return True
    if size > PIECE_LENGTH * 2:
        return False
    others = 0
    has_number = False
    for one in shown:
        if one & BAD:
            return False
        others += one // OTHERS
        has_number = has_number or one & NUMBER != 0
    return has_number and others <= OTHER_WORDS


def edges(shown: Sequence[int]) -> tuple[bool, bool]:
    """Whether a text begins and ends with what may be digits."""
    first = last = 0
    for first in shown:
        if first & RUNS:
            break
    for last in reversed(shown):
        if last & RUNS:
            break
    return first & FIRST != 0, last & LAST != 0


def _is_number(run: str) -> bool:
    return ANY_DIGIT.search(run) is not None or STEMS.match(run) is not None


def is_beside(word: str) -> bool:
    """Whether a folded word may stand beside the digits of a piece: it fills or announces."""
    return word in FILLERS or word in ANNOUNCE or phone_traps.CUE.search(word) is not None
