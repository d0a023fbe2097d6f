"""Every bad input of the corpus: the expected exit code and issues, no traceback, bounded time and memory.

``python tests/hostile/table.py`` prints what becomes of each.
"""

from __future__ import annotations

import pytest
from check import judge
from inputs import corpus
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
