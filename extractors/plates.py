"""Vehicle plates, where the text says that it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from extractors import gate
from extractors.base import LIKELY, STRONG, Hit
from schemas.kinds import MentionKind

CUE = re.compile(
    r"(?<!\w)(?P<cue>(?:licen[sc]e|lic|car|temp|dealer|vanity|[A-Z]{2}|minnesota|wisconsin|iowa|"
    r"dakota)[ ]{1,2})?(?P<noun>plates?|placas?|matr[ií]cula|tags?)(?!\w)"
    r"(?P<fill>(?:[ ]{0,2}(?:#|:|=|-|no\.|nums?(?:ber)?|number|is|was|are|says?|said|reads?|ending|"
    r"with|es|son|n[uú]mero|de|del|carro|on|the|car|truck|it|its|that|mn|in|a|temp)(?!\w)){0,5})"
    r"[ ]{0,2}[#:]?[ ]{0,2}",
    re.IGNORECASE,
)
PLATE = re.compile(
    r"[\"']?(?P<plate>[A-Za-z0-9]{1,4}[ -][A-Za-z0-9]{2,4}(?:[ -][A-Za-z0-9]{1,3})?"
    r"|[A-Za-z0-9]{4,8})(?![\w-])"
)
SHORT = re.compile(r"[\"']?(?P<plate>[A-Za-z0-9]{4,8}|[A-Za-z0-9]{1,4}-[A-Za-z0-9]{2,4})(?![\w-])")
WORDS = frozenset(
    {"at", "on", "in", "is", "of", "by", "and", "the", "for", "was", "with", "from", "to", "my",
     "his", "her", "its", "a", "i", "im", "he", "she", "it", "no", "not", "but", "so", "out",
     "off", "up", "9am", "9pm", "am", "pm", "near", "de", "la", "el", "en", "food"}
)  # fmt: skip
CLOCK = re.compile(r"\d{1,4}(?:am|pm|th|st|nd|rd|min|mins|hrs?)\Z")


def _speaks(piece: str) -> bool:
    low = piece.lower()
    return any(word in low for word in ("plate", "placa", "matr", "tag"))


SPEAKS = gate.Memo(_speaks)
"""Whether a piece of text holds the beginning of a word for a plate."""


class Plates:
    """Vehicle registration plates that the text names as such.

    Finds: five to eight letters and figures behind ``plate``, ``license plate``, ``placas`` or
        ``temp tag``, in one or two groups (``license plate ABC 123``).
    Does not find: plates without such a word; plates of letters alone; plates of food.

    References:
        - Minnesota Rules 7400 (form of plates: three figures and three letters, either first)
    """

    name: ClassVar[str] = "plates"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.PLATE,)

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        return SPEAKS[piece]

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the plates in one text; the region is not needed."""
        if not gate.has_digit(text) or not gate.holds(SPEAKS, text):
            return  # a plate holds figures
        end = 0
        for cue in CUE.finditer(text):
            noun = cue["noun"].lower()
            strong = bool(cue["cue"]) or noun.startswith(("placa", "matr"))
            if noun.startswith("tag") and not strong:
                continue
            match = _plate(text, cue.end())
            if match is None or match.start("plate") < end:
                continue
            surface = match["plate"]
            yield Hit(
                MentionKind.PLATE, match.start("plate"), match.end("plate"), "plate:named",
                value=re.sub(r"[ -]", "", surface).upper(),
                confidence=STRONG if strong or cue["fill"].strip() else LIKELY,
                detail=f"cue {noun}",
            )  # fmt: skip
            end = match.end("plate")


def _plate(text: str, at: int) -> re.Match[str] | None:
    """Return the plate that begins here: letters and figures both, no common word in it."""
    for pattern in (PLATE, SHORT):
        match = pattern.match(text, at)
        if match is None:
            continue
        surface = match["plate"]
        parts = [part.lower() for part in re.split(r"[ -]", surface)]
        joined = "".join(parts)
        mixed = any(c.isdigit() for c in joined) and any(c.isalpha() for c in joined)
        upper = (
            surface == surface.upper()
            or len(parts) == 1
            or all(any(c.isdigit() for c in part) or len(part) == 3 for part in parts)
        )
        sized = 5 <= len(joined) <= 8 and not CLOCK.match(joined)
        if mixed and upper and sized and not WORDS & set(parts):
            return match
    return None
