"""Facts that people entered, held against records: every count is known."""

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audit import entry_of
from pipeline.case import open_case
from pipeline.config import RunConfig
from pipeline.corroborate.facts import read_facts, split_queries
from pipeline.corroborate.matrix import (
    BOTH,
    CONFLICTS,
    NO_ACCOUNT,
    NO_PERIOD,
    NOT_SEARCHED,
    SHOWN,
    SILENT,
    SUPPORTS,
    corroborate,
)
from pipeline.corroborate.redacted import redacted_matrix
from pipeline.corroborate.written import as_csv, as_json, as_table
from pipeline.errors import ConfigError
from pipeline.files import sha256_of
from pipeline.report.document import Cited, Evidence, Table, Words, inlines
from pipeline.report.sections.matrix import matrix_document, matrix_section
from pipeline.report.store import open_store
from pipeline.run import run

ROSE = "Rose Example (Facebook: 700000000000001)"
VERN = "Vern Sample (Facebook: 700000000000002)"
THREADS = {
    "900000000000010": [
        (ROSE, "2024-03-01 18:00:00 UTC", "we took the jefferson bus to fridley"),
        (VERN, "2024-03-01 18:05:00 UTC", "he drove up to get us"),
        (ROSE, "2024-03-01 19:00:00 UTC", "now in duluth, call 651-555-0117"),
        (VERN, "2024-03-01 19:30:00 UTC", "im in rochester"),
        (ROSE, "2024-03-02 05:59:59 UTC", "paid 150 dollars for the room, late"),
        (ROSE, "2024-03-02 06:00:00 UTC", "<script>alert(1)</script> \u202e room again in bemidji"),
    ],
    "900000000000011": [
        (VERN, f"2024-05-{day:02} 12:00:00 UTC", "word common")
        for day in range(1, 10)
    ],
}  # fmt: skip
HEADER = (
    "fact_id,fact,entered_by,source,from,to,supports,conflicts,account,thread,place,phone,amount"
)


