"""What was not read or not understood, and what each run did."""

from __future__ import annotations

import pyarrow as pa

from schemas.columns import LABELLED, TIME, column, list_of, table

ISSUES = table(
    "issues",
    1,
    "What was not read or not understood. Never evidence text.",
    [
        column("issue_id", pa.string(), "The issue.", required=True),
        column("severity", pa.string(), "info, warning or error.", required=True),
        column("stage", pa.string(), "intake, read, guard, extract, derive or run.", required=True),
        column("code", pa.string(), "Short name that can be searched for.", required=True),
        column("source_id", pa.string(), "The source, if it concerns one."),
        column("page", pa.int32(), "The page, if it concerns one."),
        column("record_id", pa.string(), "The record, if it concerns one."),
        column("message", pa.string(), "What, where, and what to do.", required=True),
        column("count", pa.int64(), "How many times.", required=True),
    ],
)

_COUNTS = list_of(pa.struct([("name", pa.string()), ("count", pa.int64())]))
_SECONDS = list_of(pa.struct([("stage", pa.string()), ("seconds", pa.float64())]))

RUNS = table(
    "runs",
    1,
    "A run: the only table that may differ between two runs on the same input.",
    [
        column("run_id", pa.string(), "The run.", required=True),
        column("started_at", TIME, "Start (UTC).", required=True),
        column("finished_at", TIME, "End (UTC)."),
        column("tool_version", pa.string(), "Version of the tool.", required=True),
        column("component_versions", LABELLED, "Readers, extractors, lists, model, libraries."),
        column("config_sha256", pa.string(), "Hash of the options.", required=True),
        column("source_sha256s", list_of(pa.string()), "Hashes of the sources as given."),
        column("row_counts", _COUNTS, "Rows by table."),
        column("stage_seconds", _SECONDS, "Wall time by stage, seconds."),
        column("worker_count", pa.int32(), "Worker processes."),
    ],
)
