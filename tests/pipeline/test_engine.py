"""Steps over the whole case: more memory where a statement needs it."""

import duckdb
import pytest

from pipeline.derive.engine import engine, with_room
from pipeline.errors import UnfinishedError


def test_a_step_is_done_again_with_more_memory(tmp_path):
    limits = []

    def work():
        limits.append(connection.execute("SELECT current_setting('memory_limit')").fetchone()[0])
        if len(limits) < 3:
            raise duckdb.OutOfMemoryException("too low")
        return 7

    with engine(tmp_path / "spill") as connection:
        assert with_room(connection, work) == 7
    assert limits == ["244.1 MiB", "488.2 MiB", "953.6 MiB"]


def test_what_no_limit_can_hold_is_one_line(tmp_path):
    def work():
        raise duckdb.OutOfMemoryException("too low")

    with (
        engine(tmp_path / "spill") as connection,
        pytest.raises(UnfinishedError, match="several cases"),
    ):
        with_room(connection, work)
