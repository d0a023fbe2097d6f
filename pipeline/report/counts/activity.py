"""Accounts, conversations, time, and the records quoted."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from pipeline.report.counts.citing import first_records
from pipeline.report.rows import AccountRow, Bar, Cited, Quote, ThreadRow, Timeline
from pipeline.report.store import Store, moment
from pipeline.search.tables import among
from schemas.kinds import MentionKind, RecordKind

ACCOUNTS_SHOWN = 25
THREADS_SHOWN = 15
AUTHORS_SHOWN = 6
QUOTED = 8
QUOTED_LENGTH = 400
BARS = 62
"""Bars of the picture: two months of days."""

UNITS = ("day", "week", "month", "year")

TALK = (RecordKind.MESSAGE, RecordKind.SHARE, RecordKind.CALL, RecordKind.REACTION)
TALK_KINDS = ", ".join(f"'{kind.value}'" for kind in TALK)
_QUOTABLE = ", ".join(
    f"'{kind.value}'"
    for kind in (RecordKind.MESSAGE, RecordKind.POST, RecordKind.COMMENT, RecordKind.SHARE)
)
_TELLING = ", ".join(
    f"'{kind.value}'"
    for kind in (
        MentionKind.PHONE, MentionKind.ALIAS, MentionKind.HANDLE, MentionKind.LOCATION,
        MentionKind.MONEY, MentionKind.EMAIL, MentionKind.PLATE,
    )
)  # fmt: skip

ACCOUNTS = f"""
SELECT a.account_id, display_name, provider_account_id, vanity, provider, names, emails, phones,
       is_target, record_count, coalesce(w.days, 0), epoch_us(first_at), epoch_us(last_at), watch
FROM accounts a
LEFT JOIN (SELECT author, count(DISTINCT day) AS days FROM canon
           WHERE author IS NOT NULL GROUP BY author) w ON w.author = a.account_id
ORDER BY watch IS NULL, NOT is_target, record_count DESC, display_name, provider_account_id,
         a.account_id
LIMIT {ACCOUNTS_SHOWN}
"""

THREADS = f"""
SELECT thread_id, count(*) AS n, count(*) FILTER (kind = 'message'), min(micros), max(micros)
FROM canon WHERE thread_id IS NOT NULL
GROUP BY thread_id ORDER BY n DESC, thread_id LIMIT {THREADS_SHOWN}
"""

QUOTES = f"""
WITH ranked AS (
  SELECT n.record_id, count(DISTINCT n.kind) AS kinds, count(*) AS mentions, min(n.rank) AS rank
  FROM found n JOIN canon c USING (rank)
  WHERE n.basis = 'found' AND NOT n.by_model AND n.service_category IS NULL
    AND n.kind IN ({_TELLING}) AND c.kind IN ({_QUOTABLE})
  GROUP BY n.record_id)
