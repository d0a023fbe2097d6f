"""Whole numbers in words, English and Spanish, as people write them in chat."""

from __future__ import annotations

ENGLISH_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SPANISH_DIGITS = ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve")

_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ES_TEENS = (
    "diez", "once", "doce", "trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho",
    "diecinueve",
)  # fmt: skip
_ES_TENS = (
    "", "", "veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta",
    "noventa",
)  # fmt: skip
_ES_HUNDREDS = (
    "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos",
    "setecientos", "ochocientos", "novecientos",
)  # fmt: skip


def english(number: int) -> str:
    """Write 0 to 9,999 in English words (``two hundred fifty``)."""
    if number < 10:
        return ENGLISH_DIGITS[number]
    if number < 20:
        return _TEENS[number - 10]
    if number < 100:
        return _TENS[number // 10] + (f" {ENGLISH_DIGITS[number % 10]}" if number % 10 else "")
    if number < 1000:
        rest = number % 100
        return f"{ENGLISH_DIGITS[number // 100]} hundred" + (f" {english(rest)}" if rest else "")
    rest = number % 1000
    return f"{english(number // 1000)} thousand" + (f" {english(rest)}" if rest else "")


def spanish(number: int) -> str:
    """Write 0 to 9,999 in Spanish words without accents (``ciento cincuenta``)."""
    if number < 10:
        return SPANISH_DIGITS[number]
    if number < 20:
        return _ES_TEENS[number - 10]
    if number < 100:
        tens, units = divmod(number, 10)
        if tens == 2 and units:
            return f"veinti{SPANISH_DIGITS[units]}"
        return _ES_TENS[tens] + (f" y {SPANISH_DIGITS[units]}" if units else "")
    if number == 100:
        return "cien"
    if number < 1000:
        rest = number % 100
        return _ES_HUNDREDS[number // 100] + (f" {spanish(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    head = "mil" if thousands == 1 else f"{spanish(thousands)} mil"
    return head + (f" {spanish(rest)}" if rest else "")
