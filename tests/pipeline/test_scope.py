"""Scope to the second: clock changes, edits, several processes, names that match nothing, sums."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.case import Case
from pipeline.errors import ConfigError
from pipeline.guard import Guard
from pipeline.readers.base import Record
from pipeline.scope import load_scope, unmatched
from pipeline.warrants import NEARNESS, edit_time, nearest
from schemas.kinds import RecordKind, Scope

Triage = Callable[..., tuple[int, str, str]]
ANN, BO, NOBODY = frozenset({"ann.example", "901"}), frozenset({"bo.example"}), frozenset[str]()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def record(sent: str | None, section: str = "unified_messages", edited: str = "") -> Record:
    return Record(
        RecordKind.MESSAGE, "text", [], section, "message", 1, 1, 1, 0, 4,
        sent_at=at(sent) if sent else None, attributes=[("Edited", edited)] if edited else [],
    )  # fmt: skip


@pytest.fixture
def scope(tmp_path: Path) -> Callable[[str], Guard]:
    def load(text: str) -> Guard:
        path = tmp_path / "scope.toml"
        path.write_text(text, "utf-8")
        return load_scope(path)

    return load


# --- the days on which clocks change ------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2024-03-10", "2024-03-10 06:00:00", "2024-03-11 04:59:59"),  # of 23 hours
        ("2024-11-03", "2024-11-03 05:00:00", "2024-11-04 05:59:59"),  # of 25
        ("2024-07-01", "2024-07-01 05:00:00", "2024-07-02 04:59:59"),
    ],
)
def test_a_day_has_its_hours(
    scope: Callable[[str], Guard], day: str, first: str, last: str
) -> None:
    guard = scope(f"[[range]]\nstart = {day}\nend = {day}\nzone = 'America/Chicago'\n")
    second = timedelta(seconds=1)
    for moment, expected in (
        (at(first) - second, Scope.OUT_DATE), (at(first), Scope.IN),
        (at(last), Scope.IN), (at(last) + second, Scope.OUT_DATE),
    ):  # fmt: skip
        item = record(moment.isoformat(" ")[:19])
        assert guard.scope_of(item, ANN) is expected


@pytest.mark.parametrize(
    ("start", "end", "inside", "outside"),
    [
        # 1:30 comes twice on 3 November: as a start the first of them counts, as an end the second
        ("2024-11-03T01:30:00", "2024-11-04", ["06:30:00", "07:30:00"], ["06:29:59"]),
        ("2024-11-02", "2024-11-03T01:30:00", ["06:30:00", "07:30:00"], ["07:30:01"]),
        # 2:30 does not come on 10 March: both readings of it are inside
        ("2024-03-10T02:30:00", "2024-03-10T02:30:00", ["07:30:00", "08:30:00"], ["07:29:59", "08:30:01"]),
    ],
)  # fmt: skip
def test_hours_that_come_twice_or_not_at_all(
    scope: Callable[[str], Guard], start: str, end: str, inside: list[str], outside: list[str]
) -> None:
    guard = scope(f"[[range]]\nstart = {start}\nend = {end}\nzone = 'America/Chicago'\n")
    day = "2024-03-10" if "03-10" in start else "2024-11-03"
    for times, expected in ((inside, Scope.IN), (outside, Scope.OUT_DATE)):
        for time in times:
            assert guard.scope_of(record(f"{day} {time}"), ANN) is expected, time


# --- edited messages ----------------------------------------------------------------------------

MARCH = Guard(ranges=((at("2024-03-01"), at("2024-03-31 23:59:59")),))


@pytest.mark.parametrize(
    ("sent", "edited", "expected"),
    [
        ("2024-03-31 23:59:59", "2024-03-31 23:59:59 UTC", Scope.IN),
        ("2024-03-31 23:59:59", "2024-04-01 00:00:00 UTC", Scope.UNDETERMINED),
        ("2024-03-15 12:00:00", "2024-04-02T00:00:00-05:00", Scope.UNDETERMINED),
        ("2024-03-15 12:00:00", "2024-03-31 20:00:00 -0500", Scope.UNDETERMINED),
        ("2024-03-15 12:00:00", "2024-03-15 13:00:00", Scope.IN),  # in any zone
        ("2024-03-15 12:00:00", "2024-03-31 13:00:00", Scope.UNDETERMINED),  # not in every zone
        ("2024-03-15 12:00:00", "1711929600", Scope.UNDETERMINED),  # 1 April 0:00 UTC
        ("2024-03-15 12:00:00", "1711929599000", Scope.IN),
        ("2024-03-15 12:00:00", "true", Scope.IN),  # that it was, not when
        ("2024-02-29 23:59:59", "2024-03-01 00:00:00 UTC", Scope.OUT_DATE),
        ("2024-04-01 00:00:00", "2024-03-31 00:00:00 UTC", Scope.OUT_DATE),
        (None, "2024-03-15 00:00:00 UTC", Scope.UNDETERMINED),
    ],
)
def test_edited_messages(sent: str | None, edited: str, expected: Scope) -> None:
    assert MARCH.scope_of(record(sent, edited=edited), ANN) is expected
    assert Guard().scope_of(record(sent, edited=edited), ANN) is Scope.IN


@pytest.mark.parametrize(
    "label", ["Edited", "Edit Time", "edited_timestamp", "Last Edited At", "EditDate"]
)
def test_words_for_edits(label: str) -> None:
    item = record("2024-03-15 12:00:00")
    item.attributes = [("Subject", "2025-01-01 00:00:00 UTC"), (label, "2024-04-02 00:00:00 UTC")]
    assert MARCH.scope_of(item, ANN) is Scope.UNDETERMINED
    item.attributes = [("Editor", "2024-04-02 00:00:00 UTC"), ("Credit", "2024-04-02 00:00:00 UTC")]
    assert MARCH.scope_of(item, ANN) is Scope.IN


@given(st.text(max_size=60) | st.datetimes().map(str))
def test_no_writing_of_a_time_is_too_much(text: str) -> None:
    edit_time(text)


# --- several processes --------------------------------------------------------------------------

TWO = """
[[warrant]]
number = "24-0117"
accounts = ["ann.example"]
categories = ["unified_messages"]
range = [{start = 2024-03-01, end = 2024-03-31, zone = "UTC"}]

