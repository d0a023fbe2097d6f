"""E-mail: headers, parts, encodings for transfer, mailboxes, and mail made to hurt."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.readers import mail
from pipeline.readers.base import About, Account, Candidate, Located
from pipeline.readers.mail import Eml, Mbox
from pipeline.readers.mail_headers import addresses, date_of, decode_words, ips_of, parameters
from pipeline.sample.mails import make_eml, make_mbox
from schemas.kinds import RecordKind, Severity

EML, MBOX = Eml(), Mbox()

MAIL = """Received: from [192.0.2.7] by mx.example.com (203.0.113.9)
From: =?utf-8?B?Um9iaW4gRXhhbXBsZQ==?= <Robin@Example.com>
To: "Vell, M" <mv@example.com>, friends: a@example.com, b@example.com (Bee);
Bcc: c@example.com
Subject: =?utf-8?Q?caf=C3=A9_?=
 =?utf-8?Q?tonight?=
Date: Fri, 1 Mar 2024 02:20:00 -0600
Message-ID: <x2@example.com>
References: <x1@example.com> <x0@example.com>
X-Originating-IP: [192.0.2.8]
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b1"

This is a multi-part message in MIME format.
--b1
Content-Type: multipart/alternative; boundary=b2

--b2
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

caf=E9 at 8, call =
612-555-0101
ok
--b2
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>caf=C3=A9 at 8, call<br>612-555-0101 ok</p>
--b2--

--b1
Content-Type: image/png; name="a.png"
Content-Disposition: attachment; filename*0*=utf-8''a%20; filename*1=b.png
Content-Transfer-Encoding: base64

AAAABBBB
--b1
Content-Type: message/rfc822

From: c@example.com
Subject: inner
Date: Thu, 29 Feb 2024 10:00:00

inner text
second
--b1
Content-Type: application/pdf; name=report.pdf

