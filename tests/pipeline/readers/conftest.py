"""What the tests of several readers use."""

from __future__ import annotations

import json
import zipfile
from collections import Counter

import pytest

from pipeline.readers.base import About
from pipeline.sample.check import SAID
from pipeline.sample.dyi import ZONE


@pytest.fixture
def recovered():
    """Gold rows of a download, how many were not read, and how many messages it does not hold."""

    def compare(reader, path):
        lines = path.with_name("gold.jsonl").read_text("utf-8").splitlines()
        gold = [json.loads(line) for line in lines]
        want = Counter(
            (g["thread_id"], g["sent_at"], g["author"], g["text"], g["kind"]) for g in gold
        )
        found = Counter()
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                for shard in reader.shards(iter([archive.read(name)]), has_pages=False):
                    found.update(
                        (
                            record.thread_id, f"{record.sent_at:%Y-%m-%dT%H:%M:%SZ}",
                            record.author.name, record.text, record.kind.value,
                        )
                        for record in reader.read(shard, About("facebook", name, ZONE)).records
                        if record.kind.value in SAID
                    )  # fmt: skip
        return len(gold), (want - found).total(), (found - want).total()

    return compare
