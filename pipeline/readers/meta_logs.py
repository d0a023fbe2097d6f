"""Sections of a Meta record that are not conversations: profile, logs, posts, pictures, lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from pipeline.readers.base import Account, AccountFact, Issue, Record, ShardReading, Stated
from pipeline.readers.fields import Field, Piece
from pipeline.readers.meta_files import attachments_of, shows_files
from pipeline.readers.meta_parts import (
    DECIMAL,
    digits_of,
    groups_of,
    has_text,
    joined,
    keep_within,
    labelled,
    last_two_decimals,
    leaf_fields,
    line_record,
    line_text,
    parse_time,
    put_text,
    spanning,
    stated_in,
    walk,
    whole,
)
from pipeline.readers.meta_sections import EMPTY, NO_TEXT, PERSON, SectionRule
from schemas.kinds import MentionKind, RecordKind, Severity

NUMBER = re.compile(r"\+\d[\d ().-]{6,20}")
ASIDE = frozenset({"comments"})
"""Labels, folded, of what others wrote beneath a picture: records of their own."""


OF_THE_ACCOUNT = frozenset({MentionKind.ALIAS, MentionKind.EMAIL})
"""Kinds that, stated in a field of a section's record, are the account's own."""


class People:
    """Reads persons as the provider writes them, and notes every spelling of an account."""

    def __init__(self, service: str, reading: ShardReading) -> None:
        """Collect accounts into ``reading``."""
        self.service = service
        self.target = Account(service, None, None)
        self._reading = reading
        self._known: dict[str, Account] = {}
        self._bad_times = 0

    def account(self, raw: str) -> Account:
        """Read ``Name (Facebook: 123)``; a text without a number is a name alone."""
        known = self._known.get(raw)
        if known is None:
            match = PERSON.match(raw)
            if match:
                platform = (match["platform"] or self.service).strip().lower()
                known = Account(platform, match["id"], match["name"].strip() or None)
            else:
                known = Account(self.service, None, raw.strip() or None)
            self._known[raw] = known
        return known

    def note(self, text: str) -> None:
        """Note the spelling of a person that a line names, if it names one with a number."""
        if text.rstrip().endswith(")"):
            person = self.account(text)
            if person.provider_account_id and person.name:
                self._reading.accounts.append(AccountFact(person, "name", person.name))

    def state(self, field: str, value: str, account: Account | None = None) -> None:
        """Note what the file states of an account; of the one it is about if none is given."""
        self._reading.accounts.append(AccountFact(account or self.target, field, value))

    def time(self, raw: str | None) -> datetime | None:
        """Read a time; one that is none is counted, but words such as ``Unknown`` are not."""
        when = parse_time(raw)
        if when is None and raw is not None and any(char.isdigit() for char in raw):
            self._bad_times += 1
        return when

    def tell(self) -> None:
        """Say what was counted; call it when all records are made."""
        if self._bad_times:
            self.warn(Issue(
                Severity.WARNING, "read", "bad_time",
                "times that are not written as the provider writes them: they are kept as they "
                "stand, and their records have no time", count=self._bad_times,
            ))  # fmt: skip

    def warn(self, issue: Issue) -> None:
        """Note that something is not as it should be."""
        self._reading.issues.append(issue)


def is_empty(line: list[Piece]) -> bool:
    """Whether a printed line says that a section holds nothing."""
    return line_text(line).strip().casefold().startswith(EMPTY)


class SectionRecords:
    """Records of sections that are read by their rule alone."""

    def __init__(self, people: People) -> None:
        """Note persons in ``people``."""
        self._people = people

    def of(self, section: str, rule: SectionRule, top: Field) -> Iterator[Record]:
        """Yield the records of one field of a section."""
        lines = [line for line in top.printed() if not is_empty(line)]
        groups = groups_of(top)
        fixed = rule.kind is RecordKind.LOCATION_FIX and last_two_decimals([top])
        if fixed:
            yield from self._group(section, rule, top.label, [top])
            return
        for line in lines:
            if line[0].byte_start >= 0:
                yield self._line(section, rule, top.label, line)
        for group in groups:
            yield from self._groups(section, rule, top.label, group)
        if not groups and not has_text(top) and top.label and top.byte_start >= 0:
            record = spanning(rule.kind, section, top.label, [top])
            record.attributes = [(top.label, "")]
            record.attachments = attachments_of(top)
            yield record

    def bundle(self, section: str, rule: SectionRule, tops: list[Field]) -> Iterator[Record]:
        """Yield the records of fields that stand in a section without one around them."""
        around = Field(tops[0].label, tops[0].page, tops[0].line, tops[0].byte_start)
        around.items = list(tops)
        for group in groups_of(around):
            yield from self._group(section, rule, around.label, group)

    def _groups(
        self, section: str, rule: SectionRule, path: str, group: list[Field]
    ) -> Iterator[Record]:
        """A group, or where it is one field that only holds several groups, each of those."""
        only = group[0]
        inner = groups_of(only) if len(group) == 1 and not has_text(only) else []
        if len(inner) > 1 or (inner and only.label.startswith("Album:")):
            for part in inner:
                yield from self._groups(section, rule, f"{path}/{only.label}", part)
        elif group[0].byte_start >= 0:
            yield from self._group(section, rule, path, group)

    def _line(self, section: str, rule: SectionRule, path: str, line: list[Piece]) -> Record:
        record = line_record(rule.kind, section, path, line)
        text = record.text or ""
        if rule.line_kind is not None:
            record.stated = stated_in(rule.line_kind, text, f"meta:{section}")
            for span in record.stated:
                self._people.state(rule.line_kind.value, text[span.start : span.end])
        elif section == "request_parameters":
            self._parameter(record, path, text)
        else:
            self._people.note(text)
            person = PERSON.match(text) if rule.persons else None
            if person:
                record.stated = whole(MentionKind.ALIAS, person["name"], f"meta:{section}")
        record.attributes.append((path, text))
        return record

    def _parameter(self, record: Record, label: str, text: str) -> None:
        if label == "Service":
            self._people.state("Service", text)
        if label not in ("Target", "Account Identifier"):
            return
        value = text.strip()
        number = digits_of(value) if self._people.service == "whatsapp" else None
        if number or NUMBER.fullmatch(value):
            record.stated = whole(MentionKind.PHONE, text, "meta:target")
            self._people.state("phone", value)
            if number and label != "Target":  # by which the logs name the account
                self._people.state("Target", number)
        else:
            record.stated = whole(MentionKind.ACCOUNT, text, "meta:target")
        self._people.state(label, text)

    def _group(
        self, section: str, rule: SectionRule, path: str, group: list[Field]
    ) -> Iterator[Record]:
        aside = ASIDE if rule.kind is RecordKind.PHOTO else frozenset[str]()
        leaves = leaf_fields(group, aside)
        if leaves and all(leaf.text().strip().casefold().startswith(EMPTY) for leaf in leaves):
            return
        if section == "name" and any(leaf.label in ("First", "Last") for leaf in leaves):
            yield from self._name(section, path, leaves)
            return
        record = spanning(rule.kind, section, path, group)
        wanted = self._wanted(rule, leaves)
        put_text(record, wanted)
        self._facts(record, rule, leaves)
        if rule.kind is RecordKind.LOCATION_FIX:
            _fix(record, leaves)
        elif rule.line_kind is not None and record.text and len(wanted) == 1:
            record.stated = stated_in(rule.line_kind, record.text, f"meta:{section}")
            if rule.line_kind is MentionKind.ALIAS:
                for span in record.stated:
                    self._people.state("alias", record.text[span.start : span.end])
        record.attributes = [pair for item in group for pair in labelled(item)]
        for item in group:
            if shows_files(item):
                record.attachments += attachments_of(item)
        yield record
        yield from self._parts(rule, record, group)

    def _wanted(self, rule: SectionRule, leaves: list[Field]) -> list[Field]:
        if not rule.text and rule.line_kind is not None:
            stating = [leaf for leaf in leaves if stated_in(rule.line_kind, leaf.text(), "")]
            return stating[:1] or leaves
        if not rule.text:
            return leaves
        wanted = [leaf for leaf in leaves if leaf.label.casefold() in rule.text]
        known = NO_TEXT.union(rule.text, rule.time, rule.author, rule.stated)
        return wanted or [
            leaf
            for leaf in leaves
            if leaf.label.casefold() not in known and parse_time(leaf.text().strip()) is None
        ]

    def _facts(self, record: Record, rule: SectionRule, leaves: list[Field]) -> None:
        """When, by whom, to whom, in which thread."""
        by_label: dict[str, Field] = {}
        for leaf in leaves:
            if leaf.text().strip():
                by_label.setdefault(leaf.label.casefold(), leaf)
                self._people.note(leaf.text())
        for label in rule.author:
            if label in by_label and record.author is None:
                record.author = self._people.account(by_label[label].text())
        if "to" in by_label:
            record.recipients = (self._people.account(by_label["to"].text()),)
        if rule.kind is RecordKind.MESSAGE and "thread" in by_label:
            thread = self._people.account(by_label["thread"].text())
            record.thread_id = thread.provider_account_id or thread.name
        times = [by_label[label] for label in rule.time if label in by_label]
        if rule.time:
            times += [leaf for leaf in by_label.values() if parse_time(leaf.text().strip())]
        if times:
            record.sent_raw = times[0].text().strip()
            record.sent_at = self._people.time(record.sent_raw)

    def _parts(self, rule: SectionRule, record: Record, group: list[Field]) -> Iterator[Record]:
        """Records within a record: what the provider states of it, and what others wrote to it."""
        for item in (inner for top in group for inner in walk(top)):
            label = item.label.casefold()
            path = f"{record.field}/{item.label}"
            if label in rule.stated:
                part = joined(rule.kind, record.section, path, leaf_fields([item]))
                if part is not None and part.text:
                    part.stated = whole(rule.stated[label], part.text, f"meta:{label}")
                    part.author = record.author
                    part.sent_at, part.sent_raw = record.sent_at, record.sent_raw
                    keep_within(part, record)
                    if rule.stated[label] in OF_THE_ACCOUNT:
                        self._people.state(rule.stated[label].value, part.text.strip())
                    yield part
            elif label in ASIDE and rule.kind is RecordKind.PHOTO:
                comments = SectionRule(RecordKind.COMMENT, ("text", "comment"))
                for line in item.printed():
                    yield line_record(RecordKind.COMMENT, record.section, path, line)
                for comment in groups_of(item):
                    yield from self._group(record.section, comments, path, comment)

    def _name(self, section: str, path: str, leaves: list[Field]) -> Iterator[Record]:
        """First, Middle and Last as one name: the only text that is put together, by blanks."""
        record = joined(RecordKind.PROFILE, section, path, leaves)
        if record is not None:
            put_text(record, [leaf for leaf in leaves if leaf.text()], glue=" ")
            record.attributes = [(leaf.label, leaf.text()) for leaf in leaves]
            record.stated = whole(MentionKind.ALIAS, record.text or "", "meta:name")
            self._people.state("alias", (record.text or "").strip())
            yield record


def _fix(record: Record, leaves: list[Field]) -> None:
    """A location fix: its text is latitude and longitude alone, where there are such."""
    found = last_two_decimals(leaves)
    if not found:
        return
    put_text(record, found, glue=",")
    text = record.text or ""
    numbers = list(DECIMAL.finditer(text))[-2:]
    if len(numbers) == 2:
        start, end = numbers[0].start(), numbers[1].end()
        record.stated = [Stated(MentionKind.LOCATION, start, end, "meta:last_location")]
