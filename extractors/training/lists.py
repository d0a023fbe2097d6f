"""The hand-written lists and templates of the invented chat, as read from ``data``."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

DATA = Path(__file__).parent / "data"
GROUPS = ("anglo", "black", "hispanic", "hmong", "somali")
"""Name groups whose recall the model card states."""


def read_sections(path: Path) -> dict[str, list[str]]:
    """Return the lines of each ``[section]`` of a file."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        head = re.fullmatch(r"\[([a-z]+(?:[ .][a-z0-9]+)*)\]", line)
        if head:
            current = sections.setdefault(head[1], [])
        elif line.strip() and not line.startswith("# "):
            current.append(line)
    return sections


def read_lists() -> dict[str, list[str]]:
    """Return the entries of each list in ``data/lists.txt``."""
    return {
        name: [entry.strip() for line in lines for entry in line.split(",") if entry.strip()]
        for name, lines in read_sections(DATA / "lists.txt").items()
    }


def is_held_out(name: str) -> bool:
    """Whether a listed given name is kept from training, to measure recall on new names."""
    return zlib.crc32(name.encode()) % 10 < 3
