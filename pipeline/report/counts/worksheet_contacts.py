"""What contact sheets count: of one account, from its two-person conversations and no others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.report.counts.activity import QUOTED_LENGTH
from pipeline.report.counts.citing import CITED, citations, cite
from pipeline.report.counts.contacts import target_accounts
from pipeline.report.counts.localtime import local, zone_of
from pipeline.report.rows import Citations, Cited
from pipeline.report.store import Store, moment
from pipeline.search.tables import strings

SHEETS = 25
"""Accounts that get a sheet: those with most messages."""

EDGE = 5
"""Messages quoted from the beginning and from the end."""

VALUES = 15
"""Values of each kind on a sheet."""

KINDS = ("phone", "handle", "email", "plate", "location", "lodging", "money")
"""Kinds listed on a sheet. Names are not: they would name others."""

QUARTER = 15 * 60 * 1_000_000
"""Microseconds of a quarter of an hour: every zone in use lies whole quarters off UTC."""

PAIRS = """
CREATE OR REPLACE TABLE sheet_pairs AS
WITH said AS (
  SELECT DISTINCT thread_id, author_account_id AS author, recipient_account_ids AS others
  FROM records WHERE thread_id IS NOT NULL),
members AS (
  SELECT thread_id, author AS account FROM said WHERE author IS NOT NULL
  UNION SELECT thread_id, unnest(others) FROM said),
unclear AS (
  SELECT thread_id FROM records WHERE thread_id IS NOT NULL GROUP BY thread_id
  HAVING bool_or(author_account_id IS NULL AND author_name IS NOT NULL)
      OR count(DISTINCT text) FILTER (kind = 'participant') > 2)
SELECT thread_id, list_sort(list(account)) AS pair FROM members
WHERE account IS NOT NULL AND thread_id NOT IN (SELECT thread_id FROM unclear)
GROUP BY thread_id HAVING count(*) = 2
"""
"""Conversations of two accounts. One in which an author has no account, or of which the provider
lists more participants, is none."""

CHOSEN = """
CREATE OR REPLACE TABLE sheet_records AS
WITH sides AS (
  SELECT thread_id, CASE WHEN list_contains({targets}, pair[1]) THEN pair[1] ELSE pair[2] END
         AS target, CASE WHEN list_contains({targets}, pair[1]) THEN pair[2] ELSE pair[1] END
         AS other
  FROM sheet_pairs WHERE list_has_any({targets}, pair)),
top AS (
  SELECT other, count(*) FILTER (c.kind = 'message') AS messages, count(*) AS records
  FROM sides JOIN canon c USING (thread_id) WHERE c.author IS NOT NULL
  GROUP BY other ORDER BY messages DESC, records DESC, other LIMIT {limit})
SELECT s.other, s.target, t.messages, t.records AS talk, c.*
FROM sides s JOIN top t USING (other) JOIN canon c USING (thread_id)
"""

COUNTS = """
SELECT s.other, any_value(messages), count(*), count(DISTINCT thread_id),
       count(*) FILTER (kind = 'message' AND author = other),
       count(*) FILTER (kind = 'message' AND author = target),
       count(*) FILTER (kind = 'call'), count(DISTINCT day) FILTER (author IS NOT NULL),
       min(micros) FILTER (author IS NOT NULL), max(micros) FILTER (author IS NOT NULL),
       list_sort(list(DISTINCT target))
FROM sheet_records s GROUP BY s.other
ORDER BY any_value(messages) DESC, any_value(talk) DESC, s.other
"""

HOURS = f"""
SELECT other, author = other, floor(micros / {QUARTER})::BIGINT, count(*) FROM sheet_records
WHERE kind = 'message' AND micros IS NOT NULL AND author IS NOT NULL
GROUP BY ALL ORDER BY ALL
"""

SPOKEN = """
CREATE OR REPLACE TABLE sheet_mentions AS
SELECT s.other, s.micros, f.* EXCLUDE (micros) FROM found f JOIN sheet_records s USING (record_id)
WHERE f.service_category IS NULL AND NOT f.by_model
"""

VALUES_OF = f"""
SELECT other, kind, coalesce(value, surface), count(*), count(DISTINCT record_id), min(micros),
       max(micros), arg_min({cite()},
                           [rank, start, "end"], {CITED}),
       count(*) OVER (PARTITION BY other, kind)
FROM sheet_mentions
WHERE kind IN ({", ".join(f"'{kind}'" for kind in KINDS)}) AND (kind <> 'phone' OR review IS NULL)
GROUP BY other, kind, coalesce(value, surface)
QUALIFY row_number() OVER (PARTITION BY other, kind ORDER BY count(DISTINCT record_id) DESC,
                           count(*) DESC, coalesce(value, surface)) <= {VALUES}
ORDER BY other, kind, count(DISTINCT record_id) DESC, count(*) DESC, coalesce(value, surface)
"""

OWN = f"""
WITH known AS (
  SELECT account_id AS other, lower(unnest(list_concat(
    coalesce(names, []), coalesce(emails, []), coalesce(phones, []),
    [display_name, vanity, provider_account_id]))) AS value FROM accounts),
hits AS (
  SELECT DISTINCT s.mention_id, s.other, s.record_id, s.rank, s.start, s.citation, s.source_label
  FROM sheet_mentions s JOIN known k ON k.other = s.other AND k.value IN (
    lower(s.value), lower(s.surface), regexp_replace(lower(s.value), '^[a-z_]+:', ''))
  WHERE s.kind IN ('alias', 'account', 'handle', 'phone', 'email') AND k.value <> '')
SELECT other, count(*), count(DISTINCT record_id),
       arg_min({cite()}, [rank, start], {CITED})
