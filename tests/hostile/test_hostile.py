"""Every bad input of the corpus: the expected exit code and issues, no traceback, bounded time and memory.

``python tests/hostile/outcomes.py`` prints what becomes of each.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from inputs import corpus
from judging import judge
from outcomes import expected
from rig import Rig


@pytest.fixture(scope="module")
def rig():
    """A warm process that forks one for each input."""
    made = Rig()
    yield made
    made.close()


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(bad, id=bad.id, marks=[pytest.mark.slow] if bad.slow else [])
        for bad in corpus()
    ],
)
def test_a_bad_input(bad, rig, tmp_path):
    assert judge(bad, tmp_path, rig).wrong == []


def test_the_table_in_docs_is_of_this_corpus():
    """``python tests/hostile/outcomes.py --expected`` writes it."""
    page = Path(__file__).parents[2] / "docs" / "hostile.md"
    assert "\n".join(expected()) in page.read_text("utf-8")
