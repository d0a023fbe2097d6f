"""All tables of a case without what identifies protected persons: the only source of what is made.

Rows are changed before anything is rendered. Spans, offsets and source maps are moved with the
texts, so that ``text[start:end] == surface`` holds here as well. Rows are put into an order that
says nothing of what was replaced, and ids are others (:data:`pipeline.redact.columns.IDS`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.lists import Entry
from pipeline.redact.accounts import accounts_of
from pipeline.redact.columns import Columns, is_cue
from pipeline.redact.edited import Changed, Edited, look_ahead, mark_mentions, move, place_of
from pipeline.redact.needles import needles_of
from pipeline.redact.parts import parts_of, write_parts
from pipeline.redact.text import DESIGNATOR, Counts, Edit, Redactor, apply
from schemas.tables import SCHEMAS

SORTED = {
    "sources": ["source_label", "path", "source_id"],
    "accounts": ["account_id"],
    "entities": ["kind", "value", "entity_id"],
    "memberships": ["mention_id", "entity_id"],
    "links": ["link_id"],
    "link_evidence": ["link_id", "record_id"],
    "candidates": ["candidate_id"],
    "issues": ["severity", "code", "issue_id"],
}
"""Tables in the order of values: the place of a replaced one between its neighbours would say how
it begins. They are sorted anew."""

LEFT_OUT = frozenset({"watched"})
"""Tables of which a redacted output has no row: what the case looks out for is not passed on."""

COUNTED = frozenset({"records", "accounts", "attachments", "sources"})
"""Tables in which replacements are counted; the others are made of these."""

TYPED = ("phones", "aliases", "locations", "money")
STANDS_FOR = ("value", "e164", "name_key", "refers_to", "place_name")
"""Columns of the typed tables that say what a mention is."""
WHERE = ("city", "county", "latitude", "longitude", "precision")
"""Columns of ``locations`` that say where it is, besides state and country."""


@dataclass(slots=True)
class Redaction:
    """What a redacted output was made by, and what was replaced: counts alone."""

    jurisdiction: str
    persons: int
    has_list: bool
    counts: Counts = field(default_factory=Counts)
    accounts: int = 0
    """Accounts taken for a protected person's by name or number."""


def counted(redaction: Redaction) -> dict[str, Any]:
    """Return what the audit chain says of a redaction: counts."""
    return {
        "jurisdiction": redaction.jurisdiction,
        "protected_persons": redaction.persons,
        "designators_put": sum(redaction.counts.designators.values()),
        "rules_applied": sum(redaction.counts.rules.values()),
    }


def redact_tables(
    tables: Path,
    out: Path,
    people: tuple[tuple[int, Entry], ...],
    key: bytes,
    redaction: Redaction,
    region: str = "US",
) -> Callable[[str], str]:
    """Write the tables of a case again, redacted.

    Args:
        tables: the folder ``tables`` of a case.
        out: the folder to be made.
        people: the protected persons.
        key: makes the ids of the output.
        redaction: jurisdiction; takes the counts.
        region: country of numbers without one.

    Returns:
        What redacts any other text of the output in the same way.

    Raises:
        IntegrityError: a table is missing or cannot be read.
    """
    more = tuple(accounts_of(tables, Redactor(needles_of(people, region), rules=False), people))
    redaction.accounts = len({entry.note for _, entry in more})
    redactor = Redactor(needles_of((*people, *more), region), redaction.jurisdiction)
    columns = Columns(redactor, key, redaction.counts)
    for part in parts_of(tables, "sources", ["source_label"]):
        columns.trust_citations(set(part["source_label"].to_pylist()))
    edited = Edited()
    addresses = _addresses(tables)
    for part in parts_of(tables, "mentions"):
        look_ahead(part, addresses, redactor, edited, rules=True)
    write_parts(out, "records", (_records(part, columns, redactor, edited, redaction.counts)
                            for part in parts_of(tables, "records")))  # fmt: skip
    for part in parts_of(tables, "mentions", ["mention_id", "record_id", "start", "end"]):
        mark_mentions(part, edited)
    gone = _gone(tables, edited)
    for name in SCHEMAS:
        if name == "records":
            continue
        parts = parts_of(tables, name)
        columns.counting = name in COUNTED
        if name in LEFT_OUT:
            parts = iter(())
        made = (_table(name, part, columns, edited, gone) for part in parts)
        write_parts(out, name, _sorted(name, made) if name in SORTED else made)
    return columns.say


def _sorted(name: str, parts: Iterator[pa.Table]) -> Iterator[pa.Table]:
    found = list(parts)
    if found:
        whole = pa.concat_tables(found)
        yield whole.sort_by([(column, "ascending") for column in SORTED[name]])


def _addresses(tables: Path) -> dict[str, str]:
    """Return what stands for each mention of a postal address."""
    found = {}
    columns = ["mention_id", "place_kind", "city", "state"]
    for part in parts_of(tables, "locations", columns):
        chosen = part.filter(pc.equal(part["place_kind"], "address"))
        for mention, _, city, state in zip(*(chosen[name].to_pylist() for name in columns),
                                           strict=True):  # fmt: skip
            found[mention] = place_of(city, state)
    return found


