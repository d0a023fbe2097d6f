"""The words of a report for the codes of the tables, and how numbers and times are written."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

NAMES = {
    # record kinds
    "message": "messages", "share": "shares", "call": "calls", "reaction": "reactions",
    "system": "notices of the service", "post": "posts", "comment": "comments",
    "search": "searches", "photo": "photos (as listed; no picture was opened)",
    "login": "log-ins", "device": "devices", "location_fix": "positions stated by the provider",
    "profile": "profile fields", "participant": "participants of conversations",
    "report": "reports to authorities", "parameter": "request parameters",
    "generic": "other fields", "document": "passages of documents", "row": "rows of tables",
    # kinds of mention
    "phone": "telephone number", "alias": "name", "handle": "handle", "location": "place",
    "money": "amount", "email": "e-mail address", "url": "web address", "ip": "IP address",
    "date": "date", "age": "age", "role_term": "term", "legal_ref": "legal reference",
    "lodging": "lodging", "travel": "travel", "plate": "licence plate", "account": "account",
    # scope
    "in": "in scope", "out_date": "out of scope: date", "out_account": "out of scope: account",
    "out_category": "out of scope: category",
    "undetermined": "undetermined: no time or account to decide by; read",
    # fates of bytes
    "record": "records", "furniture": "page bars, menus and definitions",
    "issue": "not understood (see the issues below)", "out_of_scope": "out of scope, not read on",
    "sealed": "sealed, not read on",
    # service categories
    "hotline": "hotline", "advocate": "advocate or counselor",
    "child_protection": "child protection", "law_enforcement": "law enforcement",
    "service": "public or support service", "city": "city line",
    "city_language": "city language line", "emergency": "emergency number", "counsel": "counsel",
    # review
    "possible_service_number": "one digit, or two digits exchanged, from a listed service number; "
    "may be a misprint of it",
    "role_term_referent": "whom the term means is not clear",
    # money
    "from_author": "from the author", "to_author": "to the author", "cashapp": "Cash App",
    "applepay": "Apple Pay", "giftcard": "gift card", "paypal": "PayPal", "venmo": "Venmo",
    "zelle": "Zelle",
    # sorts of name, tricks of writing a number
    "given": "given name", "full": "full name", "display": "display name",
    # basis
    "stated": "stated by the provider", "found": "found in text",
}  # fmt: skip
"""A code that is not here is shown as it stands, with blanks for underscores."""


def name_of(code: str | None) -> str:
    """Return the words for a code."""
    if code is None:
        return "not stated"
    return NAMES.get(code, code.replace("_", " "))


def count_of(number: int, one: str, many: str) -> str:
    """Write ``1 record`` or ``2,000 records``."""
    return f"{number:,} {one if number == 1 else many}"


def left_out(count: int) -> str:
    """Say how many characters are not shown; nothing where all are."""
    return f" … ({count:,} characters more)" if count else ""


def stamp(moment: datetime | None) -> str:
    """Write a time to the second; all times of the page are UTC."""
    return "–" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")


def day(moment: datetime | None) -> str:
    """Write the day of a time."""
    return "–" if moment is None else moment.date().isoformat()


def share(part: int, whole: int) -> str:
    """Write a share in percent; one that is not nought never reads as nought."""
    return percent(part / max(whole, 1))


def percent(part: float) -> str:
    """Write a share from 0 to 1; only nought reads as nought, and only all as all."""
    if 0 < part < 0.00005:
        return "under 0.01 %"
    if 0.99995 <= part < 1:
        return "over 99.99 %"
    return f"{100 * part:.2f} %"


def size(count: int) -> str:
    """Write a number of bytes."""
    for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= factor:
            return f"{count / factor:,.1f} {unit}"
    return f"{count:,} bytes"


def phone(value: str) -> str:
    """Write a number of the North American plan in groups; others as they stand."""
    if len(value) == 12 and value.startswith("+1") and value[1:].isdecimal():
        return f"+1 {value[2:5]}-{value[5:8]}-{value[8:]}"
    return value


def amount(low: Decimal | None, high: Decimal | None) -> str:
    """Write an amount, or the two ends of a range."""
    if low is None and high is None:
        return "–"
    if low == high or low is None or high is None:
        return number(high if low is None else low)
    return f"{number(low)} to {number(high)}"


def number(value: Decimal | None) -> str:
    """Write a decimal, whole ones without decimals."""
    return "–" if value is None else f"{value:,.2f}".removesuffix(".00")


def footer(title: str = "", *, is_redacted: bool = False) -> str:
    """Return the small words at the foot of every page of paper.

    Args:
        title: of a worksheet; else whether it is redacted stands there.
        is_redacted: whether the profile is.
    """
    first = title or ("Redacted" if is_redacted else "In full: not for release")
    return f"{first}. Drawn up by software from provider records; not reviewed."
