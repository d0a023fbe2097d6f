"""Relative dates of a message as calendar dates, from the time it was sent.

No other message of the thread is needed, so this is done for each message beside the extractors,
not in the thread refinement: about a fifth of all messages of a chat hold such a date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from extractors.base import Hit
from extractors.dates_relative import MARK, local_day, meant
from schemas.kinds import MentionKind

RESOLVED: Final = "resolved_relative"
"""Mark in the detail of a date whose value was counted from the time of sending."""


def resolve(hits: Sequence[Hit], sent_at: datetime | None, zone: str) -> tuple[Hit, ...]:
    """Return the hits of one message, its relative dates with the date they mean as value.

    The detail keeps how the date was said (``relative day 1``) and adds that it was resolved, from
    which local day and in which zone. Dates that recur, that leave the calendar or that no time of
    sending is known for stay without value; all other hits stay as they are. Calling it again with
    its own result changes nothing.

    Args:
        hits: what was found in the message.
        sent_at: when it was sent; without a zone it is UTC; None = not known.
        zone: IANA zone in which the writer counts days.

    Returns:
        As many hits, in the same order.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: no such zone.
    """
    if sent_at is None or not any(is_open(hit) for hit in hits):
        return tuple(hits)
    moment = sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)
    local = local_day(moment, zone)
    if local is None:
        return tuple(hits)
    return tuple(_resolved(hit, local, zone) if is_open(hit) else hit for hit in hits)


def is_open(hit: Hit) -> bool:
    """Return whether a hit is a date that waits for the time of its message."""
    return hit.kind is MentionKind.DATE and hit.value is None and hit.detail.startswith(MARK)


def _resolved(hit: Hit, local: date, zone: str) -> Hit:
    value = meant(hit.detail, local)
    if value is None:
        return hit
    return replace(hit, value=value, detail=f"{hit.detail}; {RESOLVED} from {local} in {zone}")
