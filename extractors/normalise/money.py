"""Amounts and currencies: figures to decimals, decimals to the value of a mention."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

from schemas.facts import MoneyFacts

MAX_FIGURES: Final = 15
"""Longer figures are account or card numbers."""
MAX_AMOUNT: Final = Decimal(10) ** 15
"""The column holds sixteen figures before the point (schemas.columns.AMOUNT)."""
CENT: Final = Decimal("0.01")

GROUPED: Final = {
    mark: re.compile(rf"\d{{1,3}}(?:\{mark}\d{{3}}){{1,5}}\Z") for mark in (",", ".", "'")
}
INDIAN: Final = re.compile(r"\d{1,2}(?:,\d{2}){1,5},\d{3}\Z")
COMMA_DECIMALS: Final = frozenset(
    [
        "CO",
        "AR",
        "CL",
        "UY",
        "PY",
        "BO",
        "VE",
        "EC",
        "CR",
        "ES",
        "DE",
        "FR",
        "IT",
        "PT",
        "NL",
        "BE",
        "AT",
        "BR",
        "RU",
        "TR",
        "ID",
        "VN",
    ]
)
"""Countries that write 1.500 for fifteen hundred (CLDR number patterns); Mexico does not."""


def figure(surface: str, region: str = "US", comma_decimals: bool = False) -> Decimal | None:
    """Return the value of figures with separators.

    Args:
        surface: digits with points, commas or apostrophes (``1,500.00``).
        region: country whose habits decide ``1.500``.
        comma_decimals: the text around is of a language that writes decimal commas.

    Returns:
        The value, or None when the separators do not make a number.
    """
    if not surface or len(surface) > MAX_FIGURES + 6:
        return None
    text = surface.replace("'", "")
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        mark, other = (",", ".") if comma > point else (".", ",")
        head, _, tail = text.rpartition(mark)
        if mark in head:  # 1,500,000.00,5
            return None
        if not GROUPED[other].match(head) and not INDIAN.match(head):
            return None
        return _decimal(head.replace(other, "") + "." + tail)
    if comma >= 0:
        if GROUPED[","].match(text) or INDIAN.match(text):
            return _decimal(text.replace(",", ""))
        head, _, tail = text.partition(",")
        return _decimal(f"{head}.{tail}") if "," not in tail and 0 < len(tail) <= 2 else None
    if point >= 0:
        if text.count(".") > 1:
            return _decimal(text.replace(".", "")) if GROUPED["."].match(text) else None
        thousands = region in COMMA_DECIMALS or comma_decimals or text.endswith(".000")
        if thousands and GROUPED["."].match(text) and text[0] not in "0.":
            return _decimal(text.replace(".", ""))
    return _decimal(text)


def _decimal(text: str) -> Decimal | None:
    if len(text) > MAX_FIGURES or text in ("", "."):
        return None
    try:
        return Decimal(text)
    except ArithmeticError:
        return None


def plain(amount: Decimal) -> str:
    """Return an amount without exponent or trailing zeros: ``1500``, ``1.5`` as ``1.50``."""
    if amount == amount.to_integral_value():
        return f"{amount.to_integral_value():f}"
    text = f"{amount.normalize():f}"
    return text + "0" if len(text.rpartition(".")[2]) == 1 else text


def value(amount: Decimal, currency: str | None) -> str:
    """Return the value of a money mention (CONTRACT 5): ``150 USD``.

    ``XXX`` stands where the text names no currency that one country alone has (ISO 4217).
    """
    return f"{plain(amount)} {currency or 'XXX'}"


def facts(
    low: Decimal,
    high: Decimal,
    currency: str | None,
    *,
    direction: str | None = None,
    purpose: str | None = None,
    instrument: str | None = None,
    counterpart: str | None = None,
) -> MoneyFacts:
    """Return the typed columns, amounts rounded to the column's two decimals."""
    return MoneyFacts(
        low.quantize(CENT), high.quantize(CENT), currency, direction, purpose, instrument,
        counterpart,
    )  # fmt: skip


@cache
def _regions() -> dict[str, str]:
    text = (files("extractors") / "data" / "money_regions.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return dict(row[:2] for row in rows)


@cache
def region_currency(region: str) -> str:
    """Return the currency of a country, ``USD`` when the country is not listed."""
    return _regions().get(region.upper(), "USD")


DOLLARS: Final = frozenset(
    ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "JMD", "TTD", "BSD", "BZD", "FJD", "TWD"]
)
PESOS: Final = frozenset(["MXN", "COP", "ARS", "CLP", "DOP", "CUP", "UYU", "PHP"])


@cache
def sign(region: str) -> str:
    """Return the currency that ``$`` stands for in a country."""
    home = region_currency(region)
    return home if home in DOLLARS or home in PESOS else "USD"


def dollar(region: str) -> str:
    """Return the currency that ``dollars`` stands for in a country."""
    home = region_currency(region)
    return home if home in DOLLARS else "USD"


def peso(region: str) -> str:
    """Return the currency that ``pesos`` stands for in a country; Mexican north of it."""
    home = region_currency(region)
    return home if home in PESOS else "MXN"
