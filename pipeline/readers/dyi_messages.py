"""A message of a Meta thread in JSON, from the download or the end-to-end encrypted export."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.readers.base import Account, Record, Stated
from pipeline.readers.dyi_parts import (
    CROWD,
    Members,
    Strings,
    Tally,
    attachment,
    is_text,
    lined,
    make_record,
    moment,
    thread_of,
)
from pipeline.readers.dyi_rules import THREAD, section_of_file
from pipeline.readers.dyi_sections import Export, value_records
from pipeline.readers.json_spans import Unit, leaves, written
from pipeline.readers.json_spans import members as members_of
from pipeline.readers.meta_sections import kind_of_body
from schemas.kinds import MentionKind, RecordKind

FAILED = "failed to download media"
"""What stands for the path of a file that the end-to-end export lacks, lower case (FORMATS 7)."""
KNOWN = frozenset({"reactions", "share", "call_duration", "type", "users", "missed", "ip"})
OWNER = ("original_content_owner",)
"""Path in a share of the name that is an attribute; all its other strings are the share's text."""
LAYOUT = frozenset({"is_still_participant", "thread_type", "thread_path"})
"""Keys of a thread that say nothing a person wrote."""
SUBSCRIBED = frozenset({"Subscribe", "Unsubscribe"})
PLAIN = frozenset({"Generic", "text", "media"})
"""Types of message that say nothing."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one form of the export names the fields of a message."""

    sender: str
    text: str
    time: str
    time_else: str
    unsent: str
    title: str
    files: tuple[str, ...]
    ignored: frozenset[str]


def thread_records(export: Export, shape: Shape) -> Iterator[Record]:
    """Yield the records of a thread's file, in its order.

    Args:
        export: the file.
        shape: names of the fields of its messages.
    """
    found, strings = export.found, export.strings
    thread_id, section = thread_of(export.path)
    name: str | None = None
    people: list[Account] = []
    for unit in found.units:
        key = _top(unit)
        if unit.path == (shape.title,):
            name = strings.text(found.value(unit)) or name
        elif unit.path == ("thread_path",) and is_text(value := found.value(unit)):
            folders = [part for part in strings.read(value).split("/") if part]
            thread_id = folders[-1] if folders else thread_id
            section = f"messages/{folders[-2]}" if len(folders) > 1 else section
        elif key == "participants" and (account := export.account(_name(found.value(unit)))):
            people.append(account)
    members = Members(people, export.tally)
    members.names += _former(export, shape, members)
    for unit in found.units:
        for record in _of_thread(export, unit, shape, section, members):
            record.thread_id, record.thread_name = thread_id, name
            yield record


def _former(export: Export, shape: Shape, members: Members) -> list[str]:
    """Names of authors who are no participants: people left, or changed their names."""
    pattern = rf'"{shape.sender}"\s{{0,9}}:\s{{0,9}}("(?:[^"\\]|\\.){{1,300}}+")'
    found = dict.fromkeys(match[1] for match in re.finditer(pattern, export.found.text))
    # what does not fit is counted where the message is read
    strings = Strings(Tally(), doubled=export.strings.doubled)
    names: list[str] = []
    for quoted in list(found)[:CROWD]:
        try:
            name = strings.read(json.loads(quoted, strict=False))
        except ValueError:
            continue
        if name not in members.names:
            names.append(name)
    return names


def _of_thread(
    export: Export, unit: Unit, shape: Shape, section: str, members: Members
) -> Iterator[Record]:
    key = _top(unit)
    where = export.found.line_of(unit.start), export.found.bytes_of(unit.start, unit.end)
    if key == "messages" and len(unit.path) == 2:
        value = export.found.value(unit)
        if isinstance(value, dict):
            yield from message_records(export, unit, value, shape, section, members)
            return
    elif key == "participants" and len(unit.path) == 2:
        if text := export.strings.text(_name(export.found.value(unit))):
            field = written(unit.path)
            record = make_record(RecordKind.PARTICIPANT, text, section, field, *where)
            record.stated = [Stated(MentionKind.ALIAS, 0, len(text), "dyi:participant")]
            yield record
            return
    elif unit.path == (shape.title,):
        if text := export.strings.text(export.found.value(unit)):
            yield make_record(RecordKind.PARAMETER, text, section, shape.title, *where)
        return
    elif len(unit.path) == 1 and key in LAYOUT:
        return
    name = written(unit.path)
    if name.startswith("#") or not name:
        name = section_of_file(export.path) + name
    yield from _rest(export, unit, section, name)


def _top(unit: Unit) -> str:
    """The key at the top of the file, also where it comes again."""
    first = unit.path[0] if unit.path else ""
    return first.split("#")[0] if isinstance(first, str) else ""


def _rest(export: Export, unit: Unit, section: str, name: str) -> Iterator[Record]:
    """What stands in a thread's file beside what is known."""
    for record in value_records(export, unit, section, name, THREAD):
        if record.text is not None:
            export.tally.add("unknown_field")
        yield record


def _name(value: Any) -> Any:
    return value.get("name") if isinstance(value, dict) else value


