"""Numbers of services: hotlines, advocates, child protection, police, city. Never leads."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from schemas.kinds import ServiceCategory

COLUMNS = ("number", "category", "holder", "source", "valid_from", "valid_to", "reviewed")
"""Columns of a list of service numbers, in this order in its first line."""

POSSIBLE = "possible_service_number"
"""Value of ``Hit.review`` for a number that nearly is a listed one."""

NATIONAL_DIGITS = 10
"""Digits compared by :meth:`Services.near`: area code, exchange and line of a NANP number."""


@dataclass(frozen=True, slots=True)
class Service:
    """A line of the list."""

    number: str
    """E.164, or a short code such as 911."""
    category: ServiceCategory
    holder: str
    source: str
    valid_from: str
    """ISO date or empty: numbers change hands."""
    valid_to: str
    reviewed: str
    """Who reviewed the line and when; empty when nobody has."""


class Services:
    """A list of service numbers, ready to be asked."""

    def __init__(self, services: Iterable[Service]) -> None:
        """Index a list; of two lines with one number the later holds."""
        self._by_number: Mapping[str, Service] = {line.number: line for line in services}
        self._near: dict[str, set[str]] = {}
        for number in self._by_number:
            if _national(number):
                for other in _neighbours(number):
                    self._near.setdefault(other, set()).add(number)

    @classmethod
    def parse(cls, lines: Iterable[str]) -> Services:
        """Read a list as CSV with the columns :data:`COLUMNS`; lines with ``#`` are remarks.

        Args:
            lines: of the file.

        Raises:
            ValueError: a column is missing, a category is unknown, a number is not E.164 or a
                short code; the message names the line.
        """
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        missing = set(COLUMNS) - set(rows.fieldnames or ())
        if missing:
            raise ValueError(f"service numbers: columns missing: {', '.join(sorted(missing))}")
        return cls(_service(row) for row in rows)

    def __iter__(self) -> Iterator[Service]:
        """Yield the lines in the order of the list."""
        return iter(self._by_number.values())

    def get(self, number: str | None) -> Service | None:
        """Return the line of a number (E.164 or short code), or None."""
        return None if number is None else self._by_number.get(number)

    def category_of(self, number: str | None) -> ServiceCategory | None:
        """Return the category of a listed number, None for any other."""
        service = self.get(number)
        return None if service is None else service.category

    def near(self, number: str | None) -> tuple[str, ...]:
        """Return listed numbers that differ in one digit, or by two neighbours exchanged.

        Args:
            number: E.164. A listed number is near to none.

        Returns:
            Listed numbers in E.164, sorted; mostly none.
        """
        if number is None or number in self._by_number:
            return ()
        return tuple(sorted(self._near.get(number, ())))


def _service(row: Mapping[str, str | None]) -> Service:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    number = cells["number"]
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal()) or (digits == number and len(digits) > 6):
        raise ValueError(f"service numbers: neither E.164 nor a short code: {number!r}")
    if cells["category"] not in set(ServiceCategory):
        raise ValueError(f"service numbers: unknown category of {number}: {cells['category']!r}")
    return Service(
        number, ServiceCategory(cells["category"]), cells["holder"], cells["source"],
        cells["valid_from"], cells["valid_to"], cells["reviewed"],
    )  # fmt: skip


def _national(number: str) -> str:
    """Return the ten digits of a NANP number; empty for any other."""
    digits = number.removeprefix("+1")
    return digits if number.startswith("+1") and len(digits) == NATIONAL_DIGITS else ""


def _neighbours(number: str) -> Iterator[str]:
    digits = _national(number)
    for place, old in enumerate(digits):
        for new in "0123456789":
            if new != old:
                yield f"+1{digits[:place]}{new}{digits[place + 1 :]}"
        if place and digits[place - 1] != old:
            swapped = old + digits[place - 1]
            yield f"+1{digits[: place - 1]}{swapped}{digits[place + 1 :]}"


@cache
def shipped() -> Services:
    """Return the list that comes with the package; read once."""
    text = resources.files("extractors").joinpath("data/service_numbers.csv").read_text("utf-8")
    return Services.parse(text.splitlines())


def category_of(number: str | None) -> ServiceCategory | None:
    """Return the category of a number in the shipped list."""
    return shipped().category_of(number)


def near(number: str | None) -> tuple[str, ...]:
    """Return numbers of the shipped list one digit or one transposition away."""
    return shipped().near(number)
