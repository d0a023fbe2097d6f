"""The second look reads PDF and DOCX as a reader of them could: pages, metadata, members, runs."""

from __future__ import annotations

import zipfile
import zlib

import docx
import pypdfium2
import pytest

from pipeline.errors import TriageError
from pipeline.lists import Entry
from pipeline.redact.check import _texts, refuse_leaks
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
    Paragraph,
    Quote,
    Row,
    Section,
    Table,
    Words,
    numbered,
)
from pipeline.report.formats.pdf import pdf

NAME = "Marisol Exemplar-Núñez"
PEOPLE = [(1, Entry("name", NAME.casefold())), (2, Entry("phone", "+16515550117"))]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 60"><text x="5" y="30">{}</text></svg>'


def written(tmp_path, blocks=(), **more):
    made = Document(
        **{
            "title": "Report",
            "front": (),
            "sections": (Section("s", "One", tuple(blocks)),),
            **more,
        }
    )
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf(numbered(made)))
    return path


def test_a_clean_pdf_passes(tmp_path):
    refuse_leaks(written(tmp_path, [Paragraph((Words("Nothing of anybody, 555-0199."),))]), PEOPLE)


@pytest.mark.parametrize(
    "block",
    [
        Paragraph((Evidence(f"call {NAME} now"),)),
        Paragraph((Evidence("call Marisol "), Evidence("Exemplar-Nu\u0301n\u0303ez", style="mark"))),
        Heading(NAME),
        Quote((Evidence(NAME),), ()),
        Bullets(((Evidence("651-555-0117"),),)),
        Facts((("Number", (Evidence("(651) 555-0117"),)),)),
        Blank(NAME),
        Table("t", (Column("A"), Column("B")), (Row((Cell(), Cell((Evidence("x" * 30 + NAME, None),)))),)),
        Table("t", (Column("A"),), (), (Evidence(NAME),)),
        Figure("f", "Title", f"Bars, the highest {NAME}", SVG.format("none")),
        Figure("f", "Title", "Bars", SVG.format("651 555 0117")),
    ],
)  # fmt: skip
def test_a_value_anywhere_in_a_pdf_is_found(tmp_path, block):
    path = written(tmp_path, [block])
    with pytest.raises(TriageError, match=r"report\.pdf: a value of a protected person") as caught:
        refuse_leaks(path, PEOPLE)
    assert "Exemplar" not in str(caught.value)


@pytest.mark.parametrize("place", ["title", "footer"])
def test_a_value_in_title_or_footer_is_found(tmp_path, place):
    with pytest.raises(TriageError):
        refuse_leaks(written(tmp_path, **{place: NAME}), PEOPLE)


def test_a_value_that_goes_on_over_the_page_is_found(tmp_path):
    first, second = NAME.split()
    parted = 0
    for lines in range(36, 60):
        text = "line\n" * lines + f"{first}\n{second}\n" + "line\n" * 30
        path = written(
            tmp_path, [Paragraph((Evidence(text, None),))], has_contents=False, footer="Foot"
        )
        with pytest.raises(TriageError):
            refuse_leaks(path, PEOPLE)
        parted += not any(first in page and second in page for page in _pages(path))
    assert parted == 1


def _pages(path):
    with pypdfium2.PdfDocument(path) as opened:
        return [page.get_textpage().get_text_range() for page in opened]


def test_strings_beside_the_pages_are_found(tmp_path):
    hidden = NAME.encode("utf-16-be")
    objects = [
        b"<</Type/Annot/Contents<FEFF" + hidden.hex().encode() + b">>>",
        b"<</Type/Annot/Contents(\xfe\xff" + hidden + b")>>",
        b"<</Title(651\\055555-01\\0617)>>",
        b"<</Length 9/Filter/FlateDecode>>\nstream\n"
        + zlib.compress(b"(6515550117)")
        + b"\nendstream",
    ]
    clean = written(tmp_path, [Paragraph((Words("clean"),))]).read_bytes()
    for number, item in enumerate(objects):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(
            clean.replace(b"\nxref\n", b"\n900 0 obj\n" + item + b"\nendobj\n\nxref\n", 1)
        )
        assert path.read_bytes() != clean
        with pytest.raises(TriageError):
            refuse_leaks(path, PEOPLE)


def test_runs_of_a_docx_are_joined(tmp_path):
    made = docx.Document()
    line = made.add_paragraph()
    for run in ("Mari", "sol Exem", "plar", "-Núñez"):
        line.add_run(run)
    made.save(tmp_path / "report.docx")
    with pytest.raises(TriageError):
        refuse_leaks(tmp_path / "report.docx", PEOPLE)


@pytest.mark.parametrize("place", ["table", "footer", "title", "attribute", "clean"])
def test_all_members_of_a_docx_are_read(tmp_path, place):
    made = docx.Document()
    if place == "table":
        made.add_table(1, 1).cell(0, 0).text = NAME
    elif place == "footer":
        made.sections[0].footer.paragraphs[0].text = NAME
    elif place == "title":
        made.core_properties.title = NAME
    path = tmp_path / "report.docx"
    made.save(path)
    if place == "attribute":
        with zipfile.ZipFile(path, "a") as packed:
            packed.writestr("word/extra.xml", f'<a descr="{NAME}"/>')
    if place == "clean":
        refuse_leaks(path, PEOPLE)
    else:
        with pytest.raises(TriageError):
            refuse_leaks(path, PEOPLE)


def test_fonts_and_pictures_are_not_read_as_text(tmp_path):
    path = written(tmp_path, [Paragraph((Words("plain"), Evidence("🌹 مرحبا")))])
    noise = [text for text in _texts(path) if text.count("\ufffd") > 0.3 * len(text) > 30]
    assert noise == []
