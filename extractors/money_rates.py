"""Rates: a price per unit of time or service, alone (``120 qv``) or as a card."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from extractors.base import LIKELY, STRONG
from extractors.money_amounts import Amount
from extractors.money_tokens import Quantity, Reading

STRONG_UNITS: Final[dict[str, str]] = {
    "qv": "qv", "qk": "qv", "qv's": "qv", "quickie": "qv", "hh": "hh", "hhr": "hh", "hlf": "hh",
    "halfhour": "hh", "halfhr": "hh", "fhr": "hr", "ss": "ss", "shortstay": "ss",
}  # fmt: skip
"""Units that mean nothing else beside a number: quick visit, half hour, short stay."""
WEAK_UNITS: Final[dict[str, str]] = {
    "hr": "hr", "h": "hr", "hour": "hr", "hrs": "hr", "half": "hh", "full": "hr", "quick": "qv",
    "night": "night", "nite": "night", "overnight": "night", "on": "night", "in": "incall",
    "out": "outcall", "incall": "incall", "media": "hh", "outcall": "outcall", "incalls": "incall",
    "outcalls": "outcall", "hora": "hr", "noche": "night", "rato": "qv", "day": "day",
    "week": "week", "month": "month", "min": "min", "mins": "min",
}  # fmt: skip
PER: Final = frozenset({"an", "a", "per", "/", "each", "every", "la", "el", "x", "por", "al", "pr"})
PER_UNITS: Final[dict[str, str]] = {
    "hr": "hr", "hour": "hr", "h": "hr", "hora": "hr", "hh": "hh", "half": "hh", "qv": "qv",
    "night": "night", "nite": "night", "noche": "night", "day": "day", "d": "day", "dia": "day",
    "week": "week", "wk": "week", "semana": "week", "month": "month", "mo": "month", "mes": "month",
    "yr": "year", "year": "year", "head": "person", "person": "person",
    "visit": "visit", "guy": "person", "girl": "person", "rato": "qv", "min": "min",
    "piece": "each",
    "minute": "min", "msg": "message",
}  # fmt: skip
GOODS: Final = frozenset(
    "pop gram g oz ounce zip pill bag perc eighth 8th dose ball blunt plate "
    "ticket box pair bottle shot drink dance song video vid pic picture set bar tab bean".split()
)
"""Things sold one by one: ``20 a pill``."""
LINK: Final = frozenset(
    {"for", "4", "the", "a", "an", "=", ":", "-", "/", "x", "per", "por", "la", "una", "is", "are",
     "at", "de", "|", ".", ",", "~", "$", "on", "un"}
)  # fmt: skip
HALF: Final = frozenset({"half", "1/2", "media", "medio"})
HOURS: Final = frozenset({"hour", "hr", "hora", "h", "hrs", "hours", "horas"})
MINUTES: Final = frozenset({"min", "mins", "minute", "minutes", "minutos", "mns", "m"})
CARD_MARKS: Final = frozenset("/ - , | . : = ~ $ & n and y or • ·".split())


UNIT_WORDS: Final = (
    HALF | HOURS | MINUTES | set(STRONG_UNITS) | set(WEAK_UNITS) - {"in", "on", "out"}
    | {"short", "quick", "one", "una", "all", "whole", "rate", "rates", "special", "specials",
       "roses", "rose", "donation", "donations", "donos", "dono", "pricing", "prices", "price",
       "menu", "ins", "outs", "upscale"}
)  # fmt: skip
"""Words of which a card holds one; a text without them is not searched for pairs."""


@dataclass(frozen=True, slots=True)
class RateUnit:
    """A unit read in a text: its tokens, name, and whether it alone means a rate."""

    first: int
    last: int
    name: str
    strong: bool


UNIT_STARTS: Final = (
    HALF | set(STRONG_UNITS) | set(WEAK_UNITS) | {"full", "whole", "one", "una", "short", "all"}
)
"""Words with which :func:`unit_at` begins a unit."""


def unit_at(reading: Reading, at: int) -> RateUnit | None:
    """Read the unit that begins at a token: ``hh``, ``half hour``, ``1/2 hr``, ``30 min``."""
    low, after = reading.low(at), reading.low(at + 1)
    token = reading.token(at)
    if token is None or (token.kind != "n" and low not in UNIT_STARTS):
        return None
    if token.kind == "n":
        if token.text == "1" and after == "/" and reading.low(at + 2) == "2":
            return RateUnit(at, at + 3, "hh", True) if reading.low(at + 3) in HOURS else None
        if after in MINUTES and token.text in ("10", "15", "20", "30", "45", "60", "90"):
            return RateUnit(at, at + 1, f"{token.text} min", False)
        if after in HOURS and len(token.text) <= 2:
            return RateUnit(at, at + 1, "hr" if token.text == "1" else f"{token.text} hr", False)
        return None
    if low == "half" and after not in HOURS and (
        reading.low(at - 1) in ("first", "second", "1st", "2nd", "other", "better")
        or (reading.low(at - 1) in ("the", "a") and reading.low(at - 2) in ("at", "by", "in"))
    ):  # fmt: skip
        return None  # 66-80 at the half
    if low in HALF or low == "half":
        skip = at + 1 + (after in ("an", "a", "-"))
        if reading.low(skip) in HOURS:
            return RateUnit(at, skip, "hh", True)
    if low in ("full", "whole", "one", "una") and after in HOURS:
        return RateUnit(at, at + 1, "hr", True)
    if low == "quick" and after in ("visit", "stop"):
        return RateUnit(at, at + 1, "qv", True)
    if low == "short" and after == "stay":
        return RateUnit(at, at + 1, "ss", True)
    if low == "all" and after in ("night", "nite"):
        return RateUnit(at, at + 1, "night", False)
    if low in STRONG_UNITS:
        return RateUnit(at, at, STRONG_UNITS[low], True)
    if low in WEAK_UNITS:
        return RateUnit(at, at, WEAK_UNITS[low], False)
    return None


def unit_after(reading: Reading, at: int) -> RateUnit | None:
    """Read ``an hour``, ``/hr``, ``for the night``, ``for 30 min``, ``hh`` behind an amount."""
    low = reading.low(at)
    if low in PER:
        step = at + 1 + (reading.low(at + 1) in ("the", "una", "la"))
        unit = unit_at(reading, step)
        if unit is not None and (unit.strong or unit.name == "hh"):
            return unit
        if reading.low(step) in PER_UNITS:
            return RateUnit(at, step, PER_UNITS[reading.low(step)], False)
        if low in ("a", "an", "per", "each") and reading.low(step) in GOODS:
            return RateUnit(at, step, "item", False)
    if low in ("for", "4", "por"):
        step = at + 1
        while reading.low(step) in ("the", "a", "an", "my", "la", "una"):
            step += 1
        unit = unit_at(reading, step)
        if unit is not None and unit.name not in ("incall", "outcall"):
            return unit
        return None
    if low in STRONG_UNITS:
        return RateUnit(at, at, STRONG_UNITS[low], True)
    if low in ("hr", "half", "hour", "night", "nightly", "weekly", "hourly", "each", "apiece"):
        return RateUnit(at, at, low.removesuffix("ly") if low != "apiece" else "each", False)
    return None


def is_price(reading: Reading, quantity: Quantity, floor: int = 20) -> bool:
    """Return whether a number may be a price: whole, of twenty to five thousand, no year."""
    low = quantity.low
    return (
        floor <= low <= 5000
        and low == low.to_integral_value()
        and not quantity.vague
        and not (1990 <= low <= 2039 and low % 50)
        and not reading.tokens[quantity.first].text.startswith(("0", "０"))
    )


def card(reading: Reading, found: list[Quantity]) -> list[Amount]:
    """Return the prices of rate cards: numbers and units in turn, or a list of numbers."""
    starts = {q.first: q for q in found if q.first not in reading.taken}
    if not starts:
        return []
    if UNIT_WORDS.isdisjoint(reading.words):
        return _list(reading, starts) if reading.holds("context_ad") else []
    return [*_pairs(reading, starts), *_list(reading, starts)]


def _pairs(reading: Reading, starts: dict[int, Quantity]) -> list[Amount]:
    items: list[Quantity | RateUnit] = []
    amounts: list[Amount] = []
    at = 0
    size = len(reading.tokens)
    seen_link = 0
    while at <= size:
        unit = unit_at(reading, at) if at < size and at not in reading.taken else None
        quantity = starts.get(at)
        if unit is not None and not (
            quantity is not None and items and isinstance(items[-1], RateUnit)
            and unit.name.endswith("min") is False and unit.strong is False
        ):  # fmt: skip
            items.append(unit)
            at, seen_link = unit.last + 1, 0
        elif quantity is not None and is_price(reading, quantity) and not _tail(reading, quantity):
            items.append(quantity)
            at, seen_link = quantity.last + 1, 0
        elif items and seen_link < 3 and at < size and (
            reading.low(at) in LINK or reading.low(at) in CARD_MARKS
            or reading.tokens[at].kind == "l" or at in reading.taken
            or not reading.low(at).isalnum()
        ):  # fmt: skip
            seen_link += 1
            at += 1
        else:
            amounts.extend(_close(reading, items))
            items, seen_link = [], 0
            at += 1
    return amounts


def _tail(reading: Reading, quantity: Quantity) -> bool:
    """Return whether the figures are glued to what stands before them, a slash aside."""
    token = reading.tokens[quantity.first]
    before = reading.token(quantity.first - 1)
    if before is None or not token.glued:
        return False
    if before.low in STRONG_UNITS or before.low in ("hr", "half", "full"):
        return before.glued and reading.tokens[quantity.first - 2].kind in "wn"  # qv80 is a price
    return before.kind in "wn" or before.text in "_#@."


def _close(reading: Reading, items: list[Quantity | RateUnit]) -> list[Amount]:
    """Pair the items of one run."""
    if len(items) < 2:
        return []
    begin = 0
    pairs: list[tuple[Quantity, RateUnit]] = []
    unit_first = isinstance(items[0], RateUnit) and _marks_price(reading, items)
    while begin + 1 < len(items):
        one, two = items[begin], items[begin + 1]
        if unit_first and isinstance(one, RateUnit) and isinstance(two, Quantity):
            pairs.append((two, one))
            begin += 2
        elif not unit_first and isinstance(one, Quantity) and isinstance(two, RateUnit):
            pairs.append((one, two))
            begin += 2
        else:
            begin += 1
    sure = any(unit.strong for _, unit in pairs)
    rounded = all(quantity.low % 5 == 0 for quantity, _ in pairs)
    several = len(pairs) >= 2 and rounded
    context = reading.near(items[0].first, "context_card", 12) if pairs else False
    amounts = []
    for quantity, unit in pairs:
        alone = (
            unit.strong
            or (several and (sure or context))
            or (rounded and quantity.low >= 60 and _weak_alone(reading, quantity, unit))
        )
        if not alone:
            continue
        reading.taken.update(range(quantity.first, quantity.last + 1))
        joined = unit.first == quantity.last + 1
        last = unit.last if joined else quantity.last
        amounts.append(
            Amount(
                quantity.first,
                last,
                quantity.low,
                quantity.high,
                None,
                "money:rate",
                STRONG if sure or several else LIKELY,
                unit=unit.name,
                figures=quantity.figures,
            )
        )
    return amounts


def _marks_price(reading: Reading, items: list[Quantity | RateUnit]) -> bool:
    """Return whether units come before their prices: the run ends in a price, or marks say so."""
    if isinstance(items[-1], Quantity):
        return True
    second = items[1]
    between = {reading.low(at) for at in range(items[0].last + 1, second.first)}
    return bool(between & {":", "=", "is"}) and isinstance(second, Quantity)


def _weak_alone(reading: Reading, quantity: Quantity, unit: RateUnit) -> bool:
    """Return whether one pair with ``hr`` or ``half`` means a price: 200 hr, not 72 hr."""
    if quantity.low % 10 or unit.name not in ("hr", "hh", "night", "15 min", "30 min", "1 hr"):
        return False
    if reading.low(unit.last) in ("hrs", "hours", "horas"):
        return False
    if unit.first < quantity.first:
        after = reading.token(quantity.last + 1)
        free = after is None or after.kind in "lp" or after.low in reading.lex.cue("next")
        linked = reading.low(quantity.first - 1) in ("is", "=", ":", "its", "it's")
        return linked and free
    between = {reading.low(at) for at in range(quantity.last + 1, unit.first)}
    if between & {"for", "4", "an", "per", "a", "/", "por", "la"} and quantity.low <= 3000:
        return not reading.near(quantity.first, "context_speed", 8)
    after = reading.token(unit.last + 1)
    return unit.name in ("hr", "hh") and reading.low(unit.last) != "h" and (
        after is None or after.kind in "lpn" or after.low in reading.lex.cue("next")
    ) and quantity.low <= 1000  # fmt: skip


def _list(reading: Reading, starts: dict[int, Quantity]) -> list[Amount]:
    """Read ``60/100/160`` beside words of a rate card."""
    amounts: list[Amount] = []
    for first in sorted(starts):
        run = [starts[first]]
        if first in reading.taken or _tail(reading, run[0]):
            continue
        mark = reading.low(first - 1)
        if mark in ("/", "-") and reading.tokens[first].glued:
            continue
        while True:
            at = run[-1].last + 1
            if reading.low(at) not in ("/", "-", ",") or at + 1 not in starts:
                break
            run.append(starts[at + 1])
        end = run[-1].last
        follows = reading.token(end + 1)
        if follows is not None and follows.glued and follows.text in ("/", "-", ":"):
            continue
        rising = all(a.low < b.low for a, b in pairwise(run))
        if not 2 <= len(run) <= 5 or not rising:
            continue
        priced = all(is_price(reading, q, 30) and q.low % 5 == 0 for q in run)
        said = reading.near(first, "context_card", 10) or (
            len(run) >= 3 and reading.near(first, "context_ad", 10)
        )
        if not priced or not said:
            continue
        if len(run) == 2 and reading.low(first + 1) == "-":
            continue  # a range
        units = _units_after(reading, end + 1, len(run))
        for quantity, unit in zip(run, units, strict=True):
            reading.taken.update(range(quantity.first, quantity.last + 1))
            amounts.append(
                Amount(
                    quantity.first,
                    quantity.last,
                    quantity.low,
                    quantity.high,
                    None,
                    "money:card",
                    LIKELY,
                    unit=unit,
                )
            )
    return amounts


def _units_after(reading: Reading, at: int, count: int) -> list[str]:
    """Return the units listed behind a list of prices, or ``rate`` for each where they differ."""
    names: list[str] = []
    while len(names) < count:
        at += reading.low(at) in CARD_MARKS
        unit = unit_at(reading, at)
        if unit is None:
            return ["rate"] * count
        names.append(unit.name)
        at = unit.last + 1
    return names


def attach_unit(reading: Reading, amount: Amount) -> None:
    """Note the unit of a rate behind an amount that states its money: ``$150 hh``, ``$20/mo``."""
    if amount.unit is None:
        unit = unit_after(reading, amount.last + 1)
        if unit is not None:
            amount.unit = unit.name


def _cents(quantity: Quantity) -> bool:
    """Return whether a number has two decimals, as prices have."""
    return quantity.decimals and quantity.low.as_tuple().exponent == -2


def rate_alone(reading: Reading, quantity: Quantity) -> str | None:
    """Return the unit of a bare ``200 an hour``, ``80 for 15 mins``, ``60/qv``, or None."""
    unit = unit_after(reading, quantity.last + 1)
    if unit is None or reading.near(quantity.first, "context_speed", 8):
        return None
    if not quantity.figures and quantity.low < 10:
        return None
    lone = unit.first == quantity.last + 1 and unit.first == unit.last
    if unit.name == "each" and _cents(quantity):
        return "each"
    if lone and not unit.strong and (unit.name != "each" or quantity.low % 5):
        return None  # 200 hr: judged with its card
    name = unit.name
    money = reading.near(quantity.first, "context_money", 10)
    floor = Decimal(20)
    connector = reading.low(quantity.last + 1)
    if name in ("hr", "hour") and connector in ("an", "per", "la", "/"):
        floor = Decimal(10)
    elif name == "item":
        floor = Decimal(5)
    elif name in ("each", "apiece"):
        floor = Decimal(20)
    elif name in ("day", "week", "month", "year", "night", "person", "each", "visit", "min"):
        head = reading.low(unit.last) == "head" and quantity.low % 5 == 0
        floor = Decimal(20) if money or head else Decimal(50)
    elif name.endswith("min") and name != "min":
        floor = Decimal(30)
    elif name in ("message", "half", "hourly", "hour"):
        return None
    if quantity.low < floor or quantity.low > 20000:
        return None
    after = reading.token(unit.last + 1)
    if lone and name == "each" and after is not None and after.kind == "w" and (
        after.low not in reading.lex.cue("next")
    ):  # fmt: skip
        return None  # 40 each team
    if connector in ("for", "4", "por") and not unit.strong and quantity.low % 5:
        return None
    if name.endswith(" hr") and not money and quantity.low < 60:
        return None
    return name
