"""From the tree of a Meta record to records: what every layout of it, HTML or print, shares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.readers.base import Account, Issue, Record, ShardReading
from pipeline.readers.fields import Field, Section
from pipeline.readers.meta_files import attachments_of, shows_files
from pipeline.readers.meta_logs import People, SectionRecords, is_empty
from pipeline.readers.meta_parts import (
    has_text,
    joined,
    keep_within,
    labelled,
    leaf_fields,
    line_record,
    line_text,
    parse_time,
    put_text,
    spanning,
    split_at,
    whole,
)
from pipeline.readers.meta_sections import PERSON, Form, SectionRule, kind_of_body, rules_of
from pipeline.readers.whatsapp_logs import LogRecords
from schemas.kinds import MentionKind, RecordKind, Severity

OPENERS = frozenset({"Author", "Sent", "Body"})
"""Labels with one of which the messages of a thread begin."""
OF_A_MESSAGE = OPENERS | {
    "Attachments", "Share", "Call Record", "Subscription Event", "Removed by Sender",
    "Disappearing Message", "Disappearing Message On", "Disappearing Message Off",
    "Disappearing Duration", "Product Type",
}  # fmt: skip
TOLD = re.compile(r"[A-Z][A-Za-z]{1,20}(?: [A-Za-z]{1,20}){0,4}")
"""A label that may be named in an issue: one read wrongly could be somebody's words."""
CONVERSATIONS = frozenset({"unified_messages", "threads_unified_messages"})
NOT_SHARED = frozenset({"date created", "id", "photo id", "type", "size", "linked media file:"})
"""Labels, folded, in a share whose values nobody wrote."""
HEAD_LINES = 5
"""Printed lines that a thread's name and number may take."""
BUNDLED = frozenset({
    RecordKind.LOGIN, RecordKind.LOCATION_FIX, RecordKind.POST, RecordKind.COMMENT,
    RecordKind.PHOTO, RecordKind.SEARCH, RecordKind.DEVICE, RecordKind.SHARE, RecordKind.MESSAGE,
})  # fmt: skip
"""Kinds whose records are several fields, also where no field stands around them."""


