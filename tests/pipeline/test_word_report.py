"""The DOCX of a document: whole, in the order that Word asks for, and as safe as it is open."""

import io
import re
import time
import zipfile
from dataclasses import replace
from itertools import pairwise

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.report.document import (
    Blank,
    Bullets,
    Cell,
    Column,
    Document,
    Evidence,
    Facts,
    Figure,
    Heading,
    Link,
    PageBreak,
    Paragraph,
    Quote,
    Row,
    Section,
    Table,
    Words,
    numbered,
    tables,
)
from pipeline.report.evidence import plain_visible
from pipeline.report.formats.word import word
from pipeline.report.formats.word_runs import bookmark
from pipeline.report.rows import Cited

EVIL = (
    '"><script>alert(1)</script>&amp; ]]> <w:p/> \u202egnp.exe\u200b \x00\x07\ud800 '
    "\ufffe\u2028 שלום (12) مرحبا \U0001f468\u200d\U0001f469\nsecond line\ttab"
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120">'
    '<rect width="300" height="120" fill="#ddd"/><text x="20" y="60">June</text></svg>'
)
CITED = Cited("FB-1 p. 1,204 l. 17", "FB-1", "r1", "EX-0001204")
ELSEWHERE = Cited("FB-9 p. 2 l. 3", "FB-9", "r2")

ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs bidi spacing "
    "ind contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs noProof color sz szCs u bdr shd rtl lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tbl": "bookmarkStart tblPr tblGrid tr",
    "tr": "trPr tc",
    "trPr": "cantSplit tblHeader",
    "tcPr": "tcW gridSpan tcBorders shd",
    "sectPr": "footerReference type pgSz pgMar cols",
    "style": "name basedOn next uiPriority qFormat pPr rPr tblPr tblStylePr",
    "pBdr": "top left bottom right",
    "tblCellMar": "top left bottom right",
    "tblStylePr": "rPr tcPr",
    "styles": "docDefaults style",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang decimalSymbol "
    "listSeparator",
    "lvl": "start numFmt pStyle lvlText lvlJc pPr",
    "numbering": "abstractNum num",
}  # fmt: skip
"""Children in the order of ECMA-376 part 1, as far as they are used; Word refuses another one."""


def table_of(rows=3, columns=4, table_id="t", **given):
    return Table(
        table_id,
        tuple(Column(f"Head {n}", "number" if n == 2 else "text", 1 + n / 4) for n in range(columns)),
        tuple(
            Row(
                tuple(
                    Cell((Words(f"{row * 1000 + n:,}", "whole"),)) if n == 2
                    else Cell((Evidence(f"June {row} & {n}"), Words(" "), CITED))
                    for n in range(columns)
                ),
                f"e-{row:020x}",
            )
            for row in range(rows)
        ),
        **given,
    )  # fmt: skip


def whole():
    """A document with one of everything."""
    sources = Table(
        "sources",
        (Column("Label"), Column("SHA-256", width=3)),
        (
            Row(
                (Cell((Evidence("FB-1"),)), Cell((Words("ab" * 32, "hash"),))), "source-" + "0" * 20
            ),
        ),
    )
    blocks = (
        Paragraph((Words("See "), Link("sources"), Words(" and "), Link("gone"), Words("."))),
        Heading("Numbers", "numbers"),
        table_of(caption=(Words("Counts."),)),
        Table("none", (Column("A"),), (), (Words("Nothing here."),), empty="None was found."),
        Bullets(((Words("one "), CITED), (Words("two "), ELSEWHERE))),
        Quote((Words("12:00 "), CITED), (Evidence("call ", None), Evidence("651-555-0117", None, "mark", "phone")), 1234),
        Blank("Signature"),
        PageBreak(),
        Figure("by-hour", "By hour", "Bars: most at 22 h", SVG, (Words("Dated records."),), table_of(2, 3, "by-hour")),
        table_of(3, 9, "wide"),
    )  # fmt: skip
    return numbered(
        Document(
            "What the return holds",
            (
                Paragraph((Evidence("Legal process: EX-24-1", None),), "framed"),
                Facts((("Pages", (Words("1,204"),)), ("Said", (Evidence(EVIL, 400),)))),
                Paragraph((Words("Careful.", "strong"),), "caution"),
            ),
            (
                Section("main", "Main & other", blocks),
                Section("sources", "Sources", (sources,), is_annex=True),
            ),
            footer="Not reviewed.",
        )
    )


