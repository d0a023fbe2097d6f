"""What records say of who used an account: what the provider stated, and what users wrote.

Nothing here says who a person is. Each row bears the rule that put it there, and whether by that
rule it speaks for use by the account's named holder alone, for neither side, or against.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipeline.report.counts.citing import CITED, citations, cite
from pipeline.report.counts.cues import cues, scan
from pipeline.report.counts.statements import quoted_rows
from pipeline.report.rows import Citations, Cited
from pipeline.report.store import Store, moment
from pipeline.search.tables import among, strings

MARKED_SHOWN = 15
"""Accounts of the watch list and of the legal process."""
BUSIEST = 5
VALUES = 4
FIELDS_SHOWN = 12
CUES_SHOWN = 12
"""Messages of one account that speak of somebody else's use."""
SELF_SHOWN = 5
FIELD_LENGTH = 200
"""Code points of a field's value that are kept."""
NAME_CONTEXT = 40

SUPPORTS, NEUTRAL, CUTS = "supports", "neutral", "cuts"

CHOSEN = f"""
SELECT account_id, display_name, names, emails, phones, is_target, watch, provider,
       provider_account_id FROM (
  SELECT *, row_number() OVER (PARTITION BY watch IS NOT NULL OR is_target
      ORDER BY watch IS NULL, NOT is_target, record_count DESC, account_id) AS place
  FROM accounts WHERE watch IS NOT NULL OR is_target OR record_count > 0)
WHERE place <= CASE WHEN watch IS NOT NULL OR is_target THEN {MARKED_SHOWN} ELSE {BUSIEST} END
ORDER BY watch IS NULL, NOT is_target, record_count DESC, account_id
"""

SUBJECTS = """
CREATE TABLE attribution_subjects AS
WITH named AS (
  SELECT r.source_id, a.account_id,
         row_number() OVER (PARTITION BY r.source_id ORDER BY r.ordinal, a.account_id) AS place
  FROM mentions m JOIN records r USING (record_id)
  JOIN accounts a ON a.provider_account_id = string_split(m.value, ':')[2]
  WHERE m.kind = 'account' AND m.basis = 'stated' AND a.is_target),
alone AS (
  SELECT provider, min(account_id) AS account_id FROM accounts WHERE is_target
  GROUP BY provider HAVING count(*) = 1)
SELECT s.source_id, coalesce(n.account_id, o.account_id) AS account_id
FROM sources s LEFT JOIN named n ON n.source_id = s.source_id AND n.place = 1
LEFT JOIN alone o ON o.provider = s.provider
"""
"""Which account a file is about: the one its request parameters name first; failing that, the
only one of its provider that the legal process names."""

ABOUT = f"""
CREATE TABLE attribution_about AS
SELECT coalesce(r.author_account_id, s.account_id) AS account_id, c.kind, c.rank, c.micros,
       r.section, r.attributes, r.ordinal,
       substr(CASE WHEN len(r.attributes) > 1
                   THEN array_to_string([a.label || ': ' || a.value for a in r.attributes], '; ')
                   ELSE r.text END, 1, {FIELD_LENGTH}) AS field, r.citation, r.source_label,
       r.record_id
FROM canon c JOIN records r USING (at_row) JOIN attribution_subjects s USING (source_id)
WHERE r.kind IN ('login', 'device', 'profile') AND (c.kind <> 'profile' OR r.thread_id IS NULL)
"""
"""The kind is asked of ``records``, so that attributes are read of these few alone."""

FIELDS = f"""
SELECT account_id, section, list(DISTINCT field ORDER BY field)[:{VALUES}],
       count(DISTINCT field), count(*), min(micros), max(micros),
       arg_min({cite()}, rank, {CITED})
FROM attribution_about WHERE kind = 'profile' AND field <> '' GROUP BY ALL
ORDER BY account_id, min(ordinal), section
"""

LOGINS = f"""
SELECT a.account_id, count(DISTINCT m.value), count(DISTINCT a.rank), min(a.micros),
       max(a.micros), arg_min({cite("a")},
                              [a.rank, m.start], {CITED})
FROM attribution_about a LEFT JOIN found m ON m.rank = a.rank AND m.kind = 'ip'
WHERE a.kind = 'login' GROUP BY 1 ORDER BY 1
"""

