"""What is kept of a report, and what the next one says has changed."""

import hashlib
import json
import shutil
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.case import open_case
from pipeline.config import RunConfig
from pipeline.errors import ConfigError, IntegrityError
from pipeline.report.cells import cites, number, text, worded
from pipeline.report.changes import CHANGED, GONE, NEW, ROWS, compared
from pipeline.report.document import (
    Cell,
    Cited,
    Column,
    Document,
    Evidence,
    Facts,
    Figure,
    Link,
    Row,
    Section,
    Table,
    Words,
    inlines,
    numbered,
)
from pipeline.report.rows import FileRow
from pipeline.report.sections.changes import versioned
from pipeline.report.versions import (
    TEXT,
    Making,
    _canonical,
    data_hash,
    made_by,
    read_snapshot,
    snapshot_of,
    written,
)
from pipeline.run import run

MAKING = Making(
    "prosecutor", "1.0.0", "d" * 64, (("FB-1", "records.html", "f" * 64),), {"phones": "1"},
    {"scope": "1 entries, state abc"},
)  # fmt: skip


def rows(*names, count=1):
    return tuple(
        Row(
            (
                text(name),
                number(count),
                cites([Cited(f"FB-1 p. 1 l. {n}", "FB-1", f"r{n}", bates="A1")]),
            ),
            f"e-{name}",
        )
        for n, name in enumerate(names, 1)
    )


def document(made_of, *, columns=("Name", "Mentions", "Where"), table_id="names", pages="3"):
    table = Table(table_id, tuple(Column(label) for label in columns), tuple(made_of))
    front = (Facts((("Pages read", (Words(pages),)),)),)
    return numbered(Document("T", front, (Section("s", "Names", (table,)),)))


def change(old, new, **made):
    older = snapshot_of(old, MAKING, 2)
    newer = snapshot_of(new, replace(MAKING, **made), 3)
    return compared(older, newer)


def of(changes, name="names"):
    return next(item for item in changes.tables if item.table_id == name)


@pytest.fixture
def kept(tmp_path):
    def write(snapshot, **changed):
        path = tmp_path / "report.json"
        body = json.loads(written(snapshot)) | changed
        path.write_text(json.dumps(body, sort_keys=True))
        return path

    return write


def test_rows_new_gone_changed():
    found = of(
        change(
            document(rows("a", "b", "c")), document((*rows("a"), *rows("c", count=2), *rows("d")))
        )
    )
    assert (found.new, found.gone, found.changed, found.same) == (1, 1, 1, 1)
    by_kind = {row.what: row for row in found.rows}
    assert by_kind[NEW].name == "d"
    assert by_kind[GONE].name == "b"
    assert [item.record_id for item in by_kind[GONE].cited] == ["r2"]
    cells = {cell.column: (cell.old, cell.new) for cell in by_kind[CHANGED].cells}
    assert cells == {"Mentions": ("1", "2"), "Where": ("[FB-1 p. 1 l. 3]", "[FB-1 p. 1 l. 1]")}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rows("a", "b"), rows("a", "b")),
        ((), ()),
        (rows("a", "b"), tuple(reversed(rows("a", "b")))),  # another order
        (rows("a"), (replace(rows("a")[0], cells=tuple(
            replace(cell, sort="x", target="y") for cell in rows("a")[0].cells)),)),
        ((Row((text("a"),)), Row((text("a"),))), (Row((text("a"),)), Row((text("a"),)))),
    ],
)  # fmt: skip
def test_nothing_has_changed(old, new):
    found = change(document(old), document(new))
    assert all(item.is_same for item in found.tables)
    assert found.made == ()
    assert found.same_data


def test_page_numbers_of_a_ledger_are_no_change():
    bare = tuple(
        replace(row, cells=tuple(
            replace(cell, parts=tuple(replace(part, bates=None) if isinstance(part, Cited) else part
                                      for part in cell.parts)) for cell in row.cells))
        for row in rows("a", "b")
    )  # fmt: skip
    assert all(item.is_same for item in change(document(rows("a", "b")), document(bare)).tables)


def test_equal_ids_are_told_apart():
    twice = (Row((text("a"), number(1)), "e-1"), Row((text("a"), number(2)), "e-1"))
    found = of(change(document(twice), document(twice[:1])))
    assert (found.new, found.gone, found.changed, found.same) == (0, 1, 0, 1)


def test_long_lists_are_cut_and_counted_whole():
    many = rows(*(f"n{n}" for n in range(3 * ROWS)))
    found = of(change(document(()), document(many)))
    assert found.new == 3 * ROWS
    assert len(found.rows) == ROWS


