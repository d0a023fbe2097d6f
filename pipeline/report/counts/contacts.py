"""Contact frequency: which accounts an account exchanged messages with, how often and when.

DOMAIN 4.1 (item 3) and table 6.1. All counts are of records that repeat no other and are in scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline.report.counts.activity import TALK_KINDS
from pipeline.report.counts.citing import CITED, cited_at
from pipeline.report.counts.localtime import localise
from pipeline.report.rows import Citations, Cited
from pipeline.report.store import Store, moment
from pipeline.search.tables import strings

SHOWN = 25
NEW_DAYS = 30
"""How long before the last dated message a first contact counts as new: DOMAIN 4.1, item 3."""

_THREAD = """coalesce(thread_id, CASE WHEN author_account_id IS NOT NULL
  AND len(recipient_account_ids) > 0 THEN 'direct ' || array_to_string(
    list_sort(list_distinct(list_append(recipient_account_ids, author_account_id))), ' ') END)"""
"""Records without a conversation, such as lines of a list of calls: by who takes part."""

PARTIES = f"""
CREATE OR REPLACE TABLE parties AS
SELECT DISTINCT thread, account FROM (
  SELECT thread, unnest(list_append(coalesce(others, []), author)) AS account
  FROM (SELECT DISTINCT {_THREAD} AS thread, author_account_id AS author,
               recipient_account_ids AS others
        FROM records WHERE duplicate_of IS NULL AND NOT starts_with(scope, 'out_')
          AND (thread_id IS NOT NULL OR kind IN ({TALK_KINDS}))))
WHERE thread IS NOT NULL AND account IS NOT NULL
"""

TARGETS = "SELECT account_id FROM accounts WHERE is_target ORDER BY record_count DESC, account_id"

TALKING = "SELECT 1 FROM parties WHERE list_contains({listed}, account) LIMIT 1"

BUSIEST = """
SELECT account FROM parties LEFT JOIN accounts a ON a.account_id = account
GROUP BY account ORDER BY count(*) DESC, max(a.record_count) DESC NULLS LAST, account LIMIT 1
"""

SERVICES = """
SELECT account_id FROM accounts
WHERE list_has_any(coalesce(phones, []) || coalesce(emails, []),
        (SELECT coalesce(list(value), []) FROM entities
         WHERE service_category IS NOT NULL AND kind IN ('phone', 'email')))
   OR provider || ':' || coalesce(provider_account_id, '') IN
        (SELECT value FROM entities WHERE service_category IS NOT NULL AND kind = 'account')
ORDER BY account_id
"""

MADE = f"""
CREATE OR REPLACE TABLE contact_talk AS
SELECT t.number AS thread, t.size, t.other, c.rank, c.kind, c.author,
       c.author = t.target AS is_sent, c.author = t.other AS is_received, c.micros, l.local_day,
       l.is_night
FROM (SELECT rank, kind, author, micros, thread_id AS thread FROM canon
      WHERE thread_id IS NOT NULL AND kind IN ({TALK_KINDS})
      UNION ALL
      SELECT rank, kind, author, micros, thread FROM canon JOIN (
        SELECT at_row, {_THREAD} AS thread FROM records
        WHERE thread_id IS NULL AND duplicate_of IS NULL AND kind IN ({TALK_KINDS})) r
      USING (at_row)) c
JOIN (SELECT thread, row_number() OVER (ORDER BY thread) AS number, count(*) AS size,
             arg_min(account, (place, account)) AS target,
             arg_max(account, (place, account)) AS other
      FROM (SELECT thread, account,
                   coalesce(list_position($targets, account), 1000000) AS place FROM parties)
      GROUP BY thread HAVING min(place) < 1000000 AND count(*) > 1) t USING (thread)
LEFT JOIN local_times l ON l.rank = c.rank
"""
"""Talk of threads in which a target takes part; in those of two, ``other`` is the counterpart.
Only records without a conversation are read for their recipients."""

COUNTED = """
WITH priced AS (SELECT DISTINCT rank FROM found WHERE kind = 'money'),
pairs AS (
  SELECT other AS account,
         count(*) FILTER (kind = 'message' AND is_sent) AS sent,
         count(*) FILTER (kind = 'message' AND is_received) AS received,
         count(*) AS records, count(DISTINCT local_day) AS days,
         min(micros) AS first, max(micros) AS last,
         count(*) FILTER (kind = 'message' AND is_night) AS night,
         count(*) FILTER (kind = 'message' AND is_night IS NOT NULL) AS timed,
         count(p.rank) AS money, min(t.rank, $cited) AS ranks
  FROM contact_talk t LEFT JOIN priced p ON p.rank = t.rank WHERE size = 2 GROUP BY other),
groups AS (
  SELECT author AS account, count(*) AS messages, min(rank, $cited) AS ranks
  FROM contact_talk WHERE size > 2 AND kind = 'message' AND author IS NOT NULL
    AND NOT list_contains($targets, author) GROUP BY author)
SELECT account, a.display_name, a.provider_account_id, a.watch,
       coalesce(sent, 0), coalesce(received, 0), coalesce(records, 0), coalesce(days, 0),
       first, last, coalesce(night, 0), coalesce(timed, 0), coalesce(money, 0),
       coalesce(g.messages, 0), coalesce(p.ranks, g.ranks)
FROM pairs p FULL JOIN groups g USING (account) LEFT JOIN accounts a ON a.account_id = account
WHERE NOT list_contains($services, account)
ORDER BY coalesce(sent, 0) + coalesce(received, 0) DESC, coalesce(records, 0) DESC,
         coalesce(g.messages, 0) DESC, account