DEVICES = f"""
SELECT account_id, list(DISTINCT device ORDER BY device)[:{VALUES}], count(DISTINCT device),
       count(*), min(micros), max(micros),
       arg_min({cite()}, rank, {CITED})
FROM (SELECT *, coalesce(attributes[1].value, field) AS device FROM attribution_about
      WHERE kind = 'device')
GROUP BY 1 ORDER BY 1
"""

NAMES = f"""
SELECT c.author, c.author_name, count(*), min(c.micros), max(c.micros),
       arg_min({cite("c")}, c.rank, {CITED})
FROM canon c
WHERE {{among}} AND c.author_name IS NOT NULL GROUP BY 1, 2 ORDER BY 1, min(c.rank), 2
"""

OWN = """
SELECT c.author, n.kind, n.value, n.surface, n.rule, n.micros,
       substr(r.text, greatest(n.start - {before}, 0) + 1, least(n.start, {before})),
       substr(r.text, n."end" + 1, 24), n.citation, n.source_label, n.record_id
FROM found n JOIN canon c USING (rank) JOIN records r USING (at_row)
WHERE n.basis = 'found' AND n.service_category IS NULL AND NOT n.by_model AND n.value IS NOT NULL
  AND {among}
  AND (n.kind IN ('phone', 'email', 'handle') OR (n.kind = 'alias'
       AND (n.rule LIKE '%introduced%' OR n.rule LIKE '%stated%' OR n.rule LIKE '%signature%')))
ORDER BY c.author, n.rank, n.start, n.mention_id
"""

