"""The PDF: says what the document says, is tagged, never reads evidence as markup, never fails."""

from __future__ import annotations

import re
import time
import unicodedata

import pypdfium2
import pytest

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
    inlines,
    numbered,
)
from pipeline.report.formats import pdf_tables
from pipeline.report.formats.pdf import pdf
from pipeline.report.formats.pdf_text import EMBEDDED, MAY_BREAK, coverage, pieces
from pipeline.report.rows import Cited

HOSTILE = [
    '#import "x.typ": *', "#panic()", "$x^2$", "*bold* _it_", "@label <label>", "`raw` ```c```",
    "back\\slash \\u{41}", "// comment /* x */", "= heading", "- item", "https://example.com/#x",
    "a\u202eb", "a\x00b\x07c\x1fd", "\ud800 lone", "tab\tbed", "line\nfeed\r\nand\u2028more",
    "{{ j2 }} [[ x ]] ]) #", '"quotes" \'single\'', "~nbsp~ -- --- ...", "",
]  # fmt: skip
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 120" width="400" height="120">'
    '<rect width="300" height="40" fill="#888"/>'
    '<text x="8" y="90" font-family="sans-serif" font-size="12">Messages by hour</text></svg>'
)
CITED = Cited("FB-1 p. 1,204 l. 17-19", "FB-1", "r1", "WR-000123")


def document(*blocks, **more):
    sections = (
        Section("one", "What was received", blocks),
        Section("annex", "Sources", (sources(),), is_annex=True),
    )
    return numbered(Document("A report", (), sections, footer="Not for release", **more))


def sources():
    cells = (Cell((Evidence("FB-1"),)), Cell((Words("ab" * 32, "hash"),)))
    return Table("sources", (Column("Label"), Column("SHA-256")), (Row(cells, "source-s1"),))


def table(rows, columns=3, **more):
    return Table(
        "t",
        tuple(Column(f"Column {at}") for at in range(columns)),
        tuple(Row(tuple(Cell((Evidence(text),)) for text in row)) for row in rows),
        **more,
    )


def text_of(made):
    with pypdfium2.PdfDocument(made) as opened:
        return [page.get_textpage().get_text_range() for page in opened]


def plain(text):
    """Letters, digits and signs as they follow each other, blanks and line ends aside."""
    return "".join(unicodedata.normalize("NFC", text).split())


@pytest.fixture(scope="module")
def everything():
    made = document(
        Paragraph((Words("Framed "), Evidence("evidence"), Link("annex")), "framed"),
        Paragraph((Words("Caution."),), "caution"),
        Paragraph((Words("Caution too."),), "caution"),
        Heading("Numbers"),
        Facts((("Pages", (Words("400"),)), ("Records", (Words("4,035"),)))),
        Facts((("Court", (Evidence("District Court, Example County, " * 4, 400),)),)),
        Bullets(((Words("first point"),), (Words("second point"), CITED))),
        table([[f"r{row}c{column}" for column in range(3)] for row in range(120)]),
        table([], empty="Nothing was stated."),
        Quote((Words("2024-01-01 account"),), (Evidence("said this", style="mark"),), left_out=12),
        Blank("Signature"),
        Figure(
            "f", "Hours", "Bars by hour", SVG, (Words("in local time"),), table([["7", "8", "9"]])
        ),
        PageBreak(),
        Paragraph((Link("gone"),)),
    )
    return made, pdf(made)


def test_everything_is_said(everything):
    made, data = everything
    said = plain("".join(text_of(data)))
    for part in inlines(made):
        if isinstance(part, Words | Evidence):
            assert plain(part.text[:160]) in said or part.text == "Bars by hour", part
        elif isinstance(part, Cited):
            assert plain("[FB-1 p. 1,204 l. 17-19; Bates WR-000123]") in said
    for words in ("annex A", "a section that this profile leaves out", "… (12 characters more)",
                  "(Illustration)", "Table (evidence)"):  # fmt: skip
        assert plain(words) in said


def test_pages_are_numbered_and_footed(everything):
    pages = text_of(everything[1])
    assert len(pages) > 3
    for at, page in enumerate(pages, 1):
        assert f"page {at} of {len(pages)}" in page
        assert "Not for release" in page


def test_table_headers_are_repeated(everything):
    pages = [page for page in text_of(everything[1]) if "r60c0" in page or "r5c0" in page]
    assert len(pages) == 2
    assert all("Column 0" in page for page in pages)


def test_is_tagged_and_named(everything):
    data = everything[1]
    whole = _inflated(data)
    for word in (b"/StructTreeRoot", b"/MarkInfo", b"/Marked true", b"/Lang", b"pdfuaid"):
        assert word in whole, word
    assert b"/TH" in whole
    assert b"/Alt" in whole
    assert b"Bars by hour" in whole
    with pypdfium2.PdfDocument(data) as opened:
        assert opened.get_metadata_value("Title") == "A report"
        titles = [item.get_title() for item in opened.get_toc()]
    assert titles == ["1 What was received", "Numbers", "Annex A: Sources"]


