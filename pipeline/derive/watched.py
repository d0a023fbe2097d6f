"""The marks of the watch list on a shard's mentions, and what of the list was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.base import SEEN, Hit
from extractors.services import category_of
from pipeline.derive.mention_tables import Tables, with_hits
from pipeline.derive.order import Positions
from pipeline.lists import Entry
from pipeline.readers.base import Issue
from pipeline.record_rows import SILENT, issue_row
from pipeline.watch import MATCHED, NAME, VERSION, Found, Watch
from pipeline.watch_text import SEVEN_DIGITS, SHORT, Scanner, Sighting
from schemas.kinds import MentionKind, Severity

_KINDS = sorted(kind.value for kind in MATCHED)
_COLUMNS = ["mention_id", "record_id", "kind", "start", "end", "value", "surface", "citation"]

_OVER_NAMES = frozenset({
    MentionKind.URL, MentionKind.EMAIL, MentionKind.IP, MentionKind.HANDLE, MentionKind.PHONE,
})  # fmt: skip
"""Kinds within which a listed name is not taken for one."""

_OVER = {
    MentionKind.HANDLE: (MentionKind.EMAIL,),
    MentionKind.PHONE: (MentionKind.LOCATION, MentionKind.IP),
}
"""Kinds within which a handle or number of the list is not taken for one."""


@dataclass(slots=True)
class Tally:
    """What was found of one entry, in canonical records."""

    mentions: int = 0
    records: set[int] = field(default_factory=set)
    threads: set[str] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None
    earliest: tuple[bool, datetime | None, int] | None = None
    """Undated last; time; position."""
    citation: str | None = None
    accounts: int = 0
    wrote: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    """A mention as far as the list asks of it."""

    mention: str
    record: str
    kind: str
    start: int
    end: int
    value: str | None
    citation: str
    found: Found


class Marker:
    """Marks the mentions of shard after shard, and counts."""

    def __init__(self, entries: Sequence[Entry], region: str) -> None:
        """Make ready; without entries every mark is null."""
        self.watch = Watch(entries)
        self.tallies = [Tally() for _ in entries]
        self._scanner = Scanner(self.watch, region)

    def mark(
        self,
        tables: Tables,
        work: pa.Table,
        position: Mapping[str, int],
        canonical: Positions,
        base: int,
    ) -> Tables:
        """Return the mention tables with their column ``watch``, and what the texts hold beside.

        Args:
            tables: of the shard.
            work: its records.
            position: their places in it, by record id.
            canonical: by position in the case, below 0 for a record that repeats no other.
            base: position of the shard's first record.
        """
        if not self.watch.entries:
            return {name: _marked(table, {}) for name, table in tables.items()}
        seen = self._seen(work)
        found = self._matched(tables["mentions"], seen)
        beside: dict[str, list[_Row]] = defaultdict(list)
        for row in found:
            beside[row.record].append(row)
        added: list[tuple[str, Hit, tuple[str, int]]] = []
        also: dict[tuple[str, str, int, int], Found] = {}
        for record, sightings in seen.items():
            for sighting in sightings:
                hit = _settled(sighting, beside[record])
                if hit is not None:
                    added.append((record, hit, (NAME, VERSION)))
                if hit is not None or _same(sighting, beside[record]):
                    one = sighting.hit
                    also[record, one.kind.value, one.start, one.end] = sighting.found
        if added:
            tables = with_hits(tables, work, position, added)
            found = self._matched(tables["mentions"], seen)
        rows = [replace(row, found=_joined(row.found, also.get(_place(row), ()))) for row in found]
        rows = [row for row in rows if row.found]
        self._count(rows, work, position, canonical, base)
        marks = {row.mention: self.watch.said(row.found) for row in rows}
        short = {row.mention for row in rows if row.kind == MentionKind.PHONE and row.value is None}
        money = self._of_money(tables["money"])
        return {
            name: _reviewed(_marked(table, money if name == "money" else marks), short)
            for name, table in tables.items()
        }

    def _seen(self, work: pa.Table) -> dict[str, list[Sighting]]:
        seen: dict[str, list[Sighting]] = {}
        columns = (work[name].to_pylist() for name in ("record_id", "kind", "text"))
        for record, kind, text in zip(*columns, strict=True):
            found = self._scanner.scan(text) if text else []
            if kind in SILENT:  # beside names the service prints numbers, which accounts have
                found = [one for one in found if one.hit.kind is not MentionKind.ACCOUNT]
            if found:
                seen[record] = found
        return seen

    def _matched(self, mentions: pa.Table, seen: Mapping[str, object]) -> list[_Row]:
        """Return the mentions that answer an entry, and all of records in which entries stand."""
        of_kind = pc.is_in(mentions["kind"], pa.array(_KINDS))
        of_record = pc.is_in(mentions["record_id"], pa.array(seen, pa.string()))
        asked = mentions.select(_COLUMNS).filter(pc.or_(of_kind, of_record))
        rows = []
        for mention, record, kind, start, end, value, surface, cited in zip(
            *(asked[name].to_pylist() for name in _COLUMNS), strict=True
        ):
            found = self.watch.of_mention(kind, value, surface)
            if found or record in seen:
                rows.append(_Row(mention, record, kind, start, end, value, cited, found))
        return rows

    def _of_money(self, money: pa.Table) -> dict[str, str | None]:
        """Mark amounts by the other side as written."""
        sides = zip(money["mention_id"].to_pylist(), money["counterpart"].to_pylist(), strict=True)
        return {mention: said for mention, side in sides if side and (said := self._side(side))}

    def _side(self, side: str) -> str | None:
        name = self.watch.of_mention(MentionKind.ALIAS, None, side)
        handle = self.watch.of_mention(MentionKind.HANDLE, None, side)
        return self.watch.said(_joined(name, handle))

    def _count(
        self,
        rows: Sequence[_Row],
        work: pa.Table,
        position: Mapping[str, int],
        canonical: Positions,
        base: int,
    ) -> None:
        for row in rows:
            place = position[row.record]
            if canonical[base + place] >= 0:
                continue
            sent = work["sent_at"][place].as_py()
            thread = work["thread_id"][place].as_py()
            key = (sent is None, sent, base + place)
            for number in row.found:
                tally = self.tallies[number]
                tally.mentions += 1
                tally.records.add(base + place)
                if thread is not None:
                    tally.threads.add(thread)
                if sent is not None:
                    tally.first = min(tally.first or sent, sent)
                    tally.last = max(tally.last or sent, sent)
                if tally.earliest is None or _before(key, tally.earliest):
                    tally.earliest, tally.citation = key, row.citation

    def mark_account(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row of ``accounts`` with its mark; count it."""
        found = self.watch.of_account(row)
        for number in found:
            self.tallies[number].accounts += 1
            self.tallies[number].wrote += row["record_count"]
        return row | {"watch": self.watch.said(found)}

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of ``watched``."""
        for number, (entry, tally) in enumerate(
            zip(self.watch.entries, self.tallies, strict=True), 1
        ):
            yield {
                "watch_id": f"W-{number}", "kind": entry.kind, "value": entry.value,
                "written": entry.written, "watch": self.watch.said([number - 1]),
                "service_category": service_of(entry),
                "mention_count": tally.mentions, "record_count": len(tally.records),
                "thread_count": len(tally.threads), "account_count": tally.accounts,
                "wrote_count": tally.wrote, "first_at": tally.first, "last_at": tally.last,
                "citation": tally.citation,
            }  # fmt: skip

    def missing(self) -> list[str]:
        """Return the entries found neither in a mention nor as an account, as listed."""
        return [
            entry.written
            for entry, tally in zip(self.watch.entries, self.tallies, strict=True)
            if not tally.mentions and not tally.accounts
        ]

    def issues(self) -> Iterator[dict[str, Any]]:
        """Yield an issue if listed numbers are those of services."""
        services = sum(service_of(entry) is not None for entry in self.watch.entries)
        if services:
            issue = Issue(
                Severity.WARNING, "derive", "watch_service",
                "the watch list has numbers of listed services (hotlines, advocates, police and "
                "the like): they are marked and stay services, and are never leads; see "
                "service_category in the table watched, and take them off the list if they stand "
                "there by mistake",
                count=services,
            )  # fmt: skip
            yield issue_row(issue, None)


def service_of(entry: Entry) -> str | None:
    """Return the category of a listed service that an entry is."""
    category = category_of(entry.value) if entry.kind == "phone" else None
    return category.value if category else None


def _before(
    one: tuple[bool, datetime | None, int], other: tuple[bool, datetime | None, int]
) -> bool:
    if one[0] or other[0]:
        return (one[0], one[2]) < (other[0], other[2])
    return one < other


def _joined(one: Found, other: Found) -> Found:
    return tuple(sorted({*one, *other}))


def _place(row: _Row) -> tuple[str, str, int, int]:
    return row.record, row.kind, row.start, row.end


def _same(sighting: Sighting, rows: Sequence[_Row]) -> bool:
    hit = sighting.hit
    return any((row.kind, row.start, row.end) == (hit.kind, hit.start, hit.end) for row in rows)


def _settled(sighting: Sighting, rows: Sequence[_Row]) -> Hit | None:
    """Return what a sighting adds to the mentions of its record, or None.

    Nothing where a mention of the kind already stands over the same characters or, answering the
    same entries, over some of them; no name within an address of a machine, a handle or a number,
    nor within a longer place (``1200 Austin Ave``); no bare digits within anything.
    """
    hit = sighting.hit
    for row in rows:
        if row.start >= hit.end or hit.start >= row.end:
            continue
        if row.kind == hit.kind:
            is_same = (row.start, row.end) == (hit.start, hit.end)
            if is_same or set(sighting.found) <= set(row.found):
                return None
        elif hit.kind is MentionKind.ALIAS:
            if row.kind in _OVER_NAMES:
                return None
            if row.kind == MentionKind.LOCATION:
                if row.end - row.start > hit.end - hit.start:
                    return None
                detail = f"{hit.detail}; a place is so named too"
                hit = replace(hit, confidence=SEEN, detail=detail)
        elif row.kind in _OVER.get(hit.kind, ()) or hit.rule == SHORT:
            return None
    return hit


def _marked(table: pa.Table, marks: Mapping[str, str | None]) -> pa.Table:
    """Return a table with its column ``watch``, in its place as the schema has it: the last."""
    where = table.schema.get_field_index("citation") + 1
    if not marks:
        column = pa.nulls(table.num_rows, pa.string())
    else:
        ids = pa.array(list(marks), pa.string())
        values = pa.array(list(marks.values()), pa.string())
        column = values.take(pc.index_in(table["mention_id"], ids))
    return table.add_column(where, pa.field("watch", pa.string()), column)


def _reviewed(table: pa.Table, short: set[str]) -> pa.Table:
    """Ask for a look at marked numbers that have no area code."""
    if not short or "review" not in table.column_names:
        return table
    is_short = pc.is_in(table["mention_id"], pa.array(sorted(short), pa.string()))
    wanted = pc.and_(is_short, pc.is_null(table["review"]))
    review = pc.if_else(wanted, pa.scalar(SEVEN_DIGITS), table["review"])
    place = table.schema.get_field_index("review")
    return table.set_column(place, table.schema.field(place), review)
