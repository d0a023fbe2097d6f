"""What the page has beside the document: every entity with its mentions, links and time.

Rows are asked of the tables once and written as columns of small numbers: records, passages of
their texts, names and conversations each stand once, and everything else points to them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipeline.report import words
from pipeline.report.document import Document, inlines, tables
from pipeline.report.evidence import HIDDEN
from pipeline.report.rows import Cited
from pipeline.report.store import Store
from pipeline.search.tables import strings

MOST = 10_000
"""Entities that can be opened: those of the report, of the watch list, then by records."""
CLOSE, FAR = 20, 4
"""Records shown of an entity that stands in the report, and of others."""
LINKS_CLOSE, LINKS_FAR = 20, 5
"""Links shown of them."""
CITED = 2
"""Records named with a link."""
WHOLE = 280
"""Code points up to which a record is shown whole; most messages are shorter."""
AROUND = 120
"""Code points before and after a mention in longer ones."""
BESIDE = 160
"""Code points of the records before and after one that the report cites."""
VALUE = 300
"""Code points of a value or name."""

TABLES = ("x_chosen", "x_stands", "x_seen", "x_links", "x_shown", "x_near", "x_wanted", "x_cited")

CITED_IN_REPORT = """
CREATE TABLE x_cited AS
SELECT rank, thread_id FROM canon WHERE record_id IN (SELECT unnest({records}))
"""

CHOSEN = f"""
CREATE TABLE x_chosen AS
WITH opened AS (SELECT unnest({{opened}}) AS id),
joined AS (
  SELECT e.*, a.account_id,
         e.entity_id IN (FROM opened) OR coalesce(a.account_id IN (FROM opened), false) AS close
  FROM entities e LEFT JOIN accounts a ON e.kind = 'account'
    AND e.value = a.provider || ':' || a.provider_account_id
  WHERE e.record_count > 0
  QUALIFY row_number() OVER (PARTITION BY e.entity_id ORDER BY a.account_id) = 1),
first AS (
  SELECT *, count(*) OVER () AS total FROM joined
  ORDER BY close DESC, watch IS NULL, record_count DESC, kind, value LIMIT {MOST})
SELECT *, row_number() OVER (ORDER BY record_count DESC, kind, value) - 1 AS pos FROM first
"""
"""Kind and value name an entity, so the order is total."""

STANDS = """
CREATE TABLE x_stands AS
SELECT c.pos, n.rank, n.day, n.start, n."end" AS stop
FROM x_chosen c JOIN memberships m USING (entity_id) JOIN found n USING (mention_id)
"""
"""Mentions as numbers alone, for the three statements that ask for them."""

SEEN = f"""
CREATE TABLE x_seen AS
WITH first AS (
  SELECT c.pos, unnest(min(DISTINCT s.rank, {CLOSE})[:if(any_value(c.close), {CLOSE}, {FAR})])
         AS rank
  FROM x_chosen c JOIN x_stands s USING (pos) WHERE c.account_id IS NULL GROUP BY c.pos),
wrote AS (
  SELECT author, min(rank, {CLOSE}) AS ranks FROM canon WHERE author IS NOT NULL GROUP BY author)
SELECT pos, rank, min(start) AS start, min_by(stop, [start, stop]) AS stop
FROM first JOIN x_stands USING (pos, rank) GROUP BY pos, rank
UNION ALL
SELECT c.pos, unnest(w.ranks[:if(c.close, {CLOSE}, {FAR})]), NULL, NULL
FROM x_chosen c JOIN wrote w ON w.author = c.account_id
"""
"""A record once for each entity, at the first of its mentions; accounts: what they wrote."""

LINKS = f"""
CREATE TABLE x_links AS
WITH ends AS (
  SELECT a.pos AS one, b.pos AS other, a.close AS close_a, b.close AS close_b, link_id, relation,
         l.record_count
  FROM links l JOIN x_chosen a ON a.entity_id = l.entity_a
  JOIN x_chosen b ON b.entity_id = l.entity_b),
