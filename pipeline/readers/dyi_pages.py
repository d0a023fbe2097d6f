"""Pages of a Meta download in HTML that are no threads: a record for each block, or value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.readers.base import Record, Stated
from pipeline.readers.dyi_blocks import Block, Run, joined
from pipeline.readers.dyi_chats import note_files
from pipeline.readers.dyi_context import Context, of_role, outside_records
from pipeline.readers.dyi_parts import make_record
from pipeline.readers.dyi_rules import IP, rule_of, section_of_file
from schemas.kinds import MentionKind, RecordKind

KINDS: tuple[tuple[re.Pattern[str], RecordKind], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"your_search_history|search_history|\w{0,40}_searches", RecordKind.SEARCH),
        (r"logins_and_logouts|log(?:in|out)_activity|account_activity|where_you.{1,6}re_logged_in"
         r"|used_ip_addresses|ip_address_activity", RecordKind.LOGIN),
        (r"profile_information|personal_information|registration_information|signup_(?:details|"
         r"information)|email_address_verifications", RecordKind.PROFILE),
        (r"\w{0,20}comments", RecordKind.COMMENT),
    )
)  # fmt: skip
"""Kinds by the name of the page; else by the section of that name in the JSON form."""


def page_records(context: Context) -> Iterator[Record]:
    """Yield the records of a page that is no thread: one for each block, or value of a table."""
    section = section_of_file(context.path) or "page"
    kind = next((kind for pattern, kind in KINDS if pattern.fullmatch(section)), None)
    if kind is None:
        rule = rule_of(section)
        kind = rule.kind if rule.is_known else RecordKind.GENERIC
        known = rule.is_known
    else:
        known = True
    yield from outside_records(context, section)
    for group in context.page.groups:
        for block in group:
            for record in _of_page(context, block, section, kind):
                if not known:
                    context.tally.section(section)
                yield record


def _of_page(context: Context, block: Block, section: str, kind: RecordKind) -> Iterator[Record]:
    header, time = of_role(block, "h"), of_role(block, "o")
    line = context.line(block.start, block.number)
    body = [run for run in block.runs if run.role not in ("h", "o", "l")]
    name = f"block#{block.number - 1}"
    pairs = list(_pairs(block.runs))
    if pairs and not (header or time):
        for number, (label, runs) in enumerate(pairs):
            text = joined(runs)
            if not text:
                continue
            place = context.place(runs[0].start, runs[-1].end)
            record = make_record(kind, text, section, f"{name}.{number}", line, place)
            record.attributes = [("label", label)] if label else []
            yield record
        if not block.links:
            return
        body = []
    text = "\n".join(part for part in (header, joined(body)) if part)
    record = make_record(
        kind, text or None, section, name, line, context.place(block.start, block.end)
    )
    record.attributes = [(label, joined(runs)) for label, runs in pairs if label]
    if header:
        record.attributes.insert(0, ("heading", header))
    note_files(block, record)
    for link, shows in block.links:
        if "://" in link[:12] and not shows and link not in text:
            record.attributes.append(("link", link))
    if kind is RecordKind.LOGIN:
        _login(record)
    context.stamp(record, time)
    if record.text or record.attachments or record.sent_raw or record.attributes:
        yield record


def _login(record: Record) -> None:
    """Leave a login its addresses alone as text, as the JSON form has it."""
    lines = (record.text or "").split("\n")
    found = [line.strip() for line in lines if IP.fullmatch(line.strip())]
    if not found:
        return
    record.attributes += [("text", line) for line in lines if line.strip() not in found]
    record.text = "\n".join(found)
    record.segments = record.segments[:1]
    at = 0
    for line in found:
        record.stated.append(Stated(MentionKind.IP, at, at + len(line), "dyi:ip"))
        at += len(line) + 1


def _pairs(runs: Iterable[Run]) -> Iterator[tuple[str, list[Run]]]:
    """Labels of a table with the runs of their values."""
    label: list[Run] = []
    value: list[Run] = []
    seen = False
    for run in runs:
        if run.role == "l" and run.text.strip():
            if value or (label and label[-1].part != run.part):
                yield joined(label), value
                label, value = [], []
            label.append(run)
            seen = True
        elif run.role == "v" and seen:
            value.append(run)
    if label or value:
        yield joined(label), value
