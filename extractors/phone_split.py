"""Telephone numbers that one sender splits over messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from itertools import pairwise
from operator import or_

import phonenumbers

from extractors import phone_drawn, phone_traps, services
from extractors.base import LIKELY, STRONG, Hit, ThreadMessage
from extractors.fold import fold, tricks, view
from extractors.normalise.phone import NANP, Number, clean
from extractors.phone_hidden import NANP_DIGITS, PRINTED, WORD_KINDS
from extractors.phone_pieces import (
    ANY_DIGIT,
    CASED,
    LOOSE_LENGTH,
    NUMBER,
    OTHER_WORDS,
    PIECE_LENGTH,
    edges,
    is_beside,
    piece_bits,
)
from extractors.phone_tokens import LIST_MARKS, RUN, Gap, Reading, Token, tokens
from extractors.services import Services
from extractors.spelled import OTHER_LETTER
from schemas.ids import stable_id
from schemas.kinds import MentionKind

MAX_PIECE_DIGITS = 9
"""A piece of ten digits is a number of its own."""
FEWEST_LOOSE_DIGITS = 2
"""Digits of a piece among other words: one digit there is rather a count."""

MAX_STEP = 3
"""Places from one piece to the next: up to two messages of anybody between."""
MAX_SPAN = timedelta(minutes=10)
"""From the first piece to the last."""
QUICK = timedelta(minutes=3)
"""From one piece to the next, where a piece stands among other words."""
MAX_PARTS = 15
"""E.164 has fifteen digits, one a message."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A message that holds some digits of a number and nearly nothing else."""

    message: ThreadMessage
    digits: str
    start: int
    end: int
    """Span of the digits in the message's text."""
    lengths: tuple[int, ...]
    zero_led: tuple[bool, ...]
    """Of each group, whether it begins with 0 and has more digits: a price or count never does."""
    is_said: bool
    """Whether number words take part."""
    has_cue: bool
    tricks: frozenset[str]
    opens: bool = True
    """Whether it may be the first piece."""
    closes: bool = True
    """Whether it may be the last piece. One that does not open and close stands among words."""


def read_piece(message: ThreadMessage) -> Piece | None:
    """Read a message as a piece of a number; None when it is anything else."""
    text = message.text
    if not text or len(text) > LOOSE_LENGTH:
        return None
    if any(hit.kind is MentionKind.PHONE and hit.value for hit in message.hits):
        return None
    shown = piece_bits(text)
    begins, ends = edges(shown)
    if not (begins or ends) and (
        len(text) > PIECE_LENGTH or not reduce(or_, shown, 0) & (NUMBER | CASED)
    ):
        return None
    seen = view(text)
    masked = phone_traps.mask(seen)
    if phone_drawn.tells_case(masked):
        masked = phone_drawn.recase(masked, text, fold(text))
    bare = len(text) <= PIECE_LENGTH and phone_traps.MASK not in masked
    found = tokens(masked, Reading.LETTERS if bare and _is_bare(masked) else Reading.SURE)
    if not found:
        return None
    if bare and _is_all(masked, found):
        return _piece(message, masked, found)
    if len(seen) > LOOSE_LENGTH:
        return None
    if ends:
        row = _last_row(masked, found)
        if row and _opens(masked, row):
            return _piece(message, masked, row, closes=False)
    if begins:
        row = _first_row(masked, found)
        if row and _is_loose(row) and not _is_counted(masked, row[-1]):
            return _piece(message, masked, row, opens=False)
    return None


def _piece(
    message: ThreadMessage, masked: str, found: Sequence[Token],
    *, opens: bool = True, closes: bool = True,
) -> Piece | None:  # fmt: skip
    digits = "".join(token.digits for token in found)
    if len(digits) > MAX_PIECE_DIGITS:
        return None
    start, end = fold(message.text).span(found[0].start, found[-1].end)
    said = any(token.kind in WORD_KINDS for token in found)
    names = set(tricks(message.text[start:end])) | ({"words"} if said else set())
    groups: list[str] = []
    for token in found:
        if groups and token.gap is Gap.NONE:
            groups[-1] += token.digits
        else:
            groups.append(token.digits)
    cue = phone_traps.CUE.search(masked if closes else masked[: found[0].start])
    return Piece(
        message, digits, start, end, tuple(map(len, groups)),
        tuple(len(group) > 1 and group[0] == "0" for group in groups), said,
        cue is not None, frozenset(names), opens, closes,
    )  # fmt: skip


def _is_all(masked: str, found: Sequence[Token]) -> bool:
    """Whether beside the digits stand only fillers and words that announce a number."""
    if any(
        b.gap > Gap.FILLER or LIST_MARKS.search(masked[a.end : b.start]) for a, b in pairwise(found)
    ):
        return False
    outside = masked[: found[0].start] + " " + masked[found[-1].end :]
    others = re.findall(r"[^\W\d_]+", outside)
    if len(others) > OTHER_WORDS or not all(map(is_beside, others)):
        return False
    if re.search(r"\d", outside):
        return False
    return not _is_counted(masked, found[-1])


