"""Threads of a Meta download in HTML into records."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.readers.base import Account, Record
from pipeline.readers.dyi_blocks import Block, Page, Run, joined
from pipeline.readers.dyi_context import AND, PEOPLE, Context, list_people, of_role, outside_records
from pipeline.readers.dyi_parts import (
    Members,
    attachment,
    is_local_media,
    make_record,
    thread_of,
)
from pipeline.readers.meta_sections import kind_of_body
from schemas.kinds import RecordKind

DURATION = re.compile(r"Duration: \d")


def thread_records(context: Context) -> Iterator[Record]:
    """Yield the records of a thread's page, in its order (newest message first)."""
    thread_id, section = thread_of(context.path)
    page = context.page
    name = page.title or None
    people = _people(page, name)
    accounts = (Account(context.service, None, person) for person in people)
    members = Members(accounts, context.tally)
    for record in _in_thread(context, section, members):
        record.thread_id, record.thread_name = thread_id, name
        yield record


def _people(page: Page, title: str | None) -> list[str]:
    """Names of those in a thread: as listed, as they wrote, or as the thread is called."""
    listed: dict[str, None] = {}
    for group in page.groups:
        for block in group:
            header = of_role(block, "h")
            found = PEOPLE.fullmatch(header)
            if found:
                listed |= dict.fromkeys(part for part in AND.split(found[1]) if part.strip())
            elif header and of_role(block, "o"):
                listed[header] = None
    for run in page.outside:
        if found := PEOPLE.fullmatch(run.text.strip()):
            listed |= dict.fromkeys(part for part in AND.split(found[1]) if part.strip())
    if title and len(listed) == 1:
        # who never wrote in a thread of two is whom it is called after
        listed[title] = None
    return list(listed)


def _in_thread(context: Context, section: str, members: Members) -> Iterator[Record]:
    yield from outside_records(context, section)
    for group in context.page.groups:
        told: set[tuple[object, ...]] = set()
        for block in group:
            for record in _message(context, block, section, members):
                # a message may stand twice, in nested wrappers
                key = (record.kind, record.author, record.sent_raw, record.text,
                       tuple(record.attachments))  # fmt: skip
                if len(group) == 1 or key not in told:
                    told.add(key)
                    yield record


def _message(context: Context, block: Block, section: str, members: Members) -> Iterator[Record]:
    sender, time = of_role(block, "h"), of_role(block, "o")
    line = context.line(block.start, block.number)
    place = context.place(block.start, block.end)
    field_ = f"messages#{block.number - 1}"
    body = [run for run in block.runs if run.role not in ("h", "o", "r")]
    if not time:
        text = "\n".join(part for part in (sender, joined(body)) if part)
        if not text:
            return
        record = make_record(RecordKind.GENERIC, text, section, field_, line, place)
        if not list_people(record):
            context.tally.add("unknown_field")
        yield record
        return
    main, rest = _content(block)
    record = make_record(RecordKind.MESSAGE, None, section, field_, line, place)
    text = joined(main)
    if text:
        record.text, record.segments = text, [(0, None, line)]
    author = Account(context.service, None, sender) if sender else None
    if author is None:
        context.tally.add("author_missing")
    record.author, record.recipients = author, members.others(author)
    context.stamp(record, time)
    record.kind = kind_of_body(text, members.named(author)) if text else RecordKind.MESSAGE
    lengths = [run for run in rest if DURATION.match(run.text)]
    if lengths:
        record.kind = RecordKind.CALL
        record.attributes = [("call", joined(lengths))]
        rest = [run for run in rest if not DURATION.match(run.text)]
    note_files(block, record)
    _reactions(block, record, members)
    yield record
    yield from _shares(context, block, record, rest)


def _content(block: Block) -> tuple[list[Run], list[Run]]:
    """Split a body into what the author typed and the rest.

    A body holds one element, whose second child is the text; further ones are shares and files.
    """
    body = [
        run for run in block.runs
        if run.role not in ("h", "o", "r") and not (run.link and is_local_media(run.link))
    ]  # fmt: skip
    told = [run for run in body if run.text.strip()]
    if block.wrappers == 1 and block.slots >= 2:
        slot = 1
    elif told:
        first = told[0]
        if block.wrappers == 1:
            slot = first.slot
        else:
            return [run for run in body if run.part == first.part], [
                run for run in body if run.part != first.part
            ]
    else:
        return [], []
    # blank runs stay: they are the line ends and blanks between the others
    return [run for run in body if run.slot == slot], [run for run in body if run.slot != slot]


def _shares(context: Context, block: Block, message: Record, rest: list[Run]) -> Iterator[Record]:
    text = joined(rest)
    if not text:
        return
    told = [run for run in rest if run.text.strip()]
    shown = text.split("\n")
    for link, shows in block.links:
        if "://" in link[:12] and not shows and link not in shown and link not in (
            message.text or ""
        ):  # fmt: skip
            text, shown = f"{text}\n{link}", [*shown, link]
    place = context.place(told[0].start, told[-1].end)
    share = make_record(
        RecordKind.SHARE, text, message.section, f"{message.field}.share", message.line_first, place
    )
    share.author, share.recipients = message.author, message.recipients
    share.sent_at, share.sent_raw = message.sent_at, message.sent_raw
    share.zone_assumed = message.zone_assumed
    yield share


def note_files(block: Block, record: Record) -> None:
    """Note the files that a block shows or links to."""
    seen = set()
    for link, shows in block.links:
        is_file = is_local_media(link) or (shows and "://" not in link[:12]) or "/files/" in link
        if is_file and link not in seen:
            seen.add(link)
            record.attachments.append(attachment(link))


def _reactions(block: Block, record: Record, members: Members) -> None:
    told = joined([run for run in block.runs if run.role == "r"])
    for line in told.split("\n") if told else ():
        actor = next((name for name in members.names if name and line.endswith(name)), None)
        sign = line.removesuffix(actor).strip() if actor else ""
        record.attributes.append(("reaction", f"{actor}: {sign}" if actor and sign else line))
