"""``triage corroborate``: which records answer what is asked of an assertion, which do not.

Nothing here says that an assertion is true or false: it says which queries were put to which
records, and what they found. That no record answers weighs little where few records were received,
so these are counted beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from pipeline.case import Case
from pipeline.corroborate.facts import Fact, Facts, Query, plain_reason
from pipeline.corroborate.places import other_places
from pipeline.errors import ConfigError
from pipeline.report.rows import Cited
from pipeline.report.store import moment
from pipeline.search.filters import Filters, resolved, sql
from pipeline.search.opened import Opened, open_search
from pipeline.search.results import SearchHit
from pipeline.search.tables import Tables, among, open_tables
from pipeline.search.values import value_query

SHOWN = 5
"""Records cited on each side of an assertion; all are counted."""
HITS = 500
"""Hits of one query that are taken one by one, the first by time; 2,000 take three times as long.
Where several queries of a side have more, it is said that there are at least so many records."""
AROUND = 60
"""Characters quoted before and after what answers a query."""
HIT = 80
"""Characters quoted of what answers it."""

SUPPORTS = "supports (as searched)"
CONFLICTS = "conflicts (as searched)"
BOTH = "supports and conflicts (as searched)"
SILENT = "silent: searched and not found"
NO_PERIOD = "silent: no record of that period was received"
NO_ACCOUNT = "silent: records were received, but none of that account or conversation"
NOT_SEARCHED = "not searched: no query was given"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """A record that answers a query, with a few words of it."""

    cited: Cited
    ordinal: int
    """Its place in the source: with its citation, what it is found by in other tables."""
    sent: datetime | None
    author: str | None
    before: str
    hit: str
    """What answers; empty where a whole record does."""
    after: str


@dataclass(frozen=True, slots=True)
class Side:
    """The records that answer one side's queries."""

    total: int = 0
    """Records, each once; repeats and what is out of scope are not among them."""
    is_more: bool = False
    """Whether there are more than were counted."""
    shown: tuple[Answer, ...] = ()
    """The first :data:`SHOWN` by time, undated last."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A query and how many records answer it."""

    query: Query
    found: int
    is_more: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """An assertion and what the records hold on it."""

    fact: Fact
    searched: tuple[Searched, ...]
    supports: Side
    conflicts: Side
    others: Side
    """Other places that the same account stated in the same hours; may conflict."""
    both: int
    """Records that answer queries of both sides."""
    records: int
    """Records of the period, account and conversation: those searched."""
    in_period: int
    """Records of the period by whomever."""
    undated: int
    """Records of the account and conversation without a time, not searched by period."""

    @property
    def result(self) -> str:
        """What came of it, in words."""
        if not self.searched:
            return NOT_SEARCHED
        if self.supports.total or self.conflicts.total:
            if not self.conflicts.total:
                return SUPPORTS
            return BOTH if self.supports.total else CONFLICTS
        if not self.records:
            return NO_ACCOUNT if self.in_period else NO_PERIOD
        return SILENT

    @property
    def silent(self) -> tuple[Query, ...]:
        """Queries that no record answers."""
        return tuple(item.query for item in self.searched if not item.found)


@dataclass(frozen=True, slots=True)
class Matrix:
    """All assertions of a file."""

    sha256: str
    """Of the file."""
    zone: str
    """IANA zone in which its times without an offset were read."""
    findings: tuple[Finding, ...]
    out_of_scope: int
    """Records of the case that were not read on, and so not searched."""
    sealed: int
    """Records of the case that were sealed, and so not searched."""
    is_redacted: bool = False
    """Whether the words of records were left out, and those of assertions redacted."""

    def counts(self) -> dict[str, object]:
        """Return what the audit chain may hold of it: counts and the hash of the file."""
        results = [item.result for item in self.findings]
        return {
            "facts": len(results),
            "sha256": self.sha256,
            "supports": results.count(SUPPORTS) + results.count(BOTH),
            "conflicts": results.count(CONFLICTS) + results.count(BOTH),
            "silent": sum(item.startswith("silent") for item in results),
            "not_searched": results.count(NOT_SEARCHED),
        }


@dataclass(slots=True)
class _Gathered:
    """What the searches for one assertion gave, before records are looked up."""

    fact: Fact
    searched: list[Searched]
    sides: dict[str, dict[str, Span | None]]
    """By side: records, and the first span that answers."""
    cut: set[str]
    """Sides of which not every record was taken."""
    counts: tuple[int, int, int]

    def side(self, name: str, shown: tuple[Answer, ...]) -> Side:
        """Return a side: what is taken is counted; a single query's count is known in full."""
        found = [one for one in self.searched if one.query.side == name]
        total = max([len(self.sides[name]), *(one.found for one in found)])
        is_known = len(found) == 1 and not found[0].is_more
        return Side(total, name in self.cut and not is_known, shown)


