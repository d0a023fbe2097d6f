"""What a run makes of every reader's sample, row by row; ``--update-golden`` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from reader_samples import samples

from pipeline.config import RunConfig
from pipeline.readers import READERS, pdf_document
from pipeline.run import run

GOLDEN = Path(__file__).parents[2] / "_golden" / "readers.jsonl"
TABLES = {
    "records": ["citation", "kind", "section", "text", "author_name", "sent_at", "thread_id"],
    "accounts": ["provider", "provider_account_id", "display_name", "is_target", "record_count"],
    "mentions": ["citation", "kind", "start", "end", "surface", "value", "basis", "rule"],
    "issues": ["severity", "code", "page", "count"],
}
BY_SOURCE = {"records", "issues"}


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Rows of all tables, those of records and issues by the file they come from."""
    folder = tmp_path_factory.mktemp("samples")
    for reader, files in samples().items():
        for name, data in files.items():
            path = folder / "in" / reader / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_document, "find_tesseract", lambda: None)
        config = RunConfig(use_model=False, timezone="America/Chicago")
        run([folder / "in"], folder / "case", config, quiet=True)
    tables = folder / "case" / "tables"
    sources = pq.read_table(tables / "sources", columns=["source_id", "path"]).to_pylist()
    paths = {row["source_id"]: row["path"] for row in sources}
    found = []
    for table, columns in TABLES.items():
        more = ["source_id"] if table in BY_SOURCE else []
        lines = []
        for row in pq.read_table(tables / table, columns=columns + more).to_pylist():
            origin = {"file": paths.get(row.pop("source_id"), "")} if more else {}
            lines.append(
                json.dumps({"table": table, **origin, **row}, ensure_ascii=False, default=str)
            )
        found += sorted(lines) if table == "issues" else lines
    return found


def of(lines, table):
    return [line for line in lines if line.startswith(f'{{"table": "{table}"')]


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_those_that_were_reviewed(rows, table, request):
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text("\n".join(rows) + "\n", "utf-8")
    golden = GOLDEN.read_text("utf-8").splitlines()
    assert of(rows, table) == of(golden, table), "see CONTRIBUTING: --update-golden"


def test_every_reader_has_a_sample():
    assert set(samples()) == {reader.name for reader in READERS}
