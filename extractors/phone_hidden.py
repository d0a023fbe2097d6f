"""Numbers written so that a search does not find them: windows over the pieces of a text.

A window of neighbouring pieces is a number when its digits fit the numbering plan and the way it
is written leaves no plainer reading; what speaks for each way is in :func:`_is_spoken_for`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import phonenumbers

from extractors import phone_traps
from extractors.normalise.phone import NANP, Number, clean
from extractors.phone_tokens import Gap, Reading, Token, may_reach, tokens
from extractors.spelled import AtomKind

NANP_DIGITS = re.compile(r"1?[2-9]\d\d[2-9]\d{6}")
"""Shape of a number of the North American Numbering Plan."""
LOCAL_DIGITS = re.compile(r"[2-9]\d{6}")

PRINTED = frozenset(
    {(3, 3, 4), (1, 3, 3, 4), (3, 7), (1, 3, 7), (6, 4), (10,), (11,), (1, 10), (4, 3, 4)}
)
"""Lengths of the groups in which NANP numbers are printed."""
MOST_PRINTED = max(len(groups) for groups in PRINTED)

PLUS = re.compile(r"(?:\+|\b(?:plus|mas)\b)[ (.-]{0,3}$")
"""Said or written before a country code."""

AREA_SAID = re.compile(r"\b(?:area ?code|codigo de area|lada)\b(?: is| es|:)? ?\(?$")
"""Says that the three digits after it are stated apart (:mod:`extractors.phone_area`)."""

WORD_KINDS = frozenset(
    {AtomKind.UNIT, AtomKind.TEEN, AtomKind.TENS, AtomKind.REPEAT, AtomKind.HUNDREDS}
)

MOST_SPOKEN = 20
"""Digits of a dictated row that is kept, without value: people add an extension."""
FEWEST_SAID = 6
"""Number words of a row that is kept though it fits no plan."""
NANP_LENGTHS = frozenset({7, 10, 11})
FEWEST, MOST = 7, 15
"""Digits of a number: seven without area code; E.164 allows fifteen."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A window that may be a number, in places of the folded text."""

    start: int
    end: int
    digits: str
    number: Number | None
    """None: a local number without area code, or spoken digits that fit no plan."""
    tricks: frozenset[str]
    gap: Gap
    """The strangest gap inside."""
    rule: str

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """Order in which overlapping candidates are preferred."""
        return (
            self.number is None or not self.number.is_valid,
            int(self.gap),
            -len(self.digits),
            self.start,
        )


def candidates(
    text: str, region: str, reading: Reading = Reading.SURE, *, apart: int = 0
) -> Iterator[Candidate]:
    """Yield what may be hidden numbers; they may overlap.

    Args:
        text: folded and masked text.
        region: country of numbers without country code.
        reading: how far letters and sounds count as digits.
        apart: which tens stay apart from units (:func:`extractors.phone_tokens.tokens`).
    """
    if not may_reach(text, reading, FEWEST):
        return
    pieces = tokens(text, reading, apart=apart)
    begin = 0
    for at in range(1, len(pieces) + 1):
        if at == len(pieces) or pieces[at].gap is Gap.BREAK:
            chain = pieces[begin:at]
            if sum(len(piece.digits) for piece in chain) >= FEWEST:
                yield from _windows(text, chain, region)
            begin = at


def choose(found: Iterator[Candidate] | Sequence[Candidate]) -> list[Candidate]:
    """Pick candidates that do not overlap, the plainest first, in text order."""
    taken: list[Candidate] = []
    marks: set[int] = set()
    for candidate in sorted(found, key=lambda c: c.rank):
        places = range(candidate.start, candidate.end)
        if marks.isdisjoint(places):
            marks.update(places)
            taken.append(candidate)
    return sorted(taken, key=lambda c: c.start)


def _windows(text: str, chain: list[Token], region: str) -> Iterator[Candidate]:
    is_nanp = phonenumbers.country_code_for_region(region) == NANP
    is_said = sum(piece.kind in WORD_KINDS for piece in chain) >= FEWEST_SAID
    for first, opening in enumerate(chain):
        if first and opening.gap is Gap.NONE:
            continue
        before = text[max(0, opening.start - 8) : opening.start]
        plus = PLUS.search(before) if "+" in before or "s" in before else None
        if first and not plus and not is_nanp:
            continue
        digits, widest = "", Gap.NONE
        for last in range(first, len(chain)):
            if last > first:
                widest = max(widest, chain[last].gap)
            # what stands before the window must part it at least as much as what stands within;
            # where it parts no more, the groups must be those of print: else it is a cut out of
            # a longer row. This also keeps a long row of digits linear.
            if (
                first
                and not plus
                and (
                    (widest > opening.gap and not _is_even(text, chain, first, last))
                    or (widest == opening.gap and last - first >= MOST_PRINTED)
                )
            ):
                break
            digits += chain[last].digits
            if len(digits) > (MOST_SPOKEN if first == 0 else MOST):
                break
            if len(digits) < FEWEST or (
                is_nanp and not plus and not is_said and len(digits) not in NANP_LENGTHS
            ):
                continue
            after = _gap_after(text, chain, last)
            if after is Gap.NONE:
                continue
            if after < widest and not _is_set_apart(text, chain, first, last):
                continue
            window = chain[first : last + 1]
            if plus:
                if after > widest:
                    yield from _abroad(text, window, digits, plus, region)
            elif is_nanp:
                yield from _nanp(text, window, digits, opening.gap if first else Gap.BREAK, after)
            elif after is Gap.BREAK:
                yield from _national(text, window, digits, region)


