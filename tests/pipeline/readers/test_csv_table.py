"""Delimited text: rows, cells, headers, quotes, encodings, shards, and what is no table."""

from __future__ import annotations

import csv
import io
import json
import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import csv_cells, csv_table
from pipeline.readers.base import About
from pipeline.readers.csv_cells import csv_rows
from pipeline.readers.csv_table import CsvTable
from pipeline.readers.table_rows import columns_of, find_header, read_time, sent_of
from pipeline.sample.tables import make_csv
from schemas.kinds import RecordKind, Severity
from tests._data.reading import bid_of

READER = CsvTable()

TABLE = (
    "Export of calls\r\n"
    "\r\n"
    "Date (UTC),From,To,Note\r\n"
    '2024-03-01 02:11:07,Marlo,651-555-0117,"says ""ok"", then\r\nhangs up"\r\n'
    ",,,\r\n"
    "2024-03-01 02:14:00,Dovie,+16515550118,=1+1\r\n"
    "2024-03-01 02:15:00,señora,651-555-0119\r\n"
)


def read(data, block=1 << 16):
    data = data if isinstance(data, bytes) else data.encode()
    blocks = (data[at : at + block] for at in range(0, len(data), block))
    shards = list(READER.shards(blocks, has_pages=False))
    assert b"".join(shard.block for shard in shards) == data
    records, issues, at = [], [], 0
    for number, shard in enumerate(shards):
        assert (shard.ordinal, shard.byte_start) == (number, at)
        assert shard.is_last is (number == len(shards) - 1)
        reading = READER.read(shard, About("", "a.csv"))
        records += list(reading.records)
        issues += reading.issues
        assert reading.pages == [(None, shard.byte_start, shard.byte_end)]
        assert not reading.unread
        at = shard.byte_end
    assert at == len(data)
    check(records, data)
    return records, issues


def check(records, data):
    last = 0
    for record in records:
        assert last <= record.byte_start < record.byte_end <= len(data)
        last = record.byte_end
        starts = [segment[0] for segment in record.segments]
        assert starts == sorted(set(starts))
        assert not starts or (starts[0] == 0 and starts[-1] < max(len(record.text), 1))
    assert len({(r.page_first, r.line_first, r.field) for r in records}) == len(records)


def bid(data, path="a.csv"):
    return bid_of(READER, data, path)


def counts(issues):
    total = Counter()
    for issue in issues:
        total[issue.code] += issue.count
    return dict(total)


def told(records):
    return [(r.field, r.line_first, r.text) for r in records]


def test_a_table_becomes_rows_with_their_cells_bytes_and_lines():
    records, issues = read(TABLE)
    data = TABLE.encode()
    assert told(records) == [
        ("title", 1, "Export of calls"),
        ("header", 3, "Date (UTC)\tFrom\tTo\tNote"),
        ("row", 4, '2024-03-01 02:11:07\tMarlo\t651-555-0117\tsays "ok", then\r\nhangs up'),
        ("row", 7, "2024-03-01 02:14:00\tDovie\t+16515550118\t=1+1"),
        ("row", 8, "2024-03-01 02:15:00\tseñora\t651-555-0119"),
    ]
    kinds = [RecordKind.DOCUMENT] * 2 + [RecordKind.ROW] * 3
    assert [r.kind for r in records] == kinds
    row = records[2]
    assert row.sent_at == datetime(2024, 3, 1, 2, 11, 7, tzinfo=UTC)
    assert row.sent_raw == "2024-03-01 02:11:07"
    assert row.attributes == [
        ("Date (UTC)", "2024-03-01 02:11:07"),
        ("From", "Marlo"),
        ("To", "651-555-0117"),
        ("Note", 'says "ok", then\r\nhangs up'),
    ]
    assert row.segments == [(0, None, 4), (row.text.index("hangs"), None, 5)]
    assert data[row.byte_start : row.byte_end].startswith(b"2024-03-01 02:11:07,Marlo")
    assert data[row.byte_start : row.byte_end].endswith(b'hangs up"\r\n')
    assert data[records[4].byte_start : records[4].byte_end].decode().startswith("2024-03-01 02:15")
    assert counts(issues) == {"ragged_row": 1}
    assert all(issue.severity is Severity.INFO for issue in issues)


