"""From the entries of a list to what is looked for in texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractors.fold import fold
from extractors.name_lists import COMMON, word_flags
from pipeline.lists import Entry
from pipeline.redact.addresses import Address, address_of
from pipeline.redact.view import LEET, squeezed, words_of

Persons = tuple[int, ...]
"""Numbers of the persons for whom a needle stands; several where they share a name."""

PHRASE = "phrase"
"""A kind of entry of our own: a name whose words alone stand for nobody."""

PART = 3
"""Letters of a name's part that is looked for alone (``Al`` would be a word of every text)."""
JOINED = 6
"""Letters and digits from which a joined name is looked for across the signs between them:
shorter ones turn up by chance (``all I``)."""
TAIL = 7
"""Digits of a number without its area code."""

PARTICLES = frozenset(
    "de da do dos das del della der den di du el la las le les lo los van von bin ibn abu al y "
    "and e the aka".split()
)
"""Words within a name that are nobody's."""
TITLES = frozenset("jr sr ii iii iv mr mrs ms miss mx dr prof sir rev".split())

MAILBOXES = frozenset(
    "info admin contact office sales mail email help support hello me hi team service".split()
)
"""Local parts of addresses that name no one."""

SPELLED = {".": "dot", "_": "underscore", "-": "dash", "@": "at"}


@dataclass(slots=True)
class Needles:
    """All that stands for the persons of a case. Texts are folded, or folded and squeezed."""

    words: dict[str, Persons] = field(default_factory=dict)
    """Single names and handles of letters, looked for as words and inside of tokens."""
    joined: dict[str, Persons] = field(default_factory=dict)
    """Whole names, handles, mail addresses, looked for across the signs between the letters."""
    tokens: dict[str, Persons] = field(default_factory=dict)
    """Short handles and accounts with digits, looked for as whole tokens."""
    rows: dict[tuple[str, ...], Persons] = field(default_factory=dict)
    """Names too short to be joined, looked for as words one behind the other."""
    numbers: dict[str, Persons] = field(default_factory=dict)
    """Digits of numbers, ten or more of a telephone."""
    tails: dict[str, Persons] = field(default_factory=dict)
    """Digits that count only where no further digit adjoins."""
    domains: dict[str, Persons] = field(default_factory=dict)
    addresses: tuple[tuple[Address, Persons], ...] = ()

    def gates(self) -> list[str]:
        """Return what a text's :func:`pipeline.redact.view.gate_text` holds if anything is in it.

        Every needle but addresses' street names is among them; those are by their own.
        """
        letters = [*self.words, *self.joined, *self.tokens, *map("".join, self.rows)]
        letters += [max(domain.split("."), key=len) for domain in self.domains]
        letters += [address.key for address, _ in self.addresses]
        found = {squeezed(needle).translate(LEET) for needle in letters}
        return sorted((found | set(self.numbers) | set(self.tails)) - {""})


def needles_of(people: Iterable[tuple[int, Entry]], region: str = "US") -> Needles:
    """Make the needles of a case.

    Args:
        people: a person's number and an entry that stands for it.
        region: country of numbers without one.
    """
    made = _Maker(region)
    for number, entry in sorted(people):
        made.add(number, entry)
    return made.done()


