"""Full text and values: what is found, in which order, marked where, and printed how."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from shutil import rmtree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError, IntegrityError, TriageError, UnfinishedError
from pipeline.search.fold import fold, tokens, words
from pipeline.search.index import build
from pipeline.search.match import within
from pipeline.search.opened import open_search
from pipeline.search.parse import parse
from pipeline.search.query import render_search, search, to_json
from pipeline.search.show import show
from pipeline.search.tables import Tables
from pipeline.search.terminal import marked, printable
from schemas.tables import SCHEMAS

ROOT = Path(__file__).parents[2]
DEFAULTS = {
    "records": {"kind": "message", "source_id": "s1", "source_label": "FB-1", "scope": "in"},
    "mentions": {"basis": "found", "rule": "r", "extractor": "x", "extractor_version": 1,
                 "confidence": 0.8, "detail": "", "source_label": "FB-1"},
    "entities": {"mention_count": 1, "record_count": 1, "thread_count": 1, "stated_count": 0,
                 "is_lead": True},
    "memberships": {"basis": "exact", "reason": "same value"},
    "accounts": {"provider": "Meta", "is_target": False, "record_count": 1},
}  # fmt: skip


def table(name: str, rows: list[dict[str, object]]) -> pa.Table:
    schema = SCHEMAS[name]
    full = [{**DEFAULTS.get(name, {}), **row} for row in rows]
    assert all(row.keys() <= set(schema.names) for row in full)
    return pa.table(
        [pa.array([r.get(f.name) for r in full], type=f.type) for f in schema], schema=schema
    )


def write(case: Path, name: str, rows: list[dict[str, object]]) -> None:
    folder = case / "tables" / name
    folder.mkdir(parents=True)
    pq.write_table(table(name, rows), folder / "part-00000.parquet")


def record(key: str, text: str | None, day: int | None, **more: object) -> dict[str, object]:
    return {
        "record_id": key * 20, "text": text, "ordinal": ord(key), "thread_id": "t1",
        "thread_name": "Weekend plans", "author_name": "Ann Example", "author_account_id": "acc1",
        "sent_at": None if day is None else datetime(2021, 3, day, 12, 0, 7, 900_000, tzinfo=UTC),
        "citation": f"FB-1 p. 1,20{ord(key) % 10} l. 1{ord(key) % 7}", **more,
    }  # fmt: skip


RECORDS = [
    record("a", "call me at 651-555-0117 ok 📞🏽", 4),
    record("b", "Cookie said hi to cookie's friend", 2, author_name="Bo Pérez", author_account_id="acc2"),
    record("c", "𝐜𝐨𝐨𝐤𝐢𝐞 in Fridley, bring $150", 3, thread_id="t2", thread_name=None),
    record("d", "cafe\u0301 con José @lil.juno $tagone", None),
    record("e", "cookie out of time order", 2, record_id="0" * 20),
    record("f", "cookie repeated", 2, duplicate_of="b" * 20),
    record("1", None, None, scope="out_date", kind=None, thread_id=None, author_name=None, thread_name=None, author_account_id=None, citation="FB-1 p. 9"),
    record("2", None, 5, kind="call"),
    record("3", "cokie cookies 300 to 500 dollars, 555-0123", 6, kind="post"),
    record("4", "c\u200book\u200die ４１５", 7),
    record("5", "明日会いましょう", 8),
]  # fmt: skip

MENTIONS = [
    # (record, kind, surface, value, typed columns)
    ("a", "phone", "651-555-0117", "+16515550117", {"e164": "+16515550117"}),
    ("3", "phone", "555-0123", None, {}),
    ("f", "phone", "repeated", "+16515550117", {"e164": "+16515550117"}),
    ("b", "alias", "Cookie", "cookie", {"name_key": "cookie", "alias_kind": "moniker"}),
    ("c", "alias", "𝐜𝐨𝐨𝐤𝐢𝐞", "cookie", {"name_key": "cookie", "alias_kind": "moniker"}),
    ("d", "alias", "José", "jose", {"name_key": "jose", "alias_kind": "given"}),
    ("d", "handle", "@lil.juno", "instagram:lil.juno", {"name_key": "lil juno", "alias_kind": "handle"}),
    ("d", "handle", "$tagone", "cashapp:$tagone", {"name_key": "tagone", "alias_kind": "handle"}),
    ("c", "location", "Fridley", "Fridley, MN, US",
     {"place_name": "Fridley", "place_kind": "city", "city": "Fridley", "state": "MN", "country": "US"}),
    ("c", "money", "$150", "150 USD",
     {"amount_low": Decimal(150), "amount_high": Decimal(150), "currency": "USD"}),
    ("3", "money", "300 to 500 dollars", "300 USD",
     {"amount_low": Decimal(300), "amount_high": Decimal(500), "currency": "USD"}),
    ("3", "email", "cokie", "ann@example.com", {}),
    ("3", "url", "cookies", "https://www.example.com/a/", {}),
    ("3", "ip", "300", "203.0.113.7", {}),
    ("3", "date", "500", "2021-05-05", {}),
]  # fmt: skip
TYPED = {
    "phone": "phones",
    "alias": "aliases",
    "handle": "aliases",
    "location": "locations",
    "money": "money",
}


def fill(case: Path, rows: list[dict[str, object]]) -> None:
    write(case, "records", rows)
    by_key = {row["citation"]: row for row in rows}
    mentions, members, entities = [], [], {}
    typed: dict[str, list[dict[str, object]]] = {name: [] for name in TYPED.values()}
    for number, (key, kind, surface, value, facts) in enumerate(MENTIONS):
        owner = by_key[record(key, None, None)["citation"]]
        start = str(owner["text"]).index(surface)
        mention_id = f"{number:020x}"[::-1]
        head = {"mention_id": mention_id, "record_id": owner["record_id"], "surface": surface,
                "value": value, "citation": owner["citation"]}  # fmt: skip
        mentions.append({**head, "kind": kind, "start": start, "end": start + len(surface)})
        if kind in TYPED:
            typed[TYPED[kind]].append({**head, **facts})
        if value is not None:
            entity = f"{kind}-{value}"
            members.append({"mention_id": mention_id, "entity_id": entity})
            entities[entity] = {"entity_id": entity, "kind": kind, "value": value, "label": value}
    write(case, "mentions", mentions)
    for name, typed_rows in typed.items():
        write(case, name, typed_rows)
    write(case, "memberships", members)
    write(case, "entities", list(entities.values()))
    write(case, "accounts", [{"account_id": "acc2", "provider_account_id": "100777"}])
    index = case / "index"
    index.mkdir()
    build(index, table("records", rows).to_batches(max_chunksize=4))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("it's [1] *case*")
    fill(folder, RECORDS)
    return folder


def keys(case: Path, query: str, **options: object) -> str:
    """First characters of the record ids found, in order."""
    return "".join(hit.record_id[0] for hit in search(case, query, **options).hits)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cookie", "0bc4"),  # by day, then id; not the repeated one, not `cookies`
        ("COOKIE", "0bc4"),
        ("cookie*", "0bc34"),
        ("cookie~", "0bc34"),
        ("cokie", "3"),
        ("cokie~1", "0bc34"),
        ("coxie~2", "0bc34"),
        ("coxie~1", "3"),
        ("ocokie~1", "0bc34"),
        ("cookie friend", "b"),
        ("cookie AND friend", "b"),
        ("friend OR fridley", "bc"),
        ("cookie NOT friend", "0c4"),
        ("cookie NOT (friend OR fridley)", "04"),
        ("(friend OR fridley) cookie", "bc"),
        ("NOT cookie", "a35d"),
        ("cookie OR NOT (friend OR fridley OR time)", "0bca345d"),
        ('"said hi"', "b"),
        ('"hi said"', ""),
        ('"call me a*"', "a"),
        ('"me call"*', ""),
        ("“said hi”", "b"),
        ("651-555-0117", "a"),
        ("651-55*", "a"),
        ("0117", "a"),
        ("415", "4"),
        ("150", "c"),
        ("café", "d"),
        ("cafe", "d"),
        ("jose", "d"),
        ("@lil.juno", "d"),
        ("juno", "d"),
        ("$tagone", "d"),
        ("📞", "a"),
        ("📞🏿", "a"),
        ("📞 call", "a"),
        ("cookie -", "0bc4"),
        ("明日", "5"),
        ("いま", "5"),
        ('"or"', ""),
        ("or", ""),
        ("https://example.com", ""),
        ("5:30", ""),
        ("deadbeefdeadbeefdead", ""),
    ],
)
def test_words(case: Path, query: str, found: str) -> None:
    assert keys(case, query) == found
    assert search(case, query, limit=1).total == len(found)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("", "nothing to search for"),
        ("  ", "nothing to search for"),
        ("!!! -", "no letter, digit or emoji"),
        ('"said', "quotation"),
        ("(cookie", "does not close"),
        ("cookie)", "not opened"),
        ("()", "not complete"),
        ("cookie AND", "not complete: it ends"),
        ("OR cookie", "OR stands"),
        ("cookie OR OR friend", "OR stands"),
        ("NOT", "not complete"),
        ("*", "needs the beginning"),
        ("cookie~3", "up to ~2"),
        ("lil.juno~", "for one word"),
        ("(" * 5000, "more than 500"),
        ("(" * 400 + "a" + ")" * 90, "deeper than 50"),
        ("NOT " * 100 + "a", "deeper than 50"),
        ("a" * 20_000, "longer than"),
        ("phone:117", "last 4 digits"),
        ("phone:nobody", "last 4 digits"),
        ("money:lots", "no amount"),
        ("money:..", "no amount"),
        ("money:300..100", "above the high end"),
        ("money:1e9", "no amount"),
        ("money:" + "9" * 40, "no amount"),
        ("ip:somewhere", "write an address"),
        ("alias:!!", "nothing to compare"),
        ("place:--", "nothing to compare"),
        ("handle:@", "no name"),
    ],
)
def test_malformed(case: Path, query: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as caught:
        search(case, query)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"kind": "thing"}, "no kind 'thing'"),
        ({"since": "soon"}, "--from 'soon'"),
        ({"until": "2021-13-01"}, "--to"),
        ({"limit": -1}, "--limit"),
    ],
)
def test_wrong_options(case: Path, options: dict[str, object], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        search(case, "cookie", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"kind": "post"}, "3"),
        ({"kind": "message"}, "0bc4"),
        ({"kind": "alias"}, "bc"),
        ({"kind": "money"}, "c3"),
        ({"kind": "plate"}, ""),
        ({"since": "2021-03-03"}, "c34"),
        ({"until": "2021-03-03"}, "0bc"),
        ({"since": "2021-03-03", "until": "2021-03-03"}, "c"),
        ({"since": "2021-03-03T12:00:07"}, "c34"),
        ({"since": "2021-03-03T12:00:08"}, "34"),
        ({"until": "2021-03-03T12:00:07Z"}, "0bc"),
        ({"until": "2021-03-03T06:00:06-06:00"}, "0b"),
        ({"author": "bo perez"}, "b"),
        ({"author": "ANN"}, "0c34"),
        ({"author": "acc2"}, "b"),
        ({"author": "100777"}, "b"),
        ({"author": "nobody"}, ""),
        ({"thread": "t2"}, "c"),
        ({"thread": "weekend"}, "0b34"),
        ({"thread": "other"}, ""),
        ({"limit": 2}, "0b"),
        ({"limit": 0}, ""),
    ],
)
def test_filters(case: Path, options: dict[str, object], found: str) -> None:
    assert keys(case, "cookie*", **options) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("phone:651-555-0117", "a"),
        ("phone:+1 (651) 555.0117", "a"),
        ("phone:16515550117", "a"),
        ("phone:0116515550117", "a"),
        ("phone:６５１５５５０１１７", "a"),
        ("PHONE: six five one five five five oh one one seven", "a"),
        ("phone:oh one one seven", "a"),
        ("phone:0117", "a"),
        ("phone:651555", ""),
        ("phone:555-0123", "3"),
        ("phone:651-555-0123", ""),
        ("phone:*", "a3"),
        ("phone:", "a3"),
        ("alias:cookie", "bc"),
        ("alias:Cookie 🍪", "bc"),
        ("alias:cook", ""),
        ("alias:cook*", "bc"),
        ('alias:"cookie"', "bc"),
        ("alias:josé", "d"),
        ("alias:lil juno", ""),
        ("handle:$tagone", "d"),
        ("handle:tagone", "d"),
        ("handle:@tagone", ""),
        ("handle:cashapp:tagone", "d"),
        ("handle:venmo:tagone", ""),
        ("handle:@lil.juno", "d"),
        ("handle:lil*", "d"),
        ("place:fridley", "c"),
        ("place:Fridley, MN", "c"),
        ("place:mn", "c"),
        ("place:frid", ""),
        ("location:frid*", "c"),
        ("money:150", "c"),
        ("money:$150.00", "c"),
        ("money:150 usd", "c"),
        ("money:150 EUR", ""),
        ("money:500", "3"),
        ("money:400", "3"),
        ("money:500..", "3"),
        ("money:..150", "c"),
        ("money:..50", ""),
        ("money:100..300", "c3"),
        ("money:300..1,000", "3"),
        ("money:..1k", "c3"),
        ("email:ANN@example.com", "3"),
        ("email:@example.com", "3"),
        ("email:bo@", ""),
        ("url:example.com/a", "3"),
        ("url:http://example.com/a", "3"),
        ("ip:203.0.113.7", "3"),
        ("ip:203.0.113.0/24", "3"),
        ("ip:203.0.113.*", "3"),
        ("ip:203.0.113.8", ""),
        ("ip:::1", ""),
        ("date:2021-05", "3"),
        ("plate:abc", ""),
        ("entity:alias-cookie", "bc"),
        ("mention:" + f"{3:020x}"[::-1], "b"),
        ("record:" + "c" * 20, "c"),
        ("record:" + "f" * 20, ""),
        ("c" * 20, "c"),
        (f"{4:020x}"[::-1], "c"),
        ("alias:' OR 1=1 --", ""),
        ("alias:a\0b", ""),
    ],
)
def test_values(case: Path, query: str, found: str) -> None:
    assert keys(case, query) == found
    assert search(case, query, limit=1).total == len(found)


@pytest.mark.parametrize(
    ("query", "options", "found"),
    [
        ("alias:cookie", {"author": "bo"}, "b"),
        ("alias:cookie", {"thread": "t2"}, "c"),
        ("alias:cookie", {"since": "2021-03-03"}, "c"),
        ("alias:cookie", {"until": "2021-03-02T12:00:07"}, "b"),
        ("alias:cookie", {"kind": "alias"}, "bc"),
        ("alias:cookie", {"kind": "phone"}, ""),
        ("alias:cookie", {"kind": "post"}, ""),
        ("money:100..", {"kind": "post"}, "3"),
        ("c" * 20, {"kind": "money"}, "c"),
        ("alias:cookie", {"limit": 1}, "b"),
        ("alias:cookie", {"limit": 0}, ""),
    ],
)
def test_values_narrowed(case: Path, query: str, options: dict[str, object], found: str) -> None:
    assert keys(case, query, **options) == found


def test_a_hit_in_full(case: Path) -> None:
    result = search(case, "alias:cookie")
    assert result.total == 2
    assert to_json(result)["hits"][1] == {  # type: ignore[index]
        "record_id": "c" * 20,
        "citation": "FB-1 p. 1,209 l. 11",
        "sent_at": "2021-03-03T12:00:07Z",
        "author_name": "Ann Example",
        "thread_id": "t2",
        "kind": "message",
        "text": "𝐜𝐨𝐨𝐤𝐢𝐞 in Fridley, bring $150",
        "spans": [[0, 6]],
        "mention_id": f"{4:020x}"[::-1],
        "value": "cookie",
        "watch": None,
    }
    json.dumps(to_json(result))
    by_text = search(case, "fridley").hits[0]
    by_value = search(case, "c" * 20).hits[0]
    assert by_text.spans == ((10, 17),)
    assert (by_text.citation, by_text.sent_at, by_text.text) == (
        by_value.citation,
        by_value.sent_at,
        by_value.text,
    )
    named = search(case, "fridley", kind="money").hits[0]
    assert (named.mention_id, named.value) == (f"{9:020x}"[::-1], "150 USD")


@pytest.mark.parametrize(
    ("query", "key", "surfaces"),
    [
        ("cookie", "b", ["Cookie", "cookie"]),
        ("cookie", "4", ["c\u200book\u200die"]),
        ("café", "d", ["cafe\u0301"]),
        ("651-555-0117", "a", ["651-555-0117"]),
        ('"said hi" OR friend', "b", ["said hi", "friend"]),
        ("📞 NOT nothing", "a", ["📞"]),
        ("cook*", "3", ["cookies"]),
        ("cookie~", "3", ["cokie", "cookies"]),
        ("415", "4", ["４１５"]),
        ("hi hi \"said hi\"", "b", ["said hi"]),
    ],
)  # fmt: skip
def test_spans(case: Path, query: str, key: str, surfaces: list[str]) -> None:
    (hit,) = [hit for hit in search(case, query).hits if hit.record_id[0] == key]
    found = [hit.text[start:end] for start, end in hit.spans]
    assert [text.rstrip("\u0301") for text in found] == [text.rstrip("\u0301") for text in surfaces]


def test_order_does_not_depend_on_the_build(tmp_path: Path) -> None:
    rows = [
        record(
            "a",
            f"word {number}",
            number % 3 + 1 if number % 4 else None,
            record_id=f"{number:020x}",
        )
        for number in range(60)
    ]
    expected = [
        row["record_id"]
        for row in sorted(
            rows, key=lambda r: (r["sent_at"] is None, r["sent_at"] or 0, r["record_id"])
        )
    ]
    rng = random.Random(3)
    for number in range(3):
        case = tmp_path / str(number)
        rng.shuffle(rows)
        write(case, "records", rows)
        (case / "index").mkdir()
        ranks = [expected.index(row["record_id"]) for row in rows] if number else None
        batches = table("records", rows).to_batches(max_chunksize=7 + number)
        assert build(case / "index", batches, ranks) == 60
        assert [hit.record_id for hit in search(case, "word", limit=100).hits] == expected


def test_build_refuses(tmp_path: Path) -> None:
    batches = table("records", RECORDS).to_batches()
    with pytest.raises(ConfigError, match="ranks"):
        build(tmp_path, batches, [0])
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "file").touch()
    with pytest.raises(ConfigError, match="not empty"):
        build(tmp_path / "used", batches)


def test_hostile_texts(tmp_path: Path) -> None:
    texts = [
        "a" * 900_000 + " needle",
        "\x1b[2J\x07 needle \u202egnp.exe\u2069\r\n[FB-1 p. 1] forged",
        "needle\0needle",
        "needle " * 50_000,
        "\U0010ffff\ue000 needle",
        "a\u0301" * 100_000 + " needle",
    ]
    rows = [record(str(n), text, n + 1) for n, text in enumerate(texts)]
    write(tmp_path, "records", rows)
    (tmp_path / "index").mkdir()
    assert build(tmp_path / "index", table("records", rows).to_batches()) == len(texts)
    result = search(tmp_path, "needle")
    assert [hit.text for hit in result.hits] == texts
    for hit in result.hits:
        assert {hit.text[s:e] for s, e in hit.spans} == {"needle"}
    assert keys(tmp_path, "a" * 200) == "05"
    assert keys(tmp_path, "a" * 9_000) == "05"
    printed = render_search(result)
    assert "\\x1b[2J\\x07 «needle» \\u202egnp.exe\\u2069\\r\\n[FB-1 p. 1] forged" in printed
    assert not any(char in printed for char in "\x1b\x07\x00\r\u202e\u2069")
    assert "«needle»\\x00«needle»" in printed
    assert len(printed) < 6_000
    assert "(899,881 characters before) …" in printed


def test_render(case: Path) -> None:
    assert render_search(search(case, "fridley")) == (
        "1 hit\n\n"
        "[FB-1 p. 1,209 l. 11]  2021-03-03 12:00:07Z  Ann Example  message\n"
        "    𝐜𝐨𝐨𝐤𝐢𝐞 in «Fridley», bring $150\n"
        f"    {'c' * 20}\n"
    )
    assert render_search(search(case, "nothing")) == "0 hits\n"
    assert render_search(search(case, "cookie", limit=1)).startswith("4 hits, the first 1 shown\n")
    assert "undated  Ann Example  message  = cashapp:$tagone\n" in render_search(
        search(case, "handle:$tagone")
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 日 🍪", "plain é 日 🍪"),
        ("\x1b]0;x\x07", "\\x1b]0;x\\x07"),
        ("a\u202eb\u2066c\u200fd", "a\\u202eb\\u2066c\\u200fd"),
        ("a\x9bb\u2028c\x7f", "a\\x9bb\\u2028c\\x7f"),
        ("c\u200book", "c\\u200book"),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("a\u200db", "a\\u200db"),
        ("\udc80", "\\udc80"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable("x\n" + text, lines=True) == "x\n" + shown


def test_marked_cuts_around_the_first_span() -> None:
    assert (
        marked("0123456789", [(4, 6)], around=2)
        == "(2 characters before) …23«45»67… (2 characters more)"
    )
    assert marked("0123456789", [(4, 6), (7, 10)], around=2).endswith(
        "«45»6«7»… (2 characters more)"
    )
    assert marked("abc", []) == "abc"


def test_missing_and_broken(tmp_path: Path, case: Path) -> None:
    with pytest.raises(ConfigError, match="no case folder"):
        search(tmp_path / "none", "x")
    with pytest.raises(ConfigError, match="no full-text index"):
        search(tmp_path, "x")
    with pytest.raises(ConfigError, match="no table phones"):
        search(tmp_path, "phone:0117")
    broken = tmp_path / "tables" / "mentions"
    broken.mkdir(parents=True)
    (broken / "part-00000.parquet").write_bytes(b"PAR1 nonsense")
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "meta.json").write_text("{")
    with pytest.raises(IntegrityError, match="cannot be opened"):
        search(tmp_path, "x")
    with pytest.raises(IntegrityError, match="cannot be read"):
        search(tmp_path, "date:x")


def test_a_search_writes_nothing(case: Path) -> None:
    before = sorted((p, p.stat().st_mtime_ns) for p in case.rglob("*"))
    keys(case, "cookie", kind="alias")
    keys(case, "alias:cookie")
    assert sorted((p, p.stat().st_mtime_ns) for p in case.rglob("*")) == before
    assert not [p for p in case.rglob("*") if p.name.endswith(".lock")]


def test_heavy_libraries_stay_out(case: Path) -> None:
    code = """
