"""Bare numbers that the words around them make money: ``20 for gas``, ``where my 300 at``."""

from __future__ import annotations

from typing import Final

from extractors.base import LIKELY, STRONG
from extractors.money_amounts import Amount
from extractors.money_beside import CLEARED, follows, loosely, precedes, tagged
from extractors.money_phrases import driven, half_million, noted, phrased, split_grand, thousands
from extractors.money_rates import rate_alone, unit_after
from extractors.money_tokens import Quantity, Reading
from extractors.money_verbs import by_cue_before, cued, is_round, is_year, traded
from extractors.numbers import SCALES

EMOJI: Final = frozenset("🌹🥀💐💎💵💰")
EUPHEMISMS: Final = frozenset({"rose", "roses", "kisses", "diamonds"})
GAMES: Final = frozenset("play playin plays played playing on nba jugar juego jugamos wwe".split())
LATER: Final = frozenset("tmrw tomorrow tonight tonite friday today monday soon later asap".split())
FILLED: Final = frozenset("tank gas phone card books account meter chime cashapp".split())


def bare(reading: Reading, quantity: Quantity) -> Amount | None:
    """Return the amount a bare number is by the words around it, or None."""
    if quantity.first not in reading.taken and split_grand(reading, quantity):
        amount = cued(quantity, "money:slang", LIKELY)
        amount.low, amount.high, amount.last = (
            amount.low * 1000,
            amount.high * 1000,
            amount.last + 2,
        )
        return amount
    if quantity.first in reading.taken or not _plausible(reading, quantity):
        return None
    if _after_recipient(reading, quantity) and follows(reading, quantity):
        return cued(quantity, "money:instrument", LIKELY, "recipient")
    if _for_minutes(reading, quantity):
        return cued(quantity, "money:rate", LIKELY, unit=f"{reading.low(quantity.last + 2)} min")
    if not precedes(reading, quantity) or driven(reading, quantity):
        return None
    if tagged(reading, quantity):
        return cued(quantity, "money:instrument", LIKELY, "cash tag")
    unit = rate_alone(reading, quantity)
    if unit is not None and (not quantity.decimals or unit == "each"):
        return cued(quantity, "money:rate", LIKELY, unit=unit)
    if _flowered(reading, quantity):
        amount = cued(quantity, "money:euphemism", LIKELY)
        amount.last = quantity.last + 1
        amount.notes.append("ambiguous: an emoji for the currency")
        return amount
    if noted(reading, quantity):
        amount = cued(quantity, "money:slang", LIKELY)
        amount.first -= 1
        return amount
    if not follows(reading, quantity):
        said = phrased(reading, quantity, free=False)
        if said is not None:
            return said
        return by_cue_before(reading, quantity) if loosely(reading, quantity) else None
    if reading.low(quantity.last + 1) in EUPHEMISMS and quantity.low % 5 == 0:
        flowers = _roses(reading, quantity, quantity.last + 1)
        if flowers is not None:
            return flowers
    found = (
        by_cue_before(reading, quantity)
        or traded(reading, quantity)
        or _owned(reading, quantity)
        or _by_cue_after(reading, quantity)
        or phrased(reading, quantity, free=True)
    )
    if found is None and quantity.scaled:
        found = _scaled(reading, quantity)
    return found


def _priced_minutes(reading: Reading, at: int) -> bool:
    """Return whether ``60 for 15`` ends at a token: a round price and minutes."""
    price, minutes = reading.token(at - 2), reading.low(at)
    return (
        price is not None and price.kind == "n" and minutes in ("10", "15", "20", "30", "45", "60")
        and reading.low(at - 1) in ("for", "4") and price.text[-1] in "05" and len(price.text) < 5
    )  # fmt: skip


def _for_minutes(reading: Reading, quantity: Quantity) -> bool:
    """Return whether a price is one of two or more: ``60 for 15 100 for 30``."""
    at = quantity.last + 2
    if not 30 <= quantity.low <= 2000 or not _priced_minutes(reading, at):
        return False
    return any(_priced_minutes(reading, at + step) for step in (-5, -4, -3, 3, 4, 5))


