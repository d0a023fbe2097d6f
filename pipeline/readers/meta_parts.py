"""Fields into records: the parts that every section of a Meta record, HTML or print, shares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from pipeline.readers.base import Record, Segment, Stated
from pipeline.readers.fields import BREAK, Field, Piece
from schemas.kinds import MentionKind, RecordKind

TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC")
PHONE = re.compile(r"\s{0,9}(\+?[\d(][\d ().-]{5,24})|.{0,40}?(\+\d[\d ().-]{5,24})")
EMAIL = re.compile(r"[^\s<>\"]{1,200}@[^\s<>\"@]{1,200}")
LONGEST_PHONE = 15
"""Digits of a telephone number at most (ITU-T E.164); WhatsApp's groups have more."""
WRITTEN = re.compile(r"\+?\d[\d ().-]{5,24}")
"""A number alone, in any writing."""
DECIMAL = re.compile(r"(?<![\d.:])[-+]?\d{1,3}\.\d{1,15}(?![\d.:])")


def parse_time(raw: str | None) -> datetime | None:
    """Read the provider's ``YYYY-MM-DD HH:MM:SS UTC``; None for anything else."""
    match = TIME.fullmatch(raw) if raw else None
    if match is None:
        return None
    try:
        return datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
    except ValueError:
        return None


def digits_of(text: str) -> str | None:
    """The digits of a text that is one telephone number with country code; else None."""
    text = text.strip()
    if not WRITTEN.fullmatch(text):
        return None
    digits = "".join(c for c in text if c.isdigit())
    return digits if digits.isascii() and 7 <= len(digits) <= LONGEST_PHONE else None


def line_text(line: list[Piece]) -> str:
    """The text of one printed line."""
    return line[0].text if len(line) == 1 else "".join(piece.text for piece in line)


def split_at(fields: Iterable[Field], label: str) -> Iterator[list[Field]]:
    """Split siblings into runs, each beginning with a field of this label."""
    run: list[Field] = []
    for item in fields:
        if item.label == label and run:
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def groups_of(top: Field) -> list[list[Field]]:
    """Split the fields beneath one into records: at a blank line, or where the first repeats.

    A field that only holds several such runs (an album) is a run of its own.
    """
    runs: list[list[Field]] = []
    ended = True
    for item in top.items:
        if item is BREAK:
            ended = True
        elif isinstance(item, Field) and (item.label or item.items or item.media):
            if ended or item.label == runs[-1][0].label or item.label.startswith("Album:"):
                runs.append([])
            runs[-1].append(item)
            ended = item.label.startswith("Album:")
    return runs


def walk(item: Field) -> Iterator[Field]:
    """Yield a field and all beneath it, in order."""
    yield item
    for child in item.fields:
        yield from walk(child)


def has_text(item: Field) -> bool:
    """Whether text stands in the field itself."""
    return any(isinstance(piece, Piece) for piece in item.items)


def leaf_fields(items: Iterable[Field], skip: frozenset[str] = frozenset()) -> list[Field]:
    """The fields that have text, of some and all beneath them, in order.

    Args:
        items: the fields.
        skip: labels, folded, of fields to leave out with all beneath them.
    """
    found: list[Field] = []
    for item in items:
        if item.label.casefold() not in skip:
            found += [item] if has_text(item) else []
            found += leaf_fields(item.fields, skip)
    return found


def labelled(item: Field, path: str = "") -> list[tuple[str, str]]:
    """Path and text of a field and of all beneath it."""
    label = f"{path}/{item.label}" if path else item.label
    own = [(label, item.text())] if has_text(item) else []
    return own + [pair for child in item.fields for pair in labelled(child, label)]


def line_record(kind: RecordKind, section: str, path: str, line: list[Piece]) -> Record:
    """Make a record of one printed line."""
    text = ""
    segments: list[Segment] = []
    for piece in line:
        if not segments or segments[-1][1:] != (piece.page, piece.line):
            segments.append((len(text), piece.page, piece.line))
        text += piece.text
    first, last = line[0], line[-1]
    return Record(
        kind, text, segments, section, path, first.page, last.page, first.line,
        first.byte_start, last.byte_end,
    )  # fmt: skip


def spanning(kind: RecordKind, section: str, path: str, group: list[Field]) -> Record:
    """Make a record without text of the bytes of some fields that follow each other."""
    first, last = group[0], max(group, key=lambda item: item.byte_end)
    return Record(
        kind, None, [], section, path, first.page, last.page_last, first.line,
        first.byte_start, last.byte_end,
    )  # fmt: skip


def joined(
    kind: RecordKind, section: str, path: str, fields: list[Field], glue: str = "\n"
) -> Record | None:
    """Make a record whose text is the values of some fields, joined; None if all are empty."""
    fields = [item for item in fields if item.text()]
    if not fields:
        return None
    record = spanning(kind, section, path, fields)
    put_text(record, fields, glue)
    return record


def keep_within(part: Record, record: Record) -> None:
    """End a record that is part of another before that one ends.

    Where damage closed a wrapper too early, a field within may end behind the field around it.
    """
    part.byte_end = max(part.byte_start, min(part.byte_end, record.byte_end))


def put_text(record: Record, fields: list[Field], glue: str = "\n") -> None:
    """Give a record the values of some fields as its text; none: it keeps what it has."""
    texts: list[str] = []
    length = 0
    segments: list[Segment] = []
    for item in fields:
        text, own = item.segments()
        if not text:
            continue
        if texts:
            texts.append(glue)
            length += len(glue)
        segments += [(length + start, page, line) for start, page, line in own]
        texts.append(text)
        length += len(text)
    if texts:
        record.text, record.segments = "".join(texts), segments


def whole(kind: MentionKind, text: str, rule: str) -> list[Stated]:
    """State all of a text, blanks around it aside; nothing of an empty one."""
    end = len(text.rstrip())
    start = len(text) - len(text.lstrip())
    return [Stated(kind, start, end, rule)] if end > start else []


def stated_in(kind: MentionKind, text: str, rule: str) -> list[Stated]:
    """State the value in a line such as ``+13125550143 Cell Verified on …``, if it is one."""
    if kind is MentionKind.PHONE:
        match = PHONE.match(text)
        if match is None:
            return []
        part = 1 if match[1] else 2
        surface = match[part].rstrip(" (-.")
        if not 7 <= sum(c.isdigit() for c in surface) <= LONGEST_PHONE:
            return []
        return [Stated(kind, match.start(part), match.start(part) + len(surface), rule)]
    if kind is MentionKind.EMAIL:
        found = EMAIL.search(text)
        return [Stated(kind, found.start(), found.end(), rule)] if found else []
    return whole(kind, text, rule)


def last_two_decimals(leaves: list[Field]) -> list[Field]:
    """The fields that hold a fix: the last two decimals of a block (FORMATS 2.6)."""
    found = [(leaf, len(DECIMAL.findall(leaf.text()))) for leaf in leaves]
    found = [(leaf, count) for leaf, count in found if count]
    if not found:
        return []
    if found[-1][1] >= 2:
        return [found[-1][0]]
    return [leaf for leaf, _ in found[-2:]] if len(found) > 1 else []
