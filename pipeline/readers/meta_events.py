"""From the tree of a Meta record to records: what every layout of it, HTML or print, shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from pipeline.readers.base import Account, AccountFact, Attachment, Record, ShardReading, Stated
from pipeline.readers.fields import BREAK, Field, Piece, Section
from pipeline.readers.meta_sections import (
    EMPTY,
    GENERIC,
    PERSON,
    REACTION,
    RULES,
    SectionRule,
    is_system,
)
from schemas.kinds import MentionKind, RecordKind

NESTED = frozenset({"Attachments", "Share", "Call Record", "Subscription Event"})
"""Labels in a message that hold further fields of their own."""


def parse_time(raw: str | None) -> datetime | None:
    """Read the provider's ``YYYY-MM-DD HH:MM:SS UTC``; None for anything else."""
    if raw is None or not raw.endswith(" UTC"):
        return None
    try:
        return datetime.fromisoformat(raw[:-4]).replace(tzinfo=UTC)
    except ValueError:
        return None


class MetaRecords:
    """Records of one parsed run of bytes, for one service."""

    def __init__(self, service: str, reading: ShardReading) -> None:
        """Collect accounts into ``reading``."""
        self._service = service
        self._reading = reading
        self._people: dict[str, Account] = {}

    def of(self, sections: Iterable[Section]) -> Iterator[Record]:
        """Yield the records in reading order; fields from before the run are context only."""
        for section in sections:
            rule = RULES.get(section.key, GENERIC)
            for top in section.fields:
                if top.label.endswith(" Definition"):
                    continue
                if any(child.label == "Thread" for child in top.fields):
                    for thread in top.fields:
                        yield from self._thread(section.key, thread)
                elif top.byte_start >= 0 or any(item.byte_start >= 0 for item in top.fields):
                    yield from self._section(section.key, rule, top)

    def account(self, raw: str) -> Account:
        """Read ``Name (Facebook: 123)``; a text without a number is a name alone."""
        known = self._people.get(raw)
        if known is None:
            match = PERSON.match(raw)
            if match:
                platform = (match["platform"] or self._service).lower()
                known = Account(platform, match["id"], match["name"].strip() or None)
            else:
                known = Account(self._service, None, raw.strip() or None)
            self._people[raw] = known
        return known

    # -- messages ----------------------------------------------------------------------------

    def _thread(self, section: str, thread: Field) -> Iterator[Record]:
        if thread.label != "Thread":
            yield from self._section(section, RULES.get(section, GENERIC), thread)
            return
        head = self.account(thread.text().split("\n")[0].strip())
        thread_id, name = head.provider_account_id, head.name
        fields = thread.fields
        first = next((n for n, item in enumerate(fields) if item.label == "Author"), len(fields))
        people: list[Account] = []
        for item in fields[:first]:
            if item.label.endswith("Participants"):
                people += [self.account(line) for line in _person_lines(item)]
            elif item.label == "Thread Name":
                name = item.text() or name
        if thread.byte_start >= 0:
            for record in self._thread_head(section, thread, fields[:first]):
                record.thread_id, record.thread_name = thread_id, name
                yield record
        members = tuple(dict.fromkeys(people))
        others: dict[Account, tuple[Account, ...]] = {}
        for group in _split_at(fields[first:], "Author"):
            if group[0].byte_start < 0:
                continue
            author = self.account(group[0].text())
            if author not in others:
                others[author] = tuple(
                    a for a in members if a.provider_account_id != author.provider_account_id
                )
            for record in self._message(section, group):
                record.thread_id, record.thread_name = thread_id, name
                record.author, record.recipients = author, others[author]
                yield record

    def _thread_head(self, section: str, thread: Field, fields: list[Field]) -> Iterator[Record]:
        for line in thread.lines()[:1]:
            yield _record(RecordKind.PARAMETER, section, "Thread", line)
        for item in fields:
            for line in item.lines():
                text = _line_text(line)
                path = f"Thread/{item.label}"
                if not item.label.endswith("Participants"):
                    record = _record(RecordKind.PROFILE, section, path, line)
                    if item.label == "Nickname":
                        record.stated.append(_whole(MentionKind.ALIAS, text, "meta:nickname"))
                    yield record
                elif parse_time(text) is None:
                    record = _record(RecordKind.PARTICIPANT, section, path, line)
                    person = PERSON.match(text)
                    if person and person["name"]:
                        end = len(person["name"])
                        record.stated.append(Stated(MentionKind.ALIAS, 0, end, "meta:participant"))
                    yield record

    def _message(self, section: str, group: list[Field]) -> Iterator[Record]:
        body = next((item for item in group if item.label == "Body"), None)
        sent = next((item for item in group if item.label == "Sent"), None)
        record = _spanning(RecordKind.MESSAGE, section, "Message", group)
        if body is not None:
            record.text, record.segments = body.segments()
        if sent is not None:
            record.sent_raw = sent.text().strip()
            record.sent_at = parse_time(record.sent_raw)
        labels = {item.label for item in group}
        if "Call Record" in labels:
            record.kind = RecordKind.CALL
        elif record.text and REACTION.match(record.text):
            record.kind = RecordKind.REACTION
        elif "Subscription Event" in labels or (
            record.text and is_system(record.text, self.account(group[0].text()).name)
        ):
            record.kind = RecordKind.SYSTEM
        shares = []
        for item in group:
            if item.label == "Attachments":
                record.attachments += _attachments(item)
            elif item.label == "Share":
                shares.append(item)
            if item.label not in ("Author", "Sent", "Body"):
                record.attributes += _leaves(item)
        yield record
        for number, item in enumerate(shares):
            path = "Share" if number == 0 else f"Share[{number}]"
            share = _joined(RecordKind.SHARE, section, path, _wanted(item, _SHARE_TEXT))
            if share is not None:
                share.sent_at, share.sent_raw = record.sent_at, record.sent_raw
                yield share

    # -- all other sections ------------------------------------------------------------------

    def _section(self, section: str, rule: SectionRule, top: Field) -> Iterator[Record]:
        own = top.lines()
        if own and _line_text(own[0]).startswith(EMPTY):
            return
        for line in own:
            if line[0].byte_start >= 0:
                yield self._line(section, rule, top.label, line)
        for group in _groups(top):
            if group[0].byte_start < 0:
                continue
            if len(group) == 1 and group[0].label.startswith("Album"):
                for photo in _groups(group[0]):
                    yield from self._group(section, rule, f"{top.label}/{group[0].label}", photo)
            else:
                yield from self._group(section, rule, top.label, group)

    def _line(self, section: str, rule: SectionRule, path: str, line: list[Piece]) -> Record:
        record = _record(rule.kind, section, path, line)
        text = record.text or ""
        target = Account(self._service, None, None)
        if rule.line_kind is not None:
            span = _stated_span(rule.line_kind, text)
            if span is not None:
                record.stated.append(Stated(rule.line_kind, *span, f"meta:{section}"))
                value = text[span[0] : span[1]]
                self._reading.accounts.append(AccountFact(target, rule.line_kind.value, value))
        elif section == "request_parameters" and path in ("Target", "Account Identifier"):
            record.stated.append(_whole(MentionKind.ACCOUNT, text, "meta:target"))
            self._reading.accounts.append(AccountFact(target, path, text))
        elif section == "request_parameters" and path == "Service":
            self._reading.accounts.append(AccountFact(target, "Service", text))
        record.attributes.append((path, text))
        return record

    def _group(
        self, section: str, rule: SectionRule, path: str, group: list[Field]
    ) -> Iterator[Record]:
        leaves = [leaf for item in group for leaf in _leaf_fields(item)]
        if section == "name":
            yield from self._name(section, path, leaves)
            return
        wanted = [leaf for leaf in leaves if leaf.label in rule.text] if rule.text else leaves
        record = _spanning(rule.kind, section, path, group)
        if wanted:
            joined = _joined(rule.kind, section, path, wanted)
            if joined is not None:
                record.text, record.segments = joined.text, joined.segments
        if rule.kind is RecordKind.LOCATION_FIX:
            _fix(record, leaves)
        for leaf in leaves:
            if leaf.label in rule.time and record.sent_raw is None and leaf.text().strip():
                record.sent_raw = leaf.text().strip()
                record.sent_at = parse_time(record.sent_raw)
            elif leaf.label in rule.author and record.author is None and leaf.text():
                record.author = self.account(leaf.text())
            elif leaf.label == "To" and leaf.text():
                record.recipients = (self.account(leaf.text()),)
        if rule.kind is RecordKind.LOGIN and record.text:
            span = _stated_span(MentionKind.IP, record.text)
            if span is not None:
                record.stated.append(Stated(MentionKind.IP, *span, f"meta:{section}"))
        for item in group:
            record.attributes += _leaves(item)
            if item.label in ("Image", "Video", "Attachments", "Wallposts Attachments"):
                record.attachments += _attachments(item)
        yield record
        for label, kind in rule.stated.items():
            for item in group:
                if item.label == label:
                    part = _joined(rule.kind, section, f"{path}/{label}", _leaf_fields(item))
                    if part is not None and part.text:
                        part.sent_at, part.sent_raw = record.sent_at, record.sent_raw
                        part.author = record.author
                        part.stated.append(_whole(kind, part.text, f"meta:{label.lower()}"))
                        yield part

    def _name(self, section: str, path: str, leaves: list[Field]) -> Iterator[Record]:
        """First, Middle and Last as one name: the only text that is put together, by blanks."""
        parts = [leaf for leaf in leaves if leaf.text()]
        record = _joined(RecordKind.PROFILE, section, path, parts, glue=" ")
        if record is not None and record.text:
            record.attributes = [(leaf.label, leaf.text()) for leaf in leaves]
            record.stated.append(_whole(MentionKind.ALIAS, record.text, "meta:name"))
            target = Account(self._service, None, None)
            self._reading.accounts.append(AccountFact(target, "alias", record.text))
            yield record