def _is_counted(masked: str, last: Token) -> bool:
    """Whether a unit follows; after a group that begins with 0, ``k`` and ``in`` are words."""
    if last.digits[0] == "0" and len(last.digits) > 1:
        return False
    return phone_traps.UNIT.match(masked[last.end : last.end + 14].lstrip()) is not None


def _is_bare(text: str) -> bool:
    runs = RUN.findall(text)
    if any(run in phone_drawn.WORDS for run in runs):
        return False
    drawn = all(not OTHER_LETTER.search(run) for run in runs)
    return (drawn and len(runs) <= 3 and any(len(run) > 2 for run in runs)) or (
        not re.search(r"[^\W\d_]{4,}", text) and ANY_DIGIT.search(text) is not None
    )


def _last_row(masked: str, found: Sequence[Token]) -> list[Token]:
    """Return the pieces that end the text with only marks between."""
    if any(char.isalnum() or char == phone_traps.MASK for char in masked[found[-1].end :]):
        return []
    at = len(found) - 1
    while at and found[at].gap <= Gap.SIGNS and not found[at].comma:
        at -= 1
    return list(found[at:])


def _first_row(masked: str, found: Sequence[Token]) -> list[Token]:
    """Return the pieces that begin the text with only marks between."""
    if any(char.isalnum() or char == phone_traps.MASK for char in masked[: found[0].start]):
        return []
    at = 1
    while at < len(found) and found[at].gap <= Gap.SIGNS and not found[at].comma:
        at += 1
    return list(found[:at])


def _is_loose(row: Sequence[Token]) -> bool:
    """Whether a row among words may be a piece: at least two digits, one written as such."""
    return sum(len(token.digits) for token in row) >= FEWEST_LOOSE_DIGITS


def _opens(masked: str, row: Sequence[Token]) -> bool:
    """Whether nothing before the row says that it counts or pays."""
    before = masked[: row[0].start]
    if not _is_loose(row) or phone_traps.OTHER_CUE.search(before):
        return False
    if re.search(r"[$£€¥\x00]\W{0,2}$", before):
        return False
    words = RUN.findall(before[-24:])
    return not words or words[-1] not in phone_traps.COUNTING


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
        if row and (not _follows(row[-1], piece) or not (row[-1].closes or piece.closes)):
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
        if not piece.opens:
            row.clear()


def _follows(last: Piece, piece: Piece) -> bool:
    return 0 < piece.message.position - last.message.position <= MAX_STEP


def _in_time(first: Piece, piece: Piece) -> bool:
    begun, now = first.message.sent_at, piece.message.sent_at
    return begun is None or now is None or now - begun <= MAX_SPAN


def _is_quick(parts: Sequence[Piece]) -> bool:
    times = [part.message.sent_at for part in parts]
    return all(a is None or b is None or b - a <= QUICK for a, b in pairwise(times))


def _complete(parts: Sequence[Piece], region: str) -> Number | None:
    """Return the number that parts make, where the way they are cut speaks for one."""
    digits = "".join(part.digits for part in parts)
    if not 8 <= len(digits) <= 15:
        return None
    if not all(part.closes for part in parts[1:]) or not all(part.opens for part in parts[:-1]):
        return None
    values = [part.digits for part in parts]
    cue = any(part.has_cue for part in parts)
    if phone_traps.is_counting([int(value) for value in values]) or (
        phone_traps.is_round(values) and not cue
    ):
        return None
    if phonenumbers.country_code_for_region(region) == NANP:
        if not NANP_DIGITS.fullmatch(digits) or not _is_cut_like_one(parts, cue):
            return None
    elif not all(part.opens and part.closes for part in parts):
        return None
    number = clean(digits, region)
    return number if number is not None and number.is_valid else None


def _is_cut_like_one(parts: Sequence[Piece], cue: bool) -> bool:
    """Whether NANP digits are cut where numbers are, or where nothing else is."""
    cut = tuple(len(part.digits) for part in parts)
    groups = tuple(length for part in parts for length in part.lengths)
    printed = cut in PRINTED or groups in PRINTED
    zero_led = any([flag for part in parts for flag in part.zero_led][1:]) or any(
        part.zero_led[0] for part in parts[1:]
    )
    zero_led = zero_led or any(part.digits[0] == "0" and len(part.digits) > 1 for part in parts[1:])
    if not all(part.opens and part.closes for part in parts):
        sure = (zero_led and (printed or len(parts) > 2)) or (cue and (zero_led or printed))
        return sure and _is_quick(parts)
    single = sum(length == 1 for length in cut) >= 6
    # two groups in one piece, cut across those of print: ``708 5``, ``55 43``, ``40``
    across = len(parts) > 2 and any(len(part.lengths) > 1 for part in parts) and _is_quick(parts)
    return printed or single or zero_led or cue or across or all(part.is_said for part in parts)


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