def test_tables_and_columns_that_come_and_go():
    found = change(document(rows("a"), table_id="x"), document(rows("a"), table_id="y"))
    assert (of(found, "x").gone, of(found, "y").new) == (1, 1)
    assert of(found, "x").note
    assert of(found, "y").note
    other = change(document(rows("a")), document(rows("a"), columns=("Name", "Records", "Where")))
    assert of(other).changed == 0  # a column of another name is no other value of the first
    assert of(other).note == "the columns are others"


def test_a_long_cell_that_differs_at_its_end_differs():
    long = "x" * 100_000
    one = (Row((text(long + "a", None),), "e-1"),)
    two = (Row((text(long + "b", None),), "e-1"),)
    assert of(change(document(one), document(two))).changed == 1
    assert len(snapshot_of(document(one), MAKING).tables[1].rows[0].cells[0]) < TEXT + 120


def test_facts_and_figures_are_compared():
    found = change(document((), pages="3"), document((), pages="4"))
    assert of(found, "facts-front").rows[0].cells[0].new == "4"
    figure = Figure("f", "t", "alt", "<svg/>", data=Table("data", (Column("A"),), rows("a")))
    drawn = Document("T", (), (Section("s", "S", (figure,)),))
    assert [item.table_id for item in snapshot_of(drawn, MAKING).tables] == ["data"]


def test_what_it_was_made_from():
    sources = (("FB-1", "records.html", "0" * 64), ("FB-2", "b.html", "1" * 64))
    found = change(
        document(()), document(()), tool="1.1.0", data="e" * 64, sources=sources,
        components={"money": "1"}, lists={},
    )  # fmt: skip
    assert [(item.what, item.name, item.old[:1], item.new[:1]) for item in found.made] == [
        ("tool", "triage", "1", "1"), ("source", "FB-1 records.html", "f", "0"),
        ("source", "FB-2 b.html", "", "1"), ("component", "money", "", "1"),
        ("component", "phones", "1", ""), ("list", "scope", "1", ""),
    ]  # fmt: skip
    assert not found.same_data
    assert not found.has_common_source


def test_what_is_kept_is_read_again_and_is_the_same_bytes(kept):
    snapshot = snapshot_of(document(rows("a", "\u202e<script>", "\ud800")), MAKING, 7)
    assert written(snapshot) == written(snapshot)
    read = read_snapshot(kept(snapshot), "prosecutor")
    assert replace(read, sha256="") == snapshot
    assert len(read.sha256) == 64
    assert json.loads(written(snapshot))["version"] == 7


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"version": 8}, IntegrityError, "was changed after it was written"),
        ({"tables": []}, IntegrityError, "was changed after it was written"),
        ({"sha256": ""}, IntegrityError, "was changed after it was written"),
        ({"format": 2}, ConfigError, "newer version"),
        ({"format": "1"}, ConfigError, "is not what"),
        ({"kind": "x"}, ConfigError, "is not what"),
    ],
)
def test_a_file_that_was_changed(kept, changed, error, message):
    path = kept(snapshot_of(document(rows("a")), MAKING), **changed)
    with pytest.raises(error, match=message) as raised:
        read_snapshot(path, "prosecutor")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"null", b"\xff", b"<html>", b'{"kind":"triage report","format":1}',
     b"[" * 100_000, b'{"kind": NaN}', b"1" * 10_000],
)  # fmt: skip
def test_a_file_that_is_none(tmp_path, data):
    path = tmp_path / "report.json"
    path.write_bytes(data)
    with pytest.raises((ConfigError, IntegrityError)) as raised:
        read_snapshot(path, "prosecutor")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("mine", "other"), [("prosecutor", "redacted"), ("redacted", "prosecutor")]
)
def test_profiles_do_not_mix(kept, mine, other):
    path = kept(snapshot_of(document(rows("a")), replace(MAKING, profile=other)))
    with pytest.raises(ConfigError, match=f"is of the profile {other}"):
        read_snapshot(path, mine)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_snapshot(path.with_name("missing.json"), mine)


KEYS = (
    "version", "profile", "tool", "data", "components", "lists", "sources", "tables", "table", "row",
)  # fmt: skip
ANY = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.sampled_from(KEYS), ANY)
def test_any_body_is_read_or_refused_in_words(tmp_path_factory, key, value):
    """Whoever writes a file with the right hash may still have written anything."""
    body = json.loads(written(snapshot_of(document(rows("a", "b")), MAKING)))
    del body["sha256"]
    if key == "table":
        body["tables"][0] = value
    elif key == "row":
        body["tables"][1]["rows"][0] = value
    else:
        body[key] = value
    body["sha256"] = hashlib.sha256(_canonical(body)).hexdigest()
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(_canonical(body))
    try:
        read = read_snapshot(path, "prosecutor")
    except ConfigError as error:
        assert "\n" not in str(error)
    else:
        compared(read, snapshot_of(document(rows("a")), MAKING, 2))


