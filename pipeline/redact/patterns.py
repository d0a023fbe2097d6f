"""What court rules take out of a filing, whoever it is about: identifiers seen by their form.

Fed. R. Crim. P. 49.1(a): of a social-security or taxpayer number and of a financial account the
last four digits stay, of a birth date the year, of a home address city and state. Minn. Gen. R.
Prac. 11.01: a social-security, employer or taxpayer number is restricted in whole or in part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SSN = re.compile(
    r"(?<![\w-])(?!000|666|9\d\d-(?:0|1|2|3|4)\d)(\d{3})([- .])(\d{2})\2(\d{4})(?![\w-])"
)
EIN = re.compile(r"(?<![\w-])\d{2}-\d{7}(?![\w-])")
TAX_CUE = re.compile(
    r"(?i)(?<![a-z])(?:ssn?|soc(?:ial)?(?:[\s._-]{0,3}sec(?:urity)?)?|itin|tin|ein|tax(?:payer)?"
    r"[\s_-]{0,2}id|seguro social)(?![a-z])"
)
NINE = re.compile(r"(?<!\d)\d(?:[\s.-]?\d){8}(?!\d)")
CARD = re.compile(r"(?<![\d+])[3-6]\d{3}(?:[ -]?\d){8,15}(?!\d)")
BANK_CUE = re.compile(
    r"(?i)(?<![a-z])(?:acc(?:oun)?t|acct|a/c|routing|aba|iban|card|debit|tarjeta|cuenta)"
    r"(?:\s{0,2}(?:no|num|number|numero|#))?[\s.:#-]{0,3}(?:(?:is|es)\s)?"
)
BANK = re.compile(r"(?<![\w])(?:[A-Z]{2}\d{2})?\d(?:[ -]?\d){5,20}(?!\d)")
BIRTH_CUE = re.compile(
    r"(?i)(?<![a-z])(?:d\.?o\.?b\.?|born|birth(?:day|date)?|b-?day|date of birth|fecha de "
    r"nacimiento|naci[oó]|nacida?|cumplea[nñ]os)(?![a-z])"
)
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|dic)[a-z]{0,7}\.?"
DATE = re.compile(
    rf"(?i)(?<!\d)(?:(?P<y1>(?:19|20)\d\d)[-/.]\d{{1,2}}[-/.]\d{{1,2}}"
    rf"|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?P<y2>(?:19|20)?\d\d)"
    rf"|{MONTH}\s{{1,2}}\d{{1,2}}(?:st|nd|rd|th)?,?\s{{1,2}}(?P<y3>(?:19|20)\d\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s{{1,2}}(?:de\s)?{MONTH},?\s(?:del?\s)?(?P<y4>(?:19|20)\d\d)"
    rf"|{MONTH}\s{{1,2}}\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}[/.-]\d{{1,2}})(?!\d)"
)
PATTERN_GATE = re.compile(
    r"\d{3}[- .]\d{2}[- .]\d{4}|\d{2}-\d{7}|[3-6]\d{3}(?:[ -]?\d){8}"
    rf"|(?:{TAX_CUE.pattern[4:]}|{BANK_CUE.pattern[4:]}|{BIRTH_CUE.pattern[4:]})",
    re.IGNORECASE,
)
"""A superset of what this module finds anything in."""

NEAR = 40
"""Characters from a cue to the value it speaks of."""

KEPT = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A span to be replaced, with what, and what kind of thing it is."""

    start: int
    end: int
    replacement: str
    kind: str


def find_patterns(text: str, jurisdiction: str, label: str = "") -> Iterator[Found]:
    """Yield identifiers that a court's rule restricts.

    Args:
        text: any text.
        jurisdiction: ``us-federal`` or ``mn``.
        label: the name of the field whose value the text is; it counts as a cue.
    """
    yield from _tax(text, jurisdiction, label)
    yield from _banks(text, label)
    yield from _births(text, label)


def _tax(text: str, jurisdiction: str, label: str) -> Iterator[Found]:
    def found(start: int, end: int) -> Found:
        digits = "".join(filter(str.isdigit, text[start:end]))
        whole = jurisdiction != "us-federal"
        told = "[SSN removed]" if whole else f"[SSN ending {digits[-KEPT:]}]"
        return Found(start, end, told, "tax number")

    for pattern in (SSN, EIN):
        for match in pattern.finditer(text):
            yield found(*match.span())
    for start, end in _after(TAX_CUE, NINE, text, label):
        yield found(start, end)


def _banks(text: str, label: str) -> Iterator[Found]:
    for match in CARD.finditer(text):
        digits = "".join(filter(str.isdigit, match.group()))
        if _is_card(digits):
            yield Found(*match.span(), f"[account ending {digits[-KEPT:]}]", "account number")
    for cue in BANK_CUE.finditer(text):
        bank = BANK.match(text, cue.end())
        if bank is not None:
            digits = "".join(filter(str.isdigit, bank.group()))
            yield Found(*bank.span(), f"[account ending {digits[-KEPT:]}]", "account number")


def _births(text: str, label: str) -> Iterator[Found]:
    for start, end in _after(BIRTH_CUE, DATE, text, label):
        match = DATE.match(text, start)
        year = next((y for y in match.groupdict().values() if y), "") if match else ""
        yield Found(start, end, f"[born {year}]" if len(year) == KEPT else "[born]", "birth date")


def _after(
    cue: re.Pattern[str], value: re.Pattern[str], text: str, label: str
) -> Iterator[tuple[int, int]]:
    """Yield values that stand behind a cue, not far from it, or under a label that is one."""
    if label and cue.search(label):
        yield from (match.span() for match in value.finditer(text))
        return
    for found in cue.finditer(text):
        match = value.search(text, found.end(), min(len(text), found.end() + NEAR + 30))
        if match is not None and match.start() <= found.end() + NEAR:
            yield match.span()


def _is_card(digits: str) -> bool:
    """Whether digits are a payment card's: issuer, length and check digit (ISO/IEC 7812)."""
    length, first = len(digits), digits[:2]
    issued = (
        (digits[0] == "4" and length in (13, 16, 19))
        or (length == 16 and ("51" <= first <= "55" or first in {"60", "64", "65"}))
        or (length == 15 and first in {"34", "37"})
    )
    if not issued:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0
