"""Does an account, a record or a text name somebody on the lists of counsel and advocates?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from extractors.services import shipped
from pipeline.lists import Entry, Lists
from pipeline.readers.base import Account, Record
from pipeline.readers.meta_sections import PERSON
from pipeline.sealing.names import (
    LETTERS_FOR_A_SLIP,
    NUMBER,
    WORD,
    digits_of,
    forms_of,
    is_one_slip,
    numbers_in,
    slips_of,
    words_of,
    writings_of,
)
from schemas.kinds import MentionKind, RecordKind, ServiceCategory

COUNSEL, ADVOCATES = "counsel", "advocates"
LINES = {
    ServiceCategory.COUNSEL: COUNSEL,
    ServiceCategory.ADVOCATE: ADVOCATES,
    ServiceCategory.HOTLINE: ADVOCATES,
}
"""Public lines of the shipped list that are sealed as if they stood on a list that was given."""
MAIL = re.compile(r"[^\s<>\"',;()]{1,64}@[^\s<>\"',;()@]{1,200}")
NAMING = frozenset({RecordKind.PARTICIPANT, RecordKind.PARAMETER, RecordKind.PROFILE})
"""Records of a thread's head, a person or a name to a line."""
TOLD = frozenset({RecordKind.SYSTEM, RecordKind.CALL, RecordKind.GENERIC})
"""Records of a thread in which the service says who takes part."""
SPOKEN = frozenset({
    RecordKind.MESSAGE, RecordKind.SHARE, RecordKind.REACTION, RecordKind.POST, RecordKind.COMMENT,
    RecordKind.SEARCH, RecordKind.DOCUMENT,
})  # fmt: skip
"""Records whose text somebody wrote: a listed number in it is flagged, and seals nothing."""
ADDRESSED = frozenset({
    "cc", "bcc", "sender", "reply-to", "return-path", "delivered-to", "x-original-to",
    "x-forwarded-to", "resent-from", "resent-to", "to", "from",
})  # fmt: skip
BESIDE = frozenset("cell mobile home work phone tel fax verified on at main other email".split())
"""Words that stand beside a number or an address on a card, in small letters."""
LONGEST = 300
"""Characters of a value that can be a name, a number or an address."""

Tagged = tuple[str, Entry]


def entries_of(lists: Lists) -> tuple[Tagged, ...]:
    """Both lists as one, each entry with the name of its list; empty if neither was given.

    The shipped public lines join them.
    """
    given = [(COUNSEL, item) for item in lists.counsel]
    given += [(ADVOCATES, item) for item in lists.advocates]
    if given:
        given += [
            (LINES[line.category], Entry("phone", line.number))
            for line in shipped()
            if line.category in LINES
        ]
    return tuple(given)


