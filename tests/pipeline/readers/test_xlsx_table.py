"""Workbooks: rows, numbers as shown, notes, hidden sheets, and files that must not be opened."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.readers import workbook_file
from pipeline.readers.base import About, Candidate, Located, Preparing
from pipeline.readers.xlsx_table import OLE, XlsxTable, cell_text
from pipeline.sample.tables import make_xlsx
from pipeline.sample.workbook import Sheet, column_name, write_workbook
from schemas.kinds import RecordKind, Severity
from tests._data.reading import bid_of, locate

READER = XlsxTable()

CLOCK = datetime(2024, 3, 1, 2, 11, 7)  # noqa: DTZ001  a spreadsheet's times have no zone
SHEETS = [
    Sheet(
        "Calls",
        [
            ["Export of calls"],
            [],
            [None, "Date (UTC)", "Number", "Paid", "Note"],
            [None, CLOCK, 6515550117, True, " two\nlines "],
            [],
            [None, CLOCK.replace(hour=0, minute=0, second=0), "651-555-0118", -12.5, "=SUM(A1)"],
        ],
        notes=[("C4", "Dovie Larkspur", "his other one: 651-555-0119\nask")],
    ),
    Sheet("Kept away", [["name", "alias"], ["Marlo", "Quill 💰"]], is_hidden=True),
    Sheet("Empty", []),
]


def workbook(sheets=SHEETS):
    out = io.BytesIO()
    write_workbook(out, sheets)
    return out.getvalue()


def bid(data, path="a.xlsx"):
    return bid_of(READER, data, path)


def read(where):
    assert isinstance(READER, Preparing)
    blocks = [READER.prepare(where, part) for part in READER.parts(where)]
    records, issues, at = [], [], 0
    for number, shard in enumerate(READER.shards(iter(blocks), has_pages=False)):
        assert (shard.ordinal, shard.byte_start) == (number, at)
        reading = READER.read(shard, About("", "a.xlsx"))
        records += list(reading.records)
        issues += reading.issues
        for _, start, end in reading.pages:
            assert start == at < end
            at = end
    assert at == sum(map(len, blocks))
    last = 0
    for record in records:
        assert last <= record.byte_start < record.byte_end
        last = record.byte_end
    assert len({(r.page_first, r.line_first, r.field) for r in records}) == len(records)
    return records, issues


def told(records):
    return [(r.page_first, r.section, r.field, r.line_first, r.text) for r in records]


def test_rows_have_their_numbers_and_cells_as_a_spreadsheet_shows_them(tmp_path):
    where = locate(tmp_path, workbook())
    assert READER.count(where) == 3
    records, issues = read(where)
    assert told(records) == [
        (1, "Calls", "title", 1, "Export of calls"),
        (1, "Calls", "header", 3, "\tDate (UTC)\tNumber\tPaid\tNote"),
        (1, "Calls", "row", 4, "\t2024-03-01 02:11:07\t6515550117\tTRUE\t two\nlines "),
        (1, "Calls", "row", 6, "\t2024-03-01\t651-555-0118\t-12.5\t=SUM(A1)"),
        (1, "Calls", "note[C4]", 4, "his other one: 651-555-0119\nask"),
        (2, "Kept away", "header", 1, "name\talias"),
        (2, "Kept away", "row", 2, "Marlo\tQuill 💰"),
    ]
    row = records[2]
    assert row.kind is RecordKind.ROW
    assert row.sent_at == datetime(2024, 3, 1, 2, 11, 7, tzinfo=UTC)
    assert row.sent_raw == "2024-03-01 02:11:07"
    assert row.attributes[1] == ("Number", "6515550117")
    assert records[4].kind is RecordKind.DOCUMENT
    assert records[4].attributes == [("Author", "Dovie Larkspur")]
    assert [(i.code, i.severity, i.page) for i in issues] == [("hidden_sheet", Severity.INFO, 2)]


def test_a_member_of_an_archive_is_read_from_memory(tmp_path):
    data = workbook()
    outer = tmp_path / "return.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("in/a.xlsx", data)
    records, _ = read(Located(outer, "in/a.xlsx", len(data), "x"))
    assert len(records) == 7
    # the archive itself is no workbook, though the head of one lies in it
    assert bid(outer.read_bytes(), "return.zip").sureness == 0


NUMBERS = [
    (6515550117.0, "6515550117"),
    (16515550117.0, "16515550117"),
    (490154203237518.0, "490154203237518"),
    (900000000000000000.0, "900000000000000000"),
    (0.1 + 0.2, "0.3"),
    (1e-7, "0.0000001"),
    (-3.0, "-3"),
    (1234.5, "1234.5"),
    (7, "7"),
    (True, "TRUE"),
    (False, "FALSE"),
    ("  as it is ", "  as it is "),
    (date(2024, 3, 1), "2024-03-01"),
    (CLOCK, "2024-03-01 02:11:07"),
    (CLOCK.replace(microsecond=250_000), "2024-03-01 02:11:07.250"),
    (time(2, 11, 7), "02:11:07"),
    (timedelta(hours=30, seconds=5), "30:00:05"),
    (-timedelta(seconds=5), "-0:00:05"),
]


@pytest.mark.parametrize(("value", "text"), NUMBERS)
def test_cells_as_text(value, text):
    assert cell_text(value) == text


def test_numbers_that_a_spreadsheet_does_not_hold_exactly_are_said(tmp_path):
    _, issues = read(locate(tmp_path, workbook([Sheet("a", [[12345678901234567, 1.0]])])))
    assert [(i.code, i.count) for i in issues] == [("inexact_number", 1)]


def test_tables_below_each_other_have_their_own_labels(tmp_path):
    rows = [
        ["Date", "Alias"], ["2024-01-02 03:04:05", "quill"], [],
        ["Payment sources"], ["Card Number", "Brand"], [4000000000000002, "VISA"],
        [], ["Marlo", "Dovie"],
    ]  # fmt: skip
    records, _ = read(locate(tmp_path, workbook([Sheet("a", rows)])))
    assert [r.field for r in records] == ["header", "row", "row", "header", "row", "row"]
    assert records[4].attributes == [("Card Number", "4000000000000002"), ("Brand", "VISA")]


def test_large_workbooks_are_prepared_by_sheet_and_cut_between_rows(tmp_path, monkeypatch):
    sheets = [
        Sheet(f"s{n}", [["Name", "Note"], *([f"n{m}", f"note {m} é"] for m in range(900))])
        for n in range(3)
    ]
    where = locate(tmp_path, workbook(sheets))
    whole, _ = read(where)
    monkeypatch.setattr(READER.__class__, "parts", lambda self, one: [(0, 1), (1, 2), (2, 3)])
    monkeypatch.setattr("pipeline.readers.xlsx_table.line_shards", small_shards)
    cut, _ = read(where)
    assert told(cut) == told(whole)
    assert [r.attributes for r in cut] == [r.attributes for r in whole]
    assert len(whole) == 3 * 901


def small_shards(blocks, keep):
    from pipeline.readers.prepared_lines import line_shards

    shards = list(line_shards(blocks, keep, 5000))
    assert len(shards) > 9
    assert [shard.is_last for shard in shards] == [False] * (len(shards) - 1) + [True]
    return iter(shards)


def test_shapes_with_text_are_read(tmp_path):
    data = io.BytesIO(workbook([Sheet("a", [["x", "y"]], notes=[("A1", "", "n")])]))
    drawing = (
        '<xdr:wsDr xmlns:xdr="d" xmlns:a="m"><xdr:sp><xdr:txBody><a:p><a:r><a:t>call '
        "651-555-0117</a:t></a:r></a:p><a:p><a:r><a:t>now</a:t></a:r></a:p></xdr:txBody>"
        "</xdr:sp></xdr:wsDr>"
    )
    relations = (
        '<Relationships><Relationship Id="r1" Type="http://x/drawing" '
        'Target="../drawings/drawing1.xml"/></Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            if not info.filename.endswith("sheet1.xml.rels"):
                new.writestr(info.filename, old.read(info))
        new.writestr("xl/worksheets/_rels/sheet1.xml.rels", relations)
        new.writestr("xl/drawings/drawing1.xml", drawing)
    records, _ = read(locate(tmp_path, out.getvalue()))
    assert told(records)[-1] == (1, "a", "shape[1]", 1, "call 651-555-0117\nnow")


def ods(rows, extra=""):
    cells = "".join(
        "<table:table-row{}>{}</table:table-row>".format(
            extra,
            "".join(
                '<table:table-cell office:value-type="string"><text:p>'
                f"{cell}</text:p></table:table-cell>"
                for cell in row
            ),
        )
        for row in rows
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="One">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def test_ods(tmp_path):
    data = ods([["Name", "Phone"], ["Marlo", "651-555-0117"]])
    assert bid(data, "a.ods").sureness == 45
    records, _ = read(locate(tmp_path, data, "a.ods"))
    assert told(records)[-1] == (1, "One", "row", 2, "Marlo\t651-555-0117")


def refused(tmp_path, data, code, name="a.xlsx"):
    where = locate(tmp_path, data, name)
    with pytest.raises(SourceError) as caught:
        READER.identify(Candidate(name, data[: 1 << 16], where))
    assert caught.value.code == code
    assert "\n" not in str(caught.value)


def test_broken_workbooks_are_refused(tmp_path):
    data = workbook()
    refused(tmp_path, data[: len(data) // 2], "broken_workbook")
    refused(tmp_path, OLE + bytes(600), "broken_workbook", "a.xls")
    refused(tmp_path, b"PK\x03\x04" + bytes(99), "broken_workbook")


def test_workbooks_behind_a_password_are_refused(tmp_path):
    data = OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    assert bid(data, "a.xlsx").sureness == 45
    refused(tmp_path, data, "encrypted_workbook")


def with_sheet(sheet, **more):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w", 8) as new:
        for info in old.infolist():
            one = sheet if info.filename == "xl/worksheets/sheet1.xml" else old.read(info)
            new.writestr(info.filename, one)
        for name, text in more.items():
            new.writestr(name, text)
    return out.getvalue()


def test_a_bomb_is_refused_before_it_is_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_file, "MOST_INFLATED", 3 << 20)
    data = with_sheet(b" " * (4 << 20))
    refused(tmp_path, data, "too_large")
    # the directory may say less than there is
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/worksheets/sheet1.xml"))
    lying = data[: at + 24] + struct.pack("<I", 100) + data[at + 28 :]
    refused(tmp_path, lying, "too_large")


def test_a_bomb_of_high_ratio_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_file, "SMALL_INFLATED", 1 << 20)
    refused(tmp_path, with_sheet(b" " * (9 << 20)), "too_large")


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def test_two_cells_far_apart_cost_no_memory_and_are_said(tmp_path):
    sheet = (
        f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
        '<c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
    )
    records, issues = read(locate(tmp_path, with_sheet(sheet)))
    assert ("sheet_too_large", Severity.ERROR, 1) in [(i.code, i.severity, i.page) for i in issues]
    assert any(r.page_first == 2 for r in records)


def test_one_long_text_in_every_cell_costs_no_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_file, "MOST_INFLATED", 1 << 20)
    cells = "".join(f'<c r="A{n}" t="s"><v>0</v></c>' for n in range(1, 2000))
    sheet = f'<worksheet {MAIN}><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    strings = f"<sst {MAIN}><si><t>{'x' * 4000}</t></si></sst>"
    data = with_sheet(sheet, **{"xl/sharedStrings.xml": strings})
    _, issues = read(locate(tmp_path, data))
    assert "sheet_too_large" in [issue.code for issue in issues]


def test_an_ods_that_repeats_cells_without_end_is_refused(tmp_path):
    data = ods([["x"] * 40], ' table:number-rows-repeated="1048576"')
    assert len(data) < 3000
    refused(tmp_path, data, "too_large", "a.ods")


def test_entities_are_not_expanded(tmp_path):
    with zipfile.ZipFile(io.BytesIO(workbook())) as old:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as new:
            for info in old.infolist():
                text = old.read(info)
                if info.filename == "xl/comments1.xml":
                    text = text.replace(
                        b'standalone="yes"?>', b'?><!DOCTYPE c [<!ENTITY e "ha">]>'
                    ).replace(b"his other", b"&e;")
                new.writestr(info.filename, text)
    _, issues = read(locate(tmp_path, out.getvalue()))
    assert ("unread_notes", Severity.ERROR) in [(i.code, i.severity) for i in issues]


BIDS = [
    ("a.xlsx", workbook(), 45),
    ("a.bin", workbook(), 45),
    ("a.docx", b"PK\x03\x04" + bytes(22) + struct.pack("<HH", 19, 0) + b"[Content_Types].xml"
     + b"word/document.xml", 0),
    ("a.xls", OLE + bytes(99), 45),
    ("a.doc", OLE + bytes(99), 0),
    ("a.xls", b"Name\tPhone\n", 0),
    ("a.csv", b"Name,Phone\n", 0),
    ("~$a.xlsx", b"\x05Marlo" + bytes(99), 0),
    ("a.xlsx", b"", 0),
    ("a.xlsx", b"PK\x03\x04", 0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "sureness"), BIDS)
def test_bids(name, data, sureness):
    assert bid(data, name).sureness == sureness


def attempt(where, data):
    """Read as a case would: a refusal, or records."""
    try:
        READER.identify(Candidate("a.xlsx", data[: 1 << 16], where))
    except SourceError:
        return
    read(where)


def test_truncated_at_twenty_places(tmp_path):
    data = workbook()
    for at in range(0, len(data), len(data) // 20):
        attempt(locate(tmp_path, data[:at]), data[:at])


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_mutations_of_the_file_and_of_its_parts_are_refused_or_read(tmp_path_factory, data):
    mutated = bytearray(workbook())
    with zipfile.ZipFile(io.BytesIO(workbook())) as old:
        name = data.draw(st.sampled_from(["", *old.namelist()]))
        parts = {info.filename: bytearray(old.read(info)) for info in old.infolist()}
    target = parts[name] if name else mutated
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, max(len(target) - 1, 0)))
        size = data.draw(st.integers(0, 30))
        what = data.draw(st.sampled_from(["cut", "twice", "flip"]))
        if what == "cut":
            del target[at : at + size]
        elif what == "twice":
            target[at:at] = target[at : at + size]
        elif target:
            target[at] ^= data.draw(st.integers(1, 255))
    if name:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as new:
            for each, text in parts.items():
                new.writestr(each, bytes(text))
        mutated = bytearray(out.getvalue())
    attempt(locate(tmp_path_factory.mktemp("m"), bytes(mutated)), bytes(mutated))


def test_column_names():
    assert [column_name(at) for at in (0, 25, 26, 701, 702, 16383)] == [
        "A", "Z", "AA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip


@pytest.mark.parametrize("wordlist", ["a", "b"])
def test_the_sample_is_read_as_its_gold_says(tmp_path, wordlist):
    make_xlsx(tmp_path, pages=6, seed=3, wordlist=wordlist)
    path = tmp_path / "messages.xlsx"
    records, issues = read(Located(path, None, path.stat().st_size, wordlist))
    rows = {(r.page_first, r.line_first): r for r in records if r.kind is RecordKind.ROW}
    gold = [json.loads(line) for line in (tmp_path / "gold.jsonl").open(encoding="utf-8")]
    assert len(gold) == len(rows) == 120
    assert not issues
    for row in gold:
        record = rows[row["pages"]["messages.xlsx"][0], row["line"]]
        assert record.text == row["text"]
        assert f"{record.sent_at:%Y-%m-%dT%H:%M:%SZ}" == row["sent_at"]


@pytest.mark.parametrize("lost", ["xl/comments1.xml", "xl/worksheets/_rels/sheet1.xml.rels"])
def test_notes_that_are_lost_are_said(tmp_path, lost):
    whole = workbook([Sheet("A", [["Name", "Note"], ["Juno", "x"]], notes=[("B2", "R", "ask")])])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for info in old.infolist():
            new.writestr(info.filename.replace(lost, lost[:-1] + "z"), old.read(info))
    before = read(locate(tmp_path, whole))
    after = read(locate(tmp_path, out.getvalue(), "b.xlsx"))
    assert "ask" in [record.text for record in before[0]]
    assert "ask" not in [record.text for record in after[0]]
    assert len(after[1]) == len(before[1]) + 1
    assert after[1][-1].severity is not Severity.INFO
