"""LNK and DUP: entities, links and repeats, counted again from the mentions by other code."""

from __future__ import annotations

import zipfile
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.sample.check import check
from pipeline.validate.base import Assertion, Function, Outcome, Rate, compare, counted
from pipeline.validate.ground import Ground, gold_rows
from pipeline.validate.handmade import Said, business_record, hand_return, write_zip
from pipeline.validate.looking import rows

MANY = 200
"""Entities of a record above which it is a list (docs/tables.md, issue ``too_many_entities``)."""
WORDS = ("score", "risk", "suspicion", "likelihood", "guilt", "role", "victim", "trafficker")
"""Not one column of accounts, entities or links may be named so."""

SAID = ("message", "call", "reaction", "system")
"""Kinds of record of which the gold holds every one."""

Pairs = dict[frozenset[str], set[str]]


def _canonical(case: Path) -> set[str]:
    found = rows(case, "records", "record_id", "duplicate_of")
    return {row["record_id"] for row in found if row["duplicate_of"] is None}


def _entities(ground: Ground) -> Outcome:
    case = ground.meta().case
    canonical = _canonical(case)
    mentions: Counter[tuple[str, str]] = Counter()
    records: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows(case, "mentions", "record_id", "kind", "value"):
        if row["value"] is not None and row["kind"] != "account":
            key = (row["kind"], row["value"])
            mentions[key] += row["record_id"] in canonical
            records[key] |= {row["record_id"]} & canonical
    stated = {}
    for row in rows(case, "entities", "kind", "value", "mention_count", "record_count"):
        if row["kind"] != "account":
            stated[row["kind"], row["value"]] = (row["mention_count"], row["record_count"])
    wrong = [
        f"an entity of kind {key[0]}"
        for key in mentions.keys() | stated.keys()
        if stated.get(key) != (mentions.get(key), len(records.get(key, ())))
    ]
    return compare(len(mentions), wrong, "entities")


def _memberships(ground: Ground) -> Outcome:
    case = ground.meta().case
    entities = {
        row["entity_id"]: row for row in rows(case, "entities", "entity_id", "kind", "value")
    }
    member: dict[str, list[str]] = defaultdict(list)
    for row in rows(case, "memberships", "mention_id", "entity_id"):
        member[row["mention_id"]].append(row["entity_id"])
    checked, wrong = 0, []
    for row in rows(case, "mentions", "mention_id", "kind", "value"):
        checked += 1
        found = [entities[key] for key in member.get(row["mention_id"], [])]
        expected = [] if row["value"] is None else [(row["kind"], row["value"])]
        if [(entity["kind"], entity["value"]) for entity in found] != expected:
            wrong.append(row["mention_id"])
    return compare(checked, wrong, "mentions")


def _together(case: Path) -> Pairs:
    """Entities that stand in one canonical record, by pairs, from mentions and memberships."""
    canonical = _canonical(case)
    member = {row["mention_id"]: row["entity_id"] for row in rows(case, "memberships")}
    present: dict[str, set[str]] = defaultdict(set)
    for row in rows(case, "mentions", "mention_id", "record_id"):
        if row["mention_id"] in member and row["record_id"] in canonical:
            present[row["record_id"]].add(member[row["mention_id"]])
    pairs: Pairs = defaultdict(set)
    for record, entities in present.items():
        if len(entities) <= MANY:
            for pair in combinations(sorted(entities), 2):
                pairs[frozenset(pair)].add(record)
    return pairs


def _links(ground: Ground) -> Outcome:
    case = ground.meta().case
    expected = _together(case)
    found = {
        frozenset((row["entity_a"], row["entity_b"])): row["record_count"]
        for row in rows(case, "links")
        if row["relation"] == "same_record"
    }
    wrong = [
        "a pair"
        for pair in expected.keys() | found.keys()
        if len(expected.get(pair, ())) != found.get(pair, 0)
    ]
    return compare(len(expected), wrong, "pairs")