class _Maker:
    def __init__(self, region: str) -> None:
        self._region = region
        self._found: dict[str, dict[object, set[int]]] = defaultdict(lambda: defaultdict(set))

    def add(self, number: int, entry: Entry) -> None:
        {
            "name": self._name, "phone": self._phone, "handle": self._handle,
            "email": self._email, "domain": self._domain, "account": self._account,
            "address": self._address, PHRASE: self._phrase,
        }[entry.kind](number, entry)  # fmt: skip

    def done(self) -> Needles:
        named = {
            kind: {key: tuple(sorted(persons)) for key, persons in sorted(keys.items(), key=str)}
            for kind, keys in self._found.items()
            if kind != "addresses"
        }
        addresses = tuple(
            (key, tuple(sorted(persons)))
            for key, persons in self._found["addresses"].items()
            if isinstance(key, Address)
        )
        return Needles(**named, addresses=addresses)  # type: ignore[arg-type]

    def _put(self, kind: str, key: object, number: int) -> None:
        if key:
            self._found[kind][key].add(number)

    def _name(self, number: int, entry: Entry) -> None:
        words = words_of(entry.written or entry.value)
        words = [word for word in words if word]
        telling = [word for n, word in enumerate(words) if n == 0 or word not in PARTICLES]
        telling = [word for word in telling if word not in TITLES] or words
        for word in telling:
            long = len(word) >= PART and word not in PARTICLES
            if long or not word.isascii() or len(telling) == 1:
                self._put("words", word, number)
        orders = {tuple(words), tuple(telling)}
        if telling[1:] and telling[-1] in words:  # "van der Berg"
            at = words.index(telling[-1])
            while at > 1 and words[at - 1] in PARTICLES:
                at -= 1
            orders.add(tuple(words[at : words.index(telling[-1]) + 1]))
        if len(telling) > 1:
            given, family = telling[0], telling[-1]
            for initials in (
                (given[0], family), (family, given[0]), (given, family[0]), (family[0], given),
            ):  # fmt: skip
                self._put("rows", initials, number)
            orders |= {
                (given, family), (family, given), tuple(reversed(telling)),
                (telling[-1], *telling[:-1]), (*telling[1:], given),
            }  # fmt: skip
        for order in orders:
            whole = "".join(order)
            if len(order) > 1:
                self._put("rows", order, number)
                self._put("joined" if len(whole) >= JOINED else "words", whole, number)
        for piece in re.split(r"\s+", entry.written):
            parts = tuple(part for part in re.findall(r"[^\W\d_]+", fold(piece).text))
            if len(parts) > 1 and "".join(parts) in telling:  # O'Brien
                self._put("rows", parts, number)
                for part in parts:
                    self._put("words", part if len(part) > PART else "", number)
            # a moniker with digits or signs in it: the letters alone are not all of it
            if any(map(str.isdigit, piece)):
                self._sign(number, piece)

    def _phrase(self, number: int, entry: Entry) -> None:
        words = [word for word in words_of(entry.value) if word]
        whole = "".join(words)
        if len(words) > 1:
            self._put("rows", tuple(words), number)
            if len(whole) >= JOINED:
                self._put("joined", whole, number)
        elif len(whole) > PART and not word_flags().get(whole, 0) & COMMON:
            self._put("words", whole, number)

    def _phone(self, number: int, entry: Entry) -> None:
        digits = "".join(filter(str.isdigit, entry.value))
        national = _national(entry.value, self._region) or digits
        if len(national) >= TAIL + 2:
            for form in (digits, national):
                self._put("numbers", form, number)
            self._put("tails", national[-TAIL:], number)
        else:
            self._put("tails", national, number)

    def _account(self, number: int, entry: Entry) -> None:
        self._sign(number, entry.written or entry.value)

    def _handle(self, number: int, entry: Entry) -> None:
        name = entry.value.rpartition(":")[2].lstrip("@$")
        self._sign(number, name)

    def _email(self, number: int, entry: Entry) -> None:
        local = entry.value.partition("@")[0]
        self._put("joined", squeezed(entry.value), number)
        self._put("joined", squeezed(_spelled(entry.value)), number)
        local = local.partition("+")[0]
        if local not in MAILBOXES and len(squeezed(local)) >= PART:
            self._sign(number, local)

    def _domain(self, number: int, entry: Entry) -> None:
        self._put("domains", entry.value, number)

    def _address(self, number: int, entry: Entry) -> None:
        address = address_of(entry.written or entry.value)
        if address is not None:
            self._put("addresses", address, number)
        else:
            whole = squeezed(entry.written or entry.value)
            self._put("joined" if len(whole) >= JOINED else "tokens", whole, number)

    def _sign(self, number: int, name: str) -> None:
        """Add a handle, a mailbox or an account."""
        whole = squeezed(name)
        if whole.isdigit():
            self._put("numbers" if len(whole) > TAIL else "tails", whole, number)
        elif whole.isalpha():
            self._put("words", whole, number)
            if len(whole) >= JOINED:
                self._put("joined", whole, number)
        else:
            self._put("joined" if len(whole) >= JOINED else "tokens", whole, number)
        said = squeezed(_spelled(name))
        if said != whole and len(said) >= JOINED:
            self._put("joined", said, number)


def _spelled(name: str) -> str:
    return "".join(SPELLED.get(sign, sign) for sign in name)


def _national(value: str, region: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return ""
    return str(phonenumbers.national_significant_number(number))
