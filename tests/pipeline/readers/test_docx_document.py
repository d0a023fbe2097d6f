"""Word documents: where text stands, what was changed, and zips made to hurt."""

from __future__ import annotations

import contextlib
import io
import json
import struct
import zipfile
from collections import Counter
from datetime import UTC, datetime
from random import Random

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.readers import docx_package
from pipeline.readers.base import About, Account, Candidate, Located, Shard
from pipeline.readers.docx_document import DocxDocument
from pipeline.sample.documents import make_docx
from schemas.kinds import RecordKind, Severity
from tests._data.changes import damaged

READER = DocxDocument()

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:du="http://schemas.microsoft.com/office/word/2023/wordml/word16du"'
)
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def r(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs):
    return f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{''.join(runs)}</w:p>"


def table(*rows):
    return (
        "<w:tbl><w:tblPr/>"
        + "".join(
            "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>" for row in rows
        )
        + "</w:tbl>"
    )


def part(name, inside):
    return f'<?xml version="1.0"?><w:{name} {SPACES}>{inside}</w:{name}>'


def relations(*items):
    return f'<Relationships xmlns="{RELS}">' + "".join(
        f'<Relationship Id="{number}" Type="{R}/{kind}" Target="{target}"{mode}/>'
        for number, kind, target, mode in items
    ) + "</Relationships>"  # fmt: skip


OUTSIDE = ' TargetMode="External"'


def files(body, **more):
    kinds = {"header1": "header", "footnotes": "footnotes", "endnotes": "endnotes",
             "comments": "comments", "footer1": "footer"}  # fmt: skip
    related = [
        (f"n{name}", kind, f"{name}.xml", "") for name, kind in kinds.items() if name in more
    ]
    related += [
        ("link", "hyperlink", "https://example.com/?a=1&amp;b=2", OUTSIDE),
        ("bad", "hyperlink", "javascript:x()", OUTSIDE),
        ("pic", "image", "media/image1.png", ""),
    ]
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("a", "officeDocument", "word/document.xml", "")),
        "word/document.xml": part("document", f"<w:body>{body}<w:sectPr/></w:body>"),
        "word/_rels/document.xml.rels": relations(*related),
        "word/media/image1.png": "not a picture",
        **{f"word/{name}.xml": text for name, text in more.items() if name in kinds},
        **{name: text for name, text in more.items() if name not in kinds},
    }


def zipped(content, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, text in content.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), text, compression)
    return stream.getvalue()


def read(data, zone="America/Chicago", shards=None):
    records, issues, unread = [], [], []
    for shard in shards or READER.shards(iter([data]), has_pages=False):
        reading = READER.read(shard, About("", "a.docx", zone))
        assert reading.pages == [(None, 0, len(data))]
        records += list(reading.records)
        issues += reading.issues
        unread += reading.unread
    for record in records:
        assert 0 <= record.byte_start <= record.byte_end <= len(data)
        starts = [segment[0] for segment in record.segments]
        assert starts == sorted(set(starts))
        assert not starts or (starts[0] == 0 and starts[-1] < len(record.text))
    assert len({(r.line_first, r.field) for r in records}) == len(records)
    return records, issues, unread


def texts(body, **more):
    records, issues, _ = read(zipped(files(body, **more)))
    assert issues == []
    return [(r.field, r.text) for r in records if r.field != "properties"]


def codes(issues):
    return {issue.code: (issue.severity, issue.count) for issue in issues}