class Matcher:
    """The lists, ready to be asked; every answer is the name of a list, or "" for no."""

    def __init__(self, entries: Iterable[Tagged]) -> None:
        """Index the entries."""
        self._numbers: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._domains: dict[str, str] = {}
        self._handles: dict[str, tuple[str, str]] = {}
        self._names: dict[str, list[tuple[frozenset[str], str]]] = {}
        self._forms: dict[str, str] = {}
        self._slips: dict[str, set[str]] = {}
        for tag, entry in entries:
            self._add(tag, entry)
        self.name = lru_cache(maxsize=65_536)(self._name)
        self.account = lru_cache(maxsize=65_536)(self._account)

    def _add(self, tag: str, entry: Entry) -> None:
        value = entry.value
        if entry.kind == "phone":
            digits = digits_of(value)
            for writing in {*(writings_of(digits) or {digits}), *_national(value)}:
                self._numbers.setdefault(writing, tag)
        elif entry.kind in ("email", "account"):
            self._values.setdefault(value.casefold(), tag)
            if ":" in value:
                self._values.setdefault(value.rpartition(":")[2].casefold(), tag)
        elif entry.kind == "domain":
            self._domains.setdefault(value, tag)
        elif entry.kind == "handle":
            service, _, name = value.rpartition(":")
            self._handles.setdefault(name, (service, tag))
        elif entry.kind == "name":
            words = words_of(value)
            if len(words) > 1:
                self._names.setdefault(min(words), []).append((frozenset(words), tag))
            for form in forms_of(words):
                self._forms.setdefault(form, tag)
                if len(form) >= LETTERS_FOR_A_SLIP:
                    for slip in slips_of(form):
                        self._slips.setdefault(slip, set()).add(form)

    def number(self, digits: str) -> str:
        """Whether the digits of a number, in any writing, are listed."""
        if digits in self._numbers:
            return self._numbers[digits]
        if len(digits) < 7:
            return ""
        writings = {*writings_of(digits), digits[-7:]}  # a listed number may lack its area code
        return next((self._numbers[item] for item in sorted(writings) if item in self._numbers), "")

    def address(self, text: str) -> str:
        """Whether an e-mail address, or its domain, is listed."""
        local, _, domain = text.casefold().strip(".").rpartition("@")
        if domain == "s.whatsapp.net":
            return self.number(digits_of(local))
        for writing in (f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"):
            if writing in self._values:
                return self._values[writing]
        parts = domain.split(".")
        ends = (".".join(parts[at:]) for at in range(len(parts) - 1))
        return next((self._domains[end] for end in ends if end in self._domains), "")

    def handle(self, text: str, service: str = "") -> str:
        """Whether a user name is listed, under this service or under none."""
        named, tag = self._handles.get(text.casefold().strip().lstrip("@"), ("", ""))
        return tag if not (named and service and named != service) else ""

    def _name(self, text: str) -> str:
        words = words_of(text)
        together = frozenset(words)
        for word in words:
            for listed, tag in self._names.get(word, ()):
                if listed <= together:
                    return tag
        for form in forms_of(words):
            if form in self._forms:
                return self._forms[form]
            if len(form) >= LETTERS_FOR_A_SLIP - 1:
                near = {listed for slip in slips_of(form) for listed in self._slips.get(slip, ())}
                for known in sorted(near):
                    if is_one_slip(form, known):
                        return self._forms[known]
        return ""

    def value(self, text: str, service: str = "") -> str:
        """Whether a text that is one value (a name, a line, a cell) is listed.

        Also where it holds a listed number or address beside other words.
        """
        text = text.strip()
        if not text or len(text) > LONGEST:
            return ""
        return (
            self._values.get(text.casefold(), "")
            or self.handle(text, service)
            or self._written(text)
            or self.name(text)
        )

    def _written(self, text: str) -> str:
        """Whether a listed number or address stands in a text, in any writing."""
        if "@" in text:
            for match in MAIL.finditer(text):
                if tag := self.address(match[0]):
                    return tag
        if sum(map(str.isdecimal, text)) >= 3:
            whole = digits_of(text)
            if whole in self._numbers and len(whole) < 7:  # a short code, alone
                return self._numbers[whole] if text.strip().isdecimal() else ""
            for digits in numbers_in(text):
                if tag := self.number(digits):
                    return tag
        return ""

    def within(self, text: str) -> str:
        """Whether a listed number, address or name of two words stands anywhere in a text."""
        return self._written(text) or self._named_in(text)

    def _named_in(self, text: str) -> str:
        if not self._names:
            return ""
        words = words_of(text)
        for at, word in enumerate(words):
            for listed, tag in self._names.get(word, ()):
                near = words[max(at - len(listed), 0) : at + len(listed) + 1]
                if listed <= set(near):
                    return tag
        return ""

    def _account(self, account: Account) -> str:
        number, name, service = account.provider_account_id, account.name, account.provider
        tag = ""
        if number:
            tag = self._values.get(number.casefold(), "") or self.handle(number, service)
            tag = tag or (self.address(number) if "@" in number else "")
            tag = tag or (self.number(number) if number.isdecimal() else "")
        return tag or (self.value(name, service) if name else "")

    def people(self, record: Record) -> Iterator[Account]:
        """Yield who takes part, as a record of a thread states it: author, those it names."""
        if record.author is not None:
            yield record.author
        if record.kind in NAMING and record.text:
            for line in record.text.split("\n"):
                person = PERSON.match(line.strip())
                if person:
                    service = (person["platform"] or "").strip().lower()
                    yield Account(service, person["id"], person["name"].strip() or None)

    def of_thread(self, record: Record) -> str:
        """Whether a record of a thread shows, its accounts aside, that a listed one takes part."""
        tag = ""
        if record.section != "mail" and record.thread_name:  # of mail it is the subject
            tag = self.value(record.thread_name)
        if record.thread_id and record.section != "mail":
            tag = tag or self._thread_id(record.thread_id)
        if tag:
            return tag
        if record.kind in NAMING:
            return self._lines(record)
        if record.kind in TOLD:
            values = (record.text or "", *(value for _, value in record.attributes))
            return next((tag for value in values if (tag := self.within(value))), "")
        return self._addressed(record) if record.section == "mail" else ""

    def _thread_id(self, text: str) -> str:
        """A conversation's id can be its other side's number, or a folder named after them."""
        if text.isdecimal():
            return self._values.get(text, "")
        return self.value(text) or self.name(text.rpartition("_")[0])

    def of_record(self, record: Record) -> str:
        """Whether a record of no thread is one of a listed person: a call, a card, a field."""
        people = (*self.people(record), *record.recipients)
        tag = next((tag for person in people if (tag := self.account(person))), "")
        if tag or record.section == "mail":
            return tag or self._addressed(record)
        text = record.text or ""
        tag = next((tag for s in record.stated if (tag := self.value(text[s.start : s.end]))), "")
        if tag or (record.kind in SPOKEN and not record.stated):
            return tag
        values = (value for _, value in record.attributes)
        return self._lines(record) or next((t for v in values if (t := self._cell(v))), "")

    def _lines(self, record: Record) -> str:
        lines = re.split(r"[\n\t]", record.text or "")
        return next((tag for line in lines if (tag := self._cell(line))), "")

    def _cell(self, text: str) -> str:
        """A line or a cell counts where it is one value: some hold what people wrote."""
        text = text.strip()
        if not text or len(text) > 80:
            return ""
        bare = NUMBER.sub(" ", MAIL.sub(" ", text))
        words = WORD.findall(bare)
        is_named = all(word[0].isupper() or word.casefold() in BESIDE for word in words)
        if is_named or (len(words) <= 3 and bare == text):
            return self.value(text)
        return ""

    def _addressed(self, record: Record) -> str:
        values = (value for label, value in record.attributes if label.casefold() in ADDRESSED)
        return next((tag for value in values if (tag := self._written(value))), "")

    def mention(self, kind: MentionKind, surface: str, value: str | None) -> str:
        """Whether what an extractor found is listed; such a mention is flagged for review."""
        if kind is MentionKind.PHONE:
            return self.number(digits_of(value or surface))
        if kind is MentionKind.EMAIL:
            return self.address(value or surface)
        if kind is MentionKind.HANDLE:
            service, _, name = (value or surface).rpartition(":")
            return self.handle(name, service)
        if kind is MentionKind.ALIAS:
            return self.name(surface) if len(words_of(surface)) > 1 else ""
        return ""


@lru_cache(maxsize=4)
def matcher_of(entries: tuple[Tagged, ...]) -> Matcher:
    """Return the matcher of these entries, made once in a process."""
    return Matcher(entries)


def _national(number: str) -> set[str]:
    """A number without its country code, with and without the zero dialled before it."""
    import phonenumbers

    try:
        national = str(phonenumbers.parse(number).national_number)
    except phonenumbers.NumberParseException:
        return set()
    return {national, f"0{national}"} if len(national) >= 7 else set()
