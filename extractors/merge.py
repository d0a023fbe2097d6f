"""Rules and the trained model together: the rules' hit stands, the model's is told beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.base import LIKELY, Hit
from extractors.gate import LONGEST, Memo, holds
from extractors.gazetteer import choose, gazetteer
from extractors.name_lists import COMMON, flags_of, word_flags
from extractors.names_words import TOKEN
from extractors.normalise.name import fold
from extractors.normalise.place import place_facts, place_value
from extractors.place_types import tokenise
from schemas.kinds import MentionKind

WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")

NUMBERED = frozenset(
    {
        MentionKind.URL, MentionKind.EMAIL, MentionKind.IP, MentionKind.HANDLE, MentionKind.PHONE,
        MentionKind.MONEY, MentionKind.LEGAL_REF, MentionKind.DATE, MentionKind.AGE,
        MentionKind.PLATE,
    }
)  # fmt: skip
"""Kinds over which a name of the model is not taken: their shape is proof of what they are."""


LISTED = frozenset({MentionKind.ALIAS, MentionKind.LOCATION})
"""Kinds that the model tells."""


def matters(text: str, rules: Sequence[Hit]) -> bool:
    """Whether anything the shipped model says of a text can change what :func:`merge` returns.

    It confirms names and places of the rules; alone it is heard only on capitalised words that are
    not common (:func:`_stands_alone`). Most lines of chat hold neither, and the model is the
    dearest step of all.

    Args:
        text: the text.
        rules: hits of all extractors.
    """
    return any(hit.kind in LISTED for hit in rules) or holds(_STANDING, text)


def _may_stand(piece: str) -> bool:
    """Whether a name of which this piece is a part may stand alone: over any run of its words."""
    if not any(map(str.isupper, piece)):
        return False
    if len(piece) > LONGEST:
        return True
    known = word_flags()
    places = [match.span() for match in TOKEN.finditer(piece)]
    return any(
        word[0].isupper() and not flags_of(fold(word), known) & COMMON
        for first, (start, _) in enumerate(places)
        for _, end in places[first:]
        for word in WORD.findall(piece[start:end])
    )


_STANDING = Memo(_may_stand)


def merge(text: str, rules: tuple[Hit, ...], model: Sequence[Hit], region: str) -> tuple[Hit, ...]:
    """Join the hits of rules and model in one text.

    Where both see a name, or both a place, the rule's hit stays and its ``rule`` says that the
    model agrees. What the model alone sees is kept if :func:`_stands_alone` and it crosses nothing
    that the rules found.

    Args:
        text: the text.
        rules: hits of all extractors, settled and sorted.
        model: hits of :class:`extractors.names.Names`.
        region: ISO 3166 country by which namesakes are chosen.
    """
    if not model:
        return rules
    joined = list(rules)
    for hit, crossed in zip(model, _crossed(rules, model), strict=True):
        same = [n for n in crossed if joined[n].kind is hit.kind]
        if same:
            for n in same:
                if hit.rule not in joined[n].rule.split("+"):
                    joined[n] = replace(joined[n], rule=f"{joined[n].rule}+{hit.rule}")
        elif _stands_alone(text, hit) and not any(_bars(joined[n]) for n in crossed):
            joined.append(_placed(text, hit, region) if hit.kind is MentionKind.LOCATION else hit)
    return tuple(sorted(joined, key=lambda hit: (hit.start, hit.end, hit.kind.value)))


def _crossed(rules: Sequence[Hit], model: Sequence[Hit]) -> Iterator[list[int]]:
    """Yield for each hit of the model the places of the rules' hits that it overlaps.

    Both are sorted by start, so that one walk does: comparing each with each took a minute where a
    message holds 10,000 of both. Hits of the model do not overlap one another.
    """
    near: list[int] = []
    at = 0
    for hit in model:
        while at < len(rules) and rules[at].start < hit.end:
            near.append(at)
            at += 1
        near = [n for n in near if rules[n].end > hit.start]
        yield [n for n in near if rules[n].start < hit.end]


def _stands_alone(text: str, hit: Hit) -> bool:
    """Whether a hit that no rule supports is kept: LIKELY, capitalised, and no common word.

    In lower-case chat the rules know the contexts that make a word a name; of what the model adds
    there one hit in eight was right (invented chat, 1,000 pages), of what it adds in capitals every
    second one (wnut17.dev).
    """
    if hit.confidence < LIKELY or text.isupper():
        return False
    words = WORD.findall(text[hit.start : hit.end])
    known = word_flags()
    return (
        bool(words)
        and all(word[0].isupper() for word in words)
        and any(not flags_of(fold(word), known) & COMMON for word in words)
    )


def _bars(other: Hit) -> bool:
    return other.kind in NUMBERED or other.kind in (MentionKind.ALIAS, MentionKind.LOCATION)


def _placed(text: str, hit: Hit, region: str) -> Hit:
    """Give a place of the model its gazetteer entry, if there is one of that very name."""
    surface = text[hit.start : hit.end]
    tokens = list(tokenise(surface))
    match = gazetteer().match_at(surface, tokens, 0) if tokens else None
    if match is None or match.last != len(tokens) - 1:
        return hit
    place = choose(match.places, region)
    facts = place_facts(place.kind, place.name, place)
    return replace(hit, value=place_value(place), facts=facts)
