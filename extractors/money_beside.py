"""Whether what stands right beside a bare number lets it be a sum of money."""

from __future__ import annotations

from typing import Final

from extractors.money_tokens import Quantity, Reading

MARKS_AFTER: Final = frozenset("%°'\"/:#@=*+_″′^\\")
RANGE_WORDS: Final = frozenset({"to", "or", "and", "a", "y", "o", "n"})
PERSONS: Final = frozenset("me u you ya him her them us".split())
COUNTED: Final = frozenset(
    "people men women kids percent grand pics lbs g oz ft k mins hrs".split()
)
"""What a number counts, of words that need no ``s``."""
CLEARED: Final = frozenset(
    "bounced cleared declined posted landed dropped come came went hit "
    "didnt didn't aint hasnt".split()
)


def follows(reading: Reading, quantity: Quantity) -> bool:
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
        return not _is_plural(reading, at + 1) and reading.near(at, "context_money", 8)
    if low == "one":
        return reading.low(at + 1) == "way"
    if low == "of":
        return reading.low(at + 1) in ("it", "that", "my", "the", "his", "her", "ur")
    return (
        low in lex.cue("next")
        or low in lex.cue("next_es")
        or low in lex.cue("noun_ok")
        or (low in lex.cue("instrument_on"))
    )


def precedes(reading: Reading, quantity: Quantity) -> bool:
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
    if before.kind == "n" and not tagged(reading, quantity):
        return False
    if token.glued and (before.kind in "wn" or before.text in "_#@.=:/-'\\+*"):
        return False
    if before.text in "#+" or before.kind == "s":
        return False
    return before.low not in reading.lex.cue("deny_before") or before.low in ("@", "at", "around")


def loosely(reading: Reading, quantity: Quantity) -> bool:
    """Return whether any word may follow: of a person, and nothing in the plural is counted.

    ``charge him 380 anyway``: behind owing, charging and paying apps with a pronoun the round sum
    needs no known word behind it; ``cash app me 20 pics`` counts things.
    """
    lex = reading.lex
    before = reading.low(quantity.first - 2)
    if reading.low(quantity.first - 1) not in PERSONS or not (
        any(before in lex.cue(group) for group in ("owe", "charge", "apps", "pay", "send"))
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


def _is_phone(reading: Reading, at: int) -> bool:
    """Return whether a telephone number begins at a token: ``651 555 0117``, ``6515550117``."""
    lengths = [len(token.text) for token in reading.tokens[at : at + 5] if token.kind == "n"]
    return lengths[:1] == [10] or lengths[:3] == [3, 3, 4]


def tagged(reading: Reading, quantity: Quantity) -> bool:
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
