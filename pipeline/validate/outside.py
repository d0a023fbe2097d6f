"""SRC, NET and SEC: the source stays as it is, nothing leaves the machine, nobody else reads."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.validate.base import Assertion, Function, NotRun, Outcome, compare, counted
from pipeline.validate.ground import CommandFailed, Ground
from pipeline.validate.handmade import Said, hand_return
from pipeline.validate.looking import holding, rows, sha256

WATCH = """
import json, os, sys
log, near = os.environ['TRIAGE_VALIDATE_LOG'], os.environ['TRIAGE_VALIDATE_SOURCE']
def watch(event, arguments):
    told = None
    if event.startswith('socket.') and event != 'socket.__new__':
        told = [event, repr(arguments[1:])]
    elif event == 'subprocess.Popen':
        told = [event, os.path.basename(str(arguments[0]))]
    elif event == 'open':
        path, mode, flags = arguments
        writes = (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        if isinstance(path, (str, bytes, os.PathLike)) and writes and near in os.fsdecode(path):
            told = ['write', os.path.basename(os.fsdecode(path))]
    elif event in ('os.rename', 'os.remove', 'os.chmod', 'os.utime', 'os.truncate', 'os.rmdir'):
        if any(isinstance(a, (str, os.PathLike)) and near in os.fspath(a) for a in arguments):
            told = ['write', event]
    if told:
        line = (json.dumps([os.getpid(), *told]) + '\\n').encode()
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, line)
        os.close(descriptor)