def _flowered(reading: Reading, quantity: Quantity) -> bool:
    """Return whether a rose or a diamond stands for the currency: ``180🌹``."""
    at = quantity.last + 1
    return (
        reading.low(at) in EMOJI
        and is_round(quantity)
        and quantity.low <= 5000
        and not reading.near(at, "context_flowers", 3)
    )


def _plausible(reading: Reading, quantity: Quantity) -> bool:
    """Return whether a bare number may be a sum: at least five, no leading zero, not too long."""
    text = reading.tokens[quantity.first].text
    word = reading.low(quantity.first)
    if quantity.scaled and reading.low(quantity.last) in ("m", "mm", "b") and (
        reading.low(quantity.last + 1) not in reading.lex.cue("noun_ok")
    ):  # fmt: skip
        return False  # 5mm, 10m: lengths
    if reading.low(quantity.last) in ("hundreds", "thousands", "millions", "billions"):
        return False
    if word == "once" or (word in SCALES and word != "mil"):
        return False
    if quantity.figures and text[0] == "0":
        return False
    if text == "2" and reading.low(quantity.last) == "k" and (
        reading.low(quantity.first - 1) in GAMES
    ):  # fmt: skip
        return False  # play 2k: a game
    return (
        quantity.low >= 5
        and quantity.low <= 10**7
        and not (quantity.figures and not quantity.scaled and len(text) > 9)
    )


def _owned(reading: Reading, quantity: Quantity) -> Amount | None:
    """Read ``where my 300 at``, ``the 100 yet``, ``100 short``, ``put 20 on my phone``."""
    before, after = reading.low(quantity.first - 1), reading.low(quantity.last + 1)
    low = quantity.low
    if not 10 <= low <= 5000 or low % 5 or is_year(quantity):
        return None
    if _listed(reading, quantity):
        return cued(quantity, "money:verb", LIKELY, "list")
    if (after == "short" and reading.low(quantity.last + 2) != "tons") or (
        before == "short" and not quantity.decimals
    ):
        return cued(quantity, "money:noun", LIKELY, "short")
    if after in ("minimum", "min", "max") and low >= 40:
        return cued(quantity, "money:noun", LIKELY, after)
    if before == "a" and low in (5, 10, 20, 50, 100) and "change" in (
        reading.low(quantity.first - 3), reading.low(quantity.last + 2),
    ):  # fmt: skip
        return cued(quantity, "money:noun", LIKELY, "change")
    if after in ("mine", "yours", "urs") and low >= 20:
        return cued(quantity, "money:noun", LIKELY, after)
    if before in ("incall", "outcall", "incalls", "outcalls") and low >= 60:
        return cued(quantity, "money:rate", LIKELY, before)
    if before in ("the", "that", "my", "ur", "her", "his") and low >= 20 and (
        after in CLEARED or (after in LATER and reading.near(quantity.first, "context_money", 8))
        or (after in LATER and reading.low(quantity.first - 4) in ("got", "have"))
    ):  # fmt: skip
        return cued(quantity, "money:noun", LIKELY, f"{before} … {after}")
    if before in ("put", "puts", "throw", "drop", "toss") and after in ("in", "on", "n") and any(
        reading.low(quantity.last + step) in FILLED for step in (2, 3)
    ):  # fmt: skip
        return cued(quantity, "money:verb", LIKELY, before)
    if before in ("my", "ur", "your", "his", "her", "the", "that", "mi", "mis", "tu",
                  "tus", "our") and (
        after in ("back", "yet", "at") or (
            before not in ("the", "that") and low >= 20 and after in ("", "?", "!", ".", "rn")
        )
    ):  # fmt: skip
        return cued(quantity, "money:noun", LIKELY, f"{before} … {after}".strip(" …"))
    if before in ("other", "rest", "remaining") and low >= 20:
        return cued(quantity, "money:noun", LIKELY, before)
    if after == "is" and reading.low(quantity.last + 2) in ("yours", "urs", "mine", "his", "hers"):
        return cued(quantity, "money:noun", LIKELY, "is yours")
    rated = reading.low(quantity.first - 2) in ("night", "hour", "hr", "hh", "half", "visit")
    card = rated or reading.near(quantity.first, "context_card", 6)
    if before in ("its", "it's", "thats", "that's") and low >= 40 and card:
        return cued(quantity, "money:rate", LIKELY, before)
    if before in ("put", "puts", "threw", "throw", "drop", "dropped") and after == "on":
        return cued(quantity, "money:verb", LIKELY, before)
    keeps = sum(
        reading.low(at) in ("keep", "keeps", "get", "gets")
        for at in range(max(0, quantity.first - 6), quantity.last + 7)
    )
    if before in ("keep", "keeps") and keeps >= 2:
        return cued(quantity, "money:verb", LIKELY, before)
    if before in ("son", "serian", "es") and low >= 50 and reading.spanish(quantity.first):
        return cued(quantity, "money:noun", LIKELY, before)
    many = reading.tokens[max(0, quantity.first - 2)]
    if before == "for" and many.kind == "n" and len(many.text) == 1 and many.text > "1" and (
        low >= 20 and reading.low(quantity.first - 3) not in ("went", "go", "goes", "shot")
    ):  # fmt: skip
        return cued(quantity, "money:verb", LIKELY, f"{many.text} for")
    return None


