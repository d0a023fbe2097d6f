"""Sections that are WhatsApp's own: logs of messages and calls, address book, groups.

Source of every label: FORMATS 8.1. Numbers are digits only there, country code first. What is
longer than a telephone number can be is a group.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain

from pipeline.readers.base import Account, Issue, Record, Stated
from pipeline.readers.fields import Field, Piece
from pipeline.readers.meta_files import attachments_of, shows_files
from pipeline.readers.meta_logs import People, is_empty
from pipeline.readers.meta_parts import (
    LONGEST_PHONE,
    digits_of,
    groups_of,
    has_text,
    joined,
    labelled,
    leaf_fields,
    line_record,
    line_text,
    put_text,
    spanning,
    split_at,
)
from pipeline.readers.meta_sections import Form, SectionRule, plain
from schemas.kinds import MentionKind, RecordKind, Severity

NUMBER = re.compile(r"(?<![\w+.:-])\+?(\d{7,15})(?![\w:-]|\.\d)")
"""A telephone number as these sections write it. ``13125550143-1600000000`` is an old group."""
TOTAL = re.compile(r"(\d{1,7}) total", re.IGNORECASE)
APART = re.compile(r"[,;\n]")
NOBODY = frozenset({"", "none", "null", "n/a", "unknown", "no group"})

TIMES = frozenset({"timestamp", "time"})
SENDERS = frozenset({"sender"})
RECIPIENTS = frozenset({"recipients", "recipient"})
CREATORS = frozenset({"callcreator"})
CALLED = frozenset({"to", "from", "phonenumber"})
"""Labels in events of a call, and in its participants, that name who took part."""
OF_AN_ENTRY = frozenset({"messageid", "callid", "events"}) | TIMES | SENDERS | CREATORS
"""Labels with one of which a run of fields is a row of a log."""
OF_A_GROUP = frozenset({"id", "subject", "creation"})
NOT_WRITTEN = frozenset({"id", "creation", "size", "picture", "thumbnail"})
"""Labels, folded, in a group whose values nobody wrote."""
MEMBERS = frozenset({"groupparticipants", "groupadministrators", "participants", "administrators"})


class LogRecords:
    """Records of sections that WhatsApp alone has.

    Each message and each call of a log is one record without text, as no content is in it, and with
    all of its fields as attributes. Where the file is WhatsApp's, a further record of each states
    the numbers that took part, so that a search for a number finds it with its line.
    """

    def __init__(self, people: People) -> None:
        """Note accounts in ``people``."""
        self._people = people
        self._has_phones = people.service == "whatsapp"
        self._accounts: dict[str, Account] = {}
        self._members: defaultdict[str, set[str]] = defaultdict(set)

    def of(self, section: str, rule: SectionRule, tops: list[Field]) -> Iterator[Record]:
        """Yield the records of fields that one rule reads, in order."""
        if rule.form is Form.NUMBERS:
            for top in tops:
                yield from self._numbers(section, rule.kind, "", top, None)
        elif rule.form is Form.GROUPS:
            around = Field("", 0, 0, -1, items=list(tops))
            yield from self._groups(section, rule, "", around, None)
        elif rule.form is Form.MESSAGES:
            yield from self._log(section, "message", self._message, tops)
        else:
            yield from self._log(section, "call", self._call, tops)

    # -- logs -------------------------------------------------------------------------------------

    def _log(
        self,
        section: str,
        name: str,
        read: Callable[[str, list[Field], list[Field]], Iterator[Record]],
        tops: list[Field],
    ) -> Iterator[Record]:
        """Rows of a log, and lines or fields in it that are none."""
        for around, run in _rows(name, tops):
            if not run:
                for line in _told(around):
                    yield line_record(RecordKind.GENERIC, section, around.label, line)
                continue
            if run[0].byte_start < 0:
                continue
            fields = run[0].fields if run[0] is around else run
            if any(plain(item.label) in OF_AN_ENTRY for item in fields):
                yield from read(section, run, fields)
            else:
                record = spanning(RecordKind.GENERIC, section, around.label, run)
                put_text(record, leaf_fields(run))
                record.attributes = [pair for item in run for pair in labelled(item)]
                yield record

    def _message(self, section: str, run: list[Field], fields: list[Field]) -> Iterator[Record]:
        record = spanning(RecordKind.MESSAGE, section, "Message", run)
        record.attributes = _attributes(run, fields)
        senders = [item for item in fields if plain(item.label) in SENDERS and has_text(item)]
        others = [item for item in fields if plain(item.label) in RECIPIENTS and has_text(item)]
        group = self._who(record, fields, senders, others)
        yield record
        yield from self._parties(record, [*senders, *others], group)

    def _call(self, section: str, run: list[Field], fields: list[Field]) -> Iterator[Record]:
        record = spanning(RecordKind.CALL, section, "Call", run)
        record.attributes = _attributes(run, fields)
        leaves = leaf_fields(fields)
        creators = [leaf for leaf in leaves if plain(leaf.label) in CREATORS]
        others = [leaf for leaf in leaves if plain(leaf.label) in CALLED]
        if not creators:
            creators = [leaf for leaf in others if plain(leaf.label) == "from"][:1]
        self._who(record, leaves, creators, others)
        yield record
        seen: set[str] = set()
        naming = [leaf for leaf in leaves if plain(leaf.label) in CREATORS | CALLED]
        yield from self._parties(record, [leaf for leaf in naming if _is_new(leaf, seen)], "")

    def _who(
        self, record: Record, fields: list[Field], authors: list[Field], others: list[Field]
    ) -> str:
        """Note author, recipients, time and thread; return the group's number, empty for none."""
        group = _first(fields, "groupid") or ""
        people = dict.fromkeys(
            account for item in others for account in self._people_in(item.text())
        )
        sent = dict.fromkeys(
            account for item in authors for account in self._people_in(item.text())
        )
        record.author = next(iter(sent), None)
        record.recipients = tuple(account for account in people if account != record.author)
        ids = {
            account.provider_account_id or account.name or ""
            for account in (record.author, *record.recipients)
            if account is not None
        }
        if not group:
            parts = (part.strip() for item in others for part in APART.split(item.text()))
            group = next(filter(_is_group, parts), "")
        if group or len(ids) == 2:
            record.thread_id = group or "-".join(sorted(ids))
        times = [_value(item) for item in fields if plain(item.label) in TIMES and _value(item)]
        dated = [(when, raw) for raw in times if (when := self._people.time(raw)) is not None]
        if dated:
            record.sent_at, record.sent_raw = min(dated)
        elif times:
            record.sent_raw = times[0]
        return group

    def _people_in(self, text: str) -> Iterator[Account]:
        for part in APART.split(text):
            part = part.strip()
            if part.casefold() in NOBODY or _is_group(part):
                continue
            yield self._account(part)

    def _account(self, raw: str) -> Account:
        known = self._accounts.get(raw)
        if known is None:
            number = digits_of(raw)
            known = Account(self._people.service, number, None if number else raw)
            self._accounts[raw] = known
            if number and self._has_phones:
                self._people.state("phone", number, known)
        return known

    def _parties(self, row: Record, fields: list[Field], group: str) -> Iterator[Record]:
        """The numbers of a row, each stated once.

        A group of a thousand in a thousand messages would be a million mentions: of a group, its
        members are stated where they are first listed, and the sender each time.
        """
        fields = [item for item in fields if NUMBER.search(item.text())]
        if not fields or not self._has_phones:
            return
        path = f"{row.field}/{fields[0].label}"
        record = joined(RecordKind.PARTICIPANT, row.section, path, fields)
        if record is None or record.text is None:
            return
        listed = self._members[group] if group else set()
        sender = len(fields[0].text()) if plain(fields[0].label) in SENDERS else 0
        for span in _numbers_in(record.text, f"whatsapp:{row.kind.value}"):
            number = record.text[span.start : span.end]
            if span.start < sender or number not in listed:
                record.stated.append(span)
            if group:
                listed.add(number)
        record.thread_id, record.sent_at, record.sent_raw = row.thread_id, row.sent_at, row.sent_raw
        yield record

    # -- address book and groups ------------------------------------------------------------------

    def _numbers(
        self, section: str, kind: RecordKind, path: str, item: Field, group: str | None
    ) -> Iterator[Record]:
        """Lines of a list of numbers, and of the lists in it."""
        path = f"{path}/{item.label}" if path else item.label
        said, found = None, 0
        for line in _told(item):
            record = line_record(kind, section, path, line)
            text = record.text or ""
            record.attributes.append((item.label, text))
            record.thread_id = group
            spans = list(_numbers_in(text, f"whatsapp:{plain(item.label)}"))
            if self._has_phones:
                record.stated = spans
                for span in spans:
                    self._account(text[span.start : span.end])
            total = TOTAL.search(text)
            said = int(total[1]) if total and said is None else said
            found += len(spans)
            yield record
        if said is not None and said != found:
            self._people.warn(
                Issue(
                    Severity.WARNING, "read", "count_differs",
                    f"a list of numbers says {said:,} in all, and {found:,} were read; open the "
                    "page to compare",
                    page=item.page,
                )
            )  # fmt: skip
        for child in item.fields:
            yield from self._numbers(section, kind, path, child, group)

    def _groups(
        self, section: str, rule: SectionRule, path: str, around: Field, group: str | None
    ) -> Iterator[Record]:
        """Groups beneath fields such as ``Owned``, at any depth."""
        for run in groups_of(around):
            is_group = any(plain(child.label) in OF_A_GROUP for child in run)
            if is_group:
                group = _first(run, "id")
                yield from self._group(section, rule, path, run)
            for child in run:
                here = f"{path}/{child.label}" if path else child.label
                if plain(child.label) in MEMBERS:
                    yield from self._numbers(section, RecordKind.PARTICIPANT, path, child, group)
                elif not is_group:
                    for line in _told(child):
                        yield line_record(rule.kind, section, here, line)
                    yield from self._groups(section, rule, here, child, group)

    def _group(
        self, section: str, rule: SectionRule, path: str, run: list[Field]
    ) -> Iterator[Record]:
        fields = [item for item in run if plain(item.label) not in MEMBERS]
        if fields[0].byte_start < 0:
            return
        record = spanning(rule.kind, section, path, fields)
        wanted = [item for item in fields if plain(item.label) in rule.text]
        put_text(record, wanted or leaf_fields(fields, NOT_WRITTEN))
        record.attributes = [pair for item in fields for pair in labelled(item)]
        record.thread_id, record.thread_name = _first(fields, "id"), _first(fields, "subject")
        for item in fields:
            if shows_files(item):
                record.attachments += attachments_of(item)
        yield record


