"""Plain documents: passages, pages, shards, encodings, and what is no text."""

from __future__ import annotations

import json
import os
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import text_document
from pipeline.readers.base import About
from pipeline.readers.text_document import TextDocument
from pipeline.sample.texts import make_texts
from schemas.kinds import RecordKind, Severity
from tests._data.reading import bid_of

READER = TextDocument()

NOTE = (
    "\n\nTO WHOM IT MAY CONCERN\n"
    "\n"
    "The señora at the desk wrote down a num-\n"
    "  ber: 651-555-0142 📱\n"
    " \t\n"
    "- one\n"
    "- two"
)


def read(data, block=1 << 16):
    data = data if isinstance(data, bytes) else data.encode()
    blocks = (data[at : at + block] for at in range(0, len(data), block))
    shards = list(READER.shards(blocks, has_pages=False))
    assert b"".join(shard.block for shard in shards) == data
    records, issues, pages = [], [], []
    for number, shard in enumerate(shards):
        assert shard.ordinal == number
        assert shard.is_last is (number == len(shards) - 1)
        reading = READER.read(shard, About("", "a.txt"))
        records += list(reading.records)
        issues += reading.issues
        pages += reading.pages
        assert not reading.unread
    at = 0
    for _, start, end in pages:
        assert start == at < end
        at = end
    assert at == len(data)
    places = {(r.page_first, r.line_first, r.field) for r in records}
    assert len(places) == len(records)
    last = 0
    for record in records:
        assert last <= record.byte_start < record.byte_end <= len(data)
        last = record.byte_end
        starts = [segment[0] for segment in record.segments]
        assert starts == sorted(set(starts))
        assert starts[0] == 0
        assert starts[-1] < len(record.text)
        assert record.text.strip()
    return records, issues, pages


def bid(data, path="a.txt"):
    return bid_of(READER, data, path)


def test_passages_are_exact():
    records, issues, pages = read(NOTE)
    assert issues == []
    assert pages == [(None, 0, len(NOTE.encode()))]
    assert [(r.text, r.line_first, r.segments) for r in records] == [
        ("TO WHOM IT MAY CONCERN", 3, [(0, None, 3)]),
        (
            "The señora at the desk wrote down a num-\n  ber: 651-555-0142 📱",
            5,
            [(0, None, 5), (41, None, 6)],
        ),
        ("- one\n- two", 8, [(0, None, 8), (6, None, 9)]),
    ]
    for record in records:
        assert record.kind is RecordKind.DOCUMENT
        assert (record.page_first, record.page_last, record.author) == (None, None, None)
        assert NOTE.encode()[record.byte_start : record.byte_end].decode() == record.text


def test_form_feeds_count_pages():
    data = "Title\nmore\f\fPage three\n\nend\n\fan\nd"
    records, _, pages = read(data)
    assert [(r.text, r.page_first, r.page_last, r.line_first) for r in records] == [
        ("Title\nmore", 1, 1, 1),
        ("Page three", 3, 3, 1),
        ("end", 3, 3, 3),
        ("an\nd", 4, 4, 1),
    ]
    assert records[-1].segments == [(0, 4, 1), (3, 4, 2)]
    assert pages == [(1, 0, 11), (2, 11, 12), (3, 12, 29), (4, 29, 33)]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_line_ends_and_encodings_change_nothing(end, encoding):
    plain, _, _ = read(NOTE)
    data = NOTE.replace("\n", end).encode(encoding)
    records, issues, _ = read(data)
    assert [(r.text.replace(end, "\n"), r.line_first) for r in records] == [
        (r.text, r.line_first) for r in plain
    ]
    body = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
    for record in records:
        shown = data[record.byte_start : record.byte_end].decode(body.get(encoding, encoding))
        assert shown == record.text
    wide = not encoding.startswith("utf-8")
    assert [(i.severity, i.code) for i in issues] == [(Severity.INFO, "encoding_detected")] * wide


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman", "cp850"])
def test_old_encodings(encoding):
    text = "La niña está aquí\n\nmañana sí"
    records, issues, _ = read(text.encode(encoding))
    assert [record.text for record in records] == text.split("\n\n")
    assert [(i.severity, i.code, i.count) for i in issues] == [
        (Severity.INFO, "encoding_detected", 1)
    ]


