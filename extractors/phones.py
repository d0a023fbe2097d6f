"""Telephone numbers, written plainly or so that a search does not find them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import ClassVar

from extractors import phone_drawn, phone_hidden, phone_plain, phone_traps, services
from extractors.base import LIKELY, SEEN, STRONG, Hit
from extractors.fold import Folded, fold, tricks, view
from extractors.normalise.phone import clean
from extractors.phone_area import area_codes
from extractors.phone_found import Found
from extractors.phone_gate import DIGIT, FEWEST_MIXED, FEWEST_SURE, WEIGHT, may_speak
from extractors.phone_hidden import Candidate
from extractors.phone_tokens import (
    RUN,
    SPELT,
    Reading,
    digits_of,
    may_reach,
    most_digits,
    tens_in,
    tokens,
)
from extractors.services import Services
from extractors.spelled import HOMOPHONES, STEMS
from schemas.facts import PhoneFacts
from schemas.kinds import MentionKind

LAST_DIGITS = 4
"""Digits by which a number is named in short."""
FEWEST_DIGITS = 7
"""Digits of the shortest number other than a short code."""
NUMERIC = re.compile(r"\d(?:[^\d]{0,40}\d){6}")
"""Seven digits with no more between two than a number holds at its strangest."""

DIGITS_A_WORD = 3
"""Most digits one number word stands for (``seiscientos``, ``triple five`` for two words)."""

LOOKALIKE = re.compile(r"(?:[\doilsbzqgeat$|!зчб][\W_]{0,3}){7}")
"""Seven digits or letters drawn like them."""

LONE_LETTERS = re.compile(r"(?<![^\W_])[oilsbzqgзчб][oilsbzqgзчб|!]*(?![^\W_])")
"""A run of such letters without a digit, which only :attr:`Reading.LETTERS` reads."""

MOST_TENS = 3
"""Tens of which each way to read them is tried."""
TENS_AND_UNIT = re.compile(r"(?<=[a-z]{3})(?:ty|nta|nte)(?= ?-?[a-z])")
"""Tens that may stand by themselves before a unit."""

HOMOPHONE = re.compile(rf"\b(?:{'|'.join(HOMOPHONES)})\b")

SHORT_CODE = re.compile(
    r"\b(?:call(?:ed|ing|s)?|dial(?:ed|ing)?|contact|text|txt|llam\w{1,4}|marc\w{1,3}|hu)"
    r"(?: (?:the|al|a|to|at|[a-z]{2,8} to)){0,2} ?(?P<code>\d{3}(?!\d)|\d{5,6})\b(?![-./,:]?\d"
    r"|[%$])"
    r"|\b(?P<said>\d{3})(?= (?:call cent(?:er|re)|lifeline|operator|dispatch(?:er)?|emergency"
    r"|hotline))"
)
"""A short code is three to six digits, so that a word must say it is called."""


class Phones:
    """Telephone numbers as written in messages, plainly or hidden.

    Finds: everything libphonenumber accepts, of the given region or with ``+``; numbers of other
        countries that a word for telephone stands before; numbers in English or Spanish words,
        digits and words mixed, stretched or misspelt words, words letter by letter, letters for
        digits, letters of other alphabets, full-width, circled, keycap and superscript digits,
        marks, emoji, line ends or words between the digits, letters of the keypad
        (``612-555-0TAXI``); a second number that states only its last digits; seven digits with
        or without a stated area code (without one the value is None); the last four beside a word
        for telephone (``the 0142 phone``: no value); short codes of listed services. Numbers of
        listed services carry their category, those a digit away from one are marked for review.
    Does not find: numbers split over messages (:class:`extractors.refine.ThreadRefiner`); numbers
        inside addresses of the web, e-mail or handles; extensions are not part of the value; words
        of other languages than English and Spanish.

    References:
        - https://github.com/google/libphonenumber (numbering plans, leniency)
        - ITU-T E.164 (length), E.161 (letters on keys)
        - Chambers et al., W-NUT 2019, D19-5507 (how numbers are hidden in advertisements)
    """

    name: ClassVar[str] = "phones"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.PHONE,)

    def __init__(self, listed: Services | None = None) -> None:
        """Take a list of service numbers; without one, the shipped list."""
        self._listed = listed

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        return WEIGHT[piece] != 0

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the telephone numbers of one text, sorted by place."""
        if not may_speak(text):
            return
        seen = view(text)
        if not may_hold(seen):
            return
        masked = phone_traps.mask(seen)
        if masked is not seen and not may_hold(masked):
            return
        listed = self._listed if self._listed is not None else services.shipped()
        if phone_drawn.tells_case(masked):
            masked = phone_drawn.recase(masked, text, fold(text))
        found = list(_with_area(seen, _found(masked, region or "US", listed)))
        if not found:
            return
        folded = fold(text)
        hits = (_hit(text, folded, one, listed) for one in found)
        yield from sorted(hits, key=lambda hit: (hit.start, hit.end))


