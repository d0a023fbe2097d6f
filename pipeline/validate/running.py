"""RES, DET and VER: the same bytes however a run went, and changes afterwards are seen."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from random import Random

from pipeline.validate.base import Assertion, Function, NotRun, Outcome, compare
from pipeline.validate.ground import CommandFailed, Ground
from pipeline.validate.looking import rows, sha256, table_hashes

PIECE = 8192
"""Bytes of a piece of work here, so that a small return makes a good number of them."""
FLIPS = 24
"""Files that get one bit changed, drawn by the seed; the project's own tests flip a thousand."""
INTEGRITY = 3

DYING = f"""
import os, pathlib, signal
import pipeline.readers.survey as survey
survey.SHARD_BYTES = {PIECE}
import pipeline.read, pipeline.run
left = int(os.environ.get('TRIAGE_VALIDATE_AFTER', '0'))
def dying(function):
    def call(*args, **more):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **more)
    return call
where = os.environ.get('TRIAGE_VALIDATE_IN', '')
if where == 'rename':
    pathlib.Path.rename = dying(pathlib.Path.rename)
elif where == 'shard':
    pipeline.read.run_shard = dying(pipeline.read.run_shard)
elif where:
    setattr(pipeline.run, where, dying(getattr(pipeline.run, where)))
"""
"""Has the process end itself, if a step is named, by a signal that no program can catch."""


def _equal(expected: Path, found: Path) -> Outcome:
    wanted, got = table_hashes(expected), table_hashes(found)
    return compare(len(wanted), [n for n in wanted | got if wanted.get(n) != got.get(n)], "tables")


def _killed(where: str, after: int) -> Callable[[Ground], Outcome]:
    def check(ground: Ground) -> Outcome:
        if not hasattr(signal, "SIGKILL"):
            raise NotRun("this system has no signal that ends a process at once")
        made, folder = ground.meta(), ground.place(f"resume-{where}")
        case = folder / "case"
        arguments = ["run", made.source, "--case", case, "--workers", 1, "--quiet"]
        code, _, err = ground.apart(
            list(arguments), code=DYING,
            env={"TRIAGE_VALIDATE_IN": where, "TRIAGE_VALIDATE_AFTER": str(after)},
        )  # fmt: skip
        if code != -signal.SIGKILL:
            raise CommandFailed(f"the run was to be killed and ended with {code}; {err.strip()}")
        ground.run(made.source, case)
        outcome = _equal(made.case, case)
        left = [
            p.name for p in case.iterdir() if p.name.startswith((".staged", ".old", ".publish"))
        ]
        whole = _as_listed(case)
        return Outcome(
            outcome.ok and whole and not left,
            f"killed, resumed; {outcome.observed}"
            + ("" if whole else "; the manifest differs") + "".join(f"; {n} left" for n in left),
        )  # fmt: skip

    return check


def _as_listed(case: Path) -> bool:
    files = json.loads((case / "manifest.json").read_text("utf-8"))["files"]
    return bool(files) and all(
        (case / name).is_file() and sha256((case / name).read_bytes()) == digest
        for name, digest in files.items()
    )


def _nothing_new(ground: Ground) -> Outcome:
    made = ground.meta()

    def state() -> dict[str, tuple[int, str]]:
        return {
            path.relative_to(made.case).as_posix(): (
                path.stat().st_mtime_ns,
                sha256(path.read_bytes()),
            )
            for path in sorted((made.case / "tables").rglob("*.parquet"))
        }

    before = state()
    ground.run(made.source, made.case)
    after = state()
    return compare(len(before), [n for n in before if before[n] != after.get(n)], "table files")


# --- determinism ----------------------------------------------------------------------------------


def _workers(ground: Ground) -> Outcome:
    made, folder = ground.meta(), ground.place("same-workers")
    code, _, err = ground.apart(
        ["run", made.source, "--case", folder / "case", "--workers", 2, "--quiet"],
        code=f"import pipeline.readers.survey as survey\nsurvey.SHARD_BYTES = {PIECE}",
    )
    if code:
        raise CommandFailed(f"triage run: exit code {code}; {err.strip()}")
    return _equal(made.case, folder / "case")