def test_the_annex_and_the_front(kept):
    first, snapshot = versioned(document(rows("a", "b")), MAKING, None)
    assert snapshot.version == 1
    assert [section.section_id for section in first.sections] == ["s"]
    assert any(isinstance(item, Words) and item.text == "Version 1. " for item in inlines(first))
    older = read_snapshot(kept(snapshot), "prosecutor")
    second, again = versioned(document(rows("a", "<b>x")), MAKING, older)
    assert again.version == 2
    annex = second.sections[-1]
    assert (annex.section_id, annex.is_annex, second.numbers["changes"]) == ("changes", True, "A")
    assert Link("changes") in list(inlines(second))
    cells = {tuple(part.text for part in row.cells[2].parts if isinstance(part, Evidence)): row
             for block in annex.blocks if isinstance(block, Table) and block.table_id == "changes-rows"
             for row in block.rows}  # fmt: skip
    assert set(cells) == {("b",), ("<b>x",)}
    assert any(isinstance(part, Cited) for row in cells.values() for part in row.cells[4].parts)
    # the annex is not compared itself
    third, last = versioned(document(rows("a", "<b>x")), MAKING, replace(again, sha256="0" * 64))
    assert last.version == 3
    counts = [b for b in third.sections[-1].blocks if isinstance(b, Table)]
    assert [len(block.rows) for block in counts] == [0, 0, 0]


def test_an_earlier_report_is_redacted_anew():
    """Somebody was listed since: the name must not come back as what has changed."""
    older = snapshot_of(document(rows("juno", "b")), replace(MAKING, profile="redacted"))
    older = older.said(lambda text: text.replace("juno", "PP-1"))
    made = document([replace(rows("juno", "b")[0], cells=(worded("PP-1"), *rows("juno")[0].cells[1:])),
                     rows("juno", "b")[1]])  # fmt: skip
    found = compared(older, snapshot_of(made, replace(MAKING, profile="redacted")))
    assert of(found).is_same
    assert "'juno'" not in repr(older)


@pytest.fixture(scope="module")
def made_case(meta_html, make_zip, tmp_path_factory):
    folder = tmp_path_factory.mktemp("versions")
    said = [("Rose Example (Facebook: 700000000000001)", "2024-03-01 18:00:00 UTC", "hello")]
    source = make_zip(folder / "return.zip", {"records.html": meta_html({"900000000000010": said})})
    run([source], folder / "case", RunConfig(workers=1, use_model=False), quiet=True)
    return folder / "case"


def test_the_hash_of_the_tables_leaves_out_the_runs(made_case, tmp_path):
    tables = shutil.copytree(made_case / "tables", tmp_path / "tables")
    before = data_hash(tables)
    (tables / "runs" / "part-00000.parquet").write_bytes(b"other")
    assert data_hash(tables) == before
    part = tables / "phones" / "part-00000.parquet"
    part.write_bytes(part.read_bytes() + b"\0")
    assert data_hash(tables) != before


def test_made_by_a_case(made_case, monkeypatch):
    class Held:
        profile = "prosecutor"
        redaction = None
        files = (FileRow("s", "FB-1", "a.html", None, None, "f" * 64, None, None, None, None,
                         1, 1, 1, False),)  # fmt: skip

    case = open_case(made_case)
    made = made_by(case, made_case / "tables", Held())
    assert made == made_by(case, made_case / "tables", Held())
    assert made.sources == (("FB-1", "a.html", "f" * 64),)
    assert {"phones", "lexicons", "tantivy"} <= made.components.keys()
    assert not {"python", "system"} & made.components.keys()
    from pipeline.given import Given

    given_ = [Given("watch", "w.csv", "0" * 64, 3), Given("protected", "p.csv", "17", 2)]
    monkeypatch.setattr("pipeline.report.versions.recorded", lambda case: given_)
    assert made_by(case, made_case / "tables", Held()).lists == {
        "watch": f"3 entries, state {'0' * 64}", "protected": "2 entries, state 17",
    }  # fmt: skip
    Held.profile = "redacted"
    assert made_by(case, made_case / "tables", Held()).lists == {"protected": "given"}


def test_empty_documents():
    empty = Document("T", (), ())
    found = change(empty, empty)
    assert (found.tables, found.made) == ((), ())
    assert of(change(empty, document([Row((), None), Row((Cell(),), None)]))).new == 2
