"""Web addresses by host, and texts sent again and again: numbers and places, never the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pipeline.report.counts.citing import CITED, citations, cite
from pipeline.report.rows import Citations
from pipeline.report.store import Store, moment
from schemas.ids import stable_id

PLACES = 3
"""Conversations (or posts) in which one text has to stand to be listed as repeated."""

LEAST = 40
"""Code points beside web addresses of the shortest text listed: shorter ones repeat by chance."""

VALUES = 8
"""Values of each sort given for a text."""

HOST = (
    "regexp_replace(lower(regexp_extract(f.value, "
    r"'^(?:[A-Za-z][A-Za-z0-9+.\-]*:)?(?://)?(?:[^/@?#]*@)?([^/:?#\s]+)', 1)), '^www\.', '')"
)
"""The host of a web address, without ``www.``."""

HOSTS = f"""
SELECT {HOST} AS host, count(*), count(DISTINCT f.rank), count(DISTINCT c.thread_id),
       count(DISTINCT c.author), min(c.micros), max(c.micros),
       arg_min({cite("f")},
               [f.rank, f.start, f."end"], {CITED})
FROM found f JOIN canon c USING (rank)
WHERE f.kind = 'url' AND f.value IS NOT NULL AND f.service_category IS NULL AND NOT f.by_model
GROUP BY host HAVING host <> ''
ORDER BY count(DISTINCT f.rank) DESC, count(*) DESC, host
"""

TOLD = f"""
CREATE OR REPLACE TABLE advert_texts AS
WITH holds AS (
  SELECT rank, bool_or(kind = 'phone' AND value IS NOT NULL) AS phone,
         bool_or(kind = 'money') AS money, bool_or(kind IN ('url', 'handle')) AS address
  FROM found WHERE kind IN ('phone', 'money', 'url', 'handle', 'email')
    AND service_category IS NULL AND (kind <> 'phone' OR review IS NULL)
    AND basis = 'found' AND NOT by_model
  GROUP BY rank),
texts AS (
  SELECT c.record_id, h.phone AND h.money AND h.address AS is_full,
         coalesce(c.thread_id, 'r ' || c.record_id) AS place, c.author, c.micros, c.rank,
         trim(regexp_replace(regexp_replace(regexp_replace(lower(r.text),
              '(?:https?://|www\\.)\\S+', ' ', 'g'), '\\p{{Nd}}+', '#', 'g'), '\\s+', ' ', 'g'))
         AS folded, md5(folded) AS template
  FROM holds h JOIN canon c USING (rank) JOIN records r USING (at_row)
  WHERE length(r.text) >= {LEAST} AND c.kind IN ('message', 'post', 'comment', 'share'))
SELECT * EXCLUDE (folded),
       count(DISTINCT place) OVER (PARTITION BY template) >= {PLACES} AS is_repeated
FROM texts
QUALIFY (is_repeated OR is_full) AND length(folded) >= {LEAST}
"""
"""Records whose text is like an advert; ``template`` = the text folded, web
addresses left out, runs of digits masked. Its length is asked at the end: before, DuckDB would fold
every text of the case to ask it (1.3 s in place of 0.3). Folding never makes a text longer (to
DuckDB the small form of every letter is one letter), so shorter ones are not folded at all."""

TEXTS = f"""
SELECT template, bool_or(is_repeated), bool_or(is_full), count(*), count(DISTINCT place),
       count(DISTINCT t.author), min(t.micros), max(t.micros),
       arg_min({cite("c")}, t.rank, {CITED})
FROM advert_texts t JOIN canon c USING (rank)
GROUP BY template
ORDER BY count(DISTINCT place) DESC, count(*) DESC, min(t.rank)
"""

VALUES_OF = f"""
WITH said AS (
  SELECT t.template, f.record_id, f.rank, CASE WHEN f.kind = 'url' THEN 'host' ELSE f.kind END
         AS kind, CASE WHEN f.kind = 'url' THEN {HOST} ELSE f.value END AS value
  FROM advert_texts t JOIN found f USING (record_id)
  WHERE f.kind IN ('phone', 'url', 'handle', 'email') AND f.value IS NOT NULL
    AND f.service_category IS NULL AND (f.kind <> 'phone' OR f.review IS NULL)
    AND NOT f.by_model AND f.basis = 'found')
SELECT template, kind, value FROM said WHERE value <> '' GROUP BY template, kind, value
QUALIFY row_number() OVER (PARTITION BY template, kind
                           ORDER BY count(DISTINCT record_id) DESC, min(rank), value) <= {VALUES}