sys.addaudithook(watch)
"""
"""Put in front of every Python process of a run: tells of sockets, of programs that are started and
of writing near the source. What libraries do below Python it does not see."""


def _watched(ground: Ground) -> list[list[Any]]:
    """Run, search, show and report under watch; return what was told.

    Raises:
        CommandFailed: a command failed, or the watch did not see what it must see.
    """

    def make() -> list[list[Any]]:
        made, folder = ground.meta(), ground.place("watched")
        log, hook = folder / "log", folder / "hook"
        hook.mkdir()
        (hook / "sitecustomize.py").write_text(WATCH, "utf-8")
        paths = [str(hook), *filter(None, [os.environ.get("PYTHONPATH")])]
        env = {
            "PYTHONPATH": os.pathsep.join(paths), "TRIAGE_VALIDATE_LOG": str(log),
            "TRIAGE_VALIDATE_SOURCE": str(made.source),
        }  # fmt: skip
        probe = "import socket\nsocket.socket().connect_ex(('127.0.0.1', 9))\nraise SystemExit(0)"
        ground.apart([], code=probe, env=env)
        if not log.exists() or "connect" not in log.read_text("utf-8"):
            raise CommandFailed("the watch did not see a connection made to try it")
        log.write_text("", "utf-8")
        case = folder / "case"
        smaller = "import pipeline.readers.survey as survey\nsurvey.SHARD_BYTES = 8192"
        for arguments, code in (
            (["run", made.source, "--case", case, "--workers", 2, "--quiet"], smaller),
            (["search", case, "phone:0117"], ""), (["show", case, "FB-1 p. 2"], ""),
            (["report", case, "-o", folder / "report.html"], ""),
        ):  # fmt: skip
            ended, _, err = ground.apart(list(arguments), code=code, env=env)
            if ended:
                raise CommandFailed(f"triage {arguments[0]}: exit code {ended}; {err.strip()}")
        return [json.loads(line) for line in log.read_text("utf-8").splitlines()]

    return ground.once("watched", make)


def _told(wanted: Callable[[list[Any]], bool], what: str) -> Callable[[Ground], Outcome]:
    def check(ground: Ground) -> Outcome:
        found = [event for event in _watched(ground) if wanted(event)]
        told = f"{len(found)} {what} in four commands"
        examples = {str(event[1:])[:60] for event in found}
        return Outcome(not found, told + "".join(f"; {e}" for e in sorted(examples)[:3]))

    return check


def _is_network(event: list[Any]) -> bool:
    """Whether a socket is used otherwise than between the processes of a run, by a local path."""
    return str(event[1]) in (
        "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
        "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo",
    ) and "AF_UNIX" not in str(event[2]) and not str(event[2]).startswith("('/")  # fmt: skip


def _is_port(event: list[Any]) -> bool:
    return event[1] == "socket.bind" and not str(event[2]).startswith(("('/", "(b'", "('',"))


def _untouched(ground: Ground) -> Outcome:
    """Hash, size, times and mode of the source before and after."""
    folder = ground.place("source")
    source = folder / "given" / "return.zip"
    hand_return(source, [Said("2024-02-01 10:00:00 UTC", "call 651-555-0117")])
    os.utime(source, (1_700_000_000, 1_700_000_000))
    source.chmod(0o640)

    def state() -> tuple[str, int, int, int, list[str]]:
        status = source.stat()
        return (sha256(source.read_bytes()), status.st_size, status.st_mtime_ns, status.st_mode,
                sorted(path.name for path in source.parent.iterdir()))  # fmt: skip

    before = state()
    case = ground.run(source, folder / "case", "--no-model")
    ground.triage("show", case, "FB-1 p. 1")
    ground.triage("report", case)
    return Outcome(state() == before, "unchanged" if state() == before else "changed")


def _read_only(ground: Ground) -> Outcome:
    """A source folder that may be read only."""
    folder = ground.place("source-folder")
    given = folder / "given"
    hand_return(given / "return.zip", [Said("2024-02-01 10:00:00 UTC", "call 651-555-0117")])
    (given / "return.zip").chmod(0o400)
    given.chmod(0o500)
    try:
        case = ground.run(given, folder / "case", "--no-model")
    finally:
        given.chmod(0o700)
    numbers = sum(row["kind"] == "phone" for row in rows(case, "mentions"))
    return counted(phone_numbers=(1, numbers))


# --- rights ---------------------------------------------------------------------------------------


def _modes(ground: Ground) -> Outcome:
    if os.name != "posix":
        raise NotRun("this system has no file modes")
    made, folder = ground.meta(), ground.place("modes")
    before = os.umask(0)  # what is made is its owner's alone whatever the user's mask
    try:
        case = ground.run(made.source, folder / "case", "--no-model")
        ground.triage("report", case)
    finally:
        os.umask(before)
    paths = [case, *sorted(case.rglob("*"))]
    wrong = [
        path.relative_to(folder).as_posix()
        for path in paths
        if path.stat().st_mode & 0o777 != (0o700 if path.is_dir() else 0o600)
    ]
    return compare(len(paths), wrong, "files and folders")


SECRETS = ("zqlogalder", "zqlogbirch")


def _logs(ground: Ground) -> Outcome:
    """Words of messages in logs and messages of the tool."""
    folder = ground.place("logs")
    said = [Said(f"2024-02-01 10:00:0{n} UTC", f"{w} 651-555-0117") for n, w in enumerate(SECRETS)]
    source = hand_return(folder / "return.zip", said)
    case = ground.run(source, folder / "case", "--no-model")
    open_files = ["audit.jsonl", "command.log", "case.toml", "manifest.json"]
    found: list[str] = []
    for name in open_files:
        found += holding(case / name, (*SECRETS, "555-0117", "5550117"))
    issues = json.dumps(rows(case, "issues"), default=str)
    found += [word for word in SECRETS if word in issues]
    return compare(len(open_files) + 1, found, "logs and tables without text of messages")


def _paths(ground: Ground) -> Outcome:
    """The place of the case, and who runs it, in tables and report."""
    made = ground.meta()
    home = Path.home().as_posix()
    needles = [str(ground.folder), *([f"{home}/"] if len(home) > 1 else [])]
    found = [
        f"{name}: {place}"
        for name in ("tables", "reports")
        for place in holding(made.case / name, needles).values()
    ]
    return compare(2 * len(needles), found, "places")


SOURCE = Function("SRC", "The source", (
    Assertion("SRC-01", "Reading, showing and reporting change nothing of the source.",
        "Compares hash, size, time of change, mode and neighbours of a source before and after.",
        "equal", _untouched),
    Assertion("SRC-02", "No source is opened for writing, renamed, or given other rights or times.",
        "Watches every Python process of a run with two workers, of a search, show and report, by "
        "an audit hook.", "no such event", _told(lambda e: e[1] == "write", "writes")),
    Assertion("SRC-03", "A source that may only be read is read.",
        "Reads a folder without the right to write, in it or to its file.",
        "the phone number in it is found", _read_only),
))  # fmt: skip

NETWORK = Function("NET", "No network", (
    Assertion("NET-01", "Nothing is sent, and no name is looked up.",
        "Watches the same commands for connections, datagrams and look-ups, after having made sure "
        "that the watch sees one.", "no such event", _told(_is_network, "uses of the network")),
    Assertion("NET-02", "No port is opened.", "Watches the same commands for bound sockets.",
        "no such event", _told(_is_port, "ports")),
    Assertion("NET-03", "No other program is started.",
        "Watches the same commands for programs, Python's own workers apart.", "no such event",
        _told(lambda e: e[1] == "subprocess.Popen" and not str(e[2]).startswith("python"),
              "programs")),
))  # fmt: skip

RIGHTS = Function("SEC", "Rights and logs", (
    Assertion("SEC-01", "A case is its owner's alone.",
        "Makes a case under the widest mask and looks at the modes of all that is in it.",
        "folders 0700, files 0600", _modes),
    Assertion("SEC-02", "Logs hold ids and counts, never text of messages.",
        "Reads messages with planted words; searches audit.jsonl, command.log, case.toml, "
        "manifest.json and the table of issues.", "none of the words, nor the number", _logs),
    Assertion("SEC-03", "Tables and report name no folder of the machine.",
        "Searches tables and report for the folder of the case and the user's home.",
        "neither", _paths),
))  # fmt: skip
