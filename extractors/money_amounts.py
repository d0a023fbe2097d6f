"""An amount while it is read, and what all rules about amounts ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from extractors.base import STRONG
from extractors.money_tokens import Quantity, Reading
from extractors.normalise import money as normal

GAP: Final = 4
"""Blanks that may stand between a number and its unit."""


PESO_WORDS: Final = frozenset({"pesos", "peso", "varos", "mxn", "mx"})
DOLLAR_WORDS: Final = frozenset(
    {"dolares", "dolar", "dollars", "dollar", "bucks", "usd", "dlls", "dls"}
)
SIGN_WORDS: Final = PESO_WORDS | DOLLAR_WORDS


@dataclass(slots=True)
class Amount:
    """An amount with its place; what becomes a hit."""

    first: int
    last: int
    low: Decimal
    high: Decimal
    currency: str | None
    rule: str
    confidence: float = STRONG
    usual: Decimal | None = None
    """What slang usually means, where low and high are the range of its meanings."""
    notes: list[str] = field(default_factory=list)
    unit: str | None = None
    """Of a rate: hh, hr, qv, night."""
    minor: bool = False
    """Stated in cents."""
    figures: bool = True


def make_amount(quantity: Quantity, currency: str | None, rule: str, confidence: float) -> Amount:
    """Return the amount a quantity makes, its tokens for a place."""
    notes = ["about"] if quantity.vague else []
    return Amount(
        quantity.first, quantity.last, quantity.low, quantity.high, currency, rule, confidence,
        notes=notes, figures=quantity.figures,
    )  # fmt: skip


def currency_of(code: str, reading: Reading, at: int) -> str | None:
    """Return the ISO code that a unit stands for in this text."""
    if code == "$":
        return normal.dollar(reading.region)
    if code == "peso":
        return normal.peso(reading.region)
    return None if code == "XXX" else code


def sign_currency(reading: Reading, at: int) -> str:
    """Return what ``$`` means here: a currency word near decides before the region does."""
    if SIGN_WORDS.isdisjoint(reading.words):
        return normal.sign(reading.region)
    begin = max(0, at - 12)
    near = {token.low for token in reading.tokens[begin : at + 13]}
    if near & PESO_WORDS:
        return normal.peso(reading.region)
    if near & DOLLAR_WORDS:
        return normal.dollar(reading.region)
    return normal.sign(reading.region)


def bound_left(reading: Reading, quantity: Quantity) -> bool:
    """Return whether the figures are the tail of a longer token: a name, a time, a telephone."""
    token = reading.tokens[quantity.first]
    before = reading.token(quantity.first - 1)
    if before is None or not token.glued:
        return False
    if before.kind == "w" or before.text in "_#@.=":
        return True
    prior = reading.token(quantity.first - 2)
    if before.text not in "-:/" or not before.glued or prior is None or prior.kind != "n":
        return False
    return before.text != "-" or prior.glued  # 10-20 is a range, 651-555-0117 is none


def free(reading: Reading, at: int) -> bool:
    """Return whether no noun follows that the number would count."""
    token = reading.token(at)
    if token is None or token.kind in "lsn":
        return True
    if token.kind == "p":
        return not (token.glued and token.text in "%°'\"/:#@=*+_")
    lex = reading.lex
    return (
        token.low in lex.cue("next")
        or token.low in lex.cue("next_es")
        or (token.low in lex.cue("noun_ok") or token.low in lex.cue("instrument_on"))
    )
