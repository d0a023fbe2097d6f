"""The watch list: which mentions, accounts and words of a text answer an entry of it.

An entry answers in any plain writing of the same value. Near forms (a slip of the fingers, a part
of a name) are left to people: a list that marks too much is not read. docs/lists.md says for users
what answers and what does not; :mod:`pipeline.watch_text` reads texts for what no extractor took
for a mention.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from extractors.handle_services import SPELLINGS
from extractors.normalise.name import clean
from pipeline.lists import Entry
from pipeline.search.fold import phrase, words
from pipeline.search.phones import digits_in
from schemas.kinds import MentionKind

NAME = "watch"
VERSION = 1
"""Raise it whenever other mentions can come to be marked."""

LOCAL_DIGITS = 7
"""Digits of a number without its area code."""

JOINT = "; "
"""Between the labels of a mention that answers several entries."""

ADDRESS_WORDS = {
    "street": "st", "avenue": "ave", "av": "ave", "boulevard": "blvd", "drive": "dr",
    "lane": "ln", "road": "rd", "court": "ct", "place": "pl", "circle": "cir", "terrace": "ter",
    "parkway": "pkwy", "highway": "hwy", "trail": "trl", "square": "sq", "north": "n",
    "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw",
    "southeast": "se", "southwest": "sw", "apartment": "apt", "suite": "ste", "saint": "st",
    "minnesota": "mn", "wisconsin": "wi", "iowa": "ia",
}  # fmt: skip
"""Words of addresses and how they are cut short (USPS Publication 28, appendices C1 and C2; states
of the Upper Midwest)."""

STREET_WORDS = 3
"""Words an address must have (number, name, street or the like) to answer a longer one."""

_SERVICES = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in SPELLINGS.items())
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}:/{0,2})?(?:[^/@\s?#]{1,200}@)?([^/:?#\s@]+)", re.I)

MATCHED = frozenset({
    MentionKind.PHONE, MentionKind.ALIAS, MentionKind.HANDLE, MentionKind.LOCATION,
    MentionKind.EMAIL, MentionKind.URL, MentionKind.ACCOUNT,
})  # fmt: skip
"""Kinds of mention that can answer an entry."""

Found = tuple[int, ...]
"""Entries by their place in the list, sorted."""
_Index = dict[Any, set[int]]


class Watch:
    """A watch list, ready to be asked."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Index a list, as :func:`pipeline.lists.read_lists` gives it."""
        self.entries = tuple(entries)
        self._indexes: dict[str, _Index] = defaultdict(lambda: defaultdict(set))
        self._handles: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
        self._streets: dict[str, list[tuple[list[str], int]]] = defaultdict(list)
        self._known: dict[tuple[str, str | None, str], Found] = {}
        for number, entry in enumerate(self.entries):
            self._add(number, entry)

    def _add(self, number: int, entry: Entry) -> None:
        if entry.kind == "handle":
            service, sigil, name = handle_parts(entry.value)
            self._handles[name].append((service, sigil, number))
        elif entry.kind == "phone" and not entry.value.startswith("+"):
            self._indexes["ending"][entry.value].add(number)
        elif entry.kind == "phone":
            self._indexes["phone"][entry.value].add(number)
            self._indexes["ending"][entry.value[-LOCAL_DIGITS:]].add(number)
        elif entry.kind == "name":
            for key in name_keys(entry.written) | name_keys(entry.value):
                self._indexes["name"][key].add(number)
        elif entry.kind == "address":
            where = street(entry.value)
            self._streets[where[0] if where else ""].append((where, number))
        elif entry.kind == "account":
            self._indexes["account"][_account(entry.value)].add(number)
        else:
            self._indexes[entry.kind][entry.value].add(number)

    def said(self, found: Iterable[int]) -> str | None:
        """Return what stands in ``watch`` for entries: labels, else values as written; or None."""
        marks = {self.entries[number].label or self.entries[number].written for number in found}
        return JOINT.join(sorted(marks)) or None

    def of_mention(self, kind: str, value: str | None, surface: str) -> Found:
        """Return the entries that a mention answers.

        Args:
            kind: of the mention.
            value: of the mention; None where it could not be completed.
            surface: of the mention.
        """
        key = (kind, value, surface)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = tuple(sorted(self._of_mention(kind, value, surface)))
        return found

    def _of_mention(self, kind: str, value: str | None, surface: str) -> set[int]:
        match kind:
            case MentionKind.PHONE:
                return self._of_phone(value, surface)
            case MentionKind.ALIAS:
                return self._of_name(value or surface)
            case MentionKind.HANDLE:
                return self._of_handle(value or surface, surface)
            case MentionKind.EMAIL:
                address = (value or surface).casefold()
                return self._at("email", address) | self._of_host(address.rpartition("@")[2])
            case MentionKind.URL:
                host = _HOST.match((value or surface).strip())
                return self._of_host(host[1].casefold()) if host else set()
            case MentionKind.ACCOUNT:
                return self._at("account", _account((value or surface).rpartition(":")[2]))
            case MentionKind.LOCATION:
                return self._of_place(value, surface)
        return set()

    def _at(self, index: str, key: object) -> set[int]:
        return self._indexes[index].get(key, set()) if index in self._indexes else set()

    def _of_phone(self, value: str | None, surface: str) -> set[int]:
        if value is None:
            digits = digits_in(surface)
            return self._at("ending", digits) if len(digits) == LOCAL_DIGITS else set()
        found = set(self._at("phone", value))
        for length in range(LOCAL_DIGITS, len(value)):
            for number in self._at("ending", value[-length:]):
                if not self.entries[number].value.startswith("+"):
                    found.add(number)  # the list has no more than these digits
        return found

    def _of_name(self, name: str) -> set[int]:
        return self._at("name", name_key(name))

    def _of_handle(self, value: str, surface: str) -> set[int]:
        service, sigil, name = handle_parts(value)
        sigil = sigil or handle_parts(surface)[1]
        found = {
            number
            for its_service, its_sigil, number in self._handles.get(name, ())
            if (not its_service or not service or its_service == service)
            and (not its_sigil or not sigil or its_sigil == sigil)
        }
        return found | self._at("name", (name,))  # listed without @: taken for a name

    def _of_host(self, host: str) -> set[int]:
        labels = host.strip(".").split(".")
        found: set[int] = set()
        for first in range(len(labels) - 1):
            found |= self._at("domain", ".".join(labels[first:]))
        return found

    def _of_place(self, value: str | None, surface: str) -> set[int]:
        written = {surface, value or surface, (value or surface).partition(",")[0]}
        found: set[int] = set()
        for asked in map(street, written if self._streets else ()):
            for first in _beginnings(asked):
                for key, number in self._streets.get(asked[first], ()):
                    if _same_place(key, asked[first:]):
                        found.add(number)
        return found

    def of_account(self, row: Mapping[str, Any]) -> Found:
        """Return the entries that a row of ``accounts`` answers, by number or what is stated."""
        found = self._at("account", _account(row["provider_account_id"] or ""))
        found = found | self._at("account", _account(row["vanity"] or ""))
        if row["vanity"]:
            found |= self._of_handle(row["vanity"], row["vanity"])
        for name in (row["display_name"], *row["names"]):
            found |= self._of_name(name or "")
        for kind, values in (
            (MentionKind.EMAIL, row["emails"]),
            (MentionKind.PHONE, row["phones"]),
        ):
            for value in values:
                found |= set(self.of_mention(kind, value, value))
        return tuple(sorted(found))