_SHARE_TEXT = ("Title", "Summary", "Text", "Url", "Link")


def _person_lines(item: Field) -> Iterator[str]:
    for line in item.lines():
        text = _line_text(line)
        if parse_time(text) is None and text.strip():
            yield text


def _line_text(line: list[Piece]) -> str:
    return "".join(piece.text for piece in line)


def _split_at(fields: list[Field], label: str) -> Iterator[list[Field]]:
    """Split siblings into runs, each beginning with a field of this label."""
    run: list[Field] = []
    for item in fields:
        if item.label == label and run:
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _groups(top: Field) -> Iterator[list[Field]]:
    """Split the fields beneath one into records: at a blank line, or where the first repeats."""
    run: list[Field] = []
    ended = False
    for item in top.items:
        if item is BREAK:
            ended = bool(run)
        elif isinstance(item, Field):
            if run and (ended or item.label == run[0].label):
                yield run
                run = []
            run.append(item)
            ended = False
    if run:
        yield run


def _leaf_fields(item: Field) -> list[Field]:
    """The field itself if it has text, and all fields with text beneath it, in order."""
    found = [item] if any(isinstance(piece, Piece) for piece in item.items) else []
    for child in item.fields:
        found += _leaf_fields(child)
    return found


def _leaves(item: Field, path: str = "") -> list[tuple[str, str]]:
    label = f"{path}/{item.label}" if path else item.label
    own = [(label, item.text())] if any(isinstance(p, Piece) for p in item.items) else []
    return own + [leaf for child in item.fields for leaf in _leaves(child, label)]