@pytest.fixture(scope="module")
def case(meta_html, make_zip, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corroborate")
    source = make_zip(folder / "return.zip", {"records.html": meta_html(THREADS)})
    run([source], folder / "case", RunConfig(workers=1, use_model=False), quiet=True)
    return folder / "case"


@pytest.fixture
def matrix(case, tmp_path):
    def make(*lines, header=HEADER):
        path = tmp_path / "facts.csv"
        path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
        return corroborate(open_case(case), read_facts(path, "America/Chicago"))

    return make


def row(**given):
    assert given.keys() <= set(HEADER.split(","))
    file = io.StringIO()
    base = {"fact_id": "F-1", "fact": "A fact"}
    csv.writer(file).writerow([(base | given).get(name, "") for name in HEADER.split(",")])
    return file.getvalue().strip()


def cited(side):
    return [answer.cited.text for answer in side.shown]


@pytest.mark.parametrize(
    ("given", "result", "counts"),
    [
        ({"supports": '"jefferson bus"'}, SUPPORTS, (1, 0)),
        ({"supports": "jefferson", "conflicts": "drove"}, BOTH, (1, 1)),
        ({"conflicts": "drove; jefferson"}, CONFLICTS, (0, 2)),
        ({"supports": "jefferson; bus; fridley"}, SUPPORTS, (1, 0)),  # one record answers all
        ({"supports": "room", "to": "2024-03-01"}, SUPPORTS, (1, 0)),  # the day ends at 06:00 UTC
        ({"supports": "room", "from": "2024-03-02"}, SUPPORTS, (1, 0)),
        ({"supports": "room", "from": "2024-03-01", "to": "2024-03-02"}, SUPPORTS, (2, 0)),
        ({"phone": "(651) 555-0117"}, SUPPORTS, (1, 0)),
        ({"amount": "100..200"}, SUPPORTS, (1, 0)),
        ({"supports": "common"}, SUPPORTS, (9, 0)),
        # negatives
        ({}, NOT_SEARCHED, (0, 0)),
        ({"supports": "qqzzy"}, SILENT, (0, 0)),
        ({"supports": "jefferson", "to": "2024-03-01 11:59"}, NO_PERIOD, (0, 0)),
        (
            {"supports": "jefferson", "from": "2024-03-01 18:01Z", "to": "2024-03-02"},
            SILENT,
            (0, 0),
        ),
        ({"supports": "jefferson", "account": "Vern"}, SILENT, (0, 0)),
        ({"supports": "jefferson", "account": "Nobody"}, NO_ACCOUNT, (0, 0)),
        ({"supports": "jefferson", "thread": "900000000000011"}, SILENT, (0, 0)),
        ({"supports": "common", "from": "2019-01-01", "to": "2019-12-31"}, NO_PERIOD, (0, 0)),
        ({"amount": "999"}, SILENT, (0, 0)),
        ({"phone": "651-555-0118", "conflicts": "jefferso"}, SILENT, (0, 0)),
    ],
)
def test_results(matrix, given, result, counts):
    (finding,) = matrix(row(**given)).findings
    assert finding.result == result
    assert (finding.supports.total, finding.conflicts.total) == counts


def test_what_was_searched_is_counted(matrix):
    given = {"supports": "qqzzy; jefferson", "from": "2024-05-01", "to": "2024-05-31"}
    (by_all,) = matrix(row(**given)).findings
    assert (by_all.records, by_all.in_period) == (9, 9)
    assert [query.text for query in by_all.silent] == ["qqzzy", "jefferson"]
    (by_one,) = matrix(row(account="Rose", **given)).findings
    assert (by_one.records, by_one.in_period, by_one.result) == (0, 9, NO_ACCOUNT)
    assert by_all.undated > 0, "participants and parameters bear no time"
    (ever,) = matrix(row(supports="jefferson")).findings
    assert ever.undated == 0


def test_the_first_by_time_are_cited_and_all_are_counted(matrix):
    (finding,) = matrix(row(supports="common")).findings
    sent = [answer.sent for answer in finding.supports.shown]
    assert sent == [datetime(2024, 5, day, 12, tzinfo=UTC) for day in range(1, SHOWN + 1)]
    assert finding.supports.total == 9
    assert len({answer.cited.record_id for answer in finding.supports.shown}) == SHOWN
    first = finding.supports.shown[0]
    assert (first.before, first.hit, first.after) == ("word ", "common", "")


@pytest.mark.parametrize(
    ("supports", "total", "is_more"),
    [
        ("common", 9, False), ("common; jefferson", 9, True), ("jefferson; drove", 2, False),
        ("common; word", 9, True), ("date:*; alias:*; common", 9, True),
    ],
)  # fmt: skip
def test_of_many_hits_it_is_said_what_was_not_counted(
    matrix, monkeypatch, supports, total, is_more
):
    monkeypatch.setattr("pipeline.corroborate.matrix.HITS", 3)
    made = matrix(row(supports=supports))
    (finding,) = made.findings
    assert (finding.supports.total, finding.supports.is_more) == (total, is_more)
    assert ("at least 9" in as_table(made)) == is_more
    assert ("at least 9" in as_csv(made)) == is_more


def test_a_record_that_answers_both_sides_is_said(matrix):
    (finding,) = matrix(row(supports="jefferson", conflicts="bus; drove")).findings
    assert (finding.supports.total, finding.conflicts.total, finding.both) == (1, 2, 1)


def test_another_place_by_the_same_account_may_conflict(matrix):
    day = {"from": "2024-03-01", "to": "2024-03-01", "place": "fridley"}
    (finding,) = matrix(row(**day)).findings
    assert finding.supports.total == 1
    (other,) = finding.others.shown  # Vern's Rochester is another account's, Bemidji another day's
    assert (other.hit, other.author) == ("duluth", "Rose Example")
    (named,) = matrix(row(account="Vern", **day)).findings
    assert [answer.hit for answer in named.others.shown] == ["rochester"]
    assert named.supports.total == 0
    (wide,) = matrix(row(place="fridley")).findings  # no period: three hours around
    assert [answer.hit for answer in wide.others.shown] == ["duluth"]


@pytest.mark.parametrize(
    "given",
    [
        {"place": "minnesota", "from": "2024-03-01", "to": "2024-03-01"},  # holds the others
        {"place": "qqzzy"},  # nobody named it: whose other places?
        {"place": "qqzzy", "from": "2024-03-01", "to": "2024-03-01"},
        {"place": "bemidji", "from": "2024-03-02", "to": "2024-03-02"},  # only the place itself
        {"supports": "place:fridley"},  # a query, and no place that was entered
    ],
)
def test_no_other_place(matrix, given):
    (finding,) = matrix(row(**given)).findings
    assert finding.others.total == 0


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "holds no fact"),
        ([row(fact_id="")], "line 2: fact_id is empty"),
        ([row(fact="")], "line 2: fact is empty"),
        ([row(), row()], "line 3: the fact_id is that of line 2"),
        ([row(), row(fact_id="2", **{"from": "2024-03-02", "to": "2024-03-01"})],
         "line 3: from is after to"),
        ([row(**{"from": "2024-03-01 18:00", "to": "2024-03-01 17:59"})], "line 2: from is after"),
        ([row(to="3/1/2024")], "line 2: to is no date or time"),
        ([row(to="2024-02-30")], "line 2: to is no date or time"),
        ([row(to="2024-03-01 10:00 CST")], "line 2: to is no date or time"),
        ([row(to="2024-03-01 10:00+25:00")], "line 2: to is no date or time"),
        ([row(to="2024-03-01 25:00")], "line 2: to is no date or time"),
        ([row(to="9999-12-31")], "line 2: to is no date or time"),
        ([row(**{"from": "2024-03-10 02:30"})], "line 2: from is a time that America/Chicago skip"),
        ([row(supports='"juno lake')], "line 2: supports, query 1: the query opens a quotation"),
        ([row(supports="fine; (juno")], "line 2: supports, query 2: the query opens a bracket"),
        ([row(supports=";".join("a" * n for n in range(1, 60)))], "more than 50 queries"),
        ([row(fact="a" * 3_000)], "line 2: fact is longer than 2,000"),
        ([row(fact="a" * 1_000_000)], "line 2: not CSV"),
        (['F-1,"an open quotation mark'], "line 2: not CSV"),
        (["F-1,a fact,,,,,,,,,,,,more"], "line 2: has more cells"),
        ([row(phone="12")], "line 2: phone: give the number, or at least its last 4"),
        ([row(amount="juno")], "line 2: amount: no amount"),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_line(matrix, lines, message):
    with pytest.raises(ConfigError) as raised:
        matrix(*lines)
    said = str(raised.value)
    assert message in said
    assert "\n" not in said
    assert "juno" not in said, "what stands in a cell may be a protected name"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("id,statement", "column 2 has no heading"), ("fact_id,fact,fact", "two columns"),
        ("fact", "no column is headed fact_id"), ("Juno Lake,651-555-0117", "column 1 has no"),
    ],
)  # fmt: skip
def test_a_bad_first_line_is_one_line(matrix, header, message):
    with pytest.raises(ConfigError) as raised:
        matrix("a,b,c", header=header)
    assert message in str(raised.value)
    assert "Juno" not in str(raised.value)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\xfe\x00a", b"fact_id,fact\n\xe9,x\n"])
