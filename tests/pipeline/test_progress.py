"""What the log is told while a stage is under way."""

import logging

import pytest

from pipeline import progress
from pipeline.progress import Progress


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, logger="triage")
    return lambda: [record.getMessage() for record in caplog.records]


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is set."""
    now = [1000.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_the_log_is_told_once_a_minute(lines, clock):
    with Progress(quiet=True) as bar, bar.stage("read", 4_000, "pages"):
        for _ in range(30):
            clock[0] += 10
            bar.step(100, messages=700)
    assert lines() == [
        "read: 600 of 4,000 pages, 10/s, 340 s left",
        "read: 1,200 of 4,000 pages, 10/s, 280 s left",
        "read: 1,800 of 4,000 pages, 10/s, 220 s left",
        "read: 2,400 of 4,000 pages, 10/s, 160 s left",
        "read: 3,000 of 4,000 pages, 10/s, 100 s left",
        "read: 300.0 s",
    ]


def test_a_short_stage_leaves_one_line(lines, clock):
    with Progress(quiet=True) as bar, bar.stage("hash", 10, "B"):
        bar.reach(10)
        clock[0] += 2
    assert lines() == ["hash: 2.0 s"]


def test_a_stage_of_unknown_length_leaves_one_line(lines, clock):
    with Progress(quiet=True) as bar, bar.stage("derive"):
        clock[0] += 100
        bar.step(1)
    assert lines() == ["derive: 100.0 s"]
