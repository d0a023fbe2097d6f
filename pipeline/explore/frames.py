"""The tables of a case as analysts begin with them: canonical, in scope, with local times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.explore.face import ZONE

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.case import Case

RECORD = ["record_id", "kind", "sent_at", "author_account_id", "author_name", "thread_id",
          "thread_name", "citation"]  # fmt: skip


def records(case: Case, zone: str = ZONE, *, text: bool = False) -> pd.DataFrame:
    """Return the records that counts are made of.

    Args:
        case: an open case.
        zone: IANA zone of the column ``at``.
        text: whether the texts come along, which take most of the memory.

    Returns:
        Columns of :data:`RECORD`, ``at`` (local time; NaT where the provider states none), and
        ``text``; sorted by time and id. Repeats and records out of scope are left out.
    """
    wanted = [*RECORD, "duplicate_of", "scope", *(["text"] if text else [])]
    frame = case.table("records", wanted)
    kept = frame["duplicate_of"].isna() & frame["scope"].isin(["in", "undetermined"])
    frame = frame[kept].drop(columns=["duplicate_of", "scope"])
    frame = _timed(frame, zone)
    return frame.sort_values(["sent_at", "record_id"], ignore_index=True)


def found(case: Case, table: str, zone: str = ZONE) -> pd.DataFrame:
    """Return a table of mentions (``phones``, ``aliases``, ``locations``, ``money``).

    Returns:
        Its columns, ``at`` (local time), and the record's ``kind`` and ``author_account_id``;
        mentions in repeats are left out.
    """
    mentions = case.table(table)
    known = records(case, zone)[["record_id", "kind", "author_account_id"]]
    return _timed(mentions.merge(known, on="record_id"), zone).sort_values(
        ["sent_at", "mention_id"], ignore_index=True
    )


def _timed(frame: pd.DataFrame, zone: str) -> pd.DataFrame:
    import pandas as pd

    times = frame["sent_at"].astype("datetime64[us, UTC]")
    return frame.assign(sent_at=times, at=pd.DatetimeIndex(times).tz_convert(zone))