[[warrant]]
number = "24-0230"
accounts = ["@Bo.Example"]
[[warrant.range]]
start = 2024-05-01
end = 2024-05-31
zone = "UTC"
[[warrant.range]]
start = 2024-07-01
end = 2024-07-01
zone = "UTC"
"""


@pytest.mark.parametrize(
    ("sent", "section", "targets", "expected"),
    [
        ("2024-03-15", "unified_messages", ANN, Scope.IN),
        ("2024-05-15", "unified_messages", BO, Scope.IN),
        ("2024-07-01 23:59:59", "logins", BO, Scope.IN),
        # the dates of one process do not open the account of the other
        ("2024-05-15", "unified_messages", ANN, Scope.OUT_DATE),
        ("2024-03-15", "unified_messages", BO, Scope.OUT_DATE),
        ("2024-07-02", "unified_messages", BO, Scope.OUT_DATE),
        # the nearest process gives the reason
        ("2024-03-15", "logins", ANN, Scope.OUT_CATEGORY),
        ("2024-03-15", "unified_messages", frozenset({"cy"}), Scope.OUT_ACCOUNT),
        (None, "unified_messages", ANN, Scope.UNDETERMINED),
        ("2024-03-15", "unified_messages", NOBODY, Scope.UNDETERMINED),
        ("2024-04-15", "unified_messages", NOBODY, Scope.OUT_DATE),
    ],
)
def test_two_warrants(
    scope: Callable[[str], Guard], sent: str | None, section: str, targets: frozenset[str],
    expected: Scope,
) -> None:  # fmt: skip
    assert scope(TWO).scope_of(record(sent, section), targets) is expected


def test_two_warrants_are_told(scope: Callable[[str], Guard]) -> None:
    assert scope(TWO).told() == [
        "process 24-0117: accounts ann.example; sections unified_messages; 2024-03-01 00:00:00 to "
        "2024-03-31 23:59:59 UTC",
        "process 24-0230: accounts bo.example; 2024-05-01 00:00:00 to 2024-05-31 23:59:59 UTC; "
        "2024-07-01 00:00:00 to 2024-07-01 23:59:59 UTC",
    ]
    assert scope(TWO).key() != scope(TWO.replace("24-0230", "24-0231")).key()
    assert scope(TWO).key() != scope(TWO.replace("2024-05-31", "2024-05-30")).key()


def test_one_warrant_is_the_flat_form(scope: Callable[[str], Guard]) -> None:
    flat = scope(
        "accounts = ['ann.example']\n[[range]]\nstart=2024-03-01\nend=2024-03-31\nzone='UTC'"
    )
    tabled = scope(
        "[[warrant]]\naccount = 'ann.example'\nstart=2024-03-01\nend=2024-03-31\nzone='UTC'"
    )
    for sent in (None, "2024-02-29 23:59:59", "2024-03-01", "2024-04-01"):
        for targets in (ANN, BO, NOBODY):
            item = record(sent)
            assert flat.scope_of(item, targets) is tabled.scope_of(item, targets)


def test_the_nearest_reason() -> None:
    assert set(NEARNESS) == set(Scope)
    assert nearest([Scope.OUT_ACCOUNT, Scope.OUT_DATE]) is Scope.OUT_DATE
    assert nearest([Scope.OUT_DATE, Scope.UNDETERMINED]) is Scope.UNDETERMINED
    assert nearest([Scope.UNDETERMINED, Scope.IN, Scope.OUT_DATE]) is Scope.IN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("accounts = ['a']\n[[warrant]]\naccounts = ['b']", "'accounts' stands beside"),
        ("[[warrant]]\nnumber = '1'", r"\[\[warrant\]\] 1 is empty"),
        ("[[warrant]]\naccounts = ['a']\n[[warrant]]\n", r"\[\[warrant\]\] 2 is empty"),
        ("[[warrant]]\naccount = ['a']\nacounts = ['b']", "unknown key 'acounts'"),
        ("[[warrant]]\naccounts = ['a']\nnumber = [1]", "number must be text"),
        ("warrant = 1", r"write each process as \[\[warrant\]\]"),
        ("warrant = []", "the scope is empty"),
        (
            "[[warrant]]\n[[warrant.range]]\nstart = 2024-03-02\nend = 2024-03-01\nzone = 'UTC'",
            "before",
        ),
    ],
)
def test_warrants_that_cannot_be_used(scope: Callable[[str], Guard], text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        scope(text)
    assert "\n" not in str(caught.value)


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("Ann.Example", "ann.example"), (" @ann.example ", "ann.example"),
        ("https://www.facebook.com/ann.example/", "ann.example"),
        ("https://www.facebook.com/profile.php?id=901", "901"),
        ("www.instagram.com/ann.example?hl=en", "ann.example"), ("901", "901"),
        ("100000000000901", "100000000000901"), ("+1 651-555-0117", "16515550117"),
    ],
)  # fmt: skip
def test_accounts_as_people_write_them(
    scope: Callable[[str], Guard], written: str, target: str
) -> None:
    guard = scope(f"accounts = ['{written}']")
    assert guard.accounts == {target}
    assert guard.scope_of(record(None), frozenset({target})) is Scope.IN


@pytest.mark.parametrize("section", ["unified_messages", "Unified Messages", "unified-messages"])
@pytest.mark.parametrize("written", ["Unified Messages", "unified_messages", "UNIFIED MESSAGES "])
def test_sections_as_people_write_them(
    scope: Callable[[str], Guard], section: str, written: str
) -> None:
    guard = scope(f"categories = ['{written}']")
    assert guard.scope_of(record(None, section), ANN) is Scope.IN
    assert guard.named_in([section]) == guard.categories
    assert guard.scope_of(record(None, "logins"), ANN) is Scope.OUT_CATEGORY


def test_names_that_match_nothing(scope: Callable[[str], Guard]) -> None:
    guard = scope(TWO.replace('"unified_messages"', '"unified_mesages", "logins"'))
    issues = unmatched(guard, ANN, frozenset({"logins"}))
    assert [(i.severity.value, i.code) for i in issues] == [
        ("warning", "scope_matches_nothing")
    ] * 2
    assert "account 'bo.example'" in issues[0].message
    assert "category 'unified_mesages'" in issues[1].message
    assert unmatched(guard, ANN | BO, frozenset({"logins", "unified_mesages"})) == []
    assert unmatched(Guard(), ANN, frozenset()) == []
    assert unmatched(MARCH, ANN, frozenset()) == []


# --- the whole run ------------------------------------------------------------------------------


def counts(case: Path) -> tuple[dict[str, int], int]:
    records = pd.read_parquet(case / "tables" / "records")
    coverage = pd.read_parquet(case / "tables" / "coverage")
    assert len(records) + coverage["sealed_count"].sum() == coverage["record_count"].sum()
    fates = ["record", "furniture", "issue", "out_of_scope", "sealed"]
    sources = pd.read_parquet(case / "tables" / "sources")
    read = sources[sources["reader"].notna()]
    by_file = coverage[fates].sum(axis=1).groupby(coverage["source_id"]).sum()
    assert dict(by_file) == dict(zip(read["source_id"], read["size_bytes"], strict=True))
    return records["scope"].value_counts().to_dict(), int(coverage["record_count"].sum())


def test_in_out_and_undetermined_add_up_to_the_source(
    tmp_path: Path, sample_return: Path, triage: Triage
) -> None:
    """The same return under every sort of scope: as many records, as many bytes."""
    texts = {
        "none": "",
        "dates": "[[range]]\nstart = 2023-01-01\nend = 2024-03-15\nzone = 'America/Chicago'\n",
        "sections": "categories = ['unified messages', 'nothing like it']\n",
        "account": "accounts = ['someone.else']\n",
    }
    totals = set()
    for name, text in texts.items():
        case, toml = tmp_path / name, tmp_path / f"{name}.toml"
        toml.write_text(text)
        options = ["--scope", toml] if text else []
        code, out, _ = triage(
            "run", sample_return, "--case", case, "--no-model", "--workers", 1, *options
        )
        assert code == 0
        found, total = counts(case)
        totals.add(total)
        assert sum(found.values()) == total
        ledger = Case(case).manifest()["ledger"]
        assert ledger["scopes"] == found
        assert ledger["sealed"] == 0
        issues = pd.read_parquet(case / "tables" / "issues").set_index("code")["message"].to_dict()
        report = (case / "reports" / "report.html").read_text()
        table = report.split('id="scope"')[1].split("</table>")[0]
        _, shown, _ = triage("status", case)
        for scope, count in found.items():
            assert f">{count:,}</" in table, scope
            assert f" {count:,} " in shown
        if name == "none":
            assert set(found) == {"in"}
        elif name == "dates":
            assert min(found.get(scope, 0) for scope in ("in", "out_date", "undetermined")) > 0
            assert "scope_matches_nothing" not in issues
        elif name == "sections":
            assert min(found["in"], found["out_category"]) > 0
            assert "'nothing_like_it'" in issues["scope_matches_nothing"]
        else:
            assert set(found) <= {"out_account"}
            assert "'someone.else'" in issues["scope_matches_nothing"]
            assert "ATTENTION" in out
    assert len(totals) == 1


@pytest.mark.usefixtures("brief_reports")
def test_a_changed_warrant_is_read_anew_and_logged(
    tmp_path: Path, meta_html: Callable[..., bytes], triage: Triage
) -> None:
    said = [("Ann Example (Facebook: 901)", f"2024-03-{day:02} 12:00:00 UTC", f"day {day}")
            for day in range(1, 31)]  # fmt: skip
    source = tmp_path / "records.html"
    source.write_bytes(meta_html({"9": said}, target="901"))
    toml, case = tmp_path / "scope.toml", tmp_path / "case"
    ids = set()
    for last, inside in ((10, 10), (20, 20), (5, 5)):
        toml.write_text(f"[[range]]\nstart = 2024-03-01\nend = 2024-03-{last:02}\nzone = 'UTC'\n")
        options = ["--scope", toml] if last == 10 else []  # the later ones are remembered
        assert triage("run", source, "--case", case, "--no-model", "--workers", 1, *options)[0] == 0
        records = pq.read_table(case / "tables" / "records").to_pandas()
        assert records["text"].str.startswith("day", na=False).sum() == inside
        ids.add(frozenset(records["record_id"]))
    assert len(ids) == 1
    assert (case / "audit.jsonl").read_text().count('"scope_changed"') == 2
