"""Amounts that name their money: a sign, a code or a currency word beside a number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from extractors.base import CERTAIN, LIKELY, STRONG
from extractors.money_amounts import (
    GAP,
    Amount,
    bound_left,
    currency_of,
    free,
    make_amount,
    sign_currency,
)
from extractors.money_lexicon import Unit, anchors
from extractors.money_slang import slang_after
from extractors.money_tokens import Quantity, Reading
from extractors.normalise import money as normal

NAUGHT: Final = frozenset({"down", "in", "left", "to", "until", "til", "till", "on"})
"""Words behind ``$0`` that make it an empty purse and no name of a shell."""
WHOLE: Final = frozenset({"of", "de"})


def all_stated(reading: Reading, found: list[Quantity]) -> Iterator[tuple[Quantity, Amount]]:
    """Yield every quantity that names its money; marks its tokens as taken."""
    for quantity in found:
        if quantity.first in reading.taken:
            continue
        amount = stated(reading, quantity)
        if amount is not None:
            reading.taken.update(range(amount.first, amount.last + 1))
            yield quantity, amount


def stated(reading: Reading, quantity: Quantity) -> Amount | None:
    """Return the amount a quantity makes with the sign, code or word beside it, or None."""
    before = _sign_before(reading, quantity)
    if before is not None:
        return _word_after_sign(reading, before, quantity)
    for rule in (_sign_after, _word_after, _code_beside, slang_after):
        amount = rule(reading, quantity)
        if amount is not None:
            return amount
    return None


def _sign_before(reading: Reading, quantity: Quantity) -> Amount | None:
    at = quantity.first
    sign = reading.token(at - 1)
    if sign is None or sign.end == sign.start or (at - 1) in reading.taken:
        return None
    token = reading.tokens[at]
    gap = token.start - sign.end
    if gap > GAP or not quantity.figures:
        return None
    lex = reading.lex
    first = at - 1
    if sign.kind == "w" and sign.text == "U" and reading.low(at - 2) == "$" and token.glued:
        amount = make_amount(quantity, "UYU", "money:symbol", CERTAIN)
        amount.first = at - 2
        return amount
    if sign.kind == "p" and sign.text == "/" and reading.tokens[at - 2 : at - 1] and token.glued:
        letter = reading.tokens[at - 2]
        if letter.text == "S" and sign.glued and not letter.glued:
            amount = make_amount(quantity, "PEN", "money:symbol", STRONG)
            amount.first = at - 2
            return amount
    if sign.kind == "w" and f"{sign.text}" in lex.symbols:
        amount = make_amount(quantity, lex.symbols[sign.text].code, "money:symbol", CERTAIN)
        amount.first = first
        return amount
    if sign.kind != "s" or sign.text == "¢":
        return None
    code = lex.symbols[sign.text].code
    prefix = reading.token(at - 2)
    spaced_prefix = prefix is not None and sign.glued is False and prefix.low in ("us", "usd")
    if prefix is not None and prefix.kind == "w" and (sign.glued or spaced_prefix):
        joined = lex.symbols.get(prefix.text.upper() + sign.text)
        if joined is not None:
            code, first = joined.code, at - 2
        elif sign.glued and token.glued is False:
            return None  # Ca$ 20: a name that ends in a sign
    if prefix is not None and prefix.kind == "n" and sign.glued and not token.glued:
        return None  # 20$ 40: the sign is of the number before
    amount = make_amount(quantity, code, "money:symbol", CERTAIN)
    amount.first = first
    if code == "$":
        amount.currency = sign_currency(reading, at)
    glued = reading.token(quantity.last + 1)
    if quantity.low == 0 and not quantity.decimals and not (
        reading.near(at, "context_money", 6) or reading.low(quantity.last + 1) in NAUGHT
    ):  # fmt: skip
        return None  # $0: a shell's name or an empty price
    if glued is not None and glued.glued and glued.kind == "w":
        tag = code == "$" and len(glued.low) >= 3 and reading.near(at, "apps", 6)
        known = glued.low in reading.lex.cue("next")
        if (tag or (code == "$" and len(glued.low) >= 3 and quantity.low < 10)) and not known:
            return None  # $1trey on cashapp: a handle; $1foo: a shell's name
        amount.confidence = STRONG
    if glued is not None and glued.glued and glued.text == "_":
        return None
    return amount


def _word_after_sign(reading: Reading, amount: Amount, quantity: Quantity) -> Amount:
    """Take the word that completes a signed amount: ``$3 racks``, ``$300 pesos``, ``$20 USD``."""
    after = reading.token(quantity.last + 1)
    if after is None:
        return amount
    if after.kind == "s" and after.glued and after.low == "$":
        amount.last = quantity.last + 1
        return amount
    slang = reading.lex.slang.get(after.low)
    if slang and slang.need in ("dense", "grand", "gram") and not quantity.scaled:
        amount.low, amount.high = amount.low * slang.low, amount.high * slang.high
        amount.usual = quantity.low * slang.usual
        amount.last = quantity.last + 1
        return amount
    unit = reading.lex.words.get(after.low)
    if unit is not None and unit.code in ("$", "peso", "MXN"):
        amount.currency = currency_of(unit.code, reading, quantity.last)
        amount.last = quantity.last + 1
        adjective = reading.lex.adjectives.get((reading.low(quantity.last + 2), unit.code))
        if adjective:
            amount.currency, amount.last = adjective, quantity.last + 2
    code = reading.lex.codes.get(after.text.upper())
    if code is not None and code.need in ("any", "upper") and amount.currency is not None:
        amount.currency, amount.last = code.code, quantity.last + 1
    return amount


def _sign_after(reading: Reading, quantity: Quantity) -> Amount | None:
    at = quantity.last + 1
    sign = reading.token(at)
    if sign is None or not quantity.figures or bound_left(reading, quantity):
        return None
    gap = sign.start - reading.tokens[quantity.last].end
    if gap > 1:
        return None
    last = at
    if sign.kind == "s":
        following = reading.token(at + 1)
        glued_right = following is not None and following.glued and following.kind == "n"
        if glued_right:
            return None  # 5 $20 bills: a sign stands before its number where it can
        if sign.text == "¢":
            amount = make_amount(quantity, None, "money:minor", STRONG)
            amount.minor, amount.last = True, at
            return amount
        code = reading.lex.symbols[sign.text].code
        if following is not None and following.glued and following.kind == "w":
            if following.low == "ur" and sign.text == "€":
                last = at + 1
            elif gap or len(following.low) > 3:
                return None  # 3 $lim: a styled name
    elif sign.kind == "w":
        following = reading.token(at + 1)
        joined = reading.lex.symbols.get(sign.text.upper() + (following.text if following else ""))
        if following is None or not following.glued or following.kind != "s" or joined is None:
            return None
        beyond = reading.token(at + 2)
        if beyond is not None and beyond.glued and beyond.kind in "nw":
            return None
        code, last = joined.code, at + 1
    else:
        return None
    amount = make_amount(quantity, code, "money:symbol", CERTAIN if not gap else STRONG)
    amount.last = last
    if code == "$":
        amount.currency = sign_currency(reading, at)
    return amount


def _word_after(reading: Reading, quantity: Quantity) -> Amount | None:
    at = quantity.last + 1
    token = reading.token(at)
    if token is None or token.kind not in "wp" or token.start - _end(reading, quantity) > GAP:
        return None
    if token.text == "-" and (reading.token(at + 1) or token).kind == "w":
        at += 1  # 20-dollar
    if reading.low(at) in WHOLE and quantity.scaled:
        at += 1  # 2 millones de pesos
    code: str | None = None
    last = at
    unit = reading.lex.words.get(reading.low(at))
    need = ""
    if unit is None:
        found = _adjective_first(reading, at)
        if found is None:
            return _minor_after(reading, quantity, at)
        code, last = found
    else:
        code, need = currency_of(unit.code, reading, at), unit.need
        adjective = reading.lex.adjectives.get((reading.low(at + 1), unit.code))
        if adjective:
            code, last = adjective, at + 1
    if not _allowed(reading, quantity, need, at, last):
        return None
    if reading.tokens[quantity.first].text.startswith("00"):
        return None  # 600 000: the tail of a longer number
    if reading.low(at) in ("buck", "bucks") and quantity.low <= 12 and (
        reading.near(at, "context_deer", 8)
    ):  # fmt: skip
        return None  # 3 bucks n a doe
    if reading.low(at) == "peso" and reading.low(at + 1) == "de" and quantity.low == 1:
        return None  # un peso de encima
    if reading.low(at) == "dollar" and reading.low(quantity.last) in ("million", "billion") and (
        not quantity.figures and not free(reading, last + 1)
    ):  # fmt: skip
        return None  # a million dollar baby
    confidence = CERTAIN if not need else LIKELY
    if reading.low(at) == "bucks" and (reading.tokens[at].text[0] == "B" or not quantity.low):
        confidence = LIKELY
    amount = make_amount(quantity, code, "money:word", confidence)
    amount.last = last
    if code is None:
        amount.notes.append("several countries have a currency of this name")
    return amount


def _end(reading: Reading, quantity: Quantity) -> int:
    return reading.tokens[quantity.last].end


def _adjective_first(reading: Reading, at: int) -> tuple[str, int] | None:
    """Read ``canadian dollars``, ``united states dollars``, ``egyptianpound``."""
    for length in (1, 2):
        words = [reading.low(at + step) for step in range(length)]
        noun = reading.lex.words.get(reading.low(at + length))
        if noun is not None:
            key = (" ".join(words), noun.code)
            if key in reading.lex.adjectives:
                last = at + length
                after = reading.low(last + 1)
                return reading.lex.adjectives[key], last + (after == "masriya")
    word = reading.low(at)
    if 8 <= len(word) <= 24 and word in anchors():
        for (adjective, noun_code), code in reading.lex.adjectives.items():
            if word.startswith(adjective):
                noun = reading.lex.words.get(word[len(adjective) :])
                if noun is not None and noun.code == noun_code:
                    return code, at
    return None


def _minor_after(reading: Reading, quantity: Quantity, at: int) -> Amount | None:
    unit = reading.lex.minors.get(reading.low(at))
    whole = reading.whole(quantity.first, at)
    if unit is None:
        if not (reading.low(at) == "c" and whole):
            return None
        unit = Unit("")
    if unit.need == "compound" or reading.tokens[at].text == "Pence":
        return None  # Pence: a name
    singular = reading.low(at) in ("cent", "penny")
    if singular and quantity.low != 1 and not whole and not reading.near(at, "context_money"):
        return None  # 50 Cent: a name
    if quantity.low == 2 and not whole and reading.low(quantity.first - 1) in ("my", "his", "her"):
        return None  # my two cents
    amount = make_amount(quantity, unit.code or None, "money:minor", STRONG)
    amount.minor, amount.last = True, at
    amount.low, amount.high = amount.low / 100, amount.high / 100
    if unit.code == "" and reading.low(at).startswith("c") and reading.low(at).endswith("os"):
        amount.currency = None
    return amount


def _allowed(reading: Reading, quantity: Quantity, need: str, at: int, last: int) -> bool:
    """Return whether a currency word that is also another word means money here."""
    if not need:
        return not bound_left(reading, quantity)
    whole = reading.whole(quantity.first, last)
    if need == "pound":
        if whole or reading.region == "GB":
            return True
        heavy = reading.near(at, "context_weight", 8) or reading.low(last + 1) == "of"
        signed = "£" in reading.text[:5000] or reading.near(at, "context_money", 12)
        priced = reading.low(last + 1) in ("per", "each") or reading.near(last + 3, "pence", 3)
        return priced or (signed and not heavy)
    if need == "won":
        return quantity.low >= 1000 or reading.region in ("KR", "VN", "ZA")
    if need == "es":
        return whole or reading.spanish(at) or quantity.figures is False
    if need == "ball":  # cincuenta bolas, not two balls
        return quantity.low >= 10 and quantity.low % 5 == 0 and reading.low(last + 1) != "de"
    if need == "pe":
        return reading.region == "PE"
    return True


def _code_beside(reading: Reading, quantity: Quantity) -> Amount | None:
    """Read ``USD 20``, ``20 EUR``, ``GBP5``, ``Kč1000``, ``ringgit 42``."""
    dotted = reading.low(quantity.first - 1) == "." and reading.low(quantity.first - 2) in (
        "rs", "rp", "bs",
    )  # fmt: skip
    left = quantity.first - 1 - dotted
    if reading.tokens[quantity.first].text.startswith("00"):
        return None
    for at, side in ((left, "before"), (quantity.last + 1, "after")):
        token = reading.token(at)
        if token is None or token.kind != "w" or at in reading.taken:
            continue
        edge = reading.tokens[quantity.first]
        gap = edge.start - token.end if side == "before" else token.start - _end(reading, quantity)
        if gap > GAP:
            continue
        if side == "after" and bound_left(reading, quantity):
            continue
        prior = reading.token(at - 1)
        if not quantity.figures and len(token.text) < 3:
            continue
        if side == "before" and token.glued and prior is not None and prior.kind in "nw":
            continue
        code = _code(reading, quantity, at, side, gap)
        if code is None:
            continue
        first, last = (at, quantity.last) if side == "before" else (quantity.first, at)
        if first > 0 and reading.low(first - 1) in ("malaysia", "malaysian"):
            first -= 1
        if side == "after" and reading.text[token.end : token.end + 2] in (".E", ".e"):
            last = at + 2
        amount = make_amount(quantity, code, "money:code", STRONG)
        amount.first, amount.last = first, last
        return amount
    return None


def _code(reading: Reading, quantity: Quantity, at: int, side: str, gap: int) -> str | None:
    token = reading.tokens[at]
    whole = reading.whole(min(at, quantity.first), max(at, quantity.last))
    sign = reading.lex.letter_signs.get(token.text)
    if sign is not None:
        home = normal.region_currency(reading.region) == sign.code
        following = reading.tokens[at + 1 : at + 3]
        dotted = token.text == "L" and [t.low for t in following] == [".", "E"]
        if (
            home
            or dotted
            or sign.need == "any"
            or (sign.need == side)
            or (sign.need == "glued" and not gap and quantity.low >= 100)
        ):
            return sign.code
    if (
        token.low == "l"
        and side == "after"
        and [t.low for t in reading.tokens[at + 1 : at + 3]] == [".", "e"]
    ):
        return "EGP"
    if token.low == "le" and whole:
        return "EGP"
    unit = reading.lex.codes.get(token.text.upper())
    if unit is not None:
        upper = token.text.isupper()
        need = unit.need
        cue = reading.near(at, "context_money", 10) or quantity.low >= 1000
        if (
            need == "any"
            or (need == "upper" and (upper or whole))
            or (need in ("cue", "word") and upper and cue)
        ):
            return unit.code
    word = reading.lex.words.get(token.low)
    if side == "before" and word is not None and word.code in ("MYR", "INR", "THB", "KES"):
        return word.code
    return None
