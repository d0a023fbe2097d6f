"""What keeps the house as it is: layers, names, start-up, docs."""

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import click
import pytest

from extractors.registry import EXTRACTORS, REFINER
from pipeline.cli import COMMANDS, group
from pipeline.readers import READERS

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["pipeline", "extractors", "schemas"])
def test_the_three_names_are_ours(name):
    # two distributions with one package name overwrite each other in silence
    assert set(packages_distributions()[name]) == {"warrant-triage"}


def run_python(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout


def test_the_command_line_starts_light():
    code = "import sys, pipeline.cli; print(*sorted({n.split('.')[0] for n in sys.modules}))"
    loaded = set(run_python(code).split())
    assert not loaded & {"spacy", "pandas", "dask", "distributed", "pyarrow", "numpy"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    command = group.get_command(click.Context(group), name)
    # click keeps a command's help option by the names of the first context that asks for it
    help_text = command.get_help(click.Context(command, info_name=name, **group.context_settings))
    assert "Example" in help_text
    assert command.short_help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.opts[0]}"


def test_the_readme_names_every_command():
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in COMMANDS:
        assert f"triage {name}" in readme


def test_the_readme_names_every_make_target():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    readme = (ROOT / "README.md").read_text("utf-8")
    for target in set(targets) - {"setup", "clean", "format", "lock", "docs"}:
        assert f"make {target}" in readme


def test_extractors_keep_the_contract():
    names = [item.name for item in EXTRACTORS]
    assert len(set(names)) == len(names)
    for item in EXTRACTORS:
        doc = type(item).__doc__ or ""
        for part in ("Finds:", "Does not find:", "References:"):
            assert part in doc, f"{item.name}: {part}"
        assert item.version >= 1
        assert item.kinds
    assert REFINER.version >= 1


def test_readers_keep_the_contract():
    names = [item.name for item in READERS]
    assert len(set(names)) == len(names)
    for item in READERS:
        doc = type(item).__doc__ or ""
        for part in ("Finds:", "Does not find:", "References:"):
            assert part in doc, f"{item.name}: {part}"
        assert item.version >= 1


@pytest.mark.parametrize("item", EXTRACTORS, ids=lambda item: item.name)
def test_extractors_are_exact_sorted_and_repeatable(item):
    texts = [
        "", " ", "\n", "😀", "call 651-555-0117 or $junocash, rm 214 at 7pm, its Kel",
        "Lil Juno owes me 3 racks 😀 in st paul\n41.6,-93.6 www.example.com a@example.com",
        "\u2068Juno\u2069 six5one five five five O1 seventeen ６１２", "a" * 2_000, "5 " * 1_000,
    ]  # fmt: skip
    for text in texts:
        hits = list(item.find(text, "US"))
        assert hits == list(item.find(text, "US"))
        assert [(h.start, h.end) for h in hits] == sorted((h.start, h.end) for h in hits)
        for hit in hits:
            assert 0 <= hit.start < hit.end <= len(text)
            assert hit.kind in item.kinds
            assert hit.rule


def test_no_module_is_a_god_module():
    for folder in ("schemas", "extractors", "pipeline"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            lines = len(path.read_text("utf-8").splitlines())
            assert lines <= 450, f"{path.relative_to(ROOT)}: {lines} lines; two things in it?"


def test_no_machine_path_is_in_the_tree():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".cfg", ".toml", ".j2", ".ipynb", ".tsv", ".txt", ""}:
            text = path.read_text("utf-8", errors="replace") if path.is_file() else ""
            assert f"{ROOT}/" not in text, name
            assert f"{Path.home()}/" not in text or Path.home() == Path("/"), name


def test_pandas_and_altair_are_for_notebooks():
    # they take over a second to load, which no command should pay
    mine = {"pipeline/case.py"}  # Case.table, for notebooks
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name in mine or name.startswith("pipeline/explore/"):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        imported = {
            item.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for item in ([node.module or ""] if isinstance(node, ast.ImportFrom)
                         else [alias.name for alias in node.names])
        }  # fmt: skip
        assert not imported & {"pandas", "altair"}, name
