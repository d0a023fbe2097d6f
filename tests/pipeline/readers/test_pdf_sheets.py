"""Cells of hand-made sheets, and PDFs that cannot be opened."""

from __future__ import annotations

import dataclasses
import zipfile

import pypdfium2
import pytest

from pipeline.errors import SourceError
from pipeline.readers.base import Located
from pipeline.readers.pdf_open import ends_early, looks_like_pdf, open_pdf
from pipeline.readers.pdf_sheets import SheetReader, bare_text, name_labels
from tests._data.pdf_writer import write_pdf
from tests._data.reading import locate

COURIER = ("Courier", "Courier-Bold")
WIDE = 7.2  # of a letter of Courier at 12 points


def cells_of(page, *, by_weight=True):
    """(bold, x, text) of each cell of a sheet."""
    document = pypdfium2.PdfDocument(write_pdf([page], fonts=COURIER))
    reader = SheetReader(document, by_weight=by_weight)
    sheet = reader.read(0)
    if not by_weight:
        name_labels(sheet.cells, reader, 12.0)
    found = [(cell.bold, round(cell.x), cell.text) for cell in sheet.cells]
    reader.close()
    return found


def at(x, text):
    return round(x + WIDE * len(text) + 1.5)


GRID = [
    ("label and value on one base line", [(50, 700, "Body", True), (80.3, 700, "hello there", False)],
     [(True, 50, "Body"), (False, 80, "hello there")]),
    ("value a padding lower", [(50, 700, "Body", True), (80.3, 698.5, "hello", False)],
     [(True, 50, "Body"), (False, 80, "hello")]),
    ("a body that begins with a label", [(50, 700, "Body", True), (80.3, 698.5, "Author Body Sent", False)],
     [(True, 50, "Body"), (False, 80, "Author Body Sent")]),
    ("a regular line that begins with a label", [(50, 700, "Body text goes on", False)],
     [(False, 50, "Body text goes on")]),
    ("a label alone", [(50, 700, "Body", True)], [(True, 50, "Body")]),
    ("three labels deep", [
        (50, 700, "Call Record", True), (131, 698.5, "Type", True), (161.3, 697, "audio", False),
    ], [(True, 50, "Call Record"), (True, 131, "Type"), (False, 161, "audio")]),
    ("labels of one height, apart", [(50, 700, "Messages", True), (115, 700, "Thread", True)],
     [(True, 50, "Messages"), (True, 115, "Thread")]),
    ("a label of two words stays one", [(50, 700, "Date Range", True), (124, 698.5, "x", False)],
     [(True, 50, "Date Range"), (False, 124, "x")]),
    ("a hyphen at a line's end", [
        (50, 700, "see the well-", False), (50, 685.75, "known one", False),
    ], [(False, 50, "see the well-"), (False, 50, "known one")]),
    ("brackets and accents", [(50, 700, "(café) \\ x", False)], [(False, 50, "(café) \\ x")]),
]  # fmt: skip


@pytest.mark.parametrize(("page", "expected"), [row[1:] for row in GRID], ids=[r[0] for r in GRID])
def test_cells(page, expected):
    assert cells_of(page) == expected


def test_labels_seen_before_are_found_again():
    page = []
    for n in range(3):
        y = 700 - 60 * n
        page += [
            (50, y, "Call Record", True), (131, y - 1.5, "Type", True), (161.3, y - 3, "x", False),
            (50, y - 24, "Date", True), (80.3, y - 25.5, "Date Created", False),
            (50, y - 40, "Date Created", True), (138, y - 41.5, "Date", False),
        ]  # fmt: skip
    one = [
        (True, 50, "Call Record"), (True, 131, "Type"), (False, 161, "x"),
        (True, 50, "Date"), (False, 80, "Date Created"),
        (True, 50, "Date Created"), (False, 138, "Date"),
    ]  # fmt: skip
    assert cells_of(page) == one * 3


