"""What a text says about an amount: purpose, instrument, direction, counterpart, status."""

from __future__ import annotations

import re
from typing import Final

from extractors.money_amounts import Amount
from extractors.money_tokens import Reading

INSTRUMENTS: Final[dict[str, str]] = {
    "cashapp": "cashapp", "venmo": "venmo", "venmod": "venmo", "zelle": "zelle", "zell": "zelle",
    "zelled": "zelle", "cashapped": "cashapp", "paypal": "paypal", "chime": "chime",
    "applepay": "applepay", "greendot": "greendot", "bitcoin": "btc", "btc": "btc",
    "giftcard": "giftcard", "giftcards": "giftcard", "cash": "cash", "efectivo": "cash",
    "moneygram": "moneygram", "remitly": "remitly", "oxxo": "oxxo", "wire": "wire",
    "wired": "wire", "transferencia": "wire", "vanilla": "giftcard", "prepaid": "card",
    "card": "card", "tarjeta": "card", "check": "check", "cheque": "check",
}  # fmt: skip
PAIRS: Final[dict[tuple[str, str], str]] = {
    ("cash", "app"): "cashapp", ("apple", "pay"): "applepay", ("google", "pay"): "googlepay",
    ("gift", "card"): "giftcard", ("gift", "cards"): "giftcard", ("green", "dot"): "greendot",
    ("western", "union"): "westernunion", ("pay", "pal"): "paypal", ("money", "order"):
    "moneyorder", ("samsung", "pay"): "samsungpay",
}  # fmt: skip
"""Two words that are one service."""

MEANS: Final = frozenset(INSTRUMENTS) | {first for first, _ in PAIRS}
"""Words of which a text that names a service or a means holds one."""

PURPOSES: Final = (
    ("context_debt", "debt"), ("context_split", "split"), ("context_fee", "fee"),
    ("context_rate", "rate"), ("context_transfer", "transfer"), ("context_price", "price"),
    ("context_wage", "wage"),
)  # fmt: skip
"""Cue groups that tell what an amount is for, the first that stands near decides."""

TO_ME: Final = frozenset({"me", "us"})
MOVES: Final = frozenset(
    "app borrow borrowed get got made make spent spend lost blew just cobro charge cobraron "
    "cobran".split()
)
"""Other words that :func:`direction` starts from."""
FROM_ME: Final = frozenset({"i", "ill", "i'll", "im", "i'm", "ive", "i've", "imma", "ima"})
RECIPIENT: Final = re.compile(
    r"\$[A-Za-z][\w-]{0,29}|(?<![\w.])@[\w.][\w.-]{1,29}|"
    r"(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?!\d)"
)
"""A cash tag, a handle or a North American number, as the other side of a transfer."""


def instrument(reading: Reading, amount: Amount) -> str | None:
    """Return the service or means named within eight words of the amount, the nearest."""
    if MEANS.isdisjoint(reading.words):
        return None
    best: tuple[int, str] | None = None
    for at in range(max(0, amount.first - 8), min(len(reading.tokens), amount.last + 9)):
        low = reading.tokens[at].low
        name = PAIRS.get((low, reading.low(at + 1))) or INSTRUMENTS.get(low)
        if name is None or (low in ("check", "card", "wire") and name != "giftcard" and (
            reading.low(at - 1) in ("to", "please", "pls", "ill", "gonna", "sim", "id")
        )):  # fmt: skip
            continue
        if low == "app" or (low == "cash" and PAIRS.get((low, reading.low(at + 1)))):
            name = "cashapp"
        distance = amount.first - at if at < amount.first else at - amount.last
        if name == "cash" and best is not None:
            continue
        if best is None or distance < best[0] or best[1] == "cash":
            best = (distance, name)
    return best[1] if best else None


def purpose(reading: Reading, amount: Amount) -> str | None:
    """Return what the amount is for: rate, debt, fee, split, wage, price, transfer or None."""
    at = amount.first
    if amount.unit is not None and amount.unit not in ("each",):
        wage = reading.near(at, "context_wage", 10)
        return "wage" if wage else "rate"
    if amount.rule in ("money:rate", "money:card", "money:euphemism"):
        return "rate"
    for group, name in reading.held(PURPOSES):
        if reading.near(at, group, 6):
            return name
    return "transfer" if instrument(reading, amount) not in (None, "cash") else None


