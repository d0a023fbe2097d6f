"""Rules and the trained model together: the rules' hit stands, the model's is told beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.base import LIKELY, Hit
from extractors.gazetteer import choose, gazetteer
from extractors.normalise.place import place_facts, place_value
from extractors.place_types import tokenise
from schemas.kinds import MentionKind

NUMBERED = frozenset(
    {
        MentionKind.URL, MentionKind.EMAIL, MentionKind.IP, MentionKind.HANDLE, MentionKind.PHONE,
        MentionKind.MONEY, MentionKind.LEGAL_REF, MentionKind.DATE, MentionKind.AGE,
        MentionKind.PLATE,
    }
)  # fmt: skip
"""Kinds over which a name of the model is not taken: their shape is proof of what they are."""


def merge(
    text: str, rules: tuple[Hit, ...], model: Sequence[Hit], region: str
) -> tuple[Hit, ...]:
    """Join the hits of rules and model in one text.

    Where both see a name, or both a place, the rule's hit stays and its ``rule`` says that the model
    agrees. What the model alone sees is kept if it is LIKELY and crosses nothing the rules found.

    Args:
        text: the text.
        rules: hits of all extractors, settled and sorted.
        model: hits of :class:`extractors.names.Names`.
        region: ISO 3166 country by which namesakes are chosen.
    """
    if not model:
        return rules
    joined = list(rules)
    for hit in model:
        crossed = [n for n, other in enumerate(joined) if _overlap(hit, other)]
        same = [n for n in crossed if joined[n].kind is hit.kind]
        if same:
            for n in same:
                if hit.rule not in joined[n].rule.split("+"):
                    joined[n] = replace(joined[n], rule=f"{joined[n].rule}+{hit.rule}")
        elif hit.confidence >= LIKELY and not any(_bars(joined[n]) for n in crossed):
            joined.append(_placed(text, hit, region) if hit.kind is MentionKind.LOCATION else hit)
    return tuple(sorted(joined, key=lambda hit: (hit.start, hit.end, hit.kind.value)))


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


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