def holding(*parts, **given):
    """A document of one cell and one quotation that hold the parts."""
    table = Table("t", (Column("A"),), (Row((Cell(parts),), "r-1"),))
    return numbered(Document("T", (), (Section("s", "S", (table, Quote(parts, parts))),), **given))


def opened(document):
    return docx.Document(io.BytesIO(word(document)))


def said(part, document):
    """What a part has to say in a cell, told by the test itself."""
    if isinstance(part, Words):
        return part.text
    if isinstance(part, Cited):
        return f"[{part.text}{'; Bates ' + part.bates if part.bates else ''}]"
    assert isinstance(part, Evidence)
    shown = part.text if part.limit is None else part.text[: part.limit]
    left = len(part.text) - len(shown)
    return plain_visible(shown) + (f" … ({left:,} characters more)" if left else "")


def bare(text):
    return re.sub("[\u2066-\u2069\u200e]", "", text)


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def trees(data):
    return {
        name: etree.fromstring(part) for name, part in parts_of(data).items()
        if name.endswith((".xml", ".rels"))
    }  # fmt: skip


def test_all_is_there_as_headings_lists_and_styles():
    document = opened(whole())
    seen = [(item.style.name, item.text) for item in document.paragraphs]
    assert seen[:2] == [
        ("Framed", "Legal process: EX-24-1"), ("Title", "What the return holds"),
    ]  # fmt: skip
    assert ("Caution", "Careful.") in seen
    assert ("Heading 1", "1 Main & other") in seen
    assert ("Heading 2", "Numbers") in seen
    assert ("Heading 1", "Annex A: Sources") in seen
    assert ("Normal", "See annex A and a section that this profile leaves out.") in seen
    assert ("List Bullet", "one [FB-1 p. 1,204 l. 17; Bates EX-0001204]") in seen
    assert ("Quote", "call 651-555-0117 … (1,234 characters more)") in seen
    assert ("Caption", "Counts.") in seen
    assert ("Note", "Nothing here.") in seen
    assert ("Normal", "None was found.") in seen
    assert ("Blank Line", "Signature \t") in seen
    assert [text for style, text in seen if style.startswith("toc")] == [
        "1 Main & other", "Numbers", "Annex A: Sources",
    ]  # fmt: skip
    properties = document.core_properties
    assert (properties.title, properties.language) == ("What the return holds", "en-US")
    assert properties.created is None
    assert properties.modified is None


def test_every_cell_says_what_the_document_says():
    source = whole()
    made = [item for item in opened(source).tables if item.style.name == "Report Table"]
    wanted = [table for _, table in tables(source) if table.rows]
    assert len(made) == len(wanted)
    for table, of in zip(made, wanted, strict=True):
        grid = [[bare(cell.text) for cell in row.cells] for row in table.rows]
        assert grid[0] == [column.label for column in of.columns]
        assert grid[1:] == [
            ["".join(said(part, source) for part in cell.parts) for cell in row.cells]
            for row in of.rows
        ]
        head = table.rows[0]._tr.trPr
        assert head.find(qn("w:tblHeader")) is not None
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        assert min(widths) > 300
        assert sum(widths) <= 13536


def test_wide_tables_lie_across_and_every_page_has_its_foot():
    document = opened(whole())
    assert [section.orientation for section in document.sections] == [0, 1, 0]
    for section in document.sections:
        wide = section.page_width - section.left_margin - section.right_margin
        assert wide in (9936 * 635, 13536 * 635)
        foot = section.footer.paragraphs
        assert foot[0].text.startswith("Not reviewed. · Page")
        fields = [item.get(qn("w:instr")).strip() for item in foot[0]._p.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]


