"""Plain PDF documents: passages, remarks, scans with and without text recognition, damage."""

from __future__ import annotations

import json
import stat
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.readers import pdf_document
from pipeline.readers.base import About, Candidate, Located, Preparing
from pipeline.readers.ocr import Tesseract
from pipeline.readers.pdf_document import PdfDocument
from pipeline.sample.pdf_writer import Picture, Sheet, pdf_bytes
from pipeline.sample.pdfs import make_pdf
from schemas.kinds import RecordKind, Severity
from tests._data.reading import bid_of, locate

READER = PdfDocument()
GREY = Picture(20, 26, bytes(520))

REPORT = pdf_bytes(
    [
        Sheet(
            [
                ["Call her at 651-555-", "0117, she has the infor-", "mation (room 214)."],
                ["The señora said “no”.", "Twice."],
            ],
            notes=["his other one: 651-555-0118"],
            fields=[("Phone", "651-555-0119")],
            links=["tel:+16515550120"],
        ),
        Sheet(),
        Sheet([["Last page"]]),
    ],
    [("Title", "Report"), ("Author", "M. Kestrel"), ("CreationDate", "D:20240301021107Z")],
)
SCANS = pdf_bytes([Sheet(picture=GREY), Sheet([["FB-000123"]], picture=GREY), Sheet([["text"]])])


@pytest.fixture(autouse=True)
def no_engine(monkeypatch):
    monkeypatch.setattr(pdf_document, "find_tesseract", lambda: None)


def bid(data, path="a.pdf"):
    return bid_of(READER, data, path)


def read(where):
    assert isinstance(READER, Preparing)
    parts = READER.parts(where)
    assert [first for first, _ in parts[1:]] == [end for _, end in parts[:-1]]
    assert parts[-1][1] == READER.count(where)
    blocks = [READER.prepare(where, part) for part in parts]
    records, issues, at = [], [], 0
    for number, shard in enumerate(READER.shards(iter(blocks), has_pages=False)):
        assert (shard.ordinal, shard.byte_start) == (number, at)
        reading = READER.read(shard, About("", "a.pdf"))
        records += list(reading.records)
        issues += reading.issues
        assert [page for page, _, _ in reading.pages] == reading.sheets
        for _, start, end in reading.pages:
            assert start == at < end
            at = end
    assert at == sum(map(len, blocks))
    last = 0
    for record in records:
        assert last <= record.byte_start < record.byte_end
        last = record.byte_end
        assert record.page_first == record.sheet_first == record.sheet_last
        starts = [segment[0] for segment in record.segments]
        assert starts == [at for at in starts if at == 0 or record.text[at - 1] == "\n"]
    assert len({(r.page_first, r.line_first, r.field) for r in records}) == len(records)
    return records, issues


def told(records):
    return [(r.kind.value, r.page_first, r.field, r.line_first, r.text) for r in records]


def coded(issues):
    return [(i.code, i.severity.value, i.page) for i in issues]


def test_a_document_becomes_passages_with_sheets_and_lines(tmp_path):
    records, issues = read(locate(tmp_path, REPORT))
    first = "Call her at 651-555-\n0117, she has the infor-\nmation (room 214)."
    assert told(records) == [
        ("generic", 1, "info", 1, "Report\nM. Kestrel"),
        ("document", 1, "text", 1, first),
        ("document", 1, "text", 4, "The señora said “no”.\nTwice."),
        ("generic", 1, "remark[1]", 1, "651-555-0119"),
        ("generic", 1, "remark[2]", 1, "his other one: 651-555-0118"),
        ("generic", 1, "remark[3]", 1, "tel:+16515550120"),
        ("document", 3, "text", 1, "Last page"),
    ]
    assert records[0].attributes == [
        ("Title", "Report"),
        ("Author", "M. Kestrel"),
        ("CreationDate", "D:20240301021107Z"),
    ]
    assert records[1].segments == [
        (0, 1, 1, 1), (first.index("0117"), 1, 2, 1), (first.index("mation"), 1, 3, 1),
    ]  # fmt: skip
    assert records[3].attributes == [("Kind", "form field"), ("Name", "Phone")]
    assert records[5].attributes == [("Kind", "link")]
    assert issues == []


