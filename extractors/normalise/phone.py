"""Telephone numbers: digits to E.164, region and type, by the numbering plans of libphonenumber."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from schemas.facts import PhoneFacts

NANP = 1
"""Country code of the North American Numbering Plan."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as the numbering plan sees it."""

    e164: str
    region_code: str | None
    number_type: str | None
    is_valid: bool
    """Whether the plan assigns such numbers; else only its length fits."""

    def facts(self, obfuscation: str | None = None) -> PhoneFacts:
        """Return the typed columns of a mention of this number."""
        return PhoneFacts(self.e164, self.region_code, self.number_type, obfuscation)


def clean(digits: str, region: str) -> Number | None:
    """Complete digits to a number.

    Args:
        digits: ASCII digits, with ``+`` before a country code that is written out.
        region: ISO 3166 country of numbers without country code; an unknown one knows none.

    Returns:
        The number; None where the digits cannot be completed, as seven digits without an area
        code, or fit no numbering plan even by length.
    """
    return _clean(digits, region if region in phonenumbers.SUPPORTED_REGIONS else "ZZ")


@lru_cache(maxsize=4096)
def _clean(digits: str, region: str) -> Number | None:
    for candidate, must_be_valid in _readings(digits):
        try:
            parsed = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        number = describe(parsed)
        if number is not None and (number.is_valid or not must_be_valid):
            return number
    return None


def _readings(digits: str) -> list[tuple[str, bool]]:
    """List the digits as written, then as written from abroad; and whether validity is asked.

    00 is the international prefix the ITU recommends (E.164), 011 that of the NANP. A country
    code without either is believed only where the whole number is assigned.
    """
    if digits.startswith("+521") and len(digits) == 14:
        # the 1 before Mexican mobile numbers went out of use in August 2019, not out of mind
        return [(digits, True), ("+52" + digits[4:], False)]
    if digits.startswith("+"):
        return [(digits, False)]
    if digits.startswith("00"):
        return [("+" + digits[2:], False), (digits, False)]
    if digits.startswith("011") and len(digits) > 11:
        return [(digits, False), ("+" + digits[3:], False)]
    if len(digits) >= 11 and digits[0] != "0":
        return [(digits, False), ("+" + digits, True)]
    return [(digits, False)]


def describe(parsed: phonenumbers.PhoneNumber) -> Number | None:
    """Describe a parsed number; None where not even its length fits.

    A NANP number that begins with 0 keeps it as part of nothing: such are national forms of other
    countries, and stay without value.
    """
    if parsed.country_code == NANP and parsed.italian_leading_zero:
        return None
    if phonenumbers.is_possible_number_with_reason(parsed) != (
        phonenumbers.ValidationResult.IS_POSSIBLE
    ):
        return None
    is_valid = phonenumbers.is_valid_number(parsed)
    kind = phonenumbers.number_type(parsed) if is_valid else None
    return Number(
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
        phonenumbers.region_code_for_number(parsed) if is_valid else None,
        None if kind is None else phonenumbers.PhoneNumberType.to_string(kind).lower(),
        is_valid,
    )