def _elsewhere(ground: Ground) -> Outcome:
    """Another folder, another hash seed, another zone of the machine's clock."""
    made, folder = ground.meta(), ground.place("same-elsewhere") / "another place"
    folder.mkdir()
    source = folder / made.source.name
    shutil.copyfile(made.source, source)
    code, _, err = ground.apart(
        ["run", source, "--case", folder / "case", "--workers", 1, "--quiet"],
        env={"PYTHONHASHSEED": "4242", "TZ": "Pacific/Auckland", "LC_ALL": "C"},
    )
    if code:
        raise CommandFailed(f"triage run: exit code {code}; {err.strip()}")
    return _equal(made.case, folder / "case")


def _hits(ground: Ground) -> Outcome:
    """The same searches in the case of :func:`_elsewhere` and in the first."""
    case = ground.meta().case
    other = ground.folder / "same-elsewhere" / "another place" / "case"
    if not (other / "tables").is_dir():
        _elsewhere(ground)
    queries = ["ok", "the", "phone:0117", "place:mn", "money:1..", "rodeway OR tonight", "call*"]
    wrong, hits = [], 0
    for query in queries:
        found = [ground.triage("search", c, query, "--json") for c in (case, other)]
        if found[0][:2] != found[1][:2] or found[0][0]:
            wrong.append(query)
        hits += len(json.loads(found[0][1]).get("hits", [])) if found[0][0] == 0 else 0
    outcome = compare(len(queries), wrong, "searches")
    return Outcome(outcome.ok and hits > 0, f"{outcome.observed}, {hits} hits")


# --- verification ---------------------------------------------------------------------------------


def _copy(ground: Ground, name: str) -> Path:
    """Copy the main case, and its return beside it, where they may be harmed."""
    ground.needs("verify")

    def make() -> Path:
        made, folder = ground.meta(), ground.place(f"verify-{name}")
        source = folder / made.source.name
        shutil.copyfile(made.source, source)
        ground.run(source, folder / "case", "--no-model")
        return folder

    return ground.once(f"verify-{name}", make)


def _verify(ground: Ground, case: Path) -> int:
    code, out, err = ground.triage("verify", case)
    if "Traceback" in out + err:
        return -1
    return code


def _clean(ground: Ground) -> Outcome:
    code = _verify(ground, _copy(ground, "all") / "case")
    return Outcome(code == 0, f"exit code {code}")