def test_a_document_is_exact():
    body = (
        p(r("Call "), r("612-555-0101"), "<w:r><w:tab/><w:t>now</w:t><w:br/><w:t>ok</w:t></w:r>")
        + p()
        + table((p(r("a")), p(r("b")) + p(r("c"))), (p(), p(r("d"))))
        + p('<w:hyperlink r:id="link">', r("there"), "</w:hyperlink>",
            '<w:r><w:footnoteReference w:id="2"/></w:r>')
    )  # fmt: skip
    data = zipped(files(
        body,
        header1=part("hdr", p(r("head"))),
        footnotes=part(
            "footnotes",
            f'<w:footnote w:type="separator" w:id="-1">{p(r("----"))}</w:footnote>'
            f'<w:footnote w:id="2">{p(r("note"))}{p(r("more"))}</w:footnote>',
        ),
        comments=part(
            "comments",
            f'<w:comment w:id="0" w:author="Robin Vell" w:date="2024-03-05T09:30:00Z">{p(r("hm"))}'
            f'</w:comment><w:comment w:id="1" w:author="A" w:date="2024-03-05T09:30:00Z" '
            f'du:dateUtc="2024-03-05T15:30:00Z">{p(r("yes"))}</w:comment>',
        ),
        **{"docProps/core.xml": '<c xmlns:d="x"><d:creator>Robin</d:creator><d:title/></c>'},
    ))  # fmt: skip
    records, issues, unread = read(data)
    assert [(r.kind, r.section, r.field, r.text, r.line_first) for r in records] == [
        (RecordKind.DOCUMENT, "body", "body", "Call 612-555-0101\tnow\nok", 1),
        (RecordKind.ROW, "body", "table[1]/row[1]", "a\tb\nc", 3),
        (RecordKind.ROW, "body", "table[1]/row[2]", "\td", 6),
        (RecordKind.DOCUMENT, "body", "body", "there", 8),
        (RecordKind.DOCUMENT, "footnotes", "footnote[2]", "note", 9),
        (RecordKind.DOCUMENT, "footnotes", "footnote[2]", "more", 10),
        (RecordKind.DOCUMENT, "comments", "comment[0]", "hm", 11),
        (RecordKind.DOCUMENT, "comments", "comment[1]", "yes", 12),
        (RecordKind.DOCUMENT, "header", "header[1]", "head", 13),
        (RecordKind.GENERIC, "properties", "properties", None, 1),
    ]
    assert codes(issues) == {"zone_assumed": (Severity.INFO, 1)}
    assert unread == []
    assert records[1].segments == [(0, None, 3), (2, None, 4), (4, None, 5)]
    assert records[3].attributes == [("link", "https://example.com/?a=1&b=2"), ("footnote", "2")]
    assert records[6].author == Account("word", None, "Robin Vell")
    assert (records[6].sent_at, records[6].zone_assumed) == (
        datetime(2024, 3, 5, 15, 30, tzinfo=UTC), True,
    )  # fmt: skip
    assert (records[7].sent_at, records[7].zone_assumed) == (
        datetime(2024, 3, 5, 15, 30, tzinfo=UTC), False,
    )  # fmt: skip
    assert records[9].attributes == [("creator", "Robin")]
    assert [(a.name, a.path, a.size_bytes) for a in records[9].attachments] == [
        ("image1.png", "word/media/image1.png", 13)
    ]