"""


@dataclass(frozen=True, slots=True)
class ContactRow:
    """An account that exchanged records with the target account, in threads of the two alone."""

    account_id: str
    name: str | None
    number: str | None
    watch: str | None
    sent: int
    """Messages the target account wrote."""
    received: int
    """Messages this account wrote."""
    records: int
    """Messages, calls, shares and reactions of both."""
    days: int
    """Local days with such a record."""
    first: datetime | None
    last: datetime | None
    night: int
    """Of the messages with a time, those from 22:00 to 04:00 local time."""
    timed: int
    money: int
    """Records that hold an amount."""
    in_groups: int
    """Messages it wrote in threads of more than two accounts, the target among them."""
    is_new: bool
    """Whether the first of these records lies in the last 30 days of the messages."""
    cited: Citations

    @property
    def messages(self) -> int:
        """Messages both ways."""
        return self.sent + self.received


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contact frequency of the target account, or of several together."""

    targets: tuple[str | None, ...]
    """Names of the accounts counted for."""
    target_ids: tuple[str, ...]
    is_stated: bool
    """Whether the return is about them; else it is the account with most conversations."""
    rows: tuple[ContactRow, ...]
    total: int
    newest: tuple[ContactRow, ...]
    """New in the last 30 days, the latest first contact first."""
    new_total: int
    group_threads: int
    group_messages: int
    """Messages in threads of more than two accounts: counted for no pair."""
    services: int
    """Accounts of listed services, left out."""
    last: datetime | None
    """Last dated message, from which the 30 days are counted back."""
    zone: str
    silent: tuple[str | None, ...] = ()
    """Names of accounts the return is about that take part in no conversation by their id."""


def contacts(store: Store, zone: str) -> Contacts | None:
    """Count the contacts of the target accounts.

    Args:
        store: the tables.
        zone: IANA zone of nights and days.

    Returns:
        None where no account exchanged anything with another.
    """
    said = localise(store, zone)
    targets, is_stated, left = target_accounts(store)
    if not targets:
        return None
    services = [row[0] for row in store.rows(SERVICES)]
    fill = {"$targets": strings(targets), "$services": strings(services), "$cited": str(CITED)}
    store.run(_filled(MADE, fill))
    found = store.rows(_filled(COUNTED, fill))
    last = store.one(f"SELECT max(micros) FROM canon WHERE kind IN ({TALK_KINDS})")[0]
    since = None if last is None else last - timedelta(days=NEW_DAYS) // timedelta(microseconds=1)
    fresh = sorted(
        (row for row in found if since is not None and row[8] is not None and row[8] >= since),
        key=lambda row: (-row[8], row[0]),
    )
    shown, newest = found[:SHOWN], fresh[:SHOWN]
    cited = cited_at(store, [rank for row in (*shown, *newest) for rank in row[14] or ()])
    threads, messages = store.one(
        "SELECT count(DISTINCT thread), count(*) FILTER (kind = 'message') FROM contact_talk "
        "WHERE size > 2"
    )
    left_out = set(services) & {row[0] for row in store.rows("SELECT DISTINCT other "
                                "FROM contact_talk WHERE size = 2 ORDER BY other")}  # fmt: skip
    names = dict(
        store.rows(
            "SELECT account_id, coalesce(display_name, provider_account_id) FROM accounts "
            f"WHERE list_contains({strings([*targets, *left])}, account_id) ORDER BY account_id"
        )
    )
    return Contacts(
        targets=tuple(names.get(key) for key in targets), target_ids=targets,
        is_stated=is_stated, rows=tuple(_row(row, since, cited) for row in shown),
        total=len(found), newest=tuple(_row(row, since, cited) for row in newest),
        new_total=len(fresh), group_threads=threads, group_messages=messages,
        services=len(left_out), last=moment(last), zone=said,
        silent=tuple(names.get(key) for key in left),
    )  # fmt: skip


def named_only(store: Store) -> int:
    """Count the messages whose author is given by a display name alone, with no account.

    Args:
        store: the tables.
    """
    count: int = store.one(
        "SELECT count(*) FROM canon "
        "WHERE kind = 'message' AND author IS NULL AND author_name IS NOT NULL"
    )[0]
    return count


def target_accounts(store: Store) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    """Return the accounts that contacts are counted for; makes the table ``parties``.

    They are those the return is about, or, where none of these takes part in a conversation by its
    id, the account with most conversations.

    Returns:
        Their ids; whether the return is about them; else the ids of those it is about.
    """
    store.run(PARTIES)
    stated = tuple(row[0] for row in store.rows(TARGETS))
    if stated and store.rows(TALKING.format(listed=strings(stated))):
        return stated, True, ()
    return tuple(row[0] for row in store.rows(BUSIEST)), False, stated


def _row(row: tuple[Any, ...], since: int | None, cited: dict[int, Cited]) -> ContactRow:
    key, name, number, watch, *counts = row
    sent, received, records, days, first, last, night, timed, money, in_groups, ranks = counts
    return ContactRow(
        account_id=key, name=name, number=number, watch=watch, sent=sent, received=received,
        records=records, days=days, first=moment(first), last=moment(last), night=night,
        timed=timed, money=money, in_groups=in_groups,
        is_new=since is not None and first is not None and first >= since,
        cited=tuple(cited[rank] for rank in ranks or ()),
    )  # fmt: skip


def _filled(sql: str, values: dict[str, str]) -> str:
    """Put literals in: bound parameters would load pandas (pipeline.search.tables)."""
    for name, value in values.items():
        sql = sql.replace(name, value)
    return sql
