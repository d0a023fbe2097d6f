"""Bare numbers that a word before them makes money: ``owes me 300``, ``rent is 750``."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Final

from extractors.base import LIKELY, STRONG
from extractors.money_amounts import Amount
from extractors.money_tokens import Quantity, Reading

VERBS: Final = ("owe", "offer", "borrow", "pay", "send", "apps", "bring", "charge", "spend", "fine")
"""Cue groups that speak for a number of ten or more behind them."""

WEAK: Final = ("gain", "give", "want", "have", "lose", "invest", "sell", "hold", "keep", "say")
"""Cue groups that speak for a round number of fifty or more, or with more evidence."""

PHRASES: Final[dict[tuple[str, str], str]] = {
    ("cash", "app"): "apps", ("turn", "in"): "bring", ("turned", "in"): "bring",
    ("turns", "in"): "bring", ("western", "union"): "send", ("apple", "pay"): "apps",
    ("money", "gram"): "apps", ("2", "walmart"): "apps", ("to", "walmart"): "apps",
    ("half", "of"): "spend", ("mitad", "de"): "spend", ("asked", "for"): "charge",
    ("ask", "for"): "charge", ("asking", "for"): "charge", ("askin", "for"): "charge",
    ("starting", "at"): "charge", ("starts", "at"): "charge", ("low", "as"): "charge",
    ("drop", "off"): "bring", ("dropped", "off"): "bring", ("drops", "off"): "bring",
    ("can", "do"): "bring", ("could", "do"): "bring", ("wud", "do"): "bring",
    ("asks", "for"): "charge", ("$", "happ"): "apps", ("bet", "u"): "offer",
    ("bet", "you"): "offer", ("bet", "him"): "offer", ("bet", "me"): "offer",
    ("bet", "her"): "offer",
}  # fmt: skip

BODILY: Final = frozenset({"heart", "pulse", "breathing", "respiratory", "frame", "refresh"})
"""Words before ``rate`` that make it no price."""
TAKES: Final = frozenset({"take", "takes", "took", "takin", "taking"})
ROUTE_NEXT: Final = frozenset(
    "to toward towards into down up east west north south til till until past all over".split()
)
REACH: Final = 6
"""Words that may stand between a cue and its number."""


TRADES: Final = (
    "the room", "a room", "do it", "doing it", "doin it", "do that", "let it go",
    "got it", "get it", "take it", "did it", "let u", "see u", "see you", "work for",
)  # fmt: skip


WHOM: Final = frozenset("u you ya him her them us me ti el ella".split())
GETS: Final = frozenset({"got", "get", "copped", "grabbed", "snagged", "found"})
THESE: Final = frozenset({"the", "these", "those", "this", "that", "some", "them", "em", "a"})


def cued(
    quantity: Quantity, rule: str, confidence: float, cue: str = "", unit: str | None = None
) -> Amount:
    """Return a bare amount that a cue word or a unit speaks for."""
    amount = Amount(
        quantity.first, quantity.last, quantity.low, quantity.high, None, rule, confidence,
        unit=unit, figures=quantity.figures,
    )  # fmt: skip
    if quantity.vague:
        amount.notes.append("about")
    if cue:
        amount.notes.append(f"cue {cue}")
    return amount


def is_year(quantity: Quantity) -> bool:
    """Return whether figures look like a year of our time."""
    low = quantity.low
    return quantity.figures and not quantity.scaled and 1900 <= low <= 2039


def is_round(quantity: Quantity) -> bool:
    """Return whether a number is fifty or more and ends in a nought."""
    return quantity.low >= 50 and quantity.low % 10 == 0


def by_cue_before(reading: Reading, quantity: Quantity) -> Amount | None:
    """Look back over pronouns and small words to a verb or a noun of money."""
    lex = reading.lex
    skip, copula = lex.cue("skip"), lex.cue("copula")
    noun_only = False
    stranger = False
    for back in range(1, REACH + 1):
        token = reading.token(quantity.first - back)
        if token is None or token.kind == "l":
            return None
        low = token.low
        priced = low in lex.cue("price") or (low in lex.cue("goods") and quantity.low >= 20)
        if priced and not (low in lex.cue("charge") and not noun_only):
            direct = back == 1 and low in lex.cue("direct")
            if low in ("rate", "rates") and reading.low(quantity.first - back - 1) in BODILY:
                return None
            clock = reading.low(quantity.first - 1) == "at" and (
                quantity.low <= 12 or (low == "tuition" and quantity.low < 1260)
            )
            if clock:
                return None
            if low in ("half", "percent") and "of" in {
                reading.low(quantity.first - step) for step in range(1, back)
            }:
                return None  # ten percent of a hundred
            if (direct or _copula_between(reading, quantity, back)) and quantity.low >= 10:
                if low in ("total", "balance", "check", "bill", "special", "cover", "paycheck",
                           "minimum", "cut") and quantity.low < 20:  # fmt: skip
                    return None
                if not is_year(quantity):
                    return cued(quantity, "money:noun", STRONG if not direct else LIKELY, low)
        group = next((g for g in VERBS if low in lex.cue(g)), None)
        two = (reading.low(quantity.first - back - 1), low)
        if two in PHRASES:
            group = PHRASES[two]
        elif two == ("me", "out") and reading.low(quantity.first - back - 2) == "cash":
            group = "apps"
        if group is not None and not noun_only:
            return _by_verb(reading, quantity, group, low, back, stranger)
        weak = next((g for g in WEAK if low in lex.cue(g)), None)
        if weak is not None and not noun_only and (not stranger or weak == "give"):
            amount = _by_weak_verb(reading, quantity, weak, low, back)
            if amount is not None:
                return amount
            if low not in skip:
                return None
            continue
        if low in skip or (token.kind == "p" and token.text in "~-:,"):
            if token.text in ":,":
                noun_only = token.text == ","
            continue
        if low in copula:
            noun_only = True
            continue
        before = reading.low(quantity.first - back - 1)
        if before in ("the", "my", "his", "her", "ur", "your", "la", "el", "mi", "tu", "su"):
            before = reading.low(quantity.first - back - 2)
        owing = {reading.low(quantity.first - back - step) for step in (1, 2)}
        if token.kind == "w" and back <= 2 and not owing.isdisjoint(lex.cue("owe")):
            stranger = True  # owes the weed man 60
            continue
        if token.kind in "wp" and not stranger and before in lex.cue("strangers"):
            stranger = True  # a name: owes mike 300
            continue
        return None
    return None


def _by_verb(
    reading: Reading, quantity: Quantity, group: str, low: str, back: int, stranger: bool
) -> Amount | None:
    floor = Decimal(20 if group == "bring" else 10)
    if group in ("owe", "borrow"):
        floor = Decimal(5)
    link = reading.low(quantity.first - 1)
    if is_year(quantity) and (group not in ("owe", "pay") or link in ("in", "since", "on")):
        return None
    if link in ("to", "in", "on") and (
        reading.low(quantity.first - 2) not in ("up", "turn", "turned") or (group == "bring"
        and link == "to")
    ):  # fmt: skip
        return None  # send STOP to 55501: a place to send it
    if link == "of" and reading.low(quantity.first - 2) not in reading.lex.cue("sums"):
        return None  # sends a team of 60
    if link in ("the", "tha", "da") and reading.low(quantity.first - 2) in ("to", "2", "onto"):
        return None  # transfer to the 87: a bus
    if link == "el" and quantity.low <= 31:
        return None  # pago el 15: a day
    if quantity.low < floor:
        return None
    if quantity.decimals and quantity.low != quantity.low.quantize(Decimal("0.01")):
        return None
    if low in ("front", "spot", "bond", "fine", "cost", "costs") and not quantity.scaled and (
        quantity.low < 10 or (low in ("front", "spot") and back == 1)
    ):  # fmt: skip
        return None
    if low in ("at", "do") and quantity.low < 20:
        return None  # starting at 9
    if group == "apps" and back > 4:
        return None
    if group == "bring" and stranger is False and not quantity.scaled and quantity.low % 5:
        return None
    return cued(quantity, "money:verb", STRONG if group in ("owe", "pay") else LIKELY, low)


def _by_weak_verb(
    reading: Reading, quantity: Quantity, group: str, low: str, back: int
) -> Amount | None:
    """Judge a number behind a verb that takes other things as well: made, got, want, gave."""
    money = reading.near(quantity.first, "context_money", 10)
    if is_year(quantity) or (quantity.decimals and not money):
        return None
    between = {reading.low(quantity.first - step) for step in range(1, back)}
    link = reading.low(quantity.first - 1)
    if link in ("a", "an") and quantity.low not in (5, 10, 20, 50, 100):
        return None  # got a 84 on the test; a 20 is a note
    if low in TAKES and _is_route(reading, quantity, link, money):
        return None
    judges = {"hold": _held_out, "sell": _sold, "want": _wanted, "have": _had, "keep": _kept,
              "say": _said}  # fmt: skip
    judge = judges.get(group, _gained)
    said = judge(reading, quantity, low, between, money)
    return cued(quantity, "money:verb", LIKELY, low) if said else None


def _is_route(reading: Reading, quantity: Quantity, link: str, money: bool) -> bool:
    """``take the 98 then transfer``, ``took 280 to the mall``: buses and roads."""
    if quantity.low >= 1000 or quantity.scaled:
        return False
    named = link in ("the", "da", "tha")
    if named and reading.low(quantity.last + 1) == "then":
        return True
    if money:
        return False
    if reading.near(quantity.first, "context_route", 6):
        return True
    after = reading.low(quantity.last + 1)
    return after in ROUTE_NEXT or (named and after == "from")


def _kept(reading: Reading, quantity: Quantity, low: str, between: set[str], money: bool) -> bool:
    """``so i keep 150``; not ``keep it 100``."""
    idiom = quantity.low == 100 and low.startswith("keep")
    return is_round(quantity) and not idiom and _ends(reading, quantity)


def _said(reading: Reading, quantity: Quantity, low: str, between: set[str], money: bool) -> bool:
    """``u sent 20 i said 40``: a sum among sums."""
    money = money or reading.near(quantity.first, "context_transfer", 6)
    return money and quantity.low >= 20 and quantity.low % 5 == 0 and _ends(reading, quantity)


def _ends(reading: Reading, quantity: Quantity) -> bool:
    """Return whether the clause ends behind the number, or goes on without a noun."""
    after = reading.low(quantity.last + 1)
    return after in ("", "\n") or after in reading.lex.cue("round_next")


def _held_out(
    reading: Reading, quantity: Quantity, low: str, between: set[str], money: bool
) -> bool:
    """``lemme hold 40``, ``run me 300``."""
    return low == "hold" or bool(between & {"me", "us", "hold", "get"})


def _sold(reading: Reading, quantity: Quantity, low: str, between: set[str], money: bool) -> bool:
    """``sold it for 80``."""
    if "for" in between:
        return quantity.low >= 10
    priced = reading.low(quantity.last + 1) in ("for", "a", "each", "por")
    return priced and money and quantity.low >= 50 and quantity.low % 5 == 0


def _wanted(reading: Reading, quantity: Quantity, low: str, between: set[str], money: bool) -> bool:
    """``need 60 for the room``, ``he want 300``."""
    after = reading.low(quantity.last + 1)
    if quantity.low < 20 or quantity.low % 5:
        return False
    if after == "de" and reading.low(quantity.last + 2) in reading.lex.cue("noun_ok"):
        return True  # quiere 500 de adelanto
    if after not in ("for", "para", "pa", "por") and not (
        is_round(quantity) and _ends(reading, quantity)
    ):
        return False
    purpose = reading.near(quantity.last + 2, "purpose", 2)
    return money or purpose or (quantity.low >= 50 and after != "in")


def _time_behind(reading: Reading, quantity: Quantity) -> bool:
    """Return whether the number counts minutes: ``got 30 for u at 5``."""
    return reading.near(quantity.last, "noun_time", 4)


def _had(reading: Reading, quantity: Quantity, low: str, between: set[str], money: bool) -> bool:
    """``got 300 on me``, ``got 40 for gas``."""
    after, then = reading.low(quantity.last + 1), reading.low(quantity.last + 2)
    purpose = after in ("for", "pa", "para") and reading.near(quantity.last + 2, "purpose", 2)
    on_me = after == "on" and then in ("me", "him", "her", "deck")
    at_hand = money and after in ("on", "in") and then in ("cash", "my", "the", "hand")
    ends = _ends(reading, quantity)
    if quantity.low >= 20 and quantity.low % 5 == 0:
        whose = (
            after in ("for", "4", "pa", "para")
            and then in WHOM
            and not _time_behind(reading, quantity)
        )
        if whose or (ends and "the" in between and reading.low(quantity.first - 1) == "the"):
            return True  # got 120 for u; u got the 60
    if quantity.low >= 10 and (purpose or on_me or at_hand):
        return True
    return ends and (quantity.scaled or (money and quantity.low >= 10 and quantity.low % 5 == 0))


def _gained(reading: Reading, quantity: Quantity, low: str, between: set[str], money: bool) -> bool:
    """``made 500 tonight``, ``gave me 250``, ``lost 300`` of money."""
    if quantity.scaled or is_round(quantity) or (money and quantity.low >= 10):
        lost = low in reading.lex.cue("lose") and not (money or quantity.scaled)
        return not lost and _ends(reading, quantity)
    someone = bool(between & {"te", "her", "him", "them", "u", "you", "le", "les"})
    floor = 10 if someone and quantity.low % 5 == 0 else 25
    giving = low in reading.lex.cue("give") and quantity.low >= floor
    return giving and reading.low(quantity.last + 1) in ("for", "to", "if")


def traded(reading: Reading, quantity: Quantity) -> Amount | None:
    """Read ``selling the phone for 120``, ``let it go for 80``."""
    if reading.low(quantity.first - 1) not in ("for", "4", "por", "en") or quantity.low < 10:
        return None
    words = [reading.low(at) for at in range(max(0, quantity.first - 8), quantity.first - 1)]
    lex = reading.lex
    trade = next((word for word in words if word in lex.cue("sell")), None)
    priced = quantity.decimals and reading.tokens[quantity.last].text[-3:-2] == "."
    if trade is None and quantity.low >= 20 and (quantity.low % 5 == 0 or priced):
        joined = " ".join(words[-3:])
        trade = next((p for p in TRADES if p in joined), None)
        if trade is None and any(
            verb in GETS and thing in THESE for verb, thing in pairwise(words[-5:])
        ):
            trade = "got"  # got the jordans for 90
    if trade is None or is_year(quantity):
        return None
    return cued(quantity, "money:verb", LIKELY, trade)


def _copula_between(reading: Reading, quantity: Quantity, back: int) -> bool:
    copula = reading.lex.cue("copula")
    between = [reading.low(quantity.first - step) for step in range(1, back)]
    linking = reading.lex.cue("linking")
    return (
        bool(between)
        and bool(set(between) & linking)
        and all(word in copula or word in reading.lex.cue("skip") for word in between)
    )