def _records(
    part: pa.Table, columns: Columns, redactor: Redactor, edited: Edited, counts: Counts
) -> pa.Table:
    """Redact a part of ``records``; note which texts changed, and how."""
    texts = part["text"].to_pylist()
    passing = redactor.gate.passing([text or "" for text in texts])
    rows = zip(part["record_id"].to_pylist(), texts, part["section"].to_pylist(), strict=True)
    changed: dict[int, tuple[Edit, ...]] = {}
    for at, (record, text, section) in enumerate(rows):
        if text is None:
            continue
        counts.words += text.count(" ") + 1
        spans, fixed = edited.spans.get(record), edited.fixed.get(record)
        if spans or fixed:
            edits = redactor.edits(text, spans or (), fixed or (), _cue(section))
        elif passing[at] or is_cue(section or ""):
            edits = columns.edits(text, _cue(section), passes=True)[1]
        else:
            continue
        if edits:
            changed[at] = edits
            texts[at] = apply(text, edits)
            edited.records[record] = edits, texts[at]
            counts.add(edits)
    made = columns.table(part.drop_columns(["text"]))
    made = made.append_column(SCHEMAS["records"].field("text"), pa.array(texts, pa.string()))
    return _moved(part, made, changed) if changed else made


def _cue(section: str | None) -> str:
    return (section or "").replace("_", " ")


def _moved(part: pa.Table, made: pa.Table, changed: dict[int, tuple[Edit, ...]]) -> pa.Table:
    """Move source maps with the texts, and take out byte ranges: they tell a text's length."""
    maps = part["segments"].to_pylist()
    for at, edits in changed.items():
        for segment in maps[at] or ():
            start = segment["start"]
            if start:
                segment["start"] = move(edits, start, start + 1)[0]
    replaced = {"segments": maps}
    for name in ("byte_start", "byte_end"):
        values = part[name].to_pylist()
        for at in changed:
            values[at] = None
        replaced[name] = values
    for name, values in replaced.items():
        item = made.schema.field(name)
        index = made.schema.get_field_index(name)
        made = made.set_column(index, item, pa.array(values, item.type))
    return made


def _gone(tables: Path, edited: Edited) -> dict[str, str]:
    """Return entities of which every mention was replaced, and what stands for them."""
    covered = {key: m.covered for key, m in edited.mentions.items() if m.covered is not None}
    mine: dict[str, set[str]] = {}
    total: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for part in parts_of(tables, "memberships", ["mention_id", "entity_id"]):
        for mention, entity in zip(*(part[name].to_pylist() for name in part.column_names),
                                   strict=True):  # fmt: skip
            total[entity] += 1
            if mention in covered:
                inside[entity] += 1
                mine.setdefault(entity, set()).add(covered[mention])
    return {entity: min(mine[entity]) for entity, count in inside.items() if count == total[entity]}


def _table(
    name: str, part: pa.Table, columns: Columns, edited: Edited, gone: dict[str, str]
) -> pa.Table:
    if name in ("mentions", *TYPED):
        return _mentions(name, part, columns, edited)
    if name == "entities":
        return _entities(part, columns, gone)
    return columns.table(part)


def _mentions(name: str, part: pa.Table, columns: Columns, edited: Edited) -> pa.Table:
    made = columns.table(part)
    keys = part["mention_id"].to_pylist()
    rows = {at: edited.mentions[key] for at, key in enumerate(keys) if key in edited.mentions}
    if not rows:
        return made
    own = ["surface", "start", "end"] if name == "mentions" else ["surface"]
    hidden = [*STANDS_FOR, "detail", *WHERE]
    for column in [*own, *filter(made.schema.names.__contains__, hidden)]:
        item = made.schema.field(column)
        values = made[column].to_pylist()
        for at, mention in rows.items():
            values[at] = _value(column, values[at], mention)
        index = made.schema.get_field_index(column)
        made = made.set_column(index, item, pa.array(values, item.type))
    return made


def _value(column: str, value: object, mention: Changed) -> object:
    if column in ("surface", "start", "end"):
        return getattr(mention, column)
    if mention.covered is None or value is None:
        return value
    if column == "detail":
        return ""
    if column in STANDS_FOR:
        return mention.covered
    is_person = mention.covered.startswith(DESIGNATOR)
    return value if column in ("city", "county", "precision") and not is_person else None


def _entities(part: pa.Table, columns: Columns, gone: dict[str, str]) -> pa.Table:
    keys = part["entity_id"].to_pylist()
    made = columns.table(part)
    values, labels, leads = (made[name].to_pylist() for name in ("value", "label", "is_lead"))
    for at, key in enumerate(keys):
        if key in gone:
            values[at] = labels[at] = gone[key]
        # nobody is to follow up what stands for a protected person
        if DESIGNATOR in values[at] or DESIGNATOR in labels[at] or key in gone:
            leads[at] = False
    for name, own in (("value", values), ("label", labels), ("is_lead", leads)):
        item = made.schema.field(name)
        made = made.set_column(made.schema.get_field_index(name), item, pa.array(own, item.type))
    return made