def corroborate(
    case: Case, facts: Facts, step: Callable[[int], None] = lambda count: None
) -> Matrix:
    """Put the queries of a file of facts to a case; nothing is written.

    Args:
        case: an open case.
        facts: from :func:`pipeline.corroborate.facts.read_facts`.
        step: is told of facts that were searched for.

    Raises:
        ConfigError: a query cannot be read; names the line, not the query.
        IntegrityError: a table or the index cannot be read.
    """
    with open_tables(case.path) as tables:
        counted: dict[object, tuple[int, int, int]] = {}
        gathered = []
        with open_search(case.path) as opened:
            for fact in facts.facts:
                gathered.append(_gather(opened, tables, facts, fact, counted))
                step(1)
        order = _order(tables, {key for item in gathered for side in item.sides.values()
                                for key in side})  # fmt: skip
        first = {
            (n, side): sorted(found, key=order.__getitem__)[:SHOWN]
            for n, item in enumerate(gathered)
            for side, found in item.sides.items()
        }
        rows = _looked_up(tables, {key for keys in first.values() for key in keys})
        findings = []
        for n, item in enumerate(gathered):
            sides = {
                side: item.side(side, tuple(_answer(rows[key], found[key])
                                            for key in first[n, side]))
                for side, found in item.sides.items()
            }  # fmt: skip
            findings.append(_finding(item, sides))
        outside, sealed = tables.rows(
            f"SELECT (SELECT count(*) FROM {tables['records']} WHERE starts_with(scope, 'out_')), "
            f"(SELECT coalesce(sum(sealed_count), 0)::BIGINT FROM {tables['coverage']})"
        )[0]
    return Matrix(
        facts.sha256, facts.zone, tuple(findings), cast("int", outside), cast("int", sealed)
    )


def _finding(item: _Gathered, sides: dict[str, Side]) -> Finding:
    records, in_period, undated = item.counts
    both = item.sides["supports"].keys() & item.sides["conflicts"].keys()
    return Finding(
        item.fact, tuple(item.searched), sides["supports"], sides["conflicts"], sides["others"],
        len(both), records, in_period, undated,
    )  # fmt: skip


def _gather(
    opened: Opened,
    tables: Tables,
    facts: Facts,
    fact: Fact,
    counted: dict[object, tuple[int, int, int]],
) -> _Gathered:
    narrowing = narrowed(fact)
    key = tuple(sorted(narrowing.items()))
    if key not in counted:
        counted[key] = _counts(tables, narrowing)
    item = _Gathered(fact, [], {"supports": {}, "conflicts": {}, "others": {}}, set(), counted[key])
    places: list[SearchHit] = []
    for query in fact.queries:
        try:
            result = opened.search(query.text, limit=HITS, **narrowing)
        except ConfigError as error:
            said = plain_reason(error, query.text)
            raise ConfigError(f"{facts.name}, line {fact.line}: {query.column}: {said}") from error
        side = item.sides[query.side]
        ids = set()
        for hit in result.hits:
            ids.add(hit.record_id)
            side.setdefault(hit.record_id, hit.spans[0] if hit.spans else None)
        is_cut = result.total > len(result.hits)
        by_words = value_query(query.text) is None  # a hit is a record, else a mention
        found = result.total if by_words else len(ids)
        item.searched.append(Searched(query, found, is_cut and not by_words))
        if is_cut:
            item.cut.add(query.side)
        if query.column == "place":
            places += result.hits
    if fact.place:
        filters = resolved(tables, **narrowing)
        item.sides["others"] = dict(other_places(tables, fact, filters, places))
    return item


def narrowed(fact: Fact) -> dict[str, Any]:
    """Return the options of a search that an assertion narrows it by."""
    asked = {
        "since": fact.since.isoformat() if fact.since else "",
        "until": fact.until.isoformat() if fact.until else "",
        "author": fact.account, "thread": fact.thread,
    }  # fmt: skip
    return {name: value for name, value in asked.items() if value}


def _counts(tables: Tables, narrowing: dict[str, Any]) -> tuple[int, int, int]:
    """Count records searched, records of the period by whomever, and undated ones left out."""
    filters = resolved(tables, **narrowing)
    period = Filters(since=filters.since, until=filters.until)
    named = replace(filters, since=None, until=None)
    records, in_period = _count(tables, sql(filters)), _count(tables, sql(period))
    if filters.since is None and filters.until is None:
        return records, in_period, 0
    return records, in_period, _count(tables, f"{sql(named)} AND r.sent_at IS NULL")


def _count(tables: Tables, condition: str) -> int:
    rows = tables.rows(f"SELECT count(*) FROM {tables['records']} r WHERE {condition}")
    return cast("int", rows[0][0])


def _order(tables: Tables, record_ids: Iterable[str]) -> dict[str, int]:
    """Return places of records in the order in which a report cites them."""
    wanted = sorted(record_ids)
    if not wanted:
        return {}
    rows = tables.rows(
        f"SELECT record_id FROM {tables['records']} WHERE {among('record_id', wanted)} "
        "ORDER BY sent_at NULLS LAST, source_label, ordinal, record_id"
    )
    return {str(key): place for place, (key,) in enumerate(rows)}


Row = tuple[str, str, str, int, "int | None", "str | None", str]


def _looked_up(tables: Tables, record_ids: Iterable[str]) -> dict[str, Row]:
    wanted = sorted(record_ids)
    if not wanted:
        return {}
    rows = tables.rows(
        "SELECT record_id, citation, source_label, ordinal, epoch_us(sent_at), author_name, "
        f"coalesce(text, '') FROM {tables['records']} WHERE {among('record_id', wanted)} "
        "ORDER BY record_id"
    )
    return {str(row[0]): cast("Row", row) for row in rows}


def _answer(row: Row, span: Span | None) -> Answer:
    record_id, citation, label, ordinal, micros, author, text = row
    start, end = span or (0, 0)
    begin, stop = max(0, start - AROUND), min(len(text), end + AROUND)
    hit = text[start:end]
    return Answer(
        Cited(citation, label, record_id), ordinal, moment(micros), author,
        before=("…" if begin else "") + text[begin:start],
        hit=hit if len(hit) <= HIT else f"{hit[:HIT]}…",
        after=text[end:stop] + ("…" if stop < len(text) else ""),
    )  # fmt: skip