def direction(reading: Reading, amount: Amount) -> str | None:
    """Return ``to_author`` or ``from_author`` where a verb with its person stands before."""
    if not (
        reading.holds("giving") or reading.holds("to_me_es") or reading.holds("from_me_es")
        or not MOVES.isdisjoint(reading.words)
    ):  # fmt: skip
        return None
    begin = max(0, amount.first - 7)
    words = [reading.low(at) for at in range(begin, amount.first)]
    for back in range(len(words) - 1, -1, -1):
        word = words[back]
        before = words[:back]
        after = words[back + 1] if back + 1 < len(words) else ""
        if word in (".", "!", "?", "\n"):
            return None
        if word == "app" and back and words[back - 1] == "cash" and after in TO_ME:
            return "to_author"
        if word in ("borrow", "borrowed", "get", "got", "made", "make") and "i" in before[-2:]:
            return "to_author" if word != "get" else None
        if word in reading.lex.cue("giving") and after in TO_ME:
            return "from_author" if word.startswith("charg") else "to_author"
        if word in reading.lex.cue("giving") or word in ("spent", "spend", "lost", "blew", "just"):
            subject = set(before[-3:]) & FROM_ME
            if subject:
                return "from_author"
            if word == "sent" and not set(before[-3:]) & {"he", "she", "they", "u", "you"} and (
                after in ("u", "you", "him", "her") or (before and before[-1] == "just")
            ):  # fmt: skip
                return "from_author"
        own = word in reading.lex.cue("to_me_es") and (
            word.endswith("me") or (before and before[-1] == "me")
        )
        if (own and word not in ("mande", "pague")) or (own and before and before[-1] == "me"):
            return "to_author"
        if word in reading.lex.cue("from_me_es") and (
            not before or before[-1] not in ("me", "nos")
        ):
            return "from_author"
        if word in ("cobro",):
            return "to_author"
        if word == "charge" and before and before[-1] in ("i", "id"):
            return "to_author"
        if word in ("cobraron", "cobran") and before and before[-1] == "me":
            return "from_author"
    return None


def counterpart(reading: Reading, amount: Amount, kind: str | None) -> str | None:
    """Return the handle, number or name on the other side of a transfer or debt, as written."""
    if kind not in ("transfer", "debt"):
        return None
    start, end = reading.tokens[amount.first].start, reading.tokens[amount.last].end
    low, high = max(0, start - 60), end + 60
    for match in RECIPIENT.finditer(reading.text, low, high):
        if match.end() <= start or match.start() >= end:
            return match.group()
    for at in range(max(0, amount.first - 4), amount.first):
        word = reading.low(at)
        named = reading.token(at + 1)
        if (
            word in reading.lex.cue("giving") | {"debe", "debo"}
            and named is not None
            and at + 1 < amount.first
        ):
            if _is_name(reading, at + 1):
                return named.text
            if named.low in TO_ME and at and _is_name(reading, at - 1):
                return reading.tokens[at - 1].text
    for at in range(amount.last + 1, amount.last + 4):
        if reading.low(at) in ("to", "from", "de") and _is_name(reading, at + 1):
            return reading.tokens[at + 1].text
    return None


def _is_name(reading: Reading, at: int) -> bool:
    token = reading.token(at)
    if token is None or token.kind != "w" or len(token.low) < 3:
        return False
    lex = reading.lex
    groups = ("name_stop", "next", "next_es", "skip", "context_money")
    common = any(token.low in lex.cue(group) for group in groups)
    return not common or (token.low in ("daddy", "papi", "mami", "bae"))


def status(reading: Reading, amount: Amount) -> str | None:
    """Return a word on the state of a transfer within eight words: sent, pending, declined."""
    if not reading.holds("status"):
        return None
    words = reading.lex.cue("status")
    for at in range(max(0, amount.first - 6), min(len(reading.tokens), amount.last + 9)):
        low = reading.tokens[at].low
        if low in words and low not in ("sent", "complete"):
            return low
    return next(
        ("sent" for at in range(max(0, amount.first - 4), amount.last + 5)
         if reading.low(at) in ("sent", "enviado")), None
    )  # fmt: skip