def test_damage_is_counted():
    records, issues, _ = read("mañana 📱\n\nsí".encode() + b"\xff\xfe ok")
    assert [record.text for record in records] == ["mañana 📱", "sí\ufffd\ufffd ok"]
    assert [(i.severity, i.code, i.count) for i in issues] == [
        (Severity.WARNING, "bad_encoding", 2)
    ]


def test_long_paragraphs_are_cut_at_line_ends():
    text = "\n".join(f"line {number} of a log that never stops" for number in range(1000))
    records, _, _ = read(text)
    assert all(len(record.text) <= text_document.LONGEST for record in records)
    assert "\n".join(record.text for record in records) == text
    assert records[1].line_first == 1 + records[0].text.count("\n") + 1


def test_very_long_lines_are_cut_at_blanks():
    text = "some words " * 20_000
    records, _, _ = read(text)
    assert "".join(record.text for record in records) == text
    assert {record.line_first for record in records} == {1}
    assert records[1].field == f"passage#{records[1].byte_start}"
    assert all(record.text.endswith(" ") for record in records)


def test_a_gap_inside_a_long_line_is_no_passage():
    records, _, _ = read("one" + " " * 60_000 + "two")
    assert [record.text.strip() for record in records] == ["one", "two"]
    assert [record.line_first for record in records] == [1, 1]


LARGE = {
    "lines": "uno dos tres\ncuatro mañana\n\n" * 3000,
    "one line": "mañana 📱 " * 6000,
    "no blank": "📱" * 30_000,
    "cr": "uno\rdos\r\r" * 5000,
    "crlf": "uno\r\ndos\r\n" * 5000,
    "crlf blank": "uno\r\n\r\n" * 6000,
    "pages": "uno\ndos\f" * 6000,
    "late pages": "uno\ndos\n" * 3000 + "tres\f" * 6000,
    "empty": "\n" * 30_000 + "end",
}


@pytest.mark.parametrize("name", LARGE)
def test_shards_make_no_difference(name, monkeypatch):
    text = LARGE[name]
    whole, _, _ = read(text)
    monkeypatch.setattr(text_document, "TARGET", 5000)
    data = text.encode()
    assert len(list(READER.shards(iter([data]), has_pages=False))) > 3
    records, _, _ = read(text)
    again, _, _ = read(text, block=777)
    assert records == again
    joined = "".join(record.text for record in records)
    assert joined.replace("\n", "").replace("\r", "") == "".join(
        record.text for record in whole
    ).replace("\n", "").replace("\r", "")
    for record in records:
        before = data[: record.byte_start]
        assert data[record.byte_start : record.byte_end].decode() == record.text
        if name == "pages":
            assert record.page_first == 1 + before.count(b"\f")
            assert record.line_first == 1
        else:
            assert record.page_first is None
            ends = before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\f", b"\n")
            assert record.line_first == 1 + ends.count(b"\n")


def test_every_shard_is_read_in_one_encoding(monkeypatch):
    monkeypatch.setattr(text_document, "TARGET", 2000)
    data = b"plain words\n\n" * 500 + "ma\xf1ana s\xed\n\n".encode("latin-1") * 900
    records, issues, _ = read(data)
    assert {record.text for record in records} == {"plain words", "mañana sí"}
    assert [(i.severity, i.code) for i in issues] == [(Severity.INFO, "encoding_detected")]
    assert {s.encoding for s in READER.shards(iter([data]), has_pages=False)} == {"utf-8", "cp1252"}
    damaged = "mañana sí\n\n".encode() * 900 + b"\xff\n\n" + b"fin\xfe"
    records, issues, _ = read(damaged)
    assert records[-1].text == "fin\ufffd"
    assert {(i.severity, i.code) for i in issues} == {(Severity.WARNING, "bad_encoding")}
    assert sum(issue.count for issue in issues) == 2


