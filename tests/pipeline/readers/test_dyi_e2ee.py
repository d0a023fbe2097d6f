"""Messenger's export of end-to-end encrypted threads."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers.base import About, Account, Candidate, Located
from pipeline.readers.dyi_e2ee import DyiE2ee
from pipeline.readers.dyi_html import DyiHtml
from pipeline.readers.dyi_json import DyiJson
from pipeline.sample.dyi import make_dyi_e2ee

READER = DyiE2ee()
ME, OTHER = "Ferris Dunmore", "Wren Castéllo"
THREAD = {
    "participants": [ME, OTHER],
    "threadName": "Wren Castéllo_3",
    "messages": [
        {"isUnsent": False, "media": [{"uri": "./media/a.jpg"}, {"uri": "Failed to download media"}],
         "reactions": [{"actor": ME, "reaction": "❤"}], "senderName": OTHER,
         "text": "new number 651-555-0119 🌲\nÃ© stays", "timestamp": 1709259067000, "type": "text"},
        {"isUnsent": True, "media": [], "reactions": [], "senderName": ME, "text": "", "timestamp": 1709259060000, "type": "text"},
        {"isUnsent": False, "media": [], "reactions": [], "senderName": ME, "text": f"{ME} sent a photo.", "timestamp": 1709259050500, "type": "text"},
    ],
}  # fmt: skip
DATA = json.dumps(THREAD, ensure_ascii=False, indent=1).encode()


def candidate(path, data):
    return Candidate(path, data[:65536], Located(Path("x"), None, len(data), ""))


def read(data, path="Wren_3.json"):
    records, issues, unread = [], [], []
    for shard in READER.shards(iter([data]), has_pages=False):
        reading = READER.read(shard, About("facebook", path))
        records += list(reading.records)
        issues += [(issue.code, issue.count) for issue in reading.issues]
        unread += reading.unread
        assert reading.pages == [(None, 0, len(data))]
    keys = {(record.line_first, record.field) for record in records}
    assert len(keys) == len(records)
    for record in records:
        assert 0 <= record.byte_start <= record.byte_end <= len(data)
        assert not record.segments or record.segments[0][0] == 0
        (record.text or "").encode()
    return records, issues, unread


def test_a_thread_is_read_exactly():
    records, issues, unread = read(DATA)
    assert (issues, unread) == ([("media_missing", 1)], [])
    assert [r.kind.value for r in records] == [
        "participant",
        "participant",
        "parameter",
        "message",
        "message",
        "system",
    ]
    assert {r.thread_id for r in records} == {"Wren Castéllo_3"}
    assert {r.section for r in records} == {"messages/e2ee"}
    first = records[3]
    assert first.text == "new number 651-555-0119 🌲\nÃ© stays"
    assert first.author == Account("facebook", None, OTHER)
    assert first.recipients == (Account("facebook", None, ME),)
    assert first.sent_at == datetime(2024, 3, 1, 2, 11, 7, tzinfo=UTC)
    assert first.attributes == [("media", "Failed to download media"), ("reaction", f"{ME}: ❤")]
    assert [(a.name, a.path) for a in first.attachments] == [("a.jpg", "./media/a.jpg")]
    assert first.line_first == DATA[: first.byte_start].count(b"\n") + 1
    assert json.loads(DATA[first.byte_start : first.byte_end]) == THREAD["messages"][0]
    assert records[4].text == ""
    assert records[4].attributes == [("isUnsent", "true")]
    assert records[5].sent_at.microsecond == 500_000


def test_lines_of_the_service_begin_with_former_names_too():
    message = {"senderName": ME, "timestamp": 1, "text": "Wren C 🌲 missed your call."}
    former = {"senderName": "Wren C 🌲", "timestamp": 2, "text": "Wren C 🌲 missed you"}
    data = json.dumps({"participants": [ME, OTHER], "messages": [message, former]}).encode()
    assert [r.kind.value for r in read(data)[0]][2:] == ["system", "message"]


def test_without_a_name_the_file_names_the_thread():
    data = json.dumps({k: v for k, v in THREAD.items() if k != "threadName"}).encode()
    assert {r.thread_id for r in read(data, "x/Wren_3.json")[0]} == {"Wren_3"}


@pytest.mark.parametrize("place", range(20))
def test_cut_off(place):
    size = 20 + (len(DATA) - 23) * place // 19
    records, issues, _ = read(DATA[:size])
    assert ("file_ends_early", 1) in issues
    messages = [r for r in records if r.sent_at]
    assert len(messages) <= 3
    assert [r.text for r in messages] == [m["text"] for m in THREAD["messages"][: len(messages)]]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda data: data.replace(b"\n", b"\r\n"), set()),
        (lambda data: data.replace(b"\n", b"\r"), set()),
        (lambda data: b"\xef\xbb\xbf" + data, set()),
        (lambda data: data.decode().encode("utf-16"), {"encoding_detected"}),
        (lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"), {"encoding_detected"}),
    ],
)
def test_line_ends_and_encodings(change, codes):
    data = change(DATA)
    records, issues, _ = read(data)
    assert [(r.text, r.line_first) for r in records] == [
        (r.text, r.line_first) for r in read(DATA)[0]
    ]
    assert {code for code, _ in issues} == codes | {"media_missing"}
    assert READER.bid(candidate("a.json", data)).sureness >= 85


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_single_bytes_are_found_out(encoding):
    data = (
        DATA.decode()
        .replace("🌲", "")
        .replace("❤", "")
        .replace("Ã© stays", "café olé")
        .encode(encoding)
    )
    records, issues, _ = read(data)
    assert records[1].text == OTHER
    assert "encoding_detected" in {code for code, _ in issues}


def test_bids():
    assert READER.bid(candidate("Wren_3.json", DATA)).sureness == 95
    assert (
        READER.bid(
            candidate("a.json", b'{"participants":["A"],"threadName":"A_1","messages":[]}')
        ).sureness
        == 86
    )
    other = [
        b"{}",
        b"",
        b'{"senderName":"x"}',
        b'{"participants":[{"name":"A"}],"messages":[{"sender_name":"A","timestamp_ms":1}]}',
        b"<html>",
    ]
    assert [READER.bid(candidate("a.json", data)).sureness for data in other] == [0] * 5
    assert DyiJson().bid(candidate("Wren_3.json", DATA)).sureness == 0
    assert DyiHtml().bid(candidate("Wren_3.json", DATA)).sureness == 0
    assert READER.identify(candidate("Wren_3.json", DATA)) == ("facebook", frozenset())


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"messages":[{"timestamp":NaN}]}',
        b'{"participants":[["A"],null,3],"messages":[[],{},"x"]}',
        b"\xff\xfe",
        b"\0",
    ],
)
def test_nothing_raises(body):
    read(body)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_mutations_never_raise(data):
    body = bytearray(DATA)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(len(body) - 1, 0)))
        size = data.draw(st.integers(1, 60))
        how = data.draw(st.sampled_from("dxi"))
        if how == "d":
            del body[at : at + size]
        elif how == "x":
            body[at:at] = body[at : at + size]
        else:
            body[at : at + 1] = data.draw(st.binary(min_size=1, max_size=4))
    read(bytes(body))


@pytest.mark.parametrize("wordlist", ["a", "b"])
def test_the_sample_is_recovered(tmp_path, wordlist, recovered):
    path = make_dyi_e2ee(tmp_path, pages=60, seed=6, wordlist=wordlist)
    assert recovered(READER, path) == (480, 0, 0)
