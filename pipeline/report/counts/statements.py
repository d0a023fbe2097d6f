"""Statements touching age or coercion: stated ages, terms of relation, phrases of the cue list.

Rows lead to records; none says anything of a person. Words of a record are quoted at most
:data:`~pipeline.report.counts.cues.QUOTED` code points long, and not at all where the clause is
of a sexual kind or holds the number of a listed service.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.report.counts.citing import CITED, citations, cite
from pipeline.report.counts.cues import clause, cues, is_withheld, scan
from pipeline.report.rows import Citations, Cited
from pipeline.report.store import Store, moment
from pipeline.search.tables import strings

FAMILIES = ("help", "threat", "force", "confinement", "fear", "debt", "self-harm")
"""Families of cues of the section, in its order."""

PER_FAMILY = 15
"""Rows of one family: records with most cues first, those with a sign of a joke last."""
AGES_SHOWN = 40
TERMS_SHOWN = 25
LATEST = 6
"""Rows of the safety lane of the sheet."""

NAMED = "name "
"""Before the display name of an author without an account, where an account_id stands else."""

EXACT = "('address', 'venue', 'crossing', 'coordinate', 'airport')"
"""Sorts of place at which somebody can be looked for."""

MINOR = 18
WINDOW = 120
"""Code points around a span that are read to cut its clause."""

SAYS = {
    "age.minor": "an age under 18, as written",
    "age.school": "a school year or minority, as written",
}
READINGS = {
    "age.minor": "a relative, the past, a score",
    "age.school": "a relative, the past, a college year",
}

SERVED = """
EXISTS (SELECT 1 FROM found m WHERE m.rank = c.rank
        AND m.service_category IS NOT NULL AND m.service_category <> 'emergency'
        AND m.start < h.clause_end AND m."end" > h.clause_start)
"""
"""Whether a quote would print the number of a listed service."""

ROWS = f"""
SELECT h.rank, h.cue, c.micros, c.author_name, c.author, h.is_jest,
       CASE WHEN h.is_withheld OR {SERVED} THEN NULL
            ELSE substr(r.text, h.clause_start + 1, h.clause_end - h.clause_start) END,
       c.citation, c.source_label, c.record_id
FROM ({{chosen}}) h JOIN canon c USING (rank) JOIN records r USING (at_row)
ORDER BY {{order}}, h.cue
"""

CHOSEN = """
SELECT * FROM (
  SELECT h.*, count(*) OVER (PARTITION BY rank) AS cues FROM cue_hits h
  WHERE list_contains({ids}, cue))
QUALIFY row_number() OVER (PARTITION BY {group} ORDER BY is_jest, cues DESC, rank, cue) <= {most}
"""

BY_CUE = f"""
SELECT h.cue, count(*), count(DISTINCT c.author), count(DISTINCT c.thread_id), min(c.micros),
       max(c.micros), count(*) FILTER (h.is_jest),
       arg_min({cite("c")}, h.rank, {CITED})
FROM cue_hits h JOIN canon c USING (rank)
GROUP BY h.cue ORDER BY h.cue
"""

YOUNG = f"""
n.kind = 'age' AND n.basis = 'found' AND n.service_category IS NULL
  AND (try_cast(n.value AS INTEGER) < {MINOR} OR (n.value IS NULL AND n.rule LIKE '%age:school%'))
"""

SECOND_AFTER = "^ ?(?:and|n|&|y|-|/|:|to) ?[0-9]{1,2}(?:[^0-9 ]|$| (?:in|on|this|last|w|with|en))"
SECOND_BEFORE = "[0-9] ?(?:and|n|&|y|-|/|:|to) ?$"

SCORED = f"""
CREATE TABLE IF NOT EXISTS young_ages AS
SELECT n.rank, n.mention_id, n.micros, n.value, n.surface, n.detail, n.start, n."end", n.confidence,
       n.citation, n.source_label, n.record_id, c.author, c.author_name,
       substr(r.text, greatest(n.start - {WINDOW}, 0) + 1, n."end" - n.start + 2 * {WINDOW})
         AS around, regexp_matches(substr(r.text, n."end" + 1, 12), '{SECOND_AFTER}')
         OR regexp_matches(substr(r.text, greatest(n.start - 8, 0) + 1, least(n.start, 8)),
                           '{SECOND_BEFORE}') AS is_score
