"""The declared tables: the only list of them."""

from __future__ import annotations

import pyarrow as pa

from schemas.entities import (
    CANDIDATES,
    ENTITIES,
    JUDGEMENTS,
    LINK_EVIDENCE,
    LINKS,
    MEMBERSHIPS,
)
from schemas.issues import ISSUES, RUNS
from schemas.mentions import ALIASES, LOCATIONS, MENTIONS, MONEY, PHONES
from schemas.records import ATTACHMENTS, RECORDS
from schemas.sources import ACCOUNTS, COVERAGE, SOURCES
from schemas.watched import WATCHED

SCHEMAS: dict[str, pa.Schema] = {
    "sources": SOURCES,
    "coverage": COVERAGE,
    "accounts": ACCOUNTS,
    "records": RECORDS,
    "attachments": ATTACHMENTS,
    "mentions": MENTIONS,
    "phones": PHONES,
    "aliases": ALIASES,
    "locations": LOCATIONS,
    "money": MONEY,
    "watched": WATCHED,
    "entities": ENTITIES,
    "memberships": MEMBERSHIPS,
    "links": LINKS,
    "link_evidence": LINK_EVIDENCE,
    "candidates": CANDIDATES,
    "judgements": JUDGEMENTS,
    "issues": ISSUES,
    "runs": RUNS,
}
"""Every table of a case, in the order of the dictionary. The only list of tables."""