INTRODUCES = re.compile(
    r"(?<!\w)(?:this is|this|dis is|dis|i['’]?m|i am|my (?:real |full |first |gov )?name['’]?s?"
    r"(?: is)?|(?:they|everyone|everybody|people|ppl|u can|you can|just) call me|i go by|"
    r"known as|soy|me llamo|me dicen|mi nombre es|habla|aqu[ií])[ ]{1,2}$",
    re.IGNORECASE,
)
"""What ends before a name by which the writer goes."""
GREETS = re.compile(
    r"(?:^|[,.!\n]|\b(?:hey+|hi|yo|hello|up|sup|wassup|morning|night|bro|sis|bae|girl|hola|aye|"
    r"oh|and|ok))[ ]{0,2}(?:it['’]?s|it is|its me|it['’]s me)[ ]{1,2}$",
    re.IGNORECASE,
)
"""A looser opening: what follows the name must not go on about it (``its icy outside``)."""
ENDS = re.compile(
    r"[ ]{0,2}(?:$|[,.!?\n]|(?:this|from|my|again|call|text|hit|new|i|im|i['’]m|here|dis|at|n|and|"
    r"btw|lol|on)(?!\w))",
    re.IGNORECASE,
)
NOT_OWN = re.compile(r"(?<!\w)(?:his|her|their|su|he|she|her name|thats?|that['’]s)[ ]", re.I)
MINE = re.compile(
    r"(?<!\w)(?:my|mi|mine)[ ](?:[^\n.!?,]{0,24})$|(?<!\w)(?:text|call|hit|reach|dm|add|follow|"
    r"zelle|cash ?app|venmo|pay|send|sent|llama|llamame|marca|marcame)(?:[ ](?:it|the rest|that))?"
    r"(?:[ ]to)?[ ]me[ ](?:[^\n.!?]{0,16})$",
    re.IGNORECASE,
)
"""What ends before a number or handle that the writer gives as his or her own."""
MINE_AFTER = re.compile(r"[ ,]{0,2}(?:is|es|thats|that['’]s)[ ](?:my|mi)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AttributionRow:
    """One row on an account."""

    account_id: str
    item: str
    """field, login, device, shown, self_name, self_value, shared or a cue's id."""
    label: str | None
    """What the provider calls a field; our words for a cue."""
    values: tuple[str, ...]
    """From records; empty = not quoted, or a count only."""
    more: int
    """Values beyond these."""
    count: int
    """Records."""
    first: datetime | None
    last: datetime | None
    use: str
    """supports, neutral or cuts: of use by the named holder alone."""
    rule: str
    """Which rule put it there."""
    cited: Citations


@dataclass(frozen=True, slots=True)
class Attribution:
    """An account and its rows."""

    account_id: str
    name: str | None
    number: str | None
    is_target: bool
    watch: str | None
    rows: tuple[AttributionRow, ...]
    cue_total: int
    """Messages that speak of somebody else's use, before the limit."""


def attribution(store: Store) -> tuple[Attribution, ...]:
    """Return what records say of the use of the accounts that matter.

    Those of the watch list and of the legal process come first, then those that wrote most.

    Args:
        store: the tables of a case.
    """
    scan(store)
    if not store.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'attribution_about'"):
        store.run(SUBJECTS)
        store.run(ABOUT)
    chosen = store.rows(CHOSEN)
    keys = [row[0] for row in chosen]
    own = store.grouped(OWN.format(among=among("c.author", keys), before=NAME_CONTEXT))
    stated = _stated(store)
    shown = store.grouped(NAMES.format(among=among("c.author", keys)))
    spoken, totals = _spoken(store, keys)
    shared = _shared(store)
    return tuple(
        Attribution(
            key, name, number, target, watch,
            (
                *(_written(row, own.get(key, [])) for row in stated.get(key, [])),
                *_shown(key, shown.get(key, [])),
                *_selves(key, own.get(key, []), [*(names or ()), name or ""], emails, phones),
                *(row for row in shared if row.account_id == key),
                *spoken.get(key, []),
            ),
            totals.get(key, 0),
        )
        for key, name, names, emails, phones, target, watch, _, number in chosen
    )  # fmt: skip


def _stated(store: Store) -> dict[str, list[AttributionRow]]:
    """Return fields, log-ins and devices by account."""
    made: dict[str, list[AttributionRow]] = {}
    fields = store.grouped(FIELDS)
    for key, rows in fields.items():
        made[key] = [
            AttributionRow(
                key, "field", section, tuple(values), kinds - len(values), count, moment(first),
                moment(last), NEUTRAL, "stated", citations(cited),
            )
            for section, values, kinds, count, first, last, cited in rows[:FIELDS_SHOWN]
        ]  # fmt: skip
    for key, addresses, count, first, last, cited in store.rows(LOGINS):
        made.setdefault(key, []).append(
            AttributionRow(
                key, "login", str(addresses), (), 0, count, moment(first), moment(last), NEUTRAL,
                "addresses", citations(cited),
            )
        )  # fmt: skip
    for key, devices, kinds, count, first, last, cited in store.rows(DEVICES):
        rule = "one_device" if kinds == 1 else "devices"
        made.setdefault(key, []).append(
            AttributionRow(
                key, "device", None, tuple(devices), kinds - len(devices), count, moment(first),
                moment(last), NEUTRAL, rule, citations(cited),
            )
        )  # fmt: skip
    return made


def _written(row: AttributionRow, own: list[tuple[Any, ...]]) -> AttributionRow:
    """Return a stated field; it supports where the account wrote the same value as its own."""
    if row.item != "field":
        return row
    text = " ".join(row.values).lower()
    for kind, value, _, _, _, before, after, *_ in own:
        bare = value.removeprefix("+1") if kind == "phone" else value.partition(":")[2] or value
        if kind != "alias" and len(bare) > 3 and bare.lower() in text and _is_mine(before, after):
            return replace(row, use=SUPPORTS, rule="stated_and_written")
    return row


def _shown(key: str, rows: list[tuple[Any, ...]]) -> list[AttributionRow]:
    """Return the names an account was shown by, as a row each where they changed."""
    rule = "one_name" if len(rows) == 1 else "names"
    return [
        AttributionRow(
            key, "shown", None, (name,), 0, count, moment(first), moment(last), NEUTRAL, rule,
            citations(cited),
        )
        for name, count, first, last, cited in rows[:SELF_SHOWN]
    ]  # fmt: skip


def _selves(
    key: str,
    own: list[tuple[Any, ...]],
    names: list[str],
    emails: list[str] | None,
    phones: list[str] | None,
) -> list[AttributionRow]:
    """Return names, numbers and handles that the account's messages gave as the writer's own."""
    gathered: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for kind, value, surface, rule, at, before, after, *cited in own:
        is_own = _introduces(rule, before, after) if kind == "alias" else _is_mine(before, after)
        if is_own:
            gathered.setdefault((kind, value), []).append((surface, at, Cited(*cited)))
    words = {word for name in names for word in re.findall(r"\w+", name.casefold())}
    held = {*(emails or ()), *(phones or ())}
    made = []
    for (kind, value), hits in gathered.items():
        if kind == "alias":
            same = not words.isdisjoint(re.findall(r"\w+", value.casefold()))
            use, why = (SUPPORTS, "self_same") if same else (CUTS, "self_other")
        else:
            use, why = (SUPPORTS, "value_same") if value in held else (NEUTRAL, "value_given")
        times = [at for _, at, _ in hits if at is not None]
        cited_by = dict.fromkeys(item for *_, item in hits)
        made.append(
            AttributionRow(
                key, "self_name" if kind == "alias" else "self_value", kind,
                tuple(dict.fromkeys((value, hits[0][0]))), 0, len(cited_by),
                moment(min(times, default=None)), moment(max(times, default=None)), use, why,
                tuple(cited_by)[:CITED],
            )
        )  # fmt: skip
    made.sort(key=lambda row: -row.count)
    return [
        row for use in (SUPPORTS, NEUTRAL, CUTS)
        for row in [one for one in made if one.use == use][:SELF_SHOWN]
    ]  # fmt: skip


def _spoken(
    store: Store, keys: list[str]
) -> tuple[dict[str, list[AttributionRow]], dict[str, int]]:
    """Return messages that speak of somebody else's use, and how many there are, by account."""
    ids = strings(cue.cue_id for cue in cues().of("use"))
    where = f"list_contains({ids}, h.cue) AND {among('c.author', keys)}"
    base = f"FROM cue_hits h JOIN canon c USING (rank) WHERE {where}"
    totals = dict(store.rows(f"SELECT c.author, count(*) {base} GROUP BY 1 ORDER BY 1"))
    each = (
        "SELECT h.*, row_number() OVER (PARTITION BY c.author, h.cue ORDER BY is_jest, rank) "
        f"AS place {base} QUALIFY place <= 2"
    )
    chosen = (
        f"SELECT h.* FROM ({each}) h JOIN canon c USING (rank) QUALIFY row_number() OVER "
        f"(PARTITION BY c.author ORDER BY place, is_jest, cue, rank) <= {CUES_SHOWN}"
    )
    made: dict[str, list[AttributionRow]] = {}
    for row in quoted_rows(store, chosen, "h.rank"):
        made.setdefault(row.account_id or "", []).append(
            AttributionRow(
                row.account_id or "", row.cue, row.says,
                () if row.quote is None else (row.quote,), 0, 1, row.sent, row.sent, CUTS,
                "jest" if row.is_jest else "cue", (row.cited,),
            )
        )  # fmt: skip
    return made, totals


SHARED = """
SELECT value, list({'k': account_id, 'n': coalesce(display_name, provider_account_id, '–')}
                   ORDER BY account_id)
FROM (SELECT account_id, display_name, provider_account_id,
             unnest(list_distinct(list_concat(coalesce(emails, []), coalesce(phones, [])))) AS value
      FROM accounts)
WHERE value NOT IN (SELECT value FROM entities WHERE service_category IS NOT NULL)
GROUP BY value HAVING count(DISTINCT account_id) > 1 ORDER BY value
"""

STATED_AT = f"""
SELECT value, count(DISTINCT record_id),
       arg_min({cite()}, [rank, start], {CITED})
FROM found
WHERE basis = 'stated' AND kind IN ('phone', 'email') AND list_contains({{values}}, value)
  AND service_category IS NULL
GROUP BY value ORDER BY value
"""


def _shared(store: Store) -> list[AttributionRow]:
    """Return e-mail addresses and telephone numbers that several accounts have in common."""
    rows = store.rows(SHARED)
    values = strings(row[0] for row in rows)
    places = {key: rest for key, *rest in store.rows(STATED_AT.format(values=values))}
    return [
        AttributionRow(
            one["k"], "shared", None,
            (value, *[other["n"] for other in accounts if other["k"] != one["k"]][:VALUES]),
            max(0, len(accounts) - 1 - VALUES), places.get(value, [0])[0], None, None, CUTS,
            "shared", citations(places.get(value, [0, None])[1]),
        )
        for value, accounts in rows
        for one in accounts
    ]  # fmt: skip


def _introduces(rule: str, before: str, after: str) -> bool:
    if "signature" in rule:
        return True
    if INTRODUCES.search(before):
        return True
    return GREETS.search(before) is not None and ENDS.match(after) is not None


def _is_mine(before: str, after: str) -> bool:
    if MINE_AFTER.match(after):
        return True
    match = MINE.search(before)
    return match is not None and NOT_OWN.search(match.group()) is None