def test_a_file_that_is_none(tmp_path, data):
    path = tmp_path / "facts.csv"
    path.write_bytes(data)
    with pytest.raises(ConfigError):
        read_facts(path, "America/Chicago")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_facts(tmp_path / "missing.csv", "America/Chicago")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_as_spreadsheets_write_it(tmp_path, mark, end, bom):
    lines = [
        mark.join(["Fact ID", "Fact", "Entered by", "Supports", "", ""]),
        mark.join(["1", '"two\nlines; and, ""more"""', "Roe", '"bus; ""front; desk"""', "", ""]),
        mark * 5,
        mark.join(["2", "next", "", "", "", ""]),
    ]
    path = tmp_path / "facts.csv"
    path.write_bytes((bom + end.join(lines) + end).encode())
    one, two = read_facts(path, "America/Chicago").facts
    assert one.fact == 'two\nlines; and, "more"'
    assert [query.text for query in one.queries] == ["bus", '"front; desk"']
    assert (one.line, two.line, two.fact_id) == (2, 5, "2")


@pytest.mark.parametrize(
    ("since", "until", "first", "last"),
    [
        ("2024-03-10", "2024-03-10", (3, 10, 6, 0, 0), (3, 11, 4, 59, 59)),  # 23 hours
        ("2024-11-03", "2024-11-03", (11, 3, 5, 0, 0), (11, 4, 5, 59, 59)),  # 25 hours
        ("2024-11-03 01:30", "2024-11-03 01:30", (11, 3, 6, 30, 0), (11, 3, 7, 30, 59)),  # twice
        ("2024-11-03 01:30-06:00", "2024-11-03T01:30:15-06:00", (11, 3, 7, 30, 0), (11, 3, 7, 30, 15)),
        ("2024-06-03T17:30Z", "2024-06-03 17:30", (6, 3, 17, 30, 0), (6, 3, 22, 30, 59)),
    ],
)  # fmt: skip
def test_times_are_local_unless_they_say_otherwise(tmp_path, since, until, first, last):
    path = tmp_path / "facts.csv"
    path.write_text(f"fact_id,fact,from,to\n1,x,{since},{until}\n")
    (fact,) = read_facts(path, "America/Chicago").facts
    assert fact.since == datetime(2024, *first, tzinfo=UTC)
    assert fact.until == datetime(2024, *last, tzinfo=UTC)


