"""From tables to a :class:`Summary`: each number is a query, with what it was counted from."""

from __future__ import annotations

from pipeline.derive.ledger import Ledger
from pipeline.report.counts import (
    activity,
    adverts,
    attribution,
    chronology,
    contacts,
    contrary,
    exclusions,
    figure_data,
    found,
    leads,
    received,
    statements,
    stays,
    travel,
    venues,
    watched,
    worksheets,
)
from pipeline.report.store import Store
from pipeline.report.summary import Summary
from schemas.kinds import RecordKind


def summarise(
    store: Store, ledger: Ledger, *, process: tuple[tuple[str, str], ...] = ()
) -> Summary:
    """Count what a report says.

    Args:
        store: the tables of a case, staged, published or redacted, just opened.
        ledger: the counts of the run that made them.
        process: legal process, label and value, as case.toml gives it.

    Raises:
        IntegrityError: a table cannot be read.
    """
    listed = found.listings(store)
    kinds = received.kinds(store)
    timeline = activity.timeline(store)
    talk = next((row for row in kinds if row.kind == RecordKind.MESSAGE.value), None)
    stayed = stays.stays(store)
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
        timeline=timeline,
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
        zone=ledger.zone,
        contacts=contacts.contacts(store, ledger.zone),
        pictured=figure_data.pictured(store, ledger.zone, timeline),
        ranked=leads.ranked(store),
        sealed_by=exclusions.sealed_by(store),
        stays=stayed,
        venues=venues.venues(store, stayed),
        travel_modes=travel.modes(store),
        trips=travel.trips(store),
        upcoming=travel.upcoming(store, ledger.zone),
        moves=travel.moves(store),
        hosts=adverts.hosts(store),
        adverts=adverts.adverts(store),
        advert_numbers=adverts.advert_numbers(store),
        perishable=worksheets.perishable(store, stayed),
        attribution=attribution.attribution(store),
        statements=statements.statements(store),
        contrary=contrary.contrary(store),
        chronology=chronology.chronology(store),
        named_only=contacts.named_only(store),
    )
