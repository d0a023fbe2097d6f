"""All checks of a case, one after the other."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.audit import NAME, Anchor, Chain, append_audit
from pipeline.case import LOCK_SECONDS, Case, locked, open_case
from pipeline.custody import RECEIPT, read_receipt
from pipeline.errors import IntegrityError
from pipeline.files import private, writable
from pipeline.options import limits_of
from pipeline.progress import Progress
from pipeline.verify.checks import Check, State, Verdict
from pipeline.verify.layout import ANEW, check_layout
from pipeline.verify.published import (
    MANIFEST,
    check_chain,
    check_files,
    check_manifest,
    check_sealed,
)
from pipeline.verify.replay import replay
from pipeline.verify.rows import check_rows
from pipeline.verify.sources import check_sources, known_sources


def verify(
    path: Path,
    *,
    roots: list[Path] | None = None,
    anchor: Anchor | None = None,
    again: bool = False,
    officer: str | None = None,
    quiet: bool = False,
) -> Verdict:
    """Check a case: chain, manifest, files, sources, tables; and run it again if asked to.

    The result goes into the audit chain, unless the case may not be written.

    Args:
        path: the case folder.
        roots: where sources may be now.
        anchor: a head of the chain that was kept elsewhere.
        again: whether to run the sources again and compare the tables.
        officer: on whose behalf.
        quiet: no progress bar.

    Raises:
        ConfigError: no case there, or case.toml cannot be read.
        UnfinishedError: a run is at work on it.
    """
    case = open_case(path, published=False)
    if not any((case.path / name).exists() for name in ("tables", MANIFEST, NAME)):
        open_case(path)  # says that nothing is published yet
    may_write = writable(case.root)
    held = locked(case, wait=LOCK_SECONDS) if may_write else nullcontext()
    with private(), held, Progress(quiet=quiet) as progress:
        checks, chain = _checks(case, roots or [], anchor, progress, again=again, quiet=quiet)
        last = chain.entries[-1] if chain.entries else None
        head = f"{last.seq}:{last.hash}" if last else ""
        verdict = Verdict(str(path), tuple(checks), head)
        if may_write:
            details: dict[str, Any] = {
                "result": "ok" if verdict.first is None else verdict.first.state.value,
                "checks": {check.name: check.state.value for check in checks},
                "anchored": anchor is not None,
            }
            seq, digest = append_audit(case, "verify", details, officer=officer)
            verdict = replace(verdict, head=f"{seq}:{digest}")
    return verdict


@dataclass(frozen=True, slots=True)
class Published:
    """What stands in a case, as far as it is what was published."""

    chain: Chain
    manifest: dict[str, Any]
    sound: frozenset[str]
    """Files that have the hashes of the manifest."""
    tables: dict[str, list[Path]]
    """Parts of the tables that can be asked."""


def check_published(
    case: Case, anchor: Anchor | None, progress: Progress
) -> tuple[list[Check], Published]:
    """Check chain, manifest, published files, and that the tables are of their shape."""
    audit, written = _bytes(case.root / NAME), _bytes(case.path / MANIFEST)
    chained, chain = check_chain(audit, anchor)
    with progress.stage("files", None, "B"):
        files, sound = check_files(case.path, written, progress.step)
    layout, tables = check_layout(case.path, sound)
    manifest = _loaded(written)
    checks = [chained, check_manifest(written, audit), files, layout, _counts(manifest, tables)]
    return checks, Published(chain, manifest, sound, tables)


def _checks(
    case: Case,
    roots: list[Path],
    anchor: Anchor | None,
    progress: Progress,
    *,
    again: bool,
    quiet: bool,
) -> tuple[list[Check], Chain]:
    checks, there = check_published(case, anchor, progress)
    if case.home is not None:
        checks.append(_vault(case))
    with progress.stage("sources", None, "B"):
        receipts = read_receipt(case) if f"reports/{RECEIPT}" in there.sound else []
        known = known_sources(case.sources(), there.tables.get("sources"), receipts)
        limits = limits_of(there.manifest.get("options"))
        found, located = check_sources(known, roots, limits, progress.step)
    checks += found
    if "sealed" in there.manifest:
        checks.append(check_sealed(case.root, there.manifest["sealed"], progress.step))
    with progress.stage("tables"), _spill(case) as spill:
        checks += check_rows(there.tables, spill, progress.note)
    if again:
        made = [e for e in there.chain.entries if e.action == "run"]
        files = made[-1].details.get("files") if made else None
        if len(located) < len(known):
            why = "not all sources are there as they were received"
            checks.append(Check("replay", State.NOT_CHECKED, why))
        else:
            checks.append(replay(case, located, there.tables, there.manifest, files, quiet=quiet))
    return checks, there.chain


def _vault(case: Case) -> Check:
    from pipeline.vault_case import check

    try:
        return Check("vault", State.OK, f"{check(case):,} encrypted files")
    except IntegrityError as error:
        return Check("vault", State.PROBLEM, str(error))


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _loaded(written: bytes | None) -> dict[str, Any]:
    try:
        document = json.loads(written or b"")
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _counts(manifest: dict[str, Any], tables: dict[str, list[Path]]) -> Check:
    """Compare the rows of the tables with what the manifest says of them."""
    ledger = manifest.get("ledger")
    stated = ledger.get("rows") if isinstance(ledger, dict) else None
    if not isinstance(stated, dict):
        return Check("counts", State.NOT_CHECKED, "manifest.json does not say how many rows")
    there = {
        name: sum(int(pq.read_metadata(part).num_rows) for part in parts)
        for name, parts in tables.items()
    }
    for name, count in there.items():
        if stated.get(name, count) != count:
            detail = f"has {count:,} rows, and the manifest says {stated[name]:,}; {ANEW}"
            return Check("counts", State.PROBLEM, detail, f"tables/{name}", name)
    return Check("counts", State.OK, f"{len(there)} tables have the rows of the manifest")


@contextmanager
def _spill(case: Case) -> Iterator[Path]:
    """Yield a private folder for what does not fit into memory: in the case if it may be written.

    What stays of it when a command is killed is swept with ``.staged``.
    """
    inside = case.staged if writable(case.path) else None
    if inside is not None:
        inside.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="verify-", dir=inside))
    try:
        yield folder
    finally:
        shutil.rmtree(inside or folder, ignore_errors=True)
