"""What is asked of a report: parts, formats, profiles. Light: the command's help reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PARTS = ("report", "sheet", "contacts", "hotels", "counties")
FORMATS = ("html", "pdf", "docx")
FULL = "prosecutor"
"""The profile whose files bear no profile in their names."""
PROFILES = ("investigator", FULL, "redacted")


@dataclass(frozen=True, slots=True)
class Asked:
    """What to make of a case."""

    parts: tuple[str, ...] = ("report", "sheet")
    """Of :data:`PARTS`."""
    formats: tuple[str, ...] = ("html",)
    """Of :data:`FORMATS`."""
    profile: str = FULL
    """Of :data:`PROFILES`."""
    bates: Path | None = None
    """A ledger of page numbers."""
    facts: Path | None = None
    """Facts to be held against the records."""
    since: Path | None = None
    """Snapshot of an earlier report."""