def _gap_after(text: str, chain: list[Token], last: int) -> Gap:
    """What parts a window from the piece after it: more than its gap where that is no part."""
    if last + 1 == len(chain):
        return Gap.BREAK
    piece = chain[last + 1]
    if piece.gap is not Gap.NONE and last + 2 == len(chain):
        sigh = text[piece.start : piece.end] in ("o", "oh")  # ``... nine oh well``
        figure = (
            piece.kind is AtomKind.DIGITS
            and len(piece.digits) <= 2
            and chain[last].kind in WORD_KINDS
            and all(one.kind in WORD_KINDS for one in chain[max(0, last - 7) : last])
        )  # ``... eight seven 4 sure``
        if sigh or figure:
            return max(piece.gap, Gap.FILLER)
    return piece.gap


def _runs(window: Sequence[Token]) -> tuple[int, ...]:
    """Lengths of the groups between which there is anything."""
    lengths: list[int] = []
    for piece in window:
        if lengths and piece.gap is Gap.NONE:
            lengths[-1] += len(piece.digits)
        else:
            lengths.append(len(piece.digits))
    return tuple(lengths)


def _is_set_apart(text: str, chain: list[Token], first: int, last: int) -> bool:
    """Whether printed groups have one mark between them all and another after the last."""
    window = chain[first : last + 1]
    inner = _marks(text, window)
    after = text[chain[last].end : chain[last + 1].start]
    return len(inner) == 1 and after not in inner and _runs(window) in PRINTED


def _is_even(text: str, chain: list[Token], first: int, last: int) -> bool:
    """Whether one mark stands between the groups of a window, and another before it."""
    inner = _marks(text, chain[first : last + 1])
    return len(inner) == 1 and text[chain[first - 1].end : chain[first].start] not in inner


def _marks(text: str, window: Sequence[Token]) -> set[str]:
    return {text[one.end : two.start] for one, two in pairwise(window) if two.gap is not Gap.NONE}


def _abroad(
    text: str, window: list[Token], digits: str, plus: re.Match[str], region: str
) -> Iterator[Candidate]:
    if len(digits) < 8:
        return
    number = clean("+" + digits, region) if len(digits) <= MOST else None
    if number is None or not _is_spoken_for(text, window, None):
        return
    start = max(0, window[0].start - 8) + plus.start()
    yield _candidate(text, window, "+" + digits, number, "phone:hidden_abroad", start)


def _national(text: str, window: list[Token], digits: str, region: str) -> Iterator[Candidate]:
    number = clean(digits, region)
    if number is None or not number.is_valid or not _is_spoken_for(text, window, None):
        return
    yield _candidate(text, window, digits, number, "phone:hidden", window[0].start)


def _nanp(
    text: str, window: list[Token], digits: str, before: Gap, after: Gap
) -> Iterator[Candidate]:
    if len(digits) == FEWEST and not (before is Gap.BREAK and after is Gap.BREAK):
        return
    widest = _strangest(window)
    printed = tuple(len(piece.digits) for piece in window) in PRINTED or _runs(window) in PRINTED
    if min(before, after) <= widest and not printed:
        return
    if NANP_DIGITS.fullmatch(digits):
        number = clean(digits, "US")
        if number is not None and number.is_valid and _is_spoken_for(text, window, printed):
            yield _candidate(text, window, digits, number, "phone:hidden", window[0].start)
            return
    whole = before is Gap.BREAK and after is Gap.BREAK
    words = sum(piece.kind in WORD_KINDS for piece in window)
    letters = any(piece.kind is AtomKind.LETTER for piece in window)
    spoken = words >= FEWEST_SAID and widest <= Gap.SIGNS and whole
    if len(digits) == 7:
        odd = widest < Gap.WORDS and bool(words or letters or widest >= Gap.SIGNS)
        said = spoken or (odd and phone_traps.has_cue(text, window[0].start, window[-1].end))
        if whole and said and LOCAL_DIGITS.fullmatch(digits) and not _is_series(window):
            yield _candidate(text, window, digits, None, "phone:hidden_local", window[0].start)
    elif spoken and len(digits) >= 9 and _is_dictated(text, window, digits):
        number = None if digits.startswith("00") else clean(digits, "US")
        if number is not None and not number.e164.startswith("+1"):
            number = None  # eleven spoken digits are rather one too many than another country's
        yield _candidate(text, window, digits, number, "phone:spoken", window[0].start)


