"""A whole run on a small return, row by row; ``--update-golden`` writes the rows anew for review."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.config import RunConfig
from pipeline.run import run
from pipeline.sample.maker import make_sample

GOLDEN = Path(__file__).parents[1] / "_golden"
TABLES = {
    "records": ["citation", "kind", "text", "author_name", "sent_at", "thread_id", "scope"],
    "mentions": ["citation", "kind", "start", "end", "surface", "value", "basis", "rule"],
    "coverage": ["source_label", "page", "record", "furniture", "issue", "out_of_scope"],
    "issues": ["severity", "stage", "code", "message", "count"],
}


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("golden")
    receipt = make_sample(folder, pages=20, seed=3)
    run([receipt.zip_path], folder / "case", RunConfig(use_model=False), quiet=True)
    return folder / "case"


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_those_that_were_reviewed(case, table, request):
    rows = pq.read_table(case / "tables" / table, columns=TABLES[table]).to_pylist()
    lines = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
    path = GOLDEN / f"{table}.jsonl"
    if request.config.getoption("--update-golden"):
        path.write_text("\n".join(lines) + "\n", "utf-8")
    assert lines == path.read_text("utf-8").splitlines(), "see CONTRIBUTING: --update-golden"
