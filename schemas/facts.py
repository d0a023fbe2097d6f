"""What a mention of a kind states beyond span and value: the typed columns of its own table.

Field names and types are those of the tables ``phones``, ``aliases``, ``locations`` and ``money``
(:mod:`schemas.mentions`); a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from schemas.kinds import AliasKind, PlaceKind


@dataclass(frozen=True, slots=True)
class PhoneFacts:
    """A telephone number."""

    e164: str | None = None
    region_code: str | None = None
    number_type: str | None = None
    obfuscation: str | None = None
    """The tricks used, sorted and joined by a comma (``letters,words``); None = plainly."""


@dataclass(frozen=True, slots=True)
class NameFacts:
    """A name or a handle by which a person goes."""

    name_key: str
    """Case folded, decoration removed: what groups spellings of one name."""
    alias_kind: AliasKind
    service: str | None = None
    refers_to: str | None = None
    """Value of the other name that a statement in the text joins this one to."""


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A place as stated; None where the text and the gazetteer do not say."""

    place_name: str
    place_kind: PlaceKind
    city: str | None = None
    county: str | None = None
    state: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    precision: str | None = None
    """How near the coordinates are: coordinate, address, venue, city, county, state or country."""


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """An amount as stated."""

    amount_low: Decimal | None
    amount_high: Decimal | None
    currency: str | None
    """ISO 4217 code."""
    direction: str | None = None
    """``from_author``, ``to_author`` or None where the text does not say."""
    purpose: str | None = None
    """rate, transfer, debt, fee, split, price, wage or None."""
    instrument: str | None = None
    """cash, cashapp, venmo, zelle, paypal, applepay, card, giftcard, … or None."""
    counterpart: str | None = None
    """Name or handle of the other side as written, or None."""


Facts = PhoneFacts | NameFacts | PlaceFacts | MoneyFacts
