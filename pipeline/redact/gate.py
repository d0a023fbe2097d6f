"""Which of many texts are worth a look: a superset of those in which anything is found."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.redact.needles import TAIL, Needles
from pipeline.redact.numbers import SPELT_WORD
from pipeline.redact.patterns import PATTERN_GATE
from pipeline.redact.view import gate_text

FEW = 4_000
"""Characters for which RE2 is not worth making."""
CHUNK = 4096
"""Texts folded at a time."""
DRAWN = re.compile(r"(?<=\d)[olisbz]{1,3}|[olisbz]{1,3}(?=\d)")
"""Letters that may stand for figures, beside one."""


class Gate:
    """Tests texts by what the needles of a case have in common."""

    def __init__(self, needles: Needles) -> None:
        words = needles.gates()
        # repeated letters ("junooo") and plain substrings, in one expression without backtracking
        written = [re.sub(r"(.)\1*", lambda m: f"{re.escape(m[1])}+", word) for word in words]
        self._pattern = "|".join(written) or None
        self._few: re.Pattern[str] | None = None
        self._numbers = bool(needles.numbers or needles.tails)

    def passes(self, text: str) -> bool:
        """Whether a text has to be looked at."""
        return self.passing([text])[0]

    def passing(self, texts: list[str]) -> list[bool]:
        """Return for each text whether it has to be looked at."""
        found = [PATTERN_GATE.search(text) is not None for text in texts]
        if self._pattern is None:
            return found
        for first in range(0, len(texts), CHUNK):
            pairs = [gate_text(text) for text in texts[first : first + CHUNK]]
            hits = self._hits([lines for _, lines in pairs])
            for at, ((squeezed, _), hit) in enumerate(zip(pairs, hits, strict=True), first):
                if hit or (self._numbers and _spelt(squeezed)):
                    found[at] = True
        return found

    def _hits(self, texts: list[str]) -> list[bool]:
        # RE2 is quick, and linear in whatever it is given, but is made anew for each call
        if sum(map(len, texts)) < FEW:
            if self._few is None:
                self._few = re.compile(self._pattern or "")
            return [self._few.search(text) is not None for text in texts]
        folded = pa.array(texts, pa.large_string())
        return list(pc.match_substring_regex(folded, self._pattern).to_pylist())


def _spelt(squeezed: str) -> bool:
    """Whether figures, number words and letters drawn like figures could make up a number."""
    digits = sum(map(squeezed.count, "0123456789"))
    if digits >= 2 and digits + sum(map(len, DRAWN.findall(squeezed))) >= TAIL:
        return DRAWN.search(squeezed) is not None or SPELT_WORD.search(squeezed) is not None
    # a word stands for three digits at most, and one of them may be an "o" that was not counted
    return 3 * len(SPELT_WORD.findall(squeezed)) + digits >= TAIL and (
        SPELT_WORD.search(squeezed) is not None
    )
