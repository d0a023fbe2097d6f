"""The report against its sources: cells at their citations, numbers in every format, counts again."""

import io
import re
from collections import Counter
from dataclasses import replace

import docx
import pypdfium2
import pytest
from selectolax.lexbor import LexborHTMLParser

from pipeline.case import open_case
from pipeline.report.asked import PARTS, Asked
from pipeline.report.checks import Opened, checkable, cited_cells, sample, wrong
from pipeline.report.document import Cell, Cited, Evidence, Quote, Words, referred, tables
from pipeline.report.evidence import plain_visible
from pipeline.report.formats.pdf import pdf
from pipeline.report.formats.web import page
from pipeline.report.formats.word import word
from pipeline.report.make import Ground, build, ledger_of
from pipeline.report.recount import recounted
from pipeline.search import evidence as bytes_of

pytestmark = pytest.mark.usefixtures("draws")

SIZE = 200
EDGE = 6
"""Characters of the neighbours by which a number's place in print is known."""
FOLDED = re.compile(r"[\s\u00ad\ufffe\u2066-\u2069\u200e\u200b-\u200d\u2060-]+")
"""What a line break in print adds or takes away: blanks, hyphens, marks of direction."""


@pytest.fixture(scope="module")
def case(sample_case):
    return open_case(sample_case)


@pytest.fixture(scope="module")
def documents(case, tmp_path_factory):
    """The report, the sheet and the worksheets of the sample."""
    spill = tmp_path_factory.mktemp("spill") / "spill"
    ground = Ground(case, case.path / "tables", ledger_of(case), case.manifest())
    built = build(ground, spill, Asked(parts=PARTS))
    return {name: item.document for name, item in built.items()}


@pytest.fixture(scope="module")
def report(documents):
    return documents["report"]


@pytest.fixture(scope="module")
def shown(case):
    return Opened(case)


@pytest.fixture(scope="module")
def cells(report, shown):
    return checkable(cited_cells(report), shown)


def test_two_hundred_random_cells_are_right(cells, shown):
    drawn = sample(cells, SIZE, seed=8)
    assert len(drawn) == SIZE
    assert len({cell.table_id for cell in drawn}) >= 8
    assert [
        (cell.table_id, cell.head, cell.evidence, why) for cell, why in wrong(drawn, shown)
    ] == []


def test_a_message_quoted_whole_says_whose_it_is(documents):
    blocks = [b for d in documents.values() for s in d.sections for b in s.blocks]
    quotes = [block for block in blocks if isinstance(block, Quote)]
    assert quotes
    for block in quotes:
        (cited,) = [part.record_id for part in block.head if isinstance(part, Cited)]
        assert {part.quoted_from for part in block.parts if isinstance(part, Evidence)} == {cited}


def test_most_cells_with_citations_can_be_checked(report, cells, shown):
    said = [
        cell for cell in cited_cells(report)
        if cell.evidence or cell.text.strip(" –") or cell.kind == "cites"
    ]  # fmt: skip
    assert len(cells) > len(said) * 0.5


WRONG = {
    "number": Words("987,654", "whole"), "time": Words("1999-01-01"),
    "text": Evidence("Zebulon Nowhere 1877"),
}  # fmt: skip


def saying(cell, part):
    return replace(cell, cell=replace(cell.cell, parts=(part,)))


def citing(cell, cited):
    return replace(saying(cell, cited), cited=(cited,))


def test_cells_that_are_not_right_are_told(cells, shown):
    """Cells of each kind altered by a hand: none of them passes."""
    altered = []
    elsewhere = next(cell for cell in cells if cell.table_id == "amounts").cited[0]
    there = shown.record(elsewhere)
    its = {f"e-{mention.entity_id}" for mention in there.mentions}
    thread = there.record.thread_id
    its |= {f"t-{thread}", *(f"a-{key}" for at, key in shown.facts.talked if at == thread)}
    for sort in ("e-", "a-", "t-", "l-", "m-"):
        of = [cell for cell in cells if cell.row_id.startswith(sort)]
        assert of, sort
        for kind, part in WRONG.items():
            like = [cell for cell in of if cell.kind == kind]
            altered += [saying(cell, part) for cell in like if kind != "text" or cell.evidence][:12]
        cites = next(
            cell
            for cell in of
            if cell.kind == "cites" and cell.row_id not in its and elsewhere not in cell.cited
        )
        altered += [
            citing(cites, elsewhere),  # a record that does not show it
            citing(cites, replace(cites.cited[0], record_id="0" * 20)),
            citing(cites, replace(cites.cited[0], text="FB-1 p. 999,999 l. 1")),
        ]
    told = {id(cell) for cell, _ in wrong(altered, shown)}
    passed = [(cell.table_id, cell.head, cell.row_id) for cell in altered if id(cell) not in told]
    assert len(altered) > 60
    assert passed == []


def test_a_source_that_changed_since_is_told(cells, case, monkeypatch):
    kept = bytes_of._stream
    monkeypatch.setattr(bytes_of, "_stream", lambda *given: replace(kept(*given), sha256="0" * 64))
    (found,) = wrong(cells[:1], Opened(case))
    assert "not as it was" in found[1]


# numbers in every format


