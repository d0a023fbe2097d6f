"""Telephone numbers that another message of the thread completes: area codes, last digits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

import phonenumbers

from extractors import services
from extractors.base import LIKELY, Hit, ThreadMessage
from extractors.fold import fold, view
from extractors.normalise.phone import NANP, Number, clean
from extractors.phone_area import STATED, STATED_AFTER, area_codes
from extractors.phone_pieces import AREA, NUMBER, may_be_piece, piece_bits
from extractors.phone_split import MAX_STEP, read_piece, with_hit
from extractors.phone_tokens import digits_of
from extractors.services import Services
from schemas.facts import PhoneFacts
from schemas.kinds import MentionKind

AREA_REACH = 8
"""Places from seven digits to the area code that completes them."""
SAME_REACH = 60
"""Places back from ``same number but 651`` to the number it speaks of."""

ASKED = re.compile(r"\b(?:area ?code|codigo de area|lada)\b[ ?!.]{0,4}$")
"""A question for the area code; the answer is a message with three digits."""


def wants(text: str, hits: Sequence[Hit]) -> bool:
    """Whether a message may be part of, or complete, a number; cheap.

    Args:
        text: its text.
        hits: what was found in it.
    """
    if any(hit.kind is MentionKind.PHONE for hit in hits):
        return True
    if not text or len(text) > 400:
        return False
    shown = piece_bits(text)
    found = reduce(or_, shown, 0)
    if found & NUMBER and may_be_piece(text, shown):
        return True
    if not found & AREA:
        return False
    seen = view(text)
    return STATED.search(seen) is not None or STATED_AFTER.search(seen) is not None or (
        ASKED.search(seen) is not None
    )  # fmt: skip


def _may_state(text: str) -> bool:
    """Whether a text may state an area code, or ask for one."""
    return reduce(or_, piece_bits(text), 0) & AREA != 0


def complete_local(
    messages: Sequence[ThreadMessage], region: str, listed: Services
) -> Iterator[tuple[str, tuple[Hit, ...]]]:
    """Yield new hits of messages whose seven digits another message gives the area code of.

    Args:
        messages: of one thread, in order.
        region: country of numbers without country code.
        listed: service numbers.
    """
    if phonenumbers.country_code_for_region(region) != NANP:
        return
    stated = list(_stated(messages))
    if not stated:
        return
    for message in messages:
        hits = message.hits
        for hit in message.hits:
            if hit.kind is not MentionKind.PHONE or hit.value:
                continue
            digits = digits_of(view(message.text[hit.start : hit.end]))
            if len(digits) != 7:
                continue
            code = _nearest(message, stated)
            number = clean(code + digits, "US") if code else None
            if number is not None and number.is_valid:
                hits = with_hit(hits, _completed(hit, number, code, listed))
        if hits is not message.hits:
            yield message.key, hits


def _stated(messages: Sequence[ThreadMessage]) -> Iterator[tuple[ThreadMessage, str]]:
    asked: ThreadMessage | None = None
    for message in messages:
        seen = view(message.text) if _may_state(message.text) else ""
        for area in area_codes(seen) if seen else ():
            if not area.is_same:
                yield message, area.code
        if asked is not None and asked.author != message.author and (
            0 < message.position - asked.position <= MAX_STEP
        ):  # fmt: skip
            piece = read_piece(message)
            if piece is not None and len(piece.digits) == 3 and piece.digits[0] in "23456789":
                yield message, piece.digits
                asked = None
        if ASKED.search(seen):
            asked = message


def _nearest(message: ThreadMessage, stated: Sequence[tuple[ThreadMessage, str]]) -> str:
    """Return the code stated nearest, the same author's first; empty when none is near."""
    near = [
        (other.author != message.author, distance, other.position, code)
        for other, code in stated
        if (distance := abs(other.position - message.position)) <= AREA_REACH
    ]  # fmt: skip
    return min(near)[3] if near else ""


def _completed(hit: Hit, number: Number, code: str, listed: Services) -> Hit:
    before = hit.facts.obfuscation if isinstance(hit.facts, PhoneFacts) else None
    category = listed.category_of(number.e164)
    near = listed.near(number.e164) if category is None else ()
    return replace(
        hit, rule=hit.rule + "+phone:area_code", value=number.e164, confidence=LIKELY,
        detail=f"area code {code} stated in another message", facts=number.facts(before),
        service_category=category, review=services.POSSIBLE if near else None,
    )  # fmt: skip


def same_number(
    messages: Sequence[ThreadMessage], region: str, listed: Services
) -> Iterator[tuple[str, tuple[Hit, ...]]]:
    """Yield new hits of messages that give a number again with another area code.

    Args:
        messages: of one thread, in order.
        region: country of numbers without country code.
        listed: service numbers.
    """
    if phonenumbers.country_code_for_region(region) != NANP:
        return
    last: tuple[int, str] | None = None
    for message in messages:
        folded = fold(message.text if _may_state(message.text) else "")
        full = [hit for hit in message.hits if hit.kind is MentionKind.PHONE and hit.value
                and hit.value.startswith("+1")]  # fmt: skip
        for area in area_codes(folded.text):
            start, end = folded.span(area.start, area.end)
            before = [hit for hit in full if hit.end <= start]
            rest = before[-1].value if before else None
            if rest is None and last is not None and message.position - last[0] <= SAME_REACH:
                rest = last[1]
            number = clean(area.code + rest[-7:], "US") if rest and area.is_same else None
            if number is None or not number.is_valid:
                continue
            category = listed.category_of(number.e164)
            near = listed.near(number.e164) if category is None else ()
            hit = Hit(
                MentionKind.PHONE, start, end, "phone:same_but_area",
                value=number.e164, confidence=LIKELY,
                detail=f"last seven digits of {rest}, mentioned before", facts=number.facts(),
                service_category=category, review=services.POSSIBLE if near else None,
            )  # fmt: skip
            yield message.key, with_hit(message.hits, hit)
        if full and full[-1].value:
            last = (message.position, full[-1].value)
