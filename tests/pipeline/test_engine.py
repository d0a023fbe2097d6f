"""Steps over the whole case: more memory where a statement needs it."""

import duckdb
import pytest

from pipeline import engine as module
from pipeline.config import RunConfig
from pipeline.engine import engine
from pipeline.errors import UnfinishedError
from pipeline.run import run


def limit(connection):
    return connection.execute("SELECT current_setting('memory_limit')").fetchone()[0]


def test_a_step_is_done_again_with_more_memory(tmp_path):
    limits = []

    def work():
        limits.append(limit(connection))
        if len(limits) < 3:
            raise duckdb.OutOfMemoryException("too low")
        return 7

    with engine(tmp_path / "spill") as connection:
        assert connection.with_room(work) == 7
    assert limits == ["244.1 MiB", "488.2 MiB", "953.6 MiB"]


def test_what_no_limit_can_hold_is_one_line(tmp_path):
    def work():
        raise duckdb.OutOfMemoryException("too low")

    with engine(tmp_path / "spill") as connection, pytest.raises(UnfinishedError, match="cases"):
        connection.with_room(work)


def test_every_statement_of_a_run_finds_its_room(
    sample_return, sample_case, tmp_path, table_hashes, monkeypatch
):
    monkeypatch.setattr(module, "MEMORY", "2MB")
    tries = []
    inner = module.Engine.with_room

    def with_room(self, work):
        tries.append(0)

        def counted():
            tries[-1] += 1
            return work()

        return inner(self, counted)

    monkeypatch.setattr(module.Engine, "with_room", with_room)
    run([sample_return], tmp_path / "case", RunConfig(workers=1), quiet=True)
    assert max(tries) > 1  # it was too little indeed
    assert table_hashes(tmp_path / "case") == table_hashes(sample_case)
