"""Which scope and lists a case was given: a later run takes them again, and a change is logged.

A thread that was sealed must not come back because somebody forgot an option. To take one away for
good, its line is deleted from ``[given]`` in case.toml by hand; that is logged as well.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from pipeline.case import Case, append_audit
from pipeline.config import RunConfig
from pipeline.errors import ConfigError, IntegrityError
from pipeline.files import sha256_of
from pipeline.lists import Lists
from pipeline.search.terminal import printable

if TYPE_CHECKING:
    from pipeline.guard import Guard

NAMES = ("scope", *(item.name for item in fields(Lists)))
"""Options that are remembered."""
PROTECTED = "protected"


@dataclass(frozen=True, slots=True)
class Given:
    """A scope or list as it was given."""

    name: str
    path: str
    state: str
    """Of the file, from :func:`state_of`."""
    entries: int


def remembered(case: Case, config: RunConfig) -> RunConfig:
    """Fill in the options that an earlier run had and this one leaves out.

    Args:
        case: may not be there yet.
        config: the options of this run.

    Raises:
        ConfigError: a file is gone.
    """
    if not (case.path / "case.toml").is_file():
        return config
    found: dict[str, Any] = {}
    for item in recorded(case):
        if getattr(config, item.name) is None:
            if not Path(item.path).is_file():
                raise ConfigError(
                    f"--{item.name}: the case was made with {printable(item.path)}, which is "
                    f"gone; put it back, or name the file with --{item.name}"
                )
            found[item.name] = item.path
    return replace(config, **found)


def recorded(case: Case) -> list[Given]:
    """Return what case.toml remembers.

    Raises:
        ConfigError: it is not as the tool wrote it.
    """
    given = case.document().unwrap().get("given", {})
    rows = []
    for name in NAMES:
        if not isinstance(given, dict) or name not in given:
            continue
        row = given[name]
        row = {"path": row} if isinstance(row, str) else row
        if not isinstance(row, dict) or not isinstance(row.get("path"), str):
            raise ConfigError(
                f"{case.root}: case.toml: {name} under [given] lacks its path; mend it, or delete "
                "the line to go on without"
            )
        count = row.get("entries", 0)
        rows.append(Given(name, row["path"], str(row.get(state_key(name), "")), int(count)))
    return rows


def now_given(config: RunConfig, guard: Guard, lists: Lists) -> list[Given]:
    """Return the scope and lists of this run.

    Raises:
        ConfigError: a file cannot be read.
    """
    rows = []
    for name in NAMES:
        path = getattr(config, name)
        if path is None:
            continue
        try:
            state = state_of(name, Path(path))
        except OSError as error:
            raise ConfigError(f"{printable(path)}: cannot be read ({error.strerror})") from error
        count = len(guard.processes if name == "scope" else getattr(lists, name))
        rows.append(Given(name, str(Path(path).absolute()), state, count))
    return rows


def state_of(name: str, path: Path) -> str:
    """Tell one state of a file from another; never by a hash of protected persons.

    A list of a few names or numbers is soon guessed from its hash, and decides no table: of it the
    time of change is kept (nanoseconds since 1970), of all others the SHA-256.

    Raises:
        OSError: the file cannot be read.
    """
    if name == PROTECTED:
        return str(path.stat().st_mtime_ns)
    return sha256_of(path)


def state_key(name: str) -> str:
    """What :func:`state_of` is called in case.toml and the audit chain."""
    return "changed_ns" if name == PROTECTED else "sha256"


def remember(case: Case, given: list[Given]) -> None:
    """Write scope and lists into case.toml, before anything is read, and log what has changed.

    Args:
        case: the case, locked.
        given: from :func:`now_given`.
    """
    before = {item.name: item for item in recorded(case)}
    after = {item.name: item for item in given}
    published = _published(case)
    for name in NAMES:
        old, new = before.get(name), after.get(name)
        was = old.state if old else published.get(name, "")
        now = new.state if new else ""
        if was == now or (not was and not published and old is None):
            continue  # the first run's own are in its entry
        append_audit(case, "scope_changed" if name == "scope" else "list_changed", {
            "list": name, f"old_{state_key(name)}": was, f"new_{state_key(name)}": now,
            "old_entries": old.entries if old else None, "new_entries": new.entries if new else 0,
        })  # fmt: skip
    if before == after:
        return
    document = case.document()
    table = tomlkit.table()
    table.comment("a later run takes these again; delete a line to go on without it")
    for item in given:
        row = tomlkit.inline_table()
        row.update({"path": item.path, state_key(item.name): item.state, "entries": item.entries})
        table[item.name] = row
    document["given"] = table
    case.save(document)


def _published(case: Case) -> dict[str, str]:
    """Return states of scope and lists by name that what is published was made with.

    Empty only where nothing is published.
    """
    try:
        found = case.manifest().get("given")
    except IntegrityError:
        return {}
    return {"": "", **found} if isinstance(found, dict) else {"": ""}


def states(given: list[Given]) -> dict[str, str]:
    """Names and states, for manifest and audit chain."""
    return {item.name: item.state for item in given}