sides AS (
  SELECT one AS pos, other, close_a AS close, link_id, relation, record_count FROM ends
  UNION ALL SELECT other, one, close_b, link_id, relation, record_count FROM ends)
SELECT pos, other, link_id, relation, record_count, count(*) OVER (PARTITION BY pos) AS total
FROM sides
QUALIFY row_number() OVER (
  PARTITION BY pos ORDER BY record_count DESC, relation = 'received', other, relation)
  <= CASE WHEN close THEN {LINKS_CLOSE} ELSE {LINKS_FAR} END
"""

SHOWN_BY = f"""
CREATE TABLE x_shown AS
SELECT e.link_id, min(k.rank, {CITED}) AS ranks
FROM link_evidence e JOIN canon k USING (record_id)
WHERE e.link_id IN (SELECT link_id FROM x_links) GROUP BY e.link_id
"""

NEAR = """
CREATE TABLE x_near AS
WITH talk AS (
  SELECT rank, lag(rank) OVER w AS before, lead(rank) OVER w AS after FROM canon
  WHERE thread_id IN (SELECT thread_id FROM x_cited WHERE thread_id IS NOT NULL)
  WINDOW w AS (PARTITION BY thread_id ORDER BY rank))
SELECT t.* FROM talk t JOIN x_cited USING (rank)
"""
"""Records of the same conversation before and after those that the report cites."""

WANTED = f"""
CREATE TABLE x_wanted AS
SELECT rank, start, stop, {WHOLE} AS size FROM x_seen
UNION SELECT rank, NULL, NULL, {WHOLE} FROM x_cited
UNION SELECT before, NULL, NULL, {BESIDE} FROM x_near WHERE before IS NOT NULL
UNION SELECT after, NULL, NULL, {BESIDE} FROM x_near WHERE after IS NOT NULL
UNION SELECT unnest(ranks), NULL, NULL, {WHOLE} FROM x_shown
"""

RECORDS = f"""
SELECT k.rank, k.micros // 1000000, k.kind, k.citation, left(k.author_name, {VALUE}), k.thread_id,
       left(r.thread_name, {VALUE}), CASE WHEN k.rank IN (SELECT rank FROM x_cited)
                                          THEN k.record_id END
FROM canon k JOIN records r USING (at_row)
WHERE k.rank IN (SELECT rank FROM x_wanted) ORDER BY k.rank
"""

PASSAGES = f"""
WITH parts AS (
  SELECT w.rank,
         CASE WHEN length(r.text) <= {WHOLE} OR w.start IS NULL THEN 0
              ELSE greatest(0, w.start - {AROUND}) END AS low,
         CASE WHEN length(r.text) <= {WHOLE} THEN length(r.text)
              WHEN w.start IS NULL THEN w.size
              ELSE least(length(r.text), least(w.stop, w.start + {WHOLE}) + {AROUND}) END AS high,
         length(r.text) AS size, substr(r.text, low + 1, high - low) AS text
  FROM x_wanted w JOIN canon k USING (rank) JOIN records r USING (at_row) WHERE length(r.text) > 0)
SELECT rank, low, high, size, any_value(text) FROM parts GROUP BY rank, low, high, size
ORDER BY rank, low, high
"""
"""No text is kept in a table: of a passage it is taken once, when it is read."""

MENTIONS = """
SELECT s.pos, s.rank, n.start, n.stop FROM x_seen s JOIN x_stands n USING (pos, rank)
ORDER BY s.pos, s.rank, n.start, n.stop
"""

MONTHS = """
WITH dated AS (
  SELECT pos, day, count(DISTINCT rank) AS records FROM x_stands JOIN x_chosen USING (pos)
  WHERE account_id IS NULL AND day IS NOT NULL GROUP BY pos, day
  UNION ALL
  SELECT c.pos, k.day, k.records FROM x_chosen c JOIN (
    SELECT author, day, count(*) AS records FROM canon
    WHERE author IS NOT NULL AND day IS NOT NULL GROUP BY author, day) k
  ON k.author = c.account_id)
SELECT pos, year(DATE '1970-01-01' + day) * 12 + month(DATE '1970-01-01' + day) - 1 AS month,
       sum(records)::BIGINT