def test_a_sheet_without_contents_is_never_turned():
    document = opened(replace(whole(), has_contents=False))
    assert [section.orientation for section in document.sections] == [0]
    assert not [item for item in document.paragraphs if item.style.name.startswith("toc")]


def test_pictures_have_words_and_a_mark():
    document = opened(whole())
    (shape,) = document.inline_shapes
    about = shape._inline.docPr
    assert (about.get("descr"), about.get("title")) == ("Bars: most at 22 h", "By hour")
    assert (shape.width.inches, shape.height.inches) == pytest.approx(
        (300 / 96, 120 / 96), abs=0.02
    )
    lines = [item.text for item in document.paragraphs]
    assert "By hour (Illustration)" in lines
    assert lines.index("By hour (Illustration)") < lines.index("Dated records.")


@pytest.mark.parametrize(
    "svg", ["", "no drawing", "<svg", "<svg xmlns='http://www.w3.org/2000/svg'"]
)
def test_what_is_no_drawing_is_told_in_words(svg):
    figure = Figure("f", "By hour", "Bars: most at 22 h", svg)
    document = opened(numbered(Document("T", (figure,), ())))
    assert not document.inline_shapes
    assert "Bars: most at 22 h" in [item.text for item in document.paragraphs]


def test_references_lead_to_what_is_there():
    root = opened(whole()).element
    marks = [item.get(qn("w:name")) for item in root.iter(qn("w:bookmarkStart"))]
    ids = [item.get(qn("w:id")) for item in root.iter(qn("w:bookmarkStart"))]
    ends = [item.get(qn("w:id")) for item in root.iter(qn("w:bookmarkEnd"))]
    assert len(set(marks)) == len(marks)
    assert sorted(ids) == sorted(ends)
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name, re.ASCII) for name in marks)
    anchors = [item.get(qn("w:anchor")) for item in root.iter(qn("w:hyperlink"))]
    assert set(anchors) <= set(marks)
    assert bookmark("r", "source-" + "0" * 20) in anchors  # FB-1 has a row
    elsewhere = next(
        item for item in root.iter(qn("w:hyperlink"))
        if "FB-9" in "".join(item.itertext())
    )  # fmt: skip
    assert elsewhere.get(qn("w:anchor")) == bookmark("s", "sources")  # FB-9 has none


def test_bookmarks_are_names_that_word_takes():
    for name in ("a-b", "x" * 300, "…", "\ud800", "1", ""):
        made = bookmark("r", name)
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", made)
        assert made == bookmark("r", name)
    assert bookmark("r", "x" * 300) != bookmark("r", "x" * 301)
    assert bookmark("r", "é") != bookmark("r", "è")


def test_elements_stand_in_the_order_word_asks_for():
    for name, root in trees(word(whole())).items():
        for element in root.iter():
            tag = etree.QName(element).localname
            if tag not in ORDER or not element.tag.startswith(
                "{http://schemas.openxmlformats.org/w"
            ):
                continue
            order = ORDER[tag].split()
            places = [order.index(etree.QName(child).localname) for child in element]
            assert places == sorted(places), (name, tag, list(element))
    body = trees(word(whole()))["word/document.xml"][0]
    assert etree.QName(body[-1]).localname == "sectPr"
    assert etree.QName(body[-2]).localname == "p"
    kinds = [etree.QName(child).localname for child in body]
    assert ("tbl", "tbl") not in list(pairwise(kinds))
    for cell in body.iter(qn("w:tc")):
        assert etree.QName(cell[-1]).localname == "p"
    for table in body.iter(qn("w:tbl")):
        columns = len(table.find(qn("w:tblGrid")))
        assert {len(row.findall(qn("w:tc"))) for row in table.iter(qn("w:tr"))} == {columns}


def test_styles_that_are_named_are_there_and_all_relations_stay_inside():
    found = trees(word(whole()))
    styles = {item.get(qn("w:styleId")) for item in found["word/styles.xml"].iter(qn("w:style"))}
    for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next"):
        for root in found.values():
            for item in root.iter(qn(f"w:{tag}")):
                assert item.get(qn("w:val")) in styles
    names = set(parts_of(word(whole())))
    for name, root in found.items():
        if not name.endswith(".rels"):
            continue
        folder = name.replace("_rels/", "").rpartition("/")[0]
        for relation in root:
            assert relation.get("TargetMode") != "External"
            assert f"{folder}/{relation.get('Target')}".lstrip("/") in names
    assert {name for name in names if name.endswith((".bin", ".vml", ".jpeg"))} == set()


