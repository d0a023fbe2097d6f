"""Short phrases of travel, with the mode."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import ClassVar

from extractors.base import Hit
from schemas.kinds import MentionKind


@cache
def _patterns() -> tuple[tuple[str, str, float, re.Pattern[str]], ...]:
    """Return rule, mode, confidence and phrase; ``bus`` or ``drive`` alone is no travel."""
    text = (files("extractors") / "data" / "travel_phrases.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return tuple(
        (rule, mode, float(confidence),
         re.compile(rf"(?<!\w)(?:{phrase})(?!\w)", re.IGNORECASE))
        for rule, mode, confidence, phrase in rows
    )  # fmt: skip


KEYS = frozenset(
    {"bus", "greyhound", "jefferson", "megabus", "flixbus", "omnibus", "shuttle", "autobús",
     "autobus", "camión", "camion", "train", "amtrak", "rail", "lightrail", "line", "tren",
     "flight", "flights", "plane", "airline", "fly", "flying", "flyin", "flew", "flown", "landed",
     "touch", "touched", "touching", "touchdown", "toucheddown", "touchingdown", "airport", "avión",
     "avion", "vuelo", "uber", "lyft", "taxi", "cab", "ubering", "uberin", "lyfting", "lyftin",
     "drive", "driving", "drivin", "drove", "driven", "roadtrip", "road", "ride", "lift", "pick",
     "picked", "picking", "pickin", "manejando", "aventon", "aventón", "otw", "omw", "way",
     "camino", "voy", "route", "enroute", "pull", "pulled", "pulling", "pullin", "heading",
     "headed", "be", "eta"}
)  # fmt: skip
"""Words of which every phrase holds one; a text without them is left at once."""
WORD = re.compile(r"[^\W\d_]+")


def may_hold(text: str) -> bool:
    """Return whether a phrase of travel may stand in the text."""
    folded = text if text.isascii() else unicodedata.normalize("NFC", text.casefold())
    words = WORD.findall(folded.lower().replace("ı", "i").replace("i̇", "i"))
    return not KEYS.isdisjoint(words)


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

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the travel phrases in one text; the region is not needed."""
        if not may_hold(text):
            return
        hits = [
            Hit(MentionKind.TRAVEL, match.start(), match.end(), rule, value=mode,
                confidence=confidence)
            for rule, mode, confidence, pattern in _patterns()
            for match in pattern.finditer(text)
            if not HARDWARE.search(text, max(0, match.start() - 10), match.start())
        ]  # fmt: skip
        end = 0
        for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
            if hit.start >= end:
                yield hit
                end = hit.end
