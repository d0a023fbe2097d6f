"""What the legal process covers, and that nothing else leaves a trace."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.errors import ConfigError
from pipeline.guard import Guard
from pipeline.readers.base import Record
from pipeline.scope import load_scope
from schemas.kinds import RecordKind, Scope

Triage = Callable[..., tuple[int, str, str]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def record(sent: str | None = None, section: str = "unified_messages", **more: object) -> Record:
    return Record(
        RecordKind.MESSAGE, "text", [], section, "message", 1, 1, 1, 0, 4,
        sent_at=at(sent) if sent else None, **more,  # type: ignore[arg-type]
    )  # fmt: skip


MARCH = Guard(ranges=((at("2024-03-01 06:00:00"), at("2024-04-01 04:59:59")),))
TWO = Guard(
    accounts=frozenset({"ann.example"}),
    categories=frozenset({"unified_messages"}),
    ranges=(
        (at("2024-03-01"), at("2024-03-01 23:59:59")),
        (at("2024-05-01"), at("2024-05-01 23:59:59")),
    ),
)
ANN, BO = frozenset({"ann.example", "1"}), frozenset({"bo.example", "2"})


@pytest.mark.parametrize(
    ("guard", "item", "targets", "expected"),
    [
        (Guard(), record(), BO, Scope.IN),
        (Guard(), record("2024-03-01"), frozenset(), Scope.IN),
        (MARCH, record("2024-03-01 05:59:59"), ANN, Scope.OUT_DATE),
        (MARCH, record("2024-03-01 05:59:59.999999"), ANN, Scope.OUT_DATE),
        (MARCH, record("2024-03-01 06:00:00"), ANN, Scope.IN),
        (MARCH, record("2024-04-01 04:59:59.999999"), ANN, Scope.IN),
        (MARCH, record("2024-04-01 05:00:00"), ANN, Scope.OUT_DATE),
        (MARCH, record(), ANN, Scope.UNDETERMINED),
        (TWO, record("2024-03-01 12:00"), ANN, Scope.IN),
        (TWO, record("2024-05-01 12:00"), ANN, Scope.IN),
        (TWO, record("2024-04-01 12:00"), ANN, Scope.OUT_DATE),
        (TWO, record("2024-03-01 12:00"), BO, Scope.OUT_ACCOUNT),
        (TWO, record(), BO, Scope.OUT_ACCOUNT),
        (TWO, record("2024-03-01 12:00", "logins"), ANN, Scope.OUT_CATEGORY),
        (TWO, record("2024-03-01 12:00"), frozenset(), Scope.UNDETERMINED),
        (TWO, record(), ANN, Scope.UNDETERMINED),
        # what is certainly out stays out, whoever's it is
        (TWO, record("2024-04-01 12:00"), frozenset(), Scope.OUT_DATE),
        (TWO, record("2024-03-01 12:00", "logins"), frozenset(), Scope.OUT_CATEGORY),
    ],
)
def test_scope_of(guard: Guard, item: Record, targets: frozenset[str], expected: Scope) -> None:
    assert guard.scope_of(item, targets) is expected


def test_sealed_threads() -> None:
    guard = Guard(sealed_threads=frozenset({"7"}))
    assert guard.seals(record(thread_id="7"))
    assert not guard.seals(record(thread_id="77"))
    assert not guard.seals(record())


def scope(tmp_path: Path, text: str) -> Guard:
    path = tmp_path / "scope.toml"
    path.write_text(text, "utf-8")
    return load_scope(path)


def span(tmp_path: Path, start: str, end: str, zone: str = "America/Chicago") -> tuple[str, str]:
    text = f"[[range]]\nstart = {start}\nend = {end}\nzone = '{zone}'\n"
    ((first, last),) = scope(tmp_path, text).ranges
    return first.isoformat(" ")[:19], last.isoformat(" ")[:19]


def test_a_scope_file(tmp_path: Path) -> None:
    guard = scope(
        tmp_path,
        "accounts = [' Ann.Example ', '900']\ncategories = ['Unified_Messages']\n"
        "[[range]]\nstart = 2024-03-01\nend = 2024-03-31\nzone = 'America/Chicago'\n"
        "[[range]]\nstart = 2024-05-01\nend = 2024-05-01\nzone = 'UTC'\n",
    )
    assert guard.accounts == {"ann.example", "900"}
    assert guard.categories == {"unified_messages"}
    assert guard.ranges == (
        (at("2024-03-01 06:00:00"), at("2024-04-01 04:59:59")),
        (at("2024-05-01 00:00:00"), at("2024-05-01 23:59:59")),
    )
    single = "range = {start = '2024-03-01', end = '2024-03-01T12:00', zone = 'UTC'}"
    assert scope(tmp_path, single).ranges == ((at("2024-03-01"), at("2024-03-01 12:00")),)


@pytest.mark.parametrize(
    ("start", "end", "zone", "expected"),
    [
        # the clocks go forward on 10 March 2024 at 2:00, and back on 3 November at 2:00
        ("2024-03-10", "2024-03-10", "America/Chicago", ("2024-03-10 06:00:00", "2024-03-11 04:59:59")),
        ("2024-11-03", "2024-11-03", "America/Chicago", ("2024-11-03 05:00:00", "2024-11-04 05:59:59")),
        # an hour that comes twice: the longer range
        ("2024-11-03T01:30:00", "2024-11-03T01:30:00", "America/Chicago",
         ("2024-11-03 06:30:00", "2024-11-03 07:30:00")),
        # an hour that does not come at all: likewise
        ("2024-03-10T02:30:00", "2024-03-10T02:30:00", "America/Chicago",
         ("2024-03-10 07:30:00", "2024-03-10 08:30:00")),
        ("2024-03-01T00:00:00-05:00", "2024-03-02T00:00:00Z", "America/Chicago",
         ("2024-03-01 05:00:00", "2024-03-02 00:00:00")),
        ("0001-01-01", "9999-12-31", "America/Chicago", ("0001-01-01 05:50:36", "9999-12-31 23:59:59")),
        ("0001-01-01", "9999-12-31", "Asia/Tokyo", ("0001-01-01 00:00:00", "9999-12-31 14:59:59")),
    ],
)  # fmt: skip
def test_ranges(tmp_path: Path, start: str, end: str, zone: str, expected: tuple[str, str]) -> None:
    assert span(tmp_path, start, end, zone) == expected


RANGE = "[[range]]\nstart = 2024-03-01\nend = 2024-03-31\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the scope is empty"),
        ("accounts = []", "the scope is empty"),
        ("acounts = ['x']", "unknown key 'acounts'; known are accounts, categories, range"),
        ("accounts = 1", "accounts must be a list"),
        ("accounts = [1]", "accounts must be a list"),
        ("categories = ['']", "none of them blank"),
        ("range = 1", r"write ranges as \[\[range\]\]"),
        ("range = [1]", r"write ranges as \[\[range\]\]"),
        (RANGE, "a range lacks 'zone'"),
        ("[[range]]\nzone = 'UTC'\nend = 2024-03-31", "a range lacks 'start'"),
        (RANGE + "zone = 'UTC'\nfrom = 1", "'start' is given twice"),
        *(
            (RANGE + f"zone = {zone}", "is not a zone such as America/Chicago")
            for zone in (
                "'Minnesota'",
                "'America'",
                "''",
                "'../x'",
                "5",
                "'/etc/passwd'",
                "'\\u0000'",
            )
        ),
        ("[[range]]\nstart = 2024-04-01\nend = 2024-03-01\nzone = 'UTC'", "before it starts"),
        ("[[range]]\nstart = 'noon'\nend = 2024-03-01\nzone = 'UTC'", "cannot be read"),
        ("[[range]]\nstart = 12:00:00\nend = 2024-03-01\nzone = 'UTC'", "is not a date or time"),
        ("[[range]]\nstart = 5\nend = 2024-03-01\nzone = 'UTC'", "is not a date or time"),
        ("accounts = [", "the scope cannot be read"),
    ],
)
def test_scopes_that_cannot_be_used(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        scope(tmp_path, text)
    assert str(tmp_path / "scope.toml") in str(caught.value)
    assert "\n" not in str(caught.value).replace("\\n", "")


def test_a_scope_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the scope cannot be read"):
        load_scope(tmp_path / "scope.toml")
    (tmp_path / "scope.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="the scope cannot be read"):
        load_scope(tmp_path / "scope.toml")


# --- the whole run ------------------------------------------------------------------------------

OUT = ["zebraquartz", "walrusnickel", "651-555-0188", "gravelotter"]
"""Planted in messages before and after the range, and in the file of another account."""
KEPT = "ambercondor"
MAIL = "maroonpelican@example.com"
"""What the provider states of the other account."""


def everything(case: Path) -> str:
    """Return all text under a case, tables taken apart, in every writing it may have."""
    parts = []
    for path in sorted(case.rglob("*")):
        parts.append(path.name)
        if not path.is_file():
            continue
        data = path.read_bytes()
        parts += [data.decode("latin-1"), data.decode("utf-16-le", "replace")]
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            parts.append(json.dumps(table.to_pylist(), default=str))
            parts.append(str(pq.read_metadata(path).metadata))
    return "\n".join(parts).lower()


@pytest.fixture
def scoped(
    tmp_path: Path, meta_html: Callable[..., bytes], make_zip: Callable[..., Path]
) -> tuple[Path, Path]:
    """A return of two accounts, and the scope of a warrant for one of them in March."""
    ann, bo = "Ann Example (Facebook: 901)", "Bo Example (Facebook: 902)"
    messages = [
        (ann, "2024-02-29 23:59:59 UTC", f"{OUT[0]} before, call {OUT[2]}"),
        (bo, "2024-03-01 00:00:00 UTC", f"{KEPT} first, call 651-555-0117"),
        (ann, "2024-03-31 23:59:59 UTC", f"{KEPT} last"),
        (bo, "2024-04-01 00:00:00 UTC", f"{OUT[1]} after"),
    ]
    other = [(bo, "2024-03-15 12:00:00 UTC", f"{OUT[3]} of someone else")]
    path = make_zip(tmp_path / "return.zip", {
        "records.html": meta_html({"7001": messages}, target="901"),
        "other/records.html": meta_html({"7002": other}, target="902", emails=[MAIL]),
    })  # fmt: skip
    toml = tmp_path / "scope.toml"
    toml.write_text(
        "accounts = ['901']\n[[range]]\nstart = 2024-03-01\nend = 2024-03-31\nzone = 'UTC'\n"
    )
    return path, toml


def test_text_out_of_scope_goes_nowhere(
    tmp_path: Path, scoped: tuple[Path, Path], triage: Triage
) -> None:
    path, toml = scoped
    case = tmp_path / "case"
    code, out, err = triage("run", path, "--case", case, "--scope", toml, "--workers", 1)
    assert (code, err) == (0, "")
    text = everything(case) + out
    assert KEPT in text
    for word in OUT:
        for writing in (word, word.encode().hex(), word[::-1]):
            assert writing not in text, word
        for query in (word, f"phone:{word}", f'"{word}"'):
            _, found, _ = triage("search", case, query, "--json")
            assert word not in found.replace(query, "").replace(json.dumps(query)[1:-1], "")
    records = pd.read_parquet(case / "tables" / "records")
    messages = records[records["text"].str.contains(KEPT, na=False)]
    assert list(messages["scope"]) == ["in", "in"]
    out_rows = records[records["scope"].str.startswith("out_")]
    assert {"out_date", "out_account"} == set(out_rows["scope"])
    assert (out_rows["scope"] == "out_date").sum() == 2
    filled = set(out_rows.columns[out_rows.notna().any()])
    assert filled <= {
        "record_id", "ordinal", "source_id", "source_label", "page_first", "page_last", "line_first",
        "byte_start", "byte_end", "scope", "citation", "sheet_first", "sheet_last",
    }  # fmt: skip
    mentions = pd.read_parquet(case / "tables" / "mentions")
    assert not set(mentions["record_id"]) & set(out_rows["record_id"])
    coverage = pd.read_parquet(case / "tables" / "coverage")
    assert coverage["out_of_scope"].sum() > 0
    fates = ["record", "furniture", "issue", "out_of_scope", "sealed"]
    assert (coverage[fates].sum(axis=1) == coverage["byte_end"] - coverage["byte_start"]).all()
    # show tells where it stands and that it is withheld, but not what it says
    for identity in out_rows["record_id"]:
        code, shown, _ = triage("show", case, identity)
        assert code == 0
        assert not any(word in shown for word in OUT)


@pytest.mark.parametrize("scope", ["accounts = ['901']", "categories = ['unified_messages']"])
def test_what_is_stated_of_another_account_goes_nowhere(
    tmp_path: Path, scoped: tuple[Path, Path], triage: Triage, scope: str
) -> None:
    path, toml = scoped
    toml.write_text(scope)
    code, out, _ = triage("run", path, "--case", tmp_path / "case", "--scope", toml, "--workers", 1)
    assert code == 0
    assert MAIL not in everything(tmp_path / "case") + out


def test_a_narrower_scope_leaves_nothing_of_the_wider_run(
    tmp_path: Path, scoped: tuple[Path, Path], triage: Triage
) -> None:
    path, toml = scoped
    case = tmp_path / "case"
    assert triage("run", path, "--case", case, "--workers", 1)[0] == 0
    text = everything(case)
    assert all(word in text for word in OUT)  # the search of this test finds what is there
    ids = set(pd.read_parquet(case / "tables" / "records")["record_id"])
    assert triage("run", path, "--case", case, "--scope", toml, "--workers", 1)[0] == 0
    text = everything(case)
    assert not any(word in text for word in OUT)
    assert set(pd.read_parquet(case / "tables" / "records")["record_id"]) == ids
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    # a scope that is forgotten holds on; one taken out of case.toml by hand does not
    assert "nothing new" in triage("run", path, "--case", case, "--workers", 1)[1]
    toml = case / "case.toml"
    lines = toml.read_text().splitlines(keepends=True)
    toml.write_text("".join(line for line in lines if not line.startswith("scope =")))
    assert triage("run", path, "--case", case, "--workers", 1)[0] == 0
    assert OUT[0] in everything(case)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


@pytest.mark.usefixtures("brief_reports")
def test_no_scope_is_said(tmp_path: Path, scoped: tuple[Path, Path], triage: Triage) -> None:
    path, toml = scoped
    _, out, _ = triage("run", path, "--case", tmp_path / "a", "--workers", 1)
    assert "--scope" in out
    issues = pd.read_parquet(tmp_path / "a" / "tables" / "issues")
    assert "no_scope" in set(issues["code"])
    _, out, _ = triage("run", path, "--case", tmp_path / "b", "--workers", 1, "--scope", toml)
    assert "no_scope" not in set(pd.read_parquet(tmp_path / "b" / "tables" / "issues")["code"])


@pytest.mark.parametrize(
    "text",
    [
        'start = 2024-02-01\nend = 2024-03-15\nzone = "America/Chicago"',
        '[range]\nfrom = "2024-02-01"\nto = "2024-03-15"\ntimezone = "America/Chicago"',
        '[[ranges]]\nstart = 2024-02-01\nend = 2024-03-15\ntz = "America/Chicago"',
    ],
)
def test_one_range_in_the_words_people_use(tmp_path, text):
    path = tmp_path / "scope.toml"
    path.write_text(text, "utf-8")
    assert load_scope(path).told() == ["2024-02-01 06:00:00 to 2024-03-16 04:59:59 UTC"]
