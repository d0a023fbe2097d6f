"""What extractors share to leave a text early: its pieces between blanks and what they tell.

Words repeat: 300,000 messages hold some 20,000 different ones. What a pattern says of a piece is
worked out once and looked up afterwards (40 ns a piece, where a pattern of many words takes 1 to
5 µs). A pattern that crosses no blank holds in a text exactly if it holds in one of its pieces; of
one that does, each of its words may be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeVar

Judged = TypeVar("Judged")

DIGIT: Final = re.compile(r"\d")

LONGEST: Final = 48
"""Characters of a piece that is remembered: no word is longer, addresses and pasted rows are."""
MOST: Final = 50_000
"""Pieces remembered by one memo before it begins anew: 5 MB."""


WHOLE: Final = 2_000
"""Characters from which all extractors look at a text, whatever its pieces tell: some rules take a
long text without asking for its words."""


class Memo(dict[str, Judged]):
    """What a function says of a piece of text, remembered within bounds.

    ``memo[piece]`` is ``judge(piece)``; the function must be pure.
    """

    def __init__(self, judge: Callable[[str], Judged]) -> None:
        """Remember what a function says.

        Args:
            judge: a pure function of a piece of text.
        """
        super().__init__()
        self._judge = judge

    def __missing__(self, piece: str) -> Judged:
        """Ask the function about a piece that is not known."""
        judged = self._judge(piece)
        if len(piece) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[piece] = judged
        return judged


@lru_cache(maxsize=4)
def pieces(text: str) -> tuple[str, ...]:
    """Return what stands between the blanks of a text, in its order, as written.

    Several extractors look at one text in turn, so the last few texts are kept cut.

    Args:
        text: any text.
    """
    return tuple(text.split())


@lru_cache(maxsize=4)
def has_digit(text: str) -> bool:
    """Whether a text holds a digit of any alphabet; the last few answers are kept.

    Args:
        text: any text.
    """
    return DIGIT.search(text) is not None


def holds(memo: Memo[bool], text: str) -> bool:
    """Whether any piece of a text is judged to matter.

    Args:
        memo: of a function that says whether a piece matters.
        text: any text.
    """
    return any(map(memo.__getitem__, pieces(text)))


def bits(memo: Memo[int], text: str) -> int:
    """Return what the pieces of a text tell together: one number, a bit for each thing told.

    Args:
        memo: of a function that says what a piece tells.
        text: any text.
    """
    told = 0
    for one in set(map(memo.__getitem__, pieces(text))):
        told |= one
    return told