def _is_spoken_for(text: str, window: list[Token], printed: bool | None) -> bool:
    """Whether the way the digits are written says that they are one number.

    Args:
        text: folded text.
        window: the pieces.
        printed: whether they are grouped as NANP numbers are printed; None where no rule is known.
    """
    widest = _strangest(window)
    start, end = window[0].start, window[-1].end
    if (
        text[start - 1 : start] == "-"
        and len(window) == 1
        and text[start - 2 : start - 1] in ("", " ")
    ):
        return False  # a negative number
    before = text[max(0, start - 40) : start]
    if phone_traps.OTHER_CUE.search(before) or (widest >= Gap.SIGNS and AREA_SAID.search(before)):
        return False
    if _is_series(window) or (
        not printed and phone_traps.UNIT.match(text[end : end + 12].lstrip(" "))
    ):
        return False
    cue = phone_traps.has_cue(text, start, end) or phone_traps.is_alone(text, start, end)
    if not cue and widest >= Gap.MARK and phone_traps.is_round([piece.digits for piece in window]):
        return False
    listed = any(piece.comma for piece in window[1:])
    single = sum(len(piece.digits) == 1 for piece in window) >= 6
    words = sum(piece.kind in WORD_KINDS for piece in window)
    letters = sum(len(piece.digits) for piece in window if piece.kind is AtomKind.LETTER)
    zero_led = any(piece.digits[0] == "0" and len(piece.digits) > 1 for piece in window[1:])
    if letters > 6 or (letters and not words and _is_id(text, start, end) and not cue):
        return False
    if listed and not (cue or zero_led or words >= 6):
        return False
    if widest <= Gap.SIGNS:
        return bool(printed or single or words or cue or letters or zero_led)
    if widest is Gap.LINE:
        return bool(printed or single or words >= 4 or cue)
    if widest is Gap.FILLER:
        return bool(printed or single or words >= 4 or (cue and zero_led))
    # any words between: the groups of a number, and one more sign of it
    if not cue and not phone_traps.COUNTING.isdisjoint(
        re.findall(r"[a-z]+", text[max(0, start - 10) : end])
    ):
        return False
    return bool((printed and (cue or zero_led)) or (len(window) >= 10 and single))


def _strangest(window: Sequence[Token]) -> Gap:
    return max((piece.gap for piece in window[1:]), default=Gap.NONE)


def _is_series(window: list[Token]) -> bool:
    """Counting, a price ladder, or a draw of five two-digit numbers going up."""
    values = [int(piece.digits) for piece in window]
    if phone_traps.is_counting(values):
        return True
    return len(values) >= 5 and all(len(piece.digits) == 2 for piece in window) and (
        values == sorted(values)
    )  # fmt: skip


def _is_dictated(text: str, window: list[Token], digits: str) -> bool:
    """Whether a row of spoken digits may be a number of another plan."""
    start = window[0].start
    return not (
        _is_series(window)
        or phone_traps.has_card_check(digits)
        or phone_traps.OTHER_CUE.search(text[max(0, start - 40) : start])
        or phone_traps.UNIT.match(text[window[-1].end : window[-1].end + 12].lstrip(" "))
        or _is_quad(text, window)
    )


def _is_quad(text: str, window: list[Token]) -> bool:
    """Whether the digits are an IP address said aloud: four groups with ``dot`` between."""
    parts = re.split(r"\b(?:dot|punto)\b", text[window[0].start : window[-1].end])
    return len(parts) == 4


def _is_id(text: str, start: int, end: int) -> bool:
    """Whether a window with letters for digits is a single run: as likely a code."""
    return not any(char in " -.()/" for char in text[start:end])


def _candidate(
    text: str, window: list[Token], digits: str, number: Number | None, rule: str, start: int
) -> Candidate:
    widest = _strangest(window)
    tricks = set()
    if any(piece.kind in WORD_KINDS for piece in window):
        tricks.add("words")
    drawn = [piece for piece in window if piece.kind is AtomKind.LETTER]
    if drawn:
        # a lone o among words is said, not drawn
        alone = all(phone_traps.is_word(text, piece.start, piece.end) for piece in drawn)
        tricks.add("words" if alone and "words" in tricks else "letters")
    if widest >= Gap.FILLER or any(piece.gap is Gap.SIGNS for piece in window[1:]):
        tricks.add("fillers")
    if any(piece.gap is Gap.LINE for piece in window[1:]):
        tricks.add("lines")
    if sum(len(piece.digits) == 1 for piece in window) >= 7 and not tricks:
        tricks.add("spaced")
    inside = text[start : window[-1].end]
    if ")" in inside and "(" not in inside and text[start - 1 : start] == "(":
        start -= 1
    return Candidate(start, window[-1].end, digits, number, frozenset(tricks), widest, rule)
