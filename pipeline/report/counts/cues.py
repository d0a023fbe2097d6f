"""Plain phrases that lead a reader to a record: read from data, sought once over all texts.

A cue is a search aid: it has innocent readings, and says nothing of a person. What is kept of a
text are places in it, in a table ``cue_hits`` of the store; words are cut from the record only for
a row that is shown.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from pipeline.report.store import Store
from schemas.kinds import RecordKind

QUOTED = 80
"""Code points of a quote at most."""

NOT_WRITTEN = tuple(
    kind.value
    for kind in (
        RecordKind.CALL, RecordKind.REACTION, RecordKind.LOGIN, RecordKind.DEVICE,
        RecordKind.LOCATION_FIX, RecordKind.PROFILE, RecordKind.PARTICIPANT, RecordKind.REPORT,
        RecordKind.PARAMETER,
    )
)  # fmt: skip
"""Kinds of record whose text no person wrote."""

GAP = "gap"
"""Family of texts that a service puts in place of a message: sought in its notices too."""

BATCH = 4_000_000
"""Code points of text taken into memory at once."""

BLANK = "(?:[ \t\r\n\u00a0]{1,2})"
JEST = re.compile(
    r"(?<!\w)(?:l+o+l+|lmf?a+o+|rofl|jk|just kidding|(?:ha){2,9}h?|(?:ja){2,9}|es broma)(?!\w)"
    r"|[\U0001F602\U0001F923]",
    re.IGNORECASE,
)
WHOLE = 300
"""Code points of a notice of a service; a longer text is none."""
NEAR = 200
"""Code points before and after a cue in which a sign of a joke is looked for."""

_EDGE = re.compile(r"[.!?;,\n\r…¡¿]")
_MACRO = re.compile(r"\{([a-z_]+)\}")

TABLE = """
CREATE TABLE {name} (rank BIGINT, cue VARCHAR, "start" INTEGER, "end" INTEGER,
                     clause_start INTEGER, clause_end INTEGER, is_withheld BOOLEAN,
                     is_jest BOOLEAN)
"""

CANDIDATES = """
CREATE TABLE cue_candidates AS
SELECT rank, sum(size) OVER (ORDER BY rank) // {batch} AS batch FROM (
  SELECT c.rank, length(r.text) AS size FROM records r JOIN canon c USING (at_row)
  WHERE c.kind NOT IN ({kinds}) AND regexp_matches(r.text, '{gate}'))
"""

TEXTS = """
SELECT x.rank, c.kind, r.text, list_filter([{tests}], n -> n >= 0)
FROM cue_candidates x JOIN canon c USING (rank) JOIN records r USING (at_row)
WHERE x.batch = {batch} ORDER BY x.rank
"""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue, as the data file has it."""

    cue_id: str
    family: str
    says: str
    """Our neutral words for what the phrase speaks of."""
    readings: str
    """Innocent readings."""
    source: str
    """Where the rule comes from."""
    is_danger: bool
    is_whole: bool
    pattern: re.Pattern[str] = field(repr=False)
    unless: re.Pattern[str] | None = field(repr=False)
    gate: str = field(repr=False)
    """For DuckDB: it matches wherever the pattern does."""


@dataclass(frozen=True, slots=True)
class Cues:
    """All cues, by id, and what keeps a quote from being printed."""

    version: int
    items: dict[str, Cue]
    withhold: re.Pattern[str] = field(repr=False)

    def of(self, *families: str) -> tuple[Cue, ...]:
        """Return the cues of some families, in the order of the file."""
        return tuple(cue for cue in self.items.values() if cue.family in families)


@cache
def cues() -> Cues:
    """Read the cues.

    Raises:
        ValueError: a pattern uses what the two engines read differently.
    """
    text = resources.files("pipeline.report").joinpath("data", "cues.toml").read_text("utf-8")
    data = tomllib.loads(text)
    named: dict[str, str] = data["words"]
    items = {row["id"]: _cue(row, named) for row in data["cue"]}
    withhold = "|".join(data["withhold"]["patterns"])
    return Cues(
        version=data["version"],
        items=items,
        withhold=re.compile(rf"(?<!\w)(?:{_spelled(withhold, named)})", re.IGNORECASE),
    )


def find(text: str, cue: Cue) -> tuple[int, int] | None:
    """Return the first place of a cue in a text, half-open, or None.

    Args:
        text: any text.
        cue: one of :func:`cues`.
    """
    if cue.is_whole:
        notice = text.strip()[: WHOLE + 1]
        if cue.pattern.fullmatch(notice) and not (cue.unless and cue.unless.search(notice)):
            return 0, len(text)
        return None
    for match in cue.pattern.finditer(text):
        start, end = match.span()
        if cue.unless is not None:
            first, last = clause(text, start, end)
            if cue.unless.search(text, first, min(len(text), max(last, end + 12))):
                continue
        return start, end
    return None


