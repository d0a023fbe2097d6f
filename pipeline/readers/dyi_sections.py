"""Sections of a Meta download in JSON that are no threads: profile, logs, searches, posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.readers.base import Account, AccountFact, Record, ShardReading, Stated
from pipeline.readers.dyi_parts import (
    Strings,
    Tally,
    attachment,
    is_local_media,
    is_text,
    lined,
    make_record,
    moment,
)
from pipeline.readers.dyi_rules import (
    DECIMAL,
    EMAIL,
    LATITUDE,
    LONGITUDE,
    NOT_TEXT,
    PHONE,
    TIMES,
    TRIVIAL,
    Rule,
    rule_of,
    section_of_file,
)
from pipeline.readers.json_spans import JsonText, Leaf, Path, Unit, leaves, written
from pipeline.readers.meta_parts import stated_in
from schemas.kinds import MentionKind

STATING = frozenset({MentionKind.ALIAS, MentionKind.EMAIL, MentionKind.PHONE, MentionKind.HANDLE})
"""What a profile states of its account."""
OF_OTHERS = ("family_members", "relationship")
"""Beginnings of paths in a profile that name other people."""
LABELLED = 4
"""Levels up to which a label stands beside a container around its value."""


@dataclass(slots=True)
class Export:
    """A file of an export while it is read."""

    found: JsonText
    path: str
    service: str
    reading: ShardReading
    tally: Tally
    strings: Strings
    times: dict[Path, Any] = field(default_factory=dict)
    """Time of each object that was walked, by its path."""

    def note_times(self) -> None:
        """Note the times that stand in objects around the units."""
        for unit in self.found.units:
            key = unit.path[-1] if unit.path else ""
            if key in TIMES and self.found.text[unit.start].isdigit():
                self.times.setdefault(unit.path[:-1], self.found.value(unit))

    def account(self, name: Any) -> Account | None:
        """Return the account of a display name; None if it is none."""
        text = self.strings.text(name)
        return Account(self.service, None, text) if text else None


def section_records(export: Export, unit: Unit) -> Iterator[Record]:
    """Yield the records of one unit of a file that is no thread."""
    first = unit.path[0] if unit.path else 0
    section = section_of_file(export.path) if isinstance(first, int) else first.split("#")[0]
    rule = rule_of(section)
    name = section + written(unit.path) if isinstance(first, int) else written(unit.path)
    if not rule.by_entry:
        for record in value_records(export, unit, section, name, rule):
            if not rule.is_known:
                export.tally.section(section)
            yield record
        return
    entry = list(leaves(export.found.text, unit.start))
    if len(entry) == 1 and not entry[0].path and not _may_be_text(unit.path, entry[0]):
        return
    yield _entry(export, unit, entry, section, name, rule)


def value_records(
    export: Export, unit: Unit, section: str, name: str, rule: Rule, *, under: Path = ()
) -> Iterator[Record]:
    """Yield a record for every string of a unit that may be text a person wrote.

    Args:
        export: the file.
        unit: the unit.
        section: its section.
        name: how its field is called.
        rule: says what is stated.
        under: read only what stands beneath this path of the unit.
    """
    value = export.found.value(unit)
    labels: dict[Path, str] = {}
    times: dict[Path, Any] = {}
    for leaf in leaves(export.found.text, unit.start):
        if leaf.path[: len(under)] != under:
            continue
        where = (*unit.path, *leaf.path)
        if leaf.path and leaf.path[-1] == "label" and is_text(leaf.value):
            labels[leaf.path[:-1]] = export.strings.read(str(leaf.value))
            continue
        is_file = is_text(leaf.value) and is_local_media(str(leaf.value))
        if not (is_file or _may_be_text(where, leaf)):
            continue
        text = export.strings.read(str(leaf.value))
        path = f"{name}.{written(leaf.path)}".replace(".#", "#") if leaf.path else name
        record = make_record(
            rule.kind, None if is_file else text, section, path,
            export.found.line_of(leaf.start), export.found.bytes_of(leaf.start, leaf.end),
        )  # fmt: skip
        if is_file:
            record.attachments = [attachment(text)]
        else:
            keys = _keys(where[1:])
            record.stated = _stated(rule, keys, text)
            if not keys.startswith(OF_OTHERS):
                _note(export, record)
        if label := _label(labels, leaf.path):
            record.attributes = [("label", label)]
        around = leaf.path[:-1]
        if around not in times:
            times[around] = _time(value, around, export, unit.path)
        record.sent_at, record.sent_raw = moment(times[around], export.tally)
        yield record


def _entry(
    export: Export, unit: Unit, entry: list[Leaf], section: str, name: str, rule: Rule
) -> Record:
    found = export.found
    record = make_record(
        rule.kind, None, section, name, found.line_of(unit.start),
        found.bytes_of(unit.start, unit.end),
    )  # fmt: skip
    value = found.value(unit)
    record.sent_at, record.sent_raw = moment(
        _time(value, (), export, unit.path, deep=True), export.tally
    )
    wanted = _wanted(rule, unit, entry)
    parts = [(export.strings.read(str(leaf.value)), leaf) for leaf in wanted]
    if rule.form:
        wanted = _put_together(export, record, rule.form, entry)
    elif parts and rule.glue == "\n":
        lines = ((text, found.line_of(leaf.start)) for text, leaf in parts)
        record.text, record.segments = lined(lines)
    elif parts:
        record.text = rule.glue.join(text for text, _ in parts)
        record.segments = [(0, None, found.line_of(parts[0][1].start))]
    if parts and rule.stated and not rule.form:
        start = 0
        if rule.glue != "\n":
            record.stated = _stated(rule, "", record.text or "")
        else:
            for text, leaf in parts:
                for span in _stated(rule, _keys(leaf.path or unit.path[1:]), text):
                    moved = (span.start + start, span.end + start)
                    record.stated.append(Stated(span.kind, *moved, span.rule))
                start += len(text) + 1
    _describe(export, record, rule, entry, wanted)
    return record


def _wanted(rule: Rule, unit: Unit, entry: list[Leaf]) -> list[Leaf]:
    """The leaves that are an entry's text."""
    readable = [leaf for leaf in entry if _may_be_text((*unit.path, *leaf.path), leaf)]
    if rule.form or (rule.text is None and rule.shape is None):
        return readable
    wanted = [
        leaf for leaf in (entry if rule.shape else readable)
        if is_text(leaf.value) and (rule.text is None or rule.text.fullmatch(_keys(leaf.path)))
        and str(leaf.value).strip()
        and (rule.shape is None or rule.shape.fullmatch(str(leaf.value).strip()))
    ]  # fmt: skip
    return wanted if wanted or rule.shape else readable


