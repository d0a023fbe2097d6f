"""Amounts of money as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Final

from extractors import money_facts
from extractors.base import Hit
from extractors.money_amounts import Amount
from extractors.money_bare import bare
from extractors.money_gate import NAMED, NEEDED, TOLD, alone, told_by
from extractors.money_join import bound, compounds, ranges, slashed
from extractors.money_rates import attach_unit, card
from extractors.money_slang import solo
from extractors.money_tokens import Quantity, Reading, quantities
from extractors.money_units import all_stated
from extractors.normalise import money as normal
from schemas.kinds import MentionKind

SEGMENT: Final = 20_000
"""Characters that are read as one text: no message is as long, pasted files are."""


class Money:
    """Amounts of money in English and Spanish, plain, in slang and as rates.

    Finds: figures and number words with a sign, an ISO code, a currency word or slang (``$80``,
        ``two hundred bucks``, ``3 racks``, ``50 dlls``); ranges; prices per unit and rate cards
        (``80 qv 120 hh``); bare numbers behind or before a word of paying, owing, sending or
        charging (``owes me 300``, ``20 for gas``); euphemisms with a number (``180🌹``). Slang with
        several meanings has the range of them in facts and detail; its value is the low end, as
        of any range, and the detail names the usual meaning.
    Does not find: bare numbers without such a word; prices that only the message before makes
        one; amounts hidden in letters (``2oo``); pence written as ``150p``; British ``10 quid``
        is found, weights in pounds are not.

    References:
        - ISO 4217 (currency codes); CLDR (decimal marks by country)
        - DOMAIN 5.4 (slang, rate cards, euphemisms and the traps beside them)
    """

    name: ClassVar[str] = "money"
    version: ClassVar[int] = 3
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.MONEY,)

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        return TOLD[piece] & NEEDED != 0

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the amounts in one text; the region gives currency where the text does not."""
        if len(text) <= SEGMENT:
            told = told_by(text)
            if told:
                yield from _find(text, region, told)
            return
        for start, end in segments(text):
            piece = text[start:end]
            told = told_by(piece)
            if told:
                for hit in _find(piece, region, told):
                    yield replace(hit, start=hit.start + start, end=hit.end + start)


def segments(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of pieces of a long text, cut at a line end or a blank where one is.

    Words that speak for an amount stand within a dozen words of it, so a cut costs at most the
    context of the amounts beside it; what is held in memory at once stays small.
    """
    start = 0
    while start < len(text):
        end = min(start + SEGMENT, len(text))
        if end < len(text):
            blank = max(text.rfind("\n", start + SEGMENT // 2, end),
                        text.rfind(" ", end - 200, end))  # fmt: skip
            end = blank + 1 if blank > start else end
        yield start, end
        start = end


def _find(text: str, region: str, told: int = NAMED) -> Iterator[Hit]:
    reading = Reading(text, region)
    found = quantities(reading)
    amounts: list[Amount] = []
    if told & NAMED:
        amounts.extend(amount for _, amount in all_stated(reading, found))
        amounts.extend(slashed(reading, found, amounts))
        amounts.extend(_solos(reading, found))
        amounts.extend(card(reading, found))
    amounts.extend(_bares(reading, found))
    if not amounts:
        return
    amounts = compounds(reading, found, amounts)
    amounts = ranges(reading, found, amounts)
    end = 0
    for amount in sorted(amounts, key=lambda item: (item.first, item.last)):
        attach_unit(reading, amount)
        hit = _hit(reading, amount)
        if hit.start >= end and not amount.high >= normal.MAX_AMOUNT:
            yield hit
            end = hit.end


def _solos(reading: Reading, found: list[Quantity]) -> Iterator[Amount]:
    """Yield ``a rack``, ``a dollar``: unit words without a number."""
    if alone().isdisjoint(reading.words):
        return
    counted = {at for quantity in found for at in range(quantity.first, quantity.last + 1)}
    lex = reading.lex
    for at, token in enumerate(reading.tokens):
        if token.kind != "w" or at in reading.taken or at in counted:
            continue
        if token.low in lex.slang or token.low in lex.words or token.low in lex.minors or (
            token.low == "note"
        ):  # fmt: skip
            amount = solo(reading, at)
            if amount is not None and amount.first not in reading.taken:
                reading.taken.update(range(amount.first, amount.last + 1))
                yield amount


def _bares(reading: Reading, found: list[Quantity]) -> Iterator[Amount]:
    for quantity in found:
        amount = bare(reading, quantity)
        if amount is not None:
            reading.taken.update(range(amount.first, amount.last + 1))
            yield amount


def _hit(reading: Reading, amount: Amount) -> Hit:
    bound(reading, amount)
    currency = amount.currency
    if currency is None and "several countries" not in " ".join(amount.notes):
        currency = normal.region_currency(reading.region)
    kind = money_facts.purpose(reading, amount)
    notes = []
    if amount.low != amount.high:
        notes.append(f"{normal.plain(amount.low)}..{normal.plain(amount.high)}")
    notes.extend(amount.notes)
    if amount.unit:
        notes.append(f"unit {amount.unit}")
    state = money_facts.status(reading, amount)
    if state:
        notes.append(f"status {state}")
    if amount.currency is None and currency is not None:
        notes.append(f"currency of {reading.region}")
    return Hit(
        MentionKind.MONEY,
        reading.tokens[amount.first].start,
        reading.tokens[amount.last].end,
        amount.rule,
        value=normal.value(amount.low, currency),
        confidence=amount.confidence,
        detail="; ".join(notes),
        facts=normal.facts(
            amount.low, amount.high, currency,
            direction=money_facts.direction(reading, amount),
            purpose=kind,
            instrument=money_facts.instrument(reading, amount),
            counterpart=money_facts.counterpart(reading, amount, kind),
        ),
    )  # fmt: skip
