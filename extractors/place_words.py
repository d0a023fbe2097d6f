"""What a word that no list of places holds may be: part of a name, or an ordinary word."""

from __future__ import annotations

from functools import cache
from importlib import resources

from extractors.name_lists import COMMON, GIVEN, flags_of, word_flags
from extractors.normalise.name import squeeze
from extractors.place_types import word_set

__all__ = ["is_chat", "is_ordinary", "is_unknown", "may_name_street", "squeeze"]

SHORT = 4
"""Letters below which a word in lower case is taken for chat, not for a name."""

STREETLIKE = word_set(
    "oak oaks pine pines maple cedar elm birch ash walnut cherry willow spruce aspen poplar "
    "hickory locust sycamore chestnut juniper magnolia laurel dogwood hazel cypress linden "
    "tamarack hawthorn plum pear peach quarry mill church school college union center centre "
    "market spring springs valley ridge highland highlands summit prairie meadow meadows river "
    "harbor island forest grove cottage chapel bridge ferry depot railroad canal eagle falcon hawk "
    "heron swan robin quail lark oriole cardinal pheasant grouse partridge beaver otter fox elk "
    "buffalo granite marble ruby opal pearl emerald coral second third fourth fifth sixth seventh "
    "eighth ninth tenth vine"
)
"""Ordinary words that commonly name streets (Census list of the commonest street names)."""


@cache
def _lines(name: str) -> frozenset[str]:
    text = (resources.files("extractors") / "data" / name).read_text("utf-8")
    return frozenset(text.split())


def is_chat(word: str) -> bool:
    """Whether a folded word is one of chat: interjections, short forms, brands, function words."""
    return word in _lines("names_words_chat.txt") or (
        flags_of(word, word_flags()) == 0 and len(set(word)) < 3
    )


def is_ordinary(word: str) -> bool:
    """Whether a folded word is an ordinary one of the languages listed."""
    return flags_of(word, word_flags()) & COMMON != 0


def is_unknown(word: str) -> bool:
    """Whether a folded word is in no list of words or of given names."""
    return len(word) >= SHORT and flags_of(word, word_flags()) & (COMMON | GIVEN) == 0


def may_name_street(word: str) -> bool:
    """Whether a folded word, not known as a street, may be one beside a street that is.

    Unknown words, rare words, family names and those that commonly name streets; not given names,
    chat and other ordinary words.
    """
    if word in STREETLIKE:
        return True
    if len(word) < SHORT or not word.isalpha() or is_chat(word) or word.endswith("ing"):
        return False
    flags = flags_of(word, word_flags())
    is_rare = word in _lines("names_words_rare.txt")
    return (flags & COMMON == 0 and not flags & GIVEN) or is_rare