def _describe(
    export: Export, record: Record, rule: Rule, entry: list[Leaf], wanted: list[Leaf]
) -> None:
    """Give a record what its entry says beside its text."""
    in_text = {leaf.start for leaf in wanted}
    labels: dict[Path, str] = {}
    for leaf in entry:
        keys = _keys(leaf.path)
        text = export.strings.read(str(leaf.value)) if is_text(leaf.value) else str(leaf.value)
        last = keys.rpartition("/")[2]
        if last == "label" and is_text(leaf.value):
            labels[leaf.path[:-1]] = text
        elif rule.author and keys == rule.author:
            record.author = export.account(leaf.value)
        elif last == "uri" and is_text(leaf.value) and "://" not in text[:12]:
            record.attachments.append(attachment(text))
        elif leaf.start not in in_text and text not in ("", "0", "False") and last not in TIMES:
            shown = keys.removeprefix("string_map_data/").removesuffix("/value")
            record.attributes.append((_label(labels, leaf.path) or shown, text))


def _put_together(export: Export, record: Record, form: str, entry: list[Leaf]) -> list[Leaf]:
    """Make the text of a payment or a place of several values; return those that are in it."""
    by_key = {_keys(leaf.path): leaf for leaf in entry}
    parts: list[tuple[str, Leaf]] = []
    used: list[Leaf] = []
    if form == "payment":
        amount, currency = by_key.get("amount"), by_key.get("currency")
        if amount is not None:
            text = str(amount.value)
            if currency is not None and str(currency.value) not in text:
                text = f"{text} {currency.value}"
                used.append(currency)
            parts.append((text, amount))
        for key, leaf in by_key.items():
            memo = key.rpartition("/")[2] in ("memo", "description", "title", "merchant", "note")
            if memo and is_text(leaf.value) and str(leaf.value).strip():
                parts.append((export.strings.read(str(leaf.value)), leaf))
        if "sender" in by_key:
            record.author = export.account(by_key["sender"].value)
        if "receiver" in by_key:
            receiver = export.account(by_key["receiver"].value)
            record.recipients = (receiver,) if receiver else ()
    else:
        name = by_key.get("name")
        if name is not None and is_text(name.value) and str(name.value).strip():
            parts.append((export.strings.read(str(name.value)), name))
        fixes = [leaf for leaf in entry if DECIMAL.fullmatch(str(leaf.value))]
        souths = [leaf for leaf in fixes if LATITUDE.search(_keys(leaf.path))]
        wests = [leaf for leaf in fixes if LONGITUDE.search(_keys(leaf.path))]
        for south, west in zip(souths, wests, strict=False):
            parts.append((f"{south.value},{west.value}", south))
            used.append(west)
    if not parts:
        parts = [
            (export.strings.read(str(leaf.value)), leaf)
            for leaf in entry if _may_be_text(leaf.path, leaf)
        ]  # fmt: skip
    used += [leaf for _, leaf in parts]
    if parts:
        lines = ((text, export.found.line_of(leaf.start)) for text, leaf in parts)
        record.text, record.segments = lined(lines)
    if form == "place":
        start = 0
        for text, _ in parts:
            record.stated.append(
                Stated(MentionKind.LOCATION, start, start + len(text), "dyi:location")
            )
            start += len(text) + 1
    return used


