"""The rows of the tables against the invariants, in DuckDB: bounded memory, no text kept."""

from __future__ import annotations

import glob
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from pipeline.engine import Engine, engine
from pipeline.errors import UnfinishedError
from pipeline.readers import READERS
from pipeline.search.tables import string, strings
from pipeline.verify.checks import Check, State
from pipeline.verify.counts import CANON, HOLDERS, counts
from pipeline.verify.layout import ANEW
from pipeline.verify.rules import MACROS, Rule, rules

PLACES = """
CREATE VIEW places AS SELECT source_id, row_number() OVER () AS place FROM sources
"""
"""Sources in the order in which they were added: that of their table."""


def check_rows(
    tables: dict[str, list[Path]], spill: Path, step: Callable[[str], None]
) -> list[Check]:
    """Ask the tables whether every invariant holds.

    Args:
        tables: parts of the tables that can be asked.
        spill: a private folder for what does not fit into memory.
        step: told the name of each check as it begins.

    Returns:
        A check for each group of rules.
    """
    groups: dict[str, list[Rule]] = defaultdict(list)
    for rule in (*rules(), *counts()):
        groups[rule.check].append(rule)
    checks = []
    with engine(spill) as connection:
        _open(connection, tables)
        for name, group in groups.items():
            step(name)
            checks.append(_group(connection, name, group, tables))
    return checks


def _open(connection: Engine, tables: dict[str, list[Path]]) -> None:
    """Make the views; a table that cannot be asked has none, and no rule that needs it runs."""
    for name, parts in tables.items():
        listed = strings(glob.escape(str(part)) for part in parts)
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({listed})")
    connection.execute(MACROS)
    rows = ", ".join(
        f"({string(reader.name)}, {string(reader.units[0])}, {string(reader.units[1])})"
        for reader in READERS
    )
    connection.execute(
        f"CREATE TABLE units AS SELECT * FROM (VALUES {rows}) u(reader, page_word, line_word)"
    )
    for needed, view in (
        ({"sources"}, PLACES), ({"records"}, CANON), ({"accounts", "entities"}, HOLDERS),
    ):  # fmt: skip
        if needed <= tables.keys():
            connection.execute(view)


def _group(
    connection: Engine,
    name: str,
    group: list[Rule],
    tables: dict[str, list[Path]],
) -> Check:
    left: set[str] = set()
    asked = 0
    for rule in group:
        lacking = {rule.table, *rule.others} - tables.keys()
        if lacking:
            left |= lacking
            continue
        try:
            found = _ask(connection, rule)
        except UnfinishedError:
            left.add(f"{rule.table} (not enough memory)")
            continue
        except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException):
            raise  # the rule is wrong, not the table
        except duckdb.Error as error:
            detail = f"cannot be read as a table ({type(error).__name__}); {ANEW}"
            return Check(name, State.PROBLEM, detail, _file(rule.table, tables), rule.table)
        asked += 1
        if found is not None:
            count, row = found
            more = f" ({count:,} rows)" if count > 1 else ""
            detail = f"{rule.what}{more}; {ANEW}"
            return Check(
                name, State.PROBLEM, detail, _file(rule.table, tables), rule.table, row, count
            )
    if left:
        why = f"not as published: {', '.join(sorted(left))}"
        return Check(name, State.NOT_CHECKED, f"{asked} of {len(group)} rules hold; {why}")
    return Check(name, State.OK, f"{asked} rule{'s' if asked > 1 else ''} hold")


def _ask(connection: Engine, rule: Rule) -> tuple[int, str] | None:
    """Return how many rows break a rule, and the first by id; None = no row does."""
    row: Any = connection.execute(f"SELECT count(*), min(id) FROM ({rule.sql}) broken").fetchone()
    return (int(row[0]), str(row[1])) if row and row[0] else None


def _file(table: str, tables: dict[str, list[Path]]) -> str:
    parts = tables[table]
    return f"tables/{table}/{parts[0].name if len(parts) == 1 else ''}"