def _wanted(item: Field, labels: tuple[str, ...]) -> list[Field]:
    return [leaf for leaf in _leaf_fields(item) if leaf.label in labels]


def _record(kind: RecordKind, section: str, path: str, line: list[Piece]) -> Record:
    """Make a record of one printed line."""
    text, segments = "", []
    for piece in line:
        if not segments or segments[-1][1:] != (piece.page, piece.line):
            segments.append((len(text), piece.page, piece.line))
        text += piece.text
    first, last = line[0], line[-1]
    return Record(
        kind, text, segments, section, path, first.page, last.page, first.line,
        first.byte_start, last.byte_end,
    )  # fmt: skip


def _spanning(kind: RecordKind, section: str, path: str, group: list[Field]) -> Record:
    """Make a record without text of the bytes of some fields that follow each other."""
    first, last = group[0], max(group, key=lambda item: item.byte_end)
    page_last = max(item.page_last for item in group)
    return Record(
        kind, None, [], section, path, first.page, page_last, first.line,
        first.byte_start, last.byte_end,
    )  # fmt: skip


def _joined(
    kind: RecordKind, section: str, path: str, fields: list[Field], glue: str = "\n"
) -> Record | None:
    """Make a record whose text is the values of some fields, joined; None if all are empty."""
    fields = [item for item in fields if item.text()]
    if not fields:
        return None
    record = _spanning(kind, section, path, fields)
    record.text = ""
    for item in fields:
        text, segments = item.segments()
        record.text += glue if record.segments else ""
        base = len(record.text)
        record.segments += [(base + start, page, line) for start, page, line in segments]
        record.text += text
    return record


