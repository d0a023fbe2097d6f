"""From tables to a :class:`Summary`: each number is a query, with what it was counted from."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pipeline.derive.ledger import Ledger
from pipeline.report import activity, found, received, watched
from pipeline.report.store import open_store
from pipeline.report.summary import Summary
from schemas.kinds import RecordKind


def summarise(
    tables: Path,
    ledger: Ledger,
    *,
    process: tuple[tuple[str, str], ...] = (),
    spill: Path | None = None,
) -> Summary:
    """Count what a report says.

    Args:
        tables: the folder ``tables`` of a case, staged or published.
        ledger: the counts of the run that made them.
        process: legal process, label and value, as case.toml gives it.
        spill: folder for what does not fit into memory; None = a temporary one. Give one on the
            case's disk: what spills may hold evidence.

    Raises:
        IntegrityError: a table is missing or cannot be read.
    """
    if spill is None:
        with tempfile.TemporaryDirectory(prefix="triage-") as folder:
            return summarise(tables, ledger, process=process, spill=Path(folder))
    with open_store(tables, spill) as store:
        listed = found.listings(store)
        kinds = received.kinds(store)
        talk = next((row for row in kinds if row.kind == RecordKind.MESSAGE.value), None)
        return Summary(
            process=process,
            scoped=ledger.scoped,
            scope_lines=tuple(ledger.scope),
            pages=ledger.pages,
            records=sum(row.records + row.repeats for row in kinds),
            canonical=sum(row.records for row in kinds),
            messages=talk.records if talk else 0,
            repeats=sum(row.repeats for row in kinds),
            account_count=store.one("SELECT count(*) FROM accounts")[0],
            sealed=received.sealed(store),
            unread_files=ledger.unread_files,
            drifted=tuple(ledger.drifted),
            share_not_understood=ledger.share_not_understood,
            first=talk.first if talk else None,
            last=talk.last if talk else None,
            files=received.files(store),
            hashed=received.hashed(store),
            kinds=kinds,
            scope=received.scope(store),
            fates=received.fates(store),
            issues=received.issues(store),
            issue_count=store.one("SELECT count(*) FROM issues")[0],
            accounts=activity.accounts(store),
            timeline=activity.timeline(store),
            threads=activity.threads(store),
            thread_count=store.one("SELECT count(DISTINCT thread_id) FROM canon")[0],
            leads={kind.value: listed[kind.value] for kind in found.LEADS},
            services=listed["services"],
            review=listed["review"],
            names=listed["names"],
            names_by_model=listed["names_by_model"],
            places=listed["places"],
            places_by_model=listed["places_by_model"],
            counties=found.counties(store),
            incomplete=found.incomplete(store),
            by_purpose=found.amount_groups(store, "purpose"),
            by_instrument=found.amount_groups(store, "instrument"),
            amounts=found.amounts(store),
            amount_count=store.one("SELECT count(*) FROM money JOIN found USING (mention_id)")[0],
            pairs=found.pairs(store),
            quotes=activity.quotes(store),
            extractors=received.extractors(store),
            watched=watched.watched(store),
        )