FROM dated GROUP BY pos, month ORDER BY pos, month
"""


@dataclass(frozen=True, slots=True)
class Explorer:
    """Rows that the page lets people sort, filter and open."""

    data: str = ""
    """JSON that may stand in a page: no ``<``, nothing invisible. Empty = nothing to open."""


class Codes:
    """Gives each text a number, the first nought."""

    def __init__(self) -> None:
        """Hold nothing."""
        self.texts: dict[str, int] = {}

    def of(self, text: str | None) -> int:
        """Return the number of a text; -1 for none."""
        return -1 if text is None else self.texts.setdefault(text, len(self.texts))


def explorer(store: Store, document: Document) -> Explorer:
    """Gather every entity with what is known of it.

    Args:
        store: the tables that the document was counted from.
        document: the report; what it names has more to open.

    Raises:
        IntegrityError: a table cannot be read.
    """
    cited, opened = _shown(document)
    try:
        return Explorer(in_page(_gathered(store, cited, opened)))
    finally:
        for name in TABLES:
            store.run(f"DROP TABLE IF EXISTS {name}")


def in_page(data: object) -> str:
    """Return JSON that may stand in an element ``script`` of a page.

    ``<`` and whatever has no visible sign are written as escapes; other letters stay, so that a
    search through the file finds them.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    hidden = {char for char in set(text) if unicodedata.category(char) in HIDDEN} | {"<"}
    return re.sub(f"[{''.join(re.escape(char) for char in sorted(hidden))}]", _escaped, text)