def test_without_weights_labels_are_told_by_place():
    page = [
        (50, 700, "Body", False), (80.3, 698.5, "hello there", False),
        (80.3, 684.25, "second line", False),
        (50, 660, "Sent", False),
        (50, 640, "Author", False), (94.7, 638.5, "Anna", False),
        (24, 770, "11/22/26", False, 8), (250, 770, "a header", False, 8),
    ]  # fmt: skip
    assert cells_of(page, by_weight=False) == [
        (True, 50, "Body"), (False, 80, "hello there"), (False, 80, "second line"),
        (True, 50, "Sent"), (True, 50, "Author"), (False, 95, "Anna"),
        (False, 24, "11/22/26"), (False, 250, "a header"),
    ]  # fmt: skip


def test_sheets_without_text():
    document = pypdfium2.PdfDocument(write_pdf([None, [], [(50, 700, "x", False)]]))
    reader = SheetReader(document)
    sheets = [reader.read(index) for index in range(3)]
    reader.close()
    assert [(s.number, s.has_text, s.is_empty) for s in sheets] == [
        (1, False, False), (2, False, True), (3, True, False),
    ]  # fmt: skip


def test_measures_of_the_open_sheet():
    document = pypdfium2.PdfDocument(write_pdf([[(50, 700, "two words", False)]], fonts=COURIER))
    reader = SheetReader(document)
    cell = reader.read(0).cells[0]
    assert reader.right(cell) == pytest.approx(50 + 9 * WIDE, abs=0.1)
    assert reader.first_word(cell) == pytest.approx(3 * WIDE, abs=0.1)
    assert 8 < reader.height(cell) < 20
    reader.close()


def test_bare_text_reads_every_sheet(tmp_path):
    pages = [[(50, 700, "abc", False)], [(50, 700, "de", False)]]
    path = tmp_path / "a.pdf"
    path.write_bytes(write_pdf(pages))
    assert bare_text(path) == 5


def test_opens_from_a_path_and_from_an_archive(tmp_path):
    data = write_pdf([[(50, 700, "abc", False)]])
    assert len(open_pdf(locate(tmp_path, data))) == 1
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("in/a.pdf", data)
    member = Located(tmp_path / "a.zip", "in/a.pdf", len(data), "m" + "0" * 63)
    assert len(open_pdf(member)) == 1
    assert not ends_early(member)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (write_pdf([[]], encrypt=True), "encrypted_pdf"),
        (b"", "broken_pdf"),
        (b"%PDF-1.4\nnothing more", "broken_pdf"),
        (b"not a PDF at all" * 100, "broken_pdf"),
        (write_pdf([]), "broken_pdf"),
    ],
)
def test_what_cannot_be_opened_is_one_clear_line(tmp_path, data, code):
    with pytest.raises(SourceError) as caught:
        open_pdf(locate(tmp_path, data))
    assert caught.value.code == code
    assert "\n" not in str(caught.value)


def test_a_file_that_is_gone_is_not_readable(tmp_path):
    located = dataclasses.replace(locate(tmp_path, b"x"), path=tmp_path / "gone.pdf")
    with pytest.raises(SourceError) as caught:
        open_pdf(located)
    assert caught.value.code == "not_readable"
    missing = dataclasses.replace(located, path=tmp_path / "a.pdf", member="b", sha256="1" * 64)
    with pytest.raises(SourceError) as caught:
        open_pdf(missing)
    assert caught.value.code == "not_readable"


@pytest.mark.parametrize("part", range(20))
def test_a_truncated_file_opens_or_is_said_to_be_broken(tmp_path, part):
    data = write_pdf([[(50, 700, f"page {n}", False)] for n in range(5)])
    located = locate(tmp_path, data[: len(data) * part // 20])
    try:
        document = open_pdf(located)
    except SourceError as error:
        assert error.code == "broken_pdf"
    else:
        assert ends_early(located)
        reader = SheetReader(document)
        for index in range(len(document)):
            reader.read(index)
        reader.close()


def test_what_looks_like_a_pdf():
    assert looks_like_pdf(b"\n junk \n%PDF-1.7")
    assert not looks_like_pdf(b"<html>%PD")
