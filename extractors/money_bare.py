"""Bare numbers that the words around them make money: ``20 for gas``, ``where my 300 at``."""

from __future__ import annotations

from typing import Final

from extractors.base import LIKELY, STRONG
from extractors.money_amounts import Amount
from extractors.money_rates import rate_alone
from extractors.money_tokens import Quantity, Reading
from extractors.money_verbs import by_cue_before, cued, is_round, is_year, traded
from extractors.numbers import SCALES

MARKS_AFTER: Final = frozenset("%°'\"/:#@=*+_″′^\\")

EMOJI: Final = frozenset("🌹🥀💐💎💵💰")
GAMES: Final = frozenset("play playin plays played playing on nba jugar juego jugamos wwe".split())
PERSONS: Final = frozenset("me u you ya him her them us".split())
COUNTED: Final = frozenset(
    "people men women kids percent grand pics lbs g oz ft k mins hrs".split()
)
"""What a number counts, of words that need no ``s``."""
CLEARED: Final = frozenset(
    "bounced cleared declined posted landed dropped came went didnt didn't aint hasnt hit".split()
)
LATER: Final = frozenset("tmrw tomorrow tonight tonite friday today monday soon later asap".split())
FILLED: Final = frozenset("tank gas phone card books account meter chime cashapp".split())
RANGE_WORDS: Final = frozenset({"to", "or", "and", "a", "y", "o", "n"})


def bare(reading: Reading, quantity: Quantity) -> Amount | None:
    """Return the amount a bare number is by the words around it, or None."""
    if quantity.first in reading.taken or not _plausible(reading, quantity):
        return None
    if _after_recipient(reading, quantity) and _follows(reading, quantity):
        return cued(quantity, "money:instrument", LIKELY, "recipient")
    if not _precedes(reading, quantity):
        return None
    if _tagged(reading, quantity):
        return cued(quantity, "money:instrument", LIKELY, "cash tag")
    unit = rate_alone(reading, quantity)
    if unit is not None and not quantity.decimals:
        return cued(quantity, "money:rate", LIKELY, unit=unit)
    if _flowered(reading, quantity):
        amount = cued(quantity, "money:euphemism", LIKELY)
        amount.last = quantity.last + 1
        amount.notes.append("ambiguous: an emoji for the currency")
        return amount
    if not _follows(reading, quantity):
        return by_cue_before(reading, quantity) if _loosely(reading, quantity) else None
    found = (
        by_cue_before(reading, quantity)
        or traded(reading, quantity)
        or _owned(reading, quantity)
        or _by_cue_after(reading, quantity)
    )
    if found is None and quantity.scaled:
        found = _scaled(reading, quantity)
    return found


def _follows(reading: Reading, quantity: Quantity) -> bool:
    """Return whether nothing behind the number makes it a count of things."""
    at = quantity.last + 1
    token = reading.token(at)
    if token is None or token.kind in "l":
        return True
    if token.kind == "s":
        return not token.glued
    if token.kind == "n":
        return reading.low(at + 1) == "ways" or (
            reading.near(quantity.first, "context_transfer", 4) and _is_phone(reading, at)
        )
    if token.kind == "p":
        if token.text in MARKS_AFTER and token.glued:
            return False
        if token.text == "-":
            return not token.glued
        after = reading.token(at + 1)
        return not (token.text in ".:" and token.glued and after is not None and after.glued)
    if token.glued:
        return False
    lex = reading.lex
    low = token.low
    if low in lex.cue("noun_time"):
        return False
    if low in CLEARED:
        return reading.low(quantity.first - 1) in ("the", "that", "my", "ur", "her", "his")
    far = reading.token(at + 1)
    if low in RANGE_WORDS and far is not None and far.kind == "n":
        beyond = reading.token(at + 2)
        return (
            beyond is None
            or beyond.kind in "ls"
            or beyond.text in ".,!?)"
            or (beyond.low in lex.cue("next") or beyond.low in lex.cue("next_es"))
        )
    if low == "more":
        return reading.near(at, "context_money", 8)
    if low == "of":
        return reading.low(at + 1) in ("it", "that", "my", "the", "his", "her", "ur")
    return (
        low in lex.cue("next")
        or low in lex.cue("next_es")
        or low in lex.cue("noun_ok")
        or (low in lex.cue("instrument_on"))
    )


def _is_phone(reading: Reading, at: int) -> bool:
    """Return whether a telephone number begins at a token: ``651 555 0117``, ``6515550117``."""
    lengths = [len(token.text) for token in reading.tokens[at : at + 5] if token.kind == "n"]
    return lengths[:1] == [10] or lengths[:3] == [3, 3, 4]