WRITINGS = [
    ("utf-8", "\n", {}),
    ("utf-8", "\r", {}),
    ("utf-8", "\r\n", {}),
    ("utf-8-sig", "\n", {}),
    ("utf-16", "\r\n", {"encoding_detected": 1}),
    ("utf-16-le", "\n", {"encoding_detected": 1}),
    ("utf-16-be", "\n", {"encoding_detected": 1}),
    ("cp1252", "\r\n", {"encoding_detected": 1}),
    ("latin-1", "\r", {"encoding_detected": 1}),
]


@pytest.mark.parametrize(("encoding", "end", "extra"), WRITINGS)
def test_line_ends_and_encodings_change_nothing_but_the_bytes(encoding, end, extra):
    text = TABLE.replace("\r\n", end)
    data = text.encode(encoding)
    records, issues = read(data)
    expected, _ = read(TABLE)
    assert told(records) == [(f, n, t.replace("\r\n", end)) for f, n, t in told(expected)]
    assert counts(issues) == {"ragged_row": 1, **extra}
    row = records[-1]
    pure = "utf-16-le" if encoding == "utf-16" else encoding.removesuffix("-sig")
    assert data[row.byte_start : row.byte_end].decode(pure) == (
        f"2024-03-01 02:15:00,señora,651-555-0119{end}"
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_the_delimiter_is_found(delimiter, quoting):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\n")
    rows = [["Name", "Sum; total", "Place, state"]]
    rows += [[f"n{n}", f"1,{n};5|6", "Fridley, MN\t55432"] for n in range(9)]
    writer.writerows(rows)
    records, issues = read(out.getvalue())
    assert [r.text.split("\t", 2)[:2] for r in records] == [row[:2] for row in rows]
    assert not issues
    assert bid(out.getvalue()).sureness == 40


QUOTES = [
    ('a,"b ""c"" d",e\n', [["a", 'b "c" d', "e"]], 0, 0),
    ('a,"",e\n', [["a", "", "e"]], 0, 0),
    ('"""a""",b\n', [['"a"', "b"]], 0, 0),
    ('a,"b\nc",d\r\ne\n', [["a", "b\nc", "d"], ["e"]], 0, 0),
    ('a,"b" ,c', [["a", "b", "c"]], 0, 0),
    ('a, "b, c", d\n', [["a", "b, c", " d"]], 0, 0),
    ('a,6" pipe,c\n', [["a", '6" pipe', "c"]], 0, 0),
    ('a,"he said "hi" to me",c\n', [["a", 'he said "hi" to me', "c"]], 1, 0),
    ('a,"b\nc,d\n', [["a", '"b'], ["c", "d"]], 0, 1),
    ('"Ace" Jones,b\nc,d\n', [['"Ace" Jones', "b"], ["c", "d"]], 0, 1),
    ("a,b,\n", [["a", "b", ""]], 0, 0),
    ("\n", [[""]], 0, 0),
    ('"', [['"']], 0, 1),
    ('"a"', [["a"]], 0, 0),
]


@pytest.mark.parametrize(("text", "cells", "strays", "unpaired"), QUOTES)
def test_quotes(text, cells, strays, unpaired):
    rows = list(csv_rows(text, ","))
    assert [row.cells for row in rows] == cells
    assert sum(row.strays for row in rows) == strays
    assert sum(row.unpaired for row in rows) == unpaired
    assert "".join(text[row.start : row.end] for row in rows) == text


@given(st.lists(st.lists(st.text("ab\"',;\r\n é"), min_size=2, max_size=4), max_size=9))
def test_what_a_csv_writer_wrote_comes_back(rows):
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    assert [row.cells for row in csv_rows(out.getvalue(), ",")] == rows


def test_an_unterminated_quote_swallows_no_more_than_its_line(monkeypatch):
    monkeypatch.setattr(csv_cells, "CELL_LINES", 5)
    text = 'a,b,c\nx,"open,y\n' + "1,2,3\n" * 20 + 'z,close",w\n'
    records, issues = read(text)
    assert len(records) == 23
    assert records[1].text == 'x\t"open\ty'
    assert counts(issues)["unterminated_quote"] == 1


def test_a_cell_that_only_seems_quoted_does_not_join_rows():
    text = "Name\tSaid\tTo\n" + 'a\t"hello\tb\n' + "c\tplain\td\n" + 'e\tbye"\tf\n'
    records, _ = read(text)
    assert [r.line_first for r in records] == [1, 2, 3, 4]


HEADERS = [
    ([["a1", "Name"], ["Name", "Phone"]], 2, 0),
    ([["Statement", "", ""], ["", "Phone", "Name"], ["1", "2", "3"]], 3, 1),
    ([["Target:", "13125550143"], [""], ["Date", "Time", "From", "To"]], 4, 2),
    ([["2024-03-01", "Marlo"], ["Name", "Phone"]], 2, None),
    ([["marlo@example.com", "x", "y"]], 3, None),
    ([["651-555-0117", "Dovie"]], 2, None),
    ([["#", "Chat #", "Body"]], 3, 0),
    ([["yes", "yes", "yes", "yes"]], 4, None),
    ([], 2, None),
]


@pytest.mark.parametrize(("rows", "columns", "found"), HEADERS)
def test_the_header_is_the_first_full_row_of_labels(rows, columns, found):
    assert find_header(rows, columns) == found


TIMES = [
    (["Timestamp (UTC)", "x"], ["2024-03-01 02:11:07", "y"], "2024-03-01T02:11:07+00:00"),
    (["Timestamp", "x"], ["2024-03-01 02:11:07", "y"], None),
    (["sent_at"], ["2024-03-01T02:11:07Z"], "2024-03-01T02:11:07+00:00"),
    (["sent_at"], ["2024-03-01T02:11:07.25-06:00"], "2024-03-01T08:11:07.250000+00:00"),
    (["created"], ["Fri Mar 01 02:11:07 UTC 2024"], "2024-03-01T02:11:07+00:00"),
    (["Date", "Time", "TimeZone"], ["2024-03-01", "02:11:07", "UTC"], "2024-03-01T02:11:07+00:00"),
    (["Date", "Time", "TimeZone"], ["2024-03-01", "02:11:07", "CST"], None),
    (["Date UTC"], ["03/04/2024 02:11:07"], None),
    (["Date UTC"], ["2024-13-41 02:11:07"], None),
    (["Date UTC"], ["9999-12-31T23:59:59-23:59"], None),
]


@pytest.mark.parametrize(("labels", "cells", "expected"), TIMES)
def test_times_are_read_only_when_they_say_their_zone(labels, cells, expected):
    at, raw = sent_of(cells, columns_of(labels))
    assert (at.isoformat() if at else None) == expected
    assert raw


@pytest.mark.parametrize("labels", [["Birth date"], ["Time zone"], ["Name"], ["Updated at"], []])
def test_other_columns_are_no_time_of_the_row(labels):
    assert columns_of(labels).sent == ()
    assert read_time("soon", is_utc=True) is None


def test_tables_below_each_other_have_their_own_labels():
    text = (
        "Voice usage\nItem,Number,Seconds\n1,651-555-0117,5\n\n"
        "Text usage\nItem,Number,Time (UTC),Way\n1,651-555-0118,2024-03-01 02:11:07,in\n"
    )
    records, issues = read(text)
    assert [r.field for r in records] == ["title", "header", "row", "title", "header", "row"]
    assert records[-1].attributes[2] == ("Time (UTC)", "2024-03-01 02:11:07")
    assert records[-1].sent_at is not None
    assert not issues


def test_a_large_table_is_cut_at_rows_and_numbers_go_on(monkeypatch):
    monkeypatch.setattr(csv_table, "SHARD", 4096)
    monkeypatch.setattr(csv_table, "CELL_LIMIT", 1024)
    rows = "".join(
        f'2024-03-01 02:11:07,n{n},"line, one\nline é {n}"\n' if n % 3 else f"x,n{n},plain\n"
        for n in range(900)
    )
    text = "Date (UTC),Name,Said\n" + rows
    whole, _ = read(text)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        data = text.encode(encoding)
        shards = list(READER.shards(iter([data[:100], data[100:]]), has_pages=False))
        assert len(shards) > 5
        records, issues = read(data, block=777)
        assert told(records) == told(whole)
        assert all(r.attributes[0][0] == "Date (UTC)" for r in records[1:])
        assert set(counts(issues)) <= {"encoding_detected"}
        # any order, alone
        again = list(READER.read(shards[3], About("")).records)
        assert again[0].attributes[0][0] == "Date (UTC)"


def test_a_row_without_end_is_read_in_parts(monkeypatch):
    monkeypatch.setattr(csv_table, "SHARD", 1000)
    monkeypatch.setattr(csv_table, "CELL_LIMIT", 100)
    monkeypatch.setattr(csv_table, "ROW_LIMIT", 4000)
    records, issues = read("a,b,c\n" + "é" * 9000 + "\nd,e,f\n", block=512)
    assert "".join(r.text for r in records).count("é") == 9000
    assert counts(issues)["long_row"] > 3


BIDS = [
    (TABLE, "calls.csv", 40),
    (TABLE, "calls.CSV", 40),
    ("Name\tPhone\tCity\nMarlo\t651-555-0117\tFridley\nDovie\t651-555-0118\tBlaine\n", "x.txt", 25),
    ("Name\tPhone\tCity\nMarlo\t651-555-0117\tFridley\n", "x.txt", 0),
    ("|a|b|c|\n|-|-|-|\n" + "|Marlo|651-555-0117|Fridley|\n" * 9, "x.md", 0),
    ("hello, how are you\nfine, thanks, and you\nwell, ok\n", "x.txt", 0),
    ("3/1/24, 02:11 - MK: hi\n3/1/24, 02:12 - MK: you\n3/1/24, 02:13 - MK: ok\n", "x.txt", 0),
    ('{"a": 1, "b": 2, "c": 3}\n' * 9, "x.json", 0),
    ("<html><p>a, b, c</p>\n" * 9, "x.csv", 0),
    ("one\ntwo\nthree\n", "x.csv", 0),
    ("", "x.csv", 0),
    (b"PK\x03\x04" + bytes(range(256)) * 9, "x.csv", 0),
    (b"%PDF-1.7\n1,2,3\n" * 9, "x.csv", 0),
    ("Name,Phone\nMarlo,651-555-0117\n", "contacts.csv", 40),
]


@pytest.mark.parametrize(("text", "name", "sureness"), BIDS)
def test_bids(text, name, sureness):
    assert bid(text, name).sureness == sureness


def test_a_bid_says_why_without_evidence():
    assert bid(TABLE).reason == "4 columns parted by comma in 75% of rows, a header"


def test_truncated_at_any_place_it_is_read_as_far_as_it_goes():
    data = TABLE.encode()
    for at in range(0, len(data), max(1, len(data) // 40)):
        read(data[:at])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutations_never_raise(data):
    mutated = bytearray(TABLE.encode(data.draw(st.sampled_from(["utf-8", "utf-16", "cp1252"]))))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(len(mutated) - 1, 0)))
        size = data.draw(st.integers(0, 40))
        what = data.draw(st.sampled_from(["cut", "twice", "flip", "quote"]))
        if what == "cut":
            del mutated[at : at + size]
        elif what == "twice":
            mutated[at:at] = mutated[at : at + size]
        elif what == "quote":
            mutated[at:at] = b'"'
        elif mutated:
            mutated[at] ^= data.draw(st.integers(1, 255))
    records, _ = read(bytes(mutated))
    assert told(records) == told(read(bytes(mutated))[0])
    bid(bytes(mutated))


@settings(max_examples=200, deadline=None)
@given(st.text('a,";\t|\r\n é'))
def test_any_text_is_read_whole(text):
    read(text)
    rows = list(csv_rows(text, ","))
    assert "".join(text[row.start : row.end] for row in rows) == text


@pytest.mark.parametrize("unit", ['"a,', 'a,"b\n', '"a,""x,""x', ",", '""', ' "', '"a""b\n', "\r"])
def test_reading_takes_linear_time(unit):
    text = "h1,h2,h3\n" + unit * (300_000 // len(unit))
    started = time.perf_counter()
    read(text)
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize("wordlist", ["a", "b"])
def test_the_sample_is_read_as_its_gold_says(tmp_path, wordlist):
    make_csv(tmp_path, pages=10, seed=3, wordlist=wordlist)
    found = {}
    for path in sorted(tmp_path.glob("*.?sv")):
        assert bid(path.read_bytes(), path.name).sureness == 40
        for record in read(path.read_bytes())[0]:
            if record.kind is RecordKind.ROW:
                found[path.name, record.line_first] = record
    gold = [json.loads(line) for line in (tmp_path / "gold.jsonl").open(encoding="utf-8")]
    assert len(gold) == 200
    for row in gold:
        ((name, _),) = row["pages"].items()
        record = found.pop((name, row["line"]))
        assert record.text == row["text"]
        assert f"{record.sent_at:%Y-%m-%dT%H:%M:%SZ}" == row["sent_at"]
        assert all(0 <= s["start"] < s["end"] <= len(row["text"]) for s in row["spans"])
    assert not found
