"""The public corpora as training rows: words that are names, that are not, that nobody judged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from extractors.training.grammar import PERSON, PLACE


@dataclass(frozen=True, slots=True)
class Row:
    """A text to learn from."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    known: str
    """What its labels are complete for: ``all``, ``place``, ``person``, or ``none`` (recall)."""
    source: str


SOURCES = {
    # file: (what its labels are complete for, rows at most, copies)
    "btc.train": ("all", 10_000, 1),
    "wnut17.train": ("all", 10_000, 2),
    "idrisi_en.train": ("place", 8_000, 1),
    "emailcoref.train": ("none", 2_500, 1),
    "restaurant8k.train": ("person", 3_000, 1),
    "sgd.train": ("none", 6_000, 1),
    "meddocan.train": ("all", 3_000, 1),
    "phone_sms_spam": ("none", 6_000, 1),
    "probablepeople": ("all", 500, 1),
    "usaddress.train": ("all", 900, 1),
}
"""The sets trained on. Never a ``.dev`` set, presidio_research_synth or geovirus: they measure."""

KINDS = {"alias": PERSON, "location": PLACE}
SPACED = re.compile(r"(?<=\w) (?=(?:n't|'s|'m|'re|'ll|'ve|'d)\b)| (?=[.,!?;:](?: |$))")
"""Blanks that a word splitter put in."""


def read(folder: Path, name: str) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Yield text and spans of persons and places of one corpus; optional spans are left out."""
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            spans = [
                (span["start"], span["end"], KINDS[span["label"]])
                for span in row["spans"]
                if span["label"] in KINDS and not span.get("note", "").startswith("optional")
            ]
            yield row["text"], spans


def rows(folder: Path, seed: int) -> Iterator[Row]:
    """Yield the training rows of all corpora, roughened in part as chat is."""
    random = Random(seed)
    for name, (known, most, copies) in SOURCES.items():
        taken = list(read(folder, name))
        if name == "meddocan.train":
            taken = [piece for text, spans in taken for piece in _lines(text, spans)]
        random.shuffle(taken)
        for text, spans in taken[:most]:
            for copy in range(copies):
                row = _widest(spans)
                changed = text
                if SPACED.search(text) and random.random() < 0.5:
                    changed, row = _close(text, row)
                if random.random() < (0.35 if copy == 0 else 0.6):
                    lower = changed.lower()
                    changed = lower if len(lower) == len(changed) else changed
                yield Row(changed, tuple(row), known, name)


def _widest(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return spans without those inside or across an earlier, wider one."""
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _lines(
    text: str, spans: list[tuple[int, int, str]]
) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Cut a long text at its line ends."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        inside = [(a - start, b - start, kind) for a, b, kind in spans if start <= a and b <= end]
        if 10 < len(line) < 400 and (inside or len(line) % 5 == 0):
            yield line, inside
        start = end + 1


def _close(text: str, spans: list[tuple[int, int, str]]) -> tuple[str, list[tuple[int, int, str]]]:
    """Take out the blanks a word splitter put in, and move the spans along."""
    gone = [match.start() for match in SPACED.finditer(text)]
    closed = SPACED.sub("", text)

    def move(position: int) -> int:
        return position - sum(at < position for at in gone)

    return closed, [(move(a), move(b), kind) for a, b, kind in spans]
