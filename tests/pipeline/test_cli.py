"""The command line: exit codes, one line for every error, nothing of the evidence in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cli import COMMANDS, call
from pipeline.errors import (
    ConfigError,
    IntegrityError,
    SourceError,
    TriageError,
    UnfinishedError,
)

Triage = Callable[..., tuple[int, str, str]]
EVIDENCE = "call me at 651-555-0117"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ConfigError("x.zip: no such file"), 2, "x.zip: no such file"),
        (IntegrityError("x.zip: has changed"), 3, "x.zip: has changed"),
        (UnfinishedError("run again"), 5, "run again"),
        (SourceError("cut", "x.zip: cut off"), 1, "x.zip: cut off"),
        (TriageError("odd"), 4, "odd"),
        (KeyboardInterrupt(), 130, "stopped; run the same command again"),
        (ValueError(EVIDENCE), 4, "a bug in the tool: ValueError at test_cli.py"),
        (KeyError(EVIDENCE), 4, "a bug in the tool: KeyError"),
        (RecursionError(EVIDENCE), 4, "a bug in the tool: RecursionError"),
        (MemoryError(), 5, "out of memory"),
    ],
)
def test_an_error_is_one_line_and_a_code(
    tmp_path: Path, triage: Triage, monkeypatch: pytest.MonkeyPatch,
    error: BaseException, code: int, words: str,
) -> None:  # fmt: skip
    def fails(*_args: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr("pipeline.run.run", fails)
    monkeypatch.delenv("TRIAGE_DEBUG", raising=False)
    found, out, err = triage("run", tmp_path, "--case", tmp_path / "case", "--workers", 1)
    assert (found, out) == (code, "")
    assert err.strip().startswith("triage: ")
    assert err.strip().count("\n") == 0
    assert words in err
    assert EVIDENCE not in err
    assert "Traceback" not in err


def test_an_error_that_has_a_name_of_the_worst_kind(tmp_path: Path, triage: Triage) -> None:
    """A file's name may hold line breaks, and signs that steer a terminal."""
    (tmp_path / "a\nb\x1b[2J.html").write_bytes(b"\x00\x01 in no format \x00\xff")
    for name in ("a\nb\x1b[2J.html", "missing\n\x1b[2J.zip"):
        code, _, err = triage("run", tmp_path / name, "--case", tmp_path / "case", "--workers", 1)
        assert code == 2
        assert err.count("\n") == 1
        assert "\x1b" not in err


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help(triage: Triage, name: str) -> None:
    code, out, err = triage(name, "--help")
    assert (code, err) == (0, "")
    assert "Example" in out
    assert f"triage {name}" in out
    assert triage(name, "-h")[1] == out


def test_the_group(triage: Triage) -> None:
    assert triage("--version")[0] == 0
    code, out, _ = triage("--help")
    assert code == 0
    assert all(name in out for name in COMMANDS)
    for arguments in (("nonsense",), ("--nonsense",), ("run", "--nonsense"), ("search",)):
        code, out, err = triage(*arguments)
        assert (code, out) == (2, "")
        assert "Traceback" not in err


def test_a_run_says_what_it_did(tmp_path: Path, sample_return: Path, triage: Triage) -> None:
    case = tmp_path / "case"
    code, out, err = triage("run", sample_return, "--case", case, "--workers", 1)
    assert (code, err) == (0, "")
    for words in ("30 pages", "phone numbers", "report.html", "triage search"):
        assert words in out
    code, out, err = triage("run", sample_return, "--case", case, "--workers", 1, "--json")
    document = json.loads(out)
    assert (document["unchanged"], document["exit_code"], document["pages"]) == (True, 0, 30)
    assert err == ""


def test_the_command_itself(sample_case: Path) -> None:
    """As it is started from a shell: the code arrives, and a closed pipe is no error."""
    program = [sys.executable, "-m", "pipeline"]
    done = subprocess.run(
        [*program, "search", str(sample_case / "none"), "x"], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    with subprocess.Popen(
        [*program, "search", str(sample_case), "alias:a", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
    assert err == ""


def test_a_log_without_evidence(sample_case: Path) -> None:
    import pandas as pd

    log = (sample_case / "command.log").read_text() + (sample_case / "audit.jsonl").read_text()
    assert "publish" in log
    texts = pd.read_parquet(sample_case / "tables" / "mentions")["surface"]
    assert not [text for text in set(texts) if len(text) > 6 and text in log]


def test_quiet_is_quiet(tmp_path: Path, triage: Triage) -> None:
    code, _, err = triage("sample", tmp_path / "s", "--pages", 20, "--quiet")
    assert (code, err) == (0, "")
    assert call(["sample", str(tmp_path / "t"), "--pages", "5"]) == 2
