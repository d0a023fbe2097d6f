"""Facts that people assert, as they enter them to be held against the records."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.entered import Entered, Line, read_entered
from pipeline.errors import ConfigError
from pipeline.search.parse import parse
from pipeline.search.values import value_query

MOST = 1_000
"""Facts in a file; each costs a few searches of up to a tenth of a second."""
QUERIES = 50
"""Queries in a cell."""
TEXT_LIMIT = 2_000
"""Characters of what is asserted, and of each other cell that is printed."""

_NAMES = (
    "fact_id", "fact", "entered_by", "source", "from", "to", "supports", "conflicts", "account",
    "thread", "place", "phone", "amount",
)  # fmt: skip
HEADINGS = {name.replace("_", " "): name for name in _NAMES} | {
    "id": "fact_id", "entered": "entered_by", "by": "entered_by", "conversation": "thread",
}  # fmt: skip
"""What the columns may be headed, blanks for underscores."""

_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?: ?(?P<offset>Z|[+-]\d{2}:\d{2}))?)?"
)
_FORMS = "write 2024-06-03, 2024-06-03 17:30 or 2024-06-03 17:30-05:00"
_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "”": "“”"}


@dataclass(frozen=True, slots=True)
class Query:
    """A question put to the records."""

    text: str
    """In the language of ``triage search``."""
    side: str
    """``supports`` or ``conflicts``."""
    column: str
    """Column that it was made from: ``place``, ``phone``, ``amount``; else its side."""


@dataclass(frozen=True, slots=True)
class Fact:
    """An assertion; whether it is so, nothing here says."""

    line: int
    fact_id: str
    fact: str
    entered_by: str
    source: str
    """Where it comes from, as entered: an interview, a receipt."""
    since: datetime | None
    """First second, UTC."""
    until: datetime | None
    """Last second, UTC."""
    queries: tuple[Query, ...]
    account: str
    """Part of a name, or an account id; only what it wrote is searched. Empty = any."""
    thread: str
    """A conversation id, or part of its name. Empty = any."""
    place: str
    phone: str
    amount: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A file of facts."""

    name: str
    """Its path, made printable, for messages."""
    sha256: str
    zone: str
    """IANA zone in which times without an offset were read."""
    facts: tuple[Fact, ...]


def read_facts(path: Path, zone: str) -> Facts:
    """Read a file of facts.

    Args:
        path: a CSV whose first line names its columns: ``fact_id`` and ``fact`` must be there;
            ``entered_by``, ``source``; ``from`` and ``to`` (days or times, both included; a day is
            whole, a time without seconds takes in its minute); ``supports`` and ``conflicts``
            (queries of ``triage search``, ``;`` between them); ``account`` and ``thread``, which
            narrow the search; ``place``, ``phone`` and ``amount``, of which queries are made.
        zone: IANA zone of times that state no offset.

    Raises:
        ConfigError: it cannot be read, or a line is not as it must be; names line and column.
    """
    read = read_entered(path, HEADINGS, ("fact_id", "fact"), most=MOST)
    if not read.lines:
        raise ConfigError(f"{read.name}: holds no fact, only the names of columns")
    found = ZoneInfo(zone)
    seen: dict[str, int] = {}
    facts = []
    for line in read.lines:
        fact = _fact(read, line, found)
        if fact.fact_id in seen:
            raise read.wrong(line.number, f"the fact_id is that of line {seen[fact.fact_id]}")
        seen[fact.fact_id] = line.number
        facts.append(fact)
    return Facts(read.name, read.sha256, zone, tuple(facts))