FROM hits GROUP BY other ORDER BY other
"""

EDGES = f"""
WITH placed AS (
  SELECT other, record_id, rank,
         row_number() OVER (PARTITION BY other ORDER BY rank) AS up,
         row_number() OVER (PARTITION BY other ORDER BY rank DESC) AS down
  FROM sheet_records WHERE kind = 'message')
SELECT p.other, p.up <= {EDGE}, r.record_id, epoch_us(r.sent_at), r.author_name,
       substr(r.text, 1, {QUOTED_LENGTH}), length(r.text), r.citation, r.source_label
FROM placed p JOIN records r USING (record_id) WHERE p.up <= {EDGE} OR p.down <= {EDGE}
ORDER BY p.other, p.rank
"""


@dataclass(frozen=True, slots=True)
class Party:
    """An account as the provider states it."""

    account_id: str
    name: str | None
    number: str | None
    vanity: str | None
    provider: str | None
    other_names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetValue:
    """A value in the conversations of a sheet."""

    kind: str
    value: str
    mentions: int
    records: int
    first: datetime | None
    last: datetime | None
    cited: Citations


@dataclass(frozen=True, slots=True)
class SheetQuote:
    """A message, or its beginning."""

    is_first: bool
    """Whether it is among the first; else among the last."""
    sent: datetime | None
    author: str | None
    text: str
    left_out: int
    cited: Cited


@dataclass(frozen=True, slots=True)
class ContactSheet:
    """What one account and the target exchanged between the two of them."""

    number: str
    """``C-01``, by messages."""
    party: Party
    targets: tuple[Party, ...]
    records: int
    threads: int
    sent: int
    """Messages the account wrote."""
    received: int
    """Messages the target wrote."""
    calls: int
    days: int
    first: datetime | None
    last: datetime | None
    hours: tuple[tuple[int, int, int], ...]
    """Hour of the day (local), messages of the account, of the target; hours with none left out."""
    values: tuple[SheetValue, ...]
    totals: dict[str, int]
    """Different values by kind."""
    own: tuple[int, int]
    """Mentions of the account's own names and numbers, and records that hold them."""
    own_cited: Citations
    quotes: tuple[SheetQuote, ...]


@dataclass(frozen=True, slots=True)
class Contacted:
    """All sheets, and whose contacts they are."""

    rows: tuple[ContactSheet, ...]
    is_named: bool
    """Whether the return is about the target (pipeline.report.counts.contacts.target_accounts)."""


def contacted(store: Store, zone: str) -> Contacted:
    """Count what contact sheets say.

    A row is counted from conversations of which the account and the target are the only two
    members, so that a sheet can be shown to somebody who may see no other conversation.

    Args:
        store: the tables.
        zone: IANA zone of the hours.

    Raises:
        IntegrityError: a table cannot be read.
    """
    store.run(PAIRS)
    targets, is_named, _ = target_accounts(store)
    if not targets:
        return Contacted((), False)
    store.run(CHOSEN.format(targets=strings(targets), limit=SHEETS))
    counts = store.rows(COUNTS)
    store.run(SPOKEN)
    parties = _parties(store, [*(row[0] for row in counts), *targets])
    hours = _hours(store, zone)
    values, own = store.grouped(VALUES_OF), store.grouped(OWN)
    edges = store.grouped(EDGES)
    rows = []
    for at, (other, _, records, threads, sent, received, calls, days, first, last, mine) in (
        enumerate(counts, 1)
    ):  # fmt: skip
        mentions, held, cited = own.get(other, [(0, 0, [])])[0]
        rows.append(
            ContactSheet(
                f"C-{at:02}", parties[other], tuple(parties[key] for key in mine), records,
                threads, sent, received, calls, days, moment(first), moment(last),
                hours.get(other, ()), tuple(_value(row) for row in values.get(other, ())),
                {row[0]: row[-1] for row in values.get(other, ())}, (mentions, held),
                citations(cited), tuple(_quote(row) for row in edges.get(other, ())),
            )
        )  # fmt: skip
    return Contacted(tuple(rows), is_named)


def _parties(store: Store, keys: Sequence[str]) -> dict[str, Party]:
    found = {
        key: Party(
            key, name, number, vanity, provider,
            tuple(item for item in names or () if item != name), tuple(emails or ()),
            tuple(phones or ()),
        )
        for key, name, number, vanity, provider, names, emails, phones in store.rows(
            "SELECT account_id, display_name, provider_account_id, vanity, provider, names, "
            f"emails, phones FROM accounts WHERE list_contains({strings(keys)}, account_id) "
            "ORDER BY account_id"
        )
    }  # fmt: skip
    return {key: found.get(key, Party(key, None, None, None, None)) for key in keys}


def _hours(store: Store, zone: str) -> dict[str, tuple[tuple[int, int, int], ...]]:
    there, _ = zone_of(zone)
    counts: dict[str, Counter[tuple[int, bool]]] = defaultdict(Counter)
    for other, is_own, quarter, count in store.rows(HOURS):
        at = moment(quarter * QUARTER)
        assert at is not None
        counts[other][local(at, there).hour, is_own] += count
    return {
        other: tuple(
            (hour, count[hour, True], count[hour, False])
            for hour in range(24)
            if count[hour, True] or count[hour, False]
        )
        for other, count in counts.items()
    }


def _value(row: tuple[Any, ...]) -> SheetValue:
    kind, value, mentions, records, first, last, cited, _ = row
    return SheetValue(kind, value, mentions, records, moment(first), moment(last), citations(cited))


def _quote(row: tuple[Any, ...]) -> SheetQuote:
    is_first, record, at, author, text, length, citation, label = row
    return SheetQuote(
        is_first, moment(at), author, text or "", max(0, (length or 0) - QUOTED_LENGTH),
        Cited(citation, label, record),
    )  # fmt: skip
