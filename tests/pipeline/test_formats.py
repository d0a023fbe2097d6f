"""One case of several formats: the same message twice, citations, labels, search, dry run."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest
from reader_samples import ANDROID, INBOX, ORLA, TAVI, dyi_thread, samples

from pipeline.config import RunConfig
from pipeline.readers import READERS, pdf_document
from pipeline.run import run
from pipeline.search.evidence import Check
from pipeline.search.query import search
from pipeline.search.show import show

FILES = 14
CONFIG = RunConfig(use_model=False, timezone="America/Chicago")
TAVI_ID, ORLA_ID = f"{TAVI} (Facebook: 900000000000612)", f"{ORLA} (Facebook: 900000000000611)"
SAID = [  # as in the download, to the second
    (TAVI_ID, "2024-03-01 02:11:07 UTC", "i’m at the Alder Court Inn 🏨 rm 214\ncall 651-555-0142"),
    (ORLA_ID, "2024-03-01 02:08:20 UTC", "mañana at 8, bring 200"),
    (ORLA_ID, "2024-03-01 02:05:00 UTC", "lil juno said ok"),
    (ORLA_ID, "2024-03-01 02:04:00 UTC", "only the return has this"),
]


@pytest.fixture(scope="module", autouse=True)
def no_engine():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_document, "find_tesseract", lambda: None)
        yield


@pytest.fixture(scope="module")
def delivered(tmp_path_factory, meta_html, make_zip):
    """A Meta return, the download of the same conversation, a chat export, and documents."""
    folder = tmp_path_factory.mktemp("delivered")
    data = meta_html({"900000000000613": SAID}, target="900000000000611")
    make_zip(folder / "return.zip", {"records.html": data})
    make_zip(folder / "download.zip", {f"{INBOX}/message_1.json": dyi_thread()})
    papers = folder / "papers"
    papers.mkdir()
    (papers / "WhatsApp Chat with Tavi.txt").write_text(ANDROID, "utf-8")
    made = samples()
    for reader in ("pdf_document", "docx_document", "html_document", "eml", "mbox", "xlsx_table",
                   "csv_table", "text_document"):  # fmt: skip
        for name, content in made[reader].items():
            (papers / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def case(delivered):
    run([delivered], delivered.parent / "case", CONFIG, quiet=True)
    return delivered.parent / "case"


def rows(case, table, *columns):
    return pq.read_table(case / "tables" / table, columns=list(columns)).to_pylist()


def test_the_same_message_in_two_deliveries_is_one_record_with_two_citations(case):
    records = rows(
        case, "records", "record_id", "text", "source_label", "citation", "duplicate_of", "kind"
    )
    for _, _, text in SAID[:3]:
        one, other = (row for row in records if row["text"] == text)
        canonical, repeat = (one, other) if one["duplicate_of"] is None else (other, one)
        assert repeat["duplicate_of"] == canonical["record_id"]
        assert one["citation"] != other["citation"]
        assert {one["source_label"], other["source_label"]} == {"FB-1", "FB-2"}
        for row in (one, other):
            shown = show(case, row["citation"])
            assert shown.record.record_id == row["record_id"]
            assert shown.source.check is Check.VERIFIED
            assert text.split()[-1].encode() in shown.source.data
    alone = [row for row in records if row["text"] == SAID[3][2]]
    assert [row["duplicate_of"] for row in alone] == [None]
    assert search(case, '"alder court inn" AND rm').total == 1


def test_every_citation_opens(case):
    records = rows(case, "records", "record_id", "citation", "byte_start", "source_label")
    firsts = {row["source_label"]: row for row in records}
    assert len(firsts) == FILES
    for row in firsts.values():
        shown = show(case, row["citation"])
        assert row["record_id"] in (shown.record.record_id, *shown.also)
        assert shown.source.check is Check.VERIFIED
        assert (shown.source.data is None) == (
            row["byte_start"] is None and shown.record.sheet_first is None
        )


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ('"only the return"', "FB-"), ('"i m at the alder"', "FB-"), ('"room 12"', "/WhatsApp"),
        ('"typed words"', "/scans"), ('"second sheet"', "/report"), ('"not sure"', "/statement"),
        ('"or text"', "/page"), ('"and bring 200"', "/mail"), ('"no mas calls"', "/box"),
        ('"paid 150"', "/visits"), ('"said ok manana"', "/payments"), ('"of one number"', "/calls"),
        ('"second matter"', "/note"), ('"things to ask"', "/list"),
    ],
)  # fmt: skip
def test_words_of_every_format_are_found(case, query, where):
    result = search(case, query)
    assert result.total
    assert any(where in hit.citation for hit in result.hits)


@pytest.mark.usefixtures("brief_reports")
def test_labels_stay_when_a_source_is_added(case, delivered, tmp_path):
    before = rows(case, "records", "record_id", "citation", "source_label")
    later = tmp_path / "later.txt"
    later.write_text("A later note: call 612-555-0103.\n", "utf-8")
    other = tmp_path / "case"
    run([delivered], other, CONFIG, quiet=True)
    run([later], other, CONFIG, quiet=True)
    after = rows(other, "records", "record_id", "citation", "source_label")
    assert all(row in after for row in before)
    added = [row for row in after if row not in before]
    assert [row["citation"].endswith(" l. 1") for row in added] == [True]
    assert added[0]["source_label"] not in {row["source_label"] for row in before}


def test_a_dry_run_names_reader_and_reason_and_writes_nothing(delivered, triage):
    before = sorted(delivered.parent.rglob("*"))
    code, out, _ = triage("run", delivered, "--dry-run", "--quiet", "--json")
    files = {row["path"]: row for row in json.loads(out)}
    assert sorted(delivered.parent.rglob("*")) == before
    assert code == 0
    assert len(files) == FILES
    assert all(row["reader"] and row["why"] and not row["is_error"] for row in files.values())
    assert files["records.html"]["reader"] == "meta_html"
    assert files[f"{INBOX}/message_1.json"]["reader"] == "dyi_json"
    assert files["papers/WhatsApp Chat with Tavi.txt"]["reader"] == "whatsapp_chat"
    code, out, _ = triage("run", delivered, "--dry-run", "--quiet")
    assert code == 0
    for row in files.values():
        assert f"{row['reader']:16} {row['path']}" in out
        assert row["why"] in out


def test_readers_and_doctor_as_json(triage):
    code, out, _ = triage("readers", "--json")
    listed = json.loads(out)
    assert code == 0
    assert {row["name"] for row in listed} == {reader.name for reader in READERS}
    assert all(row["format"] and row["confidence"] for row in listed)
    code, out, _ = triage("doctor", "--json")
    findings = json.loads(out)
    assert code == any(finding["state"] == "missing" for finding in findings)
    assert all(finding["name"] and finding["found"] for finding in findings)
