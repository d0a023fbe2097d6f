"""The invariants of CONTRACT 3 and 4 as queries; each gives the ids of the rows that break it.

Tables stand as views under their names; ``units`` (reader, page_word, line_word) and the macros of
:data:`MACROS` beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.rows import TYPED
from schemas.kinds import (
    AliasKind,
    Basis,
    Fate,
    MembershipBasis,
    MentionKind,
    PlaceKind,
    RecordKind,
    Scope,
    ServiceCategory,
    Severity,
)
from schemas.tables import SCHEMAS

MACROS = """
CREATE MACRO cited(label, page, line, sheet, page_word, line_word, ocr) AS
  label || CASE WHEN page IS NULL THEN '' ELSE ' ' || page_word || format(' {:,}', page) END
  || CASE WHEN sheet IS NULL OR sheet IS NOT DISTINCT FROM page THEN ''
          ELSE format(' sheet {:,}', sheet) END
  || CASE WHEN line IS NULL THEN '' ELSE ' ' || line_word || ' ' || line END
  || CASE WHEN ocr THEN ' (OCR)' ELSE '' END
"""
"""As :func:`pipeline.rows.cite` does it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must hold."""

    check: str
    """The check it belongs to."""
    table: str
    """Whose rows break it."""
    what: str
    """What is wrong with such a row."""
    sql: str
    """Gives their ids as ``id``."""
    others: tuple[str, ...] = ()
    """Further tables that it reads."""


KEYS = {
    "sources": "source_id", "accounts": "account_id", "records": "record_id",
    "mentions": "mention_id", "phones": "mention_id", "aliases": "mention_id",
    "locations": "mention_id", "money": "mention_id", "entities": "entity_id",
    "memberships": "mention_id", "links": "link_id", "link_evidence": "link_id, record_id",
    "candidates": "candidate_id", "judgements": "judgement_id", "issues": "issue_id",
    "runs": "run_id", "watched": "watch_id",
}  # fmt: skip
"""What tells the rows of a table apart."""

FOREIGN = (
    ("coverage", "source_id", "sources"), ("records", "source_id", "sources"),
    ("records", "author_account_id", "accounts"), ("records", "duplicate_of", "records"),
    ("attachments", "record_id", "records"), ("attachments", "source_id", "sources"),
    ("mentions", "record_id", "records"), ("phones", "mention_id", "mentions"),
    ("aliases", "mention_id", "mentions"), ("locations", "mention_id", "mentions"),
    ("money", "mention_id", "mentions"), ("memberships", "mention_id", "mentions"),
    ("memberships", "entity_id", "entities"), ("links", "entity_a", "entities"),
    ("links", "entity_b", "entities"), ("link_evidence", "link_id", "links"),
    ("link_evidence", "record_id", "records"), ("candidates", "entity_a", "entities"),
    ("candidates", "entity_b", "entities"), ("issues", "source_id", "sources"),
    ("issues", "record_id", "records"),
)  # fmt: skip
"""Table, column, and the table whose key it names; null names nothing."""

CLOSED = {
    ("records", "kind"): RecordKind, ("records", "scope"): Scope,
    ("mentions", "kind"): MentionKind, ("mentions", "basis"): Basis,
    ("mentions", "service_category"): ServiceCategory,
    ("phones", "service_category"): ServiceCategory, ("aliases", "alias_kind"): AliasKind,
    ("locations", "place_kind"): PlaceKind, ("entities", "kind"): MentionKind,
    ("memberships", "basis"): MembershipBasis, ("issues", "severity"): Severity,
}  # fmt: skip

OUT_KEPT = frozenset({
    "record_id", "source_id", "source_label", "page_first", "page_last", "sheet_first",
    "sheet_last", "line_first", "ordinal", "byte_start", "byte_end", "scope", "citation",
})  # fmt: skip
"""Columns that a row out of scope holds: ids, source, page, bytes and scope."""

WITHHELD = "(sealed "
"""How a path begins that the table ``sources`` must not name."""

OUT = "starts_with({}.scope, 'out_')"


def id_of(table: str) -> str:
    """Column by which a row of a table is named."""
    keys = KEYS.get(table, "source_id").split(", ")
    return keys[0]


def rules() -> Iterator[Rule]:
    """Yield all rules, check by check."""
    yield from _ids()
    yield from _foreign()
    yield from _values()
    yield from COVERAGE
    yield from DUPLICATES
    yield from _scope()
    yield from SPANS
    yield from CITATIONS
    yield from _typed()


def _ids() -> Iterator[Rule]:
    for table, columns in KEYS.items():
        yield Rule(
            "ids", table, "stands more than once",
            f"SELECT {id_of(table)} AS id FROM {table} GROUP BY {columns} HAVING count(*) > 1",
        )  # fmt: skip
    made = {
        "sources": "'source', coalesce(container_sha256, source_sha256), path",
        "mentions": "'mention', record_id, kind, start, \"end\"",
        "entities": "'entity', kind, value",
        "links": "'link', entity_a, entity_b, relation",
    }
    for table, parts in made.items():
        key = id_of(table)
        yield Rule(
            "ids", table, "has an id that does not fit what it names",
            f"SELECT {key} AS id FROM {table} "
            f"WHERE {key} <> left(sha256(concat_ws(chr(31), {parts})), 20)"
            + (f" AND NOT starts_with(path, '{WITHHELD}')" if table == "sources" else ""),
        )  # fmt: skip


def _foreign() -> Iterator[Rule]:
    for table, column, target in FOREIGN:
        yield Rule(
            "keys", table, f"names in {column} what the table {target} does not have",
            f"SELECT {id_of(table)} AS id FROM {table} t WHERE {column} IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM {target} o WHERE o.{id_of(target)} = t.{column})",
            (target,),
        )  # fmt: skip
    yield Rule(
        "keys", "records", "names in recipient_account_ids what the table accounts does not have",
        "SELECT id FROM (SELECT id, unnest(crowd) AS account FROM (SELECT min(record_id) AS id, "
        "recipient_account_ids AS crowd FROM records GROUP BY recipient_account_ids)) c "
        "WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.account_id = c.account)",
        ("accounts",),
    )  # fmt: skip
    for table in ("records", "mentions", "coverage"):
        key = "source_id" if table == "coverage" else id_of(table)
        source = "t.source_id" if table != "mentions" else "r.source_id"
        joined = "JOIN records r USING (record_id) " if table == "mentions" else ""
        yield Rule(
            "keys", table, "has another source_label than its source",
            f"SELECT t.{key} AS id FROM {table} t {joined}JOIN sources s ON s.source_id = {source} "
            "WHERE s.source_label <> t.source_label",
            ("sources", "records"),
        )  # fmt: skip
    yield Rule(
        "keys", "attachments", "has another hash than the file it names",
        "SELECT a.record_id AS id FROM attachments a JOIN sources s USING (source_id) "
        "WHERE a.sha256 IS DISTINCT FROM s.source_sha256",
        ("sources",),
    )  # fmt: skip


def _values() -> Iterator[Rule]:
    for (table, column), words in CLOSED.items():
        listed = ", ".join(repr(word.value) for word in words)
        yield Rule(
            "values", table, f"has a {column} that is not on the closed list",
            f"SELECT {id_of(table)} AS id FROM {table} WHERE {column} NOT IN ({listed})",
        )  # fmt: skip
    yield Rule(
        "values", "mentions", "has a confidence other than 0.2, 0.5, 0.8 and 1.0",
        "SELECT mention_id AS id FROM mentions WHERE confidence NOT IN "
        "(0.2::FLOAT, 0.5::FLOAT, 0.8::FLOAT, 1.0::FLOAT)",
    )  # fmt: skip
    yield Rule(
        "values", "records", "ends before it begins, or outside its file",
        "SELECT r.record_id AS id FROM records r JOIN sources s USING (source_id) "
        "WHERE byte_start < 0 OR byte_end < byte_start OR byte_end > s.size_bytes "
        "OR page_last < page_first OR sheet_last < sheet_first",
        ("sources",),
    )  # fmt: skip
    yield Rule(
        "values", "records", "has a place in its file that another has, or one is left out",
        "SELECT min(record_id) AS id FROM records GROUP BY source_id "
        "HAVING count(DISTINCT ordinal) <> count(*) OR min(ordinal) <> 0 "
        "OR max(ordinal) <> count(*) - 1",
    )  # fmt: skip


_FATES = " + ".join(fate.value for fate in Fate)
_NEGATIVE = " OR ".join(f"{fate.value} < 0" for fate in Fate)

COVERAGE = (
    Rule(
        "coverage", "coverage", "has fates that do not add up to its bytes",
        "SELECT source_id || ' page ' || coalesce(page, 0) AS id FROM coverage "
        f"WHERE {_NEGATIVE} OR (byte_start IS NULL) <> (byte_end IS NULL) "
        f"OR byte_end - byte_start <> {_FATES}",
    ),
    Rule(
        "coverage", "coverage", "begins where the page before does not end: bytes are missing, or "
        "counted twice",
        "SELECT source_id || ' page ' || coalesce(page, 0) AS id FROM (SELECT *, lag(byte_end) "
        "OVER (PARTITION BY source_id ORDER BY byte_start, byte_end) AS before FROM coverage "
        "WHERE byte_start IS NOT NULL) WHERE byte_start <> coalesce(before, 0)",
    ),
    Rule(
        "coverage", "coverage", "does not end where its file ends",
        "SELECT source_id AS id FROM (SELECT source_id, max(byte_end) AS last FROM coverage "
        "GROUP BY source_id) JOIN sources USING (source_id) WHERE last <> size_bytes",
        ("sources",),
    ),
    Rule(
        "coverage", "sources", "was read and has no pages in coverage",
        "SELECT min(source_id) AS id FROM sources s "
        "LEFT JOIN (SELECT DISTINCT source_id, 1 AS there FROM coverage) USING (source_id) "
        "WHERE reader IS NOT NULL AND size_bytes > 0 GROUP BY source_sha256 "
        "HAVING count(there) = 0",
        ("coverage",),
    ),
    Rule(
        "coverage", "coverage", "is of a file that no reader took",
        "SELECT DISTINCT source_id AS id FROM coverage JOIN sources USING (source_id) "
        "WHERE reader IS NULL",
        ("sources",),
    ),
    Rule(
        "coverage", "sources", "has another number of records than coverage counts",
        "SELECT s.source_id AS id FROM sources s "
        "LEFT JOIN (SELECT source_id, sum(record_count - sealed_count) AS n FROM coverage "
        "GROUP BY ALL) c USING (source_id) "
        "LEFT JOIN (SELECT source_id, count(*) AS n FROM records GROUP BY ALL) r USING (source_id) "
        "WHERE coalesce(c.n, 0) <> coalesce(r.n, 0) OR s.record_count <> coalesce(r.n, 0)",
        ("coverage", "records"),
    ),
)  # fmt: skip

DUPLICATES = (
    Rule(
        "duplicates", "records", "repeats a record that is itself a repeat",
        "SELECT r.record_id AS id FROM records r JOIN records c ON c.record_id = r.duplicate_of "
        "WHERE c.duplicate_of IS NOT NULL",
    ),
    Rule(
        "duplicates", "records", "repeats a record that comes after it",
        "SELECT r.record_id AS id FROM records r JOIN records c ON c.record_id = r.duplicate_of "
        "JOIN places rp ON rp.source_id = r.source_id JOIN places cp ON cp.source_id = c.source_id "
        "WHERE (cp.place, c.ordinal) >= (rp.place, r.ordinal)",
        ("sources",),
    ),
    Rule(
        "duplicates", "records", "repeats a record of another kind, time or scope",
        "SELECT r.record_id AS id FROM records r JOIN records c ON c.record_id = r.duplicate_of "
        "WHERE r.kind <> c.kind OR date_trunc('second', r.sent_at) <> date_trunc('second', "
        f"c.sent_at) OR {OUT.format('r')} OR {OUT.format('c')}",
    ),
)  # fmt: skip


def _scope() -> Iterator[Rule]:
    held = " OR ".join(
        f"{name} IS NOT NULL" for name in SCHEMAS["records"].names if name not in OUT_KEPT
    )
    yield Rule(
        "scope", "records", "is out of scope and holds more than ids, source, page and bytes",
        f"SELECT record_id AS id FROM records r WHERE {OUT.format('r')} AND ({held})",
    )  # fmt: skip
    yield Rule(
        "scope", "records", "is in scope and has no kind",
        f"SELECT record_id AS id FROM records r WHERE NOT {OUT.format('r')} AND kind IS NULL",
    )  # fmt: skip
    for table in ("mentions", "attachments", "link_evidence", *_typed_tables()):
        yield Rule(
            "scope", table, "is of a record out of scope",
            f"SELECT t.{id_of(table)} AS id FROM {table} t JOIN records r USING (record_id) "
            f"WHERE {OUT.format('r')}",
            ("records",),
        )  # fmt: skip


SPANS = (
    Rule(
        "spans", "mentions", "has a span that is not its surface in the record's text",
        "SELECT m.mention_id AS id FROM mentions m JOIN records r USING (record_id) "
        'WHERE start < 0 OR "end" <= start OR text IS NULL OR length(text) < "end" '
        'OR substring(text, start + 1, "end" - start) <> surface',
        ("records",),
    ),
    Rule(
        "spans", "records", "has a source map that leaves its text, or goes back",
        "SELECT record_id AS id FROM records WHERE len(segments) > 0 AND (segments[1].start <> 0 "
        "OR list_transform(segments, s -> s.start) <> "
        "list_sort(list_transform(segments, s -> s.start)) "
        "OR segments[-1].start > length(coalesce(text, '')))",
    ),
)  # fmt: skip

_PLACED = (
    "SELECT m.*, r.page_first, r.line_first, r.sheet_first, r.source_id, "
    "r.ocr_confidence IS NOT NULL AS ocr, len(coalesce(segments, [])) AS n, "
    "list_filter(segments, s -> s.start <= m.start)[-1] AS seg "
    "FROM mentions m JOIN records r USING (record_id)"
)
_UNITS = "JOIN sources s USING (source_id) JOIN units u ON u.reader = s.reader"

CITATIONS = (
    Rule(
        "citations", "records", "has a citation that does not fit its page and line",
        "SELECT r.record_id AS id FROM records r " + _UNITS + " WHERE r.citation <> cited("
        "r.source_label, page_first, line_first, sheet_first, page_word, line_word, "
        "ocr_confidence IS NOT NULL) AND NOT starts_with(scope, 'out_')",
        ("sources",),
    ),
    Rule(
        "citations", "mentions", "has another page or line than the record's source map gives",
        f"SELECT mention_id AS id FROM ({_PLACED}) WHERE "
        "(page, line, sheet) IS DISTINCT FROM CASE WHEN n = 0 "
        "THEN (page_first, line_first, sheet_first) ELSE (seg.page, seg.line, seg.sheet) END",
        ("records",),
    ),
    Rule(
        "citations", "mentions", "has a citation that does not fit its page and line",
        f"SELECT mention_id AS id FROM ({_PLACED}) m {_UNITS} WHERE m.citation <> cited("
        "m.source_label, page, line, sheet, page_word, line_word, ocr)",
        ("records", "sources"),
    ),
)  # fmt: skip


def _typed_tables() -> list[str]:
    return sorted({table for table, _ in TYPED.values()})


def _typed() -> Iterator[Rule]:
    for table in _typed_tables():
        kinds = ", ".join(repr(kind.value) for kind, (name, _) in TYPED.items() if name == table)
        columns = SCHEMAS[table].names
        same = [name for name in columns if name in SCHEMAS["mentions"].names]
        left, right = (", ".join(f"{of}.{name}" for name in same) for of in "tm")
        same = [n for n in columns if n in SCHEMAS["records"].names and n not in same]
        here, there = (", ".join(f"{of}.{name}" for name in same) for of in "tr")
        yield Rule(
            "typed", table, "is not what its mention says",
            f"SELECT t.mention_id AS id FROM {table} t JOIN mentions m USING (mention_id) "
            f"WHERE m.kind NOT IN ({kinds}) OR ({left}) IS DISTINCT FROM ({right})",
            ("mentions",),
        )  # fmt: skip
        yield Rule(
            "typed", table, "has another time, author or conversation than its record",
            f"SELECT t.mention_id AS id FROM {table} t JOIN records r USING (record_id) "
            f"WHERE ({here}) IS DISTINCT FROM ({there})",
            ("records",),
        )  # fmt: skip
        yield Rule(
            "typed", "mentions", f"has no row in {table}",
            f"SELECT mention_id AS id FROM mentions m WHERE kind IN ({kinds}) AND NOT EXISTS "
            f"(SELECT 1 FROM {table} t WHERE t.mention_id = m.mention_id)",
            (table,),
        )  # fmt: skip
