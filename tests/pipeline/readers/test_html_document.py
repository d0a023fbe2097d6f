"""Web pages: blocks and rows with their bytes, encodings, and pages made to hurt."""

from __future__ import annotations

import json
import re
import time
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.readers.base import About
from pipeline.readers.html_document import HtmlDocument
from pipeline.sample.documents import make_html
from schemas.kinds import RecordKind, Severity
from tests._data.changes import damaged
from tests._data.reading import bid_of

READER = HtmlDocument()

PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Rooms &amp; rates</title>
<style>p { color: red }</style><script>var a = "<p>no</p>";</script></head>
<body><!-- not shown -->
<h1>Señora  Vell</h1>
<p>call <b>612-555-0101</b>
   after 8 &lt;me@example.com&gt; <you@example.com><br>
  or text</p>
<a href="tel:+16125550102"><div>call me</div></a>
<table><tr><th>Name</th><th>Note</th></tr>
<tr><td>Robin</td><td></td><td><p>two</p><p>lines</p></td></tr></table>
<div><img src="a/pic.png" alt="a door"></div>
<div>I <3 it&nbsp;<o:p>so</o:p></div>
</body></html>
"""

EXPECTED = [
    ("document", "title[1]", "Rooms & rates", 2),
    ("document", "block[2]", "Señora  Vell", 5),
    (
        "document",
        "block[3]",
        "call 612-555-0101\n   after 8 <me@example.com> <you@example.com>\nor text",
        6,
    ),
    ("document", "block[4]", "call me", 9),
    ("row", "table[1]/row[1]", "Name\tNote", 10),
    ("row", "table[1]/row[2]", "Robin\t\ttwo\nlines", 11),
    ("document", "block[7]", None, 12),
    ("document", "block[8]", "I <3 it\xa0so", 13),
]


def read(data, zone="UTC"):
    data = data if isinstance(data, bytes) else data.encode()
    records, issues, unread = [], [], []
    for shard in READER.shards(iter([data]), has_pages=False):
        reading = READER.read(shard, About("", "page.html", zone))
        assert reading.pages == [(None, 0, len(data))]
        records += list(reading.records)
        issues += reading.issues
        unread += reading.unread
    last = 0
    for record in records:
        assert last <= record.byte_start < record.byte_end <= len(data)
        last = record.byte_end
        starts = [segment[0] for segment in record.segments]
        assert starts == sorted(set(starts))
        assert not starts or (starts[0] == 0 and starts[-1] < len(record.text))
        assert record.line_first >= 1
        assert record.page_first is None
    assert len({(r.line_first, r.field) for r in records}) == len(records)
    return records, issues, unread


def bid(data, path="a.html"):
    return bid_of(READER, data, path)


def test_blocks_are_exact():
    records, issues, unread = read(PAGE)
    assert [(r.kind.value, r.field, r.text, r.line_first) for r in records] == EXPECTED
    assert issues == unread == []
    data = PAGE.encode()
    assert data[records[2].byte_start : records[2].byte_end].decode().startswith("call <b>612")
    assert data[records[2].byte_start : records[2].byte_end].decode().endswith("or text")
    assert data[records[1].byte_start : records[1].byte_end].decode() == "Señora  Vell"
    assert records[2].segments == [(0, None, 6), (18, None, 7), (64, None, 8)]
    assert records[2].text[64:] == "or text"
    assert records[1].segments == []
    assert records[3].attributes == [("link", "tel:+16125550102")]
    assert records[6].attributes == [("picture described as", "a door")]
    assert [(a.name, a.path) for a in records[6].attachments] == [("pic.png", "a/pic.png")]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_change_nothing_but_bytes(end):
    records, issues, _ = read(PAGE.replace("\n", end))
    assert [(r.kind.value, r.field, r.text, r.line_first) for r in records] == EXPECTED
    assert issues == []


@pytest.mark.parametrize(
    ("encoding", "mark", "codes"),
    [
        ("utf-8", b"\xef\xbb\xbf", []),
        ("utf-16-le", b"\xff\xfe", ["encoding_detected"]),
        ("utf-16-be", b"\xfe\xff", ["encoding_detected"]),
        ("utf-16-le", b"", ["encoding_detected"]),
        ("cp1252", b"", ["encoding_detected"]),
        ("latin-1", b"", ["encoding_detected"]),
    ],
)
def test_encodings_give_the_same_text_and_exact_bytes(encoding, mark, codes):
    data = mark + PAGE.encode(encoding)
    records, issues, _ = read(data)
    assert bid(data).sureness == 20
    assert [(r.kind.value, r.field, r.text, r.line_first) for r in records] == EXPECTED
    assert [issue.code for issue in issues] == codes
    shown = data[records[1].byte_start : records[1].byte_end].decode(encoding)
    assert shown == "Señora  Vell"


def test_a_declared_encoding_is_taken_when_it_fits():
    page = '<html><meta http-equiv="x" content="text/html; charset=shift_jis"><p>日本</p></html>'
    records, issues, _ = read(page.encode("shift_jis"))
    assert [r.text for r in records] == ["日本"]
    assert [issue.code for issue in issues] == ["encoding_detected"]
    jis = page.replace("shift_jis", "iso-2022-jp").encode("iso2022_jp")
    records, _, _ = read(jis)
    assert [r.text for r in records] == ["日本"]
    assert "日本" in jis[records[0].byte_start - 3 : records[0].byte_end + 3].decode("iso2022_jp")
    records, issues, _ = read(page.encode())
    assert [r.text for r in records] == ["日本"]
    assert issues == []


GRID = [
    ("<p>one<p>two", ["one", "two"]),
    ("<ul><li>one<li>two</ul>", ["one", "two"]),
    ("a<br>b<br/><BR>c", ["a\nb\n\nc"]),
    ("<b>a</b><i>b</i><span>c</span>", ["abc"]),
    ("<table><tr><td>only</td></tr></table>", ["only"]),
    ("<table><tr><td>a<table><tr><td>b<td>c</table>d<td>e</table>f", ["a", "b\tc", "d", "e", "f"]),
    ("<tr><td>a<td>b", ["a\tb"]),
    ("<table><tr>" + "<td>" + "<p>x</p>" * 9 + "<td>y</table>", ["x"] * 9 + ["y"]),
    ("<pre>\n  a\n\n b\n</pre>", ["  a\n\n b"]),
    ("<p>&#x1F600; &bogus; &#99999999999; &amp;lt;</p>", ["😀 &bogus; � &lt;"]),
    ("<script>x", ["x"]),
    ("<script>x</script >y", ["y"]),
    ("<style>x</style>y<xml>z</xml>", ["y"]),
    ("<!-- a --> b <!-- c", ["b <!-- c"]),
    ("<![CDATA[call 555-0101]]>", ["call 555-0101"]),
    ("<p title='a > b'>c</p>", ["c"]),
    ('<p title="it" s">c</p>', ["c"]),
    ('<img src="data:image/png;base64,' + "A" * 9000 + '">after', ["after"]),
    ("<my-element>a</my-element> <foo>b</foo> <bar>", ["a b <bar>"]),
    ("<a@example.com> < b <1", ["<a@example.com> < b <1"]),
    ("<font color=red>x</font><center>y</center>", ["x", "y"]),
    ("<textarea>typed</textarea><option>o", ["typed", "o"]),
    ("<p>  \n </p><div></div>", []),
    ("plain", ["plain"]),
]


@pytest.mark.parametrize(("page", "texts"), GRID)
def test_what_a_page_shows(page, texts):
    assert [r.text for r in read(page)[0]] == texts


def test_links_are_kept_and_code_is_not():
    page = (
        '<p><a href="https://example.com/?a=1&amp;b=2">x</a><a href="javascript:y()">y</a>'
        '<a href="#top">z</a></p><p>none</p>'
    )
    records = read(page)[0]
    assert records[0].attributes == [("link", "https://example.com/?a=1&b=2")]
    assert records[1].attributes == []


def test_scripts_with_data_are_said():
    page = '<html><script type="application/json">{"a": 1}</script>x</html>'
    records, issues, _ = read(page)
    assert [r.text for r in records] == ["x"]
    assert [(i.code, i.severity, i.count) for i in issues] == [
        ("script_not_read", Severity.INFO, 1)
    ]


def test_a_torn_page_says_so():
    data = b"<html><body><p>one</p><div cla"
    records, issues, unread = read(data)
    assert [r.text for r in records] == ["one"]
    assert [(i.code, i.severity) for i in issues] == [("file_ends_early", Severity.WARNING)]
    assert unread == [(22, 30)]


def test_every_truncation_is_right_or_said():
    data = PAGE.encode()
    for part in range(20):
        cut = data[: len(data) * part // 20]
        records, issues, _ = read(cut)
        if b"<script>" in cut and b"</script>" not in cut:
            # code whose end is missing is read as text, lest it take the rest with it
            continue
        assert [r.text for r in records[:-1]] == [text for *_, text, _ in EXPECTED][
            : max(len(records) - 1, 0)
        ]
        if part > 3:
            assert "file_ends_early" in {issue.code for issue in issues}


@pytest.mark.parametrize(
    ("data", "path", "sureness"),
    [
        (PAGE, "x.bin", 20),
        ("<html><p>x", "a.txt", 20),
        ('<?xml version="1.0"?>\n<!DOCTYPE html>\n<html>', "a.xhtml", 20),
        ("<p>piece</p>", "a.htm", 15),
        ("<p>piece</p>", "a.txt", 0),
        ("no tags <3", "a.html", 0),
        ('<?xml version="1.0"?><smses><sms body="x"/></smses>', "a.xml", 0),
        ("<svg><text>x</text></svg>", "a.svg", 0),
        ("From: <html>", "a.eml", 0),
        ("", "a.html", 0),
        (b"\xff\xd8\xff\xe0", "a.html", 0),
    ],
)
def test_bids(data, path, sureness):
    assert bid(data, path).sureness == sureness


@pytest.mark.parametrize(
    "piece",
    [b"<", b'<a "', b"<a '\"", b"<!--", b"<p>", b"<table><tr>", b"<td>", b"<script>", b"<br>",
     b"<a href=x><div>", b"&#", b"</", b"<x", b'<a b="c"', b"<pre>\n", b"\n", b"<div ", b"<!-->"],
)  # fmt: skip
def test_time_is_linear(piece):
    begin = time.perf_counter()
    read(piece * (300_000 // len(piece)))
    assert time.perf_counter() - begin < 10


def test_the_sample_is_read_as_its_gold(tmp_path):
    make_html(tmp_path, pages=30, seed=7)
    gold = [json.loads(line) for line in (tmp_path / "gold.jsonl").open(encoding="utf-8")]
    records = read((tmp_path / "page.html").read_bytes())[0]
    assert Counter((r.kind.value, r.text) for r in records) == Counter(
        (row["kind"], row["text"]) for row in gold
    )
    again = tmp_path / "again"
    make_html(again, pages=30, seed=7)
    assert (again / "page.html").read_bytes() == (tmp_path / "page.html").read_bytes()
    for row in gold:
        for span in row["spans"]:
            assert row["text"][span["start"] : span["end"]].strip()


PIECES = st.lists(
    st.sampled_from([
        b"<p>", b"</p>", b"<table>", b"<tr>", b"<td>", b"</tr>", b"</table>", b"<br>", b"text ",
        b"\n", b"\r\n", b"<a href='x'>", b"</a>", b"<pre>", b"</pre>", b"<img src=y>", b"<title>",
        b"&amp;", b"&#13;", b"\xff", b"\xc3\xa9", b"<!--", b"-->", b"<script>", b"</script>", b"<",
        b">", b"\"", b"<div class=\"t o\"><div class=\"t i\">L<div class=\"m\"><div>v<div class=\"p\">"
        b"</div></div></div></div></div>", b"<o:p>", b"<![CDATA[", b"]]>", b" ", b"\t",
    ]),
    max_size=60,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(PIECES)
@example([b"<pre>", b"text ", b"\n", b"\n"])
def test_any_pieces_are_read(pieces):
    read(b"".join(pieces)) if pieces else None


@settings(max_examples=150, deadline=None)
@given(damaged(PAGE.encode()))
def test_any_damage_is_read(page):
    read(page)


def test_kinds_are_of_documents_only():
    assert {r.kind for r in read(PAGE)[0]} == {RecordKind.DOCUMENT, RecordKind.ROW}
    assert re.fullmatch(r"[a-z_]+", READER.name)


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("<title>Meta Platforms Business Record</title>", True),
        ("<title>Our business records</title>", False),
        ('<div class="pageBreak" id="page_1">Page 1</div>', True),
        ('<div id="property-unified_messages">x</div>', True),
        ('<div class="_3-95 _a6-g">x</div>', True),
        ('<div class="page-break">x</div><p id="property">y</p>', False),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_return_saved_anew_by_another_program_is_said(inside, found, encoding):
    page = f"<html><head></head><body>{inside}<p>ok</p></body></html>".encode(encoding)
    _, issues, _ = read(page)
    assert [i.severity for i in issues if i.code == "provider_layout"] == [Severity.WARNING] * found
