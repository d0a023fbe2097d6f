"""Numbers written as numbers: what libphonenumber accepts, and what a word beside it vouches for.

Everything reads the folded and masked view (:mod:`extractors.phone_traps`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatcher

from extractors import phone_traps
from extractors.base import CERTAIN, LIKELY, SEEN, STRONG
from extractors.normalise.phone import NANP, clean, describe
from extractors.phone_found import Found
from extractors.phone_hidden import PRINTED
from extractors.streets import TYPES

TRIES = 65_535
"""Candidates the matcher may refuse before it gives up; its own default."""
PIECE = 4_000
"""Characters given to the matcher at once: its default of tries then ends no text early, and
pieces in which nothing can be found are passed over."""
MATCHER_GAP = 24
"""Characters between two groups the matcher may join: four marks, and ``(0)`` or an extension."""
NANP_MOST = 11
"""Digits of a NANP number with its country code."""
DIGITS = re.compile(r"\d+")
ABROAD = re.compile(r"(?<!\d)011|\d{12}")
"""A prefix to dial abroad; a row longer than a number, in which the matcher looks for itself."""

STRONG_CUE = re.compile(
    r"(?:\b(?:phone|tel|tel[eé]\w{0,8}|mob(?:ile)?|m[oó]vil|cell?(?:ular)?|fax|whats ?app|fone"
    r"|handy|octel"
    r"|hotline|helpline|(?:my|his|her|their|our|its|the|ur|your|contact|mi|meu|su|office"
    r"|toll ?free|land ?line)"
    r" (?:new )?(?:numbers?|num|no\.?|#|line|digits|numero)|desk|numbers(?= ?:)|(?:phone|cell"
    r"|mobile) no)|फोन|मोबाइल|電話|电话|手机|전화|телефон)"
    r"(?:[\W\x00]{0,3}[^\W\d\x00]{1,9}){0,3}[^\w\x00]{0,4}$"
    r"|\b(?:call|txt|text|dial|ring|reach|contact|phone|llam[ae]|marca)\w{0,4}"
    r"(?: (?:me|us|him|her|them|my|the|at|on|to|al?|now|back|@|desk|line|office"
    r"|cell)){0,3}[ :@(-]{0,3}$|@ ?$"
)
"""A word for telephone right before the digits, with up to three short words between."""

EXTENSION = re.compile(
    r"(?: ?[,;]? ?(?:x|ext\.?|extension|ramal|anexo) ?\d{1,7}|(?<=\d{3}-\d{3}-\d{4})-\d{1,5})$"
)

FREE_FORM = re.compile(
    r"(?<![\w.,+\x00])(?<![\w][-/])(?:\(?\+?\d{1,5}\)?|\(\d{1,5}\))(?:[ ./()-]{0,3}\d{1,12}){0,8}"
    r"(?: ?(?:x|ext\.?|extension|ramal|anexo) ?\d{1,6}"
    r"|(?<=\d{3}-\d{3}-\d{4})-\d{1,5})?(?![\w\x00%])(?![.,=*+/-]\d)"
)
"""Groups of digits with the marks of a number between."""

LOCAL = re.compile(
    r"(?<![\w+(\x00,])(?<!\d[-./ ])(?<!\w[-./])[2-9]\d{2}([-. ]| - |\.{2,3}|)\d{4}"
    r"(?![\w\x00%$])(?![-./,:]\d| ?[-/x*=] ?\d)"
)
"""Seven digits of the NANP: exchange and line."""

VANITY = re.compile(
    r"(?<![\w-])(?P<one>\+?1[-. ])?\(?(?P<area>[2-9]\d\d)\)?(?P<mark>[-. ]{1,2})"
    r"(?P<name>(?=[\d-]{0,8}[a-z])[a-z\d](?:[a-z\d]|-(?=[a-z\d])){6,13})(?![\w-])"
)
TOLL_FREE = frozenset({"800", "822", "833", "844", "855", "866", "877", "888", "900"})
KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
"""Letters on the keys of a telephone (ITU-T E.161)."""

_PHONE_WORD = r"(?:phones?|numbers?|num|nums|cell|cel|line|burner|#)"
LAST_FOUR = re.compile(
    r"\b(?:the|that|my|ur|your|her|his|their|dat|da|ya|old|new|same|from|el|la|tu|su|mi) "
    rf"(?P<named>(?!(?:19|20)\d\d|[1-9]\d00)\d{{4}}) {_PHONE_WORD}(?![\w-]| (?:of|is up))"
    rf"|\b{_PHONE_WORD}(?: that)? (?:ends|ending|ended|end|termina|terminado|que termina)"
    r" (?:in|with|w|en|on)"
    r" ?(?:the )?(?P<ending>\d{4})(?![\w$%]|[-.,:/]\d| ?[-/] ?\d)"
)
"""The digits beside a word for telephone; no year (``the 2024 phone``), no round number."""

YEAR = re.compile(r"(?:19|20)\d\d")

COUNTED = frozenset(
    "dollars dolares percent minutes minutos seconds segundos degrees messages mensajes members "
    "followers calories thousand hundred million squares credits tickets packages".split()
)
"""Seven letters and more that follow a number because it counts them (``800 dollars``)."""

STEM = re.compile(
    r" ?(?P<join>[/\\&,]|\b(?:or|and|y|o|and also)\b) ?"
    r"(?P<rest>\d{3}[-. ]\d{4}|\d{4}|(?<=[/\\])\d\d)(?![\w%$\x00]|[-.:]\d|/\d{1,3}(?!\d)| ?[$%])"
    rf"(?! (?:[nsew]\.? )?(?:[\w.'-]{{1,20}} ){{1,2}}(?:{TYPES})\b)"
)
"""A second number that says only where it differs: ``612-555-0173/0174``; not the number of a house
whose street follows (``or 3094 warren st``)."""


def by_library(text: str, region: str) -> Iterator[Found]:
    """Yield what libphonenumber finds at its leniency VALID, without the accidents.

    Args:
        text: folded and masked text.
        region: country of numbers without country code.
    """
    home = region if region in phonenumbers.SUPPORTED_REGIONS else None
    for match, offset in _matches(text, home, Leniency.VALID):
        start, end = match.start + offset, match.end + offset
        number = describe(match.number)
        if number is None or _is_accident(text, start, end, match.number):
            continue
        bare = text[start:end].isdecimal()
        cue = phone_traps.has_cue(text, start, end)
        yield Found(start, end, number, "phone:plain", STRONG if bare and not cue else CERTAIN)


def by_shape(text: str, region: str) -> Iterator[Found]:
    """Yield numbers of possible length that are not assigned, where more than length speaks."""
    home = region if region in phonenumbers.SUPPORTED_REGIONS else None
    for match, offset in _matches(text, home, Leniency.POSSIBLE):
        start, end = match.start + offset, match.end + offset
        surface = text[start:end]
        digits = "".join(c for c in surface if c.isdecimal())
        number = clean(digits, region) if digits.startswith("00") else describe(match.number)
        if number is None or _is_accident(text, start, end, match.number):
            continue
        cue = _is_announced(text, start, end)
        groups = _groups(surface)
        alone = phone_traps.is_alone(text, start, end)
        if match.number.country_code != NANP:
            shaped = alone and (_is_trunk(surface, digits) or len(groups) > 1)
        else:
            marked = any(char in surface for char in "-.()/")
            shaped = (groups in {(3, 3, 4), (1, 3, 3, 4)} and (marked or alone)) or (
                groups in PRINTED and (alone or phone_traps.has_cue(text, start, end))
            )
        if "+" in surface or cue or shaped:
            yield Found(
                start, end, number, "phone:shape", LIKELY if cue or "+" in surface else SEEN,
                detail="possible by length, not assigned in the numbering plan",
            )  # fmt: skip


def by_word(text: str, region: str) -> Iterator[Found]:
    """Yield free forms, of other countries mostly, that a word or their own trunk 0 vouches for."""
    for match in FREE_FORM.finditer(text):
        start, end = match.span()
        surface = match.group()
        plain = EXTENSION.sub("", surface)
        digits = "".join(c for c in plain if c.isdecimal())
        if not 7 <= len(digits) <= 15:
            continue
        if _is_accident(text, start, end, None):
            continue
        cue = _is_announced(text, start, end)
        alone = phone_traps.is_alone(text, start, end)
        own = (_is_trunk(surface, digits) and (alone or _is_grouped_trunk(surface))) or (
            alone and _groups(surface) in {(3, 3, 4), (1, 3, 3, 4)}
        )
        if not cue and not own:
            continue
        number = clean(("+" if "+" in surface else "") + digits, region)
        detail = "" if number else "cannot be completed: no country or area code"
        yield Found(start, end, number, "phone:cue" if cue else "phone:trunk",
                    LIKELY if cue else SEEN, detail=detail)  # fmt: skip


def local(text: str, region: str) -> Iterator[Found]:
    """Yield seven digits without area code: kept, without value."""
    if phonenumbers.country_code_for_region(region) != NANP:
        return
    for match in LOCAL.finditer(text):
        start, end = match.span()
        mark = match.group(1).strip()
        cue = phone_traps.has_cue(text, start, end)
        first, second = int(text[start : start + 3]), int(text[end - 4 : end])
        is_range = second % 10 == 0 and second > first and not cue
        if phone_traps.UNIT.match(text[end : end + 12].lstrip(" ")) or is_range:
            continue
        alone = phone_traps.is_alone(text, start, end)
        if cue or mark in ("-", "..", "...") or (alone and match.group(1) != ""):
            yield Found(start, end, None, "phone:local", LIKELY if cue else SEEN,
                        detail="seven digits, no area code")  # fmt: skip


def last_four(text: str, region: str) -> Iterator[Found]:
    """Yield the last four digits by which people name a number: ``the 0142 phone``; no value."""
    if phonenumbers.country_code_for_region(region) != NANP:
        return
    for match in LAST_FOUR.finditer(text):
        group = "named" if match["named"] else "ending"
        yield Found(match.start(group), match.end(group), None, "phone:last_four", SEEN,
                    detail="last four digits alone")  # fmt: skip


def vanity(text: str, region: str) -> Iterator[Found]:
    """Yield numbers that end in letters of the keypad."""
    if phonenumbers.country_code_for_region(region) != NANP:
        return
    for match in VANITY.finditer(text):
        name = match["name"].replace("-", "")
        if name in COUNTED:
            continue
        letters = sum(char.isalpha() for char in name)
        free = match["area"] in TOLL_FREE
        exact = re.fullmatch(r"\d{3}-[\da-z]{4,7}", match["name"]) is not None
        if match["mark"] == " " and not (
            match["one"] or STRONG_CUE.search(text[: match.start()][-40:])
        ):
            continue  # 800 volunteers, 900 dollars
        if not ((free and letters >= 3 and len(name) >= 7) or (exact and letters >= 3)):
            continue
        number = clean(match["area"] + name.translate(KEYPAD)[:7], "US")
        if number is not None and number.is_valid:
            yield Found(
                match.start(), match.end(), number, "phone:vanity", STRONG,
                tricks=frozenset({"vanity"}), detail="letters as on the keypad",
            )  # fmt: skip


def stem(text: str, first: Found) -> Iterator[Found]:
    """Yield the numbers after one that state only their last digits.

    Args:
        text: folded and masked text.
        first: a full NANP number found in it.
    """
    end = first.end
    while first.number is not None and first.number.e164.startswith("+1"):
        match = STEM.match(text, end)
        if match is None or phone_traps.UNIT.match(text[match.end() : match.end() + 12].lstrip()):
            return
        rest = "".join(c for c in match["rest"] if c.isdecimal())
        sure = match["join"] in {"/", "\\", "or", "o"} or len(rest) == 7
        if not sure and rest[0] != "0":
            return
        number = clean(first.number.e164[: -len(rest)] + rest, "US")
        if number is None:
            return
        part = "area code" if len(rest) == 7 else "first digits"
        yield Found(match.start("rest"), match.end("rest"), number, "phone:stem", STRONG,
                    detail=f"{part} of the number before it")  # fmt: skip
        end = match.end()


def _may_match(text: str, home: str | None) -> bool:
    """Whether the library can find anything: within the NANP, without ``+``, 10 or 11 digits.

    The library takes 0.3 ms a candidate to refuse it; this turns away rows of short groups.
    """
    if home is None or phonenumbers.country_code_for_region(home) != NANP:
        return True
    if "+" in text or ABROAD.search(text):
        return True
    sums: list[int] = []
    last = 0
    for run in DIGITS.finditer(text):
        size = run.end() - run.start()
        if run.start() - last > MATCHER_GAP or not text[last : run.start()].isascii():
            sums = []
        last = run.end()
        sums = [total + size for total in [*sums, 0] if total + size <= NANP_MOST]
        if NANP_MOST in sums or NANP_MOST - 1 in sums:
            return True
    return False


def _matches(
    text: str, home: str | None, leniency: int
) -> Iterator[tuple[phonenumbers.PhoneNumberMatch, int]]:
    """Run the matcher over pieces cut at blanks, so that a long text is read to its end."""
    begin = 0
    while begin < len(text):
        end = len(text)
        if end - begin > PIECE:
            blank = max(
                text.rfind("\n", begin, begin + PIECE), text.rfind("  ", begin, begin + PIECE)
            )
            end = blank + 1 if blank > begin else begin + PIECE
        piece = text[begin:end]
        begin, offset = end, begin
        if not _may_match(piece, home):
            continue
        for match in PhoneNumberMatcher(piece, home, leniency=leniency, max_tries=TRIES):
            yield match, offset


def _groups(surface: str) -> tuple[int, ...]:
    return tuple(len(run) for run in re.findall(r"\d+", EXTENSION.sub("", surface)))


def _is_announced(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - phone_traps.CUE_BEFORE) : start]
    return STRONG_CUE.search(before) is not None or (
        phone_traps.CUE_AFTER.match(text, end) is not None
    )


def _is_grouped_trunk(surface: str) -> bool:
    """Whether it is 0 and at least three groups parted by blanks or hyphens: ``079 0442 1744``."""
    return re.fullmatch(r"0\d{1,4}(?:[ -]\d{2,4}){2,4}", surface) is not None


def _is_accident(text: str, start: int, end: int, number: phonenumbers.PhoneNumber | None) -> bool:
    """Whether a match is more likely a list, a card or a negative number than a telephone's."""
    surface = text[start:end]
    runs = re.findall(r"\d+", surface)
    if (
        start
        and text[start - 1] == "-"
        and len(runs) == 1
        and text[start - 2 : start - 1] in ("", " ")
    ):
        return True
    if (start and text[start - 1] in "$£€¥=*^_") or text[end : end + 1] in (
        "$",
        "%",
        "€",
        "£",
        "_",
        "=",
    ):
        return True
    if start and text[start - 1] == "." and text[start - 2 : start - 1].isdecimal():
        return True
    if "+" in surface and text[start - 1 : start] and text[start - 1] in "0123456789)":
        return True  # a sum
    if len(runs) == 2 and all(YEAR.fullmatch(run) for run in runs):
        return True
    if " " in surface and phone_traps.is_round(runs) and not phone_traps.has_cue(text, start, end):
        return True
    digits = "".join(runs)
    if "+" not in surface and phone_traps.has_card_check(digits) and not digits.startswith("0"):
        return True
    if len(runs) >= 4 and phone_traps.is_counting([int(run) for run in runs]):
        return True
    if number is None or number.country_code != NANP or "+" in surface:
        return False
    groups = _groups(surface)
    if groups in PRINTED or _is_toll_free(runs):
        return False
    # an odd grouping is believed where the message is the number or a word announces it
    return not (phone_traps.is_alone(text, start, end) or phone_traps.has_cue(text, start, end))


def _is_toll_free(runs: list[str]) -> bool:
    """Whether the first groups are a toll-free prefix: written in many ways, mistaken in few."""
    return runs[0].removeprefix("1") in TOLL_FREE or (runs[0] == "1" and runs[1] in TOLL_FREE)


def _is_trunk(surface: str, digits: str) -> bool:
    """Whether the digits alone look like a national number: trunk 0 or area code in brackets.

    The trunk prefix is 0 in most plans of the ITU's list; numbers then have 8 to 11 digits.
    """
    if not 8 <= len(digits) <= 13:
        return False
    if surface[0] in "(+":
        return True
    grouped = len(re.findall(r"\d+", surface)) > 1
    return digits[0] == "0" and (len(digits) >= 9) and (grouped or len(digits) in (10, 11))