def _evidence(ground: Ground) -> Outcome:
    case = ground.meta().case
    expected = _together(case)
    shown: dict[str, set[str]] = defaultdict(set)
    for row in rows(case, "link_evidence", "link_id", "record_id"):
        shown[row["link_id"]].add(row["record_id"])
    checked, wrong = 0, []
    for row in rows(case, "links"):
        checked += 1
        records = shown[row["link_id"]]
        pair = frozenset((row["entity_a"], row["entity_b"]))
        if len(records) != row["record_count"] or (
            row["relation"] == "same_record" and records != expected[pair]
        ):
            wrong.append(row["link_id"])
    return compare(checked, wrong, "links")


def _statement(ground: Ground) -> Outcome:
    """One message of two people's numbers; another of one of them."""
    folder = ground.place("link-statement")
    said = [
        Said("2024-02-01 10:00:00 UTC", "651-555-0117 and 612-555-0134 are both hers"),
        Said("2024-02-02 10:00:00 UTC", "612-555-0134 is off now", "900000000000977"),
        Said("2024-02-03 10:00:00 UTC", "try 651-555-0117, $juntest goes with it"),
    ]
    case = ground.run(hand_return(folder / "return.zip", said), folder / "case", "--no-model")
    value = {row["entity_id"]: row["value"] for row in rows(case, "entities")}
    found = {
        (*sorted((value[row["entity_a"]], value[row["entity_b"]])), row["record_count"])
        for row in rows(case, "links")
        if row["relation"] == "same_record"
    }
    phones = {pair for pair in found if all(part.startswith("+") for part in pair[:2])}
    right = int(phones == {("+16125550134", "+16515550117", 1)})
    return counted(links_between_numbers=(1, len(phones)), as_stated=(1, right))


def _no_scores(ground: Ground) -> Outcome:
    tables = ground.meta().case / "tables"
    names = [
        f"{table}.{name}"
        for table in ("accounts", "entities", "links", "memberships", "candidates")
        for name in pq.read_schema(next((tables / table).glob("*.parquet"))).names
    ]
    wrong = [name for name in names if any(word in name.partition(".")[2] for word in WORDS)]
    return compare(len(names), wrong, "columns")


# --- repeats --------------------------------------------------------------------------------------


def _texts(case: Path) -> list[dict[str, Any]]:
    return [row for row in rows(case, "records") if row["kind"] == "message"]


def _preserved(ground: Ground) -> Outcome:
    """Messages that a preservation holds again, in the sample and in a return written by hand."""
    made, folder = ground.meta(), ground.place("repeat-preserved")
    expected = sum(len(row["pages"]) == 2 for row in gold_rows(made.gold))
    said = [Said(f"2024-02-01 10:00:0{n} UTC", f"message {n}") for n in range(6)]
    pages = {
        "records.html": business_record(said),
        "preservation-1.html": business_record(said[3:]),
    }
    case = ground.run(write_zip(folder / "return.zip", pages), folder / "case", "--no-model")
    found, alone = [], 0
    for one in (made.case, case):
        labels = {row["record_id"]: row["source_label"] for row in rows(one, "records")}
        repeats = [row for row in rows(one, "records") if row["duplicate_of"]]
        found.append(sum(row["kind"] in SAID for row in repeats))
        alone += sum(labels[row["duplicate_of"]] == row["source_label"] for row in repeats)
    rate = Rate("repeats recognised", "records", "sample meta", min(found[0], expected), expected)
    outcome = counted(
        repeats_in_the_sample=(expected, found[0]),
        by_hand=(3, found[1]),
        within_one_file=(0, alone),
    )
    return Outcome(outcome.ok, outcome.observed, (rate,) if expected else ())