FROM found n JOIN canon c USING (rank) JOIN records r USING (at_row)
WHERE {YOUNG}
"""
"""``is_score``: a second number stands beside, as in ``im 16 and 6 in this season``; ``around`` is
the text beside it. The report and the sheet both ask."""

AGES = """
SELECT n.rank, CASE WHEN n.value IS NULL THEN 'age.school' ELSE 'age.minor' END, n.micros,
       n.author_name, n.author, n.value, n.surface, n.detail, n.start, n.around, n.is_score,
       n.citation, n.source_label, n.record_id
FROM (SELECT * FROM young_ages ORDER BY {choose} LIMIT {most}) n
ORDER BY {order}, n.start, n.mention_id
"""

TERMS = f"""
SELECT coalesce(n.value, n.surface), max(regexp_extract(n.detail, 'readings: (.*)', 1)), count(*),
       count(DISTINCT n.rank), count(DISTINCT c.thread_id),
       count(*) FILTER (n.detail LIKE '%ambiguous=family%'),
       arg_min({cite("n")}, [n.rank, n.start],
               {CITED})
FROM found n JOIN canon c USING (rank)
WHERE n.kind = 'role_term' AND n.service_category IS NULL
GROUP BY 1 ORDER BY 3 DESC, 1
"""

LAST_PLACES = """
WITH placed AS (
  SELECT coalesce(c.author, '{named}' || r.source_id || ' ' || c.author_name) AS author,
         c.author_name, n.rank, n.micros, n.start, n.mention_id, n.surface, n.value, n.citation,
         n.source_label, n.record_id, n.kind = 'lodging' OR l.place_kind IN {exact} AS is_exact
  FROM found n JOIN canon c USING (rank) JOIN records r USING (at_row)
  LEFT JOIN locations l USING (mention_id)
  WHERE (c.author IS NULL OR list_contains({ids}, c.author))
    AND (n.kind = 'location' OR (n.kind = 'lodging' AND n.value IS NOT NULL))
    AND n.basis = 'found' AND NOT n.by_model
    AND n.service_category IS NULL AND n.micros IS NOT NULL
    AND (list_contains({ids}, c.author) OR (c.author IS NULL AND (r.source_id, c.author_name) IN
         (SELECT (source_id, author_name) FROM records WHERE list_contains({shown}, record_id))))
    AND (l.place_kind IS NULL OR l.place_kind NOT IN ('country', 'state')))
SELECT p.author, coalesce(a.display_name, p.author_name), p.micros, p.surface, p.value,
       p.citation, p.source_label, p.record_id
FROM placed p LEFT JOIN accounts a ON a.account_id = p.author
WINDOW latest AS (PARTITION BY p.author ORDER BY rank DESC, start DESC, mention_id),
       exact AS (PARTITION BY p.author, coalesce(is_exact, false)
                 ORDER BY rank DESC, start DESC, mention_id)
QUALIFY row_number() OVER latest = 1 OR (is_exact AND row_number() OVER exact = 1)
ORDER BY p.micros DESC, p.author, p.rank DESC, p.start DESC, p.mention_id
"""
"""The last place of each author; and where that is no more than a town, the last exact one too."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A phrase or a stated age in a record."""

    cue: str
    """Id in the data file; ``age.minor`` or ``age.school``."""
    family: str
    says: str
    readings: str
    sent: datetime | None
    author: str | None
    account_id: str | None
    quote: str | None
    """Its clause; None = not quoted."""
    is_jest: bool
    """A sign of a joke stands near; of an age: a second number beside it, as in a score."""
    cited: Cited


