"""A layout that has changed rings: in the issues, the summary, the report and the exit code."""

from __future__ import annotations

import re

import pandas as pd
import pytest

TALK = [("Ann Example (Facebook: 1)", f"2024-02-01 10:00:{n:02} UTC", f"hello {n} " + "so " * 30)
        for n in range(40)]  # fmt: skip


ALONE = ("--workers", 1)
"""To start others takes longer than to read what is read here."""


def tables(case):
    return pd.read_parquet(case / "tables" / "issues")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # the section of conversations under a name and labels nobody knows
        (rb"unified_messages|Unified Messages|Thread\b|Author\b|Sent\b|Body\b",
         lambda m: b"x" + m[0][::-1].replace(b" ", b"_"), "sections that are not known"),
        # values no longer stand where values stood
        (rb'<div class="m">', lambda _m: b'<div class="value9">', "the layout looks changed"),
    ],
)  # fmt: skip
def test_a_changed_layout_rings(tmp_path, meta_html, triage, old, new, said):
    page = meta_html({"9": TALK})
    body = page.index(b"unified_messages") if b"unified_messages" in page else 0
    (tmp_path / "records.html").write_bytes(page[:body] + re.sub(old, new, page[body:]))
    code, out, _ = triage(
        "run", tmp_path / "records.html", "--case", tmp_path / "case", "--no-model", *ALONE
    )
    assert code == 1
    assert "ATTENTION" in out
    assert said in out
    rows = tables(tmp_path / "case")
    drift = rows[rows.code == "layout_drift"]
    assert drift.severity.tolist() == ["error"]
    assert "hello" not in drift.message.iloc[0]
    assert "the layout looks changed" in (tmp_path / "case/reports/report.html").read_text()


def test_a_known_layout_is_quiet(tmp_path, meta_html, triage):
    (tmp_path / "records.html").write_bytes(meta_html({"9": TALK}))
    code, out, _ = triage(
        "run", tmp_path / "records.html", "--case", tmp_path / "case", "--no-model", *ALONE
    )
    assert code == 0
    assert "ATTENTION" not in out
    assert "layout_drift" not in set(tables(tmp_path / "case").code)


def test_a_new_field_in_messages_rings(tmp_path, meta_html, triage):
    page = meta_html({"9": TALK}).replace(b">Body<", b">Stance<")
    (tmp_path / "records.html").write_bytes(page)
    code, out, _ = triage(
        "run", tmp_path / "records.html", "--case", tmp_path / "case", "--no-model", *ALONE
    )
    assert (code, "have fields that are not known" in out) == (1, True)
    rows = tables(tmp_path / "case")
    labels = rows[rows.code == "unknown_label"]
    assert labels["count"].sum() == len(TALK)
    assert "'Stance'" in labels.message.iloc[0]
