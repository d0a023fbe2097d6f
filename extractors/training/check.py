"""Chat written apart from the templates (``data/check.txt``), as gold rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.training.grammar import PERSON, PLACE
from extractors.training.lists import DATA
from extractors.training.measure import Spans

MARKED = re.compile(r"<([PL]) ([^>]*)>")
LABELS = {"P": PERSON, "L": PLACE}


def rows() -> Iterator[tuple[str, Spans]]:
    """Yield text and spans of each line."""
    for line in (DATA / "check.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            continue
        text, spans, position = "", [], 0
        for match in MARKED.finditer(line):
            text += line[position : match.start()]
            spans.append((len(text), len(text) + len(match[2]), LABELS[match[1]]))
            text += match[2]
            position = match.end()
        yield text + line[position:], spans
