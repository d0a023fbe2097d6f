"""Amounts asked for: ``500``, ``500..``, ``..50``, ``100..300``, with or without a currency."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.errors import ConfigError
from pipeline.search.tables import string

_BOUND = re.compile(
    r"[$€£¥]?\s*(?P<number>\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,2})?|\d{1,15}(?:\.\d{1,2})?)"
    r"\s*(?P<thousand>[kK])?"
)
_CURRENCY = re.compile(r"(?P<amounts>.*?)\s*(?<![A-Za-z])(?P<currency>[A-Za-z]{3})", re.DOTALL)


def condition(asked: str) -> str:
    """Return the condition on a row of the table ``money``.

    A mention answers where its own range (one amount is a range of its own) and the one asked for
    share an amount: ``money:300`` finds "300 to 500". ``$`` does not name a currency, as many have
    it; ``500 USD`` does.

    Raises:
        ConfigError: no amounts can be read.
    """
    currency = _CURRENCY.fullmatch(asked)
    amounts = currency["amounts"] if currency else asked
    low, dots, high = amounts.partition("..")
    least = _amount(low, asked)
    most = _amount(high, asked) if dots else least
    if least is None and most is None:
        raise _unreadable(asked)
    if least is not None and most is not None and least > most:
        raise ConfigError(f"money:{asked}: the low end is above the high end")
    conditions = ["amount_low IS NOT NULL"]
    if least is not None:
        conditions.append(f"coalesce(amount_high, amount_low) >= {least}::DECIMAL(18, 2)")
    if most is not None:
        conditions.append(f"amount_low <= {most}::DECIMAL(18, 2)")
    if currency:
        conditions.append(f"currency = {string(currency['currency'].upper())}")
    return " AND ".join(conditions)


def _amount(text: str, asked: str) -> Decimal | None:
    if not text.strip():
        return None
    match = _BOUND.fullmatch(text.strip())
    if match is None:
        raise _unreadable(asked)
    amount = Decimal(match["number"].replace(",", ""))
    return amount * 1000 if match["thousand"] else amount


def _unreadable(asked: str) -> ConfigError:
    return ConfigError(
        f"money:{asked}: no amount; write money:500, money:500.., money:..50 or money:100..300, "
        "with a currency after it if it matters (500 USD)"
    )