def name_key(name: str) -> tuple[str, ...]:
    """Return what two writings of a name share: its folded words, in whatever order.

    Decoration (emoji) does not count unless there is nothing else.
    """
    parts = words(name)
    return tuple(sorted([part for part in parts if any(map(str.isalnum, part))] or parts))


def name_keys(name: str) -> set[tuple[str, ...]]:
    """Return the keys under which a listed name is found: as written, and as mentions have it."""
    return {name_key(name), name_key(clean(name) or name)} - {()}


def handle_parts(text: str) -> tuple[str, str, str]:
    """Return service, ``$`` or nothing, and name of a handle in any writing; lower case."""
    service, mark, name = text.strip().casefold().rpartition(":")
    if not mark or "/" in service:
        service = ""
    name = name.strip().lstrip("@")
    sigil = "$" if name.startswith("$") else ""
    for known, spelling in _SERVICES:
        if service and spelling.fullmatch(service):
            service = known
    if sigil and not service:
        service = "cashapp"  # a $cashtag: no other service writes its names so
    return service, sigil, name.lstrip("$")


def street(text: str) -> list[str]:
    """Return the words of an address, folded, each in its short form."""
    return [ADDRESS_WORDS.get(word, word) for word in phrase(text).split()]


def _beginnings(asked: Sequence[str]) -> set[int]:
    """Places at which an address may begin: before its number the text may name the house."""
    return {place for place, word in enumerate(asked) if not place or word.isdecimal()}


def _same_place(listed: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether two addresses are one as far as both go; of other places all words must agree."""
    if list(listed) == list(asked):
        return True
    short, long = sorted((list(listed), list(asked)), key=len)
    is_street = len(short) >= STREET_WORDS and short[0].isdecimal() and not short[1].isdecimal()
    return is_street and long[: len(short)] == short


def _account(value: str) -> str:
    return value.strip().rstrip("/").rpartition("/")[2].casefold() or "\0"
