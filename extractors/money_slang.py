"""Slang for round sums (``3 racks``, ``a stack``), coins and notes, and the traps beside them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from extractors.base import LIKELY, SEEN, STRONG
from extractors.money_amounts import Amount, bound_left, currency_of, free, make_amount
from extractors.money_lexicon import Slang
from extractors.money_tokens import Quantity, Reading
from extractors.normalise import money as normal

ARTICLES: Final = frozenset({"a", "an", "the", "un", "una", "another", "one"})


def slang_after(reading: Reading, quantity: Quantity) -> Amount | None:
    """Return the amount of a number and the slang behind it: ``3 racks``."""
    at = quantity.last + 1
    token = reading.token(at)
    if token is None or token.kind != "w" or (bound_left(reading, quantity)):
        return None
    if (
        token.text in ("c", "C")
        and reading.low(at + 1) == "-"
        and (reading.low(at + 2) in ("note", "notes"))
    ):
        amount = make_amount(quantity, None, "money:slang", STRONG)
        amount.low, amount.high, amount.last = amount.low * 100, amount.high * 100, at + 2
        return amount
    if token.low == "of" and reading.low(at + 1) in ("a", "an"):
        at += 2  # half of a rack
    slang = reading.lex.slang.get(reading.low(at))
    beyond = reading.token(at + 1)
    if beyond is not None and beyond.glued and beyond.kind == "n":
        return None  # 62Gs3X
    if slang is None or not _means_money(reading, slang, quantity.first, at, quantity.low):
        return None
    return slang_amount(reading, slang, quantity.first, at, quantity)


def slang_amount(
    reading: Reading, slang: Slang, first: int, last: int, quantity: Quantity | None
) -> Amount:
    """Return the amount of a slang word, its range of meanings and its usual one."""
    low = quantity.low if quantity else Decimal(1)
    high = quantity.high if quantity else Decimal(1)
    amount = Amount(
        first, last, low * slang.low, high * slang.high, None, "money:slang", LIKELY,
        usual=low * slang.usual,
    )  # fmt: skip
    word = reading.low(last)
    if slang.need in ("dense", "gram", "g", "coin") or slang.low != slang.high:
        amount.notes.append(f"ambiguous: {word}, usually {normal.plain(slang.usual)}")
    elif slang.need in ("cue",):
        amount.notes.append(f"ambiguous: {word}")
    if slang.need == "note":
        amount.currency = "GBP"
    if slang.need == "grand":
        amount.confidence = STRONG
    return amount


def solo(reading: Reading, at: int) -> Amount | None:
    """Return the amount of a unit word that has an article or nothing for a number: ``a rack``."""
    word = reading.low(at)
    before = reading.low(at - 1)
    article = before in ARTICLES
    first = at - 1 if article else at
    if before == "whole" and reading.low(at - 2) in ("a", "the"):
        article, first = True, at - 2
    if _is_idiom(reading, at, before):
        return None
    whole = reading.whole(first, at)
    if word == "note" and (note := _c_note(reading, at)) is not None:
        return note
    slang = reading.lex.slang.get(word)
    if slang is not None:
        if not article and not (whole and slang.need in ("coin", "note")):
            return None
        if not _means_money(reading, slang, first, at, Decimal(1)):
            return None
        amount = slang_amount(reading, slang, first, at, None)
        if slang.need == "coin":
            amount.confidence = SEEN
        return amount
    unit = reading.lex.words.get(word) or reading.lex.minors.get(word)
    if unit is None or not (article or (whole and word in ("buck", "quid", "fiver", "tenner"))):
        return None
    singular = word in ("dollar", "buck", "dolar", "euro", "pound", "peso", "quid", "cent", "penny")
    if not singular or before in ("the", "another") or (unit.need == "pound" and not whole):
        return None
    if word in ("cent", "penny") and reading.low(at - 2) in ("a", "not"):
        return None
    after = reading.low(at + 1)
    if word == "peso" and after == "de":
        return None
    if word in ("dollar", "buck", "euro", "peso") and not free(reading, at + 1) and after not in (
        "and", "y", "or", "fifty",
    ):  # fmt: skip
        return None  # a dollar store, a buck knife
    minor = word in reading.lex.minors
    one = Decimal(1) / 100 if minor else Decimal(1)
    amount = Amount(
        first, at, one, one, currency_of(unit.code, reading, at) if unit.code else None,
        "money:minor" if minor else "money:word", STRONG, minor=minor, figures=False,
    )  # fmt: skip
    if word == "buck" and reading.low(at + 1) in ("fifty", "50", "twenty", "seventy"):
        tail = {"fifty": 50, "50": 50, "twenty": 20, "seventy": 70}[reading.low(at + 1)]
        amount.low, amount.high = one + Decimal(tail) / 100, Decimal(100 + tail)
        amount.last = at + 1
        amount.notes.append("ambiguous: a buck fifty is 1.50 or 150")
    elif word == "buck":
        amount.high = Decimal(100)
        amount.notes.append("ambiguous: a buck is 1 or 100")
        if not whole:
            amount.high = one
            amount.notes.clear()
    return amount


def _is_idiom(reading: Reading, at: int, before: str) -> bool:
    """Return whether no sum is meant: a penny for your thoughts, not a cent less."""
    after = [reading.low(at + step) for step in (1, 2, 3)]
    if after[:2] == ["out", "of"] or (after[0] == "for" and after[2] == "thoughts"):
        return True
    if reading.low(at) == "buck" and reading.low(at - 2) in (
        "saw",
        "see",
        "seen",
        "shot",
        "spotted",
    ):
        return True  # a deer
    return reading.low(at - 2) == "not" and before == "a" and after[0] in ("less", "more")


ASKS: Final = ("want", "borrow", "spend", "charge", "give", "owe")


def _c_note(reading: Reading, at: int) -> Amount | None:
    """Read ``a c note``, ``a c-note``."""
    letter = at - 2 if reading.low(at - 1) == "-" else at - 1
    if reading.low(letter) != "c" or reading.low(letter - 1) not in ARTICLES:
        return None
    return Amount(
        letter - 1, at, Decimal(100), Decimal(100), None, "money:slang", STRONG, figures=False
    )


def _asked(reading: Reading, first: int) -> bool:
    """Return whether a word of needing, earning, owing or giving stands right before."""
    lex = reading.lex
    for at in range(first - 1, max(-1, first - 4), -1):
        low = reading.low(at)
        if low in ("made", "makes", "worth", "gimme", "bet", "slide") or any(
            low in lex.cue(group) for group in ASKS
        ):
            return True
        if low not in lex.cue("skip") or reading.tokens[at].kind == "l":
            return False
    return False


def _purposed(reading: Reading, at: int) -> bool:
    """Return whether what it buys stands behind: ``for the cab``, ``for my nails``."""
    if reading.low(at + 1) not in ("for", "4", "pa", "para"):
        return False
    return any(reading.low(at + step) in reading.lex.cue("purpose") for step in (2, 3))


def _costs(reading: Reading, first: int, at: int) -> bool:
    """Return whether a price is a quarter: ``it only cost a quarter``."""
    priced = reading.low(first - 1) in ("cost", "costs", "costing", "worth", "charge", "charged")
    return priced and reading.low(at) == "quarter" and free(reading, at + 1)


def _means_money(reading: Reading, slang: Slang, first: int, at: int, count: Decimal) -> bool:
    """Return whether a slang word means money: no other thing of that name stands near."""
    need = slang.need
    if reading.low(at + 1) == "of" and reading.low(at + 2) not in (
        "cash", "money", "it", "that", "his", "her", "my", "them", "those", "the", "u", "em",
    ):  # fmt: skip
        return False
    whole = reading.whole(first, at)
    if need == "dense":
        other = reading.near(at, "context_ribs", 7) or reading.near(at, "context_music", 7)
        sure = reading.near(at, "context_money", 10) or reading.near(at, "owe", 10)
        if other and not sure:
            return False
        if count == 1 and reading.low(first) in ("the",):
            return False
        return free(reading, at + 1)
    if need == "grand":
        return count < 1000 and reading.low(at + 1) not in reading.lex.cue("grand_names") and not (
            reading.tokens[at].text[0] == "G" and (reading.token(at + 1) or reading.tokens[at])
            .text[0].isupper() and at + 1 < len(reading.tokens)
        ) and (free(reading, at + 1) or count > 1) and reading.low(first) != "the"  # fmt: skip
    if need in ("gram", "g"):
        token = reading.tokens[at]
        if reading.near(at, "context_drug", 8) or count != count.to_integral_value():
            return False
        if not free(reading, at + 1):
            return False
        if need == "gram":
            return not token.glued or token.text[0] == "G"
        cue = reading.near(at, "context_money", 8)
        if reading.low(first - 1) in reading.lex.cue("spend"):
            return True  # spent 2g
        if reading.low(first - 1) in ("with", "w", "wit") and reading.near(first, "carried", 9):
            return True  # walked away with 8g
        return cue and (token.text == "G" or not token.glued) and reading.low(first) != "the"
    if need == "coin":
        return whole or _costs(reading, first, at) or (
            count > 1 and reading.low(at)[-1] == "s" and (
                reading.low(at) != "quarters" or reading.near(at, "context_money", 8)
            ) and not reading.near(at, "context_drug", 8)
        )  # fmt: skip
    if need == "hundred":
        asked = _asked(reading, first) or _purposed(reading, at)
        return count <= 50 and asked and free(reading, at + 1)
    if need == "cue" and free(reading, at + 1) and (
        _asked(reading, first) or _purposed(reading, at)
    ):  # fmt: skip
        return True  # i need a dub
    if need in ("cue", "name"):
        return reading.near(at, "context_money", 10) and reading.low(at + 1) != "nation"
    if need == "es":
        return reading.spanish(at) or reading.region in ("CL", "AR", "CO", "MX")
    return True
