"""Amounts put together: ranges (``60-80 bucks``) and whole with cents (``3 dollars 50 cents``)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from extractors.base import LIKELY
from extractors.money_amounts import Amount
from extractors.money_rates import HOURS, MINUTES, is_price
from extractors.money_tokens import Quantity, Reading

RANGE_MARKS: Final = frozenset(
    {"-", "–", "—", "to", "or", "a", "y", "and", "o", "~", "2", "n", "&"}
)
OPENERS: Final[dict[str, frozenset[str]]] = {
    "between": frozenset({"and", "to", "-", "&", "n"}),
    "from": frozenset({"to", "and", "-"}),
    "entre": frozenset({"y", "a", "-"}),
    "de": frozenset({"a", "y", "-"}),
}
BOUNDS: Final[dict[str, str]] = {
    "under": "under", "below": "under", "most": "under", "mas": "over", "over": "over",
    "above": "over", "least": "over", "menos": "under", "minimum": "over",
}  # fmt: skip
"""Words right before an amount that make it a bound."""


def _between(reading: Reading, first: int, last: int) -> list[str]:
    return [reading.low(at) for at in range(first, last)]


def ranges(reading: Reading, found: list[Quantity], amounts: list[Amount]) -> list[Amount]:
    """Join two amounts, or a bare number and an amount, that are the ends of a range."""
    starts = {amount.first: amount for amount in amounts}
    ends = {quantity.last: quantity for quantity in found}
    merged: list[Amount] = []
    for amount in sorted(amounts, key=lambda item: item.first):
        if merged and _joins(reading, merged[-1], amount):
            low = merged[-1]
            _extend(low, amount, low.low, low.usual)
            continue
        prior = ends.get(amount.first - 2)
        glued = ends.get(amount.first - 1)
        mark = reading.low(amount.first - 1)
        if (
            prior is not None
            and prior.first not in reading.taken
            and mark in RANGE_MARKS
            and amount.unit is None
            and _opens(reading, prior, mark)
            and not _counts(reading, prior)
        ):
            _take_low_end(reading, amount, prior)
        elif glued is not None and glued.first not in reading.taken and amount.low < 0:
            continue
        merged.append(amount)
    del starts
    return merged


def _counts(reading: Reading, prior: Quantity) -> bool:
    token = reading.tokens[prior.first]
    before = reading.token(prior.first - 1)
    return before is not None and token.glued and (before.kind in "wn" or before.text in "-/:#._@")


def _opens(reading: Reading, prior: Quantity, mark: str) -> bool:
    """Return whether the mark joins a range: ``and`` and ``a`` only after an opener."""
    opener = OPENERS.get(reading.low(prior.first - 1))
    if opener is not None and mark in opener:
        return True
    if mark == "2":
        return False
    return mark in ("-", "–", "—", "to", "or", "o", "~") or (
        mark == "a" and reading.spanish(prior.first)
    )


def _take_low_end(reading: Reading, amount: Amount, prior: Quantity) -> None:
    usual = amount.usual
    base = amount.low if usual is None else usual
    low = prior.low
    scale = Decimal(1)
    if amount.low >= 1000 and low < 100:
        for power in (10**9, 10**7, 10**6, 10**5, 10**3, 100):
            ratio = base / power
            if base % power == 0 and low < ratio < 1000:
                scale = Decimal(power)
                break
    elif base >= 100 and low < 10 and base % 100 == 0 and low < base / 100:
        scale = Decimal(100)
    if low * scale >= base:
        return
    amount.low = low * scale
    amount.high = max(amount.high, base)
    amount.usual = None
    amount.first = prior.first
    if reading.low(prior.first - 1) in OPENERS:
        amount.first = prior.first - 1
    reading.taken.update(range(prior.first, prior.last + 1))
    amount.notes.append("range")


def _joins(reading: Reading, low: Amount, high: Amount) -> bool:
    between = _between(reading, low.last + 1, high.first)
    if len(between) != 1 or low.minor or high.minor or low.unit or high.low <= low.low:
        return False
    if low.currency and high.currency and low.currency != high.currency:
        return False
    if low.high != low.low and low.usual is None:
        return False
    opener = OPENERS.get(reading.low(low.first - 1), frozenset())
    return between[0] in ("-", "–", "—", "to") or between[0] in opener


def _extend(low: Amount, high: Amount, floor: Decimal, usual: Decimal | None) -> None:
    low.low, low.high = usual or floor, high.high
    low.usual = None
    low.last = high.last
    low.currency = low.currency or high.currency
    low.unit = high.unit
    low.notes.append("range")


def compounds(reading: Reading, found: list[Quantity], amounts: list[Amount]) -> list[Amount]:
    """Join an amount and the cents said behind it."""
    firsts = {quantity.first: quantity for quantity in found}
    minors = {amount.first: amount for amount in amounts if amount.minor}
    kept: list[Amount] = []
    dropped: set[int] = set()
    for amount in sorted(amounts, key=lambda item: item.first):
        if amount.first in dropped:
            continue
        kept.append(amount)
        if (
            amount.minor
            or amount.low != amount.high
            or amount.low != amount.low.to_integral_value()
        ):
            continue
        at = amount.last + 1
        linked = reading.low(at) in ("and", "y", "con", "&")
        at += linked
        minor = minors.get(at)
        if minor is not None and minor.low < 1 and reading.tokens[at - 1].kind != "l":
            amount.low = amount.high = amount.low + minor.low
            amount.last = minor.last
            dropped.add(minor.first)
            continue
        quantity = firsts.get(at)
        if quantity is None or quantity.first in reading.taken:
            continue
        cents = quantity.low
        if not 1 <= cents < 100 or cents != cents.to_integral_value() or quantity.vague:
            continue
        if reading.low(quantity.last + 1) in ("c", "sen", "sens", "kopiykas", "paisa"):
            last = quantity.last + 1
        elif (
            quantity.last == len(reading.tokens) - 1
            and (cents >= 10 or not quantity.figures)
            and (linked or not quantity.figures or reading.whole(amount.first, quantity.last))
        ):
            last = quantity.last
        else:
            continue
        amount.low = amount.high = amount.low + cents / 100
        amount.last = last
        reading.taken.update(range(quantity.first, last + 1))
    return kept


def bound(reading: Reading, amount: Amount) -> None:
    """Note ``under``, ``at least`` and the like before an amount."""
    before = reading.low(amount.first - 1)
    if before in BOUNDS:
        amount.notes.append(BOUNDS[before])
    elif before in ("than", "de", "que"):
        word = reading.low(amount.first - 2)
        more = {"more": "over", "less": "under", "lower": "under", "mas": "over",
                "menos": "under"}.get(word)  # fmt: skip
        if more:
            amount.notes.append(more)


def slashed(reading: Reading, found: list[Quantity], amounts: list[Amount]) -> list[Amount]:
    """Return the further prices of ``$90/170/220``: the sign stands before the first alone."""
    starts = {quantity.first: quantity for quantity in found}
    more: list[Amount] = []
    for amount in amounts:
        last = amount
        while amount.rule == "money:symbol":
            quantity = starts.get(last.last + 2)
            if (
                quantity is None or quantity.first in reading.taken or last.low < 20
                or reading.low(last.last + 1) != "/" or not reading.tokens[quantity.first].glued
                or not is_price(reading, quantity) or quantity.low <= last.low
                or quantity.low % 5 or reading.low(quantity.last + 1) in MINUTES | HOURS
            ):  # fmt: skip
                break
            last = Amount(
                quantity.first, quantity.last, quantity.low, quantity.high, amount.currency,
                "money:card", LIKELY, unit="rate",
            )  # fmt: skip
            reading.taken.update(range(quantity.first, quantity.last + 1))
            more.append(last)
    return more