def test_contents_have_page_numbers(everything):
    first = "".join(text_of(everything[1])[:1])
    assert re.search(r"Annex A: Sources[ .]*\d", first)


def test_links_lead_somewhere(everything):
    whole = _inflated(everything[1])
    assert whole.count(b"/Subtype /Link") + whole.count(b"/Subtype/Link") >= 2 + 3


def test_same_bytes_twice(everything):
    made, data = everything
    assert pdf(made) == data


def test_no_clock_and_no_path(everything):
    whole = _inflated(everything[1])
    assert b"CreationDate" not in whole
    assert b"/work" not in whole


@pytest.mark.parametrize("place", ["cell", "running", "quote", "title"])
def test_hostile_text_is_drawn_as_it_stands(place):
    values = [text for text in HOSTILE if text]
    if place == "cell":
        made = document(table([[text, text, text] for text in HOSTILE]))
    elif place == "running":
        made = document(*(Paragraph((Words("x "), Evidence(text))) for text in HOSTILE))
    elif place == "quote":
        made = document(*(Quote((Evidence(text),), (Evidence(text, None),)) for text in HOSTILE))
    else:
        made = document(*(Heading(text) for text in HOSTILE), *(Blank(text) for text in HOSTILE))
    data = pdf(made)
    said = plain("".join(text_of(data)))
    for text in values:
        assert plain(_drawn(text)) in said
    assert b"pdfuaid" in _inflated(data)


def test_hostile_title_footer_and_labels():
    bad = "".join(HOSTILE)
    made = Document(bad, (), (Section(bad, bad, (table([[bad] * 3], caption=(Evidence(bad),)),)),),
                    footer=bad)  # fmt: skip
    assert text_of(pdf(numbered(made)))


@pytest.mark.parametrize("text", ["a" * 100_000, "م" * 100_000])
def test_a_text_without_a_blank_stays_on_the_page(text):
    started = time.process_time()
    data = pdf(document(Paragraph((Evidence(text, None),)), table([[text, "x", "y"]])))
    assert time.process_time() - started < 10
    pages = text_of(data)
    assert plain("".join(pages)).count(text[0]) >= 100_000
    assert "99,840charactersmore" in plain("".join(pages))
    with pypdfium2.PdfDocument(data) as opened:
        page = opened[0]
        boxes = [item.get_bounds() for item in page.get_objects()]
        assert max(box[2] for box in boxes) <= page.get_width()


@pytest.mark.parametrize(
    "text",
    [
        "Nws hais lus Hmoob zoo kawg", "¿Dónde está la señorita Núñez?", "Waxaan la hadlay Xaawo",
        "Где ты сейчас", "hello 🌹💵👑 bye", "👩‍👩‍👧 ❤️ 👍🏽 1️⃣ 🇺🇸", "𝓙𝓾𝓷𝓸 Ⓐⓑ ₿", "Việt Nam ơi",
    ],
)  # fmt: skip
def test_scripts_are_drawn(text):
    data = pdf(document(Paragraph((Evidence(text), Evidence(text, style="strong")))))
    said = plain("".join(text_of(data)))
    assert "U+" not in said
    assert said.count(plain(text).replace("\ufe0f", "")) or said.count(plain(text)), said
    assert b"pdfuaid" in _inflated(data)


def test_arabic_is_drawn_and_touches_nothing_beside_it():
    data = pdf(document(Paragraph((Evidence("مرحبا 95"), Words(" (34) zyx"))), has_contents=False))
    with pypdfium2.PdfDocument(data) as opened:
        page = opened[0].get_textpage()
        said = page.get_text_range()
        assert "U+" not in said
        assert "مرحبا" in unicodedata.normalize("NFKC", said)
        at = {char: page.get_charbox(said.index(char))[0] for char in "5م34z"}
    # As in the record: 95 stands left of the word, what is ours right of both.
    assert at["5"] < at["م"] < at["3"] < at["4"] < at["z"]


def test_what_no_font_has_is_written_as_its_code():
    said = plain("".join(text_of(pdf(document(table([["你好", "ꤙ", "\U00016b00"]]))))))
    assert "U+4F60U+597D" in said
    assert "U+A919" in said
    assert "U+16B00" in said


