"""Notebooks run on the synthetic case, hold no outputs, and read through the case alone."""

import ast
import os
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
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


@pytest.fixture(scope="module")
def kernel(sample_case, draws):
    """The process that notebooks run in, one after the other: to start one takes 2 of their 4 s."""
    environment = {
        **os.environ, "TRIAGE_CASE": str(sample_case),
        "PYTHONPATH": str(ROOT),  # the checkout under test, wherever it is installed
    }  # fmt: skip
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(ROOT / "notebooks"), env=environment)
    yield manager
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_on_the_sample_case(path, sample_case, kernel):
    before = _state(sample_case)
    notebook = nbformat.read(path, as_version=4)
    forget = nbformat.v4.new_code_cell("%reset -f")  # no name that another notebook gave
    notebook.cells.insert(0, forget)
    NotebookClient(notebook, timeout=120, km=kernel).execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    pictures = [out["data"] for out in outputs if "image/svg+xml" in out.get("data", {})]
    assert pictures
    for data in pictures:  # they zoom, and ask no network
        assert "sandbox" in data["text/html"] and 'src="http' not in data["text/html"]
    assert not [out for out in outputs if out.output_type == "error"]
    assert _state(sample_case) == before


def _state(case):
    return {item: item.stat().st_mtime_ns for item in sorted(case.rglob("*")) if item.is_file()}