@given(st.text(max_size=200))
def test_queries_are_split_without_loss(cell):
    parts = split_queries(cell)
    assert all(part and part == part.strip() for part in parts)
    kept = "".join("".join(part.split()) for part in parts).replace(";", "")
    assert kept == "".join(cell.split()).replace(";", "")


def test_no_cell_is_a_formula_and_no_sign_steers_the_terminal(matrix):
    evil = "=cmd|' /C calc'!A0"
    made = matrix(
        row(fact_id="@x", fact=evil, entered_by="+1", source="-2\x1b[2J", supports="script")
    )
    first, cells = list(csv.reader(io.StringIO(as_csv(made))))
    assert len(first) == len(cells)
    assert cells[:3] == ["'@x", f"'{evil}", "'+1"]
    shown = as_table(made)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert json.loads(as_json(made))["facts"][0]["fact"] == evil


def test_the_same_bytes_again(matrix):
    lines = [row(supports="room; bus", conflicts="drove", place="fridley")]
    one, two = matrix(*lines), matrix(*lines)
    assert one == two
    assert as_json(one) == as_json(two)


def test_nothing_says_that_a_fact_is_so(matrix):
    made = matrix(row(supports="jefferson", place="fridley"), row(fact_id="2", supports="qqzzy"))
    document = matrix_document(made, "Legal process: W-1")
    ours = " ".join(item.text for item in inlines(document) if isinstance(item, Words))
    for word in (*ours.split(), *as_table(made).split()):
        assert word.strip(".,;:").lower() not in {
            "proves", "proven", "confirmed", "corroborated", "false", "guilty", "verified"
        }  # fmt: skip