SELECT record_id FROM ranked ORDER BY kinds DESC, mentions DESC, rank LIMIT {QUOTED}
"""


def accounts(store: Store) -> tuple[AccountRow, ...]:
    """Return accounts of the watch list, those the legal process names, then who wrote most."""
    rows = store.rows(ACCOUNTS)
    cited = first_records(store, "author", [row[0] for row in rows])
    return tuple(
        AccountRow(
            account_id=key, name=name, number=number, vanity=vanity, provider=provider,
            other_names=tuple(item for item in names or () if item != name),
            emails=tuple(emails or ()), phones=tuple(phones or ()), is_target=target,
            records=count, days=days, first=moment(first), last=moment(last),
            cited=cited.get(key, ()), watch=watch,
        )
        for key, name, number, vanity, provider, names, emails, phones, target, count, days,
            first, last, watch in rows
    )  # fmt: skip


def threads(store: Store) -> tuple[ThreadRow, ...]:
    """Return the conversations with most records."""
    rows = store.rows(THREADS)
    keys = [row[0] for row in rows]
    cited = first_records(store, "thread_id", keys)
    names = store.grouped(
        "SELECT thread_id, min(thread_name) FROM records "
        f"WHERE {among('thread_id', keys)} GROUP BY thread_id ORDER BY 1"
    )
    authors = store.grouped(
        "SELECT thread_id, author_name FROM canon "
        f"WHERE {among('thread_id', keys)} AND author_name IS NOT NULL "
        "GROUP BY 1, 2 ORDER BY 1, count(*) DESC, 2"
    )
    return tuple(
        ThreadRow(
            thread_id=key, name=names[key][0][0], authors=_firsts(authors.get(key, ())),
            author_count=len(authors.get(key, ())), records=count, messages=messages,
            first=moment(first), last=moment(last), cited=cited.get(key, ()),
        )
        for key, count, messages, first, last in rows
    )  # fmt: skip


def timeline(store: Store) -> Timeline:
    """Return dated records by day, week, month or year, whichever gives bars that can be read.

    The picture runs from the first to the last message; with none, over all dated records.
    """
    rows = store.rows(
        f"SELECT day, kind IN ({TALK_KINDS}) AS talk, count(*) FROM canon "
        "WHERE day IS NOT NULL GROUP BY ALL ORDER BY ALL"
    )
    undated = store.one("SELECT count(*) FROM canon WHERE day IS NULL")[0]
    days = {(_day(number), talk): count for number, talk, count in rows}
    drawn = sorted(day for day, talk in days if talk) or sorted(day for day, _ in days)
    if not drawn:
        return Timeline("day", (), 0, 0, undated)
    first, last = _clipped(drawn[0], drawn[-1], _median(days, set(drawn)))
    unit = next((unit for unit in UNITS if len(_stretches(unit, first, last)) <= BARS), UNITS[-1])
    counts: Counter[tuple[date, bool]] = Counter()
    before = after = 0
    for (day, talk), count in days.items():
        number = _number(unit, day)
        if number < _number(unit, first):
            before += count
        elif number > _number(unit, last):
            after += count
        else:
            counts[_first_day(unit, number), talk] += count
    bars = tuple(
        Bar(start, counts[start, True], counts[start, False])
        for start in (_first_day(unit, n) for n in _stretches(unit, first, last))
    )
    return Timeline(unit, bars, before, after, undated)


def quotes(store: Store) -> tuple[Quote, ...]:
    """Return the messages that name most kinds of thing, and the first and the last one."""
    chosen = {row[0]: "kinds" for row in store.rows(QUOTES)}
    for reason, order in (("first", "rank"), ("last", "rank DESC")):
        edge = store.rows(
            "SELECT record_id FROM canon WHERE kind = 'message' AND day IS NOT NULL "
            f"ORDER BY {order} LIMIT 1"
        )
        for row in edge:
            chosen.setdefault(row[0], reason)
    if not chosen:
        return ()
    listed = among("record_id", chosen)
    spans = store.grouped(
        f'SELECT record_id, "start", "end", kind FROM found WHERE {listed} '
        'ORDER BY record_id, "start", "end" DESC, kind'
    )
    rows = store.rows(
        "SELECT c.record_id, r.text, c.micros, c.author_name, c.citation, c.source_label "
        f"FROM canon c JOIN records r USING (at_row) WHERE {among('c.record_id', chosen)} "
        "ORDER BY c.rank"
    )
    return tuple(
        Quote(
            reason=chosen[key], sent=moment(at), author=author,
            parts=_parts(text or "", spans.get(key, [])),
            left_out=max(0, len(text or "") - QUOTED_LENGTH),
            kinds=tuple(sorted({kind for *_, kind in spans.get(key, [])})),
            cited=Cited(citation, label, key),
        )
        for key, text, at, author, citation, label in rows
    )  # fmt: skip


def _firsts(rows: list[tuple[str, ...]] | tuple[()]) -> tuple[str, ...]:
    return tuple(row[0] for row in rows[:AUTHORS_SHOWN])


def _parts(text: str, spans: list[tuple[int, int, str]]) -> tuple[tuple[str, str | None], ...]:
    """Cut the beginning of a text at its spans; of two that overlap the first and longer stays."""
    text = text[:QUOTED_LENGTH]
    parts: list[tuple[str, str | None]] = []
    at = 0
    for start, end, kind in spans:
        if start < at or end > len(text):
            continue
        if start > at:
            parts.append((text[at:start], None))
        parts.append((text[start:end], kind))
        at = end
    if at < len(text):
        parts.append((text[at:], None))
    return tuple(parts)


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)


def _median(days: dict[tuple[date, bool], int], drawn: set[date]) -> date:
    """Return the day in the middle of the records of the days drawn."""
    left = sum(count for (day, _), count in days.items() if day in drawn) // 2
    for (day, _), count in sorted(days.items()):
        left -= count if day in drawn else 0
        if left < 0:
            return day
    return max(drawn)


def _clipped(first: date, last: date, middle: date) -> tuple[date, date]:
    """Cut a range of more years than there are bars around its middle: a wrong date is no range."""
    years = BARS // 2
    if last.year - first.year < BARS:
        return first, last
    return (
        max(first, date(max(middle.year - years, 1), 1, 1)),
        min(last, date(min(middle.year + years - 1, 9999), 12, 31)),
    )


def _number(unit: str, day: date) -> int:
    """Return which stretch a day lies in; stretches that follow each other differ by one."""
    if unit == "week":
        return (day.toordinal() - 1) // 7  # day 1, 1 January of year 1, is a Monday
    if unit == "month":
        return day.year * 12 + day.month - 1
    return day.year if unit == "year" else day.toordinal()


def _first_day(unit: str, number: int) -> date:
    """Return the first day of a stretch."""
    if unit == "week":
        return date.fromordinal(number * 7 + 1)
    if unit == "month":
        return date(number // 12, number % 12 + 1, 1)
    return date(number, 1, 1) if unit == "year" else date.fromordinal(number)


def _stretches(unit: str, first: date, last: date) -> range:
    return range(_number(unit, first), _number(unit, last) + 1)