def _may_be_text(path: Path, leaf: Leaf) -> bool:
    """Whether a leaf is a string that a person may have written, or that names something."""
    if not is_text(leaf.value):
        return False
    value = str(leaf.value).strip()
    keys = [part for part in path if isinstance(part, str)]
    # in a map the label stands above ``value``
    named = {key.split("#")[0].lower() for key in keys[-2:]} if keys else set()
    return bool(value) and value.lower() not in TRIVIAL and not named & NOT_TEXT


def _stated(rule: Rule, keys: str, text: str) -> list[Stated]:
    for pattern, kind in rule.stated:
        if pattern.fullmatch(keys):
            if kind is None:
                kind = _kind_by_shape(text)
            if kind is None or not text.strip():
                return []
            return stated_in(kind, text, f"dyi:{kind.value}")
    return []


def _kind_by_shape(text: str) -> MentionKind | None:
    plain = text.strip()
    if EMAIL.fullmatch(plain):
        return MentionKind.EMAIL
    return MentionKind.PHONE if PHONE.fullmatch(plain) else None


def _note(export: Export, record: Record) -> None:
    """Note what a profile states of the account that the export is of."""
    target = Account(export.service, None, None)
    for span in record.stated:
        if span.kind in STATING:
            value = (record.text or "")[span.start : span.end]
            export.reading.accounts.append(AccountFact(target, span.kind.value, value))


def _keys(path: Path) -> str:
    return "/".join(part.split("#")[0] for part in path if isinstance(part, str))


def _label(labels: dict[Path, str], path: Path) -> str:
    """The label beside a value, or beside a container around it."""
    if not labels:
        return ""
    for end in range(len(path) - 1, max(len(path) - 1 - LABELLED, -1), -1):
        if path[:end] in labels:
            return labels[path[:end]]
    return ""


def _time(value: Any, path: Path, export: Export, at: Path, *, deep: bool = False) -> Any:
    """The time of the nearest object around a value.

    Args:
        value: the unit.
        path: of the value within it.
        export: knows the times of the objects around it.
        at: path of the unit.
        deep: whether a time in a list or a map of labels within the unit will do.
    """
    around: list[Any] = [value]
    for part in path:
        around.append(_inside(around[-1], part))
    for item in reversed(around):
        if (time := _own_time(item)) is not None:
            return time
    if deep and isinstance(value, dict):
        for item in value.values():
            for part in item if isinstance(item, list) else [item]:
                if (time := _own_time(part)) is not None:
                    return time
    for end in range(len(at), -1, -1):
        if at[:end] in export.times:
            return export.times[at[:end]]
    return None


def _inside(value: Any, part: str | int) -> Any:
    if isinstance(value, dict) and isinstance(part, str):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


def _own_time(value: Any) -> Any:
    """The time that an object states, or an object right in it, as maps of labels do."""
    if not isinstance(value, dict):
        return None
    for holder in (value, *(item for item in value.values() if isinstance(item, dict))):
        for key in TIMES:
            time = holder.get(key)
            if isinstance(time, int) and not isinstance(time, bool) and time > 0:
                return time
    return None