def test_every_character_held_to_be_drawn_is_drawn():
    """PDF/UA-1 refuses a character that no font has, so its claim proves the coverage."""
    codes = [code for held in coverage() for code in held]
    assert {code for first, last in EMBEDDED for code in range(first, last + 1)} <= set(codes)
    found = sorted({chr(code) for code in codes} - {"\n"})
    text = " ".join(item for char in found for item in pieces(char) if isinstance(item, str))
    assert len(text) > 12_000
    data = pdf(document(Paragraph((Evidence(text, None),)), Paragraph((Words(text, "strong"),)),
                        Paragraph((Words(text, "code"),))))  # fmt: skip
    assert b"pdfuaid" in _inflated(data)


def test_falls_back_to_a_tagged_pdf_where_ua_is_refused():
    svg = SVG.replace("Messages", "你好")
    data = pdf(document(Figure("f", "Hours", "Bars", svg), Paragraph((Words("after"),))))
    whole = _inflated(data)
    assert b"pdfuaid" not in whole
    assert b"/StructTreeRoot" in whole
    assert "after" in "".join(text_of(data))


@pytest.mark.parametrize("svg", ["", "<svg", "<p/>", "<svg>&bad;</svg>", "\ud800\x00"])
def test_in_place_of_a_broken_picture_stands_what_it_shows(svg):
    data = pdf(document(Figure("f", "Hours", "Most in the evening", svg)))
    assert "Most in the evening" in "".join(text_of(data))


def test_a_document_of_nothing():
    assert len(text_of(pdf(Document("", (), ())))) == 1
    empty = Table("t", (), ())
    bare = Section(
        "s", "", (empty, Facts(()), Bullets(()), Paragraph(()), Quote((), ()), PageBreak())
    )
    assert text_of(pdf(numbered(Document("x", (), (bare, bare, Section("q", "", ()))))))


def test_a_table_with_short_rows_and_twice_the_same_id():
    rows = (Row((), "source-s1"), Row((Cell(),), "source-s1"))
    again = Table("sources", (Column("A"), Column("B")), rows)
    assert text_of(pdf(document(again, Paragraph((CITED,)))))


def test_two_thousand_rows_under_ten_seconds():
    rows = [[f"value {row} of {column}" for column in range(6)] for row in range(2000)]
    started = time.process_time()
    data = pdf(document(table(rows, 6)))
    assert time.process_time() - started < 10
    said = plain("".join(text_of(data)))
    assert all(plain(text) in said for row in rows[::97] for text in row)


def test_ten_columns_stay_apart():
    texts = ["2024-01-01 10:11:12", "Rhonda Example", "three hundred and fifty", "1,350.00", "USD",
             "from the author", "transfer", "Cash App", "$examplename37", "[FB-1 p. 1,204 l. 17-19]"]  # fmt: skip
    made = table([texts] * 30, 10)
    how = pdf_tables.laid(made, (8.0, 7.2), 54)
    assert sum(how.widths) <= (792 if how.is_wide else 612) - 108 + 1
    assert min(how.widths) > 25
    assert how.size >= 7.2


def test_forty_columns_turn_the_page_and_still_fit():
    made = table([["some words here"] * 40] * 3, 40)
    how = pdf_tables.laid(made, (8.0, 7.2), 54)
    assert how.is_wide
    assert sum(how.widths) <= 792 - 108 + 1
    with pypdfium2.PdfDocument(pdf(document(made))) as opened:
        sizes = {page.get_size() for page in opened}
    assert sizes == {(612, 792), (792, 612)}


def test_a_compact_document_is_made_to_fit_two_pages():
    rows = [[f"value {row}", "some more words", "2024-01-01"] for row in range(130)]
    blocks = (Paragraph((Words("Read this first. " * 8),)), table(rows))
    loose = Document("Sheet", (), (Section("a", "Who", blocks),), has_contents=False)
    small = Document(
        "Sheet", (), (Section("a", "Who", blocks),), has_contents=False, is_compact=True
    )
    assert len(text_of(pdf(numbered(loose)))) > 2
    pages = text_of(pdf(numbered(small)))
    assert len(pages) == 2
    assert "value 129" in plain(pages[1]).replace("value129", "value 129")


def test_places_to_break():
    assert pieces("a" * 10, 4) == ["aa\x1f" * 4 + "aa"]
    assert pieces("https://example.com/ab", 10) == [
        f"https://{MAY_BREAK}example.{MAY_BREAK}com/{MAY_BREAK}ab"
    ]
    assert pieces("short words stay", 5) == ["short words stay"]
    assert pieces("") == []


def test_a_family_is_one_cluster():
    family = "👩\u200d👩\u200d👧"
    assert pieces(family) == [family]
    assert pieces("a\u200db") == ["a", ["x", "U+200D"], "b"]


def _drawn(text):
    return "".join(
        item.replace(MAY_BREAK, "") if isinstance(item, str) else item[-1].replace("br", "")
        for item in pieces(text)
    )


def _inflated(data):
    import zlib

    found = [data]
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return b"".join(found)