@dataclass(frozen=True, slots=True)
class CueRow:
    """A cue and how often it was found; ``records`` is 0 where it was not."""

    cue: str
    family: str
    says: str
    readings: str
    is_danger: bool
    records: int
    accounts: int
    threads: int
    jests: int
    first: datetime | None
    last: datetime | None
    cited: Citations


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term of role or relation; ``family``: mentions beside words of kinship."""

    term: str
    readings: str
    mentions: int
    records: int
    threads: int
    family: int
    cited: Citations


@dataclass(frozen=True, slots=True)
class LastPlace:
    """The last place, or last exact one, that an account's own messages stated; no position."""

    account_id: str
    """Or :data:`NAMED`, the source and a display name: names are not joined over sources."""
    name: str | None
    sent: datetime | None
    written: str
    value: str | None
    cited: Cited


@dataclass(frozen=True, slots=True)
class Statements:
    """What the section says."""

    cues: tuple[CueRow, ...] = ()
    rows: tuple[StatementRow, ...] = ()
    total: int = 0
    """Records and cues, before the limits of :data:`PER_FAMILY`."""
    ages: tuple[StatementRow, ...] = ()
    age_total: int = 0
    adult_total: int = 0
    """Stated ages of 18 and over: counted only."""
    terms: tuple[TermRow, ...] = ()
    term_total: int = 0
    version: int = 0
    """Of the list of cues."""


@dataclass(frozen=True, slots=True)
class Safety:
    """The safety lane of the sheet; the latest first."""

    danger: tuple[StatementRow, ...] = ()
    danger_total: int = 0
    ages: tuple[StatementRow, ...] = ()
    age_total: int = 0
    places: tuple[LastPlace, ...] = ()


def statements(store: Store) -> Statements:
    """Return statements touching age or coercion.

    Args:
        store: the tables of a case.
    """
    scan(store)
    known = cues()
    ids = strings(cue.cue_id for cue in known.of(*FAMILIES))
    family = " ".join(f"WHEN '{cue.cue_id}' THEN '{cue.family}'" for cue in known.of(*FAMILIES))
    chosen = CHOSEN.format(ids=ids, group=f"CASE cue {family} END", most=PER_FAMILY)
    total = store.one(f"SELECT count(*) FROM cue_hits WHERE list_contains({ids}, cue)")[0]
    counts = found_cues(store, FAMILIES)
    terms = tuple(
        TermRow(term, readings, count, records, threads, kin, citations(cited))
        for term, readings, count, records, threads, kin, cited in store.rows(TERMS)
    )
    adults = store.one(
        "SELECT count(*) FROM found n WHERE n.kind = 'age' AND n.basis = 'found' "
        f"AND try_cast(n.value AS INTEGER) >= {MINOR}"
    )[0]
    return Statements(
        cues=counts,
        rows=quoted_rows(store, chosen, "h.rank"),
        total=total,
        ages=_ages(
            store, "is_score, confidence DESC, rank, start, mention_id", AGES_SHOWN, "n.rank"
        ),
        age_total=_age_total(store),
        adult_total=adults,
        terms=terms[:TERMS_SHOWN],
        term_total=len(terms),
        version=known.version,
    )