ORDER BY template, kind, count(DISTINCT record_id) DESC, min(rank), value
"""

AMOUNTS_OF = f"""
SELECT t.template, m.amount_low, m.amount_high, m.currency
FROM advert_texts t JOIN found f USING (rank) JOIN money m ON m.mention_id = f.mention_id
WHERE m.amount_high IS NOT NULL
GROUP BY t.template, m.amount_low, m.amount_high, m.currency
QUALIFY row_number() OVER (PARTITION BY t.template
                           ORDER BY m.amount_low, m.amount_high, m.currency) <= {VALUES}
ORDER BY t.template, m.amount_low, m.amount_high, m.currency
"""

NUMBERS = f"""
SELECT f.value, count(DISTINCT t.template), count(DISTINCT f.rank), count(DISTINCT t.place),
       min(f.micros), max(f.micros),
       arg_min({cite("f")},
               [f.rank, f.start, f."end"], {CITED})
FROM advert_texts t JOIN found f USING (rank)
WHERE f.kind = 'phone' AND f.value IS NOT NULL AND f.service_category IS NULL
  AND f.review IS NULL AND NOT f.by_model
GROUP BY f.value
ORDER BY count(DISTINCT t.template) DESC, count(DISTINCT f.rank) DESC, f.value
"""


@dataclass(frozen=True, slots=True)
class HostRow:
    """Web addresses of one host."""

    host: str
    mentions: int
    records: int
    threads: int
    accounts: int
    first: datetime | None
    last: datetime | None
    cited: Citations


@dataclass(frozen=True, slots=True)
class AdvertRow:
    """Records whose text is the same but for digits, capitals, blanks and web addresses."""

    advert_id: str
    is_repeated: bool
    """Whether it stands in :data:`PLACES` conversations or posts."""
    is_full: bool
    """Whether it holds a telephone number, an amount, and a web address or handle."""
    records: int
    places: int
    accounts: int
    first: datetime | None
    last: datetime | None
    phones: tuple[str, ...]
    handles: tuple[str, ...]
    """Handles and e-mail addresses."""
    hosts: tuple[str, ...]
    amounts: tuple[tuple[Decimal | None, Decimal | None, str | None], ...]
    """Low, high, currency."""
    cited: Citations


@dataclass(frozen=True, slots=True)
class AdvertNumberRow:
    """A telephone number that stands in such texts; no listed service, none under review."""

    value: str
    texts: int
    records: int
    places: int
    first: datetime | None
    last: datetime | None
    cited: Citations


def hosts(store: Store) -> tuple[HostRow, ...]:
    """Return hosts of web addresses, those in most records first; listed services left out."""
    return tuple(
        HostRow(host, mentions, records, threads, accounts, moment(first), moment(last),
                citations(cited))
        for host, mentions, records, threads, accounts, first, last, cited in store.rows(HOSTS)
    )  # fmt: skip


def adverts(store: Store) -> tuple[AdvertRow, ...]:
    """Return texts that are like adverts by their form, those in most places first.

    Of records with a number, amount or address: those whose text stands in :data:`PLACES` places,
    and those that hold a number, an amount and an address. The form alone decides, no word of the
    text; what a text is about is not judged. Values of listed services count for nothing here.

    Raises:
        IntegrityError: a table cannot be read.
    """
    store.run(TOLD)
    values = store.grouped(VALUES_OF)
    amounts = store.grouped(AMOUNTS_OF)
    return tuple(
        AdvertRow(
            advert_id=stable_id("advert", cited[0]["r"]), is_repeated=repeated, is_full=full,
            records=records, places=places, accounts=accounts, first=moment(first),
            last=moment(last), phones=_of(values.get(key, ()), "phone"),
            handles=_of(values.get(key, ()), "handle", "email"),
            hosts=_of(values.get(key, ()), "host"),
            amounts=tuple((low, high, currency) for low, high, currency in amounts.get(key, ())),
            cited=citations(cited),
        )
        for key, repeated, full, records, places, accounts, first, last, cited
            in store.rows(TEXTS)
    )  # fmt: skip


def advert_numbers(store: Store) -> tuple[AdvertNumberRow, ...]:
    """Return the telephone numbers of these texts, those in most texts first.

    Needs the table that :func:`adverts` made.
    """
    return tuple(
        AdvertNumberRow(
            value, texts, records, places, moment(first), moment(last), citations(cited)
        )
        for value, texts, records, places, first, last, cited in store.rows(NUMBERS)
    )


def _of(values: Iterable[tuple[Any, ...]], *kinds: str) -> tuple[str, ...]:
    return tuple(value for kind, value in values if kind in kinds)