def message_records(
    export: Export,
    unit: Unit,
    value: dict[str, Any],
    shape: Shape,
    section: str,
    members: Members,
) -> Iterator[Record]:
    """Yield a message, its share, and what else its fields hold.

    Args:
        export: the file.
        unit: where the message stands.
        value: the message, decoded.
        shape: names of its fields.
        section: its section.
        members: participants of its thread.
    """
    found = export.found
    name = written(unit.path)
    record = make_record(
        RecordKind.MESSAGE, None, section, name, found.line_of(unit.start),
        found.bytes_of(unit.start, unit.end),
    )  # fmt: skip
    text = value.get(shape.text)
    if is_text(text):
        record.text = export.strings.read(text)
        record.segments = [(0, None, record.line_first)] if record.text else []
    author = export.account(value.get(shape.sender))
    if author is None:
        export.tally.add("author_missing")
    record.author = author
    record.recipients = members.others(author)
    time = value.get(shape.time)
    time = value.get(shape.time_else) if time is None else time
    record.sent_at, record.sent_raw = moment(time, export.tally)
    if record.sent_raw is None:
        export.tally.add("time_missing")
    record.kind = _kind(record.text, value, members.named(author))
    _files(export, record, value, shape)
    record.attributes = list(_attributes(export, value, shape))
    yield record
    for part in _parts(export, unit, value, shape, section):
        part.author, part.recipients = record.author, record.recipients
        part.sent_at, part.sent_raw = record.sent_at, record.sent_raw
        yield part


def _kind(text: str | None, value: dict[str, Any], names: Iterable[str | None]) -> RecordKind:
    kind = value.get("type")
    if kind == "Call" or value.get("call_duration") is not None:
        return RecordKind.CALL
    if is_text(kind) and kind in SUBSCRIBED:
        return RecordKind.SYSTEM
    return kind_of_body(text, names) if text else RecordKind.MESSAGE


def _files(export: Export, record: Record, value: dict[str, Any], shape: Shape) -> None:
    for key in shape.files:
        listed = value.get(key)
        for item in listed if isinstance(listed, list) else [listed]:
            uri = item.get("uri") if isinstance(item, dict) else None
            if not is_text(uri) or not uri:
                continue
            path = export.strings.read(uri)
            if FAILED in path.lower():
                export.tally.add("media_missing")
            else:
                record.attachments.append(attachment(path, key))


def _attributes(export: Export, value: dict[str, Any], shape: Shape) -> Iterator[tuple[str, str]]:
    read = export.strings.read
    kind = value.get("type")
    if is_text(kind) and kind and kind not in PLAIN:
        yield "type", read(kind)
    if value.get(shape.unsent) is True:
        yield shape.unsent, "true"
    for key in ("call_duration", "missed", "ip"):
        item = value.get(key)
        if isinstance(item, str | int) and item not in ("", False):
            yield key, read(item) if isinstance(item, str) else str(item).lower()
    for user in _dicts(value.get("users")):
        if is_text(user.get("name")):
            yield "users", read(user["name"])
    for key in shape.files:
        listed = value.get(key)
        for item in _dicts(listed if isinstance(listed, list) else [listed]):
            if is_text(item.get("uri")) and FAILED in item["uri"].lower():
                yield key, read(item["uri"])
    for reaction in _dicts(value.get("reactions")):
        sign, actor = reaction.get("reaction"), reaction.get("actor")
        if is_text(sign) and is_text(actor):
            yield "reaction", f"{read(actor)}: {read(sign)}"
    share = value.get("share")
    if isinstance(share, dict) and is_text(share.get("original_content_owner")):
        yield "share.original_content_owner", read(share["original_content_owner"])


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield item


def _parts(
    export: Export, unit: Unit, value: dict[str, Any], shape: Shape, section: str
) -> Iterator[Record]:
    """What stands in a message and is a record of its own: its share, fields that are not known."""
    known = {shape.sender, shape.text, shape.time, shape.time_else, shape.unsent}
    known |= KNOWN | shape.ignored | set(shape.files)
    strange = {
        key for key, item in value.items()
        if (key not in known and is_text(item))
        or ((key not in known or key == shape.text) and isinstance(item, list | dict))
    }  # fmt: skip
    if not (strange or isinstance(value.get("share"), dict)):
        return
    found = export.found
    for key, start, end in members_of(found.text, unit.start):
        path = f"{written(unit.path)}.{key}"
        if key == "share" and isinstance(value[key], dict):
            parts = [
                (export.strings.read(str(leaf.value)), found.line_of(leaf.start))
                for leaf in leaves(found.text, start)
                if leaf.path != OWNER and is_text(leaf.value) and str(leaf.value).strip()
            ]
            if parts:
                share = make_record(
                    RecordKind.SHARE, None, section, path, found.line_of(start),
                    found.bytes_of(start, end),
                )  # fmt: skip
                share.text, share.segments = lined(parts)
                yield share
        elif key in strange:
            inner = Unit((*unit.path, key), start, end)
            yield from _rest(export, inner, section, path)