def _listed(reading: Reading, quantity: Quantity) -> bool:
    """Return whether an amount and a joiner stand before: ``owe her 60 n him 40``."""
    joined = False
    for at in range(quantity.first - 1, max(-1, quantity.first - 5), -1):
        low = reading.low(at)
        if at in reading.taken:
            return joined
        if low in ("n", "and", "y", "&", "plus", ",", "or"):
            joined = True
        elif low not in reading.lex.cue("skip"):
            return False
    return False


def _after_recipient(reading: Reading, quantity: Quantity) -> bool:
    """Return whether a telephone number or a cash tag of a named service stands before."""
    at = quantity.first
    if reading.tokens[at].glued:
        return False
    phone = [t.kind for t in reading.tokens[max(0, at - 3) : at]] == ["n", "p", "n"]
    return phone and len(reading.tokens[at - 1].text) == 4 and reading.near(at, "apps", 9)


def _by_cue_after(reading: Reading, quantity: Quantity) -> Amount | None:
    """Look ahead: ``on cashapp``, ``cash``, ``for gas``, ``deposit``, ``donation``."""
    lex = reading.lex
    at = quantity.last + 1
    low = reading.low(at)
    if quantity.low < 10 or is_year(quantity):
        return None
    if reading.low(at + 1) == "tax" and low in ("plus", "+", "w", "with", "before", "after", "n"):
        return cued(quantity, "money:noun", STRONG, "tax")
    if low in ("on", "thru", "via", "through", "w", "with", "in", "by", "por", "en"):
        step = at + 1 + (reading.low(at + 1) in lex.cue("determiner"))
        named = reading.low(step)
        wallet = named == "apple" and reading.low(step + 1) == "pay"
        if wallet or named in lex.cue("instrument_on") or named in lex.cue("cash_next"):
            return cued(quantity, "money:instrument", STRONG, named)
    if low in lex.cue("cash_next"):
        return cued(quantity, "money:instrument", LIKELY, low)
    if low in ("for", "4", "pa", "para", "por"):
        step = at + 1
        while reading.low(step) in lex.cue("determiner"):
            step += 1
        lodged = reading.low(step) in ("room", "hotel", "motel", "cuarto", "telly", "ticket")
        if reading.low(step) in lex.cue("purpose") and (
            quantity.low % 5 == 0 or (lodged and quantity.low >= 30)
        ):
            return cued(quantity, "money:purpose", LIKELY, reading.low(step))
    if low in ("firm", "obo") and quantity.low >= 20 and quantity.low % 5 == 0:
        return cued(quantity, "money:noun", LIKELY, low)
    if quantity.low >= 40 and quantity.low % 5 == 0 and _judged(reading, at):
        return cued(quantity, "money:noun", LIKELY, low)
    if low in lex.cue("noun_ok") and quantity.low % 5 == 0:
        if low in ("special", "specials") and not (
            quantity.figures and quantity.low >= 30 and reading.token(at + 1) is None
        ):
            return None
        if low in EUPHEMISMS:
            return _roses(reading, quantity, at)
        if low in ("deposit", "dep", "donation", "donations", "fee", "voucher", "bonus", "prize",
                   "gift", "enganche", "anticipo", "adelanto", "propina", "cash", "payout", "rent",
                   "tip", "tips", "bail", "fine",
            "special",
            "specials") and not (
            low in ("tips", "gift", "ticket", "prize") and not 40 <= quantity.low <= 1000
        ):  # fmt: skip
            return cued(quantity, "money:noun", LIKELY, low)
    if reading.near(quantity.first, "context_card", 6) and _how_much(reading, quantity):
        return cued(quantity, "money:rate", LIKELY, "how much")
    return None


