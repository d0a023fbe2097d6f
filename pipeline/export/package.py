"""An export: a folder of tables with a manifest and a word for whom it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.audit import enter
from pipeline.case import Case, steadily
from pipeline.errors import ConfigError, UnfinishedError
from pipeline.export.files import write_table
from pipeline.export.readme import readme
from pipeline.files import make_private, private, sha256_of, write_private
from pipeline.redact.make import redacted
from pipeline.redact.parts import parts_of
from pipeline.redact.profiles import Wanted
from pipeline.redact.tables import Redaction, counted
from pipeline.search.terminal import printable
from schemas.tables import SCHEMAS

MANIFEST, README = "manifest.json", "README.txt"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was made."""

    folder: Path
    files: int
    rows: dict[str, int]
    redaction: Redaction | None


def export(
    case: Case, out: Path, formats: Sequence[str], profile: str, wanted: Wanted | None, to: str
) -> Exported:
    """Write the tables of a case into a folder; never media.

    Args:
        case: an open case.
        out: a folder that is not there, or empty.
        formats: some of :data:`pipeline.export.files.FORMATS`.
        profile: ``prosecutor`` or ``redacted``.
        wanted: list and jurisdiction; for the redacted profile.
        to: for whom it is.

    Raises:
        ConfigError: the folder is not empty, or lies in the case.
        UnfinishedError: it cannot be written.
        IntegrityError: a table cannot be read.
    """
    _refuse(case, out)
    beside = out.parent / f".{out.name}.new"
    try:
        with private(), ExitStack() as stack:
            beside.parent.mkdir(parents=True, exist_ok=True)
            stack.callback(shutil.rmtree, beside, ignore_errors=True)
            made = steadily(
                case, lambda: _fill(case, beside, formats, profile, wanted, printable(to), stack)
            )
            make_private(beside)
            if out.is_dir():
                out.rmdir()  # empty: seen before
            beside.rename(out)
    except OSError as error:
        raise UnfinishedError(
            f"{printable(str(out))}: the export cannot be written ({error.strerror})"
        ) from error
    details: dict[str, Any] = {
        "profile": profile, "formats": sorted(formats), "rows": sum(made.rows.values()),
        "files": made.files, "to": to, "export_sha256": sha256_of(out / MANIFEST),
    }  # fmt: skip
    if made.redaction is not None:
        details |= counted(made.redaction)
    enter(case, "export", details)
    return Exported(out, made.files, made.rows, made.redaction)


def _fill(
    case: Case, folder: Path, formats: Sequence[str], profile: str, wanted: Wanted | None, to: str,
    stack: ExitStack,
) -> Exported:  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    made = None
    tables = case.path / "tables"
    if profile == "redacted":
        assert wanted is not None
        made = stack.enter_context(redacted(case, wanted, folder))
        tables = made.tables
        to = made.say(to)
    rows: dict[str, int] = {}
    files = []
    for form in sorted(set(formats)):
        for name in SCHEMAS:
            path, rows[name] = write_table(tables, name, form, folder / form)
            files.append(path)
    run_id = _run_id(tables)
    about = {
        "format": 1, "tool": __version__, "profile": profile, "to": to, "run_id": run_id,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "rows": rows,
        "jurisdiction": wanted.jurisdiction if wanted else None,
    }  # fmt: skip
    redaction = made.redaction if made else None
    text = readme(profile, to, run_id, sorted(set(formats)), rows, redaction)
    write_private(folder / README, text.encode("utf-8", "backslashreplace"))
    files.append(folder / README)
    about["files"] = {
        path.relative_to(folder).as_posix(): {
            "sha256": sha256_of(path), "size_bytes": path.stat().st_size
        }
        for path in sorted(files)
    }  # fmt: skip
    write_private(folder / MANIFEST, json.dumps(about, indent=1, sort_keys=True).encode() + b"\n")
    if made is not None:
        made.check(folder)
    return Exported(folder, len(files) + 1, rows, redaction)


def _run_id(tables: Path) -> str:
    runs = [row for part in parts_of(tables, "runs") for row in part.to_pylist()]
    return str(max(runs, key=lambda row: row["started_at"])["run_id"]) if runs else ""


def _refuse(case: Case, out: Path) -> None:
    shown = printable(str(out))
    try:
        if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
            raise ConfigError(f"{shown}: is there already and not empty; name a new folder")
        resolved = out.resolve()
    except OSError as error:
        raise ConfigError(f"{shown}: cannot be used ({error.strerror})") from error
    if case.root.resolve() in (resolved, *resolved.parents):
        raise ConfigError(f"{shown}: lies in the case; name a folder elsewhere")
