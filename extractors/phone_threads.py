"""Telephone numbers that only a thread shows: split over messages, or completed by another one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

import phonenumbers

from extractors import phone_traps, services
from extractors.base import LIKELY, STRONG, Hit, ThreadMessage
from extractors.fold import fold, tricks, view
from extractors.normalise.phone import NANP, Number, clean
from extractors.phone_area import STATED, STATED_AFTER, area_codes
from extractors.phone_hidden import NANP_DIGITS, PRINTED, WORD_KINDS
from extractors.phone_tokens import FILLERS, LIST_MARKS, RUN, Reading, digits_of, tokens
from extractors.services import Services
from extractors.spelled import OTHER_LETTER, STEMS
from schemas.facts import PhoneFacts
from schemas.ids import stable_id
from schemas.kinds import MentionKind

PIECE_LENGTH = 64
"""Characters of a message that is a piece of a number: ``five hundred fifty five`` and a word."""
MAX_PIECE_DIGITS = 9
"""A piece of ten digits is a number of its own."""
OTHER_WORDS = 3
"""Words beside the digits in a piece: ``then its 555``."""

MAX_STEP = 3
"""Places from one piece to the next: up to two messages of anybody between."""
MAX_SPAN = timedelta(minutes=10)
"""From the first piece to the last."""
MAX_PARTS = 15
"""E.164 has fifteen digits, one a message."""

AREA_REACH = 8
"""Places from seven digits to the area code that completes them."""
SAME_REACH = 60
"""Places back from ``same number but 651`` to the number it speaks of."""

ASKED = re.compile(r"\b(?:area ?code|codigo de area|lada)\b[ ?!.]{0,4}$")
"""A question for the area code; the answer is a message with three digits."""
ANY_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Piece:
    """A message that holds some digits of a number and nearly nothing else."""

    message: ThreadMessage
    digits: str
    start: int
    end: int
    """Span of the digits in the message's text."""
    lengths: tuple[int, ...]
    is_said: bool
    """Whether number words take part."""
    has_cue: bool
    tricks: frozenset[str]


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
    seen = view(text)
    if len(text) <= PIECE_LENGTH and _may_be_piece(seen):
        return True
    return STATED.search(seen) is not None or STATED_AFTER.search(seen) is not None or (
        ASKED.search(seen) is not None
    )  # fmt: skip


def join_split(
    messages: Sequence[ThreadMessage], region: str, listed: Services
) -> Iterator[tuple[str, tuple[Hit, ...]]]:
    """Yield the new hits of messages that together spell one number.

    Args:
        messages: of one thread, in order.
        region: country of numbers without country code.
        listed: service numbers.
    """
    open_pieces: dict[str, list[Piece]] = {}
    for message in messages:
        piece = read_piece(message)
        if piece is None or message.author is None:
            continue
        row = open_pieces.setdefault(message.author, [])
        if row and not _follows(row[-1], piece):
            row.clear()
        row.append(piece)
        while len(row) > MAX_PARTS or not _in_time(row[0], piece):
            row.pop(0)
        for first in range(len(row) - 1):
            parts = row[first:]
            number = _complete(parts, region)
            if number is not None:
                yield from _split_hits(parts, number, listed)
                row.clear()
                break


def read_piece(message: ThreadMessage) -> Piece | None:
    """Read a message as a piece of a number; None when it is anything else."""
    text = message.text
    if not text or len(text) > PIECE_LENGTH:
        return None
    if any(hit.kind is MentionKind.PHONE and hit.value for hit in message.hits):
        return None
    folded = fold(text)
    masked = phone_traps.mask(folded.text)
    if phone_traps.MASK in masked:
        return None
    found = tokens(masked, Reading.LETTERS if _is_bare(masked) else Reading.SURE)
    if not found or any(LIST_MARKS.search(masked[a.end : b.start])
                        for a, b in pairwise(found)):  # fmt: skip
        return None
    digits = "".join(token.digits for token in found)
    if len(digits) > MAX_PIECE_DIGITS or not _is_nearly_all(masked, found[0].start, found[-1].end):
        return None
    if phone_traps.UNIT.match(masked[found[-1].end :].lstrip()):
        return None
    start, end = folded.span(found[0].start, found[-1].end)
    said = any(token.kind in WORD_KINDS for token in found)
    names = set(tricks(text[start:end])) | ({"words"} if said else set())
    return Piece(
        message, digits, start, end, tuple(len(token.digits) for token in found), said,
        phone_traps.CUE.search(masked) is not None, frozenset(names),
    )  # fmt: skip