GRID = [
    (p(r("a"), "<w:r><w:noBreakHyphen/></w:r>", r("b")), [("body", "a\u2011b")]),
    (p('<w:r><w:sym w:font="x" w:char="F0E0"/><w:sym w:char="zz"/></w:r>'), [("body", "\uf0e0\ufffd")]),
    (p('<w:fldSimple w:instr="PAGE">', r("7"), "</w:fldSimple>"), [("body", "7")]),
    (p("<w:sdt><w:sdtContent>", r("in"), "</w:sdtContent></w:sdt>"), [("body", "in")]),
    (p("<w:smartTag>", r("x"), "</w:smartTag>"), [("body", "x")]),
    (p(r("&lt;b&gt; &amp; \U0001f600")), [("body", "<b> & \U0001f600")]),
    (p(r("  kept  ")), [("body", "  kept  ")]),
    (p(r(" ")), []),
    (
        p(r("out "), "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>", p(r("box")),
          "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>", p(r("box")),
          "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>", r("side")),
        [("body", "out side"), ("textbox[1]", "box")],
    ),
    (
        p("<w:r><mc:AlternateContent><mc:Fallback><w:t>only</w:t></mc:Fallback>"
          "</mc:AlternateContent></w:r>"),
        [("body", "only")],
    ),
    (
        table((p(r("a")) + table((p(r("x")), p(r("y")))) + p(r("b")), p(r("c")))),
        [("table[1]/row[1]", "a\nb\tc"), ("table[2]/row[1]", "x\ty")],
    ),
    (
        table((p("<w:r><v:textbox><w:txbxContent>", p(r("box")),
                 "</w:txbxContent></v:textbox></w:r>", r("cell")), p(r("c")))),
        [("table[1]/row[1]", "cell\tc"), ("textbox[1]", "box")],
    ),
    (
        p("<w:ins>", r("new "), "</w:ins>", r("same")), [("body", "new same")],
    ),
    (
        p('<w:del w:author="A">', "<w:r><w:delText>old</w:delText></w:r>", "</w:del>"),
        [("body/before changes", "old")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), GRID)
def test_where_text_stands(body, expected):
    assert texts(body) == expected


def test_tracked_changes_keep_both_readings():
    body = p(
        r("call 612-555-01"),
        '<w:del w:author="Robin" w:date="2024-03-05T09:30:00Z"><w:r><w:delText>01</w:delText></w:r>'
        '</w:del><w:ins w:author="Robin" w:date="2024-03-05T09:30:00Z">', r("02"), "</w:ins>",
        r(" now"),
    )  # fmt: skip
    now, before, *_ = read(zipped(files(body)))[0]
    assert now.text == "call 612-555-0102 now"
    assert before.text == "call 612-555-0101 now"
    assert before.attributes == [
        ("deleted", "01"), ("deleted by", "Robin, 2024-03-05T09:30:00Z"),
    ]  # fmt: skip
    assert (now.line_first, before.line_first) == (1, 1)


def test_links_of_fields_pictures_and_code():
    body = p(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPER</w:instrText></w:r>'
        '<w:r><w:instrText>LINK "https://example.com/x" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', r("shown"),
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        '<w:hyperlink r:id="bad">', r("!"), "</w:hyperlink>",
        '<w:r><w:drawing><wp:docPr id="1" name="x" descr="a door"/><a:blip r:embed="pic"/>'
        "</w:drawing></w:r>",
    )  # fmt: skip
    record = read(zipped(files(body)))[0][0]
    assert record.text == "shown!"
    assert record.attributes == [
        ("link", "https://example.com/x"), ("picture described as", "a door"),
    ]  # fmt: skip
    assert [(a.name, a.size_bytes) for a in record.attachments] == [("image1.png", 13)]


def test_the_strict_form_is_read():
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    content = files(p(r("hello")))
    content["word/document.xml"] = content["word/document.xml"].replace(W, strict)
    assert read(zipped(content))[0][0].text == "hello"


def test_entities_are_never_resolved(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    for declared in (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY e "&a;&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ):
        content = files(p(r("&e;")))
        text = content["word/document.xml"]
        content["word/document.xml"] = text.replace("?>", "?>" + declared, 1)
        records, issues, unread = read(zipped(content))
        assert [r.text for r in records if r.text] == []
        assert codes(issues) == {"unsafe_xml": (Severity.ERROR, 1)}
        assert len(unread) == 1


def test_damaged_parts_are_read_to_the_damage():
    content = files(p(r("one")) + p(r("two")) + "<w:broken>", comments="no xml")
    records, issues, _ = read(zipped(content))
    assert [r.text for r in records if r.text] == ["one", "two"]
    assert [(i.code, i.severity) for i in issues] == [("damaged_part", Severity.ERROR)] * 2
    data = zipped(files(p(r("one"))), zipfile.ZIP_STORED).replace(b">one<", b">two<")
    assert codes(read(data)[1]) == {"damaged_part": (Severity.ERROR, 1)}


def test_what_is_missing_or_foreign_is_said():
    content = files(p(r("one")) + '<w:altChunk r:id="x"/><w:r><w:t>loose</w:t></w:r>',
                    comments=part("comments", ""))  # fmt: skip
    del content["word/comments.xml"]
    assert codes(read(zipped(content))[1]) == {
        "embedded_part_not_read": (Severity.ERROR, 1),
        "orphan_value": (Severity.WARNING, 1),
        "missing_part": (Severity.ERROR, 1),
    }
    content = files(p(r("one")), comments=part("comments", f"<w:comment>{p(r('c'))}</w:comment>"))
    content["word/_rels/document.xml.rels"] = "<broken"
    records, issues, _ = read(zipped(content))
    assert [r.text for r in records if r.text] == ["one", "c"]
    assert codes(issues) == {"damaged_part": (Severity.WARNING, 1)}


def test_bombs_are_refused(monkeypatch):
    with pytest.raises(SourceError, match="inflates 1,000 times") as error:
        read(zipped(files(p(r("a" * 20_000_000)))))
    assert error.value.code == "archive_ratio"
    monkeypatch.setattr(docx_package, "INFLATED", 10_000)
    with pytest.raises(SourceError) as error:
        read(zipped(files(p(r(Random(1).randbytes(9000).hex())))))
    assert error.value.code == "archive_limit"
    monkeypatch.setattr(docx_package, "MEMBERS", 4)
    with pytest.raises(SourceError) as error:
        read(zipped(files(p(r("x")))))
    assert error.value.code == "archive_limit"


def test_what_is_no_document_is_refused():
    for data, code in (
        (b"PK\x03\x04 no zip", "broken_archive"),
        (zipped({"a.txt": "x"}), "no_document"),
        (zipped(files(p(r("x"))))[:-30], "broken_archive"),
    ):
        with pytest.raises(SourceError) as error:
            read(data)
        assert error.value.code == code
    data = bytearray(zipped(files(p(r("x")))))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(SourceError) as error:
        read(bytes(data))
    assert error.value.code == "encrypted"


def test_a_damaged_zip_in_a_shard_never_raises():
    data = zipped(files(p(r("x"))))
    for part_of in range(20):
        cut = data[: len(data) * part_of // 20]
        if not cut:
            continue
        shard = Shard(0, 0, len(cut), 1, 0, 0, b"", cut, is_last=True)
        records, issues, unread = read(cut, shards=[shard])
        assert records == []
        assert codes(issues) == {"broken_archive": (Severity.ERROR, 1)}
        assert unread == [(0, len(cut))]
        with pytest.raises(SourceError):
            read(cut)


@pytest.mark.parametrize("depth", [10, 20_000])
def test_depth_is_no_danger(depth):
    body = "<w:sdt>" * depth + p(r("deep")) + "</w:sdt>" * depth
    data = zipped(files(body), zipfile.ZIP_STORED)
    assert read(data)[0][0].text == "deep"
    nested = p(r("x"))
    for _ in range(min(depth, 500)):
        nested = table((nested,))
    assert read(zipped(files(nested), zipfile.ZIP_STORED))[0][0].text == "x"


def ole(*names):
    head = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)
    return head + b"".join(name.encode("utf-16-le").ljust(64, b"\0") + bytes(64) for name in names)


def bid_of(tmp_path, data, name):
    path = tmp_path / name
    path.write_bytes(data)
    candidate = Candidate(name, data[:65536], Located(path, None, len(data), ""))
    return READER.bid(candidate).sureness, candidate


@pytest.mark.parametrize(
    ("data", "name", "sureness"),
    [
        (zipped(files(p(r("x")))), "a.docx", 49),
        (zipped(files(p(r("x")))), "a.bin", 49),
        (zipped({"z": "0" * 10, **files(p(r("x")))}), "a.docm", 49),
        (zipped({"[Content_Types].xml": "x", "xl/workbook.xml": "x"}), "a.xlsx", 0),
        (zipped({"records.html": "<html>"}), "a.zip", 0),
        (b"PK\x03\x04 damaged", "a.docx", 15),
        (b"plain", "a.docx", 0),
        (ole("WordDocument"), "a.doc", 40),
        (ole("Root Entry"), "a.doc", 40),
        (ole("EncryptedPackage"), "a.docx", 40),
        (ole("__substg1.0_001A001F"), "a.msg", 40),
        (ole("Workbook"), "a.bin", 0),
        (ole("Root Entry"), "a.xls", 0),
        (ole("Root Entry"), "a.bin", 11),
    ],
)
def test_bids(tmp_path, data, name, sureness):
    assert bid_of(tmp_path, data, name)[0] == sureness


@pytest.mark.parametrize(
    ("data", "code", "told"),
    [
        (ole("WordDocument"), "old_office_format", "save it as .docx and name that too"),
        (ole("EncryptedPackage"), "encrypted", "password"),
        (ole("__substg1.0_001A001F"), "old_office_format", ".eml"),
        (ole("x"), "old_office_format", "save it as .docx"),
    ],
)
def test_old_formats_are_refused(tmp_path, data, code, told):
    _, candidate = bid_of(tmp_path, data, "a.doc")
    with pytest.raises(SourceError, match=told) as error:
        READER.identify(candidate)
    assert error.value.code == code


def test_the_sample_is_read_as_its_gold(tmp_path):
    make_docx(tmp_path, pages=30, seed=11)
    gold = [json.loads(line) for line in (tmp_path / "gold.jsonl").open(encoding="utf-8")]
    data = (tmp_path / "document.docx").read_bytes()
    records, issues, _ = read(data)
    assert Counter((r.kind.value, r.text) for r in records) == Counter(
        (row["kind"], row["text"]) for row in gold
    )
    assert set(codes(issues)) == {"zone_assumed"}
    make_docx(tmp_path / "again", pages=30, seed=11)
    assert (tmp_path / "again" / "document.docx").read_bytes() == data


def test_what_a_library_writes_is_read():
    document = docx.Document()
    document.add_heading("Title", 1)
    document.add_paragraph("two").add_run(" runs")
    document.add_table(1, 2).cell(0, 1).text = "cell"
    document.sections[0].footer.paragraphs[0].text = "foot"
    stream = io.BytesIO()
    document.save(stream)
    assert [(r.field, r.text) for r in read(stream.getvalue())[0]][:4] == [
        ("body", "Title"), ("body", "two runs"), ("table[1]/row[1]", "\tcell"), ("footer[1]", "foot"),
    ]  # fmt: skip


SEED = zipped(
    files(
        p(r("one")) + table((p(r("a")), p(r("b")))) + p("<w:del>", r("x"), "</w:del>"),
        comments=part("comments", f'<w:comment w:date="x" w:author="A">{p(r("c"))}</w:comment>'),
    ),
    zipfile.ZIP_STORED,
)


@settings(max_examples=200, deadline=None)
@given(damaged(SEED, most=4, longest=40))
def test_any_damage_is_read_or_refused(broken):
    shard = Shard(0, 0, len(broken), 1, 0, 0, b"", broken, is_last=True)
    read(broken, shards=[shard])
    with contextlib.suppress(SourceError):
        read(broken)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<w:p>",
                "</w:p>",
                "<w:tbl>",
                "</w:tbl>",
                "<w:tr>",
                "</w:tr>",
                "<w:tc>",
                "</w:tc>",
                "<w:r>",
                "</w:r>",
                "<w:t>x</w:t>",
                "<w:txbxContent>",
                "</w:txbxContent>",
                "<w:del>",
                "</w:del>",
                "<w:comment>",
                "</w:comment>",
                "<mc:AlternateContent>",
                "<mc:Choice>",
                "</mc:Choice>",
                "<mc:Fallback>",
                "</mc:Fallback>",
                "</mc:AlternateContent>",
                '<w:fldChar w:fldCharType="end"/>',
                '<w:footnote w:type="a">',
                "</w:footnote>",
            ]
        ),
        max_size=40,
    )
)
def test_any_order_of_elements_is_read(pieces):  # fmt: skip
    read(zipped(files("".join(pieces)), zipfile.ZIP_STORED))


def test_the_place_of_a_part_is_its_own_bytes():
    data = zipped(files(p(r("one"))), zipfile.ZIP_STORED)
    record = read(data)[0][0]
    assert b">one<" in data[record.byte_start : record.byte_end]
    assert struct.calcsize("<HH") == 4