def _judged(reading: Reading, at: int) -> bool:
    """Return whether a sum is judged: ``should do it``, ``is my lowest``, ``is what they want``."""
    low, after, then = (reading.low(at + step) for step in range(3))
    if low == "should":
        return after in ("do", "cover")
    if low != "is":
        return False
    if after == "what":
        return reading.low(at + 3) in reading.lex.cue("want") | reading.lex.cue("charge")
    if then == "enough":
        return after in ("not", "more", "good", "just")
    verdict = {"plenty", "enough", "lowest", "price", "rate", "final", "minimum", "max"}
    return not verdict.isdisjoint((after, then))


def _how_much(reading: Reading, quantity: Quantity) -> bool:
    begin = max(0, quantity.first - 8)
    words = [reading.low(at) for at in range(begin, quantity.first)]
    return ("how" in words and "much" in words) or "cuanto" in words


def _roses(reading: Reading, quantity: Quantity, at: int) -> Amount | None:
    """Roses are money as a round number of thirty or more, away from flowers.

    So are kisses and diamonds, of sixty or more beside a word of a rate card.
    """
    if reading.low(at) not in ("rose", "roses") and not (
        is_round(quantity) and quantity.low >= 60
        and (unit_after(reading, at + 1) or reading.near(quantity.first, "context_card", 5))
    ):  # fmt: skip
        return None
    if quantity.low < 30 or reading.near(at, "context_flowers", 8):
        return None
    amount = cued(quantity, "money:euphemism", LIKELY)
    amount.last = at
    amount.notes.append("ambiguous: roses may be flowers")
    return amount


def _scaled(reading: Reading, quantity: Quantity) -> Amount | None:
    """A sum said with hundred, thousand or k, and no noun behind it that it counts."""
    tokens = reading.tokens[quantity.first : quantity.last + 1]
    letter = tokens[-1].low == "k" and tokens[-1].glued
    if any(t.low in ("percent", "times", "people", "miles") for t in
           reading.tokens[quantity.last + 1 : quantity.last + 3]):  # fmt: skip
        return None
    money = reading.near(quantity.first, "context_money", 10)
    if quantity.low >= 10**5 and not money and tokens[-1].low != "mil":
        return None  # millions of people
    if letter:
        said = money or thousands(reading, quantity)
        return cued(quantity, "money:scaled", LIKELY) if said else None
    if half_million(reading, quantity):
        return cued(quantity, "money:scaled", LIKELY)
    before = (reading.low(quantity.first - 2), reading.low(quantity.first - 1))
    if before == ("one", "in"):
        return None  # one in a million
    idiom = reading.low(quantity.first - 1) in ("keep", "it", "kept", "im", "i'm", "block")
    if quantity.figures:
        return None if idiom else cued(quantity, "money:scaled", LIKELY)
    if money and not idiom and not quantity.spoken and quantity.low >= 100:
        return cued(quantity, "money:scaled", LIKELY)
    return None
