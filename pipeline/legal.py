"""The legal process of a case, as case.toml states it, and what of it is not stated."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.readers.base import Issue

FIELDS = {
    "number": "Warrant or order", "court": "Court", "provider": "Provider", "account": "Account",
    "range": "Time asked for", "served": "Served", "received": "Return received",
    "officer": "Officer", "purpose": "Purpose",
}  # fmt: skip
"""Keys of ``[legal_process]``, in the order in which people read them, and what a report calls
them (DOMAIN R19)."""

FIRST_LINE = ("number", "court", "served")
"""What the first line of a report holds, as far as it is stated."""

TEMPLATE = """\
[legal_process]
number = ""            # warrant or order number
court = ""
provider = ""
account = ""           # as the warrant names it
range = ""             # time asked for, as the warrant words it
served = ""            # date
received = ""          # date on which the return came
officer = ""
purpose = ""
"""


def stated(document: dict[str, Any]) -> dict[str, str]:
    """Return the fields that are filled in, in order.

    Args:
        document: case.toml.
    """
    given = document.get("legal_process", {})
    texts = {name: " ".join(str(given.get(name, "")).split()) for name in FIELDS}
    return {name: text for name, text in texts.items() if text}


def missing(document: dict[str, Any]) -> list[str]:
    """Return the fields that are not."""
    return [name for name in FIELDS if name not in stated(document)]


def digest(document: dict[str, Any]) -> str:
    """Hash of what is stated, by which a report that no longer says it is told."""
    return hashlib.sha256(repr(stated(document)).encode()).hexdigest()


def first_line(document: dict[str, Any]) -> str:
    """Write the first line of a report."""
    found = stated(document)
    if "number" not in found:
        return "Legal process: not stated"
    return "Legal process: " + ", ".join(found[name] for name in FIRST_LINE if name in found)


def issue(document: dict[str, Any]) -> Issue | None:
    """Say which fields are not stated; None if all are."""
    names = missing(document)
    if not names:
        return None
    from pipeline.readers.base import Issue  # and with it all readers, which few commands need
    from schemas.kinds import Severity

    severity = Severity.WARNING if "number" in names else Severity.INFO
    return Issue(
        severity, "run", "not_stated",
        f"the legal process in case.toml lacks {', '.join(names)}; fill it in and run again",
        count=len(names),
    )  # fmt: skip