def said(part, document):
    if isinstance(part, Words):
        return part.text
    if isinstance(part, Cited):
        return f"[{part.text}{'; Bates ' + part.bates if part.bates else ''}]"
    if isinstance(part, Evidence):
        shown = part.text if part.limit is None else part.text[: part.limit]
        left = len(part.text) - len(shown)
        return plain_visible(shown) + (f" … ({left:,} characters more)" if left else "")
    return referred(document, part)


def flat(text):
    return FOLDED.sub("", text)


def text_of(cell, document):
    return flat("".join(said(part, document) for part in cell.parts))


def numbers(document):
    """By table the cells of columns of numbers, row by row."""
    return [
        [
            [
                text_of(cell, document)
                for cell, column in zip(row.cells, table.columns, strict=True)
                if column.kind == "number"
            ]
            for row in table.rows
        ]
        for _, table in tables(document)
        if table.rows
    ]


def places(document):
    """By table where the columns of numbers stand, and the headings."""
    return [
        ([n for n, column in enumerate(table.columns) if column.kind == "number"],
         [flat(column.label) for column in table.columns])
        for _, table in tables(document)
        if table.rows
    ]  # fmt: skip


def test_every_number_is_the_same_on_the_page(documents):
    for document in documents.values():
        same_on_the_page(document)


def same_on_the_page(report):
    tree = LexborHTMLParser(page(report).decode())
    made = [table for table in tree.css("table") if table.css_first("thead")]
    assert len(made) == len(numbers(report))
    for table, wanted, (where, heads) in zip(made, numbers(report), places(report), strict=True):
        assert [flat(head.text()) for head in table.css("thead th")] == heads
        rows = [row.css("th, td") for row in table.css("tbody tr")]
        assert [[flat(row[n].text()) for n in where] for row in rows] == wanted


def test_every_number_is_the_same_in_word(documents):
    for document in documents.values():
        same_in_word(document)


def same_in_word(report):
    made = [
        table for table in docx.Document(io.BytesIO(word(report))).tables
        if table.style.name == "Report Table"
    ]  # fmt: skip
    assert len(made) == len(numbers(report))
    for table, wanted, (where, heads) in zip(made, numbers(report), places(report), strict=True):
        grid = [[cell.text for cell in row.cells] for row in table.rows]
        assert [flat(text) for text in grid[0]] == heads
        assert [[flat(row[n]) for n in where] for row in grid[1:]] == wanted


def printed(document):
    """The words of the pages in the order of reading."""
    pages = pypdfium2.PdfDocument(pdf(document))
    return flat("".join(item.get_textpage().get_text_range() for item in pages))


def runs_of(row, columns, document):
    """Numbers that stand side by side in a row, with the edges of the cells around them."""
    texts = [text_of(cell, document) for cell in row.cells]
    at = 0
    while at < len(columns):
        if columns[at].kind != "number":
            at += 1
            continue
        end = at
        while end < len(columns) and columns[end].kind == "number":
            end += 1
        before = texts[at - 1][-EDGE:] if at else ""
        after = texts[end][:EDGE] if end < len(columns) else ""
        yield "".join(texts[at:end]), before, after
        at = end


def missing_in_print(document, text):
    """Numbers of tables that do not stand where they should, in order, between their neighbours."""
    missing, found, at = [], 0, 0
    for _, table in tables(document):
        for row in table.rows:
            for numbers, before, after in runs_of(row, table.columns, document):
                # signs without a glyph are printed as their codes: such an edge is no help
                before = before if before.isascii() else ""
                after = after if after.isascii() else ""
                place = text.find(before + numbers + after, at)
                if place < 0:
                    missing.append((table.table_id, row.row_id, before, numbers, after))
                else:
                    found += 1
                    at = place + len(before + numbers)
    return missing, found


@pytest.fixture(scope="module")
def prints(documents):
    return {name: printed(document) for name, document in documents.items()}


def test_every_number_is_the_same_in_print(documents, prints):
    every = 0
    for name, document in documents.items():
        missing, found = missing_in_print(document, prints[name])
        assert missing == []
        every += found
    assert every > 100


def test_another_number_in_print_would_be_told(report, prints):
    first = next(table for _, table in tables(report) if table.table_id == "kinds")
    other = replace(
        first.rows[0],
        cells=tuple(
            Cell((Words("987,654"),)) if column.kind == "number" else cell
            for cell, column in zip(first.rows[0].cells, first.columns, strict=True)
        ),
    )
    table = replace(first, rows=(other, *first.rows[1:]))
    document = replace(report, front=(), sections=tuple(
        replace(section, blocks=tuple(table if block is first else block for block in section.blocks))
        for section in report.sections
    ))  # fmt: skip
    missing, _ = missing_in_print(document, prints["report"])
    assert [row_id for _, row_id, *_ in missing] == [other.row_id]


def test_counts_are_those_of_another_query(report, case):
    counted = recounted(case)
    right, other = Counter(), []
    for _, table in tables(report):
        for row in table.rows:
            for cell, column in zip(row.cells, table.columns, strict=True):
                key = (row.row_id, column.label)
                if (
                    column.kind != "number"
                    or key not in counted
                    or not isinstance(cell.sort, int | float)
                ):
                    continue
                if float(cell.sort) == float(counted[key]):
                    right[table.table_id] += 1
                else:
                    other.append((table.table_id, key, cell.sort, counted[key]))
    assert other == []
    assert {"contacts", "themes", "venues", "hosts", "travel-modes"} <= right.keys()
    assert sum(right.values()) > 200
