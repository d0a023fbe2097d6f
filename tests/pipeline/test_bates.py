"""Page numbers from a ledger: which page bears which, and what is wrong with a ledger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.derive.tables import write_table
from pipeline.errors import ConfigError
from pipeline.report.bates import Bates, Span, numbers, read_ledger, resolved, with_numbers
from pipeline.report.cells import cites, paragraph
from pipeline.report.document import (
    Cited,
    Column,
    Document,
    Paragraph,
    Row,
    Section,
    Table,
    inlines,
)
from pipeline.report.store import open_store
from schemas.tables import SCHEMAS


def blank(name, **given):
    row = {}
    for field in SCHEMAS[name]:
        kind = str(field.type)
        empty = "" if kind == "string" else False if kind == "bool" else 0
        row[field.name] = None if field.nullable else empty
    assert given.keys() <= row.keys()
    return row | given


SOURCES = [
    ("s1", "FB-1", "records.html", "meta_html", 1500, None),
    ("s2", "FB-1/old", "old/records.html", "meta_html", 20, None),
    ("s3", "SN-1", "print.pdf", "pdf", 0, 12),
    ("s5", "X-1", "one/page.html", "meta_html", 1, None),
    ("s6", "X-2", "two/page.html", "meta_html", 1, None),
    ("s4", "FB-1", "linked_media/a.jpg", None, 0, None),
]
RECORDS = [
    ("r1", "FB-1", 1204, None), ("r2", "FB-1", 1500, None), ("r3", "FB-1/old", 3, None),
    ("r4", "SN-1", None, 7), ("r5", "SN-1", None, None), ("r6", "FB-1", 1, None),
]  # fmt: skip


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bates")
    rows = {name: [] for name in SCHEMAS}
    for source_id, label, path, reader, pages, sheets in SOURCES:
        rows["sources"].append(blank(
            "sources", source_id=source_id, source_label=label, path=path, reader=reader,
            page_count=pages, sheet_count=sheets,
        ))  # fmt: skip
    for number, (record, label, page, sheet) in enumerate(RECORDS):
        rows["records"].append(blank(
            "records", record_id=record, source_label=label, page_first=page, sheet_first=sheet,
            ordinal=number, scope="in", citation=f"{label} {record}",
        ))  # fmt: skip
    for name, made in rows.items():
        write_table(folder / "tables", name, made)
    return folder / "tables"


@pytest.fixture
def store(tables, tmp_path):
    with open_store(tables, tmp_path / "spill") as opened:
        yield opened


@pytest.fixture
def ledger(tmp_path):
    def read(text, encoding="utf-8"):
        path = tmp_path / "ledger.csv"
        path.write_bytes(text.encode(encoding))
        return read_ledger(path)

    return read


RANGES = """source,first,last,bates
FB-1,1000,1400,WCAO-24-0117-0001000
FB-1/old,1,20,WCAO-24-0117-0005000
"""


@pytest.mark.parametrize(
    ("text", "page", "number"),
    [
        (RANGES, 1204, "WCAO-24-0117-0001204"), (RANGES, 1000, "WCAO-24-0117-0001000"),
        (RANGES, 1400, "WCAO-24-0117-0001400"), (RANGES, 999, None), (RANGES, 1401, None),
        (RANGES, None, None),
        ("source,page,bates\nFB-1,7,A 0099\nFB-1,8,B 1\n", 7, "A 0099"),
        ("source;first;last;prefix;number\nFB-1;1;3;W-;0099\n", 3, "W-0101"),
        ("source\tfirst page\tlast page\tBegBates\nFB-1\t1,000\t1,002\t9\n", 1002, "11"),
        ("source,unit,first,last,bates\nFB-1,sheets,1,9,A1\n", 4, None),
        ("\ufeffsource,page,bates\r\nFB-1,7,A9\r\n", 7, "A9"),
        ("source,page,bates\nFB-2,7,A9\n", 7, None),
    ],
)  # fmt: skip
def test_of_a_page(ledger, text, page, number):
    assert ledger(text).of("FB-1", "page", page) == number


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("source,page\nFB-1,1\n", "line 1: a ledger names pages"),
        ("source,bates\nFB-1,A1\n", "line 1: a ledger names pages"),
        ("source,page,bates,colour\nFB-1,1,A1,red\n", "line 1: column 4 has no heading"),
        ("source,page,bates\n", "holds no page"),
        ("source,page,bates\nFB-1,0,A1\n", "line 2: page is 0"),
        ("source,page,bates\nFB-1,-1,A1\n", "line 2: page is no whole number"),
        ("source,page,bates\nFB-1,١,A1\n", "line 2: page is no whole number"),
        ("source,page,bates\nFB-1,9999999999999,A1\n", "line 2: page is no whole number"),
        ("source,page,bates\nFB-1,1,Juno\n", "line 2: bates does not end in a number"),
        ("source,page,bates\nFB-1,1,\n", "line 2: bates does not end in a number"),
        ("source,page,bates\nFB-1,1,A\x1b[2J1\n", "line 2: the prefix is longer"),
        (f"source,page,bates\nFB-1,1,{'A' * 70}1\n", "line 2: the prefix is longer"),
        (f"source,page,bates\nFB-1,1,{'1' * 1_000_000}\n", "line 2: not CSV"),
        ("source,page,first,last,bates\nFB-1,1,1,2,A1\n", "line 2: give one of page"),
        ("source,page,bates\nFB-1,,A1\n", "line 2: give one of page"),
        ("source,first,last,bates\nFB-1,9,8,A1\n", "line 2: last is before first"),
        ("source,first,unit,bates\nFB-1,9,folio,A1\n", "line 2: unit is page or sheet"),
        ("source,page,bates,prefix,number\nFB-1,9,A1,A,1\n", "line 2: give bates, or prefix"),
        ("source,first,last,bates\nFB-1,1,9,A1\nFB-1,9,12,B1\n",
         "lines 2 and 3: number the same page"),
        ("source,first,last,bates\nFB-1,9,12,B1\n\nFB-1,1,9,A1\n",
         "lines 2 and 4: number the same page"),
        ("source,first,last,bates\nFB-1,1,9,A1\nFB-2,1,2,A009\n",
         "lines 2 and 3: give the same number"),
        ("source,first,last,bates\nFB-1,1,100,A1\nFB-2,1,1,A0\nFB-3,7,7,A50\n",
         "lines 2 and 4: give the same number"),
    ],
)  # fmt: skip
def test_a_bad_ledger_is_one_line(ledger, text, message):
    with pytest.raises(ConfigError) as raised:
        ledger(text)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "Juno" not in str(raised.value)


def test_a_file_that_is_no_ledger(ledger, tmp_path):
    with pytest.raises(ConfigError, match="not UTF-8"):
        ledger("source,page,bates\nFB-1,1,A1\n", "utf-16")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_ledger(tmp_path)


def test_gaps_are_counted(ledger):
    text = "source,first,last,bates\nFB-1,1,10,A1\nFB-1,15,20,A11\nFB-2,99,99,A17\n"
    assert ledger(text).gaps == 4
    assert ledger(RANGES).gaps == 0


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30, unique=True), st.integers(1, 61))
def test_a_page_is_found_wherever_it_stands(pages, asked):
    spans = [Span(2, "FB-1", "page", page, page, "A", page * 10, 4) for page in sorted(pages)]
    found = Bates("x", "", tuple(spans), 0).of("FB-1", "page", asked)
    assert found == (f"A{asked * 10:04}" if asked in pages else None)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (RANGES, {"r1": "WCAO-24-0117-0001204", "r3": "WCAO-24-0117-0005002"}),
        ("file,first,last,bates\nold/records.html,1,20,A1\n", {"r3": "A3"}),
        ("path,page,bates\nrecords.html,1204,A1\n", {"r1": "A1"}),  # the path before the name
        ("file,sheet,bates\nprint.pdf,7,A0100\n", {"r4": "A0100"}),
        ("label,unit,first,last,bates\nSN-1,sheet,1,12,A0100\n", {"r4": "A0106"}),
        ("source,page,bates\nFB-1,2,A1\n", {}),
    ],
)
def test_records_have_the_number_of_the_page_they_begin_on(ledger, store, text, known):
    bates = resolved(ledger(text), store)
    assert numbers(bates, store, [record for record, *_ in RECORDS] + ["nobody"]) == known
    assert numbers(bates, store, []) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("source,page,bates\nFB-1,1,A1\nFB-9,1,A2\n", "line 3: no source of the case"),
        ("source,page,bates\nlinked_media/a.jpg,1,A1\n", "line 2: no source of the case"),
        ("source,page,bates\nrecords.htm,1,A1\n", "line 2: no source of the case"),
        ("source,page,bates\npage.html,1,A1\n", "line 2: the case has several sources"),
        ("page,bates\n1,A1\n", "line 2: the case has several sources"),
        ("source,page,bates\nSN-1,1,A1\nprint.pdf,1,A2\n", "lines 2 and 3: number the same page"),
    ],
)
def test_a_ledger_of_other_sources(ledger, store, text, message):
    with pytest.raises(ConfigError, match=message):
        resolved(ledger(text), store)


def document(*records):
    cited = [Cited(f"FB-1 {record}", "FB-1", record) for record in records]
    table = Table("t", (Column("Where", "cites"),), tuple(Row((cites([item]),)) for item in cited))
    first = Paragraph(tuple(cited[:1]))
    return Document(
        "T", (first,),
        (Section("a", "A", (table,)), Section("sources", "S", (paragraph("How to open."),))),
    )  # fmt: skip


def test_citations_bear_numbers_and_the_rest_is_told(ledger, store):
    made = with_numbers(
        document("r1", "r2", "r3", "nobody"), store, resolved(ledger(RANGES), store)
    )
    found = {
        item.record_id: item.bates for item in inlines(made.document) if isinstance(item, Cited)
    }
    assert found == {
        "r1": "WCAO-24-0117-0001204", "r2": None, "r3": "WCAO-24-0117-0005002", "nobody": None,
    }  # fmt: skip
    assert (made.numbered, made.without) == (2, 2)
    told = "".join(part.text for part in made.document.sections[1].blocks[-1].parts)
    assert "2 bear the number" in told
    assert "2 bear none" in told


def test_a_document_without_citations_or_sources(ledger, store):
    bates = resolved(ledger(RANGES), store)
    empty = Document("T", (), ())
    made = with_numbers(empty, store, bates)
    assert (made.document, made.numbered, made.without) == (empty, 0, 0)


def test_redacted_prefixes(ledger):
    bates = ledger("source,first,last,bates\nFB-1,1,9,JUNO-0001\n")
    said = bates.said(lambda text: text.replace("JUNO", "PP-1"))
    assert said.of("FB-1", "page", 3) == "PP-1-0003"
    assert bates.of("FB-1", "page", 3) == "JUNO-0003"
