"""Floors of accuracy on the project's own chat gold; docs/accuracy.md has the measured figures."""

import pytest

from extractors.finder import Finder
from pipeline.evaluate import evaluate
from pipeline.sample.maker import make_sample

FLOORS = {
    "phone": 0.95, "alias": 0.85, "handle": 0.90, "location": 0.85, "money": 0.92, "url": 0.95,
}  # fmt: skip
"""Least F1, some points under what was measured, so that a rule that breaks is noticed."""


@pytest.fixture(scope="module", params=["a", "b"])
def gold(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("accuracy")
    return make_sample(folder, pages=400, seed=21, wordlist=request.param).gold_path


def test_no_kind_falls_under_its_floor(gold):
    scores = evaluate(gold, Finder("US", ""), "US", "America/Chicago", tuple(FLOORS))
    found = {kind: round(score.f1, 3) for kind, score in scores.items()}
    assert not {kind: f1 for kind, f1 in found.items() if f1 < FLOORS[kind]}, found
    for kind, score in scores.items():
        assert score.gold >= 20, kind
        assert score.recall >= 0.8, kind
