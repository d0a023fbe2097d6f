"""No command speaks to the network: any attempt to name, reach or await another machine is fatal.

Each command runs in a process with an audit hook, which its workers load as well: to resolve a name,
to connect to anything but a socket of this machine's own kind (AF_UNIX) or to bind a port ends the
process and leaves a note. Where the system lets it, the same runs in a network namespace of its own,
which holds nothing but a loopback that is down.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOOK = """
import os, sys

def watch(event, arguments):
    if not event.startswith("socket."):
        return
    if event in ("socket.__new__", "socket.gethostname", "socket.sethostname"):
        return
    place = arguments[-1] if arguments else ""
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        if isinstance(place, (str, bytes)):  # a path: between processes of this machine
            return
    with open(os.environ["NETWORK_NOTES"], "a") as file:
        file.write(f"{event} {place!r} {sys.argv[:1]}\\n")
    os._exit(99)

sys.addaudithook(watch)
"""
TOUCH = 'open(os.environ["NETWORK_NOTES"] + "." + str(os.getpid()), "w").close()\n'
"""A sign that the hook was there, in workers too."""

ONE_AFTER_THE_OTHER = """
import json, sys
from pipeline.cli import call

for arguments in json.loads(sys.argv[1]):
    code = call(arguments)
    assert code == 0, (code, arguments)
"""
"""Commands in one process, which is started and loads what it needs once."""

CALLS = {
    "connect": "socket.socket().connect(('127.0.0.1', 9))",
    "resolve": "socket.getaddrinfo('example.com', 80)",
    "bind": "socket.socket().bind(('127.0.0.1', 0))",
    "send": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
    "web": "__import__('urllib.request').request.urlopen('http://192.0.2.1/')",
}


class Closed:
    """A machine without a network."""

    def __init__(self, folder: Path) -> None:
        hook = folder / "hook"
        hook.mkdir()
        (hook / "sitecustomize.py").write_text(HOOK + TOUCH)
        self.notes = folder / "notes"
        self.environment = {**os.environ, "PYTHONPATH": str(hook), "NETWORK_NOTES": str(self.notes)}
        apart = ["unshare", "--net", "--map-root-user"]
        works = (
            shutil.which("unshare")
            and not subprocess.run([*apart, "true"], capture_output=True).returncode
        )
        self.before = apart if works else []

    def python(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.before, sys.executable, *map(str, arguments)], env=self.environment,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def triage(self, *arguments: object) -> str:
        return self._done("-m", "pipeline", *arguments)

    def triage_each(self, *commands: tuple[object, ...]) -> str:
        told = json.dumps([[str(argument) for argument in command] for command in commands])
        return self._done("-c", ONE_AFTER_THE_OTHER, told)

    def _done(self, *arguments: object) -> str:
        done = self.python(*arguments)
        assert not self.notes.exists(), self.notes.read_text()
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout

    def watched(self) -> int:
        """How many processes the hook was in."""
        return len(list(self.notes.parent.glob("notes.*")))


@pytest.fixture
def closed(tmp_path):
    return Closed(tmp_path)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_the_hook_catches(closed, call):
    assert closed.python("-c", f"import socket\n{call}").returncode == 99
    assert closed.notes.exists()


def test_imports_open_nothing(closed):
    names = (
        "pipeline.cli", "pipeline.run", "pipeline.shard", "pipeline.executor", "pipeline.case", "pipeline.readers",
        "pipeline.derive.publish", "pipeline.report.make", "pipeline.search.query", "pipeline.search.show", "pipeline.cluster",
        "extractors.registry", "extractors.names", "schemas.tables",
    )  # fmt: skip
    done = closed.python("-c", f"import {', '.join(names)}")
    assert done.returncode == 0, (done.stderr, closed.notes.exists() and closed.notes.read_text())
    assert not closed.notes.exists()


def test_the_whole_job(closed, sample_return, tmp_path):
    case = tmp_path / "case"
    closed.triage("run", sample_return, "--case", case, "--workers", 2, "--quiet")
    assert closed.watched() >= 3  # this one's, and two workers'
    hits = json.loads(closed.triage("search", case, "money:1..", "--json"))
    assert hits["hits"]
    parts = "report,sheet,hotels,counties"
    every = ["--part", parts, "--format", "html,pdf,docx", "--profile", "redacted"]
    listed = tmp_path / "protected.csv"
    listed.write_text("value,kind,label\nOdile Quillfeather,name,1\n")
    facts = tmp_path / "facts.csv"
    facts.write_text("fact_id,fact,supports,from\nF-1,Money was named,money:1..,2020-01-01\n")
    row = tmp_path / "rows.jsonl"
    row.write_text(
        json.dumps({"id": "1", "text": "see http://example.com, call 651-555-0117"}) + "\n"
    )
    out = closed.triage_each(
        ("search", case, "you"),
        ("show", case, hits["hits"][0]["record_id"]),
        ("report", case, "-o", tmp_path / "report.html"),
        ("report", case, *every, "--protected", listed, "--out", tmp_path / "reports"),
        ("corroborate", case, facts, "-o", tmp_path / "matrix.pdf", "--quiet"),
        ("corroborate", case, facts, "-o", tmp_path / "matrix.csv", "--quiet"),
        ("extract", row),
    )
    assert "+16515550117" in out.splitlines()[-1]
    assert {path.suffix for path in (tmp_path / "reports").rglob("*.*")} == {
        ".html", ".pdf", ".docx", ".json",
    }  # fmt: skip
    assert "<http" not in (tmp_path / "report.html").read_text().lower()