def _may_be_piece(seen: str) -> bool:
    """Whether a short text may be a piece of a number: a superset of :func:`read_piece`."""
    has_number = False
    others = 0
    for run in RUN.findall(seen):
        if ANY_DIGIT.search(run) or STEMS.search(run):
            has_number = True
        elif len(run) > 1 and OTHER_LETTER.search(run):
            others += 1
            if others > OTHER_WORDS or not _is_beside(run):
                return False
        else:
            has_number = True  # a lone letter: o for zero, or a word letter by letter
    return has_number


def _is_beside(word: str) -> bool:
    return word in FILLERS or word in ANNOUNCE or phone_traps.CUE.search(word) is not None


def _is_bare(text: str) -> bool:
    return not re.search(r"[^\W\d_]{4,}", text) and ANY_DIGIT.search(text) is not None


def _is_nearly_all(text: str, start: int, end: int) -> bool:
    """Whether beside the digits stand only fillers and words that announce a number."""
    others = re.findall(r"[^\W\d_]+", text[:start] + " " + text[end:])
    return len(others) <= OTHER_WORDS and all(map(_is_beside, others))


_ANNOUNCE = """
    its it is my the this here heres number part part1 part2 at me on and rest ends ending with
    so thats for real i mean its es el mi su termina lo aqui va first second third last area
    code wit
"""
ANNOUNCE = frozenset(_ANNOUNCE.split())
"""Words with which people hand over a piece."""


def _follows(last: Piece, piece: Piece) -> bool:
    return 0 < piece.message.position - last.message.position <= MAX_STEP


def _in_time(first: Piece, piece: Piece) -> bool:
    begun, now = first.message.sent_at, piece.message.sent_at
    return begun is None or now is None or now - begun <= MAX_SPAN


def _complete(parts: Sequence[Piece], region: str) -> Number | None:
    """Return the number that parts make, where the way they are cut speaks for one."""
    digits = "".join(part.digits for part in parts)
    if not 8 <= len(digits) <= 15:
        return None
    values = [part.digits for part in parts]
    cue = any(part.has_cue for part in parts)
    if phone_traps.is_counting([int(value) for value in values]) or (
        phone_traps.is_round(values) and not cue
    ):
        return None
    if phonenumbers.country_code_for_region(region) == NANP:
        if not NANP_DIGITS.fullmatch(digits):
            return None
        cut = tuple(len(part.digits) for part in parts)
        groups = tuple(length for part in parts for length in part.lengths)
        printed = cut in PRINTED or groups in PRINTED or sum(length == 1 for length in cut) >= 6
        zero_led = any(value[0] == "0" and len(value) > 1 for value in values[1:])
        if not (printed or zero_led or cue or all(part.is_said for part in parts)):
            return None
    number = clean(digits, region)
    return number if number is not None and number.is_valid else None


def _split_hits(
    parts: Sequence[Piece], number: Number, listed: Services
) -> Iterator[tuple[str, tuple[Hit, ...]]]:
    group = stable_id("split", *(part.message.key for part in parts))
    names = sorted({"split"}.union(*(part.tricks for part in parts)))
    category = listed.category_of(number.e164)
    near = listed.near(number.e164) if category is None else ()
    for place, part in enumerate(parts, start=1):
        detail = f"part {place} of {len(parts)}"
        hit = Hit(
            MentionKind.PHONE, part.start, part.end, "phone:split",
            value=number.e164,
            confidence=STRONG if any(one.has_cue for one in parts) else LIKELY,
            detail="; ".join(filter(None, [detail, f"nearly {', '.join(near)}" if near else ""])),
            facts=number.facts(",".join(names)),
            service_category=category,
            review=services.POSSIBLE if near else None,
            group=group,
        )  # fmt: skip
        yield part.message.key, with_hit(part.message.hits, hit)


def with_hit(hits: Sequence[Hit], new: Hit) -> tuple[Hit, ...]:
    """Put a telephone hit among others in place of the telephone hits it overlaps."""
    kept = [
        hit for hit in hits
        if hit.kind is not MentionKind.PHONE or hit.end <= new.start or new.end <= hit.start
    ]  # fmt: skip
    return tuple(sorted([*kept, new], key=lambda hit: (hit.start, hit.end)))


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
        seen = view(message.text)
        for area in area_codes(seen):
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
        folded = fold(message.text)
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
