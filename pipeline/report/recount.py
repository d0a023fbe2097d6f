"""The numbers of a report counted again, by other statements than those that made it.

What :mod:`pipeline.report.summarise` takes from the tables ``entities``, ``links`` and ``accounts``
is counted here from ``mentions``, ``memberships`` and ``records`` alone, through the door that is
open to an analyst (:mod:`pipeline.sql`); so a number that both give was not copied.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeAlias

from pipeline.case import Case
from pipeline.report import words
from pipeline.report.document import SHOWN
from pipeline.report.make import ledger_of
from pipeline.sql import asked
from schemas.ids import stable_id

Key: TypeAlias = tuple[str, str]
"""row_id and heading of the column."""

_CANON = "duplicate_of IS NULL AND NOT starts_with(scope, 'out_')"
_HITS = (
    "mentions m JOIN memberships s ON s.mention_id = m.mention_id "
    f"JOIN (SELECT * FROM records WHERE {_CANON}) r ON r.record_id = m.record_id"
)
_MONEY = (
    "money y JOIN mentions m ON m.mention_id = y.mention_id "
    f"JOIN (SELECT * FROM records WHERE {_CANON}) r ON r.record_id = m.record_id"
)

_RULE = "NOT regexp_full_match(m.rule, 'model:[^+]*([+]model:[^+]*)*')"
_RULED = f"mentions m JOIN (SELECT * FROM records WHERE {_CANON}) r ON r.record_id = m.record_id"
_TALK = "('message', 'call', 'share', 'reaction')"
_THEMES = {
    "Lodging": "lodging", "Travel": "travel", "Place": "location", "Amount": "money",
    "Telephone number": "phone", "Handle": "handle", "Age": "age", "Term": "role_term",
}  # fmt: skip

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

QUESTIONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("Mentions", "Records", "Conversations"),
        "SELECT 'e-' || s.entity_id, count(*), count(DISTINCT r.record_id), "
        f"count(DISTINCT r.thread_id) FROM {_HITS} GROUP BY s.entity_id",
    ),
    (
        ("Records", "Days active"),
        "SELECT 'a-' || a.account_id, count(r.record_id), count(DISTINCT CAST(r.sent_at AS DATE)) "
        f"FROM accounts a LEFT JOIN (SELECT * FROM records WHERE {_CANON}) r "
        "ON r.author_account_id = a.account_id GROUP BY a.account_id",
    ),
    (
        ("Records", "Messages"),
        "SELECT 't-' || thread_id, count(*), count(*) FILTER (kind = 'message') FROM records "
        f"WHERE thread_id IS NOT NULL AND {_CANON} GROUP BY thread_id",
    ),
    (
        ("Records", "Conversations"),
        f"WITH hits AS (SELECT DISTINCT s.entity_id, r.record_id, r.thread_id FROM {_HITS}) "
        "SELECT 'l-' || l.link_id, count(DISTINCT a.record_id), count(DISTINCT a.thread_id) "
        "FROM links l JOIN hits a ON a.entity_id = l.entity_a JOIN hits b "
        "ON b.entity_id = l.entity_b AND b.record_id = a.record_id "
        "WHERE l.relation = 'same_record' GROUP BY l.link_id",
    ),
    (
        ("Records", "Repeats"),
        f"SELECT 'kind-' || kind, count(*) FILTER ({_CANON}), "
        "count(*) FILTER (duplicate_of IS NOT NULL AND NOT starts_with(scope, 'out_')) "
        "FROM records WHERE kind IS NOT NULL GROUP BY kind",
    ),
    (
        ("Bytes", "Pages with such bytes"),
        "SELECT 'fate-' || fate, sum(size), count(*) FILTER (size > 0 AND page <> 0) FROM "
        "(UNPIVOT (SELECT coalesce(page, 1) AS page, record, furniture, issue, out_of_scope, "
        "sealed FROM coverage) "
        "ON record, furniture, issue, out_of_scope, sealed INTO NAME fate VALUE size) "
        "GROUP BY fate",
    ),
    *(
        (
            ("Mentions", "Records", "Lowest", "Highest"),
            f"SELECT 'amounts-by-{name}-' || coalesce(y.{column}, 'None') || '-' || "
            "coalesce(y.currency, 'None'), count(*), count(DISTINCT r.record_id), "
            f"min(y.amount_low), max(y.amount_high) FROM {_MONEY} GROUP BY y.{column}, y.currency",
        )
        for name, column in (("purpose", "purpose"), ("means", "instrument"))
    ),
    (
        ("Mentions", "Records"),
        "SELECT 'incomplete-' || m.kind, count(*), count(DISTINCT r.record_id) FROM mentions m "
        f"JOIN (SELECT * FROM records WHERE {_CANON}) r ON r.record_id = m.record_id "
        "WHERE m.value IS NULL GROUP BY m.kind",
    ),
    (
        ("Pages", "Records"),
        "SELECT 'f-' || s.source_id, any_value(s.page_count), count(r.record_id) FROM sources s "
        "LEFT JOIN records r ON r.source_id = s.source_id GROUP BY s.source_id",
    ),
    (
        ("Bytes",),
        "SELECT 'source-' || source_id, size_bytes FROM sources",
    ),
    (
        ("Times",),
        'SELECT \'i-\' || issue_id, "count" FROM issues',
    ),
    (
        ("Mentions", "Records", "Conversations"),
        "SELECT 'term-' || m.value, count(*), count(DISTINCT r.record_id), "
        "count(DISTINCT r.thread_id) FROM mentions m "
        f"JOIN (SELECT * FROM records WHERE {_CANON}) r ON r.record_id = m.record_id "
        "WHERE m.kind = 'role_term' GROUP BY m.value",
    ),
    (
        ("Messages and the like", "Other records"),
        "SELECT 's-week-' || strftime(date_trunc('week', sent_at), '%Y-%m-%d'), "
        "count(*) FILTER (kind IN ('message', 'call', 'share', 'reaction')), "
        "count(*) FILTER (kind NOT IN ('message', 'call', 'share', 'reaction')) FROM records "
        f"WHERE sent_at IS NOT NULL AND {_CANON} GROUP BY 1",
    ),
    (
        (*_WEEKDAYS, "All"),
        f"WITH said AS (SELECT sent_at AT TIME ZONE '{{zone}}' AS local FROM records "
        f"WHERE kind = 'message' AND sent_at IS NOT NULL AND {_CANON}) "
        "SELECT 'h-' || lpad(hours.hour::VARCHAR, 2, '0'), "
        + ", ".join(f"count(*) FILTER (isodow(local) = {day})" for day in range(1, 8))
        + ", count(local) FROM range(24) hours(hour) LEFT JOIN said ON hour(local) = hours.hour "
        "GROUP BY hours.hour",
    ),
    (
        ("Messages",),
        f"SELECT 'burst-' || strftime(sent_at AT TIME ZONE '{{zone}}', '%Y-%m-%d') AS day, "
        f"count(*) FROM records WHERE kind = 'message' AND sent_at IS NOT NULL AND {_CANON} "
        "GROUP BY day",
    ),
    (
        ("Mentions",),
        "SELECT 'x-' || m.extractor || '-' || m.extractor_version || '-' || m.kind || '-' || "
        "m.basis || '-' || CASE WHEN regexp_full_match(m.rule, 'model:[^+]*([+]model:[^+]*)*') "
        "THEN 1 ELSE 0 END AS name, count(*) FROM mentions m "
        f"JOIN (SELECT * FROM records WHERE {_CANON}) r ON r.record_id = m.record_id GROUP BY name",
    ),
    (
        ("Sent to it", "From it", "Records", "Records with amounts"),
        f"WITH told AS (SELECT *, coalesce(thread_id, CASE WHEN kind IN {_TALK} "
        "AND author_account_id IS NOT NULL THEN list_sort("
        "list_distinct([author_account_id] || recipient_account_ids))::VARCHAR END) AS place "
        f"FROM records WHERE {_CANON}), "
        "seen AS (SELECT DISTINCT place, account FROM (SELECT place, author_account_id AS account "
        "FROM told UNION ALL SELECT place, unnest(recipient_account_ids) FROM told) "
        "WHERE place IS NOT NULL AND account IS NOT NULL), "
        "pairs AS (SELECT a.place, a.account AS target, b.account AS other FROM seen a "
        "JOIN seen b ON a.place = b.place AND a.account <> b.account "
        "JOIN accounts t ON t.account_id = a.account AND t.is_target "
        "WHERE (SELECT count(*) FROM seen s WHERE s.place = a.place) = 2) "
        "SELECT 'c-' || p.other, count(*) FILTER (r.kind = 'message' AND author_account_id = "
        "target), count(*) FILTER (r.kind = 'message' AND author_account_id = other), count(*), "
        "count(*) FILTER (EXISTS (SELECT 1 FROM mentions m WHERE m.record_id = r.record_id AND "
        "m.kind = 'money')) "
        f"FROM pairs p JOIN told r ON r.place = p.place WHERE r.kind IN {_TALK} GROUP BY p.other",
    ),
    (
        ("Mentions", "Records", "Conversations"),
        "SELECT 'mode-' || m.value, count(*), count(DISTINCT r.record_id), "
        f"count(DISTINCT r.thread_id) FROM {_RULED} WHERE m.kind = 'travel' AND {_RULE} "
        "GROUP BY m.value",
    ),
    (
        tuple(_THEMES),
        "SELECT 'th-' || strftime(date_trunc('week', r.sent_at), '%Y-%m-%d') AS week, "
        + ", ".join(
            f"count(DISTINCT r.record_id) FILTER (m.kind = '{kind}')" for kind in _THEMES.values()
        )
        + f" FROM {_RULED} WHERE m.basis = 'found' AND m.service_category IS NULL AND {_RULE} "
        "AND r.sent_at IS NOT NULL GROUP BY week",
    ),
)  # fmt: skip
"""Headings of columns, and a statement that gives row_id and a number for each; ``{zone}`` is the
zone of local times."""


KEYED: tuple[tuple[str, int, tuple[str, ...], str], ...] = (
    (
        "county", 3, ("Records", "Stated by the provider", "Conversations", "Accounts"),
        "SELECT y.county, y.state, y.country, count(DISTINCT r.record_id), count(DISTINCT "
        "CASE WHEN m.basis = 'stated' THEN r.record_id END), count(DISTINCT r.thread_id), "
        f"count(DISTINCT r.author_account_id) FROM {_RULED} "
        f"JOIN locations y ON y.mention_id = m.mention_id WHERE y.county IS NOT NULL AND {_RULE} "
        "GROUP BY ALL",
    ),
    (
        "host", 1, ("Mentions", "Records", "Conversations", "Accounts"),
        "SELECT lower(regexp_extract(m.value, '^(?:[a-zA-Z][a-zA-Z0-9+.-]*://)?(?:www[.])?"
        "([^/?#:]+)', 1)) AS host, count(*), count(DISTINCT r.record_id), "
        f"count(DISTINCT r.thread_id), count(DISTINCT r.author_account_id) FROM {_RULED} "
        f"WHERE m.kind = 'url' AND m.value IS NOT NULL AND m.service_category IS NULL AND {_RULE} "
        "GROUP BY host",
    ),
)  # fmt: skip
"""Prefix of a row_id, number of columns it is made of, headings, and the statement."""


def recounted(case: Case) -> dict[Key, Any]:
    """Count the numbers of a report again from the published tables.

    Args:
        case: an open case.

    Returns:
        By row_id and heading the number; rows that a report does not show too. A row or column
        that is not here is not one that this module knows.

    Raises:
        ConfigError: a table is missing.
    """
    found: dict[Key, Any] = {}
    zone = ledger_of(case).zone
    for heads, sql in QUESTIONS:
        for row_id, *values in rows(case, sql.replace("{zone}", zone.replace("'", "''"))):
            found |= {(str(row_id), head): value for head, value in zip(heads, values, strict=True)}
    for prefix, parts, heads, sql in KEYED:
        for row in rows(case, sql):
            key = f"{prefix}-{stable_id(prefix, *row[:parts])}"
            found |= {(key, head): n for head, n in zip(heads, row[parts:], strict=True)}
    return found


def rows(case: Case, sql: str) -> list[tuple[Any, ...]]:
    """Ask the published tables one thing."""
    with asked(case, sql) as answer:
        made: Iterable[tuple[Any, ...]] = answer.rows
        return list(made)


class Facts:
    """What checks ask of the tables beside the records, each once."""

    def __init__(self, case: Case) -> None:
        self._case = case

    @cached_property
    def zone(self) -> str:
        """IANA zone of local times."""
        return ledger_of(self._case).zone

    @cached_property
    def counts(self) -> dict[Key, Any]:
        """Numbers by row_id and heading (:func:`recounted`)."""
        return recounted(self._case)

    @cached_property
    def entities(self) -> dict[str, tuple[str, str, str]]:
        """Kind, value and label by entity_id."""
        found = rows(self._case, "SELECT entity_id, kind, value, label FROM entities")
        return {key: (kind, value, label) for key, kind, value, label in found}

    @cached_property
    def watch(self) -> dict[str, tuple[str, ...]]:
        """What the watch list calls an entity, by entity_id."""
        found = rows(self._case, "SELECT entity_id, watch FROM entities WHERE watch IS NOT NULL")
        return {key: (watch,) for key, watch in found}

    @cached_property
    def sides(self) -> dict[str, frozenset[str]]:
        """What stands in each record of a link: two entities, or one beside an account."""
        sql = "SELECT link_id, entity_b, entity_a, relation FROM links"
        return {
            key: frozenset((other, one) if relation == "same_record" else (other,))
            for key, other, one, relation in rows(self._case, sql)
        }

    @cached_property
    def ends(self) -> dict[str, tuple[str, ...]]:
        """How the two ends of a link are printed, by link_id."""
        sql = (
            "SELECT link_id, a.label, a.value, b.label, b.value FROM links "
            "JOIN entities a ON a.entity_id = entity_a JOIN entities b ON b.entity_id = entity_b"
        )
        return {
            key: tuple(form for text in texts for form in (text, words.phone(text)))
            for key, *texts in rows(self._case, sql)
        }

    @cached_property
    def talked(self) -> set[tuple[str, str]]:
        """Conversations and the accounts that wrote in them."""
        sql = (
            "SELECT DISTINCT thread_id, author_account_id FROM records "
            "WHERE thread_id IS NOT NULL AND author_account_id IS NOT NULL"
        )
        return {(thread, account) for thread, account in rows(self._case, sql)}

    @cached_property
    def money(self) -> dict[str, tuple[Any, ...]]:
        """Amounts, currency, direction, purpose, means and other side by mention_id."""
        sql = (
            "SELECT mention_id, amount_low, amount_high, currency, direction, purpose, instrument, "
            "counterpart FROM money"
        )
        return {key: tuple(values) for key, *values in rows(self._case, sql)}

    @cached_property
    def accounts(self) -> dict[str, tuple[str, ...]]:
        """All that the provider says of an account, by account_id."""
        sql = (
            "SELECT account_id, list_concat(coalesce(names, []), coalesce(emails, []), "
            "coalesce(phones, []), [provider_account_id, vanity, display_name]) FROM accounts"
        )
        return {
            key: tuple(form for text in texts if text for form in (text, words.phone(text)))
            for key, texts in rows(self._case, sql)
        }

    @cached_property
    def authors(self) -> dict[str, tuple[str, ...]]:
        """Names of those who wrote in a conversation, by thread_id."""
        sql = (
            "SELECT thread_id, list(DISTINCT author_name) FROM records WHERE thread_id IS NOT NULL "
            "AND author_name IS NOT NULL GROUP BY thread_id"
        )
        return {key: tuple(names) for key, names in rows(self._case, sql)}

    @cached_property
    def wrote(self) -> dict[str, set[tuple[str, int]]]:
        """By entity the names of accounts, and in how many records each wrote it."""
        sql = (
            "SELECT s.entity_id, r.author_account_id, count(DISTINCT r.record_id) FROM mentions m "
            "JOIN memberships s ON s.mention_id = m.mention_id JOIN records r "
            "ON r.record_id = m.record_id WHERE r.duplicate_of IS NULL "
            "AND NOT starts_with(r.scope, 'out_') AND r.author_account_id IS NOT NULL GROUP BY ALL"
        )
        found: dict[str, set[tuple[str, int]]] = {}
        for entity, account, count in rows(self._case, sql):
            for name in self.accounts.get(account, ()):
                found.setdefault(entity, set()).add((name[:SHOWN], count))
        return found

    @cached_property
    def _surfaces(self) -> dict[tuple[str, str], str]:
        sql = (
            f"SELECT s.entity_id, m.surface[1:{SHOWN}], min(m.mention_id) FROM mentions m "
            "JOIN memberships s ON s.mention_id = m.mention_id GROUP BY ALL"
        )
        return {(entity, surface): mention for entity, surface, mention in rows(self._case, sql)}

    def spelled(self, entity_id: str, surface: str) -> str | None:
        """Return a mention of an entity with this spelling."""
        return self._surfaces.get((entity_id, surface))

    @cached_property
    def _details(self) -> dict[str, tuple[str, ...]]:
        sql = (
            "SELECT mention_id, refers_to FROM aliases WHERE refers_to IS NOT NULL UNION ALL "
            "SELECT mention_id, unnest([county, county || ' County', state, country, city, "
            "place_name, printf('%.1f, %.1f', latitude, longitude), "
            "concat_ws(', ', county, state, country)]) FROM locations"
        )
        found: dict[str, tuple[str, ...]] = {}
        for mention, text in rows(self._case, sql):
            if text:
                found[mention] = (*found.get(mention, ()), text)
        return found

    def detail(self, mention_id: str) -> tuple[str, ...]:
        """Return what else the tables say of a mention."""
        return self._details.get(mention_id, ())