def test_a_scan_without_text_recognition_is_an_issue_of_its_sheet(tmp_path):
    records, issues = read(locate(tmp_path, SCANS))
    assert told(records) == [
        ("document", 2, "text", 1, "FB-000123"),
        ("document", 3, "text", 1, "text"),
    ]
    assert coded(issues) == [("scan_sheet", "error", 1), ("picture_sheet", "warning", 2)]
    assert "triage doctor" in issues[0].message


FAKE = """#!{python}
import sys
data = sys.stdin.buffer.read()
head, grey = data.split(b" 255\\n", 1)
mark, width, height = head.split()
assert mark == b"P5" and len(grey) == int(width) * int(height)
assert abs(int(width) - 2550) < 3 and abs(int(height) - 3300) < 3  # letter at 300 dpi
{act}
head = "level page_num block_num par_num line_num word_num left top width height conf text"
print("\\t".join(head.split()))
for block, line, conf, text in {words!r}:
    print(*[5, 1, block, 1, line, 1, 0, 0, 0, 0, conf, text], sep="\\t")
"""
WORDS = [(1, 1, 90, "Call"), (1, 1, 80, "señora"), (1, 2, 70, "651-555-0117"), (2, 1, 40, "now")]


def engine(monkeypatch, tmp_path, words=WORDS, act=""):
    path = tmp_path / "tesseract"
    path.write_text(FAKE.format(python=sys.executable, words=words, act=act), "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    found = Tesseract(str(path), "5.3.0", ("eng", "spa"))
    monkeypatch.setattr(pdf_document, "find_tesseract", lambda: found)


def test_a_scan_is_recognised_and_says_so(tmp_path, monkeypatch):
    engine(monkeypatch, tmp_path)
    records, issues = read(locate(tmp_path, SCANS))
    assert told(records) == [
        ("document", 1, "ocr", 1, "Call señora\n651-555-0117"),
        ("document", 1, "ocr", 3, "now"),
        ("document", 2, "text", 1, "FB-000123"),
        ("document", 2, "ocr", 2, "Call señora\n651-555-0117"),
        ("document", 2, "ocr", 4, "now"),
        ("document", 3, "text", 1, "text"),
    ]
    assert [r.ocr for r in records] == [0.8, 0.4, None, 0.8, 0.4, None]
    assert records[0].attributes == [("OCR", "tesseract 5.3.0, eng+spa")]
    assert records[0].segments == [(0, 1, 1, 1), (12, 1, 2, 1)]
    assert issues == []


def test_a_scan_that_cannot_be_recognised_is_an_issue_of_its_sheet(tmp_path, monkeypatch):
    engine(monkeypatch, tmp_path, act="sys.exit(1)")
    _, issues = read(locate(tmp_path, SCANS))
    assert coded(issues) == [("ocr_failed", "error", 1), ("ocr_failed", "error", 2)]
    engine(monkeypatch, tmp_path, words=[])
    _, issues = read(locate(tmp_path, SCANS))
    assert coded(issues) == [("ocr_empty", "warning", 1), ("ocr_empty", "warning", 2)]


def test_text_over_a_picture_of_the_sheet_is_said(tmp_path):
    lines = [[f"line {n} of a text that another program recognised" for n in range(9)]]
    records, issues = read(locate(tmp_path, pdf_bytes([Sheet(lines, picture=GREY)])))
    assert len(records) == 1
    assert coded(issues) == [("text_layer", "info", 1)]


def test_a_page_without_gaps_is_cut_at_lines(tmp_path):
    lines = [f"{n:02} " + "x" * 110 for n in range(48)]
    records, _ = read(locate(tmp_path, pdf_bytes([Sheet([lines])])))
    assert len(records) == 2
    assert "\n".join(r.text for r in records).split("\n") == lines
    assert all(len(r.text) <= 4000 for r in records)


def test_many_sheets_are_prepared_in_parts_and_cut_into_shards(tmp_path, monkeypatch):
    data = pdf_bytes([Sheet([[f"sheet {n}", "x" * 60]]) for n in range(1, 151)])
    where = locate(tmp_path, data)
    assert READER.parts(where) == [(0, 64), (64, 128), (128, 150)]
    whole, _ = read(where)
    monkeypatch.setattr(pdf_document, "SHARD", 2000)
    cut, _ = read(where)
    assert told(cut) == told(whole)
    assert [r.text.split("\n")[0] for r in cut] == [f"sheet {n}" for n in range(1, 151)]
    assert [r.page_first for r in cut] == list(range(1, 151))


def test_a_member_of_an_archive_is_read_from_memory(tmp_path):
    outer = tmp_path / "return.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("in/a.pdf", REPORT)
    records, _ = read(Located(outer, "in/a.pdf", len(REPORT), "x"))
    assert len(records) == 7


BIDS = [
    (REPORT, "a.pdf", 30),
    (REPORT, "a.bin", 30),
    (b"\n" * 1000 + b"%PDF-1.4\n", "a", 30),
    (b"\n" * 1024 + b"%PDF-1.4\n", "a.pdf", 0),
    (b"", "a.pdf", 0),
    (b"Name,Phone\n", "a.pdf", 0),
    (b"PK\x03\x04", "a.pdf", 0),
]


@pytest.mark.parametrize(("data", "name", "sureness"), BIDS)
def test_bids(data, name, sureness):
    assert bid(data, name).sureness == sureness


def attempt(where, data):
    """Read as a case would: a refusal, or records."""
    try:
        READER.identify(Candidate("a.pdf", data[: 1 << 16], where))
    except SourceError as error:
        assert error.code in ("broken_pdf", "encrypted_pdf")
        return None
    return read(where)


def test_truncated_at_twenty_places_it_is_refused_or_said(tmp_path):
    for at in range(0, len(REPORT), len(REPORT) // 20):
        result = attempt(locate(tmp_path, REPORT[:at], f"{at}.pdf"), REPORT[:at])
        if result is not None:
            assert ("file_ends_early", "error", None) in coded(result[1])


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_mutations_are_refused_or_read(tmp_path_factory, data):
    mutated = bytearray(data.draw(st.sampled_from([REPORT, SCANS])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(len(mutated) - 1, 0)))
        size = data.draw(st.integers(0, 60))
        what = data.draw(st.sampled_from(["cut", "twice", "flip"]))
        if what == "cut":
            del mutated[at : at + size]
        elif what == "twice":
            mutated[at:at] = mutated[at : at + size]
        elif mutated:
            mutated[at] ^= data.draw(st.integers(1, 255))
    attempt(locate(tmp_path_factory.mktemp("m"), bytes(mutated)), bytes(mutated))


@pytest.mark.parametrize("wordlist", ["a", "b"])
def test_the_sample_is_read_as_its_gold_says(tmp_path, wordlist):
    make_pdf(tmp_path, pages=6, seed=3, wordlist=wordlist)
    path = tmp_path / "report.pdf"
    records, issues = read(Located(path, None, path.stat().st_size, wordlist))
    found = {(r.page_first, r.line_first): r for r in records if r.kind is RecordKind.DOCUMENT}
    gold = [json.loads(line) for line in (tmp_path / "gold.jsonl").open(encoding="utf-8")]
    assert len(gold) == len(found) > 50
    assert not issues
    for row in gold:
        assert found[row["pages"]["report.pdf"][0], row["line"]].text == row["text"]
        assert all(0 <= s["start"] < s["end"] <= len(row["text"]) for s in row["spans"])


def test_issues_are_errors_where_material_was_not_read(tmp_path):
    _, issues = read(locate(tmp_path, SCANS))
    assert [i.severity for i in issues] == [Severity.ERROR, Severity.WARNING]


def test_damaged_text_about_the_file_is_read_as_far_as_it_goes(tmp_path):
    good = "\ufeffReport".encode("utf-16-be").hex().encode()
    for bad in (good[:-8] + b"d83d0041", good[:8] + b"dc00" * 5):
        assert len(bad) == len(good)
        data = REPORT.replace(good, bad)
        records, _ = read(locate(tmp_path, data, f"{bad[-9:-5].decode()}.pdf"))
        stated = [r for r in records if r.field == "info"]
        assert "\ufffd" in stated[0].text
        assert records[-1].text