class MetaRecords:
    """Records of one parsed run of bytes, for one service."""

    def __init__(self, service: str, reading: ShardReading) -> None:
        """Collect accounts into ``reading``."""
        self._people = People(service, reading)
        self._sections = SectionRecords(self._people)
        self._logs = LogRecords(self._people)
        self._reading = reading
        self._unknown: dict[str, list[int]] = {}

    def of(self, sections: Iterable[Section]) -> Iterator[Record]:
        """Yield the records in reading order; fields from before the run are context only."""
        for section in sections:
            for rule, tops in rules_of(section):
                yield from self._run(section.key, rule, tops)
        self._people.tell()
        for label, pages in self._unknown.items():
            named = repr(label) if len(pages) > 1 and TOLD.fullmatch(label) else "a label"
            self._reading.issues.append(Issue(
                Severity.WARNING, "read", "unknown_label",
                f"messages have a field that is not known ({named}); its value is kept among their "
                "attributes",
                page=pages[0], count=len(pages),
            ))  # fmt: skip

    def _run(self, section: str, rule: SectionRule, tops: list[Field]) -> Iterator[Record]:
        """Fields of a section that one rule reads."""
        if rule.form is not Form.FIELDS:
            yield from self._logs.of(section, rule, tops)
            return
        loose = [top for top in tops if not top.fields and top.byte_start >= 0]
        if rule.kind in BUNDLED and len(loose) > 1:
            yield from self._sections.bundle(section, rule, loose)
            tops = [top for top in tops if top.fields]
        yield from self._tops(section, rule, tops)

    def _tops(self, section: str, rule: SectionRule, tops: list[Field]) -> Iterator[Record]:
        """Threads with what belongs to them, and all other fields, in order.

        Fields of a message that stand outside a thread are the last thread's: wrappers were closed
        too early.
        """
        thread: Field | None = None
        strays: list[Field] = []
        for item, inner in _units(section, rule, tops):
            if item.label == "Thread" and inner:
                yield from self._thread(section, thread, strays)
                thread, strays = item, []
            elif item.label in OF_A_MESSAGE and (thread is not None or inner):
                strays.append(item)
            elif item.byte_start >= 0 or any(child.byte_start >= 0 for child in item.fields):
                yield from self._sections.of(section, rule, item)
        yield from self._thread(section, thread, strays)

    def _thread(self, section: str, thread: Field | None, strays: list[Field]) -> Iterator[Record]:
        thread_id, name = None, None
        used = 0
        fields = [*thread.fields, *strays] if thread is not None else strays
        if thread is not None:
            thread_id, name, used = self._identity(thread)
        first = next((n for n, item in enumerate(fields) if item.label in OPENERS), len(fields))
        people: list[Account] = []
        for item in fields[:first]:
            if item.label.endswith("Participants"):
                people += [
                    self._people.account(line_text(line))
                    for line in item.printed()
                    if parse_time(line_text(line).strip()) is None and line_text(line).strip()
                ]
            elif item.label == "Thread Name":
                name = item.text() or name
        if thread is not None:
            for record in self._head(section, thread, used, fields[:first]):
                record.thread_id, record.thread_name = thread_id, name
                yield record
        members = tuple(dict.fromkeys(people))
        names = [member.name for member in members]
        others: dict[Account, tuple[Account, ...]] = {}
        nobody = Account(self._people.service, None, None)
        for group in split_at(fields[first:], "Author"):
            if group[0].byte_start < 0:
                continue
            has_author = group[0].label == "Author"
            author = self._people.account(group[0].text()) if has_author else nobody
            if author not in others:
                others[author] = tuple(
                    a for a in members
                    if a.provider_account_id is None
                    or a.provider_account_id != author.provider_account_id
                )  # fmt: skip
            for record in self._message(section, group, [author.name, *names]):
                record.thread_id, record.thread_name = thread_id, name
                record.author = author if has_author else None
                record.recipients = others[author]
                yield record

    def _identity(self, thread: Field) -> tuple[str | None, str | None, int]:
        """Number and name of a thread, and how many of its printed lines state them."""
        text = ""
        lines = thread.printed()[:HEAD_LINES]
        for number, line in enumerate(lines, 1):
            text += ("\n" if text else "") + line_text(line)
            if PERSON.match(text):
                head = self._people.account(text.strip())
                return head.provider_account_id, head.name, number
        plain = line_text(lines[0]).strip() if lines else ""
        return plain or None, None if plain.isdigit() else plain or None, min(len(lines), 1)

    def _head(
        self, section: str, thread: Field, used: int, fields: list[Field]
    ) -> Iterator[Record]:
        for number, line in enumerate(thread.printed()):
            if line[0].byte_start >= 0 and not is_empty(line):
                kind = RecordKind.PARAMETER if number < used else RecordKind.GENERIC
                yield line_record(kind, section, "Thread", line)
        for item in fields:
            path = f"Thread/{item.label}"
            if item.byte_start < 0:
                continue
            if item.fields or item.media:
                record = spanning(RecordKind.PROFILE, section, path, [item])
                put_text(record, [leaf for leaf in leaf_fields([item]) if leaf is not item])
                record.attributes = labelled(item)
                record.attachments = attachments_of(item)
                yield record
                continue
            for line in item.printed():
                text = line_text(line)
                if not item.label.endswith("Participants"):
                    record = line_record(RecordKind.PROFILE, section, path, line)
                    if item.label == "Nickname":
                        record.stated = whole(MentionKind.ALIAS, text, "meta:nickname")
                    yield record
                elif parse_time(text.strip()) is None:
                    record = line_record(RecordKind.PARTICIPANT, section, path, line)
                    person = PERSON.match(text)
                    if person:
                        self._people.note(text)
                        record.stated = whole(
                            MentionKind.ALIAS, text[: person.end("name")], "meta:participant"
                        )
                    yield record

    def _message(
        self, section: str, group: list[Field], names: list[str | None]
    ) -> Iterator[Record]:
        record = spanning(RecordKind.MESSAGE, section, "Message", group)
        shares = []
        labels = set()
        bodies = []
        for item in group:
            labels.add(item.label)
            if item.label == "Body":
                bodies.append(item)
            elif item.label == "Sent":
                if record.sent_raw is None:
                    record.sent_raw = item.text().strip() or None
                    record.sent_at = self._people.time(record.sent_raw)
            elif item.label == "Author":
                continue
            else:
                if item.label == "Share":
                    shares.append(item)
                if item.label == "Attachments" or shows_files(item):
                    record.attachments += attachments_of(item)
                if item.label not in OF_A_MESSAGE:
                    self._unknown.setdefault(item.label, []).append(item.page)
                record.attributes += labelled(item)
        if bodies:
            record.text = ""
            put_text(record, bodies)
        if "Call Record" in labels:
            record.kind = RecordKind.CALL
        elif "Subscription Event" in labels:
            record.kind = RecordKind.SYSTEM
        elif record.text:
            record.kind = kind_of_body(record.text, names)
        yield record
        for number, item in enumerate(shares):
            path = "Share" if number == 0 else f"Share[{number}]"
            share = joined(RecordKind.SHARE, section, path, leaf_fields([item], NOT_SHARED))
            if share is not None:
                share.sent_at, share.sent_raw = record.sent_at, record.sent_raw
                keep_within(share, record)
                yield share


def _units(section: str, rule: SectionRule, tops: list[Field]) -> Iterator[tuple[Field, bool]]:
    """Yield fields, and whether each stands where threads stand; own text of a holder first."""
    for top in tops:
        held = [child for child in top.fields if child.label == "Thread"]
        if rule.kind is RecordKind.MESSAGE:  # of reports, whose messages name their thread
            held = [child for child in held if any(f.label == "Author" for f in child.fields)]
        if top.label == "Thread" or not (held or _messages_in(section, top)):
            yield top, section in CONVERSATIONS
            continue
        if has_text(top):
            own = Field(top.label, top.page, top.line, top.byte_start, top.byte_end, top.page_last)
            own.items = [item for item in top.items if not isinstance(item, Field)]
            yield own, False
        for child in top.fields:
            yield child, True


def _messages_in(section: str, top: Field) -> bool:
    return section in CONVERSATIONS and any(item.label in OPENERS for item in top.fields)