def _flipped(path: Path, at: int) -> Callable[[], None]:
    """Change one bit; return what puts it back."""
    before = path.read_bytes()
    status = path.stat()
    data = bytearray(before)
    data[at // 8] ^= 1 << at % 8
    path.write_bytes(bytes(data))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # as bits rot: no time tells of it

    def mend() -> None:
        path.write_bytes(before)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    return mend


def _flips(ground: Ground) -> Outcome:
    case = _copy(ground, "all") / "case"
    names = sorted(json.loads((case / "manifest.json").read_text("utf-8"))["files"])
    draw = Random(ground.settings.seed)
    wrong = []
    for number in range(FLIPS):
        path = case / draw.choice(names)
        mend = _flipped(path, draw.randrange(8 * path.stat().st_size))
        if _verify(ground, case) != INTEGRITY:
            wrong.append(f"flip {number + 1} in {path.relative_to(case).as_posix()}")
        mend()
    return compare(FLIPS, wrong, "changed bits found")


def _harmed(name: str) -> Callable[[Ground], Outcome]:
    def check(ground: Ground) -> Outcome:
        folder = _copy(ground, "all")
        path = folder / name if name.endswith(".zip") else folder / "case" / name
        draw = Random(f"{ground.settings.seed}/{name}")
        wrong, times = [], 6
        for number in range(times):
            mend = _flipped(path, draw.randrange(8 * path.stat().st_size))
            if _verify(ground, folder / "case") in (0, 1, -1):
                wrong.append(f"flip {number + 1}")
            mend()
        return compare(times, wrong, "changed bits found")

    return check


def _audit(ground: Ground) -> Outcome:
    """An edited, a deleted, an inserted and two exchanged lines of the log."""
    case = _copy(ground, "audit") / "case"
    path = case / "audit.jsonl"
    for region in ("MX", "CA", "US"):  # more lines: the case is read under other options
        ground.run(case.parent / ground.meta().source.name, case, "--no-model", "--region", region)
    before = path.read_bytes()
    lines = before.splitlines(keepends=True)
    edited = lines[1].replace(b'"action"', b'"actiom"')
    harms = {
        "edited": [lines[0], edited, *lines[2:]], "deleted": [lines[0], *lines[2:]],
        "inserted": [lines[0], lines[0], *lines[1:]],
        "exchanged": [lines[1], lines[0], *lines[2:]],
    }  # fmt: skip
    wrong = []
    if _verify(ground, case):
        wrong.append("the log as it was written is refused")
    for name, changed in harms.items():
        path.write_bytes(b"".join(changed))
        if _verify(ground, case) in (0, 1, -1):
            wrong.append(name)
        path.write_bytes(before)
    return compare(len(harms), wrong, "changes of the log found")


def _audited(ground: Ground) -> Outcome:
    """Work out the hash chain anew."""
    case = ground.meta().case
    previous, wrong, lines = "", [], (case / "audit.jsonl").read_bytes().splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        if json.loads(line)["previous"] != previous:
            wrong.append(f"line {number}")
        previous = sha256(line)
    return compare(len(lines), wrong, "lines of audit.jsonl")


def _run_row(ground: Ground) -> Outcome:
    """What the case says of the run that made it."""
    row = rows(ground.meta().case, "runs")[-1]
    wanted = ("run_id", "tool_version", "component_versions", "config_sha256", "source_sha256s")
    lacking = [name for name in wanted if not row.get(name)]
    labels = {item["label"] for item in row.get("component_versions") or []}
    lacking += [name for name in ("phones", "model", "pyarrow") if name not in labels]
    return compare(len(wanted) + 3, lacking, "facts of the run")


RESUMING = Function("RES", "Resuming", (
    Assertion("RES-01", "A run killed while it reads goes on, and ends in the same bytes.",
        "Kills the process outright after four pieces of work, runs the command again.",
        "tables byte for byte as of a run that was not killed, nothing left over",
        _killed("shard", 4)),
    Assertion("RES-02", "A run killed while it writes the report does too.",
        "Kills the process as the report begins.", "as above", _killed("write_reports", 0)),
    Assertion("RES-03", "A run killed while it publishes does too.",
        "Kills the process at its fourth renaming, some of which exchange published folders.",
        "as above; published files are those of the manifest", _killed("rename", 3)),
    Assertion("RES-04", "Running again with nothing new changes nothing.",
        "Runs the same command on a finished case.", "no table file written anew", _nothing_new),
))  # fmt: skip

DETERMINISM = Function("DET", "Determinism", (
    Assertion("DET-01", "The number of workers changes no byte of a table.",
        "Reads the main sample with one worker, and with two in many small pieces.",
        "equal bytes of every table but runs", _workers),
    Assertion("DET-02", "Place, hash seed, locale and the machine's zone change no table.",
        "Reads a copy of the main sample in another folder, with another hash seed, zone and "
        "locale.", "equal bytes of every table but runs", _elsewhere),
    Assertion("DET-03", "The same search gives the same hits in the same order.",
        "Asks seven queries of both cases.", "equal output", _hits),
))  # fmt: skip

VERIFYING = Function("VER", "Verification", (
    Assertion("VER-01", "A case nobody touched is found in order.",
        "Runs `triage verify` on a fresh case.", "exit code 0", _clean),
    Assertion("VER-02", "One changed bit in any published file is found.",
        f"Changes one bit in each of {FLIPS} files drawn by the seed, file times kept, and "
        "verifies after each.", "exit code 3 each time", _flips),
    Assertion("VER-03", "One changed bit in the manifest is found.",
        "Changes six bits of manifest.json, one after another.", "refused each time",
        _harmed("manifest.json")),
    Assertion("VER-04", "One changed bit in the source is found.",
        "Changes six bits of the archive, one after another.", "refused each time",
        _harmed("return.zip")),
    Assertion("VER-05", "Edited, deleted, inserted and exchanged lines of the audit log are found.",
        "Changes the log in these four ways.", "refused each time", _audit),
    Assertion("VER-06", "The audit log is a chain of hashes that anybody can work out.",
        "Works the chain out apart from the tool.", "every line holds the hash of the one before",
        _audited),
    Assertion("VER-07", "A case names the versions, options and sources it was made with.",
        "Reads the row of the run.", "tool, components, model, libraries, options, source hashes",
        _run_row),
))  # fmt: skip