def _escaped(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _gathered(store: Store, cited: Iterable[str], opened: Iterable[str]) -> dict[str, Any]:
    store.run(CITED_IN_REPORT.format(records=strings(cited)))
    store.run(CHOSEN.format(opened=strings(opened)))
    for statement in (STANDS, SEEN, LINKS, SHOWN_BY, NEAR, WANTED):
        store.run(statement)
    kinds, names = Codes(), Codes()
    records, places = _records(store, kinds, names)
    passages, parts = _passages(store, places)
    total = store.rows("SELECT total FROM x_chosen LIMIT 1")
    rows = _entities(store, kinds)
    return {
        "total": total[0][0] if total else 0,
        "entities": rows,
        "mentions": _mentions(store, parts, len(rows["id"])),
        "links": _links(store, places, len(rows["id"])),
        "months": _months(store, len(rows["id"])),
        "records": records,
        "passages": passages,
        "near": [
            [places[rank], places.get(before, -1), places.get(after, -1)]
            for rank, before, after in store.rows("SELECT * FROM x_near ORDER BY rank")
        ],
        "names": list(names.texts),
        "kinds": [[code, words.name_of(code)] for code in kinds.texts],
    }


def _entities(store: Store, kinds: Codes) -> dict[str, list[Any]]:
    """Return rows of entities as columns; accounts' ids lead to them."""
    rows = store.rows(
        f"SELECT entity_id, kind, left(value, {VALUE}), left(label, {VALUE}), mention_count, "
        "record_count, thread_count, stated_count, epoch_us(first_at) // 1000000, "
        f"epoch_us(last_at) // 1000000, service_category, review, left(watch, {VALUE}), close, "
        "account_id FROM x_chosen ORDER BY pos"
    )
    return {
        "id": [row[0] for row in rows],
        "kind": [kinds.of(row[1]) for row in rows],
        "value": [words.phone(row[2]) if row[1] == "phone" else row[2] for row in rows],
        "label": [row[3] if row[3] != row[2] else 0 for row in rows],
        "mentions": [row[4] for row in rows],
        "records": [row[5] for row in rows],
        "threads": [row[6] for row in rows],
        "stated": [row[7] for row in rows],
        "first": [row[8] for row in rows],
        "last": [row[9] for row in rows],
        "service": [kinds.of(row[10]) for row in rows],
        "review": [kinds.of(row[11]) for row in rows],
        "watch": [[place, row[12]] for place, row in enumerate(rows) if row[12] is not None],
        "close": [place for place, row in enumerate(rows) if row[13]],
        "account": [[row[14], place] for place, row in enumerate(rows) if row[14] is not None],
    }


def _records(
    store: Store, kinds: Codes, names: Codes
) -> tuple[dict[str, list[Any]], dict[int, int]]:
    """Return records as columns, and their places by rank."""
    rows = store.rows(RECORDS)
    return {
        "at": [row[1] for row in rows],
        "kind": [kinds.of(row[2]) for row in rows],
        "cite": [row[3] for row in rows],
        "author": [names.of(row[4]) for row in rows],
        "thread": [names.of(row[6] or row[5]) for row in rows],
        "id": [[row[7], place] for place, row in enumerate(rows) if row[7] is not None],
    }, {row[0]: place for place, row in enumerate(rows)}


def _passages(
    store: Store, places: dict[int, int]
) -> tuple[dict[str, list[Any]], dict[int, list[tuple[int, int, int]]]]:
    """Return passages as columns: record, code points before and after, text; and by rank."""
    rows = store.rows(PASSAGES)
    parts: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for place, (rank, low, high, _, _) in enumerate(rows):
        parts[rank].append((low, high, place))
    return {
        "record": [places[row[0]] for row in rows],
        "before": [row[1] for row in rows],
        "after": [row[3] - row[2] for row in rows],
        "text": [row[4] for row in rows],
    }, parts


def _mentions(
    store: Store, parts: dict[int, list[tuple[int, int, int]]], count: int
) -> list[list[list[int]]]:
    """Return for every entity its passages, each with the spans of its mentions in it."""
    spans: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for pos, rank, start, stop in store.rows(MENTIONS):
        spans[pos, rank].append((start, stop))
    found: list[list[list[int]]] = [[] for _ in range(count)]
    for pos, rank in store.rows("SELECT pos, rank FROM x_seen ORDER BY pos, rank"):
        here = spans.get((pos, rank), [])
        low, high, place = _holding(parts.get(rank, []), here[0] if here else (0, 0))
        if place < 0:
            continue
        row = [place]
        for start, stop in here:
            if low <= start < high:
                row += [start - low, min(stop, high) - low]
        found[pos].append(row)
    return found


def _holding(parts: list[tuple[int, int, int]], span: tuple[int, int]) -> tuple[int, int, int]:
    """Return the passage that shows most of a span with something before it."""
    held = [part for part in parts if part[0] <= span[0] and span[0] <= part[1]]
    best = [part for part in held if part[0] <= max(0, span[0] - AROUND) and span[1] <= part[1]]
    return max(best or held or parts or [(0, 0, -1)])


def _links(store: Store, places: dict[int, int], count: int) -> list[list[list[int]]]:
    """Return for every entity ``[other, relation, records, record, …]``, the first with a total."""
    relations = {"same_record": 0, "wrote": 1, "received": 2}
    found: list[list[list[int]]] = [[] for _ in range(count)]
    for pos, other, ranks, relation, records, total in store.rows(
        "SELECT pos, other, ranks, relation, record_count, total "
        "FROM x_links LEFT JOIN x_shown USING (link_id) "
        "ORDER BY pos, record_count DESC, relation = 'received', other, relation"
    ):
        if not found[pos]:
            found[pos].append([total])
        cited = [places[rank] for rank in ranks or ()]
        found[pos].append([other, relations[relation], records, *cited])
    return found


def _months(store: Store, count: int) -> list[list[int]]:
    """Return for every entity its months (counted from the year 0), each with its records."""
    found: list[list[int]] = [[] for _ in range(count)]
    for pos, month, records in store.rows(MONTHS):
        found[pos] += [month, records]
    return found


def _shown(document: Document) -> tuple[list[str], list[str]]:
    """Return ids of records that a document cites, and of what its cells open, each once."""
    cited = (part.record_id for part in inlines(document) if isinstance(part, Cited))
    opened = (
        cell.target
        for _, table in tables(document)
        for row in table.rows
        for cell in row.cells
        if cell.target is not None
    )
    return list(dict.fromkeys(cited)), list(dict.fromkeys(opened))
