"""The legal process, scope and lists that a case remembers, versions, clocks that jump."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import tomlkit

from pipeline.case import Case, create_case
from pipeline.errors import ConfigError, TriageError

Triage = Callable[..., tuple[int, str, str]]
Page = Callable[..., bytes]

SAID = {"9": [("Ann Example (Facebook: 1)", "2024-02-01 10:00:00 UTC", "hello quartzotter")]}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def zipped(tmp_path: Path, meta_html: Page, make_zip: Callable[..., Path]) -> Path:
    return make_zip(tmp_path / "in" / "return.zip", {"records.html": meta_html(SAID)})


# --- the legal process --------------------------------------------------------------------------


def fill(case: Path, **fields: object) -> None:
    document = tomlkit.parse((case / "case.toml").read_text())
    document["legal_process"].update(fields)  # type: ignore[union-attr]
    (case / "case.toml").write_text(tomlkit.dumps(document))


def first_lines(case: Path) -> list[str]:
    text = (case / "reports" / "report.html").read_text()
    body = text.split("<body>", 1)[1].replace("To the content", "")
    lines = [line.strip() for line in re.sub("<[^>]*>", "\n", body).splitlines()]
    said = [line for line in lines if line and line != "What the return holds"]
    return said[:2]


def test_the_legal_process(tmp_path: Path, zipped: Path, triage: Triage) -> None:
    case = tmp_path / "case"

    def run() -> dict[str, tuple[str, int, str]]:
        assert triage("run", zipped, "--case", case, "--workers", 1, "--no-model")[0] == 0
        rows = pd.read_parquet(case / "tables" / "issues").to_dict("records")
        return {row["code"]: (row["severity"], row["count"], row["message"]) for row in rows}

    severity, count, message = run()["not_stated"]
    assert (severity, count) == ("warning", 9)
    for name in ("number", "court", "provider", "account", "range", "served", "received",
                 "officer", "purpose"):  # fmt: skip
        assert name in message
    assert first_lines(case)[0] == "Legal process: not stated"
    assert first_lines(case)[1].startswith("No scope was given")
    fill(
        case,
        number="24-0117 <b>",
        court="Tenth District",
        served=datetime(2024, 3, 1, tzinfo=UTC).date(),
    )
    severity, count, message = run()["not_stated"]
    assert (severity, count) == ("info", 6)
    assert "court" not in message
    assert first_lines(case)[0] == "Legal process: 24-0117 &lt;b&gt;, Tenth District, 2024-03-01"
    fill(case, provider="p", account="a", range="March", received="2024-04-01", officer="o",
         purpose=" ")  # fmt: skip
    assert run()["not_stated"][2].count("purpose") == 1
    fill(case, purpose="triage")
    assert "not_stated" not in run()
    report = (case / "reports" / "report.html").read_text()
    assert "Time asked for" in report
    assert "Return received" in report


# --- lists remembered ---------------------------------------------------------------------------


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "scope.toml").write_text("accounts = ['900000000000001']\n")
    for name in ("watch", "counsel", "advocates", "protected"):
        (folder / f"{name}.csv").write_text("value,kind\nPlanted Quillfeather,name\n")
    return folder


def audit(case: Path) -> list[tuple[str, dict[str, Any]]]:
    rows = [json.loads(line) for line in (case / "audit.jsonl").read_text().splitlines()]
    return [(row["action"], row["details"]) for row in rows]


@pytest.mark.usefixtures("brief_reports")
def test_a_forgotten_option_is_remembered(
    tmp_path: Path, zipped: Path, lists: Path, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = tmp_path / "case"
    base = ("run", zipped, "--case", case, "--workers", 1, "--no-model")
    monkeypatch.chdir(lists)
    assert triage(*base, "--scope", "scope.toml", "--watch", "watch.csv")[0] == 0
    monkeypatch.chdir(tmp_path)
    given = Case(case).document()["given"]
    assert given["watch"]["path"] == str(lists / "watch.csv")
    assert given["watch"]["sha256"] == sha256((lists / "watch.csv").read_bytes())
    assert given["watch"]["entries"] == 1
    before = audit(case)
    code, out, _ = triage(*base)
    assert (code, "nothing new" in out) == (0, True)
    assert audit(case) == before
    # the file is there and says something else now: that is a change, and is logged
    old = sha256((lists / "scope.toml").read_bytes())
    (lists / "scope.toml").write_text("categories = ['unified_messages']\n")
    code, out, _ = triage(*base)
    assert (code, "nothing new" in out) == (0, False)
    action, details = audit(case)[len(before)]
    assert (action, details["list"]) == ("scope_changed", "scope")
    assert (details["old_sha256"], details["new_sha256"]) == (
        old, sha256((lists / "scope.toml").read_bytes()),
    )  # fmt: skip
    # gone: an error that names the option, and nothing is done without it
    (lists / "watch.csv").rename(lists / "w2.csv")
    code, _, err = triage(*base)
    assert (code, len(err.splitlines())) == (2, 1)
    assert err.startswith("triage: --watch: ")
    assert "watch.csv" in err
    # another file of the same content: no change; of another: one
    count = len(audit(case))
    assert triage(*base, "--watch", lists / "w2.csv")[0] == 0
    assert [a for a, _ in audit(case)[count:]] == []
    (lists / "w3.csv").write_text("value\nPlanted Quillfeather\nSecond Example\n")
    assert triage(*base, "--watch", lists / "w3.csv")[0] == 0
    action, details = audit(case)[count]
    assert (action, details["list"], details["old_entries"], details["new_entries"]) == (
        "list_changed", "watch", 1, 2,
    )  # fmt: skip
    # taken away by hand: it is gone, and that is logged
    document = Case(case).document()
    del document["given"]["watch"]
    Case(case).save(document)
    count = len(audit(case))
    assert triage(*base)[0] == 0
    action, details = audit(case)[count]
    assert (action, details["new_sha256"], details["new_entries"]) == ("list_changed", "", 0)
    text = (case / "audit.jsonl").read_text() + (case / "command.log").read_text()
    assert "quillfeather" not in (text + (case / "case.toml").read_text()).lower()


@pytest.mark.parametrize("name", ["scope", "watch", "counsel", "advocates", "protected"])
def test_every_list_is_remembered(tmp_path: Path, lists: Path, name: str) -> None:
    from pipeline.config import RunConfig
    from pipeline.given import now_given, remember, remembered
    from pipeline.lists import read_lists
    from pipeline.scope import load_scope

    case = create_case(tmp_path / "case", [])
    path = lists / ("scope.toml" if name == "scope" else f"{name}.csv")
    config = RunConfig(**{name: str(path)})  # type: ignore[arg-type]
    remember(case, now_given(config, load_scope(lists / "scope.toml"), read_lists(config)))
    assert getattr(remembered(case, RunConfig()), name) == str(path)
    path.unlink()
    with pytest.raises(ConfigError, match=f"^--{name}: the case was made with .*is gone"):
        remembered(case, RunConfig())
    assert getattr(remembered(case, config), name) == str(path)  # named: for its own error


@pytest.mark.parametrize(
    "given", ["given = 1", "[given]\nscope = 5", "[given]\nwatch = {sha256 = 'x'}"]
)
def test_what_a_hand_broke(tmp_path: Path, given: str) -> None:
    from pipeline.config import RunConfig
    from pipeline.given import remembered

    case = create_case(tmp_path / "case", [])
    path = case.path / "case.toml"
    path.write_text(
        given + "\n" + path.read_text() if given == "given = 1" else path.read_text() + given
    )
    try:
        assert remembered(case, RunConfig()) == RunConfig()
        assert given == "given = 1"
    except TriageError as error:
        assert "under [given]" in str(error)


# --- versions, and clocks that jump -------------------------------------------------------------


def test_a_run_notes_all_versions(sample_case: Path) -> None:
    (run,) = pd.read_parquet(sample_case / "tables" / "runs").to_dict("records")
    noted = {row["label"]: row["value"] for row in run["component_versions"]}
    for name in (
        "python",
        "model",
        "lexicons",
        "phones",
        "spacy",
        "pyarrow",
        "duckdb",
        "pypdfium2",
    ):
        assert noted[name], name
    assert len(noted["lexicons"]) == len(noted["model"]) == 64
    made_with = Case(sample_case).manifest()["made_with"]
    assert made_with["lexicons"] == noted["lexicons"]
    assert made_with["tool"] == run["tool_version"]


def test_another_word_is_another_lexicon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pipeline.versions as module

    (tmp_path / "data").mkdir()
    monkeypatch.setattr(module, "files", lambda _package: tmp_path)
    digests = set()
    for data in ({}, {"a": b"1"}, {"a": b"2"}, {"b": b"2"}, {"a": b"2", "b": b""}):
        for name in ("a", "b"):
            (tmp_path / "data" / name).unlink(missing_ok=True)
        for name, content in data.items():
            (tmp_path / "data" / name).write_bytes(content)
        module.lexicons_digest.cache_clear()
        digests.add(module.lexicons_digest())
    module.lexicons_digest.cache_clear()
    assert len(digests) == 5


@pytest.mark.usefixtures("brief_reports")
def test_clocks_that_jump(
    tmp_path: Path, zipped: Path, lists: Path, triage: Triage, monkeypatch: pytest.MonkeyPatch,
    table_hashes: Callable[[Path], dict[str, str]],
) -> None:  # fmt: skip
    """Each look at the clock is a day before the last."""
    import pipeline.audit
    import pipeline.derive.ledger
    import pipeline.run

    straight, back = tmp_path / "straight", tmp_path / "back"
    base = ("run", zipped, "--workers", 1, "--no-model", "--case")

    def both(case: Path) -> None:
        assert triage(*base, case)[0] == 0
        assert triage(*base, case, "--scope", lists / "scope.toml")[0] == 0

    both(straight)
    now = datetime(2030, 1, 1, tzinfo=UTC)

    class Backwards(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            nonlocal now
            now -= timedelta(days=1)
            return now

    for module in (pipeline.run, pipeline.audit, pipeline.derive.ledger):
        monkeypatch.setattr(module, "datetime", Backwards)
    both(back)
    monkeypatch.undo()
    assert table_hashes(back) == table_hashes(straight)
    runs = pd.read_parquet(back / "tables" / "runs")
    assert len(runs) == len(set(runs["run_id"])) == 2
    assert (runs["started_at"].diff().dropna() < timedelta(0)).all()
    previous = ""
    for line in (back / "audit.jsonl").read_bytes().splitlines():
        entry = json.loads(line)
        assert entry["previous"] == previous
        previous = entry["hash"]
    code, out, _ = triage("status", back, "--json")
    assert (code, json.loads(out)["runs"]["count"]) == (0, 2)
    assert all(sum(run["seconds"] for run in row) < 600 for row in runs["stage_seconds"])
    code, out, _ = triage(*base, back)
    assert (code, "nothing new" in out) == (0, True)
