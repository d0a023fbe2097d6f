"""What a report says, as numbers and quoted spans: no wording, no layout.

Every row holds ids or citations of what it was counted from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.report.counts.adverts import AdvertNumberRow, AdvertRow, HostRow
    from pipeline.report.counts.attribution import Attribution
    from pipeline.report.counts.chronology import Chronology
    from pipeline.report.counts.contacts import Contacts
    from pipeline.report.counts.contrary import Contrary
    from pipeline.report.counts.figure_data import Pictured
    from pipeline.report.counts.leads import LeadRow
    from pipeline.report.counts.statements import Statements
    from pipeline.report.counts.stays import StayRow
    from pipeline.report.counts.travel import ModeRow, MoveRow, TripRow, UpcomingRow
    from pipeline.report.counts.venues import VenueRow
    from pipeline.report.counts.worksheets import PerishableRow


from pipeline.report.rows import (
    AccountRow,
    AmountGroup,
    AmountRow,
    CountyRow,
    ExtractorRow,
    FateRow,
    FileRow,
    HashedRow,
    Incomplete,
    IssueRow,
    KindRow,
    Listing,
    PairRow,
    Quote,
    RedactionNote,
    ScopeRow,
    ThreadRow,
    Timeline,
    WatchedRow,
)


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a report says."""

    process: tuple[tuple[str, str], ...]
    """Legal process: label and what case.toml gives."""
    scoped: bool
    scope_lines: tuple[str, ...]
    """What the scope covers, in words."""
    pages: int
    records: int
    canonical: int
    messages: int
    repeats: int
    account_count: int
    sealed: int
    unread_files: int
    drifted: tuple[str, ...]
    """Files whose layout looks changed, in words."""
    share_not_understood: float
    first: datetime | None
    last: datetime | None
    """First and last dated message."""
    files: tuple[FileRow, ...]
    hashed: tuple[HashedRow, ...]
    kinds: tuple[KindRow, ...]
    scope: tuple[ScopeRow, ...]
    fates: tuple[FateRow, ...]
    issues: tuple[IssueRow, ...]
    issue_count: int
    accounts: tuple[AccountRow, ...]
    timeline: Timeline
    threads: tuple[ThreadRow, ...]
    thread_count: int
    leads: dict[str, Listing]
    """By kind: phone, handle, email, plate."""
    services: Listing
    review: Listing
    names: Listing
    names_by_model: Listing
    places: Listing
    places_by_model: Listing
    counties: tuple[CountyRow, ...]
    incomplete: tuple[Incomplete, ...]
    by_purpose: tuple[AmountGroup, ...]
    by_instrument: tuple[AmountGroup, ...]
    amounts: tuple[AmountRow, ...]
    amount_count: int
    pairs: tuple[PairRow, ...]
    quotes: tuple[Quote, ...]
    extractors: tuple[ExtractorRow, ...]
    profile: str = "prosecutor"
    redaction: RedactionNote | None = None
    """Of the redacted profile."""
    process_line: str = "Legal process: not stated"
    untouched: tuple[tuple[str, str], ...] = ()
    """Sources, and whether each was as before after all was read: ``yes``, ``not compared``."""
    audit_head: str = ""
    """Head of the audit chain before the report was made, ``NUMBER:HASH``; empty = no entry."""
    zone: str = "America/Chicago"
    """IANA zone of local times: hour grids, nights, weeks."""
    watched: tuple[WatchedRow, ...] = ()
    """The watch list, what was found first; empty = none was given."""
    ranked: tuple[LeadRow, ...] = ()
    """Identifiers worth a legal request, in order."""
    sealed_by: tuple[tuple[str, int], ...] = ()
    """Sealed records by reason: counsel, advocates, ncmec, single."""
    options: tuple[tuple[str, str], ...] = ()
    """Options of the run that can change a table, and their values."""
    given: tuple[tuple[str, str], ...] = ()
    """Scope and lists that were given, and the state of each file."""
    made_with: tuple[tuple[str, str], ...] = ()
    """Parts of the tool and libraries, and their versions or hashes."""
    contacts: Contacts | None = None
    """Contact frequency; None = no account exchanged anything with another."""
    pictured: Pictured | None = None
    """What pictures show."""
    stays: tuple[StayRow, ...] = ()
    """Stays as stated, by time."""
    venues: tuple[VenueRow, ...] = ()
    """Activity by county; the row without a county last."""
    travel_modes: tuple[ModeRow, ...] = ()
    trips: tuple[TripRow, ...] = ()
    """Mentions of travel, by time."""
    upcoming: tuple[UpcomingRow, ...] = ()
    """Dates that lay ahead when they were sent."""
    moves: tuple[MoveRow, ...] = ()
    """Counties named in turn, by account."""
    hosts: tuple[HostRow, ...] = ()
    adverts: tuple[AdvertRow, ...] = ()
    advert_numbers: tuple[AdvertNumberRow, ...] = ()
    perishable: tuple[PerishableRow, ...] = ()
    """What may be kept for a short time only, the oldest first."""
    attribution: tuple[Attribution, ...] = ()
    """What records say of the use of accounts that matter."""
    statements: Statements | None = None
    """Stated ages, phrases of the list of cues, terms; None = not searched."""
    contrary: Contrary | None = None
    """What stands against values and leads; None = not searched."""
    chronology: Chronology | None = None
    """Dated records with mentions; None = not made."""
    named_only: int = 0
    """Messages whose author the provider gives by a display name alone: of no account."""
