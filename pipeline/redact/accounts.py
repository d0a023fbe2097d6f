"""Accounts of protected persons: what a provider states of them identifies them as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.lists import Entry
from pipeline.redact.needles import PHRASE
from pipeline.redact.parts import parts_of
from pipeline.redact.text import DESIGNATOR, Redactor


def accounts_of(
    tables: Path, redactor: Redactor, people: tuple[tuple[int, Entry], ...]
) -> Iterator[tuple[int, Entry]]:
    """Yield what else stands for a person: the account that has the name, and its other names.

    An account is a person's where it has a listed number or user name, or shows the whole of a
    listed name. One that the legal process names is so only by its number.
    """
    named = {n for n, entry in people if entry.kind == "name" and " " in entry.value}
    numbers = {(entry.written or entry.value).strip(): n for n, entry in people
               if entry.kind == "account"}  # fmt: skip
    handles = {entry.value.rpartition(":")[2]: n for n, entry in people if entry.kind == "handle"}
    for part in parts_of(tables, "accounts"):
        rows = part.to_pylist()
        names = sorted({name for row in rows for name in _names(row)})
        passing = dict(zip(names, redactor.gate.passing(names), strict=True))
        for row in rows:
            person = numbers.get(row["provider_account_id"] or "")
            if person is None and not row["is_target"]:
                person = handles.get((row["vanity"] or "").casefold())
                if person is None:
                    found = (
                        _person(redactor, named, name) for name in _names(row) if passing[name]
                    )
                    person = next(filter(None, found), None)
            if person is None:
                continue
            note = row["account_id"]
            for kind, value in _identifiers(row):
                yield person, Entry(kind, value, value, "", note)


def _names(row: dict[str, Any]) -> list[str]:
    return [name for name in (row["display_name"], *(row["names"] or ())) if name]


def _identifiers(row: dict[str, object]) -> Iterator[tuple[str, str]]:
    one = [("account", row["provider_account_id"]), ("handle", row["vanity"])]
    many = [("email", "emails"), ("phone", "phones"), (PHRASE, "names")]
    for kind, value in one:
        if isinstance(value, str) and value:
            yield kind, value
    for kind, column in many:
        values = row[column]
        for value in values if isinstance(values, list) else ():
            if value:
                yield kind, value.casefold() if kind == "email" else value


def _person(redactor: Redactor, named: set[int], name: str) -> int | None:
    """Return for whom a name stands, if nothing but the one name is in it."""
    edits = redactor.edits(name)
    if len(edits) != 1 or "/" in edits[0].replacement:
        return None
    edit = edits[0]
    rest = "".join(filter(str.isalnum, name[: edit.start] + name[edit.end :]))
    number = int(edit.replacement.removeprefix(DESIGNATOR))
    covered = name[edit.start : edit.end]
    words = len(covered.replace(".", " ").replace("_", " ").split())
    return number if not rest and words > 1 and number in named else None