def test_fields_begin_and_end():
    root = opened(whole()).element
    signs = [item.get(qn("w:fldCharType")) for item in root.iter(qn("w:fldChar"))]
    assert signs == ["begin", "separate", "end"]
    assert "TOC" in next(root.iter(qn("w:instrText"))).text


def test_equal_documents_have_equal_bytes(monkeypatch):
    first = word(whole())
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert word(whole()) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
    assert b"python-docx" not in b"".join(parts_of(first).values())


def test_hostile_text_stays_text():
    document = opened(
        holding(Evidence(EVIL, None), Words(" (12)"), Cited(EVIL, EVIL, "r"), footer="F & <b>")
    )
    cell = document.tables[0].cell(1, 0).text
    assert "<script>alert(1)</script>&amp; ]]> <w:p/>" in cell
    for code in ("U+202E", "U+200B", "U+0000", "U+0007", "U+D800", "U+FFFE", "U+2028", "U+0009"):
        assert code in cell
    assert not set("\u202e\u200b\x00\x07\u2028") & set(cell)
    assert "\U0001f468\u200d\U0001f469↵\n" in cell
    assert document.sections[0].footer.paragraphs[0].text.startswith("F & <b> · Page")


def test_text_from_right_to_left_leaves_what_follows_in_place():
    cell = opened(holding(Evidence("שלום"), Words(" (12)"))).tables[0].cell(1, 0)
    assert cell.text == "\u2068שלום\u2069\u200e (12)"
    assert opened(holding(Evidence("June"))).tables[0].cell(1, 0).text == "June"
    lines = opened(holding(Evidence("שלום\nשלום"))).tables[0].cell(1, 0).text.split("\n")
    assert all(line.count("\u2068") == line.count("\u2069") == 1 for line in lines)


def test_a_title_that_nothing_can_hold_is_still_a_title():
    document = opened(numbered(Document("\x00\ud800" + "x" * 1000, (), (), has_contents=False)))
    assert document.core_properties.title.startswith("U+0000U+D800x")
    assert len(document.core_properties.title) == 255


def test_a_hundred_thousand_characters():
    long = "a\u202e" * 50_000
    start = time.perf_counter()
    document = opened(holding(Evidence(long), Evidence(long, None)))
    text = document.tables[0].cell(1, 0).text
    assert text.startswith("aU+202E" * 80 + " … (99,840 characters more)")
    assert text.endswith("aU+202E" * 50_000)
    assert time.perf_counter() - start < 5
    (row,) = list(document.element.iter(qn("w:tr")))[1:]
    assert row.find(qn("w:trPr")) is None  # longer than a page: it may break


def test_notes_below_numbers_stand_on_their_own_line():
    cell = opened(holding(Words("12", "whole"), Words("3 stated", "note"))).tables[0].cell(1, 0)
    assert cell.text == "12\n3 stated"


def test_an_empty_document_opens():
    document = opened(numbered(Document("Nothing", (), ())))
    assert [item.text for item in document.paragraphs if item.text] == ["Nothing"]


def test_two_thousand_rows_take_seconds():
    document = numbered(Document("T", (), (Section("s", "S", (table_of(2000, 9),)),)))
    start = time.perf_counter()
    data = word(document)
    assert time.perf_counter() - start < 5
    assert parts_of(data)["word/document.xml"].count(b"<w:tr>") == 2001


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(st.characters(), max_size=40))
def test_any_text_opens_again(one, other):
    document = holding(Evidence(one + "\ud83d" + other, None), Evidence(other, 5, "strong"))
    made = opened(document)
    of = next(tables(document))[1].rows[0].cells[0]
    wanted = "".join(said(part, document) for part in of.parts)
    assert bare(made.tables[0].cell(1, 0).text).replace("\r", "") == bare(wanted)
