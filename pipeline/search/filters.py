"""What narrows a search: kind, time, author, conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from pipeline.errors import ConfigError
from pipeline.search.fold import phrase
from pipeline.search.tables import Tables, among, string
from schemas.kinds import MentionKind, RecordKind


@dataclass(frozen=True, slots=True)
class Filters:
    """A search narrowed; None leaves a side open, an empty tuple lets nothing through."""

    record_kind: str | None = None
    mention_kind: str | None = None
    since: int | None = None
    """First epoch second."""
    until: int | None = None
    """Last epoch second."""
    authors: tuple[str, ...] | None = None
    """Names as printed, any of them or of ``accounts``."""
    accounts: tuple[str, ...] = ()
    threads: tuple[str, ...] | None = None
    watched: bool = False
    """Only what answers an entry of the watch list."""


def resolved(
    tables: Tables,
    *,
    kind: str | None = None,
    since: str | None = None,
    until: str | None = None,
    author: str | None = None,
    thread: str | None = None,
    watched: bool = False,
) -> Filters:
    """Turn what a person gives into what records hold.

    Args:
        tables: of the case.
        kind: of record or of mention.
        since: first day or moment, included; UTC where it names no zone.
        until: last day or moment, included.
        author: part of a name, or an account id (ours or the provider's).
        thread: a thread id, or part of a thread name.
        watched: whether only what answers the watch list is wanted.

    Raises:
        ConfigError: an unknown kind, a time that cannot be read.
    """
    authors, accounts = _authors(tables, author)
    return Filters(
        record_kind=kind if kind in set(RecordKind) else None,
        mention_kind=_mention_kind(kind),
        since=_second(since, time.min, "--from"),
        until=_second(until, time.max, "--to"),
        authors=authors,
        accounts=accounts,
        threads=_threads(tables, thread),
        watched=watched,
    )


def sql(filters: Filters) -> str:
    """Return the condition on a row ``r`` of ``records``; what narrows mentions is not in it."""
    conditions = ["r.duplicate_of IS NULL", "NOT starts_with(r.scope, 'out_')"]
    if filters.record_kind is not None:
        conditions.append(f"r.kind = {string(filters.record_kind)}")
    if filters.since is not None:
        conditions.append(f"epoch_us(r.sent_at) >= {filters.since * 1_000_000}")
    if filters.until is not None:
        conditions.append(f"epoch_us(r.sent_at) < {(filters.until + 1) * 1_000_000}")
    if filters.authors is not None:
        name = among("r.author_name", filters.authors)
        conditions.append(f"({name} OR {among('r.author_account_id', filters.accounts)})")
    if filters.threads is not None:
        conditions.append(among("r.thread_id", filters.threads))
    return " AND ".join(conditions)


def _mention_kind(kind: str | None) -> str | None:
    if kind is None or kind in set(RecordKind):
        return None
    if kind not in set(MentionKind):
        known = ", ".join([*RecordKind, *MentionKind])
        raise ConfigError(f"no kind {kind!r}; records and mentions have the kinds {known}")
    return kind


def _second(text: str | None, missing: time, option: str) -> int | None:
    if text is None:
        return None
    text = text.strip()
    try:
        moment = (
            datetime.combine(date.fromisoformat(text), missing, UTC)
            if len(text) <= len("2021-03-04")
            else datetime.fromisoformat(text)
        )
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return int(moment.timestamp() // 1)
    except (ValueError, OverflowError) as error:
        raise ConfigError(
            f"{option} {text!r} is no date: write 2021-03-04 or 2021-03-04T17:30 (UTC)"
        ) from error


def _authors(tables: Tables, author: str | None) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    if author is None:
        return None, ()
    known = tables.distinct(f"SELECT DISTINCT author_name FROM {tables['records']}")
    names = sorted(name for name in known if _holds(name, author))
    rows = tables.rows(
        f"SELECT account_id FROM {tables['accounts']} "
        f"WHERE provider_account_id = {string(author)} ORDER BY 1"
    )
    return tuple(names), (author, *(str(account) for (account,) in rows))


def _threads(tables: Tables, thread: str | None) -> tuple[str, ...] | None:
    if thread is None:
        return None
    rows = tables.rows(
        f"SELECT DISTINCT thread_id, thread_name FROM {tables['records']} "
        "WHERE thread_id IS NOT NULL"
    )
    exact = tuple(sorted({str(key) for key, _ in rows if key == thread}))
    return exact or tuple(
        sorted({str(key) for key, name in rows if name and _holds(str(name), thread)})
    )


def _holds(name: str, part: str) -> bool:
    folded = phrase(part)
    if folded:
        return folded in phrase(name)
    return part.casefold() in name.casefold()  # a part of punctuation only