def _two_ok(ground: Ground) -> Outcome:
    """Two equal messages of one second stay two, also when they come twice."""
    folder = ground.place("repeat-two")
    said = [Said("2024-02-01 10:00:00 UTC", "ok"), Said("2024-02-01 10:00:00 UTC", "ok")]
    one = hand_return(folder / "one.zip", said)
    other = hand_return(folder / "other.zip", [*said, Said("2024-02-01 10:00:09 UTC", "later")])
    case = ground.run([one, other], folder / "case", "--no-model")
    messages = _texts(case)
    canonical = [row for row in messages if row["text"] == "ok" and row["duplicate_of"] is None]
    repeats = [row for row in messages if row["duplicate_of"] is not None]
    own = len({row["duplicate_of"] for row in repeats})
    return counted(records=(2, len(canonical)), with_a_repeat_of_their_own=(2, own))


def _again(ground: Ground) -> Outcome:
    """The same pages, a line end more in each file: nothing is counted twice."""
    made, folder = ground.meta(), ground.place("repeat-again")
    copy = folder / "copy.zip"
    with zipfile.ZipFile(made.source) as old:
        # with the same hash a file would not be read again at all
        write_zip(copy, {name: old.read(name) + b"\n" for name in old.namelist()})
    first = ground.run(made.source, folder / "one", "--no-model")
    both = ground.run([made.source, copy], folder / "two", "--no-model")
    columns = ("kind", "value", "mention_count", "record_count")
    counted = [sorted(tuple(r.values()) for r in rows(case, "entities", *columns))
               for case in (first, both)]  # fmt: skip
    added = len(rows(both, "records", "record_id")) - len(rows(first, "records", "record_id"))
    return Outcome(
        counted[0] == counted[1] and added > 0,
        f"{len(counted[0])} entities, {added} records added, counts "
        f"{'equal' if counted[0] == counted[1] else 'not equal'}",
    )


def _alike(ground: Ground) -> Outcome:
    made = ground.meta()
    found = check(made.case, made.gold)
    rate = Rate("repeats with equal mentions", "records", "sample meta", found.alike, found.repeats)
    return Outcome(found.alike == found.repeats > 0, found.repeats_line(), (rate,))


LINKING = Function("LNK", "Entities and links", (
    Assertion("LNK-01", "An entity is a value of a kind; its counts are of canonical records.",
        "Counts mentions and records of every value anew, from the table of mentions.",
        "equal for every entity", _entities),
    Assertion("LNK-02", "Every mention with a value belongs to one entity, of just that value.",
        "Follows every mention through its membership.", "one of the same kind and value; without "
        "a value none", _memberships),
    Assertion("LNK-03", "Entities are linked as often as they stand in one record, and no others.",
        "Works out all pairs anew, record by record.", "the same pairs with the same counts",
        _links),
    Assertion("LNK-04", "Every link shows the records it stands on.",
        "Compares the evidence of each link with the records worked out anew.",
        "the same records", _evidence),
    Assertion("LNK-05", "A link is made of what one record says, not of what two say.",
        "Reads three messages, of which one names two numbers.",
        "one link between the numbers, of one record", _statement),
    Assertion("LNK-06", "Nobody is given a score or a role.",
        "Reads the names of all columns of accounts, entities and links.",
        f"none of {', '.join(WORDS)}", _no_scores),
))  # fmt: skip

REPEATS = Function("DUP", "Repeats", (
    Assertion("DUP-01", "A message delivered twice is one record and a repeat of it.",
        "Counts the messages that a preservation holds again, in the sample and in a hand-made "
        "return.",
        "as many repeats as the gold has, each of a record in the other file", _preserved),
    Assertion("DUP-02", "Two equal messages of one second stay two.",
        "Reads two such messages, delivered twice.", "two records, each with one repeat", _two_ok),
    Assertion("DUP-03", "A delivery that comes twice changes no count.",
        "Reads the main sample, and beside it once more with a line end added to every file.",
        "equal counts of every entity, all records added being repeats", _again),
    Assertion("DUP-04", "The same is found in a repeat as in what it repeats.",
        "Compares kinds and values of mentions.", "equal for all repeats with mentions", _alike),
))  # fmt: skip