def test_the_section_cites_and_counts(matrix):
    lines = [row(supports="common"), row(fact_id="a b", supports="qqzzy", fact="<b>x</b>")]
    section = matrix_section(matrix(*lines))
    facts, searched = [block for block in section.blocks if isinstance(block, Table)]
    assert [item.row_id for item in facts.rows] == ["fact-F-1", "fact-line.3"]
    supports = facts.rows[0].cells[1]
    assert supports.sort == 9
    assert sum(isinstance(part, Cited) for part in supports.parts) == SHOWN
    assert Evidence("<b>x</b>", 1_000) in facts.rows[1].cells[0].parts
    assert any("searched and not found" in part.text for part in facts.rows[1].cells[4].parts)
    assert len(searched.rows) == 2


def test_redacted_it_holds_no_words_of_records(matrix, case, tmp_path):
    made = matrix(row(fact="juno was there", supports="jefferson; juno", place="fridley"))
    with open_store(case / "tables", tmp_path / "spill") as store:
        other = redacted_matrix(made, store, lambda text: text.replace("juno", "PP-1"))
    (finding,) = other.findings
    assert cited(finding.supports) == cited(made.findings[0].supports)
    text = repr(matrix_section(other))
    for gone in ("juno", "jefferson bus", "Rose"):
        assert gone not in text
    assert "PP-1 was there" in text
    assert finding.supports.total == made.findings[0].supports.total


def test_records_that_redacted_tables_lack_are_counted_and_not_cited(matrix, case, tmp_path):
    made = matrix(row(supports="common"))
    (finding,) = made.findings
    moved = tuple(
        replace(answer, ordinal=answer.ordinal + 500) for answer in finding.supports.shown
    )
    finding = replace(finding, supports=replace(finding.supports, shown=moved))
    with open_store(case / "tables", tmp_path / "spill") as store:
        (other,) = redacted_matrix(replace(made, findings=(finding,)), store, str).findings
    assert (other.supports.total, other.supports.shown) == (9, ())


@pytest.fixture
def own(case, tmp_path):
    """A copy of the case that may be written."""
    return shutil.copytree(case, tmp_path / "own")


@pytest.fixture
def facts(tmp_path):
    path = tmp_path / "facts.csv"
    lines = [HEADER, row(fact="Juno Lake met", supports="the", place="fridley")]
    path.write_text("\n".join(lines))
    return path


def test_the_command(triage, own, facts, tmp_path):
    code, out, err = triage("corroborate", own, facts)
    assert (code, err) == (0, "")
    assert "supports (as searched)" in out
    assert json.loads(triage("corroborate", own, facts, "--json")[1])["facts"]
    for name in ("m.csv", "m.json", "m.html", "m.docx", "m.pdf"):
        code, out, err = triage("corroborate", own, facts, "-o", tmp_path / "out" / name)
        assert (code, err) == (0, "")
        assert (tmp_path / "out" / name).stat().st_size > 100
        assert (tmp_path / "out" / name).stat().st_mode & 0o077 == 0
    chain = (own / "audit.jsonl").read_bytes().splitlines()
    entry = entry_of(chain[-1])
    assert entry.action == "corroborate"
    assert entry.details["sha256"] == sha256_of(facts)
    assert entry.details["facts"] == 1
    for name in ("audit.jsonl", "command.log", "case.toml"):
        assert "Juno" not in (own / name).read_text()
        assert "fridley" not in (own / name).read_text()


def test_the_command_refuses(triage, own, facts, tmp_path):
    before = (own / "audit.jsonl").read_bytes()
    for arguments in (
        (facts, "--format", "pdf"), (facts, "--json", "--format", "csv"), (facts, "-o", facts),
        (tmp_path / "missing.csv",), (facts, "--format", "xls"),
    ):  # fmt: skip
        code, out, err = triage("corroborate", own, *arguments)
        assert (code, out) == (2, "")
        assert "Traceback" not in err
    assert (own / "audit.jsonl").read_bytes() == before
    assert triage("corroborate", tmp_path, facts)[0] == 2
