"""For whom an output is made, and what of a case it may therefore hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.case import Case
from pipeline.config import RunConfig
from pipeline.errors import ConfigError
from pipeline.given import recorded
from pipeline.lists import Entry, read_list
from pipeline.redact.mapping import is_designated

JURISDICTIONS = {
    "mn": "Minnesota (Minn. Gen. R. Prac. 11; Minn. Stat. 13.82, 609.3471)",
    "us-federal": "federal (Fed. R. Crim. P. 49.1; 18 U.S.C. 3509(d))",
}
"""By whose rules a redacted output is made; Minnesota's take out all of a tax number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a redacted output is to be made by."""

    entries: tuple[Entry, ...]
    """The list of protected persons; empty = none was ever given."""
    jurisdiction: str
    region: str
    """Country of numbers without one."""
    is_given: bool


def wanted(case: Case, protected: Path | None, jurisdiction: str) -> Wanted:
    """Find the list of protected persons: the one given, or else the one the case was made with.

    Raises:
        ConfigError: the list cannot be read. Nothing is made without it.
    """
    options = case.manifest().get("options", {})
    region = str(options.get("region", RunConfig().region))
    if protected is None:
        known = [item.path for item in recorded(case) if item.name == "protected"]
        earlier = "protected" in options.get("given", ()) or is_designated(case)
        if not known and not earlier:
            return Wanted((), jurisdiction, region, False)
        if not known or not Path(known[0]).is_file():
            raise ConfigError(
                f"{case.root}: the case or an earlier output had a list of protected persons, and "
                "it is not at hand: name it with --protected; nothing redacted is made without it"
            )
        protected = Path(known[0])
    return Wanted(read_list(protected, region), jurisdiction, region, True)