def may_hold(seen: str) -> bool:
    """Whether a folded text can hold a number at all: the gate, a superset of what is found.

    Args:
        seen: folded text (:func:`extractors.fold.view`).
    """
    digits = len(DIGIT.findall(seen))
    if digits >= FEWEST_DIGITS and NUMERIC.search(seen):
        return True
    if digits and (phone_drawn.DRAWN.search(seen)):
        return True
    if digits >= LAST_DIGITS and phone_plain.LAST_FOUR.search(seen):
        return True
    if digits >= FEWEST_MIXED and (
        SHORT_CODE.search(seen) or phone_plain.VANITY.search(seen)
    ):  # fmt: skip
        return True
    if (
        digits >= FEWEST_MIXED
        and LOOKALIKE.search(seen)
        and (
            SPELT.search(seen)
            or most_digits(seen, Reading.LETTERS) >= FEWEST_DIGITS
            or phone_drawn.tells_case(seen)  # capitals stand for other digits
        )
    ):
        return True
    words = len(STEMS.findall(seen))
    if digits + DIGITS_A_WORD * words < FEWEST_DIGITS and not SPELT.search(seen):
        return False
    if not may_reach(seen, Reading.SURE, FEWEST_SURE):
        return False
    return sum(len(piece.digits) for piece in tokens(seen)) >= FEWEST_SURE


def _found(masked: str, region: str, listed: Services) -> list[Found]:
    """Run the finders one after the other; each sees only what those before it left."""
    found: list[Found] = []
    rest = masked
    finders: tuple[Callable[[str, str], Iterable[Found]], ...] = (
        phone_drawn.drawn,
        phone_plain.by_library,
        _hidden,
        phone_plain.vanity,
        phone_plain.by_shape,
        phone_plain.by_word,
        _letters,
        phone_plain.local,
        phone_plain.last_four,
    )
    for finder in finders:
        taken: list[Found] = []
        if finder in NUMERIC_FINDERS and len(DIGIT.findall(rest)) < FEWEST_DIGITS:
            continue
        for one in finder(rest, region):
            if taken and one.start < taken[-1].end:
                continue
            taken.append(one)
        if finder in (phone_drawn.drawn, phone_plain.by_library, _hidden):
            stems = [more for one in taken for more in phone_plain.stem(rest, one)]
            taken += [
                more for more in stems
                if all(more.end <= one.start or one.end <= more.start for one in taken)
            ]  # fmt: skip
        found += taken
        rest = _without(rest, taken)
    found += _short_codes(rest, listed)
    return found


NUMERIC_FINDERS = frozenset(
    {phone_plain.by_library, phone_plain.by_shape, phone_plain.by_word, phone_plain.local}
)
"""Finders that read digits alone."""


def _without(text: str, found: Iterable[Found]) -> str:
    parts = []
    at = 0
    for one in sorted(found, key=lambda one: one.start):
        if one.start >= at:
            parts += [text[at : one.start], phone_traps.MASK * (one.end - one.start)]
            at = one.end
    return "".join([*parts, text[at:]]) if parts else text


