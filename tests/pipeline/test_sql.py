"""Questions in SQL: the tables, and nothing else."""

import csv
import io
import json

import pytest

SHARDS = "work/**/*.parquet"
COUNT = "SELECT count(*) AS n FROM records"


def test_an_answer_as_table_csv_and_json(triage, sample_case):
    code, out, _ = triage(
        "sql", sample_case, "SELECT 'a' AS one, 2 AS two UNION SELECT 'b', 3 ORDER BY 1"
    )
    assert (code, out) == (0, "one  two\na    2\nb    3\n")
    query = "SELECT surface, sent_at, amount_low FROM money ORDER BY mention_id LIMIT 3"
    rows = [
        json.loads(line) for line in triage("sql", sample_case, query, "--json")[1].splitlines()
    ]
    table = list(csv.DictReader(io.StringIO(triage("sql", sample_case, query, "--csv")[1])))
    assert len(rows) == 3 and [row["amount_low"] for row in rows] == [
        row["amount_low"] for row in table
    ]
    assert all(row["sent_at"].endswith("+00:00") for row in rows)


def test_every_table_has_a_view_of_its_name(triage, sample_case):
    for folder in (sample_case / "tables").iterdir():
        assert triage("sql", sample_case, f"SELECT count(*) FROM {folder.name}")[0] == 0


def test_a_long_answer_says_what_is_left_out(triage, sample_case):
    out = triage("sql", sample_case, "SELECT unnest(range(7)) AS n", "--limit", "5")[1]
    assert out.endswith("4\n(2 more rows; --csv, --json and --limit show them)\n")
    assert (
        len(triage("sql", sample_case, "SELECT unnest(range(3000))", "--json")[1].splitlines())
        == 3000
    )


@pytest.mark.parametrize(
    "query",
    [
        "COPY records TO '{out}'", "COPY (SELECT 1) TO '{case}/tables/records/x.parquet'",
        "DROP VIEW records", "DELETE FROM records", "CREATE TABLE x AS SELECT 1", "INSTALL httpfs",
        "LOAD httpfs", "ATTACH '{out}'", "SET enable_external_access = true",
        "EXPORT DATABASE '{out}'", "EXPLAIN SELECT 1", "SELECT 1; SELECT 2", "", "SELECT 1; DROP VIEW records",
    ],
)  # fmt: skip
def test_only_one_select(triage, sample_case, tmp_path, query):
    before = sorted(path for path in sample_case.rglob("*"))
    code, out, err = triage(
        "sql", sample_case, query.format(case=sample_case, out=tmp_path / "out")
    )
    assert (code, out) == (2, "") and err.count("\n") == 1 and "triage: sql: on" in err
    assert not (tmp_path / "out").exists() and before == sorted(sample_case.rglob("*"))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('/etc/hosts')", "SELECT * FROM '{case}/manifest.json'",
        "SELECT * FROM read_csv('{case}/case.toml')", "SELECT * FROM glob('{case}/*')",
        "SELECT * FROM read_parquet('{case}/tables/../{shards}')",
        "SELECT * FROM read_text('https://example.com/x')",
    ],
)  # fmt: skip
def test_nothing_but_the_tables_is_read(triage, sample_case, query):
    code, out, err = triage("sql", sample_case, query.format(case=sample_case, shards=SHARDS))
    assert (code, out) == (2, "") and err.count("\n") == 1


def test_a_mistake_is_one_line(triage, sample_case):
    code, _, err = triage("sql", sample_case, "SELECT nope FROM records")
    assert code == 2 and err.count("\n") == 1 and 'column "nope" not found' in err
    code, _, err = triage("sql", sample_case, "SELECT cast(text AS INTEGER) FROM records")
    assert code == 2 and err.count("\n") == 1
    assert triage("sql", sample_case / "none", COUNT)[0] == 2


def test_evidence_text_moves_no_cursor_and_runs_in_no_spreadsheet(triage, sample_case):
    query = "SELECT chr(27) || '[2J' AS a, '=1+1' AS b, '+1' AS c"
    assert "\x1b" not in triage("sql", sample_case, query)[1]
    assert triage("sql", sample_case, query, "--csv")[1].splitlines()[1].endswith("'=1+1,'+1")
