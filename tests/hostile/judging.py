"""Brings a bad input through run, search, show and report, and says what is wrong with the outcome."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pyarrow.parquet as pq
from inputs import Bad
from rig import Rig

from pipeline.search.terminal import printable
from pipeline.validate.bad_input import only_ours

ALWAYS = {"no_scope"}
"""Issues of any run of a case without a scope and a legal process."""
STAGES = ("intake", "read", "extract", "derive")
"""Whose issues count here: those of what was read, and not of what the case lacks."""


@dataclass
class Seen:
    """What became of a bad input."""

    code: int
    issues: str
    seconds: float
    megabytes: int
    wrong: list[str] = field(default_factory=list)


class Tags(HTMLParser):
    """Notes what a report never has of itself: code, and what loads or leads anywhere else."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        leads = {"href": "#", "src": "data:image/", "action": "#"}
        if tag == "script" and (not attrs or ("type", "application/json") in attrs):
            return  # the one that its hash in the policy allows (only_ours), and data
        if tag in ("script", "iframe", "object", "embed", "link", "base", "form") or any(
            name.startswith("on")
            or (name in leads and not (value or "").startswith(leads[name]))
            or (name, (value or "").lower()) == ("http-equiv", "refresh")
            for name, value in attrs
        ):
            self.odd.append(f"<{tag} {attrs}")


def judge(bad: Bad, folder: Path, rig: Rig) -> Seen:
    """Make the input in a folder, run it, and hold the outcome against what is expected."""
    given, case = folder / "given", folder / "case"
    given.mkdir()
    made = bad.make(given)
    source = made if isinstance(made, Path) else given
    outcome = rig(
        ("run", source, "--case", case, "--workers", 1, "--quiet", *bad.options),
        ("search", case, bad.query or "fridley"),
        ("show", case, "{record}"),
        ("report", case, "-o", folder / "report.html"),
    )
    if outcome.signal or not outcome.results:
        return Seen(-outcome.signal, "", outcome.seconds, outcome.megabytes, ["ended by a signal"])
    code = outcome.results[0][0]
    wrong = list(_streams(outcome.results))
    codes = _issues(case, wrong) if (case / "tables").is_dir() else ""
    seen = Seen(code, codes, outcome.seconds, outcome.megabytes, wrong)
    if code != bad.code:
        wrong.append(f"exit {code}, not {bad.code}: {outcome.results[0][2].strip()[-200:]}")
    if codes != bad.issues:
        wrong.append(f"issues {codes!r}, not {bad.issues!r}")
    if outcome.seconds > bad.seconds:
        wrong.append(f"took {outcome.seconds:.1f} s")
    if outcome.megabytes > bad.megabytes:
        wrong.append(f"held {outcome.megabytes} MB")
    if code in (0, 1):
        wrong += _kept(case, folder / "report.html")
        after = [got for got, _, _ in outcome.results[1:]]
        if after != [0, 0, 0]:
            wrong.append(f"search, show, report: {after}")
        if bad.query and not re.match(r"[1-9]", outcome.results[1][1]):
            wrong.append("the search finds nothing")
    elif (case / "tables").exists():
        wrong.append("tables of a run that failed")
    return seen


def _streams(results: list[tuple[int, str, str]]):
    """What a terminal is given: no traceback, nothing that acts on it, errors in one line."""
    for code, out, err in results:
        if "Traceback" in out + err or code == 4:
            yield f"a bug: {err.strip()}"
        if err and (not err.startswith("triage: ") or err.count("\n") != 1):
            yield "an error of several lines"
        for line in (out + err).splitlines():
            if printable(line) != line:
                yield f"raw characters: {printable(line)[:80]}"
                break
        if len(out) > 100_000:
            yield f"{len(out):,} characters printed"


def _issues(case: Path, wrong: list[str]) -> str:
    rows = pq.read_table(case / "tables" / "issues").to_pylist()
    wrong.extend(
        f"message of {row['code']}"
        for row in rows
        if printable(row["message"]) != row["message"] or len(row["message"]) > 600
    )
    return " ".join(sorted({r["code"] for r in rows if r["stage"] in STAGES} - ALWAYS))


def _kept(case: Path, report: Path):
    """What has to hold of every case."""
    records = {r["record_id"]: r["text"] for r in _rows(case, "records", ["record_id", "text"])}
    for row in _rows(case, "mentions", ["record_id", "start", "end", "surface"]):
        text = records[row["record_id"]]
        if text is None or text[row["start"] : row["end"]] != row["surface"]:
            yield "a mention is not where it says"
            break
    at: dict[str, int] = {}
    for row in _rows(case, "coverage", ["source_id", "byte_start", "byte_end"]):
        start, end = row["byte_start"], row["byte_end"]
        if start is not None and start != at.get(row["source_id"], 0):
            yield "bytes without a fate"
            break
        at[row["source_id"]] = end
    html = report.read_text("utf-8") if report.exists() else ""
    if not only_ours(html):
        yield "a script in the report that is not its own"
    tags = Tags()
    tags.feed(html)
    if tags.odd:
        yield f"in the report: {tags.odd[0][:80]}"
    if re.search("[\0-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", html):
        yield "raw characters in the report"


def _rows(case: Path, name: str, columns: list[str]):
    return pq.read_table(case / "tables" / name, columns=columns).to_pylist()