def safety(store: Store, accounts: tuple[str, ...] = ()) -> Safety:
    """Return the safety lane: latest cues of present danger, ages under 18, last stated places.

    Args:
        store: the tables of a case.
        accounts: account_ids whose last stated place is asked for, beside those that wrote the
            rows shown (an author without an account goes by the display name).
    """
    scan(store)
    ids = strings(cue.cue_id for cue in cues().items.values() if cue.is_danger)
    chosen = (
        f"SELECT h.* FROM cue_hits h JOIN canon c USING (rank) WHERE list_contains({ids}, cue) "
        "QUALIFY row_number() OVER (PARTITION BY rank ORDER BY cue) = 1 "
        f"ORDER BY is_jest, c.micros DESC NULLS LAST, rank, cue LIMIT {LATEST}"
    )
    danger = quoted_rows(store, chosen, "h.is_jest, c.micros DESC NULLS LAST, h.rank")
    latest = "is_score, micros DESC NULLS LAST, rank, start, mention_id"
    ages = _ages(store, latest, LATEST, "n.is_score, n.micros DESC NULLS LAST, n.rank")
    asked = dict.fromkeys(accounts)
    asked |= dict.fromkeys(row.account_id for row in (*danger, *ages) if row.account_id)
    unnumbered = [row.cited.record_id for row in (*danger, *ages) if not row.account_id]
    places = tuple(
        LastPlace(key, name, moment(at), written, value, Cited(*cited))
        for key, name, at, written, value, *cited in store.rows(
            LAST_PLACES.format(
                ids=strings(asked), shown=strings(unnumbered), named=NAMED, exact=EXACT
            )
        )
    )
    total = store.one(f"SELECT count(DISTINCT rank) FROM cue_hits WHERE list_contains({ids}, cue)")
    return Safety(danger, total[0], ages, _age_total(store), places)


def found_cues(store: Store, families: tuple[str, ...]) -> tuple[CueRow, ...]:
    """Return every cue of some families with what was found of it, none included."""
    rows = store.grouped(BY_CUE)
    made = []
    for cue in cues().of(*families):
        blank: tuple[Any, ...] = (0, 0, 0, None, None, 0, [])
        count, accounts, threads, first, last, jests, cited = rows.get(cue.cue_id, [blank])[0]
        made.append(
            CueRow(
                cue.cue_id, cue.family, cue.says, cue.readings, cue.is_danger, count, accounts,
                threads, jests, moment(first), moment(last), citations(cited),
            )
        )  # fmt: skip
    return tuple(made)


def quoted_rows(store: Store, chosen: str, order: str) -> tuple[StatementRow, ...]:
    """Return rows of ``cue_hits``, chosen by a query, with their quotes.

    Args:
        store: the tables; scanned.
        chosen: a query of rows of ``cue_hits``.
        order: how they are ordered, ``h`` and ``c`` (canon) in hand; the cue comes last.
    """
    known = cues().items
    return tuple(
        StatementRow(
            cue, known[cue].family, known[cue].says, known[cue].readings, moment(at), author,
            account, quote, jest, Cited(*cited),
        )
        for _, cue, at, author, account, jest, quote, *cited in store.rows(
            ROWS.format(chosen=chosen, order=order)
        )
    )  # fmt: skip


def around(window: str, start: int, length: int) -> str | None:
    """Return the clause of a span from the text around it; None where it is not quoted.

    Args:
        window: the text from :data:`WINDOW` code points before the span, or its beginning.
        start: the span's place in the whole text.
        length: the span's length.
    """
    at = min(start, WINDOW)
    first, last = clause(window, at, at + length)
    quote = window[first:last]
    return None if is_withheld(quote) else quote


def _ages(store: Store, choose: str, most: int, order: str) -> tuple[StatementRow, ...]:
    store.run(SCORED)
    query = AGES.format(choose=choose, most=most, order=order)
    return tuple(
        StatementRow(
            cue, "age", SAYS[cue] + (f" ({detail})" if detail.startswith("usually") else ""),
            READINGS[cue], moment(at), author, account, around(window, start, len(surface)),
            scored, Cited(*cited),
        )
        for _, cue, at, author, account, _, surface, detail, start, window, scored, *cited in (
            store.rows(query)
        )
    )  # fmt: skip


def _age_total(store: Store) -> int:
    count: int = store.one(f"SELECT count(*) FROM found n WHERE {YOUNG}")[0]
    return count