def _fix(record: Record, leaves: list[Field]) -> None:
    """A location fix: its last two decimals are latitude and longitude (FORMATS 2.6)."""
    numbers = [leaf for leaf in leaves if _is_decimal(leaf.text())]
    if len(numbers) < 2:
        return
    joined = _joined(record.kind, record.section, record.field, numbers[-2:], glue=",")
    if joined is not None and joined.text:
        record.text, record.segments = joined.text, joined.segments
        record.stated.append(_whole(MentionKind.LOCATION, joined.text, "meta:last_location"))


def _is_decimal(text: str) -> bool:
    whole, point, part = text.strip().lstrip("-").partition(".")
    return bool(point) and whole.isdigit() and part.isdigit()


def _whole(kind: MentionKind, text: str, rule: str) -> Stated:
    return Stated(kind, 0, len(text), rule)


def _stated_span(kind: MentionKind, text: str) -> tuple[int, int] | None:
    """Where in a stated line the value itself stands; None if it is no such value."""
    stop = len(text)
    if kind is MentionKind.PHONE:
        stop = next((n for n, c in enumerate(text) if not (c.isdigit() or c in "+() -.")), stop)
        stop = len(text[:stop].rstrip(" (-."))
        return (0, stop) if sum(c.isdigit() for c in text[:stop]) >= 7 else None
    stop = len(text.rstrip())
    if kind is MentionKind.EMAIL:
        stop = next((n for n, c in enumerate(text) if c.isspace()), stop)
        return (0, stop) if "@" in text[:stop] else None
    return (0, stop) if stop else None


def _attachments(item: Field) -> list[Attachment]:
    """Files of one field: a line ``image-9 (9)`` opens each, further fields describe it."""
    drafts: list[dict[str, str]] = []
    for part in _flat(item):
        if isinstance(part, str):
            match = PERSON.match(part)
            name = match["name"] if match else part
            drafts.append({"name": name.strip(), "id": match["id"] if match else ""})
        else:
            if not drafts:
                drafts.append({})
            key = part.label.rstrip(":").lower()
            drafts[-1].setdefault(key, part.text())
            for path in part.media:
                drafts[-1].setdefault("media", path)
    for path in item.media:
        if not drafts:
            drafts.append({})
        drafts[-1].setdefault("media", path)
    return [_attachment(draft) for draft in drafts if any(draft.values())]


def _flat(item: Field) -> Iterator[str | Field]:
    """Yield printed lines of a field and the fields beneath it, nameless ones opened, in order."""
    line = ""
    for part in [*item.items, BREAK]:
        if isinstance(part, Piece):
            line += part.text
            continue
        if line:
            yield line
            line = ""
        if isinstance(part, Field):
            yield part
            if not part.text():
                yield from (child for child in _flat(part) if isinstance(child, Field))


def _attachment(draft: dict[str, str]) -> Attachment:
    size = draft.get("size", "")
    path = draft.get("linked media file") or draft.get("media")
    name = draft.get("name") or (path.rsplit("/", 1)[-1] if path else None)
    return Attachment(
        name=name or None,
        provider_id=draft.get("id") or None,
        media_type=draft.get("type") or None,
        size_bytes=int(size) if size.isdigit() else None,
        url=draft.get("url") or None,
        path=path or None,
    )
