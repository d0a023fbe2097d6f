"""Values that a provider states in a field of its own, normalised as found ones are."""

from __future__ import annotations

from extractors.base import CERTAIN, Hit
from extractors.normalise.name import clean
from extractors.registry import find_kind
from schemas.facts import Facts, NameFacts
from schemas.kinds import AliasKind, MentionKind


def in_full(surface: str, service: str) -> str:
    """Return a number as it is dialled: WhatsApp writes the country's code without its plus."""
    digits = surface.strip()
    of_whatsapp = service == "whatsapp" and digits.isascii() and digits.isdigit()
    return f"+{digits}" if of_whatsapp else surface


def stated_hit(
    kind: MentionKind, text: str, start: int, end: int, rule: str, service: str, region: str
) -> Hit:
    """Return the hit of a stated span.

    Args:
        kind: what the field states.
        text: the record's text.
        start: first code point of the value.
        end: one past the last.
        rule: ``provider:field``.
        service: the service the account is of.
        region: country of numbers without one.

    Returns:
        A hit over exactly that span; its value is None when the extractor of the kind cannot read
        it.
    """
    surface = text[start:end]
    value: str | None = None
    facts: Facts | None = None
    category = None
    if kind is MentionKind.ALIAS:
        value = clean(surface)
        facts = NameFacts(value or surface.strip().casefold(), AliasKind.DISPLAY)
    elif kind is MentionKind.HANDLE:
        name = surface.strip().lstrip("@").lower()
        value, facts = f"{service}:{name}", NameFacts(name, AliasKind.HANDLE, service)
    elif kind is MentionKind.ACCOUNT:
        name = surface.strip().rstrip("/").rsplit("/", 1)[-1].lower()
        value = f"{service}:{name}" if name else None
    else:
        found = next(iter(find_kind(kind, in_full(surface, service), region)), None)
        if found is not None:
            value, facts, category = found.value, found.facts, found.service_category
    return Hit(kind, start, end, rule, value, CERTAIN, "stated by the provider", facts, category)
