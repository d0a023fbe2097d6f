"""Rows of a report: numbers and quoted spans, no wording, no layout.

Every row holds ids or citations of what it was counted from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Cited:
    """A place in a source, and the record that stands there."""

    text: str
    """As in the tables: ``FB-1 p. 1,204 l. 17``."""
    source_label: str
    record_id: str
    bates: str | None = None
    """Number of the page in a ledger that was given."""


Citations = tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file received; ``reader`` is None for one that was hashed only."""

    source_id: str
    label: str
    path: str
    container: str | None
    container_sha256: str | None
    sha256: str
    service: str | None
    media_type: str | None
    reader: str | None
    reader_version: int | None
    size_bytes: int
    pages: int
    records: int
    is_media: bool


@dataclass(frozen=True, slots=True)
class HashedRow:
    """Files of one type that were hashed and never opened."""

    media_type: str
    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class KindRow:
    """Records of one kind; ``records`` are those that repeat no other."""

    kind: str
    records: int
    repeats: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """Records by where they stand to the legal process; ``sealed`` ones have no row anywhere."""

    scope: str
    records: int


@dataclass(frozen=True, slots=True)
class FateRow:
    """Bytes of pages by what became of them."""

    fate: str
    size_bytes: int
    pages: int


@dataclass(frozen=True, slots=True)
class IssueRow:
    """An issue, as the table has it."""

    issue_id: str
    severity: str
    stage: str
    code: str
    message: str
    count: int


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account a provider names."""

    account_id: str
    name: str | None
    number: str | None
    vanity: str | None
    provider: str
    other_names: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    is_target: bool
    records: int
    days: int
    first: datetime | None
    last: datetime | None
    cited: Citations
    watch: str | None = None
    """Entries of the watch list that it answers."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entity: a value that mentions share, and what is known of them."""

    entity_id: str
    kind: str
    value: str
    label: str
    mentions: int
    records: int
    threads: int
    stated: int
    by_model: int
    first: datetime | None
    last: datetime | None
    category: str | None
    review: str | None
    written: tuple[str, ...]
    """Spellings, the most frequent first."""
    traits: tuple[str, ...]
    """Phones: how they were hidden. Names: sorts of name. Places: sort of place."""
    area: str | None
    """Places: county, state, country, as far as the gazetteer says."""
    refers_to: tuple[str, ...]
    """Names: other names a statement in the text joins this one to."""
    writers: tuple[tuple[str, int], ...]
    """Accounts that wrote it: name as shown, records."""
    cited: Citations
    watch: str | None = None
    """Entries of the watch list that it answers."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The first rows of a longer list."""

    rows: tuple[Found, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Mentions of one kind whose value cannot be completed, such as numbers of seven digits."""

    kind: str
    mentions: int
    records: int
    cited: Citations


@dataclass(frozen=True, slots=True)
class CountyRow:
    """Mentions of places in one county."""

    county: str
    state: str | None
    country: str | None
    mentions: int
    records: int
    cited: Citations


@dataclass(frozen=True, slots=True)
class AmountGroup:
    """Amounts of one purpose or means, in one currency; never added up."""

    name: str | None
    currency: str | None
    mentions: int
    records: int
    low: Decimal | None
    high: Decimal | None
    cited: Citations


@dataclass(frozen=True, slots=True)
class AmountRow:
    """One amount as stated."""

    mention_id: str
    sent: datetime | None
    author: str | None
    surface: str
    low: Decimal | None
    high: Decimal | None
    currency: str | None
    direction: str | None
    purpose: str | None
    instrument: str | None
    counterpart: str | None
    cited: Cited
    watch: str | None = None
    """Entries of the watch list that its other side answers."""


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two entities in the same records."""

    link_id: str
    kind_a: str
    name_a: str
    kind_b: str
    name_b: str
    records: int
    threads: int
    first: datetime | None
    last: datetime | None
    cited: Citations


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A conversation."""

    thread_id: str
    name: str | None
    authors: tuple[str, ...]
    author_count: int
    records: int
    messages: int
    first: datetime | None
    last: datetime | None
    cited: Citations


@dataclass(frozen=True, slots=True)
class Quote:
    """A record's text, or its beginning, and which parts of it are mentions."""

    reason: str
    """``kinds``, ``first`` or ``last``."""
    sent: datetime | None
    author: str | None
    parts: tuple[tuple[str, str | None], ...]
    """Text and the kind of mention it is, if any, in order."""
    left_out: int
    """Code points after what is quoted."""
    kinds: tuple[str, ...]
    cited: Cited


@dataclass(frozen=True, slots=True)
class Bar:
    """Records of one stretch of time: ``talk`` are messages, calls, shares and reactions."""

    start: date
    talk: int
    other: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dated records by stretch of time (UTC)."""

    unit: str
    """day, week, month or year."""
    bars: tuple[Bar, ...]
    before: int
    """Dated records before the first bar, such as the day an account was opened."""
    after: int
    undated: int


@dataclass(frozen=True, slots=True)
class ExtractorRow:
    """What one version of one extractor found, by kind."""

    extractor: str
    version: int
    kind: str
    basis: str
    by_model: bool
    mentions: int


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """An entry of the watch list."""

    watch_id: str
    kind: str
    written: str
    label: str | None
    """What stands for it in marks, where that is not the value as written."""
    category: str | None
    """Category of a listed service, which it is."""
    mentions: int
    records: int
    threads: int
    accounts: int
    wrote: int
    """Records that these accounts wrote."""
    first: datetime | None
    last: datetime | None
    cited: Citations

    @property
    def is_found(self) -> bool:
        """Whether a mention or an account answers it."""
        return bool(self.mentions or self.accounts)


@dataclass(frozen=True, slots=True)
class RedactionNote:
    """What was taken out of a redacted report: counts, never a value."""

    jurisdiction: str
    has_list: bool
    """Whether a list of protected persons was given."""
    persons: int
    accounts: int
    """Accounts taken for a protected person's."""
    designators: tuple[tuple[str, str, int], ...]
    """Designator, kind of what it stands for, how often."""
    rules: tuple[tuple[str, int], ...]
    """What a court's rule restricts, by kind, how often."""