BIDS = [
    (NOTE, "a.txt", 19),
    (NOTE, "a.MD", 19),
    (NOTE, "NOTES", 13),
    (NOTE, "a.tex", 11),
    ("- [ ] call 651-555-0142\n[link](https://example.com)", "todo.md", 19),
    ("[3/1/24, 2:11 AM] A: hi", "chat.txt", 19),
    ("{curly} words", "a.txt", 19),
    ("mañana".encode("cp1252"), "a.txt", 19),
    (NOTE.encode("utf-16"), "a.txt", 19),
    ("", "a.txt", 0),
    (" \n\t\n", "a.txt", 0),
    ("<!DOCTYPE html><p>hi", "a.txt", 0),
    ("\n<html><p>hi", "a.txt", 0),
    ("\ufeff<?xml version='1.0'?><a/>", "a.xml", 0),
    ('{"a": 1}', "a.json", 0),
    ('[{"a": 1}]', "a.txt", 0),
    ("{\\rtf1 hi}", "a.txt", 0),
    ("%PDF-1.7\nhello", "a.txt", 0),
    (b"PK\x03\x04abcdef", "a.txt", 0),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.txt", 0),
    (bytes(range(256)) * 20, "a.txt", 0),
    (b"\0" * 3000, "a.txt", 0),
    (b"\0\1\0\2\0\3\0\4" * 300, "a.txt", 0),
]


@pytest.mark.parametrize(("data", "path", "sureness"), BIDS)
def test_bids(data, path, sureness):
    assert bid(data, path).sureness == sureness


def test_random_bytes_are_no_text():
    assert not any(bid(os.urandom(4000)).sureness for _ in range(20))


@pytest.mark.parametrize("part", range(1, 21))
def test_a_file_cut_anywhere(part):
    data = NOTE.encode()
    cut = len(data) * part // 21
    whole, _, _ = read(data)
    records, _, _ = read(data[:cut])
    for found, wanted in zip(records[:-1], whole, strict=False):
        assert found.text == wanted.text
    read(data[cut:])


@given(st.binary(max_size=500), st.integers(8, 64))
@settings(max_examples=300, deadline=None)
def test_any_bytes_never_raise(data, target):
    size = text_document.TARGET
    try:
        text_document.TARGET = target
        found = read(data)
        assert found == read(data, block=7)
    finally:
        text_document.TARGET = size
    bid(data)


@given(st.text(alphabet="aé \n\r\f\t📱-", max_size=200))
@settings(max_examples=300, deadline=None)
def test_all_that_is_written_is_read(text):
    data = text.encode()
    records, issues, _ = read(data)
    assert issues == []
    read_letters = "".join("".join(record.text.split()) for record in records)
    assert read_letters == "".join(text.split())
    for record in records:
        assert data[record.byte_start : record.byte_end].decode() == record.text


def test_samples_are_recovered_whole(tmp_path):
    folder = make_texts(tmp_path / "a", pages=24, seed=5)
    found = Counter()
    for file in sorted(folder.glob("*.[tm]*")):
        assert bid(file.read_bytes(), file.name).sureness == 19
        for record in read(file.read_bytes())[0]:
            found[file.name, record.page_first, record.page_last, record.text] += 1
    gold = [json.loads(line) for line in (folder / "gold.jsonl").open(encoding="utf-8")]
    assert len(gold) == 24 * 8
    assert found == Counter(
        (name, *pages, row["text"]) for row in gold for name, pages in row["pages"].items()
    )
    assert {name for name, *_ in found} == {
        "notes.txt", "pages.txt", "notes.md", "typed.txt", "saved.txt", "old.txt",
    }  # fmt: skip
