"""What a case holds and lacks, as the last run left it; nothing is changed, no table is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline import __version__, audit, custody, legal, memory
from pipeline.case import Case, is_encrypted, open_case
from pipeline.config import RunConfig
from pipeline.errors import ConfigError, IntegrityError
from pipeline.files import sha256_of
from pipeline.given import PROTECTED, recorded, state_key, state_of
from pipeline.publication import FORMAT, JOURNAL, PUBLISHED
from schemas.kinds import Severity

SLACK_NS = 60 * 10**9
"""How much older than the tables a report may look: copying a case sets times in any order."""


def status_of(path: Path, *, password: bool = False) -> dict[str, Any]:
    """Look at a case.

    Args:
        path: the case folder.
        password: whether the environment names a password file, so that an encrypted case can be
            opened; without, only what lies open of it is told.

    Raises:
        ConfigError: no case there, or a case.toml that cannot be read.
    """
    case = Case(path, memory.home_of(path))
    if not (path / "case.toml").is_file():
        raise ConfigError(f"{path}: no case here; make one with `triage run SOURCE --case {path}`")
    document = case.document().unwrap()
    if document.get("format", 0) > FORMAT:
        raise ConfigError(f"{path}: made by a newer version; update the tool")
    encrypted = is_encrypted(path, document)
    at_work = _at_work(path)
    if encrypted and password and not at_work:
        case = open_case(path, published=False)
    found: dict[str, Any] = {"case": str(path), "tool": __version__, "encrypted": encrypted}
    manifest, problem = _manifest(case)
    ledger = manifest.get("ledger", {})
    found["state"], found["problem"] = _state(case, at_work=at_work, manifest=manifest), problem
    if encrypted and case.home is None and not at_work:
        found["state"] = "not opened"
    found["sources"] = list(_sources(case, document, ledger))
    scopes = ledger.get("scopes", {})
    sealed = ledger.get("sealed", 0)
    found["scope"] = {
        "lines": ledger.get("scope", []), "records": scopes, "sealed": sealed,
        "total": sum(scopes.values()) + sealed, "bytes": ledger.get("bytes", {}),
    }  # fmt: skip
    found["rows"] = ledger.get("rows", {})
    found["issues"] = {
        severity.value: ledger.get("severities", {}).get(severity.value, {})
        for severity in reversed(Severity)
    }
    process = manifest.get("legal_process")
    found["legal_process"] = {
        "stated": legal.stated(document), "missing": legal.missing(document),
        "changed": process is not None and process != legal.digest(document),
    }  # fmt: skip
    found["given"] = list(_given(case, manifest))
    found["versions"] = _versions(manifest)
    found["reports"] = list(_reports(case, manifest))
    found["runs"] = _runs(case)
    found["next"] = _next(path, found)
    return found


def _at_work(path: Path) -> bool:
    """Whether a command holds the case; the lock file is looked at, never made."""
    try:
        import fcntl
    except ImportError:  # Windows: a lock cannot be looked at without taking it
        return False
    try:
        with (path / ".lock").open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            fcntl.flock(file, fcntl.LOCK_UN)
    except OSError:
        pass
    return False


def _manifest(case: Case) -> tuple[dict[str, Any], str]:
    try:
        manifest = case.manifest()
        if not all(isinstance(manifest[key], dict) for key in ("files", "ledger")):
            raise TypeError  # noqa: TRY301
    except (IntegrityError, KeyError, TypeError):
        there = (case.path / "manifest.json").exists() or (case.path / "tables").is_dir()
        return {}, "manifest.json is missing or damaged" if there else ""
    missing = [name for name in manifest["files"] if not (case.path / name).is_file()]
    shown = f"{missing[0]} is missing" if missing else ""
    return manifest, f"{shown}{f' and {len(missing) - 1:,} more' if missing[1:] else ''}"


def _state(case: Case, *, at_work: bool, manifest: dict[str, Any]) -> str:
    if at_work:
        return "a run is at work"
    if (case.path / JOURNAL).exists() or any((case.path / f".old-{n}").exists() for n in PUBLISHED):
        return "a publication was cut short"
    if case.staged.exists():
        return "a run was cut short"
    return "published" if manifest else "nothing published"


def _sources(
    case: Case, document: dict[str, Any], ledger: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    receipts = {row["label"]: row for row in custody.read_receipt(case)}
    for entry in document.get("sources", []):
        row = receipts.get(entry["label"])
        files = row["files"] if row else []
        replaced = entry.get("replaced_by")
        yield {
            "label": entry["label"], "kind": entry["kind"], "path": entry["path"],
            "sha256": entry["sha256"], "replaced_by": replaced,
            "readers": ledger.get("readers", {}).get(entry["label"], {}),
            "untouched": row["untouched"] if row else "not compared",
            "now": custody.standing_now(Path(entry["path"]), row) if not replaced else "replaced",
            "files": len(files),
            "provider_hashes": sorted({text for file in files for text in file["as_stated"]}),
        }  # fmt: skip


def _given(case: Case, manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    made_with = manifest.get("given", {})
    for item in recorded(case):
        try:
            now = state_of(item.name, Path(item.path))
            state = "as given" if now == item.state else "changed"
        except OSError:
            state = "gone"
        yield {
            "name": item.name, "path": item.path, state_key(item.name): item.state,
            "entries": item.entries, "now": state,
            # protected persons decide no table
            "in_tables": item.name == PROTECTED or made_with.get(item.name) == item.state,
        }  # fmt: skip


def _versions(manifest: dict[str, Any]) -> dict[str, Any]:
    """Compare the versions that made the tables with those at hand."""
    made_with = manifest.get("made_with", {})
    if not made_with:
        return {"made_with": {}, "differ": []}
    from pipeline.versions import components  # and with it all extractors, a third of a second

    here = {"tool": __version__, **dict(components(RunConfig(use_model="model" in made_with)))}
    differ = [
        {"name": name, "made_with": made_with.get(name), "here": here.get(name)}
        for name in sorted(made_with.keys() | here.keys())
        if made_with.get(name) != here.get(name)
    ]
    return {"made_with": made_with, "differ": differ}


def _reports(case: Case, manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    files = manifest.get("files", {})
    times = [
        (case.path / name).stat().st_mtime_ns
        for name in files
        if name.startswith("tables/") and (case.path / name).is_file()
    ]
    for path in sorted((case.path / "reports").glob("*")):
        if not path.is_file() or path.name == custody.RECEIPT:
            continue
        name = f"reports/{path.name}"
        if name not in files:
            state = "not in the manifest"
        elif sha256_of(path) != files[name]:
            state = "changed since it was made"
        elif path.stat().st_mtime_ns + SLACK_NS < max(times, default=0):
            state = "older than the tables"
        else:
            state = "of these tables"
        yield {"file": name, "state": state}


def _runs(case: Case) -> dict[str, Any]:
    """Count the runs that the audit chain tells of."""
    try:
        lines = (case.root / audit.NAME).read_bytes().splitlines()
    except OSError:
        return {"count": 0, "last": None}
    times = []
    for line in lines:
        try:
            entry = json.loads(line)
            if entry["action"] == "run":
                times.append(entry["at"])
        except (ValueError, KeyError, TypeError):
            continue  # `triage verify` tells what is wrong with it
    return {"count": len(times), "last": times[-1] if times else None}


def _next(path: Path, found: dict[str, Any]) -> str:
    """Say what to do, in one line: the first thing that stands in the way."""
    again = f"run `triage run SOURCE --case {path}` again"
    states = {
        "a run is at work": "wait until the run has ended",
        "a publication was cut short": f"end the publication: {again}",
        "a run was cut short": f"take the run up: {again}",
    }
    if found["state"] in states:
        return states[found["state"]]
    if found["problem"]:
        return f"{found['problem']}: {again}"
    if found["encrypted"] and not found["rows"]:
        return "give --password-file to see what the case holds"
    if found["state"] == "nothing published":
        return f"finish the first run: {again}"
    errors = sum(found["issues"]["error"].values())
    for row in found["sources"]:
        if row["now"] == "changed":
            return f"put {row['label']} back as it was received: what lies there is another file"
    for row in found["given"]:
        if row["now"] != "as given":
            return f"the file of --{row['name']} is {row['now']}: {again} with the right one"
        if not row["in_tables"]:
            return f"--{row['name']} was given, and that run did not end: {again}"
    missing = found["legal_process"]["missing"]
    fill_in = f"fill in case.toml ({', '.join(missing)}), then {again}"
    checks = (
        (found["legal_process"]["changed"], f"case.toml was edited: {again}"),
        (errors, f"see to what was not read: `triage sql {path} \"SELECT * FROM issues WHERE "
                 "severity = 'error'\"`"),
        (not found["scope"]["lines"], f"give the warrant's dates and accounts: {again} with "
                                      "--scope scope.toml"),
        ("number" in missing, fill_in),
        (found["versions"]["differ"], f"the tool has changed since: {again}"),
        (any(row["state"] != "of these tables" for row in found["reports"]) or not found["reports"],
         f"make the report anew: `triage report {path}`"),
        (missing, fill_in),
    )  # fmt: skip
    for holds, advice in checks:
        if holds:
            return advice
    return f'read {path}/reports/report.html, or search: `triage search {path} "WORDS"`'
