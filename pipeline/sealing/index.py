"""``sealed/index.json``: what is sealed, by id, with pages and counts; never content.

It also has a salted hash of each line of the lists that sealed: lists may grow, and what a shorter
one would let out is released by ``triage release`` alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import IntegrityError
from pipeline.files import write_private
from pipeline.sealing.keys import sealed_folder

INDEX = "index.json"


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """What is sealed of one conversation in one file."""

    thread: str
    """Id to release it by."""
    list: str
    """counsel, advocates or ncmec."""
    label: str
    """Of the source."""
    reader: str
    page_first: int | None
    page_last: int | None
    records: int


@dataclass(slots=True)
class Index:
    """What is sealed in a case."""

    parts: list[Part] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    """Salted hashes of the lists' lines."""
    threads: dict[str, str] = field(default_factory=dict)
    """Conversations ever sealed by a list, each with it."""

    def known(self) -> set[str]:
        """Ids that can be released."""
        return {part.thread for part in self.parts} | set(self.threads)


def load_index(case: Path) -> Index:
    """Return what is sealed in a case; an empty one if nothing is.

    Raises:
        IntegrityError: the file is damaged.
    """
    path = sealed_folder(case) / INDEX
    try:
        row = json.loads(path.read_text("utf-8"))
        return Index([Part(**part) for part in row["parts"]], row["entries"], row["threads"])
    except FileNotFoundError:
        return Index()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IntegrityError(
            f"{path}: what is sealed cannot be read; put the file back as it was"
        ) from error


def save_index(case: Path, index: Index) -> None:
    """Write what is sealed."""
    folder = sealed_folder(case)
    folder.mkdir(mode=0o700, exist_ok=True)
    row: dict[str, Any] = {
        "parts": [asdict(part) for part in sorted(index.parts, key=_order)],
        "entries": sorted(index.entries),
        "threads": dict(sorted(index.threads.items())),
    }
    write_private(folder / INDEX, json.dumps(row, indent=1).encode() + b"\n")


def _order(part: Part) -> tuple[str, str]:
    return part.label, part.thread