def _hidden(text: str, region: str) -> Iterator[Found]:
    """Yield hidden numbers whose digits are digits and words for sure."""
    found = list(phone_hidden.candidates(text, region))
    # a row that parts more tens than there are repeats one before it
    tens = min(len(TENS_AND_UNIT.findall(text)), MOST_TENS, tens_in(text))
    for apart in range(1, 2**tens):
        more = phone_hidden.candidates(text, region, apart=apart)
        found += [one for one in more if one.number is not None and one.rule == "phone:hidden"]
    for candidate in phone_hidden.choose(found):
        yield _of_candidate(candidate)


def _letters(text: str, region: str) -> Iterator[Found]:
    """Yield hidden numbers that need letters alone or sounds for digits: complete ones only."""
    readings = []
    if (LOOKALIKE.search(text) and LONE_LETTERS.search(text)) or len(
        STEMS.findall(text)
    ) >= FEWEST_MIXED:
        readings.append(Reading.LETTERS)
    if (
        may_reach(text, Reading.SURE, FEWEST_SURE)
        and HOMOPHONE.search(text)
        and sum(len(one.digits) for one in tokens(text)) >= FEWEST_SURE
    ):
        readings.append(Reading.SOUNDS)
    for reading in readings:
        found = phone_hidden.candidates(text, region, reading)
        chosen = phone_hidden.choose(
            [one for one in found if one.number is not None and not _holds_word(text, one)]
        )
        if chosen:
            yield from map(_of_candidate, chosen)
            return


def _holds_word(text: str, candidate: Candidate) -> bool:
    """Whether letters that would be digits are a word: ``so 771311 is``."""
    runs = RUN.findall(text[candidate.start : candidate.end])
    return any(run in phone_drawn.WORDS for run in runs)


def _of_candidate(candidate: Candidate) -> Found:
    if candidate.number is None:
        detail = (
            "seven digits, no area code" if len(candidate.digits) == 7
            else "spoken digits that fit no numbering plan of the region"
        )  # fmt: skip
        confidence = SEEN
    else:
        confidence = STRONG if candidate.number.is_valid else LIKELY
        detail = ""
    return Found(
        candidate.start, candidate.end, candidate.number, candidate.rule, confidence,
        candidate.tricks, detail,
    )  # fmt: skip


def _short_codes(text: str, listed: Services) -> Iterator[Found]:
    for match in SHORT_CODE.finditer(text):
        group = "code" if match["code"] else "said"
        category = listed.category_of(match[group])
        if category is not None:
            yield Found(match.start(group), match.end(group), None, "phone:short_code", STRONG,
                        detail=f"short code {match[group]}", category=category)  # fmt: skip


def _with_area(text: str, found: list[Found]) -> Iterator[Found]:
    """Complete local numbers by the one area code the text states apart."""
    stated = None
    if any(one.number is None and one.category is None for one in found) or len(found) == 1:
        codes = list(area_codes(text))
        if len({area.code for area in codes}) == 1:
            stated = codes[0]
    for one in found:
        digits = digits_of(text[one.start : one.end])
        if stated is not None and one.number is None and len(digits) == 7:
            number = clean(stated.code + digits, "US")
            if number is not None and number.is_valid:
                yield replace(one, number=number, rule=one.rule + "+phone:area_code",
                              confidence=LIKELY,
                              detail=f"area code {stated.code} stated apart")  # fmt: skip
                continue
        yield one


def _hit(text: str, folded: Folded, one: Found, listed: Services) -> Hit:
    start, end = folded.span(one.start, one.end)
    names = sorted(one.tricks | tricks(text[start:end]))
    obfuscation = ",".join(names) or None
    value = one.number.e164 if one.number else None
    category = one.category or listed.category_of(value)
    near = listed.near(value) if category is None else ()
    detail = one.detail
    if near:
        detail = "; ".join(filter(None, [detail, f"nearly {', '.join(near)}"]))
    return Hit(
        MentionKind.PHONE, start, end, one.rule,
        value=value, confidence=one.confidence, detail=detail,
        facts=one.number.facts(obfuscation) if one.number else PhoneFacts(obfuscation=obfuscation),
        service_category=category,
        review=services.POSSIBLE if near else None,
    )  # fmt: skip