def _fact(read: Entered, line: Line, zone: ZoneInfo) -> Fact:
    for name in ("fact_id", "fact"):
        if not line.get(name):
            raise read.wrong(line.number, f"{name} is empty")
    for name in set(_NAMES) - {"supports", "conflicts"}:
        if len(line.get(name)) > TEXT_LIMIT:
            raise read.wrong(line.number, f"{name} is longer than {TEXT_LIMIT:,} characters")
    since = _moment(read, line, "from", zone)
    until = _moment(read, line, "to", zone)
    if since is not None and until is not None and since > until:
        raise read.wrong(line.number, "from is after to")
    plain = {
        item.name: line.get(item.name)
        for item in fields(Fact)
        if item.type == "str" and item.name in _NAMES
    }
    return Fact(
        line=line.number, since=since, until=until, queries=tuple(_queries(read, line)), **plain,
    )  # fmt: skip


def _queries(read: Entered, line: Line) -> list[Query]:
    """Return what is asked, each query once; those made of typed columns after those written."""
    found: dict[tuple[str, str], Query] = {}
    for side in ("supports", "conflicts"):
        asked = split_queries(line.get(side))
        if len(asked) > QUERIES:
            raise read.wrong(line.number, f"{side} holds more than {QUERIES} queries")
        for number, text in enumerate(asked, 1):
            if value_query(text) is None:
                try:
                    parse(text)
                except ConfigError as error:
                    said = plain_reason(error, text)
                    raise read.wrong(line.number, f"{side}, query {number}: {said}") from error
            found.setdefault((side, text), Query(text, side, side))
    made = {"place": ("place", "lodging"), "phone": ("phone",), "amount": ("money",)}
    for column, kinds in made.items():
        if line.get(column):
            for kind in kinds:
                text = f"{kind}:{line.get(column)}"
                found.setdefault(("supports", text), Query(text, "supports", column))
    return list(found.values())


def split_queries(cell: str) -> list[str]:
    """Return the queries of a cell: ``;`` stands between them, but not within quotation marks."""
    parts, part, closing = [], "", ""
    for sign in cell:
        if sign == ";" and not closing:
            parts.append(part)
            part = ""
            continue
        if closing:
            closing = "" if sign in closing or sign == '"' else closing
        else:
            closing = _QUOTES.get(sign, "")
        part += sign
    return [part.strip() for part in (*parts, part) if part.strip()]


def plain_reason(error: ConfigError, query: str) -> str:
    """Return why a query cannot be read, without what is asked for: it may be a protected name."""
    name, _, value = query.partition(":")
    value = value.strip()
    said = str(error)
    for head in (f"{name}:{value}: ", f"{name.lower()}:{value}: "):
        said = said.removeprefix(head)
    whole = (query.strip(), value, *query.replace('"', " ").split())
    if any(len(word) > 1 and word in said for word in whole):
        return "cannot be read as a query of `triage search`"
    return said


def _moment(read: Entered, line: Line, column: str, zone: ZoneInfo) -> datetime | None:
    """Read a day or time; of one that the clock showed twice, what makes the period longer."""
    text = line.get(column)
    if not text:
        return None
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise read.wrong(line.number, f"{column} is no date or time: {_FORMS}")
    is_last = column == "to"
    try:
        if match["hour"] is None:
            day = date.fromisoformat(match["day"]) + timedelta(days=int(is_last))
            start = datetime.combine(day, time.min, zone).astimezone(UTC)
            return start - timedelta(seconds=int(is_last))
        second = match["second"] or ("59" if is_last else "00")
        clock = datetime.fromisoformat(f"{match['day']}T{match['hour']}:{match['minute']}:{second}")
        if match["offset"]:
            stated = datetime.fromisoformat(f"2000-01-01T00:00:00{match['offset']}").tzinfo
            return clock.replace(tzinfo=stated).astimezone(UTC)
        local = clock.replace(tzinfo=zone, fold=int(is_last))
        if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != clock:
            raise read.wrong(
                line.number,
                f"{column} is a time that {zone.key} skipped when the clocks went forward; state "
                "its offset (2024-03-10 02:30-06:00)",
            )
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise read.wrong(line.number, f"{column} is no date or time: {_FORMS}") from error
