"""What people enter for a report: facts to check, page numbers, an earlier version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.report.document import Document, Section
from pipeline.report.store import Store, open_store

if TYPE_CHECKING:
    from pipeline.corroborate.matrix import Matrix
    from pipeline.report.asked import Asked
    from pipeline.report.bates import Bates
    from pipeline.report.make import Ground, Say
    from pipeline.report.versions import Snapshot


@dataclass(frozen=True, slots=True)
class Entries:
    """What was entered; None = not given."""

    found: Matrix | None = None
    bates: Bates | None = None
    older: Snapshot | None = None
    say: Say | None = None

    def matrix(self, store: Store) -> Section | None:
        """Return the section on facts.

        Args:
            store: the tables of the report, redacted or not.
        """
        if self.found is None:
            return None
        from pipeline.corroborate.redacted import redacted_matrix
        from pipeline.report.sections.matrix import matrix_section

        found = self.found if self.say is None else redacted_matrix(self.found, store, self.say)
        return matrix_section(found)

    def numbered(self, document: Document, store: Store) -> Document:
        """Return a document whose citations bear the numbers of the ledger."""
        if self.bates is None:
            return document
        from pipeline.report.bates import with_numbers

        return with_numbers(document, store, self.bates).document


def entries(ground: Ground, asked: Asked, spill: Path) -> Entries:
    """Read what was entered, hold it against the case in full, and redact it where asked.

    Raises:
        ConfigError: a file cannot be read, or does not fit the case.
        IntegrityError: a table or the index cannot be read.
    """
    found = bates = older = None
    say = ground.say
    if asked.facts is not None:
        from pipeline.corroborate.facts import read_facts
        from pipeline.corroborate.matrix import corroborate

        found = corroborate(ground.case, read_facts(asked.facts, ground.ledger.zone))
    if asked.bates is not None:
        from pipeline.report.bates import read_ledger, resolved

        with open_store(ground.case.path / "tables", spill) as store:
            bates = resolved(read_ledger(asked.bates), store)
        bates = bates if say is None else bates.said(say)
    if asked.since is not None:
        from pipeline.report.versions import read_snapshot

        older = read_snapshot(asked.since, asked.profile)
        older = older if say is None else older.said(say)
    return Entries(found, bates, older, say)