def _flowered(reading: Reading, quantity: Quantity) -> bool:
    """Return whether a rose or a diamond stands for the currency: ``180🌹``."""
    at = quantity.last + 1
    return (
        reading.low(at) in EMOJI
        and is_round(quantity)
        and quantity.low <= 5000
        and not reading.near(at, "context_flowers", 3)
    )


def _loosely(reading: Reading, quantity: Quantity) -> bool:
    """Return whether any word may follow: of a person, and nothing in the plural is counted.

    ``charge him 380 anyway``: behind owing, charging and paying apps with a pronoun the round sum
    needs no known word behind it; ``cash app me 20 pics`` counts things.
    """
    lex = reading.lex
    before = reading.low(quantity.first - 2)
    if reading.low(quantity.first - 1) not in PERSONS or not (
        before in lex.cue("owe") or before in lex.cue("charge") or before in lex.cue("apps")
        or before == "app"
    ):  # fmt: skip
        return False
    if quantity.low < 20 or quantity.low % 5 or quantity.scaled:
        return False
    after = reading.token(quantity.last + 1)
    if after is None or after.kind != "w" or after.glued:
        return False
    return not any(_is_plural(reading, quantity.last + step) for step in (1, 2))


def _is_plural(reading: Reading, at: int) -> bool:
    low = reading.low(at)
    if low in reading.lex.cue("next"):
        return False
    return low in COUNTED or low in reading.lex.cue("noun_time") or (
        len(low) > 3 and low.endswith("s")
    )  # fmt: skip


def _precedes(reading: Reading, quantity: Quantity) -> bool:
    """Return whether nothing before the number makes it a name, a time or a part of one."""
    token = reading.tokens[quantity.first]
    before = reading.token(quantity.first - 1)
    if before is None:
        return True
    prior = reading.token(quantity.first - 2)
    if before.text in ".,/:" and prior is not None and prior.kind == "n" and (
        before.text != "," or not before.glued
    ):  # fmt: skip
        return False  # 18 . 7: figures cut in two
    if before.kind == "n" and not _tagged(reading, quantity):
        return False
    if token.glued and (before.kind in "wn" or before.text in "_#@.=:/-'\\+*"):
        return False
    if before.text in "#+" or before.kind == "s":
        return False
    return before.low not in reading.lex.cue("deny_before") or before.low in ("@", "at", "around")


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
    if before in ("my", "ur", "your", "his", "her", "the", "that", "mi", "mis", "our") and (
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


def _tagged(reading: Reading, quantity: Quantity) -> bool:
    """Return whether a cash tag stands right before the number and nothing follows."""
    at = quantity.first
    if reading.tokens[at].glued or reading.token(quantity.last + 1) is not None:
        return False
    step = at - 1
    while step > 0 and reading.tokens[step].glued and at - step < 6:
        step -= 1
    sign = reading.token(step)
    named = reading.token(step + 1)
    return (
        sign is not None
        and sign.low == "$"
        and named is not None
        and named.kind == "w"
        and (at - step >= 2)
    )


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
    enough = low == "should" and reading.low(at + 1) in ("do", "cover")
    if (enough or (low == "is" and reading.low(at + 1) in ("plenty", "enough"))) and (
        is_round(quantity)
    ):
        return cued(quantity, "money:noun", LIKELY, low)
    if low in lex.cue("noun_ok") and quantity.low % 5 == 0:
        if low in ("special", "specials") and not (
            quantity.figures and quantity.low >= 30 and reading.token(at + 1) is None
        ):
            return None
        if low in ("rose", "roses"):
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


def _how_much(reading: Reading, quantity: Quantity) -> bool:
    begin = max(0, quantity.first - 8)
    words = [reading.low(at) for at in range(begin, quantity.first)]
    return ("how" in words and "much" in words) or "cuanto" in words


def _roses(reading: Reading, quantity: Quantity, at: int) -> Amount | None:
    """Roses are money as a round number of thirty or more, away from flowers."""
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
        return cued(quantity, "money:scaled", LIKELY) if money else None
    idiom = reading.low(quantity.first - 1) in ("keep", "it", "kept", "im", "i'm", "block")
    if quantity.figures:
        return None if idiom else cued(quantity, "money:scaled", LIKELY)
    if money and not idiom and not quantity.spoken and quantity.low >= 100:
        return cued(quantity, "money:scaled", LIKELY)
    return None
