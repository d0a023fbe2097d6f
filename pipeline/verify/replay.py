"""The recorded sources and options once more, in a folder of its own, and the tables compared."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.case import Case
from pipeline.errors import TriageError
from pipeline.files import private, sha256_of, writable
from pipeline.options import restored
from pipeline.sealing.again import carry_over
from pipeline.search.terminal import printable
from pipeline.verify.checks import Check, State
from pipeline.verify.rules import id_of
from pipeline.verify.sources import Located
from pipeline.workers import cores
from schemas.tables import SCHEMAS

NAME = "replay"
APART = "runs"
"""The one table that may differ between equal runs."""
ROWS = 1 << 14
ALONE = 500
"""Pages that this process reads alone before workers have started: about three seconds of work."""


def replay(
    case: Case,
    sources: list[Located],
    tables: dict[str, list[Path]],
    manifest: dict[str, Any],
    files: object,
    *,
    quiet: bool,
) -> Check:
    """Run the sources again with the recorded options, and compare every table but ``runs``.

    Args:
        case: the case, as it was opened.
        sources: all its sources, as they were received.
        tables: parts of its tables that can be asked.
        manifest: of the case.
        files: where files are that the options name, of the run's entry in the audit chain.
        quiet: no progress bar.
    """
    lacking = sorted(SCHEMAS.keys() - tables.keys() - {APART})
    if lacking:
        return Check(NAME, State.NOT_CHECKED, f"not as published: {', '.join(lacking)}")
    from pipeline.run import run

    other = other_versions(manifest)
    try:
        ledger = manifest.get("ledger")
        pages = ledger.get("pages", 0) if isinstance(ledger, dict) else 0
        workers = cores() if isinstance(pages, int) and pages > ALONE else 1
        config = restored(manifest.get("options"), files, workers)
        config = replace(config, password_file=os.environ.get("TRIAGE_PASSWORD_FILE"))
        with _folder(case) as folder:
            again = folder / "case"
            again.mkdir(mode=0o700)
            # the labels, lists and legal process of the case; sources are known by their hashes
            document = case.document()
            document.pop("encrypted", None)  # of an encrypted case the folder is in memory
            Case(again).save(document)
            carry_over(case.root, again)
            with _keys_in(folder):
                run([item.path for item in sources], again, config, quiet=quiet)
            return _verdict(tables, again / "tables", other)
    except TriageError as error:
        said = printable(str(error))
        return Check(NAME, State.NOT_CHECKED, f"the sources could not be run again: {said}")
    except pa.ArrowException:
        return Check(NAME, State.NOT_CHECKED, "a table cannot be read to its end")
    except OSError as error:
        return Check(
            NAME, State.NOT_CHECKED, f"no folder for it could be made ({error.strerror}); name "
            "one by the environment variable TMPDIR",
        )  # fmt: skip


def other_versions(manifest: dict[str, Any]) -> list[str]:
    """Name what was of another version when the tables were made."""
    from pipeline import __version__
    from pipeline.versions import components

    try:
        config = restored(manifest.get("options"), {}, 1)
        now = {"tool": __version__, **dict(components(config))}
    except TriageError:
        return []
    made = manifest.get("made_with")
    if not isinstance(made, dict):
        return []
    names = sorted(made.keys() | now.keys())
    return [
        f"{name} {_short(made.get(name))}, now {_short(now.get(name))}"
        for name in names
        if made.get(name) != now.get(name)
    ]


def _short(value: object) -> str:
    return "none" if value is None else str(value)[:12]


@contextmanager
def _folder(case: Case) -> Iterator[Path]:
    """Make a private folder beside the case, or where temporary files go; remove it after.

    Of an encrypted case it lies in memory, as its tables do. What a replay left that was killed is
    removed by the next; the case is locked meanwhile.
    """
    prefix = f".{case.root.name}.replay-"
    parent: Path | None = case.root.absolute().parent
    if case.home is not None or parent is None or not writable(parent):
        parent = None
    elif writable(case.root):
        for left in parent.glob(f"{prefix}*"):
            shutil.rmtree(left, ignore_errors=True)
    with private():
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _keys_in(folder: Path) -> Iterator[None]:
    """Have the key of what a replay seals kept in its own folder, and gone with it."""
    names = ("XDG_CONFIG_HOME", "APPDATA")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, str(folder / "keys")))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _verdict(tables: dict[str, list[Path]], again: Path, other: list[str]) -> Check:
    said = f"; versions differ, so a difference is to be expected: {'; '.join(other)}"
    for name in SCHEMAS:
        if name == APART:
            continue
        found = difference(name, tables[name], sorted((again / name).glob("*.parquet")))
        if found is not None:
            row, what = found
            return Check(
                NAME, State.PROBLEM, what + (said if other else _ADVICE), f"tables/{name}", name,
                row,
            )  # fmt: skip
    detail = f"{len(SCHEMAS) - 1} tables made again, byte for byte the same"
    return Check(
        NAME, State.OK, detail + (f" (other versions: {'; '.join(other)})" if other else "")
    )


_ADVICE = "; the versions are the same: keep both and report it"


def difference(name: str, old: list[Path], new: list[Path]) -> tuple[str, str] | None:
    """Return id of the first row of a table that differs, and in what; None = equal bytes."""
    if [part.name for part in old] == [part.name for part in new] and all(
        sha256_of(a) == sha256_of(b) for a, b in zip(old, new, strict=True)
    ):
        return None
    at = 0
    left, right = _chunks(old), _chunks(new)
    while True:
        a, b = next(left, None), next(right, None)
        if a is None and b is None:
            return "", "differs in its bytes, though in no row"
        if a is None or b is None or not a.schema.equals(b.schema) or not a.equals(b):
            return _first(name, a, b, at)
        at += a.num_rows


def _first(name: str, a: pa.Table | None, b: pa.Table | None, at: int) -> tuple[str, str]:
    key = id_of(name)
    before = [] if a is None else a.to_pylist()
    after = [] if b is None else b.to_pylist()
    for number, (x, y) in enumerate(zip(before, after, strict=False)):
        if x != y:
            names = [column for column in x if x.get(column) != y.get(column)]
            what = f"row {at + number + 1:,} differs in {', '.join(names[:5])}"
            return str(x.get(key, "")), what
    here = min(len(before), len(after))
    if len(before) == len(after):
        return "", f"differs near row {at + 1:,} in how it is written"
    longer, word = (before, "is not made again") if len(before) > here else (after, "is new")
    return str(longer[here].get(key, "")), f"row {at + here + 1:,} {word}"


def _chunks(parts: list[Path]) -> Iterator[pa.Table]:
    """Yield a table in pieces of equal numbers of rows, whatever its parts."""
    pending: list[pa.RecordBatch] = []
    rows = 0
    for part in parts:
        with pq.ParquetFile(part) as file:
            for batch in file.iter_batches(batch_size=ROWS):
                pending.append(batch)
                rows += batch.num_rows
                if rows >= ROWS:
                    whole = pa.Table.from_batches(pending)
                    yield whole.slice(0, ROWS)
                    rest = whole.slice(ROWS)
                    pending, rows = rest.to_batches(), rest.num_rows
    if rows:
        yield pa.Table.from_batches(pending)