def _rows(name: str, tops: list[Field]) -> Iterator[tuple[Field, list[Field]]]:
    """Yield rows of a log, each with the field around its fields; none: the field's own lines.

    A row is a field of that name, or a run of fields without one around them. Two runs in one field
    of that name are two rows.
    """
    for top in tops:
        if plain(top.label) == name and top.fields:
            runs = list(split_at(top.fields, top.fields[0].label))
            if len(runs) == 1:
                yield top, [top]
                continue
            for run in runs:
                yield Field(top.label, top.page, top.line, top.byte_start), run
            continue
        yield top, []
        loose = Field(top.label, top.page, top.line, top.byte_start)
        for part in [*top.items, None]:
            if isinstance(part, Field) and plain(part.label) == name and part.fields:
                yield from ((loose, run) for run in groups_of(loose))
                loose.items = []
                yield from _rows(name, [part])
            elif not isinstance(part, Piece):
                loose.items.append(part)
        yield from ((loose, run) for run in groups_of(loose))


def _told(item: Field) -> Iterator[list[Piece]]:
    """Printed lines of a field itself that say something, and do so in this run of bytes."""
    for line in item.printed():
        if line[0].byte_start >= 0 and not is_empty(line) and line_text(line).strip():
            yield line


def _attributes(run: list[Field], fields: list[Field]) -> list[tuple[str, str]]:
    """Labels and values of a row; each event of a call after the first has its number."""
    around = run[0]
    own = [(around.label, around.text())] if fields is not run and has_text(around) else []
    pairs = []
    events = 0
    for item in fields:
        if plain(item.label) != "events" or not item.fields:
            pairs.append(labelled(item))
            continue
        pairs += [[(item.label, item.text())]] if has_text(item) else []
        for event in groups_of(item):
            path = f"{item.label}[{events}]" if events else item.label
            pairs += [labelled(child, path) for child in event]
            events += 1
    return own + list(chain.from_iterable(pairs))


def _value(item: Field) -> str:
    text = item.text().strip()
    return "" if text.casefold() in NOBODY else text


def _first(fields: list[Field], label: str) -> str | None:
    values = (_value(item) for item in fields if plain(item.label) == label)
    return next(filter(None, values), None)


def _is_group(text: str) -> bool:
    """Whether a text numbers a group: longer than a telephone number, or number and time."""
    number, _, made = text.partition("-")
    return number.isdigit() and (made.isdigit() or (not made and len(number) > LONGEST_PHONE))


def _numbers_in(text: str, rule: str) -> Iterator[Stated]:
    """State each number of a text once."""
    seen = set()
    for match in NUMBER.finditer(text):
        if match[1] not in seen:
            seen.add(match[1])
            yield Stated(MentionKind.PHONE, match.start(), match.end(), rule)


def _is_new(leaf: Field, seen: set[str]) -> bool:
    """Whether a field has a number that none before it had."""
    numbers = {match[1] for match in NUMBER.finditer(leaf.text())}
    fresh = not numbers <= seen
    seen |= numbers
    return fresh