%PDF
--b1--
"""
TEXTS = ["café tonight", "café at 8, call 612-555-0101\nok", "inner", "inner text\nsecond"]


def read(data, reader=EML, block=1 << 30, zone="America/Chicago"):
    data = data if isinstance(data, bytes) else data.encode()
    blocks = (data[at : at + block] for at in range(0, len(data), block))
    records, issues, pages, unread, accounts = [], [], [], [], []
    shards = list(reader.shards(blocks, has_pages=False))
    assert b"".join(shard.block for shard in shards) == data
    for number, shard in enumerate(shards):
        assert shard.ordinal == number
        assert shard.is_last is (number == len(shards) - 1)
        reading = reader.read(shard, About("", "mail", zone))
        records += list(reading.records)
        issues += reading.issues
        pages += reading.pages
        unread += reading.unread
        accounts += reading.accounts
    at = 0
    for page, start, end in pages:
        assert (page, start) == (None, at)
        at = end
    assert at == len(data)
    last = 0
    for record in records:
        assert last <= record.byte_start <= record.byte_end <= len(data)
        last = record.byte_end
        starts = [segment[0] for segment in record.segments]
        assert starts == sorted(set(starts))
        assert not starts or (starts[0] == 0 and starts[-1] < len(record.text))
    for start, end in unread:
        assert 0 <= start < end <= len(data)
    assert len({(r.line_first, r.field) for r in records}) == len(records)
    read.accounts = accounts
    return records, issues, unread


def codes(issues):
    return {issue.code: issue.count for issue in issues}


def simple(body=b"hello", headers=b"Content-Type: text/plain\n", sep=b"\n"):
    return (
        b"From: a@example.com\nTo: b@example.com\nSubject: s\nMessage-ID: <1@example.com>\n"
        b"Date: Fri, 1 Mar 2024 02:20:00 +0000\n" + headers + sep + body
    )


def test_a_message_is_exact():
    records, issues, unread = read(MAIL)
    assert [(r.field, r.text, r.line_first) for r in records] == [
        ("Subject", TEXTS[0], 5),
        ("part[1.1]", TEXTS[1], 22),
        ("part[3]/Subject", TEXTS[2], MAIL.split("\n").index("Subject: inner") + 1),
        ("part[3]/part[1]", TEXTS[3], 45),
    ]
    assert {r.kind for r in records} == {RecordKind.MESSAGE}
    assert unread == []
    assert codes(issues) == {"zone_assumed": 1, "attachment_not_read": 1}
    head, text, inner, inside = records
    assert head.author == Account("email", "robin@example.com", "Robin Example")
    assert head.recipients == (
        Account("email", "mv@example.com", "Vell, M"),
        Account("email", "a@example.com", None),
        Account("email", "b@example.com", "Bee"),
        Account("email", "c@example.com", None),
    )
    assert head.sent_at == datetime(2024, 3, 1, 8, 20, tzinfo=UTC)
    assert head.sent_raw == "Fri, 1 Mar 2024 02:20:00 -0600"
    assert {r.thread_id for r in (head, text)} == {"x1@example.com"}
    assert head.thread_name == "café tonight"
    assert head.attributes == [
        ("Subject", "café tonight"),
        ("Message-ID", "<x2@example.com>"),
        ("Bcc", "c@example.com"),
        ("Received", "192.0.2.7"),
        ("Received", "203.0.113.9"),
        ("X-Originating-IP", "192.0.2.8"),
    ]
    assert text.attributes == head.attributes[:2]
    assert [(a.name, a.media_type, a.size_bytes) for a in head.attachments] == [
        ("a b.png", "image/png", 6),
        ("report.pdf", "application/pdf", 4),
    ]
    assert text.segments == [(0, None, 22), (16, None, 23), (29, None, 24)]
    assert inner.author == Account("email", "c@example.com", None)
    assert inner.zone_assumed
    assert inner.sent_at == datetime(2024, 2, 29, 16, tzinfo=UTC)
    assert inside.segments == [(0, None, 45), (11, None, 46)]
    data = MAIL.encode()
    assert data[: head.byte_end].endswith(b'boundary="b1"\n\n')
    assert data[text.byte_start : text.byte_end] == b"caf=E9 at 8, call =\n612-555-0101\nok"
    assert data[inside.byte_start : inside.byte_end] == b"inner text\nsecond"
    assert ("email", "robin@example.com") in {(f.field, f.value) for f in read.accounts}


@pytest.mark.parametrize("end", ["\r\n", "\r", "\r\r\n"])
def test_line_ends_give_the_same_text(end):
    records, issues, _ = read(MAIL.replace("\n", end))
    assert [r.text for r in records] == TEXTS
    assert codes(issues) == {"zone_assumed": 1, "attachment_not_read": 1}


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"),
                           ("utf-16-be", b"\xfe\xff")],
)  # fmt: skip
def test_a_mail_saved_again_with_a_mark_is_read(encoding, mark):
    data = mark + MAIL.encode(encoding)
    records, _, _ = read(data)
    assert [r.text for r in records] == TEXTS
    assert data[records[3].byte_start : records[3].byte_end].decode(encoding) == (
        "inner text\nsecond"
    )
    assert EML.bid(Candidate("x", data, Located(Path("x"), None, len(data), ""))).sureness == 60


def test_parts_of_the_body():
    def texts(data):
        records, issues, _ = read(data)
        return [r.text for r in records if r.field != "Subject"], codes(issues)

    plain = b"Content-Type: text/plain\n\nsame words here\n"
    same = b"Content-Type: text/html\n\n<p>same <b>words</b> here</p>\n"
    more = b"Content-Type: text/html\n\n<p>other words, call 612-555-0103</p><p>b</p>\n"

    def alternative(*parts):
        body = b"--b\n" + b"\n--b\n".join(parts) + b"\n--b--\n"
        return simple(body, b"Content-Type: multipart/alternative; boundary=b\n")

    assert texts(alternative(plain, same)) == (["same words here"], {})
    assert texts(alternative(plain, more)) == (
        ["same words here", "other words, call 612-555-0103\nb"], {},
    )  # fmt: skip
    assert texts(alternative(same)) == (["same words here"], {})
    assert texts(alternative(b"\n \n", same)) == (["same words here"], {})
    html = simple(b"<p>one<p>two <a href='tel:+16125550104'>x</a>", b"Content-Type: text/html\n")
    records = read(html)[0]
    assert records[1].text == "one\ntwo x"
    assert ("link", "tel:+16125550104") in records[1].attributes
    assert texts(simple(b"no type", b"")) == (["no type"], {})
    assert texts(simple(b"odd", b"Content-Type: =;;;charset\n")) == (["odd"], {})
    assert texts(simple(b"--x\n\nlost", b"Content-Type: multipart/mixed\n")) == (
        ["--x\n\nlost"], {"file_ends_early": 1},
    )  # fmt: skip
    assert texts(simple(b"a\n--b\n\nb\n--b--\nc\n", b"Content-Type: multipart/mixed; boundary=b\n")
                 ) == (["a", "b", "c"], {})  # fmt: skip
    assert texts(simple(b"BEGIN:VCALENDAR\n", b"Content-Type: text/calendar\n")) == (
        ["BEGIN:VCALENDAR"], {},
    )  # fmt: skip
    assert texts(simple(b"AAAA", b"Content-Type: application/pkcs7-mime\n")) == (
        [], {"encrypted_part": 1, "attachment_not_read": 1},
    )  # fmt: skip


TRANSFER = [
    (b"quoted-printable", "utf-8", b"=E2=82=\n=AC 5=\n\nb =XY\n", "€ 5\nb =XY", {}),
    (b"base64", "utf-8", b"Y2Fmw6kgNjEyLTU1NS0\nwMTAxCmI=\n", "café 612-555-0101\nb", {}),
    (b"BASE64", "utf-8", b"Y2Fmw\n6kg!!NjE\ny", "café 612", {"bad_transfer_encoding": 1}),
    (b"base64", "utf-8", b"YQ==YQ==\nA", "aa", {"bad_transfer_encoding": 1}),
    (b"8bit", "utf-8", "señora\r\nb\rc\n".encode(), "señora\nb\nc", {}),
    (b"8bit", "utf-8", "señora".encode("cp1252"), "señora", {"declared_encoding_wrong": 1}),
    (b"8bit", "us-ascii", "señora".encode(), "señora", {"declared_encoding_wrong": 1}),
    (b"8bit", "x-nothing", "señora".encode(), "señora", {"declared_encoding_wrong": 1}),
    (b"8bit", "iso-2022-jp", "日本".encode("iso2022_jp"), "日本", {}),
    (b"base64", "utf-16-le", b"aABpAAoAeAA=", "hi\nx", {}),
    (b"x-uuencode", "utf-8", b"begin 644 a", "begin 644 a", {"unknown_transfer_encoding": 1}),
    (b"7bit", "utf-8", b"\n\nlead\n\n", "\n\nlead", {}),
]


@pytest.mark.parametrize(("encoding", "charset", "body", "text", "found"), TRANSFER)
def test_encodings_for_transfer(encoding, charset, body, text, found):
    headers = b"Content-Type: text/plain; charset=" + charset.encode() + b"\n"
    records, issues, _ = read(
        simple(body, headers + b"Content-Transfer-Encoding: " + encoding + b"\n")
    )
    assert records[-1].text == text
    assert codes(issues) == found


def test_header_records_stand_for_mails_without_subject_or_text():
    assert [r.field for r in read(simple(b""))[0]] == ["Subject"]
    bare = b"From: a@example.com\nDate: 1 Mar 2024 02:20 +0000\n\n"
    records, issues, _ = read(bare)
    assert [(r.field, r.text) for r in records] == [("Subject", None)]
    assert issues == []
    records, _, _ = read(bare + b"hi")
    assert [(r.field, r.text) for r in records] == [("part[1]", "hi")]
    no_line = b"From: a@example.com\nSubject: x\nDate: 1 Mar 2024 02:20 +0000\nhello there\nmore\n"
    assert [r.text for r in read(no_line)[0]] == ["x", "hello there\nmore"]


DATES = [
    ("Fri, 1 Mar 2024 02:20:00 -0600", (2024, 3, 1, 8, 20), True),
    ("1 Mar 24 02:20 EST", (2024, 3, 1, 7, 20), True),
    ("Fri, 01 Mar 2024 02:20:00 -0000", (2024, 3, 1, 2, 20), True),
    ("Fri, 01 Mar 2024 02:20:00", (2024, 3, 1, 2, 20), False),
    ("01-Mar-2024 02:20:00", None, False),
    ("yesterday", None, False),
    ("", None, False),
    ("Fri, 99 Mar 2024 99:99:99 +0000", None, False),
    ("Fri, 1 Mar 2024 02:20:00 +9999999999", None, False),
    ("(" * 500, None, False),
]


@pytest.mark.parametrize(("value", "when", "zoned"), DATES)
def test_dates(value, when, zoned):
    found, has_zone = date_of(value)
    assert (found.timetuple()[:5] if found else None) == when
    assert has_zone is zoned


def test_bad_dates_are_counted():
    data = simple().replace(b"Fri, 1 Mar 2024 02:20:00 +0000", b"some day")
    records, issues, _ = read(data)
    assert records[0].sent_at is None
    assert records[0].sent_raw == "some day"
    assert [(i.code, i.severity) for i in issues] == [("bad_date", Severity.WARNING)]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a@example.com", [(None, "a@example.com")]),
        ("A B <A@Example.com>", [("A B", "a@example.com")]),
        ('"B, A" <a@example.com>; C <c@example.com>',
         [("B, A", "a@example.com"), ("C", "c@example.com")]),
        ("a@example.com (A (the) B)", [("A the B", "a@example.com")]),
        ("undisclosed-recipients:;", []),
        ("Group: a@example.com, b@example.com;", [(None, "a@example.com"), (None, "b@example.com")]),
        ("Just A Name", [("Just A Name", "")]),
        ("=?utf-8?Q?Se=C3=B1ora?= <s@example.com>", [("Señora", "s@example.com")]),
        ('"Mr. \\"X\\" Y" <x@example.com>', [('Mr. "X" Y', "x@example.com")]),
        ("<a@example.com", [(None, "a@example.com")]),
        ("", []), (",,;", []), ("<>", []),
    ],
)  # fmt: skip
def test_addresses(value, found):
    assert list(addresses(value)) == found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?Q?a_b?= =?utf-8?Q?c?=", "a bc"),
        ("=?utf-8?B?w6k=?= x =?utf-8?B?w6k=?=", "é x é"),
        ("=?utf-8?B?w6?= =?utf-8?Q?=A9?=", "é"),
        ("=?iso-8859-1*en?Q?=E9?=", "é"),
        ("=?nothing?Q?=C3=A9?=", "é"),
        ("=?utf-8?B?=", "=?utf-8?B?="),
        ("=?utf-8?X?aa?=", "=?utf-8?X?aa?="),
        ("=?utf-8?B?A?=", "=?utf-8?B?A?="),
    ],
)
def test_encoded_words(value, text):
    assert decode_words(value) == text


def test_parameters():
    assert parameters('Text/Plain; charset="utf-8"; name=a b.txt') == (
        "text/plain", {"charset": "utf-8", "name": "a b.txt"},
    )  # fmt: skip
    assert parameters("a/b; n*0*=utf-8''%C3%A9; n*1=\"x\"; n*2*=%20")[1] == {"n": "éx "}
    assert parameters("a/b; n*=cp1252''%E9")[1] == {"n": "é"}
    assert parameters('a/b; n="a;\\"b')[1] == {"n": 'a;"b'}
    assert parameters(";" * 5000) == ("", {})
    assert ips_of(["from x ([192.0.2.1]) by 192.0.2.1 id 999.1.1.1", "[IPv6:2001:db8::1]"]) == [
        "192.0.2.1", "2001:db8::1",
    ]  # fmt: skip


def test_depth_is_bounded():
    body = b"deep"
    for level in range(1000):
        name = f"b{level}".encode()
        body = (
            b"Content-Type: multipart/mixed; boundary=" + name + b"\n\n--" + name + b"\n" + body
            + b"\n--" + name + b"--\n"
        )  # fmt: skip
    records, issues, unread = read(b"From: a@example.com\nSubject: s\n" + body)
    assert [r.text for r in records] == ["s"]
    assert codes(issues) == {"bad_date": 1, "nested_too_deep": 1}
    assert len(unread) == 1
    inner = b"From: a@example.com\n\nend"
    for _ in range(200):
        inner = b"From: a@example.com\nContent-Type: message/rfc822\n\n" + inner
    assert codes(read(inner)[1])["nested_too_deep"] == 1


BOX = (
    "From 1790000000000000001@xxx Fri Mar 01 02:20:00 +0000 2024\n"
    "From: A <a@example.com>\nTo: b@example.com\nSubject: one\nMessage-ID: <1@example.com>\n"
    "Date: Fri, 01 Mar 2024 02:20:00 +0000\n\n"
    "From Robin, who called.\n\nFrom now on: no calls\nFrom here Fri Mar 1 10:00:00 2024 on\n"
    "Note: one header only\n\n>From the desk\n\n"
    "From - Fri Mar 01 03:20:00 2024\n"
    "From: b@example.com\nTo: a@example.com\nSubject: Re: one\nReferences: <1@example.com>\n"
    "Date: Fri, 01 Mar 2024 03:20:00 +0000\n\nyes\n\n"
    "From c@example.com\nReturn-Path: <c@example.com>\nSubject: two\n\nthree\n"
)
BOX_TEXTS = [
    "one",
    "From Robin, who called.\n\nFrom now on: no calls\nFrom here Fri Mar 1 10:00:00 2024 on\n"
    "Note: one header only\n\n>From the desk",
    "Re: one",
    "yes",
    "two",
    "three",
]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_mailbox_is_cut_at_messages_only(end):
    data = BOX.replace("\n", end)
    records, issues, unread = read(data, MBOX)
    assert [r.text for r in records] == BOX_TEXTS
    assert [r.line_first for r in records] == [4, 8, 19, 23, 27, 29]
    assert {r.thread_id for r in records[:4]} == {"1@example.com"}
    assert records[4].thread_id == "subject: two"
    assert codes(issues) == {"bad_date": 1}
    assert unread == []
    assert data.encode()[records[2].byte_start :].startswith(b"From - Fri")


def test_shards_do_not_change_what_is_read(monkeypatch):
    data = (BOX + "\n") * 40
    whole = read(data, MBOX)
    monkeypatch.setattr(mail, "SIZE", 1000)
    monkeypatch.setattr(mail, "AHEAD", 400)
    for block in (7, 333, 5000, 1 << 20):
        parts = read(data, MBOX, block)
        assert parts[0] == whole[0]
        assert sum(issue.count for issue in parts[1]) == 40
    assert len(list(MBOX.shards(iter([data.encode()]), has_pages=False))) > 10


def test_a_message_too_large_is_said(monkeypatch):
    monkeypatch.setattr(mail, "SIZE", 1000)
    monkeypatch.setattr(mail, "AHEAD", 400)
    monkeypatch.setattr(mail, "LIMIT", 20_000)
    first = BOX.partition("From - ")[0]
    data = first + "x" * 30_000 + "\n\n" + BOX
    records, issues, unread = read(data, MBOX, 512)
    assert codes(issues)["message_too_large"] >= 1
    assert unread
    assert [r.text for r in records][-6:] == BOX_TEXTS


def test_text_before_the_first_message_is_said():
    records, issues, unread = read("some words\n\n" + BOX, MBOX)
    assert [r.text for r in records] == BOX_TEXTS
    assert codes(issues) == {"unparsed_text": 1, "bad_date": 1}
    assert unread == [(0, 12)]


def test_apple_mail_counts_its_messages():
    body = simple(b"hello\n")
    data = f"{len(body)}\n".encode() + body + b'<?xml version="1.0"?><plist/>\n'
    assert [r.text for r in read(data)[0]] == ["s", "hello"]


CHAT = "From: Robin\nTo: Vell\nDate: 3/1/2024\nSubject: x\n\nhello\n"
BIDS = [
    (MAIL, "a.bin", 60, 0),
    (simple(), "a", 60, 0),
    (BOX, "a", 60, 70),
    (CHAT, "a.txt", 0, 0),
    (CHAT, "a.eml", 60, 0),
    ("From: Robin\nMessage: call me\nDate: Fri, 1 Mar 2024 02:20:00 +0000\n", "a.txt", 0, 0),
    ("From Robin Fri Mar 1 10:00:00 2024\nhello there\n", "a.txt", 0, 0),
    ("From Robin Fri Mar 1 10:00:00 2024\nNote: hello\n\nx", "a.txt", 0, 0),
    ("HTTP/1.1 200 OK\nContent-Type: text/html\nDate: x\nServer: y\n", "a.txt", 0, 0),
    ("Content-Type: text/html\nDate: x\nServer: y\n\n<html>", "a.txt", 0, 0),
    ("[3/1/24, 10:00:00] Robin: From: a@example.com\n", "_chat.txt", 0, 0),
    ("From:,To:,Message-ID:\na,b,c\n", "a.csv", 0, 0),
    ("<html><body>From: a@example.com", "a.html", 0, 0),
    ('{"From": "a", "Date": "b"}', "a.json", 0, 0),
    ("notes\n" + MAIL, "a.txt", 0, 0),
    ("", "a.eml", 0, 0),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "a.msg", 0, 0),
]


@pytest.mark.parametrize(("data", "path", "one", "many"), BIDS)
def test_bids(data, path, one, many):
    data = data if isinstance(data, bytes) else data.encode()
    candidate = Candidate(path, data[:65536], Located(Path(path), None, len(data), ""))
    many_bid = MBOX.bid(candidate).sureness
    assert many_bid == many
    assert many_bid or EML.bid(candidate).sureness == one


def test_a_mailbox_in_utf_16_is_refused():
    data = b"\xff\xfe" + BOX.encode("utf-16-le")
    candidate = Candidate("a.mbox", data[:65536], Located(Path("a"), None, len(data), ""))
    assert MBOX.bid(candidate).sureness == 70
    with pytest.raises(SourceError, match="as it was exported"):
        MBOX.identify(candidate)


@pytest.mark.parametrize("reader", [EML, MBOX])
def test_every_truncation_is_right_or_said(reader):
    text = MAIL if reader is EML else BOX
    expected = TEXTS if reader is EML else BOX_TEXTS
    data = text.encode()
    for part in range(1, 20):
        records, issues, unread = read(data[: len(data) * part // 20], reader)
        shown = [r.text for r in records if r.text]
        assert shown[:-1] == expected[: max(len(shown) - 1, 0)] or issues
        assert shown or issues or unread


@pytest.mark.parametrize("make", [make_eml, make_mbox])
def test_the_samples_are_read_as_their_gold(make, tmp_path):
    make(tmp_path, pages=25, seed=5)
    gold = [json.loads(line) for line in (tmp_path / "gold.jsonl").open(encoding="utf-8")]
    found = Counter()
    for path in sorted(tmp_path.rglob("*.*")):
        if path.name == "gold.jsonl":
            continue
        records, issues, unread = read(path.read_bytes(), EML if make is make_eml else MBOX)
        assert issues == unread == []
        found.update((r.text, r.author.name, f"{r.sent_at:%Y-%m-%dT%H:%M:%SZ}", r.thread_id)
                     for r in records)  # fmt: skip
    assert found == Counter(
        (row["text"], row["author"], row["sent_at"], row["thread_id"]) for row in gold
    )
    again = tmp_path / "again"
    make(again, pages=25, seed=5)
    assert (again / "gold.jsonl").read_bytes() == (tmp_path / "gold.jsonl").read_bytes()


@pytest.mark.parametrize(
    "piece",
    [b"From: a\n", b"From a Fri Mar 1 10:00:00 2024\nA: b\nC: d\n\n", b"\r", b"\n", b"=?utf-8?q?a?= ",
     b'X: "(<', b"--b\n", b"a: b\n ", b";a=\"", b"a@", b"(", b"\r\r\n"],
)  # fmt: skip
@pytest.mark.parametrize(
    "before",
    [b"", b"From: a@example.com\nTo: ", b"Content-Type: multipart/mixed; boundary=b\n\n",
     b"Content-Type: multipart/mixed; ", b"Subject: =?utf-8?q?a?= "],
)  # fmt: skip
def test_time_is_linear(piece, before):
    data = before + piece * (100_000 // len(piece))
    begin = time.perf_counter()
    read(data)
    read(data, MBOX)
    assert time.perf_counter() - begin < 10


def _damaged(data, text):
    page = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        if not page:
            break
        at = data.draw(st.integers(0, len(page) - 1))
        what = data.draw(st.sampled_from(["cut", "double", "flip", "cr"]))
        if what == "cut":
            del page[at : at + data.draw(st.integers(1, 60))]
        elif what == "double":
            page[at:at] = page[at : at + 60]
        elif what == "cr":
            page[at:at] = data.draw(st.sampled_from([b"\r", b"\n", b"\r\n", b"\x00", b"\xff"]))
        else:
            page[at] ^= data.draw(st.integers(1, 255))
    return bytes(page)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_damage_is_read(data):
    one, many = _damaged(data, MAIL), _damaged(data, BOX)
    for damaged in (one, many):
        if damaged:
            read(damaged, EML)
            read(damaged, MBOX)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_header_is_read(value):
    list(addresses(value))
    decode_words(value)
    parameters(value)
    date_of(value)
    ips_of([value])


def test_a_mailbox_behind_a_byte_order_mark_is_a_mailbox():
    data = b"\xef\xbb\xbf" + BOX.encode()
    for path in ("box.mbox", "box.txt"):
        head = Candidate(path, data, Located(Path("x"), None, len(data), ""))
        assert MBOX.bid(head).sureness > EML.bid(head).sureness
    records, issues, _ = read(data, MBOX)
    assert [r.text for r in records] == BOX_TEXTS
    assert codes(issues) == {"bad_date": 1}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("From: a@example.com\nDate: Fri, 1 Mar 2024 02:20:00 -0600\nSubject: cut he", {"file_ends_early": 1}),
        ("From: a@example.com\nDate: Fri, 1 Mar 2024 02:20:00 -0600\nSubject: cut here\r\n", {"file_ends_early": 1}),
        ("From: a@example.com\nDate: Fri, 1 Mar 2024 02:20:00 -0600\nSubject: no text\n\n", {}),
        ("From: a@example.com\r\nDate: Fri, 1 Mar 2024 02:20:00 -0600\r\nSubject: no text\r\n\r\n", {}),
        ("From: a@example.com\rDate: Fri, 1 Mar 2024 02:20:00 -0600\rSubject: no text\r\r", {}),
        ("From: a@example.com\nDate: Fri, 1 Mar 2024 02:20:00 -0600\nSubject: no text\n \n", {}),
    ],
)  # fmt: skip
def test_a_message_cut_within_its_headers_is_said(data, found):
    assert codes(read(data)[1]) == found
