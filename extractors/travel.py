"""Short phrases of travel, with the mode."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, reduce
from importlib.resources import files
from operator import or_
from typing import ClassVar, Final

from extractors.base import Hit
from extractors.gate import Memo, pieces
from schemas.kinds import MentionKind


@cache
def _patterns() -> tuple[tuple[str, str, float, re.Pattern[str]], ...]:
    """Return rule, mode, confidence and phrase; ``bus`` or ``drive`` alone is no travel."""
    return tuple(
        (rule, mode, float(confidence),
         re.compile(rf"(?<!\w)(?:{phrase})(?!\w)", re.IGNORECASE))
        for rule, mode, confidence, phrase, _ in _rows()
    )  # fmt: skip


@cache
def _keys() -> dict[str, int]:
    """Return each word by which a phrase is looked for: a bit for every phrase."""
    keys: dict[str, int] = {}
    for number, (*_, words) in enumerate(_rows()):
        for word in words.split():
            keys[word] = keys.get(word, 0) | 1 << number
    return keys


@cache
def _rows() -> tuple[list[str], ...]:
    text = (files("extractors") / "data" / "travel_phrases.tsv").read_text(encoding="utf-8")
    return tuple(line.split("\t") for line in text.splitlines() if line and line[0] != "#")


WORD = re.compile(r"[^\W\d_]+")


def _judge(piece: str) -> int:
    """Return a bit for every phrase that a piece between blanks holds a word of."""
    folded = piece if piece.isascii() else unicodedata.normalize("NFC", piece.casefold())
    words = WORD.findall(folded.lower().replace("ı", "i").replace("i̇", "i"))
    keys = _keys()
    return reduce(or_, [keys.get(word, 0) for word in words], 0)


_MEMO: Final = Memo(_judge)


def may_hold(text: str) -> int:
    """Return a bit for every phrase of travel that may stand in the text.

    Args:
        text: any text.
    """
    return reduce(or_, map(_MEMO.__getitem__, pieces(text)), 0)


HARDWARE = re.compile(
    r"(?:usb|hard|flash|thumb|disk|ssd|cd|dvd|google|external|test)[ -]$", re.IGNORECASE
)


class Travel:
    """Phrases that say somebody travels, with the mode as value.

    Finds: bus, train, flight, drive and ride phrases; on the way, OTW, ETA with its time; the
        same in Spanish. The value is bus, train, flight, drive, rideshare or en_route.
    Does not find: destinations (they are locations), single words such as ``bus`` or ``drive``,
        walking.

    References:
        - DOMAIN R15 and 5.5
    """

    name: ClassVar[str] = "travel"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.TRAVEL,)

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        return _MEMO[piece] != 0

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the travel phrases in one text; the region is not needed."""
        found = may_hold(text)
        if not found:
            return
        hits = [
            Hit(MentionKind.TRAVEL, match.start(), match.end(), rule, value=mode,
                confidence=confidence)
            for number, (rule, mode, confidence, pattern) in enumerate(_patterns())
            if found >> number & 1
            for match in pattern.finditer(text)
            if not HARDWARE.search(text, max(0, match.start() - 10), match.start())
        ]  # fmt: skip
        end = 0
        for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
            if hit.start >= end:
                yield hit
                end = hit.end