def clause(text: str, start: int, end: int, most: int = QUOTED) -> tuple[int, int]:
    """Return the clause around a span, half-open, at most so many code points, whole words.

    Args:
        text: the record's text.
        start: first code point of the span.
        end: one past its last.
        most: code points at most; a longer span is cut at its end.
    """
    end = min(end, start + most)
    room = most - (end - start)
    low, high = max(0, start - room // 2), min(len(text), end + room - room // 2)
    first = max((m.end() for m in _EDGE.finditer(text, low, start)), default=low)
    last = next((m.start() for m in _EDGE.finditer(text, end, high)), high)
    if first == low and low > 0 and not text[low - 1].isspace():
        first = _after_blank(text, first, start)
    if last == high and high < len(text) and not text[high].isspace():
        last = _before_blank(text, end, last)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def is_withheld(quote: str) -> bool:
    """Return whether a quote is left out, its place being cited only."""
    return cues().withhold.search(quote) is not None


def scan(store: Store) -> None:
    """Seek all cues in the texts that people wrote; make the table ``cue_hits``, if not yet made.

    Args:
        store: the tables of a case. A record holds each cue once at most, at its first place.
    """
    if store.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'cue_hits'"):
        return
    every = list(cues().items.values())
    kinds = ", ".join(f"'{kind}'" for kind in NOT_WRITTEN)
    gate = "(?i)(?:" + "|".join(cue.gate for cue in every) + ")"
    store.run(CANDIDATES.format(batch=BATCH, kinds=kinds, gate=quoted(gate)))
    store.run(TABLE.format(name="cue_hits"))
    tests = ", ".join(
        f"CASE WHEN regexp_matches(r.text, '{quoted('(?i)' + cue.gate)}') THEN {n} ELSE -1 END"
        for n, cue in enumerate(every)
    )
    for (batch,) in store.rows("SELECT DISTINCT batch FROM cue_candidates ORDER BY 1"):
        hits = [
            hit
            for rank, kind, text, held in store.rows(TEXTS.format(tests=tests, batch=batch))
            for hit in _hits(rank, kind, text, [every[n] for n in held])
        ]
        store.put("cue_hits", hits)
    store.run("DROP TABLE cue_candidates")


def quoted(pattern: str) -> str:
    """Return a pattern to stand between single quotes in a statement."""
    return pattern.replace("'", "''")


def _hits(rank: int, kind: str, text: str, held: list[Cue]) -> Iterator[tuple[Any, ...]]:
    for cue in held:
        if kind == RecordKind.SYSTEM and cue.family != GAP:
            continue
        if (span := find(text, cue)) is None:
            continue
        start, end = span
        first, last = clause(text, start, end)
        jest = JEST.search(text, max(0, start - NEAR), min(len(text), end + NEAR)) is not None
        yield rank, cue.cue_id, start, end, first, last, is_withheld(text[first:last]), jest


def _cue(row: dict[str, Any], named: dict[str, str]) -> Cue:
    pattern = "|".join(_spelled(item, named) for item in row["patterns"])
    is_whole = row.get("whole", False)
    edges = ("(?:", ")") if is_whole else (r"(?<!\w)(?:", r")(?!\w)")
    unless = row.get("unless")
    return Cue(
        cue_id=row["id"], family=row["family"], says=row["says"], readings=row["readings"],
        source=row["source"],
        is_danger=row.get("danger", False), is_whole=is_whole,
        pattern=re.compile(pattern.join(edges), re.IGNORECASE),
        unless=None if unless is None else re.compile(_spelled(unless, named), re.IGNORECASE),
        gate=row.get("gate", f"(?:{pattern})"),
    )  # fmt: skip


def _spelled(pattern: str, named: dict[str, str]) -> str:
    """Return a pattern with its names, blanks and apostrophes written out."""
    if re.search(r"\\[bBwWsSdD]|\(\?[=!<]|(?<!\})[*+](?!\?)", pattern.replace(r"\.", "")):
        raise ValueError(f"not read alike by both engines, or unbounded: {pattern}")
    filled = _MACRO.sub(lambda match: named[match[1]], pattern)
    return filled.replace(" ", BLANK).replace("~", "['’`]?")


def _after_blank(text: str, first: int, start: int) -> int:
    return next((n + 1 for n in range(first, start) if text[n].isspace()), start)


def _before_blank(text: str, end: int, last: int) -> int:
    return next((n for n in range(last - 1, end - 1, -1) if text[n].isspace()), end)
