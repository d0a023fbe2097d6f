"""Notebooks run on the synthetic case, hold no outputs, and read through the case alone."""

import ast
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.usefixtures("draws")

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ALLOWED = {"os", "pathlib", "pandas", "pipeline.case"}


def test_there_is_a_notebook_to_start_with():
    assert ROOT / "notebooks" / "start_here.ipynb" in NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_holds_no_outputs(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
        assert not cell.get("attachments")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_reads_through_the_case_alone(path):
    notebook = nbformat.read(path, as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    imported = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert imported <= ALLOWED
    assert "read_parquet" not in code
    assert "open(" not in code.replace("open_case(", "")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_on_the_sample_case(path, sample_case, monkeypatch):
    before = _state(sample_case)
    monkeypatch.setenv("TRIAGE_CASE", str(sample_case))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # the checkout under test, wherever it is installed
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    pictures = [out["data"] for out in outputs if "image/svg+xml" in out.get("data", {})]
    assert pictures
    for data in pictures:  # they zoom, and ask no network
        assert "sandbox" in data["text/html"] and 'src="http' not in data["text/html"]
    assert not [out for out in outputs if out.output_type == "error"]
    assert _state(sample_case) == before


def _state(case):
    return {item: item.stat().st_mtime_ns for item in sorted(case.rglob("*")) if item.is_file()}