import sys
from pathlib import Path
from pipeline.search.query import search
case = Path(sys.argv[1])
assert search(case, "cookie", kind="alias", author="bo").total == 1
assert search(case, "phone:651-555-0117", since="2021-03-01").total == 1
assert search(case, "money:100..").total == 2
found = {"pyarrow", "pandas", "dask", "distributed", "spacy", "numpy"} & set(sys.modules)
assert not found, found
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(case)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@given(st.text(max_size=60))
@example("0\U0001f210")  # a sign that decomposes into a character written without blanks
@settings(max_examples=300, deadline=None)
def test_folding(text: str) -> None:
    found = tokens(text)
    assert [token.word for token in found] == words(text) == fold(text).split()
    assert all(0 <= t.start < t.end <= len(text) for t in found)
    assert [t.start for t in found] == sorted(t.start for t in found)
    assert words(fold(text)) == words(text)


@given(st.text(alphabet='abc "()*~ANDORT:\n1😀', max_size=40) | st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_query_parses_or_is_refused(query: str) -> None:
    try:
        parse(query)
    except ConfigError as error:
        assert str(error)


@given(
    st.sampled_from(
        ["phone", "alias", "handle", "place", "money", "email", "url", "ip", "date", "record"]
    ),
    st.text(max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_any_value_answers_or_is_refused(case: Path, name: str, value: str) -> None:
    try:
        search(case, f"{name}:{value}", limit=3)
    except TriageError as error:
        assert str(error)


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_distance_against_an_oracle(one: str, other: str) -> None:
    def edits(word: str) -> set[str]:
        cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
        return (
            {word}
            | {a + b[1:] for a, b in cuts if b}
            | {a + c + b[1:] for a, b in cuts if b for c in "abc"}
            | {a + c + b for a, b in cuts for c in "abc"}
            | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
        )

    assert within(one, other, 1) == (other in edits(one))


OPENED = [
    ("cookie", {}), ("fridley", {"kind": "money"}), ("alias:", {}), ("alias:cookie", {}),
    ("money:100..", {"limit": 1}), ("place:fridley", {"since": "2021-03-02"}), ("phone:0117", {}),
    ("alias:", {"author": "ann"}), ("alias:", {"watched": True}), ("watch:", {}), ("money:", {}),
    ("alias:nobody", {}), ("record:" + "c" * 20, {}), ("entity:" + "e" * 20, {}),
    ("place:", {"thread": "t2"}), ("alias:", {"kind": "message", "limit": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("query", "options"), OPENED)
def test_an_opened_case_answers_as_a_closed_one(
    sample_case: Path, query: str, options: dict[str, object]
) -> None:
    with open_search(sample_case) as opened:
        for asked in (query, query):  # what is remembered changes nothing
            found = opened.search(asked, **options)
            assert found == search(sample_case, asked, **options)  # type: ignore[arg-type]


def test_an_opened_case_answers_each_of_its_values(sample_case: Path) -> None:
    values = pq.read_table(sample_case / "tables" / "entities").to_pylist()
    with open_search(sample_case) as opened:
        for row in values[::7]:
            query = f"entity:{row['entity_id']}"
            assert opened.search(query) == search(sample_case, query)
        with pytest.raises(ConfigError):
            opened.search("phone:1")


@pytest.mark.parametrize("after", [0, 2, 5])
def test_a_case_too_large_for_memory_is_searched_from_its_files(
    sample_case: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    whole = Tables.run
    told = []

    def run(tables: Tables, sql: str) -> None:
        told.append(sql)
        if sql.startswith("CREATE") and len(told) > after:
            raise UnfinishedError("the question needs more than 1GB of memory: narrow it")
        whole(tables, sql)

    monkeypatch.setattr(Tables, "run", run)
    with open_search(sample_case) as opened:
        for query, options in OPENED:
            found = opened.search(query, **options)
            assert found == search(sample_case, query, **options)  # type: ignore[arg-type]


def test_a_case_of_an_earlier_version_has_no_marks(case_copy: Path) -> None:
    for name in ("mentions", "entities"):
        path = case_copy / "tables" / name / "part-00000.parquet"
        pq.write_table(pq.read_table(path).drop_columns(["watch"]), path)
    rmtree(case_copy / "tables" / "watched")
    result = search(case_copy, "alias:")
    assert result.total
    assert {hit.watch for hit in result.hits} == {None}
    assert search(case_copy, "watch:").total == 0
    assert search(case_copy, "the").hits == search(case_copy, "the", watched=False).hits
    shown = show(case_copy, str(result.hits[0].mention_id))
    assert shown.mention is not None
    assert shown.mention.watch is None
    with open_search(case_copy) as opened:
        assert opened.search("alias:") == result
